/** Generated Stripe accounts, and the files that declare them in full. */
import * as fc from 'fast-check';
import type { Fields, Value } from '../../src/model.ts';
import { resourceOf } from '../../src/resources/index.ts';
import { finds, folded } from '../../src/resources/resource.ts';
import { kindOf, SECTIONS } from '../kinds/index.ts';
import type { Live, Refer } from '../kinds/kind.ts';
import { usable, values } from '../kinds/values.ts';
import { type Dice, Names, type Tree } from '../tree.ts';

export { SECTIONS } from '../kinds/index.ts';
export type { Live } from '../kinds/kind.ts';

/** How an entry finds its object. */
export type Finder = 'id' | 'natural' | 'match';

/** A live object and the name under which the file declares it. */
export interface Entry {
  readonly section: string;
  readonly name: string;
  readonly live: Live;
  readonly finder: Finder;
}

/** An account with every object declared. */
export interface Case {
  readonly entries: readonly Entry[];
  readonly seed: number;
}

/** Text that is hostile to YAML, to JavaScript and to whoever prints it; never empty. */
export const { text } = values(fc);

/** Sections of one account at most: more would be slower, and tell no more. */
const MOST_SECTIONS = 4;
/** Objects of one section at most, unless more are asked for. */
const MOST_OBJECTS = 3;

/**
 * An account in which every object has an entry, found in one of the ways that lead to it alone. At least `least` objects in
 * some section, of these sections.
 */
export function cases(least = 1, sections = SECTIONS): fc.Arbitrary<Case> {
  // So many are seldom there by chance.
  const [minLength, maxLength] = least > MOST_OBJECTS ? [least, least + MOST_OBJECTS] : [0, MOST_OBJECTS];
  const section = (name: string) => {
    const { any, row } = kindOf(name);
    return fc.uniqueArray(any(fc), {
      selector: ({ id }) => id,
      ...(row.single ? { maxLength: 1 } : { minLength, maxLength }),
    });
  };
  const most = Math.min(MOST_SECTIONS, sections.length);
  const plan = fc.record({ name: text, finder: fc.constantFrom<Finder>('id', 'id', 'natural', 'match') });
  const plans = most * maxLength;
  return fc
    .record({
      chosen: fc.subarray([...sections], { minLength: 1, maxLength: most }),
      account: fc.record(Object.fromEntries(sections.map((name) => [name, section(name)]))),
      plans: fc.array(plan, { minLength: plans, maxLength: plans }),
      seed: fc.integer(),
    })
    .filter(({ chosen, account }) => chosen.some((name) => withoutTwins(name, account[name] ?? []).length >= least))
    .map(({ chosen, account, plans, seed }) => {
      let next = 0;
      const entries = chosen.flatMap((name) => {
        const taken = new Set<string>();
        const objects = withoutTwins(name, account[name] ?? []);
        return objects.map((live): Entry => {
          const { name: wanted, finder } = plans[next] as { name: string; finder: Finder };
          next += 1;
          let free = kindOf(name).row.single ? '' : wanted;
          while (taken.has(free)) free += "'";
          taken.add(free);
          return { section: name, name: free, live, finder: possible(finder, name, live, objects) };
        });
      });
      // Stripe lets no product have another's price as its default.
      const owners = new Map(entries.map(({ live }) => [live.id, live.product]));
      const possibly = entries.map((entry) => {
        const { default_price: price, id } = entry.live;
        const isForeign = typeof price === 'string' && owners.has(price) && owners.get(price) !== id;
        return isForeign ? { ...entry, live: { ...entry.live, default_price: null } } : entry;
      });
      return { entries: possibly, seed };
    });
}

/** The objects that Stripe can have together: of some fields one object at a time has a value. */
function withoutTwins(section: string, objects: readonly Live[]): readonly Live[] {
  const unique = Object.entries(resourceOf(section).fields).filter(([, { unique }]) => unique);
  return objects.filter((live, index) =>
    objects.slice(0, index).every((other) =>
      unique.every(([field, { unique: among }]) => {
        const isFree = among === 'active' && !(isActive({ section, live }) && isActive({ section, live: other }));
        return isFree || !usable(live[field]) || sameFor(section, field)(live) !== sameFor(section, field)(other);
      }),
    ),
  );
}

/** Equal for two objects whose values of a field Stripe takes for the same. */
function sameFor(section: string, field: string): (live: Live) => unknown {
  return (live) => folded(resourceOf(section), [field], live[field] as Value);
}

/** The way that is wanted, where it leads to this object alone; else its id. */
function possible(finder: Finder, section: string, live: Live, all: readonly Live[]): Finder {
  const { natural } = kindOf(section);
  const { identities } = resourceOf(section);
  // What finds it before that is stated, too.
  const better = identities.slice(
    0,
    identities.findIndex(({ by }) => by === natural?.field),
  );
  const isAlone = (of: (other: Live) => unknown) => all.every((other) => other === live || of(other) !== of(live));
  if (
    finder === 'natural' &&
    natural !== null &&
    usable(live[natural.field]) &&
    !better.some((one) => finds(one, live as unknown as Fields)) &&
    isAlone(sameFor(section, natural.field))
  )
    return 'natural';
  const key = mark(live);
  if (finder === 'match' && key !== null && isAlone(({ metadata }) => (metadata as Record<string, string>)[key]))
    return 'match';
  return 'id';
}

/** A name in the metadata by which an object can be found. */
export function mark({ metadata = {} }: Live): string | null {
  const [found] = Object.entries(metadata as Record<string, string>).find(([, value]) => value !== '') ?? [];
  return found ?? null;
}

/** The field by which an entry finds its object. */
export function identityField({ section, finder }: Entry): string {
  if (finder === 'match') return 'metadata';
  return (finder === 'natural' && kindOf(section).natural?.field) || 'id';
}

/** The names that lead to an entry in the file. */
export function pathOf({ section, name }: Pick<Entry, 'section' | 'name'>): string[] {
  return kindOf(section).row.single ? [section] : [section, name];
}

/** Whether an object is active, as its kind is. */
export function isActive({ section, live }: Pick<Entry, 'section' | 'live'>): boolean {
  return kindOf(section).state?.isActive(live) ?? true;
}

/** The live side as a snapshot's text. */
export function snapshot(
  entries: readonly { section: string; live: Live }[],
  order: (list: Live[]) => Live[] = (list) => list,
): string {
  const sections = Object.fromEntries(
    SECTIONS.map((name) => [name, order(entries.filter(({ section }) => section === name).map(({ live }) => live))]),
  );
  return JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1Abc', sections });
}

/**
 * A file that states every field of every object; `chosen` leaves out fields that it does not name. Health is a question of
 * its own, and an account made by chance is seldom well: the file accepts it. Of no kind it ignores what it does not declare.
 */
export function declaration(
  entries: readonly Entry[],
  dice: Dice,
  chosen: (entry: Entry, field: string) => boolean = () => true,
): Names {
  const sections = SECTIONS.filter((name) => entries.some(({ section }) => section === name));
  return new Names([
    [
      'policy',
      new Names([
        ['unhealthy', 'ignore'],
        ['unmanaged', 'warning'],
      ]),
    ],
    ...sections.map((name): readonly [string, Tree] => {
      const own = entries.filter(({ section }) => section === name);
      const [first] = own;
      if (kindOf(name).row.single && first !== undefined) return [name, declared(first, entries, dice, chosen)];
      return [name, new Names(own.map((entry) => [entry.name, declared(entry, entries, dice, chosen)] as const))];
    }),
  ]);
}

/**
 * What is chosen, and what an entry that states an amount can't leave out, since leaving it out says something else. Of an
 * entry that states none everything may be left out.
 */
export function inPart(chosen: (entry: Entry, field: string) => boolean): (entry: Entry, field: string) => boolean {
  return (entry, field) =>
    chosen(entry, field) ||
    (statesAmount(entry, chosen) && kindOf(entry.section).charge?.isDefault[field]?.(entry.live) === false);
}

/** Whether an entry states an amount, where it states what is chosen. */
export function statesAmount(entry: Entry, chosen: (entry: Entry, field: string) => boolean): boolean {
  const { section, live } = entry;
  return (kindOf(section).charge?.amounts ?? []).some((field) =>
    [field, `${field}_decimal`].some((name) => live[name] != null && chosen(entry, name)),
  );
}

function declared(
  entry: Entry,
  entries: readonly Entry[],
  dice: Dice,
  chosen: (entry: Entry, field: string) => boolean,
): Names {
  const { section, live, finder } = entry;
  const { stated: pairs, state, needs = {} } = kindOf(section);
  const refer: Refer = (target, prefix, id) => {
    if (!usable(id)) return null;
    const named = entries.find((other) => other.section === target && other.live.id === id);
    if (named !== undefined && dice.often(60)) return named.name;
    const taken = entries.some((other) => other.section === target && other.name === id);
    return prefix !== null && id.startsWith(prefix) && !taken && dice.often(50) ? id : new Names([['id', id]]);
  };
  const found = identityField(entry);
  const stateField = state?.field?.name ?? state?.until ?? null;
  const stated = pairs(live, dice, refer).filter(([field]) => {
    if (field === found) return true;
    if (field === 'id') return finder === 'match' && dice.often(50);
    if (field === stateField && !isActive(entry)) return true;
    return [field, ...(needs[field] ?? [])].every((one) => chosen(entry, one));
  });
  const match: (readonly [string, Tree])[] =
    finder !== 'match' ? [] : [['match', dice.often(50) ? `metadata.${mark(live)}` : [`metadata.${mark(live)}`]]];
  const together = Object.entries(needs).flat(2);
  const whatBaseNeeds = [
    ...['match', found, 'tax_code', 'tax_details'],
    ...together,
    ...(stateField === null ? [] : [stateField]),
  ];
  return new Names([...match, ...stated], whatBaseNeeds);
}
