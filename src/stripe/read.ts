import { CheckError } from '../errors.ts';
import type { Actual, Declared, Expected, Reading, SectionReading, Stated } from '../model.ts';
import { expectsInForce, type Match, match } from '../resources/identity.ts';
import { resourceOf } from '../resources/index.ts';
import { type Query, type Resource, toActual } from '../resources/resource.ts';
import { bare, statement } from '../resources/text.ts';
import type { Client, Page, Raw } from './client.ts';
import { type Asked, accountRefusal, refusal, senseless, stripeAnswer, withoutId } from './refusal.ts';

/** Lists that are begun again because their cursor object was deleted meanwhile. */
const RESTARTS = 3;

/** Told as pages arrive: how many objects of a section have been read so far. */
export type Progress = (section: string, objects: number) => void;

/** Told of each object as it arrives, as Stripe sent it: an object may come more than once, the last counts. */
export type Seen = (section: string, raw: Raw) => void;

/**
 * Reads what a file needs to know of Stripe: all sections at once, what is in force whole, what is retired only for entries
 * that were not found. A section that can't be read leaves the others. Throws a `CheckError` where nothing can be read, or
 * where the key turns out to be of another account or mode.
 */
export async function read(
  client: Client,
  declared: Declared,
  progress: Progress = () => {},
  seen: Seen = () => {},
): Promise<Reading> {
  const errand = errandOf(client, [...declared.sections.keys()], progress, seen);
  if (declared.account !== null) await verifyAccount(client, declared.account, declared.files, errand.asked);
  const readers = [...declared.sections].map(
    ([section, { entries }]) => new SectionReader(errand, resourceOf(section), entries),
  );
  const lists = readers.map(async (reader) => [reader.section, await reader.list()] as const);
  const sections = await Promise.all(
    readers.map(async (reader, index) => {
      // Only an entry that is found by another section's object waits for that: a list that hangs takes no one else's time.
      const needed = reader.refersToOthers ? lists : lists.slice(index, index + 1);
      return [reader.section, await reader.lookUp(declared, new Map(await Promise.all(needed)))] as const;
    }),
  );
  return readingOf(errand, new Map(sections));
}

/**
 * Reads sections to the last field of their objects: all in force, with `retired` the others too. The account is learnt
 * where Stripe tells it. Fails as `read` does.
 */
export async function readAll(
  client: Client,
  sections: readonly string[],
  retired: boolean,
  progress: Progress = () => {},
  seen: Seen = () => {},
): Promise<Reading> {
  const errand = errandOf(client, sections, progress, seen);
  const readers = sections.map((section) => new SectionReader(errand, resourceOf(section), null));
  const [readings] = await Promise.all([
    Promise.all(readers.map(async (reader) => [reader.section, await reader.everything(retired)] as const)),
    // Whose account it is completes the picture; without it the rest is as good.
    client.learnAccount().catch(() => null),
  ]);
  return readingOf(errand, new Map(readings));
}

/** What the readers of one run share. */
interface Errand {
  readonly client: Client;
  readonly asked: Asked;
  readonly notes: string[];
  readonly progress: Progress;
  readonly seen: Seen;
}

function errandOf(client: Client, sections: readonly string[], progress: Progress, seen: Seen): Errand {
  return { client, asked: { sections, mode: client.mode, connected: client.connected }, notes: [], progress, seen };
}

function readingOf({ client, notes }: Errand, sections: Reading['sections']): Reading {
  return { mode: client.mode, account: client.account, connected: client.connected, sections, notes };
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
      `${place}, but Stripe did not tell which account the key belongs to. Nothing was compared.`,
      'Run the check again. If Stripe never tells, remove account from the file, or state it in no more than its environment.',
    );
  }
  if (account !== stated.value) {
    throw new CheckError(
      `${place}, but the key belongs to ${bare(account)}. Nothing was compared.`,
      'Use a key of the stated account, or mend account in the file.',
    );
  }
}

type ReadSection = SectionReading & { status: 'read' };

class SectionReader {
  readonly section: string;
  private readonly errand: Errand;
  private readonly client: Client;
  private readonly resource: Resource<never>;
  private readonly entries: readonly Expected[];
  private readonly expand: readonly string[];
  private readonly objects = new Map<string, Actual>();
  private readonly started = performance.now();

  /** Reads what `entries` need, or, where they are null, all that can be declared. */
  constructor(errand: Errand, resource: Resource<never>, entries: readonly Expected[] | null) {
    this.errand = errand;
    this.client = errand.client;
    this.section = resource.section;
    this.resource = resource;
    this.entries = entries ?? [];
    this.expand = entries === null ? allExpansions(resource) : expansions(resource, entries);
  }

  /** Whether an entry is found by the object of another entry, as in `match: [product, nickname]`. */
  get refersToOthers(): boolean {
    return this.entries.some(isFoundByAnother);
  }

  /** Everything in force. */
  list(): Promise<SectionReading> {
    return this.guarded(null, async () => {
      await this.wholeList(this.resource.source.inForce);
      return { status: 'read', objects: [...this.objects.values()], whole: true, requests: 0, durationMs: 0 };
    });
  }

  /** Everything in force, with `retired` all else too, and what of it only a request of its own shows. */
  everything(retired: boolean): Promise<SectionReading> {
    const { source } = this.resource;
    return this.guarded(null, async () => {
      if (retired && source.retired !== undefined) await this.wholeList(source.retired);
      // An object that changes its state between the two is seen as it is in the end, but for one that leaves both.
      await this.wholeList(source.inForce);
      await this.readDeeper();
      const objects = [...this.objects.values()].filter(({ inForce }) => retired || inForce);
      return { status: 'read', objects, whole: true, requests: 0, durationMs: 0 };
    });
  }

  /** Asks singly for the objects of which a list leaves parts out. */
  private async readDeeper(): Promise<void> {
    const fields = Object.values(this.resource.fields);
    await Promise.all(
      [...this.objects.values()].map(async ({ id, fields: live }) => {
        const paths = fields.flatMap((field) => field.deeper?.(live) ?? []);
        if (paths.length === 0) return;
        this.objects.delete(id);
        await this.retrieve(id, [...this.expand, ...paths]).catch((error: unknown) => {
          throw withoutId(error, id);
        });
      }),
    );
  }

  /**
   * What was listed, and the retired objects that entries without an object may mean. `lists` holds what was listed of this
   * section, and of all where it `refersToOthers`.
   */
  async lookUp(declared: Declared, lists: ReadonlyMap<string, SectionReading>): Promise<SectionReading> {
    const reading = lists.get(this.section) as SectionReading;
    if (reading.status !== 'read') return reading;
    const unfound = this.unfound(declared, lists, isLost);
    if (unfound.length === 0) return reading;
    return await this.guarded(reading, async () => {
      for (const [identity, way] of Object.entries(this.resource.lookUp)) {
        const values = unfound
          .filter((entry) => foundBy(entry) === identity)
          .map((entry) => String(entry.identity.values[0]));
        if (way.query === 'path') await this.retrieveAll(values);
        else await this.batches(way, identity, values);
      }
      const { inForce, retired } = this.resource.source;
      const isListed = (entry: Expected) => !Object.hasOwn(this.resource.lookUp, foundBy(entry));
      if (retired !== undefined && unfound.some(isListed)) {
        await this.wholeList(retired);
        // An object that came into force between the two lists is in neither.
        const isMissing = (_: Expected, { kind }: Match) => kind === 'missing';
        if (this.unfound(declared, lists, isMissing).some(isListed)) await this.wholeList(inForce);
      }
      return { ...reading, objects: [...this.objects.values()] };
    });
  }

  /** Entries whose search among what has been read so far ends in some way. */
  private unfound(
    declared: Declared,
    lists: ReadonlyMap<string, SectionReading>,
    ends: (entry: Expected, result: Match) => boolean,
  ): Expected[] {
    const reading = { ...(lists.get(this.section) as ReadSection), objects: [...this.objects.values()] };
    const sections = new Map([...lists, [this.section, reading]]);
    const entries = [...sections.keys()].flatMap((section) => declared.sections.get(section)?.entries ?? []);
    const results = match(entries, { mode: this.client.mode, account: null, connected: null, sections, notes: [] });
    return this.entries.filter((entry) => ends(entry, results.get(entry) as Match));
  }

  /** Does the work; where Stripe refuses it, what was read before stands, with the gap. */
  private async guarded(before: ReadSection | null, work: () => Promise<ReadSection>): Promise<SectionReading> {
    const finish = (reading: SectionReading): SectionReading => ({
      ...reading,
      requests: this.client.requests(this.resource),
      durationMs: Math.round((before?.durationMs ?? 0) + performance.now() - this.started),
    });
    try {
      return finish(await work());
    } catch (error) {
      if (error instanceof CheckError) throw error;
      const gap = refusal(error, this.resource, this.errand.asked);
      if (before === null) return finish({ ...gap, requests: 0, durationMs: 0 });
      return finish({ ...before, objects: [...this.objects.values()], gap });
    }
  }

  /** A list to its end. An object that is seen twice counts as it was seen last. */
  private async wholeList(query: Query): Promise<void> {
    const before = new Map(this.objects);
    for (let restart = 0; ; restart += 1) {
      try {
        return await this.pages(query);
      } catch (error) {
        this.objects.clear();
        for (const [id, actual] of before) this.objects.set(id, actual);
        const answer = stripeAnswer(error);
        const cursorGone = answer?.code === 'resource_missing' && answer.param === 'starting_after';
        if (!cursorGone || restart === RESTARTS) throw error;
      }
    }
  }

  private async pages(query: Query): Promise<void> {
    const expand = this.expand.map((path) => ['expand[]', `data.${path}`] as const);
    const cursors = new Set<string>();
    let cursor: string | null = null;
    for (;;) {
      const after: string | null = cursor;
      const parameters = [...expand, ...(after === null ? [] : [['starting_after', after] as const])];
      const page: Page = await this.client.list(this.resource, query, parameters).catch((error: unknown) => {
        throw after === null ? error : withoutId(error, after);
      });
      for (const raw of page.data) this.keep(raw);
      this.errand.progress(this.section, this.objects.size);
      if (!page.has_more) return;
      cursor = page.data.at(-1)?.id ?? null;
      if (cursor === null || cursors.has(cursor)) {
        throw senseless(`the list of ${this.resource.section} says that there is more, but its pages do not move on`);
      }
      cursors.add(cursor);
    }
  }

  private async retrieveAll(ids: readonly string[]): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        const hint = await this.retrieve(id, this.expand);
        if (hint === null) return;
        this.errand.notes.push(
          `${this.section}: there is no ${bare(id)} for this ${this.client.mode} mode key; Stripe says that ${hint}.`,
        );
      }),
    );
  }

  /** Keeps the object with this id. Gives what Stripe says of one that is not there, if it says anything. */
  private async retrieve(id: string, expand: readonly string[]): Promise<string | null> {
    const parameters = expand.map((path) => ['expand[]', path] as const);
    const { object, hint } = await this.client.retrieve(this.resource, id, parameters);
    if (object !== null) this.keep(object);
    return hint;
  }

  /** Look-ups by a list parameter, in every state; ids that do not come back are confirmed one by one. */
  private async batches(
    { query, batch }: { query: string; batch: number },
    identity: string,
    values: readonly string[],
  ): Promise<void> {
    const { inForce, retired } = this.resource.source;
    const states = identity === 'id' || retired === undefined ? [{}] : [retired, inForce];
    const expand = this.expand.map((path) => ['expand[]', `data.${path}`] as const);
    for (let start = 0; start < values.length; start += batch) {
      const wanted = values.slice(start, start + batch);
      for (const state of states) {
        const page = await this.client.list(this.resource, state, [
          ...expand,
          ...wanted.map((value) => [`${query}[]`, value] as const),
        ]);
        if (page.has_more)
          throw senseless(`a look-up of at most ${batch} ${this.resource.section} says that there is more`);
        for (const raw of page.data) this.keep(raw);
      }
      if (identity === 'id') await this.retrieveAll(wanted.filter((id) => !this.objects.has(id)));
    }
  }

  private keep(raw: Raw): void {
    if (typeof raw?.id !== 'string') throw senseless(`among the ${this.resource.section} is something without an id`);
    if (typeof raw.livemode === 'boolean' && raw.livemode !== (this.client.mode === 'live')) {
      // Without its id: it may be an object that the file does not declare, and that is not to be named everywhere.
      throw new CheckError(
        `Stripe sent an object of ${raw.livemode ? 'live' : 'test'} mode for a key of ${this.client.mode} mode. Nothing was compared.`,
        'Look at stripe-api-base and at the key: they do not belong together.',
      );
    }
    try {
      this.objects.set(raw.id, toActual(this.resource as unknown as Resource<Raw>, raw));
      this.errand.seen(this.section, raw);
    } catch {
      throw senseless(`among the ${this.resource.section} is an object that can't be read`);
    }
  }
}

/** Whether an entry's object is not, or not in the state that it expects, among what was listed. */
function isLost(entry: Expected, result: Match): boolean {
  if (result.kind === 'found') return result.actual.inForce !== expectsInForce(entry);
  return result.kind === 'missing' || (result.kind === 'unread' && isFoundByAnother(entry));
}

function isFoundByAnother({ identity }: Expected): boolean {
  return identity.values.some((value) => typeof value === 'object');
}

/** The one field that finds an entry's object; empty where it takes several, or a name within one. */
function foundBy({ identity: { paths } }: Expected): string {
  const [path] = paths;
  return paths.length === 1 && path?.length === 1 ? (path[0] ?? '') : '';
}

/** What requests have to expand for the fields that entries state. */
function expansions(resource: Resource<never>, entries: readonly Expected[]): string[] {
  const paths = entries.flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([field, value]) => resource.fields[field]?.expand?.(value) ?? []),
  );
  return [...new Set(paths)];
}

/** What requests have to expand for every field, whatever it holds. */
function allExpansions(resource: Resource<never>): string[] {
  return [...new Set(Object.values(resource.fields).flatMap((field) => field.expand?.({}) ?? []))];
}
