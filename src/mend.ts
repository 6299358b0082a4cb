import { writeBlock, writeField } from './config/write.ts';
import type { Change, Changed, Fields, Finding, Missing, Report, Unmanaged, Value, Whole } from './model.ts';
import { accepts, declaration } from './resources/declaration.ts';
import { resourceOf } from './resources/index.ts';
import { type Field, fieldOf, mainName, type Resource, typeAt } from './resources/resource.ts';
import { INVISIBLE } from './resources/text.ts';
import { isRecord, type Parameter, parameterOf, record, type Spelled, spelling } from './resources/type.ts';

/** How to mend a finding, both ways where there are two. Text for a person: nothing of it is run. */
export interface Mend {
  /** Ways to have the file accept what is live; empty where the file is not what differs. */
  readonly accept: readonly Accept[];
  /** What to do in Stripe to restore what is declared; null where Stripe is not what differs. */
  readonly restore: Restore | null;
}
export interface Accept {
  readonly words: string;
  /** What to paste there; null where there is nothing to paste, or it may not be shown. */
  readonly yaml: string | null;
}
export interface Restore {
  readonly words: string;
  /** Commands for a POSIX shell with Stripe's command line, in order. Empty where there are none, or a value can't be typed. */
  readonly commands: readonly string[];
  /** The page in the Dashboard; null where it may not be shown. */
  readonly url: string | null;
}

/** Which account a command is for. */
export type Where = Pick<Report, 'mode' | 'connected'>;

/** How to mend a finding. Pure, and made when it is asked for: a report may have many thousands. */
export function mend(finding: Finding, where: Where): Mend {
  switch (finding.problem) {
    case 'invalid':
      return { accept: [], restore: null };
    case 'missing':
      return {
        accept: [{ words: 'To accept what is live, remove the entry.', yaml: null }],
        restore: create(finding, where),
      };
    case 'changed':
      return { accept: [acceptChange(finding)], restore: restoreChange(finding, where) };
    case 'ambiguous': {
      const [first] = finding.candidates;
      const { state } = resourceOf(finding.section);
      const alone = finding.rivals.length > 0;
      const ids = alone ? [] : finding.candidates.slice(0, MOST_CANDIDATES);
      return {
        accept: alone
          ? [{ words: 'Keep one of these entries, or state in each the `id` that it means.', yaml: null }]
          : ids.map(({ id }) => ({
              words: 'State the `id` of the one that is meant, in place of `match` if there is one.',
              yaml: writeField('id', id),
            })),
        restore: alone
          ? null
          : { words: `Have the others ${state.retired} in Stripe.`, commands: [], url: first?.url ?? null },
      };
    }
    case 'unmanaged':
      return { accept: declareOrIgnore(finding), restore: retire(finding, where) };
    case 'unhealthy': {
      const words = 'Look at it in the Dashboard, and mend what the message names.';
      return { accept: [], restore: { words, commands: [], url: finding.url } };
    }
  }
}

/** Ids of candidates to choose from. */
const MOST_CANDIDATES = 5;

/**
 * What a field of the file has to say for the file to agree with Stripe: a name and its value, in place of `other` (by
 * default what it says now); `remove` where the file can't say it; null where what is live is not known here.
 */
export function agreement(
  { section, field: stated, whole }: Changed,
  other?: Value,
): readonly [string, Spelled] | 'remove' | null {
  const { name, field } = known(resourceOf(section), stated);
  const { expected, actual, entries } = whole;
  const live = actual?.[name];
  if (actual === null || live === undefined) return null;
  const wanted = expected?.[name] ?? null;
  const shown = field.type.set === undefined ? (field.type.aligned?.(wanted, live, actual)[1] ?? live) : live;
  if (!accepts(field.type, shown)) return 'remove';
  const entry = entries[name];
  return spelling(name, field, entry === undefined ? shown : { entry }, other ?? wanted);
}

/** The field as it is live, for the place of the field in the file. */
function acceptChange(finding: Changed): Accept {
  const { section, field: stated, id, whole } = finding;
  const resource = resourceOf(section);
  const name = mainName(resource, stated);
  const { expected, actual } = whole;
  if (actual === null) return { words: `Change \`${stated}\` in the file to what is live.`, yaml: null };
  const agreed = agreement(finding);
  if (agreed === null) {
    const isIdentity = resource.identities.some(({ by }) => by === name);
    if (!isIdentity || expected?.id !== undefined)
      return { words: `Change \`${stated}\` in the file to what is live, which is not shown here.`, yaml: null };
    const words = `The live \`${stated}\` may hold a token, so it is not shown: replace the field with this.`;
    return { words, yaml: writeField('id', id) };
  }
  if (agreed === 'remove') return { words: `Remove \`${stated}\` from the entry.`, yaml: null };
  const words =
    expected !== null && !(name in expected)
      ? 'Add this to the entry to accept what is live.'
      : `Replace \`${stated}\` with this to accept what is live.`;
  return { words, yaml: writeField(...agreed) };
}

/** The entry that declares it, and the line that ignores it. */
function declareOrIgnore({ section, id, entry, whole: { actual, entries, hidden } }: Unmanaged): Accept[] {
  const resource = resourceOf(section);
  const { kind, fields } = resource;
  if (id === null || actual === null || entry === null) {
    const words = `Declare each ${kind} under \`${section}\`, or accept it under \`ignore\` with a reason.`;
    return [{ words, yaml: null }];
  }
  const stated = declaration(resource, actual, { extent: 'public', identity: ['id'], entries });
  const own = Object.keys(fields).filter((name) => fields[name]?.own && actual[name] != null);
  const left = [...hidden.map((name) => `${name}, which may hold a token`), ...own];
  const withheld = left.length === 0 ? '' : ` (Without ${left.join(', and ')}.)`;
  return [
    {
      words: `Declare it: paste this under \`${section}\`.${withheld}`,
      yaml: writeBlock(entry, stated),
    },
    {
      words: 'Or accept it undeclared: paste this under `ignore`, and say why. `until` may name the last day.',
      yaml: writeBlock(null, { [section]: id, reason: 'Say why' }),
    },
  ];
}

function restoreChange(finding: Changed, where: Where): Restore {
  const { section, field: stated, id, whole, changes, url } = finding;
  const resource = resourceOf(section);
  const { name, field } = known(resource, stated);
  const { state, command } = resource;
  if (isFixed(resource, name, finding)) return replace(finding, where);
  const plain = { words: `${lead(finding)}, change it in Stripe.`, commands: [], url };
  const wanted = name === state.field ? (whole.expected?.[name] ?? state.inForce[0] ?? null) : whole.expected?.[name];
  // Of a map only what differs: the rest may be another's to change.
  const keys = new Set(changes.map(({ path }) => path[0] ?? ''));
  const value =
    field.type.open && isRecord(wanted)
      ? record(Object.entries(wanted as Fields).filter(([key]) => keys.has(key)))
      : (wanted ?? null);
  // No request unsets a part of a value, but for a name of a map.
  const depth = field.type.open ? 1 : 0;
  const unsets = changes.some(({ path, expected }) => expected === null && path.length > depth);
  if (wanted === undefined || unsets || (value === null && field.lasting)) return plain;
  const parameters = parametersOf(name, field, value, 'update');
  const line = parameters && commandLine([command.resource, 'update'], id, parameters, where);
  return line ? { ...plain, commands: [line] } : plain;
}

/** What a step in Stripe is for: what is pending was never there. */
function lead({ pending }: Finding): string {
  return pending ? 'To apply what is declared' : 'To restore what is declared';
}

/** Another object in the place of one whose fixed field differs, where the entry says enough of it. */
function replace(finding: Changed, where: Where): Restore {
  const { section, id, url, whole } = finding;
  const { kind, replacing, command } = resourceOf(section);
  const named = whole.expected?.id === undefined ? '' : ' Then state the `id` of the new one.';
  const words = `${lead(finding)}, create a new ${kind}, ${replacing}: what differs can't be changed after creation.${named}`;
  const special = whole.expected === null ? undefined : command.replacement?.(whole.expected);
  const creation = special && creationLine(section, whole, special, where);
  const retiring = retirementLine(section, id, where);
  return { words, commands: creation && retiring ? [creation, retiring] : [], url };
}

function create(finding: Missing, where: Where): Restore {
  const { section, others, inForce, whole, url } = finding;
  const { kind, state, fields } = resourceOf(section);
  if (others > 0 && inForce)
    return {
      words: `${lead(finding)}, reactivate the ${state.retired} ${kind} in Stripe, or create a new one.`,
      commands: [],
      url,
    };
  if (others > 0) return { words: `${lead(finding)}, have one ${state.retired} in Stripe.`, commands: [], url };
  // An id that Stripe chooses can't be asked for.
  if (whole.expected?.id !== undefined && fields.id?.parameters !== undefined)
    return {
      words: `${lead(finding)}, create the ${kind} in Stripe, and state its \`id\`.`,
      commands: [],
      url,
    };
  const line = creationLine(section, whole, {}, where);
  return {
    words: `${lead(finding)}, create the ${kind} in Stripe.`,
    commands: line === null ? [] : [line],
    url,
  };
}

function retire({ section, id, url }: Unmanaged, where: Where): Restore {
  const { state } = resourceOf(section);
  const line = id === null ? null : retirementLine(section, id, where);
  return { words: `Or have it ${state.retired} in Stripe.`, commands: line === null ? [] : [line], url };
}

/** The command that takes an object out of force. */
function retirementLine(section: string, id: string, where: Where): string | null {
  const { state, command, fields } = resourceOf(section);
  const off = parametersOf(state.field, fields[state.field] as Field<never>, state.off, 'update');
  return off && commandLine([command.resource, 'update'], id, off, where);
}

/** The command that creates what an entry states; null where that is not enough, or a part can't be said. */
function creationLine(section: string, { expected, hidden }: Whole, special: Parameters, where: Where): string | null {
  const { command, fields } = resourceOf(section);
  const stated = expected ?? {};
  const more = command.creation(stated);
  if (more === null || hidden.length > 0) return null;
  const said = Object.entries(stated).map(([name, value]) =>
    value === null ? {} : parametersOf(name, fields[name] as Field<never>, value, 'create'),
  );
  if (said.includes(null)) return null;
  const parameters = Object.assign({}, more, ...said, special);
  return commandLine([command.resource, 'create'], null, parameters, where);
}

type Parameters = { readonly [name: string]: Parameter };

/** What a request says to give a field a value; null where none does. */
function parametersOf(
  name: string,
  field: Field<never>,
  value: Value,
  request: 'create' | 'update',
): Parameters | null {
  if (field.parameters !== undefined) return field.parameters(value, request);
  const parameter = parameterOf(field.type, value);
  return parameter === undefined ? null : { [spelling(name, field, value, null)[0]]: parameter };
}

/** A command of Stripe's command line; null where a part of it can't be typed as it is. */
function commandLine(verbs: readonly string[], id: string | null, parameters: Parameters, where: Where): string | null {
  const data = Object.entries(parameters).flatMap(([name, value]) => flat(name, value));
  const parts = [
    'stripe',
    ...verbs,
    ...(id === null ? [] : [id]),
    ...(where.mode === 'live' ? ['--live'] : []),
    ...(where.connected === null ? [] : ['--stripe-account', where.connected]),
    ...data.flatMap((one) => ['-d', one ?? '']),
  ];
  const isPath = id === null || /^\w[\w.-]*$/.test(id);
  if (!isPath || data.length === 0 || data.includes(null)) return null;
  // What is not seen can't be copied, and a log breaks the runner's older syntax of commands.
  const line = parts.map(shellWord).join(' ');
  return INVISIBLE.test(line) || line.includes('##[') ? null : line;
}

/** `name=value` for each value within a parameter; null for one whose name the command line would take apart otherwise. */
function flat(name: string, value: Parameter): (string | null)[] {
  if (typeof value === 'string') return [`${name}=${value}`];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '' || /[[\]=]/.test(key) ? [null] : flat(`${name}[${key}]`, inner as Parameter),
  );
}

/** A word as a POSIX shell takes it, whatever is in it. */
function shellWord(text: string): string {
  return /^[\w./:,@%+-][\w./:,@%+=-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Whether what differs can't be changed any more. Where what is live may not be shown, it counts as set. */
function isFixed(resource: Resource<never>, name: string, { changes }: Changed): boolean {
  const isFinal = ({ path, actual = null }: Change) => actual !== null && typeAt(resource, [name, ...path])?.final;
  return resource.fields[name]?.fixed === true || changes.some(isFinal);
}

function known(resource: Resource<never>, stated: string): { name: string; field: Field<never> } {
  return fieldOf(resource, stated) as { name: string; field: Field<never> };
}
