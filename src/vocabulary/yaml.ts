import { isRecord } from '../model.ts';
import { cut, INVISIBLE } from '../text.ts';
import type { Spelled } from './type.ts';

/** How values stand in a file: in YAML, on one line where they are short. */

/** Fields of an entry, or names of a map, as the file spells them. */
export type SpelledFields = { readonly [name: string]: Spelled };

/** A name and its value on one line, as it stands in a map of either style. */
export function writeField(name: string, value: Spelled): string {
  return `${writeValue(name)}: ${writeValue(value)}`;
}

/** An entry of a section, or an item of a list (`name` is null), in block style: each field on a line of its own, or several. */
export function writeBlock(name: string | null, fields: SpelledFields): string {
  const lines = Object.entries(fields).flatMap(([field, value]) =>
    name === null ? [writeField(field, value)] : fieldLines(field, value, ''),
  );
  if (name === null) return lines.map((line, index) => `  ${index === 0 ? '- ' : '  '}${line}`).join('\n');
  return [`  ${writeValue(name)}:`, ...lines.map((line) => `    ${line}`)].join('\n');
}

/** What is said behind a value, or, by name or position, behind the values in it. */
export type Said = string | { readonly [step: string]: Said };

/** An entry as a file has it. */
export interface WrittenEntry {
  readonly name: string;
  readonly fields: SpelledFields;
  /** By the name of a field, what is said of its value. */
  readonly said: { readonly [name: string]: Said };
  /** Lines of comment above its fields. */
  readonly notes: readonly string[];
}

/** An entry, its lines indented by two levels of `step`. */
export function entryLines(entry: WrittenEntry, indent = '  ', step = '  '): string[] {
  const lines = innerLines(entry, indent + step, step);
  const head = `${indent}${writeValue(entry.name)}:`;
  return Object.keys(entry.fields).length === 0 ? [`${head} {}`] : [head, ...lines];
}

/** What stands in an entry. */
export function innerLines({ fields, said, notes }: WrittenEntry, indent: string, step = '  '): string[] {
  return [
    ...notes.map((note) => comment(note, indent)),
    ...Object.entries(fields).flatMap(([field, value]) => fieldLines(field, value, indent, step, said[field])),
  ];
}

/** A longer line is broken, where its value has parts, or is a text that can be. */
const WIDTH = 100;

/** A text of several lines is written as they are from so many characters on. */
const SEVERAL_LINES = 40;

/**
 * A name and its value: on one line where that is short, else a line for each part, or for each stretch of a text. What is
 * said of parts in parts needs lines of their own.
 */
export function fieldLines(name: string, value: Spelled, indent: string, step = '  ', said?: Said): string[] {
  const head = `${indent}${writeValue(name)}:`;
  const line = `${indent}${writeField(name, value)}`;
  const inner = indent + step;
  if (typeof value === 'string') {
    const isLong = line.length > WIDTH || (value.length > SEVERAL_LINES && value.includes('\n'));
    const block = isLong ? blockOf(value, WIDTH - inner.length) : null;
    if (block !== null)
      return [`${head} ${block.style}`, ...block.lines.map((text) => (text === '' ? '' : inner + text))];
  }
  const remark = remarkOn(said);
  const behind = remark === '' || remark === null ? '' : `  ${comment(remark, '')}`;
  const parts = partsOf(value);
  if (parts.length === 0 || (line.length <= WIDTH && remark !== null)) return [`${line}${behind}`];
  const below = typeof said === 'object' ? said : {};
  const lines = parts.flatMap(([key, part], index) => {
    if (key !== null) return fieldLines(key, part, inner, step, below[key]);
    const words = remarkOn(below[index]) ?? '';
    return [`${inner}- ${writeValue(part)}${words === '' ? '' : `  ${comment(words, '')}`}`];
  });
  return [typeof said === 'string' ? `${head}${behind}` : head, ...lines];
}

/** What is said behind a value that stands on one line; empty where nothing is, and null where that needs several lines. */
export function remarkOn(said: Said | undefined): string | null {
  if (said === undefined || typeof said === 'string') return said ?? '';
  const all = Object.entries(said);
  if (all.length > 1 && all.every(([name]) => /^\d+$/.test(name))) return listRemark(Object.values(said));
  const words = all.map(([name, one]) => {
    if (typeof one !== 'string') return null;
    // Another spelling of an amount is no other amount.
    return all.length === 1 ? one : `${name.replace(/_decimal$/, '')} ${one}`;
  });
  return words.includes(null) ? null : words.join(', ');
}

/** What is said of the items of a list, in their order: of amounts in one currency, that once. Null where it needs several lines. */
function listRemark(items: readonly Said[]): string | null {
  const words = items.filter((item) => typeof item === 'string');
  if (words.length < items.length) return null;
  const [unit] = / [A-Z]{3}$/.exec(words.at(-1) ?? '') ?? [];
  if (unit === undefined || !words.every((item) => item.endsWith(unit))) return words.join(', ');
  return `${words.map((item) => item.slice(0, -unit.length)).join(', ')}${unit}`;
}

/**
 * A text as a block of lines: one of several lines as they are, one of a single line folded at its spaces. Null where it
 * would not read back as it is, where something in it can't be seen, or where a line of it would mean something to whoever
 * reads the file: an editor, or the log of a workflow.
 */
function blockOf(text: string, width: number): { readonly style: string; readonly lines: readonly string[] } | null {
  const isPlain =
    !INVISIBLE.test(text.replaceAll('\n', '')) && text.search(SPACES) === -1 && text.search(DIRECTIVE) === -1;
  if (!isPlain || /##\[|<!--|-->/.test(text)) return null;
  const block = text.includes('\n') ? literal(text) : folded(text, width);
  return block?.lines.some((line) => line.trimStart().startsWith('::')) ? null : block;
}

function literal(text: string): { style: string; lines: string[] } | null {
  const isEnded = text.endsWith('\n');
  const lines = (isEnded ? text.slice(0, -1) : text).split('\n');
  // The first line tells the indentation, and editors take white space at ends away.
  if (/^ |^$/.test(lines[0] ?? '') || lines.at(-1) === '' || lines.some((line) => /\s$/.test(line))) return null;
  return { style: isEnded ? '|' : '|-', lines };
}

function folded(text: string, width: number): { style: string; lines: string[] } | null {
  if (!/^[^ ]+(?: [^ ]+)+$/.test(text)) return null;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.length > 1 ? { style: '>-', lines } : null;
}

function partsOf(value: Spelled): (readonly [string | null, Spelled])[] {
  if (Array.isArray(value)) return value.map((item) => [null, item]);
  return isRecord(value) ? Object.entries(value as SpelledFields) : [];
}

const LONGEST_COMMENT = 200;

/** What editors obey where a line holds it: the YAML language server's directive, and Vim's, unless it is prose ("Ex: this"). */
const DIRECTIVE = /\b(yaml-language-server *|vim?(?:[<=>]?\d+)?|ex(?=: *(?:set? |\w+=))):/gi;

/** A comment, which nothing in it can end, and which no editor and no runner takes for more than that. */
export function comment(text: string, indent: string): string {
  const plain = text.replace(INVISIBLES, ' ').replaceAll('##[', '## [').replace(DIRECTIVE, '$1');
  return `${indent}# ${cut(plain.trim(), LONGEST_COMMENT)}`;
}

/** Text that is text without quotes, in any style and version of YAML: words, a URL, an API version. */
const PLAIN =
  /^(?:(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][\w.-]*(?: [A-Za-z\d(][\w.()/+-]*)*|https?:\/\/[\w./~%+=&?@:-]*[\w/=-]|\d{4}-\d\d-\d\d\.[a-z]+)$/i;
const INVISIBLES = new RegExp(INVISIBLE, 'gu');
/** Spaces that read as the plain one, and are none. */
const SPACES = /(?! )\p{Zs}/gu;

/**
 * A value on one line. It is JSON, which is YAML too, but for plain text. (The library writes scalars that it reads
 * otherwise, folded or with white space at the ends; and it would take seconds for a report of thousands.)
 */
export function writeValue(value: Spelled): string {
  if (Array.isArray(value)) return `[${value.map(writeValue).join(', ')}]`;
  if (isRecord(value)) {
    const pairs = Object.entries(value).map(([name, inner]) => writeField(name, inner as Spelled));
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  if (typeof value !== 'string') return String(value);
  if (PLAIN.test(value)) return value;
  // Whatever is not seen is an escape, and so is what the runner would take for a command, an editor for a
  // directive, or a comment's reader for a mark.
  return JSON.stringify(value)
    .replace(INVISIBLES, escaped)
    .replace(SPACES, escaped)
    .replaceAll('##[', '##\\x5b')
    .replace(DIRECTIVE, '$1\\x3a')
    .replaceAll('<!--', '\\x3c!--')
    .replaceAll('-->', '\\x2d->');
}

/** A character within double quotes, as an escape. */
function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
