import { fstatSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { wrapAnsi } from 'fast-wrap-ansi';
import { exitCode, type FailOn } from '../check/policy.ts';
import { CheckError } from '../errors.ts';
import { hasOpenLog } from '../github/visibility.ts';
import type { Report } from '../model.ts';
import { githubCommands } from '../report/annotations.ts';
import { brief } from '../report/brief.ts';
import type { Lines } from '../report/excerpt.ts';
import { reportJson } from '../report/json.ts';
import { lintBrief, lintText } from '../report/lint.ts';
import { markdown } from '../report/markdown.ts';
import { sarif } from '../report/sarif.ts';
import { plainScreen, type Screen } from '../report/screen.ts';
import { MOST_FINDINGS, terminal } from '../report/terminal.ts';
import { plural } from '../report/words.ts';
import { resourceOf } from '../resources/index.ts';
import { cut } from '../text.ts';
import { options, type Values } from './options.ts';

/** The options that say how a report is printed, and when it fails. */
export const reportOptions = {
  'fail-on': options['fail-on'],
  format: options.format,
  output: options.output,
  'report-file': options['report-file'],
  quiet: options.quiet,
  all: options.all,
} as const;

/** What a report for people shows besides: how to fix each finding, where the command can say that, and lines of the files. */
export interface Shown {
  readonly lines: Lines;
  /** Null for `lint`, which finds nothing to fix in Stripe. */
  readonly fixes: boolean | null;
}

/** Prints a report as the options say, and gives the exit code. */
export async function printReport(report: Report, values: Values<typeof reportOptions>, shown: Shown): Promise<number> {
  const { format, output, 'report-file': file } = values;
  const printed = {
    terminal: () => forPeople(report, values, shown),
    json: () => [...reportJson(report)].join(''),
    markdown: () => markdown(report, { isLint: shown.fixes === null }),
    github: () => githubCommands(report),
    sarif: () => [...sarif(report)].join(''),
  }[format]();
  await print(printed, output);
  if (file !== null) await write('--report-file', file, reportJson(report));
  return report.exitCode;
}

function forPeople(
  report: Report,
  { output, quiet, all, 'fail-on': failOn }: Values<typeof reportOptions>,
  { lines, fixes }: Shown,
): string {
  const screen = screenFor(output);
  const bounds = { most: all ? Number.POSITIVE_INFINITY : MOST_FINDINGS, elsewhere: '--all' };
  if (quiet && report.exitCode === 0) return '';
  if (quiet) return (fixes === null ? lintBrief : brief)(report, screen, bounds);
  const text =
    fixes === null
      ? lintText(report, screen, { ...bounds, lines })
      : terminal(report, screen, { ...bounds, lines, fixes, fixesElsewhere: '--fixes' });
  return text + screen.wrap(whatWouldFail(report, failOn), 0);
}

/** How many objects of each kind there are: `4 webhook endpoints`. */
export function countWords(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].map(([section, count]) => {
    const { kind, shape } = resourceOf(section);
    return shape === 'single' ? kind : plural(count, kind);
  });
}

/** Prints on standard output, or into the file that `--output` names. */
export async function print(text: string, output: string | null): Promise<void> {
  if (output === null) process.stdout.write(text);
  else await write('--output', output, [text]);
}

/** Refuses to print all that is live into the log of a workflow that anybody can read. A file in the place of the log is none. */
export function refuseOpenLog(command: string): void {
  if (!hasOpenLog() || fstatSync(process.stdout.fd).isFile()) return;
  throw new CheckError(
    `${command} would print what is live into the log of this workflow, which anyone can read: the repository is public, or not known to be private.`,
    'Give --output FILE.',
  );
}

async function write(option: string, file: string, pieces: Iterable<string>): Promise<void> {
  try {
    await writeFile(file, pieces);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const remedies: { readonly [code: string]: string } = {
      EISDIR: 'Name a file in that folder.',
      ENOENT: 'Name a file in a folder that exists.',
      ENOSPC: 'The disk is full, so the file is not whole: make room, and run it again.',
    };
    throw new CheckError(
      `${option} ${JSON.stringify(file)} can't be written (${code}).`,
      remedies[code ?? ''] ?? 'Name a file that can be written.',
      { cause },
    );
  }
}

const colours = {
  error: 'red',
  warning: 'yellow',
  notice: 'cyan',
  good: 'green',
  strong: 'bold',
  faint: 'dim',
  expected: 'green',
  actual: 'red',
} as const;

/** Fewer columns than these are not wrapped at. */
const NARROWEST = 20;

/** How text is shown on standard output, or in the file that `--output` names. */
export function screenFor(output: string | null): Screen {
  return output === null ? screenOf(process.stdout) : plainScreen;
}

/** How text is shown on a stream: without colours, and each paragraph on a line, where it is no terminal. */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  // Node knows NO_COLOR, FORCE_COLOR and terminals without colours.
  const coloured = styleText('bold', ' ', { stream }) !== ' ';
  const width = stream.isTTY === true && stream.columns > 0 ? stream.columns : null;
  return {
    columns: width ?? plainScreen.columns,
    paint: coloured ? (style, text) => styleText(colours[style], text, { validateStream: false }) : plainScreen.paint,
    wrap: width === null ? plainScreen.wrap : (text, column) => wrapped(text, column, width),
  };
}

function wrapped(text: string, column: number, width: number): string {
  return wrapAnsi(text, Math.max(NARROWEST, width - column)).replaceAll('\n', `\n${' '.repeat(column)}`);
}

/** With --fail-on never, what the exit code would be by default. */
function whatWouldFail({ status, findings, exitCode: code }: Report, failOn: FailOn): string {
  const byDefault = exitCode(status, findings, 'error');
  return failOn === 'never' && byDefault !== code
    ? `\nExit code ${code}, because of --fail-on never. Without it the exit code is ${byDefault}.\n`
    : '';
}

/** A line on the terminal that says how far a reading of more than a second has come. */
export interface ProgressLine {
  show(section: string, objects: number): void;
  clear(): void;
}

const PROGRESS_AFTER_MS = 1000;

/** Nothing is shown where standard error is no terminal, or `quiet` asks for that. */
export function progressLine(quiet: boolean): ProgressLine {
  const { stderr } = process;
  if (quiet || stderr.isTTY !== true) return { show() {}, clear() {} };
  const counts = new Map<string, number>();
  let shown = false;
  const draw = () => {
    shown = true;
    const read = [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
    stderr.write(`\r\x1b[K${cut(`Reading Stripe${read === '' ? ' …' : `: ${read}`}`, stderr.columns - 1)}`);
  };
  const timer = setTimeout(draw, PROGRESS_AFTER_MS).unref();
  return {
    show(section, objects) {
      counts.set(section, objects);
      if (shown) draw();
    },
    clear() {
      clearTimeout(timer);
      if (shown) stderr.write('\r\x1b[K');
    },
  };
}
