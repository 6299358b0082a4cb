import type { Changed, Finding, Report, SectionSummary, Severity } from '../model.ts';
import { isStateChange, plan, replacedBesides, type Step } from '../plan.ts';
import { fileWord } from '../resources/text.ts';
import { cut, logLine, visible } from './escape.ts';
import { mendLines } from './mending.ts';
import {
  comparison,
  findingsOf,
  identityWords,
  message,
  othersWords,
  plural,
  resolvedWords,
  sides,
  sideText,
  stepWords,
  verdict,
} from './words.ts';

/** Colours by meaning, given by whoever knows whether the terminal has any. */
export type Style = 'error' | 'warning' | 'notice' | 'good' | 'strong' | 'faint';
export type Paint = (style: Style, text: string) => string;

/** No colours. */
export const plainPaint: Paint = (_style, text) => text;

const LONGEST_VALUE = 500;

/** The report for people at a terminal: the verdict, then what differs, then what could not be checked and why. */
export function terminal(report: Report, paint: Paint = plainPaint): string {
  const lines = [
    `${headline(report, paint)}`,
    paint('faint', logLine(comparison(report))),
    ...(report.error === null ? [] : ['', paint('error', logLine(report.error.message)), logLine(report.error.remedy)]),
    ...fileLines(report, paint),
    ...planLines(report, paint),
    ...[...report.sections].flatMap(([name, section]) => sectionLines(report, name, section, paint)),
    ...resolvedLines(report, paint),
    ...(report.ignored.length === 0 ? [] : ['', paint('faint', visible(ignoredWords(report)))]),
    ...(report.notes.length === 0
      ? []
      : ['', ...report.notes.map((note) => `${paint('notice', 'note')}  ${visible(note)}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

function ignoredWords({ ignored }: Report): string {
  const reasons = [...new Set(ignored.map(({ reason }) => reason))];
  const shownReasons = reasons.slice(0, 5).map((reason) => cut(reason, 100));
  const more = reasons.length > 5 ? `, and ${reasons.length - 5} more reasons` : '';
  return `${plural(ignored.length, 'finding')} ignored, as the file says: ${shownReasons.join('; ')}${more}`;
}

function headline(report: Report, paint: Paint): string {
  const { status, counts } = report;
  const text = visible(verdict(report));
  if (status === 'in-sync' || (status === 'skipped' && counts.warnings === 0)) return paint('good', `✓ ${text}`);
  if (status === 'incomplete' || status === 'skipped') return paint('warning', `! ${text}`);
  return paint('error', `✗ ${text}`);
}

function fileLines({ files, findings }: Report, paint: Paint): string[] {
  const invalid = findings.filter(({ problem }) => problem === 'invalid');
  if (invalid.length === 0) return [];
  return [
    '',
    paint('strong', fileWord(files)),
    ...invalid.flatMap((finding) => [`  ${place(finding, paint)}`, `    ${visible(message(finding))}`]),
  ];
}

function sectionLines(report: Report, name: string, section: SectionSummary, paint: Paint): string[] {
  const found = findingsOf(report.findings, name);
  if (section.inSync === null && report.error !== null) return [];
  if (section.inSync === null) {
    return [
      '',
      `${paint('strong', name)}  ${paint('warning', 'could not be checked')}`,
      `  ${visible(section.reason ?? '')}`,
      `  ${visible(section.remedy ?? '')}`,
    ];
  }
  const coverage = section.live === null ? '' : `, ${section.managed} of ${section.live} in force declared`;
  const state = `${section.inSync} of ${section.declared} in sync${coverage}`;
  const gap =
    section.reason === undefined
      ? []
      : [
          `  ${paint('warning', 'not all could be checked:')} ${visible(section.reason)}`,
          `  ${visible(section.remedy ?? '')}`,
        ];
  const said = new Set<string>();
  // Fields of one object may have one way to be restored.
  const once = (line: string) => !said.has(line) && said.add(line) !== undefined;
  // Where a new object takes the place of this one, nothing else is to be changed in it.
  const replaced = replacedBesides(found);
  const mended = (finding: Finding) => {
    const { accept, commands } = mendLines(finding, report);
    const shown = replaced.has(finding) ? [] : commands.filter(once);
    return [...accept, ...shown].map((line) => `    ${paint('faint', line)}`);
  };
  return [
    '',
    `${paint('strong', name)}  ${paint(found.length === 0 && gap.length === 0 ? 'good' : 'faint', state)}`,
    ...gap,
    ...found.flatMap((finding) => [...findingLines(finding, report, paint), ...mended(finding)]),
  ];
}

/** What applying a change would do in Stripe. */
function planLines({ findings }: Report, paint: Paint): string[] {
  const steps = plan(findings.filter(({ pending }) => pending));
  if (steps.length === 0) return [];
  return [
    '',
    paint('strong', 'What applying this change would do in Stripe'),
    ...steps.flatMap((step) => stepLines(step, paint)),
  ];
}

function stepLines(step: Step, paint: Paint): string[] {
  const { verb, kind, name, details } = stepWords(step);
  const changes = details.map(({ path, from, to }) => {
    const what = `${visible(path)}: `;
    if (from === null && to !== null) return `${what}+ ${shown(sideText(to))}`;
    if (to === null && from !== null) return `${what}- ${shown(sideText(from))}`;
    return `${what}${shown(from === null ? '' : sideText(from))} → ${shown(to === null ? '' : sideText(to))}`;
  });
  return [
    `  ${verb} ${visible(kind)}${name === null ? '' : ` ${paint('strong', shown(name))}`}`,
    ...changes.map((change) => `    ${change}`),
    ...step.risks.map((risk) => `    ${paint('warning', visible(risk))}`),
  ];
}

function resolvedLines({ resolved }: Report, paint: Paint): string[] {
  if (resolved.length === 0) return [];
  return [
    '',
    paint('strong', 'Resolved by this change'),
    ...resolved.map((finding) => `  ${paint('good', '✓')} ${visible(resolvedWords(finding))}`),
  ];
}

function findingLines(finding: Finding, { base }: Report, paint: Paint): string[] {
  const origin = base === null ? '' : `  ${paint('faint', finding.pending ? 'pending' : 'drift')}`;
  const head = (what: string) => `  ${place(finding, paint)}  ${what}${origin}`;
  const name = 'name' in finding && finding.name !== null ? paint('strong', shown(finding.name)) : '';
  const id = (found: Changed) => paint('faint', `(${shown(found.id)})`);
  const pair = (file: string, stripe: string) => [
    `    ${paint('faint', 'file  ')} ${shown(file)}`,
    `    ${paint('faint', 'Stripe')} ${shown(stripe)}`,
  ];
  switch (finding.problem) {
    case 'invalid':
      return [];
    case 'missing': {
      const others = finding.others === 0 ? '' : ` (${othersWords(finding)})`;
      return [head(`${name} is missing`), ...pair(identityWords(finding.identity), `nothing${others}`)];
    }
    case 'changed':
      if (isStateChange(finding)) return [head(name), `    ${visible(message(finding))}`];
      if (finding.changes.some((change) => !('expected' in change && 'actual' in change))) {
        return [head(`${name} ${visible(finding.field)} ${id(finding)}`), ...oneSided(finding, paint)];
      }
      return finding.changes.flatMap((change) => {
        const { path, expected, actual } = sides(finding, change);
        return [head(`${name} ${visible(path)} ${id(finding)}`), ...pair(sideText(expected), sideText(actual))];
      });
    case 'ambiguous':
    case 'unhealthy':
      return [head(`${name} is ${finding.problem}`), `    ${visible(message(finding))}`];
    case 'unmanaged': {
      const { id, label, count } = finding;
      const live = id === null ? `${count} (not shown)` : label === null || label === id ? id : `${label} (${id})`;
      return [head('not declared'), ...pair('nothing', live)];
    }
  }
}

/** Where one side has more than the other: a line for each word or item. */
function oneSided(finding: Changed, paint: Paint): string[] {
  return finding.changes.map((change) => {
    const { path, expected, actual } = sides(finding, change);
    const at = change.path.length === 0 ? '' : `${visible(path)}: `;
    if (!('actual' in change)) return `    ${paint('faint', 'not in Stripe')}   ${at}${shown(sideText(expected))}`;
    if (!('expected' in change)) return `    ${paint('faint', 'not in the file')} ${at}${shown(sideText(actual))}`;
    return `    ${paint('faint', 'differs')}         ${at}${shown(sideText(expected))} in the file, ${shown(sideText(actual))} in Stripe`;
  });
}

const WORDS: { readonly [S in Severity]: string } = { error: 'error  ', warning: 'warning', notice: 'notice ' };

function place({ severity, at }: Finding, paint: Paint): string {
  return `${paint(severity, WORDS[severity])} ${paint('faint', `${visible(at.file)}:${at.line}:${at.column}`)}`;
}

function shown(text: string): string {
  return visible(cut(text, LONGEST_VALUE));
}
