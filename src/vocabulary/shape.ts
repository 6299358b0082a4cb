import { type Entry, isRecord, type MapNode, record, type Value } from '../model.ts';
import { bare, placeWords } from '../text.ts';
import {
  type Around,
  aligned,
  type Context,
  type JsonSchema,
  type Member,
  memberOf,
  type Parameter,
  parameterOf,
  parametersOf,
  type Shape,
  type Spelled,
  spelling,
  spellingName,
  type Type,
  within,
} from './type.ts';

/** Objects with names of Stripe's: compared as one statement (`whole`), or only in what the file states (`part`). */

/** An object compared as one statement: a name that the file leaves out means its default, else null. */
export function whole(shape: Shape, options: Pick<Type, 'words'> = {}): Type {
  return {
    schema: { ...shapeSchema(withDefaults(shape)), type: ['object', 'null'] },
    expected(node, context) {
      if (node.kind !== 'map' || node.entries.size === 0) return null;
      const { fields } = readShape(shape, node, context);
      return record(Object.keys(shape).map((name) => [name, fields[name] ?? shape[name]?.default ?? null]));
    },
    actual(raw) {
      if (!isRecord(raw)) return null;
      return record(
        Object.entries(shape).map(([name, member]) => [name, readMember(raw, name, member) ?? member.default ?? null]),
      );
    },
    aligned(expected, actual, around) {
      const both = members(shape, Object.keys(shape), expected, actual, around);
      return [isRecord(expected) ? side(both, 0) : null, isRecord(actual) ? side(both, 1) : null];
    },
    spelled: (value, other) => (isRecord(value) ? spelledMembers(shape, value, other) : null),
    parameter: (value) => memberParameters(shape, value),
    inner: (name) => memberType(shape, name),
    ...options,
  };
}

/** An object of which all may be unset: that equals null. */
export function someOf(type: Type): Type {
  const isNothing = (value: Value) => isRecord(value) && Object.values(value).every((one) => one === null);
  const orNone = (value: Value) => (isNothing(value) ? null : value);
  return {
    ...type,
    expected: (node, context) => orNone(type.expected(node, context)),
    actual: (raw) => orNone(type.actual(raw)),
  };
}

/**
 * An object of which only the names that the file states are compared. One without any value equals null. `sparse`: Stripe
 * leaves out names that are not set; else a name that an answer lacks was not read.
 */
export function part(shape: Shape, options: { sparse?: true } = {}): Type {
  return {
    schema: { ...shapeSchema(shape), type: ['object', 'null'] },
    expected(node, context) {
      return node.kind === 'map' ? readShape(shape, node, context).fields : null;
    },
    actual(raw) {
      if (!isRecord(raw) && !options.sparse) return null;
      const given = isRecord(raw) ? raw : {};
      const read = Object.entries(shape).map(([name, member]) => {
        const value = readMember(given, name, member);
        return [name, value === undefined && options.sparse ? member.type.actual(null) : value] as const;
      });
      return record(read.filter((pair): pair is [string, Value] => pair[1] !== undefined));
    },
    aligned(expected, actual, around) {
      if (!isRecord(expected)) {
        const isSet = (name: string, value: Value) => value !== null || member(shape, name)?.required;
        const names = Object.keys(isRecord(actual) ? actual : {}).filter((name) => isSet(name, memberOf(actual, name)));
        // A group of which nothing is set is not set itself.
        const set = members(shape, names, null, actual, around).filter(([name, [, value]]) => isSet(name, value));
        return [null, set.length === 0 ? null : side(set, 1)];
      }
      const names = Object.keys(expected).filter((name) => {
        const isRead = !isRecord(actual) || name in actual;
        if (!isRead && memberOf(expected, name) !== null) around.unread([name]);
        return isRead;
      });
      const both = members(shape, names, expected, actual, around);
      const isNothing = both.every(([, [one]]) => one === null);
      return [side(both, 0), isRecord(actual) || isNothing ? side(both, 1) : null];
    },
    // A name that the other side does not state is written only where it has a value, or has to be there.
    spelled: (value, other) =>
      isRecord(value)
        ? record(
            Object.entries(value)
              .filter(
                ([name, live]) => live !== null || member(shape, name)?.required || (isRecord(other) && name in other),
              )
              .map(([name, live]) => spelling(name, member(shape, name), live as Value, memberOf(other, name))),
          )
        : null,
    partial: true,
    parameter: (value) => (value === null ? '' : memberParameters(shape, value) || undefined),
    inner: (name) => memberType(shape, name),
  };
}

/** The fields that a map states, under their main names, and the spelling used for each. Complains about contradictions. */
export function readShape(
  shape: Shape,
  node: MapNode,
  context: Context,
): { fields: { [name: string]: Value }; stated: Map<string, Entry> } {
  const fields: { [name: string]: Value } = record([]);
  const stated = new Map<string, Entry>();
  for (const [name, { type, also = {} }] of Object.entries(shape)) {
    for (const [spelling, spelledType] of [
      [name, type] as const,
      ...Object.entries(also).map(([key, value]) => [key, value.type] as const),
    ]) {
      const entry = node.entries.get(spelling);
      if (entry === undefined) continue;
      const value = spelledType.expected(entry.node, context);
      const first = stated.get(name);
      if (first !== undefined && value !== null && fields[name] !== null && fields[name] !== value) {
        const said = `which says ${bare(String(fields[name]))}`;
        context.complain(
          entry.at,
          `contradicts ${first.name} ${placeWords(first.at, entry.at)}, ${said}: they are the same field. Keep one of them`,
        );
      }
      if (first === undefined || fields[name] === null) {
        fields[name] = value;
        stated.set(name, entry);
      }
    }
  }
  return { fields, stated };
}

/** The JSON Schema of an object with these members and no others. */
export function shapeSchema(shape: Shape): JsonSchema {
  const properties: { [name: string]: JsonSchema } = {};
  for (const [name, { type, description, also = {} }] of Object.entries(shape)) {
    properties[name] = { ...titled(type.schema, name), description };
    for (const [spelling, other] of Object.entries(also)) {
      properties[spelling] = { ...other.type.schema, description: other.description };
    }
  }
  const required = Object.entries(shape).flatMap(([name, { required }]) => (required ? [name] : []));
  const formerly = Object.entries(shape).flatMap(([name, { formerly = [] }]) =>
    formerly.map((word) => [word, `Write ${name} instead`]),
  );
  return {
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    ...(formerly.length > 0 && { formerly: Object.fromEntries(formerly) }),
    additionalProperties: false,
  };
}

/** Whether an object that fits has to have names. */
export function requiresNames({ required, allOf = [] }: JsonSchema): boolean {
  return required !== undefined || allOf.some(requiresNames);
}

/** The two sides of each member. */
function members(shape: Shape, names: readonly string[], expected: Value, actual: Value, around: Around) {
  return names.flatMap((name) => {
    const type = member(shape, name)?.type;
    if (type === undefined) return [];
    const sides = aligned(type, memberOf(expected, name), memberOf(actual, name), within(around, name));
    return [[name, sides] as const];
  });
}

function side(both: readonly (readonly [string, readonly [Value, Value]])[], which: 0 | 1): Value {
  return record(both.map(([name, sides]) => [name, sides[which]]));
}

/** Named after its field, where editors offer all that an object requires at once. */
function titled(schema: JsonSchema, name: string): JsonSchema {
  if (schema.items && requiresNames(schema.items)) return { ...schema, items: titled(schema.items, name) };
  return requiresNames(schema) ? { title: name, ...schema } : schema;
}

/** The defaults in words: as the keyword of a schema editors would write each of them into the file. */
function withDefaults(shape: Shape): Shape {
  return Object.fromEntries(
    Object.entries(shape).map(([name, member]) => {
      const { description, default: fallback } = member;
      return fallback === undefined
        ? [name, member]
        : [name, { ...member, description: `${description} Default: \`${String(fallback)}\`.` }];
    }),
  );
}

/** Members that say more than their default, on this side or the other; the first where all say no more. */
function spelledMembers(shape: Shape, value: { readonly [name: string]: unknown }, other: Value): Spelled {
  const said = Object.entries(shape).flatMap(([name, one]) => {
    const live = memberOf(value, name);
    const replaced = isRecord(other) && Object.hasOwn(other, name) ? memberOf(other, name) : (one.default ?? null);
    const silent = live === (one.default ?? null) && replaced === (one.default ?? null);
    return silent && !one.explicit && !one.required ? [] : [spelling(name, one, live, replaced)];
  });
  const [first] = Object.entries(shape);
  return record(
    said.length > 0 || first === undefined ? said : [spelling(first[0], first[1], memberOf(value, first[0]), null)],
  );
}

/** Members that are set, each under the name that its value has, and those that an empty text unsets. Empty where none is. */
function memberParameters(shape: Shape, value: Value): Parameter | undefined {
  if (!isRecord(value)) return '';
  const said = Object.entries(value).flatMap(([name, part]) => {
    const one = member(shape, name);
    if (part === null || one === undefined) return one?.type.cleared ? [[name, ''] as const] : [];
    return [[spellingName(name, one, part as Value), parameterOf(one.type, part as Value)] as const];
  });
  return said.length === 0 ? '' : parametersOf(said);
}

function member(shape: Shape, name: string): Member | undefined {
  return Object.hasOwn(shape, name) ? shape[name] : undefined;
}

/** The type of a member by any of its spellings. */
function memberType(shape: Shape, name: string): Type | undefined {
  const spelled = Object.values(shape).find(({ also = {} }) => Object.hasOwn(also, name));
  return member(shape, name)?.type ?? spelled?.also?.[name]?.type;
}

function readMember(
  raw: { readonly [name: string]: unknown },
  name: string,
  { type, also = {} }: Member,
): Value | undefined {
  const spellings = [...Object.keys(also), name].filter((spelling) => raw[spelling] !== undefined);
  if (spellings.length === 0) return undefined;
  return type.actual(spellings.map((spelling) => raw[spelling]).find((value) => value !== null) ?? null);
}
