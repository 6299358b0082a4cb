import type { CodeReading, HandlerReading } from '../code/code.ts';
import type { EventMention } from '../code/events.ts';
import { globMatcher } from '../code/globs.ts';
import type { IdMention } from '../code/ids.ts';
import type { KeyMention } from '../code/keys.ts';
import { MOST_MISSPELT } from '../code/misspelt.ts';
import type { Once, OnceInLines } from '../code/once.ts';
import type { Reason } from '../code/passed.ts';
import { expectsInForce } from '../matching/identity.ts';
import type {
  Actual,
  CodeRule,
  Dangling,
  Declared,
  Expected,
  Found,
  Ignored,
  Invalid,
  OfCode,
  OpenLive,
  Place,
  Reading,
  Refusal,
  SectionReading,
  Severity,
  Sought,
  Stated,
  Wanted,
} from '../model.ts';
import { declaredEntries, grouped, keyIn } from '../model.ts';
import { registry, resourceOf } from '../resources/index.ts';
import { ID, type Resource } from '../resources/resource.ts';
import { bare, pathText, quote } from '../text.ts';
import type { Link } from './compare.ts';
import { liveObjects } from './live.ts';
import { isOver, matchesPattern, overWords } from './rules.ts';

/** What the code of a repository, the file and Stripe have that does not fit together. Loaded where a file names code. */

/** Where the code of a repository is. */
export interface CodeSide {
  /** The top of the repository. */
  readonly root: string;
  /** Files below it that are no code: those that are read or written besides. */
  besides(): Promise<readonly string[]>;
  /** The path of one of its files as reports show it. */
  shown(file: string): string;
}

/** A file as it is in an environment; null: without its environments. */
export interface InScope {
  readonly environment: string | null;
  readonly declared: Declared;
}

/** The environments of a file that its code is compared in: at least one. Policy, ignores and `code` are the same in all. */
export type Scopes = readonly [InScope, ...InScope[]];

/** What was read of Stripe, and how it is asked for more. */
export interface LiveOfCode {
  readonly reading: Reading;
  readonly find: OpenLive['find'];
  readonly link: Link;
}

/** What the code's side comes to, and what is said of its reading. */
export interface CodeResult extends CodeJudgement {
  readonly notes: readonly string[];
}

/** What was asked of the code, and what it says. */
export interface AskedCode {
  readonly question: CodeQuestion;
  readonly reading: CodeReading;
}

/**
 * Looks at the code that a file names. `live`: what was read of Stripe, and how objects are asked for that were not; null
 * where only the file and the code are looked at.
 */
export async function lookAtCode(
  scopes: Scopes,
  side: Pick<CodeSide, 'shown'>,
  { question, reading }: AskedCode,
  live: LiveOfCode | null,
  now: number,
): Promise<CodeResult> {
  const [{ declared }] = scopes;
  const found: OfCode[] = inEach(scopes, reading);
  const errand = live && errandOf(question, reading, live.reading);
  const sought: Sought = live && errand?.wanted.length ? await live.find(errand.wanted) : { found: [], gaps: [] };
  if (live && errand) found.push(...dangling(errand, sought.found, live.link));
  const isWhole = sought.gaps.length === 0;
  // Only who looked at all knows that a rule matches nothing.
  const isAll = errand?.left === 0 && isWhole && [...(live?.reading.sections ?? [])].every(isReadWhole);
  const today = new Date(now).toISOString().slice(0, 10);
  const judged = applyCodeRules(declared, found, today, isAll);
  const placed = (finding: OfCode): OfCode => {
    // What an endpoint sends is said of the file.
    if (finding.problem === 'unhandled') return finding;
    return { ...finding, at: { ...finding.at, file: side.shown(finding.at.file) } };
  };
  return {
    findings: judged.findings.map(placed),
    ignored: judged.ignored.map(({ finding, reason }) => ({ finding: placed(finding), reason })),
    warnings: [...judged.warnings, ...globFindings(declared, question, reading)],
    isWhole,
    notes: [
      ...codeNotes(reading, errand?.left ?? 0),
      ...unreadNote(reading, side),
      ...misspeltNotes(reading, side),
      ...silentHandlers(question, reading),
      ...sought.gaps.map(gapNote),
    ],
  };
}

/** An entry, and what the code says that receives what its object sends. */
interface Receiver {
  readonly entry: Expected;
  readonly handler: HandlerReading;
}

function receiversAmong(entries: readonly Expected[], { handlers }: CodeReading): Receiver[] {
  const byName = new Map(handlers.map((handler) => [handler.name, handler]));
  return entries.flatMap((entry) => {
    const handler = byName.get(handlerName(entry));
    return handler === undefined ? [] : [{ entry, handler }];
  });
}

/** What the handler of an entry is read by: environments that state the same one have it read once. */
function handlerName({ section, name, handler }: Expected): string {
  return JSON.stringify([section, name, handler?.map(({ value }) => value)]);
}

/** Code of handlers that was not read, and what that means. */
function unreadNote({ unreadOfHandlers: [first, ...others] }: CodeReading, side: Pick<CodeSide, 'shown'>): string[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return [
    `${bare(side.shown(first))}${more} belongs to a handler, but is over 1 MiB or unreadable, so no event type is reported as unhandled. Split it, or take it out of the handler with a glob that begins with !.`,
  ];
}

/** Words of handlers that are nearly an event type: the code behind them never runs. */
function misspeltNotes({ handlers }: CodeReading, side: Pick<CodeSide, 'shown'>): string[] {
  const said = handlers.flatMap(({ misspelt }) =>
    misspelt.map(({ word, meant, at }) => {
      const place = `${bare(side.shown(at.file))}:${at.line}`;
      return `${place} compares with ${quote(word)}, which is no event type that is known here. Did you mean ${meant}?`;
    }),
  );
  return [...new Set(said)].slice(0, MOST_MISSPELT);
}

/** Handlers that name no event type in a way that can be seen: the wrong code may be named. */
function silentHandlers({ handlers }: CodeQuestion, reading: CodeReading): string[] {
  const entries = handlers.map(({ entry }) => entry);
  const said = receiversAmong(entries, reading).flatMap(
    ({ entry, handler: { files, mentions, dispatches, libraries } }) => {
      if (files === 0 || mentions.length > 0 || dispatches || libraries.length > 0) return [];
      return [`The handler of ${pathText([entry.section, entry.name])} names no event type, so nothing is said of it.`];
    },
  );
  return [...new Set(said)];
}

function isReadWhole([, { status }]: readonly [string, SectionReading]): boolean {
  return status === 'read';
}

function gapNote({ reason, remedy }: Refusal): string {
  return `Not all ids and lookup keys in the code were looked up. ${reason} ${remedy}`;
}

/** What is asked of the code: by which name a handler is read, and the entry whose it is. */
export interface CodeQuestion {
  readonly handlers: readonly { readonly name: string; readonly globs: readonly string[]; readonly entry: Expected }[];
  readonly paths: readonly string[] | null;
  readonly forms: readonly { readonly section: string; readonly prefix: string; readonly lengths: readonly number[] }[];
  readonly keys: NonNullable<Resource['keyInCode']> | null;
}

/** What a file asks of the code, in all of these environments together. */
export function questionOf(scopes: Scopes): CodeQuestion {
  const [first] = scopes;
  const handlers = scopes.flatMap(({ declared }) =>
    declaredEntries(declared).flatMap((entry) =>
      entry.handler === null
        ? []
        : [{ name: handlerName(entry), globs: entry.handler.map(({ value }) => value), entry }],
    ),
  );
  const kinds = [...new Set(scopes.flatMap(({ declared }) => [...declared.sections.keys()]))].map(resourceOf);
  return {
    handlers: [...grouped(handlers, ({ name }) => name).values()].map(([one]) => one),
    paths: first.declared.code?.map(({ value }) => value) ?? null,
    forms: kinds.flatMap(({ section, inCode }) => (inCode === undefined ? [] : [{ section, ...inCode }])),
    keys: kinds.find(({ keyInCode }) => keyInCode !== undefined)?.keyInCode ?? null,
  };
}

/** What can be told from the file and the code alone, once for all environments that have it. */
function inEach(scopes: Scopes, code: CodeReading): OfCode[] {
  // Most environments differ in what is no matter here, such as the URL.
  const all = [...grouped(scopes, ({ declared }) => sendersOf(declared)).values()].flatMap((alike) =>
    fromFile(alike[0].declared, code).flatMap((finding) => alike.map(({ environment }) => ({ environment, finding }))),
  );
  return [...grouped(all, ({ finding }) => JSON.stringify(finding)).values()].map((same) => {
    const environments = same.flatMap(({ environment }) => environment ?? []);
    const isEverywhere = same.length === scopes.length || environments.length < same.length;
    return isEverywhere ? same[0].finding : { ...same[0].finding, environments };
  });
}

/** All that findings of event types depend on in the file: who sends what to which code, and where that is stated. */
function sendersOf({ sections }: Declared): string {
  const senders = [...sections].filter(([section]) => resourceOf(section).sends !== undefined);
  const said = (entry: Expected) => {
    const sent = sentBy(entry);
    const places = sent?.types.map((word) => entry.at([sent.field, word]));
    return [handlerName(entry), expectsInForce(entry), sent, places];
  };
  return JSON.stringify(senders.map(([section, { entries }]) => [section, entries.map(said)]));
}

function fromFile(declared: Declared, code: CodeReading): OfCode[] {
  const receivers = receiversAmong(declaredEntries(declared), code);
  const mentions = [...receivers.flatMap(({ handler }) => handler.mentions), ...(code.paths?.events ?? [])];
  const named = new Set([...code.words, ...mentions.map(({ type }) => type)]);
  return [
    ...unsubscribed(receivers),
    ...receivers.flatMap((receiver) => unhandled(receiver, code, named)),
    ...sentByNone(declared, code),
  ];
}

/** The event types that an entry says its object sends, and the field that says so; null where it does not say, sends none, or sends all. */
function sentBy(entry: Expected): { readonly types: readonly string[]; readonly field: string } | null {
  const { sends } = resourceOf(entry.section);
  const types = sends && entry.fields[sends.field];
  if (sends === undefined || !Array.isArray(types) || types.includes(sends.all)) return null;
  return expectsInForce(entry) ? { types: types.map(String), field: sends.field } : null;
}

/** Types that a handler names and its endpoint does not send. Code may receive what several endpoints send: then none of them does. */
function unsubscribed(receivers: readonly Receiver[]): OfCode[] {
  const all = receivers.flatMap(({ entry, handler }) => handler.mentions.map((mention) => ({ entry, mention })));
  const owners = grouped(all, ({ mention }) => mention.at.file);
  const places = grouped(all, ({ mention }) => JSON.stringify([mention.at.file, mention.type]));
  return [...places.values()].flatMap((same) => {
    const [{ entry, mention }] = same;
    const entries = new Set(owners.get(mention.at.file)?.map((one) => one.entry));
    const sent = [...entries].map(sentBy);
    if (sent.some((one) => one === null || one.types.includes(mention.type))) return [];
    return [notSent(entry.section, entry.name, sent[0]?.field ?? '', mention)];
  });
}

function notSent(section: string, name: string | null, field: string, { type, at, count }: Once<EventMention>): OfCode {
  return { problem: 'unsubscribed', severity: 'warning', section, name, field, word: type, more: count - 1, at };
}

/** Types that an endpoint sends and that its handler never names, nor any other code. */
function unhandled({ entry, handler }: Receiver, { isComplete }: CodeReading, named: ReadonlySet<string>): OfCode[] {
  const sent = sentBy(entry);
  // Code that names none handles them in a way that nobody can see.
  const isUnknown = handler.mentions.length === 0 || handler.dispatches || handler.libraries.length > 0;
  if (sent === null || isUnknown || !isComplete) return [];
  const { section, name } = entry;
  return sent.types
    .filter((type) => !named.has(type))
    .map((word) => ({
      problem: 'unhandled',
      severity: 'notice',
      section,
      name,
      field: sent.field,
      word,
      at: entry.at([sent.field, word]),
    }));
}

/** Types that the code names and no entry sends, where all entries say what they send. */
function sentByNone({ sections }: Declared, { paths }: CodeReading): OfCode[] {
  const senders = [...sections].filter(([section]) => resourceOf(section).sends !== undefined);
  const [first] = senders;
  if (paths === null || first === undefined) return [];
  const entries = senders.flatMap(([, { entries }]) => entries);
  const sent = entries.map(sentBy);
  const isKnown = entries.every((entry, index) => sent[index] !== null || !expectsInForce(entry));
  if (entries.length === 0 || !isKnown) return [];
  const types = new Set(sent.flatMap((one) => one?.types ?? []));
  const [section] = first;
  const field = resourceOf(section).sends?.field ?? '';
  return paths.events.flatMap((mention) => (types.has(mention.type) ? [] : [notSent(section, null, field, mention)]));
}

// --- Ids and keys

/** So many objects that the code names are looked up in a run. */
const MOST_LOOKED_UP = 200;

/** An object that the code names, in one file. */
interface Named extends Sign {
  readonly mention: OnceInLines<IdMention | KeyMention>;
}

/** What stands for an object in code: its id, or a key. */
interface Sign {
  readonly section: string;
  readonly field: string;
  readonly word: string;
}

function signKey({ section, field, word }: Sign): string {
  return JSON.stringify([section, field, word]);
}

/** What the code names, what of it is known from what was read, what has to be looked up, and how much of that is left out. */
interface Errand {
  readonly named: readonly Named[];
  readonly known: ReadonlyMap<string, Known>;
  readonly wanted: readonly Wanted[];
  readonly left: number;
}

type Known = Pick<Found, 'state' | 'id'>;

/** Which of the code's ids and keys were not read, and are to be looked up. */
function errandOf(question: CodeQuestion, { paths }: CodeReading, reading: Reading): Errand {
  const named = namedIn(question, paths).filter(({ section }) => reading.sections.get(section)?.status === 'read');
  const known = knownFrom(reading, named);
  const asked = [...grouped(named, signKey)]
    .filter(([key, all]) => !known.has(key) && canBeAsked(all[0]) && all.some(({ mention }) => !mention.isMarked))
    .map(([, all]) => ({ ...all[0], isSold: all.some(isSoldIn) }))
    // What is sold costs most where it fails.
    .sort((one, other) => Number(other.isSold) - Number(one.isSold));
  const kept = asked.slice(0, MOST_LOOKED_UP);
  const wanted = grouped(kept, ({ section, field }) => keyIn(section, field));
  return {
    named,
    known,
    wanted: [...wanted.values()].map((all) => ({
      section: all[0].section,
      field: all[0].field,
      values: all.map(({ word }) => word),
    })),
    left: asked.length - kept.length,
  };
}

function isSoldIn({ mention }: Named): boolean {
  return 'isSold' in mention && mention.isSold;
}

function canBeAsked({ section, field }: Sign): boolean {
  return Object.hasOwn(resourceOf(section).lookUp, field);
}

/** What the code names, each once a file. */
function namedIn({ keys }: CodeQuestion, paths: CodeReading['paths']): Named[] {
  if (paths === null) return [];
  const home = keys && [...registry.values()].find(({ keyInCode }) => keyInCode === keys);
  const ofIds = paths.ids.map((mention) => ({ section: mention.section, field: ID, word: mention.id, mention }));
  if (!keys || !home) return ofIds;
  const { section } = home;
  return [...ofIds, ...paths.keys.map((mention) => ({ section, field: keys.field, word: mention.key, mention }))];
}

/** The objects that were read, of those that the code names. Of several with one key an active one counts. */
function knownFrom(reading: Reading, named: readonly Named[]): ReadonlyMap<string, Known> {
  const { find } = liveObjects(reading);
  const known = new Map<string, Known>();
  const keep = (sign: Sign, { id, inForce }: Actual) => {
    const key = signKey(sign);
    if (known.get(key)?.state !== 'active') known.set(key, { state: inForce ? 'active' : 'retired', id });
  };
  for (const one of named) {
    const live = one.field === ID ? find(one.section, one.word) : undefined;
    if (live !== undefined) keep(one, live);
  }
  const ofKeys = new Map(named.flatMap((one) => (one.field === ID ? [] : [[keyIn(one.section, one.field), one]])));
  for (const { section, field } of ofKeys.values()) {
    const read = reading.sections.get(section);
    for (const live of read?.status === 'read' ? read.objects : []) {
      const word = live.fields[field];
      if (typeof word === 'string') keep({ section, field, word }, live);
    }
  }
  return known;
}

/** The code's ids and keys whose objects are not active. `found` is what looking up gave. */
function dangling({ named, known }: Errand, found: readonly Found[], link: Link): OfCode[] {
  const all = new Map<string, Known>(known);
  for (const one of found) all.set(signKey({ ...one, word: one.value }), one);
  const own = new Map<string, Set<number>>();
  for (const one of named) {
    if (all.get(signKey(one))?.state !== 'active') continue;
    const { at, lines: others } = one.mention;
    const lines = own.get(at.file) ?? new Set();
    own.set(at.file, lines);
    for (const line of others) lines.add(line);
  }
  return named.flatMap((one): OfCode[] => {
    const { section, field, word, mention } = one;
    const { state, id = null } = all.get(signKey(one)) ?? {};
    if (state === undefined || state === 'active' || mention.isMarked || isBesideOwn(state, mention.at, own)) return [];
    const isSold = isSoldIn(one);
    const url = id === null ? null : link(section, id);
    const more = mention.count - 1;
    const severity = severityOf(state, isSold);
    const { at } = mention;
    return [{ problem: 'dangling', severity, section, name: null, field, word, more, why: state, isSold, url, at }];
  });
}

function severityOf(why: NonNullable<Dangling['why']>, isSold: boolean): Severity {
  if (why === 'retired') return isSold ? 'error' : 'notice';
  return why === 'elsewhere' ? 'notice' : 'warning';
}

/** Whether an id stands beside one of this mode, as code has them that chooses between modes: one of the other mode in the same file, one that is nowhere on the same line. */
function isBesideOwn(
  why: Found['state'],
  { file, line }: Place,
  own: ReadonlyMap<string, ReadonlySet<number>>,
): boolean {
  const lines = own.get(file);
  return lines !== undefined && (why === 'elsewhere' || (why === 'absent' && lines.has(line)));
}

// --- What is said besides

/** What was read and what was not, as sentences. */
function codeNotes({ files, passedOver }: CodeReading, left: number): string[] {
  const skipped = passedOver.flatMap(({ reason, count }) => {
    const words = skippedWords[reason];
    return words === null ? [] : [`${count} ${words[count === 1 ? 0 : 1]}`];
  });
  return [
    `${files} ${files === 1 ? 'file' : 'files'} of code ${files === 1 ? 'was' : 'were'} read${skipped.length === 0 ? '' : `; skipped ${skipped.join(', ')} (files and folders)`}.`,
    ...passedOver.flatMap(({ reason }) => limitWords[reason] ?? []),
    ...(left === 0
      ? []
      : [`${left} more ids and lookup keys in the code were not looked up: at most ${MOST_LOOKED_UP} are in a run.`]),
  ];
}

/** What is skipped, behind `1` and behind other numbers; null where nothing is lost, or another sentence tells it. */
const skippedWords: { readonly [R in Reason]: readonly [string, string] | null } = {
  test: ['test', 'tests'],
  fixture: ['fixture', 'fixtures'],
  seed: ['seed', 'seeds'],
  docs: ['of docs', 'of docs'],
  example: ['example', 'examples'],
  migration: ['migration', 'migrations'],
  generated: ['generated', 'generated'],
  vendored: ['vendored', 'vendored'],
  lock: ['lock file', 'lock files'],
  environment: ['.env file', '.env files'],
  declaration: ['declaration', 'declarations'],
  link: ['symbolic link', 'symbolic links'],
  language: null,
  binary: ['binary file', 'binary files'],
  large: ['over 1 MiB', 'over 1 MiB'],
  unreadable: ['unreadable', 'unreadable'],
  entries: null,
  files: null,
  bytes: null,
  mentions: null,
  locks: null,
  globs: null,
};

/** A limit that was met, as sentences. What is not read might name an event type: then none is told as unhandled. */
const limitWords: { readonly [R in Reason]?: string } = {
  entries: 'The repository has more files and folders than are looked at. Narrow code.paths and handler.',
  files: 'Only 20,000 files of code were read, so no event type is reported as unhandled. Narrow code.paths.',
  bytes: 'Only 200 MiB of code were read, so no event type is reported as unhandled. Narrow code.paths.',
  mentions: 'The code names more event types, ids or lookup keys than are kept. Narrow code.paths and handler.',
  locks: 'The repository has more lock files than are read.',
};

/** What is wrong with the globs, on their lines. */
function globFindings(declared: Declared, question: CodeQuestion, { problems }: CodeReading): Invalid[] {
  const entries = new Map(question.handlers.map(({ name, entry }) => [name, entry]));
  return problems.flatMap(({ glob, problem, reason, handler }) => {
    const entry = handler === null ? undefined : entries.get(handler);
    const stated: readonly Stated<string>[] = (handler === null ? declared.code : entry?.handler) ?? [];
    const at = stated.find(({ value }) => value === glob)?.at;
    if (at === undefined) return [];
    const path = handler === null ? 'code.paths' : `${entry?.section}.${bare(entry?.name ?? '')}.handler`;
    return [
      {
        problem: 'invalid',
        severity: 'warning',
        at,
        section: entry?.section ?? null,
        name: entry?.name ?? null,
        field: handler === null ? null : 'handler',
        message: `${path} is ${quote(glob)}, which ${(reason && globReasons[reason]) ?? globWords[problem]}`,
      },
    ];
  });
}

/** Why a glob finds nothing, where that is not what is passed over by name. */
const globReasons: { readonly [R in Reason]?: string } = {
  language: 'finds only files in languages that are not read',
  globs: 'is one of more than 1,000 globs, braces counted out. Write fewer',
};

const globWords: { readonly [P in CodeReading['problems'][number]['problem']]: string } = {
  outside: 'leads out of the repository. Name files by their path from the top of the repository',
  braces: 'has too many alternatives in braces. Write several globs',
  link: 'leads through a symbolic link, and links are not followed. Name the files where they are',
  passed:
    'finds only files that are passed over, such as tests or vendored code. To have them read, write the name of their folder in the glob: "src/vendor/**" reads vendor',
  nothing: 'finds no file. Name files by their path from the top of the repository',
};

/** What the code's side comes to, under the rules of `ignore`. */
export interface CodeJudgement {
  readonly findings: readonly OfCode[];
  /** All that the code names and Stripe was to be asked for was answered. */
  readonly isWhole: boolean;
  readonly ignored: readonly Ignored[];
  readonly warnings: readonly Invalid[];
}

type IgnoredOfCode = Ignored & { readonly finding: OfCode };

/** Sets aside what the file accepts of the code, and warns of rules that do nothing or are over. */
function applyCodeRules(
  { ignoreCode }: Declared,
  findings: readonly OfCode[],
  today: string,
  isAll: boolean,
): Pick<CodeJudgement, 'warnings'> & { findings: readonly OfCode[]; ignored: readonly IgnoredOfCode[] } {
  const used = new Set<CodeRule>();
  const kept: OfCode[] = [];
  const ignored: IgnoredOfCode[] = [];
  const matchers = new Map(ignoreCode.map((rule) => [rule, globMatcher(rule.glob)]));
  for (const finding of findings) {
    const rules = ignoreCode.filter((rule) => {
      const { words } = rule;
      const isWord = words === null || words.some((word) => matchesPattern(finding.word, word));
      return isWord && matchers.get(rule)?.(finding.at.file);
    });
    for (const rule of rules) used.add(rule);
    const rule = rules.find((one) => !isOver(one, today));
    if (rule === undefined) kept.push(finding);
    else ignored.push({ finding, reason: rule.reason });
  }
  const warnings = ignoreCode.flatMap((rule): Invalid[] => {
    const { reason, at } = rule;
    const idle = `This ignore matches nothing that is reported of the code (${quote(reason)}). Remove it, or fix its pattern`;
    const message = isOver(rule, today) ? overWords(rule) : used.has(rule) || !isAll ? null : idle;
    if (message === null) return [];
    return [{ problem: 'invalid', severity: 'warning', at, section: null, name: null, field: null, message }];
  });
  return { findings: kept, ignored, warnings };
}
