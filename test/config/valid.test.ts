/** Whether a file is valid is told without Ajv, and as Ajv tells it: a file that only Ajv refuses would pass. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { validator } from '../../src/config/valid.ts';
import { parse } from '../../src/config/yaml.ts';
import type { MapNode, Node } from '../../src/model.ts';
import { record } from '../../src/model.ts';
import { registry } from '../../src/resources/index.ts';
import { runs } from '../runs.ts';

const folder = fileURLToPath(new URL('../lint', import.meta.url));
const texts = [
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8')),
  ...[...registry.values()].flatMap(({ section, example }) => {
    const entries = `${section}:\n${example.replace(/^(?=.)/gm, '  ')}`;
    return [entries, `products: {}\nenvironments:\n  test:\n${entries.replace(/^(?=.)/gm, '    ')}`].map(
      (text) => `version: 1\n${text}\n`,
    );
  }),
];

const ajv = new Ajv({ strict: false, logger: false }).compile(configSchema());

function json(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(json);
  return record([...node.entries.values()].map(({ name, node: value }) => [name, json(value)]));
}

const roots = texts.flatMap((text) => {
  const { node } = parse(text, 'stripe-config.yaml');
  return node?.kind === 'map' ? [node] : [];
});

/** What both say of a file. */
async function verdicts(root: MapNode) {
  const validate = await validator([root]);
  return { told: validate(root).length === 0, ajv: ajv(json(root)) };
}

test('every file of the tests', async () => {
  const all = await Promise.all(roots.map(verdicts));
  expect(all.filter(({ told, ajv: said }) => told !== said)).toEqual([]);
  expect(all.filter(({ told }) => told).length).toBeGreaterThan(20);
  expect(all.filter(({ told }) => !told).length).toBeGreaterThan(20);
});

const { at } = roots[0] as MapNode;
const scalar = (value: string | number | boolean | null): Node => ({ kind: 'scalar', value, text: String(value), at });
const values: readonly Node[] = [
  ...[null, true, false, 0, 1, -1, 1.5, 1e300, Number.NaN, Number.POSITIVE_INFINITY, 20_000_000_000].map(scalar),
  ...['', ' ', 'x', '*', 'live', '2000', '-1', '20.00', '1e5', '👍', '\ud800', 'usd', 'USD', '2027-01-31'].map(scalar),
  { kind: 'list', items: [], at },
  { kind: 'list', items: [scalar('')], at },
  { kind: 'list', items: [scalar('x'), scalar(1)], at },
  { kind: 'map', entries: new Map(), at },
  { kind: 'map', entries: new Map([['x', { name: 'x', at, node: scalar('x') }]]), at },
];

/** A file with one thing in it gone, added or put in place of another. */
function changed(node: Node, pick: (below: number) => number): Node {
  const size = node.kind === 'map' ? node.entries.size : node.kind === 'list' ? node.items.length : 0;
  const value = () => values[pick(values.length)] as Node;
  if (size === 0 || node.kind === 'scalar' || pick(8) === 0) return value();
  const place = pick(size);
  if (node.kind === 'list') {
    const items = [...node.items];
    items[place] = changed(items[place] as Node, pick);
    return { ...node, items };
  }
  const entries = [...node.entries];
  const [name, entry] = entries[place] as (typeof entries)[number];
  const deed = pick(12);
  const added = ['x', '', '__proto__', 'constructor', 'x-more', 'id', 'metadata', 'match'][pick(8)] as string;
  if (deed === 0) entries.splice(place, 1);
  else if (deed === 1) entries.push([added, { name: added, at, node: value() }]);
  else entries[place] = [name, { ...entry, node: changed(entry.node, pick) }];
  return { ...node, entries: new Map(entries) };
}

test('every file with something else in it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(roots.length - 1), fc.infiniteStream(fc.nat()), async (index, numbers) => {
      const pick = (below: number) => (numbers.next().value as number) % below;
      const root = changed(roots[index] as MapNode, pick);
      if (root.kind !== 'map') return;
      const { told, ajv: said } = await verdicts(root);
      expect(told).toBe(said);
    }),
    runs(900),
  );
});
