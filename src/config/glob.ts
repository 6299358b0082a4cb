import { type Dirent, readdir, statSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';

/** Files that a pattern may match: with more it is likely a slip. */
const MOST_FILES = 1000;

/** Signs that make a path a pattern. */
const SIGNS = /[*?[{]|[!+@]\(/;

/** Whether a path is a pattern, unless a file has that very name. */
export function isPattern(file: string): boolean {
  return SIGNS.test(file);
}

/** Paths, or the sentence that says why there are none. */
export type Found = { readonly files: readonly string[] } | { readonly problem: string };

/**
 * The files that a path or a glob names, relative to a folder and in order. What exists under the very name is meant,
 * whatever signs are in it; a name without signs need not exist.
 */
export async function filesOf(pattern: string, folder: string): Promise<Found> {
  if (!isPattern(pattern) || (await exists(path.resolve(folder, pattern)))) return { files: [pattern] };
  const { start, rest } = parts(pattern);
  const { files, failure } = await search(path.resolve(folder, start), rest);
  if (failure !== null) return { problem: `can't be searched for: a folder could not be read (${failure})` };
  if (files.length > MOST_FILES)
    return { problem: `matches ${files.length} files, but at most ${MOST_FILES} are read: narrow the pattern` };
  if (files.length > 0) return { files: files.map((file) => `${start}${file}`).sort() };
  return {
    problem: 'matches no file: folders that begin with a dot, and node_modules, are searched only where they are named',
  };
}

/** Tells whether paths and globs, relative to a folder, name a file, which may be gone or yet to come. */
export async function matcher(patterns: readonly string[], folder: string): Promise<(file: string) => boolean> {
  const { default: picomatch } = await import('picomatch');
  const inFolder = (file: string) => path.relative(folder, path.resolve(folder, file)).split(path.sep).join('/');
  const named = patterns.map(inFolder);
  const matches = picomatch(named.filter(isPattern));
  return (file) => named.includes(inFolder(file)) || matches(inFolder(file));
}

/** The folder in which a path names a file, and whether it is a glob, which may name more below. */
export function folderOf(pattern: string): { readonly folder: string; readonly isDeep: boolean } {
  const { start, isGlob } = parts(pattern);
  return { folder: path.resolve(isGlob ? start : path.dirname(pattern)), isDeep: isGlob };
}

/** What of a glob is plain text, up to a slash, and what is not. */
function parts(pattern: string): { start: string; rest: string; isGlob: boolean } {
  const steps = pattern.split('/');
  const first = steps.findIndex((step) => SIGNS.test(step) || step.includes('\\'));
  const plain = steps.slice(0, first).map((step) => `${step}/`);
  return { start: plain.join(''), rest: steps.slice(first).join('/'), isGlob: SIGNS.test(pattern) };
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch {
    return false;
  }
}

/** The matches below a folder, and the code of what kept a part of it from being read. Most configurations need no library for it. */
async function search(folder: string, pattern: string): Promise<{ files: string[]; failure: string | null }> {
  const { glob } = await import('tinyglobby');
  let failure: string | null = null;
  const list: typeof readdir.__promisify__ | unknown = (
    at: string,
    options: { withFileTypes: true },
    done: (error: Error | null, entries: Dirent[]) => void,
  ) =>
    readdir(at, options, (error, entries = []) => {
      const code = error?.code ?? '';
      if (error !== null && code !== 'ENOENT' && code !== 'ENOTDIR') failure = code;
      const shown = entries.map((entry) => unlessFolder(entry, at));
      done(error, shown);
    });
  const files = await glob([pattern], {
    cwd: folder,
    expandDirectories: false,
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**'],
    fs: { readdir: list as typeof readdir },
  });
  return { files, failure };
}

/** A link counts as the file that it leads to. Folders are not followed: that could lead anywhere, and in circles. */
function unlessFolder(entry: Dirent, folder: string): Dirent {
  if (!entry.isSymbolicLink() || isFolder(path.join(folder, entry.name))) return entry;
  return Object.assign(Object.create(entry) as Dirent, { isFile: () => true });
}

function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}
