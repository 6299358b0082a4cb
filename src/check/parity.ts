import { Counterparts } from '../matching/counterparts.ts';
import { expectsInForce, foundIds, foundNames, type Match, resolvedFields, shownIn } from '../matching/identity.ts';
import {
  type Actual,
  type Ambiguous,
  append,
  type Both,
  both,
  type Change,
  type Changed,
  type Expected,
  entrySteps,
  type Fields,
  type Finding,
  keyIn,
  type Missing,
  otherThan,
  type Pair,
  type Realm,
  record,
  type Subject,
  type Ties,
  type Unmanaged,
  type Which,
  type Whole,
} from '../model.ts';
import { policyWord, registry, resourceOf } from '../resources/index.ts';
import {
  amountOf,
  ID,
  isOfModeAt,
  liveValue,
  mainName,
  type Resource,
  referencesOf,
  silentState,
  unstatedCharge,
} from '../resources/resource.ts';
import { pathText } from '../text.ts';
import { aligned, beside, canonical, type Type } from '../vocabulary/type.ts';
import { dashboardLink, inOwnShape, type Link, ownerOf, typeIn, withoutCovered } from './compare.ts';
import { difference } from './difference.ts';
import { meet } from './doubts.ts';
import type { Compared } from './ignores.ts';
import { liveObjects } from './live.ts';

/**
 * What differs between two realms, such as live and test mode of an account. The file pairs their objects: what an entry finds in
 * both is compared, in all that the file states for both alike. Where its environments state different values, the realms differ
 * on purpose. What refers to something is compared by what that is, since ids differ: both sides are brought to the ids of the
 * first realm, and brought back where they are shown. What an entry finds in one alone is missing in the other. What no entry
 * declares is told once, with the object of each realm (matching/counterparts).
 */

/** A realm, and what was compared of it with the file. */
export interface ComparedRealm extends Compared {
  readonly realm: Realm;
}

/** What a comparison of two realms found, before any policy: findings have their default severity. */
export interface Parity {
  readonly findings: readonly Finding[];
  /** By section, the entries that both environments declare, and of these the ones that were compared. */
  readonly declared: ReadonlyMap<string, readonly string[]>;
  readonly checked: ReadonlyMap<string, readonly string[]>;
  /** Remarks that no finding holds. */
  readonly notes: readonly string[];
}

/** Names that a note tells. */
const MOST_NAMED = 10;

/** Compares two realms. Pure: the same arguments, the same findings. */
export function compareRealms(realms: Both<ComparedRealm>): Parity {
  return new Comparing(realms).result();
}

class Comparing {
  private readonly realms: Both<ComparedRealm>;
  private readonly counterparts: Counterparts;
  private readonly links: Both<Link>;
  private readonly names: Pair['realms'];
  private readonly find: Both<ReturnType<typeof foundIds>>;
  private readonly nameOf: Both<ReturnType<typeof foundNames>>;
  /** What is told of ambiguous entries in each realm. */
  private readonly unclear: Both<ReadonlyMap<string, Ambiguous>>;
  private readonly findings: Finding[] = [];
  /** Entries whose object was told by its likeness alone, by the realm that lacks what they say; and those that neither realm has. */
  private readonly alike: Both<string[]> = [[], []];
  private readonly nowhere: string[] = [];

  constructor(realms: Both<ComparedRealm>) {
    this.realms = realms;
    this.counterparts = new Counterparts(
      both((which) => ({ matches: realms[which].comparison.matches, undeclared: this.unpaired(which) })),
    );
    this.links = both((which) => dashboardLink(realms[which].realm.mode, realms[which].realm.account));
    this.names = both((which) => ({ name: realms[which].realm.name, environment: realms[which].realm.environment }));
    this.unclear = both((which) => {
      const all = realms[which].comparison.findings.filter((finding) => finding.problem === 'ambiguous');
      return new Map(all.map((finding) => [keyIn(finding.section, finding.name), finding]));
    });
    this.find = both((which) => foundIds(realms[which].comparison.matches));
    this.nameOf = both((which) => foundNames(realms[which].comparison.matches));
  }

  result(): Parity {
    const declared = new Map<string, string[]>();
    const checked = new Map<string, string[]>();
    const others = new Map(
      [...this.realms[1].comparison.matches].map((pair) => [keyIn(pair[0].section, pair[0].name), pair]),
    );
    for (const section of registry.keys()) {
      if (this.realms.some((realm) => !realm.declared.sections.has(section))) continue;
      declared.set(section, []);
      checked.set(section, []);
    }
    for (const [entry, match] of this.realms[0].comparison.matches) {
      const [other, its] = others.get(keyIn(entry.section, entry.name)) ?? [];
      if (other === undefined || its === undefined) continue;
      declared.get(entry.section)?.push(entry.name);
      if (this.compare([entry, other], [match, its])) checked.get(entry.section)?.push(entry.name);
    }
    for (const section of declared.keys()) if (this.tellsUndeclared(section)) this.undeclared(section);
    return { findings: this.findings, declared, checked, notes: this.notes() };
  }

  /** What no entry declares, in each section that shows it. What the policy ignores may not have been read: nothing depends on whether it was. */
  private unpaired(which: Which): Map<string, readonly Actual[]> {
    const unpaired = new Map<string, [Actual, ...Actual[]]>();
    for (const [section, objects] of this.realms[which].comparison.undeclared)
      for (const object of objects)
        for (const [of, actual] of this.shownIn(which, section, object))
          if (this.tellsUndeclared(of)) append(unpaired, of, actual);
    return unpaired;
  }

  private shownIn(which: Which, section: string, actual: Actual) {
    return shownIn(section, actual, liveObjects(this.realms[which].reading));
  }

  /** Whether what no entry of a section declares is told: where it was read whole in both realms, and not all is ignored. */
  private tellsUndeclared(section: string): boolean {
    const areRead = this.realms.every(({ reading }) => {
      const read = reading.sections.get(section);
      return read?.status === 'read' && !read.lookedUp;
    });
    return areRead && policyWord(this.realms[0].declared.policy, 'unmanaged', section) !== 'ignore';
  }

  /** Compares what an entry finds in the two realms. Whether that could be told. */
  private compare(entries: Both<Expected>, matches: Both<Match>): boolean {
    if (matches.some(({ kind }) => kind === 'unread' || kind === 'undecided')) return false;
    const objects = both((which) => this.objectOf(which, entries, matches));
    const unclear = ([0, 1] as const).filter((which) => matches[which].kind === 'ambiguous');
    for (const which of unclear) this.ambiguous(entries[which], which, objects);
    if (unclear.length > 0) return true;
    const [one, other] = objects;
    const path = pathText(entrySteps(entries[0]));
    if (one === null && other === null) this.nowhere.push(path);
    else if (one === null || other === null) this.missing(entries, matches, objects, one === null ? 0 : 1);
    else {
      const lost = ([0, 1] as const).find((which) => matches[which].kind === 'missing');
      if (lost !== undefined) this.alike[lost].push(path);
      this.changes(entries, [one, other], lost !== undefined);
    }
    return true;
  }

  /** The object of an entry in a realm, found by it or told by its likeness; null where there is none. */
  private objectOf(which: Which, entries: Both<Expected>, matches: Both<Match>): Actual | null {
    const [match, its] = [matches[which], matches[otherThan(which)]];
    if (match.kind === 'found') return match.actual;
    if (match.kind !== 'missing' || its.kind !== 'found') return null;
    return this.counterparts.of(otherThan(which), entries[which].section, its.actual.id) ?? null;
  }

  private subject(which: Which, section: string, actual: Actual | null | undefined): Subject | null {
    return actual ? { id: actual.id, url: this.links[which](section, actual.id) } : null;
  }

  private pair(section: string, objects: Both<Actual | null | undefined>): Pair {
    return { realms: this.names, objects: both((which) => this.subject(which, section, objects[which])) };
  }

  private missing(entries: Both<Expected>, matches: Both<Match>, objects: Both<Actual | null>, which: Which): void {
    const entry = entries[which];
    const { section, name, identity } = entry;
    const match = matches[which];
    const finding: Missing = {
      problem: 'missing',
      severity: 'error',
      section,
      name,
      at: entry.at(),
      identity,
      others: match.kind === 'missing' ? match.others : 0,
      inForce: expectsInForce(entry),
      whole: wholeOf(null, null),
      url: this.links[which](section, null),
      pair: this.pair(section, objects),
    };
    this.findings.push(finding);
  }

  private ambiguous({ section, name }: Expected, which: Which, objects: Both<Actual | null>): void {
    const found = this.unclear[which].get(keyIn(section, name));
    if (found !== undefined)
      this.findings.push({ ...found, pair: { ...this.pair(section, objects), ambiguous: which } });
  }

  /** One finding for each field that both environments state alike, and in which the objects differ. */
  private changes(entries: Both<Expected>, objects: Both<Actual>, isAlike: boolean): void {
    const [entry] = entries;
    const { section, name } = entry;
    const resource = resourceOf(section);
    const { fields: types, state, charge } = resource;
    const isSpent = objects.some(({ inForce, fields }) => !inForce && state?.spent?.(fields));
    // An entry that does not say expects its object to be active.
    const silent = isSpent || objects.every(({ inForce }) => inForce) ? [] : silentState(resource);
    // An id is another in every realm.
    const isLeft = (name: string) => name === ID || (isSpent && name === state?.field?.name);
    const stated = both((which) => this.stated(which, entries[which], silent, isLeft));
    const live: Both<Fields> = [objects[0].fields, this.counterparts.translated(section, objects[1].fields)];
    const isCharge = entries.every(({ fields }) => amountOf(resource, fields) !== undefined);
    const unstated = unstatedCharge(resource, entry.fields);
    const found: Changed[] = [];
    const isAmount = (finding: Changed) => charge?.amounts.includes(mainName(resource, finding.field));
    for (const field of Object.keys(stated[0])) {
      const type = types[field]?.type as Type;
      const [says, saysToo] = [stated[0][field], stated[1][field]];
      const [one, other] = live.map((fields) => liveValue(resource, fields, field));
      if (says === undefined || saysToo === undefined || one === undefined || other === undefined) continue;
      const around = both((which) => ({ live: live[which], isCharge, unread() {} }));
      const meant = difference(...beside(type, says, saysToo));
      const isMeant = ({ path }: Change) => meant.some((change) => meet(change.path, path));
      // Of both only what each environment states.
      const [here, there] = both((which) => {
        const value = which === 0 ? one : other;
        const part = aligned(type, says, value, around[which])[1];
        return aligned(type, saysToo, part, around[which])[1];
      });
      const different = withoutCovered(type, difference(...beside(type, here, there)));
      const changes = different.filter((change) => !isMeant(change) && !isOfModeAt(resource, [field, ...change.path]));
      if (changes.length === 0) continue;
      const isStated = !(field in unstated);
      if (!isStated && charge?.follows?.includes(field) && found.some(isAmount)) continue;
      const agrees = both((which) => {
        const off = difference(
          ...canonical(type, which === 0 ? says : saysToo, which === 0 ? one : other, around[which]),
        );
        return !off.some((change) => changes.some(({ path }) => meet(change.path, path)));
      });
      const wholes = both((which) => this.wholeIn(which, resource, entries[which], objects[which]));
      const amount = amountOf(resource, entry.fields);
      found.push({
        problem: 'changed',
        severity: 'error',
        section,
        name,
        ...(this.subject(0, section, objects[0]) as Subject),
        field: entry.spelling(field),
        changes: changes.map((change) => this.shown(type, change)),
        whole: {
          ...wholeOf(objects[0].fields, objects[1].fields),
          names: joined(wholes[0].names, wholes[1].names),
        },
        at: isStated ? entry.decided(field, changes[0]?.path ?? []) : entry.decided(amount ?? field, []),
        pair: {
          ...this.pair(section, objects),
          ...(agrees[0] !== agrees[1] && { agreeing: agrees[0] ? 0 : 1 }),
          ...(isAlike && { alike: true as const }),
          wholes,
        },
      });
    }
    this.findings.push(...found);
  }

  /** What an entry states of its object in a realm, with the ids of the first: with the state that a silent one expects and the rest of a charge, without what is left out. */
  private stated(
    which: Which,
    entry: Expected,
    silent: ReturnType<typeof silentState>,
    isLeft: (name: string) => boolean,
  ): Fields {
    const { section, fields } = entry;
    const all: Fields = {
      ...Object.fromEntries(silent.map(({ name, expected }) => [name, expected])),
      ...resolvedFields(entry, this.find[which]),
      ...unstatedCharge(resourceOf(section), fields),
    };
    const kept = record(Object.entries(all).filter(([name]) => !isLeft(name)));
    return this.counterparts.meant(which, section, kept);
  }

  /** A change as it is shown: values as each realm has them. */
  private shown(type: Type, change: Change): Change {
    const { path, expected, actual } = inOwnShape(type, change);
    const [last = '', set] = [path.at(-1), typeIn(type, path.slice(0, -1))];
    const target = set?.set === undefined ? undefined : set.inner?.(last)?.reference;
    // A word that only the second realm has is its own id.
    const isOwn = target !== undefined && expected === undefined;
    const inner = typeIn(type, path);
    const restored = actual === undefined || inner === undefined ? actual : this.counterparts.restored(inner, actual);
    return {
      path: isOwn ? [...path.slice(0, -1), this.counterparts.idInSecond(target, last)] : path,
      ...(expected !== undefined && { expected }),
      ...(restored !== undefined && { actual: restored }),
    };
  }

  /** What a realm has, against what the file states for it. */
  private wholeIn(which: Which, resource: Resource<never>, entry: Expected, { fields }: Actual): Whole {
    const expected = resolvedFields(entry, this.find[which]);
    const names: { [section: string]: { [id: string]: string } } = record([]);
    for (const { section, id } of [expected, fields].flatMap((side) => referencesOf(resource, side))) {
      const name = id === null ? null : this.nameOf[which](section, id);
      if (id !== null && name !== null) names[section] = { ...names[section], [id]: name };
    }
    return { ...wholeOf(expected, fields), names, stated: entry.stated };
  }

  /** What no entry declares in a section, in the order of ids: what the first realm has, then what only the second has. */
  private undeclared(section: string): void {
    for (const which of [0, 1] as const) {
      const { comparison } = this.realms[which];
      const other = otherThan(which);
      for (const actual of [...(comparison.undeclared.get(section) ?? [])].sort(byId)) {
        const partners = this.shownIn(which, section, actual).flatMap(([of, { id }]) => {
          const partner = this.counterparts.of(which, of, id);
          return partner === undefined ? [] : [{ of, partner, entry: this.nameOf[other](of, partner.id) }];
        });
        // What is declared for both realms is told there; what neither declares, with the first.
        if (partners.some(({ of, entry }) => entry !== null && comparison.entries.has(keyIn(of, entry)))) continue;
        const [found] = partners;
        if (found?.entry === null && which === 1) continue;
        this.findings.push(this.unmanaged(section, which, actual, found?.partner, found?.entry ?? null));
      }
    }
  }

  private unmanaged(
    section: string,
    which: Which,
    actual: Actual,
    partner: Actual | undefined,
    entry: string | null,
  ): Unmanaged {
    const { declared, reading } = this.realms[which];
    const pair = this.pair(section, which === 0 ? [actual, partner] : [partner, actual]);
    return {
      problem: 'unmanaged',
      severity: 'warning',
      section,
      name: null,
      id: actual.id,
      label: actual.label,
      owner: ownerOf(section, actual, reading),
      url: this.links[which](section, actual.id),
      whole: wholeOf(null, actual.fields),
      entry: null,
      // The section is in both.
      at: (declared.sections.get(section) as { readonly at: Unmanaged['at'] }).at,
      pair: { ...pair, ...(entry !== null && { declared: { which: otherThan(which), entry } }) },
    };
  }

  private notes(): string[] {
    const [one, other] = this.names.map(({ name }) => name);
    const alike = this.alike.flatMap((paths, which) => {
      const { name, environment } = this.names[which as Which];
      if (paths.length === 0) return [];
      const [find, like] =
        paths.length === 1
          ? ['1 entry does not find its object', 'one that is like it was compared']
          : [`${paths.length} entries do not find their objects`, 'those that are like them were compared'];
      return [
        `${find} in ${name}, and ${like}: ${named(paths)}. To write what differs in ${name} into the file, run stripe-config-check export --merge --environment ${environment} with the key of ${name}.`,
      ];
    });
    return [
      ...alike,
      ...(this.nowhere.length === 0
        ? []
        : [`Declared, but neither in ${one} nor in ${other}: ${named(this.nowhere)}.`]),
    ];
  }
}

/** Some names, and how many more there are. */
function named(paths: readonly string[]): string {
  const rest = paths.length - MOST_NAMED;
  return `${paths.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`;
}

const NO_TIES: Ties = {
  needers: [],
  unread: [],
  unfit: [],
  mentions: [],
  namedBy: [],
  referrers: [],
  bound: [],
  alike: [],
};

function wholeOf(expected: Fields | null, actual: Fields | null): Whole {
  return { expected, actual, names: {}, hidden: [], stated: [], taken: [], twin: null, ties: NO_TIES };
}

/** Names by section and id, of both. */
function joined(one: Whole['names'], other: Whole['names']): Whole['names'] {
  const sections = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return record(sections.map((section) => [section, { ...one[section], ...other[section] }]));
}

function byId(one: Actual, other: Actual): number {
  return one.id < other.id ? -1 : 1;
}
