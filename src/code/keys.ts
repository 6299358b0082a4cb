import type { Place } from '../model.ts';
import { type Source, squashed } from './source.ts';
import { type Bracket, bracketsAround, isMarked, nameBefore, nameOfValue } from './surroundings.ts';
import type { Token } from './tokens.ts';

/** Lookup keys that code names. */

/** Under what names keys stand in code. Names are compared without case and underscores, in singular and plural. */
export interface KeyForm {
  /** The field that holds a key. */
  readonly field: string;
  /** Words near which a key is one of another kind of object. */
  readonly aside: readonly string[];
}

/** A lookup key that code names, and what its surroundings say. */
export interface KeyMention {
  readonly key: string;
  readonly at: Place;
  /** Its line, key, comment or path says test, dev, staging, sandbox, old or legacy. */
  readonly isMarked: boolean;
}

/** Lines before and behind a key in which a word sets it aside. */
const NEAR = 4;

/** The keys that a file asks Stripe for, in order. Keys that it creates objects with are none. */
export function keyMentions(source: Source, form: KeyForm): KeyMention[] {
  const name = squashed(form.field);
  if (!squashed(source.text.slice(0, MOST_TEXT)).includes(name)) return [];
  const words = source.tokens.quoted.filter((token) => isWord(source, token));
  const around = bracketsAround(
    source.code,
    words.map(({ start }) => start),
  );
  const isAside = asideIn(source, form);
  return words.flatMap((token, index) => {
    const brackets = around[index] ?? [];
    if (!isKey(source, token, brackets, name) || creates(source, brackets) || isAside(source.lineAt(token.start)))
      return [];
    return [{ key: source.value(token), at: source.place(token), isMarked: isMarked(source, token) }];
  });
}

/** More than a file may have. */
const MOST_TEXT = 1 << 20;

/** Whether a token is a word and no name of something else. */
function isWord(source: Source, token: Token): boolean {
  const { code } = source;
  const { isWhole, kind, end } = token;
  if (!isWhole || kind === 'pattern' || !/^[\w.:-]{1,200}$/.test(source.value(token))) return false;
  return !/^["'`]?\s{0,20}(?::(?!:)|=>|->)/.test(code.slice(end, end + 30));
}

/** Whether a word is the value of the field, or of a list that is. */
function isKey(source: Source, { kind, start }: Token, brackets: readonly Bracket[], name: string): boolean {
  const first = kind === 'scalar' ? start : start - 1;
  const own = nameOfValue(source, first);
  if (own !== '') return isNamed(own, name);
  if (isNamed(nameBefore(source.code, first).split('.').at(-1) ?? '', name)) return true;
  for (const { sign, at } of brackets.slice(0, 3)) {
    const call = nameBefore(source.code, at);
    if (isNamed(call.split('.').at(-1) ?? '', name)) return true;
    const ofList = lengthOfList(source.code, at);
    // A map: its words are values of its own names.
    if (sign === '{' && ofList === 0) return false;
    const outer = nameOfValue(source, at - ofList);
    if (outer !== '') return isNamed(outer, name);
    if (sign === '(' && call !== '' && !MAKES_LIST.test(call)) return false;
  }
  return false;
}

/** `proLookupKey` is such a name. The parameter of Stripe's that begins with `transfer` holds no key. */
function isNamed(name: string, key: string): boolean {
  return (name.endsWith(key) || name.endsWith(`${key}s`)) && !name.startsWith('transfer');
}

/** Calls that make a list or a value of words. */
const MAKES_LIST = /(?:^|\.)(?:stringslice|of|aslist|listof|setof|arrayof|mutablelistof|list|vec)$|^stripe\.string$/;

/** How long the words are that make a list, directly before its bracket: `[]string`, `new List<string>`, Ruby's `%w`. */
function lengthOfList(code: string, at: number): number {
  const before = code.slice(Math.max(0, at - 80), at);
  return (
    /(?:[%~][wWiI]|\[\]string|(?:new )?List<[Ss]tring>(?:\(\))?|new(?: string)?\[\]|vec!|stripe\.String(?:Slice)?|(?:List|Set|Arrays)\.(?:of|asList)|(?:mutableL|l)istOf|arrayOf|List) ?$/.exec(
      before,
    )?.[0].length ?? 0
  );
}

/** Whether an object is created or changed with it: then the key need not be there before. */
function creates({ code }: Source, brackets: readonly Bracket[]): boolean {
  return brackets.some(({ at }) =>
    /(?:create|update|modify)(?:async|params|options)?$|\.new$/.test(nameBefore(code, at)),
  );
}

/** Tells whether a line of a file is near a word that sets keys aside. Looks at each line once, however many words it has. */
function asideIn(source: Source, { aside }: KeyForm): (line: number) => boolean {
  const words = aside.map(squashed);
  const known = new Map<number, boolean>();
  return (line) => {
    const is = known.get(line) ?? isNear(source, line, words);
    known.set(line, is);
    return is;
  };
}

function isNear(source: Source, line: number, words: readonly string[]): boolean {
  const lines = Array.from({ length: 2 * NEAR + 1 }, (_, index) => source.line(line - NEAR + index, 400));
  const near = squashed(lines.join('\n'));
  return words.some((word) => near.includes(word));
}
