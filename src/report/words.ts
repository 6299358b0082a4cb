import { isStateChange, type Risk, type Step, setAround } from '../fix/plan.ts';
import {
  type Ambiguous,
  type Change,
  type Changed,
  type Fields,
  type Finding,
  type Identity,
  isDifference,
  isRecord,
  type Missing,
  nameOfEntry,
  type Report,
  SINGLE,
  type Unmanaged,
  type Value,
} from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { currencyIn, mainName, typeAt } from '../resources/resource.ts';
import { bare, capital, cut, fileWord, pathText, quote } from '../text.ts';
import { PLAIN_VERBS } from '../vocabulary/collections.ts';
import type { SetVerbs, Type } from '../vocabulary/type.ts';

/** All words about findings: what a person reads in annotations, summary, log and terminal. */

/** Files in the line that says what was compared. */
export const MOST_FILES = 10;
/** Live objects that a sentence names of those that answer to one entry. */
const MOST_CANDIDATES = 10;
/** A path, an account or an environment there is cut here. */
const LONGEST_NAME = 4096;
/** What stood in the way, with its remedy: the runner cuts a message at 4,096 characters. */
const LONGEST_OBSTACLE = 3800;

/** The finding as one or more sentences: the thing, what is expected, what is live, what that means. */
export function message(finding: Finding): string {
  switch (finding.problem) {
    case 'invalid':
      return finding.message.endsWith('.') || finding.message.endsWith('?') ? finding.message : `${finding.message}.`;
    case 'missing':
      return missing(finding);
    case 'changed':
      return changed(finding);
    case 'ambiguous':
      return ambiguous(finding);
    case 'unmanaged':
      return unmanaged(finding);
    case 'unhealthy':
      return `${subject(finding)}: ${finding.message}`;
  }
}

/** The finding in sentences and, where a base tells, whether it is this change's own. */
export function messageWithOrigin(finding: Finding, { base }: Report): string {
  if (base === null || !isDifference(finding)) return message(finding);
  const origin = finding.pending ? `Pending: ${PENDING}` : `Drift: ${DRIFT}`;
  return `${message(finding)} ${origin}.`;
}

export const PENDING = 'this change says so, and it is not yet applied to Stripe';
export const DRIFT = 'it differed before this change';

/** What a change resolves, as a sentence: what the file said before, and what Stripe has. */
export function resolvedWords(finding: Finding): string {
  switch (finding.problem) {
    case 'missing':
      return `${subject(finding)} was missing.`;
    case 'ambiguous':
      return `${subject(finding)} was ambiguous.`;
    case 'unmanaged':
      return `${unmanagedSubject(finding)} was not declared.`;
    case 'changed': {
      const details = finding.changes.map((change) => {
        const { path, expected, actual } = sides(finding, change);
        const isSet = isSetChange(finding) || setAround(finding, change) !== undefined;
        const file = `${path} was ${sideText(expected)} in the file`;
        if (change.hidden === 'undeclared') return `${file}; in Stripe it is ${sideText(actual)}`;
        if (!isSet) return `${file}, ${sideText(actual)} in Stripe`;
        return change.expected === undefined
          ? `${path} lacked ${sideText(actual)} in the file`
          : `${path} had ${sideText(expected)} in the file, which Stripe has not`;
      });
      return `${who(finding)}: ${details.join('; ')}.`;
    }
    case 'invalid':
    case 'unhealthy':
      return message(finding);
  }
}

/** A step of a plan: what is done, to what, and each thing that changes. */
export interface StepWords {
  readonly verb: string;
  readonly kind: string;
  /** The entry's name; what is not declared has its label, or null where it may not be named. */
  readonly name: string | null;
  /** `from` and `to` of a path; one of them alone is a word that a set loses or gets. */
  readonly details: readonly { readonly path: string; readonly from: Side | null; readonly to: Side | null }[];
}

export function stepWords({ action, findings }: Step): StepWords {
  const [first] = findings;
  const { kind, state } = resourceOf(first.section ?? '');
  const retire = capital(state?.words.retire ?? '');
  const verb = { create: 'Create', update: 'Update', replace: 'Replace', retire, restore: 'Reactivate' }[action];
  const many = first.problem === 'unmanaged' && first.count !== undefined ? first.count : 1;
  const name =
    first.problem === 'unmanaged' ? (first.count === undefined ? (first.label ?? first.id) : null) : nameOfEntry(first);
  const details = findings.flatMap((finding) => {
    if (finding.problem !== 'changed') return [];
    return finding.changes.map((change) => {
      const { path, expected, actual } = sides(finding, change);
      const isSet = isSetChange(finding) || setAround(finding, change) !== undefined;
      const from = isSet && change.actual === undefined ? null : actual;
      return { path, from, to: isSet && change.expected === undefined ? null : expected };
    });
  });
  return { verb, kind: many === 1 ? kind : plural(many, kind), name, details };
}

/** What a step puts at risk, as a sentence. */
export function riskWords(risk: Risk): string {
  const { kind, state, replacing, replacingRisk, fields } = resourceOf(risk.section);
  switch (risk.kind) {
    case 'retired':
      return state?.words.meaning ?? '';
    case 'replaced':
      return `\`${risk.field}\` can't be changed after creation: create a new ${kind}, ${replacing}. ${replacingRisk}`;
    case 'lost': {
      const shown = risk.words.slice(0, MOST_WORDS).map(quote).join(', ');
      const more = risk.words.length > MOST_WORDS ? ` and ${risk.words.length - MOST_WORDS} more` : '';
      return `Stripe ${verbsOf(risk).loses} ${shown}${more}.`;
    }
    case 'field':
      return fields[risk.field]?.risk ?? '';
  }
}

/** Words of a set that a risk names. */
const MOST_WORDS = 10;

/** What the check came to, in a few words. */
export function verdict(report: Report): string {
  const { status, counts } = report;
  const found = counts.missing + counts.changed + counts.ambiguous + counts.unmanaged + counts.unhealthy;
  switch (status) {
    case 'in-sync':
      return inSync(report, found);
    case 'drift':
      if (report.looksWrong) return wrongPlace(report);
      return `Stripe differs from the ${fileWord(report.files)}: ${plural(found, 'difference')}${origins(report, found)}`;
    case 'invalid':
      return `The ${fileWord(report.files)} is invalid: ${plural(counts.errors, 'problem')}. Nothing was compared`;
    case 'incomplete':
      if (report.looksWrong) return `${wrongPlace(report)}; part of Stripe could not be checked`;
      return found === 0
        ? 'Part of Stripe could not be checked'
        : `Part of Stripe could not be checked; in the rest, ${plural(found, 'difference')}${origins(report, found)}`;
    case 'skipped':
      return counts.errors + counts.warnings === 0
        ? `The ${fileWord(report.files)} is valid. Stripe was not asked`
        : `The ${fileWord(report.files)} is valid, with ${plural(counts.warnings, 'warning')}. Stripe was not asked`;
    case 'error':
      return 'Nothing was compared';
  }
}

/** How many differences are this change's own, and how many it resolves. */
function origins({ base, counts }: Report, differences: number): string {
  if (base === null) return '';
  const drift = differences - counts.pending - counts.unhealthy;
  const parts = [
    ...(counts.pending === 0 ? [] : [`${counts.pending} pending`]),
    ...(drift === 0 ? [] : [`${drift} drift`]),
    ...(counts.unhealthy === 0 ? [] : [`${counts.unhealthy} health`]),
    ...(counts.resolved === 0 ? [] : [`${counts.resolved} resolved`]),
  ];
  return ` (${parts.join(', ')})`;
}

function inSync(report: Report, notices: number): string {
  const { findings, counts } = report;
  const resolved =
    counts.resolved === 0 || notices > 0 ? '' : `; this change resolves ${plural(counts.resolved, 'difference')}`;
  const remarks = findings.filter(({ problem }) => problem === 'invalid').length;
  const about = remarks === 0 ? '' : `; the ${fileWord(report.files)} has ${plural(remarks, 'warning')}`;
  return `Stripe is as declared${notices === 0 ? '' : `, but for ${plural(notices, 'notice')}${counts.pending + counts.resolved === 0 ? '' : origins(report, notices)}`}${about}${resolved}`;
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

/** Why a check fails, for whoever reads nothing else: the verdict, and what stood in the way. */
export function failure(report: Report): string {
  const reasons = obstacles(report);
  return (report.error === null ? [`${verdict(report)}.`, ...reasons] : reasons).join(' ');
}

/** What stood in the way of a comparison, or of a part of it. What has one remedy is told together, so that its links stand once, and are not cut. */
export function obstacles({ error, sections }: Report): string[] {
  if (error !== null) return [withRemedy(error.message, error.remedy)];
  const reasons = new Map<string, Set<string>>();
  for (const { reason, remedy = '' } of sections.values()) {
    if (reason !== undefined) reasons.set(remedy, (reasons.get(remedy) ?? new Set()).add(reason));
  }
  return [...reasons].map(([remedy, told]) => withRemedy([...told].join(' '), remedy));
}

function withRemedy(reasons: string, remedy: string): string {
  return `${cut(reasons, Math.max(LONGEST_OBSTACLE / 4, LONGEST_OBSTACLE - remedy.length))} ${remedy}`;
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

/** `1 price`, `2 prices`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
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

/** The two sides of a change, each as a person reads it. */
export function sides(finding: Changed, change: Change): { path: string; expected: Side; actual: Side } {
  return {
    // A word of a set is the value, not a place.
    path: pathText([finding.field, ...(setAround(finding, change) ? change.path.slice(0, -1) : change.path)]),
    expected: side(finding, change, 'expected'),
    actual: side(finding, change, 'actual'),
  };
}

/** A side in a sentence: `2000 (20.00 USD)`. */
export function sideText({ text, note }: Side): string {
  if (text === null) return note ?? 'nothing';
  return note === null ? text : `${text} (${note})`;
}

/** The findings of a section, what is not declared last. */
export function findingsOf(findings: readonly Finding[], section: string): Finding[] {
  const found = findings.filter((finding) => finding.section === section && finding.problem !== 'invalid');
  const isUnmanaged = ({ problem }: Finding) => problem === 'unmanaged';
  return [...found.filter((finding) => !isUnmanaged(finding)), ...found.filter(isUnmanaged)];
}

/** An identity as words: `lookup_key "pro"`. */
export function identityWords({ paths, values }: Identity): string {
  return paths.map((path, index) => `${pathText(path)} ${quoted(values[index] ?? null)}`).join(' and ');
}

/** A value of an identity: of a reference the entry or the id that it names. */
export function identityValue(value: Value): string {
  return isRecord(value) ? String(value.entry ?? value.id) : String(value);
}

/** What an entry is called where its section is named besides; a single object is called by that, what has no name is ''. */
export function titleOf({ section, name }: { readonly section: string | null; readonly name: string | null }): string {
  return (name === SINGLE ? section : name) ?? '';
}

/** An entry in a sentence: `prices.pro`; of a single object its section. */
function subject({ section, name }: { section: string | null; name: string | null }): string {
  if (name === SINGLE) return section ?? '';
  return `${section}.${/^[A-Za-z\d][\w-]{0,300}$/.test(name ?? '') ? name : quote(name ?? '')}`;
}

/** An entry with the id of its object. */
function who(finding: Changed): string {
  return finding.name === SINGLE ? subject(finding) : `${subject(finding)} (${bare(finding.id)})`;
}

function missing(finding: Missing): string {
  const { kind, state } = resourceOf(finding.section);
  const expected = finding.inForce ? '' : `${state?.words.retired} `;
  const rest = finding.others === 0 ? '' : ` ${othersWords(finding)} ${finding.others === 1 ? 'has' : 'have'} it.`;
  return `${subject(finding)} is missing: Stripe has no ${expected}${kind} with ${identityWords(finding.identity)}.${rest}`;
}

/** The objects in the state that is not expected: `2 archived ones`. */
export function othersWords({ section, others, inForce }: Missing): string {
  const { words } = resourceOf(section).state ?? {};
  return `${others} ${inForce ? words?.retired : words?.active} ${others === 1 ? 'one' : 'ones'}`;
}

function changed(finding: Changed): string {
  const { section, field, changes } = finding;
  const { state } = resourceOf(section);
  const [first] = changes;
  if (state && isStateChange(finding) && first?.path.length === 0 && first.hidden === undefined) {
    const { retired, active, meaning } = state.words;
    const expected = `The file expects ${field}: ${show(first.expected)}.`;
    if (state.inForce({ [field]: first.actual ?? null }))
      return `${who(finding)} is ${active} in Stripe (${field}: ${show(first.actual)}). The file says ${field}: ${show(first.expected)}.`;
    const isKnown = first.actual === false || first.actual === retired;
    return isKnown
      ? `${who(finding)} is ${retired} in Stripe. ${meaning} ${expected}`
      : `${who(finding)} is not ${active} in Stripe (${field}: ${show(first.actual)}). ${expected}`;
  }
  if (isSetChange(finding)) return `${who(finding)}: ${field} differ. ${setWords(finding, changes, verbsOf(finding))}.`;
  const details = bySet(finding, changes).map((group) => difference(finding, group));
  const meant = wholeWords(finding);
  if (meant !== null && meant[0] !== meant[1]) {
    const inner = first?.path.length === 0 ? '' : ` (${details.join('; ')})`;
    return `${who(finding)} is ${meant[1]} in Stripe; the file says ${meant[0]}${inner}.`;
  }
  const renamed = finding.renamed ? ' It looks renamed.' : '';
  return `${who(finding)}: ${details.join('. ')}.${overlooked(finding)}${renamed}`;
}

/** What Stripe lacks of a set, and what it has besides. */
function setWords(finding: Changed, changes: readonly Change[], verbs: SetVerbs): string {
  const everything = everythingWords(finding, changes, verbs);
  if (everything !== null) return everything;
  const word = (change: Change, which: 'expected' | 'actual') => sideText(side(finding, change, which));
  const lacks = changes.flatMap((change) => (change.expected === undefined ? [] : [word(change, 'expected')]));
  const live = changes.flatMap((change) =>
    change.actual === undefined ? [] : [change.hidden === 'value' ? 'others' : word(change, 'actual')],
  );
  const extra = [...new Set(live)];
  return [
    ...(lacks.length > 0 ? [`Stripe ${verbs.lacks} ${lacks.join(', ')}, which the file lists`] : []),
    ...(extra.length > 0 ? [`Stripe ${verbs.extra} ${extra.join(', ')}, which the file does not list`] : []),
  ].join('. ');
}

/** Where one side has the word that stands for all others: what each side has. Null where none has, or not both may be shown. */
function everythingWords(finding: Changed, [change]: readonly Change[], { everything }: SetVerbs): string | null {
  const { section, field, whole } = finding;
  const all = resourceOf(section).fields[field]?.type.all;
  if (everything === undefined || all === undefined || change?.path.at(-1) !== all) return null;
  const words = (value: Value | undefined) =>
    Array.isArray(value) ? value.map((word) => show(word)).join(', ') : null;
  const [every, only] = everything;
  if (change.expected === undefined) {
    const file = words(whole.expected?.[field]);
    return `Stripe ${every}${file === null ? '' : `, the file only ${file}`}`;
  }
  const live = words(whole.actual?.[field]);
  return `The file lists every one (${all})${live === null ? '' : `, and Stripe ${only} ${live}`}`;
}

/** What people call both sides of a field as a whole; null where its type has no words for it, or it may not be shown. */
function wholeWords({ section, field, whole: { expected, actual } }: Changed): readonly [string, string] | null {
  const resource = resourceOf(section);
  const name = mainName(resource, field);
  const type = resource.fields[name]?.type;
  if (type?.words === undefined || type.inner === undefined || actual?.[name] === undefined) return null;
  const [file, stripe] = [expected?.[name] ?? null, actual[name]].map((value) => type.words?.(value, null) ?? null);
  return file == null || stripe == null ? null : [file, stripe];
}

/** Changes, the words of one set together. */
function bySet(finding: Changed, changes: readonly Change[]): [Change, ...Change[]][] {
  const groups = new Map<string, [Change, ...Change[]]>();
  for (const change of changes) {
    const path = setAround(finding, change) ? change.path.slice(0, -1) : change.path;
    const key = JSON.stringify(path);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [change]);
    else known.push(change);
  }
  return [...groups.values()];
}

function difference(finding: Changed, group: readonly [Change, ...Change[]]): string {
  const [change] = group;
  const around = setAround(finding, change);
  const { path, expected, actual } = sides(finding, change);
  if (around?.set) return `${path} differ. ${setWords(finding, group, around.set)}`;
  const says = finding.unstated ? 'the file leaves it out, which beside an amount means' : 'the file says';
  const file = change.expected === undefined ? '' : `; ${says} ${fileWords(change, expected)}`;
  if (change.hidden === 'value') return `${path} differs in Stripe${file}`;
  if (change.hidden === 'undeclared') return `${path} in Stripe is ${sideText(actual)}${file}`;
  if (change.hidden === 'part')
    return `${path} differs in Stripe, but only in the hidden part (a password or a query value)${file}`;
  if (change.actual === undefined) return `${path} is not in Stripe; the file says ${sideText(expected)}`;
  return `${path} is ${sideText(actual)} in Stripe${file === '' ? '; the file does not have it' : file}`;
}

function fileWords(change: Change, expected: Side): string {
  return change.expected === null ? 'that it is not set' : sideText(expected);
}

/** Says of two texts that a person would take for the same where they differ. */
function overlooked({ section, field, changes }: Changed): string {
  const loose = resourceOf(section).fields[field]?.type.loose;
  const [change] = changes;
  if (loose === undefined || typeof change?.expected !== 'string' || typeof change.actual !== 'string') return '';
  if (change.hidden !== undefined) return '';
  const same = loose(change.expected)[0] === loose(change.actual)[0];
  return same ? ' They differ only in letter case, a default port or a slash at the end.' : '';
}

function ambiguous(finding: Ambiguous): string {
  const { kind, section } = { kind: resourceOf(finding.section).kind, section: finding.section };
  const ids = finding.candidates.slice(0, MOST_CANDIDATES).map(({ id }) => bare(id));
  const count = finding.candidates.length + (finding.unnamed ?? 0);
  if (finding.rivals.length > 0) {
    const rivals = finding.rivals.map((name) => subject({ section, name })).join(', ');
    return `${subject(finding)} is ambiguous: ${rivals} and it find the same ${kind}${ids.map((id) => `, ${id}`).join('')}.`;
  }
  const which =
    ids.length === 0 ? '' : `: ${ids.join(', ')}${count > ids.length ? ` and ${count - ids.length} more` : ''}`;
  return `${subject(finding)} is ambiguous: Stripe has ${plural(count, kind)} with ${identityWords(finding.identity)}${which}.`;
}

function unmanaged({ section, id, label, count }: Unmanaged): string {
  if (count !== undefined) {
    const are = count === 1 ? 'is' : 'are';
    return `${plural(count, resourceOf(section).kind)} ${are} live, but the file does not declare ${count === 1 ? 'it' : 'them'}. Which is not shown here: see show-values.`;
  }
  return `${unmanagedSubject({ section, id, label })} is live, but the file does not declare it.`;
}

function unmanagedSubject({
  section,
  id,
  label,
  count,
}: Pick<Unmanaged, 'section' | 'id' | 'label' | 'count'>): string {
  const { kind } = resourceOf(section);
  if (count !== undefined) return plural(count, kind);
  const plain = bare(id ?? '');
  return `The ${kind} ${label === null || label === id ? plain : `${quote(label)} (${plain})`}`;
}

/** Whether a field is a set, so that what differs are words. */
export function isSetChange({ section, field }: Changed): boolean {
  return resourceOf(section).fields[field]?.type.set !== undefined;
}

function verbsOf({ section, field }: { readonly section: string; readonly field: string }): SetVerbs {
  return resourceOf(section).fields[field]?.type.set ?? PLAIN_VERBS;
}

function side(finding: Changed, change: Change, which: 'expected' | 'actual'): Side {
  const value = change[which];
  if (value === undefined) {
    const isWord = isSetChange(finding) || setAround(finding, change) !== undefined;
    return { text: null, note: isWord ? 'not listed' : 'nothing' };
  }
  if (value === null) return { text: null, note: 'not set' };
  const hidden = which === 'actual' ? change.hidden : undefined;
  if (hidden === 'value') return { text: String(value), note: null };
  const resource = resourceOf(finding.section);
  const path = [mainName(resource, finding.field), ...change.path];
  const type = typeAt(resource, path);
  if (hidden === 'undeclared') return { text: null, note: `a ${referredKind(type)} that the file does not declare` };
  if (hidden === 'part') return { text: show(value), note: 'differs in the hidden part' };
  const currency = (inner: readonly string[]) => currencyOf(finding, [...path, ...inner], which);
  const people = type?.words?.(value, currency([])) ?? null;
  if (typeof value === 'object')
    return people === null ? { text: describe(value, type, currency), note: null } : { text: null, note: people };
  const { state } = resource;
  const isRetired = state && isStateChange(finding) && which === 'actual' && !state.inForce({ [finding.field]: value });
  if (isRetired) return { text: show(value), note: state.words.meaning.replace(/\.$/, '') };
  const entry = type?.reference === undefined ? undefined : finding.whole.names[type.reference]?.[String(value)];
  return { text: show(value), note: people ?? (entry === undefined ? null : bare(entry)) };
}

/** The currency of an amount at a path, on a side; what the file does not say it means as Stripe has it. */
function currencyOf(
  { section, whole: { expected, actual } }: Changed,
  path: readonly string[],
  which: 'expected' | 'actual',
): string | null {
  const on = (fields: Fields | null) => fields && currencyIn(resourceOf(section), fields, path);
  return which === 'expected' ? (on(expected) ?? on(actual)) : on(actual);
}

function referredKind(type: Type | undefined): string {
  return type?.reference === undefined ? 'value' : resourceOf(type.reference).kind;
}

/** A map or list in a sentence: what is not set is left out, amounts are read as people do. */
function describe(
  value: Value,
  type: Type | undefined,
  currency: (path: readonly string[]) => string | null,
  path: readonly string[] = [],
): string {
  const inner = (step: string, one: Value) => describe(one, type?.inner?.(step), currency, [...path, step]);
  if (Array.isArray(value)) return `[${value.map((item, index) => inner(String(index), item)).join(', ')}]`;
  if (isRecord(value)) {
    const pairs = Object.entries(value).filter(([, one]) => one !== null);
    return `{ ${pairs.map(([name, one]) => `${show(name)}: ${inner(name, one as Value)}`).join(', ')} }`;
  }
  const people = type?.words?.(value, currency(path)) ?? null;
  return people === null ? show(value) : `${show(value)} (${people})`;
}

/** A value in a sentence: words bare, other text quoted. */
function show(value: Value | undefined): string {
  if (value === null || value === undefined) return 'not set';
  if (typeof value === 'string') return value === '*' ? value : bare(value);
  return typeof value === 'object' ? describe(value, undefined, () => null) : String(value);
}

function quoted(value: Value): string {
  return typeof value === 'string' ? quote(value) : bare(identityValue(value));
}
