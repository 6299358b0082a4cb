import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** How deep folders are searched, and how many of them: a hint is worth no more. */
const MOST_LEVELS = 4;
const MOST_FOLDERS = 500;
/** How far up the root of the checkout is sought. */
const MOST_STEPS = 6;
const PASSED_OVER = new Set(['node_modules', '.git', 'dist', 'build', 'vendor']);

/**
 * The file that was likely meant by one that does not exist, relative to `folder`: of the same name but for case, `.yml` for
 * `.yaml` and what joins its words, in the same folder or elsewhere in the checkout; null where there is none. `upward` says
 * whether folders above may be searched.
 */
export async function neighbourOf(file: string, folder: string, upward: boolean): Promise<string | null> {
  const wanted = plain(path.basename(file));
  if (wanted === null) return null;
  const own = path.dirname(path.resolve(folder, file));
  const beside = (await list(own)).find((entry) => entry.isFile() && plain(entry.name) === wanted);
  if (beside !== undefined) return relative(folder, path.join(own, beside.name));
  const root = upward ? await rootAbove(folder) : path.resolve(folder);
  const found = await below(root, wanted);
  return found === null ? null : relative(folder, found);
}

/** The name of a configuration file without what people mix up; null where it is none. */
function plain(name: string): string | null {
  const [, stem] = /^(.+)\.ya?ml$/i.exec(name) ?? [];
  return stem === undefined ? null : stem.toLowerCase().replace(/[-_. ]/g, '');
}

/** The first file of that name below a folder, level by level. */
async function below(root: string, wanted: string): Promise<string | null> {
  let level = [root];
  let folders = 0;
  for (let depth = 0; depth <= MOST_LEVELS && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const at of level) {
      folders += 1;
      if (folders > MOST_FOLDERS) return null;
      const entries = await list(at);
      const found = entries.find((entry) => entry.isFile() && plain(entry.name) === wanted);
      if (found !== undefined) return path.join(at, found.name);
      for (const entry of entries)
        if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) next.push(path.join(at, entry.name));
    }
    level = next;
  }
  return null;
}

/** The root of the checkout that a folder lies in, by its `.git`; the folder itself where there is none. */
async function rootAbove(folder: string): Promise<string> {
  let at = path.resolve(folder);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if ((await list(at)).some(({ name }) => name === '.git')) return at;
    at = path.dirname(at);
  }
  return path.resolve(folder);
}

/** What is in a folder, in order; nothing where it can't be read. */
async function list(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function relative(folder: string, file: string): string {
  return path.relative(path.resolve(folder), file).split(path.sep).join('/');
}
