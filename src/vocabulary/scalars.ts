import { isRecord, type Node, type ScalarNode, type Value } from '../model.ts';
import { bare, capital, quote, withArticle } from '../text.ts';
import { AMOUNT_DECIMALS, canonicalDecimal, decimalFromStripe, FLOAT_DECIMALS } from './decimal.ts';
import { holdsSecret } from './secrets.ts';
import type { Context, JsonSchema, Spelled, Type } from './type.ts';

/** Single values: texts, words, flags and numbers. */

/** Free text. `limit` is Stripe's, in characters; longer text is a warning, since Stripe may have raised it. */
export function text(limit?: number): Type {
  return {
    schema: { type: ['string', 'null'], minLength: 1 },
    expected(node, context) {
      const value = scalar(node).value as string | null;
      if (value === null) return null;
      if (value !== value.trim()) context.complain(node.at, 'has white space at its ends', 'doubt');
      if (limit !== undefined && [...value].length > limit) {
        context.complain(node.at, `has ${[...value].length} characters; Stripe accepts at most ${limit}`, 'doubt');
      }
      return value;
    },
    actual: textFromStripe,
  };
}

/** The id of an object that no section declares, which an answer may hold expanded. */
export const objectId: Type = { ...literal(text()), actual: (raw) => textFromStripe(isRecord(raw) ? raw.id : raw) };

/** What other tools replace by a value before they read a file: `${NAME}`, `{{ name }}`, `$NAME`. */
const TEMPLATE = /\$\{[^}]*\}?|\{\{.*?(?:\}\}|$)|\$[A-Z_][A-Z\d_]+/;

/** What is to be said of a text that holds a template; null where it holds none. `example` shows the value in an environment. */
export function templateWords(text: string, example: () => string): string | null {
  const [found] = TEMPLATE.exec(text) ?? [];
  if (found === undefined) return null;
  return `contains ${quote(found)}, but variables in the file are not expanded. State the value for each environment: ${example()}`;
}

/** A value that names something, such as an id or a key: a template in it would be taken literally. */
export function literal(type: Type): Type {
  return {
    ...type,
    expected(node, context) {
      noticeTemplate(node, context);
      return type.expected(node, context);
    },
  };
}

export function noticeTemplate(node: Node, context: Pick<Context, 'complain' | 'inEnvironments'>): void {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || !TEMPLATE.test(node.text)) return;
  const words = templateWords(node.text, () => context.inEnvironments(node.at));
  if (words !== null) context.complain(node.at, words);
}

/** A text of which Stripe takes capitals and small letters for the same. */
export function caseless(type: Type): Type {
  const folded = (value: string) => value.toLowerCase();
  const isSame = (one: Value, other: Value) =>
    typeof one === 'string' && typeof other === 'string' && folded(one) === folded(other);
  return { ...type, folded, aligned: (expected, actual) => [isSame(expected, actual) ? actual : expected, actual] };
}

const SECRET_IN_URL =
  'holds what looks like a password or token, and whoever can read this file, or its history in git, has it. Give the receiver another one, and state id in place of this';

/** An absolute http or https URL. With `securely`, what is sent there is nobody else's business: plain `http` is a warning in live mode, and so is a secret in it. */
export function url(options: { securely?: true; limit?: number } = {}): Type {
  const plain = text(options.limit);
  return {
    ...plain,
    schema: {
      ...plain.schema,
      pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#]',
      patternErrorMessage: 'Expected a URL such as https://api.example.com/path.',
    },
    expected(node, context) {
      const value = plain.expected(node, context);
      if (typeof value !== 'string') return value;
      const parsed = URL.canParse(value) ? new URL(value) : null;
      if (TEMPLATE.test(value)) noticeTemplate(node, context);
      else if (/\s/.test(value)) {
        // Not quoted: what follows the white space may be the rest of a token.
        context.complain(node.at, 'has white space, which a URL must not have. Write %20, or remove it');
      } else if (parsed === null) {
        context.complain(
          node.at,
          `is ${quote(value)}, which is not a URL. Expected something like https://api.example.com/path`,
        );
      } else if (options.securely) {
        if (parsed.protocol === 'http:')
          context.complain(node.at, 'is plain http; in live mode Stripe only delivers to https', 'live-doubt');
        if (holdsSecret(value)) context.complain(node.at, SECRET_IN_URL, 'warning');
      }
      return value;
    },
    loose(value) {
      const [, scheme = '', user = '', host = '', port = '', path = '', rest = ''] =
        /^(https?):\/\/([^/?#@]*@)?([^/?#:]*)(?::(\d+))?([^?#]*)(.*)$/is.exec(value) ?? [];
      if (scheme === '') return [value, value];
      const isDefault = port === (scheme.toLowerCase() === 'https' ? '443' : '80');
      const [start, server] = [`${scheme.toLowerCase()}://`, host.toLowerCase()];
      const place = `${server}${port === '' || isDefault ? '' : `:${port}`}${path.replace(/\/$/, '')}`;
      return [`${start}${user}${place}${rest}`, `${start}${place}`];
    },
  };
}

/** A value that Stripe always has: the file can't state that it is not set. */
export function always(type: Type): Type {
  const { schema } = type;
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const named = types.filter((name) => name !== 'null');
  const words = schema.enum?.filter((word) => word !== null);
  return {
    ...type,
    schema: { ...schema, type: named.length === 1 ? String(named[0]) : named, ...(words && { enum: words }) },
  };
}

/** A part of a value that an update unsets by an empty text. */
export function cleared(type: Type): Type {
  return { ...type, cleared: true };
}

/** A part of a value that Stripe sets, and no request. */
export function given(type: Type): Type {
  return { ...type, given: true };
}

/** A value that means nothing in the other mode. */
export function ofMode(type: Type): Type {
  return { ...type, ofMode: true };
}

/** `true` or `false`. */
export const flag: Type = {
  schema: { type: ['boolean', 'null'] },
  expected: (node) => scalar(node).value,
  actual: (raw) => (typeof raw === 'boolean' ? raw : null),
};

/** One of Stripe's words. `unset` is the word by which Stripe says "not set": it equals null. */
export function word(words: readonly string[], options: { unset?: string } = {}): Type {
  const orNull = (value: string | null) => (value === options.unset ? null : value);
  return {
    schema: { type: ['string', 'null'], enum: [...words, null] },
    expected: (node) => orNull(scalar(node).value as string | null),
    actual: (raw) => orNull(textFromStripe(raw)),
    ...(options.unset !== undefined && { spelled: (value: Value) => (value ?? options.unset) as Spelled }),
  };
}

/**
 * A word of a list that grows with Stripe: one that `words` lacks is a warning, worded by `what`. With `typos`, one that is a
 * slip of a single known word is an error. `all` is the word that stands for all others: Stripe takes it alone, and no pattern.
 */
export function openWord(
  words: readonly string[],
  what: string,
  options: { nullable?: true; typos?: true; all?: string } = {},
): Type {
  const known = new Set(words);
  const type = options.nullable ? ['string', 'null'] : 'string';
  const one = withArticle(what);
  const description = `${capital(one)}. A value that this version does not know is a warning.`;
  // Editors offer the words of a branch that nothing fits, and do not repeat hundreds of them in what they say of a value.
  const offered: JsonSchema = {
    type,
    description: 'Known to this version.',
    enum: options.nullable ? [...words, null] : words,
    not: {},
  };
  return {
    schema: { type, description, anyOf: [{ type, minLength: 1 }, offered] },
    expected(node, context) {
      const value = scalar(node).value as string | null;
      if (value !== null && !known.has(value)) {
        const meant = options.typos ? context.typo(value, words) : null;
        const hint = context.nearest(value, words);
        if (options.all !== undefined && value.includes(options.all))
          context.complain(
            node.at,
            `is ${quote(value)}, but Stripe takes no patterns: name each ${what}, or write '${options.all}' alone for all`,
          );
        else if (meant !== null)
          context.complain(node.at, `is ${quote(value)}, which is not ${one}. Did you mean ${bare(meant)}?`);
        else
          context.complain(node.at, `is ${quote(value)}, which is not ${one} that this program knows.${hint}`, 'doubt');
      }
      return value;
    },
    actual: textFromStripe,
  };
}

/** A whole number of at least `minimum`, such as a count of days. Kept as a canonical decimal string. */
export function integer(minimum = 0, maximum?: number): Type {
  return {
    schema: { type: ['integer', 'null'], minimum, ...(maximum !== undefined && { maximum }) },
    expected: (node, context) => digits(node, context, 'a whole number in plain digits', /^\d+(\.0+)?$/),
    actual: decimalFromStripe,
    spelled: spelledDigits,
  };
}

/** An exact decimal in plain digits. Quote it to keep its zeros in the file; `"20.00"` equals `20`. */
export const decimal: Type = decimalOf(AMOUNT_DECIMALS);

/** A decimal that Stripe keeps as a float, such as a percentage. */
export const float: Type = decimalOf(FLOAT_DECIMALS);

function decimalOf(most: number): Type {
  const expected = `plain digits with at most ${most} decimals`;
  const pattern = `^\\d+(\\.\\d{1,${most}})?$`;
  const form = new RegExp(pattern);
  return {
    schema: {
      type: ['number', 'string', 'null'],
      pattern,
      patternErrorMessage: `Expected ${expected}.`,
      minimum: 0,
    },
    expected: (node, context) => digits(node, context, expected, form, most),
    actual: decimalFromStripe,
    spelled: spelledDigits,
  };
}

/** The scalar that the schema has made sure of. */
export function scalar(node: Node): ScalarNode {
  if (node.kind === 'scalar') return node;
  throw new TypeError(`the schema let a ${node.kind} pass where a scalar is read`);
}

/** A text of Stripe's; null where it says none, or an empty one. */
export function textFromStripe(raw: unknown): string | null {
  return raw === null || raw === undefined || raw === '' ? null : String(raw);
}

/** Digits as the file spells them: bare where they are whole. */
export function spelledDigits(value: Value): Spelled {
  return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : (value as Spelled);
}

function digits(node: Node, context: Context, expected: string, form: RegExp, most?: number): string | null {
  const { value, text: written, at } = scalar(node);
  if (value === null) return null;
  const canonical = form.test(written) ? canonicalDecimal(written, most) : null;
  if (canonical === null) context.complain(at, `is ${bare(written)}. Expected ${expected}`);
  return canonical ?? written;
}
