import deepDiff from 'deep-diff';
import type {
  Actual,
  Ambiguous,
  Change,
  Changed,
  Declared,
  DeclaredIds,
  Expected,
  Fields,
  Finding,
  Missing,
  Mode,
  Place,
  Reading,
  Unhealthy,
  Unmanaged,
  Value,
  Whole,
} from './model.ts';
import { expectsInForce, type Match, match, mayMean, resolveReference, soughtKeys } from './resources/identity.ts';
import { resourceOf } from './resources/index.ts';
import { entryNames, namesInUse } from './resources/naming.ts';
import type { Others } from './resources/resource.ts';
import { addressPart } from './resources/text.ts';
import { isRecord, record, type Type } from './resources/type.ts';

/** What a comparison found, before any policy: findings have their default severity. */
export interface Comparison {
  readonly findings: readonly Finding[];
  /** The entries by section and name, as JSON, and the places of the sections. */
  readonly entries: ReadonlyMap<string, Expected>;
  readonly places: ReadonlyMap<string, Place>;
  /** What became of each entry's search, and what it seeks as a key that depends on no entry's name. */
  readonly matches: ReadonlyMap<Expected, Match>;
  readonly sought: ReadonlyMap<Expected, string>;
  /** Entries that were compared, by section; what was not could not be read. */
  readonly checked: ReadonlyMap<string, readonly Expected[]>;
  /** Entries that could not be compared, although their section was read. */
  readonly undecided: readonly Expected[];
  /** What Stripe's answer lacked of an entry: it was not compared. */
  readonly unread: readonly Unread[];
  /** Fields that were not compared because they refer to an entry whose object is not known; that is reported there. */
  readonly skipped: readonly Unread[];
  readonly declaredIds: DeclaredIds;
}

/** A value that the file states and Stripe's answer did not hold, as a path from its field. */
export interface Unread {
  readonly entry: Expected;
  readonly path: readonly string[];
}

/** Compares what a file declares with what is live. Pure: the same arguments, the same findings. */
export function compare(declared: Declared, reading: Reading): Comparison {
  const entries = [...declared.sections.values()].flatMap((section) => section.entries);
  const matches = match(entries, reading);
  const byName = new Map(entries.map((entry) => [JSON.stringify([entry.section, entry.name]), entry]));
  const find = (section: string, name: string) => {
    const entry = byName.get(JSON.stringify([section, name]));
    return entry && matches.get(entry);
  };
  const nameOf = namesByObject(matches);
  const link = dashboardLink(reading.mode, reading.account);
  const others = liveObjects(reading);
  const findings: Finding[] = [];
  const unread: Unread[] = [];
  const skipped: Unread[] = [];
  const around: Around = { find, nameOf, byId: namesById(entries), holders: holders(reading), link, unread, skipped };
  const undecided: Expected[] = [];
  const checked = new Map<string, Expected[]>([...declared.sections.keys()].map((section) => [section, []]));
  for (const [entry, result] of matches) {
    if (result.kind === 'undecided') undecided.push(entry);
    if (result.kind === 'unread' || result.kind === 'undecided') continue;
    checked.get(entry.section)?.push(entry);
    if (result.kind === 'missing') findings.push(missing(entry, result.others, around));
    if (result.kind === 'ambiguous') findings.push(ambiguous(entry, result, around));
    if (result.kind !== 'found') continue;
    const differences = changes(entry, result.actual, around);
    findings.push(...differences, ...unhealthy(entry, result.actual, others, link, differences));
  }
  return {
    findings: [...findings, ...unmanaged(declared, reading, [...matches.values()], undecided, around)],
    entries: byName,
    places: new Map([...declared.sections].map(([section, { at }]) => [section, at])),
    matches,
    sought: soughtKeys(entries, matches),
    checked,
    undecided,
    unread,
    skipped,
    declaredIds: declaredIds(matches),
  };
}

/** An ambiguous entry means its candidates: which of them, it can only say by an id. */
function declaredIds(matches: ReadonlyMap<Expected, Match>): DeclaredIds {
  const meant = new Map<string, Set<string>>();
  const stated = new Map<string, Set<string>>();
  const add = (ids: Map<string, Set<string>>, section: string, id: Value | undefined) => {
    if (typeof id === 'string') ids.set(section, (ids.get(section) ?? new Set()).add(id));
  };
  for (const [{ section, fields }, result] of matches) {
    if (result.kind === 'found') add(meant, section, result.actual.id);
    if (result.kind === 'ambiguous') for (const { id } of result.candidates) add(meant, section, id);
    add(stated, section, fields.id);
    for (const [field, value] of Object.entries(fields)) {
      const target = resourceOf(section).fields[field]?.type.reference;
      if (target !== undefined && isRecord(value)) add(stated, target, value.id as Value | undefined);
    }
  }
  return { meant, stated };
}

/** The page of an object; of the list of its kind where there is no id. */
type Link = (section: string, id: string | null) => string;

/** The page of an object in the Dashboard; the account in front where it is known, since a browser may be in another. */
function dashboardLink(mode: Mode, account: string | null): Link {
  const root = `https://dashboard.stripe.com/${account === null ? '' : `${account}/`}${mode === 'test' ? 'test/' : ''}`;
  return (section, id) => {
    const { dashboard, overview = dashboard } = resourceOf(section);
    return id === null ? `${root}${overview}` : `${root}${dashboard}/${addressPart(id)}`;
  };
}

function missing(entry: Expected, others: number, around: Around): Missing {
  const { section, name, identity } = entry;
  return {
    problem: 'missing',
    severity: 'error',
    section,
    name,
    at: entry.at(),
    identity,
    others,
    inForce: expectsInForce(entry),
    whole: wholeOf(entry, null, around),
    url: around.link(section, null),
  };
}

/** An entry and its object whole, as far as it has one. */
function wholeOf(entry: Expected, actual: Actual | null, around: Around): Whole {
  const { section, fields, stated } = entry;
  const { fields: types } = resourceOf(section);
  return {
    expected: resolved(entry, around.find),
    actual: actual?.fields ?? null,
    entries: actual === null ? {} : referred(section, actual.fields, around.nameOf),
    hidden: [],
    stated,
    taken: Object.entries(fields).flatMap(([field, value]) => {
      const all = types[field]?.unique && value !== null ? around.holders(section, field, value) : [];
      const holder = all.find(({ id }) => id !== actual?.id);
      if (holder === undefined) return [];
      return [{ field, id: holder.id, entry: around.nameOf(section, holder.id) }];
    }),
  };
}

function ambiguous(
  entry: Expected,
  { candidates, rivals }: Match & { kind: 'ambiguous' },
  { link, nameOf, byId }: Around,
): Ambiguous {
  const { section, name, identity, stated } = entry;
  const isFree = ({ id }: Actual) => nameOf(section, id) === null && byId(section, id) === null;
  // In the order of ids, so that reports do not depend on Stripe's.
  const inOrder = [...candidates].sort((one, other) => order(one.id, other.id));
  return {
    problem: 'ambiguous',
    severity: 'error',
    section,
    name,
    at: entry.at(),
    identity,
    candidates: inOrder.map(({ id }) => ({ id, url: link(section, id) })),
    rivals,
    free: inOrder.filter(isFree).map(({ id }) => id),
    stated,
  };
}

/** What the comparison of one entry needs of the others, and where it says what was not read. */
interface Around {
  find(section: string, name: string): Match | undefined;
  /** The name of the entry that found an object. */
  nameOf(section: string, id: Value): string | null;
  /** The name of the entry that means an object by its id. */
  byId(section: string, id: string): string | null;
  /** The live objects that have a value of which there is one. */
  holders(section: string, field: string, value: Value): readonly Actual[];
  readonly link: Link;
  readonly unread: Unread[];
  readonly skipped: Unread[];
}

function namesByObject(matches: ReadonlyMap<Expected, Match>): Around['nameOf'] {
  const names = new Map<string, string>();
  for (const [{ section, name }, result] of matches) {
    if (result.kind === 'found') names.set(JSON.stringify([section, result.actual.id]), name);
  }
  return (section, id) => names.get(JSON.stringify([section, id])) ?? null;
}

function namesById(entries: readonly Expected[]): Around['byId'] {
  const names = new Map(
    entries.flatMap(({ section, name, fields }) => {
      const id = fields[resourceOf(section).identities[0]?.by ?? ''];
      return id === undefined ? [] : [[JSON.stringify([section, id]), name] as const];
    }),
  );
  return (section, id) => names.get(JSON.stringify([section, id])) ?? null;
}

/** Looks objects up by the values of a field, which are indexed when they are first asked for. */
function holders(reading: Reading): Around['holders'] {
  const indexes = new Map<string, Map<Value, Actual[]>>();
  return (section, field, value) => {
    const key = JSON.stringify([section, field]);
    let index = indexes.get(key);
    if (index === undefined) {
      index = new Map();
      const read = reading.sections.get(section);
      const objects = read?.status === 'read' ? [...read.objects].sort((one, other) => order(one.id, other.id)) : [];
      for (const actual of objects) {
        const found = actual.fields[field] ?? null;
        const known = index.get(found);
        if (known === undefined) index.set(found, [actual]);
        else known.push(actual);
      }
      indexes.set(key, index);
    }
    return index.get(value) ?? [];
  };
}

/** What an entry states, references as ids where the objects are known. */
function resolved({ section, fields }: Expected, find: Around['find']): Fields {
  const { fields: types } = resourceOf(section);
  return record(
    Object.entries(fields).map(([field, value]) => {
      const reference = types[field]?.type.reference;
      return [field, reference && value !== null ? (resolveReference(value, reference, find) ?? value) : value];
    }),
  );
}

/** The entries that have the objects which a live one refers to, by field. */
function referred(section: string, fields: Fields, nameOf: Around['nameOf']): Whole['entries'] {
  const names: { [field: string]: string } = {};
  for (const [field, { type }] of Object.entries(resourceOf(section).fields)) {
    const name = type.reference === undefined ? null : nameOf(type.reference, fields[field] ?? null);
    if (name !== null) names[field] = name;
  }
  return names;
}

/** One finding for each field that differs. */
function changes(entry: Expected, actual: Actual, around: Around): Changed[] {
  const { section, name } = entry;
  const resource = resourceOf(section);
  const { field: stateField, inForce } = resource.state;
  const silent = !(stateField in entry.fields) && !inForce.includes(actual.fields[stateField] ?? null);
  const stated: [string, Value][] = silent ? [[stateField, inForce[0] ?? null]] : [];
  const findings: Changed[] = [];
  let whole: Whole | undefined;
  for (const [field, expected] of [...stated, ...Object.entries(entry.fields)]) {
    const type = resource.fields[field]?.type as Type;
    const live = actual.fields[field];
    const missing = live === undefined ? [[]] : (type.unread?.(expected, live) ?? []);
    for (const path of missing) around.unread.push({ entry, path: [field, ...path] });
    if (live === undefined) continue;
    const { reference } = type;
    const wanted = reference && expected !== null ? resolveReference(expected, reference, around.find) : expected;
    if (wanted === null && expected !== null) {
      around.skipped.push({ entry, path: [field] });
      continue;
    }
    const [left, right] = type.aligned?.(wanted, live, actual.fields) ?? [wanted, live];
    const found = difference(left, right, type.set !== undefined);
    if (found.length === 0) continue;
    whole ??= wholeOf(entry, actual, around);
    findings.push({
      problem: 'changed',
      severity: 'error',
      section,
      name,
      id: actual.id,
      url: around.link(section, actual.id),
      field: entry.spelling(field),
      changes: found,
      currency: currencies(entry.fields, actual.fields),
      names: reference ? { expected: around.nameOf(reference, wanted), actual: around.nameOf(reference, live) } : null,
      values: type.gloss === 'recurring' ? { expected: left, actual: right } : null,
      whole,
      at: entry.decided(field, found[0]?.path ?? []),
    });
  }
  return findings;
}

/** The currencies of the amounts of both sides; where the file does not state one, it means Stripe's. */
function currencies(expected: Fields, actual: Fields): Changed['currency'] {
  const of = (fields: Fields) => (typeof fields.currency === 'string' ? fields.currency : null);
  return { expected: of(expected) ?? of(actual), actual: of(actual) };
}

/**
 * The changes from one value to another: deep-diff behind one door. Its records for what an array has more or less (kind
 * `A`) become changes at the index; those of a set, changes of words. Order is by path, expected before actual.
 */
export function difference(expected: Value, actual: Value, isSet = false): Change[] {
  const changes = (deepDiff.diff(withoutEmptyNames(expected), withoutEmptyNames(actual)) ?? []).map((made): Change => {
    const path = (made.path ?? []).map((step) => (step === EMPTY ? '' : String(step)));
    if (made.kind === 'A') return { path: [...path, String(made.index)], ...sides(made.item) };
    if (!isSet) return { path, ...sides(made) };
    const [word = ''] = path;
    return made.kind === 'D' ? { path: [], expected: word } : { path: [], actual: word };
  });
  return changes.sort((one, other) => order(sortKey(one), sortKey(other)));
}

/** deep-diff overlooks an empty name that only the second value has: it gets another while the two are compared. */
const EMPTY = '\u0000empty';

function withoutEmptyNames(value: Value): Value {
  return renamed(value, '', EMPTY);
}

function renamed(value: Value, from: string, to: string): Value {
  if (Array.isArray(value)) return value.map((item) => renamed(item, from, to));
  if (!isRecord(value)) return value;
  return record(
    Object.entries(value).map(([name, part]) => [name === from ? to : name, renamed(part as Value, from, to)]),
  );
}

function sides(made: object): { expected?: Value; actual?: Value } {
  return {
    ...('lhs' in made && { expected: renamed(made.lhs as Value, EMPTY, '') }),
    ...('rhs' in made && { actual: renamed(made.rhs as Value, EMPTY, '') }),
  };
}

function sortKey({ path, expected, actual }: Change): string {
  const steps = path.map((step) => step.padStart(/^\d+$/.test(step) ? 6 : 0, '0'));
  return JSON.stringify([steps, expected === undefined ? 1 : 0, expected ?? null, actual ?? null]);
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function unhealthy(
  entry: Expected,
  actual: Actual,
  others: Others,
  link: Link,
  differences: readonly Changed[],
): Unhealthy[] {
  const { section, name } = entry;
  const said = new Set(differences.map(({ field }) => field));
  const symptoms = resourceOf(section).health?.(actual, entry.fields, others) ?? [];
  return symptoms
    .filter(({ field }) => field === null || !said.has(field))
    .map(({ field, severity, message }) => ({
      problem: 'unhealthy',
      severity,
      section,
      name,
      id: actual.id,
      url: link(section, actual.id),
      field,
      message,
      at: field === null ? entry.at() : entry.at([field]),
    }));
}

/** Objects in force that no entry declares; what an ambiguous or undecided entry may mean is not unmanaged besides. */
function unmanaged(
  declared: Declared,
  reading: Reading,
  matches: readonly Match[],
  undecided: readonly Expected[],
  { link, nameOf }: Around,
): Unmanaged[] {
  const claimed = new Set<Actual>();
  for (const result of matches) {
    if (result.kind === 'found') claimed.add(result.actual);
    if (result.kind === 'ambiguous') for (const candidate of result.candidates) claimed.add(candidate);
  }
  return [...declared.sections].flatMap(([section, { at, entries }]) => {
    const read = reading.sections.get(section);
    if (read?.status !== 'read' || !read.whole) return [];
    const open = undecided.filter((entry) => entry.section === section);
    const isOpen = (live: Actual) => open.some((entry) => mayMean(entry, live));
    // In the order of ids, so that reports do not depend on Stripe's.
    const objects = read.objects
      .filter((live) => live.inForce && !claimed.has(live) && !isOpen(live))
      .sort((one, other) => order(one.id, other.id));
    const refer = (fields: Fields, field: string) => referred(section, fields, nameOf)[field] ?? null;
    const names = entryNames(resourceOf(section), objects, namesInUse(entries.map(({ name }) => name)), refer, false);
    return objects.map((actual) => ({
      problem: 'unmanaged' as const,
      severity: 'warning' as const,
      section,
      name: null,
      id: actual.id,
      label: actual.label,
      url: link(section, actual.id),
      whole: {
        expected: null,
        actual: actual.fields,
        entries: referred(section, actual.fields, nameOf),
        hidden: [],
        stated: [],
        taken: [],
      },
      entry: names.get(actual) ?? actual.id,
      at,
    }));
  });
}

function liveObjects(reading: Reading): Others {
  const byId = new Map<string, Map<string, Actual>>();
  for (const [section, read] of reading.sections) {
    if (read.status === 'read') byId.set(section, new Map(read.objects.map((actual) => [actual.id, actual])));
  }
  return {
    find: (section, id) => byId.get(section)?.get(id),
    all(section) {
      const read = reading.sections.get(section);
      return read?.status === 'read' && read.whole ? read.objects.filter(({ inForce }) => inForce) : undefined;
    },
  };
}
