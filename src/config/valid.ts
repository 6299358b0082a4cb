import type { MapNode, Node } from '../model.ts';
import type { JsonSchema } from '../vocabulary/type.ts';
import { configSchema } from './schema.ts';
import type { Validate } from './validate.ts';

/**
 * What validates these files, and nothing but these: whether they are valid is told here. What is wrong with one Ajv tells: to
 * load it and to compile the schema takes as long as all the rest of a check.
 */
export async function validator(roots: readonly MapNode[]): Promise<Validate> {
  const isValid = testOf(configSchema());
  if (roots.every(isValid)) return () => [];
  const { problemsIn } = await import('./validate.ts');
  return problemsIn(roots);
}

type Test = (node: Node) => boolean;

/** What explains a schema to people, and decides nothing. */
type Annotation =
  | 'description'
  | 'enumDescriptions'
  | 'minorUnits'
  | 'fractionsIn'
  | 'refersTo'
  | 'patternErrorMessage'
  | 'errorMessage'
  | 'doNotSuggest'
  | 'formerly'
  | 'default'
  | 'examples'
  | '$schema'
  | '$id'
  | 'title'
  | 'definitions';

type Keyword = Exclude<keyof JsonSchema, Annotation>;

/** What a keyword asks of a node. `test` makes the test of a schema within. */
type Rules = {
  readonly [word in Keyword]: (
    value: NonNullable<JsonSchema[word]>,
    test: (schema: JsonSchema) => Test,
    schema: JsonSchema,
  ) => Test;
};

const rules: Rules = {
  type(value) {
    const types: readonly string[] = typeof value === 'string' ? [value] : value;
    return (node) => types.some((type) => isOfType(node, type));
  },
  enum(value) {
    const words = new Set<unknown>(value);
    return (node) => node.kind === 'scalar' && words.has(node.value);
  },
  const: (value) => (node) => node.kind === 'scalar' && node.value === value,
  anyOf(value, test) {
    const tests = value.map(test);
    return (node) => tests.some((one) => one(node));
  },
  allOf(value, test) {
    const tests = value.map(test);
    return (node) => tests.every((one) => one(node));
  },
  not(value, test) {
    const refused = test(value);
    return (node) => !refused(node);
  },
  $ref: (value, test) => test(pointed(value)),
  required: (value) => (node) => node.kind !== 'map' || value.every((name) => node.entries.has(name)),
  // By name: to list them all would make the schemas of what the file does not have.
  properties: (value, test) =>
    entries((name, node) => {
      const inner = Object.hasOwn(value, name) ? value[name] : undefined;
      return inner === undefined || test(inner)(node);
    }),
  patternProperties(value, test) {
    const tests = Object.entries(value).map(([pattern, inner]) => [new RegExp(pattern, 'u'), test(inner)] as const);
    return entries((name, node) => tests.every(([pattern, one]) => !pattern.test(name) || one(node)));
  },
  additionalProperties(value, test, { properties = {}, patternProperties = {} }) {
    const patterns = Object.keys(patternProperties).map((pattern) => new RegExp(pattern, 'u'));
    const others = typeof value === 'boolean' ? () => value : test(value);
    const isNamed = (name: string) => Object.hasOwn(properties, name) || patterns.some((one) => one.test(name));
    return entries((name, node) => isNamed(name) || others(node));
  },
  propertyNames(value, test) {
    const one = test(value);
    return entries((name, { at }) => one({ kind: 'scalar', value: name, text: name, at }));
  },
  items(value, test) {
    const one = test(value);
    return (node) => node.kind !== 'list' || node.items.every(one);
  },
  minItems: (value) => (node) => node.kind !== 'list' || node.items.length >= value,
  minProperties: (value) => (node) => node.kind !== 'map' || node.entries.size >= value,
  minLength: (value) => text((content) => content.length >= value && (value < 2 || [...content].length >= value)),
  maxLength: (value) => text((content) => content.length <= value || [...content].length <= value),
  pattern(value) {
    const pattern = new RegExp(value, 'u');
    return text((content) => pattern.test(content));
  },
  minimum: (value) => number((content) => content >= value),
  maximum: (value) => number((content) => content <= value),
};

const made = new WeakMap<JsonSchema, Test>();

/** The test of a schema, made when the first node asks for it: a file has few of the names that the schema knows. */
function testOf(schema: JsonSchema): Test {
  const known = made.get(schema);
  if (known !== undefined) return known;
  let tests: readonly Test[] | undefined;
  const test: Test = (node) => {
    tests ??= Object.entries(schema).flatMap(([word, value]) =>
      Object.hasOwn(rules, word) ? [(rules[word as Keyword] as (...of: unknown[]) => Test)(value, testOf, schema)] : [],
    );
    return tests.every((one) => one(node));
  };
  made.set(schema, test);
  return test;
}

/** What a reference in the schema of a configuration points to. */
function pointed(reference: string): JsonSchema {
  return reference
    .split('/')
    .slice(1)
    .reduce((schema, step) => schema[step as keyof JsonSchema] as JsonSchema, configSchema());
}

function isOfType(node: Node, type: string): boolean {
  if (node.kind === 'map') return type === 'object';
  if (node.kind === 'list') return type === 'array';
  if (node.value === null) return type === 'null';
  if (type === 'integer') return Number.isInteger(node.value);
  if (type === 'number') return Number.isFinite(node.value);
  return typeof node.value === type;
}

function entries(test: (name: string, node: Node) => boolean): Test {
  return (node) => {
    if (node.kind === 'map')
      for (const { name, node: value } of node.entries.values()) if (!test(name, value)) return false;
    return true;
  };
}

function text(test: (content: string) => boolean): Test {
  return (node) => node.kind !== 'scalar' || typeof node.value !== 'string' || test(node.value);
}

function number(test: (content: number) => boolean): Test {
  return (node) => node.kind !== 'scalar' || typeof node.value !== 'number' || test(node.value);
}
