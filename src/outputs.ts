import { readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { CheckError } from './errors.ts';

/** A file that is to be written, and the input or option that names it. */
interface Output {
  readonly name: string;
  readonly file: string;
}

/**
 * Throws a `CheckError` where an output would replace a file that is read, another output, or anything in `.git`: through
 * links, by another spelling, or as another name of the same file.
 */
export function refuseOverwriting(outputs: readonly Output[], read: readonly string[]): void {
  const sources = read.map((file) => ({ name: '', file: seen(file) }));
  const known: { readonly name: string; readonly file: Seen }[] = [];
  for (const { name, file } of outputs) {
    const output = seen(file);
    const is = `${name} is ${JSON.stringify(file)}`;
    if (output.real.split(path.sep).some((part) => part.toLowerCase() === '.git'))
      throw new CheckError(`${is}, which lies in .git. Nothing was read, and nothing written.`, another(name));
    if (sources.some((source) => isSame(source.file, output)))
      throw new CheckError(`${is}, which is read: it would be replaced. Nothing was written.`, another(name));
    const other = known.find((one) => isSame(one.file, output));
    if (other !== undefined)
      throw new CheckError(`${is}, which ${other.name} is as well: one would replace the other.`, another(name));
    known.push({ name, file: output });
  }
}

function another(name: string): string {
  return `Give ${name} another file.`;
}

/** What a path leads to. */
interface Seen {
  readonly real: string;
  /** Null where nothing is there. */
  readonly stats: Stats | null;
}

function seen(file: string): Seen {
  return { real: realPath(file), stats: statsOf(file) };
}

/** What can't be looked at can't be written either, which is said where that is tried. */
function statsOf(file: string): Stats | null {
  try {
    return statSync(file);
  } catch {
    return null;
  }
}

/** What is no plain file, such as a terminal, can be written twice. */
function isSame(one: Seen, other: Seen): boolean {
  if (one.stats === null || other.stats === null) return one.real === other.real;
  return one.stats.isFile() && one.stats.dev === other.stats.dev && one.stats.ino === other.stats.ino;
}

/** Where a path leads as the system sees it, links followed, as far as it exists. */
function realPath(file: string, hops = 40): string {
  try {
    return realpathSync.native(file);
  } catch {
    const target = hops > 0 ? linkTarget(file) : null;
    const folder = path.dirname(file);
    if (target !== null) return realPath(path.isAbsolute(target) ? target : `${folder}${path.sep}${target}`, hops - 1);
    return folder === file ? file : path.join(realPath(folder, hops), path.basename(file));
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
