import { reasonsOf } from '../errors.ts';
import { plan, type Step } from '../fix/plan.ts';
import { type Finding, grouped, isDifference, isOfCode, type Report, severities } from '../model.ts';
import { cut, logLine, visible } from './escape.ts';
import { excerpt, type Lines } from './excerpt.ts';
import { fixLines } from './howto.ts';
import { printed, rowsOf } from './rows.ts';
import { plainScreen, type Screen, type Style, widthOf } from './screen.ts';
import { stepWords } from './steps.ts';
import {
  afterVerdict,
  DRIFT,
  keyWords,
  matchWords,
  message,
  PENDING,
  placeWordsOf,
  plural,
  resolvedWords,
  riskWords,
  shortVerdict,
  sideText,
  verdict,
  wronglyMissing,
} from './words.ts';

/** How much is shown, and where the rest is. */
export interface Bounds {
  /** Findings of a section, and of every other list. */
  readonly most: number;
  /** Where the rest is, such as `--all`. */
  readonly elsewhere: string;
}

export interface Options extends Bounds {
  /** Whether each finding is followed by how to fix it. */
  readonly fixes: boolean;
  /** Where else that stands, such as `--fixes`; null where it is not to be said. */
  readonly fixesElsewhere: string | null;
  /** The lines of the files, to show what is wrong in them. */
  readonly lines: Lines;
}

/** A log of a hundred thousand lines is read by nobody: of a section so many findings are shown. */
export const MOST_FINDINGS = 50;
/** Objects that are not in the file: so many in all, and of a section at least so many. */
const MOST_UNDECLARED = 10;
const LEAST_UNDECLARED = 2;
/** Of objects that are missing since the account or mode is the wrong one, so many are shown. */
const MOST_WRONGLY_MISSING = 5;
/** After more lines than these the verdict has scrolled away, and stands at the end again. */
const SCREENFUL = 20;
/** Reasons of what is ignored, and how long each may be. */
const MOST_REASONS = 5;
const LONGEST_REASON = 100;

const defaults: Options = {
  most: Number.POSITIVE_INFINITY,
  elsewhere: '',
  fixes: false,
  fixesElsewhere: null,
  lines: new Map(),
};

/** Where and how much is printed. */
type Page = Screen & Options;

/** The report for people at a terminal: the verdict, what differs, the most severe first, and the verdict again where that is long. */
export function terminal(report: Report, screen: Screen = plainScreen, options: Partial<Options> = {}): string {
  const page: Page = { ...defaults, ...options, ...screen };
  const blocks = [
    stopped(report, page),
    unread(report, page),
    invalid(report, page),
    ...(report.base === null ? [differences(report.findings, report, page)] : change(report, page)),
    health(report, page),
    ofCode(report, page),
    resolved(report, page),
    [...ignored(report, page), ...notes(report, page)],
  ].filter((block) => block.length > 0);
  const body = blocks.flatMap((block) => ['', ...block]);
  const isLong = body.flatMap((text) => text.split('\n')).length > SCREENFUL;
  const last = closing(report, page, isLong);
  return `${[headline(report, page), ...body, ...(last === '' ? [] : ['', last])].join('\n')}\n`;
}

/** What a log ends with: the verdict, without what only its first line needs. */
export function lastLine(report: Report): string {
  return closing(report, { ...defaults, ...plainScreen }, true);
}

/** The verdict with its sign. */
export function headline(report: Report, { paint, wrap }: Screen): string {
  const [style, sign] = signOf(report);
  const said = verdict(report);
  // A plan names no place; a page has it in its second line.
  const place = report.base !== null && report.status === 'drift' ? placeWordsOf(report) : '';
  const rest = place === '' || said.includes(place) ? '' : ` · ${place}`;
  return wrap(paint(style, `${sign} ${visible(`${said}${rest}`)}`), 2);
}

/** A cross where something is wrong or makes the check fail, an exclamation mark where there are warnings alone. */
function signOf({ status, counts, exitCode }: Report): readonly [Style, string] {
  const isFine = (status === 'in-sync' || status === 'skipped') && exitCode === 0 && counts.errors === 0;
  if (isFine && counts.warnings === 0) return ['good', '✓'];
  const isWarned = isFine || (status === 'drift' && counts.errors === 0 && exitCode === 0);
  return isWarned ? ['warning', '!'] : ['error', '✗'];
}

/** The last line: the verdict again where it is far away, how much matches, and where to read how to fix it. */
function closing(report: Report, page: Page, isLong: boolean): string {
  const [matched, read] = [matchWords(report), keyWords(report)];
  const [style, sign] = signOf(report);
  const found = report.findings.filter((finding) => finding.problem !== 'invalid' && !isOfCode(finding));
  const isFixable = found.length > 0 && !page.fixes;
  const isPlan = found.some(({ pending }) => pending);
  const verb = isPlan && found.every((finding) => finding.pending || !isDifference(finding)) ? 'apply' : 'fix';
  const parts = [
    ...(isLong ? [page.paint(style, `${sign} ${visible(shortVerdict(report))}`)] : []),
    ...(matched === null ? [] : [matched]),
  ];
  // What is not in the file is no fault: it is declared, or left out.
  const isFault = found.some((finding) => finding.problem !== 'unmanaged');
  const what = isFault ? `how to ${verb}` : 'what to do about each';
  const fixes = isFixable && page.fixesElsewhere !== null ? [`${what}: ${visible(page.fixesElsewhere)}`] : [];
  // A line for the key alone would take as much room as the verdict.
  const key = read === null || parts.length + fixes.length === 0 ? [] : [read];
  return page.wrap([...parts, ...key, ...fixes].join(' · '), 2);
}

/** What stopped the check, as far as the verdict does not say it, and what to do. */
function stopped(report: Report, page: Page): string[] {
  const { error } = report;
  if (error === null) return [];
  // Without a mode no key was used, and nobody expects that anything was compared.
  const isKnown = report.mode === null || report.compared || error.message.includes('Nothing was compared');
  return [afterVerdict(error.message, report), isKnown ? '' : 'Nothing was compared.', error.remedy]
    .filter((text) => text !== '')
    .flatMap((text) => sentences(logLine(text), 0, page));
}

/** The sections that were not read, or not whole: those with one remedy together. */
function unread({ sections, error }: Report, page: Page): string[] {
  const { paint } = page;
  if (error !== null) return [];
  const failed = [...sections].filter(([, { reason }]) => reason !== undefined);
  const groups = grouped(failed, ([, { remedy, inSync }]) => JSON.stringify([remedy, inSync === null]));
  return [...groups.values()].flatMap((group) => {
    const [[, section]] = group;
    const names = group.map(([name]) => name);
    const reasons = reasonsOf(group.map(([, one]) => one));
    return [
      `${paint('strong', names.join(', '))}  ${paint('warning', section.inSync === null ? 'not checked' : 'not all checked')}`,
      ...[...reasons, section.remedy ?? ''].flatMap((text) => sentences(visible(text), 2, page)),
    ];
  });
}

/** Sentences from a column on. A link stands on a line of its own and is not broken. */
function sentences(text: string, column: number, { wrap }: Screen): string[] {
  const start = ' '.repeat(column);
  return text.split(/\s+(https:\/\/dashboard\.stripe\.com\/\S+)\s*/).flatMap((piece, index) => {
    if (piece === '') return [];
    return index % 2 === 1 ? [`${start}  ${piece}`] : [`${start}${wrap(piece, column)}`];
  });
}

/** What is wrong with a file that is invalid, each with its line. */
function invalid(report: Report, page: Page): string[] {
  if (report.status !== 'invalid') return [];
  return problems(report.findings, page);
}

/** Problems of files as compilers tell them: the place, what is wrong, and the line with a mark. */
export function problems(findings: readonly Finding[], page: Screen & Bounds & Pick<Options, 'lines'>): string[] {
  const { paint, wrap } = page;
  const { kept, rest } = first(findings, page.most);
  return [
    ...kept.flatMap((finding) => [
      wrap(`${placeOf(finding)} ${paint(finding.severity, finding.severity)}: ${visible(message(finding))}`, 2),
      ...excerpt(finding.at, page.lines, page),
    ]),
    ...more(rest, '', 0, page),
  ];
}

export function placeOf({ at }: Finding): string {
  return `${logLine(at.file)}:${at.line}:${at.column}`;
}

/** Whether a finding has other cells than a difference of an entry. */
function isElse({ problem }: Finding): boolean {
  return problem === 'invalid' || problem === 'unmanaged';
}

/** What differs, the most severe first, in a group for each section; at last of a severity what is not in the file. */
function differences(findings: readonly Finding[], report: Report, page: Page): string[] {
  if (report.status === 'invalid') return [];
  const folded = new Set(wronglyMissing(report));
  const groups = severities.flatMap((severity) => {
    const own = findings.filter(
      (finding) => finding.severity === severity && finding.problem !== 'unhealthy' && !isOfCode(finding),
    );
    const sections = [...new Set(own.filter((finding) => !isElse(finding)).map(({ section }) => section ?? ''))];
    return [
      ...sections.map((section) => {
        const all = own.filter((finding) => finding.section === section && !isElse(finding));
        // Where all of them are missing, a few tell as much.
        const isFolded = Number.isFinite(page.most) && all.some((finding) => folded.has(finding));
        const most = isFolded ? MOST_WRONGLY_MISSING : page.most;
        return { title: section, ...first(all, most), noun: section };
      }),
      ...listOf(
        'the file',
        'remarks',
        own.filter((finding) => finding.problem === 'invalid' && !finding.partial),
        page,
      ),
      ...undeclared(own, page),
    ];
  });
  return [...lines(groups, report, page), ...partialLines(findings, page)];
}

/** What to do about all that is not in a file which declares only a part. The line to copy is whole, in the column where the file has it. */
function partialLines(findings: readonly Finding[], { wrap }: Page): string[] {
  return findings.flatMap((finding) => {
    if (finding.problem !== 'invalid' || finding.partial === undefined) return [];
    const { paste } = finding.partial;
    const words = message(finding).slice(0, -paste.length).trimEnd();
    return [`  ${wrap(visible(words), 2)}`, `${paste.startsWith('policy:') ? '' : '  '}${paste}`];
  });
}

interface Group {
  readonly title: string;
  readonly kept: readonly Finding[];
  readonly rest: readonly Finding[];
  /** What the rest are called. */
  readonly noun: string;
}

function listOf(title: string, noun: string, all: readonly Finding[], { most }: Page): Group[] {
  return all.length === 0 ? [] : [{ title, ...first(all, most), noun }];
}

/** So many of a list, and the rest of it: no single one, which takes no more room than the line that stands for it. */
function first<T>(all: readonly T[], most: number): { kept: readonly T[]; rest: readonly T[] } {
  const end = all.length === most + 1 ? all.length : most;
  return { kept: all.slice(0, end), rest: all.slice(end) };
}

/** Objects that are not in the file: some of each section, so that the list stays short. */
function undeclared(findings: readonly Finding[], page: Page): Group[] {
  const all = findings.filter(({ problem }) => problem === 'unmanaged');
  const sections = [...new Set(all.map(({ section }) => section ?? ''))];
  const isFew = all.length <= MOST_UNDECLARED || !Number.isFinite(page.most);
  const each = isFew ? all.length : Math.max(LEAST_UNDECLARED, Math.floor(MOST_UNDECLARED / sections.length));
  return sections.map((section, index) => {
    const own = all.filter((finding) => finding.section === section);
    const title = index === 0 ? 'not in the file' : '';
    return { title, ...first(own, each), noun: section };
  });
}

/** Groups of findings as lines, in the same columns. */
function lines(groups: readonly Group[], report: Report, page: Page): string[] {
  const all = groups.flatMap(({ kept }) => kept);
  const texts = textsOf(all, page);
  const fixes = page.fixes ? fixLines(all, report, page) : new Map<Finding, string[]>();
  const isSpaced = page.fixes;
  return groups.flatMap(({ title, kept, rest, noun }, group) => [
    ...(title === '' ? [] : [...(group > 0 && isSpaced ? [''] : []), page.paint('strong', title)]),
    ...kept.flatMap((finding, index) => [
      ...(index > 0 && isSpaced ? [''] : []),
      ...(texts.get(finding) ?? []),
      ...(fixes.get(finding) ?? []),
    ]),
    ...more(rest, noun, 2, page),
  ]);
}

/** The rows of each finding: differences of all sections stand in the same columns, what has other cells in its own. */
function textsOf(findings: readonly Finding[], page: Page): Map<Finding, string[]> {
  const width = Math.max(0, ...findings.map(({ severity }) => severity.length));
  const rows = findings.flatMap((finding) => rowsOf(finding, page.most));
  const kinds = grouped(rows, ({ finding }) => (isElse(finding) ? finding.problem : ''));
  const texts = new Map<Finding, string[]>(findings.map((finding) => [finding, []]));
  for (const own of kinds.values()) {
    for (const [index, lines] of printed(own, width, page).entries()) {
      const finding = own[index]?.finding;
      if (finding !== undefined) texts.get(finding)?.push(...lines);
    }
  }
  return texts;
}

/** The line that stands for what is not shown. */
function more(
  rest: readonly Finding[],
  noun: string,
  column: number,
  { paint, wrap, elsewhere }: Page | (Screen & Bounds),
): string[] {
  if (rest.length === 0) return [];
  const text = `and ${rest.length} more${noun === '' ? '' : ` ${noun}`}: ${visible(elsewhere)}`;
  return [`${' '.repeat(column)}${wrap(paint('faint', text), column)}`];
}

/** On a change: what it leaves to do in Stripe, then what differed before it. */
function change(report: Report, page: Page): string[][] {
  const pending = report.findings.filter((finding) => finding.pending);
  const steps = plan(pending);
  const planned = new Set(steps.flatMap(({ findings }) => findings));
  const undecided = differences(
    pending.filter((finding) => !planned.has(finding)),
    report,
    page,
  );
  const before = report.findings.filter((finding) => !finding.pending && isDifference(finding));
  const remarks = report.findings.filter((finding) => finding.problem === 'invalid' && !finding.partial);
  const partial = report.findings.filter((finding) => finding.problem === 'invalid' && finding.partial);
  const title = (word: string, meaning: string) =>
    `${page.paint('strong', word)} ${page.paint('faint', `(${meaning})`)}`;
  return [
    pending.length === 0 ? [] : [title('pending', PENDING), ...planLines(steps, report, page), ...undecided],
    before.length === 0 ? [] : [title('drift', DRIFT), ...differences([...before, ...partial], report, page)],
    differences(remarks, report, page),
  ];
}

/** The columns at which a step begins after its sign, and what it says below. */
const STEP = 4;
const BELOW = 8;
/** What a created object states, and what changes: so much of each is shown. */
const LONGEST_STATED = 300;

function planLines(steps: readonly Step[], report: Report, page: Page): string[] {
  return [
    ...steps
      .slice(0, page.most)
      .flatMap((step, index) => [...(page.fixes && index > 0 ? [''] : []), ...stepLines(step, report, page)]),
    ...more(
      steps.slice(page.most).map(({ findings: [first] }) => first),
      'objects',
      2,
      page,
    ),
  ];
}

/** A step as a plan tells it: its sign, what it does to what, each change before and after, and what that puts at risk. */
function stepLines(step: Step, report: Report, page: Page): string[] {
  const { paint, wrap } = page;
  const { sign, verb, kind, name, states, details, money, risks } = stepWords(step);
  const [first] = step.findings;
  const at = first.problem === 'unmanaged' ? '' : `  ${paint('faint', placeOf(first))}`;
  const title = `${verb} ${visible(kind)}${name === null ? '' : ` ${paint('strong', said(name))}`}${at}`;
  const part = (text: string) => `${' '.repeat(BELOW)}${wrap(text, BELOW)}`;
  const changes = details.map(({ path, from, to }) => {
    const [old, wanted] = [from, to].map((side) => (side === null ? '' : said(sideText(side))));
    if (from === null) return `${visible(path)}: + ${paint('expected', wanted ?? '')}`;
    if (to === null) return `${visible(path)}: - ${paint('actual', old ?? '')}`;
    return `${visible(path)}: ${paint('actual', old ?? '')} → ${paint('expected', wanted ?? '')}`;
  });
  const isNew = money?.before == null;
  const percent = money?.percent == null ? '' : ` (${money.percent})`;
  const charge = isNew
    ? []
    : [`${said(money.before ?? '')} → ${paint('strong', said(money.after ?? 'nothing'))}${percent}`];
  return [
    `  ${paint(SIGN_STYLES[sign], sign)} ${wrap(title, STEP)}`,
    ...(states.length === 0
      ? []
      : [
          part(
            states.map(({ field, side }) => said(`${field === null ? '' : `${field} `}${sideText(side)}`)).join(', '),
          ),
        ]),
    ...[...charge, ...changes.slice(0, page.most)].map(part),
    ...(changes.length > page.most ? [part(`and ${changes.length - page.most} more: ${visible(page.elsewhere)}`)] : []),
    ...risks.map((risk) => part(paint('warning', `! ${visible(riskWords(risk).replaceAll('`', ''))}`))),
    ...(page.fixes ? [...fixLines(step.findings, report, page).values()].flat() : []),
  ];
}

const SIGN_STYLES = { '+': 'good', '~': 'warning', '±': 'warning', '-': 'error' } as const;

function said(text: string): string {
  return visible(cut(text, LONGEST_STATED));
}

/** Remarks on health, each a whole sentence. */
function health(report: Report, page: Page): string[] {
  const found = report.findings.filter(({ problem }) => problem === 'unhealthy');
  return lines(listOf('health', 'remarks', found, page), report, page);
}

/** What does not fit together between the code and the rest, each a whole sentence. */
function ofCode(report: Report, page: Page): string[] {
  return lines(listOf('code', 'findings', report.findings.filter(isOfCode), page), report, page);
}

function resolved({ resolved: gone }: Report, page: Page): string[] {
  const { paint, wrap } = page;
  if (gone.length === 0) return [];
  return [
    paint('strong', 'fixed by this pull request'),
    ...gone.slice(0, page.most).map((finding) => `  ${paint('good', '✓')} ${wrap(visible(resolvedWords(finding)), 4)}`),
    ...more(gone.slice(page.most), '', 2, page),
  ];
}

function ignored({ ignored: accepted }: Report, { paint, wrap }: Page): string[] {
  if (accepted.length === 0) return [];
  const reasons = [...new Set(accepted.map(({ reason }) => reason))];
  const shown = reasons.slice(0, MOST_REASONS).map((reason) => cut(reason, LONGEST_REASON));
  const rest = reasons.length > MOST_REASONS ? `, and ${plural(reasons.length - MOST_REASONS, 'more reason')}` : '';
  return [wrap(paint('faint', visible(`${accepted.length} ignored: ${shown.join('; ')}${rest}`)), 2)];
}

/** Remarks that no count includes. */
export function notes({ notes: all }: Report, page: Screen & Bounds): string[] {
  const { paint, wrap } = page;
  const rest = all.length - Math.min(all.length, page.most);
  return [
    ...all.slice(0, page.most).map((note) => `${paint('notice', 'note')}  ${wrap(visible(note), widthOf('note  '))}`),
    ...(rest === 0 ? [] : [paint('faint', `and ${plural(rest, 'more note')}: ${visible(page.elsewhere)}`)]),
  ];
}
