/**
 * A Stripe for the benchmark: lists and single objects of one account, after a latency and within Stripe's limits of requests.
 * Every object is serialised before the first request, so that what is measured is who asks. What it takes and answers is
 * what the server of the other tests takes and answers (test/servers/stripe.ts), but for what the benchmark never asks.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { kinds } from '../kinds/index.ts';
import type { Row } from '../kinds/kind.ts';
import { baseCurrencyOption, type RawPrice } from '../kinds/prices.ts';
import { type Account, type List, lists, objectsOf, type RawObject } from './account.ts';
import { AccountLimiter } from './limiter.ts';

/** What is served from now on. */
export interface Serving {
  readonly account: Account;
  readonly latencyMs: number;
  /** Whether there is a limit of requests. */
  readonly isLimited: boolean;
}

/** What was asked since it was looked at last. */
export interface Asked {
  /** Requests by endpoint, refused ones too: `prices list`, `prices one`. */
  readonly requests: Readonly<Record<string, number>>;
  /** Requests that were answered with 429. */
  readonly limited: number;
  /** Requests that were answered with another error. */
  readonly refused: readonly string[];
  readonly connections: number;
  /** Everything that was to be expanded. */
  readonly expanded: readonly string[];
}

export interface BenchServer {
  readonly url: string;
  serve(serving: Serving): void;
  take(): Asked;
  close(): Promise<void>;
}

/** A restricted key for a mode. Put together here, so that no scanner takes it for a secret. */
export const keyOf = (mode: Account['mode']) => ['rk', mode, '51BenchKeyForMeasuring'].join('_');

export async function startServer(): Promise<BenchServer> {
  let serving: Serving | null = null;
  let served: { readonly key: string; readonly tables: ReadonlyMap<string, Table> } | null = null;
  let limiter: AccountLimiter | null = null;
  let asked = emptyAsked();

  const server = createServer((request, response) => {
    request.resume();
    if (serving === null || served === null) throw new Error('The server has no account yet.');
    const { latencyMs } = serving;
    const answer = answerTo(request, serving, served.tables, limiter, asked);
    if (latencyMs === 0) send(response, answer);
    else setTimeout(() => send(response, answer), latencyMs);
  });
  server.on('connection', () => {
    asked.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');

  return {
    url: `http://127.0.0.1:${address.port}`,
    serve(next) {
      serving = next;
      limiter = next.isLimited ? new AccountLimiter(next.account.mode) : null;
      const key = JSON.stringify(next.account);
      if (served?.key !== key) served = { key, tables: tablesOf(next.account) };
      asked = emptyAsked();
    },
    take() {
      const { expanded, ...taken } = asked;
      asked = emptyAsked();
      return { ...taken, expanded: [...expanded].sort() };
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function emptyAsked() {
  return {
    requests: {} as Record<string, number>,
    limited: 0,
    refused: [] as string[],
    connections: 0,
    expanded: new Set<string>(),
  };
}

// --- The objects, serialised

/** The objects of one kind, the newest first. */
interface Table {
  readonly row: Row;
  readonly created: readonly number[];
  /** Null where a kind is not archived. */
  readonly active: readonly boolean[] | null;
  /** Each object as JSON, without its last brace. */
  readonly texts: readonly string[];
  /** What follows in an object where it is to be expanded, by the name of what is expanded. */
  readonly expansions: ReadonlyMap<string, readonly string[]>;
  /** Where an object is, by its id and by the filters that take several values. */
  readonly places: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

const EXPANDABLE: Readonly<Record<List, readonly string[]>> = {
  webhook_endpoints: [],
  products: [],
  prices: ['tiers', 'currency_options'],
  coupons: ['applies_to', 'currency_options'],
};

function tablesOf(account: Account): ReadonlyMap<string, Table> {
  return new Map(lists.map((list) => [`/v1/${list}`, tableOf(account, list)]));
}

function tableOf(account: Account, list: List): Table {
  const row = [...kinds.values()].map((kind) => kind.row).find(({ path }) => path === list);
  if (row === undefined) throw new Error(`No kind has the path ${list}.`);
  const created: number[] = [];
  const active: boolean[] = [];
  const texts: string[] = [];
  const expansions = new Map(EXPANDABLE[list].map((name) => [name, [] as string[]]));
  const several = Object.entries(row.several ?? {});
  const places = new Map(['id', ...several.map(([name]) => name)].map((name) => [name, new Map<string, number>()]));
  for (const object of objectsOf(account, list)) {
    const place = texts.length;
    const { body, expanded } = apart(object);
    created.push(object.created);
    active.push('active' in object && object.active);
    texts.push(within(JSON.stringify(body, null, 2)).replace(/\n *\}$/, ''));
    for (const [name, all] of expansions)
      all.push(
        name in expanded ? `,\n      "${name}": ${within(JSON.stringify(expanded[name], null, 2), '      ')}` : '',
      );
    places.get('id')?.set(object.id, place);
    for (const [name, { of }] of several) {
      const value = of({ ...object });
      if (typeof value === 'string') places.get(name)?.set(value, place);
    }
  }
  return { row, created, active: row.active === undefined ? null : active, texts, expansions, places };
}

/** An object without what only an expansion shows, and that. */
function apart(object: RawObject): { body: object; expanded: Readonly<Record<string, unknown>> } {
  if (object.object !== 'price') return { body: object, expanded: {} };
  const { tiers, currency_options, ...body } = object as RawPrice;
  const { tiers: _, ...base } = baseCurrencyOption(object as RawPrice);
  return {
    body,
    expanded: {
      ...(tiers !== undefined && { tiers }),
      currency_options: { [body.currency]: base, ...currency_options },
    },
  };
}

/** JSON as it stands in a list, which Stripe indents. */
const within = (json: string, indent = '    ') => json.replaceAll('\n', `\n${indent}`);

// --- Answers

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What Stripe answers in place of what was asked. */
class Refusal extends Error {
  readonly answer: Answer;

  constructor(status: number, message: string, detail: { code?: string; param?: string } = {}) {
    super(message);
    const type = 'invalid_request_error';
    this.answer = { status, text: JSON.stringify({ error: { ...detail, message, type } }, null, 2) };
  }
}

function answerTo(
  request: IncomingMessage,
  { account }: Serving,
  tables: ReadonlyMap<string, Table>,
  limiter: AccountLimiter | null,
  asked: ReturnType<typeof emptyAsked>,
): Answer {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [, path = '', id] = /^(\/v1\/[a-z_]+)(?:\/([^/]+))?$/.exec(pathname) ?? [];
  const endpoint = `${path.replace('/v1/', '')} ${id === undefined ? 'list' : 'one'}`;
  asked.requests[endpoint] = (asked.requests[endpoint] ?? 0) + 1;
  try {
    const reason = limiter?.refuses(endpoint, performance.now()) ?? null;
    if (reason !== null) {
      asked.limited += 1;
      return tooMany(reason);
    }
    if (request.method !== 'GET') throw new Refusal(405, `${request.method} is not allowed: this server is only read.`);
    if (request.headers.authorization !== `Bearer ${keyOf(account.mode)}`)
      throw new Refusal(401, 'Invalid API Key provided.');
    const table = tables.get(path);
    if (table === undefined) throw new Refusal(404, `Unrecognized request URL (${request.method}: ${pathname}).`);
    const query = readQuery(searchParams);
    for (const name of query.get('expand[]') ?? []) asked.expanded.add(`${path.replace('/v1/', '')} ${name}`);
    return id === undefined ? page(table, query) : one(table, decodeURIComponent(id), query);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    asked.refused.push(`${request.method} ${request.url}: ${error.message}`);
    return error.answer;
  }
}

function tooMany(reason: string): Answer {
  const message = 'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.';
  const { answer } = new Refusal(429, message, { code: 'rate_limit' });
  return { ...answer, headers: { 'Stripe-Rate-Limited-Reason': reason } };
}

function send(response: ServerResponse, { status, text, headers = {} }: Answer): void {
  // All that the accounts hold is ASCII.
  const body = Buffer.from(text, 'latin1');
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    'Request-Id': 'req_Bench000000001',
    'Stripe-Version': '2026-10-28.endive',
    ...headers,
  });
  response.end(body);
}

/** By name without index: `expand[]` and `expand[0]` are both `expand[]`. */
type Query = ReadonlyMap<string, readonly string[]>;

function readQuery(parameters: URLSearchParams): Query {
  const query = new Map<string, string[]>();
  for (const [name, value] of parameters) {
    const plain = name.replace(/\[\d*\]$/, '[]');
    query.set(plain, [...(query.get(plain) ?? []), value]);
  }
  return query;
}

function one({ texts, expansions, places, row }: Table, id: string, query: Query): Answer {
  refuseUnknown(query, []);
  const expanded = expandedBy(query, expansions, '');
  const place = places.get('id')?.get(id);
  if (place === undefined)
    throw new Refusal(404, `No such ${row.noun}: '${id}'`, { code: 'resource_missing', param: 'id' });
  return { status: 200, text: `    ${objectAt(place, texts, expanded)}\n` };
}

function page(table: Table, query: Query): Answer {
  const { row, texts, expansions } = table;
  refuseUnknown(query, [
    'limit',
    'starting_after',
    'ending_before',
    ...(row.created === undefined ? [] : BOUNDS),
    ...Object.keys(row.several ?? {}).map((name) => `${name}[]`),
    ...(row.active === undefined ? [] : ['active']),
  ]);
  const expanded = expandedBy(query, expansions, 'data.');
  const limit = integer(query, 'limit') ?? 10;
  if (limit < 1 || limit > 100)
    throw new Refusal(400, 'limit is to be from 1 to 100.', { code: 'parameter_invalid_integer', param: 'limit' });
  const { places, hasMore } = placesOf(table, query, limit);
  const data = places.map((place) => objectAt(place, texts, expanded)).join(',\n    ');
  const inside = places.length === 0 ? '' : `\n    ${data}\n  `;
  return {
    status: 200,
    text: `{\n  "object": "list",\n  "url": "/v1/${row.path}",\n  "has_more": ${hasMore},\n  "data": [${inside}]\n}\n`,
  };
}

function objectAt(place: number, texts: readonly string[], expanded: readonly (readonly string[])[]): string {
  let text = texts[place] ?? '';
  for (const parts of expanded) text += parts[place];
  return `${text}\n    }`;
}

const BOUNDS = ['created', 'created[gt]', 'created[gte]', 'created[lt]', 'created[lte]'];

/** Where the objects of a page are. */
function placesOf(table: Table, query: Query, limit: number): { places: number[]; hasMore: boolean } {
  const { created, active } = table;
  const { oldest, newest } = boundsOf(query);
  const state = lastOf(query, 'active') ?? table.row.active?.unsaid ?? 'all';
  const isState = ['true', 'false'].includes(state) || (state === 'all' && !query.has('active'));
  if (!isState) throw new Refusal(400, `Invalid boolean: ${state}`, { param: 'active' });
  const isListed = (place: number) => active === null || state === 'all' || active[place] === (state === 'true');
  const { after, before } = cursorsOf(table, query);
  const start = Math.max(after === null ? 0 : after + 1, firstOlder(created, newest));
  const end = Math.min(before ?? created.length, firstOlder(created, oldest - 1));
  const among = amongOf(table, query);
  if (among !== null) {
    const found = among.filter((place) => place >= start && place < end && isListed(place));
    return { places: found.slice(0, limit), hasMore: found.length > limit };
  }
  const found: number[] = [];
  if (before === null) {
    for (let place = start; place < end && found.length <= limit; place += 1) if (isListed(place)) found.push(place);
    return { places: found.slice(0, limit), hasMore: found.length > limit };
  }
  for (let place = end - 1; place >= start && found.length <= limit; place -= 1) if (isListed(place)) found.push(place);
  return { places: found.slice(0, limit).reverse(), hasMore: found.length > limit };
}

/** The oldest and newest that `created` admits. */
function boundsOf(query: Query): { oldest: number; newest: number } {
  const exactly = integer(query, 'created');
  const [gt, gte, lt, lte] = BOUNDS.slice(1).map((name) => integer(query, name));
  const low = [exactly, gte, gt === undefined ? undefined : gt + 1].filter((bound) => bound !== undefined);
  const high = [exactly, lte, lt === undefined ? undefined : lt - 1].filter((bound) => bound !== undefined);
  return { oldest: Math.max(Number.NEGATIVE_INFINITY, ...low), newest: Math.min(Number.POSITIVE_INFINITY, ...high) };
}

/** The first place whose object is not newer than a moment. */
function firstOlder(created: readonly number[], moment: number): number {
  let [low, high] = [0, created.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((created[middle] ?? 0) > moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The places that a filter of several values admits, in order; null where there is none. */
function amongOf({ row, places }: Table, query: Query): readonly number[] | null {
  for (const [name, { most, alone }] of Object.entries(row.several ?? {})) {
    const values = query.get(`${name}[]`);
    if (values === undefined) continue;
    if (values.length > most)
      throw new Refusal(400, `Array ${name} exceeded maximum ${most} allowed elements.`, { param: name });
    const cursor = ['starting_after', 'ending_before'].find((one) => query.has(one));
    if (alone && cursor !== undefined)
      throw new Refusal(400, `You may only specify one of these parameters: ${name}, ${cursor}.`, { param: name });
    const found = values.map((value) => places.get(name)?.get(value)).filter((place) => place !== undefined);
    return [...new Set(found)].sort((one, other) => one - other);
  }
  return null;
}

function cursorsOf({ row, places }: Table, query: Query): { after: number | null; before: number | null } {
  const placeOf = (name: string) => {
    const id = lastOf(query, name);
    if (id === undefined) return null;
    const place = places.get('id')?.get(id);
    if (place !== undefined) return place;
    throw new Refusal(400, `No such ${row.noun}: '${id}'`, { code: 'resource_missing', param: name });
  };
  const [after, before] = [placeOf('starting_after'), placeOf('ending_before')];
  if (after !== null && before !== null)
    throw new Refusal(400, 'Received both starting_after and ending_before parameters. Please pass in only one.');
  return { after, before };
}

function expandedBy(query: Query, expansions: Table['expansions'], prefix: string): (readonly string[])[] {
  return (query.get('expand[]') ?? []).map((asked) => {
    const texts = asked.startsWith(prefix) ? expansions.get(asked.slice(prefix.length)) : undefined;
    if (texts === undefined) throw new Refusal(400, `This property cannot be expanded (${asked}).`);
    return texts;
  });
}

function refuseUnknown(query: Query, known: readonly string[]): void {
  const unknown = [...query.keys()].find((name) => name !== 'expand[]' && !known.includes(name));
  if (unknown === undefined) return;
  const param = unknown.replace(/\[.*$/, '');
  throw new Refusal(400, `Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
}

/** The one value of a parameter: Stripe takes the last of several. */
function lastOf(query: Query, name: string): string | undefined {
  return query.get(name)?.at(-1);
}

function integer(query: Query, name: string): number | undefined {
  const text = lastOf(query, name);
  if (text === undefined || /^-?\d+$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new Refusal(400, `Invalid integer: ${text}`, { code: 'parameter_invalid_integer', param: name });
}
