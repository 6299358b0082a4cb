import type {
  Ambiguous,
  Changed,
  Fields,
  Finding,
  Mention,
  Missing,
  Needer,
  Pair,
  Referrer,
  SectionSummary,
  Taken,
  Unfit,
  Unmanaged,
  Value,
  Which,
  Whole,
} from '../model.ts';
import { entrySteps, grouped, isRecord, keyIn, otherThan, record } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import {
  amountOf,
  canRetire,
  declarable,
  type Field,
  fieldOf,
  findersOf,
  ID,
  type Items,
  isCharged,
  liveValue,
  meansBySilence,
  type Resource,
  referencesOf,
  riskOf,
  silentState,
  textOf,
  typeAt,
  unstatedCharge,
} from '../resources/resource.ts';
import { named, resolved } from '../vocabulary/reference.ts';
import { accepts, aligned, type Spelled, spelledAs, spelling, type Type } from '../vocabulary/type.ts';
import { declaration } from './declaration.ts';
import {
  expectsRetired,
  findingsOf,
  isFixed,
  isGone,
  isStateChange,
  replacedIds,
  replacements,
  stays,
} from './plan.ts';
import {
  added,
  creation,
  Printed,
  type Request,
  refer,
  takenOut,
  turn,
  type Uncreated,
  uncreated,
  update,
} from './requests.ts';
import { type Lost, successor } from './successor.ts';

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
  /** State a field anew, and what says one thing with it; or only names `within` it, a path that begins with the field. */
  | {
      readonly way: 'state';
      readonly within?: readonly string[];
      readonly replaces: readonly string[];
      readonly fields: readonly (readonly [string, Spelled])[];
    }
  /** State the id in place of a field that may hold a token. */
  | { readonly way: 'identify'; readonly hides: string; readonly replaces: readonly string[]; readonly id: string }
  /** State the id of the one that is meant; or `finders` in its place, which find that one too. */
  | {
      readonly way: 'choose';
      readonly replaces: readonly string[];
      readonly id: string;
      readonly finders: readonly (readonly [string, Spelled])[];
    }
  | { readonly way: 'remove-field'; readonly replaces: readonly string[] }
  /** `namedBy`: where other entries name it, which makes the file invalid once it is gone. */
  | { readonly way: 'remove-entry'; readonly namedBy: readonly Mention[] }
  /** Change a field to what is live, which is not shown or not known here. */
  | { readonly way: 'change-field'; readonly field: string; readonly isShown: boolean }
  /** `other`: the section that shows the object too, whose entry finds it. */
  | { readonly way: 'keep-one'; readonly other?: string }
  | { readonly way: 'find-another' }
  /** Add an entry for an object; `withheld` are fields that it leaves out, `tokens` those of them that may hold one. */
  | {
      readonly way: 'declare';
      readonly section: string;
      readonly entry: string;
      readonly fields: { readonly [field: string]: Spelled };
      readonly withheld: readonly string[];
      readonly tokens: readonly string[];
      /** What it charges besides, and was not read. */
      readonly unread: readonly string[];
    }
  /** Have an export declare it: what it charges was not read, so that an entry would not state it. */
  | { readonly way: 'export'; readonly section: string; readonly unread: readonly string[] }
  | { readonly way: 'ignore'; readonly section: string; readonly id: string }
  /** Say how a realm differs from the other, `within` its environment: null drops an entry. */
  | {
      readonly way: 'differ';
      /** Because the two are to differ, because one alone is to have it (`there`), or because this one of several is meant there. */
      readonly because: 'on purpose' | 'only there' | 'meant there';
      readonly there: string;
      readonly within: readonly string[];
      readonly fields: readonly (readonly [string, Spelled])[];
    }
  /** The same of a value that is not shown, or not known here. */
  | { readonly way: 'differ-unshown' }
  /** Declare an object of two realms, or accept it. */
  | { readonly way: 'declare-both'; readonly section: string; readonly ids: readonly string[] }
  /** Declare or ignore each of the objects that may not be named. */
  | { readonly way: 'declare-each'; readonly section: string };

/** What to do in Stripe. `isPending`: a pull request states it, so that there is nothing to restore yet. */
export interface Restore {
  readonly way: Way;
  readonly section: string;
  readonly isPending: boolean;
  /** What stands in the way and comes first; then there are no steps. */
  readonly obstacles: readonly Obstacle[];
  /** What to know before the first step. */
  readonly caveats: readonly Caveat[];
  /** In order, each safe if nothing follows. Empty where there are none, or a value can't be said. */
  readonly steps: readonly RestoreStep[];
  /** Why nothing can be created by a command; null where it can, or for another reason. */
  readonly uncreated: Uncreated | null;
  /** The field that no request changes to what the file says, and why; null where one does, or for another reason. */
  readonly unchanged: Unchanged | null;
  /** The page in the Dashboard; null where it may not be shown. */
  readonly url: string | null;
}
export interface Unchanged {
  readonly field: string;
  /** `kept`: Stripe keeps such an object in use; `kind`: of this kind nothing is; `empty`: it can't be unset; `part`: nor can a part of it; `own`: it is of the object's own currency; `given`: a person changes it in the Dashboard, or nobody does; `final`: a currency would go whose tax behavior is set for good; `added`: what only Stripe has would go. */
  readonly why: 'kept' | 'kind' | 'given' | 'empty' | 'part' | 'own' | 'final' | 'added' | 'unsaid';
}
export type Way =
  | { readonly kind: 'update' }
  /** Something that only one object can have has another one now; `fixed`: the field that can't be changed, where a new object is needed besides. */
  | { readonly kind: 'release'; readonly taken: Taken; readonly fixed: string | null }
  /** A new object in place of this one, whose field `fixed` can't be changed; `named`: the entry states the id of the old one; `gone`: that is out of use for good. */
  | {
      readonly kind: 'replace';
      readonly id: string;
      readonly fixed: string;
      readonly named: boolean;
      readonly gone: boolean;
    }
  /** Another field has the object replaced, and the new one has this too. */
  | { readonly kind: 'replace-with'; readonly cause: Changed; readonly restore: Restore }
  /** There is one already; `old` is what the entry states the id of now, null where there is none. */
  | { readonly kind: 'created'; readonly id: string | null; readonly old: string | null }
  /** So much is missing that this looks like the wrong account or mode. */
  | { readonly kind: 'doubt' }
  | { readonly kind: 'create' }
  /** Stripe chooses what finds it, such as its id, which the entry then has to state. */
  | { readonly kind: 'create-and-name'; readonly field: string }
  /** What finds the object can only be set once it is there. */
  | { readonly kind: 'create-and-set'; readonly fields: readonly string[] }
  /** Another object has what only one can have. `isNamed`: the entry finds its own by the id that Stripe chose. */
  | { readonly kind: 'adopt'; readonly taken: Taken; readonly isNamed: boolean }
  | { readonly kind: 'reactivate' }
  | { readonly kind: 'have-one-retired' }
  | { readonly kind: 'retire' }
  /** No request takes it out of use. */
  | { readonly kind: 'stay' }
  /** All but the one that is meant; of these only the ones that have the same `apart` as it. */
  | { readonly kind: 'retire-others'; readonly apart: readonly string[] }
  /** A check of these realms, each by itself, says what differs from the file there, and what to do. */
  | { readonly kind: 'check'; readonly realms: readonly string[] }
  /** What its health rule says to do. */
  | { readonly kind: 'look'; readonly remedy: string };

/** A request, and what it is for; null where a person does it, and no request. */
export interface RestoreStep {
  readonly does: Deed;
  readonly request: Request | null;
}
export type Deed =
  | { readonly kind: 'create'; readonly anew: boolean }
  | { readonly kind: 'change'; readonly field: string }
  /** An item of a set whose items are objects of their own; `entry` is the one that declares what it is, null where none does. */
  | { readonly kind: 'add' | 'take-out'; readonly field: string; readonly id: string; readonly entry: string | null }
  /** Has another object refer to this one, or to `to`. */
  | { readonly kind: 'refer'; readonly id: string; readonly field: string; readonly to: string | null }
  /** Has what refers to the old one, whose id this is, refer to the new one. */
  | { readonly kind: 'refer-anew'; readonly id: string; readonly by: Referrers }
  /** What the kind says of the time in which there are both the old and the new one. */
  | { readonly kind: 'hand-over' }
  | { readonly kind: 'retire'; readonly anew: boolean; readonly id: string }
  /** States in the file what step 1 printed, such as the id, in place of `old`. */
  | { readonly kind: 'name'; readonly field: string; readonly old: string }
  | { readonly kind: 'restore' };

/** What refers to an object in the same place. */
export type Referrers = readonly [Referrer, ...Referrer[]];

export type Caveat =
  /** What the kind says of replacing, creating or retiring an object, and of changing a field. */
  | { readonly kind: 'replacing'; readonly id: string }
  | { readonly kind: 'creating' }
  /** `several`: of each of several objects. */
  | { readonly kind: 'retiring'; readonly several?: true }
  | { readonly kind: 'changing'; readonly says: string }
  /** What several of them in use do. */
  | { readonly kind: 'several' }
  /** The new one gets at once what people know the old one by. */
  | { readonly kind: 'moving' }
  /** What names it outside the file fails once it is out of use; a new one may take its place there. */
  | { readonly kind: 'outside'; readonly id: string; readonly replaced: boolean }
  /** The object is replaced because of another field, and the new one has this value too. */
  | { readonly kind: 'replaced-too'; readonly cause: Changed }
  /** Until a pull request is merged and in use, others may need it. */
  | { readonly kind: 'merge-first'; readonly id: string }
  /** What the new object lacks of the old one, whose id this is. */
  | {
      readonly kind: 'lost';
      readonly id: string;
      readonly why: Lost['why'];
      readonly paths: readonly Lost['path'][];
    }
  /** What can be set once the object is there. */
  | { readonly kind: 'later'; readonly field: string }
  /** The entry that it refers to has no object yet, but one with this entry's id is to be created. */
  | { readonly kind: 'after'; readonly section: string; readonly entry: string }
  /** What refers to it, which is told as steps where there are any that have it replaced. */
  | { readonly kind: 'referred'; readonly id: string; readonly by: Referrers; readonly replaced: boolean }
  /** Undeclared objects have all that the entry states but what finds it, at these paths: one of them may be the one. */
  | {
      readonly kind: 'alike';
      readonly ids: readonly (string | null)[];
      readonly paths: readonly (readonly string[])[];
    }
  /** Entries refer to it for good, and their objects do not: a new one has these replaced too. */
  | { readonly kind: 'bound'; readonly by: Referrers }
  /** It may be what this field of another object refers to, which was not read. */
  | {
      readonly kind: 'perhaps-needed';
      readonly id: string;
      readonly section: string;
      readonly field: string;
      readonly replaced: boolean;
    }
  /** The file states the old id, and has to state the new one. */
  | { readonly kind: 'mentioned'; readonly id: string; readonly mentions: readonly Mention[] };

export type Obstacle =
  /** It refers to an entry whose object is not known. */
  | {
      readonly kind: 'absent';
      readonly path: readonly string[];
      readonly section: string;
      readonly entry: string;
      /**
       * `added`: a pull request adds the entry, and the report says how to create its object; `creatable`: the same without
       * a pull request; `missing`: it says what else to do about it; `unread`: its section was not read.
       */
      readonly why: 'added' | 'creatable' | 'missing' | 'ambiguous' | 'unread';
    }
  | { readonly kind: 'unfit'; readonly unfit: Unfit }
  /** What it refers to is replaced itself. */
  | { readonly kind: 'replaced'; readonly field: string; readonly section: string; readonly id: string }
  /**
   * Others need it. `locks`: Stripe refuses to retire it till then; `expected`: the file says that it goes, and that the
   * other one is active.
   */
  | { readonly kind: 'needed'; readonly by: Needer; readonly why: 'locks' | 'expected' | 'active' }
  /** The file states its id elsewhere. */
  | { readonly kind: 'named'; readonly mentions: readonly Mention[] }
  /** Stripe takes no such moment. */
  | { readonly kind: 'moment'; readonly field: string; readonly isPast: boolean; readonly years: number };

/** Ids of candidates to choose from. */
const MOST_CANDIDATES = 5;

/** What the rest of a report says of a finding's fix. */
export interface Surroundings {
  readonly findings?: readonly Finding[];
  readonly sections?: ReadonlyMap<string, Pick<SectionSummary, 'status'>>;
  /** When the report was made, in ISO 8601. */
  readonly startedAt?: string;
  /** So much is missing that the account or mode is likely the wrong one. */
  readonly looksWrong?: boolean;
}

/** What to do about a finding. Pure, and made when it is asked for: a report may have many thousands. */
export function fixOf(finding: Finding, around: Surroundings = {}): Fix {
  const fix = eitherWay(finding, around);
  if (!around.looksWrong || fix.restore === null || finding.problem === 'unhealthy') return fix;
  // In the wrong account, whatever a command does is harm, and an entry that goes a loss.
  const accept = finding.problem === 'missing' ? [] : fix.accept;
  return { accept, restore: toDo(finding, { kind: 'doubt' }, null) };
}

function eitherWay(finding: Finding, around: Surroundings): Fix {
  if (finding.pair !== undefined) return ofBoth(finding, finding.pair);
  switch (finding.problem) {
    case 'invalid':
    case 'unsubscribed':
    case 'unhandled':
    case 'dangling':
      return { accept: [], restore: null };
    case 'missing':
      return {
        accept: [...stateOwner(finding), { way: 'remove-entry', namedBy: finding.whole.ties.namedBy }],
        restore: create(finding, around),
      };
    case 'changed':
      return { accept: acceptChange(finding), restore: restoreChange(finding, around) };
    case 'ambiguous': {
      const { candidates, rivals, rivalsIn: other, free, section, apart, hasTwins } = finding;
      if (rivals.length > 0) return { accept: [{ way: 'keep-one', ...(other && { other }) }], restore: null };
      // What another entry declares is not in the way: it stays as it is.
      const isAlone = free.length === candidates.length && canRetire(resourceOf(section), {}) && hasTwins;
      const caveats: Caveat[] = [{ kind: 'several' }, { kind: 'retiring', several: true }];
      return {
        accept: chooseOne(finding),
        restore: isAlone ? toDo(finding, { kind: 'retire-others', apart }, null, { caveats }) : null,
      };
    }
    case 'unmanaged':
      return { accept: declareOrIgnore(finding), restore: retire(finding) };
    case 'unhealthy':
      return { accept: [], restore: toDo(finding, { kind: 'look', remedy: finding.remedy }, finding.url) };
  }
}

/** What to do where two realms differ: say in the file that they do, or bring one in line with the other, as its own check says. */
function ofBoth(finding: Finding, pair: Pair): Fix {
  const { realms, objects } = pair;
  const check = (...which: readonly Which[]) =>
    toDo(finding, { kind: 'check', realms: which.map((one) => realms[one].name) }, null);
  switch (finding.problem) {
    case 'missing': {
      const lacking = objects[0] === null ? 0 : 1;
      const { section, name } = finding;
      const there = realms[otherThan(lacking)].name;
      const within = [realms[lacking].environment, section];
      return {
        accept: [{ way: 'differ', because: 'only there', there, within, fields: [[name, null]] }],
        restore: check(lacking),
      };
    }
    case 'changed': {
      const { agreeing } = pair;
      const off = agreeing === undefined ? ([0, 1] as const) : ([otherThan(agreeing)] as const);
      return { accept: stateEach(finding, pair, off), restore: check(...off) };
    }
    case 'ambiguous': {
      const which = pair.ambiguous ?? 0;
      const { section, name, free, rivals } = finding;
      if (rivals.length > 0) return { accept: [{ way: 'keep-one' }], restore: null };
      const { name: there, environment } = realms[which];
      const within = [environment, section, name];
      const accept = free
        .slice(0, MOST_CANDIDATES)
        .map((id): Accept => ({ way: 'differ', because: 'meant there', there, within, fields: [[ID, id]] }));
      return { accept, restore: check(which) };
    }
    case 'unmanaged': {
      const ids = objects.flatMap((object) => object?.id ?? []);
      return { accept: [{ way: 'declare-both', section: finding.section, ids }], restore: null };
    }
    case 'invalid':
    case 'unhealthy':
    case 'unsubscribed':
    case 'unhandled':
    case 'dangling':
      return { accept: [], restore: null };
  }
}

/** The value of a field that each of these realms has, within its environment. */
function stateEach(finding: Changed, { realms, wholes }: Pair, off: readonly Which[]): Accept[] {
  const { section, name } = finding;
  const said = off.flatMap((which): Accept[] => {
    const whole = wholes?.[which];
    const fields = whole === undefined ? null : overlaid({ ...finding, whole });
    if (fields === null) return [];
    const { name: there, environment } = realms[which];
    const within = [environment, ...entrySteps({ section, name })];
    return [{ way: 'differ', because: 'on purpose', there, within, fields }];
  });
  return said.length === off.length ? said : [{ way: 'differ-unshown' }];
}

/** What an environment states so that the entry agrees with what is live: no name of the entry goes, but may be null. Null where it can't be said. */
function overlaid(finding: Changed): (readonly [string, Spelled])[] | null {
  const resource = resourceOf(finding.section);
  const all = [agreement(finding), ...contradictions(finding).map(({ agreed }) => agreed), ...companions(finding)];
  const said = all.filter((one): one is readonly [string, Spelled] => one !== null && one !== 'remove');
  if (said.length < all.length) return null;
  const names = said.map(([name]) => name);
  const gone = names.flatMap((stated) => {
    const { name, field } = known(resource, stated);
    return spellingsOf(name, field, finding.whole).filter((other) => !names.includes(other));
  });
  return [...said, ...gone.map((name) => [name, null] as const)];
}

/** What stands in the way, what to know, and the steps: of these null for one that no request does. */
interface Work {
  readonly obstacles?: readonly Obstacle[];
  readonly caveats?: readonly Caveat[];
  readonly steps?: readonly (readonly [Deed, Request | null])[];
  readonly uncreated?: Restore['uncreated'];
  readonly unchanged?: Restore['unchanged'];
}

function toDo(
  { section, pending }: Finding,
  way: Way,
  url: string | null,
  { obstacles = [], caveats = [], steps = [], uncreated: why = null, unchanged = null }: Work = {},
): Restore {
  const isSayable = steps.every(([{ kind }, request]) => request !== null || BY_HAND.includes(kind));
  return {
    way,
    section: section ?? '',
    isPending: pending === true,
    obstacles,
    caveats,
    steps: isSayable && obstacles.length === 0 ? steps.map(([does, request]) => ({ does, request })) : [],
    uncreated: why,
    unchanged,
    url,
  };
}

/** What a person does, and no request. */
const BY_HAND: readonly Deed['kind'][] = ['refer-anew', 'hand-over', 'name'];

/** The id of the one on which what belongs to a missing object was found. */
function stateOwner({ elsewhere }: Missing): Accept[] {
  const id = elsewhere?.id ?? null;
  return id === null ? [] : [{ way: 'state', replaces: [ID], fields: [[ID, id]] }];
}

function chooseOne({ section, candidates, free, stated }: Ambiguous): Accept[] {
  if (free.length === 0) return [{ way: 'find-another' }];
  const { fields } = resourceOf(section);
  const replaces = stated.filter((name) => name === 'match');
  return free.slice(0, MOST_CANDIDATES).map((id) => {
    const finders = candidates.find((one) => one.id === id)?.tells?.finders ?? {};
    const spelled = Object.entries(finders).map(([name, value]) => spelling(name, fields[name], value, null));
    return { way: 'choose', replaces, id, finders: spelled };
  });
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
  const sides = sidesOf(resource, name, whole);
  if (sides === null) return null;
  const wanted = whole.expected?.[name] ?? null;
  const compared = withUncompared(field.type, wanted, sides[1]);
  if (!accepts(field.type, compared)) return 'remove';
  return spelling(name, field, named(field.type, compared, nameIn(whole)), other ?? wanted);
}

/** What is compared of a field; null where what is live is not known here. */
function sidesOf(resource: Resource<never>, name: string, { expected, actual }: Whole): readonly [Value, Value] | null {
  const live = actual === null ? undefined : liveValue(resource, actual, name);
  if (actual === null || live === undefined) return null;
  const isCharge = amountOf(resource, expected ?? {}) !== undefined;
  const { type } = resource.fields[name] as Field<never>;
  return aligned(type, expected?.[name] ?? null, live, { live: actual, isCharge, unread() {} });
}

/** A live value with what the file states and nobody compared: the name of an entry without an object, and what was not read. */
function withUncompared(type: Type, wanted: Value, live: Value): Value {
  const isOpen = (type.reference !== undefined || type.set) && wanted !== null;
  if (isOpen && aligned(type, wanted, live, { live: {}, unread() {} })[0] === null) return wanted;
  const { key } = type;
  if (key && Array.isArray(wanted) && Array.isArray(live))
    return live.map((item, index) => {
      const [inner, own] = [type.inner?.(String(index)), wanted.find((one) => key(one) === key(item)) ?? null];
      return inner === undefined ? item : withUncompared(inner, own, item);
    });
  if (!isRecord(wanted) || !isRecord(live)) return live;
  const [file, stripe] = [wanted as Fields, live as Fields];
  const names = [...new Set([...Object.keys(stripe), ...Object.keys(file)])];
  return record(
    names.map((name) => {
      const inner = type.inner?.(name);
      const [stated, seen] = [file[name] ?? null, stripe[name]];
      return [name, seen === undefined || inner === undefined ? (seen ?? stated) : withUncompared(inner, stated, seen)];
    }),
  );
}

/** What the file has to state besides, where it takes over the live value of a field and does not state it yet. */
export function companions(finding: Changed): (readonly [string, Spelled])[] {
  const { section, field: stated, whole } = finding;
  const resource = resourceOf(section);
  const { expected, actual } = whole;
  const along = takenAlong(finding);
  const besides = along.flatMap((name) => {
    const [field, live] = [resource.fields[name], actual?.[name] ?? null];
    if (field === undefined || live === null || expected?.[name] !== undefined || !accepts(field.type, live)) return [];
    return [spelling(name, field, named(field.type, live, nameIn(whole)), null)];
  });
  const said = new Set(besides.map(([name]) => name));
  const charge = newCharge(resource, whole, [known(resource, stated).name, ...along]);
  return [...besides, ...charge.filter(([name]) => !said.has(name))];
}

/**
 * The fields whose live values the file takes over with that of one: what says one thing with it, and what it states, or
 * means by leaving it out, that does not go with a value that is taken over.
 */
function takenAlong({ section, field: stated, whole: { expected, actual } }: Changed): string[] {
  const resource = resourceOf(section);
  const [own, live] = [known(resource, stated).name, actual ?? {}];
  const taken = [own];
  const differs = (name: string, value: Value | undefined) => {
    return value !== undefined && name in live && !isSameValue(value, live[name]);
  };
  // The list grows while it is walked.
  for (const name of taken) {
    const { together = [], mirrors = [] } = resource.fields[name] ?? {};
    const after = { ...expected, ...record(taken.map((one) => [one, live[one] ?? null])) };
    const meant: Fields = { ...unstatedCharge(resource, after), ...expected };
    const more = Object.keys(declarable(resource)).filter((other) => {
      if (taken.includes(other)) return false;
      if (together.includes(other) && !(other in (expected ?? {}))) return true;
      if (!differs(other, meant[other])) return false;
      if (together.includes(other) || (mirrors.includes(other) && other in (expected ?? {}))) return true;
      return isExcluded(resource, [other, meant[other] ?? null], [name, live[name] ?? null]);
    });
    taken.push(...more);
  }
  return taken.slice(1);
}

/** Whether no object has both values. */
function isExcluded(
  { fields }: Resource<never>,
  ...[one, other]: readonly [readonly [string, Value], readonly [string, Value]]
): boolean {
  const excludes = ([name, value]: readonly [string, Value], [beside, its]: readonly [string, Value]) =>
    its !== null && its !== fields[beside]?.default && (fields[name]?.excludes?.(value) ?? []).includes(beside);
  return excludes(one, other) || excludes(other, one);
}

/** What else decides the charge, where the entry states an amount for the first time: it means what it left out before. */
function newCharge(resource: Resource<never>, whole: Whole, taken: readonly string[]): (readonly [string, Spelled])[] {
  const { expected, actual } = whole;
  const isAmount = taken.some((name) => resource.charge?.amounts.includes(name));
  if (!isAmount || actual === null || amountOf(resource, expected ?? {}) !== undefined) return [];
  const amounts = Object.fromEntries((resource.charge?.amounts ?? []).map((name) => [name, actual[name] ?? null]));
  const left = unstatedCharge(resource, { ...expected, ...amounts });
  const said = declaration(resource, actual, { extent: 'usual', identity: [], nameOf: nameIn(whole) });
  return Object.entries(said).filter(([name]) => name in left);
}

/** The field as it is live, for the place of the field in the file; nothing where the file can't say it. */
function acceptChange(finding: Changed): Accept[] {
  const { section, field: stated, id, whole } = finding;
  const resource = resourceOf(section);
  const { name, field } = known(resource, stated);
  const { expected, actual } = whole;
  const spellings = spellingsOf(name, field, whole);
  if (actual === null) return [{ way: 'change-field', field: stated, isShown: true }];
  const agreed = agreement(finding);
  if (agreed === null) {
    const isIdentity = findersOf(resource).some(({ by }) => by === name);
    if (!isIdentity || expected?.[ID] !== undefined) return [{ way: 'change-field', field: stated, isShown: false }];
    // Found by its id, the entry needs nothing else that finds it.
    const replaces = whole.stated.filter((one) => one === name || one === 'match');
    return [{ way: 'identify', hides: stated, replaces, id }];
  }
  const others = contradictions(finding);
  const finders: (readonly [string, Spelled])[] = finding.unfound && expected?.[ID] !== id ? [[ID, id]] : [];
  const matches = finding.unfound ? whole.stated.filter((one) => one === 'match') : [];
  const replaces = [...matches, ...spellings, ...others.flatMap(({ replaced }) => replaced)];
  const fields = [...finders, agreed, ...others.map(({ agreed: other }) => other), ...companions(finding)].filter(
    (one) => one !== 'remove',
  );
  if (fields.length === 0) {
    return meansBySilence(resource, name) || replaces.length === 0 ? [] : [{ way: 'remove-field', replaces }];
  }
  const part = others.length === 0 && fields.length === 1 ? changedPart(finding) : null;
  return [part ?? { way: 'state', replaces, fields }];
}

/** Of a field that is a group of settings the names that differ, where the file states others besides; else null. */
function changedPart({ section, field: stated, whole, changes }: Changed): Accept | null {
  const resource = resourceOf(section);
  const { name, field } = known(resource, stated);
  const wanted = whole.expected?.[name] ?? null;
  const sides = sidesOf(resource, name, whole);
  const live = sides && named(field.type, withUncompared(field.type, wanted, sides[1]), nameIn(whole));
  const paths = changes.map(({ path }) => path);
  const group = innermost({ type: field.type, within: [name], file: wanted, live }, paths);
  if (group === null || (group.within.length === 1 && group.names.length === Object.keys(wanted ?? {}).length))
    return null;
  const { type, within, names } = group;
  const some = (side: Value) => record(Object.entries(side as Fields).filter(([one]) => names.includes(one)));
  const fields = spelledAs(type, some(group.live), some(group.file)) as { readonly [name: string]: Spelled };
  return { way: 'state', within, replaces: names, fields: Object.entries(fields) };
}

/** A group of settings, of which each may be stated alone. */
interface Group {
  readonly type: Type;
  readonly within: readonly string[];
  readonly file: Value;
  readonly live: Value;
}

/** The innermost group that has all that differs, at these paths, and what of it differs; null where the file states no such. */
function innermost(
  { type, within, file, live }: Group,
  paths: readonly (readonly string[])[],
): (Group & { readonly names: readonly string[] }) | null {
  const names = [...new Set(paths.map(([name = '']) => name))];
  if (!type.partial || type.open || !isRecord(file) || !isRecord(live)) return null;
  if (!names.every((name) => Object.hasOwn(file, name))) return null;
  const [only = ''] = names;
  const inner = names.length === 1 ? type.inner?.(only) : undefined;
  const [mine, its] = [(file as Fields)[only] ?? null, (live as Fields)[only] ?? null];
  const deeper =
    inner === undefined
      ? null
      : innermost(
          { type: inner, within: [...within, only], file: mine, live: its },
          paths.map((path) => path.slice(1)),
        );
  return deeper ?? { type, within, file, live, names };
}

/** What the entry states and takes over with the live value of a field. */
function contradictions(finding: Changed): { replaced: string[]; agreed: readonly [string, Spelled] | 'remove' }[] {
  const { section, whole } = finding;
  const resource = resourceOf(section);
  return takenAlong(finding).flatMap((name) => {
    const sides = whole.expected?.[name] === undefined ? null : sidesOf(resource, name, whole);
    const agreed = agreement({ ...finding, field: name });
    if (sides === null || agreed === null || isSameValue(...sides)) return [];
    return [{ replaced: spellingsOf(name, resource.fields[name] as Field<never>, whole), agreed }];
  });
}

/** The names under which an entry states a field. */
function spellingsOf(name: string, { also = {} }: Field<never>, { stated }: Whole): string[] {
  return [name, ...Object.keys(also)].filter((one) => stated.includes(one));
}

/** The entry that declares it, and the line that ignores it. */
function declareOrIgnore({ section, id, entry, whole }: Unmanaged): Accept[] {
  const resource = resourceOf(section);
  const { actual, hidden } = whole;
  if (id === null || actual === null || entry === null) return [{ way: 'declare-each', section }];
  const fields = declaration(resource, actual, { extent: 'public', identity: [ID], nameOf: nameIn(whole) });
  const own = Object.keys(resource.fields).filter((name) => resource.fields[name]?.own && actual[name] != null);
  const unread = unreadCharge(resource, actual, hidden);
  const amounts = resource.charge?.amounts ?? [];
  const isWithoutAmount =
    amounts.some((name) => unread.includes(name)) && amounts.every((name) => actual[name] == null);
  return [
    isWithoutAmount
      ? { way: 'export', section, unread }
      : { way: 'declare', section, entry, fields, withheld: [...hidden, ...own], tokens: hidden, unread },
    { way: 'ignore', section, id },
  ];
}

/** What an object charges besides what was read of it: the file states none of these fields, so that they were not asked for. */
function unreadCharge(resource: Resource<never>, actual: Fields, hidden: readonly string[]): string[] {
  const isUnread = (name: string) => actual[name] === undefined && !hidden.includes(name);
  return Object.keys(resource.fields).filter(
    (name) => resource.fields[name]?.expand !== undefined && isUnread(name) && isCharged(resource, name),
  );
}

function restoreChange(finding: Changed, around: Surroundings): Restore {
  const { section, field: stated, id, whole, url } = finding;
  const resource = resourceOf(section);
  const { name } = known(resource, stated);
  const cause = replacements(around.findings ?? []).get(finding);
  const { twin } = whole;
  const isTwins = whole.taken.some((one) => one.field === name && one.id === twin?.id);
  if (twin !== null && (cause !== undefined || isFixed(finding) || isTwins))
    return toDo(finding, { kind: 'created', id: twin.id, old: id }, url);
  if (cause !== undefined && cause !== finding) {
    // Where others have to be ready for the new one, that takes a while: what can be changed at once is.
    const isUrgent = resource.handover !== undefined && !isFixed(finding) && !isStateChange(finding);
    const alone = isUrgent ? changeInPlace(finding, around) : null;
    if (alone !== null && alone.steps.length > 0)
      return { ...alone, caveats: [...alone.caveats, { kind: 'replaced-too', cause }] };
    return toDo(finding, { kind: 'replace-with', cause, restore: replace(cause, around) }, url);
  }
  return isFixed(finding) ? replace(finding, around) : changeInPlace(finding, around);
}

function changeInPlace(finding: Changed, around: Surroundings): Restore {
  const { section, field: stated, id, whole, changes, url } = finding;
  const resource = resourceOf(section);
  const { name, field } = known(resource, stated);
  const way: Way = { kind: 'update' };
  if (isStateChange(finding)) {
    const expected = whole.expected?.[name] ?? resource.state?.field?.expected ?? null;
    if (resource.state?.inForce({ [name]: expected }) === false) {
      if (resource.state.kept?.is(whole.actual ?? {}))
        return toDo(finding, way, url, { unchanged: { field: stated, why: 'kept' } });
      return toDo(finding, way, url, retirement(resource, id, whole, finding));
    }
    const [taken] = whole.taken.filter((one) => resource.fields[one.field]?.unique === 'active');
    if (taken !== undefined) return toDo(finding, { kind: 'release', taken, fixed: null }, url);
    const needed = Object.entries(whole.actual ?? {}).filter(([one]) => resource.fields[one]?.needs === 'strictly');
    return toDo(finding, way, url, {
      obstacles: obstaclesOf(resource, whole, record(needed), around),
      steps: [[{ kind: 'restore' }, turn(resource, id, 'restore')]],
    });
  }
  const silent = silentState(resource).map((one): [string, Value] => [one.name, one.expected]);
  const unstated: Fields = { ...record(silent), ...unstatedCharge(resource, whole.expected ?? {}) };
  const wanted = { ...unstated, ...whole.expected }[name];
  const keys = new Set(changes.map(({ path }) => path[0] ?? ''));
  const value = differing(
    field.type,
    wanted ?? null,
    changes.map(({ path }) => path),
  );
  // No request unsets a part of a value, but for a name of a map, and what its type says.
  const depth = field.type.open ? 1 : 0;
  const unsets = changes.some(
    ({ path, expected }) => expected === null && path.length > depth && !typeAt(resource, [name, ...path])?.cleared,
  );
  // An item that only Stripe has in a list goes with the list, which a request says whole.
  const isAdded =
    field.type.open &&
    isRecord(wanted) &&
    changes.some(({ path, expected }) => path.length === 1 && expected === undefined);
  const ownCurrency = whole.actual?.currency ?? whole.expected?.currency;
  // What the object costs in its own currency is not among the further ones.
  const isOwn = field.type.byCurrency && keys.has(String(ownCurrency));
  // Whether Stripe lets go of a currency whose tax behaviour is set for good is not known.
  const losesFinal = changes.some(
    ({ path, expected, actual }) =>
      expected == null &&
      isRecord(actual) &&
      Object.entries(actual).some(([part, one]) => one !== null && typeAt(resource, [name, ...path, part])?.final),
  );
  const says = riskOf(field, value, whole.actual?.[name]);
  const caveats: Caveat[] = says === null ? [] : [{ kind: 'changing', says }];
  if (field.items !== undefined) {
    const obstacles = obstaclesOf(resource, whole, { [name]: value }, around);
    return toDo(finding, way, url, { obstacles, caveats, steps: itemSteps(finding, field.items) });
  }
  const request = update(resource, id, name, value, whole.actual ?? {});
  const unchanged = (why: Unchanged['why']) => toDo(finding, way, url, { unchanged: { field: stated, why } });
  if (typeof field.given === 'string') return unchanged('given');
  if (resource.command === null) return unchanged('kind');
  if (wanted === undefined) return toDo(finding, way, url);
  if (value === null && field.lasting) return unchanged('empty');
  if (isOwn) return unchanged('own');
  if (losesFinal) return unchanged('final');
  if (unsets) return unchanged('part');
  if (isAdded) return unchanged('added');
  const obstacles = obstaclesOf(resource, whole, { [name]: value }, around);
  // What refers to an entry without an object can be said once there is one.
  if (request === null && !obstacles.some(({ kind }) => kind === 'absent')) return unchanged('unsaid');
  const taken = whole.taken.find((one) => one.field === name);
  if (taken !== undefined) return toDo(finding, { kind: 'release', taken, fixed: null }, url);
  return toDo(finding, way, url, { obstacles, caveats, steps: [[{ kind: 'change', field: stated }, request]] });
}

/** Adds what a set lacks, and takes out what is in it besides: each item is an object of its own. */
function itemSteps({ section, field, id, whole, changes }: Changed, items: Items): [Deed, Request | null][] {
  const resource = resourceOf(section);
  const { name } = known(resource, field);
  const entryOf = (item: string) => {
    const target = typeAt(resource, [name, '0'])?.reference;
    return (target !== undefined && nameIn(whole)(target, item)) || null;
  };
  return changes.flatMap(({ expected, actual }): [Deed, Request | null][] => {
    const steps: [Deed, Request | null][] = [];
    const [wanted, had] = [textOf(expected), textOf(actual)];
    if (wanted !== null)
      steps.push([{ kind: 'add', field, id: wanted, entry: entryOf(wanted) }, added(resource, items, id, wanted)]);
    if (had !== null)
      steps.push([
        { kind: 'take-out', field, id: had, entry: entryOf(had) },
        takenOut(resource, items, id, had, whole.actual ?? {}),
      ]);
    return steps;
  });
}

/** Of a map, and of a group of settings at any depth, only what differs, at these paths: the rest may be another's to change. */
function differing(type: Type, value: Value, paths: readonly (readonly string[])[]): Value {
  if (!type.partial || !isRecord(value) || paths.some(({ length }) => length === 0)) return value;
  return record(
    Object.entries(value as Fields).flatMap(([name, one]): [string, Value][] => {
      const within = paths.flatMap(([first, ...rest]) => (first === name ? [rest] : []));
      if (within.length === 0) return [];
      const inner = type.open ? undefined : type.inner?.(name);
      return [[name, inner === undefined ? one : differing(inner, one, within)]];
    }),
  );
}

/** Another object in the place of one whose fixed field differs, where the entry says enough of it. */
function replace(finding: Changed, around: Surroundings): Restore {
  const { section, id, url, whole } = finding;
  const resource = resourceOf(section);
  const [taken] = whole.taken;
  if (taken !== undefined) return toDo(finding, { kind: 'release', taken, fixed: finding.field }, url);
  const named = whole.expected?.[ID] !== undefined;
  const way = { kind: 'replace', id, fixed: finding.field, named, gone: isGone(finding) } as const;
  // What Stripe refuses to retire has steps of its own, or stands in the way.
  const referring = byPlace(
    whole.ties.referrers.filter(({ section: of, path: [field = ''] }) => !locks({ section: of, field })),
  );
  const caveats: Caveat[] = [
    { kind: 'replacing', id },
    ...referring.map((by) => ({ kind: 'referred', id, by, replaced: true }) as const),
  ];
  const whatever = successor(resource, whole);
  const past = pastStart(resource, whatever?.fields ?? {}, around);
  const next = whatever && { ...whatever, fields: without(whatever.fields, past) };
  const special = (next && resource.command?.replacement?.(next.fields, whole.actual ?? {})) ?? null;
  // Nobody needs a new object that is retired at once.
  const isWanted = !expectsRetired(finding) && isOneAmount(next?.fields ?? {}, whole);
  if (next === null || special === null || !isWanted) return toDo(finding, way, url, { caveats });
  const made = creation(resource, whole, next.fields, special);
  const { needers, unread, mentions } = whole.ties;
  const others = needers
    .filter((one) => locks(one) && (one.isLive || (one.wants === id && one.id !== null)))
    .map((by) => ({ by, to: successorFor(by, id, next.fields, around) }));
  const stuck = others.filter(({ by, to }) => by.isLive && (by.id === null || to === null));
  const isActive = resource.state?.inForce(whole.actual ?? {}) ?? false;
  const isMoved = resource.moving !== undefined && Object.keys(special).length > 0;
  const isOutside = resource.outside !== undefined && isActive;
  // The entry's own id is a step; elsewhere the file is another's to change.
  const elsewhere = mentions.filter((one) => one.section !== section || one.name !== finding.name || one.field !== ID);
  return toDo(finding, way, url, {
    uncreated: uncreated(resource, whole, next.fields),
    obstacles: [
      ...obstaclesOf(resource, whole, next.fields, around),
      ...stuck.map(({ by }) => ({ kind: 'needed', by, why: 'locks' }) as const),
    ],
    caveats: [
      ...caveats,
      ...(isMoved ? [{ kind: 'moving' } as const] : []),
      ...(isOutside ? [{ kind: 'outside', id, replaced: true } as const] : []),
      ...(['unread', 'hidden', 'unsaid'] as const).flatMap((why) => {
        const paths = next.lost.filter((one) => one.why === why).map(({ path }) => path);
        return paths.length === 0 ? [] : [{ kind: 'lost', id, why, paths } as const];
      }),
      ...unread.flatMap((one) => (isActive ? [{ kind: 'perhaps-needed', id, ...one, replaced: true } as const] : [])),
      ...(past === undefined ? [] : [{ kind: 'later', field: past } as const]),
      ...(elsewhere.length === 0 ? [] : [{ kind: 'mentioned', id, mentions: elsewhere } as const]),
    ],
    steps: [
      [{ kind: 'create', anew: true }, made],
      ...(way.named ? [[{ kind: 'name', field: ID, old: id }, null] as const] : []),
      ...others.flatMap(({ by, to }) => (to === null ? [] : [referralOf(by, to)])),
      ...referring.map((by) => [{ kind: 'refer-anew', id, by }, null] as const),
      ...(resource.handover === undefined ? [] : [[{ kind: 'hand-over' }, null] as const]),
      ...(isActive && canRetire(resource, whole.actual ?? {})
        ? [[{ kind: 'retire', anew: true, id }, turn(resource, id, 'retire')] as const]
        : []),
    ],
  });
}

function without(fields: Fields, name: string | undefined): Fields {
  return record(Object.entries(fields).filter(([one]) => one !== name));
}

/** Whether what is stated of the object's own currency among the others is what it says itself. */
function isOneAmount(fields: Fields, { expected }: Whole): boolean {
  return Object.values(expected ?? {}).every((value) => {
    const own = isRecord(value) && typeof fields.currency === 'string' ? value[fields.currency] : undefined;
    return !isRecord(own) || Object.entries(own).every(([name, one]) => isSameValue(one, fields[name] ?? null));
  });
}

function isSameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What an object that needs the old one gets in its place: what its entry states, else the new one; null where it can't have that. */
function successorFor(
  { section, field, id, wants }: Needer,
  old: string,
  made: Fields,
  { findings = [] }: Surroundings,
): string | Printed | null {
  const { type, mutual } = resourceOf(section).fields[field] as Field<never>;
  // What its entry states is in order where that is another one which stays as it is.
  const own = findings.find(
    (one) => one.problem === 'changed' && one.section === section && one.id === id && one.field === field,
  ) as Changed | undefined;
  const isReady =
    own !== undefined &&
    !own.whole.ties.unfit.some((one) => one.field === field) &&
    !isReplaced(findings, type.reference ?? '', wants ?? '');
  if (wants !== null && wants !== old && isReady) return wants;
  return mutual === undefined || made[mutual] === id ? new Printed(1) : null;
}

/** What refers to an object, those in the same place together. */
function byPlace(referrers: readonly Referrer[]): Referrers[] {
  return [...grouped(referrers, ({ section, path, isListed }) => JSON.stringify([section, path, isListed])).values()];
}

function referralOf({ section, field, id }: Needer, to: string | Printed): readonly [Deed, Request | null] {
  const deed: Deed = { kind: 'refer', id: id ?? '', field, to: typeof to === 'string' ? to : null };
  return [deed, id === null ? null : refer(resourceOf(section), id, field, to)];
}

/** Whether Stripe refuses to retire what an object refers to. */
function locks({ section, field }: Pick<Needer, 'section' | 'field'>): boolean {
  return resourceOf(section).fields[field]?.needs === 'locks';
}

/** What stands in the way of a request that says these fields. */
function obstaclesOf(resource: Resource<never>, { ties }: Whole, fields: Fields, around: Surroundings): Obstacle[] {
  const { findings = [], startedAt } = around;
  return [
    ...referencesOf(resource, fields).flatMap(({ path, section, entry, id }): Obstacle[] => {
      const [field = ''] = path;
      if (entry !== null) return [{ kind: 'absent', path, section, entry, why: absence(section, entry, around) }];
      if (id !== null && isReplaced(findings, section, id)) return [{ kind: 'replaced', field, section, id }];
      return ties.unfit.flatMap((unfit): Obstacle[] => (unfit.field === field ? [{ kind: 'unfit', unfit }] : []));
    }),
    ...Object.entries(fields).flatMap(([field, value]): Obstacle[] => {
      const years = resource.fields[field]?.yearsAhead;
      if (years === undefined || typeof value !== 'string') return [];
      const [now, then] = [Date.parse(startedAt ?? ''), Date.parse(value)];
      if (Number.isNaN(now) || Number.isNaN(then)) return [];
      const last = new Date(now);
      last.setUTCFullYear(last.getUTCFullYear() + years);
      if (then > now && then <= last.getTime()) return [];
      return [{ kind: 'moment', field, isPast: then <= now, years }];
    }),
  ];
}

/** Why the object of an entry that is referred to is not known. */
function absence(section: string, entry: string, around: Surroundings): Extract<Obstacle, { kind: 'absent' }>['why'] {
  const { findings = [], sections } = around;
  const own = findingsOf(findings, section, entry).find(({ problem }) => problem !== 'invalid');
  if (own?.problem === 'missing') {
    if (!/^create(?:-|$)/.test(wayToCreate(own).kind)) return 'missing';
    return own.pending ? 'added' : 'creatable';
  }
  if (own?.problem === 'ambiguous') return 'ambiguous';
  const status = sections?.get(section)?.status ?? 'read';
  return status === 'read' ? 'missing' : 'unread';
}

function isReplaced(findings: readonly Finding[], section: string, id: string): boolean {
  return findings.length > 0 && replacedIds(findings).has(keyIn(section, id));
}

function create(finding: Missing, around: Surroundings): Restore {
  const { section, whole, url, identity } = finding;
  const resource = resourceOf(section);
  const way = wayToCreate(finding);
  const ids = whole.ties.alike.map(({ id }) => id);
  const also = resource.identities.flatMap((one) => one.also ?? []);
  const paths = identity.paths.filter(([field = '']) => !also.includes(field) && !resource.fields[field]?.fixed);
  const alike = ids.length === 0 ? [] : [{ kind: 'alike', ids, paths } as const];
  const bound = byPlace(whole.ties.bound).map((by) => ({ kind: 'bound', by }) as const);
  if (way.kind !== 'create' && way.kind !== 'create-and-name')
    return toDo(finding, way, url, { caveats: /^(?:reactivate|create-and-set)$/.test(way.kind) ? bound : [] });
  const chosen = way.kind === 'create' ? null : way.field;
  const fields = record(Object.entries(whole.expected ?? {}).filter(([name]) => name !== chosen));
  const past = pastStart(resource, fields, around);
  const isLater = (field: string) => (resource.fields[field]?.later && fields[field] !== null) || field === past;
  const later = Object.keys(fields).filter(isLater);
  const said = record(Object.entries(fields).filter(([field]) => !isLater(field)));
  const { ready, first } = withIdsToCome(resource, said, around);
  const why = uncreated(resource, whole, ready);
  return toDo(finding, way, url, {
    // What a person does has no request that could be refused.
    obstacles: why?.why === 'by hand' ? [] : obstaclesOf(resource, whole, ready, around),
    caveats: [
      ...alike,
      { kind: 'creating' },
      ...bound,
      ...first,
      ...later.map((field) => ({ kind: 'later', field }) as const),
    ],
    steps: [
      [{ kind: 'create', anew: false }, creation(resource, whole, { ...without(fields, past), ...ready }, {})],
      ...(chosen === null
        ? []
        : [[{ kind: 'name', field: chosen, old: String(whole.expected?.[chosen]) }, null] as const]),
    ],
    uncreated: why,
  });
}

/** The field of a start that has passed, which no request that creates an object takes: it starts at once. */
function pastStart(resource: Resource<never>, fields: Fields, { startedAt = '' }: Surroundings): string | undefined {
  const from = resource.state?.span?.from;
  const start = from === undefined ? undefined : fields[from];
  return typeof start === 'string' && Date.parse(start) <= Date.parse(startedAt) ? from : undefined;
}

/** What an entry states, with the ids that the objects of entries which it names will have: `first` are these entries. */
function withIdsToCome(
  resource: Resource<never>,
  fields: Fields,
  around: Surroundings,
): { ready: Fields; first: readonly Caveat[] } {
  const first: Caveat[] = [];
  const find = (section: string, entry: string): string | null => {
    const [own] = findingsOf(around.findings ?? [], section, entry);
    if (own?.problem !== 'missing' || own.elsewhere !== undefined || wayToCreate(own).kind !== 'create') return null;
    const id = own.whole.expected?.[ID];
    if (typeof id !== 'string' || create(own, around).steps.length === 0) return null;
    first.push({ kind: 'after', section, entry });
    return id;
  };
  const pairs = Object.entries(fields).map(([name, value]): [string, Value] => {
    const type = resource.fields[name]?.type;
    return [name, type === undefined ? value : resolved(type, value, find)];
  });
  return { ready: record(pairs), first };
}

/** How what is missing comes to be there. */
function wayToCreate({ section, others, inForce, whole, identity }: Missing): Way {
  const resource = resourceOf(section);
  // Where there is no way back into use, a new one is needed.
  const canReturn = !inForce || resource.state?.restore !== null;
  if (others > 0 && canReturn) return { kind: inForce ? 'reactivate' : 'have-one-retired' };
  if (whole.twin !== null) return { kind: 'created', id: whole.twin.id, old: null };
  const [taken] = whole.taken;
  const chosen = chosenByStripe(resource, whole.expected ?? {}, identity);
  if (taken !== undefined) return { kind: 'adopt', taken, isNamed: chosen === ID };
  if (chosen !== null) return { kind: 'create-and-name', field: chosen };
  // A new one would not be found by what it can't have yet, and the next run would ask for another.
  const found = identity.paths.map(([field = '']) => field).filter((field) => resource.fields[field]?.later);
  return found.length > 0 ? { kind: 'create-and-set', fields: found } : { kind: 'create' };
}

/** What an entry states and Stripe chooses for each object anew: its id, or an address that finds it; null where there is no such. */
function chosenByStripe(
  { id, fields, identities }: Resource<never>,
  stated: Fields,
  { paths }: Missing['identity'],
): string | null {
  if (id === 'stripe' && stated[ID] !== undefined) return ID;
  const given = identities.find(({ by, value }) => fields[by]?.given && value === undefined)?.by;
  return paths.some(([field]) => field === given) ? (given ?? null) : null;
}

function retire(finding: Unmanaged): Restore {
  const { section, id, url, whole } = finding;
  const resource = resourceOf(section);
  if (stays(finding)) return toDo(finding, { kind: 'stay' }, null);
  const work = id === null ? { caveats: [{ kind: 'retiring' } as const] } : retirement(resource, id, whole, finding);
  return toDo(finding, { kind: 'retire' }, url, work);
}

/** Takes an object out of use, unless others need it. What it refers to itself, and no entry expects, needs nothing more. */
function retirement(
  resource: Resource<never>,
  id: string,
  { ties }: Whole,
  own: Pick<Finding, 'section' | 'name' | 'pending'>,
): Work {
  const needers = ties.needers.filter((one) =>
    one.isLive ? one.isExpected || !one.isMutual || locks(one) : !locks(one),
  );
  const why = (one: Needer) => {
    if (locks(one)) return 'locks';
    return one.isExpected && (one.wants === null || one.wants === id) ? 'expected' : 'active';
  };
  const isTold = ({ section, field, name }: Mention) =>
    (section === own.section && name === own.name) ||
    needers.some((one) => one.section === section && one.field === field && one.entry === name);
  const mentions = ties.mentions.filter((one) => !isTold(one));
  const referring = ties.referrers.filter(
    ({ section, path: [field = ''] }) => resourceOf(section).fields[field]?.needs === undefined,
  );
  return {
    obstacles: [
      ...needers.map((by): Obstacle => ({ kind: 'needed', by, why: why(by) })),
      ...(mentions.length === 0 ? [] : [{ kind: 'named', mentions } as const]),
    ],
    caveats: [
      { kind: 'retiring' },
      ...(own.pending ? [{ kind: 'merge-first', id } as const] : []),
      ...byPlace(referring).map((by) => ({ kind: 'referred', id, by, replaced: false }) as const),
      ...(resource.outside === undefined ? [] : [{ kind: 'outside', id, replaced: false } as const]),
      ...ties.unread.map((one) => ({ kind: 'perhaps-needed', id, ...one, replaced: false }) as const),
    ],
    steps: [[{ kind: 'retire', anew: false, id }, turn(resource, id, 'retire')]],
  };
}

/** Gives the name of the entry that has an object to which either side refers. */
function nameIn({ names }: Whole): (section: string, id: string) => string | null {
  return (section, id) => names[section]?.[id] ?? null;
}

function known(resource: Resource<never>, stated: string): { name: string; field: Field<never> } {
  return fieldOf(resource, stated) as { name: string; field: Field<never> };
}
