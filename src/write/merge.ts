import { compare } from '../check/compare.ts';
import { inPlaceOrder } from '../check/finding.ts';
import { judge } from '../check/policy.ts';
import { type Change, type Changes, edited } from '../config/edit.ts';
import { type Config, loadConfig } from '../config/load.ts';
import { parse } from '../config/yaml.ts';
import { CheckError } from '../errors.ts';
import { agreement, companions } from '../fix/fix.ts';
import type { Match } from '../matching/identity.ts';
import { byLikeness, isContent, likenessOf, onlyPairs, pairsOf } from '../matching/likeness.ts';
import { entryNames } from '../matching/names.ts';
import type {
  Actual,
  Changed,
  Declared,
  Expected,
  Fields,
  Ignored,
  Invalid,
  Missing,
  Node,
  Reading,
  Unmanaged,
  Value,
  Whole,
} from '../model.ts';
import { declaredEntries, isRecord, record, SINGLE, wordOf } from '../model.ts';
import { registry, resourceOf } from '../resources/index.ts';
import {
  type Field,
  fieldOf,
  finderPath,
  findersOf,
  ID,
  mainName,
  meansBySilence,
  type Resource,
  referencesOf,
  unstatedCharge,
} from '../resources/resource.ts';
import { bare, pathText, quote } from '../text.ts';
import { named, referencesIn } from '../vocabulary/reference.ts';
import { type Spelled, spelledAs, spelling } from '../vocabulary/type.ts';
import type { Said } from '../vocabulary/yaml.ts';
import { amountsIn, byName, type Counts, entryOf, identityCounts, identityOf, nameIn } from './export.ts';
import { secretsIn } from './secrets.ts';
import { refusedByRemark, Without } from './without.ts';

/** A file that agrees with what is live. */
export interface Merged {
  readonly text: string;
  /** Paths of the entries that were added, and of those and the fields that were changed. */
  readonly added: readonly string[];
  readonly updated: readonly string[];
  /** What is left for a person to do, as sentences. */
  readonly remarks: readonly string[];
}

export interface Merging {
  /** The file's name, for messages. */
  readonly file: string;
  /** What is live, whole and with what is retired. */
  readonly reading: Reading;
  /** The environment that gets what differs; null: the one of the account's mode where the file has it, else the base. */
  readonly environment: string | null;
  /** The sections that were named: of these, what a kind ignores by default is added. */
  readonly asked?: readonly string[];
}

/** Turns of pairing and editing; each entry takes few. */
const MOST_TURNS = 12;

/**
 * Brings a file up to date: what is live and in force and not in the file is added, what differs is changed, and nothing else
 * is touched. With an environment the base stays as it is, and the environment gets what differs. A file that is up to date
 * stays the same to the byte. Throws a `CheckError` where the file is invalid, of another account or mode, or in a form that
 * can't be edited.
 */
export async function merged(text: string, merging: Merging): Promise<Merged> {
  const without = new Without();
  for (;;) {
    const attempt = new Merge(text, merging, without);
    const refused = await attempt.run();
    const [first] = refused;
    if (first === undefined) return attempt.result();
    const left = refused.flatMap((remark) => refusedByRemark(remark) ?? []).filter((one) => without.leave(one));
    if (left.length === 0) throw unmergeable(merging.file, first.message);
  }
}

function unmergeable(file: string, reason: string): CheckError {
  return new CheckError(
    `${bare(file)} can't be merged: ${reason}`,
    'Nothing was written. Update this place by hand, as check says, and merge again.',
  );
}

class Merge {
  private text: string;
  private readonly merging: Merging;
  private readonly without: Without;
  private readonly added = new Set<string>();
  private readonly updated = new Set<string>();
  private remarks: readonly string[] = [];
  private overlay: string | null = null;
  /** Whether the file did not have that environment. */
  private isNew = false;
  /** Whether the file says of which mode it is. */
  private statesMode = false;
  private readonly before: string;

  constructor(text: string, merging: Merging, without: Without) {
    this.text = text;
    this.before = text;
    this.merging = merging;
    this.without = without;
  }

  result(): Merged {
    return {
      text: this.text,
      added: [...this.added],
      updated: [...this.updated],
      remarks: [...this.novelty(), ...this.remarks, ...this.without.reasons],
    };
  }

  private novelty(): string[] {
    if (this.text === this.before) return [];
    const { mode } = this.merging.reading;
    if (this.overlay === null && mode === 'test' && !this.statesMode)
      return [
        'The file now has the values of test mode. With --environment test, they go into an environment instead.',
      ];
    return this.isNew ? [`The environment ${bare(this.overlay ?? '')} is new in the file.`] : [];
  }

  /** Edits until nothing is left to do. Returns what is wrong with the file that they make. */
  async run(): Promise<readonly Invalid[]> {
    const { file, reading, environment } = this.merging;
    let place = '';
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      const config = await loadConfig([{ text: this.text, file }]);
      const invalid = config.findings.filter(({ severity }) => severity === 'error');
      if (turn === 0) {
        if (invalid.length > 0) throw invalidFile(file, invalid[0]?.message ?? '');
        this.overlay = environment ?? (config.environments.includes(reading.mode) ? reading.mode : null);
        this.isNew = this.overlay !== null && !config.environments.includes(this.overlay);
      }
      if (invalid.length > 0) return invalid;
      const edits = this.edits(config, turn === 0);
      if (edits.changes.size === 0) return [];
      this.text = edited(this.text, edits.changes);
      place = pathText(firstPath(edits.changes));
    }
    throw unmergeable(file, `YAML of the form of ${place} is not edited.`);
  }

  private edits(config: Config, isFirst: boolean): Edits {
    const { reading } = this.merging;
    const declared = config.in(this.overlay ?? reading.mode, reading.mode).declared as Declared;
    const edits = new Edits(this.overlay === null ? [] : ['environments', this.overlay]);
    if (isFirst) this.frame(declared, edits);
    if (edits.changes.size > 0) return edits;
    const comparison = compare(declared, reading);
    const judged = judge(this.asking(declared), reading, comparison, null, []);
    const { ignored } = judged;
    const findings = inPlaceOrder(judged.findings);
    const state: State = {
      edits,
      entries: declaredEntries(declared),
      base: parse(this.text, this.merging.file).node,
      findings,
      counts: countsOf(reading),
      matches: comparison.matches,
    };
    const pairs = this.overlay === null ? 0 : this.pair(state);
    if (pairs > 0) return edits;
    const remarks = notAdded(declared, ignored);
    for (const finding of findings) {
      if (finding.problem === 'changed') remarks.push(...this.change(finding, state));
      if (finding.problem === 'missing') remarks.push(...this.missing(finding, state));
      if (finding.problem === 'ambiguous')
        remarks.push(
          `${pathText([finding.section, finding.name])} is ambiguous: several objects in Stripe match it. It was left as it is.`,
        );
    }
    this.dropReferences(
      comparison.skipped.map(({ entry, path }) => [entry, path[0] ?? '']),
      state,
    );
    this.add(
      findings.filter((finding): finding is Unmanaged => finding.problem === 'unmanaged'),
      state,
    );
    this.remarks = remarks;
    return edits;
  }

  /** The file with a policy that adds what was asked for, where it says nothing of that itself. */
  private asking(declared: Declared): Declared {
    const { policy } = declared;
    const { unmanaged } = policy;
    const open = (this.merging.asked ?? []).filter((section) => wordOf(policy, 'unmanaged', section) === undefined);
    if (typeof unmanaged === 'string' || open.length === 0) return declared;
    const words = Object.fromEntries(open.map((section) => [section, 'warning' as const]));
    return { ...declared, policy: { ...policy, unmanaged: { ...unmanaged, ...words } } };
  }

  /** Guards that the environment needs of its own, and sections that the file lacks. Refuses the file of another account. */
  private frame(declared: Declared, edits: Edits): void {
    const { reading } = this.merging;
    this.statesMode = declared.mode !== null;
    for (const [guard, live] of [
      ['mode', reading.mode],
      ['account', reading.account],
    ] as const) {
      const stated = declared[guard];
      if (stated === null || live === null || stated.value === live) continue;
      if (this.overlay === null || this.isOwn(guard)) throw otherAccount(this.merging.file, guard, stated.value, live);
      edits.set([guard], { kind: 'value', value: live });
    }
    const other = reading.mode === 'live' ? 'test' : 'live';
    if (this.overlay === other) throw otherAccount(this.merging.file, 'environment', other, reading.mode);
    for (const [section, read] of reading.sections) {
      if (read.status !== 'read' || declared.sections.has(section)) continue;
      const resource = resourceOf(section);
      edits.set([section], { kind: 'value', value: resource.shape === 'single' ? this.single(resource) : {} });
    }
  }

  /** Whether the environment states a guard itself: then it is another's. */
  private isOwn(guard: string): boolean {
    const root = parse(this.text, this.merging.file).node;
    return nodeAt(root, ['environments', this.overlay ?? '', guard]) !== undefined;
  }

  /** Entries whose object has another id in this mode find it by what it has in common with theirs. Returns how many. */
  private pair({ edits, entries, findings, counts, matches }: State): number {
    const names = this.namesOf(matches);
    const missing = new Set(
      findings.flatMap((finding) => (finding.problem === 'missing' ? [pathText([finding.section, finding.name])] : [])),
    );
    const ids = new Set(
      findings.map((finding) => (finding.problem === 'unmanaged' ? `${finding.section} ${finding.id}` : '')),
    );
    let pairs = 0;
    for (const resource of registry.values()) {
      const { section } = resource;
      const objects = this.objects(section).filter(({ id }) => ids.has(`${section} ${id}`));
      const likeness = ({ fields }: { readonly fields: Fields }) =>
        likenessOf(resource, { ...unstatedCharge(resource, fields), ...fields }, nameIn(names));
      const liveLike = byLikeness(objects, likeness);
      const isPlain = ({ identity }: Expected) =>
        findersOf(resource).some((one) => pathText(finderPath(one)) === pathText(identity.paths[0] ?? []));
      const lost = entries.filter(
        (entry) => entry.section === section && missing.has(pathText([section, entry.name])) && isPlain(entry),
      );
      const alike = [...byLikeness(lost, likeness)].flatMap(([like, some]) =>
        pairsOf(resource, some, liveLike.get(like) ?? []),
      );
      // What an entry with an id alone does not state, such as a URL with a secret, tells nothing; the rest may.
      const silent = lost.filter(
        (entry) => entry.fields[ID] !== undefined && likeness(entry) === null && !refers(resource, entry),
      );
      const others = objects.filter((live) => !alike.some(([, actual]) => actual === live));
      alike.push(...onlyPairs(resource, silent, others, isContent(resource)));
      for (const [entry, actual] of alike) {
        const secrets = new Set(secretsIn(resource, actual.fields).map(([field = '']) => field));
        const isById = entry.fields[ID] !== undefined;
        // No environment can take back the URL that the entry is found by: the object gets an entry of its own.
        if (!isById && entry.identity.paths.some(([field = '']) => secrets.has(field))) continue;
        const found = isById ? [ID] : identityOf(resource, actual.fields, counts.get(section) ?? new Map(), secrets);
        for (const field of found) {
          const { type } = resource.fields[field] as Field<never>;
          edits.set([section, entry.name, field], {
            kind: 'value',
            value: spelledAs(type, actual.fields[field] ?? null, null),
          });
        }
        this.updated.add(this.pathText([section, entry.name]));
        pairs += 1;
      }
    }
    return pairs;
  }

  /** The names of the entries that found their objects. */
  private namesOf(matches: State['matches']): Map<string, Map<string, { name: string; label: string }>> {
    const names = new Map<string, Map<string, { name: string; label: string }>>();
    for (const section of registry.keys()) names.set(section, new Map());
    for (const [{ section, name }, found] of matches) {
      if (found.kind === 'found') names.get(section)?.set(found.actual.id, { name, label: found.actual.label });
    }
    return names;
  }

  private change(finding: Changed, { edits, base }: State): string[] {
    const { section, name, field } = finding;
    const path = [section, name, field];
    const inBase = nodeAt(base, path);
    const agreed = agreement(finding, this.overlay === null ? undefined : namesOf(inBase));
    if (agreed === null || this.leaves(section, name, field)) return [];
    if (wouldTell(finding)) return [untold(finding)];
    if (agreed === 'remove') {
      // Where it is not there, or what an entry without it means differs too, nothing is to be gained by removing it.
      const means = meansBySilence(resourceOf(section), mainName(resourceOf(section), field));
      if (means || (this.overlay === null ? inBase === undefined : inBase !== undefined))
        return [`${pathText(steps(path))} differs in a way that the file can't state: it was left as it is.`];
      edits.set(path, { kind: 'remove' });
      this.updated.add(this.pathText(path));
      return [];
    }
    if (finding.unfound) this.identify(finding, edits);
    this.updated.add(this.pathText(path));
    this.setField([section, name], field, agreed, edits, base, finding.whole);
    for (const companion of companions(finding)) {
      if (!this.leaves(section, name, companion[0]))
        this.setField([section, name], companion[0], companion, edits, base, finding.whole);
    }
    return [];
  }

  /** Has the entry find its object by the id. An environment can't take back what match names in the base. */
  private identify({ section, name, id, whole }: Changed, edits: Edits): void {
    edits.set([section, name, ID], { kind: 'value', value: id });
    if (!whole.stated.includes('match')) return;
    edits.set([section, name, 'match'], this.overlay === null ? { kind: 'remove' } : { kind: 'value', value: ID });
  }

  /** Whether a field, or a part of it, is left out. */
  private leaves(section: string, name: string, field: string): boolean {
    return this.without.of(section, name).some(([first]) => first === mainName(resourceOf(section), field));
  }

  /** Gives a field its value under one of its spellings; another that is stated would contradict it. */
  private setField(
    [section, name]: readonly [string, string],
    stated: string,
    [spelled, value]: readonly [string, Spelled],
    edits: Edits,
    base: Node | null,
    whole?: Whole,
  ): void {
    const resource = resourceOf(section);
    const found = fieldOf(resource, stated);
    const spellings = [found?.name ?? stated, ...Object.keys(found?.field.also ?? {})];
    // Decimals spell whole amounts too: a name that is there stays.
    const chosen = value !== null && spellings.indexOf(stated) > spellings.indexOf(spelled) ? stated : spelled;
    const set = found?.field.type.set !== undefined;
    for (const other of spellings) {
      const path = [section, name, other];
      const under = nodeAt(base, path);
      if (other === chosen) {
        const over = this.overlay === null ? value : overlaid(under, value);
        edits.set(path, {
          kind: 'value',
          value: over,
          set,
          ...(whole && { said: saying(resource, whole, chosen, over) }),
        });
      } else if (this.overlay !== null)
        edits.set(path, under === undefined ? { kind: 'remove' } : { kind: 'value', value: null });
      else if (under !== undefined) edits.set(path, { kind: 'remove' });
    }
  }

  /** What is not live stays in the file; from an environment it is dropped. */
  private missing({ section, name }: Missing, { edits, base }: State): string[] {
    const path = pathText([section, name]);
    if (this.overlay === null || nodeAt(base, [section, name]) === undefined)
      return [`${path} is not in Stripe. It was left in the file: remove it, or create it in Stripe.`];
    edits.set([section, name], { kind: 'value', value: null });
    this.updated.add(this.pathText([section, name]));
    return [];
  }

  /** What refers to an entry that is dropped says what is live instead. */
  private dropReferences(skipped: readonly (readonly [Expected, string])[], { edits, base, matches }: State): void {
    const names = this.namesOf(matches);
    for (const [entry, field] of skipped) {
      const { section, name, fields } = entry;
      const target = resourceOf(section).fields[field];
      const result = matches.get(entry);
      if (target === undefined || result?.kind !== 'found') continue;
      const isDropped = referencesIn(target.type, fields[field] ?? null).some(
        (one) => one.entry !== null && edits.has([one.section, one.entry]),
      );
      if (!isDropped) continue;
      const value = named(target.type, result.actual.fields[field] ?? null, nameIn(names));
      this.setField([section, name], field, spelling(field, target, value, null), edits, base);
      this.updated.add(this.pathText([section, name, field]));
    }
  }

  /** What a new file states of a section that is one object. */
  private single(resource: Resource<never>): { readonly [field: string]: Spelled } {
    const making = { names: new Map(), extent: 'usual', without: this.without } as const;
    const [actual] = this.objects(resource.section);
    if (actual === undefined) return {};
    this.added.add(this.pathText([resource.section]));
    return entryOf(resource, actual, new Map(), making)?.fields ?? {};
  }

  private add(findings: readonly Unmanaged[], { edits, base, counts, matches }: State): void {
    const names = this.namesOf(matches);
    for (const resource of registry.values()) {
      const { section } = resource;
      const ids = new Set(findings.flatMap((finding) => (finding.section === section ? [finding.id] : [])));
      const objects = this.objects(section).filter(({ id }) => ids.has(id));
      const made = entryNames(resource, objects, {
        taken: namesUsed(base, section),
        nameOf: nameIn(names),
        own: true,
        all: this.objects(section),
      });
      for (const [{ id, label }, name] of made) names.get(section)?.set(id, { name, label });
    }
    const making = { names, extent: 'usual', without: this.without } as const;
    for (const resource of registry.values()) {
      const { section } = resource;
      const ids = new Set(findings.flatMap((finding) => (finding.section === section ? [finding.id] : [])));
      const written = this.objects(section)
        .filter(({ id }) => ids.has(id))
        .flatMap((actual) => entryOf(resource, actual, counts.get(section) ?? new Map(), making) ?? []);
      for (const entry of written.sort((one, other) => byName(one.name, other.name))) {
        edits.set([section, entry.name], { kind: 'entry', entry });
        this.added.add(this.pathText([section, entry.name]));
      }
    }
  }

  /** A path as a person finds it in the file. */
  private pathText(path: readonly string[]): string {
    return pathText(steps(this.overlay === null ? path : ['environments', this.overlay, ...path]));
  }

  private objects(section: string): readonly Actual[] {
    const read = this.merging.reading.sections.get(section);
    return read?.status === 'read' ? read.objects : [];
  }
}

/** What was not added, by section and by the rule that ignores it. */
function notAdded({ ignore, policy }: Declared, ignored: readonly Ignored[]): string[] {
  const counts = new Map<string, number>();
  for (const { finding, reason } of ignored) {
    if (finding.problem !== 'unmanaged') continue;
    const { section } = finding;
    const isByRule = ignore.some((rule) => rule.section === section && rule.reason === reason);
    const why = isByRule
      ? `since an ignore rule of the file accepts what is not declared (${quote(reason)})`
      : wordOf(policy, 'unmanaged', section) === undefined
        ? `since ${section} that are not declared are ignored by default: to add them, name ${section} in --sections`
        : 'since policy.unmanaged of the file ignores what is not declared';
    const key = JSON.stringify([section, why]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => {
    const [section, why]: [string, string] = JSON.parse(key);
    return `${section}: ${count === 1 ? '1 object was' : `${count} objects were`} not added, ${why}.`;
  });
}

/** What a turn works with. */
interface State {
  readonly edits: Edits;
  readonly entries: readonly Expected[];
  /** The whole file, as nodes. */
  readonly base: Node | null;
  readonly findings: ReturnType<typeof judge>['findings'];
  readonly counts: ReadonlyMap<string, Counts>;
  readonly matches: ReadonlyMap<Expected, Match>;
}

/** Changes to a file, by path below its root or an environment. */
class Edits {
  readonly changes = new Map<string, Change>();
  private readonly prefix: readonly string[];

  constructor(prefix: readonly string[]) {
    this.prefix = prefix;
  }

  set(path: readonly string[], change: Change): void {
    const full = steps([...this.prefix, ...path]);
    let at = this.changes;
    for (const step of full.slice(0, -1)) {
      const known = at.get(step);
      if (known?.kind === 'within') at = known.changes as Map<string, Change>;
      else if (known !== undefined) return;
      else {
        const inner = new Map<string, Change>();
        at.set(step, { kind: 'within', changes: inner });
        at = inner;
      }
    }
    at.set(full.at(-1) ?? '', change);
  }

  /** Whether an entry is set as a whole. */
  has(path: readonly string[]): boolean {
    const found = steps([...this.prefix, ...path]).reduce<Change | undefined>(
      (at, step) => (at?.kind === 'within' ? at.changes.get(step) : undefined),
      { kind: 'within', changes: this.changes as Changes },
    );
    return found?.kind === 'value';
  }
}

/** The path of the first change. */
function firstPath(changes: Changes): string[] {
  const [first] = changes;
  if (first === undefined) return [];
  const [step, change] = first;
  return change.kind === 'within' ? [step, ...firstPath(change.changes)] : [step];
}

/** Whether an entry names others, whose objects may be other ones here. */
function refers(resource: Resource<never>, { fields }: Expected): boolean {
  return referencesOf(resource, fields).length > 0;
}

/** A path without the name of an entry that has none. */
function steps(path: readonly string[]): readonly string[] {
  return path.filter((step) => step !== SINGLE);
}

/** What the base has at a path. */
function nodeAt(root: Node | null, path: readonly string[]): Node | undefined {
  return steps(path).reduce<Node | undefined>(
    (node, step) => (node?.kind === 'map' ? node.entries.get(step)?.node : undefined),
    root ?? undefined,
  );
}

/** Something under each name of a map, whatever it is: what is laid over it has to say each. */
function namesOf(node: Node | undefined): Value | undefined {
  return node?.kind === 'map' ? record([...node.entries.keys()].map((name) => [name, '\u0000'])) : undefined;
}

/** Names of a section's entries, in the base and in every environment. */
function namesUsed(root: Node | null, section: string): string[] {
  const environments = nodeAt(root, ['environments']);
  const layers = [
    root,
    ...(environments?.kind === 'map' ? [...environments.entries.values()].map(({ node }) => node) : []),
  ];
  return layers.flatMap((layer) => {
    const entries = nodeAt(layer, [section]);
    return entries?.kind === 'map' ? [...entries.entries.keys()] : [];
  });
}

/** What an environment says so that, laid over the base, it comes to a value: maps merge, and null takes a name out. */
function overlaid(under: Node | undefined, value: Spelled): Spelled {
  if (under?.kind !== 'map' || !isRecord(value)) return value;
  const wanted = Object.entries(value as { readonly [name: string]: Spelled });
  const differing = wanted.flatMap(([name, part]): [string, Spelled][] => {
    const below = under.entries.get(name)?.node;
    return below !== undefined && says(below, part) ? [] : [[name, overlaid(below, part)]];
  });
  const gone = [...under.entries.keys()].filter((name) => !(name in value));
  return record([...differing, ...gone.map((name): [string, Spelled] => [name, null])]);
}

function says(node: Node, value: Spelled): boolean {
  if (node.kind === 'scalar') return value === null ? node.value === null : node.text === String(value);
  if (node.kind === 'list')
    return (
      Array.isArray(value) &&
      node.items.length === value.length &&
      node.items.every((item, index) => says(item, value[index]))
    );
  return (
    isRecord(value) &&
    node.entries.size === Object.keys(value).length &&
    [...node.entries.values()].every((entry) => entry.name in value && says(entry.node, value[entry.name] as Spelled))
  );
}

/** Whether a file that agrees with a difference would state a URL with a secret that it does not hold yet. */
function wouldTell({ section, field, changes, whole: { actual } }: Changed): boolean {
  const resource = resourceOf(section);
  const changed = changes.map(({ path }) => [mainName(resource, field), ...path]);
  return secretsIn(resource, actual ?? {}).some((secret) =>
    changed.some((path) => path.slice(0, secret.length).every((step, index) => step === secret[index])),
  );
}

function untold({ section, name, field }: Changed): string {
  const { identities } = resourceOf(section);
  const instead = identities.some(({ by }) => by === field) ? ' State id in its place.' : '';
  return `${pathText(steps([section, name, field]))} was left as it was: there seems to be a secret (a password or token) in what is live, and no file is the place for that.${instead}`;
}

/** What an export says of the amounts in a field's value: of the one in the file, and of the new one. */
function saying(
  resource: Resource<never>,
  { expected, actual }: Whole,
  spelled: string,
  value: Spelled,
): readonly [Said | undefined, Said | undefined] {
  const { name, field } = fieldOf(resource, spelled) as NonNullable<ReturnType<typeof fieldOf>>;
  const before = spelledAs(field.type, expected?.[name] ?? null, null);
  // What the file does not say of the currency, Stripe does.
  const wanted = { ...actual, ...expected };
  return [amountsIn(resource, wanted, spelled, before), amountsIn(resource, actual ?? {}, spelled, value)];
}

function countsOf({ sections }: Reading): Map<string, Counts> {
  return new Map(
    [...sections].flatMap(([section, read]) =>
      read.status === 'read' ? [[section, identityCounts(resourceOf(section), read.objects)] as const] : [],
    ),
  );
}

function invalidFile(file: string, message: string): CheckError {
  return new CheckError(
    `${bare(file)} is invalid: ${message}`,
    'Nothing was written. stripe-config-check lint shows all that is wrong with it; fix that, and merge again. Where it is one of several files that belong together, it can not be merged: paste what check --fixes prints.',
  );
}

function otherAccount(file: string, guard: string, stated: string, live: string): CheckError {
  if (guard === 'environment')
    return new CheckError(
      `The environment ${stated} is for ${stated} mode, and the key is of ${live} mode. Nothing was written.`,
      `Use a key of ${stated} mode, or name the environment ${live}.`,
    );
  return new CheckError(
    `${bare(file)} states ${guard}: ${bare(stated)}, and what is live is of ${bare(live)}. Nothing was written.`,
    guard === 'mode'
      ? `Give --environment ${live} to write what differs into that environment, or use a key of ${stated} mode.`
      : 'Use a key of that account, or give --environment a name for this one.',
  );
}
