// Measures the bundles against a Stripe of our own: `npm run bench -- --help`. README.md beside this says how to read it.
import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type Bench, type Measured, openBench, profile, root, run, runStarts } from './run.ts';
import { isQuick, type Scenario, type Start, scenarios } from './scenarios.ts';
import { tables } from './tables.ts';
import { isNeeded, targetTable } from './targets.ts';

const HELP = `npm run bench -- [NAME…] [OPTION…]

NAME            a scenario, or all whose names begin so, such as start, reading, working-10 (default: all)
--runs N        runs of each, of which the median counts (default 3; one of what takes minutes; of starts five times as many)
--quick         up to 1,000 prices, one run: under a minute
--targets       only what the targets need, and whether each is met
--profile NAME  one run of this scenario with a CPU profile, in build/
--dist DIR      the folder of the bundles (default dist; build/readable has names of functions after a build)
--list          the names of all scenarios
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    targets: { type: 'boolean', default: false },
    profile: { type: 'string' },
    dist: { type: 'string', default: 'dist' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** A start is so short that chance says more: it is measured this much more often. */
const STARTS = 5;

if (values.help) process.stdout.write(HELP);
else if (values.list) process.stdout.write(`${scenarios.map(({ name }) => name).join('\n')}\n`);
else await main();

async function main(): Promise<void> {
  const chosen = chosenScenarios();
  const runs = values.quick ? 1 : Number(values.runs);
  if (!(runs >= 1)) throw new Error('--runs takes a number from 1.');
  const bench = await openBench(values.dist);
  try {
    if (values.profile === undefined) await measureAll(bench, chosen, runs);
    else await profileAll(bench, chosen);
  } finally {
    bench.close();
  }
}

function chosenScenarios(): readonly Scenario[] {
  const { profile: profiled } = values;
  const names = profiled === undefined ? positionals : [profiled];
  const isWhole = (given: string) => profiled !== undefined || scenarios.some(({ name }) => name === given);
  const isNamed = ({ name }: Scenario, given: string) => (isWhole(given) ? name === given : name.startsWith(given));
  const unknown = names.find((given) => !scenarios.some((scenario) => isNamed(scenario, given)));
  if (unknown !== undefined) throw new Error(`No scenario is called ${unknown}: npm run bench -- --list`);
  return scenarios.filter(
    (scenario) =>
      (names.length === 0 || names.some((given) => isNamed(scenario, given))) &&
      (!values.quick || isQuick(scenario)) &&
      (!values.targets || isNeeded(scenario)),
  );
}

async function measureAll(bench: Bench, chosen: readonly Scenario[], runs: number): Promise<void> {
  const measured: Measured[] = [];
  const failed: string[] = [];
  const starts = chosen.filter((one): one is Start => one.kind === 'start');
  if (starts.length > 0) {
    const empty = scenarios.filter((one): one is Start => one.name === 'start-empty');
    tell('start');
    measured.push(...(await runStarts(bench, [...new Set([...empty, ...starts])], STARTS * runs)));
  }
  for (const scenario of chosen) {
    if (scenario.kind === 'start') continue;
    tell(scenario.name);
    // What was measured before is not lost where one fails.
    await run(bench, scenario, runs).then(
      (one) => measured.push(one),
      (error: Error) => failed.push(error.message),
    );
  }
  tell('');
  const load = os.loadavg().map((value) => value.toFixed(1));
  const machine = `Node ${process.version}, ${os.cpus().length} cores, load ${load.join(', ')}; runs: ${runs}.`;
  const parts = [machine, tables(measured), ...(values.targets ? [targetTable(measured)] : []), ...failed];
  process.stdout.write(`${parts.filter((part) => part !== '').join('\n\n')}\n`);
  if (failed.length > 0) process.exitCode = 1;
}

async function profileAll(bench: Bench, chosen: readonly Scenario[]): Promise<void> {
  const folder = path.join(root, 'build');
  mkdirSync(folder, { recursive: true });
  for (const scenario of chosen) process.stdout.write(`${await profile(bench, scenario, folder)}\n`);
}

/** Says what is being measured: in one line, on a terminal. */
function tell(name: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${name}` : `${name}\n`);
}
