import { readlinkSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** Where a path leads once links are followed, as far as it exists. */
export function realPath(file: string, hops = 40): string {
  try {
    return realpathSync(file);
  } catch {
    const target = linkTarget(file);
    if (target !== null && hops > 0) return realPath(path.resolve(path.dirname(file), target), hops - 1);
    const parent = path.dirname(file);
    return parent === file ? file : path.join(realPath(parent, hops), path.basename(file));
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

/** Whether two paths are one file, however they are spelled: through links, hard links, or in another case where the system has none. */
export function isSameFile(one: string, other: string): boolean {
  const [first, second] = [realPath(path.resolve(one)), realPath(path.resolve(other))];
  if (first === second) return true;
  const [known, same] = [identity(first), identity(second)];
  if (known !== null || same !== null) return known === same;
  // Neither exists yet. These systems have by default no case.
  const hasCase = process.platform !== 'darwin' && process.platform !== 'win32';
  return !hasCase && first.toLowerCase() === second.toLowerCase();
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
