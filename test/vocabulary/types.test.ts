/** Types of any composition: what is the same in every spelling and order is no change, and one changed leaf is one change. */
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { difference } from '../../src/check/difference.ts';
import { parse } from '../../src/config/yaml.ts';
import type { Change, Node, Value } from '../../src/model.ts';
import { referencesIn, resolved } from '../../src/vocabulary/reference.ts';
import { type Context, canonical } from '../../src/vocabulary/type.ts';
import { runs } from '../runs.ts';
import { Dice } from '../tree.ts';
import { type Made, OBJECTS, type Raw, types } from './types.ts';

fc.configureGlobal({ interruptAfterTimeLimit: 30_000, seed: Number(process.env.PROPERTY_SEED ?? 20_261_128) });

const ENTRIES = new Map([...OBJECTS].map(([id, name]) => [name, id]));

function context(said: string[]): Context {
  return {
    names: () => [...ENTRIES.keys()],
    files: ['f.yaml'],
    currency: () => 'usd',
    nearest: () => '',
    typo: () => null,
    elsewhere: () => null,
    inEnvironments: () => '',
    now: 0,
    complain: (_at, message, severity = 'error') => {
      if (severity === 'error') said.push(message);
    },
  };
}

/** What the file states, and whether the schema takes it. */
function stated({ type }: Made, text: string): Value {
  const { node, remarks } = parse(`v: ${text}\n`, 'f.yaml');
  expect(remarks).toEqual([]);
  const value = (node?.kind === 'map' ? node.entries.get('v')?.node : undefined) as Node;
  const said: string[] = [];
  const found = type.expected(value, context(said));
  expect(said).toEqual([]);
  return resolved(type, found, (section, name) => (section === 'things' ? (ENTRIES.get(name) ?? null) : null));
}

function changes(made: Made, text: string, live: Raw): { found: Change[]; unread: string[][] } {
  const { type } = made;
  const unread: string[][] = [];
  const around = { live: {}, unread: (path: readonly string[]) => unread.push([...path]) };
  const [expected, actual] = canonical(type, stated(made, text), type.actual(live), around);
  return { found: difference(expected, actual), unread };
}

/** A type with a value of it. */
const typed = types(4).chain((made) => made.raw.map((raw) => ({ made, raw })));

/** States all that there is. */
class Everything extends Dice {
  override often(): boolean {
    return true;
  }
}

describe('of any type, to four levels', () => {
  const tried = { types: new Set<string>(), values: 0, leaves: 0 };

  test('a value equals itself in every spelling and order', () => {
    fc.assert(
      fc.property(typed, fc.integer(), ({ made, raw }, seed) => {
        const dice = new Dice(seed);
        const text = made.written(raw, dice);
        expect(changes(made, text, made.again(raw, dice)).found).toEqual([]);
        tried.types.add(made.name);
        tried.values += 1;
      }),
      runs(2500),
    );
    expect(tried.types.size).toBeGreaterThan(1000);
  });

  test('one changed leaf is one change, at its path', () => {
    fc.assert(
      fc.property(typed, fc.nat(), ({ made, raw }, which) => {
        const edits = made.edits(raw);
        fc.pre(edits.length > 0);
        const edit = edits[which % edits.length] as (typeof edits)[number];
        const { found } = changes(made, made.written(raw, new Everything(which)), edit.raw);
        expect(found.map(({ path }) => path)).toEqual([edit.path]);
        const [change] = found as [Change];
        expect(['expected' in change, 'actual' in change]).toEqual([edit.only !== 'actual', edit.only !== 'expected']);
        tried.leaves += 1;
      }),
      runs(2500),
    );
    expect(tried.leaves).toBeGreaterThan(2000);
  });

  test('the schema takes every spelling', () => {
    const ajv = new Ajv({ strict: false, logger: false });
    fc.assert(
      fc.property(typed, fc.integer(), ({ made, raw }, seed) => {
        const { node } = parse(`v: ${made.written(raw, new Dice(seed))}\n`, 'f.yaml');
        const validate = ajv.compile({ type: 'object', properties: { v: made.type.schema } });
        validate(json(node as Node));
        expect(validate.errors).toBeNull();
      }),
      runs(300),
    );
  });

  test('references are found wherever they are, and nothing else is one', () => {
    fc.assert(
      fc.property(typed, fc.integer(), ({ made, raw }, seed) => {
        const value = stated(made, made.written(raw, new Everything(seed)));
        const ids = referencesIn(made.type, value).map(({ id }) => id);
        const inText = JSON.stringify(raw).match(/(?<=")obj_[abc](?=")/g) ?? [];
        expect([...ids].sort()).toEqual([...inText].sort());
      }),
      runs(1000),
    );
  });

  test('an entry whose object is not known makes no change', () => {
    fc.assert(
      fc.property(typed, fc.integer(), ({ made, raw }, seed) => {
        const { type } = made;
        const { node } = parse(`v: ${made.written(raw, new Everything(seed))}\n`, 'f.yaml');
        const value = type.expected((node as Node & { kind: 'map' }).entries.get('v')?.node as Node, context([]));
        const known = resolved(type, value, () => null);
        const [expected, actual] = canonical(type, known, type.actual(raw), { live: {}, unread: () => {} });
        expect(difference(expected, actual)).toEqual([]);
      }),
      runs(1000),
    );
  });
});

function json(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(json);
  return Object.fromEntries([...node.entries.values()].map(({ name, node: value }) => [name, json(value)]));
}
