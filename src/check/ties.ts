import { expectsInForce, type Match } from '../matching/identity.ts';
import {
  type Actual,
  append,
  type Expected,
  type Fields,
  type Mention,
  type Needer,
  type Reading,
  type Ties,
  type Unfit,
} from '../model.ts';
import { registry, resourceOf } from '../resources/index.ts';
import { type Field, ID, type Others, referencesOf } from '../resources/resource.ts';

/** What ties objects to each other, looked up when a finding needs it. */
export interface Tied {
  of(section: string, expected: Fields | null, actual: Actual | null): Ties;
}

/** An object or entry that refers to another, with the field. */
interface Referrer {
  readonly section: string;
  readonly field: string;
  readonly live: Actual;
  readonly entry: Expected | undefined;
  readonly isLive: boolean;
}

/** `resolve` gives what an entry states, references as ids as far as these are known. */
export function ties(
  matches: ReadonlyMap<Expected, Match>,
  reading: Reading,
  { find }: Pick<Others, 'find'>,
  resolve: (entry: Expected) => Fields,
): Tied {
  let known: ReturnType<typeof index> | undefined;
  return {
    of(section, expected, actual) {
      known ??= index(matches, reading, resolve);
      const id = actual?.id ?? null;
      return {
        needers: id === null ? [] : needers(section, actual as Actual, known, resolve),
        unread: (known.locking.get(section) ?? []).filter((one) => {
          const read = reading.sections.get(one.section);
          return read?.status !== 'read' || read.lookedUp;
        }),
        unfit: unfit(section, { ...actual?.fields, ...expected }, id, find),
        mentions: id === null ? [] : (known.mentions.get(key(section, id)) ?? []),
      };
    },
  };
}

function index(matches: ReadonlyMap<Expected, Match>, reading: Reading, resolve: (entry: Expected) => Fields) {
  const entries = new Map<Actual, Expected>();
  const referrers = new Map<string, [Referrer, ...Referrer[]]>();
  const mentions = new Map<string, [Mention, ...Mention[]]>();
  for (const [entry, found] of matches) {
    const { section, name, fields } = entry;
    if (found.kind === 'found') entries.set(found.actual, entry);
    if (typeof fields[ID] === 'string') append(mentions, key(section, fields[ID]), { section, name, field: ID });
    for (const { section: target, id, path } of referencesOf(resourceOf(section), fields))
      if (id !== null) append(mentions, key(target, id), { section, name, field: path[0] ?? '' });
  }
  for (const [section, read] of reading.sections) {
    if (read.status !== 'read') continue;
    for (const live of read.objects) {
      const entry = entries.get(live);
      const own = needed(section, live.fields);
      for (const { field, target, needs } of own)
        if (live.inForce || needs === 'locks') append(referrers, target, { section, field, live, entry, isLive: true });
      if (entry === undefined || !expectsInForce(entry)) continue;
      for (const { field, target } of needed(section, resolve(entry)))
        if (!own.some((one) => one.field === field && one.target === target))
          append(referrers, target, { section, field, live, entry, isLive: false });
    }
  }
  return { referrers, mentions, locking: lockingFields() };
}

/** What an object needs, as keys of objects. */
function needed(section: string, fields: Fields): { field: string; target: string; needs: Field<never>['needs'] }[] {
  const resource = resourceOf(section);
  return referencesOf(resource, fields).flatMap(({ path: [field = ''], section: target, id }) => {
    const needs = resource.fields[field]?.needs;
    return id === null || needs === undefined ? [] : [{ field, target: key(target, id), needs }];
  });
}

function needers(
  section: string,
  { id, fields }: Actual,
  { referrers }: ReturnType<typeof index>,
  resolve: (entry: Expected) => Fields,
): Needer[] {
  const own = new Set(referencesOf(resourceOf(section), fields).map((one) => key(one.section, one.id ?? '')));
  const all = (referrers.get(key(section, id)) ?? []).map((one): Needer => {
    const { live, entry, field, isLive } = one;
    const wants = entry === undefined ? undefined : resolve(entry)[field];
    return {
      section: one.section,
      field,
      id: live.id,
      entry: entry?.name ?? null,
      isExpected: live.inForce && entry !== undefined && expectsInForce(entry),
      isLive,
      wants: typeof wants === 'string' ? wants : null,
      isMutual: own.has(key(one.section, live.id)),
    };
  });
  return all.sort((one, other) => (key(one.section, one.id ?? '') < key(other.section, other.id ?? '') ? -1 : 1));
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

function unfit(section: string, expected: Fields, own: string | null, find: Others['find']): Unfit[] {
  const { fields } = resourceOf(section);
  return referencesOf(resourceOf(section), expected).flatMap(({ path: [field = ''], section: target, id }): Unfit[] => {
    const object = id === null ? undefined : find(target, id);
    const { mutual, needs } = fields[field] ?? {};
    if (object === undefined || needs === undefined) return [];
    if (!object.inForce) return [{ field, section: target, id, why: 'retired' }];
    const back = mutual === undefined ? undefined : object.fields[mutual];
    return back === undefined || back === own ? [] : [{ field, section: target, id, why: 'of another' }];
  });
}

function key(section: string, id: string): string {
  return JSON.stringify([section, id]);
}
