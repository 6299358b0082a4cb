import type { Value } from '../model.ts';
import { quote } from '../text.ts';
import { decimalFromStripe } from './decimal.ts';
import { scalar } from './scalars.ts';
import type { Type } from './type.ts';

/**
 * A moment: in the file a day (`2027-01-31`, its first second in UTC) or a time with its zone (`2027-01-31T12:00:00Z`,
 * `…+02:00`), at Stripe seconds since 1970. Kept as those, in digits.
 */
export const timestamp: Type = {
  schema: {
    type: ['string', 'null'],
    pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2})?(Z|[+-]\\d{2}:\\d{2}))?$',
    patternErrorMessage: 'Expected a day, such as 2027-01-31, or a time with its zone, such as 2027-01-31T12:00:00Z.',
  },
  expected(node, context) {
    const { value, text } = scalar(node);
    if (value === null) return null;
    const seconds = secondsOf(text);
    if (seconds === null) context.complain(node.at, `is ${quote(text)}, which is no moment of the calendar`);
    return seconds ?? text;
  },
  actual: decimalFromStripe,
  spelled: (value) => isoOf(value) ?? (value as string | null),
  words: (value) => isoOf(value)?.replace('T', ' ').replace('Z', ' UTC') ?? null,
};

/** Seconds since 1970, in digits; null for what names no moment after that. */
function secondsOf(text: string): string | null {
  const [, day = '', clock] = /^(\d{4}-\d{2}-\d{2})(?:T(.+))?$/.exec(text) ?? [];
  const midnight = new Date(`${day}T00:00:00Z`);
  // A day that does not exist, such as the 30th of February, would be another.
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return null;
  const moment = clock === undefined ? midnight : new Date(`${day}T${clock}`);
  const seconds = moment.getTime() / 1000;
  return Number.isSafeInteger(seconds) && seconds >= 0 ? String(seconds) : null;
}

function isoOf(value: Value): string | null {
  if (typeof value !== 'string' || !/^\d{1,11}$/.test(value)) return null;
  const iso = new Date(Number(value) * 1000).toISOString();
  return /^\d{4}-/.test(iso) ? iso.replace('.000Z', 'Z').replace('T00:00:00Z', '') : null;
}
