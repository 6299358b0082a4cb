import path from 'node:path';
import * as core from '@actions/core';
import type { FailOn } from '../check/policy.ts';
import { CheckError } from '../errors.ts';
import { overwriting } from '../files.ts';
import { INPUTS } from '../inputs/action.ts';
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
} from '../inputs/values.ts';
import { SHOW_VALUES } from '../report/privacy.ts';
import { filesNamed } from './checkout.ts';
import { inside, pathsInside, shownPath, temporary, workspace } from './workspace.ts';

/** The inputs of the Action as typed values; action.yml says what each means. */
export interface Inputs {
  readonly key: string;
  /** The second of two keys whose realms are compared with each other; null where the file is compared with one. */
  readonly otherKey: string | null;
  readonly otherEnvironment: string | null;
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

type Name = keyof typeof INPUTS;

/** The text of an input as it was given, without white space around it; empty where it was left out. */
export function given(name: Name): string {
  return core.getInput(name).trim();
}

/** Reads every input once. What is wrong with them joins the problems that are known, and none ends the reading. */
export async function readInputs(key: string, known: readonly CheckError[]): Promise<Inputs> {
  const problems = [...known];
  const checked = <T>(name: Name, read: (name: string, value: string) => T, otherwise?: T): T => {
    try {
      return read(name, given(name) || INPUTS[name]);
    } catch (error) {
      if (!(error instanceof CheckError)) throw error;
      problems.push(error);
      return otherwise === undefined ? read(name, INPUTS[name]) : otherwise;
    }
  };
  const word = <T extends string>(name: Name, ...words: T[]): T =>
    checked(name, (_, value) => oneOf(name, value, words));
  const number = (name: Name, { least, most }: Range): number =>
    checked(name, (_, value) => numberWithin(name, value, least, most));
  const answer = (name: Name): boolean => checked(name, yesOrNo);
  const unlessEmpty = <T>(name: Name, read: () => T): T | null => (given(name) === '' ? null : read());
  const output = (name: Name, fallback: string): string =>
    checked(
      name,
      (_, value) => inside(name, value || fallback, [workspace, temporary]),
      path.resolve(workspace, fallback),
    );
  const files = {
    reportFile: output('report-file', path.join(temporary, 'stripe-config-report.json')),
    sarifFile: unlessEmpty('sarif-file', () => output('sarif-file', 'stripe-config.sarif')),
  };
  const config = checked('config', pathsInside, [INPUTS.config]);
  const parity = word('parity', 'auto', 'true', 'false');
  const other = given('stripe-api-key-other');
  const inputs = {
    key,
    otherKey: parity === 'true' || (parity === 'auto' && other !== '') ? other : null,
    otherEnvironment: unlessEmpty('environment-other', () => given('environment-other')),
    config,
    environment: unlessEmpty('environment', () => given('environment')),
    connected: unlessEmpty('stripe-account', () => checked<string | null>('stripe-account', accountId, null)),
    onMissingKey: word('on-missing-key', 'auto', 'skip', 'fail'),
    failOn: word('fail-on', ...limits.failOn),
    annotations: answer('annotations'),
    summary: word('summary', 'always', 'on-drift', 'never'),
    requestsPerSecond: number('requests-per-second', limits.requestsPerSecond),
    timeoutSeconds: number('timeout-seconds', limits.timeoutSeconds),
    apiBase: checked('stripe-api-base', apiBase),
    allowPullRequestTarget: answer('allow-pull-request-target'),
    showValues: word('show-values', ...SHOW_VALUES),
    comment: word('comment', 'never', 'on-drift', 'always'),
    issue: answer('issue'),
    issueLabels: checked('issue-labels', labels),
    issueAssignees: checked('issue-assignees', logins),
    githubToken: checked('github-token', token),
    reportKey: unlessEmpty('report-key', () => given('report-key')),
  };
  const written = await withoutOverwriting(files, config);
  return { ...inputs, ...written.files, problems: [...problems, ...written.problems] };
}

/** The files of the runner that a step writes to or reads. */
const RUNNERS = ['ENV', 'EVENT_PATH', 'OUTPUT', 'PATH', 'STATE', 'STEP_SUMMARY'].map((name) => `GITHUB_${name}`);

type OutputFiles = Pick<Inputs, 'reportFile' | 'sarifFile'>;

/** Leaves out the files that would replace others; that they would is a problem, before anything is read. */
async function withoutOverwriting(
  { reportFile, sarifFile }: OutputFiles,
  config: readonly string[],
): Promise<{ files: OutputFiles; problems: readonly CheckError[] }> {
  const outputs = [
    { name: 'report-file', file: reportFile },
    { name: 'sarif-file', file: sarifFile },
  ].flatMap(({ name, file }) => (file === null ? [] : [{ name, file }]));
  const configuration = await filesNamed(config);
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
  const files = { reportFile: unless(reportFile), sarifFile: unless(sarifFile) };
  return { files, problems: refused.map(({ error }) => error) };
}
