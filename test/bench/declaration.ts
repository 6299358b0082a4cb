/** The file that declares part of an account, as people write it, and what a check of it has to find. */
import type { RawPrice, RawTier } from '../kinds/prices.ts';
import type { RawProduct } from '../kinds/products.ts';
import type { RawWebhookEndpoint } from '../kinds/webhooks.ts';
import { type Account, coupon, objectsOf, PER_PRODUCT, price, product, WEBHOOKS } from './account.ts';

export interface Declaration {
  /** How many prices, taken evenly from the account with their products. */
  readonly prices: number;
  /** How many products, where it is not those of the prices. */
  readonly products?: number;
  readonly coupons?: number;
  /** How prices are found. */
  readonly by?: 'lookup_key' | 'id';
  /** Whether the policy ignores what is not declared. */
  readonly ignoresOthers?: boolean;
  /** Whether an entry is found by what no look-up takes, so that the list has to be read. */
  readonly needsList?: boolean;
  /** Whether each price states a name that is not known, so that the file is invalid. */
  readonly isWrong?: boolean;
}

/** How many objects of each section a file declares. A section with none is not in the file, but for `webhooks`. */
export function declaredOf({ prices, products, coupons = 0 }: Declaration) {
  return { webhooks: WEBHOOKS, products: products ?? Math.ceil(prices / PER_PRODUCT), prices, coupons };
}

/** The text of stripe-config.yaml. */
export function fileOf(account: Account, declaration: Declaration): string {
  const { ignoresOthers = false, needsList = false, isWrong = false, by = 'lookup_key' } = declaration;
  const count = declaredOf(declaration);
  const plans = evenly(count.products, declaration.products === undefined ? plansOf(account) : account.products);
  const indexes = plans.flatMap((plan) =>
    Array.from({ length: PER_PRODUCT }, (_, index) => plan * PER_PRODUCT + index),
  );
  const sections = {
    webhooks: [...objectsOf(account, 'webhook_endpoints')].map((one) => webhookEntry(one as RawWebhookEndpoint)),
    products: plans.map((plan) => productEntry(product(account, plan, 0, false), plan, count.prices > 0)),
    prices: indexes
      .slice(0, count.prices)
      .map((index, place) => [
        ...priceEntry(price(account, index, 0, false), index, needsList && place === 0 ? 'match' : by),
        ...(isWrong ? ['  colour: red'] : []),
      ]),
    coupons: evenly(count.coupons, account.coupons).map((index) => couponEntry(coupon(account, index, 0), index)),
  };
  return [
    'version: 1',
    `mode: ${account.mode}`,
    ...(ignoresOthers ? ['policy:', '  unmanaged: ignore'] : []),
    ...Object.entries(sections).flatMap(([section, entries]) =>
      entries.length === 0 ? [] : [`${section}:`, ...entries.flat().map((line) => `  ${line}`)],
    ),
    '',
  ].join('\n');
}

/** Products that have prices. */
function plansOf({ prices }: Account): number {
  return Math.ceil(prices / PER_PRODUCT);
}

/** So many of the numbers below a limit. */
function evenly(count: number, limit: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor((index * limit) / count));
}

function webhookEntry({ url, enabled_events, api_version, description }: RawWebhookEndpoint): string[] {
  const name = /\/\/([\w-]+)\./.exec(url)?.[1] ?? url;
  return [
    `${name}:`,
    `  url: ${url}`,
    `  description: ${description}`,
    `  api_version: ${api_version}`,
    '  enabled_events:',
    ...enabled_events.map((event) => `    - ${event}`),
  ];
}

function productEntry(live: RawProduct, plan: number, hasPrices: boolean): string[] {
  return [
    `plan_${plan}:`,
    `  id: ${live.id}`,
    `  name: ${live.name}`,
    ...(hasPrices && live.default_price != null ? [`  default_price: plan_${plan}_monthly`] : []),
    `  description: ${JSON.stringify(live.description)}`,
    `  metadata: ${flow(live.metadata)}`,
  ];
}

function priceEntry(live: RawPrice, index: number, by: 'lookup_key' | 'id' | 'match'): string[] {
  const { recurring, tiers, currency_options, transform_quantity: packs } = live;
  const plan = Math.floor(index / PER_PRODUCT);
  const found = {
    id: [`  id: ${live.id}`],
    lookup_key: [`  lookup_key: ${live.lookup_key}`],
    match: [`  nickname: ${live.nickname}`, '  match: nickname'],
  };
  const others = Object.entries(currency_options ?? {}).filter(([code]) => code !== live.currency);
  return [
    `${live.lookup_key}:`,
    ...found[by],
    `  product: plan_${plan}`,
    `  currency: ${live.currency}`,
    ...(tiers === undefined
      ? [`  unit_amount: ${live.unit_amount}`]
      : ['  tiers_mode: graduated', '  tiers:', ...tiers.map((tier) => `    - ${tierOf(tier)}`)]),
    ...(recurring === null ? [] : [`  recurring: ${cycleOf(recurring)}`]),
    ...(packs === null ? [] : [`  transform_quantity: ${flow(packs)}`]),
    `  tax_behavior: ${live.tax_behavior}`,
    ...(others.length === 0 ? [] : ['  currency_options:']),
    ...others.map(
      ([code, { unit_amount: amount, tax_behavior: tax }]) =>
        `    ${code}: ${flow({ unit_amount: amount, tax_behavior: tax })}`,
    ),
    `  metadata: ${flow(live.metadata)}`,
  ];
}

function tierOf({ up_to: upTo, unit_amount }: RawTier): string {
  return flow({ up_to: upTo ?? 'inf', unit_amount });
}

function cycleOf({
  interval,
  interval_count: count,
  trial_period_days: trial,
}: NonNullable<RawPrice['recurring']>): string {
  return flow({
    interval,
    ...(count !== 1 && { interval_count: count }),
    ...(trial !== null && { trial_period_days: trial }),
  });
}

function couponEntry({ id, name, percent_off, duration }: ReturnType<typeof coupon>, index: number): string[] {
  return [
    `campaign_${index}:`,
    `  id: ${id}`,
    `  name: ${name}`,
    `  percent_off: ${percent_off}`,
    `  duration: ${duration}`,
  ];
}

/** A map on one line. */
function flow(map: object): string {
  return `{ ${Object.entries(map)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')} }`;
}
