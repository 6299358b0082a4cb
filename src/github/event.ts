import { context } from '@actions/github';
import { addressPart } from '../text.ts';
import { isPrivate } from './visibility.ts';

/** What the event tells that a check needs to know. */
export interface GitHubEvent {
  readonly name: string;
  /** The commit that a person sees: the head of a pull request, not GitHub's throw-away merge of it. */
  readonly commit: string | null;
  /** A pull request whose branch is known to lie in another repository: in public repositories it gets no secrets. */
  readonly fromFork: boolean;
  /** A pull request whose branch lay in a repository that GitHub no longer names: a fork that was deleted. */
  readonly headIsGone: boolean;
  /** What an event of `workflow_run` follows; null on other events. */
  readonly followed: FollowedRun | null;
  /** Dependabot's runs get no secrets of Actions, whatever the event. */
  readonly byDependabot: boolean;
  /** The commit of the run: on a pull request GitHub's merge of it into its base, unless the event says otherwise. */
  readonly sha: string;
  /** Whether `sha` is such a merge. */
  readonly isMergeOfPullRequest: boolean;
  /** The pull request, with the name of the branch that it is merged into; null on other events. */
  readonly pullRequest: { readonly number: number; readonly base: string } | null;
  /** What a merge group is merged onto; null on other events. */
  readonly mergeGroupBase: string | null;
  /** Whether the repository is known not to be public. */
  readonly isPrivate: boolean;
  /** `owner/name`; null outside of GitHub. */
  readonly repository: string | null;
  /** Whether the run is on the default branch; false where that is not known. */
  readonly onDefaultBranch: boolean;
  /** What the workflow is called. */
  readonly workflow: string;
  /** The page of the run; null outside of GitHub. */
  readonly runUrl: string | null;
  /** The page of a line of a file at this commit. The path is relative to the repository's root. */
  lineUrl(path: string, line: number): string | null;
}

/** The run of another workflow that a run follows. */
export interface FollowedRun {
  /** The event that started it. */
  readonly event: string;
  /** The repository that its commit is of, `owner/name`; null where GitHub does not say. */
  readonly from: string | null;
  /** Whether that is known to be this repository. */
  readonly isOwn: boolean;
  /** Its commit: of a pull request the head. */
  readonly sha: string | null;
}

/** Reads the event that the runner describes. */
export function readEvent(): GitHubEvent {
  const { payload, eventName, actor, sha = '', ref = '', serverUrl, workflow, runId } = context;
  const repository = process.env.GITHUB_REPOSITORY ?? null;
  const ours = text(payload.repository?.full_name) ?? repository;
  const isOurs = (name: string) => name.toLowerCase() === ours?.toLowerCase();
  const pullRequest = record(payload.pull_request);
  const head = record(pullRequest.head);
  const from = text(record(head.repo).full_name);
  const [number, base] = [pullRequest.number, text(record(pullRequest.base).ref)];
  const commit = text(head.sha) ?? (sha === '' ? null : sha);
  return {
    name: eventName ?? '',
    commit,
    fromFork: from !== null && ours !== null && !isOurs(from),
    headIsGone: head.repo === null,
    followed: eventName === 'workflow_run' ? followed(record(payload.workflow_run), isOurs) : null,
    byDependabot: [actor, record(pullRequest.user).login].includes('dependabot[bot]'),
    sha,
    isMergeOfPullRequest: /^refs\/pull\/\d+\/merge$/.test(ref),
    pullRequest: typeof number !== 'number' || base === null ? null : { number, base },
    mergeGroupBase: text(record(payload.merge_group).base_sha),
    isPrivate: isPrivate(payload),
    repository,
    // A schedule runs on the default branch only.
    onDefaultBranch: eventName === 'schedule' || ref === `refs/heads/${payload.repository?.default_branch}`,
    workflow: workflow ?? '',
    runUrl: repository === null || !(runId > 0) ? null : `${serverUrl}/${repository}/actions/runs/${runId}`,
    lineUrl(path, line) {
      // A fork's commit is not in this repository's pages until GitHub has fetched it; it shows commits of pull requests too.
      if (repository === null || commit === null) return null;
      const encoded = path.split('/').map(addressPart).join('/');
      return `${serverUrl}/${repository}/blob/${commit}/${encoded}#L${line}`;
    },
  };
}

function followed(run: Json, isOurs: (name: string) => boolean): FollowedRun {
  const from = text(record(run.head_repository).full_name);
  return { event: text(run.event) ?? '', from, isOwn: from !== null && isOurs(from), sha: text(run.head_sha) };
}

/** A part of the payload, which may be anything: `null` on some events, and whatever a person wrote for a run of their own. */
type Json = Readonly<Record<string, unknown>>;

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
