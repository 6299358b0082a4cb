import { expectsInForce, type Match } from '../matching/match.ts';
import type { Expected } from '../model.ts';
import { ID, type Query, type Resource } from '../resources/resource.ts';

/** What is to be asked of Stripe. Pure: read.ts carries it out. */

/** Lists that are read to their end, one after the other, and what their objects are expanded by. */
export interface Listing {
  readonly queries: readonly Query[];
  readonly expand: readonly string[];
}

/** What a check of entries begins with: everything active, expanded by what they state. */
export function listing(resource: Resource<never>, entries: readonly Expected[]): Listing {
  const expand = entries.flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([field, value]) => resource.fields[field]?.expand?.(value) ?? []),
  );
  return { queries: [resource.source.inForce], expand: [...new Set(expand)] };
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

export function lookUps(resource: Resource<never>, lost: readonly Expected[]): LookUps {
  const { source, lookUp } = resource;
  const ids: string[] = [];
  const batches: Batch[] = [];
  for (const [identity, { query, batch }] of Object.entries(lookUp)) {
    const values = lost.filter((entry) => foundBy(entry) === identity).map((entry) => String(entry.identity.values[0]));
    if (query === 'path') ids.push(...values);
    else {
      const isById = identity === ID;
      const states = isById || source.retired === undefined ? [{}] : [source.retired, source.inForce];
      for (let start = 0; start < values.length; start += batch)
        batches.push({ parameter: `${query}[]`, values: values.slice(start, start + batch), states, isById });
    }
  }
  const list = source.retired !== undefined && lost.some((entry) => isListed(resource, entry)) ? source.retired : null;
  return { ids, batches, list };
}

/** Whether only a list finds an entry's object. */
export function isListed({ lookUp }: Resource<never>, entry: Expected): boolean {
  return !Object.hasOwn(lookUp, foundBy(entry));
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

/** The one field that finds an entry's object; empty where it takes several, or a name within one. */
function foundBy({ identity: { paths } }: Expected): string {
  const [path] = paths;
  return paths.length === 1 && path?.length === 1 ? (path[0] ?? '') : '';
}
