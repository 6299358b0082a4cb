import type { Place } from '../model.ts';
import { withoutTokens } from '../text.ts';
import { visible } from './escape.ts';
import { roomOf, type Screen, widthOf } from './screen.ts';

/** The lines of the files that a report is about, by path. */
export type Lines = ReadonlyMap<string, readonly string[]>;

/** The lines of files, whatever ends them. */
export function linesOf(files: readonly { readonly file: string; readonly text?: string }[]): Lines {
  return new Map(files.flatMap(({ file, text }) => (text === undefined ? [] : [[file, text.split(/\r?\n/)] as const])));
}

/** Columns before the mark that are kept of a line that is too long. */
const LEAD = 20;
/** A line is not cut to fewer columns than these. */
const NARROWEST = 40;

/**
 * The line at a place, with a caret below each column that is marked, as compilers show it; nothing where the line is not
 * known. Secrets in it are not shown, and of a long line only what is around the mark.
 */
export function excerpt(at: Place, lines: Lines, screen: Screen): string[] {
  const line = withoutPassword(lines.get(at.file)?.[at.line - 1] ?? '');
  if (line.trim() === '') return [];
  const end = at.endLine === at.line ? at.endColumn : line.length + 1;
  const [before, marked, after] = pieces(line, at.column - 1, Math.max(end - 1, at.column));
  const gutter = `  ${at.line} | `;
  const room = Math.max(NARROWEST, roomOf(screen)) - gutter.length;
  const isLong = widthOf(before + marked + after) > room;
  const lead = isLong ? theLast(before, LEAD) : before;
  const middle = theFirst(marked, room - widthOf(lead));
  const tail = theFirst(after, room - widthOf(lead + middle));
  const { paint } = screen;
  const below = `${' '.repeat(widthOf(lead))}${paint('error', '^'.repeat(Math.max(1, widthOf(middle))))}`;
  return [
    `${paint('faint', gutter)}${`${lead}${paint('strong', middle)}${tail}`.trimEnd()}`,
    `${paint('faint', `  ${' '.repeat(gutter.length - 5)} | `)}${below}`,
  ];
}

/** A line before, within and after a mark, as it may be shown. Of a word that hides something, either all or nothing is marked. */
function pieces(line: string, start: number, end: number): [before: string, marked: string, after: string] {
  const shown: [string, string, string] = ['', '', ''];
  for (const { 0: word, index } of line.matchAll(/\S+|\s+/g)) {
    const plain = withoutKeys(withoutTokens(word));
    if (plain !== word) {
      const part = index + word.length <= start ? 0 : index < end ? 1 : 2;
      shown[part] += visible(plain);
      continue;
    }
    const within = (at: number) => Math.min(Math.max(at - index, 0), word.length);
    shown[0] += visible(word.slice(0, within(start)));
    shown[1] += visible(word.slice(within(start), within(end)));
    shown[2] += visible(word.slice(within(end)));
  }
  return shown;
}

/** A line without what stands behind the name of a password, such as that of a Wi-Fi network: where that ends is not sure. */
function withoutPassword(line: string): string {
  return line.replace(/(pass(?:word|code|phrase)\w{0,40}["']?\s*:\s+)[^\s{[].*/i, '$1…');
}

/** A word without the secret part of a key, which nobody should write into a file. */
function withoutKeys(word: string): string {
  return word.replace(/((?:^|[^A-Za-z\d])(?:[a-z]{2}_(?:live|test|org)_|whsec_))[\w-]+/g, '$1…');
}

function theFirst(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  const kept: string[] = [];
  for (const character of text) {
    if (widthOf(kept.join('') + character) >= room) break;
    kept.push(character);
  }
  return `${kept.join('')}…`;
}

function theLast(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  const kept = [...text].slice(-room);
  while (widthOf(kept.join('')) >= room) kept.shift();
  return `…${kept.join('')}`;
}
