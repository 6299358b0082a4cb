import { append, type Fields, isRecord, record, type Value } from '../model.ts';
import { findersOf, isCharged, type Resource } from '../resources/resource.ts';
import { named, resolved } from '../vocabulary/reference.ts';
import { canonical } from '../vocabulary/type.ts';
import type { NameOf } from './identity.ts';
import { isSame } from './renames.ts';

/** Which objects of two modes, or accounts, are the same thing, where ids differ: what they have in common tells it. */

/** By what objects have in common with their like, those that have it. */
export function byLikeness<T>(all: readonly T[], likeness: (one: T) => string | null): Map<string, [T, ...T[]]> {
  const found = new Map<string, [T, ...T[]]>();
  for (const one of all) {
    const key = likeness(one);
    if (key !== null) append(found, key, one);
  }
  return found;
}

/** What an object has in common with its like; what it refers to is known by the names that `nameOf` gives. */
export function likenessOf(resource: Resource<never>, fields: Fields, nameOf: NameOf): string | null {
  const inNames = withNames(resource, fields, nameOf);
  return resource.likeness(inNames, (field) => entryIn(inNames[field]));
}

/**
 * Which of the ones and the others, all of them alike, belong together: the only two; else those that agree in all that the
 * one has and in which no others do, else in what is charged, else in the metadata. With these out of the way, a next turn
 * may tell more.
 */
export function pairsOf<One extends { readonly fields: Fields }, Other extends { readonly fields: Fields }>(
  resource: Resource<never>,
  ones: readonly One[],
  others: readonly Other[],
): (readonly [One, Other])[] {
  const [one, other] = [ones[0], others[0]];
  if (one === undefined || other === undefined) return [];
  if (ones.length === 1 && others.length === 1) return [[one, other]];
  const ways: IsMeant[] = [
    isContent(resource),
    (name) => isCharged(resource, name),
    (name) => resource.fields[name]?.own,
  ];
  for (const way of ways) {
    const pairs = onlyPairs(resource, ones, others, way);
    if (pairs.length > 0) return pairs;
  }
  return [];
}

/** Which fields two objects are to agree in. */
type IsMeant = (name: string) => boolean | undefined;

/** All but what finds an object. */
export function isContent(resource: Resource<never>): IsMeant {
  const finders = findersOf(resource).map(({ by }) => by);
  return (name) => !finders.includes(name);
}

/** More pairs than these are not compared one by one. */
const MOST_PAIRS = 100_000;

/** Those that agree in the fields that are meant, each with one of the others alone. */
export function onlyPairs<One extends { readonly fields: Fields }, Other extends { readonly fields: Fields }>(
  resource: Resource<never>,
  ones: readonly One[],
  others: readonly Other[],
  isMeant: IsMeant,
): (readonly [One, Other])[] {
  if (ones.length * others.length > MOST_PAIRS) return [];
  const agree = ones.map((one) => others.filter((other) => agreesIn(resource, one.fields, other.fields, isMeant)));
  return ones.flatMap((one, index) => {
    const [found, ...more] = agree[index] ?? [];
    const isOnly = found !== undefined && agree.filter((all) => all.includes(found)).length === 1;
    return isOnly && more.length === 0 ? [[one, found] as const] : [];
  });
}

/** Whether one has something in some of its fields, and the other agrees with all of that. What is referred to has other ids there. */
function agreesIn({ fields: types }: Resource<never>, one: Fields, other: Fields, isMeant: IsMeant): boolean {
  const stated = Object.entries(one).filter(([name, value]) => isMeant(name) && value !== null);
  return (
    stated.length > 0 &&
    stated.every(([name, value]) => {
      const type = types[name]?.type;
      const its = other[name];
      if (type === undefined || its === undefined) return false;
      return isSame(...canonical(type, value, its, { live: other, unread() {} }));
    })
  );
}

/** Fields of either side in which every reference, wherever it is, names the entry of its object as far as there is one. */
function withNames({ fields: types }: Resource<never>, fields: Fields, nameOf: NameOf): Fields {
  return record(
    Object.entries(fields).map(([field, value]) => {
      const type = types[field]?.type;
      const inIds = type && resolved(type, value, () => null);
      return [field, type === undefined || inIds === undefined ? value : named(type, inIds, nameOf)];
    }),
  );
}

/** The entry that a reference of the file names. */
function entryIn(value: Value | undefined): string | null {
  return isRecord(value) && typeof value.entry === 'string' ? value.entry : null;
}
