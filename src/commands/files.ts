import { readSources, type Source } from '../config/source.ts';

/** The files of the configuration as arguments of a command. */
export const configFiles = {
  most: Number.POSITIVE_INFINITY,
  description:
    'paths or globs of the files that are one configuration; - is standard input (default: stripe-config.yaml)',
} as const;

/** Reads what the arguments name. */
export function readConfig(files: readonly string[]): Promise<readonly Source[]> {
  return readSources(files.length === 0 ? ['stripe-config.yaml'] : files, { stdin: process.stdin });
}
