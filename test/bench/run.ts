/** Runs the scenarios: the program and the script in turn, against one server, and whether what the program found is right. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'rolldown/utils';
import { WEBHOOKS } from './account.ts';
import { declaredOf, fileOf } from './declaration.ts';
import { measure, type Usage } from './measure.ts';
import type { Check, Lint, Scenario, Start } from './scenarios.ts';
import { smallest } from './scenarios.ts';
import { type Asked, keyOf, type Serving } from './server.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Sample extends Usage {
  readonly asked: Asked;
}

/** A scenario with its runs, in the same order. */
export interface Measured {
  readonly scenario: Scenario;
  readonly ours: readonly Sample[];
  /** The script that only reads, where it is measured. */
  readonly script: readonly Sample[];
  /** The script that parses the file and compares as well, where it is measured. */
  readonly comparing: readonly Sample[];
}

/** The server in its process. */
export interface ServerProcess {
  readonly url: string;
  serve(serving: Serving): Promise<void>;
  take(): Promise<Asked>;
  close(): void;
}

export interface Bench {
  /** The folder of the bundles. */
  readonly dist: string;
  readonly server: ServerProcess;
  /** A directory of its own, in which everything runs. */
  readonly place: string;
  /** The script, as JavaScript. */
  readonly script: string;
  close(): void;
}

/** Starts the server, for the bundles of a folder. */
export async function openBench(dist: string): Promise<Bench> {
  const place = mkdtempSync(path.join(tmpdir(), 'stripe-config-check-bench-'));
  const server = await forkServer();
  return {
    dist: path.resolve(root, dist),
    server,
    place,
    script: scriptFile(),
    close() {
      server.close();
      rmSync(place, { recursive: true, force: true });
    },
  };
}

async function forkServer(): Promise<ServerProcess> {
  const child = fork(fileURLToPath(new URL('serve.ts', import.meta.url)), [], { execArgv: [] });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The server has ended.')));
  ended.catch(() => {});
  const answer = (): Promise<unknown> =>
    Promise.race([new Promise<unknown>((resolve) => child.once('message', resolve)), ended]);
  const url = (await answer()) as string;
  return {
    url,
    async serve({ account, latencyMs, isLimited }) {
      child.send({ account, latencyMs, isLimited } satisfies Serving);
      await answer();
    },
    async take() {
      child.send('take');
      return (await answer()) as Asked;
    },
    close() {
      child.disconnect();
    },
  };
}

/** The script as JavaScript, where it finds the SDK: to take its types away would be measured too. */
function scriptFile(): string {
  const { code, errors } = transformSync('script.ts', readFileSync(new URL('script.ts', import.meta.url), 'utf8'));
  if (errors.length > 0) throw new Error('script.ts is no TypeScript.');
  const folder = path.join(root, 'node_modules/.cache/bench');
  const file = path.join(folder, 'script.mjs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, code);
  return file;
}

/** Measures a scenario so many times, but once what takes minutes. */
export async function run(bench: Bench, scenario: Check | Lint, runs: number): Promise<Measured> {
  const [ours, script, comparing]: [Sample[], Sample[], Sample[]] = [[], [], []];
  const isLong = scenario.kind === 'check' && scenario.isLong;
  prepare(bench, scenario);
  for (let index = 0; index < (isLong ? 1 : runs); index += 1) {
    ours.push(await program(bench, scenario));
    if (scenario.kind === 'lint') continue;
    if (scenario.peers.includes('script')) script.push(await served(bench, scenario, { args: [bench.script] }));
    if (scenario.peers.includes('comparing'))
      comparing.push(await served(bench, scenario, { args: [bench.script, FILE] }));
  }
  return { scenario, ours, script, comparing };
}

/** Measures all that start, in turn: each a first time that does not count. What tells the CPU takes time, so that each runs without it for its wall, and with it for the rest. */
export async function runStarts(bench: Bench, starts: readonly Start[], runs: number): Promise<Measured[]> {
  const samples = starts.map((): Sample[] => []);
  prepare(bench, smallest);
  for (let index = 0; index <= runs; index += 1) {
    for (const [at, { command }] of starts.entries()) {
      const args = startArgs(bench, command);
      const { wallMs } = await served(bench, smallest, { args, isWallOnly: true });
      const sample = await served(bench, smallest, { args });
      if (index > 0) samples[at]?.push({ ...sample, wallMs });
    }
  }
  return starts.map((scenario, at) => ({ scenario, ours: samples[at] ?? [], script: [], comparing: [] }));
}

/** Runs a scenario once, and writes a profile of it into a folder. Gives its path. */
export async function profile(bench: Bench, scenario: Scenario, folder: string): Promise<string> {
  const name = `${scenario.name}.cpuprofile`;
  const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}`];
  if (scenario.kind === 'start') {
    prepare(bench, smallest);
    await served(bench, smallest, { args: [...flags, ...startArgs(bench, scenario.command)] });
  } else {
    prepare(bench, scenario);
    await program(bench, scenario, flags);
  }
  return path.join(folder, name);
}

const FILE = 'stripe-config.yaml';
const REPORT = 'report.json';
const cli = ({ dist }: Bench) => path.join(dist, 'cli/index.js');

function startArgs(bench: Bench, command: Start['command']): string[] {
  const unbounded = ['--requests-per-second', String(smallest.ceiling)];
  return {
    empty: ['-e', '0'],
    version: [cli(bench), '--version'],
    lint: [cli(bench), 'lint', FILE],
    check: [cli(bench), 'check', FILE, ...unbounded],
  }[command];
}

function prepare({ place }: Bench, { account, declaration }: Check | Lint): void {
  writeFileSync(path.join(place, FILE), fileOf(account, declaration));
}

/** One run of the program. A check writes the report, as the Action always does. */
async function program(bench: Bench, scenario: Check | Lint, flags: readonly string[] = []): Promise<Sample> {
  if (scenario.kind === 'lint') {
    const args = [...flags, cli(bench), 'lint', FILE, '--fail-on', 'never'];
    return served(bench, smallest, { args, exitCode: scenario.declaration.isWrong ? 1 : 0 });
  }
  const { ceiling } = scenario;
  const options = ['--fail-on', 'never', '--report-file', REPORT, '--requests-per-second', String(ceiling)];
  const args = [...flags, cli(bench), 'check', FILE, ...options, '--timeout-seconds', '3600'];
  const sample = await served(bench, scenario, { args });
  verify(scenario, sample.asked, JSON.parse(readFileSync(path.join(bench.place, REPORT), 'utf8')));
  return sample;
}

async function served(
  { server, place }: Bench,
  serving: Serving,
  command: Pick<Parameters<typeof measure>[0], 'args' | 'isWallOnly' | 'exitCode'>,
): Promise<Sample> {
  await server.serve(serving);
  const env = { STRIPE_API_KEY: keyOf(serving.account.mode), STRIPE_API_BASE: server.url };
  const usage = await measure({ ...command, env, place });
  return { ...usage, asked: await server.take() };
}

interface Report {
  readonly status: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly error: { readonly message: string } | null;
}

/** Nothing that is fast and wrong is measured: all that is declared is in sync, and all else is found to be undeclared. */
function verify({ name, account, declaration }: Check, { refused }: Asked, { status, counts, error }: Report): void {
  const declared = declaredOf(declaration);
  const live = { ...account, webhooks: WEBHOOKS };
  const sections = Object.entries(declared).filter(([, count]) => count > 0);
  const others = sections.map(([section, count]) => live[section as keyof typeof declared] - count);
  const unmanaged = declaration.ignoresOthers ? 0 : others.reduce((all, count) => all + count, 0);
  const checked = sections.reduce((all, [, count]) => all + count, 0);
  const wanted = { status: unmanaged === 0 ? 'in-sync' : 'drift', checked, unmanaged, differ: 0 };
  const differ = ['missing', 'changed', 'ambiguous'].reduce((all, problem) => all + (counts[problem] ?? 0), 0);
  const got = { status, checked: counts.checked, unmanaged: counts.unmanaged, differ };
  if (JSON.stringify(got) === JSON.stringify(wanted) && refused.length === 0) return;
  const said = [error?.message, ...refused.slice(0, 3)].filter((one) => one !== undefined).join('; ');
  throw new Error(`${name} found ${JSON.stringify(got)} in place of ${JSON.stringify(wanted)}. ${said}`);
}
