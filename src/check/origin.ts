import { homeKey, mayMean, openIn } from '../matching/identity.ts';
import {
  type Actual,
  type Change,
  type Changed,
  type Expected,
  type Finding,
  isDifference,
  keyIn,
  type Reading,
  type Resolved,
  type Value,
} from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { ID, mainName } from '../resources/resource.ts';
import type { Comparison } from './compare.ts';
import { difference } from './difference.ts';
import { changeMark, marks } from './finding.ts';

/** One file's side: what was compared of it, and the findings that were not ignored. */
export interface Side {
  readonly comparison: Comparison;
  readonly findings: readonly Finding[];
}

/** The differences of a pull request's file, told apart by those of the file it is merged onto. */
export interface Origins {
  /** Each is pending or drift; a field with changes of both kinds has two findings. */
  readonly findings: readonly Finding[];
  /** Findings of the base's file that the pull request's does not have, at their places in the pull request's. */
  readonly resolved: readonly Resolved[];
}

/**
 * Tells what a pull request states and Stripe does not have yet (*pending*) from what was so before (*drift*). Both files
 * were compared with the same live state. A change is known by section, object, field and path, or the word of a set, not
 * by the value expected: in both files it is drift, in the head's alone pending, in the base's alone resolved. Where both
 * expect another value, it is the pull request's own, and so pending, and had drifted before. An object is known by what its
 * identity finds or seeks, never by the name of its entry. Remarks on health have no origin.
 */
export function tellApart(head: Side, base: Side, reading: Reading): Origins {
  const sight = new Sight(head.comparison, reading);
  const differences = base.findings.filter(
    (finding) => isDifference(finding) && sight.isProven(finding, base.comparison),
  );
  const before = new Set(differences.flatMap((finding) => marksIn(base.comparison, finding)));
  const expected = new Map(
    differences.flatMap((finding) => (finding.problem === 'changed' ? finding.changes.map(expectation(finding)) : [])),
  );
  const after = new Set(head.findings.flatMap((finding) => marksIn(head.comparison, finding)));
  return {
    findings: head.findings.flatMap((finding): Finding[] => {
      if (!isDifference(finding)) return [finding];
      const [old, pending] = split(finding, marksIn(head.comparison, finding), before);
      const [drift, drifted] = old?.problem === 'changed' ? restated(old, expected) : [old, null];
      return [
        ...(pending === null ? [] : [{ ...pending, pending: true } as const]),
        ...(drifted === null ? [] : [{ ...drifted, pending: true, drifted: true } as const]),
        ...(drift === null ? [] : [drift]),
      ];
    }),
    resolved: differences.flatMap((finding): Resolved[] => {
      if (!sight.isSeen(finding, base.comparison)) return [];
      const [, gone] = split(finding, marksIn(base.comparison, finding), after);
      return gone === null ? [] : [sight.placed(gone, base.comparison)];
    }),
  };
}

/** The part of a finding that others have too, and the part that they have not. */
function split(
  finding: Finding,
  own: readonly string[],
  others: ReadonlySet<string>,
): [Finding | null, Finding | null] {
  if (finding.problem !== 'changed') return own.some((mark) => others.has(mark)) ? [finding, null] : [null, finding];
  return parted(finding, (change) => others.has(changeMark(finding, change)));
}

/** The part of a finding with the changes that are such, and the part with the others. */
function parted(finding: Changed, isSuch: (change: Change) => boolean): [Changed | null, Changed | null] {
  const { changes } = finding;
  const part = (kept: readonly Change[]) =>
    kept.length === 0 ? null : kept.length === changes.length ? finding : { ...finding, changes: kept };
  return [part(changes.filter(isSuch)), part(changes.filter((change) => !isSuch(change)))];
}

/** What a file expects where it differs, by the mark of the change. */
function expectation(finding: Changed): (change: Change) => readonly [string, Value] {
  return (change) => [changeMark(finding, change), change.expected ?? null];
}

/** The part of a finding in which the file expects what it did before, and the part in which it expects something else. */
function restated(finding: Changed, before: ReadonlyMap<string, Value>): [Changed | null, Changed | null] {
  return parted(finding, (change) => {
    const [mark, value] = expectation(finding)(change);
    return difference(before.get(mark) ?? null, value).length === 0;
  });
}

function marksIn(comparison: Comparison, finding: Finding): string[] {
  return marks(finding, soughtBy(finding, comparison));
}

/** What the entry of a finding seeks. */
function soughtBy(finding: Finding, { sought, entries }: Comparison): string | undefined {
  const entry = entries.get(keyIn(finding.section, finding.name));
  return entry && sought.get(entry);
}

/** What the comparison of the head's file tells of the findings of the base's. */
class Sight {
  private readonly head: Comparison;
  private readonly reading: Reading;
  private readonly bySought: Map<string, Expected>;
  private readonly finders = new Map<string, Expected>();
  /** Objects that an ambiguous entry may mean. */
  private readonly candidates = new Set<string>();
  /** Entries whose object is not known. */
  private readonly open: Expected[] = [];
  private readonly openBySection = new Map<string, readonly Expected[]>();
  private readonly byId = new Map<string, ReadonlyMap<string, Actual>>();
  /** Fields that were not compared, though their object was. */
  private readonly blind = new Set<string>();

  constructor(head: Comparison, reading: Reading) {
    this.head = head;
    this.reading = reading;
    this.bySought = new Map([...head.sought].map(([entry, key]) => [key, entry]));
    for (const [entry, match] of head.matches) {
      const { section } = entry;
      if (match.kind === 'found') this.finders.set(keyIn(section, match.actual.id), entry);
      if (match.kind === 'undecided' || match.kind === 'unread') this.open.push(entry);
      for (const one of match.kind === 'ambiguous' ? match.candidates : []) this.candidates.add(homeKey(section, one));
    }
    for (const { entry, path } of [...head.unread, ...head.skipped]) this.blind.add(fieldKey(entry, path[0] ?? ''));
  }

  /** Whether a finding of the base is known to be true: what no list has is looked up for the head's entries alone. */
  isProven(finding: Finding, base: Comparison): boolean {
    const isLost = finding.problem === 'missing' || (finding.problem === 'changed' && finding.renamed);
    if (!isLost) return true;
    const read = this.reading.sections.get(finding.section);
    const isListed = read?.status !== 'read' || !read.lookedUp;
    const isById = finding.problem === 'missing' && finding.identity.paths.every(([field]) => field === ID);
    if ((isListed || isById) && resourceOf(finding.section).source.retired === undefined) return true;
    return this.bySought.has(soughtBy(finding, base) ?? '');
  }

  /** Whether the head's file was compared where a finding of the base is: else that it is not found there says nothing. */
  isSeen(finding: Finding, base: Comparison): boolean {
    const { section } = finding;
    if (section === null) return false;
    if (finding.problem === 'changed' || finding.problem === 'unmanaged') {
      const id = finding.id ?? '';
      const finder = this.finders.get(keyIn(section, id));
      if (finder === undefined) return !this.mayBeMeant(section, id);
      return finding.problem === 'unmanaged' || !this.blind.has(fieldKey(finder, finding.field));
    }
    const entry = base.entries.get(keyIn(finding.section, finding.name));
    return entry === undefined || !this.open.some((other) => maySeek(other, entry));
  }

  /** A finding of the base at its place in the head's file: the field, the entry, else the section; `removed` where that has no entry for it. */
  placed(finding: Finding, base: Comparison): Resolved {
    const { section } = finding;
    const id = 'id' in finding ? finding.id : null;
    const entry =
      this.finders.get(keyIn(section, id)) ??
      this.bySought.get(soughtBy(finding, base) ?? '') ??
      this.head.entries.get(keyIn(finding.section, finding.name));
    if (entry === undefined) {
      const at = this.head.places.get(section ?? '') ?? finding.at;
      return finding.problem === 'unmanaged' ? { ...finding, at } : { ...finding, at, removed: true };
    }
    const field = 'field' in finding && finding.field !== null ? [finding.field] : [];
    const named = finding.problem === 'unmanaged' ? {} : { name: entry.name };
    return { ...finding, ...named, at: entry.at(field) } as Resolved;
  }

  private mayBeMeant(section: string, id: string): boolean {
    const live = this.objects(section).get(id);
    if (live !== undefined && this.candidates.has(homeKey(section, live))) return true;
    const open = this.openBySection.get(section) ?? openIn(section, this.head.matches);
    this.openBySection.set(section, open);
    return open.length > 0 && (live === undefined || open.some((entry) => mayMean(entry, live, section)));
  }

  private objects(section: string): ReadonlyMap<string, Actual> {
    const known = this.byId.get(section);
    if (known !== undefined) return known;
    const read = this.reading.sections.get(section);
    const objects = new Map((read?.status === 'read' ? read.objects : []).map((actual) => [actual.id, actual]));
    this.byId.set(section, objects);
    return objects;
  }
}

/** Whether an entry whose object is not known may seek what another seeks. */
function maySeek(open: Expected, { section, identity }: Expected): boolean {
  const values = new Map(identity.paths.map((path, index) => [JSON.stringify(path), identity.values[index]]));
  return (
    open.section === section &&
    open.identity.paths.length === identity.paths.length &&
    open.identity.paths.every((path, index) => {
      const key = JSON.stringify(path);
      const value = open.identity.values[index];
      // What a reference leads to may be anything.
      return values.has(key) && (typeof value === 'object' || value === values.get(key));
    })
  );
}

function fieldKey({ section, name }: Expected, field: string): string {
  return JSON.stringify([section, name, mainName(resourceOf(section), field)]);
}
