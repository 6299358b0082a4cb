import { type Config, type InEnvironment, loadConfig } from '../config/load.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Source } from '../config/source.ts';
import { CheckError, reasonsOf } from '../errors.ts';
import type {
  Both,
  CatalogueEntry,
  Declared,
  DeclaredIds,
  Invalid,
  KeyInHand,
  Live,
  OpenLive,
  Reading,
  Realm,
  Result,
  SectionReading,
  Which,
} from '../model.ts';
import { both, declaredEntries } from '../model.ts';
import { permissionsBeyond, registry, resourceOf } from '../resources/index.ts';
import { referencesOf } from '../resources/resource.ts';
import { bare, pathText, quote } from '../text.ts';
import { VERSION } from '../version.ts';
import { type Base, type Before, baseDeclared, removedSections } from './base.ts';
import type { AskedCode, CodeJudgement, CodeResult, CodeSide, LiveOfCode, Scopes } from './code.ts';
import { type Comparison, compare, dashboardLink } from './compare.ts';
import { withoutSettled } from './doubts.ts';
import { inReadingOrder } from './finding.ts';
import { verifyAccount, verifyApart, verifyMode, verifyShared } from './guards.ts';
import type { ComparedRealm } from './parity.ts';
import { exitCode, type FailOn, judge, judgeAlone } from './policy.ts';
import { countFindings } from './summaries.ts';

/** What is live elsewhere, and by which environment of the file; null for that of its mode. */
export interface Elsewhere {
  readonly live: Live;
  readonly environment: string | null;
}

export interface Check {
  /** The files that are one configuration, in any order. */
  readonly sources: readonly Source[];
  readonly environment: string | null;
  /** Null where the file alone is checked; `skipped` then says why. */
  readonly live: Live | null;
  readonly skipped?: string;
  /** To be compared with what is live, each by its environment of the file; null where the file is compared. */
  readonly other?: Elsewhere | null;
  readonly failOn: FailOn;
  readonly commit: string | null;
  /** The configuration before a change, which tells pending from drift; null where nobody asks, and a sentence where it can't be had. */
  base?(): Promise<Base | string | null>;
  /** Opens the code that the file names; absent where it is not looked at. */
  readonly code?: CodeSide;
  /** Aborted when the run is to end early: what is known by then is reported, as incomplete. */
  readonly interrupted?: AbortSignal;
}

/**
 * Checks a configuration against what is live. Whatever the user can fix ends in the result; only faults of this program are
 * thrown. Each room is passed once: config/ reads the files, stripe/ what is live, the comparison finds what differs, the
 * policy judges it.
 */
export async function check(request: Check): Promise<Result> {
  const started = new Date();
  const now = request.live?.moment ?? started.getTime();
  const config = await loadConfig(request.sources, now);
  const findings = inReadingOrder(config.findings);
  const asked = { ...request, files: config.files };
  const finish = (found: Found): Result => {
    const early = request.interrupted?.aborted ? interrupted(found) : {};
    return finished(asked, started, { findings, counts: countFindings(findings), ...found, ...early });
  };
  const { live, skipped } = request;
  if (findings.some(({ severity }) => severity === 'error')) return finish({ status: 'invalid' });
  if (live === null) {
    const { declared } = config.in(request.environment, null);
    const { scopes, note } = scopesOf(request, config);
    const code = scopes && (await codeOf(request, scopes, now)?.look(null));
    const notes = [
      ...(skipped === undefined ? [] : [skipped]),
      ...environmentNote(request, config),
      ...(code ? [...code.notes, ...note] : []),
    ];
    const found = declared && code ? judgeAlone(declared, findings, code) : {};
    return finish({ status: 'skipped', declared: entriesOf(declared), notes, ...found });
  }
  const { other } = request;
  if (other) return finish(await orStopped({}, () => withBoth(request, config, [live, other.live])));
  return finish(await orStopped({}, () => withLive(request, config, live)));
}

/** In so many environments the code is compared at most: each is compared with all that the code names. */
const MOST_SCOPES = 20;

/** The environment that is asked for, else all that a key may find; and what is said where these are too many. */
function scopesOf({ environment }: Check, config: Config): { scopes: Scopes | null; note: readonly string[] } {
  const all = environment === null ? config.effective : [environment];
  const [first, ...others] = all.slice(0, MOST_SCOPES).flatMap((name) => {
    const { declared } = config.in(name, null);
    return declared === null ? [] : [{ environment: name, declared }];
  });
  return {
    scopes: first === undefined ? null : [first, ...others],
    note:
      all.length <= MOST_SCOPES
        ? []
        : [
            `The code was compared in ${MOST_SCOPES} of ${all.length} environments. To compare it in another one, name that with --environment.`,
          ],
  };
}

/** What looks at the code that a file names, which is read from now on; null where it names none, or nobody gives it. */
function codeOf({ code: side, interrupted: signal }: Check, scopes: Scopes, now: number) {
  if (side === undefined || !scopes.some(({ declared }) => namesCode(declared))) return null;
  const read = readCodeOf(side, scopes, signal);
  // Whoever looks is told what went wrong, and nobody may look.
  read.catch(() => {});
  return {
    /** Null where the run ends before. */
    async look(live: LiveOfCode | null): Promise<CodeResult | null> {
      const { lookAtCode } = await import('./code.ts');
      try {
        return await lookAtCode(scopes, side, await read, live, now);
      } catch (error) {
        if (signal?.aborted) return null;
        throw error;
      }
    },
  };
}

function namesCode(declared: Declared): boolean {
  return declared.code !== null || declaredEntries(declared).some(({ handler }) => handler !== null);
}

/** What is asked of the code, and what it says. */
async function readCodeOf(side: CodeSide, scopes: Scopes, signal: AbortSignal | undefined): Promise<AskedCode> {
  const [{ questionOf }, { readCode }] = await Promise.all([import('./code.ts'), import('../code/code.ts')]);
  const question = questionOf(scopes);
  const { root } = side;
  const reading = await readCode({ ...question, root, besides: await side.besides(), ...(signal && { signal }) });
  return { question, reading };
}

/** What a run found, or, where something that the user can fix stopped it, that and what was known by then. */
async function orStopped(known: Partial<Result>, work: () => Promise<Found>): Promise<Found> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CheckError)) throw error;
    return { ...known, status: 'error', error: { message: error.message, remedy: error.remedy } };
  }
}

/** A run that ends early is incomplete, whatever else it is. */
function interrupted({ notes = [] }: Found): Partial<Result> {
  return { status: 'incomplete', error: null, notes: [...notes, 'The run was interrupted before all was read.'] };
}

type Found = Partial<Result> & Pick<Result, 'status'>;

/** The result of a run that stopped before anything could be checked, for whatever reason. */
export function stopped(request: Asked, error: { message: string; remedy: string }): Result {
  const asked = { ...request, files: [...request.files].sort() };
  return finished(asked, new Date(), { status: 'error', error: { message: error.message, remedy: error.remedy } });
}

/** What a result says of the request. */
type Asked = Pick<Check, 'environment' | 'commit' | 'failOn'> & Pick<Result, 'files'>;

function finished(request: Asked, started: Date, found: Found): Result {
  const result = {
    version: VERSION,
    startedAt: started.toISOString(),
    durationMs: Date.now() - started.getTime(),
    commit: request.commit,
    files: request.files,
    mode: null,
    account: null,
    connected: null,
    environment: request.environment,
    key: null,
    realms: null,
    sections: new Map(),
    findings: [],
    base: null,
    resolved: [],
    ignored: [],
    catalogue: [],
    notes: [],
    error: null,
    counts: countFindings([]),
    looksWrong: false,
    compared: false,
    declared: 0,
    declaredIds: { meant: new Map(), stated: new Map() },
    ...found,
  };
  return { ...result, exitCode: exitCode(result.status, result.findings, request.failOn) };
}

/** Learns which mode is live, and reads what the file for it needs. */
async function withLive(request: Check, config: Config, live: Live): Promise<Found> {
  const side = live.open(config.sections);
  const { mode, notes } = side;
  const environment = request.environment ?? mode;
  const key = keyInHand(side, config, []);
  return orStopped({ mode, environment, key, notes }, async () => {
    const { declared, remarks } = config.in(environment, mode) as InEnvironment & { declared: Declared };
    verifyMode(declared, mode, environment, live);
    const code = codeOf(request, [{ environment, declared }], Date.now());
    const before = (async () => baseDeclared((await request.base?.()) ?? null, environment, mode))();
    const [reading, base] = await Promise.all([side.read(declared, async () => (await before).declared), before]);
    const { account, connected } = reading;
    const key = keyInHand(side, config, reading.granted);
    return orStopped({ mode, environment, key, notes, account }, async () => {
      verifyAccount(declared, reading, live);
      const link = dashboardLink(mode, account);
      const ofCode = (await code?.look({ reading, find: side.find, link })) ?? null;
      const found = judged(declared, base, reading, remarks, ofCode);
      const said = [
        ...notes,
        ...keyNote(key),
        ...environmentNote(request, config),
        ...found.notes,
        ...(base.note ?? []),
        ...(ofCode?.notes ?? []),
      ];
      return { ...found, mode, account, connected, environment, key, base: base.name, notes: said };
    });
  });
}

/** The key that a side is read with, and which of the permissions that it was found to have no environment of the file needs. */
function keyInHand({ key: kind }: OpenLive, { sections }: Config, granted: readonly string[]): KeyInHand | null {
  if (kind === null) return null;
  const beyond = permissionsBeyond(sections).filter(({ slug }) => slug !== null && granted.includes(slug));
  return { kind, beyond: kind === 'secret' ? null : beyond };
}

/** What the key may do and the file does not need. */
function keyNote(key: KeyInHand | null): string[] {
  return (key?.beyond ?? []).map(
    ({ label, slug }) =>
      `The key has a permission that the file does not need: ${label}: Read (${slug}). stripe-config-check permissions --check tests what else it may read.`,
  );
}

/** Learns which realms the two are, reads both at the same time, each at its own pace, and compares them with each other. */
async function withBoth(request: Check, config: Config, lives: Both<Live>): Promise<Found> {
  const inTurn = <T>(which: Which, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw from(lives[which], error);
    }
  };
  const sides = both((which) => inTurn(which, () => lives[which].open(config.sections)));
  const asked = [request.environment, request.other?.environment ?? null] as const;
  const environments = both((which) => asked[which] ?? sides[which].mode);
  const [mode, environment] = [sides[0].mode, environments[0]];
  const of = (which: number, note: string) => `${lives[which as Which].from}: ${note}`;
  const notes = sides.flatMap((side, which) => side.notes.map((note) => of(which, note)));
  const key = keyInHand(sides[0], config, []);
  return orStopped({ mode, environment, key, notes }, async () => {
    const found = both(
      (which) => config.in(environments[which], sides[which].mode) as InEnvironment & { declared: Declared },
    );
    for (const which of [0, 1] as const)
      inTurn(which, () => verifyMode(found[which].declared, sides[which].mode, environments[which], lives[which]));
    verifyShared(
      both((which) => found[which].declared),
      environments,
    );
    const accounts = mode === sides[1].mode ? await together(lives, (which) => sides[which].account()) : null;
    if (accounts !== null) verifyApart(accounts, mode, lives);
    const readings = await together(lives, (which) => sides[which].read(found[which].declared));
    const realms = both((which): Realm => {
      const { account, connected, granted } = readings[which];
      const side = sides[which];
      const key = keyInHand(side, config, granted);
      const name = accounts?.[which] ?? side.mode;
      return { name, mode: side.mode, account, connected, environment: environments[which], key };
    });
    const { account, connected, key } = realms[0];
    return orStopped({ mode, environment, key, notes, account, realms }, async () => {
      const compared = both((which): ComparedRealm => {
        const { declared } = found[which];
        const reading = readings[which];
        inTurn(which, () => verifyAccount(declared, reading, lives[which]));
        return { realm: realms[which], declared, reading, comparison: compare(declared, reading) };
      });
      const remarks = compared.flatMap(({ comparison }, which) =>
        withoutSettled(found[which as Which].remarks, comparison),
      );
      const result = await judgedOfBoth(compared, remarks);
      const said = compared.flatMap(({ realm, reading, comparison }) =>
        [...reading.notes, ...unreadNotes(comparison)].map((note) => `${realm.name}: ${note}`),
      );
      const unknown = asked.flatMap((environment) => environmentNote({ ...request, environment }, config));
      const beyond = realms.flatMap((realm, which) => keyNote(realm.key).map((note) => of(which, note)));
      const all = new Set([...notes, ...beyond, ...unknown, ...said, ...result.notes]);
      return { ...result, mode, account, connected, environment, key, realms, notes: [...all] };
    });
  });
}

/** Does something for both realms at the same time. Where both fail in a way that the user can fix, both are told. */
async function together<T>(lives: Both<Live>, work: (which: Which) => Promise<T>): Promise<Both<T>> {
  const [one, other] = await Promise.allSettled([work(0), work(1)]);
  if (one.status === 'fulfilled' && other.status === 'fulfilled') return [one.value, other.value];
  const errors = [one, other].flatMap((ended, which) =>
    ended.status === 'fulfilled' ? [] : [from(lives[which as Which], ended.reason)],
  );
  const fault = errors.find((error) => !(error instanceof CheckError));
  if (fault !== undefined) throw fault;
  const all = errors as CheckError[];
  const remedies = new Set(all.map(({ remedy }) => remedy));
  throw new CheckError(all.map(({ message }) => message).join(' '), [...remedies].join(' '));
}

/** A failure that the user can fix, with the name of where it comes from. */
function from(live: Live, error: unknown): unknown {
  return error instanceof CheckError ? new CheckError(`${live.from}: ${error.message}`, error.remedy) : error;
}

/** What the comparison of two realms comes to. Few runs compare two: what that takes is loaded by those. */
async function judgedOfBoth(
  realms: Both<ComparedRealm>,
  remarks: readonly Invalid[],
): Promise<Found & { notes: readonly string[] }> {
  const { inRealm, judgeRealms } = await import('./realms.ts');
  const once = new Map(remarks.map((remark) => [JSON.stringify([remark.at, remark.message]), remark]));
  const failures = realms.flatMap(({ realm, reading }) => {
    const failure = nothingRead(reading);
    return failure === null ? [] : [{ ...failure, message: inRealm(realm, failure.message) }];
  });
  const all = (of: 'message' | 'remedy') => [...new Set(failures.map((failure) => failure[of]))].join(' ');
  const ids = realms.map(({ comparison }) => comparison.declaredIds);
  return {
    ...judgeRealms(realms, [...once.values()]),
    ...(failures.length === 0
      ? { compared: true }
      : { status: 'error' as const, error: { message: all('message'), remedy: all('remedy') } }),
    declaredIds: { meant: union(ids.map(({ meant }) => meant)), stated: union(ids.map(({ stated }) => stated)) },
  };
}

function union(all: readonly DeclaredIds['meant'][]): DeclaredIds['meant'] {
  const sections = new Set(all.flatMap((ids) => [...ids.keys()]));
  return new Map([...sections].map((one) => [one, new Set(all.flatMap((ids) => [...(ids.get(one) ?? [])]))]));
}

/** What the comparison comes to. */
function judged(
  declared: Declared,
  base: Before,
  reading: Reading,
  remarks: readonly Invalid[],
  code: CodeJudgement | null,
): Found & { notes: readonly string[] } {
  const { ignore, policy } = declared;
  const comparison = compare(declared, reading, policy);
  // The ignores and the policy of the pull request hold for both.
  const before = base.declared === null ? null : compare({ ...base.declared, ignore }, reading, policy);
  const all = [...withoutSettled(remarks, comparison), ...removedSections(base.declared, declared)];
  const failure = nothingRead(reading);
  return {
    ...judge(declared, reading, comparison, before, all, code),
    ...(failure === null ? { compared: true } : { status: 'error', error: failure }),
    notes: [...reading.notes, ...unreadNotes(comparison)],
    declared: entriesOf(declared),
    catalogue: catalogue(declared, reading),
    declaredIds: comparison.declaredIds,
  };
}

function entriesOf(declared: Declared | null): number {
  return declared === null ? 0 : declaredEntries(declared).length;
}

/** The entries of the sections that were read, with what they name. */
function catalogue(declared: Declared, reading: Reading): CatalogueEntry[] {
  return [...registry.keys()].flatMap((section) => {
    const entries = reading.sections.get(section)?.status === 'read' ? declared.sections.get(section)?.entries : [];
    const resource = resourceOf(section);
    return (entries ?? []).map(({ name, fields }) => ({
      section,
      name,
      references: referencesOf(resource, fields).flatMap(({ path: [field = ''], section: target, entry }) =>
        entry === null ? [] : [{ field, section: target, name: entry }],
      ),
    }));
  });
}

function unreadNotes({ unread, undecided }: Comparison): string[] {
  return [
    ...unread.map(
      ({ entry, path }) =>
        `${pathText([entry.section, entry.name, ...path])} was not compared: Stripe's answer did not hold it.`,
    ),
    ...undecided.map(
      ({ section, name }) =>
        `${pathText([section, name])} was not compared: it is found through another entry, which is ambiguous.`,
    ),
  ];
}

function environmentNote({ environment, live }: Check, { environments, files }: Config): string[] {
  if (environment === null || environments.includes(environment)) return [];
  const [file = '', ...others] = files;
  const who = others.length === 0 ? bare(file) : 'The configuration';
  const known = environments.length === 0 ? 'it has none' : `it has ${environments.join(', ')}`;
  const hint = didYouMean(environment, environments);
  const used = live === null ? '.' : ': the values outside environments were compared.';
  return [`${who} has no environment ${quote(environment)} (${known})${used}${hint}`];
}

/** Where no section could be read, there was no comparison at all: the reasons are the error. */
function nothingRead(reading: Reading): { message: string; remedy: string } | null {
  const readings = [...reading.sections.values()];
  const unread = readings.filter(
    (section): section is SectionReading & { status: 'refused' | 'failed' } => section.status !== 'read',
  );
  if (unread.length === 0 || unread.length < readings.length) return null;
  return {
    message: reasonsOf(unread).join(' '),
    remedy: [...new Set(unread.map(({ remedy }) => remedy))].join(' '),
  };
}
