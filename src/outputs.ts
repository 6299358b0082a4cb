import { existsSync } from 'node:fs';
import path from 'node:path';
import { CheckError } from './errors.ts';
import { isSameFile, realPath } from './paths.ts';

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
    const remedy = `Give ${output.name} a path of its own. Until then it is not written.`;
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
