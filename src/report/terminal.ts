import { type Changed, type Finding, isDifference, type Report, type SectionSummary } from '../model.ts';
import { isStateChange, plan, replacedBesides, type Step } from '../plan.ts';
import { fileWord } from '../resources/text.ts';
import { cut, logLine, visible } from './escape.ts';
import { type MendText, mendTexts } from './mending.ts';
import {
  comparison,
  findingsOf,
  identityWords,
  message,
  obstacles,
  othersWords,
  plural,
  resolvedWords,
  sides,
  sideText,
  stepWords,
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

type Mends = ReadonlyMap<Finding, ReturnType<typeof mendTexts>>;

/** The report for people at a terminal: the verdict, then what differs, then what could not be checked and why. */
export function terminal(report: Report, screen: Screen = plainScreen): string {
  const { paint, wrap } = screen;
  const { error, ignored, notes } = report;
  const mends: Mends = new Map(report.findings.map((finding) => [finding, mendTexts(finding, report)]));
  const lines = [
    headline(report, screen),
    wrap(paint('faint', logLine(comparison(report))), 0),
    ...(error === null ? [] : ['', wrap(paint('error', logLine(error.message)), 0), wrap(logLine(error.remedy), 0)]),
    ...legend(mends, screen),
    ...fileLines(report, screen),
    ...planLines(report, screen),
    ...[...report.sections].flatMap(([name, section]) => sectionLines(report, name, section, mends, screen)),
    ...resolvedLines(report, screen),
    ...(ignored.length === 0 ? [] : ['', wrap(paint('faint', visible(ignoredWords(report))), 0)]),
    ...(notes.length === 0
      ? []
      : ['', ...notes.map((note) => `${paint('notice', 'note')}  ${wrap(visible(note), 6)}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The report in as few lines as a failed check needs: the verdict, a line for each finding, and what could not be read. */
export function brief(report: Report, screen: Screen = plainScreen): string {
  const { paint, wrap } = screen;
  const lines = [
    ...report.findings.map((finding) => {
      const { severity } = finding;
      return `${logLine(where(finding))}: ${paint(severity, severity)}: ${visible(message(finding))}`;
    }),
    ...obstacles(report).map(logLine),
  ];
  return `${[headline(report, screen), ...lines.map((line) => wrap(line, 2))].join('\n')}\n`;
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
};

/** What the words mean that stand before each text to copy. */
function legend(mends: Mends, { paint, wrap }: Screen): string[] {
  const labels = new Set([...mends.values()].flatMap(({ paste, run }) => [...paste, ...run].map(({ label }) => label)));
  const words = Object.entries(LEGEND).flatMap(([label, meaning]) => (labels.has(label) ? [meaning] : []));
  return words.length === 0 ? [] : [wrap(paint('faint', words.join(' · ')), 0)];
}

function fileLines({ files, findings }: Report, screen: Screen): string[] {
  const invalid = findings.filter(({ problem }) => problem === 'invalid');
  if (invalid.length === 0) return [];
  return [
    '',
    screen.paint('strong', fileWord(files)),
    ...invalid.flatMap((finding) => [head(finding, '', screen), paragraph(message(finding), screen)]),
  ];
}

function sectionLines(report: Report, name: string, section: SectionSummary, mends: Mends, screen: Screen): string[] {
  const { paint, wrap } = screen;
  const found = findingsOf(report.findings, name);
  const reason = wrap(visible(section.reason ?? ''), 2);
  const remedy = wrap(visible(section.remedy ?? ''), 2);
  if (section.inSync === null && report.error !== null) return [];
  if (section.inSync === null) {
    return ['', `${paint('strong', name)}  ${paint('warning', 'could not be checked')}`, `  ${reason}`, `  ${remedy}`];
  }
  const coverage = section.live === null ? '' : `, ${section.managed} of ${section.live} in force declared`;
  const state = `${section.inSync} of ${section.declared} in sync${coverage}`;
  const gap =
    section.reason === undefined
      ? []
      : [`  ${paint('warning', 'not all could be checked:')}`, `  ${reason}`, `  ${remedy}`];
  return [
    '',
    `${paint('strong', name)}  ${paint(found.length === 0 && gap.length === 0 ? 'good' : 'faint', state)}`,
    ...gap,
    ...foundLines(found, report, mends, screen),
  ];
}

/** Each finding of a section, with what mends it. */
function foundLines(found: readonly Finding[], report: Report, mends: Mends, screen: Screen): string[] {
  const said = new Set<string>();
  // Fields of one object may have one way to be restored.
  const once = (line: string) => !said.has(line) && said.add(line) !== undefined;
  // Where a new object takes the place of this one, nothing else is to be changed in it.
  const replaced = replacedBesides(found);
  return found.flatMap((finding, index) => {
    const { paste, run } = mends.get(finding) ?? { paste: [], run: [] };
    const commands = replaced.has(finding) ? [] : run.filter(({ lines }) => lines.every(once));
    return [
      ...(index === 0 ? [] : ['']),
      ...findingLines(finding, report, screen),
      ...[...paste, ...commands].flatMap((text) => mendLines(text, screen)),
    ];
  });
}

/** A text to copy: it is never wrapped, since a break would be copied too. */
function mendLines({ label, lines }: MendText, { paint }: Screen): string[] {
  const start = ' '.repeat(4);
  return lines.map((line, index) => `${start}${paint('faint', `${(index === 0 ? label : '').padEnd(LABEL)} ${line}`)}`);
}

/** What applying a change would do in Stripe. */
function planLines({ findings }: Report, screen: Screen): string[] {
  const steps = plan(findings.filter(({ pending }) => pending));
  if (steps.length === 0) return [];
  return [
    '',
    screen.paint('strong', 'What applying this change would do in Stripe'),
    ...steps.flatMap((step) => stepLines(step, screen)),
  ];
}

function stepLines(step: Step, { paint, wrap }: Screen): string[] {
  const { verb, kind, name, details } = stepWords(step);
  const changes = details.map(({ path, from, to }) => {
    const what = `${visible(path)}: `;
    const old = from === null ? null : paint('actual', shown(sideText(from)));
    const wanted = to === null ? null : paint('expected', shown(sideText(to)));
    if (old === null) return `${what}+ ${wanted ?? ''}`;
    return wanted === null ? `${what}- ${old}` : `${what}${old} → ${wanted}`;
  });
  return [
    `  ${wrap(`${verb} ${visible(kind)}${name === null ? '' : ` ${paint('strong', shown(name))}`}`, 2)}`,
    ...changes.map((change) => `    ${wrap(change, 4)}`),
    ...step.risks.map((risk) => `    ${wrap(paint('warning', visible(risk)), 4)}`),
  ];
}

function resolvedLines({ resolved }: Report, { paint, wrap }: Screen): string[] {
  if (resolved.length === 0) return [];
  return [
    '',
    paint('strong', 'Resolved by this change'),
    ...resolved.map((finding) => `  ${paint('good', '✓')} ${wrap(visible(resolvedWords(finding)), 4)}`),
  ];
}

function findingLines(finding: Finding, { base }: Report, screen: Screen): string[] {
  const { paint } = screen;
  const origin =
    base === null || !isDifference(finding) ? '' : `  ${paint('faint', finding.pending ? 'pending' : 'drift')}`;
  const first = (what: string) => head(finding, `${what}${origin}`, screen);
  const name = 'name' in finding && finding.name !== null ? paint('strong', shown(finding.name)) : '';
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
      return [first(`${name} is missing`), ...pair(identityWords(finding.identity), `nothing${others}`)];
    }
    case 'changed':
      if (isStateChange(finding)) return [first(name), paragraph(message(finding), screen)];
      if (finding.changes.some((change) => !('expected' in change && 'actual' in change))) {
        return [first(`${name} ${visible(finding.field)} ${id(finding)}`), ...oneSided(finding, screen)];
      }
      return finding.changes.flatMap((change) => {
        const { path, expected, actual } = sides(finding, change);
        return [first(`${name} ${visible(path)} ${id(finding)}`), ...pair(sideText(expected), sideText(actual))];
      });
    case 'ambiguous':
    case 'unhealthy':
      return [first(`${name} is ${finding.problem}`), paragraph(message(finding), screen)];
    case 'unmanaged': {
      const { id, label, count } = finding;
      const live = id === null ? `${count} (not shown)` : label === null || label === id ? id : `${label} (${id})`;
      return [first('not declared'), ...pair('nothing', live)];
    }
  }
}

/** Columns of `restore` and `Stripe`, and of `not in the file`. */
const LABEL = 7;
const LONG_LABEL = 15;

/** Where one side has more than the other: a line for each word or item. */
function oneSided(finding: Changed, screen: Screen): string[] {
  return finding.changes.map((change) => {
    const { path, expected, actual } = sides(finding, change);
    const at = change.path.length === 0 ? '' : `${path}: `;
    if (!('actual' in change))
      return side('not in Stripe', 'expected', `${at}${sideText(expected)}`, LONG_LABEL, screen);
    if (!('expected' in change))
      return side('not in the file', 'actual', `${at}${sideText(actual)}`, LONG_LABEL, screen);
    const both = `${at}${sideText(expected)} in the file, ${sideText(actual)} in Stripe`;
    return side('differs', 'actual', both, LONG_LABEL, screen);
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
