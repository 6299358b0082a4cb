/** What is said of the health of objects: once, at the place where one can act. */
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import { type Showing, shown } from '../../src/report/privacy.ts';
import { message } from '../../src/report/words.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { coupon } from '../kinds/coupons.ts';
import { meter } from '../kinds/meters.ts';
import { withUpdate } from '../kinds/portal_configurations.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';

const metered = { interval: 'month', usage_type: 'metered', meter: 'mtr_1' } as const;

function checked(file: string, sections: object, more: { readonly takenAt?: string } = {}) {
  return check({
    sources: [{ file: 'stripe-config.yaml', text: `version: 1\n${file}\n` }],
    environment: null,
    live: new SnapshotLive(JSON.stringify({ schema: 1, ...more, mode: 'live', account: null, sections }), 'live.json'),
    failOn: 'error',
    commit: null,
  });
}

/** Each finding as `error changed products.pro.active`. */
async function found(file: string, sections: object): Promise<string[]> {
  const { findings, error, counts } = shown(await checked(file, sections), 'full');
  expect(error).toBeNull();
  expect(counts.unhealthy).toBe(findings.filter(({ problem }) => problem === 'unhealthy').length);
  return findings.map((finding) => {
    const { problem, severity, section, name } = finding;
    return `${severity} ${problem} ${section}.${name}.${'field' in finding ? finding.field : ''}`;
  });
}

describe('what only follows from a difference of another object', () => {
  const archived = {
    products: [product({ id: 'prod_1', active: false })],
    prices: ['price_1', 'price_2'].map((id) => price({ id, product: 'prod_1' })),
  };
  const prices = 'prices: { a: { id: price_1, product: pro }, b: { id: price_2 } }';
  const declared = `products: { pro: { id: prod_1 } }\n${prices}`;
  const ofPrices = ['warning unhealthy prices.a.product', 'warning unhealthy prices.b.product'];

  test('is told there: a product is archived, and its prices are not told to be without one', async () => {
    expect(await found(declared, archived)).toEqual(['error changed products.pro.active']);
  });

  test('names what makes it so by its entry, where the file has one and it may be named', async () => {
    const sold = ['price_1', 'price_2', 'price_3', 'price_4'];
    const live = {
      products: [product({ id: 'prod_1' })],
      prices: sold.map((id) => price({ id, product: 'prod_1', active: false })),
      portal_configurations: [
        withUpdate({ enabled: true, products: [{ product: 'prod_1', prices: sold }] as never }, { is_default: true }),
      ],
    };
    const said = async (declared: readonly string[], showing: Showing = 'full') => {
      const stated = declared.map((id) => `${id.replace('_', '')}: { id: ${id}, active: false }`);
      const file = `portal_configurations: { it: { is_default: true } }\nprices: { ${stated} }`;
      const report = shown(await checked(file, live), showing);
      return report.findings.filter(({ problem }) => problem === 'unhealthy').map(message);
    };
    const start = 'portal_configurations.it: it offers an archived price, to which nobody can switch';
    for (const showing of ['full', 'declared'] as const)
      expect(await said(['price_2', 'price_3'], showing)).toEqual([`${start} (prices.price2, prices.price3).`]);
    expect(await said(sold)).toEqual([`${start} (prices.price1, prices.price2, prices.price3, and 1 more).`]);
    expect(await said(['price_2'], 'redacted')).toEqual([`${start}.`]);
    expect(await said([])).toEqual([`${start}.`]);
  });

  test('is told there: a meter is inactive', async () => {
    const file = 'meters: { m: { id: mtr_1 } }\nprices: { a: { id: price_1 } }';
    const live = {
      meters: [meter({ id: 'mtr_1', status: 'inactive' })],
      prices: [price({ id: 'price_1', recurring: metered })],
    };
    expect(await found(file, live)).toEqual(['error changed meters.m.status']);
  });

  test('is told there: a portal offers an archived price, and what it offers besides is told once', async () => {
    const products = [{ product: 'prod_1', prices: ['price_1', 'price_2', 'price_3'] }] as never;
    const live = {
      products: [product({ id: 'prod_1' })],
      prices: ['price_1', 'price_2', 'price_3'].map((id) => price({ id, product: 'prod_1', active: id === 'price_9' })),
      portal_configurations: [withUpdate({ enabled: true, products }, { is_default: true })],
    };
    const portal = 'portal_configurations: { it: { is_default: true } }';
    const changed = 'error changed prices.a.active';
    expect(await found(`${portal}\nprices: { a: { id: price_1 } }`, live)).toEqual([
      changed,
      'warning unhealthy portal_configurations.it.features',
    ]);
    const one = {
      ...live,
      portal_configurations: [
        withUpdate(
          { enabled: true, products: [{ product: 'prod_1', prices: ['price_1'] }] as never },
          { is_default: true },
        ),
      ],
    };
    expect(await found(`${portal}\nprices: { a: { id: price_1 } }`, one)).toEqual([changed]);
  });

  test('is told there: a default price is archived, or belongs to another product', async () => {
    const file = 'products: { pro: { id: prod_1 } }\nprices: { a: { id: price_1, product: { id: prod_1 } } }';
    const live = (more: object) => ({
      products: [product({ id: 'prod_1', default_price: 'price_1' })],
      prices: [price({ id: 'price_1', product: 'prod_1', ...more })],
    });
    expect(await found(file, live({ active: false }))).toEqual(['error changed prices.a.active']);
    expect(await found(file, live({ product: 'prod_2' }))).toEqual(['error changed prices.a.product']);
  });

  test.each([
    ['the file says that it is archived', declared.replace('id: prod_1', 'id: prod_1, active: false')],
    ['the file does not declare it', `products: {}\n${prices.replace(', product: pro', '')}`],
  ])('is told of each where nothing else tells it: %s', async (_, file) => {
    expect(await found(file, archived)).toEqual(ofPrices);
  });

  test.each([
    ['ignored', 'ignore: [{ products: prod_1, fields: [active], reason: seasonal }]', ofPrices],
    ['ignored by the policy', 'policy: { changed: { products: ignore } }', ofPrices],
    ['told as less', 'policy: { changed: { products: notice } }', [...ofPrices, 'notice changed products.pro.active']],
    ['told as much', 'policy: { changed: { products: warning } }', ['warning changed products.pro.active']],
  ])('is told of each where the difference is %s', async (_, rule, expected) => {
    expect((await found(`${declared}\n${rule}`, archived)).sort()).toEqual([...expected].sort());
  });

  test('is not told of each whatever else the file declares', async () => {
    const more = declared.replace('pro: {', 'gone: { name: Gone }, pro: {');
    const both = ['error changed products.pro.active', 'error missing products.gone.'];
    expect((await found(more, archived)).sort()).toEqual(both);
  });
});

describe('the policy', () => {
  const live = {
    products: [product({ id: 'prod_1', active: false })],
    prices: [price({ id: 'price_1', product: 'prod_1' })],
  };
  const declared = 'products: { pro: { id: prod_1, active: false } }\nprices: { a: { id: price_1 } }';
  const ofPolicy = (policy: string) => found(`${declared}\npolicy: ${policy}`, live);

  test.each([
    ['{}', ['warning unhealthy prices.a.product']],
    ['{ health: { price-of-archived-product: error } }', ['error unhealthy prices.a.product']],
    ['{ health: { price-of-archived-product: ignore } }', []],
    // What is said of the one rule counts, and not what is said of all.
    ['{ unhealthy: ignore, health: { price-of-archived-product: notice } }', ['notice unhealthy prices.a.product']],
    ['{ unhealthy: { prices: error }, health: { coupon-used-up: notice } }', ['error unhealthy prices.a.product']],
  ])('sets how severe a rule is: %s', async (policy, expected) => {
    expect(await ofPolicy(policy)).toEqual(expected);
  });

  test('names no rule that there is not', async () => {
    expect(await ofPolicy('{ health: { price_of_archived_product: error } }')).toEqual([
      'error invalid null.null.null',
    ]);
  });
});

describe('what ends', () => {
  const live = {
    coupons: [coupon({ id: 'C', percent_off: 10, redeem_by: Date.parse('2026-12-14T00:00:00Z') / 1000 })],
  };
  const on = async (day: string, policy = '{}') => {
    const declared = 'coupons: { c: { id: C, redeem_by: 2026-12-14 } }';
    const result = await checked(`${declared}\npolicy: ${policy}`, live, { takenAt: `${day}T00:00:00Z` });
    return shown(result, 'full');
  };
  const rules = async (day: string, policy?: string) =>
    (await on(day, policy)).findings.map((finding) => finding.problem === 'unhealthy' && finding.rule);

  test('is told from so many days before as the policy says, 14 where it does not', async () => {
    expect(await rules('2026-11-29')).toEqual([]);
    expect(await rules('2026-11-30')).toEqual(['coupon-expires-soon']);
    expect(await rules('2026-11-30', '{ health: { warn_days: 13 } }')).toEqual([]);
    expect(await rules('2026-11-29', '{ health: { warn_days: 15 } }')).toEqual(['coupon-expires-soon']);
    expect(await rules('2026-12-13', '{ health: { warn_days: 0 } }')).toEqual([]);
  });

  test('has the same words and the same fingerprint on each of these days', async () => {
    const [first, last] = [await on('2026-11-30'), await on('2026-12-13')];
    expect(last.findings.map(message)).toEqual(first.findings.map(message));
    expect(last.fingerprint).toBe(first.fingerprint);
    expect(first.fingerprint).not.toBe((await on('2026-11-29')).fingerprint);
  });

  test.each([
    ['-1', 'is -1. Expected at least 0'],
    ['soon', 'is "soon". Expected a whole number'],
    ['1.5', 'is 1.5. Expected a whole number'],
  ])('is told no other number of days before: %s', async (days, said) => {
    const { findings } = await on('2026-11-29', `{ health: { warn_days: ${days} } }`);
    expect(findings.map(message).join()).toContain(`policy.health.warn_days ${said}`);
  });
});

test.each([
  [13, false],
  [14, true],
  [16, true],
  // Where there are more, Stripe has raised the limit.
  [17, false],
])('of %i endpoints it is told that they are close to the limit: %s', async (count, isTold) => {
  const webhooks = Array.from({ length: count }, (_, n) =>
    webhookEndpoint({ id: `we_${n}`, url: `https://${n}.example.com/` }),
  );
  const told = await found('webhooks: {}\npolicy: { unmanaged: ignore }', { webhooks });
  expect(told).toEqual(isTold ? ['notice unhealthy webhooks..null'] : []);
});

describe('two prices of a product that charge the same', () => {
  const charge = 'product: { id: prod_1 }, currency: usd, recurring: { interval: month }';
  const graduated = 'billing_scheme: tiered, tiers_mode: graduated, tiers: [{ up_to: inf, unit_amount: 5 }]';
  const tiered = {
    ...{ product: 'prod_1', unit_amount: null, unit_amount_decimal: null, billing_scheme: 'tiered' },
    ...{
      tiers_mode: 'graduated',
      tiers: [{ up_to: null, unit_amount: 5, unit_amount_decimal: '5', flat_amount: null }],
    },
  } as never;
  const both = ['notice unhealthy prices.a.null'];
  const ofTwo = (a: string, b: string, prices: readonly object[]) =>
    found(`prices: { a: { id: price_1${a} }, b: { id: price_2${b} } }`, { prices });
  const two = (more: object = {}, other: object = more) => [
    price({ id: 'price_1', product: 'prod_1', currency_options: {}, ...more }),
    price({ id: 'price_2', product: 'prod_1', currency_options: {}, ...other }),
  ];

  test('are told where the file says of both what they charge, whatever else was read', async () => {
    const stated = `, ${charge}, unit_amount: 2000`;
    expect(await ofTwo(stated, stated, two())).toEqual(both);
    expect(await ofTwo(stated, '', two())).toEqual([]);
    expect(await ofTwo('', '', two())).toEqual([]);
  });

  test('are told where they have the same tiers', async () => {
    const stated = `, ${charge}, ${graduated}`;
    const more = [{ up_to: null, unit_amount: 6, unit_amount_decimal: '6', flat_amount: null }];
    expect(await ofTwo(stated, stated, two(tiered))).toEqual(both);
    const other = `, ${charge}, ${graduated.replace('unit_amount: 5', 'unit_amount: 6')}`;
    expect(await ofTwo(stated, other, two(tiered, { ...(tiered as object), tiers: more }))).toEqual([]);
  });

  test('are told by what else the charge is, in whatever order Stripe says it', async () => {
    const option = (unit_amount: number) => ({
      ...{ unit_amount, unit_amount_decimal: String(unit_amount) },
      ...{ custom_unit_amount: null, tax_behavior: 'unspecified' },
    });
    const own = { usd: option(2000) };
    const stated = `, ${charge}, unit_amount: 2000, currency_options: { eur: { unit_amount: 1 }, gbp: { unit_amount: 2 } }`;
    const options = { ...own, eur: option(1), gbp: option(2) };
    const reversed = { gbp: option(2), eur: option(1), ...own };
    expect(await ofTwo(stated, stated, two({ currency_options: options }, { currency_options: reversed }))).toEqual(
      both,
    );
    const plain = `, ${charge}, unit_amount: 2000`;
    expect(await ofTwo(stated, plain, two({ currency_options: options }, { currency_options: own }))).toEqual([]);
  });

  test('are told by the difference where the file expects that one is archived', async () => {
    const stated = `, ${charge}, unit_amount: 2000`;
    expect(await ofTwo(stated, `, active: false${stated}`, two())).toEqual(['error changed prices.b.active']);
  });
});
