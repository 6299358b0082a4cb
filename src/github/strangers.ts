import { CheckError } from '../errors.ts';
import { bare, quote } from '../text.ts';
import type { FollowedRun, GitHubEvent } from './event.ts';

/**
 * Which runs would check a stranger's file with the key. Whoever writes the file chooses what is compared, and could read
 * live values out of the findings. Three kinds of events differ in who can start them:
 *
 * - Members alone: the events of MEMBERS. Who has write access can already read the secrets with a workflow of their own,
 *   so there is nothing to protect. What is checked need not be of the run's commit: it may be another repository's file,
 *   a file that a step before generates and commits, or a checkout without git.
 * - A pull request: the events of PULL_REQUESTS. GitHub gives a fork's run no secrets, unless the settings of a private
 *   repository say so: then its owner has decided that the key is for forks too. A run with the key is a member's.
 * - Anybody: all other events, also those that GitHub may add. They run with secrets on the default branch. That is safe
 *   as long as the file is the default branch's, and the commit that is checked out proves it.
 *
 * `workflow_run` is as what it follows, except that a fork's run is followed with secrets.
 */
const MEMBERS: ReadonlySet<string> = new Set([
  'branch_protection_rule',
  'create',
  'delete',
  'deployment',
  'deployment_status',
  'image_version',
  'label',
  'merge_group',
  'milestone',
  'page_build',
  'public',
  'push',
  'registry_package',
  'release',
  'repository_dispatch',
  'schedule',
  'workflow_dispatch',
]);
const PULL_REQUESTS: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
]);

/** A file that is checked, with the commit that the checkout around it is of; null where nothing tells. */
export interface CheckedFile {
  readonly file: string;
  readonly commit: string | null;
}

const ANYWAY = 'If you know what this means, set allow-pull-request-target: true.';
const MISUSE =
  'an untrusted file would be checked with your key, and annotations could be used to read values of your Stripe account';

/** The refusal of an event, whatever is checked out; null where it may go on. */
export function refusalOfEvent(event: GitHubEvent): CheckError | null {
  if (event.name === 'pull_request_target') {
    return new CheckError(`On pull_request_target ${MISUSE}.`, `Use on: pull_request. ${ANYWAY}`);
  }
  if (event.followed !== null) return refusalOfFollowed(event.followed);
  if (PULL_REQUESTS.has(event.name) && event.headIsGone) {
    return new CheckError(
      `The repository that this pull request comes from is gone, so nobody can tell whose file it is: ${MISUSE}.`,
      `Close it, and open another from a branch that exists. ${ANYWAY}`,
    );
  }
  return null;
}

function refusalOfFollowed({ from, isOwn }: FollowedRun): CheckError | null {
  if (isOwn) return null;
  const whose =
    from === null
      ? 'GitHub does not say of which repository that was, as with a fork that is gone'
      : `that was of a fork, ${quote(from)}`;
  return new CheckError(
    `This workflow_run follows another run, and ${whose}: ${MISUSE}.`,
    `Limit the job to runs of this repository, with if: github.event.workflow_run.head_repository.full_name == github.repository. ${ANYWAY}`,
  );
}

/** The refusal of files that are not those of the run's commit, on an event that anybody can start; null where there are none. */
export function refusalOfFiles(event: GitHubEvent, files: readonly CheckedFile[]): CheckError | null {
  if (isMembers(event)) return null;
  const { name, sha, followed } = event;
  const right = [sha, followed?.sha ?? ''].filter((commit) => commit !== '');
  const wrong = files.find(({ commit }) => commit === null || !right.includes(commit));
  if (wrong === undefined) return null;
  const { file, commit } = wrong;
  const anybody = `On ${bare(name)} anybody can start this run`;
  if (commit === null) {
    return new CheckError(
      `${anybody}, and the commit of ${quote(file)} is unknown, because there is no .git: if a pull request is checked out, ${MISUSE}.`,
      `Check out the commit of the run with actions/checkout, on a machine that has git. ${ANYWAY}`,
    );
  }
  const [run] = right;
  const other = run === undefined ? 'and the run names no commit of its own' : `not of ${short(run)}, the run's own`;
  return new CheckError(
    `${anybody}, and ${quote(file)} is of commit ${short(commit)}, ${other}. Likely a step checks out a pull request: ${MISUSE}.`,
    `Check pull requests with on: pull_request. Here, check out the commit of the run: actions/checkout without ref and repository. ${ANYWAY}`,
  );
}

/** Whether only members can have started the run. Outside of a workflow there is no event, and no stranger. */
function isMembers({ name, followed }: GitHubEvent): boolean {
  const start = followed === null ? name : followed.event;
  return start === '' ? followed === null : MEMBERS.has(start) || PULL_REQUESTS.has(start);
}

function short(commit: string): string {
  return quote(commit.slice(0, 7));
}
