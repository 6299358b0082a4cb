import type { Declared, Finding, Ignored, IgnoreRule, Invalid, Reading } from '../model.ts';
import { fileWord, quote } from '../text.ts';
import type { Comparison } from './compare.ts';
import { accepts } from './rules.ts';

/** Sets aside the findings that the file accepts, and warns of rules that do nothing, are over or go too far. `today` is `YYYY-MM-DD` in UTC. */
export function applyIgnores(declared: Declared, reading: Reading, comparison: Comparison, today: string) {
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
      `This ignore matches nothing that is active and not declared (${quote(reason)}). Remove it, or fix its pattern`,
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
