import { INVISIBLE } from '../resources/text.ts';
import { isRecord, type Spelled } from '../resources/type.ts';

/** A name and its value on one line, as it stands in a map of either style. */
export function writeField(name: string, value: Spelled): string {
  return `${write(name)}: ${write(value)}`;
}

/** An entry of a section, or an item of a list (`name` is null), in block style: each field on a line of its own. */
export function writeBlock(name: string | null, fields: { readonly [field: string]: Spelled }): string {
  const lines = Object.entries(fields).map(([field, value]) => writeField(field, value));
  if (name === null) return lines.map((line, index) => `  ${index === 0 ? '- ' : '  '}${line}`).join('\n');
  return [`  ${write(name)}:`, ...lines.map((line) => `    ${line}`)].join('\n');
}

/** Text that is text without quotes, in any style and version of YAML. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][\w.-]*$/i;
const INVISIBLES = new RegExp(INVISIBLE, 'gu');

/**
 * A value on one line. It is JSON, which is YAML too, but for plain names. (The library writes scalars that it reads
 * otherwise, folded or with white space at the ends; and it would take seconds for a report of thousands.)
 */
function write(value: Spelled): string {
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
  if (isRecord(value)) {
    const pairs = Object.entries(value).map(([name, inner]) => writeField(name, inner as Spelled));
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  if (typeof value !== 'string') return String(value);
  if (PLAIN.test(value)) return value;
  // Whatever is not seen is an escape, and so is what the runner would take for a command, or a comment's reader for a mark.
  return JSON.stringify(value)
    .replace(INVISIBLES, escaped)
    .replaceAll('##[', '##\\x5b')
    .replaceAll('<!--', '\\x3c!--')
    .replaceAll('-->', '\\x2d->');
}

/** A character within double quotes, as an escape. */
function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
