import * as core from '@actions/core';
import { eventOfRun } from './action/event.ts';
import { given, type Inputs, readInputs } from './action/inputs.ts';
import { finish } from './action/outputs.ts';
import { checkCheckout } from './action/run.ts';
import { shownPath } from './action/workspace.ts';
import { stopped } from './check/check.ts';
import { CheckError } from './errors.ts';
import { Patience } from './github/client.ts';
import type { GitHubEvent } from './github/event.ts';
import { isTold, tellGitHub } from './github/tell.ts';
import { listenForSignals } from './interrupt.ts';
import type { Report, Result } from './model.ts';
import { reportKey } from './report/comment.ts';
import { logLine } from './report/escape.ts';
import { showingOf, shown } from './report/privacy.ts';
import { failure } from './report/words.ts';
import { accountOfKey } from './stripe/account.ts';
import { keyMode } from './stripe/key.ts';

const interruption = listenForSignals();
/** What GitHub's faults may cost this run, in whatever is asked there. */
const patience = new Patience();

async function run(): Promise<void> {
  const key = given('stripe-api-key');
  for (const secret of [key, given('stripe-api-key-other'), given('github-token')])
    if (secret !== '') core.setSecret(secret);
  let report: Report | null = null;
  try {
    const { event, problems } = await eventOfRun();
    const inputs = await readInputs(key, problems);
    const found = await checkCheckout(inputs, event, patience, interruption.signal).catch((error: unknown) =>
      stop(error, inputs, event),
    );
    const known = { ...found, account: found.account ?? (await accountToTell(found, inputs, event)) };
    report = shown(known, showingOf(inputs.showValues, event.isPrivate));
    const told = await tellGitHub(report, asked(inputs, event), event, interruption.signal);
    for (const fault of told.faults) core.debug(logLine(fault));
    report = { ...report, notes: [...report.notes, ...told.remarks.map(({ message }) => message)] };
    await finish(report, told, inputs, event);
  } catch (error) {
    // A fault while reporting: the verdict stands, and a run that can't tell all of it fails.
    debug(error);
    const message = error instanceof Error ? error.message : String(error);
    core.setFailed(logLine(`The report could not be written: ${message}. ${report === null ? '' : failure(report)}`));
  }
}

/** The result of a run that was stopped by something the user can fix, or by a fault of this program. */
function stop(error: unknown, { config, environment, failOn }: Inputs, { commit }: GitHubEvent): Result {
  const request = { files: config.map(shownPath), environment, commit, failOn };
  if (error instanceof CheckError) return stopped(request, error);
  debug(error);
  const remedy = 'Run it again with debug logging, and report what it prints.';
  return stopped(request, { message: 'The check failed because of a bug in this program.', remedy });
}

function debug(error: unknown): void {
  core.debug(logLine(error instanceof Error ? (error.stack ?? error.message) : String(error)));
}

/** What the inputs ask to be told on GitHub. */
function asked(inputs: Inputs, event: GitHubEvent): Parameters<typeof tellGitHub>[1] {
  const { comment, issue, issueLabels: labels, issueAssignees: assignees, githubToken: token } = inputs;
  return { comment, issue, labels, assignees, token, patience, key: keyOf(inputs, event) };
}

/**
 * The account that comment and issue tell of, so that two accounts with one file never share them, where it is not known yet.
 * Stripe is asked where it was asked before: neither for an invalid file, nor on an event on which the key is not used.
 */
async function accountToTell({ mode }: Result, inputs: Inputs, event: GitHubEvent): Promise<string | null> {
  if (inputs.connected !== null) return inputs.connected;
  if (mode === null || interruption.signal.aborted || !isTold(inputs, event)) return null;
  const { apiBase: base, connected, requestsPerSecond, timeoutSeconds } = inputs;
  const options = {
    base,
    connected,
    requestsPerSecond,
    timeoutSeconds,
    interrupted: interruption.signal,
    keyFrom: 'input',
  } as const;
  return await accountOfKey(inputs.key, options);
}

/** What tells the comment and the issue of this check from those of others, besides the account. Without an environment, the key's mode is one. */
function keyOf(inputs: Inputs, { workflow }: GitHubEvent): string {
  const { reportKey: own, config, environment, connected, key, otherKey, otherEnvironment } = inputs;
  if (own !== null) return reportKey([own]);
  const files = config.map(shownPath).sort().join('\n');
  const other = otherKey === null ? [] : [otherEnvironment ?? keyMode(otherKey) ?? ''];
  return reportKey([workflow, files, environment ?? keyMode(key) ?? '', connected ?? '', ...other]);
}

await run();
if (interruption.code !== null) process.exitCode = interruption.code;
