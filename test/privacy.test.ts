/** What may be shown: the key, what is not declared, live values, tokens in URLs, signing secrets, and all that is no declared field. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type ActionRun, cleanUp, repository, runAction, runCli } from './runner.ts';
import { asReport, madeUpKey, type ReportJson, shop, shopFile, tracesOf } from './shop.ts';
import { price, product, webhookEndpoint } from './stripe-objects.ts';
import { type Fault, type StripeRequest, type StripeState, startStripe } from './stripe-server.ts';

afterAll(cleanUp);
vi.setConfig({ testTimeout: 60_000 });

interface Step {
  readonly file?: string;
  readonly state?: Partial<StripeState>;
  readonly inputs?: Readonly<Record<string, string>>;
  /** The repository in the event; none with null. */
  readonly repo?: object | null;
  readonly accountReadable?: boolean;
  onRequest?(request: StripeRequest): Fault | undefined;
}

interface Checked extends ActionRun {
  readonly report: ReportJson;
  /** Every byte that was written (log, annotations, summary, outputs, report), with its escapes undone. */
  readonly text: string;
}

const key = madeUpKey();

/** Runs a step with debug logging, and looks for the key in all that it writes. */
async function checked({ file = shopFile, state = shop(), inputs = {}, repo, ...more }: Step): Promise<Checked> {
  const { onRequest, accountReadable = false } = more;
  const keys = { [key]: { mode: 'live', accountReadable } } as const;
  const server = await startStripe({ state, keys, ...(onRequest && { onRequest }) });
  try {
    const run = await runAction({
      files: { 'stripe-config.yaml': file },
      inputs: { 'stripe-api-key': key, 'stripe-api-base': server.url, 'requests-per-second': '1000', ...inputs },
      event: {
        name: 'push',
        payload: { ref: 'refs/heads/main', ...(repo !== undefined && { repository: repo ?? undefined }) },
      },
      debug: true,
    });
    const log = run.stdout.replace(`::add-mask::${key}\n`, '') + run.stderr;
    const report = readFileSync(run.outputs['report-path'] as string, 'utf8');
    const text = readable([log, run.summary, JSON.stringify(run.outputs), report].join('\n'));
    expect(tracesOf(key).filter((trace) => text.includes(trace))).toEqual([]);
    return { ...run, report: asReport(run.report), text };
  } finally {
    await server.close();
  }
}

function readable(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_entity, code) => String.fromCodePoint(Number(code)))
    .replaceAll('%25', '%')
    .replaceAll('\\"', '"');
}

/** What is found of something that must not be shown. */
const traceOf = (pattern: RegExp, { text }: { text: string }) => pattern.exec(text)?.[0];

/** A list whose objects are bent on their way. */
function bent(change: (one: { id: string }) => object): Fault {
  return { kind: 'transform', change: (body) => ({ ...body, data: body.data.map(change) }) };
}

// --- The debug logs of Node.js print requests with their headers, past this program

describe.concurrent('with debug logs of Node.js that print requests', () => {
  const loud = ['http', 'net', 'https', 'tls', 'stream', '*', 'HTTP', 'h*', 'module,net', 'fetch,htt*'];
  const paths = (requests: readonly StripeRequest[]) => requests.map(({ path }) => path);

  test.each(loud)('nothing is asked, and the key is nowhere: NODE_DEBUG=%s', async (sections) => {
    const server = await startStripe({ keys: { [key]: { mode: 'live' } }, state: shop() });
    const env = { STRIPE_API_KEY: key, STRIPE_API_BASE: server.url, NODE_DEBUG: sections };
    const cwd = repository({ 'stripe-config.yaml': shopFile });
    const commands = [['check'], ['export', '--output', '-'], ['snapshot'], ['permissions', '--check']];
    const runs = await Promise.all(commands.map((command) => runCli(command, { env, cwd })));
    const step = await runAction({
      files: { 'stripe-config.yaml': shopFile },
      inputs: { 'stripe-api-key': key, 'stripe-api-base': server.url },
      env: { NODE_DEBUG: sections },
    });
    await server.close();
    expect(paths(server.requests)).toEqual([]);
    const says = /NODE_DEBUG has Node\.js print its requests \([a-z, ]+\).*Unset NODE_DEBUG/s;
    for (const { exitCode, stdout, stderr } of runs) {
      expect(exitCode).toBe(1);
      expect(stdout + stderr).toMatch(says);
      expect(tracesOf(key).filter((trace) => (stdout + stderr).includes(trace))).toEqual([]);
    }
    expect(step.outputs.status).toBe('error');
    const log = step.stdout.replace(`::add-mask::${key}\n`, '');
    expect(log).toMatch(says);
    expect(tracesOf(key).filter((trace) => (log + step.stderr).includes(trace))).toEqual([]);
  });

  test.each([
    ['NODE_DEBUG', 'undici,fetch'],
    ['NODE_DEBUG', 'module,timer,nothing'],
    ['NODE_DEBUG', ''],
    ['NODE_DEBUG_NATIVE', '*'],
    ['DEBUG', '*'],
    ['NODE_OPTIONS', '--trace-tls'],
  ])('that say nothing of them, the check goes on, and the key is nowhere: %s=%s', async (name, value) => {
    const server = await startStripe({ keys: { [key]: { mode: 'live' } }, state: shop() });
    const env = { STRIPE_API_KEY: key, STRIPE_API_BASE: server.url, [name]: value };
    const run = await runCli(['check'], { env, cwd: repository({ 'stripe-config.yaml': shopFile }) });
    await server.close();
    expect(run.exitCode).toBe(0);
    expect(server.requests).toHaveLength(3);
    expect(tracesOf(key).filter((trace) => (run.stdout + run.stderr).includes(trace))).toEqual([]);
  });

  test('a file can be checked without a key', async () => {
    const cwd = repository({ 'stripe-config.yaml': shopFile });
    for (const command of [['lint'], ['permissions']])
      expect((await runCli(command, { cwd, env: { NODE_DEBUG: 'http' } })).exitCode).toBe(0);
  });
});

// --- The key: test/faults.test.ts looks for it on every path, and here it is told back by what stands between

describe.concurrent('a key that comes back in an answer', () => {
  const random = key.split('_').at(-1) ?? '';
  const error = (message: string) => ({ error: { type: 'invalid_request_error', message } });
  const answers: { readonly [what: string]: readonly (Fault | undefined)[] } = {
    'as an account, a permission and a word': [
      { status: 403, body: error(`The key may not read this on account 'acct_${random}'.`) },
      { status: 403, body: error(`Having the 'rak_${random}' permission would help.`) },
      { status: 400, body: error(`What is ${random}?`) },
    ],
    'as the id of a request and a reason': [
      { status: 400, headers: { 'Request-Id': `req_${random}` }, body: error('No.') },
      {
        status: 429,
        headers: { 'Stripe-Rate-Limited-Reason': random, 'Stripe-Should-Retry': 'false' },
        body: error(''),
      },
      undefined,
    ],
    'as what is live': [
      bent((one) => ({ ...one, url: `https://x.example/${key}` })),
      bent((one) => ({ ...one, name: key })),
      bent((one) => ({ ...one, id: key, lookup_key: random })),
    ],
  };

  test.each(Object.keys(answers))('is shown nowhere: %s', async (what) => {
    const paths = ['/v1/webhook_endpoints', '/v1/products', '/v1/prices'];
    // `checked` looks for it.
    const run = await checked({ onRequest: ({ path }) => answers[what]?.[paths.indexOf(path)] });
    expect(run.outputs.status).not.toBe('in-sync');
    expect(run.report.account).toBeNull();
  });

  test('is no account that could be verified', async () => {
    const answer = { status: 200, body: { id: `acct_${random}`, object: 'account' } };
    const run = await checked({
      file: `account: acct_1Shop\n${shopFile}`,
      onRequest: ({ path }) => (path === '/v1/account' ? answer : undefined),
    });
    expect(run.outputs).toMatchObject({ status: 'error', checked: '' });
    expect(run.report.account).toBeNull();
  });
});

// --- What is not declared

const REPOSITORIES = {
  private: { full_name: 'acme/shop', private: true, visibility: 'private' },
  internal: { full_name: 'acme/shop', private: true, visibility: 'internal' },
  public: { full_name: 'acme/shop', private: false, visibility: 'public' },
  'of a visibility that the event does not tell': { full_name: 'acme/shop' },
  'that the event does not hold': null,
} as const;

/** A shop, and what its file does not declare: deals that nobody is to hear of. One hook has the URL of a declared one. */
function withDeals(): StripeState {
  const state = shop();
  const deals = Array.from({ length: 23 }, (_, n) => n + 1);
  const [url] = state.webhook_endpoints.map((one) => one.url);
  return {
    webhook_endpoints: [
      ...state.webhook_endpoints,
      webhookEndpoint({ id: 'we_Deal1', url: 'https://initech.example/hook', description: 'Hush' }),
      webhookEndpoint({ id: 'we_Deal2', description: 'Hush', ...(url && { url }) }),
    ],
    products: [
      ...state.products,
      product({ id: 'prod_free', default_price: 'price_Deal1' }),
      ...deals.map((n) => product({ id: `prod_Deal${n}`, name: `Hush${n} for Initech`, description: `Hush${n}` })),
      product({ id: 'prod_OldDeal1', name: 'Hush for Initrode', description: 'Hush' }),
      product({ id: 'prod_OldDeal2', name: 'Hush for Initrode', description: 'Hush' }),
    ],
    prices: [
      ...state.prices,
      ...[1, 2, 3].map((n) =>
        price({ id: `price_Deal${n}`, nickname: `Hush${n}`, lookup_key: `hush_${n}`, unit_amount: 777_000 + n }),
      ),
    ],
  };
}
const dealsFile = `${shopFile.replace('    url:', '    id: we_billing\n    url:').replace('prices:', '  free: { id: prod_free }\nprices:')}ignore: [{ products: prod_Old*, reason: accepted deals }]\n`;
const HUSH = /hush|initech|initrode|Deal\d|777|_Old(?!\*)/i;

describe.concurrent('what is not declared', () => {
  test.each([
    ['auto', 'private', true],
    ['auto', 'internal', true],
    ['auto', 'public', false],
    ['auto', 'of a visibility that the event does not tell', false],
    ['auto', 'that the event does not hold', false],
    ['full', 'public', true],
    ['redacted', 'private', false],
  ] as const)('with show-values: %s in a repository %s is named: %s', async (showing, repo, named) => {
    const run = await checked({
      file: dealsFile,
      state: withDeals(),
      inputs: { 'show-values': showing },
      repo: REPOSITORIES[repo],
    });
    expect(run.outputs).toMatchObject({ status: 'drift', unmanaged: '28', unhealthy: '2', errors: '0', checked: '4' });
    expect(run.report.counts).toMatchObject({ unmanaged: 28, ignored: 2 });
    if (named) {
      for (const id of ['we_Deal1', 'prod_Deal2', 'price_Deal3', 'prod_OldDeal1']) expect(run.text).toContain(id);
      expect(run.text).toContain('Hush2 for Initech');
      return;
    }
    expect(traceOf(HUSH, run)).toBeUndefined();
    const said = run.kept.map(({ message }) => message).join('\n');
    for (const words of ['2 webhook endpoints are live', '23 products are live', '3 prices are live']) {
      expect(said).toContain(words);
    }
    const unmanaged = run.report.findings.filter(({ problem }) => problem === 'unmanaged');
    expect(unmanaged.map((finding) => [finding.section, Reflect.get(finding, 'count')])).toEqual([
      ['webhooks', 2],
      ['products', 23],
      ['prices', 3],
    ]);
    for (const name of ['id', 'url', 'label']) expect(unmanaged.map((one) => name in one)).not.toContain(true);
    expect(run.summary).toMatch(/\| \*\*products\*\* \| 2 \|.*\| \*\*23\*\* \| 2 of 27 \|/);
    for (const outlet of [run.summary, run.stdout]) expect(outlet).toContain('23 (not shown)');
  });

  test('is not named where it belongs to the other mode, which ends the check', async () => {
    const flip = (one: { id: string }) => ({ ...one, livemode: !one.id.includes('Deal') });
    const run = await checked({
      state: withDeals(),
      repo: REPOSITORIES.public,
      onRequest: ({ path }) => (path === '/v1/products' ? bent(flip) : undefined),
    });
    expect(run.outputs.status).toBe('error');
    expect(traceOf(HUSH, run)).toBeUndefined();
  });

  test('is counted section by section, whatever severity the policy gives it', async () => {
    const run = await checked({
      file: `${dealsFile}policy: { unmanaged: { prices: error, products: notice, webhooks: ignore } }\n`,
      state: withDeals(),
      repo: REPOSITORIES.public,
    });
    expect(traceOf(HUSH, run)).toBeUndefined();
    const counted = run.report.findings.reduce((sum, one) => sum + (Reflect.get(one, 'count') ?? 0), 0);
    expect(run.outputs.unmanaged).toBe(String(counted));
    expect(run.report.counts).toMatchObject({ errors: 3, notices: 23 });
  });
});

// --- What is live of declared objects

const declaredFile = `version: 1
webhooks:
  hook: { id: we_1, url: 'https://file.example.com/', description: file, enabled_events: [invoice.paid], api_version: 2026-10-28.endive, metadata: { k: file } }
  off: { id: we_2 }
  connect: { id: we_3, connect: false }
products:
  pro:
    { id: prod_1, name: File, description: file, default_price: { id: price_file }, images: ['https://file.example.com/i'], marketing_features: [{ name: file }],
      statement_descriptor: FILE, unit_label: file, url: 'https://file.example.com/', tax_code: txcd_1, shippable: true, type: service, metadata: { k: file, gone: file },
      package_dimensions: { height: 1, length: 1, width: 1, weight: 1 } }
  none: { id: prod_2, metadata: {}, images: [] }
prices:
  whole: { id: price_1, nickname: file, lookup_key: file, product: { id: prod_file }, currency: usd, unit_amount: 1000, recurring: { interval: month }, tax_behavior: exclusive, metadata: { k: file } }
  silent: { id: price_2, unit_amount: 1000, type: recurring }
  tiered: { id: price_3, currency: usd, recurring: { interval: month }, billing_scheme: tiered, tiers_mode: graduated, tiers: [{ up_to: 10, unit_amount: 1 }, { up_to: inf, unit_amount: 2 }], currency_options: { eur: { unit_amount: 5 } } }
  both: { metadata: { twin: file }, match: metadata.twin }
`;

function liveSide(): StripeState {
  const twin = { metadata: { twin: 'file' }, nickname: 'LIVEtwin' };
  return {
    webhook_endpoints: [
      webhookEndpoint({
        id: 'we_1',
        url: 'https://LIVE.example.com/LIVE',
        description: 'LIVE description',
        enabled_events: ['LIVE.event', 'LIVE.other'] as never,
        api_version: 'LIVE-version' as never,
        metadata: { k: 'LIVE value', LIVEname: 'LIVEvalue' },
      }),
      webhookEndpoint({ id: 'we_2', status: 'disabled', url: 'https://LIVE.example.com/2' }),
      webhookEndpoint({ id: 'we_3', application: 'ca_LIVE', url: 'https://LIVE.example.com/3' }),
    ],
    products: [
      product({
        id: 'prod_1',
        name: 'LIVE name',
        description: 'LIVE description',
        default_price: 'price_LIVE',
        images: ['https://LIVE.example.com/i', 'https://LIVE.example.com/j'],
        marketing_features: [{ name: 'LIVE feature' }, { name: 'LIVE second' }],
        statement_descriptor: 'LIVE STATEMENT',
        unit_label: 'LIVE label',
        url: 'https://LIVE.example.com/',
        tax_code: 'txcd_LIVE',
        shippable: false,
        type: 'good',
        metadata: { k: 'LIVE value', LIVEname: 'LIVEvalue' },
        package_dimensions: { height: 31337, length: 31337, width: 31337, weight: 31337 },
      }),
      product({
        id: 'prod_2',
        name: 'LIVE two',
        metadata: { LIVEname: 'LIVEvalue' },
        images: ['https://LIVE.example.com/'],
      }),
    ],
    prices: [
      price({
        id: 'price_1',
        nickname: 'LIVE nickname',
        lookup_key: 'LIVE_key',
        product: 'prod_LIVE',
        currency: 'sek',
        unit_amount: 31337,
        recurring: { interval: 'year', interval_count: 31337, trial_period_days: 31337 },
        tax_behavior: 'inclusive',
        metadata: { k: 'LIVE value' },
      }),
      price({ id: 'price_2', nickname: 'LIVE', currency: 'sek', unit_amount: 31337 }),
      price({
        id: 'price_3',
        nickname: 'LIVE',
        tiers_mode: 'volume',
        tiers: [{ up_to: 31337, unit_amount: 31337 }, { up_to: 31338, unit_amount: 31337 }, { unit_amount: 31337 }],
        currency_options: { eur: { unit_amount: 31337 } },
      }),
      price({ id: 'price_4', ...twin }),
      price({ id: 'price_5', ...twin }),
    ],
  };
}

describe.concurrent('with show-values: redacted', () => {
  const redacted = (file: string, state: Partial<StripeState>) =>
    checked({ file, state, inputs: { 'show-values': 'redacted' } });

  test('no live value of a declared object is anywhere, and all that is counted is as in full', async () => {
    const run = await redacted(declaredFile, liveSide());
    const full = await checked({ file: declaredFile, state: liveSide(), inputs: { 'show-values': 'full' } });
    const live = /LIVE|31337|313\.37|\b(?:sek|SEK|year|volume|inclusive)\b/;
    expect(traceOf(live, full)).toBeDefined();
    expect(traceOf(live, run)).toBeUndefined();
    expect(run.text).toMatch(/name differs in Stripe; the file says File\./);
    const changes = run.report.findings.flatMap(({ changes: all = [] }) => all);
    expect(changes.length).toBeGreaterThanOrEqual(30);
    for (const { actual } of changes) expect([undefined, 'differs']).toContain(actual);
    const sides = changes.map(({ expected }) => expected);
    expect(sides).toEqual(expect.arrayContaining(['File', 'file', '1000', 'usd', 'invoice.paid']));

    const keys = (of: Checked) => of.report.findings.map(({ section, name, field, at }) => [section, name, field, at]);
    expect(keys(run)).toEqual(keys(full));
    expect(run.report.counts).toEqual(full.report.counts);
    // The fingerprint is taken before anything is hidden.
    expect(run.outputs.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(run.outputs).toEqual({ ...full.outputs, 'report-path': run.outputs['report-path'] });
  });

  test('nothing is told by the way, and nothing false is said', async () => {
    const run = await redacted(
      `version: 1
products:
  active: { id: prod_1, active: false }
prices:
  foreign: { id: price_1, unit_amount: 1000, type: recurring }
  recurs: { id: price_2, recurring: null }
`,
      {
        products: [product({ id: 'prod_1' })],
        prices: [price({ id: 'price_1', currency: 'sek', unit_amount: 31337 }), price({ id: 'price_2' })],
      },
    );
    expect(run.outputs.changed).toBe('3');
    expect(run.text).not.toMatch(/\bsek\b/i);
    expect(run.text).not.toMatch(/is archived in Stripe|can no longer be sold|one-time in Stripe/);
    expect(run.summary).not.toMatch(/one-time\*? \[open\]/);
  });

  test('the command line hides the same', async () => {
    const { webhook_endpoints: webhooks, products, prices } = liveSide();
    const snapshot = { schema: 1, mode: 'live', account: null, sections: { webhooks, products, prices } };
    const cwd = repository({ 'stripe-config.yaml': declaredFile, 'live.json': JSON.stringify(snapshot) });
    for (const format of ['terminal', 'github']) {
      const args = ['check', '--live', 'live.json', '--format', format, '--show-values', 'redacted'];
      const { stdout, exitCode } = await runCli(args, { cwd });
      expect(exitCode).toBe(2);
      expect(traceOf(/LIVE|31337|313\.37/, { text: stdout })).toBeUndefined();
    }
  });
});

// --- URLs

/** URLs with a password `pw-secret` and a token `tok-secret`. */
const URLS = [
  'https://user:pw-secret@h.example.com/a?token=tok-secret',
  'https://pw-secret@h.example.com/',
  'https://user:pw-secret%40x@h.example.com:8443/a#f',
  'https://user:p@pw-secret@h.example.com/',
  'https://h.example.com/?tok-secret',
  'https://h.example.com?token=tok-secret',
  'https://h.example.com/a?b=1?token=tok-secret',
  'https://h.example.com/a?b=1;token=tok-secret&c[]=tok-secret',
  'HTTPS://H.example.com/?TOKEN=tok-secret#f',
  "https://h.example.com/?q='x'&token=tok-secret",
  'https://h.example.com/?q=<x>&token=tok-secret',
  'https://h.example.com/?q="x"&token=tok-secret',
] as const;
const SECRET = /(pw|tok)-secret/;

/** Each with secrets of its own, so that what is leaked tells which. */
const numbered = URLS.map((url, index) =>
  url
    .replace(SECRET, (secret) => `${secret}-${index}z`)
    .replace(/(pw|tok)-secret(?!-)/g, (secret) => `${secret}-${index}z`),
);

/** The URLs of which a secret is shown. */
function leaked(run: Checked): string[] {
  const found = [...run.text.matchAll(/(?:pw|tok)-secret-(\d+)z/g)].map(([, index]) => numbered[Number(index)] ?? '');
  return [...new Set(found)];
}

const lines = (line: (url: string, index: number) => string) => numbered.map(line).join('');
const q = (value: string) => JSON.stringify(value);

describe.concurrent('of URLs neither userinfo nor the values of queries are shown', () => {
  const count = URLS.length;

  test('where they are declared and differ, as values and as names', async () => {
    const run = await checked({
      file: `version: 1
webhooks:
${lines((url, n) => `  w${n}: { id: we_${n}, url: ${q(url)}, description: ${q(`See ${url} now`)}, metadata: { k: ${q(url)} } }\n`)}products:
${lines((url, n) => `  ${q(url)}: { id: prod_${n}, images: [${q(url)}], url: ${q(url)}, metadata: { gone: ${q(url)} } }\n  names${n}: { id: name_${n}, metadata: { ${q(url)}: v } }\n`)}`,
      state: {
        webhook_endpoints: numbered.map((_, n) => webhookEndpoint({ id: `we_${n}` })),
        products: numbered.flatMap((_, n) => [product({ id: `prod_${n}` }), product({ id: `name_${n}` })]),
      },
    });
    expect(run.outputs).toMatchObject({ status: 'drift', changed: String(7 * count) });
    expect(run.text).toContain('h.example.com');
    expect(leaked(run)).toEqual([]);
  });

  test('where they are live and differ, or name entries that are in sync', async () => {
    const run = await checked({
      file: `version: 1
webhooks:
${lines((_, n) => `  w${n}: { id: we_${n}, url: 'https://plain.example.com/', description: d, metadata: { k: v } }\n`)}products:
${lines((url, n) => `  p${n}: { id: prod_${n}, images: [], name: N, unit_label: u }\n  ${q(url)}: { id: same_${n} }\n  names${n}: { id: name_${n}, metadata: {} }\n`)}`,
      state: {
        webhook_endpoints: numbered.map((url, n) =>
          webhookEndpoint({ id: `we_${n}`, url, description: `See ${url} now`, metadata: { k: url } }),
        ),
        products: numbered.flatMap((url, n) => [
          product({ id: `prod_${n}`, images: [url], name: url, unit_label: url }),
          product({ id: `same_${n}` }),
          product({ id: `name_${n}`, metadata: { [url]: 'v' } }),
        ]),
      },
    });
    expect(run.outputs).toMatchObject({ status: 'drift', changed: String(7 * count) });
    expect(leaked(run)).toEqual([]);
  });

  test('where they are missing, not declared, ambiguous or ignored', async () => {
    const run = await checked({
      file: `version: 1
webhooks:
${lines((url, n) => `  missing${n}: { url: ${q(url.replace(/example.com/i, 'example.org'))} }\n`)}products:
${lines((url, n) => `  twice${n}: { name: ${q(url)} }\n`)}prices: {}
ignore:
${lines((url, n) => `  - { prices: price_${n}, reason: ${q(url)} }\n  - { prices: none_${n}, reason: ${q(url)} }\n`)}`,
      state: {
        webhook_endpoints: numbered.map((url) => webhookEndpoint({ url })),
        products: numbered.flatMap((name) => [product({ name }), product({ name })]),
        prices: numbered.map((url, n) => price({ id: `price_${n}`, nickname: url })),
      },
    });
    const all = String(count);
    expect(run.outputs).toMatchObject({ status: 'drift', missing: all, unmanaged: all, ambiguous: all });
    expect(leaked(run)).toEqual([]);
  });

  test('where Stripe says them when it refuses to list objects', async () => {
    const body = {
      error: { type: 'invalid_request_error', message: `Invalid strings: ${numbered.join(' and ')} are nothing` },
    };
    const run = await checked({ onRequest: ({ path }) => (path === '/v1/prices' ? { status: 400, body } : undefined) });
    expect(run.outputs.status).toBe('incomplete');
    expect(leaked(run)).toEqual([]);
  });

  test('where they stand in an invalid file, whatever the place', async () => {
    const run = await checked({
      file: `version: 1
account: ${q(numbered[0] ?? '')}
mode: ${q(numbered[1] ?? '')}
${lines((url) => `${q(url)}: 1\n`)}webhooks:
${lines((url, n) => `  ${q(url)}: { id: we_1, ${q(url)}: 1, enabled_events: [${q(url)}], api_version: ${q(url)}, status: ${q(url)}, connect: ${q(url)} }\n  again${n}: { url: ${q(url)}, match: ${q(url)} }\n  more${n}: { url: ${q(url)} }\n  more${n}: { url: ${q(url)} }\n`)}products:
${lines((url, n) => `  p${n}: { id: prod_${n}, default_price: ${q(url)}, name: ${q(` ${url}`)}, shippable: ${q(url)} }\n`)}prices:
${lines((url, n) => `  r${n}: { id: price_${n}, unit_amount: ${q(url)}, currency: ${q(url)}, recurring: { interval: ${q(url)} }, currency_options: { ${q(url)}: {} } }\n`)}policy: { changed: ${q(numbered[2] ?? '')}, ${q(numbered[3] ?? '')}: error }
ignore:
${lines((url) => `  - { products: x, reason: ${q(url)}, until: ${q(url)} }\n`)}environments:
${lines((url) => `  ${q(url)}: { ${q(url)}: 1 }\n`)}`,
    });
    expect(run.outputs.status).toBe('invalid');
    expect(run.report.findings.length).toBeGreaterThan(10 * count);
    expect(leaked(run)).toEqual([]);
  });

  test('where they are mistyped', async () => {
    const mistyped = [
      'https://user:pw-secret-0z@h.example.com/a b?x=1 &token=tok-secret-0z',
      'htps://user:pw-secret-1z@h.example.com/?token=tok-secret-1z',
      'user:pw-secret-2z@h.example.com/?token=tok-secret-2z',
      'https:/user:pw-secret-3z@h.example.com/?token=tok-secret-3z',
      `https://user:pw-secret-4z${'x'.repeat(300)}@h.example.com:port/?token=tok-secret-4z`,
    ];
    const file = `version: 1\nwebhooks:\n${mistyped.map((url, n) => `  w${n}: { url: ${q(url)} }\n`).join('')}`;
    const run = await checked({ file });
    expect(run.report.findings).toMatchObject(mistyped.map((_, n) => ({ name: `w${n}` })));
    expect(leaked(run)).toEqual([]);
  });
});

describe.concurrent('where just the hidden parts of two URLs differ', () => {
  const url = (n: number) => `https://h.example.com/?token=tok-secret-${n}`;
  const file = `version: 1
webhooks:
  token: { id: we_1, url: '${url(1)}' }
  password: { id: we_2, url: 'https://u:pw-secret-1@h.example.com/' }
  more: { id: we_3, url: '${url(1)}' }
products:
  listed: { id: prod_1, images: ['${url(1)}'] }
`;
  const state = (token: number): Partial<StripeState> => ({
    webhook_endpoints: [
      webhookEndpoint({ id: 'we_1', url: url(token) }),
      webhookEndpoint({ id: 'we_2', url: 'https://u:pw-secret-2@h.example.com/' }),
      webhookEndpoint({ id: 'we_3', url: 'https://h.example.com/a?token=tok-secret-1' }),
    ],
    products: [product({ id: 'prod_1', images: [url(token)] })],
  });
  const messages = ({ kept }: Checked) => kept.slice(0, 4).map(({ message }) => message);
  const hashes = (message = '') => [...new Set(message.match(/hidden part #[0-9a-f]{8}\b/g))];

  test('that is said, with a short hash of each that stays the same', async () => {
    const [one, two] = await Promise.all([2, 3].map((token) => checked({ file, state: state(token) })));
    for (const run of [one, two] as Checked[]) {
      expect(run.outputs).toMatchObject({ status: 'drift', changed: '4' });
      expect(traceOf(SECRET, run)).toBeUndefined();
      expect(messages(run).map((message) => hashes(message).length)).toEqual([2, 2, 0, 2]);
      expect(hashes(run.summary.replaceAll('&#35;', '#'))).toHaveLength(4);
    }
    const [first, second] = [one, two].map((run) => hashes(messages(run as Checked)[0]));
    expect(first?.filter((hash) => second?.includes(hash))).toHaveLength(1);
  });

  test('redacted tells no more than that they differ', async () => {
    const run = await checked({ file, state: state(2), inputs: { 'show-values': 'redacted' } });
    expect(traceOf(SECRET, run)).toBeUndefined();
    expect(messages(run).map((message) => [hashes(message).length, message.includes('differs')])).toEqual(
      Array.from({ length: 4 }, () => [0, true]),
    );
  });
});

// --- What is no field

/** The answer with a marker as a further field at every level, and a signing secret on each object. */
function salted(value: unknown, path = 'answer'): unknown {
  if (Array.isArray(value)) return value.map((item, index) => salted(item, `${path}.${index}`));
  if (typeof value !== 'object' || value === null) return value;
  // The names of metadata are the user's own: those that the file does not mention have a test of their own.
  if (path.endsWith('.metadata')) return value;
  const fields = Object.entries(value).map(([name, inner]) => [name, salted(inner, `${path}.${name}`)]);
  return {
    ...Object.fromEntries(fields),
    secret: `whsec_SALT${path}`,
    unknown_field: `SALT ${path}`,
    unknown_map: { deep: [{ deeper: `SALT ${path}` }] },
    email: 'SALT@person.example',
  };
}

describe.concurrent('what is no field that can be declared', () => {
  const SALT = /SALT|whsec_/;

  test.each([
    ['that differs, and of the account', `account: acct_1Shop\n${declaredFile}`],
    ['that is not declared', 'version: 1\nwebhooks: {}\nproducts: {}\nprices: {}\n'],
  ])('is nowhere, of what is live %s', async (_, file) => {
    const state = liveSide();
    // Metadata whose names the file does not mention.
    for (const one of state.products) one.metadata = { ...one.metadata, email: 'SALT@person.example' };
    const run = await checked({
      file: file.replace('metadata: {}, images', 'images'),
      state,
      accountReadable: true,
      inputs: { 'show-values': 'full' },
      onRequest: () => ({ kind: 'transform', change: (body) => salted(body) }),
    });
    expect(run.outputs.status).toBe('drift');
    expect(traceOf(SALT, run)).toBeUndefined();
  });

  test.each([[[400, 401, 403]], [[404, 429, 500]]])('is nowhere, of answers of status %j', async (statuses) => {
    const error = { type: 'invalid_request_error', message: 'No.', param: 'SALT', doc_url: 'https://SALT.example/' };
    const body = salted({ error: { ...error, request_log_url: 'https://dashboard.stripe.com/SALT', code: 'SALT' } });
    const headers = { 'stripe-should-retry': 'false', 'x-salt': 'SALT' };
    const run = await checked({
      onRequest: ({ path }) => {
        const status = statuses[['/v1/webhook_endpoints', '/v1/products', '/v1/prices'].indexOf(path)] ?? 0;
        return { status, body: body as object, headers };
      },
    });
    expect(run.outputs.status).toBe('error');
    expect(traceOf(SALT, run)).toBeUndefined();
  });
});
