/**
 * Runs the committed bundles as processes, the Action as GitHub's runner runs it: the environment of a step, the files
 * it is given, and the runner's own reading of what it prints and writes. The grammar follows actions/runner
 * (ActionCommand, ActionCommandManager, IssueCommandExtension, EnvFileKeyValuePairs, CreateStepSummaryCommand).
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { commit, githubToken } from './servers/github.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The Node that the Action runs on, from the npm package `node`. */
export const node24 = join(root, 'node_modules/.bin/node');

/** Where Node keeps the bundles compiled, so that each process need not do it again. */
const compileCache = join(root, 'node_modules/.cache/compiled');

/** The first Node 20 of this machine. */
export function findNode20(): string | undefined {
  const directories = ['/usr/local/bin', ...(process.env.PATH ?? '').split(delimiter)];
  return directories
    .map((directory) => join(directory, 'node'))
    .find((node) => existsSync(node) && execFileSync(node, ['--version'], { encoding: 'utf8' }).startsWith('v20.'));
}

export { commit, githubToken };

/** A process that runs longer than this hangs, however slow the machine is. Shorter than the time of a test, so that the test says which. */
const HANGS_MS = 240_000;

/**
 * Runs something under a deadline that has to pass, and under longer ones where it fails: what is not at fault is read long
 * before a short one on a quiet machine, but not on a busy one. What is really wrong is wrong under each.
 */
export async function underDeadline<T>(seconds: number, attempt: (seconds: number) => Promise<T>): Promise<T> {
  for (const longer of [1, 4]) {
    try {
      return await attempt(seconds * longer);
    } catch {
      // A longer deadline tells whether it was the machine.
    }
  }
  return attempt(seconds * 16);
}

// --- The Action

/** One step that uses the Action. */
export interface ActionStep {
  /** As under `with:`; what is not given gets its default from action.yml. A name that action.yml lacks throws. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Laid over the environment of the step; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A push to `main` where it is not said. `repository` and `sender` are added where the payload lacks them. */
  readonly event?: { readonly name: string; readonly payload: Readonly<Record<string, unknown>> };
  /** An existing directory; a fresh one where it is not said. */
  readonly workspace?: string;
  /** Written into the workspace, by their paths in it. */
  readonly files?: Readonly<Record<string, string>>;
  /** Re-run with debug logging: `RUNNER_DEBUG=1`. */
  readonly debug?: boolean;
  /** After this the process is killed and the run rejected; `HANGS_MS` where it is not said. */
  readonly timeoutMs?: number;
  /** The script; `dist/index.js` where it is not said. */
  readonly bundle?: string;
  /** The action.yml that gives the defaults; the project's where it is not said. */
  readonly action?: string;
  /** Called with the process as it starts, to interrupt it for instance. */
  onStart?(child: ChildProcess): void;
}

/** What the runner makes of a step. */
export interface ActionRun extends ProcessRun {
  /** In the order printed, stdout and stderr together. */
  readonly commands: readonly Command[];
  readonly annotations: readonly Annotation[];
  /** The annotations that survive the runner's limits. */
  readonly kept: readonly Annotation[];
  /** From `GITHUB_OUTPUT`, and from `set-output` commands, which the runner still obeys. */
  readonly outputs: Readonly<Record<string, string>>;
  /** From `GITHUB_ENV`. */
  readonly env: Readonly<Record<string, string>>;
  /** From `GITHUB_STATE`, and from `save-state` commands. */
  readonly state: Readonly<Record<string, string>>;
  /** The job summary as shown: empty when it was too large. */
  readonly summary: string;
  readonly summaryTooLarge: boolean;
  readonly masks: readonly string[];
  /** Titles, in the order opened. */
  readonly groups: readonly string[];
  /** The JSON at the `report-path` output; undefined when there is none. */
  readonly report: unknown;
  readonly workspace: string;
  /** `RUNNER_TEMP` */
  readonly temp: string;
}

/** Runs one step. Rejects where the runner itself would fail the step: on a malformed file command. */
export async function runAction(step: ActionStep = {}): Promise<ActionRun> {
  const workspace = step.workspace ?? repository({});
  writeFiles(workspace, step.files ?? {});
  const temp = temporary('runner-temp');
  const paths = fileCommands(temp);
  const env = compact({
    ...bare(temporary('home')),
    ...variables(step, workspace, temp),
    ...paths,
    ...inputVariables(step.inputs ?? {}, step.action ?? join(root, 'action.yml')),
    ...step.env,
  });
  const bundle = step.bundle ?? join(root, 'dist/index.js');
  const timeoutMs = step.timeoutMs ?? HANGS_MS;
  const lines: string[] = [];
  const start = { command: node24, args: [bundle], env, cwd: workspace, timeoutMs, onStart: step.onStart };
  const ended = await run(start, (line) => lines.push(line));

  const commands = commandsIn(lines);
  const annotations = annotationsIn(commands);
  const outputs = { ...pairsOf(commands, 'set-output'), ...fileCommand(readFileSync(paths.GITHUB_OUTPUT, 'utf8')) };
  const summary = readFileSync(paths.GITHUB_STEP_SUMMARY);
  const summaryTooLarge = summary.length > SUMMARY_BYTES;
  return {
    ...ended,
    commands,
    annotations,
    kept: keptOf(annotations, workspace),
    outputs,
    env: fileCommand(readFileSync(paths.GITHUB_ENV, 'utf8')),
    state: { ...pairsOf(commands, 'save-state'), ...fileCommand(readFileSync(paths.GITHUB_STATE, 'utf8')) },
    summary: summaryTooLarge ? '' : summary.toString('utf8'),
    summaryTooLarge,
    masks: commands.filter(({ name, data }) => name === 'add-mask' && data.trim() !== '').map(({ data }) => data),
    groups: commands.filter(({ name }) => name === 'group').map(({ data }) => data),
    report: reportAt(outputs['report-path'], workspace),
    workspace,
    temp,
  };
}

// --- The command line

/** How the command line is called. */
export interface CliCall {
  /** Laid over `PATH` and `HOME`, which are all that is passed on; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A fresh directory where it is not said. */
  readonly cwd?: string;
  readonly stdin?: string;
  readonly timeoutMs?: number;
  /** The script; `dist/cli/index.js` where it is not said. */
  readonly bundle?: string;
  /** The Node to run it on; the Action's where it is not said. */
  readonly node?: string;
  onStart?(child: ChildProcess): void;
}

/** How a process ended. */
export interface ProcessRun {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line; no terminal, no colours. */
export async function runCli(args: readonly string[], call: CliCall = {}): Promise<ProcessRun> {
  return await run({
    command: call.node ?? node24,
    args: [call.bundle ?? join(root, 'dist/cli/index.js'), ...args],
    env: compact({ ...bare(temporary('home')), ...call.env }),
    cwd: call.cwd ?? repository({}),
    timeoutMs: call.timeoutMs ?? HANGS_MS,
    stdin: call.stdin,
    onStart: call.onStart,
  });
}

// --- Directories

const made: string[] = [];
process.on('exit', cleanUp);

/** A temporary directory with these files and a `.git`, as a checkout has. */
export function repository(files: Readonly<Record<string, string>>): string {
  // The depth of a hosted runner's workspace: …/work/REPOSITORY/REPOSITORY.
  const directory = join(temporary('work'), 'shop', 'shop');
  writeFiles(directory, { '.git/HEAD': 'ref: refs/heads/main\n', ...files });
  return directory;
}

/** Removes every directory made here: for `afterAll`; at the end of the process it happens anyway. */
export function cleanUp(): void {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
}

function temporary(name: string): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), `stripe-config-check-${name}-`)));
  made.push(directory);
  return directory;
}

function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

// --- The environment of a step

type Variables = Readonly<Record<string, string | undefined>>;

function bare(home: string): Variables {
  return { PATH: process.env.PATH ?? '', HOME: home, NODE_COMPILE_CACHE: compileCache };
}

function compact(variables: Variables): Record<string, string> {
  const set = Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(set);
}

function fileCommands(temp: string) {
  const directory = join(temp, '_runner_file_commands');
  const file = (name: string) => join(directory, name);
  const paths = {
    GITHUB_ENV: file('set_env'),
    GITHUB_OUTPUT: file('set_output'),
    GITHUB_PATH: file('add_path'),
    GITHUB_STATE: file('save_state'),
    GITHUB_STEP_SUMMARY: file('step_summary'),
  };
  mkdirSync(directory, { recursive: true });
  for (const path of Object.values(paths)) writeFileSync(path, '');
  return paths;
}

const REPOSITORY = {
  id: 1,
  name: 'shop',
  full_name: 'acme/shop',
  private: true,
  visibility: 'private',
  default_branch: 'main',
  html_url: 'https://github.com/acme/shop',
  owner: { login: 'acme', type: 'Organization' },
};

const PUSH = {
  name: 'push',
  payload: { ref: 'refs/heads/main', before: '0'.repeat(40), after: commit, commits: [], pusher: { name: 'octocat' } },
};

function variables(step: ActionStep, workspace: string, temp: string): Variables {
  const event = step.event ?? PUSH;
  const payload = { repository: REPOSITORY, sender: { login: 'octocat', type: 'User' }, ...event.payload };
  const eventPath = join(temp, '_github_workflow', 'event.json');
  writeFiles(temp, { '_github_workflow/event.json': JSON.stringify(payload) });
  const repositoryName = textAt(payload.repository, 'full_name') ?? 'acme/shop';
  const actor = textAt(payload.sender, 'login') ?? 'octocat';
  return {
    CI: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: actor,
    GITHUB_TRIGGERING_ACTOR: actor,
    // Nothing listens there: a test that needs GitHub's API says where its own is.
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_GRAPHQL_URL: 'http://127.0.0.1:9/graphql',
    GITHUB_JOB: 'stripe',
    GITHUB_REPOSITORY: repositoryName,
    GITHUB_REPOSITORY_OWNER: repositoryName.split('/')[0],
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '17000000001',
    GITHUB_RUN_NUMBER: '42',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: commit,
    GITHUB_WORKFLOW: 'Stripe',
    GITHUB_WORKSPACE: workspace,
    GITHUB_BASE_REF: '',
    GITHUB_HEAD_REF: '',
    ...refs(event.name, payload),
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'GitHub Actions 1',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: temp,
    RUNNER_DEBUG: step.debug === true ? '1' : undefined,
  };
}

/** The ref of a run, which depends on the event: a pull request runs on its merge ref. */
function refs(event: string, payload: Readonly<Record<string, unknown>>): Variables {
  const branch = (name: string) => {
    return { GITHUB_REF: `refs/heads/${name}`, GITHUB_REF_NAME: name, GITHUB_REF_TYPE: 'branch' };
  };
  const pull = member(payload, 'pull_request');
  if (event === 'merge_group') {
    return branch((textAt(member(payload, 'merge_group'), 'head_ref') ?? 'refs/heads/main').replace('refs/heads/', ''));
  }
  if (pull === undefined) return branch((textAt(payload, 'ref') ?? 'main').replace('refs/heads/', ''));
  const name = `${String(member(pull, 'number') ?? 1)}/merge`;
  const target = textAt(member(pull, 'base'), 'ref') ?? 'main';
  const heads = { GITHUB_BASE_REF: target, GITHUB_HEAD_REF: textAt(member(pull, 'head'), 'ref') ?? 'change' };
  if (event === 'pull_request_target') return { ...branch(target), ...heads };
  return { GITHUB_REF: `refs/pull/${name}`, GITHUB_REF_NAME: name, GITHUB_REF_TYPE: 'branch', ...heads };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textAt(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' ? found : undefined;
}

/** `INPUT_…` for every input of action.yml: upper case, spaces as `_`, hyphens kept; without a default it is empty. */
function inputVariables(given: Readonly<Record<string, string>>, action: string): Variables {
  const defaults = defaultsIn(action);
  const unknown = Object.keys(given).filter((name) => !(name in defaults));
  if (unknown.length > 0) throw new Error(`${action} has no input ${unknown.join(', ')}.`);
  const values = { ...defaults, ...given };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}

const defaultsOf = new Map<string, Readonly<Record<string, string>>>();

/** What an action.yml says of inputs that are not given; read once, for hundreds of runs. */
function defaultsIn(action: string): Readonly<Record<string, string>> {
  const known = defaultsOf.get(action);
  if (known !== undefined) return known;
  const inputs = Object.entries(member(parse(readFileSync(action, 'utf8')), 'inputs') ?? {});
  const defaults = Object.fromEntries(inputs.map(([name, input]) => [name, evaluated(member(input, 'default'))]));
  defaultsOf.set(action, defaults);
  return defaults;
}

function evaluated(value: unknown): string {
  const expression = String(value ?? '');
  if (/^\$\{\{\s*github\.token\s*\}\}$/.test(expression)) return githubToken;
  if (expression.includes('${{')) throw new Error(`The runner of the tests cannot evaluate ${expression}`);
  return expression;
}

// --- The process

interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly stdin?: string | undefined;
  readonly onStart?: ((child: ChildProcess) => void) | undefined;
}

function run(start: Start, onLine: (line: string) => void = () => {}): Promise<ProcessRun> {
  const { command, args, env, cwd, timeoutMs } = start;
  return new Promise((resolveRun, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    // A process that never reads its input closes the pipe.
    child.stdin.on('error', () => {});
    child.stdin.end(start.stdin ?? '');
    const stdout = collect(child.stdout, onLine);
    const stderr = collect(child.stderr, onLine);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      const ended = { exitCode, signal, stdout: stdout(), stderr: stderr() };
      if (!timedOut) resolveRun(ended);
      else reject(new Error(`${args.join(' ')} ran longer than ${timeoutMs} ms.\n${ended.stdout}\n${ended.stderr}`));
    });
    start.onStart?.(child);
  });
}

/** Gathers a stream, and gives its lines as they are complete; a lone carriage return ends a line as well. */
function collect(stream: NodeJS.ReadableStream, onLine: (line: string) => void): () => string {
  let all = '';
  let open = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    all += chunk;
    const lines = (open + chunk).split(/\r\n|\n|\r(?!$)/);
    open = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    for (const line of linesOf(open)) onLine(line);
  });
  return () => all;
}

function linesOf(printed: string): string[] {
  const lines = printed.split(/\r\n|\n|\r/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

// --- The grammar of commands

/** A workflow command that the runner obeys. */
export interface Command {
  /** In lower case. While commands are stopped it can be the token that starts them again. */
  readonly name: string;
  /** Unescaped. The runner takes their names in any case; here they are as printed. */
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
  /** The line it was printed on. */
  readonly line: string;
}

/** What `ActionCommandManager` registers. A line that names anything else is just printed. */
const REGISTERED: ReadonlySet<string> = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]);

/** The commands in what was printed, in both syntaxes, none between `stop-commands` and its token. */
export function commandsIn(printed: string | readonly string[]): Command[] {
  const commands: Command[] = [];
  let token: string | null = null;
  for (const line of typeof printed === 'string' ? linesOf(printed) : printed) {
    const registered: ReadonlySet<string> = token === null ? REGISTERED : new Set([...REGISTERED, token]);
    const command = parseCommand(line, registered);
    if (command === undefined || (token !== null && command.name !== token)) continue;
    commands.push(command);
    if (token !== null) token = null;
    else if (command.name === 'stop-commands' && acceptable(command.data)) token = command.data.toLowerCase();
  }
  return commands;
}

/** The runner refuses a token that is empty or a command itself, and goes on obeying. */
function acceptable(token: string): boolean {
  return token !== '' && token.toLowerCase() !== 'pause-logging' && !REGISTERED.has(token.toLowerCase());
}

function parseCommand(line: string, registered: ReadonlySet<string>): Command | undefined {
  return parseColons(line, registered) ?? parseBrackets(line, registered);
}

/** `::name key=value,key=value::data`, at the start of a line after white space. */
function parseColons(line: string, registered: ReadonlySet<string>): Command | undefined {
  // .NET trims U+0085 and leaves U+FEFF, JavaScript the other way round.
  const trimmed = line.replace(/^(?:(?!\uFEFF)[\s\u0085])+/, '');
  const end = trimmed.indexOf('::', 2);
  if (!trimmed.startsWith('::') || end === -1) return undefined;
  return commandFrom(line, trimmed.slice(2, end), trimmed.slice(end + 2), registered, {
    parts: (properties) => properties.trim().split(','),
    property: (value) => unescapeWith(value, { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' }),
    data: (value) => unescapeWith(value, { '%0D': '\r', '%0A': '\n', '%25': '%' }),
  });
}

/** `##[name key=value;key=value]data`, anywhere in a line: the first `##[` counts. */
function parseBrackets(line: string, registered: ReadonlySet<string>): Command | undefined {
  const start = line.indexOf('##[');
  const end = start === -1 ? -1 : line.indexOf(']', start);
  if (end === -1) return undefined;
  const plain = (value: string) =>
    unescapeWith(value, { '%3B': ';', '%0D': '\r', '%0A': '\n', '%5D': ']', '%25': '%' });
  return commandFrom(line, line.slice(start + 3, end), line.slice(end + 1), registered, {
    parts: (properties) => properties.split(';'),
    property: plain,
    data: plain,
  });
}

interface Syntax {
  parts(properties: string): string[];
  property(value: string): string;
  data(value: string): string;
}

function commandFrom(
  line: string,
  info: string,
  data: string,
  registered: ReadonlySet<string>,
  syntax: Syntax,
): Command | undefined {
  const space = info.indexOf(' ');
  const name = (space === -1 ? info : info.slice(0, space)).toLowerCase();
  if (!registered.has(name)) return undefined;
  const parts = space === -1 ? [] : syntax.parts(info.slice(space + 1));
  const properties = parts.flatMap((one) => {
    // An empty part before or after the first `=` does not count: `==a==b` is `a` and `b`.
    const [, key, value] = /^=*([^=]+)=+([^=].*)$/s.exec(one) ?? [];
    return key === undefined || value === undefined ? [] : [[key, syntax.property(value)] as const];
  });
  return { name, properties: Object.fromEntries(properties), data: syntax.data(data), line };
}

/** In the order given, `%25` last, as the runner does it. */
function unescapeWith(escaped: string, mapping: Readonly<Record<string, string>>): string {
  return Object.entries(mapping).reduce((value, [from, to]) => value.replaceAll(from, to), escaped);
}

/** The value of a property, whose name the runner takes in any case; the last one counts. */
function propertyOf(of: Command, name: string): string | undefined {
  return Object.entries(of.properties).findLast(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** What `set-output` and `save-state` commands set. */
function pairsOf(commands: readonly Command[], name: string): Record<string, string> {
  const pairs = commands.filter((one) => one.name === name).map((one) => [propertyOf(one, 'name') ?? '', one.data]);
  return Object.fromEntries(pairs.filter(([key]) => key !== ''));
}

// --- Annotations

/** What an `error`, `warning` or `notice` command says. Lines and columns count from 1. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly col?: number;
  readonly endColumn?: number;
  readonly title?: string;
}

const PER_LEVEL = 10;
const MESSAGE_LENGTH = 4096;
const SUMMARY_BYTES = 1024 * 1024;

/** The annotations that commands make, all of them and as they were stated. */
export function annotationsIn(commands: readonly Command[]): Annotation[] {
  return commands.flatMap((one) => {
    if (one.name !== 'error' && one.name !== 'warning' && one.name !== 'notice') return [];
    return [
      stated({
        level: one.name,
        message: one.data,
        file: propertyOf(one, 'file'),
        line: number(propertyOf(one, 'line')),
        endLine: number(propertyOf(one, 'endLine')),
        col: number(propertyOf(one, 'col')),
        endColumn: number(propertyOf(one, 'endColumn')),
        title: propertyOf(one, 'title'),
      }),
    ];
  });
}

/**
 * The annotations that are shown: ten a level in the order printed, messages cut at 4,096 characters, places that make
 * no sense corrected, files made relative to the workspace, and none without a message, though it takes its turn.
 */
export function keptOf(annotations: readonly Annotation[], workspace?: string): Annotation[] {
  const turns = { error: 0, warning: 0, notice: 0 };
  return annotations.flatMap((one) => {
    turns[one.level] += 1;
    if (turns[one.level] > PER_LEVEL || one.message.trim() === '') return [];
    const message = one.message.slice(0, MESSAGE_LENGTH);
    return [stated({ ...placed(one), message, file: relativeTo(workspace, one.file) })];
  });
}

type Loose = { readonly [Name in keyof Annotation]: Annotation[Name] | undefined } & Pick<
  Annotation,
  'level' | 'message'
>;

/** `IssueCommandExtension.ValidateLinesAndColumns`, in its order. */
function placed(annotation: Annotation): Loose {
  const { file, title, ...one } = { file: undefined, title: undefined, ...annotation };
  const line = one.line ?? one.endLine;
  const col = one.col ?? one.endColumn;
  const { endLine, endColumn } = one;
  const lines = line !== undefined && endLine !== undefined && endLine < line ? {} : { line, endLine };
  const columnsFit = line !== undefined && (endLine === undefined || endLine === line);
  const columnsOrdered = col === undefined || endColumn === undefined || endColumn >= col;
  const columns = columnsFit && columnsOrdered ? { col, endColumn } : {};
  const none = { line: undefined, endLine: undefined, col: undefined, endColumn: undefined };
  return { level: one.level, message: one.message, file, title, ...none, ...lines, ...columns };
}

function relativeTo(workspace: string | undefined, file: string | undefined): string | undefined {
  if (workspace === undefined || file === undefined || !isAbsolute(file)) return file;
  const path = relative(workspace, file);
  return path.startsWith('..') ? file : path;
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : undefined;
}

/** Without what is not there: the one place that says so to the type. */
function stated(annotation: Loose): Annotation {
  const set = Object.entries(annotation).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as unknown as Annotation;
}

// --- File commands

/** What a `GITHUB_OUTPUT`, `GITHUB_ENV` or `GITHUB_STATE` file sets. Throws where the runner fails the step. */
export function fileCommand(written: string): Record<string, string> {
  const lines = written.replace(/^\uFEFF/, '').split('\n');
  // After the last newline there is no line, and a value's delimiter needs one before it.
  if (lines.at(-1) === '') lines.pop();
  const values: Record<string, string> = {};
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [, name, sign, rest] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? [];
    if (name === undefined || rest === undefined) throw new Error(`Invalid format '${line}'`);
    if (name === '' || (sign === '<<' && rest === '')) {
      throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
    }
    if (sign === '=') {
      values[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, at + 1);
    if (end === -1) throw new Error(`Invalid value. Matching delimiter not found '${rest}'`);
    values[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return values;
}

function reportAt(path: string | undefined, workspace: string): unknown {
  if (path === undefined || path === '') return undefined;
  const file = resolve(workspace, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
