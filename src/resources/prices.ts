import type Stripe from 'stripe';
import {
  type Entry,
  type Fields,
  isRecord,
  type MapNode,
  type Node,
  record,
  type Symptom,
  type Value,
} from '../model.ts';
import { bare, nameOf, placeWords } from '../text.ts';
import { list } from '../vocabulary/collections.ts';
import {
  amount,
  amountEither,
  currency,
  currencyOptions,
  minorUnit,
  money,
  noticeOwnCurrency,
} from '../vocabulary/money.ts';
import { reference } from '../vocabulary/reference.ts';
import { always, flag, integer, literal, text, word } from '../vocabulary/scalars.ts';
import { part, whole } from '../vocabulary/shape.ts';
import { aligned, type Context, type Member, type Shape, spelledAs, type Type } from '../vocabulary/type.ts';
import { metadata, metadataDescription } from './metadata.ts';
import { archivable, type ChargeWords, type EntryContext, type Others, type Resource, textOf } from './resource.ts';

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
    formerly: ['to', 'upto', 'until', 'last_unit', 'max'],
    default: 'inf',
    explicit: true,
    description:
      'The last unit of the tier: a whole number, higher than in the tier before; `inf` (or `null`) for the last tier.',
  },
  flat_amount: {
    ...amountEither('flat_amount', 'The price of the whole tier', '0'),
    formerly: ['flat', 'flat_fee', 'flat_price', 'base_amount'],
  },
  unit_amount: {
    ...amountEither('unit_amount', 'The price of each unit in the tier', '0'),
    explicit: true,
    formerly: ['amount', 'unit_price', 'price'],
  },
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

/** The fields that hold an amount: one price has one of them. */
const AMOUNTS = ['unit_amount', 'custom_unit_amount', 'tiers'] as const;

/** `{ enabled: true }`, as it is written at creation, states the amount without limits. */
const customUnitAmountShape: Shape = {
  maximum: { type: amount, description: `The highest amount that the customer can choose, ${minorUnit}.` },
  minimum: { type: amount, description: `The lowest amount that the customer can choose, ${minorUnit}.` },
  preset: { type: amount, description: `The amount that the customer sees first and can change, ${minorUnit}.` },
};
const customWhole = whole(customUnitAmountShape);
const customUnitAmount: Type = {
  ...customWhole,
  schema: {
    ...customWhole.schema,
    properties: {
      enabled: {
        type: ['boolean', 'null'],
        description: 'As in a create request: `true` means a custom amount, `false` none.',
      },
      ...customWhole.schema.properties,
    },
  },
  expected(node, context) {
    const enabled = node.kind === 'map' ? node.entries.get('enabled')?.node : undefined;
    const isOff = enabled?.kind === 'scalar' && enabled.value === false;
    const value = customWhole.expected(node, context);
    if (node.kind === 'map') checkLimits(node, isOff, value, context);
    return isOff ? null : value;
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
    "Whether the amount includes taxes. `null` means `unspecified`; so does leaving it out of an entry with an amount. `inclusive` and `exclusive` can't be changed later.",
};

const optionPart = part({
  unit_amount: {
    ...amountEither('unit_amount', 'The amount in this currency'),
    formerly: ['amount', 'unit_price', 'price'],
  },
  custom_unit_amount: {
    type: customUnitAmount,
    description: 'An amount that the customer chooses, in this currency. Compared as a whole.',
  },
  tax_behavior: taxBehavior,
  tiers: { type: tiers, description: 'The tiers in this currency, in order.' },
});

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
/** What a price in tiers has, and what it has not. */
const TIERED = ['tiers', 'tiers_mode', 'billing_scheme'];
const UNTIERED = ['unit_amount', 'custom_unit_amount', 'transform_quantity'];

/** Prices (docs.stripe.com/api/prices). */
export const prices: Resource<Stripe.Price> = {
  section: 'prices',
  kind: 'price',
  formerly: ['plan', 'plans', 'price', 'pricing', 'skus'],
  instead: {
    amount_decimal: 'Write unit_amount_decimal instead',
    status: 'Write active: true, or active: false',
    enabled: 'Write active: true, or active: false',
    archived: 'Write active: false',
    plan: 'Write product instead, with the name of an entry in products',
    plan_id: 'Write id instead, or lookup_key',
    price_id: 'Write id instead',
    recurring_interval: 'Write recurring: { interval: month }',
    billing_period: 'Write recurring: { interval: month }',
    metered: 'Write recurring: { interval: month, usage_type: metered }',
    aggregate_usage: 'Write default_aggregation in an entry of meters instead',
    product_data: 'Write product instead, with the name of an entry in products',
    transfer_lookup_key: 'Remove it: it is part of a request, not of the price',
  },
  description:
    "A price: how much is charged, in which currency, and how often. Found by `id`, else by `lookup_key`. If an entry states an amount, the fields of the charge that it leaves out must have Stripe's defaults.",
  example: `pro_monthly:
  lookup_key: pro_monthly
  product: pro
  currency: usd
  unit_amount: 2000              # 20.00 USD
  recurring: { interval: month }
  tax_behavior: exclusive`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The price's id, `price_…`. Finds the price.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    lookup_key: {
      formerly: ['key', 'lookup', 'lookup_keys'],
      type: literal(text(200)),
      description:
        'Your own key, at most 200 characters. Only one price at a time can have it. Finds the price if the entry has no `id`.',
      read: (live) => live.lookup_key,
      unique: true,
      lasting: true,
      risk: (_, from) =>
        from === null
          ? null
          : 'Code that looks up the price by its present `lookup_key` would no longer find it: change that code first.',
    },
    active: {
      type: always(flag),
      description: 'Whether it can be used for new purchases. If left out, `true` is expected.',
      default: true,
      read: (live) => live.active,
    },
    nickname: {
      formerly: ['name', 'label', 'title', 'description'],
      type: text(5000),
      description: 'A short description that customers do not see, at most 5,000 characters.',
      read: (live) => live.nickname,
      lasting: true,
    },
    product: {
      formerly: ['product_id', 'products'],
      type: always(reference('products', 'prod_')),
      description:
        "The product: the name of an entry in `products`, or an id (`prod_…`, or `{ id: … }`). Can't be changed after creation.",
      read: (live) => live.product,
      fixed: true,
      needs: 'active',
    },
    currency: {
      type: always(currency),
      description: "Three-letter ISO code in lower case, such as `usd`. Can't be changed after creation.",
      read: (live) => live.currency,
      fixed: true,
    },
    unit_amount: {
      formerly: ['amount', 'unit_price', 'price', 'cost', 'amount_cents', 'unit_amount_cents'],
      ...amountEither('unit_amount', 'The price of one unit'),
      read: (live) => live.unit_amount_decimal ?? live.unit_amount,
      fixed: true,
      implied: ({ unit_amount, tiers, custom_unit_amount: custom }) =>
        unit_amount === null && (tiers ?? custom) != null,
      together: ['custom_unit_amount', 'tiers', 'tiers_mode', 'currency'],
      excludes: (amount) => (amount === null ? [] : ['custom_unit_amount', ...TIERED]),
    },
    custom_unit_amount: {
      type: customUnitAmount,
      description:
        "An amount that the customer chooses: `{ enabled: true }`, or its limits. Compared as a whole. Can't be changed after creation.",
      read: (live) => live.custom_unit_amount,
      fixed: true,
      together: ['unit_amount', 'tiers', 'tiers_mode', 'currency'],
      excludes: (custom) => (custom === null ? [] : ['unit_amount', 'recurring', ...TIERED]),
    },
    billing_scheme: {
      type: always(word(['per_unit', 'tiered'])),
      description:
        "`per_unit`: a fixed amount per unit; `tiered`: by `tiers` and `tiers_mode`. Can't be changed after creation.",
      default: 'per_unit',
      read: (live) => live.billing_scheme,
      fixed: true,
      mirrors: ['tiers', 'tiers_mode'],
      excludes: (scheme) => (scheme === 'tiered' ? UNTIERED : ['tiers', 'tiers_mode']),
    },
    tiers_mode: {
      type: word(['graduated', 'volume']),
      description:
        "`graduated`: each unit costs the amount of its own tier; `volume`: all units cost the amount of the tier that the quantity reaches. Can't be changed after creation.",
      read: (live) => live.tiers_mode,
      fixed: true,
      mirrors: ['tiers', 'billing_scheme'],
      excludes: (mode) => (mode === null ? [] : [...UNTIERED, 'billing_scheme']),
    },
    tiers: {
      formerly: ['tier', 'pricing_tiers'],
      type: tiers,
      description: "Tiers, in order. Each tier is compared as a whole. Can't be changed after creation.",
      read: (live) => (live.billing_scheme === 'tiered' ? live.tiers : (live.tiers ?? null)),
      fixed: true,
      implied: ({ tiers: live }) => live === null,
      together: ['unit_amount', 'custom_unit_amount', 'tiers_mode', 'currency'],
      expand: () => ['tiers'],
      deeper: ({ tiers: live, billing_scheme: scheme }) => (scheme === 'tiered' && live === undefined ? ['tiers'] : []),
      mirrors: ['billing_scheme'],
      excludes: (list) => (list === null ? [] : [...UNTIERED, 'billing_scheme']),
    },
    recurring: {
      type: cycle({
        interval: {
          type: always(word(['day', 'week', 'month', 'year'])),
          required: true,
          description: 'The time between two bills, together with `interval_count`.',
        },
        interval_count: {
          type: integer(1),
          default: '1',
          description: 'The number of intervals between two bills: 3 with `month` is quarterly. At most 3 years.',
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
        trial_period_days: {
          type: integer(1),
          description: 'The default number of trial days, for subscriptions that are created with `trial_from_plan`.',
        },
      }),
      description:
        "How often it is billed. `null` means a one-time price; so does leaving it out of an entry with an amount. Compared as a whole: names that you leave out must have their defaults. Can't be changed after creation.",
      read: (live) => live.recurring,
      fixed: true,
      needs: 'active',
      mirrors: ['type'],
      excludes: (cycle) => (cycle === null ? TIERED : ['custom_unit_amount']),
    },
    transform_quantity: {
      formerly: ['transform_usage'],
      type: whole({
        divide_by: { type: always(integer(1)), required: true, description: 'The quantity is divided by this.' },
        round: { type: always(word(['up', 'down'])), required: true, description: 'How the result is rounded.' },
      }),
      description:
        "How the quantity is divided before the price is computed. If you leave it out of an entry with an amount, the quantity must not be divided. Compared as a whole. Can't be changed after creation.",
      read: (live) => live.transform_quantity,
      fixed: true,
      excludes: (transform) => (transform === null ? [] : TIERED),
    },
    tax_behavior: { ...taxBehavior, read: (live) => live.tax_behavior, lasting: true },
    currency_options: {
      formerly: ['currencies', 'prices_by_currency'],
      type: currencyOptions(option),
      description:
        'Amounts in other currencies, by three-letter code in lower case. If the entry states an amount, list all currencies: any other currency in Stripe is a difference, also if you leave this field out. In an entry without an amount, only the listed currencies are compared; `{}` means that there are none.',
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
      description: "`one_time` or `recurring`; follows from `recurring`. Can't be changed after creation.",
      read: (live) => live.type,
      fixed: true,
      parameters: () => ({}),
      implied: () => true,
      mirrors: ['recurring'],
      excludes: (type) => (type === 'one_time' ? ['recurring', ...TIERED] : ['custom_unit_amount']),
    },
  },
  id: 'stripe',
  prefix: 'price_',
  inCode: { prefix: 'price_1', lengths: [23] },
  keyInCode: { field: 'lookup_key', aside: ['feature', 'entitlement'] },
  // Those of plans, which their owners could choose.
  hasLegacyIds: true,
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
    words: chargeWords,
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
    const { lookup_key, nickname, currency: code, unit_amount, tiers, custom_unit_amount: custom, recurring } = fields;
    const product = refer('product');
    const called = typeof nickname === 'string' ? nameOf(nickname) : '';
    const inFull = product === null || called.includes(product) ? called : `${product}_${called}`;
    const billed = product === null ? null : `${product}_${billing(recurring)}`;
    return {
      keys: [textOf(lookup_key), key],
      names: [called === '' ? null : inFull, billed],
      marks: [textOf(code), textOf(unit_amount) ?? (tiers == null ? (custom == null ? null : 'custom') : 'tiered')],
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
      const unstated = Object.entries({ product, currency: code }).find(([, value]) => value == null);
      if (unstated !== undefined) return unstated[0];
      if (unit_amount == null && custom_unit_amount == null && tiers == null) return 'unit_amount';
      if (unit_amount == null && custom_unit_amount == null && tiers_mode == null) return 'tiers_mode';
      if (recurring === undefined && type === 'recurring') return 'recurring';
      return tiers == null ? {} : { billing_scheme: 'tiered' };
    },
    replacement: ({ lookup_key: key }) => (key == null ? {} : { transfer_lookup_key: 'true' }),
  },
  replacing:
    'move the lookup key to it if there is one, make it the default price of its product if the old one is (else Stripe refuses to archive the old one), and archive the old one',
  replacingRisk: 'Subscriptions stay on the old price until you move them.',
  outside: { places: 'code, payment links and pricing tables', fails: 'checkouts that name it fail' },
  moving: 'code that uses the lookup key sells the new price',
  check: checkPrice,
  healthOf: [['product'], ['recurring', 'meter']],
  healthRules: {
    'price-of-archived-product': {
      severity: 'warning',
      finds: 'an active price whose product is archived: nobody can buy it',
    },
    'price-of-inactive-meter': {
      severity: 'warning',
      finds: 'an active price whose meter is inactive: usage is neither recorded nor billed',
    },
    'price-charges-like-another': {
      severity: 'notice',
      finds: 'two active prices of one product, both in the file with their amount, that charge the same',
    },
    'price-without-tax-behavior': {
      severity: 'warning',
      finds:
        'an active price of subscriptions without tax behavior, while `tax_settings` of the file are active and have no default one: subscriptions with automatic tax fail',
    },
  },
  alike(fields, stated) {
    // Tiers are read where an entry states them; the other parts of a charge where it states any amount.
    const isRead =
      fields.billing_scheme === 'tiered' ? stated.tiers != null : AMOUNTS.some((name) => stated[name] != null);
    const all = [...CHARGE, 'product', 'tax_behavior'].map((name) => fields[name]);
    const options = fields.currency_options;
    if (!isRead || all.includes(undefined) || options === undefined) return null;
    return JSON.stringify([all, Object.entries(options ?? {}).sort(([one], [other]) => (one < other ? -1 : 1))]);
  },
  health({ id, fields, inForce }, stated, others) {
    if (!inForce) return [];
    const retired = (section: string, id: unknown, field: string): Pick<Symptom, 'cause'> | null =>
      typeof id === 'string' && others.find(section, id)?.inForce === false ? { cause: { section, id, field } } : null;
    const [product, meter] = [
      retired('products', fields.product, 'active'),
      retired('meters', isRecord(fields.recurring) ? fields.recurring.meter : null, 'status'),
    ];
    const symptoms: Symptom[] = [];
    if (product !== null) {
      const message = "it is active, but its product is archived, so it can't be sold.";
      const remedy =
        'To sell it, activate its product (`active=true` in `stripe products update`). Else archive the price (`active=false` in `stripe prices update`), and state `active: false` in the file.';
      symptoms.push({ rule: 'price-of-archived-product', field: 'product', message, remedy, ...product });
    }
    if (meter !== null) {
      const message = 'it is active, but its meter is inactive, so usage is neither recorded nor billed.';
      const remedy =
        'To bill usage, reactivate its meter (`stripe billing meters reactivate`). Else archive the price (`active=false` in `stripe prices update`), and state `active: false` in the file.';
      symptoms.push({ rule: 'price-of-inactive-meter', field: 'recurring', message, remedy, ...meter });
    }
    // Told once, of the first of them: each other one is a cause.
    const [first, ...like] = others.alike('prices', id);
    const many =
      like.length === 1
        ? 'another active price of its product charges'
        : `${like.length} other active prices of its product charge`;
    for (const other of first?.id === id ? like : []) {
      const message = `${many} the same: customers may get any of them, and a new amount has to be set in all.`;
      const remedy =
        'Keep one, and archive the others once nothing uses them (`active=false` in `stripe prices update`, and `active: false` in the file). If all are needed, set `price-charges-like-another: ignore` in `policy.health`.';
      const cause = { section: 'prices', id: other.id, field: 'active' };
      symptoms.push({ rule: 'price-charges-like-another', field: null, message, remedy, cause });
    }
    // An entry that says itself that it is unspecified means it.
    if (
      fields.recurring != null &&
      fields.tax_behavior === null &&
      !('tax_behavior' in stated) &&
      needsBehavior(others)
    ) {
      const message =
        'it has no `tax_behavior`, and neither do the defaults of the tax settings, so subscriptions with automatic tax fail.';
      const remedy =
        'Set a default in `tax_settings`, or the `tax_behavior` of the price (in `stripe prices update`; once it is set, it can never be changed), and state that in the file. If nobody needs automatic tax for it, state `tax_behavior: unspecified`.';
      symptoms.push({ rule: 'price-without-tax-behavior', field: 'tax_behavior', message, remedy });
    }
    return symptoms;
  },
};

/** Whether Stripe computes taxes, and has to be told by each price whether it includes them. */
function needsBehavior({ all }: Others): boolean {
  const [settings] = all('tax_settings') ?? [];
  const { status, defaults } = settings?.fields ?? {};
  return status === 'active' && isRecord(defaults) && defaults.tax_behavior === null;
}

/** `{ interval: month, interval_count: 3 }` as `billed every 3 months`. */
function recurrence(value: Value): string {
  if (!isRecord(value)) return 'one-time';
  const { usage_type: usage, trial_period_days: trial } = value;
  const trialWords = trial == null ? '' : `, with ${String(trial)} ${trial === '1' ? 'day' : 'days'} of trial`;
  return `billed ${everyWords(value)}${usage === 'metered' ? ' by usage' : ''}${trialWords}`;
}

/** The fields of which the words tell. */
const CHARGE = [
  ...['currency', 'unit_amount', 'custom_unit_amount', 'billing_scheme', 'tiers_mode', 'tiers'],
  ...['recurring', 'transform_quantity', 'type'],
];

function chargeWords(fields: Fields): ChargeWords | null {
  const { currency: code, unit_amount: each, custom_unit_amount: custom, tiers: steps, tiers_mode: mode } = fields;
  const { recurring = null, transform_quantity: divided } = fields;
  if (typeof code !== 'string') return null;
  const amountWords = typeof each === 'string' ? money(each, code) : null;
  const inCurrency = `in ${code.toUpperCase()}`;
  const isMetered = isRecord(recurring) && recurring.usage_type === 'metered';
  const per = isRecord(divided) ? ` per ${String(divided.divide_by)} units` : isMetered ? ' per unit used' : '';
  const what =
    amountWords === null
      ? custom != null
        ? `an amount that the customer chooses, ${inCurrency},`
        : steps != null
          ? `${typeof mode === 'string' ? `${mode} tiers` : 'tiers'} ${inCurrency},`
          : null
      : `${amountWords}${per}`;
  if (what === null) return null;
  const basis = JSON.stringify([code, custom ?? null, steps ?? null, mode ?? null, recurring, divided ?? null]);
  return {
    words: `${what} ${everyWords(recurring)}`,
    amount: typeof each === 'string' ? each : null,
    basis,
    fields: CHARGE,
  };
}

/** `every 3 months`, or `once`. */
function everyWords(recurring: Value): string {
  if (!isRecord(recurring)) return 'once';
  const count = String(recurring.interval_count ?? '1');
  const interval = bare(String(recurring.interval));
  return count === '1' ? `every ${interval}` : `every ${count} ${interval}s`;
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

/** The longest time between two bills, 3 years, in each interval. */
const LONGEST: ReadonlyMap<unknown, bigint> = new Map([
  ['day', 1095n],
  ['week', 156n],
  ['month', 36n],
  ['year', 3n],
]);

/** How often a price is billed, as one statement. */
function cycle(shape: Shape): Type {
  const type = whole(shape, { words: recurrence });
  return {
    ...type,
    expected(node, context) {
      const value = type.expected(node, context);
      if (node.kind === 'map' && isRecord(value)) checkCycle(node, value, context);
      return value;
    },
  };
}

function checkCycle(node: MapNode, cycle: { readonly [name: string]: unknown }, context: Context): void {
  const { interval, interval_count: count, usage_type: usage, meter } = cycle;
  const [most, times] = [LONGEST.get(interval), node.entries.get('interval_count')];
  if (times && most !== undefined && typeof count === 'string' && /^\d+$/.test(count) && BigInt(count) > most) {
    const limit = `Stripe accepts at most 3 years between two bills: ${most} with interval: ${String(interval)}`;
    context.complain(times.at, `is ${count}, but ${limit}`);
  }
  const [counted, billed] = [node.entries.get('meter'), node.entries.get('usage_type')];
  if (!counted || meter == null || usage !== 'licensed') return;
  const how = billed
    ? `usage_type ${placeWords(billed.at, counted.at)} is licensed`
    : 'usage_type is licensed by default';
  context.complain(counted.at, `names a meter, but ${how}, which bills no usage. Write usage_type: metered`);
}

/** The limits of an amount that the customer chooses. */
function checkLimits(node: MapNode, isOff: boolean, value: Value, context: Context): void {
  const limit = (name: string) => {
    const text = isRecord(value) ? value[name] : null;
    return typeof text === 'string' && /^\d+$/.test(text) ? BigInt(text) : null;
  };
  const [least, most, start] = [limit('minimum'), limit('maximum'), limit('preset')];
  const say = (name: string, words: string) => {
    const entry = node.entries.get(name);
    if (entry) context.complain(entry.at, words);
  };
  if (isOff && (least ?? most ?? start) !== null)
    say('enabled', 'is false, but limits of the amount are stated. Write true, or remove the limits');
  if (isOff) return;
  if (least !== null && most !== null && least > most)
    say('minimum', `is ${least}, above the maximum of ${most}. Expected at most the maximum`);
  else if (start !== null && least !== null && start < least)
    say('preset', `is ${start}, below the minimum of ${least}. Expected an amount between minimum and maximum`);
  else if (start !== null && most !== null && start > most)
    say('preset', `is ${start}, above the maximum of ${most}. Expected an amount between minimum and maximum`);
}

function checkPrice(stated: ReadonlyMap<string, Entry>, fields: Fields, context: EntryContext): void {
  oneAmount(stated, fields, context);
  checkType(stated, fields, context);
  checkTiered(stated, fields, context);
  checkAmount(stated, fields, context);
  const options = stated.get('currency_options');
  noticeOwnCurrency(options, fields.currency_options, { stated, fields, what: 'price', amounts: AMOUNTS }, context);
  checkOptions(options, stated, fields, context);
}

/** `type` says no more than `recurring`, and nothing else. */
function checkType(stated: ReadonlyMap<string, Entry>, fields: Fields, context: Context): void {
  const [recurring, type] = [stated.get('recurring'), stated.get('type')];
  if (!type) return;
  const isRecurring = fields.type === 'recurring';
  if (recurring && isRecurring !== (fields.recurring !== null)) {
    const says = fields.recurring === null ? 'null' : 'stated';
    const remedy = isRecurring ? 'Write recurring: { interval: month }, or type: one_time' : 'Keep one of them';
    context.complain(
      type.at,
      `is ${String(fields.type)}, but recurring ${placeWords(recurring.at, type.at)} is ${says}. ${remedy}`,
    );
  }
}

/** Tiers go with a recurring price, and with nothing that means one amount. */
function checkTiered(stated: ReadonlyMap<string, Entry>, fields: Fields, context: EntryContext): void {
  const { tiers: all, tiers_mode: mode, billing_scheme: how, transform_quantity: divided, recurring, type } = fields;
  const [tiers, scheme] = [stated.get('tiers'), stated.get('billing_scheme')];
  const [single] = statedAmounts(stated, fields).filter(({ name }) => name !== 'tiers');
  const tiered = all != null ? tiers : how === 'tiered' ? scheme : mode != null ? stated.get('tiers_mode') : undefined;
  const says = tiered === tiers ? 'are stated' : `is ${String(tiered === scheme ? how : mode)}`;
  if (scheme && how === 'per_unit' && tiered) {
    const other = `${tiered.name} ${says} ${placeWords(tiered.at, scheme.at)}`;
    context.complain(scheme.at, `is per_unit, but ${other}. Write billing_scheme: tiered, or remove it`);
  }
  if (tiered && single && all == null) {
    const other = `${single.name} ${placeWords(single.at, tiered.at)}`;
    const remedy = `Remove ${tiered.name}, or state tiers instead of ${single.name}`;
    context.complain(tiered.at, `${says}, but ${other} is one amount for every unit. ${remedy}`);
  }
  if (scheme && how === 'tiered' && tiers && all === null && !single)
    context.complain(tiers.at, 'is empty, but billing_scheme is tiered. State the tiers, or remove billing_scheme');
  if (!tiered || single) return;
  const division = stated.get('transform_quantity');
  if (division && divided != null) {
    const other = `${tiered.name} ${placeWords(tiered.at, division.at)}`;
    context.complain(division.at, `can't go with ${other}: Stripe refuses a price that has both. Remove one of them`);
  }
  const rule = 'Stripe accepts tiers only on recurring prices';
  const remedy = 'State recurring: { interval: month }, or unit_amount instead of tiers';
  const once =
    recurring === null
      ? stated.get('recurring')
      : recurring === undefined && type === 'one_time'
        ? stated.get('type')
        : undefined;
  if (once) {
    const words = `${once.name} ${placeWords(once.at, tiered.at)} is ${once.name === 'type' ? 'one_time' : 'null'}`;
    context.complain(tiered.at, `${says}, but ${words}: ${rule}. ${remedy}`);
  } else if (recurring === undefined && type === undefined && all != null && context.complete)
    context.complain(tiered.at, `are stated without recurring, so the price is one-time: ${rule}. ${remedy}`);
}

/** An amount says nothing without its currency, nor tiers without their mode. */
function checkAmount(stated: ReadonlyMap<string, Entry>, fields: Fields, context: EntryContext): void {
  const [first] = statedAmounts(stated, fields);
  if (first === undefined || !context.complete) return;
  const isTiers = first.name === 'tiers';
  if (!stated.has('currency'))
    context.complain(
      first.at,
      `${isTiers ? 'are' : 'is'} stated without currency. Add the currency, such as currency: usd`,
    );
  if (!isTiers || fields.tiers_mode != null) return;
  const mode = stated.get('tiers_mode');
  const remedy = 'graduated or volume, which charge differently';
  if (mode) context.complain(mode.at, `is null, but tiers need a mode. Write ${remedy}`);
  else context.complain(first.at, `are stated without tiers_mode. Add tiers_mode: ${remedy}`);
}

/** Other currencies have tiers where the price has, and only there. */
function checkOptions(
  options: Entry | undefined,
  stated: ReadonlyMap<string, Entry>,
  fields: Fields,
  context: Context,
): void {
  const [first] = statedAmounts(stated, fields);
  if (first === undefined || options?.node.kind !== 'map') return;
  for (const { name, node } of options.node.entries.values()) {
    const option = isRecord(fields.currency_options) ? fields.currency_options[name] : null;
    if (node.kind !== 'map' || !isRecord(option) || name === fields.currency) continue;
    const [other] = statedAmounts(spellings(node), option as Fields);
    if (other === undefined || (other.name === 'tiers') === (first.name === 'tiers')) continue;
    const words = `can't go with ${first.name} ${placeWords(first.at, other.at)}`;
    const remedy = `State ${first.name === 'tiers' ? 'tiers' : 'unit_amount'} here too`;
    context.complain(other.at, `${words}: a price has tiers in all currencies, or in none. ${remedy}`, 'doubt');
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
  if (node.kind === 'map' && isRecord(value)) oneAmount(spellings(node), value as Fields, context);
  return value;
}

/** The amounts of a map under their main names. */
function spellings({ entries }: MapNode): ReadonlyMap<string, Entry> {
  return new Map(
    AMOUNTS.flatMap((name) => {
      const entry = entries.get(name) ?? entries.get(`${name}_decimal`);
      return entry === undefined ? [] : [[name, entry] as const];
    }),
  );
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
