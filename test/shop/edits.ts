/** What may change in a live object, one field at a time. */
import { resourceOf } from '../../src/resources/index.ts';
import { kindOf } from '../kinds/index.ts';
import { type Entry, identityField, type Live } from './accounts.ts';

/** A live object with a change, and what it is that changed. */
export interface Edit {
  readonly field: string;
  readonly live: Live;
}

/** An edit of a field that the entry is not found by; a generated number chooses which. */
export function edit(entry: Entry, choice: number): Edit | null {
  const { section, live } = entry;
  // What belongs to the field that finds an object has tests of its own.
  const belongs = resourceOf(section)
    .identities.flatMap(({ also = [] }) => also)
    .map((name) => name.split('.')[0]);
  const possible = Object.entries(kindOf(section).edits).flatMap(([field, change]): Edit[] => {
    if (field === identityField(entry) || (entry.finder === 'natural' && belongs.includes(field))) return [];
    const changed = change(live);
    return changed === null ? [] : [{ field, live: { ...live, ...changed } as Live }];
  });
  return possible[choice % possible.length] ?? null;
}

/** The entries with one object in the place of another. */
export function replaced(
  entries: readonly Entry[],
  entry: Entry,
  live: Live | null,
): { section: string; live: Live }[] {
  return entries.flatMap((other) => (other === entry ? (live === null ? [] : [{ ...other, live }]) : [other]));
}
