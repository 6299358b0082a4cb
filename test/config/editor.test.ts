/** The schema in an editor: what VS Code's YAML language server makes of it at real places of real files. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments, parseDocument } from 'yaml';
import { configSchema } from '../../src/config/schema.ts';
import { policyProblems } from '../../src/model.ts';
import { apiVersions, eventTypes } from '../../src/resources/events.ts';
import { registry, resourceOf } from '../../src/resources/index.ts';
import { declarable } from '../../src/resources/resource.ts';
import { kinds, LISTS } from '../kinds/index.ts';
import { cleanUp, repository, runCli } from '../runner.ts';
import { type Editor, schemaUrl, startEditor } from './editor.ts';

const root = path.resolve(import.meta.dirname, '../..');
const cases = path.join(root, 'test/cases');
const schema = readFileSync(path.join(root, 'schema/stripe-config.schema.json'), 'utf8');
const sections = [...registry.keys()];

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor();
});
afterAll(async () => {
  await editor.close();
  cleanUp();
});

/** A text below `version: 1`. Line 2 is its first. */
const file = (text: string) => `version: 1\n${text}`;
const inPrice = (text: string) => file(`prices:\n  pro:\n    ${text}`);
const inWebhook = (text: string) => file(`webhooks:\n  billing:\n    ${text}`);
const inTestPrice = (text: string) => file(`environments:\n  test:\n    prices:\n      pro:\n        ${text}`);

/** The names and words offered at the cursor, without what writes several of them at once. */
async function offered(text: string, name?: string): Promise<string[]> {
  const items = await editor.complete(text, name);
  return items.filter(({ sortText }) => sortText === undefined).map(({ label }) => label);
}

/** What is written where the user takes what is offered under a label: the first proposal at each place to fill in. */
async function written(text: string, label: string): Promise<string> {
  const item = (await editor.complete(text)).find((one) => one.label === label);
  const [before = ''] = text.split('‸');
  const indent = /[^\n]*$/.exec(before)?.[0].replace(/\S/g, ' ') ?? '';
  const insert = item?.textEdit?.newText ?? item?.insertText ?? '';
  return text.replace('‸', filled(insert).replaceAll('\n', `\n${indent}`));
}

function filled(snippet: string): string {
  return snippet.replace(/\$\{\d+(?::([^}]*)|\|([^,|]*)[^}]*)?\}|\$\d+/g, (_, text = '', word = '') => text || word);
}

/** What an entry can state; `match` first, where it finds an object. */
function fieldsOf(section: string): string[] {
  const resource = resourceOf(section);
  const fields = Object.entries(declarable(resource));
  const finding = resource.shape === 'single' ? [] : ['match'];
  const code = resource.sends === undefined ? [] : ['handler'];
  return [...finding, ...code, ...fields.flatMap(([name, { also = {} }]) => [name, ...Object.keys(also)])];
}

/** The cursor, or other fields, in an entry of a section. */
function inEntry(section: string, fields: readonly string[]): string {
  const isSingle = resourceOf(section).shape === 'single';
  const indent = isSingle ? '  ' : '    ';
  return file(`${section}:\n${isSingle ? '' : '  pro:\n'}${fields.map((field) => indent + field).join('\n')}`);
}

const inEnvironment = ['account', 'mode', 'key_rotated', ...sections];

describe('an editor offers', () => {
  it('the names at the top of the file', async () => {
    const names = ['account', 'mode', 'key_rotated', ...sections, 'policy', 'ignore', 'code', 'environments'];
    expect(await offered('‸')).toEqual(['version', ...names]);
    expect(await offered(file('‸'))).toEqual(names);
    expect(await offered(file('mode: live\npri‸'))).toEqual(names.filter((name) => name !== 'mode'));
  });

  it.each(sections)('every field of an entry in %s', async (section) => {
    const fields = fieldsOf(section);
    expect(await offered(inEntry(section, ['‸']))).toEqual(fields);
    const taken = fields.includes('id') ? 'id' : (fields[0] as string);
    const others = fields.filter((name) => name !== taken);
    expect(await offered(inEntry(section, [`${taken}: x`, '‸']))).toEqual(others);
    const isSingle = resourceOf(section).shape === 'single';
    const inline = `{ ${taken}: x, m‸ }`;
    expect(await offered(file(isSingle ? `${section}: ${inline}` : `${section}:\n  pro: ${inline}`))).toEqual(others);
  });

  it.each([
    ['in a list of lines', '\n      - ‸'],
    ['begun in a list of lines', '\n      - charge.refunded\n      - invoice.‸'],
    ['in a list on one line', ' [‸]'],
    ['begun in a list on one line', ' [charge.refunded, inv‸]'],
  ])('every event type %s', async (_, list) => {
    const items = await editor.complete(inWebhook(`enabled_events:${list}`));
    const inserted = items.map(({ textEdit }) => textEdit?.newText);
    expect(inserted).toEqual(expect.arrayContaining(eventTypes.filter((type) => type !== '*')));
    expect(inserted).toContain('"*"');
  });

  it('the event type that stands for all in quotes, since YAML takes it for something else', async () => {
    const text = await written(inWebhook('enabled_events: [‸]'), '"*"');
    expect(parseDocument(text).toJS().webhooks.billing.enabled_events).toEqual(['*']);
  });

  it.each([
    ['the words of mode', file('mode: ‸'), ['live', 'test']],
    ['the words of status', inWebhook('status: ‸'), ['enabled', 'disabled']],
    ['true and false', inWebhook('connect: ‸'), ['true', 'false']],
    ['every API version', inWebhook('api_version: ‸'), [...apiVersions, 'null']],
    ['the words of interval', inPrice('recurring:\n      interval: ‸'), ['day', 'week', 'month', 'year']],
    ['the words of interval on one line', inPrice('recurring: { interval: m‸ }'), ['day', 'week', 'month', 'year']],
    ['the words of tax_behavior', inPrice('tax_behavior: ‸'), ['exclusive', 'inclusive', 'unspecified', 'null']],
    ['the words of tiers_mode', inPrice('tiers_mode: ‸'), ['graduated', 'volume', 'null']],
    [
      'the names in recurring',
      inPrice('recurring:\n      ‸'),
      ['interval', 'interval_count', 'usage_type', 'meter', 'trial_period_days'],
    ],
    [
      'the names in a tier',
      inPrice('tiers:\n      - ‸'),
      ['up_to', 'flat_amount', 'flat_amount_decimal', 'unit_amount', 'unit_amount_decimal'],
    ],
    [
      'the names of a currency',
      inPrice('currency_options:\n      eur:\n        ‸'),
      ['unit_amount', 'unit_amount_decimal', 'custom_unit_amount', 'tax_behavior', 'tiers'],
    ],
    [
      'the problems of policy',
      file('policy:\n  ‸'),
      [...Object.keys(policyProblems), 'pending', 'health', 'rotate_key_after_days'],
    ],
    ['the severities', file('policy:\n  missing: ‸'), ['error', 'warning', 'notice', 'ignore']],
    ['the severities of pending', file('policy:\n  pending: ‸'), ['error', 'warning', 'notice', 'ignore']],
    ['the sections that have a severity', file('policy:\n  unmanaged:\n    ‸'), LISTS],
    ['the sections that send events', file('policy:\n  unsubscribed:\n    ‸'), ['webhooks', 'event_destinations']],
    ['the sections that can differ', file('policy:\n  changed:\n    ‸'), sections],
    [
      'the severities of a section',
      file('policy:\n  unmanaged: { prices: w‸ }'),
      ['error', 'warning', 'notice', 'ignore'],
    ],
    ['the names of an exception', file('ignore:\n  - ‸'), [...sections, 'code', 'fields', 'reason', 'until']],
    ['the environments that the mode of the key chooses', file('environments:\n  ‸'), ['live', 'test']],
    ['what stands in an environment', file('environments:\n  test:\n    ‸'), inEnvironment],
    ['what stands in one of another name', file('environments:\n  demo:\n    ‸'), inEnvironment],
    ['the fields of an entry in an environment', inTestPrice('‸'), fieldsOf('prices')],
    [
      'the words of a field in an environment',
      inTestPrice('tax_behavior: ‸'),
      ['exclusive', 'inclusive', 'unspecified', 'null'],
    ],
    [
      'the words within a value in an environment',
      inTestPrice('recurring:\n          interval: ‸'),
      ['day', 'week', 'month', 'year'],
    ],
  ])('%s', async (_, text, words) => {
    const labels = await offered(text);
    expect(new Set(labels)).toEqual(new Set(words));
  });

  it('the event types in an environment', async () => {
    const text = file('environments:\n  test:\n    webhooks:\n      billing:\n        enabled_events:\n          - ‸');
    expect(await offered(text)).toEqual(expect.arrayContaining(['invoice.paid', 'charge.refunded']));
  });

  it('a word on each field, with what it means', async () => {
    for (const [section, resource] of registry) {
      const items = await editor.complete(inEntry(section, ['‸']));
      for (const [name, { description }] of Object.entries(declarable(resource))) {
        const item = items.find(({ label }) => label === name);
        expect(item?.documentation).toEqual({ kind: 'markdown', value: description });
      }
    }
    const [error] = await editor.complete(file('policy:\n  missing: ‸'));
    expect(error).toMatchObject({ label: 'error', documentation: { value: 'The check fails.' } });
  });
});

describe('an editor writes', () => {
  it.each(sections)('each field of %s such that its value can follow', async (section) => {
    for (const name of fieldsOf(section)) {
      const text = await written(inEntry(section, ['‸']), name);
      const { errors, contents } = parseDocument(text);
      expect(errors, text).toEqual([]);
      const entry = contents?.toJSON()[section];
      expect(resourceOf(section).shape === 'single' ? entry : entry.pro, text).toHaveProperty(name);
    }
  });

  it('a reference as a name, and of a whole value what it requires', async () => {
    expect(await written(inPrice('‸'), 'product')).toBe(inPrice('product: '));
    expect(await written(inPrice('‸'), 'recurring')).toBe(inPrice('recurring:\n      interval: '));
    expect(await written(inPrice('‸'), 'transform_quantity')).toBe(
      inPrice('transform_quantity:\n      divide_by: \n      round: '),
    );
  });

  it('a new entry as an example to change', async () => {
    expect(await written(file('prices:\n  ‸'), 'new price')).toBe(
      file(`prices:
  pro_monthly:
    lookup_key: pro_monthly
    product: pro
    currency: usd
    unit_amount: 2000
    recurring:
      interval: month
    tax_behavior: exclusive`),
    );
  });

  it('sections that are together a valid file', async () => {
    let text = '‸';
    for (const name of ['version', ...sections]) {
      text = await written(text, name);
      // Of a section that is one object the example is offered in the section.
      const kind = registry.get(name);
      if (kind?.shape === 'single') text = await written(`${text}‸`, kind.kind);
      text = `${text}\n‸`;
    }
    text = text.replace('‸', '');
    const { stdout } = await runCli(['lint'], { cwd: repository({ 'stripe-config.yaml': text }) });
    expect(stdout, text).toContain(' is valid');
    expect(await editor.diagnose(text)).toEqual([]);
  });
});

describe('an editor explains', () => {
  it.each([
    ['an amount', inPrice('unit_am‸ount: 2000'), ['in minor units of the currency (cents for usd, yen for jpy)']],
    ['its value', inPrice('unit_amount: 20‸00'), ['in minor units of the currency']],
    [
      'what is billed how often',
      inPrice('recur‸ring: { interval: month }'),
      ['Compared as a whole', '`null` means a one-time price'],
    ],
    ['a default', inPrice('recurring: { interval: month, interval_c‸ount: 1 }'), ['Default: `1`']],
    ['the limit of a key', inPrice('lookup_‸key: pro'), ['at most 200 characters']],
    ['the words of a field', inPrice('tax_beh‸avior: exclusive'), ['`exclusive`', '`inclusive`', '`unspecified`']],
    ['a section', file('pri‸ces:\n  pro: { id: price_1 }'), ['Found by `id`, else by `lookup_key`']],
    ['an entry', file('prices:\n  p‸ro: { id: price_1 }'), ['#### price']],
    ['metadata', inPrice('meta‸data: { plan: pro }'), ['at most 50', 'at most 500']],
    ['a severity', file('policy:\n  miss‸ing: warning'), ['* `ignore`: It is counted, and not reported.']],
    [
      'an exception',
      file('ignore:\n  - pri‸ces: price_1\n    reason: x'),
      ['by `id` or `lookup_key`, with `*` for any characters'],
    ],
    ['a field in an environment', inTestPrice('unit_am‸ount: 2000'), ['in minor units of the currency']],
    ['a value in an environment', inTestPrice('recurring: { inter‸val: month }'), ['The time between two bills']],
  ])('%s', async (_, text, words) => {
    const shown = await editor.hover(text);
    for (const word of words) expect(shown).toContain(word);
  });

  it('an event type without a list of all others', async () => {
    const shown = await editor.hover(inWebhook('enabled_events: [invoice.p‸aid]'));
    expect(shown).toContain('An event type.');
    expect(shown).not.toContain('charge.refunded');
  });
});

describe('an editor underlines', () => {
  it.each([
    [
      'a field that is not known',
      inPrice('lookup_key: a\n    unit_amont: 2000'),
      ['5: Property unit_amont is not allowed.'],
    ],
    ['a section that is not known', file('pricess: {}'), ['2: Property pricess is not allowed.']],
    ['a missing version', 'prices: {}', ['1: Missing property "version".']],
    ['a section without entries', file('prices:'), ['2: Expected entries by name, or {} for none.']],
    [
      'a value of the wrong type',
      inPrice('active: maybe\n    lookup_key: [a]'),
      ['4: Incorrect type. Expected "boolean".', '5: Incorrect type. Expected one of string, null.'],
    ],
    [
      'a word that is not known',
      inPrice('tax_behavior: exlusive'),
      ['4: Value is not accepted. Valid values: "exclusive", "inclusive", "unspecified", null.'],
    ],
    [
      'a severity that is not known',
      file('policy:\n  missing: fatal\n  unmanaged: { prices: fatal }'),
      [
        '3: Value is not accepted. Valid values: "error", "warning", "notice", "ignore".',
        '4: Value is not accepted. Valid values: "error", "warning", "notice", "ignore".',
      ],
    ],
    [
      'a value that lacks what it requires',
      inPrice('recurring: { interval_count: 3 }'),
      ['4: Missing property "interval".'],
    ],
    ['an exception without a reason', file('ignore:\n  - prices: price_1'), ['3: Missing property "reason".']],
    [
      'an event type that is none, in a few words',
      inWebhook('enabled_events:\n      -\n      - 3\n      - ""'),
      [
        '5: Incorrect type. Expected "string".',
        '6: Incorrect type. Expected "string".',
        '7: String is shorter than the minimum length of 1.',
      ],
    ],
    ['what is wrong in an environment', inTestPrice('unit_amont: 2000'), ['6: Property unit_amont is not allowed.']],
  ])('%s', async (_, text, problems) => {
    expect(await editor.diagnose(text)).toEqual(problems);
  });

  it('a text of the wrong form in the words of this program, each of them', async () => {
    const text = file(`account: foo
webhooks:
  a: { url: api.example.com }
prices:
  a: { currency: USD }
  b: { unit_amount: 14.50 }
  c: { unit_amount_decimal: "1e3" }
  d: { tiers: [{ up_to: infinity }] }
  e: { custom_unit_amount: { preset: 5.50 } }
  f: { tiers: [{ flat_amount: 1.50 }] }
ignore:
  - { prices: a, reason: b, until: 31.1.2027 }
code: { paths: ../other/** }
`);
    const messages = [...schema.matchAll(/"patternErrorMessage": ("(?:[^"\\]|\\.)*")/g)].map(([, json]) =>
      JSON.parse(json as string),
    );
    const found = await editor.diagnose(text);
    const lines = (problems: readonly string[]) => problems.map((problem) => Number.parseInt(problem, 10));
    const words = (problems: readonly string[]) => problems.map((problem) => problem.replace(/^\d+: /, ''));
    expect(lines(found)).toEqual([2, 4, 6, 7, 8, 9, 10, 11, 13, 14]);
    expect(words(found).filter((word) => !messages.includes(word))).toEqual([]);
    // What only one kind has is among the wrong values of its file.
    const refused = [...kinds].flatMap(([section, { row, refused: wrong }]) => {
      const statements = Object.entries(wrong).map(([field, [statement]]) => `${field}: ${statement}`);
      if (row.single) return [`${section}:`, ...statements.map((statement) => `  ${statement}`)];
      return [`${section}:`, ...statements.map((statement, index) => `  e${index}: { ${statement} }`)];
    });
    const said = new Set([...words(found), ...words(await editor.diagnose(file(`${refused.join('\n')}\n`)))]);
    expect(messages.filter((word) => !said.has(word))).toEqual([]);
  });

  it('an event type newer than this version not at all', async () => {
    expect(
      await editor.diagnose(inWebhook('enabled_events: [invoice.paid, moon.rises]\n    api_version: 2031-01-01.rose')),
    ).toEqual([]);
  });
});

describe('an editor and this program', () => {
  const accepts = new Ajv({ strict: false, logger: false }).compile(configSchema());
  const texts = [
    ...readdirSync(cases).map((name) => [name, path.join(cases, name, 'stripe-config.yaml')] as const),
    ['the example', path.join(root, 'examples/stripe-config.yaml')] as const,
  ].flatMap(([name, at]) => {
    try {
      return [{ name, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(at)) }];
    } catch {
      return [];
    }
  });

  /** A file without the first line that names the published schema, which would be fetched. */
  const local = (text: string) => text.replace(/# yaml-language-server:.*/, '#');

  it('agree on every file of the tests, as far as a schema can tell', async () => {
    const isValid = ({ text }: { text: string }) =>
      parseAllDocuments(text, { merge: true }).every((document) => {
        try {
          return document.errors.length === 0 && accepts(document.toJS());
        } catch {
          return false;
        }
      });
    const verdicts = await Promise.all(
      texts
        .filter(({ text }) => text !== '')
        .map(async (one) => ({
          name: one.name,
          byEditor: (await editor.diagnose(local(one.text))).length === 0,
          bySchema: isValid(one),
        })),
    );
    expect(verdicts.filter(({ byEditor, bySchema }) => byEditor !== bySchema)).toEqual([]);
    expect(verdicts.filter(({ byEditor }) => !byEditor).length).toBeGreaterThan(20);
  });

  it('find nothing wrong in the example and in every file that is valid', async () => {
    const isInvalid = (name: string) =>
      name !== 'the example' &&
      JSON.parse(readFileSync(path.join(cases, name, 'expected.json'), 'utf8')).status === 'invalid';
    const valid = texts.filter(({ name }) => !isInvalid(name));
    expect(valid.length).toBeGreaterThan(100);
    const found = await Promise.all(
      valid.map(async ({ name, text }) => [name, await editor.diagnose(local(text))] as const),
    );
    expect(found.filter(([, problems]) => problems.length > 0)).toEqual([]);
  });

  it('know a file of any name by its first line', async () => {
    const first = `# yaml-language-server: $schema=${schemaUrl}\n`;
    expect(await editor.diagnose(`${first}version: 1\npricess: {}\n`, 'billing.yaml')).toEqual([
      '3: Property pricess is not allowed.',
    ]);
    expect(await offered(`${first}version: 1\n‸`, 'billing.yaml')).toContain('prices');
    expect(await editor.diagnose('version: 1\npricess: {}\n', 'billing.yaml')).toEqual([]);
  });

  it('have one schema, of which the published form only says more', () => {
    const annotations = new Set(['markdownDescription', 'markdownEnumDescriptions', 'errorMessage', 'defaultSnippets']);
    const plain = (text: string) => JSON.parse(text, (name, value) => (annotations.has(name) ? undefined : value));
    expect(plain(schema)).toEqual(plain(JSON.stringify(configSchema())));
  });
});
