import { type Fields, isRecord, record, type Value, type Whole } from '../model.ts';
import { amountOf, declarableIn, ID, type Resource, unstatedCharge } from '../resources/resource.ts';
import type { Type } from '../vocabulary/type.ts';
import { createdWith } from './requests.ts';

/** What takes the place of an object whose fixed field differs. */
export interface Successor {
  readonly fields: Fields;
  /** Fields of the old one, or names within them, that the new one lacks, though the file does not say so. */
  readonly lost: readonly Lost[];
}
export interface Lost {
  readonly path: readonly string[];
  /** `unread`: Stripe's answer did not hold it; `hidden`: it may not be shown here; `unsaid`: no request that creates one says it. */
  readonly why: 'unread' | 'hidden' | 'unsaid';
}

/**
 * What a new object has to be so that nothing is lost which was not meant to change: all that the old one has, except what
 * the file states otherwise. Null where what is live may not be shown.
 */
export function successor(resource: Resource<never>, { expected, actual, hidden }: Whole): Successor | null {
  if (actual === null || expected === null) return null;
  const excluded = excludedBy(resource, expected);
  // What an entry that states an amount leaves out, it states as a new object has it.
  const usual = unstatedCharge(resource, expected);
  const lost: Lost[] = [];
  const all = declarableIn(resource, Object.keys({ ...actual, ...expected }));
  const pairs = Object.entries(all).flatMap(([name, field]): [string, Value][] => {
    const { type, expand, implied, given } = field;
    const [own, live] = [expected[name], withoutGiven(type, actual[name])];
    const had = type.byCurrency && isRecord(live) ? further(resource, live as Fields, own, { expected, actual }) : live;
    const shut = type.byCurrency ? excluded : new Set<string>();
    // What is stated whole is all that there is.
    const isWhole = own !== undefined && !type.partial;
    const join = () =>
      isWhole ? own : joined(resource, own, had, shut, (path) => lost.push({ path: [name, ...path], why: 'unsaid' }));
    if (own !== undefined) return [[name, priced(resource, name, join(), own, lost)]];
    // A new object is active, from now on.
    const { field: state, span } = resource.state ?? {};
    if (name === ID || given || name === state?.name || name === span?.from || name in usual) return [];
    // What only says again what is left out would contradict it.
    if (implied?.(actual) && field.mirrors?.some((one) => one in usual)) return [];
    if (excluded.has(name)) {
      if ((live ?? null) !== null && !implied?.(actual)) lost.push({ path: [name], why: 'unsaid' });
      return [];
    }
    if (live === undefined && hidden.includes(name)) lost.push({ path: [name], why: 'hidden' });
    else if (live === undefined && expand !== undefined) lost.push({ path: [name], why: 'unread' });
    const kept = live === undefined ? null : priced(resource, name, join(), null, lost);
    return kept === null ? [] : [[name, kept]];
  });
  const fields = record(pairs);
  const sayable = pairs.filter(([name, value]) => {
    const isSaid = name in expected || createdWith(resource, name, value, fields) !== null;
    if (!isSaid) lost.push({ path: [name], why: 'unsaid' });
    return isSaid;
  });
  return { fields: record(sayable), lost };
}

/** A value without what Stripe set in it: a new object gets its own. */
function withoutGiven(type: Type, value: Value | undefined): Value | undefined {
  if (!isRecord(value) || type.inner === undefined) return value;
  return record(
    Object.entries(value as Fields).flatMap(([name, one]): [string, Value][] => {
      const inner = type.inner?.(name);
      if (inner?.given) return [];
      return [[name, inner === undefined ? one : (withoutGiven(inner, one) ?? null)]];
    }),
  );
}

/** What is kept of amounts in further currencies: not one whose amount, such as its tiers, was not read. */
function priced(resource: Resource<never>, name: string, value: Value, stated: Value, lost: Lost[]): Value {
  if (!resource.fields[name]?.type.byCurrency || !isRecord(value)) return value;
  const isAmount = (member: string) => resource.fields[member]?.excludes !== undefined;
  const pairs = Object.entries(value as Fields).filter(([code, option]) => {
    const isKept = isRecord(option) && !(isRecord(stated) && code in stated);
    const isRead = !isKept || Object.entries(option).some(([member, one]) => one !== null && isAmount(member));
    if (!isRead) lost.push({ path: [name, code], why: 'unread' });
    return isRead;
  });
  return pairs.length === 0 && !isRecord(stated) ? null : record(pairs);
}

/** What no object has besides what is stated. */
function excludedBy(resource: Resource<never>, stated: Fields): Set<string> {
  return new Set(
    Object.entries(stated).flatMap(([name, value]) =>
      (resource.fields[name]?.excludes?.(value) ?? []).filter((one) => !(one in stated)),
    ),
  );
}

/**
 * A stated value (undefined where there is none) with what is live in it besides: of maps, the names that are not stated.
 * `shut` are names that none of it may have; `lose` is told of what goes for their sake.
 */
function joined(
  resource: Resource<never>,
  stated: Value | undefined,
  live: Value | undefined,
  shut: ReadonlySet<string>,
  lose: (path: readonly string[]) => void,
): Value {
  if (stated === null) return null;
  if (!isRecord(live) || (stated !== undefined && !isRecord(stated))) return stated ?? live ?? null;
  const own = (stated ?? record([])) as Fields;
  const inner = shut.size === 0 ? shut : new Set([...shut, ...excludedBy(resource, own)]);
  const names = [...new Set([...Object.keys(own), ...Object.keys(live)])];
  return record(
    names.flatMap((name): [string, Value][] => {
      const [said, had] = [own[name], (live as Fields)[name] ?? null];
      if (said !== undefined) return [[name, joined(resource, said, had, inner, (path) => lose([name, ...path]))]];
      if (had === null || inner.has(name)) return [];
      const isShut = isRecord(had) && Object.entries(had).some(([one, value]) => value !== null && shut.has(one));
      // Such as tiers in euros, where the new price has an amount per unit.
      if (isShut) lose([name]);
      return isShut ? [] : [[name, had]];
    }),
  );
}

/**
 * The further currencies of the old one: not its own, beside a stated amount none that the file does not state, and of one
 * whose amount it states nothing else.
 */
function further(
  resource: Resource<never>,
  live: Fields,
  stated: Value | undefined,
  { expected, actual }: Pick<Whole, 'expected' | 'actual'>,
): Fields {
  const said = (isRecord(stated) ? stated : {}) as Fields;
  const isCharge = amountOf(resource, expected ?? {}) !== undefined;
  return record(
    Object.entries(live).filter(([code]) => {
      if (code === actual?.currency || (isCharge && !(code in said))) return false;
      const option = said[code];
      return !isRecord(option) || amountOf(resource, option as Fields) === undefined;
    }),
  );
}
