/** Signals by which a run is asked to end, with the exit code that tells so. GitHub cancels a job with SIGINT, then SIGTERM. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Interruption {
  /** Aborted at the first of these signals. */
  readonly signal: AbortSignal;
  /** The exit code, or null while there was no signal. */
  readonly code: number | null;
}

/** Listens for those signals from now on: the first ends reading early, so that what is known can still be reported. */
export function listenForSignals(): Interruption {
  const controller = new AbortController();
  let code: number | null = null;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      code ??= CODES[name];
      controller.abort();
    });
  }
  return {
    signal: controller.signal,
    get code() {
      return code;
    },
  };
}
