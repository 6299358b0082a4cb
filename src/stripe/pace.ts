import type { Deadline } from './deadline.ts';

/** Requests that may be under way at once. */
const IN_FLIGHT = 16;
/** Requests are spaced this much wider than the ceiling, so that it holds at Stripe too, where some arrive late and some do not. */
const SLACK = 1.05;
/** The pace of an endpoint never falls below this part of the ceiling, */
const SLOWEST = 0.1;
/** and is back after this long without a 429. */
const RECOVERY_MS = 10_000;

interface Lane {
  /** When the endpoint may be asked next. */
  next: number;
  /** Its pace at the last 429, as a part of the ceiling, and when that was. */
  factor: number;
  slowedAt: number;
}

/**
 * Spaces requests evenly, so that no second sees more than `perSecond` of them, and bounds those under way. An endpoint that
 * answers 429 is asked half as often, and step by step as before once it is quiet.
 */
export class Pace {
  private readonly interval: number;
  private next = 0;
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly lanes = new Map<string, Lane>();

  constructor(perSecond: number) {
    this.interval = (1000 * SLACK) / perSecond;
  }

  /** Runs a request to an endpoint in its turn. */
  async run<T>(endpoint: string, deadline: Deadline, request: () => Promise<T>): Promise<T> {
    if (this.underWay >= IN_FLIGHT) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.underWay += 1;
    try {
      await this.turn(endpoint, deadline);
      return await request();
    } finally {
      const following = this.waiting.shift();
      if (following) following();
      else this.underWay -= 1;
    }
  }

  /** An endpoint has answered 429. */
  slow(endpoint: string): void {
    const lane = this.lane(endpoint);
    const now = performance.now();
    lane.factor = Math.max(SLOWEST, this.factor(lane, now) / 2);
    lane.slowedAt = now;
  }

  /** Waits until both the endpoint and all together may send. Each is asked again after every wait: both may have moved. */
  private async turn(endpoint: string, deadline: Deadline): Promise<void> {
    const lane = this.lane(endpoint);
    for (;;) {
      const now = performance.now();
      const wait = Math.max(this.next, lane.next) - now;
      if (wait <= 0 || deadline.left === 0) {
        this.next = now + this.interval;
        lane.next = now + this.interval / this.factor(lane, now);
        return;
      }
      await deadline.sleep(wait);
    }
  }

  /** The pace of an endpoint now, as a part of the ceiling: it grows evenly from the last 429 on. */
  private factor({ factor, slowedAt }: Lane, now: number): number {
    return Math.min(1, factor + (1 - factor) * ((now - slowedAt) / RECOVERY_MS));
  }

  private lane(endpoint: string): Lane {
    let lane = this.lanes.get(endpoint);
    if (lane === undefined) {
      lane = { next: 0, factor: 1, slowedAt: 0 };
      this.lanes.set(endpoint, lane);
    }
    return lane;
  }
}
