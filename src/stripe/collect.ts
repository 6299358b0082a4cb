import { CheckError } from '../errors.ts';
import type { Actual } from '../model.ts';
import { itemsOf, pagedFields, type Query, type Resource, toActual, withList } from '../resources/resource.ts';
import { bare } from '../text.ts';
import { type Client, hasAddress, type Raw } from './client.ts';
import type { Batch, LookUps } from './plan.ts';
import { senseless, stripeAnswer, withoutId } from './refusal.ts';
import { type Window, Windows } from './windows.ts';

/** How often a window is begun again because its cursor object was deleted meanwhile. */
const RESTARTS = 3;

/** The objects of a section, as they arrive. An object that is seen twice counts as it was seen last. */
export interface Collection {
  readonly client: Pick<Client, 'mode' | 'list' | 'next' | 'single' | 'below' | 'retrieve' | 'room'>;
  readonly resource: Resource<never>;
  /** Paths that requests expand. */
  readonly expand: readonly string[];
  /** Of these the names whose absence from an answer says that there is none. */
  readonly silent: readonly string[];
  readonly objects: Map<string, Actual>;
  /** Objects of which an answer holds no more than the first page of a list within them, as Stripe sent them. */
  readonly begun: Map<string, Raw>;
  /** When the reading began, in milliseconds since 1970. */
  readonly moment: number;
  /** What Stripe says besides, as sentences. */
  readonly notes: string[];
  /** Told as pages arrive: how many objects there are so far. */
  progress(objects: number): void;
  /** Told of each object, as Stripe sent it; `isPart`: of what is to be added to one that came before. */
  seen(raw: Raw, isPart?: true): void;
}

/**
 * Reads a list in pages, of which several may be under way (windows.ts). Whether that was to its end, and not given up.
 * `ahead` gives a look-up of objects of the list that have not come yet, or null where there is none.
 */
export async function collectList(
  collection: Collection,
  query: Query,
  mostPages = Number.POSITIVE_INFINITY,
  ahead: () => LookUps | null = () => null,
): Promise<boolean> {
  const { client, resource, objects } = collection;
  if (resource.source.list === 'single') {
    await collectSingle(collection);
    return true;
  }
  const windows = new Windows(resource.source.created === true);
  const known = objects.size;
  const underWay = new Set<Promise<void>>();
  const begin = (request: Promise<void>) => {
    const task = request.finally(() => underWay.delete(task));
    underWay.add(task);
    // Where one fails, nobody waits for the others.
    task.catch(() => {});
  };
  let pages = 0;
  let mayLookAhead = true;
  // A look-up that nobody waits for any more would change what was read afterwards.
  while (!windows.isDone || underWay.size > 0) {
    if (pages >= mostPages && underWay.size === 0) return false;
    const room = client.room(resource);
    const due = pages < mostPages ? windows.due(room) : [];
    for (const window of due) begin(collectPage(collection, query, windows, window));
    pages += due.length;
    if (mayLookAhead && windows.needsFootholds(room - due.length)) {
      const lookUps = ahead();
      // Nothing that is left to come can be looked up, nor will it be.
      mayLookAhead = lookUps !== null;
      if (lookUps !== null) begin(collectFootholds(collection, windows, lookUps));
    }
    await Promise.race(underWay);
  }
  if (windows.areSeveral) sortByAge(objects, known, windows.shareSeconds);
  return true;
}

/** Looks up objects of a list that have not come yet: it can be read on from there. */
async function collectFootholds(collection: Collection, windows: Windows, lookUps: LookUps): Promise<void> {
  const { objects } = collection;
  windows.askFootholds();
  const found = await lookedUpApart(collection, lookUps);
  const ahead = [...found.values()].flatMap(({ id, inForce, created }) =>
    objects.has(id) || !inForce || created === null ? [] : [{ id, second: created }],
  );
  for (const [id, actual] of found) objects.set(id, actual);
  windows.footholdsCame(ahead);
}

/** Looks up objects apart from those that have come: who asks decides which of them count. */
export async function lookedUpApart(collection: Collection, lookUps: LookUps): Promise<ReadonlyMap<string, Actual>> {
  const found = { ...collection, objects: new Map<string, Actual>(), progress() {} };
  await collectLookUps(found, lookUps, false);
  return found.objects;
}

async function collectSingle(collection: Collection): Promise<void> {
  keep(collection, await collection.client.single(collection.resource));
}

/** Reads the next page of a window. */
async function collectPage(collection: Collection, query: Query, windows: Windows, window: Window): Promise<void> {
  const { client, resource, objects } = collection;
  const { newest, oldest, after } = window;
  const bounds = {
    ...(newest !== null && { 'created[lte]': String(newest) }),
    ...(oldest !== null && { 'created[gte]': String(oldest) }),
  };
  const more = after === null ? [] : [['starting_after', after] as const];
  const parameters = [...expansions(collection, 'data.'), ...more];
  const isNamed = after !== null && resource.source.list === 'v2';
  const asked = isNamed ? client.next(resource, after) : client.list(resource, { ...query, ...bounds }, parameters);
  const page = await asked.catch((error: unknown) => {
    const answer = stripeAnswer(error);
    const isGone = answer?.code === 'resource_missing' && answer.param === 'starting_after' && after !== null;
    if (isGone && windows.restart(window) <= RESTARTS) {
      objects.delete(after);
      return null;
    }
    throw after === null ? error : withoutId(error, after);
  });
  if (page === null) return;
  const kept = page.data.map((raw) => keep(collection, raw));
  collection.progress(objects.size);
  const goesOn = windows.arrived(window, {
    ids: kept.map(({ id }) => id),
    newest: kept[0]?.created ?? null,
    oldest: kept.at(-1)?.created ?? null,
    next: page.next ?? null,
    hasMore: page.has_more,
  });
  if (!goesOn) throw senseless(`the list of ${resource.section} says that there is more, but its pages do not move on`);
}

/**
 * Puts objects that came in windows in the order of their list: the newest first. Those of one second are in it already, but
 * where that was read from several places: they come in the order of their ids, whatever came first.
 */
function sortByAge(objects: Map<string, Actual>, from: number, isShared: boolean): void {
  const byId = (one: Actual, other: Actual) => (isShared ? Number(one.id > other.id) - Number(one.id < other.id) : 0);
  const sorted = [...objects.values()]
    .slice(from)
    .sort((one, other) => (other.created ?? 0) - (one.created ?? 0) || byId(one, other));
  for (const { id } of sorted) objects.delete(id);
  for (const actual of sorted) objects.set(actual.id, actual);
}

/** Looks objects up; `meant`: entries mean them. */
export async function collectLookUps(
  collection: Collection,
  { ids, filters, batches }: Omit<LookUps, 'list'>,
  meant = true,
): Promise<void> {
  await Promise.all([
    collectIds(collection, ids, meant),
    ...filters.map((query) => collectList(collection, query)),
    ...batches.map((batch) => collectBatch(collection, batch, meant)),
  ]);
}

/** Looks objects up by a parameter of the list. */
async function collectBatch(
  collection: Collection,
  { parameter, values, states, isById }: Batch,
  meant: boolean,
): Promise<void> {
  const { client, resource, objects } = collection;
  const wanted = values.map((value) => [parameter, value] as const);
  for (const state of states) {
    const page = await client.list(resource, state, [...expansions(collection, 'data.'), ...wanted]);
    if (page.has_more) throw senseless(`a look-up of ${values.length} ${resource.section} says that there is more`);
    for (const raw of page.data) keep(collection, raw);
    collection.progress(objects.size);
  }
  const left = values.filter((id) => !objects.has(id));
  if (isById) await collectIds(collection, left, meant);
}

/** Asks for objects one by one; of one that is not there, or not kept, what is said besides is a note, where an entry means it. */
async function collectIds(collection: Collection, ids: readonly string[], meant: boolean): Promise<void> {
  const { resource, notes } = collection;
  await Promise.all(
    ids.map(async (id) => {
      const note = await collectOne(collection, id, []);
      if (note !== null && meant) notes.push(`${resource.section}: ${note}.`);
    }),
  );
}

/** Asks again, one by one, for the objects of which a list leaves parts out: their ids, and what the requests expand besides. */
export async function collectDeeper(
  collection: Collection,
  paths: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  await Promise.all(
    [...paths].map(async ([id, more]) => {
      const before = collection.objects.get(id);
      collection.objects.delete(id);
      await collectOne(collection, id, more).catch((error: unknown) => {
        if (before !== undefined) collection.objects.set(id, before);
        throw withoutId(error, id);
      });
    }),
  );
}

/** Keeps the object with this id. Gives what Stripe says of one that is not there, if it says anything, and what the kind says of one that is not kept. */
async function collectOne(collection: Collection, id: string, more: readonly string[]): Promise<string | null> {
  const { client, resource } = collection;
  const { object, hint } = await client.retrieve(resource, id, expansions(collection, '', more));
  if (object === null)
    return hint && `there is no ${bare(id)} for this ${client.mode} mode key; Stripe says that ${hint}`;
  keep(collection, object);
  const why = skipped(resource, object);
  return why && `${bare(id)} can't be declared, since it ${why}`;
}

/** Reads the lists within objects to their end: of those with these ids that have begun. */
export async function collectRest(collection: Collection, ids: readonly string[]): Promise<void> {
  await Promise.all(
    ids.map(async (id) => {
      const raw = collection.begun.get(id);
      if (raw === undefined) return;
      const lists = pagedFields(collection.resource).map(
        async ([name, rest]) => [name, await wholeList(collection, id, rest)] as const,
      );
      keep(collection, { ...raw, ...Object.fromEntries(await Promise.all(lists)) });
    }),
  ).catch((error: unknown) => {
    throw ids.reduce((hidden, id) => withoutId(hidden, id), error);
  });
}

/** Reads the lists below objects that no answer holds: by the object's id which of them. */
export async function collectBelow(
  collection: Collection,
  wanted: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const { resource, objects } = collection;
  const all = [...wanted].flatMap(([id, lists]) => (hasAddress(id) ? lists.map((list) => [id, list] as const) : []));
  await Promise.all(
    all.map(async ([id, list]) => {
      const { data } = await wholeList(collection, id, list).catch((error: unknown) => {
        throw withoutId(error, id);
      });
      const actual = objects.get(id);
      if (actual === undefined) return;
      objects.set(id, withList(resource, actual, list, data));
      collection.seen({ id, [list]: data } as Raw, true);
    }),
  );
}

/** A list below an object, to its end. */
async function wholeList(
  { client, resource }: Collection,
  id: string,
  list: string,
): Promise<{ readonly data: readonly Raw[]; readonly has_more: false }> {
  const data: Raw[] = [];
  for (let after: Raw | undefined; ; after = data.at(-1)) {
    const cursor = after === undefined ? [] : [['starting_after', after.id] as const];
    const page = await client.below(resource, id, list, cursor);
    data.push(...page.data);
    if (!page.has_more) return { data, has_more: false };
    if (data.at(-1) === after) throw senseless(`a list within the ${resource.section} does not move on`);
  }
}

function skipped(resource: Resource<never>, raw: Raw): string | null {
  return (resource as unknown as Resource<Raw>).skip?.(raw) ?? null;
}

/** What a request expands; `prefix` leads to an object of the answer, which no request of Stripe's API v2 says. */
function expansions({ expand, resource }: Collection, prefix: string, more: readonly string[] = []) {
  const isV2 = resource.source.list === 'v2';
  return [...expand, ...more].map((path, index): readonly [string, string] =>
    isV2 ? [`include[${index}]`, path] : ['expand[]', `${prefix}${path}`],
  );
}

/** Keeps an object, where it is the account's own configuration, and gives it. */
function keep(collection: Collection, raw: Raw): Actual {
  const { client, resource, objects, begun, moment } = collection;
  const { section, shape } = resource;
  if (typeof raw?.id !== 'string' && shape !== 'single')
    throw senseless(`among the ${section} is something without an id`);
  if (typeof raw.livemode === 'boolean' && raw.livemode !== (client.mode === 'live')) {
    // Without its id: it may be an object that the file does not declare, and that is not to be named everywhere.
    throw new CheckError(
      `Stripe sent an object of ${raw.livemode ? 'live' : 'test'} mode for a key of ${client.mode} mode. Nothing was compared.`,
      'Look at stripe-api-base and at the key: they do not belong together.',
    );
  }
  try {
    const whole = completed(collection, raw);
    const actual = toActual(resource as unknown as Resource<Raw>, whole, moment);
    if (skipped(resource, raw) !== null) return actual;
    objects.set(actual.id, actual);
    const isBegun = pagedFields(resource).some(
      ([name]) => name in whole && itemsOf(whole[name as keyof Raw]) === undefined,
    );
    if (isBegun) begun.set(actual.id, whole);
    else begun.delete(actual.id);
    collection.seen(whole);
    return actual;
  } catch {
    throw senseless(`among the ${section} is an object that can't be read`);
  }
}

/** An object with null for what it was to be expanded by and does not have. */
function completed({ silent }: Collection, raw: Raw): Raw {
  return silent.length === 0 ? raw : { ...Object.fromEntries(silent.map((name) => [name, null])), ...raw };
}
