import type { Place } from '../model.ts';
import type { Source } from './source.ts';
import { type Bracket, bracketsAround, isMarked, nameBefore } from './surroundings.ts';
import type { Token } from './tokens.ts';

/** Ids of Stripe's objects that code names. */

/** What ids of one kind look like: a beginning, such as `price_1`, and so many letters of both cases and digits. */
export interface IdForm {
  readonly section: string;
  readonly prefix: string;
  /** How many characters follow the prefix. */
  readonly lengths: readonly number[];
}

/** An id that code names, and what its surroundings say. */
export interface IdMention {
  readonly section: string;
  readonly id: string;
  readonly at: Place;
  /** Its line, key, comment or path says test, dev, staging, sandbox, old or legacy. */
  readonly isMarked: boolean;
  /** A checkout session, a subscription or a payment link is created with it. */
  readonly isSold: boolean;
}

const LONGEST_ID = 80;

/** The ids of these forms that a file names as whole words, in order. */
export function idMentions(source: Source, forms: readonly IdForm[]): IdMention[] {
  if (!forms.some(({ prefix }) => source.text.includes(prefix))) return [];
  const found = source.tokens.quoted.flatMap((token) => {
    const section = sectionOf(source, token, forms);
    return section === null ? [] : [{ token, section }];
  });
  const around = bracketsAround(
    source.code,
    found.map(({ token }) => token.start),
  );
  return found.map(({ token, section }, index) => ({
    section,
    id: source.value(token),
    at: source.place(token),
    isMarked: isMarked(source, token),
    isSold: (around[index] ?? []).some((bracket) => sells(source, bracket)),
  }));
}

function sectionOf(source: Source, token: Token, forms: readonly IdForm[]): string | null {
  if (!token.isWhole || token.end - token.start > LONGEST_ID) return null;
  const value = source.value(token);
  return forms.find((form) => hasForm(value, form))?.section ?? null;
}

/** Whether a word is an id that Stripe made. Stripe's have letters of both cases, and no series as placeholders have. */
function hasForm(value: string, { prefix, lengths }: IdForm): boolean {
  if (!value.startsWith(prefix)) return false;
  const rest = value.slice(prefix.length);
  if (!lengths.includes(rest.length) || !/^[A-Za-z\d]+$/.test(rest)) return false;
  return /[a-z]/.test(rest) && /[A-Z]/.test(rest) && !/(.)\1{3}|12345|abcde|example|placeholder|test/i.test(rest);
}

/** Calls and parameters that sell what they are given, by `nameBefore`. */
const SELLS =
  /(?:^|\.)(?:checkout\.sessions?\.create(?:async)?|session\.create(?:async)?|subscriptions?\.create(?:async)?|paymentlinks?\.create(?:async)?|checkoutsession(?:create)?params|sessioncreate(?:params|options)|subscription(?:create)?(?:params|options)|paymentlink(?:create)?(?:params|options)|createcheckoutsession|createsubscription|createpaymentlink|newsubscription)$/;

function sells({ code }: Source, { sign, at }: Bracket): boolean {
  return sign !== '[' && SELLS.test(nameBefore(code, at));
}
