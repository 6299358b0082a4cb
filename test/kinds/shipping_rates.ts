/** Shipping rates. */
import type Stripe from 'stripe';
import { type Dice, Digits, Names, type Tree } from '../tree.ts';
import { below, type Kind, type Live, type Params } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { count, metadataTree, noText, otherMetadata, storedMetadata, textOrNull, values } from './values.ts';

/** A shipping rate as the API sends it. Its other currencies are sent when asked for. */
export type RawShippingRate = Wire<Omit<Stripe.ShippingRate, 'tax_code'>> & { tax_code: string | null };

type RawCost = NonNullable<RawShippingRate['fixed_amount']>;
type RawEstimate = NonNullable<RawShippingRate['delivery_estimate']>;

/** An active shipping rate of 5.00 USD, in live mode. */
export function shippingRate(overrides: Overrides<RawShippingRate> = {}): RawShippingRate {
  const number = next();
  return {
    id: `shr_${serial(number)}`,
    object: 'shipping_rate',
    active: true,
    created: EPOCH + number,
    delivery_estimate: null,
    display_name: `Shipping ${number}`,
    fixed_amount: { amount: 500, currency: 'usd' },
    livemode: true,
    metadata: {},
    tax_behavior: 'unspecified',
    tax_code: null,
    type: 'fixed_amount',
    ...stated(overrides),
  };
}

function taxTree(value: unknown, dice: Dice): Tree {
  return value === null || (value === 'unspecified' && dice.often(50)) ? null : (value as string);
}

function amountTree(value: number): Digits {
  return new Digits(String(value), 'amount');
}

function costTree({ amount, currency, currency_options: options }: RawCost, dice: Dice): Tree {
  const others = Object.entries(options ?? {}).filter(([code]) => code !== currency);
  const tree = new Names(
    others.map(([code, option]) => [
      code,
      new Names([
        ['amount', amountTree(option.amount)],
        ...(option.tax_behavior !== 'unspecified' || dice.often(40)
          ? [['tax_behavior', taxTree(option.tax_behavior, dice)] as const]
          : []),
      ]),
    ]),
  );
  return new Names([
    ['amount', amountTree(amount)],
    ['currency', currency],
    ...(others.length > 0 || dice.often(40) ? [['currency_options', tree] as const] : []),
  ]);
}

function estimateTree({ minimum, maximum }: RawEstimate, dice: Dice): Tree {
  const pairs = Object.entries({ minimum, maximum }).flatMap(([name, bound]): [string, Tree][] => {
    if (bound === null) return dice.often(40) ? [[name, null]] : [];
    const { value, unit } = bound;
    return [
      [
        name,
        new Names([
          ['value', count(value)],
          ['unit', unit],
        ]),
      ],
    ];
  });
  return new Names(pairs.length === 0 ? [['minimum', null]] : pairs);
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), with what only an expanded answer has.
  sample: {
    active: true,
    created: 1234567890,
    delivery_estimate: { maximum: { unit: 'month', value: 111972721 }, minimum: { unit: 'month', value: 111972721 } },
    display_name: 'Ground shipping',
    fixed_amount: {
      amount: 500,
      currency: 'usd',
      currency_options: {
        usd: { amount: 500, tax_behavior: 'unspecified' },
        eur: { amount: 450, tax_behavior: 'exclusive' },
      },
    },
    id: 'shr_1Pgc7AB7WZ01zgkWVPt4WhMx',
    livemode: false,
    metadata: {},
    object: 'shipping_rate',
    tax_behavior: 'unspecified',
    tax_code: null,
    type: 'fixed_amount',
  },
  kept: {
    label: 'Ground shipping',
    fields: {
      id: 'shr_1Pgc7AB7WZ01zgkWVPt4WhMx',
      display_name: 'Ground shipping',
      active: true,
      fixed_amount: {
        amount: '500',
        currency: 'usd',
        currency_options: { eur: { amount: '450', tax_behavior: 'exclusive' } },
      },
      delivery_estimate: {
        minimum: { value: '111972721', unit: 'month' },
        maximum: { value: '111972721', unit: 'month' },
      },
      tax_behavior: null,
      tax_code: null,
      type: 'fixed_amount',
      metadata: null,
    },
  },
  any(check) {
    const { someText, metadata } = values(check);
    const amount = check.nat({ max: 1_000_000 });
    const tax_behavior = check.constantFrom('exclusive' as const, 'inclusive' as const, 'unspecified' as const);
    const unit = check.constantFrom('hour', 'day', 'business_day', 'week', 'month');
    const bound = check.integer({ min: 1, max: 60 });
    return check
      .record({
        serial: check.nat(),
        active: check.constantFrom(true, true, false),
        delivery_estimate: check.option(
          check
            .record({ unit, bounds: check.tuple(bound, bound), has: check.constantFrom('both', 'minimum', 'maximum') })
            .map(({ unit, bounds: [one, other], has }) => ({
              minimum: has === 'maximum' ? null : { unit, value: Math.min(one, other) },
              maximum: has === 'minimum' ? null : { unit, value: Math.max(one, other) },
            })),
        ),
        display_name: someText,
        cost: check.record({
          amount,
          currency: check.constantFrom('usd', 'jpy', 'kwd'),
          currency_options: check.dictionary(
            check.constantFrom('eur', 'gbp', 'chf'),
            check.record({ amount, tax_behavior }),
            { maxKeys: 3, noNullPrototype: true },
          ),
        }),
        // Whether Stripe repeats the rate's own currency is not known.
        repeats: check.boolean(),
        metadata,
        tax_behavior: check.oneof(tax_behavior, check.constant(null)),
        tax_code: check.constantFrom(null, 'txcd_92010001', 'txcd_00000000'),
      })
      .map(({ serial, cost, repeats, ...rest }) => {
        const own = { amount: cost.amount, tax_behavior: rest.tax_behavior ?? 'unspecified' };
        const currency_options = { ...(repeats && { [cost.currency]: own }), ...cost.currency_options };
        return shippingRate({
          id: `shr_${serial}`,
          ...rest,
          fixed_amount: { ...cost, currency_options },
        }) as unknown as Live;
      });
  },
  stated: (live, dice) => [
    ['id', live.id],
    ['display_name', textOrNull(live.display_name)],
    ['active', live.active as boolean],
    ['fixed_amount', costTree(live.fixed_amount as RawCost, dice)],
    [
      'delivery_estimate',
      live.delivery_estimate === null ? null : estimateTree(live.delivery_estimate as RawEstimate, dice),
    ],
    ['tax_behavior', taxTree(live.tax_behavior, dice)],
    ['tax_code', live.tax_code as string | null],
    ['type', live.type as string],
    ['metadata', metadataTree(live)],
  ],
  natural: { field: 'display_name', other: 'other one' },
  state: { isActive: ({ active }) => active === true, field: { name: 'active', active: true, retired: false } },
  edits: {
    display_name: ({ display_name: name }) => ({ display_name: name === 'other' ? 'another' : 'other' }),
    fixed_amount(live) {
      const cost = live.fixed_amount as RawCost;
      const [code, option] = Object.entries(cost.currency_options ?? {}).find(([one]) => one !== cost.currency) ?? [];
      if (code === undefined || option === undefined) return { fixed_amount: { ...cost, amount: cost.amount + 1 } };
      const options = { ...cost.currency_options, [code]: { ...option, amount: option.amount + 1 } };
      return { fixed_amount: { ...cost, currency_options: options } };
    },
    delivery_estimate: ({ delivery_estimate: before }) => ({
      delivery_estimate: before === null ? { minimum: null, maximum: { unit: 'day', value: 90 } } : null,
    }),
    tax_behavior: ({ tax_behavior: before }) => ({ tax_behavior: before === 'inclusive' ? 'exclusive' : 'inclusive' }),
    tax_code: ({ tax_code: code }) => ({ tax_code: code === 'txcd_other' ? null : 'txcd_other' }),
    // A type that is to come.
    type: () => ({ type: 'calculated' }),
    metadata: otherMetadata,
  },
  charge: {
    amounts: ['fixed_amount'],
    isDefault: { tax_behavior: ({ tax_behavior: tax }) => tax === null || tax === 'unspecified' },
    edits: {
      tax_behavior: ({ tax_behavior: tax }) => ({ tax_behavior: tax === 'exclusive' ? 'inclusive' : 'exclusive' }),
    },
  },
  refused: {
    id: ['""', 'id'],
    display_name: ['[]', 'Expected'],
    active: ['maybe', 'Expected true or false'],
    fixed_amount: ['{ amount: 5.00, currency: usd }', '500 is 5.00 USD'],
    delivery_estimate: ['{ minimum: { value: 3, unit: dais } }', 'Did you mean day'],
    tax_behavior: ['maybe', 'exclusive'],
    tax_code: ['[]', 'Expected'],
    type: ['calculated', 'fixed_amount'],
    metadata: ['[]', 'Expected'],
  },
  row: {
    path: 'shipping_rates',
    noun: 'shipping rate',
    permission: 'shipping_rate_read',
    label: 'Shipping Rates',
    created: true,
    active: { unsaid: 'all' },
    filters: { currency: (value) => (live) => (live.fixed_amount as RawCost).currency === value },
    expandable: (path) => path.join('.') === 'fixed_amount.currency_options',
    render(live, paths) {
      const { fixed_amount: cost, ...body } = live as unknown as RawShippingRate;
      if (cost === undefined) return body;
      const { currency_options: options, ...rest } = cost;
      const isShown = options !== undefined && below(paths, 'fixed_amount') !== null;
      return { ...body, fixed_amount: isShown ? cost : rest };
    },
  },
  writes: {
    update: 'active fixed_amount metadata tax_behavior',
    lasting: 'active fixed_amount tax_behavior',
    create: 'delivery_estimate display_name tax_code type',
    later: 'active',
    blank: () => shippingRate({ id: 'shr_new', display_name: null }) as unknown as Live,
    merges: 'fixed_amount',
    numbers: 'amount value',
    flags: 'active',
    refuses({ before, after, params }) {
      if (after === null) return null;
      const said = (params.fixed_amount ?? {}) as Params;
      if (before !== null && Object.keys(said).some((name) => name !== 'currency_options'))
        return 'of fixed_amount only currency_options can be changed';
      const { currency } = (after as unknown as RawShippingRate).fixed_amount ?? {};
      const options = Object.keys(said.currency_options ?? {});
      if (options.includes(currency ?? '')) return 'currency_options may not name the own currency';
      return before === null && after.display_name === null ? 'it needs a name' : null;
    },
  },
  possible: (live) => ({ ...live, display_name: noText(live.display_name), metadata: storedMetadata(live.metadata) }),
};
