/**
 * A loopback server that behaves as Stripe does, for what this project reads: lists and retrieves of every kind, and
 * `/v1/account`. What it answers comes from `state`, which a test may change between requests
 * (and within `onRequest`); what it was asked is in `requests`. Messages and codes are Stripe's own.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { kinds } from '../kinds/index.ts';
import { type Around, addressOf, type Path, type RawObject, type Row } from '../kinds/kind.ts';
import type { RawPrice } from '../kinds/prices.ts';
import type { RawProduct } from '../kinds/products.ts';
import type { RawWebhookEndpoint } from '../kinds/webhooks.ts';

/** The objects of one account, by their path. Both modes may lie in it: a key sees those of its own `livemode`. */
export interface StripeState {
  webhook_endpoints: RawWebhookEndpoint[];
  products: RawProduct[];
  prices: RawPrice[];
  [path: string]: { readonly id: string; readonly object: string }[];
}

/** What a key may do. */
export interface Key {
  readonly mode: 'live' | 'test';
  /** The account the key belongs to; `acct_1Shop` where it is not said. */
  readonly account?: string;
  /** Slugs without `rak_`, e.g. `plan_read`; all where it is not said. Write implies read, a price's its product's. */
  readonly permissions?: readonly string[];
  readonly state?: 'expired' | 'revoked';
  /** The key is limited to other IP addresses than the caller's. */
  readonly ipRefused?: boolean;
  /** Whether `/v1/account` answers; where it is not said, as the permissions have it. */
  readonly accountReadable?: boolean;
}

/** What happens to an answer on its way. A `delayMs` waits, then does what follows it, or answers as ever, as `until` does. */
export type Fault =
  | { readonly status: number; readonly headers?: HeaderFields; readonly body?: string | object }
  | { readonly delayMs: number; readonly then?: Fault }
  | { readonly until: Promise<unknown> }
  /** The connection is reset before any answer. */
  | { readonly kind: 'reset' }
  /** The head and half of the real answer's body, then the connection is gone. */
  | { readonly kind: 'reset-body' }
  /** The real answer, its body byte by byte. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** No answer ever, the connection open. */
  | { readonly kind: 'hang' }
  /** The real answer's JSON, changed, and sent with its own status. */
  // biome-ignore lint/suspicious/noExplicitAny: a test bends the answer in ways that no type describes.
  | { readonly kind: 'transform'; change(body: any): unknown; readonly headers?: HeaderFields };

type HeaderFields = Readonly<Record<string, string>>;

/** Stripe tells a missing permission in two forms, and both are in use; the newer one quotes the permission's label, or does not. */
export const refusalForms = ['older', 'newer', 'newer, unquoted'] as const;
export type RefusalForm = (typeof refusalForms)[number];

/** One request as it arrived. */
export interface StripeRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The `Stripe-Version` asked for; null when the header was missing. */
  readonly version: string | null;
  /** Arrival, in milliseconds of `performance.now()`. */
  readonly at: number;
  /** The status sent; null while there is none, and for good after a reset or a hang. */
  status: number | null;
}

export interface StripeOptions {
  /** By the key itself; `liveKey` and `testKey`, with all permissions, where it is not said. */
  readonly keys?: Readonly<Record<string, Key>>;
  readonly state?: Partial<StripeState>;
  /** How a missing permission is told; `older` where it is not said. */
  readonly refusals?: RefusalForm;
  /** The objects of connected accounts, by account, read with the `Stripe-Account` header. */
  readonly connected?: Readonly<Record<string, Partial<StripeState>>>;
  /** Called as each request arrives, before it is answered; `index` counts from 0. */
  onRequest?(request: StripeRequest, index: number): Fault | undefined;
}

export interface StripeServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** In the order of arrival. */
  readonly requests: StripeRequest[];
  /** How many connections were opened. */
  readonly connections: number;
  readonly state: StripeState;
  readonly connected: Readonly<Record<string, StripeState>>;
  /** Stops listening and destroys open connections. Rejects where the program did more than read what it may. */
  close(): Promise<void>;
}

/** A restricted key of live mode. Keys are put together here, so that no scanner takes one for a secret. */
export const liveKey = ['rk', 'live', '51ShopLiveKeyForTests1234'].join('_');

/** A restricted key of test mode. */
export const testKey = ['rk', 'test', '51ShopTestKeyForTests5678'].join('_');

/** The account of a key that names none. */
export const ownAccount = 'acct_1Shop';

/** The page that opens a key of an account for editing, as a refusal of the newer form names it. */
export function keyPage(mode: Key['mode'] = 'live', account: string = ownAccount): string {
  const path = `${mode === 'test' ? '%2Ftest' : ''}%2Fapikeys%2Fmk_1ShopKeyForTests%2Fedit`;
  return `https://dashboard.stripe.com/b/${account}?destination=${path}`;
}

/** Parts of the answer of `/v1/account` that must not turn up anywhere: persons and banks. */
export const accountHolder = ['owner@shop.example.com', 'Wilhelmina', 'STRIPE TEST BANK'] as const;

/** Starts a server on a free port of 127.0.0.1. */
export async function startStripe(options: StripeOptions = {}): Promise<StripeServer> {
  const keys = options.keys ?? { [liveKey]: { mode: 'live' }, [testKey]: { mode: 'test' } };
  const state = completeState(options.state);
  const connected = Object.fromEntries(
    Object.entries(options.connected ?? {}).map(([account, own]) => [account, completeState(own)]),
  );
  const requests: StripeRequest[] = [];
  const closing = new AbortController();

  const server = createServer((incoming, response) => {
    const request = readRequest(incoming);
    const index = requests.push(request) - 1;
    incoming.resume();
    const requestId = `req_${String(index + 1).padStart(6, '0')}`;
    const exchange = { request, response, requestId, closing: closing.signal };
    const fault = options.onRequest?.(request, index);
    send(exchange, answer(request, { ...options, keys }, state, connected), fault);
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');

  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    get connections() {
      return connections;
    },
    state,
    connected,
    async close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      for (const request of requests) onlyRead(request);
    },
  };
}

/** Holds for the whole suite: only GET, only paths of the registry and the account's. What a test fetches itself is left out. */
function onlyRead({ method, path, headers }: StripeRequest): void {
  const isKnown = path === '/v1/account' || (rowAt(path) !== null && method === 'GET');
  if (headers['user-agent'] === 'node' || isKnown) return;
  throw new Error(`The program asked ${method} ${path}.`);
}

/** Why Stripe refused for the pace, in its header's words. */
export type RateLimitReason =
  | 'global-rate'
  | 'global-concurrency'
  | 'endpoint-rate'
  | 'endpoint-concurrency'
  | 'resource-specific';

/** Stripe's 429. It carries no `Retry-After`; a test that wants one gives it. */
export function rateLimited(reason: RateLimitReason, headers: HeaderFields = {}): Fault {
  const message = 'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.';
  return {
    status: 429,
    headers: { 'Stripe-Rate-Limited-Reason': reason, ...headers },
    body: refusal(429, message, { code: 'rate_limit' }).body,
  };
}

// --- One request

/** What is answered: a string is sent as it is, an object as JSON. */
interface Reply {
  readonly status: number;
  readonly body: string | object;
  readonly headers?: HeaderFields;
}

/** Thrown from within the reading of a request: what Stripe answers instead. */
class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super('refused');
    this.reply = reply;
  }
}

function readRequest(incoming: IncomingMessage): StripeRequest {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const version = incoming.headers['stripe-version'];
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    version: typeof version === 'string' ? version : null,
    at: performance.now(),
    status: null,
  };
}

function answer(
  request: StripeRequest,
  { keys, refusals = 'older' }: Pick<StripeOptions, 'refusals'> & { readonly keys: Readonly<Record<string, Key>> },
  own: StripeState,
  connected: Readonly<Record<string, StripeState>>,
): Reply {
  try {
    if (request.method !== 'GET') return refusal(405, `${request.method} is not allowed: this server is only read.`);
    const route = routeOf(request);
    const caller = authenticate(request, keys);
    const { account, state } = accountOf(request, caller, own, connected);
    authorize(route, caller, account, refusals);
    if (route.kind === 'account') return { status: 200, body: { ...accountBody(account), ...state.account?.[0] } };
    const visible = { state, livemode: caller.key.mode === 'live' };
    const parameters = readQuery(request.query);
    if (route.row.v2 !== undefined) return { status: 200, body: answerV2(route, route.row.v2, visible, request) };
    const body =
      route.id === null
        ? (route.row.single ? alone : list)(route.row, visible, parameters)
        : route.below === undefined
          ? retrieve(route, visible, parameters)
          : within(route, route.below, visible, parameters);
    return { status: 200, body };
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

type Route =
  | { readonly kind: 'account' }
  | { readonly kind: 'resource'; readonly row: Row; readonly id: string | null; readonly below?: string };

function routeOf({ method, path }: StripeRequest): Route {
  if (path === '/v1/account') return { kind: 'account' };
  const found = rowAt(path);
  if (found === null) {
    const help = 'Please see https://stripe.com/docs or we can help at https://support.stripe.com/.';
    refuse(404, `Unrecognized request URL (${method}: ${path}). ${help}`);
  }
  return { kind: 'resource', ...found };
}

/** The row of a path, the id of an object below it, and the list that belongs to that. */
function rowAt(path: string): { row: Row; id: string | null; below?: string } | null {
  for (const row of ROWS) {
    const root = addressOf(row);
    if (path === root) return { row, id: null };
    const rest = path.startsWith(`${root}/`) ? path.slice(root.length + 1).split('/') : [];
    const [id, below] = rest;
    if (id === undefined || id === '' || row.single === true || rest.length > 2) continue;
    if (below === undefined) return { row, id: decoded(id) };
    if (row.below !== undefined && Object.hasOwn(row.below, below)) return { row, id: decoded(id), below };
  }
  return null;
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

interface Caller {
  readonly key: Key;
  /** As Stripe repeats it: kind, mode, stars, the last four. */
  readonly shown: string;
  readonly restricted: boolean;
}

function authenticate(request: StripeRequest, keys: Readonly<Record<string, Key>>): Caller {
  const [, text] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (text === undefined) {
    const how = 'You need to provide your API key in the Authorization header, using Bearer auth';
    refuse(401, `You did not provide an API key. ${how} (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').`);
  }
  const shown = starred(text);
  const key = keys[text];
  if (key === undefined || key.state === 'revoked') {
    refuse(401, `Invalid API Key provided: ${shown}`);
  }
  if (key.state === 'expired') {
    refuse(401, `Expired API Key provided: ${shown}`, { code: 'api_key_expired' });
  }
  if (key.ipRefused === true) {
    refuse(403, 'The API key provided does not allow requests from your IP address.');
  }
  return { key, shown, restricted: text.startsWith('rk_') };
}

function starred(key: string): string {
  const [prefix] = /^(?:[a-z]+_)*/.exec(key) ?? [''];
  const hidden = Math.max(4, key.length - prefix.length - 4);
  return `${prefix}${'*'.repeat(hidden)}${key.slice(-4)}`;
}

function accountOf(
  { headers }: StripeRequest,
  { key, shown }: Caller,
  own: StripeState,
  connected: Readonly<Record<string, StripeState>>,
): { account: string; state: StripeState } {
  const ownId = key.account ?? ownAccount;
  const account = headers['stripe-account'] ?? ownId;
  if (typeof account === 'string') {
    const state = account === ownId ? own : connected[account];
    if (state !== undefined) return { account, state };
  }
  const why = '(or that account does not exist). Application access may have been revoked.';
  const message = `The provided key '${shown}' does not have access to account '${account}' ${why}`;
  refuse(403, message, { code: 'account_invalid' });
}

function authorize(route: Route, { key, shown, restricted }: Caller, account: string, form: RefusalForm): void {
  const slug = route.kind === 'account' ? 'accounts_kyc_basic_read' : route.row.permission;
  const granted = !restricted || key.permissions === undefined || key.permissions.some((one) => grants(one, slug));
  const allowed = route.kind === 'account' ? (key.accountReadable ?? granted) : granted;
  if (allowed) return;
  const what = 'does not have the required permissions for this endpoint';
  const refused = (name: string) => `The provided key '${name}' ${what} on account '${account}'.`;
  if (form === 'older') {
    refuse(403, `${refused(shown)} Having the 'rak_${slug}' permission would allow this request to continue.`);
  }
  const label = `${route.kind === 'account' ? 'Basic Business Contact Information' : route.row.label} Read`;
  const enabling = `Enabling ${form === 'newer' ? `"${label}"` : label} ('${slug}') permissions on this key`;
  const edit = `You can edit permissions at ${keyPage(key.mode, key.account)}`;
  const dotted = shown.replace(/\*+/, '...');
  refuse(403, `Permission denied. ${refused(dotted)} ${enabling} would allow this request to continue. ${edit}`, {
    code: 'more_permissions_required',
  });
}

/** Write implies read, and to read a price is to read its product. */
function grants(held: string, asked: string): boolean {
  const read = held.replace(/_write$/, '_read');
  return read === asked || (read === 'plan_read' && asked === 'product_read');
}

// --- Lists and retrieves

/** What a caller may see. */
interface Visible {
  readonly state: StripeState;
  readonly livemode: boolean;
}

const ROWS: readonly Row[] = [...kinds.values()].map(({ row }) => row);

function rowOf(path: string): Row {
  const found = ROWS.find((one) => one.path === path);
  if (found === undefined) throw new Error(`There is no path ${path}.`);
  return found;
}

function isExpandable(path: string, expansion: Path): boolean {
  return rowOf(path).expandable?.(expansion, { expandable: isExpandable }) ?? false;
}

/** What the rows may ask of each other, in one account and mode. */
function around(visible: Visible): Around {
  return {
    expandable: isExpandable,
    expanded(path, id, expansions) {
      const of = rowOf(path);
      const live = typeof id === 'string' ? find(of, id, visible) : undefined;
      const further = expansions.filter((one) => one.length > 0 && isExpandable(path, one));
      return live === undefined ? id : render(of, live, further, visible);
    },
    insist(path, id, parameter) {
      const of = rowOf(path);
      if (find(of, id, visible) === undefined) missing(of, id, visible, 400, parameter);
    },
  };
}

/** The object without what is only said to this server. */
function render(of: Row, { inline: _, ...live }: RawObject, paths: readonly Path[], visible: Visible): object {
  const body = live as RawObject;
  return of.render?.(body, paths, around(visible)) ?? body;
}

function list(of: Row, visible: Visible, parameters: Query): object {
  const paths = expansions(of, parameters, true);
  const limit = limitOf(parameters);
  const accepts = filter(of, visible, parameters);
  const all = newestFirst(inMode(of, visible));
  const window = between(of, all, visible, parameters);
  const matching = window.objects.filter((live) => live.inline !== true && accepts(live));
  const page = window.backwards ? matching.slice(-limit) : matching.slice(0, limit);
  return {
    object: 'list',
    url: `/v1/${of.path}`,
    has_more: matching.length > page.length,
    data: page.map((live) => render(of, live, paths, visible)),
  };
}

/** The object of a row that has one. An account that says nothing of it has the kind's sample. */
function alone(of: Row, visible: Visible, parameters: Query): object {
  refuseUnknown(parameters, []);
  const sample = [...kinds.values()].find(({ row }) => row === of)?.sample;
  return render(of, (inMode(of, visible)[0] ?? { ...sample, livemode: visible.livemode }) as RawObject, [], visible);
}

function retrieve(route: Route & { kind: 'resource' }, visible: Visible, parameters: Query): object {
  const paths = expansions(route.row, parameters, false);
  refuseUnknown(parameters, []);
  const id = route.id ?? '';
  const live = find(route.row, id, visible);
  if (live === undefined) missing(route.row, id, visible, 404, 'id');
  return render(route.row, live, paths, visible);
}

/** A page of a list that belongs to an object. */
function within(route: Route & { kind: 'resource' }, name: string, visible: Visible, parameters: Query): object {
  refuseUnknown(parameters, ['limit', 'starting_after']);
  const live = find(route.row, route.id ?? '', visible);
  if (live === undefined) missing(route.row, route.id ?? '', visible, 404, 'id');
  const all = route.row.below?.[name]?.(live) ?? [];
  const after = single(parameters, 'starting_after');
  const rest = all.slice(all.findIndex(({ id }) => id === after) + 1);
  const data = rest.slice(0, limitOf(parameters));
  return { object: 'list', url: `/v1/${route.row.path}/${live.id}/${name}`, has_more: rest.length > data.length, data };
}

/** What Stripe's API v2 answers: a page that names the next one, or an object, with null for what is not included. */
function answerV2(
  { row, id }: Route & { kind: 'resource' },
  { included }: NonNullable<Row['v2']>,
  visible: Visible,
  { query, version }: StripeRequest,
): object {
  if (version === null) refuse(400, 'You must provide a Stripe-Version header.', { code: 'missing_header' });
  const parameters = readQuery(query);
  const known = ['include', 'include[]', ...(id === null ? ['limit', 'page'] : [])];
  const unknown = [...parameters.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) refuse(400, `Unknown field: ${unknown}`, { code: 'unknown_field' });
  const asked = [...(parameters.get('include') ?? []), ...(parameters.get('include[]') ?? [])];
  const strange = asked.find((path) => !included.includes(path));
  if (strange !== undefined) refuse(400, `Unrecognized enum value '${strange}'`, { code: 'invalid_fields' });
  const left = included.filter((path) => !asked.includes(path));
  const shown = (live: RawObject) => left.reduce<Parts>((body, path) => withoutPart(body, path.split('.')), live);
  if (id !== null) return shown(find(row, id, visible) ?? missing(row, id, visible, 404, 'id'));
  const all = newestFirst(inMode(row, visible));
  const after = single(parameters, 'page');
  const start = after === undefined ? 0 : all.findIndex((live) => live.id === after) + 1;
  if (after !== undefined && start === 0) refuse(400, 'The page token is not valid.', { code: 'invalid_page_token' });
  const data = all.slice(start, start + limitOf(parameters));
  const last = data.at(-1)?.id ?? '';
  const next = new URLSearchParams(query);
  next.set('page', last);
  const hasMore = start + data.length < all.length;
  return {
    data: data.map(shown),
    next_page_url: hasMore ? `${addressOf(row)}?${next}` : null,
    previous_page_url: null,
  };
}

type Parts = { readonly [name: string]: unknown };

/** An object with null in the place of a part that it has. */
function withoutPart(live: Parts, [name = '', ...rest]: readonly string[]): Parts {
  const value = live[name];
  if (rest.length === 0) return { ...live, [name]: null };
  return typeof value === 'object' && value !== null ? { ...live, [name]: withoutPart(value as Parts, rest) } : live;
}

function newestFirst(objects: readonly RawObject[]): RawObject[] {
  const at = ({ created = 0 }: RawObject) => (typeof created === 'string' ? Date.parse(created) / 1000 : created);
  return [...objects].sort((one, other) => at(other) - at(one));
}

function inMode(of: Row, { state, livemode }: Visible): RawObject[] {
  return ((state[of.path] ?? []) as RawObject[]).filter((live) => (live.livemode ?? livemode) === livemode);
}

function find(of: Row, id: string, visible: Visible): RawObject | undefined {
  return inMode(of, visible).find((live) => live.id === id);
}

function missing(of: Row, id: string, { state, livemode }: Visible, status: number, param: string): never {
  const [there, here] = livemode ? ['test', 'live'] : ['live', 'test'];
  const elsewhere = (state[of.path] ?? []).some((live) => live.id === id);
  const similar = `; a similar object exists in ${there} mode, but a ${here} mode key was used to make this request.`;
  const hint = elsewhere ? similar : '';
  const code = of.v2 === undefined ? 'resource_missing' : 'not_found';
  refuse(status, `No such ${of.noun}: '${id}'${hint}`, { code, param });
}

// --- Query

/** By name without index: `expand[]` and `expand[0]` are both `expand[]`. */
type Query = ReadonlyMap<string, readonly string[]>;

const BOUNDS: Readonly<Record<string, (created: number, bound: number) => boolean>> = {
  created: (created, bound) => created === bound,
  'created[gt]': (created, bound) => created > bound,
  'created[gte]': (created, bound) => created >= bound,
  'created[lt]': (created, bound) => created < bound,
  'created[lte]': (created, bound) => created <= bound,
};

function readQuery(query: URLSearchParams): Query {
  const parameters = new Map<string, string[]>();
  for (const [name, value] of query) {
    const plain = name.replace(/\[\d*\]$/, '[]');
    parameters.set(plain, [...(parameters.get(plain) ?? []), value]);
  }
  return parameters;
}

/** The one value of a parameter: Stripe takes the last of several. */
function single(parameters: Query, name: string): string | undefined {
  const value = parameters.get(name)?.at(-1);
  if (value !== '') return value;
  const why = `We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset.`;
  const remedy = `You should remove '${name}' from your request or supply a non-empty value.`;
  const message = `You passed an empty string for '${name}'. ${why} ${remedy}`;
  refuse(400, message, { code: 'parameter_invalid_empty', param: name });
}

function integer(parameters: Query, name: string): number | undefined {
  const text = single(parameters, name);
  if (text === undefined || /^-?\d+$/.test(text)) return text === undefined ? undefined : Number(text);
  refuse(400, `Invalid integer: ${text}`, { code: 'parameter_invalid_integer', param: name });
}

function limitOf(parameters: Query): number {
  const limit = integer(parameters, 'limit') ?? 10;
  if (limit >= 1 && limit <= 100) return limit;
  const bound = limit < 1 ? 'greater than or equal to 1' : 'less than or equal to 100';
  const message = `This value must be ${bound}.`;
  refuse(400, message, { code: 'parameter_invalid_integer', param: 'limit' });
}

function refuseUnknown(parameters: Query, known: readonly string[]): void {
  for (const name of parameters.keys()) {
    if (name === 'expand[]' || known.includes(name)) continue;
    // Stripe names the outermost part that it does not know.
    const outer = name.replace(/\[.*$/, '');
    const familiar = known.some((one) => one === outer || one.startsWith(`${outer}[`));
    const param = familiar ? name.replace(/\[\]$/, '') : outer;
    const message = `Received unknown parameter: ${param}`;
    refuse(400, message, { code: 'parameter_unknown', param });
  }
}

/** One predicate from all filters of a list. */
function filter(of: Row, visible: Visible, parameters: Query): (live: RawObject) => boolean {
  const { filters = {}, several = {}, active } = of;
  const bounds = of.created ? Object.keys(BOUNDS) : [];
  const known = [...bounds, ...Object.keys(several).map((name) => `${name}[]`), ...Object.keys(filters)];
  const paging = ['limit', 'starting_after', 'ending_before'];
  refuseUnknown(parameters, [...paging, ...known, ...(active === undefined ? [] : ['active'])]);

  for (const name of of.needed ?? [])
    if (single(parameters, name) === undefined) refuse(400, `Missing required param: ${name}.`, { param: name });
  const tests: ((live: RawObject) => boolean)[] = [];
  for (const name of bounds) {
    const bound = integer(parameters, name);
    if (bound !== undefined) tests.push((live) => BOUNDS[name]?.(Number(live.created ?? 0), bound) ?? true);
  }
  for (const [name, accepts] of Object.entries(filters)) {
    const value = single(parameters, name);
    if (value !== undefined) tests.push(accepts(value, around(visible)));
  }
  for (const [name, { most, alone, of: read }] of Object.entries(several)) {
    const values = parameters.get(`${name}[]`);
    if (values === undefined) continue;
    if (values.length > most) {
      refuse(400, `Array ${name} exceeded maximum ${most} allowed elements.`, { param: name });
    }
    const cursor = ['starting_after', 'ending_before'].find((one) => parameters.has(one));
    if (alone && cursor !== undefined) {
      refuse(400, `You may only specify one of these parameters: ${name}, ${cursor}.`, { param: name });
    }
    tests.push((live) => values.includes(String(read(live) ?? '')));
  }
  if (active !== undefined) {
    const wanted = single(parameters, 'active') ?? active.unsaid;
    if (!['true', 'false', 'all'].includes(wanted) || (wanted === 'all' && parameters.has('active'))) {
      refuse(400, `Invalid boolean: ${wanted}`, { param: 'active' });
    }
    if (wanted !== 'all') tests.push((live) => 'active' in live && String(live.active) === wanted);
  }
  return (live) => tests.every((test) => test(live));
}

/** The part of a list that the cursor leaves. The cursor's object need not match the filters, only exist. */
function between(of: Row, all: readonly RawObject[], visible: Visible, parameters: Query) {
  const after = single(parameters, 'starting_after');
  const before = single(parameters, 'ending_before');
  if (after !== undefined && before !== undefined) {
    const message = 'Received both starting_after and ending_before parameters. Please pass in only one.';
    refuse(400, message);
  }
  const cursor = after ?? before;
  if (cursor === undefined) return { objects: all, backwards: false };
  const at = all.findIndex((live) => live.id === cursor);
  if (at === -1) missing(of, cursor, visible, 400, after === undefined ? 'ending_before' : 'starting_after');
  return before === undefined
    ? { objects: all.slice(at + 1), backwards: false }
    : { objects: all.slice(0, at), backwards: true };
}

// --- Expansion

/** The expansions asked for, below one object. Refused before any object is looked at, as Stripe does. */
function expansions(of: Row, parameters: Query, inList: boolean): readonly Path[] {
  return (parameters.get('expand[]') ?? []).map((asked) => expansion(of, asked, inList));
}

function expansion(of: Row, asked: string, inList: boolean): Path {
  const parts = asked.split('.');
  if (parts.length > 4) {
    const message = `You cannot expand more than 4 levels of a property. Property: ${asked}`;
    refuse(400, message, { code: 'property_expansion_max_depth' });
  }
  const path = inList && parts[0] === 'data' ? parts.slice(1) : parts;
  const known = path.length > 0 && isExpandable(of.path, path);
  if (known && (!inList || path.length < parts.length)) return path;
  const hint = known ? ` You may want to try expanding 'data.${asked}' instead.` : '';
  refuse(400, `This property cannot be expanded (${asked}).${hint}`);
}

// --- Bodies

function refuse(status: number, message: string, detail: { code?: string; param?: string } = {}): never {
  throw new Refusal(refusal(status, message, detail));
}

function refusal(status: number, message: string, detail: { code?: string; param?: string } = {}): Reply {
  const page = detail.code?.replaceAll('_', '-');
  const doc_url = page === undefined ? {} : { doc_url: `https://stripe.com/docs/error-codes/${page}` };
  return { status, body: { error: { ...detail, ...doc_url, message, type: 'invalid_request_error' } } };
}

function accountBody(id: string): object {
  const [email, name, bank] = accountHolder;
  return {
    id,
    object: 'account',
    business_profile: { name: 'Shop', support_email: email, url: 'https://shop.example.com' },
    business_type: 'individual',
    charges_enabled: true,
    country: 'US',
    default_currency: 'usd',
    details_submitted: true,
    email,
    external_accounts: {
      object: 'list',
      data: [{ id: 'ba_1Made000001', object: 'bank_account', bank_name: bank, last4: '6789' }],
      has_more: false,
      url: `/v1/accounts/${id}/external_accounts`,
    },
    individual: { id: 'person_1Made000001', object: 'person', first_name: name },
    payouts_enabled: true,
    settings: { dashboard: { display_name: 'Shop', timezone: 'Etc/UTC' } },
    type: 'standard',
  };
}

function completeState(state: Partial<StripeState> = {}): StripeState {
  const none = Object.fromEntries(ROWS.map(({ path }) => [path, []]));
  return { webhook_endpoints: [], products: [], prices: [], ...none, ...state };
}

// --- Sending

interface Exchange {
  readonly request: StripeRequest;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
}

function send(exchange: Exchange, real: Reply, fault: Fault | undefined): void {
  const { response, closing } = exchange;
  if (fault === undefined) {
    response.end(head(exchange, real));
  } else if ('status' in fault) {
    response.end(head(exchange, { body: '', ...fault }));
  } else if ('delayMs' in fault) {
    later(fault.delayMs, closing, () => send(exchange, real, fault.then));
  } else if ('until' in fault) {
    void fault.until.then(() => closing.aborted || response.end(head(exchange, real)));
  } else if (fault.kind === 'reset') {
    response.socket?.resetAndDestroy();
  } else if (fault.kind === 'reset-body') {
    const body = head(exchange, real);
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
  } else if (fault.kind === 'drip') {
    drip(exchange, head(exchange, real), fault.everyMs);
  } else if (fault.kind === 'transform') {
    const text = JSON.stringify(fault.change(JSON.parse(JSON.stringify(real.body))));
    const headers = { 'Content-Type': 'application/json', ...fault.headers };
    response.end(head(exchange, { status: real.status, headers, body: text }));
  }
}

/** Sets the head of an answer and gives its body in bytes. A header of the reply's own wins, whatever its case. */
function head({ request, response, requestId }: Exchange, { status, headers, body }: Reply): Buffer {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body, null, 2)}\n`;
  const bytes = Buffer.from(text);
  request.status = status;
  response.statusCode = status;
  response.setHeader('Content-Type', typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json');
  response.setHeader('Request-Id', requestId);
  response.setHeader('Stripe-Version', request.version ?? '2026-10-28.endive');
  response.setHeader('Content-Length', bytes.length);
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  return bytes;
}

function drip(exchange: Exchange, left: Buffer, everyMs: number): void {
  const { response, closing } = exchange;
  if (left.length === 0) response.end();
  if (left.length === 0 || response.destroyed) return;
  response.write(left.subarray(0, 1));
  later(everyMs, closing, () => drip(exchange, left.subarray(1), everyMs));
}

/** Does something after a time, unless the server is closed before. */
function later(ms: number, closing: AbortSignal, act: () => void): void {
  const stop = () => clearTimeout(timer);
  const timer = setTimeout(() => {
    closing.removeEventListener('abort', stop);
    act();
  }, ms);
  closing.addEventListener('abort', stop, { once: true });
}
