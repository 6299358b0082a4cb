import { existsSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { CheckError } from './errors.ts';

/** Where paths lead, how a repository knows its files, and which files no output may replace. */

/** A file that is to be written, and the input or option that names it. */
export interface Output {
  readonly name: string;
  readonly file: string;
}

/** A file that no output may replace. */
export interface Kept {
  readonly file: string;
  /** What it is, as a sentence names it: `the configuration file "stripe-config.yaml"`. */
  readonly what: string;
}

/** Throws a `CheckError` where an output would replace a kept file, another output, or anything of a git repository's own. */
export function refuseOverwriting(outputs: readonly Output[], kept: readonly Kept[]): void {
  const [first] = overwriting(outputs, kept);
  if (first !== undefined) throw first.error;
}

/** The outputs that `refuseOverwriting` refuses, for who goes on without them. */
export function overwriting(
  outputs: readonly Output[],
  kept: readonly Kept[],
): readonly { readonly output: Output; readonly error: CheckError }[] {
  return outputs.flatMap((output, index) => {
    const others = outputs.filter((_, other) => other !== index);
    const reason = reasonAgainst(output, others, kept);
    if (reason === null) return [];
    const remedy = `Choose another path for ${output.name}. Until then it is not written.`;
    return [{ output, error: new CheckError(reason, remedy) }];
  });
}

function reasonAgainst({ name, file }: Output, others: readonly Output[], kept: readonly Kept[]): string | null {
  if (isInGit(file)) return `${name} would write into a git repository's own files: ${JSON.stringify(file)}.`;
  const replaced = kept.find((one) => isSameFile(one.file, file));
  if (replaced !== undefined) return `${name} would replace ${replaced.what}.`;
  const same = others.find((other) => isSameFile(other.file, file));
  return same === undefined ? null : `${name} and ${same.name} are the same file, ${JSON.stringify(file)}.`;
}

/** Whether a path is a `.git`, lies in one, or in a folder that git keeps under another name. */
function isInGit(file: string): boolean {
  const real = realPath(file);
  return [path.resolve(file), real].some((one) => one.split(path.sep).some(isGit)) || foldersOf(real).some(isGitFolder);
}

/** Windows also knows `.git` by a short name. */
function isGit(step: string): boolean {
  return /^(?:\.git|git~\d+)$/i.test(step);
}

function foldersOf(file: string): string[] {
  const parent = path.dirname(file);
  return parent === file ? [] : [parent, ...foldersOf(parent)];
}

/** What git itself takes for its folder: one that has these three. */
function isGitFolder(folder: string): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => existsSync(path.join(folder, name)));
}

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

/**
 * The path by which GitHub and code scanning know a file: from the folder that holds the `.git` of its repository, with `/`.
 * `top` is a folder that is a checkout though it holds none; no repository is sought above it. A link to a file of the same
 * repository is that file, since a link has no lines. A path in no repository stays as it is named.
 */
export function repositoryPath(file: string, folder: string, top: string | null): string {
  const absolute = path.resolve(folder, file);
  const real = realPath(absolute);
  const root = repositoryRoot(absolute, top);
  const realRoot = repositoryRoot(real, top === null ? null : realPath(top));
  const isOneOfIts = realRoot !== null && (root === null || realPath(root) === realRoot);
  if (isOneOfIts && isFile(real)) return slashed(path.relative(realRoot, real));
  return slashed(root === null ? path.normalize(file) : path.relative(root, absolute));
}

/** The folder of the checkout that a file lies in: the nearest that holds a `.git`, else `top` around it; null where there is none. */
export function repositoryRoot(file: string, top: string | null): string | null {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (folder === top || existsSync(path.join(folder, '.git'))) return folder;
    if (path.dirname(folder) === folder) return null;
  }
}

function slashed(file: string): string {
  return file.split(path.sep).join('/');
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

function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
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
