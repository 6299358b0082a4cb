import type {
  Actual,
  Counts,
  Declared,
  Fields,
  Finding,
  Ignored,
  IgnoreRule,
  Invalid,
  Policy,
  PolicyWord,
  Reading,
  Resolved,
  SectionSummary,
  Severity,
  Status,
  Value,
} from '../model.ts';
import { isDifference, isRecord, severities } from '../model.ts';
import { registry, resourceOf } from '../resources/index.ts';
import { fileWord, quote } from '../text.ts';
import type { Comparison } from './compare.ts';
import { inPlaceOrder } from './finding.ts';
import { tellApart } from './origin.ts';

export type FailOn = Severity | 'never';

/** What a comparison comes to under the file's policy. */
export interface Judgement {
  readonly status: Status;
  readonly findings: readonly Finding[];
  readonly resolved: readonly Resolved[];
  readonly ignored: readonly Ignored[];
  readonly sections: ReadonlyMap<string, SectionSummary>;
  readonly counts: Counts;
  readonly looksWrong: boolean;
}

/** Where more than this part of at least so many declared objects is missing, the account or mode is likely the wrong one. */
const WRONG_PART = 0.3;
const WRONG_LEAST = 10;

/** More than this, and more than twice what is declared, is a file that declares only a part. */
const SURPRISE = 10;

/**
 * Gives findings the severity of the policy, sets aside what the file ignores, and tells the status. `remarks` are what was
 * found in the file alone; `base` is the comparison of the file that a pull request is merged onto, or null; `today` is
 * `YYYY-MM-DD` in UTC.
 */
export function judge(
  declared: Declared,
  reading: Reading,
  comparison: Comparison,
  base: Comparison | null,
  remarks: readonly Invalid[],
  today: string,
): Judgement {
  const { kept, ignored, warnings } = applyIgnores(declared, reading, comparison, today);
  // The policy and the ignores of the pull request hold for both.
  const before = base === null ? null : applyIgnores(declared, reading, base, today).kept;
  const origins =
    base === null || before === null
      ? { findings: kept, resolved: [] }
      : tellApart({ comparison, findings: kept }, { comparison: base, findings: before }, reading);
  const judged: Finding[] = [...remarks, ...warnings, ...partial(declared, kept)];
  for (const finding of origins.findings) {
    const { word, reason } = wordFor(declared.policy, finding);
    if (word === 'ignore') ignored.push({ finding, reason });
    else judged.push({ ...finding, severity: word });
  }
  const findings = inPlaceOrder(judged);
  const gone = origins.resolved.filter((finding) => wordFor(declared.policy, finding).word !== 'ignore');
  const resolved = inPlaceOrder(gone);
  const sections = summaries(declared, reading, comparison, [...findings, ...ignored.map(({ finding }) => finding)]);
  const declaredCount = [...declared.sections.values()].reduce((sum, { entries }) => sum + entries.length, 0);
  const checked = checkedIn(comparison);
  const readAll =
    [...sections.values()].every(({ status }) => status === 'read') &&
    checked + comparison.undecided.length === declaredCount;
  const drift = hasDrift(findings);
  const complete = readAll && comparison.unread.length === 0;
  // What a change adds says nothing of the account, where the file before it was compared.
  const knewAccount = base !== null && checkedIn(base) > 0;
  const lost = findings.filter(({ problem, pending }) => problem === 'missing' && !(pending && knewAccount));
  const counts = countFindings(findings, { ignored: ignored.length, checked, resolved: resolved.length });
  return {
    status: complete ? (drift ? 'drift' : 'in-sync') : 'incomplete',
    findings,
    resolved,
    ignored,
    sections,
    counts,
    looksWrong: checked >= WRONG_LEAST && lost.length > WRONG_PART * checked,
  };
}

/** How many entries were compared. */
function checkedIn({ checked }: Comparison): number {
  return [...checked.values()].reduce((sum, entries) => sum + entries.length, 0);
}

/** Whether the comparison found anything at warning or above. */
export function hasDrift(findings: readonly Finding[]): boolean {
  return findings.some(({ problem, severity }) => problem !== 'invalid' && severity !== 'notice');
}

/** Findings by problem and severity. */
export function countFindings(
  findings: readonly Finding[],
  { ignored = 0, checked = 0, resolved = 0 }: { ignored?: number; checked?: number; resolved?: number } = {},
): Counts {
  const severity = (word: Severity) => findings.filter((finding) => finding.severity === word).length;
  const problem = (word: Finding['problem']) => findings.filter((finding) => finding.problem === word).length;
  return {
    errors: severity('error'),
    warnings: severity('warning'),
    notices: severity('notice'),
    missing: problem('missing'),
    changed: problem('changed'),
    ambiguous: problem('ambiguous'),
    unmanaged: problem('unmanaged'),
    unhealthy: problem('unhealthy'),
    ignored,
    checked,
    pending: findings.filter(({ pending }) => pending).length,
    resolved,
  };
}

/**
 * The exit code of the command line: 0 fine, 1 error or invalid, 2 a finding of whatever problem is at or above `failOn`, 3
 * incomplete. The one place that decides; the Action fails on every code but 0.
 */
export function exitCode(status: Status, findings: readonly Finding[], failOn: FailOn): 0 | 1 | 2 | 3 {
  if (status === 'error' || status === 'invalid') return 1;
  if (status === 'incomplete') return 3;
  return reaches(findings, failOn) ? 2 : 0;
}

/** Whether a finding is at or above a severity. */
function reaches(findings: readonly Finding[], failOn: FailOn): boolean {
  if (failOn === 'never') return false;
  const rank = severityRank(failOn);
  return findings.some(({ severity }) => severityRank(severity) <= rank);
}

/** 0 for an error, 1 for a warning, 2 for a notice. */
function severityRank(severity: Severity): number {
  return ['error', 'warning', 'notice'].indexOf(severity);
}

/** The policy's word for a finding, and the part of the policy that decides it. What is pending is never more than its problem. */
function wordFor(
  policy: Policy,
  { problem, section, severity, pending }: Finding,
): { word: PolicyWord; reason: string } {
  const stated = policy[problem];
  const own = typeof stated === 'object' ? stated[section ?? ''] : section === null ? undefined : stated;
  const word = own ?? severity;
  const ceiling = pending && typeof policy.pending === 'string' ? policy.pending : 'error';
  return severities.indexOf(ceiling) > severities.indexOf(word)
    ? { word: ceiling, reason: 'policy.pending' }
    : { word, reason: `policy.${problem}` };
}

function applyIgnores(declared: Declared, reading: Reading, comparison: Comparison, today: string) {
  const kept: Finding[] = [];
  const ignored: Ignored[] = [];
  const used = new Set<IgnoreRule>();
  const objects = new Map(
    [...reading.sections].map(([section, read]) => [
      section,
      read.status === 'read' ? new Map(read.objects.map((live) => [live.id, live])) : undefined,
    ]),
  );
  for (const finding of comparison.findings) {
    const live = finding.problem === 'unmanaged' ? objects.get(finding.section)?.get(finding.id ?? '') : undefined;
    const rules = live ? declared.ignore.filter((rule) => accepts(rule, finding.section as string, live)) : [];
    for (const rule of rules) used.add(rule);
    const rule = rules.find(({ until }) => until === null || until >= today);
    if (rule === undefined) kept.push(finding);
    else ignored.push({ finding, reason: rule.reason });
  }
  const unmanaged = new Set(
    comparison.findings.flatMap((finding) =>
      finding.problem === 'unmanaged' ? [`${finding.section} ${finding.id}`] : [],
    ),
  );
  const warnings = declared.ignore.flatMap((rule) => ruleWarnings(rule, declared, reading, used, unmanaged, today));
  return { kept, ignored, warnings };
}

function ruleWarnings(
  rule: IgnoreRule,
  declared: Declared,
  reading: Reading,
  used: ReadonlySet<IgnoreRule>,
  unmanaged: ReadonlySet<string>,
  today: string,
): Invalid[] {
  const { section, until, reason } = rule;
  const read = reading.sections.get(section);
  const managed =
    read?.status === 'read'
      ? read.objects.find(
          (live) => live.inForce && !unmanaged.has(`${section} ${live.id}`) && accepts(rule, section, live),
        )
      : undefined;
  const warnings: string[] = [];
  if (until !== null && until < today)
    warnings.push(`This ignore ended on ${until} (${quote(reason)}). Remove it, or set a later date`);
  if (managed)
    warnings.push(
      'This ignore also matches an object that the file declares, and that is checked all the same. Narrow it',
    );
  if (!declared.sections.has(section))
    warnings.push(
      `This ignore has no effect: the ${fileWord(declared.files)} has no section ${section}, so none of them are reported`,
    );
  else if (!managed && read?.status === 'read' && !used.has(rule))
    warnings.push(
      `This ignore matches nothing that is in force and not declared (${quote(reason)}). Remove it, or fix its pattern`,
    );
  return warnings.map((message) => ({
    problem: 'invalid',
    severity: 'warning',
    at: rule.at,
    section,
    name: null,
    field: null,
    message,
  }));
}

function accepts({ section, pattern }: IgnoreRule, of: string, live: Actual): boolean {
  if (section !== of) return false;
  if (typeof pattern === 'string') {
    const identities = resourceOf(section).identities.map(({ by }) => live.fields[by]);
    return [live.id, ...identities].some((value) => typeof value === 'string' && matchesPattern(value, pattern));
  }
  return pattern.every(({ path, value }) => {
    const actual = path.reduce<Value | null>(
      (at, step) => (isRecord(at) ? ((at as Fields)[step] ?? null) : null),
      live.fields,
    );
    if (value === null || actual === null) return value === actual;
    return typeof actual !== 'object' && matchesPattern(String(actual), value);
  });
}

/** Whether a text is like a pattern in which `*` stands for any characters. Takes time of at most their product. */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let retry = 0;
  let position = 0;
  while (at < text.length) {
    if (position < pattern.length && pattern[position] === '*') {
      star = position;
      retry = at;
      position += 1;
    } else if (position < pattern.length && pattern[position] === text[at]) {
      position += 1;
      at += 1;
    } else if (star !== -1) {
      position = star + 1;
      retry += 1;
      at = retry;
    } else return false;
  }
  while (pattern[position] === '*') position += 1;
  return position === pattern.length;
}

/** Where far more is live than declared, one line proposes to say so in the policy. */
function partial(declared: Declared, findings: readonly Finding[]): Invalid[] {
  return [...declared.sections].flatMap(([section, { at, entries }]): Invalid[] => {
    const stated = declared.policy.unmanaged;
    if (typeof stated === 'string' || (stated !== undefined && section in stated)) return [];
    const found = findings.filter((finding) => finding.problem === 'unmanaged' && finding.section === section).length;
    if (found <= SURPRISE || found <= 2 * entries.length) return [];
    const message = `${found} ${section} are live that the file does not declare. If it is meant to declare only some, say so: policy: { unmanaged: { ${section}: ignore } }`;
    return [{ problem: 'invalid', severity: 'warning', at, section, name: null, field: null, message }];
  });
}

function summaries(
  declared: Declared,
  reading: Reading,
  comparison: Comparison,
  findings: readonly Finding[],
): Map<string, SectionSummary> {
  const summary = new Map<string, SectionSummary>();
  for (const section of registry.keys()) {
    const entries = declared.sections.get(section)?.entries;
    const read = reading.sections.get(section);
    if (entries === undefined || read === undefined) continue;
    const { status, requests, durationMs } = read;
    if (read.status !== 'read') {
      const { reason, remedy } = read;
      summary.set(section, {
        status,
        reason,
        remedy,
        declared: entries.length,
        live: null,
        managed: null,
        inSync: null,
        inSyncNames: [],
        requests,
        durationMs,
      });
      continue;
    }
    const wrong = new Set([
      ...findings.flatMap((finding) => (isDifference(finding) && finding.section === section ? [finding.name] : [])),
      ...comparison.unread.flatMap(({ entry }) => (entry.section === section ? [entry.name] : [])),
    ]);
    const inSyncNames = (comparison.checked.get(section) ?? [])
      .map(({ name }) => name)
      .filter((name) => !wrong.has(name));
    const live = read.objects.filter(({ inForce }) => inForce).length;
    const unmanaged = comparison.findings.filter(
      (finding) => finding.problem === 'unmanaged' && finding.section === section,
    ).length;
    summary.set(section, {
      status,
      ...read.gap,
      declared: entries.length,
      live,
      managed: live - unmanaged,
      inSync: inSyncNames.length,
      inSyncNames,
      requests,
      durationMs,
    });
  }
  return summary;
}
