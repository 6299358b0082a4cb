import { debuglog } from 'node:util';
import { CheckError } from '../errors.ts';
import type { Mode } from '../model.ts';
import { permissionsOf } from '../resources/index.ts';

/** A key that can read: restricted, or secret, which can do far more than this program needs. */
export interface Key {
  readonly secret: string;
  readonly kind: 'restricted' | 'secret';
  readonly mode: Mode;
  /** What follows kind and mode, and is repeated nowhere. */
  readonly random: string;
}

/**
 * Where a key comes from, and so where people put another one: the Action's input, or the environment of the command line. The
 * other ones hold the second of two keys.
 */
export type KeyFrom = 'input' | 'variable' | 'other input' | 'other variable';

/** What is said of the place that a key comes from. */
interface PlaceOfKey {
  /** The name of the input or of the variable. */
  readonly name: string;
  readonly isInput: boolean;
  readonly give: string;
  readonly replace: string;
  readonly again: string;
  readonly look: string;
}

function input(name: string): PlaceOfKey {
  return {
    name,
    isInput: true,
    give: `Keep a restricted key in a secret, and pass it as the input ${name}.`,
    replace: 'Put a new restricted key into the secret.',
    again: 'Copy the key into the secret again.',
    look: 'Look at the secret: it may be cut off, in quotes, or another secret.',
  };
}

function variable(name: string): PlaceOfKey {
  return {
    name,
    isInput: false,
    give: `Put a restricted key into the environment variable ${name}.`,
    replace: `Put a new restricted key into the environment variable ${name}.`,
    again: `Copy the key into the environment variable ${name} again.`,
    look: `Look at the environment variable ${name}: the key may be cut off or in quotes, or be something else.`,
  };
}

export const placeOfKey: { readonly [F in KeyFrom]: PlaceOfKey } = {
  input: input('stripe-api-key'),
  'other input': input('stripe-api-key-other'),
  variable: variable('STRIPE_API_KEY'),
  'other variable': variable('STRIPE_API_KEY_OTHER'),
};

/** What is said where two keys that are to be compared are one, by the names of the inputs or variables that hold them. */
export function sameKey(name: string, other: string): CheckError {
  return new CheckError(
    `${name} and ${other} hold the same key, and two are needed for a comparison.`,
    `Give ${other} a key of the other mode, or of a sandbox of the account.`,
  );
}

/** Kind, mode and the rest of a key that can read. */
const FORM = /^(rk|sk)_(live|test)_([A-Za-z0-9]{8,})$/;

/** The mode of a key that can read; null for everything else. */
export function keyMode(text: string): Mode | null {
  const [, , mode] = FORM.exec(text) ?? [];
  return (mode as Mode | undefined) ?? null;
}

/** What is said of a secret key, which works. */
export const secretKeyWarning =
  'The key is a secret key: it can do everything in the account. A restricted key that can only read is enough, and safer.';

/**
 * Reads a key's kind and mode from its prefix. Throws a `CheckError` for every other key, without echoing any of it; it has
 * the link that creates a key for the sections, where these are known. Throws one, too, where using the key would show it.
 */
export function parseKey(text: string, sections: readonly string[] | null, from: KeyFrom): Key {
  const place = placeOfKey[from];
  const secret = text.trim();
  const create =
    sections === null
      ? 'Create a restricted key in the Dashboard (API keys).'
      : `This link creates a restricted key: ${keyLink(sections, null)}`;
  if (secret === '') {
    throw new CheckError('No Stripe API key was given.', `${place.give} ${create}`);
  }
  if (/[^\x21-\x7e]/.test(secret)) {
    throw new CheckError(
      'That is not a Stripe API key: it holds a line break, a space or another character that no key has.',
      `${place.again} ${create}`,
    );
  }
  if (/^(rk|sk)_org_/.test(secret)) {
    throw new CheckError(
      'The key belongs to an organization: it is for several accounts, and this check reads one.',
      `Use a restricted key of the account itself. ${create}`,
    );
  }
  if (secret.startsWith('pk_')) {
    throw new CheckError('The key is publishable (pk_): it may not read configuration.', create);
  }
  const [, kind, mode, random] = FORM.exec(secret) ?? [];
  if (kind === undefined || mode === undefined || random === undefined) {
    throw new CheckError(
      'That is not a Stripe API key: a restricted key is rk_live_ or rk_test_, followed by letters and digits.',
      `${place.look} ${create}`,
    );
  }
  refuseListeners();
  return { secret, kind: kind === 'rk' ? 'restricted' : 'secret', mode: mode as Mode, random };
}

/** The debug logs of Node.js through which a request passes. In some version each of http, https and net prints its headers. */
const OVERHEARD = ['http', 'https', 'net', 'tls', 'stream'];

/** Node.js reads NODE_DEBUG before this program begins, and prints past it: no request is sent while it would print the key. */
function refuseListeners(): void {
  const on = OVERHEARD.filter((section) => debuglog(section).enabled);
  if (on.length === 0) return;
  throw new CheckError(
    `NODE_DEBUG makes Node.js print its requests (${on.join(', ')}) with their headers, and so the Stripe API key. Stripe was not asked.`,
    `Unset NODE_DEBUG, or have it name none of ${OVERHEARD.join(', ')}.`,
  );
}

/**
 * The Dashboard's page that creates a restricted key with the permissions that reading these sections needs, filled in, as far
 * as they have names. Without a mode, the page of live mode, which can be switched.
 */
export function keyLink(sections: readonly string[], mode: Mode | null): string {
  const slugs = permissionsOf(sections).flatMap(({ slug }) => slug ?? []);
  // Many terminals end a link at a bracket.
  const permissions = slugs.map((slug) => `&permissions%5B%5D=${slug}`);
  return `https://dashboard.stripe.com/${mode === 'test' ? 'test/' : ''}apikeys/create?name=stripe-config-check${permissions.join('')}`;
}
