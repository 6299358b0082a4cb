import {
  type Actual,
  type Entry,
  type Expected,
  type Fields,
  isRecord,
  type MapNode,
  type Node,
  type Permission,
  type PolicyWord,
  record,
  type Severity,
  type Symptom,
  type Value,
} from '../model.ts';
import { currencyAt } from '../vocabulary/money.ts';
import { type Reference, referencesIn } from '../vocabulary/reference.ts';
import { readShape, shapeSchema } from '../vocabulary/shape.ts';
import type { Context, JsonSchema, Member, Parameter, Shape, Type } from '../vocabulary/type.ts';

/** A field of a kind of Stripe object: its type, its words, and where Stripe's answer holds it. */
export interface Field<Live> extends Member {
  /**
   * The raw value in Stripe's answer; `undefined` when it was not read (not expanded), null when Stripe says none. `now` is
   * when it was read, in milliseconds since 1970.
   */
  read(live: Live, now: number): unknown;
  /** The names in Stripe's answer that `read` reads, where these are not the field's own and its other spellings. */
  readonly from?: readonly string[];
  /** Read, for rules of health and to find an object, and never declared: Stripe decides it. */
  readonly observed?: true;
  /** Can't be changed after creation. */
  readonly fixed?: true;
  /** Where people keep what is their own, maybe of persons: not shown of an object that the file does not declare. */
  readonly own?: true;
  /**
   * What a change of it in Stripe puts at risk, as a sentence; none where nothing but words changes. `to` is what it becomes,
   * `from` what it is: undefined where that is not known here. Null where this change puts nothing at risk.
   */
  readonly risk?: string | ((to: Value | undefined, from: Value | undefined) => string | null);
  /** Of all objects of the kind, active or not, one at a time has a value; `active`: of all active ones. */
  readonly unique?: true | 'active';
  /**
   * The object does its work only while what this refers to is active. `strictly`: and only then is it taken back into use.
   * `locks`: Stripe refuses to retire what it refers to.
   */
  readonly needs?: 'active' | 'strictly' | 'locks';
  /** The field of what this refers to that refers back: Stripe takes no other. */
  readonly mutual?: string;
  /**
   * Fields that no object has besides this value: a new object that states it has none of them from the old one, and where
   * the file takes over a live value that does not go with it, it takes over both.
   */
  excludes?(value: Value): readonly string[];
  /** Stripe takes a moment from now to so many years ahead. */
  readonly yearsAhead?: number;
  /** No request that creates an object says it: it is set when the object is there. */
  readonly later?: true;
  /** Can be changed, but not unset. */
  readonly lasting?: true;
  /** Stripe or the Dashboard sets it, and no request. A text says what a person does instead, or why nobody can, as a clause. */
  readonly given?: true | string;
  /**
   * What a request to Stripe says, where that is not the value under the field's name; null where none says it. `fields` are
   * those of the object that is updated, or created.
   */
  parameters?(
    value: Value,
    request: 'create' | 'update',
    fields: Fields,
  ): { readonly [name: string]: Parameter } | null;
  /** Whether an object's other fields say as much, so that an entry need not state it. */
  implied?(fields: Fields): boolean;
  /** Fields that say one thing with it: where the file takes over a live value of one, it states theirs too. */
  readonly together?: readonly string[];
  /** Fields that say it again in their way: where the file states one and takes over a live value of this one, it takes over both. */
  readonly mirrors?: readonly string[];
  /** What a request has to expand for this value, such as `tiers`; asked for only where the file states the field. */
  expand?(stated: Value): readonly string[];
  /** It is asked for wherever the section is read: a value that lacks a part of it can't be told from one that has none. */
  readonly alwaysExpanded?: true;
  /**
   * Its value is a list of Stripe's own, of which an answer that expands it holds the first page. The others are at this path
   * below the object's.
   */
  readonly rest?: string;
  /**
   * Its value is a list of Stripe's own at this path below the object's, which no answer holds. It is read for each declared
   * object whose entry states the field; `read` finds its items under the name of the path.
   */
  readonly each?: string;
  /** Of a set whose items are objects of their own below this one: how each is added and taken out. */
  readonly items?: Items;
  /** An answer that was asked to expand it and lacks it says that there is none. */
  readonly silent?: true;
  /** What a second request has to expand to see the whole of a value beyond what an entry states, where the answer to the first left parts out. */
  deeper?(fields: Fields, stated: Fields): readonly string[];
}

/** The items of a set that are objects of their own. */
export interface Items {
  /** How Stripe's own command line calls them, such as `product_features`. */
  readonly words: readonly string[];
  /** What a request that adds an item says. */
  parameters(item: string): { readonly [parameter: string]: string };
  /** The id of the object that is an item; null where it is not known. */
  idOf(item: string, fields: Fields): string | null;
}

/** A request to Stripe for one object: new values of fields, a verb of its own (`…/deactivate`), or its deletion. */
export type Request =
  | { readonly kind: 'update'; readonly parameters: { readonly [name: string]: Parameter } }
  | { readonly kind: 'verb'; readonly verb: string }
  | { readonly kind: 'delete' };

/** How an object of a kind is active, and how it is taken out of use. */
export interface State {
  /** Whether an object with these fields is active. */
  inForce(fields: Fields): boolean;
  /** The field by which an entry states it, and what a silent entry expects. None where no entry can. */
  readonly field?: { readonly name: string; readonly expected: Value };
  /**
   * The fields that hold the moments from which and until which an object is active. A silent entry expects no end. A request
   * that creates an object takes no start that has passed.
   */
  readonly span?: { readonly from: string; readonly until: string };
  /** Stripe took it out of use itself, and takes no request that brings it back: a rule of health says so, and no difference. */
  spent?(fields: Fields): boolean;
  /** Null where no request takes an object out of use: at most a person does, in the Dashboard. */
  readonly retire: Request | null;
  /** What an object is that is out of use, where `words.retired` is not true of all. */
  spentWords?(fields: Fields): string;
  /** Objects that Stripe refuses to take out of use, and why, as a clause. */
  readonly kept?: { is(fields: Fields): boolean; readonly why: string };
  /** Null where there is no way back. */
  readonly restore: Request | null;
  /**
   * `retire` is the verb that takes an object out of use, `retired` what it is then, `active` what it is before, `meaning` what
   * follows, as a sentence.
   */
  readonly words: {
    readonly retire: string;
    readonly retired: string;
    readonly active: string;
    readonly meaning: string;
  };
}

/** Whether a request takes an object with these fields out of use. */
export function canRetire({ state }: Resource<never>, fields: Fields): boolean {
  return state != null && state.retire !== null && !state.kept?.is(fields);
}

/** What an entry expects of fields that take an object out of use, where it does not state them. */
export function silentState({
  state,
}: Resource<never>): readonly { readonly name: string; readonly expected: Value }[] {
  const { field, span } = state ?? {};
  return [
    ...(field === undefined ? [] : [field]),
    ...(span === undefined ? [] : [{ name: span.until, expected: null }]),
  ];
}

/** Whether an entry that does not state a field says something by that. */
export function meansBySilence(resource: Resource<never>, field: string): boolean {
  return silentState(resource).some(({ name }) => name === field);
}

/** The state of kinds that are archived by `active: false`. */
export function archivable(meaning: string): State {
  return {
    inForce: ({ active }) => active === true,
    field: { name: 'active', expected: true },
    retire: { kind: 'update', parameters: { active: 'false' } },
    restore: { kind: 'update', parameters: { active: 'true' } },
    words: { retire: 'archive', retired: 'archived', active: 'active', meaning },
  };
}

/** What is charged, which is one statement: an entry that states an amount says all of it, as a request that creates an object does. */
export interface Charge {
  /** The fields that hold an amount. */
  readonly amounts: readonly string[];
  /** What else decides the charge, with what an entry that states an amount means where it leaves that out. */
  unstated(stated: Fields): Fields;
  /** Of these the fields that differ only where the amount does, which tells it. */
  readonly follows?: readonly string[];
  /** What these fields charge, in words; null where they do not tell. */
  words(fields: Fields): ChargeWords | null;
}

/** What somebody is charged, or spared. */
export interface ChargeWords {
  /** As people say it: `19.00 USD every month`. */
  readonly words: string;
  /** Its one amount, a decimal; null where it has none or several. */
  readonly amount: string | null;
  /** All but the amount: two charges with the same can be compared in per cent. */
  readonly basis: string;
  /** The fields that it tells. */
  readonly fields: readonly string[];
}

/** Query parameters of a list. */
export type Query = { readonly [name: string]: string };

/** What is known of a live object while its entry is named. */
export interface Around {
  /** The name of the entry that a field of the object refers to; null where there is none. */
  refer(field: string): string | null;
  /** A value of the object's metadata that names it and no other object of its section; null where there is none. */
  readonly key: string | null;
}

/** What an object may be called: text of any kind, of which names are made. */
export interface Naming {
  /** Keys that its owner gave it, best first: kept as they are spelled where that makes a name. */
  readonly keys?: readonly (string | null)[];
  /** What people might call it, best first; null and text without letters are passed over. */
  readonly names: readonly (string | null)[];
  /** What tells it from another of the same name, most telling first. Objects of one kind have equally many. */
  readonly marks: readonly (string | null)[];
}

/** A field that finds an object, or a name `within` one. `also` may name what is inside of one, after dots. */
export interface Identifying {
  readonly by: string;
  readonly within?: string;
  readonly also?: readonly string[];
  readonly portable?: true;
  /** The one value that finds it, where others don't: `is_default` does if it is true. */
  readonly value?: Value;
}

/** Whether these fields have what finds an object. */
export function finds(finder: Identifying, fields: Fields): boolean {
  const value = valueAt(fields, finderPath(finder)) ?? null;
  return value !== null && (finder.value === undefined || value === finder.value);
}

/** Where the value is that finds an object. */
export function finderPath({ by, within }: Identifying): readonly string[] {
  return within === undefined ? [by] : [by, within];
}

/** The same, with what belongs to it and is there. */
export function finderPaths(
  resource: Resource<never>,
  finder: Identifying,
  fields: Fields,
): readonly (readonly string[])[] {
  const also = (finder.also ?? []).map((name) => pathIn(resource, name));
  return [finderPath(finder), ...also.filter((path) => valueAt(fields, path) != null)];
}

/** What finds an object, as people write it. */
export function finderWords(finder: Identifying): string {
  const name = finderPath(finder).join('.');
  return finder.value === undefined ? name : `${name}: ${finder.value}`;
}

/** All that this project knows of one kind of Stripe object. A new kind is one such value and one line in the registry. */
export interface Resource<Live = unknown> {
  /** The section in the file, the registry's key and this file's name. */
  readonly section: string;
  /** One object, for sentences: `webhook endpoint`. */
  readonly kind: string;
  /** What older APIs and other tools call the section, in lower case. */
  readonly formerly?: readonly string[];
  /** Words of others that no field has under another name, with what to do instead, as a sentence. */
  readonly instead?: { readonly [word: string]: string };
  readonly description: string;
  /** An entry as people write it, YAML below the section's key, for the reference. */
  readonly example: string;
  readonly fields: { readonly [name: string]: Field<Live> };
  /**
   * Fields of one form of which Stripe adds more from time to time, such as one for each payment method. `fields` lists those
   * that this version knows; the registry has it give a field for the name of any other, too.
   */
  readonly open?: OpenFields<Live>;
  /** `single`: the section is one object, whose fields stand in it directly. It is never missing, ambiguous or undeclared. */
  readonly shape?: 'single';
  /** Who chooses the id, by which an entry finds its object first; null where there is none. */
  readonly id: 'stripe' | 'owner' | null;
  /** What an id begins with that Stripe chose, such as `price_`; absent where that tells no kind. */
  readonly prefix?: string;
  /** Objects that older APIs made have ids of any form. */
  readonly hasLegacyIds?: true;
  /** What ids that Stripe made look like in code: a beginning and so many letters and digits, so that no placeholder is taken for one. */
  readonly inCode?: { readonly prefix: string; readonly lengths: readonly number[] };
  /** A field besides the id by which code asks for objects; `aside`: words near which it is another kind's. */
  readonly keyInCode?: { readonly field: string; readonly aside: readonly string[] };
  /** Its objects send events of the types in this field to code, which an entry may name as `handler`; `all` stands for every type. */
  readonly sends?: { readonly field: string; readonly all: string };
  /**
   * Fields besides the id that find an object, best first. `also` belongs to the identity where the entry states it. What is
   * `portable` is chosen by the account's owner and stays when an object is made anew: an exported entry states it instead
   * of the id.
   */
  readonly identities: readonly Identifying[];
  readonly charge?: Charge;
  /** Null where an object is always active. */
  readonly state: State | null;
  /** Null where Stripe documents none for it: only its refusal names one. */
  readonly permission: Permission | null;
  readonly source: {
    readonly path: string;
    /**
     * How it is read: a list of Stripe's API v1, whose pages follow an object; one of v2, whose pages name the next one, whose
     * times are texts, and where `include` expands; or one object.
     */
    readonly list: 'v1' | 'v2' | 'single';
    /** The query that lists active objects; without `retired` it lists all of them. */
    readonly inForce: Query;
    readonly retired?: Query;
    /** The list takes `created` as a filter. */
    readonly created?: true;
  };
  /** What an account may lack where Stripe does not answer for it, as a sentence that says what to do. */
  readonly unready?: string;
  /** Few accounts have it configured: an export has it only where it is asked for. */
  readonly unusual?: true;
  /** What an object that the file does not declare is, where `policy.unmanaged` does not say it. Absent: a warning. */
  readonly unmanaged?: PolicyWord;
  /**
   * Why an object is not the account's own configuration, such as one that Stripe made itself or one of a customer: follows
   * "since it ". Null where it is. Nothing of such an object is kept, and no entry finds it.
   */
  skip?(live: Live): string | null;
  /**
   * Another section that shows some objects too, by the same ids, and is their home: what is declared in either section is
   * declared, and nothing is told of an object twice. Where entries of both find it, that of its home is compared.
   */
  readonly same?: { readonly section: string; has(object: Pick<Actual, 'id' | 'fields'>): boolean };
  /**
   * Identities that can be asked for without reading a list: by `path` (one request each), or by a parameter of the list that
   * takes so many values. One that takes a single value may give several objects.
   */
  readonly lookUp: { readonly [identity: string]: { readonly query: string; readonly batch: number } };
  label(live: Live): string;
  /** What its entry may be called. */
  naming(fields: Fields, around: Around): Naming;
  /**
   * What an object has in common with its like in the account's other mode, where ids differ: in these fields references
   * are names of entries, as far as there are any. `refer` gives the name that a field has. Null where nothing tells.
   */
  likeness(fields: Fields, refer: Around['refer']): string | null;
  /**
   * What tells an object from others once the field that finds it was changed, from what an entry states besides (`all`: with
   * that field), or from all that is live: an entry and an object that have one of these in common, and contradict each other
   * in nothing, are one that was renamed. Absent where the rule for any kind is enough (matching/marks.ts): metadata, or several fields.
   */
  traces?(fields: Fields, all: Fields): readonly string[];
  /** The reference by which the entries of a file stand together, each group under the name of what they refer to. */
  readonly groupedBy?: string;
  /** The path of its page in the Dashboard, before the id. */
  readonly dashboard: string;
  /** An object has no page of its own: links lead to the list. */
  readonly hasNoPage?: true;
  /** The path of the page in the Dashboard that lists them, where it is another. */
  readonly overview?: string;
  /** How Stripe's own command line calls it; null where it is changed in the Dashboard alone. */
  readonly command: {
    /**
     * Such as `billing meters` in `stripe billing meters update …`. Null where it has no such words: then it posts to the path.
     */
    readonly words: readonly string[] | null;
    /** Its requests are one JSON object each, as those of Stripe's API v2. */
    readonly inJson?: true;
    /**
     * What a request that creates one says besides the fields of the entry; the name of one that is not stated where these
     * are not enough; null where no request creates such an object.
     */
    creation(fields: Fields): { readonly [parameter: string]: string } | string | null;
    /** What a person does where no request creates such an object, as a sentence; null where there is nothing to say. */
    byHand?(fields: Fields): string | null;
    /** What it says besides where the new one takes the place of `old`. Absent, or null: that can't be done by commands. */
    replacement?(fields: Fields, old: Fields): { readonly [parameter: string]: string } | null;
  } | null;
  /** What to do after creating another in place of one whose fixed field is wrong: follows "create a new …, ". */
  readonly replacing: string;
  /** What that puts at risk, as a sentence, in which `the old KIND` stands for the object that is replaced. */
  readonly replacingRisk: string;
  /** What a person does between step 1, which creates the new one, and the step that retires this one: a step in words. */
  readonly handover?: string;
  /** Where people name one by its id besides the file, and what fails there once it is out of use. */
  readonly outside?: { readonly places: string; readonly fails: string };
  /** What it means that the new one gets what `command.replacement` moves: follows "From step 1 on, ". */
  readonly moving?: string;
  /** How much one does, to tell it from its like, such as `6 events`. */
  extent?(fields: Fields): string | null;
  /** What several of them in use at a time do, as a sentence. */
  readonly several?: string;
  /** What creating one asks for besides, as a sentence. */
  readonly creating?: string;
  /** What the schema can't say of an entry's fields taken together. */
  check?(stated: ReadonlyMap<string, Entry>, fields: Fields, context: EntryContext): void;
  /** What is wrong with an entry beside the other entries of the file. */
  checkBeside?(entry: Expected, others: Declarations, complain: Context['complain']): void;
  /** So many objects of the kind an account can have; more of them in a file is a warning. */
  readonly most?: number;
  /** Where it refers to objects that the rules of health look at, `*` for any item: these are always read, where the file has their section. */
  readonly healthOf?: readonly (readonly string[])[];
  /** The rules of health look at all active objects of the section: its list is always read. */
  readonly healthOfAll?: true;
  /** The rules of health, by ids that no other kind has. */
  readonly healthRules?: { readonly [id: string]: HealthRule };
  /**
   * What is wrong with a declared object that is as declared. `other` is undefined where an object was not read: then stay
   * silent. What ends by `soon`, in milliseconds since 1970, is about to.
   */
  health?(actual: Actual, fields: Fields, others: Others, soon: number): Symptom[];
  /** What is wrong with all objects of the section together, active or not; with `healthOfAll`, and a list that has all of them. */
  healthOfSection?(objects: readonly Actual[]): Symptom[];
  /**
   * What two active objects should not have in common: a rule of health looks at those that do. Null where an entry states
   * too little for all of it to be read, whatever other entries state.
   */
  alike?(fields: Fields, stated: Fields): string | null;
}

/** Fields of one form, of which there will be more. */
export interface OpenFields<Live> {
  /** What one is about, in a sentence: `payment method`. */
  readonly what: string;
  /** The form of their names. */
  readonly name: RegExp;
  field(name: string): Field<Live>;
  /** The names of those that an object has. */
  of(live: Live): readonly string[];
}

/** A rule of health, as people read of it. */
export interface HealthRule {
  /** Its severity where the file's policy says nothing of it. */
  readonly severity: Severity;
  /** What it finds, as a clause without a full stop. */
  readonly finds: string;
}

/** What checking an entry needs to know. */
export interface EntryContext extends Context {
  /** No field of the entry was left out as wrong: what is not stated is not there. */
  readonly complete: boolean;
}

/** The entries of a file. */
export interface Declarations {
  /** The entry that a reference of the file means, by its name or by the id that it states. */
  find(section: string, reference: Value | undefined): Expected | undefined;
  /** The entries of a section, in the order of the file. */
  all(section: string): readonly Expected[];
}

/** The live objects around one, for health rules. */
export interface Others {
  find(section: string, id: string): Actual | undefined;
  /** Every active object of a section; undefined when the section was not read whole. */
  all(section: string): readonly Actual[] | undefined;
  /** The active objects that entries declare, and that have in common with one what two should not (`alike`), itself among them, in the order of the file; none where it is the only one. */
  alike(section: string, id: string): readonly Actual[];
}

/** The object that a value refers to, where it is out of use; undefined where it is active, or was not read. */
export function outOfUse({ find }: Others, section: string, value: Value | undefined): Actual | undefined {
  const found = typeof value === 'string' ? find(section, value) : undefined;
  return found?.inForce === false ? found : undefined;
}

/** The kind with a field for each name that one of its open fields may have. What lists its fields lists those that this version knows. */
export function opened<Live>(resource: Resource<Live>): Resource<Live> {
  const { open, fields } = resource;
  if (open === undefined) return resource;
  const others = new Map<string, Field<Live>>();
  const get = (listed: Resource<Live>['fields'], name: string | symbol): Field<Live> | undefined => {
    if (typeof name === 'symbol' || Object.hasOwn(listed, name) || !open.name.test(name))
      return Reflect.get(listed, name);
    const known = others.get(name) ?? open.field(name);
    others.set(name, known);
    return known;
  };
  return { ...resource, fields: new Proxy(fields, { get }) };
}

/** Whether a name is that of an open field which this version does not list. */
function isOther({ fields, open }: Resource<never>, name: string): boolean {
  return open?.name.test(name) === true && !Object.hasOwn(fields, name) && name !== 'match';
}

/** Of some names those of open fields that this version does not list, with their fields. */
function othersAmong(resource: Resource<never>, names: readonly string[]): { [name: string]: Field<never> } {
  if (resource.open === undefined) return {};
  const others = names.filter((name) => isOther(resource, name));
  return Object.fromEntries(others.map((name) => [name, resource.fields[name] as Field<never>]));
}

/** What an object has of a field; undefined where its answer did not hold it. Of an open field that this version does not list it has nothing then. */
export function liveValue(resource: Resource<never>, fields: Fields, name: string): Value | undefined {
  return fields[name] ?? (isOther(resource, name) ? null : fields[name]);
}

/** The requests that reading a kind makes, as its permission has to allow them. */
export function requestsOf(resource: Resource<never>): string[] {
  const { path } = resource.source;
  const below = [
    ...pagedFields(resource).map(([, rest]) => rest),
    ...listsBelow(resource, Object.keys(resource.fields)),
  ];
  const ids = 'id' in resource.lookUp ? [`GET ${path}/ID`] : [];
  return [`GET ${path}`, ...ids, ...below.map((list) => `GET ${path}/ID/${list}`)];
}

/** Works something out about a kind once, however often it is asked: kinds never change. */
function once<Made>(make: (resource: Resource<never>) => Made): (resource: Resource<never>) => Made {
  const made = new WeakMap<Resource<never>, Made>();
  return (resource) => {
    const known = made.get(resource) ?? make(resource);
    made.set(resource, known);
    return known;
  };
}

/** The fields whose values are lists of their own, each with the path of its further pages. */
export const pagedFields = once(({ fields }) =>
  Object.entries<Field<never>>(fields).flatMap(([name, { rest }]) =>
    rest === undefined ? [] : [[name, rest] as const],
  ),
);

/** The lists below an object that hold the values of some fields, each once. */
export function listsBelow({ fields }: Resource<never>, names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => fields[name]?.each ?? []))];
}

/** The items of a list of Stripe's within an object; undefined where it goes on. What is no such list stays as it is. */
export function itemsOf(raw: unknown): unknown {
  if (!isRecord(raw) || !Array.isArray(raw.data)) return raw;
  return raw.has_more === true ? undefined : raw.data;
}

/** A raw object of Stripe's, reduced to its fields as they are now. Called as each page arrives; the page is not kept. */
export function toActual<Live extends { id?: unknown; created?: unknown }>(
  resource: Resource<Live>,
  live: Live,
  now: number,
): Actual {
  const fields: { [name: string]: Value } = record([]);
  const keep = (name: string) => {
    const { type, read, rest } = resource.fields[name] as Field<Live>;
    const raw = rest === undefined ? read(live, now) : itemsOf(read(live, now));
    if (raw !== undefined) fields[name] = type.actual(raw);
  };
  for (const name in resource.fields) keep(name);
  for (const name of resource.open?.of(live) ?? []) if (!(name in fields)) keep(name);
  const id = idOf(resource, live);
  const label: unknown = resource.label(live);
  return {
    id,
    label: typeof label === 'string' && label !== '' ? label : id,
    fields,
    inForce: resource.state?.inForce(fields) ?? true,
    created: createdAt(live),
  };
}

/** When an object was created, in seconds since 1970: a number in Stripe's API v1, a text in v2. Null where Stripe does not say. */
export function createdAt({ created }: { readonly created?: unknown }): number | null {
  const seconds = typeof created === 'string' ? Math.floor(Date.parse(created) / 1000) : created;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : null;
}

/** The id of a raw object. One that is alone in its section may have none: the section stands for it. */
export function idOf({ section }: { readonly section: string }, { id }: { readonly id?: unknown }): string {
  return typeof id === 'string' ? id : section;
}

/** An object with what its answer did not hold: a list that was read below it. */
export function withList(resource: Resource<never>, actual: Actual, list: string, data: readonly unknown[]): Actual {
  const live = { [list]: data } as never;
  const fields = Object.entries<Field<never>>(resource.fields).flatMap(
    ([name, { each, type, read }]): [string, Value][] => (each === list ? [[name, type.actual(read(live, 0))]] : []),
  );
  return { ...actual, fields: record([...Object.entries(actual.fields), ...fields]) };
}

/** A raw object of Stripe's with nothing in it but what its fields read, its id and its time: what a snapshot keeps. */
export function reduced(
  resource: Resource<never>,
  raw: { readonly [name: string]: unknown },
): {
  [name: string]: unknown;
} {
  const types = new Map<string, Type[]>([
    ['id', []],
    ['created', []],
  ]);
  const others = othersAmong(resource, resource.open?.of(raw as never) ?? []);
  for (const [name, { type, also = {}, from }] of Object.entries({ ...resource.fields, ...others }))
    for (const key of from ?? [name, ...Object.keys(also)]) types.set(key, [...(types.get(key) ?? []), type]);
  const paged = new Set(pagedFields(resource).map(([name]) => name));
  return record(
    [...types].flatMap(([name, readers]) => {
      const value = paged.has(name) ? itemsOf(raw[name]) : raw[name];
      return value === undefined ? [] : [[name, pruned(value, readers)] as const];
    }),
  );
}

/** A raw value without the names that none of these types reads; of an object that an answer holds expanded, the id. */
function pruned(raw: unknown, types: readonly Type[]): unknown {
  const within = (step: string) => types.flatMap((type) => type.inner?.(step) ?? []);
  if (Array.isArray(raw)) return raw.map((item) => pruned(item, within('0')));
  if (!isRecord(raw)) return raw;
  if (types.every(({ inner }) => inner === undefined)) return raw.id ?? null;
  return record(
    Object.entries(raw).flatMap(([name, value]) => {
      const readers = within(name);
      return readers.length === 0 ? [] : [[name, pruned(value, readers)] as const];
    }),
  );
}

/** The fields that a file can state. */
export const declarable = once(({ fields }): { readonly [name: string]: Field<never> } =>
  Object.fromEntries(Object.entries(fields).filter(([, { observed }]) => !observed)),
);

/** The same with the open fields that an object has, or an entry states, and this version does not list. */
export function declarableIn(
  resource: Resource<never>,
  names: readonly string[],
): { readonly [name: string]: Field<never> } {
  const listed = declarable(resource);
  return resource.open === undefined ? listed : { ...listed, ...othersAmong(resource, names) };
}

/** The field by which an entry states an amount; undefined where it states none. */
export function amountOf({ charge }: Resource<never>, fields: Fields): string | undefined {
  return charge?.amounts.find((name) => fields[name] != null);
}

/** What an entry means of the fields that decide the charge and that it leaves out. Nothing where it states no amount. */
export function unstatedCharge(resource: Resource<never>, fields: Fields): Fields {
  if (resource.charge === undefined || amountOf(resource, fields) === undefined) return {};
  return record(Object.entries(resource.charge.unstated(fields)).filter(([name]) => !(name in fields)));
}

/** Whether a field decides what is charged. */
export function isCharged({ charge }: Resource<never>, field: string): boolean {
  return (
    charge !== undefined && (charge.amounts.includes(field) || field === 'currency' || field in charge.unstated({}))
  );
}

/** The fields that find an object, best first: the id, where there is one, and the others. */
export function findersOf({ id, identities }: Resource<never>): readonly Identifying[] {
  return [...(id === null ? [] : [{ by: ID }]), ...identities];
}

/** The field that holds the id, in every kind that has one. */
export const ID = 'id';

/** What an entry of the file states, read with the types of its fields. `complete`: no field of it was left out as wrong. */
export function readEntry(
  resource: Resource<never>,
  node: Node,
  context: Context,
  complete: boolean,
): { fields: Fields; stated: ReadonlyMap<string, Entry> } {
  if (node.kind !== 'map') return { fields: {}, stated: new Map() };
  const shape: Shape = declarableIn(resource, [...node.entries.keys()]);
  const { fields, stated } = readShape(shape, node, context);
  noticeOthers(resource, node, context);
  const complain: Context['complain'] = (at, message, severity) => {
    if (complete || (severity ?? 'error') === 'error') context.complain(at, message, severity);
  };
  resource.check?.(stated, fields, { ...context, complain, complete });
  return {
    fields: record(
      Object.keys(shape).flatMap((name) => (name in fields ? [[name, fields[name] as Value] as const] : [])),
    ),
    stated,
  };
}

/** Says what an open field that this version does not list is likely to mean. */
function noticeOthers(resource: Resource<never>, { entries }: MapNode, { complain, typo, nearest }: Context): void {
  const { open } = resource;
  if (open === undefined) return;
  const { properties = {}, formerly = {} } = entrySchema(resource);
  const known = Object.keys(properties);
  for (const { name, at } of entries.values()) {
    if (Object.hasOwn(properties, name)) continue;
    const meant = typo(name, known);
    const hint = Object.hasOwn(formerly, name) ? ` ${formerly[name]}` : meant && ` Did you mean ${meant}?`;
    if (hint !== null || !open.name.test(name)) complain(at, `is not known here.${hint ?? nearest(name, known)}`);
    else complain(at, `is not a ${open.what} that this program knows.${nearest(name, known)}`, 'doubt');
  }
}

const glob = {
  pattern: '^!?(?!/|[A-Za-z]:)(?!(?:.*/)?\\.\\.(?:/|$)).',
  patternErrorMessage: 'Expected a glob within the repository, from its top, such as src/webhooks/**.',
};

/** A glob of code, from the top of the repository. */
export const globSchema: JsonSchema = { type: 'string', minLength: 1, ...glob };

/** One of them, or a list. */
export const globsSchema: JsonSchema = {
  type: ['string', 'array'],
  minLength: 1,
  ...glob,
  allOf: [{ items: globSchema, minItems: 1 }],
};

/** Globs of the code that receives what an object sends. */
const handlerSchema: JsonSchema = {
  ...globsSchema,
  description:
    'The code that receives the events of this endpoint: a glob, or a list of globs, from the top of the repository; one with `!` in front takes files out. It is not sent to Stripe. Event types that the code names but the endpoint does not send are reported (`unsubscribed`), and those that it sends but the code never names (`unhandled`).',
  examples: ['src/webhooks/**'],
};

/** The JSON Schema of an entry; of a single object, of its section. */
export const entrySchema = once((resource): JsonSchema => {
  const schema = shapeSchema(declarable(resource));
  const match: JsonSchema = {
    type: ['string', 'array'],
    minLength: 1,
    // In a branch of its own: else editors begin with a list, where one field is what people write.
    allOf: [{ items: { type: 'string', minLength: 1 }, minItems: 1 }],
    description:
      'The fields that find the object in Stripe, instead of `id` or the other fields that find one. The entry must state each of them. Write a name inside a map after a dot: `metadata.plan`.',
    examples: ['metadata.plan'],
  };
  return {
    ...schema,
    title: resource.kind,
    description: resource.description,
    properties: {
      ...(resource.shape !== 'single' && { match }),
      ...(resource.sends && { handler: handlerSchema }),
      ...schema.properties,
    },
    ...(resource.open && { additionalProperties: othersSchema(resource.open) }),
    ...((schema.formerly ?? resource.instead) && { formerly: { ...schema.formerly, ...resource.instead } }),
  };
});

const spellings = once(
  ({ fields }) =>
    new Map(
      Object.entries(fields).flatMap(([name, field]: [string, Field<never>]) =>
        [name, ...Object.keys(field.also ?? {})].map((spelling) => [spelling, { name, field }] as const),
      ),
    ),
);

/** What stands under the name of an open field that this version does not list. */
function othersSchema({ field, what }: OpenFields<never>): JsonSchema {
  const { type, description } = field(`a ${what}`);
  return { ...type.schema, description };
}

/** A field by any of its spellings, under its main name. */
export function fieldOf(
  resource: Resource<never>,
  spelling: string,
): { name: string; field: Field<never> } | undefined {
  const { [spelling]: other } = othersAmong(resource, [spelling]);
  return other === undefined ? spellings(resource).get(spelling) : { name: spelling, field: other };
}

/** A field's main name: spellings of one statement are one field. A name that is no field's stays as it is. */
export function mainName(resource: Resource<never>, spelling: string): string {
  return fieldOf(resource, spelling)?.name ?? spelling;
}

/** The type at a path that begins with a field, if the path leads to one. */
export function typeAt(resource: Resource<never>, path: readonly string[]): Type | undefined {
  const [field = '', ...rest] = path;
  const isField = Object.hasOwn(resource.fields, field) || isOther(resource, field);
  const top = isField ? resource.fields[field]?.type : undefined;
  return rest.reduce<Type | undefined>((type, name) => type?.inner?.(name), top);
}

/** A path as people write it, such as `metadata.plan`: a name that the user chose may have dots itself. */
export function pathIn(resource: Resource<never>, dotted: string): string[] {
  const [field = '', ...rest] = dotted.split('.');
  const path = [field];
  while (rest[0] !== undefined) {
    const isNamed = Object.hasOwn(typeAt(resource, path)?.schema.properties ?? {}, rest[0]);
    path.push(rest.splice(0, isNamed ? 1 : rest.length).join('.'));
  }
  return path;
}

/** What changing a field in Stripe from one value to another puts at risk; null where nothing is. */
export function riskOf({ risk }: Field<never>, to: Value | undefined, from: Value | undefined): string | null {
  return typeof risk === 'function' ? risk(to, from) : (risk ?? null);
}

/** Whether what is at a path that begins with a field can't be changed after creation. */
export function isFixedAt(resource: Resource<never>, path: readonly string[]): boolean {
  const [field = ''] = path;
  return (
    resource.fields[field]?.fixed === true ||
    path.some((_, depth) => typeAt(resource, path.slice(0, depth + 1))?.fixed === true)
  );
}

/** Whether what is at a path that begins with a field means nothing in the other mode. */
export function isOfModeAt(resource: Resource<never>, path: readonly string[]): boolean {
  return path.some((_, depth) => typeAt(resource, path.slice(0, depth + 1))?.ofMode === true);
}

/** A value that is text; null for any other, and for none. */
export function textOf(value: Value | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** The value at a path, of an object's fields. */
export function valueAt(fields: Fields, path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>(
    (value, step) =>
      Array.isArray(value) ? value[Number(step)] : isRecord(value) ? (value as Fields)[step] : undefined,
    fields,
  );
}

/** Traces (see `Resource`) of metadata, a name and its value each. */
export function metadataTraces({ metadata }: Fields): string[] {
  return Object.entries(isRecord(metadata) ? metadata : {}).flatMap(([name, value]) =>
    value === null ? [] : [JSON.stringify(['metadata', name, value])],
  );
}

/** Traces of which each is any two of these fields. */
export function pairTraces(fields: Fields, names: readonly string[]): string[] {
  const set = names.flatMap((name) =>
    typeof (fields[name] ?? null) === 'string' ? [[name, fields[name]] as const] : [],
  );
  return set.flatMap((one, index) => set.slice(index + 1).map((other) => JSON.stringify([one, other])));
}

/** A value as it finds an object: equal for two that Stripe takes for the same. */
export function folded(resource: Resource<never>, path: readonly string[], value: Value): Value {
  return typeof value === 'string'
    ? (typeAt(resource, path)?.folded?.(value) ?? value)
    : identifying(resource, path, value);
}

/** A value as people read it where it finds an object: of a map what tells the object. */
export function identifying(resource: Resource<never>, path: readonly string[], value: Value): Value {
  return isRecord(value) ? (typeAt(resource, path)?.identifier?.(value as Value) ?? (value as Value)) : value;
}

/** The currency of an amount at a path that begins with a field; null where the fields do not tell. */
export function currencyIn(resource: Resource<never>, fields: Fields, path: readonly string[]): string | null {
  return currencyAt(
    path,
    (at) => typeAt(resource, at),
    (at) => valueAt(fields, at),
  );
}

/** All values at a path in which `*` stands for any item. */
export function valuesAt(fields: Fields, path: readonly string[]): Value[] {
  return path.reduce<readonly Value[]>(
    (values, step) =>
      values.flatMap((value) => {
        if (step === '*') return Array.isArray(value) ? value : [];
        const inner = isRecord(value) ? (value as Fields)[step] : undefined;
        return inner === undefined ? [] : [inner];
      }),
    [fields],
  ) as Value[];
}

/** All that the fields of an object refer to, each with its path, which begins with the field. */
export function referencesOf(resource: Resource<never>, fields: Fields): Reference[] {
  const found: Reference[] = [];
  for (const [field, value] of Object.entries(fields)) {
    const type = resource.fields[field]?.type;
    if (type !== undefined) referencesIn(type, value, [field], found);
  }
  return found;
}
