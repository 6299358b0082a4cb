import { Ajv, type ErrorObject } from 'ajv';
import type { Entry, MapNode, Node, Place, ScalarNode } from '../model.ts';
import { grouped, record } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { ID } from '../resources/resource.ts';
import { bare, cut, holdsKey } from '../text.ts';
import { amountWords } from '../vocabulary/money.ts';
import { templateWords } from '../vocabulary/scalars.ts';
import type { JsonSchema } from '../vocabulary/type.ts';
import { currencyOf } from './currency.ts';
import { inEnvironments } from './environment.ts';
import { hint, schemaAt } from './hints.ts';
import { didYouMean, nearest } from './nearest.ts';
import { LONGEST_NUMBER, valueWords } from './nodes.ts';
import { configSchema } from './schema.ts';

/** What is wrong at a path of the file. The message begins with a verb; its subject is the path. */
export interface ShapeProblem {
  readonly path: readonly string[];
  readonly at: Place;
  readonly message: string;
  /** Something required is not there; an environment may add it. */
  readonly isLack?: true;
}

const MOST_WORDS = 12;
const KEY =
  "holds a secret of Stripe's, and whoever can read this file, or its history in git, has it now. Remove it, and roll it in the Dashboard";

type Check = ReturnType<Ajv['compile']>;

/** The schema compiled for files that have these names of it, or fewer. */
let compiled: { readonly names: ReadonlySet<string>; readonly check: Check } | null = null;

/** Compiles what these files need, beside what was needed before. */
function checkFor(roots: readonly MapNode[]): Check {
  const names = new Set(compiled?.names);
  for (const root of roots) addNames(root, names);
  const known = new Set<string>();
  const schema = trimmed(configSchema(), (name) => {
    if (names.has(name)) known.add(name);
    return names.has(name);
  });
  if (compiled?.names.size !== known.size) compiled = { names: known, check: compile(schema) };
  return compiled.check;
}

function addNames(node: Node, names: Set<string>): void {
  if (node.kind === 'scalar') return;
  for (const inner of node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.node))
    addNames(inner, names);
  if (node.kind === 'map') for (const name of node.entries.keys()) names.add(name);
}

/**
 * A schema without what it says of names that a file does not have: to compile all of it takes longer than the rest of a
 * check. The names stay, for messages, and so does a `const`, which the message about a missing name repeats.
 */
function trimmed(schema: JsonSchema, has: (name: string) => boolean): JsonSchema {
  const within = (inner: JsonSchema) => trimmed(inner, has);
  const { properties, definitions, additionalProperties, items, anyOf, allOf } = schema;
  const stated = ([name, inner]: [string, JsonSchema]): [string, JsonSchema] => {
    return [name, has(name) || inner.const !== undefined ? within(inner) : {}];
  };
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(stated)) }),
    ...(definitions && {
      definitions: Object.fromEntries(Object.entries(definitions).map(([name, inner]) => [name, within(inner)])),
    }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: within(additionalProperties) }),
    ...(items && { items: within(items) }),
    ...(anyOf && { anyOf: anyOf.map(within) }),
    ...(allOf && { allOf: allOf.map(within) }),
  };
}

/**
 * Our own schema needs no validation at each run; without that, inlining and optimising it compiles in a third of the time.
 * Where a value has many mistakes, the code that Ajv makes would copy all that are known with each: `joined` adds to them
 * instead.
 */
function compile({ $schema, ...schema }: JsonSchema): Check {
  const options = {
    allErrors: true,
    verbose: true,
    messages: false,
    strict: false,
    logger: false,
    meta: false,
    validateSchema: false,
  } as const;
  return new Ajv({ ...options, inlineRefs: false, code: { process: joined, optimize: false } }).compile(schema);
}

function joined(code: string): string {
  return code.replace(
    /vErrors\.concat\((\w+)\.errors\)/g,
    '($1.errors.forEach((error) => vErrors.push(error)), vErrors)',
  );
}

/** Says what the schema finds wrong in a configuration, all of it, each at its place. */
export type Validate = (root: MapNode) => ShapeProblem[];

/** What tells the mistakes of these files, and of whatever is made of them: environments laid over, or several as one. */
export function problemsIn(roots: readonly MapNode[]): Validate {
  const check = checkFor(roots);
  return (root) => problemsOf(root, check);
}

function problemsOf(root: MapNode, check: Check): ShapeProblem[] {
  if (check(json(root))) return [];
  // What a name lacks is said of the map that holds it, once, by the keyword propertyNames.
  const told = (check.errors ?? []).filter(({ propertyName }) => propertyName === undefined);
  return [...grouped(told, ({ instancePath }) => instancePath)].flatMap(([pointer, errors]) => {
    const path = pointer
      .split('/')
      .slice(1)
      .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
    const refused: Refused = {
      path,
      node: resolve(root, path),
      currency: (...names) => currencyOf(root, [...path, ...names]),
      holder() {
        const around = resolve(root, path.slice(0, -1));
        return (around.kind === 'map' ? around.entries.get(path.at(-1) ?? '') : undefined) ?? null;
      },
    };
    return problemsAt(refused, errors);
  });
}

/** Something that the schema refuses. */
interface Refused {
  readonly path: readonly string[];
  readonly node: Node;
  /** The currency, if it is an amount, or one that stands under these names in it. */
  currency(...names: readonly string[]): string | null;
  /** The name under which it stands; null for the whole file and for items of lists. */
  holder(): Entry | null;
}

/** What the errors at one path come to: where the type is wrong, nothing else is said. */
function problemsAt(refused: Refused, errors: readonly ErrorObject[]): ShapeProblem[] {
  const { path, node } = refused;
  const reference = errors.find(({ keyword }) => keyword === 'required')?.parentSchema as JsonSchema | undefined;
  if (reference?.refersTo !== undefined && node.kind === 'map')
    return [{ path, at: node.at, message: referenceWords(node, reference.refersTo) }];
  const wrongType = errors.find(({ keyword, schemaPath }) => keyword === 'type' && !schemaPath.includes('/anyOf/'));
  if (wrongType)
    return [
      {
        path,
        at: node.at,
        message: `is ${valueWords(node)}. ${typeMessage(refused, wrongType.parentSchema as JsonSchema)}`,
      },
    ];
  const choices = errors.find(({ keyword }) => keyword === 'anyOf');
  const branches = choices
    ? errors.filter(({ keyword, schemaPath }) => keyword === 'enum' && schemaPath.includes('/anyOf/'))
    : errors;
  const problems = (
    choices && node.kind !== 'scalar' ? errors.filter(({ keyword }) => keyword === 'additionalProperties') : branches
  ).flatMap((error) => problem(refused, error));
  const seen = new Set<string>();
  return problems.filter(({ message, at }) => {
    const key = JSON.stringify([at, message]);
    return !seen.has(key) && seen.add(key);
  });
}

function problem(refused: Refused, error: ErrorObject): ShapeProblem[] {
  const { path, node } = refused;
  const { keyword, params } = error;
  const schema = error.parentSchema as JsonSchema;
  const here = (message: string): ShapeProblem[] => [{ path, at: node.at, message }];
  if (keyword === 'additionalProperties') {
    const name = (params as { additionalProperty: string }).additionalProperty;
    const at = (node.kind === 'map' ? node.entries.get(name)?.at : undefined) ?? node.at;
    if (name === '<<')
      return [
        { path: [...path, name], at, message: 'is in quotes, so that YAML merges nothing. Write << without quotes' },
      ];
    const known = Object.keys(schema.properties ?? {});
    const entry = node.kind === 'map' ? node.entries.get(name) : undefined;
    if (entry?.node.kind === 'scalar' && holdsKey(entry.node.text))
      return [{ path: [...path, name], at, message: KEY }];
    const instead =
      node.kind === 'map' && entry !== undefined
        ? hint({ entry, map: node, holder: refused.holder(), path, schema, currency: refused.currency })
        : '';
    // At the top, of an environment too, most names are sections, of which every kind adds one: they are always told.
    const isTop = path.length === 0 || (path.length === 2 && path[0] === 'environments');
    const all = instead === '' && (isTop || known.length <= MOST_WORDS) ? ` Known here: ${known.join(', ')}` : '';
    return [{ path: [...path, name], at, message: `is not known here.${instead}${all}` }];
  }
  if (keyword === 'required') {
    const name = (params as { missingProperty: string }).missingProperty;
    const value = schema.properties?.[name]?.const;
    const message = `lacks ${name}${value === undefined ? '' : `. Begin with ${name}: ${value}`}`;
    return [{ path, at: node.at, message, isLack: true }];
  }
  if (keyword === 'enum' || keyword === 'const') {
    const words = schema.enum ?? [schema.const as number];
    const text = words.filter((word) => word !== null).map(String);
    const hint = node.kind === 'scalar' && text.length > 1 ? didYouMean(node.text, text) : '';
    const expected =
      text.length === 1
        ? text[0]
        : `one of ${text.slice(0, MOST_WORDS).join(', ')}${text.length > MOST_WORDS ? ', …' : ''}`;
    return here(`is ${valueWords(node)}. Expected ${expected}.${hint}`);
  }
  const template =
    keyword === 'pattern' && node.kind === 'scalar' ? templateWords(node.text, () => inEnvironments(path)) : null;
  if (template !== null) return here(template);
  if (keyword === 'pattern' && (params as { pattern?: string }).pattern)
    return here(`is ${valueWords(node)}. ${patternWords(refused, schema)}`);
  if (keyword === 'minLength' || keyword === 'minItems') return here(`is empty. ${emptyWords(node, schema)}`);
  if (keyword === 'minimum') return here(`is ${valueWords(node)}. Expected at least ${String(schema.minimum)}`);
  if (keyword === 'maximum') return here(`is ${valueWords(node)}. Expected at most ${String(schema.maximum)}`);
  if (keyword === 'propertyNames') {
    const name = (params as { propertyName: string }).propertyName;
    const entry = node.kind === 'map' ? node.entries.get(name) : undefined;
    const names = schema.propertyNames as JsonSchema;
    const message =
      name === ''
        ? 'is an empty name. Give it one'
        : `is not a ${names.title ?? 'name'}. ${patternWords({ ...refused, node: { kind: 'scalar', value: name, text: name, at: node.at } }, names)}`;
    return [{ path: [...path, name], at: entry?.at ?? node.at, message }];
  }
  return [];
}

/** What is said of a map in place of a name: it may hold what belongs into the entry that the name would mean. */
function referenceWords({ entries }: MapNode, section: string): string {
  const { kind, fields } = resourceOf(section);
  const isEntry = [...entries.keys()].some((name) => name !== ID && Object.hasOwn(fields, name));
  const words = `Expected the name of an entry in ${section}, or { id: … }`;
  return isEntry
    ? `holds what a ${kind} is. Move that to an entry in ${section}, and write its name here`
    : `is a map. ${words}`;
}

function patternWords({ node, currency }: Refused, schema: JsonSchema): string {
  if (schema.minorUnits && node.kind === 'scalar')
    return amountWords(node.text, currency(), schema.fractionsIn ?? null);
  const lower = node.kind === 'scalar' ? node.text.toLowerCase() : '';
  const meant =
    lower !== '' && node.kind === 'scalar' && lower !== node.text && new RegExp(schema.pattern as string).test(lower);
  return `${schema.patternErrorMessage ?? `Expected text like ${String(schema.pattern)}.`}${meant ? ` Did you mean ${bare(lower)}?` : ''}`;
}

function emptyWords(node: Node, schema: JsonSchema): string {
  if (node.kind === 'list') return 'Expected at least one item';
  const nullable = Array.isArray(schema.type) && schema.type.includes('null');
  return nullable ? 'Write null to state that it is not set' : 'Expected text';
}

function typeMessage(refused: Refused, schema: JsonSchema): string {
  const { node } = refused;
  const types = typesOf(schema);
  const isScalar = node.kind === 'scalar' && node.value !== null;
  const isPlain = node.kind === 'scalar' && (isScalar || !types.includes('null'));
  if (isPlain && schema.patternErrorMessage !== undefined) return patternWords(refused, schema);
  const words: { [type: string]: string } = {
    string: schema.enum ? `one of ${schema.enum.filter((word) => word !== null).join(', ')}` : 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    object: 'a map',
    array: 'a list',
    null: 'null',
  };
  const all = types.map((type) => words[type] ?? type);
  if (schema.errorMessage !== undefined) return schema.errorMessage.replace(/\.$/, '');
  const expected = `Expected ${all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`}`;
  if (node.kind === 'scalar' && types.includes('object')) {
    const example = mapExample(refused.path, schema, isScalar ? node : null);
    if (example !== null) return `${expected}, such as ${example}`;
    if (!isScalar) return `${expected}, {} for an empty one`;
  }
  if (isScalar && types.includes('array')) return `${expected}, such as [${listedIn(node.text).map(bare).join(', ')}]`;
  if (!isScalar) return expected;
  // Numbers and booleans are often meant as text; YAML 1.1's yes and no as booleans.
  if (types.includes('string') && typeof node.value !== 'string')
    return `${expected}: put it in quotes, '${cut(node.text, LONGEST_NUMBER)}'`;
  if (types.includes('boolean') && /^(true|false)$/i.test(node.text)) return `${expected}, without quotes`;
  if (types.includes('boolean') && /^(yes|on|y)$/i.test(node.text)) return `${expected}. Did you mean true?`;
  if (types.includes('boolean') && /^(no|off|n)$/i.test(node.text)) return `${expected}. Did you mean false?`;
  return expected;
}

/** What stands for a value that a person has to choose. */
const UNKNOWN = '…';

/** A map with all names that it has to have, or one that it can have; null where it has none. `node` is what stands in its place. */
function mapExample(path: readonly string[], schema: JsonSchema, node: ScalarNode | null): string | null {
  const { required = [], properties = {} } = [schema, ...(schema.allOf ?? [])].find((one) => one.properties) ?? {};
  const [first] = Object.keys(properties).filter((name) => name !== 'match');
  const names = required.length > 0 || first === undefined ? required : [first];
  if (names.length === 0) return null;
  const inner = names.map((name) => [...path, name]);
  // What is there stands where it fits; what has to stand beside it is an example.
  const fits = (at: readonly string[]) =>
    isPlain(schemaAt(at)) ? exampleAt(at, node) !== UNKNOWN : exampleAt(at, node) !== exampleAt(at, null);
  const own = node === null ? -1 : inner.findIndex(fits);
  const parts = inner.map((at, index) => {
    const isUnknown = own === -1 && index === 0;
    return `${names[index]}: ${isUnknown && isPlain(schemaAt(at)) ? UNKNOWN : exampleAt(at, index === own ? node : null)}`;
  });
  return `{ ${parts.join(', ')} }`;
}

/** A value that may stand at a path: what stands there now, if it fits, or an example. */
function exampleAt(path: readonly string[], node: ScalarNode | null): string {
  const schema = schemaAt(path);
  if (!isPlain(schema))
    return typesOf(schema).includes('array') ? `[${UNKNOWN}]` : (mapExample(path, schema, node) ?? '{}');
  if (node !== null) return fitting(node, schema);
  const example = schema.examples?.[0] ?? schema.enum?.find((one) => one !== null);
  return example == null ? UNKNOWN : bare(String(example));
}

/** Whether a single value stands where a schema is. */
function isPlain(schema: JsonSchema): boolean {
  const types = typesOf(schema);
  return types.every((type) => type === 'null' || (type !== 'object' && type !== 'array')) || types.includes('string');
}

function typesOf({ type = [] }: JsonSchema): readonly string[] {
  return typeof type === 'string' ? [type] : type;
}

/** A value as it would stand where a schema is, as far as it fits there. */
function fitting({ text }: ScalarNode, { enum: words, pattern, minorUnits }: JsonSchema): string {
  const known = words?.filter((word) => word !== null).map(String);
  if (known !== undefined) return known.includes(text) ? text : (nearest(text, known) ?? UNKNOWN);
  const fits = pattern === undefined ? !minorUnits : new RegExp(pattern).test(text);
  return fits ? bare(text) : UNKNOWN;
}

/** What a text may list: words that commas or spaces keep apart; else all of it. */
function listedIn(text: string): readonly string[] {
  const parts = text.split(/[,\s]+/).filter((part) => part !== '');
  return parts.length <= MOST_WORDS && parts.every((part) => /^[\w.*-]+$/.test(part)) ? parts : [text];
}

/** The node at a path; an alias's content stands where it is used. */
function resolve(root: Node, path: readonly string[]): Node {
  return path.reduce<Node>((node, step) => {
    if (node.kind === 'map') return node.entries.get(step)?.node ?? node;
    if (node.kind === 'list') return node.items[Number(step)] ?? node;
    return node;
  }, root);
}

function json(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(json);
  return record([...(node as MapNode).entries.values()].map(({ name, node: value }) => [name, json(value)]));
}
