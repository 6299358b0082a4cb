import type { Report } from '../model.ts';
import { brief } from './brief.ts';
import { visible } from './escape.ts';
import type { Lines } from './excerpt.ts';
import { plainScreen, type Screen } from './screen.ts';
import { type Bounds, notes, problems, terminal } from './terminal.ts';
import { filesAre, plural, validWords } from './words.ts';

export interface LintOptions extends Bounds {
  readonly lines: Lines;
}

const everything: LintOptions = { most: Number.POSITIVE_INFINITY, elsewhere: '', lines: new Map() };

/** What is wrong with the files themselves: each problem with its line, and how many there are. */
export function lintText(report: Report, screen: Screen = plainScreen, options: Partial<LintOptions> = {}): string {
  // Nothing could be read.
  if (report.error !== null) return terminal(report, screen);
  const page = { ...everything, ...options, ...screen };
  const lines = [...problems(report.findings, page), ...notes(report, page)];
  return `${[...lines, ...(lines.length === 0 ? [] : ['']), verdictOf(report, screen)].join('\n')}\n`;
}

/** The same with a line for each problem. */
export function lintBrief(report: Report, screen: Screen, bounds: Bounds): string {
  return report.error === null
    ? brief(report, screen, bounds, verdictOf(report, screen))
    : brief(report, screen, bounds);
}

function verdictOf(report: Report, { paint, wrap }: Screen): string {
  const { findings, declared, counts } = report;
  const { errors, warnings, notices } = counts;
  const who = visible(filesAre(report));
  const noticed = notices === 0 ? '' : `, ${plural(notices, 'notice')}`;
  const numbers = `${plural(errors, 'error')}, ${plural(warnings, 'warning')}${noticed}`;
  if (report.status !== 'invalid' && errors > 0) return wrap(paint('error', `✗ ${visible(validWords(report))}`), 2);
  const valid = paint('good', `✓ ${who} valid: ${plural(declared, 'entry')}`);
  const invalid = `${paint('error', `✗ ${who} invalid`)}: ${numbers}`;
  return wrap(errors > 0 ? invalid : findings.length === 0 ? valid : `${valid} · ${numbers}`, 2);
}
