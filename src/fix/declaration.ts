import { type Fields, isRecord, record, type Value } from '../model.ts';
import { declarableIn, type Field, ID, type Resource, unstatedCharge } from '../resources/resource.ts';
import { named } from '../vocabulary/reference.ts';
import { accepts, aligned, type Spelled, spelling, withoutOfMode } from '../vocabulary/type.ts';

/**
 * How much an entry says of a live object. `public`: what says something in both modes, without what people keep to
 * themselves; `usual`: that too; `full`: every field that can be declared.
 */
export type Extent = 'public' | 'usual' | 'full';

/** How an entry declares a live object. */
export interface Manner {
  readonly extent: Extent;
  /** The fields that find it: stated whatever they hold. */
  readonly identity: readonly string[];
  /** The name of the entry that has an object which it refers to. */
  nameOf(section: string, id: string): string | null;
  /** Fields that it does not state, whatever they hold. */
  readonly without?: ReadonlySet<string>;
}

/** What an entry states to declare a live object, as the file spells it, in the order of the fields. The id only to find it, or in full. */
export function declaration(
  resource: Resource<never>,
  live: Fields,
  { extent, identity, nameOf, without }: Manner,
): { readonly [field: string]: Spelled } {
  const isImplied = implied(resource, live);
  const stated = Object.entries(declarableIn(resource, Object.keys(live))).flatMap(([name, field]) => {
    const value = without?.has(name) ? undefined : whole(field, live[name], live, extent);
    if (value === undefined || !accepts(field.type, value)) return [];
    const isSilent = name === ID && extent !== 'full';
    if (
      !identity.includes(name) &&
      (isSilent || !isSaid(field, value, live, extent) || (extent !== 'full' && isImplied(name)))
    )
      return [];
    return [spelling(name, field, named(field.type, value, nameOf), null)];
  });
  return record(stated);
}

/** A live value without what says again what another field says, and, but in full, without what is of one mode. */
function whole({ type }: Field<never>, value: Value | undefined, live: Fields, extent: Extent): Value | undefined {
  if (value === undefined || value === null) return value;
  const said = extent === 'full' ? value : withoutOfMode(type, value);
  return aligned(type, null, said, { live, unread() {} })[1];
}

/** Tells whether leaving a field out means the same, since the entry states an amount. */
function implied(resource: Resource<never>, live: Fields): (name: string) => boolean {
  const amounts = record(Object.entries(live).filter(([name]) => resource.charge?.amounts.includes(name)));
  const unstated = unstatedCharge(resource, amounts);
  return (name) => name in unstated && unstated[name] === live[name];
}

function isSaid(field: Field<never>, value: Value, live: Fields, extent: Extent): boolean {
  if (extent === 'full') return true;
  if (field.implied?.(live) || value === field.default) return false;
  const isNothing = value === null || (isRecord(value) && Object.keys(value).length === 0);
  return !isNothing && !(field.own && extent === 'public');
}
