/**
 * Raw Stripe objects as the API sends them, for tests. The fields are the SDK's types for the pinned API version
 * (2026-10-28.endive) in the shape of JSON, so an SDK that gains a field stops this file from compiling.
 */
import type Stripe from 'stripe';

/** What JSON makes of one of the SDK's types: a decimal is a string, and `deleted` is not there. */
type Wire<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends Stripe.Decimal
    ? string
    : T extends readonly (infer Item)[]
      ? Wire<Item>[]
      : { [Key in keyof T as Key extends 'deleted' ? never : Key]: Wire<T[Key]> };

/** Fields to state; one stated as `undefined` is left out of the answer, as Stripe leaves some out when unset. */
type Overrides<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** What the test server reads and never sends. */
interface Unsent {
  /** Made in passing (`price_data`, `product_data`): never listed, found by its id. */
  inline?: true;
}

/** A webhook endpoint as the API sends it; its `secret` is only in the answer to its creation. */
export type RawWebhookEndpoint = Wire<Omit<Stripe.WebhookEndpoint, 'secret'>> & Unsent;

/** A product as the API sends it, nothing expanded. */
export type RawProduct = Wire<Omit<Stripe.Product, 'default_price' | 'tax_code'>> & {
  default_price?: string | null;
  tax_code?: string | null;
} & Unsent;

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

const EPOCH = 1_760_000_000;

let made = 0;

/** Sets the counter behind ids and times: the next object is number `last + 1`. */
export function countFrom(last: number): void {
  made = last;
}

/** A webhook endpoint in force, in live mode. Each object is made one second after the one before. */
export function webhookEndpoint(overrides: Overrides<RawWebhookEndpoint> = {}): RawWebhookEndpoint {
  const number = next();
  return {
    id: `we_${serial(number)}`,
    object: 'webhook_endpoint',
    api_version: '2026-10-28.endive',
    application: null,
    created: EPOCH + number,
    description: null,
    enabled_events: ['checkout.session.completed'],
    livemode: true,
    metadata: {},
    status: 'enabled',
    url: `https://shop.example.com/stripe/${number}`,
    ...stated(overrides),
  };
}

/** A product in force, in live mode. `tax_code` and `tax_details` say the same, whichever is stated. */
export function product(overrides: Overrides<RawProduct> = {}): RawProduct {
  const number = next();
  const created = overrides.created ?? EPOCH + number;
  const taxCode = overrides.tax_code ?? overrides.tax_details?.tax_code ?? null;
  return {
    id: `prod_${serial(number)}`,
    object: 'product',
    active: true,
    created,
    default_price: null,
    description: null,
    images: [],
    livemode: true,
    marketing_features: [],
    metadata: {},
    name: `Product ${number}`,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: taxCode,
    tax_details: taxCode === null ? null : { performance_location: null, tax_code: taxCode },
    type: 'service',
    unit_label: null,
    updated: created,
    url: null,
    ...stated(overrides),
  };
}

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

type Amounts = Pick<RawPrice, 'unit_amount' | 'unit_amount_decimal'>;

/** Both forms of an amount from whichever is stated: `unit_amount` is null where the decimal is not whole. */
function amounts(overrides: Overrides<Amounts>, otherwise: number | null): Amounts {
  const { unit_amount: whole, unit_amount_decimal: decimal } = overrides;
  if (whole !== undefined && decimal !== undefined) return { unit_amount: whole, unit_amount_decimal: decimal };
  if (decimal !== undefined) return { unit_amount: wholeAmount(decimal), unit_amount_decimal: decimal };
  const amount = whole === undefined ? otherwise : whole;
  return { unit_amount: amount, unit_amount_decimal: amount === null ? null : String(amount) };
}

function wholeAmount(decimal: string | null): number | null {
  return decimal !== null && /^\d+(\.0*)?$/.test(decimal) ? Number(decimal) : null;
}

function next(): number {
  made += 1;
  return made;
}

function serial(number: number): string {
  return `1Made${String(number).padStart(6, '0')}`;
}

/** The overrides as fields of `T`: the one place that lets `undefined` stand for a field that is not sent. */
function stated<T>(overrides: Overrides<T>): Partial<T> {
  return overrides as Partial<T>;
}
