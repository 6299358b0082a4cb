import { CheckError } from '../errors.ts';
import type { Match } from '../matching/identity.ts';
import { match } from '../matching/match.ts';
import type { Actual, Declared, Expected, Reading, Refusal, SectionReading, Stated } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import type { Resource } from '../resources/resource.ts';
import { bare, statement } from '../text.ts';
import type { Client, Raw } from './client.ts';
import {
  type Collection,
  collectBelow,
  collectDeeper,
  collectList,
  collectLookUps,
  collectRest,
  lookedUpApart,
} from './collect.ts';
import {
  besides,
  deeper,
  deeperPaths,
  footholds,
  isById,
  isFoundByAnother,
  isFoundForGood,
  isListed,
  isLookedUp,
  isLost,
  type Listing,
  type LookUps,
  listing,
  looksAt,
  lookUps,
  lookUpsOf,
  pagesAhead,
  statedLists,
  wholeListing,
} from './plan.ts';
import { type Asked, accountRefusal, isSilent, refusal } from './refusal.ts';

/** Told as pages arrive: how many objects of a section have been read so far. */
export type Progress = (section: string, objects: number) => void;

/**
 * Told of each object as it arrives, as Stripe sent it: an object may come more than once, the last counts. `isPart`: it is
 * what is to be added to the object that came before.
 */
export type Seen = (section: string, raw: Raw, isPart?: true) => void;

/**
 * Reads what a file needs to know of Stripe: all sections at once, what is in force whole, what is retired only for entries
 * that were not found; or of a section only what its entries mean, where nothing else would be told (plan.ts), and what those
 * meant that are left of the file as it was `before`. A section that can't be read leaves the others. Throws a `CheckError` where nothing can be read, or
 * where the key turns out to be of another account or mode.
 */
export async function read(
  client: Client,
  declared: Declared,
  before: () => Promise<Declared | null> = async () => null,
  progress: Progress = () => {},
  seen: Seen = () => {},
): Promise<Reading> {
  const errand = errandOf(client, [...declared.sections.keys()], progress, seen);
  if (declared.account !== null) await verifyAccount(client, declared.account, declared.files, errand.asked);
  const jobs = [...declared.sections].map(([section, { entries }]) => {
    const resource = resourceOf(section);
    return jobOf(errand, resource, entries, listing(resource, entries), !isLookedUp(resource, entries, declared));
  });
  const lists = jobs.map(async (job) => [job.resource.section, await listed(job, declared)] as const);
  const found = jobs.map(async (job, index) => {
    // Only an entry that is found by another section's object waits for that: a list that hangs takes no one else's time.
    const needed = job.entries.some(isFoundByAnother) ? lists : lists.slice(index, index + 1);
    return [job.resource.section, await lookedUp(job, declared, before, new Map(await Promise.all(needed)))] as const;
  });
  const sections = await Promise.all(
    jobs.map(async (job) => {
      const around = jobs.filter((other) => other === job || looksAt(other.resource, job.resource));
      const isByAnother = around.some(({ entries }) => entries.some(isFoundByAnother));
      const needed = isByAnother ? found : found.filter((_, index) => around.includes(jobs[index] as Job));
      return [job.resource.section, await completed(job, declared, new Map(await Promise.all(needed)))] as const;
    }),
  );
  noteLookedUp(errand, sections);
  return readingOf(errand, new Map(sections));
}

/** Says which sections were only looked up, and why. */
function noteLookedUp({ notes }: Errand, sections: readonly (readonly [string, SectionReading])[]): void {
  const names = sections.flatMap(([section, read]) =>
    read.status === 'read' && read.lookedUp ? [section.replaceAll('_', ' ')] : [],
  );
  if (names.length === 0) return;
  notes.push(
    `Looked up, and not read whole: ${names.join(', ')}. What the file does not declare there is ignored (policy.unmanaged).`,
  );
}

/**
 * Reads sections to the last field of their objects: all in force, with `retired` the others too; but what takes a request
 * for each object only where an entry of a file states it. The account is learnt where Stripe tells it. Fails as `read` does.
 */
export async function readAll(
  client: Client,
  sections: readonly string[],
  retired: boolean,
  declared: Declared | null = null,
  progress: Progress = () => {},
  seen: Seen = () => {},
): Promise<Reading> {
  const errand = errandOf(client, sections, progress, seen);
  const jobs = sections.map((section) => {
    const resource = resourceOf(section);
    return jobOf(errand, resource, [], wholeListing(resource, retired), true);
  });
  const [readings] = await Promise.all([
    Promise.all(jobs.map(async (job) => [job.resource.section, await everything(job)] as const)),
    // Whose account it is completes the picture; without it the rest is as good.
    client.learnAccount().catch(() => null),
  ]);
  const found = new Map(readings);
  const matches = declared && matchesIn(declared, client, found);
  const whole = matches === null ? readings : await Promise.all(jobs.map((job) => below(job, found, matches)));
  const kept = whole.map(([section, reading]) => [section, retired ? reading : activeIn(reading)] as const);
  return readingOf(errand, new Map(kept));
}

function activeIn(reading: SectionReading): SectionReading {
  if (reading.status !== 'read') return reading;
  return { ...reading, objects: reading.objects.filter(({ inForce }) => inForce) };
}

/** What was found, with the lists below the found objects that their entries state; of lists that can't be read a note says why. */
async function below(
  job: Job,
  sections: ReadonlyMap<string, SectionReading>,
  matches: ReadonlyMap<Expected, Match>,
): Promise<readonly [string, SectionReading]> {
  const { errand, resource, collection } = job;
  const { section } = resource;
  const reading = sections.get(section) as SectionReading;
  const lists = statedLists(resource, matches);
  if (reading.status !== 'read' || lists.size === 0) return [section, reading];
  const whole = await guarded(job, reading.objects, () => collectBelow(collection, lists));
  const gap = whole.status === 'read' ? whole.gap : undefined;
  if (gap !== undefined) errand.notes.push(`${section} were not read whole. ${gap.reason} ${gap.remedy}`);
  return [section, whole];
}

/** The account of a key, asked by itself; null where Stripe does not tell it. Throws a `CheckError` where it can't be asked at all. */
export async function askAccount(client: Client, sections: readonly string[]): Promise<string | null> {
  try {
    return await client.learnAccount();
  } catch (error) {
    const asked = askedOf(client, sections);
    if (isSilent(error, asked)) return null;
    const { reason, remedy } = accountRefusal(error, asked);
    throw new CheckError(`${reason} Nothing was compared.`, remedy);
  }
}

/** What the readers of one run share. */
interface Errand {
  readonly client: Client;
  readonly asked: Asked;
  /** When it began, in milliseconds since 1970. */
  readonly moment: number;
  readonly notes: string[];
  readonly progress: Progress;
  readonly seen: Seen;
}

function errandOf(client: Client, sections: readonly string[], progress: Progress, seen: Seen): Errand {
  return { client, asked: askedOf(client, sections), moment: Date.now(), notes: [], progress, seen };
}

function askedOf({ mode, connected, keyFrom }: Client, sections: readonly string[]): Asked {
  return { sections, mode, connected, keyFrom };
}

function readingOf({ client, moment, notes }: Errand, sections: Reading['sections']): Reading {
  const { mode, account, connected, granted } = client;
  return { mode, account, connected, sections, moment, granted, notes };
}

async function verifyAccount(
  client: Client,
  stated: Stated<string>,
  files: readonly string[],
  asked: Asked,
): Promise<void> {
  const place = statement('account', stated, files);
  let account: string | null = null;
  try {
    account = await client.learnAccount();
  } catch (error) {
    const { reason, remedy } = accountRefusal(error, asked);
    throw new CheckError(`${reason} ${place}, which can't be verified. Nothing was compared.`, remedy);
  }
  if (account === null) {
    throw new CheckError(
      `${place}, but Stripe did not say which account the key belongs to. Nothing was compared.`,
      'Run the check again. If Stripe never tells, remove account from the file, or state it in no more than its environment.',
    );
  }
  if (account !== stated.value) {
    throw new CheckError(
      `${place}, but the key belongs to ${bare(account)}. Nothing was compared.`,
      'Use a key of the stated account, or fix account in the file.',
    );
  }
}

/** The reading of one section. */
interface Job {
  readonly errand: Errand;
  readonly resource: Resource<never>;
  /** What is to be found. */
  readonly entries: readonly Expected[];
  readonly listing: Listing;
  /** Its list is read, and not only what its entries mean. */
  isWhole: boolean;
  readonly collection: Collection;
  readonly started: number;
}

function jobOf(
  errand: Errand,
  resource: Resource<never>,
  entries: readonly Expected[],
  listing: Listing,
  isWhole: boolean,
): Job {
  const { client, moment, notes, progress, seen } = errand;
  const { section } = resource;
  const collection: Collection = {
    client,
    resource,
    expand: listing.expand,
    silent: listing.expand.filter((name) => resource.fields[name]?.silent),
    objects: new Map(),
    begun: new Map(),
    moment,
    notes,
    progress: (objects) => progress(section, objects),
    seen: (raw, isPart) => seen(section, raw, isPart),
  };
  return { errand, resource, entries, listing, isWhole, collection, started: performance.now() };
}

/** Everything that is listed; where entries are looked up instead, what one look-up of each finds. */
function listed(job: Job, declared: Declared): Promise<SectionReading> {
  const { resource, collection, listing } = job;
  const lost = () => entriesThat(isLost, job.entries, job, declared, new Map());
  const left = () => lookUps(resource, lost(), 'active');
  return guarded(job, null, async () => {
    if (job.isWhole) {
      const ahead = () => footholds(resource, lost());
      for (const query of listing.queries) await collectList(collection, query, undefined, ahead);
    } else {
      await lookAhead(job, left());
      if (!job.isWhole) await collectLookUps(collection, left());
    }
  });
}

/** Before look-ups in place of a list, reads so much of it as they may cost: it may be short. */
async function lookAhead(job: Job, lookUps: LookUps): Promise<void> {
  const { resource, collection } = job;
  const pages = job.isWhole ? 0 : pagesAhead(lookUps);
  if (pages > 0) job.isWhole = await collectList(collection, resource.source.inForce, pages);
}

/** Everything that is listed, and what of it only a request of its own shows. */
async function everything(job: Job): Promise<SectionReading> {
  return await guarded(job, null, async () => {
    for (const query of job.listing.queries) await collectList(job.collection, query);
    const { resource, collection } = job;
    const objects = [...collection.objects.values()];
    await collectDeeper(
      collection,
      new Map(objects.map(({ id, fields }) => [id, deeper(resource, fields, {})] as const).filter(([, all]) => all[0])),
    );
    await collectRest(collection, [...collection.begun.keys()]);
  });
}

/**
 * What was listed, and the retired objects that entries without an object may mean. `lists` holds what was listed of this
 * section, and of all where an entry is found by another's object.
 */
async function lookedUp(
  job: Job,
  declared: Declared,
  before: () => Promise<Declared | null>,
  lists: ReadonlyMap<string, SectionReading>,
): Promise<SectionReading> {
  const { resource, collection } = job;
  const reading = lists.get(resource.section) as SectionReading;
  if (reading.status !== 'read') return reading;
  const isOpen = (entry: Expected) => job.isWhole || !isById(resource, entry);
  const lost = entriesThat(isLost, job.entries, job, declared, lists).filter(isOpen);
  const gone = job.isWhole ? null : await before();
  if (lost.length === 0 && gone === null) return reading;
  const { list, ...others } = lookUps(resource, lost, job.isWhole ? 'all' : 'retired');
  const missing = () => entriesThat((_, { kind }) => kind === 'missing', job.entries, job, declared, lists);
  return guarded(job, reading.objects, async () => {
    await collectLookUps(collection, others);
    // It may have come into force since it was asked for, or may be there under another key.
    const open = job.isWhole ? [] : missing().filter((entry) => !isById(resource, entry));
    if (open.some((entry) => !isFoundForGood(resource, entry)))
      job.isWhole = await collectList(collection, resource.source.inForce);
    else await collectLookUps(collection, lookUps(resource, open, 'active'));
    if (!job.isWhole && gone !== null) await collectLeftOut(job, gone);
    if (list === null) return;
    await collectList(collection, list);
    // An object that came into force between the two lists is in neither.
    if (missing().some((entry) => isListed(resource, entry))) await collectList(collection, resource.source.inForce);
  });
}

/** Looks up what entries of a file as it was before mean, and no entry does now: what the list would have. */
async function collectLeftOut(job: Job, before: Declared): Promise<void> {
  const { resource, collection } = job;
  const entries = before.sections.get(resource.section)?.entries ?? [];
  if (entries.some((entry) => isListed(resource, entry))) {
    job.isWhole = await collectList(collection, resource.source.inForce);
    return;
  }
  const leftOut = entriesThat((_, { kind }) => kind === 'missing', entries, job, before, new Map());
  const found = await lookedUpApart(collection, lookUps(resource, leftOut, 'active'));
  for (const [id, actual] of found)
    if (actual.inForce || resource.source.retired === undefined) collection.objects.set(id, actual);
}

/**
 * What was found, with what is said of the found objects besides: the objects that rules of health look at, those that have
 * what only one can have, and parts that a list leaves out. `sections` holds what was found of all that takes part.
 */
async function completed(
  job: Job,
  declared: Declared,
  sections: ReadonlyMap<string, SectionReading>,
): Promise<SectionReading> {
  const { resource, collection } = job;
  const reading = sections.get(resource.section) as SectionReading;
  if (reading.status !== 'read' || reading.gap !== undefined) return reading;
  const matches = matchesIn(declared, collection.client, sections);
  const more = [...besides(resource, matches, new Set(reading.objects.map(({ id }) => id)), job.isWhole)];
  const paths = deeperPaths(resource, matches);
  const begun = foundIn(resource, matches).filter((id) => collection.begun.has(id));
  const lists = statedLists(resource, matches);
  if (more.length === 0 && paths.size === 0 && begun.length === 0 && lists.size === 0) return reading;
  return guarded(job, reading.objects, async () => {
    for (const [field, values] of more) {
      await lookAhead(job, lookUpsOf(resource, field, values));
      const known = new Set([...collection.objects.values()].map(({ fields }) => fields[field]));
      const left = [...values].filter((value) => !known.has(value));
      await collectLookUps(collection, lookUpsOf(resource, field, left), false);
    }
    await collectDeeper(collection, paths);
    await collectRest(collection, begun);
    await collectBelow(collection, lists);
  });
}

/** The ids of the objects that entries of a section have found. */
function foundIn({ section }: Resource<never>, matches: ReadonlyMap<Expected, Match>): string[] {
  return [...matches].flatMap(([entry, result]) =>
    entry.section === section && result.kind === 'found' ? [result.actual.id] : [],
  );
}

function matchesIn(
  declared: Declared,
  { mode }: Pick<Client, 'mode'>,
  sections: ReadonlyMap<string, SectionReading>,
): Map<Expected, Match> {
  const all = [...sections.keys()].flatMap((name) => declared.sections.get(name)?.entries ?? []);
  return match(all, { mode, account: null, connected: null, sections, moment: 0, granted: [], notes: [] });
}

/** Entries whose search among what has been read so far ends in some way. */
function entriesThat(
  end: (entry: Expected, result: Match) => boolean,
  entries: readonly Expected[],
  { resource: { section }, collection: { client, objects } }: Job,
  declared: Declared,
  lists: ReadonlyMap<string, SectionReading>,
): Expected[] {
  const own: SectionReading = { status: 'read', objects: [...objects.values()], requests: 0, durationMs: 0 };
  const results = matchesIn(declared, client, new Map([...lists, [section, own]]));
  return entries.filter((entry) => end(entry, results.get(entry) as Match));
}

/** Does the work. Where Stripe refuses it, what was read before (null: nothing) and is there now stands, with the gap. */
async function guarded(job: Job, before: readonly Actual[] | null, work: () => Promise<void>): Promise<SectionReading> {
  const { errand, resource, collection, started } = job;
  let gap: Refusal | null = null;
  try {
    await work();
  } catch (error) {
    if (error instanceof CheckError) throw error;
    gap = refusal(error, resource, errand.asked);
  }
  const measured = {
    requests: errand.client.requests(resource),
    durationMs: Math.round(performance.now() - started),
  };
  if (gap !== null && before === null) return { ...gap, ...measured };
  const objects = [...collection.objects.values()];
  return {
    status: 'read',
    objects,
    ...(!job.isWhole && { lookedUp: true }),
    ...(gap !== null && { gap }),
    ...measured,
  };
}
