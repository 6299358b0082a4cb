import type { Base } from '../check/base.ts';
import { check as checkFile, type Elsewhere, stopped } from '../check/check.ts';
import { readSources, type Source } from '../config/source.ts';
import { CheckError } from '../errors.ts';
import { isInPrivateWorkflow } from '../github/visibility.ts';
import type { Live, Result } from '../model.ts';
import { linesOf } from '../report/excerpt.ts';
import { showingOf, shown } from '../report/privacy.ts';
import { bare } from '../text.ts';
import { type Call, command, interrupted } from './command.ts';
import {
  codeAround,
  configFiles,
  patternsOf,
  refuseReplacing,
  type ShownPath,
  shownIn,
  shownPatterns,
  sourcesOf,
} from './files.ts';
import { keyExample, liveSide, otherSide, parityOptions, stripeOptions } from './live.ts';
import { options as table, type Values } from './options.ts';
import { printReport, progressLine, reportOptions } from './output.ts';

const options = {
  environment: table.environment,
  base: {
    kind: 'file',
    placeholder: 'FILE',
    description:
      'the file before a change (or a glob of several files): the report then tells pending differences, which the change brings, from older ones',
  },
  ...reportOptions,
  fixes: table.fixes,
  'show-values': table['show-values'],
  live: table.live,
  ...parityOptions,
  ...stripeOptions,
} as const;

export const check = command({
  name: 'check',
  summary: 'compare the file with Stripe',
  description:
    'Compares the Stripe configuration in a file with your Stripe account, and reports every difference on its line. Set the environment variable STRIPE_API_KEY to a restricted key that can only read. Nothing is ever written to Stripe. With --parity, compares two modes or accounts with each other, as the file pairs their objects.',
  files: configFiles,
  options,
  exitCodes: {
    0: 'no finding reached --fail-on',
    1: 'the file is invalid, or nothing could be compared',
    2: 'a finding reached --fail-on',
    3: 'part of Stripe could not be read',
    ...interrupted,
  },
  examples: [
    keyExample,
    ['Compare stripe-config.yaml with the account and mode of a key', 'stripe-config-check check'],
    ['Show how to fix each difference', 'stripe-config-check check --fixes'],
    ['Compare with a snapshot, without a key', 'stripe-config-check check --live snapshot.json'],
    ['Compare live mode with test mode', 'stripe-config-check check --parity'],
    ['Compare several files as one configuration', "stripe-config-check check 'stripe/**/*.yaml'"],
    ['Write the report as JSON', 'stripe-config-check check --format json --output report.json'],
  ],
  async run(call) {
    refuseTogether(call.values);
    const { output, 'report-file': reportFile, base, live, other } = call.values;
    const inputs = [...patternsOf(call.files), ...[base, live, other].filter((file) => file !== null)];
    await refuseReplacing({ output, 'report-file': reportFile }, inputs);
    const showing = showingOf(call.values['show-values'], isInPrivateWorkflow());
    const read: Source[] = [];
    const report = shown(await found(call, read), showing);
    return printReport(report, call.values, { lines: linesOf(read), fixes: call.values.fixes });
  },
});

/** What a check finds. The sources that it read are added to `read`. */
async function found(call: Call<typeof options>, read: Source[]): Promise<Result> {
  const { files, values, interruption } = call;
  const shownPath = shownIn(values.format);
  let names: readonly string[] = shownPatterns(files, shownPath);
  const request = { environment: values.environment, failOn: values['fail-on'], commit: null };
  const progress = progressLine(values.quiet);
  try {
    const sources = await sourcesOf(files, interruption.signal, shownPath);
    read.push(...sources);
    names = sources.map(({ file }) => file);
    const live = await liveSide(values, interruption, progress.show);
    return await checkFile({
      ...request,
      sources,
      base: () => baseFiles(values.base, interruption.signal, shownPath),
      live,
      code: codeAround(files, besides(values), shownPath),
      other: values.parity ? await elsewhere(live, call, progress.show) : null,
      interrupted: interruption.signal,
    });
  } catch (error) {
    if (error instanceof CheckError) return stopped({ ...request, files: names }, error);
    throw error;
  } finally {
    progress.clear();
  }
}

/** The files that options name. */
function besides({ base, live, other, output, 'report-file': report }: Values<typeof options>): (string | null)[] {
  return [base, live, other, output, report];
}

/** What is compared with the live side, and by which environment of the file. */
async function elsewhere(
  live: Live,
  { values, interruption }: Call<typeof options>,
  progress: (section: string, objects: number) => void,
): Promise<Elsewhere> {
  const other = await otherSide(live, values, interruption, (section, count) => progress(`other ${section}`, count));
  return { live: other, environment: values['environment-other'] };
}

/** Refuses options that mean nothing beside each other. */
function refuseTogether({ parity, base, other, 'environment-other': environment }: Values<typeof options>): void {
  const alone = Object.entries({ '--other': other, '--environment-other': environment }).find(([, value]) => value);
  if (!parity && alone !== undefined)
    throw new CheckError(`${alone[0]} needs --parity.`, `Add --parity, or leave ${alone[0]} out.`);
  if (parity && base !== null)
    throw new CheckError(
      '--parity compares two sides with each other, and --base names a file from before a change.',
      'Leave one of them out.',
    );
}

async function baseFiles(pattern: string | null, interrupted: AbortSignal, shownPath: ShownPath): Promise<Base | null> {
  if (pattern === null) return null;
  const sources = await readSources([pattern], { pipes: true, interrupted, shown: shownPath });
  for (const source of sources) {
    if (!('problem' in source)) continue;
    throw new CheckError(
      `--base names ${bare(source.file)}, which ${source.problem}.`,
      'Give --base the file before the change.',
    );
  }
  return { name: pattern, sources };
}
