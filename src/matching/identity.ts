import {
  type Actual,
  type Expected,
  type Fields,
  type Identity,
  isRecord,
  keyIn,
  record,
  type Value,
} from '../model.ts';
import { registry, resourceOf } from '../resources/index.ts';
import { folded, ID, type Others, valueAt } from '../resources/resource.ts';
import { resolved } from '../vocabulary/reference.ts';

/** What an entry is found by, and what may become of the search for its object. */

/** What became of an entry's search for its object. */
export type Match =
  | Found
  /** `others`: objects with this identity in the state that the entry does not expect. */
  | { readonly kind: 'missing'; readonly others: number }
  | {
      readonly kind: 'ambiguous';
      readonly candidates: readonly Actual[];
      readonly rivals: readonly string[];
      /** The section of the rivals, where it is another, which shows the object too. */
      readonly rivalsIn?: string;
    }
  /** It is found by an entry that is ambiguous, which is reported there. */
  | { readonly kind: 'undecided' }
  /** Its section, or that of an entry that it is found by, could not be read. */
  | { readonly kind: 'unread' };

/** `renamed`: the object's identity is another now; what else tells that it is the one is said in renames.ts. */
export interface Found {
  readonly kind: 'found';
  readonly actual: Actual;
  readonly renamed?: true;
}

/** The section that is an object's home: of those that show it the one that tells of it. */
export function homeOf(section: string, object: Pick<Actual, 'id' | 'fields'>): string {
  const { same } = resourceOf(section);
  return same?.has(object) ? same.section : section;
}

/** Equal for what several sections show of one object. */
export function homeKey(section: string, object: Pick<Actual, 'id' | 'fields'>): string {
  return JSON.stringify([homeOf(section, object), object.id]);
}

/** An object as each section shows it, with that section: first the one that it is from. */
export function shownIn(section: string, live: Actual, { find }: Pick<Others, 'find'>): (readonly [string, Actual])[] {
  const others = alike(section).flatMap((other) => {
    const also = find(other, live.id);
    return also !== undefined && homeKey(other, also) === homeKey(section, live) ? [[other, also] as const] : [];
  });
  return [[section, live], ...others];
}

/** Whether an object is shown at its home, which is another section. */
export function isAtHomeToo(section: string, live: Actual, { find }: Pick<Others, 'find'>): boolean {
  const home = homeOf(section, live);
  return home !== section && find(home, live.id) !== undefined;
}

/** The other sections that may show the same objects. */
function alike(section: string): readonly string[] {
  const known = alikeSections.get(section);
  if (known !== undefined) return known;
  const isAlike = (other: string) =>
    resourceOf(section).same?.section === other || resourceOf(other).same?.section === section;
  const found = [...registry.keys()].filter(isAlike);
  alikeSections.set(section, found);
  return found;
}

const alikeSections = new Map<string, readonly string[]>();

/** The entries whose objects are not known, and that may mean objects of a section: its own, and those of sections that show the same. */
export function openIn(section: string, results: ReadonlyMap<Expected, Match>): Expected[] {
  const sections = [section, ...alike(section)];
  return [...results].flatMap(([entry, { kind }]) =>
    (kind === 'undecided' || kind === 'unread') && sections.includes(entry.section) ? [entry] : [],
  );
}

/** The id of the object that an entry has found; null where none is known. */
export type Find = (section: string, entry: string) => string | null;

/** The name of the entry that has found an object; null where none has. */
export type NameOf = (section: string, id: string) => string | null;

/** Looks up the objects that entries have found. */
export function foundIds(matches: ReadonlyMap<Expected, Match>): Find {
  const ids = new Map<string, string>();
  for (const [{ section, name }, result] of matches)
    if (result.kind === 'found') ids.set(keyIn(section, name), result.actual.id);
  return (section, entry) => ids.get(keyIn(section, entry)) ?? null;
}

/** Looks up the entries that have found objects. */
export function foundNames(matches: ReadonlyMap<Expected, Match>): NameOf {
  const names = new Map<string, string>();
  for (const [{ section, name }, result] of matches)
    if (result.kind === 'found') names.set(keyIn(section, result.actual.id), name);
  return (section, id) => names.get(keyIn(section, id)) ?? null;
}

/** What an entry states, with ids in place of the entries that it names, where their objects are known. */
export function resolvedFields({ section, fields }: Expected, find: Find): Fields {
  const types = resourceOf(section).fields;
  return record(
    Object.entries(fields).map(([name, value]) => {
      const type = types[name]?.type;
      return [name, type === undefined ? value : resolved(type, value, find)];
    }),
  );
}

/** A key that is equal for equal identities of a section, in whatever order they name their fields. */
export function identityKey(section: string, { paths, values }: Identity): string {
  const resource = resourceOf(section);
  const pairs = paths.map((path, index) => JSON.stringify([path, folded(resource, path, values[index] ?? null)]));
  return JSON.stringify([...new Set(pairs)].sort());
}

/** Whether an entry expects its object to be in force. */
export function expectsInForce({ section, fields }: Expected): boolean {
  const { state } = resourceOf(section);
  return state?.field === undefined || !(state.field.name in fields) || state.inForce(fields);
}

/**
 * Whether an entry may mean an object, as far as its identity is known: what it refers to may be any. Of what another
 * section shows (`of`), only the id tells.
 */
export function mayMean({ section, identity }: Expected, live: Actual, of = section): boolean {
  const resource = resourceOf(section);
  const fold = (path: readonly string[], value: Value) => folded(resource, path, value);
  if (of !== section && homeOf(of, live) !== section && resource.same?.section !== of) return false;
  return identity.paths.every((path, index) => {
    if (of !== section && path[0] !== ID) return true;
    const value = identity.values[index] ?? null;
    return isRecord(value) || fold(path, value) === fold(path, valueAt(live.fields, path) ?? null);
  });
}
