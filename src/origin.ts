import type { Change, Changed, Finding } from './model.ts';
import { identityKey } from './resources/identity.ts';
import { resourceOf } from './resources/index.ts';
import { fieldOf } from './resources/resource.ts';

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
export function tellApart(head: readonly Finding[], base: readonly Finding[]): Origins {
  const before = new Set(base.flatMap(marks));
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
    resolved: base.flatMap((finding): Finding[] => {
      const gone = isProven(finding) ? split(finding, after)[1] : null;
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

/**
 * Whether the base's finding is known to be true. Retired objects are looked up for the entries of the head alone, so that
 * an entry of the base that expects one was not searched for.
 */
function isProven(finding: Finding): boolean {
  return finding.problem !== 'missing' || finding.inForce;
}
