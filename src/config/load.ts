import { type Declared, type Invalid, type MapNode, type Mode, type Node, type Place, SINGLE } from '../model.ts';
import { registry } from '../resources/index.ts';
import { mainName, type Resource, typeAt } from '../resources/resource.ts';
import { bare, environmentWords, fileWord, pathText } from '../text.ts';
import type { Complaint } from '../vocabulary/type.ts';
import { currencyOf } from './currency.ts';
import { type Complain, declare, type Files } from './declare.ts';
import {
  elsewhere,
  environmentNames,
  idleDrops,
  idleRotation,
  inEnvironment,
  inEnvironments,
  statesMode,
} from './environment.ts';
import { straightened } from './layout.ts';
import { merged } from './merge.ts';
import { didYouMean } from './nearest.ts';
import { fileStart, type Source } from './source.ts';
import { validator } from './valid.ts';
import type { ShapeProblem, Validate } from './validate.ts';
import { parse } from './yaml.ts';

/** A configuration of one file, or of several that are one together, read and checked without any network. */
export interface Config {
  /** The paths of its files as reports show them, in order. */
  readonly files: readonly string[];
  /** Everything that is wrong with the files, in every environment: errors make them invalid, warnings do not. */
  readonly findings: readonly Invalid[];
  readonly environments: readonly string[];
  /** Those that a key may find it in; null: the file without its environments, for a mode that has none of its own. */
  readonly effective: readonly (string | null)[];
  /** The sections that it declares, in any environment. */
  readonly sections: readonly string[];
  /** What it declares in an environment, for a key's mode; the same object each time. */
  in(environment: string | null, mode: Mode | null): InEnvironment;
}

/** A configuration as it is in an environment, for a key's mode. */
export interface InEnvironment {
  /** Null where a file is invalid. */
  readonly declared: Declared | null;
  /** All that is to be said of the files: their findings, and what only that mode knows. What may be right in others is of its own values alone. */
  readonly remarks: readonly Invalid[];
}

/**
 * Reads and checks the files of a configuration, whose order is that of their paths. All environments are checked, each laid
 * over the base; the base alone for a mode without one.
 */
export async function loadConfig(sources: readonly Source[], now = Date.now()): Promise<Config> {
  const ordered = [...sources].sort((one, other) => (one.file < other.file ? -1 : 1));
  const paths = ordered.map(({ file }) => file);
  const findings = new Findings();
  const [first, ...others] = ordered.flatMap((source) => {
    const root = rootOf(source, findings);
    return root === null ? [] : straightened(root, (at, path, message) => findings.add(at, path, message));
  });
  if (first === undefined) return nothingDeclared(paths, findings.told([]));
  const files: Files = { paths, isPart: others.length + 1 < ordered.length };
  const root = merged([first, ...others], (at, path, message) => findings.add(at, path, message));
  const names = environmentNames(root);
  if (size(root) * (1 + names.length) > MOST_CHECKED) {
    const at = root.entries.get('environments')?.at ?? root.at;
    findings.addWhole(at, tooMuch(size(root), names.length, paths), 'error');
    return nothingDeclared(paths, findings.told([]));
  }
  const modes: readonly Mode[] = ['live', 'test'];
  const withoutOwn = modes.some((mode) => !names.includes(mode));
  const inEffect = [...(withoutOwn ? [null] : []), ...names];
  const effective = new Map([null, ...names].map((name) => [name, inEnvironment(root, name, files.isPart)]));
  const validate = await validator([first, ...others, ...effective.values()]);
  for (const problem of [first, ...others].flatMap(validate)) {
    // What an entry lacks, an environment may add.
    if (problem.isLack && registry.has(problem.path[0] ?? '')) continue;
    findings.add(problem.at, problem.path, problem.message);
  }
  // What is base alone is one, whatever it is called.
  const readings = new Map<string | null, EnvironmentReading>();
  const readingIn = (environment: string | null) => {
    const name = environment !== null && names.includes(environment) ? environment : null;
    const found = readings.get(name) ?? read({ root, files, validate, now }, name, effective.get(name) ?? root);
    readings.set(name, found);
    return found;
  };
  for (const environment of inEffect) tell(readingIn(environment), environment, null, findings);
  for (const { path, at, known } of files.isPart ? [] : idleDrops(root)) {
    const message = `is null, which removes an entry, but outside environments there is no entry of that name.${didYouMean(path.at(-1) ?? '', known)}`;
    findings.add(at, path, message, 'warning');
  }
  const idle = files.isPart ? undefined : idleRotation(root);
  if (idle !== undefined) {
    const message = 'has no effect without key_rotated. Add the day on which the key was created or last rolled';
    findings.add(idle.at, ['policy', idle.name], message, 'warning');
  }
  const found = findings.told(names);
  const invalid = found.some(({ severity }) => severity === 'error');
  const whole = files.isPart ? [null, ...names].map((name) => inEnvironment(root, name)) : [...effective.values()];
  return {
    files: paths,
    findings: found,
    environments: names,
    effective: inEffect,
    sections: [...registry.keys()].filter((section) => whole.some(({ entries }) => entries.has(section))),
    in: remembered((environment, mode) => {
      const remarks = new Findings(findings);
      const reading = readingIn(environment);
      tell(reading, environment, mode, remarks);
      const modeOf = environment !== null && statesMode(root, environment) ? environment : null;
      const declared = { ...reading.declared, namedMode: namedMode(root, environment), modeOf };
      return { declared: invalid ? null : declared, remarks: remarks.heard(names) };
    }),
  };
}

function remembered(read: Config['in']): Config['in'] {
  const known = new Map<string, InEnvironment>();
  return (environment, mode) => {
    const key = JSON.stringify([environment, mode]);
    const found = known.get(key) ?? read(environment, mode);
    known.set(key, found);
    return found;
  };
}

/** The map that a file is; null where it is none, which is said. */
function rootOf(source: Source, findings: Findings): MapNode | null {
  const { file } = source;
  if ('problem' in source) {
    const remedy = source.remedy === undefined ? '' : `. ${source.remedy}`;
    findings.addWhole(fileStart(file), `${bare(file)} ${source.problem}${remedy}`, 'error');
    return null;
  }
  const { node, remarks } = parse(source.text, file);
  for (const { at, message, severity } of remarks) findings.addWhole(at, message, severity);
  if (node === null || node.kind === 'map') return node;
  const message = 'The file has no sections. Begin with version: 1 and a section such as webhooks';
  findings.addWhole(node.at, message, 'error');
  return null;
}

/** Values that are checked, those of the base once for each environment; a file with more would hold up a workflow for minutes. */
const MOST_CHECKED = 1_000_000;

function tooMuch(values: number, environments: number, files: readonly string[]): string {
  return `The ${fileWord(files)} has ${values} values in each of ${environments} environments: at most ${MOST_CHECKED} are checked. Use a file for each`;
}

/** How many values there are in a node, itself included. */
function size(node: Node): number {
  if (node.kind === 'scalar') return 1;
  const inner = node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.node);
  return inner.reduce((sum, one) => sum + size(one), 1);
}

/** Problems of each severity that are told of a configuration: whoever has more fixes these first. */
const MOST_TOLD = 10_000;

/** A finding, and the environments that have it; null where it does not come from one alone. */
interface Found {
  readonly finding: Invalid;
  readonly environments: Set<string> | null;
}

class Findings {
  private readonly found: Found[];
  /** What was told of single environments before, by place and message, and what of it was heard again. */
  private readonly own: Map<string, Invalid>;
  private readonly again = new Set<Invalid>();
  private readonly counts: { error: number; warning: number };
  private readonly seen: Map<string, Set<string> | null>;
  private readonly broken: Set<string>;

  /** Goes on from what was found before. */
  constructor(before?: Findings) {
    this.found = [...(before?.found ?? [])];
    this.counts = { error: 0, warning: 0, ...before?.counts };
    this.seen = new Map(before?.seen);
    this.broken = new Set(before?.broken);
    this.own = new Map(before?.own);
  }

  /** All without what was told before of single environments and not heard again: it is about values of others. */
  heard(all: readonly string[]): readonly Invalid[] {
    const others = new Set([...this.own.values()].filter((finding) => !this.again.has(finding)));
    return this.told(all, (finding) => !others.has(finding));
  }

  /** All of them. Where not all of several environments have one, its message says which do. */
  told(all: readonly string[], isTold: (finding: Invalid) => boolean = () => true): readonly Invalid[] {
    return this.found.flatMap(({ finding, environments }) => {
      if (!isTold(finding)) return [];
      if (environments === null || (all.length > 1 && environments.size === all.length)) return [finding];
      return [{ ...finding, message: `${finding.message} (in ${environmentWords([...environments])})` }];
    });
  }

  /** Adds a finding once, however many environments have it. */
  add(
    at: Place,
    path: readonly string[],
    message: string,
    severity: Exclude<Complaint, 'live-doubt'> = 'error',
    { environment = null, word = null }: { environment?: string | null; word?: string | null } = {},
  ): void {
    const key = JSON.stringify([at, message]);
    const told = this.own.get(key);
    if (told !== undefined) this.again.add(told);
    const environments = environment === null ? null : new Set([environment]);
    if (!this.isNew(at, message, environments)) return;
    const [first = ''] = path;
    const [section = null, ...rest] = first === 'environments' ? path.slice(2) : path;
    const kind = registry.get(section ?? '');
    const [name = null, field = null] = kind?.shape === 'single' ? [SINGLE, ...rest] : rest;
    const below = kind?.shape === 'single' ? rest : rest.slice(1);
    const subject =
      kind === undefined
        ? NO_SUBJECT
        : { section, name, field, ...(field !== null && { path: inWords(kind, below, word) }) };
    const isDoubt = severity === 'doubt';
    const isOwn = isDoubt || severity === 'own';
    const finding: Told = {
      problem: 'invalid',
      severity: isOwn ? 'warning' : severity,
      at,
      ...subject,
      message: named(path, message),
      ...(isDoubt && { doubt: true as const }),
    };
    this.tell(finding, environments);
    if (!isOwn) return;
    this.own.set(key, finding);
    this.again.add(finding);
  }

  /** Adds what is wrong with a file as a whole, or with its YAML, as a sentence; of an error's place nothing else is said. */
  addWhole(at: Place, message: string, severity: 'error' | 'warning'): void {
    if (this.isNew(at, message)) this.tell({ problem: 'invalid', severity, at, ...NO_SUBJECT, message });
    if (severity === 'error') this.broken.add(JSON.stringify(at));
  }

  private tell(finding: Told, environments: Found['environments'] = null): void {
    const { severity, at } = finding;
    this.counts[severity] += 1;
    if (this.counts[severity] <= MOST_TOLD) this.found.push({ finding, environments });
    if (this.counts[severity] !== MOST_TOLD + 1) return;
    const message = `There are more than ${MOST_TOLD} ${severity}s; the others are not shown. Fix the first ones, and check again`;
    this.found.push({ finding: { problem: 'invalid', severity, at, ...NO_SUBJECT, message }, environments: null });
  }

  private isNew(at: Place, message: string, environments: Found['environments'] = null): boolean {
    const key = JSON.stringify([at, message]);
    const known = this.seen.get(key);
    if (known !== undefined) for (const environment of environments ?? []) known?.add(environment);
    if (known !== undefined || this.broken.has(JSON.stringify(at))) return false;
    this.seen.set(key, environments);
    return true;
  }
}

/** A finding as it is told: none of a file is a mere notice. */
type Told = Invalid & { readonly severity: 'error' | 'warning' };

const NO_SUBJECT = { section: null, name: null, field: null };

/** A path below an entry by main names, in which the word of a set stands in place of its position. */
function inWords(
  resource: Resource<never>,
  [field = '', ...rest]: readonly string[],
  word: string | null,
): readonly string[] {
  const path = [mainName(resource, field), ...rest];
  return path.map((step, depth) => (typeAt(resource, path.slice(0, depth))?.set ? (word ?? step) : step));
}

/** The files as one, and what validates them. */
interface Loaded {
  readonly root: MapNode;
  readonly files: Files;
  readonly validate: Validate;
  readonly now: number;
}

/** The files as they are in an environment, and what is wrong there in any mode. */
interface EnvironmentReading {
  readonly effective: MapNode;
  readonly declared: Omit<Declared, 'namedMode' | 'modeOf'>;
  readonly problems: readonly ShapeProblem[];
  readonly complaints: readonly {
    readonly at: Place;
    readonly path: readonly string[];
    readonly word: string | null;
    readonly message: string;
    readonly severity: Complaint;
  }[];
}

function read(
  { root, files, validate, now }: Loaded,
  environment: string | null,
  effective: MapNode,
): EnvironmentReading {
  const problems = validate(effective);
  const bad = new Set(
    problems.map(({ path }) => JSON.stringify(path.slice(0, registry.get(path[0] ?? '')?.shape === 'single' ? 2 : 3))),
  );
  const isBad = (path: readonly string[]) => bad.size > 0 && bad.has(JSON.stringify(path));
  // Of a file with nothing wrong nobody asks what stands where.
  let indexed: Map<Place, Indexed> | undefined;
  const standingAt = (at: Place): Indexed => {
    indexed ??= index(effective, [], new Map());
    return indexed.get(at) ?? { path: [], word: null };
  };
  const complaints: EnvironmentReading['complaints'][number][] = [];
  const complain: Complain = (at, message, severity = 'error') =>
    complaints.push({ at, ...standingAt(at), message, severity });
  const declared = declare(effective, files, {
    isBad,
    complain,
    currency: (at) => currencyOf(effective, standingAt(at).path),
    elsewhere: (section, name) => elsewhere(root, environment, section, name),
    inEnvironments: (at) => inEnvironments(standingAt(at).path),
    now,
  });
  return { effective, declared, problems, complaints };
}

/** Tells what is wrong in an environment, for a key's mode. */
function tell(
  { effective, problems, complaints }: EnvironmentReading,
  environment: string | null,
  keyMode: Mode | null,
  findings: Findings,
): void {
  for (const { path, at, message } of problems) findings.add(at, path, message);
  const mode =
    keyMode ?? statedMode(effective) ?? (environment === 'live' || environment === 'test' ? environment : null);
  for (const { at, path, word, message, severity } of complaints) {
    if (severity === 'live-doubt' && mode !== 'live') continue;
    findings.add(at, path, message, severity === 'live-doubt' ? 'doubt' : severity, { environment, word });
  }
}

/** `live` and `test` are names of modes: an environment of that name is of that mode, unless it states another itself. */
function namedMode(root: MapNode, environment: string | null): Mode | null {
  if (environment !== 'live' && environment !== 'test') return null;
  return statesMode(root, environment) ? null : environment;
}

function statedMode(root: MapNode): Mode | null {
  const node = root.entries.get('mode')?.node;
  return node?.kind === 'scalar' && (node.value === 'live' || node.value === 'test') ? node.value : null;
}

function named(path: readonly string[], message: string): string {
  // A message that begins with a capital, a quote or a sign is whole; others begin with a verb whose subject is the path.
  if (!/^[a-z]/.test(message)) return message;
  return path.length === 0 ? `The file ${message}` : `${pathText(path)} ${message}`;
}

/** What stands at a place: its path, so that a message can name it, and its text where it is a single value. */
interface Indexed {
  readonly path: readonly string[];
  readonly word: string | null;
}

function index(node: Node, path: readonly string[], paths: Map<Place, Indexed>): Map<Place, Indexed> {
  paths.set(node.at, { path, word: node.kind === 'scalar' ? node.text : null });
  if (node.kind === 'list') {
    // A list of several files has the items of each one after another: they are counted in their own.
    const starts = new Map<string, number>();
    for (const [position, item] of node.items.entries()) {
      const start = starts.get(item.at.file) ?? position;
      starts.set(item.at.file, start);
      index(item, [...path, String(position - start)], paths);
    }
  }
  if (node.kind !== 'map') return paths;
  for (const { name, at, node: value } of node.entries.values()) {
    paths.set(at, { path: [...path, name], word: null });
    index(value, [...path, name], paths);
  }
  return paths;
}

function nothingDeclared(files: readonly string[], findings: readonly Invalid[]): Config {
  return {
    files,
    findings,
    environments: [],
    effective: [],
    sections: [],
    in: () => ({ declared: null, remarks: findings }),
  };
}
