import { type Source, squashed, wordsOf } from './source.ts';

/** Whether a file has to do with Stripe, and what its event types are there for. */

/** What of an import says that a package is Stripe's. */
const PACKAGE =
  /^(?:npm:|jsr:|https:\/\/(?:esm\.sh|cdn\.skypack\.dev|deno\.land\/x)\/)?(?:stripe(?![\w-])|@stripe\/|stripe-(?:event|ruby-mock)|stripe_event)|^github\.com\/stripe\/|^package:flutter_stripe/;

/** How code of a language names Stripe's library. Each begins with a fixed word, so that it is linear. */
const LIBRARY: { readonly [language: string]: RegExp } = {
  python: /^[ \t]*(?:import|from) (?:stripe|djstripe)\b/m,
  ruby: /\bStripe(?:Event)?(?:::|\.)/,
  php: /\bStripe\\|\bStripeClient\b|\bCashier\\/,
  csharp: /\busing Stripe\b/,
  java: /\bcom\.stripe\b/,
  kotlin: /\bcom\.stripe\b/,
  scala: /\bcom\.stripe\b/,
  rust: /\b(?:async_)?stripe(?:_\w{1,40})?::/,
  elixir: /\bStripe\.[A-Z]/,
  swift: /\bimport Stripe/,
};

/** Names of what only a receiver of Stripe's events uses, squashed. */
const SIGNATURE =
  /\b(?:construct_?event(?:_?async)?|STRIPE_(?:WEBHOOK|SIGNING|ENDPOINT)_SECRET\w{0,40}|stripe_?signature)\b/i;

/** The quoted names of packages of a file, as far as they may be Stripe's. */
export function namesOfPackage(source: Source): string[] {
  return source.tokens.quoted.flatMap(({ kind, isWhole, start, end }) => {
    if (kind !== 'string' || !isWhole || !/[\s("'`]$/.test(source.code.slice(Math.max(0, start - 1), start))) return [];
    const name = source.value({ start, end });
    return PACKAGE.test(name) && isImported(source, start) ? [name] : [];
  });
}

/** Whether a name stands where one is imported. Go lists names, each on a line. */
function isImported({ code, language }: Source, start: number): boolean {
  const before = code.slice(Math.max(0, start - 60), start - 1);
  return language.name === 'go' || /(?:\bfrom|\bimport|\brequire(?:_relative)?|\bgem)[\s(]{0,10}$/.test(before);
}

/** Whether a path says that a file is Stripe's: a word of it does. */
export function isStripesPath(file: string): boolean {
  return wordsOf(file).includes('stripe');
}

/** Whether a file is Stripe's: its path says so, or it names its library, or the signature of its events. */
export function isStripes(source: Source): boolean {
  if (isStripesPath(source.file)) return true;
  // Whoever asks for the code has it read: most files are told by their text.
  if (!mayBeStripes(source.text)) return false;
  return (
    LIBRARY[source.language.name]?.test(source.code) === true || namesOfPackage(source).length > 0 || receives(source)
  );
}

/** Whether a text has any sign of Stripe. Most files have none, and need not be read further. */
export function mayBeStripes(text: string): boolean {
  return /stripe|whsec_|construct_?event/i.test(text);
}

function isSignature(value: string): boolean {
  return value.length < 120 && (/^stripe[-_]signature$/i.test(value) || /^whsec_/.test(value) || SIGNATURE.test(value));
}

/** Calls that create an endpoint, or change the events that it is sent. Compared without case and underscores. */
const CREATES =
  /\b(?:create|update)?webhookendpoints?(?:(?:service)?(?:\.|::|->)(?:create|update|modify|new|all|list)|(?:create|update)(?:params|options))|\bcreatewebhookendpoint\b/;

/** Calls that list events of the past. */
const LISTS = /\bevents?(?:\.|::|->)(?:list|all|search)\b|\bevent(?:list|all)(?:params|options)\b/;

/** More types than this in a file are a catalogue. */
export const MOST_TYPES = 60;

/** Whether a file creates endpoints, or filters what it lists: what it names there, it need not handle. */
export function isSender(source: Source): boolean {
  return creates(source) || LISTS.test(source.code.replaceAll('_', '').toLowerCase());
}

/** Whether a file creates endpoints and receives no event: what it names there, other code handles. */
export function isCreator(source: Source): boolean {
  return creates(source) && !receives(source);
}

function creates(source: Source): boolean {
  const names = source.code.replaceAll('_', '').toLowerCase();
  if (CREATES.test(names) || /\benabledevents\b/.test(names)) return true;
  return source.tokens.quoted.some((token) => token.end - token.start < 20 && isEnabledEvents(source.value(token)));
}

function receives(source: Source): boolean {
  return SIGNATURE.test(source.code) || source.tokens.quoted.some((token) => isSignature(source.value(token)));
}

function isEnabledEvents(value: string): boolean {
  return squashed(value) === 'enabledevents';
}
