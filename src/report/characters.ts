import { INVISIBLE } from '../text.ts';

/** Characters that people can't tell from others, or don't see: which they are, and what they are called. */

/** Characters that look like others, each with the one that it is taken for. */
const LOOKS_LIKE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    A: 'АΑᎪ',
    B: 'ВΒᏴ',
    C: 'СϹᏟ',
    E: 'ЕΕᎬ',
    H: 'НΗᎻ',
    I: 'ІΙӀ',
    J: 'ЈᎫ',
    K: 'КΚᏦ',
    M: 'МΜᎷ',
    N: 'Ν',
    O: 'ОΟ',
    P: 'РΡᏢ',
    S: 'ЅᏚ',
    T: 'ТΤᎢ',
    X: 'ХΧ',
    Y: 'УΥҮ',
    Z: 'ΖᏃ',
    a: 'аɑα',
    b: 'ьƅв',
    c: 'сϲ',
    d: 'ԁɗ',
    e: 'еєҽ℮ε',
    f: 'ƒ',
    g: 'ɡց',
    h: 'һհн',
    j: 'јϳ',
    k: 'кκ',
    l: '1iıӏɩι|ǀɪ∣і',
    m: 'мʍ',
    n: 'ոη',
    o: '0оοօσ०٥',
    p: 'рρ',
    q: 'ԛգ',
    r: 'гɾ',
    s: 'ѕʂ',
    t: 'тτ',
    u: 'υսʋ',
    v: 'νѵ',
    w: 'ԝաѡω',
    x: 'хχ×',
    y: 'уүγ',
    z: 'ᴢʐζ',
    β: 'ß',
    "'": '’‘ʼ′`´ʹ‛',
    '"': '“”″„‟',
    '-': '‐‑‒–—―−﹣',
    ',': '‚،',
    '.': '․۔',
    ':': '∶꞉ː',
    '/': '⁄∕',
    '*': '∗⁎',
    '~': '∼˜',
    '·': '•∙⋅‧',
  }).flatMap(([like, others]) => [...others].map((other) => [other, like] as const)),
);
const LOOKED_LIKE = new Set([...LOOKS_LIKE.values(), ...LOOKS_LIKE.keys()]);

const BLANK = '\\p{Zs}\\p{Co}\\p{Cn}\\u2800\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}';
const IS_BLANK = new RegExp(`^(?! )[${BLANK}]$`, 'u');
const BLANKS = new RegExp(`[${BLANK}]|${INVISIBLE.source}`, 'gu');

/** What a reader takes a text for: letters that look alike are one, case, white space and what is not seen are nothing. */
export function look(text: string): string {
  const taken = (one: string) => [...one].map((character) => LOOKS_LIKE.get(character) ?? character).join('');
  const plain = taken(taken(text.normalize('NFKC')).toLowerCase());
  return plain.replace(BLANKS, ' ').replace(/ +/g, ' ').trim();
}

/** What shows as nothing, or as a space and is none. */
export function isBlank(character: string): boolean {
  return IS_BLANK.test(character) || INVISIBLE.test(character);
}

/** A mark that combines with the letter before it, in scripts whose letters do without. */
export function isMark(character: string): boolean {
  return /^(?=\p{M})\p{Script=Inherited}$/u.test(character);
}

export function isAscii(character: string): boolean {
  return /^[\x20-\x7e]$/.test(character);
}

/** Whether one of ASCII is taken for another, or another for it. */
export function hasDouble(character: string): boolean {
  return character === ' ' || LOOKED_LIKE.has(character) || LOOKED_LIKE.has(character.toLowerCase());
}

/** The letters of another script that look like Latin ones, in words of Latin ones. */
export function foreignIn(text: string): ReadonlySet<string> {
  const words = text.match(/[\p{L}\p{M}]+/gu) ?? [];
  const mixed = words.filter((word) => /[a-z]/i.test(word));
  return new Set(mixed.flatMap((word) => [...word].filter((one) => !isAscii(one) && LOOKS_LIKE.has(one))));
}

const SCRIPTS = ['Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Hebrew', 'Arabic', 'Han', 'Hiragana', 'Katakana'].map(
  (name) => [name, new RegExp(`\\p{Script=${name}}`, 'u')] as const,
);

/** The script of a letter or sign; of Latin letters that are no plain one with an accent, a script of their own. Null for ASCII's signs. */
export function scriptOf(character: string): string | null {
  if (/[a-z]/i.test(character.normalize('NFD')[0] ?? '')) return 'Latin';
  if (isAscii(character) || isMark(character)) return null;
  const [name] = SCRIPTS.find(([, script]) => script.test(character)) ?? [];
  return name ?? (/\p{L}/u.test(character) ? 'another' : 'sign');
}

/** Characters by their numbers and names, each once, and how many more there are. ASCII needs no number. */
export function namesOf(characters: readonly string[]): string {
  const all = [...new Set(characters)];
  const more = all.length > MOST_NAMED ? `, and ${all.length - MOST_NAMED} more` : '';
  return `${all.slice(0, MOST_NAMED).map(named).join(', ')}${more}`;
}

const MOST_NAMED = 3;

function named(character: string): string {
  const name = NAMES.get(character) ?? nameByForm(character);
  if (isAscii(character)) return name ?? character;
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return name === null ? code : `${code} ${name}`;
}

function nameByForm(character: string): string | null {
  // Who takes it for an l reads the letter in its name as one, too.
  if (character === 'i') return 'small i, with a dot';
  if (/^[A-Z]$/.test(character)) return `capital ${character}`;
  if (/^[a-z]$/.test(character)) return `small ${character}`;
  if (/^\d$/.test(character)) return `digit ${character}`;
  if (/^[\uff01-\uff5e]$/.test(character)) return `full-width ${character.normalize('NFKC')}`;
  if (isMark(character)) return 'combining mark';
  const [base = '', ...marks] = character.normalize('NFD');
  const words = marks.map((mark) => NAMES.get(mark)?.replace('combining ', '') ?? 'a mark');
  if (marks.length > 0 && isAscii(base)) return `${base} with ${words.join(' and ')}`;
  const script = scriptOf(character);
  const like = LOOKS_LIKE.get(character);
  const looks = like === undefined ? '' : `looks like ${like}`;
  const isNamed = SCRIPTS.some(([name]) => name === script);
  return [...(isNamed ? [String(script)] : []), ...(looks === '' ? [] : [looks])].join(', ') || null;
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['\t', 'tab'],
  ['\n', 'line feed'],
  ['\r', 'carriage return'],
  [' ', 'space'],
  ['\u00a0', 'no-break space'],
  ['\u00ad', 'soft hyphen'],
  ['\u1680', 'Ogham space'],
  ['\u2000', 'en quad'],
  ['\u2001', 'em quad'],
  ['\u2002', 'en space'],
  ['\u2003', 'em space'],
  ['\u2004', 'three-per-em space'],
  ['\u2005', 'four-per-em space'],
  ['\u2006', 'six-per-em space'],
  ['\u2007', 'figure space'],
  ['\u2008', 'punctuation space'],
  ['\u2009', 'thin space'],
  ['\u200a', 'hair space'],
  ['\u200b', 'zero-width space'],
  ['\u200c', 'zero-width non-joiner'],
  ['\u200d', 'zero-width joiner'],
  ['\u200e', 'left-to-right mark'],
  ['\u200f', 'right-to-left mark'],
  ['\u2028', 'line separator'],
  ['\u2029', 'paragraph separator'],
  ['\u202a', 'left-to-right embedding'],
  ['\u202b', 'right-to-left embedding'],
  ['\u202c', 'end of embedding'],
  ['\u202d', 'left-to-right override'],
  ['\u202e', 'right-to-left override'],
  ['\u202f', 'narrow no-break space'],
  ['\u205f', 'mathematical space'],
  ['\u2060', 'word joiner'],
  ['\u2800', 'blank braille pattern'],
  ['\u3000', 'ideographic space'],
  ['\u3164', 'Hangul filler'],
  ['\ufe0e', 'text variation selector'],
  ['\ufe0f', 'emoji variation selector'],
  ['\ufeff', 'byte order mark'],
  ['\u0300', 'combining grave accent'],
  ['\u0301', 'combining acute accent'],
  ['\u0302', 'combining circumflex'],
  ['\u0303', 'combining tilde'],
  ['\u0304', 'combining macron'],
  ['\u0306', 'combining breve'],
  ['\u0307', 'combining dot above'],
  ['\u0308', 'combining diaeresis'],
  ['\u030a', 'combining ring'],
  ['\u030b', 'combining double acute'],
  ['\u030c', 'combining caron'],
  ['\u0327', 'combining cedilla'],
  ['\u0328', 'combining ogonek'],
  ['\u2010', 'hyphen'],
  ['\u2011', 'no-break hyphen'],
  ['\u2013', 'en dash'],
  ['\u2014', 'em dash'],
  ['\u2212', 'minus sign'],
  ['-', 'hyphen-minus'],
  ['\u2018', 'left single quotation mark'],
  ['\u2019', 'right single quotation mark'],
  ['\u201c', 'left double quotation mark'],
  ['\u201d', 'right double quotation mark'],
  ["'", 'apostrophe'],
  ['"', 'quotation mark'],
  ['\u2026', 'ellipsis'],
  ['\u00b7', 'middle dot'],
  ['\u2022', 'bullet'],
  ['\u00d7', 'multiplication sign'],
  ['\u0131', 'dotless i'],
  ['|', 'vertical bar'],
]);
