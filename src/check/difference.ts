import deepDiff from 'deep-diff';
import { type Change, isRecord, record, type Value } from '../model.ts';

/**
 * The changes from one canonical value to another: deep-diff behind one door. What a list has more or less is a change at
 * its index. Order is by path, expected before actual.
 */
export function difference(expected: Value, actual: Value): Change[] {
  const changes = (deepDiff.diff(withoutEmptyNames(expected), withoutEmptyNames(actual)) ?? []).map((made): Change => {
    const path = (made.path ?? []).map((step) => (step === EMPTY ? '' : String(step)));
    if (made.kind === 'A') return { path: [...path, String(made.index)], ...sides(made.item) };
    return { path, ...sides(made) };
  });
  return changes.sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
}

/** deep-diff overlooks an empty name that only the second value has: it gets another while the two are compared. */
const EMPTY = '\u0000empty';

function withoutEmptyNames(value: Value): Value {
  return renamed(value, '', EMPTY);
}

function renamed(value: Value, from: string, to: string): Value {
  if (Array.isArray(value)) return value.map((item) => renamed(item, from, to));
  if (!isRecord(value)) return value;
  return record(
    Object.entries(value).map(([name, part]) => [name === from ? to : name, renamed(part as Value, from, to)]),
  );
}

function sides(made: object): { expected?: Value; actual?: Value } {
  return {
    ...('lhs' in made && { expected: renamed(made.lhs as Value, EMPTY, '') }),
    ...('rhs' in made && { actual: renamed(made.rhs as Value, EMPTY, '') }),
  };
}

function sortKey({ path, expected, actual }: Change): string {
  const steps = path.map((step) => step.padStart(/^\d+$/.test(step) ? 6 : 0, '0'));
  return JSON.stringify([steps, expected === undefined ? 1 : 0, expected ?? null, actual ?? null]);
}
