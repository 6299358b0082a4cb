/** Long lists are read in windows: how they are split, what that costs, and that nothing is lost while objects come and go. */
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { resourceOf } from '../../src/resources/index.ts';
import type { Raw } from '../../src/stripe/client.ts';
import { type Collection, collectList } from '../../src/stripe/collect.ts';
import { type Window, Windows } from '../../src/stripe/windows.ts';
import { EPOCH } from '../kinds/raw.ts';
import { runs } from '../runs.ts';

// A fixed seed by default, so that a red run is red again; PROPERTY_SEED tries others.
beforeEach(() => void fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) }));

const DAY = 86_400;

/** A list that nobody changes, by the moments at which its objects were created. The place of an object is its id. */
class Fixed {
  readonly windows: Windows;
  readonly seen: number[] = [];
  requests = 0;
  private readonly created: readonly number[];
  private readonly size: number;
  isLookedUp = false;
  /** The places of objects that can be looked up. */
  private readonly declared: readonly number[];

  constructor(created: readonly number[], { hasFilter = true, size = 100, declared = [] as readonly number[] } = {}) {
    this.created = [...created].sort((one, other) => other - one);
    this.windows = new Windows(hasFilter);
    this.size = size;
    this.declared = declared;
  }

  /** What is asked for a window. */
  answer(window: Window): boolean {
    this.requests += 1;
    const { newest, oldest, after } = window;
    const all: number[] = [];
    const isNewer = (at: number) => newest !== null && at > newest;
    for (let place = after === null ? 0 : Number(after) + 1; all.length <= this.size; place += 1) {
      const at = this.created[place];
      if (at === undefined || at < (oldest ?? at)) break;
      if (!isNewer(at)) all.push(place);
    }
    const page = all.slice(0, this.size);
    this.seen.push(...page);
    const at = (place: number | undefined) => (place === undefined ? null : (this.created[place] as number));
    return this.windows.arrived(window, {
      ids: page.map(String),
      newest: at(page[0]),
      oldest: at(page.at(-1)),
      hasMore: all.length > page.length,
    });
  }

  /** A look-up of ten objects that were not read yet. */
  private lookUp(): void {
    this.requests += 1;
    const seen = new Set(this.seen);
    const open = this.declared.filter((place) => !seen.has(place));
    const some = open.filter((_, index) => index % Math.ceil(open.length / 10) === 0);
    this.windows.footholdsCame(some.map((place) => ({ id: String(place), second: this.created[place] as number })));
  }

  /** Reads all with room for so many requests at once; `pick` says which of those under way is answered next. */
  readAll(room: number | (() => number), pick: (of: number) => number = () => 0): this {
    const asked: (Window | 'look-up')[] = [];
    for (;;) {
      const free = typeof room === 'number' ? room - asked.length : room();
      const due = this.windows.due(free);
      asked.push(...due);
      if (this.declared.length > 0 && this.windows.needsFootholds(free - due.length)) {
        this.windows.askFootholds();
        this.isLookedUp = true;
        asked.push('look-up');
      }
      const [one] = asked.splice(pick(asked.length), 1);
      if (one === undefined) return this;
      if (one === 'look-up') this.lookUp();
      else this.answer(one);
    }
  }
}

const evenly = (count: number, seconds: number) =>
  Array.from({ length: count }, (_, n) => EPOCH - Math.floor((n * seconds) / count));

describe('a list', () => {
  test.each([0, 1, 99, 100, 101, 500])('of %i objects is read page by page', (count) => {
    const list = new Fixed(evenly(count, 365 * DAY)).readAll(16);
    expect(list.requests).toBe(Math.max(1, Math.ceil(count / 100)));
    expect(list.seen).toEqual([...evenly(count, 1).keys()]);
    expect(list.windows.areSeveral).toBe(false);
  });

  test('that turns out to be long has a second window after five pages, and more as it goes on', () => {
    const list = new Fixed(evenly(10_000, 365 * DAY));
    const several: number[] = [];
    let asked: readonly Window[] = list.windows.due(16);
    while (asked.length > 0) {
      several.push(asked.length);
      for (const window of asked) list.answer(window);
      asked = list.windows.due(16);
    }
    expect(several.slice(0, 6)).toEqual([1, 1, 1, 1, 1, 2]);
    expect(Math.max(...several)).toBeGreaterThan(6);
    expect(several.length).toBeLessThan(40);
  });

  test('has as many windows as there is room for', () => {
    for (const room of [1, 2, 3, 9]) {
      const list = new Fixed(evenly(100_000, 365 * DAY));
      let most = 0;
      let asked = list.windows.due(room);
      while (asked.length > 0) {
        most = Math.max(most, asked.length);
        for (const window of asked) list.answer(window);
        asked = list.windows.due(room);
      }
      expect(most).toBe(room);
    }
  });

  test.each([
    ['whose filter is not known', new Fixed(evenly(5000, 365 * DAY), { hasFilter: false })],
    ['whose objects are all of one second', new Fixed(evenly(5000, 1))],
    ['whose objects are older than Stripe', new Fixed(evenly(5000, 1000).map((at) => at - EPOCH))],
  ])('%s is read page by page', (_, list) => {
    list.readAll(16);
    expect(new Set(list.seen).size).toBe(5000);
    // One second: that there is nothing older costs one request, once.
    expect(list.requests).toBeLessThanOrEqual(51);
  });

  test('of one second is read in several windows, where objects of it can be looked up', () => {
    const declared = Array.from({ length: 100 }, (_, n) => (n * 7919) % 10_000);
    const list = new Fixed(evenly(10_000, 1), { declared });
    let most = 0;
    let under = 0;
    list.readAll(
      () => 3 - under,
      (of) => {
        under = Math.max(0, of - 1);
        most = Math.max(most, of);
        return 0;
      },
    );
    expect(new Set(list.seen).size).toBe(10_000);
    expect(most).toBe(3);
    expect(list.requests).toBeLessThanOrEqual(115);
  });

  test('of one second is read whole, where a window begins again above another that it has to pass', () => {
    const list = new Fixed(evenly(10_000, 1));
    const { windows } = list;
    while (!windows.needsFootholds(1)) for (const window of windows.due(2)) list.answer(window);
    windows.askFootholds();
    windows.footholdsCame(['4000', '7000'].map((id) => ({ id, second: EPOCH })));
    let asked = windows.due(3);
    while (!list.seen.includes(4001)) {
      for (const window of asked) list.answer(window);
      asked = windows.due(3);
    }
    for (const window of asked) {
      if (Number(window.after) > 7000) expect(windows.restart(window)).toBe(1);
      else list.answer(window);
    }
    list.readAll(3);
    expect(new Set(list.seen).size).toBe(10_000);
  });

  test('whose objects do not say when they were created is read page by page', () => {
    const windows = new Windows(true);
    for (let page = 0; page < 50; page += 1) {
      const [window, ...others] = windows.due(16);
      expect(others).toEqual([]);
      windows.arrived(window as Window, { ids: [String(page)], newest: null, oldest: null, hasMore: true });
    }
  });

  test('goes on where a page ends early, and is told where its pages do not move on', () => {
    const windows = new Windows(true);
    const arrive = (...ids: string[]) => {
      const [window] = windows.due(16);
      return windows.arrived(window as Window, { ids, newest: EPOCH, oldest: EPOCH, hasMore: true });
    };
    expect([arrive('a'), arrive('b'), arrive('c', 'd', 'e')]).toEqual([true, true, true]);
    expect(arrive('b')).toBe(false);
    const other = new Windows(true);
    const [first] = other.due(16);
    const empty = { ids: [], newest: null, oldest: null, hasMore: true };
    expect(other.arrived(first as Window, empty)).toBe(false);
  });

  test('begins one window again, and no other, where an object is gone that a page was to follow', () => {
    const list = new Fixed(evenly(10_000, 365 * DAY));
    while (!list.windows.areSeveral) for (const window of list.windows.due(16)) list.answer(window);
    const [one, other] = list.windows.due(16);
    const before = { ...other };
    const { oldest } = one as Window;
    expect((one as Window).after).not.toBeNull();
    expect(list.windows.restart(one as Window)).toBe(1);
    expect(list.windows.due(0)).toEqual([one]);
    expect(one).toMatchObject({ newest: null, oldest, after: null });
    expect(other).toEqual(before);
  });
});

/** Moments at which objects were created: here and there, in crowds, many of them in one second. */
const crowds = fc
  .array(
    fc.record({
      at: fc.nat(5 * 365 * DAY),
      count: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 2500 })),
      seconds: fc.constantFrom(0, 1, 60, DAY, 30 * DAY, 3 * 365 * DAY),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) =>
    all.flatMap(({ at, count, seconds }) =>
      Array.from({ length: count }, (_, n) => EPOCH - at - Math.floor((n * seconds) / count)),
    ),
  );

test('a list that nobody changes is read whole, for 15 % more requests at most, one at least, and a short one for none more', () => {
  const places = fc.array(fc.nat(), { maxLength: 40 });
  const stream = fc.infiniteStream(fc.nat(15));
  fc.assert(
    fc.property(crowds, fc.integer({ min: 1, max: 16 }), stream, places, (created, room, stream, places) => {
      const declared = created.length === 0 ? [] : [...new Set(places.map((place) => place % created.length))];
      const list = new Fixed(created, { declared });
      list.readAll(room, (of) => (stream.next().value as number) % Math.max(1, of));
      const seen = [...list.seen].sort((one, other) => one - other);
      // Only where windows meet is anything read twice.
      expect(list.isLookedUp ? [...new Set(seen)] : seen).toEqual([...created.keys()]);
      const fewest = Math.ceil(created.length / 100);
      expect(list.requests).toBeLessThanOrEqual(
        created.length <= 500 ? fewest : Math.max(fewest + 1, Math.floor(1.15 * fewest)),
      );
    }),
    runs(150),
  );
});

// --- While objects come and go

interface Item {
  readonly id: string;
  readonly created: number;
  /** Its place among those of one second. */
  readonly rank: number;
  active: boolean;
  /** How often it was changed. */
  edits: number;
}

interface Move {
  readonly kind: 'create' | 'delete' | 'archive' | 'restore' | 'edit';
  readonly which: number;
  readonly ago: number;
}

const history = fc.constantFrom(0, 0, 2, 40, 10_000, 50_000_000).chain((span) => {
  const ago = fc.oneof({ weight: 3, arbitrary: fc.nat(span) }, { weight: 1, arbitrary: fc.nat(Math.min(span, 3)) });
  return fc.record({
    items: fc.array(fc.record({ ago, rank: fc.nat(1000), active: fc.constantFrom(true, true, true, false) }), {
      minLength: 20,
      maxLength: 160,
      size: 'max',
    }),
    /** Objects that can be looked up. */
    declared: fc.array(fc.nat(300), { maxLength: 40 }),
    /** What happens before each answer. */
    moves: fc.array(
      fc.array(
        fc.record({
          kind: fc.constantFrom<Move['kind'][]>('create', 'delete', 'archive', 'restore', 'edit'),
          which: fc.nat(1000),
          ago,
        }),
        { maxLength: 3 },
      ),
      { maxLength: 60 },
    ),
    size: fc.integer({ min: 1, max: 3 }),
    /** Which of the requests under way is answered, how full its page is, and how much room there is. */
    chance: fc.array(fc.nat(1000), { minLength: 30, maxLength: 90 }),
  });
});

/** A list of active objects that changes between any two answers. */
class Moving {
  readonly items: Item[];
  /** Active from the first request to the last answer. */
  readonly always: Set<string>;
  /** What the last answer that held an object said of it. */
  readonly told = new Map<string, string>();
  /** Objects that are known not to be there any more. */
  readonly gone = new Set<string>();
  most = 0;
  /** Windows that were begun after an object that was looked up. */
  footholds = 0;
  private readonly lookedUp = new Set<string>();
  private readonly pending: (() => void)[] = [];
  private readonly moves: Iterator<readonly Move[]>;
  private readonly chance: readonly number[];
  private readonly size: number;
  private drawn = 0;
  deletions = 0;

  constructor({ items, moves, chance, size }: typeof history extends fc.Arbitrary<infer T> ? T : never) {
    this.items = items.map(({ ago, rank, active }, n) => ({
      id: `p${n}`,
      created: EPOCH - ago,
      rank,
      active,
      edits: 0,
    }));
    this.always = new Set(this.items.filter(({ active }) => active).map(({ id }) => id));
    this.moves = moves.values();
    this.chance = chance;
    this.size = size;
  }

  readonly client: Collection['client'] = {
    mode: 'live',
    room: () => this.draw(7),
    below: () => Promise.reject(new Error('no list within an object is asked for')),
    list: (_, query, parameters) =>
      new Promise((resolve, reject) => {
        this.pending.push(() => {
          try {
            const ids = parameters.filter(([name]) => name === 'ids[]').map(([, id]) => id);
            resolve(ids.length > 0 ? this.lookUp(ids) : this.page(query, Object.fromEntries(parameters)));
          } catch (error) {
            reject(error);
          }
        });
        this.most = Math.max(this.most, this.pending.length);
      }),
    next: () => Promise.reject(new Error('no page names the next one')),
    single: () => Promise.reject(new Error('asked for one object')),
    retrieve: () => Promise.reject(new Error('asked for one object')),
  };

  /** Answers, and lets things happen in between, until the reading ends. */
  async during(reading: Promise<unknown>): Promise<void> {
    const state = { isDone: false };
    const done = reading.finally(() => {
      state.isDone = true;
    });
    done.catch(() => {});
    while (!state.isDone) {
      for (const move of this.moves.next().value ?? []) this.move(move);
      const [answer] = this.pending.splice(this.draw(this.pending.length), 1);
      answer?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
  }

  /** A number below a limit. */
  private draw(limit: number): number {
    this.drawn += 1;
    return (this.chance[this.drawn % this.chance.length] as number) % Math.max(1, limit);
  }

  private page(query: { readonly [name: string]: string }, parameters: { readonly [name: string]: string }) {
    const { active: _, 'created[gte]': oldest, 'created[lte]': newest, ...unknown } = query;
    expect(unknown).toEqual({});
    const cursor = parameters.starting_after;
    if (cursor !== undefined && this.lookedUp.delete(cursor)) this.footholds += 1;
    const list = [...this.items].sort((one, other) => other.created - one.created || one.rank - other.rank);
    const at = list.findIndex(({ id }) => id === cursor);
    if (cursor !== undefined && at === -1) {
      this.gone.add(cursor);
      const detail = { statusCode: 400, code: 'resource_missing', param: 'starting_after' };
      throw Object.assign(new Error(`No such product: '${cursor}'`), detail);
    }
    const all = list.filter(
      ({ active, created }, place) =>
        place > at && active && created >= Number(oldest ?? created) && created <= Number(newest ?? created),
    );
    // A page may end early.
    const count = Math.max(1, this.size - (this.draw(5) === 0 ? 1 : 0));
    const page = all.slice(0, count);
    return { data: this.sent(page), has_more: all.length > page.length };
  }

  private sent(items: readonly Item[]): Raw[] {
    for (const { id, edits } of items) this.told.set(id, String(edits));
    const raw = items.map(({ id, created, active, edits }) => ({
      ...{ id, object: 'product', livemode: true, created, active, name: String(edits) },
    }));
    return raw as unknown as Raw[];
  }

  private lookUp(wanted: readonly string[]) {
    for (const id of wanted) this.lookedUp.add(id);
    return { data: this.sent(this.items.filter(({ id }) => wanted.includes(id))), has_more: false };
  }

  private move({ kind, which, ago }: Move): void {
    const item = this.items[which % Math.max(1, this.items.length)];
    if (kind === 'create') {
      const id = `new${this.items.length}_${this.drawn}_${which}`;
      if (!this.items.some((one) => one.id === id))
        this.items.push({ id, created: EPOCH - ago, rank: which, active: true, edits: 0 });
    } else if (item === undefined) return;
    else if (kind === 'delete') {
      // A window is begun again so often, and no more.
      if (this.deletions === 3) return;
      this.deletions += 1;
      this.items.splice(this.items.indexOf(item), 1);
      this.always.delete(item.id);
    } else if (kind === 'edit') item.edits += 1;
    else {
      item.active = kind === 'restore';
      if (!item.active) this.always.delete(item.id);
    }
  }
}

test('what is active from beginning to end is read, once, as it was last, whatever comes, goes and changes meanwhile', async () => {
  let several = 0;
  let after = 0;
  await fc.assert(
    fc.asyncProperty(history, async (plan) => {
      const list = new Moving(plan);
      const counts: number[] = [];
      const collection: Collection = {
        client: list.client,
        resource: resourceOf('products'),
        expand: [],
        silent: [],
        objects: new Map(),
        begun: new Map(),
        moment: 0,
        notes: [],
        progress: (objects) => counts.push(objects),
        seen() {},
      };
      const read = collection.objects;
      /** Some that the entries of a file mean, and that did not come yet. */
      const ahead = () => {
        const values = plan.declared.map((place) => `p${place}`).filter((id) => !read.has(id));
        const batch = { parameter: 'ids[]', values: [...new Set(values)].slice(0, 10), states: [{}], isById: false };
        return values.length === 0 ? null : { ids: [], filters: [], batches: [batch], list: null };
      };
      await list.during(collectList(collection, { active: 'true' }, undefined, ahead));
      expect([...list.always].filter((id) => !read.has(id))).toEqual([]);
      expect([...list.gone].filter((id) => read.has(id))).toEqual([]);
      for (const [id, { fields }] of read) expect(fields.name).toBe(list.told.get(id));
      const ages = [...read.values()].map(({ created }) => Number(created));
      // A window that began again has new ones at the end.
      if (list.deletions === 0) expect(ages).toEqual([...ages].sort((one, other) => other - one));
      if (list.most > 1) several += 1;
      if (list.footholds > 0) after += 1;
    }),
    runs(1000),
  );
  expect(several).toBeGreaterThan(runs(200).numRuns);
  expect(after).toBeGreaterThan(runs(100).numRuns);
});
