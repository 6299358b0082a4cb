import { readFile, stat } from 'node:fs/promises';
import type { Place } from '../model.ts';

/** The largest file that is read, in bytes. */
const LIMIT = 4 * 1024 * 1024;

/** The text of a configuration file, or the sentence that says why there is none. */
export type Source = { readonly text: string } | { readonly problem: string };

/** Reads a file: UTF-8, at most 4 MiB, with or without a byte order mark. */
export async function readSource(path: string): Promise<Source> {
  try {
    const { size } = await stat(path);
    return size > LIMIT ? tooLarge(size) : decode(await readFile(path));
  } catch (cause) {
    return { problem: unreadable((cause as NodeJS.ErrnoException).code) };
  }
}

/** The text of a file's bytes. */
export function decode(bytes: Uint8Array): Source {
  if (bytes.length > LIMIT) return tooLarge(bytes.length);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: 'is not UTF-8. Save it in that encoding' };
  }
}

/** The first character of a file: the place of what concerns the file as a whole. */
export function fileStart(file: string): Place {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

function tooLarge(size: number): Source {
  return { problem: `is ${size} bytes: at most 4 MiB (${LIMIT} bytes) are read` };
}

function unreadable(code: string | undefined): string {
  if (code === 'ENOENT')
    return 'does not exist. Name the file in the input config (Action) or as the argument (command line)';
  if (code === 'EISDIR') return 'is a directory: name a file in it';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read: permission denied';
  return `can't be read (${code ?? 'unknown reason'})`;
}
