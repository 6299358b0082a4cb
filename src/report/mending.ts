import { type Accept, type Mend, mend, type Restore, type Where } from '../mend.ts';
import type { Finding } from '../model.ts';
import { byObject, replacedBesides } from '../plan.ts';
import { resourceOf } from '../resources/index.ts';
import { code, cut, link, prose } from './escape.ts';
import { plural } from './words.ts';

/** Objects of a section that the summary explains; the JSON report has all. */
const MOST_OBJECTS = 20;
/** Text to copy is never cut: what is longer than this stands in the JSON report alone. */
const LONGEST_TEXT = 4000;
const LONGEST_LINE = 1000;

/** How to mend the findings of a section, object by object, in Markdown. At most `most` objects. */
export function mending(findings: readonly Finding[], where: Where, most: number): string {
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
    const way = mend(finding, where);
    // The new object that takes the place of this one has what this finding asks for.
    return besides.has(finding) ? { ...way, restore: null } : way;
  });
  const blocks = first.problem === 'changed' ? changedBlocks(ways) : ways.flatMap(blocksOf);
  return [`**${code(cut(title(first), 300))}**`, ...new Set(blocks)].join('\n\n');
}

function title(finding: Finding): string {
  if (finding.problem === 'unmanaged') return finding.id ?? finding.section;
  return ('name' in finding ? finding.name : null) ?? '';
}

/** Fields of one entry together. */
function changedBlocks(ways: readonly Mend[]): string[] {
  const accept = ways.flatMap((way) => way.accept);
  const lines = accept.flatMap(({ yaml }) => yaml ?? []);
  const others = accept.filter(({ yaml }) => yaml === null).map(({ words }) => prose(words));
  const restore = ways.flatMap((way) => way.restore ?? []);
  const pasted = accept.flatMap(({ yaml }) => (yaml === null ? [] : [nameOf(yaml)]));
  const gone = [...new Set(accept.flatMap(({ yaml, replaces }) => (yaml === null ? [] : replaces)))].filter(
    (name) => !pasted.includes(name),
  );
  const removing = gone.length === 0 ? '' : ` (${gone.map(code).join(' and ')} ${gone.length === 1 ? 'goes' : 'go'})`;
  return [
    ...(lines.length === 0
      ? []
      : [
          `To accept what is live, replace these fields of the entry${removing}:`,
          fenced('yaml', [...new Set(lines)].join('\n')),
        ]),
    ...others,
    ...restoreBlocks(restore),
  ];
}

function blocksOf({ accept, restore }: Mend): string[] {
  return [
    ...accept.flatMap(({ words, yaml }) => [prose(words), ...(yaml === null ? [] : [fenced('yaml', yaml)])]),
    ...restoreBlocks(restore === null ? [] : [restore]),
  ];
}

function restoreBlocks(list: readonly Restore[]): string[] {
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
export interface MendText {
  readonly label: string;
  readonly lines: readonly string[];
}

/** How to mend a finding in a few lines of a terminal: what to paste, then each command to run. */
export function mendTexts(finding: Finding, where: Where): { paste: readonly MendText[]; run: readonly MendText[] } {
  const { accept, restore } = mend(finding, where);
  // An entry of many lines is for the summary and the report; the lines that ignore it are short.
  const ways = accept.flatMap((way) => (way.yaml === null ? [] : [withReplaced(way, way.yaml)]));
  const unmanaged = finding.problem === 'unmanaged';
  const paste = unmanaged ? ways.at(-1) : ways.find(({ length }) => length <= 2);
  const purpose = unmanaged ? resourceOf(finding.section).state.retire : finding.pending ? 'apply' : 'restore';
  const commands = restore?.commands ?? [];
  return {
    paste: paste === undefined || isLong(paste) ? [] : [{ label: unmanaged ? 'ignore' : 'accept', lines: paste }],
    run: isLong(commands) ? [] : commands.map((line) => ({ label: purpose, lines: [line] })),
  };
}

/** The lines to paste; what else they take the place of is said behind them, in a comment of YAML. */
function withReplaced({ replaces }: Accept, yaml: string): string[] {
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

/** How to mend a finding in a sentence, for an annotation; nothing where that needs more than a line. */
export function mendSentence(finding: Finding, where: Where): string {
  if (finding.problem !== 'changed') return '';
  const { accept, restore } = mend(finding, where);
  const [way] = accept;
  const yaml = way?.yaml ?? null;
  const others = yaml === null ? [] : (way?.replaces ?? []).filter((name) => name !== nameOf(yaml));
  const instead = others.length === 0 ? '' : ` in place of ${way?.replaces.join(' and ')}`;
  const parts = [
    ...(yaml === null ? [] : [`To accept what is live, state ${yaml}${instead}`]),
    ...(restore?.commands.length === 1
      ? [`to ${finding.pending ? 'apply' : 'restore'} what is declared, run ${restore.commands[0]}`]
      : []),
  ];
  const [first = '', ...rest] = parts;
  const text = [first, ...rest].join('; ');
  return text === '' || text.length > LONGEST_LINE ? '' : `${first[0]?.toUpperCase()}${text.slice(1)}`;
}
