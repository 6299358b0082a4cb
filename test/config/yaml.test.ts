/** The reading of YAML: long sections are read piece by piece, which nobody notices. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/config/yaml.ts';
import type { Node, Place } from '../../src/model.ts';
import { runs } from '../runs.ts';

const FILE = 'stripe-config.yaml';
/** A file as long as this is read piece by piece. */
const BEGIN = `version: 1\n# ${'long '.repeat(20_000)}\n`;

/** What a text says, and what is wrong with it, with lines counted from another one on. */
function read(text: string, before = 0) {
  const { node, remarks } = parse(text, FILE);
  const at = ({ line, endLine, ...rest }: Place) => ({ ...rest, line: line - before, endLine: endLine - before });
  const plain = (one: Node): unknown => {
    if (one.kind === 'scalar') return { ...one, at: at(one.at) };
    if (one.kind === 'list') return { at: at(one.at), items: one.items.map(plain) };
    const entries = [...one.entries.values()].filter(({ name }) => name !== 'x-anchor');
    return entries.map((entry) => ({ name: entry.name, at: at(entry.at), node: plain(entry.node) }));
  };
  const said = remarks.map(({ at: place, message, severity }) => ({
    // A place that is the whole file's is its first line.
    line: Math.max(1, place.line - before),
    column: place.column,
    severity,
    message: message.replace(/(?<=already stated on line )\d+/, (line) => String(Number(line) - before)),
  }));
  return {
    node: node && plain(node),
    said: said.sort((one, other) => one.line - other.line || one.column - other.column),
  };
}

/** An anchor before all else: what comes after it may refer to it, and is read as a whole. */
const asAWhole = (text: string) => read(`x-anchor: &anchor 1\n${text}`, 1);

const value = fc.constantFrom(
  '{ id: prod_1, name: "a # b" }',
  '\n    id: prod_1\n    name: Pro # why\n',
  '\n    id: prod_1\n    # a comment\n    metadata:\n      plan: pro\n\n',
  '\n    description: >\n      long\n      text\n    name: x\n',
  '\n    enabled_events:\n      - a\n      - b\n',
  '\n    enabled_events:\n    - a\n    - b\n',
  ' # nothing',
  ' # nothing\n # outdented comment',
  '"quoted"',
  '|-\n    text\n    more\n',
  '\n    ? key\n    : value\n',
);
const entry = fc.tuple(fc.nat({ max: 400 }), value).map(([name, said]) => `  e${name}: ${said}\n`);
const section = (name: string, most: number) =>
  fc
    .array(entry, { minLength: 1, maxLength: most, size: 'max' })
    .map((entries) => `${name}:\n${entries.join('')}# between\n`);
const file = fc
  .tuple(section('products', 300), section('prices', 60), section('coupons', 200))
  .map((parts) => `${BEGIN}${parts.join('')}`);

/** What people and merge tools leave in a file. */
const slip = fc.tuple(
  fc.nat({ max: 1_000_000 }),
  fc.constantFrom('\t', '"', '[', '}', ': ', '\n', '\n---\n', ' ', '&a ', '*other', '!tag ', '<<: {a: b}', '@', '%'),
);

describe('a long file', () => {
  test('says the same in pieces as it says as a whole', () => {
    let entries = 0;
    fc.assert(
      fc.property(file, (text) => {
        const found = read(text);
        expect(found).toEqual(asAWhole(text));
        entries += (found.node as unknown[] | null)?.length ?? 0;
      }),
      { ...runs(30), endOnFailure: true },
    );
    expect(entries).toBeGreaterThan(0);
  });

  test('has the same mistakes in pieces as it has as a whole', () => {
    let mistakes = 0;
    fc.assert(
      fc.property(file, slip, (text, [place, what]) => {
        const at = BEGIN.length + (place % (text.length - BEGIN.length));
        const broken = text.slice(0, at) + what + text.slice(at);
        const found = read(broken);
        expect(found).toEqual(asAWhole(broken));
        mistakes += found.said.length;
      }),
      { ...runs(60), endOnFailure: true },
    );
    expect(mistakes).toBeGreaterThan(20);
  });

  test('may begin to use anchors anywhere', () => {
    const many = Array.from({ length: 200 }, (_, n) => `  p${n}: { id: prod_${n} }\n`).join('');
    const text = `${BEGIN}products:\n${many}  base: &base { name: Base }\n${many.replaceAll('p', 'q')}  last:\n    <<: *base\n`;
    const { node, remarks } = parse(text, FILE);
    expect(remarks).toEqual([]);
    const products = node?.kind === 'map' ? node.entries.get('products')?.node : undefined;
    const last = products?.kind === 'map' ? products.entries.get('last')?.node : undefined;
    expect(products?.kind === 'map' && products.entries.size).toBe(402);
    expect(last?.kind === 'map' && last.entries.get('name')?.node).toMatchObject({ text: 'Base' });
  });

  test('is told of a name that is stated twice, however far apart', () => {
    const many = Array.from({ length: 300 }, (_, n) => `  p${n}: { id: prod_${n} }\n`).join('');
    const { remarks } = parse(`${BEGIN}products:\n${many}  p7: { id: prod_7 }\n`, FILE);
    expect(remarks.map(({ at, message }) => [at.line, message])).toEqual([
      [304, '"p7" is already stated on line 11. Keep one of them'],
    ]);
  });
});
