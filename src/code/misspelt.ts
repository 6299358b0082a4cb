import type { Place } from '../model.ts';
import { isJoined, types } from './events.ts';
import { detached } from './once.ts';
import type { Source } from './source.ts';
import type { Span } from './tokens.ts';

/** Which words that a file compares with are an event type with one slip. */

/** A word, and the one type that it is with a letter more, less or else, or with two in the wrong order. */
export interface Misspelt {
  readonly word: string;
  readonly meant: string;
  readonly at: Place;
}

/** So many are told, of a file and of all together. */
export const MOST_MISSPELT = 10;

/** Types by what they begin with up to the first dot, and by all behind it: a slip leaves one of both whole. */
const byPart: ReadonlyMap<string, readonly string[]> = (() => {
  const parts = new Map<string, string[]>();
  for (const type of types) for (const part of partsOf(type)) parts.set(part, [...(parts.get(part) ?? []), type]);
  return parts;
})();

function partsOf(word: string): string[] {
  const dot = word.indexOf('.');
  return dot === -1 ? [] : [word.slice(0, dot + 1), word.slice(dot)];
}

/** Words of a file that it compares something with, and that are no type but nearly one. */
export function misspeltIn(source: Source): Misspelt[] {
  const found: Misspelt[] = [];
  for (const { kind, isWhole, start, end } of source.tokens.quoted) {
    if (kind !== 'string' || !isWhole || end - start > 100 || !isCompared(source, { start, end })) continue;
    const word = source.value({ start, end });
    const meant = meantBy(word);
    if (meant !== null) found.push({ word: detached(word), meant, at: source.place({ start, end }) });
    if (found.length === MOST_MISSPELT) break;
  }
  return found;
}

/** Whether a word stands where code tells values apart. A list or a map may hold words of any sort. */
function isCompared(source: Source, span: Span): boolean {
  const { code } = source;
  const { start, end } = span;
  const before = code.slice(Math.max(0, start - 20), start - 1).trimEnd();
  const behind = code.slice(end + 1, end + 20).trimStart();
  if (isJoined(source, span)) return false;
  return /(?:[=!]=|\b(?:case|when))$/.test(before) || /^(?:[=!]=|->)/.test(behind);
}

function meantBy(word: string): string | null {
  if (types.has(word)) return null;
  const near = new Set(
    partsOf(word)
      .flatMap((part) => byPart.get(part) ?? [])
      .filter((type) => isOneSlip(word, type)),
  );
  const [meant, ...others] = near;
  return meant !== undefined && others.length === 0 ? meant : null;
}

/** Whether two words differ by one letter, or by the order of two beside each other. */
function isOneSlip(word: string, type: string): boolean {
  if (Math.abs(word.length - type.length) > 1) return false;
  const shorter = Math.min(word.length, type.length);
  let start = 0;
  while (start < shorter && word[start] === type[start]) start += 1;
  let end = 0;
  while (end < shorter - start && word.at(-1 - end) === type.at(-1 - end)) end += 1;
  const [one, other] = [word.slice(start, word.length - end), type.slice(start, type.length - end)];
  if (one.length === 2 && other.length === 2) return one[0] === other[1] && one[1] === other[0];
  return one.length <= 1 && other.length <= 1;
}
