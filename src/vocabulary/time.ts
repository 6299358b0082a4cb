import { quote } from '../text.ts';
import { decimalFromStripe } from './decimal.ts';
import { scalar } from './scalars.ts';
import type { Type } from './type.ts';

/**
 * A moment: in the file a day (`2027-01-31`, its first second in UTC) or a time with its zone (`2027-01-31T12:00:00Z`,
 * `…+02:00`), at Stripe seconds since 1970. Kept as the day where it is one, else as the time in UTC.
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
    if (seconds === null) context.complain(node.at, `is ${quote(text)}, which is not in the calendar`);
    return seconds === null ? text : isoOf(seconds);
  },
  actual(raw) {
    const digits = decimalFromStripe(raw);
    if (digits === null) return null;
    const seconds = /^\d{1,11}$/.test(digits) ? Number(digits) : secondsOf(digits);
    return seconds === null ? digits : isoOf(seconds);
  },
  parameter: (value) => (value === null ? '' : String(secondsOf(String(value)) ?? value)),
};

/** Seconds since 1970; null for what names no moment after that. */
function secondsOf(text: string): number | null {
  const [, day = '', clock] = /^(\d{4}-\d{2}-\d{2})(?:T(.+))?$/.exec(text) ?? [];
  const midnight = new Date(`${day}T00:00:00Z`);
  // A day that does not exist, such as the 30th of February, would be another.
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return null;
  const moment = clock === undefined ? midnight : new Date(`${day}T${clock}`);
  const seconds = moment.getTime() / 1000;
  return Number.isSafeInteger(seconds) && seconds >= 0 ? seconds : null;
}

/** In years of more than four digits, which no file can state, the digits stay. */
function isoOf(seconds: number): string {
  const iso = new Date(seconds * 1000).toISOString();
  return /^\d{4}-/.test(iso) ? iso.replace('.000Z', 'Z').replace('T00:00:00Z', '') : String(seconds);
}
