import type { Actual, Expected, Fields, Identity, Reading, Value } from '../model.ts';
import { resourceOf } from './index.ts';
import { isRecord } from './type.ts';

/** What became of an entry's search for its object. */
export type Match =
  | { readonly kind: 'found'; readonly actual: Actual }
  /** `others`: objects with this identity in the state that the entry does not expect. */
  | { readonly kind: 'missing'; readonly others: number }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Actual[]; readonly rivals: readonly string[] }
  /** It is found by an entry that is ambiguous, which is reported there. */
  | { readonly kind: 'undecided' }
  /** Its section, or that of an entry that it is found by, could not be read. */
  | { readonly kind: 'unread' };

/** A key that is equal for equal identities. */
export function identityKey({ paths, values }: Identity): string {
  return JSON.stringify([paths, values]);
}

/** Whether an entry expects its object to be in force. */
export function expectsInForce(expected: Expected): boolean {
  const { field, inForce } = resourceOf(expected.section).state;
  return !(field in expected.fields) || inForce.includes(expected.fields[field] as Value);
}

/**
 * Finds the live object of each entry. A reference that an entry is found by is followed to the object of the entry it
 * names. The answer is the same in every order of entries and objects.
 */
export function match(entries: readonly Expected[], reading: Reading): Map<Expected, Match> {
  return new Matcher(entries, reading).run();
}

/** The id that a reference leads to; null when it names an entry whose object is not known. */
export function resolveReference(
  value: Value,
  section: string,
  find: (section: string, name: string) => Match | undefined,
): string | null {
  if (!isRecord(value)) return null;
  if (typeof value.id === 'string') return value.id;
  const found = find(section, String(value.entry));
  return found?.kind === 'found' ? found.actual.id : null;
}

/** The entries that an entry names, each with the field that names it. */
export function referencesOf({ section, fields }: Expected): { field: string; section: string; name: string }[] {
  return Object.entries(fields).flatMap(([field, value]) => {
    const target = resourceOf(section).fields[field]?.type.reference;
    return target !== undefined && isRecord(value) && typeof value.entry === 'string'
      ? [{ field, section: target, name: value.entry }]
      : [];
  });
}

/** Whether an entry may mean an object, as far as its identity is known: what it refers to may be any. */
export function mayMean({ identity }: Expected, live: Actual): boolean {
  return identity.paths.every((path, index) => {
    const value = identity.values[index];
    return isRecord(value) || value === valueAt(live.fields, path);
  });
}

class Matcher {
  private readonly byName = new Map<string, Expected>();
  private readonly results = new Map<Expected, Match>();
  private readonly pending = new Set<Expected>();
  private readonly indexes = new Map<string, Map<string, Actual[]>>();
  private readonly entries: readonly Expected[];
  private readonly reading: Reading;

  constructor(entries: readonly Expected[], reading: Reading) {
    this.entries = entries;
    this.reading = reading;
    for (const entry of entries) this.byName.set(JSON.stringify([entry.section, entry.name]), entry);
  }

  run(): Map<Expected, Match> {
    for (const entry of this.entries) this.match(entry);
    this.matchLoosely();
    this.settleRivals();
    return this.results;
  }

  private match(entry: Expected): Match {
    const known = this.results.get(entry);
    if (known !== undefined) return known;
    if (this.pending.has(entry)) return { kind: 'unread' };
    this.pending.add(entry);
    const result = this.search(entry);
    this.pending.delete(entry);
    this.results.set(entry, result);
    return result;
  }

  private search(entry: Expected): Match {
    const section = this.reading.sections.get(entry.section);
    if (section?.status !== 'read') return { kind: 'unread' };
    const values: Value[] = [];
    for (const [index, value] of entry.identity.values.entries()) {
      if (!isRecord(value)) {
        values.push(value);
        continue;
      }
      const target = resourceOf(entry.section).fields[entry.identity.paths[index]?.[0] ?? '']?.type.reference ?? '';
      const find = (name: string) => this.byName.get(JSON.stringify([target, name]));
      const named = find(String(value.entry));
      const found = named === undefined ? undefined : this.match(named);
      if (found?.kind === 'missing') return { kind: 'missing', others: 0 };
      if (found?.kind === 'ambiguous' || found?.kind === 'undecided') return { kind: 'undecided' };
      const id = resolveReference(value, target, () => found);
      if (id === null) return { kind: 'unread' };
      values.push(id);
    }
    const all = this.index(entry.section, entry.identity.paths).get(JSON.stringify(values)) ?? [];
    const wanted = expectsInForce(entry);
    const candidates = all.filter(({ inForce }) => inForce === wanted);
    const others = all.filter(({ inForce }) => inForce !== wanted);
    if (candidates.length > 1) return { kind: 'ambiguous', candidates, rivals: [] };
    const [actual] = candidates.length === 1 ? candidates : others.length === 1 ? others : [];
    // With a gap only what is in force is known: neither that something is missing, nor that nothing retired is meant.
    if (section.gap && (actual === undefined || (!wanted && actual.inForce))) return { kind: 'unread' };
    return actual === undefined ? { kind: 'missing', others: others.length } : { kind: 'found', actual };
  }

  /** An entry without an object takes the one object, found by no other entry, that differs from it as people overlook. */
  private matchLoosely(): void {
    const claimed = new Set([...this.results.values()].flatMap((result) => claims(result).map(({ id }) => id)));
    for (const [entry, result] of this.results) {
      if (result.kind !== 'missing' || result.others > 0) continue;
      const types = entry.identity.paths.map(([field = '']) => resourceOf(entry.section).fields[field]?.type);
      if (!types.some((type) => type?.loose)) continue;
      const section = this.reading.sections.get(entry.section);
      if (section?.status !== 'read') continue;
      const same = (live: Actual) =>
        entry.identity.paths.every((path, index) => {
          const loose = types[index]?.loose ?? String;
          return loose(String(entry.identity.values[index])) === loose(String(valueAt(live.fields, path)));
        });
      const wanted = expectsInForce(entry);
      const near = section.objects.filter((live) => live.inForce === wanted && !claimed.has(live.id) && same(live));
      const [actual] = near;
      if (actual !== undefined && near.length === 1) this.results.set(entry, { kind: 'found', actual });
    }
  }

  /** One object is found by one entry. */
  private settleRivals(): void {
    const finders = new Map<string, Expected[]>();
    for (const [entry, result] of this.results) {
      if (result.kind !== 'found') continue;
      const key = JSON.stringify([entry.section, result.actual.id]);
      const list = finders.get(key);
      if (list === undefined) finders.set(key, [entry]);
      else list.push(entry);
    }
    for (const entries of finders.values()) {
      if (entries.length < 2) continue;
      for (const entry of entries) {
        const result = this.results.get(entry);
        if (result?.kind !== 'found') continue;
        const rivals = entries.filter((other) => other !== entry).map(({ name }) => name);
        this.results.set(entry, { kind: 'ambiguous', candidates: [result.actual], rivals });
      }
    }
  }

  private index(section: string, paths: readonly (readonly string[])[]): Map<string, Actual[]> {
    const key = JSON.stringify([section, paths]);
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    const index = new Map<string, Actual[]>();
    const reading = this.reading.sections.get(section);
    for (const actual of reading?.status === 'read' ? reading.objects : []) {
      const values = JSON.stringify(paths.map((path) => valueAt(actual.fields, path)));
      const list = index.get(values);
      if (list === undefined) index.set(values, [actual]);
      else list.push(actual);
    }
    this.indexes.set(key, index);
    return index;
  }
}

function claims(result: Match): readonly Actual[] {
  if (result.kind === 'found') return [result.actual];
  return result.kind === 'ambiguous' ? result.candidates : [];
}

function valueAt(fields: Fields, path: readonly string[]): Value | null {
  return path.reduce<Value | null>(
    (value, step) => (isRecord(value) ? ((value as Fields)[step] ?? null) : null),
    fields,
  );
}
