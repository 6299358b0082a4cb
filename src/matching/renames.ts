import {
  type Actual,
  append,
  type Expected,
  type Fields,
  grouped,
  isRecord,
  type Reading,
  record,
  type Value,
} from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import {
  amountOf,
  folded,
  ID,
  liveValue,
  type Resource,
  referencesOf,
  typeAt,
  unstatedCharge,
  valueAt,
} from '../resources/resource.ts';
import { canonical } from '../vocabulary/type.ts';
import {
  expectsInForce,
  type Find,
  foundIds,
  homeKey,
  type Match,
  mayMean,
  openIn,
  resolvedFields,
} from './identity.ts';
import { ENOUGH, LITTLE, type Mark, marksOf } from './marks.ts';

/**
 * An object that got another name, key or address is not found by its entry any more: the entry is missing, and nobody
 * declares the object. Where the two can be told to be one, they are paired. Nothing is guessed: neither of the two has
 * another candidate.
 *
 * An object that others refer to for good, such as the product of a price, is the one that their entries name there, whatever
 * else differs. So are two URLs that differ as people overlook, or only in what is secret. Else the object agrees with all that
 * the entry states but its identity, and they have something in common that tells it from others: what its kind says, or
 * enough of what any kind has (marks.ts), where of the identity one field alone was changed.
 */
export interface Pair {
  readonly actual: Actual;
  /** Whether the identity was changed, and not only spelled in another way. */
  readonly isRenamed: boolean;
}

/** Whether a live object is accepted without being declared: no entry means it. */
export type IsAccepted = (section: string, live: Actual) => boolean;

/** More pairs than this have one thing in common: it tells none of them from the others. */
const MOST_ALIKE = 2500;

/** The pairs of entries that are missing and objects that nobody declares. */
export function renames(
  results: ReadonlyMap<Expected, Match>,
  reading: Reading,
  isAccepted: IsAccepted,
): Map<Expected, Pair> {
  const find = foundIds(results);
  const pairs = new Map<Expected, Pair>();
  const claimed = claimedBy(results);
  for (const [section, read] of reading.sections) {
    if (read.status !== 'read' || read.lookedUp) continue;
    const lost = [...results].flatMap(([entry, result]) =>
      entry.section === section && result.kind === 'missing' && result.others === 0 ? [entry] : [],
    );
    if (lost.length === 0) continue;
    const free = freeObjects(section, read.objects, claimed, results, isAccepted);
    for (const [isRenamed, alike] of [
      [true, (some: Some) => byReferences(some, find, results)],
      [false, (some: Some) => byAddress(some, 0, find)],
      [true, (some: Some) => byAddress(some, 1, find)],
      [true, (some: Some) => byTraces(some, find)],
      [true, (some: Some) => byMarks(some, find)],
    ] as const) {
      const taken = new Set([...pairs.values()].map(({ actual }) => actual));
      const some = {
        lost: lost.filter((entry) => !pairs.has(entry)),
        free: free.filter((live) => !taken.has(live)),
      };
      for (const [entry, actual] of only(alike(some))) pairs.set(entry, { actual, isRenamed });
    }
    // The home of an object comes before other sections that show it.
    for (const [entry, { actual }] of pairs) claimed.add(homeKey(entry.section, actual));
  }
  return pairs;
}

/** What may still be paired in a section. */
interface Some {
  readonly lost: readonly Expected[];
  readonly free: readonly Actual[];
}
type Alike = readonly (readonly [Expected, Actual])[];

/** The pairs of which neither side is in another. */
function only(alike: Alike): Alike {
  const count = (side: 0 | 1) => {
    const counts = new Map<unknown, number>();
    for (const pair of alike) counts.set(pair[side], (counts.get(pair[side]) ?? 0) + 1);
    return counts;
  };
  const [entries, objects] = [count(0), count(1)];
  return alike.filter(([entry, live]) => entries.get(entry) === 1 && objects.get(live) === 1);
}

/** Objects that no entry has found or may mean. Retired ones only where all of them are read. */
function freeObjects(
  section: string,
  objects: readonly Actual[],
  claimed: ReadonlySet<string>,
  results: ReadonlyMap<Expected, Match>,
  isAccepted: IsAccepted,
): Actual[] {
  const open = openIn(section, results);
  const isWhole = resourceOf(section).source.retired === undefined;
  return objects.filter(
    (live) =>
      (live.inForce || isWhole) &&
      !claimed.has(homeKey(section, live)) &&
      !open.some((entry) => mayMean(entry, live, section)) &&
      !isAccepted(section, live),
  );
}

/** The objects that entries have found or may mean, as keys. */
export function claimedBy(results: ReadonlyMap<Expected, Match>): Set<string> {
  const claimed = new Set<string>();
  for (const [{ section }, result] of results) {
    if (result.kind === 'found') claimed.add(homeKey(section, result.actual));
    if (result.kind === 'ambiguous') for (const one of result.candidates) claimed.add(homeKey(section, one));
  }
  return claimed;
}

/**
 * Entries that others name, and the one object that these refer to. Only fields that are fixed tell: the others may have been
 * given another object since. An item of a list may be any of them.
 */
function byReferences({ lost, free }: Some, find: Find, results: ReadonlyMap<Expected, Match>): Alike {
  const referred = new Map(lost.filter(canBeRenamed).map((entry) => [entry.name, new Set<Value>()]));
  for (const [{ section, fields }, result] of results) {
    if (result.kind !== 'found') continue;
    const resource = resourceOf(section);
    for (const { path, section: target, entry } of referencesOf(resource, fields)) {
      if (target !== lost[0]?.section || !resource.fields[path[0] ?? '']?.fixed) continue;
      const isItem = path.some((_, depth) => Array.isArray(valueAt(fields, path.slice(0, depth))));
      if (!isItem) referred.get(entry ?? '')?.add(valueAt(result.actual.fields, path) ?? null);
    }
  }
  const byId = new Map<Value, Actual>(free.map((live) => [live.id, live]));
  return lost.flatMap((entry) => {
    const [id = null, ...others] = referred.get(entry.name) ?? [];
    const live = others.length === 0 ? byId.get(id) : undefined;
    if (!live?.inForce || !agrees(entry, live, find, isFixed)) return [];
    return [[entry, live] as const];
  });
}

/** Entries and objects whose addresses are alike: `level` 0 in all that counts, 1 but for what is secret. */
function byAddress({ lost, free }: Some, level: 0 | 1, find: Find): Alike {
  const groups = new Map<string, readonly (readonly string[])[]>();
  const keyOf = (
    paths: readonly (readonly string[])[],
    values: readonly Value[],
    entry: Pick<Expected, 'section'>,
    inForce: boolean,
  ) => {
    const resource = resourceOf(entry.section);
    const all = paths.map((path, index) => {
      const [loose, value] = [typeAt(resource, path)?.loose, values[index] ?? null];
      return loose === undefined || typeof value !== 'string' ? value : loose(value)[level];
    });
    return JSON.stringify([paths, all, inForce]);
  };
  const entries = new Map<string, [Expected, ...Expected[]]>();
  for (const entry of lost) {
    const { section, identity } = entry;
    if (!identity.paths.some((path) => typeAt(resourceOf(section), path)?.loose)) continue;
    const values = identity.paths.map((path) => valueAt(resolvedFields(entry, find), path) ?? null);
    groups.set(JSON.stringify(identity.paths), identity.paths);
    append(entries, keyOf(identity.paths, values, entry, expectsInForce(entry)), entry);
  }
  const section = { section: lost[0]?.section ?? '' };
  return free.flatMap((live) =>
    [...groups.values()].flatMap((paths) => {
      const values = paths.map((path) => valueAt(live.fields, path) ?? null);
      return (entries.get(keyOf(paths, values, section, live.inForce)) ?? []).map((entry) => [entry, live] as const);
    }),
  );
}

/** Entries and objects that have something in common that tells them from others, and do not contradict each other. */
function byTraces({ lost, free }: Some, find: Find): Alike {
  const entries = new Map<string, [Expected, ...Expected[]]>();
  const objects = new Map<string, [Actual, ...Actual[]]>();
  for (const entry of lost) for (const trace of tracesOf(entry, find)) append(entries, trace, entry);
  if (entries.size === 0) return [];
  const { traces } = resourceOf(lost[0]?.section ?? '');
  for (const live of free.filter(({ inForce }) => inForce))
    for (const trace of [idTrace(live.id), ...(traces?.(live.fields, live.fields) ?? [])]) append(objects, trace, live);
  const seen = new Map<Expected, Set<Actual>>();
  const unclear = new Set<unknown>();
  const alike: (readonly [Expected, Actual])[] = [];
  for (const [trace, own] of entries) {
    const others = objects.get(trace) ?? [];
    if (own.length * others.length > MOST_ALIKE) for (const one of [...own, ...others]) unclear.add(one);
    else
      for (const entry of own)
        for (const live of others) {
          const known = seen.get(entry) ?? new Set();
          if (!known.has(live) && agrees(entry, live, find)) alike.push([entry, live]);
          seen.set(entry, known.add(live));
        }
  }
  return alike.filter((pair) => !pair.some((one) => unclear.has(one)));
}

/** What an entry states besides its identity that tells its object from others. None where its identity never changes. */
function tracesOf(entry: Expected, find: Find): readonly string[] {
  if (!canBeRenamed(entry)) return [];
  const { traces } = resourceOf(entry.section);
  const all = resolvedFields(entry, find);
  const stated = besidesIdentity(entry, all);
  const id = stated[ID];
  return [...(typeof id === 'string' ? [idTrace(id)] : []), ...(traces?.(stated, all) ?? [])];
}

/** Marks of an entry by which its objects are looked for: the strongest of those that it states. */
const MOST_SOUGHT = 3;

/** Objects of a section by their marks. */
class Marked {
  readonly #resource: Resource<never>;
  readonly #objects: readonly Actual[];
  readonly #indexes = new Map<string, ReadonlyMap<Value, readonly Actual[]>>();

  constructor(section: string, objects: readonly Actual[]) {
    this.#resource = resourceOf(section);
    this.#objects = objects.filter(({ inForce }) => inForce);
  }

  #having({ path, value }: Mark): readonly Actual[] {
    const key = JSON.stringify(path);
    const keyOf = (one: Value | undefined) => folded(this.#resource, path, one ?? null);
    const index = this.#indexes.get(key) ?? grouped(this.#objects, ({ fields }) => keyOf(valueAt(fields, path)));
    this.#indexes.set(key, index);
    return index.get(keyOf(value)) ?? [];
  }

  /** The objects that have the rarest mark of an entry, with a key of that mark; null where it has none. */
  search(entry: Expected, find: Find): { readonly key: string; readonly found: readonly Actual[] } | null {
    const all = resolvedFields(entry, find);
    // What stands in a group, such as the price of a product, is told only from the others of its group.
    const { groupedBy } = this.#resource;
    const isAlone = groupedBy !== undefined && typeof all[groupedBy] !== 'string';
    if (isAlone || !canBeRenamed(entry) || !expectsInForce(entry)) return null;
    const sought = marksOf(this.#resource, besidesIdentity(entry, all))
      .filter(({ isListed, weight }) => !isListed && weight > 0)
      .sort((one, other) => other.weight - one.weight)
      .slice(0, MOST_SOUGHT)
      .map((mark) => ({ key: JSON.stringify([mark.path, mark.value]), found: this.#having(mark) }))
      .sort((one, other) => one.found.length - other.found.length);
    return sought[0] ?? null;
  }

  /** Of some objects those that have all that an entry states but one field of its identity, and in common what weighs so much. */
  alike(entry: Expected, objects: readonly Actual[], least: number, find: Find): Actual[] {
    const all = resolvedFields(entry, find);
    const marks = marksOf(this.#resource, all);
    return objects.filter((live) => {
      const changed = changedIdentity(entry, all, live);
      if (changed === null || !agrees(entry, live, find)) return false;
      const common = marks.filter(({ path }) => !changed.every((step, depth) => path[depth] === step));
      return common.reduce((sum, { weight }) => sum + weight, 0) >= least;
    });
  }
}

/** Entries and objects that have enough marks in common, and differ in nothing but one field of the identity. */
function byMarks({ lost, free }: Some, find: Find): Alike {
  if (lost.length === 0 || free.length === 0) return [];
  const marked = new Marked(lost[0]?.section ?? '', free);
  const searches = lost.flatMap((entry) => {
    const rarest = marked.search(entry, find);
    return rarest === null ? [] : [{ entry, ...rarest }];
  });
  return [...grouped(searches, ({ key }) => key).values()].flatMap((alike) => {
    const [{ entry: first, found }] = alike;
    if (alike.length * found.length <= MOST_ALIKE)
      return alike.flatMap(({ entry }) =>
        marked.alike(entry, found, ENOUGH, find).map((live) => [entry, live] as const),
      );
    // Nothing tells one of so many: each of both sides is in several pairs, or in the only pair of several.
    const some = alike.flatMap(({ entry }) => found.slice(0, 2).map((live) => [entry, live] as const));
    return [...some, ...found.slice(2).map((live) => [first, live] as const)];
  });
}

/**
 * Gives the objects that nobody declares and that have all that a missing entry states but one field of its identity: one of
 * them may be its object, though too little tells that, or several are alike.
 */
export function lookalikes(
  results: ReadonlyMap<Expected, Match>,
  reading: Reading,
  isAccepted: IsAccepted,
): (entry: Expected) => readonly Actual[] {
  const find = foundIds(results);
  const claimed = claimedBy(results);
  const known = new Map<string, Marked | null>();
  const markedIn = (section: string) => {
    const read = reading.sections.get(section);
    if (read?.status !== 'read' || read.lookedUp) return null;
    return new Marked(section, freeObjects(section, read.objects, claimed, results, isAccepted));
  };
  return (entry) => {
    const marked = known.get(entry.section) ?? markedIn(entry.section);
    known.set(entry.section, marked);
    const { found = [] } = marked?.search(entry, find) ?? {};
    return found.length > MOST_ALIKE ? [] : (marked?.alike(entry, found, LITTLE, find) ?? []);
  };
}

/** The one path of an identity in which an object differs; null where there are several, or it only tells objects of one name apart. */
function changedIdentity({ section, identity }: Expected, all: Fields, live: Actual): readonly string[] | null {
  const resource = resourceOf(section);
  const at = (fields: Fields, path: readonly string[]) => folded(resource, path, valueAt(fields, path) ?? null);
  const [path, ...others] = identity.paths.filter((one) => at(all, one) !== at(live.fields, one));
  const [first = ''] = identity.paths[0] ?? [];
  const { also = [] } = resource.identities.find(({ by }) => by === first) ?? {};
  return path === undefined || others.length > 0 || also.includes(path[0] ?? '') ? null : path;
}

function canBeRenamed({ section, identity }: Expected): boolean {
  return !identity.paths.every(([field = '']) => isFixed(section, field));
}

function isFixed(section: string, field: string): boolean {
  const { fixed, given } = resourceOf(section).fields[field] ?? {};
  return fixed === true || given === true;
}

function idTrace(id: string): string {
  return JSON.stringify(['id', id]);
}

/** Whether an object has all that an entry states but its identity, of the fields that are meant. */
function agrees(
  entry: Expected,
  live: Actual,
  find: Find,
  isMeant: (section: string, field: string) => boolean = () => true,
): boolean {
  const resource = resourceOf(entry.section);
  if (!expectsInForce(entry)) return false;
  const unstated = unstatedCharge(resource, entry.fields);
  const around = {
    live: live.fields,
    isCharge: amountOf(resource, entry.fields) !== undefined,
    unread() {},
  };
  const stated = besidesIdentity(entry, resolvedFields(entry, find));
  return Object.entries({ ...unstated, ...stated }).every(([name, value]) => {
    if (!isMeant(entry.section, name)) return true;
    const [type, actual] = [resource.fields[name]?.type, liveValue(resource, live.fields, name)];
    if (type === undefined || actual === undefined) return name in unstated;
    const [one, other] = canonical(type, value, actual, around);
    return isSame(one, other);
  });
}

/** What an entry states without the parts of its identity that can be changed. */
function besidesIdentity({ section, identity }: Expected, fields: Fields): Fields {
  const { fields: types } = resourceOf(section);
  return identity.paths.reduce<Fields>(
    (rest, path) => (types[path[0] ?? '']?.fixed ? rest : withoutPath(rest, path)),
    fields,
  );
}

function withoutPath(fields: Fields, [step = '', ...path]: readonly string[]): Fields {
  return record(
    Object.entries(fields).flatMap(([name, value]): [string, Value][] => {
      if (name !== step) return [[name, value]];
      return path.length === 0 || !isRecord(value) ? [] : [[name, withoutPath(value as Fields, path)]];
    }),
  );
}

/** Whether two values in the shape in which they are compared are the same. */
export function isSame(one: Value, other: Value): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  const [first, second] = [one as Fields, other as Fields];
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === others.length &&
    names.every((name) => name in second && isSame(first[name] as Value, second[name] as Value))
  );
}
