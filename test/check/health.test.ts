/** What is said of the health of objects: once, at the place where one can act. */
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import { type Showing, shown } from '../../src/report/privacy.ts';
import { message } from '../../src/report/words.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { meter } from '../kinds/meters.ts';
import { withUpdate } from '../kinds/portal_configurations.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';

const metered = { interval: 'month', usage_type: 'metered', meter: 'mtr_1' } as const;

function checked(file: string, sections: object) {
  return check({
    sources: [{ file: 'stripe-config.yaml', text: `version: 1\n${file}\n` }],
    environment: null,
    live: new SnapshotLive(JSON.stringify({ schema: 1, mode: 'live', account: null, sections }), 'live.json'),
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
