/** Coupons. */
import type Stripe from 'stripe';
import { type Dice, Digits, Names, type Tree } from '../tree.ts';
import { below, type Kind, type Live, type Refer } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Unsent, type Wire } from './raw.ts';
import {
  count,
  metadataTree,
  momentTree,
  noText,
  otherMetadata,
  otherText,
  storedMetadata,
  TODAY,
  textOrNull,
  usable,
  values,
} from './values.ts';

/** A coupon as the API sends it. `applies_to` and `currency_options` are sent when asked for. */
export type RawCoupon = Wire<Stripe.Coupon> & Unsent;

/** A coupon that can be redeemed, in live mode: 25 per cent off, once. */
export function coupon(overrides: Overrides<RawCoupon> = {}): RawCoupon {
  const number = next();
  return {
    id: `COUPON${serial(number)}`,
    object: 'coupon',
    amount_off: null,
    created: EPOCH + number,
    currency: null,
    duration: 'once',
    duration_in_months: null,
    livemode: true,
    max_redemptions: null,
    metadata: {},
    name: null,
    percent_off: overrides.amount_off == null ? 25 : null,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
    ...stated(overrides),
  };
}

// --- Statements

function productsTree(value: unknown, refer: Refer, dice: Dice): Tree {
  if (value == null) return null;
  const { products } = value as { products: readonly string[] };
  return new Names([['products', dice.shuffled(products).map((id) => refer('products', 'prod_', id))]]);
}

function optionsTree(value: unknown, base: unknown, dice: Dice): Tree {
  const others = Object.entries((value ?? {}) as Record<string, { amount_off: number }>).filter(
    ([code]) => code !== base || dice.often(50),
  );
  if (others.length === 0) return dice.often(50) ? null : new Names([]);
  return new Names(
    others.map(([code, { amount_off: amount }]) => [
      code,
      new Names([['amount_off', new Digits(String(amount), 'amount')]]),
    ]),
  );
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), with what only an expanded answer has.
  sample: {
    ...{
      amount_off: null,
      created: 1234567890,
      currency: 'usd',
      duration: 'repeating',
      duration_in_months: 3,
      id: 'Z4OV52SU',
      livemode: false,
      max_redemptions: null,
      metadata: {},
      name: '25.5% off',
      object: 'coupon',
      percent_off: 25.5,
      redeem_by: null,
      times_redeemed: 0,
      valid: true,
    },
    applies_to: { products: ['prod_2', 'prod_1'] },
    currency_options: {},
  },
  kept: {
    label: '25.5% off',
    fields: {
      id: 'Z4OV52SU',
      name: '25.5% off',
      percent_off: '25.5',
      amount_off: null,
      currency: 'usd',
      currency_options: null,
      duration: 'repeating',
      duration_in_months: '3',
      applies_to: { products: ['prod_1', 'prod_2'] },
      max_redemptions: null,
      redeem_by: null,
      metadata: null,
      valid: true,
      nearly_used_up: false,
    },
  },
  any(check) {
    const { text, someText, metadata } = values(check);
    const amount = check.integer({ min: 1, max: 1_000_000 });
    return check
      .record({
        id: check.oneof(check.constant('SAVE'), check.stringMatching(/^[A-Z0-9]{1,12}$/), text),
        name: someText,
        off: check.oneof(
          check.constantFrom(0.01, 25, 33.33, 100 / 3, 99.9, 100).map((percent_off) => ({ percent_off })),
          check.record({
            amount_off: amount,
            currency: check.constantFrom('usd', 'jpy', 'kwd'),
            currency_options: check.dictionary(
              check.constantFrom('eur', 'gbp', 'chf'),
              amount.map((amount_off) => ({ amount_off })),
              { maxKeys: 3, noNullPrototype: true },
            ),
          }),
        ),
        duration: check.oneof(
          check.constantFrom('once', 'forever').map((duration) => ({ duration, duration_in_months: null })),
          check
            .integer({ min: 1, max: 60 })
            .map((duration_in_months) => ({ duration: 'repeating', duration_in_months })),
        ),
        applies_to: check.option(
          check.uniqueArray(
            check.oneof(
              check.nat({ max: 3 }).map((serial) => `prod_${serial}`),
              text,
            ),
            { minLength: 1, maxLength: 4 },
          ),
        ),
        max_redemptions: check.option(check.integer({ min: 1, max: 100_000 })),
        redeem_by: check.option(
          check.oneof(
            check.integer({ min: -1500, max: 1500 }).map((days) => (TODAY + days) * 86_400),
            check.integer({ min: 172_800, max: 120_000_000 }).map((seconds) => TODAY * 86_400 + seconds),
          ),
        ),
        metadata,
        valid: check.constantFrom(true, true, false),
      })
      .map(
        ({ off, duration, applies_to: products, ...rest }) =>
          coupon({
            percent_off: null,
            ...off,
            ...duration,
            applies_to: products === null ? null : { products },
            ...rest,
          } as Overrides<RawCoupon>) as unknown as Live,
      )
      .map((live) => ({ currency_options: null, ...live }));
  },
  stated: (live, dice, refer) => [
    ['id', live.id],
    ['name', textOrNull(live.name)],
    ['percent_off', live.percent_off === null ? null : new Digits(String(live.percent_off), 'decimal')],
    ['amount_off', live.amount_off === null ? null : new Digits(String(live.amount_off), 'amount')],
    ['currency', live.currency as string | null],
    ['currency_options', optionsTree(live.currency_options, live.currency, dice)],
    ['duration', live.duration as string],
    ['duration_in_months', live.duration_in_months === null ? null : count(live.duration_in_months)],
    ['applies_to', productsTree(live.applies_to, refer, dice)],
    ['max_redemptions', live.max_redemptions === null ? null : count(live.max_redemptions)],
    ['redeem_by', momentTree(live.redeem_by, dice)],
    ['metadata', metadataTree(live)],
  ],
  needs: { amount_off: ['currency'] },
  natural: { field: 'name', other: 'other one' },
  state: { isActive: ({ valid }) => valid === true, field: null },
  edits: {
    name: otherText('name'),
    percent_off: ({ percent_off: percent }) =>
      percent === null ? null : { percent_off: percent === 12.5 ? 13 : 12.5 },
    amount_off: ({ amount_off: amount }) => (amount === null ? null : { amount_off: (amount as number) + 1 }),
    currency: ({ currency, currency_options: options }) =>
      currency === null || Object.keys((options ?? {}) as object).length > 0 ? null : { currency: 'sek' },
    currency_options: ({ currency_options: options }) => {
      const [code] = Object.keys((options ?? {}) as object);
      if (code === undefined) return null;
      return { currency_options: { ...(options as object), [code]: { amount_off: 1_000_001 } } };
    },
    duration: ({ duration }) =>
      duration === 'repeating' ? null : { duration: duration === 'once' ? 'forever' : 'once' },
    duration_in_months: ({ duration_in_months: months }) =>
      months === null ? null : { duration_in_months: months === 7 ? 8 : 7 },
    applies_to: ({ applies_to: products }) => ({
      applies_to: products === null ? { products: ['prod_of_somebody_else'] } : null,
    }),
    max_redemptions: ({ max_redemptions: most }) => ({ max_redemptions: most === null ? 5 : null }),
    redeem_by: ({ redeem_by: until }) => ({ redeem_by: until === null ? 1_900_000_001 : (until as number) + 1 }),
    metadata: otherMetadata,
  },
  charge: {
    amounts: ['amount_off', 'percent_off'],
    isDefault: {
      currency_options: ({ currency_options: options, currency }) =>
        Object.keys((options ?? {}) as object).every((code) => code === currency),
      duration: ({ duration }) => duration === 'once',
      applies_to: ({ applies_to: products }) => products === null,
    },
    edits: {
      currency_options: ({ amount_off: amount, currency_options: options }) =>
        amount === null ? null : { currency_options: { ...(options as object), nok: { amount_off: 1 } } },
      applies_to: ({ applies_to: products }) => ({
        applies_to: { products: [...((products as { products?: string[] } | null)?.products ?? []), 'prod_more'] },
      }),
    },
  },
  refused: {
    id: ['""', 'id'],
    name: ['[]', 'Expected'],
    percent_off: ['a quarter', 'plain digits'],
    amount_off: ['20.00', 'in plain digits'],
    currency: ['dollars', 'currency'],
    currency_options: ['{ dollars: { amount_off: 1 } }', 'dollars'],
    duration: ['twice', 'once'],
    duration_in_months: ['0.5', 'Expected'],
    applies_to: ['{ products: [] }', 'products'],
    max_redemptions: ['many', 'Expected'],
    redeem_by: ['tomorrow', 'a time with its zone'],
    metadata: ['[]', 'Expected'],
  },
  row: {
    path: 'coupons',
    noun: 'coupon',
    permission: 'coupon_read',
    label: 'Coupons',
    created: true,
    expandable: ([name, ...rest]) => (name === 'applies_to' || name === 'currency_options') && rest.length === 0,
    render(live, paths) {
      const { applies_to: products, currency_options: options, ...body } = live as unknown as RawCoupon;
      return {
        ...body,
        ...(products == null || below(paths, 'applies_to') === null ? {} : { applies_to: products }),
        ...(options == null || below(paths, 'currency_options') === null ? {} : { currency_options: options }),
      };
    },
  },
  writes: {
    update: 'currency_options metadata name',
    lasting: 'currency_options name',
    create: 'amount_off applies_to currency duration duration_in_months id max_redemptions percent_off redeem_by',
    blank: ({ id, percent_off: percent }) =>
      ({
        ...coupon({ id: usable(id) ? id : 'NEWCOUPON', ...(percent === undefined && { percent_off: null }) }),
        applies_to: null,
        currency_options: null,
      }) as unknown as Live,
    lists: 'products',
    numbers: 'amount_off percent_off duration_in_months max_redemptions redeem_by',
    deletes: true,
    refuses({ before, after, params }) {
      const {
        currency,
        redeem_by: until,
        percent_off: percent,
        amount_off: off,
      } = (after ?? {}) as unknown as RawCoupon;
      const now = Date.now() / 1000;
      if (after === null) return null;
      if (typeof currency === 'string' && currency in ((params.currency_options || {}) as object))
        return 'currency_options may not name the own currency';
      if (before !== null) return null;
      if ((percent === null) === (off === null)) return 'a coupon has percent_off or amount_off';
      if (until !== null && (until <= now || until > now + 5.01 * 365.25 * 86_400))
        return 'redeem_by is not in 5 years';
      return null;
    },
  },
  possible(live) {
    const raw = live as unknown as RawCoupon;
    const isPercent = raw.percent_off !== null;
    const isPast = raw.redeem_by !== null && raw.redeem_by <= Date.now() / 1000;
    return {
      ...raw,
      name: noText(raw.name),
      metadata: storedMetadata(raw.metadata),
      currency: isPercent ? null : raw.currency,
      currency_options: isPercent ? null : raw.currency_options,
      valid: raw.valid && !isPast,
    } as unknown as Live;
  },
};
