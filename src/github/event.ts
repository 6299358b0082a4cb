import { context } from '@actions/github';
import { addressPart } from '../resources/text.ts';
import { isPrivate } from './visibility.ts';

/** What the event tells that a check needs to know. */
export interface GitHubEvent {
  readonly name: string;
  /** The commit that a person sees: the head of a pull request, not GitHub's throw-away merge of it. */
  readonly commit: string | null;
  /** A pull request whose branch lies in another repository: it gets no secrets. */
  readonly fromFork: boolean;
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
  /** The page of a line of a file at this commit. The path is relative to the repository's root. */
  lineUrl(path: string, line: number): string | null;
}

/** Reads the event that the runner describes. */
export function readEvent(): GitHubEvent {
  const { payload, eventName, actor, sha = '', ref = '', serverUrl, workflow } = context;
  const { pull_request: pullRequest } = payload;
  const commit = (pullRequest?.head?.sha as string | undefined) ?? (sha === '' ? null : sha);
  const repository = process.env.GITHUB_REPOSITORY ?? null;
  const base = pullRequest?.base?.ref as string | undefined;
  const mergeGroup = payload.merge_group as { base_sha?: string } | undefined;
  const head = pullRequest?.head?.repo as { full_name?: string } | null | undefined;
  return {
    name: eventName ?? '',
    commit,
    fromFork: pullRequest !== undefined && head?.full_name !== (payload.repository?.full_name ?? repository),
    byDependabot: [actor, pullRequest?.user?.login].includes('dependabot[bot]'),
    sha,
    isMergeOfPullRequest: /^refs\/pull\/\d+\/merge$/.test(ref),
    pullRequest: pullRequest === undefined || base === undefined ? null : { number: pullRequest.number, base },
    mergeGroupBase: mergeGroup?.base_sha ?? null,
    isPrivate: isPrivate(payload),
    repository,
    // A schedule runs on the default branch only.
    onDefaultBranch: eventName === 'schedule' || ref === `refs/heads/${payload.repository?.default_branch}`,
    workflow: workflow ?? '',
    lineUrl(path, line) {
      // A fork's commit is not in this repository's pages until GitHub has fetched it; it shows commits of pull requests too.
      if (repository === null || commit === null) return null;
      const encoded = path.split('/').map(addressPart).join('/');
      return `${serverUrl}/${repository}/blob/${commit}/${encoded}#L${line}`;
    },
  };
}
