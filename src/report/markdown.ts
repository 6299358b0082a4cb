import { plan, type Step } from '../fix/plan.ts';
import {
  type Both,
  both,
  type Changed,
  type Finding,
  grouped,
  type Identity,
  type Ignored,
  isDifference,
  isOfCode,
  type OfCode,
  type Pair,
  type Place,
  type Report,
  type Severity,
  type Subject,
  severities,
  type Unmanaged,
} from '../model.ts';
import { bare, fileWord, inSentence, pathText, shortCommit } from '../text.ts';
import { diagram } from './diagram.ts';
import { breakableCode, code, cut, link, prose } from './escape.ts';
import { fixBlocks, HOW_TO_APPLY, HOW_TO_FIX } from './fixes.ts';
import { type StepWords, stepWords } from './steps.ts';
import { type Levels, levelsOf, tally } from './tally.ts';
import {
  afterVerdict,
  codeWords,
  elsewhereWords,
  everythingSides,
  healthWords,
  identityValue,
  invalidWords,
  isSaidId,
  isSetChange,
  keyWords,
  levelWords,
  listed,
  MOST_FILES,
  matchWords,
  message,
  othersWords,
  PENDING,
  pathTitle,
  placeWordsOf,
  plural,
  resolvedWords,
  riskWords,
  rivalNames,
  type SetSide,
  type Side,
  seconds,
  sides,
  sideText,
  tellsWords,
  titleOf,
  undeclaredWords,
  unreadReasons,
  verdict,
  WRONG_PLACE_REMEDY,
  wholeWords,
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
/** A title, which names files and sections. */
const LONGEST_TITLE = 500;
/** Words of a set that differ, and values that a new object states. */
const MOST_WORDS = 50;
/** Objects of a section that are not in the file: more than these are folded, and of those so many are shown. */
const MOST_UNDECLARED = 10;
const MOST_FOLDED = 100;
/** Names of entries that are in sync, one after another. */
const MOST_NAMES = 200;
const MOST_NOTES = 100;
const MOST_IGNORED = 100;
const LONGEST_NOTE = 1000;

const HEADINGS: { readonly [S in Severity]: string } = { error: 'Errors', warning: 'Warnings', notice: 'Notices' };
const ICONS: { readonly [S in Severity]: string } = { error: '❌', warning: '⚠️', notice: 'ℹ️' };

export interface MarkdownOptions {
  /** The page of a line of the file at this commit, or null where there is none. */
  readonly lineUrl?: (at: Place) => string | null;
  /** The most bytes that the text may have; a job summary's where it is not said. */
  readonly budget?: number;
  /** Leaves out what differs between two runs that found the same: the commit and the duration. */
  readonly timeless?: boolean;
  /** The files alone were checked: nothing is said of what was not compared. */
  readonly isLint?: boolean;
}

interface Options extends MarkdownOptions {
  /** Whether places are in several files. */
  readonly several: boolean;
  /** What the two sides of a difference are called, as the heads of columns. */
  readonly heads: Both<string>;
  /** Where objects are, in words: `Stripe`. */
  readonly where: string;
}

/** The report as GitHub's Markdown, within a budget: where rows do not fit, each table says how many more there are. */
export function markdown(report: Report, options: MarkdownOptions = {}): string {
  const { budget = BUDGET } = options;
  for (const rows of ROWS) {
    if (Math.min(rows, report.findings.length) * SMALLEST_ROW > budget) continue;
    const text = render(report, { ...options, ...namesOf(report), several: report.files.length > 1 }, rows);
    if (Buffer.byteLength(text) <= budget) return text;
  }
  return `${[title(report, options), counts(report), 'The report is too long to show here: the JSON report has everything.'].join('\n\n')}\n`;
}

/** What the sides of differences, and the places of objects, are called in a report. */
function namesOf({ realms }: Report): Pick<Options, 'heads' | 'where'> {
  if (realms === null) return { heads: ['File', 'Stripe'], where: 'Stripe' };
  const heads = both((which) => prose(cut(bare(realms[which].name), LONGEST_VALUE)));
  return { heads, where: heads.join(' or ') };
}

function render(report: Report, options: Options, rows: number): string {
  const { error, base, sections: read, findings, resolved } = report;
  const of = (problem: Finding['problem']) => findings.filter((finding) => finding.problem === problem);
  const isWrong = findings.length > 0 || [...read.values()].some(({ status }) => status !== 'read');
  const blocks = [
    title(report, options),
    context(report, options),
    ...(error === null ? [] : [stopped(error, report)]),
    isWrong && !isPlan(report) && isAnyRead(report) ? counts(report) : '',
    ...(error === null ? unread(report) : []),
    remarks(of('invalid'), report, options, rows),
    ...(base === null ? differences(findings, report, '###', options, rows) : change(report, options, rows)),
    health(of('unhealthy'), options, rows),
    ofCode(findings.filter(isOfCode), options, rows),
    resolved.length === 0
      ? ''
      : `### ✅ This pull request fixes ${plural(resolved.length, 'difference')}\n\n${list(resolved, (finding) => prose(resolvedWords(finding)), rows)}`,
    rows === 0 || options.timeless ? '' : diagram(report),
    options.timeless && !isWrong ? '' : matching(report, rows),
    ignored(report.ignored, rows),
    notes(report.notes, rows),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function title(report: Report, { isLint }: MarkdownOptions): string {
  const said = isLint && report.status === 'invalid' ? invalidWords(report) : verdict(report);
  const words = prose(cut(said, LONGEST_TITLE));
  return isPlan(report) ? `## ${words}` : `## ${icon(report)} ${words}`;
}

/** Whether a pull request leaves something to do in Stripe: then the report is its plan. */
function isPlan({ status, base, findings, looksWrong }: Report): boolean {
  return status === 'drift' && base !== null && !looksWrong && findings.some(({ pending }) => pending);
}

function icon(report: Report): string {
  const { status, findings } = report;
  if (status === 'error' || status === 'invalid' || status === 'incomplete') return ICONS.error;
  const worst = findings.find(({ severity }) => severity !== 'notice');
  return worst === undefined
    ? '✅'
    : findings.some(({ severity }) => severity === 'error')
      ? ICONS.error
      : ICONS.warning;
}

/** What the title leaves open: how much matches, where, of which file. */
function context(report: Report, { timeless = false, isLint = false }: Options): string {
  const { files, commit, durationMs, base, status } = report;
  const [matched, read] = [matchWords(report), keyWords(report)];
  const parts = [
    ...(status === 'error' && !isLint ? ['Nothing was compared'] : []),
    ...(isPlan(report)
      ? [place(report), `not yet in Stripe${report.exitCode === 0 ? '' : ', so the check fails'}`]
      : []),
    ...(matched === null ? [] : [matched]),
    ...(status === 'in-sync' && timeless
      ? []
      : [
          `${listed(
            files.slice(0, MOST_FILES).map((file) => code(cut(file, LONGEST_PATH))),
            files.length,
          )}${commit === null || timeless ? '' : ` at ${code(commit.slice(0, 7))}`}`,
        ]),
    ...(base === null || timeless ? [] : [`before this pull request: ${code(shortCommit(base))}`]),
    ...(read === null || timeless ? [] : [read]),
    ...(timeless ? [] : [seconds(durationMs)]),
  ];
  return parts.join(' · ');
}

function place(report: Report): string {
  return prose(placeWordsOf(report));
}

/** What stopped the check, as far as the title does not say it, and what to do. */
function stopped({ message: told, remedy }: { message: string; remedy: string }, report: Report): string {
  // The line above says that nothing was compared.
  const rest = afterVerdict(told, report).replace(/ ?Nothing was compared\.$/, '');
  return `${rest === '' ? '' : `> ${prose(rest)}\n>\n`}> **What to do:** ${linked(remedy)}`;
}

function isAnyRead({ sections }: Report): boolean {
  return [...sections.values()].some(({ inSync }) => inSync !== null);
}

/** More sections than this of which there is nothing to say stand in one line. */
const MOST_FINE = 3;

/** Numbers by section: the columns of differences add up to the title. A column is left out where it is empty. */
function counts(report: Report): string {
  const levels = (each: Levels) => [each.errors, each.warnings, each.notices];
  const rows = [...report.sections].map(([name, section]) => {
    const own = tally(report, name);
    const { errors, warnings, notices } = own.health;
    const match = section.inSync === null ? 'not checked' : `${section.inSync} of ${section.declared}`;
    const isFine = section.status === 'read' && section.inSync === section.declared;
    const numbers = [...levels(own), errors + warnings + notices];
    return {
      name: `**${name}**`,
      numbers,
      match,
      fine: isFine && numbers.every((one) => one === 0) ? section.declared : null,
    };
  });
  const fine = rows.flatMap((row) => row.fine ?? []);
  if (fine.length > MOST_FINE && fine.length === rows.length) return '';
  const all = fine.reduce((sum, count) => sum + count, 0);
  const rest = { name: `${fine.length} more sections`, numbers: [0, 0, 0, 0], match: `${all} of ${all}` };
  const shown = fine.length > MOST_FINE ? [...rows.filter((row) => row.fine === null), rest] : rows;
  const columns = ['Errors', 'Warnings', 'Notices', 'Health']
    .map((header, index) => ({ header, index }))
    .filter(({ index }) => rows.some(({ numbers }) => numbers[index] !== 0));
  const header = ['', ...columns.map((column) => column.header), 'Match'];
  const lines = shown.map(({ name, numbers, match }) => {
    const cells = columns.map(({ index }) => (numbers[index] === 0 ? '' : `**${numbers[index]}**`));
    return [name, ...cells, match];
  });
  return [header, header.map((_, index) => (index === 0 ? ':--' : '--:')), ...lines]
    .map((cells) => `| ${cells.map((cell) => (cell === '' ? ' ' : cell)).join(' | ')} |`)
    .join('\n');
}

/** Why not all was read, and what to do about it. */
function unread({ sections }: Report): string[] {
  return unreadReasons(sections).map(({ reasons, remedy }) =>
    [...reasons.map((reason) => `> ${prose(reason)}`), `> **What to do:** ${linked(remedy)}`].join('\n>\n'),
  );
}

/** What is wrong with the file itself. */
function remarks(found: readonly Finding[], { files }: Report, options: Options, rows: number): string {
  if (found.length === 0) return '';
  const lines = found
    .slice(0, rows)
    .map((finding) => [ICONS[finding.severity], lineOf(finding.at, options), remark(finding)]);
  const header = ['', options.several ? 'Place' : 'Line', 'Problem'];
  return `### The ${fileWord(files)}\n\n${table(header, lines, rows, found.length)}`;
}

/** A remark about the file, with the line to copy as code. */
function remark(finding: Finding): string {
  const paste = finding.problem === 'invalid' ? (finding.partial?.paste ?? '') : '';
  if (paste === '') return prose(message(finding));
  return `${prose(message(finding).slice(0, -paste.length))}${code(paste)}`;
}

/** What a pull request leaves to do, then, folded, what differed before it. */
function change(report: Report, options: Options, rows: number): string[] {
  const pending = report.findings.filter((finding) => finding.pending && isDifference(finding));
  const before = report.findings.filter((finding) => !finding.pending && isDifference(finding));
  const steps = plan(pending).map((step) => ({ step, words: stepWords(step) }));
  const planned = new Set(steps.flatMap(({ step }) => step.findings));
  const undecided = pending.filter((finding) => !planned.has(finding));
  const { errors, warnings, notices } = levelsOf(before);
  const count = errors + warnings + notices;
  const levels = levelWords({ errors, warnings, notices });
  const summary = `${plural(count, 'older difference')}, from before this pull request: ${levels}`;
  const earlier = differences(before, report, '####', options, rows).filter((block) => block !== '');
  return [
    ...(isPlan(report) || pending.length === 0 ? [] : [`### Pending: ${PENDING}`]),
    moneyTable(steps, rows),
    steps.length === 0 ? '' : list(steps, ({ step, words }) => stepText(step, words, options), rows),
    ...differences(undecided, report, '####', options, rows),
    howTo(HOW_TO_APPLY, [...planned], report, rows),
    count === 0 ? '' : `<details><summary>${summary}</summary>\n\n${earlier.join('\n\n')}\n\n</details>`,
  ];
}

interface Planned {
  readonly step: Step;
  readonly words: StepWords;
}

/** What is charged before and after, for all steps that change it. */
function moneyTable(steps: readonly Planned[], rows: number): string {
  const lines = steps.flatMap(({ step, words: { sign, money, name, kind } }) => {
    if (money === null) return [];
    const { section } = step.findings[0];
    const who = name === null ? kind : value(`${section}.${name}`);
    const after =
      money.after === null ? '' : `**${prose(money.after)}**${money.percent === null ? '' : ` (${money.percent})`}`;
    return [[`${code(sign)} ${who}`, prose(money.before ?? ''), after]];
  });
  return lines.length === 0 ? '' : table(['Money', 'Before', 'After'], lines, rows, lines.length);
}

/** A step of the plan, with what it puts at risk on lines of their own. */
function stepText(step: Step, { sign, verb, kind, name, states, details }: StepWords, options: Options): string {
  const [first] = step.findings;
  const object = 'id' in first && first.id !== null ? ` ${link(code(first.id), first.url ?? '')}` : '';
  const changes = details.map(({ path, from, to }) => {
    if (from === null && to !== null) return `${value(path)} gets ${cell(to)}`;
    if (to === null && from !== null) return `${value(path)} loses ${cell(from)}`;
    return `${value(path)} ${from === null ? '' : cell(from)} → ${to === null ? '' : cell(to)}`;
  });
  const at = first.problem === 'unmanaged' ? '' : ` ${lineOf(first.at, options)}`;
  const stated = states
    .slice(0, MOST_WORDS)
    .map(({ field, side }) => (field === null ? prose(sideText(side)) : `${value(field)} ${cell(side)}`));
  const said = [...stated, ...changes];
  return [
    `${code(sign)} ${verb} ${kind}${name === null ? '' : ` **${value(name)}**`}${object}${at}${said.length === 0 ? '' : `: ${said.join(', ')}`}`,
    ...step.risks.map((risk) => `  - ⚠️ ${prose(riskWords(risk))}`),
  ].join('\n');
}

function list<T>(items: readonly T[], text: (item: T) => string, rows: number): string {
  const shown = items.slice(0, rows).map((item) => `- ${text(item)}`);
  const more = items.length - shown.length;
  return [...shown, ...(more === 0 ? [] : [`- ${more} more: the JSON report has everything.`])].join('\n');
}

/** The most severe first, a table for each severity, then how to fix each. */
function differences(
  findings: readonly Finding[],
  report: Report,
  heading: '###' | '####',
  options: Options,
  rows: number,
): string[] {
  const found = findings.filter(isDifference);
  const folded = new Set(wronglyMissing(report));
  const tables = severities.flatMap((severity) => {
    const own = found.filter((finding) => finding.severity === severity);
    return own.length === 0 ? [] : [`${heading} ${HEADINGS[severity]}`, ...severityTables(own, folded, options, rows)];
  });
  const crowded = new Set<Finding>(crowdsIn(found).flatMap(([, own]) => own));
  const shown = found.filter((finding) => !folded.has(finding) && !crowded.has(finding));
  return [...tables, howTo(HOW_TO_FIX, shown, report, rows)];
}

/** By section, what is not in the file where that is so much that nobody goes through it object by object. */
function crowdsIn(findings: readonly Finding[]): [string, readonly Unmanaged[]][] {
  const undeclared = findings.filter((finding) => finding.problem === 'unmanaged');
  return [...grouped(undeclared, ({ section }) => section)].filter(([, own]) => own.length > MOST_UNDECLARED);
}

/** One table, but for what is too much to read: many objects of a section that are not in the file, or all that are missing. */
function severityTables(
  findings: readonly Finding[],
  folded: ReadonlySet<Finding>,
  options: Options,
  rows: number,
): string[] {
  const most = Math.min(rows, MOST_FOLDED);
  const many = crowdsIn(findings);
  const inFolds = new Set<Finding>(many.flatMap(([, own]) => own));
  const missing = findings.filter((finding) => folded.has(finding));
  const plain = findings.filter((finding) => !inFolds.has(finding) && !folded.has(finding));
  const folds = [
    ...many.map(
      ([section, own]) =>
        [`${own.length} ${section} are in ${options.where}, but not in the file`, list(own, undeclared, most)] as const,
    ),
    ...(missing.length === 0
      ? []
      : [[`${missing.length} are missing in Stripe`, findingsTable(missing, options, most)] as const]),
  ];
  return [
    ...(plain.length === 0 ? [] : [findingsTable(plain, options, rows)]),
    ...(missing.length === 0 ? [] : [prose(WRONG_PLACE_REMEDY)]),
    ...folds.map(([words, own]) => `<details><summary>${words}</summary>\n\n${own}\n\n</details>`),
  ];
}

function undeclared(finding: Unmanaged): string {
  const { id, label, url, count, pair } = finding;
  if (pair !== undefined && id !== null)
    return `${label === null || label === id ? '' : `${value(label)} `}${pair.objects.flatMap(objectLink).join(', ')}`;
  if (id === null || url === null) return `${count} (hidden by show-values)`;
  const said = undeclaredWords(finding);
  if (said !== null) return `${link(value(id), url)} ${prose(cut(`(${said})`, LONGEST_VALUE))}`;
  return link(label === null || label === id ? value(id) : `${value(label)} ${value(id)}`, url);
}

/** The object of a realm, which links to its page; nothing where there is none. */
function objectLink(object: Subject | null): string[] {
  return object === null ? [] : [link(value(object.id), object.url)];
}

/** Both cells of a row, with the object of each realm below what is said of it. */
function withObjects(cells: Both<string>, { pair }: Finding): Both<string> {
  if (pair === undefined) return cells;
  return both((which) => [cells[which], ...objectLink(pair.objects[which])].filter((part) => part !== '').join('<br>'));
}

/** What an object that the file does not declare is in each of two realms. */
function undeclaredCells(finding: Unmanaged, { objects, declared }: Pair): Both<string> {
  const { id, label } = finding;
  const what = undeclaredWords(finding);
  const name = what === null ? (label === null || label === id ? '' : value(label)) : prose(cut(what, LONGEST_VALUE));
  return both((which) => {
    if (objects[which] === null) return '*nothing*';
    return declared?.which === which ? `declared as ${value(declared.entry)}` : name;
  });
}

function findingsTable(findings: readonly Finding[], options: Options, rows: number): string {
  // Each has a row at least: the rest of many need no rendering.
  const lines = findings.slice(0, rows).flatMap((finding) => findingRows(finding, options));
  return table(['Entry', ...options.heads], lines, rows, sum(findings.map(rowCount)));
}

function howTo(summary: string, findings: readonly Finding[], report: Report, rows: number): string {
  if (findings.length === 0) return '';
  return `<details><summary>${summary}</summary>\n\n${fixBlocks(findings, report, rows)}\n\n</details>`;
}

/** A row for each difference: the entry, what differs below it, and the two sides, which so have room in a comment. */
function findingRows(finding: Finding, options: Options): string[][] {
  const who = entry(finding, options);
  switch (finding.problem) {
    case 'invalid':
    case 'unhealthy':
    case 'unsubscribed':
    case 'unhandled':
    case 'dangling':
      return [];
    case 'missing': {
      const others = finding.others === 0 ? '' : ` (${prose(othersWords(finding))})`;
      const owner = elsewhereWords(finding);
      const live = `${link('*nothing*', finding.url)}${others}${owner === '' ? '' : `; ${prose(owner)}`}`;
      const { pair } = finding;
      if (pair === undefined) return [[below(who, '*missing*'), found(finding.identity), live]];
      const has = isSaidId(finding) ? '' : found(finding.identity);
      const cells = both((which) => (pair.objects[which] === null ? live : has));
      return [[below(who, '*missing*'), ...withObjects(cells, finding)]];
    }
    case 'changed':
      return changedRows(finding, who);
    case 'ambiguous': {
      const { own, common } = tellsWords(finding);
      const live = finding.candidates.slice(0, 10).map((one) => `${value(one.id)}${prose(own(one))}`);
      const rivals = rivalNames(finding, 10).map(value);
      const also = rivals.length === 0 ? '' : `, also found by ${listed(rivals, finding.rivals.length)}`;
      const count = finding.candidates.length + (finding.unnamed ?? 0);
      const several = `${listed(live, count)}${prose(common)}${also}`;
      const { pair } = finding;
      if (pair === undefined) return [[below(who, '*ambiguous*'), found(finding.identity), several]];
      const cells = both((which) => (pair.ambiguous === which ? several : ''));
      return [[below(who, `*ambiguous*, ${found(finding.identity)}`), ...withObjects(cells, finding)]];
    }
    case 'unmanaged': {
      const { pair, id } = finding;
      const who = `${value(finding.section)} *not in the file*`;
      if (pair === undefined || id === null) return [[who, '', undeclared(finding)]];
      return [[who, ...withObjects(undeclaredCells(finding, pair), finding)]];
    }
  }
}

function below(who: string, what: string): string {
  return `${who}<br>${what}`;
}

/** How many rows `findingRows` makes. */
function rowCount(finding: Finding): number {
  if (finding.problem !== 'changed' || isSetChange(finding)) return 1;
  const meant = wholeWords(finding);
  return meant === null ? finding.changes.length : 1 + meant.rest.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A row of what differs: its name and its two sides, of which the second may have several lines. */
type Differing = readonly [name: string, one: string, other: readonly string[]];

/** What Stripe has is a link to its page in the Dashboard, in the first row of an object; of two realms each object has one. */
function changedRows(finding: Changed, who: string): string[][] {
  const { url, pair } = finding;
  return differingRows(finding).map(([name, one, [other = '', ...more]], index) => {
    const isFirst = index === 0;
    if (pair === undefined)
      return [isFirst ? below(who, name) : name, one, [isFirst ? link(other, url) : other, ...more].join('<br>')];
    if (!isFirst) return [name, one, other];
    const told = both((which) =>
      [[one, other][which] ?? '', pair.agreeing === which ? '*as in the file*' : '']
        .filter((part) => part !== '')
        .join(', '),
    );
    return [below(who, name), ...withObjects(told, finding)];
  });
}

function differingRows(finding: Changed): Differing[] {
  const { field, changes, pair } = finding;
  const everything = isSetChange(finding) ? everythingSides(finding, changes) : null;
  if (everything !== null) return [[value(field), setCell(everything.file), [setCell(everything.stripe)]]];
  if (pair !== undefined && changes[0]?.hidden === 'value') return [[value(field), '*differs*', ['*differs*']]];
  if (isSetChange(finding)) {
    const [lacks, extra] = [wordsOf(finding, 'expected'), wordsOf(finding, 'actual')];
    if (pair !== undefined) return [[value(field), onlyHere(lacks), [onlyHere(extra)]]];
    const words = [...(lacks === null ? [] : [`missing: ${lacks}`]), ...(extra === null ? [] : [`extra: ${extra}`])];
    return [[value(field), '', words]];
  }
  const meant = wholeWords(finding);
  const rows = (meant?.rest ?? changes).map((change): Differing => {
    const { path, expected, actual } = sides(finding, change);
    return [value(path), cell(expected), [cell(actual)]];
  });
  return meant === null ? rows : [[value(field), prose(meant.file), [prose(meant.stripe)]], ...rows];
}

/** Words of a set that one of two realms has alone. */
function onlyHere(words: string | null): string {
  return words === null ? '' : `only here: ${words}`;
}

/** A side of a set of which one side has the word that stands for all others. */
function setCell({ says, words }: SetSide): string {
  const said = prose(says);
  return words.length === 0 ? said : `${said} ${listed(words.slice(0, MOST_WORDS).map(value), words.length)}`;
}

/** Words of a set that only one side has; null where there are none. */
function wordsOf(finding: Changed, side: 'expected' | 'actual'): string | null {
  const only = finding.changes.filter((change) => change[side] !== undefined);
  const shown = only.slice(0, MOST_WORDS).map((change) => cell(sides(finding, change)[side]));
  return shown.length === 0 ? null : listed(shown, only.length);
}

/** Remarks on health, a sentence each, with the page of the object in the Dashboard. */
function health(found: readonly Finding[], options: Options, rows: number): string {
  if (found.length === 0) return '';
  const sentence = (finding: Finding) => {
    if (finding.problem !== 'unhealthy') return '';
    const page = link('Dashboard', finding.url);
    return `${ICONS[finding.severity]} ${entry(finding, options)}: ${prose(healthWords(finding))} ${page}\n  - ${prose(finding.remedy.replaceAll('`', ''))}`;
  };
  return `### Health\n\n${list(found, sentence, rows)}`;
}

/** What does not fit together between the code and the rest, a sentence each, with its line. */
function ofCode(found: readonly OfCode[], { lineUrl }: Options, rows: number): string {
  if (found.length === 0) return '';
  const sentence = (finding: OfCode) => {
    const { at, severity } = finding;
    const where = code(`${cut(at.file, LONGEST_VALUE)}:${at.line}`);
    const href = lineUrl?.(at) ?? null;
    const line = href === null ? where : link(where, href);
    const page = finding.problem === 'dangling' && finding.url !== null ? ` ${link('Dashboard', finding.url)}` : '';
    return `${ICONS[severity]} ${line}: ${prose(codeWords(finding))}${page}`;
  };
  return `### Code\n\n${list(found, sentence, rows)}`;
}

function matching(report: Report, rows: number): string {
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
  return `<details><summary>${plural(total, 'entry')} ${total === 1 ? 'matches' : 'match'}</summary>\n\n${lists.join('\n\n')}\n\n</details>`;
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
  return `<details><summary>${list.length} ignored</summary>\n\n${table(['Section', 'What', 'Why'], lines, most, list.length)}\n\n</details>`;
}

/** A table of at most so many rows; `total` counts those that were not even made. */
function table(header: readonly string[], lines: readonly (readonly string[])[], rows: number, total: number): string {
  const shown = lines.slice(0, rows);
  const text = [header, header.map(() => ':--'), ...shown]
    .map((cells) => `| ${cells.map((cell) => (cell === '' ? ' ' : cell)).join(' | ')} |`)
    .join('\n');
  return shown.length === total
    ? text
    : `${shown.length === 0 ? '' : `${text}\n\n`}${plural(total - shown.length, 'more row')}: the JSON report has everything.`;
}

/** An entry, which links to its line. */
function entry(finding: Finding, options: Options): string {
  const { at } = finding;
  const title = value(pathTitle(finding));
  const url = options.lineUrl?.(at) ?? null;
  return `**${url === null ? title : link(title, url)}** ${lineWords(at, options)}`;
}

/** A line of the file, which links to itself. */
function lineOf(at: Place, options: Options): string {
  const url = options.lineUrl?.(at) ?? null;
  const text = lineWords(at, options);
  return url === null ? text : link(text, url);
}

function lineWords(at: Place, { several }: Options): string {
  return several ? code(`${cut(at.file, LONGEST_VALUE)}:${at.line}`) : `L${at.line}`;
}

function cell({ text, note }: Side): string {
  if (text === null) return `*${prose(note ?? 'nothing')}*`;
  return note === null ? value(text) : `${value(text)} (${prose(note)})`;
}

/** What finds an object, each field with its value. */
function found({ paths, values }: Identity): string {
  return inSentence(
    paths.map((path, index) => `${value(pathText(path))} ${value(identityValue(values[index] ?? null))}`),
  );
}

function value(text: string): string {
  return breakableCode(cut(text, LONGEST_VALUE));
}

/** A sentence of this program in which its own https addresses are links, each called by its page. */
function linked(text: string): string {
  return text
    .split(/(https:\/\/dashboard\.stripe\.com\/[\w/?=&%-]+)/)
    .map((piece, index) =>
      index % 2 === 1 ? `[${code(piece.replace(/^https:\/\/|\?.*/g, ''))}](${piece})` : prose(piece),
    )
    .join('');
}
