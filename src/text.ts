import type { Place, Stated } from './model.ts';

/** How text from outside stands in sentences and addresses. */

/** Controls, formats (bidirectional, zero-width, tags), line and paragraph separators, lone surrogates, fillers. */
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u;

/** A quoted text is cut here, with a mark. */
const LONGEST_QUOTE = 300;

/** A key of Stripe's that can do something, or a signing secret, and nothing that a person would call a thing. */
const KEY = /(?<![A-Za-z\d])([rs]k_(?:live|test|org(?:_live|_test)?)_|whsec_)[A-Za-z\d]{10,}/g;

/** Whether a text holds a secret of Stripe's. */
export function holdsKey(text: string): boolean {
  return text.search(KEY) !== -1;
}

/**
 * A text whose URLs, whole or mistyped, have lost userinfo and the values of their queries: webhook URLs carry tokens there.
 * Of keys stays what kind they are.
 */
export function withoutTokens(text: string): string {
  // Most texts are no address, and all of a report come this way.
  const keyless = text.includes('_') ? text.replace(KEY, '$1…') : text;
  if (!text.includes(':') && !text.includes('?')) return keyless;
  return keyless.replace(/\S+/g, (word) => {
    const has = (sign: string) => word.includes(sign);
    const isMail = word.startsWith('mailto:');
    const isAddress = has(':/') || (has(':') && has('@') && !isMail) || (has('?') && has('='));
    return isAddress ? withoutQueryValues(word) : word;
  });
}

const CLOSING = '"\'<>)],;.:!?';

function withoutQueryValues(address: string): string {
  const [beforeQuery = '', ...query] = address.split('?');
  const plain = beforeQuery.includes(':/')
    ? beforeQuery.replace(/(:\/+)[^/#\\]*@/g, '$1…@')
    : beforeQuery.replace(/^[^@:]*:.*@/, '…@');
  if (query.length === 0) return plain;
  const [values = '', ...fragment] = query.join('?').split('#');
  // What closes a sentence or a quotation around the address stays.
  let end = values.length;
  while (end > 0 && CLOSING.includes(values[end - 1] as string)) end -= 1;
  const rest = values.slice(0, end);
  const names = rest.split('&').map((pair) => (pair.includes('=') ? `${pair.split('=')[0]}=…` : '…'));
  return [`${plain}?${names.join('&')}${values.slice(rest.length)}`, ...fragment].join('#');
}

/**
 * A name with dots, underscores or indexes, such as `prices.pro.unit_amount`: Markdown sets it in code wherever a sentence
 * holds it. Its parts and what joins them have no character in common, so that a long text is read through once.
 */
export const NAME = /[A-Za-z\d][A-Za-z\d/-]*(?:[._]+[A-Za-z\d/-]+|\[\d+\])+/;

const WHOLE_NAME = new RegExp(`^${NAME.source}$`);

/** Text of at most `length` characters; what was cut is marked. No character is cut in two. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, length - 1);
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/** A text of the file or of Stripe as a sentence shows it: quoted, without tokens, and cut with a mark where it is long. */
export function quote(text: string): string {
  return JSON.stringify(cut(withoutTokens(text), LONGEST_QUOTE));
}

/** A word that names no commit (`c0ffeec`) and no issue (`GH-1`), a number, or a date. */
const WORD = /^(?:(?![A-Fa-f]{7,}$)[A-Za-z]+(?:-[A-Za-z]+)*|[-+]?\d+|[A-Za-z\d]{1,6}|\d{4}-\d\d-\d\d)$/;

/** A text bare where it is a name or a word, else quoted: what is bare in a sentence can refer to nothing. */
export function bare(text: string): string {
  return text.length <= LONGEST_QUOTE && (WORD.test(text) || WHOLE_NAME.test(text)) ? text : quote(text);
}

/** A path as people write it: `prices.pro.tiers[1].up_to`. */
export function pathText(path: readonly string[]): string {
  return path.reduce((text, step) => {
    if (/^\d{1,20}$/.test(step) && text !== '') return `${text}[${step}]`;
    if (text === '' && bare(step) === step) return step;
    if (text !== '' && /^[A-Za-z\d][\w-]{0,300}$/.test(step)) return `${text}.${step}`;
    return `${text}[${quote(step)}]`;
  }, '');
}

/** Where something stands, seen from another place: `on line 3`, or `at prices.yaml:3` in another file. */
export function placeWords(at: Place, seenFrom: Place): string {
  return at.file === seenFrom.file ? `on line ${at.line}` : `at ${bare(at.file)}:${at.line}`;
}

/** `environment staging`, `environments staging and preview`. */
export function environmentWords(environments: readonly string[]): string {
  return `environment${environments.length === 1 ? '' : 's'} ${inSentence(environments.map(bare))}`;
}

/** What the files of a configuration are called together. */
export function fileWord({ length }: readonly string[]): 'file' | 'configuration' {
  return length > 1 ? 'configuration' : 'file';
}

/** What a file states of itself, with its place. `files` are all of the configuration: among several it is named. */
export function statement(name: string, { value, at }: Stated<string>, files: readonly string[]): string {
  return `${files.length > 1 ? bare(at.file) : 'The file'} states ${name}: ${bare(value)} (line ${at.line})`;
}

/** A text as a part of an address. A lone surrogate, which no address can hold, becomes a replacement character. */
export function addressPart(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** A commit as people name it, with seven characters; any other text as it is. */
export function shortCommit(text: string): string {
  return /^[0-9a-f]{40,64}$/.test(text) ? text.slice(0, 7) : bare(text);
}

/** A name that is made of a text has at most so many characters. */
const LONGEST_NAME = 60;

/** A text as a name: its letters and digits in lower case, joined by underscores. */
export function nameOf(text: string | null): string {
  if (text === null) return '';
  const plain = text
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .toLowerCase();
  const words = plain.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return [...words.join('_')].slice(0, LONGEST_NAME).join('').replace(/_$/, '');
}

/** Words as a sentence lists them: of many the first, and how many more there are. `all` counts those that have no word, too. */
export function firstInSentence(words: readonly string[], most = 5, all = words.length): string {
  const first = words.slice(0, most);
  const rest = all - first.length;
  return inSentence(rest === 0 ? first : [...first, `${rest} more`]);
}

/** `a`, `a and b`, `a, b and c`. */
export function inSentence(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Sections that a sentence names, where it has not to name all of them. */
const MOST_SECTIONS = 5;

/** Sections in a sentence: `webhooks and products`; of many the first three, and how many more there are. */
export function sectionWords(sections: readonly string[]): string {
  if (sections.length <= MOST_SECTIONS) return inSentence(sections);
  return inSentence([...sections.slice(0, 3), `${sections.length - 3} more sections`]);
}

/** A noun with its article: `an event destination`. */
export function withArticle(noun: string): string {
  return `${/^(?:[aeio]|u(?!ni|s))/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** A text that begins a sentence. */
export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** A sentence that goes on from something before it. */
export function uncapital(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
