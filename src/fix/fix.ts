import type { Changed, Fields, Finding, Missing, Taken, Unmanaged, Value, Whole } from '../model.ts';
import { isRecord, record } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { amountOf, type Field, fieldOf, findersOf, ID, type Resource, unstatedCharge } from '../resources/resource.ts';
import { named } from '../vocabulary/reference.ts';
import { accepts, aligned, type Spelled, spelling } from '../vocabulary/type.ts';
import { declaration } from './declaration.ts';
import { isFixed, isStateChange } from './plan.ts';
import { creation, type Request, turn, update } from './requests.ts';

/**
 * What to do about a finding, decided once, as data: in the file, where Stripe is right, and in Stripe, where the file is.
 * The printers in report/ put it into words, YAML and commands. Nothing of it is carried out.
 */
export interface Fix {
  /** Ways to have the file accept what is live; empty where the file is not what differs. */
  readonly accept: readonly Accept[];
  /** What to do in Stripe to restore what is declared; null where Stripe is not what differs. */
  readonly restore: Restore | null;
}

/** A way to have the file accept what is live. `replaces` names what goes of the entry, as the file spells it. */
export type Accept =
  /** State a field anew, and what says one thing with it. */
  | {
      readonly way: 'state';
      readonly replaces: readonly string[];
      readonly fields: readonly (readonly [string, Spelled])[];
    }
  /** State the id in place of a field that may hold a token. */
  | { readonly way: 'identify'; readonly hides: string; readonly replaces: readonly string[]; readonly id: string }
  /** State the id of the one that is meant. */
  | { readonly way: 'choose'; readonly replaces: readonly string[]; readonly id: string }
  | { readonly way: 'remove-field'; readonly replaces: readonly string[] }
  | { readonly way: 'remove-entry' }
  /** Change a field to what is live, which is not shown or not known here. */
  | { readonly way: 'change-field'; readonly field: string; readonly isShown: boolean }
  | { readonly way: 'keep-one' }
  | { readonly way: 'find-another' }
  /** Add an entry for an object; `withheld` are fields that it leaves out, `tokens` those of them that may hold one. */
  | {
      readonly way: 'declare';
      readonly section: string;
      readonly entry: string;
      readonly fields: { readonly [field: string]: Spelled };
      readonly withheld: readonly string[];
      readonly tokens: readonly string[];
    }
  | { readonly way: 'ignore'; readonly section: string; readonly id: string }
  /** Declare or ignore each of the objects that may not be named. */
  | { readonly way: 'declare-each'; readonly section: string };

/** What to do in Stripe. `isPending`: a pull request states it, so that there is nothing to restore yet. */
export interface Restore {
  readonly way: Way;
  readonly section: string;
  readonly isPending: boolean;
  /** In order. Empty where there are none, or a value can't be said. */
  readonly requests: readonly Request[];
  /** The page in the Dashboard; null where it may not be shown. */
  readonly url: string | null;
}
export type Way =
  | { readonly kind: 'update' }
  /** Something that only one object can have has another one now. */
  | { readonly kind: 'release'; readonly taken: Taken; readonly replaces: boolean }
  /** A new object in place of this one; `named`: the entry states the id of the old one. */
  | { readonly kind: 'replace'; readonly named: boolean }
  | { readonly kind: 'create' }
  /** Stripe chooses the id, which the entry then has to state. */
  | { readonly kind: 'create-and-name' }
  /** What finds the object can only be set once it is there. */
  | { readonly kind: 'create-and-set'; readonly fields: readonly string[] }
  /** Another object has what only one can have. */
  | { readonly kind: 'adopt'; readonly taken: Taken }
  | { readonly kind: 'reactivate' }
  | { readonly kind: 'have-one-retired' }
  | { readonly kind: 'retire' }
  | { readonly kind: 'retire-others' }
  | { readonly kind: 'look' };

/** Ids of candidates to choose from. */
const MOST_CANDIDATES = 5;

/** What to do about a finding. Pure, and made when it is asked for: a report may have many thousands. */
export function fixOf(finding: Finding): Fix {
  switch (finding.problem) {
    case 'invalid':
      return { accept: [], restore: null };
    case 'missing':
      return { accept: [{ way: 'remove-entry' }], restore: create(finding) };
    case 'changed':
      return { accept: [acceptChange(finding)], restore: restoreChange(finding) };
    case 'ambiguous': {
      const { candidates, rivals, free, stated, section } = finding;
      if (rivals.length > 0) return { accept: [{ way: 'keep-one' }], restore: null };
      // What another entry declares is not in the way: it stays as it is.
      const isAlone = free.length === candidates.length && resourceOf(section).state !== null;
      const url = candidates[0]?.url ?? null;
      return {
        accept: chooseId(free, stated),
        restore: isAlone ? toDo(finding, { kind: 'retire-others' }, url) : null,
      };
    }
    case 'unmanaged':
      return { accept: declareOrIgnore(finding), restore: retire(finding) };
    case 'unhealthy':
      return { accept: [], restore: toDo(finding, { kind: 'look' }, finding.url) };
  }
}

function toDo(
  { section, pending }: Finding,
  way: Way,
  url: string | null,
  requests: readonly (Request | null)[] = [],
): Restore {
  const said = requests.filter((request) => request !== null);
  return {
    way,
    section: section ?? '',
    isPending: pending === true,
    requests: said.length === requests.length ? said : [],
    url,
  };
}

function chooseId(ids: readonly string[], stated: readonly string[]): Accept[] {
  if (ids.length === 0) return [{ way: 'find-another' }];
  const replaces = stated.filter((name) => name === 'match');
  return ids.slice(0, MOST_CANDIDATES).map((id) => ({ way: 'choose', replaces, id }));
}

/**
 * What a field of the file has to say for the file to agree with Stripe: a name and its value, in place of `other` (by
 * default what it says now); `remove` where the file can't say it; null where what is live is not known here.
 */
export function agreement(
  { section, field: stated, whole }: Changed,
  other?: Value,
): readonly [string, Spelled] | 'remove' | null {
  const resource = resourceOf(section);
  const { name, field } = known(resource, stated);
  const { expected, actual } = whole;
  const live = actual?.[name];
  if (actual === null || live === undefined) return null;
  const wanted = expected?.[name] ?? null;
  const isCharge = amountOf(resource, expected ?? {}) !== undefined;
  const [, compared] = aligned(field.type, wanted, live, { live: actual, isCharge, unread() {} });
  if (!accepts(field.type, compared)) return 'remove';
  return spelling(name, field, named(field.type, compared, nameIn(whole)), other ?? wanted);
}

/** What the file has to state besides where it takes over the live value of a field: what says one thing with it. */
export function companions({ section, field: stated, whole }: Changed): (readonly [string, Spelled])[] {
  const resource = resourceOf(section);
  const { expected, actual } = whole;
  const together = known(resource, stated).field.together ?? [];
  const besides = together.flatMap((name) => {
    const [field, live] = [resource.fields[name], actual?.[name] ?? null];
    if (field === undefined || live === null || expected?.[name] !== undefined || !accepts(field.type, live)) return [];
    return [spelling(name, field, named(field.type, live, nameIn(whole)), null)];
  });
  return [...besides, ...newCharge(resource, whole, together)];
}

/** What else decides the charge, where the entry states an amount for the first time: it means what it left out before. */
function newCharge(
  resource: Resource<never>,
  whole: Whole,
  together: readonly string[],
): (readonly [string, Spelled])[] {
  const { expected, actual } = whole;
  const isAmount = together.some((name) => resource.charge?.amounts.includes(name));
  if (!isAmount || actual === null || amountOf(resource, expected ?? {}) !== undefined) return [];
  const amounts = Object.fromEntries((resource.charge?.amounts ?? []).map((name) => [name, actual[name] ?? null]));
  const left = unstatedCharge(resource, { ...expected, ...amounts });
  const said = declaration(resource, actual, { extent: 'usual', identity: [], nameOf: nameIn(whole) });
  return Object.entries(said).filter(([name]) => name in left);
}

/** The field as it is live, for the place of the field in the file. */
function acceptChange(finding: Changed): Accept {
  const { section, field: stated, id, whole } = finding;
  const resource = resourceOf(section);
  const { name, field } = known(resource, stated);
  const { expected, actual } = whole;
  const spellings = [name, ...Object.keys(field.also ?? {})].filter((one) => whole.stated.includes(one));
  if (actual === null) return { way: 'change-field', field: stated, isShown: true };
  const agreed = agreement(finding);
  if (agreed === null) {
    const isIdentity = findersOf(resource).some(({ by }) => by === name);
    if (!isIdentity || expected?.[ID] !== undefined) return { way: 'change-field', field: stated, isShown: false };
    // Found by its id, the entry needs nothing else that finds it.
    const replaces = whole.stated.filter((one) => one === name || one === 'match');
    return { way: 'identify', hides: stated, replaces, id };
  }
  if (agreed === 'remove') return { way: 'remove-field', replaces: spellings };
  return { way: 'state', replaces: spellings, fields: [agreed, ...companions(finding)] };
}

/** The entry that declares it, and the line that ignores it. */
function declareOrIgnore({ section, id, entry, whole }: Unmanaged): Accept[] {
  const resource = resourceOf(section);
  const { actual, hidden } = whole;
  if (id === null || actual === null || entry === null) return [{ way: 'declare-each', section }];
  const fields = declaration(resource, actual, { extent: 'public', identity: [ID], nameOf: nameIn(whole) });
  const own = Object.keys(resource.fields).filter((name) => resource.fields[name]?.own && actual[name] != null);
  return [
    { way: 'declare', section, entry, fields, withheld: [...hidden, ...own], tokens: hidden },
    { way: 'ignore', section, id },
  ];
}

function restoreChange(finding: Changed): Restore {
  const { section, field: stated, id, whole, changes, url } = finding;
  const resource = resourceOf(section);
  const { name, field } = known(resource, stated);
  if (isFixed(finding)) return replace(finding);
  const plain = toDo(finding, { kind: 'update' }, url);
  if (isStateChange(finding)) {
    const expected = whole.expected?.[name] ?? resource.state?.field?.expected ?? null;
    const isRetired = resource.state?.inForce({ [name]: expected }) === false;
    return toDo(finding, { kind: 'update' }, url, [turn(resource, id, isRetired ? 'retire' : 'restore')]);
  }
  const wanted = { ...unstatedCharge(resource, whole.expected ?? {}), ...whole.expected }[name];
  // Of a map only what differs: the rest may be another's to change.
  const keys = new Set(changes.map(({ path }) => path[0] ?? ''));
  const value =
    field.type.open && isRecord(wanted)
      ? record(Object.entries(wanted as Fields).filter(([key]) => keys.has(key)))
      : (wanted ?? null);
  // No request unsets a part of a value, but for a name of a map.
  const depth = field.type.open ? 1 : 0;
  const unsets = changes.some(({ path, expected }) => expected === null && path.length > depth);
  const isAdded = field.type.open && isRecord(wanted) && changes.some(({ expected }) => expected === undefined);
  if (wanted === undefined || unsets || isAdded || (value === null && field.lasting)) return plain;
  const taken = whole.taken.find((one) => one.field === name);
  if (taken !== undefined) return toDo(finding, { kind: 'release', taken, replaces: false }, url);
  return toDo(finding, { kind: 'update' }, url, [update(resource, id, name, value)]);
}

/** Another object in the place of one whose fixed field differs, where the entry says enough of it. */
function replace(finding: Changed): Restore {
  const { section, id, url, whole } = finding;
  const resource = resourceOf(section);
  const [taken] = whole.taken;
  if (taken !== undefined) return toDo(finding, { kind: 'release', taken, replaces: true }, url);
  const way = { kind: 'replace', named: whole.expected?.[ID] !== undefined } as const;
  const special = whole.expected === null ? undefined : resource.command?.replacement?.(whole.expected);
  if (special === undefined) return toDo(finding, way, url);
  return toDo(finding, way, url, [creation(resource, whole, special), turn(resource, id, 'retire')]);
}

function create(finding: Missing): Restore {
  const { section, others, inForce, whole, identity, url } = finding;
  const resource = resourceOf(section);
  // Where there is no way back into use, a new one is needed.
  const canReturn = !inForce || resource.state?.restore !== null;
  if (others > 0 && canReturn) return toDo(finding, { kind: inForce ? 'reactivate' : 'have-one-retired' }, url);
  if (whole.expected?.[ID] !== undefined && resource.id === 'stripe')
    return toDo(finding, { kind: 'create-and-name' }, url);
  const [taken] = whole.taken;
  if (taken !== undefined) return toDo(finding, { kind: 'adopt', taken }, url);
  // A new one would not be found by what it can't have yet, and the next run would ask for another.
  const later = identity.paths.map(([field = '']) => field).filter((field) => resource.fields[field]?.later);
  if (later.length > 0) return toDo(finding, { kind: 'create-and-set', fields: later }, url);
  return toDo(finding, { kind: 'create' }, url, [creation(resource, whole, {})]);
}

function retire(finding: Unmanaged): Restore | null {
  const { section, id, url } = finding;
  const resource = resourceOf(section);
  if (resource.state === null) return null;
  return toDo(finding, { kind: 'retire' }, url, id === null ? [] : [turn(resource, id, 'retire')]);
}

/** Gives the name of the entry that has an object to which either side refers. */
function nameIn({ names }: Whole): (section: string, id: string) => string | null {
  return (section, id) => names[section]?.[id] ?? null;
}

function known(resource: Resource<never>, stated: string): { name: string; field: Field<never> } {
  return fieldOf(resource, stated) as { name: string; field: Field<never> };
}
