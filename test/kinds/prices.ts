/** Prices. */
import type { Arbitrary } from 'fast-check';
import type Stripe from 'stripe';
import { type Dice, Digits, Names, type Tree } from '../tree.ts';
import { below, type Check, type Kind, type Live, type LiveState, type Pairs, type Params, type Path } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Unsent, type Wire } from './raw.ts';
import {
  type Amounts,
  amountPairs,
  metadataTree,
  noAmounts,
  noText,
  otherMetadata,
  otherText,
  storedMetadata,
  textOrNull,
  values,
  wholeTree,
} from './values.ts';

/** A price as the API sends it, its product not expanded. `tiers` and `currency_options` are sent when asked for. */
export type RawPrice = Wire<Omit<Stripe.Price, 'product'>> & { product: string } & Unsent;

/** A tier of a price, or of one of its currency options. */
export type RawTier = Wire<Stripe.Price.Tier>;

/** What a price costs in one currency. */
export type RawCurrencyOption = Wire<Stripe.Price.CurrencyOptions>;

type RawRecurring = Wire<Stripe.Price.Recurring>;

/** What a price may be made from: parts may be stated in part, and are filled in as Stripe fills them in. */
export type PriceOverrides = Overrides<Omit<RawPrice, 'recurring' | 'tiers' | 'currency_options'>> & {
  readonly recurring?: Overrides<RawRecurring> | null | undefined;
  readonly tiers?: readonly Overrides<RawTier>[] | undefined;
  readonly currency_options?: Readonly<Record<string, CurrencyOptionOverrides>> | undefined;
};

type CurrencyOptionOverrides = Overrides<Omit<RawCurrencyOption, 'tiers'>> & {
  readonly tiers?: readonly Overrides<RawTier>[] | undefined;
};

/**
 * A price in force, in live mode: 20.00 USD a month where nothing else is stated, once with `recurring: null`.
 * The two amounts say the same, whichever is stated; stating tiers or a custom amount leaves none.
 */
export function price(overrides: PriceOverrides = {}): RawPrice {
  const { recurring, tiers, currency_options, ...rest } = overrides;
  const number = next();
  const tiered = rest.billing_scheme === 'tiered' || tiers !== undefined;
  const hasAmount = !tiered && (rest.custom_unit_amount ?? null) === null;
  const cycle = recurring === null ? null : completeRecurring(recurring ?? {});
  const priced: RawPrice = {
    id: `price_${serial(number)}`,
    object: 'price',
    active: true,
    billing_scheme: tiered ? 'tiered' : 'per_unit',
    created: EPOCH + number,
    currency: 'usd',
    custom_unit_amount: null,
    livemode: true,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: 'prod_1Made000001',
    recurring: cycle,
    tax_behavior: 'unspecified',
    tiers_mode: tiered ? 'graduated' : null,
    transform_quantity: null,
    type: cycle === null ? 'one_time' : 'recurring',
    ...stated(rest),
    ...amounts(rest, hasAmount ? 2000 : null),
  };
  if (tiers !== undefined) priced.tiers = tiers.map(tier);
  if (currency_options !== undefined) {
    const options = Object.entries(currency_options).map(([name, option]) => [name, currencyOption(option)] as const);
    priced.currency_options = { [priced.currency]: baseCurrencyOption(priced), ...Object.fromEntries(options) };
  }
  return priced;
}

/** A tier in which one of the two forms of an amount may be stated; an amount that is not stated is null. */
export function tier(overrides: Overrides<RawTier> = {}): RawTier {
  const flat = amounts(
    { unit_amount: overrides.flat_amount, unit_amount_decimal: overrides.flat_amount_decimal },
    null,
  );
  return {
    flat_amount: flat.unit_amount,
    flat_amount_decimal: flat.unit_amount_decimal,
    ...amounts(overrides, null),
    up_to: overrides.up_to ?? null,
  };
}

/** What Stripe shows among the currency options for the currency that the price itself is in. */
export function baseCurrencyOption(from: RawPrice): RawCurrencyOption {
  return {
    custom_unit_amount: from.custom_unit_amount,
    tax_behavior: from.tax_behavior,
    ...(from.tiers === undefined ? {} : { tiers: from.tiers }),
    unit_amount: from.unit_amount,
    unit_amount_decimal: from.unit_amount_decimal,
  };
}

function currencyOption({ tiers, ...rest }: CurrencyOptionOverrides): RawCurrencyOption {
  return {
    custom_unit_amount: rest.custom_unit_amount ?? null,
    tax_behavior: rest.tax_behavior ?? 'unspecified',
    ...(tiers === undefined ? {} : { tiers: tiers.map(tier) }),
    ...amounts(rest, null),
  };
}

function completeRecurring(overrides: Overrides<RawRecurring>): RawRecurring {
  return {
    interval: 'month',
    interval_count: 1,
    meter: null,
    trial_period_days: null,
    usage_type: 'licensed',
    ...stated(overrides),
  };
}

type RawAmounts = Pick<RawPrice, 'unit_amount' | 'unit_amount_decimal'>;

/** Both forms of an amount from whichever is stated: `unit_amount` is null where the decimal is not whole. */
function amounts(overrides: Overrides<RawAmounts>, otherwise: number | null): RawAmounts {
  const { unit_amount: whole, unit_amount_decimal: decimal } = overrides;
  if (whole !== undefined && decimal !== undefined) return { unit_amount: whole, unit_amount_decimal: decimal };
  if (decimal !== undefined) return { unit_amount: wholeAmount(decimal), unit_amount_decimal: decimal };
  const amount = whole === undefined ? otherwise : whole;
  return { unit_amount: amount, unit_amount_decimal: amount === null ? null : String(amount) };
}

function wholeAmount(decimal: string | null): number | null {
  return decimal !== null && /^\d+(\.0*)?$/.test(decimal) ? Number(decimal) : null;
}

// --- Any price

function anyPrice(check: Check): Arbitrary<Live> {
  const { text, someText, metadata, amounts: anyAmounts } = values(check);
  const limit = check.nat({ max: 1_000_000 });
  const customAmount = check
    .record({
      limits: check.tuple(limit, limit, limit),
      stated: check.tuple(check.boolean(), check.boolean(), check.boolean()),
    })
    .map(({ limits, stated: [hasMinimum, hasPreset, hasMaximum] }) => {
      const [minimum = 0, preset = 0, maximum = 0] = [...limits].sort((one, other) => one - other);
      return {
        maximum: hasMaximum ? maximum : null,
        minimum: hasMinimum ? minimum : null,
        preset: hasPreset ? preset : null,
      };
    });

  const tiers: Arbitrary<RawTier[]> = check
    .array(
      check.record({
        units: check.integer({ min: 1, max: 1_000_000 }),
        flat: check.option(anyAmounts),
        unit: check.option(anyAmounts),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((list) => {
      let end = 0;
      return list.map(({ units, flat, unit }, index) => {
        end += units;
        return tier({
          up_to: index === list.length - 1 ? null : end,
          ...(unit ?? noAmounts),
          flat_amount: (flat ?? noAmounts).unit_amount,
          flat_amount_decimal: (flat ?? noAmounts).unit_amount_decimal,
        });
      });
    });

  const taxBehavior = check.constantFrom('exclusive' as const, 'inclusive' as const, 'unspecified' as const);
  // Stripe has no meter on a licensed price.
  const recurring = check
    .record({
      interval: check.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const),
      interval_count: check.constantFrom(1, 1, 2),
      meter: check.option(
        check.oneof(
          check.nat({ max: 3 }).map((serial) => `mtr_${serial}`),
          text,
        ),
      ),
      trial_period_days: check.option(check.integer({ min: 1, max: 730 })),
      usage_type: check.constantFrom('licensed' as const, 'metered' as const),
    })
    .map((cycle) => (cycle.usage_type === 'licensed' ? { ...cycle, meter: null } : cycle));

  const cost: Arbitrary<Cost> = check.oneof(
    { weight: 3, arbitrary: anyAmounts.map((found) => ({ way: 'amount' as const, amounts: found })) },
    { weight: 1, arbitrary: customAmount.map((custom) => ({ way: 'custom' as const, custom })) },
    { weight: 2, arbitrary: tiers.map((found) => ({ way: 'tiers' as const, tiers: found })) },
  );

  return check
    .record({
      serial: check.nat(),
      active: check.constantFrom(true, true, false),
      lookup_key: someText,
      nickname: someText,
      product: check.oneof(
        check.nat({ max: 3 }).map((serial) => `prod_${serial}`),
        text,
      ),
      currency: check.constantFrom('usd', 'jpy', 'kwd', 'isk'),
      cost,
      tiers_mode: check.constantFrom('graduated' as const, 'volume' as const),
      recurring: check.option(recurring),
      transform_quantity: check.option(
        check.record({
          divide_by: check.integer({ min: 1, max: 1000 }),
          round: check.constantFrom('up' as const, 'down' as const),
        }),
      ),
      tax_behavior: taxBehavior,
      options: check.option(
        check.dictionary(check.constantFrom('eur', 'gbp', 'chf'), check.record({ cost, tax_behavior: taxBehavior }), {
          maxKeys: 3,
        }),
      ),
      metadata,
    })
    .map(({ serial, cost: found, tiers_mode, options, recurring: cycle, transform_quantity, ...rest }) => {
      const tiered = found.way === 'tiers';
      // Stripe has tiers on recurring prices alone, and undivided.
      return price({
        id: `price_${serial}`,
        ...rest,
        recurring: tiered ? (cycle ?? {}) : cycle,
        transform_quantity: tiered ? null : transform_quantity,
        ...costs(found),
        billing_scheme: tiered ? 'tiered' : 'per_unit',
        tiers_mode: tiered ? tiers_mode : null,
        ...(options !== null && {
          currency_options: Object.fromEntries(
            Object.entries(options).map(([code, { cost: other, tax_behavior }]) => [
              code,
              { ...costs(other), tax_behavior },
            ]),
          ),
        }),
      }) as unknown as Live;
    });
}

/** What a price costs, in one of the four ways. */
type Cost =
  | { readonly way: 'amount'; readonly amounts: Amounts }
  | {
      readonly way: 'custom';
      readonly custom: { maximum: number | null; minimum: number | null; preset: number | null };
    }
  | { readonly way: 'tiers'; readonly tiers: RawTier[] };
function costs(found: Cost) {
  return {
    ...(found.way === 'amount' ? found.amounts : noAmounts),
    custom_unit_amount: found.way === 'custom' ? found.custom : null,
    ...(found.way === 'tiers' && { tiers: found.tiers }),
  };
}

// --- Statements

function taxTree(value: unknown, dice: Dice): Tree {
  return value === 'unspecified' && dice.often(50) ? null : (value as string);
}

function customTree(value: unknown, dice: Dice): Tree {
  if (value === null || value === undefined) return dice.often(80) ? null : new Names([['enabled', false]]);
  const pairs = Object.entries(value as Record<string, number | null>).filter(
    ([, limit]) => limit !== null || dice.often(40),
  );
  const tree = pairs.map(
    ([name, limit]) => [name, limit === null ? null : new Digits(String(limit), 'amount')] as const,
  );
  return new Names(tree.length === 0 || dice.often(30) ? [['enabled', true], ...tree] : tree);
}

function tiersTree(value: unknown, dice: Dice): Tree {
  if (value === null || value === undefined) return null;
  return (value as RawTier[]).map((raw) => {
    const end: Pairs =
      raw.up_to !== null
        ? [['up_to', new Digits(String(raw.up_to), 'integer')]]
        : dice.pick<Pairs>([[['up_to', 'inf']], [['up_to', 'inf']], [['up_to', null]]]);
    return new Names([
      ...end,
      ...amountPairs('unit_amount', raw as Amounts, dice, '0'),
      ...amountPairs(
        'flat_amount',
        { unit_amount: raw.flat_amount ?? null, unit_amount_decimal: raw.flat_amount_decimal as string | null },
        dice,
        '0',
      ),
    ]);
  });
}

function optionsTree(options: Record<string, Record<string, unknown>>, base: string, dice: Dice): Tree {
  const others = Object.entries(options).filter(([code]) => code !== base);
  if (others.length === 0) return dice.often(50) ? null : new Names([]);
  return new Names(
    others.map(([code, option]) => [
      code,
      new Names([
        ...amountPairs('unit_amount', option as unknown as Amounts, dice),
        ['custom_unit_amount', customTree(option.custom_unit_amount, dice)],
        ['tax_behavior', taxTree(option.tax_behavior, dice)],
        ...('tiers' in option ? [['tiers', tiersTree(option.tiers, dice)] as const] : []),
      ]),
    ]),
  );
}

// --- The server

function renderOptions(live: RawPrice, options: RawPrice['currency_options'], paths: readonly Path[]): object {
  const all = Object.entries({ [live.currency]: baseCurrencyOption(live), ...options });
  return Object.fromEntries(
    all.map(([currency, { tiers, ...option }]) => {
      const shown = tiers !== undefined && paths.some((path) => path[0] === currency);
      return [currency, shown ? { ...option, tiers } : option];
    }),
  );
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), with what only an expanded answer has.
  sample: {
    ...{
      active: true,
      billing_scheme: 'per_unit',
      created: 1234567890,
      currency: 'usd',
      custom_unit_amount: {
        maximum: null,
        minimum: null,
        preset: null,
      },
      id: 'price_1PgafmB7WZ01zgkW6dKueIc5',
      livemode: false,
      lookup_key: null,
      metadata: {},
      nickname: null,
      object: 'price',
      product: 'prod_QXg1hqf4jFNsqG',
      recurring: {
        interval: 'month',
        interval_count: 1,
        meter: null,
        usage_type: 'licensed',
        trial_period_days: null,
      },
      tax_behavior: 'unspecified',
      tiers_mode: null,
      transform_quantity: {
        divide_by: 1592560163,
        round: 'down',
      },
      type: 'recurring',
      unit_amount: 2000,
      unit_amount_decimal: '2000',
    },
    tiers: null,
    currency_options: {},
  },
  kept: {
    label: 'price_1PgafmB7WZ01zgkW6dKueIc5',
    fields: {
      id: 'price_1PgafmB7WZ01zgkW6dKueIc5',
      lookup_key: null,
      active: true,
      nickname: null,
      product: 'prod_QXg1hqf4jFNsqG',
      currency: 'usd',
      unit_amount: '2000',
      custom_unit_amount: { maximum: null, minimum: null, preset: null },
      billing_scheme: 'per_unit',
      tiers_mode: null,
      tiers: null,
      recurring: {
        interval: 'month',
        interval_count: '1',
        usage_type: 'licensed',
        meter: null,
        trial_period_days: null,
      },
      transform_quantity: { divide_by: '1592560163', round: 'down' },
      tax_behavior: null,
      currency_options: null,
      metadata: null,
      type: 'recurring',
    },
  },
  any: anyPrice,
  stated(live, dice, refer) {
    const cycle = live.recurring as Record<string, string | number | null> | null;
    const transform = live.transform_quantity as { divide_by: number; round: string } | null;
    const options = live.currency_options as Record<string, Record<string, unknown>> | undefined;
    return [
      ['id', live.id],
      ['lookup_key', textOrNull(live.lookup_key)],
      ['active', live.active as boolean],
      ['nickname', textOrNull(live.nickname)],
      ['product', refer('products', 'prod_', live.product)],
      ['currency', live.currency as string],
      ...amountPairs('unit_amount', live as unknown as Amounts, dice),
      ['custom_unit_amount', customTree(live.custom_unit_amount, dice)],
      ['billing_scheme', live.billing_scheme as string],
      ['tiers_mode', live.tiers_mode as string | null],
      ['tiers', tiersTree(live.tiers, dice)],
      [
        'recurring',
        cycle === null
          ? null
          : wholeTree(
              [
                ['interval', cycle.interval as string, undefined],
                ['interval_count', new Digits(String(cycle.interval_count), 'integer'), '1'],
                ['usage_type', cycle.usage_type as string, 'licensed'],
                ['meter', refer('meters', 'mtr_', cycle.meter), null],
                [
                  'trial_period_days',
                  cycle.trial_period_days === null ? null : new Digits(String(cycle.trial_period_days), 'integer'),
                  null,
                ],
              ],
              dice,
            ),
      ],
      [
        'transform_quantity',
        transform === null
          ? null
          : new Names([
              ['divide_by', new Digits(String(transform.divide_by), 'integer')],
              ['round', transform.round],
            ]),
      ],
      ['tax_behavior', taxTree(live.tax_behavior, dice)],
      ...(options === undefined
        ? []
        : [['currency_options', optionsTree(options, live.currency as string, dice)] as const]),
      ['metadata', metadataTree(live)],
      ['type', live.type as string],
    ];
  },
  needs: {
    unit_amount: ['currency'],
    unit_amount_decimal: ['currency'],
    custom_unit_amount: ['currency'],
    tiers: ['currency', 'tiers_mode', 'recurring'],
  },
  natural: { field: 'lookup_key', other: 'other one' },
  state: { isActive: ({ active }) => active === true, field: { name: 'active', active: true, retired: false } },
  edits: {
    lookup_key: otherText('lookup_key'),
    nickname: otherText('nickname'),
    product: () => ({ product: 'prod_of_somebody_else' }),
    currency: ({ currency_options: options }) => (options === undefined ? { currency: 'sek' } : null),
    unit_amount: ({ unit_amount_decimal: amount }) =>
      amount === null
        ? { unit_amount: 77, unit_amount_decimal: '77' }
        : { unit_amount: null, unit_amount_decimal: `${String(amount).split('.')[0]}.000000000007` },
    custom_unit_amount: ({ custom_unit_amount: custom }) => ({
      custom_unit_amount: custom === null ? { maximum: null, minimum: null, preset: null } : null,
    }),
    billing_scheme: ({ billing_scheme: scheme }) =>
      scheme === 'tiered' ? { billing_scheme: 'per_unit' } : { billing_scheme: 'tiered', tiers: null },
    tiers_mode: ({ tiers_mode: mode }) => ({ tiers_mode: mode === 'volume' ? 'graduated' : 'volume' }),
    tiers: ({ tiers }) => {
      if (tiers === undefined || tiers === null) return null;
      const list = tiers as { up_to: number | null; unit_amount_decimal: string | null }[];
      const last = list.at(-1) as { unit_amount_decimal: string | null };
      const other = last.unit_amount_decimal === '5.5' ? '6.5' : '5.5';
      return { tiers: [...list.slice(0, -1), { ...last, unit_amount: null, unit_amount_decimal: other }] };
    },
    recurring: ({ recurring: cycle }) => {
      if (cycle === null)
        return {
          recurring: {
            interval: 'month',
            interval_count: 1,
            meter: null,
            trial_period_days: null,
            usage_type: 'licensed',
          },
        };
      const { interval_count: count } = cycle as { interval_count: number };
      return { recurring: { ...(cycle as object), interval_count: count + 1 } };
    },
    transform_quantity: ({ transform_quantity: transform }) => ({
      transform_quantity: transform === null ? { divide_by: 5, round: 'up' } : null,
    }),
    tax_behavior: ({ tax_behavior: behavior }) => ({
      tax_behavior: behavior === 'exclusive' ? 'unspecified' : 'exclusive',
    }),
    currency_options: ({ currency_options: options, currency }) => {
      const [code, option] =
        Object.entries((options ?? {}) as Record<string, object>).find(([name]) => name !== currency) ?? [];
      if (code === undefined) return null;
      const behavior = (option as { tax_behavior: string }).tax_behavior === 'exclusive' ? 'inclusive' : 'exclusive';
      return { currency_options: { ...(options as object), [code]: { ...option, tax_behavior: behavior } } };
    },
    metadata: otherMetadata,
    type: ({ type }) => ({ type: type === 'recurring' ? 'one_time' : 'recurring' }),
  },
  tells: () => true,
  charge: {
    amounts: ['unit_amount', 'custom_unit_amount', 'tiers'],
    isDefault: {
      recurring: ({ recurring }) => recurring === null,
      billing_scheme: () => true,
      transform_quantity: ({ transform_quantity: transform }) => transform === null,
      tax_behavior: ({ tax_behavior: behavior }) => behavior === 'unspecified',
      currency_options: ({ currency_options: options, currency }) =>
        Object.keys((options ?? {}) as object).every((code) => code === currency),
    },
    edits: {
      recurring: ({ recurring: cycle }) => ({
        recurring: { ...completeRecurring({ interval: 'week' }), ...(cycle as object), interval_count: 5 },
      }),
      transform_quantity: ({ transform_quantity: transform }) => ({
        transform_quantity: transform === null ? { divide_by: 5, round: 'up' } : { divide_by: 1001, round: 'up' },
      }),
      tax_behavior: ({ tax_behavior: behavior }) => ({
        tax_behavior: behavior === 'exclusive' ? 'inclusive' : 'exclusive',
      }),
      currency_options: ({ currency_options: options, currency }) => ({
        currency_options: {
          [currency as string]: { unit_amount: 1, unit_amount_decimal: '1' },
          ...(options as object),
          nok: { unit_amount: 1, unit_amount_decimal: '1' },
        },
      }),
    },
  },
  refused: {
    id: ['""', 'id'],
    lookup_key: ['[]', 'Expected'],
    active: ['yes please', 'Expected true or false'],
    nickname: ['[]', 'Expected'],
    product: ['nowhere', 'nowhere'],
    currency: ['dollars', 'currency'],
    unit_amount: ['20.00', 'in plain digits'],
    custom_unit_amount: ['[]', 'Expected'],
    billing_scheme: ['flat', 'per_unit'],
    tiers_mode: ['steps', 'graduated'],
    tiers: ['[{ up_to: 5, unit_amount: 1 }]', 'up_to: inf'],
    recurring: ['{ interval: fortnight }', 'fortnight'],
    transform_quantity: ['{ divide_by: 2, round: sideways }', 'sideways'],
    tax_behavior: ['free', 'exclusive'],
    currency_options: ['{ dollars: { unit_amount: 1 } }', 'dollars'],
    metadata: ['[]', 'Expected'],
    type: ['monthly', 'recurring'],
  },
  row: {
    path: 'prices',
    noun: 'price',
    permission: 'plan_read',
    label: 'Prices',
    created: true,
    filters: {
      currency: (value) => (live) => live.currency === value.toLowerCase(),
      product(value, { insist }) {
        insist('products', value, 'product');
        return (live) => live.product === value;
      },
      'recurring[interval]': (value) => (live) => recurringOf(live)?.interval === value,
      'recurring[meter]': (value) => (live) => recurringOf(live)?.meter === value,
      'recurring[usage_type]': (value) => (live) => recurringOf(live)?.usage_type === value,
      type: (value) => (live) => live.type === value,
    },
    several: { lookup_keys: { most: 10, alone: false, of: (live) => live.lookup_key } },
    active: { unsaid: 'true' },
    expandable([first, ...rest], { expandable }) {
      if (first === 'tiers') return rest.length === 0;
      if (first === 'product') return rest.length === 0 || expandable('products', rest);
      if (first !== 'currency_options') return false;
      return rest.length === 0 || (rest.length === 2 && /^[a-z]{3}$/.test(rest[0] ?? '') && rest[1] === 'tiers');
    },
    render(live, paths, { expanded }) {
      const { tiers, currency_options, ...body } = live as unknown as RawPrice;
      const options = below(paths, 'currency_options');
      const of = below(paths, 'product');
      return {
        ...body,
        ...(of === null ? {} : { product: expanded('products', live.product, of) }),
        ...(tiers === undefined || below(paths, 'tiers') === null ? {} : { tiers }),
        ...(options === null
          ? {}
          : { currency_options: renderOptions(live as unknown as RawPrice, currency_options, options) }),
      };
    },
  },
  writes: {
    update: 'active currency_options lookup_key metadata nickname tax_behavior transfer_lookup_key',
    lasting: 'active lookup_key nickname tax_behavior transfer_lookup_key',
    create:
      'billing_scheme currency custom_unit_amount product recurring tiers tiers_mode transform_quantity unit_amount unit_amount_decimal',
    blank: (params) => {
      const none = { unit_amount: null, unit_amount_decimal: null, recurring: null, metadata: {} };
      return {
        ...price(none),
        type: 'recurring' in params ? 'recurring' : 'one_time',
        ...('currency_options' in params && { currency_options: {} }),
      } as unknown as Live;
    },
    displaces({ transfer_lookup_key: takes, ...rest }, others) {
      const isTaken = ({ lookup_key: key }: Live) => takes === 'true' && key === rest.lookup_key;
      return { rest, displaced: others.map((live) => (isTaken(live) ? { ...live, lookup_key: null } : live)) };
    },
    means: {
      ...amountMeans('unit_amount'),
      ...amountMeans('flat_amount'),
      up_to: (value) => ({ up_to: value === 'inf' ? null : Number(value) }),
      enabled: () => ({}),
      recurring: (value) => ({ recurring: value === '' ? null : completeRecurring(value as object) }),
      custom_unit_amount: (value) => ({
        custom_unit_amount: value === '' ? null : { maximum: null, minimum: null, preset: null, ...(value as object) },
      }),
    },
    lists: 'tiers',
    numbers: 'maximum minimum preset interval_count trial_period_days divide_by',
    flags: 'active',
    option: { custom_unit_amount: null, tax_behavior: 'unspecified', unit_amount: null, unit_amount_decimal: null },
    shows: (live) =>
      live.currency_options === undefined
        ? live
        : {
            ...live,
            currency_options: {
              ...(live.currency_options as object),
              [String(live.currency)]: baseCurrencyOption(live as unknown as RawPrice),
            },
          },
    refuses,
  },
  possible,
  together: [
    ['unit_amount', 'custom_unit_amount', 'tiers', 'tiers_mode', 'billing_scheme'],
    ['recurring', 'type'],
  ],
};

// --- What Stripe holds, and what it refuses

/** Three years of each interval. */
const MOST_INTERVALS: { readonly [interval: string]: number } = { day: 1095, week: 156, month: 36, year: 3 };

const ONE_TIER: RawTier = tier({ unit_amount: 100 });

function possible(live: Live): Live {
  const raw = live as unknown as RawPrice;
  const isTiered = raw.billing_scheme === 'tiered';
  const custom = isTiered ? null : raw.custom_unit_amount;
  const hasAmount = !isTiered && custom === null;
  const { tiers: _, currency_options: options, ...rest } = raw;
  const cycle = custom !== null ? null : (raw.recurring ?? (isTiered ? completeRecurring({}) : null));
  const one = {
    ...rest,
    lookup_key: noText(raw.lookup_key),
    nickname: noText(raw.nickname),
    metadata: storedMetadata(raw.metadata),
    custom_unit_amount: custom && inOrder(custom),
    ...(hasAmount ? amounts(raw, 2000) : noAmounts),
    ...(isTiered && { tiers: raw.tiers ?? [ONE_TIER] }),
    tiers_mode: isTiered ? (raw.tiers_mode ?? 'graduated') : null,
    transform_quantity: isTiered || custom !== null ? null : raw.transform_quantity,
    recurring: cycle && {
      ...cycle,
      interval_count: Math.min(cycle.interval_count, MOST_INTERVALS[cycle.interval] ?? 1),
      usage_type: cycle.meter === null ? cycle.usage_type : 'metered',
    },
    type: cycle === null ? 'one_time' : 'recurring',
  } as RawPrice;
  const others = Object.entries(options ?? {}).filter(
    ([code, option]) =>
      code !== raw.currency &&
      (option.tiers !== undefined) === isTiered &&
      ((option.custom_unit_amount ?? null) !== null) === (custom !== null),
  );
  const all = others.map(([code, option]) => [
    code,
    { ...option, custom_unit_amount: option.custom_unit_amount && inOrder(option.custom_unit_amount) },
  ]);
  return {
    ...one,
    ...(options !== undefined && {
      currency_options: { [raw.currency]: baseCurrencyOption(one), ...Object.fromEntries(all) },
    }),
  } as unknown as Live;
}

type Limits = { maximum: number | null; minimum: number | null; preset: number | null };

function inOrder({ maximum, minimum, preset }: Limits): Limits {
  const least = minimum ?? 0;
  const most = maximum === null ? null : Math.max(least, maximum);
  return { maximum: most, minimum, preset: preset && Math.min(Math.max(least, preset), most ?? preset + least) };
}

function refuses(
  { before, after, params }: { before: Live | null; after: Live | null; params: Params },
  state: LiveState,
): string | null {
  const price = after as unknown as RawPrice;
  const options = (params.currency_options || {}) as Params;
  const holder = (state.prices ?? []).find(
    ({ id, lookup_key: key }) => key === price.lookup_key && key !== null && id !== before?.id,
  );
  const isDefault = (state.products ?? []).some(({ default_price: id }) => id === price.id);
  const isFinal = (was: unknown, is: unknown) => was !== undefined && was !== 'unspecified' && was !== is;
  const [old, made] = [before as unknown as RawPrice | null, price.currency_options ?? {}];
  if (price.currency in options) return 'currency_options may not name the own currency';
  if (holder !== undefined && params.transfer_lookup_key !== 'true') return `${holder.id} has this lookup_key`;
  if (before?.active === true && !price.active && isDefault) return 'it is the default price of its product';
  if (isFinal(old?.tax_behavior, price.tax_behavior)) return 'tax_behavior is final';
  for (const [code, option] of Object.entries(old?.currency_options ?? {}))
    if (isFinal(option.tax_behavior, made[code]?.tax_behavior)) return `tax_behavior is final in ${code}`;
  return before === null ? refusesNew(price, params, state) : null;
}

function refusesNew(price: RawPrice, params: Params, state: LiveState): string | null {
  const product = (state.products ?? []).find(({ id }) => id === price.product);
  const meter = (state.meters ?? []).find(({ id }) => id === price.recurring?.meter);
  const { recurring: cycle, tiers } = price;
  const ways = [price.unit_amount_decimal, price.custom_unit_amount, tiers].filter((one) => one != null);
  if (product?.active !== true) return 'there is no such active product';
  if (ways.length !== 1) return `it states ${ways.length} amounts`;
  if ((tiers === undefined) !== (params.billing_scheme !== 'tiered')) return 'tiers need billing_scheme: tiered';
  if (tiers !== undefined && (price.tiers_mode === null || cycle === null)) return 'tiers need a mode and recurring';
  if (tiers === undefined && price.tiers_mode !== null) return 'tiers_mode needs tiers';
  if (tiers !== undefined && price.transform_quantity !== null) return 'transform_quantity does not go with tiers';
  if (price.custom_unit_amount !== null && cycle !== null) return 'custom_unit_amount does not go with recurring';
  if (cycle !== null && cycle.interval_count > (MOST_INTERVALS[cycle.interval] ?? 0)) return 'more than three years';
  if (cycle !== null && cycle.meter !== null && state.meters !== undefined && meter?.status !== 'active')
    return 'there is no such active meter';
  if (cycle !== null && cycle.meter !== null && cycle.usage_type !== 'metered') return 'a meter needs metered usage';
  for (const [code, option] of Object.entries(price.currency_options ?? {})) {
    if ((option.tiers === undefined) !== (tiers === undefined)) return `${code} has another kind of amount`;
    if ((option.custom_unit_amount === null) !== (price.custom_unit_amount === null))
      return `${code} has another kind of amount`;
    if (tiers === undefined && option.custom_unit_amount === null && option.unit_amount_decimal === null)
      return `${code} has no amount`;
  }
  return null;
}

function recurringOf({ recurring }: { readonly [field: string]: unknown }): RawRecurring | null {
  return recurring as RawRecurring | null;
}

/** An amount in either form sets both; what can't be whole is null. */
function amountMeans(name: string): { [parameter: string]: (value: string | object) => object } {
  const decimal = `${name}_decimal`;
  return {
    [name]: (value) => ({ [name]: Number(value), [decimal]: value }),
    [decimal]: (value) => ({ [name]: null, [decimal]: value }),
  };
}
