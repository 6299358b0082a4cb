/**
 * Which pages of a list are asked for next. A list is read page by page, and, once it turns out to be long, in windows:
 * stretches of `created`, each with a cursor of its own. Nobody knows beforehand how the objects lie, so a window is split by
 * what was found: where another request would find room, and as often as a few requests more allow.
 *
 * Whatever comes, goes or changes meanwhile, what is there from the first page to the last is read once: `created` of an
 * object never changes, so that it lies in one window, and in a window each page follows the one before.
 *
 * Pure: collect.ts carries it out.
 */

/** A list is read in one window until so many pages are read: a short one costs no request more than it must. */
const ALONE = 5;
/** Of the pages of a list, windows may cost this part more, and one at least: each split costs one at most, a page that is not full. */
const SPARE = 0.15;
/** A window that has fewer pages left is not split. */
const LEAST = 3;
/** No object of Stripe's is older: 2010-01-01, in seconds since 1970. */
const BEGINNING = 1_262_304_000;

/** A stretch of a list. */
export interface Window {
  /** The newest and the oldest second that lie in it; null where it has no bound. */
  readonly newest: number | null;
  readonly oldest: number | null;
  /** What the next page follows: the object that was read last, or the address that Stripe gave. */
  readonly after: string | null;
}

/** What a page tells of its window. */
export interface Arrival {
  readonly count: number;
  /** Its last object, or the address of the next page. */
  readonly last: string | null;
  /** When its first and its last object were created; null where it has none, or Stripe does not say. */
  readonly newest: number | null;
  readonly oldest: number | null;
  readonly hasMore: boolean;
}

interface Stretch extends Window {
  oldest: number | null;
  after: string | null;
  readonly cursors: Set<string>;
  /** The second that reading has come to. */
  reached: number | null;
  /** Objects a second, as they lay on the last page; infinite where that was all of one second. */
  rate: number;
  restarts: number;
}

export class Windows {
  private readonly waiting = new Set<Stretch>();
  private readonly asked = new Set<Stretch>();
  private canSplit: boolean;
  private objects = 0;
  private fullest = 1;
  private splits = 0;

  /** `canSplit`: the list takes `created` as a filter. */
  constructor(canSplit: boolean) {
    this.canSplit = canSplit;
    this.waiting.add(stretch(null, null, null, 0));
  }

  /** Nothing is left to ask, and nothing asked. */
  get isDone(): boolean {
    return this.waiting.size + this.asked.size === 0;
  }

  /** The list was split. */
  get areSeveral(): boolean {
    return this.splits > 0;
  }

  /** The windows whose next page is to be asked for now. `room`: so many requests would be sent without delay. */
  due(room: number): readonly Window[] {
    while (this.waiting.size < room && this.split()) {}
    const due = [...this.waiting];
    this.waiting.clear();
    for (const window of due) this.asked.add(window);
    return due;
  }

  /** A page has come. Whether the list moves on. */
  arrived(window: Window, page: Arrival): boolean {
    const one = window as Stretch;
    this.asked.delete(one);
    this.objects += page.count;
    this.fullest = Math.max(this.fullest, page.count);
    if (!page.hasMore) return true;
    if (page.last === null || one.cursors.has(page.last)) return false;
    one.after = page.last;
    one.cursors.add(page.last);
    if (page.newest === null || page.oldest === null) this.canSplit = false;
    else {
      one.reached = page.oldest;
      one.rate = page.count / Math.max(0, page.newest - page.oldest);
    }
    this.waiting.add(one);
    return true;
  }

  /** The object that the next page was to follow is gone: the window begins again. How often it has. */
  restart(window: Window): number {
    const one = window as Stretch;
    this.asked.delete(one);
    this.waiting.add(one);
    one.after = null;
    one.cursors.clear();
    one.reached = one.newest;
    one.restarts += 1;
    return one.restarts;
  }

  /** Splits the window that has most left, if its next page is not asked for already. Whether it was split. */
  private split(): boolean {
    const pages = this.objects / this.fullest;
    if (!this.canSplit || pages < ALONE || this.splits + 1 > Math.max(1, SPARE * pages)) return false;
    let longest: Stretch | null = null;
    let most = LEAST * this.fullest;
    for (const one of [...this.waiting, ...this.asked]) {
      const left = this.left(one);
      if (left >= most) [longest, most] = [one, left];
    }
    if (longest === null || longest.reached === null || !this.waiting.has(longest)) return false;
    // Half of what is left; all of one second, where it is not known whether there is any other.
    const newer = Math.max(longest.rate === Infinity ? 0 : 1, Math.floor(most / 2 / longest.rate));
    const last = longest.reached - newer - (longest.rate === Infinity ? 1 : 0);
    this.waiting.add(stretch(last, longest.oldest, last, longest.rate));
    longest.oldest = last + 1;
    this.splits += 1;
    return true;
  }

  /** How many objects are likely left: as many as lie so densely in the time that is left, and no more than were found. */
  private left({ reached, oldest, rate }: Stretch): number {
    const seconds = reached === null ? 0 : reached - (oldest ?? BEGINNING);
    return seconds <= 0 ? 0 : Math.min(seconds * rate, this.objects);
  }
}

function stretch(newest: number | null, oldest: number | null, reached: number | null, rate: number): Stretch {
  return { newest, oldest, after: null, cursors: new Set(), reached, rate, restarts: 0 };
}
