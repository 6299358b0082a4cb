import { expectsInForce, type Match } from '../matching/identity.ts';
import {
  type Actual,
  append,
  type Expected,
  type Fields,
  grouped,
  type Mention,
  type Needer,
  type Reading,
  type Referrer,
  type Ties,
  type Unfit,
} from '../model.ts';
import { registry, resourceOf } from '../resources/index.ts';
import { type Field, ID, isFixedAt, type Others, referencesOf, valueAt } from '../resources/resource.ts';
import type { Reference } from '../vocabulary/reference.ts';

/** What ties objects to each other, looked up when a finding needs it. */
export interface Tied {
  /** `entry` is null where nothing is declared. */
  of(section: string, entry: Expected | null, expected: Fields | null, actual: Actual | null): Ties;
}

/** An object, or the entry that is to have one, that needs another, with the field. */
interface Needing {
  readonly section: string;
  readonly field: string;
  readonly live: Actual | undefined;
  readonly entry: Expected | undefined;
  readonly isLive: boolean;
}

/** `resolve` gives what an entry states, references as ids as far as these are known; `alikeOf` what may be its object. */
export function ties(
  matches: ReadonlyMap<Expected, Match>,
  reading: Reading,
  { find }: Pick<Others, 'find'>,
  resolve: (entry: Expected) => Fields,
  alikeOf: (entry: Expected) => readonly Actual[],
): Tied {
  let known: ReturnType<typeof index> | undefined;
  const isWhole = (section: string) => {
    const read = reading.sections.get(section);
    return read?.status === 'read' && read.gap === undefined;
  };
  return {
    of(section, entry, expected, actual) {
      known ??= index(matches, reading, resolve);
      const id = actual?.id ?? null;
      return {
        needers: id === null ? [] : needers(section, actual as Actual, known, resolve),
        unread: (known.locking.get(section) ?? []).filter((one) => {
          const read = reading.sections.get(one.section);
          return read?.status !== 'read' || read.lookedUp;
        }),
        unfit: unfit(section, expected, actual, isWhole, find),
        mentions: byField(id === null ? [] : (known.mentions.get(key(section, id)) ?? [])),
        namedBy: byField(entry === null ? [] : (known.naming.get(key(section, entry.name)) ?? [])),
        referrers: byName(id === null ? [] : (known.referrers.get(key(section, id)) ?? [])),
        bound: byName(
          actual !== null || entry === null ? [] : bound(section, entry.name, expected?.[ID] ?? null, known.bonds),
        ),
        alike: inOrder(actual !== null || entry === null ? [] : alikeOf(entry), ({ id }) => [id]).map(({ id }) => ({
          id,
        })),
      };
    },
  };
}

function index(matches: ReadonlyMap<Expected, Match>, reading: Reading, resolve: (entry: Expected) => Fields) {
  const entries = new Map<Actual, Expected>();
  const objects = new Map<Expected, Actual>();
  const told = new Set<string>();
  const needing = new Map<string, [Needing, ...Needing[]]>();
  const referrers = new Map<string, [Referrer, ...Referrer[]]>();
  const mentions = new Map<string, [Mention, ...Mention[]]>();
  const naming = new Map<string, [Mention, ...Mention[]]>();
  const bonds: Bonds = new Map();
  for (const [entry, found] of matches) {
    const { section, name, fields } = entry;
    if (found.kind === 'found') {
      entries.set(found.actual, entry);
      objects.set(entry, found.actual);
      addBonds(bonds, entry, found.actual);
    }
    if (typeof fields[ID] === 'string') append(mentions, key(section, fields[ID]), { section, name, field: ID });
    for (const { section: target, entry: other, id, path } of referencesOf(resourceOf(section), fields)) {
      const mention = { section, name, field: path[0] ?? '' };
      if (id !== null) append(mentions, key(target, id), mention);
      if (other !== null) append(naming, key(target, other), mention);
    }
  }
  for (const [section, read] of reading.sections) {
    if (read.status !== 'read') continue;
    for (const live of read.objects) {
      const entry = entries.get(live);
      const references = referencesOf(resourceOf(section), live.fields);
      for (const one of live.inForce ? placesOf(section, live.fields, references) : [])
        append(referrers, key(one.target, one.to), { ...one.place, id: live.id, entry: entry?.name ?? null });
      for (const { field, target, needs } of needed(section, references)) {
        if (!live.inForce && needs !== 'locks') continue;
        append(needing, target, { section, field, live, entry, isLive: true });
        if (entry !== undefined) told.add(key(target, section, live.id, field));
      }
    }
  }
  for (const entry of matches.keys()) {
    if (!expectsInForce(entry)) continue;
    const live = objects.get(entry);
    for (const { field, target } of needed(entry.section, referencesOf(resourceOf(entry.section), resolve(entry)))) {
      if (live !== undefined && told.has(key(target, entry.section, live.id, field))) continue;
      append(needing, target, { section: entry.section, field, live, entry, isLive: false });
    }
  }
  return { needing, referrers, mentions, naming, bonds, locking: lockingFields() };
}

/** What an object refers to, each with the place where it does: a list is one place. */
function placesOf(section: string, fields: Fields, references: readonly Reference[]) {
  const all = references.flatMap(({ path, section: target, id }) => {
    if (id === null) return [];
    const depth = path.findIndex((_, index) => Array.isArray(valueAt(fields, path.slice(0, index))));
    const isListed = depth !== -1;
    return [{ target, to: id, place: { section, path: isListed ? path.slice(0, depth) : path, isListed } }];
  });
  return new Map(all.map((one) => [JSON.stringify(one), one])).values();
}

/** What an object needs of what it refers to, as keys of objects. */
function needed(section: string, references: readonly Reference[]) {
  const { fields } = resourceOf(section);
  return references.flatMap(({ path: [field = ''], section: target, id }) => {
    const needs = fields[field]?.needs;
    return id === null || needs === undefined ? [] : [{ field, target: key(target, id), needs }];
  });
}

/** By the name, or the id, of what they refer to: the entries that have an object and refer to something for good. */
type Bonds = Map<string, [Bond, ...Bond[]]>;
interface Bond {
  readonly entry: Expected;
  readonly live: Actual;
  /** The first of its references to that. */
  readonly path: readonly string[];
}

function addBonds(bonds: Bonds, entry: Expected, live: Actual): void {
  if (!expectsInForce(entry)) return;
  const resource = resourceOf(entry.section);
  for (const { path, section, entry: name, id } of referencesOf(resource, entry.fields))
    if (isFixedAt(resource, path)) append(bonds, bondKey(section, name, id), { entry, live, path });
}

function bondKey(section: string, name: string | null, id: unknown): string {
  return JSON.stringify(name === null ? [section, { id }] : [section, name]);
}

/** The entries that refer for good to a missing one, which has this id or will get one, and whose objects do not. */
function bound(section: string, name: string, id: unknown, bonds: Bonds): Referrer[] {
  const all = [bondKey(section, name, null), ...(id === null ? [] : [bondKey(section, null, id)])].flatMap(
    (one) => bonds.get(one) ?? [],
  );
  const isIt = (one: Reference) => one.section === section && one.id !== null && one.id === id;
  return [...grouped(all, ({ entry }) => entry).values()].flatMap(([{ entry, live, path }]): Referrer[] =>
    referencesOf(resourceOf(entry.section), live.fields).some(isIt)
      ? []
      : [{ section: entry.section, path, isListed: false, id: null, entry: entry.name }],
  );
}

function byField(list: readonly Mention[]): Mention[] {
  return inOrder(list, ({ section, name, field }) => [section, name, field]);
}

function byName(list: readonly Referrer[]): Referrer[] {
  return inOrder(list, ({ section, path, entry, id }) => [section, ...path, entry, id]);
}

function needers(
  section: string,
  { id, fields }: Actual,
  { needing }: ReturnType<typeof index>,
  resolve: (entry: Expected) => Fields,
): Needer[] {
  const own = new Set(referencesOf(resourceOf(section), fields).map((one) => key(one.section, one.id ?? '')));
  const all = (needing.get(key(section, id)) ?? []).map((one): Needer => {
    const { live, entry, field, isLive } = one;
    const stated = entry === undefined ? [] : referencesOf(resourceOf(one.section), resolve(entry));
    return {
      section: one.section,
      field,
      id: live?.id ?? null,
      entry: entry?.name ?? null,
      isExpected: entry !== undefined && expectsInForce(entry),
      isLive,
      wants: stated.find(({ path, section: target }) => path[0] === field && target === section)?.id ?? null,
      isMutual: live !== undefined && own.has(key(one.section, live.id)),
    };
  });
  return inOrder(all, ({ section: of, id: its, entry, field }) => [of, its, entry, field]);
}

/** By section, the fields of any kind whose objects need those of it. */
function lockingFields() {
  type Locking = { section: string; field: string };
  const fields = new Map<string, [Locking, ...Locking[]]>();
  for (const resource of registry.values())
    for (const [field, { needs, type }] of Object.entries<Field<never>>(resource.fields))
      if (needs === 'locks' && type.reference !== undefined)
        append(fields, type.reference, { section: resource.section, field });
  return fields;
}

/** `isWhole` tells whether what is not among the objects of a section is not there. */
function unfit(
  section: string,
  expected: Fields | null,
  actual: Actual | null,
  isWhole: (section: string) => boolean,
  find: Others['find'],
): Unfit[] {
  const resource = resourceOf(section);
  const had = new Set(referencesOf(resource, actual?.fields ?? {}).map((one) => key(one.section, one.id ?? '')));
  return referencesOf(resource, { ...actual?.fields, ...expected }).flatMap(
    ({ path, section: target, id }): Unfit[] => {
      const [field = ''] = path;
      const { mutual, needs } = resource.fields[field] ?? {};
      if (id === null || needs === undefined) return [];
      const object = find(target, id);
      const isBound = actual !== null && isFixedAt(resource, [field]);
      const { state } = resourceOf(target);
      const is =
        object && !object.inForce ? (state?.spentWords?.(object.fields) ?? state?.words.retired ?? null) : null;
      const unfitFor = (why: Unfit['why']) => [{ field, section: target, id, why, is, isBound }];
      if (object === undefined) return isWhole(target) && !had.has(key(target, id)) ? unfitFor('absent') : [];
      if (!object.inForce) return unfitFor('retired');
      const back = mutual === undefined ? undefined : object.fields[mutual];
      return back === undefined || back === actual?.id ? [] : unfitFor('of another');
    },
  );
}

/** In an order that does not depend on the file's or Stripe's. */
function inOrder<T>(list: readonly T[], parts: (one: T) => readonly (string | null)[]): T[] {
  const keyed = list.map((one) => ({ one, key: JSON.stringify(parts(one)) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ one }) => one);
}

function key(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
