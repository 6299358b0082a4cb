import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Place, STDIN } from '../model.ts';
import { filesOf } from './glob.ts';

/** The largest file that is read, in bytes. */
const LIMIT = 4 * 1024 * 1024;

/** The text of a configuration file, or the sentence that says why there is none; `unread` where there are not even its bytes. */
export type Content = { readonly text: string } | { readonly problem: string; readonly unread?: true };

/** A file of the configuration; `file` is its path as reports show it, with `/`. */
export type Source = Content & { readonly file: string };

export interface Where {
  /** The folder that paths and globs are relative to; by default the current one. */
  readonly folder?: string;
  /** What `-` stands for; without it, a file of that name. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** The path that reports show for one that is named or found; throws where it may not be read. By default the same. */
  readonly shown?: (file: string) => string;
}

/** Reads the files that paths and globs name, each once. A name or pattern without a file is among them, with its problem. */
export async function readSources(patterns: readonly string[], where: Where = {}): Promise<readonly Source[]> {
  const { folder = '.', stdin, shown = (file) => file.split(path.sep).join('/') } = where;
  const sources = new Map<string, Source>();
  for (const pattern of patterns) {
    if (pattern === '-' && stdin !== undefined) {
      if (!sources.has(STDIN)) sources.set(STDIN, { file: STDIN, ...(await readStream(stdin)) });
      continue;
    }
    const found = await filesOf(pattern, folder);
    if ('problem' in found) sources.set(pattern, { file: shown(pattern), problem: found.problem, unread: true });
    for (const file of 'files' in found ? found.files : []) {
      const absolute = path.resolve(folder, file);
      if (!sources.has(absolute)) sources.set(absolute, { file: shown(file), ...(await readContent(absolute)) });
    }
  }
  return [...sources.values()];
}

/** Reads a file: UTF-8, at most 4 MiB, with or without a byte order mark. */
export async function readContent(file: string): Promise<Content> {
  try {
    const { size } = await stat(file);
    if (size > LIMIT) return tooLarge(size);
    // What is no plain file may go on for ever.
    return await readStream(createReadStream(file));
  } catch (cause) {
    return { problem: unreadable((cause as NodeJS.ErrnoException).code), unread: true };
  }
}

/** The text of a file's bytes. */
export function decode(bytes: Uint8Array): Content {
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

async function readStream(stream: AsyncIterable<Uint8Array>): Promise<Content> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > LIMIT) return { problem: `is longer than 4 MiB (${LIMIT} bytes), of which no more is read` };
    }
  } catch (cause) {
    return { problem: unreadable((cause as NodeJS.ErrnoException).code), unread: true };
  }
  return decode(Buffer.concat(chunks));
}

function tooLarge(size: number): Content {
  return { problem: `is ${size} bytes: at most 4 MiB (${LIMIT} bytes) are read` };
}

function unreadable(code: string | undefined): string {
  if (code === 'ENOENT')
    return 'does not exist. Name the file in the input config (Action) or as the argument (command line)';
  if (code === 'EISDIR') return 'is a directory: name a file in it';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read: permission denied';
  return `can't be read (${code ?? 'unknown reason'})`;
}
