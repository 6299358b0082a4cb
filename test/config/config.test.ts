/** The configuration file: every problem at its place, and the place of everything that a finding can be about. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Config, loadConfig } from '../../src/config/load.ts';
import { type Content, decode, readContent } from '../../src/config/source.ts';
import type { Declared, Expected, Invalid, Mode } from '../../src/model.ts';

const load = async (text: string): Promise<Config> => await loadConfig([{ file: 'f.yaml', text }]);

/** A finding as `line:column-end message`, warnings marked. */
function shown({ at, severity, message }: Invalid): string {
  const end = at.endLine === at.line ? at.endColumn : `${at.endLine}:${at.endColumn}`;
  return `${severity === 'warning' ? '(warning) ' : ''}${at.line}:${at.column}-${end} ${message}`;
}

describe('a problem of the file is told at its place', () => {
  test('plain http only in live mode, whether the file, its environment or the key says so', async () => {
    const http = (more: string) => `version: 1\n${more}webhooks:\n  a: { url: "http://a.example" }\n`;
    const remarks = async (text: string, environment: string | null, mode: Mode | null) =>
      (await load(text)).in(environment, mode).remarks.map(shown);
    const warning = 'webhooks.a.url is plain http; in live mode Stripe only delivers to https';
    expect(await remarks(http(''), null, null)).toEqual([]);
    expect(await remarks(http(''), null, 'live')).toEqual([`(warning) 3:13-31 ${warning}`]);
    expect(await remarks(http(''), null, 'test')).toEqual([]);
    expect(await remarks(http('mode: live\n'), null, null)).toEqual([`(warning) 4:13-31 ${warning}`]);
    expect(await remarks(http('mode: test\n'), null, null)).toEqual([]);
  });
});

describe('a section, entry and field that a problem is about', () => {
  test.each([
    ['version: 2\nproducts: {}\n', [null, null, null]],
    ['version: 1\nproducts: []\n', ['products', null, null]],
    ['version: 1\nproducts: { a: x }\n', ['products', 'a', null]],
    ['version: 1\nproducts: { a: { id: 5 } }\n', ['products', 'a', 'id']],
    ['version: 1\nproducts: { a: { id: x, metadata: { b: [] } } }\n', ['products', 'a', 'metadata']],
    ['version: 1\nproducts: {}\nenvironments: { live: { products: { a: { id: 5 } } } }\n', ['products', 'a', 'id']],
    ['version: 1\nproducts: {}\nwebhook: {}\n', [null, null, null]],
  ])('%j', async (text, named) => {
    const [finding] = (await load(text)).findings;
    expect([finding?.section, finding?.name, finding?.field]).toEqual(named);
  });
});

describe('a file that can not be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-config-check-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const told = async (content: Content) => (await loadConfig([{ file: 'f.yaml', ...content }])).findings.map(shown);

  test('does not exist', async () => {
    expect(await told(await readContent(join(folder, 'none.yaml')))).toEqual([
      '1:1-1 f.yaml does not exist. Name the file in the input config (Action) or as the argument (command line)',
    ]);
  });

  test('is a directory', async () => {
    mkdirSync(join(folder, 'directory'));
    expect(await told(await readContent(join(folder, 'directory')))).toEqual([
      '1:1-1 f.yaml is a directory: name a file in it',
    ]);
  });

  test.each([
    ['a byte that begins no character', Buffer.from([0x76, 0xff, 0x0a])],
    ['a character that is cut off', Buffer.from([0x61, 0xc3])],
    ['UTF-16', Buffer.from('\ufeffversion: 1\nproducts: {}\n', 'utf16le')],
    ['Latin-1', Buffer.from('version: 1\nproducts: { é: { id: x } }\n', 'latin1')],
  ])('is not UTF-8: %s', async (_name, bytes) => {
    writeFileSync(join(folder, 'bytes.yaml'), bytes);
    expect(await told(await readContent(join(folder, 'bytes.yaml')))).toEqual([
      '1:1-1 f.yaml is not UTF-8. Save it in that encoding',
    ]);
  });

  test('is over 4 MiB, by one byte', async () => {
    const head = 'version: 1\nproducts: {}\n#';
    const most = Buffer.from(head.padEnd(4 * 1024 * 1024, 'x'));
    expect(await told(decode(most))).toEqual([]);
    expect(await told(decode(Buffer.concat([most, Buffer.from('x')])))).toEqual([
      '1:1-1 f.yaml is 4194305 bytes: at most 4 MiB (4194304 bytes) are read',
    ]);
  });

  test('holds a bomb of aliases', async () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'x-0: &l0 [a, a, a, a, a, a, a, a, a, a]'
        : `x-${level}: &l${level} [${Array.from({ length: 10 }, () => `*l${level - 1}`).join(', ')}]`,
    );
    const findings = (await load(`version: 1\n${levels.join('\n')}\nproducts: {}\n`)).findings.map(shown);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(/^\d+:\d+-\d+ The file holds more than 500000 values once its aliases are followed$/);
  });

  test.each([65, 1000, 100_000])('is nested %d levels deep', async (levels) => {
    const findings = (await load(`version: 1\nproducts: ${'['.repeat(levels)}${']'.repeat(levels)}\n`)).findings.map(
      shown,
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(/ The file is nested deeper than 64 levels$/);
  });

  test('with a byte order mark is read as without', async () => {
    const text = 'version: 2\nproducts: {}\n';
    expect(await told(decode(Buffer.from(`\ufeff${text}`)))).toEqual(await told(decode(Buffer.from(text))));
  });
});

/** The entry of a file, as it is in an environment. */
async function entryOf(
  text: string,
  environment: string | null = null,
  [section, name] = ['products', 'a'],
): Promise<Expected> {
  const config = await load(text);
  expect(config.findings.filter(({ severity }) => severity === 'error').map(shown)).toEqual([]);
  const declared = config.in(environment, 'live').declared as Declared;
  const entry = declared.sections.get(section as string)?.entries.find((found) => found.name === name);
  if (entry === undefined) throw new Error(`there is no ${section}.${name}`);
  return entry;
}

function at(entry: Expected, ...path: string[]): string {
  const [field, ...below] = path;
  const place = field === undefined ? entry.at() : entry.decided(field, below);
  const { line, column, endLine, endColumn, file } = place;
  expect(file).toBe('f.yaml');
  expect(endLine).toBe(line);
  return `${line}:${column}-${endColumn}`;
}

describe('the place of a field is its key', () => {
  const places: readonly (readonly [name: string, text: string, place: string])[] = [
    ['in block style', 'version: 1\nproducts:\n  a:\n    id: x\n    name: A\n', '5:5-9'],
    ['in flow style', 'version: 1\nproducts: { a: { id: x, name: A } }\n', '2:25-29'],
    ['in flow style over lines', 'version: 1\nproducts: {\n  a: { id: x,\n       name: A } }\n', '4:8-12'],
    ['in double quotes', 'version: 1\nproducts:\n  a:\n    id: x\n    "name": A\n', '5:5-11'],
    ['in single quotes', "version: 1\nproducts:\n  a:\n    id: x\n    'name': A\n", '5:5-11'],
    ['as an explicit key', 'version: 1\nproducts:\n  a:\n    id: x\n    ? name\n    : A\n', '5:7-11'],
    ['after CRLF', 'version: 1\r\nproducts:\r\n  a:\r\n    id: x\r\n    name: A\r\n', '5:5-9'],
    [
      'after comments',
      '# one\n\n# two\nversion: 1\nproducts: # three\n  a:\n    # four\n    id: x # five\n    name: A\n',
      '9:5-9',
    ],
    ['after a document marker', '--- # begins\nversion: 1\nproducts:\n  a:\n    id: x\n    name: A\n', '6:5-9'],
    ['after wide characters', 'version: 1\nproducts: { a: { description: "ä😀", id: x, name: A } }\n', '2:45-49'],
    [
      'after text over lines',
      'version: 1\nproducts:\n  a:\n    id: x\n    description: |\n      one\n\n      two\n    name: A\n',
      '9:5-9',
    ],
    ['without a line feed at the end', 'version: 1\nproducts:\n  a:\n    id: x\n    name: A', '5:5-9'],
    ['in a map that is anchored', 'version: 1\nproducts:\n  a: &a\n    id: x\n    name: A\n', '5:5-9'],
    ['in a map that an alias stands for', 'version: 1\nx-a: &a\n  id: x\n  name: A\nproducts:\n  a: *a\n', '4:3-7'],
    ['in a map that is merged', 'version: 1\nx-a: &a\n  name: A\nproducts:\n  a:\n    <<: *a\n    id: x\n', '3:3-7'],
    [
      'in the first of several that are merged',
      'version: 1\nx-a: &a { name: A }\nx-b: &b { name: B, type: good }\nproducts:\n  a:\n    <<: [*a, *b]\n    id: x\n',
      '2:11-15',
    ],
    [
      'its own, where a merged map has it too',
      'version: 1\nx-a: &a { name: B }\nproducts:\n  a:\n    name: A\n    <<: *a\n    id: x\n',
      '5:5-9',
    ],
    [
      'in a map merged into a merged map',
      'version: 1\nx-a: &a { name: A }\nx-b: &b\n  <<: *a\n  type: good\nproducts:\n  a: { <<: *b, id: x }\n',
      '2:11-15',
    ],
    ['where its value is an alias', 'version: 1\nx-a: &a A\nproducts:\n  a:\n    id: x\n    name: *a\n', '6:5-9'],
  ];

  test.each(places)('%s', async (_name, text, place) => {
    const entry = await entryOf(text);
    expect(entry.fields.name).toBe('A');
    expect(at(entry, 'name')).toBe(place);
  });

  test('of an entry is its name, of a section its', async () => {
    const text = 'version: 1\n\nproducts:\n\n  "a":\n    id: x\n';
    expect(at(await entryOf(text))).toBe('5:3-6');
    const section = ((await load(text)).in(null, 'live').declared as Declared).sections.get('products');
    expect([section?.at.line, section?.at.column, section?.at.endColumn]).toEqual([3, 1, 9]);
  });

  test('that the file does not state is the entry’s', async () => {
    expect(at(await entryOf('version: 1\nproducts:\n  a:\n    id: x\n'), 'active')).toBe('3:3-4');
  });

  test('is of the spelling that states the amount', async () => {
    const prices = ['prices', 'a'] as [string, string];
    const of = (fields: string) =>
      entryOf(`version: 1\nprices:\n  a:\n    id: x\n    type: one_time\n${fields}    currency: usd\n`, null, prices);
    const decimal = await of('    unit_amount_decimal: 5\n');
    expect([at(decimal, 'unit_amount'), decimal.spelling('unit_amount')]).toEqual(['6:5-24', 'unit_amount_decimal']);
    const both = await of('    unit_amount_decimal: 5\n    unit_amount: 5\n');
    expect([at(both, 'unit_amount'), both.spelling('unit_amount')]).toEqual(['7:5-16', 'unit_amount']);
    const exact = await of('    unit_amount: null\n    unit_amount_decimal: 5.5\n');
    expect([at(exact, 'unit_amount'), exact.spelling('unit_amount')]).toEqual(['7:5-24', 'unit_amount_decimal']);
  });
});

describe('an environment', () => {
  const text = `version: 1
account: acct_1Base
products:
  a:
    id: prod_a
    name: A
    images: [https://a.example/1, https://a.example/2]
    metadata:
      plan: pro
      kept: base
  dropped:
    id: prod_dropped
environments:
  live:
    account: acct_1Live
    mode: live
    products:
      a:
        name: Live
        images: [https://a.example/3]
        metadata:
          plan: live
      dropped: null
      added:
        id: prod_added
    webhooks:
      hook:
        url: https://a.example
  empty: {}
`;

  test('merges maps by name; lists and scalars replace', async () => {
    const { fields } = await entryOf(text, 'live');
    expect(JSON.parse(JSON.stringify(fields))).toEqual({
      id: 'prod_a',
      name: 'Live',
      images: ['https://a.example/3'],
      metadata: { plan: 'live', kept: 'base' },
    });
  });

  test('decides the places of what it states, and of nothing else', async () => {
    const entry = await entryOf(text, 'live');
    expect(at(entry, 'name')).toBe('19:9-13');
    expect(at(entry, 'images')).toBe('20:9-15');
    expect(at(entry, 'metadata', 'plan')).toBe('21:9-17');
    expect(at(entry, 'metadata', 'kept')).toBe('8:5-13');
    expect(at(entry, 'id')).toBe('5:5-7');
    expect(at(entry)).toBe('4:3-4');
    expect(at(await entryOf(text, 'live', ['products', 'added']))).toBe('24:7-12');
  });

  test('drops an entry that it sets to null, and adds entries and sections', async () => {
    const { sections } = (await load(text)).in('live', 'live').declared as Declared;
    expect([...sections].map(([section, { entries }]) => [section, entries.map(({ name }) => name)])).toEqual([
      ['webhooks', ['hook']],
      ['products', ['a', 'added']],
    ]);
  });

  test('states guards of its own', async () => {
    const guards = async (environment: string | null) => {
      const { account, mode } = (await load(text)).in(environment, null).declared as Declared;
      return [account?.value, account?.at.line, mode?.value, mode?.at.line];
    };
    expect(await guards('live')).toEqual(['acct_1Live', 15, 'live', 16]);
    expect(await guards(null)).toEqual(['acct_1Base', 2, undefined, undefined]);
  });

  test.each([null, 'empty', 'none'])('of the name %j is just the base', async (environment) => {
    const { sections } = (await load(text)).in(environment, 'test').declared as Declared;
    expect([...sections.keys()]).toEqual(['products']);
    expect((await entryOf(text, environment)).fields.name).toBe('A');
  });

  test.each(['__proto__', 'constructor', 'toString'])('may be called %s', async (name) => {
    const file = `version: 1\nproducts: { a: { id: x, name: A } }\nenvironments: { ${name}: { products: { a: { name: B } } } }\n`;
    expect((await entryOf(file, name)).fields.name).toBe('B');
    expect((await load(file)).environments).toEqual([name]);
    expect((await entryOf('version: 1\nproducts: { a: { id: x, name: A } }\n', name)).fields.name).toBe('A');
  });

  test('by an alias of the base’s own entry changes nothing', async () => {
    const file = `version: 1
products:
  a: &a { id: x, name: A }
environments:
  live:
    products: { a: *a }
`;
    expect((await entryOf(file, 'live')).fields.name).toBe('A');
  });
});

describe('names are just names', () => {
  test.each([
    '__proto__',
    'constructor',
    'hasOwnProperty',
    '123',
    '1.10',
    'a.b',
    'a/b~1',
    'null',
    'true',
    '- x',
    '😀',
    'x'.repeat(300),
  ])('%s', async (name) => {
    const key = JSON.stringify(name);
    const entry = await entryOf(`version: 1\nproducts:\n  ${key}: { id: x, metadata: { ${key}: y } }\n`, null, [
      'products',
      name,
    ]);
    expect(JSON.stringify(entry.fields.metadata)).toBe(`{${key}:"y"}`);
    expect(at(entry, 'metadata', name)).toBe(`3:${key.length + 14}-${key.length + 22}`);
  });

  test.each([
    ['123', '123'],
    ['1.10', '1.10'],
    ['null', 'null'],
    ['~', '~'],
    ['true', 'true'],
    ['0x10', '0x10'],
    ['2027-01-31', '2027-01-31'],
  ])('plain %s is the text as written', async (written, name) => {
    expect(
      (await entryOf(`version: 1\nproducts:\n  ${written}: { id: x }\n`, null, ['products', name])).fields.id,
    ).toBe('x');
  });

  test('a reference may be to any of them', async () => {
    const text = 'version: 1\nproducts: { __proto__: { id: p } }\nprices: { a: { id: x, product: __proto__ } }\n';
    expect(JSON.stringify((await entryOf(text, null, ['prices', 'a'])).fields.product)).toBe('{"entry":"__proto__"}');
    expect(
      (await load('version: 1\nproducts: { a: { id: p } }\nprices: { a: { id: x, product: __proto__ } }\n')).findings,
    ).toHaveLength(1);
  });
});

describe('values are read from the text', () => {
  const fields = async (text: string) =>
    JSON.parse(
      JSON.stringify(
        (await entryOf(`version: 1\n${text}`, null, text.startsWith('prices') ? ['prices', 'a'] : ['products', 'a']))
          .fields,
      ),
    );

  test.each([
    ['20', '20'],
    ["'020'", '20'],
    ['020', '20'],
    ['0', '0'],
    ['9007199254740993', '9007199254740993'],
    ['"123456789012345678901234567890"', '123456789012345678901234567890'],
  ])('an amount of %s', async (written, value) => {
    expect(
      (await fields(`prices: { a: { id: x, type: one_time, currency: usd, unit_amount: ${written} } }\n`)).unit_amount,
    ).toBe(value);
  });

  test.each([
    ['0.1', '0.1'],
    ['0.10', '0.1'],
    ['0.000000000001', '0.000000000001'],
    ['"0.000000000001"', '0.000000000001'],
    ['0.30000000000000004', null],
    ['1234567890123.123456789012', '1234567890123.123456789012'],
  ])('a decimal of %s', async (written, value) => {
    const text = `prices: { a: { id: x, type: one_time, currency: usd, unit_amount_decimal: ${written} } }\n`;
    if (value === null) expect((await load(`version: 1\n${text}`)).findings).toHaveLength(1);
    else expect((await fields(text)).unit_amount).toBe(value);
  });

  test.each([
    ['1.10', '1.10'],
    ['"1.10"', '1.10'],
    ['true', 'true'],
    ['TRUE', 'TRUE'],
    ['007', '007'],
    ['1e3', '1e3'],
    ['0x1F', '0x1F'],
    ['12345678901234567890123', '12345678901234567890123'],
    ['2027-01-31', '2027-01-31'],
    ['yes', 'yes'],
    ['"null"', 'null'],
    ['"line\\nfeed"', 'line\nfeed'],
    ['null', null],
    ['~', null],
    ['', null],
  ])('metadata of %s', async (written, value) => {
    expect((await fields(`products:\n  a:\n    id: x\n    metadata:\n      b: ${written}\n`)).metadata).toEqual({
      b: value,
    });
  });

  test('text over lines', async () => {
    expect(
      await fields(
        'products:\n  a:\n    id: x\n    name: >-\n      one\n      two\n    description: |-\n      one\n      two\n',
      ),
    ).toEqual({
      id: 'x',
      name: 'one two',
      description: 'one\ntwo',
    });
  });

  test('events are a set, sorted and each once', async () => {
    const text =
      'version: 1\nwebhooks: { a: { id: x, enabled_events: [charge.succeeded, charge.failed, charge.succeeded] } }\n';
    expect((await entryOf(text, null, ['webhooks', 'a'])).fields.enabled_events).toEqual([
      'charge.failed',
      'charge.succeeded',
    ]);
  });
});

describe('policy, ignore and the sections that are declared', () => {
  test('are read as they are stated', async () => {
    const declared = (
      await load(`version: 1
products: {}
policy:
  missing: notice
  unmanaged: { products: ignore, prices: error }
ignore:
  - products: prod_*
    reason: tests
    until: 2027-01-31
  - prices: { metadata.origin: sales, nickname: null, active: true, metadata.a.b: 1.10 }
    reason: sales
`)
    ).in(null, 'live').declared as Declared;
    expect(declared.policy).toEqual({ missing: 'notice', unmanaged: { products: 'ignore', prices: 'error' } });
    expect(declared.ignore.map(({ at: place, ...rule }) => ({ ...rule, at: `${place.line}:${place.column}` }))).toEqual(
      [
        { section: 'products', pattern: 'prod_*', fields: null, reason: 'tests', until: '2027-01-31', at: '7:5' },
        {
          section: 'prices',
          pattern: [
            { path: ['metadata', 'origin'], value: 'sales' },
            { path: ['nickname'], value: null },
            { path: ['active'], value: 'true' },
            { path: ['metadata', 'a.b'], value: '1.10' },
          ],
          fields: null,
          reason: 'sales',
          until: null,
          at: '10:5',
        },
      ],
    );
  });

  test('are those of every environment', async () => {
    const config = await load('version: 1\nprices: {}\nenvironments: { live: { webhooks: {} }, test: {} }\n');
    expect(config.sections).toEqual(['webhooks', 'prices']);
    expect([...(config.in('test', 'test').declared as Declared).sections.keys()]).toEqual(['prices']);
  });
});
