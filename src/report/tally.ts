import { type Finding, isDifference, isOfCode, type Report, type Severity } from '../model.ts';

/** How many of each severity. */
export interface Levels {
  readonly errors: number;
  readonly warnings: number;
  readonly notices: number;
}

/** What a report comes to in numbers: every headline and table takes them from here, so that no two disagree. */
export interface Tally extends Levels {
  /** What is missing, changed, ambiguous or undeclared, at warning or above: `errors` and `warnings` add up to it. */
  readonly differences: number;
  /** Remarks on the health of objects, and on the file. */
  readonly health: Levels;
  readonly file: Levels;
  /** Findings of the code. */
  readonly code: Levels;
}

/** The entries of a file: all of them, those that match, and those that were not compared. */
export interface Entries {
  readonly all: number;
  readonly matching: number;
  readonly unchecked: number;
}

/** Counts what a report holds, of one section where it is named. */
export function tally({ findings }: Report, section?: string): Tally {
  const own = section === undefined ? findings : findings.filter((finding) => finding.section === section);
  const differences = own.filter(isDifference);
  const levels = levelsOf(differences);
  return {
    ...levels,
    differences: levels.errors + levels.warnings,
    health: levelsOf(own.filter(({ problem }) => problem === 'unhealthy')),
    file: levelsOf(own.filter((finding) => finding.problem === 'invalid' && !finding.partial)),
    code: levelsOf(own.filter(isOfCode)),
  };
}

/** Counts the entries of all sections, whether they could be read or not. */
export function entriesOf({ sections, counts }: Report): Entries {
  const all = sum([...sections.values()].map(({ declared }) => declared));
  const matching = sum([...sections.values()].map(({ inSync }) => inSync ?? 0));
  return { all, matching, unchecked: all - counts.checked };
}

/** How many there are of each severity. What is not named counts as often as it is. */
export function levelsOf(findings: readonly Finding[]): Levels {
  const of = (level: Severity) => sum(findings.filter(({ severity }) => severity === level).map(objectsOf));
  return { errors: of('error'), warnings: of('warning'), notices: of('notice') };
}

/** How many objects a finding is about: what may not be named is counted. */
export function objectsOf(finding: Finding): number {
  return finding.problem === 'unmanaged' ? (finding.count ?? 1) : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
