import { hasDrift } from '../check/policy.ts';
import type { Report } from '../model.ts';
import { accountOf, bears, commentBody, isWhole } from '../report/comment.ts';
import { type Author, type GitHub, isOfAnother } from './client.ts';

/** Where the comment belongs, and when it is made. */
export interface CommentPlan {
  /** `owner/name` */
  readonly repository: string;
  readonly pullRequest: number;
  /** Tells it from the comments of other files, environments and workflows. */
  readonly key: string;
  /** Whether it is made without drift, too. Once there it is brought up to date in any case. */
  readonly always: boolean;
}

/** As whom a workflow's own token writes. */
const WORKFLOWS_BOT = 'github-actions[bot]';

interface Comment {
  readonly id: number;
  readonly body?: string | null;
  readonly html_url: string;
  readonly user: Author;
}

/**
 * Keeps one comment on a pull request up to date: the oldest of ours with this key. Gives its address, or null where there
 * is none.
 *
 * Anybody who can make a bot write can have it write our marker. Whose a comment is shows when it is edited: where GitHub
 * refuses that, it is another's, and the next is taken or an own one made. That has nothing of the other's text: what the
 * last whole check found is only ever repeated in the very comment that holds it, with an edit that succeeds.
 */
export async function keepComment(github: GitHub, report: Report, plan: CommentPlan): Promise<string | null> {
  const all = await ours(github, plan);
  if (report.account === null && all.some(({ body }) => accountOf(body ?? '') !== null))
    return await ofUnknownAccount(github, report, plan, all);
  const known = ofAccount(report, all);
  const kept = await firstUpdated(github, report, plan, known);
  if (kept !== null) return kept.html_url;
  // One that is another's may say anything under our marker: an own one then says what is so, drift or none.
  if (known.length === 0 && !plan.always && !hasDrift(report.findings)) return null;
  const body = commentBody(report, plan.key, null);
  const { data } = await github.ask({ method: 'POST', path: commentsOf(plan), body: { body } });
  const made = data as Comment;
  // A run at the same time may have made one, too: the older stays.
  const older = ofAccount(report, await ours(github, plan)).filter(
    ({ id }) => id < made.id && !known.some((one) => one.id === id),
  );
  const stays = await firstUpdated(github, report, plan, older);
  if (stays === null) return made.html_url;
  await github.ask({ method: 'DELETE', path: commentPath(plan, made) });
  return stays.html_url;
}

/** The comments that tell of the account of a report: another's is never touched. */
function ofAccount({ account }: Report, comments: readonly Comment[]): Comment[] {
  return comments.filter(({ body }) => accountOf(body ?? '') === account);
}

/**
 * A run that could not learn its account, as in an outage, may be of any that has a comment here. What it says then is that it
 * could not look, below which the last whole check of the account stays. That much is right for the only one there is; and
 * that the file is invalid is right for all. Else nothing is touched, and nothing is made.
 */
async function ofUnknownAccount(
  github: GitHub,
  report: Report,
  plan: CommentPlan,
  comments: readonly Comment[],
): Promise<string | null> {
  const isSafe = !isWhole(report) && (comments.length === 1 || report.status === 'invalid');
  let kept: Comment | null = null;
  for (const comment of isSafe ? comments : []) {
    const updated = await firstUpdated(github, report, plan, [comment]);
    kept ??= updated;
  }
  return kept?.html_url ?? null;
}

/** The first of the comments that GitHub lets us edit, brought up to date; null where there is none. */
async function firstUpdated(
  github: GitHub,
  report: Report,
  plan: CommentPlan,
  comments: readonly Comment[],
): Promise<Comment | null> {
  for (const comment of comments) {
    try {
      await update(github, report, plan, comment);
      return comment;
    } catch (error) {
      if (!isOfAnother(error)) throw error;
    }
  }
  return null;
}

async function update(github: GitHub, report: Report, plan: CommentPlan, comment: Comment): Promise<void> {
  const previous = (comment.body ?? '').replaceAll('\r\n', '\n').trim();
  const body = commentBody(report, plan.key, previous);
  // What the same text repeats of a check before is only known for ours if it can be written.
  const isProven = isWhole(report) || comment.user?.type !== 'Bot' || comment.user.login === WORKFLOWS_BOT;
  if (body === previous && isProven) return;
  await github.ask({ method: 'PATCH', path: commentPath(plan, comment), body: { body } });
}

/** Ours, the oldest first. */
async function ours(github: GitHub, plan: CommentPlan): Promise<Comment[]> {
  const all = (await github.list(commentsOf(plan))) as Comment[];
  const own = await github.ownOf(all.filter(({ body }) => bears(body ?? '', plan.key)));
  return own.sort((one, other) => one.id - other.id);
}

function commentsOf({ repository, pullRequest }: CommentPlan): string {
  return `/repos/${repository}/issues/${pullRequest}/comments`;
}

function commentPath({ repository }: CommentPlan, { id }: Comment): string {
  return `/repos/${repository}/issues/comments/${id}`;
}
