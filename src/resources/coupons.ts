import type Stripe from 'stripe';
import { type Entry, type Fields, isRecord, type Value } from '../model.ts';
import { bare, placeWords } from '../text.ts';
import { set } from '../vocabulary/collections.ts';
import { amount, currency, currencyOptions, minorUnit, money, noticeOwnCurrency } from '../vocabulary/money.ts';
import { reference } from '../vocabulary/reference.ts';
import { always, flag, float, integer, literal, scalar, text, word } from '../vocabulary/scalars.ts';
import { part, whole } from '../vocabulary/shape.ts';
import { timestamp } from '../vocabulary/time.ts';
import type { Context, Type } from '../vocabulary/type.ts';
import { endingRules, endingSymptoms, isNearlyUsedUp } from './ending.ts';
import { metadata, metadataDescription } from './metadata.ts';
import { type EntryContext, type Resource, textOf } from './resource.ts';

/** More than nothing, and at most all of it. */
const percentage: Type = {
  ...float,
  expected(node, context) {
    const value = float.expected(node, context);
    const percent = Number(value);
    if (value !== null && !(percent > 0 && percent <= 100))
      context.complain(node.at, `is ${bare(scalar(node).text)}. Expected more than 0 and at most 100`);
    return value;
  },
};

/** Coupons (docs.stripe.com/api/coupons). */
export const coupons: Resource<Stripe.Coupon> = {
  section: 'coupons',
  kind: 'coupon',
  formerly: ['coupon', 'discount', 'discounts'],
  instead: {
    active: 'Remove it: every coupon of the file is expected to be valid',
    valid: 'Remove it: every coupon of the file is expected to be valid',
    product: 'Write applies_to: { products: [ … ] }',
  },
  description:
    "A coupon: a discount that customers can redeem. Found by `id`, else by `name`. If an entry states the discount, the fields of the discount that it leaves out must have Stripe's defaults.",
  example: `launch:
  id: LAUNCH25
  name: Launch
  percent_off: 25
  duration: repeating
  duration_in_months: 3
  applies_to: { products: [pro] }
  redeem_by: 2027-01-31`,
  fields: {
    id: {
      formerly: ['code', 'coupon_id'],
      type: always(literal(text(5000))),
      description:
        "The coupon's id: any text that you chose at creation, or an id from Stripe. Finds the coupon. Can't be changed after creation.",
      read: (live) => live.id,
      fixed: true,
      unique: true,
    },
    name: {
      type: text(40),
      description:
        'The name that customers see instead of the id, at most 40 characters. Finds the coupon if the entry has no `id`.',
      read: (live) => live.name,
      lasting: true,
    },
    percent_off: {
      formerly: ['percent', 'percentage', 'percentage_off', 'discount'],
      type: percentage,
      description:
        "The discount in percent, more than 0 and at most 100. A coupon has this or `amount_off`. Can't be changed after creation.",
      read: (live) => live.percent_off,
      fixed: true,
      implied: ({ amount_off: off }) => off != null,
      together: ['amount_off', 'currency'],
    },
    amount_off: {
      formerly: ['amount', 'discount_amount'],
      type: amount,
      description: `The discount as an amount, ${minorUnit}. A coupon has this or \`percent_off\`. Can't be changed after creation.`,
      read: (live) => live.amount_off,
      fixed: true,
      implied: ({ percent_off: off }) => off != null,
      together: ['percent_off', 'currency'],
    },
    currency: {
      type: currency,
      description:
        "The currency of `amount_off`, such as `usd`; `null` if there is none. Can't be changed after creation.",
      read: (live) => live.currency,
      fixed: true,
      implied: ({ percent_off: off }) => off != null,
    },
    currency_options: {
      type: currencyOptions(
        part({ amount_off: { type: amount, description: `The discount in this currency, ${minorUnit}.` } }),
      ),
      description:
        'Discounts in other currencies, by three-letter code in lower case. If the entry states the discount, list all currencies: any other currency in Stripe is a difference, also if you leave this field out. In an entry without the discount, only the listed currencies are compared; `{}` means that there are none.',
      read: (live) => live.currency_options,
      risk: 'What customers save in these currencies changes.',
      lasting: true,
      expand: () => ['currency_options'],
      silent: true,
    },
    duration: {
      type: always(word(['once', 'repeating', 'forever'])),
      description:
        "How long a subscription keeps the discount: `once`, `repeating` (for `duration_in_months`) or `forever`. If you leave it out of an entry with the discount, `once` is expected. Can't be changed after creation.",
      read: (live) => live.duration,
      fixed: true,
      together: ['duration_in_months'],
    },
    duration_in_months: {
      formerly: ['months'],
      type: integer(1),
      description: "The number of months, if `duration` is `repeating`. Can't be changed after creation.",
      read: (live) => live.duration_in_months,
      fixed: true,
      mirrors: ['duration'],
    },
    applies_to: {
      type: whole({
        products: {
          type: set(reference('products', 'prod_'), {
            nonEmpty: true,
            verbs: { loses: 'would no longer apply it to' },
          }),
          required: true,
          description: 'Products, in any order: names of entries in `products`, or ids.',
        },
      }),
      description:
        "The products that it applies to. `null` means all products; so does leaving it out of an entry with the discount. Can't be changed after creation.",
      read: ({ applies_to: to }) => (to?.products.length === 0 ? null : to),
      fixed: true,
      expand: () => ['applies_to'],
      silent: true,
    },
    max_redemptions: {
      formerly: ['max_uses', 'limit', 'usage_limit'],
      type: integer(1),
      description: "How many times it can be redeemed, by all customers together. Can't be changed after creation.",
      read: (live) => live.max_redemptions,
      fixed: true,
    },
    redeem_by: {
      formerly: ['expires', 'expires_at', 'expiry', 'until', 'valid_until', 'end_date'],
      type: timestamp,
      description:
        "The last time at which it can be redeemed, at most 5 years ahead: a day (`2027-01-31` means its first second in UTC), or a time with a time zone (`2027-01-31T12:00:00Z`). Can't be changed after creation.",
      read: (live) => live.redeem_by,
      fixed: true,
      yearsAhead: 5,
    },
    metadata: { type: metadata, description: metadataDescription, own: true, read: (live) => live.metadata },
    valid: {
      type: flag,
      description: 'Whether it can be redeemed.',
      read: (live) => live.valid,
      observed: true,
    },
    nearly_used_up: {
      type: flag,
      description: 'Whether few of its redemptions are left.',
      from: ['times_redeemed', 'max_redemptions'],
      read: ({ times_redeemed: times, max_redemptions: most }) => isNearlyUsedUp(times, most),
      observed: true,
    },
  },
  id: 'owner',
  identities: [{ by: 'name' }],
  charge: {
    amounts: ['amount_off', 'percent_off'],
    unstated: ({ duration_in_months: months }) => ({
      currency_options: null,
      ...(months == null && { duration: 'once' }),
      applies_to: null,
    }),
    words({ percent_off: percent, amount_off: off, currency: code, duration = 'once', duration_in_months: months }) {
      const amountOff = typeof off === 'string' && typeof code === 'string' ? money(off, code) : null;
      const what = typeof percent === 'string' ? `${percent} %` : amountOff;
      if (what === null) return null;
      const fields = ['percent_off', 'amount_off', 'currency', 'duration', 'duration_in_months'];
      const long =
        { once: ' once', forever: ' forever', repeating: ` for ${String(months)} months` }[String(duration)] ?? '';
      return { words: `${what} off${long}`, amount: null, basis: '', fields };
    },
  },
  state: {
    inForce: ({ valid }) => valid === true,
    retire: { kind: 'delete' },
    restore: null,
    spentWords({ redeem_by: until, max_redemptions: most }) {
      const causes = [...(until == null ? [] : ['expired']), ...(most == null ? [] : ['used up'])];
      return causes.length === 0 ? 'not valid any more' : causes.join(' or ');
    },
    words: {
      retire: 'delete',
      retired: 'expired',
      active: 'valid',
      meaning:
        "Nobody can redeem it any more, and its promotion codes stop working. Discounts that customers have stay. Deleting it can't be undone.",
    },
  },
  permission: { slug: 'rak_coupon_read', label: 'Coupons' },
  source: { path: '/v1/coupons', list: 'v1', inForce: {}, created: true },
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.name ?? live.id,
  naming({ id, name }, { key }) {
    return { keys: [key], names: [textOf(name), textOf(id)], marks: [] };
  },
  likeness: ({ name }) => textOf(name),
  dashboard: 'coupons',
  command: {
    words: ['coupons'],
    creation({ percent_off: percent, amount_off: off, currency: code, duration, duration_in_months: months }) {
      if (percent == null && off == null) return 'percent_off';
      if (percent == null && code == null) return 'currency';
      return duration === 'repeating' && months == null ? 'duration_in_months' : {};
    },
  },
  replacing: 'under another id, have customers redeem the new one, and delete the old one',
  replacingRisk:
    "Customers who redeemed the old coupon keep its discount. Its promotion codes stop working once it is deleted, and a promotion code's coupon can't be changed.",
  check: checkCoupon,
  healthRules: {
    'coupon-used-up': { severity: 'warning', finds: 'a coupon that has expired or is used up' },
    ...endingRules('coupon'),
  },
  health({ fields, inForce }, _stated, _others, soon) {
    const instead = (such: string, field: string) =>
      `Else create a coupon ${such} under another id, and declare that one: the ${field} of this one can't be changed.`;
    if (inForce) return endingSymptoms('coupon', fields, soon, { until: 'redeem_by', instead });
    const { redeem_by: until, max_redemptions: most } = fields;
    const causes = [
      ...(until === null ? [] : ['its `redeem_by` has passed']),
      ...(most === null ? [] : ['it was redeemed `max_redemptions` times']),
    ];
    const why = causes.length === 0 ? '' : `: ${causes.join(', or ')}`;
    const message = `it can't be redeemed any more${why}.`;
    const remedy =
      'Remove the entry if nobody needs it any more. Else create a coupon under another id, and declare that one.';
    return [{ rule: 'coupon-used-up', field: null, message, remedy }];
  },
};

function checkCoupon(stated: ReadonlyMap<string, Entry>, fields: Fields, context: EntryContext): void {
  const [percent, off, code] = ['percent_off', 'amount_off', 'currency'].map((name) => stated.get(name));
  if (percent && off && (fields.percent_off === null) === (fields.amount_off === null)) {
    const other = `percent_off ${placeWords(percent.at, off.at)}`;
    const rule = 'a coupon has one of the two';
    context.complain(
      off.at,
      fields.amount_off === null
        ? `is null, and so is ${other}: ${rule}. State one of them`
        : `contradicts ${other}: ${rule}. Keep one of them`,
    );
  }
  if (off && fields.amount_off !== null && fields.currency === null)
    context.complain(code?.at ?? off.at, 'is null, but amount_off has a currency. State it');
  if (off && fields.amount_off !== null && code === undefined && context.complete)
    context.complain(off.at, 'is stated without currency. Add the currency, such as currency: usd');
  if (code && fields.currency != null && fields.percent_off != null)
    context.complain(code.at, 'is stated, but percent_off has no currency. Remove it');
  if (fields.amount_off === '0' && off) context.complain(off.at, 'is 0. Expected at least 1');
  for (const [one, other] of [
    [percent, 'amount_off'],
    [off, 'percent_off'],
  ] as const) {
    if (one && fields[one.name] === null && !stated.has(other))
      context.complain(one.at, `is null without ${other}, so any ${other} passes. Add ${other}`, 'warning');
  }
  checkOptions(stated, fields, context);
  checkEnd(stated.get('redeem_by'), fields.redeem_by, context);
  checkDuration(stated, fields, context);
}

/** Discounts in further currencies go with an amount, and not with its own currency. */
function checkOptions(stated: ReadonlyMap<string, Entry>, fields: Fields, context: Context): void {
  const options = stated.get('currency_options');
  if (options === undefined || !isRecord(fields.currency_options)) return;
  if (fields.percent_off != null)
    context.complain(options.at, 'goes only with amount_off, and this coupon has percent_off. Remove it');
  else
    noticeOwnCurrency(
      options,
      fields.currency_options,
      { stated, fields, what: 'coupon', amounts: ['amount_off'] },
      context,
    );
}

const MOST_YEARS = 5;

/** A coupon that nobody can redeem any more, or for longer than Stripe takes. */
function checkEnd(entry: Entry | undefined, until: Value | undefined, { complain, now }: Context): void {
  const end = typeof until === 'string' ? Date.parse(until) : Number.NaN;
  if (entry === undefined || Number.isNaN(end)) return;
  const last = new Date(now);
  last.setUTCFullYear(last.getUTCFullYear() + MOST_YEARS);
  const words = `is ${bare(String(until))}`;
  if (end < now)
    complain(
      entry.at,
      `${words}, which has passed: nobody can redeem it. Give a later day, or remove the entry`,
      'doubt',
    );
  else if (end > last.getTime())
    complain(entry.at, `${words}; Stripe accepts at most ${MOST_YEARS} years from now`, 'doubt');
}

function checkDuration(stated: ReadonlyMap<string, Entry>, fields: Fields, context: Context): void {
  const [duration, months] = [stated.get('duration'), stated.get('duration_in_months')];
  if (!duration) return;
  const isRepeating = fields.duration === 'repeating';
  if (months && isRepeating !== (fields.duration_in_months !== null)) {
    const says = isRepeating
      ? 'is null, but duration is repeating'
      : `is stated, but duration is ${String(fields.duration)}`;
    context.complain(months.at, `${says}. Only repeating has months`);
  }
  if (!months && isRepeating)
    context.complain(
      duration.at,
      'is repeating without duration_in_months, so any number of months passes. Add duration_in_months',
      'warning',
    );
}
