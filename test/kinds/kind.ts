/**
 * What the tests know of one kind of Stripe object: the contract of the files beside this one, which are named after their
 * sections. They import no package but as types, so that the server of the tests runs without an install.
 */
import type * as FastCheck from 'fast-check';
import type { Dice, Tree } from '../tree.ts';

export type Check = typeof FastCheck;

/** A live object as JSON has it. */
export type Live = { id: string; [field: string]: unknown };

/** Fields with what a file states of them, under the spellings that it uses. */
export type Pairs = (readonly [field: string, statement: Tree])[];

/** States a reference to an object of a section: by the name of its entry where there is one, or by its id; null where there is none. */
export type Refer = (section: string, prefix: string | null, id: unknown) => Tree;

export interface Kind {
  /** One object as Stripe sends it, with everything that is read expanded. */
  readonly sample: Live;
  /** What is kept of it, whole: a field or name besides is one too many. */
  readonly kept: { readonly label: string; readonly fields: { readonly [field: string]: unknown } };
  /** Any object. */
  any(check: Check): FastCheck.Arbitrary<Live>;
  /** Every field that a file can state, as it says what is live, in one of the ways in which it may. */
  stated(live: Live, dice: Dice, refer: Refer): Pairs;
  /** The field that finds an object where no id is stated, and another value of it; null where there is none. */
  readonly natural: { readonly field: string; readonly other: string } | null;
  /** Null where an object is always active. */
  readonly state: {
    isActive(live: Live): boolean;
    /** The field that states it, with both values; null where no file can. */
    readonly field: { readonly name: string; readonly active: unknown; readonly retired: unknown } | null;
    /** The field of the moment until which an object is active: what an entry of one that is not has to state. */
    readonly until?: string;
  } | null;
  /** For each field that can be stated a change that can be told from no change; null where this object has none. */
  readonly edits: { readonly [field: string]: (live: Live) => Partial<Live> | null };
  /** Fields that objects have and a file states, though the kind does not list them. */
  readonly others?: readonly string[];
  /** Whether its kind's `traces` tell an object from others by what a file says of it besides the field that finds it. Absent where it has none. */
  tells?(live: Live, found: string): boolean;
  /** What decides the charge with an amount; null where a kind has no amounts. */
  readonly charge: Charge | null;
  /** Fields that a file can't state without others. */
  readonly needs?: { readonly [field: string]: readonly string[] };
  /** For each field that can be stated something that is wrong with it (YAML), and a part of what is said then. */
  readonly refused: { readonly [field: string]: readonly [statement: string, said: string] };
  /**
   * What a request sets and an answer has, by the SDK's types, and a file can't state: fields, or all that is below one. Each has
   * the reason, in words that follow a colon. `npm run generate` lists them, and fails where one has no reason.
   */
  readonly omitted?: { readonly [path: string]: string };
  /** How the server of the tests answers for the kind. */
  readonly row: Row;
  /** How requests change an object; null where none does. */
  readonly writes: Writes | null;
  /** The nearest object that Stripe could hold: what is made by chance may contradict itself. By default the object itself. */
  possible?(live: Live): Live;
  /** The same, for all objects of the kind beside what else there is, to which it may add what they refer to. */
  beside?(objects: readonly Live[], state: { [section: string]: Live[] }): Live[];
  /** What tells an object that is not the account's own configuration, one way each. */
  readonly skipped?: readonly Partial<Live>[];
  /** Fields that say one thing together: where one changes, so may the others. */
  readonly together?: readonly (readonly string[])[];
}

/** An entry that states one of `amounts` says of the other fields what a request that creates an object would. */
export interface Charge {
  readonly amounts: readonly string[];
  /** For each of the other fields whether leaving it out says what is live. */
  readonly isDefault: { readonly [field: string]: (live: Live) => boolean };
  /** Changes that anybody can make beside the amount, by the field that differs then; null where an object can't have one. */
  readonly edits: { readonly [field: string]: (live: Live) => Partial<Live> | null };
}

/** Whether an object has metadata besides the name that finds it, or two of these fields. */
export function tellsBy(names: string, { metadata, ...live }: Live, found: string): boolean {
  const marks = Object.values((metadata ?? {}) as Record<string, string>).filter((value) => value !== '').length;
  const set = names.split(' ').filter((name) => name !== found && live[name] != null && live[name] !== '').length;
  return set >= 2 || marks >= (found === 'metadata' ? 2 : 1);
}

// --- Requests that change an account

/** Parameters of a request, as texts. */
export type Params = { readonly [name: string]: string | Params };

/** How Stripe takes requests of a kind. Lists of names are words with spaces between them; names count at any depth. */
export interface Writes {
  /** The parameters that an update takes (the SDK's types). */
  readonly update: string;
  /** Of these the ones that an update can't unset: in the SDK's types they are not `Emptyable`. */
  readonly lasting?: string;
  /** Those that only a creation takes. */
  readonly create: string;
  /** Those of an update that a creation does not take. */
  readonly later?: string;
  /** A new object, before the parameters of its creation. */
  blank(params: Params): Live;
  /** What a creation does to others, and the parameters that are left then. */
  displaces?(params: Params, others: readonly Live[]): { rest: Params; displaced: readonly Live[] };
  /** Parameters whose answer has other names or forms. */
  readonly means?: { readonly [parameter: string]: (value: string | object) => object };
  readonly lists?: string;
  /** Parameters of which a request names what changes, and leaves the rest. */
  readonly merges?: string;
  readonly numbers?: string;
  readonly flags?: string;
  /** What a new one of `currency_options` has before it is stated. */
  readonly option?: object;
  /** Verbs of an object's address, with what they change. */
  readonly verbs?: { readonly [verb: string]: Partial<Live> };
  /** Lists below an object, by what follows its id in their address: items are created and deleted one by one. */
  readonly below?: { readonly [name: string]: Below };
  /** Whether objects can be deleted. */
  readonly deletes?: true;
  /** What an answer says again of what a request decided; `before` is the object that was there. */
  shows?(live: Live, params: Params, before: Live | null): Live;
  /** Why Stripe refuses a request that would make of `before` (null where there is none) what is `after` (null: it is deleted). */
  refuses?(request: { before: Live | null; after: Live | null; params: Params }, state: LiveState): string | null;
}

/** A list below an object, which the object has under the same name. */
export interface Below {
  /** How Stripe's command line calls its items. */
  readonly command: string;
  /** The parameters that a creation takes, and needs. */
  readonly create: string;
  /** A new item. Throws what Stripe refuses. */
  make(params: Params, others: readonly Live[]): Live;
}

/** The live objects of an account, by section. */
export type LiveState = { readonly [section: string]: readonly Live[] };

// --- The server

/** An object of the server's state. What is `inline` was made in passing (`price_data`): it is not listed, and found by its id. */
export type RawObject = {
  readonly id: string;
  readonly object: string;
  readonly livemode?: boolean;
  /** In Stripe's API v2 a text. */
  readonly created?: number | string;
  readonly inline?: true;
  readonly [field: string]: unknown;
};

/** An expansion in its parts: `['currency_options', 'eur', 'tiers']`. */
export type Path = readonly string[];

/** How a path of Stripe's answers. Only what differs from a plain list is stated. */
export interface Row {
  /** Below `/v1/`, or `/v2/`; the server's state has its objects under this name. */
  readonly path: string;
  /** Of Stripe's API v2, in which these parts of an object are null where a request does not include them. */
  readonly v2?: { readonly included: readonly string[] };
  /** One object, without an id in its address; its section has no names. */
  readonly single?: true;
  /** What Stripe calls it in `No such …`. */
  readonly noun: string;
  /** Without `rak_`. */
  readonly permission: string;
  /** Stripe documents no permission for it: a refusal alone names it, and the program does not know it before. */
  readonly undocumented?: true;
  /** What the Dashboard calls the permission. */
  readonly label: string;
  /** Whether lists take `created`. */
  readonly created?: true;
  /** Filters of one value. */
  readonly filters?: { readonly [name: string]: (value: string, around: Around) => (live: RawObject) => boolean };
  /** Filters without which a list is refused. */
  readonly needed?: readonly string[];
  /** Filters of several values, `name[]`. */
  readonly several?: {
    readonly [name: string]: { readonly most: number; readonly alone: boolean; of(live: RawObject): unknown };
  };
  /** Lists that belong to an object, by what follows its id in their address. */
  readonly below?: { readonly [name: string]: (live: RawObject) => readonly RawObject[] };
  /** Whether lists take `active`, and what it is when they don't say. */
  readonly active?: { readonly unsaid: 'true' | 'all' };
  /** Whether an expansion is known. */
  expandable?(path: Path, around: Pick<Around, 'expandable'>): boolean;
  /** The object as sent, where expansions change it; `paths` are those below it, each one known. */
  render?(live: RawObject, paths: readonly Path[], around: Around): object;
}

/** The path of a row's list. */
export function addressOf({ path, v2 }: Pick<Row, 'path' | 'v2'>): string {
  return `/${v2 === undefined ? 'v1' : 'v2'}/${path}`;
}

/** What a row may ask of the others. */
export interface Around {
  expandable(path: string, expansion: Path): boolean;
  /** The object behind an id, rendered, or the id where there is none. */
  expanded(path: string, id: unknown, expansions: readonly Path[]): unknown;
  /** Refuses a request that names an object which is not there. */
  insist(path: string, id: string, parameter: string): void;
}

/** The expansions below a name; null where it is not expanded. */
export function below(paths: readonly Path[], name: string): readonly Path[] | null {
  const under = paths.filter((path) => path[0] === name).map((path) => path.slice(1));
  return under.length === 0 ? null : under;
}
