import { grouped, type Report } from '../model.ts';
import { fileWord } from '../text.ts';
import { logLine, visible } from './escape.ts';
import { plainScreen, type Screen } from './screen.ts';
import { type Bounds, headline, placeOf } from './terminal.ts';
import { afterVerdict, message, obstacles } from './words.ts';

const everything: Bounds = { most: Number.POSITIVE_INFINITY, elsewhere: '' };

/** The report in as few lines as a failed check needs: the verdict, or another `first` line, a line for each finding, and what could not be read. */
export function brief(
  report: Report,
  screen: Screen = plainScreen,
  bounds: Bounds = everything,
  first = headline(report, screen),
): string {
  const { paint, wrap } = screen;
  const { error } = report;
  const groups = grouped(report.findings, ({ problem, section }) => (problem === 'invalid' ? null : section));
  const shown = new Set([...groups.values()].flatMap((findings) => findings.slice(0, bounds.most)));
  const lines = [
    ...report.findings.flatMap((finding) => {
      if (!shown.has(finding)) return [];
      const { severity } = finding;
      return [`${placeOf(finding)} ${paint(severity, severity)}: ${visible(message(finding))}`];
    }),
    ...[...groups].flatMap(([section, findings]) => {
      const rest = findings.length - Math.min(findings.length, bounds.most);
      const of = section === null ? `problems of the ${fileWord(report.files)}` : section;
      return rest === 0 ? [] : [`and ${rest} more ${of}: ${visible(bounds.elsewhere)}`];
    }),
    ...(error === null ? obstacles(report) : [`${afterVerdict(error.message, report)} ${error.remedy}`.trim()]).map(
      logLine,
    ),
  ];
  return `${[first, ...lines.map((line) => wrap(line, 2))].join('\n')}\n`;
}
