/** Types of any composition, with values, the ways to write them in a file and the ways in which Stripe may give them. */
import * as fc from 'fast-check';
import { list, map, objects, set } from '../../src/vocabulary/collections.ts';
import { amount, byCurrency } from '../../src/vocabulary/money.ts';
import { reference } from '../../src/vocabulary/reference.ts';
import { decimal, flag, integer, text, word } from '../../src/vocabulary/scalars.ts';
import { part, whole } from '../../src/vocabulary/shape.ts';
import { timestamp } from '../../src/vocabulary/time.ts';
import type { Type } from '../../src/vocabulary/type.ts';
import type { Dice } from '../tree.ts';

/** A type with what tests need of it. */
export interface Made {
  readonly name: string;
  readonly type: Type;
  /** A value as Stripe gives it; null where nothing is set. */
  readonly raw: fc.Arbitrary<Raw>;
  /** The value in the file, in one of its spellings and any order: text of YAML in flow style. */
  written(raw: Raw, dice: Dice): string;
  /** The same value in another order, with what the file does not state besides. */
  again(raw: Raw, dice: Dice): Raw;
  /** Ways to change one leaf of a value. */
  edits(raw: Raw): readonly Edit[];
}
export type Raw = string | number | boolean | null | readonly Raw[] | { readonly [name: string]: Raw };
/** A value with one leaf changed, the path of that leaf, and what is then expected to differ. */
export interface Edit {
  readonly raw: Raw;
  readonly path: readonly string[];
  readonly only: 'expected' | 'actual' | 'both';
}

/** Ids of objects and the names of the entries that have them. */
export const OBJECTS = new Map([
  ['obj_a', 'a'],
  ['obj_b', 'b'],
  ['obj_c', 'c'],
]);

const WORDS = ['red', 'green', 'blue', '1', '__proto__', 'true'];
/** A member of parts that the file does not state. */
const SILENT = 'o';
const NAMES = ['x', 'y', '__proto__', 'constructor', '0', 'a b'];

function leaf(name: string, type: Type, values: fc.Arbitrary<Raw>, written: (raw: Raw, dice: Dice) => string): Made {
  const other = fc.sample(values, { numRuns: 30, seed: 1 });
  return {
    name,
    type,
    raw: fc.option(values, { freq: 6 }),
    written: (raw, dice) => (raw === null ? dice.pick(['null', '~']) : written(raw, dice)),
    again: (raw) => raw,
    edits(raw) {
      const changed = other.find((one) => JSON.stringify(one) !== JSON.stringify(raw) && one !== null);
      if (changed === undefined) return [];
      return [
        { raw: changed, path: [], only: 'both' },
        ...(raw === null ? [] : [{ raw: null, path: [], only: 'both' } as const]),
      ];
    },
  };
}

const quoted = (raw: Raw) => JSON.stringify(raw);

const leaves: readonly Made[] = [
  leaf('text', text(), fc.constantFrom('a', 'A', 'ä', '1', 'null', ' '.concat('b')), quoted),
  leaf('word', word(WORDS, { unset: 'red' }), fc.constantFrom(...WORDS.slice(1)), quoted),
  leaf('flag', flag, fc.boolean(), String),
  leaf('integer', integer(), fc.nat(500), (raw, dice) => dice.pick([String(raw), `${raw}.0`])),
  leaf('decimal', decimal, fc.constantFrom('0.5', '20', '0.000000000001', 7), (raw, dice) => {
    const zeros = String(raw).includes('.') || dice.often(50) ? '' : '.00';
    return dice.pick([`"${raw}${zeros}"`, `"0${raw}"`]);
  }),
  leaf('money', amount, fc.nat(100_000), (raw, dice) => dice.pick([String(raw), `"${raw}"`])),
  leaf('moment', timestamp, fc.integer({ min: 0, max: 4e9 }), (raw, dice) => {
    const iso = new Date(Number(raw) * 1000).toISOString().slice(0, 19);
    return dice.pick([`"${iso}Z"`, `${iso}+00:00`]);
  }),
  leaf('reference', reference('things', 'obj_'), fc.constantFrom(...OBJECTS.keys()), (raw, dice) =>
    dice.pick([`{ id: ${raw} }`, String(OBJECTS.get(String(raw)))]),
  ),
];

function setOf(of: Made, words: readonly string[], nameOf: (word: string, dice: Dice) => string): Made {
  const items = (raw: Raw) => (raw ?? []) as readonly string[];
  return {
    name: `set(${of.name})`,
    type: set(of.type),
    raw: fc.option(fc.uniqueArray(fc.constantFrom(...words), { maxLength: 3 }), { freq: 5 }),
    written: (raw, dice) =>
      items(raw).length === 0
        ? dice.pick(['null', '[]'])
        : `[${dice
            .shuffled(items(raw))
            .map((item) => nameOf(item, dice))
            .join(', ')}]`,
    again: (raw, dice) => (items(raw).length === 0 ? dice.pick<Raw>([null, []]) : dice.shuffled(items(raw))),
    edits(raw) {
      const more = words.find((one) => !items(raw).includes(one));
      const [gone, ...rest] = items(raw);
      return [
        ...(more === undefined ? [] : [{ raw: [...items(raw), more], path: [more], only: 'actual' } as const]),
        ...(gone === undefined ? [] : [{ raw: rest, path: [gone], only: 'expected' } as const]),
      ];
    },
  };
}

function listOf(of: Made): Made {
  const items = (raw: Raw) => (raw ?? []) as readonly Raw[];
  return {
    name: `list(${of.name})`,
    type: list(of.type),
    // A list has no empty items.
    raw: fc.option(
      fc.array(
        of.raw.filter((item) => item !== null && !isNothing(item)),
        { maxLength: 3 },
      ),
      { freq: 5 },
    ),
    written: (raw, dice) =>
      items(raw).length === 0
        ? dice.pick(['null', '[]'])
        : `[${items(raw)
            .map((item) => of.written(item, dice))
            .join(', ')}]`,
    again: (raw, dice) =>
      items(raw).length === 0 ? dice.pick<Raw>([null, []]) : items(raw).map((item) => of.again(item, dice)),
    edits: (raw) =>
      items(raw).flatMap((item, index) =>
        of
          .edits(item)
          .filter((edit) => edit.raw !== null)
          .map(({ raw: changed, path, only }) => ({
            raw: items(raw).map((one, at) => (at === index ? changed : one)),
            path: [String(index), ...path],
            only,
          })),
      ),
  };
}

/** Objects in any order, told by a key: each has a value besides. */
function objectsOf(of: Made): Made {
  type Item = { readonly k: string; readonly v: Raw };
  const items = (raw: Raw) => (raw ?? []) as unknown as readonly Item[];
  const key = { type: text(), description: 'k', required: true } as const;
  const written = ({ k, v }: Item, dice: Dice) =>
    isNothing(v) && dice.often(50) ? `{k: ${quoted(k)}}` : `{v: ${of.written(v, dice)}, k: ${quoted(k)}}`;
  return {
    name: `objects(${of.name})`,
    type: objects(whole({ k: key, v: { type: of.type, description: 'v' } }), ['k']),
    raw: fc.option(
      fc.uniqueArray(fc.record({ k: fc.constantFrom(...NAMES), v: of.raw }, { noNullPrototype: true }), {
        maxLength: 3,
        selector: ({ k }) => k,
      }),
      { freq: 5 },
    ),
    written: (raw, dice) =>
      items(raw).length === 0
        ? dice.pick(['null', '[]'])
        : `[${dice
            .shuffled(items(raw))
            .map((item) => written(item, dice))
            .join(', ')}]`,
    again: (raw, dice) =>
      items(raw).length === 0
        ? dice.pick<Raw>([null, []])
        : dice.shuffled(items(raw)).map(({ k, v }) => ({ v: of.again(v, dice), k })),
    edits(raw) {
      const more = NAMES.find((name) => !items(raw).some(({ k }) => k === name)) as string;
      const [gone, ...rest] = items(raw);
      const inner = items(raw).flatMap((item, index) =>
        of.edits(item.v).map(
          ({ raw: v, path, only }): Edit => ({
            raw: items(raw).map((one, at) => (at === index ? { ...item, v } : one)),
            path: [item.k, 'v', ...path],
            only,
          }),
        ),
      );
      return [
        { raw: [...items(raw), { k: more, v: null }], path: [more], only: 'actual' },
        ...(gone === undefined ? [] : [{ raw: rest, path: [gone.k], only: 'expected' } as const]),
        ...inner,
      ];
    },
  };
}

function mapOf(of: Made, make: (type: Type) => Type, names: readonly string[], label: string): Made {
  const pairs = (raw: Raw) => Object.entries((raw ?? {}) as { [name: string]: Raw });
  return {
    name: `${label}(${of.name})`,
    type: make(of.type),
    raw: fc
      .uniqueArray(fc.tuple(fc.constantFrom(...names), of.raw), { maxLength: 3, selector: ([name]) => name })
      .map(record),
    written: (raw, dice) =>
      pairs(raw).length === 0
        ? dice.pick(['null', '{}'])
        : `{${dice
            .shuffled(pairs(raw))
            .map(([name, value]) => `${JSON.stringify(name)}: ${of.written(value, dice)}`)
            .join(', ')}}`,
    again(raw, dice) {
      if (pairs(raw).length === 0) return dice.pick<Raw>([null, {}]);
      const kept = pairs(raw).filter(([, value]) => value !== null || dice.often(50));
      const others = names.filter((name) => !pairs(raw).some(([one]) => one === name) && dice.often(30));
      const more = others.map((name): [string, Raw] => [name, anyOf(of, dice)]);
      return record(
        dice.shuffled([...kept.map(([name, value]): [string, Raw] => [name, of.again(value, dice)]), ...more]),
      );
    },
    edits: (raw) => memberEdits(pairs(raw), () => of),
  };
}

function shapeOf(members: readonly (readonly [string, Made])[], make: typeof whole | typeof part, label: string): Made {
  const of = new Map(members);
  const type = make(Object.fromEntries(members.map(([name, one]) => [name, { type: one.type, description: name }])));
  const pairs = (raw: Raw) => Object.entries((raw ?? {}) as { [name: string]: Raw });
  const isPart = make === part;
  // What the file never states of a part may be anything.
  const isSilent = (name: string) => isPart && name === SILENT;
  return {
    name: `${label}{${members.map(([name, one]) => `${name}: ${one.name}`).join(', ')}}`,
    type,
    raw: fc.option(
      fc
        .tuple(
          ...members.map(([name, one]) => one.raw.map((value): [string, Raw] => [name, isSilent(name) ? null : value])),
        )
        .map((all) => record(all)),
      { freq: 8 },
    ),
    written(raw, dice) {
      if (raw === null) return 'null';
      const stated = pairs(raw).filter(([name, value]) => !isSilent(name) && (!isNothing(value) || dice.often(50)));
      // A whole object says at least one of its names, else it says that there is none.
      const [first] = pairs(raw);
      const said = stated.length > 0 || isPart || first === undefined ? stated : [first];
      const all = dice.shuffled(said).map(([name, value]) => `${name}: ${of.get(name)?.written(value, dice)}`);
      return `{${all.join(', ')}}`;
    },
    again(raw, dice) {
      if (raw === null) return null;
      return record(
        dice
          .shuffled(pairs(raw))
          .filter(([name, value]) => isSilent(name) || value !== null || dice.often(70))
          .map(([name, value]): [string, Raw] => {
            const one = of.get(name) as Made;
            return [name, isSilent(name) ? anyOf(one, dice) : one.again(value, dice)];
          }),
      );
    },
    edits: (raw) =>
      raw === null
        ? []
        : memberEdits(pairs(raw), (name) => of.get(name) as Made).filter(({ path }) => !isSilent(path[0] ?? '')),
  };
}

/** Some value of a type. */
function anyOf(of: Made, dice: Dice): Raw {
  return fc.sample(of.raw, { numRuns: 1, seed: dice.roll(1000) })[0] ?? null;
}

function memberEdits(pairs: readonly [string, Raw][], of: (name: string) => Made): Edit[] {
  return pairs.flatMap(([name, value], index) =>
    of(name)
      .edits(value)
      .map(({ raw, path, only }) => ({
        raw: record(pairs.map((pair, at): [string, Raw] => (at === index ? [name, raw] : pair))),
        path: [name, ...path],
        only,
      })),
  );
}

function record(pairs: readonly (readonly [string, Raw])[]): Raw {
  const made: { [name: string]: Raw } = Object.create(null);
  for (const [name, value] of pairs) made[name] = value;
  return made;
}

/** Whether a value says nothing: it equals what is left out. */
export function isNothing(raw: Raw): boolean {
  if (typeof raw !== 'object' || raw === null) return raw === null;
  return Array.isArray(raw) ? raw.length === 0 : Object.keys(raw).length === 0;
}

const scalar = fc.constantFrom(...leaves);
const words = fc.constant(setOf(leaves[1] as Made, WORDS.slice(1), (item) => JSON.stringify(item)));
const references = fc.constant(
  setOf(leaves.at(-1) as Made, [...OBJECTS.keys()], (item, dice) =>
    dice.pick([`{ id: ${item} }`, String(OBJECTS.get(item))]),
  ),
);

/** A type of any composition, at most so many levels deep. */
export function types(depth: number): fc.Arbitrary<Made> {
  if (depth <= 1) return scalar;
  const inner = types(depth - 1);
  const members = fc.uniqueArray(fc.tuple(fc.constantFrom('m', 'n', SILENT), inner), {
    minLength: 1,
    maxLength: 3,
    selector: ([name]) => name,
  });
  return fc.oneof(
    { weight: 2, arbitrary: scalar },
    { weight: 1, arbitrary: words },
    { weight: 1, arbitrary: references },
    { weight: 2, arbitrary: inner.map(listOf) },
    { weight: 1, arbitrary: inner.map(objectsOf) },
    { weight: 1, arbitrary: inner.map((of) => mapOf(of, (type) => map(type), NAMES, 'map')) },
    { weight: 1, arbitrary: inner.map((of) => mapOf(of, byCurrency, ['usd', 'eur', 'jpy'], 'byCurrency')) },
    { weight: 2, arbitrary: members.map((all) => shapeOf(all, whole, 'whole')) },
    { weight: 3, arbitrary: members.map((all) => shapeOf(all, part, 'part')) },
  );
}
