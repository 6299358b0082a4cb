import {
  type Actual,
  type Both,
  both,
  type Expected,
  type Fields,
  keyIn,
  otherThan,
  record,
  type Value,
  type Which,
} from '../model.ts';
import { registry, resourceOf } from '../resources/index.ts';
import { finderPaths, finds, folded, type Resource, valueAt } from '../resources/resource.ts';
import { mapped, type Type } from '../vocabulary/type.ts';
import type { Match, NameOf } from './identity.ts';
import { byLikeness, likenessOf, pairsOf } from './likeness.ts';

/**
 * Which objects of two realms, such as live and test mode of an account, are counterparts. What one entry of the file finds in
 * both is. The rest is paired by what does not depend on the realm: an id that its owner chose, an identity that stays when an
 * object is made anew, else what objects have in common with their like. Nothing is guessed: neither of the two has another
 * candidate.
 */

/** What is known of a realm. */
export interface Half {
  readonly matches: ReadonlyMap<Expected, Match>;
  /** By section, the active objects that no entry declares; none of a section that was not read whole. */
  readonly undeclared: ReadonlyMap<string, readonly Actual[]>;
}

/** What stands behind an id of the second realm that is another object's in the first. */
const OTHER = '\u0000';

/** The counterparts of two realms. */
export class Counterparts {
  private readonly partners: Both<Map<string, Actual>> = [new Map(), new Map()];
  private readonly halves: Both<Half>;
  /** By section and name, what became of each entry. */
  private readonly found: Both<ReadonlyMap<string, Match>>;

  constructor(halves: Both<Half>) {
    this.halves = halves;
    this.found = both((which) => byName(halves[which].matches));
    for (const [{ section, name }, match] of halves[0].matches) {
      const its = this.found[1].get(keyIn(section, name));
      if (match.kind === 'found' && its?.kind === 'found') this.join(section, match.actual, its.actual);
    }
    const left = [...registry.values()].map(
      (resource) => [resource, both((which) => this.left(resource.section, which))] as const,
    );
    let pairs: number;
    // What an object refers to may be paired in a later round: then it tells more.
    do pairs = left.reduce((sum, [resource, free]) => sum + this.pair(resource, free), 0);
    while (pairs > 0);
  }

  /** The object in the other realm; undefined where none is known. */
  of(which: Which, section: string, id: string): Actual | undefined {
    return this.partners[which].get(keyIn(section, id));
  }

  /** Fields of an object of the second realm, in which each id is that of its counterpart in the first. */
  translated(section: string, fields: Fields): Fields {
    return mappedIds(section, fields, (target, id) => this.idInFirst(target, id));
  }

  /** What an entry states for a realm, in the same ids. An id that only the other realm has stands for the counterpart of what it names. */
  meant(which: Which, section: string, fields: Fields): Fields {
    return mappedIds(section, fields, (target, id) => {
      const [own, other] = [this.of(which, target, id), this.of(otherThan(which), target, id)];
      const isOfFirst = own === undefined ? which === 1 : which === 0;
      return isOfFirst ? id : ((own ?? other)?.id ?? id);
    });
  }

  /** A translated value with the ids of the second realm again. */
  restored(type: Type, value: Value): Value {
    return withIds(type, value, (section, id) => this.idInSecond(section, id));
  }

  /** The id in the second realm of an id in translated fields. */
  idInSecond(section: string, id: string): string {
    return this.of(0, section, id)?.id ?? (id.endsWith(OTHER) ? id.slice(0, -OTHER.length) : id);
  }

  private idInFirst(section: string, id: string): string {
    const partner = this.of(1, section, id);
    return partner?.id ?? (this.of(0, section, id) === undefined ? id : id + OTHER);
  }

  private join(section: string, one: Actual, other: Actual): void {
    this.partners[0].set(keyIn(section, one.id), other);
    this.partners[1].set(keyIn(section, other.id), one);
  }

  /** What no entry declares, and what an entry finds that finds nothing in the other realm, or is not declared for it. */
  private left(section: string, which: Which): readonly Free[] {
    const { matches, undeclared } = this.halves[which];
    const lost = [...matches].flatMap(([entry, match]) => {
      if (entry.section !== section || match.kind !== 'found') return [];
      const its = this.found[otherThan(which)].get(keyIn(section, entry.name))?.kind ?? 'missing';
      return its === 'missing' ? [{ actual: match.actual, isDeclared: true }] : [];
    });
    return [...lost, ...(undeclared.get(section) ?? []).map((actual) => ({ actual, isDeclared: false }))];
  }

  /** Pairs what is left of a kind. How many pairs it finds. */
  private pair(resource: Resource<never>, left: Both<readonly Free[]>): number {
    const { section } = resource;
    const nameOf: Both<NameOf> = [(_, id) => id, (target, id) => this.idInFirst(target, id)];
    let pairs = 0;
    for (const { isLoose, tell } of waysOf(resource)) {
      const [ones, others] = both((which) => {
        const free = left[which].filter(({ actual }) => this.of(which, section, actual.id) === undefined);
        return byLikeness(free, ({ actual }) => tell(actual, nameOf[which]));
      });
      for (const [told, own] of ones) {
        const its = others.get(told) ?? [];
        if (its.length === 0 || (!isLoose && own.length + its.length > 2)) continue;
        const alike = pairsOf(
          resource,
          own.map((free) => ({ ...free, fields: free.actual.fields })),
          its.map((free) => ({ ...free, fields: this.translated(section, free.actual.fields) })),
        );
        for (const [one, other] of alike) {
          // Two entries of the file are two things.
          if (one.isDeclared && other.isDeclared) continue;
          this.join(section, one.actual, other.actual);
          pairs += 1;
        }
      }
    }
    return pairs;
  }
}

/** An object that may be paired; declared are those that an entry of the file finds. */
interface Free {
  readonly actual: Actual;
  readonly isDeclared: boolean;
}

/** How two objects are told to be counterparts. What is loose may lead to several, which the rest of their fields tells apart. */
interface Way {
  readonly isLoose: boolean;
  tell(actual: Actual, nameOf: NameOf): string | null;
}

/** The ways of a kind, the surest first. */
function waysOf(resource: Resource<never>): Way[] {
  const portable = resource.identities.filter((identity) => identity.portable);
  return [
    { isLoose: false, tell: ({ id }) => id },
    ...portable.map((identity): Way => {
      const tell = ({ fields }: Actual) => {
        if (!finds(identity, fields)) return null;
        const paths = finderPaths(resource, identity, fields);
        return JSON.stringify(paths.map((path) => [path, folded(resource, path, valueAt(fields, path) ?? null)]));
      };
      return { isLoose: false, tell };
    }),
    { isLoose: true, tell: ({ fields }, nameOf) => likenessOf(resource, fields, nameOf) },
  ];
}

/** Fields with other ids. */
function mappedIds(section: string, fields: Fields, idOf: (section: string, id: string) => string): Fields {
  const { fields: types } = resourceOf(section);
  return record(
    Object.entries(fields).map(([name, value]) => {
      const type = types[name]?.type;
      return [name, type === undefined ? value : withIds(type, value, idOf)];
    }),
  );
}

/** A value of Stripe's with other ids. */
function withIds(type: Type, value: Value, idOf: (section: string, id: string) => string): Value {
  return mapped(type, value, ({ reference }, one) =>
    reference === undefined || typeof one !== 'string' ? one : idOf(reference, one),
  );
}

function byName(matches: ReadonlyMap<Expected, Match>): Map<string, Match> {
  return new Map([...matches].map(([{ section, name }, match]) => [keyIn(section, name), match]));
}
