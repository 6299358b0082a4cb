/** Why no answer came: nothing that Stripe said. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  /** Whether another try would end the same. */
  readonly isFinal: boolean;

  constructor(message: string, isFinal = false) {
    super(message);
    this.isFinal = isFinal;
  }
}
