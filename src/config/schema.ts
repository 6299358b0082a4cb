import { type PolicyWord, pendingMeaning, policyProblems, policyWords, ROTATE_DAYS, WARN_DAYS } from '../model.ts';
import { registry } from '../resources/index.ts';
import { entrySchema, findersOf, finderWords, globSchema, globsSchema, type Resource } from '../resources/resource.ts';
import { SCHEMAS } from '../version.ts';
import { requiresNames } from '../vocabulary/shape.ts';
import type { JsonSchema } from '../vocabulary/type.ts';

const modes = { enum: ['live', 'test'] };
const accountId: JsonSchema = {
  type: 'string',
  pattern: '^acct_[A-Za-z0-9]+$',
  patternErrorMessage: 'Expected an account id, such as acct_1Abc.',
};

/** A day of the calendar. */
const day: JsonSchema = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  patternErrorMessage: 'Expected a date, such as 2027-01-31.',
};
const keyRotated =
  'The day on which the key was created or last rolled, such as 2026-08-01. There is a warning once it is older than `policy.rotate_key_after_days`.';

/** The schema of a configuration file: editors complete and explain with it, and it is the object that validates. Always the same. */
export function configSchema(): JsonSchema {
  made ??= schemaOf();
  return made;
}

let made: JsonSchema | undefined;

function schemaOf(): JsonSchema {
  const kinds = [...registry.values()];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `${SCHEMAS}stripe-config.schema.json`,
    title: 'stripe-config-check configuration',
    description:
      'The Stripe configuration that a repository declares. Only what the file states is compared with Stripe.',
    type: 'object',
    required: ['version'],
    properties: lazily({
      version: () => ({ const: 1, description: 'The version of this format: 1.' }),
      account: () => ({
        ...accountId,
        description: 'Guard: if the key belongs to another account, the check fails and compares nothing.',
      }),
      mode: () => ({
        ...modes,
        description: 'Guard: if the key is of the other mode, the check fails and compares nothing.',
      }),
      key_rotated: () => ({ ...day, description: keyRotated }),
      ...perKind(kinds, (kind) => sectionSchema(kind, isSingle(kind) ? entrySchema(kind) : { $ref: placeOf(kind) })),
      policy: () => policySchema(kinds),
      ignore: () => ignoreSchema(kinds),
      code: codeSchema,
      environments: () => ({
        title: 'environments',
        type: 'object',
        description:
          'Values that override those of the file, by section and entry name. Maps are merged, lists and single values are replaced, and an entry that is null is removed. The input `environment` selects the environment, else the mode of the key (`live` or `test`).',
        propertyNames: { minLength: 1, doNotSuggest: true },
        properties: { live: { $ref: '#/definitions/environment' }, test: { $ref: '#/definitions/environment' } },
        additionalProperties: { $ref: '#/definitions/environment' },
      }),
    }),
    patternProperties: { '^x-': { description: 'Not read. Use it for YAML anchors that the rest of the file uses.' } },
    additionalProperties: false,
    definitions: lazily({
      environment: () => environmentSchema(kinds),
      ...perKind(
        kinds.filter((kind) => !isSingle(kind)),
        entrySchema,
      ),
      ...Object.fromEntries(kinds.map((kind) => [`${kind.section}Overlay`, () => overlay(kind)])),
    }),
  };
}

/** Whether a section is one object: then the schema of it stands in the section, where others refer to that of an entry. */
function isSingle({ shape }: Resource<never>): boolean {
  return shape === 'single';
}

function placeOf(kind: Resource<never>): string {
  return isSingle(kind) ? `#/properties/${kind.section}` : `#/definitions/${kind.section}`;
}

function environmentSchema(kinds: readonly Resource<never>[]): JsonSchema {
  return {
    title: 'environment',
    description: 'The values that differ in this environment.',
    type: 'object',
    properties: lazily({
      account: () => ({
        ...accountId,
        description: 'Guard of this environment: the account that the key must belong to.',
      }),
      mode: () => ({ ...modes, description: 'Guard of this environment: the mode that the key must be of.' }),
      key_rotated: () => ({ ...day, description: `Of the key of this environment. ${keyRotated}` }),
      ...perKind(kinds, (kind) => sectionSchema(kind, { $ref: `#/definitions/${kind.section}Overlay` })),
    }),
    additionalProperties: false,
  };
}

type Makers = { readonly [name: string]: () => JsonSchema };

function perKind(kinds: readonly Resource<never>[], schema: (kind: Resource<never>) => JsonSchema): Makers {
  return Object.fromEntries(kinds.map((kind) => [kind.section, () => schema(kind)]));
}

/** Schemas by name, each made when it is first asked for: a file has few of the names. */
function lazily(makers: Makers): { [name: string]: JsonSchema } {
  const made = new Map<string, JsonSchema>();
  const get = (name: string, make: () => JsonSchema) => {
    const schema = made.get(name) ?? make();
    made.set(name, schema);
    return schema;
  };
  const properties = Object.entries(makers).map(([name, make]) => [
    name,
    { get: () => get(name, make), enumerable: true },
  ]);
  return Object.defineProperties({}, Object.fromEntries(properties));
}

function sectionSchema(kind: Resource<never>, entry: JsonSchema): JsonSchema {
  if (kind.shape === 'single') return entry;
  return {
    title: kind.section,
    type: 'object',
    description: `Entries, each with a name that you choose and that reports show. ${kind.description} A file without this section does not check ${kind.section}; an empty section (\`{}\`) declares that there are none.`,
    propertyNames: { minLength: 1, title: 'name' },
    errorMessage: 'Expected entries by name, or {} for none.',
    additionalProperties: entry,
  };
}

/**
 * An entry of an environment: what it states is laid over the base, so nothing in it is required, and null drops the entry.
 * A section that is one object is not dropped.
 */
function overlay(kind: Resource<never>): JsonSchema {
  const entry = entrySchema(kind);
  const properties = Object.entries(entry.properties ?? {}).map(([name, schema]): [string, JsonSchema] => {
    if (!requiresNames(schema) || name === 'match') return [name, { $ref: `${placeOf(kind)}/properties/${name}` }];
    return [name, withoutRequired(schema)];
  });
  const type = isSingle(kind) ? 'object' : ['object', 'null'];
  return { ...entry, type, properties: Object.fromEntries(properties) };
}

function withoutRequired({ required, allOf, ...rest }: JsonSchema): JsonSchema {
  return { ...rest, ...(allOf && { allOf: allOf.map(withoutRequired) }) };
}

/** What each severity comes to with the defaults. */
const consequences: { readonly [word in PolicyWord]: string } = {
  error: 'The check fails.',
  warning: 'It is reported, and the check passes unless `fail-on` is `warning` or `notice`.',
  notice: 'It is reported, and the check passes unless `fail-on` is `notice`.',
  ignore: 'It is counted, and not reported.',
};

function policySchema(kinds: readonly Resource<never>[]): JsonSchema {
  const plain: JsonSchema = { enum: policyWords };
  const word: JsonSchema = { ...plain, enumDescriptions: policyWords.map((severity) => consequences[severity]) };
  return {
    title: 'policy',
    type: 'object',
    description: 'The severity of each problem: one word for all sections, or one word per section.',
    properties: {
      ...Object.fromEntries(
        Object.entries(policyProblems).map(([problem, meaning]) => [
          problem,
          {
            description: `Severity of the problem \`${problem}\`: ${meaning}.`,
            type: ['string', 'object'],
            errorMessage: `Expected ${policyWords.slice(0, -1).join(', ')} or ${policyWords.at(-1)}, or one of them for each section, such as { ${kinds[0]?.section}: warning }.`,
            anyOf: [
              word,
              {
                type: 'object',
                properties: Object.fromEntries(
                  kinds.flatMap((kind) => (canHave(problem, kind) ? [[kind.section, plain]] : [])),
                ),
                ...insteadOf(
                  problem,
                  kinds.filter((kind) => !canHave(problem, kind)),
                ),
                additionalProperties: false,
              },
            ],
          },
        ]),
      ),
      pending: { ...word, description: `Severity of a pending difference: ${pendingMeaning}.`, default: 'error' },
      rotate_key_after_days: {
        type: 'integer',
        minimum: 1,
        description: 'How many days after `key_rotated` the key is due to be replaced.',
        default: ROTATE_DAYS,
      },
      health: {
        type: 'object',
        description:
          'Severity of single rules of health, in place of that of `unhealthy`; and `warn_days`, how many days before something expires health tells of it.',
        properties: {
          warn_days: {
            type: 'integer',
            minimum: 0,
            description:
              'How many days before something expires health tells of it. With `0`, only once it has expired.',
            default: WARN_DAYS,
          },
          ...Object.fromEntries(
            kinds.flatMap(({ healthRules = {} }) =>
              Object.entries(healthRules).map(([id, { severity, finds }]) => [
                id,
                { ...word, description: `Severity of ${finds}.`, default: severity },
              ]),
            ),
          ),
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  };
}

/** Whether objects of a kind can have a problem. One object, always there, is never missing, ambiguous or undeclared. */
function canHave(problem: string, { shape, sends, inCode, keyInCode }: Resource<never>): boolean {
  switch (problem) {
    case 'changed':
    case 'unhealthy':
      return true;
    case 'unsubscribed':
    case 'unhandled':
      return sends !== undefined;
    case 'dangling':
      return inCode !== undefined || keyInCode !== undefined;
    default:
      return shape !== 'single';
  }
}

/** What to write instead of the sections that can't have a problem. */
function insteadOf(problem: string, kinds: readonly Resource<never>[]): Pick<JsonSchema, 'formerly'> {
  if (kinds.length === 0) return {};
  return {
    formerly: Object.fromEntries(
      kinds.map(({ section }) => [section, `Remove it: ${problem} is never reported of ${section}`]),
    ),
  };
}

/** Where the code of the repository is. */
function codeSchema(): JsonSchema {
  return {
    title: 'code',
    type: 'object',
    description:
      'The code of this repository. Event types that it handles but no declared endpoint sends are reported (`unsubscribed`), and ids and lookup keys of objects that are not active in Stripe (`dangling`). Without `code`, and without a `handler`, no file of code is opened.',
    required: ['paths'],
    properties: {
      paths: {
        ...globsSchema,
        description:
          'Where event types, ids and lookup keys are looked for: a glob, or a list of globs, from the top of the repository; one with `!` in front takes files out. Tests, fixtures, seeds, docs, examples, migrations, generated and vendored code, lock files and `.env` files are passed over. Symbolic links are not followed. Read are files of up to 1 MiB, up to 20,000 files and 200 MiB in all.',
        examples: [['services/**', '!**/*.test.*']],
      },
    },
    additionalProperties: false,
  };
}

function ignoreSchema(kinds: readonly Resource<never>[]): JsonSchema {
  return {
    title: 'ignore',
    type: 'array',
    description:
      'Objects in Stripe that the file need not declare, fields of declared objects that may differ, or what may be in the code, each with a reason.',
    items: {
      title: 'accepted objects',
      type: 'object',
      required: ['reason'],
      properties: lazily({
        ...perKind(kinds, exception),
        code: () => ({
          ...globSchema,
          description:
            'Files of code whose findings are accepted: a glob from the top of the repository. With `fields`, only those of the event types, ids and lookup keys that are listed there.',
          examples: ['services/legacy/**'],
        }),
        fields: () => ({
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1, examples: ['metadata.synced_at', 'currency_options.*'] },
          description:
            'Fields of declared objects that may differ. Each is a path such as `metadata.synced_at`, with everything below it; `*` stands for any characters (`currency_options.*`). The pattern next to it then names declared objects: by their id, by the field that finds them, or by the name of their entry. Next to `code`: event types, ids and lookup keys.',
        }),
        reason: () => ({ type: 'string', minLength: 1, description: 'Why it is accepted. Reports show it.' }),
        until: () => ({
          ...day,
          description:
            'The last day on which it is accepted (UTC), such as 2027-01-31. After that day there is a warning.',
        }),
      }),
      additionalProperties: false,
    },
  };
}

/** Objects of one kind that are accepted. */
function exception(kind: Resource<never>): JsonSchema {
  const finders = findersOf(kind).filter(({ value }) => value === undefined);
  const ways = finders.map((finder) => `\`${finderWords(finder)}\``);
  if (isSingle(kind)) {
    const description = 'Write `"*"`, since there is only one object, and name the fields that may differ in `fields`.';
    return { type: 'string', minLength: 1, description };
  }
  return {
    type: ['string', 'object'],
    minLength: 1,
    additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
    description: `The ${kind.section.replaceAll('_', ' ')} to accept: by ${ways.join(' or ')}, with \`*\` for any characters, or by fields and their values, such as \`{ metadata.origin: sales }\`.`,
  };
}
