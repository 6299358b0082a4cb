import { byObject } from '../check/finding.ts';
import { type Finding, type Place, type Report, type Severity, STDIN, severities } from '../model.ts';
import { commandData, commandProperty, cut, visible } from './escape.ts';
import { fixSentence } from './fixes.ts';
import { failure, messageWithOrigin, resolvedWords, WRONG_PLACE_REMEDY, wronglyMissing, wrongPlace } from './words.ts';

/** The runner keeps 10 of each level in a step and drops the rest without a word. One is the step's own: why it fails, what could not
 *  be written on GitHub, that it was skipped. */
const PER_LEVEL = 10;
const FOR_THE_STEP = 1;
/** The runner cuts a message here. */
const LONGEST_MESSAGE = 4096;
/** Sentences of a message: more would hide the line that they stand at. */
const MOST_SENTENCES = 10;

export interface Annotation {
  readonly level: Severity;
  readonly at: Place;
  /** Plain text; line feeds separate its sentences. */
  readonly message: string;
}

/** Where all that an annotation has no room for stands: in the Action, and where the command line prints them. */
const SUMMARY = 'the job summary';
const OTHER_FORMATS = 'the report of --format markdown';

/**
 * What fits of a report's findings, most severe first, then by place: one for each while all of a level fit, else one for
 * each object, else the first; the last of a level then says how many more there are on `page`, which has all.
 */
export function annotations(report: Report, page = SUMMARY): Annotation[] {
  const folded = new Set(wronglyMissing(report));
  const headline = severities
    .map((level) => [...folded].find(({ severity }) => severity === level))
    .find((finding) => finding !== undefined);
  const words = (finding: Finding) =>
    folded.has(finding) ? `${wrongPlace(report)}. ${WRONG_PLACE_REMEDY}` : messageWithOrigin(finding, report);
  return severities.flatMap((level) => {
    const limit = PER_LEVEL - FOR_THE_STEP;
    const all = report.findings.filter(({ severity }) => severity === level);
    const findings = all.filter((finding) => finding === headline || !folded.has(finding));
    const annotation = (group: readonly Finding[]): Annotation => {
      const [first] = group as readonly [Finding, ...Finding[]];
      const said = group.length > MOST_SENTENCES ? group.slice(0, MOST_SENTENCES - 1) : group;
      const sentences = said.map((finding) => visible(words(finding)));
      if (said.length < group.length) sentences.push(`And ${group.length - said.length} more.`);
      const fix = group.length === 1 && !folded.has(first) ? visible(fixSentence(first, report, page)) : '';
      const text = `${sentences.join('\n')}${fix === '' ? '' : `\n\n${fix}`}`;
      return { level, at: first.at, message: cut(text, LONGEST_MESSAGE) };
    };
    const resolved = level === 'notice' ? fixed(report) : [];
    // Texts are made of what is shown: of 20,000 findings these are nine.
    const shown = (groups: readonly (readonly Finding[])[]) => [...groups.slice(0, limit).map(annotation), ...resolved];
    if (findings.length + resolved.length <= limit) return shown(findings.map((finding) => [finding]));
    const objects = bySubject(findings);
    const count = objects.length + resolved.length;
    const fitting = shown(objects).slice(0, limit);
    if (count <= limit) return fitting;
    const last = fitting[limit - 1] as Annotation;
    const more = `${count - limit} more ${count - limit === 1 ? 'object has' : 'objects have'} ${level}s: see ${page}.`;
    return [
      ...fitting.slice(0, -1),
      { ...last, message: `${cut(last.message, LONGEST_MESSAGE - more.length - 1)}\n${more}` },
    ];
  });
}

/** What a change resolves, a notice each: it passes no judgement, and stands after all that does. */
function fixed({ resolved }: Report): Annotation[] {
  return resolved.map((finding) => ({
    level: 'notice',
    at: finding.at,
    message: cut(visible(`Fixed by this pull request: ${resolvedWords(finding)}`), LONGEST_MESSAGE),
  }));
}

/** Workflow commands for these annotations, for whoever runs the command line in a workflow; at last why a check could not be whole. */
export function githubCommands(report: Report): string {
  const isWhole = report.error === null && report.status !== 'incomplete';
  const last = isWhole ? '' : `::error::${commandData(cut(visible(failure(report)), LONGEST_MESSAGE))}\n`;
  return `${annotationCommands(report)}${last}`;
}

function annotationCommands(report: Report): string {
  return annotations(report, OTHER_FORMATS)
    .map(({ level, at, message: text }) => {
      // Standard input is no file that GitHub could show.
      if (at.file === STDIN) return `::${level}::${commandData(`${STDIN}:${at.line}:${at.column} ${text}`)}\n`;
      const place = { file: at.file, line: at.line, endLine: at.endLine, ...columns(at) };
      const properties = Object.entries(place).map(([name, value]) => `${name}=${commandProperty(String(value))}`);
      return `::${level} ${properties.join(',')}::${commandData(text)}\n`;
    })
    .join('');
}

/** GitHub's columns, of which the last is included; they count only on a single line. */
export function columns({ line, endLine, column, endColumn }: Place): { col?: number; endColumn?: number } {
  return line === endLine ? { col: column, endColumn: Math.max(column, endColumn - 1) } : {};
}

/** Findings of one object together; what is not declared stands at its section, in one annotation. */
function bySubject(findings: readonly Finding[]): Finding[][] {
  const undeclared = findings.filter(({ problem }) => problem === 'unmanaged');
  const bySection = [...new Set(undeclared.map(({ section }) => section))].map((section) =>
    undeclared.filter((finding) => finding.section === section),
  );
  const rank = new Map(findings.map((finding, index) => [finding, index]));
  const groups: Finding[][] = [...byObject(findings.filter(({ problem }) => problem !== 'unmanaged')), ...bySection];
  return groups.sort(([one], [other]) => (rank.get(one as Finding) ?? 0) - (rank.get(other as Finding) ?? 0));
}
