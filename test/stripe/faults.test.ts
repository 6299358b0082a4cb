/**
 * Whatever Stripe, the network or the key does: the committed bundle, run as GitHub's runner runs it, says what it knows
 * and no more. Each fault strikes where it can, and every run keeps the key to itself.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTls, type Server as TlsServer } from 'node:https';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { Deadline } from '../../src/stripe/deadline.ts';
import { Pace } from '../../src/stripe/pace.ts';
import { coupon } from '../kinds/coupons.ts';
import { meter } from '../kinds/meters.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import { type ActionRun, type ActionStep, cleanUp, runAction, underDeadline } from '../runner.ts';
import {
  type Fault,
  type Key,
  keyPage,
  ownAccount,
  type RateLimitReason,
  rateLimited,
  refusalForms,
  type StripeOptions,
  type StripeRequest,
  startStripe,
} from '../servers/stripe.ts';
import { asReport, brief, madeUpKey, type ReportJson, shop, shopFile, tracesOf } from '../shop/shop.ts';

afterAll(cleanUp);
// Most of these runs wait, for a deadline or for the next try.
vi.setConfig({ maxConcurrency: 10 });

const outputNames = Object.keys(
  parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8')).outputs,
).sort();

interface Step extends Omit<ActionStep, 'inputs'> {
  readonly inputs?: Readonly<Record<string, string>>;
  /** `stripe-config.yaml` */
  readonly file?: string;
  /** What the key may do. */
  readonly key?: Partial<Key>;
  readonly stripe?: StripeOptions;
}

interface Checked extends ActionRun {
  readonly report: ReportJson;
  readonly requests: readonly StripeRequest[];
}

const key = madeUpKey();

/** Runs a step against a Stripe of its own, with debug logging, and holds it to what every run has to keep. */
async function checked({ file = shopFile, stripe, inputs = {}, key: what, ...step }: Step = {}): Promise<Checked> {
  const server = await startStripe({ keys: { [key]: { mode: 'live', ...what } }, state: shop(), ...stripe });
  try {
    const run = await runAction({
      files: { 'stripe-config.yaml': file },
      inputs: { 'stripe-api-key': key, 'stripe-api-base': server.url, 'requests-per-second': '1000', ...inputs },
      debug: true,
      ...step,
    });
    const report = asReport(run.report);
    holds(run, report, key);
    return { ...run, report, requests: [...server.requests] };
  } finally {
    await server.close();
  }
}

/** What holds for every run, whatever happened in it. */
function holds(run: ActionRun, report: ReportJson, of: string): void {
  expect(run.stderr).toBe('');
  expect(run.signal).toBeNull();
  expect(Object.keys(run.outputs).sort()).toEqual(outputNames);
  expect(run.outputs.status).toBe(report.status);
  expect(run.summary).not.toBe('');
  for (const [name, section] of Object.entries(report.sections)) {
    if (section.status === 'read') continue;
    expect(['incomplete', 'error']).toContain(report.status);
    expect(run.exitCode).not.toBe(0);
    const found = report.findings.filter((finding) => finding.section === name);
    expect(found.filter(({ problem }) => problem === 'missing')).toEqual([]);
    if (section.inSync === null) expect(found).toEqual([]);
  }
  expect(tracesIn(run, of)).toEqual([]);
}

/** What of a key is in anything that a run printed or wrote, but for the command that masks it. */
function tracesIn(run: ActionRun, of: string): string[] {
  const masking = `::add-mask::${of}\n`;
  expect(run.stdout.split(masking)).toHaveLength(2);
  const written = [run.temp, run.workspace].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  );
  const all = [run.stdout.replace(masking, ''), run.stderr, ...written].join('\n');
  return tracesOf(of).filter((trace) => all.includes(trace));
}

/** What the step failed with. */
function failure({ annotations }: ActionRun): string {
  return annotations
    .filter(({ level, file }) => level === 'error' && file === undefined)
    .map(({ message }) => message)
    .join('\n');
}

/** Findings without their lines: `changed products.pro.name`. */
function found({ report }: { report: ReportJson }): string[] {
  return report.findings.map((finding) => brief(finding).replace(/ \d+$/, '')).sort();
}

/** What a page of a gateway looks like. */
const html = '<!doctype html><h1>Something went wrong</h1>';

function refusal(status: number, message: string, more: { code?: string; headers?: Record<string, string> } = {}) {
  const { code, headers = {} } = more;
  return { status, headers, body: { error: { type: 'invalid_request_error', message, ...(code && { code }) } } };
}

// --- Places where a fault strikes

/** What a section is read from. */
const paths = { webhooks: '/v1/webhook_endpoints', products: '/v1/products', prices: '/v1/prices' } as const;

const isList = (path: string, { path: asked, query }: StripeRequest) =>
  asked === path &&
  query.get('active') !== 'false' &&
  ![...query.keys()].some((name) => /^(ids|lookup_keys)/.test(name));

/** The places, each in a section of its own, and the findings that are lost with what could not be read there. */
const places = {
  'the first page': {
    section: 'webhooks',
    isAt: (request: StripeRequest) => isList('/v1/webhook_endpoints', request),
  },
  'a middle page': {
    section: 'products',
    isAt: (request: StripeRequest) =>
      isList('/v1/products', request) && request.query.get('starting_after') === 'prod_99',
  },
  'a look-up of keys': {
    section: 'prices',
    isAt: ({ query }: StripeRequest) => [...query.keys()].some((name) => name.startsWith('lookup_keys')),
  },
  'a look-up of one': {
    section: 'products',
    isAt: ({ path }: StripeRequest) => path === '/v1/products/prod_gone',
  },
} as const;
type Place = keyof typeof places;

const lists: readonly Place[] = ['the first page', 'a middle page'];
const lookUps: readonly Place[] = ['a look-up of keys', 'a look-up of one'];
const everywhere: readonly Place[] = [...lists, ...lookUps];

/** One difference in each section among what is in force, found by lists alone. */
const listedFile = `version: 1
policy: { unmanaged: { webhooks: ignore, products: ignore } }
webhooks:
  hook: { url: https://shop.example.com/stripe, enabled_events: [charge.refunded] }
products:
  named: { name: Product 0 }
  last: { id: prod_249, name: Other }
prices:
  kept: { lookup_key: kept, nickname: Other }
`;
const listed = ['changed prices.kept.nickname', 'changed products.last.name', 'changed webhooks.hook.enabled_events'];

/** Besides, an archived product, a product and a price that do not exist. */
const lookedUpFile = listedFile
  .replace('prices:', '  old: { id: prod_old }\n  gone: { id: prod_gone }\nprices:')
  .concat('  gone: { lookup_key: gone }\n');
const lookedUp = [...listed, 'changed products.old.active', 'missing prices.gone', 'missing products.gone'].sort();

function catalogue() {
  const names = Array.from({ length: 250 }, (_, n) => n);
  return {
    webhook_endpoints: [webhookEndpoint({ url: 'https://shop.example.com/stripe', enabled_events: ['invoice.paid'] })],
    products: [
      ...names.map((n) => product({ id: `prod_${n}`, name: `Product ${n}`, created: 1_760_000_000 - n })),
      product({ id: 'prod_old', active: false }),
    ],
    prices: [price({ lookup_key: 'kept', nickname: 'Kept' })],
  };
}

/** A Stripe in which a fault strikes the first so many requests to each of these places. */
function striking(fault: Fault | ((place: Place) => Fault), at: readonly Place[], times: number): StripeOptions {
  const left = new Map(at.map((place) => [place, times]));
  return {
    state: catalogue(),
    onRequest(request) {
      for (const [place, still] of left) {
        if (still === 0 || !places[place].isAt(request)) continue;
        left.set(place, still - 1);
        return typeof fault === 'function' ? fault(place) : fault;
      }
      return undefined;
    },
  };
}

/** Findings are ignored by `fail-on`, so a run fails only for what it could not read. */
const onlyUnread = { 'fail-on': 'never' };

/** Every place struck so often: the run finds all there is. */
async function endsWell(fault: Fault, times: number, at = everywhere): Promise<Checked> {
  const run = await checked({ file: lookedUpFile, stripe: striking(fault, at, times), inputs: onlyUnread });
  expect(found(run)).toEqual(lookedUp);
  expect(run.outputs).toMatchObject({ status: 'drift', drift: 'true', missing: '2', changed: '4', checked: '7' });
  expect(run.exitCode).toBe(0);
  expect(run.report.error).toBeNull();
  return run;
}

interface Ending {
  readonly status: 'failed' | 'refused';
  readonly says: RegExp;
  readonly times?: number;
}

/** The lists of two sections cannot be read: the third is reported, and of the two nothing is. */
async function losesLists(fault: Fault, seconds: number, { status, says, times = Number.POSITIVE_INFINITY }: Ending) {
  const run = await checked({
    file: listedFile,
    stripe: striking(fault, lists, times),
    inputs: { ...onlyUnread, 'timeout-seconds': String(seconds) },
  });
  expect(run.outputs).toMatchObject({ status: 'incomplete', drift: 'true', missing: '0', changed: '1', checked: '1' });
  expect(run.exitCode).toBe(1);
  expect(found(run)).toEqual(['changed prices.kept.nickname']);
  expect(run.report.sections).toMatchObject({
    webhooks: { status, live: null, inSync: null, reason: expect.stringMatching(says) },
    products: { status, live: null, inSync: null, reason: expect.stringMatching(says) },
    prices: { status: 'read', live: 1, inSync: 0 },
  });
  expect(failure(run)).toMatch(says);
  return run;
}

/** Look-ups of two sections fail: what the lists hold is reported, and what was looked up is nowhere said to be missing. */
async function losesLookUps(fault: Fault, seconds: number, { status, says }: Ending) {
  const run = await checked({
    file: lookedUpFile,
    stripe: striking(fault, lookUps, Number.POSITIVE_INFINITY),
    inputs: { ...onlyUnread, 'timeout-seconds': String(seconds) },
  });
  expect(found(run)).toEqual(lookedUp.filter((line) => !line.startsWith('missing')));
  expect(run.outputs).toMatchObject({ status: 'incomplete', drift: 'true', missing: '0' });
  expect(run.exitCode).toBe(1);
  for (const place of lookUps) {
    expect(run.report.sections[places[place].section]).toMatchObject({ status, reason: expect.stringMatching(says) });
  }
  expect(run.report.sections.webhooks?.status).toBe('read');
  expect(failure(run)).toMatch(says);
  return run;
}

/** A list and two look-ups fail at once, each in a section of its own: what is left is reported. */
async function losesAll(fault: Fault | ((place: Place) => Fault), { status, says }: Pick<Ending, 'status' | 'says'>) {
  const at = ['the first page', ...lookUps] as const;
  const stripe = striking(fault, at, Number.POSITIVE_INFINITY);
  const run = await checked({ file: lookedUpFile, stripe, inputs: onlyUnread });
  expect(found(run)).toEqual([
    'changed prices.kept.nickname',
    'changed products.last.name',
    'changed products.old.active',
  ]);
  expect(run.outputs).toMatchObject({ status: 'incomplete', drift: 'true', missing: '0', changed: '3' });
  expect(run.exitCode).toBe(1);
  const reason = expect.stringMatching(says);
  expect(run.report.sections).toMatchObject({
    webhooks: { status, live: null, inSync: null, reason },
    products: { status, live: 250, reason },
    prices: { status, live: 1, reason },
  });
  expect(failure(run)).toMatch(says);
  for (const place of at) expect(run.requests.filter(places[place].isAt)).toHaveLength(1);
  return run;
}

/** A fault that may pass: what is said when it does not, until the deadline. */
const passing: Readonly<Record<string, readonly [Fault, string]>> = {
  'a reset connection': [{ kind: 'reset' }, 'could not be reached: the connection was cut \\(ECONNRESET\\)'],
  'a reset in mid-body': [{ kind: 'reset-body' }, 'could not be reached: .*(cut|aborted)'],
  'truncated JSON': [
    { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{ "object": "list", "data": [' },
    'status 200 and something that is not JSON',
  ],
  'HTML with status 200': [{ status: 200, body: html }, 'status 200 and something that is not JSON'],
  'an empty body': [{ status: 200, body: '' }, 'status 200 and something that is not JSON'],
  'the body null': [{ status: 200, body: 'null' }, 'status 200 and something that is not JSON'],
  'status 409': [refusal(409, 'Try again.'), 'status 409 on every try'],
  'status 429 without a reason': [refusal(429, 'Slow down.', { code: 'rate_limit' }), 'rate limit stopped every try'],
  'status 429 for a lock': [
    refusal(429, 'This object is locked.', { code: 'lock_timeout' }),
    'locked on every try \\(lock_timeout\\)',
  ],
  'status 429 with HTML': [{ status: 429, body: html }, 'status 429 and something that is not JSON'],
  'status 500': [refusal(500, 'Sorry.'), 'status 500 on every try'],
  'status 502 with HTML': [{ status: 502, body: html }, 'status 502 and something that is not JSON'],
  'status 503': [refusal(503, 'Down for a moment.'), 'status 503 on every try'],
  'status 503 with HTML': [{ status: 503, body: html }, 'status 503 and something that is not JSON'],
  'status 400 with stripe-should-retry': [
    refusal(400, 'Not now.', { headers: { 'Stripe-Should-Retry': 'true' } }),
    'status 400.*Not now',
  ],
  ...Object.fromEntries(
    (['global-rate', 'global-concurrency', 'endpoint-rate', 'endpoint-concurrency', 'resource-specific'] as const).map(
      (reason: RateLimitReason) => [
        `status 429 for ${reason}`,
        [rateLimited(reason), `rate limit stopped every try \\(${reason}\\)`] as const,
      ],
    ),
  ),
};

/** The last try may end with the deadline. */
const orDeadline = (says: string, seconds: number) =>
  new RegExp(`${says}|Not all \\w+ were read: the deadline of ${seconds} seconds has passed`);

describe.concurrent('a fault that passes', () => {
  test.each(Object.entries(passing))('once at every place changes nothing: %s', async (_, [fault]) => {
    const { requests } = await endsWell(fault, 1);
    for (const place of everywhere) expect(requests.filter(places[place].isAt).length).toBeGreaterThanOrEqual(2);
  });

  test.each(['a reset in mid-body', 'status 429 for endpoint-rate', 'status 503 with HTML'])(
    'for a while at every place changes nothing: %s',
    async (name) => {
      await endsWell((passing[name] as readonly [Fault, string])[0], 3);
    },
  );

  // Where it strikes decides what is lost, and the fault what is said: not each of them needs every place.
  const alike = /for (global|endpoint-c|resource)/;
  test.each(Object.entries(passing).filter(([name]) => !alike.test(name)))(
    'that never does in two lists leaves the third: %s',
    async (_, [fault, says]) => {
      await underDeadline(3, (seconds) =>
        losesLists(fault, seconds, { status: 'failed', says: orDeadline(says, seconds) }),
      );
    },
  );

  test.each(Object.entries(passing).filter(([name]) => alike.test(name) || /mid-body|with HTML|lock|409/.test(name)))(
    'that never does in look-ups makes nothing missing: %s',
    async (_, [fault, says]) => {
      await underDeadline(3, (seconds) =>
        losesLookUps(fault, seconds, { status: 'failed', says: orDeadline(says, seconds) }),
      );
    },
  );

  test.each([
    ['headers that never come', { kind: 'hang' }],
    ['headers that come too late', { delayMs: 120_000 }],
    ['a body that drips', { kind: 'drip', everyMs: 100 }],
  ] satisfies [string, Fault][])('ends at the deadline: %s', async (_, fault) => {
    const ending = (seconds: number) =>
      ({ status: 'failed', says: new RegExp(`the deadline of ${seconds} seconds has passed`) }) as const;
    await underDeadline(3, (seconds) => losesLists(fault, seconds, ending(seconds)));
    await underDeadline(3, (seconds) => losesLookUps(fault, seconds, ending(seconds)));
  });

  test.each([
    ['headers', { delayMs: 300 }, everywhere],
    ['a body', { kind: 'drip', everyMs: 0 }, ['the first page', 'a look-up of keys', 'a look-up of one']],
  ] satisfies [string, Fault, readonly Place[]][])('is no fault where only slow: %s', async (_, fault, at) => {
    await endsWell(fault, Number.POSITIVE_INFINITY, at);
  });

  test.each([
    ['seconds', () => '1'],
    ['a date', () => new Date(Date.now() + 1000).toUTCString()],
    ['nothing that means a time', () => 'soon'],
  ])('is waited for as Retry-After says: %s', async (_, retryAfter) => {
    const run = await endsWell(rateLimited('endpoint-rate', { 'Retry-After': retryAfter() }), 1);
    if (retryAfter() !== '1') return;
    for (const place of everywhere) {
      const [first, second] = run.requests.filter(places[place].isAt).map(({ at }) => at);
      expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(990);
    }
  });

  test.each([
    ['seconds beyond the deadline', '100000'],
    ['a date beyond the deadline', 'Fri, 31 Dec 2099 23:59:59 GMT'],
    ['more than any clock holds', '9'.repeat(300)],
  ])('is not waited for with a Retry-After of %s', async (_, retryAfter) => {
    const fault = refusal(503, 'Sorry.', { headers: { 'Retry-After': retryAfter } });
    const ending = { status: 'failed', says: /status 503 on every try/, times: 1 } as const;
    const { requests } = await losesLists(fault, 300, ending);
    expect(requests.filter(places['a middle page'].isAt)).toHaveLength(1);
  });
});

/** What is said of one section, or of several together. */
const LACKING =
  /The key may not read \w+(?:: it lacks the permission "[\w ]+: Read" \(rak_\w+\)|(?:, \w+)* and \w+: it lacks the read permissions [\w ]+)/;

/** A fault that no other try fixes. */
const final: Readonly<Record<string, readonly [Fault, Ending['status'], RegExp]>> = {
  'status 400': [refusal(400, 'Invalid currency.'), 'failed', /refused the request with status 400 .*Invalid currency/],
  'status 402': [refusal(402, 'Pay first.'), 'failed', /refused the request with status 402 .*Pay first/],
  'status 404': [refusal(404, 'Unrecognized request URL.'), 'failed', /refused the request with status 404/],
  'status 404 with HTML': [{ status: 404, body: html }, 'failed', /status 404 and something that is not JSON/],
  'a redirect': [{ status: 302, headers: { Location: 'https://example.com/' }, body: {} }, 'failed', /redirect .*302/],
  'status 200 with an error': [
    { status: 200, body: { error: { type: 'api_error', message: 'An unknown error.' } } },
    'failed',
    /answer could not be used.*An unknown error/,
  ],
  'status 200 with resource_missing': [
    { status: 200, body: { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'None.' } } },
    'failed',
    /answer could not be used.*None/,
  ],
  'a permission that the key lacks': [
    refusal(403, `The provided key 'rk_live_***m5P' does not have the required permissions for this endpoint.`),
    'refused',
    LACKING,
  ],
  'status 403 with HTML': [{ status: 403, body: html }, 'failed', /status 403 and something that is not JSON/],
  'a permission that the key lacks, in the newer form': [
    refusal(
      403,
      `Permission denied. The provided key 'rk_live_...m5P' does not have the required permissions for this endpoint on account '${ownAccount}'. Enabling "Prices Read" ('plan_read') permissions on this key would allow this request to continue. You can edit permissions at ${keyPage()}`,
      { code: 'more_permissions_required' },
    ),
    'refused',
    LACKING,
  ],
  'a permission that Stripe does not name': [
    refusal(403, 'Verify yourself first.', { code: 'more_permissions_required' }),
    'refused',
    /The key may not read \w+: it lacks the permission .*Stripe says: "Verify yourself first\."/,
  ],
  'an address that is not allowed, with 401': [
    refusal(401, 'The API key provided does not allow requests from your IP address.'),
    'refused',
    /IP address/,
  ],
  'an address that is not allowed, with 403': [
    refusal(403, 'The API key provided does not allow requests from your IP address.'),
    'refused',
    /IP address/,
  ],
  'a key that was revoked in mid-run': [
    refusal(401, 'Invalid API Key provided: rk_live_****************m5P'),
    'refused',
    /does not know this API key: it is wrong, was rolled, or was deleted/,
  ],
  'a key that expired in mid-run': [
    refusal(401, 'Expired API Key provided: rk_live_****************m5P', { code: 'api_key_expired' }),
    'refused',
    /has expired/,
  ],
  'an account that is no longer connected': [
    refusal(403, `The provided key 'rk_live_***m5P' does not have access to account 'acct_1'`, {
      code: 'account_invalid',
    }),
    'refused',
    /does not exist, or is not connected/,
  ],
  ...Object.fromEntries(
    [409, 429, 500, 503].map((status) => [
      `status ${status} with stripe-should-retry: false`,
      [
        refusal(status, 'No.', { headers: { 'Stripe-Should-Retry': 'false' } }),
        'failed' as const,
        status === 429 ? /rate limit/ : new RegExp(`status ${status}`),
      ] as const,
    ]),
  ),
};

describe.concurrent('a fault that is final', () => {
  test.each(Object.entries(final))(
    'in a list and in look-ups leaves the rest: %s',
    async (_, [fault, status, says]) => {
      await losesAll(fault, { status, says });
    },
  );

  test.each([
    'status 400',
    'status 200 with an error',
    'a permission that the key lacks',
    'a permission that the key lacks, in the newer form',
    'a key that was revoked in mid-run',
  ])('on a middle page leaves nothing of its list: %s', async (name) => {
    const [fault, status, says] = final[name] as readonly [Fault, Ending['status'], RegExp];
    const { requests } = await losesLists(fault, 300, { status, says });
    expect(requests.filter(places['a middle page'].isAt)).toHaveLength(1);
  });

  test.each([
    ['{}', {}],
    ['a number', 5],
    ['true', true],
    ['text', 'invalid_request'],
    ['a list', []],
    ['without a message', { type: 'api_error' }],
    ['with a message of null', { type: 'api_error', message: null }],
    ['with a message that is a number', { message: 5, code: 7, type: [] }],
    ['with a message that is an object', { message: { text: 'No.' }, code: {}, param: [] }],
  ])('is one of its section, whatever its error looks like: %s', async (_, error) => {
    const fault = (place: Place): Fault => ({ status: place === 'the first page' ? 403 : 400, body: { error } });
    await losesAll(fault, { status: expect.toBeOneOf(['failed', 'refused']), says: /./ });
  });

  test.each([400, 404])('of settings that the account does not have leaves the others checked: %i', async (status) => {
    const file = `${shopFile}tax_settings: { defaults: { tax_behavior: exclusive } }\n`;
    const onRequest = ({ path }: StripeRequest) =>
      path === '/v1/tax/settings' ? refusal(status, 'Tax is not set up.') : undefined;
    const { report } = await checked({ file, stripe: { onRequest } });
    expect(report.status).toBe('incomplete');
    expect(report.sections.prices?.status).toBe('read');
    expect(report.sections.tax_settings).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining(`status ${status}`),
      remedy: expect.stringContaining('never used Stripe Tax'),
    });
  });

  test.each([400, 404])('with an empty list in its body is no empty list: %i', async (status) => {
    const body = { error: null, object: 'list', data: [], has_more: false };
    await losesAll({ status, body }, { status: 'failed', says: new RegExp(`status ${status}`) });
  });
});

// --- Answers that make no sense

// biome-ignore lint/suspicious/noExplicitAny: bends an answer in ways that no type describes.
const bent = (change: (body: any) => unknown): Fault => ({ kind: 'transform', change });

describe.concurrent('a page that makes no sense', () => {
  test.each([
    ['an empty object', () => ({})],
    ['a list', ({ data }) => data],
    ['its data is null', (body) => ({ ...body, data: null })],
    ['its data is an object', (body) => ({ ...body, data: { ...body.data } })],
    ['an object is null', (body) => ({ ...body, data: [...body.data, null] })],
    ['an object is a list', (body) => ({ ...body, data: [...body.data, []] })],
    ['an object has no id', (body) => ({ ...body, data: [...body.data, { object: 'product' }] })],
    ['an id is a number', (body) => ({ ...body, data: [...body.data, { id: 5 }] })],
    ['has_more is null', (body) => ({ ...body, data: [], has_more: null })],
    ['has_more is text', (body) => ({ ...body, data: [], has_more: 'true' })],
    ['has_more is 1', (body) => ({ ...body, data: [], has_more: 1 })],
    ['has_more is not there', ({ has_more: _, ...body }) => ({ ...body, data: [] })],
    ['it is empty and says that there is more', (body) => ({ ...body, data: [], has_more: true })],
    // biome-ignore lint/suspicious/noExplicitAny: as above.
  ] satisfies [string, (body: any) => unknown][])('is not read: %s', async (_, change) => {
    const run = await checked({
      file: lookedUpFile,
      stripe: striking(bent(change), ['the first page', 'a look-up of keys'], Number.POSITIVE_INFINITY),
    });
    expect(run.report.sections).toMatchObject({
      webhooks: { status: 'failed', live: null, reason: expect.stringMatching(/could not be used|do not move on/) },
      prices: { status: 'failed', live: 1, reason: expect.stringMatching(/could not be used|do not move on/) },
      products: { status: 'read' },
    });
    const lost = ['changed webhooks.hook.enabled_events', 'missing prices.gone'];
    expect(found(run)).toEqual(lookedUp.filter((line) => !lost.includes(line)));
    expect(run.outputs).toMatchObject({ status: 'incomplete', missing: '1' });
  });

  test.each([
    ['the cursor does not move', (request: StripeRequest) => request.query.has('starting_after')],
    ['nothing ever ends', () => true],
  ])('is not read: %s', async (_, isMeant) => {
    const run = await checked({
      file: listedFile,
      stripe: {
        state: catalogue(),
        onRequest: (request) =>
          request.path === '/v1/products' && isMeant(request)
            ? bent((body) => ({
                ...body,
                data: body.data.slice(0, 100).fill(product({ id: 'prod_99' })),
                has_more: true,
              }))
            : undefined,
      },
    });
    expect(run.report.sections.products).toMatchObject({ status: 'failed', live: null });
    expect(run.report.sections.products?.reason).toContain('do not move on');
    expect(run.outputs).toMatchObject({ status: 'incomplete', changed: '2', missing: '0' });
    expect(run.requests.length).toBeLessThan(10);
  });

  test.each([
    ['no id', () => ({ object: 'product' })],
    ['an id of null', (body) => ({ ...body, id: null })],
    ['another object', () => product({ id: 'prod_other', name: 'Other' })],
    ['a list', () => []],
    ['deleted, in words', () => ({ id: 'prod_gone', object: 'product', deleted: 'false' })],
    // biome-ignore lint/suspicious/noExplicitAny: as above.
  ] satisfies [string, (body: any) => unknown][])('in place of one object proves nothing: %s', async (_, change) => {
    const fault = { status: 200, body: change({}) as object };
    const run = await checked({
      file: lookedUpFile,
      stripe: striking(fault, ['a look-up of one'], Number.POSITIVE_INFINITY),
    });
    expect(found(run)).not.toContain('missing products.gone');
    expect(run.outputs.status).toBeOneOf(['incomplete', 'drift']);
  });

  test('in place of one object is proof where it says that it was deleted', async () => {
    const body = { id: 'prod_gone', object: 'product', deleted: true };
    await endsWell({ status: 200, body }, Number.POSITIVE_INFINITY, ['a look-up of one']);
  });
});

describe.concurrent('a page that is only odd', () => {
  test.each([
    ['objects that came before', (body) => ({ ...body, data: [...body.data, ...body.data] })],
    [
      'fields that are new',
      (body) => ({ ...body, total: 1, data: body.data.map((one: object) => ({ ...one, new: {} })) }),
    ],
    ['a content type of its own', (body) => body],
    // biome-ignore lint/suspicious/noExplicitAny: as above.
  ] satisfies [string, (body: any) => any][])('is read: %s', async (_, change) => {
    const headers = { 'Content-Type': 'text/html; charset=latin1' };
    const fault: Fault = {
      kind: 'transform',
      headers,
      change: (body) => (Array.isArray(body.data) ? change(body) : body),
    };
    await endsWell(fault, Number.POSITIVE_INFINITY);
  });
});

describe.concurrent('values that Stripe never sends', () => {
  const file = `version: 1
webhooks:
  hook: { id: we_1, url: https://shop.example.com/1, enabled_events: [invoice.paid], metadata: { team: a } }
products:
  it: { id: prod_1, name: Name, description: Text, images: [https://shop.example.com/a.png], marketing_features: [{ name: Fast }], metadata: { plan: pro }, default_price: price_1, tax_code: txcd_10000000, shippable: true, package_dimensions: { height: 1, length: 1, weight: 1, width: 1 } }
prices:
  it: { id: price_1, product: prod_1, currency: usd, unit_amount: 2000, recurring: { interval: month }, nickname: Text, metadata: { plan: pro }, tax_behavior: exclusive, currency_options: { eur: { unit_amount: 1 } }, transform_quantity: { divide_by: 2, round: up } }
  tiered: { id: price_2, currency: usd, recurring: { interval: month }, billing_scheme: tiered, tiers_mode: volume, tiers: [{ up_to: inf, unit_amount: 5 }] }
`;
  const declared = () => ({
    webhook_endpoints: [webhookEndpoint({ id: 'we_1' })],
    products: [product({ id: 'prod_1' })],
    prices: ['price_1', 'price_2'].map((id) => price({ id })),
  });
  const others = () => ({
    webhook_endpoints: [webhookEndpoint({ id: 'we_2' })],
    products: [product({ id: 'prod_2' })],
    prices: [price({ id: 'price_3' })],
  });
  /** Bends each object of an answer. */
  const each = (change: (live: Record<string, unknown>) => object) =>
    bent((body) => (Array.isArray(body.data) ? { ...body, data: body.data.map(change) } : change(body)));
  const all = (value: unknown) =>
    each((live) => ({
      ...Object.fromEntries([...Object.keys(live), 'tiers', 'currency_options'].map((name) => [name, value])),
      id: live.id,
      active: live.active,
      status: live.status,
    }));

  describe.each([
    ['null', null],
    ['a number', 7],
    ['text', 'text'],
    ['true', true],
    ['a list of lists', [[[1]], [null]]],
    ['an object of objects', { a: { b: { c: null } }, eur: { unit_amount: {} }, id: 5 }],
  ])('%s everywhere', (_, value) => {
    test('makes differences, or what is not read, of what is declared', async () => {
      const run = await checked({ file, stripe: { state: declared(), onRequest: () => all(value) } });
      expect(run.outputs.status).toBeOneOf(['drift', 'incomplete']);
      expect(run.outputs.missing).toBe('0');
      expect(run.exitCode).toBe(1);
    });

    test('leaves what is not declared to be told', async () => {
      const run = await checked({
        file: 'version: 1\nwebhooks: {}\nproducts: {}\nprices: {}\n',
        stripe: { state: others(), onRequest: () => all(value) },
      });
      expect(run.outputs).toMatchObject({ status: 'drift', unmanaged: '3' });
      expect(run.exitCode).toBe(0);
    });
  });

  test('end nothing where they are as deep as an answer can be', async () => {
    const depth = 200_000;
    const object = `{"id":"prod_1","object":"product","active":true,"name":"Name","metadata":{"plan":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
    const body = `{"object":"list","data":[${object}],"has_more":false}`;
    const headers = { 'Content-Type': 'application/json' };
    const run = await checked({
      file,
      stripe: {
        state: declared(),
        onRequest: ({ path }) => (path === '/v1/products' ? { status: 200, headers, body } : undefined),
      },
    });
    expect(run.report.sections).toMatchObject({ webhooks: { status: 'read' }, prices: { status: 'read' } });
    expect(run.outputs.status).toBeOneOf(['drift', 'incomplete']);
  });

  test('are shown as they are where they are words that are new', async () => {
    const words = { status: 'paused', type: 'kit', billing_scheme: 'auction', tax_behavior: 'split' };
    const bend = each((live) => ({ ...live, ...words, recurring: { interval: 'decade' } }));
    const run = await checked({ file, stripe: { state: declared(), onRequest: () => bend } });
    expect(run.outputs).toMatchObject({ status: 'drift', missing: '0' });
    const messages = run.report.findings.map(({ message }) => message).join('\n');
    for (const word of ['paused', 'auction', 'split', 'decade']) expect(messages).toContain(word);
  });

  test('are not taken for null where they are not there at all', async () => {
    const bend = each(({ id, active, status }) => ({ id, active, status }));
    const run = await checked({ file, stripe: { state: declared(), onRequest: () => bend } });
    expect(run.outputs).toMatchObject({ status: 'incomplete', missing: '0' });
    expect(run.report.notes.join('\n')).toContain('was not compared');
  });
});

// --- Objects that move while they are read

describe.concurrent('an object that changes while lists are read', () => {
  /** Products in pages of a hundred, and what happens to them as a request arrives. */
  async function moving(
    entries: string,
    move: (request: StripeRequest, state: ReturnType<typeof catalogue>) => void,
  ): Promise<Checked> {
    const state = catalogue();
    return await checked({
      file: `version: 1\npolicy: { unmanaged: notice }\n${entries}`,
      stripe: {
        state,
        onRequest(request) {
          move(request, state);
          return undefined;
        },
      },
    });
  }
  const isLater = ({ query }: StripeRequest) => query.has('starting_after');
  const set = (state: ReturnType<typeof catalogue>, id: string, active: boolean) => {
    for (const live of [...state.products, ...state.prices]) if (live.id === id) live.active = active;
  };

  test.each([
    ['by id', 'id: prod_240'],
    ['by name', 'name: Product 240'],
  ])('is archived, not missing, where that happens between two pages: %s', async (_, identity) => {
    const run = await moving(`products:\n  it: { ${identity} }\n`, (request, state) => {
      if (isLater(request)) set(state, 'prod_240', false);
    });
    expect(found(run).filter((line) => !line.startsWith('unmanaged'))).toEqual(['changed products.it.active']);
  });

  test('is compared where the last object of a page is archived meanwhile', async () => {
    const run = await moving('products:\n  it: { name: Product 100 }\n', (request, state) => {
      if (isLater(request)) set(state, 'prod_99', false);
    });
    expect(run.outputs.status).toBe('in-sync');
  });

  test('is not missing where it comes into force between the list and its look-up: by lookup key', async () => {
    const run = await moving('prices:\n  it: { lookup_key: kept }\n', ({ query }, state) => {
      for (const live of state.prices) live.active = [...query.keys()].some((name) => name.startsWith('lookup_keys'));
    });
    expect(run.outputs).toMatchObject({ status: 'in-sync', missing: '0' });
  });

  test('is not missing where it comes into force between the two lists: by name', async () => {
    let archived = false;
    // In force is asked first, retired then: the product is in neither answer.
    const run = await moving('products:\n  it: { name: Product 5 }\n', ({ path, query }, state) => {
      if (path === '/v1/products' && !isLater({ query } as StripeRequest))
        set(state, 'prod_5', query.get('active') !== 'true' || archived);
      if (query.get('active') === 'false') archived = true;
    });
    expect(run.outputs).toMatchObject({ status: 'in-sync', missing: '0' });
  });

  test('is not missing where a page skips it', async () => {
    const state = { ...catalogue(), products: catalogue().products.slice(0, 5) };
    const run = await checked({
      file: 'version: 1\npolicy: { unmanaged: notice }\nproducts:\n  it: { id: prod_3 }\nprices:\n  it: { lookup_key: kept }\n',
      stripe: {
        state,
        onRequest: (request) =>
          isList(request.path, request) && !request.path.includes('_3')
            ? bent((body) => ({
                ...body,
                data: body.data.filter(
                  (live: { id: string; object: string }) => live.id !== 'prod_3' && live.object !== 'price',
                ),
              }))
            : undefined,
      },
    });
    expect(run.outputs).toMatchObject({ status: 'in-sync', missing: '0', checked: '2' });
  });

  test('is created or deleted between two pages without a trace in what is declared', async () => {
    const run = await moving('products:\n  it: { name: Product 249 }\n  other: { id: prod_1 }\n', (request, state) => {
      if (!isLater(request)) return;
      state.products.unshift(product({ created: 1_770_000_000 }));
      state.products = state.products.filter(({ id }) => id !== 'prod_150');
    });
    expect(run.outputs).toMatchObject({ status: 'in-sync', checked: '2' });
  });

  test('is not read where the last object of its page is deleted again and again', async () => {
    const fault = {
      status: 400,
      body: {
        error: {
          type: 'invalid_request_error',
          code: 'resource_missing',
          param: 'starting_after',
          message: "No such product: 'prod_99'",
        },
      },
    };
    const { requests } = await losesLookUpsOrLists(fault);
    expect(requests.filter(places['a middle page'].isAt).length).toBeLessThan(10);
  });
  async function losesLookUpsOrLists(fault: Fault) {
    const run = await checked({
      file: listedFile,
      stripe: striking(fault, ['a middle page'], Number.POSITIVE_INFINITY),
    });
    expect(run.report.sections.products).toMatchObject({ status: 'failed', live: null });
    expect(run.outputs).toMatchObject({ status: 'incomplete', missing: '0', changed: '2' });
    return run;
  }

  test('is compared under a product that is archived', async () => {
    const run = await checked({
      file: 'version: 1\nproducts:\n  it: { id: prod_1 }\nprices:\n  it: { id: price_1, product: it }\n',
      stripe: {
        state: {
          products: [product({ id: 'prod_1', active: false })],
          prices: [price({ id: 'price_1', product: 'prod_1' })],
        },
      },
    });
    expect(found(run).filter((line) => line.startsWith('changed') || line.startsWith('missing'))).toEqual([
      'changed products.it.active',
    ]);
    expect(run.report.sections.prices?.status).toBe('read');
  });
});

describe.concurrent('what a rule of health looks at', () => {
  const monthly = 'currency: usd, unit_amount: 2000, recurring: { interval: month }';
  const unrelated = '  gone: { name: Gone }\n';
  const gone = '  gone: { lookup_key: gone }\n';

  test.each([
    ['where everything else is found', '', ''],
    ['where archived products are read for another entry', unrelated, ''],
    ['where archived prices are looked up for another entry', '', gone],
  ])('is read, so that the finding is there %s', async (_, products, prices) => {
    const run = await checked({
      file: `version: 1\nproducts:\n  pro: { id: prod_1 }\n${products}prices:\n  it: { id: price_1, ${monthly} }\n  used: { id: price_2, currency: usd, unit_amount: 1, recurring: { interval: month, usage_type: metered, meter: mtr_1 } }\n${prices}meters: {}\n`,
      stripe: {
        state: {
          products: [product({ id: 'prod_1', default_price: 'price_old' }), product({ id: 'prod_old', active: false })],
          prices: [
            price({ id: 'price_1', product: 'prod_old', unit_amount: 2000 }),
            price({
              id: 'price_2',
              product: 'prod_1',
              unit_amount: 1,
              recurring: { interval: 'month', usage_type: 'metered', meter: 'mtr_1' },
            }),
            price({ id: 'price_old', product: 'prod_1', active: false }),
          ],
          'billing/meters': [meter({ id: 'mtr_1', status: 'inactive' })],
        },
      },
    });
    expect(
      found(run)
        .filter((line) => line.startsWith('unhealthy'))
        .sort(),
    ).toEqual([
      'unhealthy prices.it.product',
      'unhealthy prices.used.recurring',
      'unhealthy products.pro.default_price',
    ]);
    expect(run.report.status).toBe(products + prices === '' ? 'in-sync' : 'drift');
  });

  test('is not asked for again where everything is active', async () => {
    const run = await checked({
      file: `version: 1\nproducts:\n  pro: { id: prod_1, default_price: it }\nprices:\n  it: { id: price_1, ${monthly} }\n`,
      stripe: {
        state: {
          products: [product({ id: 'prod_1', default_price: 'price_1' })],
          prices: [price({ id: 'price_1', product: 'prod_1', unit_amount: 2000 })],
        },
      },
    });
    expect(run.report.status).toBe('in-sync');
    expect(run.requests.map(({ path }) => path).sort()).toEqual(['/v1/prices', '/v1/products']);
  });

  test('a currency that was added to tiers is read with its tiers, so that the file can state it', async () => {
    const tiers = [{ up_to: null, unit_amount: 5 }];
    const run = await checked({
      file: 'version: 1\nprices:\n  it: { id: price_1, currency: usd, tiers_mode: graduated, tiers: [{ up_to: inf, unit_amount: 5 }], recurring: { interval: month } }\n',
      stripe: { state: { prices: [price({ id: 'price_1', tiers, currency_options: { eur: { tiers } } })] } },
    });
    expect(found(run)).toEqual(['changed prices.it.currency_options']);
    expect(JSON.stringify(run.report)).toContain(
      'currency_options: { eur: { tiers: [{ up_to: inf, unit_amount: 5 }] } }',
    );
  });
});

describe.concurrent('what a fix depends on', () => {
  const monthly = 'currency: usd, unit_amount: 2000, recurring: { interval: month }';
  const live = {
    products: [product({ id: 'prod_1' }), product({ id: 'prod_old', name: 'Old', active: false })],
    prices: [
      price({ id: 'price_1', product: 'prod_1' }),
      price({ id: 'price_old', product: 'prod_1', active: false, lookup_key: 'k' }),
    ],
    coupons: [coupon({ id: 'LAUNCH', name: 'Launched' })],
  };

  /** What is told to be done in Stripe, and the requests for it beside the lists of what is active. */
  async function told(file: string) {
    const { report, requests } = await checked({ file: `version: 1\n${file}\n`, stripe: { state: live } });
    const fix = report.findings.find(({ problem }) => /missing|changed/.test(problem))?.fix;
    const words = (fix?.restore?.words ?? '').replace('If the file is right, in Stripe: ', '');
    const more = requests
      .map(({ path, query }) => [
        path,
        ...[...query].map(([name, value]) => `${name.replace(/\[\d+\]$/, '[]')}=${value}`),
      ])
      .filter(
        (parts) => parts.some((part) => /^(ids|lookup_keys)\[\]=/.test(part)) || /\w\/\w+_|LAUNCH/.test(parts[0] ?? ''),
      )
      .map((parts) => parts.filter((part) => !/^(limit|expand)/.test(part)).join(' '));
    return { words, commands: fix?.restore?.commands, more: more.sort() };
  }

  test('is looked up: who has a key that is to be set', async () => {
    expect(await told('prices: { it: { id: price_1, lookup_key: k } }')).toEqual({
      words:
        'look at price_old first: it has this `lookup_key`, and only one price at a time can have it. Remove it there, or state another `lookup_key`.',
      commands: [],
      more: ['/v1/prices active=false lookup_keys[]=k', '/v1/prices active=true lookup_keys[]=k'],
    });
    const free = await told('prices: { it: { id: price_1, lookup_key: free } }');
    expect(free.commands).toEqual(['stripe prices update price_1 --live -d lookup_key=free']);
  });

  test('is looked up: who has the key of a price that is to be created', async () => {
    const file = `prices: { it: { match: nickname, nickname: N, lookup_key: k, product: prod_1, ${monthly} } }`;
    expect(await told(file)).toMatchObject({
      words: expect.stringContaining('look at price_old: it already has this `lookup_key`'),
      commands: [],
    });
  });

  test('is looked up: who has an id that its owner chose', async () => {
    expect(
      await told('products: { it: { match: metadata.plan, metadata: { plan: a }, id: prod_old, name: New } }'),
    ).toMatchObject({
      words: expect.stringContaining('look at prod_old: it already has this `id`'),
      commands: [],
    });
    expect(await told('coupons: { it: { match: name, name: Launch, id: LAUNCH, percent_off: 5 } }')).toMatchObject({
      words: expect.stringContaining('look at LAUNCH: it already has this `id`'),
      commands: [],
    });
  });

  test('is looked up: what a new object refers to', async () => {
    const created = (id: string) =>
      told(`products: {}\nprices: { it: { lookup_key: new, product: { id: ${id} }, ${monthly} } }`);
    expect(await created('prod_old')).toMatchObject({
      words:
        'create the price. But it refers to prod_old (`product`), which is archived: reactivate that first, or state another.',
      commands: [],
    });
    expect(await created('prod_typo')).toMatchObject({
      words:
        'create the price. But it refers to prod_typo (`product`), which was not found: create that first, or state another.',
      commands: [],
      more: expect.arrayContaining(['/v1/products ids[]=prod_typo']),
    });
    expect((await created('prod_1')).commands).toHaveLength(1);
  });
});

// --- Keys and accounts

describe.concurrent('a key', () => {
  const both = `version: 1\nproducts:\n  gone: { id: prod_gone }\nprices:\n  it: { id: price_monthly }\n`;

  test('that may not look up leaves what the lists hold', async () => {
    const run = await checked({
      file: both,
      stripe: {
        state: { prices: shop().prices },
        onRequest: ({ query }) =>
          [...query.keys()].some((name) => name.startsWith('ids'))
            ? refusal(
                403,
                `The provided key 'rk_live_***m5P' does not have the required permissions on account '${ownAccount}'.`,
              )
            : undefined,
      },
    });
    expect(run.outputs).toMatchObject({ status: 'incomplete', missing: '0', checked: '1', drift: '' });
    expect(run.report.sections).toMatchObject({ products: { status: 'refused', live: 0 }, prices: { status: 'read' } });
    expect(failure(run)).toContain('apikeys/create');
  });

  test('that is rolled in mid-run loses what comes after', async () => {
    const keys: Record<string, Key> = { [key]: { mode: 'live' } };
    const run = await checked({
      file: `${both}webhooks: {}\n`,
      stripe: {
        keys,
        state: { prices: shop().prices },
        onRequest({ query }) {
          if ([...query.keys()].some((name) => name.startsWith('ids'))) keys[key] = { mode: 'live', state: 'revoked' };
          return undefined;
        },
      },
    });
    expect(run.outputs).toMatchObject({ status: 'incomplete', missing: '0', drift: '' });
    expect(run.report.sections.products).toMatchObject({ status: 'refused', live: 0 });
    expect(failure(run)).toContain('does not know this API key');
  });

  test.each([
    ['on a page', (request: StripeRequest) => isList('/v1/products', request)],
    ['in a look-up', (request: StripeRequest) => request.path === '/v1/prices/price_monthly'],
  ])('that is sent an object of the other mode compares nothing: %s', async (_, isMeant) => {
    const state = shop();
    const run = await checked({
      file: both,
      stripe: {
        state: { products: state.products, prices: state.prices.map((one) => ({ ...one, active: false })) },
        onRequest: (request) =>
          isMeant(request)
            ? bent((body) => {
                const flip = (one: object) => ({ ...one, livemode: false });
                return Array.isArray(body.data) ? { ...body, data: body.data.map(flip) } : flip(body);
              })
            : undefined,
      },
    });
    expect(run.outputs).toMatchObject({ status: 'error', checked: '', missing: '' });
    expect(run.report.findings).toEqual([]);
    expect(failure(run)).toMatch(/object of test mode for a key of live mode.*do not belong together/);
    expect(run.exitCode).toBe(1);
  });

  test.each([
    ['nothing', {}],
    ['an id of null', { id: null, object: 'account' }],
    ['a list', []],
  ])('for a connected account is not verified by an answer that says %s', async (_, body) => {
    const run = await checked({
      file: `account: acct_1Branch\n${shopFile}`,
      inputs: { 'stripe-account': 'acct_1Branch' },
      stripe: {
        connected: { acct_1Branch: shop() },
        onRequest: ({ path }) => (path === '/v1/account' ? { status: 200, body } : undefined),
      },
    });
    expect(run.outputs).toMatchObject({ status: 'error', checked: '' });
    expect(failure(run)).toContain('acct_1Branch');
  });

  test.each([
    [
      'of an organization',
      { inputs: { 'stripe-api-key': madeUpKey('rk_org') } },
      /organization: it is for several accounts/,
    ],
    [
      'for an account that is not connected',
      { inputs: { 'stripe-account': 'acct_1Nowhere' } },
      /acct_1Nowhere.*not connected/,
    ],
    ...refusalForms.map((refusals): [string, Step, RegExp] => [
      `without any permission (${refusals})`,
      { key: { permissions: [] }, stripe: { refusals } },
      /rak_webhook_read.*rak_product_read.*rak_plan_read/,
    ]),
  ] satisfies [string, Step, RegExp][])('%s compares nothing', async (_, given, says) => {
    const { inputs = {}, key: what, stripe }: Step = given;
    const secret = inputs['stripe-api-key'] ?? key;
    const server = await startStripe({ keys: { [key]: { mode: 'live', ...what } }, state: shop(), ...stripe });
    const run = await runAction({
      files: { 'stripe-config.yaml': shopFile },
      inputs: { 'stripe-api-key': key, 'stripe-api-base': server.url, ...inputs },
      debug: true,
    });
    await server.close();
    holds(run, asReport(run.report), secret);
    expect(run.outputs).toMatchObject({ status: 'error', errors: '', drift: '' });
    expect(failure(run)).toMatch(says);
  });

  test.each([
    [
      'messages',
      refusal(400, `upstream: Authorization: Bearer ${key} was refused`),
      refusal(403, `'${key}' may not`, { code: 'more_permissions_required' }),
      refusal(400, 'No.', { code: key }),
    ],
    [
      'the id of a request',
      refusal(500, 'No.', { headers: { 'Request-Id': key, 'Retry-After': '9999' } }),
      refusal(400, 'No.', { headers: { 'Request-Id': key } }),
      undefined,
    ],
    ['the reason of a limit', rateLimited(key as RateLimitReason, { 'Retry-After': '9999' }), undefined, undefined],
    [
      'headers and pages of a gateway',
      { kind: 'transform', change: (body) => body, headers: { 'Stripe-Notice': key } },
      { status: 502, headers: { 'Content-Type': key, 'Retry-After': '9999' }, body: key },
      { status: 302, headers: { Location: `https://example.com/?${key}` }, body: { key } },
    ],
  ] satisfies [string, ...(Fault | undefined)[]][])(
    'is not repeated from %s',
    async (_, ...faults: (Fault | undefined)[]) => {
      const sections: string[] = Object.values(paths);
      // `checked` looks for it in all that is written.
      const run = await checked({
        stripe: { state: shop(), onRequest: ({ path }) => faults[sections.indexOf(path)] },
      });
      expect(run.outputs.status).toBeOneOf(['incomplete', 'error']);
    },
  );
});

// --- The network

describe.concurrent('a Stripe that cannot be reached', () => {
  /** Sees a run fail at its deadline, and say why. */
  async function unreachable(base: string, says: RegExp): Promise<void> {
    await underDeadline(2, async (seconds) => {
      const run = await runAction({
        files: { 'stripe-config.yaml': shopFile },
        inputs: { 'stripe-api-key': key, 'stripe-api-base': base, 'timeout-seconds': String(seconds) },
        debug: true,
      });
      const report = asReport(run.report);
      holds(run, report, key);
      expect(run.outputs).toMatchObject({ status: 'error', drift: '', missing: '', checked: '' });
      expect(run.exitCode).toBe(1);
      expect(report.findings).toEqual([]);
      expect(report.error?.remedy).not.toBe('');
      expect(failure(run)).toMatch(says);
    });
  }

  /** A server that does this with every connection. */
  async function listening<T>(server: Server | TlsServer, use: (port: number) => Promise<T>): Promise<T> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
      return await use(address.port);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  }

  test('refuses connections', async () => {
    const port = await listening(createTcp(), async (free) => free);
    await unreachable(`http://127.0.0.1:${port}`, /refused \(ECONNREFUSED\)/);
  });

  test('has no address', async () => {
    await unreachable('https://stripe.invalid', /name could not be resolved \((ENOTFOUND|EAI_AGAIN)\)/);
  });

  const openssl = spawnSync('openssl', ['version']).status === 0;
  test.skipIf(!openssl)('has a certificate that nobody vouches for (needs openssl)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stripe-config-check-tls-'));
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const into = ['-keyout', keyFile, '-out', certFile];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...into], {
      stdio: 'ignore',
    });
    const credentials = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
    rmSync(folder, { recursive: true });
    let asked = 0;
    const server = createTls(credentials, (_, response) => {
      asked += 1;
      response.end('{}');
    });
    server.on('tlsClientError', () => {});
    await listening(server, async (port) => {
      const says = /TLS certificate or handshake failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/;
      await unreachable(`https://127.0.0.1:${port}`, says);
    });
    expect(asked).toBe(0);
  });

  test.each([
    ['speaks no TLS', 'https', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /TLS|EPROTO|SSL/],
    ['never ends its handshake', 'https', () => {}, /deadline of \d+ seconds/],
    [
      'speaks no HTTP',
      'http',
      (socket: Socket) => socket.end('220 mail.example.com ESMTP\r\n'),
      /could not be reached: .+/,
    ],
    ['hangs up', 'http', (socket: Socket) => socket.destroy(), /could not be reached: .*(cut|ECONNRESET)/],
  ] as const)('%s', async (_, protocol, answer, says) => {
    const server = createTcp((socket) => {
      answer(socket);
    });
    await listening(server, async (port) => {
      await unreachable(`${protocol}://127.0.0.1:${port}`, says);
    });
  });
});

// --- Retries

describe.concurrent('another try', () => {
  test.each(['Request rate limit exceeded.', 'Invalid API Key provided: rk_live_****m5P'])(
    'is made for a status, or a header, whatever the message says: %s',
    async (message) => {
      const body = { error: { type: 'api_error', code: 'rate_limit', message } };
      const cases: (readonly [number, Record<string, string>, number])[] = [
        [429, {}, 2],
        [400, {}, 1],
        [400, { 'Stripe-Should-Retry': 'true' }, 2],
        [409, {}, 2],
        [401, {}, 1],
        [429, { 'Stripe-Should-Retry': 'false' }, 1],
        [500, {}, 2],
        [404, {}, 1],
        [403, {}, 1],
      ];
      const sections: string[] = Object.values(paths);
      for (let first = 0; first < cases.length; first += sections.length) {
        const seen = new Set<string>();
        const run = await checked({
          file: 'version: 1\nwebhooks: {}\nproducts: {}\nprices: {}\n',
          stripe: {
            state: {},
            onRequest({ path }) {
              if (seen.has(path)) return undefined;
              seen.add(path);
              const [status, headers] = cases[first + sections.indexOf(path)] ?? [500, {}];
              return { status, headers, body };
            },
          },
        });
        const tries = sections.map((path) => run.requests.filter((request) => request.path === path).length);
        expect(tries).toEqual(cases.slice(first, first + sections.length).map(([, , times]) => times));
      }
    },
  );

  test('is made some times, and then no more', async () => {
    const run = await checked({
      file: 'version: 1\nwebhooks: {}\n',
      stripe: { state: {}, onRequest: () => refusal(503, 'Sorry.', { headers: { 'Stripe-Should-Retry': 'true' } }) },
    });
    expect(run.requests.length).toBeGreaterThanOrEqual(4);
    expect(run.requests.length).toBeLessThanOrEqual(10);
    expect(failure(run)).toContain('status 503 on every try');
  });
});

describe.concurrent('what hangs', () => {
  // The deadline is far: who waits for it runs into the time after which a run is taken to hang.
  const patient = { inputs: { 'timeout-seconds': '3600' } };

  test('in one look-up keeps no run from its end that another look-up has decided', async () => {
    const run = await checked({
      ...patient,
      file: 'version: 1\nwebhooks: {}\nprices:\n  one: { id: price_1 }\n  two: { id: price_2 }\n',
      stripe: {
        state: {},
        onRequest({ path }) {
          if (path === '/v1/prices/price_1') return refusal(400, 'No.');
          return path === '/v1/prices/price_2' ? { kind: 'hang' } : undefined;
        },
      },
    });
    expect(run.outputs).toMatchObject({ status: 'incomplete', missing: '0' });
  });

  test('in the list of one section takes no time from the look-ups of another', async () => {
    await underDeadline(4, async (seconds) => {
      const run = await checked({
        inputs: { 'timeout-seconds': String(seconds) },
        file: 'version: 1\nproducts:\n  gone: { id: prod_gone }\nprices: {}\n',
        stripe: { state: {}, onRequest: ({ path }) => (path === '/v1/prices' ? { kind: 'hang' } : undefined) },
      });
      expect(run.outputs).toMatchObject({ status: 'incomplete', missing: '1' });
      expect(run.report.sections).toMatchObject({ products: { status: 'read' }, prices: { status: 'failed' } });
      expect(run.report.sections.prices?.reason).toBe(
        `Not all prices were read: the deadline of ${seconds} seconds has passed.`,
      );
    });
  });

  test('in one section keeps no run from its end that another section has decided', async () => {
    const run = await checked({
      ...patient,
      stripe: {
        state: shop(),
        onRequest({ path }) {
          if (path === '/v1/prices') return { kind: 'hang' };
          if (path !== '/v1/products') return undefined;
          return bent((body) => ({ ...body, data: [{ ...body.data[0], livemode: false }] }));
        },
      },
    });
    expect(run.outputs.status).toBe('error');
  });
});

// --- Interrupted

describe.concurrent('interrupted', () => {
  const signals = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const;

  /** Sends the signal once `ready`, and then sees the run end long before its deadline. */
  async function interrupted(signal: NodeJS.Signals, stripe: StripeOptions, ready: () => boolean): Promise<Checked> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await checked({
        stripe,
        // Far: who waits for it runs into the time after which a run is taken to hang.
        inputs: { 'timeout-seconds': '3600' },
        onStart(child) {
          timer = setInterval(() => {
            if (!ready()) return;
            clearInterval(timer);
            child.kill(signal);
          }, 100);
        },
      });
    } finally {
      clearInterval(timer);
    }
  }

  test.each(signals)('by %s while it reads, tells what it has read and exits %i', async (signal, exitCode) => {
    const seen: StripeRequest[] = [];
    const state = { ...shop(), webhook_endpoints: [] };
    const run = await interrupted(
      signal,
      {
        state,
        onRequest(request) {
          seen.push(request);
          return request.path === '/v1/products' ? { kind: 'hang' } : undefined;
        },
      },
      () => seen.length === 3 && seen.filter(({ status }) => status === 200).length === 2,
    );
    expect(run.exitCode).toBe(exitCode);
    expect(run.outputs).toMatchObject({ status: 'incomplete', missing: '1', checked: '2' });
    expect(found(run)).toEqual(['missing webhooks.billing']);
    expect(run.report.sections).toMatchObject({
      products: { status: 'failed', live: null },
      prices: { status: 'read' },
    });
    expect(run.report.notes.join()).toContain('interrupted');
    expect(run.summary).toContain('interrupted');
    expect(failure(run)).toContain('interrupted');
  });

  test.each(signals)('by %s before anything is read, says so and exits %i', async (signal, exitCode) => {
    const server = await startStripe({ keys: { [key]: { mode: 'live' } }, onRequest: () => ({ kind: 'hang' }) });
    const run = await runAction({
      files: { 'stripe-config.yaml': shopFile },
      inputs: { 'stripe-api-key': key, 'stripe-api-base': server.url, 'timeout-seconds': '3600' },
      debug: true,
      // The key is masked first thing, when signals are heard already.
      onStart: (child) => child.stdout?.once('data', () => child.kill(signal)),
    });
    await server.close();
    const report = asReport(run.report);
    holds(run, report, key);
    expect(run.exitCode).toBe(exitCode);
    expect(run.outputs).toMatchObject({ status: 'incomplete', drift: '', missing: '', checked: '' });
    expect(report.findings).toEqual([]);
    expect(failure(run)).toContain('interrupted');
  });

  test.each(signals)('by %s while it waits for the next try, says so and exits %i', async (signal, exitCode) => {
    const seen: StripeRequest[] = [];
    const run = await interrupted(
      signal,
      {
        onRequest(request) {
          seen.push(request);
          return rateLimited('global-rate', { 'Retry-After': '60' });
        },
      },
      () => seen.length === 3 && seen.every(({ status }) => status === 429),
    );
    expect(run.exitCode).toBe(exitCode);
    expect(run.outputs.status).toBe('incomplete');
    expect(run.report.findings).toEqual([]);
    expect(run.requests).toHaveLength(3);
    expect(failure(run)).toContain('interrupted');
  });
});

// --- The wrong account

describe.concurrent('where many declared objects are missing', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

  /** Half the entries are products, half prices; the first `gone` of them do not exist. */
  async function lacking(gone: number, of: number, more: Partial<Step> = {}): Promise<Checked> {
    const entry = (n: number) => `  it_${n}: { id: ${n % 2 === 0 ? 'prod' : 'price'}_${n} }\n`;
    const all = numbers(of);
    return await checked({
      file: `version: 1\nproducts:\n${all
        .filter((n) => n % 2 === 0)
        .map(entry)
        .join('')}prices:\n${all
        .filter((n) => n % 2 === 1)
        .map(entry)
        .join('')}${more.file ?? ''}`,
      stripe: {
        state: {
          products: all.filter((n) => n % 2 === 0 && n >= gone).map((n) => product({ id: `prod_${n}` })),
          prices: all.filter((n) => n % 2 === 1 && n >= gone).map((n) => price({ id: `price_${n}` })),
        },
        ...more.stripe,
      },
      ...(more.inputs && { inputs: more.inputs }),
      ...(more.key && { key: more.key }),
    });
  }
  const headline = 'Wrong account or mode?';
  const headlines = ({ annotations }: Checked) =>
    annotations.filter(({ file, message }) => file !== undefined && message.includes(headline));

  test.each([
    [4, 10],
    [10, 10],
    [7, 20],
  ])('%i of %i, that is the headline, and the list is folded', async (gone, of) => {
    const run = await lacking(gone, of);
    const words = `${headline} ${gone} of ${of} declared objects are missing in live mode`;
    expect(run.outputs).toMatchObject({ status: 'drift', drift: 'true', missing: String(gone), errors: String(gone) });
    expect(run.exitCode).toBe(1);
    expect(run.report.findings).toHaveLength(gone);
    expect(run.summary.split('\n')[0]).toContain('Wrong account or mode');
    expect(run.stdout).toContain(words);
    expect(headlines(run).map(({ message }) => message)).toEqual([expect.stringContaining(words)]);
    expect(run.annotations.filter(({ file }) => file !== undefined)).toHaveLength(1);
    expect(failure(run)).toContain(words);
    const folded = [...run.summary.matchAll(/<details><summary>(\d+) are missing in Stripe<\/summary>/g)].map(([, n]) =>
      Number(n),
    );
    expect(folded.reduce((sum, n) => sum + n, 0)).toBe(gone);
    const unfolded = run.summary.replace(/<details>[\s\S]*?<\/details>/g, '');
    for (const n of numbers(gone)) {
      expect(run.summary).toContain(`it_${n}`);
      expect(unfolded).not.toMatch(new RegExp(`it_${n}\\b.*\\*missing\\*`));
    }
  });

  test('the account is named where it is known', async () => {
    const run = await lacking(4, 10, { file: `account: ${ownAccount}\n` });
    expect(failure(run)).toContain(`4 of 10 declared objects are missing in live mode of ${ownAccount}`);
  });

  test.each([
    [3, 10],
    [9, 9],
    [6, 20],
  ])('%i of %i are told one by one', async (gone, of) => {
    const run = await lacking(gone, of);
    expect(run.outputs).toMatchObject({ status: 'drift', missing: String(gone) });
    expect(run.stdout + run.summary).not.toContain('Wrong account or mode');
    expect(run.annotations.filter(({ file }) => file !== undefined)).toHaveLength(gone);
    expect(run.summary).not.toContain('are missing in Stripe</summary>');
  });

  test('nothing is asked of it where the file names both, which was verified', async () => {
    const run = await lacking(10, 10, { file: `account: ${ownAccount}\nmode: live\n` });
    expect(run.outputs).toMatchObject({ status: 'drift', missing: '10' });
    expect(run.stdout + run.summary).not.toContain('Wrong account or mode');
  });

  test('that is the headline also where a section could not be read', async () => {
    const run = await lacking(8, 20, {
      file: 'webhooks: {}\n',
      key: { permissions: ['product_read', 'plan_read'] },
    });
    expect(run.outputs).toMatchObject({ status: 'incomplete', missing: '8' });
    expect(run.summary.split('\n')[0]).toContain('Wrong account or mode');
    expect(failure(run)).toContain(headline);
    expect(headlines(run)).toHaveLength(1);
  });

  test('there is one such annotation, also where the policy has several severities', async () => {
    const run = await lacking(8, 20, { file: 'policy: { missing: { products: warning, prices: error } }\n' });
    expect(run.outputs).toMatchObject({ status: 'drift', missing: '8', warnings: '4', errors: '4' });
    expect(headlines(run)).toHaveLength(1);
  });
});

// --- The pace

describe('the pace of an endpoint', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Asks an endpoint without a pause for so many seconds, and gives how often that was in each. */
  async function perSecond(
    pace: Pace,
    endpoint: string,
    seconds: number,
    each = () => {},
    deadline = new Deadline(3600, new AbortController().signal),
  ): Promise<number[]> {
    const counts = Array<number>(seconds).fill(0);
    const start = performance.now();
    let done = false;
    const asking = (async () => {
      while (!done) {
        await pace.run(endpoint, deadline, async () => {
          const second = Math.floor((performance.now() - start) / 1000);
          if (second < seconds) counts[second] = (counts[second] ?? 0) + 1;
          each();
        });
      }
    })();
    await vi.advanceTimersByTimeAsync(seconds * 1000);
    done = true;
    await vi.advanceTimersByTimeAsync(5000);
    await asking;
    deadline.close();
    return counts;
  }

  test('is the ceiling while nothing is refused', async () => {
    for (const count of await perSecond(new Pace(20), 'a', 3)) {
      expect(count).toBeGreaterThanOrEqual(18);
      expect(count).toBeLessThanOrEqual(20);
    }
  });

  test('is even: each request comes an interval after the one before, whatever the endpoint and however late its turn', async () => {
    const pace = new Pace(10);
    const deadline = new Deadline(3600, new AbortController().signal);
    const times: number[] = [];
    const answered = new Promise((done) => setTimeout(done, 5000));
    // More than may be under way at once, of which all that are wait for one moment.
    const asked = Array.from({ length: 40 }, (_, n) =>
      pace.run(n % 2 === 0 ? 'a' : 'b', deadline, async () => {
        times.push(performance.now());
        await answered;
      }),
    );
    await vi.advanceTimersByTimeAsync(30_000);
    await Promise.all(asked);
    deadline.close();
    const gaps = times.slice(1).map((at, index) => at - (times[index] as number));
    expect(gaps).toHaveLength(39);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
    expect(gaps.filter((gap) => gap > 110)).toHaveLength(1);
  });

  test('falls on 429, of that endpoint alone', async () => {
    const pace = new Pace(20);
    pace.slow('a');
    const [slowed = 0] = await perSecond(pace, 'a', 1);
    expect(slowed).toBeLessThanOrEqual(12);
    expect((await perSecond(pace, 'b', 1))[0]).toBeGreaterThanOrEqual(18);
  });

  test('makes up for timers that are late, and no second sees more than the ceiling for it', async () => {
    class Late extends Deadline {
      override sleep(milliseconds: number): Promise<void> {
        return super.sleep(milliseconds + 2);
      }
    }
    const late = new Late(3600, new AbortController().signal);
    const counts = await perSecond(new Pace(20), 'a', 10, () => {}, late);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(189);
    for (const count of counts) expect(count).toBeLessThanOrEqual(20);
  });

  test.each([
    [80, 25],
    [100, 25],
    [200, 200],
  ])('is no faster than Stripe lets one endpoint be: %i a second, %i', async (ceiling, most) => {
    const pace = new Pace(ceiling);
    for (const endpoint of ['a', 'b']) {
      const [count = 0] = await perSecond(pace, endpoint, 1);
      expect(count).toBeLessThanOrEqual(most);
      expect(count).toBeGreaterThanOrEqual(0.8 * most);
    }
  });

  test('falls once for all that were under way when it fell', async () => {
    const pace = new Pace(20);
    const sent = performance.now();
    await vi.advanceTimersByTimeAsync(100);
    for (let refused = 0; refused < 5; refused += 1) pace.slow('a', sent);
    expect((await perSecond(pace, 'a', 1))[0]).toBeGreaterThanOrEqual(9);
  });

  test.each([
    [20, 100, 3],
    [20, 20, 2],
    [10, 1000, 11],
    // One endpoint.
    [80, 100, 4],
    [1000, 1000, 16],
  ])(
    'has room for what is sent while an answer comes, and one more: %i a second, after %i ms: %i',
    async (ceiling, latency, room) => {
      const pace = new Pace(ceiling);
      const deadline = new Deadline(3600, new AbortController().signal);
      const ask = () => pace.run('a', deadline, () => deadline.sleep(latency));
      expect(pace.room('a')).toBe(1);
      const first = ask();
      expect(pace.room('a')).toBe(0);
      await vi.advanceTimersByTimeAsync(latency + 1);
      await first;
      expect(pace.room('a')).toBe(room);
      const others = [ask(), pace.run('b', deadline, () => deadline.sleep(latency))];
      expect(pace.room('a')).toBe(Math.max(0, ceiling === 80 ? room - 1 : room - 2));
      pace.slow('a');
      expect(pace.room('a')).toBeLessThan(room);
      await vi.advanceTimersByTimeAsync(10_000);
      await Promise.all(others);
      deadline.close();
    },
  );

  test('never falls below a tenth of the ceiling', async () => {
    const pace = new Pace(20);
    const counts = await perSecond(pace, 'a', 20, () => pace.slow('a'));
    const settled = counts.slice(5).reduce((sum, count) => sum + count, 0);
    expect(settled).toBeGreaterThanOrEqual(2 * 15 - 2);
    expect(settled).toBeLessThanOrEqual(3 * 15);
  });

  test('rises step by step, and is back after ten seconds of quiet', async () => {
    const pace = new Pace(20);
    for (let refused = 0; refused < 10; refused += 1) pace.slow('a');
    const counts = await perSecond(pace, 'a', 12);
    expect(counts[0]).toBeLessThanOrEqual(5);
    expect(counts[4]).toBeLessThanOrEqual(14);
    for (const [second, count] of counts.entries()) expect(count).toBeGreaterThanOrEqual((counts[second - 1] ?? 0) - 1);
    for (const count of counts.slice(10)) expect(count).toBeGreaterThanOrEqual(18);
  });
});

/** Prices that no list holds, each found by a request of its own. */
function inlinePrices(count: number) {
  const prices = Array.from({ length: count }, (_, n) => price({ id: `price_${n}`, inline: true }));
  const file = `version: 1\nwebhooks: {}\nproducts: {}\nprices:\n${prices.map(({ id }) => `  ${id}: { id: ${id} }\n`).join('')}`;
  return { state: { ...catalogue(), webhook_endpoints: [], prices }, file: `policy: { unmanaged: ignore }\n${file}` };
}

/** The most requests that arrived in one second. */
function mostInOneSecond(requests: readonly StripeRequest[]): number {
  const times = requests.map(({ at }) => at).sort((a, b) => a - b);
  return Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + 1000).length));
}

/**
 * The requests that arrived sooner than a pace lets them, where none was sent before `start`. Whatever delays one on its way,
 * none arrives before it is sent: on a slow machine all come later, and never one too soon.
 */
function tooSoon(requests: readonly StripeRequest[], start: number, perSecond: number): number[] {
  const times = requests.map(({ at }) => at - start).sort((a, b) => a - b);
  return times.filter((at, index) => at < (index * 1000) / perSecond);
}

/** What waits at `opened` goes on when it is open. */
function barrier(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe.concurrent('requests-per-second, seen from Stripe', () => {
  /** Runs a step, and gives besides when it started. */
  async function paced(perSecond: number, step: Step): Promise<Checked & { readonly start: number }> {
    const start = performance.now();
    return { ...(await checked({ ...step, inputs: { 'requests-per-second': String(perSecond) } })), start };
  }

  test('is the most of any second, over sections and look-ups', async () => {
    const { file, state } = inlinePrices(80);
    const run = await paced(10, { file, stripe: { state } });
    expect(run.outputs).toMatchObject({ status: 'in-sync', checked: '80' });
    expect(run.requests.length).toBeGreaterThan(80);
    expect(tooSoon(run.requests, run.start, 10)).toEqual([]);
  });

  test('holds while 30 % of the requests are answered 429', async () => {
    const { file, state } = inlinePrices(40);
    const random = generator(7);
    const run = await paced(10, {
      file,
      stripe: { state, onRequest: () => (random() < 0.3 ? rateLimited('endpoint-rate') : undefined) },
    });
    expect(run.outputs).toMatchObject({ status: 'in-sync', checked: '40' });
    expect(run.requests.filter(({ status }) => status === 429).length).toBeGreaterThan(5);
    expect(tooSoon(run.requests, run.start, 10)).toEqual([]);
  });

  test('holds when answers that hung come all at once', async () => {
    const { file, state } = inlinePrices(40);
    const hanging: StripeRequest[] = [];
    const gate = barrier();
    let opened = Number.POSITIVE_INFINITY;
    const run = await paced(10, {
      file,
      stripe: {
        state,
        onRequest(request) {
          if (!request.path.startsWith('/v1/prices/')) return undefined;
          // As many as may be under way at once: what comes after them is sent when these are answered.
          if (hanging.push(request) === 16) {
            opened = performance.now();
            gate.open();
          }
          return { until: gate.opened };
        },
      },
    });
    expect(run.outputs.status).toBe('in-sync');
    const after = run.requests.filter(({ at }) => at > opened);
    expect(after.length).toBeGreaterThanOrEqual(24);
    expect(tooSoon(after, opened, 10)).toEqual([]);
  });

  test('has few requests under way at once', async () => {
    const { file, state } = inlinePrices(80);
    const seen: StripeRequest[] = [];
    const gate = barrier();
    let most = 0;
    await checked({
      file,
      stripe: {
        state,
        onRequest(request) {
          seen.push(request);
          most = Math.max(most, seen.filter(({ status }) => status === null).length);
          if (!request.path.startsWith('/v1/prices/')) return undefined;
          // Some are: none is answered before. Then more have time to come, which must not.
          if (most > 4) setTimeout(gate.open, 200);
          return { until: gate.opened };
        },
      },
    });
    expect(most).toBeLessThanOrEqual(32);
  });

  test.skipIf(process.env.SOAK_RUNS === undefined)(
    'is the default for 5,000 objects, with 429 for 30 % of requests and for more than 25 a second',
    { timeout: 1_000_000 },
    async () => {
      const products = Array.from({ length: 1000 }, (_, n) => product({ id: `prod_${n}`, name: `Product ${n}` }));
      const prices = Array.from({ length: 4000 }, (_, n) => price({ id: `price_${n}`, lookup_key: `key_${n}` }));
      const random = generator(25);
      const taken: number[] = [];
      let refused = 0;
      const run = await checked({
        file: 'version: 1\npolicy: { unmanaged: ignore }\nproducts:\n  it: { name: Product 0 }\nprices:\n  it: { lookup_key: key_0, nickname: Other }\n  listed: { match: nickname, nickname: Second }\n',
        stripe: {
          state: { products, prices: [...prices, price({ nickname: 'Second' })] },
          onRequest({ at }) {
            while ((taken[0] ?? at) < at - 1000) taken.shift();
            const over = taken.push(at) > 25;
            if (over) refused += 1;
            return over || random() < 0.3 ? rateLimited(over ? 'endpoint-rate' : 'global-rate') : undefined;
          },
        },
        inputs: { 'requests-per-second': '20' },
        timeoutMs: 900_000,
      });
      console.info(
        `5,000 objects: ${run.requests.length} requests, ${run.requests.filter(({ status }) => status === 429).length} answered 429, at most ${mostInOneSecond(run.requests)} in one second, ${refused} over the limit`,
      );
      expect(found(run)).toEqual(['changed prices.it.nickname']);
      expect(run.report.sections).toMatchObject({ products: { live: 1000 }, prices: { live: 4001 } });
      expect(mostInOneSecond(run.requests)).toBeLessThanOrEqual(20);
      expect(refused).toBe(0);
    },
  );
});

// --- The soak

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is said of an entry, by how its object is found and what became of it. */
interface Planted {
  readonly section: string;
  readonly entry: string;
  readonly finding: string | null;
  /** It is known from the list of what is in force. */
  readonly listed: boolean;
}

type Kind = 'harmless' | 'passing' | 'final';
interface Strike {
  readonly section: string;
  readonly where: 'list' | 'look-up';
  readonly kind: Kind;
  readonly name: string;
  readonly fault: Fault;
  /** Requests that it strikes yet. */
  left: number;
  hits: number;
}

const soakFaults: Readonly<Record<Kind, Readonly<Record<string, Fault>>>> = {
  harmless: {
    slow: { delayMs: 150 },
    'new fields': bent((body) => ({ ...body, more: [{}] })),
    'repeated objects': bent((body) =>
      Array.isArray(body.data) ? { ...body, data: body.data.flatMap((one: object) => [one, one]) } : body,
    ),
    'another content type': { kind: 'transform', change: (body) => body, headers: { 'Content-Type': 'text/plain' } },
    'a notice': { kind: 'transform', change: (body) => body, headers: { 'Stripe-Notice': '::error::planted' } },
  },
  passing: {
    ...Object.fromEntries(Object.entries(passing).map(([name, [fault]]) => [name, fault])),
    'a hang': { kind: 'hang' },
  },
  final: {
    ...Object.fromEntries(Object.entries(final).map(([name, [fault]]) => [name, fault])),
    'data of null': bent((body) => (Array.isArray(body.data) ? { ...body, data: null } : { id: null })),
    'an object of null': bent((body) =>
      Array.isArray(body.data) ? { ...body, data: [null, ...body.data] } : { id: 5 },
    ),
  },
};

/** Everything that the runs of the soak are held against: it never changes. */
function soakState() {
  const archived = Array.from({ length: 30 }, (_, n) => n);
  return {
    webhook_endpoints: Array.from({ length: 12 }, (_, n) =>
      webhookEndpoint({
        id: `we_${n}`,
        url: `https://shop.example.com/${n}`,
        enabled_events: ['invoice.paid'],
        status: n < 8 ? 'enabled' : 'disabled',
      }),
    ),
    products: [
      ...Array.from({ length: 230 }, (_, n) => product({ id: `prod_${n}`, name: `Product ${n}` })),
      ...archived.map((n) => product({ id: `prod_old_${n}`, name: `Old ${n}`, active: false })),
    ],
    prices: [
      ...Array.from({ length: 130 }, (_, n) => price({ id: `price_${n}`, lookup_key: `key_${n}`, nickname: 'Here' })),
      ...archived.map((n) => price({ id: `price_old_${n}`, lookup_key: `old_${n}`, active: false })),
      ...archived.map((n) => price({ id: `price_inline_${n}`, nickname: 'Here', inline: true })),
    ],
  };
}

/** A plan of one run: what the file declares, what should be found, and what goes wrong. */
function soakPlan(seed: number) {
  const random = generator(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const used = new Set<string>();
  const fresh = (prefix: string, limit: number): number => {
    for (;;) {
      const n = below(limit);
      if (!used.has(`${prefix}${n}`)) {
        used.add(`${prefix}${n}`);
        return n;
      }
    }
  };
  const planted = (section: string, name: string, entry: string, problem: string | null, listed: boolean): Planted => {
    const [word, field] = (problem ?? '').split(' ');
    const finding = problem === null ? null : `${word} ${section}.${name}${field === undefined ? '' : `.${field}`}`;
    return { section, entry: `  ${name}: ${entry}\n`, finding, listed };
  };
  /** By section: the ways of an entry, and how many of them, in front, agree with what is live. */
  const shapes: Readonly<Record<string, readonly [number, readonly ((name: string) => Planted)[]]>> = {
    webhooks: [
      1,
      [
        (name) => {
          const by = below(2) === 0;
          const n = fresh('we', 8);
          return planted(
            'webhooks',
            name,
            by ? `{ id: we_${n} }` : `{ url: https://shop.example.com/${n} }`,
            null,
            true,
          );
        },
        (name) => {
          const entry = `{ id: we_${fresh('we', 8)}, enabled_events: [charge.refunded] }`;
          return planted('webhooks', name, entry, 'changed enabled_events', true);
        },
        (name) => {
          const entry = `{ url: https://shop.example.com/${8 + fresh('we_off', 4)} }`;
          return planted('webhooks', name, entry, 'changed status', true);
        },
        (name) => planted('webhooks', name, `{ id: we_gone_${name} }`, 'missing', false),
        (name) => planted('webhooks', name, `{ url: https://gone.example.com/${name} }`, 'missing', false),
      ],
    ],
    products: [
      2,
      [
        (name) => planted('products', name, `{ id: prod_${fresh('prod', 230)} }`, null, true),
        (name) => planted('products', name, `{ name: Product ${fresh('prod', 230)} }`, null, true),
        (name) => planted('products', name, `{ id: prod_${fresh('prod', 230)}, name: Else }`, 'changed name', true),
        (name) => planted('products', name, `{ id: prod_old_${fresh('old', 30)} }`, 'changed active', false),
        (name) => planted('products', name, `{ name: Old ${fresh('old', 30)} }`, 'changed active', false),
        (name) => planted('products', name, `{ id: prod_gone_${name} }`, 'missing', false),
        (name) => planted('products', name, `{ name: Gone ${name} }`, 'missing', false),
      ],
    ],
    prices: [
      2,
      [
        (name) => planted('prices', name, `{ lookup_key: key_${fresh('price', 130)} }`, null, true),
        (name) => planted('prices', name, `{ id: price_inline_${fresh('inline', 30)} }`, null, false),
        (name) =>
          planted('prices', name, `{ id: price_${fresh('price', 130)}, nickname: Else }`, 'changed nickname', true),
        (name) => planted('prices', name, `{ lookup_key: old_${fresh('price_old', 30)} }`, 'changed active', false),
        (name) => {
          const entry = `{ id: price_inline_${fresh('inline', 30)}, nickname: Else }`;
          return planted('prices', name, entry, 'changed nickname', false);
        },
        (name) => planted('prices', name, `{ lookup_key: gone_${name} }`, 'missing', false),
        (name) => planted('prices', name, `{ id: price_gone_${name} }`, 'missing', false),
      ],
    ],
  };
  const chosen = Object.keys(paths).filter(() => random() < 0.8);
  const sections = chosen.length === 0 ? ['products'] : chosen;
  // Without drift now and then, so that a run can be in sync.
  const calm = random() < 0.3;
  const entries = sections.flatMap((section) =>
    Array.from({ length: below(4) + 1 }, (_, n) => {
      const [agreeing, all] = shapes[section] ?? [0, []];
      return pick(calm ? all.slice(0, agreeing) : all)(`${section[0]}${n}`);
    }),
  );
  const unmanaged = calm || !sections.includes('webhooks') || random() < 0.5;
  const file = [
    'version: 1\n',
    `policy: { unmanaged: ${unmanaged ? 'ignore' : '{ products: ignore, prices: ignore }'} }\n`,
    ...sections.map(
      (section) =>
        `${section}:\n${entries
          .filter((one) => one.section === section)
          .map(({ entry }) => entry)
          .join('')}`,
    ),
  ].join('');
  const endless = random() < 0.4;
  const drawn = Array.from({ length: below(4) }, (): Strike => {
    const kind = pick(['harmless', 'passing', 'passing', 'final'] as const);
    const name = pick(Object.keys(soakFaults[kind]).filter((fault) => endless || fault !== 'a hang'));
    const times = kind === 'passing' && !endless ? 1 + below(2) : pick([1, Number.POSITIVE_INFINITY]);
    const where = pick(['list', 'look-up'] as const);
    const fault = soakFaults[kind][name] as Fault;
    return { section: pick(sections), where, kind, name, fault, left: times, hits: 0 };
  });
  // What passes does so within the tries of one request: no two of them at one place.
  const strikes = drawn.filter(
    (strike, index) =>
      strike.kind !== 'passing' ||
      !drawn
        .slice(0, index)
        .some((one) => one.kind === 'passing' && one.section === strike.section && one.where === strike.where),
  );
  const declaredHooks = new Set([...file.matchAll(/\b(?:we_|example\.com\/)(\d+)\b/g)].map(([, n]) => n));
  const hooks = unmanaged ? [] : Array.from({ length: 8 }, (_, n) => n).filter((n) => !declaredHooks.has(String(n)));
  return {
    file,
    sections,
    entries,
    strikes,
    endless,
    debug: random() < 0.5,
    hooks: hooks.map((n) => `unmanaged webhooks.we_${n}`),
  };
}
type SoakPlan = ReturnType<typeof soakPlan>;

/** The strike that a request falls to. */
function strikeFor({ strikes }: SoakPlan, { path, query }: StripeRequest): Fault | undefined {
  const strike = strikes.find(({ section, where, left }) => {
    const root = paths[section as keyof typeof paths];
    if (left === 0 || (path !== root && !path.startsWith(`${root}/`))) return false;
    const isLookUp =
      path !== root ||
      query.get('active') === 'false' ||
      [...query.keys()].some((name) => /^(ids|lookup_keys)/.test(name));
    return isLookUp === (where === 'look-up');
  });
  if (strike === undefined) return undefined;
  strike.left -= 1;
  strike.hits += 1;
  return strike.fault;
}

/** What is wrong with a verdict. The oracle knows the file, what is live, and which strikes fell. */
function judged(
  { sections, entries, strikes, endless, hooks }: SoakPlan,
  run: ActionRun,
  report: ReportJson,
): string[] {
  const wrong: string[] = [];
  const expect = (right: boolean, what: string) => void (right || wrong.push(what));
  const lines = found({ report });
  const fatal = (section: string, where: Strike['where']) =>
    strikes.some(
      (strike) =>
        strike.section === section &&
        strike.where === where &&
        strike.hits > 0 &&
        (strike.kind === 'final' || (strike.kind === 'passing' && strike.left === Number.POSITIVE_INFINITY)),
    );
  // On a slow machine its short deadline is reason enough.
  const late = Object.values(report.sections).some(({ reason = '' }) => reason.includes('the deadline of 4 seconds'));
  const hurried = endless && (late || strikes.some(({ kind, hits }) => kind === 'passing' && hits > 0));
  const nothing = sections.every((section) => report.sections[section]?.inSync === null);
  for (const section of sections) {
    const of = report.sections[section];
    const own = entries.filter((entry) => entry.section === section);
    // Where every entry can be looked up, the list is read for what may have been renamed alone.
    const isLookedUp = section !== 'webhooks' && own.every(({ entry }) => /\{ (id|lookup_key):/.test(entry));
    const mayBeLost = (where: Strike['where']) =>
      hurried || fatal(section, where) || (isLookedUp && (fatal(section, 'list') || fatal(section, 'look-up')));
    const planted = [...own.flatMap(({ finding }) => finding ?? []), ...(section === 'webhooks' ? hooks : [])].sort();
    const said = lines.filter((line) => line.split(' ')[1]?.startsWith(`${section}.`));
    if (of === undefined) wrong.push(`${section} is not in the report`);
    else if (of.status === 'read') {
      expect(JSON.stringify(said) === JSON.stringify(planted), `${section}: ${said} is not ${planted}`);
      expect(!fatal(section, 'list') && !fatal(section, 'look-up'), `${section} was not read, but is said to be`);
    } else if (of.inSync === null) {
      expect(said.length === 0, `${section} was not read: ${said}`);
      expect(mayBeLost('list'), `${section} could have been read: ${of.reason}`);
    } else {
      const certain = [
        ...own.flatMap(({ finding, listed: sure }) => (sure ? (finding ?? []) : [])),
        ...(section === 'webhooks' ? hooks : []),
      ];
      expect(
        said.every((line) => planted.includes(line)),
        `${section}: ${said} is not within ${planted}`,
      );
      expect(
        certain.every((line) => said.includes(line)),
        `${section}: ${said} lacks some of ${certain}`,
      );
      expect(!said.some((line) => line.startsWith('missing')), `${section} has something missing: ${said}`);
      expect(mayBeLost('look-up'), `${section} could have been looked up: ${of.reason}`);
    }
  }
  const whole = sections.every((section) => report.sections[section]?.status === 'read');
  const status = nothing ? 'error' : !whole ? 'incomplete' : lines.length > 0 ? 'drift' : 'in-sync';
  expect(report.status === status, `status is ${report.status}, not ${status}`);
  const fails = status === 'error' || status === 'incomplete' || lines.some((line) => !line.startsWith('unmanaged'));
  expect(run.exitCode === (fails ? 1 : 0), `exits ${run.exitCode} with ${status}`);
  expect(
    run.outputs.drift === (lines.length > 0 ? 'true' : status === 'in-sync' ? 'false' : ''),
    `drift is ${run.outputs.drift}`,
  );
  return wrong;
}

/** A key for each run, by which the server knows it. */
function soakKey(index: number): string {
  const letters = [...index.toString(26)]
    .map((digit) => 'QbXcYdZfKgJhWjVkUmTnSpRqPr'[Number.parseInt(digit, 26)])
    .join('');
  return ['rk', 'live', `Zq7Xw${letters}Lk3Vb8TnHd2Jm5P`].join('_');
}

describe('a soak', () => {
  const runs = Number(process.env.SOAK_RUNS ?? 16);
  const seed = Number(process.env.SOAK_SEED ?? Date.now() % 1_000_000);

  test(`of ${runs} runs with faults at random says nothing wrong`, { timeout: 300_000 + 10_000 * runs }, async () => {
    const plans = new Map<string, SoakPlan>();
    const keys: Record<string, Key> = {};
    const server = await startStripe({
      keys,
      state: soakState(),
      onRequest(request) {
        const plan = plans.get(String(request.headers.authorization).replace('Bearer ', ''));
        return plan && strikeFor(plan, request);
      },
    });
    const wrong: string[] = [];
    const figures: Record<string, number> = { runs: 0, strikes: 0, hits: 0, hung: 0 };
    const count = (what: string, by = 1) => {
      figures[what] = (figures[what] ?? 0) + by;
    };

    async function once(index: number): Promise<void> {
      const plan = soakPlan(seed + index);
      const own = soakKey(index);
      plans.set(own, plan);
      keys[own] = { mode: 'live' };
      const told = (what: string) =>
        wrong.push(
          `SOAK_SEED=${seed + index} SOAK_RUNS=1: ${what}\n${plan.file}\n${plan.strikes.map(({ section, where, name, hits, left }) => `${name} in the ${where} of ${section}: ${hits} hits, ${left} left`).join('\n')}`,
        );
      try {
        const run = await runAction({
          files: { 'stripe-config.yaml': plan.file },
          inputs: {
            'stripe-api-key': own,
            'stripe-api-base': server.url,
            'requests-per-second': '1000',
            'timeout-seconds': plan.endless ? '4' : '200',
          },
          debug: plan.debug,
        });
        const report = asReport(run.report);
        holds(run, report, own);
        for (const what of judged(plan, run, report)) told(what);
        count(report.status);
      } catch (error) {
        const { message } = error as Error;
        if (message.includes('ran longer than')) count('hung');
        told(message);
      }
      count('runs');
      count('strikes', plan.strikes.length);
      count(
        'hits',
        plan.strikes.reduce((sum, { hits }) => sum + hits, 0),
      );
    }

    let next = 0;
    const worker = async () => {
      while (next < runs) {
        next += 1;
        await once(next - 1);
      }
    };
    await Promise.all(Array.from({ length: 6 }, worker));
    await server.close();
    if (process.env.SOAK_RUNS !== undefined)
      console.info('soak', JSON.stringify({ seed, ...figures, wrong: wrong.length }));
    expect(wrong).toEqual([]);
    expect(figures).toMatchObject({ runs, hung: 0 });
    expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});
