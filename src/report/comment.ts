import { hash, identify } from '../check/finding.ts';
import { type Finding, nameOfEntry, type Report } from '../model.ts';
import { code, cut, link, prose, visible } from './escape.ts';
import { markdown } from './markdown.ts';
import { tally } from './tally.ts';
import { levelWords, message, plural, verdict } from './words.ts';

/**
 * What stands in the pull request's comment, in the issue and in its comments. The same findings give the same bytes: there is
 * no time, commit, duration or run in them, but for the day in the issue.
 */

/** GitHub takes 65,536 characters. Counted in bytes here, with room for whatever else counts. */
const BUDGET = 60_000;
/** The findings, what is said above those of an earlier run, and what the issue remembers share it. */
const FINDINGS_BUDGET = 50_000;
const REMARK_BUDGET = 9_000;
const MEMORY_BUDGET = 9_000;
/** Findings that a comment on the issue tells one by one. */
const MOST_NEWS = 50;
const LONGEST_NEWS = 1_000;

/** Below this line of a comment stands what the last whole check found. */
const WHOLE = '<!-- last whole check -->';

/** A short hash that keeps apart the comments and issues of several workflows, files and environments. */
export function reportKey(parts: readonly string[]): string {
  return hash(parts).slice(0, 12);
}

/** Whether a body is one of ours with this key: its hidden marker is the first thing in it. */
export function bears(body: string, key: string): boolean {
  return markerOf(body)?.key === key;
}

/** The account that a body of ours tells of; null where the run that wrote it did not know. */
export function accountOf(body: string): string | null {
  return markerOf(body)?.account ?? null;
}

function markerOf(body: string): { readonly key: string; readonly account: string | null } | null {
  const [, key, account = null] = /^<!-- stripe-config-check ([0-9a-f]{12})(?: (acct_\w{1,100}))? -->/.exec(body) ?? [];
  return key === undefined ? null : { key, account };
}

/** Whether all was compared, so that the findings are all there are. */
export function isWhole({ status }: Report): boolean {
  return status === 'in-sync' || status === 'drift';
}

/** The comment. A check that could not see everything keeps what the last whole one found (in `previous`, the body so far). */
export function commentBody(report: Report, key: string, previous: string | null): string {
  // A run that does not know its account keeps the one that is remembered.
  const own = marker(key, report.account ?? accountOf(previous ?? ''));
  if (isWhole(report)) return page([own, WHOLE, findings(report, FINDINGS_BUDGET)]);
  const kept = wholePart(previous ?? '');
  const remark = findings(report, kept === null ? FINDINGS_BUDGET : REMARK_BUDGET);
  if (kept === null) return page([own, remark]);
  const lead = '---\n\n**Not everything could be checked this time. The last complete check found:**';
  const body = page([own, remark, lead, WHOLE, kept]);
  return Buffer.byteLength(body) <= BUDGET ? body : page([own, remark]);
}

function wholePart(body: string): string | null {
  // A line of its own: within a line it may be a live value, which no text to paste breaks.
  const [before, ...after] = body.split(`\n${WHOLE}\n`);
  return after.length === 0 || before === undefined ? null : after.join(`\n${WHOLE}\n`).trim();
}

/** The issue's title. A person may change it afterwards: then it stays as it is. */
export function issueTitle(report: Report): string {
  const { files, mode, account, environment } = report;
  const [file = '', ...others] = files;
  const more = others.length === 0 ? '' : ` and ${plural(others.length, 'other file')}`;
  const { differences, health } = tally(report);
  const found = differences === 0 ? levelWords(health, 'health ') : plural(differences, 'difference');
  const where = [mode, environment === mode ? null : environment, account].flatMap((part) =>
    part === null ? [] : [cut(visible(part), 60)],
  );
  const between = report.realms?.map((realm) => realm.name).join(' and ');
  const about = between === undefined ? `${TITLE}${file}` : `${TITLE_OF_BOTH}${between}, ${file}`;
  const start = cut(visible(`${about}${more}`), LONGEST_TITLE);
  return `${start}: ${found} (${where.join(', ')})`;
}

const TITLE = 'Stripe differs from ';
const TITLE_OF_BOTH = 'Stripe differs between ';
const LONGEST_TITLE = 100;

/** Whether a title is one that this program gave. */
export function isOwnTitle(title: string): boolean {
  return [TITLE, TITLE_OF_BOTH].some((start) => title.startsWith(start)) && /: \d+ [a-z, \d]+ \([^()]*\)$/.test(title);
}

/** When an issue was written, as it says. */
export interface Written {
  /** The days of the first and the last run that found it, `YYYY-MM-DD`. */
  readonly since: string;
  readonly day: string;
  /** The page of the last run; null where that is not known. */
  readonly run: string | null;
}

/** The issue's text, which remembers in a hidden comment what was found. */
export function issueBody(report: Report, key: string, written: Written): string {
  const { since, day, run } = written;
  const seen = since === day ? `Seen on ${day} (UTC)` : `First seen on ${since}, last on ${day} (UTC)`;
  const end = report.realms === null ? 'Stripe matches the file again' : 'both are alike again';
  const life = `This issue closes itself when ${end}.`;
  return page([
    marker(key, report.account),
    findings(report, FINDINGS_BUDGET),
    `${seen}${run === null ? '' : ` by ${link('this run', run)}`}. Close it as not planned, and no issue is opened until something else differs. ${life}`,
    memoryComment(remember(report, written)),
  ]);
}

/** What stays of an issue that a run made while another made the same. It bears no marker, so that nobody finds it again. */
export function duplicateBody(number: number): string {
  return `Another run reported the same at the same time: see #${number}.`;
}

/** The comment on an issue whose findings are other ones now: what is new, and what is gone. */
export function newsComment(report: Report, before: Memory | null): string {
  const now = itemsOf(report);
  const total = `Now: ${prose(verdict(report))}.`;
  if (before?.items == null) return page([total, 'See the text of the issue.']);
  const [then, current] = [new Set(before.items.map(([id]) => id)), new Set(now.map(({ id }) => id))];
  const added = now.filter(({ id }) => !then.has(id));
  const again = new Set(added.map(({ what }) => what));
  // What differs in another way than before is told once, as it is now.
  const gone = before.items.filter(([id, what]) => !current.has(id) && !(what !== undefined && again.has(what)));
  return page([
    total,
    ...(added.length === 0 ? [] : [`### New or changed: ${added.length}`, news(added)]),
    ...(gone.length === 0 ? [] : [`### Gone: ${gone.length}`, ...lost(gone)]),
  ]);
}

/** The comment on an issue that is opened again. */
export function againComment(report: Report): string {
  return page([`It is back: ${prose(verdict(report))}.`, news(itemsOf(report))]);
}

/** The comment on an issue that is closed. */
export function fixedComment(report: Report): string {
  return page([`✅ ${prose(verdict(report))}.`]);
}

function news(added: readonly Item[]): string {
  const lines = added.slice(0, MOST_NEWS).map(({ finding }) => `- ${prose(cut(message(finding), LONGEST_NEWS))}`);
  return list(lines, added.length);
}

/** What is gone, as far as it was remembered in words. */
function lost(gone: readonly (readonly [string, string?])[]): string[] {
  const lines = gone.flatMap(([, what]) => (what === undefined ? [] : [`- ${lostWords(what)}`]));
  return lines.length === 0 ? [] : [list(lines.slice(0, MOST_NEWS), gone.length)];
}

/** What is remembered as `missing prices.pro`, as a person reads it. */
function lostWords(what: string): string {
  const [, problem = '', subject = what] = /^(\w+) (.*)$/s.exec(what) ?? [];
  const was: { readonly [problem: string]: string } = {
    missing: ' was missing',
    ambiguous: ' was ambiguous',
    unmanaged: ' was not in the file',
    unhealthy: ' (health)',
  };
  return `${code(subject)}${was[problem] ?? ''}`;
}

/** As many of the lines as fit, and how many more there are. */
function list(lines: readonly string[], total: number): string {
  let left = FINDINGS_BUDGET / 2;
  const fitting = lines.filter((line) => {
    left -= Buffer.byteLength(line) + 1;
    return left >= 0;
  });
  return [...fitting, ...(fitting.length === total ? [] : [`- and ${total - fitting.length} more`])].join('\n');
}

/** What an issue remembers of the last run that wrote it. */
export interface Memory {
  /** `YYYY-MM-DD`, UTC; `since` is the day on which it was found first. */
  readonly day: string;
  readonly since?: string;
  /** The report's fingerprint. */
  readonly fingerprint: string | null;
  /** Each finding as a short hash and, where there was room, in words without values; null where there were too many. */
  readonly items: readonly (readonly [string, string?])[] | null;
}

/** What the body of an issue remembers; null where it does not, or a person has changed it. */
export function memoryOf(body: string): Memory | null {
  const [, json = ''] = /<!-- stripe-config-check-memory (\{.*\}) -->\s*$/.exec(body) ?? [];
  try {
    const memory = JSON.parse(json) as Memory;
    return typeof memory.day === 'string' && (memory.items === null || memory.items.every(Array.isArray))
      ? memory
      : null;
  } catch {
    return null;
  }
}

/** Whether every finding of a report is among what an issue remembers. */
export function remembers({ items }: Memory, report: Report): boolean {
  const known = new Set(items?.map(([id]) => id));
  return itemsOf(report).every(({ id }) => known.has(id));
}

function remember(report: Report, { day, since }: Written): Memory[] {
  const items = itemsOf(report);
  const memory = { day, since, fingerprint: report.fingerprint };
  return [
    { ...memory, items: items.map(({ id, what }) => [id, what]) },
    { ...memory, items: items.map(({ id }) => [id]) },
    { ...memory, items: null },
  ];
}

/** The fullest memory that fits. In JSON every character that could end a comment in HTML can be written as an escape. */
function memoryComment(steps: readonly Memory[]): string {
  const texts = steps.map((memory) =>
    JSON.stringify(memory).replace(/[<>-]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
  );
  const fitting = texts.find((text) => Buffer.byteLength(text) <= MEMORY_BUDGET) ?? texts.at(-1);
  return `<!-- stripe-config-check-memory ${fitting} -->`;
}

interface Item {
  readonly id: string;
  /** What differs, without values. */
  readonly what: string;
  readonly finding: Finding;
}

/** What was found in Stripe: remarks on the file are none of it, as in the fingerprint. */
function itemsOf({ findings }: Report): Item[] {
  return findings.flatMap((finding): Item[] => {
    if (finding.problem === 'invalid') return [];
    const field = 'field' in finding ? finding.field : null;
    const subject = nameOfEntry(finding) ?? ('id' in finding ? finding.id : null);
    const what = [finding.section, subject, field]
      .flatMap((part) => (part === null ? [] : [cut(visible(part), 100)]))
      .join('.');
    return [{ id: hash(identify(finding)).slice(0, 10), what: `${finding.problem} ${what}`, finding }];
  });
}

function marker(key: string, account: string | null): string {
  const told = account !== null && /^acct_\w{1,100}$/.test(account) ? ` ${account}` : '';
  return `<!-- stripe-config-check ${key}${told} -->`;
}

function findings(report: Report, budget: number): string {
  return markdown(withoutRequestIds(report), { budget, timeless: true }).trim();
}

/** Stripe names each request anew; the same refusal is to be the same bytes. */
function withoutRequestIds(report: Report): Report {
  const same = (text: string) => text.replace(/ \(request [^)]*\)/g, '');
  const sections = [...report.sections].map(([name, section]) => {
    return [name, section.reason === undefined ? section : { ...section, reason: same(section.reason) }] as const;
  });
  const { error } = report;
  return {
    ...report,
    sections: new Map(sections),
    notes: report.notes.map(same),
    error: error === null ? null : { ...error, message: same(error.message) },
  };
}

function page(blocks: readonly string[]): string {
  return blocks.join('\n\n');
}
