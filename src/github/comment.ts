import type { Report } from '../model.ts';
import { hasDrift } from '../policy.ts';
import { bears, commentBody } from '../report/comment.ts';
import type { Author, GitHub } from './client.ts';

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

interface Comment {
  readonly id: number;
  readonly body?: string | null;
  readonly html_url: string;
  readonly user: Author;
}

/** Keeps one comment on a pull request up to date: the oldest of ours with this key. Gives its address, or null where there is none. */
export async function keepComment(github: GitHub, report: Report, plan: CommentPlan): Promise<string | null> {
  const [oldest] = await ours(github, plan);
  if (oldest !== undefined) return update(github, report, plan, oldest);
  if (!plan.always && !hasDrift(report.findings)) return null;
  const body = commentBody(report, plan.key, null);
  const { data } = await github.ask({ method: 'POST', path: commentsOf(plan), body: { body } });
  const made = data as Comment;
  // A run at the same time may have made one, too: the older stays.
  const [older] = await ours(github, plan);
  if (older === undefined || older.id >= made.id) return made.html_url;
  await github.ask({ method: 'DELETE', path: commentPath(plan, made) });
  return update(github, report, plan, older);
}

async function update(github: GitHub, report: Report, plan: CommentPlan, comment: Comment): Promise<string> {
  const previous = (comment.body ?? '').replaceAll('\r\n', '\n').trim();
  const body = commentBody(report, plan.key, previous);
  if (body !== previous) await github.ask({ method: 'PATCH', path: commentPath(plan, comment), body: { body } });
  return comment.html_url;
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
