import { runBefore, type Source, squashed, wordsOf } from './source.ts';
import type { Span } from './tokens.ts';

/** What stands around a word: who it is given to, and whether it is meant for tests or kept from former times. */

/** Words that say so of an object, in a line, a key, a comment or a path. */
const MARKS = new Set(
  'test tests testing testmode dev develop development staging stage sandbox old legacy deprecated archived former mock fake dummy example sample placeholder'.split(
    ' ',
  ),
);

/** Of a line, so much is read around a word, in characters. */
const REACH = 300;

/** So many of the lines that a word lies below are read. */
const LEVELS = 6;

/**
 * Whether the line of a word, the comment above it, a line that it lies below by indentation, or the file's path says test,
 * dev, staging, sandbox, old or legacy. The word itself does not count.
 */
export function isMarked(source: Source, span: Span): boolean {
  const { text, file } = source;
  const index = source.lineAt(span.start);
  const lineStart = source.lineStarts[index] as number;
  const lineEnd = source.lineStarts[index + 1] ?? text.length;
  const own = [
    text.slice(Math.max(lineStart, span.start - REACH), span.start),
    text.slice(span.end, Math.min(lineEnd, span.end + REACH)),
  ];
  return [file, ...own, ...commentAbove(source, index), ...linesAround(source, index)].some(hasMark);
}

function hasMark(text: string): boolean {
  return wordsOf(text).some((word) => MARKS.has(word));
}

/** A constant, a list or a class whose name says Stripe. */
const NAMED_AFTER_STRIPE =
  /(?:^|\W)\w{0,60}stripe\w{0,60} ?(?::[^=\n]{0,60})?=(?![=>])|\b(?:class|enum|module|object) \w{0,60}stripe/i;

/** Whether a word is the value of a constant, or lies in a list or class, whose name says Stripe. */
export function isNamedAfterStripe(source: Source, line: number, column: number): boolean {
  const index = line - 1;
  const own = source.line(index, Math.min(column, REACH));
  return [own, ...linesAround(source, index)].some((text) => NAMED_AFTER_STRIPE.test(text));
}

/** The lines directly above that are comments, at most three. */
function commentAbove(source: Source, index: number): string[] {
  const lines: string[] = [];
  for (let above = index - 1; above >= 0 && lines.length < 3; above -= 1) {
    const line = source.line(above, REACH);
    if (!/^\s*(?:\/\/|#|\/?\*|--)/.test(line)) break;
    lines.push(line);
  }
  return lines;
}

/** The lines above that a line lies below: each the nearest with less indentation. */
function linesAround(source: Source, index: number): string[] {
  const lines: string[] = [];
  let line = source.parentLines[index] ?? -1;
  for (; line !== -1 && lines.length < LEVELS; line = source.parentLines[line] ?? -1)
    lines.push(source.line(line, REACH));
  return lines;
}

/** A bracket that is open at a place. */
export interface Bracket {
  readonly sign: string;
  readonly at: number;
}

/** So many brackets around a word are known. */
const MOST_BRACKETS = 12;

/** The brackets that are open at each of these offsets, which are in order: the innermost first. Reads the code once. */
export function bracketsAround(code: string, offsets: readonly number[]): Bracket[][] {
  const open: Bracket[] = [];
  const found: Bracket[][] = [];
  const signs = /[()[\]{}]/g;
  let next = signs.exec(code);
  for (const offset of offsets) {
    for (; next !== null && next.index < offset; next = signs.exec(code)) {
      if ('([{'.includes(next[0])) open.push({ sign: next[0], at: next.index });
      else open.pop();
    }
    found.push(open.slice(-MOST_BRACKETS).reverse());
  }
  return found;
}

/** How far back a name is looked for, and how much of it is read, in characters. */
const MOST_SPACE = 120;
const MOST_OF_A_NAME = 120;

/**
 * The name directly before an offset, such as that of a call, with its path: without case and underscores, and a dot for
 * whatever joins its parts.
 */
export function nameBefore(code: string, offset: number): string {
  const end = offset - runBefore(code, offset, /\s/, MOST_SPACE).length;
  const name = runBefore(code, end, /[\w.:\\>$!?&-]/, MOST_OF_A_NAME);
  const parts = name.split(/::|->|[.\\]/).map((part) => squashed(part.replace(/[$!?&>:-]/g, '')));
  return parts.join('.');
}

/** The name that a value is given to: its key, variable or argument; empty where there is none. Squashed. */
export function nameOfValue(source: Source, offset: number): string {
  const { code } = source;
  const before = code.slice(Math.max(0, offset - 120), offset).trimEnd();
  const sign = /(?:=>|:|=|\+=|\|\|=|\?\?=)$/.exec(before)?.[0];
  if (sign === undefined) return '';
  const rest = before
    .slice(0, -sign.length)
    .trimEnd()
    .replace(/[)\]?]+$/, '');
  const end = offset - (code.slice(Math.max(0, offset - 120), offset).length - rest.length);
  const quoted = /["'`]$/.test(rest) ? source.quotedBefore(end - 1) : undefined;
  return quoted === undefined
    ? (nameBefore(code, end).split('.').at(-1) ?? '')
    : squashed(source.value(quoted).slice(0, 80));
}
