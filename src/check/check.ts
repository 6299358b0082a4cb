import { type Config, type InEnvironment, loadConfig } from '../config/load.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Source } from '../config/source.ts';
import { CheckError, reasonsOf } from '../errors.ts';
import type {
  CatalogueEntry,
  Declared,
  Invalid,
  KeyInHand,
  Live,
  OpenLive,
  Reading,
  Result,
  SectionReading,
} from '../model.ts';
import { permissionsBeyond, registry, resourceOf } from '../resources/index.ts';
import { referencesOf } from '../resources/resource.ts';
import { bare, pathText, quote } from '../text.ts';
import { VERSION } from '../version.ts';
import { type Base, type Before, baseDeclared, removedSections } from './base.ts';
import { type Comparison, compare } from './compare.ts';
import { withoutSettled } from './doubts.ts';
import { inReadingOrder } from './finding.ts';
import { verifyAccount, verifyMode } from './guards.ts';
import { exitCode, type FailOn, judge } from './policy.ts';
import { countFindings } from './summaries.ts';

export interface Check {
  /** The files that are one configuration, in any order. */
  readonly sources: readonly Source[];
  readonly environment: string | null;
  /** Null where the file alone is checked; `skipped` then says why. */
  readonly live: Live | null;
  readonly skipped?: string;
  readonly failOn: FailOn;
  readonly commit: string | null;
  /** The configuration before a change, which tells pending from drift; null where nobody asks, and a sentence where it can't be had. */
  base?(): Promise<Base | string | null>;
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
    const declared = entriesOf(config.in(request.environment, null).declared);
    const notes = [...(skipped === undefined ? [] : [skipped]), ...environmentNote(request, config)];
    return finish({ status: 'skipped', declared, notes });
  }
  return finish(await orStopped({}, () => withLive(request, config, live)));
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
    const before = (async () => baseDeclared((await request.base?.()) ?? null, environment, mode))();
    const [reading, base] = await Promise.all([side.read(declared, async () => (await before).declared), before]);
    const { account, connected } = reading;
    const key = keyInHand(side, config, reading.granted);
    return orStopped({ mode, environment, key, notes, account }, async () => {
      verifyAccount(declared, reading, live);
      const found = judged(declared, base, reading, remarks);
      const said = [
        ...notes,
        ...keyNote(key),
        ...environmentNote(request, config),
        ...found.notes,
        ...(base.note ?? []),
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

/** What the comparison comes to. */
function judged(
  declared: Declared,
  base: Before,
  reading: Reading,
  remarks: readonly Invalid[],
): Found & { notes: readonly string[] } {
  const { ignore, policy } = declared;
  const comparison = compare(declared, reading, policy);
  // The ignores and the policy of the pull request hold for both.
  const before = base.declared === null ? null : compare({ ...base.declared, ignore }, reading, policy);
  const all = [...withoutSettled(remarks, comparison), ...removedSections(base.declared, declared)];
  const failure = nothingRead(reading);
  return {
    ...judge(declared, reading, comparison, before, all),
    ...(failure === null ? { compared: true } : { status: 'error', error: failure }),
    notes: [...reading.notes, ...unreadNotes(comparison)],
    declared: entriesOf(declared),
    catalogue: catalogue(declared, reading),
    declaredIds: comparison.declaredIds,
  };
}

function entriesOf(declared: Declared | null): number {
  return [...(declared?.sections.values() ?? [])].reduce((sum, { entries }) => sum + entries.length, 0);
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
