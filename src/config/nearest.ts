import { distance } from 'fastest-levenshtein';
import { bare } from '../text.ts';

/** So many candidates are looked at: a file of ten thousand wrong names would else take the square of that. */
const MOST_CANDIDATES = 500;

/** The candidate that a person most likely meant, or null when none is near. */
export function nearest(word: string, all: readonly string[]): string | null {
  const candidates = all.slice(0, MOST_CANDIDATES);
  const wanted = word.slice(0, 100).toLowerCase();
  const longer =
    wanted.length > 3
      ? candidates.find((candidate) => candidate.slice(0, 100).toLowerCase().startsWith(wanted))
      : undefined;
  if (longer !== undefined) return longer;
  let best: string | null = null;
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    // So many letters have to come or go.
    if (Math.abs(Math.min(candidate.length, 100) - wanted.length) >= least) continue;
    const steps = distance(wanted, candidate.slice(0, 100).toLowerCase());
    if (steps >= least) continue;
    least = steps;
    best = candidate;
  }
  return best;
}

/** ` Did you mean x?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const candidate = nearest(word, candidates);
  return candidate === null ? '' : ` Did you mean ${bare(candidate)}?`;
}
