import { type Config, loadConfig } from '../config/load.ts';
import { readSources, type Source } from '../config/source.ts';
import { CheckError } from '../errors.ts';
import { message } from '../report/words.ts';
import { bare } from '../resources/text.ts';

/** The file of a repository that has one. */
export const DEFAULT_FILE = 'stripe-config.yaml';

/** The files of the configuration as arguments of a command. */
export const configFiles = {
  most: Number.POSITIVE_INFINITY,
  description: `paths or globs of the files that are one configuration; - is standard input (default: ${DEFAULT_FILE})`,
} as const;

/** Reads what the arguments name. */
export function readConfig(files: readonly string[]): Promise<readonly Source[]> {
  return readSources(files.length === 0 ? [DEFAULT_FILE] : files, { stdin: process.stdin });
}

/** The configuration that the arguments name. Throws a `CheckError` where it is invalid. */
export async function validConfig(files: readonly string[]): Promise<Config> {
  const sources = await readConfig(files);
  for (const source of sources) {
    if ('problem' in source)
      throw new CheckError(`${bare(source.file)} ${source.problem.split('. ')[0]}.`, 'Name a file that can be read.');
  }
  const config = loadConfig(sources);
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
    `${['stripe-config-check lint', ...named.map(bare)].join(' ')} shows all that is wrong: mend it, and ask again.`,
  );
}
