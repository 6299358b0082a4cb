import type { Declared, Invalid, MapNode, Mode, Node, Place } from '../model.ts';
import { registry } from '../resources/index.ts';
import { bare, pathText } from '../resources/text.ts';
import { declare } from './declare.ts';
import { environmentNames, idleDrops, inEnvironment } from './environment.ts';
import { didYouMean } from './nearest.ts';
import { fileStart, type Source } from './source.ts';
import { validate } from './validate.ts';
import { parse } from './yaml.ts';

/** A configuration file, read and checked without any network. */
export interface Config {
  readonly file: string;
  /** Everything that is wrong with the file, in every environment: errors make it invalid, warnings do not. */
  readonly findings: readonly Invalid[];
  readonly environments: readonly string[];
  /** The sections that it declares, in any environment. */
  readonly sections: readonly string[];
  /** What is to be said of the file as it is in an environment, for a key's mode: `findings`, and what only that mode knows. */
  remarks(environment: string | null, mode: Mode | null): readonly Invalid[];
  /** What it declares in an environment, for a key's mode; null when the file is invalid. */
  declared(environment: string | null, mode: Mode | null): Declared | null;
}

/** Reads and checks a configuration file. All environments are checked, each laid over the base; the base alone for a mode without one. */
export function loadConfig(source: Source, file: string): Config {
  if ('problem' in source) return unreadable(file, `${bare(file)} ${source.problem}`);
  const { node, remarks } = parse(source.text, file);
  const findings = new Findings();
  for (const { at, message, severity } of remarks) findings.addBroken(at, message, severity);
  if (node !== null && node.kind !== 'map') {
    findings.addBroken(
      node.at,
      'The file is no map of sections. Begin with version: 1 and a section such as webhooks',
      'error',
    );
  }
  const root = node?.kind === 'map' ? node : null;
  if (root === null) return nothingDeclared(file, findings.all);
  const names = environmentNames(root);
  const checked = size(root) * (1 + names.length);
  if (checked > MOST_CHECKED) {
    const at = root.entries.get('environments')?.at ?? root.at;
    const message = `The file has ${size(root)} values in each of ${names.length} environments: at most ${MOST_CHECKED} are checked. Use a file for each`;
    findings.addBroken(at, message, 'error');
    return nothingDeclared(file, findings.all);
  }
  for (const problem of validate(root)) {
    // What an entry lacks, an environment may add.
    if (problem.isLack && registry.has(problem.path[0] ?? '')) continue;
    findings.add(problem.at, problem.path, problem.message);
  }
  const modes: readonly Mode[] = ['live', 'test'];
  const withoutOwn = modes.some((mode) => !names.includes(mode));
  for (const environment of [...(withoutOwn ? [null] : []), ...names]) check(root, environment, null, findings);
  for (const { path, at, known } of idleDrops(root)) {
    const message = `is null to drop an entry, but there is none of that name outside environments.${didYouMean(path.at(-1) ?? '', known)}`;
    findings.add(at, path, message, 'warning');
  }
  const invalid = findings.all.some(({ severity }) => severity === 'error');
  return {
    file,
    findings: findings.all,
    environments: names,
    sections: [...registry.keys()].filter((section) =>
      [null, ...names].some((name) => inEnvironment(root, name).entries.has(section)),
    ),
    remarks(environment, mode) {
      check(root, environment, mode, findings);
      return findings.all;
    },
    declared: (environment, mode) => (invalid ? null : check(root, environment, mode, new Findings())),
  };
}

/** Values that are checked, those of the base once for each environment; a file with more would hold up a workflow for minutes. */
const MOST_CHECKED = 1_000_000;

/** How many values there are in a node, itself included. */
function size(node: Node): number {
  if (node.kind === 'scalar') return 1;
  const inner = node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.node);
  return inner.reduce((sum, one) => sum + size(one), 1);
}

class Findings {
  readonly all: Invalid[] = [];
  private readonly seen = new Set<string>();
  private readonly broken = new Set<string>();

  /** Adds a finding once, however many environments have it. */
  /** `suffix` says where it was found, where that is not everywhere. */
  add(at: Place, path: readonly string[], message: string, severity: 'error' | 'warning' = 'error', suffix = ''): void {
    const key = JSON.stringify([at, message]);
    if (this.seen.has(key) || this.broken.has(JSON.stringify(at))) return;
    this.seen.add(key);
    const [first = ''] = path;
    const [section = null, name = null, field = null] = first === 'environments' ? path.slice(2) : path;
    const known = section !== null && registry.has(section);
    this.all.push({
      problem: 'invalid',
      severity,
      at,
      section: known ? section : null,
      name: known ? name : null,
      field: known ? field : null,
      message: `${named(path, message)}${suffix}`,
    });
  }

  /** Adds what is wrong with the YAML itself; nothing else is said of that place. */
  addBroken(at: Place, message: string, severity: 'error' | 'warning'): void {
    this.add(at, [], message, severity);
    if (severity === 'error') this.broken.add(JSON.stringify(at));
  }
}

function check(root: MapNode, environment: string | null, keyMode: Mode | null, findings: Findings): Declared {
  const effective = inEnvironment(root, environment);
  const bad = new Set<string>();
  for (const { path, at, message } of validate(effective)) {
    findings.add(at, path, message);
    bad.add(JSON.stringify(path.slice(0, 3)));
  }
  const isBad = (path: readonly string[]) => bad.size > 0 && bad.has(JSON.stringify(path));
  const paths = new Map<Place, readonly string[]>();
  index(effective, [], paths);
  const mode =
    keyMode ?? statedMode(effective) ?? (environment === 'live' || environment === 'test' ? environment : null);
  const suffix = environment === null ? '' : ` (in environment ${bare(environment)})`;
  return declare(effective, mode, isBad, (at, message, severity) => {
    findings.add(at, paths.get(at) ?? [], message, severity, suffix);
  });
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

/** The path of each place, so that a message can name what it is about. */
function index(node: Node, path: readonly string[], paths: Map<Place, readonly string[]>): void {
  paths.set(node.at, path);
  if (node.kind === 'list') {
    for (const [position, item] of node.items.entries()) index(item, [...path, String(position)], paths);
  }
  if (node.kind !== 'map') return;
  for (const { name, at, node: value } of node.entries.values()) {
    paths.set(at, [...path, name]);
    index(value, [...path, name], paths);
  }
}

function unreadable(file: string, message: string): Config {
  const finding: Invalid = {
    problem: 'invalid',
    severity: 'error',
    at: fileStart(file),
    section: null,
    name: null,
    field: null,
    message,
  };
  return nothingDeclared(file, [finding]);
}

function nothingDeclared(file: string, findings: readonly Invalid[]): Config {
  return { file, findings, environments: [], sections: [], remarks: () => findings, declared: () => null };
}
