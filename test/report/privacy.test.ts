/** What may be shown: the key, what is not declared, live values, tokens in URLs, signing secrets, and all that is no declared field. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type Check, check } from '../../src/check/check.ts';
import { type Showing, shown } from '../../src/report/privacy.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { night, pullRequest, tellStory } from '../github-run.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import { everyOutlet } from '../outlets.ts';
import { type ActionRun, type ActionStep, cleanUp, node24, repository, runAction, runCli } from '../runner.ts';
import { runs } from '../runs.ts';
import { type Fault, liveKey, type StripeRequest, type StripeState, startStripe } from '../servers/stripe.ts';
import { asReport, madeUpKey, type ReportJson, shop, shopFile, tracesOf } from '../shop/shop.ts';
import { snapshotOf } from '../shop/snapshot.ts';

afterAll(cleanUp);
fc.configureGlobal({ interruptAfterTimeLimit: 100_000, seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) });

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
const bundle = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url));

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
    const says = /NODE_DEBUG makes Node\.js print its requests \([a-z, ]+\).*Unset NODE_DEBUG/s;
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

// --- The key: test/stripe/faults.test.ts looks for it on every path, and here it is told back by what stands between

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
// Amounts as Stripe counts them and as people read them: 777 alone may stand in a time.
const HUSH = /hush|initech|initrode|Deal\d|7770(?:0|\.0)[123]|_Old(?!\*)/i;

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
    for (const words of ['2 webhook endpoints are enabled', '23 products are active', '3 prices are active']) {
      expect(said).toContain(words);
    }
    const unmanaged = run.report.findings.filter(({ problem }) => problem === 'unmanaged');
    expect(unmanaged.map((finding) => [finding.section, Reflect.get(finding, 'count')])).toEqual([
      ['webhooks', 2],
      ['products', 23],
      ['prices', 3],
    ]);
    for (const name of ['id', 'url', 'label']) expect(unmanaged.map((one) => name in one)).not.toContain(true);
    expect(run.summary).toMatch(/\| \*\*products\*\* \| \*\*23\*\* \|.*\| 2 of 2 \|/);
    for (const outlet of [run.summary, run.stdout]) expect(outlet).toMatch(/23 \((not shown|hidden by show-values)\)/);
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

  test.each(['resource_missing', 'parameter_invalid'])(
    'is not named where the list can not be read beyond it (%s)',
    async (code) => {
      const run = await checked({
        file: dealsFile,
        state: withDeals(),
        repo: REPOSITORIES.public,
        onRequest({ path, query }) {
          if (path !== '/v1/products') return undefined;
          const cursor = query.get('starting_after');
          if (cursor === null) return { kind: 'transform', change: (body) => ({ ...body, has_more: true }) };
          const message = `No such product: '${cursor}'; it may be gone.`;
          return {
            status: 400,
            body: { error: { type: 'invalid_request_error', code, param: 'starting_after', message } },
          };
        },
      });
      expect(run.outputs.status).toBe('incomplete');
      expect(run.text).toContain("No such product: '…'; it may be gone.");
      expect(traceOf(HUSH, run)).toBeUndefined();
    },
  );

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

// --- The command line in a workflow, whose log anyone may be able to read

describe.concurrent('the command line', () => {
  const FORMATS = ['terminal', 'json', 'markdown', 'github', 'sarif'];
  /** A directory as a step of a workflow finds it, with the environment that the runner gives; without a payload, no workflow. */
  function step(payload: object | null | 'unreadable', files: Readonly<Record<string, string>> = {}) {
    const cwd = repository({ 'stripe-config.yaml': dealsFile, 'live.json': snapshotOf(withDeals()), ...files });
    const event = join(cwd, '.git', 'event.json');
    if (payload !== null && payload !== 'unreadable') writeFileSync(event, JSON.stringify(payload));
    return { cwd, env: payload === null ? {} : { GITHUB_ACTIONS: 'true', GITHUB_EVENT_PATH: event } };
  }

  /** What a check printed and wrote; the file of the snapshot, which holds everything, is none of it. */
  async function printed(where: ReturnType<typeof step>, ...args: string[]): Promise<{ text: string }> {
    const { stdout, stderr, exitCode } = await runCli(
      ['check', '--live', 'live.json', '--report-file', 'report.json', ...args],
      where,
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    return { text: readable(`${stdout}${readFileSync(join(where.cwd, 'report.json'), 'utf8')}`) };
  }

  const open = { repository: REPOSITORIES.public };
  const shut = { repository: REPOSITORIES.private };

  test.each(FORMATS)(
    'names nothing that is not declared as %s, in the workflow of a public repository',
    async (format) => {
      const { text } = await printed(step(open), '--format', format);
      expect(text).toContain('23 products are ');
      expect(traceOf(HUSH, { text })).toBeUndefined();
    },
  );

  test.each([
    ['hides', 'the workflow of a repository whose visibility is not told', {}, []],
    ['hides', 'a workflow whose event can not be read', 'unreadable', []],
    ['hides', 'the workflow of a private repository that is redacted', shut, ['--show-values', 'redacted']],
    ['hides', 'no workflow, where that is asked for', null, ['--show-values', 'auto']],
    ['names', 'no workflow', null, []],
    ['names', 'the workflow of a private repository', shut, []],
    ['names', 'a public workflow that asks for everything', open, ['--show-values', 'full']],
  ] as const)('%s what is not declared in %s', async (does, _where, payload, args) => {
    const { text } = await printed(step(payload), '--format', 'json', ...args);
    expect(traceOf(HUSH, { text }) !== undefined).toBe(does === 'names');
  });

  test('hides in a public workflow what --output writes, and what a change resolves of it', async () => {
    const before = `version: 1\nproducts:\n  pro: { id: prod_Deal1, name: Before }\n  free: { id: prod_free, default_price: null }\nprices: {}\n`;
    const where = step(open, { 'before.yaml': before });
    await printed(where, '--base', 'before.yaml', '--format', 'markdown', '--output', 'out.md');
    const text = readFileSync(join(where.cwd, 'out.md'), 'utf8');
    expect(text).toContain('22 (hidden by show-values)');
    expect(text).toContain('the file said not set, Stripe has a price that the file does not declare.');
    expect(traceOf(HUSH, { text })).toBeUndefined();
  });

  test.each(['snapshot', 'snapshot stripe-config.yaml', 'export --output -'])(
    '%s writes nothing into the log of a public workflow, and says where to',
    async (line) => {
      const server = await startStripe({ state: withDeals() });
      try {
        const args = line.split(' ');
        const keys = { STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url };
        const [shown, private_] = await Promise.all(
          [open, shut].map((payload) => {
            const where = step(payload);
            return runCli(args, { ...where, env: { ...where.env, ...keys } });
          }),
        );
        expect(shown).toMatchObject({ exitCode: 1, stdout: '' });
        expect(shown?.stderr).toBe(
          `${args[0]} would print what is live into the log of this workflow, which anyone can read: the repository is public, or not known to be private.\nGive --output FILE.\n`,
        );
        expect(private_).toMatchObject({ exitCode: 0 });
        expect(private_?.stdout).toMatch(HUSH);
      } finally {
        await server.close();
      }
    },
  );

  test.each([
    ['snapshot --output snapshot.json', /^Wrote 4 webhook endpoints, .* to snapshot\.json\.\n$/],
    ['snapshot > snapshot.json', /^$/],
    ['export --force', /^Wrote \d+ entries to stripe-config\.yaml: 4 webhook endpoints, /],
    ['export --merge', /^Brought stripe-config\.yaml up to date\.\n {2}29 added\n/],
  ])('%s writes the file in a public workflow, and names nothing of it in the log', async (line, said) => {
    const state = withDeals();
    const [hook] = state.webhook_endpoints.slice(-1);
    const token = webhookEndpoint({ ...hook, id: 'we_Deal3', url: 'https://initech.example/hook?token=t' } as never);
    const server = await startStripe({ state: { ...state, webhook_endpoints: [...state.webhook_endpoints, token] } });
    try {
      const where = step(open);
      const keys = { STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url, PATH: process.env.PATH };
      const run = (command: string) =>
        promisify(execFile)('bash', ['--norc', '-c', `"${node24}" "${bundle}" ${command}`], {
          cwd: where.cwd,
          env: { ...where.env, ...keys },
        });
      const { stdout, stderr } = await run(line);
      expect(stdout).toBe('');
      expect(stderr).toMatch(said);
      expect(traceOf(HUSH, { text: stderr })).toBeUndefined();
      const file = line.startsWith('snapshot') ? 'snapshot.json' : 'stripe-config.yaml';
      expect(readFileSync(join(where.cwd, file), 'utf8')).toMatch(HUSH);
    } finally {
      await server.close();
    }
  });
});

describe('an object that is not declared', () => {
  const file = `version: 1
products:
  free: { id: prod_free, default_price: basic }
  odd: { id: prod_odd, default_price: null }
  known: { id: prod_known, default_price: { id: price_gone } }
prices:
  basic: { lookup_key: basic, product: free }
`;
  const state = {
    products: [
      product({ id: 'prod_free', default_price: 'price_Deal1' }),
      product({ id: 'prod_odd', default_price: 'price_Deal1' }),
      product({ id: 'prod_known', default_price: 'price_basic' }),
      product({ id: 'prod_Deal1', name: 'Hush' }),
    ],
    prices: [
      price({ id: 'price_basic', lookup_key: 'basic', product: 'prod_Deal1' }),
      price({ id: 'price_Deal1', nickname: 'Hush' }),
    ],
  };

  test('is not named by a declared one that refers to it, in a public repository', async () => {
    const run = await checked({ file, state, repo: REPOSITORIES.public });
    expect(traceOf(HUSH, run)).toBeUndefined();
    const messages = run.report.findings.flatMap(({ message, problem }) => (problem === 'changed' ? message : []));
    expect(messages).toEqual([
      'products.free default_price: file price_basic (basic), Stripe a price that the file does not declare (prod_free).',
      'products.odd default_price: not set in the file, Stripe a price that the file does not declare (prod_odd).',
      'products.known default_price: file price_gone, Stripe price_basic (basic) (prod_known).',
      'prices.basic product: file prod_free (free), Stripe a product that the file does not declare (price_basic).',
    ]);
    const free = run.report.findings.find(({ name }) => name === 'free');
    expect(free?.changes).toEqual([{ path: [], expected: 'price_basic', actual: 'differs', hidden: 'undeclared' }]);
    expect(Reflect.get(free ?? {}, 'fix')).toMatchObject({
      accept: [
        {
          words: 'If Stripe is right, in the file: change `default_price` to what Stripe has, which is not shown here.',
          yaml: null,
        },
      ],
      // The price that it names is another product's, and has to be made anew first.
      restore: { commands: [], words: expect.stringContaining('do that first') },
    });
    expect(run.summary).toContain('[*a price that the file does not declare*](');
    expect(run.stdout).toMatch(/Stripe +a price that the file does not declare/);
  });

  test('is named there where everything may be shown', async () => {
    const run = await checked({ file, state, repo: REPOSITORIES.public, inputs: { 'show-values': 'full' } });
    expect(run.text).toContain('default_price: file price_basic (basic), Stripe price_Deal1');
  });

  /** Few names and keys, so that entries compete for objects; ids and labels that nothing else holds. */
  const serial = fc.nat({ max: 3 });
  const live = fc.record({
    products: fc.array(
      fc.record({ name: serial, active: fc.boolean(), default_price: fc.option(serial), description: serial }),
      { maxLength: 4 },
    ),
    prices: fc.array(fc.record({ lookup_key: serial, active: fc.boolean(), nickname: serial, product: serial }), {
      maxLength: 4,
    }),
    webhooks: fc.array(fc.record({ url: serial, token: serial, description: serial }), { maxLength: 4 }),
  });
  const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
  const reference = (kind: string) =>
    fc.oneof(
      serial.map((n) => `${kind}s${n}`),
      serial.map((n) => ({ id: `${kind}_id${n}` })),
      fc.constant(null),
    );
  const declares = fc.record({
    products: fc.array(
      fc.record({
        id: optional(serial.map((n) => `product_id${n}`)),
        name: serial.map((n) => `productname${n}`),
        default_price: optional(reference('price')),
        description: fc.constantFrom(undefined, 'Ours'),
      }),
      { maxLength: 3 },
    ),
    prices: fc.array(
      fc.record({
        id: optional(serial.map((n) => `price_id${n}`)),
        lookup_key: serial.map((n) => `pricekey${n}`),
        product: optional(reference('product').filter((value) => value !== null)),
        match: fc.constantFrom(undefined, undefined, 'nickname'),
        nickname: optional(serial.map((n) => `pricenick${n}`)),
      }),
      { maxLength: 3 },
    ),
    webhooks: fc.array(
      fc.record({
        id: optional(serial.map((n) => `we_id${n}`)),
        url: serial.map((n) => `https://hook${n}.example.com/?token=t`),
        description: fc.constantFrom(undefined, 'Ours'),
      }),
      { maxLength: 3 },
    ),
  });
  type Declares = typeof declares extends fc.Arbitrary<infer T> ? T : never;
  type Live = typeof live extends fc.Arbitrary<infer T> ? T : never;

  function fileOf(stated: Declares): string {
    const sections = Object.entries(stated).map(([section, entries]) => [
      section,
      Object.fromEntries(entries.map((entry, n) => [`${section}${n}`, entry])),
    ]);
    return JSON.stringify({ version: 1, ...Object.fromEntries(sections) });
  }

  function sectionsOf({ products, prices, webhooks }: Live) {
    return {
      products: products.map((one, n) =>
        product({
          id: `product_id${n}`,
          name: `productname${one.name}`,
          active: one.active,
          default_price: one.default_price === null ? null : `price_id${one.default_price}`,
          description: `productwords${one.description}`,
        }),
      ),
      prices: prices.map((one, n) =>
        price({
          id: `price_id${n}`,
          lookup_key: `pricekey${one.lookup_key}`,
          active: one.active,
          nickname: `pricenick${one.nickname}`,
          product: `product_id${one.product}`,
        }),
      ),
      webhooks: webhooks.map((one, n) =>
        webhookEndpoint({
          id: `we_id${n}`,
          url: `https://hook${one.url}.example.com/?token=${one.token}`,
          description: `hookwords${one.description}`,
        }),
      ),
    };
  }

  /** Whether an entry of the file means an object: by its id, else by what it may be found by. */
  function isMeant(stated: Declares, section: keyof Declares, one: { readonly id: string }): boolean {
    return stated[section].some((entry) => {
      const { id, match, ...rest } = entry as { id?: string; match?: string; [field: string]: unknown };
      if (id === one.id) return true;
      const by = match ?? { products: 'name', prices: 'lookup_key', webhooks: 'url' }[section];
      const plain = (value: unknown) => String(value).replace(/\?.*/, '');
      return match === undefined && id !== undefined ? id === one.id : plain(rest[by]) === plain(Reflect.get(one, by));
    });
  }

  test('is in no outlet of a public repository, whatever the account and the file, before a change and after', async () => {
    let hidden = 0;
    await fc.assert(
      fc.asyncProperty(live, declares, fc.option(declares), async (account, stated, before) => {
        const sections = sectionsOf(account);
        const text = fileOf(stated);
        const past = before === null ? null : fileOf(before);
        const found = await check({
          sources: [{ file: 'stripe-config.yaml', text }],
          environment: null,
          failOn: 'error',
          commit: null,
          live: new SnapshotLive(JSON.stringify({ schema: 1, mode: 'live', account: null, sections }), 'live.json'),
          base: async () =>
            past === null ? null : { name: 'before.yaml', sources: [{ file: 'before.yaml', text: past }] },
        });
        fc.pre(found.compared);
        const said = everyOutlet(shown(found, 'declared'));
        const strangers = (Object.keys(sections) as (keyof Declares)[]).flatMap((section) =>
          sections[section].filter((one) => !isMeant(stated, section, one)),
        );
        const labels = ['id', 'name', 'nickname', 'lookup_key', 'description', 'url'];
        const secrets = strangers
          .flatMap((one) => labels.flatMap((label) => Reflect.get(one, label) ?? []))
          .map((label) => String(label).replace(/^https:..|\?.*/g, ''))
          // What looks renamed is told by its id, and nothing else of it.
          .filter((label) => !found.findings.some((one) => 'renamed' in one && one.id === label))
          // A declared object may have the same label, which is then shown of that one.
          .filter((label) => ![text, past ?? ''].some((known) => known.includes(label)))
          .filter((label) => !meantText(sections, stated).includes(label));
        hidden += secrets.length;
        expect(secrets.filter((label) => said.includes(label))).toEqual([]);
      }),
      runs(50),
    );
    expect(hidden).toBeGreaterThan(0);
  });

  /** What is live of the objects that the file means, but for the objects to which they refer. */
  function meantText(sections: ReturnType<typeof sectionsOf>, stated: Declares): string {
    const all = (Object.keys(sections) as (keyof Declares)[]).flatMap((section) =>
      sections[section].filter((one) => isMeant(stated, section, one)),
    );
    return JSON.stringify(all.map((one) => ({ ...one, product: null, default_price: null })));
  }
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
  silent: { id: price_2, currency: usd, unit_amount: 1000, type: recurring }
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
    expect(run.text).toMatch(/name: file File, Stripe differs/);
    const changes = run.report.findings.flatMap(({ changes: all = [] }) => all);
    expect(changes.length).toBeGreaterThanOrEqual(30);
    for (const { actual } of changes) expect([undefined, 'differs']).toContain(actual);
    const sides = changes.map(({ expected }) => expected);
    expect(sides).toEqual(expect.arrayContaining(['File', 'file', '1000', 'usd', 'invoice.paid']));

    const keys = (of: Checked) => of.report.findings.map(({ section, name, field, at }) => [section, name, field, at]);
    expect(keys(run)).toEqual(keys(full));
    expect(run.report.counts).toEqual(full.report.counts);
    const { fingerprint } = run.outputs;
    // That of what is shown here, which is another than that of everything.
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint).not.toBe(full.outputs.fingerprint);
    expect(run.outputs).toEqual({ ...full.outputs, 'report-path': run.outputs['report-path'], fingerprint });
  });

  test('nothing is told by the way, and nothing false is said', async () => {
    const run = await redacted(
      `version: 1
products:
  active: { id: prod_1, active: false }
prices:
  foreign: { id: price_1, currency: usd, unit_amount: 1000, type: recurring }
  recurs: { id: price_2, recurring: null }
`,
      {
        products: [product({ id: 'prod_1' })],
        prices: [price({ id: 'price_1', currency: 'sek', unit_amount: 31337 }), price({ id: 'price_2' })],
      },
    );
    expect(run.outputs.changed).toBe('4');
    expect(run.text).not.toMatch(/\bsek\b/i);
    expect(run.text).not.toMatch(/is archived in Stripe|(?<!Afterwards it )can no longer be sold|one-time in Stripe/);
    expect(run.summary).not.toMatch(/one-time\*? \[open\]/);
  });

  test('the command line hides the same', async () => {
    const cwd = repository({ 'stripe-config.yaml': declaredFile, 'live.json': snapshotOf(liveSide(), null) });
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
  listed: { id: prod_1, images: ['${url(1)}'], description: 'See ${url(1)} now' }
`;
  const state = (token: number): Partial<StripeState> => ({
    webhook_endpoints: [
      webhookEndpoint({ id: 'we_1', url: url(token) }),
      webhookEndpoint({ id: 'we_2', url: 'https://u:pw-secret-2@h.example.com/' }),
      webhookEndpoint({ id: 'we_3', url: 'https://h.example.com/a?token=tok-secret-1' }),
    ],
    products: [product({ id: 'prod_1', images: [url(token)], description: `See ${url(token)} now` })],
  });
  const messages = ({ kept }: Checked) => kept.slice(0, 5).map(({ message }) => message.split('\n')[0]);
  const only = (entry: string, field: string, text: string, id: string) =>
    `${entry} ${field}: file "${text}", Stripe "${text}" (only the hidden part differs, a password or a query value) (${id}).`;

  test('that is said in words, without a hash', async () => {
    const run = await checked({ file, state: state(2) });
    expect(run.outputs).toMatchObject({ status: 'drift', changed: '5' });
    expect(traceOf(SECRET, run)).toBeUndefined();
    expect(traceOf(/#[0-9a-f]{6,}/, { text: run.text.replaceAll(/classDef.*/g, '') })).toBeUndefined();
    expect(messages(run)).toEqual([
      only('webhooks.token', 'url', 'https://h.example.com/?token=…', 'we_1'),
      only('webhooks.password', 'url', 'https://…@h.example.com/', 'we_2'),
      'webhooks.more url: file "https://h.example.com/?token=…", Stripe "https://h.example.com/[a]?token=…" (we_3).',
      only('products.listed', 'images[0]', 'https://h.example.com/?token=…', 'prod_1'),
      only('products.listed', 'description', 'See https://h.example.com/?token=… now', 'prod_1'),
    ]);
    const shown = 'https://h.example.com/?token=…';
    expect(run.report.findings[0]?.changes).toEqual([{ path: [], expected: shown, actual: shown, hidden: 'part' }]);
    expect(run.summary).toMatch(/`url` \| `\S+…@\S+` \| \[`\S+…@\S+` \(only the hidden part differs, /);
    expect(run.stdout).toMatch(/Stripe +"https:\S+token=…" \(only the hidden part differs/);
  });

  test('another token changes nothing that is written, and redacted tells no more than that they differ', async () => {
    const [one, two, hidden] = await Promise.all([
      checked({ file, state: state(2) }),
      checked({ file, state: state(3) }),
      checked({ file, state: state(2), inputs: { 'show-values': 'redacted' } }),
    ]);
    expect(two.summary.replaceAll(TIMES, '')).toBe(one.summary.replaceAll(TIMES, ''));
    expect(two.outputs.fingerprint).toBe(one.outputs.fingerprint);
    expect(traceOf(SECRET, hidden)).toBeUndefined();
    for (const message of messages(hidden)) expect(message).toMatch(/: file .*, Stripe differs/);
  });
});

// --- What is hidden is hidden from whoever tries every value it may have

/** A file, the file before it, and what is live, where all that may be hidden is made from one number. */
function guessed(n: number) {
  const file = `version: 1
webhooks:
  hook: { id: we_1, url: 'https://me:guess@h.example.com/?token=guess', enabled_events: [invoice.paid] }
products:
  pro: { id: prod_1, name: Pro, default_price: pro }
prices:
  pro: { lookup_key: pro, nickname: Pro, product: pro, currency: usd, unit_amount: 10000, type: one_time, metadata: { deal: none } }
ignore: [{ products: prod_Deal*, reason: deals }]
`;
  const before = `version: 1
webhooks:
  hook: { id: we_1, url: 'https://me:guess@h.example.com/?token=guess', enabled_events: [invoice.paid, charge.failed] }
products:
  pro: { id: prod_Before, name: Before, default_price: { id: price_before } }
  gone: { id: prod_Gone, name: Gone }
prices: {}
`;
  return {
    file,
    before,
    /** Another token is hidden from everybody. */
    tokens: {
      webhooks: [
        webhookEndpoint({
          id: 'we_1',
          url: `https://me:${n}@h.example.com/?token=${n}`,
          enabled_events: ['invoice.paid'],
        }),
      ],
    },
    /** What is not declared: objects, and that declared ones refer to them. */
    strangers: {
      webhooks: [webhookEndpoint({ id: `we_x${n}`, url: `https://h.example.com/${n}` })],
      products: [
        product({ id: 'prod_1', name: 'Pro', default_price: `price_x${n}` }),
        product({ id: `prod_x${n}`, name: `Deal ${n}` }),
        product({ id: `prod_Deal${n}`, name: `Deal ${n}` }),
        product({ id: 'prod_Before', name: `Deal ${n}`, default_price: `price_x${n}` }),
        product({ id: 'prod_Gone', name: `Deal ${n}` }),
      ],
      prices: [
        price({ id: 'price_1', lookup_key: 'pro', nickname: 'Deal', product: `prod_x${n}`, unit_amount: 1 }),
        price({ id: `price_x${n}`, lookup_key: `deal_${n}`, nickname: `Deal ${n}`, unit_amount: n }),
      ],
    },
    /** Values of what is declared. */
    values: {
      webhooks: [
        webhookEndpoint({
          id: 'we_1',
          url: `https://h.example.com/${n}`,
          enabled_events: [`charge.made_up_${n}`, `source.made_up_${(n * 7919) % 10_000}`] as never,
        }),
      ],
      prices: [
        price({
          id: 'price_1',
          lookup_key: 'pro',
          nickname: `Deal ${n}`,
          unit_amount: n,
          metadata: { deal: String(n) },
        }),
      ],
    },
  };
}

/** What is hidden under each `show-values`, as a live side. */
const HIDDEN = {
  full: (n: number) => guessed(n).tokens,
  declared: (n: number) => ({ ...guessed(n).strangers, webhooks: guessed(n).tokens.webhooks }),
  redacted: (n: number) => ({ ...guessed(n).strangers, ...guessed(n).values }),
} as const;

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

const TIMES = /\b\d+ ms\b|\b\d+\.\d s\b|\d{4}-\d\d-\d\dT[\d:.]+Z|"durationMs": \d+/g;

describe('what is hidden', () => {
  const { file, before } = guessed(0);
  const base = async () => ({ name: 'before.yaml', sources: [{ file: 'before.yaml', text: before }] });

  async function written(text: string, sections: object, showing: Showing, more: Partial<Check> = {}): Promise<string> {
    const found = await check({
      sources: [{ file: 'stripe-config.yaml', text }],
      environment: null,
      failOn: 'error',
      commit: null,
      live: new SnapshotLive(JSON.stringify({ schema: 1, mode: 'live', account: null, sections }), 'live.json'),
      ...more,
    });
    return everyOutlet(shown(found, showing));
  }

  /** The guesses for which another text is written than for 0. */
  async function telling(guesses: readonly number[], write: (n: number) => Promise<string>): Promise<number[]> {
    const one = await write(0);
    expect(one).toContain('"problem":"changed"');
    const others: number[] = [];
    for (const n of guesses) if ((await write(n)) !== one) others.push(n);
    return others;
  }

  test('redacted, an amount is in no byte of any outlet: all guesses give the same', async () => {
    const declared =
      'version: 1\nprices: { pro: { id: price_1, unit_amount: 10000, currency: usd, type: one_time } }\n';
    const write = (n: number) => written(declared, { prices: [price({ id: 'price_1', unit_amount: n })] }, 'redacted');
    // All small amounts, those around the declared one, some of every size, and multiples of it.
    const near = upTo(20).map((n) => 9990 + n);
    const sizes = upTo(15).flatMap((digits) => [10 ** digits - 1, 10 ** digits, 7 * 10 ** digits]);
    const guesses = [...upTo(200), ...upTo(270).map((n) => 37 * n), ...near, ...sizes];
    expect(
      await telling(
        guesses.filter((n) => n !== 10_000),
        write,
      ),
    ).toEqual([]);
  });

  test.each(['full', 'declared', 'redacted'] as const)('with %s nothing hidden is in any outlet', async (showing) => {
    const write = (n: number) => written(file, { products: [], prices: [], ...HIDDEN[showing](n) }, showing, { base });
    expect(await telling(upTo(150), write)).toEqual([]);
  });

  /** A run of the Action in a public repository, with all that it writes. */
  async function published(n: number, event: NonNullable<ActionStep['event']>): Promise<string> {
    const { webhooks: webhook_endpoints, products, prices } = HIDDEN.redacted(n);
    let text = '';
    await tellStory({}, {}, async (github, run) => {
      const ended = await run({
        file,
        state: { webhook_endpoints, products, prices },
        inputs: {
          'show-values': 'redacted',
          comment: 'always',
          issue: 'true',
          'sarif-file': 'found.sarif',
        },
        event: { ...event, payload: { ...event.payload, repository: REPOSITORIES.public } },
        day: '2026-11-01',
      });
      const { stdout, stderr, summary, outputs, workspace, temp } = ended;
      const files = [outputs['report-path'], outputs['sarif-path']].map((path) => readFileSync(path ?? '', 'utf8'));
      const made = [github.issues, github.comments].map((list) => JSON.stringify(list));
      const all = [stdout, stderr, summary, JSON.stringify(outputs), ...files, ...made].join('\n');
      text = all.replaceAll(workspace, 'WORKSPACE').replaceAll(temp, 'TEMP').replaceAll(TIMES, 'TIME');
    });
    return text;
  }

  test.each([
    ['a pull request', pullRequest()],
    ['a night', night],
  ])('is in nothing that the Action writes on %s', async (_what, event) => {
    const [one, two] = await Promise.all([published(31, event), published(4077, event)]);
    expect(one).toContain('Stripe differs');
    expect(one).toMatch(/"body":"<!-- stripe-config-check/);
    expect(two).toBe(one);
  });

  test.each(['terminal', 'json', 'markdown', 'github', 'sarif'])(
    'is in nothing that the command line writes as %s, which has the fingerprint of all formats',
    async (format) => {
      const [one, two] = await Promise.all(
        [31, 4077].map(async (n) => {
          const live = { schema: 1, mode: 'live', account: null, sections: HIDDEN.redacted(n) };
          const cwd = repository({ 'stripe-config.yaml': file, 'live.json': JSON.stringify(live) });
          const args = ['check', '--live', 'live.json', '--show-values', 'redacted', '--format', format];
          const { stdout, exitCode } = await runCli([...args, '--report-file', 'report.json'], { cwd });
          expect(exitCode).toBe(2);
          return [stdout, readFileSync(join(cwd, 'report.json'), 'utf8')].map((text) => text.replaceAll(TIMES, 'TIME'));
        }),
      );
      expect(two).toEqual(one);
    },
  );
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
