/** What a finding says to the person who reads it: the thing, what was expected, what is live, and what that means. */
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Report } from '../../src/model.ts';
import { shown } from '../../src/report/privacy.ts';
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
    ['prices: { it: { lookup_key: pro } }', {}, 'prices.it is missing: Stripe has no price with lookup_key "pro".'],
    [
      'prices: { it: { lookup_key: pro } }',
      { prices: [key('a', false), key('b', false)] },
      'prices.it is missing: Stripe has no price with lookup_key "pro". 2 archived ones have it.',
    ],
    [
      'prices: { it: { lookup_key: pro, active: false } }',
      { prices: [key('a', true), key('b', true)] },
      'prices.it is missing: Stripe has no archived price with lookup_key "pro". 2 active ones have it.',
    ],
    [
      'webhooks: { it: { url: https://a.example, connect: true } }',
      {},
      'webhooks.it is missing: Stripe has no webhook endpoint with url "https://a.example" and connect true.',
    ],
    [
      'webhooks: { it: { url: https://a.example, status: disabled } }',
      { webhooks: ['a', 'b'].map((id) => webhookEndpoint({ id, url: 'https://a.example' })) },
      'webhooks.it is missing: Stripe has no disabled webhook endpoint with url "https://a.example". 2 enabled ones have it.',
    ],
    [
      'products: { "a b": { match: [metadata.plan, name], name: A, metadata: { plan: pro } } }',
      {},
      'products."a b" is missing: Stripe has no product with metadata.plan "pro" and name "A".',
    ],
    [
      'products: { p: { id: p } }\nprices: { it: { match: product, product: p } }',
      { products: [product({ id: 'p' })] },
      'prices.it is missing: Stripe has no price with product p.',
    ],
  ])('%s', async (file, sections, expected) => {
    const empty = { webhooks: [], products: [], prices: [] };
    const found = await messages(file, { ...empty, ...sections });
    expect(found.filter((text) => text.includes(' is missing: '))).toEqual([expected]);
  });
});

describe('what changed its state', () => {
  test.each<[string, object, string]>([
    [
      'products: { it: { id: p } }',
      { products: [product({ id: 'p', active: false })] },
      'products.it (p) is archived in Stripe. It can no longer be sold. The file expects active: true.',
    ],
    [
      'prices: { it: { id: x } }',
      { prices: [price({ id: 'x', active: false })] },
      'prices.it (x) is archived in Stripe. New purchases can no longer use it. The file expects active: true.',
    ],
    [
      'products: { it: { id: p, active: false } }',
      { products: [product({ id: 'p' })] },
      'products.it (p) is active in Stripe (active: true). The file says active: false.',
    ],
    [
      'webhooks: { it: { id: w } }',
      { webhooks: [webhookEndpoint({ id: 'w', status: 'disabled' })] },
      'webhooks.it (w) is disabled in Stripe. Stripe sends it no events. The file expects status: enabled.',
    ],
    [
      'webhooks: { it: { id: w, status: disabled } }',
      { webhooks: [webhookEndpoint({ id: 'w' })] },
      'webhooks.it (w) is enabled in Stripe (status: enabled). The file says status: disabled.',
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
      'Stripe does not send invoice.paid, which the file lists. Stripe also sends charge.succeeded, which the file does not list.',
    ],
    ['[charge.failed, invoice.paid]', ['charge.failed'], 'Stripe does not send invoice.paid, which the file lists.'],
    ['[charge.failed]', ['charge.failed', 'x y', 'a.b'], 'Stripe also sends a.b, "x y", which the file does not list.'],
    [
      "['*']",
      ['charge.failed'],
      'Stripe does not send *, which the file lists. Stripe also sends charge.failed, which the file does not list.',
    ],
  ])('%s', async (listed, live, expected) => {
    const sections = { webhooks: [webhookEndpoint({ id: 'w', enabled_events: live as never })] };
    expect(await messages(`webhooks: { it: { id: w, enabled_events: ${listed} } }`, sections)).toEqual([
      `webhooks.it (w): enabled_events differ. ${expected}`,
    ]);
  });
});

describe('an amount is said as Stripe counts it and as people read it', () => {
  test.each<[string, number, number, string, string]>([
    ['usd', 2000, 2500, '2500 (25.00 USD)', '2000 (20.00 USD)'],
    ['jpy', 500, 600, '600 (600 JPY)', '500 (500 JPY)'],
    ['kwd', 1500, 1550, '1550 (1.550 KWD)', '1500 (1.500 KWD)'],
    ['isk', 50000, 60000, '60000 (600.00 ISK)', '50000 (500.00 ISK)'],
    ['ugx', 100000, 200000, '200000 (2000.00 UGX)', '100000 (1000.00 UGX)'],
    ['usd', 0, 5, '5 (0.05 USD)', '0 (0.00 USD)'],
  ])('%s', async (currency, stated, live, actual, expected) => {
    expect(
      await priced(`type: recurring, currency: ${currency}, unit_amount: ${stated}`, { currency, unit_amount: live }),
    ).toEqual([`prices.it (x): unit_amount is ${actual} in Stripe; the file says ${expected}.`]);
  });

  test('with decimals, under the name that the file uses', async () => {
    expect(
      await priced('type: recurring, currency: usd, unit_amount_decimal: "0.5"', { unit_amount_decimal: '0.25' }),
    ).toEqual(['prices.it (x): unit_amount_decimal is 0.25 (0.0025 USD) in Stripe; the file says 0.5 (0.005 USD).']);
  });

  test('where one side has none', async () => {
    expect(await priced('type: recurring, unit_amount: null', { unit_amount: 5 })).toEqual([
      'prices.it (x): unit_amount is 5 (0.05 USD) in Stripe; the file says that it is not set.',
    ]);
    const custom_unit_amount = { maximum: null, minimum: null, preset: null };
    expect(await priced('type: recurring, currency: usd, unit_amount: 5', { custom_unit_amount })).toEqual([
      'prices.it (x): unit_amount is not set in Stripe; the file says 5 (0.05 USD).',
    ]);
  });

  test('each side in its own currency', async () => {
    expect(await priced('type: recurring, currency: jpy, unit_amount: 2000', { unit_amount: 2500 })).toEqual([
      'prices.it (x): currency is usd in Stripe; the file says jpy.',
      'prices.it (x): unit_amount is 2500 (25.00 USD) in Stripe; the file says 2000 (2000 JPY).',
    ]);
  });

  test('within options, in the currency of the option', async () => {
    const currency_options = { jpy: { unit_amount: 600 } };
    expect(
      await priced('currency_options: { jpy: { unit_amount: 500 }, eur: { unit_amount: 5 } }', { currency_options }),
    ).toEqual([
      'prices.it (x): currency_options.eur is not set in Stripe; the file says { unit_amount: 5 (0.05 EUR) }. currency_options.jpy.unit_amount is 600 (600 JPY) in Stripe; the file says 500 (500 JPY).',
    ]);
  });

  test('within tiers', async () => {
    const tiers = [tier({ up_to: 20, unit_amount: 500 }), tier({ flat_amount: 200 })];
    const file =
      'type: recurring, currency: usd, tiers_mode: graduated, tiers: [{ up_to: 10, unit_amount: 500 }, { up_to: inf, flat_amount: 100 }]';
    expect(await priced(file, { tiers })).toEqual([
      'prices.it (x): tiers[0].up_to is 20 in Stripe; the file says 10. tiers[1].flat_amount is 200 (2.00 USD) in Stripe; the file says 100 (1.00 USD).',
    ]);
  });

  test('of a tier that one side lacks', async () => {
    const two = [tier({ up_to: 20, unit_amount: 500 }), tier({ unit_amount: 300 })];
    expect(
      await priced('type: recurring, currency: usd, tiers_mode: graduated, tiers: [{ up_to: inf, unit_amount: 500 }]', {
        tiers: two,
      }),
    ).toEqual([
      'prices.it (x): tiers[0].up_to is 20 in Stripe; the file says inf. tiers[1] is { up_to: inf, flat_amount: 0 (0.00 USD), unit_amount: 300 (3.00 USD) } in Stripe; the file does not have it.',
    ]);
  });
});

describe('an interval is said in words', () => {
  test.each<[string, PriceOverrides['recurring'], string]>([
    [
      '{ interval: month }',
      { interval_count: 3 },
      'is billed every 3 months in Stripe; the file says billed every month (recurring.interval_count is 3 in Stripe; the file says 1).',
    ],
    [
      '{ interval: year }',
      { interval: 'month', interval_count: 12 },
      'is billed every 12 months in Stripe; the file says billed every year (recurring.interval is month in Stripe; the file says year; recurring.interval_count is 12 in Stripe; the file says 1).',
    ],
    [
      '{ interval: month }',
      { usage_type: 'metered' },
      'is billed every month by usage in Stripe; the file says billed every month (recurring.usage_type is metered in Stripe; the file says licensed).',
    ],
    [
      '{ interval: month }',
      { trial_period_days: 14 },
      'is billed every month, with 14 days of trial in Stripe; the file says billed every month (recurring.trial_period_days is 14 in Stripe; the file says that it is not set).',
    ],
    [
      '{ interval: day }',
      { interval: 'day', trial_period_days: 1 },
      'is billed every day, with 1 day of trial in Stripe; the file says billed every day (recurring.trial_period_days is 1 in Stripe; the file says that it is not set).',
    ],
    ['{ interval: month }', null, 'is one-time in Stripe; the file says billed every month.'],
    ['null', {}, 'is billed every month in Stripe; the file says one-time.'],
  ])('recurring: %s', async (stated, recurring, expected) => {
    expect(await priced(`recurring: ${stated}`, { recurring })).toEqual([`prices.it (x) ${expected}`]);
  });

  test('but not where the words would be the same', async () => {
    const stated = 'recurring: { interval: month, usage_type: metered, meter: mtr_1 }';
    expect(await priced(stated, { recurring: { usage_type: 'metered', meter: 'mtr_2' } })).toEqual([
      'prices.it (x): recurring.meter is mtr_2 in Stripe; the file says mtr_1.',
    ]);
  });
});

describe('another value', () => {
  test.each<[string, PriceOverrides, string]>([
    ['nickname: A', { nickname: 'B' }, 'nickname is B in Stripe; the file says A.'],
    ['nickname: "two words"', { nickname: null }, 'nickname is not set in Stripe; the file says "two words".'],
    ['nickname: null', { nickname: 'a\nb' }, 'nickname is "a\\nb" in Stripe; the file says that it is not set.'],
    ['tax_behavior: exclusive', {}, 'tax_behavior is not set in Stripe; the file says exclusive.'],
    [
      'metadata: { plan: pro, old: null }',
      { metadata: { plan: 'basic', old: 'x' } },
      'metadata.old is x in Stripe; the file says that it is not set. metadata.plan is basic in Stripe; the file says pro.',
    ],
    ['metadata: {}', { metadata: { plan: 'basic' } }, 'metadata.plan is basic in Stripe; the file does not have it.'],
    ['metadata: { plan: pro }', {}, 'metadata.plan is not set in Stripe; the file says pro.'],
    [
      'currency_options: {}',
      { currency_options: { eur: { unit_amount: 5 } } },
      'currency_options.eur is { unit_amount: 5 (0.05 EUR) } in Stripe; the file does not have it.',
    ],
    [
      'transform_quantity: { divide_by: 5, round: up }',
      { transform_quantity: { divide_by: 6, round: 'up' } },
      'transform_quantity.divide_by is 6 in Stripe; the file says 5.',
    ],
  ])('%s', async (stated, live, expected) => {
    expect(await priced(stated, live)).toEqual([`prices.it (x): ${expected}`]);
  });

  test('of a list, of a flag, of a map', async () => {
    const live = product({ id: 'p', images: ['https://a.example/1', 'https://a.example/2'] });
    const file =
      'products: { it: { id: p, images: [https://a.example/1], shippable: true, package_dimensions: { height: 1, length: 2, weight: 3, width: 4 } } }';
    expect((await messages(file, { products: [live] })).sort()).toEqual([
      'products.it (p): images[1] is "https://a.example/2" in Stripe; the file does not have it.',
      'products.it (p): package_dimensions is not set in Stripe; the file says { height: 1, length: 2, weight: 3, width: 4 }.',
      'products.it (p): shippable is not set in Stripe; the file says true.',
    ]);
  });

  test('of a reference names the entries of both', async () => {
    const file = 'products: { one: { id: p }, two: { id: q } }\nprices: { it: { id: x, product: one } }';
    const live = { products: [product({ id: 'p' }), product({ id: 'q' })], prices: [price({ id: 'x', product: 'q' })] };
    expect(await messages(file, live)).toEqual(['prices.it (x): product is q (two) in Stripe; the file says p (one).']);
  });

  test('of a URL says where two that look alike differ', async () => {
    const webhooks = [webhookEndpoint({ id: 'w', url: 'https://a.example/x' })];
    expect(await messages('webhooks: { it: { url: "https://A.example/x/" } }', { webhooks })).toEqual([
      'webhooks.it (w): url is "https://a.example/x" in Stripe; the file says "https://A.example/x/". They differ only in letter case, a default port or a slash at the end.',
    ]);
    expect(await messages('webhooks: { it: { id: w, url: "https://b.example/x" } }', { webhooks })).toEqual([
      'webhooks.it (w): url is "https://a.example/x" in Stripe; the file says "https://b.example/x".',
    ]);
    expect(await messages('webhooks: { it: { id: w, url: "https://user:secret@a.example/x" } }', { webhooks })).toEqual(
      [expect.not.stringContaining('They differ only')],
    );
  });
});

describe('what is ambiguous', () => {
  const pros = (count: number) =>
    Array.from({ length: count }, (_, index) => product({ id: `p${index}`, name: 'Pro' }));

  test('names the objects that it may mean, ten of many', async () => {
    expect(await messages('products: { it: { name: Pro } }', { products: pros(3) })).toEqual([
      'products.it is ambiguous: Stripe has 3 products with name "Pro": p0, p1, p2.',
    ]);
    expect(await messages('products: { it: { name: Pro } }', { products: pros(13) })).toEqual([
      'products.it is ambiguous: Stripe has 13 products with name "Pro": p0, p1, p10, p11, p12, p2, p3, p4, p5, p6 and 3 more.',
    ]);
  });

  test('names the entries that find one object', async () => {
    const file = 'products: { it: { name: Pro }, "other one": { id: p0 } }';
    expect(await messages(file, { products: pros(1) })).toEqual([
      'products.it is ambiguous: products."other one" and it find the same product, p0.',
      'products."other one" is ambiguous: products.it and it find the same product, p0.',
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
      'The price "Monthly" (y) is live, but the file does not declare it.',
      'The price "key" (z) is live, but the file does not declare it.',
      'The price x is live, but the file does not declare it.',
      'The product "Pro \\"2\\"" (p) is live, but the file does not declare it.',
      'The webhook endpoint "https://a.example" (we_1) is live, but the file does not declare it.',
    ]);
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
    ['in sync', 'products: { it: { id: p } }', { products: [pro] }, 'Stripe is as declared'],
    [
      'in sync with notices',
      'products: {}\npolicy: { unmanaged: notice }',
      { products: [pro] },
      'Stripe is as declared, but for 1 notice',
    ],
    ['one difference', 'products: {}', { products: [pro] }, 'Stripe differs from the file: 1 difference'],
    [
      'two differences',
      'products: { a: { id: p, name: A }, b: { id: q } }',
      { products: [pro] },
      'Stripe differs from the file: 2 differences',
    ],
    ['invalid', 'products: { a: x, b: y }', { products: [] }, 'The file is invalid: 2 problems. Nothing was compared'],
    [
      'incomplete',
      'products: {}\nprices: {}',
      { products: [], prices: { refused: 'No.' } },
      'Part of Stripe could not be checked',
    ],
    [
      'incomplete with differences',
      'products: {}\nprices: {}',
      { products: [pro], prices: { refused: 'No.' } },
      'Part of Stripe could not be checked; in the rest, 1 difference',
    ],
    ['not compared', 'products: { it: { id: p } }', null, 'The file is valid. Stripe was not asked'],
    [
      'not compared, with a warning',
      'webhooks: { it: { id: w, enabled_events: [a.b] } }',
      null,
      'The file is valid, with 1 warning. Stripe was not asked',
    ],
    ['stopped', 'mode: test\nproducts: {}', { products: [] }, 'Nothing was compared'],
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
