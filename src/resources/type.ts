import type { Entry, Fields, MapNode, Node, Place, ScalarNode, Value } from '../model.ts';
import { amountWords, canonicalDecimal, decimalFromStripe } from './decimal.ts';
import { bare, fileWord, placeWords, quote } from './text.ts';

/** A JSON Schema of draft-07, as far as this project writes it, with what editors read besides. */
export interface JsonSchema {
  type?: string | readonly string[];
  description?: string;
  enum?: readonly (string | number | boolean | null)[];
  /** Of each word of `enum`, what it means. */
  enumDescriptions?: readonly string[];
  const?: string | number;
  anyOf?: readonly JsonSchema[];
  allOf?: readonly JsonSchema[];
  not?: JsonSchema;
  properties?: { [name: string]: JsonSchema };
  patternProperties?: { [pattern: string]: JsonSchema };
  required?: readonly string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  minItems?: number;
  minLength?: number;
  maxLength?: number;
  minProperties?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  /** An amount in the currency's minor unit: what is said of a wrong one depends on the currency. */
  minorUnits?: true;
  /** What editors (VS Code) and this program say of a text that the pattern refuses. */
  patternErrorMessage?: string;
  /** What editors say of a value of another type. */
  errorMessage?: string;
  /** Editors offer no name. */
  doNotSuggest?: true;
  default?: Value;
  examples?: readonly Value[];
  $ref?: string;
  $schema?: string;
  $id?: string;
  title?: string;
  definitions?: { [name: string]: JsonSchema };
}

/** What reading a value needs to know of the rest of the file, and where it says what is wrong with the value. */
export interface Context {
  /** The mode of the account that the file is read for; null when any. */
  readonly mode: 'live' | 'test' | null;
  /** The names of the entries in a section; null where there may be more, in a file that could not be read. */
  names(section: string): readonly string[] | null;
  /** The paths of all files, in which these entries are. */
  readonly files: readonly string[];
  /** The currency of an amount at a place; null where the file does not tell. */
  currency(at: Place): string | null;
  /** The nearest of the candidates, as ` Did you mean x?`, or nothing. */
  nearest(word: string, candidates: readonly string[]): string;
  complain(at: Place, message: string, severity?: 'error' | 'warning'): void;
}

/** A value as a person writes it in the file: digits are whole numbers, or texts where they have decimals. */
export type Spelled = string | bigint | boolean | null | readonly Spelled[] | { readonly [name: string]: Spelled };

/** What a request to Stripe holds, by name or index. An empty text unsets. */
export type Parameter = string | readonly Parameter[] | { readonly [name: string]: Parameter };

/**
 * What a value looks like, how it is read from the file's text and from Stripe, and what of the two is compared. Both
 * sides become one shape here, so that the comparison itself is a plain difference.
 */
export interface Type {
  readonly schema: JsonSchema;
  /** The value that the file states. Called on nodes that the schema accepted; complains about what a schema can't say. */
  expected(node: Node, context: Context): Value;
  /** The value that Stripe sent. Takes whatever comes: unknown words stay words. */
  actual(raw: unknown): Value;
  /** Both sides as they are compared, such as only the names of a map that the file mentions. By default both, whole. `live`
   *  is the whole object. */
  aligned?(expected: Value, actual: Value, live?: Fields): readonly [Value, Value];
  /** Paths of what the file states and Stripe's answer did not hold, because it was not expanded: it is not compared. */
  unread?(expected: Value, actual: Value): readonly (readonly string[])[];
  /**
   * The value as the file spells it: reading that gives the value again. What is default on this side and on the `other`,
   * in whose place it goes, is left out. By default the value itself.
   */
  spelled?(value: Value, other: Value): Spelled;
  /** The value in a request to Stripe; undefined where no request says it. By default a text, empty for null. */
  parameter?(value: Value): Parameter | undefined;
  /** The type of a value inside this one. */
  inner?(name: string): Type | undefined;
  /** Equal for two values that a person would take for the same, such as a URL with and without its default port. */
  loose?(value: string): string;
  /** Can't be changed once it is set. */
  readonly final?: true;
  /** A map of names that the user chooses, of which a part may be meant. */
  readonly open?: true;
  /** A set: changes are words, not positions. */
  readonly set?: SetVerbs;
  /** The section whose entries this value names. */
  readonly reference?: string;
  /** What kind of words a reader gets besides the raw value. */
  readonly gloss?: 'amount' | 'recurring' | 'currencies';
}

/** A name within an object. `also` holds other spellings of the same statement, such as `unit_amount_decimal`. */
export interface Member {
  readonly type: Type;
  readonly description: string;
  readonly default?: Value;
  readonly required?: true;
  /** Written out in the file even where it is the default. */
  readonly explicit?: true;
  readonly also?: { readonly [spelling: string]: { readonly type: Type; readonly description: string } };
}
export type Shape = { readonly [name: string]: Member };

/** Free text. `limit` is Stripe's, in characters; longer text is a warning, since Stripe may have raised it. */
export function text(limit?: number): Type {
  return {
    schema: { type: ['string', 'null'], minLength: 1 },
    expected(node, context) {
      const value = scalar(node).value as string | null;
      if (value === null) return null;
      noticeSpace(node, value, context);
      if (limit !== undefined && [...value].length > limit) {
        context.complain(node.at, `has ${[...value].length} characters; Stripe takes at most ${limit}`, 'warning');
      }
      return value;
    },
    actual: textFromStripe,
  };
}

/** An absolute http or https URL. With `securely`, plain `http` is a warning in live mode. */
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
      const parsed = parseUrl(value);
      if (/\s/.test(value)) {
        // Not quoted: what follows the white space may be the rest of a token.
        context.complain(node.at, 'holds white space, which no URL does. Write %20, or remove it');
      } else if (parsed === null) {
        context.complain(
          node.at,
          `is ${quote(value)}, which is not a URL. Expected something like https://api.example.com/path`,
        );
      } else if (options.securely && parsed.protocol === 'http:' && context.mode === 'live') {
        context.complain(node.at, 'is plain http; in live mode Stripe only delivers to https', 'warning');
      }
      return value;
    },
    loose(value) {
      const [, scheme = '', user = '', host = '', port = '', path = '', rest = ''] =
        /^(https?):\/\/([^/?#@]*@)?([^/?#:]*)(?::(\d+))?([^?#]*)(.*)$/is.exec(value) ?? [];
      if (scheme === '') return value;
      const isDefault = port === (scheme.toLowerCase() === 'https' ? '443' : '80');
      const root = `${scheme.toLowerCase()}://${user}${host.toLowerCase()}`;
      return `${root}${port === '' || isDefault ? '' : `:${port}`}${path.replace(/\/$/, '')}${rest}`;
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

/** `true` or `false`. */
export const flag: Type = {
  schema: { type: ['boolean', 'null'] },
  expected: (node) => scalar(node).value,
  actual: (raw) => (typeof raw === 'boolean' ? raw : null),
};

/** One of Stripe's words. `unset` is the word by which Stripe says "not set": it equals null. */
export function word(words: readonly string[], options: { unset?: string } = {}): Type {
  return {
    schema: { type: ['string', 'null'], enum: [...words, null] },
    expected: (node) => orNull(scalar(node).value as string | null, options.unset),
    actual: (raw) => orNull(textFromStripe(raw), options.unset),
    ...(options.unset !== undefined && { spelled: (value: Value) => (value ?? options.unset) as Spelled }),
  };
}

/** A word of a list that grows with Stripe: one that `words` lacks is a warning, worded by `what`. */
export function openWord(words: readonly string[], what: string, options: { nullable?: true } = {}): Type {
  const known = new Set(words);
  const type = options.nullable ? ['string', 'null'] : 'string';
  const description = `An ${what}. One that this version does not know is a warning.`;
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
        const hint = context.nearest(value, words);
        context.complain(node.at, `is ${quote(value)}, which is no ${what} that this version knows.${hint}`, 'warning');
      }
      return value;
    },
    actual: textFromStripe,
  };
}

/** A whole number of at least `minimum`, such as a count of days. Kept as a canonical decimal string. */
export function integer(minimum = 0): Type {
  return {
    schema: { type: ['integer', 'null'], minimum },
    expected: (node, context) => digits(node, context, 'a whole number in plain digits', /^\d+(\.0+)?$/),
    actual: decimalFromStripe,
    spelled: spelledDigits,
  };
}

/** An exact decimal in plain digits. Quote it to keep its zeros in the file; `"20.00"` equals `20`. */
export const decimal: Type = {
  schema: {
    type: ['number', 'string', 'null'],
    pattern: '^\\d+(\\.\\d{1,12})?$',
    patternErrorMessage: 'Expected plain digits with at most 12 decimals.',
    minimum: 0,
  },
  expected: (node, context) => digits(node, context, 'plain digits with at most 12 decimals', /^\d+(\.\d{1,12})?$/),
  actual: decimalFromStripe,
  spelled: spelledDigits,
};

/** An amount of money in the currency's minor unit, whole: digits alone, since who writes a decimal point means dollars. */
export const amount: Type = {
  schema: {
    type: ['integer', 'string', 'null'],
    pattern: '^\\d+$',
    patternErrorMessage: `${amountWords('', null)}.`,
    minorUnits: true,
    minimum: 0,
  },
  expected(node, context) {
    const { value, text: written, at } = scalar(node);
    if (value === null) return null;
    const canonical = /^\d+$/.test(written) ? canonicalDecimal(written) : null;
    if (canonical === null) context.complain(at, `is ${bare(written)}. ${amountWords(written, context.currency(at))}`);
    return canonical ?? written;
  },
  actual: decimalFromStripe,
  spelled: spelledDigits,
  gloss: 'amount',
};

/** An amount of money in the currency's minor unit, with up to 12 decimals. */
export const amountDecimal: Type = { ...decimal, gloss: 'amount' };

/**
 * What Stripe does where it lacks a word of the file, and where it has one more: `does not send`, `also sends`; and what
 * becomes of that one once the file is applied: `would no longer send`.
 */
export interface SetVerbs {
  readonly lacks: string;
  readonly extra: string;
  readonly loses: string;
}

/** A set of words: order never matters. An empty one equals null. */
export function set(of: Type, options: { verbs: SetVerbs; nonEmpty?: true }): Type {
  return {
    schema: options.nonEmpty
      ? { type: 'array', items: always(of).schema, minItems: 1 }
      : { type: ['array', 'null'], items: always(of).schema },
    expected(node, context) {
      if (node.kind !== 'list') return null;
      const seen = new Map<string, Place>();
      for (const item of node.items) {
        const value = of.expected(item, context);
        if (typeof value !== 'string') continue;
        const first = seen.get(value);
        if (first === undefined) seen.set(value, item.at);
        else
          context.complain(item.at, `repeats ${quote(value)}, listed already ${placeWords(first, item.at)}`, 'warning');
      }
      return seen.size === 0 ? null : [...seen.keys()].sort();
    },
    actual(raw) {
      if (!Array.isArray(raw) || raw.length === 0) return null;
      return [...new Set(raw.map((item) => String(of.actual(item))))].sort();
    },
    aligned: (expected, actual) => [asNames(expected), asNames(actual)],
    parameter: (value) => listParameter(of, value),
    set: options.verbs,
  };
}

/** A list, in order. An empty one equals null. More than `limit` items is a warning. */
export function list(of: Type, limit?: number): Type {
  return {
    schema: { type: ['array', 'null'], items: always(of).schema },
    expected(node, context) {
      if (node.kind !== 'list' || node.items.length === 0) return null;
      if (limit !== undefined && node.items.length > limit) {
        context.complain(node.at, `has ${node.items.length} items; Stripe takes at most ${limit}`, 'warning');
      }
      return node.items.map((item) => of.expected(item, context) ?? of.actual({}));
    },
    actual: (raw) => (Array.isArray(raw) && raw.length > 0 ? raw.map((item) => of.actual(item)) : null),
    spelled: (value) => (Array.isArray(value) ? value.map((item) => spelledAs(of, item, null)) : null),
    parameter: (value) => listParameter(of, value),
    inner: () => of,
  };
}

/** A map of names that the user chooses. Only the names that the file mentions are compared; an empty map states that there is none. */
export function map(of: Type, names: JsonSchema = { minLength: 1 }): Type {
  return {
    schema: { type: ['object', 'null'], additionalProperties: of.schema, propertyNames: names },
    expected(node, context) {
      if (node.kind !== 'map' || node.entries.size === 0) return null;
      return record([...node.entries.values()].map(({ name, node: value }) => [name, of.expected(value, context)]));
    },
    actual(raw) {
      const pairs = Object.entries(isRecord(raw) ? raw : {});
      return pairs.length === 0 ? null : record(pairs.map(([name, value]) => [name, of.actual(value)]));
    },
    aligned(expected, actual) {
      if (!isRecord(expected)) return [record([]), isRecord(actual) ? actual : record([])];
      const pairs = Object.entries(expected).map(([name, wanted]) => {
        const live = memberOf(actual, name);
        return [
          name,
          of.aligned && wanted !== null && live !== null
            ? of.aligned(wanted as Value, live)
            : ([wanted as Value, live] as const),
        ] as const;
      });
      return [
        record(pairs.map(([name, [wanted]]) => [name, wanted])),
        record(pairs.map(([name, [, live]]) => [name, live])),
      ];
    },
    unread(expected, actual) {
      if (!isRecord(expected) || !isRecord(actual)) return [];
      return Object.keys(expected).flatMap((name) => {
        const [wanted, live] = [memberOf(expected, name), memberOf(actual, name)];
        return (of.unread && live !== null ? of.unread(wanted, live) : []).map((path) => [name, ...path]);
      });
    },
    spelled(value, other) {
      if (!isRecord(value)) return record([]);
      return record(
        Object.entries(value).map(([name, live]) => [name, spelledAs(of, live as Value, memberOf(other, name))]),
      );
    },
    open: true,
    parameter: (value) =>
      isRecord(value)
        ? parametersOf(Object.entries(value).map(([name, one]) => [name, parameterOf(of, one as Value)]))
        : '',
    inner: () => of,
  };
}

/** An object compared as one statement: a name that the file leaves out means its default, else null. */
export function whole(shape: Shape, options: { gloss?: 'recurring'; description?: string } = {}): Type {
  return {
    schema: { ...shapeSchema(withDefaults(shape)), type: ['object', 'null'] },
    expected(node, context) {
      if (node.kind !== 'map' || node.entries.size === 0) return null;
      const { fields } = readShape(shape, node, context);
      return record(Object.keys(shape).map((name) => [name, fields[name] ?? shape[name]?.default ?? null]));
    },
    actual(raw) {
      if (!isRecord(raw)) return null;
      return record(
        Object.entries(shape).map(([name, member]) => [name, readMember(raw, name, member) ?? member.default ?? null]),
      );
    },
    spelled: (value, other) => (isRecord(value) ? spelledMembers(shape, value, other) : null),
    parameter: (value) => memberParameters(shape, value),
    inner: (name) => memberType(shape, name),
    ...(options.gloss && { gloss: options.gloss }),
  };
}

/** An object of which only the names that the file states are compared. */
export function part(shape: Shape): Type {
  return {
    schema: { ...shapeSchema(shape), type: ['object', 'null'] },
    expected(node, context) {
      return node.kind === 'map' ? readShape(shape, node, context).fields : null;
    },
    actual(raw) {
      if (!isRecord(raw)) return null;
      const read = Object.entries(shape).map(([name, member]) => [name, readMember(raw, name, member)] as const);
      return record(read.filter((pair): pair is [string, Value] => pair[1] !== undefined));
    },
    aligned(expected, actual) {
      if (!isRecord(expected) || !isRecord(actual)) return [expected, actual];
      const names = Object.keys(expected).filter((name) => name in actual);
      const only = (side: Value) => record(names.map((name) => [name, memberOf(side, name)]));
      return [only(expected as Value), only(actual as Value)];
    },
    unread(expected, actual) {
      if (!isRecord(expected) || !isRecord(actual)) return [];
      return Object.keys(expected).flatMap((name) => (expected[name] === null || name in actual ? [] : [[name]]));
    },
    // A name that the other side does not state is written only where it has a value.
    spelled: (value, other) =>
      isRecord(value)
        ? record(
            Object.entries(value)
              .filter(([name, live]) => live !== null || (isRecord(other) && name in other))
              .map(([name, live]) => spelling(name, member(shape, name), live as Value, memberOf(other, name))),
          )
        : null,
    parameter: (value) => memberParameters(shape, value) || undefined,
    inner: (name) => memberType(shape, name),
  };
}

/** The name of an entry of another section, or an id. `prefix` is Stripe's for such ids: a bare string with it is an id. */
export function reference(section: string, prefix: string): Type {
  return {
    schema: {
      type: ['string', 'number', 'object', 'null'],
      minLength: 1,
      // In a branch of its own: else editors begin with this map, where people write a name.
      allOf: [
        {
          properties: {
            id: { type: 'string', minLength: 1, description: `An id of Stripe's, usually \`${prefix}…\`.` },
          },
          required: ['id'],
          additionalProperties: false,
        },
      ],
    },
    expected(node, context) {
      if (node.kind === 'map') {
        const id = node.entries.get('id')?.node;
        return record([['id', id === undefined ? null : scalar(id).value]]);
      }
      const { value, text: name } = scalar(node);
      if (value === null) return null;
      const names = context.names(section);
      if (names === null || names.includes(name)) return record([['entry', name]]);
      if (!name.startsWith(prefix)) {
        const none = `the ${fileWord(context.files)} declares no ${section}`;
        const where = names.length === 0 ? none : `no entry of ${section} has that name`;
        const hint = context.nearest(name, names);
        context.complain(
          node.at,
          `is ${quote(name)}, but ${where}.${hint} To refer to an object by its id, write { id: … }`,
        );
      }
      return record([['id', name]]);
    },
    actual: (raw) => textFromStripe(isRecord(raw) ? raw.id : raw),
    spelled(value) {
      if (isRecord(value)) return typeof value.entry === 'string' ? value.entry : { id: String(value.id) };
      return value === null ? null : { id: String(value) };
    },
    parameter(value) {
      if (!isRecord(value)) return value === null ? '' : String(value);
      return typeof value.id === 'string' ? value.id : undefined;
    },
    reference: section,
  };
}

/** The fields that a map states, under their main names, and the spelling used for each. Complains about contradictions. */
export function readShape(
  shape: Shape,
  node: MapNode,
  context: Context,
): { fields: { [name: string]: Value }; stated: Map<string, Entry> } {
  const fields: { [name: string]: Value } = Object.create(null);
  const stated = new Map<string, Entry>();
  for (const [name, { type, also = {} }] of Object.entries(shape)) {
    for (const [spelling, spelledType] of [
      [name, type] as const,
      ...Object.entries(also).map(([key, value]) => [key, value.type] as const),
    ]) {
      const entry = node.entries.get(spelling);
      if (entry === undefined) continue;
      const value = spelledType.expected(entry.node, context);
      const first = stated.get(name);
      if (first !== undefined && value !== null && fields[name] !== null && fields[name] !== value) {
        const said = `which says ${bare(String(fields[name]))}`;
        context.complain(
          entry.at,
          `contradicts ${first.name} ${placeWords(first.at, entry.at)}, ${said}: they are one statement. Keep one of them`,
        );
      }
      if (first === undefined || fields[name] === null) {
        fields[name] = value;
        stated.set(name, entry);
      }
    }
  }
  return { fields, stated };
}

/** The JSON Schema of an object with these members and no others. */
export function shapeSchema(shape: Shape): JsonSchema {
  const properties: { [name: string]: JsonSchema } = {};
  for (const [name, { type, description, also = {} }] of Object.entries(shape)) {
    properties[name] = { ...titled(type.schema, name), description };
    for (const [spelling, other] of Object.entries(also)) {
      properties[spelling] = { ...other.type.schema, description: other.description };
    }
  }
  const required = Object.entries(shape).flatMap(([name, { required }]) => (required ? [name] : []));
  return { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false };
}

/** Named after its field, where editors offer all that an object requires at once. */
function titled(schema: JsonSchema, name: string): JsonSchema {
  if (schema.items && requiresNames(schema.items)) return { ...schema, items: titled(schema.items, name) };
  return requiresNames(schema) ? { title: name, ...schema } : schema;
}

/** Whether an object that fits has to have names. */
export function requiresNames({ required, allOf = [] }: JsonSchema): boolean {
  return required !== undefined || allOf.some(requiresNames);
}

/** The defaults in words: as the keyword of a schema editors would write each of them into the file. */
function withDefaults(shape: Shape): Shape {
  return Object.fromEntries(
    Object.entries(shape).map(([name, member]) => {
      const { description, default: fallback } = member;
      return fallback === undefined
        ? [name, member]
        : [name, { ...member, description: `${description} Default: \`${String(fallback)}\`.` }];
    }),
  );
}

/** A value as the file spells it, in place of `other`. */
export function spelledAs(type: Type, value: Value, other: Value): Spelled {
  return type.spelled === undefined ? (value as Spelled) : type.spelled(value, other);
}

/** A name and its value as the file spells them: an amount with decimals has a name of its own. */
export function spelling(
  name: string,
  member: Pick<Member, 'type' | 'also'> | undefined,
  value: Value,
  other: Value,
): readonly [string, Spelled] {
  const spelled = member === undefined ? (value as Spelled) : spelledAs(member.type, value, other);
  return [spellingName(name, member, value), spelled];
}

/** A value in a request to Stripe; undefined where no request says it. */
export function parameterOf(type: Type, value: Value): Parameter | undefined {
  if (type.parameter !== undefined) return type.parameter(value);
  return value === null ? '' : String(value);
}

/** The name by which a request, or the file, states a value of a member. */
function spellingName(name: string, member: Pick<Member, 'also'> | undefined, value: Value): string {
  const [withDecimals] = Object.keys(member?.also ?? {});
  return withDecimals !== undefined && typeof value === 'string' && value.includes('.') ? withDecimals : name;
}

/** Members that say more than their default, on this side or the other; the first where all say no more. */
function spelledMembers(shape: Shape, value: { readonly [name: string]: unknown }, other: Value): Spelled {
  const said = Object.entries(shape).flatMap(([name, one]) => {
    const [live, replaced] = [memberOf(value, name), isRecord(other) ? memberOf(other, name) : (one.default ?? null)];
    const silent = live === (one.default ?? null) && replaced === (one.default ?? null);
    return silent && !one.explicit && !one.required ? [] : [spelling(name, one, live, replaced)];
  });
  const [first] = Object.entries(shape);
  return record(
    said.length > 0 || first === undefined ? said : [spelling(first[0], first[1], memberOf(value, first[0]), null)],
  );
}

/** Members that are set, each under the name that its value has. Empty where none is. */
function memberParameters(shape: Shape, value: Value): Parameter | undefined {
  if (!isRecord(value)) return '';
  const said = Object.entries(value).flatMap(([name, part]) => {
    const one = member(shape, name);
    if (part === null || one === undefined) return [];
    return [[spellingName(name, one, part as Value), parameterOf(one.type, part as Value)] as const];
  });
  return said.length === 0 ? '' : parametersOf(said);
}

function listParameter(of: Type, value: Value): Parameter | undefined {
  if (!Array.isArray(value)) return '';
  const items = value.map((item) => parameterOf(of, item));
  return items.every((item) => item !== undefined) ? (items as Parameter[]) : undefined;
}

function parametersOf(pairs: readonly (readonly [string, Parameter | undefined])[]): Parameter | undefined {
  return pairs.every(([, one]) => one !== undefined) ? record(pairs as [string, Parameter][]) : undefined;
}

function spelledDigits(value: Value): Spelled {
  return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : (value as Spelled);
}

/** An object without a prototype, so that `__proto__` and `constructor` are names like others. */
export function record<T>(pairs: Iterable<readonly [string, T]>): { [name: string]: T } {
  const result: { [name: string]: T } = Object.create(null);
  for (const [name, value] of pairs) result[name] = value;
  return result;
}

export function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function memberOf(value: unknown, name: string): Value {
  return isRecord(value) ? ((value[name] as Value | undefined) ?? null) : null;
}

function member(shape: Shape, name: string): Member | undefined {
  return Object.hasOwn(shape, name) ? shape[name] : undefined;
}

/** The type of a member by any of its spellings. */
function memberType(shape: Shape, name: string): Type | undefined {
  const spelled = Object.values(shape).find(({ also = {} }) => Object.hasOwn(also, name));
  return member(shape, name)?.type ?? spelled?.also?.[name]?.type;
}

function readMember(
  raw: { readonly [name: string]: unknown },
  name: string,
  { type, also = {} }: Member,
): Value | undefined {
  const spellings = [...Object.keys(also), name].filter((spelling) => raw[spelling] !== undefined);
  if (spellings.length === 0) return undefined;
  return type.actual(spellings.map((spelling) => raw[spelling]).find((value) => value !== null) ?? null);
}

function scalar(node: Node): ScalarNode {
  if (node.kind === 'scalar') return node;
  throw new TypeError(`the schema let a ${node.kind} pass where a scalar is read`);
}

function digits(node: Node, context: Context, expected: string, form: RegExp): string | null {
  const { value, text: written, at } = scalar(node);
  if (value === null) return null;
  const canonical = form.test(written) ? canonicalDecimal(written) : null;
  if (canonical === null) context.complain(at, `is ${bare(written)}. Expected ${expected}`);
  return canonical ?? written;
}

function noticeSpace(node: Node, value: string, context: Context): void {
  if (value !== value.trim()) context.complain(node.at, 'has white space at its ends', 'warning');
}

function textFromStripe(raw: unknown): string | null {
  return raw === null || raw === undefined || raw === '' ? null : String(raw);
}

function orNull(value: string | null, unset: string | undefined): string | null {
  return value === unset ? null : value;
}

function asNames(words: Value): Value {
  return record((Array.isArray(words) ? words : []).map((item) => [String(item), true]));
}

function parseUrl(value: string): URL | null {
  return URL.canParse(value) ? new URL(value) : null;
}
