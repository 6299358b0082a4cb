/** A failure that stops the check and that the user can fix: what happened, and what to do about it. */
export class CheckError extends Error {
  override readonly name = 'CheckError';
  /** What to do about it, as a sentence. */
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}
