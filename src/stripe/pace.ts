import type { Deadline } from './deadline.ts';

/** Requests that may be under way at once. */
const IN_FLIGHT = 16;
/** Requests are spaced this much wider than the ceiling, so that it holds at Stripe too, where some arrive late and some do not. */
const SLACK = 1.05;
/**
 * Requests a second that Stripe lets pass to one endpoint, and to an account (docs.stripe.com/rate-limits). An account whose
 * ceiling is above that has limits of its own.
 */
const OF_ENDPOINT = 25;
const OF_ACCOUNT = 100;
/** The pace of an endpoint never falls below this part of its fastest, */
const SLOWEST = 0.1;
/** and is back after this long without a 429. */
const RECOVERY_MS = 10_000;
/** How much of what is known of the latency one answer replaces. */
const SHARE_OF_ONE = 0.2;

interface Lane {
  /** When the endpoint may be asked next. */
  next: number;
  /** Its requests that are under way. */
  underWay: number;
  /** Its pace at the last 429, as a part of its fastest, and when that was. */
  factor: number;
  slowedAt: number;
}

/**
 * Spaces requests evenly, so that no second sees more than `perSecond` of them, and bounds those under way. An endpoint that
 * answers 429 is asked half as often, and step by step as before once it is quiet.
 */
export class Pace {
  /** Between two requests, in milliseconds; to one endpoint where it is fastest. */
  private readonly interval: number;
  private readonly laneInterval: number;
  /** How long an answer takes, in milliseconds; null where none has come. */
  private latency: number | null = null;
  private next = 0;
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly lanes = new Map<string, Lane>();

  constructor(perSecond: number) {
    const interval = (rate: number) => (1000 * SLACK) / rate;
    this.interval = interval(perSecond);
    this.laneInterval = interval(perSecond > OF_ACCOUNT ? perSecond : Math.min(perSecond, OF_ENDPOINT));
  }

  /** Runs a request to an endpoint in its turn. */
  async run<T>(endpoint: string, deadline: Deadline, request: () => Promise<T>): Promise<T> {
    if (this.underWay >= IN_FLIGHT) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.underWay += 1;
    const lane = this.lane(endpoint);
    lane.underWay += 1;
    try {
      await this.turn(lane, deadline);
      const sent = performance.now();
      const answer = await request();
      const took = performance.now() - sent;
      this.latency = this.latency === null ? took : this.latency + SHARE_OF_ONE * (took - this.latency);
      return answer;
    } finally {
      lane.underWay -= 1;
      const another = this.waiting.shift();
      if (another) another();
      else this.underWay -= 1;
    }
  }

  /**
   * How many more requests to an endpoint would keep it busy: as many are sent while one is answered, and one more is ready
   * then (Little's law). What is under way already, to others too, takes of them.
   */
  room(endpoint: string): number {
    const lane = this.lane(endpoint);
    const enough = (interval: number) => Math.ceil((this.latency ?? 0) / interval) + 1;
    const underWay = this.underWay + this.waiting.length;
    const ofAll = Math.min(IN_FLIGHT, enough(this.interval)) - underWay;
    const ofLane = enough(this.laneInterval / this.factor(lane, performance.now())) - lane.underWay;
    return Math.max(0, Math.min(ofAll, ofLane));
  }

  /** An endpoint has answered 429 to a request sent at a moment. One that was sent before it was slowed tells nothing new. */
  slow(endpoint: string, sent: number = performance.now()): void {
    const lane = this.lane(endpoint);
    const now = performance.now();
    if (sent < lane.slowedAt) return;
    lane.factor = Math.max(SLOWEST, this.factor(lane, now) / 2);
    lane.slowedAt = now;
  }

  /** Waits until both the endpoint and all together may send. Each is asked again after every wait: both may have moved. */
  private async turn(lane: Lane, deadline: Deadline): Promise<void> {
    for (;;) {
      const now = performance.now();
      const wait = Math.max(this.next, lane.next) - now;
      if (wait <= 0 || deadline.left === 0) {
        this.next = following(this.next, this.interval, now);
        lane.next = following(lane.next, this.laneInterval / this.factor(lane, now), now);
        return;
      }
      await deadline.sleep(wait);
    }
  }

  /** The pace of an endpoint now, as a part of its fastest: it grows evenly from the last 429 on. */
  private factor({ factor, slowedAt }: Lane, now: number): number {
    return Math.min(1, factor + (1 - factor) * ((now - slowedAt) / RECOVERY_MS));
  }

  private lane(endpoint: string): Lane {
    let lane = this.lanes.get(endpoint);
    if (lane === undefined) {
      lane = { next: 0, underWay: 0, factor: 1, slowedAt: 0 };
      this.lanes.set(endpoint, lane);
    }
    return lane;
  }
}

/** When the request after one may be sent that was due at a moment and is sent now. What came late by a little is made up for by the slack. */
function following(due: number, interval: number, now: number): number {
  return Math.max(Math.max(due, now - interval) + interval, now + interval / SLACK);
}
