import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as core from '@actions/core';
import { filesNamed, readCheckout } from './action/checkout.ts';
import { inside, pathsInside, shownPath, temporary, workspace } from './action/workspace.ts';
import { check, stopped } from './check/check.ts';
import { type FailOn, hasDrift } from './check/policy.ts';
import { CheckError } from './errors.ts';
import { GitHub, Patience } from './github/client.ts';
import type { GitHubEvent } from './github/event.ts';
import type { Remark } from './github/remark.ts';
import { refusalOfEvent, refusalOfFiles } from './github/strangers.ts';
import { type Told, tellGitHub } from './github/tell.ts';
import {
  accountId,
  apiBase,
  labels,
  limits,
  logins,
  numberWithin,
  oneOf,
  type Range,
  token,
  yesOrNo,
} from './inputs.ts';
import { listenForSignals } from './interrupt.ts';
import type { Report, Result } from './model.ts';
import { overwriting } from './outputs.ts';
import { annotations } from './report/annotations.ts';
import { reportKey } from './report/comment.ts';
import { cut, logLine } from './report/escape.ts';
import { reportJson } from './report/json.ts';
import { markdown } from './report/markdown.ts';
import { SHOW_VALUES, showingOf, shown } from './report/privacy.ts';
import { isWhole, sarif } from './report/sarif.ts';
import { MOST_FINDINGS, plainScreen, terminal } from './report/terminal.ts';
import { failure, plural, seconds } from './report/words.ts';
import { parseKey } from './stripe/key.ts';
import { StripeLive } from './stripe/live.ts';

interface Inputs {
  readonly key: string;
  /** Paths and globs, relative to the workspace. */
  readonly config: readonly string[];
  readonly environment: string | null;
  readonly connected: string | null;
  readonly onMissingKey: 'auto' | 'skip' | 'fail';
  readonly failOn: FailOn;
  readonly annotations: boolean;
  readonly summary: 'always' | 'on-drift' | 'never';
  /** Null where it would replace what is not to be replaced. */
  readonly reportFile: string | null;
  readonly sarifFile: string | null;
  readonly requestsPerSecond: number;
  readonly timeoutSeconds: number;
  readonly apiBase: URL;
  readonly allowPullRequestTarget: boolean;
  readonly showValues: (typeof SHOW_VALUES)[number];
  readonly comment: 'never' | 'on-drift' | 'always';
  readonly issue: boolean;
  readonly issueLabels: readonly string[];
  readonly issueAssignees: readonly string[];
  readonly githubToken: string;
  readonly reportKey: string | null;
  /** What is wrong with inputs, which have their defaults here, or with the event. */
  readonly problems: readonly CheckError[];
}

const interruption = listenForSignals();
/** What GitHub's faults may cost this run, in whatever is asked there. */
const patience = new Patience();

async function run(): Promise<void> {
  const key = core.getInput('stripe-api-key').trim();
  for (const secret of [key, core.getInput('github-token').trim()]) if (secret !== '') core.setSecret(secret);
  let report: Report | null = null;
  try {
    const { event, problems } = await eventOfRun();
    const inputs = await withoutOverwriting(readInputs(key, problems));
    const found = await checkWith(inputs, event).catch((error: unknown) => stop(error, inputs, event));
    report = shown(found, showingOf(inputs.showValues, event.isPrivate));
    const told = await tellGitHub(report, asked(inputs, event), event, interruption.signal);
    for (const fault of told.faults) core.debug(logLine(fault));
    report = { ...report, notes: [...report.notes, ...told.remarks.map(({ message }) => message)] };
    await finish(report, told, inputs, event);
  } catch (error) {
    // A fault while reporting: the verdict stands, and a run that can't tell all of it fails.
    core.debug(logLine(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    const message = error instanceof Error ? error.message : String(error);
    core.setFailed(logLine(`The report could not be written: ${message}. ${report === null ? '' : failure(report)}`));
  }
}

/** The event; where it can't be read it is a problem, since whether it forbids the check is then not known. */
async function eventOfRun(): Promise<{ event: GitHubEvent; problems: CheckError[] }> {
  try {
    const { readEvent } = await import('./github/event.ts');
    return { event: readEvent(), problems: [] };
  } catch (cause) {
    const problem = new CheckError(
      'The event of this run could not be read: the file that GITHUB_EVENT_PATH names is no event.',
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
  isPrivate: false,
  lineUrl: () => null,
};

/** Every input, once, as a typed value; what is wrong with them joins the problems that are known. */
function readInputs(key: string, problems: CheckError[]): Inputs {
  const orElse = (name: string, fallback: string) => core.getInput(name).trim() || fallback;
  const orNull = (name: string) => core.getInput(name).trim() || null;
  const attempt = <T>(read: (value: string) => T, name: string, fallback: string, otherwise?: T): T => {
    try {
      return read(orElse(name, fallback));
    } catch (error) {
      if (!(error instanceof CheckError)) throw error;
      problems.push(error);
      return otherwise === undefined ? read(fallback) : otherwise;
    }
  };
  const word = <T extends string>(name: string, fallback: T, ...others: T[]): T =>
    attempt((value) => oneOf(name, value, [fallback, ...others]), name, fallback);
  const number = (name: string, { least, most, fallback }: Range): number =>
    attempt((value) => numberWithin(name, value, least, most), name, fallback);
  const answer = (name: string, fallback: string): boolean => attempt((value) => yesOrNo(name, value), name, fallback);
  const checked = <T>(name: string, read: (name: string, value: string) => T, fallback: string, otherwise?: T): T =>
    attempt((value) => read(name, value), name, fallback, otherwise);
  const paths = (name: string, fallback: string): readonly string[] =>
    attempt((value) => pathsInside(name, value), name, fallback, [fallback]);
  const within = (name: string, fallback: string, ...folders: string[]): string =>
    attempt((value) => inside(name, value, folders), name, fallback, path.resolve(workspace, fallback));
  return {
    key,
    config: paths('config', 'stripe-config.yaml'),
    environment: orNull('environment'),
    connected: orNull('stripe-account') && checked<string | null>('stripe-account', accountId, '', null),
    onMissingKey: word('on-missing-key', 'auto', 'skip', 'fail'),
    failOn: word('fail-on', 'error', 'warning', 'notice', 'never'),
    annotations: answer('annotations', 'true'),
    summary: word('summary', 'always', 'on-drift', 'never'),
    reportFile: within('report-file', path.join(temporary, 'stripe-config-report.json'), workspace, temporary),
    sarifFile: orNull('sarif-file') && within('sarif-file', 'stripe-config.sarif', workspace, temporary),
    requestsPerSecond: number('requests-per-second', limits.requestsPerSecond),
    timeoutSeconds: number('timeout-seconds', limits.timeoutSeconds),
    apiBase: checked('stripe-api-base', apiBase, limits.apiBase),
    allowPullRequestTarget: answer('allow-pull-request-target', 'false'),
    showValues: word('show-values', ...SHOW_VALUES),
    comment: word('comment', 'never', 'on-drift', 'always'),
    issue: answer('issue', 'false'),
    issueLabels: checked('issue-labels', labels, 'stripe-config-drift'),
    issueAssignees: checked('issue-assignees', logins, ''),
    githubToken: checked('github-token', token, ''),
    reportKey: orNull('report-key'),
    problems,
  };
}

/** The files of the runner that a step writes to or reads. */
const RUNNERS = ['ENV', 'EVENT_PATH', 'OUTPUT', 'PATH', 'STATE', 'STEP_SUMMARY'].map((name) => `GITHUB_${name}`);

/** Leaves out the files that would replace others; that they would is a problem, before anything is read. */
async function withoutOverwriting(inputs: Inputs): Promise<Inputs> {
  const { reportFile, sarifFile } = inputs;
  const outputs = [
    { name: 'report-file', file: reportFile },
    { name: 'sarif-file', file: sarifFile },
  ].flatMap(({ name, file }) => (file === null ? [] : [{ name, file }]));
  const configuration = await filesNamed(inputs.config);
  const kept = [
    ...configuration.map((file) => ({ file, what: `the configuration file ${JSON.stringify(shownPath(file))}` })),
    ...RUNNERS.flatMap((name) => {
      const file = process.env[name] ?? '';
      return file === '' ? [] : [{ file, what: `the runner's file ${name}` }];
    }),
    ...process.argv.slice(1, 2).map((file) => ({ file, what: 'the program of this Action' })),
  ];
  const refused = overwriting(outputs, kept);
  const unless = (file: string | null) => (refused.some(({ output }) => output.file === file) ? null : file);
  return {
    ...inputs,
    reportFile: unless(reportFile),
    sarifFile: unless(sarifFile),
    problems: [...inputs.problems, ...refused.map(({ error }) => error)],
  };
}

async function checkWith(inputs: Inputs, event: GitHubEvent): Promise<Result> {
  if (inputs.problems.length > 0) {
    const problems = [...inputs.problems, ...keyProblem(inputs)];
    const all = (of: 'message' | 'remedy') => problems.map((problem) => problem[of]).join(' ');
    throw new CheckError(all('message'), all('remedy'));
  }
  // Without a key nothing live can be told: a stranger's file may be validated, but on an event that is meant for secrets.
  const isExposed = (inputs.key !== '' || event.name === 'pull_request_target') && !inputs.allowPullRequestTarget;
  const refusedEvent = isExposed ? refusalOfEvent(event) : null;
  if (refusedEvent !== null) throw refusedEvent;
  const { sources, checkedFiles, before } = await readCheckout(inputs.config);
  const refusedFiles = isExposed ? refusalOfFiles(event, checkedFiles) : null;
  if (refusedFiles !== null) throw refusedFiles;
  const request = { sources, environment: inputs.environment, failOn: inputs.failOn, commit: event.commit };
  const skipped = inputs.key === '' ? skipReason(inputs, event, sources.length) : null;
  if (skipped !== null) return check({ ...request, live: null, skipped });
  if (inputs.key === '' && event.headIsGone) throw keylessAndGone();
  const live = new StripeLive(inputs.key, {
    base: inputs.apiBase,
    connected: inputs.connected,
    requestsPerSecond: inputs.requestsPerSecond,
    timeoutSeconds: inputs.timeoutSeconds,
    interrupted: interruption.signal,
  });
  // The file before belongs to what is read: it has the same deadline.
  const ended = AbortSignal.any([interruption.signal, AbortSignal.timeout(inputs.timeoutSeconds * 1000)]);
  const github = inputs.githubToken === '' ? null : new GitHub(inputs.githubToken, ended, patience);
  const base = () => before(github, event);
  return check({ ...request, base, live, interrupted: interruption.signal });
}

/** What is wrong with the key, to be told beside other inputs. By itself it is told with the link that creates the right one. */
function keyProblem({ key }: Inputs): CheckError[] {
  try {
    if (key !== '') parseKey(key, null);
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

/** The result of a run that was stopped by something the user can fix, or by a fault of this program. */
function stop(error: unknown, { config, environment, failOn }: Inputs, { commit }: GitHubEvent): Result {
  const request = { files: config.map(shownPath), environment, commit, failOn };
  if (error instanceof CheckError) return stopped(request, error);
  core.debug(logLine(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  const remedy = 'Run it again with debug logging, and report what it prints.';
  return stopped(request, { message: 'The check failed by a fault of its own.', remedy });
}

/** What the inputs ask to be told on GitHub. */
function asked(inputs: Inputs, event: GitHubEvent): Parameters<typeof tellGitHub>[1] {
  const { comment, issue, issueLabels: labels, issueAssignees: assignees, githubToken: token } = inputs;
  return { comment, issue, labels, assignees, token, patience, key: keyOf(inputs, event) };
}

/** What tells the comment and the issue of this check from those of others. Without an environment, the key's mode is one. */
function keyOf({ reportKey: given, config, environment, connected, key }: Inputs, { workflow }: GitHubEvent): string {
  if (given !== null) return reportKey([given]);
  const [mode] = /(?<=^[rs]k_)(?:live|test)(?=_)/.exec(key) ?? [];
  return reportKey([workflow, config.map(shownPath).sort().join('\n'), environment ?? mode ?? '', connected ?? '']);
}

async function finish(report: Report, told: Told, inputs: Inputs, event: GitHubEvent): Promise<void> {
  const written = await writeFileOf('report-file', inputs.reportFile, reportJson(report));
  const scanned = await writeFileOf('sarif-file', inputs.sarifFile, sarif(report));
  log(report, written.path);
  setOutputs(report, {
    report: written.path,
    // To upload a SARIF file that is not whole would close the alerts of what was not compared.
    sarif: isWhole(report) ? scanned.path : '',
    comment: told.commentUrl,
    issue: told.issueNumber,
  });
  if (inputs.annotations) annotate(report);
  const remarks = (level: Remark['level']) =>
    told.remarks.filter((remark) => remark.level === level).map(({ message }) => message);
  for (const [level, print] of [
    ['warning', core.warning],
    ['notice', core.notice],
  ] as const) {
    const said = remarks(level).join(' ');
    if (said !== '') print(cut(logLine(said), 4000));
  }
  await summarize(report, inputs.summary, event);
  const reasons = [...(report.exitCode === 0 ? [] : [failure(report)]), ...written.problems, ...scanned.problems];
  if (reasons.length > 0) core.setFailed(cut(logLine(reasons.join(' ')), 4000));
}

interface Written {
  /** Empty where there is no such file. */
  readonly path: string;
  readonly problems: readonly string[];
}

/** Writes the report in one of its forms, where the input names a file. Where it can't be written the step fails, but says everything else first. */
async function writeFileOf(input: string, file: string | null, pieces: Iterable<string>): Promise<Written> {
  if (file === null) return { path: '', problems: [] };
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, pieces);
    return { path: file, problems: [] };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = `The report could not be written to ${JSON.stringify(file)} (${code}). Look at ${input}.`;
    return { path: '', problems: [problem] };
  }
}

function log(report: Report, path: string): void {
  core.startGroup('Reading Stripe');
  for (const [name, { status, declared, live, requests, durationMs, reason }] of report.sections) {
    const read = live === null ? [] : [`${live} live, ${declared} declared`];
    const found = [...read, ...(status === 'read' ? [] : [`not ${live === null ? '' : 'all '}read: ${reason}`])].join(
      ', ',
    );
    core.info(logLine(`${name}: ${found} (${plural(requests, 'request')}, ${seconds(durationMs)})`));
  }
  core.endGroup();
  core.startGroup('Findings');
  const bounds = { most: MOST_FINDINGS, elsewhere: path === '' ? 'the job summary has more' : `${path} has them` };
  for (const line of terminal(report, plainScreen, bounds).trimEnd().split('\n')) core.info(logLine(line));
  core.endGroup();
}

/** Where else this run has written: paths, an address, a number; empty or null where nothing was. */
interface Outlets {
  readonly report: string;
  readonly sarif: string;
  readonly comment: string | null;
  readonly issue: number | null;
}

function setOutputs(report: Report, written: Outlets): void {
  const { status, counts, compared, mode, fingerprint } = report;
  const drift = hasDrift(report.findings);
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
    pending: known?.pending,
    resolved: known?.resolved,
    mode,
    'report-path': written.report,
    'sarif-path': written.sarif,
    'comment-url': written.comment,
    'issue-number': written.issue,
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
  if (when === 'never' || (when === 'on-drift' && report.status === 'in-sync') || !process.env.GITHUB_STEP_SUMMARY)
    return;
  await core.summary.addRaw(markdown(report, { lineUrl: ({ file, line }) => event.lineUrl(file, line) })).write();
}

await run();
if (interruption.code !== null) process.exitCode = interruption.code;
