/** Requests that change an account, taken as Stripe takes them: parameters arrive as texts, and an empty one unsets. */
import { kinds } from '../kinds/index.ts';
import type { Kind, Live, Params, Writes } from '../kinds/kind.ts';

/** The live objects of an account, by section. */
export type State = { [section: string]: Live[] };

/** A request, its path below `/v1/` or `/v2/`. */
export interface Write {
  readonly method: string;
  readonly path: string;
  readonly params: Params;
}

/**
 * Takes a request: creates an object, updates one, does what a verb says, or deletes one. What Stripe refuses throws, and
 * leaves the state as it was. Gives the id of the object.
 */
export function take({ method, path, params }: Write, state: State): string {
  const { section, kind, id, verb, inner } = meant(path);
  const { writes } = kind;
  if (writes === null) throw new Error(`nothing writes to ${path}`);
  const objects = state[section] ?? [];
  const isSingle = kind.row.single === true;
  const refuse = (before: Live | null, after: Live | null) => {
    const reason = writes.refuses?.({ before, after, params }, state) ?? null;
    if (reason !== null) throw new Error(`Stripe refuses ${method} ${path}: ${reason}`);
  };
  if (method === 'POST' && id === undefined && !isSingle) {
    const { created, displaced } = create(writes, params, objects);
    refuse(null, created);
    state[section] = [...displaced, created];
    return created.id;
  }
  const object = objects.find((live) => isSingle || live.id === id);
  if (object === undefined) throw new Error(`there is no ${path}`);
  const put = (after: Live) => {
    refuse(object, after);
    state[section] = objects.map((live) => (live === object ? after : live));
    return after.id;
  };
  const below = verb === undefined ? undefined : writes.below?.[verb];
  if (below !== undefined && verb !== undefined) {
    const items = (object[verb] ?? []) as Live[];
    if (method === 'POST' && inner === undefined) {
      refuseOthers(params, below.create);
      const made = below.make(params, items);
      put({ ...object, [verb]: [...items, made] });
      return made.id;
    }
    const rest = items.filter((item) => item.id !== inner);
    if (method !== 'DELETE' || rest.length === items.length) throw new Error(`nothing takes ${method} ${path}`);
    put({ ...object, [verb]: rest });
    return String(inner);
  }
  if (method === 'DELETE') {
    if (writes.deletes !== true || verb !== undefined) throw new Error(`nothing deletes ${path}`);
    refuse(object, null);
    state[section] = objects.filter((live) => live !== object);
    return object.id;
  }
  if (method === 'POST' && verb !== undefined) {
    const change = writes.verbs?.[verb];
    if (change === undefined) throw new Error(`there is no verb ${path}`);
    return put({ ...object, ...change });
  }
  if (method === 'POST') {
    refuseOthers(params, writes.update);
    refuseEmpty(params, writes.lasting ?? '');
    const after = updated(writes, object, params);
    return put(writes.shows?.(after, params, object) ?? after);
  }
  throw new Error(`nothing takes ${method} ${path}`);
}

/** What a path means: a kind, an object, a verb or a list below it, and an item of that. */
function meant(path: string): {
  section: string;
  kind: Kind;
  id: string | undefined;
  verb: string | undefined;
  inner: string | undefined;
} {
  for (const [section, kind] of kinds) {
    if (path !== kind.row.path && !path.startsWith(`${kind.row.path}/`)) continue;
    const [id, verb, inner] = path.slice(kind.row.path.length + 1).split('/');
    return { section, kind, id: id === '' ? undefined : id, verb, inner };
  }
  throw new Error(`no kind is at ${path}`);
}

function create(writes: Writes, params: Params, objects: readonly Live[]) {
  const { later = '' } = writes;
  const taken = [...writes.update.split(' '), ...writes.create.split(' ')];
  refuseOthers(params, taken.filter((name) => !later.split(' ').includes(name)).join(' '));
  const { rest = params, displaced = objects } = writes.displaces?.(params, objects) ?? {};
  const plain = updated(writes, writes.blank(params), rest);
  const made = writes.shows?.(plain, params, null) ?? plain;
  const isOwn = params.id === made.id;
  if (isOwn && objects.some(({ id }) => id === made.id)) throw new Error(`there is a ${made.id} already`);
  let serial = 1;
  const isTaken = (id: string) => objects.some((live) => live.id === id);
  while (!isOwn && isTaken(serial === 1 ? made.id : `${made.id}${serial}`)) serial += 1;
  return { created: serial === 1 ? made : { ...made, id: `${made.id}${serial}` }, displaced };
}

function refuseOthers(params: Params, taken: string): void {
  const names = taken.split(' ');
  const others = Object.keys(params).filter((name) => !names.includes(name));
  if (others.length > 0) throw new Error(`unknown parameters: ${others.join(', ')}`);
}

function refuseEmpty(params: Params, lasting: string): void {
  const empty = lasting.split(' ').filter((name) => params[name] === '');
  if (empty.length > 0) throw new Error(`can not be unset: ${empty.join(', ')}`);
}

/** An object after an update. */
function updated(writes: Writes, live: Live, params: Params): Live {
  const result: Live = { ...live };
  for (const [name, value] of Object.entries(params)) {
    if (name === 'metadata') result.metadata = merged((live.metadata ?? {}) as Record<string, string>, value);
    else if (name === 'currency_options') result.currency_options = offered(writes, live.currency_options, value);
    else if (writes.merges?.split(' ').includes(name)) Object.assign(result, joined(live, valued(writes, name, value)));
    else Object.assign(result, valued(writes, name, value));
  }
  return result;
}

/** What was there with what is new, at every depth: the part of it that is new. */
function joined(before: unknown, after: object): object {
  const had = (before ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(after).map(([name, one]) => {
      const isMap = typeof one === 'object' && one !== null && !Array.isArray(one);
      return [name, isMap ? { ...(had[name] as object), ...joined(had[name], one) } : one];
    }),
  );
}

function merged(before: Readonly<Record<string, string>>, value: string | Params): Record<string, string> {
  if (value === '') return {};
  const after = new Map(Object.entries(before));
  for (const [name, one] of Object.entries(value)) {
    if (one === '') after.delete(name);
    else after.set(name, one as string);
  }
  return Object.fromEntries(after);
}

function offered(writes: Writes, before: unknown, value: string | Params): object {
  if (value === '') return {};
  const options = { ...(before as Record<string, object>) };
  for (const [code, option] of Object.entries(value as Params)) {
    const members = Object.entries(option as Params).map(([name, one]) => valued(writes, name, one));
    options[code] = Object.assign({}, writes.option, options[code], ...members);
  }
  return options;
}

/** The fields of an answer that one parameter decides. */
function valued(writes: Writes, name: string, value: string | Params): object {
  const { lists = '', numbers = '', flags = '', means = {} } = writes;
  const inner = (of: Params): object =>
    Object.assign({}, ...Object.entries(of).map(([key, one]) => valued(writes, key, one)));
  const own = means[name];
  if (own !== undefined) return own(typeof value === 'string' ? value : inner(value));
  const isList = lists.split(' ').includes(name);
  if (typeof value !== 'string') {
    if (!isList) return { [name]: inner(value) };
    return { [name]: Object.values(value).map((item) => (typeof item === 'string' ? item : inner(item))) };
  }
  if (value === '') return { [name]: isList ? [] : null };
  if (numbers.split(' ').includes(name)) return { [name]: Number(value) };
  return { [name]: flags.split(' ').includes(name) ? value === 'true' : value };
}
