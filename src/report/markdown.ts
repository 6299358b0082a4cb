import { plan, type Step } from '../fix/plan.ts';
import {
  type Changed,
  type Finding,
  type Identity,
  type Ignored,
  isDifference,
  type Place,
  type Report,
  type SectionSummary,
  type Severity,
} from '../model.ts';
import { fileWord, pathText, shortCommit } from '../text.ts';
import { diagram } from './diagram.ts';
import { code, cut, link, prose } from './escape.ts';
import { fixBlocks } from './fixes.ts';
import {
  DRIFT,
  findingsOf,
  identityValue,
  isSetChange,
  listed,
  MOST_FILES,
  message,
  othersWords,
  PENDING,
  plural,
  resolvedWords,
  riskWords,
  type Side,
  seconds,
  sides,
  stepWords,
  titleOf,
  verdict,
  wronglyMissing,
} from './words.ts';

/** A step's summary may have 1 MiB; over it GitHub shows nothing at all. */
const BUDGET = 900 * 1024;
/** Rows of a table, in steps down to what fits the budget. */
const ROWS = [Number.POSITIVE_INFINITY, 1000, 300, 100, 30, 10, 0];
/** A row that says anything has more bytes than this: steps that can't fit need no rendering. */
const SMALLEST_ROW = 40;
/** A value in a cell. */
const LONGEST_VALUE = 300;
/** A path of a file, of which Linux takes no longer one. */
const LONGEST_PATH = 4096;
/** Words of a set that differ. */
const MOST_WORDS = 50;
/** Names of entries that are in sync, one after another. */
const MOST_NAMES = 200;
const MOST_NOTES = 100;
const MOST_IGNORED = 100;
const LONGEST_NOTE = 1000;

const ICONS: { readonly [S in Severity]: string } = { error: '❌', warning: '⚠️', notice: 'ℹ️' };

export interface MarkdownOptions {
  /** The page of a line of the file at this commit, or null where there is none. */
  readonly lineUrl?: (at: Place) => string | null;
  /** The most bytes that the text may have; a job summary's where it is not said. */
  readonly budget?: number;
  /** Leaves out what differs between two runs that found the same: the commit and the duration. */
  readonly timeless?: boolean;
}

interface Options extends MarkdownOptions {
  /** Whether places are in several files. */
  readonly several: boolean;
}

/** The report as GitHub's Markdown, within a budget: where rows do not fit, each table says how many more there are. */
export function markdown(report: Report, options: MarkdownOptions = {}): string {
  const { budget = BUDGET } = options;
  for (const rows of ROWS) {
    if (Math.min(rows, report.findings.length) * SMALLEST_ROW > budget) continue;
    const text = render(report, { ...options, several: report.files.length > 1 }, rows);
    if (Buffer.byteLength(text) <= budget) return text;
  }
  const title = `## ${icon(report)} ${prose(cut(verdict(report), LONGEST_VALUE))}`;
  return `${[title, counts(report), 'There is more to say than fits here: the JSON report has all.'].join('\n\n')}\n`;
}

function render(report: Report, options: Options, rows: number): string {
  const invalid = report.findings.filter(({ problem }) => problem === 'invalid');
  const blocks = [
    `## ${icon(report)} ${prose(verdict(report))}`,
    compared(report, options),
    ...(report.error === null
      ? []
      : [`> ${prose(report.error.message)}\n>\n> **What to do:** ${linked(report.error.remedy)}`]),
    report.sections.size === 0 ? '' : counts(report),
    ...(report.error === null ? [...report.sections].flatMap(([name, section]) => unreadSection(name, section)) : []),
    ...(invalid.length === 0
      ? []
      : [
          `### The ${fileWord(report.files)}`,
          table(
            ['', options.several ? 'Place' : 'Line', 'Problem'],
            invalid.slice(0, rows).map((finding) => fileRow(finding, options)),
            rows,
            invalid.length,
          ),
        ]),
    ...(report.base === null ? sections(report, report.findings, '###', options, rows) : groups(report, options, rows)),
    rows === 0 ? '' : diagram(report),
    inSync(report, rows),
    ignored(report.ignored, rows),
    notes(report.notes, rows),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function icon({ status, counts: { warnings, notices } }: Report): string {
  if (status === 'in-sync') return '✅';
  if (status === 'skipped') return warnings + notices > 0 ? '⚠️' : '⏭️';
  if (status === 'incomplete') return '⚠️';
  return '❌';
}

function compared(report: Report, { timeless = false }: Options): string {
  const { files, mode, account, environment, commit, durationMs } = report;
  const parts = [
    listed(
      files.slice(0, MOST_FILES).map((file) => code(cut(file, LONGEST_PATH))),
      files.length,
    ),
    ...(commit === null || timeless ? [] : [`at ${code(commit.slice(0, 7))}`]),
    ...(mode === null ? [] : [`compared with **${mode} mode**${account === null ? '' : ` of ${value(account)}`}`]),
    ...(environment === null ? [] : [`environment ${value(environment)}`]),
    ...(report.base === null || timeless ? [] : [`before this change: ${code(shortCommit(report.base))}`]),
    ...(timeless ? [] : [seconds(durationMs)]),
  ];
  return parts.join(' · ');
}

/** The problems that columns of numbers stand for; a column is left out where no section has any. */
const COUNTED = { missing: 'Missing', changed: 'Changed', ambiguous: 'Ambiguous', unmanaged: 'Unmanaged' } as const;

function counts(report: Report): string {
  const problems = (Object.keys(COUNTED) as (keyof typeof COUNTED)[]).filter((problem) =>
    report.findings.some((finding) => finding.problem === problem),
  );
  const header = [
    'Section',
    'Declared',
    'In sync',
    ...problems.map((problem) => COUNTED[problem]),
    'Live and declared',
  ];
  const lines = [...report.sections].map(([name, section]) => {
    if (section.inSync === null)
      return [`**${name}**`, String(section.declared), 'not read', ...problems.map(() => ''), ''];
    const coverage = section.live === null ? 'looked up' : `${section.managed} of ${section.live}`;
    const numbers = problems.map((problem) => {
      const count = objectsWith(report, problem, name);
      return count === 0 ? '·' : `**${count}**`;
    });
    return [`**${name}**`, String(section.declared), String(section.inSync), ...numbers, coverage];
  });
  const rows = [header, header.map((_, index) => (index === 0 ? ':--' : '--:')), ...lines];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** How many objects of a section have a problem. */
function objectsWith({ findings }: Report, problem: Finding['problem'], section: string): number {
  const found = findings.filter((finding) => finding.problem === problem && finding.section === section);
  if (problem !== 'unmanaged') return new Set(found.map(({ name }) => name)).size;
  return sum(found.map((finding) => (finding.problem === 'unmanaged' ? (finding.count ?? 1) : 0)));
}

function unreadSection(name: string, { reason, remedy, inSync }: SectionSummary): string[] {
  if (reason === undefined) return [];
  const what = inSync === null ? 'could not be checked' : 'could not all be checked';
  return [`> ⚠️ **${name}** ${what}. ${prose(reason)}\n>\n> **What to do:** ${linked(remedy ?? '')}`];
}

function fileRow(finding: Finding, options: Options): string[] {
  return [ICONS[finding.severity], place(finding.at, options, ''), prose(message(finding))];
}

/** On a change: what it leaves pending first, then what had drifted before, then what it resolves. */
function groups(report: Report, options: Options, rows: number): string[] {
  const pending = report.findings.filter((finding) => finding.pending);
  const drift = report.findings.filter((finding) => !finding.pending && isDifference(finding));
  const health = report.findings.filter(({ problem }) => problem === 'unhealthy');
  const steps = plan(pending);
  const planned = new Set(steps.flatMap(({ findings }) => findings));
  return [
    ...(pending.length === 0 ? [] : [`### Pending: ${PENDING}`]),
    ...(steps.length === 0
      ? []
      : ['What applying this would change in Stripe:', list(steps, (each) => step(each, options), rows)]),
    ...sections(
      report,
      pending.filter((finding) => !planned.has(finding)),
      '####',
      options,
      rows,
    ),
    ...(pending.length === 0 ? [] : [howToFix([...planned], report, rows)]),
    ...(drift.length === 0 ? [] : [`### Drift: ${DRIFT}`]),
    ...sections(report, drift, '####', options, rows),
    ...(health.length === 0 ? [] : ['### Health']),
    ...sections(report, health, '####', options, rows),
    ...(report.resolved.length === 0
      ? []
      : ['### Resolved by this change', list(report.resolved, (finding) => prose(resolvedWords(finding)), rows)]),
  ];
}

function list<T>(items: readonly T[], text: (item: T) => string, rows: number): string {
  const shown = items.slice(0, rows).map((item) => `- ${text(item)}`);
  const more = items.length - shown.length;
  return [...shown, ...(more === 0 ? [] : [`- ${more} more: the JSON report has all.`])].join('\n');
}

/** A step of the plan, with what it puts at risk on lines of their own. */
function step(each: Step, options: Options): string {
  const [first] = each.findings;
  const { verb, kind, name, details } = stepWords(each);
  const object = 'id' in first && first.id !== null ? ` ${link(code(first.id), first.url ?? '')}` : '';
  const what = first.problem === 'missing' ? ` with ${found(first.identity)}` : '';
  const changes = details.map(({ path, from, to }) => {
    if (from === null && to !== null) return `${value(path)} gets ${cell(to)}`;
    if (to === null && from !== null) return `${value(path)} loses ${cell(from)}`;
    return `${value(path)} ${from === null ? '' : cell(from)} → ${to === null ? '' : cell(to)}`;
  });
  const at = first.problem === 'unmanaged' ? '' : ` ${place(first.at, options)}`;
  const title = `${ICONS[first.severity]} **${verb}** ${kind}${name === null ? '' : ` ${value(name)}`}${object}${at}${what}`;
  return [
    `${title}${changes.length === 0 ? '' : `: ${changes.join(', ')}`}`,
    ...each.risks.map((risk) => `  - ⚠️ ${prose(riskWords(risk))}`),
  ].join('\n');
}

/** The findings of each section under its name. */
function sections(
  report: Report,
  findings: readonly Finding[],
  heading: '###' | '####',
  options: Options,
  rows: number,
): string[] {
  return [...report.sections.keys()].flatMap((name) =>
    sectionBlocks(report, name, findingsOf(findings, name), heading, options, rows),
  );
}

function sectionBlocks(
  report: Report,
  name: string,
  found: readonly Finding[],
  heading: '###' | '####',
  options: Options,
  rows: number,
): string[] {
  if (found.length === 0) return [];
  const folded = new Set(wronglyMissing(report));
  const isFolded = (finding: Finding) => folded.has(finding);
  const shown = found.filter((finding) => !isFolded(finding));
  const missing = found.filter(isFolded);
  const findingsTable = (findings: readonly Finding[]) => {
    const header = ['', 'Entry', 'What', 'In the file', 'In Stripe'];
    // Each has a row at least: the rest of many need no rendering.
    const lines = findings.slice(0, rows).flatMap((finding) => findingRows(finding, options));
    return table(header, lines, rows, sum(findings.map(rowCount)));
  };
  return [
    `${heading} ${name}`,
    ...(shown.length === 0 ? [] : [findingsTable(shown)]),
    ...(missing.length === 0
      ? []
      : [`<details><summary>Missing: ${missing.length}</summary>\n\n${findingsTable(missing)}\n\n</details>`]),
    howToFix(shown, report, rows),
  ];
}

function howToFix(findings: readonly Finding[], report: Report, rows: number): string {
  if (findings.length === 0) return '';
  return `<details><summary>How to fix</summary>\n\n${fixBlocks(findings, report, rows)}\n\n</details>`;
}

/** A row for each difference: the entry with its line, what differs, and the two sides. */
function findingRows(finding: Finding, options: Options): string[][] {
  const start = [ICONS[finding.severity]];
  switch (finding.problem) {
    case 'invalid':
      return [];
    case 'missing': {
      const others = finding.others === 0 ? '' : ` (${prose(othersWords(finding))})`;
      return [
        [
          ...start,
          entry(titleOf(finding), finding.at, options),
          '**missing**',
          found(finding.identity),
          `*nothing*${others}`,
        ],
      ];
    }
    case 'changed':
      return changedRows(finding, options).map((cells) => [...start, ...cells]);
    case 'ambiguous': {
      const live = finding.candidates.slice(0, 10).map(({ id, url }) => link(value(id), url));
      const rivals = finding.rivals.slice(0, 10).map(value);
      const also = rivals.length === 0 ? '' : `, also found by ${listed(rivals, finding.rivals.length)}`;
      return [
        [
          ...start,
          entry(titleOf(finding), finding.at, options),
          '**ambiguous**',
          found(finding.identity),
          `${listed(live, finding.candidates.length)}${also}`,
        ],
      ];
    }
    case 'unmanaged': {
      const { id, label, url, count } = finding;
      if (id === null || url === null) return [[...start, '', '**not declared**', '*nothing*', `${count} (not shown)`]];
      const name = label === null || label === id ? '' : `${value(label)} `;
      return [[...start, '', '**not declared**', '*nothing*', `${name}${link(value(id), url)}`]];
    }
    case 'unhealthy':
      return [
        [
          ...start,
          entry(titleOf(finding), finding.at, options),
          finding.field === null ? '**unhealthy**' : value(finding.field),
          prose(finding.message),
          link(value(finding.id), finding.url),
        ],
      ];
  }
}

/** How many rows `findingRows` makes. */
function rowCount(finding: Finding): number {
  return finding.problem === 'changed' && !isSetChange(finding) ? finding.changes.length : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function changedRows(finding: Changed, options: Options): string[][] {
  const who = `${entry(titleOf(finding), finding.at, options)} · ${link('Stripe', finding.url)}`;
  if (isSetChange(finding)) return [[who, value(finding.field), ...setCells(finding)]];
  return finding.changes.map((change, index) => {
    const { path, expected, actual } = sides(finding, change);
    return [index === 0 ? who : '', value(path), cell(expected), cell(actual)];
  });
}

/** Of two sets what only the file has, and what only Stripe has. */
function setCells(finding: Changed): [string, string] {
  const words = (side: 'expected' | 'actual') => {
    const only = finding.changes.filter((change) => change[side] !== undefined);
    const shown = only.slice(0, MOST_WORDS).map((change) => cell(sides(finding, change)[side]));
    if (shown.length === 0) return '*nothing more*';
    return `only here: ${listed(shown, only.length)}`;
  };
  return [words('expected'), words('actual')];
}

function inSync(report: Report, rows: number): string {
  const names = [...report.sections].flatMap(([section, { inSyncNames }]) =>
    inSyncNames.length === 0 ? [] : [{ section, inSyncNames }],
  );
  const total = sum(names.map(({ inSyncNames }) => inSyncNames.length));
  if (total === 0) return '';
  const lists = names.map(({ section, inSyncNames }) => {
    const shown = inSyncNames
      .slice(0, Math.min(rows, MOST_NAMES))
      .map((name) => code(cut(titleOf({ section, name }), 100)));
    return `**${section}**: ${listed(shown, inSyncNames.length)}`;
  });
  return `<details><summary>✅ In sync: ${total}</summary>\n\n${lists.join('\n\n')}\n\n</details>`;
}

function notes(list: readonly string[], rows: number): string {
  if (list.length === 0) return '';
  const shown = list.slice(0, Math.min(rows, MOST_NOTES)).map((note) => `- ${prose(cut(note, LONGEST_NOTE))}`);
  const more = list.length - shown.length;
  return ['### Notes', '', ...shown, ...(more === 0 ? [] : [`- ${plural(more, 'more note')}`])].join('\n');
}

function ignored(list: readonly Ignored[], rows: number): string {
  if (list.length === 0) return '';
  const most = Math.min(rows, MOST_IGNORED);
  const lines = list
    .slice(0, most)
    .map(({ finding, reason }) => [finding.section ?? '', prose(message(finding)), value(reason)]);
  return `<details><summary>Ignored: ${list.length}</summary>\n\n${table(['Section', 'What', 'Why'], lines, most, list.length)}\n\n</details>`;
}

/** A table of at most so many rows; `total` counts those that were not even made. */
function table(header: readonly string[], lines: readonly (readonly string[])[], rows: number, total: number): string {
  const shown = lines.slice(0, rows);
  const text = [header, header.map(() => ':--'), ...shown]
    .map((cells) => `| ${cells.map((cell) => (cell === '' ? ' ' : cell)).join(' | ')} |`)
    .join('\n');
  return shown.length === total
    ? text
    : `${shown.length === 0 ? '' : `${text}\n\n`}${plural(total - shown.length, 'more row')}: the JSON report has all.`;
}

function entry(name: string, at: Place, options: Options): string {
  return `${value(name)} ${place(at, options)}`;
}

function place(at: Place, { lineUrl, several }: Options, word = 'line '): string {
  const url = lineUrl?.(at) ?? null;
  const text = several ? code(`${cut(at.file, LONGEST_VALUE)}:${at.line}`) : `${word}${at.line}`.replace(' ', '&nbsp;');
  return url === null ? (word === '' ? text : `(${text})`) : link(text, url);
}

function cell({ text, note }: Side): string {
  if (text === null) return `*${prose(note ?? 'nothing')}*`;
  return note === null ? value(text) : `${value(text)} (${prose(note)})`;
}

/** What finds an object, each field with its value. */
function found({ paths, values }: Identity): string {
  return paths
    .map((path, index) => `${value(pathText(path))} ${value(identityValue(values[index] ?? null))}`)
    .join(' and ');
}

function value(text: string): string {
  return code(cut(text, LONGEST_VALUE));
}

/** A sentence of this program in which its own https addresses are links. */
function linked(text: string): string {
  return text
    .split(/(https:\/\/dashboard\.stripe\.com\/[\w/?=&%-]+)/)
    .map((piece, index) => (index % 2 === 1 ? `[${prose(piece.replace(/\?.*/, ''))}](${piece})` : prose(piece)))
    .join('');
}
