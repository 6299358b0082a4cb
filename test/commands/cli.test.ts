/** The command line: the committed bundle as a process, against a server that behaves as Stripe does, and snapshots. */
import { type ChildProcess, execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import {
  annotationsIn,
  type CliCall,
  cleanUp,
  commandsIn,
  findNode20,
  node24,
  type ProcessRun,
  repository,
  runCli,
  underDeadline,
} from '../runner.ts';
import {
  keyPage,
  liveKey,
  ownAccount,
  rateLimited,
  refusalForms,
  type StripeOptions,
  type StripeRequest,
  startStripe,
  testKey,
} from '../servers/stripe.ts';
import { asReport, brief, driftedShop, madeUpKey, piecesOf, shop, shopFile } from '../shop/shop.ts';
import { snapshotOf } from '../shop/snapshot.ts';

afterAll(cleanUp);

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

interface Asked extends ProcessRun {
  readonly requests: readonly StripeRequest[];
  /** The directory it ran in. */
  readonly cwd: string;
}

interface Call extends CliCall {
  /** The shop, as its file declares it, where it is not said. */
  readonly stripe?: StripeOptions;
  /** `stripe-config.yaml`; `shopFile` where it is not said. */
  readonly file?: string;
}

/** Runs the command line in a directory with the file, with a key and a Stripe of its own in the environment. */
async function cli(
  args: readonly string[],
  { stripe = {}, file = shopFile, env = {}, ...call }: Call = {},
): Promise<Asked> {
  const server = await startStripe({ state: shop(), ...stripe });
  const cwd = call.cwd ?? repository({ 'stripe-config.yaml': file });
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

/** Runs the command line in a directory with the file and a snapshot, with nothing in the environment. */
async function withSnapshot(
  args: readonly string[],
  live: string,
  call: Call = {},
): Promise<ProcessRun & { cwd: string }> {
  const cwd = repository({ 'stripe-config.yaml': call.file ?? shopFile, 'live.json': live });
  return { ...(await runCli(args, { ...call, cwd })), cwd };
}

function json({ stdout }: ProcessRun) {
  return asReport(JSON.parse(stdout));
}

const ESC = String.fromCharCode(27);

describe.concurrent('check, against Stripe', () => {
  test('exits 0 where Stripe matches the file, and says so in one line', async () => {
    const run = await cli(['check']);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe('✓ Stripe matches stripe-config.yaml: 3 entries, live mode\n');
    expect(run.requests.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'GET /v1/prices',
      'GET /v1/products',
      'GET /v1/webhook_endpoints',
    ]);
  });

  test('exits 2 at differences, and shows both sides of each at its place', async () => {
    const run = await cli(['check', 'stripe-config.yaml'], { stripe: { state: driftedShop() } });
    expect(run.exitCode).toBe(2);
    expect(run.stdout.split('\n')).toEqual([
      '✗ 3 differences in live mode, all errors',
      '',
      'prices',
      '  error stripe-config.yaml:16:5  pro_monthly  unit_amount  file 20.00 USD · Stripe 25.00 USD',
      'webhooks',
      '  error stripe-config.yaml:5:5  billing  enabled_events',
      '        missing in Stripe: checkout.session.completed · extra in Stripe: charge.refunded',
      'products',
      '  error stripe-config.yaml:9:5   pro          name         file Pro · Stripe "Pro plan"',
      '',
      '0 of 3 entries match · restricted key · how to fix: --fixes',
      '',
    ]);
  });

  test.each(refusalForms)('exits 3 where a permission lacks, with the links that add it: %s', async (refusals) => {
    const keys = { [liveKey]: { mode: 'live' as const, permissions: ['webhook_read', 'product_read'] } };
    const stripe = { state: driftedShop(), keys, refusals };
    const run = await cli(['check'], { stripe });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('"Prices: Read" (rak_plan_read)');
    expect(run.stdout).toMatch(/ pro {6}name {2}file Pro · Stripe "Pro plan"\n/);
    expect(run.stdout).not.toContain('  missing  ');
    expect(run.stdout).not.toContain('pro_monthly');
    const links = [
      ...(refusals === 'older' ? [] : [keyPage()]),
      `https://dashboard.stripe.com/apikeys/create?name=stripe-config-check${['webhook', 'product', 'plan'].map((name) => `&permissions%5B%5D=rak_${name}_read`).join('')}`,
    ];
    const others = await Promise.all(
      [
        ['--format', 'json'],
        ['--format', 'markdown'],
        ['--format', 'github'],
        ['-q'],
        ['--show-values', 'redacted'],
      ].map((args) => cli(['check', ...args], { stripe })),
    );
    const escaped = (text: string) => text.replaceAll('%', '%25');
    for (const link of links) {
      expect(run.stdout).toMatch(new RegExp(`${link.replace(/[.?]/g, '\\$&')}(?=\\s)`));
      for (const { stdout } of others) expect([stdout.includes(link), stdout.includes(escaped(link))]).toContain(true);
    }
  });

  test('exits 3 where a section came to no end by the deadline', async () => {
    await underDeadline(5, async (seconds) => {
      const run = await cli(['check', '--timeout-seconds', String(seconds), '--format', 'json'], {
        stripe: {
          onRequest: ({ path }) => (path === '/v1/prices' ? rateLimited('endpoint-rate') : undefined),
        },
      });
      expect(run.exitCode).toBe(3);
      expect(json(run)).toMatchObject({ status: 'incomplete', sections: { prices: { status: 'failed' } } });
    });
  });

  test.each([
    ['the file is invalid', { file: 'version: 2\n' }, /^✗ stripe-config\.yaml is invalid: /],
    [
      'the key is missing',
      { env: { STRIPE_API_KEY: undefined } },
      /No Stripe API key was given\.?\s+Put a restricted key into the environment variable STRIPE_API_KEY\./,
    ],
    ['the key is publishable', { env: { STRIPE_API_KEY: madeUpKey('pk') } }, /publishable/],
    [
      'Stripe does not know the key',
      { env: { STRIPE_API_KEY: madeUpKey() } },
      /does not know this API key\s+It is wrong, was rolled, or was deleted\.\s+Nothing was compared\.\s+Put a new restricted key into the environment variable STRIPE_API_KEY\./,
    ],
    ['the mode is another', { file: `mode: test\n${shopFile}` }, /mode: test.*live mode/],
    ['the account is another', { file: `account: acct_1Other\n${shopFile}` }, /acct_1Other.*acct_1Shop/],
    [
      'nothing may be read',
      { stripe: { keys: { [liveKey]: { mode: 'live', permissions: [] } } } },
      /lacks the read permissions Webhook Endpoints, Products and Prices\./,
    ],
    [
      'the key has quotes around it',
      { env: { STRIPE_API_KEY: `"${liveKey}"` } },
      /is not a Stripe API key[^.]*\s+Look at the environment variable STRIPE_API_KEY: the key may be cut off or in quotes/,
    ],
    ['nobody answers', { env: { STRIPE_API_BASE: 'http://127.0.0.1:9' } }, /ECONNREFUSED/],
  ] satisfies [string, Call, RegExp][])('exits 1 where %s', async (_, call, words) => {
    const run = await cli(['check', '--timeout-seconds', '30'], call);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(words);
    expect(run.stdout + run.stderr).not.toMatch(/\n +at /);
  });

  test('takes the key from STRIPE_API_KEY, and prints no piece of it', async () => {
    const key = madeUpKey();
    const calls: Call[] = [
      { stripe: { keys: { [key]: { mode: 'live' } } } },
      { stripe: { keys: { [key]: { mode: 'live', permissions: [] } } } },
      { stripe: { keys: { [key]: { mode: 'live', state: 'expired' } } } },
      { stripe: { keys: { [key]: { mode: 'live' } } }, file: 'version: 2' },
    ];
    const runs = await Promise.all(
      calls.map((call) => cli(['check', '--format', 'json'], { ...call, env: { STRIPE_API_KEY: key } })),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 1, 1, 1]);
    expect(runs[0]?.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    for (const { stdout, stderr } of runs) {
      for (const piece of piecesOf(key)) expect(stdout + stderr).not.toContain(piece);
    }
  });

  test.each(['--stripe-api-key', '--key', '--api-key'])(
    'takes no key as %s, and does not repeat it',
    async (option) => {
      const key = madeUpKey();
      for (const args of [[option, key], [`${option}=${key}`]]) {
        const run = await cli(['check', ...args]);
        expect(run.exitCode).toBe(1);
        expect(run.requests).toEqual([]);
        expect(run.stderr).toContain(option);
        for (const piece of piecesOf(key)) expect(run.stdout + run.stderr).not.toContain(piece);
      }
    },
  );

  test.each([[[]], [['check']], [['lint']], [['check', '--environment']], [['help']]])(
    'does not repeat a key that stands among the arguments: %j',
    async (args) => {
      const key = madeUpKey();
      const run = await cli([...args, key]);
      expect(run.exitCode).toBe(1);
      expect(run.requests).toEqual([]);
      expect(run.stderr).toContain('STRIPE_API_KEY');
      for (const piece of piecesOf(key)) expect(run.stdout + run.stderr).not.toContain(piece);
    },
  );

  test('says that a secret key can do more than is needed', async () => {
    const key = madeUpKey('sk');
    const run = await cli(['check'], { stripe: { keys: { [key]: { mode: 'live' } } }, env: { STRIPE_API_KEY: key } });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/note +The key is a secret key/);
  });

  test('reads the connected account that --stripe-account names', async () => {
    const run = await cli(['check', '--stripe-account', 'acct_1Branch'], {
      stripe: { state: {}, connected: { acct_1Branch: shop() } },
    });
    expect(run.exitCode).toBe(0);
    expect(run.requests.map(({ headers }) => headers['stripe-account'])).toEqual(Array(3).fill('acct_1Branch'));
  });

  test('takes the environment of the key’s mode, or the one that --environment names', async () => {
    const file = `${shopFile}environments:\n  test: { products: { pro: { name: Test } } }\n  other: { products: { pro: { name: Other } } }\n`;
    const call: Call = { file, stripe: { state: shop(false) }, env: { STRIPE_API_KEY: testKey } };
    const own = json(await cli(['check', '--format', 'json'], call));
    expect(own).toMatchObject({ mode: 'test', environment: 'test' });
    expect(own.findings[0]?.message).toContain('file Test,');
    const other = json(await cli(['check', '--format', 'json', '--environment', 'other'], call));
    expect(other).toMatchObject({ mode: 'test', environment: 'other' });
    expect(other.findings[0]?.message).toContain('file Other,');
  });

  test.each([
    ['error', 0],
    ['warning', 2],
    ['notice', 2],
    ['never', 0],
  ])('with --fail-on %s exits %i at a warning', async (level, exitCode) => {
    const state = shop();
    state.webhook_endpoints.push(webhookEndpoint());
    const run = await cli(['check', '--fail-on', level], { stripe: { state } });
    expect(run.exitCode).toBe(exitCode);
    expect(run.stdout).toMatch(/^not in the file\n {2}warning webhooks /m);
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
    const { exitCode, signal } = await runCli(['check'], {
      cwd,
      env: { STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url },
      onStart: (child) => void arrived.then(() => child.kill('SIGINT')),
    });
    await server.close();
    expect(exitCode ?? signal).toBeOneOf([130, 'SIGINT']);
  });
});

describe.concurrent('where the key is sent', () => {
  test('is where --stripe-api-base says, before STRIPE_API_BASE', async () => {
    const server = await startStripe({ state: shop() });
    const run = await cli(['check', '--stripe-api-base', server.url]);
    await server.close();
    expect(run.exitCode).toBe(0);
    expect(run.requests).toEqual([]);
    expect(server.requests).toHaveLength(3);
  });

  // Each of these reaches the server of the test, if it is asked at all.
  test.each([
    ['an address that is not loopback', (port: number) => `http://0.0.0.0:${port}`],
    ['another spelling of the address', (port: number) => `http://[::ffff:127.0.0.1]:${port}`],
    ['a path', (port: number) => `http://127.0.0.1:${port}/v1`],
    ['a user', (port: number) => `http://user@127.0.0.1:${port}`],
    ['a password', (port: number) => `http://:hunter2@127.0.0.1:${port}`],
    ['a user and a password', (port: number) => `http://user:hunter2@127.0.0.1:${port}`],
    ['a password with a slash', (port: number) => `http://user:hunter2/@127.0.0.1:${port}`],
    ['nothing but the sign of a user', (port: number) => `http://@127.0.0.1:${port}`],
    ['a query', (port: number) => `http://127.0.0.1:${port}/?token=hunter2`],
    ['an empty query', (port: number) => `http://127.0.0.1:${port}?`],
    ['a fragment', (port: number) => `http://127.0.0.1:${port}/#hunter2`],
    ['a line break', (port: number) => `http://127.0.\n0.1:${port}`],
    ['a character that is not seen', (port: number) => `http://127.0.0.1:${port}\u200b`],
    ['a space', (port: number) => `http://127.0.0.1 :${port}`],
    ['another protocol', (port: number) => `ftp://127.0.0.1:${port}`],
    ['no URL', (port: number) => `127.0.0.1:${port}`],
  ])('is never plain http to elsewhere: %s', async (_, base) => {
    const server = await startStripe({ state: shop() });
    const option = await cli(['check', '--stripe-api-base', base(server.port)]);
    const variable = await cli(['check'], { env: { STRIPE_API_BASE: base(server.port) } });
    await server.close();
    expect(option).toMatchObject({ exitCode: 1, stdout: '' });
    expect(option.stderr).toMatch(/^--stripe-api-base .*\n.*https:\/\/HOST/);
    expect(variable.exitCode).toBe(1);
    expect(variable.stdout).toMatch(/^✗ STRIPE_API_BASE .*\n\n.*https:\/\/HOST/m);
    expect(option.stderr + variable.stdout + variable.stderr).not.toContain('hunter2');
    expect(server.requests).toEqual([]);
  });

  test.each(['http://stripe.example.com', 'http://localhost.example.com', 'http://127.0.0.1.example.com'])(
    'is never plain http to another host: %s',
    async (base) => {
      const { exitCode, stderr } = await cli(['check', '--stripe-api-base', base]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('https');
      expect(stderr).not.toMatch(/ENOTFOUND|EAI_AGAIN|ECONNREFUSED/);
    },
  );

  test('is the default where STRIPE_API_BASE is empty', async () => {
    const { exitCode, stdout } = await cli(['check'], { env: { STRIPE_API_BASE: '', HTTPS_PROXY: 'none://' } });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('The proxy that the environment names');
  });

  test.each([
    ['check'],
    ['export', '--output', '-'],
    ['snapshot'],
    ['permissions', '--check'],
    ['check', '--live', 'live.json'],
  ])('is no account that is none: %s', async (...args) => {
    const cases = ['Acme GmbH', 'acct_', 'acct_1\u200bShop', 'acct_1\nShop', ' acct_1Shop', 'acct_1Shop/', 'acct-1'];
    for (const account of cases) {
      const run = await cli([...args, '--stripe-account', account]);
      expect(run).toMatchObject({ exitCode: 1, stdout: '', requests: [] });
      const shown = JSON.stringify(account).replace('\u200b', '\\u200b');
      expect(run.stderr).toMatch(/^--stripe-account is .*, which is not an account id/);
      expect(run.stderr).toContain(shown);
    }
  });
});

describe.concurrent('check, against a snapshot', () => {
  test('needs no key and no network', async () => {
    const run = await withSnapshot(['check', '--live', 'live.json'], snapshotOf(shop()));
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(new RegExp(`^✓ Stripe matches .* live mode of ${ownAccount}\\n$`));
  });

  test('finds the same as against Stripe', async () => {
    const state = driftedShop();
    const offline = json(await withSnapshot(['check', '--live', 'live.json', '--format', 'json'], snapshotOf(state)));
    const online = json(await cli(['check', '--format', 'json'], { stripe: { state } }));
    expect(offline.findings.map(brief)).toEqual(online.findings.map(brief));
    expect(offline.fingerprint).toBe(online.fingerprint);
    expect(offline.findings).toHaveLength(3);
  });

  test('exits 3 where the snapshot lacks a section, or says why it was refused', async () => {
    const { webhooks, ...rest } = JSON.parse(snapshotOf(shop())).sections;
    const of = (sections: object) => JSON.stringify({ schema: 1, mode: 'live', account: null, sections });
    const lacking = await withSnapshot(['check', '--live', 'live.json'], of(rest));
    expect(lacking.exitCode).toBe(3);
    expect(lacking.stdout).toContain('webhooks');
    const refused = await withSnapshot(
      ['check', '--live', 'live.json'],
      of({ ...rest, webhooks: { refused: 'Nobody may.' } }),
    );
    expect(refused.exitCode).toBe(3);
    expect(refused.stdout).toContain('could not be read: "Nobody may".');
  });

  test.each([
    ['is not there', '{}', 'gone.json', /gone\.json does not exist\n/],
    ['is a directory', '{}', '.git', /"\.git" is a directory/],
    ['is no JSON', '{', 'live.json', /it is not JSON/],
    ['is of another schema', '{ "schema": 2 }', 'live.json', /its schema is 2/],
    ['tells no mode', '{ "schema": 1 }', 'live.json', /its mode is absent/],
    [
      'is of no time',
      '{ "schema": 1, "mode": "live", "takenAt": "noon", "sections": {} }',
      'live.json',
      /its takenAt is "noon", which is no time/,
    ],
    ['has no sections', '{ "schema": 1, "mode": "live" }', 'live.json', /it has no sections/],
  ])('exits 1 with a sentence where it %s', async (_, live, name, words) => {
    const run = await withSnapshot(['check', '--live', name], live);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(words);
    expect(run.stdout + run.stderr).not.toMatch(/\n +at /);
  });

  test('guards the mode and the account of the snapshot', async () => {
    const mode = await withSnapshot(['check', '--live', 'live.json'], snapshotOf(shop()), {
      file: `mode: test\n${shopFile}`,
    });
    expect([mode.exitCode, mode.stdout]).toEqual([1, expect.stringContaining('mode: test')]);
    const account = await withSnapshot(['check', '--live', 'live.json'], snapshotOf(shop()), {
      file: `account: acct_1Other\n${shopFile}`,
    });
    expect([account.exitCode, account.stdout]).toEqual([1, expect.stringContaining('acct_1Other')]);
  });
});

describe.concurrent('lint', () => {
  test('needs no key and asks nobody', async () => {
    const bare = await runCli(['lint'], { cwd: repository({ 'stripe-config.yaml': shopFile }) });
    expect(bare.exitCode).toBe(0);
    expect(bare.stdout).toBe('✓ stripe-config.yaml is valid: 3 entries\n');
    const withKey = await cli(['lint']);
    expect(withKey.exitCode).toBe(0);
    expect(withKey.requests).toEqual([]);
  });

  test('says where the file has no such environment', async () => {
    const file = `${shopFile}environments:\n  test: {}\n`;
    const run = await cli(['lint', '--environment', 'tset'], { file });
    expect(run).toMatchObject({
      exitCode: 0,
      stdout: `note  stripe-config.yaml has no environment "tset" (it has test). Did you mean test?

✓ stripe-config.yaml is valid: 3 entries
`,
    });
    expect((await cli(['lint', '--environment', 'test'], { file })).stdout).not.toContain('note');
  });

  test('exits 1 at an invalid file, with every problem at its place', async () => {
    const file = shopFile
      .replace('url:', 'ulr:')
      .replace('unit_amount: 2000', 'unit_amount: two')
      .replace('usd', 'USD');
    const run = await cli(['lint'], { file });
    expect(run.exitCode).toBe(1);
    for (const place of ['4:5', '15:', '16:']) expect(run.stdout).toContain(`stripe-config.yaml:${place}`);
    expect(run.stdout).toContain('Did you mean url?');
    expect(run.stdout).toContain('usd');
  });

  test.each([
    ['error', 0],
    ['warning', 2],
    ['never', 0],
  ])('with --fail-on %s exits %i at warnings', async (level, exitCode) => {
    const file = shopFile.replace('invoice.paid', 'newkind.happened');
    const run = await cli(['lint', '--fail-on', level], { file });
    expect(run.exitCode).toBe(exitCode);
    expect(run.stdout).toMatch(/^✓ stripe-config\.yaml is valid: 3 entries · 0 errors, 1 warning$/m);
    expect(run.stdout).toContain('newkind.happened');
  });

  test.each([
    ['is not there', 'gone.yaml', 'gone.yaml does not exist.'],
    ['is a directory', '.git', '".git" is a directory: name a file in it.'],
  ])('exits 1 where the file %s, says so, and names no line of it', async (_, file, words) => {
    for (const command of ['lint', 'check']) {
      const run = await cli([command, file]);
      expect(run.exitCode).toBe(1);
      expect(run.stdout).toBe(
        `✗ ${words.replace(/\.$/, '')}\n\nName the file as the argument, or run this in its folder.\n`,
      );
      expect(run.stdout).not.toContain(':1:1');
      const report = json(await cli([command, file, '--format', 'json']));
      expect(report).toMatchObject({ status: 'error', error: { message: words }, files: [file] });
    }
  });

  test('with --watch checks again when the file changes, is replaced, goes and comes back', async () => {
    const cwd = repository({ 'stripe-config.yaml': shopFile, 'other.yaml': shopFile });
    const file = join(cwd, 'stripe-config.yaml');
    const broken = shopFile.replace('url:', 'ulr:');
    const steps: readonly (readonly [verdict: string, next: () => void])[] = [
      ['✓ stripe-config.yaml is valid', () => writeFileSync(file, broken)],
      ['✗ stripe-config.yaml is invalid: 1 error', () => renameSync(join(cwd, 'other.yaml'), file)],
      ['✓ stripe-config.yaml is valid', () => rmSync(file)],
      ['stripe-config.yaml does not exist', () => writeFileSync(file, broken)],
      ['✗ stripe-config.yaml is invalid: 1 error', () => writeFileSync(file, shopFile)],
    ];
    const run = await runCli(['lint', '--watch'], {
      cwd,
      onStart(child) {
        let printed = '';
        let step = 0;
        child.stdout?.on('data', (chunk: string) => {
          printed += chunk;
          // A report ends with an empty line.
          const [verdict, next] = steps[step] ?? ['✓ stripe-config.yaml is valid', () => child.kill('SIGINT')];
          if (!printed.includes(verdict) || !printed.endsWith('\n\n')) return;
          printed = '';
          step += 1;
          next();
        });
      },
    });
    expect(run.exitCode).toBe(130);
    expect(run.stdout.match(/^\d\d:\d\d:\d\d$/gm)?.length).toBeGreaterThanOrEqual(6);
    expect(run.stdout).not.toContain(ESC);
    expect(run.stderr).toBe('Checking stripe-config.yaml whenever it changes, until Ctrl+C.\n\n');
  });
});

describe.concurrent('what is printed', () => {
  const drifted: Call = { stripe: { state: driftedShop() } };

  test('is the report with --format json, whatever happened', async () => {
    const [ok, drift, invalid, error] = await Promise.all([
      cli(['check', '--format', 'json']),
      cli(['check', '--format', 'json'], drifted),
      cli(['check', '--format', 'json'], { file: 'version: 2' }),
      cli(['check', '--format', 'json'], { env: { STRIPE_API_KEY: '' } }),
    ]);
    expect([ok, drift, invalid, error].map((run) => json(run).status)).toEqual([
      'in-sync',
      'drift',
      'invalid',
      'error',
    ]);
    expect(json(drift).findings.map(brief)).toEqual([
      'changed prices.pro_monthly.unit_amount 16',
      'changed webhooks.billing.enabled_events 5',
      'changed products.pro.name 9',
    ]);
    expect(json(error).error?.message).toContain('No Stripe API key');
  });

  test('of lint in Markdown says nothing of what was not compared', async () => {
    const markdown = (file: string) =>
      cli(['lint', ...(file === '' ? ['none.yaml'] : []), '--format', 'markdown'], { file });
    for (const file of ['version: 2\n', 'version: 1\nproducts: { a: { id: 5 } }\n', '']) {
      const { stdout } = await markdown(file);
      expect(stdout).toMatch(/^## ❌ /);
      expect(stdout).not.toMatch(/compared/i);
    }
  });

  test('is a summary with --format markdown', async () => {
    const { exitCode, stdout } = await cli(['check', '--format', 'markdown'], drifted);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^## ❌ 3 differences in live mode, all errors/);
    expect(stdout).toContain('| **prices** | **1** | 0 of 1 |');
    expect(stdout).toContain('https://dashboard.stripe.com/prices/price_monthly');
  });

  test('is workflow commands with --format github', async () => {
    const { exitCode, stdout } = await cli(['check', '--format', 'github'], drifted);
    expect(exitCode).toBe(2);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(annotationsIn(commandsIn(stdout))).toMatchObject([
      { level: 'error', file: 'stripe-config.yaml', line: 16, col: 5, endColumn: 15 },
      { level: 'error', file: 'stripe-config.yaml', line: 5, endLine: 5, col: 5, endColumn: 18 },
      { level: 'error', file: 'stripe-config.yaml', line: 9, col: 5, endColumn: 8 },
    ]);
  });

  test('tells with --format github what stopped the check', async () => {
    const { exitCode, stdout } = await cli(['check', '--format', 'github'], { env: { STRIPE_API_KEY: '' } });
    expect(exitCode).toBe(1);
    expect(annotationsIn(commandsIn(stdout))).toMatchObject([
      { level: 'error', message: expect.stringContaining('No Stripe API key') },
    ]);
  });

  test('tells with --format github what could not be read', async () => {
    const keys = { [liveKey]: { mode: 'live' as const, permissions: ['webhook_read', 'product_read'] } };
    const { exitCode, stdout } = await cli(['check', '--format', 'github'], { stripe: { keys } });
    expect(exitCode).toBe(3);
    expect(annotationsIn(commandsIn(stdout)).map(({ message }) => message)).toEqual([
      expect.stringContaining('rak_plan_read'),
    ]);
  });

  test.each(['terminal', 'json', 'markdown', 'github'])('goes to the file that --output names: %s', async (format) => {
    const run = await cli(['check', '--format', format, '--output', 'out.txt'], drifted);
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe('');
    const text = readFileSync(join(run.cwd, 'out.txt'), 'utf8');
    expect(text).toContain('stripe-config.yaml');
    expect(text).not.toContain(ESC);
  });

  test.each([
    ['--output', 'no/such/directory/out.txt'],
    ['--output', 'folder'],
    ['--report-file', 'no/such/directory/out.json'],
  ])('that cannot go to %s %s is told in a sentence', async (option, name) => {
    const cwd = repository({ 'stripe-config.yaml': shopFile, 'folder/file': '' });
    const run = await cli(['check', option, name], { ...drifted, cwd });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(`${option} "${name}" can't be written`);
    expect(run.stdout + run.stderr).not.toMatch(/\n +at /);
  });

  const replaced: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      'the file',
      ['check', '--output', 'stripe-config.yaml'],
      /--output would replace "stripe-config\.yaml", which is read/,
    ],
    [
      'the file, by the report',
      ['check', '--report-file', 'stripe-config.yaml'],
      /--report-file would replace .*, which is read/,
    ],
    [
      'the file, named in another way',
      ['lint', './stripe-config.yaml', '--output', 'folder/../stripe-config.yaml'],
      /which is read/,
    ],
    ['the file, by a link', ['lint', '--output', 'link.yaml'], /which is read/],
    ['the file, through a folder that is a link', ['lint', 'folder/a.yaml', '--output', 'way/a.yaml'], /which is read/],
    ['the file, as another name of it', ['lint', '--report-file', 'twin.yaml'], /which is read/],
    ['the file that a link names', ['lint', 'link.yaml', '--output', 'stripe-config.yaml'], /which is read/],
    ['one of a glob', ['lint', 'folder/*.yaml', '--output', 'folder/a.yaml'], /which is read/],
    [
      'none yet, but one that a glob would find',
      ['lint', 'folder/*.yaml', '--output', 'folder/new.yaml'],
      /which is read/,
    ],
    ['the snapshot', ['check', '--live', 'live.json', '--output', 'live.json'], /"live\.json", which is read/],
    [
      'the file before a change',
      ['check', '--base', 'folder/a.yaml', '--report-file', 'folder/a.yaml'],
      /which is read/,
    ],
    ['the file, by a snapshot', ['snapshot', 'stripe-config.yaml', '--output', 'stripe-config.yaml'], /which is read/],
    ['the file, by permissions', ['permissions', '--output', 'stripe-config.yaml'], /which is read/],
    ['the snapshot, by export', ['export', '--live', 'live.json', '--force', '--output', 'live.json'], /which is read/],
    [
      'the snapshot, by a merge',
      ['export', '--live', 'live.json', '--merge', '--output', './live.json'],
      /which is read/,
    ],
    [
      'another output',
      ['check', '--output', 'out.json', '--report-file', './out.json'],
      /--output and --report-file are the same file/,
    ],
    [
      'another output, by a link to nothing yet',
      ['check', '--output', 'new.json', '--report-file', 'to-new.json'],
      /--output and --report-file are the same file/,
    ],
    ['what is in .git', ['check', '--output', '.git/HEAD'], /into a git repository's own files: "\.git\/HEAD"/],
    ['what is not yet in .git', ['snapshot', '--output', '.git/hooks/post-checkout'], /git repository's own files/],
    ['what is in .git, through a link', ['lint', '--report-file', 'inner/HEAD'], /own files: "inner\/HEAD"/],
    ['what is in .git, by export', ['export', '--force', '--output', './.git/HEAD'], /git repository's own files/],
    ['what is in .git, after climbing', ['lint', '--output', 'inner/refs/../HEAD'], /git repository's own files/],
  ];

  test.each(replaced)('never replaces %s', async (_, args, says) => {
    const cwd = repository({
      'stripe-config.yaml': shopFile,
      'live.json': snapshotOf(shop()),
      'folder/a.yaml': shopFile,
      '.git/refs/x': '',
    });
    symlinkSync('stripe-config.yaml', join(cwd, 'link.yaml'));
    symlinkSync('folder', join(cwd, 'way'));
    symlinkSync('.git', join(cwd, 'inner'));
    symlinkSync('new.json', join(cwd, 'to-new.json'));
    linkSync(join(cwd, 'stripe-config.yaml'), join(cwd, 'twin.yaml'));
    const before = filesIn(cwd);
    const run = await cli(args, { ...drifted, cwd });
    expect(run).toMatchObject({ exitCode: 1, stdout: '', requests: [] });
    expect(run.stderr).toMatch(says);
    expect(run.stderr).toMatch(/\nChoose another path for --[a-z-]+\. Until then it is not written\.\n$/);
    expect(filesIn(cwd)).toEqual(before);
  });

  /** The files of a folder with what is in them. */
  function filesIn(folder: string): Readonly<Record<string, string>> {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'utf8')]),
    );
  }

  test('may go to one terminal or device twice, and to a report of before', async () => {
    const cwd = repository({ 'stripe-config.yaml': shopFile, 'report.json': '{}' });
    for (const args of [
      ['--output', '/dev/null', '--report-file', '/dev/null'],
      ['--output', 'out.txt', '--report-file', 'report.json'],
    ])
      expect(await cli(['check', ...args], { cwd })).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect(asReport(JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'))).status).toBe('in-sync');
  });

  test.skipIf(!existsSync('/dev/full'))('that finds the disk full is told in a sentence', () => {
    const file = join(repository({ 'stripe-config.yaml': shopFile }), 'stripe-config.yaml');
    const full = openSync('/dev/full', 'w');
    const run = spawnSync(node24, [join(root, 'dist/cli/index.js'), 'lint', file], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(run.status).toBe(1);
    expect(run.stderr).toBe(
      "Standard output can't be written (ENOSPC).\nThe output is incomplete: fix the cause, and run it again.\n",
    );
  });

  test('has no colours where it is not on a terminal, unless FORCE_COLOR says otherwise', async () => {
    const env = { TERM: 'xterm-256color' };
    const { stdout } = await cli(['check'], { ...drifted, env });
    expect(stdout).toContain('✗ 3 differences');
    expect(stdout).not.toContain(ESC);
    const forced = await cli(['check'], { ...drifted, env: { ...env, FORCE_COLOR: '1' } });
    expect(forced.stdout).toContain(`${ESC}[31m✗ 3 differences`);
    const timeless = (text: string) => text.replace(/\d+ ms|\d\.\d s/, '');
    expect(timeless(stripVTControlCharacters(forced.stdout))).toBe(timeless(stdout));
  });

  /** A command on a terminal of so many columns, which `script` (util-linux) provides. Both outputs together. */
  async function onTerminal(args: string, env: Record<string, string> = {}, columns = 200): Promise<string> {
    const cwd = repository({ 'stripe-config.yaml': shopFile, 'live.json': snapshotOf(driftedShop()) });
    const command = `stty cols ${columns}; "${node24}" "${join(root, 'dist/cli/index.js')}" ${args}`;
    const options = { cwd, env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', ...env } };
    const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], options);
    return stdout.replaceAll('\r\n', '\n');
  }

  const offline = 'check --live live.json --fail-on never';

  test('has colours on a terminal, unless NO_COLOR says otherwise', async (context) => {
    context.skip(!spawnable('script', ['--version']), 'this machine has no script (util-linux)');
    expect(await onTerminal(offline)).toContain(`${ESC}[31m✗ 3 differences in live mode`);
    expect(await onTerminal(offline, { NO_COLOR: '' })).toContain(`${ESC}[31m`);
    const plain = await onTerminal(offline, { NO_COLOR: '1' });
    expect(plain).toContain('✗ 3 differences in live mode');
    expect(plain).not.toContain(ESC);
  });

  test('is as wide as the terminal, but for what is there to copy', async (context) => {
    context.skip(!spawnable('script', ['--version']), 'this machine has no script (util-linux)');
    const [narrow, wide] = await Promise.all(
      [50, 400].map((columns) => onTerminal(`${offline} --fixes`, { NO_COLOR: '1' }, columns)),
    );
    const isCopied = (line: string) => /^ {6,13}(?:\d\. |If .*: )?(?:stripe |\w+: )/.test(line);
    const lines = (text = '') => text.split('\n');
    expect(lines(narrow).filter((line) => line.length > 50 && !isCopied(line))).toEqual([]);
    const commands = (text = '') => text.match(/stripe \w+ (?:create|update) .*/g);
    expect(commands(narrow)).toEqual(commands(wide));
    expect(lines(wide).some((line) => line.length > 70 && !isCopied(line))).toBe(true);
    // Nothing is lost where it is broken, and what goes on is indented as what it belongs to.
    const flowing = (text = '') => text.replace(/✗ 3 differences, all errors ·|·/g, '').replace(/\s+/g, ' ');
    expect(flowing(narrow)).toBe(flowing(wide));
    expect(narrow).toMatch(
      /\n {2}error stripe-config\.yaml:16:5 {2}pro_monthly\n {8}unit_amount\n {8}file 20\.00 USD · /,
    );
  });

  test('tells on a terminal how far it has come, unless it is to be quiet', async (context) => {
    context.skip(!spawnable('script', ['--version']), 'this machine has no script (util-linux)');
    const server = await startStripe({ state: shop(), onRequest: () => ({ delayMs: 1500 }) });
    const env = { STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url };
    const [loud, quiet] = await Promise.all(['check', 'check -q'].map((args) => onTerminal(args, env)));
    await server.close();
    expect(loud).toMatch(new RegExp(`Reading Stripe.*\\r${ESC}\\[K.*✓ Stripe matches`, 's'));
    expect(quiet).toBe('');
  });

  test('tells how to fix each with --fixes, and that there is such an option where it is not given', async () => {
    const plain = await cli(['check'], drifted);
    expect(plain.stdout).not.toContain('stripe products update');
    expect(plain.stdout).toMatch(/ · restricted key · how to fix: --fixes\n$/);
    const { stdout } = await cli(['check', '--fixes'], drifted);
    expect(stdout).toContain('      If Stripe is right, in the file: name: Pro plan\n');
    expect(stdout).toMatch(/\n {6}If the file is right, in Stripe: stripe products update prod_pro .*-d name=Pro\n/);
    expect(stdout).not.toContain('--fixes');
    expect((await cli(['lint', '--fixes'])).stderr).toContain('lint takes no --fixes: it is an option of check.');
  });

  test('is nothing with -q where all is well', async () => {
    for (const option of ['-q', '--quiet']) {
      expect(await cli(['check', option])).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
      expect(await cli(['lint', option])).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
      expect(await cli(['check', option, '--fail-on', 'never'], drifted)).toMatchObject({ exitCode: 0, stdout: '' });
    }
  });

  test('is a line for each finding with -q where the check fails', async () => {
    const drift = await cli(['check', '-q'], drifted);
    expect(drift.exitCode).toBe(2);
    const [verdict, ...findings] = drift.stdout.trimEnd().split('\n');
    expect(verdict).toBe('✗ 3 differences in live mode, all errors');
    expect(findings).toEqual([
      expect.stringMatching(
        /^stripe-config\.yaml:16:5 error: prices\.pro_monthly unit_amount: file 20\.00 USD, Stripe/,
      ),
      expect.stringMatching(/^stripe-config\.yaml:5:5 error: webhooks\.billing enabled_events: missing in Stripe: /),
      expect.stringMatching(/^stripe-config\.yaml:9:5 error: products\.pro name: file Pro, Stripe "Pro plan"/),
    ]);
    const invalid = await cli(['lint', '-q'], { file: shopFile.replace('url:', 'ulr:') });
    expect(invalid.exitCode).toBe(1);
    expect(invalid.stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^✗ stripe-config\.yaml is invalid: \d errors?, 0 warnings$/),
      expect.stringMatching(/^stripe-config\.yaml:4:5 error: .*Did you mean url\?$/),
    ]);
    const unread = await cli(['check', '-q'], {
      stripe: { keys: { [liveKey]: { mode: 'live', permissions: ['webhook_read', 'product_read'] } } },
    });
    expect(unread.exitCode).toBe(3);
    expect(unread.stdout).toMatch(
      /^✗ The key may not read prices\. 2 of 3 sections were checked: no differences there\n.*"Prices: Read".*\n$/,
    );
    const error = await cli(['check', '-q'], { env: { STRIPE_API_KEY: '' } });
    expect(error.stdout).toMatch(/^✗ No Stripe API key was given\nPut a restricted key .*\n$/);
  });

  test('is the same report with -q in the formats for programs', async () => {
    const run = await cli(['check', '-q', '--format', 'json'], drifted);
    expect(json(run).findings).toHaveLength(3);
  });

  test('is beside it the JSON report where --report-file names a file, after an error too', async () => {
    const reports = await Promise.all(
      [drifted, { env: { STRIPE_API_KEY: '' } }, { file: 'version: 2' }].map(async (call) => {
        const run = await cli(['check', '--report-file', 'report.json'], call);
        expect(run.stdout).toMatch(/^✗ /);
        return asReport(JSON.parse(readFileSync(join(run.cwd, 'report.json'), 'utf8')));
      }),
    );
    expect(reports.map(({ status }) => status)).toEqual(['drift', 'error', 'invalid']);
    const printed = json(await cli(['check', '--format', 'json'], drifted));
    expect(reports[0]?.findings).toEqual(printed.findings);
    expect(reports[0]?.fingerprint).toBe(printed.fingerprint);
  });

  test('may be cut off by who reads it', async () => {
    const products = Array.from({ length: 2000 }, (_, index) => product({ id: `prod_${index}` }));
    const cwd = repository({
      'stripe-config.yaml': 'version: 1\nproducts: {}\n',
      'live.json': JSON.stringify({ schema: 1, mode: 'live', account: null, sections: { products } }),
    });
    for (const format of ['terminal', 'json', 'markdown', 'sarif']) {
      const check = `"${node24}" "${join(root, 'dist/cli/index.js')}" check --live live.json --fail-on warning --format ${format}`;
      const command = `${check} | head -c 1; echo " \${PIPESTATUS[0]}"`;
      const { stdout, stderr } = await promisify(execFile)('bash', ['-c', command], { cwd });
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^. 2\n$/u);
    }
  });

  test('cannot move a terminal, whatever Stripe holds', async () => {
    const state = shop();
    state.products[0] = { ...state.products[0], name: `Pro${ESC}[2J\u202eold\r\n::error::planted` } as never;
    const { stdout } = await cli(['check'], { stripe: { state } });
    expect(stdout).toContain('Pro\\u001b[2J\\u202eold');
    for (const character of [ESC, '\u202e', '\r']) expect(stdout).not.toContain(character);
    expect(commandsIn(stdout)).toEqual([]);
  });
});

describe.concurrent('the command line itself', () => {
  test.each([
    [
      [['--help'], ['-h'], ['help']],
      ['check', 'lint', 'STRIPE_API_KEY', 'help COMMAND'],
    ],
    [
      [
        ['check', '--help'],
        ['check', '-h'],
        ['help', 'check'],
      ],
      [
        '[FILE...]',
        '--live FILE',
        'STRIPE_API_BASE',
        '1 to 1000, default 20',
        'error (default), warning',
        'read -rs STRIPE_API_KEY; export STRIPE_API_KEY',
      ],
    ],
    [
      [
        ['lint', '--help'],
        ['help', 'lint'],
      ],
      ['[FILE...]', '--fail-on LEVEL', 'Stripe is not read'],
    ],
  ])('tells how it is used: %j', async (calls, words) => {
    const asked = await Promise.all(calls.map((args) => cli(args)));
    for (const { exitCode, stdout, stderr, requests } of asked) {
      expect(exitCode).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).toBe(asked[0]?.stdout);
      expect(requests).toEqual([]);
    }
    const help = asked[0]?.stdout ?? '';
    const flowing = help.replace(/\n +/g, ' ');
    for (const word of words) expect(flowing).toContain(word);
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test.each(['check', 'lint'])('tells exit codes of %s, and examples that it takes itself', async (name) => {
    const [live, inTest] = [shop(), shop(false)];
    const state = {
      webhook_endpoints: [...live.webhook_endpoints, ...inTest.webhook_endpoints],
      products: [...live.products, ...inTest.products],
      prices: [...live.prices, ...inTest.prices],
    };
    const keys = { stripe: { state }, env: { STRIPE_API_KEY_OTHER: testKey } };
    const { stdout } = await cli(['help', name]);
    expect(stdout).toMatch(/Exit codes:\n {2}0 +\S/);
    const examples = [...stdout.matchAll(/^ {2}stripe-config-check (.*)$/gm)];
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const [, line = ''] of examples) {
      const files = {
        'stripe-config.yaml': shopFile,
        'stripe/all.yaml': shopFile,
        'snapshot.json': snapshotOf(shop()),
      };
      const args = line.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'));
      const onStart = (child: ChildProcess) => child.stdout?.once('data', () => child.kill('SIGINT'));
      const isEndless = line.includes('--watch');
      const run = await cli(args, { cwd: repository(files), ...keys, ...(isEndless ? { onStart } : {}) });
      expect(run.exitCode, line).toBe(isEndless ? 130 : 0);
    }
  });

  test('does nothing without a command, and tells how it is used', async () => {
    const { exitCode, stdout, stderr } = await cli([]);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('Commands:');
  });

  test('tells its version', async () => {
    for (const option of ['--version', '-v']) {
      expect(await cli([option])).toMatchObject({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: '' });
    }
  });

  test.each([
    [['chekc'], /"chekc".*Did you mean check\?/],
    [['lnit'], /"lnit".*Did you mean lint\?/],
    [['check', '--fromat', 'json'], /--fromat.*Did you mean --format\?/],
    [['check', '--ouptut=x'], /--ouptut.*Did you mean --output\?/],
    [['check', '--timeout', '5'], /--timeout.*Did you mean --timeout-seconds\?/],
    [['check', '--format', 'jsno'], /--format is "jsno".*Did you mean json\?/],
    [['check', '--fail-on', 'warnings'], /--fail-on is "warnings".*Did you mean warning\?/],
    [['check', '--requests-per-second', '0'], /--requests-per-second is "0".*1 to 1000/],
    [['check', '--timeout-seconds', '1h'], /--timeout-seconds is "1h".*1 to 3600/],
    [['check', '--live'], /--live has no value/],
    [['check', '--output', '--format', 'json'], /--output has no value: "--format" follows it/],
    [['check', '--environment='], /--environment has no value/],
    [['lint', '--live', 'live.json'], /lint takes no --live: it is an option of check/],
    [['--live', 'live.json'], /takes no --live: it is an option of check/],
    [['lint', '--lvie', 'x'], /lint has no option --lvie. Did you mean --live, an option of check/],
    [['--formta', 'json'], /has no option --formta. Did you mean --format, an option of check, lint/],
    [['help', 'lnit'], /"lnit".*Did you mean lint\?/],
    [['check', '--other', 'test.json'], /^--other needs --parity\./],
    [['check', '--parity', '--base', 'before.yaml'], /^--parity compares two sides .* and --base names a file/],
    [['check', '--fixes=yes'], /^--fixes takes no value\.\nWrite --fixes alone/],
    [['check', '-x'], /-x/],
  ])('refuses %j, and names what was likely meant', async (args, words) => {
    const run = await cli(args);
    expect(run.exitCode).toBe(1);
    expect(run.stdout + run.stderr).toMatch(words);
    expect(run.stdout + run.stderr).not.toMatch(/\n +at |node:internal/);
    expect(run.requests).toEqual([]);
  });
});

/** Whether a command runs at all. */
function spawnable(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.concurrent('on Node 20', () => {
  const node = findNode20();
  const reason = 'this machine has no Node 20';

  test('checks against Stripe', async (context) => {
    if (node === undefined) return context.skip(reason);
    const ok = await cli(['check'], { node });
    expect([ok.exitCode, ok.stderr]).toEqual([0, '']);
    expect(ok.stdout).toMatch(/^✓ Stripe matches/);
    const drift = await cli(['check', '--format', 'json'], { node, stripe: { state: driftedShop() } });
    expect(drift.exitCode).toBe(2);
    expect(json(drift).findings).toHaveLength(3);
  });

  test('tries again, and ends at the deadline', async (context) => {
    if (node === undefined) return context.skip(reason);
    const limited = await cli(['check'], {
      node,
      stripe: { onRequest: (_, index) => (index === 0 ? rateLimited('global-rate') : undefined) },
    });
    expect(limited.exitCode).toBe(0);
    expect(limited.requests).toHaveLength(4);
    const hanging = await cli(['check', '--timeout-seconds', '1'], {
      node,
      stripe: { onRequest: () => ({ kind: 'hang' }) },
    });
    expect(hanging.exitCode).toBe(1);
    expect(hanging.stdout).toMatch(/deadline of 1 second/);
  });

  test('looks up many objects at once without a warning of Node', async (context) => {
    if (node === undefined) return context.skip(reason);
    const entries = Array.from({ length: 20 }, (_, index) => `  p${index}: { id: price_${index} }\n`).join('');
    const run = await cli(['check', '--all'], { node, file: `version: 1\nprices:\n${entries}` });
    expect(run.stdout).toContain('p19');
    expect(run.stderr).toBe('');
  });

  test('checks against a snapshot, and lints', async (context) => {
    if (node === undefined) return context.skip(reason);
    const run = await withSnapshot(['check', '--live', 'live.json'], snapshotOf(driftedShop()), { node });
    expect(run.exitCode).toBe(2);
    expect(await cli(['lint'], { node })).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe.concurrent('npm run demo', () => {
  /** Runs the demo's exact command on a Node, in a directory that holds what a clone holds, and nothing installed. */
  async function demo(node: string): Promise<{ stdout: string; stderr: string }> {
    const cwd = repository({});
    for (const name of ['dist', 'examples', 'package.json'])
      cpSync(join(root, name), join(cwd, name), { recursive: true });
    try {
      const env = { PATH: `${dirname(node)}${delimiter}/usr/bin${delimiter}/bin`, HOME: cwd };
      return await promisify(execFile)('/bin/sh', ['-c', manifest.scripts.demo], { cwd, env });
    } finally {
      rmSync(cwd, { recursive: true });
    }
  }

  // A run that does not exit 0 rejects.
  test.for([
    ['the Action’s Node', node24],
    ['Node 20', findNode20()],
  ] as const)('shows a realistic drift on %s, and says that a check would exit 2', async ([, node], context) => {
    if (node === undefined) return context.skip('this machine has no Node 20');
    const { stdout, stderr } = await demo(node);
    expect(stderr).toBe('');
    const kinds = {
      'an event that is not sent': /enabled_events[\s\S]*invoice\.payment_failed/,
      'a disabled endpoint': /status\n? +file enabled · Stripe disabled/,
      'a name': /pro +name +file Pro · Stripe/,
      'an amount': /unit_amount\n? +file \d+\.\d\d USD · Stripe \d+\.\d\d USD/,
      'another currency': /currency_options\.jpy/,
      'a missing price': / missing\n? +no price has/,
      'a tier': /tiers\[1\]\.up_to/,
      'a product that is not declared': /^not in the file$/m,
    };
    const shown = Object.entries(kinds).flatMap(([kind, words]) => (words.test(stdout) ? [kind] : []));
    expect(shown.length).toBeGreaterThanOrEqual(5);
    expect(stdout).toContain('Without it the exit code is 2.');
    expect(stdout).not.toContain(ESC);
  });
});

describe.concurrent('the paths of a report', () => {
  const invalid = 'version: 1\nproducts:\n  a: { id: prod_a, nam: A }\n';
  const file = 'billing/stripe-config.yaml';
  const lay = (more: Readonly<Record<string, string>> = {}) => {
    const cwd = repository({ [file]: invalid, 'other/readme.md': '', ...more });
    symlinkSync('billing', join(cwd, 'linked'));
    symlinkSync(file, join(cwd, 'link.yaml'));
    return cwd;
  };
  const bareCheckout = () => {
    const cwd = lay();
    rmSync(join(cwd, '.git'), { recursive: true });
    return cwd;
  };
  interface Result {
    readonly locations: readonly {
      readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
    }[];
  }
  const pathsIn = {
    github: (stdout: string) => annotationsIn(commandsIn(stdout)).map((one) => one.file),
    sarif: (stdout: string) =>
      (JSON.parse(stdout).runs[0].results as Result[]).map(
        ({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri,
      ),
    terminal: (stdout: string) => [...stdout.matchAll(/(\S+?):\d+:\d+/g)].map(([, shown]) => shown),
  };
  /** The one path in what a format prints. */
  async function path(format: string, name: string, cwd: string, env = {}): Promise<string> {
    const { stdout } = await runCli(['lint', name, '--format', format], { cwd, env });
    const found = pathsIn[format as keyof typeof pathsIn](stdout);
    const [only, ...others] = new Set(found);
    expect({ others, stdout: others.length > 0 || only === undefined ? stdout : '' }).toEqual({
      others: [],
      stdout: '',
    });
    return String(only);
  }
  test.each(['github', 'sarif'])('begin at the root of the repository: %s', async (format) => {
    const cwd = lay();
    for (const [name, folder] of [
      ['stripe-config.yaml', join(cwd, 'billing')],
      ['./stripe-config.yaml', join(cwd, 'billing')],
      ['../billing/stripe-config.yaml', join(cwd, 'other')],
      [`./${file}`, cwd],
      [join(cwd, file), cwd],
      [join(cwd, file), dirname(cwd)],
      // Of a link, the file that has the lines.
      ['linked/stripe-config.yaml', cwd],
      ['link.yaml', cwd],
    ])
      expect(await path(format as string, name as string, folder as string)).toBe(file);
  });

  test.each(['github', 'sarif'])('begin at the checkout of a workflow that has no .git: %s', async (format) => {
    const cwd = bareCheckout();
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: cwd };
    expect(await path(format, 'stripe-config.yaml', join(cwd, 'billing'), env)).toBe(file);
    expect(await path(format, `./${file}`, cwd)).toBe(file);
    expect(await path(format, './stripe-config.yaml', join(cwd, 'billing'))).toBe('stripe-config.yaml');
  });

  test('begin at the repository around the file, where one lies in another', async () => {
    const cwd = lay({ 'billing/.git': 'gitdir: ../.git/modules/billing\n' });
    expect(await path('github', file, cwd)).toBe('stripe-config.yaml');
  });

  test('are those of the current directory for people, who open them from there', async () => {
    const cwd = lay();
    expect(await path('terminal', 'stripe-config.yaml', join(cwd, 'billing'))).toBe('stripe-config.yaml');
    expect(await path('terminal', '../billing/stripe-config.yaml', join(cwd, 'other'))).toBe(`../${file}`);
  });

  test('are the same in what a check says between two files', async () => {
    const cwd = lay({
      'billing/a.yaml': 'version: 1\nproducts:\n  a: { id: prod_a }\n',
      'billing/b.yaml': 'version: 1\nproducts:\n  a: { id: prod_b }\n',
    });
    const { stdout } = await runCli(['lint', 'a.yaml', 'b.yaml', '--format', 'github'], { cwd: join(cwd, 'billing') });
    expect(stdout).toContain('file=billing/b.yaml');
    expect(stdout).toContain('is already stated at billing/a.yaml:3');
  });
});

describe('what Node compiled of the program', () => {
  const run = (home: string, env: CliCall['env'] = {}) =>
    runCli(['--version'], { env: { NODE_COMPILE_CACHE: undefined, HOME: home, ...env } });

  test('is kept for the next run in the own cache of the user', async () => {
    const home = repository({});
    await run(home);
    expect(readdirSync(join(home, '.cache/stripe-config-check')).length).toBeGreaterThan(0);
    await run(home, { XDG_CACHE_HOME: join(home, 'elsewhere') });
    expect(readdirSync(join(home, 'elsewhere/stripe-config-check')).length).toBeGreaterThan(0);
  });

  test('is not kept by a job of CI, nor where Node is told not to', async () => {
    const home = repository({});
    await run(home, { CI: 'true' });
    await run(home, { NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(existsSync(join(home, '.cache'))).toBe(false);
  });

  test('is not kept where nothing can be written, which is no fault', async () => {
    const home = repository({ file: '' });
    expect(await run(join(home, 'file'))).toMatchObject({ exitCode: 0, stderr: '', stdout: `${manifest.version}\n` });
  });
});
