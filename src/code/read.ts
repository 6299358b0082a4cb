import { constants, type FileHandle, open } from 'node:fs/promises';
import type { Reason } from './passed.ts';

/** Reads files of a stranger: plain ones, up to a size, and through no link. */

/** What a file says, or why it was not read. */
export type Content = { readonly text: string; readonly bytes: number } | { readonly reason: Reason };

/** So far into a file a zero byte makes it binary. */
const HEAD = 8192;

/** The contents of files below a folder, in their order and `together` at a time, each of at most `most` bytes. */
export async function* contents<T extends { readonly file: string }>(
  root: string,
  files: readonly T[],
  most: number,
  together: number,
): AsyncGenerator<readonly [T, Content]> {
  for (let first = 0; first < files.length; first += together) {
    const some = files.slice(first, first + together);
    const read = await Promise.all(some.map(({ file }) => contentOf(`${root}/${file}`, most)));
    for (const [index, content] of read.entries()) yield [some[index] as T, content];
  }
}

async function contentOf(file: string, most: number): Promise<Content> {
  let handle: FileHandle | undefined;
  try {
    // Windows has neither of these.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    handle = await open(file, flags);
    return await readFrom(handle, most);
  } catch {
    return { reason: 'unreadable' };
  } finally {
    await handle?.close();
  }
}

async function readFrom(handle: FileHandle, most: number): Promise<Content> {
  const stat = await handle.stat();
  if (!stat.isFile()) return { reason: 'unreadable' };
  if (stat.size > most) return { reason: 'large' };
  // It may have grown since.
  const buffer = Buffer.alloc(stat.size);
  const { bytesRead } = await handle.read(buffer, 0, stat.size, 0);
  const bytes = buffer.subarray(0, bytesRead);
  return bytes.subarray(0, HEAD).includes(0)
    ? { reason: 'binary' }
    : { text: bytes.toString('utf8'), bytes: bytesRead };
}
