import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { isPattern } from '../config/glob.ts';
import { type Config, loadConfig } from '../config/load.ts';
import { readContent } from '../config/source.ts';
import { CheckError, reasonsOf } from '../errors.ts';
import { hasOpenLog } from '../github/visibility.ts';
import { grouped, type Reading } from '../model.ts';
import { visible } from '../report/escape.ts';
import { exportedSections, registry, resourceOf } from '../resources/index.ts';
import { bare, sectionWords } from '../text.ts';
import { type Exported, exported } from '../write/export.ts';
import { type Merged, merged } from '../write/merge.ts';
import { type Call, command, interrupted } from './command.ts';
import { DEFAULT_FILE, refuseReplacing } from './files.ts';
import { keyExample, liveOptions, liveSide } from './live.ts';
import { options as table } from './options.ts';
import { countWords, print, progressLine, refuseOpenLog } from './output.ts';

/** What to do where a configuration is more than one file. */
const ONE_FILE =
  'Name one file that is a whole configuration. What to write into which of several files, check --fixes prints.';

/** The name by which --output means standard output. */
const STDOUT = '-';

/** The sections that are written only where they are named. */
const unusual = [...registry.keys()].filter((section) => !exportedSections.includes(section));

const options = {
  sections: {
    ...table.sections,
    description: `only these, separated by commas (default: all${unusual.length === 0 ? '' : ` but ${unusual.join(', ')}`}; with --merge: those in the file)`,
  },
  output: { ...table.output, description: `the file to write, - for standard output; default: ${DEFAULT_FILE}` },
  merge: {
    kind: 'flag',
    description:
      'update the file: add what is missing, change what differs, keep everything else; the file must be a complete configuration',
  },
  environment: {
    ...table.environment,
    description: 'with --merge: write what differs into this environment of the file',
  },
  force: { kind: 'flag', description: 'replace an existing file' },
  full: { kind: 'flag', description: 'write every field, even if it is not set' },
  archived: { kind: 'flag', description: 'write archived and disabled objects too' },
  quiet: { ...table.quiet, description: 'print only problems' },
  ...liveOptions,
  live: { ...table.live, description: 'read this snapshot (JSON) instead of Stripe: needs no key and no network' },
} as const;

export const exportFile = command({
  name: 'export',
  summary: 'write a file that matches Stripe',
  description:
    'Writes a file that declares all active objects, so that check then finds no difference. The file has all that decides what a price, coupon or tax rate charges, and every other field that does not have its default value; with --full it has every field. A section that the key may not read is left out, with a comment. Set the environment variable STRIPE_API_KEY to a restricted key that can only read.',
  files: null,
  options,
  exitCodes: {
    0: 'the file was written, or is up to date',
    1: 'nothing was written: the file exists already, or nothing could be read',
    3: 'written, but a section could not be read (one that the key may not read counts only if you name it or the file has it)',
    ...interrupted,
  },
  examples: [
    keyExample,
    [`Write ${DEFAULT_FILE}`, 'stripe-config-check export'],
    ['Update it', 'stripe-config-check export --merge'],
    ['Add what differs in test mode', 'stripe-config-check export --merge --environment test'],
    [
      'Print one section, without writing a file',
      `stripe-config-check export --sections ${[...registry.keys()][0]} --output -`,
    ],
  ],
  async run(call) {
    const { values, interruption } = call;
    if (values.output === STDOUT) refuseOpenLog('export');
    const target = values.output ?? DEFAULT_FILE;
    await refuseReplacing({ output: target === STDOUT ? null : target }, values.live === null ? [] : [values.live]);
    const before = await fileToMerge(values);
    const reading = await readLive(call, before);
    if (interruption.code !== null) {
      tell('Interrupted: nothing was written.');
      return interruption.code;
    }
    const done = await (before === null ? exported(reading, values.full) : mergedInto(before, reading, values));
    const changes = before === null || done.text !== before.text;
    if (changes || target === STDOUT)
      await print(`${before?.mark ?? ''}${done.text}`, target === STDOUT ? null : target);
    const isOpen = hasOpenLog();
    const left = values.sections === null && before === null && unusual.length > 0 ? [leftOut] : [];
    const words = values.quiet ? [] : [...doneWords(done, reading, target, changes, isOpen ? counted : named), ...left];
    const { remarks } = done;
    const unnamed = isOpen && remarks.length > 0 ? [notHere(remarks.length)] : remarks;
    for (const line of [...words, ...unnamed, ...unread(done, reading), ...reading.notes]) tell(line);
    // What a file declares is asked for, too.
    return exitCodeOf(reading, values.sections ?? (before === null ? [] : sectionsOf(before)));
  },
});

type Values = Call<typeof options>['values'];

/** The file that what is live is merged into. */
interface Before {
  readonly file: string;
  readonly text: string;
  /** A byte order mark, if the file has one. */
  readonly mark: string;
  readonly config: Config;
}

/** The file to merge into; null where one is written anew. Refuses to write over a file unless that is asked for. */
async function fileToMerge({ output, merge, force, environment }: Values): Promise<Before | null> {
  const file = output ?? DEFAULT_FILE;
  if (merge && force) throw new CheckError('export was given --merge and --force.', 'Leave one of them out.');
  if (environment !== null && !merge) {
    throw new CheckError('--environment needs --merge.', 'Give both, or leave --environment out.');
  }
  if (merge && file === STDOUT)
    throw new CheckError('--merge changes a file, and --output - names none.', 'Name the file, or leave --merge out.');
  const exists = file !== STDOUT && (await isThere(file));
  if (!exists && isPattern(file))
    throw new CheckError(
      `export writes one file, and ${bare(file)} may name several.`,
      merge ? ONE_FILE : 'Name one file.',
    );
  if (merge && !exists)
    throw new CheckError(`There is no ${bare(file)} to merge into.`, 'Leave --merge out to write it.');
  if (merge) return await contentOf(file);
  if (!exists || force) return null;
  throw new CheckError(
    `${bare(file)} exists, and was left as it is.`,
    'Give --merge to bring it up to date, --force to replace it, or --output another name.',
  );
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT',
  );
}

async function contentOf(file: string): Promise<Before> {
  const source = await readContent(file);
  if ('problem' in source) throw new CheckError(`${bare(file)} ${source.problem}.`, 'Nothing was written.');
  // What is read has no byte order mark any more; what is written has one where the file had.
  const [first = Buffer.alloc(0)] = await createReadStream(file, { end: 2 }).toArray();
  const { text } = source;
  const config = await loadConfig([{ file, text }]);
  return { file, text, config, mark: first.toString('latin1') === '\xef\xbb\xbf' ? '\ufeff' : '' };
}

async function readLive({ values, interruption }: Call<typeof options>, before: Before | null): Promise<Reading> {
  const progress = progressLine(values.quiet);
  const live = await liveSide(values, interruption, progress.show);
  const sections = values.sections ?? (before === null ? exportedSections : sectionsOf(before));
  const side = live.open(sections);
  // Null where the file is invalid, which merging then says.
  const declared = before?.config.in(values.environment ?? side.mode, side.mode).declared;
  const reading = await side.readAll(sections, values.archived || before !== null, declared).finally(progress.clear);
  const unread = [...reading.sections.values()].flatMap((read) => (read.status === 'read' ? [] : [read]));
  if (unread.length === reading.sections.size && interruption.code === null) {
    const remedy = [...new Set(unread.map((read) => read.remedy))].join(' ');
    throw new CheckError(`${reasonsOf(unread).join(' ')} Nothing was written.`, remedy);
  }
  return { ...reading, notes: [...side.notes, ...reading.notes] };
}

/** The sections that a file has; all where it has none that can be read, which merging then says. */
function sectionsOf({ config: { sections } }: Before): readonly string[] {
  return sections.length === 0 ? exportedSections : sections;
}

function mergedInto({ file, text }: Before, reading: Reading, { environment, sections }: Values): Promise<Merged> {
  return merged(text, { file, reading, environment, asked: sections ?? [] });
}

const leftOut = `Not written: ${unusual.join(', ')}. To write them too, name the sections that you want in --sections, or write --sections all.`;

/** What was done, a line each. */
function doneWords(
  done: Exported | Merged,
  { sections }: Reading,
  target: string,
  changes: boolean,
  paths: typeof named,
): string[] {
  const name = target === STDOUT ? 'standard output' : target;
  if ('counts' in done) {
    const found = [...done.counts].filter(([, count]) => count > 0).map(([section]) => resourceOf(section));
    const lists = found.filter(({ shape }) => shape !== 'single');
    const singles = found.filter(({ shape }) => shape === 'single');
    const all = found.reduce((sum, { section }) => sum + (done.counts.get(section) ?? 0), 0);
    const what = countWords(
      new Map([...lists, ...singles].map(({ section }) => [section, done.counts.get(section) ?? 0])),
    );
    const [only = ''] = what;
    // The number that a check of the file says.
    const wrote =
      what.length === 1 ? `Wrote ${only} to ${name}.` : `Wrote ${all} entries to ${name}: ${what.join(', ')}.`;
    // A single object is always there: it may be written for no other reason.
    const kept = singles.map(({ section }) => `${section}: remove from the file what a check is not to compare.`);
    if (found.length > 0) return [wrote, ...(lists.length > 0 ? kept : [])];
    return [`Wrote empty sections to ${name}: nothing of ${[...done.counts.keys()].join(', ')} is live and active.`];
  }
  const unread = [...sections].flatMap(([section, { status }]) => (status === 'read' ? [] : [section]));
  const except = unread.length === 0 ? '' : `, but for ${unread.join(' and ')}`;
  if (!changes) return [`${name} is up to date${except}.`];
  return [`Brought ${name} up to date${except}.`, ...paths('added', done.added), ...paths('changed', done.updated)];
}

/** In place of remarks that name what is live. */
function notHere(count: number): string {
  const are = count === 1 ? '1 remark names what is live, and is' : `${count} remarks name what is live, and are`;
  return `${are} not shown here: anyone can read the log of this workflow. Run it elsewhere to see ${count === 1 ? 'it' : 'them'}.`;
}

/** What could not be read: what has one remedy together. */
function unread(done: Exported | Merged, { sections }: Reading): string[] {
  const fate = 'counts' in done ? 'left out' : 'left as they were';
  const refused = [...sections].flatMap(([section, read]) => (read.status === 'read' ? [] : [{ section, ...read }]));
  return [...grouped(refused, ({ remedy }) => remedy)].map(([remedy, alike]) => {
    const reasons = reasonsOf(alike).join(' ');
    // What they are is said there.
    if (alike.length > 1 && alike.every(({ lacks }) => lacks !== undefined))
      return `${reasons} They are ${fate}. ${remedy}`;
    return `${sectionWords(alike.map(({ section }) => section))} are ${fate}. ${reasons} ${remedy}`;
  });
}

/** Paths that are told of one by one. */
const MOST_PATHS = 20;

/** Paths of entries, which tell what their objects are called. */
function named(verb: string, all: readonly string[]): string[] {
  const more = all.length > MOST_PATHS ? [`  and ${all.length - MOST_PATHS} more ${verb}`] : [];
  return [...all.slice(0, MOST_PATHS).map((path) => `  ${verb} ${path}`), ...more];
}

function counted(verb: string, { length }: readonly string[]): string[] {
  return length === 0 ? [] : [`  ${length} ${verb}`];
}

function exitCodeOf({ sections }: Reading, asked: readonly string[]): number {
  const lacks = [...sections].some(
    ([section, { status }]) => status === 'failed' || (status === 'refused' && asked.includes(section)),
  );
  return lacks ? 3 : 0;
}

/** Says something beside what is written, which may be standard output. */
function tell(line: string): void {
  process.stderr.write(`${visible(line)}\n`);
}
