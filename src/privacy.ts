import { createHash } from 'node:crypto';
import type { Change, Changed, Fields, Finding, Ignored, Report, Value, Whole } from './model.ts';
import { withoutTokens } from './resources/text.ts';
import { isRecord, record } from './resources/type.ts';

/**
 * What may be shown. `full`: everything. `declared`: what the file does not declare is counted, not named, since it may be an
 * unreleased plan or a private deal. `redacted`: of declared objects only the file's side besides.
 */
export type Showing = 'full' | 'declared' | 'redacted';

/** The report as it may be shown, for every outlet and the JSON report alike. Its fingerprint and counts are of what was found. */
export function shown(report: Report, showing: Showing): Report {
  const findings = showing === 'full' ? report.findings : counted(report.findings);
  const ignored = showing === 'full' ? report.ignored : countedIgnored(report.ignored);
  const hide = showing === 'redacted' ? withoutLive : <T>(finding: T) => finding;
  return {
    ...report,
    sections: new Map([...report.sections].map(([section, summary]) => [section, clean(summary, ['remedy'])])),
    findings: findings.map((finding) => withoutSecrets(hide(finding))),
    // What a change takes out of the file is not declared any more: it is counted, as all such is.
    resolved: (showing === 'full' ? report.resolved : counted(report.resolved.filter(({ removed }) => !removed))).map(
      (finding) => withoutSecrets(hide(finding)),
    ),
    ignored: ignored.map(({ finding, reason }) => ({
      finding: withoutSecrets(hide(finding)),
      reason: withoutTokens(reason),
    })),
    catalogue: report.catalogue.map(({ section, name, references }) => ({
      section,
      name: withoutTokens(name),
      references: references.map((one) => ({ ...one, name: withoutTokens(one.name) })),
    })),
    notes: report.notes.map(withoutTokens),
    error: report.error === null ? null : clean(report.error, ['remedy']),
  };
}

/** One finding a section for all that is not declared, where the first of them stood. */
function counted(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ section, severity, pending }: Finding) => JSON.stringify([section, severity, pending ?? false]);
  const groups = countBy(findings.filter(isUnmanaged), keyOf);
  const seen = new Set<string>();
  return findings.flatMap((finding): Finding[] => {
    if (finding.problem !== 'unmanaged') return [finding];
    const key = keyOf(finding);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ ...finding, ...unnamed, count: groups.get(key) ?? 1 }];
  });
}

/** Nothing of an object that is not declared. */
const unnamed = {
  id: null,
  label: null,
  url: null,
  entry: null,
  whole: { expected: null, actual: null, entries: {}, hidden: [], stated: [], taken: [] },
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
    return [{ finding: { ...finding, ...unnamed, count: groups.get(key(one)) ?? 1 }, reason }];
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

/** A finding with the file's side alone: whatever is live is `differs`. */
function withoutLive(finding: Finding): Finding {
  switch (finding.problem) {
    case 'changed':
      return {
        ...finding,
        ...onlyFileSide,
        label: null,
        changes: fileSide(finding),
        whole: { ...finding.whole, actual: null, entries: {} },
      };
    case 'ambiguous':
      return { ...finding, candidates: finding.candidates.map(({ id, url }) => ({ id, label: null, url })) };
    case 'unhealthy':
      return { ...finding, label: null };
    case 'invalid':
    case 'missing':
    case 'unmanaged':
      return finding;
  }
}

/** Names, currencies and whole values would tell what is live. */
const onlyFileSide = { redacted: true, values: null, names: null, currency: { expected: null, actual: null } } as const;

function fileSide({ changes }: Changed): Change[] {
  const stated = changes.flatMap(({ path, expected, actual }): Change[] => {
    if (expected === undefined) return [];
    return [actual === undefined ? { path, expected } : { path, expected, actual: 'differs' }];
  });
  const extra = changes.some(({ expected }) => expected === undefined);
  return extra ? [...stated, { path: [], actual: 'differs' }] : stated;
}

/** A finding in which no URL tells a password or a token. Where just these differ, each has a short hash. */
function withoutSecrets(finding: Finding): Finding {
  const shown = withoutTexts(finding);
  return 'whole' in shown ? { ...shown, whole: withoutFields(shown.whole) } : shown;
}

/** An object without the fields that hold a token: what to paste or to run is exact, or not given. */
function withoutFields(whole: Whole): Whole {
  const { expected, actual } = whole;
  const names = [expected, actual].flatMap((side) =>
    Object.keys(side ?? {}).filter((name) => hasToken(side?.[name] ?? null)),
  );
  if (names.length === 0) return whole;
  const plain = (side: Fields | null) => side && record(Object.entries(side).filter(([name]) => !names.includes(name)));
  return { ...whole, expected: plain(expected), actual: plain(actual), hidden: [...new Set(names)] };
}

function hasToken(value: Value): boolean {
  if (typeof value === 'string') return withoutTokens(value) !== value;
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value)
    ? value.some(hasToken)
    : Object.entries(value).some(([name, inner]) => hasToken(name) || hasToken(inner));
}

function withoutTexts(finding: Finding): Finding {
  if (finding.problem !== 'changed') return clean(finding, ['at', 'url', 'candidates', 'whole']);
  const changes = finding.changes.map(({ path, expected, actual }): Change => {
    const [left, right] = [cleanValue(expected), cleanValue(actual)];
    const alike = typeof expected === 'string' && expected !== actual && left === right;
    const mark = (side: Value | undefined, whole: Value | undefined) =>
      alike && typeof whole === 'string' ? `${String(side)} (hidden part ${shortHash(whole)})` : side;
    return {
      path: path.map(withoutTokens),
      ...(expected !== undefined && { expected: mark(left, expected) as Value }),
      ...(actual !== undefined && { actual: mark(right, actual) as Value }),
    };
  });
  return { ...clean(finding, ['at', 'url', 'changes', 'whole']), changes };
}

/** The object with every text cleaned, but for the properties that hold this program's own. */
function clean<T extends object>(object: T, kept: readonly string[]): T {
  const pairs = Object.entries(object).map(([name, value]) => [name, kept.includes(name) ? value : cleanValue(value)]);
  return Object.fromEntries(pairs) as T;
}

function cleanValue(value: Value | undefined): Value | undefined {
  if (typeof value === 'string') return withoutTokens(value);
  if (Array.isArray(value)) return value.map((item) => cleanValue(item) as Value);
  if (!isRecord(value)) return value;
  const copy: { [name: string]: Value } = Object.create(null);
  for (const [name, inner] of Object.entries(value)) copy[withoutTokens(name)] = cleanValue(inner as Value) as Value;
  return copy;
}

function shortHash(text: string): string {
  return `#${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}
