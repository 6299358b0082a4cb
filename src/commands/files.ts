import path from 'node:path';
import type { CodeSide } from '../check/code.ts';
import { filesOf, matcher } from '../config/glob.ts';
import { type Config, loadConfig } from '../config/load.ts';
import { readSources, type Source } from '../config/source.ts';
import { CheckError } from '../errors.ts';
import { realPath, refuseOverwriting, repositoryPath, repositoryRoot } from '../files.ts';
import { message } from '../report/words.ts';
import { bare } from '../text.ts';

/** The file of a repository that has one. */
export const DEFAULT_FILE = 'stripe-config.yaml';

/** The arguments FILE of the commands that read a configuration. */
export const configFiles = {
  most: Number.POSITIVE_INFINITY,
  description: `the file, or paths and globs of several files that form one configuration; - is standard input (default: ${DEFAULT_FILE})`,
} as const;

/** What the arguments name: paths, globs, `-`. */
export function patternsOf(files: readonly string[]): readonly string[] {
  return files.length === 0 ? [DEFAULT_FILE] : files;
}

/** Gives the path of a file as a report in a format shows it. */
export type ShownPath = (file: string) => string;

/**
 * What reads workflow commands and SARIF knows files by their paths in the repository; whoever reads on a terminal opens them
 * from the current directory.
 */
export function shownIn(format: string): ShownPath {
  if (format !== 'github' && format !== 'sarif') return (file) => file.split(path.sep).join('/');
  return (file) => repositoryPath(file, process.cwd(), checkoutAround(path.resolve(file)));
}

/** The checkout of a workflow of GitHub, where a file lies in it: it may hold no `.git`. */
function checkoutAround(file: string): string | null {
  const { GITHUB_ACTIONS, GITHUB_WORKSPACE: workspace = '' } = process.env;
  if (GITHUB_ACTIONS !== 'true' || workspace === '') return null;
  const top = path.resolve(workspace);
  const isIn = (one: string, folder: string) => one.startsWith(folder + path.sep);
  return isIn(file, top) || isIn(realPath(file), realPath(top)) ? top : null;
}

/** What the arguments name, as reports show it. */
export function shownPatterns(files: readonly string[], shown: ShownPath): string[] {
  return patternsOf(files).map((file) => (file === '-' ? file : shown(file)));
}

/**
 * Throws a `CheckError` where an option that names an output would have a file replaced that the command reads: those that
 * patterns find, or would find with it, and others. Nothing is read before.
 */
export async function refuseReplacing(
  outputs: { readonly [option: string]: string | null },
  patterns: readonly string[],
): Promise<void> {
  const named = Object.entries(outputs).flatMap(([name, file]) => (file === null ? [] : [{ name: `--${name}`, file }]));
  if (named.length === 0) return;
  const files = patterns.filter((pattern) => pattern !== '-');
  const found = await Promise.all(files.map((pattern) => filesOf(pattern, '.')));
  const isFound = await matcher(files, '.');
  refuseOverwriting(
    named,
    [
      ...found.flatMap((all) => ('files' in all ? all.files : [])),
      ...named.flatMap(({ file }) => (isFound(file) ? [file] : [])),
    ].map((file) => ({ file, what: `${JSON.stringify(file)}, which is read` })),
  );
}

/** Reads the files. Throws a `CheckError` where there is nothing to read; what is wrong in them, or with one of several, is for the report. */
export async function sourcesOf(
  files: readonly string[],
  interrupted: AbortSignal,
  shown: ShownPath = shownIn('terminal'),
): Promise<readonly Source[]> {
  const sources = await readSources(patternsOf(files), { stdin: process.stdin, pipes: true, interrupted, shown });
  const faults = sources.flatMap((source) => ('unread' in source ? [source] : []));
  if (faults.length < sources.length) return sources;
  throw new CheckError(
    faults.map(({ file, problem }) => `${bare(file)} ${problem}.`).join(' '),
    'Name the file as the argument, or run this in its folder.',
  );
}

/**
 * The code of the repository that the files lie in, or of the current folder where they lie in none. Neither the files nor
 * `others`, which are read or written besides, are code.
 */
export function codeAround(files: readonly string[], others: readonly (string | null)[], shown: ShownPath): CodeSide {
  const [first = DEFAULT_FILE] = patternsOf(files).filter((file) => file !== '-');
  const near = path.resolve(first);
  const root = repositoryRoot(near, checkoutAround(near)) ?? process.cwd();
  const below = (file: string) => path.relative(root, file).split(path.sep).join('/');
  return {
    root,
    async besides() {
      const named = await Promise.all(patternsOf(files).map((file) => filesOf(file, '.')));
      const all = [
        ...named.flatMap((one) => ('files' in one ? one.files : [])),
        ...others.filter((one) => one !== null),
      ];
      return all.flatMap((file) => [below(path.resolve(file)), below(realPath(path.resolve(file)))]);
    },
    shown: (file) => shown(path.relative(process.cwd(), path.join(root, file))),
  };
}

/** The configuration that the arguments name. Throws a `CheckError` where it is invalid. */
export async function validConfig(files: readonly string[], interrupted: AbortSignal): Promise<Config> {
  const sources = await sourcesOf(files, interrupted);
  for (const source of sources) {
    if ('problem' in source)
      throw new CheckError(`${bare(source.file)} ${source.problem}.`, 'Name a file that can be read.');
  }
  const config = await loadConfig(sources);
  refuseInvalid(config, files);
  return config;
}

function refuseInvalid({ findings }: Config, named: readonly string[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const { file, line } = first.at;
  const more = errors.length === 1 ? '' : ` And ${errors.length - 1} more.`;
  throw new CheckError(
    `${bare(file)} is invalid on line ${line}: ${message(first)}${more}`,
    `${['stripe-config-check lint', ...named.map(bare)].join(' ')} shows all that is wrong: fix it, and ask again.`,
  );
}
