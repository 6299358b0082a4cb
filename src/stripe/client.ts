import type { Mode } from '../model.ts';
import { registry } from '../resources/index.ts';
import type { Query, Resource } from '../resources/resource.ts';
import { addressPart } from '../text.ts';
import { VERSION } from '../version.ts';
import { Deadline } from './deadline.ts';
import type { Key, KeyFrom } from './key.ts';
import { accountIn, senseless, stripeAnswer } from './refusal.ts';
import type { Transport } from './transport.ts';

export interface ClientOptions {
  readonly key: Key;
  /** The root of the API, a host and nothing else: https, or http on a loopback address. */
  readonly base: URL;
  /** A connected account to read (`Stripe-Account`), or null for the key's own. */
  readonly connected: string | null;
  readonly requestsPerSecond: number;
  readonly timeoutSeconds: number;
  /** Aborted when the run is to end early. */
  readonly interrupted: AbortSignal;
  readonly keyFrom: KeyFrom;
}

/** An object as Stripe sends it. */
export interface Raw {
  readonly id: string;
  readonly livemode?: boolean;
  readonly deleted?: boolean;
}
export interface Page {
  readonly data: readonly Raw[];
  readonly has_more: boolean;
  /** The path and query of the next page, where Stripe's API v2 names it. */
  readonly next?: string;
}

/** Whose account it is. */
const ACCOUNT = '/v1/account';

type Parameters = readonly (readonly [string, string])[];

/** The only door to Stripe: the official SDK, asked for lists and objects of the registry's paths, and for the account's id. */
export class Client {
  readonly mode: Mode;
  readonly connected: string | null;
  readonly keyFrom: KeyFrom;
  private learnt: string | null;
  /** It read the account, where nobody needs it to. */
  private readsAccount = false;
  private readonly transport: Transport;
  private readonly deadline: Deadline;
  private readonly raw: (path: string) => Promise<unknown>;

  private constructor(
    options: ClientOptions,
    transport: Transport,
    deadline: Deadline,
    raw: (path: string) => Promise<unknown>,
  ) {
    this.mode = options.key.mode;
    this.connected = options.connected;
    this.keyFrom = options.keyFrom;
    this.learnt = null;
    this.transport = transport;
    this.deadline = deadline;
    this.raw = raw;
  }

  /** Loads the SDK and Node's HTTP, which are needed only here. `close` it when done. */
  static async open(options: ClientOptions): Promise<Client> {
    const { base } = options;
    const Stripe = await sdkOnce();
    const deadline = new Deadline(options.timeoutSeconds, options.interrupted);
    const transport = await transportFor(options, deadline);
    const sdk = new Stripe(options.key.secret, {
      httpClient: transport as never,
      host: base.hostname,
      port: base.port === '' ? (base.protocol === 'https:' ? 443 : 80) : Number(base.port),
      protocol: base.protocol === 'https:' ? 'https' : 'http',
      maxNetworkRetries: 0,
      telemetry: false,
      appInfo: { name: 'stripe-config-check', version: VERSION },
      ...(options.connected !== null && { stripeAccount: options.connected }),
    });
    return new Client(options, transport, deadline, (path) => sdk.rawRequest('GET', path));
  }

  /** The account that is read, as far as Stripe has named it. */
  get account(): string | null {
    return this.learnt ?? this.connected;
  }

  /** Slugs of permissions that the key has, as far as asking for the account told. */
  get granted(): string[] {
    const own = [...registry.values()].filter(({ source }) => this.readsAccount && source.path === ACCOUNT);
    return own.flatMap(({ permission }) => permission?.slug ?? []);
  }

  /** One page of a list, of up to `limit` objects; Stripe gives at most 100. */
  async list(resource: Resource<never>, query: Query, parameters: Parameters, limit = 100): Promise<Page> {
    const { path, list } = resource.source;
    const all = [...Object.entries(query), ['limit', String(limit)] as const, ...parameters];
    return list === 'v2' ? pageOfV2(await this.get(path, all), path) : await this.page(path, path, all);
  }

  /** The next page of a list of Stripe's API v2. */
  async next({ source: { path } }: Resource<never>, next: string): Promise<Page> {
    return pageOfV2(await this.get(next, []), path);
  }

  /** One page of a list that belongs to an object. */
  async below(resource: Resource<never>, id: string, rest: string, parameters: Parameters): Promise<Page> {
    const { path } = resource.source;
    return await this.page(`${path}/${addressPart(id)}/${rest}`, `${path}/ID/${rest}`, [
      ['limit', '100'],
      ...parameters,
    ]);
  }

  /** The one object of a section that is one; an `id` is there where Stripe gives it one. */
  async single(resource: Resource<never>): Promise<Raw> {
    return (await this.get(resource.source.path, [])) as Raw;
  }

  /** One object by its id, or null when Stripe says that it does not exist; `hint` is what Stripe adds to that. */
  async retrieve(
    resource: Resource<never>,
    id: string,
    parameters: Parameters,
  ): Promise<{ object: Raw | null; hint: string | null; isDeleted?: true }> {
    if (!hasAddress(id)) return { object: null, hint: null };
    try {
      const object = (await this.get(`${resource.source.path}/${addressPart(id)}`, parameters)) as Raw;
      if (object.id !== id) throw senseless(`what came for an id of ${resource.section} is another object`);
      return object.deleted === true ? { object: null, hint: null, isDeleted: true } : { object, hint: null };
    } catch (error) {
      const answer = stripeAnswer(error);
      const isMissing = /^(?:resource_missing|not_found)$/.test(answer?.code ?? '');
      if (answer?.statusCode !== 404 || !isMissing) throw error;
      return { object: null, hint: /a similar object exists in (live|test) mode/.exec(answer.message)?.[0] ?? null };
    }
  }

  /** Asks for the account. A restricted key may seldom read it, but the refusal names it. */
  async learnAccount(): Promise<string | null> {
    try {
      const { id } = (await this.get(ACCOUNT, [])) as { id?: unknown };
      this.readsAccount = true;
      if (typeof id === 'string' && /^acct_\w+$/.test(id)) this.learnt = id;
    } catch (error) {
      if (accountIn(stripeAnswer(error) ?? { statusCode: 0, message: '' }) === null) throw error;
    }
    return this.learnt;
  }

  /** Requests sent so far to a resource's paths. */
  requests(resource: Resource<never>): number {
    return this.transport.requests(resource.source.path);
  }

  /** How many more pages of a list could be asked for at once, and are worth it. */
  room(resource: Resource<never>): number {
    return this.transport.room(resource.source.path);
  }

  close(): void {
    this.transport.close();
    this.deadline.close();
  }

  /** `called` is the path without an id. */
  private async page(path: string, called: string, parameters: Parameters): Promise<Page> {
    const { data, has_more } = (await this.get(path, parameters)) as Partial<Page>;
    if (!Array.isArray(data) || typeof has_more !== 'boolean') throw senseless(`what came for ${called} is no list`);
    return { data, has_more };
  }

  private async get(path: string, parameters: Parameters): Promise<unknown> {
    const query = parameters
      .map(([name, value]) => `${name.replace(/[^\w[\].]/gu, addressPart)}=${addressPart(value)}`)
      .join('&');
    try {
      return await this.raw(query === '' ? path : `${path}?${query}`);
    } catch (error) {
      const answer = stripeAnswer(error);
      if (answer !== null) this.learnt ??= accountIn(answer);
      throw error;
    }
  }
}

/** A page of a list of Stripe's API v2. Of the address of the next one only path and query count, and no other path. */
function pageOfV2(answer: unknown, path: string): Page {
  const { data, next_page_url: next } = answer as { data?: unknown; next_page_url?: unknown };
  if (!Array.isArray(data) || (typeof next !== 'string' && next !== null))
    throw senseless(`what came for ${path} is no list`);
  if (next === null) return { data, has_more: false };
  const base = 'https://api.stripe.com';
  const { pathname, search } = URL.canParse(next, base) ? new URL(next, base) : { pathname: '', search: '' };
  if (pathname !== path) throw senseless(`the next page of ${path} is somewhere else`);
  return { data, has_more: true, next: `${pathname}${search}` };
}

/** Whether a URL can name an object: one with another id would lead out of the kind's path. */
export function hasAddress(id: string): boolean {
  return id !== '.' && id !== '..';
}

/** Every path that is asked, objects below it included. */
const paths = [ACCOUNT, ...[...registry.values()].map(({ source }) => source.path)];

/** Loads Node's HTTP, too. Where there can be no transport, nothing waits for the deadline. */
async function transportFor({ base, requestsPerSecond, key }: ClientOptions, deadline: Deadline): Promise<Transport> {
  try {
    const { Transport } = await import('./transport.ts');
    return await Transport.to(base, deadline, requestsPerSecond, { secret: key.random, paths });
  } catch (error) {
    deadline.close();
    throw error;
  }
}

type Sdk = typeof import('stripe')['default'];

let sdk: Promise<Sdk> | undefined;

/** The SDK, loaded once however many clients there are: two that load it at a time would each restore the environment that the other left. */
function sdkOnce(): Promise<Sdk> {
  sdk ??= quietly(async () => (await import('stripe')).default);
  return sdk;
}

/** Loads the SDK. At that moment it looks for environment variables that make it print hints: it sees only those of the runner. */
async function quietly<T>(load: () => Promise<T>): Promise<T> {
  const { env } = process;
  process.env = Object.fromEntries(
    Object.entries(env).filter(([name]) => /^(GITHUB|INPUT|RUNNER|ACTIONS)_/.test(name)),
  );
  try {
    return await load();
  } finally {
    process.env = env;
  }
}
