import type { Hole, Language, StringForm } from './languages.ts';

/**
 * Tells code, comments and strings apart. Every character is looked at a bounded number of times, whatever the text: nothing
 * searches back over a line, and no search that failed is begun again.
 */

/** A piece of a text: from an offset up to another. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What stands between quotes, without them. `word`: of a list such as Ruby's `%w`. `pattern`: a regular expression. `scalar`: a
 * value of YAML without quotes.
 */
export interface Token extends Span {
  readonly kind: 'string' | 'symbol' | 'word' | 'pattern' | 'scalar';
  /** It is all of one value on one line. Not so: a part around `${…}`, documentation, and wherever that is not certain. */
  readonly isWhole: boolean;
}

/** What a text consists of. */
export interface Tokens {
  /** In the order of the text. */
  readonly quoted: readonly Token[];
  readonly comments: readonly Span[];
  /** The text with spaces for comments and for what is between quotes: as long, with the same lines. */
  readonly code: string;
  /** How many characters were looked at, each time counted: what a test holds against the length of the text. */
  readonly work: number;
}

/** The tokens of a text. */
export function tokensOf(text: string, language: Language): Tokens {
  return new Lexer(text, language).run();
}

/** A longer string is text, not a word. */
const LONGEST_WORD = 200;

/** Longer fences than Rust allows are none. */
const LONGEST_FENCE = 255;

const PAIRS: { readonly [open: string]: string } = { '(': ')', '[': ']', '{': '}', '<': '>' };

/** After these a slash begins a pattern, and a percent sign a string. */
const OPERATOR = /^[([{,=:!&|?;+\-*%^~]?$/;

/** Words after which a value begins. */
const AWAITS_VALUE =
  /^(?:return|typeof|case|in|of|delete|void|throw|new|else|do|yield|await|instanceof|if|elsif|unless|when|and|or|not|while|until|then|is)$/;

const CONTINUES = /^[([{,=+\-*/%|&<>\\.]$/;

/** A string that was opened and is not closed yet. */
interface Open {
  readonly form: StringForm;
  readonly kind: 'string' | 'symbol';
  /** How often the sign of a fence, or the opening of a run, stands there. */
  readonly count: number;
  /** Where the part begins that is being read. */
  start: number;
  isWhole: boolean;
  /** It begins a line where a statement begins. */
  readonly isStatement: boolean;
  /** In a part that is code: how deep. Zero: in the string. */
  depth: number;
}

/** What stands before an offset, comments aside. */
interface Before {
  /** The last sign, or the last word, of which twelve letters are enough. A quote: a value. Empty: nothing. */
  readonly sign: string;
  /** It stands directly before. */
  readonly isAdjacent: boolean;
  /** A line ended in between. */
  readonly isOnOtherLine: boolean;
}

class Lexer {
  private readonly text: string;
  private readonly language: Language;
  private readonly quoted: Token[] = [];
  private readonly comments: Span[] = [];
  private readonly pieces: string[] = [];
  private readonly open: Open[] = [];
  private readonly heredocs: string[] = [];
  private work = 0;
  private at = 0;
  /** Up to here the pieces reach. */
  private written = 0;
  /** The end of the last string or comment: nothing is looked for before it. */
  private edge = 0;
  /** What stood before `edge`. */
  private beforeEdge: Before = { sign: '', isAdjacent: false, isOnOtherLine: true };
  /** Up to here no slash begins a pattern, and no word is certain. */
  private uncertain = 0;
  private inIsland: boolean;

  constructor(text: string, language: Language) {
    this.text = text;
    this.language = language;
    this.inIsland = language.island === undefined;
  }

  run(): Tokens {
    if (this.has('ruby')) this.rubyLine(0);
    while (this.at < this.text.length) {
      const top = this.open.at(-1);
      if (!this.inIsland) this.enterIsland();
      else if (top?.depth === 0) this.readString(top);
      else if (this.has('scalar')) this.readData();
      else this.readCode(top);
    }
    this.keep(this.text.length);
    const { quoted, comments, pieces, work } = this;
    return { quoted, comments, code: pieces.join(''), work };
  }

  private has(special: Language['specials'][number]): boolean {
    return this.language.specials.includes(special);
  }

  /** The next place that a pattern matches, from `at`; the end of the text where there is none. */
  private find(signs: RegExp): number {
    signs.lastIndex = this.at;
    const found = signs.exec(this.text)?.index ?? this.text.length;
    this.work += found - this.at + 1;
    return found;
  }

  /** What a pattern matches at a place; its length is bounded by the pattern, or it is read over at once. */
  private match(pattern: RegExp, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    const found = pattern.exec(this.text);
    this.work += (found?.[0].length ?? 0) + 1;
    return found;
  }

  private keep(end: number): void {
    if (end > this.written) this.pieces.push(this.text.slice(this.written, end));
    this.written = Math.max(this.written, end);
  }

  private blank({ start, end }: Span): void {
    this.keep(start);
    if (end > this.written) this.pieces.push(this.text.slice(this.written, end).replace(/[^\r\n]/g, ' '));
    this.written = Math.max(this.written, end);
  }

  /** Only spaces are walked over twice, and those once for each sign that follows them. */
  private before(at: number): Before {
    let start = at;
    let isOnOtherLine = false;
    for (; start > this.edge && isSpace(this.text.charCodeAt(start - 1)); start -= 1)
      if (this.text[start - 1] === '\n') isOnOtherLine = true;
    this.work += at - start + 1;
    const isAdjacent = start === at;
    if (start === this.edge)
      return {
        sign: this.beforeEdge.sign,
        isAdjacent: isAdjacent && this.beforeEdge.isAdjacent,
        isOnOtherLine: isOnOtherLine || this.beforeEdge.isOnOtherLine,
      };
    const nearest = this.text.slice(Math.max(this.edge, start - 12), start);
    return { sign: /[\w$]+$/.exec(nearest)?.[0] ?? nearest.slice(-1), isAdjacent, isOnOtherLine };
  }

  /** Goes on behind a value. */
  private passValue(end: number): void {
    this.beforeEdge = { sign: '"', isAdjacent: true, isOnOtherLine: false };
    this.at = end;
    this.edge = end;
  }

  private passComment(span: Span): void {
    this.beforeEdge = { ...this.before(span.start), isAdjacent: false };
    this.comments.push(span);
    this.blank(span);
    this.at = span.end;
    this.edge = span.end;
  }

  private add(kind: Token['kind'], span: Span, isWhole: boolean): void {
    const isWord = span.end - span.start <= LONGEST_WORD && span.start >= this.uncertain;
    const isOnOneLine = isWord && !this.text.slice(span.start, span.end).includes('\n');
    this.quoted.push({ kind, ...span, isWhole: isWhole && isOnOneLine });
  }

  private enterIsland(): void {
    const { open = '', head = '' } = this.language.island ?? {};
    const start = this.text.indexOf(open, this.at);
    const end = start === -1 ? -1 : this.text.indexOf(head, start + open.length);
    const next = end === -1 ? this.text.length : end + head.length;
    this.work += next - this.at;
    this.blank({ start: this.at, end: next });
    this.passValue(next);
    this.beforeEdge = { sign: '', isAdjacent: false, isOnOtherLine: true };
    this.inIsland = true;
  }

  private readCode(top: Open | undefined): void {
    const at = this.find(signsOf(this.language, top?.form.hole));
    this.at = at;
    if (at === this.text.length) return;
    const { island } = this.language;
    if (island !== undefined && this.text.startsWith(island.close, at)) this.inIsland = false;
    else if (top !== undefined && this.closesHole(top)) return;
    else if (this.readComment(top) || this.readSpecial() || this.openString()) return;
    this.at = at + 1;
  }

  private closesHole(top: Open): boolean {
    const sign = this.text[this.at];
    if (sign === top.form.hole?.nested) top.depth += 1;
    else if (sign === top.form.hole?.close) top.depth -= 1;
    else return false;
    this.at += 1;
    if (top.depth === 0) top.start = this.at;
    return true;
  }

  private readComment(top: Open | undefined): boolean {
    const { text, at, language } = this;
    const line = language.lines.find((sign) => text.startsWith(sign, at));
    // In a part of a string on one line, such as `{price:#x}`, no comment has room.
    const hasRoom = top === undefined || top.form.isMultiline === true;
    const isAttribute = line === '#' && language.name === 'php' && text[at + 1] === '[';
    if (line !== undefined && hasRoom && !isAttribute) {
      this.passComment({ start: at, end: this.find(lineEnd(language)) });
      return true;
    }
    const block = language.blocks.find(({ open }) => text.startsWith(open, at));
    if (block !== undefined) this.passComment({ start: at, end: this.blockEnd(block.nests) });
    return block !== undefined;
  }

  private blockEnd(nests: boolean): number {
    const start = this.at;
    let depth = 0;
    do {
      const found = this.find(nests ? BLOCK_SIGNS : depth === 0 ? BLOCK_OPEN : BLOCK_CLOSE);
      depth += this.text[found] === '/' ? 1 : -1;
      this.at = Math.min(found + 2, this.text.length);
    } while (depth > 0 && this.at < this.text.length);
    const end = this.at;
    this.at = start;
    return end;
  }

  private openString(): boolean {
    const { text, at, language } = this;
    if (this.isCharacter()) return false;
    for (const form of language.strings) {
      if (!text.startsWith(form.open, at)) continue;
      if (form.prefix !== undefined && !form.prefix.test(text.slice(Math.max(this.edge, at - 3), at))) continue;
      const count = form.isRun ? this.runLength(at) : this.fenceLength(form);
      if (count === null) continue;
      const { sign, isOnOtherLine } = this.before(at);
      const isStatement =
        language.hasDocstrings === true && isOnOtherLine && !CONTINUES.test(sign) && !AWAITS_VALUE.test(sign);
      const start = at + (form.isRun ? count : form.open.length);
      this.open.push({
        form,
        kind: this.isSymbol() ? 'symbol' : 'string',
        count,
        start,
        isWhole: true,
        isStatement,
        depth: 0,
      });
      this.at = start;
      // An opening at the very end has nothing to read.
      if (start === text.length) this.closeString(start, 0, false);
      return true;
    }
    return false;
  }

  /** Ruby's and Elixir's `?"` is a character, Ruby's `$"` a name. */
  private isCharacter(): boolean {
    if (!this.has('ruby') && !this.has('elixir')) return false;
    const [first = ' ', sign = ''] = this.text.slice(Math.max(0, this.at - 2), this.at).padStart(2, ' ');
    return this.at > this.edge && (sign === '$' || (sign === '?' && !/[\w)\]]/.test(first)));
  }

  private isSymbol(): boolean {
    if (!this.has('ruby') && !this.has('elixir')) return false;
    return this.at > this.edge && this.text[this.at - 1] === ':' && this.text[this.at - 2] !== ':';
  }

  /** How many signs of its fence stand before an opening; null where it has not what it needs. */
  private fenceLength({ fence }: StringForm): number | null {
    if (fence === undefined) return 0;
    let count = 0;
    while (count <= LONGEST_FENCE && this.at - count > this.edge && this.text[this.at - count - 1] === fence.sign)
      count += 1;
    this.work += count;
    const isBehindLetter = fence.letter === undefined || this.text[this.at - count - 1] === fence.letter;
    return count > LONGEST_FENCE || count < fence.atLeast || !isBehindLetter ? null : count;
  }

  private runLength(at: number): number {
    const sign = this.text[at];
    let end = at;
    while (this.text[end] === sign) end += 1;
    this.work += end - at;
    return end - at;
  }

  private readString(top: Open): void {
    const { text } = this;
    const { form } = top;
    const stop = this.find(stopsOf(form));
    this.at = stop;
    const sign = text[stop];
    if (sign === undefined || (sign === '\n' && !form.isMultiline)) this.closeString(stop, 0, false);
    else if (form.hole !== undefined && text.startsWith(form.hole.open, stop)) this.openHole(top, form.hole);
    else if (sign === '\\' && form.escape === 'backslash') this.skip(2);
    else if (text.startsWith(form.close, stop)) this.readClosing(top);
    else {
      if (sign === form.variable) top.isWhole = false;
      this.at = stop + 1;
    }
    if (this.at >= text.length && top.depth === 0 && this.open.at(-1) === top) this.closeString(text.length, 0, false);
  }

  private skip(count: number): void {
    this.at = Math.min(this.at + count, this.text.length);
  }

  private readClosing({ form, count }: Open): void {
    const { text, at } = this;
    const signs = form.isRun ? this.runLength(at) : this.signsAfter(at + form.close.length, form, count);
    if (form.escape === 'doubled' && text.startsWith(form.close, at + form.close.length))
      this.skip(2 * form.close.length);
    else if (signs < count) this.at = at + (form.isRun ? signs : form.close.length + signs);
    else this.closeString(at, form.isRun ? signs : form.close.length + count, true);
  }

  /** How many signs of a fence follow, of those that are needed. */
  private signsAfter(at: number, { fence }: StringForm, needed: number): number {
    let count = 0;
    while (count < needed && this.text[at + count] === fence?.sign) count += 1;
    this.work += count;
    return count;
  }

  private openHole(top: Open, { open, isDoubled }: Hole): void {
    if (isDoubled && this.text.startsWith(open, this.at + open.length)) {
      this.skip(2 * open.length);
      return;
    }
    top.isWhole = false;
    this.endPart(top, this.at, false);
    this.passValue(this.at + open.length);
    this.beforeEdge = { sign: '(', isAdjacent: false, isOnOtherLine: false };
    top.depth = 1;
  }

  private endPart({ kind, start, form, isWhole }: Open, end: number, isClosed: boolean): void {
    this.add(kind, { start, end }, isClosed && isWhole && !form.isText);
    this.blank({ start, end });
  }

  private closeString(end: number, closing: number, isClosed: boolean): void {
    const top = this.open.pop();
    if (top === undefined) return;
    const isDocumentation = top.isStatement && this.match(REST_OF_STATEMENT, end + closing) !== null;
    this.endPart(top, end, isClosed && !isDocumentation);
    this.passValue(end + closing);
  }

  private readSpecial(): boolean {
    const sign = this.text[this.at];
    if (sign === '/') return this.has('slash') && this.readPattern();
    if (sign === "'") return this.has('character') && this.readCharacter();
    if (sign === '~') return this.has('elixir') && this.readSigil();
    if (sign === '<') return this.readHeredoc();
    if (sign === '%') return this.has('ruby') && this.readPercent();
    return sign === '\n' && this.has('ruby') && this.rubyLine(this.at + 1);
  }

  private readPattern(): boolean {
    const { text, at } = this;
    const certainty = at < this.uncertain ? 'division' : this.slashAt(at);
    if (certainty === 'division') return false;
    const end = certainty === 'pattern' ? this.patternEnd() : null;
    if (end === null) {
      this.at = at;
      this.uncertain = this.find(LINE_END);
      return false;
    }
    this.add('pattern', { start: at + 1, end }, false);
    this.blank({ start: at + 1, end });
    this.passValue(Math.min(end + 1, text.length));
    return true;
  }

  private slashAt(at: number): 'pattern' | 'division' | 'uncertain' {
    const { sign, isAdjacent } = this.before(at);
    const next = this.text[at + 1] ?? '\n';
    if (OPERATOR.test(sign) || AWAITS_VALUE.test(sign)) return 'pattern';
    if (/[\s>=]/.test(next)) return 'division';
    // The end of a tag, `</p>`.
    if (sign === '<' && isAdjacent) return 'division';
    if (sign === '}' || sign === '<') return 'uncertain';
    if (sign === '>') return this.isArrow(at) ? 'pattern' : 'uncertain';
    if (isAdjacent || sign === '"') return 'division';
    // Ruby's `split /,/`, or a condition without braces.
    return this.has('ruby') && /^[a-z_]/.test(sign) ? 'pattern' : sign === ')' ? 'uncertain' : 'division';
  }

  private isArrow(at: number): boolean {
    return /=>\s{0,20}$/.test(this.text.slice(Math.max(this.edge, at - 22), at));
  }

  /** Where the pattern that begins here ends, on the same line; null where it does not. */
  private patternEnd(): number | null {
    let isInSet = false;
    this.at += 1;
    for (;;) {
      const stop = this.find(PATTERN_SIGNS);
      const sign = this.text[stop] ?? '\n';
      this.at = stop + (sign === '\\' ? 2 : 1);
      if (sign === '\n') return null;
      if (sign === '/' && !isInSet) return stop;
      if (sign === '[') isInSet = true;
      if (sign === ']') isInSet = false;
    }
  }

  /** A character between single quotes. A quote alone, such as that of a lifetime, is none. */
  private readCharacter(): boolean {
    const found = this.match(CHARACTER, this.at);
    if (found === null) return false;
    const end = this.at + found[0].length;
    this.blank({ start: this.at + 1, end: end - 1 });
    this.passValue(end);
    return true;
  }

  private readSigil(): boolean {
    const [whole = '', letter = '', open = ''] = this.match(SIGIL, this.at) ?? [];
    if (whole === '') return false;
    this.readDelimited(this.at + whole.length, open, letter.toLowerCase());
    return true;
  }

  private readPercent(): boolean {
    const [whole = '', letter = '', open = ''] = this.match(PERCENT, this.at) ?? [];
    if (whole === '') return false;
    const { sign, isAdjacent } = this.before(this.at);
    const isOperand = OPERATOR.test(sign) || AWAITS_VALUE.test(sign);
    const isString = letter === '' ? isOperand && '([{<|!/'.includes(open) : isOperand || !isAdjacent;
    if (!isString) return false;
    this.readDelimited(this.at + whole.length, open, letter.toLowerCase());
    return true;
  }

  /** A string or a list of words between delimiters of the writer's choice. */
  private readDelimited(start: number, open: string, letter: string): void {
    this.at = start;
    const close = PAIRS[open] ?? open;
    const { end, isClosed } = this.delimitedEnd(open, close);
    if (letter === 'w' || letter === 'i') this.addWords({ start, end });
    else
      this.add(letter === 'r' ? 'pattern' : 'string', { start, end }, isClosed && (letter === 'q' || letter === 's'));
    this.blank({ start, end });
    this.passValue(Math.min(end + close.length, this.text.length));
  }

  private delimitedEnd(open: string, close: string): { end: number; isClosed: boolean } {
    const { text } = this;
    const signs = delimiterSigns(open, close);
    for (let depth = 1; ; ) {
      const stop = this.find(signs);
      if (stop === text.length) return { end: stop, isClosed: false };
      this.at = stop + 1;
      if (text[stop] === '\\') this.skip(1);
      else if (text.startsWith(close, stop)) depth -= 1;
      else if (open !== close && text[stop] === open) depth += 1;
      if (depth === 0) return { end: stop, isClosed: true };
      if (this.at >= text.length) return { end: text.length, isClosed: false };
    }
  }

  private addWords({ start, end }: Span): void {
    this.work += end - start;
    for (const { index, 0: word } of this.text.slice(start, end).matchAll(/\S+/g))
      this.add('word', { start: start + index, end: start + index + word.length }, true);
  }

  private readHeredoc(): boolean {
    if (this.has('php')) return this.readPhpHeredoc();
    if (!this.has('ruby')) return false;
    const found = this.match(RUBY_HEREDOC, this.at);
    if (found === null) return false;
    const [whole, indent = '', ...names] = found;
    const name = names.find((one) => one !== undefined) ?? '';
    const { sign, isAdjacent } = this.before(this.at);
    const isOperand = OPERATOR.test(sign) || AWAITS_VALUE.test(sign) || (!isAdjacent && /^\w/.test(sign));
    if (indent === '' && !(isOperand && /^[A-Z_]/.test(name))) return false;
    this.heredocs.push(name);
    this.passValue(this.at + whole.length);
    return true;
  }

  private readPhpHeredoc(): boolean {
    const found = this.match(PHP_HEREDOC, this.at);
    if (found === null) return false;
    const [whole, ...names] = found;
    this.readBody(this.at + whole.length, names.find((one) => one !== undefined) ?? '');
    return true;
  }

  /** What begins with a line of Ruby: the text that the line before announced, a comment, or the end of the code. */
  private rubyLine(at: number): boolean {
    const { text } = this;
    if (this.heredocs.length > 0) {
      this.at = at;
      for (const name of this.heredocs.splice(0)) this.readBody(this.at, name);
      return true;
    }
    const close = text.startsWith('=begin', at) ? RUBY_COMMENT_END : text.startsWith('__END__', at) ? NOWHERE : null;
    if (close === null) return false;
    this.at = at;
    this.passComment({ start: at, end: Math.min(this.find(close), text.length) });
    return true;
  }

  /** Reads over the lines of a text up to the one that begins with its name, or the end. */
  private readBody(start: number, name: string): void {
    const { text } = this;
    let line = start;
    while (line < text.length) {
      this.at = line;
      const first = this.find(NO_BLANK);
      if (text.startsWith(name, first) && !/\w/.test(text[first + name.length] ?? ' ')) {
        this.endBody({ start, end: line }, first + name.length);
        return;
      }
      this.at = first;
      line = this.find(LINE_END) + 1;
    }
    this.endBody({ start, end: text.length }, text.length);
  }

  private endBody(span: Span, next: number): void {
    const { start } = span;
    const end = Math.max(start, Math.min(span.end, this.text.length));
    if (end > start) this.add('string', { start, end }, false);
    this.blank({ start, end });
    this.passValue(Math.min(next, this.text.length));
  }

  /** A comment, a string or a plain value of YAML. */
  private readData(): void {
    const at = this.find(DATA_START);
    const sign = this.text[at];
    const isFirst = at === 0 || /[\s,[{]/.test(this.text[at - 1] ?? ' ');
    this.at = at;
    if (sign === undefined) return;
    if (sign === '#' && isFirst) this.passComment({ start: at, end: this.find(LINE_END) });
    else if (isFirst && (sign === '"' || sign === "'")) this.openString();
    else this.readScalar();
  }

  private readScalar(): void {
    const start = this.at;
    const isFirst = this.beginsValue(start);
    const end = this.find(DATA_END);
    const isName = this.text[end - 1] === ':';
    const isLast = isName || this.match(REST_OF_SCALAR, end) !== null;
    if (end - start > 1) this.add('scalar', { start, end: isName ? end - 1 : end }, isFirst && isLast);
    this.at = Math.max(end, start + 1);
  }

  private beginsValue(start: number): boolean {
    const { sign, isOnOtherLine } = this.before(start);
    return isOnOtherLine || /^[-:,[{]?$/.test(sign);
  }
}

const LINE_END = /\n/g;
const ISLAND_LINE_END = /\n|\?>/g;
const BLOCK_SIGNS = /\/\*|\*\//g;
const BLOCK_OPEN = /\/\*/g;
const BLOCK_CLOSE = /\*\//g;
const PATTERN_SIGNS = /[\\\n/[\]]/g;
const NO_BLANK = /[^ \t]/g;
const NOWHERE = /$(?!)/g;
const RUBY_COMMENT_END = /(?<=\n)=end/g;
const DATA_START = /[^\s,[\]{}]/g;
const DATA_END = /[\s,[\]{}]/g;
const REST_OF_SCALAR = /[ \t]{0,100}(?:$|[\r\n,\]}#])/y;
const REST_OF_STATEMENT = /[ \t]{0,100}(?:$|[\r\n#;])/y;
const CHARACTER = /'(?:\\.[^'\n]{0,10}|[^'\\\n]|[\ud800-\udbff][\udc00-\udfff])'/y;
const SIGIL = /~([a-zA-Z])("""|'''|[^\w\s])/y;
const PERCENT = /%([wWiIqQrsx]?)([^\w\s])/y;
const RUBY_HEREDOC = /<<([~-]?)(?:"([^"\n]{1,200})"|'([^'\n]{1,200})'|([A-Za-z_]\w{0,199}))/y;
const PHP_HEREDOC = /<<<[ \t]{0,20}(?:"(\w{1,200})"|'(\w{1,200})'|(\w{1,200}))\r?\n/y;

/** A line comment of PHP ends where PHP does. */
function lineEnd({ name }: Language): RegExp {
  return name === 'php' ? ISLAND_LINE_END : LINE_END;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 160 || code === 0xfeff;
}

const patterns = new Map<string, RegExp>();

/** A pattern that finds any of these characters. */
function anyOf(signs: Iterable<string>): RegExp {
  const set = [...new Set(signs)].join('');
  const known = patterns.get(set);
  if (known !== undefined) return known;
  const pattern = new RegExp(`[${set.replace(/[\\\]^-]/g, '\\$&')}]`, 'g');
  patterns.set(set, pattern);
  return pattern;
}

const SPECIAL_SIGNS = { slash: '/', ruby: '%<\n', elixir: '~', php: '<', character: "'", scalar: '' };

const signs = new Map<Language, Map<Hole | undefined, RegExp>>();

/** What code has to be stopped at: where anything else may begin, and in a part of a string what may end it. */
function signsOf(language: Language, hole: Hole | undefined): RegExp {
  const known = signs.get(language) ?? new Map<Hole | undefined, RegExp>();
  signs.set(language, known);
  const pattern = known.get(hole) ?? anyOf(firstSigns(language, hole));
  known.set(hole, pattern);
  return pattern;
}

function firstSigns({ lines, blocks, strings, specials, island }: Language, hole: Hole | undefined): string[] {
  const openings = [...lines, ...[...blocks, ...strings].map(({ open }) => open), island?.close ?? ''];
  const first = openings.flatMap((opening) => opening.slice(0, 1));
  const others = specials.flatMap((special) => [...SPECIAL_SIGNS[special]]);
  return [...first, ...others, ...(hole === undefined ? [] : [hole.nested, hole.close])];
}

const stops = new Map<StringForm, RegExp>();

/** What a string has to be stopped at. */
function stopsOf(form: StringForm): RegExp {
  const pattern = stops.get(form) ?? anyOf(stopSigns(form));
  stops.set(form, pattern);
  return pattern;
}

function stopSigns(form: StringForm): string {
  const own = [form.close.slice(0, 1), form.hole?.open.slice(0, 1) ?? '', form.variable ?? ''];
  return [...own, form.escape === 'backslash' ? '\\' : '', form.isMultiline ? '' : '\n'].join('');
}

/** The opening and the closing that a writer chose, and the backslash. The closing may have three signs, of one kind. */
function delimiterSigns(open: string, close: string): RegExp {
  return anyOf(`\\${open === close ? '' : open}${close.slice(0, 1)}`);
}
