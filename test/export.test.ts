/** `export`: the file for what is live, such that a check of it finds nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { check } from '../src/check.ts';
import { exported } from '../src/export.ts';
import type { Finding, Report } from '../src/model.ts';
import { registry } from '../src/resources/index.ts';
import { SnapshotLive } from '../src/stripe/live.ts';
import { type Case, cases, type Live, snapshot } from './accounts.ts';
import { catalogue } from './catalogue.ts';
import { type CliCall, cleanUp, type ProcessRun, repository, runCli } from './runner.ts';
import { price, product, webhookEndpoint } from './stripe-objects.ts';
import {
  type Fault,
  type Key,
  liveKey,
  type StripeOptions,
  type StripeRequest,
  startStripe,
  testKey,
} from './stripe-server.ts';

afterAll(cleanUp);
vi.setConfig({ testTimeout: 60_000 });

fc.configureGlobal({ interruptAfterTimeLimit: 15_000, seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) });

/** Stripe's own limits, and what it may know that this version does not: they may speak. */
const OF_STRIPE =
  /Stripe takes at most|that this version knows|white space|which Stripe refuses|only delivers to https|lists? already/;

interface Tried {
  readonly text: string;
  readonly remarks: readonly string[];
  readonly report: Report;
}

/** Exports a snapshot and checks the file against it. */
async function roundTrip(live: string, { full = false, retired = false } = {}): Promise<Tried> {
  const side = new SnapshotLive(live, 'live.json');
  const { text, remarks } = exported(await side.readAll([...registry.keys()], retired), full);
  const request = { environment: null, failOn: 'notice', commit: null } as const;
  const report = await check({ ...request, sources: [{ file: 'stripe-config.yaml', text }], live: side });
  return { text, remarks, report };
}

/** What a check says that it must not say of an export. */
function faults({ findings, error }: Report): readonly (Finding | object)[] {
  const mine = findings.filter((finding) => {
    if (finding.problem === 'unhealthy') return false;
    return finding.problem !== 'invalid' || finding.severity === 'error' || !OF_STRIPE.test(finding.message);
  });
  return [...mine, ...(error === null ? [] : [error])];
}

/** An account whose prices belong to its products at times, and its products' default prices to its prices. */
const accounts: fc.Arbitrary<Case> = fc
  .tuple(cases(), fc.array(fc.nat(), { minLength: 9, maxLength: 9 }))
  .map(([made, picks]) => {
    const ids = (section: string) => made.entries.filter((one) => one.section === section).map(({ live }) => live.id);
    const entries = made.entries.map((entry, index) => {
      const pick = picks[index] ?? 0;
      const to = (list: string[], other: unknown) =>
        pick % 3 === 0 || list.length === 0 ? other : list[pick % list.length];
      const live: Live =
        entry.section === 'prices'
          ? { ...entry.live, product: to(ids('products'), entry.live.product), created: pick }
          : entry.section === 'products'
            ? { ...entry.live, default_price: to(ids('prices'), null), created: pick }
            : { ...entry.live, created: pick };
      return { ...entry, live };
    });
    return { ...made, entries };
  });

describe('an export of whatever account', () => {
  for (const full of [false, true]) {
    for (const retired of [false, true]) {
      const what = `${full ? 'in full' : 'as people want it'}, ${retired ? 'with' : 'without'} what is archived`;
      test(`${what}, is in sync with it`, async () => {
        await fc.assert(
          fc.asyncProperty(accounts, async (made) => {
            const { report, remarks, text } = await roundTrip(snapshot(made.entries), { full, retired });
            expect({ faults: faults(report), remarks, text: faults(report).length > 0 ? text : '' }).toEqual({
              faults: [],
              remarks: [],
              text: '',
            });
            expect(report.counts.checked).toBe(
              made.entries.filter(({ live }) => retired || (live.active ?? live.status === 'enabled') === true).length,
            );
          }),
          { numRuns: 300 },
        );
      });
    }
  }
});

// --- The program

/** What became of a run, with the requests that it made and the files that it left. */
interface Ran extends ProcessRun {
  readonly requests: readonly StripeRequest[];
  readonly cwd: string;
}

interface Call extends CliCall {
  readonly stripe?: StripeOptions;
  readonly key?: Partial<Key>;
  readonly files?: Readonly<Record<string, string>>;
  fault?(request: StripeRequest): Fault | undefined;
}

/** Runs the command line in a directory of its own, against a Stripe of its own. */
async function cli(
  args: readonly string[],
  { stripe = {}, key, files = {}, env = {}, fault, ...call }: Call = {},
): Promise<Ran> {
  const keys = { [liveKey]: { mode: 'live' as const, ...key }, [testKey]: { mode: 'test' as const, ...key } };
  const server = await startStripe({ state: catalogue(), keys, ...stripe, ...(fault && { onRequest: fault }) });
  const cwd = call.cwd ?? repository(files);
  try {
    const run = await runCli(args, {
      ...call,
      cwd,
      env: { STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url, ...env },
    });
    return { ...run, requests: [...server.requests], cwd };
  } finally {
    await server.close();
  }
}

const written = ({ cwd }: Ran, file = 'stripe-config.yaml') => readFileSync(join(cwd, file), 'utf8');
const paths = ({ requests }: Ran) =>
  requests
    .map(
      ({ method, path, query }) =>
        `${method} ${path}${query.get('active') === null ? '' : ` active=${query.get('active')}`}`,
    )
    .sort();

describe.concurrent('export', () => {
  test('writes a file of 60 products and 200 prices that is in sync with the account', async () => {
    const server = await startStripe({
      state: catalogue(),
      keys: { [liveKey]: { mode: 'live', permissions: ['webhook_read', 'product_read', 'plan_read'] } },
    });
    const env = { STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url };
    const cwd = repository({});
    try {
      expect(await runCli(['export'], { env, cwd })).toMatchObject({
        exitCode: 0,
        stdout: '',
        stderr: 'Wrote 4 webhook endpoints, 60 products, 200 prices to stripe-config.yaml.\n',
      });
      const first = readFileSync(join(cwd, 'stripe-config.yaml'), 'utf8');
      const check = await runCli(['check', '--fail-on', 'warning'], { env, cwd });
      expect(check).toMatchObject({ exitCode: 0, stderr: '' });
      expect(check.stdout).toMatch(/^✓ Stripe is as declared/);
      expect(check.stdout).toContain('webhooks  4 of 4 in sync, 4 of 4 in force declared');
      expect(check.stdout).toContain('products  60 of 60 in sync, 60 of 60 in force declared');
      expect(check.stdout).toContain('prices  200 of 200 in sync, 200 of 200 in force declared');
      for (const list of Object.values(server.state)) list.reverse();
      expect(await runCli(['export', '--force'], { env, cwd })).toMatchObject({ exitCode: 0 });
      expect(readFileSync(join(cwd, 'stripe-config.yaml'), 'utf8')).toBe(first);
      expect(await runCli(['export', '--merge'], { env, cwd })).toMatchObject({
        exitCode: 0,
        stderr: 'stripe-config.yaml is up to date.\n',
      });
      expect(readFileSync(join(cwd, 'stripe-config.yaml'), 'utf8')).toBe(first);
    } finally {
      await server.close();
    }
  });

  test('asks for lists of what is in force, once more for amounts by tier in other currencies, and for the account', async () => {
    const run = await cli(['export']);
    expect(run.exitCode).toBe(0);
    const counts = new Map<string, number>();
    for (const path of paths(run))
      counts.set(path.replace(/price_\w+/, 'ID'), (counts.get(path.replace(/price_\w+/, 'ID')) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({
      'GET /v1/account': 1,
      'GET /v1/webhook_endpoints': 1,
      'GET /v1/products active=true': 1,
      'GET /v1/prices active=true': 2,
      // Those that have tiers in a currency of their own.
      'GET /v1/prices/ID': 6,
    });
    expect(written(run)).toContain('currency_options: { eur: { tiers: [{ up_to: inf, unit_amount: 1 }] } }');
  });

  test('names things as people would, refers by name, and says what is charged', async () => {
    const state = {
      webhook_endpoints: [
        webhookEndpoint({ url: 'https://api.example.com/stripe/webhooks', enabled_events: ['invoice.paid'] }),
      ],
      products: [
        product({ id: 'prod_1Abc', name: 'Pro plan', default_price: 'price_1Abc', metadata: { plan: 'pro' } }),
        product({ id: 'prod_1Def', name: 'Set-up' }),
      ],
      prices: [
        price({ id: 'price_1Abc', product: 'prod_1Abc', unit_amount: 2900, lookup_key: 'pro-monthly' }),
        price({ id: 'price_1Def', product: 'prod_1Abc', unit_amount: 29_000, recurring: { interval: 'year' } }),
        price({
          id: 'price_1Eur',
          product: 'prod_1Abc',
          currency: 'eur',
          unit_amount: 27_000,
          recurring: { interval: 'year' },
        }),
        price({
          id: 'price_1Ghi',
          product: 'prod_1Def',
          unit_amount_decimal: '4900.5',
          recurring: null,
          transform_quantity: { divide_by: 5, round: 'up' },
          tax_behavior: 'exclusive',
          nickname: 'For teams',
        }),
        price({
          id: 'price_1Jkl',
          product: 'prod_1Gone',
          custom_unit_amount: { maximum: null, minimum: 500, preset: null },
          recurring: null,
        }),
      ],
    };
    const run = await cli(['export', '--output', '-'], { stripe: { state } });
    expect(run.stdout).toBe(readFileSync(new URL('exports/small.yaml', import.meta.url), 'utf8'));
    expect(run.stderr).toBe('Wrote 1 webhook endpoint, 2 products, 5 prices to standard output.\n');
  });
});
