import { type Actual, type Fields, SINGLE } from '../model.ts';
import type { Resource } from '../resources/resource.ts';
import { nameOf } from '../text.ts';

/** The names in use in a section, each with the marks of its object, where these are known, and the last number tried. */
export type Names = Map<string, { marks: readonly (string | null)[] | null; number: number }>;

/** Names in use of which nothing else is known. */
export function namesInUse(names: Iterable<string>): Names {
  return new Map([...names].map((name) => [name, { marks: null, number: 1 }]));
}

/**
 * A name for the entry of each live object of a section: unique, and the same from run to run. Of several with one name the
 * oldest has it; the others add what tells them apart, or a number. `own`: names may come from metadata, which people keep
 * to themselves. `taken` holds the names in use, and gets these.
 */
export function entryNames(
  resource: Resource<never>,
  objects: readonly Actual[],
  taken: Names,
  referred: (section: string, id: string) => string | null,
  own: boolean,
): Map<Actual, string> {
  if (resource.shape === 'single') return new Map(objects.map((actual) => [actual, SINGLE]));
  const keys = own ? uniqueKeys(objects) : new Map<Actual, string>();
  const oldestFirst = [...objects].sort(
    (one, other) => (one.created ?? 0) - (other.created ?? 0) || (one.id < other.id ? -1 : 1),
  );
  return new Map(
    oldestFirst.map((actual) => {
      const { fields, id } = actual;
      const key = keys.get(actual) ?? null;
      const {
        keys: given = [],
        names,
        marks,
      } = resource.naming(fields, { refer: (field) => referredBy(resource, fields, field, referred), key });
      const asGiven = given.find((text) => text !== null && KEY.test(text));
      const [first = asGiven ?? id] = asGiven ? [] : [...given, ...names].map(nameOf).filter((name) => name !== '');
      return [actual, free(first, marks.map(nameOf), taken)];
    }),
  );
}

/** Of a name that is taken, the first that is not: with a mark that the one who has it lacks, else with a number. */
function free(first: string, marks: readonly string[], taken: Names): string {
  const holder = taken.get(first);
  const marked = marks
    .filter((mark, index) => mark !== '' && holder !== undefined && holder.marks?.[index] !== mark)
    .map((mark) => `${first}_${mark}`);
  let name = [...(holder === undefined ? [first] : []), ...marked].find((candidate) => !taken.has(candidate));
  while (name === undefined || taken.has(name)) {
    const number = (holder?.number ?? 1) + 1;
    if (holder !== undefined) holder.number = number;
    name = `${first}_${number}`;
  }
  taken.set(name, { marks, number: 1 });
  return name;
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
