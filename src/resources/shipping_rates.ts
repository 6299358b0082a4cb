import type Stripe from 'stripe';
import { type Fields, isRecord, type MapNode, type Value } from '../model.ts';
import { bare } from '../text.ts';
import { allCurrencies, amount, currency, minorUnit, money, withoutOwn } from '../vocabulary/money.ts';
import { always, flag, integer, literal, openWord, text, word } from '../vocabulary/scalars.ts';
import { whole } from '../vocabulary/shape.ts';
import type { Context, Member, Type } from '../vocabulary/type.ts';
import { metadata, metadataDescription } from './metadata.ts';
import { archivable, type ChargeWords, type Resource, textOf } from './resource.ts';

const taxBehavior: Member = {
  type: word(['exclusive', 'inclusive', 'unspecified'], { unset: 'unspecified' }),
  description: 'Whether the amount includes taxes. `null` means `unspecified`.',
};

const fixedAmountWhole = whole({
  amount: {
    formerly: ['unit_amount', 'price', 'cost'],
    type: { ...always(amount), fixed: true },
    required: true,
    description: `What shipping costs, as a whole number ${minorUnit}. Can't be changed after creation.`,
  },
  currency: {
    type: { ...always(currency), fixed: true },
    required: true,
    description: "Three-letter ISO code in lower case, such as `usd`. Can't be changed after creation.",
  },
  currency_options: {
    type: allCurrencies(
      whole({
        amount: {
          type: always(amount),
          required: true,
          description: `What shipping costs in this currency, as a whole number ${minorUnit}.`,
        },
        tax_behavior: taxBehavior,
      }),
    ),
    description:
      'Amounts in other currencies, by three-letter code in lower case. List all of them: any other currency in Stripe is a difference.',
  },
});

/** What shipping costs, in all currencies. */
const fixedAmount: Type = {
  ...fixedAmountWhole,
  expected(node, context) {
    const value = fixedAmountWhole.expected(node, context);
    if (!isRecord(value)) return value;
    if (node.kind === 'map') noticeOwn(node, value, context);
    return { ...value, currency_options: withoutOwn(value.currency_options, value.currency) as Value };
  },
  actual: (raw) =>
    fixedAmountWhole.actual(
      isRecord(raw) ? { ...raw, currency_options: withoutOwn(raw.currency_options, raw.currency) } : raw,
    ),
};

/** Says where the other currencies repeat its own, which Stripe refuses. */
function noticeOwn({ entries }: MapNode, value: { readonly [name: string]: unknown }, { complain }: Context): void {
  const { currency: own, currency_options: options } = value;
  const node = entries.get('currency_options')?.node;
  const at = typeof own === 'string' && node?.kind === 'map' ? node.entries.get(own)?.at : undefined;
  const option = isRecord(options) ? options[String(own)] : undefined;
  if (at === undefined || option === undefined) return;
  const isSame = isRecord(option) && option.amount === value.amount;
  const rule = `${String(own)} is the currency of the amount itself, and Stripe refuses it here. Remove it`;
  complain(at, isSame ? `repeats the amount: ${rule}` : `contradicts amount: ${rule}`, isSame ? 'warning' : 'error');
}

const UNITS = ['hour', 'day', 'business_day', 'week', 'month'];

const bound = (which: string): Member => ({
  type: whole({
    value: { type: always(integer(1)), required: true, description: 'How many units, at least 1.' },
    unit: {
      type: openWord(UNITS, 'time unit', { typos: true }),
      required: true,
      description: 'A unit of time: `hour`, `day`, `business_day`, `week` or `month`.',
    },
  }),
  description: `The ${which} time that shipping takes: \`{ value: 3, unit: business_day }\`. \`null\` means that there is none.`,
});

const estimateWhole = whole(
  { minimum: bound('shortest'), maximum: bound('longest') },
  { words: (value) => estimateWords(value) },
);

/** How long shipping takes. */
const estimate: Type = {
  ...estimateWhole,
  expected(node, context) {
    const value = estimateWhole.expected(node, context);
    const [least, most] = isRecord(value) ? [value.minimum, value.maximum] : [];
    const at = node.kind === 'map' ? node.entries.get('minimum')?.at : undefined;
    const isAbove = isRecord(least) && isRecord(most) && least.unit === most.unit && above(least.value, most.value);
    if (at && isAbove) context.complain(at, 'is longer than maximum. Expected at most the maximum');
    return value;
  },
};

function above(one: unknown, other: unknown): boolean {
  return [one, other].every((value) => /^\d+$/.test(String(value))) && BigInt(String(one)) > BigInt(String(other));
}

/** `3 to 5 business days`. */
function estimateWords(estimate: Value): string | null {
  if (!isRecord(estimate)) return null;
  const [least, most] = [estimate.minimum, estimate.maximum].map((one) => (isRecord(one) ? one : null));
  const long = (one: { readonly [name: string]: unknown }) => {
    const unit = bare(String(one.unit)).replaceAll('_', ' ');
    return `${String(one.value)} ${unit}${one.value === '1' ? '' : 's'}`;
  };
  if (least && most)
    return least.unit === most.unit ? `${String(least.value)} to ${long(most)}` : `${long(least)} to ${long(most)}`;
  return least ? `at least ${long(least)}` : most ? `at most ${long(most)}` : null;
}

/** Shipping rates (docs.stripe.com/api/shipping_rates). */
export const shippingRates: Resource<Stripe.ShippingRate> = {
  section: 'shipping_rates',
  kind: 'shipping rate',
  formerly: ['shipping_rate', 'shipping', 'shipping_options'],
  instead: {
    amount: 'Write fixed_amount: { amount: 500, currency: usd }',
    currency: 'Write fixed_amount: { amount: 500, currency: usd }',
    currency_options: 'Write it within fixed_amount',
    status: 'Write active: true, or active: false',
    enabled: 'Write active: true, or active: false',
    archived: 'Write active: false',
  },
  description:
    'A shipping rate: what shipping costs and how long it takes, for Checkout Sessions and payment links. Found by `id`, else by `display_name`. If an entry states `fixed_amount` and leaves out `tax_behavior`, `unspecified` is expected.',
  example: `standard:
  display_name: Standard
  fixed_amount: { amount: 500, currency: usd }     # 5.00 USD
  delivery_estimate:
    minimum: { value: 3, unit: business_day }
    maximum: { value: 5, unit: business_day }
  tax_behavior: exclusive
  tax_code: txcd_92010001`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The shipping rate's id, `shr_…`. Finds the shipping rate.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    display_name: {
      formerly: ['name', 'label', 'title'],
      type: text(100),
      description:
        "The name that customers see, at most 100 characters. Finds the shipping rate if the entry has no `id`. Can't be changed after creation.",
      read: (live) => live.display_name,
      fixed: true,
    },
    active: {
      type: always(flag),
      description: 'Whether it can be offered in new purchases. If left out, `true` is expected.',
      default: true,
      read: (live) => live.active,
      // None is created archived; `state` says how one is.
      parameters: () => ({}),
    },
    fixed_amount: {
      formerly: ['price', 'cost', 'rate'],
      type: fixedAmount,
      description:
        "What shipping costs. Compared as a whole: a currency that you leave out is not there. `amount` and `currency` can't be changed after creation; other currencies can be added and changed, but not removed.",
      read: (live) => live.fixed_amount ?? null,
      risk: 'What customers pay for shipping in these currencies changes.',
      lasting: true,
      expand: () => ['fixed_amount.currency_options'],
      alwaysExpanded: true,
      parameters(value, request) {
        const all = fixedAmount.parameter?.(value);
        if (!isRecord(all)) return request === 'create' ? {} : null;
        const { currency_options: options } = all;
        if (request === 'create') return { fixed_amount: all };
        return options === undefined ? null : { fixed_amount: { currency_options: options } };
      },
    },
    delivery_estimate: {
      formerly: ['delivery_time', 'estimate'],
      type: estimate,
      description:
        "How long shipping takes, as customers see it: `minimum`, `maximum` or both. Compared as a whole. Can't be changed after creation.",
      read: (live) => live.delivery_estimate,
      fixed: true,
    },
    tax_behavior: { ...taxBehavior, read: (live) => live.tax_behavior, lasting: true },
    tax_code: {
      formerly: ['tax_category'],
      type: text(),
      description: "A tax code, `txcd_…`; of shipping it is `txcd_92010001`. Can't be changed after creation.",
      read: ({ tax_code: code }) => (isRecord(code) ? code.id : code),
      fixed: true,
    },
    type: {
      type: always(word(['fixed_amount'])),
      description: "How the cost is computed: a fixed amount. Can't be changed after creation.",
      read: (live) => live.type,
      fixed: true,
      implied: ({ type }) => type === 'fixed_amount',
    },
    metadata: { type: metadata, description: metadataDescription, own: true, read: (live) => live.metadata },
  },
  id: 'stripe',
  prefix: 'shr_',
  inCode: { prefix: 'shr_1', lengths: [23] },
  identities: [{ by: 'display_name', portable: true }],
  charge: { amounts: ['fixed_amount'], unstated: () => ({ tax_behavior: null }), words: chargeWords },
  state: archivable('New purchases can no longer use it.'),
  permission: { slug: 'rak_shipping_rate_read', label: 'Shipping Rates' },
  source: {
    path: '/v1/shipping_rates',
    list: 'v1',
    inForce: { active: 'true' },
    retired: { active: 'false' },
    created: true,
  },
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.display_name ?? live.id,
  naming({ display_name: name, fixed_amount: cost }, { key }) {
    const { amount: much, currency: code } = isRecord(cost) ? cost : {};
    return { keys: [key], names: [textOf(name)], marks: [textOf(code as Value), textOf(much as Value)] };
  },
  likeness({ display_name: name, fixed_amount: cost }) {
    return name == null ? null : JSON.stringify([name, isRecord(cost) ? cost.currency : null]);
  },
  dashboard: 'shipping-rates',
  hasNoPage: true,
  command: {
    words: ['shipping_rates'],
    creation(fields) {
      if (fields.active === false) return null;
      return ['display_name', 'fixed_amount'].find((name) => fields[name] == null) ?? { type: 'fixed_amount' };
    },
    replacement: () => ({}),
  },
  replacing: 'offer it in place of the old one, and archive the old one',
  replacingRisk: 'Payment links that offer the old shipping rate offer it until you change them.',
  outside: { places: 'code and payment links', fails: 'new purchases that name it fail' },
};

function chargeWords({ fixed_amount: cost }: Fields): ChargeWords | null {
  if (!isRecord(cost) || typeof cost.amount !== 'string' || typeof cost.currency !== 'string') return null;
  const words = money(cost.amount, cost.currency);
  return words === null
    ? null
    : { words: `${words} for shipping`, amount: cost.amount, basis: cost.currency, fields: ['fixed_amount'] };
}
