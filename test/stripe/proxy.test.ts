/** The way to Stripe: through proxies, and past what the SDK would do by itself. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { product } from '../kinds/products.ts';
import { type ActionRun, type ActionStep, cleanUp, repository, runAction, runCli, underDeadline } from '../runner.ts';
import { type Fault, liveKey, type StripeRequest, type StripeServer, startStripe } from '../servers/stripe.ts';
import { asReport, type ReportJson, shop, shopFile, tracesOf } from '../shop/shop.ts';

afterAll(cleanUp);
// Many of these runs wait, for a deadline or for the next try.
vi.setConfig({ maxConcurrency: 10 });

interface Checked extends ActionRun {
  readonly report: ReportJson;
  readonly everything: string;
}

function withReport(run: ActionRun): Checked {
  const everything = [run.stdout, run.stderr, run.summary, JSON.stringify(run.outputs), JSON.stringify(run.report)];
  return { ...run, report: asReport(run.report), everything: everything.join('\n') };
}

function failure({ annotations }: ActionRun): string {
  return annotations
    .flatMap(({ level, file, message }) => (level === 'error' && file === undefined ? [message] : []))
    .join('\n');
}

// --- Proxies

const openssl = spawnSync('openssl', ['version']).status === 0;

/** A key and a certificate for `stripe.test`, `localhost` and 127.0.0.1, made for this run. */
function certificate(): { folder: string; key: string; cert: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-config-check-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = 'subjectAltName=DNS:stripe.test,DNS:localhost,IP:127.0.0.1';
  execFileSync(
    'openssl',
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=stripe.test -addext ${names} -keyout ${key} -out ${cert}`.split(
      ' ',
    ),
    { stdio: 'ignore' },
  );
  return { folder, key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), path: cert };
}

/** Ends TLS before a server that speaks plain HTTP. */
async function tlsBefore(port: number, pair: { key: string; cert: string }): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createTlsServer(pair, (socket) => {
    const inner = connect(port, '127.0.0.1');
    for (const one of [socket, inner]) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => sockets.delete(one));
    }
    socket.pipe(inner).pipe(socket);
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

interface Proxy {
  readonly port: number;
  /** What it was asked to connect to. */
  readonly connects: { readonly target: string; readonly headers: IncomingMessage['headers'] }[];
  /** Plain requests that reached it. */
  readonly plain: string[];
  close(): void;
}

/** A CONNECT proxy that knows every name as 127.0.0.1. It answers `instead`, where that says something, and may hang. */
async function startProxy(
  instead: (headers: IncomingMessage['headers']) => string | null | 'hang' = () => null,
): Promise<Proxy> {
  const connects: Proxy['connects'] = [];
  const plain: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    plain.push(request.url ?? '');
    response.writeHead(500).end();
  });
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    connects.push({ target: request.url ?? '', headers: request.headers });
    sockets.add(socket);
    socket.on('error', () => {});
    const answer = instead(request.headers);
    if (answer === 'hang') return;
    if (answer !== null) {
      socket.end(answer);
      return;
    }
    const inner = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      inner.write(head);
      socket.pipe(inner).pipe(socket);
    });
    sockets.add(inner);
    inner.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connects,
    plain,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
    },
  };
}

const answered = (status: string, body: string, headers = '') =>
  `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;

describe.skipIf(!openssl).concurrent('a proxy (skipped where there is no openssl)', () => {
  let pair: ReturnType<typeof certificate>;
  let stripe: StripeServer;
  let front: Awaited<ReturnType<typeof tlsBefore>>;

  beforeAll(async () => {
    pair = certificate();
    const onRequest = ({ path }: StripeRequest): Fault | undefined =>
      path.endsWith('/we_hang') ? { kind: 'hang' } : undefined;
    stripe = await startStripe({ state: shop(), onRequest });
    front = await tlsBefore(stripe.port, pair);
  });
  afterAll(async () => {
    front?.close();
    await stripe?.close();
    if (pair !== undefined) rmSync(pair.folder, { recursive: true, force: true });
  });

  const variables = 'HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy'.split(' ');
  const none = Object.fromEntries(variables.map((name) => [name, undefined]));

  /** Runs a step whose Stripe is `https://HOST`, as the proxy knows it. Only the proxy knows `stripe.test`. */
  async function through(
    env: Readonly<Record<string, string | undefined>>,
    { host = 'stripe.test', file = shopFile, seconds = 200 } = {},
  ): Promise<Checked> {
    const run = await runAction({
      files: { 'stripe-config.yaml': file },
      inputs: {
        'stripe-api-key': liveKey,
        'stripe-api-base': `https://${host}:${front.port}`,
        'requests-per-second': '1000',
        'timeout-seconds': String(seconds),
      },
      env: { ...none, NODE_EXTRA_CA_CERTS: pair.path, ...env },
      debug: true,
    });
    return withReport(run);
  }

  /** Runs with a proxy, which ends with the run. */
  async function proxied(proxy: Promise<Proxy>, run: (proxy: Proxy, url: string) => Promise<void>): Promise<void> {
    const started = await proxy;
    try {
      await run(started, `http://127.0.0.1:${started.port}`);
    } finally {
      started.close();
    }
  }

  test('is not needed: without one the server is reached, and its certificate is checked', async () => {
    expect((await through({}, { host: 'localhost' })).outputs.status).toBe('in-sync');
    await underDeadline(1, async (seconds) => {
      const untrusted = await through({ NODE_EXTRA_CA_CERTS: undefined }, { host: 'localhost', seconds });
      expect(untrusted.outputs.status).toBe('error');
      expect(failure(untrusted)).toMatch(/TLS certificate/);
    });
  });

  test.each([
    ['HTTPS_PROXY', 'http://'],
    ['https_proxy', ''],
    ['ALL_PROXY', 'http://'],
  ])('of %s, written %j, is used for every request, and sees neither key nor path', async (name, scheme) => {
    await proxied(startProxy(), async (proxy) => {
      const run = await through({ [name]: `${scheme}127.0.0.1:${proxy.port}` });
      expect(run.outputs).toMatchObject({ status: 'in-sync', checked: '3' });
      expect(proxy.connects.length).toBeGreaterThanOrEqual(1);
      expect(new Set(proxy.connects.map(({ target }) => target))).toEqual(new Set([`stripe.test:${front.port}`]));
      expect(proxy.plain).toEqual([]);
      const seen = JSON.stringify(proxy.connects);
      expect(tracesOf(liveKey).filter((trace) => seen.includes(trace))).toEqual([]);
      expect(proxy.connects.flatMap(({ headers }) => headers.authorization ?? [])).toEqual([]);
    });
  });

  test('serves the command line, too', async () => {
    await proxied(startProxy(), async (proxy, url) => {
      const STRIPE_API_BASE = `https://stripe.test:${front.port}`;
      const { exitCode } = await runCli(['check'], {
        cwd: repository({ 'stripe-config.yaml': shopFile }),
        env: { STRIPE_API_KEY: liveKey, STRIPE_API_BASE, HTTPS_PROXY: url, NODE_EXTRA_CA_CERTS: pair.path },
      });
      expect(exitCode).toBe(0);
      expect(proxy.connects.length).toBeGreaterThan(0);
    });
  });

  test('keeps no run from its end where Stripe hangs behind it', async () => {
    await proxied(startProxy(), async (_proxy, url) => {
      const file = 'version: 1\nwebhooks:\n  hangs: { id: we_hang }\n';
      await underDeadline(5, async (seconds) => {
        const run = await through({ HTTPS_PROXY: url }, { file, seconds });
        expect(run.outputs.status).toBe('incomplete');
        expect(failure(run)).toContain(`deadline of ${seconds} seconds`);
        expect(run.stderr).toBe('');
      });
    });
  });

  const PASSWORD = 'proxy-Pass9';

  test('that wants credentials gets them, and they are shown nowhere, whatever is to be debugged', async () => {
    const wanted = `Basic ${Buffer.from(`agent:${PASSWORD}@/`).toString('base64')}`;
    const proxy = startProxy((headers) =>
      headers['proxy-authorization'] === wanted ? null : answered('407 Proxy Authentication Required', ''),
    );
    await proxied(proxy, async ({ port }) => {
      const url = `http://agent:${encodeURIComponent(`${PASSWORD}@/`)}@127.0.0.1:${port}`;
      const run = await through({ HTTPS_PROXY: url, DEBUG: '*' });
      expect(run.outputs.status).toBe('in-sync');
      expect(run.everything).not.toContain(PASSWORD);
      expect(run.everything).not.toContain(wanted.slice(6));
    });
  });

  test.each(['LOCALHOST', '.localhost,localhost', '*', 'port'])(
    'is left out for what NO_PROXY names: %s',
    async (list) => {
      await proxied(startProxy(), async (proxy, url) => {
        const names = list === 'port' ? `localhost:${front.port}` : list;
        const name = list === '*' ? 'no_proxy' : 'NO_PROXY';
        const run = await through({ HTTPS_PROXY: url, [name]: names }, { host: 'localhost' });
        expect(run.outputs.status).toBe('in-sync');
        expect(proxy.connects).toEqual([]);
      });
    },
  );

  test.each(['example.com,otherlocalhost', 'localhost:1'])('is used where NO_PROXY names others: %s', async (list) => {
    await proxied(startProxy(), async (proxy, url) => {
      const run = await through({ HTTPS_PROXY: url, NO_PROXY: list }, { host: 'localhost' });
      expect(run.outputs.status).toBe('in-sync');
      expect(proxy.connects.length).toBeGreaterThan(0);
    });
  });

  test('of HTTP_PROXY is not used for https, and none stands before a loopback address that speaks http', async () => {
    await proxied(startProxy(), async (proxy, url) => {
      expect((await through({ HTTP_PROXY: url }, { host: 'localhost' })).outputs.status).toBe('in-sync');
      const env = { ...none, HTTP_PROXY: url, HTTPS_PROXY: url, ALL_PROXY: url };
      const inputs = { 'stripe-api-key': liveKey, 'stripe-api-base': stripe.url };
      const run = await runAction({ files: { 'stripe-config.yaml': shopFile }, inputs, env });
      expect(run.outputs.status).toBe('in-sync');
      expect([proxy.connects, proxy.plain]).toEqual([[], []]);
    });
  });

  /** What holds where a proxy, not Stripe, is the trouble. */
  function blamesProxy(run: Checked): void {
    expect(run.outputs).toMatchObject({ status: 'error', drift: '', missing: '' });
    expect(run.exitCode).toBe(1);
    expect(run.report.findings).toEqual([]);
    expect(run.report.account).toBeNull();
    expect(run.everything).not.toContain(PASSWORD);
    expect(run.everything).not.toContain(Buffer.from(`agent:${PASSWORD}`).toString('base64'));
    expect(run.commands.filter(({ data }) => data.includes('planted'))).toEqual([]);
    expect(failure(run)).not.toMatch(/fault of its own/);
  }

  const list = (data: object[]) => JSON.stringify({ object: 'list', data, has_more: false });
  const absent = { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such product' } };
  const refusal = { error: { type: 'x', message: "on account 'acct_1Evil'" } };
  const page = '<h1>::error::planted</h1>';
  /** What a proxy answers, and how that is told. Nobody has seen its certificate: it cannot answer in Stripe's place. */
  const refusing: { readonly [what: string]: readonly [answer: string, says: RegExp] } = {
    'wants other credentials': [
      answered('407 Proxy Authentication Required', page, 'Proxy-Authenticate: Basic realm="x"\r\n'),
      /status 407/,
    ],
    'forbids the host': [answered('403 Forbidden', page), /status 403/],
    'cannot reach the host': [answered('502 Bad Gateway', ''), /status 502|deadline/],
    'closes without an answer': ['', /./],
    'answers nonsense': ['nonsense\r\n\r\n', /./],
    hangs: ['hang', /deadline of \d+ second/],
    'answers with an empty list': [answered('203 Non-Authoritative', list([])), /status 203/],
    'answers with a list of its own': [answered('202 Accepted', list([product({ id: 'prod_1' })])), /status 202/],
    'answers that an object is gone': [answered('404 Not Found', JSON.stringify(absent)), /status 404/],
    'answers with a refusal of an account': [answered('403 Forbidden', JSON.stringify(refusal)), /status 403/],
  };

  test.each(Object.keys(refusing))('that %s leaves Stripe unread, and is named as what to look at', async (what) => {
    const [answer, says] = refusing[what] as (typeof refusing)[string];
    await proxied(
      startProxy(() => answer),
      async ({ port, connects }) => {
        const file = 'version: 1\nproducts: {}\nprices: {}\n';
        const env = { HTTPS_PROXY: `http://agent:${PASSWORD}@127.0.0.1:${port}` };
        // Who answers for good is not asked again; with the others it takes until the deadline.
        const answers = /status [24]/.test(says.source) && !/deadline/.test(says.source);
        await underDeadline(answers ? 200 : 1, async (seconds) => {
          const run = await through(env, { file, seconds });
          blamesProxy(run);
          expect(connects.length).toBeGreaterThan(0);
          expect(failure(run)).toContain(`through the proxy 127.0.0.1:${port}, look at that first`);
          expect(failure(run)).toMatch(says);
        });
      },
    );
  });

  test.each([
    ['refuses connections', 'http://agent:PASSWORD@127.0.0.1:9', 'the proxy 127.0.0.1:9'],
    ['has no address', 'http://agent:PASSWORD@proxy.invalid:8080', 'the proxy proxy.invalid:8080'],
    ['is no URL', 'http://agent:PASSWORD@[nonsense:8080', 'HTTPS_PROXY or ALL_PROXY) is not the URL of'],
    ['has a broken escape in its password', 'http://agent:PASSWORD%zz@127.0.0.1:9', 'is not the URL of an HTTP proxy'],
    ['speaks no HTTP', 'socks5://agent:PASSWORD@127.0.0.1:9', 'is not the URL of an HTTP proxy'],
  ])('that %s is named as what to look at', async (_, url, says) => {
    await underDeadline(1, async (seconds) => {
      const run = await through({ HTTPS_PROXY: url.replace('PASSWORD', PASSWORD) }, { seconds });
      blamesProxy(run);
      expect(failure(run)).toContain(says);
    });
  });
});

// --- What the SDK would do by itself

const AGENTS = `ANTIGRAVITY_CLI_ALIAS CLAUDECODE CLAUDE_CODE_CHILD_SESSION CLINE_ACTIVE CODEX_SANDBOX CODEX_THREAD_ID
  CODEX_SANDBOX_NETWORK_DISABLED CODEX_CI CURSOR_AGENT GEMINI_CLI HERMES_AGENT OPENCLAW_SHELL OPENCODE`.split(/\s+/);

/** Runs a step on a Stripe whose sections answer with these, in the order of the file, the first so many times. */
async function checked(
  faults: readonly (Fault | undefined)[],
  step: Omit<ActionStep, 'files'> = {},
  times = Number.POSITIVE_INFINITY,
): Promise<Checked & { requests: readonly StripeRequest[] }> {
  const paths = ['/v1/webhook_endpoints', '/v1/products', '/v1/prices'];
  const server = await startStripe({
    state: shop(),
    onRequest: ({ path }) =>
      server.requests.filter((request) => request.path === path).length > times
        ? undefined
        : faults[paths.indexOf(path)],
  });
  try {
    const run = await runAction({
      ...step,
      files: { 'stripe-config.yaml': shopFile },
      inputs: {
        'stripe-api-key': liveKey,
        'stripe-api-base': server.url,
        'requests-per-second': '1000',
        ...step.inputs,
      },
      debug: true,
    });
    return { ...withReport(run), requests: [...server.requests] };
  } finally {
    await server.close();
  }
}

describe.concurrent('of the SDK', () => {
  test('the variables of the environment that it looks for are those that this test sets', () => {
    const source = readFileSync(new URL('../../node_modules/stripe/esm/utils.js', import.meta.url), 'utf8');
    const list = /AI_AGENTS = \[(.*?)\];/s.exec(source)?.[1] ?? '';
    const known = [...list.matchAll(/\['(\w+)',/g)].map(([, name]) => name);
    expect(known.length).toBeGreaterThan(5);
    expect(known.filter((name) => !AGENTS.includes(name ?? ''))).toEqual([]);
    const core = readFileSync(new URL('../../node_modules/stripe/esm/stripe.esm.node.js', import.meta.url), 'utf8');
    const asked = [...core.matchAll(/env\?\.(\w+)/g)].map(([, name]) => name ?? '');
    expect(asked.filter((name) => !AGENTS.includes(name))).toEqual([]);
  });

  const planted = { 'stripe-notice': '::error::planted notice ##[set-output name=status]planted' };
  const notice: Fault = { kind: 'transform', change: (body) => body, headers: planted };
  const loud = { ...Object.fromEntries(AGENTS.map((name) => [name, '1'])), DEBUG: 'stripe*', NODE_DEBUG: '' };
  const spoken = /planted|hint|plugin|STRIPE_SUPPRESS/;

  test('no notice and no hint is printed, and nothing is kept at home', async () => {
    const home = repository({});
    const env = { ...loud, HOME: home, XDG_CONFIG_HOME: join(home, 'config') };
    const run = await checked([notice, notice, notice], { env });
    expect(run.outputs.status).toBe('in-sync');
    expect(run.stderr).toBe('');
    expect(run.everything).not.toMatch(spoken);
    expect(run.annotations).toEqual([]);
    for (const { headers } of run.requests) expect(JSON.stringify(headers)).not.toMatch(/ai_agent|claude_code|cursor/);
    expect(['.config', 'config'].map((name) => existsSync(join(home, name)))).toEqual([false, false]);
  });

  test('the command line prints none either', async () => {
    const server = await startStripe({ state: shop(), onRequest: () => notice });
    const env = { ...loud, STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url };
    const run = await runCli(['check'], { cwd: repository({ 'stripe-config.yaml': shopFile }), env });
    await server.close();
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).not.toMatch(spoken);
  });

  test('a notice is not printed with a refusal either', async () => {
    const body = { error: { type: 'invalid_request_error', message: 'No.' } };
    const run = await checked([notice, notice, { status: 400, headers: planted, body }]);
    expect(run.outputs.status).toBe('incomplete');
    expect(run.everything).not.toContain('planted');
    expect(run.stderr).toBe('');
  });

  test('no retry is hidden: each section reports as many requests as the server has seen', async () => {
    const error = { error: { type: 'api_error', message: 'Sorry.' } };
    const faults: Fault[] = [{ kind: 'reset' }, { kind: 'reset-body' }, { status: 500, body: error }];
    const run = await checked(faults, {}, 2);
    expect(run.outputs.status).toBe('in-sync');
    const seen = (path: string) => run.requests.filter((request) => request.path === path).length;
    const { webhooks, products, prices } = run.report.sections;
    expect([webhooks, products, prices].map((section) => section?.requests)).toEqual([
      seen('/v1/webhook_endpoints'),
      seen('/v1/products'),
      seen('/v1/prices'),
    ]);
    expect(run.requests).toHaveLength(9);
  });

  test.each([
    ['null', 'null'],
    ['HTML', '<h1>::error::planted</h1>'],
  ])('a body of %s keeps its status, and is no fault of this program', async (_, body) => {
    const headers = { 'content-type': 'application/json', 'stripe-should-retry': 'false' };
    const run = await checked([200, 400, 503].map((status) => ({ status, headers, body })));
    expect(run.outputs.status).toBe('error');
    for (const status of [200, 400, 503]) expect(failure(run)).toContain(`status ${status}`);
    expect(run.everything).not.toMatch(/TypeError|fault of its own|planted/);
  });

  test('a body that drips ends at the deadline, though each wait is short', async () => {
    // To its end it would drip for minutes.
    const run = await checked([{ kind: 'drip', everyMs: 100 }], { inputs: { 'timeout-seconds': '1' } });
    expect(failure(run)).toContain('deadline of 1 second');
  });
});
