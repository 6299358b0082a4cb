import { reasonsOf } from '../errors.ts';
import { type Action, plan, type Risk, setAround, stays } from '../fix/plan.ts';
import {
  type Ambiguous,
  type Both,
  both,
  type Change,
  type Changed,
  type Dangling,
  type Fields,
  type Finding,
  grouped,
  isDifference,
  isRecord,
  type Missing,
  type OfCode,
  otherThan,
  type Pair,
  type Realm,
  type Report,
  type SectionSummary,
  SINGLE,
  type Tells,
  type Unhealthy,
  type Unmanaged,
  type Value,
  type Which,
  type Whole,
} from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { currencyIn, ID, mainName, typeAt } from '../resources/resource.ts';
import {
  bare,
  capital,
  cut,
  environmentWords,
  fileWord,
  inSentence,
  pathText,
  quote,
  sectionWords,
  withArticle,
} from '../text.ts';
import { PLAIN_VERBS } from '../vocabulary/collections.ts';
import type { SetVerbs, Type } from '../vocabulary/type.ts';
import { contrast, spelledAlone, spelledPath } from './contrast.ts';
import { DIFFERS } from './privacy.ts';
import { entriesOf, type Levels, levelsOf, objectsOf, tally } from './tally.ts';

/** All words about findings: what a person reads in annotations, summary, log and terminal. */

/** Files in the line that says what was compared. */
export const MOST_FILES = 10;
/** Live objects that a sentence names of those that answer to one entry. */
const MOST_CANDIDATES = 10;
/** A path, an account or an environment there is cut here. */
const LONGEST_NAME = 4096;
/** Entries whose objects make another unhealthy. */
const MOST_CAUSES = 3;
/** What stood in the way, with its remedy: the runner cuts a message at 4,096 characters. */
const LONGEST_OBSTACLE = 3800;

/** The finding as one or more sentences: the thing, what is expected, what is live, what that means. */
export function message(finding: Finding): string {
  switch (finding.problem) {
    case 'invalid':
      // A line to copy has no full stop behind it.
      return finding.partial || /[.?]$/.test(finding.message) ? finding.message : `${finding.message}.`;
    case 'missing':
      return missing(finding);
    case 'changed':
      return changed(finding);
    case 'ambiguous':
      return ambiguous(finding);
    case 'unmanaged':
      return unmanaged(finding);
    case 'unhealthy':
      return `${subject(finding)}: ${healthWords(finding)}`;
    case 'unsubscribed':
    case 'unhandled':
    case 'dangling':
      return codeWords(finding);
  }
}

/** What does not fit together between the code and the rest, and what to do about it. */
export function codeWords(finding: OfCode): string {
  const more = finding.problem === 'unhandled' || finding.more === 0 ? 0 : finding.more;
  const said = codeSentences(finding);
  return more === 0 ? said : `${said.slice(0, -1)} (${plural(more, 'more place')} in this file).`;
}

function codeSentences(finding: OfCode): string {
  if (finding.problem === 'dangling') return danglingWords(finding);
  const { section, name, field, word, environments } = finding;
  const where = environments === undefined ? '' : ` in ${environmentWords(environments)}`;
  const entry = name === null ? null : `${pathText([section, name])}${where}`;
  switch (finding.problem) {
    case 'unsubscribed':
      return entry === null
        ? `The code handles ${word}, but Stripe sends it to no endpoint in the file${where}. Add it to ${field} of the endpoint that should get it, in the file and in Stripe, or declare the endpoint that gets it.`
        : `The code handles ${word}, but Stripe does not send it to ${entry}, so this code never runs. Add it to ${field} of that endpoint, in the file and in Stripe, or remove the code.`;
    case 'unhandled':
      return `Stripe sends ${word} to ${entry}, but its handler has no code for it. Handle it, or remove it from ${field}: if the handler answers unknown events with errors, Stripe disables the endpoint in the end.`;
  }
}

function danglingWords({ section, field, word, why, isSold }: Dangling): string {
  const { kind, state } = resourceOf(section);
  const what = `The code uses ${field === ID ? quote(word) : `${field} ${quote(word)}`}`;
  const fails = isSold ? ' Requests that use it fail.' : '';
  const onPurpose = isSold ? '' : ' If it is there on purpose, say old or legacy in a comment on its line.';
  switch (why) {
    case null:
      return `${what}, but there is no such active ${kind}.${fails} Use an active one.`;
    case 'absent':
      return `${what}, but Stripe has no such ${kind} in this account and mode.${fails} Fix it, or remove it.`;
    case 'deleted':
      return `${what}, a ${kind} that was deleted.${fails} Use an active one.`;
    case 'retired':
      return `${what}, a ${kind} that is ${state?.words.retired ?? 'not active'}.${fails} Use an active one, or make this one active again.${onPurpose}`;
    case 'elsewhere':
      return `${what}, a ${kind} of the other mode: with the keys of this mode it fails. Use one of this mode. If it is for tests, say so in a comment on its line.`;
  }
}

/** What is said of an object's health, with the entries whose objects make it so. */
export function healthWords({ message: said, causes = [] }: Unhealthy): string {
  if (causes.length === 0) return said;
  const names = causes.slice(0, MOST_CAUSES).map(({ section, entry }) => pathText([section, entry]));
  return `${said.replace(/\.$/, '')} (${listed(names, causes.length)}).`;
}

/** The finding in sentences and, where a base tells, whether it is this change's own. */
export function messageWithOrigin(finding: Finding, { base }: Report): string {
  if (base === null || !isDifference(finding)) return message(finding);
  const origin = finding.pending ? `Pending: ${PENDING}` : `Drift: ${DRIFT}`;
  return `${message(finding)} ${origin}${finding.drifted ? ' (it had drifted before)' : ''}.`;
}

export const PENDING = 'in this pull request, not yet in Stripe';
export const DRIFT = 'from before this pull request';

/** What a change resolves, as a sentence: what the file said before, and what Stripe has. */
export function resolvedWords(finding: Finding): string {
  switch (finding.problem) {
    case 'missing':
      return `${subject(finding)} was missing.`;
    case 'ambiguous':
      return `${subject(finding)} was ambiguous.`;
    case 'unmanaged':
      return `${capital(unmanagedSubject(finding))} was not in the file.`;
    case 'changed': {
      const details = finding.changes.map((change) => {
        const { path, expected, actual } = sides(finding, change);
        if (!isSetWord(finding, change))
          return `${path}: the file said ${sideText(expected)}, Stripe has ${sideText(actual)}`;
        return change.expected === undefined
          ? `${path}: the file lacked ${sideText(actual)}`
          : `${path}: the file had ${sideText(expected)}, which Stripe does not have`;
      });
      return `${subject(finding)} ${details.join('; ')}.`;
    }
    case 'invalid':
    case 'unhealthy':
    case 'unsubscribed':
    case 'unhandled':
    case 'dangling':
      return message(finding);
  }
}

/** What a step puts at risk, as a sentence. */
export function riskWords(risk: Risk): string {
  const { kind, state, replacingRisk, outside } = resourceOf(risk.section);
  const later = (what: string) =>
    outside === undefined
      ? ''
      : ` ${capital(state?.words.retire ?? '')} ${what} after the merge, when nothing uses it any more.`;
  switch (risk.kind) {
    case 'retired':
      return `${state?.words.meaning ?? ''}${later('it')}`;
    case 'replaced':
      return `\`${risk.field}\` can't be changed, so a new ${kind} replaces this one. ${replacingRisk}${later('the old one')}`;
    case 'lost': {
      const shown = risk.words.slice(0, MOST_WORDS).map(quote).join(', ');
      const more = risk.words.length > MOST_WORDS ? ` and ${risk.words.length - MOST_WORDS} more` : '';
      return `Stripe ${verbsOf(risk).loses} ${shown}${more}.`;
    }
    case 'drifted':
      return `\`${risk.field}\` had drifted before this pull request: find out first who changed it in Stripe, and why.`;
    case 'field':
      return risk.says;
  }
}

/** Words of a set that a risk names. */
const MOST_WORDS = 10;

/** What the check came to, in a few words: what differs, how bad it is, and where. It ends without a full stop. */
export function verdict(report: Report): string {
  return verdictIn(
    report,
    report.realms === null ? ` in ${placeWordsOf(report)}` : ` between ${realmsWords(report.realms)}`,
  );
}

/** The same without the place, for where that was said before. */
export function shortVerdict(report: Report): string {
  return verdictIn(report, '');
}

function verdictIn(report: Report, place: string): string {
  switch (report.status) {
    case 'in-sync':
      return matches(report);
    case 'drift':
      if (report.looksWrong) return wrongPlace(report);
      return report.base === null ? differences(report, place) : planned(report, place);
    case 'invalid':
      return `${invalidWords(report)}. Nothing was compared`;
    case 'incomplete':
      return incomplete(report, place);
    case 'skipped':
      return validWords(report);
    case 'error':
      return unreadWords(report) ?? firstSentence(report.error?.message ?? 'Nothing was compared');
  }
}

/** What is said of a valid file where nothing was to be compared. */
export function validWords(report: Report): string {
  const { file, code } = tally(report);
  const words = codeLevels(code);
  if (code.errors > 0) return `${filesAre(report)} valid, but ${words}${inBrackets([levelWords(file)])}`;
  return `${filesAre(report)} valid${inBrackets([levelWords(file), words])}`;
}

/** What is said of an invalid file where nothing was to be compared. */
export function invalidWords(report: Report): string {
  return `${filesAre(report)} invalid: ${levelWords(tally(report).file)}`;
}

/** What a message says after the verdict, where it begins with that. */
export function afterVerdict(told: string, report: Report): string {
  const said = verdict(report);
  const after = told.slice(said.length);
  if (!told.startsWith(said) || !/^[.:]/.test(after)) return told;
  return capital(after.slice(1).trim());
}

/** `9 errors, 2 warnings`; empty where there are none. */
export function levelWords({ errors, warnings, notices }: Levels, kind = ''): string {
  const counts = [
    [errors, 'error'],
    [warnings, 'warning'],
    [notices, 'notice'],
  ] as const;
  return counts.flatMap(([count, noun]) => (count === 0 ? [] : [plural(count, `${kind}${noun}`)])).join(', ');
}

/** `1 error, 2 warnings in the code`; empty where there are none. */
function codeLevels(levels: Levels): string {
  const words = levelWords(levels);
  return words === '' ? '' : `${words} in the code`;
}

/** Of health, and of the code, what there is to say. */
function besideWords({ health, code }: { readonly health: Levels; readonly code: Levels }): string[] {
  return [levelWords(health, 'health '), codeLevels(code)].filter((words) => words !== '');
}

/** The one file by its name, several by their number. */
function filesWords({ files }: Report): string {
  const [file = '', ...others] = files;
  return others.length === 0 ? bare(file) : `the ${files.length} files`;
}

/** The same with its verb: `stripe-config.yaml is`. */
export function filesAre(report: Report): string {
  return `${filesWords(report)} ${report.files.length > 1 ? 'are' : 'is'}`;
}

/** `live mode of acct_1Shop, environment staging`. */
export function placeWordsOf({ mode, account, environment }: Report): string {
  const of = account === null ? '' : ` of ${bare(account)}`;
  const named = environment === null || environment === mode ? '' : `, environment ${bare(environment)}`;
  return `${mode} mode${of}${named}`;
}

/** `live and test mode of acct_1Shop`; each with its account and environment where these differ. */
function realmsWords([one, other]: Both<Realm>): string {
  const of = ({ account }: Realm) => (account === null ? '' : ` of ${bare(account)}`);
  const named = ({ mode, environment }: Realm) => (environment === mode ? '' : `, environment ${bare(environment)}`);
  const each = (realm: Realm) => `${realm.mode} mode${of(realm)}${named(realm)}`;
  const isOne = one.account === other.account && [one, other].every((realm) => named(realm) === '');
  return isOne ? `${one.mode} and ${other.mode} mode${of(one)}` : `${each(one)} and ${each(other)}`;
}

function inBrackets(parts: readonly string[]): string {
  const said = parts.filter((part) => part !== '');
  return said.length === 0 ? '' : ` (${said.join(', ')})`;
}

function matches(report: Report): string {
  const { counts, realms } = report;
  const { health, file, code, ...levels } = tally(report);
  if (realms !== null) {
    const found = inBrackets([levelWords(levels), aboutFiles(report, file)]);
    const { all } = entriesOf(report);
    return `No difference between ${realmsWords(realms)}: ${plural(all, 'entry')} of ${filesWords(report)} ${all === 1 ? 'matches' : 'match'}${found}`;
  }
  const besides = inBrackets([levelWords(levels), ...besideWords({ health, code }), aboutFiles(report, file)]);
  const resolved = counts.resolved === 0 ? '' : `; this pull request fixes ${plural(counts.resolved, 'difference')}`;
  // What a policy lets pass as pending is to be done all the same.
  const todo = planWords(report);
  if (todo === '' && health.errors + code.errors > 0) {
    return `${besideWords({ health, code }).join(', ')} · no difference in ${placeWordsOf(report)}${inBrackets([levelWords(levels), aboutFiles(report, file)])}${resolved}`;
  }
  const what =
    todo === ''
      ? `Stripe matches ${filesWords(report)}: ${plural(entriesOf(report).all, 'entry')}, ${placeWordsOf(report)}`
      : `Stripe plan: ${todo} · no other difference in ${placeWordsOf(report)}`;
  return `${what}${besides}${resolved}`;
}

/** `121 of 132 entries match`, and how many were not checked; null where nothing was compared, or the verdict says that all match. */
export function matchWords(report: Report): string | null {
  const { all, matching, unchecked } = entriesOf(report);
  if (!report.compared || report.status === 'in-sync' || all === 0) return null;
  const words = `${matching} of ${all} entries ${matching === 1 ? 'matches' : 'match'}`;
  return unchecked === 0 ? words : `${words}, ${unchecked} ${unchecked === 1 ? 'was' : 'were'} not checked`;
}

function aboutFiles({ files }: Report, levels: Levels): string {
  const words = levelWords(levels);
  return words === '' ? '' : `${words} about the ${fileWord(files)}`;
}

function differences(report: Report, place: string): string {
  const { differences: count, health, file, code, notices, errors, warnings } = tally(report);
  const healthWords = besideWords({ health, code }).join(', ');
  if (count === 0) return `${healthWords} · no difference${place}`;
  const levels = severityWords(errors, warnings);
  const isUndeclared =
    report.realms === null &&
    report.findings.every(
      ({ problem, severity }) => problem === 'unmanaged' || severity === 'notice' || !isDifference({ problem }),
    );
  const what = isUndeclared
    ? `${plural(count, 'object')}${place} ${count === 1 ? 'is' : 'are'} not in ${filesWords(report)}`
    : `${plural(count, 'difference')}${place}`;
  const passes = isUndeclared && report.exitCode === 0 ? 'the check passes' : '';
  const besides = [levelWords({ errors: 0, warnings: 0, notices }), healthWords, aboutFiles(report, file), passes];
  const beside = besides.filter((part) => part !== '');
  return [`${what}${levels}`, ...beside].join(' · ');
}

/** How severe the differences are, after their number. */
function severityWords(errors: number, warnings: number): string {
  if (errors + warnings === 1) return ` (${errors === 1 ? 'error' : 'warning'})`;
  if (errors === 0 || warnings === 0) return `, all ${errors === 0 ? 'warnings' : 'errors'}`;
  return `: ${levelWords({ errors, warnings, notices: 0 })}`;
}

/** What a pull request leaves to apply, and what differed before it. */
function planned(report: Report, place: string): string {
  const { health, code } = tally(report);
  const todo = planWords(report);
  const { errors, warnings } = levelsOf(report.findings.filter((finding) => isDifference(finding) && !finding.pending));
  const before = errors + warnings;
  const parts = [
    todo === '' ? `This pull request needs no change${place}` : `Stripe plan: ${todo}`,
    ...(before === 0 ? [] : [`${plural(before, 'older difference')}${severityWords(errors, warnings)}`]),
    ...besideWords({ health, code }),
  ];
  return parts.join(' · ');
}

/** What a pull request leaves to do in Stripe: `2 to create, 1 to replace`; empty where there is nothing. */
export function planWords({ findings }: Report): string {
  const pending = findings.filter((finding) => finding.pending);
  const undecided = pending.filter(
    (finding) => finding.problem === 'ambiguous' || (finding.problem === 'unmanaged' && stays(finding)),
  ).length;
  const counts = new Map<string, number>();
  for (const {
    action,
    findings: [first],
  } of plan(pending)) {
    const verb = verbOf(action, first.section);
    counts.set(verb, (counts.get(verb) ?? 0) + objectsOf(first));
  }
  const order = ['create', 'replace', 'update', 'reactivate'];
  const sorted = [...counts].sort(([one], [other]) => rankIn(order, one) - rankIn(order, other));
  const decide = undecided === 0 ? [] : [`${undecided} to decide`];
  return [...sorted.map(([verb, count]) => `${count} to ${verb}`), ...decide].join(', ');
}

/** What a step does: `create`, or `archive`. */
export function verbOf(action: Action, section: string | null): string {
  const retire = resourceOf(section ?? '').state?.words.retire ?? '';
  return { create: 'create', replace: 'replace', update: 'update', restore: 'reactivate', retire }[action];
}

function rankIn(order: readonly string[], word: string): number {
  const index = order.indexOf(word);
  return index === -1 ? order.length : index;
}

function incomplete(report: Report, place: string): string {
  if (report.looksWrong) return `${wrongPlace(report)}; part of Stripe could not be checked`;
  const { differences: count, errors, warnings } = tally(report);
  const all = report.sections.size;
  const read = [...report.sections.values()].filter(({ inSync }) => inSync !== null).length;
  const cause = unreadWords(report) ?? 'Part of Stripe could not be checked';
  const rest =
    read === all ? 'In the rest' : `${read} of ${plural(all, 'section')} ${read === 1 ? 'was' : 'were'} checked`;
  const found =
    count === 0 ? 'no differences there' : `${plural(count, 'difference')}${place}${severityWords(errors, warnings)}`;
  return `${cause}. ${rest}: ${found}`;
}

/** Why not all was read; null where all was. */
function unreadWords({ sections }: Report): string | null {
  const unread = [...sections].filter(([, { status }]) => status !== 'read');
  const [reason, ...others] = new Set(unread.map(([, one]) => one.reason ?? ''));
  if (reason === undefined) return null;
  // What stands after the colon is told below, with what to do.
  const cause = firstSentence(reason).replace(/: .*/s, '');
  const isTold = unread.length === sections.size || unread.every(([name]) => cause.includes(name));
  if (others.length === 0 && isTold) return cause;
  const named = (which: (section: SectionSummary) => boolean) =>
    sectionWords(unread.flatMap(([name, one]) => (which(one) ? [name] : [])));
  const refused = named(({ status }) => status === 'refused');
  const failed = named(({ status, inSync }) => status === 'failed' && inSync === null);
  const inPart = named(({ status, inSync }) => status === 'failed' && inSync !== null);
  const parts = [
    ...(refused === '' ? [] : [`the key may not read ${refused}`]),
    ...(failed === '' ? [] : [`${failed} could not be read`]),
    ...(inPart === '' ? [] : [`${inPart} could not be read in full`]),
  ];
  return capital(parts.join(', and '));
}

/** A message up to the end of its first sentence; what is quoted ends none. */
function firstSentence(message: string): string {
  const [sentence = message] = /^(?:"(?:[^"\\]|\\.)*"|[^"])*?[.?!](?=\s|$)/s.exec(message) ?? [];
  return sentence.replace(/\.$/, '');
}

/** The missing objects by which the account or mode looks wrong: what a change adds itself says nothing of that. */
export function wronglyMissing({ looksWrong, findings }: Report): Finding[] {
  if (!looksWrong) return [];
  const missing = findings.filter(({ problem }) => problem === 'missing');
  const before = missing.filter(({ pending }) => !pending);
  return before.length > 0 ? before : missing;
}

/** The headline where the key is likely of another account or mode than the file is about. */
export function wrongPlace(report: Report): string {
  const { counts, mode, account } = report;
  const where = `${mode} mode${account === null ? '' : ` of ${bare(account)}`}`;
  return `Wrong account or mode? ${wronglyMissing(report).length} of ${counts.checked} declared objects are missing in ${where}`;
}

/** What to look at there: what is created or taken out of use in the wrong account does harm. */
export const WRONG_PLACE_REMEDY =
  'Look at two things before you create or remove anything: whether the key is of the account and mode that the file is about, and whether this file (and its environment) is the one for that account.';

/** Why a check fails, for whoever reads nothing else: the verdict, and what stood in the way. */
export function failure(report: Report): string {
  const reasons = obstacles(report);
  return (report.error === null ? [`${verdict(report)}.`, ...reasons] : reasons).join(' ');
}

/** What stood in the way of a comparison, or of a part of it. What has one remedy is told together, so that its links stand once, and are not cut. */
export function obstacles({ error, sections }: Report): string[] {
  if (error !== null) return [withRemedy(error.message, error.remedy)];
  return unreadReasons(sections).map(({ reasons, remedy }) => withRemedy(reasons.join(' '), remedy));
}

/** Why not all was read, and what to do about it: once where several sections have one remedy. */
export function unreadReasons(sections: Report['sections']): { reasons: readonly string[]; remedy: string }[] {
  const unread = [...sections.values()].filter(({ reason }) => reason !== undefined);
  const byRemedy = grouped(unread, ({ remedy = '' }) => remedy);
  return [...byRemedy].map(([remedy, alike]) => ({ reasons: reasonsOf(alike), remedy }));
}

function withRemedy(reasons: string, remedy: string): string {
  return `${cut(reasons, Math.max(LONGEST_OBSTACLE / 4, LONGEST_OBSTACLE - remedy.length))} ${remedy}`;
}

/** What Stripe was read with: `restricted key`; null where it was not. */
export function keyWords({ key, realms }: Report): string | null {
  const [kind, ...others] = (realms?.map((realm) => realm.key) ?? [key]).flatMap((one) => one?.kind ?? []);
  if (kind === undefined) return null;
  const [other] = others;
  if (other === undefined) return `${kind} key`;
  return other === kind ? `${kind} keys` : `${kind} key and ${other} key`;
}

/** What was compared with what, in one line. */
export function comparison(report: Report): string {
  const { files, mode, account, environment, commit, durationMs } = report;
  const parts = [
    listed(
      files.slice(0, MOST_FILES).map((file) => cut(file, LONGEST_NAME)),
      files.length,
    ),
    ...(commit === null ? [] : [`at ${commit.slice(0, 7)}`]),
    ...(mode === null ? [] : [`against ${mode} mode${account === null ? '' : ` of ${cut(account, LONGEST_NAME)}`}`]),
    ...(environment === null ? [] : [`environment ${cut(environment, LONGEST_NAME)}`]),
    seconds(durationMs),
  ];
  return parts.join(' · ');
}

/** The first of a list of so many, in a sentence. */
export function listed(shown: readonly string[], all: number): string {
  if (shown.length === 0) return String(all);
  return `${shown.join(', ')}${shown.length < all ? `, and ${all - shown.length} more` : ''}`;
}

/** `1 price`, `2 entries`. */
export function plural(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`.replace(/ys$/, 'ies')}`;
}

/** A duration as people read it. */
export function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** One side of a change: the value as the file or Stripe spells it (null where there is none), and what it means. */
export interface Side {
  readonly text: string | null;
  readonly note: string | null;
}

/** Where a change is, as reports print it. */
export function changedPath(finding: Changed, change: Change): string {
  // A word of a set is the value, not a place.
  const steps = setAround(finding, change) ? change.path.slice(0, -1) : change.path;
  return spelledPath(pathText([finding.field, ...steps]));
}

/** The two sides of a change, each as a person reads it. */
export function sides(finding: Changed, change: Change): { path: string; expected: Side; actual: Side } {
  const path = changedPath(finding, change);
  const { expected, actual, hidden } = change;
  const both = { path, expected: side(finding, change, 'expected'), actual: side(finding, change, 'actual') };
  if (finding.unstated) return { ...both, expected: unstatedSide(both.expected) };
  const isText = (value: Value | undefined, { text, note }: Side): value is string =>
    typeof value === 'string' && text === spelledAlone(value).text && note === spelledAlone(value).note;
  const isPlain = hidden !== undefined || !isText(expected, both.expected) || !isText(actual, both.actual);
  const { file, stripe } = isPlain ? { file: both.expected, stripe: both.actual } : contrast(expected, actual);
  const note = stripe.note ?? (finding.renamed && !finding.pending ? 'looks renamed' : null);
  return { path, expected: file, actual: { ...stripe, note } };
}

/** A default that the file does not write: beside an amount it is stated all the same. */
function unstatedSide(expected: Side): Side {
  return { text: null, note: expected.text === null ? 'not in the file' : `not in the file: ${sideText(expected)}` };
}

/** A side in a sentence: `2000 (20.00 USD)`. */
export function sideText({ text, note }: Side): string {
  if (text === null) return note ?? 'nothing';
  return note === null ? text : `${text} (${note})`;
}

/** What finds an object, as words: `lookup_key "pro"`, `display_name "VAT" and percentage 19`. */
export function identityWords({ section, identity: { paths, values } }: Missing | Ambiguous): string {
  const words = paths.map((path, index) => {
    const value = values[index] ?? null;
    const isNumber = typeAt(resourceOf(section), path)?.schema.minimum !== undefined;
    return `${pathText(path)} ${isNumber ? bare(String(value)) : quoted(value)}`;
  });
  return inSentence(words);
}

/** A value of an identity: of a reference the entry or the id that it names. */
export function identityValue(value: Value): string {
  return isRecord(value) ? String(value.entry ?? value.id) : String(value);
}

/** What an entry is called where its section is named besides; a single object is called by that, what has no name is ''. */
export function titleOf({ section, name }: { readonly section: string | null; readonly name: string | null }): string {
  return (name === SINGLE ? section : name) ?? '';
}

/** An entry with its section: `prices.pro`; a single object by its section alone. */
export function pathTitle(finding: { readonly section: string | null; readonly name: string | null }): string {
  return finding.name === SINGLE ? titleOf(finding) : `${finding.section}.${titleOf(finding)}`;
}

/** An entry in a sentence: `prices.pro`; of a single object its section. */
function subject({ section, name }: { section: string | null; name: string | null }): string {
  if (name === SINGLE) return section ?? '';
  return `${section}.${/^[A-Za-z\d][\w-]{0,300}$/.test(name ?? '') ? name : quote(name ?? '')}`;
}

function missing(finding: Missing): string {
  const { kind, state } = resourceOf(finding.section);
  const expected = finding.inForce ? '' : `${state?.words.retired} `;
  const rest =
    finding.others === 0 ? '' : ` ${capital(othersWords(finding))} ${finding.others === 1 ? 'has' : 'have'} it.`;
  if (finding.pair !== undefined) {
    const what = isSaidId(finding) ? 'this id' : identityWords(finding);
    return `${subject(finding)} is ${onlyWords(finding.pair)}: no ${expected}${kind} with ${what}.${rest}`;
  }
  return `${subject(finding)} is missing in Stripe: no ${expected}${kind} with ${identityWords(finding)}.${rest}${finding.elsewhere === undefined ? '' : ` ${capital(elsewhereWords(finding))}.`}`;
}

/** Whether an entry is found by the id of the object that one of two realms has, which is said besides. */
export function isSaidId({ identity, pair }: Missing): boolean {
  return pair?.objects.some((object) => object?.id === identity.values[0]) ?? false;
}

/** Where an object is, of two realms: `in live (price_1), but not in test`. */
export function onlyWords(pair: Pair): string {
  const { has, lacks } = placesIn(pair);
  return [`in ${has.join(' and in ')}`, ...lacks.map((name) => `not in ${name}`)].join(', but ');
}

/** The realms that have an object, with its id, and those that lack it. */
function placesIn({ realms, objects }: Pair): { readonly has: readonly string[]; readonly lacks: readonly string[] } {
  const names = realms.map(({ name }, which) => [bare(name), objects[which as Which]] as const);
  return {
    has: names.flatMap(([name, object]) => (object === null ? [] : [`${name} (${bare(object.id)})`])),
    lacks: names.flatMap(([name, object]) => (object === null ? [name] : [])),
  };
}

/** The objects of two realms by their ids, in the order of the realms. */
export function bothIds({ objects }: Pair): string {
  return objects.flatMap((object) => (object === null ? [] : [bare(object.id)])).join(', ');
}

/** Which of two realms the file agrees with, as a clause; null where that is both, or neither. */
export function agreeingWords({ realms, agreeing }: Pair): string | null {
  return agreeing === undefined ? null : `the file says what ${bare(realms[agreeing].name)} has`;
}

/** What the two sides of a difference are called: in front of a value, and as a place. */
export interface SideNames {
  readonly short: Both<string>;
  readonly place: Both<string>;
}

const FILE_AND_STRIPE: SideNames = { short: ['file', 'Stripe'], place: ['the file', 'Stripe'] };

export function sideNames({ pair }: Finding): SideNames {
  if (pair === undefined) return FILE_AND_STRIPE;
  const names = both((which) => bare(pair.realms[which].name));
  return { short: names, place: names };
}

/** Where what belongs to a missing object was found; empty where that tells nothing. */
export function elsewhereWords({ section, elsewhere }: Missing): string {
  if (elsewhere === undefined) return '';
  const where = elsewhere.id === null ? `another ${resourceOf(section).kind}` : bare(elsewhere.id);
  return `its ${elsewhere.section} are found on ${where}: the id is probably wrong`;
}

/** The objects in the state that is not expected: `2 archived ones`. */
export function othersWords({ section, others, inForce }: Missing): string {
  const { words } = resourceOf(section).state ?? {};
  return `${others} ${inForce ? words?.retired : words?.active} ${others === 1 ? 'one' : 'ones'}`;
}

function changed(finding: Changed): string {
  const { field, changes } = finding;
  const start = `${subject(finding)} `;
  const { pair } = finding;
  const ids = pair === undefined ? bare(finding.id) : bothIds(pair);
  const end = finding.name === SINGLE ? '' : ` (${ids})`;
  const meant = wholeWords(finding);
  const [one, other] = sideNames(finding).short;
  const details = [
    ...(meant === null ? [] : [`${field}: ${one} ${meant.file}, ${other} ${meant.stripe}`]),
    ...bySet(finding, meant?.rest ?? changes).map((group) => difference(finding, group)),
  ];
  const agreeing = pair === undefined ? null : agreeingWords(pair);
  return `${start}${details.join('; ')}${end}.${overlooked(finding)}${agreeing === null ? '' : ` ${capital(agreeing)}.`}`;
}

/** Both sides in a sentence: `file 20.00 USD, Stripe 24.00 USD`. */
function bothSides(expected: Side, actual: Side, names: SideNames): string {
  const { short, place } = names;
  const isUnset = ({ text, note }: Side) => text === null && note === NOT_SET;
  const file = isUnset(expected)
    ? `not set in ${place[0]}`
    : expected.text === null && names === FILE_AND_STRIPE
      ? sideText(expected)
      : `${short[0]} ${sideText(expected)}`;
  return `${file}, ${isUnset(actual) ? `not set in ${place[1]}` : `${short[1]} ${sideText(actual)}`}`;
}

const NOT_SET = 'not set';

/** What Stripe lacks of a set, and what it has besides. */
function setWords(finding: Changed, changes: readonly Change[]): string {
  const everything = everythingSides(finding, changes);
  const { short, place } = sideNames(finding);
  if (everything !== null)
    return `${short[0]} ${setSideText(everything.file)}; ${short[1]} ${setSideText(everything.stripe)}`;
  const word = (change: Change, which: 'expected' | 'actual') => sideText(side(finding, change, which));
  const lacks = changes.flatMap((change) => (change.expected === undefined ? [] : [word(change, 'expected')]));
  const live = changes.flatMap((change) =>
    change.actual === undefined ? [] : [change.hidden === 'value' ? 'others' : word(change, 'actual')],
  );
  const extra = [...new Set(live)];
  if (finding.pair !== undefined)
    return [lacks, extra]
      .flatMap((words, which) => (words.length === 0 ? [] : [`only in ${place[which as Which]}: ${words.join(', ')}`]))
      .join('; ');
  return [
    ...(lacks.length > 0 ? [`missing in Stripe: ${lacks.join(', ')}`] : []),
    ...(extra.length > 0 ? [`extra in Stripe: ${extra.join(', ')}`] : []),
  ].join('; ');
}

/** A side of a set of which one side has the word that stands for all others: what is said of it, then its words. */
export interface SetSide {
  readonly says: string;
  readonly words: readonly string[];
}

/** Both sides of a set where one has the word that stands for all others; null where none has. */
export function everythingSides(
  finding: Changed,
  [change]: readonly Change[],
): { readonly file: SetSide; readonly stripe: SetSide } | null {
  const { section, field, whole } = finding;
  const { everything } = verbsOf(finding);
  const star = resourceOf(section).fields[field]?.type.all;
  if (everything === undefined || change === undefined || change.path.at(-1) !== star) return null;
  // What may not be shown is some words.
  const only = (says: string, value: Value | undefined) => {
    return { says, words: Array.isArray(value) ? value.map((word) => show(word)) : ['some'] };
  };
  const [all, verb] = everything;
  return change.expected === undefined
    ? { file: only('only', whole.expected?.[field]), stripe: { says: `${verb} ${all}`, words: [] } }
    : { file: { says: all, words: [] }, stripe: only(`${verb} only`, whole.actual?.[field]) };
}

/** A side of a set in a sentence; at most `most` of its words are named. */
export function setSideText({ says, words }: SetSide, most = Number.POSITIVE_INFINITY): string {
  return words.length === 0 ? says : `${says} ${listed(words.slice(0, most), words.length)}`;
}

/** What people call both sides of a field as a whole. */
export interface WholeWords {
  readonly file: string;
  readonly stripe: string;
  /** The parts that differ, but for those that the words tell. */
  readonly rest: readonly Change[];
}

/** A field as a whole in words; null where its type has no words for it, or one for both, or it may not be shown. */
export function wholeWords({ section, field, changes, whole: { expected, actual } }: Changed): WholeWords | null {
  const resource = resourceOf(section);
  const name = mainName(resource, field);
  const type = resource.fields[name]?.type;
  if (type?.words === undefined || type.inner === undefined || actual?.[name] === undefined) return null;
  const words = (value: Value) => type.words?.(value, null) ?? null;
  const stated = expected?.[name] ?? null;
  const [file, stripe] = [words(stated), words(actual[name])];
  if (file === null || stripe === null || file === stripe) return null;
  const rest = changes.filter(({ path: [step, ...further], actual: live = null }) => {
    if (step === undefined) return false;
    return !isRecord(stated) || further.length > 0 || words({ ...stated, [step]: live }) === file;
  });
  return { file, stripe, rest };
}

/** Changes, the words of one set together. */
function bySet(finding: Changed, changes: readonly Change[]): [Change, ...Change[]][] {
  const placeOf = (change: Change) => (setAround(finding, change) ? change.path.slice(0, -1) : change.path);
  return [...grouped(changes, (change) => JSON.stringify(placeOf(change))).values()];
}

function difference(finding: Changed, group: readonly [Change, ...Change[]]): string {
  const [change] = group;
  const { path, expected, actual } = sides(finding, change);
  const names = sideNames(finding);
  const { short, place } = names;
  if (finding.pair !== undefined && change.hidden === 'value')
    return `${path}: ${place[0]} and ${place[1]} differ, and show-values hides how`;
  if (isSetWord(finding, change)) return `${path}: ${setWords(finding, group)}`;
  if (change.expected === undefined) return `${path}: not in ${place[0]}, ${short[1]} ${sideText(actual)}`;
  if (change.actual === undefined) return `${path}: ${short[0]} ${sideText(expected)}, not in ${place[1]}`;
  return `${path}: ${bothSides(expected, actual, names)}`;
}

/** Says of two texts that a person would take for the same where they differ. */
function overlooked({ section, field, changes }: Changed): string {
  const loose = resourceOf(section).fields[field]?.type.loose;
  const [change] = changes;
  if (loose === undefined || typeof change?.expected !== 'string' || typeof change.actual !== 'string') return '';
  if (change.hidden !== undefined || change.expected.toLowerCase() === change.actual.toLowerCase()) return '';
  const same = loose(change.expected)[0] === loose(change.actual)[0];
  return same ? ' Only letter case, a default port or a slash at the end differs.' : '';
}

function ambiguous(finding: Ambiguous): string {
  const { kind, section } = { kind: resourceOf(finding.section).kind, section: finding.section };
  const { own, common } = tellsWords(finding);
  const ids = finding.candidates.slice(0, MOST_CANDIDATES).map((one) => `${bare(one.id)}${own(one)}`);
  const count = finding.candidates.length + (finding.unnamed ?? 0);
  const { place, elsewhere } = ambiguousIn(finding);
  if (finding.rivals.length > 0) {
    const { rivalsIn } = finding;
    const rivals = finding.rivals.map((name) => subject({ section: rivalsIn ?? section, name })).join(', ');
    const where = finding.pair === undefined ? '' : ` in ${place}`;
    const start = `${subject(finding)} is ambiguous${where}: ${rivals} ${finding.rivals.length === 1 ? 'finds' : 'find'} the same`;
    const named = ids.map((id) => `, ${id}`).join('');
    const what = rivalsIn === undefined ? `${kind}${named}` : `object${named}, which is compared there`;
    return `${start} ${what}.${elsewhere}`;
  }
  const which =
    ids.length === 0
      ? ''
      : `: ${ids.join(', ')}${count > ids.length ? ` and ${count - ids.length} more` : ''}${common}`;
  if (finding.pair !== undefined)
    return `${subject(finding)} is ambiguous: ${place} has ${plural(count, kind)} with ${identityWords(finding)}${which}.${elsewhere}`;
  return `${subject(finding)} is ambiguous: Stripe has ${plural(count, kind)} with ${identityWords(finding)}${which}.`;
}

/** The names of the first entries that find the same object, with their section where that is another. */
export function rivalNames({ rivals, rivalsIn }: Ambiguous, most: number): string[] {
  return rivals.slice(0, most).map((name) => (rivalsIn === undefined ? name : pathText([rivalsIn, name])));
}

/** Where an entry is ambiguous and, of two realms, what it is in the other one, as a sentence. */
export function ambiguousIn({ pair }: Ambiguous): { readonly place: string; readonly elsewhere: string } {
  if (pair?.ambiguous === undefined) return { place: 'Stripe', elsewhere: '' };
  const other = otherThan(pair.ambiguous);
  const object = pair.objects[other];
  return {
    place: bare(pair.realms[pair.ambiguous].name),
    elsewhere: object === null ? '' : ` In ${bare(pair.realms[other].name)} it is ${bare(object.id)}.`,
  };
}

/** What is said of candidates: what tells each from the others, in brackets, and what all of them have in common, after them. Empty where that may not be shown, or says nothing. */
export function tellsWords({ section, candidates, rivals, unnamed = 0 }: Ambiguous): {
  readonly own: (one: Ambiguous['candidates'][number]) => string;
  readonly common: string;
} {
  const words = new Map(candidates.map((one) => [one, one.tells === null ? [] : partsOf(section, one.tells)]));
  const [first = [], ...others] = words.values();
  const isCommon = (part: string) => unnamed === 0 && others.every((parts) => parts.includes(part));
  const common = others.length === 0 ? [] : first.filter(isCommon);
  if (rivals.length > 0) return { own: () => '', common: '' };
  return {
    own(one) {
      const parts = (words.get(one) ?? []).filter((part) => !common.includes(part));
      return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
    },
    common: common.length === 0 ? '' : `; each ${common.join(', ')}`,
  };
}

function partsOf(section: string, tells: Tells): string[] {
  const { state } = resourceOf(section);
  const parts = [
    (tells.inForce ? state?.words.active : state?.words.retired) ?? null,
    tells.extent,
    tells.created === null ? null : `created ${tells.created}`,
    tells.agrees ? 'agrees with the file' : 'differs from the file',
  ];
  return parts.filter((part) => part !== null);
}

function unmanaged(finding: Unmanaged): string {
  const { section, count } = finding;
  if (finding.pair !== undefined) return unmanagedOfBoth(finding, finding.pair);
  const active = resourceOf(section).state?.words.active ?? 'there';
  const start = `${capital(unmanagedSubject(finding))} ${count === undefined || count === 1 ? 'is' : 'are'} ${active} in Stripe, but not in the file.`;
  return count === undefined ? start : `${start} show-values hides which.`;
}

/** What the file declares in neither of two realms, or in one alone. */
function unmanagedOfBoth(finding: Unmanaged, pair: Pair): string {
  const { section, id, label, count } = finding;
  const { kind } = resourceOf(section);
  const names = pair.realms.map(({ name }) => bare(name));
  if (count !== undefined)
    return `${capital(plural(count, kind))} ${count === 1 ? 'is' : 'are'} in ${names.join(' or ')}, but not in the file. show-values hides which.`;
  const said = undeclaredWords(finding);
  const what = said !== null ? ` (${said})` : label === null || label === id ? '' : ` ${quote(label)}`;
  if (pair.declared !== undefined) {
    const { which, entry } = pair.declared;
    const [here, there] = [otherThan(which), which];
    const [its, other] = [pair.objects[here]?.id ?? '', pair.objects[there]?.id ?? ''];
    return `${capital(kind)}${what} is in ${names[here]} (${bare(its)}), where the file does not declare it; in ${names[there]} it does, as ${subject({ section, name: entry })} (${bare(other)}).`;
  }
  const { has, lacks } = placesIn(pair);
  const not = lacks.length === 0 ? 'not in' : `neither in ${lacks.join(' nor in ')} nor in`;
  return `${capital(kind)}${what} is in ${has.join(' and in ')}, but ${not} the file.`;
}

/** What an object without a label of its own charges, and what it belongs to: `19.00 USD every month, of "Pro"`; null where it has one, or nothing is known. */
export function undeclaredWords({ section, id, label, owner, whole }: Unmanaged): string | null {
  if (id === null || label !== id || whole.actual === null) return null;
  const charge = resourceOf(section).charge?.words(whole.actual)?.words ?? null;
  const parts = [charge, owner === null ? null : `of ${quote(owner)}`].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

function unmanagedSubject(finding: Unmanaged): string {
  const { section, id, label, count } = finding;
  const { kind } = resourceOf(section);
  if (count !== undefined) return plural(count, kind);
  const plain = bare(id ?? '');
  const said = undeclaredWords(finding);
  if (said !== null) return `${kind} ${plain} (${said})`;
  return `${kind} ${label === null || label === id ? plain : `${quote(label)} (${plain})`}`;
}

/** Whether a field is a set of which words differ, and nothing within what stands for a word. */
export function isSetChange({ section, field, changes }: Pick<Changed, 'section' | 'field' | 'changes'>): boolean {
  return resourceOf(section).fields[field]?.type.set !== undefined && changes.every(({ path }) => path.length < 2);
}

/** Whether a change is a word of a set: of a field that is one, or of one within it. */
export function isSetWord({ section, field }: Pick<Changed, 'section' | 'field'>, change: Change): boolean {
  return isSetChange({ section, field, changes: [change] }) || setAround({ section, field }, change) !== undefined;
}

function verbsOf({ section, field }: { readonly section: string; readonly field: string }): SetVerbs {
  return resourceOf(section).fields[field]?.type.set ?? PLAIN_VERBS;
}

/** A value that an entry states, as a person reads it. */
export function statedSide(object: { section: string; whole: Whole }, field: string, value: Value): Side {
  return side({ ...object, field }, { path: [], expected: value }, 'expected');
}

/** Whose values a side shows. */
type Owner = Pick<Changed, 'section' | 'field' | 'whole' | 'pair'>;

function side(finding: Owner, change: Change, which: 'expected' | 'actual'): Side {
  const value = change[which];
  if (value === undefined) {
    return { text: null, note: isSetWord(finding, change) ? 'not listed' : 'nothing' };
  }
  const resource = resourceOf(finding.section);
  const path = [mainName(resource, finding.field), ...change.path];
  const type = typeAt(resource, path);
  // Between two realms both sides are what is live.
  const isOfFile = which === 'expected' && finding.pair === undefined;
  if (value === null && type?.none !== undefined) return { text: isOfFile ? 'null' : null, note: type.none };
  if (value === null) return { text: null, note: NOT_SET };
  const isHidden = finding.pair === undefined || change.hidden === 'part' ? which === 'actual' : value === DIFFERS;
  const hidden = isHidden ? change.hidden : undefined;
  if (hidden === 'value') return { text: String(value), note: null };
  if (hidden === 'undeclared')
    return { text: null, note: `${withArticle(referredKind(type))} that the file does not declare` };
  if (hidden === 'part')
    return { text: show(value), note: 'only the hidden part differs, a password or a query value' };
  const currency = (inner: readonly string[]) => currencyOf(finding, [...path, ...inner], which);
  const entryOf = (section: string, id: string) => finding.whole.names[section]?.[id];
  const people = type?.words?.(value, currency([])) ?? null;
  if (typeof value === 'object')
    return people === null
      ? { text: describe(value, type, { currency, entryOf }), note: null }
      : { text: null, note: people };
  const entry = type?.reference === undefined ? undefined : entryOf(type.reference, String(value));
  // An amount as people say it: the number alone is for whoever types it.
  if (people !== null) return { text: people, note: null };
  const { state } = resource;
  const isRetired =
    which === 'actual' && state?.field?.name === finding.field && !state.inForce({ [finding.field]: value });
  // Out of use against what the file says: what that means.
  const note = isRetired ? follows(state.words.meaning) : null;
  if (typeof value === 'string' && note === null && entry === undefined) return spelledAlone(value);
  return { text: show(value), note: entry === undefined ? note : bare(entry) };
}

/** The currency of an amount at a path, on a side; what the file does not say it means as Stripe has it. */
function currencyOf(
  { section, whole: { expected, actual } }: Owner,
  path: readonly string[],
  which: 'expected' | 'actual',
): string | null {
  const on = (fields: Fields | null) => fields && currencyIn(resourceOf(section), fields, path);
  return which === 'expected' ? (on(expected) ?? on(actual)) : on(actual);
}

/** What a retired object no longer does, as it follows its state: `it can no longer be sold`. */
export function follows(meaning: string): string {
  return meaning.replace(/\.$/, '').replace(/^(?!Stripe)[A-Z]/, (letter) => letter.toLowerCase());
}

function referredKind(type: Type | undefined): string {
  return type?.reference === undefined ? 'value' : resourceOf(type.reference).kind;
}

/** What a value is read with: the currency of an amount at a path within it, and the entry that has an object. */
interface Known {
  currency(path: readonly string[]): string | null;
  entryOf(section: string, id: string): string | undefined;
}

/** A map or list in a sentence: what is not set is left out, amounts are read as people do, and objects are named by their entries too. */
function describe(value: Value, type: Type | undefined, known: Known, path: readonly string[] = []): string {
  const inner = (step: string, one: Value) => describe(one, type?.inner?.(step), known, [...path, step]);
  if (type?.reference !== undefined && isRecord(value)) return show(identityValue(value));
  if (Array.isArray(value)) return `[${value.map((item, index) => inner(String(index), item)).join(', ')}]`;
  if (isRecord(value)) {
    const pairs = Object.entries(value).filter(([, one]) => one !== null);
    return `{ ${pairs.map(([name, one]) => `${show(name)}: ${inner(name, one as Value)}`).join(', ')} }`;
  }
  const entry = type?.reference === undefined ? undefined : known.entryOf(type.reference, String(value));
  return entry === undefined
    ? (type?.words?.(value, known.currency(path)) ?? show(value))
    : `${show(value)} (${bare(entry)})`;
}

const NOTHING_KNOWN: Known = { currency: () => null, entryOf: () => undefined };

/** A value in a sentence: words bare, other text quoted. */
function show(value: Value | undefined): string {
  if (value === null || value === undefined) return 'not set';
  if (typeof value === 'string') return value === '*' ? value : bare(value);
  return typeof value === 'object' ? describe(value, undefined, NOTHING_KNOWN) : String(value);
}

function quoted(value: Value): string {
  return typeof value === 'string' ? quote(value) : bare(identityValue(value));
}
