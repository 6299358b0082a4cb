import type { Report } from '../model.ts';
import { GitHub, GitHubProblem, type Patience } from './client.ts';
import { keepComment } from './comment.ts';
import type { GitHubEvent } from './event.ts';
import { keepIssue } from './issue.ts';
import { remedyOf } from './refusal.ts';
import type { Remark } from './remark.ts';

/** What is to be told on GitHub, as the inputs say. */
export interface Asked {
  readonly comment: 'never' | 'on-drift' | 'always';
  readonly issue: boolean;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly token: string;
  /** What GitHub's faults may still cost this run. */
  readonly patience: Patience;
  /** What tells the comment and the issue of this check from those of others. */
  readonly key: string;
}

/** What became of the comment and the issue. */
export interface Told {
  readonly commentUrl: string | null;
  readonly issueNumber: number | null;
  readonly remarks: readonly Remark[];
  /** Stacks of this program's own faults, for the debug log. */
  readonly faults: readonly string[];
}
/** Whether something is to be written on GitHub, so that it matters whose account was checked. */
export function isTold({ comment, issue }: Pick<Asked, 'comment' | 'issue'>, event: GitHubEvent): boolean {
  if (event.repository === null) return false;
  return (comment !== 'never' && event.pullRequest !== null) || (issue && noIssueReason(event) === null);
}

/** Brings comment and issue up to date, where they are asked for. Nothing that fails there changes the result. */
export async function tellGitHub(
  report: Report,
  asked: Asked,
  event: GitHubEvent,
  interrupted: AbortSignal,
): Promise<Told> {
  const remarks: Remark[] = [];
  const faults: string[] = [];
  const { repository, pullRequest } = event;
  const github = new GitHub(asked.token, interrupted, asked.patience);
  const { key } = asked;
  const attempt = async <T>(what: string, permission: string, write: (repository: string) => Promise<T>) => {
    if (interrupted.aborted || repository === null) return null;
    try {
      if (asked.token === '')
        throw new GitHubProblem('github-token is empty. Leave it out, or give it a token', null, null);
      return await write(repository);
    } catch (error) {
      if (!(error instanceof GitHubProblem))
        faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
      remarks.push(unwritten(what, permission, error, event));
      return null;
    }
  };
  const commentUrl =
    asked.comment === 'never' || pullRequest === null
      ? null
      : await attempt('comment', 'pull-requests', (of) =>
          keepComment(github, report, {
            repository: of,
            pullRequest: pullRequest.number,
            key,
            always: asked.comment === 'always',
          }),
        );
  if (!asked.issue) return { commentUrl, issueNumber: null, remarks, faults };
  const elsewhere = noIssueReason(event);
  if (elsewhere !== null) remarks.push({ level: 'note', message: elsewhere });
  const { labels, assignees } = asked;
  const today = new Date().toISOString().slice(0, 10);
  const kept =
    elsewhere === null
      ? await attempt('issue', 'issues', (of) =>
          keepIssue(github, report, { repository: of, key, labels, assignees, today, run: event.runUrl }),
        )
      : null;
  remarks.push(...(kept?.remarks ?? []));
  return { commentUrl, issueNumber: kept?.number ?? null, remarks, faults };
}

/** Why an issue is not kept on this event, or null where it is. */
function noIssueReason({ name, onDefaultBranch }: GitHubEvent): string | null {
  const isMeant = ['schedule', 'push', 'workflow_dispatch'].includes(name);
  if (isMeant && onDefaultBranch) return null;
  const here = isMeant ? `${name} on another branch` : name;
  return `The issue was left as it is: only runs of schedule, push and workflow_dispatch on the default branch update it, and this run is of ${here}.`;
}

/** What keeps a comment or an issue from being written, with what to do. */
function unwritten(what: string, permission: string, error: unknown, { fromFork, byDependabot }: GitHubEvent): Remark {
  const could = `The ${what} could not be updated`;
  if (!(error instanceof GitHubProblem)) {
    return { level: 'warning', message: `${could}, because of a bug in this program.` };
  }
  const { refusal } = error;
  const isReadOnly = refusal === 'permission' || refusal === 'unknown';
  if (isReadOnly && (fromFork || byDependabot)) {
    const whose = fromFork ? 'a pull request from a fork' : "a run of Dependabot's";
    return {
      level: 'notice',
      message: `There is no ${what}: the token of ${whose} can only read. The summary has everything.`,
    };
  }
  const remedy = refusal === null ? '' : ` ${remedyOf(refusal, `${permission}: write`)}`;
  return { level: 'warning', message: `${could}: ${error.message}.${remedy}` };
}
