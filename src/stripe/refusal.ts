import type { Mode, Refusal } from '../model.ts';
import { unnamedPermissions } from '../resources/index.ts';
import type { Resource } from '../resources/resource.ts';
import { bare, capital, quote } from '../text.ts';
import { OutOfTime } from './deadline.ts';
import { type KeyFrom, keyLink, placeOfKey } from './key.ts';
import { Unreachable } from './unreachable.ts';

/** Permissions of a refusal that a message repeats. */
const MOST_NAMED = 5;

/** How Stripe names the page that opens a key for editing. Nothing else in a message is given out as a link. */
const KEY_PAGE =
  /(?<![^\s(<"'])https:\/\/dashboard\.stripe\.com\/b\/acct_[A-Za-z0-9]{1,100}\?destination=(?:%2[Ff]test)?%2[Ff]apikeys%2[Ff]mk_[A-Za-z0-9]{1,100}%2[Ff]edit(?=[.,)>"']?(?:\s|$))/;

/** An answer of Stripe's that is an error (the SDK's `StripeError`, as far as it is read here). */
export interface StripeAnswer {
  readonly statusCode: number;
  readonly code?: string;
  readonly param?: string;
  readonly message: string;
  readonly requestId?: string;
  readonly headers?: { readonly [name: string]: string };
}

/** What the remedy depends on. */
export interface Asked {
  readonly sections: readonly string[];
  readonly mode: Mode;
  readonly connected: string | null;
  readonly keyFrom: KeyFrom;
}

/** The error of an answer, or null for anything else that was thrown. */
export function stripeAnswer(error: unknown): StripeAnswer | null {
  return typeof error === 'object' && error !== null && typeof (error as StripeAnswer).statusCode === 'number'
    ? (error as StripeAnswer)
    : null;
}

/** The account that Stripe names in a refusal: how a restricted key learns its account. */
export function accountIn(answer: StripeAnswer): string | null {
  return answer.statusCode === 403 ? (/on account '(acct_\w{1,100})'/.exec(answer.message)?.[1] ?? null) : null;
}

/** Why a section could not be read, or the account, with a remedy. Throws whatever is no answer at all, but a fault of this program. */
export function refusal(error: unknown, read: Resource<never> | 'the account', asked: Asked): Refusal {
  const cause = causeOf(error);
  if (cause instanceof OutOfTime) {
    const reason =
      read === 'the account'
        ? `The account was not read: ${cause.message}.`
        : `Not all ${read.section} were read: ${cause.message}.`;
    return { status: 'failed', reason, remedy: cause.remedy };
  }
  if (cause instanceof Unreachable) {
    return {
      status: 'failed',
      reason: `Stripe could not be reached: ${cause.message}.`,
      remedy:
        'Run the check again; status.stripe.com shows outages. If it never works, look at the network of this machine.',
    };
  }
  const answer = stripeAnswer(error);
  if (answer === null) throw error;
  const ofKey = keyRefusal(answer, asked);
  if (ofKey !== null) return { status: 'refused', ...ofKey };
  if (answer.statusCode === 403 && read !== 'the account') return forbidden(answer, read, asked);
  const id = answer.requestId === undefined ? '' : ` (request ${bare(answer.requestId)})`;
  const unready = read === 'the account' ? '' : (read.unready ?? '');
  if (answer.code === 'lock_timeout') {
    return {
      status: 'failed',
      reason: `Stripe had an object locked on every try (lock_timeout)${id}.`,
      remedy: 'Something else was changing it. Run the check again.',
    };
  }
  if (answer.statusCode === 429) {
    const reason = answer.headers?.['stripe-rate-limited-reason'];
    return {
      status: 'failed',
      reason: `Stripe's rate limit stopped every try${reason === undefined ? '' : ` (${bare(reason)})`}${id}.`,
      remedy:
        'Lower requests-per-second: the limit is shared with everything else that uses the account. Then run the check again.',
    };
  }
  if (answer.statusCode >= 500 || answer.statusCode === 409) {
    return {
      status: 'failed',
      reason: `Stripe answered with status ${answer.statusCode} on every try${id}.`,
      remedy: 'Run the check again; status.stripe.com shows outages.',
    };
  }
  if (answer.statusCode < 300) {
    const remedy = 'Run the check again. If this happens again, report it with this message.';
    return {
      status: 'failed',
      reason: `Stripe's answer could not be used${id}: ${quote(withoutKey(answer.message))}.`,
      remedy,
    };
  }
  return {
    status: 'failed',
    reason: `Stripe refused the request with status ${answer.statusCode}${id}: ${quote(withoutKey(answer.message))}.`,
    remedy: [unready, 'If this happens again, report it with this message.'].join(' ').trim(),
  };
}

/** What was thrown in place of an answer: the SDK wraps what its HTTP client throws. */
export function causeOf(error: unknown): unknown {
  return (error as { detail?: unknown } | null)?.detail ?? error;
}

/** An error that `refusal` reports as an answer that makes no sense: the section could not be read. */
export function senseless(message: string): Error {
  return Object.assign(new Error(message), { statusCode: 200 });
}

/** An answer whose message does not name an object that a request named: it may be one that the file does not declare. */
export function withoutId(error: unknown, id: string): unknown {
  const answer = stripeAnswer(error);
  if (answer === null || !answer.message.includes(id)) return error;
  const { statusCode, code, param, requestId, headers } = answer;
  return Object.assign(new Error(answer.message.replaceAll(id, '…')), { statusCode, code, param, requestId, headers });
}

/** A message of Stripe's without the stars and the last characters of the key that it names. */
export function withoutKey(message: string): string {
  return message.replace(/\b(rk|sk|pk)_(live|test)_[^\s'"]*/g, '$1_$2_…');
}

/** A refusal of the key itself, which reads no other section either. */
export function keyRefusal(answer: StripeAnswer, asked: Asked): { reason: string; remedy: string } | null {
  const { statusCode, code, message } = answer;
  const remove = "remove the limit of this restricted key (Dashboard, API keys, the key's IP restrictions)";
  if (/IP address/i.test(message) && (statusCode === 401 || statusCode === 403)) {
    return {
      reason: "Stripe refused the key because of this machine's IP address: the key is limited to others.",
      remedy: placeOfKey[asked.keyFrom].isInput
        ? `GitHub-hosted runners change their address: ${remove}, or run the check on a machine with a fixed address.`
        : `${capital(remove)}, or run the check on a machine whose address it allows.`,
    };
  }
  if (statusCode === 401) {
    const expired = code === 'api_key_expired';
    return {
      reason: expired
        ? 'The Stripe API key has expired.'
        : 'Stripe does not know this API key: it is wrong, was rolled, or was deleted.',
      remedy: `${placeOfKey[asked.keyFrom].replace} This link creates one: ${keyLink(asked.sections, asked.mode)}`,
    };
  }
  if (code !== 'account_invalid') return null;
  return {
    reason: `The key can't read ${asked.connected === null ? 'the account' : bare(asked.connected)}: it does not exist, or is not connected to the account of the key.`,
    remedy: placeOfKey[asked.keyFrom].isInput
      ? 'Look at the input stripe-account; leave it empty to read the account that the key belongs to.'
      : 'Look at --stripe-account; leave it out to read the account that the key belongs to.',
  };
}

/**
 * Where an answer that does not refuse the key itself says that it lacks a permission: the permissions that Stripe names, if
 * the kind's own is not among them. Null where it says anything else. Stripe tells it in two forms: `Having the
 * 'rak_plan_read' permission …`, and, with the code `more_permissions_required`, `Enabling "Prices Read" ('plan_read') …`.
 */
export function lacking(answer: StripeAnswer, { permission }: Resource<never>): string[] | null {
  if (answer.statusCode !== 403) return null;
  const named = permissionsNamed(answer);
  const plain = (slug: string) => slug.replace(/^rak_/, '');
  return named.some((slug) => permission !== null && plain(slug) === plain(permission.slug)) ? [] : named;
}

function permissionsNamed({ message }: StripeAnswer): string[] {
  const named = [...message.matchAll(/'(rak_\w+|\w+_(?:read|write))'/g)].map(([, slug]) => bare(slug as string));
  return [...new Set(named)].slice(0, MOST_NAMED);
}

/** The page that opens this very key for editing, as Stripe names it where a permission lacks; null where it does not. */
export function keyPage({ statusCode, message }: StripeAnswer): string | null {
  return statusCode === 403 ? (KEY_PAGE.exec(message)?.[0] ?? null) : null;
}

/** Whether Stripe refuses to tell the account of a key that is right, and does not name it as it does elsewhere. */
export function isSilent(error: unknown, asked: Asked): boolean {
  const answer = stripeAnswer(error);
  return answer?.statusCode === 403 && keyRefusal(answer, asked) === null;
}

/** Why the account of a key could not be learnt, with a remedy. Throws as `refusal` does. */
export function accountRefusal(error: unknown, asked: Asked): Refusal {
  const answer = stripeAnswer(error);
  if (answer !== null && isSilent(error, asked)) {
    const page = keyPage(answer);
    return {
      status: 'refused',
      reason: `The key may not read the account, and Stripe does not say which it is${saysBesides(answer, permissionsNamed(answer))}.`,
      remedy: `Remove account from the file, or let the key read the account${page === null ? ' (Dashboard, API keys, edit the key).' : `, by this link: ${page}`}`,
    };
  }
  return refusal(error, 'the account', asked);
}

function forbidden(answer: StripeAnswer, resource: Resource<never>, asked: Asked): Refusal {
  const { section, permission } = resource;
  const named = lacking(answer, resource) ?? [];
  const page = keyPage(answer);
  const create = keyLink(asked.sections, asked.mode);
  const besides = saysBesides(answer, named);
  const lacked = permission === null ? named.join(' or ') : besides === '' ? permission.label : '';
  const isUnnamed = unnamedPermissions(asked.sections).length > 0;
  const all = isUnnamed
    ? 'the permissions that this file needs, as far as their names are known,'
    : 'all permissions that this file needs';
  return {
    status: 'refused',
    ...(lacked !== '' && { lacks: { section, permission: lacked } }),
    reason:
      permission === null
        ? `The key may not read ${section}: it lacks a permission${besides}.`
        : `The key may not read ${section}: it lacks the permission "${permission.label}: Read" (${permission.slug})${besides}.`,
    remedy:
      page === null
        ? `Add it to the key (Dashboard, API keys, edit the key), or create a key with ${all} with this link: ${create}`
        : `This page edits the key: ${page} This link creates a key with ${all.replace(/,$/, '')}: ${create}`,
  };
}

/** What Stripe says besides the two forms of a missing permission: other permissions, else its own words. */
function saysBesides(answer: StripeAnswer, named: readonly string[]): string {
  if (named.length > 0) return ` (Stripe names ${named.join(' or ')})`;
  const isKnown =
    permissionsNamed(answer).length > 0 ||
    /required permissions|[Pp]ermission denied|more permission/.test(answer.message);
  return isKnown || answer.message === '' ? '' : `. Stripe says: ${quote(withoutKey(answer.message))}`;
}
