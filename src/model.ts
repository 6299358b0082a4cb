/** The nouns of the program: what the other rooms hand to each other. This file imports nothing. */

/** A value of a field, the same shape for the file's side and Stripe's. A decimal is a canonical string. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** Makes what `Object.create(null)` makes, in half the space: V8 lays such an object out like those of a class. */
const Bare = function Bare() {} as unknown as new () => { [name: string]: never };
Bare.prototype = Object.create(null);

/** An object that inherits nothing, so that `__proto__` and `constructor` are names like others. */
export function record<T>(pairs: Iterable<readonly [string, T]>): { [name: string]: T } {
  const result: { [name: string]: T } = new Bare();
  for (const [name, value] of pairs) result[name] = value;
  return result;
}

/** Items in groups of those with an equal key, each in their order. */
export function grouped<K, T>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, [T, ...T[]]> {
  const groups = new Map<K, [T, ...T[]]>();
  for (const item of items) append(groups, keyOf(item), item);
  return groups;
}

/** Puts an item at the end of the group of a key. */
export function append<K, T>(groups: Map<K, [T, ...T[]]>, key: K, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}

export function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Fields of an object by Stripe's name. A field that is absent was not stated (file) or not read (Stripe). */
export type Fields = { readonly [field: string]: Value };

/** What stands for the path of standard input, which is no file. */
export const STDIN = '<stdin>';

/** The name of the entry of a section that is one object: it has none. */
export const SINGLE = '';

/** The name of an entry as reports hold it; null where there is none. */
export function nameOfEntry({ name }: { readonly name: string | null }): string | null {
  return name === SINGLE ? null : name;
}

/** Where an entry is: its section and its name, if it has one. */
export function entrySteps({ section, name }: { readonly section: string; readonly name: string }): string[] {
  return name === SINGLE ? [section] : [section, name];
}

/** What stands for an entry, by its name, or for an object, by its id, in a map over sections. */
export function keyIn(section: string | null, nameOrId: string | null): string {
  return JSON.stringify([section, nameOrId]);
}

/** A stretch of a file, lines and columns counted from 1; `endColumn` is exclusive. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A piece of the configuration file: what it says, as it is spelled, and where. */
export type Node = ScalarNode | ListNode | MapNode;
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The text as written, without quotes: `1.10` stays `1.10`. */
  readonly text: string;
  readonly at: Place;
}
export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly at: Place;
}
export interface MapNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly at: Place;
}
/** A name and its value in a map; `at` is the place of the name. */
export interface Entry {
  readonly name: string;
  readonly at: Place;
  readonly node: Node;
  /** Where an environment lays a map over another: the place of the name in the environment. */
  readonly overlaid?: Place;
}

/** The two modes of a Stripe account; a key belongs to one of them. */
export type Mode = 'live' | 'test';

/** An object that the file declares. */
export interface Expected {
  readonly section: string;
  readonly name: string;
  /** Only what the file states, in the order of the resource's fields. */
  readonly fields: Fields;
  /** How the entry finds its object: paths into `fields`, and the values there. */
  readonly identity: Identity;
  /** The place of a name in the file, as deep as the file goes, else of the entry's. The path begins with the field. */
  at(path?: readonly string[]): Place;
  /** The place of a field's name: of the layer, base or environment, that decided what is at the path below it. */
  decided(field: string, path: readonly string[]): Place;
  /** The name under which the file states a field: `unit_amount_decimal` for `unit_amount`. */
  spelling(field: string): string;
  /** Every name that it states, in alphabetical order: spellings of one field each by itself, `match` and `handler`. */
  readonly stated: readonly string[];
  /** Globs of the code that receives what its object sends; null where it states none. */
  readonly handler: readonly Stated<string>[] | null;
}

/** What an entry is found by: `paths` such as `['lookup_key']` or `['metadata', 'plan']`, with their values. */
export interface Identity {
  readonly paths: readonly (readonly string[])[];
  readonly values: readonly Value[];
}

/** An object that is live. Only fields that can be declared are held. */
export interface Actual {
  readonly id: string;
  /** What a person calls it: a name, a nickname, a URL. */
  readonly label: string;
  readonly fields: Fields;
  readonly inForce: boolean;
  /** When it was created, in seconds since 1970; null where Stripe does not say. */
  readonly created: number | null;
}

/**
 * One difference within a field. For a set: `expected` alone for a word that is missing, `actual` alone for an extra one. Between
 * two realms `expected` is what the first one has, `actual` what the second one has.
 */
export interface Change {
  readonly path: readonly string[];
  readonly expected?: Value;
  readonly actual?: Value;
  /** What of `actual` is not shown. */
  readonly hidden?: Hidden;
}

/** `value`: all of it; `undeclared`: which object it refers to, since the file declares no such; both leave the word `differs`.
 *  `part`: the secrets within it, which are all that differs. */
export type Hidden = 'value' | 'undeclared' | 'part';

/** The most severe first. */
export const severities = ['error', 'warning', 'notice'] as const;
export type Severity = (typeof severities)[number];
export type Problem =
  | 'invalid'
  | 'missing'
  | 'changed'
  | 'ambiguous'
  | 'unmanaged'
  | 'unhealthy'
  | 'unsubscribed'
  | 'unhandled'
  | 'dangling';

/** Problems whose severity the file's policy can set, with what each means. */
export const policyProblems = {
  missing: 'in the file, but not in Stripe',
  changed: 'in both, but a field differs',
  ambiguous: 'several objects in Stripe match one entry, or several entries match one object',
  unmanaged: 'active in Stripe, but not in the file',
  unhealthy: 'matches the file, but does not work properly',
  unsubscribed: 'an event type that the code handles, but no declared endpoint sends',
  unhandled: 'an event type that an endpoint sends, but its handler never names',
  dangling: 'an id or lookup key in the code of an object that is not active in Stripe',
} as const satisfies { [P in Exclude<Problem, 'invalid'>]: string };

/** What a policy may say besides, of differences of every problem. */
export const pendingMeaning =
  'the pull request declares it, and Stripe does not have it yet. It can lower the severity of the problem, but not raise it. A field that had drifted before keeps its own severity';

/** What a policy may say of a problem. */
export const policyWords = [...severities, 'ignore'] as const;

interface FindingOf<P extends Problem> {
  readonly problem: P;
  readonly severity: Severity;
  readonly at: Place;
  /** The pull request states this and Stripe does not have it yet; without it a difference is drift, which was so before. */
  readonly pending?: true;
  /** What is pending differed from the file before as well: the pull request states another value, and Stripe has neither. */
  readonly drifted?: true;
  /** Two realms were compared with each other, and not the file with one. */
  readonly pair?: Pair;
}
/** What a key reads, and a snapshot holds: one mode of an account, or of its sandbox. Two of them can be compared with each other. */
export interface Realm {
  /** What it is called: its mode or, where both are of one mode, its account. */
  readonly name: string;
  readonly mode: Mode;
  readonly account: string | null;
  /** The connected account that was read, by a key of its platform. */
  readonly connected: string | null;
  readonly environment: string;
  readonly key: KeyInHand | null;
}
/** One of two realms, in the order in which they are named. */
export type Which = 0 | 1;
/** Something of each of two realms. */
export type Both<T> = readonly [T, T];

export function both<T>(of: (which: Which) => T): Both<T> {
  return [of(0), of(1)];
}

/** The other one of two realms. */
export function otherThan(which: Which): Which {
  return which === 0 ? 1 : 0;
}
/** What a finding is about in each of two realms that were compared with each other. */
export interface Pair {
  /** What the realms are called, and the environments of the file that they are compared by. */
  readonly realms: Both<Pick<Realm, 'name' | 'environment'>>;
  /** The object in each, null where there is none. Both are null where they may not be named. */
  readonly objects: Both<Subject | null>;
  /** Which has what the file says, where one does and the other does not. */
  readonly agreeing?: Which;
  /** In which realm an entry is ambiguous. */
  readonly ambiguous?: Which;
  /** The file declares the object in the other realm, by this entry, and not in this one. */
  readonly declared?: { readonly which: Which; readonly entry: string };
  /** That both objects are one entry's is only told by what they have in common. */
  readonly alike?: true;
  /** Of a field that differs what each realm has against what the file states; absent where that may not be shown. */
  readonly wholes?: Both<Whole>;
}
/** What links a finding to a live object: its id, and its page in the Dashboard. */
export interface Subject {
  readonly id: string;
  readonly url: string;
}
/** What tells one of several candidates from the others. */
export interface Tells {
  readonly inForce: boolean;
  /** Such as `6 events of this account`, as its kind says it; null where that says nothing. */
  readonly extent: string | null;
  /** The day it was created, such as 2026-01-31; null where Stripe does not say. */
  readonly created: string | null;
  /** Whether it agrees with all that the entry states. */
  readonly agrees: boolean;
  /** What the entry can state to find this one alone, as the kind's fields hold it; null where only the id does. */
  readonly finders: Fields | null;
}
/** An object whole, as far as it may be shown: what the ways to fix a finding are made of. */
export interface Whole {
  /** What the entry states, references as ids where these are known; null where nothing is declared. */
  readonly expected: Fields | null;
  /** What is live; null where nothing is, or it may not be shown. */
  readonly actual: Fields | null;
  /** The names of the entries that have the objects which the two sides refer to, by section and id. */
  readonly names: { readonly [section: string]: { readonly [id: string]: string } };
  /** Fields that both sides lack because one of them may not be shown. */
  readonly hidden: readonly string[];
  /** The names that the entry states, as the file spells them. */
  readonly stated: readonly string[];
  /** What the entry states and another live object has, though only one can. */
  readonly taken: readonly Taken[];
  /** An active object that the file does not declare, and that is all that the entry states but its id; its id is null where it may not be named. */
  readonly twin: { readonly id: string | null } | null;
  readonly ties: Ties;
}
/** What ties an object to others, as far as what is done to it in Stripe has to heed them. */
export interface Ties {
  /** Objects that do their work only while this one is active, or will once they are as the file says. */
  readonly needers: readonly Needer[];
  /** Fields, with their sections, of which there may be more: these sections were not read. */
  readonly unread: readonly { readonly section: string; readonly field: string }[];
  /** What the entry refers to and no request may: it is not active, belongs to another object, or is not there. */
  readonly unfit: readonly Unfit[];
  /** Where the file states its id. */
  readonly mentions: readonly Mention[];
  /** Where other entries name this one. */
  readonly namedBy: readonly Mention[];
  /** Active objects that refer to this one, wherever in a field. */
  readonly referrers: readonly Referrer[];
  /** Entries that refer to this one, which is missing, and whose objects refer for good to another, or to none. */
  readonly bound: readonly Referrer[];
  /** Undeclared objects that have all that the entry states but what finds it, where this one is missing; an id is null where it may not be named. */
  readonly alike: readonly { readonly id: string | null }[];
}
/** An object that refers to another. */
export interface Referrer {
  readonly section: string;
  /** Where: it begins with the field, and ends before the first list. */
  readonly path: readonly string[];
  /** What it refers to there is one of a list. */
  readonly isListed: boolean;
  /** Null where it may not be named. */
  readonly id: string | null;
  /** The entry that declares it; null where none does, or it may not be named. */
  readonly entry: string | null;
}
/** An object that refers to another which it needs, or will once it is as its entry says. */
export interface Needer {
  readonly section: string;
  readonly field: string;
  /** Null where it may not be named, or is not there yet. */
  readonly id: string | null;
  /** The entry that declares it; null where none does. */
  readonly entry: string | null;
  /** Whether an entry expects it to be active. */
  readonly isExpected: boolean;
  /** Whether it refers to the other one now. */
  readonly isLive: boolean;
  /** What its entry states there; null where that is nothing, or nothing that is live. */
  readonly wants: string | null;
  /** Whether the other one refers to it in turn. */
  readonly isMutual: boolean;
}
export interface Unfit {
  readonly field: string;
  readonly section: string;
  /** Null where it may not be named. */
  readonly id: string | null;
  readonly why: 'retired' | 'of another' | 'absent';
  /** What it is then, such as `archived`; null where it is not out of use. */
  readonly is: string | null;
  /** The object that refers to it is there, and can't come to refer to another. */
  readonly isBound: boolean;
}
/** A field of an entry that states an id. */
export interface Mention {
  readonly section: string;
  readonly name: string;
  readonly field: string;
}
export interface Taken {
  readonly field: string;
  /** The object that has it; null where it may not be named. */
  readonly id: string | null;
  /** The entry that declares that object; null where none does. */
  readonly entry: string | null;
}
/** What is wrong with the file, in words. As a warning it is a remark about the file that does not change the status. */
export interface Invalid extends FindingOf<'invalid'> {
  readonly section: string | null;
  readonly name: string | null;
  readonly field: string | null;
  readonly message: string;
  /** Where an entry is wrong, the path below it: it begins with the field, and ends with the word where that is of a set. */
  readonly path?: readonly string[];
  /** It is about a value that Stripe is likely to refuse: where Stripe has that very value, a check does not tell it. */
  readonly doubt?: true;
  /** Proposes to say in the policy that the file declares only a part of the section. */
  readonly partial?: {
    /** The line to paste, with which the message ends. */
    readonly paste: string;
  };
}
export interface Missing extends FindingOf<'missing'> {
  readonly section: string;
  readonly name: string;
  readonly identity: Identity;
  /** How many objects with this identity exist in the state that is not expected. */
  readonly others: number;
  /** Whether the entry expects an active object. */
  readonly inForce: boolean;
  /** The one object to which those of `section` belong that should belong to this one; its id is null where it may not be named. */
  readonly elsewhere?: { readonly section: string; readonly id: string | null };
  readonly whole: Whole;
  /** The page in the Dashboard that lists objects of its kind. */
  readonly url: string;
}
export interface Changed extends FindingOf<'changed'>, Subject {
  readonly section: string;
  readonly name: string;
  readonly field: string;
  readonly changes: readonly Change[];
  readonly whole: Whole;
  /** The field finds the object, which has another value of it now: it looks renamed. */
  readonly renamed?: true;
  /** And that value finds nothing, or others as well: an entry that agrees with Stripe has to state the id. */
  readonly unfound?: true;
  /** The entry leaves the field out, which beside an amount means Stripe's default. */
  readonly unstated?: true;
}
export interface Ambiguous extends FindingOf<'ambiguous'> {
  readonly section: string;
  readonly name: string;
  readonly identity: Identity;
  /** Live objects that answer to the entry; with one, `rivals` are the other entries that find it. */
  readonly candidates: readonly (Subject & { readonly tells: Tells | null })[];
  /** How many more there are that may not be named. */
  readonly unnamed?: number;
  readonly rivals: readonly string[];
  /** The section of the rivals, where it is another, which shows the object too: there it is compared. */
  readonly rivalsIn?: string;
  /** Of the candidates those that no other entry finds or means by its id. */
  readonly free: readonly string[];
  /** The fields that find objects of the kind, and in which the candidates differ: whoever does is no duplicate. */
  readonly apart: readonly string[];
  /** Whether two of them differ in none of these. */
  readonly hasTwins: boolean;
  /** The names that the entry states, as the file spells them. */
  readonly stated: readonly string[];
}
export interface Unmanaged extends FindingOf<'unmanaged'> {
  readonly section: string;
  readonly name: null;
  /** The object; all null where these may not be shown, and `count` says how many there are. */
  readonly id: string | null;
  readonly label: string | null;
  /** The label of the active object that it belongs to, such as a price's product; null where there is none, or not all of them were read. */
  readonly owner: string | null;
  readonly url: string | null;
  readonly count?: number;
  readonly whole: Whole;
  /** A name for its entry that the section does not have yet; null where it may not be shown. */
  readonly entry: string | null;
}
export interface Unhealthy extends FindingOf<'unhealthy'> {
  readonly section: string;
  /** The entry; `SINGLE` where it is about all objects of the section together. */
  readonly name: string;
  /** The object; null where there is no single one. */
  readonly id: string | null;
  /** The page in the Dashboard: of the object, else of the list. */
  readonly url: string;
  /** The id of the rule of health, by which `policy.health` sets its severity. */
  readonly rule: string;
  readonly field: string | null;
  readonly message: string;
  /** What to do about it, as sentences. */
  readonly remedy: string;
  readonly cause?: Symptom['cause'];
  /** The entries that declare the objects which make it so, as far as any does and they may be named. */
  readonly causes?: readonly { readonly section: string; readonly entry: string }[];
}
/** A finding that the code and the file suffice for. */
interface OfEndpoint {
  /** The environments that have it; absent where all have that were looked at, or the file without them. */
  readonly environments?: readonly string[];
}
/** The code handles an event type that is not sent to it; `at` is the first place in the code that names it. */
export interface Unsubscribed extends FindingOf<'unsubscribed'>, OfEndpoint {
  /** Whose section's objects send events. */
  readonly section: string;
  /** The entry whose handler it is; null where the code belongs to none, and no entry sends it. */
  readonly name: string | null;
  readonly field: string;
  /** The event type. */
  readonly word: string;
  /** In how many more places the same code names it. */
  readonly more: number;
}
/** An endpoint sends an event type that its handler never names; `at` is the place of the field in the file. */
export interface Unhandled extends FindingOf<'unhandled'>, OfEndpoint {
  readonly section: string;
  readonly name: string;
  readonly field: string;
  /** The event type. */
  readonly word: string;
}
/** The code names an object that is not active; `at` is the place in the code. */
export interface Dangling extends FindingOf<'dangling'> {
  readonly section: string;
  readonly name: null;
  /** The field that finds the object: its id, or a key of the account's own. */
  readonly field: string;
  /** The id or key. */
  readonly word: string;
  /** In how many more places the code names it. */
  readonly more: number;
  /** Why it is not active; `elsewhere`: it is one of the account's other mode. Null where that may not be shown. */
  readonly why: 'absent' | 'deleted' | 'retired' | 'elsewhere' | null;
  /** The code creates a checkout session, a subscription or a payment link with it. */
  readonly isSold: boolean;
  /** The page in the Dashboard; null where there is no object. */
  readonly url: string | null;
}
/** What does not fit together between the code and what is declared or live. */
export type OfCode = Unsubscribed | Unhandled | Dangling;
export type Finding = Invalid | Missing | Changed | Ambiguous | Unmanaged | Unhealthy | OfCode;

const differences: ReadonlySet<Problem> = new Set(['missing', 'changed', 'ambiguous', 'unmanaged']);

/** Whether a finding is a difference between file and Stripe, which a change of the file may bring or resolve: a remark on the file, on an object's health or on the code is none. */
export function isDifference({ problem }: Pick<Finding, 'problem'>): boolean {
  return differences.has(problem);
}

/** Whether a finding is about the code of the repository. */
export function isOfCode(finding: Finding): finding is OfCode {
  return finding.problem === 'unsubscribed' || finding.problem === 'unhandled' || finding.problem === 'dangling';
}

/** A finding of the file before a change, which resolves it; `removed`: by taking out the entry. */
export type Resolved = Finding & { readonly removed?: true };

/** What a resource's health rule says of one declared object. */
export interface Symptom {
  /** The id of the rule, one of its kind's `healthRules`. */
  readonly rule: string;
  readonly field: string | null;
  /** It names no other object: that may be one that the file does not declare, and is not to be named everywhere. */
  readonly message: string;
  /** What to do about it, as sentences, which name no other object either. */
  readonly remedy: string;
  /** The field of another object that makes this one unhealthy: where it differs from the file, that is told instead. */
  readonly cause?: { readonly section: string; readonly id: string; readonly field: string };
}

/** A finding that the file accepts, with the reason it gives. */
export interface Ignored {
  readonly finding: Finding;
  readonly reason: string;
}

/** What became of a section's reading. `reason` and `remedy` are sentences. */
export type SectionReading =
  | {
      readonly status: 'read';
      readonly objects: readonly Actual[];
      /** Only what entries mean was looked up: that an object is not here says nothing of what entries do not mean. */
      readonly lookedUp?: true;
      /** Why look-ups could not be finished: an entry without an object is then not known to be missing. */
      readonly gap?: Refusal;
      readonly requests: number;
      readonly durationMs: number;
    }
  | (Refusal & { readonly requests: number; readonly durationMs: number });

/** Why something could not be read, and what to do about it, as sentences. */
export interface Refusal {
  /** `refused`: the key may not; `failed`: whatever else. */
  readonly status: 'refused' | 'failed';
  readonly reason: string;
  readonly remedy: string;
  /** Where it is nothing but a section that is not there to read: the reasons of several are one sentence then. */
  readonly lacks?: Lacking;
}
export interface Lacking {
  readonly section: string;
  /** The label of the permission that the key lacks, or what Stripe names, where Stripe documents none; null where a snapshot lacks the section. */
  readonly permission: string | null;
}

/** The live side, from Stripe or from a snapshot. */
export interface Reading {
  readonly mode: Mode;
  readonly account: string | null;
  /** The connected account that was read, by a key of its platform; null where the key's own was. */
  readonly connected: string | null;
  readonly sections: ReadonlyMap<string, SectionReading>;
  /** The moment of which it tells, in milliseconds since 1970. */
  readonly moment: number;
  /** Slugs of permissions that the key was found to have. */
  readonly granted: readonly string[];
  /** Remarks of the reading that no finding holds. */
  readonly notes: readonly string[];
}

export type Status = 'in-sync' | 'drift' | 'invalid' | 'incomplete' | 'skipped' | 'error';

export interface SectionSummary {
  /** `read` where all was read; else `reason` says why, and `inSync` tells whether a part was. */
  readonly status: 'read' | 'refused' | 'failed';
  readonly reason?: string;
  readonly remedy?: string;
  readonly lacks?: Lacking;
  /** Entries in the file. */
  readonly declared: number;
  /** Active objects; null when they were only looked up or could not be read. */
  readonly live: number | null;
  /** The same of the second of two realms; absent where there is one. */
  readonly other?: number | null;
  /** Of the active objects, how many an entry declares; null as `live`. */
  readonly managed: number | null;
  /** Entries whose objects match them, whatever is said of their health; null when the section could not be read. */
  readonly inSync: number | null;
  /** Names of these entries, in the file's order. */
  readonly inSyncNames: readonly string[];
  readonly requests: number;
  readonly durationMs: number;
}

export interface Counts {
  readonly errors: number;
  readonly warnings: number;
  readonly notices: number;
  readonly missing: number;
  readonly changed: number;
  readonly ambiguous: number;
  readonly unmanaged: number;
  readonly unhealthy: number;
  readonly unsubscribed: number;
  readonly unhandled: number;
  readonly dangling: number;
  readonly ignored: number;
  /** Declared objects that were compared. */
  readonly checked: number;
  /** Of the findings, those that are pending; and what the pull request resolves. Both 0 where there is no base. */
  readonly pending: number;
  readonly resolved: number;
}

/** An entry of the file in the sections that were read, and the entries that it names. */
export interface CatalogueEntry {
  readonly section: string;
  readonly name: string;
  readonly references: readonly { readonly field: string; readonly section: string; readonly name: string }[];
}

/** What a check found, all of it. What of it may be shown becomes the report (privacy.ts). */
export interface Result extends Omit<Report, 'fingerprint'> {
  readonly declaredIds: DeclaredIds;
}

/** Ids of live objects, by section. */
export interface DeclaredIds {
  /** Of the objects that entries mean: the objects may be shown. */
  readonly meant: ReadonlyMap<string, ReadonlySet<string>>;
  /** What the file says as an id: the id may be shown. */
  readonly stated: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The result of a check as it may be shown; every outlet prints from it and none decides anything. */
export interface Report {
  readonly version: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly commit: string | null;
  readonly status: Status;
  readonly files: readonly string[];
  readonly mode: Mode | null;
  readonly account: string | null;
  /** The connected account that was read, by a key of its platform. */
  readonly connected: string | null;
  readonly environment: string | null;
  /** The key that Stripe was read with; null where none was. */
  readonly key: KeyInHand | null;
  /** The two realms that were compared with each other, of which the first is the one above; null where a file was compared with one. */
  readonly realms: Both<Realm> | null;
  readonly sections: ReadonlyMap<string, SectionSummary>;
  readonly findings: readonly Finding[];
  /** Whose file tells pending from drift: a commit, or a path; null where there is none, and every difference is drift. */
  readonly base: string | null;
  /** Differences of the base's file that this one does not have: what the pull request resolves. */
  readonly resolved: readonly Resolved[];
  readonly ignored: readonly Ignored[];
  /** What the file declares in the sections that were read, in the order of reports. */
  readonly catalogue: readonly CatalogueEntry[];
  readonly notes: readonly string[];
  readonly error: { readonly message: string; readonly remedy: string } | null;
  readonly counts: Counts;
  /** So much is missing that the account or mode is likely the wrong one. */
  readonly looksWrong: boolean;
  /** Whether anything was compared: outputs leave the counts empty where not. */
  readonly compared: boolean;
  /** How many entries the file declares in the environment that was checked; 0 where it is invalid. */
  readonly declared: number;
  /** SHA-256 over what was found, as it is shown; independent of order, words, time and places. Null when nothing was compared. */
  readonly fingerprint: string | null;
  /** What the command line exits with under `fail-on`; the Action fails where it is not 0. */
  readonly exitCode: 0 | 1 | 2 | 3;
}

/** The severity that a policy gives; `ignore` accepts the problem. */
export type PolicyWord = (typeof policyWords)[number];
/** How many days before something ends health tells of it, where the policy does not say. */
export const WARN_DAYS = 14;

/** After how many days a key is due to be replaced, where the policy does not say. */
export const ROTATE_DAYS = 90;

/** What the file says of each problem: one word, or one for each section; and under `health` one for each rule of health. */
export type Policy = { readonly [problem: string]: PolicyWord | { readonly [section: string]: PolicyWord } };

/** What a policy says of a problem in a section; undefined where it does not. */
export function wordOf(policy: Policy, problem: string, section: string | null): PolicyWord | undefined {
  const stated = policy[problem];
  return typeof stated === 'object' ? stated[section ?? ''] : section === null ? undefined : stated;
}

/** Live objects that the file accepts without declaring them; with `fields`, what may differ of objects that it declares. */
export interface IgnoreRule {
  readonly at: Place;
  readonly section: string;
  /** A pattern for the id or an identity (`*` stands for any characters), or fields with patterns for their values, which are as they are compared. */
  readonly pattern: string | readonly { readonly path: readonly string[]; readonly value: string | null }[];
  /** Patterns for paths that begin with a field: these may differ of objects that the file declares. Null: whole objects are accepted. */
  readonly fields: readonly string[] | null;
  readonly reason: string;
  /** The last day on which it is accepted, `YYYY-MM-DD` in UTC. */
  readonly until: string | null;
}

/** Findings of the code that the file accepts. */
export interface CodeRule {
  readonly at: Place;
  /** Files, from the top of the repository. */
  readonly glob: string;
  /** Patterns for event types, ids and lookup keys (`*` stands for any characters); null: all of them. */
  readonly words: readonly string[] | null;
  readonly reason: string;
  /** The last day on which it is accepted, `YYYY-MM-DD` in UTC. */
  readonly until: string | null;
}

/** A value of the file with its place. */
export interface Stated<T> {
  readonly value: T;
  readonly at: Place;
}

/** What the configuration declares in one environment. */
export interface Declared {
  /** The paths of its files as reports show them, in order. */
  readonly files: readonly string[];
  readonly account: Stated<string> | null;
  readonly mode: Stated<Mode> | null;
  /** The mode that the name of the environment means, where the environment states none itself. */
  readonly namedMode: Mode | null;
  /** The environment that states `mode` itself; null where it stands outside, or nowhere. */
  readonly modeOf: string | null;
  readonly sections: ReadonlyMap<string, DeclaredSection>;
  readonly policy: Policy;
  /** Whether it has a policy, whatever that says. */
  readonly hasPolicy: boolean;
  /** Health tells of what ends within so many days. */
  readonly warnDays: number;
  readonly ignore: readonly IgnoreRule[];
  /** Globs of the code in which ids, lookup keys and event types are looked for; null where it states none. */
  readonly code: readonly Stated<string>[] | null;
  readonly ignoreCode: readonly CodeRule[];
}
/** All entries of a configuration, in its order of sections. */
export function declaredEntries({ sections }: Pick<Declared, 'sections'>): Expected[] {
  return [...sections.values()].flatMap(({ entries }) => entries);
}
export interface DeclaredSection {
  /** The place of the section's name. */
  readonly at: Place;
  readonly entries: readonly Expected[];
}

/** The live side of a check: Stripe with a key, or a snapshot. */
export interface Live {
  /** What it is in a sentence: `the key`, or the name of a snapshot. */
  readonly name: string;
  /** The moment of which it tells, in milliseconds since 1970, as far as that is known before it is opened; null for the present. */
  readonly moment: number | null;
  /** Where it comes from: the input or the variable that holds the key, or a snapshot. */
  readonly from: string;
  /** Throws a `CheckError` where there is no key that can read, or no snapshot; `sections` are what the key has to read. */
  open(sections: readonly string[]): OpenLive;
}
/** The live side once it is known which it is. */
export interface OpenLive {
  /** The mode of the account. */
  readonly mode: Mode;
  /** The kind of the key that it is read with; null where there is none. */
  readonly key: KeyInHand['kind'] | null;
  /** Remarks about the key. */
  readonly notes: readonly string[];
  /** Whose account it is, asked before anything else is read; null where that is not told. */
  account(): Promise<string | null>;
  /** What a check of a file needs to know. `before` gives the file as it was before a change; null where there is none. */
  read(declared: Declared, before?: () => Promise<Declared | null>): Promise<Reading>;
  /** Asks for objects by the values of a field that finds them. */
  find(wanted: readonly Wanted[]): Promise<Sought>;
  /**
   * Sections with all that can be declared: what is active, with `retired` all objects. What takes a request for each object
   * is read where an entry of `declared` states it.
   */
  readAll(sections: readonly string[], retired: boolean, declared?: Declared | null): Promise<Reading>;
}

/** Values of a field, the id or another that finds objects, by which those of a section are asked for. */
export interface Wanted {
  readonly section: string;
  readonly field: string;
  readonly values: readonly string[];
}
/** What asking for objects gave. */
export interface Sought {
  readonly found: readonly Found[];
  /** Why some could not be asked for: of those nothing is known. */
  readonly gaps: readonly Refusal[];
}
/** What is known of one of them. */
export interface Found {
  readonly section: string;
  readonly field: string;
  readonly value: string;
  /** `elsewhere`: Stripe says that the account's other mode has it. */
  readonly state: 'active' | 'retired' | 'deleted' | 'absent' | 'elsewhere';
  /** Null where there is no object. */
  readonly id: string | null;
}

/** Stripe's permission that lets a restricted key read a kind (docs.stripe.com/keys/permissions-reference). */
export interface Permission {
  /** As refusals and the link that creates a key spell it, with `rak_`. */
  readonly slug: string;
  /** As the Dashboard's form spells it. */
  readonly label: string;
  /** Slugs of the permissions that Stripe grants with it. */
  readonly implies?: readonly string[];
}

/** A permission with the sections that it lets a key read, and the requests that it allows for them. */
export interface SectionsPermission extends Pick<Permission, 'implies'> {
  /** Both null where Stripe documents none: it then names one to a key that lacks it. */
  readonly slug: string | null;
  readonly label: string | null;
  readonly sections: readonly string[];
  readonly requests: readonly string[];
}

/** Whether a key has a permission, as one request told. Reasons and remedies are sentences. */
export type Grant =
  | { readonly status: 'granted' }
  /** `named`: the permissions that Stripe names, where this one is not among them. `edit`: the page that opens the key for editing, where Stripe names it. */
  | {
      readonly status: 'lacking';
      readonly named: readonly string[];
      readonly reason: string;
      readonly edit: string | null;
    }
  | { readonly status: 'unknown'; readonly reason: string; readonly remedy: string };

/** A permission about which a key was asked. */
export interface AskedPermission extends SectionsPermission {
  readonly grant: Grant;
}

/** The key of a check. */
export interface KeyInHand {
  readonly kind: 'restricted' | 'secret';
  /** What it may do and the file does not need, as far as the requests of the check told; null of a secret key, which may do everything. */
  readonly beyond: readonly SectionsPermission[] | null;
}

/** A key, and what of this program's sections it may read. */
export interface KeyGrants {
  readonly kind: KeyInHand['kind'];
  readonly mode: Mode;
  /** As far as Stripe has named it: it does so where it refuses. */
  readonly account: string | null;
  /** The connected account that was asked for, or null. */
  readonly connected: string | null;
  readonly needed: readonly AskedPermission[];
  /** The permissions that the sections do not need; null where they were not asked about, since a secret key has all. */
  readonly beyond: readonly AskedPermission[] | null;
}
