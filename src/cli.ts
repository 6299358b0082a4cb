#!/usr/bin/env node
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { type Base, check, stopped } from './check.ts';
import { didYouMean } from './config/nearest.ts';
import { readSource } from './config/source.ts';
import { CheckError } from './errors.ts';
import { limits, numberWithin, oneOf } from './inputs.ts';
import { listenForSignals } from './interrupt.ts';
import type { Live, Report } from './model.ts';
import { exitCode, type FailOn } from './policy.ts';
import { shown } from './privacy.ts';
import { githubCommands } from './report/annotations.ts';
import { visible } from './report/escape.ts';
import { reportJson } from './report/json.ts';
import { markdown } from './report/markdown.ts';
import { sarif } from './report/sarif.ts';
import { type Paint, plainPaint, terminal } from './report/terminal.ts';
import { bare } from './resources/text.ts';
import { SnapshotLive, StripeLive } from './stripe/live.ts';
import { VERSION } from './version.ts';

const formats = ['terminal', 'json', 'markdown', 'github', 'sarif'] as const;
const commands = ['check', 'lint'] as const;

const options = {
  live: { type: 'string' },
  base: { type: 'string' },
  environment: { type: 'string' },
  'fail-on': { type: 'string' },
  format: { type: 'string' },
  output: { type: 'string' },
  'stripe-account': { type: 'string' },
  'requests-per-second': { type: 'string' },
  'timeout-seconds': { type: 'string' },
  'stripe-api-base': { type: 'string' },
  'show-values': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** Options of a comparison. */
const onlyCheck = [
  'live',
  'base',
  'stripe-account',
  'requests-per-second',
  'timeout-seconds',
  'stripe-api-base',
] as const;

const help = `stripe-config-check ${VERSION}: compares the Stripe configuration that a file declares with what is live.

  stripe-config-check check [FILE]   compare FILE with Stripe (default: stripe-config.yaml)
  stripe-config-check lint [FILE]    check FILE alone, without network and key

The key comes from the environment variable STRIPE_API_KEY: a restricted key that can only read. Nothing is ever written to Stripe.

Options
  --live FILE                 check: compare with a snapshot of the live side (JSON) instead of Stripe
  --base FILE                 check: the file before a change; tells what the change leaves pending from what had drifted
  --environment NAME          the environment of the file; default: the mode of the key (live or test)
  --fail-on LEVEL             exit 2 at findings of this level or above: error (default), warning, notice, never
  --format FORMAT             terminal (default), json, markdown, github (workflow commands), sarif
  --output FILE               write there instead of standard output
  --show-values MODE          full (default); redacted: only the file's side, and what is not declared is counted
  --stripe-account ID         check: the connected account to read
  --requests-per-second N     check: ceiling on requests to Stripe, 1 to 1000; default 20
  --timeout-seconds N         check: deadline for all reading, 1 to 3600; default 300
  --stripe-api-base URL       check: root of the API; default https://api.stripe.com, or STRIPE_API_BASE
  -h, --help                  this text
  -v, --version               the version

Exit codes
  0  nothing reached --fail-on
  1  the file is invalid, or nothing could be compared
  2  a finding reached --fail-on
  3  part of Stripe could not be read
  130, 143  interrupted

Examples
  stripe-config-check lint
  STRIPE_API_KEY=rk_test_… stripe-config-check check stripe-config.yaml
  stripe-config-check check --live snapshot.json --format json --output report.json
`;

const interruption = listenForSignals();

type Values = { readonly [name in keyof typeof options]?: string | boolean | undefined };

/** How a command prints and exits. */
interface Printing {
  readonly format: (typeof formats)[number];
  readonly output: string | null;
  readonly failOn: FailOn;
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.version) return print(`${VERSION}\n`);
  const [command, ...files] = positionals;
  if (values.help || command === 'help' || command === undefined) {
    if (command !== undefined || values.help) return print(help);
    process.stderr.write(help);
    return 1;
  }
  const known = oneOf('The command', command, commands);
  if (files.length > 1)
    throw new CheckError(`${known} takes one file, and ${files.length} were given.`, 'Name one file.');
  const foreign = known === 'lint' ? onlyCheck.filter((name) => values[name] !== undefined) : [];
  if (foreign.length > 0) {
    throw new CheckError(
      `lint takes no --${foreign.join(', no --')}: it asks neither Stripe nor a snapshot.`,
      'Leave it out, or run check.',
    );
  }
  const file = files[0] ?? 'stripe-config.yaml';
  const printing: Printing = {
    format: oneOf('--format', text(values.format) ?? 'terminal', formats),
    output: text(values.output),
    failOn: oneOf('--fail-on', text(values['fail-on']) ?? 'error', limits.failOn),
  };
  const request = {
    file: file.split(path.sep).join('/'),
    environment: text(values.environment),
    failOn: printing.failOn,
    commit: null,
  };
  const showing = oneOf('--show-values', text(values['show-values']) ?? 'full', ['full', 'redacted']);
  const found = known === 'lint' ? await lint(file, request) : await checkFile(file, request, values);
  const report = shown(found, showing);
  await show(report, printing);
  return interruption.code ?? report.exitCode;
}

type Request = Pick<Parameters<typeof check>[0], 'file' | 'environment' | 'failOn' | 'commit'>;

async function lint(file: string, request: Request): Promise<Report> {
  return check({ ...request, source: await readSource(file), live: null });
}

async function checkFile(file: string, request: Request, values: Values): Promise<Report> {
  const source = await readSource(file);
  const progress = progressLine();
  try {
    return await check({
      ...request,
      source,
      base: () => baseFile(text(values.base)),
      live: await liveSide(values, progress.show),
      interrupted: interruption.signal,
    });
  } catch (error) {
    if (error instanceof CheckError) return stopped(request, error);
    throw error;
  } finally {
    progress.clear();
  }
}

async function baseFile(file: string | null): Promise<Base | null> {
  if (file === null) return null;
  const source = await readSource(file);
  if ('problem' in source)
    throw new CheckError(
      `--base names ${bare(file)}, which ${source.problem.split('. ')[0]}.`,
      'Give --base the file before the change.',
    );
  return { name: file, source, file };
}

async function liveSide(values: Values, progress: (section: string, objects: number) => void): Promise<Live> {
  const snapshot = text(values.live);
  if (snapshot !== null) {
    try {
      return new SnapshotLive(await readFile(snapshot, 'utf8'), snapshot);
    } catch (cause) {
      throw new CheckError(
        `The snapshot ${snapshot} can't be read (${(cause as NodeJS.ErrnoException).code}).`,
        'Give --live the path of a snapshot.',
        { cause },
      );
    }
  }
  const { requestsPerSecond: rate, timeoutSeconds: timeout } = limits;
  const live = {
    base: text(values['stripe-api-base']) ?? process.env.STRIPE_API_BASE ?? limits.apiBase,
    connected: text(values['stripe-account']),
    requestsPerSecond: numberWithin(
      '--requests-per-second',
      text(values['requests-per-second']) ?? rate.fallback,
      rate.least,
      rate.most,
    ),
    timeoutSeconds: numberWithin(
      '--timeout-seconds',
      text(values['timeout-seconds']) ?? timeout.fallback,
      timeout.least,
      timeout.most,
    ),
  };
  return new StripeLive(process.env.STRIPE_API_KEY ?? '', { ...live, interrupted: interruption.signal }, progress);
}

async function show(report: Report, { format, output, failOn }: Printing): Promise<void> {
  const toTerminal = output === null && process.stdout.isTTY === true;
  const printed = {
    terminal: () =>
      terminal(report, toTerminal && !process.env.NO_COLOR ? paint : plainPaint) + whatWouldFail(report, failOn),
    json: () => [...reportJson(report)].join(''),
    markdown: () => markdown(report),
    github: () => githubCommands(report),
    sarif: () => [...sarif(report)].join(''),
  }[format]();
  if (output === null) process.stdout.write(printed);
  else await write(output, printed);
}

async function write(file: string, printed: string): Promise<void> {
  try {
    await writeFile(file, printed);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CheckError(
      `--output ${JSON.stringify(file)} can't be written (${code}).`,
      'Name a file in a folder that exists.',
      { cause },
    );
  }
}

/** With --fail-on never, what the exit code would be by default. */
function whatWouldFail({ status, findings, exitCode: code }: Report, failOn: FailOn): string {
  const byDefault = exitCode(status, findings, 'error');
  return failOn === 'never' && byDefault !== code
    ? `\nExit code ${code}, because of --fail-on never; by default this check exits ${byDefault}.\n`
    : '';
}

const colours = {
  error: 'red',
  warning: 'yellow',
  notice: 'cyan',
  good: 'green',
  strong: 'bold',
  faint: 'dim',
} as const;
const paint: Paint = (style, piece) => styleText(colours[style], piece, { validateStream: false });

/** A line on the terminal that says how far a reading of more than a second has come. */
function progressLine(): { show: (section: string, objects: number) => void; clear: () => void } {
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

function parse(args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    const unknown = /'--?([^'\s]+)'/.exec(message)?.[1];
    if (unknown !== undefined && /key/.test(unknown)) {
      const remedy = 'Put the key into the environment variable STRIPE_API_KEY.';
      throw new CheckError(
        `There is no option --${unknown}: the key is never an argument, which other programs could read.`,
        remedy,
      );
    }
    const hint =
      code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && unknown !== undefined
        ? didYouMean(unknown, Object.keys(options))
        : '';
    throw new CheckError(
      `${message.split('. ')[0]}.${hint === '' ? '' : hint.replace('mean ', 'mean --')}`,
      'stripe-config-check --help lists the options.',
    );
  }
}

function print(message: string): number {
  process.stdout.write(message);
  return 0;
}

function text(value: string | boolean | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof CheckError) process.stderr.write(`${visible(error.message)}\n${visible(error.remedy)}\n`);
  else
    process.stderr.write(
      `stripe-config-check failed by a fault of its own. Please report this:\n${faultWords(error)}\n`,
    );
  return 1;
});

function faultWords(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return stack.split('\n').map(visible).join('\n');
}
