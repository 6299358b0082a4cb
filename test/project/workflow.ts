/**
 * A workflow file, and the running of one of its jobs as far as this project's own workflows need it: steps that use the
 * Action, with the committed bundle; steps that run a script, in bash; outputs and outcomes handed from step to step.
 * Steps that use other actions do nothing: the files of the repository lie in the workspace already.
 */
import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { owner, version } from '../../.ci/stamp.ts';
import { type ActionRun, type ActionStep, fileCommand, node24, repository, runAction } from '../runner.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

type Scalar = string | number | boolean;

export interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, Scalar>>;
  readonly with?: Readonly<Record<string, Scalar>>;
  readonly 'continue-on-error'?: boolean;
}
export interface Job {
  /** A job that calls a workflow: it has no steps of its own. */
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly strategy?: { readonly matrix: { readonly include?: readonly Readonly<Record<string, string>>[] } };
  readonly steps?: readonly Step[];
}
export interface Workflow {
  readonly on: { readonly schedule?: readonly { readonly cron: string }[] };
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string };
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The Action as a user writes it. */
export const ours = `${owner}/stripe-config-check@v${version.split('.')[0]}`;

/** Whether a step uses the Action, of this checkout or as a user writes it. */
export const isOurs = ({ uses }: Step): boolean => uses === './' || uses === ours;

/** What expressions may name: `secrets`, `matrix`, `inputs`, `needs`. */
type Contexts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface Setting {
  readonly contexts?: Contexts;
  readonly files?: Readonly<Record<string, string>>;
  /** Inputs that every step gets which uses the Action, over its own. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event?: ActionStep['event'];
}

export interface Played {
  readonly result: 'success' | 'failure';
  /** By their ids. */
  readonly steps: Readonly<Record<string, Done>>;
  /** The runs of the Action, in order. */
  readonly runs: readonly ActionRun[];
  /** What the scripts printed. */
  readonly printed: string;
}

interface Done {
  readonly outcome: 'success' | 'failure';
  readonly outputs: Readonly<Record<string, string>>;
}

/** Runs the steps of a job, one after the other. */
export async function play(job: Job, { contexts = {}, files = {}, inputs = {}, event }: Setting): Promise<Played> {
  const workspace = repository(files);
  for (const folder of ['dist', 'test']) symlinkSync(join(root, folder), join(workspace, folder));
  const steps: Record<string, Done> = {};
  const runs: ActionRun[] = [];
  let printed = '';
  let result: Played['result'] = 'success';

  const act = async (step: Step): Promise<Done> => {
    const evaluated = (values: Step['with'] = {}) =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, evaluate(String(value), { ...contexts, steps })]),
      );
    if (isOurs(step)) {
      const run = await runAction({
        workspace,
        inputs: { ...evaluated(step.with), ...inputs },
        ...(event === undefined ? {} : { event }),
      });
      runs.push(run);
      return { outcome: run.exitCode === 0 ? 'success' : 'failure', outputs: run.outputs };
    }
    if (step.run === undefined) return { outcome: 'success', outputs: {} };
    const script = await runScript(step.run, evaluated(step.env), workspace);
    printed += script.printed;
    return script;
  };

  for (const step of job.steps ?? []) {
    if (result === 'failure' && !step.if?.startsWith('always()')) continue;
    const done = await act(step);
    if (step.id !== undefined) steps[step.id] = done;
    if (done.outcome === 'failure' && step['continue-on-error'] !== true) result = 'failure';
  }
  return { result, steps, runs, printed };
}

/** As the runner runs a script without `shell`: bash that stops at the first failure. */
function runScript(
  script: string,
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Done & { printed: string }> {
  const output = join(repository({}), 'output');
  writeFileSync(output, '');
  const path = [dirname(node24), process.env.PATH].join(delimiter);
  const all = { PATH: path, GITHUB_OUTPUT: output, ...env };
  return new Promise((resolve) => {
    execFile('bash', ['--norc', '-e', '-c', script], { cwd, env: all }, (error, stdout, stderr) => {
      const outcome = error === null ? 'success' : 'failure';
      resolve({ outcome, outputs: fileCommand(readFileSync(output, 'utf8')), printed: `${stdout}${stderr}` });
    });
  });
}

/** Replaces each `${{ }}`: a path into the contexts, `a.b.c` or `a[b.c]`. What is not there is empty. Throws on anything else. */
function evaluate(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_all, expression: string) => String(look(expression, contexts) ?? ''));
}

function look(expression: string, contexts: Contexts): unknown {
  const [, context, index] = /^(\w+)\[(.+)\]$/.exec(expression) ?? [];
  const path = context === undefined ? expression.split('.') : [context, String(look(index ?? '', contexts))];
  if (!path.every((name) => /^[\w-]+$/.test(name)) || contexts[path[0] ?? ''] === undefined)
    throw new Error(`The tests cannot evaluate ${expression}`);
  return path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], contexts);
}
