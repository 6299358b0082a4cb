import { readlinkSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** Where a path leads as the system sees it, as far as it exists: links are followed before `..` is, as in `link/../file`. */
export function realPath(file: string, hops = 40): string {
  try {
    return realpathSync.native(file);
  } catch {
    const target = hops > 0 ? linkTarget(file) : null;
    const parent = path.dirname(file);
    if (target !== null) return realPath(path.isAbsolute(target) ? target : `${parent}${path.sep}${target}`, hops - 1);
    return parent === file ? path.resolve(file) : path.join(realPath(parent, hops), path.basename(file));
  }
}

/** Where a link leads that leads to nothing yet. */
function linkTarget(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}

/**
 * Whether two paths are one plain file, however they are spelled: through links, hard links, or in another case where the
 * system has none. What is no plain file, such as a terminal, can be written twice.
 */
export function isSameFile(one: string, other: string): boolean {
  const [first, second] = [realPath(one), realPath(other)];
  if (isNoFile(first) || isNoFile(second)) return false;
  if (first === second) return true;
  const [known, same] = [identity(first), identity(second)];
  if (known !== null || same !== null) return known === same;
  // Neither exists yet. These systems have by default no case.
  const hasCase = process.platform !== 'darwin' && process.platform !== 'win32';
  return !hasCase && first.toLowerCase() === second.toLowerCase();
}

/** Whether something is there that is no plain file. */
function isNoFile(file: string): boolean {
  try {
    return !statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What the system knows a file by; null where there is none, or no way to it, as through a ring of links. */
function identity(file: string): string | null {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return null;
  }
}
