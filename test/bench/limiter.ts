/** Stripe's limits, in requests a second: of one endpoint, and of an account in each mode. */
export const limits = { endpoint: 25, test: 25, live: 100 } as const;

/** Lets so many requests through in any second, however they are spread over it. */
export class Limiter {
  private readonly perSecond: number;
  /** When the latest requests were let through, in milliseconds: a ring. */
  private readonly times: number[];
  private next = 0;

  constructor(perSecond: number) {
    this.perSecond = perSecond;
    this.times = new Array<number>(perSecond).fill(Number.NEGATIVE_INFINITY);
  }

  /** Whether a request would be let through at this moment. */
  isFree(now: number): boolean {
    return now - (this.times[this.next] ?? 0) >= 1000;
  }

  count(now: number): void {
    this.times[this.next] = now;
    this.next = (this.next + 1) % this.perSecond;
  }
}

/** The limits of one account: an endpoint is a list, or the single objects below it. What is refused does not count. */
export class AccountLimiter {
  private readonly overall: Limiter;
  private readonly endpoints = new Map<string, Limiter>();

  constructor(mode: 'live' | 'test') {
    this.overall = new Limiter(limits[mode]);
  }

  /** Null where a request may pass, else which limit refuses it, in the words of Stripe's header. */
  refuses(endpoint: string, now: number): 'global-rate' | 'endpoint-rate' | null {
    const own = this.endpoints.get(endpoint) ?? new Limiter(limits.endpoint);
    this.endpoints.set(endpoint, own);
    if (!this.overall.isFree(now)) return 'global-rate';
    if (!own.isFree(now)) return 'endpoint-rate';
    this.overall.count(now);
    own.count(now);
    return null;
  }
}
