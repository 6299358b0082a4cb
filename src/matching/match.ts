import {
  type Actual,
  append,
  type Expected,
  grouped,
  type Identity,
  isRecord,
  keyIn,
  type Reading,
  type Value,
} from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { folded, ID, type Resource, typeAt, valueAt } from '../resources/resource.ts';
import { expectsInForce, type Found, homeKey, homeOf, identityKey, type Match } from './identity.ts';
import { type IsAccepted, renames } from './renames.ts';

/**
 * Which live object an entry means. An entry is known by its identity: the fields that find its object, and their values.
 * Candidates are the objects with these values in the state that the entry expects. One is the object; several are
 * ambiguous, never the first of them; none is missing, unless a single one is in the other state, or one was renamed
 * (renames.ts). Two entries that find one object are ambiguous both.
 *
 * A field of the identity may refer to another entry, as in `match: [product, nickname]`: it stands for the object that the
 * other entry finds, so that one is matched first. What is found by an entry that is ambiguous, for whatever reason, is
 * undecided: it is neither missing nor compared.
 */

/**
 * Finds the live object of each entry. A reference that an entry is found by is followed to the object of the entry it
 * names. The answer is the same in every order of entries and objects.
 */
export function match(entries: readonly Expected[], reading: Reading): Map<Expected, Match> {
  return new Matcher(entries, reading).run(null);
}

/** The same, with objects that were renamed found by their entries all the same. */
export function matchRenamed(
  entries: readonly Expected[],
  reading: Reading,
  isAccepted: IsAccepted,
): Map<Expected, Match> {
  return new Matcher(entries, reading).run(isAccepted);
}

/**
 * What each entry seeks, as a key that depends on no entry's name: a reference stands as the object that it leads to, else
 * as what the entry that it names seeks itself. Two entries, in one file or in two, have one key where they seek the same.
 */
export function soughtKeys(entries: readonly Expected[], matches: ReadonlyMap<Expected, Match>): Map<Expected, string> {
  const byName = entriesByName(entries);
  const keys = new Map<Expected, string>();
  const open = new Set<Expected>();
  const keyOf = (entry: Expected): string => {
    const known = keys.get(entry);
    if (known !== undefined || open.has(entry)) return known ?? '';
    open.add(entry);
    const { paths, values } = entry.identity;
    const sought = values.map((value, index) => {
      const section = referredSection(entry, paths[index]);
      if (section === undefined || !isRecord(value) || typeof value.id === 'string') return value;
      const named = byName.get(JSON.stringify([section, value.entry]));
      if (named === undefined) return value;
      const found = matches.get(named);
      if (found?.kind === 'found') return { id: found.actual.id };
      const [path = []] = named.identity.paths;
      const isById = named.identity.paths.length === 1 && path[0] === ID;
      return isById ? { id: named.identity.values[0] ?? null } : { seeks: keyOf(named) };
    });
    const key = JSON.stringify([entry.section, identityKey(entry.section, { paths, values: sought })]);
    open.delete(entry);
    keys.set(entry, key);
    return key;
  };
  for (const entry of entries) keyOf(entry);
  return keys;
}

function entriesByName(entries: readonly Expected[]): Map<string, Expected> {
  return new Map(entries.map((entry) => [keyIn(entry.section, entry.name), entry]));
}

/** The section that a path of an identity refers to; undefined where it is no reference. */
function referredSection({ section }: Expected, path: readonly string[] = []): string | undefined {
  return typeAt(resourceOf(section), path)?.reference;
}

/**
 * Matching is done in rounds. Each assumes that the entries which share an object are known, and takes those that it finds
 * besides for the next: of these only the ones that are found by the fewest others, since an entry that is found by an
 * ambiguous one finds nothing.
 */
class Matcher {
  private readonly byName: Map<string, Expected>;
  private results = new Map<Expected, Match>();
  private readonly pending = new Set<Expected>();
  private readonly indexes = new Map<string, ReadonlyMap<Value, readonly Actual[]>>();
  private readonly entries: readonly Expected[];
  private readonly reading: Reading;
  /** Entries that find an object which another finds too, with that object and the others' names. */
  private readonly rivals = new Map<Expected, Match>();
  /** Entries whose object has another identity now, and those that were taken for such. */
  private readonly paired = new Map<Expected, Found>();
  private readonly unpaired = new Set<Expected>();

  constructor(entries: readonly Expected[], reading: Reading) {
    this.entries = entries;
    this.reading = reading;
    this.byName = entriesByName(entries);
  }

  run(isAccepted: IsAccepted | null): Map<Expected, Match> {
    this.settle();
    if (isAccepted !== null) this.pair(isAccepted);
    return this.results;
  }

  private settle(): void {
    do {
      this.results = new Map();
      for (const entry of this.entries) this.match(entry);
    } while (this.unpair() || this.addRivals());
  }

  private match(entry: Expected): Match {
    const known = this.results.get(entry);
    if (known !== undefined) return known;
    if (this.pending.has(entry)) return { kind: 'unread' };
    this.pending.add(entry);
    const result = this.rivals.get(entry) ?? this.paired.get(entry) ?? this.search(entry);
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
      if (typeof value.id === 'string') {
        values.push(value.id);
        continue;
      }
      const target = referredSection(entry, entry.identity.paths[index]) ?? '';
      const named = this.byName.get(JSON.stringify([target, value.entry]));
      const found = named === undefined ? undefined : this.match(named);
      if (found?.kind === 'missing') return { kind: 'missing', others: 0 };
      if (found?.kind === 'ambiguous' || found?.kind === 'undecided') return { kind: 'undecided' };
      if (found?.kind !== 'found') return { kind: 'unread' };
      values.push(found.actual.id);
    }
    const { paths } = entry.identity;
    const sought = keyOf(resourceOf(entry.section), paths, values);
    const all = this.index(entry.section, paths).get(sought) ?? [];
    const wanted = expectsInForce(entry);
    const candidates = all.filter(({ inForce }) => inForce === wanted);
    const retired = all.filter(({ inForce }) => inForce !== wanted);
    // Of several only what may come back.
    const { spent } = resourceOf(entry.section).state ?? {};
    const others = retired.length === 1 ? retired : retired.filter(({ fields }) => !wanted || !spent?.(fields));
    if (candidates.length > 1) return { kind: 'ambiguous', candidates, rivals: [] };
    const [actual] = candidates.length === 1 ? candidates : others.length === 1 ? others : [];
    // With a gap only what is in force is known: neither that something is missing, nor that nothing retired is meant.
    if (section.gap && (actual === undefined || (!wanted && actual.inForce))) return { kind: 'unread' };
    return actual === undefined ? { kind: 'missing', others: others.length } : { kind: 'found', actual };
  }

  /** Pairs what is missing with what nobody declares, until there is no more; what is found by a new pair is found then. */
  private pair(isAccepted: IsAccepted): void {
    for (;;) {
      const pairs = renames(this.results, this.reading, isAccepted);
      const fresh = [...pairs].filter(([entry]) => !this.unpaired.has(entry));
      if (fresh.length === 0) return;
      for (const [entry, { actual, isRenamed }] of fresh)
        this.paired.set(entry, { kind: 'found', actual, ...(isRenamed && { renamed: true as const }) });
      this.settle();
    }
  }

  /** Takes apart the pairs whose object another entry finds by its identity. Whether there are any. */
  private unpair(): boolean {
    if (this.paired.size === 0) return false;
    const found = new Set<string>();
    for (const [entry, result] of this.results)
      if (result.kind === 'found' && !this.paired.has(entry)) found.add(homeKey(entry.section, result.actual));
    const wrong = [...this.paired].filter(([{ section }, { actual }]) => found.has(homeKey(section, actual)));
    for (const [entry] of wrong) {
      this.paired.delete(entry);
      this.unpaired.add(entry);
    }
    return wrong.length > 0;
  }

  /** Adds the entries that find an object which another finds too. Whether there are any. */
  private addRivals(): boolean {
    const finders = new Map<string, [Expected, ...Expected[]]>();
    for (const [entry, result] of this.results)
      if (result.kind === 'found') append(finders, homeKey(entry.section, result.actual), entry);
    const shared = [...finders.values()].flatMap((entries) => {
      const rivals = entries.length < 2 ? [] : entries.flatMap((entry) => this.rivalOf(entry, entries));
      return rivals.length === 0 ? [] : [{ rivals, depth: Math.max(...entries.map((entry) => this.depth(entry))) }];
    });
    const least = Math.min(...shared.map(({ depth }) => depth));
    for (const { rivals, depth } of shared)
      if (depth === least) for (const [entry, match] of rivals) this.rivals.set(entry, match);
    return shared.length > 0;
  }

  /**
   * What an entry is beside others that find its object: of those of its section a rival. Where another section is the home
   * of the object, and has one of them, that one is compared, and this is a rival alone.
   */
  private rivalOf(entry: Expected, all: readonly Expected[]): (readonly [Expected, Match])[] {
    const result = this.results.get(entry);
    if (result?.kind !== 'found') return [];
    const home = homeOf(entry.section, result.actual);
    const othersIn = (section: string) => all.filter((other) => other !== entry && other.section === section);
    const hosts = home === entry.section ? [] : othersIn(home);
    const rivals = (hosts.length > 0 ? hosts : othersIn(entry.section)).map(({ name }) => name);
    const rivalsIn = hosts.length > 0 && { rivalsIn: home };
    return rivals.length === 0
      ? []
      : [[entry, { kind: 'ambiguous', candidates: [result.actual], rivals, ...rivalsIn }]];
  }

  /** By how many entries one after the other an entry is found. */
  private depth(entry: Expected): number {
    if (this.pending.has(entry)) return 0;
    this.pending.add(entry);
    const depths = entry.identity.values.map((value, index) => {
      const target = referredSection(entry, entry.identity.paths[index]);
      const named = isRecord(value) ? this.byName.get(JSON.stringify([target, value.entry])) : undefined;
      return named === undefined ? 0 : 1 + this.depth(named);
    });
    this.pending.delete(entry);
    return Math.max(0, ...depths);
  }

  private index(section: string, paths: readonly (readonly string[])[]): ReadonlyMap<Value, readonly Actual[]> {
    const key = JSON.stringify([section, paths]);
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    const reading = this.reading.sections.get(section);
    const objects = reading?.status === 'read' ? reading.objects : [];
    const resource = resourceOf(section);
    const keyOfObject = ({ fields }: Actual) =>
      keyOf(
        resource,
        paths,
        paths.map((path) => valueAt(fields, path) ?? null),
      );
    const sought = this.sought(key, resource);
    const index = grouped(
      sought === null ? objects : objects.filter((live) => sought.has(keyOfObject(live))),
      keyOfObject,
    );
    this.indexes.set(key, index);
    return index;
  }

  /** What the entries seek by these paths, of which there is far less than of live objects; null where that depends on what others find. */
  private sought(key: string, resource: Resource<never>): ReadonlySet<Value> | null {
    const identities = this.entries.flatMap(({ section, identity }) =>
      JSON.stringify([section, identity.paths]) === key ? [identity] : [],
    );
    return identities.some(({ values }) => values.some(isRecord))
      ? null
      : new Set(identities.map(({ paths, values }) => keyOf(resource, paths, values)));
  }
}

/** A key of the values of an identity. */
function keyOf(resource: Resource<never>, paths: Identity['paths'], values: readonly Value[]): Value {
  const plain = values.map((value, index) => folded(resource, paths[index] ?? [], value));
  const [first = null] = plain;
  return plain.length === 1 && typeof first === 'string' ? first : JSON.stringify(plain);
}
