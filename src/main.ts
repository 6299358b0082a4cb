import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as core from '@actions/core';
import { check, stopped } from './check.ts';
import { readSource } from './config/source.ts';
import { CheckError } from './errors.ts';
import type { GitHubEvent } from './github/event.ts';
import { limits, numberWithin, oneOf, yesOrNo } from './inputs.ts';
import type { Report } from './model.ts';
import type { FailOn } from './policy.ts';
import { annotations } from './report/annotations.ts';
import { cut, logLine } from './report/escape.ts';
import { reportJson } from './report/json.ts';
import { markdown } from './report/markdown.ts';
import { terminal } from './report/terminal.ts';
import { plural, seconds, verdict } from './report/words.ts';
import { StripeLive } from './stripe/live.ts';

interface Inputs {
  readonly key: string;
  readonly config: string;
  readonly environment: string | null;
  readonly connected: string | null;
  readonly onMissingKey: 'auto' | 'skip' | 'fail';
  readonly failOn: FailOn;
  readonly annotations: boolean;
  readonly summary: 'always' | 'on-drift' | 'never';
  readonly reportFile: string;
  readonly requestsPerSecond: number;
  readonly timeoutSeconds: number;
  readonly apiBase: string;
  readonly allowPullRequestTarget: boolean;
}

/** What every path needs, also when an input is wrong. */
const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
const temporary = process.env.RUNNER_TEMP ?? workspace;
const fallbackReport = path.join(temporary, 'stripe-config-report.json');

await run();

async function run(): Promise<void> {
  const key = core.getInput('stripe-api-key').trim();
  if (key !== '') core.setSecret(key);
  let shown: Report | null = null;
  try {
    const { readEvent } = await import('./github/event.ts');
    const event = readEvent();
    let inputs: Inputs;
    try {
      inputs = readInputs(key);
    } catch (error) {
      await finish(stop(error, event.commit), null, event);
      return;
    }
    const report = await checkWith(inputs, event).catch((error: unknown) => stop(error, event.commit, inputs));
    shown = report;
    await finish(report, inputs, event);
  } catch (error) {
    // What is left is a fault while reporting: the verdict stands, and a run that can't tell it fails.
    core.debug(logLine(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    core.setFailed(
      `The report could not be written: ${logLine(error instanceof Error ? error.message : String(error))}${shown === null ? '' : ` (${logLine(verdict(shown))})`}`,
    );
  }
}

/** Every input, once, as a typed value. Throws a `CheckError` for a wrong one. */
function readInputs(key: string): Inputs {
  const orElse = (name: string, fallback: string) => core.getInput(name).trim() || fallback;
  const orNull = (name: string) => core.getInput(name).trim() || null;
  const { requestsPerSecond: rate, timeoutSeconds: timeout } = limits;
  return {
    key,
    config: inside('config', orElse('config', 'stripe-config.yaml'), [workspace]),
    environment: orNull('environment'),
    connected: orNull('stripe-account'),
    onMissingKey: oneOf('on-missing-key', orElse('on-missing-key', 'auto'), ['auto', 'skip', 'fail']),
    failOn: oneOf('fail-on', orElse('fail-on', 'error'), limits.failOn),
    annotations: yesOrNo('annotations', orElse('annotations', 'true')),
    summary: oneOf('summary', orElse('summary', 'always'), ['always', 'on-drift', 'never']),
    reportFile: inside('report-file', orElse('report-file', fallbackReport), [workspace, temporary]),
    requestsPerSecond: numberWithin(
      'requests-per-second',
      orElse('requests-per-second', rate.fallback),
      rate.least,
      rate.most,
    ),
    timeoutSeconds: numberWithin(
      'timeout-seconds',
      orElse('timeout-seconds', timeout.fallback),
      timeout.least,
      timeout.most,
    ),
    apiBase: orElse('stripe-api-base', limits.apiBase),
    allowPullRequestTarget: yesOrNo('allow-pull-request-target', orElse('allow-pull-request-target', 'false')),
  };
}

/** A path that lies in one of the folders, made absolute. */
function inside(name: string, value: string, folders: readonly string[]): string {
  const absolute = path.resolve(workspace, value);
  const contained = folders.some(
    (folder) => !path.relative(folder, absolute).startsWith('..') && !path.isAbsolute(path.relative(folder, absolute)),
  );
  if (contained) return absolute;
  throw new CheckError(
    `${name} is ${JSON.stringify(value)}, which lies outside the workspace${folders.length > 1 ? ' and $RUNNER_TEMP' : ''}.`,
    `Give ${name} a path within it.`,
  );
}

async function checkWith(inputs: Inputs, event: GitHubEvent): Promise<Report> {
  if (event.name === 'pull_request_target' && !inputs.allowPullRequestTarget) {
    throw new CheckError(
      'On pull_request_target a stranger’s file would be checked with your key: annotations could be used to read out live values.',
      'Use on: pull_request. If you know what this means, set allow-pull-request-target: true.',
    );
  }
  const file = shownPath(inputs.config);
  const source = await readSource(inputs.config);
  const request = { source, file, environment: inputs.environment, failOn: inputs.failOn, commit: event.commit };
  const skipped = inputs.key === '' ? skipReason(inputs, event) : null;
  if (skipped !== null) return check({ ...request, live: null, skipped });
  const live = new StripeLive(inputs.key, {
    base: inputs.apiBase,
    connected: inputs.connected,
    requestsPerSecond: inputs.requestsPerSecond,
    timeoutSeconds: inputs.timeoutSeconds,
  });
  return check({ ...request, live });
}

/** Why a run without a key only checks the file, or null where it fails. */
function skipReason({ onMissingKey }: Inputs, { fromFork, byDependabot }: GitHubEvent): string | null {
  if (onMissingKey === 'fail') return null;
  if (fromFork)
    return 'This pull request comes from a fork, whose runs get no secrets: the file was checked, Stripe was not asked.';
  if (byDependabot)
    return "This run is Dependabot's, which gets no secrets of Actions: the file was checked, Stripe was not asked.";
  return onMissingKey === 'skip'
    ? 'There is no Stripe API key, and on-missing-key is skip: the file was checked, Stripe was not asked.'
    : null;
}

/** The report of a run that was stopped by something the user can mend, or by a fault of this program. */
function stop(error: unknown, commit: string | null, inputs?: Inputs): Report {
  const request = {
    file: shownPath(inputs?.config ?? path.join(workspace, 'stripe-config.yaml')),
    environment: inputs?.environment ?? null,
    commit,
    failOn: 'error' as const,
  };
  if (error instanceof CheckError) return stopped(request, error);
  core.debug(logLine(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  return stopped(request, {
    message: 'The check failed by a fault of its own.',
    remedy: 'Run it again with debug logging, and report what it prints.',
  });
}

/** The path relative to the repository's root, as annotations and links need it: a checkout may lie in a sub-directory. */
function shownPath(file: string): string {
  let root = path.dirname(file);
  while (root !== workspace && !existsSync(path.join(root, '.git')) && path.dirname(root) !== root)
    root = path.dirname(root);
  return path
    .relative(existsSync(path.join(root, '.git')) ? root : workspace, file)
    .split(path.sep)
    .join('/');
}

async function finish(report: Report, inputs: Inputs | null, event: GitHubEvent): Promise<void> {
  const { path: reportPath, problem } = await writeReport(report, inputs?.reportFile ?? fallbackReport);
  log(report);
  setOutputs(report, reportPath);
  if (inputs?.annotations !== false) annotate(report);
  await summarize(report, inputs?.summary ?? 'always', event);
  if (report.exitCode !== 0) core.setFailed(cut(logLine(failure(report)), 4000));
  else if (problem !== null) core.setFailed(logLine(problem));
}

/** Writes the report. Where it can't be written the step fails, but says everything else first. */
async function writeReport(report: Report, file: string): Promise<{ path: string; problem: string | null }> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, reportJson(report));
    return { path: file, problem: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      path: '',
      problem: `The report could not be written to ${JSON.stringify(file)} (${code}). Look at report-file.`,
    };
  }
}

function log(report: Report): void {
  core.startGroup('Reading Stripe');
  for (const [name, { status, declared, live, requests, durationMs, reason }] of report.sections) {
    const found = status === 'read' ? `${live ?? 'some'} live, ${declared} declared` : `not read: ${reason}`;
    core.info(logLine(`${name}: ${found} (${plural(requests, 'request')}, ${seconds(durationMs)})`));
  }
  core.endGroup();
  core.startGroup('Findings');
  for (const line of terminal(report).trimEnd().split('\n')) core.info(logLine(line));
  core.endGroup();
}

function setOutputs(report: Report, reportPath: string): void {
  const { status, counts, compared, mode, fingerprint } = report;
  const drift = report.findings.some(({ problem, severity }) => problem !== 'invalid' && severity !== 'notice');
  const known = compared ? counts : null;
  const outputs = {
    status,
    drift: drift ? 'true' : status === 'in-sync' ? 'false' : '',
    errors: known?.errors,
    warnings: known?.warnings,
    notices: known?.notices,
    missing: known?.missing,
    changed: known?.changed,
    ambiguous: known?.ambiguous,
    unmanaged: known?.unmanaged,
    unhealthy: known?.unhealthy,
    checked: known?.checked,
    mode,
    'report-path': reportPath,
    fingerprint,
  };
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value ?? '');
}

function annotate(report: Report): void {
  const print = { error: core.error, warning: core.warning, notice: core.notice };
  for (const { level, at, message } of annotations(report)) {
    const { file, line, endLine, column, endColumn } = at;
    const columns = line === endLine ? { startColumn: column, endColumn: Math.max(column, endColumn - 1) } : {};
    print[level](message, { file, startLine: line, endLine, ...columns });
  }
  if (report.status === 'skipped') for (const note of report.notes) core.notice(logLine(note));
}

async function summarize(report: Report, when: Inputs['summary'], event: GitHubEvent): Promise<void> {
  if (
    when === 'never' ||
    (when === 'on-drift' && report.status === 'in-sync') ||
    process.env.GITHUB_STEP_SUMMARY === undefined
  )
    return;
  await core.summary.addRaw(markdown(report, { lineUrl: ({ file, line }) => event.lineUrl(file, line) })).write();
}

function failure(report: Report): string {
  const { error } = report;
  return error === null ? `${verdict(report)}.` : `${error.message} ${error.remedy}`;
}
