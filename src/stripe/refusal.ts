import type { Mode, Refusal } from '../model.ts';
import type { Resource } from '../resources/resource.ts';
import { bare, quote } from '../resources/text.ts';
import { OutOfTime } from './deadline.ts';
import { keyLink } from './key.ts';
import { Unreachable } from './transport.ts';

/** Slugs of a refusal that a message repeats. */
const MOST_SLUGS = 5;

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

/** Why a section could not be read, with a remedy. Throws whatever is no answer at all, but a fault of this program. */
export function refusal(error: unknown, resource: Resource<never>, asked: Asked): Refusal {
  const cause = causeOf(error);
  if (cause instanceof OutOfTime) {
    return {
      status: 'failed',
      reason: `Not all ${resource.section} were read: ${cause.message}.`,
      remedy: cause.remedy,
    };
  }
  if (cause instanceof Unreachable) {
    return {
      status: 'failed',
      reason: `Stripe could not be reached: ${cause.message}.`,
      remedy:
        'Run the check again; status.stripe.com tells of outages. If it never works, look at the network of this machine.',
    };
  }
  const answer = stripeAnswer(error);
  if (answer === null) throw error;
  const ofKey = keyRefusal(answer, asked);
  if (ofKey !== null) return { status: 'refused', ...ofKey };
  if (answer.statusCode === 403) return forbidden(answer, resource, asked);
  const id = answer.requestId === undefined ? '' : ` (request ${bare(answer.requestId)})`;
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
      reason: `Stripe's rate limit held off every try${reason === undefined ? '' : ` (${bare(reason)})`}${id}.`,
      remedy:
        'Lower requests-per-second: the limit is shared with everything else that uses the account. Then run the check again.',
    };
  }
  if (answer.statusCode >= 500 || answer.statusCode === 409) {
    return {
      status: 'failed',
      reason: `Stripe answered with status ${answer.statusCode} on every try${id}.`,
      remedy: 'Run the check again; status.stripe.com tells of outages.',
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
    remedy: 'If this happens again, report it with this message.',
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
  if (/IP address/i.test(message) && (statusCode === 401 || statusCode === 403)) {
    return {
      reason: "Stripe refused the key because of this machine's IP address: the key is limited to others.",
      remedy:
        "Hosted runners change their address: remove the limit of this restricted key (Dashboard, API keys, the key's IP restrictions), or run the check on a machine with a fixed address.",
    };
  }
  if (statusCode === 401) {
    const expired = code === 'api_key_expired';
    return {
      reason: expired
        ? 'The Stripe API key has expired.'
        : 'Stripe does not know this API key: it is wrong, was rolled, or was deleted.',
      remedy: `Put a new restricted key into the secret. This link creates one: ${keyLink(asked.sections, asked.mode)}`,
    };
  }
  if (code !== 'account_invalid') return null;
  return {
    reason: `The key can't read ${asked.connected === null ? 'the account' : bare(asked.connected)}: it does not exist, or is not connected to the account of the key.`,
    remedy: 'Look at the input stripe-account; leave it empty to read the account that the key belongs to.',
  };
}

/**
 * Where an answer that does not refuse the key itself says that it lacks a permission: the slugs that Stripe names if the
 * kind's is not among them. Null where it says anything else.
 */
export function lackingSlugs(answer: StripeAnswer, { permission }: Resource<never>): string[] | null {
  if (answer.statusCode !== 403 || answer.code === 'more_permissions_required') return null;
  const named = [...answer.message.matchAll(/'(rak_\w+)'/g)].map(([, slug]) => slug as string);
  return named.includes(permission.slug) ? [] : named.slice(0, MOST_SLUGS).map(bare);
}

function forbidden(answer: StripeAnswer, resource: Resource<never>, { sections, mode }: Asked): Refusal {
  const { section, permission } = resource;
  if (answer.code === 'more_permissions_required') {
    return {
      status: 'refused',
      reason: `Stripe wants more than the key has to read ${section}: ${quote(withoutKey(answer.message))}.`,
      remedy: `Open the key in the Dashboard (API keys) and look at what it may read; this check needs ${permission.label}: Read (${permission.slug}).`,
    };
  }
  const named = lackingSlugs(answer, resource) ?? [];
  const slugs = named.length === 0 ? '' : ` (Stripe names ${named.join(' or ')})`;
  return {
    status: 'refused',
    reason: `The key may not read ${section}: it lacks the permission "${permission.label}: Read" (${permission.slug})${slugs}.`,
    remedy: `Add it to the key (Dashboard, API keys, edit the key), or create one with all that this file needs by this link: ${keyLink(sections, mode)}`,
  };
}
