/** What the program is to reach, and what was measured. */
import { densities } from './account.ts';
import { median } from './measure.ts';
import type { Measured } from './run.ts';
import { bound, type Check, fewest, type Scenario, scenarios, sum } from './scenarios.ts';
import { cpu, figuresOf, mebibytes, ratio, seconds, times, toEmpty, wall } from './tables.ts';

/** One part of a target: what was measured, in words, and whether it is enough. */
interface Part {
  readonly got: string;
  readonly isMet: boolean;
}

interface Target {
  readonly wanted: string;
  /** The scenarios that it needs, and what each has to show. */
  readonly parts: readonly (readonly [name: string, (measured: Measured, find: Find) => Part])[];
}

type Find = (name: string) => Measured | undefined;

const checks = scenarios.filter((scenario): scenario is Check => scenario.kind === 'check');

/** The most of each ratio or figure that may be. */
const most =
  (value: (measured: Measured, find: Find) => number, form: (value: number) => string, limit: number) =>
  (measured: Measured, find: Find): Part => {
    const got = value(measured, find);
    return { got: form(got), isMet: got <= limit };
  };

const requestsToFewest = ({ scenario, ours }: Measured): Part => {
  const least = sum(fewest(scenario as Check));
  const { requests } = figuresOf(ours);
  const isSmall = (scenario as Check).account.prices <= 1_000;
  const limit = isSmall ? 1.05 * least + 2 : 1.15 * least;
  return { got: `${requests}/${least}`, isMet: requests <= limit };
};

const wallToBound = ({ scenario, ours }: Measured) => figuresOf(ours).wallMs / bound(scenario as Check);
/** Beside one of the scripts; in brackets, beside the other, which does not decide. */
const beside =
  (peer: 'script' | 'comparing', what: string, value: typeof wall, limit: number) =>
  (measured: Measured): Part => {
    const got = ratio(measured, peer, value);
    const other = ratio(measured, peer === 'script' ? 'comparing' : 'script', value);
    return { got: `${what} ${times(got)} (${times(other)})`, isMet: got <= limit };
  };
const peakOf = ({ ours }: Measured) => figuresOf(ours).peakMib;
const asked = (endpoints: RegExp) => (measured: Measured) =>
  median(
    measured.ours.map(({ asked: { requests } }) =>
      Object.entries(requests).reduce((all, [endpoint, count]) => (endpoints.test(endpoint) ? all + count : all), 0),
    ),
  );
const cpuGrowth = ({ scenario, ours }: Measured, find: Find) => {
  const smaller = 'smaller' in scenario ? find(scenario.smaller ?? '') : undefined;
  return smaller === undefined ? Number.NaN : figuresOf(ours).cpuMs / figuresOf(smaller.ours).cpuMs;
};
/** On a machine that does other things too: what the process used, where it waited for a core, and else its wall. */
const quietSeconds = ({ ours }: Measured) => median(ours.map(({ wallMs, cpuMs }) => Math.min(wallMs, cpuMs)));
/** By the wall; in brackets by the CPU, which other work on the machine changes less, and which does not decide. */
const started =
  (limit: number) =>
  (measured: Measured, find: Find): Part => {
    const empty = find('start-empty');
    const to = (value: typeof wall) => (empty === undefined ? Number.NaN : toEmpty(measured, empty, value));
    return { got: `${times(to(wall))} (${times(to(cpu))})`, isMet: to(wall) <= limit };
  };
const requests = (value: number) => `${value}`;

const byDensity = (size: number, part: (measured: Measured, find: Find) => Part) =>
  densities.map((density) => [`reading-${size}-${density}`, part] as const);

export const targets: readonly Target[] = [
  {
    wanted: '1. requests ≤ 1.05 × fewest + 2 up to 1,000 objects of a list, ≤ 1.15 × above',
    parts: checks
      .filter(({ name }) => /^reading-\d+-(?:even|day|second)$/.test(name))
      .map(({ name }) => [name, requestsToFewest] as const),
  },
  {
    wanted: '2. wall ≤ 1.25 × bound at 10,000 and 100,000 prices; three sections at 80 ≤ 1.35 ×, at most 5 × 429',
    parts: [
      ...[10_000, 100_000].flatMap((size) => byDensity(size, most(wallToBound, times, 1.25))),
      ['reading-sections-at-80', most(wallToBound, times, 1.35)],
      [
        'reading-sections-at-80',
        most(
          ({ ours }) => figuresOf(ours).limited,
          (value) => `${value} × 429`,
          5,
        ),
      ],
    ],
  },
  {
    // A file with every object is parsed by whoever compares it: the peer is the script that does.
    wanted:
      '3. all of 1,000 and of 10,000 declared: wall and CPU ≤ 1.15 × the script that compares (only reads); peak ≤ 350 MiB at 10,000',
    parts: [
      ['working-1000-of-1000', beside('comparing', 'wall', wall, 1.15)],
      ['working-1000-of-1000', beside('comparing', 'CPU', cpu, 1.15)],
      ['working-10000-of-10000', beside('comparing', 'wall', wall, 1.15)],
      ['working-10000-of-10000', beside('comparing', 'CPU', cpu, 1.15)],
      ['working-10000-of-10000', most(peakOf, mebibytes, 350)],
    ],
  },
  {
    wanted:
      '4. 100 of 20,000: CPU ≤ 2 × the script that only reads (compares), peak ≤ 200 MiB; of 100,000: ≤ 320 MiB; others ignored, read whole: ≤ 160 MiB',
    parts: [
      ['working-100-of-20000', beside('script', 'CPU', cpu, 2)],
      ['working-100-of-20000', most(peakOf, mebibytes, 200)],
      ['working-100-of-100000', most(peakOf, mebibytes, 320)],
      ['working-100-of-20000-others-ignored', most(peakOf, mebibytes, 160)],
      ['working-100-of-100000-others-ignored', most(peakOf, mebibytes, 160)],
    ],
  },
  {
    wanted: '5. CPU from 1,000 to 10,000 ≤ 12-fold; lint of 10,000 entries ≤ 3 s on a quiet core',
    parts: [
      ['working-10000-of-10000', most(cpuGrowth, times, 12)],
      ['working-lint-10000', most(cpuGrowth, (value) => `lint ${times(value)}`, 12)],
      ['working-lint-10000', most(quietSeconds, seconds, 3_000)],
    ],
  },
  {
    wanted: '6. wall (CPU) of lint ≤ 3.5 × an empty Node process, check of 10 prices ≤ 5.5 ×, --version ≤ 2.5 ×',
    parts: [
      ['start-lint', started(3.5)],
      ['start-check', started(5.5)],
      ['start-version', started(2.5)],
    ],
  },
  {
    wanted: '7. 10 of 100,000 prices, others ignored: by lookup key ≤ 2 requests, by id 10; 200 products by id: 2',
    parts: [
      ['reading-keys', most(asked(/^prices /), requests, 2)],
      ['reading-ids', most(asked(/^prices /), requests, 10)],
      ['reading-product-ids', most(asked(/^products /), requests, 2)],
    ],
  },
];

/** What others are compared with. */
const COMPARED = ['start-empty', 'working-lint-1000'];

/** Whether a target needs a scenario. */
export function isNeeded({ name }: Scenario): boolean {
  return COMPARED.includes(name) || targets.some(({ parts }) => parts.some(([part]) => part === name));
}

/** Each target in a row: what is wanted, what was measured, and whether it is enough. */
export function targetTable(all: readonly Measured[]): string {
  const find: Find = (name) => all.find(({ scenario }) => scenario.name === name);
  const rows = targets.map(({ wanted, parts }) => {
    const told = parts.map(([name, part]) => {
      const measured = find(name);
      if (measured === undefined) return null;
      const { got, isMet } = part(measured, find);
      return { said: `${name.replace(/^\w+-/, '')} ${got}${isMet ? '' : ' ✗'}`, isMet };
    });
    const known = told.filter((one) => one !== null);
    const isAll = known.length === told.length;
    const verdict = known.some(({ isMet }) => !isMet) ? 'no' : isAll ? 'ok' : 'not all measured';
    return `| ${wanted} | ${known.map(({ said }) => said).join(', ') || 'not measured'} | ${verdict} |`;
  });
  return ['### Targets', '', '| wanted | got | ok |', '| :-- | :-- | :-- |', ...rows].join('\n');
}
