import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  visit,
  type YAMLError,
  type YAMLMap,
  type Node as YamlNode,
} from 'yaml';
import type { Entry, Node, Place } from '../model.ts';
import { quote } from '../text.ts';
import { type Documents, documentsIn } from './documents.ts';
import { INDENTED_WITH_TAB, type Slip, slipsBehind, slipWords } from './indentation.ts';
import { fileStart } from './source.ts';

/** Values that a file may hold once its aliases are followed; a bomb of aliases ends here. */
const MOST_VALUES = 500_000;
/** Levels of nesting; the format itself needs eight. */
const MOST_LEVELS = 64;

/** The level of a section: the file is level 0. */
const SECTION = 1;

/** Mistakes of syntax that are told of one by one: each is sought in the whole file. */
const MOST_MISTAKES = 100;

const TOO_MANY_PIECES = 'The file is too long: it is not read beyond this line. Split it into several files';

/** Lines that step out of their column are sought in a file of so many characters, and so many of them are told by themselves. */
const LONGEST_STRAIGHTENED = 100_000;
const MOST_SLIPS = 5;
/** Each of so many texts is parsed. */
const MOST_TRIES = 30;

const tooDeep = `The file is nested deeper than ${MOST_LEVELS} levels`;

/** Where a problem is, and what it is, as a sentence. */
export interface Remark {
  readonly at: Place;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/**
 * The one document of a YAML text as nodes with places: aliases and merge keys (`<<`) followed, names as plain text, and
 * the text of each value as it is spelled. `node` is null where there is nothing to check further.
 */
export function parse(text: string, file: string): { node: Node | null; remarks: readonly Remark[] } {
  try {
    return new Reader(text, file).read();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    return { node: null, remarks: [{ at: fileStart(file), message: tooDeep, severity: 'error' }] };
  }
}

class TooLarge extends Error {}

type Pairs = readonly Pair<YamlNode, YamlNode | null>[];

/** The entries of a map: its own, and those that `<<` brings in. */
interface Entries {
  readonly own: Map<string, Entry>;
  readonly merged: Entry[];
}

/** Entries of a map that began at an offset, and goes on. */
interface Begun extends Entries {
  readonly start: number;
}

class Reader {
  /** Where each line begins. Counted here: the parser's own counter misses line ends within a token that it can't place. */
  private lines: readonly number[];
  /** By how many columns a line was indented further before it was put where it was likely meant. */
  private readonly shifts = new Map<number, number>();
  private readonly remarks: Remark[] = [];
  private readonly anchors = new Map<string, YamlNode>();
  private readonly open = new Set<YamlNode>();
  /** Of maps, by where the rest of them begins, the entries that were read before it. */
  private readonly begun = new Map<number, Begun>();
  /** Some of these are no valid YAML. */
  private isFaulty = false;
  private readonly warnings: Document.Parsed['warnings'] = [];
  /** What is to be said of entries that were read before others, unless the file is no valid YAML. */
  private readonly held: Remark[] = [];
  private values = 0;
  private tries = 0;
  private text: string;
  private readonly file: string;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
    this.lines = lineStarts(text);
  }

  read(): { node: Node | null; remarks: readonly Remark[] } {
    try {
      return this.readWhole();
    } catch (cause) {
      if (!(cause instanceof TooLarge)) throw cause;
      return { node: null, remarks: this.remarks };
    }
  }

  private readWhole(): { node: Node | null; remarks: readonly Remark[] } {
    const {
      documents: [first, second],
      cut,
    } = this.documents();
    if (cut !== null && cut.reason !== 'mistakes') {
      this.complain(cut.offset, cut.offset + 1, cut.reason === 'levels' ? tooDeep : TOO_MANY_PIECES);
      return { node: null, remarks: this.remarks };
    }
    if (first === undefined) return { node: null, remarks: [this.empty()] };
    const documents = [first, ...(second === undefined ? [] : [second])];
    const errors = errorsIn({ documents });
    if (errors.some(({ message }) => message.startsWith('Maximum call stack')))
      throw new RangeError('nested too deeply');
    const lines = new Set<number>();
    const openers = errors.some(({ message }) => unclosed(message)) ? openersIn(documents) : [];
    for (const { pos, message, code } of errors) {
      const line = this.lineOf(pos[0]);
      if (lines.has(line)) continue;
      lines.add(line);
      if (lines.size > MOST_MISTAKES) continue;
      const opened = unclosed(message) ? this.opening(openers, pos[0]) : null;
      if (opened === null) this.complain(pos[0], pos[1], syntax(code, message, this.text.slice(pos[0], pos[0] + 2)));
      else {
        const rest = /^.*/.exec(this.text.slice(opened))?.[0] ?? '';
        const why = /[\s:,]\s#\S/.test(rest) ? ': # begins a comment. Put text that begins with # in quotes' : '';
        this.complain(opened, opened + 1, `The ${this.text[opened]} that begins here is not closed${why}`);
      }
    }
    if (lines.size > MOST_MISTAKES) {
      const count = `${cut === null ? '' : 'At least '}${lines.size - MOST_MISTAKES}`;
      const more = `${count} more lines of the file are not valid YAML. Fix the first ones, and check again`;
      this.remarks.push({ at: fileStart(this.file), message: more, severity: 'error' });
    }
    for (const { pos, message } of [...this.warnings, ...first.warnings].slice(0, MOST_MISTAKES))
      this.complain(pos[0], pos[1], `The YAML is unusual: ${parserWords(message)}`, 'warning');
    if (second !== undefined) {
      const [start] = second.range;
      this.complain(
        start,
        start,
        'A second YAML document begins here, but a file can have only one. Remove the --- line, or use two files',
      );
    }
    if (this.remarks.some(({ severity }) => severity === 'error')) return { node: null, remarks: this.remarks };
    if (first.contents === null || (isScalar(first.contents) && first.contents.value === null)) {
      return { node: null, remarks: [...this.remarks, this.empty()] };
    }
    this.remarks.push(...this.held);
    return { node: this.node(first.contents as YamlNode, 0), remarks: this.remarks };
  }

  /** Entries of a map whose others come later. */
  private begin(piece: Document.Parsed, start: number, rest: number): void {
    const begun = this.begun.get(start) ?? { start, own: new Map(), merged: [] };
    this.begun.delete(start);
    this.begun.set(rest, begun);
    this.warnings.push(...piece.warnings);
    if (piece.errors.length > 0) this.isFaulty = true;
    else if (isMap(piece.contents)) this.add(piece.contents.items as Pairs, SECTION, begun);
  }

  /** A long file is read piece by piece; in a short one, lines are put where they were likely meant. */
  private documents(): Documents {
    if (this.text.length <= LONGEST_STRAIGHTENED) return this.straightened(documentsIn(this.text, MOST_LEVELS));
    const documents = documentsIn(this.text, MOST_LEVELS, (...piece) => this.begin(...piece));
    const remarks = this.remarks.splice(0);
    if (!this.isFaulty && errorsIn(documents).length === 0) {
      this.held.push(...remarks);
      return documents;
    }
    // What is wrong with it is told of the whole, as of a short file.
    this.begun.clear();
    this.warnings.length = 0;
    return documentsIn(this.text, MOST_LEVELS);
  }

  /**
   * The documents as they are once lines that step out of their column stand where they were likely meant. Each such line is
   * told, and the mistakes that follow from it are not.
   */
  private straightened(documents: Documents): Documents {
    let found = documents;
    for (let turn = 0; turn < MOST_SLIPS && found.cut === null; turn += 1) {
      const better = this.straightenedOnce(errorsIn(found));
      if (better === null) break;
      const { slip, text } = better;
      const start = this.lines[slip.line] ?? 0;
      const [, indent = '', name = ''] = /^(\s*)([^\s:]*)/.exec(this.text.slice(start)) ?? [];
      const end = slip.isTab ? indent.length : indent.length + name.length;
      this.complain(start + (slip.isTab ? 0 : indent.length), start + end, slipWords(slip));
      this.replace(text);
      found = better.documents;
    }
    return found;
  }

  /** The text with one line, or block of lines, where it was likely meant, if that leaves fewer mistakes. */
  private straightenedOnce(errors: readonly YAMLError[]): { slip: Slip; text: string; documents: Documents } | null {
    const lines = this.text.split('\n');
    const faulty = new Map<number, YAMLError>();
    for (const error of errors) {
      const line = this.lineOf(error.pos[0]) - 1;
      if (!faulty.has(line)) faulty.set(line, error);
    }
    for (const [line, { code, message }] of [...faulty].slice(0, MOST_SLIPS)) {
      for (const slip of slipsBehind({ code, message, line }, lines)) {
        this.tries += 1;
        if (this.tries > MOST_TRIES) return null;
        const text = slip.lines.join('\n');
        const documents = documentsIn(text, MOST_LEVELS);
        const left = errorsIn(documents);
        const starts = lineStarts(text);
        const isBetter = left.every(({ pos }) => {
          const at = lineIn(starts, pos[0]) - 1;
          return at > slip.line || (at !== slip.line && at !== line && faulty.has(at));
        });
        if (documents.cut === null && isBetter && left.length < errors.length) return { slip, text, documents };
      }
    }
    return null;
  }

  /** Goes on with a text that has as many lines, of which some are indented otherwise. */
  private replace(text: string): void {
    const [before, after] = [this.text.split('\n'), text.split('\n')];
    for (const [line, now] of after.entries()) {
      const shift = (before[line] ?? '').length - now.length;
      if (shift !== 0) this.shifts.set(line + 1, (this.shifts.get(line + 1) ?? 0) + shift);
    }
    this.text = text;
    this.lines = lineStarts(text);
  }

  /** Where the quote or bracket begins that is still open at an offset. */
  private opening(openers: readonly (readonly [number, number])[], offset: number): number | null {
    const starts = openers.filter(([start, end]) => start <= offset && end >= offset).map(([start]) => start);
    return starts.reduce<number | null>((last, start) => (start >= (last ?? 0) ? start : last), null);
  }

  private empty(): Remark {
    const message =
      'The file declares nothing. Begin with version: 1 and a section such as webhooks, products or prices';
    return { at: fileStart(this.file), message, severity: 'error' };
  }

  private node(yaml: YamlNode, level: number, at = this.place(yaml)): Node {
    this.values += 1;
    if (this.values > MOST_VALUES)
      this.stop(at, `The file holds more than ${MOST_VALUES} values once its aliases are followed`);
    if (level > MOST_LEVELS) this.stop(at, tooDeep);
    if (isAlias(yaml)) return this.alias(yaml.source, at, level);
    if (yaml.anchor !== undefined) this.anchors.set(yaml.anchor, yaml);
    if (isScalar(yaml))
      return { kind: 'scalar', value: plain(yaml.value), text: yaml.source ?? String(yaml.value ?? ''), at };
    if (isMap(yaml) && this.text.startsWith('{{', yaml.range?.[0])) {
      const message = 'This {{ … }} is not expanded. State the value for each environment under environments';
      this.remarks.push({ at, message, severity: 'error' });
      return { kind: 'scalar', value: '', text: '', at };
    }
    this.open.add(yaml);
    const node: Node = isMap(yaml)
      ? this.map(yaml, level, at)
      : {
          kind: 'list',
          items: (isSeq(yaml) ? yaml.items : []).map((item) => this.node(item as YamlNode, level + 1)),
          at,
        };
    this.open.delete(yaml);
    return node;
  }

  private alias(name: string, at: Place, level: number): Node {
    const target = this.anchors.get(name);
    if (target === undefined) {
      this.remarks.push({
        at,
        message: `${quote(`*${name}`)} has no anchor ${quote(`&${name}`)} before it`,
        severity: 'error',
      });
      return { kind: 'scalar', value: null, text: '', at };
    }
    if (this.open.has(target)) this.stop(at, `${quote(`*${name}`)} contains itself`);
    return this.node(target, level, at);
  }

  private map(map: YAMLMap, level: number, at: Place): Node {
    const [start, end] = map.range ?? [0, 0];
    const begun = level === SECTION ? this.begun.get(start) : undefined;
    const entries: Entries = begun ?? { own: new Map(), merged: [] };
    this.add(map.items as Pairs, level, entries);
    for (const entry of entries.merged) if (!entries.own.has(entry.name)) entries.own.set(entry.name, entry);
    return { kind: 'map', entries: entries.own, at: begun === undefined ? at : this.between(begun.start, end) };
  }

  private add(pairs: Pairs, level: number, { own, merged }: Entries): void {
    for (const { key, value } of pairs) {
      if (isMergeKey(key)) {
        merged.push(...(value === null ? [] : this.merge(this.node(value, level + 1))));
        continue;
      }
      const name = this.name(key, level);
      if (name === null) continue;
      const at = this.place(key);
      this.noticeComment(name, key, value);
      const entry = { name, at, node: value === null ? nothing(at) : this.node(value, level + 1) };
      const first = own.get(name);
      if (first === undefined) own.set(name, entry);
      else
        this.remarks.push({
          at,
          message: `${quote(name)} is already stated on line ${first.at.line}. Keep one of them`,
          severity: 'error',
        });
    }
  }

  /** Text that begins with # is a comment, so that the name before it has no value. */
  private noticeComment(name: string, key: YamlNode | null, value: YamlNode | null): void {
    const isNothing = value === null || (isScalar(value) && value.value === null && (value.source ?? '') === '');
    if (!isNothing || key === null) return;
    const end = key.range?.[1] ?? 0;
    const [whole = '', comment = ''] =
      /^[ \t]*:[ \t]+(#\S+)[ \t]*(?=\r?\n|$)/.exec(this.text.slice(end, end + 200)) ?? [];
    if (whole === '') return;
    const start = end + whole.indexOf('#');
    const isColour = /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.test(comment);
    const words = `${quote(name)} has no value: ${quote(comment)} is a comment. If you mean that text, put it in quotes`;
    this.complain(start, start + comment.length, words, isColour ? 'error' : 'warning');
  }

  /** What `<<` brings in: of a list the first map that has a name wins (yaml.org/type/merge). */
  private merge(node: Node): Entry[] {
    const maps = node.kind === 'list' ? node.items : [node];
    return maps.flatMap((map) => {
      if (map.kind === 'map') return [...map.entries.values()];
      this.remarks.push({
        at: map.at,
        message: '<< merges a map, or a list of maps, and this is neither',
        severity: 'error',
      });
      return [];
    });
  }

  private name(key: YamlNode | null, level: number): string | null {
    const node = key === null ? null : this.node(key, level + 1);
    if (node?.kind === 'scalar') return node.text;
    const at = key === null ? fileStart(this.file) : this.place(key);
    this.remarks.push({ at, message: 'This is not a name: a name is plain or quoted text', severity: 'error' });
    return null;
  }

  private place(yaml: YamlNode): Place {
    const [start, end] = yaml.range ?? [0, 0];
    return this.between(start, end);
  }

  /** A stretch of the text, cut at the end of its first line. */
  private between(start: number, end: number): Place {
    const line = this.lineOf(start);
    const column = start - (this.lines[line - 1] ?? 0) + 1 + (this.shifts.get(line) ?? 0);
    const lineEnd = this.text.slice(start, end).search(/\r?\n/);
    const length = lineEnd === -1 ? Math.max(0, Math.min(end, this.text.length) - start) : lineEnd;
    return { file: this.file, line, column, endLine: line, endColumn: column + length };
  }

  /** The line of an offset, counted from 1. */
  private lineOf(offset: number): number {
    return lineIn(this.lines, offset);
  }

  private complain(start: number, end: number, message: string, severity: 'error' | 'warning' = 'error'): void {
    this.remarks.push({ at: this.between(start, end), message, severity });
  }

  private stop(at: Place, message: string): never {
    this.remarks.push({ at, message, severity: 'error' });
    throw new TooLarge();
  }
}

/** The mistakes of the documents, in their order. */
function errorsIn({ documents }: Pick<Documents, 'documents'>): YAMLError[] {
  return documents.flatMap(({ errors }) => errors);
}

/** Where each line of a text begins. */
function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

/** The line of an offset, counted from 1. */
function lineIn(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

function nothing(at: Place): Node {
  return { kind: 'scalar', value: null, text: '', at };
}

function isMergeKey(key: YamlNode | null): boolean {
  return isScalar(key) && key.source === '<<' && key.type === 'PLAIN';
}

function plain(value: unknown): string | number | boolean | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** From where to where each quote and bracket goes. */
function openersIn(documents: readonly (Document.Parsed | undefined)[]): [number, number][] {
  const openers: [number, number][] = [];
  for (const document of documents) {
    if (document === undefined) continue;
    visit(document, (_key, item) => {
      const node = item as YamlNode;
      const opens = isScalar(node) ? node.type?.startsWith('QUOTE') : isCollection(node) && node.flow;
      if (opens && node.range) openers.push([node.range[0], node.range[2]]);
    });
  }
  return openers;
}

function unclosed(message: string): boolean {
  return /^Missing closing|must be sufficiently indented and end with/.test(message);
}

/** What the parser says, quoted where it may hold words of the file. */
function parserWords(message: string): string {
  return /^[A-Za-z ,.()-]+$/.test(message) ? message : quote(message);
}

/** The parser's reasons that say little to who does not know its terms, in other words. */
function syntax(code: string, message: string, found: string): string {
  if (message.startsWith('Implicit map keys need to be followed')) {
    return 'This is not valid YAML. It is not a name with a value: a colon and a space after it are missing, or the indentation is wrong';
  }
  if (message.startsWith('Nested mappings are not allowed'))
    return 'This is not valid YAML. The indentation is wrong, or a value that holds ": " is not quoted';
  if (/^Plain value cannot start with/.test(message))
    return `This is not valid YAML. Text that begins with ${found[0]} has to be quoted`;
  if (code === 'TAB_AS_INDENT') return INDENTED_WITH_TAB;
  if (/^\*[\],\s]?$/.test(found))
    return "YAML reads this as a reference to an anchor. If you mean the character itself, quote it: '*'";
  return `This is not valid YAML: ${parserWords(message)}`;
}
