import { isStateChange, plan, replacedBesides, type Step } from '../fix/plan.ts';
import { type Changed, type Finding, isDifference, type Report, type SectionSummary } from '../model.ts';
import { fileWord } from '../text.ts';
import { cut, logLine, visible } from './escape.ts';
import { type CopyText, copyTexts } from './fixes.ts';
import { stepWords } from './steps.ts';
import {
  comparison,
  findingsOf,
  identityWords,
  message,
  obstacles,
  othersWords,
  plural,
  resolvedWords,
  riskWords,
  sides,
  sideText,
  titleOf,
  verdict,
} from './words.ts';

/** What a piece of text means; `expected` is the file's side, `actual` is Stripe's. */
export type Style = 'error' | 'warning' | 'notice' | 'good' | 'strong' | 'faint' | 'expected' | 'actual';

/** Colours and width, given by whoever knows the terminal. */
export interface Screen {
  paint(style: Style, text: string): string;
  /** Breaks what starts in a column into lines that all start there. */
  wrap(text: string, column: number): string;
}

/** No colours, and lines as long as they are. */
export const plainScreen: Screen = { paint: (_style, text) => text, wrap: (text) => text };

const LONGEST_VALUE = 500;

/** How much of a long list is shown, and where the rest is. */
export interface Bounds {
  /** Findings of a section, and of every other list. */
  readonly most: number;
  /** A clause, such as `--all shows them`. */
  readonly elsewhere: string;
}

/** A log of a hundred thousand lines is read by nobody: of a section so many findings are shown. */
export const MOST_FINDINGS = 50;

const everything: Bounds = { most: Number.POSITIVE_INFINITY, elsewhere: '' };

/** Where and how much is printed. */
type Page = Screen & Bounds;

type Fixes = ReadonlyMap<Finding, ReturnType<typeof copyTexts>>;

/** The report for people at a terminal: the verdict, then what differs, then what could not be checked and why. */
export function terminal(report: Report, screen: Screen = plainScreen, bounds: Bounds = everything): string {
  const page: Page = { ...screen, ...bounds };
  const { paint, wrap } = page;
  const { error, ignored } = report;
  const found = new Map([...report.sections.keys()].map((name) => [name, findingsOf(report.findings, name)]));
  const shown = [...found.values()].flatMap((findings) => mostSevere(findings, page));
  const fixes: Fixes = new Map(shown.map((finding) => [finding, copyTexts(finding, report)]));
  const lines = [
    headline(report, page),
    wrap(paint('faint', logLine(comparison(report))), 0),
    ...(error === null ? [] : ['', wrap(paint('error', logLine(error.message)), 0), wrap(logLine(error.remedy), 0)]),
    ...legend(fixes, page),
    ...fileLines(report, page),
    ...planLines(report, page),
    ...[...report.sections].flatMap(([name, section]) =>
      sectionLines(report, name, section, found.get(name) ?? [], fixes, page),
    ),
    ...resolvedLines(report, page),
    ...(ignored.length === 0 ? [] : ['', wrap(paint('faint', visible(ignoredWords(report))), 0)]),
    ...noteLines(report, page),
  ];
  return `${lines.join('\n')}\n`;
}

/** The report in as few lines as a failed check needs: the verdict, a line for each finding, and what could not be read. */
export function brief(report: Report, screen: Screen = plainScreen, bounds: Bounds = everything): string {
  const page: Page = { ...screen, ...bounds };
  const { paint, wrap } = page;
  const groups = new Map<string | null, Finding[]>();
  for (const finding of report.findings) {
    const section = finding.problem === 'invalid' ? null : finding.section;
    const group = groups.get(section);
    if (group === undefined) groups.set(section, [finding]);
    else group.push(finding);
  }
  const shown = new Set([...groups.values()].flatMap((findings) => mostSevere(findings, page)));
  const lines = [
    ...report.findings.flatMap((finding) => {
      if (!shown.has(finding)) return [];
      const { severity } = finding;
      return [`${logLine(where(finding))}: ${paint(severity, severity)}: ${visible(message(finding))}`];
    }),
    ...[...groups].flatMap(([section, findings]) => {
      const rest = findings.filter((finding) => !shown.has(finding));
      const of = section === null ? `the ${fileWord(report.files)}` : section;
      return rest.length === 0 ? [] : [`${rest.length} more of ${of} (${levelsIn(rest)}): ${page.elsewhere}`];
    }),
    ...obstacles(report).map(logLine),
  ];
  return `${[headline(report, page), ...lines.map((line) => wrap(line, 2))].join('\n')}\n`;
}

const SEVERITIES = ['error', 'warning', 'notice'] as const;

/** The findings that are shown of these: the most severe, in their order. */
function mostSevere(findings: readonly Finding[], { most }: Bounds): readonly Finding[] {
  if (findings.length <= most) return findings;
  const bySeverity = SEVERITIES.flatMap((level) => findings.filter(({ severity }) => severity === level));
  const kept = new Set(bySeverity.slice(0, most));
  return findings.filter((finding) => kept.has(finding));
}

/** The line that stands for the findings that are not shown. */
function moreFindings(findings: readonly Finding[], page: Page): string[] {
  const shown = new Set(mostSevere(findings, page));
  const rest = findings.filter((finding) => !shown.has(finding));
  return rest.length === 0 ? [] : more(rest.length, ` (${levelsIn(rest)})`, 2, page);
}

/** Such as `3 errors, 5 warnings`. */
function levelsIn(findings: readonly Finding[]): string {
  const counts = SEVERITIES.map(
    (level) => [level, findings.filter(({ severity }) => severity === level).length] as const,
  );
  return counts.flatMap(([level, count]) => (count === 0 ? [] : [plural(count, level)])).join(', ');
}

/** The first of a list, each as lines, and a line for the rest. */
function first<T>(items: readonly T[], page: Page, column: number, lines: (item: T) => string[], noun = ''): string[] {
  const rest = items.length - Math.min(items.length, page.most);
  const words = noun === '' ? '' : ` ${plural(rest, noun).replace(/^\d+ /, '')}`;
  return [...items.slice(0, page.most).flatMap(lines), ...(rest === 0 ? [] : more(rest, words, column, page))];
}

function more(count: number, words: string, column: number, { paint, wrap, elsewhere }: Page): string[] {
  const text = `and ${count} more${words}: ${visible(elsewhere)}`;
  return [`${' '.repeat(column)}${wrap(paint('faint', text), column)}`];
}

function ignoredWords({ ignored }: Report): string {
  const reasons = [...new Set(ignored.map(({ reason }) => reason))];
  const shownReasons = reasons.slice(0, 5).map((reason) => cut(reason, 100));
  const more = reasons.length > 5 ? `, and ${reasons.length - 5} more reasons` : '';
  return `${plural(ignored.length, 'finding')} ignored, as the file says: ${shownReasons.join('; ')}${more}`;
}

function headline(report: Report, { paint, wrap }: Screen): string {
  const { status, counts } = report;
  const marked = (style: Style, mark: string) => wrap(paint(style, `${mark} ${visible(verdict(report))}`), 2);
  if (status === 'in-sync' || (status === 'skipped' && counts.warnings === 0)) return marked('good', '✓');
  if (status === 'incomplete' || status === 'skipped') return marked('warning', '!');
  return marked('error', '✗');
}

const LEGEND: { readonly [label: string]: string } = {
  accept: 'accept: paste it there if Stripe is right',
  restore: 'restore: run it if the file is right',
  apply: 'apply: run it to bring this change to Stripe',
  ignore: 'ignore: paste it under ignore',
  open: 'open: change it there if the file is right',
};

/** What the words mean that stand before each text to copy. */
function legend(fixes: Fixes, { paint, wrap }: Screen): string[] {
  const labels = new Set([...fixes.values()].flatMap(({ paste, run }) => [...paste, ...run].map(({ label }) => label)));
  const words = Object.entries(LEGEND).flatMap(([label, meaning]) => (labels.has(label) ? [meaning] : []));
  return words.length === 0 ? [] : [wrap(paint('faint', words.join(' · ')), 0)];
}

function fileLines({ files, findings }: Report, page: Page): string[] {
  const invalid = findings.filter(({ problem }) => problem === 'invalid');
  if (invalid.length === 0) return [];
  return [
    '',
    page.paint('strong', fileWord(files)),
    ...mostSevere(invalid, page).flatMap((finding) => [head(finding, '', page), paragraph(message(finding), page)]),
    ...moreFindings(invalid, page),
  ];
}

function sectionLines(
  report: Report,
  name: string,
  section: SectionSummary,
  found: readonly Finding[],
  fixes: Fixes,
  page: Page,
): string[] {
  const { paint, wrap } = page;
  const reason = wrap(visible(section.reason ?? ''), 2);
  const remedy = wrap(visible(section.remedy ?? ''), 2);
  if (section.inSync === null && report.error !== null) return [];
  if (section.inSync === null) {
    return ['', `${paint('strong', name)}  ${paint('warning', 'could not be checked')}`, `  ${reason}`, `  ${remedy}`];
  }
  const coverage = section.live === null ? '' : `, ${section.managed} of ${section.live} active declared`;
  const state = `${section.inSync} of ${section.declared} in sync${coverage}`;
  const gap =
    section.reason === undefined
      ? []
      : [`  ${paint('warning', 'not all could be checked:')}`, `  ${reason}`, `  ${remedy}`];
  return [
    '',
    `${paint('strong', name)}  ${paint(found.length === 0 && gap.length === 0 ? 'good' : 'faint', state)}`,
    ...gap,
    ...foundLines(found, report, fixes, page),
    ...moreFindings(found, page),
  ];
}

/** The findings that are shown of a section, each with what fixes it. */
function foundLines(found: readonly Finding[], report: Report, fixes: Fixes, page: Page): string[] {
  const said = new Set<string>();
  // Fields of one object may have one way to be restored.
  const once = (line: string) => !said.has(line) && said.add(line) !== undefined;
  const shown = mostSevere(found, page);
  const names = new Set(shown.map(({ name }) => name));
  // Where a new object takes the place of this one, nothing else is to be changed in it.
  const replaced = replacedBesides(found.filter(({ problem, name }) => problem === 'changed' && names.has(name)));
  return shown.flatMap((finding, index) => {
    const { paste, run, caveats } = fixes.get(finding) ?? { paste: [], run: [], caveats: [], words: null };
    const commands = replaced.has(finding) ? [] : run.filter(({ lines }) => lines.every(once));
    return [
      ...(index === 0 ? [] : ['']),
      ...findingLines(finding, report, page),
      ...paste.flatMap((text) => fixLines(text, page)),
      ...(commands.length === 0 ? [] : caveats.map((caveat) => paragraph(caveat, page))),
      ...commands.flatMap((text) => fixLines(text, page)),
    ];
  });
}

/** A text to copy: it is never wrapped, since a break would be copied too. */
function fixLines({ label, says = null, lines }: CopyText, { paint }: Screen): string[] {
  const start = ' '.repeat(4);
  return [
    ...(says === null ? [] : [`${start}${paint('faint', visible(says))}`]),
    ...lines.map((line, index) => `${start}${paint('faint', `${(index === 0 ? label : '').padEnd(LABEL)} ${line}`)}`),
  ];
}

/** What applying a change would do in Stripe. */
function planLines({ findings }: Report, page: Page): string[] {
  const steps = plan(findings.filter(({ pending }) => pending));
  if (steps.length === 0) return [];
  return [
    '',
    page.paint('strong', 'What applying this change would do in Stripe'),
    ...first(steps, page, 2, (step) => stepLines(step, page), 'object'),
  ];
}

function stepLines(step: Step, page: Page): string[] {
  const { paint, wrap } = page;
  const { verb, kind, name, details } = stepWords(step);
  const change = ({ path, from, to }: (typeof details)[number]) => {
    const what = `${visible(path)}: `;
    const old = from === null ? null : paint('actual', shown(sideText(from)));
    const wanted = to === null ? null : paint('expected', shown(sideText(to)));
    if (old === null) return `${what}+ ${wanted ?? ''}`;
    return wanted === null ? `${what}- ${old}` : `${what}${old} → ${wanted}`;
  };
  return [
    `  ${wrap(`${verb} ${visible(kind)}${name === null ? '' : ` ${paint('strong', shown(name))}`}`, 2)}`,
    ...first(details, page, 4, (detail) => [`    ${wrap(change(detail), 4)}`]),
    ...step.risks.map((risk) => `    ${wrap(paint('warning', visible(riskWords(risk))), 4)}`),
  ];
}

function resolvedLines({ resolved }: Report, page: Page): string[] {
  const { paint, wrap } = page;
  if (resolved.length === 0) return [];
  return [
    '',
    paint('strong', 'Resolved by this change'),
    ...first(resolved, page, 2, (finding) => [`  ${paint('good', '✓')} ${wrap(visible(resolvedWords(finding)), 4)}`]),
  ];
}

function noteLines({ notes }: Report, page: Page): string[] {
  const { paint, wrap } = page;
  if (notes.length === 0) return [];
  return ['', ...first(notes, page, 0, (note) => [`${paint('notice', 'note')}  ${wrap(visible(note), 6)}`], 'note')];
}

function findingLines(finding: Finding, { base }: Report, screen: Page): string[] {
  const { paint } = screen;
  const origin =
    base === null || !isDifference(finding) ? '' : `  ${paint('faint', finding.pending ? 'pending' : 'drift')}`;
  const start = (what: string) => head(finding, `${what}${origin}`, screen);
  const title = titleOf(finding);
  const name = title === '' ? '' : paint('strong', shown(title));
  const id = (found: Changed) => paint('faint', `(${shown(found.id)})`);
  const pair = (file: string, stripe: string) => [
    side('file', 'expected', file, LABEL, screen),
    side('Stripe', 'actual', stripe, LABEL, screen),
  ];
  switch (finding.problem) {
    case 'invalid':
      return [];
    case 'missing': {
      const others = finding.others === 0 ? '' : ` (${othersWords(finding)})`;
      return [start(`${name} is missing`), ...pair(identityWords(finding.identity), `nothing${others}`)];
    }
    case 'changed':
      if (isStateChange(finding)) return [start(name), paragraph(message(finding), screen)];
      if (finding.changes.some((change) => !('expected' in change && 'actual' in change))) {
        return [start(`${name} ${visible(finding.field)} ${id(finding)}`), ...oneSided(finding, screen)];
      }
      return first(finding.changes, screen, 4, (change) => {
        const { path, expected, actual } = sides(finding, change);
        return [start(`${name} ${visible(path)} ${id(finding)}`), ...pair(sideText(expected), sideText(actual))];
      });
    case 'ambiguous':
    case 'unhealthy':
      return [start(`${name} is ${finding.problem}`), paragraph(message(finding), screen)];
    case 'unmanaged': {
      const { id, label, count } = finding;
      const live = id === null ? `${count} (not shown)` : label === null || label === id ? id : `${label} (${id})`;
      return [start('not declared'), ...pair('nothing', live)];
    }
  }
}

/** Columns of `restore` and `Stripe`, and of `not in the file`. */
const LABEL = 7;
const LONG_LABEL = 15;

/** Where one side has more than the other: a line for each word or item. */
function oneSided(finding: Changed, page: Page): string[] {
  // What is missing in Stripe before what it has besides.
  const inOrder = [...finding.changes].sort((one, other) => Number('actual' in one) - Number('actual' in other));
  return first(inOrder, page, 4, (change) => {
    const { path, expected, actual } = sides(finding, change);
    const at = path === finding.field ? '' : `${path}: `;
    if (!('actual' in change))
      return [side('not in Stripe', 'expected', `${at}${sideText(expected)}`, LONG_LABEL, page)];
    if (!('expected' in change))
      return [side('not in the file', 'actual', `${at}${sideText(actual)}`, LONG_LABEL, page)];
    const both = `${at}${sideText(expected)} in the file, ${sideText(actual)} in Stripe`;
    return [side('differs', 'actual', both, LONG_LABEL, page)];
  });
}

function side(label: string, style: Style, text: string, width: number, { paint, wrap }: Screen): string {
  return `    ${paint('faint', label.padEnd(width))} ${wrap(paint(style, shown(text)), 5 + width)}`;
}

function paragraph(text: string, { wrap }: Screen): string {
  return `    ${wrap(visible(text), 4)}`;
}

/** Columns of the longest severity. */
const SEVERITY = 7;

/** The line of a finding, which begins with its place: terminals and editors make a link of that. */
function head(finding: Finding, what: string, { paint, wrap }: Screen): string {
  const { severity } = finding;
  const text = `${paint('faint', where(finding))}${what === '' ? '' : `  ${what}`}`;
  return `  ${paint(severity, severity.padEnd(SEVERITY))} ${wrap(text, 3 + SEVERITY)}`;
}

function where({ at }: { readonly at: Finding['at'] }): string {
  return `${visible(at.file)}:${at.line}:${at.column}`;
}

function shown(text: string): string {
  return visible(cut(text, LONGEST_VALUE));
}
