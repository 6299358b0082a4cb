import type Stripe from 'stripe';
import { type Entry, type Fields, isRecord, type Node, record, type Symptom, type Value } from '../model.ts';
import { nameOf, placeWords } from '../text.ts';
import { list } from '../vocabulary/collections.ts';
import { amount, amountEither, currency, currencyOptions, minorUnit } from '../vocabulary/money.ts';
import { reference } from '../vocabulary/reference.ts';
import { always, flag, integer, text, word } from '../vocabulary/scalars.ts';
import { part, whole } from '../vocabulary/shape.ts';
import { aligned, type Context, type Member, type Shape, spelledAs, type Type } from '../vocabulary/type.ts';
import { metadata, metadataDescription } from './metadata.ts';
import { archivable, type Resource, textOf } from './resource.ts';

/** The end of a tier: a whole number; the last has none, which people write `inf`. */
const upTo: Type = {
  schema: {
    type: ['integer', 'string', 'null'],
    pattern: '^(inf|[0-9]+)$',
    patternErrorMessage: 'Expected a whole number, or inf for the last tier.',
    minimum: 1,
  },
  expected: (node, context) =>
    node.kind === 'scalar' && (node.value === null || node.value === 'inf')
      ? 'inf'
      : integer(1).expected(node, context),
  actual: (raw) => (raw === null || raw === undefined || raw === 'inf' ? 'inf' : integer(1).actual(raw)),
  spelled: (value) => spelledAs(integer(), value, null),
};

const tier: Shape = {
  up_to: {
    type: upTo,
    default: 'inf',
    explicit: true,
    description:
      'The last unit of the tier, included: a whole number, ascending from tier to tier; `inf` (or `null`) for the last.',
  },
  flat_amount: amountEither('flat_amount', 'What the whole tier costs', '0'),
  unit_amount: { ...amountEither('unit_amount', 'What each unit of the tier costs', '0'), explicit: true },
};

const tierList = list(whole(tier));

/** Tiers: ascending, the last without an end. */
const tiers: Type = {
  ...tierList,
  expected(node, context) {
    const value = tierList.expected(node, context);
    if (node.kind === 'list' && Array.isArray(value)) checkTiers(node.items, value as { up_to: string }[], context);
    return value;
  },
};

/** `{ enabled: true }`, as it is written at creation, states the amount without limits. */
const customUnitAmountShape: Shape = {
  maximum: { type: amount, description: `The most that the customer may pay, ${minorUnit}.` },
  minimum: { type: amount, description: `The least that the customer may pay, ${minorUnit}.` },
  preset: { type: amount, description: `The amount that the customer starts with, ${minorUnit}.` },
};
const customWhole = whole(customUnitAmountShape);
const customUnitAmount: Type = {
  ...customWhole,
  schema: {
    ...customWhole.schema,
    properties: {
      enabled: {
        type: ['boolean', 'null'],
        description: 'As at creation: `true` states a custom amount, `false` that there is none.',
      },
      ...customWhole.schema.properties,
    },
  },
  expected(node, context) {
    const enabled = node.kind === 'map' ? node.entries.get('enabled')?.node : undefined;
    if (enabled?.kind === 'scalar' && enabled.value === false) return null;
    return customWhole.expected(node, context);
  },
  spelled(value, other) {
    const limits = Object.entries(isRecord(value) ? value : {}).filter(
      ([name, live]) => live !== null || (isRecord(other) && other[name] != null),
    );
    if (value === null) return null;
    return limits.length === 0
      ? { enabled: true }
      : record(limits.map(([name, live]) => [name, spelledAs(amount, live as Value, null)]));
  },
  parameter(value) {
    const limits = customWhole.parameter?.(value);
    return value === null ? undefined : { enabled: 'true', ...(isRecord(limits) && limits) };
  },
};

const taxBehavior: Member = {
  type: { ...word(['exclusive', 'inclusive', 'unspecified'], { unset: 'unspecified' }), final: true },
  description:
    'Whether the amount includes taxes. `unspecified` equals `null`, and leaving it out beside an amount. Once specified it is fixed.',
};

const optionPart = part({
  unit_amount: amountEither('unit_amount', 'The amount in this currency'),
  custom_unit_amount: {
    type: customUnitAmount,
    description: 'An amount that the customer chooses, in this currency; compared as a whole.',
  },
  tax_behavior: taxBehavior,
  tiers: { type: tiers, description: 'The tiers in this currency, in order.' },
});

const AMOUNTS = ['unit_amount', 'custom_unit_amount', 'tiers'] as const;

/** What it costs in one currency. Where an amount is stated, that is the whole of it, as in the price itself. */
const option: Type = {
  ...optionPart,
  expected: readOption,
  aligned(expected, actual, around) {
    const stated = isRecord(expected) ? (expected as Fields) : {};
    const isCharge = AMOUNTS.some((name) => stated[name] != null);
    const nothing = { ...record(AMOUNTS.map((name) => [name, null])), tax_behavior: null };
    return aligned(optionPart, isCharge && isRecord(actual) ? { ...nothing, ...stated } : expected, actual, around);
  },
};

/** Prices (docs.stripe.com/api/prices). */
export const prices: Resource<Stripe.Price> = {
  section: 'prices',
  kind: 'price',
  description:
    'A price: how much of what currency, how often. Found by `id`, else by `lookup_key`. An entry that states an amount says all that is charged: what it leaves out is as a new price would have it.',
  example: `pro_monthly:
  lookup_key: pro_monthly
  product: pro
  currency: usd
  unit_amount: 2000              # 20.00 USD
  recurring: { interval: month }
  tax_behavior: exclusive`,
  fields: {
    id: {
      type: always(text()),
      description: "The price's id, `price_…`. Finds the price.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    lookup_key: {
      type: text(200),
      description:
        'A key of your own, at most 200 characters, held by one price at a time. Finds the price where no `id` is stated.',
      read: (live) => live.lookup_key,
      unique: true,
      lasting: true,
    },
    active: {
      type: always(flag),
      description: 'Whether it can be used for new purchases. An entry that does not say expects `true`.',
      default: true,
      read: (live) => live.active,
    },
    nickname: {
      type: text(),
      description: 'A short description that customers do not see.',
      read: (live) => live.nickname,
      lasting: true,
    },
    product: {
      type: always(reference('products', 'prod_')),
      description:
        'The product: the name of an entry in `products`, or an id (`prod_…`, or `{ id: … }`). Fixed at creation.',
      read: (live) => live.product,
      fixed: true,
    },
    currency: {
      type: always(currency),
      description: 'Three-letter ISO code in lower case, such as `usd`. Fixed at creation.',
      read: (live) => live.currency,
      fixed: true,
    },
    unit_amount: {
      ...amountEither('unit_amount', 'The price of one unit'),
      read: (live) => live.unit_amount_decimal ?? live.unit_amount,
      fixed: true,
      implied: ({ unit_amount, tiers, custom_unit_amount: custom }) =>
        unit_amount === null && (tiers ?? custom) != null,
      together: ['custom_unit_amount', 'tiers', 'tiers_mode', 'currency'],
    },
    custom_unit_amount: {
      type: customUnitAmount,
      description:
        'An amount that the customer chooses: `{ enabled: true }`, or its limits. Compared as a whole. Fixed at creation.',
      read: (live) => live.custom_unit_amount,
      fixed: true,
      together: ['unit_amount', 'tiers', 'tiers_mode', 'currency'],
    },
    billing_scheme: {
      type: always(word(['per_unit', 'tiered'])),
      description: '`per_unit`: the amount per unit; `tiered`: by `tiers` and `tiers_mode`. Fixed at creation.',
      read: (live) => live.billing_scheme,
      fixed: true,
    },
    tiers_mode: {
      type: word(['graduated', 'volume']),
      description:
        '`graduated`: each tier for the units in it; `volume`: the tier reached, for all units. Fixed at creation.',
      read: (live) => live.tiers_mode,
      fixed: true,
    },
    tiers: {
      type: tiers,
      description: 'Tiers, in order; each is compared as a whole. Fixed at creation.',
      read: (live) => (live.billing_scheme === 'tiered' ? live.tiers : (live.tiers ?? null)),
      fixed: true,
      implied: ({ tiers: live }) => live === null,
      together: ['unit_amount', 'custom_unit_amount', 'tiers_mode', 'currency'],
      expand: () => ['tiers'],
      deeper: ({ tiers: live, billing_scheme: scheme }) => (scheme === 'tiered' && live === undefined ? ['tiers'] : []),
    },
    recurring: {
      type: whole(
        {
          interval: {
            type: always(word(['day', 'week', 'month', 'year'])),
            required: true,
            description: 'How often it is billed, with `interval_count`.',
          },
          interval_count: {
            type: integer(1),
            default: '1',
            description: 'Intervals between two bills: 3 with `month` is quarterly. At most 3 years.',
          },
          usage_type: {
            type: always(word(['licensed', 'metered'])),
            default: 'licensed',
            description: '`licensed`: bills the quantity of the subscription; `metered`: bills the usage.',
          },
          meter: {
            type: reference('meters', 'mtr_'),
            description:
              'The meter of a metered price: the name of an entry in `meters`, or an id (`mtr_…`, or `{ id: … }`).',
          },
          trial_period_days: { type: integer(1), description: 'Days of trial by default (with `trial_from_plan`).' },
        },
        { words: recurrence },
      ),
      description:
        'How often it is billed; `null` states a one-time price, and so does leaving it out beside an amount. Compared as a whole: names left out mean their default. Fixed at creation.',
      read: (live) => live.recurring,
      fixed: true,
    },
    transform_quantity: {
      type: whole({
        divide_by: { type: always(integer(1)), required: true, description: 'The quantity is divided by this.' },
        round: { type: always(word(['up', 'down'])), required: true, description: 'How the result is rounded.' },
      }),
      description:
        'How the quantity is transformed before the price is computed; compared as a whole. Leaving it out beside an amount states that it is not. Fixed at creation.',
      read: (live) => live.transform_quantity,
      fixed: true,
    },
    tax_behavior: { ...taxBehavior, read: (live) => live.tax_behavior, lasting: true },
    currency_options: {
      type: currencyOptions(option),
      description:
        'Amounts in further currencies, by three-letter code in lower case. In an entry that states an amount these are all the currencies: one more in Stripe is a difference, and so is any where this is left out. Without an amount only the currencies listed here are compared; `{}` states that there are none.',
      read: (live) => (live.billing_scheme === 'tiered' ? live.currency_options : withoutTiers(live.currency_options)),
      risk: 'What customers pay in these currencies changes.',
      expand: (stated) => [
        'currency_options',
        ...Object.entries(isRecord(stated) ? stated : {}).flatMap(([code, value]) =>
          isRecord(value) && 'tiers' in value ? [`currency_options.${code}.tiers`] : [],
        ),
      ],
      deeper: ({ currency_options: live, currency: own }, { currency_options: stated }) =>
        Object.entries(isRecord(live) ? live : {}).flatMap(([code, value]) =>
          /^[a-z]{3}$/.test(code) &&
          code !== own &&
          !(isRecord(stated) && code in stated) &&
          isRecord(value) &&
          !('tiers' in value)
            ? [`currency_options.${code}.tiers`]
            : [],
        ),
    },
    metadata: { type: metadata, description: metadataDescription, own: true, read: (live) => live.metadata },
    type: {
      type: always(word(['one_time', 'recurring'])),
      description: '`one_time` or `recurring`; follows from `recurring`. Fixed at creation.',
      read: (live) => live.type,
      fixed: true,
      parameters: () => ({}),
      implied: () => true,
    },
  },
  id: 'stripe',
  identities: [{ by: 'lookup_key', portable: true }],
  charge: {
    amounts: AMOUNTS,
    unstated: ({ tiers: stated, type }) => ({
      ...(type === undefined && { recurring: null }),
      billing_scheme: stated == null ? 'per_unit' : 'tiered',
      transform_quantity: null,
      tax_behavior: null,
      currency_options: null,
    }),
    follows: ['billing_scheme'],
  },
  state: archivable('New purchases can no longer use it.'),
  permission: { slug: 'rak_plan_read', label: 'Prices', implies: ['rak_product_read'] },
  source: {
    path: '/v1/prices',
    list: 'v1',
    inForce: { active: 'true' },
    retired: { active: 'false' },
    created: true,
  },
  lookUp: { id: { query: 'path', batch: 1 }, lookup_key: { query: 'lookup_keys', batch: 10 } },
  label: (live) => live.nickname ?? live.lookup_key ?? live.id,
  naming(fields, { refer, key }) {
    const { lookup_key, nickname, currency: code, unit_amount, recurring } = fields;
    const product = refer('product');
    const called = typeof nickname === 'string' ? nameOf(nickname) : '';
    const inFull = product === null || called.includes(product) ? called : `${product}_${called}`;
    const billed = product === null ? null : `${product}_${billing(recurring)}`;
    return {
      keys: [textOf(lookup_key), key],
      names: [called === '' ? null : inFull, billed],
      marks: [textOf(code), textOf(unit_amount)],
    };
  },
  likeness({ currency: code, recurring, nickname = null }, refer) {
    const product = refer('product');
    return product === null || recurring === undefined ? null : JSON.stringify([product, code, recurring, nickname]);
  },
  traces: ({ product, ...fields }) =>
    AMOUNTS.flatMap((name) =>
      typeof product === 'string' && fields[name] != null ? [JSON.stringify([product, name, fields[name]])] : [],
    ),
  groupedBy: 'product',
  dashboard: 'prices',
  overview: 'products',
  command: {
    words: ['prices'],
    creation(fields) {
      const { product, currency: code, recurring, type, tiers, tiers_mode, unit_amount, custom_unit_amount } = fields;
      const hasAmount = unit_amount != null || custom_unit_amount != null || (tiers != null && tiers_mode != null);
      const hasCycle = recurring !== undefined || type !== 'recurring';
      if (product == null || code == null || !hasAmount || !hasCycle) return null;
      return tiers == null ? {} : { billing_scheme: 'tiered' };
    },
    replacement: ({ lookup_key: key }) => (key == null ? {} : { transfer_lookup_key: 'true' }),
  },
  replacing:
    "move the lookup key to it if there is one, make it its product's default price if this one is (else Stripe refuses to archive it), and archive this one",
  replacingRisk: 'Subscriptions stay on the old price until they are moved.',
  check: checkPrice,
  healthOf: [['product'], ['recurring', 'meter']],
  health({ fields, inForce }, _stated, others) {
    if (!inForce) return [];
    const isRetired = (section: string, id: unknown) =>
      typeof id === 'string' && others.find(section, id)?.inForce === false;
    const symptoms: Symptom[] = [];
    if (isRetired('products', fields.product)) {
      const message = "it is active, but its product is archived, so it can't be sold.";
      symptoms.push({ field: 'product', severity: 'warning', message });
    }
    if (isRetired('meters', isRecord(fields.recurring) ? fields.recurring.meter : null)) {
      const message = 'it is active, but its meter is inactive, so usage is neither recorded nor billed.';
      symptoms.push({ field: 'recurring', severity: 'warning', message });
    }
    return symptoms;
  },
};

/** `{ interval: month, interval_count: 3 }` as `billed every 3 months`. */
function recurrence(value: Value): string {
  if (!isRecord(value)) return 'one-time';
  const { interval, interval_count: count, usage_type: usage, trial_period_days: trial } = value;
  const every = count === '1' ? `every ${String(interval)}` : `every ${String(count)} ${String(interval)}s`;
  const trialWords = trial == null ? '' : `, with ${String(trial)} ${trial === '1' ? 'day' : 'days'} of trial`;
  return `billed ${every}${usage === 'metered' ? ' by usage' : ''}${trialWords}`;
}

/** How often it is billed, as a word of a name. */
function billing(recurring: Value | undefined): string {
  if (!isRecord(recurring)) return 'one_time';
  const words = { day: 'daily', week: 'weekly', month: 'monthly', year: 'yearly' } as const;
  const [interval, count] = [String(recurring.interval), String(recurring.interval_count ?? '1')];
  const metered = recurring.usage_type === 'metered' ? '_metered' : '';
  if (count === '1') return `${words[interval as keyof typeof words] ?? interval}${metered}`;
  return `${interval === 'month' && count === '3' ? 'quarterly' : `every_${count}_${interval}s`}${metered}`;
}

/** A price without tiers has none in its other currencies either; Stripe may then leave them out of an answer. */
function withoutTiers(raw: Stripe.Price['currency_options']): unknown {
  return raw && record(Object.entries(raw).map(([code, value]) => [code, { tiers: null, ...value }]));
}

function checkPrice(stated: ReadonlyMap<string, Entry>, fields: Fields, context: Context): void {
  oneAmount(stated, fields, context);
  const recurring = stated.get('recurring');
  const type = stated.get('type');
  if (recurring && type && fields.type !== null && (fields.type === 'recurring') !== (fields.recurring !== null)) {
    const says = fields.recurring === null ? 'null' : 'stated';
    context.complain(
      type.at,
      `is ${String(fields.type)}, but recurring ${placeWords(recurring.at, type.at)} is ${says}. Keep one of them`,
    );
  }
  noticeSilence(stated, fields, context);
}

/** An amount says little without its currency, nor tiers without their mode. */
function noticeSilence(stated: ReadonlyMap<string, Entry>, fields: Fields, context: Context): void {
  const [first] = statedAmounts(stated, fields);
  if (first === undefined) return;
  const warn = (message: string) => context.complain(first.at, message, 'warning');
  if (!stated.has('currency'))
    warn('is stated without currency, so that amount passes in any. Add currency: usd, or another');
  if (first.name === 'tiers' && !stated.has('tiers_mode')) {
    warn('are stated without tiers_mode, though graduated and volume bill differently. Add tiers_mode');
  }
}

/** The amounts that an entry states and that are not null: one is right. */
function statedAmounts(stated: ReadonlyMap<string, Entry>, fields: Fields): Entry[] {
  return AMOUNTS.flatMap((name) => (fields[name] != null ? (stated.get(name) ?? []) : []));
}

/** A price states one amount: per unit, chosen by the customer, or in tiers. */
function oneAmount(stated: ReadonlyMap<string, Entry>, fields: Fields, context: Context): void {
  const [first, ...others] = statedAmounts(stated, fields);
  if (first === undefined) return;
  for (const other of others) {
    context.complain(
      other.at,
      `contradicts ${first.name} ${placeWords(first.at, other.at)}: a price has one amount. Keep one of them`,
    );
  }
}

function readOption(node: Node, context: Context): Value {
  const value = optionPart.expected(node, context);
  if (node.kind === 'map' && isRecord(value)) {
    const spelled = (name: string) => node.entries.get(name) ?? node.entries.get(`${name}_decimal`);
    const stated = new Map(
      AMOUNTS.flatMap((name) => {
        const entry = spelled(name);
        return entry === undefined ? [] : [[name, entry] as const];
      }),
    );
    oneAmount(stated, value as Fields, context);
  }
  return value;
}

function checkTiers(items: readonly Node[], values: readonly { readonly up_to: string }[], context: Context): void {
  let previous = 0n;
  values.forEach(({ up_to: end }, index) => {
    const node = items[index] as Node;
    const last = index === values.length - 1;
    const at = (node.kind === 'map' ? node.entries.get('up_to')?.at : undefined) ?? node.at;
    if (end === 'inf') {
      if (!last) context.complain(at, 'is inf, so the tiers after it are never reached. Only the last tier has no end');
      return;
    }
    if (last) context.complain(at, `is ${end}, but the last tier has no end. Expected up_to: inf`);
    if (!/^\d+$/.test(end)) return;
    if (BigInt(end) <= previous)
      context.complain(at, `is ${end}, not above the end of the tier before it (${previous}). Tiers ascend`);
    previous = BigInt(end);
  });
}
