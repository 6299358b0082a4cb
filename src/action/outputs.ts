import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as core from '@actions/core';
import { hasDrift } from '../check/policy.ts';
import type { GitHubEvent } from '../github/event.ts';
import type { Remark } from '../github/remark.ts';
import type { Told } from '../github/tell.ts';
import type { OUTPUTS } from '../inputs/action.ts';
import type { Report } from '../model.ts';
import { annotations } from '../report/annotations.ts';
import { cut, logLine } from '../report/escape.ts';
import { reportJson } from '../report/json.ts';
import { markdown } from '../report/markdown.ts';
import { isWhole, sarif } from '../report/sarif.ts';
import { plainScreen } from '../report/screen.ts';
import { lastLine, MOST_FINDINGS, terminal } from '../report/terminal.ts';
import { failure, plural, seconds } from '../report/words.ts';
import type { Inputs } from './inputs.ts';

/** The runner keeps this much of a message, in characters. */
const LONGEST_MESSAGE = 4000;

/** Writes the files, log, outputs, annotations and summary of a run, and fails the step where the report says so. `told` is what was written on GitHub. */
export async function finish(report: Report, told: Told, inputs: Inputs, event: GitHubEvent): Promise<void> {
  const written = await writeFileOf('report-file', inputs.reportFile, reportJson(report));
  const scanned = await writeFileOf('sarif-file', inputs.sarifFile, sarif(report));
  log(report, written.path, inputs.summary !== 'never');
  setOutputs(report, {
    'report-path': written.path,
    // To upload a SARIF file that is not whole would close the alerts of what was not compared.
    'sarif-path': isWhole(report) ? scanned.path : '',
    'comment-url': told.commentUrl,
    'issue-number': told.issueNumber,
  });
  if (inputs.annotations) annotate(report);
  remark(told.remarks);
  await summarize(report, inputs.summary, event);
  const reasons = [...(report.exitCode === 0 ? [] : [failure(report)]), ...written.problems, ...scanned.problems];
  // The log ends with the verdict, outside its groups: as the reason why the step fails, or by itself.
  if (reasons.length > 0) core.setFailed(cut(logLine(reasons.join(' ')), LONGEST_MESSAGE));
  else core.info(logLine(lastLine(report)));
}

interface Written {
  /** Empty where there is no such file. */
  readonly path: string;
  readonly problems: readonly string[];
}

/** Writes the report in one of its forms, where the input names a file. Where it can't be written the step fails, but says everything else first. */
async function writeFileOf(input: string, file: string | null, pieces: Iterable<string>): Promise<Written> {
  if (file === null) return { path: '', problems: [] };
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, pieces);
    return { path: file, problems: [] };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = `The report could not be written to ${JSON.stringify(file)} (${code}). Look at ${input}.`;
    return { path: '', problems: [problem] };
  }
}

function log(report: Report, file: string, hasSummary: boolean): void {
  core.startGroup('Reading Stripe');
  const [here, there] = report.realms ?? [];
  for (const [name, { status, declared, live, other = null, requests, durationMs, reason }] of report.sections) {
    const elsewhere = there === undefined || other === null ? '' : `, ${other} in ${there.name}`;
    const active = here === undefined ? `${live} live` : `${live} in ${here.name}${elsewhere}`;
    const read = live === null ? [] : [`${active}, ${declared} declared`];
    const failed = status === 'read' ? [] : [`not ${live === null ? '' : 'all '}read: ${reason}`];
    const found = [...read, ...failed].join(', ');
    core.info(logLine(`${name}: ${found} (${plural(requests, 'request')}, ${seconds(durationMs)})`));
  }
  core.endGroup();
  core.startGroup('Findings');
  const summary = hasSummary ? 'the job summary' : null;
  const options = { most: MOST_FINDINGS, elsewhere: file === '' ? 'the job summary' : file, fixesElsewhere: summary };
  for (const line of terminal(report, plainScreen, options).trimEnd().split('\n')) core.info(logLine(line));
  core.endGroup();
}

type Output = (typeof OUTPUTS)[number];
/** Outputs that tell where else this run has written: paths, an address, a number; empty or null where nothing was. */
type Elsewhere = 'report-path' | 'sarif-path' | 'comment-url' | 'issue-number';

function setOutputs(report: Report, elsewhere: { readonly [Name in Elsewhere]: string | number | null }): void {
  const { status, counts, compared, mode, fingerprint } = report;
  const drift = hasDrift(report.findings);
  const known = compared ? counts : null;
  const outputs: { readonly [Name in Output]: string | number | null | undefined } = {
    status,
    drift: drift ? 'true' : status === 'in-sync' ? 'false' : '',
    errors: known?.errors,
    warnings: known?.warnings,
    notices: known?.notices,
    missing: known?.missing,
    changed: known?.changed,
    ambiguous: known?.ambiguous,
    unmanaged: known?.unmanaged,
    unhealthy: known?.unhealthy,
    unsubscribed: known?.unsubscribed,
    unhandled: known?.unhandled,
    dangling: known?.dangling,
    checked: known?.checked,
    pending: known?.pending,
    resolved: known?.resolved,
    mode,
    fingerprint,
    ...elsewhere,
  };
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value ?? '');
}

function annotate(report: Report): void {
  const print = { error: core.error, warning: core.warning, notice: core.notice };
  for (const { level, at, message } of annotations(report)) {
    const { file, line, endLine, column, endColumn } = at;
    const columns = line === endLine ? { startColumn: column, endColumn: Math.max(column, endColumn - 1) } : {};
    print[level](message, { file, startLine: line, endLine, ...columns });
  }
  if (report.status === 'skipped') for (const note of report.notes) core.notice(logLine(note));
}

/** What could not be written on GitHub, in one annotation a level. */
function remark(remarks: readonly Remark[]): void {
  const print = { warning: core.warning, notice: core.notice };
  for (const level of ['warning', 'notice'] as const) {
    const said = remarks.flatMap((one) => (one.level === level ? [one.message] : [])).join(' ');
    if (said !== '') print[level](cut(logLine(said), LONGEST_MESSAGE));
  }
}

async function summarize(report: Report, when: Inputs['summary'], event: GitHubEvent): Promise<void> {
  if (when === 'never' || (when === 'on-drift' && report.status === 'in-sync') || !process.env.GITHUB_STEP_SUMMARY)
    return;
  await core.summary.addRaw(markdown(report, { lineUrl: ({ file, line }) => event.lineUrl(file, line) })).write();
}
