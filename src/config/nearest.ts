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
    // A short word with another first letter is another word.
    const isOther = 2 * steps >= wanted.length && candidate[0]?.toLowerCase() !== wanted[0];
    if (steps >= least || isOther) continue;
    least = steps;
    best = candidate;
  }
  return best;
}

/** The one candidate that differs by a letter or two, or only in case and in what joins its words; null where none does, or several do. */
export function typo(word: string, all: readonly string[]): string | null {
  const candidates = word.length > 100 ? [] : all.slice(0, MOST_CANDIDATES);
  const [wanted, plains] = [plain(word.trim()), plainOf(all)];
  const same = candidates.filter((_, index) => plains[index] === wanted);
  const near = candidates.filter(
    (candidate) => Math.abs(candidate.length - word.length) <= 2 && distance(word, candidate) <= 2,
  );
  const [meant, ...others] = same.length > 0 ? same : near;
  return meant !== undefined && others.length === 0 ? meant : null;
}

/** A word without case, and with one sign for whatever joins its parts. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[^a-z\d]+/g, '.');
}

const plainWords = new WeakMap<readonly string[], readonly string[]>();

/** The same of each candidate, once for all words that are compared with them. */
function plainOf(all: readonly string[]): readonly string[] {
  const known = plainWords.get(all) ?? all.slice(0, MOST_CANDIDATES).map(plain);
  plainWords.set(all, known);
  return known;
}

/** ` Did you mean x?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const candidate = nearest(word, candidates);
  return candidate === null ? '' : ` Did you mean ${bare(candidate)}?`;
}
