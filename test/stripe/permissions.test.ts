/** The command `permissions`: the committed bundle as a process, against a server that refuses in Stripe's words. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { exportedSections } from '../../src/resources/index.ts';
import { kindOf, kinds, SECTIONS } from '../kinds/index.ts';
import { addressOf, type Row } from '../kinds/kind.ts';
import { type CliCall, cleanUp, commandsIn, type ProcessRun, repository, runCli, underDeadline } from '../runner.ts';
import {
  type Fault,
  type Key,
  keyPage,
  liveKey,
  ownAccount,
  type RefusalForm,
  rateLimited,
  refusalForms,
  type StripeOptions,
  type StripeRequest,
  startStripe,
  testKey,
} from '../servers/stripe.ts';
import { madeUpKey, piecesOf, shop, shopFile } from '../shop/shop.ts';

afterAll(cleanUp);

const webhooksFile = `version: 1
webhooks:
  billing: { url: https://shop.example.com/stripe, enabled_events: [invoice.paid] }
`;
const pricesFile = 'version: 1\nprices: {}\n';

const linkTo = (mode: 'live' | 'test', ...slugs: string[]) =>
  `https://dashboard.stripe.com/${mode === 'test' ? 'test/' : ''}apikeys/create?name=stripe-config-check${slugs
    .map((slug) => `&permissions%5B%5D=rak_${slug}`)
    .join('')}`;

/** What the shop's file needs. */
const shopSlugs = ['webhook_read', 'product_read', 'plan_read'];

/** What every section needs, as the tests know it, each permission once; `null` where Stripe documents none. */
interface Needed {
  readonly slug: string | null;
  readonly label: string;
  readonly section: string;
  readonly path: string;
}
const needs: readonly Needed[] = [...kinds].flatMap(([section, { row }], index, all): Needed[] => {
  const { permission, label, path, undocumented = false } = row;
  if (undocumented) return [{ slug: null, label, section, path }];
  const isSame = (other: Row) => !other.undocumented && other.permission === permission;
  const isFirst = all.findIndex(([, { row: other }]) => isSame(other)) === index;
  return isFirst ? [{ slug: permission, label, section, path }] : [];
});
/** The paths of single objects, which take no limit. */
const singlePaths = [...kinds.values()].flatMap(({ row }) => (row.single ? [`/v1/${row.path}`] : []));
const allPaths = [...kinds.values()].map(({ row }) => addressOf(row)).sort();
/** All but what a permission of the shop's file gives besides: nobody asked for that. */
const everyPath = allPaths.filter((path) => path !== '/v2/core/event_destinations');

interface Asked extends ProcessRun {
  readonly requests: readonly StripeRequest[];
  readonly cwd: string;
}

interface Call extends CliCall {
  readonly stripe?: StripeOptions;
  /** What the live key may do; everything where it is not said. */
  readonly key?: Partial<Key>;
  /** `stripe-config.yaml`; null where there is none. */
  readonly file?: string | null;
}

/** Runs `permissions` in a directory with the file, with a key and a Stripe of its own in the environment. */
async function permissions(
  args: readonly string[],
  { stripe = {}, key, file = shopFile, env = {}, ...call }: Call = {},
): Promise<Asked> {
  const keys = { [liveKey]: { mode: 'live' as const, ...key }, [testKey]: { mode: 'test' as const, ...key } };
  const server = await startStripe({ state: shop(), keys, ...stripe });
  const cwd = call.cwd ?? repository(file === null ? {} : { 'stripe-config.yaml': file });
  try {
    const run = await runCli(['permissions', ...args], {
      ...call,
      cwd,
      env: { STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url, ...env },
    });
    return { ...run, requests: [...server.requests], cwd };
  } finally {
    await server.close();
  }
}

/** The report as JSON, as far as these tests look at it. */
interface PermissionsJson {
  readonly status: string;
  readonly files: readonly string[];
  readonly sections: readonly string[];
  readonly permissions: readonly {
    readonly slug: string | null;
    readonly label: string | null;
    readonly sections: readonly string[];
    readonly requests: readonly string[];
    readonly status?: string;
    readonly reason?: string;
    readonly remedy?: string;
    readonly named?: readonly string[];
    readonly edit?: string | null;
  }[];
  readonly links: { readonly live: string; readonly test: string };
  readonly key: {
    readonly kind: string;
    readonly mode: string;
    readonly account: string | null;
    readonly connected: string | null;
    readonly beyond: readonly { readonly slug: string | null; readonly status: string }[] | null;
  } | null;
  readonly notes: readonly string[];
}

function json({ stdout }: ProcessRun): PermissionsJson {
  return JSON.parse(stdout) as PermissionsJson;
}

const linksIn = (printed: string) => printed.match(/https:\/\/dashboard\.stripe\.com\/\S+/g) ?? [];
/** The page that opens the key for editing, where a refusal of this form names it. */
const pageIn = (form: RefusalForm, mode: 'live' | 'test' = 'live') => (form === 'older' ? [] : [keyPage(mode)]);
const asked = ({ requests }: Asked) => requests.map(({ path }) => path).sort();

/** Where `--check` asks about these permissions: at each kind of object that one lets a key read. */
function pathsOf(slugs: readonly string[]): string[] {
  return [...kinds.values()].flatMap(({ row }) => (slugs.includes(row.permission) ? [addressOf(row)] : [])).sort();
}

describe.concurrent('the permissions that a file needs', () => {
  test('are one for a file with only webhooks, with one link for each mode', async () => {
    const run = await permissions([], { file: webhooksFile, env: { STRIPE_API_KEY: undefined } });
    expect(run).toMatchObject({ exitCode: 0, stderr: '', requests: [] });
    expect(run.stdout).toMatch(/^A key for stripe-config\.yaml needs 1 permission\n/);
    expect(run.stdout).toContain('  Webhook Endpoints: Read  rak_webhook_read\n');
    expect(run.stdout).toContain('    webhooks: GET /v1/webhook_endpoints, GET /v1/webhook_endpoints/ID\n');
    expect(run.stdout.match(/rak_\w+$/gm)).toEqual(Array(3).fill('rak_webhook_read'));
    const lines = run.stdout.split('\n');
    expect(lines).toContain(linkTo('live', 'webhook_read'));
    expect(lines).toContain(linkTo('test', 'webhook_read'));
    expect(linksIn(run.stdout)).toHaveLength(2);
  });

  test('are those of every section that it declares, in whatever environment', async () => {
    const file = `${pricesFile}environments:\n  test: { webhooks: { billing: { url: https://test.example.com/ } } }\n`;
    const run = await permissions(['--format', 'json'], { file });
    expect(json(run)).toMatchObject({
      status: 'listed',
      files: ['stripe-config.yaml'],
      sections: ['webhooks', 'prices'],
      permissions: [
        { slug: 'rak_webhook_read', label: 'Webhook Endpoints', access: 'read', sections: ['webhooks'] },
        { slug: 'rak_plan_read', label: 'Prices', requests: ['GET /v1/prices', 'GET /v1/prices/ID'] },
      ],
      links: { live: linkTo('live', 'webhook_read', 'plan_read'), test: linkTo('test', 'webhook_read', 'plan_read') },
      key: null,
    });
  });

  test('are those of several files together, and of standard input', async () => {
    const cwd = repository({ 'stripe/one.yaml': webhooksFile, 'stripe/two.yaml': pricesFile });
    const run = await permissions(['stripe/*.yaml'], { cwd });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/^A key for stripe\/one\.yaml and stripe\/two\.yaml needs 2 permissions\n/);
    expect(linksIn(run.stdout)[0]).toBe(linkTo('live', 'webhook_read', 'plan_read'));
    const piped = await permissions(['-'], { file: null, stdin: pricesFile });
    expect(piped.exitCode).toBe(0);
    expect(linksIn(piped.stdout)[0]).toBe(linkTo('live', 'plan_read'));
  });

  test('are those that export needs where there is no file', async () => {
    const run = await permissions([], { file: null });
    expect(run).toMatchObject({ exitCode: 0, stderr: '', requests: [] });
    const [head, note] = run.stdout.split('\n');
    const slugs = [...new Set(exportedSections.map((section) => kindOf(section).row.permission))];
    expect(head).toBe(`A key for export needs ${slugs.length} permissions`);
    expect(note).toMatch(/^note +No stripe-config\.yaml here: export needs these/);
    expect(linksIn(run.stdout)).toEqual([linkTo('live', ...slugs), linkTo('test', ...slugs)]);
  });

  test('are those of the table in the reference', async () => {
    const page = readFileSync(new URL('../../docs/reference.md', import.meta.url), 'utf8');
    const { permissions: needed } = json(await permissions(['--format', 'json', '--sections', SECTIONS.join(',')]));
    expect(needed).toHaveLength(needs.length);
    for (const { slug, label, sections, requests } of needed) {
      const words = label === null ? 'not documented: Stripe names it to a key that lacks it' : `${label}: Read`;
      const cells = [sections, words, slug === null ? [] : [slug], requests].map((cell) =>
        typeof cell === 'string' ? cell : cell.map((word) => `\`${word}\``).join(', '),
      );
      expect(page).toContain(`| ${cells.join(' | ')} |`);
    }
  });

  test('are those of the sections that --sections names, whatever the file', async () => {
    for (const file of [shopFile, 'version: 2', null]) {
      const run = await permissions(['--sections', 'prices, webhooks'], { file });
      expect(run.exitCode).toBe(0);
      expect(run.stdout).toMatch(/^A key for the sections webhooks and prices needs 2 permissions\n/);
      expect(linksIn(run.stdout)[0]).toBe(linkTo('live', 'webhook_read', 'plan_read'));
    }
  });

  test.each([
    [
      'an invalid file',
      [],
      'version: 2\nwebhooks: {}\n',
      /stripe-config\.yaml is invalid on line \d+: .*\n.*check lint shows all/,
    ],
    ['a file that is no YAML', [], 'a: [', /stripe-config\.yaml is invalid on line \d+: .*\n.*check lint shows all/],
    ['a file that is not there', ['gone.yaml'], shopFile, /gone\.yaml does not exist/],
    ['one of two files', ['stripe-config.yaml', 'gone.yaml'], shopFile, /gone\.yaml does not exist/],
    ['a pattern that matches no file', ['none/*.yaml'], shopFile, /matches no file/],
    ['a section that there is not', ['--sections', 'price'], shopFile, /"price".*Did you mean prices\?/],
    ['no section', ['--sections', ','], shopFile, /--sections/],
    ['a file and --sections', ['stripe-config.yaml', '--sections', 'prices'], shopFile, /--sections/],
    ['a format that there is not', ['--format', 'markdown'], shopFile, /markdown/],
  ])('are not told of %s, but what to do', async (_, args, file, words) => {
    for (const more of [[], ['--check']]) {
      const run = await permissions([...args, ...more], { file });
      expect(run).toMatchObject({ exitCode: 1, stdout: '', requests: [] });
      expect(run.stderr).toMatch(words);
      expect(run.stderr).not.toMatch(/\n +at /);
    }
  });

  test('go to the file that --output names', async () => {
    for (const format of ['terminal', 'json']) {
      const run = await permissions(['--format', format, '--output', 'out.txt']);
      expect(run).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
      expect(readFileSync(join(run.cwd, 'out.txt'), 'utf8')).toContain(linkTo('live', ...shopSlugs));
    }
  });

  test('are said of a file with a hostile name without obeying it', async () => {
    const name = '::error::\u001b[2J##[error]\u202e.yaml';
    const cwd = repository({ [name]: shopFile });
    const [terminal, data] = await Promise.all([
      permissions([name], { cwd }),
      permissions([name, '--format', 'json'], { cwd }),
    ]);
    for (const { exitCode, stdout } of [terminal, data]) {
      expect(exitCode).toBe(0);
      expect(commandsIn(stdout)).toEqual([]);
      expect(stdout).not.toContain('\u001b');
    }
    expect(terminal.stdout).toMatch(/^A key for ::error::\\u001b.*\\u202e\.yaml needs 3 permissions\n/);
    expect(json(data).files).toEqual([name]);
  });
});

describe.concurrent('--check', () => {
  test('tells that the key has all, by one request for one object each', async () => {
    const run = await permissions(['--check'], { key: { permissions: shopSlugs } });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(
      /^✓ The key has all 3 permissions that stripe-config\.yaml needs\nrestricted key · live mode( · account \w+)?\n/,
    );
    expect(run.stdout.match(/^ {2}✓ .*rak_\w+$/gm)).toHaveLength(3);
    expect(asked(run)).toEqual(everyPath);
    for (const { method, path, query } of run.requests)
      expect([method, singlePaths.includes(path) ? '1' : query.get('limit')]).toEqual(['GET', '1']);
    expect(linksIn(run.stdout)).toEqual([]);
  });

  test('says in one line what reading can not tell', async () => {
    const run = await permissions(['--check']);
    expect(run.stdout.match(/^.*can't show whether.*$/gm)).toEqual([expect.stringContaining('write')]);
  });

  test.each(refusalForms)('tells which permission the key lacks, with the links that add it: %s', async (refusals) => {
    const call: Call = { key: { permissions: ['webhook_read', 'product_read'] }, stripe: { refusals } };
    const run = await permissions(['--check'], call);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toMatch(/^✗ The key lacks 1 of the 3 permissions that stripe-config\.yaml needs\n/);
    expect(run.stdout).toMatch(/^ {2}✗ Prices: Read +rak_plan_read$/m);
    expect(run.stdout).toMatch(/^ {2}✓ Products: Read +rak_product_read$/m);
    expect(run.stdout).not.toContain('Stripe names');
    const links = [...pageIn(refusals), linkTo('live', ...shopSlugs)];
    expect(linksIn(run.stdout)).toEqual(links);
    for (const link of links) expect(run.stdout.split('\n')).toContain(link);
    const [lacking, ...others] = json(await permissions(['--check', '--format', 'json'], call)).permissions.filter(
      ({ status }) => status === 'lacking',
    );
    expect(others).toEqual([]);
    expect(lacking).toMatchObject({ slug: 'rak_plan_read', named: [], edit: pageIn(refusals)[0] ?? null });
  });

  test.each(refusalForms)('gives a test key the links of test mode: %s', async (refusals) => {
    const run = await permissions(['--check'], {
      key: { permissions: [] },
      stripe: { refusals },
      env: { STRIPE_API_KEY: testKey },
    });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain(`restricted key · test mode · account ${ownAccount}\n`);
    expect(linksIn(run.stdout)).toEqual([...pageIn(refusals, 'test'), linkTo('test', ...shopSlugs)]);
  });

  test.each(refusalForms)(
    'names the account where Stripe does, and asks for nothing to learn it: %s',
    async (refusals) => {
      const call: Call = { key: { permissions: ['plan_read'] }, stripe: { refusals } };
      const run = await permissions(['--check', '--format', 'json'], call);
      expect(json(run).key).toMatchObject({ kind: 'restricted', mode: 'live', account: ownAccount, connected: null });
      expect(asked(run)).toEqual(everyPath);
      const all = await permissions(['--check', '--format', 'json']);
      expect(json(all).key).toMatchObject({ account: null });
    },
  );

  test('tells what the key can read besides, and how to get one that reads less', async () => {
    const run = await permissions(['--check'], { file: webhooksFile });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/^✓ The key has the 1 permission that stripe-config\.yaml needs\n/);
    const others = needs.filter(({ slug }) => slug !== 'webhook_read');
    const lines = others.map(({ slug, label, section }) =>
      slug === null ? ` {2}for ${section} .*\\n` : ` {2}${label}: Read +rak_${slug}\\n`,
    );
    expect(run.stdout).toMatch(new RegExp(`can read more.*\\n${lines.join('')}`));
    expect(linksIn(run.stdout)).toEqual([linkTo('live', 'webhook_read')]);
    expect(asked(run)).toEqual(everyPath);
  });

  test.each(refusalForms)('says so where the key can read no other section: %s', async (refusals) => {
    const call: Call = { file: webhooksFile, key: { permissions: ['webhook_read'] }, stripe: { refusals } };
    const run = await permissions(['--check'], call);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('It can read no other section.');
    expect(linksIn(run.stdout)).toEqual([]);
  });

  test.each(refusalForms)('does not count as more what comes with one that is needed: %s', async (refusals) => {
    const run = await permissions(['--check', '--format', 'json'], {
      file: pricesFile,
      key: { permissions: ['plan_read'] },
      stripe: { refusals },
    });
    expect(run.exitCode).toBe(0);
    expect(json(run)).toMatchObject({ status: 'granted', permissions: [{ slug: 'rak_plan_read', status: 'granted' }] });
    const others = needs.filter(({ slug }) => slug !== 'plan_read' && slug !== 'product_read');
    const beyond = others.map(({ slug }) =>
      expect.objectContaining({ slug: slug === null ? null : `rak_${slug}`, status: 'lacking' }),
    );
    expect(json(run).key?.beyond).toEqual(beyond);
    expect(asked(run)).toEqual(allPaths.filter((path) => path !== '/v1/products'));
  });

  test('warns of a secret key, and does not ask what more it can do', async () => {
    const key = madeUpKey('sk');
    const call: Call = {
      file: webhooksFile,
      stripe: { keys: { [key]: { mode: 'live' } } },
      env: { STRIPE_API_KEY: key },
    };
    const run = await permissions(['--check'], call);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('secret key · live mode');
    expect(run.stdout).toMatch(/The key is a secret key: it can do everything/);
    expect(linksIn(run.stdout)).toEqual([linkTo('live', 'webhook_read')]);
    expect(asked(run)).toEqual(['/v1/webhook_endpoints']);
    expect(json(await permissions(['--check', '--format', 'json'], call)).key).toMatchObject({
      kind: 'secret',
      beyond: null,
    });
  });

  test('asks for the connected account that --stripe-account names', async () => {
    const run = await permissions(['--check', '--stripe-account', 'acct_1Branch'], {
      stripe: { connected: { acct_1Branch: shop() } },
    });
    expect(run.exitCode).toBe(0);
    expect(run.requests.map(({ headers }) => headers['stripe-account'])).toEqual(needs.map(() => 'acct_1Branch'));
    expect(run.stdout).toContain('connected account acct_1Branch');
    expect(run.stdout).toContain('(Direct)');
  });

  test('is part of what --sections asks', async () => {
    const run = await permissions(['--check', '--sections', 'webhooks'], {
      file: null,
      key: { permissions: ['product_read'] },
    });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toMatch(/^✗ The key lacks the 1 permission that the section webhooks needs\n/);
    expect(run.stdout).toMatch(/can read more.*\n {2}Products: Read/);
    expect(linksIn(run.stdout)).toEqual([linkTo('live', 'webhook_read')]);
  });

  test.each([
    ['no key', { env: { STRIPE_API_KEY: undefined } }, [], /No Stripe API key was given[\s\S]*STRIPE_API_KEY/, 0],
    ['a publishable key', { env: { STRIPE_API_KEY: madeUpKey('pk') } }, [], /publishable/, 0],
    ["an organization's key", { env: { STRIPE_API_KEY: madeUpKey('rk_org') } }, [], /organization/, 0],
    ['what is no key', { env: { STRIPE_API_KEY: `"${liveKey}"` } }, [], /^That is not a Stripe API key: /, 0],
    ['a server that is none', {}, ['--stripe-api-base', 'http://stripe.example.com'], /stripe-api-base/, 0],
    ['a key that Stripe does not know', { env: { STRIPE_API_KEY: madeUpKey() } }, [], /does not know this API key/, 1],
    ['a key that has expired', { key: { state: 'expired' } }, [], /has expired/, 1],
    [
      'a key that is limited to other addresses',
      { key: { ipRefused: true } },
      [],
      /IP address.*\n.*[Rr]emove the limit/,
      1,
    ],
    ['a connected account that is none', {}, ['--stripe-account', 'acct_1Nowhere'], /acct_1Nowhere.*not connected/, 1],
  ] satisfies [string, Call, string[], RegExp, number][])(
    'ends with exit code 1 at %s, and says what to do',
    async (_, call, args, words, least) => {
      const run = await permissions(['--check', ...args], call);
      expect(run).toMatchObject({ exitCode: 1, stdout: '' });
      expect(run.stderr).toMatch(words);
      expect(run.stderr).not.toMatch(/\n +at /);
      expect(run.requests.length).toBeGreaterThanOrEqual(least);
      expect(run.requests.length).toBeLessThanOrEqual(needs.length * least);
    },
  );

  test('prints no piece of the key, whatever comes of it', async () => {
    const key = madeUpKey();
    const calls: Call[] = [
      { stripe: { keys: { [key]: { mode: 'live' } } } },
      { stripe: { keys: { [key]: { mode: 'live', permissions: [] } } } },
      { stripe: { keys: { [key]: { mode: 'live', permissions: [] } }, refusals: 'newer' } },
      { stripe: { keys: { [key]: { mode: 'live', state: 'expired' } } } },
      { stripe: { keys: {} } },
      { stripe: { keys: { [key]: { mode: 'live' } }, onRequest: () => refusal(400, `not with ${key}`) } },
      { stripe: { onRequest: () => refusal(403, `'rak_${key}' and ${key}`, { code: 'more_permissions_required' }) } },
      { stripe: { onRequest: () => refusal(403, `'rak_${key}'`) } },
    ];
    const runs = await Promise.all(
      ['terminal', 'json'].flatMap((format) =>
        calls.map((call) => permissions(['--check', '--format', format], { ...call, env: { STRIPE_API_KEY: key } })),
      ),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 3, 3, 1, 1, 3, 3, 3, 0, 3, 3, 1, 1, 3, 3, 3]);
    expect(runs[0]?.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    for (const { stdout, stderr } of runs) {
      for (const piece of piecesOf(key)) expect(stdout + stderr).not.toContain(piece);
    }
  });
});

function refusal(status: number, message: string, more: { code?: string; headers?: Record<string, string> } = {}) {
  const { code, headers = {} } = more;
  return { status, headers, body: { error: { type: 'invalid_request_error', message, ...(code && { code }) } } };
}

/** A fault of every request for prices, with a key that reads what the shop needs. */
const atPrices = (fault: Fault): Call => ({
  key: { permissions: shopSlugs },
  stripe: { onRequest: ({ path }) => (path === '/v1/prices' ? fault : undefined) },
});

describe.concurrent('a permission that could not be asked about', () => {
  test.each([
    ['a limit that lasts', rateLimited('endpoint-rate'), /rate limit stopped|deadline of \d+ seconds/],
    ['an outage that lasts', { status: 503, body: '<html>' }, /status 503|deadline of \d+ seconds/],
    ['no answer', { kind: 'hang' }, /There was no answer: the deadline of \d+ seconds has passed/],
    ['a page of a proxy', { status: 404, body: '<html>' }, /status 404 and something that is not JSON/],
    ['what is no list', { status: 200, body: { object: 'price' } }, /could not be used/],
    ['a request that is wrong', refusal(400, 'Invalid limit.'), /status 400.*Invalid limit/],
  ] satisfies [string, Fault, RegExp][])('is neither had nor lacking, with the reason: %s', async (_, fault, words) => {
    await underDeadline(2, async (seconds) => {
      const run = await permissions(['--check', '--timeout-seconds', String(seconds)], atPrices(fault));
      expect(run.exitCode).toBe(3);
      expect(run.stdout).toMatch(/^! 1 of the 3 permissions that .* could not be tested$/m);
      expect(run.stdout).toMatch(/^ {2}\? Prices: Read +rak_plan_read$/m);
      expect(run.stdout.match(/^ {2}✓/gm)).toHaveLength(2);
      expect(run.stdout).toMatch(words);
      expect(linksIn(run.stdout)).toEqual([]);
    });
  });

  test('leaves a permission that lacks the first thing to be said', async () => {
    const run = await permissions(['--check'], {
      ...atPrices(refusal(400, 'No.')),
      key: { permissions: ['webhook_read'] },
    });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toMatch(/^✗ The key lacks 1 of the 3 permissions that .*; 1 could not be tested\n/);
  });

  test('does not matter where it is not needed, but is said', async () => {
    const run = await permissions(['--check'], { ...atPrices(refusal(400, 'No.')), file: webhooksFile });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('Could not test whether it can also read prices.');
  });

  test('is asked about again where Stripe was only busy', async () => {
    const run = await permissions(['--check'], {
      stripe: { onRequest: (_, index) => (index === 0 ? rateLimited('global-rate') : undefined) },
    });
    expect(run.exitCode).toBe(0);
    expect(run.requests).toHaveLength(needs.length + 1);
  });

  test('says once that nobody answers', async () => {
    await underDeadline(1, async (seconds) => {
      const run = await permissions(['--check', '--timeout-seconds', String(seconds)], {
        env: { STRIPE_API_BASE: 'http://127.0.0.1:9' },
      });
      expect(run.exitCode).toBe(3);
      expect(run.stdout).toMatch(/^! 3 of the 3 permissions that .* could not be tested$/m);
      expect(run.stdout.match(/ECONNREFUSED/g)).toHaveLength(1);
    });
  });

  test('ends when it is interrupted', async () => {
    const server = await startStripe({ onRequest: () => ({ kind: 'hang' }) });
    const cwd = repository({ 'stripe-config.yaml': shopFile });
    const arrived = new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (server.requests.length === 0) return;
        clearInterval(timer);
        resolve();
      }, 20);
    });
    const run = await runCli(['permissions', '--check'], {
      cwd,
      env: { STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url },
      onStart: (child) => void arrived.then(() => child.kill('SIGINT')),
    });
    await server.close();
    expect(run.exitCode).toBe(130);
    expect(run.stdout).toContain('the run was interrupted');
  });
});

describe.concurrent('what Stripe says', () => {
  test.each([
    ['of the older form', "Having the 'rak_price_read' permission would allow this.", ['rak_price_read']],
    [
      'of the older form, where any of several helps',
      "Having the 'rak_price_read', 'rak_catalog_read' permissions would allow this.",
      ['rak_price_read', 'rak_catalog_read'],
    ],
    [
      'of the newer form',
      `Enabling "Catalog Read" ('catalog_read') permissions on this key would allow this.`,
      ['catalog_read'],
    ],
    [
      'of the newer form, where any of several helps',
      `Enabling "Prices Read" ('price_read') or Catalog Read ('catalog_read') permissions on this key would allow this.`,
      ['price_read', 'catalog_read'],
    ],
  ])('of another permission than expected is repeated: %s', async (_, message, named) => {
    const call = atPrices(refusal(403, `${message} Look at '${ownAccount}'.`));
    const run = await permissions(['--check'], call);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toMatch(/✗ Prices: Read.*\n.*\n +Stripe names /);
    expect(run.stdout).toContain(`Stripe names ${named.join(' or ')}.\n`);
    const { permissions: asked } = json(await permissions(['--check', '--format', 'json'], call));
    expect(asked.find(({ slug }) => slug === 'rak_plan_read')).toMatchObject({ status: 'lacking', named });
  });

  test.each([
    ['the older form', "Having the 'rak_price_read', 'rak_plan_read' permissions would allow this.", undefined],
    [
      'the newer form',
      `Enabling "Catalog Read" ('catalog_read') or "Prices Read" ('plan_read') permissions would allow this.`,
      'more_permissions_required',
    ],
    ['no name', 'Having more permission would allow this request to continue.', undefined],
    ['no name, in the newer form', 'Permission denied.', 'more_permissions_required'],
  ])('of the permission that is expected, or of none, is not repeated: %s', async (_, message, code) => {
    const run = await permissions(['--check'], atPrices(refusal(403, message, code === undefined ? {} : { code })));
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toMatch(/^✗ The key lacks 1 of the 3 permissions that/);
    expect(run.stdout).not.toContain('Stripe names');
    expect(linksIn(run.stdout)).toEqual([linkTo('live', ...shopSlugs)]);
  });

  /** None of them is the page that opens a key. A run asks about one in each section. */
  const elsewhere = [
    'https://dashboard.stripe.com.evil.example/b/acct_1?destination=%2Fapikeys%2Fmk_1%2Fedit',
    'https://evil.example/https://dashboard.stripe.com/b/acct_1?destination=%2Fapikeys%2Fmk_1%2Fedit',
    'http://dashboard.stripe.com/b/acct_1?destination=%2Fapikeys%2Fmk_1%2Fedit',
    'https://you@dashboard.stripe.com/b/acct_1?destination=%2Fapikeys%2Fmk_1%2Fedit',
    'https://dashboard.stripe.com/b/acct_1?destination=https%3A%2F%2Fevil.example',
    'https://dashboard.stripe.com/b/acct_1?destination=%2Fapikeys%2Fmk_1%2Fedit&next=evil.example',
    'https://dashboard.stripe.com/b/acct_1?destination=%2Fapikeys%2Fmk_1%2Fedit/../..',
    'https://dashboard.stripe.com/b/acct_1?destination=%2Fapikeys%2Fmk_1%2Fdelete',
    'https://dashboard.stripe.com/logout',
    `https://dashboard.stripe.com/b/acct_1?destination=%2Fapikeys%2Fmk_${'1'.repeat(200)}%2Fedit`,
  ];

  test.each(['terminal', 'json'])('is no link but for the page of the key itself, in %s', async (format) => {
    const paths = pathsOf(shopSlugs);
    for (let first = 0; first < elsewhere.length; first += paths.length) {
      const some = elsewhere.slice(first, first + paths.length);
      const onRequest = ({ path }: StripeRequest) => {
        const address = some[paths.indexOf(path)] ?? some[0];
        const message = `Enabling "Prices Read" ('plan_read') permissions would allow this. You can edit permissions at ${address}`;
        return refusal(403, message, { code: 'more_permissions_required' });
      };
      const run = await permissions(['--check', '--format', format], { stripe: { onRequest } });
      expect(run.exitCode).toBe(3);
      expect(run.requests.length).toBeGreaterThanOrEqual(some.length);
      for (const address of some) expect(run.stdout).not.toContain(address);
      expect(run.stdout).not.toMatch(/evil|logout|mk_1/);
    }
  });

  test.each(['', '.', ' or ask.', '\nThen try again.'])('names the page of the key before %j', async (end) => {
    const message = `Enabling "Prices Read" ('plan_read') permissions would allow this. Edit them at ${keyPage()}${end}`;
    const run = await permissions(['--check'], atPrices(refusal(403, message)));
    expect(run.stdout.split('\n')).toContain(keyPage());
  });

  test('is only text, in a terminal and in JSON', async () => {
    const hostile = "\u001b[2J\r\n::error::planted ##[error]planted \u202e 'rak_x\u001b'";
    const faults: Record<string, Fault> = {
      '/v1/prices': refusal(403, hostile, { code: 'more_permissions_required' }),
      '/v1/products': refusal(400, hostile, { headers: { 'Request-Id': 'req_##[error]' } }),
      '/v1/webhook_endpoints': refusal(403, `on account 'acct_1##[error]' ${hostile}`),
    };
    for (const format of ['terminal', 'json']) {
      const run = await permissions(['--check', '--format', format], {
        stripe: { onRequest: ({ path }) => faults[path] },
      });
      expect(run.exitCode).toBe(3);
      expect(run.stdout).toContain('planted');
      // JSON is data: a terminal is not moved by it, and what is not visible stays what it is.
      for (const character of ['\u001b', '\r', '##[', ...(format === 'json' ? [] : ['\u202e'])])
        expect(run.stdout).not.toContain(character);
      expect(commandsIn(run.stdout + run.stderr)).toEqual([]);
    }
  });

  test('of the objects themselves is not printed', async () => {
    const run = await permissions(['--check', '--format', 'json']);
    for (const word of ['shop.example.com', 'Pro', 'pro_monthly', 'prod_pro', 'we_billing'])
      expect(run.stdout).not.toMatch(new RegExp(`\\b${word}\\b`));
  });
});
