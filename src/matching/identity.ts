import { type Actual, type Expected, type Identity, isRecord } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { valueAt } from '../resources/resource.ts';

/** What an entry is found by, and what may become of the search for its object. */

/** What became of an entry's search for its object. */
export type Match =
  | Found
  /** `others`: objects with this identity in the state that the entry does not expect. */
  | { readonly kind: 'missing'; readonly others: number }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Actual[]; readonly rivals: readonly string[] }
  /** It is found by an entry that is ambiguous, which is reported there. */
  | { readonly kind: 'undecided' }
  /** Its section, or that of an entry that it is found by, could not be read. */
  | { readonly kind: 'unread' };

/** `renamed`: the object's identity is another now; what else tells that it is the one is said in renames.ts. */
export interface Found {
  readonly kind: 'found';
  readonly actual: Actual;
  readonly renamed?: true;
}

/** A key that is equal for equal identities, in whatever order they name their fields. */
export function identityKey({ paths, values }: Identity): string {
  const pairs = paths.map((path, index) => JSON.stringify([path, values[index]]));
  return JSON.stringify([...new Set(pairs)].sort());
}

/** Whether an entry expects its object to be in force. */
export function expectsInForce({ section, fields }: Expected): boolean {
  const { state } = resourceOf(section);
  return state?.field === undefined || !(state.field.name in fields) || state.inForce(fields);
}

/** Whether an entry may mean an object, as far as its identity is known: what it refers to may be any. */
export function mayMean({ identity }: Expected, live: Actual): boolean {
  return identity.paths.every((path, index) => {
    const value = identity.values[index];
    return isRecord(value) || value === (valueAt(live.fields, path) ?? null);
  });
}
