import { type Dirent, readdir, statSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';

/** Files that a pattern may match: with more it is likely a slip. */
const MOST_FILES = 1000;

/** Signs that make a path a pattern. */
const SIGNS = /[*?[{]|[!+@]\(/;

/** Paths, or the sentence that says why there are none. */
export type Found = { readonly files: readonly string[] } | { readonly problem: string };

/**
 * The files that a path or a glob names, relative to a folder and in order. What exists under the very name is meant,
 * whatever signs are in it; a name without signs need not exist.
 */
export async function filesOf(pattern: string, folder: string): Promise<Found> {
  if (!SIGNS.test(pattern) || (await exists(path.resolve(folder, pattern)))) return { files: [pattern] };
  const steps = pattern.split('/');
  const first = steps.findIndex((step) => SIGNS.test(step) || step.includes('\\'));
  const start = steps.slice(0, first).map((step) => `${step}/`);
  const { files, failure } = await search(path.resolve(folder, start.join('')), steps.slice(first).join('/'));
  if (failure !== null) return { problem: `can't be searched for: a folder could not be read (${failure})` };
  if (files.length > MOST_FILES)
    return { problem: `matches ${files.length} files, and at most ${MOST_FILES} are read. Name more of their path` };
  if (files.length > 0) return { files: files.map((file) => `${start.join('')}${file}`).sort() };
  return {
    problem: 'matches no file. Folders that begin with a dot, and node_modules, are searched only where they are named',
  };
}

/** Tells of a path, whose file may be gone, whether paths and globs name it. All are relative to one folder. */
export async function matcher(patterns: readonly string[]): Promise<(file: string) => boolean> {
  const { default: picomatch } = await import('picomatch');
  const matches = picomatch(patterns.filter((pattern) => SIGNS.test(pattern)));
  return (file) => patterns.includes(file) || matches(file);
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
