import { writeBlock, writeField } from './config/write.ts';
import type { Changed, Fields, Finding, Missing, Report, Taken, Unmanaged, Value, Whole } from './model.ts';
import { isFixed } from './plan.ts';
import { accepts, declaration } from './resources/declaration.ts';
import { resourceOf } from './resources/index.ts';
import { type Field, fieldOf, type Resource } from './resources/resource.ts';
import { bare, INVISIBLE } from './resources/text.ts';
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
  /** What to paste; null where there is nothing to paste, or it may not be shown. */
  readonly yaml: string | null;
  /** Where to: into the entry, under its section or under `ignore`; null where the words alone say what to do. */
  readonly into: 'entry' | 'section' | 'ignore' | null;
  /** The names of the entry, as the file spells them, that go: what is pasted takes their place. */
  readonly replaces: readonly string[];
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
        accept: [inWords('To accept what is live, remove the entry.')],
        restore: create(finding, where),
      };
    case 'changed':
      return { accept: [acceptChange(finding)], restore: restoreChange(finding, where) };
    case 'ambiguous': {
      const { state } = resourceOf(finding.section);
      const { candidates, rivals, free, stated } = finding;
      if (rivals.length > 0) {
        const words = 'Keep one of these entries, or state in each the `id` that it means.';
        return { accept: [inWords(words)], restore: null };
      }
      const others = `Have the others ${state.retired} in Stripe.`;
      // What another entry declares is not in the way: it stays as it is.
      const isAlone = free.length === candidates.length;
      return {
        accept: chooseId(free, stated),
        restore: isAlone ? { words: others, commands: [], url: candidates[0]?.url ?? null } : null,
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

function inWords(words: string): Accept {
  return { words, yaml: null, into: null, replaces: [] };
}

function chooseId(ids: readonly string[], stated: readonly string[]): Accept[] {
  if (ids.length === 0)
    return [inWords('Other entries mean all of these objects: remove this one, or let it find another.')];
  const replaces = stated.filter((name) => name === 'match');
  const words = `State the \`id\` of the one that is meant${replaces.length === 0 ? '' : ', in place of `match`'}.`;
  return ids.slice(0, MOST_CANDIDATES).map((id) => ({ words, yaml: writeField('id', id), into: 'entry', replaces }));
}

/** Names in backticks, as a sentence lists them. */
function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

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
  const { name, field } = known(resource, stated);
  const { expected, actual } = whole;
  const spellings = [name, ...Object.keys(field.also ?? {})].filter((one) => whole.stated.includes(one));
  if (actual === null) return inWords(`Change \`${stated}\` in the file to what is live.`);
  const agreed = agreement(finding);
  if (agreed === null) {
    const isIdentity = resource.identities.some(({ by }) => by === name);
    if (!isIdentity || expected?.id !== undefined)
      return inWords(`Change \`${stated}\` in the file to what is live, which is not shown here.`);
    // Found by its id, the entry needs nothing else that finds it.
    const replaces = whole.stated.filter((one) => one === name || one === 'match');
    const words = `The live \`${stated}\` may hold a token, so it is not shown: replace ${listed(replaces)} with this.`;
    return { words, yaml: writeField('id', id), into: 'entry', replaces };
  }
  if (agreed === 'remove') {
    return { words: `Remove ${listed(spellings)} from the entry.`, yaml: null, into: 'entry', replaces: spellings };
  }
  const words =
    spellings.length === 0
      ? 'Add this to the entry to accept what is live.'
      : `Replace ${listed(spellings)} with this to accept what is live.`;
  return { words, yaml: writeField(...agreed), into: 'entry', replaces: spellings };
}

/** The entry that declares it, and the line that ignores it. */
function declareOrIgnore({ section, id, entry, whole: { actual, entries, hidden } }: Unmanaged): Accept[] {
  const resource = resourceOf(section);
  const { kind, fields } = resource;
  if (id === null || actual === null || entry === null) {
    return [inWords(`Declare each ${kind} under \`${section}\`, or accept it under \`ignore\` with a reason.`)];
  }
  const stated = declaration(resource, actual, { extent: 'public', identity: ['id'], entries });
  const own = Object.keys(fields).filter((name) => fields[name]?.own && actual[name] != null);
  const left = [...hidden.map((name) => `${name}, which may hold a token`), ...own];
  const withheld = left.length === 0 ? '' : ` (Without ${left.join(', and ')}.)`;
  return [
    {
      words: `Declare it: paste this under \`${section}\`.${withheld}`,
      yaml: writeBlock(entry, stated),
      into: 'section',
      replaces: [],
    },
    {
      words: 'Or accept it undeclared: paste this under `ignore`, and say why. `until` may name the last day.',
      yaml: writeBlock(null, { [section]: id, reason: 'Say why' }),
      into: 'ignore',
      replaces: [],
    },
  ];
}

function restoreChange(finding: Changed, where: Where): Restore {
  const { section, field: stated, id, whole, changes, url } = finding;
  const resource = resourceOf(section);
  const { name, field } = known(resource, stated);
  const { state, command } = resource;
  if (isFixed(finding)) return replace(finding, where);
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
  const taken = whole.taken.find((one) => one.field === name);
  if (taken !== undefined) return { ...plain, words: `${lead(finding)}, ${takenWords(section, taken)}` };
  const line = parameters && commandLine([command.resource, 'update'], id, parameters, where);
  return line ? { ...plain, commands: [line] } : plain;
}

/** What is in the way where another object has what only one can have. */
function takenWords(section: string, { field, id }: Taken): string {
  const { kind } = resourceOf(section);
  const who = id === null ? `another ${kind}` : bare(id);
  return `look at ${who} in Stripe first: it has this \`${field}\`, and one ${kind} at a time can. Take it away from that one, or state another \`${field}\`.`;
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
  const [taken] = whole.taken;
  if (taken !== undefined) return { words: `${words} Before that, ${takenWords(section, taken)}`, commands: [], url };
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
  const [taken] = whole.taken;
  if (taken !== undefined) return { words: `${lead(finding)}, ${alreadyWords(section, taken)}`, commands: [], url };
  // A new one would not be found by what it can't have yet, and the next run would ask for another.
  const later = finding.identity.paths.map(([field = '']) => field).filter((field) => fields[field]?.later);
  if (later.length > 0) {
    const words = `${lead(finding)}, create the ${kind} in Stripe and set its ${listed(later)}, by which the entry finds it.`;
    return { words, commands: [], url };
  }
  const line = creationLine(section, whole, {}, where);
  return {
    words: `${lead(finding)}, create the ${kind} in Stripe.`,
    commands: line === null ? [] : [line],
    url,
  };
}

/** What to do instead of creating an object where another has what only one can have: the entry is likely to mean that one. */
function alreadyWords(section: string, { field, id, entry }: Taken): string {
  const { kind } = resourceOf(section);
  if (entry !== null)
    return `let one entry alone state this \`${field}\`: ${bare(entry)} has the ${kind} that holds it.`;
  const who = id === null ? `another ${kind}` : bare(id);
  return `look at ${who} in Stripe: it has this \`${field}\` already, and one ${kind} at a time can. Change it so that the entry finds it, or state another \`${field}\`.`;
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

function known(resource: Resource<never>, stated: string): { name: string; field: Field<never> } {
  return fieldOf(resource, stated) as { name: string; field: Field<never> };
}
