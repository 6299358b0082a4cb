import { styleText } from 'node:util';
import { Command as Commander, type CommanderError, Option as CommanderOption } from 'commander';
import { didYouMean, nearest } from '../config/nearest.ts';
import { CheckError } from '../errors.ts';
import { isInWorkflow } from '../github/visibility.ts';
import { numberWithin, oneOf } from '../inputs/values.ts';
import type { Interruption } from '../interrupt.ts';
import { quote } from '../text.ts';
import { VERSION } from '../version.ts';
import type { Command } from './command.ts';
import type { Option, Options, Values } from './options.ts';

const NAME = 'stripe-config-check';
const DESCRIPTION =
  'Compares the Stripe configuration in a file with your Stripe account. Set the environment variable STRIPE_API_KEY to a restricted key that can only read. Nothing is ever written to Stripe.';
/** Columns of the help at most: longer lines are hard to read. */
const HELP_WIDTH = 100;

/** Runs the command that the arguments name, and gives the exit code. How they are wrong is thrown as a `CheckError`. */
export async function runProgram(
  args: readonly string[],
  commands: readonly Command[],
  interruption: Interruption,
): Promise<number> {
  refuseKeys(args);
  let code = 0;
  const program = programOf(commands, async (command, files, given) => {
    checkFiles(command, files);
    code = await command.run({ files, values: valuesOf(command.options, given), interruption });
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof Shown) return error.exitCode;
    throw error;
  }
}

/** Help or the version was printed. */
class Shown extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super();
    this.exitCode = exitCode;
  }
}

type Run = (command: Command, files: readonly string[], given: Given) => Promise<void>;
/** The values of a command's options as they were written. */
type Given = (name: string) => string | boolean | undefined;

function programOf(commands: readonly Command[], run: Run): Commander {
  const program = new Commander(NAME)
    .description(DESCRIPTION)
    .usage('COMMAND [options]')
    .version(VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureOutput({ outputError: () => {}, getOutHelpWidth: helpWidth, getErrHelpWidth: helpWidth })
    .configureHelp({
      styleTitle: strong,
      optionTerm: ({ flags }) => flags.replace(/<(\w+)>/, '$1'),
      subcommandTerm: (command) => `${command.name()} ${command.usage().replace(/\[options\] ?/, '')}`,
    })
    .exitOverride((error) => stop(error, null, commands))
    .addHelpText('after', `\n${NAME} help COMMAND shows the options, exit codes and examples of a command.`);
  for (const command of commands) {
    const { options, files } = command;
    const added = program
      .command(command.name)
      .summary(command.summary)
      .description(command.description)
      .usage(['[options]', ...(files === null ? [] : [files.most === 1 ? '[FILE]' : '[FILE...]'])].join(' '))
      .allowExcessArguments()
      .exitOverride((error) => stop(error, command, commands))
      .addHelpText('after', () => `\n${exitCodesAndExamples(command)}`);
    if (files !== null) added.argument('[FILE...]', files.description);
    for (const [name, option] of Object.entries(options)) added.addOption(optionOf(name, option));
    added.action(() => run(command, added.args, (name) => added.getOptionValue(attribute(added, name))));
  }
  program
    .command('help')
    .summary('show the help of a command')
    .usage('[COMMAND]')
    .argument('[COMMAND]')
    .action((name?: string) => helped(program, name, commands).outputHelp());
  return program;
}

/** Commander takes colours away where standard output has none. */
function strong(text: string): string {
  return styleText('bold', text, { validateStream: false });
}

function helpWidth(): number {
  return Math.min(process.stdout.columns ?? HELP_WIDTH, HELP_WIDTH);
}

function attribute(command: Commander, name: string): string {
  return command.options.find((option) => option.long === `--${name}`)?.attributeName() ?? name;
}

function helped(program: Commander, name: string | undefined, commands: readonly Command[]): Commander {
  if (name === undefined) return program;
  return program.commands.find((candidate) => candidate.name() === name) ?? unknownCommand(name, commands);
}

function optionOf(name: string, option: Option): CommanderOption {
  const long = `--${name}`;
  if (option.kind === 'flag') {
    return new CommanderOption(option.short === undefined ? long : `-${option.short}, ${long}`, option.description);
  }
  const made = new CommanderOption(`${long} <${option.placeholder}>`, described(option));
  // Given twice, lists add up.
  if (option.kind === 'words')
    made.argParser((value, before?: string) => (before === undefined ? value : `${before},${value}`));
  return made;
}

function described(option: Option): string {
  switch (option.kind) {
    case 'word': {
      const defaults = new Map([[option.fallback, 'default']]);
      if (option.inWorkflow !== undefined) defaults.set(option.inWorkflow, 'default in a GitHub workflow');
      const words = option.words.map((word) => (defaults.has(word) ? `${word} (${defaults.get(word)})` : word));
      return `${option.description}: ${words.join(', ')}`;
    }
    case 'words':
      return `${option.description}: ${ALL}, or any of ${option.words.join(', ')}`;
    case 'number':
      return `${option.description}: ${option.least} to ${option.most}, default ${option.fallback}`;
    default:
      return option.description;
  }
}

function exitCodesAndExamples({ exitCodes, examples }: Command): string {
  const codes = Object.entries(exitCodes).map(([code, meaning]) => `  ${code.padEnd(8)}  ${meaning}`);
  const lines = examples.flatMap(([words, line]) => [`  # ${words}`, `  ${line}`]);
  return [strong('Exit codes:'), ...codes, '', strong('Examples:'), ...lines].join('\n');
}

function checkFiles({ name, files, options }: Command, given: readonly string[]): void {
  const most = files?.most ?? 0;
  if (given.includes('')) throw new CheckError(`${name} was given a file without a name.`, 'Name it, or leave it out.');
  if (given.length <= most) return;
  throw new CheckError(
    `${name} takes ${most === 0 ? 'no file' : `${most === 1 ? 'one file' : `${most} files`}`}, and ${given.length} ${given.length === 1 ? 'was' : 'were'} given.`,
    most > 0 ? 'Name one file.' : Object.hasOwn(options, 'output') ? 'Name one with --output.' : 'Leave it out.',
  );
}

function valuesOf(options: Options, given: Given): Values<Options> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, valueFor(`--${name}`, option, given(name))] as const),
  );
}

function valueFor(name: string, option: Option, given: string | boolean | undefined): Values<Options>[string] {
  if (option.kind === 'flag') return given === true;
  if (typeof given === 'string' && (given === '' || given.startsWith('--'))) {
    throw new CheckError(
      `${name} has no value${given === '' ? '' : `: ${quote(given)} follows it`}.`,
      `Write ${name} ${option.placeholder}, or leave it out.`,
    );
  }
  const text = typeof given === 'string' ? given : null;
  switch (option.kind) {
    case 'word':
      return oneOf(name, text ?? defaultOf(option), option.words);
    case 'number':
      return numberWithin(name, text ?? option.fallback, option.least, option.most);
    case 'words':
      return text === null ? null : wordsIn(name, text, option.words);
    default:
      if (text !== null) option.check?.(name, text);
      return text;
  }
}

/** In place of a list of words: every word. */
const ALL = 'all';

function wordsIn(name: string, text: string, words: readonly string[]): readonly string[] {
  const said = text.split(',').map((word) => oneOf(name, word.trim(), [ALL, ...words]));
  return said.includes(ALL) ? words : said;
}

function defaultOf({ fallback, inWorkflow = fallback }: Option & { readonly kind: 'word' }): string {
  return isInWorkflow() ? inWorkflow : fallback;
}

/** What commander ends with, as what this program says of it. */
function stop(error: CommanderError, command: Command | null, commands: readonly Command[]): never {
  const [, word = ''] = /'([^'\s=]*)/.exec(error.message) ?? [];
  switch (error.code) {
    case 'commander.helpDisplayed':
    case 'commander.version':
    case 'commander.help':
      throw new Shown(error.exitCode);
    case 'commander.unknownCommand':
      return unknownCommand(word, commands);
    case 'commander.unknownOption':
      return unknownOption(word, command, commands);
    case 'commander.optionMissingArgument':
      throw new CheckError(`${word} has no value.`, `Give it one, or leave ${word} out. ${seeHelp(command)}`);
    default:
      throw new CheckError(`${error.message.replace(/^error: /, '')}.`, seeHelp(command));
  }
}

function unknownCommand(word: string, commands: readonly Command[]): never {
  const names = commands.map(({ name }) => name);
  throw new CheckError(
    `There is no command ${quote(word)}.${didYouMean(word, [...names, 'help'])}`,
    `The commands are ${names.join(', ')}; ${NAME} --help shows what each does.`,
  );
}

function unknownOption(word: string, command: Command | null, commands: readonly Command[]): never {
  if (/key/i.test(word)) {
    throw new CheckError(
      `There is no option ${word}: the key is never an argument, which other programs could read.`,
      'Put the key into the environment variable STRIPE_API_KEY.',
    );
  }
  const name = word.replace(/^-+/, '');
  const who = command?.name ?? NAME;
  if (word.startsWith('--') && command !== null && Object.hasOwn(command.options, name))
    throw new CheckError(`${word} takes no value.`, `Write ${word} alone, or leave it out.`);
  const owners = ownersOf(name, commands);
  if (owners !== '') throw new CheckError(`${who} takes no ${word}: it is an option of ${owners}.`, seeHelp(command));
  throw new CheckError(`${who} has no option ${word}.${meantOption(word, command, commands)}`, seeHelp(command));
}

/** The nearest option of the command, else of another, as a question. */
function meantOption(word: string, command: Command | null, commands: readonly Command[]): string {
  if (!word.startsWith('--')) return '';
  const own = nearest(word.slice(2), [...Object.keys(command?.options ?? {}), 'help', 'version']);
  if (own !== null) return ` Did you mean --${own}?`;
  const other = nearest(word.slice(2), [...new Set(commands.flatMap(({ options }) => Object.keys(options)))]);
  return other === null ? '' : ` Did you mean --${other}, an option of ${ownersOf(other, commands)}?`;
}

function ownersOf(option: string, commands: readonly Command[]): string {
  return commands
    .filter(({ options }) => Object.hasOwn(options, option))
    .map(({ name }) => name)
    .join(', ');
}

function seeHelp(command: Command | null): string {
  return `${NAME}${command === null ? '' : ` ${command.name}`} --help lists the options.`;
}

/** The beginning of a key of Stripe's, and the end of what is a file and no key: no key has a dot. */
const KEY = /(?:^|=)(?:[a-z]{2}_(?:live|test|org)_|whsec_)\w/;
const FILE = /\.(?:ya?ml|json|md|sarif|txt|log)$/i;

/** What looks like a key is refused before anything could repeat it. */
function refuseKeys(args: readonly string[]): void {
  const [option] = args.flatMap((arg, index) => {
    if (!KEY.test(arg) || FILE.test(arg)) return [];
    const [name = ''] = arg.split('=');
    return [arg.startsWith('--') ? name : (args[index - 1]?.replace(/^(?!--).*$/, '') ?? '')];
  });
  if (option === undefined) return;
  throw new CheckError(
    `${option === '' ? 'An argument' : `The value of ${option}`} looks like a key: the key is never an argument, which other programs could read.`,
    'Put the key into the environment variable STRIPE_API_KEY.',
  );
}
