import { didYouMean } from '../config/nearest.ts';
import { CheckError } from '../errors.ts';
import { severities } from '../model.ts';
import { cut, INVISIBLE } from '../text.ts';
import { INPUTS } from './action.ts';

/**
 * What a user gives as an input of the Action, an option of the command line or a variable of the environment; `name` is its
 * name there. Whatever ends in a header, a path or a query is checked here, before anything is asked.
 */

/** One of some words. Throws a `CheckError` that names the nearest. */
export function oneOf<T extends string>(name: string, value: string, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw new CheckError(
    `${name} is ${told(value)}, which is not one of ${words.join(', ')}.${didYouMean(value, words)}`,
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
    `${name} is ${told(value)}, which is not a number from ${least} to ${most}.`,
    `Give ${name} a number from ${least} to ${most}, or leave it out.`,
  );
}

/** The id of a Stripe account, for a header. Throws a `CheckError` for anything else. */
export function accountId(name: string, value: string): string {
  if (/^acct_[A-Za-z0-9]{1,100}$/.test(value)) return value;
  throw new CheckError(
    `${name} is ${told(value)}, which is not an account id: acct_ followed by letters and digits.`,
    `Give ${name} the id of a connected account, or leave it out to read the account that the key belongs to.`,
  );
}

/** The root of Stripe's API, to which the key is sent: https, or http on a loopback address, and nothing but a host. Throws a `CheckError` otherwise. */
export function apiBase(name: string, value: string): URL {
  const wrong = (what: string) =>
    new CheckError(
      `${name} ${what}.`,
      `Give ${name} https://HOST, or http on a loopback address for tests; leave it out for ${limits.apiBase}.`,
    );
  // A URL drops line breaks without a word, and what follows these signs may be a password.
  if (/[@?#]/.test(value)) throw wrong('has a user name, a password, a query or a fragment, which is not shown here');
  const url = /^[\x21-\x7e]+$/.test(value) && URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw wrong(`is ${told(value)}, which is not the URL of a server`);
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !isLoopback)
    throw wrong(`is ${told(value)}: over http others could read the key, so it is not sent there`);
  if (url.pathname !== '/') throw wrong(`is ${told(value)}, which has a path`);
  return url;
}

/** A token for a header, or nothing. Throws a `CheckError`, without any of it, where no header can hold it. */
export function token(name: string, value: string): string {
  if (/^[\x21-\x7e]*$/.test(value)) return value;
  throw new CheckError(
    `${name} holds a space, a line break or another character that no token has (not shown here).`,
    `Look at the secret that ${name} is made from: it may be another one, or hold more than the token.`,
  );
}

/** The labels that a list names. Throws a `CheckError` for what GitHub takes as none. */
export function labels(name: string, value: string): string[] {
  const all = list(value);
  if (all.length === 0) throw new CheckError(`${name} names none.`, `Give ${name} a label, or leave it out.`);
  for (const label of all) {
    const isName = [...label].length <= LONGEST_LABEL && !INVISIBLE.test(label) && !/^\.{1,2}$/.test(label);
    if (isName && !KEY.test(label)) continue;
    throw new CheckError(
      `${name} has ${told(label)}, which is not the name of a label: at most ${LONGEST_LABEL} characters, all of them visible.`,
      `Give ${name} names of labels, separated by commas.`,
    );
  }
  return all;
}

/** The people that a list names. Throws a `CheckError` for what is no name on GitHub. */
export function logins(name: string, value: string): string[] {
  const all = list(value);
  for (const login of all) {
    if (/^[A-Za-z0-9_-]{1,39}(?:\[bot\])?$/.test(login) && !KEY.test(login)) continue;
    throw new CheckError(
      `${name} has ${told(login)}, which is not a user name of GitHub: letters, digits and hyphens, at most 39.`,
      `Give ${name} user names without @, separated by commas.`,
    );
  }
  return all;
}

/** GitHub takes no longer name of a label. */
const LONGEST_LABEL = 50;

/** What commas and line ends separate, each once. */
function list(text: string): string[] {
  return [...new Set(text.split(/[,\n]/).map((item) => item.trim()))].filter((item) => item !== '');
}

/** What begins like a key of Stripe or a token of GitHub. */
const KEY = /(?<![A-Za-z\d])(?:[a-z]{2}_(?:live|test|org)_|whsec_|gh[a-z]_|github_pat_)\w/;

const LONGEST_TOLD = 300;

/** A value as a message shows it: what is not visible as an escape, and nothing that looks like a key. */
function told(value: string): string {
  if (KEY.test(value)) return 'something that looks like a key (not shown here)';
  return JSON.stringify(cut(value, LONGEST_TOLD)).replace(new RegExp(INVISIBLE, 'gu'), (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** A range of numbers, with the text of the default. */
export interface Range {
  readonly least: number;
  readonly most: number;
  readonly fallback: string;
}

/** The ranges and defaults that both programs have. */
export const limits = {
  requestsPerSecond: { least: 1, most: 1000, fallback: INPUTS['requests-per-second'] },
  timeoutSeconds: { least: 1, most: 3600, fallback: INPUTS['timeout-seconds'] },
  apiBase: INPUTS['stripe-api-base'],
  failOn: [...severities, 'never'],
} as const satisfies { [name: string]: Range | string | readonly string[] };
