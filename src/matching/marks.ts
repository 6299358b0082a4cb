import type { Fields, Value } from '../model.ts';
import { ID, isFixedAt, type Resource, typeAt, valueAt } from '../resources/resource.ts';
import { mapped, type Type } from '../vocabulary/type.ts';

/**
 * How well what an entry states tells its object from others, once the field that finds it was changed. A value that nobody
 * else has is enough, and so is a name of metadata; a field that anything may be in, or that can't be changed, tells more than
 * a switch.
 */
export interface Mark {
  /** It begins with the field. */
  readonly path: readonly string[];
  readonly value: Value;
  readonly weight: number;
  /** It is in a list. */
  readonly isListed: boolean;
}

/** Marks of this weight together tell an object from others: two fields, of which one is more than a switch, or three switches. */
export const ENOUGH = 3;

/** With this weight in common, two may be one. */
export const LITTLE = 2;

const [FREE, WORD, NOTHING] = [2, 1, 0];

/** Every single value that fields hold. */
export function marksOf(resource: Resource<never>, fields: Fields): Mark[] {
  return Object.entries(fields).flatMap(([field, value]) => {
    const type = resource.fields[field]?.type;
    if (type === undefined) return [];
    const marks: Mark[] = [];
    mapped(
      type,
      value,
      (leaf, one, path) => {
        const isListed = path.some((_, depth) => Array.isArray(valueAt(fields, path.slice(0, depth))));
        marks.push({ path, value: one, weight: weightOf(resource, path, leaf, one), isListed });
        return one;
      },
      [field],
    );
    return marks;
  });
}

function weightOf(resource: Resource<never>, path: readonly string[], type: Type, value: Value): number {
  const [field = ''] = path;
  const { unique, default: usual } = resource.fields[field] ?? {};
  if (value === null || typeof value === 'object' || value === usual) return NOTHING;
  if (field === resource.state?.field?.name) return NOTHING;
  const map = typeAt(resource, path.slice(0, -1));
  if (field === ID || unique || (map?.open && !map.byCurrency)) return ENOUGH;
  if (isFixedAt(resource, path)) return FREE;
  if (typeof value === 'boolean') return value ? WORD : NOTHING;
  return isWord(type) ? WORD : FREE;
}

function isWord({ schema: { enum: words, anyOf = [] } }: Type): boolean {
  return words !== undefined || anyOf.some((one) => one.enum !== undefined);
}
