import { type Fields, isRecord, type Node, type Place, record, type Value } from '../model.ts';

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
  /** The field beside it that takes fractions of one. */
  fractionsIn?: string;
  /** The section whose entries it names. */
  refersTo?: string;
  /** What editors (VS Code) and this program say of a text that the pattern refuses. */
  patternErrorMessage?: string;
  /** What editors say of a value of another type. */
  errorMessage?: string;
  /** Editors offer no name. */
  doNotSuggest?: true;
  /** Of words of older APIs and other tools what to do instead, as a sentence. Read by this program alone. */
  formerly?: { readonly [word: string]: string };
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
  /** The names of the entries in a section; null where there may be more, in a file that could not be read. */
  names(section: string): readonly string[] | null;
  /** The paths of all files, in which these entries are. */
  readonly files: readonly string[];
  /** The currency of an amount at a place; null where the file does not tell. */
  currency(at: Place): string | null;
  /** Where an entry of a section stands that this environment does not have, as a clause; null where none does. */
  elsewhere(section: string, name: string): string | null;
  /** How the value at a place is stated for each environment, as YAML. */
  inEnvironments(at: Place): string;
  /** The present, in milliseconds since 1970. */
  readonly now: number;
  /** The nearest of the candidates, as ` Did you mean x?`, or nothing. */
  nearest(word: string, candidates: readonly string[]): string;
  /** The one candidate that a word is a slip of; null where none is that near, or several are. */
  typo(word: string, candidates: readonly string[]): string | null;
  complain(at: Place, message: string, severity?: Complaint): void;
}

/**
 * How much what is wrong with a file matters. A `doubt` is a warning about a value that Stripe is likely to refuse: where
 * Stripe has that very value, there is nothing to warn of. A `live-doubt` is one in live mode alone. An `own` one is a warning
 * about what an environment says: a check tells it of the one that is in use.
 */
export type Complaint = 'error' | 'warning' | 'doubt' | 'live-doubt' | 'own';

/** A value as a person writes it in the file: digits are whole numbers, or texts where they have decimals. */
export type Spelled = string | bigint | boolean | null | readonly Spelled[] | { readonly [name: string]: Spelled };

/** What a request to Stripe holds, by name or index. An empty text unsets. */
export type Parameter = string | readonly Parameter[] | { readonly [name: string]: Parameter };

/** What a comparison of one value needs of the rest. */
export interface Around {
  /** The whole live object. */
  readonly live: Fields;
  /** The entry states an amount, so that what it leaves out of the charge is not there. */
  readonly isCharge?: boolean;
  /** Told of the path of what the file states and Stripe's answer did not hold, since it was not expanded. */
  unread(path: readonly string[]): void;
}

/**
 * What a value looks like, how it is read from the file's text and from Stripe, and what of the two is compared. Both sides
 * become one canonical shape, so that comparing them is a plain difference: a set is a map of its words, a reference is an
 * id, several spellings of one statement are one, and what the file does not state is on neither side.
 */
export interface Type {
  readonly schema: JsonSchema;
  /** The value that the file states. Called on nodes that the schema accepted; complains about what a schema can't say. */
  expected(node: Node, context: Context): Value;
  /** The value that Stripe sent. Takes whatever comes: unknown words stay words. */
  actual(raw: unknown): Value;
  /** What of both sides is compared, such as only the names of a map that the file mentions. By default all of both. */
  aligned?(expected: Value, actual: Value, around: Around): readonly [Value, Value];
  /**
   * The value as the file spells it: parsing the result yields the same value. What equals its default on this side and on
   * the `other`, whose place it takes, is left out. By default the value itself.
   */
  spelled?(value: Value, other: Value): Spelled;
  /** The value in a request to Stripe; undefined where no request says it. By default a text, empty for null. */
  parameter?(value: Value): Parameter | undefined;
  /** The type of what is inside this one, under a name or an index. Without it the value is a leaf. */
  inner?(step: string): Type | undefined;
  /** What people call the value, where that is not the value itself. Amounts in minor units of `currency`. */
  words?(value: Value, currency: string | null): string | null;
  /** What it means that there is no value, where that is more than that it is not set. */
  readonly none?: string;
  /** Equal for two values that a person would take for the same, such as a URL with and without its default port; and the same without what is secret. */
  loose?(value: string): readonly [string, string];
  /** Equal for two texts that Stripe takes for the same, such as a code in capitals and in small letters. */
  folded?(value: string): string;
  /** Of a map what tells the object that has it, as people read it: equal for two that mean one object. */
  identifier?(value: Value): string;
  /** Can't be changed once it is set. */
  readonly final?: true;
  /** Can't be changed after creation, though what is beside it can. */
  readonly fixed?: true;
  /** Stripe sets it, and no request. */
  readonly given?: true;
  /** It means nothing in the other mode, such as the id of a file: only an export in full states it. */
  readonly ofMode?: true;
  /** A map of names that the user chooses, of which a request may change some and leave the others. */
  readonly open?: true;
  /** A map of which only the names that the file states are compared: each may be left out alone. */
  readonly partial?: true;
  /** A map whose names are the currencies of what is below. */
  readonly byCurrency?: true;
  /** A set: what differs are words, not positions. */
  readonly set?: SetVerbs;
  /** Of a set of objects what tells one from another, as a word: the rest of two that have it in common is compared. */
  key?(item: Value): string;
  /** As a part of another value it is unset by an update that says it empty. */
  readonly cleared?: true;
  /** The word of a set that stands for all others: beside it no other is missing or extra. */
  readonly all?: string;
  /** The section whose entries this value names. Its value is the name of an entry, an id, or null. */
  readonly reference?: string;
}

/** What Stripe does with the words of a set. */
export interface SetVerbs {
  /** What becomes of a word that only Stripe has, once the file is applied: `would no longer send`. */
  readonly loses: string;
  /** What the word that stands for all means, and what Stripe does with the words of the set. */
  readonly everything?: readonly [all: string, verb: string];
}

/** A name within an object. `also` holds other spellings of the same statement, such as `unit_amount_decimal`. */
export interface Member {
  readonly type: Type;
  readonly description: string;
  readonly default?: Value;
  readonly required?: true;
  /** Written out in the file even where it is the default. */
  readonly explicit?: true;
  /** What older APIs and other tools call it, in lower case. */
  readonly formerly?: readonly string[];
  readonly also?: { readonly [spelling: string]: { readonly type: Type; readonly description: string } };
}
export type Shape = { readonly [name: string]: Member };

/** What of both sides of a value is compared. */
export function aligned(type: Type, expected: Value, actual: Value, around: Around): readonly [Value, Value] {
  return type.aligned?.(expected, actual, around) ?? [expected, actual];
}

/** The same in the shape in which they are compared. */
export function canonical(type: Type, expected: Value, actual: Value, around: Around): readonly [Value, Value] {
  const [one, other] = aligned(type, expected, actual, around);
  return [shaped(type, one), shaped(type, other)];
}

/**
 * Two values of one side in the shape in which they are compared. Neither says what of the other is meant, as the file does of
 * Stripe: what only one of two maps has is null in the other.
 */
export function beside(type: Type, one: Value, other: Value): readonly [Value, Value] {
  const [first, second] = balanced(type, one, other);
  return [shaped(type, first), shaped(type, second)];
}

function balanced(type: Type, one: Value, other: Value): readonly [Value, Value] {
  const { inner, folded, key } = type;
  if (typeof one === 'string' && typeof other === 'string')
    return folded !== undefined && folded(one) === folded(other) ? [one, one] : [one, other];
  if (inner === undefined) return [one, other];
  const pair = (step: string, mine: Value, its: Value): readonly [Value, Value] => {
    const found = inner.call(type, step);
    return found === undefined ? [mine, its] : balanced(found, mine, its);
  };
  if (Array.isArray(one) && Array.isArray(other)) {
    const place = (item: Value, index: number) => (key === undefined ? String(index) : key(item));
    const its = new Map(other.map((item, index) => [place(item, index), item]));
    const pairs = new Map(
      one.flatMap((item, index) => {
        const [step, found] = [place(item, index), its.get(place(item, index))];
        // A word of a set is its own place.
        return found === undefined || (type.set && key === undefined) ? [] : [[step, pair(step, item, found)] as const];
      }),
    );
    const side = (items: readonly Value[], which: 0 | 1) =>
      items.map((item, index) => pairs.get(place(item, index))?.[which] ?? item);
    return [side(one, 0), side(other, 1)];
  }
  const isMap = isRecord(one) && isRecord(other);
  if (!isMap && !((type.partial || type.open) && (isRecord(one) || isRecord(other)))) return [one, other];
  const names = [...new Set([one, other].flatMap((side) => Object.keys(isRecord(side) ? side : {})))];
  const pairs = names.map((name) => [name, pair(name, memberOf(one, name), memberOf(other, name))] as const);
  return [record(pairs.map(([name, [mine]]) => [name, mine])), record(pairs.map(([name, [, its]]) => [name, its]))];
}

/** Sets as maps of their words; sets and maps that are not there as empty ones. */
function shaped(type: Type, value: Value): Value {
  if (value === null) return type.set || type.open ? record([]) : null;
  if (typeof value !== 'object' || type.inner === undefined) return value;
  const at = (step: string, one: Value): Value => {
    const inner = type.inner?.(step);
    return inner === undefined ? one : shaped(inner, one);
  };
  if (!Array.isArray(value)) return record(Object.entries(value).map(([name, one]) => [name, at(name, one)]));
  return type.set
    ? record(value.map((item, index) => [type.key?.(item) ?? wordOf(item), at(String(index), item)]))
    : value.map((item, index) => at(String(index), item));
}

/** A value in its own shape again: what is compared has sets as maps. */
export function unshaped(type: Type | undefined, value: Value): Value {
  if (typeof value !== 'object' || value === null || type?.inner === undefined) return value;
  if (Array.isArray(value)) return value.map((item, index) => unshaped(type.inner?.(String(index)), item));
  const entries = Object.entries(value as { readonly [name: string]: Value });
  if (entries.length === 0 && (type.set || type.open)) return null;
  if (type.set) return entries.map(([name, item]) => unshaped(type.inner?.(name), item));
  return record(entries.map(([name, one]) => [name, unshaped(type.inner?.(name), one)]));
}

/** A word is its own key: what is in one set is told apart by its text. */
export function wordOf(item: Value): string {
  return typeof item === 'object' ? JSON.stringify(item) : String(item);
}

/** The surroundings of what is inside a value. */
export function within(around: Around, step: string): Around {
  return { ...around, unread: (path) => around.unread([step, ...path]) };
}

/** A value with each leaf replaced; `leaf` gets its type, its value and its path. */
export function mapped(
  type: Type,
  value: Value,
  leaf: (type: Type, value: Value, path: readonly string[]) => Value,
  path: readonly string[] = [],
): Value {
  const { inner } = type;
  const at = (step: string, one: Value): Value => {
    const found = inner?.call(type, step);
    return found === undefined ? one : mapped(found, one, leaf, [...path, step]);
  };
  if (inner === undefined || typeof value !== 'object' || value === null) return leaf(type, value, path);
  if (Array.isArray(value)) return value.map((item, index) => at(String(index), item));
  return record(Object.entries(value).map(([name, one]) => [name, at(name, one)]));
}

/** A value without what means nothing in the other mode. */
export function withoutOfMode(type: Type, value: Value): Value {
  if (type.ofMode) return null;
  if (!isRecord(value)) return value;
  const at = (name: string, one: Value): Value => {
    const inner = type.inner?.(name);
    return inner === undefined ? one : withoutOfMode(inner, one);
  };
  return record(Object.entries(value).map(([name, one]) => [name, at(name, one as Value)]));
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

/** The name by which a request, or the file, states a value of a member. */
export function spellingName(name: string, member: Pick<Member, 'also'> | undefined, value: Value): string {
  const [withDecimals] = Object.keys(member?.also ?? {});
  return withDecimals !== undefined && typeof value === 'string' && value.includes('.') ? withDecimals : name;
}

/** A value in a request to Stripe; undefined where no request says it. */
export function parameterOf(type: Type, value: Value): Parameter | undefined {
  if (type.parameter !== undefined) return type.parameter(value);
  return value === null ? '' : String(value);
}

/** Parameters by their names; undefined where one of them can't be said. */
export function parametersOf(pairs: readonly (readonly [string, Parameter | undefined])[]): Parameter | undefined {
  return pairs.every(([, one]) => one !== undefined) ? record(pairs as [string, Parameter][]) : undefined;
}

/** Whether the file can state a value: not that nothing is set where Stripe always has something, nor a word too new for us. */
export function accepts({ schema }: Type, value: Value): boolean {
  if (schema.enum !== undefined && typeof value === 'string') return schema.enum.includes(value);
  return value !== null || (Array.isArray(schema.type) && schema.type.includes('null'));
}

/** What a map has under a name; null where it has nothing, or is none. */
export function memberOf(value: unknown, name: string): Value {
  return isRecord(value) && Object.hasOwn(value, name) ? ((value[name] as Value | undefined) ?? null) : null;
}
