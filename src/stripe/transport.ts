import http from 'node:http';
import https from 'node:https';
import { getProxyForUrl } from 'proxy-from-env';
import { CheckError } from '../errors.ts';
import { quote } from '../text.ts';
import { type Deadline, OutOfTime } from './deadline.ts';
import { Pace } from './pace.ts';
import { Unreachable } from './unreachable.ts';

/**
 * How often one request is tried, and how the waits between grow (full jitter below a ceiling that doubles). A rate limit is
 * shared with the account's payments and passes: at 30 % of refusals, six tries each would lose one list of 50 pages in 30.
 */
const TRIES = 6;
const TRIES_AT_LIMIT = 12;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 16_000;
/** One try ends after this long, body included. Stripe answers a page of 100 within a few seconds. */
const TRY_MS = 30_000;
/** The largest answer that is read, in bytes: a page of 100 objects is well below 1 MiB. */
const LARGEST_BODY = 32 * 1024 * 1024;

/** A proxy's own answer in Stripe's place. */
class ProxyAnswer extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the answer was not Stripe's (status ${status})`);
    this.status = status;
  }
}

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** The parsed body; undefined when it is not a JSON object. */
  readonly body: object | undefined;
}

type Outcome = Answer | Unreachable | OutOfTime;

/** What the SDK takes from an answer (`HttpClientResponseInterface` of stripe-node). */
interface SdkResponse {
  getStatusCode(): number;
  getHeaders(): { [name: string]: string };
  getRawResponse(): unknown;
  toStream(): never;
  toJSON(): Promise<unknown>;
}

/** Answer headers that the SDK and this program read. Others are dropped at this door: the SDK prints `Stripe-Notice` raw. */
const KEPT_HEADERS = ['request-id', 'stripe-rate-limited-reason'] as const;

interface About {
  readonly secret: string;
  readonly paths: readonly string[];
}

/**
 * The HTTP client under the official SDK. The SDK's own judges retries by itself, has no deadline and prints notices, so
 * status, pace, retries, count and deadline live here. It can only GET.
 */
export class Transport {
  private readonly deadline: Deadline;
  private readonly pace: Pace;
  private readonly agent: http.Agent;
  private readonly proxy: URL | null;
  private readonly secret: string;
  private readonly paths: readonly string[];
  private readonly counts = new Map<string, number>();

  /**
   * `base` is the root of all requests; a proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`) is obeyed for it. `secret` is
   * what no answer may bring back. `paths` are those of the kinds of object that are asked for, objects lie below them.
   */
  static async to(base: URL, deadline: Deadline, perSecond: number, about: About): Promise<Transport> {
    const proxy = proxyFor(base);
    return new Transport(deadline, perSecond, proxy, await agentFor(base, proxy, deadline.signal), about);
  }

  private constructor(
    deadline: Deadline,
    perSecond: number,
    proxy: URL | null,
    agent: http.Agent,
    { secret, paths }: About,
  ) {
    this.proxy = proxy;
    this.agent = agent;
    this.secret = secret;
    this.paths = paths;
    this.deadline = deadline;
    this.pace = new Pace(perSecond);
  }

  /** Requests sent so far to a path and to what lies below it, tries included. */
  requests(path: string): number {
    return [...this.counts].reduce(
      (sum, [counted, count]) => (counted === path || counted.startsWith(`${path}/`) ? sum + count : sum),
      0,
    );
  }

  /** How many more requests to a path would be sent without delay, and are worth it (Pace). */
  room(path: string): number {
    return this.pace.room(this.endpointOf(path));
  }

  close(): void {
    this.agent.destroy();
  }

  /** The SDK's door (`HttpClientInterface`). */
  getClientName(): string {
    return 'stripe-config-check';
  }

  async makeRequest(
    host: string,
    port: string | number,
    path: string,
    method: string,
    headers: object,
    _body: unknown,
    protocol: string,
  ): Promise<SdkResponse> {
    if (method !== 'GET') throw new TypeError('only GET goes to Stripe');
    const url = new URL(`${protocol}://${host}:${port}${path}`);
    const endpoint = this.endpointOf(url.pathname);
    for (let attempt = 1; ; attempt += 1) {
      let sent = 0;
      const outcome = await this.pace.run(endpoint, this.deadline, () => {
        sent = performance.now();
        return this.attempt(url, headers as http.OutgoingHttpHeaders);
      });
      if (!(outcome instanceof Error) && outcome.status === 429) this.pace.slow(endpoint, sent);
      const wait = this.waitBefore(outcome, attempt);
      if (wait === null) return finish(outcome, this.secret);
      await this.deadline.sleep(wait);
    }
  }

  /** Stripe's limits are per kind of object and operation: a list, or one object below it. */
  private endpointOf(path: string): string {
    const isBelow = (kind: string) => path === kind || path.startsWith(`${kind}/`);
    const kind = this.paths
      .filter(isBelow)
      .reduce((longest, next) => (next.length > longest.length ? next : longest), '');
    return `${kind} ${path === kind ? 'list' : 'one'}`;
  }

  private async attempt(url: URL, headers: http.OutgoingHttpHeaders): Promise<Outcome> {
    if (this.deadline.left === 0) return this.outOfTime();
    this.counts.set(url.pathname, (this.counts.get(url.pathname) ?? 0) + 1);
    try {
      return await this.send(url, headers);
    } catch (cause) {
      if (this.deadline.left === 0) return this.outOfTime();
      if (cause instanceof ProxyAnswer) return this.unreachable(cause.message, cause.status < 500);
      return this.unreachable(connectionWords(cause));
    }
  }

  /** Why no answer came; where a proxy stands between, it is the first thing to look at. */
  private unreachable(reason: string, isFinal = false): Unreachable {
    return new Unreachable(`${reason}${this.way}`, isFinal);
  }

  private outOfTime(): OutOfTime {
    const { message, remedy } = this.deadline.reason;
    return new OutOfTime(`${message}${this.way}`, remedy);
  }

  private get way(): string {
    return this.proxy === null ? '' : ` (asked through the proxy ${this.proxy.host}, look at that first)`;
  }

  private send(url: URL, headers: http.OutgoingHttpHeaders): Promise<Answer> {
    const secure = url.protocol === 'https:';
    const signal = AbortSignal.any([this.deadline.signal, AbortSignal.timeout(TRY_MS)]);
    return new Promise((resolve, reject) => {
      const options = { method: 'GET', headers, agent: this.agent, signal };
      const request = (secure ? https : http).request(url, options, (response) => {
        // Where a proxy refuses to connect, the agent gives its answer out as Stripe's; but that came without encryption.
        if (secure && !('encrypted' in response.socket)) {
          response.resume();
          reject(new ProxyAnswer(response.statusCode ?? 0));
          return;
        }
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > LARGEST_BODY) request.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('close', () => {
          if (!response.complete) reject(new Error('the answer was cut off'));
          else
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: parseObject(Buffer.concat(chunks).toString('utf8').replaceAll(this.secret, '…')),
            });
        });
      });
      request.on('error', reject);
      request.end();
    });
  }

  /** Milliseconds until the next try, or null when there is none: the outcome is final, or the deadline leaves no time. */
  private waitBefore(outcome: Outcome, attempt: number): number | null {
    const tries = !(outcome instanceof Error) && outcome.status === 429 ? TRIES_AT_LIMIT : TRIES;
    if (attempt >= tries || this.deadline.left === 0 || !isPassing(outcome)) return null;
    const jittered = Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
    const wait = Math.max(jittered, outcome instanceof Error ? 0 : retryAfter(outcome.headers['retry-after']));
    return wait < this.deadline.left ? wait : null;
  }
}

/** Plain http is only for a server on this machine, which no proxy stands before. */
function proxyFor(base: URL): URL | null {
  const found = base.protocol === 'http:' ? '' : getProxyForUrl(base.href);
  if (found === '') return null;
  // Without a scheme a proxy speaks plain HTTP, as everywhere; proxy-from-env gives it the scheme of what is asked.
  const text = Object.values(process.env).includes(found) ? found : found.replace(/^https:/, 'http:');
  try {
    const proxy = new URL(text);
    decodeURIComponent(proxy.username + proxy.password);
    if (/^https?:$/.test(proxy.protocol)) return proxy;
  } catch {
    // Said below, without the text: it may hold a password.
  }
  throw new CheckError(
    'The proxy that the environment names (HTTPS_PROXY or ALL_PROXY) is not the URL of an HTTP proxy. Stripe was not asked.',
    'Give http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with percent-encoding, or remove the variable.',
  );
}

/** The credentials of a proxy go into its header, since the agent tells its debug log the whole URL. */
async function agentFor(base: URL, proxy: URL | null, signal: AbortSignal): Promise<http.Agent> {
  if (base.protocol === 'http:') return new http.Agent({ keepAlive: true });
  if (proxy === null) return new https.Agent({ keepAlive: true });
  const { username, password, protocol, host } = proxy;
  const pair = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const headers = username + password === '' ? {} : { 'Proxy-Authorization': `Basic ${pair}` };
  // The signal ends a connection on which the proxy never answers: the agent does not know it yet.
  const options = { keepAlive: true, headers, signal };
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  return new HttpsProxyAgent(`${protocol}//${host}`, options);
}

/** Whether another try may end better: judged by status and headers, never by words. */
function isPassing(outcome: Outcome): boolean {
  if (outcome instanceof Error) return outcome instanceof Unreachable && !outcome.isFinal;
  const { status, headers, body } = outcome;
  if (headers['stripe-should-retry'] === 'false') return false;
  if (headers['stripe-should-retry'] === 'true') return true;
  return status === 409 || status === 429 || status >= 500 || (status < 300 && body === undefined);
}

function finish(outcome: Outcome, secret: string): SdkResponse {
  if (outcome instanceof Error) throw outcome;
  const { status, headers, body } = outcome;
  if (body === undefined) throw new Unreachable(`it answered with status ${status} and something that is not JSON`);
  if (status >= 300 && status < 400) throw new Unreachable(`it answered with a redirect (status ${status})`);
  const { error } = body as { error?: unknown };
  const isReason = typeof error === 'object' && error !== null && !Array.isArray(error);
  if (!isReason && (status >= 400 || error)) throw new Unreachable(`it answered with status ${status} and no reason`);
  const words = isReason
    ? { error: { ...error, message: String((error as { message?: unknown }).message ?? '') } }
    : {};
  // Both are words of Stripe's that are printed; whatever else stands there is not.
  const isWord = (value: unknown): value is string =>
    typeof value === 'string' && !value.includes(secret) && /^(req_[A-Za-z0-9]{1,40}|[a-z-]{1,40})$/.test(value);
  const kept = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => (isWord(headers[name]) ? [[name, headers[name]]] : [])),
  );
  return {
    getStatusCode: () => status,
    getHeaders: () => kept,
    getRawResponse: () => ({}),
    toStream() {
      throw new TypeError('answers are not streamed');
    },
    toJSON: async () => ({ ...body, ...words }),
  };
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `Retry-After` in milliseconds: seconds, or a date. */
function retryAfter(header: string | undefined): number {
  if (header === undefined) return 0;
  const seconds = Number(header);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0;
}

function connectionWords(cause: unknown): string {
  const { code, name, message } = cause as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || name === 'AbortError') return `no answer came within ${TRY_MS / 1000} seconds`;
  if (code === 'ECONNREFUSED') return 'the connection was refused (ECONNREFUSED)';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `its name could not be resolved (${code})`;
  if (code === 'ECONNRESET' || code === 'EPIPE') return `the connection was cut (${code})`;
  if (code !== undefined && /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code))
    return `the TLS certificate or handshake failed (${code})`;
  return code === undefined ? quote(message) : `the connection failed (${code})`;
}
