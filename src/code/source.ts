import type { Place } from '../model.ts';
import type { Language } from './languages.ts';
import { type Span, type Token, type Tokens, tokensOf } from './tokens.ts';

/** One file of code, as the rooms of this folder read it: each part is made when it is asked for, once. */
export class Source {
  /** Below the workspace, with `/`. */
  readonly file: string;
  readonly text: string;
  readonly language: Language;
  private lexed: Tokens | undefined;
  private starts: number[] | undefined;
  private parents: number[] | undefined;

  constructor(file: string, text: string, language: Language) {
    this.file = file;
    this.text = text;
    this.language = language;
  }

  get tokens(): Tokens {
    this.lexed ??= tokensOf(this.text, this.language);
    return this.lexed;
  }

  /** The text with spaces for comments and for what is between quotes. */
  get code(): string {
    return this.tokens.code;
  }

  /** What is between the quotes of a token. */
  value({ start, end }: Span): string {
    return this.text.slice(start, end);
  }

  /** The offsets at which lines begin. */
  get lineStarts(): readonly number[] {
    this.starts ??= lineStarts(this.text);
    return this.starts;
  }

  /** The number of the line that holds an offset, from zero. */
  lineAt(offset: number): number {
    const starts = this.lineStarts;
    return firstAbove(starts.length, (index) => (starts[index] as number) > offset) - 1;
  }

  /** For each line, from zero, the nearest line above with less indentation; -1 where there is none. Empty lines have none. */
  get parentLines(): readonly number[] {
    this.parents ??= parentLines(this.lineStarts, (index) => this.line(index, LONGEST_INDENTATION));
    return this.parents;
  }

  /** At most `length` characters of a line, from zero; empty where there is no such line. */
  line(index: number, length: number): string {
    const start = this.lineStarts[index];
    if (start === undefined) return '';
    const end = Math.min(start + length, this.lineStarts[index + 1] ?? this.text.length);
    return this.text.slice(start, end).replace(/[\r\n]+$/, '');
  }

  /** The place of a span that lies on one line. */
  place({ start, end }: Span): Place {
    const line = this.lineAt(start);
    const first = this.lineStarts[line] as number;
    return {
      file: this.file,
      line: line + 1,
      column: start - first + 1,
      endLine: line + 1,
      endColumn: end - first + 1,
    };
  }

  /** The last comment that begins before an offset and ends behind another; undefined where there is none. */
  commentAt(offset: number): Span | undefined {
    const { comments } = this.tokens;
    const span = comments[firstAbove(comments.length, (index) => (comments[index] as Span).start > offset) - 1];
    return span !== undefined && span.end > offset ? span : undefined;
  }

  /** The quoted token that ends at an offset; undefined where there is none. */
  quotedBefore(offset: number): Token | undefined {
    const { quoted } = this.tokens;
    const token = quoted[firstAbove(quoted.length, (index) => (quoted[index] as Token).end > offset) - 1];
    return token?.end === offset ? token : undefined;
  }
}

/** A name without case, and without what joins its words: `enabled_events` and `EnabledEvents` are one. */
export function squashed(name: string): string {
  return name.replace(/[._-]/g, '').toLowerCase();
}

/** The words of a name or a path, in lower case: of `testPrices`, `test` and `prices`. */
export function wordsOf(text: string): string[] {
  return (text.match(/[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+/g) ?? []).map((word) => word.toLowerCase());
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** What is farther to the right has no order that a person sees. */
const LONGEST_INDENTATION = 200;

function parentLines(starts: readonly number[], lineOf: (index: number) => string): number[] {
  const open: { readonly line: number; readonly indentation: number }[] = [];
  return starts.map((_, line) => {
    const text = lineOf(line);
    const indentation = text.length - text.trimStart().length;
    if (indentation === text.length) return -1;
    while ((open.at(-1)?.indentation ?? -1) >= indentation) open.pop();
    const parent = open.at(-1)?.line ?? -1;
    open.push({ line, indentation });
    return parent;
  });
}

/** The characters of a kind directly before an offset, at most so many. */
export function runBefore(text: string, offset: number, kind: RegExp, most: number): string {
  let start = offset;
  while (start > 0 && offset - start < most && kind.test(text[start - 1] as string)) start -= 1;
  return text.slice(start, offset);
}

/** The first number from zero for which something is so that is so for all that follow. */
function firstAbove(count: number, isAbove: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAbove(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
