/** Values of which objects of any kind are made, and how a file states them. */
import type { Arbitrary } from 'fast-check';
import { Dice, Digits, Loose, Names, type Tree } from '../tree.ts';
import type { Check, Live, Pairs } from './kind.ts';

/**
 * Which parts of an object a file states: the same ones each time, and whatever the id, since the entry gets that of a new
 * object and states what it did.
 */
export function choiceOf(live: Live): Dice {
  const text = JSON.stringify({ ...live, id: '' });
  return new Dice([...text].reduce((sum, letter) => sum + letter.charCodeAt(0), 0));
}

const HOSTILE = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '<<',
  '*',
  '&a',
  'null',
  '~',
  'true',
  'no',
  '1.10',
  '007',
  '1e3',
  '0x10',
  '.inf',
  'inf',
  '2027-01-31',
  'a.b',
  'a/b~c',
  'match',
  'id',
  'environments',
  '- x',
  'a: b',
  'a #b',
  '%TAG',
  '`"\'|>',
  '{a}',
  '[b]',
  '!tag',
  '---',
  '\\',
  '::error::x',
  '##[error]x',
  '<b>@octocat</b>',
  '\u202eabc',
  '😀',
  'e\u0301',
  '中文',
  'first\nsecond',
  'first\n\n  second\n',
  '\ttab',
  ' spaces ',
  'a\r\nb',
  '\u0085\u2028\ufeff',
  '\u0000',
];

/** A text as Stripe takes it on customers' statements: with a letter, and without what it refuses there. */
export function descriptor(text: string): string {
  const taken = text.replace(/[<>\\"']/g, '');
  return /\p{L}/u.test(taken) ? taken : `A${taken}`;
}

/** Generators; they are made once for each `check`. */
export function values(check: Check): Values {
  const known = made.get(check);
  if (known !== undefined) return known;
  const text: Arbitrary<string> = check.oneof(
    { weight: 3, arbitrary: check.constantFrom(...HOSTILE) },
    { weight: 2, arbitrary: check.stringMatching(/^[A-Za-z][A-Za-z0-9 _-]{0,20}$/) },
    { weight: 1, arbitrary: check.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }) },
    { weight: 1, arbitrary: check.string({ unit: 'binary', minLength: 1, maxLength: 12 }) },
    { weight: 1, arbitrary: check.lorem({ maxCount: 30 }) },
  );
  const whole: Arbitrary<string> = check.oneof(
    check.constantFrom('0', '1', '2000', '999999999999'),
    check.nat({ max: 100_000 }).map(String),
  );
  const broken = check
    .tuple(whole, check.stringMatching(/^[0-9]{0,11}[1-9]$/))
    .map(([integer, fraction]) => `${integer}.${fraction}`);
  const all: Values = {
    text,
    someText: check.option(check.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: check.constant('') })),
    address: check.oneof(
      // `$NAME` is refused: something else would have to fill it in.
      check.webUrl({ withQueryParameters: true, withFragments: true }).map((url) => url.replaceAll('$', '-')),
      check.constantFrom(
        'https://api.example.com/stripe',
        'https://API.example.com:443/stripe/',
        'http://user:secret@example.com:8080/a%20b?token=x&y#z',
        'https://münchen.example/ünïcode',
        'HTTPS://example.com',
      ),
    ),
    metadata: check.dictionary(
      // Node 24.21 at times parses the JSON name "\u0000", alone, as a backslash: no name of ours, and none of Stripe's.
      text.filter((name) => name !== '\u0000'),
      check.oneof(
        text,
        check.constantFrom('1.10', '20', '0', 'true', 'false', '', '007', '12345678901234567890', '0.000000000001'),
      ),
      { maxKeys: 4, noNullPrototype: false },
    ),
    whole,
    broken,
    amounts: check.oneof(
      whole.map((amount) => ({ unit_amount: Number(amount), unit_amount_decimal: amount })),
      broken.map((amount) => ({ unit_amount: null, unit_amount_decimal: amount })),
    ),
  };
  made.set(check, all);
  return all;
}

const made = new Map<Check, Values>();

export interface Values {
  /** Text that is hostile to YAML, to JavaScript and to whoever prints it; never empty. */
  readonly text: Arbitrary<string>;
  /** Text, or one of the ways in which Stripe says that there is none. */
  readonly someText: Arbitrary<string | null>;
  readonly address: Arbitrary<string>;
  readonly metadata: Arbitrary<Record<string, string>>;
  /** A whole amount's digits. */
  readonly whole: Arbitrary<string>;
  /** A decimal with one to twelve decimals, the last of them no zero. */
  readonly broken: Arbitrary<string>;
  /** Both forms of an amount as Stripe sends them. */
  readonly amounts: Arbitrary<Amounts>;
}

export interface Amounts {
  readonly unit_amount: number | null;
  readonly unit_amount_decimal: string | null;
}
export const noAmounts: Amounts = { unit_amount: null, unit_amount_decimal: null };

// --- Statements

export function usable(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function textOrNull(value: unknown): string | null {
  return usable(value) ? value : null;
}

/** A text of which digits need no quotes. */
export function digitsTree(value: unknown): Tree {
  return usable(value) && /^\d/.test(value) ? new Loose(value) : textOrNull(value);
}

/** A text as Stripe keeps it: an empty one is none. */
export function noText<T>(value: T): T | null {
  return (value as unknown) === '' || value === undefined ? null : value;
}

/** Metadata as Stripe keeps it: an empty value is none. */
export function storedMetadata(metadata: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries((metadata ?? {}) as Record<string, string>).filter(([, one]) => one !== ''));
}

export function emptyOr(list: readonly Tree[], dice: Dice): Tree {
  return list.length === 0 && dice.often(50) ? null : list;
}

export function metadataTree(live: Live): Tree {
  const pairs = Object.entries(live.metadata as Record<string, string>);
  return new Names(pairs.map(([name, value]) => [name, value === '' ? null : new Loose(value)]));
}

/** A field's map, all of it in one layer: of a section that is one object, an environment splits the fields. */
export function inOneLayer(pairs: (readonly [string, Tree])[]): Names {
  return new Names(
    pairs,
    pairs.map(([name]) => name),
  );
}

/** A whole value: what equals its default may be left out; `undefined` says that it may not. */
export function wholeTree(members: readonly (readonly [string, Tree, string | null | undefined])[], dice: Dice): Names {
  const plain = (tree: Tree) => (tree instanceof Digits ? tree.canonical : tree);
  const kept = members.filter(([, tree, fallback]) => plain(tree) !== fallback || dice.often(40));
  const [first] = members;
  const pairs = kept.length === 0 && first !== undefined ? [first] : kept;
  return new Names(pairs.map(([name, tree]) => [name, tree]));
}

/** An amount under one of its two spellings, or both. */
export function amountPairs(
  name: string,
  { unit_amount, unit_amount_decimal }: Amounts,
  dice: Dice,
  fallback?: string,
): Pairs {
  const decimal = `${name}_decimal`;
  if (unit_amount_decimal === null) {
    if (fallback !== undefined && dice.often(50)) return [];
    const none = fallback !== undefined && dice.often(30) ? new Digits('0', 'amount') : null;
    return [[dice.pick([name, decimal]), none]];
  }
  const exact = new Digits(unit_amount_decimal, 'decimal');
  if (unit_amount === null)
    return dice.pick<Pairs>([
      [[decimal, exact]],
      [
        [name, null],
        [decimal, exact],
      ],
    ]);
  if (unit_amount === 0 && fallback === '0' && dice.often(30)) return [];
  const amount = new Digits(String(unit_amount), 'amount');
  return dice.pick<Pairs>([
    [[name, amount]],
    [[decimal, exact]],
    [
      [name, amount],
      [decimal, exact],
    ],
  ]);
}

/** A whole number. */
export function count(value: unknown): Digits {
  return new Digits(String(value), 'integer');
}

/** A moment, as a day or as a time in some zone. */
export function momentTree(value: unknown, dice: Dice): Tree {
  if (typeof value !== 'number') return null;
  const iso = new Date(value * 1000).toISOString().replace('.000Z', 'Z');
  if (value % 86_400 === 0 && dice.often(60)) return iso.slice(0, 10);
  const inZone = new Date((value + 2 * 3600) * 1000).toISOString().replace('.000Z', '+02:00');
  return dice.pick<Tree>([iso, iso, inZone]);
}

/** In days since 1970: of a day that has passed, and of one more than 5 years ahead, a file is told. */
export const TODAY = Math.floor(Date.now() / 86_400_000);

// --- Changes

export function otherText(field: string) {
  return (live: Live) => ({ [field]: live[field] === 'other' ? 'another' : 'other' });
}

/** One value of the metadata that the file states is another, or gone; where it states that there is none, there is one. */
export function otherMetadata(live: Live) {
  const pairs = Object.entries(live.metadata as Record<string, string>);
  const [name, value] = pairs[0] ?? ['added', ''];
  const rest = pairs.slice(1);
  const changed =
    value === '' ? [[name, 'other'] as const] : value.length % 2 === 0 ? [[name, `${value}!`] as const] : [];
  return { metadata: Object.fromEntries([...changed, ...rest]) };
}

/** Configurations of which no more than one is the default, which is active. */
export function oneDefault(objects: readonly Live[]): Live[] {
  let hasDefault = false;
  return objects.map((live) => {
    const isDefault = live.is_default === true && !hasDefault;
    hasDefault ||= isDefault;
    return { ...live, is_default: isDefault, active: isDefault || live.active };
  });
}
