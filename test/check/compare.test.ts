/** What differs between a file and what is live: every kind of value, and the oddities of the package that compares. */
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import { difference } from '../../src/check/difference.ts';
import type { Changed, Finding, Report, Value } from '../../src/model.ts';
import { shown } from '../../src/report/privacy.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { type PriceOverrides, price, tier } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';

/** A value whose maps have no prototype, as all values of the program. */
function bare(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map(bare);
  const result = Object.create(null);
  for (const [name, inner] of Object.entries(value)) result[name] = bare(inner);
  return result as Value;
}

describe('the difference of two values', () => {
  test.each<[string, Value, Value, unknown]>([
    ['equal texts', 'a', 'a', []],
    ['equal nulls', null, null, []],
    ['texts', 'a', 'b', [{ path: [], expected: 'a', actual: 'b' }]],
    ['a text and null', 'a', null, [{ path: [], expected: 'a', actual: null }]],
    ['null and a text', null, 'a', [{ path: [], expected: null, actual: 'a' }]],
    ['a text and a number that looks like it', '1', 1, [{ path: [], expected: '1', actual: 1 }]],
    ['false and null', false, null, [{ path: [], expected: false, actual: null }]],
    ['null and an empty map', null, {}, [{ path: [], expected: null, actual: {} }]],
    ['a map and null', { a: 'x' }, null, [{ path: [], expected: { a: 'x' }, actual: null }]],
    ['a map and a list', {}, [], [{ path: [], expected: {}, actual: [] }]],
    ['a null inside a map and no such name', { a: null }, {}, [{ path: ['a'], expected: null }]],
    ['a name in one alone', { a: 'x' }, {}, [{ path: ['a'], expected: 'x' }]],
    ['a name in the other alone', {}, { a: 'x' }, [{ path: ['a'], actual: 'x' }]],
    [
      'a null and a map inside a map',
      { a: null },
      { a: { b: 'x' } },
      [{ path: ['a'], expected: null, actual: { b: 'x' } }],
    ],
    ['maps in another order', { a: 'x', b: 'y' }, { b: 'y', a: 'x' }, []],
    [
      'lists of other lengths',
      ['a'],
      ['a', 'b', 'c'],
      [
        { path: ['1'], actual: 'b' },
        { path: ['2'], actual: 'c' },
      ],
    ],
    [
      'a list that lost its end',
      ['a', 'b', 'c'],
      ['x'],
      [
        { path: ['0'], expected: 'a', actual: 'x' },
        { path: ['1'], expected: 'b' },
        { path: ['2'], expected: 'c' },
      ],
    ],
    ['an empty list and one', [], ['a'], [{ path: ['0'], actual: 'a' }]],
    ['a list within a list', [['a']], [['a', 'b']], [{ path: ['0', '1'], actual: 'b' }]],
    [
      'maps within a list',
      [{ up_to: '10' }, { up_to: 'inf' }],
      [{ up_to: '20' }, { up_to: 'inf' }, { up_to: 'inf' }],
      [
        { path: ['0', 'up_to'], expected: '10', actual: '20' },
        { path: ['2'], actual: { up_to: 'inf' } },
      ],
    ],
    ['the empty name in one alone', { '': 'x' }, {}, [{ path: [''], expected: 'x' }]],
    ['the empty name in the other alone', {}, { '': 'x' }, [{ path: [''], actual: 'x' }]],
    ['the empty name in both', { '': 'x' }, { '': 'y' }, [{ path: [''], expected: 'x', actual: 'y' }]],
    [
      'names that every object of JavaScript has',
      { toString: 'x', constructor: 'y', hasOwnProperty: 'z' },
      { toString: 'x', constructor: 'Y', valueOf: 'v' },
      [
        { path: ['constructor'], expected: 'y', actual: 'Y' },
        { path: ['hasOwnProperty'], expected: 'z' },
        { path: ['valueOf'], actual: 'v' },
      ],
    ],
    [
      'a name called __proto__',
      JSON.parse('{"__proto__": "x"}'),
      JSON.parse('{"__proto__": {"a": "y"}}'),
      [{ path: ['__proto__'], expected: 'x', actual: { a: 'y' } }],
    ],
    [
      'texts that look like a regular expression',
      { a: '/x/' },
      { a: '/y/' },
      [{ path: ['a'], expected: '/x/', actual: '/y/' }],
    ],
  ])('%s', (_name, expected, actual, changes) => {
    expect(difference(bare(expected), bare(actual))).toEqual(changes);
  });

  test('is in the order of paths, positions counted as numbers', () => {
    const list = (mark: string) => Array.from({ length: 12 }, (_, index) => `${mark}${index}`);
    expect(difference(list('a'), list('b')).map(({ path }) => path[0])).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
    ]);
    expect(difference(bare({ b: '1', a: '1', c: '1' }), bare({})).map(({ path }) => path[0])).toEqual(['a', 'b', 'c']);
  });

  test('of one value used twice is found in both places', () => {
    const shared = bare({ a: 'x' });
    const other = bare({ a: 'y' });
    expect(difference([shared, shared], [other, other]).map(({ path }) => path)).toEqual([
      ['0', 'a'],
      ['1', 'a'],
    ]);
  });
});

// --- Through the whole check

async function compared(file: string, sections: object): Promise<Report> {
  const found = await check({
    sources: [{ file: 'f.yaml', text: `version: 1\n${file}` }],
    environment: null,
    live: new SnapshotLive(JSON.stringify({ schema: 1, mode: 'live', account: null, sections }), 'live.json'),
    failOn: 'error',
    commit: null,
  });
  return shown(found, 'full');
}

function found(report: Report): readonly Finding[] {
  const errors = report.findings.filter(({ problem, severity }) => problem === 'invalid' && severity === 'error');
  expect([...errors, ...(report.error === null ? [] : [report.error])]).toEqual([]);
  return report.findings.filter(({ problem }) => problem !== 'invalid');
}

/** Each changed field with its changes as `path: expected > actual`. */
async function changes(section: string, fields: string, live: object): Promise<string[]> {
  const report = await compared(`${section}: { it: { id: x, ${fields} } }`, { [section]: [{ ...live, id: 'x' }] });
  return found(report).flatMap((finding) =>
    (finding as Changed).changes.map(({ path, expected, actual }) =>
      [
        [(finding as Changed).field, ...path].join('.'),
        JSON.stringify(expected) ?? '-',
        JSON.stringify(actual) ?? '-',
      ].join(' '),
    ),
  );
}

const priced = (fields: string, live: PriceOverrides) => changes('prices', fields, price(live));

describe('what the file does not state', () => {
  test('is not compared', async () => {
    expect(await priced('nickname: A', { nickname: 'A', unit_amount: 1, metadata: { a: 'b' } })).toEqual([]);
  });

  test('but the state, which every entry expects', async () => {
    expect(await priced('nickname: A', { nickname: 'A', active: false })).toEqual(['active true false']);
    expect(await priced('active: true', { active: false })).toEqual(['active true false']);
    expect(await priced('active: false', { active: false })).toEqual([]);
    expect(await priced('active: false', { active: true })).toEqual(['active false true']);
    expect(
      await changes(
        'webhooks',
        'url: https://a.example',
        webhookEndpoint({ url: 'https://a.example', status: 'disabled' }),
      ),
    ).toEqual(['status "enabled" "disabled"']);
  });
});

describe('null', () => {
  test.each([
    ['description: null', product({ description: null }), []],
    ['description: null', product({ description: undefined }), []],
    ['description: null', product({ description: '' }), []],
    ['description: null', product({ description: 'x' }), ['description null "x"']],
    ['description: x', product({ description: null }), ['description "x" null']],
    ['images: null', product({ images: [] }), []],
    ['images: []', product({ images: [] }), []],
    ['images: null', product({ images: ['https://a.example/1'] }), ['images null ["https://a.example/1"]']],
    ['metadata: null', product({ metadata: {} }), []],
    ['metadata: {}', product({ metadata: {} }), []],
    ['shippable: null', product({ shippable: null }), []],
    ['shippable: null', product({ shippable: false }), ['shippable null false']],
    ['shippable: false', product({ shippable: null }), ['shippable false null']],
    ['package_dimensions: null', product({ package_dimensions: undefined }), []],
    ['default_price: null', product({ default_price: null }), []],
    ['default_price: null', product({ default_price: 'price_1' }), ['default_price null "price_1"']],
    ['default_price: price_1', product({ default_price: null }), ['default_price "price_1" null']],
    ['tax_code: null', product({ tax_code: 'txcd_1' }), ['tax_code null "txcd_1"']],
    ['tax_details: null', product({}), []],
  ])('%s', async (fields, live, expected) => {
    expect(await changes('products', fields, live)).toEqual(expected);
  });

  test('as tax behavior equals unspecified', async () => {
    expect(await priced('tax_behavior: null', { tax_behavior: 'unspecified' })).toEqual([]);
    expect(await priced('tax_behavior: unspecified', { tax_behavior: null })).toEqual([]);
    expect(await priced('tax_behavior: null', { tax_behavior: 'inclusive' })).toEqual([
      'tax_behavior null "inclusive"',
    ]);
  });
});

describe('amounts', () => {
  test.each<[string, PriceOverrides, string[]]>([
    ['unit_amount: 2000', { unit_amount: 2000 }, []],
    ['unit_amount_decimal: "2000.00"', { unit_amount: 2000 }, []],
    ['unit_amount_decimal: 2000.00', { unit_amount: 2000 }, []],
    ['unit_amount_decimal: "2000"', { unit_amount: 2000 }, []],
    ['unit_amount_decimal: 2000', { unit_amount: 2000 }, []],
    ['unit_amount_decimal: 0.50', { unit_amount_decimal: '0.5' }, []],
    ['unit_amount: 0', { unit_amount: 0 }, []],
    ['unit_amount: 0', { unit_amount: 2000 }, ['unit_amount "0" "2000"']],
    [
      'unit_amount: 0',
      { custom_unit_amount: { maximum: null, minimum: null, preset: null } },
      ['unit_amount "0" null'],
    ],
    ['unit_amount: null', { unit_amount: 0 }, ['unit_amount null "0"']],
    ['unit_amount: 2000', { unit_amount_decimal: '2000.5' }, ['unit_amount "2000" "2000.5"']],
    ['unit_amount: null, unit_amount_decimal: 2000.5', { unit_amount_decimal: '2000.5' }, []],
    [
      'unit_amount_decimal: "0.000000000001"',
      { unit_amount_decimal: '0.000000000002' },
      ['unit_amount_decimal "0.000000000001" "0.000000000002"'],
    ],
    [
      'unit_amount: 9007199254740992',
      { unit_amount: null, unit_amount_decimal: '9007199254740993' },
      ['unit_amount "9007199254740992" "9007199254740993"'],
    ],
  ])('%s', async (fields, live, expected) => {
    expect(await priced(`${fields}, currency: usd, type: recurring`, live)).toEqual(expected);
  });

  test('that the customer chooses are compared whole', async () => {
    const live = (custom_unit_amount: PriceOverrides['custom_unit_amount']) => ({
      custom_unit_amount,
      recurring: null,
    });
    const any = { maximum: null, minimum: null, preset: null };
    expect(await priced('type: one_time, currency: usd, custom_unit_amount: { enabled: true }', live(any))).toEqual([]);
    expect(
      await priced(
        'type: one_time, currency: usd, custom_unit_amount: { enabled: true, preset: 500 }',
        live({ ...any, preset: 500 }),
      ),
    ).toEqual([]);
    expect(
      await priced(
        'type: one_time, currency: usd, custom_unit_amount: { minimum: 100 }',
        live({ ...any, minimum: 100, preset: 5 }),
      ),
    ).toEqual(['custom_unit_amount.preset null "5"']);
    expect(await priced('type: one_time, custom_unit_amount: null', live(any))).toEqual([
      'custom_unit_amount null {"maximum":null,"minimum":null,"preset":null}',
    ]);
    expect(await priced('type: one_time, currency: usd, custom_unit_amount: { enabled: false }', live(null))).toEqual(
      [],
    );
    expect(await priced('type: one_time, currency: usd, custom_unit_amount: { enabled: true }', live(null))).toEqual([
      'custom_unit_amount {"maximum":null,"minimum":null,"preset":null} null',
    ]);
  });
});

describe('whole values', () => {
  test.each<[string, PriceOverrides['recurring'], string[]]>([
    ['{ interval: month }', {}, []],
    ['{ interval: month, interval_count: 1, usage_type: licensed, meter: null }', {}, []],
    ['{ interval: month }', { interval_count: 3 }, ['recurring.interval_count "1" "3"']],
    ['{ interval: month }', { usage_type: 'metered' }, ['recurring.usage_type "licensed" "metered"']],
    [
      '{ interval: month }',
      { usage_type: 'metered', meter: 'mtr_1' },
      ['recurring.meter null "mtr_1"', 'recurring.usage_type "licensed" "metered"'],
    ],
    ['{ interval: month }', { trial_period_days: 14 }, ['recurring.trial_period_days null "14"']],
    ['{ interval: month, trial_period_days: 14 }', { trial_period_days: 14 }, []],
    ['{ interval: year }', {}, ['recurring.interval "year" "month"']],
    ['null', null, []],
    [
      'null',
      {},
      [
        'recurring null {"interval":"month","interval_count":"1","usage_type":"licensed","meter":null,"trial_period_days":null}',
      ],
    ],
    [
      '{ interval: month }',
      null,
      [
        'recurring {"interval":"month","interval_count":"1","usage_type":"licensed","meter":null,"trial_period_days":null} null',
      ],
    ],
  ])('recurring: %s', async (written, recurring, expected) => {
    expect(await priced(`recurring: ${written}`, { recurring })).toEqual(expected);
  });

  test('dimensions are decimals', async () => {
    const live = product({ package_dimensions: { height: 12.5, length: 1, weight: 0.25, width: 3 } });
    expect(
      await changes('products', 'package_dimensions: { height: "12.50", length: 1, weight: 0.25, width: 3.0 }', live),
    ).toEqual([]);
    expect(
      await changes('products', 'package_dimensions: { height: 12.05, length: 1, weight: 0.25, width: 3 }', live),
    ).toEqual(['package_dimensions.height "12.05" "12.5"']);
  });

  test('a transformed quantity', async () => {
    const live = { transform_quantity: { divide_by: 10, round: 'up' as const } };
    expect(await priced('transform_quantity: { divide_by: 10, round: up }', live)).toEqual([]);
    expect(await priced('transform_quantity: { divide_by: 10, round: down }', live)).toEqual([
      'transform_quantity.round "down" "up"',
    ]);
  });
});

describe('tiers', () => {
  const tiered = (fields: string, tiers: NonNullable<PriceOverrides['tiers']>) =>
    priced(`type: recurring, currency: usd, tiers_mode: graduated, tiers: ${fields}`, { tiers });

  test.each<[string, string, NonNullable<PriceOverrides['tiers']>, string[]]>([
    ['an end of null, of inf and none are one', '[{ up_to: inf, unit_amount: 5 }]', [tier({ unit_amount: 5 })], []],
    ['an end of null', '[{ up_to: null, unit_amount: 5 }]', [tier({ unit_amount: 5 })], []],
    ['no end', '[{ unit_amount: 5 }]', [tier({ unit_amount: 5 })], []],
    ['no amount is 0', '[{ up_to: inf }]', [tier({ unit_amount: 0 })], []],
    ['an amount of null is 0', '[{ up_to: inf, unit_amount: null, flat_amount: 0 }]', [tier({})], []],
    ['a free flat amount is none', '[{ up_to: inf, flat_amount: 0, unit_amount: 5 }]', [tier({ unit_amount: 5 })], []],
    [
      'a decimal is its amount',
      '[{ up_to: inf, unit_amount_decimal: "5.00", flat_amount_decimal: 10 }]',
      [tier({ unit_amount: 5, flat_amount: 10 })],
      [],
    ],
    ['a fraction', '[{ up_to: inf, unit_amount_decimal: 0.5 }]', [tier({ unit_amount_decimal: '0.5' })], []],
    ['another amount', '[{ up_to: inf, unit_amount: 5 }]', [tier({ unit_amount: 6 })], ['tiers.0.unit_amount "5" "6"']],
    ['an amount where there is none', '[{ up_to: inf, unit_amount: 5 }]', [tier({})], ['tiers.0.unit_amount "5" "0"']],
    ['another flat amount', '[{ up_to: inf }]', [tier({ flat_amount: 6 })], ['tiers.0.flat_amount "0" "6"']],
    ['another end', '[{ up_to: 10 }, { up_to: inf }]', [tier({ up_to: 20 }), tier({})], ['tiers.0.up_to "10" "20"']],
    [
      'one tier more',
      '[{ up_to: inf, unit_amount: 5 }]',
      [tier({ up_to: 10, unit_amount: 5 }), tier({ unit_amount: 3 })],
      ['tiers.0.up_to "inf" "10"', 'tiers.1 - {"up_to":"inf","flat_amount":"0","unit_amount":"3"}'],
    ],
    [
      'one tier less',
      '[{ up_to: 10, unit_amount: 5 }, { up_to: inf, unit_amount: 3 }]',
      [tier({ unit_amount: 5 })],
      ['tiers.0.up_to "10" "inf"', 'tiers.1 {"up_to":"inf","flat_amount":"0","unit_amount":"3"} -'],
    ],
  ])('%s', async (_name, fields, tiers, expected) => {
    expect(await tiered(fields, tiers)).toEqual(expected);
  });

  test('are none on a price per unit, although Stripe does not say so', async () => {
    expect(await priced('tiers: null', { unit_amount: 5 })).toEqual([]);
    expect(
      await priced('type: recurring, currency: usd, tiers_mode: volume, tiers: [{ up_to: inf }]', { unit_amount: 5 }),
    ).toEqual(['tiers [{"up_to":"inf","flat_amount":"0","unit_amount":"0"}] null', 'tiers_mode "volume" null']);
  });

  test('that had to be expanded and were not make the check incomplete, not the price different', async () => {
    const { tiers: _unread, ...live } = price({ tiers: [tier({ unit_amount: 5 })] });
    const report = await compared(
      'prices: { it: { id: x, type: recurring, currency: usd, tiers_mode: graduated, tiers: [{ up_to: inf, unit_amount: 5 }] } }',
      {
        prices: [{ ...live, id: 'x' }],
      },
    );
    expect(found(report)).toEqual([]);
    expect(report.status).toBe('incomplete');
    expect(report.notes).toHaveLength(1);
    expect(report.notes[0]).toMatch(/^prices\.it\b(?=.*\btiers\b)(?=.*not compared)/);
  });
});

describe('currency options', () => {
  const options = (fields: string, currency_options: PriceOverrides['currency_options']) =>
    priced(`currency_options: ${fields}`, { currency_options });

  test.each<[string, string, PriceOverrides['currency_options'], string[]]>([
    [
      'a currency that the file does not list',
      '{ eur: { unit_amount: 5 } }',
      { eur: { unit_amount: 5 }, gbp: { unit_amount: 4 } },
      [],
    ],
    [
      'a name that the file leaves out beside an amount',
      '{ eur: { unit_amount: 5 } }',
      { eur: { unit_amount: 5, tax_behavior: 'inclusive' } },
      ['currency_options.eur.tax_behavior null "inclusive"'],
    ],
    [
      'a name that the file leaves out without an amount',
      '{ eur: { tax_behavior: inclusive } }',
      { eur: { unit_amount: 5, tax_behavior: 'inclusive' } },
      [],
    ],
    ['an amount and its decimal', '{ eur: { unit_amount_decimal: "5.0" } }', { eur: { unit_amount: 5 } }, []],
    [
      'another amount',
      '{ eur: { unit_amount: 5 } }',
      { eur: { unit_amount: 6 } },
      ['currency_options.eur.unit_amount "5" "6"'],
    ],
    [
      'a currency that is not there',
      '{ eur: { unit_amount: 5 } }',
      { gbp: {} },
      ['currency_options.eur {"unit_amount":"5"} null'],
    ],
    ['the base currency', '{ usd: { unit_amount: 2000 } }', { eur: { unit_amount: 5 } }, []],
    ['null for a currency that is not there', '{ eur: null }', { gbp: {} }, []],
    ['none besides the base', '{}', {}, []],
    ['null, none besides the base', 'null', {}, []],
    [
      'none, and there is one',
      '{}',
      { eur: { unit_amount: 5 } },
      ['currency_options.eur - {"unit_amount":"5","custom_unit_amount":null,"tax_behavior":null,"tiers":null}'],
    ],
    ['unspecified taxes', '{ eur: { tax_behavior: unspecified } }', { eur: { unit_amount: 5 } }, []],
    [
      'a custom amount',
      '{ eur: { custom_unit_amount: { enabled: true } } }',
      { eur: { custom_unit_amount: { maximum: 5, minimum: null, preset: null } } },
      ['currency_options.eur.custom_unit_amount.maximum null "5"'],
    ],
    [
      'tiers',
      '{ eur: { tiers: [{ up_to: inf, unit_amount: 5 }] } }',
      { eur: { tiers: [tier({ unit_amount: 5 })] } },
      [],
    ],
    [
      'other tiers',
      '{ eur: { tiers: [{ up_to: inf, unit_amount: 5 }] } }',
      { eur: { tiers: [tier({ unit_amount: 6 })] } },
      ['currency_options.eur.tiers.0.unit_amount "5" "6"'],
    ],
  ])('%s', async (_name, fields, live, expected) => {
    expect(await options(fields, live)).toEqual(expected);
  });

  test('that had to be expanded and were not make the check incomplete', async () => {
    const report = await compared('prices: { it: { id: x, currency_options: { eur: { unit_amount: 5 } } } }', {
      prices: [{ ...price({}), id: 'x' }],
    });
    expect(found(report)).toEqual([]);
    expect(report.status).toBe('incomplete');
  });

  test('of which the tiers had to be expanded and were not make the check incomplete', async () => {
    const live = price({ tiers: [tier({ unit_amount: 5 })], currency_options: { eur: {} } });
    const report = await compared(
      'prices: { it: { id: x, currency_options: { eur: { tiers: [{ up_to: inf, unit_amount: 5 }] } } } }',
      {
        prices: [{ ...live, id: 'x' }],
      },
    );
    expect(found(report)).toEqual([]);
    expect(report.status).toBe('incomplete');
  });
});

describe('sets, lists and maps', () => {
  const hook = (fields: string, events: string[]) =>
    changes('webhooks', fields, webhookEndpoint({ enabled_events: events as never }));

  test('events are a set: what is missing and what is extra are told apart', async () => {
    expect(await hook('enabled_events: [b.x, a.x]', ['a.x', 'b.x'])).toEqual([]);
    expect(await hook('enabled_events: [a.x, b.x]', ['a.x', 'c.x'])).toEqual([
      'enabled_events.b.x "b.x" -',
      'enabled_events.c.x - "c.x"',
    ]);
    expect(await hook("enabled_events: ['*']", ['*'])).toEqual([]);
    expect(await hook("enabled_events: ['*']", ['a.x'])).toEqual(['enabled_events.* "*" -']);
    expect(await hook('enabled_events: [a.x, b.x]', ['*'])).toEqual(['enabled_events.* - "*"']);
  });

  test('images and features are lists: their order matters', async () => {
    const images = ['https://a.example/1', 'https://a.example/2'];
    expect(await changes('products', `images: [${images.join(', ')}]`, product({ images }))).toEqual([]);
    expect(await changes('products', `images: [${images.toReversed().join(', ')}]`, product({ images }))).toEqual([
      'images.0 "https://a.example/2" "https://a.example/1"',
      'images.1 "https://a.example/1" "https://a.example/2"',
    ]);
    const live = product({ marketing_features: [{ name: 'Fast' }, { name: 'Safe' }] });
    expect(await changes('products', 'marketing_features: [{ name: Fast }]', live)).toEqual([
      'marketing_features.1 - {"name":"Safe"}',
    ]);
  });

  test.each([
    ['{ a: x }', { a: 'x', b: 'y' }, []],
    ['{ a: 1.10 }', { a: '1.10' }, []],
    ['{ a: 1.10 }', { a: '1.1' }, ['metadata.a "1.10" "1.1"']],
    ['{ a: true, b: 007, c: "true", d: 0x1F }', { a: 'true', b: '007', c: 'true', d: '0x1F' }, []],
    ['{ a: 12345678901234567890 }', { a: '12345678901234567890' }, []],
    ['{ a: x }', {}, ['metadata.a "x" null']],
    ['{ a: null }', {}, []],
    ['{ a: null }', { a: 'x' }, ['metadata.a null "x"']],
    ['{}', { a: 'x' }, ['metadata.a - "x"']],
    ['null', { a: 'x' }, ['metadata.a - "x"']],
    [
      '{ __proto__: x, constructor: y, toString: z }',
      JSON.parse('{"__proto__":"x","constructor":"y","toString":"z"}'),
      [],
    ],
    ['{ __proto__: x }', {}, ['metadata.__proto__ "x" null']],
    ['{ toString: null }', {}, []],
    ['{ a.b: x }', { 'a.b': 'x' }, []],
  ])('metadata: %s', async (written, live, expected) => {
    expect(await changes('products', `metadata: ${written}`, product({ metadata: live }))).toEqual(expected);
  });
});

describe('findings', () => {
  test('are one for each field, each at its own key', async () => {
    const report = await compared(
      `products:
  pro:
    id: prod_1
    name: Pro
    metadata:
      plan: pro
      tier: 2
`,
      { products: [product({ id: 'prod_1', name: 'Basic', metadata: { plan: 'basic' } })] },
    );
    expect(found(report).map(({ at }) => [at.line, at.column, at.endColumn])).toEqual([
      [5, 5, 9],
      [6, 5, 13],
    ]);
    expect((found(report)[1] as Changed).changes).toHaveLength(2);
  });

  test('link to the page of the object, of the account and mode', async () => {
    const of = async (mode: string, account: string | null) => {
      const report = await check({
        sources: [{ file: 'f.yaml', text: 'version: 1\nproducts: {}\n' }],
        environment: null,
        live: new SnapshotLive(
          JSON.stringify({ schema: 1, mode, account, sections: { products: [product({ id: 'a/b ä' })] } }),
          's',
        ),
        failOn: 'error',
        commit: null,
      });
      return report.findings.map((finding) => ('url' in finding ? finding.url : ''));
    };
    expect(await of('live', null)).toEqual(['https://dashboard.stripe.com/products/a%2Fb%20%C3%A4']);
    expect(await of('test', 'acct_1')).toEqual(['https://dashboard.stripe.com/acct_1/test/products/a%2Fb%20%C3%A4']);
  });

  test('about a reference to what is missing are left to what is missing', async () => {
    const report = await compared(
      'products: { pro: { id: prod_1 } }\nprices: { it: { id: x, product: pro, nickname: A } }\n',
      { products: [], prices: [price({ id: 'x', product: 'prod_2', nickname: 'A' })] },
    );
    expect(found(report).map(({ problem, section }) => `${problem} ${section}`)).toEqual(['missing products']);
  });

  test('about a reference to a section that could not be read are left out, and the rest is compared', async () => {
    const report = await compared(
      'products: { pro: { id: prod_1 } }\nprices: { it: { id: x, product: pro, nickname: A } }\n',
      { products: { refused: 'No permission.' }, prices: [price({ id: 'x', product: 'prod_2', nickname: 'B' })] },
    );
    expect(found(report).map((finding) => (finding as Changed).field)).toEqual(['nickname']);
    expect(report.status).toBe('incomplete');
  });
});
