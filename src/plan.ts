import type { Change, Changed, Finding, Unmanaged } from './model.ts';
import { resourceOf } from './resources/index.ts';
import { fieldOf, typeAt } from './resources/resource.ts';
import { quote } from './resources/text.ts';

/** What is to be done in Stripe to one object. `replace`: a new one in its place, since a field can't be changed. */
export type Action = 'create' | 'update' | 'replace' | 'retire' | 'restore';

/** A step by which Stripe would become what the file says. */
export interface Step {
  readonly action: Action;
  /** The findings that it mends, all of one object. */
  readonly findings: readonly [Finding, ...Finding[]];
  /** What it puts at risk, as sentences. */
  readonly risks: readonly string[];
}

/** Words of a set that a risk names. */
const MOST_WORDS = 10;

/** What applying the file would change in Stripe for these findings: one step for each object, in their order. What needs a decision first has none. */
export function plan(findings: readonly Finding[]): Step[] {
  const decided = findings.filter(
    ({ problem }) => problem === 'missing' || problem === 'changed' || problem === 'unmanaged',
  );
  return byObject(decided).map((object) => ({ action: action(object), findings: object, risks: risks(object) }));
}

/** The findings of each object together, in their order. */
export function byObject(findings: readonly Finding[]): [Finding, ...Finding[]][] {
  const objects = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const { problem, section, name } = finding;
    const key = JSON.stringify(problem === 'unmanaged' ? [section, null, finding.id] : [section, name]);
    const object = objects.get(key);
    if (object === undefined) objects.set(key, [finding]);
    else object.push(finding);
  }
  return [...objects.values()];
}

/** Findings of objects that are replaced for another field's sake: the new object has what they ask for. */
export function replacedBesides(findings: readonly Finding[]): Set<Finding> {
  const replaced = plan(findings).filter((step) => step.action === 'replace');
  return new Set(
    replaced.flatMap((step) => {
      const cause = step.findings.find((finding) => finding.problem === 'changed' && isFixed(finding));
      return step.findings.filter((finding) => finding !== cause);
    }),
  );
}

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

function risks(object: readonly Finding[]): string[] {
  const sentences = object.flatMap((finding) => {
    if (finding.problem === 'unmanaged') return [retirement(finding)];
    return finding.problem === 'changed' ? changeRisks(finding) : [];
  });
  return [...new Set(sentences)];
}

function changeRisks(finding: Changed): string[] {
  const resource = resourceOf(finding.section);
  const { field } = fieldOf(resource, finding.field) ?? {};
  if (isStateChange(finding)) return takesOutOfForce(finding) ? [retirement(finding)] : [];
  if (isFixed(finding)) {
    const { kind, replacing, replacingRisk } = resource;
    return [
      `\`${finding.field}\` can't be changed after creation: create a new ${kind}, ${replacing}. ${replacingRisk}`,
    ];
  }
  const verbs = field?.type.set;
  const lost = finding.changes.flatMap(({ path, expected, actual, hidden }) =>
    path.length === 0 && expected === undefined && typeof actual === 'string'
      ? [hidden === undefined ? quote(actual) : 'what is not shown here']
      : [],
  );
  if (verbs !== undefined && lost.length > 0)
    return [
      `Stripe ${verbs.loses} ${lost.slice(0, MOST_WORDS).join(', ')}${lost.length > MOST_WORDS ? ` and ${lost.length - MOST_WORDS} more` : ''}.`,
    ];
  return field?.risk === undefined ? [] : [field.risk];
}

function retirement({ section }: Changed | Unmanaged): string {
  return resourceOf(section).state.meaning;
}

/** Whether what differs can't be changed any more. Where what is live may not be shown, it counts as set. */
export function isFixed({ section, field: stated, changes }: Changed): boolean {
  const resource = resourceOf(section);
  const { name = stated, field } = fieldOf(resource, stated) ?? {};
  const isFinal = ({ path, actual = null }: Change) => actual !== null && typeAt(resource, [name, ...path])?.final;
  return field?.fixed === true || changes.some(isFinal);
}

/** Whether a finding is about an object that is retired against expectation, or the reverse. */
export function isStateChange({ section, field }: Changed): boolean {
  return resourceOf(section).state.field === field;
}

function takesOutOfForce({ section, changes: [change] }: Changed): boolean {
  return !resourceOf(section).state.inForce.includes(change?.expected ?? null);
}
