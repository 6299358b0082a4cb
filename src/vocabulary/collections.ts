import { isRecord, type ListNode, type Place, record, type Value } from '../model.ts';
import { bare, placeWords, quote } from '../text.ts';
import { always } from './scalars.ts';
import {
  aligned,
  type Context,
  type JsonSchema,
  memberOf,
  type Parameter,
  parameterOf,
  parametersOf,
  type SetVerbs,
  spelledAs,
  type Type,
  within,
  wordOf,
} from './type.ts';

/** Several values of one type: sets, lists, and maps whose names the user chooses. An empty one equals null. */

/** What is said of a set that has no verbs of its own. */
export const PLAIN_VERBS: SetVerbs = { loses: 'would lose' };

/** A set of words or references: order never matters. `all` is the word that stands for all others, which Stripe refuses beside them. */
export function set(of: Type, options: { verbs?: SetVerbs; nonEmpty?: true; all?: string } = {}): Type {
  return {
    schema: options.nonEmpty
      ? { type: 'array', items: always(of).schema, minItems: 1 }
      : { type: ['array', 'null'], items: always(of).schema },
    expected(node, context) {
      if (node.kind !== 'list') return null;
      const seen = new Map<string, { value: Value; at: Place }>();
      for (const item of node.items) {
        const value = of.expected(item, context);
        if (value === null) continue;
        const key = wordOf(value);
        const first = seen.get(key);
        if (first === undefined) seen.set(key, { value, at: item.at });
        else {
          const what = item.kind === 'scalar' ? quote(item.text) : 'an item';
          context.complain(item.at, `repeats ${what}, already listed ${placeWords(first.at, item.at)}`, 'warning');
        }
      }
      const all = options.all === undefined ? undefined : seen.get(options.all);
      if (all !== undefined && seen.size > 1) {
        const words = `is ${quote(String(all.value))}, which stands for all: Stripe accepts it only alone`;
        context.complain(all.at, `${words}. Remove it, or remove the others`);
      }
      return inOrder([...seen.values()].map(({ value }) => value));
    },
    actual: (raw) => (Array.isArray(raw) ? inOrder(raw.map((item) => of.actual(item))) : null),
    // An entry whose object is not known may be any of them.
    aligned: (expected, actual) =>
      Array.isArray(expected) && expected.some(isRecord) ? [null, null] : [expected, actual],
    spelled: (value) => (Array.isArray(value) ? value.map((item) => spelledAs(of, item, null)) : null),
    parameter: (value) => listParameter(of, value),
    inner: () => of,
    set: options.verbs ?? PLAIN_VERBS,
    ...(options.all !== undefined && { all: options.all }),
  };
}

/**
 * Several objects in any order, of which one is told from another by the values of the names in `by`: two that have these in
 * common are compared as their type does it. More than `limit` of them is a warning.
 */
export function objects(of: Type, by: readonly string[], limit?: number): Type {
  const all = set(of);
  const key = (item: Value) => by.map((name) => wordOf(memberOf(item, name))).join(' ');
  const byKey = (side: Value) =>
    new Map((Array.isArray(side) ? side : []).map((item): [string, Value] => [key(item), item]));
  return {
    ...all,
    expected(node, context) {
      if (node.kind !== 'list') return null;
      noticeCrowd(node, limit, context);
      const seen = new Map<string, Place>();
      const items = node.items.flatMap((item): Value[] => {
        const value = of.expected(item, context);
        const first = seen.get(key(value));
        if (first === undefined) seen.set(key(value), item.at);
        else {
          const told = by.map((name) => bare(wordOfName(memberOf(value, name)))).join(' ');
          context.complain(item.at, `repeats ${told}, already listed ${placeWords(first, item.at)}. Keep one of them`);
        }
        return first === undefined ? [value] : [];
      });
      return inOrder(items);
    },
    // An object that is told by an entry whose own object is not known may be any of them.
    aligned(expected, actual, around) {
      const [wanted, live] = [byKey(expected), byKey(actual)];
      if ([...wanted.values()].some((item) => by.some((name) => isRecord(memberOf(item, name))))) return [null, null];
      const both = [...new Set([...wanted.keys(), ...live.keys()])].map((name) =>
        aligned(of, wanted.get(name) ?? null, live.get(name) ?? null, within(around, name)),
      );
      const side = (which: 0 | 1) => inOrder(both.map((sides) => sides[which]));
      return [side(0), side(1)];
    },
    key,
  };
}

/** A list, in order. More than `limit` items is a warning. */
export function list(of: Type, limit?: number): Type {
  return {
    schema: { type: ['array', 'null'], items: always(of).schema },
    expected(node, context) {
      if (node.kind !== 'list' || node.items.length === 0) return null;
      noticeCrowd(node, limit, context);
      return node.items.map((item) => of.expected(item, context) ?? of.actual({}));
    },
    actual: (raw) => (Array.isArray(raw) && raw.length > 0 ? raw.map((item) => of.actual(item)) : null),
    aligned(expected, actual, around) {
      const [wanted, live] = [Array.isArray(expected) ? expected : null, Array.isArray(actual) ? actual : null];
      const both = Array.from({ length: Math.max(wanted?.length ?? 0, live?.length ?? 0) }, (_, index) =>
        aligned(of, wanted?.[index] ?? null, live?.[index] ?? null, within(around, String(index))),
      );
      return [
        wanted && both.slice(0, wanted.length).map(([one]) => one),
        live && both.slice(0, live.length).map(([, one]) => one),
      ];
    },
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
    aligned(expected, actual, around) {
      const wanted = Object.keys(isRecord(expected) ? expected : isRecord(actual) ? actual : {});
      const both = wanted.map((name) => {
        const sides = aligned(of, memberOf(expected, name), memberOf(actual, name), within(around, name));
        return [name, sides] as const;
      });
      const left = isRecord(expected) ? record(both.map(([name, [one]]) => [name, one])) : null;
      return [left, record(both.map(([name, [, one]]) => [name, one]))];
    },
    spelled(value, other) {
      if (!isRecord(value)) return record([]);
      return record(
        Object.entries(value).map(([name, live]) => [name, spelledAs(of, live as Value, memberOf(other, name))]),
      );
    },
    open: true,
    partial: true,
    parameter: (value) =>
      isRecord(value)
        ? parametersOf(Object.entries(value).map(([name, one]) => [name, parameterOf(of, one as Value)]))
        : '',
    inner: () => of,
  };
}

/** Each once, in an order of their own; null where there is none. */
function inOrder(items: readonly Value[]): Value {
  const byKey = new Map(items.filter((item) => item !== null).map((item) => [wordOf(item), item]));
  const sorted = [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, item]) => item);
  return sorted.length === 0 ? null : sorted;
}

function noticeCrowd({ items, at }: ListNode, limit: number | undefined, { complain }: Context): void {
  if (limit !== undefined && items.length > limit)
    complain(at, `has ${items.length} items; Stripe accepts at most ${limit}`, 'doubt');
}

/** A value as people call it: of a reference the entry or the id that it names. */
function wordOfName(value: Value): string {
  return isRecord(value) ? String(value.entry ?? value.id) : wordOf(value);
}

function listParameter(of: Type, value: Value): Parameter | undefined {
  if (!Array.isArray(value)) return '';
  const items = value.map((item) => parameterOf(of, item));
  return items.every((item) => item !== undefined) ? (items as Parameter[]) : undefined;
}
