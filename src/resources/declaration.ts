import type { Fields, Value } from '../model.ts';
import type { Field, Resource } from './resource.ts';
import { isRecord, record, type Spelled, spelling, type Type } from './type.ts';

/**
 * How much an entry says of a live object. `public`: what says something, without what people keep to themselves; `usual`:
 * that too, and what decides the charge even where nothing is set; `full`: every field that can be declared.
 */
export type Extent = 'public' | 'usual' | 'full';

/** How an entry declares a live object. */
export interface Manner {
  readonly extent: Extent;
  /** The fields that find it: stated whatever they hold. */
  readonly identity: readonly string[];
  /** By field, the name of the entry that has the object which it refers to. */
  readonly entries: { readonly [field: string]: string };
  /** Fields that it does not state, whatever they hold. */
  readonly without?: ReadonlySet<string>;
}

/** What an entry states to declare a live object, as the file spells it, in the order of the fields. The id only to find it, or in full. */
export function declaration(
  resource: Resource<never>,
  live: Fields,
  { extent, identity, entries, without }: Manner,
): { readonly [field: string]: Spelled } {
  const stated = Object.entries(resource.fields).flatMap(([name, field]) => {
    const value = without?.has(name) ? undefined : whole(field, live[name], live);
    if (value === undefined || !accepts(field.type, value)) return [];
    const isSilent = name === resource.identities[0]?.by && extent !== 'full';
    if (!identity.includes(name) && (isSilent || !isSaid(field, value, live, extent))) return [];
    return [spelling(name, field, entries[name] === undefined ? value : { entry: entries[name] }, null)];
  });
  return record(stated);
}

/** Whether the file can state a value: not that nothing is set where Stripe always has something, nor a word too new for us. */
export function accepts({ schema }: Type, value: Value): boolean {
  if (schema.enum !== undefined && typeof value === 'string') return schema.enum.includes(value);
  return value !== null || (Array.isArray(schema.type) && schema.type.includes('null'));
}

/** A live value without what says again what another field says. */
function whole({ type }: Field<never>, value: Value | undefined, live: Fields): Value | undefined {
  if (value === undefined || value === null || type.set !== undefined) return value;
  return type.aligned?.(null, value, live)[1] ?? value;
}

function isSaid(field: Field<never>, value: Value, live: Fields, extent: Extent): boolean {
  if (extent === 'full') return true;
  if (field.implied?.(live) || value === field.default) return false;
  if (field.money && extent === 'usual') return true;
  const isNothing = value === null || (isRecord(value) && Object.keys(value).length === 0);
  return !isNothing && !(field.own && extent === 'public');
}
