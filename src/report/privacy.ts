import { fingerprint, inReadingOrder } from '../check/finding.ts';
import { setAround } from '../fix/plan.ts';
import type {
  Both,
  Change,
  Changed,
  DeclaredIds,
  Fields,
  Finding,
  Ignored,
  Missing,
  Report,
  Resolved,
  Result,
  Ties,
  Value,
  Whole,
} from '../model.ts';
import { isRecord, keyIn, record } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { mainName, typeAt } from '../resources/resource.ts';
import { withoutTokens } from '../text.ts';
import type { Type } from '../vocabulary/type.ts';

/**
 * What may be shown. `full`: everything. `declared`: what the file does not declare is counted, not named, since it may be an
 * unreleased plan or a private deal. `redacted`: of declared objects only the file's side besides.
 */
export type Showing = 'full' | 'declared' | 'redacted';

/** What `show-values` may say. */
export const SHOW_VALUES = ['auto', 'full', 'redacted'] as const;

/** What `show-values` comes to. By default what is not declared is named only where few can read it. */
export function showingOf(word: (typeof SHOW_VALUES)[number], isPrivate: boolean): Showing {
  if (word !== 'auto') return word;
  return isPrivate ? 'full' : 'declared';
}

/**
 * The report of a result: what may be shown of it, for every outlet and the JSON report alike. Counts are of what was found;
 * the order and the fingerprint are made of what is shown, so that neither tells anything else.
 */
export function shown(result: Result, showing: Showing): Report {
  const { declaredIds, ...rest } = result;
  const isIn = (ids: DeclaredIds['meant']) => (section: string, id: string) => ids.get(section)?.has(id) ?? false;
  const isMeant = isIn(declaredIds.meant);
  const isStated = isIn(declaredIds.stated);
  const unsure = renamedObjects([...result.findings, ...result.resolved], isStated);
  const hide = <F extends Finding>(finding: F): F => {
    if (showing === 'full') return withoutTexts(finding);
    const isKnown = (section: string, id: string) => isMeant(section, id) || isStated(section, id);
    const named = withoutPage(withoutStrangers(finding, isKnown));
    const isUnsure = finding.problem === 'changed' && (unsure.has(objectKey(finding)) || finding.pair?.alike === true);
    return withoutTexts(showing === 'redacted' || isUnsure ? withoutLive(named) : named);
  };
  const hidden = (showing === 'full' ? result.findings : counted(result.findings)).map(hide);
  const isAsFound = hidden.every((finding, index) => finding === result.findings[index]);
  const findings = (isAsFound ? hidden : inReadingOrder(hidden)).map(withPlainFields);
  const resolved = showing === 'full' ? result.resolved : stillDeclared(result.resolved, isMeant);
  const ignored = showing === 'full' ? result.ignored : countedIgnored(result.ignored);
  return {
    ...rest,
    sections: new Map([...result.sections].map(([section, summary]) => [section, clean(summary, ['remedy'])])),
    findings,
    resolved: inReadingOrder(resolved.map(hide)).map(withPlainFields),
    ignored: ignored.map(({ finding, reason }) => ({
      finding: withPlainFields(hide(finding)),
      reason: withoutTokens(reason),
    })),
    catalogue: result.catalogue.map(({ section, name, references }) => ({
      section,
      name: withoutTokens(name),
      references: references.map((one) => ({ ...one, name: withoutTokens(one.name) })),
    })),
    notes: result.notes.map(withoutTokens),
    error: result.error === null ? null : clean(result.error, ['remedy']),
    fingerprint: result.compared ? fingerprint(findings) : null,
  };
}

type Is = (section: string, id: string) => boolean;

/** Objects with a new identity, by which the file does not declare them: they may be others after all. */
function renamedObjects(findings: readonly Finding[], isStated: Is): ReadonlySet<string> {
  const unsure = findings.flatMap((finding) => {
    if (finding.problem !== 'changed' || !finding.renamed || isStated(finding.section, finding.id)) return [];
    const isOther = withoutTexts(finding).changes.some(({ hidden }) => hidden !== 'part');
    return isOther ? [objectKey(finding)] : [];
  });
  return new Set(unsure);
}

function objectKey({ section, id }: Changed): string {
  return keyIn(section, id);
}

/** What a change resolves, of objects that are declared after it. What it takes out of the file is counted, as all such is. */
function stillDeclared(resolved: readonly Resolved[], isMeant: Is): Resolved[] {
  const kept = resolved.flatMap((finding): Resolved[] => {
    if (finding.removed) return [];
    if (finding.problem === 'ambiguous') {
      const candidates = finding.candidates.filter(({ id }) => isMeant(finding.section, id));
      const unnamed = finding.candidates.length - candidates.length;
      return [unnamed === 0 ? finding : { ...finding, candidates, unnamed }];
    }
    const isOf = finding.problem === 'changed' || finding.problem === 'unhealthy';
    return isOf && finding.id !== null && !isMeant(finding.section, finding.id) ? [] : [finding];
  });
  return counted(kept);
}

/** One finding a section for all that is not declared, where the first of them stood. */
function counted<F extends Finding>(findings: readonly F[]): F[] {
  const keyOf = ({ section, severity, pending }: Finding) => JSON.stringify([section, severity, pending ?? false]);
  const groups = countBy(findings.filter(isUnmanaged), keyOf);
  const seen = new Set<string>();
  return findings.flatMap((finding): F[] => {
    if (finding.problem !== 'unmanaged') return [finding];
    const key = keyOf(finding);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ ...finding, ...unnamed, ...unnamedIn(finding), count: groups.get(key) ?? 1 }];
  });
}

/** Nothing of what two realms have. */
function unnamedIn({ pair }: Finding): Pick<Finding, 'pair'> {
  return pair === undefined ? {} : { pair: { realms: pair.realms, objects: [null, null] } };
}

/** Nothing of an object that is not declared. */
const unnamed = {
  id: null,
  label: null,
  owner: null,
  url: null,
  entry: null,
  whole: {
    expected: null,
    actual: null,
    names: {},
    hidden: [],
    stated: [],
    taken: [],
    twin: null,
    ties: { needers: [], unread: [], unfit: [], mentions: [], namedBy: [], referrers: [], bound: [], alike: [] },
  },
} as const;

function countedIgnored(ignored: readonly Ignored[]): Ignored[] {
  const key = ({ finding, reason }: Ignored) => JSON.stringify([finding.section, reason]);
  const groups = countBy(
    ignored.filter(({ finding }) => isUnmanaged(finding)),
    key,
  );
  const seen = new Set<string>();
  return ignored.flatMap((one): Ignored[] => {
    const { finding, reason } = one;
    if (finding.problem !== 'unmanaged') return [one];
    if (seen.has(key(one))) return [];
    seen.add(key(one));
    const count = groups.get(key(one)) ?? 1;
    return [{ finding: { ...finding, ...unnamed, ...unnamedIn(finding), count }, reason }];
  });
}

function isUnmanaged({ problem }: Finding): boolean {
  return problem === 'unmanaged';
}

function countBy<T>(list: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of list) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

/** A finding that does not tell of which object another refers to, or has what it wants, where the file does not declare that one. */
function withoutStrangers<F extends Finding>(finding: F, isKnown: Is): F {
  if (finding.problem === 'missing') {
    const { section, elsewhere: owner } = finding;
    const isNamed = owner?.id != null && isKnown(section, owner.id);
    const where = owner !== undefined && { elsewhere: { ...owner, id: isNamed ? owner.id : null } };
    return { ...finding, ...where, whole: withoutHolders(finding, isKnown) };
  }
  if (finding.problem !== 'changed') return finding;
  const { section, field, whole } = finding;
  const resource = resourceOf(section);
  const main = mainName(resource, field);
  const changes = finding.changes.map((change): Change => {
    const { path, expected, actual } = change;
    const type = typeAt(resource, [main, ...path]);
    const isStrange = (value: Value | undefined) => value !== undefined && hasStranger(type, value, isKnown);
    // What the file states is no stranger; between two realms both sides are what is live.
    const isOther = finding.pair !== undefined && isStrange(expected);
    if (!isStrange(actual) && !isOther) return change;
    // A word of a set stands in the path as well.
    const shownPath = setAround(finding, change) === undefined ? path : path.slice(0, -1);
    return {
      ...change,
      path: shownPath,
      ...(isOther && { expected: DIFFERS }),
      ...(isStrange(actual) && { actual: DIFFERS }),
      hidden: 'undeclared',
    };
  });
  const knownOf = (fields: Fields | null) =>
    Object.entries(fields ?? {}).filter(([name, value]) => !hasStranger(resource.fields[name]?.type, value, isKnown));
  if (finding.pair !== undefined) {
    const plain = (one: Whole): Whole => ({ ...copy(one), actual: record(knownOf(one.actual)) });
    const wholes = finding.pair.wholes?.map(plain) as Both<Whole> | undefined;
    const pair = { ...finding.pair, ...(wholes && { wholes }) };
    return { ...finding, changes, pair, whole: { ...plain(whole), expected: record(knownOf(whole.expected)) } };
  }
  const known = knownOf(whole.actual);
  const strange = Object.keys(whole.actual ?? {}).filter((name) => !known.some(([one]) => one === name));
  const rest = withoutHolders(finding, isKnown);
  return {
    ...finding,
    changes,
    whole: { ...rest, actual: whole.actual && record(known), hidden: [...rest.hidden, ...strange] },
  };
}

/** An object that does not tell of others that the file does not declare, but that there are some. */
function withoutHolders({ section, whole }: Missing | Changed, isKnown: Is): Whole {
  const named = <T extends { readonly id: string | null }>(one: T, where: string): T =>
    one.id !== null && isKnown(where, one.id) ? one : { ...one, id: null };
  const { needers, unfit, referrers, alike } = whole.ties;
  return {
    ...copy(whole),
    taken: whole.taken.map((one) => named(one, section)),
    twin: whole.twin && named(whole.twin, section),
    ties: {
      ...whole.ties,
      needers: needers.map((one) => named(one, one.section)),
      unfit: unfit.map((one) => named(one, one.section)),
      referrers: referrers.map((one) => named(one, one.section)),
      alike: alike.map((one) => named(one, section)),
    },
  };
}

/** Whether a value refers to an object that the file does not declare. */
function hasStranger(type: Type | undefined, value: Value, isKnown: Is): boolean {
  if (type === undefined) return false;
  if (typeof value === 'string') return type.reference !== undefined && !isKnown(type.reference, value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => hasStranger(type.inner?.(name), inner as Value, isKnown));
}

/** What stands in a report for a value of Stripe's that is not shown. */
export const DIFFERS = 'differs';

/** What the code names by a key of the account's own without the page of the object, whose id is in it. */
function withoutPage<F extends Finding>(finding: F): F {
  return finding.problem === 'dangling' ? { ...finding, url: null } : finding;
}

/** A finding with the file's side alone: whatever is live is `differs`. */
function withoutLive<F extends Finding>(finding: F): F {
  if (finding.problem === 'ambiguous')
    return { ...finding, candidates: finding.candidates.map((one) => ({ ...one, tells: null })) };
  if (finding.problem === 'missing' && finding.elsewhere !== undefined)
    return { ...finding, elsewhere: { ...finding.elsewhere, id: null } };
  if (finding.problem === 'unhealthy' && finding.causes !== undefined) return { ...finding, causes: [] };
  if (finding.problem === 'dangling') return { ...finding, why: null };
  if (finding.problem !== 'changed') return finding;
  if (finding.pair !== undefined) {
    const { agreeing: _, wholes: __, ...pair } = finding.pair;
    const changes: Change[] = [{ path: [], expected: DIFFERS, actual: DIFFERS, hidden: 'value' }];
    return { ...finding, changes, pair, whole: { ...copy(finding.whole), expected: null, actual: null, names: {} } };
  }
  return {
    ...finding,
    changes: fileSide(finding),
    whole: { ...copy(finding.whole), actual: null, names: {}, ties: untold(finding.whole.ties) },
  };
}

/** Whether other objects need this one, and nothing of which. */
function untold(ties: Ties): Ties {
  const needers = ties.needers.map((one) => ({ ...one, id: null, entry: null, wants: null }));
  const referrers = ties.referrers.map((one) => ({ ...one, id: null, entry: null }));
  return { ...ties, needers, referrers };
}

function fileSide({ changes }: Changed): Change[] {
  const stated = changes.flatMap(({ path, expected, actual }): Change[] => {
    if (expected === undefined) return [];
    return [actual === undefined ? { path, expected } : { path, expected, actual: DIFFERS, hidden: 'value' }];
  });
  const extra = changes.some(({ expected }) => expected === undefined);
  return extra ? [...stated, { path: [], actual: DIFFERS, hidden: 'value' }] : stated;
}

/** A finding that tells no token by what it takes to fix it. */
function withPlainFields<F extends Finding>(finding: F): F {
  if (!('whole' in finding)) return finding;
  const { pair, whole } = finding;
  const wholes = pair?.wholes?.map((one) => new PlainWhole(one)) as Both<Whole> | undefined;
  return { ...finding, whole: new PlainWhole(whole), ...(pair && wholes && { pair: { ...pair, wholes } }) };
}

/** An object without the fields that hold a token, looked through when it is asked for: few of many findings are shown with how to fix them. */
class PlainWhole implements Whole {
  #whole: Whole;
  #isPlain = false;

  constructor(whole: Whole) {
    this.#whole = whole;
  }

  get #plain(): Whole {
    if (!this.#isPlain) this.#whole = withoutFields(this.#whole);
    this.#isPlain = true;
    return this.#whole;
  }

  get expected() {
    return this.#plain.expected;
  }

  get actual() {
    return this.#plain.actual;
  }

  get hidden() {
    return this.#plain.hidden;
  }

  get stated() {
    return this.#plain.stated;
  }

  get names() {
    return this.#plain.names;
  }

  get taken() {
    return this.#plain.taken;
  }

  get twin() {
    return this.#plain.twin;
  }

  get ties() {
    return this.#plain.ties;
  }
}

/** What is looked up when it is asked for, looked up. */
function copy({ expected, actual, hidden, stated, names, taken, twin, ties }: Whole): Whole {
  return { expected, actual, hidden, stated, names, taken, twin, ties };
}

/** An object without the fields that hold a token: what to paste or to run is exact, or not given. */
function withoutFields(whole: Whole): Whole {
  const { expected, actual } = whole;
  const names = [expected, actual].flatMap((side) =>
    Object.keys(side ?? {}).filter((name) => hasToken(side?.[name] ?? null)),
  );
  if (names.length === 0) return whole;
  const plain = (side: Fields | null) => side && record(Object.entries(side).filter(([name]) => !names.includes(name)));
  return {
    ...copy(whole),
    expected: plain(expected),
    actual: plain(actual),
    hidden: [...new Set([...whole.hidden, ...names])],
  };
}

function hasToken(value: Value): boolean {
  if (typeof value === 'string') return withoutTokens(value) !== value;
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value)
    ? value.some(hasToken)
    : Object.entries(value).some(([name, inner]) => hasToken(name) || hasToken(inner));
}

/** A finding in which no URL tells a password or a token. Where just these differ, the change says so. */
function withoutTexts<F extends Finding>(finding: F): F {
  if (finding.problem !== 'changed') return clean(finding, ['at', 'url', 'candidates', 'whole', 'pair']);
  const changes = finding.changes.map((change): Change => {
    const { path, expected, actual, ...rest } = change;
    const [left, right] = [cleanValue(expected), cleanValue(actual)];
    const isPart = isSame(left, right) && !isSame(expected, actual);
    return {
      ...rest,
      path: path.map(withoutTokens),
      ...(left !== undefined && { expected: left }),
      ...(right !== undefined && { actual: right }),
      ...(isPart && { hidden: 'part' as const }),
    };
  });
  return { ...clean(finding, ['at', 'url', 'changes', 'whole', 'pair']), changes };
}

function isSame(one: Value | undefined, other: Value | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The object with every text cleaned, but for the properties that hold this program's own; itself where nothing has to be. */
function clean<T extends object>(object: T, kept: readonly string[]): T {
  const cleaned = Object.entries(object).flatMap(([name, value]) => {
    const plain = kept.includes(name) ? value : cleanValue(value);
    return plain === value ? [] : [[name, plain] as const];
  });
  return cleaned.length === 0 ? object : { ...object, ...Object.fromEntries(cleaned) };
}

function cleanValue(value: Value | undefined): Value | undefined {
  if (typeof value === 'string') return withoutTokens(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => cleanValue(item) as Value);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isRecord(value)) return value;
  const pairs = Object.entries(value) as [string, Value][];
  const cleaned = pairs.map(([name, inner]): [string, Value] => [withoutTokens(name), cleanValue(inner) as Value]);
  const isClean = cleaned.every(([name, inner], index) => name === pairs[index]?.[0] && inner === pairs[index]?.[1]);
  return isClean ? (value as Value) : record(cleaned);
}
