/**
 * The accounts of the benchmark: as many objects as are asked for, each the same at every run. A product has ten prices, of
 * all sorts: a month, a year, other currencies, tiers, once, in packages.
 */
import { type RawCoupon, coupon as rawCoupon } from '../kinds/coupons.ts';
import { type PriceOverrides, type RawPrice, price as rawPrice } from '../kinds/prices.ts';
import { type RawProduct, product as rawProduct } from '../kinds/products.ts';
import { type RawWebhookEndpoint, webhookEndpoint as rawWebhookEndpoint } from '../kinds/webhooks.ts';

/** When the objects were created: evenly over two years, or nine of ten within one day or second and the others evenly. */
export const densities = ['even', 'day', 'second'] as const;
export type Density = (typeof densities)[number];

/** How many objects an account has in force. A tenth as many again are archived, where a kind has such a state. */
export interface Account {
  readonly prices: number;
  readonly products: number;
  readonly coupons: number;
  readonly density: Density;
  readonly mode: 'live' | 'test';
}

/** An account of so many prices, and what belongs to them. */
export function accountOf(prices: number, density: Density = 'even'): Account {
  return { prices, products: Math.ceil(prices / PER_PRODUCT), coupons: 0, density, mode: 'live' };
}

export const PER_PRODUCT = 10;
export const WEBHOOKS = 3;

export type RawObject = RawWebhookEndpoint | RawProduct | RawPrice | RawCoupon;

/** The kinds of the accounts, by the name of their list. */
export const lists = ['webhook_endpoints', 'products', 'prices', 'coupons'] as const;
export type List = (typeof lists)[number];

/** The objects of a list, the newest first, as Stripe lists them. */
export function* objectsOf(account: Account, list: List): Generator<RawObject> {
  if (list === 'webhook_endpoints') {
    for (let index = WEBHOOKS - 1; index >= 0; index -= 1) yield webhookEndpoint(account, index);
    return;
  }
  const inForce = account[list];
  const hasArchived = list !== 'coupons';
  const all = inForce + (hasArchived ? Math.floor(inForce / ARCHIVED_EACH) : 0);
  let place = all - 1;
  const at = () => createdAt(place--, all, account.density);
  for (let index = inForce - 1; index >= 0; index -= 1) {
    if (list === 'coupons') yield coupon(account, index, at());
    else {
      const make = list === 'prices' ? price : product;
      if (index % ARCHIVED_EACH === ARCHIVED_EACH - 1) yield make(account, index, at(), true);
      yield make(account, index, at(), false);
    }
  }
}

/** After so many objects in force comes one that is archived. */
const ARCHIVED_EACH = 10;

const START = 1_700_000_000;
const DAY = 86_400;
const SPAN = 730 * DAY;
/** Where most objects are of one day or second, this part is older, and as many newer. */
const SCATTERED = 0.05;

/** When the object at a place was created, the oldest first. */
function createdAt(place: number, all: number, density: Density): number {
  if (density === 'even') return START + Math.floor((place * SPAN) / all);
  const older = Math.floor(all * SCATTERED);
  const crowd = all - 2 * older;
  const middle = START + SPAN / 2;
  const after = place - older - crowd;
  if (place < older) return START + Math.floor((place * (SPAN / 2)) / older);
  if (after >= 0) return middle + DAY + Math.floor((after * (SPAN / 2 - DAY)) / older);
  return density === 'second' ? middle : middle + Math.floor(((place - older) * DAY) / crowd);
}

/** An id as long as Stripe's, that does not begin as its neighbour's does. */
function idOf(prefix: string, length: number, number: number): string {
  let state = (number + 1) * 2_654_435_761;
  let text = '';
  while (text.length < length - 6) {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    text += LETTERS[state % LETTERS.length];
  }
  return `${prefix}${text}${number.toString(36).padStart(6, '0')}`;
}
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789';

const archivedNumber = (index: number, isArchived: boolean) => 2 * index + (isArchived ? 1 : 0);

function webhookEndpoint({ mode }: Account, index: number): RawWebhookEndpoint {
  return rawWebhookEndpoint({
    id: idOf('we_1', 23, index),
    created: START + index,
    description: `Service ${index}`,
    enabled_events: EVENTS.slice(0, 4 + 2 * index),
    livemode: mode === 'live',
    metadata: { service: `service-${index}` },
    url: `https://service-${index}.example.com/stripe/webhooks`,
  });
}

const EVENTS: RawWebhookEndpoint['enabled_events'] = [
  'checkout.session.completed',
  'customer.subscription.created',
  'customer.subscription.deleted',
  'customer.subscription.updated',
  'invoice.paid',
  'invoice.payment_failed',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
];

export function product(account: Account, index: number, created: number, isArchived: boolean): RawProduct {
  const first = index * PER_PRODUCT;
  return rawProduct({
    id: productId(index, isArchived),
    active: !isArchived,
    created,
    default_price: !isArchived && first < account.prices ? priceId(first) : null,
    description: `Everything that plan ${index} has, for teams of up to ${10 + (index % 90)} people.`,
    livemode: account.mode === 'live',
    marketing_features: [{ name: 'Unlimited projects' }, { name: `${1 + (index % 50)} GB of storage` }],
    metadata: { plan: `plan-${index}`, tier: String(index % 4) },
    name: isArchived ? `Plan ${index} of last year` : `Plan ${index}`,
    statement_descriptor: `PLAN ${index}`,
    tax_code: 'txcd_10103001',
    unit_label: 'seat',
    updated: created,
  });
}

function productId(index: number, isArchived = false): string {
  return idOf('prod_', 14, archivedNumber(index, isArchived));
}

function priceId(index: number): string {
  return idOf('price_1', 23, archivedNumber(index, false));
}

type Sort = readonly [name: string, make: (amount: number) => PriceOverrides];

/** What the prices of a product are called, and what makes each different. */
const SORTS: readonly [Sort, ...Sort[]] = [
  ['monthly', () => ({})],
  ['yearly', (amount) => ({ unit_amount: 10 * amount, recurring: { interval: 'year' } })],
  ['monthly_eur', () => ({ currency: 'eur' })],
  ['yearly_eur', (amount) => ({ currency: 'eur', unit_amount: 10 * amount, recurring: { interval: 'year' } })],
  ['quarterly', (amount) => ({ unit_amount: 3 * amount, recurring: { interval: 'month', interval_count: 3 } })],
  ['setup', () => ({ recurring: null })],
  [
    'seats',
    (amount) => ({
      tiers: [{ up_to: 10, unit_amount: amount }, { up_to: 100, unit_amount: amount - 100 }, { unit_amount: 50 }],
    }),
  ],
  [
    'worldwide',
    (amount) => ({
      currency_options: {
        eur: { unit_amount: amount - 10, tax_behavior: 'exclusive' },
        gbp: { unit_amount: amount - 20, tax_behavior: 'exclusive' },
      },
    }),
  ],
  ['packs', () => ({ transform_quantity: { divide_by: 25, round: 'up' } })],
  ['trial', () => ({ recurring: { trial_period_days: 14 } })],
];

export function price(account: Account, index: number, created: number, isArchived: boolean): RawPrice {
  const plan = Math.floor(index / PER_PRODUCT);
  const [name, make] = SORTS[index % SORTS.length] ?? SORTS[0];
  const amount = 500 + 100 * (plan % 97);
  const made = make(amount);
  return rawPrice({
    ...(made.tiers === undefined && { unit_amount: amount }),
    ...made,
    id: isArchived ? idOf('price_1', 23, archivedNumber(index, true)) : priceId(index),
    active: !isArchived,
    created,
    livemode: account.mode === 'live',
    lookup_key: isArchived ? null : `plan_${plan}_${name}`,
    metadata: { plan: `plan-${plan}`, sort: name },
    nickname: isArchived ? `Plan ${plan}, ${name}, of last year` : `Plan ${plan}, ${name}`,
    product: productId(plan),
    tax_behavior: 'exclusive',
  });
}

export function coupon({ mode }: Account, index: number, created: number): RawCoupon {
  return rawCoupon({
    id: `SAVE-${String(index).padStart(6, '0')}`,
    created,
    duration: 'once',
    livemode: mode === 'live',
    metadata: { campaign: `campaign-${index % 20}` },
    name: `Campaign ${index}`,
    percent_off: 5 + (index % 60),
  });
}
