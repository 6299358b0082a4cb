import type Stripe from 'stripe';
import { type Expected, isRecord, type Node, type Symptom, type Value } from '../model.ts';
import { bare, placeWords } from '../text.ts';
import { allCurrencies, amount, currency, minorUnit, withoutOwn } from '../vocabulary/money.ts';
import { reference } from '../vocabulary/reference.ts';
import { always, caseless, flag, integer, literal, scalar, text, word } from '../vocabulary/scalars.ts';
import { whole } from '../vocabulary/shape.ts';
import { timestamp } from '../vocabulary/time.ts';
import type { Context, Type } from '../vocabulary/type.ts';
import { endingRules, endingSymptoms, isNearlyUsedUp } from './ending.ts';
import { metadata, metadataDescription } from './metadata.ts';
import { archivable, type Resource, textOf } from './resource.ts';

const plainCode = text(500);

/** What customers enter. */
const code: Type = caseless(
  always(
    literal({
      ...plainCode,
      expected(node, context) {
        const value = plainCode.expected(node, context);
        const [refused] = /[^A-Za-z\d-]/u.exec(String(value ?? '')) ?? [];
        if (refused !== undefined)
          context.complain(
            node.at,
            `is ${bare(scalar(node).text)}, and Stripe accepts only letters from a to z, digits and dashes. Remove the others`,
            'doubt',
          );
        return value;
      },
    }),
  ),
);

const restrictionsWhole = whole({
  first_time_transaction: {
    type: { ...always(flag), fixed: true },
    default: false,
    description: "`true`: only for customers who have not paid anything yet. Can't be changed after creation.",
  },
  minimum_amount: {
    formerly: ['minimum', 'min_amount'],
    type: { ...amount, fixed: true },
    description: `The least amount of a purchase, ${minorUnit}. Can't be changed after creation.`,
  },
  minimum_amount_currency: {
    formerly: ['currency'],
    type: { ...currency, fixed: true },
    description: "The currency of `minimum_amount`, such as `usd`. Can't be changed after creation.",
  },
  currency_options: {
    type: allCurrencies(
      whole({
        minimum_amount: {
          type: always(amount),
          required: true,
          description: `The least amount of a purchase in this currency, ${minorUnit}.`,
        },
      }),
    ),
    description: 'The least amounts in other currencies, by three-letter code in lower case. List all of them.',
  },
});

/** Who can redeem a code. Stripe always has all of it: to state nothing is to state that there are no restrictions. */
const restrictions: Type = {
  ...restrictionsWhole,
  expected(node, context) {
    const value = restrictionsWhole.expected(node, context);
    if (!isRecord(value)) return restrictionsWhole.actual({});
    if (node.kind === 'map') checkRestrictions(node.entries, value, context);
    return { ...value, currency_options: withoutOwn(value.currency_options, value.minimum_amount_currency) as Value };
  },
  actual(raw) {
    const live = isRecord(raw) ? raw : {};
    return restrictionsWhole.actual({
      ...live,
      currency_options: withoutOwn(live.currency_options, live.minimum_amount_currency),
    });
  },
  parameter(value) {
    const { first_time_transaction: first, ...rest } = isRecord(value) ? value : {};
    return restrictionsWhole.parameter?.({ ...rest, first_time_transaction: first || null } as Value);
  },
};

function checkRestrictions(
  entries: ReadonlyMap<string, { readonly at: Node['at'] }>,
  value: { readonly [name: string]: unknown },
  { complain }: Context,
): void {
  const { minimum_amount: least, minimum_amount_currency: own, currency_options: options } = value;
  const at = (name: string) => entries.get(name)?.at;
  const [amountAt, currencyAt, optionsAt] = [
    at('minimum_amount'),
    at('minimum_amount_currency'),
    at('currency_options'),
  ];
  if (amountAt && least !== null && own === null)
    complain(amountAt, 'is stated without minimum_amount_currency. Add it, such as minimum_amount_currency: usd');
  if (currencyAt && own !== null && least === null)
    complain(currencyAt, 'is stated without minimum_amount. Add the amount, or remove it');
  if (optionsAt && isRecord(options) && least === null)
    complain(optionsAt, 'is stated without minimum_amount: other currencies come beside it. Add minimum_amount');
  if (optionsAt && isRecord(options) && typeof own === 'string' && own in options)
    complain(optionsAt, `repeats ${own}, which is minimum_amount_currency: Stripe refuses it here. Remove it`);
}

/** Whether a code can't be redeemed any more, and no request changes that. It is part of what the code is now, as `valid` of a coupon. */
function spent(live: Stripe.PromotionCode, now: number): string | null {
  const { active, times_redeemed: times, max_redemptions: most, expires_at: until } = live;
  if (active) return null;
  if (typeof most === 'number' && times >= most) return 'used up';
  return typeof until === 'number' && until * 1000 <= now ? 'expired' : null;
}

/** Promotion codes (docs.stripe.com/api/promotion_codes). */
export const promotionCodes: Resource<Stripe.PromotionCode> = {
  section: 'promotion_codes',
  kind: 'promotion code',
  formerly: ['promotion_code', 'promo_code', 'promo_codes', 'promo', 'promos', 'discount_codes', 'voucher', 'vouchers'],
  instead: {
    coupon: 'Write promotion: { coupon: … }, with the name of an entry in coupons',
    customer: 'Remove it: promotion codes of one customer are no configuration, and are passed over',
    customer_account: 'Remove it: promotion codes of one customer are no configuration, and are passed over',
    first_time_transaction: 'Write restrictions: { first_time_transaction: true }',
    minimum_amount: 'Write restrictions: { minimum_amount: 5000, minimum_amount_currency: usd }',
    minimum_amount_currency: 'Write restrictions: { minimum_amount: 5000, minimum_amount_currency: usd }',
    status: 'Write active: true, or active: false',
    enabled: 'Write active: true, or active: false',
    percent_off: 'State the discount in an entry of coupons, and promotion: { coupon: … } here',
    amount_off: 'State the discount in an entry of coupons, and promotion: { coupon: … } here',
  },
  description:
    'A promotion code: what customers enter to redeem a coupon. Found by `id`, else by `code`, in capitals or small letters. Codes of one customer are passed over. An account may have very many: those that the file does not declare are ignored, and are not read, unless `policy.unmanaged` says otherwise of `promotion_codes`.',
  example: `launch:
  code: LAUNCH25
  promotion: { coupon: launch }
  max_redemptions: 500
  expires_at: 2027-01-31
  restrictions: { first_time_transaction: true }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The promotion code's id, `promo_…`. Finds the promotion code.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    code: {
      formerly: ['name', 'key'],
      type: code,
      description:
        "What customers enter: letters from a to z, digits and dashes, at most 500. Capitals and small letters are the same. Only one active promotion code at a time can have it. Finds the promotion code if the entry has no `id`. Can't be changed after creation.",
      read: (live) => live.code,
      fixed: true,
      unique: 'active',
    },
    promotion: {
      formerly: ['discount'],
      type: always(
        whole({
          coupon: {
            formerly: ['coupon_id', 'id'],
            type: reference('coupons', null),
            required: true,
            description: 'The coupon: the name of an entry in `coupons`, or `{ id: … }`.',
          },
          type: { type: always(word(['coupon'])), default: 'coupon', description: 'The type of promotion.' },
        }),
      ),
      description: "What customers get: `{ coupon: … }`. Can't be changed after creation.",
      read: (live) => live.promotion,
      fixed: true,
      needs: 'strictly',
    },
    active: {
      type: always(flag),
      description:
        'Whether it can be redeemed. Stripe deactivates it once it has expired, is used up, or its coupon is not valid any more. If left out, `true` is expected.',
      default: true,
      read: (live) => live.active,
    },
    max_redemptions: {
      formerly: ['max_uses', 'limit', 'usage_limit'],
      type: integer(1),
      description:
        "How many times it can be redeemed, by all customers together; at most as often as its coupon. Can't be changed after creation.",
      read: (live) => live.max_redemptions,
      fixed: true,
    },
    expires_at: {
      formerly: ['expires', 'expiry', 'until', 'valid_until', 'end_date', 'redeem_by'],
      type: timestamp,
      description:
        "When it expires, not after `redeem_by` of its coupon: a day (`2027-01-31` means its first second in UTC), or a time with a time zone (`2027-01-31T12:00:00Z`). Can't be changed after creation.",
      read: (live) => live.expires_at,
      fixed: true,
      // Stripe names no limit of its own; a coupon's is 5 years.
      yearsAhead: 5,
    },
    restrictions: {
      type: restrictions,
      description:
        'Who can redeem it. Compared as a whole: names that you leave out must have their defaults; `null` means that there are no restrictions. Only `currency_options` can be changed after creation, and only to add or change a currency.',
      read: (live) => live.restrictions,
      risk: 'From then on, purchases in these currencies need another least amount.',
      implied: ({ restrictions: live }) =>
        isRecord(live) && Object.values(live).every((one) => one === null || one === false),
      expand: () => ['restrictions.currency_options'],
      alwaysExpanded: true,
      parameters(value, request) {
        const all = restrictions.parameter?.(value);
        if (!isRecord(all)) return {};
        const { currency_options: options } = all;
        if (request === 'create') return { restrictions: all };
        return options === undefined ? null : { restrictions: { currency_options: options } };
      },
    },
    metadata: { type: metadata, description: metadataDescription, own: true, read: (live) => live.metadata },
    spent: {
      type: text(),
      description: 'Whether it has expired or is used up.',
      from: ['times_redeemed'],
      read: spent,
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
  id: 'stripe',
  prefix: 'promo_',
  inCode: { prefix: 'promo_1', lengths: [23] },
  identities: [{ by: 'code', portable: true }],
  state: {
    ...archivable('Customers can no longer redeem it. Discounts that they have stay.'),
    spent: ({ spent: why }) => why != null,
    words: {
      retire: 'deactivate',
      retired: 'inactive',
      active: 'active',
      meaning: 'Customers can no longer redeem it; discounts that they have stay.',
    },
  },
  permission: { slug: 'rak_promotion_code_read', label: 'Promotion Codes' },
  source: {
    path: '/v1/promotion_codes',
    list: 'v1',
    inForce: { active: 'true' },
    retired: { active: 'false' },
    created: true,
  },
  unmanaged: 'ignore',
  skip: ({ customer, customer_account: account }) =>
    customer == null && account == null ? null : 'is for one customer',
  lookUp: { id: { query: 'path', batch: 1 }, code: { query: 'code', batch: 1 } },
  label: (live) => live.code,
  naming: ({ code: name }, { key }) => ({ keys: [textOf(name), key], names: [], marks: [] }),
  likeness: ({ code: name }) => (typeof name === 'string' ? name.toLowerCase() : null),
  dashboard: 'promotion_codes',
  command: {
    words: ['promotion_codes'],
    creation: ({ promotion }) => (isRecord(promotion) && promotion.coupon !== null ? {} : 'promotion'),
    // Stripe refuses a code that another active one has.
    replacement(fields, old) {
      const isTaken = old.active === true && textOf(fields.code)?.toLowerCase() === textOf(old.code)?.toLowerCase();
      return isTaken ? null : {};
    },
  },
  replacing:
    'under the same code once the old one is inactive, or under another code at once, and deactivate the old one',
  replacingRisk: 'Customers who redeemed the old promotion code keep its discount.',
  checkBeside(entry, { find }, complain) {
    const { promotion } = entry.fields;
    const coupon = isRecord(promotion) ? find('coupons', promotion.coupon as Value) : undefined;
    if (coupon === undefined) return;
    checkEnd(entry, coupon, complain);
    checkMost(entry, coupon, complain);
  },
  check(stated, fields, { complain, now }) {
    const [until, entry] = [fields.expires_at, stated.get('expires_at')];
    if (!entry || typeof until !== 'string' || !(Date.parse(until) < now)) return;
    const remedy = 'Give a later day, or remove the entry';
    complain(entry.at, `is ${bare(until)}, which has passed: nobody can redeem it. ${remedy}`, 'doubt');
  },
  healthRules: {
    'promotion-code-used-up': { severity: 'warning', finds: 'a promotion code that has expired or is used up' },
    ...endingRules('promotion code'),
  },
  health({ fields, inForce }, stated, _others, soon): Symptom[] {
    const instead = (such: string, field: string) =>
      `Else create another promotion code ${such}, which may have the same code once this one has ended: the ${field} of this one can't be changed.`;
    if (stated.active === false) return [];
    if (inForce) return endingSymptoms('promotion code', fields, soon, { until: 'expires_at', instead });
    if (fields.spent == null) return [];
    const isExpired = fields.spent === 'expired';
    const why = isExpired ? 'its `expires_at` has passed' : 'it was redeemed `max_redemptions` times';
    const remedy =
      'If that is meant, remove the entry. Else create another promotion code, which may have the same code: this one never comes back.';
    const message = `it can't be redeemed any more: ${why}.`;
    const field = isExpired ? 'expires_at' : 'max_redemptions';
    return [{ rule: 'promotion-code-used-up', field, message, remedy }];
  },
};

/** A code that lives longer than its coupon. */
function checkEnd({ fields, at }: Expected, coupon: Expected, complain: Context['complain']): void {
  const [until, last] = [fields.expires_at, coupon.fields.redeem_by];
  if (typeof until !== 'string' || typeof last !== 'string' || !(Date.parse(until) > Date.parse(last))) return;
  const place = at(['expires_at']);
  const end = `${bare(last)}, the redeem_by of its coupon ${bare(coupon.name)} ${placeWords(coupon.at(['redeem_by']), place)}`;
  complain(place, `is ${bare(until)}, after ${end}: Stripe refuses that. Give no later time`, 'doubt');
}

/** A code that can be redeemed more often than its coupon. */
function checkMost({ fields, at }: Expected, coupon: Expected, complain: Context['complain']): void {
  const [most, all] = [fields.max_redemptions, coupon.fields.max_redemptions];
  const isNumber = (value: unknown): value is string => typeof value === 'string' && /^\d+$/.test(value);
  if (!isNumber(most) || !isNumber(all) || BigInt(most) <= BigInt(all)) return;
  const place = at(['max_redemptions']);
  const limit = `${all}, the max_redemptions of its coupon ${bare(coupon.name)} ${placeWords(coupon.at(['max_redemptions']), place)}`;
  complain(place, `is ${most}, more than ${limit}: Stripe refuses that. Give no more`, 'doubt');
}
