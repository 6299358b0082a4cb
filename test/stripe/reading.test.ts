/** What reading an account costs, and that what is found does not depend on how it was read. */
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import { loadConfig } from '../../src/config/load.ts';
import { decode } from '../../src/config/source.ts';
import type { Declared, Finding, Result } from '../../src/model.ts';
import { registry, resourceOf } from '../../src/resources/index.ts';
import { Client } from '../../src/stripe/client.ts';
import { parseKey } from '../../src/stripe/key.ts';
import { SnapshotLive, StripeLive } from '../../src/stripe/live.ts';
import { isLookedUp, lookUps, pagesAhead } from '../../src/stripe/plan.ts';
import { readAll } from '../../src/stripe/read.ts';
import { coupon } from '../kinds/coupons.ts';
import { eventDestination } from '../kinds/event_destinations.ts';
import { kindOf, SECTIONS } from '../kinds/index.ts';
import { meter } from '../kinds/meters.ts';
import { lineItems, paymentLink } from '../kinds/payment_links.ts';
import { portalConfiguration, withUpdate } from '../kinds/portal_configurations.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { promotionCode } from '../kinds/promotion_codes.ts';
import { EPOCH } from '../kinds/raw.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import { runs } from '../runs.ts';
import {
  liveKey,
  type StripeOptions,
  type StripeRequest,
  type StripeServer,
  type StripeState,
  startStripe,
} from '../servers/stripe.ts';
import { cases, declaration, type Entry, isActive, type Live } from '../shop/accounts.ts';
import { edit } from '../shop/edits.ts';
import { Dice, Names } from '../tree.ts';
import { write } from '../yaml-style.ts';

// A fixed seed by default, so that a red run is red again; PROPERTY_SEED tries others.
beforeEach(() => void fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) }));

/** Reads sections of a Stripe that takes its time. */
async function reading(sections: readonly string[], options: StripeOptions, perSecond = 1000) {
  const under = new Set<StripeRequest>();
  let most = 0;
  const server = await startStripe({
    ...options,
    onRequest(request, index) {
      for (const one of under) if (one.status !== null) under.delete(one);
      under.add(request);
      most = Math.max(most, under.size);
      return options.onRequest?.(request, index) ?? { delayMs: 20 };
    },
  });
  const client = await Client.open({
    key: parseKey(liveKey, null, 'variable'),
    keyFrom: 'variable',
    base: new URL(server.url),
    connected: null,
    requestsPerSecond: perSecond,
    timeoutSeconds: 200,
    interrupted: new AbortController().signal,
  });
  try {
    const read = await readAll(client, sections, false);
    const objects = sections.map((section) => {
      const one = read.sections.get(section);
      return one?.status === 'read' ? one.objects.map(({ id }) => id) : one?.reason;
    });
    return { read, objects, requests: [...server.requests], connections: server.connections, most };
  } finally {
    client.close();
    await server.close();
  }
}

const list = (path: string, { path: asked }: StripeRequest) => asked === path;

const densities = {
  'evenly, over years': (n: number) => EPOCH - 50_000 * n,
  'within one day': (n: number) => EPOCH - Math.floor(n / 3),
  'within one second': () => EPOCH,
} satisfies Record<string, (n: number) => number>;

describe('a list of thousands', () => {
  test.each(Object.entries(densities))('created %s is read whole, once, in its order', async (_, created) => {
    const products = Array.from({ length: 3000 }, (_, n) => product({ id: `prod_${n}`, created: created(n) }));
    const { objects, requests, most } = await reading(['products'], { state: { products } });
    expect(objects).toEqual([products.map(({ id }) => id)]);
    const pages = requests.filter((request) => list('/v1/products', request));
    expect(pages.length).toBeLessThanOrEqual(Math.floor(1.15 * 30));
    expect(pages.slice(0, 5).some(({ query }) => [...query.keys()].some((name) => name.startsWith('created')))).toBe(
      false,
    );
    expect(most).toBeGreaterThan(1);
  });

  test('of a kind that takes no such filter is read page by page, beside the others', async () => {
    const meters = Array.from({ length: 1500 }, (_, n) => meter({ id: `mtr_${n}`, created: EPOCH - 1000 * n }));
    const { objects, requests } = await reading(['meters'], { state: { 'billing/meters': meters } });
    expect(objects).toEqual([meters.map(({ id }) => id)]);
    expect(requests.filter((request) => list('/v1/billing/meters', request))).toHaveLength(15);
  });

  test('takes few connections, which are used again', async () => {
    const products = Array.from({ length: 2000 }, (_, n) => product({ id: `prod_${n}`, created: EPOCH - 1000 * n }));
    const { requests, connections, most } = await reading(['products', 'webhooks'], { state: { products } });
    expect(requests.length).toBeGreaterThan(20);
    expect(connections).toBeLessThanOrEqual(most + 1);
    expect(connections).toBeLessThan(10);
  });
});

describe("a list of Stripe's API v2", () => {
  const path = '/v2/core/event_destinations';
  const secret = ['whsec', 'MadeUpForTests1234'].join('_');
  const destinations = Array.from({ length: 250 }, (_, n) =>
    eventDestination({
      id: `ed_${n}`,
      created: new Date((EPOCH - n) * 1000 + 250).toISOString(),
      webhook_endpoint: { url: `https://shop.example.com/${n}`, signing_secret: secret },
    }),
  );
  const state = { 'core/event_destinations': destinations };
  // biome-ignore lint/suspicious/noExplicitAny: bends an answer in ways that no type describes.
  const bent = (change: (next: any) => unknown): StripeOptions => ({
    state,
    onRequest: () => ({
      kind: 'transform',
      change: (body) => ({ ...body, next_page_url: change(body.next_page_url) }),
    }),
  });

  test.each([
    ['an address without a host', (next: string | null) => next],
    [
      'an address, of which neither scheme nor host counts',
      (next: string | null) => next && `http://evil.example${next}`,
    ],
  ])('is read page by page, each named by the one before: by %s', async (_, change) => {
    const { read, objects, requests } = await reading(['event_destinations'], bent(change));
    expect(objects).toEqual([destinations.map(({ id }) => id)]);
    const asked = requests.filter((request) => list(path, request));
    expect(asked.map(({ query }) => query.get('page'))).toEqual([null, 'ed_99', 'ed_199']);
    for (const { query, version } of asked) {
      expect(query.getAll('include[0]')).toEqual(['webhook_endpoint.url']);
      expect(version).toMatch(/^\d{4}-\d{2}-\d{2}/);
    }
    const found = read.sections.get('event_destinations');
    const last = found?.status === 'read' ? found.objects.at(-1) : undefined;
    expect(last).toMatchObject({
      created: EPOCH - 249,
      fields: { webhook_endpoint: { url: 'https://shop.example.com/249' } },
    });
    expect(JSON.stringify(last)).not.toContain(secret);
  });

  test.each<[string, (next: string | null) => unknown]>([
    ['whose next page is another path', (next) => next?.replace('destinations', 'tokens')],
    ['whose next page is a path below it', (next) => next?.replace('?', '/ed_1?')],
    ['whose next page is no address', () => 'http://[::1'],
    ['whose next page is a number', () => 2],
    ['that does not say whether there is a next page', () => undefined],
    ['that does not move on', () => `${path}?page=ed_9`],
  ])('%s is not read', async (_, change) => {
    const { objects, requests } = await reading(['event_destinations'], bent(change));
    expect(objects).toEqual([expect.stringMatching(/could not be used|do not move on/)]);
    expect(new Set(requests.map((request) => request.path))).toEqual(new Set([path, '/v1/account']));
  });

  test('is asked for one object by its id, which may not be there', async () => {
    const one = { 'core/event_destinations': [eventDestination({ id: 'ed_1' })] };
    const { result, asked } = await checked('event_destinations:\n  gone: { id: ed_gone }\n  it: { id: ed_1 }\n', one);
    expect(about(result.findings)).toEqual(['missing event_destinations gone']);
    expect(asked).toEqual([`${path} include=webhook_endpoint.url`, `${path}/ed_gone include=webhook_endpoint.url`]);
  });

  test('says nothing of a URL that Stripe did not include', async () => {
    const file =
      'version: 1\nevent_destinations:\n  it: { id: ed_1, webhook_endpoint: { url: https://shop.example.com/1 } }\n';
    const server = await startStripe({
      state: { 'core/event_destinations': [eventDestination({ id: 'ed_1' })] },
      onRequest: () => ({
        kind: 'transform',
        change: ({ data }) => ({
          data: data.map((one: object) => ({ ...one, webhook_endpoint: { url: null } })),
          next_page_url: null,
        }),
      }),
    });
    try {
      const { findings, notes, status } = await checkedWith(server, file);
      expect({ findings, status }).toEqual({ findings: [], status: 'incomplete' });
      expect(notes).toEqual([
        "event_destinations.it.webhook_endpoint.url was not compared: Stripe's answer did not hold it.",
      ]);
    } finally {
      await server.close();
    }
  });

  test('tells by which name Stripe guards it, where that is another', async () => {
    const message = `The provided key does not have the required permissions for this endpoint on account 'acct_1'. Having the 'hzn_event_destination_read' permission would allow this request to continue.`;
    const { objects } = await reading(['event_destinations'], {
      onRequest: () => ({ status: 403, body: { error: { message } } }),
    });
    expect(objects).toEqual([expect.stringContaining('(Stripe names hzn_event_destination_read)')]);
  });
});

// --- Look-ups in place of lists

const source = (text: string) => ({ file: 'stripe-config.yaml', ...decode(Buffer.from(text)) });

async function declaredBy(text: string): Promise<Declared> {
  const config = await loadConfig([source(text)]);
  expect(config.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return config.in(null, 'live').declared as Declared;
}

/** Checks a file against a Stripe. */
async function checkedWith(server: StripeServer, text: string, base: string | null = null): Promise<Result> {
  const options = {
    base: new URL(server.url),
    connected: null,
    requestsPerSecond: 1000,
    timeoutSeconds: 200,
    interrupted: new AbortController().signal,
    keyFrom: 'variable' as const,
  };
  return await check({
    sources: [source(text)],
    environment: null,
    live: new StripeLive(liveKey, options),
    failOn: 'error',
    commit: null,
    ...(base !== null && { base: async () => ({ name: 'base', sources: [source(base)] }) }),
  });
}

/** Checks a file, and gives besides what was asked. */
async function checked(text: string, state: Partial<StripeState>, base: string | null = null) {
  const server = await startStripe({ state });
  try {
    const result = await checkedWith(server, `version: 1\n${text}`, base && `version: 1\n${base}`);
    expect(result.error).toBeNull();
    const asked = server.requests.map(({ path, query }) => {
      const plain = new Map([...query].reverse().map(([name, value]) => [name.replace(/\[\d*\]$/, ''), value]));
      const told = [...plain]
        .reverse()
        .flatMap(([name, value]) => (/limit|expand/.test(name) ? [] : [`${name}=${value}`]));
      return [path.replace('/v1/', ''), ...told].join(' ');
    });
    return { result, asked };
  } finally {
    await server.close();
  }
}

const about = (findings: readonly Finding[]) =>
  findings.map((finding) => [finding.problem, finding.section, 'name' in finding ? finding.name : null].join(' '));

test("an object that is not the account's own configuration is neither kept nor undeclared, and whoever declares it is told", async () => {
  for (const section of registry.keys()) {
    const { sample, row, skipped = [] } = kindOf(section);
    const own = { ...sample, object: row.noun, livemode: true };
    for (const mark of skipped) {
      const other = { ...own, id: `${sample.id}_other`, ...mark };
      const state = { [row.path]: [own, other] };
      const { result } = await checked(`policy: { unmanaged: warning }\n${section}: {}\n`, state);
      expect(result.findings.filter(({ problem }) => problem === 'unmanaged')).toHaveLength(
        isActive({ section, live: own }) ? 1 : 0,
      );
      const { result: stated } = await checked(`${section}:\n  it: { id: ${other.id} }\n`, state);
      expect(about(stated.findings)).toContain(`missing ${section} it`);
      expect(stated.notes.join()).toContain(`${other.id} can't be declared, since it `);
      const snapshot = { schema: 1, mode: 'live', account: null, sections: { [section]: [own, other] } };
      const read = await new SnapshotLive(JSON.stringify(snapshot), 'live.json').open().readAll([section], true);
      const reading = read.sections.get(section);
      expect(reading?.status === 'read' && reading.objects.map(({ id }) => id)).toEqual([own.id]);
    }
  }
});

const ignoring = 'policy: { unmanaged: ignore }\n';

describe('the entries of a section are looked up in place of its list', () => {
  const byKey = 'prices:\n  it: { lookup_key: key }\n';
  const byId = 'prices:\n  it: { id: price_1 }\n';
  const asItIs = async (section: string, text: string) => {
    const declared = await declaredBy(`version: 1\n${text}`);
    return isLookedUp(resourceOf(section), declared.sections.get(section)?.entries ?? [], declared);
  };

  test.each([
    ['by key', 'prices', ignoring + byKey],
    ['by id', 'prices', ignoring + byId],
    ['where the policy says so of the section', 'prices', `policy: { unmanaged: { prices: ignore } }\n${byKey}`],
    ['of products', 'products', `${ignoring}products:\n  it: { id: prod_1 }\n`],
    ['of coupons', 'coupons', `${ignoring}coupons:\n  it: { id: SAVE }\n`],
    [
      'where fields may differ',
      'prices',
      `${ignoring}ignore: [{ prices: "*", fields: [nickname], reason: x }]\n${byKey}`,
    ],
    ['of which there are none', 'prices', `${ignoring}prices: {}\n`],
    [
      'where the default is found by being that',
      'portal_configurations',
      `${ignoring}portal_configurations:\n  it: { is_default: true }\n`,
    ],
    ['where the kind ignores all else', 'promotion_codes', 'promotion_codes:\n  it: { code: LAUNCH }\n'],
  ])('%s', async (_, section, text) => {
    expect(await asItIs(section, text)).toBe(true);
  });

  test.each([
    ['where all else is told', 'prices', byKey],
    ['where all else is a notice', 'prices', `policy: { unmanaged: notice }\n${byKey}`],
    ['where another section is ignored', 'prices', `policy: { unmanaged: { products: ignore } }\n${byKey}`],
    [
      'where one is found by its name',
      'products',
      `${ignoring}products:\n  it: { id: prod_1 }\n  other: { name: Pro }\n`,
    ],
    [
      'where one is found by what no look-up finds',
      'prices',
      `${ignoring + byKey}  other: { match: metadata.plan, metadata: { plan: pro } }\n`,
    ],
    [
      'where objects are ignored one by one',
      'prices',
      `${ignoring}ignore: [{ prices: "price_*", reason: x }]\n${byKey}`,
    ],
    ['where a rule of health looks at all of them', 'webhooks', `${ignoring}webhooks:\n  it: { id: we_1 }\n`],
    ['where no look-up tells who has what one object can have', 'meters', `${ignoring}meters:\n  it: { id: mtr_1 }\n`],
    [
      'where the policy says another word than the kind',
      'promotion_codes',
      'policy: { unmanaged: { promotion_codes: notice } }\npromotion_codes:\n  it: { code: LAUNCH }\n',
    ],
  ])('but not %s', async (_, section, text) => {
    expect(await asItIs(section, text)).toBe(false);
  });

  test('with a request for each code, which is the same in capitals and in small letters, and never the list', async () => {
    const codes = Array.from({ length: 150 }, (_, n) =>
      promotionCode({ id: `promo_${n}`, code: 'LAUNCH', customer: `cus_${n}` }),
    );
    const own = promotionCode({ id: 'promo_own', code: 'LAUNCH', created: EPOCH });
    const others = [promotionCode({ code: 'STRAY' }), promotionCode({ id: 'promo_old', code: 'OLD', active: false })];
    const { result, asked } = await checked(
      'promotion_codes:\n  launch: { code: launch }\n  old: { code: OLD, active: false }\n  gone: { code: GONE }\n',
      { promotion_codes: [...codes, own, ...others] },
    );
    expect(about(result.findings)).toEqual(['missing promotion_codes gone']);
    expect(result.ignored).toEqual([]);
    const of = (state: boolean, code: string) => `promotion_codes active=${state} code=${code}`;
    expect(asked.map((line) => line.replace(/ starting_after=\S+/, '')).sort()).toEqual(
      [
        ...[of(true, 'GONE'), of(false, 'GONE'), of(true, 'GONE')],
        ...[of(true, 'OLD'), of(false, 'OLD')],
        ...[of(true, 'launch'), of(true, 'launch')],
      ].sort(),
    );
  });

  test('with a request for the one that is the default, which has another id in each account', async () => {
    const { result, asked } = await checked(
      `${ignoring}portal_configurations:\n  it: { is_default: true, name: Portal }\n`,
      {
        'billing_portal/configurations': [
          portalConfiguration({ name: 'Portal' }),
          portalConfiguration({ id: 'bpc_default', is_default: true, name: 'Another' }),
        ],
      },
    );
    expect(about(result.findings)).toEqual(['changed portal_configurations it']);
    expect(asked).toEqual(['billing_portal/configurations active=true is_default=true']);
  });

  test('after as many pages of the list as that would cost, where it would cost many', async () => {
    const ahead = async (section: string, count: number, entry: (n: number) => string) => {
      const all = Array.from({ length: count }, (_, n) => `  it_${n}: { ${entry(n)} }\n`).join('');
      const { sections } = await declaredBy(`version: 1\n${section}:\n${all}`);
      return pagesAhead(lookUps(resourceOf(section), sections.get(section)?.entries ?? [], 'active'));
    };
    expect(await ahead('prices', 10, (n) => `id: price_${n}`)).toBe(0);
    expect(await ahead('prices', 11, (n) => `id: price_${n}`)).toBe(11);
    expect(await ahead('prices', 100, (n) => `lookup_key: key_${n}`)).toBe(0);
    expect(await ahead('prices', 101, (n) => `lookup_key: key_${n}`)).toBe(11);
    expect(await ahead('products', 2500, (n) => `id: prod_${n}`)).toBe(0);
  });

  test('never, where the kind does not say that its rules of health look at all of them', () => {
    for (const [section, resource] of registry) {
      const looked = new Set<string>();
      const others = { find: () => undefined, all: (of: string) => void looked.add(of), alike: () => [] };
      const live = { id: 'x', label: 'x', fields: {}, inForce: true, created: null };
      resource.health?.(live, {}, others, 0);
      expect([section, looked.size > 0]).toEqual([section, resource.healthOfAll ?? false]);
    }
  });
});

test('what a portal offers is looked up, where the file has its section', async () => {
  const products = [{ product: 'prod_1', prices: ['price_1', 'price_old', 'price_gone'] }] as never;
  const state = {
    products: [product({ id: 'prod_1' })],
    prices: [price({ id: 'price_1', product: 'prod_1' }), price({ id: 'price_old', product: 'prod_1', active: false })],
    'billing_portal/configurations': [withUpdate({ enabled: true, products }, { is_default: true })],
  };
  const file = 'portal_configurations:\n  it: { is_default: true }\n';
  const alone = await checked(file, state);
  expect(alone.result.findings).toEqual([]);
  expect(alone.asked).toEqual(['billing_portal/configurations active=true']);
  const { result, asked } = await checked(`${file}prices: {}\n`, state);
  expect(about(result.findings)).toContain('unhealthy portal_configurations it');
  expect(asked.sort()).toEqual([
    'billing_portal/configurations active=true',
    'prices active=true',
    'prices/price_gone',
    'prices/price_old',
  ]);
});

describe('line items of payment links', () => {
  const prices = Array.from({ length: 12 }, (_, n) => `price_${n}`);
  const state = {
    payment_links: [
      paymentLink({ id: 'plink_long', line_items: lineItems(prices.map((one) => ({ price: one }))) }),
      paymentLink({ id: 'plink_short' }),
      paymentLink({ id: 'plink_other', line_items: lineItems(prices.map((one) => ({ price: one }))) }),
    ],
  };
  const items = (some: readonly string[]) => `line_items: [${some.map((one) => `{ price: ${one} }`).join(', ')}]`;

  test('are read to their end of links that the file declares, and of no others', async () => {
    const file = `payment_links:\n  long: { id: plink_long, ${items(prices.toReversed())} }\n  short: { id: plink_short }\n`;
    const { result, asked } = await checked(`policy: { unmanaged: notice }\n${file}`, state);
    expect(about(result.findings)).toEqual(['unmanaged payment_links ']);
    expect(asked).toEqual(['payment_links active=true', 'payment_links/plink_long/line_items']);
    expect(result.sections.get('payment_links')).toMatchObject({ requests: 2, inSync: 2 });
    const fewer = await checked(`payment_links:\n  long: { id: plink_long, ${items(prices.slice(1))} }\n`, state);
    expect(about(fewer.result.findings)).toContain('changed payment_links long');
  });

  test('are not asked for where no entry states them', async () => {
    const { asked } = await checked('payment_links:\n  long: { id: plink_long }\n', state);
    expect(asked).toEqual(['payment_links active=true']);
  });

  test('stand in a snapshot, and in an export, to their end', async () => {
    const { read, requests } = await reading(['payment_links'], { state });
    const links = read.sections.get('payment_links');
    const objects = links?.status === 'read' ? links.objects : [];
    const counts = objects.map(({ fields: { line_items: all } }) => (Array.isArray(all) ? all.length : 0));
    expect(counts).toEqual([12, 1, 12]);
    expect(requests.filter(({ path }) => path.endsWith('/line_items'))).toHaveLength(2);
  });

  test('that could not be read are not told to be missing', async () => {
    const server = await startStripe({
      state,
      onRequest: ({ path }) => (path.endsWith('/line_items') ? { status: 500, body: {} } : undefined),
    });
    try {
      const result = await checkedWith(
        server,
        `version: 1\npayment_links:\n  long: { id: plink_long, ${items(prices)} }\n`,
      );
      expect(about(result.findings).filter((one) => !one.startsWith('unmanaged'))).toEqual([]);
      expect(result.status).toBe('incomplete');
    } finally {
      await server.close();
    }
  });
});

test('a long second is read from several places at once, where the file declares objects of it', async () => {
  const products = Array.from({ length: 4000 }, (_, n) => product({ id: `prod_${n}`, created: EPOCH }));
  const declared = Array.from({ length: 20 }, (_, n) => `prod_${200 * n + 100}`);
  const server = await startStripe({ state: { products }, onRequest: () => ({ delayMs: 20 }) });
  try {
    const entries = declared.map((id) => `  ${id}: { id: ${id} }\n`).join('');
    const result = await checkedWith(
      server,
      `version: 1\npolicy: { unmanaged: notice }\nproducts:\n${entries}  gone: { id: prod_gone }\n`,
    );
    expect(result.counts).toMatchObject({ checked: 21, missing: 1, unmanaged: 3980 });
    const after = server.requests.map(({ query }) => query.get('starting_after'));
    expect(after.filter((id) => id !== null && declared.includes(id)).length).toBeGreaterThan(0);
    expect(server.requests.length).toBeLessThanOrEqual(Math.floor(1.15 * 40) + 1);
  } finally {
    await server.close();
  }
});

describe('what is only looked up', () => {
  const prices = Array.from({ length: 1500 }, (_, n) =>
    price({ id: `price_${n}`, lookup_key: `key_${n}`, product: 'prod_1', created: EPOCH - n }),
  );
  const products = Array.from({ length: 250 }, (_, n) => product({ id: `prod_${n}`, created: EPOCH - n }));
  const entries = (count: number, entry: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => `  it_${n}: { ${entry(7 * n)} }\n`).join('');

  test('costs one request for ten keys, and says so', async () => {
    const { result, asked } = await checked(`${ignoring}prices:\n${entries(10, (n) => `lookup_key: key_${n}`)}`, {
      prices,
    });
    expect(asked).toEqual(['prices active=true lookup_keys=key_0']);
    expect(result).toMatchObject({ status: 'in-sync', findings: [], ignored: [] });
    expect(result.sections.get('prices')).toMatchObject({ status: 'read', live: null, managed: null, inSync: 10 });
    expect(result.notes).toEqual([
      'Looked up, and not read whole: prices. What the file does not declare there is ignored (policy.unmanaged).',
    ]);
  });

  test('costs one request for each price by its id, and for a hundred products', async () => {
    const byId = await checked(`${ignoring}prices:\n${entries(10, (n) => `id: price_${n}`)}`, { prices });
    expect(byId.asked.sort()).toEqual(Array.from({ length: 10 }, (_, n) => `prices/price_${7 * n}`).sort());
    const all = Array.from({ length: 250 }, (_, n) => `  it_${n}: { id: prod_${n} }\n`).join('');
    const ofProducts = await checked(`${ignoring}products:\n${all}`, { products });
    expect(ofProducts.asked.map((line) => line.split('=')[0])).toEqual([
      'products ids',
      'products ids',
      'products ids',
    ]);
    expect(ofProducts.result.status).toBe('in-sync');
  });

  test('is read whole where that takes fewer requests', async () => {
    const { result, asked } = await checked(`${ignoring}prices:\n${entries(14, (n) => `id: price_${n}`)}`, {
      prices: prices.slice(0, 100),
    });
    expect(asked).toEqual(['prices active=true']);
    expect(result.sections.get('prices')).toMatchObject({ live: 100, inSync: 14 });
    expect(result.notes).toEqual([]);
  });

  test('is looked up all the same, once the list turns out to be longer', async () => {
    const { result, asked } = await checked(`${ignoring}prices:\n${entries(14, (n) => `id: price_${100 * n}`)}`, {
      prices: prices.map((live, n) => ({ ...live, created: EPOCH - 1000 * n })),
    });
    expect(result).toMatchObject({ status: 'drift', counts: { checked: 14 } });
    expect(asked.length).toBeLessThanOrEqual(28);
    expect(result.sections.get('prices')).toMatchObject({ live: null });
  });

  test('is found where it is archived, and missing where it is not there', async () => {
    const file = `${ignoring}prices:\n  old: { lookup_key: old }\n  gone: { id: price_gone }\nproducts:\n  old: { id: prod_old }\n  gone: { id: prod_gone }\n`;
    const { result, asked } = await checked(file, {
      prices: [price({ lookup_key: 'old', active: false }), ...prices.slice(0, 200)],
      products: [product({ id: 'prod_old', active: false }), ...products],
    });
    expect(about(result.findings).sort()).toEqual([
      'changed prices old',
      'changed products old',
      'missing prices gone',
      'missing products gone',
    ]);
    expect(asked.filter((line) => line.startsWith('prices active=true') && !line.includes('lookup'))).toEqual([]);
    expect(asked.sort()).toEqual([
      'prices active=false lookup_keys=old',
      'prices active=true lookup_keys=old',
      'prices/price_gone',
      'products ids=prod_old',
      'products/prod_gone',
    ]);
  });

  test('is told as renamed where it was: then the list is read', async () => {
    const file = `${ignoring}prices:\n  it: { lookup_key: before, product: prod_1, nickname: One, currency: usd, unit_amount: 1999, recurring: { interval: month } }\n`;
    const { result, asked } = await checked(file, {
      prices: [
        ...prices.slice(0, 50),
        price({ lookup_key: 'after', product: 'prod_1', nickname: 'One', unit_amount: 1999 }),
      ],
    });
    expect(result.findings).toMatchObject([{ problem: 'changed', field: 'lookup_key', renamed: true }]);
    expect(asked.at(-1)).toBe('prices active=true');
    expect(result.sections.get('prices')).toMatchObject({ live: 51 });
  });

  test('comes with what rules of health look at, and with who has what one object can have', async () => {
    const file = `${ignoring}products:\n  it: { id: prod_1 }\nprices:\n  it: { id: price_1, lookup_key: taken }\ncoupons:\n  it: { id: SAVE }\nwebhooks:\n  it: { id: we_1 }\n`;
    const { result, asked } = await checked(file, {
      products: [product({ id: 'prod_1', default_price: 'price_old' }), product({ id: 'prod_old', active: false })],
      prices: [
        price({ id: 'price_1', lookup_key: 'mine', product: 'prod_old' }),
        price({ id: 'price_2', lookup_key: 'taken', product: 'prod_1' }),
        price({ id: 'price_old', product: 'prod_1', active: false }),
      ],
      coupons: [coupon({ id: 'SAVE', valid: false })],
      webhook_endpoints: [
        webhookEndpoint({ id: 'we_1', url: 'https://shop.example.com/' }),
        webhookEndpoint({ id: 'we_2', url: 'https://shop.example.com/' }),
      ],
    });
    expect(about(result.findings).sort()).toEqual([
      'changed prices it',
      'unhealthy coupons it',
      'unhealthy prices it',
      'unhealthy products it',
      'unhealthy webhooks it',
    ]);
    const changed = result.findings.find(({ problem }) => problem === 'changed');
    expect(changed).toMatchObject({ whole: { taken: [{ field: 'lookup_key', id: 'price_2' }] } });
    expect(asked.filter((line) => /^(prices|products|coupons)( active=\w+)?$/.test(line))).toEqual([]);
    expect(result.sections.get('webhooks')).toMatchObject({ live: 2 });
  });

  test('comes with what entries meant that a change takes out', async () => {
    const file = (more: string) =>
      `${ignoring}coupons:\n  it: { id: ONE, name: One }\n${more}prices:\n  it: { id: price_1 }\n`;
    const two = '  two: { id: TWO, name: Two }\n';
    const state = { coupons: [coupon({ id: 'ONE', name: 'Other' }), coupon({ id: 'TWO', name: 'Other' })], prices };
    const { result, asked } = await checked(file(''), state, file(`${two}  gone: { id: GONE }\n`));
    expect(about(result.findings)).toEqual(['changed coupons it']);
    expect(about(result.resolved).sort()).toEqual(['changed coupons two', 'missing coupons gone']);
    expect(result.resolved.map(({ removed }) => removed)).toEqual([true, true]);
    expect(asked.sort()).toEqual(['coupons/GONE', 'coupons/ONE', 'coupons/TWO', 'prices/price_1']);
  });
});

test('what is found does not depend on whether a section was read whole or looked up', async () => {
  const server = await startStripe();
  const lookedUp: string[] = [];
  const seen = new Set<string>();
  const happening = fc.record({
    now: fc.constantFrom('stays', 'stays', 'is edited', 'is gone', 'changes its state', 'is renamed'),
    isDeclared: fc.constantFrom(true, true, false),
  });
  try {
    await fc.assert(
      fc.asyncProperty(
        cases(2),
        fc.array(happening, { minLength: 12, maxLength: 12 }),
        fc.nat(),
        fc.boolean(),
        async (made, what, how, hasBase) => {
          const entries = made.entries.map(
            (entry): Entry =>
              kindOf(entry.section).row.single || entry.finder === 'natural' ? entry : { ...entry, finder: 'id' },
          );
          const live = entries.flatMap((entry, index): { section: string; live: Live }[] => {
            const { natural, state, row } = kindOf(entry.section);
            const { now } = what[index] ?? { now: 'stays' };
            const active = state?.field ?? null;
            if (now === 'is gone' && !row.single) return [];
            if (now === 'is edited') return [{ ...entry, live: edit(entry, how)?.live ?? entry.live }];
            if (now === 'changes its state' && active !== null)
              return [
                { ...entry, live: { ...entry.live, [active.name]: isActive(entry) ? active.retired : active.active } },
              ];
            if (now === 'is renamed' && natural !== null && entry.finder === 'natural')
              return [{ ...entry, live: { ...entry.live, [natural.field]: natural.other } }];
            return [entry];
          });
          const declared = entries.filter((_, index) => what[index]?.isDeclared);
          fc.pre(declared.length > 0);
          for (const { row } of [...registry.keys()].map(kindOf)) server.state[row.path] = [];
          for (const one of live) server.state[kindOf(one.section).row.path]?.push(one.live as never);
          const fileOf = (all: readonly Entry[], word: string) => {
            const [, ...rest] = declaration(all, new Dice(made.seed)).pairs;
            return write(new Names([['policy', new Names([['unmanaged', word]])], ...rest]), made.seed, 'live').text;
          };
          const run = (word: string) =>
            checkedWith(server, fileOf(declared, word), hasBase ? fileOf(entries, word) : null);
          const [short, whole] = [await run('ignore'), await run('notice')];
          const told = (findings: readonly Finding[]) =>
            findings
              .filter(({ problem }) => problem !== 'unmanaged')
              .map((finding) => ({
                ...finding,
                at: null,
                whole: null,
                ...('whole' in finding && { taken: finding.whole.taken, unfit: finding.whole.ties.unfit }),
              }));
          expect(told(short.findings)).toEqual(told(whole.findings));
          expect(told(short.resolved)).toEqual(told(whole.resolved));
          for (const { problem } of short.resolved) seen.add(`resolved ${problem}`);
          expect(short.counts.checked).toBe(whole.counts.checked);
          for (const [section, { live: count }] of short.sections) if (count === null) lookedUp.push(section);
          for (const { problem } of short.findings) seen.add(problem);
        },
      ),
      runs(60),
    );
  } finally {
    await server.close();
  }
  for (const section of ['prices', 'products', 'coupons']) expect(lookedUp).toContain(section);
  for (const problem of ['missing', 'changed', 'unhealthy', 'resolved changed']) expect(seen).toContain(problem);
});

describe.concurrent('a key that may read one permission alone', () => {
  test.each(SECTIONS)('reads %s, and every other section is refused and named', async (section) => {
    const { row } = kindOf(section);
    const state = Object.fromEntries(
      SECTIONS.map((name) => [kindOf(name).row.path, [{ ...kindOf(name).sample, livemode: true }]]),
    ) as unknown as StripeState;
    const keys = { [liveKey]: { mode: 'live' as const, permissions: [row.permission] } };
    const { read } = await reading(SECTIONS, { state, keys, onRequest: () => undefined });
    for (const [name, found] of read.sections) {
      const { permission, label, undocumented } = kindOf(name).row;
      if (name === section) expect(found.status).toBe('read');
      // Products come with prices, and with what sells them.
      else if (found.status === 'read') expect([row.permission, 'product_read'], name).toContain(permission);
      else
        expect(found).toMatchObject({
          status: 'refused',
          reason: expect.stringContaining(`may not read ${name}: `),
          lacks: { section: name, permission: expect.stringContaining(undocumented ? permission : label) },
        });
    }
  });
});
