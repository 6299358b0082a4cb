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

/** An entry of a section, or an item of a list (`name` is null), in block style: each field on a line of its own. */
export function writeBlock(name: string | null, fields: SpelledFields): string {
  const lines = Object.entries(fields).map(([field, value]) => writeField(field, value));
  if (name === null) return lines.map((line, index) => `  ${index === 0 ? '- ' : '  '}${line}`).join('\n');
  return [`  ${writeValue(name)}:`, ...lines.map((line) => `    ${line}`)].join('\n');
}

/** An entry as a file has it. */
export interface WrittenEntry {
  readonly name: string;
  readonly fields: SpelledFields;
  /** By the name of a field, what is said of it behind its value. */
  readonly comments: { readonly [name: string]: string };
}

/** An entry, its lines indented by two levels of `step`. */
export function entryLines({ name, fields, comments }: WrittenEntry, indent = '  ', step = '  '): string[] {
  const inner = indent + step;
  const lines = Object.entries(fields).flatMap(([field, value]) =>
    fieldLines(field, value, inner, step, comments[field]),
  );
  const head = `${indent}${writeValue(name)}:`;
  return lines.length === 0 ? [`${head} {}`] : [head, ...lines];
}

/** A longer line is broken, where its value has parts. */
const WIDTH = 100;

/** A name and its value: on one line where that is short, else a line for each part. */
export function fieldLines(name: string, value: Spelled, indent: string, step = '  ', remark?: string): string[] {
  const line = `${indent}${writeField(name, value)}`;
  const said = remark === undefined ? '' : `  ${comment(remark, '')}`;
  const parts = partsOf(value);
  if (line.length <= WIDTH || parts.length === 0) return [`${line}${said}`];
  const inner = indent + step;
  const lines = parts.flatMap(([key, part]) =>
    key === null ? [`${inner}- ${writeValue(part)}`] : fieldLines(key, part, inner, step),
  );
  return [`${indent}${writeValue(name)}:${said}`, ...lines];
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
