import type { Comparison } from './compare.ts';
import type { Change, Changed, Declared, Finding } from './model.ts';
import { identityKey } from './resources/identity.ts';
import { resourceOf } from './resources/index.ts';
import { fieldOf, mainName } from './resources/resource.ts';

/** The differences of a pull request's file, told apart by those of the file it is merged onto. */
export interface Origins {
  /** Each is pending or drift; a field with changes of both kinds has two findings. */
  readonly findings: readonly Finding[];
  /** Findings of the base's file that the pull request's does not have: what it mends. */
  readonly resolved: readonly Finding[];
}

/**
 * Tells what a pull request states and Stripe does not have yet (*pending*) from what was so before (*drift*). Both files
 * were compared with the same live state. A change is known by section, object, field and path, or the word of a set, not
 * by the value expected: in both files it is drift, in the head's alone pending, in the base's alone resolved.
 */
export function tellApart(head: readonly Finding[], base: readonly Finding[], sight: Sight): Origins {
  const proven = base.filter(sight.isProven);
  const before = new Set(proven.flatMap(marks));
  const after = new Set(head.flatMap(marks));
  return {
    findings: head.flatMap((finding): Finding[] => {
      if (finding.problem === 'invalid') return [finding];
      const [drift, pending] = split(finding, before);
      return [
        ...(pending === null ? [] : [{ ...pending, pending: true as const }]),
        ...(drift === null ? [] : [drift]),
      ];
    }),
    resolved: proven.flatMap((finding): Finding[] => {
      const gone = sight.isSeen(finding) ? split(finding, after)[1] : null;
      return gone === null ? [] : [gone];
    }),
  };
}

/** The part of a finding that others have too, and the part that they have not. */
function split<F extends Finding>(finding: F, others: ReadonlySet<string>): [F | null, F | null] {
  if (finding.problem !== 'changed')
    return marks(finding).some((mark) => others.has(mark)) ? [finding, null] : [null, finding];
  const { changes } = finding;
  const has = (change: Change) => others.has(changeMark(finding, change));
  const part = (kept: readonly Change[]) =>
    kept.length === 0 ? null : kept.length === changes.length ? finding : { ...finding, changes: kept };
  return [part(changes.filter(has)), part(changes.filter((change) => !has(change)))];
}

/** What a finding is known by; one mark in common makes two the same. */
function marks(finding: Finding): string[] {
  const { problem, section } = finding;
  switch (finding.problem) {
    case 'invalid':
      return [];
    case 'missing':
    case 'ambiguous':
      return [
        JSON.stringify([problem, section, 'name', finding.name]),
        JSON.stringify([problem, section, 'identity', identityKey(finding.identity)]),
      ];
    case 'changed':
      return finding.changes.map((change) => changeMark(finding, change));
    case 'unmanaged':
      return [JSON.stringify([problem, section, finding.id])];
    case 'unhealthy':
      return [JSON.stringify([problem, section, finding.id, finding.field])];
  }
}

function changeMark({ section, id, field: spelling }: Changed, { path, expected, actual }: Change): string {
  const resource = resourceOf(section);
  const { name = spelling, field } = fieldOf(resource, spelling) ?? {};
  const word = field?.type.set !== undefined && path.length === 0 ? [expected ?? null, actual ?? null] : [];
  return JSON.stringify([section, id, name, path, word]);
}

/** What was looked at, where that is not everything. */
export interface Sight {
  /** Whether a finding of the base is known to be true. */
  isProven(finding: Finding): boolean;
  /** Whether the head's file was compared where a finding of the base is: else that it is not found there says nothing. */
  isSeen(finding: Finding): boolean;
}

/** What the reading for the head's file, and its comparison, let us know of the base's findings. */
export function sightOf({ sections }: Declared, head: Comparison): Sight {
  const key = (...parts: readonly (string | null)[]) => JSON.stringify(parts);
  const entries = [...sections.values()].flatMap((section) => section.entries);
  const sought = new Set(entries.map(({ section, identity }) => key(section, identityKey(identity))));
  const compared = new Set([...head.checked.values()].flat().map(({ section, name }) => key(section, name)));
  const blind = new Set([
    ...entries.flatMap(({ section, name }) => (compared.has(key(section, name)) ? [] : [key(section, name)])),
    ...head.findings.flatMap((finding) =>
      finding.problem === 'ambiguous' ? [key(finding.section, finding.name)] : [],
    ),
    ...[...head.unread, ...head.skipped].map(({ entry, path: [field = ''] }) => key(entry.section, entry.name, field)),
  ]);
  const candidates = new Set(
    head.findings.flatMap((finding) =>
      finding.problem === 'ambiguous' ? finding.candidates.map(({ id }) => key(finding.section, id)) : [],
    ),
  );
  const undecided = new Set(head.undecided.map(({ section }) => section));
  return {
    // Retired objects are looked up for the head's entries alone.
    isProven: (finding) =>
      finding.problem !== 'missing' ||
      resourceOf(finding.section).source.retired === undefined ||
      sought.has(key(finding.section, identityKey(finding.identity))),
    isSeen(finding) {
      const { section, name } = finding;
      if ('id' in finding && candidates.has(key(section, finding.id))) return false;
      if (finding.problem === 'unmanaged') return !undecided.has(finding.section);
      const field = 'field' in finding ? finding.field : null;
      const main = section === null || field === null ? field : mainName(resourceOf(section), field);
      return !blind.has(key(section, name)) && !(main !== null && blind.has(key(section, name, main)));
    },
  };
}
