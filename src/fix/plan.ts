import { byObject } from '../check/finding.ts';
import { type Change, type Changed, type Finding, grouped, isRecord, keyIn, type Unmanaged } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { canRetire, fieldOf, mainName, type Resource, riskOf, typeAt } from '../resources/resource.ts';

/** What is to be done in Stripe to one object. `replace`: a new one in its place, since a field can't be changed. */
export type Action = 'create' | 'update' | 'replace' | 'retire' | 'restore';

/** A step by which Stripe would become what the file says. */
export interface Step {
  readonly action: Action;
  /** The findings that it fixes, all of one object. */
  readonly findings: readonly [Finding, ...Finding[]];
  readonly risks: readonly Risk[];
}

/** What a step puts at risk. */
export type Risk =
  /** The object is no longer in use. */
  | { readonly kind: 'retired'; readonly section: string }
  /** A field can't be changed, so that another object takes the place of this one. */
  | { readonly kind: 'replaced'; readonly section: string; readonly field: string }
  /** A set loses words. */
  | { readonly kind: 'lost'; readonly section: string; readonly field: string; readonly words: readonly string[] }
  /** Stripe differed from the file here before the change as well. */
  | { readonly kind: 'drifted'; readonly section: string; readonly field: string }
  /** What the kind says of a change of a field. */
  | { readonly kind: 'field'; readonly section: string; readonly says: string };

/** What applying the file would change in Stripe for these findings: one step for each object, in their order. What needs a decision first has none. */
export function plan(findings: readonly Finding[]): Step[] {
  return byObject(findings.filter(hasStep)).map((object) => ({
    action: action(object),
    findings: object,
    risks: risks(object),
  }));
}

function hasStep(finding: Finding): boolean {
  return (
    finding.problem === 'missing' ||
    finding.problem === 'changed' ||
    (finding.problem === 'unmanaged' && !stays(finding))
  );
}

/** Whether an object that the file does not declare stays in Stripe, since no request takes it out of use. */
export function stays({ section, whole }: Unmanaged): boolean {
  return !canRetire(resourceOf(section), whole.actual ?? {});
}

/** Findings of objects that are replaced for another field's sake: the new object has what they ask for. */
export function replacedBesides(findings: readonly Finding[]): Set<Finding> {
  return new Set([...replacements(findings)].flatMap(([finding, cause]) => (finding === cause ? [] : [finding])));
}

/** Of the objects that are replaced each finding, with the one whose field is the cause. Made once for each list. */
export function replacements(findings: readonly Finding[]): ReadonlyMap<Finding, Changed> {
  const made = known.get(findings);
  if (made !== undefined) return made;
  const causes = byObject(findings.filter(({ problem }) => problem === 'changed')).flatMap((object) => {
    const cause = causeOf(object);
    if (cause !== undefined && expectsRetired(cause)) return [];
    return cause === undefined ? [] : object.map((finding) => [finding, cause] as const);
  });
  const result = new Map<Finding, Changed>(causes);
  known.set(findings, result);
  return result;
}

/** Of several fields that can't be changed the amount, else the first that the kind has: not the first in the file. */
function causeOf(object: readonly Finding[]): Changed | undefined {
  const fixed = object.filter((finding): finding is Changed => finding.problem === 'changed' && isFixed(finding));
  const rank = ({ section, field }: Changed) => {
    const { charge, fields } = resourceOf(section);
    return [...(charge?.amounts ?? []), ...Object.keys(fields)].indexOf(mainName(resourceOf(section), field));
  };
  return fixed.sort((one, other) => rank(one) - rank(other))[0];
}

/** Whether the entry says that its object is retired. */
export function expectsRetired({ section, whole: { expected } }: Changed): boolean {
  const { state } = resourceOf(section);
  return state?.field !== undefined && state.field.name in (expected ?? {}) && !state.inForce(expected ?? {});
}

const known = new WeakMap<readonly Finding[], ReadonlyMap<Finding, Changed>>();

/** The objects that are replaced, as JSON of section and id. Made once for each list. */
export function replacedIds(findings: readonly Finding[]): ReadonlySet<string> {
  const made = knownIds.get(findings);
  if (made !== undefined) return made;
  const causes = [...replacements(findings).values()];
  const result = new Set(causes.map(({ section, id }) => keyIn(section, id)));
  knownIds.set(findings, result);
  return result;
}

const knownIds = new WeakMap<readonly Finding[], ReadonlySet<string>>();

/** The findings of an entry, in their order. Indexed once for each list. */
export function findingsOf(findings: readonly Finding[], section: string, entry: string): readonly Finding[] {
  const made = knownEntries.get(findings) ?? grouped(findings, (one) => keyIn(one.section, one.name));
  knownEntries.set(findings, made);
  return made.get(JSON.stringify([section, entry])) ?? [];
}

const knownEntries = new WeakMap<readonly Finding[], ReadonlyMap<string, readonly Finding[]>>();

function action(object: readonly [Finding, ...Finding[]]): Action {
  const [first] = object;
  if (first.problem === 'missing') return 'create';
  if (first.problem === 'unmanaged') return 'retire';
  const changes = object.filter((finding) => finding.problem === 'changed');
  if (changes.some(isFixed)) return 'replace';
  const only = changes.length === 1 ? changes[0] : undefined;
  if (only === undefined || !isStateChange(only)) return 'update';
  return takesOutOfForce(only) ? 'retire' : 'restore';
}

function risks(object: readonly Finding[]): Risk[] {
  const all = object.flatMap((finding): Risk[] => {
    if (finding.problem === 'unmanaged') return [{ kind: 'retired', section: finding.section }];
    if (finding.problem !== 'changed') return [];
    const { drifted, section, field } = finding;
    return [...(drifted ? [{ kind: 'drifted', section, field } as const] : []), ...changeRisks(finding)];
  });
  return [...new Map(all.map((risk) => [JSON.stringify(risk), risk])).values()];
}

function changeRisks(finding: Changed): Risk[] {
  const { section, field: stated } = finding;
  const { name = stated, field } = fieldOf(resourceOf(section), stated) ?? {};
  if (isFixed(finding)) return [{ kind: 'replaced', section, field: stated }];
  if (isStateChange(finding)) return takesOutOfForce(finding) ? [{ kind: 'retired', section }] : [];
  const words = finding.changes.flatMap((change) =>
    setAround(finding, change) !== undefined && change.expected === undefined && typeof change.actual === 'string'
      ? [change.actual]
      : [],
  );
  if (words.length > 0) return [{ kind: 'lost', section, field: stated, words }];
  const { expected, actual } = finding.whole;
  const says = field === undefined ? null : riskOf(field, expected?.[name], actual?.[name]);
  return says === null ? [] : [{ kind: 'field', section, says }];
}

/** The type of the set whose word a change is; undefined for any other change. */
export function setAround({ section, field: stated }: Pick<Changed, 'section' | 'field'>, { path }: Change) {
  if (path.length === 0) return undefined;
  const resource = resourceOf(section);
  const { name = stated } = fieldOf(resource, stated) ?? {};
  const type = typeAt(resource, [name, ...path.slice(0, -1)]);
  return type?.set === undefined ? undefined : type;
}

/** Whether what differs can't be changed any more. Where what is live may not be shown, it counts as set. */
export function isFixed(finding: Changed): boolean {
  const { section, field: stated, changes } = finding;
  const resource = resourceOf(section);
  const { name = stated, field } = fieldOf(resource, stated) ?? {};
  if (changes.every(({ path }) => typeAt(resource, [name, ...path])?.given)) return false;
  if (isGone(finding)) return true;
  const isFinal = ({ path, actual = null }: Change) => actual !== null && typeAt(resource, [name, ...path])?.final;
  return field?.fixed === true || changes.some((change) => isFinal(change) || holdsFixed(resource, name, change));
}

/** Whether a change is of something within a field that can't be changed, though other parts of the field can. */
function holdsFixed(resource: Resource<never>, name: string, { path, expected, actual }: Change): boolean {
  const isIn = path.some((_, depth) => typeAt(resource, [name, ...path.slice(0, depth + 1)])?.fixed);
  const within = [expected, actual].flatMap((side) => Object.keys(isRecord(side) ? side : {}));
  return isIn || within.some((step) => typeAt(resource, [name, ...path, step])?.fixed);
}

/** Whether a finding is about an object that is retired against expectation, or the reverse. */
export function isStateChange({ section, field }: Changed): boolean {
  return resourceOf(section).state?.field?.name === field;
}

/** Whether an object that is expected to be active is out of use for good. */
export function isGone(finding: Changed): boolean {
  return isStateChange(finding) && resourceOf(finding.section).state?.restore === null && !takesOutOfForce(finding);
}

function takesOutOfForce({ section, field, changes: [change] }: Changed): boolean {
  return resourceOf(section).state?.inForce({ [field]: change?.expected ?? null }) === false;
}
