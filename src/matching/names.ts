import { type Actual, type Fields, grouped, isRecord, SINGLE } from '../model.ts';
import type { Resource } from '../resources/resource.ts';
import { nameOf } from '../text.ts';

/** What the names of new entries depend on. */
export interface Surroundings {
  /** Names that are in use. */
  readonly taken: Iterable<string>;
  /** The name of the entry that has an object. */
  nameOf(section: string, id: string): string | null;
  /** Names may come from metadata, which people keep to themselves. */
  readonly own: boolean;
  /** All objects of the section: the new entries are named like the ones that others of a group have. */
  readonly all: readonly Actual[];
}

/** An object with what its entry would be called if no other were called so. */
interface Named {
  readonly actual: Actual;
  readonly first: string;
  readonly marks: readonly (string | null)[];
}

/**
 * A name for the entry of each live object of a section: unique, and the same from run to run. Objects that would have one
 * name are a group: each adds the mark that tells all of them apart, such as its currency or amount; where none does, all
 * are numbered, the oldest first.
 */
export function entryNames(
  resource: Resource<never>,
  objects: readonly Actual[],
  around: Surroundings,
): Map<Actual, string> {
  if (resource.shape === 'single') return new Map(objects.map((actual) => [actual, SINGLE]));
  const wanted = new Set(objects);
  const all = objects.length === 0 ? [] : [...new Set([...around.all, ...objects])];
  const named = firstNames(resource, all, around).filter(({ actual, first }) => {
    const known = wanted.has(actual) ? null : around.nameOf(resource.section, actual.id);
    return known === null ? wanted.has(actual) : `${known}_`.startsWith(`${first}_`);
  });
  const groups = grouped(named, ({ first }) => first);
  const taken = new Set(around.taken);
  const names = new Map<Actual, string>();
  // Who is alone with a name has it, whatever others may come to be called.
  const inOrder = [...groups].sort(([, one], [, other]) => Number(one.length > 1) - Number(other.length > 1));
  for (const [first, members] of inOrder) {
    const mark = markOf(first, members, wanted, taken, around.own);
    for (const [position, { actual }] of members.entries()) {
      if (!wanted.has(actual)) continue;
      let name = mark(actual);
      // Who has the bare name counts as the first.
      const least = taken.has(first) ? 2 : 1;
      for (let number = Math.max(least, position + 1); name === null || taken.has(name); number += 1)
        name = `${first}_${number}`;
      taken.add(name);
      names.set(actual, name);
    }
  }
  return names;
}

/** What each object would be called by itself, the oldest first. */
function firstNames(
  resource: Resource<never>,
  objects: readonly Actual[],
  { nameOf: referred, own }: Surroundings,
): Named[] {
  const keys = own ? uniqueKeys(objects) : new Map<Actual, string>();
  const oldestFirst = [...objects].sort(
    (one, other) => (one.created ?? 0) - (other.created ?? 0) || (one.id < other.id ? -1 : 1),
  );
  return oldestFirst.map((actual) => {
    const { fields, id } = actual;
    const refer = (field: string) => referredBy(resource, fields, field, referred);
    const { keys: given = [], names, marks } = resource.naming(fields, { refer, key: keys.get(actual) ?? null });
    const asGiven = given.find((text) => text !== null && KEY.test(text));
    // The file warns of names with white space at their ends.
    const plain = id.trim() === '' ? nameOf(resource.kind) : id.trim();
    const [first = asGiven ?? plain] = asGiven ? [] : [...given, ...names].map(nameOf).filter((name) => name !== '');
    return { actual, first, marks };
  });
}

/** How the members of a group are called: by the bare name, or all by one kind of mark; null where none tells them apart. */
function markOf(
  first: string,
  members: readonly Named[],
  wanted: ReadonlySet<Actual>,
  taken: ReadonlySet<string>,
  own: boolean,
): (actual: Actual) => string | null {
  if (members.length === 1 && !taken.has(first)) return () => first;
  const texts = [...marksIn(members), ...(own ? metadataIn(members) : [])];
  const found = texts.find((marks) => {
    const isFree = members.every(({ actual }, index) => !wanted.has(actual) || !taken.has(`${first}_${marks[index]}`));
    return isFree && marks.every((mark) => mark !== '') && new Set(marks).size === marks.length;
  });
  const names = new Map(found?.map((mark, index) => [members[index]?.actual, `${first}_${mark}`]));
  return (actual) => names.get(actual) ?? null;
}

/** Each kind of mark that the members may have, one of each member; and all kinds together. */
function marksIn(members: readonly Named[]): string[][] {
  const named = members.map(({ marks }) => marks.map(nameOf));
  const kinds = (named[0] ?? []).map((_, kind) => named.map((marks) => marks[kind] ?? ''));
  const together = named.map((marks) => (marks.includes('') ? '' : marks.join('_')));
  return kinds.length > 1 ? [...kinds, together] : kinds;
}

/** The same of what all of them have in their metadata. */
function metadataIn(members: readonly Named[]): string[][] {
  const maps = members.map(({ actual }) =>
    isRecord(actual.fields.metadata) ? (actual.fields.metadata as Fields) : {},
  );
  const keys = Object.keys(maps[0] ?? {}).sort();
  return keys.map((key) => maps.map((map) => (Object.hasOwn(map, key) ? nameOf(String(map[key] ?? '')) : '')));
}

/** A key that can be a name as it is. */
const KEY = /^[\w-]{1,60}$/;

/** The name of the entry that a field of an object refers to; null where there is none. */
function referredBy(
  { fields: types }: Resource<never>,
  fields: Fields,
  field: string,
  referred: (section: string, id: string) => string | null,
): string | null {
  const section = types[field]?.type.reference;
  const id = fields[field];
  return section === undefined || typeof id !== 'string' ? null : referred(section, id);
}

/** Where people keep the name of an object in its metadata. */
const KEYS = ['key', 'slug', 'code', 'plan', 'sku', 'name', 'tier'];

/** For each object the first such value that no other object has under that key. */
function uniqueKeys(objects: readonly Actual[]): Map<Actual, string> {
  const of = (actual: Actual, key: string): string | null => {
    const value = (actual.fields.metadata as Fields | null | undefined)?.[key];
    return typeof value === 'string' && /^[A-Za-z][\w-]{0,39}$/.test(value) ? value : null;
  };
  const found = new Map<Actual, string>();
  for (const key of [...KEYS].reverse()) {
    const counts = new Map<string, number>();
    for (const value of objects.map((actual) => of(actual, key)))
      if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const actual of objects) {
      const value = of(actual, key);
      if (value !== null && counts.get(value) === 1) found.set(actual, value);
    }
  }
  return found;
}
