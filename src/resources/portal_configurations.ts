import type Stripe from 'stripe';
import { type Entry, type Fields, isRecord, type Node, type Symptom, type Value } from '../model.ts';
import { bare } from '../text.ts';
import { objects, set } from '../vocabulary/collections.ts';
import { reference } from '../vocabulary/reference.ts';
import { always, cleared, flag, integer, literal, openWord, text, textFromStripe, url } from '../vocabulary/scalars.ts';
import { part } from '../vocabulary/shape.ts';
import { aligned, type Context, type Member, parameterOf, type Type } from '../vocabulary/type.ts';
import { checkDefault, isDefault, keptDefault } from './default.ts';
import { metadata, metadataDescription } from './metadata.ts';
import { type Required, withRequired } from './required.ts';
import { archivable, type Others, outOfUse, type Resource, textOf, valueAt, valuesAt } from './resource.ts';

const enabled = (description: string): Member => ({ type: always(flag), description });

const oneOf = (words: readonly string[], what: string) => openWord(words, what, { typos: true });

/** Words of Stripe's, in any order. */
const wordsOf = (words: readonly string[], what: string) => cleared(set(oneOf(words, what)));

const PRORATIONS = ['none', 'create_prorations', 'always_invoice'];

/** Days of each interval, as at most so many fit into three years. */
const MOST: Readonly<Record<string, number>> = { day: 1095, week: 156, month: 36, year: 3 };

const plainInterval = part({
  interval: {
    formerly: ['unit'],
    type: oneOf(['day', 'week', 'month', 'year'], 'interval'),
    required: true,
    description: 'A unit of time: `day`, `week`, `month` or `year`.',
  },
  interval_count: {
    formerly: ['count', 'value'],
    type: always(integer(1)),
    required: true,
    description: 'How many of them; together at most three years.',
  },
});

/** A time for which a subscription can be paused. */
const interval: Type = {
  ...plainInterval,
  expected(node, context) {
    const value = plainInterval.expected(node, context);
    const { interval: unit, interval_count: count } = isRecord(value) ? value : {};
    const most = MOST[String(unit)];
    if (most !== undefined && Number(count) > most)
      context.complain(
        placeOf(node, 'interval_count'),
        `is ${bare(String(count))}; Stripe accepts at most three years, which is ${most}`,
        'doubt',
      );
    return value;
  },
};

const plainQuantity = part({
  enabled: { ...enabled('Whether customers can change the quantity.'), required: true },
  minimum: { formerly: ['min'], type: always(integer()), description: 'The lowest quantity.' },
  maximum: {
    formerly: ['max'],
    type: integer(),
    description: 'The highest quantity; `null` means that there is none.',
  },
});

/** The quantities that customers can choose. */
const adjustable: Type = {
  ...plainQuantity,
  expected(node, context) {
    const value = plainQuantity.expected(node, context);
    const { minimum: least, maximum: most } = isRecord(value) ? value : {};
    if (typeof least === 'string' && typeof most === 'string' && Number(least) > Number(most))
      context.complain(placeOf(node, 'minimum'), `is ${bare(least)}, above maximum (${bare(most)})`);
    return value;
  },
};

const plainProduct = part({
  product: {
    formerly: ['id', 'product_id'],
    type: always(reference('products', 'prod_')),
    required: true,
    description: 'The product: the name of an entry in `products`, or an id.',
  },
  prices: {
    formerly: ['price', 'price_ids'],
    type: set(reference('prices', 'price_')),
    required: true,
    description:
      'Its prices that customers can switch to, in any order: names of entries in `prices`, or ids. `null` means that there are none.',
  },
  adjustable_quantity: {
    formerly: ['quantity'],
    type: always(adjustable),
    description: 'The quantities that customers can choose. Only the names that you list are compared.',
  },
});

/** A product and its prices. A request has to name prices, though an answer may have none. */
const product: Type = {
  ...plainProduct,
  parameter: (value) => (isRecord(value) && value.prices === null ? undefined : parameterOf(plainProduct, value)),
};

const plainAnchor = openWord(['now', 'unchanged'], 'billing cycle anchor', { typos: true, nullable: true });

/** None is the one that Stripe uses then. */
const anchor: Type = {
  ...plainAnchor,
  expected: (node, context) => plainAnchor.expected(node, context) ?? 'unchanged',
  actual: (raw) => textFromStripe(raw) ?? 'unchanged',
};

const FEATURES = {
  customer_update: {
    type: always(
      part({
        enabled: enabled('Whether the feature is on.'),
        allowed_updates: {
          formerly: ['allowed', 'fields'],
          type: wordsOf(['address', 'email', 'name', 'phone', 'shipping', 'tax_id'], 'kind of customer data'),
          description:
            'What customers can change, in any order: `address`, `email`, `name`, `phone`, `shipping`, `tax_id`.',
        },
      }),
    ),
    description: 'Whether customers can change their data.',
  },
  invoice_history: {
    formerly: ['invoices'],
    type: always(part({ enabled: enabled('Whether the feature is on.') })),
    description: 'Whether customers see their invoices.',
  },
  payment_method_update: {
    formerly: ['payment_methods'],
    type: always(
      part({
        enabled: enabled('Whether the feature is on.'),
        payment_method_configuration: {
          type: cleared(reference('payment_method_configurations', 'pmc_')),
          description:
            'The payment method configuration that the portal uses: the name of an entry in `payment_method_configurations`, or an id. `null` means the default one of the account.',
        },
      }),
    ),
    description: 'Whether customers can change how they pay.',
  },
  subscription_cancel: {
    formerly: ['cancel', 'cancellation'],
    type: always(
      part({
        enabled: enabled('Whether the feature is on.'),
        mode: {
          type: oneOf(['at_period_end', 'immediately'], 'cancellation mode'),
          description: 'When a canceled subscription ends: `at_period_end` or `immediately`.',
        },
        proration_behavior: {
          formerly: ['proration'],
          type: oneOf(PRORATIONS, 'proration behavior'),
          description:
            'Whether the rest of a period is paid back: `none`, or `create_prorations`, which goes only with `mode: immediately`. Stripe refuses `always_invoice` here.',
        },
        cancellation_reason: {
          formerly: ['reason', 'reasons'],
          type: always(
            part({
              enabled: enabled('Whether customers are asked.'),
              options: {
                type: wordsOf(
                  [
                    ...['customer_service', 'low_quality', 'missing_features', 'other', 'switched_service'],
                    ...['too_complex', 'too_expensive', 'unused'],
                  ],
                  'cancellation reason',
                ),
                description:
                  'The reasons that customers can choose, in any order: `customer_service`, `low_quality`, `missing_features`, `other`, `switched_service`, `too_complex`, `too_expensive`, `unused`.',
              },
              feedback_options: {
                type: cleared(set(always(reference('feedback_options', 'fo_')))),
                description:
                  'Reasons of your own that customers can choose besides, in any order: names of entries in `feedback_options`, or ids.',
              },
            }),
          ),
          description: 'Whether customers are asked why they cancel.',
        },
      }),
    ),
    description: 'Whether customers can cancel subscriptions.',
  },
  subscription_pause: {
    formerly: ['pause'],
    type: always(
      part({
        enabled: enabled('Whether the feature is on.'),
        duration: {
          type: always(
            part({
              type: {
                type: oneOf(['indefinite', 'interval_options'], 'type of duration'),
                description: '`indefinite`, or `interval_options`: for one of the times in `interval_options`.',
              },
              interval_options: {
                formerly: ['intervals', 'options'],
                type: cleared(objects(interval, ['interval_count', 'interval'])),
                description:
                  'The times that customers can choose, in any order: `{ interval: month, interval_count: 1 }`.',
              },
            }),
          ),
          description: 'For how long a subscription can be paused.',
        },
      }),
    ),
    description: 'Whether customers can pause subscriptions. Accounts without this feature have no value to compare.',
  },
  subscription_update: {
    formerly: ['update', 'switch_plans'],
    type: always(
      part({
        enabled: enabled('Whether the feature is on.'),
        default_allowed_updates: {
          formerly: ['allowed_updates', 'allowed'],
          type: wordsOf(['price', 'promotion_code', 'quantity'], 'subscription update'),
          description: 'What customers can change, in any order: `price`, `promotion_code`, `quantity`.',
        },
        billing_cycle_anchor: {
          type: anchor,
          description: 'Whether a change begins a new billing period: `now` or `unchanged`. `null` means `unchanged`.',
        },
        proration_behavior: {
          formerly: ['proration'],
          type: oneOf(PRORATIONS, 'proration behavior'),
          description: 'How a change is charged: `none`, `create_prorations` or `always_invoice`.',
        },
        trial_update_behavior: {
          type: oneOf(['end_trial', 'continue_trial'], 'trial update behavior'),
          description: 'What a change does to a trial: `end_trial` or `continue_trial`.',
        },
        schedule_at_period_end: {
          type: always(
            part({
              conditions: {
                type: cleared(
                  objects(
                    part({
                      type: {
                        type: oneOf(['decreasing_item_amount', 'shortening_interval'], 'condition'),
                        required: true,
                        description: '`decreasing_item_amount` or `shortening_interval`.',
                      },
                    }),
                    ['type'],
                  ),
                ),
                description: 'The conditions, in any order.',
              },
            }),
          ),
          description: 'Changes that wait for the end of the period: those for which one of the conditions holds.',
        },
        products: {
          formerly: ['product'],
          type: cleared(objects(product, ['product'], 10)),
          description: 'Products between which customers can switch, at most 10, in any order.',
        },
      }),
    ),
    description: 'Whether customers can change subscriptions.',
  },
} satisfies { readonly [name: string]: Member };

/** What an update has to say of a group besides what it changes. */
const REQUIRED: Required = [
  [['payment_method_update'], 'enabled'],
  [['subscription_cancel', 'cancellation_reason'], 'enabled'],
  [['subscription_pause', 'duration'], 'type'],
];

const PRODUCTS = ['features', 'subscription_update', 'products'];
const CANCEL = ['features', 'subscription_cancel'];
const REASON = [...CANCEL, 'cancellation_reason'];
const OPTIONS = [...REASON, 'feedback_options'];

const anyFeatures: Type = always(part(FEATURES));

/** A feature that Stripe does not list for an account is off there: an entry that says so agrees. What else an entry says of it was not read. */
const features: Type = {
  ...anyFeatures,
  aligned(expected, actual, around) {
    const name = 'subscription_pause';
    const isOff = isRecord(expected) && isRecord(expected[name]) && expected[name].enabled === false;
    const lacks = isRecord(actual) && !(name in actual);
    return aligned(anyFeatures, expected, isOff && lacks ? { ...actual, [name]: { enabled: false } } : actual, around);
  },
};

const pageUrl = () => cleared(url());

/** Configurations of the customer portal (docs.stripe.com/api/customer_portal/configurations). */
export const portalConfigurations: Resource<Stripe.BillingPortal.Configuration> = {
  section: 'portal_configurations',
  kind: 'portal configuration',
  formerly: [
    ...['portal_configuration', 'portal', 'portals', 'customer_portal', 'customer_portals', 'billing_portal'],
    ...['billing_portal_configuration', 'billing_portal_configurations', 'billing_portals'],
  ],
  instead: {
    default: 'Write is_default: true',
    status: 'Write active: true, or active: false',
    enabled: 'Write active: true, or active: false',
    archived: 'Write active: false',
    headline: 'Write business_profile: { headline: … }',
    privacy_policy_url: 'Write business_profile: { privacy_policy_url: … }',
    terms_of_service_url: 'Write business_profile: { terms_of_service_url: … }',
    ...Object.fromEntries(Object.keys(FEATURES).map((name) => [name, `Write features: { ${name}: { … } }`])),
  },
  description:
    'A configuration of the customer portal: what customers can see and change there. Found by `id`, else by `is_default: true`, else by `name`. Only the names that you list in `features`, `business_profile` and `login_page` are compared. Configurations of Connect applications are passed over.',
  example: `default:
  is_default: true
  business_profile: { headline: Manage your subscription }
  features:
    invoice_history: { enabled: true }
    subscription_cancel: { enabled: true, mode: at_period_end }
    subscription_update:
      enabled: true
      default_allowed_updates: [price]
      products:
        - { product: pro, prices: [pro_monthly] }
  login_page: { enabled: true }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The configuration's id, `bpc_…`. Finds the configuration.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    is_default: isDefault(
      "Whether it is the account's default, which the Dashboard shows, and which portal sessions use that name no other. `true` finds the configuration if the entry has no `id`. No request sets it.",
    ),
    name: {
      formerly: ['title', 'label'],
      type: text(256),
      description:
        'A name, at most 256 characters. Finds the configuration if the entry has neither `id` nor `is_default: true`.',
      read: (live) => live.name,
    },
    active: {
      type: always(flag),
      description:
        'Whether portal sessions can use it. The default configuration is always active. If left out, `true` is expected.',
      default: true,
      read: (live) => live.active,
      // None is created inactive.
      parameters: (value, request) => (request === 'create' ? {} : { active: String(value) }),
    },
    business_profile: {
      type: always(
        part({
          headline: {
            type: cleared(text(60)),
            description: 'What customers read at the top of the portal, at most 60 characters.',
          },
          privacy_policy_url: {
            formerly: ['privacy_url', 'privacy_policy'],
            type: pageUrl(),
            description: 'The public page with your privacy policy.',
          },
          terms_of_service_url: {
            formerly: ['terms_url', 'terms_of_service'],
            type: pageUrl(),
            description: 'The public page with your terms of service.',
          },
        }),
      ),
      description: 'What customers see of your business. Only the names that you list are compared.',
      read: (live) => live.business_profile,
    },
    default_return_url: {
      formerly: ['return_url'],
      type: url(),
      description: 'Where the link back to your website leads, unless a session says otherwise.',
      read: (live) => live.default_return_url,
    },
    features: {
      type: features,
      description: 'What customers can see and change. Only the names that you list are compared.',
      read: (live) => live.features,
      risk: 'What customers can do in the portal changes at once.',
      expand: () => [PRODUCTS.join('.')],
      alwaysExpanded: true,
      parameters(value, request, live) {
        const all = features.parameter?.(
          request === 'create' ? withoutReasons(value) : withRequired(value, live.features ?? null, REQUIRED),
        );
        if (all === undefined)
          return request === 'create' && isRecord(value) && Object.keys(value).length === 0 ? {} : null;
        return { features: all };
      },
    },
    login_page: {
      type: always(
        part({
          enabled: enabled('Whether the login page is on. Off deactivates its address; on again gives it another.'),
        }),
      ),
      description: 'The page where customers log in to the portal with their e-mail address.',
      read: (live) => live.login_page,
      risk: (to) =>
        isRecord(to) && to.enabled === true
          ? 'Turning the login page on gives it a new address: publish that one wherever you published another.'
          : 'Turning the login page off deactivates its address, wherever you published it.',
    },
    metadata: { type: metadata, description: metadataDescription, own: true, read: (live) => live.metadata },
    login: {
      type: part({
        enabled: { type: flag, description: 'Whether it is on.' },
        url: { type: text(), description: 'Its address.' },
      }),
      description: 'The login page, with its address.',
      from: ['login_page'],
      read: (live) => live.login_page,
      observed: true,
    },
  },
  id: 'stripe',
  prefix: 'bpc_',
  inCode: { prefix: 'bpc_1', lengths: [23] },
  identities: [
    { by: 'is_default', value: true, portable: true },
    { by: 'name', portable: true },
  ],
  state: {
    ...archivable('Portal sessions can no longer use it.'),
    kept: keptDefault,
    words: {
      retire: 'deactivate',
      retired: 'inactive',
      active: 'active',
      meaning: 'Portal sessions can no longer use it.',
    },
  },
  permission: { slug: 'rak_customer_portal_read', label: 'Customer portal' },
  source: {
    path: '/v1/billing_portal/configurations',
    list: 'v1',
    inForce: { active: 'true' },
    retired: { active: 'false' },
  },
  skip: ({ application }) => (application == null ? null : 'belongs to a Connect application'),
  lookUp: { id: { query: 'path', batch: 1 }, is_default: { query: 'is_default', batch: 1 } },
  label: (live) => live.name || (live.is_default ? 'default' : live.id),
  naming({ is_default: is, name, business_profile: profile }, { key }) {
    const headline = isRecord(profile) ? textOf(profile.headline as Value) : null;
    return { keys: [is === true ? 'default' : null, key], names: [textOf(name), headline], marks: [] };
  },
  likeness: ({ is_default: is, name }) => (is === true || name != null ? JSON.stringify(is || name) : null),
  dashboard: 'settings/billing/portal',
  hasNoPage: true,
  command: {
    words: ['billing_portal', 'configurations'],
    creation(fields) {
      if (fields.is_default === true || fields.active === false) return null;
      return lackingIn(fields.features) ?? {};
    },
    byHand: ({ is_default: is }) =>
      is === true
        ? 'No request creates the default one: save the settings of the customer portal in the Dashboard, which creates it, then run the check again.'
        : null,
  },
  replacing: 'use it in new portal sessions, and deactivate the old one',
  replacingRisk: 'Portal sessions that name the old portal configuration fail once it is inactive.',
  outside: { places: 'code', fails: 'new portal sessions that name it fail' },
  check: checkConfiguration,
  healthOf: [
    [...PRODUCTS, '*', 'product'],
    [...PRODUCTS, '*', 'prices', '*'],
    [...OPTIONS, '*'],
  ],
  healthRules: {
    'portal-offers-archived-price': {
      severity: 'warning',
      finds: 'a portal configuration that offers an archived price',
    },
    'portal-offers-archived-product': {
      severity: 'warning',
      finds: 'a portal configuration that offers an archived product',
    },
    'portal-offers-product-without-prices': {
      severity: 'warning',
      finds: 'a portal configuration that offers a product without prices',
    },
    'portal-offers-inactive-feedback-option': {
      severity: 'warning',
      finds: 'a portal configuration that offers an inactive feedback option',
    },
    'portal-login-page-without-address': {
      severity: 'warning',
      finds: 'a portal configuration whose login page is on and has no address',
    },
  },
  health: ({ fields, inForce }, _stated, others) =>
    inForce ? [...offered(fields, others), ...reasons(fields, others), ...loginPage(fields)] : [],
};

/** Where a name stands in a map, else the map. */
function placeOf(node: Node, name: string): Node['at'] {
  return (node.kind === 'map' ? node.entries.get(name)?.at : undefined) ?? node.at;
}

/** Features in which customers have no reasons of Stripe's to choose: a request that creates a configuration has to say so. */
function withoutReasons(value: Value): Value {
  const { subscription_cancel: cancel } = isRecord(value) ? value : {};
  const { cancellation_reason: reason } = isRecord(cancel) ? cancel : {};
  if (!isRecord(reason) || reason.options !== undefined) return value;
  return {
    ...(value as Fields),
    subscription_cancel: { ...(cancel as Fields), cancellation_reason: { ...(reason as Fields), options: null } },
  };
}

/** What a request that creates a configuration needs, and these features do not state. */
function lackingIn(value: Value | undefined): string | null {
  if (!isRecord(value) || Object.keys(value).length === 0) return 'features';
  for (const [name, feature] of Object.entries(value)) {
    if (!isRecord(feature)) continue;
    if (feature.enabled === undefined && name !== 'subscription_pause') return `features.${name}.enabled`;
    const { cancellation_reason: reason, duration } = feature;
    for (const part of ['enabled', 'options'])
      if (isRecord(reason) && reason[part] === undefined && (part === 'enabled' || reason.enabled !== false))
        return `features.${name}.cancellation_reason.${part}`;
    if (isRecord(duration) && duration.type === undefined) return `features.${name}.duration.type`;
  }
  return null;
}

function checkConfiguration(stated: ReadonlyMap<string, Entry>, fields: Fields, context: Context): void {
  const { complain } = context;
  checkDefault(stated, fields, context);
  const all = stated.get('features');
  if (all?.node.kind !== 'map') return;
  const feature = (name: string) => {
    const node = all.node.kind === 'map' ? all.node.entries.get(name)?.node : undefined;
    const value = isRecord(fields.features) ? fields.features[name] : undefined;
    return { node, value: (isRecord(value) ? value : {}) as Fields };
  };
  const cancel = feature('subscription_cancel');
  const { mode, proration_behavior: proration } = cancel.value;
  if (cancel.node && proration === 'always_invoice')
    complain(placeOf(cancel.node, 'proration_behavior'), 'is always_invoice, which Stripe refuses here', 'doubt');
  if (cancel.node && proration === 'create_prorations' && mode === 'at_period_end')
    complain(
      placeOf(cancel.node, 'proration_behavior'),
      'is create_prorations, but mode is at_period_end: only what ends immediately is paid back. Write none, or mode: immediately',
      'doubt',
    );
  const pause = feature('subscription_pause');
  const { duration } = pause.value;
  const node = pause.node?.kind === 'map' ? pause.node.entries.get('duration')?.node : undefined;
  if (node && isRecord(duration) && duration.type === 'indefinite' && duration.interval_options != null)
    complain(placeOf(node, 'interval_options'), 'goes only with type: interval_options. Remove it', 'doubt');
}

/** What customers could switch to, and can't. */
function offered({ features: all }: Fields, { find }: Others): Symptom[] {
  const update = isRecord(all) && isRecord(all.subscription_update) ? all.subscription_update : {};
  if (update.enabled !== true || !Array.isArray(update.products)) return [];
  const items = update.products as readonly { readonly [name: string]: Value }[];
  const symptom = (rule: string, message: string, remedy: string, section?: string, of?: string): Symptom => ({
    rule,
    field: 'features',
    message,
    remedy,
    ...(section !== undefined && of !== undefined && { cause: { section, id: of, field: 'active' } }),
  });
  const archived = (section: string, ids: readonly Value[]) =>
    [...new Set(ids)].flatMap((one) => {
      const found = typeof one === 'string' ? find(section, one) : undefined;
      return found === undefined || found.inForce ? [] : [found.id];
    });
  const take = (what: string) =>
    `Take it out of \`features.subscription_update.products\`, or activate the ${what} again.`;
  const prices = archived(
    'prices',
    items.flatMap(({ prices: some }) => (Array.isArray(some) ? some : [])),
  );
  const sold = archived(
    'products',
    items.map((item) => item.product ?? null),
  );
  const isEmpty = items.some((item) => item.prices === null);
  return [
    ...prices.map((one) =>
      symptom(
        'portal-offers-archived-price',
        'it offers an archived price, to which nobody can switch.',
        take('price'),
        'prices',
        one,
      ),
    ),
    ...sold.map((one) =>
      symptom(
        'portal-offers-archived-product',
        'it offers an archived product, to which nobody can switch.',
        take('product'),
        'products',
        one,
      ),
    ),
    ...(isEmpty
      ? [
          symptom(
            'portal-offers-product-without-prices',
            'it offers a product without prices, to which nobody can switch.',
            'List prices of the product in `features.subscription_update.products`, or take the product out of it.',
          ),
        ]
      : []),
  ];
}

/** What customers could choose as their reason, and can't. */
function reasons(fields: Fields, others: Others): Symptom[] {
  const isAsked = [CANCEL, REASON].every((path) => valueAt(fields, [...path, 'enabled']) === true);
  return (isAsked ? valuesAt(fields, [...OPTIONS, '*']) : []).flatMap((one): Symptom[] => {
    const found = outOfUse(others, 'feedback_options', one);
    if (found === undefined) return [];
    const path = `\`${OPTIONS.join('.')}\``;
    return [
      {
        rule: 'portal-offers-inactive-feedback-option',
        field: 'features',
        message: 'it offers an inactive feedback option, which no portal configuration can use.',
        remedy: `Take it out of ${path}. If customers are to choose it, create another one with its text, and offer that: nothing activates this one again.`,
        cause: { section: 'feedback_options', id: found.id, field: 'status' },
      },
    ];
  });
}

/** A login page that is on and has no address. */
function loginPage({ login }: Fields): Symptom[] {
  if (!isRecord(login) || login.enabled !== true || login.url !== null) return [];
  const message = 'its login page is on, but Stripe gives no address for it, so that nobody can open it.';
  const remedy = 'Turn the login page off and on again in the Dashboard, and publish the address that it gets.';
  return [{ rule: 'portal-login-page-without-address', field: 'login_page', message, remedy }];
}
