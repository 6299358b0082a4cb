import { distance } from 'fastest-levenshtein';

/** The candidate that a person most likely meant, or null when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const wanted = word.slice(0, 100).toLowerCase();
  const longer =
    wanted.length > 3 ? candidates.find((candidate) => candidate.toLowerCase().startsWith(wanted)) : undefined;
  if (longer !== undefined) return longer;
  let best: string | null = null;
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const steps = distance(wanted, candidate.toLowerCase());
    if (steps >= least) continue;
    least = steps;
    best = candidate;
  }
  return best;
}

/** ` Did you mean x?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const candidate = nearest(word, candidates);
  return candidate === null ? '' : ` Did you mean ${candidate}?`;
}
