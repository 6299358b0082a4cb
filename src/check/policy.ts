import type {
  Counts,
  Declared,
  Finding,
  Ignored,
  Invalid,
  Policy,
  PolicyWord,
  Reading,
  Resolved,
  SectionSummary,
  Severity,
  Status,
  Unhealthy,
} from '../model.ts';
import { declaredEntries, grouped, isDifference, policyWords, severities, wordOf } from '../model.ts';
import { policyWord, resourceOf } from '../resources/index.ts';
import { mainName } from '../resources/resource.ts';
import { capital, fileWord, inSentence } from '../text.ts';
import type { CodeJudgement } from './code.ts';
import type { Comparison } from './compare.ts';
import { inReadingOrder } from './finding.ts';
import { applyIgnores } from './ignores.ts';
import { tellApart } from './origin.ts';
import { countFindings, summaries } from './summaries.ts';

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
 * found in the file alone; `base` is the comparison of the file that a pull request is merged onto, or null; `code` what the
 * code's side came to, where the file names code.
 */
export function judge(
  declared: Declared,
  reading: Reading,
  comparison: Comparison,
  base: Comparison | null,
  remarks: readonly Invalid[],
  code: CodeJudgement | null = null,
): Judgement {
  const { kept, ignored, warnings } = applyIgnores(declared, reading, comparison);
  // The policy and the ignores of the pull request hold for both.
  const before = base === null ? null : applyIgnores(declared, reading, base).kept;
  const origins =
    base === null || before === null
      ? { findings: kept, resolved: [] }
      : tellApart({ comparison, findings: kept }, { comparison: base, findings: before }, reading);
  ignored.push(...(code?.ignored ?? []));
  const own = [...remarks, ...warnings, ...(code?.warnings ?? []), ...partial(declared, kept)];
  const judged = withSeverity(declared.policy, [...origins.findings, ...(code?.findings ?? [])], ignored);
  const findings = inReadingOrder(toldOnce([...own, ...judged]));
  const gone = origins.resolved.filter((finding) => wordFor(declared.policy, finding).word !== 'ignore');
  const resolved = inReadingOrder(gone);
  const sections = summaries(declared, reading, comparison, [...findings, ...ignored.map(({ finding }) => finding)]);
  const declaredCount = declaredEntries(declared).length;
  const checked = checkedIn(comparison);
  const readAll =
    [...sections.values()].every(({ status }) => status === 'read') &&
    checked + comparison.undecided.length === declaredCount;
  const drift = hasDrift(findings);
  const complete = readAll && comparison.unread.length === 0 && code?.isWhole !== false;
  // What a change adds says nothing of the account, where the file before it was compared.
  const knewAccount = base !== null && checkedIn(base) > 0;
  const lost = findings.filter(({ problem, pending }) => problem === 'missing' && !(pending && knewAccount));
  // Guards that the file states have been verified by now.
  const isVerified = declared.account !== null && declared.mode !== null;
  const counts = countFindings(findings, { ignored: ignored.length, checked, resolved: resolved.length });
  return {
    status: complete ? (drift ? 'drift' : 'in-sync') : 'incomplete',
    findings,
    resolved,
    ignored,
    sections,
    counts,
    looksWrong: !isVerified && checked >= WRONG_LEAST && lost.length > WRONG_PART * checked,
  };
}

/** What is found where nothing live is asked: remarks on the file, and what the code's side comes to without Stripe. */
export function judgeAlone(
  { policy }: Declared,
  remarks: readonly Invalid[],
  code: CodeJudgement,
): Pick<Judgement, 'findings' | 'ignored' | 'counts'> {
  const ignored = [...code.ignored];
  const judged = withSeverity(policy, code.findings, ignored);
  const findings = inReadingOrder([...remarks, ...code.warnings, ...judged]);
  return { findings, ignored, counts: countFindings(findings, { ignored: ignored.length }) };
}

/** Findings with the severity of the policy; those that it ignores are added to `ignored`. */
function withSeverity(policy: Policy, findings: readonly Finding[], ignored: Ignored[]): Finding[] {
  return findings.flatMap((finding) => {
    const { word, reason } = wordFor(policy, finding);
    if (word !== 'ignore') return [finding.severity === word ? finding : { ...finding, severity: word }];
    ignored.push({ finding, reason });
    return [];
  });
}

/**
 * Without what is only said to be unhealthy because another object differs, where that is told, and as no less; and what
 * several others make one object say, once.
 */
function toldOnce(findings: readonly Finding[]): Finding[] {
  const severityOf = new Map<string, number>();
  for (const finding of findings) {
    if (finding.problem !== 'changed') continue;
    const { section, id, field, severity } = finding;
    const key = JSON.stringify([section, id, mainName(resourceOf(section), field)]);
    severityOf.set(key, Math.min(severities.indexOf(severity), severityOf.get(key) ?? severities.length));
  }
  const isToldThere = ({ cause, severity }: Caused) => {
    const told = severityOf.get(JSON.stringify([cause.section, cause.id, cause.field]));
    return told !== undefined && told <= severities.indexOf(severity);
  };
  const caused = findings.filter(isCaused).filter((finding) => !isToldThere(finding));
  const groups = grouped(caused, ({ section, name, field, message }) =>
    JSON.stringify([section, name, field, message]),
  );
  const firsts = new Map<Finding, readonly Caused[]>([...groups.values()].map((alike) => [alike[0], alike]));
  return findings.flatMap((finding): Finding[] => {
    if (!isCaused(finding)) return [finding];
    const alike = firsts.get(finding);
    if (alike === undefined) return [];
    const { cause: _, causes: __, ...rest } = finding;
    const causes = alike.flatMap((one) => one.causes ?? []);
    return [{ ...rest, ...(causes.length > 0 && { causes }) }];
  });
}

type Caused = Unhealthy & { readonly cause: NonNullable<Unhealthy['cause']> };

/** Whether another object makes one unhealthy. */
function isCaused(finding: Finding): finding is Caused {
  return finding.problem === 'unhealthy' && finding.cause !== undefined;
}

/** How many entries were compared. */
function checkedIn({ checked }: Comparison): number {
  return [...checked.values()].reduce((sum, entries) => sum + entries.length, 0);
}

/** Whether Stripe differs from the file at warning or above. What is said of health is no difference. */
export function hasDrift(findings: readonly Finding[]): boolean {
  return findings.some((finding) => isDifference(finding) && finding.severity !== 'notice');
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
  return findings.some(({ severity }) => severities.indexOf(severity) <= severities.indexOf(failOn));
}

/** The policy's word for a finding, and the part of the policy that decides it. What is only pending is never more than its word. */
export function wordFor(policy: Policy, finding: Finding): { word: PolicyWord; reason: string } {
  const { problem, section, severity, pending, drifted } = finding;
  const ofRule = finding.problem === 'unhealthy' ? wordOf(policy, 'health', finding.rule) : undefined;
  if (ofRule !== undefined) return { word: ofRule, reason: 'policy.health' };
  const word = policyWord(policy, problem, section) ?? severity;
  const ceiling = pending && !drifted && typeof policy.pending === 'string' ? policy.pending : 'error';
  return policyWords.indexOf(ceiling) > policyWords.indexOf(word)
    ? { word: ceiling, reason: 'policy.pending' }
    : {
        word,
        reason:
          wordOf(policy, problem, section) === undefined ? `the default of policy.${problem}` : `policy.${problem}`,
      };
}

/** Where far more is live than declared, one line proposes to declare the rest, or to say in the policy that it need not be. */
export function partial(declared: Declared, findings: readonly Finding[]): Invalid[] {
  const stated = declared.policy.unmanaged;
  if (typeof stated === 'string') return [];
  const undeclared = [...declared.sections].flatMap(([section, { at, entries }]) => {
    const count = findings.filter((finding) => finding.problem === 'unmanaged' && finding.section === section).length;
    const isSurprise = count > SURPRISE && count > 2 * entries.length;
    return count === 0 || (stated !== undefined && section in stated) || resourceOf(section).unmanaged
      ? []
      : [{ section, at, count, isSurprise }];
  });
  const first = undeclared.find(({ isSurprise }) => isSurprise);
  if (first === undefined) return [];
  // What is proposed covers the few of other sections as well.
  const counts = inSentence(
    undeclared.map(
      ({ section, count }) => `${count} ${count === 1 ? resourceOf(section).kind : section.replaceAll('_', ' ')}`,
    ),
  );
  const words = Object.entries({
    ...stated,
    ...Object.fromEntries(undeclared.map(({ section }) => [section, 'ignore'])),
  });
  const unmanaged = `unmanaged: { ${words.map(([section, word]) => `${section}: ${word}`).join(', ')} }`;
  const paste = declared.hasPolicy ? unmanaged : `policy: { ${unmanaged} }`;
  const where =
    stated !== undefined ? 'replace unmanaged under policy' : declared.hasPolicy ? 'add to policy' : 'add to the file';
  const message = `${capital(counts)} are in Stripe, but not in the ${fileWord(declared.files)}. To declare them, run stripe-config-check export --merge, which changes only the file. To stop reporting undeclared objects of ${undeclared.length === 1 ? 'this kind' : 'these kinds'}, ${where}: ${paste}`;
  return [
    {
      problem: 'invalid',
      severity: 'warning',
      at: first.at,
      section: null,
      name: null,
      field: null,
      message,
      partial: { paste },
    },
  ];
}
