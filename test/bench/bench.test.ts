/** The benchmark measures what it says: its server filters as the other one does and keeps Stripe's limits, and its scripts ask what they are to ask. No test here asserts a time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { liveKey, type StripeServer, startStripe } from '../servers/stripe.ts';
import { type Account, accountOf, densities, lists, objectsOf } from './account.ts';
import { fileOf } from './declaration.ts';
import { AccountLimiter, Limiter, limits } from './limiter.ts';
import { type Bench, openBench, run } from './run.ts';
import { bound, type Check, fewest, isQuick, scenarios, sum } from './scenarios.ts';
import { type BenchServer, keyOf, type Serving, startServer } from './server.ts';
import { isNeeded, targets } from './targets.ts';

const account: Account = { ...accountOf(230, 'day'), coupons: 40 };

describe('an account', () => {
  it.each(densities)('is the same at every run, newest first, with ids of their own (%s)', (density) => {
    for (const list of lists) {
      const objects = [...objectsOf({ ...account, density }, list)];
      expect([...objectsOf({ ...account, density }, list)]).toEqual(objects);
      const created = objects.map((object) => object.created);
      expect(created).toEqual([...created].sort((one, other) => other - one));
      expect(new Set(objects.map(({ id }) => id)).size).toBe(objects.length);
    }
  });

  it('has as many objects in force as are asked for, and a tenth as many archived', () => {
    const count = (list: 'prices' | 'products', isActive: boolean) =>
      [...objectsOf(account, list)].filter((object) => 'active' in object && object.active === isActive).length;
    expect([count('prices', true), count('prices', false)]).toEqual([230, 23]);
    expect([count('products', true), count('products', false)]).toEqual([23, 2]);
  });

  it('was created evenly, or nine of ten within a day or a second', () => {
    const crowd = (density: (typeof densities)[number], seconds: number) => {
      const times = [...objectsOf({ ...accountOf(1_000), density }, 'prices')].map(({ created }) => created);
      const within = times.map((time) => times.filter((other) => other >= time && other < time + seconds).length);
      return Math.max(...within) / times.length;
    };
    expect(crowd('even', 86_400)).toBeLessThan(0.01);
    expect(crowd('day', 86_400)).toBeCloseTo(0.9, 2);
    expect(crowd('day', 60)).toBeLessThan(0.01);
    expect(crowd('second', 1)).toBeCloseTo(0.9, 2);
  });
});

describe('the server', () => {
  let server: BenchServer;
  let stripe: StripeServer;
  beforeAll(async () => {
    server = await startServer();
    server.serve({ account, latencyMs: 0, isLimited: false });
    stripe = await startStripe({
      state: Object.fromEntries(lists.map((list) => [list, [...objectsOf(account, list)]])),
    });
  });
  afterAll(async () => {
    await Promise.all([server.close(), stripe.close()]);
  });

  async function ask(url: string, key: string, query: string) {
    const answer = await fetch(`${url}/v1/${query}`, { headers: { Authorization: `Bearer ${key}` } });
    const body = (await answer.json()) as { error: { code?: string; param?: string } };
    return { status: answer.status, body: answer.ok ? body : (({ code, param }) => ({ code, param }))(body.error) };
  }

  const prices = [...objectsOf(account, 'prices')];
  const products = [...objectsOf(account, 'products')];
  const at = (place: number) => prices[place] ?? expect.fail('there is no such price');
  const moment = at(120).created;
  const keys = prices.flatMap((one) => ('lookup_key' in one && one.lookup_key !== null ? [one.lookup_key] : []));

  it.each([
    'prices',
    'prices?limit=100',
    'prices?limit=100&active=true',
    'prices?limit=100&active=false',
    `prices?limit=7&starting_after=${at(30).id}`,
    `prices?limit=7&active=false&starting_after=${at(30).id}`,
    `prices?limit=7&active=true&ending_before=${at(30).id}`,
    `prices?limit=100&ending_before=${at(3).id}`,
    `prices?limit=100&starting_after=${at(-1 + prices.length).id}`,
    ...['gt', 'gte', 'lt', 'lte'].map((bound) => `prices?limit=50&created[${bound}]=${moment}`),
    `prices?limit=50&created=${moment}`,
    `prices?limit=20&created[gte]=${at(200).created}&created[lt]=${at(20).created}`,
    `prices?limit=20&created[gte]=${at(200).created}&created[lt]=${at(20).created}&starting_after=${at(50).id}`,
    `prices?limit=20&created[gte]=${at(200).created}&created[lt]=${at(20).created}&ending_before=${at(50).id}`,
    `prices?limit=20&created[gt]=${moment}&created[lt]=${moment}`,
    `prices?${keys
      .slice(3, 13)
      .map((key) => `lookup_keys[]=${key}`)
      .join('&')}`,
    `prices?active=false&${keys
      .slice(3, 5)
      .map((key) => `lookup_keys[]=${key}`)
      .join('&')}`,
    `prices?lookup_keys[0]=${keys[20]}&lookup_keys[1]=none&limit=1`,
    `prices?${keys
      .slice(0, 11)
      .map((key) => `lookup_keys[]=${key}`)
      .join('&')}`,
    'prices?limit=100&expand[]=data.tiers',
    'prices?limit=100&active=true&expand[0]=data.currency_options&expand[1]=data.tiers',
    `prices/${at(5).id}`,
    `prices/${at(5).id}?expand[]=currency_options`,
    'prices/price_none',
    'products?limit=100',
    'products?limit=5&active=true',
    `products?limit=100&ids[]=${products[3]?.id}&ids[]=${products[20]?.id}&ids[]=prod_none`,
    `products?ids[]=${products[3]?.id}&starting_after=${products[1]?.id}`,
    `products/${products[2]?.id}`,
    'coupons?limit=100',
    `coupons?limit=3&created[lte]=${moment}`,
    'webhook_endpoints?limit=100',
    // What is refused.
    'prices?limit=0',
    'prices?limit=101',
    'prices?limit=x',
    'prices?created[gt]=x',
    'prices?ids[]=price_1',
    'prices?active=yes',
    'prices?starting_after=price_none',
    `prices?starting_after=${at(1).id}&ending_before=${at(9).id}`,
    'prices?expand[]=tiers',
    'prices?expand[]=data.none',
    'products?lookup_keys[]=a',
    'webhook_endpoints?created[gt]=1',
    'webhook_endpoints?active=true',
    'nothing',
  ])('answers %s as the server of the other tests does', async (query) => {
    const [own, other] = await Promise.all([ask(server.url, keyOf('live'), query), ask(stripe.url, liveKey, query)]);
    expect(own).toEqual(other);
  });

  it('takes no other key, and nothing but GET', async () => {
    expect((await ask(server.url, keyOf('test'), 'prices')).status).toBe(401);
    expect((await fetch(`${server.url}/v1/prices`, { method: 'POST' })).status).toBe(405);
  });

  it('tells what was asked, once', async () => {
    server.take();
    await ask(server.url, keyOf('live'), 'prices?expand[]=data.tiers');
    await ask(server.url, keyOf('live'), `prices/${at(0).id}`);
    await ask(server.url, keyOf('live'), 'products?limit=0');
    const asked = server.take();
    expect(asked).toMatchObject({
      requests: { 'prices list': 1, 'prices one': 1, 'products list': 1 },
      limited: 0,
      expanded: ['prices data.tiers'],
    });
    expect(asked.refused).toHaveLength(1);
    expect(server.take().requests).toEqual({});
  });

  it('answers 429 beyond the limit, as Stripe words it', async () => {
    const small = await startServer();
    small.serve({ account: accountOf(10), latencyMs: 0, isLimited: true });
    const started = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 3 * limits.endpoint }, () =>
        fetch(`${small.url}/v1/prices`, { headers: { Authorization: `Bearer ${keyOf('live')}` } }),
      ),
    );
    const seconds = Math.floor((performance.now() - started) / 1000) + 1;
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.length - refused.length).toBeLessThanOrEqual(limits.endpoint * seconds);
    expect(small.take()).toMatchObject({ requests: { 'prices list': answers.length }, limited: refused.length });
    for (const { headers } of refused) expect(headers.get('stripe-rate-limited-reason')).toBe('endpoint-rate');
    await small.close();
  });
});

describe('the limiter', () => {
  it('lets so many through in any second, and what is spread evenly always', () => {
    const limiter = new Limiter(25);
    const passed: number[] = [];
    for (let now = 0; now < 5000; now += 7) {
      if (!limiter.isFree(now)) continue;
      limiter.count(now);
      passed.push(now);
    }
    for (const time of passed) expect(passed.filter((one) => one >= time && one < time + 1000).length).toBeLessThan(26);
    expect(passed.length).toBe(125);
    const even = new Limiter(25);
    for (let index = 0; index < 200; index += 1) {
      expect(even.isFree(index * 40)).toBe(true);
      even.count(index * 40);
    }
  });

  it('counts each endpoint, and all of an account together by its mode', () => {
    const outcome = (mode: 'live' | 'test', endpoints: readonly string[]) => {
      const limiter = new AccountLimiter(mode);
      const all = Array.from({ length: 30 }, () => endpoints.map((endpoint) => limiter.refuses(endpoint, 0))).flat();
      return Object.fromEntries(
        [null, 'endpoint-rate', 'global-rate'].map((one) => [one, all.filter((each) => each === one).length]),
      );
    };
    expect(outcome('live', ['a'])).toEqual({ null: 25, 'endpoint-rate': 5, 'global-rate': 0 });
    expect(outcome('live', ['a', 'b'])).toEqual({ null: 50, 'endpoint-rate': 10, 'global-rate': 0 });
    expect(outcome('live', ['a', 'b', 'c', 'd', 'e'])).toMatchObject({ null: 100 });
    expect(outcome('test', ['a', 'b'])).toEqual({ null: 25, 'endpoint-rate': 0, 'global-rate': 35 });
  });
});

describe('a file', () => {
  it('declares what is asked for, of products that are spread over the account', () => {
    const file = parse(fileOf(accountOf(1_000), { prices: 100 }));
    expect(Object.keys(file.prices)).toHaveLength(100);
    expect(Object.keys(file.products)).toEqual(Array.from({ length: 10 }, (_, index) => `plan_${10 * index}`));
  });

  it('is one that a check takes, with ten thousand prices too', () => {
    expect(fileOf(accountOf(10_000), { prices: 10_000 }).length).toBeLessThan(4 * 1024 * 1024);
  });
});

describe('a scenario', () => {
  const named = (name: string) => scenarios.find((scenario) => scenario.name === name) as Check;
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench('dist');
  });
  afterAll(() => {
    bench.close();
  });

  it('has a name of its own, and every target names some', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
    const names = targets.flatMap(({ parts }) => parts.map(([name]) => name));
    expect(names.filter((name) => named(name) === undefined)).toEqual([]);
    expect(scenarios.filter(isNeeded).length).toBeGreaterThan(names.length / 2);
    expect(scenarios.filter(isQuick).some(({ name }) => name.includes('10000'))).toBe(false);
  });

  it('says the fewest requests, and the shortest time for them', () => {
    const whole = named('reading-10000-even');
    expect(fewest(whole)).toEqual({ webhook_endpoints: 1, products: 10, prices: 100, coupons: 0 });
    expect(bound(whole)).toBe(1000 * (110 / 20) + 100);
    const wide = named('reading-sections-at-80');
    expect(sum(fewest(wide))).toBe(301);
    // Each endpoint takes 25 a second: that is slower than 80 for all.
    expect(bound(wide)).toBe(1000 * (99 / 25) + 100);
    expect(['keys', 'ids', 'product-ids'].map((name) => fewest(named(`reading-${name}`)))).toMatchObject([
      { products: 1, prices: 1 },
      { products: 1, prices: 10 },
      { products: 2, prices: 0 },
    ]);
    expect(fewest(named('working-100-of-20000-others-ignored'))).toMatchObject({ products: 1, prices: 200 });
  });

  it('of a hundred prices takes one request a section, from the program as from the scripts', async () => {
    const measured = await run(bench, named('working-100-of-100'), 1);
    const each = [measured.ours, measured.script, measured.comparing].map(([sample]) => sample?.asked);
    for (const asked of each) {
      expect(asked).toMatchObject({
        requests: { 'webhook_endpoints list': 1, 'products list': 1, 'prices list': 1 },
        limited: 0,
        refused: [],
        expanded: ['prices data.currency_options', 'prices data.tiers'],
      });
    }
  });

  it('of a thousand prices takes no more pages than there are, from the script', async () => {
    const { script } = await run(bench, named('working-10-of-1000'), 1);
    expect(script[0]?.asked.requests).toEqual({
      'webhook_endpoints list': 1,
      'products list': 1,
      'prices list': 10,
    });
  });

  it('is not measured where the program finds anything else than what is there', async () => {
    const other = (serving: Serving) => bench.server.serve({ ...serving, account: accountOf(200) });
    const wrong = run({ ...bench, server: { ...bench.server, serve: other } }, named('working-10-of-100'), 1);
    await expect(wrong).rejects.toThrow('"unmanaged":209,"differ":0} in place of');
  });
});
