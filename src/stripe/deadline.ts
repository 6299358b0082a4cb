import { setMaxListeners } from 'node:events';

/** There was no time for an answer. Its message is a clause, the remedy a sentence. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** The moment by which all reading ends: when its time has passed, or the run is interrupted. Sleeps and requests end with it. */
export class Deadline {
  private readonly seconds: number;
  private readonly interrupted: AbortSignal;
  private readonly end: number;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(seconds: number, interrupted: AbortSignal) {
    this.seconds = seconds;
    this.interrupted = interrupted;
    this.end = performance.now() + seconds * 1000;
    // Everything that waits listens; Node 20 warns of more than ten.
    setMaxListeners(0, this.controller.signal);
    this.timer = setTimeout(() => this.controller.abort(), seconds * 1000);
    if (interrupted.aborted) this.controller.abort();
    interrupted.addEventListener('abort', () => this.controller.abort(), { once: true });
  }

  /** Aborted when there is no time left. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Milliseconds that are left; 0 when none. */
  get left(): number {
    return this.signal.aborted ? 0 : Math.max(0, this.end - performance.now());
  }

  /** Why there is no time left. */
  get reason(): OutOfTime {
    if (this.interrupted.aborted) return new OutOfTime('the run was interrupted', 'Run the check again.');
    return new OutOfTime(
      `the deadline of ${this.seconds} ${this.seconds === 1 ? 'second' : 'seconds'} has passed`,
      'Run the check again; status.stripe.com shows outages. If an account takes longer than that, raise timeout-seconds.',
    );
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

  /** Ends whatever still waits, and lets the process end. */
  close(): void {
    clearTimeout(this.timer);
    this.controller.abort();
  }
}
