import type { Lacking, Refusal } from './model.ts';
import { inSentence, sectionWords } from './text.ts';

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

/** Why several sections could not be read, each reason once. Those that the key may not read stand in one sentence. */
export function reasonsOf(refusals: readonly Partial<Pick<Refusal, 'reason' | 'lacks'>>[]): string[] {
  const lacking = refusals.flatMap(({ lacks }) => lacks ?? []);
  const isTogether = lacking.length > 1;
  const others = refusals.filter(({ lacks }) => !isTogether || lacks === undefined);
  return [
    ...(isTogether ? lackingWords(lacking) : []),
    ...new Set(others.flatMap(({ reason }) => (reason === undefined ? [] : [reason]))),
  ];
}

function lackingWords(lacking: readonly Lacking[]): string[] {
  const namesOf = (some: readonly Lacking[]) => sectionWords(some.map(({ section }) => section));
  const absent = lacking.filter(({ permission }) => permission === null);
  const refused = lacking.filter(({ permission }) => permission !== null);
  const labels = [...new Set(refused.map(({ permission }) => String(permission)))];
  const permissions = `the read permission${labels.length === 1 ? '' : 's'} ${inSentence(labels)}`;
  return [
    ...(absent.length === 0 ? [] : [`The snapshot holds no ${namesOf(absent)}.`]),
    ...(refused.length === 0 ? [] : [`The key may not read ${namesOf(refused)}: it lacks ${permissions}.`]),
  ];
}
