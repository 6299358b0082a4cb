import { didYouMean } from './config/nearest.ts';
import { CheckError } from './errors.ts';

/** Words and numbers that a user gives, as an input of the Action or an option of the command line. `name` is its name there. */

/** One of some words. Throws a `CheckError` that names the nearest. */
export function oneOf<T extends string>(name: string, value: string, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw new CheckError(
    `${name} is ${JSON.stringify(value)}, which is not one of ${words.join(', ')}.${didYouMean(value, words)}`,
    `Give ${name} one of these words.`,
  );
}

/** `true` or `false`. Throws a `CheckError` for anything else. */
export function yesOrNo(name: string, value: string): boolean {
  return oneOf(name, value.toLowerCase(), ['true', 'false']) === 'true';
}

/** A number from `least` to `most`. Throws a `CheckError` for anything else. */
export function numberWithin(name: string, value: string, least: number, most: number): number {
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new CheckError(
    `${name} is ${JSON.stringify(value)}, which is no number from ${least} to ${most}.`,
    `Give ${name} a number from ${least} to ${most}, or leave it out.`,
  );
}

/** A range of numbers, with the text of the default. */
export interface Range {
  readonly least: number;
  readonly most: number;
  readonly fallback: string;
}

/** The ranges and defaults that both programs have. */
export const limits = {
  requestsPerSecond: { least: 1, most: 1000, fallback: '20' },
  timeoutSeconds: { least: 1, most: 3600, fallback: '300' },
  apiBase: 'https://api.stripe.com',
  failOn: ['error', 'warning', 'notice', 'never'],
} as const;
