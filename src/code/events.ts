import type { Place } from '../model.ts';
import { eventTypes, thinEventTypes } from '../resources/events.ts';
import { type Constants, constantsOf } from './names.ts';
import { runBefore, type Source, squashed } from './source.ts';
import { isStripes } from './stripe.ts';
import { type Bracket, bracketsAround, nameBefore } from './surroundings.ts';
import type { Span, Token } from './tokens.ts';

/** Which event types a file names, and how it tells events apart. */

/** A type of event that code names, and where. */
export interface EventMention {
  readonly type: string;
  readonly at: Place;
}

/** All types of events. */
export const types: ReadonlySet<string> = new Set([...eventTypes, ...thinEventTypes].filter((type) => type !== '*'));

/** Types by their squashed names. A name that would be that of two is of neither. */
const bySquashed = (() => {
  const names = new Map<string, string | null>();
  for (const type of types) names.set(squashed(type), names.has(squashed(type)) ? null : type);
  return names;
})();

/** What types begin with, up to a dot. */
const prefixes: ReadonlySet<string> = new Set(
  [...types].flatMap((type) => {
    const parts = type.split('.');
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
  }),
);

/** The event types that a file names as whole words, or by constants of a library that it imports, in order. */
export function eventMentions(source: Source): EventMention[] {
  const spans = [...quotedTypes(source), ...comparedTypes(source), ...namedTypes(source)];
  return spans
    .sort((one, other) => one.start - other.start)
    .map(({ type, ...span }) => ({ type, at: source.place(span) }));
}

interface Named extends Span {
  readonly type: string;
}

function quotedTypes(source: Source): Named[] {
  const named = source.tokens.quoted.flatMap(({ kind, isWhole, start, end }) => {
    if (!isWhole || kind === 'pattern' || end - start > 120) return [];
    const type = typeOf(source.value({ start, end }));
    return type === null || isJoined(source, { start, end }) ? [] : [{ type, start, end }];
  });
  const offsets = named.map(({ start }) => start - 1);
  const around = bracketsAround(source.code, offsets);
  return named.filter(({ start }, index) => !isHandedOn(source, start, around[index] ?? []));
}

/** Languages whose Spring compares events in a string: `@EventListener(condition = "#event.type == 'invoice.paid'")`. */
const COMPARES_IN_STRINGS: ReadonlySet<string> = new Set(['java', 'kotlin', 'scala']);

const COMPARED = /(?:==|\beq) ?'([\w.]+)'/g;

function comparedTypes(source: Source): Named[] {
  if (!COMPARES_IN_STRINGS.has(source.language.name)) return [];
  return source.tokens.quoted.flatMap((token) => {
    if (!token.isWhole) return [];
    return [...source.value(token).matchAll(COMPARED)].flatMap(({ index, 0: whole, 1: word = '' }) => {
      const end = token.start + index + whole.length - 1;
      const type = typeOf(word);
      return type === null ? [] : [{ type, start: end - word.length, end }];
    });
  });
}

/** The type that a quoted word is: some hand events on with the name of their source in front. */
function typeOf(word: string): string | null {
  const type = word.startsWith('stripe.') ? word.slice('stripe.'.length) : word;
  return types.has(type) ? type : null;
}

/** Whether a string is a part of a longer one: a sign before or behind it joins both. */
export function isJoined({ code, language }: Source, { start, end }: Span): boolean {
  const before = code.slice(Math.max(0, start - 22), Math.max(0, start - 1)).trimEnd();
  const behind = code.slice(end + 1, end + 22).trimStart();
  const joins = language.name === 'php' ? /^\./ : language.name === 'elixir' ? /^<>/ : /^\+(?!=)/;
  return joins.test(behind) || (language.name === 'php' ? /\.$/ : /(?:\+|<>)$/).test(before);
}

/** Calls that hand an event or a job of the program's own on, count it, write to a log, or look up a text by its key. */
const HANDS_ON =
  /(?:^|\.)(?:(?:enqueue|emit|publish|broadcast|notify|track|capture|identify)[a-z]*|perform(?:later|async)|log(?:ger|ging)?\.[a-z]+|gtag|t|trans(?:late)?|gettext)$/;

/** Whether a word is given to such a call, by itself, under a name or in a map: the program names an event of its own, and handles none. */
function isHandedOn({ code }: Source, start: number, [inner, outer]: readonly Bracket[]): boolean {
  const before = code.slice(Math.max(0, start - 40), start - 1).trimEnd();
  const isInMap = inner?.sign === '{' && outer?.sign === '(' && before.endsWith(':');
  const isArgument = inner?.sign === '(' && /(?:[(,:]|[^=!<>]=)$/.test(before);
  // Ruby needs no brackets.
  const call = isInMap ? outer.at : isArgument ? inner.at : start - 1;
  if (!HANDS_ON.test(nameBefore(code, call))) return false;
  return !/\b(?:defp?|fun|func|function) +\w*$/.test(code.slice(Math.max(0, call - 80), call));
}

/** The types that names stand for: constants and methods. */
function namedTypes(source: Source): Named[] {
  return constantsOf(source).flatMap((constants) => namesBehind(source.code, constants));
}

function namesBehind(code: string, { found, name, owners }: Constants): Named[] {
  return [...code.matchAll(found)].flatMap(({ index, 0: whole }) => {
    const end = index + whole.length;
    const last = runBefore(code, end, /\w/, MOST_OF_A_NAME);
    const owner = runBefore(code, end - last.length - '::'.length, /\w/, MOST_OF_A_NAME);
    const type = bySquashed.get(squashed(name.exec(last)?.[1] ?? ''));
    if (type == null || (owners !== undefined && !owners.has(owner))) return [];
    return [{ type, start: end - last.length, end }];
  });
}

/** No name of a type is as long. */
const MOST_OF_A_NAME = 160;

/**
 * The types whose words stand between any quotes of a file, in larger strings, too. They tell nothing but that the file may
 * know of the type. `invoice.paid` without quotes reads a field. Of a file that may be Stripe's, names such as
 * `onInvoicePaid` count as well.
 */
export function wordsIn(source: Source, hasNames: boolean): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (type: string | null | undefined, index: number) => {
    if (type != null && !found.has(type) && source.commentAt(index) === undefined) found.add(type);
  };
  for (const { index, 0: tail } of source.text.matchAll(TAILS)) {
    const word = runBefore(source.text, index, /[\w.]/, MOST_OF_A_NAME);
    const type = typeOf(`${word}${tail}`.replace(/^\.+/, ''));
    if (type !== null && source.code[index] === ' ') add(type, index);
  }
  if (!hasNames) return found;
  for (const { index, 0: name } of source.text.matchAll(/\w+/g))
    if (name.length >= 8 && name.length <= MOST_OF_A_NAME) add(nameType(name), index);
  return found;
}

/** The last words of all types. */
const TAILS = new RegExp(
  `\\.(?:${[...new Set([...types].map((type) => type.slice(type.lastIndexOf('.') + 1)))].join('|')})(?!\\w)`,
  'g',
);

/** The type that a name of several words is, whatever its first word: `handleInvoicePaid`, `on_invoice_paid`. */
function nameType(name: string): string | null | undefined {
  return (
    bySquashed.get(squashed(name)) ??
    bySquashed.get(squashed(name.replace(/^(?:[a-z]+_|[a-z]+(?=[A-Z])|[A-Z][a-z]+(?=[A-Z]))/, '')))
  );
}

/** Calls that take a prefix of what they look for, or the name of all events below it. */
const TAKES_PREFIX =
  /(?:starts_?with|start_with\??|has_?prefix|subscribe|handler|on|match(?:es)?|instrument)["'\s(]*$/i;

/** Calls that take a name apart or make another one of it. */
const CHANGES_NAME = /(?:split|explode|replace(?:_?all)?|gsub|tr|sub|translate|partition)!?["'\s(]*$/i;

/** Calls of a method whose name is made of the type, by language. */
const CALLS_BY_NAME: { readonly [language: string]: RegExp } = {
  ruby: /\b(?:public_send|__send__|send|const_get|constantize|respond_to\?)(?!\w)/,
  // What is between quotes is blank here: such a name is not made.
  python: /\bgetattr\s?\((?![^,()]{1,80}, ?(["']) *\1 ?[,)])/,
  php: /\b(?:method_exists|call_user_func(?:_array)?)\s?\(|->\{?\$\w/,
  elixir: /\bapply\(/,
  java: /\bgetMethod\(/,
  csharp: /\bGetMethod\(/,
};

/** Code that reads the type of an event, under whatever name. TypeScript's `type Name` and Python's `type(value)` do not. */
const READS_TYPE = /(?:event|evt|hook)_?(?:type|name)|(?<![a-z_]|port )type(?![a-z])(?! ?[\w(])/i;

/**
 * Whether a file tells events apart by a prefix, a pattern, or the name of a method: then no word need stand in it. Code of
 * any sort makes names; that counts where the file has to do with events.
 */
export function dispatches(source: Source): boolean {
  const { quoted } = source.tokens;
  if (takesAll(source) || quoted.some((token) => isPrefixAt(source, token))) return true;
  const makesNames =
    CALLS_BY_NAME[source.language.name]?.test(source.code) || quoted.some((token) => isNameMadeAt(source, token));
  return makesNames && hasToDoWithEvents(source);
}

function hasToDoWithEvents(source: Source): boolean {
  const readsType =
    READS_TYPE.test(source.code) ||
    /\bgetType\(/.test(source.code) ||
    source.tokens.quoted.some((token) => source.value(token) === 'type');
  return readsType || eventMentions(source).length > 0 || isStripes(source);
}

/** Ruby's `StripeEvent` hands over every event. */
function takesAll({ code, language }: Source): boolean {
  return language.name === 'ruby' && code.includes('StripeEvent') && /\.all\b/.test(code);
}

/** Whether a name is taken apart at a word, or one of a method made with it. */
function isNameMadeAt(source: Source, token: Token): boolean {
  if (token.end - token.start > 10) return false;
  const value = source.value(token);
  if (value === '.' || value === '\\.' || value === '_') return CHANGES_NAME.test(codeBefore(source, token));
  return !token.isWhole && /^(?:handle|on|process|when)_?$/i.test(value);
}

function codeBefore({ code }: Source, { start }: Span): string {
  return code.slice(Math.max(0, start - 40), start);
}

function isPrefixAt(source: Source, token: Token): boolean {
  const { kind, start, end } = token;
  if (end - start > 200) return false;
  const value = source.value(token);
  if (kind === 'pattern' || value.includes('\\.')) return isPattern(value);
  const prefix = value.replace(/^stripe\./, '').replace(/[*%#]+$/, '');
  if (prefix.endsWith('.')) return prefixes.has(prefix.slice(0, -1));
  return prefixes.has(prefix) && TAKES_PREFIX.test(codeBefore(source, token));
}

/** Whether a regular expression begins as types do. */
function isPattern(pattern: string): boolean {
  return (pattern.match(/[a-z][a-z_]*/g) ?? []).some((word) => prefixes.has(word));
}
