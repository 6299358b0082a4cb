/**
 * Which pages of a list are asked for next. A list is read page by page, and, once it turns out to be long, in windows:
 * stretches of `created`, each with a cursor of its own. Nobody knows beforehand how the objects lie, so a window is split by
 * what was found: where another request would find room, and as often as a few requests more allow.
 *
 * Time splits no second. A long one is split after objects of it that were looked up, since the file declares them: footholds.
 * Nobody knows how two of them lie to each other, so whoever comes upon the first page of another window leaves it the rest.
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
  readonly ids: readonly string[];
  /** The address of the next page, where the list tells it. */
  readonly next?: string | null;
  /** When its first and its last object were created; null where it has none, or Stripe does not say. */
  readonly newest: number | null;
  readonly oldest: number | null;
  readonly hasMore: boolean;
}

/** An object of the list that no page had held when it was looked up, and when it was created. */
export interface Foothold {
  readonly id: string;
  readonly second: number;
}

interface Stretch extends Window {
  oldest: number | null;
  after: string | null;
  readonly cursors: Set<string>;
  /** The second that reading has come to. */
  reached: number | null;
  /** Objects a second, as they lay on the last page; infinite where that was all of one second. */
  rate: number;
  /** Objects that were read since all that is left is of one second. */
  ofOneSecond: number;
  /** It follows a foothold, and no page of it has come. */
  isFresh: boolean;
  /** It reads to its end, whatever it comes upon. */
  isWhole: boolean;
  restarts: number;
}

export class Windows {
  private readonly waiting = new Set<Stretch>();
  private readonly asked = new Set<Stretch>();
  private canSplit: boolean;
  private objects = 0;
  private fullest = 1;
  /** What windows have cost, or may. */
  private splits = 0;
  private footholds: readonly Foothold[] = [];
  private areFootholdsAsked = false;
  /** What was read since all that was left of a window is of one second. */
  private readonly passed = new Set<string>();
  /** A foothold that was used and the objects of the page that followed it, with the window that has read them. */
  private readonly marks = new Map<string, Stretch>();

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

  /** A second was read from several places. */
  get shareSeconds(): boolean {
    return this.marks.size > 0;
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
  arrived(window: Window, { ids, next = null, newest, oldest, hasMore }: Arrival): boolean {
    const one = window as Stretch;
    this.asked.delete(one);
    if (one.isFresh) {
      // The window above came past the foothold meanwhile, and goes on.
      if (ids.some((id) => this.passed.has(id))) return true;
      for (const id of [one.after as string, ...ids]) this.marks.set(id, one);
      one.isFresh = false;
    }
    const count = ids.length;
    const last = next ?? ids.at(-1) ?? null;
    this.objects += count;
    this.fullest = Math.max(this.fullest, count);
    if (isOfOneSecond(one)) for (const id of ids) this.passed.add(id);
    const isMet = !one.isWhole && ids.some((id) => (this.marks.get(id) ?? one) !== one);
    if (!hasMore || isMet) return true;
    if (last === null || one.cursors.has(last)) return false;
    one.after = last;
    one.cursors.add(last);
    if (newest === null || oldest === null) this.canSplit = false;
    else {
      one.reached = oldest;
      one.rate = count / Math.max(0, newest - oldest);
      if (isOfOneSecond(one)) one.ofOneSecond += count;
    }
    this.waiting.add(one);
    return true;
  }

  /** Whether objects in the middle of a second would let more requests be sent. `room` is as for `due`. To be asked after it. */
  needsFootholds(room: number): boolean {
    const areLeft = this.areFootholdsAsked || this.footholds.length > 0;
    return room > 0 && !areLeft && this.mayCost(2) && this.longSecond() !== null;
  }

  /** A look-up of them is sent. */
  askFootholds(): void {
    this.areFootholdsAsked = true;
    this.splits += 1;
  }

  /** Its answer has come. */
  footholdsCame(footholds: readonly Foothold[]): void {
    this.areFootholdsAsked = false;
    this.footholds = footholds;
  }

  /**
   * The object that the next page was to follow is gone: the window begins again. How often it has. One that was to follow a
   * foothold is given up: the window above reads on.
   */
  restart(window: Window): number {
    const one = window as Stretch;
    this.asked.delete(one);
    if (one.isFresh) return 0;
    this.waiting.add(one);
    // From the top of its second others lie between, which left it the rest.
    one.isWhole = this.marks.size > 0;
    one.after = null;
    one.cursors.clear();
    one.reached = one.newest;
    one.restarts += 1;
    return one.restarts;
  }

  /** Splits a window, if it is worth it. Whether it was split. */
  private split(): boolean {
    return this.canSplit && this.mayCost(1) && (this.splitByTime() || this.splitByFoothold());
  }

  /** Whether windows may cost so many requests more. */
  private mayCost(requests: number): boolean {
    const pages = this.objects / this.fullest;
    return pages >= ALONE && this.splits + requests <= Math.max(1, SPARE * pages);
  }

  /** Splits the window that has most left, if its next page is not asked for already. */
  private splitByTime(): boolean {
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

  /** Begins a window after a foothold in a long second. */
  private splitByFoothold(): boolean {
    const second = this.longSecond();
    if (second === null) return false;
    const left = this.footholds.filter((one) => one.second === second && !this.passed.has(one.id));
    const next = left.at(-1);
    this.footholds = left.slice(0, -1);
    if (next === undefined) return false;
    this.waiting.add({ ...stretch(second, second, second, Infinity), after: next.id, isFresh: true });
    this.splits += 1;
    return true;
  }

  /** A second of which so much was read that more is likely left; null where there is none. */
  private longSecond(): number | null {
    const long = [...this.waiting, ...this.asked].find((one) => one.ofOneSecond >= LEAST * this.fullest);
    return long?.reached ?? null;
  }

  /** How many objects are likely left: as many as lie so densely in the time that is left, and no more than were found. */
  private left({ reached, oldest, rate }: Stretch): number {
    const seconds = reached === null ? 0 : reached - (oldest ?? BEGINNING);
    return seconds <= 0 ? 0 : Math.min(seconds * rate, this.objects);
  }
}

/** Whether all that is left of a window was created in one second. */
function isOfOneSecond({ reached, oldest }: Stretch): boolean {
  return reached !== null && reached === oldest;
}

function stretch(newest: number | null, oldest: number | null, reached: number | null, rate: number): Stretch {
  const none = { after: null, ofOneSecond: 0, isFresh: false, isWhole: false, restarts: 0 };
  return { ...none, newest, oldest, cursors: new Set(), reached, rate };
}
