import { isRecord, record, type Value } from '../model.ts';
import { fileWord, quote } from '../text.ts';
import { noticeTemplate, scalar, templateWords, textFromStripe } from './scalars.ts';
import { mapped, type Type } from './type.ts';

/**
 * The name of an entry of another section, or an id. `prefix` is Stripe's for such ids: a bare string with it is an id. Null
 * where nothing tells an id: a bare string is then a name.
 */
export function reference(section: string, prefix: string | null): Type {
  const usually = prefix === null ? '' : `, usually \`${prefix}…\``;
  return {
    schema: {
      type: ['string', 'number', 'object', 'null'],
      minLength: 1,
      // In a branch of its own: else editors begin with this map, where people write a name.
      allOf: [
        {
          refersTo: section,
          properties: {
            id: { type: 'string', minLength: 1, description: `An id in Stripe${usually}.` },
          },
          required: ['id'],
          additionalProperties: false,
        },
      ],
    },
    expected(node, context) {
      if (node.kind === 'map') {
        const id = node.entries.get('id')?.node;
        if (id !== undefined) noticeTemplate(id, context);
        return record([['id', id === undefined ? null : scalar(id).value]]);
      }
      const { value, text: name } = scalar(node);
      if (value === null) return null;
      const names = context.names(section);
      if (names === null || names.includes(name)) return record([['entry', name]]);
      const template = templateWords(name, () => context.inEnvironments(node.at));
      if (template !== null) context.complain(node.at, template);
      else if (prefix === null || !name.startsWith(prefix)) {
        const none = `the ${fileWord(context.files)} declares no ${section}`;
        const where = names.length === 0 ? none : `no entry of ${section} has that name`;
        const hint = context.nearest(name, names);
        const elsewhere = context.elsewhere(section, name);
        context.complain(
          node.at,
          elsewhere === null
            ? `is ${quote(name)}, but ${where}.${hint} To refer to an object by its id, write { id: … }`
            : `is ${quote(name)}, ${elsewhere}`,
        );
        // No id, so that nothing else is told of what it would refer to.
        return record([['entry', name]]);
      }
      return record([['id', name]]);
    },
    actual: (raw) => textFromStripe(isRecord(raw) ? raw.id : raw),
    // An entry whose object is not known is reported there.
    aligned: (expected, actual) => (isRecord(expected) ? [null, null] : [expected, actual]),
    spelled(value) {
      if (isRecord(value)) return typeof value.entry === 'string' ? value.entry : { id: String(value.id) };
      return value === null ? null : { id: String(value) };
    },
    parameter(value) {
      if (!isRecord(value)) return value === null ? '' : String(value);
      return typeof value.id === 'string' ? value.id : undefined;
    },
    reference: section,
  };
}

/** What a value refers to: in the file an entry by its name, or an object by its id; in Stripe objects by their ids. */
export interface Reference {
  /** The path within the value. */
  readonly path: readonly string[];
  readonly section: string;
  readonly entry: string | null;
  readonly id: string | null;
}

/** All references within a value, wherever they are. `found` is what was found before. */
export function referencesIn(
  type: Type,
  value: Value,
  path: readonly string[] = [],
  found: Reference[] = [],
): Reference[] {
  const { reference: section, inner } = type;
  if (value === null) return found;
  if (section !== undefined) {
    const { entry = null, id = null } = isRecord(value) ? value : { id: String(value) };
    found.push({ path, section, entry: entry as string | null, id: id as string | null });
  }
  if (inner === undefined || typeof value !== 'object') return found;
  for (const [step, one] of Object.entries(value as { readonly [step: string]: Value })) {
    const within = inner.call(type, step);
    if (within !== undefined) referencesIn(within, one, [...path, step], found);
  }
  return found;
}

/** A value of the file in which references are ids; `find` gives null where the object of an entry is not known: that one stays. */
export function resolved(type: Type, value: Value, find: (section: string, entry: string) => string | null): Value {
  return mapped(type, value, (leaf, one) => {
    if (leaf.reference === undefined || !isRecord(one)) return one;
    if (typeof one.id === 'string') return one.id;
    return find(leaf.reference, String(one.entry)) ?? (one as Value);
  });
}

/** A value of Stripe's in which references name the entries of their objects, as far as there are any. */
export function named(type: Type, value: Value, nameOf: (section: string, id: string) => string | null): Value {
  return mapped(type, value, (leaf, one) => {
    const name = leaf.reference === undefined || typeof one !== 'string' ? null : nameOf(leaf.reference, one);
    return name === null ? one : record([['entry', name]]);
  });
}
