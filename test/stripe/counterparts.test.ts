/** The counterparts of the other tests, through their own front doors: Stripe's server and GitHub's runner. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { price, tier } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { countFrom } from '../kinds/raw.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import {
  annotationsIn,
  cleanUp,
  commandsIn,
  fileCommand,
  githubToken,
  keptOf,
  repository,
  runAction,
  runCli,
} from '../runner.ts';
import {
  accountHolder,
  liveKey,
  ownAccount,
  rateLimited,
  type StripeOptions,
  type StripeServer,
  startStripe,
  testKey,
} from '../servers/stripe.ts';

const servers: StripeServer[] = [];

beforeEach(() => countFrom(0));
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(cleanUp);

async function stripe(options: StripeOptions = {}): Promise<StripeServer> {
  const server = await startStripe(options);
  servers.push(server);
  return server;
}

interface Asked {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a body is looked at as JSON, whatever it is.
  body: any;
}

async function get(server: StripeServer, path: string, headers: Record<string, string> = {}): Promise<Asked> {
  const answer = await fetch(`${server.url}${path}`, {
    headers: { authorization: `Bearer ${liveKey}`, 'stripe-version': '2026-10-28.endive', ...headers },
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

function ids({ body }: Asked): string[] {
  return body.data.map(({ id }: { id: string }) => id);
}

function client(server: StripeServer, key = liveKey): Stripe {
  return new Stripe(key, {
    host: '127.0.0.1',
    port: server.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

describe('raw objects', () => {
  test('are numbered from where the counter is set', () => {
    expect([webhookEndpoint().id, product().id, price().id]).toEqual([
      'we_1Made000001',
      'prod_1Made000002',
      'price_1Made000003',
    ]);
    countFrom(0);
    expect(webhookEndpoint()).toMatchObject({ id: 'we_1Made000001', created: 1_760_000_001 });
  });

  test.each([
    [{}, 2000, '2000'],
    [{ unit_amount: 0 }, 0, '0'],
    [{ unit_amount: null }, null, null],
    [{ unit_amount_decimal: '0.05' }, null, '0.05'],
    [{ unit_amount_decimal: '500' }, 500, '500'],
    [{ unit_amount: 1, unit_amount_decimal: '2' }, 1, '2'],
    [{ tiers: [{ unit_amount: 5 }] }, null, null],
    [{ custom_unit_amount: { maximum: null, minimum: null, preset: null } }, null, null],
  ])('a price of %j has both amounts', (overrides, whole, decimal) => {
    expect(price(overrides)).toMatchObject({ unit_amount: whole, unit_amount_decimal: decimal });
  });

  test('a price is recurring or not as it says, with the rest of a cycle filled in', () => {
    expect(price({ recurring: null })).toMatchObject({ type: 'one_time', recurring: null });
    expect(price({ recurring: { interval: 'year' } })).toMatchObject({
      type: 'recurring',
      recurring: { interval: 'year', interval_count: 1, usage_type: 'licensed', meter: null, trial_period_days: null },
    });
  });

  test('a price with currency options has its own currency among them', () => {
    const priced = price({ currency_options: { eur: { unit_amount_decimal: '18.5' } } });
    expect(priced.currency_options).toEqual({
      usd: { custom_unit_amount: null, tax_behavior: 'unspecified', unit_amount: 2000, unit_amount_decimal: '2000' },
      eur: { custom_unit_amount: null, tax_behavior: 'unspecified', unit_amount: null, unit_amount_decimal: '18.5' },
    });
  });

  test('a tier states both forms of its amounts', () => {
    expect(tier({ up_to: 5, flat_amount_decimal: '1.5', unit_amount: 3 })).toEqual({
      flat_amount: null,
      flat_amount_decimal: '1.5',
      unit_amount: 3,
      unit_amount_decimal: '3',
      up_to: 5,
    });
  });

  test('a product says its tax code in both places', () => {
    const details = { performance_location: null, tax_code: 'txcd_1' };
    expect(product({ tax_code: 'txcd_1' }).tax_details).toEqual(details);
    expect(product({ tax_details: details }).tax_code).toBe('txcd_1');
  });
});

describe('lists', () => {
  test('come newest first, ten at a time, and say whether there is more', async () => {
    const server = await stripe({ state: { products: Array.from({ length: 12 }, () => product()) } });
    const page = await get(server, '/v1/products');
    expect(page.body).toMatchObject({ object: 'list', url: '/v1/products', has_more: true });
    expect(ids(page)).toHaveLength(10);
    expect(ids(page)[0]).toBe('prod_1Made000012');
    const rest = await get(server, `/v1/products?starting_after=${ids(page).at(-1)}`);
    expect(rest.body.has_more).toBe(false);
    expect(ids(rest)).toEqual(['prod_1Made000002', 'prod_1Made000001']);
  });

  test('keep their order within a second', async () => {
    const products = ['a', 'b', 'c'].map((id) => product({ id, created: 5 }));
    const server = await stripe({ state: { products } });
    expect(ids(await get(server, '/v1/products'))).toEqual(['a', 'b', 'c']);
  });

  test('go backwards with ending_before, next to the cursor', async () => {
    const server = await stripe({ state: { products: Array.from({ length: 6 }, () => product()) } });
    const page = await get(server, '/v1/products?ending_before=prod_1Made000002&limit=2');
    expect(ids(page)).toEqual(['prod_1Made000004', 'prod_1Made000003']);
    expect(page.body.has_more).toBe(true);
  });

  test('take a cursor that the filters would leave out', async () => {
    const prices = [price(), price({ active: false }), price()];
    const server = await stripe({ state: { prices } });
    expect(ids(await get(server, '/v1/prices?active=true&starting_after=price_1Made000002'))).toEqual([
      'price_1Made000001',
    ]);
  });

  test('of prices are the active ones unless active=false is asked, of products both', async () => {
    const server = await stripe({
      state: { prices: [price(), price({ active: false })], products: [product(), product({ active: false })] },
    });
    expect(ids(await get(server, '/v1/prices'))).toEqual(['price_1Made000001']);
    expect(ids(await get(server, '/v1/prices?active=false'))).toEqual(['price_1Made000002']);
    expect(ids(await get(server, '/v1/products'))).toEqual(['prod_1Made000004', 'prod_1Made000003']);
    expect(ids(await get(server, '/v1/products?active=false'))).toEqual(['prod_1Made000004']);
  });

  test('leave out inline prices, which their ids find', async () => {
    const server = await stripe({ state: { prices: [price({ inline: true })] } });
    expect(ids(await get(server, '/v1/prices'))).toEqual([]);
    const { status, body } = await get(server, '/v1/prices/price_1Made000001');
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('inline');
  });

  test.each([
    ['/v1/products?ids[]=prod_1Made000001&ids[]=prod_1Made000003', ['prod_1Made000003', 'prod_1Made000001']],
    ['/v1/products?ids[0]=prod_1Made000002&ids[1]=prod_nope', ['prod_1Made000002']],
    ['/v1/products?created[gt]=1760000001&created[lt]=1760000003', ['prod_1Made000002']],
    ['/v1/products?created[gte]=1760000002&created[lte]=1760000002', ['prod_1Made000002']],
    ['/v1/prices?lookup_keys[]=pro&lookup_keys[]=basic', ['price_1Made000005', 'price_1Made000004']],
    ['/v1/prices?product=prod_1Made000002', ['price_1Made000005']],
    ['/v1/prices?type=one_time', ['price_1Made000006']],
    ['/v1/prices?currency=eur', ['price_1Made000006']],
    ['/v1/prices?recurring[interval]=year', ['price_1Made000005']],
  ])('%s picks what it says', async (path, expected) => {
    const server = await stripe({
      state: {
        products: [product(), product(), product()],
        prices: [
          price({ lookup_key: 'basic' }),
          price({ lookup_key: 'pro', product: 'prod_1Made000002', recurring: { interval: 'year' } }),
          price({ currency: 'eur', recurring: null }),
        ],
      },
    });
    expect(ids(await get(server, path))).toEqual(expected);
  });

  test.each([
    ['/v1/products?limit=0', 'parameter_invalid_integer', 'limit'],
    ['/v1/products?limit=101', 'parameter_invalid_integer', 'limit'],
    ['/v1/products?limit=ten', 'parameter_invalid_integer', 'limit'],
    ['/v1/products?active=yes', undefined, 'active'],
    ['/v1/products?active=all', undefined, 'active'],
    ['/v1/products?lookup_keys[]=x', 'parameter_unknown', 'lookup_keys'],
    ['/v1/products?created[after]=1', 'parameter_unknown', 'created[after]'],
    ['/v1/prices?ids[]=price_1', 'parameter_unknown', 'ids'],
    ['/v1/prices?product=', 'parameter_invalid_empty', 'product'],
    ['/v1/prices?product=prod_nope', 'resource_missing', 'product'],
    ['/v1/webhook_endpoints?created[gte]=1', 'parameter_unknown', 'created'],
    ['/v1/webhook_endpoints?active=true', 'parameter_unknown', 'active'],
    ['/v1/products?starting_after=prod_nope', 'resource_missing', 'starting_after'],
    ['/v1/products?ending_before=prod_nope', 'resource_missing', 'ending_before'],
    ['/v1/products?ids[]=prod_1Made000001&starting_after=prod_1Made000001', undefined, 'ids'],
    [`/v1/prices?${Array.from({ length: 11 }, (_, n) => `lookup_keys[]=${n}`).join('&')}`, undefined, 'lookup_keys'],
    [`/v1/products?${Array.from({ length: 101 }, (_, n) => `ids[]=${n}`).join('&')}`, undefined, 'ids'],
  ])('refuse %s', async (path, code, param) => {
    const server = await stripe({ state: { products: [product()] } });
    const { status, body } = await get(server, path);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: 'invalid_request_error', param });
    expect(body.error.code).toBe(code);
  });

  test('name an unknown parameter', async () => {
    const { body } = await get(await stripe(), '/v1/prices?colour=red');
    expect(body.error.message).toBe('Received unknown parameter: colour');
  });

  test('follow a state that changes between pages', async () => {
    const server = await stripe({ state: { products: [product(), product(), product()] } });
    const page = await get(server, '/v1/products?limit=1');
    server.state.products.push(product());
    expect(ids(await get(server, `/v1/products?limit=1&starting_after=${ids(page)[0]}`))).toEqual(['prod_1Made000002']);
    server.state.products.splice(2, 1);
    expect((await get(server, `/v1/products?starting_after=${ids(page)[0]}`)).body.error.code).toBe('resource_missing');
  });
});

describe('expansions', () => {
  const tiers = [{ up_to: 5, unit_amount: 300 }, { unit_amount: 200 }];
  const tiered = () => price({ tiers, currency_options: { eur: { tiers } } });

  test('not asked for leave tiers and currency options out', async () => {
    const server = await stripe({ state: { prices: [tiered()] } });
    for (const path of ['/v1/prices/price_1Made000001', '/v1/prices']) {
      const { body } = await get(server, path);
      expect(body.data?.[0] ?? body).not.toHaveProperty('tiers');
      expect(body.data?.[0] ?? body).not.toHaveProperty('currency_options');
    }
  });

  test.each([
    ['expand[]=data.tiers&expand[]=data.currency_options.eur.tiers', '/v1/prices'],
    ['expand[0]=data.tiers&expand[1]=data.currency_options.eur.tiers', '/v1/prices'],
    ['expand[]=tiers&expand[]=currency_options.eur.tiers', '/v1/prices/price_1Made000001'],
  ])('%s shows the tiers of the price and of one currency', async (query, path) => {
    const { body } = await get(await stripe({ state: { prices: [tiered()] } }), `${path}?${query}`);
    const shown = body.data?.[0] ?? body;
    expect(shown.tiers).toEqual(tiers.map(tier));
    expect(shown.currency_options.eur.tiers).toEqual(tiers.map(tier));
    expect(shown.currency_options.usd).not.toHaveProperty('tiers');
  });

  test('of currency options show the base currency, of a price that has no others too', async () => {
    const server = await stripe({ state: { prices: [price()] } });
    const { body } = await get(server, '/v1/prices?expand[]=data.currency_options');
    expect(body.data[0].currency_options).toEqual({ usd: expect.objectContaining({ unit_amount: 2000 }) });
  });

  test('show a product in its price, and a price in its product', async () => {
    const state = {
      products: [product({ default_price: 'price_1Made000002' })],
      prices: [price({ id: 'price_1Made000002', tiers })],
    };
    const server = await stripe({ state });
    const prices = await get(server, '/v1/prices?expand[]=data.product');
    expect(prices.body.data[0].product).toMatchObject({ object: 'product', default_price: 'price_1Made000002' });
    const products = await get(server, '/v1/products?expand[]=data.default_price.tiers');
    expect(products.body.data[0].default_price.tiers).toHaveLength(2);
  });

  test.each([
    ['/v1/prices?expand[]=data.nickname', undefined],
    ['/v1/prices?expand[]=data.currency_options.*.tiers', undefined],
    ['/v1/prices?expand[]=tiers', undefined],
    ['/v1/prices/price_1Made000001?expand[]=data.tiers', undefined],
    ['/v1/webhook_endpoints?expand[]=data.application', undefined],
    ['/v1/prices?expand[]=data.product.default_price.currency_options.eur', 'property_expansion_max_depth'],
  ])('refuse %s', async (path, code) => {
    const { status, body } = await get(await stripe({ state: { prices: [tiered()] } }), path);
    expect(status).toBe(400);
    expect(body.error.code).toBe(code);
  });
});

describe('retrieves', () => {
  test('find each kind by its id, archived or not, however the id is written', async () => {
    const server = await stripe({
      state: {
        webhook_endpoints: [webhookEndpoint({ status: 'disabled' })],
        products: [product({ id: 'plan / gold' })],
        prices: [price({ active: false })],
      },
    });
    for (const path of [
      '/v1/webhook_endpoints/we_1Made000001',
      '/v1/products/plan%20%2F%20gold',
      '/v1/prices/price_1Made000003',
    ]) {
      expect((await get(server, path)).status).toBe(200);
    }
  });

  test('say what is missing, and in which mode it is', async () => {
    const server = await stripe({ state: { prices: [price(), price({ livemode: false })] } });
    const { status, body } = await get(server, '/v1/prices/price_nope');
    expect(status).toBe(404);
    expect(body.error).toMatchObject({
      type: 'invalid_request_error',
      code: 'resource_missing',
      param: 'id',
      message: "No such price: 'price_nope'",
    });
    const hint = (there: string, here: string) =>
      `; a similar object exists in ${there} mode, but a ${here} mode key was used to make this request.`;
    const live = await get(server, '/v1/prices/price_1Made000001', { authorization: `Bearer ${testKey}` });
    expect(live.body.error.message).toBe(`No such price: 'price_1Made000001'${hint('live', 'test')}`);
    const other = await get(server, '/v1/prices/price_1Made000002');
    expect(other.body.error.message).toBe(`No such price: 'price_1Made000002'${hint('test', 'live')}`);
    expect(ids(await get(server, '/v1/prices'))).toEqual(['price_1Made000001']);
  });
});

describe('keys', () => {
  const key = (kind: string) => [kind, 'test', '51KeyOfThisTest4321'].join('_');
  const stars = '*'.repeat('51KeyOfThisTest'.length);
  const as = (kind: string) => ({ authorization: `Bearer ${key(kind)}` });

  test('unknown, revoked, expired or absent are refused with 401, starred', async () => {
    const server = await stripe({
      keys: { [key('rk')]: { mode: 'test', state: 'expired' }, [key('sk')]: { mode: 'test', state: 'revoked' } },
    });
    const unknown = await get(server, '/v1/products');
    expect(unknown.status).toBe(401);
    expect(unknown.body.error.message).toMatch(/^Invalid API Key provided: rk_live_\*+1234$/);
    const revoked = await get(server, '/v1/products', as('sk'));
    expect(revoked.body.error.message).toBe(`Invalid API Key provided: sk_test_${stars}4321`);
    const expired = await get(server, '/v1/products', as('rk'));
    expect(expired.status).toBe(401);
    expect(expired.body.error).toMatchObject({ code: 'api_key_expired' });
    expect(expired.body.error.message).toBe(`Expired API Key provided: rk_test_${stars}4321`);
    expect((await get(server, '/v1/products', { authorization: '' })).status).toBe(401);
  });

  test('without a permission are told its name and the account', async () => {
    const keys = { [key('rk')]: { mode: 'test', account: 'acct_1Abc', permissions: ['plan_read'] } } as const;
    const server = await stripe({ keys });
    const { status, body } = await get(server, '/v1/webhook_endpoints', as('rk'));
    expect(status).toBe(403);
    expect(body.error).toEqual({
      type: 'invalid_request_error',
      message:
        `The provided key 'rk_test_${stars}4321' does not have the required permissions for this endpoint on account ` +
        "'acct_1Abc'. Having the 'rak_webhook_read' permission would allow this request to continue.",
    });
    expect((await get(server, '/v1/prices', as('rk'))).status).toBe(200);
    expect((await get(server, '/v1/products', as('rk'))).status).toBe(200);
  });

  test('that may write may read, and products are not prices', async () => {
    const server = await stripe({ keys: { [key('rk')]: { mode: 'test', permissions: ['product_write'] } } });
    expect((await get(server, '/v1/products', as('rk'))).status).toBe(200);
    expect((await get(server, '/v1/prices', as('rk'))).status).toBe(403);
  });

  test('read the account if they are secret, or restricted and allowed to', async () => {
    const server = await stripe({
      keys: {
        [key('rk')]: { mode: 'test', permissions: ['product_read'] },
        [key('sk')]: { mode: 'test' },
        [liveKey]: { mode: 'live', permissions: ['accounts_kyc_basic_read'] },
      },
    });
    const refused = await get(server, '/v1/account', as('rk'));
    expect(refused.status).toBe(403);
    expect(refused.body.error.message).toContain("'rak_accounts_kyc_basic_read'");
    for (const allowed of [await get(server, '/v1/account', as('sk')), await get(server, '/v1/account')]) {
      expect(allowed.body.id).toBe(ownAccount);
      for (const secret of accountHolder) expect(JSON.stringify(allowed.body)).toContain(secret);
    }
  });

  test('limited to other addresses are refused with 403', async () => {
    const server = await stripe({ keys: { [key('rk')]: { mode: 'test', ipRefused: true } } });
    const { status, body } = await get(server, '/v1/products', as('rk'));
    expect(status).toBe(403);
    expect(body.error.message).toBe('The API key provided does not allow requests from your IP address.');
  });

  test('reach connected accounts, and no others', async () => {
    const server = await stripe({ connected: { acct_1Connected: { products: [product({ id: 'theirs' })] } } });
    expect(ids(await get(server, '/v1/products', { 'stripe-account': 'acct_1Connected' }))).toEqual(['theirs']);
    expect(ids(await get(server, '/v1/products', { 'stripe-account': ownAccount }))).toEqual([]);
    const { status, body } = await get(server, '/v1/products', { 'stripe-account': 'acct_nope' });
    expect(status).toBe(403);
    expect(body.error.code).toBe('account_invalid');
  });
});

describe('the server', () => {
  test('records what it was asked, in order', async () => {
    const server = await stripe();
    await get(server, '/v1/prices?limit=3');
    await fetch(`${server.url}/v1/prices`, { method: 'POST', headers: { authorization: `Bearer ${liveKey}` } });
    const { body } = await get(server, '/v1/customers');
    expect(server.requests.map(({ method, path, status, version }) => [method, path, status, version])).toEqual([
      ['GET', '/v1/prices', 200, '2026-10-28.endive'],
      ['POST', '/v1/prices', 405, null],
      ['GET', '/v1/customers', 404, '2026-10-28.endive'],
    ]);
    expect(server.requests[0]?.query.get('limit')).toBe('3');
    expect(server.requests[1]?.at).toBeGreaterThanOrEqual(server.requests[0]?.at ?? Number.POSITIVE_INFINITY);
    expect(body.error.message).toMatch(/^Unrecognized request URL \(GET: \/v1\/customers\)\./);
  });

  test('sends what every answer of Stripe has', async () => {
    const server = await stripe();
    const { headers } = await get(server, '/v1/prices', { 'stripe-version': '2020-08-27' });
    expect(headers.get('request-id')).toBe('req_000001');
    expect(headers.get('stripe-version')).toBe('2020-08-27');
    expect(headers.get('content-type')).toBe('application/json');
  });

  test('is paged through by the official SDK', async () => {
    const server = await stripe({ state: { products: Array.from({ length: 250 }, () => product()) } });
    const seen = new Set<string>();
    for await (const { id } of client(server).products.list({ limit: 100, active: true })) seen.add(id);
    expect(seen.size).toBe(250);
    expect(server.requests.map(({ query }) => query.get('starting_after'))).toEqual([
      null,
      'prod_1Made000151',
      'prod_1Made000051',
    ]);
  });

  test('is understood by the official SDK where it refuses and expands', async () => {
    const prices = [price({ tiers: [{ unit_amount_decimal: '0.5' }], currency_options: { eur: {} } })];
    const server = await stripe({ state: { prices } });
    const expand = ['data.tiers', 'data.currency_options.eur.tiers'];
    const { data } = await client(server).prices.list({ expand });
    expect(data[0]?.tiers?.[0]?.unit_amount_decimal?.toString()).toBe('0.5');
    expect(server.requests[0]?.query.getAll('expand[0]')).toEqual(['data.tiers']);
    await expect(client(server).prices.retrieve('price_nope')).rejects.toMatchObject({
      code: 'resource_missing',
      requestId: 'req_000002',
      statusCode: 404,
    });
    await expect(client(server, 'rk_test_nope').prices.list()).rejects.toMatchObject({ statusCode: 401 });
  });
});

describe('faults', () => {
  const first = (fault: Exclude<ReturnType<NonNullable<StripeOptions['onRequest']>>, undefined>): StripeOptions => ({
    state: { products: [product()] },
    onRequest: (_, index) => (index === 0 ? fault : undefined),
  });

  test('replace an answer, once', async () => {
    const server = await stripe(first(rateLimited('endpoint-rate', { 'retry-after': '1' })));
    const { status, headers, body } = await get(server, '/v1/products');
    expect(status).toBe(429);
    expect(headers.get('stripe-rate-limited-reason')).toBe('endpoint-rate');
    expect(headers.get('retry-after')).toBe('1');
    expect(body.error.code).toBe('rate_limit');
    expect((await get(server, '/v1/products')).status).toBe(200);
    expect(server.requests.map((request) => request.status)).toEqual([429, 200]);
  });

  test('replace it by HTML, as a gateway does', async () => {
    const server = await stripe(first({ status: 503, body: '<h1>Unavailable</h1>' }));
    const answer = await fetch(`${server.url}/v1/products`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await answer.text()).toBe('<h1>Unavailable</h1>');
  });

  test('delay it, and then do more', async () => {
    // biome-ignore lint/suspicious/noThenProperty: a fault is data, and never awaited.
    const server = await stripe(first({ delayMs: 60, then: { status: 500, body: {} } }));
    const start = performance.now();
    expect((await get(server, '/v1/products')).status).toBe(500);
    expect(performance.now() - start).toBeGreaterThan(50);
  });

  test('reset the connection before the answer', async () => {
    const server = await stripe(first({ kind: 'reset' }));
    const failed = await get(server, '/v1/products').catch((error: Error) => error.cause);
    expect(failed).toMatchObject({ code: 'ECONNRESET' });
    expect(server.requests[0]?.status).toBeNull();
  });

  test('cut the body in half', async () => {
    const server = await stripe(first({ kind: 'reset-body' }));
    const answer = await fetch(`${server.url}/v1/products`, { headers: { authorization: `Bearer ${liveKey}` } });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });

  test('drip the body', async () => {
    const server = await stripe(first({ kind: 'drip', everyMs: 0 }));
    expect(ids(await get(server, '/v1/products'))).toEqual(['prod_1Made000001']);
  });

  test('change the real answer', async () => {
    const server = await stripe(
      first({
        kind: 'transform',
        headers: { 'stripe-notice': 'hello' },
        change: (body) => ({ ...body, has_more: true, data: [] }),
      }),
    );
    const { headers, body } = await get(server, '/v1/products');
    expect(body).toMatchObject({ object: 'list', has_more: true, data: [] });
    expect(headers.get('stripe-notice')).toBe('hello');
    expect(server.state.products).toHaveLength(1);
  });

  test('never answer, and end with the server', async () => {
    const server = await stripe(first({ kind: 'hang' }));
    const waiting = get(server, '/v1/products').then(
      () => 'answered',
      () => 'cut off',
    );
    const early = await Promise.race([waiting, new Promise((done) => setTimeout(done, 50, 'waiting'))]);
    expect(early).toBe('waiting');
    await server.close();
    expect(await waiting).toBe('cut off');
  });
});

describe('the grammar of commands', () => {
  const seen = (printed: string) =>
    commandsIn(printed).map(({ name, properties, data }) => ({ name, properties, data }));

  test('takes colons at the start of a line, after white space', () => {
    expect(seen('  \t::error file=a.yaml,line=3::Bad\nplain ::error::not one\n::error no end')).toEqual([
      { name: 'error', properties: { file: 'a.yaml', line: '3' }, data: 'Bad' },
    ]);
  });

  test('takes brackets anywhere in a line', () => {
    expect(seen('Gold ##[set-output name=drift;x=1]false ::error::no')).toEqual([
      { name: 'set-output', properties: { name: 'drift', x: '1' }, data: 'false ::error::no' },
    ]);
  });

  test('tries only the first brackets of a line', () => {
    expect(seen('##[x] ##[error]no')).toEqual([]);
    expect(seen('##[ ##[error]no')).toEqual([]);
    expect(seen('[##[error]yes')).toHaveLength(1);
  });

  test('tries the brackets where colons make no command', () => {
    expect(seen('::nothing:: ##[error]yes')).toEqual([{ name: 'error', properties: {}, data: 'yes' }]);
  });

  test('takes names in any case, and only those registered', () => {
    expect(seen('::ERROR::a\n##[Warning]b\n::set-secret::c\n##[section]d\n##[command]e\n::::f')).toEqual([
      { name: 'error', properties: {}, data: 'a' },
      { name: 'warning', properties: {}, data: 'b' },
    ]);
  });

  test('unescapes data and properties, each in its way', () => {
    expect(seen('::error title=a%3Ab%2Cc%25%0A::a%3Ab%0Ac%0D%250A')).toEqual([
      { name: 'error', properties: { title: 'a:b,c%\n' }, data: 'a%3Ab\nc\r%0A' },
    ]);
    expect(seen('##[error title=a%3Bb%5D%2C]c%5D%3B%25')).toEqual([
      { name: 'error', properties: { title: 'a;b]%2C' }, data: 'c];%' },
    ]);
  });

  test('splits properties as .NET does', () => {
    expect(seen('::error  file=a=b, line==3,=x,title=,,y::m')[0]?.properties).toEqual({ file: 'a=b', ' line': '3' });
  });

  test('ends a line at a lone carriage return too', () => {
    expect(seen('progress\r::error::yes\r\n::warning::too')).toHaveLength(2);
  });

  test('does not take a byte order mark for white space, but a next-line character', () => {
    expect(seen('\uFEFF::error::no\n\u0085\u00A0::error::yes')).toHaveLength(1);
  });

  test('is quiet between stop-commands and its token', () => {
    const printed = '::stop-commands::Token\n::error::no\n##[error]no\n::token::\n::error::yes';
    expect(seen(printed).map(({ name, data }) => `${name} ${data}`)).toEqual([
      'stop-commands Token',
      'token ',
      'error yes',
    ]);
    expect(seen('##[stop-commands]t\nprinted ##[t]\n::error::yes').map(({ name }) => name)).toContain('error');
  });

  test.each(['', 'pause-logging', 'Error'])('does not stop for the token %j', (token) => {
    expect(seen(`::stop-commands::${token}\n::error::yes`).map(({ name }) => name)).toEqual(['stop-commands', 'error']);
  });
});

describe('annotations', () => {
  const annotations = (printed: string) => annotationsIn(commandsIn(printed));

  test('have a level, a message and a place', () => {
    expect(annotations('::notice file=a.yaml,LINE=2,endLine=3,col=x,title=T::m\n::debug::d')).toEqual([
      { level: 'notice', message: 'm', file: 'a.yaml', line: 2, endLine: 3, title: 'T' },
    ]);
  });

  test('survive ten a level, without those that say nothing', () => {
    const printed = [...Array.from({ length: 12 }, (_, n) => `::error::${n}`), '::warning:: ', '::warning::w'];
    const kept = keptOf(annotations(printed.join('\n')));
    expect(kept.map(({ message }) => message)).toEqual([...Array.from({ length: 10 }, (_, n) => String(n)), 'w']);
  });

  test('are cut at 4,096 characters', () => {
    expect(keptOf(annotations(`::error::${'x'.repeat(5000)}`))[0]?.message).toHaveLength(4096);
  });

  test.each([
    ['line=2,endLine=2,col=1,endColumn=4', { line: 2, endLine: 2, col: 1, endColumn: 4 }],
    ['line=2,endLine=3,col=1,endColumn=4', { line: 2, endLine: 3 }],
    ['line=2,col=1', { line: 2, col: 1 }],
    ['col=1,endColumn=4', {}],
    ['endLine=3', { line: 3, endLine: 3 }],
    ['line=3,endLine=2', {}],
    ['line=3,col=4,endColumn=2', { line: 3 }],
  ])('with %s are placed as the runner places them', (properties, place) => {
    expect(keptOf(annotations(`::error ${properties}::m`))).toEqual([{ level: 'error', message: 'm', ...place }]);
  });

  test('name a file relative to the workspace', () => {
    const printed = annotations('::error file=/w/shop/a.yaml::m\n::error file=/etc/a.yaml::m\n::error file=a.yaml::m');
    expect(keptOf(printed, '/w/shop').map(({ file }) => file)).toEqual(['a.yaml', '/etc/a.yaml', 'a.yaml']);
  });
});

describe('file commands', () => {
  test('are names with values, on one line or between delimiters', () => {
    const written = 'a=1\n\nb=x=y<<z\nc<<END\nfirst\n\na=2\nEND\nd<<E\nE\ne=';
    expect(fileCommand(written)).toEqual({ a: '1', b: 'x=y<<z', c: 'first\n\na=2', d: '', e: '' });
  });

  test.each(['a', '=1', '<<END\nEND', 'a<<\n', 'a<<END\nb', 'a<<END\nEND '])('fail the step with %j', (written) => {
    expect(() => fileCommand(written)).toThrow(/^Invalid/);
  });
});

describe('a step', () => {
  const action = `
inputs:
  stripe-api-key: {}
  fail-on: { default: error }
  requests-per-second: { default: 20 }
  github token: { default: '\${{ github.token }}' }
`;

  /** A script for a step, and an action.yml beside it. */
  function script(source: string) {
    const directory = repository({
      'action.yml': action,
      'index.mjs': `import { appendFileSync, writeFileSync } from 'node:fs';\nconst { env } = process;\n${source}`,
    });
    return { action: join(directory, 'action.yml'), bundle: join(directory, 'index.mjs') };
  }

  test('has the environment of a runner, and nothing of ours', async () => {
    const run = await runAction({
      ...script('console.log(JSON.stringify({ env, cwd: process.cwd(), node: process.versions.node }));'),
      inputs: { 'fail-on': 'never' },
      env: { EXTRA: 'yes', RUNNER_ARCH: undefined },
      files: { 'deep/stripe-config.yaml': 'version: 1\n' },
    });
    const { env, cwd, node } = JSON.parse(run.stdout);
    expect(env).toMatchObject({
      'INPUT_STRIPE-API-KEY': '',
      'INPUT_FAIL-ON': 'never',
      'INPUT_REQUESTS-PER-SECOND': '20',
      INPUT_GITHUB_TOKEN: githubToken,
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_SHA: expect.stringMatching(/^[0-9a-f]{40}$/),
      GITHUB_WORKSPACE: run.workspace,
      RUNNER_TEMP: run.temp,
      EXTRA: 'yes',
    });
    expect(env).not.toHaveProperty('VITEST');
    expect(env).not.toHaveProperty('RUNNER_DEBUG');
    expect(env).not.toHaveProperty('RUNNER_ARCH');
    expect(cwd).toBe(run.workspace);
    expect(node).toMatch(/^24\./);
    expect(readFileSync(join(run.workspace, 'deep/stripe-config.yaml'), 'utf8')).toBe('version: 1\n');
    expect(existsSync(join(run.workspace, '.git'))).toBe(true);
    expect(JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')).repository.full_name).toBe('acme/shop');
  });

  test('on a pull request runs on its merge ref', async () => {
    const pull = { number: 7, head: { ref: 'topic' }, base: { ref: 'main' } };
    const { stdout } = await runAction({
      ...script('console.log(env.GITHUB_REF, env.GITHUB_HEAD_REF, env.GITHUB_BASE_REF, env.GITHUB_EVENT_NAME);'),
      event: { name: 'pull_request', payload: { pull_request: pull } },
    });
    expect(stdout).toBe('refs/pull/7/merge topic main pull_request\n');
  });

  test('hands back what it set and printed', async () => {
    const run = await runAction(
      script(`
        writeFileSync('report.json', '{"schema":1}');
        appendFileSync(env.GITHUB_OUTPUT, 'status<<E\\ndrift\\nE\\nreport-path=report.json\\n');
        appendFileSync(env.GITHUB_ENV, 'A=1\\n');
        appendFileSync(env.GITHUB_STATE, 'B=2\\n');
        appendFileSync(env.GITHUB_STEP_SUMMARY, '# Drift');
        console.log('::add-mask::secret\\n::group::Prices\\n::endgroup::');
        console.log('Gold ##[set-output name=drift]false');
        console.error('::error file=' + process.cwd() + '/a.yaml::Broken');
        process.exitCode = 1;
      `),
    );
    expect(run).toMatchObject({
      exitCode: 1,
      signal: null,
      outputs: { status: 'drift', 'report-path': 'report.json', drift: 'false' },
      env: { A: '1' },
      state: { B: '2' },
      summary: '# Drift',
      summaryTooLarge: false,
      masks: ['secret'],
      groups: ['Prices'],
      kept: [{ level: 'error', message: 'Broken', file: 'a.yaml' }],
      report: { schema: 1 },
    });
    expect(run.stderr).toContain('::error');
  });

  test('ends lines at carriage returns, wherever the chunks of its output end', async () => {
    const { annotations } = await runAction(
      script(`
        const wait = (ms) => new Promise((done) => setTimeout(done, ms));
        for (const part of ['50%\\r::warning::a\\r', '\\n::warn', 'ing::b\\r', '::warning::c']) {
          process.stdout.write(part);
          await wait(30);
        }
      `),
    );
    expect(annotations.map(({ message }) => message)).toEqual(['a', 'b', 'c']);
  });

  test('shows no summary above 1 MiB', async () => {
    const sized = (bytes: number) => script(`writeFileSync(env.GITHUB_STEP_SUMMARY, 'x'.repeat(${bytes}));`);
    const fits = await runAction(sized(1024 * 1024));
    expect([fits.summary.length, fits.summaryTooLarge]).toEqual([1024 * 1024, false]);
    expect(await runAction(sized(1024 * 1024 + 1))).toMatchObject({ summary: '', summaryTooLarge: true });
  });

  test('fails with a malformed output', async () => {
    const broken = script(`writeFileSync(env.GITHUB_OUTPUT, 'status');`);
    await expect(runAction(broken)).rejects.toThrow("Invalid format 'status'");
  });

  test('does not take an input that action.yml lacks', async () => {
    await expect(runAction({ ...script(''), inputs: { 'fail-in': 'x' } })).rejects.toThrow('has no input fail-in');
  });

  test('can be interrupted, and is ended when it hangs', async () => {
    const hanging = script(
      `process.on('SIGTERM', () => process.exit(143)); setInterval(() => {}, 1000); console.log('up');`,
    );
    const interrupted = await runAction({
      ...hanging,
      onStart: (child) => child.stdout?.once('data', () => child.kill('SIGTERM')),
    });
    expect(interrupted.exitCode).toBe(143);
    await expect(runAction({ ...hanging, timeoutMs: 300 })).rejects.toThrow('ran longer than 300 ms');
  });
});

describe('the command line', () => {
  test('runs with its arguments, its input and a bare environment', async () => {
    const cwd = repository({
      'cli.mjs': `
        let text = '';
        for await (const chunk of process.stdin) text += chunk;
        console.log(JSON.stringify({ args: process.argv.slice(2), text, names: Object.keys(process.env).sort() }));
        console.error('done');
        process.exitCode = 3;`,
    });
    const call = { bundle: join(cwd, 'cli.mjs'), cwd, stdin: 'from a pipe', env: { STRIPE_API_KEY: 'k' } };
    const { exitCode, signal, stdout, stderr } = await runCli(['check', '--live', 'a b'], call);
    expect([exitCode, signal, stderr]).toEqual([3, null, 'done\n']);
    expect(JSON.parse(stdout)).toEqual({
      args: ['check', '--live', 'a b'],
      text: 'from a pipe',
      names: ['HOME', 'NODE_COMPILE_CACHE', 'PATH', 'STRIPE_API_KEY'],
    });
  });

  test('leaves no directories behind', () => {
    const directory = repository({ a: 'b' });
    cleanUp();
    expect(existsSync(directory)).toBe(false);
  });
});
