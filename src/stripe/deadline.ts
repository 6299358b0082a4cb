/** The moment by which all reading ends. Sleeps and requests under it end with it. */
export class Deadline {
  readonly seconds: number;
  private readonly end: number;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(seconds: number) {
    this.seconds = seconds;
    this.end = performance.now() + seconds * 1000;
    this.timer = setTimeout(() => this.controller.abort(), seconds * 1000);
  }

  /** Aborted when the deadline has passed. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Milliseconds that are left; 0 when none. */
  get left(): number {
    return Math.max(0, this.end - performance.now());
  }

  /** Waits, at most until the deadline. */
  async sleep(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.signal.addEventListener('abort', done);
      if (this.signal.aborted) done();
    });
  }

  /** Lets the process end. */
  close(): void {
    clearTimeout(this.timer);
  }
}
