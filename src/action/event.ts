import { CheckError } from '../errors.ts';
import type { GitHubEvent } from '../github/event.ts';

/** The event; where it can't be read it is a problem, since whether it forbids the check is then not known. */
export async function eventOfRun(): Promise<{ event: GitHubEvent; problems: CheckError[] }> {
  try {
    // GitHub's toolkit reads the event as it is loaded.
    const { readEvent } = await import('../github/event.ts');
    return { event: readEvent(), problems: [] };
  } catch (cause) {
    const problem = new CheckError(
      'The event of this run could not be read: the file that GITHUB_EVENT_PATH names does not hold one.',
      'Look at what set GITHUB_EVENT_PATH: in a workflow the runner does.',
      { cause },
    );
    return { event: noEvent, problems: [problem] };
  }
}

/** An event of which nothing is known. */
const noEvent: GitHubEvent = {
  name: '',
  commit: null,
  fromFork: false,
  headIsGone: false,
  followed: null,
  byDependabot: false,
  sha: '',
  isMergeOfPullRequest: false,
  pullRequest: null,
  mergeGroupBase: null,
  repository: null,
  onDefaultBranch: false,
  workflow: '',
  runUrl: null,
  isPrivate: false,
  lineUrl: () => null,
};
