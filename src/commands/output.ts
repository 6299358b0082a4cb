import { writeFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { CheckError } from '../errors.ts';
import type { Report } from '../model.ts';
import { exitCode, type FailOn } from '../policy.ts';
import { shown } from '../privacy.ts';
import { githubCommands } from '../report/annotations.ts';
import { reportJson } from '../report/json.ts';
import { markdown } from '../report/markdown.ts';
import { sarif } from '../report/sarif.ts';
import { type Paint, plainPaint, terminal } from '../report/terminal.ts';
import { options, type Values } from './options.ts';

/** The options that say how a report is printed, and when it fails. */
export const reportOptions = {
  'fail-on': options['fail-on'],
  format: options.format,
  output: options.output,
  'show-values': options['show-values'],
} as const;

/** Prints a report as the options say, and gives the exit code. */
export async function printReport(found: Report, values: Values<typeof reportOptions>): Promise<number> {
  const { format, output, 'fail-on': failOn, 'show-values': showing } = values;
  const report = shown(found, showing);
  const printed = {
    terminal: () => terminal(report, paintFor(output)) + whatWouldFail(report, failOn),
    json: () => [...reportJson(report)].join(''),
    markdown: () => markdown(report),
    github: () => githubCommands(report),
    sarif: () => [...sarif(report)].join(''),
  }[format]();
  await print(printed, output);
  return report.exitCode;
}

/** Prints on standard output, or into the file that `--output` names. */
export async function print(text: string, output: string | null): Promise<void> {
  if (output === null) {
    process.stdout.write(text);
    return;
  }
  try {
    await writeFile(output, text);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CheckError(
      `--output ${JSON.stringify(output)} can't be written (${code}).`,
      'Name a file in a folder that exists.',
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
} as const;

/** The colours of what is printed: none in a file, or where standard output is no terminal. */
export function paintFor(output: string | null): Paint {
  const coloured = output === null && process.stdout.isTTY === true && !process.env.NO_COLOR;
  return coloured ? (style, piece) => styleText(colours[style], piece, { validateStream: false }) : plainPaint;
}

/** With --fail-on never, what the exit code would be by default. */
function whatWouldFail({ status, findings, exitCode: code }: Report, failOn: FailOn): string {
  const byDefault = exitCode(status, findings, 'error');
  return failOn === 'never' && byDefault !== code
    ? `\nExit code ${code}, because of --fail-on never; by default this check exits ${byDefault}.\n`
    : '';
}

/** A line on the terminal that says how far a reading of more than a second has come. */
export interface ProgressLine {
  show(section: string, objects: number): void;
  clear(): void;
}

export function progressLine(): ProgressLine {
  const counts = new Map<string, number>();
  const started = performance.now();
  let shown = false;
  return {
    show(section, objects) {
      counts.set(section, objects);
      if (process.stderr.isTTY !== true || performance.now() - started < 1000) return;
      shown = true;
      process.stderr.write(
        `\r\x1b[KReading Stripe: ${[...counts].map(([name, count]) => `${count} ${name}`).join(', ')}`,
      );
    },
    clear() {
      if (shown) process.stderr.write('\r\x1b[K');
    },
  };
}
