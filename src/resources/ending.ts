import { type Fields, type Symptom, WARN_DAYS } from '../model.ts';
import type { HealthRule } from './resource.ts';

/** Rules of health about what can be redeemed up to a moment, and so many times. */

/** Whether at most a tenth of so many redemptions is left, but one at least. */
export function isNearlyUsedUp(times: number, most: number | null): boolean {
  return most !== null && times < most && (most - times) * 10 <= most;
}

/** The rules about one kind, such as `coupon`. */
export function endingRules(kind: string): { readonly [id: string]: HealthRule } {
  return {
    [ruleOf(kind, 'expires-soon')]: {
      severity: 'warning',
      finds: `a ${kind} that expires within \`policy.health.warn_days\` (${WARN_DAYS} days, if that is not set)`,
    },
    [ruleOf(kind, 'nearly-used-up')]: {
      severity: 'warning',
      finds: `a ${kind} of whose \`max_redemptions\` at most a tenth is left`,
    },
  };
}

function ruleOf(kind: string, end: string): string {
  return `${kind.replaceAll(' ', '-')}-${end}`;
}

/**
 * What is told of an object that is about to end. Its words stay the same from day to day: neither the days nor the
 * redemptions that are left are counted in them. `until` is the field that says when it expires; `instead` says what to do
 * where the end is not meant: create one that is `such`, since a field of this one can't be changed.
 */
export function endingSymptoms(
  kind: string,
  fields: Fields,
  soon: number,
  { until, instead }: { readonly until: string; readonly instead: (such: string, field: string) => string },
): Symptom[] {
  const remedy = (such: string, field: string) =>
    `If that is meant, remove the entry when it has ended. ${instead(such, `\`${field}\``)}`;
  const end = fields[until];
  const symptoms: Symptom[] = [];
  if (typeof end === 'string' && Date.parse(end) <= soon) {
    const message = `its \`${until}\` is ${end}: from then on, nobody can redeem it, and requests that name it fail.`;
    symptoms.push({
      rule: ruleOf(kind, 'expires-soon'),
      field: until,
      message,
      remedy: remedy('that ends later', until),
    });
  }
  if (fields.nearly_used_up === true) {
    const message =
      'at most a tenth of its `max_redemptions` is left: after that, nobody can redeem it, and requests that name it fail.';
    const most = 'max_redemptions';
    const such = `with a higher \`${most}\``;
    symptoms.push({ rule: ruleOf(kind, 'nearly-used-up'), field: most, message, remedy: remedy(such, most) });
  }
  return symptoms;
}
