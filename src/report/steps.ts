import type { Action, Risk, Step } from '../fix/plan.ts';
import {
  type Changed,
  type Fields,
  type Finding,
  isRecord,
  nameOfEntry,
  record,
  type Value,
  type Whole,
} from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import type { ChargeWords, Resource } from '../resources/resource.ts';
import { objectsOf } from './tally.ts';
import {
  identityValue,
  isSetWord,
  plural,
  type Side,
  sides,
  sideText,
  statedSide,
  verbOf,
  wholeWords,
} from './words.ts';

/** A step of a plan, in words: what is done to which object, what it states or what changes, and what is charged then. */
export interface StepWords {
  readonly sign: '+' | '~' | '±' | '-';
  /** `create`, or `archive`. */
  readonly verb: string;
  /** `price`; of several that may not be named `3 prices`. */
  readonly kind: string;
  /** The entry's name; what is not declared has its label, or null where it may not be named. */
  readonly name: string | null;
  /** What a created object has, field by field; what it charges comes first, and is of no field. */
  readonly states: readonly { readonly field: string | null; readonly side: Side }[];
  /** `from` and `to` of a path; one of them alone is a word that a set loses or gets. What the verb or the money says is none. */
  readonly details: readonly { readonly path: string; readonly from: Side | null; readonly to: Side | null }[];
  /** What is charged before and after, where that changes. */
  readonly money: MoneyWords | null;
  readonly risks: readonly Risk[];
}

/** A charge before and after; null on the side where there is none. `percent` is how much more or less, such as `+10 %`. */
export interface MoneyWords {
  readonly before: string | null;
  readonly after: string | null;
  readonly percent: string | null;
}

const SIGNS: { readonly [A in Action]: StepWords['sign'] } = {
  create: '+',
  update: '~',
  restore: '~',
  replace: '±',
  retire: '-',
};

export function stepWords({ action, findings, risks }: Step): StepWords {
  const [first] = findings;
  const resource = resourceOf(first.section ?? '');
  const count = objectsOf(first);
  const money = moneyWords(resource, findings);
  return {
    sign: SIGNS[action],
    verb: verbOf(action, first.section),
    kind: count === 1 ? resource.kind : plural(count, resource.kind),
    name: first.problem === 'unmanaged' ? (first.label ?? first.id) : nameOfEntry(first),
    states: first.problem === 'missing' ? states(resource, first.whole) : [],
    details:
      action === 'retire' || action === 'restore'
        ? []
        : findings.flatMap((finding) => (finding.problem === 'changed' ? detailsOf(finding, money) : [])),
    money,
    risks,
  };
}

function detailsOf(finding: Changed, money: MoneyWords | null): StepWords['details'] {
  const isIn = (words: string | null | undefined, side: Side | null) =>
    side !== null && words?.includes(sideText(side)) === true;
  return allDetails(finding).filter(({ from, to }) => !isIn(money?.before, from) || !isIn(money?.after, to));
}

function allDetails(finding: Changed): StepWords['details'] {
  const meant = wholeWords(finding);
  const parts = (meant?.rest ?? finding.changes).map((change) => {
    const { path, expected, actual } = sides(finding, change);
    const isSet = isSetWord(finding, change);
    const from = isSet && change.actual === undefined ? null : actual;
    return { path, from, to: isSet && change.expected === undefined ? null : expected };
  });
  if (meant === null) return parts;
  const side = (note: string): Side => ({ text: null, note });
  return [{ path: finding.field, from: side(meant.stripe), to: side(meant.file) }, ...parts];
}

/** All that an entry states of an object that is to be created: what it charges first. */
function states(resource: Resource<never>, whole: Whole): StepWords['states'] {
  const fields = whole.expected ?? {};
  const charge = resource.charge?.words(fields) ?? null;
  const rest = Object.entries(fields).filter(
    ([name, value]) => value !== null && !charge?.fields.includes(name) && !isEmpty(value),
  );
  const stated = rest.map(([field, value]) => {
    const named = referredTo(resource, whole, field, value);
    const side = named === null ? statedSide({ section: resource.section, whole }, field, value) : null;
    return { field, side: side ?? { text: named, note: null } };
  });
  return [...(charge === null ? [] : [{ field: null, side: { text: null, note: charge.words } }]), ...stated];
}

function isEmpty(value: Value): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}

/** The entry, or the id, that a reference names. */
function referredTo({ fields }: Resource<never>, { names }: Whole, name: string, value: Value): string | null {
  const section = fields[name]?.type.reference;
  if (section === undefined) return null;
  return isRecord(value) ? identityValue(value) : (names[section]?.[String(value)] ?? String(value));
}

function moneyWords(resource: Resource<never>, findings: readonly [Finding, ...Finding[]]): MoneyWords | null {
  const [first] = findings;
  if (resource.charge === undefined || !('whole' in first)) return null;
  const { expected, actual } = first.whole;
  const before = actual === null ? null : resource.charge.words(actual);
  const after = expected === null || first.problem === 'unmanaged' ? null : resource.charge.words(applied(findings));
  if (before?.words === after?.words) return null;
  if (before === null && first.problem === 'changed') return null;
  return { before: before?.words ?? null, after: after?.words ?? null, percent: percentOf(before, after) };
}

/** The fields of an object as they are once its findings are fixed. */
function applied(findings: readonly [Finding, ...Finding[]]): Fields {
  const [first] = findings;
  const { expected, actual } = 'whole' in first ? first.whole : { expected: null, actual: null };
  const unset = findings.flatMap((finding) => {
    if (finding.problem !== 'changed') return [];
    return finding.changes.some(({ path, expected: wanted }) => path.length === 0 && wanted === null)
      ? [[finding.field, null] as const]
      : [];
  });
  return record<Value>([...Object.entries(actual ?? {}), ...unset, ...Object.entries(expected ?? {})]);
}

/** How much more or less is charged, to a tenth of a per cent: amounts themselves are exact. */
function percentOf(before: ChargeWords | null, after: ChargeWords | null): string | null {
  if (before?.amount == null || after?.amount == null || before.basis !== after.basis) return null;
  const [old, wanted] = [Number(before.amount), Number(after.amount)];
  if (!(old > 0)) return null;
  const change = ((wanted - old) / old) * 100;
  const rounded = Math.abs(change) >= 10 ? change.toFixed(0) : change.toFixed(1).replace(/\.0$/, '');
  return `${change > 0 ? '+' : ''}${rounded.replace('-', '−')} %`;
}
