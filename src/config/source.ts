import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { type Place, STDIN } from '../model.ts';
import { bare } from '../text.ts';
import { filesOf } from './glob.ts';
import { neighbourOf } from './neighbour.ts';

const MEBI = 1024 * 1024;
/** The largest file that is read, in MiB. */
const LIMIT = 4;
/** A pipe to which nobody writes is given up after this long, and one whose writer is silent after this long. */
const UNOPENED_MS = 5_000;
const SILENT_MS = 30_000;
/** How often a pipe is looked at that has nothing yet. */
const LOOK_MS = 20;

/** The text of a configuration file, or what is wrong with it, with what to do about it; `unread` where there are not even its bytes. */
export type Content =
  | { readonly text: string }
  | { readonly problem: string; readonly unread?: true; readonly remedy?: string };

/** A file of the configuration; `file` is its path as reports show it, with `/`. */
export type Source = Content & { readonly file: string };

export interface Where {
  /** The folder that paths and globs are relative to; by default the current one. */
  readonly folder?: string;
  /** What `-` stands for; without it, a file of that name. */
  readonly stdin?: Readable;
  /** Whether a name may be that of a pipe, as of a shell's `<(…)`. */
  readonly pipes?: boolean;
  /** Ends waiting for standard input or a pipe. */
  readonly interrupted?: AbortSignal;
  /** The path that reports show for one that is named or found; throws where it may not be read. By default the same. */
  readonly shown?: (file: string) => string;
}

/** Reads the files that paths and globs name, each once. A name or pattern without a file is among them, with its problem. */
export async function readSources(patterns: readonly string[], where: Where = {}): Promise<readonly Source[]> {
  const { folder = '.', stdin, interrupted, shown = (file) => file.split(path.sep).join('/') } = where;
  const sources = new Map<string, Source>();
  for (const pattern of patterns) {
    if (pattern === '-' && stdin !== undefined) {
      if (!sources.has(STDIN)) sources.set(STDIN, { file: STDIN, ...(await readStream(stdin, interrupted)) });
      continue;
    }
    const found = await filesOf(pattern, folder);
    if ('problem' in found) sources.set(pattern, { file: shown(pattern), problem: found.problem, unread: true });
    for (const file of 'files' in found ? found.files : []) {
      const absolute = path.resolve(folder, file);
      if (sources.has(absolute)) continue;
      const content = await readContent(absolute, where);
      sources.set(absolute, { file: shown(file), ...(await withNeighbour(content, file, where)) });
    }
  }
  return [...sources.values()];
}

/** Names the file that was likely meant by one that does not exist. */
async function withNeighbour(content: Content, file: string, { folder }: Where): Promise<Content> {
  if (!('problem' in content) || content.problem !== MISSING) return content;
  const found = await neighbourOf(file, folder ?? '.', folder === undefined);
  if (found === null) return content;
  const remedy = `Name ${bare(found)} in the input config (Action) or as the argument (command line)`;
  return { ...content, problem: `${MISSING}, but ${bare(found)} does`, remedy };
}

/** How a single file is read. */
export interface Reading extends Pick<Where, 'pipes' | 'interrupted'> {
  /** The most that is read, in MiB. */
  readonly limit?: number;
}

/** Reads a file: UTF-8, at most 4 MiB or as much as is said, with or without a byte order mark. Only a plain file, or a pipe where that is allowed: others may hang, or go on for ever. */
export async function readContent(file: string, how: Reading = {}): Promise<Content> {
  const { pipes = false, limit = LIMIT } = how;
  try {
    // Before it is opened: to open a device may do something, and to open a pipe waits for its writer.
    const before = unreadableKind(await stat(file), pipes);
    if (before !== null) return before;
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await handle.stat();
      const kind = unreadableKind(found, pipes);
      if (kind !== null) return kind;
      if (found.isFIFO()) return await readPipe(handle, limit, how.interrupted);
      if (found.size > limit * MEBI) return tooLarge(found.size, limit);
      return await readFile(handle, limit);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    return { ...unreadable((cause as NodeJS.ErrnoException).code), unread: true };
  }
}

/** Why what a name stands for is not read; null for a file, and for a pipe where that is allowed. */
function unreadableKind(found: Stats, pipes: boolean): Content | null {
  if (found.isFile() || (pipes && found.isFIFO())) return null;
  if (found.isDirectory()) return { ...unreadable('EISDIR'), unread: true };
  const kind = found.isFIFO() ? 'a pipe' : found.isSocket() ? 'a socket' : 'a device';
  return { problem: `is ${kind}, and only plain files are read`, unread: true };
}

/** The text of a file's bytes. */
export function decode(bytes: Uint8Array): Content {
  if (bytes.length > LIMIT * MEBI) return tooLarge(bytes.length, LIMIT);
  return textOf(bytes);
}

function textOf(bytes: Uint8Array): Content {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: 'is not UTF-8', remedy: 'Save it in that encoding' };
  }
}

/** The first character of a file: the place of what concerns the file as a whole. */
export function fileStart(file: string): Place {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** A file to its end, whatever its size was said to be. */
async function readFile(handle: FileHandle, limit: number): Promise<Content> {
  const chunks = new Chunks(limit);
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK));
    if (bytesRead === 0) return textOf(chunks.all);
    if (!chunks.take(buffer.subarray(0, bytesRead))) return tooLong(limit);
  }
}

async function readStream(stream: Readable, interrupted?: AbortSignal): Promise<Content> {
  const chunks = new Chunks(LIMIT);
  const stop = () => stream.destroy();
  try {
    if (interrupted?.aborted) return INTERRUPTED;
    interrupted?.addEventListener('abort', stop);
    for await (const chunk of stream) if (!chunks.take(chunk as Uint8Array)) return tooLong(LIMIT);
  } catch (cause) {
    if (interrupted?.aborted) return INTERRUPTED;
    return { ...unreadable((cause as NodeJS.ErrnoException).code), unread: true };
  } finally {
    interrupted?.removeEventListener('abort', stop);
  }
  return textOf(chunks.all);
}

/** A pipe to its end. It is looked at again and again, since a read that waits can't be called off. */
async function readPipe(handle: FileHandle, limit: number, interrupted?: AbortSignal): Promise<Content> {
  const chunks = new Chunks(limit);
  let since = performance.now();
  for (;;) {
    if (interrupted?.aborted) return INTERRUPTED;
    const read = await handle.read(Buffer.allocUnsafe(CHUNK)).catch((cause: NodeJS.ErrnoException) => {
      // It has a writer, and that has nothing yet.
      if (cause.code === 'EAGAIN') return null;
      throw cause;
    });
    if (read?.bytesRead === 0 && chunks.size > 0) return textOf(chunks.all);
    if (read !== null && read.bytesRead > 0) {
      if (!chunks.take(read.buffer.subarray(0, read.bytesRead))) return tooLong(limit);
      since = performance.now();
      continue;
    }
    const most = read === null ? SILENT_MS : UNOPENED_MS;
    if (performance.now() - since > most)
      return { problem: `is a pipe to which nothing was written for ${most / 1000} seconds`, unread: true };
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Bytes that are read at a time. */
const CHUNK = 64 * 1024;

const INTERRUPTED: Content = { problem: 'was not read: the run was interrupted', unread: true };

/** What was read of a file, up to a limit in MiB. */
class Chunks {
  size = 0;
  private readonly chunks: Uint8Array[] = [];
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit * MEBI;
  }

  get all(): Uint8Array {
    return Buffer.concat(this.chunks);
  }

  /** Whether that is not too much. */
  take(chunk: Uint8Array): boolean {
    this.chunks.push(chunk);
    this.size += chunk.length;
    return this.size <= this.limit;
  }
}

function tooLong(limit: number): Content {
  return { problem: `is longer than ${limit} MiB (${limit * MEBI} bytes), and longer files are not read` };
}

function tooLarge(size: number, limit: number): Content {
  return { problem: `is ${size} bytes: at most ${limit} MiB (${limit * MEBI} bytes) are read` };
}

const MISSING = 'does not exist';

function unreadable(code: string | undefined): { readonly problem: string; readonly remedy?: string } {
  if (code === 'ENOENT')
    return { problem: MISSING, remedy: 'Name the file in the input config (Action) or as the argument (command line)' };
  if (code === 'EISDIR') return { problem: 'is a directory: name a file in it' };
  if (code === 'EACCES' || code === 'EPERM') return { problem: 'may not be read: permission denied' };
  return { problem: `can't be read (${code ?? 'unknown reason'})` };
}
