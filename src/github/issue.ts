import type { Report } from '../model.ts';
import { hasDrift } from '../policy.ts';
import {
  againComment,
  bears,
  duplicateBody,
  issueBody,
  issueTitle,
  isWhole,
  type Memory,
  memoryOf,
  mendedComment,
  newsComment,
  remembers,
} from '../report/comment.ts';
import { addressPart, quote } from '../resources/text.ts';
import { type Author, type GitHub, GitHubProblem } from './client.ts';

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
}

/** The issue, null where there is none, and what did not work besides, as sentences. */
export interface KeptIssue {
  readonly number: number | null;
  readonly problems: readonly string[];
}

interface Issue {
  readonly number: number;
  readonly body?: string | null;
  readonly state: 'open' | 'closed';
  readonly state_reason?: string | null;
  readonly user: Author;
  readonly pull_request?: unknown;
  readonly assignees?: readonly { readonly login: string }[];
}

/** A red that anybody can change. */
const LABEL = { color: 'b60205', description: 'Stripe differs from the configuration in this repository' };

/** Keeps one issue open while there is drift. A check that could not see everything may open it, but never changes or closes it. */
export async function keepIssue(github: GitHub, report: Report, plan: IssuePlan): Promise<KeptIssue> {
  const known = await ours(github, plan, plan.labels[0]);
  const open = known.find(({ state }) => state === 'open');
  if (open !== undefined) {
    if (report.status === 'in-sync') await close(github, report, plan, open);
    else if (isWhole(report)) await update(github, report, plan, open);
    return { number: open.number, problems: [] };
  }
  if (!hasDrift(report.findings) || known.some((issue) => isDismissed(issue, report)))
    return { number: null, problems: [] };
  const mended = known.findLast((issue) => !isSetAside(issue));
  if (mended === undefined) return create(github, report, plan);
  await say(github, plan, mended, againComment(report));
  await change(github, plan, mended, { state: 'open', body: issueBody(report, plan.key, plan.today) });
  return { number: mended.number, problems: [] };
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

async function close(github: GitHub, report: Report, plan: IssuePlan, issue: Issue): Promise<void> {
  await say(github, plan, issue, mendedComment(report));
  await change(github, plan, issue, { state: 'closed', state_reason: 'completed' });
}

/** Where the same was found, only the day changes, so that an issue is edited once a day at most. */
async function update(github: GitHub, report: Report, plan: IssuePlan, issue: Issue): Promise<void> {
  const memory = memoryOf(issue.body ?? '');
  const same = memory !== null && isSame(memory, report);
  if (same && memory.day === plan.today) return;
  if (!same) await say(github, plan, issue, newsComment(report, memory));
  await change(github, plan, issue, { body: issueBody(report, plan.key, plan.today) });
}

async function create(github: GitHub, report: Report, plan: IssuePlan): Promise<KeptIssue> {
  const problems: string[] = [];
  const labels: string[] = [];
  for (const label of plan.labels) {
    const problem = await problemWith(() => ensureLabel(github, plan, label));
    if (problem === null) labels.push(label);
    else problems.push(`The label ${quote(label)} could not be made: ${problem}.`);
  }
  // Without its label it would not be found the next time: then it is sought among all issues.
  const sought = labels.find((label) => label === plan.labels[0]);
  if (sought === undefined) {
    const known = await ours(github, plan, undefined);
    const unlabelled = known.find(({ state }) => state === 'open');
    if (unlabelled !== undefined) {
      await update(github, report, plan, unlabelled);
      return { number: unlabelled.number, problems };
    }
    if (known.some((issue) => isDismissed(issue, report))) return { number: null, problems };
  }
  const body = { title: issueTitle(report), body: issueBody(report, plan.key, plan.today), labels };
  const { data } = await github.ask({ method: 'POST', path: issuesOf(plan), body });
  const made = data as Issue;
  // A run at the same time may have made one, too: the older stays.
  const older = (await ours(github, plan, sought)).find(
    ({ state, number }) => state === 'open' && number < made.number,
  );
  if (older !== undefined) {
    const duplicate = { state: 'closed', state_reason: 'duplicate', body: duplicateBody(older.number) };
    await change(github, plan, made, duplicate);
    return { number: older.number, problems };
  }
  for (const login of plan.assignees) {
    const problem = await problemWith(() => assign(github, plan, made, login));
    if (problem !== null) problems.push(`${quote(login)} could not be assigned to issue #${made.number}: ${problem}.`);
  }
  return { number: made.number, problems };
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
async function problemWith(what: () => Promise<unknown>): Promise<string | null> {
  try {
    await what();
    return null;
  } catch (error) {
    if (error instanceof GitHubProblem) return error.message;
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
