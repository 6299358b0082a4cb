/** `check --parity`: the committed bundle as a process, with two keys, against a server that tells them apart. */
import { afterAll, describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { CheckError } from '../../src/errors.ts';
import type { KeyFrom } from '../../src/stripe/key.ts';
import { StripeLive } from '../../src/stripe/live.ts';
import { coupon } from '../kinds/coupons.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import { cleanUp, type ProcessRun, repository, runCli } from '../runner.ts';
import { type StripeOptions, type StripeRequest, type StripeState, startStripe } from '../servers/stripe.ts';
import { asReport, madeUpKey, piecesOf } from '../shop/shop.ts';

afterAll(cleanUp);

const file = `version: 1
webhooks:
  billing:
    url: https://shop.example.com/stripe
    enabled_events: [checkout.session.completed, invoice.paid]
  audit: { url: https://audit.example.com/stripe, enabled_events: ['*'] }
products:
  pro: { name: Pro, default_price: pro_monthly }
prices:
  pro_monthly:
    lookup_key: pro_monthly
    product: pro
    currency: usd
    unit_amount: 2000
    recurring: { interval: month }
coupons: {}
environments:
  test:
    webhooks:
      billing: { url: https://staging.example.com/stripe }
`;

/** A small shop in both modes: a price differs, a webhook is in live mode alone, a coupon in test mode alone, and a product is in no file. */
function shop(): StripeState {
  const events = ['checkout.session.completed', 'invoice.paid'];
  const sold = (mode: string, amount: number) => {
    const livemode = mode === 'L';
    return {
      products: [
        product({ id: `prod_${mode}Pro`, name: 'Pro', default_price: `price_${mode}Pro`, livemode }),
        product({ id: `prod_${mode}Gift`, name: 'Gift card', livemode }),
      ],
      prices: [
        price({
          id: `price_${mode}Pro`,
          lookup_key: 'pro_monthly',
          product: `prod_${mode}Pro`,
          unit_amount: amount,
          livemode,
        }),
      ],
    };
  };
  const [live, inTest] = [sold('L', 2400), sold('T', 2000)];
  const hook = (id: string, host: string, enabled: string[], livemode: boolean) =>
    webhookEndpoint({ id, url: `https://${host}.example.com/stripe`, enabled_events: enabled, livemode });
  return {
    webhook_endpoints: [
      hook('we_LBilling', 'shop', events, true),
      hook('we_LAudit', 'audit', ['*'], true),
      hook('we_TBilling', 'staging', events, false),
    ],
    products: [...live.products, ...inTest.products],
    prices: [...live.prices, ...inTest.prices],
    coupons: [coupon({ id: 'cou_TLaunch', name: 'Launch', livemode: false })],
  } as StripeState;
}

const [one, other] = [madeUpKey(), ['rk', 'test', 'Yw4RtGs9Kf2NcMb6Xz8Q'].join('_')];
const keys = { [one]: { mode: 'live' }, [other]: { mode: 'test' } } as const;

async function parity(
  args: readonly string[],
  stripe: StripeOptions = {},
  env: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<ProcessRun & { requests: readonly StripeRequest[] }> {
  const server = await startStripe({ state: shop(), keys, ...stripe });
  try {
    const run = await runCli(['check', '--parity', ...args], {
      cwd: repository({ 'stripe-config.yaml': file, ...files }),
      env: { STRIPE_API_KEY: one, STRIPE_API_KEY_OTHER: other, STRIPE_API_BASE: server.url, ...env },
    });
    for (const key of [one, other])
      for (const piece of piecesOf(key)) expect(run.stdout + run.stderr).not.toContain(piece);
    return { ...run, requests: [...server.requests] };
  } finally {
    await server.close();
  }
}

describe.concurrent('two keys', () => {
  test('are read at the same time and compared, each finding with both ids', async () => {
    // Neither key is answered before the other has asked.
    const asked = new Set<string>();
    let meet = () => {};
    const both = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const run = await parity([], {
      onRequest({ headers }) {
        asked.add(String(headers.authorization));
        if (asked.size === 2) meet();
        return { until: both };
      },
    });
    expect(run.stdout.split('\n')).toEqual([
      '✗ 4 differences between live and test mode: 2 errors, 2 warnings',
      '',
      'prices',
      '  error   stripe-config.yaml:14:5  pro_monthly  unit_amount',
      '          live 24.00 USD · test 20.00 USD · the file says what test has · price_LPro, price_TPro',
      'webhooks',
      '  error   stripe-config.yaml:6:3   audit        missing',
      '          in live (we_LAudit), but not in test: no webhook endpoint has url "https://audit.example.com/stripe"',
      'not in the file',
      '  warning products  Gift card (live prod_LGift, test prod_TGift)',
      '  warning coupons   Launch (test cou_TLaunch, not in live)',
      '',
      '2 of 4 entries match · restricted keys · how to fix: --fixes',
      '',
    ]);
    expect([run.exitCode, run.stderr]).toEqual([2, '']);
    const paths = (key: string) =>
      run.requests.flatMap(({ headers, method, path }) =>
        headers.authorization === `Bearer ${key}` ? [`${method} ${path}`] : [],
      );
    const lists = ['coupons', 'prices', 'products', 'webhook_endpoints'].map((name) => `GET /v1/${name}`);
    expect(paths(one).sort()).toEqual(lists);
    expect([...new Set(paths(other))].sort()).toEqual(lists);
  });

  test('of one mode and account are refused before anything but the accounts is read', async () => {
    const second = other.replace('_test_', '_live_');
    const known = { keys: { [one]: { mode: 'live', accountReadable: false }, [second]: { mode: 'live' } } } as const;
    const run = await parity(['--format', 'json'], known, { STRIPE_API_KEY_OTHER: second });
    expect(run.exitCode).toBe(1);
    expect(asReport(JSON.parse(run.stdout)).error).toEqual({
      message: 'STRIPE_API_KEY and STRIPE_API_KEY_OTHER are both of live mode of acct_1Shop: nothing can differ.',
      remedy:
        'Compare live mode with test mode, or an account with its sandbox: give one of the two a key of another mode or account.',
    });
    expect(run.requests.map(({ path }) => path)).toEqual(['/v1/account', '/v1/account']);
  });

  test('may be one and a snapshot, and where it may not read a section, the rest is compared', async () => {
    const permissions = ['webhook_read', 'product_read', 'coupon_read'];
    const stripe = { keys: { [other]: { mode: 'test', permissions } } } as const;
    const ofLive = (objects: readonly { readonly livemode?: boolean }[] = []) =>
      objects.filter(({ livemode }) => livemode !== false);
    const { webhook_endpoints: webhooks, products, prices } = shop();
    const sections = { webhooks: ofLive(webhooks), products: ofLive(products), prices: ofLive(prices), coupons: [] };
    const live = JSON.stringify({ schema: 1, mode: 'live', account: null, sections });
    const run = await parity(['--live', 'live.json', '--format', 'json'], stripe, {}, { 'live.json': live });
    const report = asReport(JSON.parse(run.stdout));
    expect([run.exitCode, report.status]).toEqual([3, 'incomplete']);
    const key = { kind: 'restricted', mode: 'test', connected: null, beyond: [] };
    expect(report).not.toHaveProperty('key');
    expect(report).toMatchObject({ mode: 'live', other: { mode: 'test', environment: 'test', key } });
    expect(report.sections.prices).toMatchObject({ status: 'refused', live: 1, other: null, inSync: null });
    expect(report.sections.prices?.reason).toMatch(/^In test, the key may not read prices: it lacks the permission/);
    expect(report.findings.map(({ problem, section }) => [problem, section])).toEqual([
      ['missing', 'webhooks'],
      ['unmanaged', 'products'],
      ['unmanaged', 'coupons'],
    ]);
    expect(new Set(run.requests.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${other}`]));
  });
});

describe('a key', () => {
  const refused = async (texts: readonly [string, string], from: readonly [KeyFrom, KeyFrom]) => {
    const options = (which: 0 | 1) => ({
      base: new URL('http://127.0.0.1:9'),
      connected: null,
      requestsPerSecond: 1,
      timeoutSeconds: 1,
      interrupted: new AbortController().signal,
      keyFrom: from[which],
    });
    const live = new StripeLive(texts[0], options(0));
    const told = async () => {
      const { error } = await check({
        sources: [{ file: 'stripe-config.yaml', text: file }],
        environment: null,
        live,
        other: { live: StripeLive.beside(live, texts[1], options(1)), environment: null },
        failOn: 'error',
        commit: null,
      });
      return error;
    };
    const error = await told().catch((thrown: CheckError) => thrown);
    return `${error?.message} ${error?.remedy}`;
  };

  test.each([
    [
      [one, ''],
      ['variable', 'other variable'],
      /^STRIPE_API_KEY_OTHER: No Stripe API key was given\. Put a restricted key into the environment variable STRIPE_API_KEY_OTHER\./,
    ],
    [['', other], ['variable', 'other variable'], /^STRIPE_API_KEY: No Stripe API key was given\./],
    [
      [one, ''],
      ['input', 'other input'],
      /^stripe-api-key-other: No Stripe API key was given\. .* pass it as the input stripe-api-key-other\./,
    ],
    [
      [one, madeUpKey('pk')],
      ['variable', 'other variable'],
      /^STRIPE_API_KEY_OTHER: The key is publishable \(pk_\): it may not read configuration\./,
    ],
    [[one, madeUpKey('rk_org')], ['input', 'other input'], /^stripe-api-key-other: The key belongs to an organization/],
    [[one, one], ['variable', 'other variable'], /^STRIPE_API_KEY and STRIPE_API_KEY_OTHER hold the same key/],
    [[one, one], ['input', 'other input'], /^stripe-api-key and stripe-api-key-other hold the same key/],
  ] as const)('that can not be used is told with its name: %#', async (texts, from, words) => {
    const said = await refused(texts, from);
    expect(said).toMatch(words);
    for (const key of texts) for (const piece of piecesOf(key)) expect(said).not.toContain(piece);
  });
});
