/** What reading an account costs: requests, those under way at once, connections. */
import { describe, expect, test } from 'vitest';
import { Client } from '../../src/stripe/client.ts';
import { parseKey } from '../../src/stripe/key.ts';
import { readAll } from '../../src/stripe/read.ts';
import { meter } from '../kinds/meters.ts';
import { product } from '../kinds/products.ts';
import { EPOCH } from '../kinds/raw.ts';
import { liveKey, type StripeOptions, type StripeRequest, startStripe } from '../servers/stripe.ts';

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
    key: parseKey(liveKey, null),
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
    return { objects, requests: [...server.requests], connections: server.connections, most };
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
    expect(pages.slice(0, 10).some(({ query }) => [...query.keys()].some((name) => name.startsWith('created')))).toBe(
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
