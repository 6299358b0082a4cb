import type { Counts, Declared, Finding, Reading, SectionReading, SectionSummary, Severity } from '../model.ts';
import { isDifference } from '../model.ts';
import { registry } from '../resources/index.ts';
import type { Comparison } from './compare.ts';

/** Findings by problem and severity. The line that proposes what to do about many that are undeclared is none of them. */
export function countFindings(
  all: readonly Finding[],
  { ignored = 0, checked = 0, resolved = 0 }: { ignored?: number; checked?: number; resolved?: number } = {},
): Counts {
  const findings = all.filter((finding) => finding.problem !== 'invalid' || !finding.partial);
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
    unsubscribed: problem('unsubscribed'),
    unhandled: problem('unhandled'),
    dangling: problem('dangling'),
    ignored,
    checked,
    pending: findings.filter(({ pending }) => pending).length,
    resolved,
  };
}

/** What became of each section that the file has, in the registry's order. `findings` are all, ignored ones too. */
export function summaries(
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
    const known = { status, declared: entries.length, requests, durationMs };
    if (read.status !== 'read') {
      const { reason, remedy, lacks } = read;
      const why = { reason, remedy, ...(lacks && { lacks }) };
      summary.set(section, { ...known, ...why, live: null, managed: null, inSync: null, inSyncNames: [] });
      continue;
    }
    const own = findings.filter((finding) => finding.section === section);
    const wrong = new Set([
      ...own.filter(isDifference).map(({ name }) => name),
      ...comparison.unread.flatMap(({ entry }) => (entry.section === section ? [entry.name] : [])),
    ]);
    const compared = (comparison.checked.get(section) ?? []).map(({ name }) => name);
    const inSyncNames = compared.filter((name) => !wrong.has(name));
    const live = activeIn(read);
    const managed = live === null ? null : live - (comparison.undeclared.get(section)?.length ?? 0);
    summary.set(section, { ...known, ...read.gap, live, managed, inSync: inSyncNames.length, inSyncNames });
  }
  return summary;
}

/** Active objects of a section; null where they were only looked up or could not be read. */
export function activeIn(read: SectionReading): number | null {
  if (read.status !== 'read' || read.lookedUp) return null;
  return read.objects.filter(({ inForce }) => inForce).length;
}
