import { homeKey } from '../matching/identity.ts';
import {
  type Change,
  type Changed,
  type Finding,
  grouped,
  isOfCode,
  type Missing,
  severities,
  type Unmanaged,
} from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { isCharged, mainName, referencesOf } from '../resources/resource.ts';

/**
 * What makes a finding this finding, decided here once: for the order of reports and the hashes that leave the program
 * (`identify`), for what others remember of it while its values change (`alertKey`), for a plan of objects (`byObject`), and
 * for telling apart what was so before a change (`marks`). Each names what it goes by, so that a new property of a finding
 * changes none of them.
 */

/** The findings of each object together, in their order. A remark on the file is by itself. */
export function byObject<F extends Finding>(findings: readonly F[]): [F, ...F[]][] {
  return [...grouped(findings, objectKey).values()];
}

const entryKey = (section: string | null, name: string | null) => JSON.stringify(['entry', section, name]);

/** What has a finding: an entry of the file, a live object without one, or a place in the file. */
function objectKey(finding: Finding): string {
  const { problem, section, name, at } = finding;
  switch (problem) {
    case 'invalid':
      return JSON.stringify([problem, at]);
    case 'unmanaged':
      return JSON.stringify([problem, section, finding.id]);
    case 'missing':
    case 'changed':
    case 'ambiguous':
    case 'unhealthy':
      return entryKey(section, name);
    case 'unsubscribed':
    case 'unhandled':
    case 'dangling':
      return JSON.stringify([problem, section, name, finding.word, at.file]);
  }
}

/** The field of a finding under its main name: two spellings of one statement are one field. Null where it has none. */
export function fieldOfFinding(finding: Finding): string | null {
  if (!('field' in finding)) return null;
  const { problem, section, field } = finding;
  return problem === 'changed' ? mainName(resourceOf(section), field) : field;
}

/**
 * What makes an alert the same alert: problem, section, object and field, and whether it is pending. Neither lines nor
 * values, so that it stays the same while an amount goes from one wrong value to another; of a remark on the file its words,
 * since it has nothing else.
 */
export function alertKey(finding: Finding): string {
  const { problem, section, name, pending = false } = finding;
  const object = name ?? ('id' in finding ? finding.id : null);
  const rest = problem === 'invalid' ? [finding.message] : isOfCode(finding) ? [finding.word, finding.at.file] : [];
  const pair = finding.pair === undefined ? [] : ['pair', finding.pair.ambiguous ?? null];
  return hash([problem, section, object, fieldOfFinding(finding), pending, ...rest, ...pair]);
}

/**
 * What a difference is known by in both files of a change, whatever values they state; one mark in common makes two the same.
 * `sought` is what the entry seeks in Stripe, which no renaming changes.
 */
export function marks(finding: Finding, sought: string | undefined): string[] {
  const { problem, section } = finding;
  switch (problem) {
    case 'invalid':
    case 'unhealthy':
    case 'unsubscribed':
    case 'unhandled':
    case 'dangling':
      return [];
    case 'missing':
      return [JSON.stringify([problem, sought])];
    case 'ambiguous': {
      const candidates = finding.candidates.map(({ id }) => id).sort();
      return [JSON.stringify([problem, sought]), JSON.stringify([problem, section, 'candidates', candidates])];
    }
    case 'changed':
      return finding.changes.map((change) => changeMark(finding, change));
    case 'unmanaged':
      return [JSON.stringify([problem, homeOfFinding(finding)])];
  }
}

/** One change of a finding, without its values. */
export function changeMark(finding: Changed, { path }: Change): string {
  return JSON.stringify([homeOfFinding(finding), fieldOfFinding(finding), path]);
}

/** Equal for one live object, whichever section the file declares it in. */
function homeOfFinding({ section, id, whole }: Changed | Unmanaged): string {
  return homeKey(section, { id: id ?? '', fields: whole.actual ?? {} });
}

/** What a finding is about, without words and places: problem, section, object, field and changes; between two realms the object in each. */
export function identify(finding: Finding): unknown {
  const { pair } = finding;
  if (pair === undefined) return identifyOne(finding);
  return [identifyOne(finding), pair.objects.map((object) => object?.id ?? null), pair.ambiguous ?? null];
}

function identifyOne(finding: Finding): readonly unknown[] {
  const { problem, section } = finding;
  switch (finding.problem) {
    case 'invalid':
      return [problem, section, finding.name, finding.field, finding.message];
    case 'missing':
      return [problem, section, finding.name, finding.others];
    case 'changed':
      return [problem, section, finding.name, fieldOfFinding(finding), finding.changes];
    case 'ambiguous':
      return [
        problem,
        section,
        finding.name,
        finding.candidates.map(({ id }) => id).sort(),
        [...finding.rivals].sort(),
        ...(finding.rivalsIn === undefined ? [] : [finding.rivalsIn]),
      ];
    case 'unmanaged':
      return [problem, section, finding.id, ...(finding.count === undefined ? [] : [finding.count])];
    case 'unhealthy':
      return [problem, section, finding.name, finding.field, finding.message];
    case 'unsubscribed':
    case 'unhandled':
      return [problem, section, finding.name, finding.word, finding.at.file];
    case 'dangling':
      return [problem, section, finding.word, finding.why, finding.at.file];
  }
}

/**
 * SHA-256 over what was found in Stripe, in an order of its own. Given the findings as they are shown, it tells nothing that
 * a report hides: a value that can be guessed is found again by hashing each guess.
 */
export function fingerprint(shown: readonly Finding[]): string {
  const found = shown.flatMap((finding) => {
    if (finding.problem === 'invalid') return [];
    // Change by change: whether a part of a field is pending makes no other state of Stripe.
    const parts =
      finding.problem === 'changed' ? finding.changes.map((change) => ({ ...finding, changes: [change] })) : [finding];
    return parts.map((part) => JSON.stringify(identify(part)));
  });
  return sha256(found.sort().join('\n'));
}

/** A hash of a value. It leaves the program, so the value is one that is shown. */
export function hash(shown: unknown): string {
  return sha256(JSON.stringify(shown));
}

function sha256(text: string): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex');
}

/**
 * As people read them: the most severe first, differences before remarks on health and then on code, money before words,
 * of missing objects those first that others refer to, then by file, line and column; what stands at one place by object,
 * field and changes.
 */
export function inReadingOrder<F extends Finding>(findings: readonly F[]): F[] {
  const missing = new Map(
    findings.flatMap((finding): [string, Missing][] =>
      finding.problem === 'missing' ? [[entryKey(finding.section, finding.name), finding]] : [],
    ),
  );
  return inOrder(findings, (finding) => {
    const { problem, severity } = finding;
    return [
      severities.indexOf(severity),
      Number(problem === 'unhealthy') + 2 * Number(isOfCode(finding)),
      moneyRank(finding),
      finding.problem === 'missing' ? createdBefore(finding, missing) : 0,
    ];
  });
}

/** How many missing objects have to be created before one, each for the next, since it refers to them. */
function createdBefore(
  finding: Missing,
  missing: ReadonlyMap<string, Missing>,
  after: readonly Missing[] = [],
): number {
  const path = [...after, finding];
  const depths = referencesOf(resourceOf(finding.section), finding.whole.expected ?? {}).map(({ section, entry }) => {
    const other = entry === null ? undefined : missing.get(entryKey(section, entry));
    return other === undefined || path.includes(other) ? 0 : 1 + createdBefore(other, missing, path);
  });
  return Math.max(0, ...depths);
}

/** By file, line and column, as who edits the file needs them. */
export function inPlaceOrder<F extends Finding>(findings: readonly F[]): F[] {
  return inOrder(findings, () => []);
}

function inOrder<F extends Finding>(findings: readonly F[], ranks: (finding: F) => readonly number[]): F[] {
  const keyed = findings.map((finding) => {
    const { file, line, column } = finding.at;
    return { finding, key: [...ranks(finding), file, line, column], what: undefined as string | undefined };
  });
  const what = (one: (typeof keyed)[number]) => {
    one.what ??= JSON.stringify([identify(one.finding), one.finding.pending ?? false]);
    return one.what;
  };
  const sorted = keyed.sort(
    (one, other) => order(one.key, other.key) || (what(one) < what(other) ? -1 : Number(what(one) > what(other))),
  );
  return sorted.map(({ finding }) => finding);
}

/** Amounts that differ first, then what is off against the file, what is missing or else decides the charge, what is on against the file, and what only reads otherwise. */
function moneyRank(finding: Finding): number {
  if (finding.problem === 'missing' || finding.problem === 'ambiguous') return 2;
  if (finding.problem !== 'changed') return 4;
  const resource = resourceOf(finding.section);
  const field = mainName(resource, finding.field);
  if (resource.charge?.amounts.includes(field)) return 0;
  // What is taken out of use comes after what is created: that may need it till then.
  if (resource.state?.field?.name === field)
    return resource.state.inForce({ [field]: finding.changes[0]?.expected ?? null }) ? 1 : 3;
  return isCharged(resource, field) || resource.fields[field]?.risk !== undefined ? 2 : 4;
}

function order(one: readonly (string | number)[], other: readonly (string | number)[]): number {
  const index = one.findIndex((value, position) => value !== other[position]);
  if (index === -1) return 0;
  return (one[index] as string) < (other[index] as string) ? -1 : 1;
}
