import { alertKey, fieldOfFinding } from '../check/finding.ts';
import {
  type Finding,
  isDifference,
  nameOfEntry,
  type Place,
  type Problem,
  policyProblems,
  type Report,
  type Severity,
  STDIN,
  severities,
} from '../model.ts';
import { addressPart } from '../text.ts';
import { cut, visible } from './escape.ts';
import { items, withoutCommands } from './json.ts';
import { failure, message, plural } from './words.ts';

/** GitHub takes so many results of a run and refuses the file with one more; it shows the 5,000 most severe. */
const MOST_RESULTS = 25_000;
/** As an annotation's: nobody reads more of a single finding. */
const LONGEST_MESSAGE = 4096;

const LEVELS: { readonly [S in Severity]: string } = { error: 'error', warning: 'warning', notice: 'note' };

/** What a rule is about, its level where no policy says another, and what to do about what it finds. */
interface Rule {
  readonly short: string;
  readonly level: string;
  readonly help: string;
}

const RULES: { readonly [P in Problem]: Rule } = {
  invalid: {
    short: 'the configuration file itself is wrong',
    level: 'error',
    help: 'Fix the file at this line. Nothing is compared with Stripe while the file has errors; a warning does not stop the comparison.',
  },
  missing: {
    short: policyProblems.missing,
    level: 'error',
    help: 'Create the object in Stripe, or remove the entry from the file.',
  },
  changed: {
    short: policyProblems.changed,
    level: 'error',
    help: 'If Stripe is right, change the field in the file. If the file is right, change it in Stripe.',
  },
  ambiguous: {
    short: policyProblems.ambiguous,
    level: 'error',
    help: 'State the id of the object that you mean, or name fields in match that identify it.',
  },
  unmanaged: {
    short: policyProblems.unmanaged,
    level: 'warning',
    help: 'Declare the object, accept it under ignore with a reason, or archive, disable or delete it in Stripe.',
  },
  unhealthy: {
    short: policyProblems.unhealthy,
    level: 'warning',
    help: 'Look at the object in the Dashboard, and fix the problem.',
  },
  unsubscribed: {
    short: policyProblems.unsubscribed,
    level: 'warning',
    help: 'Add the event type to the endpoint, in the file and in Stripe, or remove the code.',
  },
  unhandled: {
    short: policyProblems.unhandled,
    level: 'note',
    help: 'Handle the event type, or remove it from the endpoint.',
  },
  dangling: {
    short: policyProblems.dangling,
    level: 'warning',
    help: 'Name an object that is active, or remove the id or lookup key from the code.',
  },
};
const PROBLEMS = Object.keys(RULES) as Problem[];

/**
 * The findings as SARIF 2.1.0, for code scanning, in pieces. Where there are more than GitHub takes, the most severe are in it
 * and a notification says how many are not. A report that is not whole says `executionSuccessful: false`: to upload it would
 * close the alerts of what was not compared.
 */
export function* sarif(report: Report): Generator<string> {
  yield* withoutCommands(pieces(report));
}

/** Whether a report holds all that there is to find, so that what it does not hold is fixed. */
export function isWhole({ compared, status }: Report): boolean {
  return compared && status !== 'incomplete';
}

function* pieces(report: Report): Generator<string> {
  const ordered = severities.flatMap((level) => report.findings.filter(({ severity }) => severity === level));
  const kept = ordered.slice(0, MOST_RESULTS);
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'stripe-config-check', version: report.version, rules: PROBLEMS.map(rule) } },
        // Columns are counted in the file's text as JavaScript holds it.
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: isWhole(report) || report.status === 'skipped',
            startTimeUtc: report.startedAt,
            toolExecutionNotifications: notifications(report, ordered.length - kept.length),
          },
        ],
        properties: {
          status: report.status,
          mode: report.mode,
          account: report.account,
          environment: report.environment,
          commit: report.commit,
        },
      },
    ],
  };
  const [head = '', tail = ''] = JSON.stringify(log, null, 2).split(/(?=\n {4}\}\n {2}\]\n\}$)/);
  yield `${head},\n      "results": [`;
  yield* items(kept, result);
  yield `]${tail}\n`;
}

function rule(problem: Problem): object {
  const { short, level, help } = RULES[problem];
  return {
    id: ruleId(problem),
    shortDescription: { text: sentence(short) },
    help: { text: help },
    defaultConfiguration: { level },
  };
}

function ruleId(problem: Problem): string {
  return `stripe-config/${problem}`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function notifications(report: Report, left: number): object[] {
  const whole = isWhole(report) || report.status === 'skipped' || report.status === 'invalid';
  return [
    ...(whole ? [] : [{ level: 'error', message: { text: plain(failure(report)) } }]),
    ...report.notes.map((note) => ({ level: 'note', message: { text: plain(note) } })),
    ...(left === 0
      ? []
      : [
          {
            level: 'warning',
            message: {
              text: `${plural(left, 'more finding')}, none of them more severe. The JSON report has everything.`,
            },
          },
        ]),
  ];
}

function result(finding: Finding): object {
  const { problem, severity, section, at, pending } = finding;
  const name = nameOfEntry(finding);
  const id = 'id' in finding ? finding.id : null;
  const field = fieldOfFinding(finding);
  return {
    ruleId: ruleId(problem),
    ruleIndex: PROBLEMS.indexOf(problem),
    level: LEVELS[severity],
    message: { text: plain(message(finding)) },
    locations: at.file === STDIN ? [] : [{ physicalLocation: { artifactLocation: artifact(at), region: region(at) } }],
    partialFingerprints: { 'stripeConfigCheck/v1': alertKey(finding) },
    properties: {
      ...(isDifference(finding) && { origin: pending ? 'pending' : 'drift' }),
      ...(section !== null && { section }),
      ...(name !== null && { name }),
      ...(id !== null && { id }),
      ...(field !== null && { field }),
      ...('url' in finding && finding.url !== null && { url: finding.url }),
    },
  };
}

/** Plain text on one line, in which nothing is an embedded link of SARIF's (section 3.11.6). Without arguments braces mean nothing. */
function plain(text: string): string {
  return cut(visible(text), LONGEST_MESSAGE).replaceAll('](', '] (');
}

/** A path of the repository is relative to its root; one outside, which only the command line has, is whole. */
function artifact({ file }: Place): object {
  const steps = file.split('/').filter((step) => step !== '.');
  const uri = steps.map(addressPart).join('/');
  return file.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
}

function region({ line, column, endLine, endColumn }: Place): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}
