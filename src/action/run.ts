import type { Base } from '../check/base.ts';
import { check } from '../check/check.ts';
import { CheckError } from '../errors.ts';
import { GitHub, type Patience } from '../github/client.ts';
import type { GitHubEvent } from '../github/event.ts';
import { refusalOfEvent, refusalOfFiles } from '../github/strangers.ts';
import type { Result } from '../model.ts';
import { type KeyFrom, parseKey } from '../stripe/key.ts';
import { StripeLive } from '../stripe/live.ts';
import { readCheckout } from './checkout.ts';
import type { Inputs } from './inputs.ts';

/**
 * Checks the configuration of the job's checkout as the inputs ask. Throws a `CheckError` where the inputs, the event or the
 * checkout forbid it. `patience` is what GitHub's faults may cost the run.
 */
export async function checkCheckout(
  inputs: Inputs,
  event: GitHubEvent,
  patience: Patience,
  interrupted: AbortSignal,
): Promise<Result> {
  refuseProblems(inputs);
  // Without a key nothing live can be told: a stranger's file may be validated, but on an event that is meant for secrets.
  const isExposed =
    (inputs.key !== '' || (inputs.otherKey ?? '') !== '' || event.name === 'pull_request_target') &&
    !inputs.allowPullRequestTarget;
  const refusedEvent = isExposed ? refusalOfEvent(event) : null;
  if (refusedEvent !== null) throw refusedEvent;
  const { sources, checkedFiles, code, before } = await readCheckout(inputs.config);
  const refusedFiles = isExposed ? refusalOfFiles(event, checkedFiles) : null;
  if (refusedFiles !== null) throw refusedFiles;
  const { environment, failOn, timeoutSeconds } = inputs;
  const request = { sources, environment, failOn, commit: event.commit, code };
  const { key, otherKey, otherEnvironment } = inputs;
  const isKeyless = key === '' || otherKey === '';
  const skipped = isKeyless ? skipReason(inputs, event, sources.length) : null;
  if (skipped !== null) return check({ ...request, live: null, skipped });
  if (isKeyless && event.headIsGone) throw keylessAndGone();
  const { apiBase: base, connected, requestsPerSecond } = inputs;
  const options = { base, connected, requestsPerSecond, timeoutSeconds, interrupted };
  const live = new StripeLive(key, { ...options, keyFrom: 'input' });
  if (otherKey !== null) {
    const beside = StripeLive.beside(live, otherKey, { ...options, keyFrom: 'other input' });
    const other = { live: beside, environment: otherEnvironment };
    return check({ ...request, live, other, interrupted });
  }
  // The file before belongs to what is read: it has the same deadline.
  const ended = AbortSignal.any([interrupted, AbortSignal.timeout(timeoutSeconds * 1000)]);
  const github = inputs.githubToken === '' ? null : new GitHub(inputs.githubToken, ended, patience);
  const baseOf = (): Promise<Base | string | null> => before(github, event);
  return check({ ...request, base: baseOf, live, interrupted });
}

/** Tells all that is wrong with inputs, event and key at once. */
function refuseProblems({ problems: known, key, otherKey }: Inputs): void {
  if (known.length === 0) return;
  const problems = [...known, ...keyProblem(key, 'input'), ...keyProblem(otherKey ?? '', 'other input')];
  const all = (of: 'message' | 'remedy') => problems.map((problem) => problem[of]).join(' ');
  throw new CheckError(all('message'), all('remedy'));
}

/** What is wrong with the key, to be told beside other inputs. By itself it is told with the link that creates the right one. */
function keyProblem(key: string, from: KeyFrom): CheckError[] {
  try {
    if (key !== '') parseKey(key, null, from);
    return [];
  } catch (error) {
    if (error instanceof CheckError) return [error];
    throw error;
  }
}

/** Why a run without a key only checks the file, or null where it fails. */
function skipReason({ onMissingKey }: Inputs, { fromFork, byDependabot }: GitHubEvent, files: number): string | null {
  if (onMissingKey === 'fail') return null;
  const instead = `${files > 1 ? 'the files were' : 'the file was'} checked, Stripe was not asked.`;
  if (fromFork) return `This pull request comes from a fork, whose runs get no secrets: ${instead}`;
  if (byDependabot) return `This run is Dependabot's, which gets no secrets of Actions: ${instead}`;
  return onMissingKey === 'skip' ? `There is no Stripe API key, and on-missing-key is skip: ${instead}` : null;
}

/** A pull request whose repository is gone was likely a fork's, but what is not known to be one is not passed over. */
function keylessAndGone(): CheckError {
  return new CheckError(
    'No Stripe API key was given, and the repository that this pull request comes from is gone: it may have been a fork, whose runs get no secrets.',
    'Close the pull request, and open another from a branch that exists. Where only the file is to be checked, set on-missing-key: skip.',
  );
}
