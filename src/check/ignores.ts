import { foundNames, type Match, type NameOf } from '../matching/identity.ts';
import type {
  Actual,
  Both,
  Change,
  Changed,
  Declared,
  Expected,
  Finding,
  Ignored,
  IgnoreRule,
  Invalid,
  Reading,
  Which,
} from '../model.ts';
import { entrySteps, keyIn } from '../model.ts';
import { bare, fileWord, firstInSentence, pathText, quote } from '../text.ts';
import type { Comparison } from './compare.ts';
import { liveObjects, type Others } from './live.ts';
import { accepts, acceptsChange, isOver, names, namesEntry, overWords } from './rules.ts';

/** Sets aside the findings that the file accepts, and warns of rules that do nothing, are over or go too far. */
export function applyIgnores(
  declared: Declared,
  reading: Reading,
  comparison: Comparison,
): { kept: readonly Finding[]; ignored: Ignored[]; warnings: readonly Invalid[] } {
  if (declared.ignore.length === 0) return { kept: comparison.findings, ignored: [], warnings: [] };
  const kept: Finding[] = [];
  const ignored: Ignored[] = [];
  const around = aroundOf({ declared, reading, comparison });
  const { find } = around.others;
  for (const finding of comparison.findings) {
    const live = 'id' in finding ? find(finding.section ?? '', finding.id ?? '') : undefined;
    const entry = comparison.entries.get(keyIn(finding.section, finding.name));
    const rules = {
      object: () =>
        live && ruleFor(around, (one) => accepts(one, finding.section ?? '', live, around.others, around.nameOf)),
      change: (of: Changed, change: Change) =>
        live && entry && ruleFor(around, (one) => acceptsChange(one, of, change, entry, live, around.nameOf)),
    };
    setAside(finding, rules, kept, ignored);
  }
  return { kept, ignored, warnings: declared.ignore.flatMap((rule) => ruleWarnings(rule, around)) };
}

/** The same of what differs between two realms: a rule of either accepts it, by the object that is there. It tells nothing of the rules, which a check of each realm does. */
export function applyIgnoresOfBoth(
  realms: Both<Compared>,
  findings: readonly Finding[],
): { kept: readonly Finding[]; ignored: Ignored[] } {
  const kept: Finding[] = [];
  const ignored: Ignored[] = [];
  const sides = realms.map(aroundOf);
  for (const finding of findings) {
    const { section, name, pair } = finding;
    const found = sides.flatMap((around, which) => {
      const id = pair?.declared?.which === which ? undefined : pair?.objects[which as Which]?.id;
      const live = id === undefined ? undefined : around.others.find(section ?? '', id);
      const entry = around.comparison.entries.get(keyIn(section, name));
      return live === undefined ? [] : [{ around, live, entry }];
    });
    const first = (ruleOf: (one: (typeof found)[number]) => IgnoreRule | undefined) =>
      found.map(ruleOf).find((rule) => rule !== undefined);
    const rules = {
      object: () =>
        first(({ around, live }) =>
          ruleFor(around, (one) => accepts(one, section ?? '', live, around.others, around.nameOf)),
        ),
      change: (of: Changed, change: Change) =>
        first(
          ({ around, live, entry }) =>
            entry && ruleFor(around, (one) => acceptsChange(one, of, change, entry, live, around.nameOf)),
        ),
    };
    setAside(finding, rules, kept, ignored);
  }
  return { kept, ignored };
}

/** What was compared of a realm. */
export interface Compared {
  readonly declared: Declared;
  readonly reading: Reading;
  readonly comparison: Comparison;
}

/** What applying the rules needs. */
interface Around extends Compared {
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string;
  /** The rules that accept something, or would if they were not over. */
  readonly used: Set<IgnoreRule>;
  readonly nameOf: NameOf;
  readonly others: Others;
}

function aroundOf(compared: Compared): Around {
  const { reading, comparison } = compared;
  return {
    ...compared,
    today: new Date(reading.moment).toISOString().slice(0, 10),
    used: new Set(),
    nameOf: foundNames(comparison.matches),
    others: liveObjects(reading),
  };
}

/** The rules that accept a finding: a whole object, or one change of it. */
interface Accepting {
  object(): IgnoreRule | undefined;
  change(of: Changed, change: Change): IgnoreRule | undefined;
}

/** Puts a finding, or each part of it, where it belongs. */
function setAside(finding: Finding, rules: Accepting, kept: Finding[], ignored: Ignored[]): void {
  const put = (part: Finding, rule: IgnoreRule | undefined) => {
    if (rule === undefined) kept.push(part);
    else ignored.push({ finding: part, reason: rule.reason });
  };
  if (finding.problem === 'unmanaged') put(finding, rules.object());
  else if (finding.problem === 'changed')
    for (const [rule, part] of byRule(finding, (change) => rules.change(finding, change))) put(part, rule);
  else put(finding, undefined);
}

/** The first rule that accepts something and is not over. */
function ruleFor({ declared, used, today }: Around, isAccepted: (rule: IgnoreRule) => boolean): IgnoreRule | undefined {
  const rules = declared.ignore.filter(isAccepted);
  for (const rule of rules) used.add(rule);
  return rules.find((rule) => !isOver(rule, today));
}

/** A finding in parts: the changes that one rule accepts each, and the rest. */
function byRule(
  finding: Changed,
  ruleOf: (change: Change) => IgnoreRule | undefined,
): Map<IgnoreRule | undefined, Changed> {
  const parts = new Map<IgnoreRule | undefined, Change[]>();
  for (const change of finding.changes) {
    const rule = ruleOf(change);
    parts.set(rule, [...(parts.get(rule) ?? []), change]);
  }
  return new Map([...parts].map(([rule, changes]) => [rule, parts.size === 1 ? finding : { ...finding, changes }]));
}

/** What is to be said of a rule itself. */
function ruleWarnings(rule: IgnoreRule, around: Around): Invalid[] {
  const { section } = rule;
  const { declared, reading, today } = around;
  const warnings = isOver(rule, today) ? [overWords(rule)] : [];
  const isRead = reading.sections.get(section)?.status === 'read';
  if (!declared.sections.has(section))
    warnings.push(
      `This ignore has no effect: the ${fileWord(declared.files)} has no section ${section}, so none of them are reported`,
    );
  else if (isRead)
    warnings.push(...(rule.fields === null ? objectWarnings(rule, around) : fieldWarnings(rule, around)));
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

/** Of a rule that accepts whole objects. */
function objectWarnings(rule: IgnoreRule, { reading, comparison, used, nameOf, others }: Around): string[] {
  const { section, reason } = rule;
  const read = reading.sections.get(section);
  const accepted =
    read?.status === 'read'
      ? read.objects.filter((live) => live.inForce && accepts(rule, section, live, others, nameOf)).map(({ id }) => id)
      : [];
  const declared = accepted
    .flatMap((id) => nameOf(section, id) ?? [])
    .map((name) => bare(pathText(entrySteps({ section, name }))));
  if (declared.length > 0) {
    const [these, are] = declared.length === 1 ? ['that entry', 'is'] : ['those entries', 'are'];
    return [
      `This ignore also matches ${firstInSentence(declared)} of the file: ${these} ${are} checked all the same. Narrow it`,
    ];
  }
  // What an ambiguous entry may mean is not reported: it counts as not declared once the entry says which one it means.
  const meant = new Set(candidatesIn(section, comparison).map(({ id }) => id));
  if (used.has(rule) || accepted.some((id) => meant.has(id))) return [];
  return [
    `This ignore matches nothing that is active and not declared (${quote(reason)}). Remove it, or fix its pattern`,
  ];
}

/** Of a rule that accepts differences: it may stay where none differ today, since they may tomorrow. */
function fieldWarnings(rule: IgnoreRule, { comparison, nameOf }: Around): string[] {
  const { section, reason } = rule;
  for (const [entry, result] of comparison.matches) {
    if (entry.section !== section) continue;
    const isNamed =
      result.kind === 'found'
        ? names(rule, section, result.actual, entry, nameOf)
        : mayName(rule, entry, result, nameOf);
    if (isNamed) return [];
  }
  return [`This ignore matches no object that the file declares (${quote(reason)}). Remove it, or fix its pattern`];
}

/** Whether a rule names an entry whose object is not known, as far as that can be told. */
function mayName(rule: IgnoreRule, entry: Expected, result: Match, nameOf: NameOf): boolean {
  if (namesEntry(rule, entry)) return true;
  switch (result.kind) {
    case 'ambiguous':
      return result.candidates.some((live) => names(rule, entry.section, live, entry, nameOf));
    case 'missing':
      return typeof rule.pattern !== 'string';
    default:
      return true;
  }
}

/** The objects that the ambiguous entries of a section may mean. */
function candidatesIn(section: string, { matches }: Comparison): Actual[] {
  return [...matches].flatMap(([entry, result]) =>
    entry.section === section && result.kind === 'ambiguous' ? result.candidates : [],
  );
}
