/** What was measured as Markdown: ratios first, then what they are made of. Each is the median of the runs. */
import { median } from './measure.ts';
import type { Measured, Sample } from './run.ts';
import { bound, type Check, fewest, sum } from './scenarios.ts';

export interface Figures {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMib: number;
  /** Requests that were sent, refused ones too. */
  readonly requests: number;
  readonly limited: number;
  readonly connections: number;
}

export function figuresOf(samples: readonly Sample[]): Figures {
  const of = (value: (sample: Sample) => number) => median(samples.map(value));
  return {
    wallMs: of(({ wallMs }) => wallMs),
    cpuMs: of(({ cpuMs }) => cpuMs),
    peakMib: of(({ peakMib }) => peakMib),
    requests: of(({ asked }) => sum(asked.requests)),
    limited: of(({ asked }) => asked.limited),
    connections: of(({ asked }) => asked.connections),
  };
}

/** How much more the program took than a script in the same run; NaN where that was not measured. */
export function ratio(measured: Measured, peer: 'script' | 'comparing', value: (sample: Sample) => number): number {
  return median(measured[peer].map((one, index) => value(measured.ours[index] as Sample) / value(one)));
}

export const wall = ({ wallMs }: Sample) => wallMs;
export const cpu = ({ cpuMs }: Sample) => cpuMs;
export const peak = ({ peakMib }: Sample) => peakMib;

export function tables(all: readonly Measured[]): string {
  const of = (group: string) => all.filter(({ scenario }) => scenario.name.startsWith(group));
  const find = (name: string | null) => all.find(({ scenario }) => scenario.name === name);
  return [starts(of('start-')), reading(of('reading-'), find), working(of('working-'), find)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function starts(all: readonly Measured[]): string {
  const empty = all.find(({ scenario }) => scenario.name === 'start-empty');
  if (empty === undefined) return '';
  const rows = all.map((measured) => [
    measured.scenario.name,
    times(toEmpty(measured, empty, wall)),
    times(toEmpty(measured, empty, cpu)),
    milliseconds(figuresOf(measured.ours).wallMs),
    milliseconds(figuresOf(measured.ours).cpuMs),
  ]);
  return table('Starting', ['scenario', 'wall ÷ empty', 'CPU ÷ empty', 'wall', 'CPU'], rows);
}

/** How much more a process takes than an empty one that was started in turn with it. */
export function toEmpty(measured: Measured, empty: Measured, value: (sample: Sample) => number): number {
  return median(measured.ours.map((one, index) => value(one) / value(empty.ours[index] as Sample)));
}

type Find = (name: string | null) => Measured | undefined;

function reading(all: readonly Measured[], find: Find): string {
  const rows = all.map((measured) => {
    const check = measured.scenario as Check;
    const ours = figuresOf(measured.ours);
    const least = sum(fewest(check));
    return [
      check.name,
      times(ours.requests / least),
      times(ours.wallMs / bound(check)),
      times(ratio(measured, 'script', wall)),
      times(ratio(measured, 'script', cpu)),
      growth(measured, find),
      `${ours.requests} / ${least}`,
      `${seconds(ours.wallMs)} / ${seconds(bound(check))}`,
      seconds(ours.cpuMs),
      mebibytes(ours.peakMib),
      String(ours.limited),
      String(ours.connections),
    ];
  });
  const head = [
    'scenario',
    'requests ÷ fewest',
    'wall ÷ bound',
    'wall ÷ script',
    'CPU ÷ script',
    'CPU growth',
    'requests / fewest',
    'wall / bound',
    'CPU',
    'peak',
    '429',
    'connections',
  ];
  return table('Reading', head, rows);
}

function working(all: readonly Measured[], find: Find): string {
  const rows = all.map((measured) => {
    const { scenario, ours, script } = measured;
    const [own, other] = [figuresOf(ours), figuresOf(script)];
    return [
      scenario.name,
      times(ratio(measured, 'script', cpu)),
      times(ratio(measured, 'script', wall)),
      times(ratio(measured, 'script', peak)),
      times(ratio(measured, 'comparing', cpu)),
      times(ratio(measured, 'comparing', wall)),
      times(ratio(measured, 'comparing', peak)),
      growth(measured, find),
      beside(seconds, own.cpuMs, other.cpuMs),
      beside(seconds, own.wallMs, other.wallMs),
      beside(mebibytes, own.peakMib, other.peakMib),
      scenario.kind === 'check' ? `${own.requests} / ${sum(fewest(scenario))}` : '–',
    ];
  });
  const head = [
    'scenario',
    'CPU ÷ script',
    'wall ÷ script',
    'peak ÷ script',
    'CPU ÷ comparing',
    'wall ÷ comparing',
    'peak ÷ comparing',
    'CPU growth',
    'CPU (script)',
    'wall (script)',
    'peak (script)',
    'requests / fewest',
  ];
  return table('Working', head, rows);
}

/** How much more CPU ten times as many objects took. */
function growth({ scenario, ours }: Measured, find: Find): string {
  const smaller = 'smaller' in scenario ? find(scenario.smaller) : undefined;
  return smaller === undefined ? '–' : times(figuresOf(ours).cpuMs / figuresOf(smaller.ours).cpuMs);
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, index) => (index === 0 ? ':--' : '--:')));
  return [`### ${title}`, '', line(head), rule, ...rows.map(line)].join('\n');
}

export function times(value: number): string {
  return Number.isNaN(value) ? '–' : `${value.toFixed(2)} ×`;
}

export function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}

export function seconds(value: number): string {
  return `${(value / 1000).toFixed(2)} s`;
}

export function mebibytes(value: number): string {
  return `${value.toFixed(0)} MiB`;
}

function beside(form: (value: number) => string, own: number, other: number): string {
  return Number.isNaN(other) ? form(own) : `${form(own)} (${form(other)})`;
}
