import { expectsInForce, type Match } from '../matching/identity.ts';
import { type Declared, type Expected, type Fields, isRecord, type Value } from '../model.ts';
import { policyWord, resourceOf } from '../resources/index.ts';
import {
  amountOf,
  folded,
  ID,
  listsBelow,
  type Query,
  type Resource,
  referencesOf,
  typeAt,
  unstatedCharge,
  valuesAt,
} from '../resources/resource.ts';

/** What is to be asked of Stripe. Pure: read.ts carries it out. */

/** Lists that are read to their end, one after the other, and what their objects are expanded by. */
export interface Listing {
  readonly queries: readonly Query[];
  readonly expand: readonly string[];
}

/** What a check of entries begins with: everything active, expanded by what they state. */
export function listing(resource: Resource<never>, entries: readonly Expected[]): Listing {
  const always = Object.values(resource.fields).flatMap(({ alwaysExpanded, expand }) =>
    alwaysExpanded ? (expand?.({}) ?? []) : [],
  );
  const stated = entries.flatMap(({ fields }) =>
    Object.entries({ ...unstatedCharge(resource, fields), ...fields }).flatMap(
      ([field, value]) => resource.fields[field]?.expand?.(value) ?? [],
    ),
  );
  return { queries: [resource.source.inForce], expand: [...new Set([...always, ...stated])] };
}

/** So many look-ups are made rather than a list is begun, however short that may be. */
const FEW = 10;

/** Objects on a full page of a list. */
const PAGE = 100;

/**
 * Whether the entries of a section are looked up in place of its list, so that nothing is known of other objects. No finding
 * depends on it: the policy ignores objects that nobody declares, each entry can be looked up, and so can whatever else is
 * said of declared objects.
 */
export function isLookedUp(
  resource: Resource<never>,
  entries: readonly Expected[],
  { policy, ignore }: Pick<Declared, 'policy' | 'ignore'>,
): boolean {
  const { section, source, lookUp, fields, most, healthOfAll } = resource;
  const isIgnored = policyWord(policy, 'unmanaged', section) === 'ignore';
  // Such a rule is told where it accepts nothing.
  const isNeeded = healthOfAll || ignore.some((rule) => rule.section === section && rule.fields === null);
  const areFound = Object.entries(fields).every(([name, { unique }]) => !unique || Object.hasOwn(lookUp, name));
  if (source.list === 'single' || !isIgnored || isNeeded || !areFound) return false;
  if (entries.some((entry) => isListed(resource, entry))) return false;
  const pages = most === undefined ? Number.POSITIVE_INFINITY : Math.ceil(most / PAGE);
  return requestsFor(lookUps(resource, entries, 'active')) < pages;
}

/**
 * How many pages of a list are read before so many look-ups, in case that it is short: none where there are few, or where
 * the list, if it has all that is looked up, is as long. Else as many: no more than twice what is needed, either way.
 */
export function pagesAhead(lookUps: LookUps): number {
  const requests = requestsFor(lookUps);
  const values =
    lookUps.ids.length + lookUps.filters.length + lookUps.batches.reduce((sum, batch) => sum + batch.values.length, 0);
  return requests <= Math.max(FEW, Math.ceil(values / PAGE)) ? 0 : requests;
}

/** The requests that look-ups take, where all is found. */
function requestsFor({ ids, filters, batches }: LookUps): number {
  return ids.length + filters.length + batches.reduce((sum, { states }) => sum + states.length, 0);
}

/** Everything active to its last field, with `retired` all else too. */
export function wholeListing(resource: Resource<never>, retired: boolean): Listing {
  const { source, fields } = resource;
  const expand = Object.values(fields).flatMap((field) => field.expand?.({}) ?? []);
  // An object that changes its state between the two is seen as it is in the end, but for one that leaves both.
  const queries = retired && source.retired !== undefined ? [source.retired, source.inForce] : [source.inForce];
  return { queries, expand: [...new Set(expand)] };
}

/** What is looked up for entries whose objects were not among what was listed. */
export interface LookUps {
  /** Objects that are asked for singly. */
  readonly ids: readonly string[];
  /** Lists of the objects that have one value, in one state, which may have several pages. */
  readonly filters: readonly Query[];
  /** Lists of the objects that have these values, each in these states; ids that do not come back are confirmed singly. */
  readonly batches: readonly Batch[];
  /** A whole list, where no look-up finds an entry's object. */
  readonly list: Query | null;
}
export interface Batch {
  readonly parameter: string;
  readonly values: readonly string[];
  readonly states: readonly Query[];
  readonly isById: boolean;
}

const NONE: LookUps = { ids: [], filters: [], batches: [], list: null };

/** `among`: the objects that are asked for, where a look-up is of one state. */
export function lookUps(
  resource: Resource<never>,
  lost: readonly Expected[],
  among: 'all' | 'active' | 'retired' = 'all',
): LookUps {
  const { source, lookUp } = resource;
  const ids: string[] = [];
  const filters: Query[] = [];
  const batches: Batch[] = [];
  for (const [identity, { query, batch }] of Object.entries(lookUp)) {
    const values = lost.filter((entry) => foundBy(entry) === identity).map((entry) => String(entry.identity.values[0]));
    if (query === 'path') ids.push(...values);
    else if (batch === 1) filters.push(...filtersFor(query, values, statesOf(resource, among)));
    else {
      const isById = identity === ID;
      const states = isById ? [{}] : statesOf(resource, among);
      for (let start = 0; start < values.length; start += batch)
        batches.push({ parameter: `${query}[]`, values: values.slice(start, start + batch), states, isById });
    }
  }
  const list = source.retired !== undefined && lost.some((entry) => isListed(resource, entry)) ? source.retired : null;
  return { ids, filters, batches, list };
}

/** So many objects of a list are looked up at once, to read it on from there: as many as a look-up by any parameter takes. */
const FOOTHOLDS = 10;

/** One look-up of objects that entries mean, from among them all; null where a look-up finds none. */
export function footholds(resource: Resource<never>, lost: readonly Expected[]): LookUps | null {
  const step = Math.max(1, lost.length / FOOTHOLDS);
  const some = Array.from({ length: Math.min(FOOTHOLDS, lost.length) }, (_, n) => lost[Math.floor((n + 0.5) * step)]);
  const { ids, batches } = lookUps(resource, some as Expected[], 'active');
  const [batch] = batches;
  const id = ids[Math.floor(ids.length / 2)];
  // Of what is not there nobody needs to know here.
  if (batch !== undefined) return { ...NONE, batches: [{ ...batch, isById: false }] };
  return id === undefined ? null : { ...NONE, ids: [id] };
}

function filtersFor(query: string, values: readonly string[], states: readonly Query[]): Query[] {
  return values.flatMap((value) => states.map((state) => ({ ...state, [query]: value })));
}

/** The queries for objects of these states; active ones last, since an object may come into force meanwhile. */
function statesOf({ source: { retired, inForce } }: Resource<never>, among: 'all' | 'active' | 'retired'): Query[] {
  if (retired === undefined) return [{}];
  return { all: [retired, inForce], active: [inForce], retired: [retired] }[among];
}

/** Look-ups of values of one field, such as ids. */
export function lookUpsOf(resource: Resource<never>, field: string, values: Iterable<string>): LookUps {
  const { lookUp } = resource;
  const wanted = [...new Set(values)];
  const way = Object.hasOwn(lookUp, field) ? lookUp[field] : undefined;
  if (way === undefined || wanted.length === 0) return NONE;
  if (way.query === 'path') return { ...NONE, ids: wanted };
  const states = field === ID ? [{}] : statesOf(resource, 'all');
  if (way.batch === 1) return { ...NONE, filters: filtersFor(way.query, wanted, states) };
  const batches = Array.from({ length: Math.ceil(wanted.length / way.batch) }, (_, index) => ({
    parameter: `${way.query}[]`,
    values: wanted.slice(index * way.batch, (index + 1) * way.batch),
    states,
    isById: false,
  }));
  return { ...NONE, batches };
}

/**
 * The objects that are not among what was read, though something is said of them: those that the rules of health of a
 * declared object look at, or would once it is as its entry says, and those that have what an entry states and only one can
 * have. Where the list was not read, those besides that an entry refers to. By the field that finds them.
 */
export function besides(
  target: Resource<never>,
  matches: ReadonlyMap<Expected, Match>,
  known: ReadonlySet<string>,
  isWhole: boolean,
): Map<string, Set<string>> {
  const wanted = new Map<string, Set<string>>();
  const want = (field: string, value: string) => wanted.set(field, (wanted.get(field) ?? new Set()).add(value));
  for (const [entry, result] of matches) {
    const resource = resourceOf(entry.section);
    const live = result.kind === 'found' ? result.actual : null;
    for (const path of resource.healthOf ?? []) {
      if (typeAt(resource, path)?.reference !== target.section) continue;
      const had = valuesAt(live?.fields ?? {}, path);
      const stated = valuesAt(entry.fields, path).flatMap((said) => (isRecord(said) ? [said.id as Value] : []));
      const asked = result.kind === 'missing' || live !== null ? stated.filter((id) => !had.includes(id)) : [];
      for (const id of [...(live?.inForce ? had : []), ...asked])
        if (typeof id === 'string' && !known.has(id)) want(ID, id);
    }
    for (const { path, section, id } of isWhole ? [] : referencesOf(resource, entry.fields))
      if (section === target.section && resource.fields[path[0] ?? '']?.needs && id !== null && !known.has(id))
        want(ID, id);
    if (entry.section !== target.section || (live === null && result.kind !== 'missing')) continue;
    for (const [field, value] of Object.entries(entry.fields)) {
      const isIdentity = entry.identity.paths.some(([name]) => name === field);
      const had = folded(resource, [field], live?.fields[field] ?? null);
      const isTaken = resource.fields[field]?.unique && !isIdentity && had !== folded(resource, [field], value);
      if (isTaken && typeof value === 'string') want(field, value);
    }
  }
  return wanted;
}

/** What a second request has to expand, for each object that an entry has found and whose charge it states. */
export function deeperPaths(
  resource: Resource<never>,
  matches: ReadonlyMap<Expected, Match>,
): Map<string, readonly string[]> {
  return new Map(
    [...matches].flatMap(([{ section, fields }, result]) => {
      if (section !== resource.section || result.kind !== 'found' || amountOf(resource, fields) === undefined)
        return [];
      const paths = deeper(resource, result.actual.fields, fields);
      return paths.length === 0 ? [] : [[result.actual.id, paths] as const];
    }),
  );
}

/** The lists below objects that entries state, for each object that an entry has found. */
export function statedLists(
  resource: Resource<never>,
  matches: ReadonlyMap<Expected, Match>,
): Map<string, readonly string[]> {
  return new Map(
    [...matches].flatMap(([{ section, fields }, result]) => {
      if (section !== resource.section || result.kind !== 'found') return [];
      const lists = listsBelow(resource, Object.keys(fields));
      return lists.length === 0 ? [] : [[result.actual.id, lists] as const];
    }),
  );
}

/** What a second request has to expand to see the whole of an object beyond what an entry states. */
export function deeper(resource: Resource<never>, live: Fields, stated: Fields): readonly string[] {
  return Object.values(resource.fields).flatMap((field) => field.deeper?.(live, stated) ?? []);
}

/** Whether the rules of health of one kind look at objects of another. */
export function looksAt(resource: Resource<never>, { section }: Resource<never>): boolean {
  return (resource.healthOf ?? []).some((path) => typeAt(resource, path)?.reference === section);
}

/** Whether only a list finds an entry's object. */
export function isListed({ lookUp }: Resource<never>, entry: Expected): boolean {
  return !Object.hasOwn(lookUp, foundBy(entry));
}

/** Whether one look-up finds an entry's object in whatever state. */
export function isById({ lookUp }: Resource<never>, entry: Expected): boolean {
  const by = foundBy(entry);
  return by === ID || lookUp[by]?.query === 'path';
}

/** Whether an entry's object is not, or not in the state that it expects, among what was listed. */
export function isLost(entry: Expected, result: Match): boolean {
  if (result.kind === 'found') return result.actual.inForce !== expectsInForce(entry);
  return result.kind === 'missing' || (result.kind === 'unread' && isFoundByAnother(entry));
}

/** Whether an entry is found by the object of another entry, as in `match: [product, nickname]`. */
export function isFoundByAnother({ identity }: Expected): boolean {
  return identity.values.some((value) => typeof value === 'object');
}

/** Whether what finds an entry's object never changes: no object has another by now. */
export function isFoundForGood({ fields }: Resource<never>, { identity }: Expected): boolean {
  return identity.paths.every(([field = '']) => fields[field]?.fixed);
}

/** The one field that finds an entry's object; empty where it takes several, or a name within one. */
function foundBy({ identity: { paths } }: Expected): string {
  const [path] = paths;
  return paths.length === 1 && path?.length === 1 ? (path[0] ?? '') : '';
}
