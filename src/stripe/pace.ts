import type { Deadline } from './deadline.ts';

/** Requests that may be under way at once. */
const IN_FLIGHT = 16;

/** Spaces requests evenly, so that no second sees more than `perSecond` of them, and bounds those under way. */
export class Pace {
  private readonly interval: number;
  private next = 0;
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(perSecond: number) {
    this.interval = 1000 / perSecond;
  }

  /** Runs a request in its turn. */
  async run<T>(deadline: Deadline, request: () => Promise<T>): Promise<T> {
    if (this.underWay >= IN_FLIGHT) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.underWay += 1;
    try {
      const now = performance.now();
      const start = Math.max(now, this.next);
      this.next = start + this.interval;
      await deadline.sleep(start - now);
      return await request();
    } finally {
      const following = this.waiting.shift();
      if (following) following();
      else this.underWay -= 1;
    }
  }
}
