import type { Entry, Fields } from '../model.ts';
import { placeWords } from '../text.ts';
import { always, flag } from '../vocabulary/scalars.ts';
import type { Context } from '../vocabulary/type.ts';
import type { Field, State } from './resource.ts';

/** Configurations of which Stripe uses one where nobody names another: `is_default` tells it, and it is always active. */

/** Whether it is the default. No request decides that. */
export function isDefault<Live extends { readonly is_default: boolean }>(description: string): Field<Live> {
  return {
    type: always(flag),
    description,
    read: (live) => live.is_default,
    given: true,
    implied: ({ is_default: is }) => is === false,
    // The default is never inactive.
    excludes: (value) => (value === true ? ['active'] : []),
    parameters: (_, request) => (request === 'create' ? {} : null),
  };
}

export const keptDefault: NonNullable<State['kept']> = {
  is: ({ is_default: is }) => is === true,
  why: 'the default configuration has to stay active',
};

/** A default that an entry states to be inactive. */
export function checkDefault(stated: ReadonlyMap<string, Entry>, fields: Fields, { complain }: Context): void {
  const [active, other] = ['active', 'is_default'].map((name) => stated.get(name));
  if (!active || !other || fields.active !== false || fields.is_default !== true) return;
  const rule = `is false, but is_default ${placeWords(other.at, active.at)} is true: the default has to stay active`;
  complain(active.at, `${rule}. Remove one of them`, 'doubt');
}
