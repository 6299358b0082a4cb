import { policyProblems, severities } from '../model.ts';
import { SCHEMAS } from '../version.ts';
import type { JsonSchema } from '../vocabulary/type.ts';

const text: JsonSchema = { type: 'string' };
const textOrNull: JsonSchema = { type: ['string', 'null'] };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const countOrNull: JsonSchema = { type: ['integer', 'null'], minimum: 0 };

function object(properties: { [name: string]: JsonSchema }, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

const place = object({
  file: { ...text, description: 'Relative to the root of the repository.' },
  line: { type: 'integer', minimum: 1 },
  column: { type: 'integer', minimum: 1 },
  endLine: { type: 'integer', minimum: 1 },
  endColumn: { type: 'integer', minimum: 1, description: 'Exclusive.' },
});

const subject = object({ id: text, url: { ...text, description: 'The page in the Dashboard.' } });

const change = object(
  {
    path: { type: 'array', items: text, description: 'Names within the field; empty for the field itself.' },
    expected: { description: "The file's value. Alone: Stripe lacks it. Amounts and counts are decimal strings." },
    actual: { description: "Stripe's value. Alone: the file does not list it." },
    hidden: {
      type: 'string',
      enum: ['value', 'undeclared', 'part'],
      description:
        "What of `actual` is not shown. value: all of it. undeclared: which object it refers to, since the file declares no such. Both leave the word `differs`. part: a URL's password and the values of its query, which are all that differs.",
    },
  },
  ['expected', 'actual', 'hidden'],
);

const fix = object({
  accept: {
    type: 'array',
    items: object(
      {
        words: text,
        yaml: { ...textOrNull, description: 'What to paste.' },
        into: {
          type: ['string', 'null'],
          enum: ['entry', 'section', 'ignore', null],
          description: 'Where to; null where the words alone say what to do.',
        },
        within: {
          type: 'array',
          items: text,
          description: 'Where in the entry: names of maps, from its fields inwards; absent for the entry itself.',
        },
        replaces: {
          type: 'array',
          items: text,
          description: 'Names that go there: what is pasted takes their place.',
        },
      },
      ['within'],
    ),
    description: 'Ways to have the file accept what is live.',
  },
  restore: {
    ...object({
      words: text,
      caveats: { type: 'array', items: text, description: 'What to know before the first step.' },
      steps: {
        type: 'array',
        items: object({
          says: { ...text, description: 'What the step does.' },
          command: {
            ...textOrNull,
            description:
              "Null for a step that no command does. For a POSIX shell with Stripe's command line. `<id printed by 1>` stands for the id that step 1 prints.",
          },
        }),
        description: 'In order; to stop after any of them does no harm. Nothing runs them but you.',
      },
      commands: { type: 'array', items: text, description: 'The commands of the steps that have one.' },
      url: { ...textOrNull, description: 'The page in the Dashboard.' },
    }),
    type: ['object', 'null'],
    description: 'What to do in Stripe to restore what is declared.',
  },
});

const problems = ['invalid', ...Object.keys(policyProblems)];

const findingProperties: { [name: string]: JsonSchema } = {
  problem: { type: 'string', enum: problems },
  severity: { type: 'string', enum: severities },
  section: textOrNull,
  name: {
    ...textOrNull,
    description: 'The name of the entry; null for what is not declared and for the file as a whole.',
  },
  id: { ...text, description: "The live object's id." },
  count: { ...count, description: 'How many objects there are, where they may not all be named.' },
  label: { ...text, description: 'What a person calls an object that is not declared.' },
  field: { ...textOrNull, description: 'The top-level field, as the file spells it.' },
  changes: { type: 'array', items: change, minItems: 1 },
  renamed: {
    type: 'boolean',
    enum: [true],
    description: 'The field finds the object, and the object of this `id` looks like it under another value.',
  },
  candidates: { type: 'array', items: subject, description: 'Live objects that answer to one entry.' },
  rivals: { type: 'array', items: text, description: 'Names of other entries that find the same object.' },
  origin: {
    type: 'string',
    enum: ['pending', 'drift'],
    description:
      'pending: the pull request states it and Stripe does not have it yet; drift: it was so before. Remarks on the file or on health have none.',
  },
  at: place,
  url: { ...text, description: 'The page of the object in the Dashboard.' },
  message: text,
  reason: { ...text, description: 'Why it is ignored.' },
  fix: { ...fix, description: 'How to fix it, both ways.' },
};
const always = ['problem', 'severity', 'section', 'name', 'at', 'message'];

function finding(also: readonly string[]): JsonSchema {
  const { reason: _, fix: __, ...properties } = findingProperties;
  return {
    type: 'object',
    properties: {
      ...properties,
      ...Object.fromEntries(also.map((name) => [name, findingProperties[name] as JsonSchema])),
    },
    required: [...always, ...also],
    additionalProperties: false,
  };
}

function resolvedFinding(): JsonSchema {
  const { severity: _, origin: __, reason: ___, fix: ____, ...properties } = findingProperties;
  return {
    type: 'object',
    properties,
    required: always.filter((name) => name !== 'severity'),
    additionalProperties: false,
  };
}

/** The schema of the JSON report, which is written on every path. */
export function reportSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `${SCHEMAS}report.schema.json`,
    title: 'stripe-config-check report',
    description: 'What a check found, whole: nothing is cut. Written on every path, after an error too.',
    ...object({
      schema: { const: 1 },
      tool: object({ name: { const: 'stripe-config-check' }, version: text }),
      startedAt: { ...text, description: 'ISO 8601, UTC.' },
      durationMs: { ...count, description: 'Milliseconds.' },
      commit: { ...textOrNull, description: 'The commit that a person sees: the head of a pull request.' },
      base: {
        ...textOrNull,
        description:
          'Whose file tells pending from drift: a commit, or a path; null where there is none, and every difference is drift.',
      },
      status: { type: 'string', enum: ['in-sync', 'drift', 'invalid', 'incomplete', 'skipped', 'error'] },
      files: { type: 'array', items: text },
      mode: { type: ['string', 'null'], enum: ['live', 'test', null] },
      account: textOrNull,
      environment: textOrNull,
      sections: {
        type: 'object',
        additionalProperties: object(
          {
            status: { type: 'string', enum: ['read', 'refused', 'failed'] },
            reason: { ...text, description: 'Why it was not read, or not all of it.' },
            remedy: { ...text, description: 'What to do about that.' },
            declared: { ...count, description: 'Entries of the file.' },
            live: { ...countOrNull, description: 'Active objects; null where they were not all read.' },
            inSync: {
              ...countOrNull,
              description: 'Entries that Stripe matches, whatever is said of their health; null where it was not read.',
            },
            requests: { ...count, description: 'Requests sent for it, retries included.' },
          },
          ['reason', 'remedy'],
        ),
      },
      findings: { type: 'array', items: finding(['fix']) },
      resolved: {
        type: 'array',
        items: resolvedFinding(),
        description:
          'What differed with the file before the pull request, and does not with its own. `at` is the place in this file.',
      },
      ignored: { type: 'array', items: finding(['reason']), description: 'What the file accepts, with the reason.' },
      notes: { type: 'array', items: text, description: 'Remarks that no count includes.' },
      error: { ...object({ message: text, remedy: text }), type: ['object', 'null'] },
      counts: object({
        errors: count,
        warnings: count,
        notices: count,
        missing: count,
        changed: count,
        ambiguous: count,
        unmanaged: count,
        unhealthy: count,
        ignored: count,
        checked: { ...count, description: 'Declared objects that were compared.' },
        pending: { ...count, description: 'Of the findings, those that are pending.' },
        resolved: { ...count, description: 'What the pull request resolves.' },
      }),
      fingerprint: {
        ...textOrNull,
        pattern: '^[0-9a-f]{64}$',
        description:
          'SHA-256 over problem, section, object, field and changes, as they are shown here; independent of order, words, time and places. Null when nothing was compared.',
      },
    }),
  };
}
