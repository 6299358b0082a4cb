import type { Actual, Fields, IgnoreRule, Value } from '../model.ts';
import { isRecord } from '../model.ts';
import { resourceOf } from '../resources/index.ts';

/** What a rule of `ignore` means. */

/** Whether a rule accepts a live object without its being declared. */
export function accepts({ section, pattern }: IgnoreRule, of: string, live: Actual): boolean {
  if (section !== of) return false;
  if (typeof pattern === 'string') {
    const identities = resourceOf(section).identities.map(({ by }) => live.fields[by]);
    return [live.id, ...identities].some((value) => typeof value === 'string' && matchesPattern(value, pattern));
  }
  return pattern.every(({ path, value }) => {
    const actual = path.reduce<Value | null>(
      (at, step) => (isRecord(at) ? ((at as Fields)[step] ?? null) : null),
      live.fields,
    );
    if (value === null || actual === null) return value === actual;
    return typeof actual !== 'object' && matchesPattern(String(actual), value);
  });
}

/** Whether a text is like a pattern in which `*` stands for any characters. Takes time of at most their product. */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let retry = 0;
  let position = 0;
  while (at < text.length) {
    if (position < pattern.length && pattern[position] === '*') {
      star = position;
      retry = at;
      position += 1;
    } else if (position < pattern.length && pattern[position] === text[at]) {
      position += 1;
      at += 1;
    } else if (star !== -1) {
      position = star + 1;
      retry += 1;
      at = retry;
    } else return false;
  }
  while (pattern[position] === '*') position += 1;
  return position === pattern.length;
}
