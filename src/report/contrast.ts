import { bare, cut, INVISIBLE, withoutTokens } from '../text.ts';
import { foreignIn, hasDouble, isAscii, isBlank, isMark, look, namesOf, scriptOf } from './characters.ts';

/**
 * Two different texts as a reader sees that they differ. What looks like something else is spelled (`Pro\u00a0plan`, U+00A0
 * no-break space). Where a small part of a long text differs, that part stands in brackets, with what is around it.
 */

/** A text as it is shown, and what is said of it besides; null where nothing is. */
export interface Shown {
  readonly text: string;
  readonly note: string | null;
}

/** A longer text is cut around the part that differs: so much of what is around it, and of the part itself. */
const LONGEST_WHOLE = 60;
const AROUND = 24;
const LONGEST_PART = 60;
/** Where escapes make even that long, less of what is around is shown. */
const LONGEST_SHOWN = 240;
const LITTLE = 4;
/** A part that differs grows to whole words by at most so many characters. */
const WORD = 24;
/** From this length on, a part that differs is marked where most of the text is the same. */
const LONG_ENOUGH = 24;
const MOSTLY = 0.6;
/** So few characters are named where they are of another script. */
const FEW = 3;

/** Both sides of a change from one text to another. */
export function contrast(file: string, stripe: string): { readonly file: Shown; readonly stripe: Shown } {
  const [left, right] = [withoutTokens(file), withoutTokens(stripe)];
  if (left === right) return { file: plain(file), stripe: plain(stripe) };
  const [one, other] = parts([...left], [...right]);
  const looksSame = look(left) === look(right);
  const isCase = left.toLowerCase() === right.toLowerCase();
  const isHidden = looksSame || hidesSomething(one, other) || isOfOtherScript(one, other);
  const isLong = Math.max(left.length, right.length) > LONGEST_WHOLE;
  if (!isHidden && !isLong && !isSmallPart(one, other)) return { file: plain(left), stripe: plain(right) };
  const isSpaces = differsInSpaces(one, other);
  const shownWith = (spelled: ReadonlySet<string>, isNamed: boolean) => {
    const isMarked = isLong || !isHidden || (spelled.size === 0 && !isSpaces);
    const shown = (part: Part, its: Part): Shown => ({
      text: `"${isMarked ? marked(part, left + right, isLong, spelled) : spell(whole(part), spelled, isSpaces)}"`,
      note: isNamed ? noteOf(part, its, spelled) : null,
    });
    return { file: shown(one, other), stripe: shown(other, one) };
  };
  if (isCase) {
    const { file: fileSide, stripe: stripeSide } = shownWith(new Set(), false);
    return { file: fileSide, stripe: { ...stripeSide, note: 'only the letter case differs' } };
  }
  const few = shownWith(spelledIn(one, other, looksSame, true), isHidden);
  // Two texts may have the same characters in another order.
  return look(sentence(few.file)) === look(sentence(few.stripe))
    ? shownWith(spelledIn(one, other, true, false), true)
    : few;
}

function sentence({ text, note }: Shown): string {
  return `${text} ${note ?? ''}`;
}

/** A text that only one side has, such as a name: what nobody would see in it is spelled. */
export function spelledAlone(text: string): Shown {
  const shown = cut(withoutTokens(text), LONGEST_ALONE);
  const hidden = unseenIn(shown);
  if (hidden.size === 0) return plain(text);
  const characters = [...shown];
  return { text: `"${spell(characters, hidden)}"`, note: namesOf(characters.filter((one) => hidden.has(one))) };
}

/** A path with names in it, in which what nobody would see is spelled. */
export function spelledPath(text: string): string {
  const hidden = unseenIn(text);
  return hidden.size === 0 ? text : [...text].map((one) => (hidden.has(one) ? escaped(one) : one)).join('');
}

/** The characters of a text that nobody sees, or takes for others. */
function unseenIn(text: string): ReadonlySet<string> {
  const foreign = foreignIn(text);
  return new Set([...text].filter((one) => foreign.has(one) || (isBlank(one) && !/[\n\r\t]/.test(one))));
}

const LONGEST_ALONE = 300;

function plain(text: string): Shown {
  return { text: text === '*' ? text : bare(text), note: null };
}

/** A text around the part in which it differs from another. */
interface Part {
  readonly before: readonly string[];
  readonly differs: readonly string[];
  readonly after: readonly string[];
}

function whole({ before, differs, after }: Part): string[] {
  return [...before, ...differs, ...after];
}

/** Two texts, taken apart where they begin and cease to differ: at the ends of words, where these are near. */
function parts(left: readonly string[], right: readonly string[]): [Part, Part] {
  let [start, end] = sameEnds(left, right);
  const [from, to] = [start, end];
  const joins = (text: readonly string[], at: number) =>
    at > 0 && at < text.length && (isMark(text[at] ?? '') || [text[at - 1], text[at]].every(isOfWord));
  const splits = (atStart: boolean) => [left, right].some((text) => joins(text, atStart ? start : text.length - end));
  while (start > 0 && from - start < WORD && splits(true)) start -= 1;
  while (end > 0 && to - end < WORD && splits(false)) end -= 1;
  const part = (text: readonly string[]): Part => ({
    before: text.slice(0, start),
    differs: text.slice(start, text.length - end),
    after: text.slice(text.length - end),
  });
  return [part(left), part(right)];
}

function isOfWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}\p{M}]/u.test(character);
}

/** How many characters two texts have in common at their start, and at their end. */
function sameEnds(left: readonly string[], right: readonly string[]): [start: number, end: number] {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < shorter - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end += 1;
  return [start, end];
}

/** The characters of a part between those that both have at its ends. */
function narrow({ differs }: Part, other: Part): readonly string[] {
  const [start, end] = sameEnds(differs, other.differs);
  return differs.slice(start, differs.length - end);
}

/** Whether a part differs that is easily overlooked in the rest. */
function isSmallPart(one: Part, other: Part): boolean {
  const same = one.before.length + one.after.length;
  const shorter = same + Math.min(one.differs.length, other.differs.length);
  return shorter >= LONG_ENOUGH && same >= MOSTLY * shorter;
}

/** Whether a part has blanks or marks that the other lacks. */
function hidesSomething(one: Part, other: Part): boolean {
  const hidden = ({ differs }: Part) => differs.filter((character) => isBlank(character) || isMark(character)).join('');
  return hidden(one) !== hidden(other);
}

/** Whether nothing but plain spaces differs. */
function differsInSpaces(one: Part, other: Part): boolean {
  return [...narrow(one, other), ...narrow(other, one)].every((character) => character === ' ');
}

/** Whether a few characters stand for a few of another script, which may look the same. */
function isOfOtherScript(one: Part, other: Part): boolean {
  const [few, others] = [narrow(one, other), narrow(other, one)];
  const scripts = (text: readonly string[]) => [...new Set(text.map(scriptOf))].sort().join(' ');
  const areFew = [few, others].every(({ length }) => length > 0 && length <= FEW);
  return areFew && ![...few, ...others].every(isAscii) && scripts(few) !== scripts(others);
}

/** The characters that are spelled in both texts, as far as nobody would see the difference; `uneven`: those alone of which one text has more. */
function spelledIn(one: Part, other: Part, looksSame: boolean, uneven: boolean): ReadonlySet<string> {
  const isTold = looksSame || isOfOtherScript(one, other);
  const isSpelled = (character: string) => !isAscii(character) && (isTold || isBlank(character) || isMark(character));
  const all = new Set([...one.differs, ...other.differs].filter(isSpelled));
  const [mine, its] = [countsOf(one.differs), countsOf(other.differs)];
  return uneven ? new Set([...all].filter((character) => mine.get(character) !== its.get(character))) : all;
}

function countsOf(characters: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  return counts;
}

/** A text in which the part that differs stands in brackets; of a long one with what is around it. */
function marked(part: Part, texts: string, isLong: boolean, spelled: ReadonlySet<string>): string {
  const { before, differs, after } = part;
  const [open, close] = marksFor(texts);
  const text = (characters: readonly string[]) => spell(characters, spelled);
  const within = (around: number) => {
    const lead = isLong && before.length > around ? `…${text(fromWord(before.slice(-around)))}` : text(before);
    const tail = isLong && after.length > around ? `${text(after.slice(0, around))}…` : text(after);
    const shown = differs.length > LONGEST_PART ? `${text(differs.slice(0, LONGEST_PART))}…` : text(differs);
    // Where the other side has more, this one has nothing to mark.
    return shown === '' ? `${lead}${tail}` : `${lead}${open}${shown}${close}${tail}`;
  };
  const wide = within(AROUND);
  return wide.length > LONGEST_SHOWN ? within(LITTLE) : wide;
}

/** What follows the first space, where that is near. */
function fromWord(characters: readonly string[]): readonly string[] {
  const space = characters.indexOf(' ');
  return space === -1 || space > AROUND / 2 ? characters : characters.slice(space + 1);
}

/** Brackets that neither text has. */
function marksFor(texts: string): readonly [string, string] {
  const pairs = [
    ['[', ']'],
    ['{', '}'],
    ['«', '»'],
  ] as const;
  return pairs.find((pair) => pair.every((mark) => !texts.includes(mark))) ?? ['[', ']'];
}

/** Characters within quotation marks. Several spaces would be shown as one: where they matter they have a sign. */
function spell(characters: readonly string[], spelled: ReadonlySet<string>, withSpaces = false): string {
  return characters
    .map((character) => {
      if (withSpaces && character === ' ') return '␣';
      const plainly = JSON.stringify(character).slice(1, -1);
      return plainly === character && (spelled.has(character) || INVISIBLE.test(character))
        ? escaped(character)
        : plainly;
    })
    .join('');
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** What is spelled in a part by its names; else the plain characters that stand where the other has their doubles. */
function noteOf(part: Part, other: Part, spelled: ReadonlySet<string>): string | null {
  const odd = part.differs.filter((character) => spelled.has(character));
  if (odd.length > 0) return namesOf(odd);
  const mine = narrow(part, other);
  if (mine.length > 0 && differsInSpaces(part, other)) return spacesNote(mine.length, whole(part), whole(other));
  const isReplaced = narrow(other, part).length > 0;
  return isReplaced && mine.some(hasDouble) ? namesOf(mine) : null;
}

function spacesNote(count: number, mine: readonly string[], its: readonly string[]): string {
  const spaces = count === 1 ? 'a space' : `${count} spaces`;
  if (its.length === 0) return spaces;
  if (mine.at(-1) === ' ' && its.at(-1) !== ' ') return `${spaces} at the end`;
  if (mine[0] === ' ' && its[0] !== ' ') return `${spaces} at the start`;
  return count === 1 ? 'one more space' : `${count} more spaces`;
}
