import type { Actual, Declared, Fields, Finding, Ignored, IgnoreRule, Invalid, Reading, Value } from '../model.ts';
import { isRecord } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { fileWord, quote } from '../text.ts';
import type { Comparison } from './compare.ts';

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
