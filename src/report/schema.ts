import { policyProblems, severities } from '../model.ts';
import { SCHEMAS } from '../version.ts';
import type { JsonSchema } from '../vocabulary/type.ts';
import { MOST_FIXES } from './json.ts';

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
    expected: {
      description:
        "The file's value. Without `actual`, Stripe does not have it. Amounts and counts are decimal strings.",
    },
    actual: {
      description:
        "Stripe's value. Without `expected`, the file does not have it. If `other` is compared, the value on the first side; without it, only the other side has one.",
    },
    other: { description: 'The value on the other side; without it, only the first side has one.' },
    hidden: {
      type: 'string',
      enum: ['value', 'undeclared', 'part'],
      description:
        'What of `actual` is hidden. value: all of it. undeclared: the object that it refers to, because the file does not declare that object. For both, `actual` is the word `differs`. part: the password and the query values of a URL, which are the only difference.',
    },
  },
  ['expected', 'actual', 'other', 'hidden'],
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
          enum: ['entry', 'section', 'ignore', 'environments', null],
          description: 'Where to paste it; null if `words` says all there is to do.',
        },
        within: {
          type: 'array',
          items: text,
          description:
            'Where in the entry: names of maps, from its fields inwards; absent for the entry itself. Where in `environments`: from their names inwards.',
        },
        replaces: {
          type: 'array',
          items: text,
          description: 'Names there that the pasted text replaces.',
        },
      },
      ['within'],
    ),
    description: 'Ways to change the file so that it accepts what is in Stripe.',
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
              'Null for a step that no command can do. For a POSIX shell with the Stripe CLI. `<id printed by 1>` stands for the id that step 1 prints.',
          },
        }),
        description: 'In order. What is replaced stays active until the last step. The program never runs them.',
      },
      commands: { type: 'array', items: text, description: 'The commands of the steps that have one.' },
      url: { ...textOrNull, description: 'The page in the Dashboard.' },
    }),
    type: ['object', 'null'],
    description: 'How to change Stripe so that it matches the file.',
  },
});

const problems = ['invalid', ...Object.keys(policyProblems)];

const findingProperties: { [name: string]: JsonSchema } = {
  problem: { type: 'string', enum: problems },
  severity: { type: 'string', enum: severities },
  section: textOrNull,
  name: {
    ...textOrNull,
    description: 'The name of the entry; null for objects that are not in the file, and for the file as a whole.',
  },
  rule: { ...text, description: 'The id of the health check that an `unhealthy` finding comes from.' },
  id: {
    ...textOrNull,
    description: 'The id of the object in Stripe. Null if only the other side has one (`check --parity`).',
  },
  other: {
    ...subject,
    type: ['object', 'null'],
    description: 'The object on the other side; null if there is none. Only with `check --parity`.',
  },
  declared: {
    ...object({ in: text, name: text }),
    description:
      'The side that the file declares the object for, and the name of its entry: the other side has it too.',
  },
  agrees: { ...textOrNull, description: 'The side that has what the file says, if the other one does not.' },
  in: { ...text, description: 'The side in which the entry is ambiguous.' },
  count: { ...count, description: 'The number of objects, if they may not be named.' },
  label: { ...text, description: 'What people call an object that is not in the file.' },
  field: { ...textOrNull, description: 'The top-level field, as it is written in the file.' },
  word: {
    ...text,
    description: 'The event type, id or lookup key that a finding of the code is about.',
  },
  more: { ...count, description: 'In how many more places of the same file the code names it.' },
  sold: {
    type: 'boolean',
    description: 'The code creates a checkout session, a subscription or a payment link with it.',
  },
  why: {
    ...textOrNull,
    enum: ['absent', 'deleted', 'retired', 'elsewhere', null],
    description:
      'Why what the code names is not active: it does not exist, was deleted, is archived, or belongs to the other mode. Null if that may not be shown.',
  },
  changes: { type: 'array', items: change, minItems: 1 },
  renamed: {
    type: 'boolean',
    enum: [true],
    description:
      'The field finds the object. No object has the stated value, but the object with this `id` agrees in everything else: it looks renamed.',
  },
  candidates: { type: 'array', items: subject, description: 'Objects in Stripe that match one entry.' },
  rivals: { type: 'array', items: text, description: 'Names of other entries that find the same object.' },
  rivalsIn: {
    ...text,
    description: 'The section of `rivals`, where it is another: it shows the object too, which is compared there.',
  },
  origin: {
    type: 'string',
    enum: ['pending', 'drift'],
    description:
      'pending: the pull request declares it, and Stripe does not have it yet. drift: it existed before the pull request. Findings about the file or about health have none.',
  },
  drifted: {
    type: 'boolean',
    enum: [true],
    description: 'It is pending, and Stripe differed here from the file before the pull request as well.',
  },
  at: place,
  url: { ...textOrNull, description: 'The page of the object in the Dashboard. Null if `id` is.' },
  message: text,
  reason: { ...text, description: 'Why it is ignored.' },
  fix: {
    ...fix,
    type: ['object', 'null'],
    description: `How to fix it, both ways. Null for the undeclared objects of a section after the first ${MOST_FIXES}.`,
  },
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

const key = object({
  kind: { type: 'string', enum: ['restricted', 'secret'] },
  mode: { type: ['string', 'null'], enum: ['live', 'test', null] },
  account: textOrNull,
  connected: { ...textOrNull, description: 'The connected account that was read with it.' },
  beyond: {
    type: ['array', 'null'],
    items: object({
      slug: text,
      label: text,
      access: { const: 'read' },
      sections: { type: 'array', items: text },
      requests: { type: 'array', items: text },
    }),
    description:
      'Permissions that it has and the file does not need, as far as the requests of the check told. Null for a secret key, which has all.',
  },
});

/** The schema of the JSON report, which is written on every path. */
export function reportSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `${SCHEMAS}report.schema.json`,
    title: 'stripe-config-check report',
    description: 'Everything that a check found. It is always written, even after an error.',
    ...object(
      {
        schema: { const: 1 },
        tool: object({ name: { const: 'stripe-config-check' }, version: text }),
        startedAt: { ...text, description: 'ISO 8601, UTC.' },
        durationMs: { ...count, description: 'Milliseconds.' },
        commit: { ...textOrNull, description: 'The commit of the run; for a pull request, its head.' },
        base: {
          ...textOrNull,
          description:
            'The commit or path of the file before the change, which tells pending from drift. If it is null, every difference is drift.',
        },
        status: { type: 'string', enum: ['in-sync', 'drift', 'invalid', 'incomplete', 'skipped', 'error'] },
        files: { type: 'array', items: text },
        mode: { type: ['string', 'null'], enum: ['live', 'test', null] },
        account: textOrNull,
        environment: textOrNull,
        key: { ...key, description: 'The key that Stripe was read with. Absent if there was none.' },
        other: {
          ...object(
            {
              mode: { type: 'string', enum: ['live', 'test'] },
              account: textOrNull,
              environment: text,
              key: { ...key, description: 'The key that it was read with. Absent if there was none.' },
            },
            ['key'],
          ),
          description:
            'The side that `mode`, `account` and `environment` above were compared with. Only with `check --parity`. Sides are called by their modes or, if these are the same, by their accounts.',
        },
        sections: {
          type: 'object',
          additionalProperties: object(
            {
              status: { type: 'string', enum: ['read', 'refused', 'failed'] },
              reason: { ...text, description: 'Why it was not read, or not all of it.' },
              remedy: { ...text, description: 'What to do about it.' },
              declared: { ...count, description: 'Entries in the file.' },
              live: { ...countOrNull, description: 'Active objects in Stripe; null if they were not all read.' },
              other: { ...countOrNull, description: 'The same on the other side. Only with `check --parity`.' },
              inSync: {
                ...countOrNull,
                description: 'Entries that match Stripe, whether healthy or not; null if the section was not read.',
              },
              requests: { ...count, description: 'Requests sent for this section, including retries.' },
            },
            ['reason', 'remedy', 'other'],
          ),
        },
        findings: { type: 'array', items: finding(['fix']) },
        resolved: {
          type: 'array',
          items: resolvedFinding(),
          description:
            'Differences from the file before the pull request that do not exist with the file in the pull request. `at` is the place in the latter.',
        },
        ignored: {
          type: 'array',
          items: finding(['reason']),
          description: 'Findings that the file accepts, with the reason.',
        },
        notes: { type: 'array', items: text, description: 'Remarks that are not in the counts.' },
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
          unsubscribed: count,
          unhandled: count,
          dangling: count,
          ignored: count,
          checked: { ...count, description: 'Declared objects that were compared.' },
          pending: { ...count, description: 'Findings that are pending.' },
          resolved: { ...count, description: 'Differences that the pull request resolves.' },
        }),
        fingerprint: {
          ...textOrNull,
          pattern: '^[0-9a-f]{64}$',
          description:
            'SHA-256 of problem, section, object, field and changes of all findings, as they are shown here. It does not depend on order, wording, time or lines. Null if nothing was compared.',
        },
      },
      ['key', 'other'],
    ),
  };
}
