import { verifyMode } from '../check/guards.ts';
import { CheckError, reasonsOf } from '../errors.ts';
import { type Declared, grouped, type Reading } from '../model.ts';
import { visible } from '../report/escape.ts';
import { registry } from '../resources/index.ts';
import { StripeLive } from '../stripe/live.ts';
import { SnapshotTaker } from '../stripe/snapshot.ts';
import { sectionWords } from '../text.ts';
import { type Call, command, interrupted } from './command.ts';
import { configFiles, refuseReplacing, validConfig } from './files.ts';
import { clientOptions, keyExample, keyText, stripeOptions } from './live.ts';
import { options as table } from './options.ts';
import { countWords, print, progressLine, refuseOpenLog } from './output.ts';

const options = {
  sections: {
    ...table.sections,
    description: 'these sections in full, instead of what files need, separated by commas',
  },
  environment: table.environment,
  output: table.output,
  quiet: { ...table.quiet, description: 'say nothing of what went well; show no progress' },
  ...stripeOptions,
} as const;

export const snapshot = command({
  name: 'snapshot',
  summary: 'save what is in Stripe, for check --live',
  description:
    'Writes objects in Stripe as JSON: of each object the fields that a file can declare, the id and the time of creation, and nothing else. With files, the snapshot has what a check of them reads, so that check --live gives the same report. Without files, it has whole sections, with archived objects. URLs are written in full, with their tokens: keep the snapshot out of git. Set the environment variable STRIPE_API_KEY to a restricted key that can only read.',
  files: {
    ...configFiles,
    description: 'paths or globs of the files whose check you want to repeat; - is standard input',
  },
  options,
  exitCodes: {
    0: 'the snapshot was written',
    1: 'nothing was written: a file is invalid, or there is no usable key',
    3: 'written, but a section could not be read: the snapshot says why',
    ...interrupted,
  },
  examples: [
    keyExample,
    ['Save everything', 'stripe-config-check snapshot --output snapshot.json'],
    ['Save what a check of the file reads', 'stripe-config-check snapshot stripe-config.yaml --output snapshot.json'],
    ['Check the file against the snapshot, without a key', 'stripe-config-check check --live snapshot.json'],
  ],
  async run(call) {
    if (call.values.output === null) refuseOpenLog('snapshot');
    await refuseReplacing({ output: call.values.output }, call.files);
    const taker = new SnapshotTaker();
    const reading = await read(call, taker);
    if (call.interruption.code !== null) return call.interruption.code;
    await print(taker.text(reading), call.values.output);
    const gaps = [...reading.sections].flatMap(([section, read]) => {
      const gap = read.status === 'read' ? read.gap : read;
      return gap === undefined ? [] : [{ section, gap }];
    });
    const unread = [...grouped(gaps, ({ gap }) => gap.remedy)].map(([remedy, alike]) => {
      // A permission that lacks is told with the sections.
      const named = alike.filter(({ gap }) => gap.lacks === undefined).map(({ section }) => section);
      const names = named.length === 0 ? '' : `${sectionWords(named)}: `;
      return `${names}${reasonsOf(alike.map(({ gap }) => gap)).join(' ')} ${remedy}`;
    });
    const { output, quiet } = call.values;
    const wrote = output === null || quiet ? [] : [`Wrote ${countsOf(reading)} to ${output}.`];
    for (const line of [...wrote, ...unread, ...reading.notes]) process.stderr.write(`${visible(line)}\n`);
    return unread.length === 0 ? 0 : 3;
  },
});

/** How many objects were read of each kind that has any. */
function countsOf({ sections }: Reading): string {
  const counts = [...sections].map(
    ([section, read]) => [section, read.status === 'read' ? read.objects.length : 0] as const,
  );
  const words = countWords(new Map(counts.filter(([, count]) => count > 0)));
  return words.length === 0 ? 'a snapshot of nothing' : words.join(', ');
}

/** Reads what a check of the files reads, or whole sections. */
async function read({ files, values, interruption }: Call<typeof options>, taker: SnapshotTaker): Promise<Reading> {
  if (files.length > 0 && values.sections !== null)
    throw new CheckError('snapshot takes files or --sections, and was given both.', 'Leave one of them out.');
  if (files.length === 0 && values.environment !== null)
    throw new CheckError('--environment needs a file.', 'Name the file, or leave --environment out.');
  const config = files.length === 0 ? null : await validConfig(files, interruption.signal);
  const sections = config?.sections ?? values.sections ?? [...registry.keys()];
  const progress = progressLine(values.quiet);
  const live = new StripeLive(keyText(), clientOptions(values, interruption), progress.show, taker.seen);
  const side = live.open(sections);
  const { mode } = side;
  const environment = values.environment ?? mode;
  const declared = config && (config.in(environment, mode).declared as Declared);
  if (declared) verifyMode(declared, mode, environment, live);
  const reading = declared ? side.read(declared) : side.readAll(sections, true);
  const { notes, ...rest } = await reading.finally(progress.clear);
  return { ...rest, notes: [...side.notes, ...notes] };
}
