import { hasDrift } from '../check/policy.ts';
import type { Report } from '../model.ts';
import {
  accountOf,
  againComment,
  bears,
  duplicateBody,
  fixedComment,
  isOwnTitle,
  issueBody,
  issueTitle,
  isWhole,
  type Memory,
  memoryOf,
  newsComment,
  remembers,
} from '../report/comment.ts';
import { addressPart, quote } from '../text.ts';
import { type Author, type GitHub, GitHubProblem, isOfAnother } from './client.ts';
import type { Remark } from './remark.ts';

export interface IssuePlan {
  /** `owner/name` */
  readonly repository: string;
  /** Tells it from the issues of other files, environments and workflows. */
  readonly key: string;
  /** At least one. The first is the one that the issue is found by. */
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string;
  /** The page of this run; null where it is not known. */
  readonly run: string | null;
}

/** The issue, null where there is none, and what did not work besides. */
export interface KeptIssue {
  readonly number: number | null;
  readonly remarks: readonly Remark[];
}

interface Issue {
  readonly number: number;
  readonly title?: string;
  readonly body?: string | null;
  readonly state: 'open' | 'closed';
  readonly state_reason?: string | null;
  readonly user: Author;
  readonly pull_request?: unknown;
  readonly assignees?: readonly { readonly login: string }[];
}

/** A red that anybody can change. */
const LABEL = { color: 'b60205', description: 'Stripe differs from the configuration in this repository' };

/**
 * Keeps one issue open while there is drift. A check that could not see everything may open it, but never changes or closes
 * it. An issue that GitHub does not let us edit is another's, though it bears our marker: it is left alone. So is one that
 * tells of another account.
 */
export async function keepIssue(github: GitHub, report: Report, plan: IssuePlan): Promise<KeptIssue> {
  const all = await ours(github, plan, plan.labels[0]);
  const told = all.filter(({ state, body }) => state === 'open' && accountOf(body ?? '') !== null);
  // A run that could not learn its account, as in an outage, may be of any of them, or of none: it changes, closes and opens nothing.
  if (report.account === null && (told.length > 0 || !isWhole(report))) return leftAlone(report, told);
  const known = ofAccount(report, all);
  const open = known.filter(({ state }) => state === 'open');
  const kept = await first(open, (issue) => bringUpToDate(github, report, plan, issue));
  if (kept.done !== null) return kept.done;
  if (!hasDrift(report.findings)) {
    // Nothing has to be told, but that an issue which may be ours could not be closed.
    if (kept.refused !== null) throw kept.refused;
    return { number: null, remarks: [] };
  }
  if (known.some((issue) => isDismissed(issue, report))) return { number: null, remarks: [] };
  const closed = known.filter((issue) => issue.state === 'closed' && !isSetAside(issue)).reverse();
  const opened = await first(closed, (issue) => openAgain(github, report, plan, issue));
  return opened.done ?? create(github, report, plan, known);
}

/** The issues that tell of the account of a report. */
function ofAccount({ account }: Report, issues: readonly Issue[]): Issue[] {
  return issues.filter(({ body }) => accountOf(body ?? '') === account);
}

function leftAlone(report: Report, issues: readonly Issue[]): KeptIssue {
  const number = issues.length === 1 ? (issues[0]?.number ?? null) : null;
  if (!isWhole(report)) return { number, remarks: [] };
  const message =
    'The issue was left as it is: Stripe did not say which account the key belongs to, and the issue is for one account. Let the key read the account, or give this check its own report-key.';
  return { number, remarks: [{ level: 'note', message }] };
}

/** What came of the first issue that GitHub let us edit; else null, with the first refusal. */
async function first(
  issues: readonly Issue[],
  edit: (issue: Issue) => Promise<KeptIssue>,
): Promise<{ done: KeptIssue | null; refused: unknown }> {
  let refused: unknown = null;
  for (const issue of issues) {
    try {
      return { done: await edit(issue), refused };
    } catch (error) {
      if (!isOfAnother(error)) throw error;
      refused ??= error;
    }
  }
  return { done: null, refused };
}

async function bringUpToDate(github: GitHub, report: Report, plan: IssuePlan, issue: Issue): Promise<KeptIssue> {
  if (report.status === 'in-sync') return close(github, report, plan, issue);
  if (isWhole(report)) return update(github, report, plan, issue);
  return { number: issue.number, remarks: [] };
}

/** Whether a person closed the issue for another reason than that it is done: as not planned, or as a duplicate of another. */
function isSetAside({ state_reason }: Issue): boolean {
  return state_reason === 'not_planned' || state_reason === 'duplicate';
}

/** Whether a person did so on account of just what is found now. */
function isDismissed(issue: Issue, report: Report): boolean {
  const memory = memoryOf(issue.body ?? '');
  if (!isSetAside(issue) || memory === null) return false;
  return isWhole(report) ? isSame(memory, report) : remembers(memory, report);
}

function isSame({ fingerprint }: Memory, report: Report): boolean {
  return fingerprint === report.fingerprint;
}

async function close(github: GitHub, report: Report, plan: IssuePlan, issue: Issue): Promise<KeptIssue> {
  const edit = { state: 'closed', state_reason: 'completed' };
  return changeAndSay(github, plan, issue, edit, fixedComment(report));
}

async function openAgain(github: GitHub, report: Report, plan: IssuePlan, issue: Issue): Promise<KeptIssue> {
  const edit = { state: 'open', ...textOf(report, plan, issue, plan.today) };
  return changeAndSay(github, plan, issue, edit, againComment(report));
}

/** Where the same was found, only the day changes, so that an issue is edited once a day at most. */
async function update(github: GitHub, report: Report, plan: IssuePlan, issue: Issue): Promise<KeptIssue> {
  const memory = memoryOf(issue.body ?? '');
  const same = memory !== null && isSame(memory, report);
  if (same && memory.day === plan.today) return { number: issue.number, remarks: [] };
  const edit = textOf(report, plan, issue, memory?.since ?? memory?.day ?? plan.today);
  return changeAndSay(github, plan, issue, edit, same ? null : newsComment(report, memory));
}

/** The text of an issue that was found first on a day, and its title, where no person has changed that. */
function textOf(report: Report, { key, today, run }: IssuePlan, { title = '' }: Issue, since: string) {
  const body = issueBody(report, key, { since, day: today, run });
  const wanted = issueTitle(report);
  return { ...(isOwnTitle(title) && title !== wanted && { title: wanted }), body };
}

/** Edits the issue first, since that tells what is so. A comment that is refused then, as in a locked conversation, only makes a remark. */
async function changeAndSay(
  github: GitHub,
  plan: IssuePlan,
  issue: Issue,
  edit: object,
  comment: string | null,
): Promise<KeptIssue> {
  const { number } = issue;
  await change(github, plan, issue, edit);
  if (comment === null) return { number, remarks: [] };
  const problem = await problemWith(() => say(github, plan, issue, comment));
  if (problem === null) return { number, remarks: [] };
  if (problem.refusal !== 'locked')
    return { number, remarks: [warning(`The comment on issue #${number} could not be made: ${problem.message}.`)] };
  const message = `Issue #${number} was updated, but without a comment on what changed: its conversation is locked. Unlock it to get comments.`;
  return { number, remarks: [{ level: 'note', message }] };
}

/** Makes an issue. Those that are known already are none of ours that could be edited. */
async function create(github: GitHub, report: Report, plan: IssuePlan, known: readonly Issue[]): Promise<KeptIssue> {
  const remarks: Remark[] = [];
  const labels: string[] = [];
  for (const label of plan.labels) {
    const problem = await problemWith(() => ensureLabel(github, plan, label));
    if (problem === null) labels.push(label);
    else remarks.push(warning(`The label ${quote(label)} could not be made: ${problem.message}.`));
  }
  const isNew = ({ number }: Issue) => !known.some((one) => one.number === number);
  // Without its label it would not be found the next time: then it is sought among all issues.
  const sought = labels.find((label) => label === plan.labels[0]);
  if (sought === undefined) {
    const all = ofAccount(report, await ours(github, plan, undefined));
    const open = all.filter((issue) => issue.state === 'open' && isNew(issue));
    const { done } = await first(open, (issue) => update(github, report, plan, issue));
    if (done !== null) return { number: done.number, remarks: [...remarks, ...done.remarks] };
    if (all.some((issue) => isDismissed(issue, report))) return { number: null, remarks };
  }
  const written = { since: plan.today, day: plan.today, run: plan.run };
  const body = { title: issueTitle(report), body: issueBody(report, plan.key, written), labels };
  const { data } = await github.ask({ method: 'POST', path: issuesOf(plan), body });
  const made = data as Issue;
  // A run at the same time may have made one, too: the older stays.
  const older = ofAccount(report, await ours(github, plan, sought)).find(
    (issue) => issue.state === 'open' && issue.number < made.number && isNew(issue),
  );
  if (older !== undefined) {
    const duplicate = { state: 'closed', state_reason: 'duplicate', body: duplicateBody(older.number) };
    await change(github, plan, made, duplicate);
    return { number: older.number, remarks };
  }
  for (const login of plan.assignees) {
    const problem = await problemWith(() => assign(github, plan, made, login));
    if (problem === null) continue;
    const what = `${quote(login)} could not be assigned to issue #${made.number}`;
    remarks.push(warning(`${what}: ${problem.message}.`));
  }
  return { number: made.number, remarks };
}

function warning(message: string): Remark {
  return { level: 'warning', message };
}

async function ensureLabel(github: GitHub, plan: IssuePlan, name: string): Promise<void> {
  const labels = `/repos/${plan.repository}/labels`;
  const isThere = () => found(github, `${labels}/${addressPart(name)}`);
  if (await isThere()) return;
  try {
    await github.ask({ method: 'POST', path: labels, body: { name, ...LABEL } });
  } catch (error) {
    // Another run may have made it meanwhile.
    if (!(error instanceof GitHubProblem) || error.status !== 422 || !(await isThere())) throw error;
  }
}

async function found(github: GitHub, path: string): Promise<boolean> {
  try {
    await github.get(path);
    return true;
  } catch (error) {
    if (error instanceof GitHubProblem && error.status === 404) return false;
    throw error;
  }
}

/** GitHub passes over names that it can't assign, or refuses. */
async function assign(github: GitHub, plan: IssuePlan, issue: Issue, login: string): Promise<void> {
  const path = `${issuePath(plan, issue)}/assignees`;
  const { data } = await github.ask({ method: 'POST', path, body: { assignees: [login] } });
  const assigned = (data as Issue).assignees?.some((one) => one.login.toLowerCase() === login.toLowerCase());
  if (assigned === false) throw new GitHubProblem('GitHub passed over the name', null, null);
}

/** What went wrong with a thing that may, or null. */
async function problemWith(what: () => Promise<unknown>): Promise<GitHubProblem | null> {
  try {
    await what();
    return null;
  } catch (error) {
    if (error instanceof GitHubProblem) return error;
    throw error;
  }
}

function say(github: GitHub, plan: IssuePlan, issue: Issue, body: string): Promise<unknown> {
  return github.ask({ method: 'POST', path: `${issuePath(plan, issue)}/comments`, body: { body } });
}

function change(github: GitHub, plan: IssuePlan, issue: Issue, body: object): Promise<unknown> {
  return github.ask({ method: 'PATCH', path: issuePath(plan, issue), body });
}

/** Ours in either state, the oldest first. They are listed, not searched: the index of the search lags. */
async function ours(github: GitHub, plan: IssuePlan, label: string | undefined): Promise<Issue[]> {
  const query = { state: 'all', sort: 'created', direction: 'asc', ...(label !== undefined && { labels: label }) };
  const all = (await github.list(issuesOf(plan), query)) as Issue[];
  const own = await github.ownOf(
    all.filter(({ body, pull_request }) => pull_request === undefined && bears(body ?? '', plan.key)),
  );
  return own.sort((one, other) => one.number - other.number);
}

function issuesOf({ repository }: IssuePlan): string {
  return `/repos/${repository}/issues`;
}

function issuePath(plan: IssuePlan, { number }: Issue): string {
  return `${issuesOf(plan)}/${number}`;
}
