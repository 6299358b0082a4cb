/** What a finding says to the person who reads it: the thing, what was expected, what is live, and what that means. */
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Report } from '../../src/model.ts';
import { markdown } from '../../src/report/markdown.ts';
import { shown } from '../../src/report/privacy.ts';
import { terminal } from '../../src/report/terminal.ts';
import { comparison, message, plural, seconds, verdict } from '../../src/report/words.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { type PriceOverrides, price, tier } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';

async function report(file: string, sections: object | null): Promise<Report> {
  const found = await check({
    sources: [{ file: 'stripe-config.yaml', text: `version: 1\n${file}\n` }],
    environment: null,
    live:
      sections === null
        ? null
        : new SnapshotLive(JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1', sections }), 'live.json'),
    failOn: 'error',
    commit: '8f5c1e0c3d2b4a697887766554433221100ffeed',
  });
  return shown(found, 'full');
}

async function messages(file: string, sections: object): Promise<string[]> {
  const { findings, error } = await report(file, sections);
  expect(error).toBeNull();
  return findings.filter(({ problem, severity }) => problem !== 'invalid' || severity === 'error').map(message);
}

const priced = (fields: string, live: PriceOverrides) =>
  messages(`prices: { it: { id: x, ${fields} } }`, { prices: [price({ id: 'x', ...live })] });

describe('what is missing', () => {
  const key = (id: string, active: boolean) => price({ id, lookup_key: 'pro', active });

  test.each<[string, object, string]>([
    ['prices: { it: { lookup_key: pro } }', {}, 'prices.it is missing in Stripe: no price with lookup_key "pro".'],
    [
      'prices: { it: { lookup_key: pro } }',
      { prices: [key('a', false), key('b', false)] },
      'prices.it is missing in Stripe: no price with lookup_key "pro". 2 archived ones have it.',
    ],
    [
      'prices: { it: { lookup_key: pro, active: false } }',
      { prices: [key('a', true), key('b', true)] },
      'prices.it is missing in Stripe: no archived price with lookup_key "pro". 2 active ones have it.',
    ],
    [
      'webhooks: { it: { url: https://a.example, connect: true } }',
      {},
      'webhooks.it is missing in Stripe: no webhook endpoint with url "https://a.example" and connect true.',
    ],
    [
      'webhooks: { it: { url: https://a.example, status: disabled } }',
      { webhooks: ['a', 'b'].map((id) => webhookEndpoint({ id, url: 'https://a.example' })) },
      'webhooks.it is missing in Stripe: no disabled webhook endpoint with url "https://a.example". 2 enabled ones have it.',
    ],
    [
      'products: { "a b": { match: [metadata.plan, name], name: A, metadata: { plan: pro } } }',
      {},
      'products."a b" is missing in Stripe: no product with metadata.plan "pro" and name "A".',
    ],
    [
      'products: { p: { id: p } }\nprices: { it: { match: product, product: p } }',
      { products: [product({ id: 'p' })] },
      'prices.it is missing in Stripe: no price with product p.',
    ],
  ])('%s', async (file, sections, expected) => {
    const empty = { webhooks: [], products: [], prices: [] };
    const found = await messages(file, { ...empty, ...sections });
    expect(found.filter((text) => text.includes(' is missing in Stripe: '))).toEqual([expected]);
  });
});

describe('what changed its state', () => {
  test.each<[string, object, string]>([
    [
      'products: { it: { id: p } }',
      { products: [product({ id: 'p', active: false })] },
      'products.it active: file true, Stripe false (it can no longer be sold) (p).',
    ],
    [
      'prices: { it: { id: x } }',
      { prices: [price({ id: 'x', active: false })] },
      'prices.it active: file true, Stripe false (new purchases can no longer use it) (x).',
    ],
    [
      'products: { it: { id: p, active: false } }',
      { products: [product({ id: 'p' })] },
      'products.it active: file false, Stripe true (p).',
    ],
    [
      'webhooks: { it: { id: w } }',
      { webhooks: [webhookEndpoint({ id: 'w', status: 'disabled' })] },
      'webhooks.it status: file enabled, Stripe disabled (Stripe sends it no events) (w).',
    ],
    [
      'webhooks: { it: { id: w, status: disabled } }',
      { webhooks: [webhookEndpoint({ id: 'w' })] },
      'webhooks.it status: file disabled, Stripe enabled (w).',
    ],
  ])('%s', async (file, sections, expected) => {
    expect(await messages(file, sections)).toEqual([expected]);
  });
});

describe('events that differ', () => {
  test.each<[string, string[], string]>([
    [
      '[charge.failed, invoice.paid]',
      ['charge.failed', 'charge.succeeded'],
      'missing in Stripe: invoice.paid; extra in Stripe: charge.succeeded',
    ],
    ['[charge.failed, invoice.paid]', ['charge.failed'], 'missing in Stripe: invoice.paid'],
    ['[charge.failed]', ['charge.failed', 'x y', 'a.b'], 'extra in Stripe: a.b, "x y"'],
    ["['*']", ['charge.failed'], 'file every event (*); Stripe sends only charge.failed'],
    ['[charge.failed, invoice.paid]', ['*'], 'file only charge.failed, invoice.paid; Stripe sends every event (*)'],
    ['[charge.failed, invoice.paid]', ['charge.failed'], 'missing in Stripe: invoice.paid'],
    ['[charge.failed]', ['charge.failed', 'x y', 'a.b'], 'extra in Stripe: a.b, "x y"'],
    ["['*']", ['charge.failed'], 'file every event (*); Stripe sends only charge.failed'],
  ])('%s', async (listed, live, expected) => {
    const sections = { webhooks: [webhookEndpoint({ id: 'w', enabled_events: live as never })] };
    expect(await messages(`webhooks: { it: { id: w, enabled_events: ${listed} } }`, sections)).toEqual([
      `webhooks.it enabled_events: ${expected} (w).`,
    ]);
  });
});

describe('an amount is said as people read it', () => {
  test.each<[string, number, number, string, string]>([
    ['usd', 2000, 2500, '25.00 USD', '20.00 USD'],
    ['jpy', 500, 600, '600 JPY', '500 JPY'],
    ['kwd', 1500, 1550, '1.550 KWD', '1.500 KWD'],
    ['isk', 50000, 60000, '600.00 ISK', '500.00 ISK'],
    ['ugx', 100000, 200000, '2000.00 UGX', '1000.00 UGX'],
    ['usd', 0, 5, '0.05 USD', '0.00 USD'],
  ])('%s', async (currency, stated, live, actual, expected) => {
    expect(
      await priced(`type: recurring, currency: ${currency}, unit_amount: ${stated}`, { currency, unit_amount: live }),
    ).toEqual([`prices.it unit_amount: file ${expected}, Stripe ${actual} (x).`]);
  });

  test('with decimals, under the name that the file uses', async () => {
    expect(
      await priced('type: recurring, currency: usd, unit_amount_decimal: "0.5"', { unit_amount_decimal: '0.25' }),
    ).toEqual(['prices.it unit_amount_decimal: file 0.005 USD, Stripe 0.0025 USD (x).']);
  });

  test('where one side has none', async () => {
    expect(await priced('type: recurring, unit_amount: null', { unit_amount: 5 })).toEqual([
      'prices.it unit_amount: not set in the file, Stripe 0.05 USD (x).',
    ]);
    const custom_unit_amount = { maximum: null, minimum: null, preset: null };
    expect(await priced('type: recurring, currency: usd, unit_amount: 5', { custom_unit_amount })).toEqual([
      'prices.it unit_amount: file 0.05 USD, not set in Stripe (x).',
    ]);
  });

  test('each side in its own currency', async () => {
    expect(await priced('type: recurring, currency: jpy, unit_amount: 2000', { unit_amount: 2500 })).toEqual([
      'prices.it unit_amount: file 2000 JPY, Stripe 25.00 USD (x).',
      'prices.it currency: file jpy, Stripe usd (x).',
    ]);
  });

  test('within options, in the currency of the option', async () => {
    const currency_options = { jpy: { unit_amount: 600 } };
    expect(
      await priced('currency_options: { jpy: { unit_amount: 500 }, eur: { unit_amount: 5 } }', { currency_options }),
    ).toEqual([
      'prices.it currency_options.eur: file { unit_amount: 0.05 EUR }, not set in Stripe; currency_options.jpy.unit_amount: file 500 JPY, Stripe 600 JPY (x).',
    ]);
  });

  test('within tiers', async () => {
    const tiers = [tier({ up_to: 20, unit_amount: 500 }), tier({ flat_amount: 200 })];
    const file =
      'type: recurring, currency: usd, tiers_mode: graduated, tiers: [{ up_to: 10, unit_amount: 500 }, { up_to: inf, flat_amount: 100 }]';
    expect(await priced(file, { tiers })).toEqual([
      'prices.it tiers[0].up_to: file 10, Stripe 20; tiers[1].flat_amount: file 1.00 USD, Stripe 2.00 USD (x).',
    ]);
  });

  test('of a tier that one side lacks', async () => {
    const two = [tier({ up_to: 20, unit_amount: 500 }), tier({ unit_amount: 300 })];
    expect(
      await priced('type: recurring, currency: usd, tiers_mode: graduated, tiers: [{ up_to: inf, unit_amount: 500 }]', {
        tiers: two,
      }),
    ).toEqual([
      'prices.it tiers[0].up_to: file inf, Stripe 20; tiers[1]: not in the file, Stripe { up_to: inf, flat_amount: 0.00 USD, unit_amount: 3.00 USD } (x).',
    ]);
  });
});

describe('an interval is said in words', () => {
  test.each<[string, PriceOverrides['recurring'], string]>([
    ['{ interval: month }', { interval_count: 3 }, 'file billed every month, Stripe billed every 3 months (x).'],
    [
      '{ interval: year }',
      { interval: 'month', interval_count: 12 },
      'file billed every year, Stripe billed every 12 months (x).',
    ],
    [
      '{ interval: month }',
      { usage_type: 'metered' },
      'file billed every month, Stripe billed every month by usage (x).',
    ],
    [
      '{ interval: month }',
      { trial_period_days: 14 },
      'file billed every month, Stripe billed every month, with 14 days of trial (x).',
    ],
    [
      '{ interval: day }',
      { interval: 'day', trial_period_days: 1 },
      'file billed every day, Stripe billed every day, with 1 day of trial (x).',
    ],
    ['{ interval: month }', null, 'file billed every month, Stripe one-time (x).'],
    [
      '{ interval: month, usage_type: metered, meter: mtr_1 }',
      { interval: 'year', usage_type: 'metered', meter: 'mtr_2' },
      'file billed every month by usage, Stripe billed every year by usage; recurring.meter: file mtr_1, Stripe mtr_2 (x).',
    ],
    ['null', {}, 'file one-time, Stripe billed every month (x).'],
  ])('recurring: %s', async (stated, recurring, expected) => {
    expect(await priced(`recurring: ${stated}`, { recurring })).toEqual([`prices.it recurring: ${expected}`]);
  });

  test('but not where the words would be the same', async () => {
    const stated = 'recurring: { interval: month, usage_type: metered, meter: mtr_1 }';
    expect(await priced(stated, { recurring: { usage_type: 'metered', meter: 'mtr_2' } })).toEqual([
      'prices.it recurring.meter: file mtr_1, Stripe mtr_2 (x).',
    ]);
  });
});

describe('another value', () => {
  test.each<[string, PriceOverrides, string]>([
    ['nickname: A', { nickname: 'B' }, 'nickname: file A, Stripe B'],
    ['nickname: "two words"', { nickname: null }, 'nickname: file "two words", not set in Stripe'],
    ['nickname: null', { nickname: 'a\nb' }, 'nickname: not set in the file, Stripe "a\\nb"'],
    ['tax_behavior: exclusive', {}, 'tax_behavior: file exclusive, not set in Stripe'],
    [
      'metadata: { plan: pro, old: null }',
      { metadata: { plan: 'basic', old: 'x' } },
      'metadata.old: not set in the file, Stripe x; metadata.plan: file pro, Stripe basic',
    ],
    ['metadata: {}', { metadata: { plan: 'basic' } }, 'metadata.plan: not in the file, Stripe basic'],
    ['metadata: { plan: pro }', {}, 'metadata.plan: file pro, not set in Stripe'],
    [
      'currency_options: {}',
      { currency_options: { eur: { unit_amount: 5 } } },
      'currency_options.eur: not in the file, Stripe { unit_amount: 0.05 EUR }',
    ],
    [
      'transform_quantity: { divide_by: 5, round: up }',
      { transform_quantity: { divide_by: 6, round: 'up' } },
      'transform_quantity.divide_by: file 5, Stripe 6',
    ],
  ])('%s', async (stated, live, expected) => {
    expect(await priced(stated, live)).toEqual([`prices.it ${expected} (x).`]);
  });

  test('of a list, of a flag, of a map', async () => {
    const live = product({ id: 'p', images: ['https://a.example/1', 'https://a.example/2'] });
    const file =
      'products: { it: { id: p, images: [https://a.example/1], shippable: true, package_dimensions: { height: 1, length: 2, weight: 3, width: 4 } } }';
    expect((await messages(file, { products: [live] })).sort()).toEqual([
      'products.it images[1]: not in the file, Stripe "https://a.example/2" (p).',
      'products.it package_dimensions: file { height: 1, length: 2, weight: 3, width: 4 }, not set in Stripe (p).',
      'products.it shippable: file true, not set in Stripe (p).',
    ]);
  });

  test('of a reference names the entries of both', async () => {
    const file = 'products: { one: { id: p }, two: { id: q } }\nprices: { it: { id: x, product: one } }';
    const live = { products: [product({ id: 'p' }), product({ id: 'q' })], prices: [price({ id: 'x', product: 'q' })] };
    expect(await messages(file, live)).toEqual(['prices.it product: file p (one), Stripe q (two) (x).']);
  });

  test('of a URL says where two that look alike differ', async () => {
    const webhooks = [webhookEndpoint({ id: 'w', url: 'https://a.example/x' })];
    expect(await messages('webhooks: { it: { url: "https://A.example/x/" } }', { webhooks })).toEqual([
      'webhooks.it url: file "https://A.example/x/", Stripe "https://a.example/x" (w). Only letter case, a default port or a slash at the end differs.',
    ]);
    expect(await messages('webhooks: { it: { id: w, url: "https://b.example/x" } }', { webhooks })).toEqual([
      'webhooks.it url: file "https://b.example/x", Stripe "https://a.example/x" (w).',
    ]);
    expect(await messages('webhooks: { it: { id: w, url: "https://user:secret@a.example/x" } }', { webhooks })).toEqual(
      [expect.not.stringContaining('Only letter case')],
    );
  });
});

describe('what is ambiguous', () => {
  const pros = (count: number) =>
    Array.from({ length: count }, (_, index) => product({ id: `p${index}`, name: 'Pro' }));

  test('names the objects that it may mean, ten of many', async () => {
    const like = '; each active, created 2025-10-09, agrees with the file';
    expect(await messages('products: { it: { name: Pro } }', { products: pros(3) })).toEqual([
      `products.it is ambiguous: Stripe has 3 products with name "Pro": p0, p1, p2${like}.`,
    ]);
    expect(await messages('products: { it: { name: Pro } }', { products: pros(13) })).toEqual([
      `products.it is ambiguous: Stripe has 13 products with name "Pro": p0, p1, p10, p11, p12, p2, p3, p4, p5, p6 and 3 more${like}.`,
    ]);
  });

  test('says of each object what tells it from the others, and once what all have in common', async () => {
    const [one, two] = pros(2);
    const other = { ...two, description: 'B', created: 1_700_000_000 };
    const file = 'products: { it: { name: Pro, description: A } }';
    expect(await messages(file, { products: [{ ...one, description: 'A' }, other] })).toEqual([
      'products.it is ambiguous: Stripe has 2 products with name "Pro": p0 (created 2025-10-09, agrees with the file), p1 (created 2023-11-14, differs from the file); each active.',
    ]);
  });

  test('names the entries that find one object', async () => {
    const file = 'products: { it: { name: Pro }, "other one": { id: p0 } }';
    expect(await messages(file, { products: pros(1) })).toEqual([
      'products.it is ambiguous: products."other one" finds the same product, p0.',
      'products."other one" is ambiguous: products.it finds the same product, p0.',
    ]);
  });
});

describe('what is not declared', () => {
  test('is called by its name and its id', async () => {
    const live = {
      webhooks: [webhookEndpoint({ id: 'we_1', url: 'https://a.example' })],
      products: [product({ id: 'p', name: 'Pro "2"' })],
      prices: [price({ id: 'x' }), price({ id: 'y', nickname: 'Monthly' }), price({ id: 'z', lookup_key: 'key' })],
    };
    expect((await messages('webhooks: {}\nproducts: {}\nprices: {}', live)).sort()).toEqual([
      'Price "Monthly" (y) is active in Stripe, but not in the file.',
      'Price "key" (z) is active in Stripe, but not in the file.',
      'Price x (20.00 USD every month) is active in Stripe, but not in the file.',
      'Product "Pro \\"2\\"" (p) is active in Stripe, but not in the file.',
      'Webhook endpoint "https://a.example" (we_1) is enabled in Stripe, but not in the file.',
    ]);
  });
});

describe('what is not declared and has no name', () => {
  const live = (active = true) => ({
    products: [product({ id: 'p', name: 'Pro', active })],
    prices: [price({ id: 'x', product: 'p' })],
  });

  test('is told by what it charges, and by its product where all of these were read', async () => {
    const all = await report('products: {}\nprices: {}', live());
    const said = 'x (20.00 USD every month, of "Pro")';
    expect(all.findings.map(message)).toContain(`Price ${said} is active in Stripe, but not in the file.`);
    expect(terminal(all)).toContain(`warning prices    ${said}\n`);
    expect(markdown(all)).toMatch(/`x`\]\(\S+\) \(20\.00 USD every month, of .*Pro/);
    expect(await messages('prices: {}', live())).toEqual([
      'Price x (20.00 USD every month) is active in Stripe, but not in the file.',
    ]);
    expect(await messages('products: {}\nprices: {}', live(false))).toContain(
      'Price x (20.00 USD every month) is active in Stripe, but not in the file.',
    );
  });
});

describe('what is wrong with the file', () => {
  test('ends as a sentence, whatever it ends with', async () => {
    const { findings } = await report('products: { a: { naem: A, active: 5 } }', null);
    expect(findings.map(message)).toEqual([
      'products.a.naem is not known here. Did you mean name?',
      'products.a.active is 5. Expected true or false.',
    ]);
  });
});

describe('the verdict', () => {
  const pro = product({ id: 'p', name: 'Pro' });

  test.each<[string, string, object | null, string]>([
    [
      'in sync',
      'products: { it: { id: p } }',
      { products: [pro] },
      'Stripe matches stripe-config.yaml: 1 entry, live mode of acct_1',
    ],
    [
      'in sync with notices',
      'products: {}\npolicy: { unmanaged: notice }',
      { products: [pro] },
      'Stripe matches stripe-config.yaml: 0 entries, live mode of acct_1 (1 notice)',
    ],
    [
      'one difference',
      'products: {}',
      { products: [pro] },
      '1 object in live mode of acct_1 is not in stripe-config.yaml (warning) · the check passes',
    ],
    [
      'two differences',
      'products: { a: { id: p, name: A }, b: { id: q } }',
      { products: [pro] },
      '2 differences in live mode of acct_1, all errors',
    ],
    [
      'invalid',
      'products: { a: x, b: y }',
      { products: [] },
      'stripe-config.yaml is invalid: 2 errors. Nothing was compared',
    ],
    [
      'incomplete',
      'products: {}\nprices: {}',
      { products: [], prices: { refused: 'No.' } },
      'In the snapshot, prices could not be read. 1 of 2 sections was checked: no differences there',
    ],
    [
      'incomplete with differences',
      'products: {}\nprices: {}',
      { products: [pro], prices: { refused: 'No.' } },
      'In the snapshot, prices could not be read. 1 of 2 sections was checked: 1 difference in live mode of acct_1 (warning)',
    ],
    ['not compared', 'products: { it: { id: p } }', null, 'stripe-config.yaml is valid'],
    [
      'not compared, with a warning',
      'webhooks: { it: { id: we_1, enabled_events: [a.b] } }',
      null,
      'stripe-config.yaml is valid (1 warning)',
    ],
    [
      'stopped',
      'mode: test\nproducts: {}',
      { products: [] },
      'The file states mode: test (line 2), but live.json is of live mode',
    ],
  ])('%s', async (_name, file, sections, expected) => {
    expect(verdict(await report(file, sections))).toBe(expected);
  });

  test('comes with what was compared', async () => {
    const found = await report('products: {}', { products: [] });
    expect(comparison({ ...found, durationMs: 1250 })).toBe(
      'stripe-config.yaml · at 8f5c1e0 · against live mode of acct_1 · environment live · 1.3 s',
    );
  });
});

describe('counts and times', () => {
  test.each([
    [0, 'price', '0 prices'],
    [1, 'price', '1 price'],
    [2, 'price', '2 prices'],
  ])('%d %s', (count, noun, text) => {
    expect(plural(count, noun)).toBe(text);
  });

  test.each([
    [0, '0 ms'],
    [812.4, '812 ms'],
    [1000, '1.0 s'],
    [61234, '61.2 s'],
  ])('%d milliseconds', (duration, text) => {
    expect(seconds(duration)).toBe(text);
  });
});
