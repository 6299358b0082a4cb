import {
  type Both,
  both,
  type Finding,
  type Invalid,
  isDifference,
  type Realm,
  type Refusal,
  type SectionSummary,
  type Which,
} from '../model.ts';
import { bare, uncapital } from '../text.ts';
import { inReadingOrder } from './finding.ts';
import { applyIgnoresOfBoth } from './ignores.ts';
import { type ComparedRealm, compareRealms, type Parity } from './parity.ts';
import { hasDrift, type Judgement, partial, wordFor } from './policy.ts';
import { activeIn, countFindings } from './summaries.ts';

/**
 * What the comparison of two realms comes to: findings get the severity of the file's policy, what the file ignores is set aside,
 * and the status is told. `remarks` are what was found in the file alone.
 */
export function judgeRealms(
  realms: Both<ComparedRealm>,
  remarks: readonly Invalid[],
): Judgement & Pick<Parity, 'notes'> & { readonly declared: number } {
  const parity = compareRealms(realms);
  // No environment has a policy of its own.
  const { policy } = realms[0].declared;
  const { kept, ignored } = applyIgnoresOfBoth(realms, parity.findings);
  const judged: Finding[] = [...remarks, ...partial(realms[0].declared, kept)];
  for (const finding of kept) {
    const { word, reason } = wordFor(policy, finding);
    if (word === 'ignore') ignored.push({ finding, reason });
    else judged.push({ ...finding, severity: word });
  }
  const findings = inReadingOrder(judged);
  const sections = summaries(realms, parity, [...findings, ...ignored.map(({ finding }) => finding)]);
  const [declared, checked] = [sizeOf(parity.declared), sizeOf(parity.checked)];
  const isWhole =
    [...sections.values()].every(({ status }) => status === 'read') &&
    checked === declared &&
    realms.every(({ comparison }) => comparison.unread.length === 0);
  return {
    status: isWhole ? (hasDrift(findings) ? 'drift' : 'in-sync') : 'incomplete',
    findings,
    resolved: [],
    ignored,
    sections,
    counts: countFindings(findings, { ignored: ignored.length, checked }),
    looksWrong: false,
    notes: parity.notes,
    declared,
  };
}

/** What became of each section that both environments have. `findings` are all, ignored ones too. */
function summaries(
  realms: Both<ComparedRealm>,
  parity: Parity,
  findings: readonly Finding[],
): Map<string, SectionSummary> {
  return new Map(
    [...parity.declared].flatMap(([section, declared]): [string, SectionSummary][] => {
      const [one, other] = both((which) => realms[which].reading.sections.get(section));
      if (one === undefined || other === undefined) return [];
      const refusals = [one, other].flatMap((read, which): Refusal[] => {
        const gap = read.status === 'read' ? read.gap : read;
        return gap === undefined ? [] : [{ ...gap, reason: inRealm(realms[which as Which].realm, gap.reason) }];
      });
      const [refusal] = refusals;
      const all = (of: 'reason' | 'remedy') => [...new Set(refusals.map((gap) => gap[of]))].join(' ');
      const wrong = new Set([
        ...findings.flatMap((finding) => (finding.section === section && isDifference(finding) ? [finding.name] : [])),
        ...realms.flatMap(({ comparison: { unread } }) =>
          unread.flatMap(({ entry }) => (entry.section === section ? [entry.name] : [])),
        ),
      ]);
      const areRead = one.status === 'read' && other.status === 'read';
      const inSyncNames = areRead ? (parity.checked.get(section) ?? []).filter((name) => !wrong.has(name)) : [];
      const live = activeIn(one);
      const undeclared = realms[0].comparison.undeclared.get(section)?.length ?? 0;
      const summary = {
        status: refusal?.status ?? ('read' as const),
        ...(refusal !== undefined && { reason: all('reason'), remedy: all('remedy') }),
        declared: declared.length,
        live,
        other: activeIn(other),
        managed: live === null ? null : live - undeclared,
        inSync: areRead ? inSyncNames.length : null,
        inSyncNames,
        requests: one.requests + other.requests,
        durationMs: Math.max(one.durationMs, other.durationMs),
      };
      return [[section, summary]];
    }),
  );
}

function sizeOf(names: ReadonlyMap<string, readonly string[]>): number {
  return [...names.values()].reduce((sum, { length }) => sum + length, 0);
}

/** A sentence about one of two realms. */
export function inRealm({ name }: Realm, sentence: string): string {
  return `In ${bare(name)}, ${sentence.startsWith('Stripe') ? sentence : uncapital(sentence)}`;
}
