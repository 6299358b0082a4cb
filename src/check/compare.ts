import {
  expectsInForce,
  type Find,
  type Found,
  foundIds,
  foundNames,
  homeKey,
  homeOf,
  isAtHomeToo,
  type Match,
  mayMean,
  type NameOf,
  openIn,
  resolvedFields,
} from '../matching/identity.ts';
import { matchRenamed, soughtKeys } from '../matching/match.ts';
import { entryNames } from '../matching/names.ts';
import { claimedBy, type IsAccepted, lookalikes } from '../matching/renames.ts';
import type {
  Actual,
  Ambiguous,
  Change,
  Changed,
  Declared,
  DeclaredIds,
  DeclaredSection,
  Expected,
  Fields,
  Finding,
  Missing,
  Mode,
  Place,
  Policy,
  Reading,
  Symptom,
  Tells,
  Unhealthy,
  Unmanaged,
  Value,
  Whole,
} from '../model.ts';
import { append, declaredEntries, grouped, keyIn, record, SINGLE } from '../model.ts';
import { policyWord, resourceOf } from '../resources/index.ts';
import {
  amountOf,
  finds,
  folded,
  ID,
  liveValue,
  mainName,
  type Others,
  pathIn,
  type Resource,
  referencesOf,
  silentState,
  unstatedCharge,
  valueAt,
} from '../resources/resource.ts';
import { addressPart } from '../text.ts';
import { referencesIn } from '../vocabulary/reference.ts';
import { canonical, type Type, unshaped } from '../vocabulary/type.ts';
import { difference } from './difference.ts';
import { liveObjects } from './live.ts';
import { accepts } from './rules.ts';
import { type Tied, ties } from './ties.ts';

/**
 * What differs between a file and what is live. Each entry has been matched with its object (matching/). Then references are
 * resolved, once and for all fields: an entry that is named becomes the id of its object, so that from here on both sides
 * know ids alone. The types make both sides of a field canonical, and the difference of the two is what is reported: a
 * finding a field. Everything here is found for the file as it is; what a pull request had to do with it, what the policy
 * says of it and what is ignored comes after (origin, policy, ignores).
 */

/** What a comparison found, before any policy: findings have their default severity. */
export interface Comparison {
  readonly findings: readonly Finding[];
  /** Objects in force that no entry declares, by section; those that are told of are findings besides. */
  readonly undeclared: ReadonlyMap<string, readonly Actual[]>;
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
  /** What was not compared because it refers to an entry whose object is not known; that is reported there. */
  readonly skipped: readonly Unread[];
  readonly declaredIds: DeclaredIds;
}

const DAY = 86_400_000;

/** A value that the file states and that was not compared, as a path that begins with its field. */
export interface Unread {
  readonly entry: Expected;
  readonly path: readonly string[];
}

/**
 * Compares what a file declares with what is live. Pure: the same arguments, the same findings. Undeclared objects of a
 * section that the `policy` ignores are counted and no findings, so that it makes no difference whether its list was read.
 */
export function compare(declared: Declared, reading: Reading, policy: Policy | null = null): Comparison {
  const entries = declaredEntries(declared);
  const live = liveObjects(reading);
  const isAccepted: IsAccepted = (section, object) =>
    declared.ignore.some((rule) => accepts(rule, section, object, live));
  const matches = matchRenamed(entries, reading, isAccepted);
  const others = { ...live, alike: alikeIn(matches) };
  const soon = reading.moment + declared.warnDays * DAY;
  const around = surroundings(entries, matches, reading, others, lookalikes(matches, reading, isAccepted));
  const findings: Finding[] = [];
  const undecided: Expected[] = [];
  const checked = new Map<string, Expected[]>([...declared.sections.keys()].map((section) => [section, []]));
  for (const [entry, result] of matches) {
    if (result.kind === 'undecided') undecided.push(entry);
    if (result.kind === 'unread' || result.kind === 'undecided') continue;
    checked.get(entry.section)?.push(entry);
    if (result.kind === 'missing') findings.push(missing(entry, result.others, around));
    if (result.kind === 'ambiguous') findings.push(ambiguous(entry, result, around));
    if (result.kind !== 'found') continue;
    const differences = changes(entry, result, around);
    findings.push(
      ...differences,
      ...unhealthy(entry, result.actual, around, differences, (one) =>
        one.health?.(result.actual, entry.fields, others, soon),
      ),
    );
  }
  const undeclared = undeclaredIn(declared, reading, matches, others);
  const isTold = (section: string) => policy === null || isToldOf(section, policy, declared);
  const unmanaged = [...undeclared].flatMap(([section, objects]) =>
    isTold(section) ? unmanagedOf(section, objects, declared, reading, around) : [],
  );
  return {
    findings: [...findings, ...unhealthySections(declared, reading, around), ...unmanaged],
    undeclared,
    entries: around.byName,
    places: new Map([...declared.sections].map(([section, { at }]) => [section, at])),
    matches,
    sought: soughtKeys(entries, matches),
    checked,
    undecided,
    unread: around.unread,
    skipped: around.skipped,
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
    add(stated, section, fields[ID]);
    for (const { section: target, id } of referencesOf(resourceOf(section), fields))
      add(stated, target, id ?? undefined);
  }
  return { meant, stated };
}

/** The page of an object; of the list of its kind where there is no id. */
export type Link = (section: string, id: string | null) => string;

/** The page of an object in the Dashboard; the account in front where it is known, since a browser may be in another. */
export function dashboardLink(mode: Mode, account: string | null): Link {
  const root = `https://dashboard.stripe.com/${account === null ? '' : `${account}/`}${mode === 'test' ? 'test/' : ''}`;
  return (section, id) => {
    const { dashboard, overview = dashboard, shape, hasNoPage } = resourceOf(section);
    return id === null || shape === 'single' || hasNoPage
      ? `${root}${overview}`
      : `${root}${dashboard}/${addressPart(id)}`;
  };
}

/** An object to which one of this section belongs. */
interface Owner {
  readonly section: string;
  readonly id: string;
}

/** What the comparison of one entry needs of the others, and where it says what was not compared. */
interface Around {
  readonly byName: ReadonlyMap<string, Expected>;
  readonly find: Find;
  readonly nameOf: NameOf;
  /** The name of the entry that means an object by its id. */
  byId(section: string, id: string): string | null;
  /** The live objects that have a value of which there is one. */
  holders(section: string, field: string, value: Value): readonly Actual[];
  /** Whether what an entry is found by, as its object has it now, finds that object and no other. */
  isFound(entry: Expected, actual: Actual): boolean;
  owners(): ReadonlyMap<string, readonly Owner[]>;
  readonly link: Link;
  readonly tied: Tied;
  readonly unread: Unread[];
  readonly skipped: Unread[];
}

function surroundings(
  entries: readonly Expected[],
  matches: ReadonlyMap<Expected, Match>,
  reading: Reading,
  others: Pick<Others, 'find'>,
  alikeOf: (entry: Expected) => readonly Actual[],
): Around {
  const ids = new Map<string, string>();
  for (const { section, name, fields } of matches.keys())
    if (typeof fields[ID] === 'string') ids.set(key(section, fields[ID]), name);
  const find = foundIds(matches);
  return {
    byName: new Map(entries.map((entry) => [keyIn(entry.section, entry.name), entry])),
    find,
    nameOf: foundNames(matches),
    byId: (section, id) => ids.get(key(section, id)) ?? null,
    holders: holders(reading),
    isFound({ section, identity: { paths } }, { fields, inForce }) {
      const read = reading.sections.get(section);
      const objects = read?.status === 'read' ? read.objects : [];
      const alike = objects.filter((one) => paths.every((path) => isAlike(section, one.fields, fields, path)));
      return alike.filter((one) => one.inForce === inForce).length === 1;
    },
    owners: once(() => ownersIn(matches)),
    link: dashboardLink(reading.mode, reading.account),
    tied: ties(matches, reading, others, (entry) => resolvedFields(entry, find), alikeOf),
    unread: [],
    skipped: [],
  };
}

/** Whether two objects have the same at a path, and not nothing. */
function isAlike(section: string, one: Fields, other: Fields, path: readonly string[]): boolean {
  const [value, its] = [one, other].map((fields) => folded(resourceOf(section), path, valueAt(fields, path) ?? null));
  return value !== null && value === its;
}

/** Looks objects up by the values of a field, which are indexed when they are first asked for. */
function holders(reading: Reading): Around['holders'] {
  const indexes = new Map<string, ReadonlyMap<Value, readonly Actual[]>>();
  const index = (section: string, field: string) => {
    const read = reading.sections.get(section);
    const objects = read?.status === 'read' ? [...read.objects].sort((one, other) => order(one.id, other.id)) : [];
    return grouped(objects, ({ fields }) => folded(resourceOf(section), [field], fields[field] ?? null));
  };
  return (section, field, value) => {
    const known = indexes.get(key(section, field)) ?? index(section, field);
    indexes.set(key(section, field), known);
    return known.get(folded(resourceOf(section), [field], value)) ?? [];
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
    ...elsewhere(entry, around),
    whole: wholeOf(entry, null, around),
    url: around.link(section, null),
  };
}

/** Where the objects that refer for good to a missing one are found on another: the id that is stated is likely wrong. */
function elsewhere({ section, name, fields }: Expected, around: Around): Pick<Missing, 'elsewhere'> {
  const owners = fields[ID] === undefined ? [] : [...(around.owners().get(key(section, name)) ?? [])];
  const [owner, ...others] = new Map(owners.map((one) => [one.id, one])).values();
  return owner === undefined || owner.id === fields[ID] || others.length > 0 ? {} : { elsewhere: owner };
}

/** By entry, what the objects of others refer to for good where their entries refer to this one. */
function ownersIn(matches: ReadonlyMap<Expected, Match>): ReadonlyMap<string, readonly Owner[]> {
  const owners = new Map<string, [Owner, ...Owner[]]>();
  for (const [{ section, fields }, found] of matches) {
    if (found.kind !== 'found') continue;
    const resource = resourceOf(section);
    for (const { path, section: target, entry } of referencesOf(resource, fields)) {
      const id = valueAt(found.actual.fields, path);
      const isForGood = path.length === 1 && resource.fields[path[0] ?? '']?.fixed;
      if (entry !== null && isForGood && typeof id === 'string') append(owners, key(target, entry), { section, id });
    }
  }
  return owners;
}

function ambiguous(
  entry: Expected,
  { candidates, rivals, rivalsIn }: Match & { kind: 'ambiguous' },
  { link, nameOf, byId, find }: Around,
): Ambiguous {
  const { section, name, identity, stated } = entry;
  const resource = resourceOf(section);
  const wanted = Object.entries(resolvedFields(entry, find));
  const finders = resource.identities.flatMap(({ by, also = [] }) => [by, ...also]);
  const hasIn = ({ fields }: Actual, name: string) => {
    const path = pathIn(resource, name);
    return folded(resource, path, valueAt(fields, path) ?? null);
  };
  const variants = (names: readonly string[]) =>
    new Set(candidates.map((one) => JSON.stringify(names.map((field) => hasIn(one, field))))).size;
  const apart = [...new Set(finders)].filter((field) => variants([field]) > 1);
  // Fields that find it besides the one that the entry is found by; what it states already stays as it is.
  const besides = (stated.includes('match') ? [] : resource.identities)
    .filter(({ by }) => identity.paths.some(([field]) => field === by))
    .flatMap(({ also = [] }) => also)
    .filter((name) => apart.includes(name) && !stated.includes(pathIn(resource, name)[0] ?? ''));
  const findersOf = (one: Actual): Fields | null => {
    const names = besides.filter((name) => hasIn(one, name) !== null);
    const isLike = (other: Actual) =>
      names.every((name) => JSON.stringify(hasIn(other, name)) === JSON.stringify(hasIn(one, name)));
    if (names.length === 0 || candidates.some((other) => other !== one && isLike(other))) return null;
    const fields = names.map((name) => pathIn(resource, name)[0] ?? '');
    return record(fields.map((field) => [field, one.fields[field] as Value]));
  };
  const tells = (one: Actual): Tells => {
    const { fields, inForce, created } = one;
    return {
      inForce,
      extent: resource.extent?.(fields) ?? null,
      created: created === null ? null : new Date(created * 1000).toISOString().slice(0, 10),
      agrees: wanted.every(([field, value]) => {
        const [type, has] = [resource.fields[field]?.type as Type, fields[field]];
        return (
          has !== undefined && difference(...canonical(type, value, has, { live: fields, unread() {} })).length === 0
        );
      }),
      finders: findersOf(one),
    };
  };
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
    candidates: inOrder.map((live) => ({ id: live.id, url: link(section, live.id), tells: tells(live) })),
    rivals,
    ...(rivalsIn !== undefined && { rivalsIn }),
    free: inOrder.filter(isFree).map(({ id }) => id),
    apart,
    hasTwins: variants(apart) < candidates.length,
    stated,
  };
}

/** An entry and its object whole, as far as there are both. */
function wholeOf(entry: Expected | null, actual: Actual | null, around: Around, section = entry?.section ?? ''): Whole {
  return new Surrounded(section, entry, actual, around);
}

/** What surrounds an entry and its object is looked up when it is first asked for: few of many findings are shown with how to fix them. */
class Surrounded implements Whole {
  readonly expected: Fields | null;
  readonly hidden: readonly string[] = NONE;
  readonly #section: string;
  readonly #entry: Expected | null;
  readonly #object: Actual | null;
  readonly #around: Around;
  #known: Partial<Pick<Whole, 'names' | 'taken' | 'twin' | 'ties'>> | undefined;

  constructor(section: string, entry: Expected | null, object: Actual | null, around: Around) {
    this.#section = section;
    this.#entry = entry;
    this.#object = object;
    this.#around = around;
    this.expected = entry && resolvedFields(entry, around.find);
  }

  get actual() {
    return this.#object?.fields ?? null;
  }

  get stated() {
    return this.#entry?.stated ?? NONE;
  }

  get names() {
    return this.#once('names', () => {
      const found: { [section: string]: { [id: string]: string } } = record([]);
      for (const fields of [this.expected, this.actual]) {
        for (const { section: target, id } of fields ? referencesOf(resourceOf(this.#section), fields) : []) {
          const name = id === null ? null : this.#around.nameOf(target, id);
          if (id !== null && name !== null) found[target] = { ...found[target], [id]: name };
        }
      }
      return found;
    });
  }

  // What is live counts too, where only one that is active can have it: an inactive one may come back.
  get taken() {
    return this.#once('taken', () => {
      const [section, entry, object, around] = [this.#section, this.#entry, this.#object, this.#around];
      return Object.entries({ ...object?.fields, ...entry?.fields }).flatMap(([field, value]) => {
        const { unique } = resourceOf(section).fields[field] ?? {};
        if (unique !== 'active' && !(field in (entry?.fields ?? {}))) return [];
        const all = unique && value !== null ? around.holders(section, field, value) : [];
        const holder = all.find(({ id, inForce }) => id !== object?.id && (unique !== 'active' || inForce));
        return holder === undefined ? [] : [{ field, id: holder.id, entry: around.nameOf(section, holder.id) }];
      });
    });
  }

  get twin() {
    return this.#once('twin', () => {
      const [entry, expected] = [this.#entry, this.expected];
      return entry === null || expected === null ? null : twinOf(entry, expected, this.#object, this.#around);
    });
  }

  get ties() {
    return this.#once('ties', () => this.#around.tied.of(this.#section, this.#entry, this.expected, this.#object));
  }

  #once<K extends 'names' | 'taken' | 'twin' | 'ties'>(name: K, make: () => Whole[K]): Whole[K] {
    this.#known ??= {};
    if (this.#known[name] === undefined) this.#known[name] = make();
    return this.#known[name] as Whole[K];
  }
}

const NONE: readonly string[] = [];

/** What somebody created already for an entry that states the id of another, or of none: the newest. */
function twinOf(entry: Expected, expected: Fields, actual: Actual | null, around: Around): Whole['twin'] {
  const { section } = entry;
  const resource = resourceOf(section);
  if (expected[ID] === undefined || resource.id !== 'stripe') return null;
  // What can't be changed is as the old one has it, where the entry leaves it out.
  const kept = Object.entries(actual?.fields ?? {}).filter(([name]) => resource.fields[name]?.fixed);
  const wanted: Fields = record([...kept, ...Object.entries({ ...unstatedCharge(resource, expected), ...expected })]);
  if (actual === null && typeof (resource.command?.creation(wanted) ?? '') === 'string') return null;
  const finder = resource.identities.find((one) => one.within === undefined && finds(one, wanted))?.by;
  const key = [resource.groupedBy, finder].find((name) => name !== undefined && (wanted[name] ?? null) !== null);
  if (key === undefined) return null;
  const isCharge = amountOf(resource, wanted) !== undefined;
  const alike = around.holders(section, key, wanted[key] ?? null).filter(
    (live) =>
      live.inForce &&
      live.id !== actual?.id &&
      around.nameOf(section, live.id) === null &&
      around.byId(section, live.id) === null &&
      Object.entries(wanted).every(([name, value]) => {
        const [type, has] = [resource.fields[name]?.type as Type, live.fields[name]];
        if (name === ID || (has === undefined && expected[name] === undefined)) return true;
        const context = { live: live.fields, isCharge, unread() {} };
        return has !== undefined && difference(...canonical(type, value, has, context)).length === 0;
      }),
  );
  const [newest] = alike.sort((one, other) => (other.created ?? 0) - (one.created ?? 0));
  return newest === undefined ? null : { id: newest.id };
}

/** Made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** One finding for each field that differs. */
function changes(entry: Expected, { actual, renamed }: Found, around: Around): Changed[] {
  const { section, name, identity } = entry;
  const resource = resourceOf(section);
  const { fields: types, state, charge } = resource;
  // An entry that does not say expects its object to be active.
  const silent = actual.inForce ? [] : silentState(resource).filter(({ name }) => !(name in entry.fields));
  const isSpent = !actual.inForce && state?.spent?.(actual.fields);
  const stated = Object.entries(resolvedFields(entry, around.find)).filter(
    ([name]) => !isSpent || name !== state?.field?.name,
  );
  const amount = amountOf(resource, entry.fields);
  const unstated = unstatedCharge(resource, entry.fields);
  const findings: Changed[] = [];
  const isAmount = ({ field }: Changed) => charge?.amounts.includes(mainName(resource, field));
  let whole: Whole | undefined;
  const unfound = renamed && !around.isFound(entry, actual) && { unfound: true as const };
  for (const [field, expected] of [
    ...(isSpent ? [] : silent).map((one) => [one.name, one.expected] as const),
    ...stated,
    ...Object.entries(unstated),
  ]) {
    const isStated = !(field in unstated);
    const type = types[field]?.type as Type;
    const live = liveValue(resource, actual.fields, field);
    const unread = (path: readonly string[]) => around.unread.push({ entry, path: [field, ...path] });
    if (live === undefined) {
      if (isStated) unread([]);
      continue;
    }
    // What is still an entry's name after all were resolved has no known object.
    for (const { path, entry: named } of referencesIn(type, expected))
      if (named !== null) around.skipped.push({ entry, path: [field, ...path] });
    const surroundings = { live: actual.fields, isCharge: amount !== undefined, unread };
    const different = difference(...canonical(type, expected, live, surroundings));
    const found = withoutCovered(type, different).map((change) => inOwnShape(type, change));
    if (found.length === 0) continue;
    if (!isStated && charge?.follows?.includes(field) && findings.some(isAmount)) continue;
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
      whole,
      at: isStated ? entry.decided(field, found[0]?.path ?? []) : entry.decided(amount ?? field, []),
      ...(renamed && identity.paths.some(([path]) => path === field) && { renamed, ...unfound }),
      ...(!isStated && { unstated: true }),
    });
  }
  return findings;
}

function unhealthy(
  entry: Expected,
  { id }: Actual,
  { link, nameOf }: Pick<Around, 'link' | 'nameOf'>,
  differences: readonly Changed[],
  symptomsOf: (resource: Resource<never>) => readonly Symptom[] | undefined,
): Unhealthy[] {
  const { section, name } = entry;
  const said = new Set(differences.map(({ field }) => field));
  const symptoms = symptomsOf(resourceOf(section)) ?? [];
  return symptoms
    .filter(({ field }) => field === null || !said.has(field))
    .map((symptom) => ({
      ...ailing(section, symptom),
      name,
      id,
      url: link(section, id),
      ...(symptom.cause !== undefined && { cause: symptom.cause, ...causesOf(symptom.cause, nameOf) }),
      at: symptom.field === null ? entry.at() : entry.at([symptom.field]),
    }));
}

/** What is wrong with all objects of a section together, where all of them were read. */
function unhealthySections({ sections }: Declared, reading: Reading, { link }: Pick<Around, 'link'>): Unhealthy[] {
  return [...sections].flatMap(([section, { at }]) => {
    const read = reading.sections.get(section);
    const objects = read?.status === 'read' && !read.lookedUp ? read.objects : null;
    const symptoms = objects === null ? [] : (resourceOf(section).healthOfSection?.(objects) ?? []);
    return symptoms.map((symptom) => ({
      ...ailing(section, symptom),
      name: SINGLE,
      id: null,
      url: link(section, null),
      at,
    }));
  });
}

/** What a finding has of a symptom, wherever it is told. */
function ailing(section: string, { rule, field, message, remedy }: Symptom) {
  const severity = resourceOf(section).healthRules?.[rule]?.severity ?? ('warning' as const);
  return { problem: 'unhealthy' as const, severity, section, rule, field, message, remedy };
}

/** Active objects that entries declare, by what they have in common and two should not; put together when first asked for. */
function alikeIn(matches: ReadonlyMap<Expected, Match>): Others['alike'] {
  const groups = once(() => {
    const keys = new Map<string, string>();
    const objects = new Map<string, [Actual, ...Actual[]]>();
    for (const [entry, found] of matches) {
      if (found.kind !== 'found' || !found.actual.inForce || !expectsInForce(entry)) continue;
      const { section, fields } = entry;
      const common = resourceOf(section).alike?.(found.actual.fields, fields) ?? null;
      if (common === null) continue;
      keys.set(key(section, found.actual.id), key(section, common));
      append(objects, key(section, common), found.actual);
    }
    return { keys, objects };
  });
  return (section, id) => {
    const { keys, objects } = groups();
    const all = objects.get(keys.get(key(section, id)) ?? '') ?? [];
    return all.length > 1 ? all : [];
  };
}

function causesOf({ section, id }: NonNullable<Unhealthy['cause']>, nameOf: NameOf): Pick<Unhealthy, 'causes'> {
  const entry = nameOf(section, id);
  return entry === null ? {} : { causes: [{ section, entry }] };
}

/** Without the words of a set beside one that stands for all: what has all of them lacks none. */
export function withoutCovered(type: Type, changes: readonly Change[]): readonly Change[] {
  const setOf = ({ path }: Change) => (path.length === 0 ? undefined : typeIn(type, path.slice(0, -1)));
  const covers = (change: Change) => setOf(change)?.all !== undefined && setOf(change)?.all === change.path.at(-1);
  const covered = new Set(changes.filter(covers).map(({ path }) => JSON.stringify(path.slice(0, -1))));
  if (covered.size === 0) return changes;
  return changes.filter((change) => covers(change) || !covered.has(JSON.stringify(change.path.slice(0, -1))));
}

export function typeIn(type: Type, path: readonly string[]): Type | undefined {
  return path.reduce<Type | undefined>((outer, step) => outer?.inner?.(step), type);
}

/** A change whose sides are as the file and Stripe have them. */
export function inOwnShape(type: Type, change: Change): Change {
  const at = typeIn(type, change.path);
  return {
    ...change,
    ...(change.expected !== undefined && { expected: unshaped(at, change.expected) }),
    ...(change.actual !== undefined && { actual: unshaped(at, change.actual) }),
  };
}

/** Whether undeclared objects of a section are told of: none is that the policy ignores, unless a rule accepts some of them, which has to match one. */
function isToldOf(section: string, policy: Policy, { ignore }: Declared): boolean {
  return policyWord(policy, 'unmanaged', section) !== 'ignore' || ignore.some((rule) => rule.section === section);
}

/**
 * Objects in force that no entry declares, by section; what an ambiguous or undecided entry may mean is not undeclared. What
 * two sections of the file show is told of at its home.
 */
function undeclaredIn(
  { sections }: Declared,
  reading: Reading,
  matches: ReadonlyMap<Expected, Match>,
  others: Pick<Others, 'find'>,
): Map<string, readonly Actual[]> {
  const claimed = claimedBy(matches);
  const isWhole = (section: string) => {
    const read = reading.sections.get(section);
    return sections.has(section) && read?.status === 'read' && !read.lookedUp;
  };
  const undeclared = new Map<string, readonly Actual[]>();
  for (const section of sections.keys()) {
    const read = reading.sections.get(section);
    if (read?.status !== 'read' || !isWhole(section)) continue;
    const open = openIn(section, matches);
    undeclared.set(
      section,
      read.objects.filter(
        (live) =>
          live.inForce &&
          !claimed.has(homeKey(section, live)) &&
          !open.some((entry) => mayMean(entry, live, section)) &&
          !(isWhole(homeOf(section, live)) && isAtHomeToo(section, live, others)),
      ),
    );
  }
  return undeclared;
}

function unmanagedOf(
  section: string,
  undeclared: readonly Actual[],
  { sections }: Declared,
  reading: Reading,
  around: Around,
): Unmanaged[] {
  const read = reading.sections.get(section);
  const { at, entries } = sections.get(section) as DeclaredSection;
  // In the order of ids, so that reports do not depend on Stripe's.
  const objects = [...undeclared].sort((one, other) => order(one.id, other.id));
  const names = entryNames(resourceOf(section), objects, {
    taken: entries.map(({ name }) => name),
    nameOf: around.nameOf,
    own: false,
    all: read?.status === 'read' ? read.objects : [],
  });
  return objects.map((actual) => ({
    problem: 'unmanaged' as const,
    severity: 'warning' as const,
    section,
    name: null,
    id: actual.id,
    label: actual.label,
    owner: ownerOf(section, actual, reading),
    url: around.link(section, actual.id),
    whole: wholeOf(null, actual, around, section),
    entry: names.get(actual) ?? actual.id,
    at,
  }));
}

/**
 * The label of the active object that one without a label of its own belongs to, where that one's section was read whole:
 * what else was read says something by chance.
 */
export function ownerOf(section: string, { id, label, fields }: Actual, reading: Reading): string | null {
  if (label !== id) return null;
  const [owner] = referencesOf(resourceOf(section), fields).filter(({ path }) => path.length === 1);
  const read = reading.sections.get(owner?.section ?? '');
  if (owner?.id == null || (read?.status === 'read' && read.lookedUp)) return null;
  const live = liveObjects(reading).find(owner.section, owner.id);
  return live?.inForce ? live.label : null;
}

function key(...parts: readonly (string | null)[]): string {
  return JSON.stringify(parts);
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
