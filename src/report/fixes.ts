import { byObject } from '../check/finding.ts';
import { type Accept, fixOf, type Restore } from '../fix/fix.ts';
import { replacedBesides } from '../fix/plan.ts';
import type { Request } from '../fix/requests.ts';
import type { Finding, Report } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { bare, capital, INVISIBLE } from '../text.ts';
import type { Parameter } from '../vocabulary/type.ts';
import { writeBlock, writeField } from '../vocabulary/yaml.ts';
import { code, cut, link, prose } from './escape.ts';
import { plural, titleOf } from './words.ts';

/** Which account a command is for. */
export type Where = Pick<Report, 'mode' | 'connected'>;

/** How to fix a finding, both ways where there are two, as a person reads and copies it. Nothing of it is run. */
export interface FixTexts {
  readonly accept: readonly AcceptText[];
  readonly restore: RestoreText | null;
}
export interface AcceptText {
  readonly words: string;
  /** What to paste; null where there is nothing to paste, or it may not be shown. */
  readonly yaml: string | null;
  /** Where to: into the entry, under its section or under `ignore`; null where the words alone say what to do. */
  readonly into: 'entry' | 'section' | 'ignore' | null;
  /** The names of the entry, as the file spells them, that go: what is pasted takes their place. */
  readonly replaces: readonly string[];
}
export interface RestoreText {
  readonly words: string;
  /** Commands for a POSIX shell with Stripe's command line, in order. Empty where there are none, or a value can't be typed. */
  readonly commands: readonly string[];
  /** The page in the Dashboard; null where it may not be shown. */
  readonly url: string | null;
}

/** How to fix a finding, in words, YAML and commands. */
export function fixTexts(finding: Finding, where: Where): FixTexts {
  const { accept, restore } = fixOf(finding);
  return { accept: accept.map(acceptText), restore: restore && restoreText(restore, where) };
}

function acceptText(accept: Accept): AcceptText {
  const inWords = (words: string): AcceptText => ({ words, yaml: null, into: null, replaces: [] });
  switch (accept.way) {
    case 'state': {
      const { replaces, fields } = accept;
      const words =
        replaces.length === 0
          ? 'Add this to the entry to accept what is live.'
          : `Replace ${listed(replaces)} with this to accept what is live.`;
      const yaml = fields.map((field) => writeField(...field)).join('\n');
      return { words, yaml, into: 'entry', replaces };
    }
    case 'identify': {
      const { hides, replaces, id } = accept;
      const words = `The live \`${hides}\` may hold a token, so it is not shown: replace ${listed(replaces)} with this.`;
      return { words, yaml: writeField('id', id), into: 'entry', replaces };
    }
    case 'choose': {
      const { replaces, id } = accept;
      const words = `State the \`id\` of the one that is meant${replaces.length === 0 ? '' : ', in place of `match`'}.`;
      return { words, yaml: writeField('id', id), into: 'entry', replaces };
    }
    case 'remove-field': {
      const { replaces } = accept;
      return { words: `Remove ${listed(replaces)} from the entry.`, yaml: null, into: 'entry', replaces };
    }
    case 'remove-entry':
      return inWords('To accept what is live, remove the entry.');
    case 'change-field': {
      const unshown = accept.isShown ? '' : ', which is not shown here';
      return inWords(`Change \`${accept.field}\` in the file to what is live${unshown}.`);
    }
    case 'keep-one':
      return inWords('Keep one of these entries, or state in each the `id` that it means.');
    case 'find-another':
      return inWords('Other entries mean all of these objects: remove this one, or let it find another.');
    case 'declare': {
      const { section, entry, fields, withheld, tokens } = accept;
      const left = withheld.map((name) => (tokens.includes(name) ? `${name}, which may hold a token` : name));
      const without = left.length === 0 ? '' : ` (Without ${left.join(', and ')}.)`;
      const words = `Declare it: paste this under \`${section}\`.${without}`;
      return { words, yaml: writeBlock(entry, fields), into: 'section', replaces: [] };
    }
    case 'ignore': {
      const words = 'Or accept it undeclared: paste this under `ignore`, and say why. `until` may name the last day.';
      const yaml = writeBlock(null, { [accept.section]: accept.id, reason: 'Say why' });
      return { words, yaml, into: 'ignore', replaces: [] };
    }
    case 'declare-each': {
      const { kind, section } = resourceOf(accept.section);
      return inWords(`Declare each ${kind} under \`${section}\`, or accept it under \`ignore\` with a reason.`);
    }
  }
}

/** Names in backticks, as a sentence lists them. */
function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

function restoreText(restore: Restore, where: Where): RestoreText {
  const lines = restore.requests.map((request) => commandLine(request, where));
  const commands = lines.filter((line) => line !== null);
  return {
    words: restoreWords(restore),
    // Of several there are all or none.
    commands: commands.length === lines.length ? commands : [],
    url: restore.url,
  };
}

function restoreWords({ way, section, isPending }: Restore): string {
  const { kind, state, replacing } = resourceOf(section);
  const { retire = '', retired = '' } = state?.words ?? {};
  // What is pending was never there, so there is nothing to restore.
  const lead = isPending ? 'To apply what is declared' : 'To restore what is declared';
  const anew = `${lead}, create a new ${kind}, ${replacing}: what differs can't be changed after creation.`;
  switch (way.kind) {
    case 'update':
      return `${lead}, change it in Stripe.`;
    case 'release': {
      const { field, id } = way.taken;
      const who = id === null ? `another ${kind}` : bare(id);
      const first = `look at ${who} in Stripe first: it has this \`${field}\`, and one ${kind} at a time can. Take it away from that one, or state another \`${field}\`.`;
      return way.replaces ? `${anew} Before that, ${first}` : `${lead}, ${first}`;
    }
    case 'replace':
      return `${anew}${way.named ? ' Then state the `id` of the new one.' : ''}`;
    case 'create':
      return `${lead}, create the ${kind} in Stripe.`;
    case 'create-and-name':
      return `${lead}, create the ${kind} in Stripe, and state its \`id\`.`;
    case 'create-and-set':
      return `${lead}, create the ${kind} in Stripe and set its ${listed(way.fields)}, by which the entry finds it.`;
    case 'adopt': {
      const { field, id, entry } = way.taken;
      if (entry !== null)
        return `${lead}, let one entry alone state this \`${field}\`: ${bare(entry)} has the ${kind} that holds it.`;
      const who = id === null ? `another ${kind}` : bare(id);
      return `${lead}, look at ${who} in Stripe: it has this \`${field}\` already, and one ${kind} at a time can. Change it so that the entry finds it, or state another \`${field}\`.`;
    }
    case 'reactivate':
      return `${lead}, reactivate the ${retired} ${kind} in Stripe, or create a new one.`;
    case 'have-one-retired':
      return `${lead}, have one ${retired} in Stripe.`;
    case 'retire':
      return `Or ${retire} it in Stripe.`;
    case 'retire-others':
      return `${capital(retire)} the others in Stripe.`;
    case 'look':
      return 'Look at it in the Dashboard, and fix what the message names.';
  }
}

/** A command of Stripe's command line; null where a part of it can't be typed as it is. */
function commandLine({ words, id, parameters }: Request, where: Where): string | null {
  const data = Object.entries(parameters).flatMap(([name, value]) => flat(name, value));
  const parts = [
    'stripe',
    ...words,
    ...(id === null ? [] : [id]),
    ...(where.mode === 'live' ? ['--live'] : []),
    ...(where.connected === null ? [] : ['--stripe-account', where.connected]),
    ...data.flatMap((one) => ['-d', one ?? '']),
  ];
  const isPath = id === null || /^\w[\w.-]*$/.test(id);
  const isEmpty = data.length === 0 && /^(?:create|update)$/.test(words.at(-1) ?? '');
  if (!isPath || isEmpty || data.includes(null)) return null;
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

/** Objects of a section that the summary explains; the JSON report has all. */
const MOST_OBJECTS = 20;
/** Text to copy is never cut: what is longer than this stands in the JSON report alone. */
const LONGEST_TEXT = 4000;
const LONGEST_LINE = 1000;

/** How to fix the findings of a section, object by object, in Markdown. At most `most` objects. */
export function fixBlocks(findings: readonly Finding[], where: Where, most: number): string {
  const objects = byObject(findings);
  const shown = objects.slice(0, Math.min(most, MOST_OBJECTS));
  const rest = objects.length - shown.length;
  return [
    ...shown.map((group) => objectBlock(group, where)),
    ...(rest === 0 ? [] : [`${plural(rest, 'more object')}: the JSON report has all.`]),
  ].join('\n\n');
}

function objectBlock(findings: readonly [Finding, ...Finding[]], where: Where): string {
  const [first] = findings;
  const besides = replacedBesides(findings);
  const ways = findings.map((finding) => {
    const way = fixTexts(finding, where);
    // The new object that takes the place of this one has what this finding asks for.
    return besides.has(finding) ? { ...way, restore: null } : way;
  });
  const blocks = first.problem === 'changed' ? changedBlocks(ways) : ways.flatMap(blocksOf);
  return [`**${code(cut(title(first), 300))}**`, ...new Set(blocks)].join('\n\n');
}

function title(finding: Finding): string {
  if (finding.problem === 'unmanaged') return finding.id ?? finding.section;
  return titleOf(finding);
}

/** Fields of one entry together. */
function changedBlocks(ways: readonly FixTexts[]): string[] {
  const accept = ways.flatMap((way) => way.accept);
  // Two fields that say one thing both state the other.
  const lines = [...new Set(accept.flatMap(({ yaml }) => (yaml === null ? [] : yaml.split(/\n(?=\S)/))))];
  const others = accept.filter(({ yaml }) => yaml === null).map(({ words }) => prose(words));
  const restore = ways.flatMap((way) => way.restore ?? []);
  const pasted = lines.map(nameOf);
  const gone = [...new Set(accept.flatMap(({ yaml, replaces }) => (yaml === null ? [] : replaces)))].filter(
    (name) => !pasted.includes(name),
  );
  const removing = gone.length === 0 ? '' : ` (${gone.map(code).join(' and ')} ${gone.length === 1 ? 'goes' : 'go'})`;
  return [
    ...(lines.length === 0
      ? []
      : [`To accept what is live, replace these fields of the entry${removing}:`, fenced('yaml', lines.join('\n'))]),
    ...others,
    ...restoreBlocks(restore),
  ];
}

function blocksOf({ accept, restore }: FixTexts): string[] {
  return [
    ...accept.flatMap(({ words, yaml }) => [prose(words), ...(yaml === null ? [] : [fenced('yaml', yaml)])]),
    ...restoreBlocks(restore === null ? [] : [restore]),
  ];
}

function restoreBlocks(list: readonly RestoreText[]): string[] {
  const [first] = list;
  if (first === undefined) return [];
  const words = [...new Set(list.map((one) => one.words))].map(prose).join(' ');
  const commands = [...new Set(list.flatMap((one) => one.commands))];
  return [
    `${words}${first.url === null ? '' : ` ${link('Dashboard', first.url)}`}`,
    ...(commands.length === 0 ? [] : [fenced('shell', commands.join('\n'))]),
  ];
}

/** Text to copy, as a block of code whose fence is longer than any in it. */
function fenced(language: string, text: string): string {
  if (text.length > LONGEST_TEXT) return '*The text is long: it is in the JSON report.*';
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A text to copy, and a verb that says what it does. Nothing of it is cut: what is long is left out whole. */
export interface CopyText {
  readonly label: string;
  readonly lines: readonly string[];
}

/** How to fix a finding in a few lines of a terminal: what to paste, then each command to run. */
export function copyTexts(finding: Finding, where: Where): { paste: readonly CopyText[]; run: readonly CopyText[] } {
  const { accept, restore } = fixTexts(finding, where);
  // An entry of many lines is for the summary and the report; the lines that ignore it are short.
  const ways = accept.flatMap((way) => (way.yaml === null ? [] : [withReplaced(way, way.yaml)]));
  const unmanaged = finding.problem === 'unmanaged';
  const paste = unmanaged ? ways.at(-1) : ways.find(({ length }) => length <= 3);
  const purpose = unmanaged
    ? (resourceOf(finding.section).state?.words.retire ?? 'retire')
    : finding.pending
      ? 'apply'
      : 'restore';
  const commands = restore?.commands ?? [];
  return {
    paste: paste === undefined || isLong(paste) ? [] : [{ label: unmanaged ? 'ignore' : 'accept', lines: paste }],
    run: isLong(commands) ? [] : commands.map((line) => ({ label: purpose, lines: [line] })),
  };
}

/** The lines to paste; what else they take the place of is said behind them, in a comment of YAML. */
function withReplaced({ replaces }: AcceptText, yaml: string): string[] {
  const others = replaces.filter((name) => name !== nameOf(yaml));
  const lines = yaml.replace(/^ {2}/gm, '').split('\n');
  return others.length === 0 ? lines : [...lines.slice(0, -1), `${lines.at(-1)}  # in place of ${replaces.join(', ')}`];
}

/** The name in a line of YAML that this program wrote. */
function nameOf(yaml: string): string {
  return yaml.slice(0, Math.max(0, yaml.indexOf(':')));
}

function isLong(lines: readonly string[]): boolean {
  return lines.some(({ length }) => length > LONGEST_LINE);
}

/** How to fix a finding in a sentence, for an annotation; nothing where that needs more than a line. */
export function fixSentence(finding: Finding, where: Where): string {
  if (finding.problem !== 'changed') return '';
  const { accept, restore } = fixTexts(finding, where);
  const [way] = accept;
  const yaml = way?.yaml ?? null;
  const others = yaml === null ? [] : (way?.replaces ?? []).filter((name) => name !== nameOf(yaml));
  const instead = others.length === 0 ? '' : ` in place of ${way?.replaces.join(' and ')}`;
  const parts = [
    ...(yaml === null ? [] : [`To accept what is live, state ${yaml.replaceAll('\n', ', ')}${instead}`]),
    ...(restore?.commands.length === 1
      ? [`to ${finding.pending ? 'apply' : 'restore'} what is declared, run ${restore.commands[0]}`]
      : []),
  ];
  const [first = '', ...rest] = parts;
  const text = [first, ...rest].join('; ');
  return text === '' || text.length > LONGEST_LINE ? '' : `${first[0]?.toUpperCase()}${text.slice(1)}`;
}
