/** Configurations of the customer portal. */
import type Stripe from 'stripe';
import { type Dice, Names, type Tree, Words } from '../tree.ts';
import { below, type Kind, type Live, type LiveState, type Params, type Refer } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Wire } from './raw.ts';
import {
  choiceOf,
  count,
  emptyOr,
  metadataTree,
  noText,
  oneDefault,
  otherMetadata,
  otherText,
  storedMetadata,
  textOrNull,
  values,
} from './values.ts';

type Portal = Stripe.BillingPortal.Configuration;
type Features = Portal['features'];

/** A configuration as the API sends it. The products of its updates are sent when asked for. */
export type RawPortalConfiguration = Wire<Omit<Portal, 'application' | 'features'>> & {
  application: string | null;
  features: RawFeatures;
};

type RawFeatures = Wire<Omit<Features, 'subscription_cancel' | 'subscription_pause'>> & {
  subscription_cancel: Wire<Omit<Features['subscription_cancel'], 'cancellation_reason'>> & {
    cancellation_reason: { enabled: boolean; options: string[]; feedback_options?: string[] | null };
  };
  /** New in 2026: answers may lack it. */
  subscription_pause?: Wire<Features['subscription_pause']>;
};
type RawUpdate = RawFeatures['subscription_update'];
/** Answers may lack what can be chosen. */
type RawItem = Omit<NonNullable<RawUpdate['products']>[number], 'adjustable_quantity'> & {
  adjustable_quantity?: { enabled: boolean; minimum: number; maximum: number | null };
};

/** An active configuration, not the default, in live mode: customers see their invoices. */
export function portalConfiguration(overrides: Overrides<RawPortalConfiguration> = {}): RawPortalConfiguration {
  const number = next();
  return {
    id: `bpc_${serial(number)}`,
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created: EPOCH + number,
    default_return_url: null,
    features: plainFeatures(),
    is_default: false,
    livemode: true,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: EPOCH + number,
    ...stated(overrides),
  };
}

function plainFeatures(): RawFeatures {
  return {
    customer_update: { allowed_updates: [], enabled: false },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: false, payment_method_configuration: null },
    subscription_cancel: {
      cancellation_reason: { enabled: false, options: [], feedback_options: null },
      enabled: false,
      mode: 'at_period_end',
      proration_behavior: 'none',
    },
    subscription_pause: {
      duration: { interval_options: [{ interval: 'month', interval_count: 1 }], type: 'interval_options' },
      enabled: false,
    },
    subscription_update: {
      billing_cycle_anchor: null,
      default_allowed_updates: [],
      enabled: false,
      products: [],
      proration_behavior: 'none',
      schedule_at_period_end: { conditions: [] },
      trial_update_behavior: 'end_trial',
    },
  };
}

/** A configuration with some features otherwise. */
export function withUpdate(update: Partial<RawUpdate>, overrides: Overrides<RawPortalConfiguration> = {}) {
  const features = plainFeatures();
  const subscription_update = { ...features.subscription_update, ...update };
  return portalConfiguration({ features: { ...features, subscription_update }, ...overrides });
}

const WORDS = {
  updates: ['address', 'email', 'name', 'phone', 'shipping', 'tax_id', 'made_up'],
  reasons: ['too_expensive', 'unused', 'other', 'made_up'],
  changes: ['price', 'promotion_code', 'quantity'],
  prorations: ['none', 'create_prorations', 'always_invoice', 'made_up'],
} as const;

/** Some of a map's names. */
function some(pairs: readonly (readonly [string, Tree | undefined])[], choice: Dice): Names {
  const said = pairs.flatMap(([name, tree]): [string, Tree][] => (tree === undefined ? [] : [[name, tree]]));
  const kept = said.filter(() => choice.often(80));
  return new Names(kept.length === 0 ? said : kept);
}

function words(list: readonly string[] | null | undefined, dice: Dice): Tree {
  return list == null || (list.length === 0 && dice.often(40)) ? null : new Words(list);
}

function itemTree(
  { product, prices, adjustable_quantity: quantity }: RawItem,
  dice: Dice,
  choice: Dice,
  refer: Refer,
): Tree {
  const chosen = quantity && [
    ['enabled', quantity.enabled] as const,
    ...(choice.often(70) ? [['minimum', count(quantity.minimum)] as const] : []),
    ...(choice.often(70) ? [['maximum', quantity.maximum === null ? null : count(quantity.maximum)] as const] : []),
  ];
  return new Names([
    ['product', refer('products', 'prod_', product)],
    ['prices', prices.length === 0 ? null : dice.shuffled(prices).map((id) => refer('prices', 'price_', id))],
    ...(chosen !== undefined && choice.often(70) ? [['adjustable_quantity', new Names(chosen)] as const] : []),
  ]);
}

function featuresTree(all: RawFeatures, dice: Dice, choice: Dice, refer: Refer): Tree {
  const { customer_update: customer, payment_method_update: method, subscription_cancel: cancel } = all;
  const { subscription_pause: pause, subscription_update: update } = all;
  const { cancellation_reason: reason } = cancel;
  const items = (update.products ?? []) as readonly RawItem[];
  const conditions = update.schedule_at_period_end.conditions;
  return some(
    [
      [
        'customer_update',
        some(
          [
            ['enabled', customer.enabled],
            ['allowed_updates', words(customer.allowed_updates, dice)],
          ],
          choice,
        ),
      ],
      ['invoice_history', new Names([['enabled', all.invoice_history.enabled]])],
      [
        'payment_method_update',
        some(
          [
            ['enabled', method.enabled],
            [
              'payment_method_configuration',
              refer('payment_method_configurations', 'pmc_', method.payment_method_configuration),
            ],
          ],
          choice,
        ),
      ],
      [
        'subscription_cancel',
        some(
          [
            ['enabled', cancel.enabled],
            ['mode', cancel.mode],
            ['proration_behavior', cancel.proration_behavior],
            [
              'cancellation_reason',
              some(
                [
                  ['enabled', reason.enabled],
                  ['options', words(reason.options, dice)],
                  [
                    'feedback_options',
                    reason.feedback_options === undefined
                      ? undefined
                      : emptyOr(
                          dice
                            .shuffled(reason.feedback_options ?? [])
                            .map((id) => refer('feedback_options', 'fo_', id)),
                          dice,
                        ),
                  ],
                ],
                choice,
              ),
            ],
          ],
          choice,
        ),
      ],
      [
        'subscription_pause',
        pause &&
          some(
            [
              ['enabled', pause.enabled],
              [
                'duration',
                some(
                  [
                    ['type', pause.duration.type],
                    [
                      'interval_options',
                      dice.shuffled(pause.duration.interval_options).map(
                        ({ interval, interval_count }) =>
                          new Names([
                            ['interval', interval],
                            ['interval_count', count(interval_count)],
                          ]),
                      ),
                    ],
                  ],
                  choice,
                ),
              ],
            ],
            choice,
          ),
      ],
      [
        'subscription_update',
        some(
          [
            ['enabled', update.enabled],
            ['default_allowed_updates', words(update.default_allowed_updates, dice)],
            [
              'billing_cycle_anchor',
              update.billing_cycle_anchor === 'unchanged' && dice.often(50) ? null : update.billing_cycle_anchor,
            ],
            ['proration_behavior', update.proration_behavior],
            ['trial_update_behavior', update.trial_update_behavior],
            [
              'schedule_at_period_end',
              new Names([['conditions', dice.shuffled(conditions).map(({ type }) => new Names([['type', type]]))]]),
            ],
            [
              'products',
              items.length === 0 && dice.often(50)
                ? null
                : dice.shuffled(items.map((item) => itemTree(item, dice, choice, refer))),
            ],
          ],
          choice,
        ),
      ],
    ],
    choice,
  );
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), with what only an expanded answer has.
  sample: {
    active: true,
    application: null,
    business_profile: {
      headline: null,
      privacy_policy_url: 'https://example.com/privacy',
      terms_of_service_url: 'https://example.com/terms',
    },
    created: 1234567890,
    default_return_url: null,
    features: {
      customer_update: { allowed_updates: ['email', 'tax_id'], enabled: true },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: false, payment_method_configuration: null },
      subscription_cancel: {
        cancellation_reason: { enabled: false, options: [] },
        enabled: false,
        mode: 'at_period_end',
        proration_behavior: 'none',
      },
      subscription_update: {
        default_allowed_updates: [],
        enabled: false,
        products: [{ product: 'prod_1', prices: ['price_2', 'price_1'] }],
        proration_behavior: 'none',
        schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }] },
        trial_update_behavior: 'end_trial',
        billing_cycle_anchor: null,
      },
    },
    id: 'bpc_1Pgc70B7WZ01zgkWSnFO04Vt',
    is_default: true,
    livemode: true,
    login_page: { enabled: false, url: null },
    metadata: null,
    name: null,
    object: 'billing_portal.configuration',
    updated: 1234567890,
  },
  kept: {
    label: 'default',
    fields: {
      id: 'bpc_1Pgc70B7WZ01zgkWSnFO04Vt',
      is_default: true,
      name: null,
      active: true,
      business_profile: {
        headline: null,
        privacy_policy_url: 'https://example.com/privacy',
        terms_of_service_url: 'https://example.com/terms',
      },
      default_return_url: null,
      features: {
        customer_update: { enabled: true, allowed_updates: ['email', 'tax_id'] },
        invoice_history: { enabled: true },
        payment_method_update: { enabled: false, payment_method_configuration: null },
        subscription_cancel: {
          enabled: false,
          mode: 'at_period_end',
          proration_behavior: 'none',
          cancellation_reason: { enabled: false, options: null },
        },
        subscription_update: {
          enabled: false,
          default_allowed_updates: null,
          billing_cycle_anchor: 'unchanged',
          proration_behavior: 'none',
          trial_update_behavior: 'end_trial',
          schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }] },
          products: [{ product: 'prod_1', prices: ['price_1', 'price_2'] }],
        },
      },
      login_page: { enabled: false },
      metadata: null,
      login: { enabled: false, url: null },
    },
  },
  any(check) {
    const { text, someText, address, metadata } = values(check);
    const subset = (of: readonly string[]) => check.subarray([...of]);
    const flag = check.boolean();
    const proration = check.constantFrom(...WORDS.prorations);
    const quantity = check
      .record({ enabled: flag, range: check.tuple(check.nat({ max: 50 }), check.nat({ max: 50 })), open: flag })
      .map(({ enabled, range: [one, other], open }) => ({
        enabled,
        minimum: Math.min(one, other),
        maximum: open ? null : Math.max(one, other),
      }));
    const item = check
      .record({
        product: check.constantFrom('prod_1', 'prod_2', 'legacy product', 'prod_3'),
        prices: check.uniqueArray(check.constantFrom('price_1', 'price_2', 'price_3'), { maxLength: 3 }),
        quantity: check.option(quantity, { nil: undefined }),
      })
      .map(({ quantity, ...rest }) => ({ ...rest, ...(quantity !== undefined && { adjustable_quantity: quantity }) }));
    const interval = check.record({
      interval: check.constantFrom('day', 'week', 'month', 'year'),
      interval_count: check.integer({ min: 1, max: 3 }),
    });
    const features = check
      .record({
        customer_update: check.record({ allowed_updates: subset(WORDS.updates), enabled: flag }),
        invoice_history: check.record({ enabled: flag }),
        payment_method_update: check.record({
          enabled: flag,
          payment_method_configuration: check.constantFrom(null, 'pmc_1', 'pmc_2'),
        }),
        subscription_cancel: check.record({
          cancellation_reason: check.oneof(
            check.record({ enabled: flag, options: subset(WORDS.reasons) }),
            check.record({
              enabled: flag,
              options: subset(WORDS.reasons),
              feedback_options: check.option(subset(['fo_1', 'fo_2'])),
            }),
          ),
          enabled: flag,
          mode: check.constantFrom('at_period_end', 'immediately'),
          proration_behavior: proration,
        }),
        subscription_pause: check.option(
          check.record({
            duration: check.record({
              interval_options: check.uniqueArray(interval, {
                selector: (one) => `${one.interval} ${one.interval_count}`,
                maxLength: 3,
              }),
              type: check.constantFrom('indefinite', 'interval_options'),
            }),
            enabled: flag,
          }),
          { nil: undefined },
        ),
        subscription_update: check.record({
          billing_cycle_anchor: check.constantFrom(null, 'now', 'unchanged'),
          default_allowed_updates: subset(WORDS.changes),
          enabled: flag,
          products: check.uniqueArray(item, { selector: ({ product }) => product, maxLength: 3 }),
          proration_behavior: proration,
          schedule_at_period_end: check.record({
            conditions: subset(['decreasing_item_amount', 'shortening_interval', 'made_up']).map((types) =>
              types.map((type) => ({ type })),
            ),
          }),
          trial_update_behavior: check.constantFrom('end_trial', 'continue_trial'),
        }),
      })
      .map(({ subscription_pause: pause, ...rest }) => ({
        ...rest,
        ...(pause !== undefined && { subscription_pause: pause }),
      }));
    return check
      .record({
        serial: check.nat(),
        active: check.constantFrom(true, true, false),
        business_profile: check.record({
          headline: someText,
          privacy_policy_url: check.option(address),
          terms_of_service_url: check.option(address),
        }),
        default_return_url: check.option(address),
        features,
        // The default is found by that, so that it has no name here.
        found: check.oneof(
          { weight: 1, arbitrary: check.constant({ is_default: true, name: null }) },
          {
            weight: 4,
            arbitrary: check.record({
              is_default: check.constant(false),
              name: check.oneof(check.constantFrom('Portal', 'Self-service'), text, someText),
            }),
          },
        ),
        login_page: check.boolean().map((on) => ({ enabled: on, url: on ? 'https://billing.example.com/p/1' : null })),
        metadata,
      })
      .map(
        ({ serial, found, active, ...rest }) =>
          portalConfiguration({
            id: `bpc_${serial}`,
            ...found,
            // The default always is.
            active: active || found.is_default,
            ...(rest as object),
          }) as unknown as Live,
      );
  },
  stated: (live, dice, refer) => {
    const {
      headline,
      privacy_policy_url: privacy,
      terms_of_service_url: terms,
    } = live.business_profile as RawPortalConfiguration['business_profile'];
    const choice = choiceOf(live);
    return [
      ['id', live.id],
      ['is_default', live.is_default as boolean],
      ['name', textOrNull(live.name)],
      ['active', live.active as boolean],
      [
        'business_profile',
        some(
          [
            ['headline', textOrNull(headline)],
            ['privacy_policy_url', privacy],
            ['terms_of_service_url', terms],
          ],
          choice,
        ),
      ],
      ['default_return_url', live.default_return_url as string | null],
      ['features', featuresTree(live.features as RawFeatures, dice, choice, refer)],
      ['login_page', new Names([['enabled', (live.login_page as { enabled: boolean }).enabled]])],
      ['metadata', metadataTree(live)],
    ];
  },
  natural: { field: 'name', other: 'other one' },
  state: { isActive: ({ active }) => active === true, field: { name: 'active', active: true, retired: false } },
  edits: {
    is_default: ({ is_default: is }) => ({ is_default: !is }),
    name: otherText('name'),
    business_profile: () => ({
      business_profile: {
        headline: 'other headline',
        privacy_policy_url: 'https://other.example.com/privacy',
        terms_of_service_url: 'https://other.example.com/terms',
      },
    }),
    default_return_url: ({ default_return_url: at }) => ({
      default_return_url: at === null ? 'https://other.example.com/' : null,
    }),
    features: (live) => ({ features: otherFeatures(live.features as RawFeatures) as unknown as object }),
    login_page({ login_page: page }) {
      const isOn = (page as { enabled: boolean }).enabled;
      return { login_page: { enabled: !isOn, url: isOn ? null : 'https://billing.example.com/p/2' } };
    },
    metadata: otherMetadata,
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    is_default: ['maybe', 'Expected true or false'],
    name: ['[]', 'Expected'],
    active: ['maybe', 'Expected true or false'],
    business_profile: ['{ privacy_policy_url: example }', 'Expected a URL'],
    default_return_url: ['example', 'Expected a URL'],
    features: ['{ subscription_cancel: { mode: imediately } }', 'Did you mean immediately?'],
    login_page: ['{ enabled: maybe }', 'Expected true or false'],
    metadata: ['[]', 'Expected'],
  },
  skipped: [{ application: 'ca_1Platform' }],
  row: {
    path: 'billing_portal/configurations',
    noun: 'configuration',
    permission: 'customer_portal_read',
    label: 'Customer portal',
    active: { unsaid: 'all' },
    filters: { is_default: (value) => (live) => String(live.is_default) === value },
    expandable: (path) => path.join('.') === 'features.subscription_update.products',
    render(live, paths) {
      const { features, ...rest } = live as unknown as RawPortalConfiguration;
      if (features?.subscription_update === undefined || below(paths, 'features') !== null) return live;
      const { products: _, ...update } = features.subscription_update;
      return { ...rest, features: { ...features, subscription_update: update } };
    },
  },
  writes: {
    update: 'active business_profile default_return_url features login_page metadata name',
    lasting: 'active business_profile features login_page',
    create: '',
    later: 'active',
    blank: () => portalConfiguration({ id: 'bpc_new' }) as unknown as Live,
    merges: 'business_profile features login_page',
    lists:
      'allowed_updates conditions default_allowed_updates feedback_options interval_options options prices products',
    numbers: 'interval_count maximum minimum',
    flags: 'active enabled',
    shows(live) {
      const page = live.login_page as RawPortalConfiguration['login_page'];
      return { ...live, login_page: { ...page, url: page.enabled ? 'https://billing.example.com/p/1' : null } };
    },
    refuses: refusal,
  },
  possible: possibly,
  beside: oneDefault,
};

/** Something else in each feature, so that whatever part of it a file states differs. */
function otherFeatures(all: RawFeatures): RawFeatures {
  const { subscription_cancel: cancel, subscription_update: update, subscription_pause: pause } = all;
  const { cancellation_reason: reason } = cancel;
  const flipped = (list: readonly string[]) => (list.includes('other_word') ? [] : [...list, 'other_word']);
  const off = (one: { enabled: boolean }) => ({ enabled: !one.enabled });
  const { conditions } = update.schedule_at_period_end;
  return {
    customer_update: {
      ...off(all.customer_update),
      allowed_updates: flipped(all.customer_update.allowed_updates),
    },
    invoice_history: off(all.invoice_history),
    payment_method_update: {
      ...off(all.payment_method_update),
      payment_method_configuration: all.payment_method_update.payment_method_configuration === null ? 'pmc_9' : null,
    },
    subscription_cancel: {
      ...off(cancel),
      mode: cancel.mode === 'immediately' ? 'at_period_end' : 'immediately',
      proration_behavior: cancel.proration_behavior === 'none' ? 'create_prorations' : 'none',
      cancellation_reason: {
        ...off(reason),
        options: flipped(reason.options),
        ...(reason.feedback_options !== undefined && { feedback_options: flipped(reason.feedback_options ?? []) }),
      },
    },
    ...(pause && {
      subscription_pause: {
        ...off(pause),
        duration: {
          type: pause.duration.type === 'indefinite' ? 'interval_options' : 'indefinite',
          interval_options: [...pause.duration.interval_options, { interval: 'day', interval_count: 9 }],
        },
      },
    }),
    subscription_update: {
      ...off(update),
      billing_cycle_anchor: update.billing_cycle_anchor === 'now' ? null : 'now',
      default_allowed_updates: flipped(update.default_allowed_updates),
      products: [
        ...(update.products ?? []),
        { product: 'prod_9', prices: ['price_9'] } as unknown as NonNullable<RawUpdate['products']>[number],
      ],
      proration_behavior: update.proration_behavior === 'none' ? 'create_prorations' : 'none',
      schedule_at_period_end: { conditions: [...conditions, { type: 'other_word' }] },
      trial_update_behavior: update.trial_update_behavior === 'end_trial' ? 'continue_trial' : 'end_trial',
    },
  };
}

function possibly(live: Live): Live {
  const { business_profile: profile, features: all } = live as unknown as RawPortalConfiguration;
  return {
    ...live,
    name: noText(live.name),
    business_profile: { ...profile, headline: noText(profile.headline) },
    features: all,
    metadata: storedMetadata(live.metadata),
  };
}

/** What requests have to say of features (the SDK's types), and what Stripe never does. */
function refusal(
  { before, after, params }: { before: Live | null; after: Live | null; params: Params },
  _state: LiveState,
) {
  if (after === null) return 'nothing deletes a configuration';
  if (after.is_default === true && after.active === false) return 'the default can not be deactivated';
  const features = params.features as Params | undefined;
  if (before === null && features === undefined) return 'it needs features';
  const lacks = (of: unknown, name: string) => of !== undefined && (of as Params)[name] === undefined;
  for (const [name, feature] of Object.entries(features ?? {})) {
    const isNeeded = before === null ? name !== 'subscription_pause' : /^(?:invoice|payment)/.test(name);
    const { cancellation_reason: reason, duration } = feature as Params;
    if (isNeeded && lacks(feature, 'enabled')) return `${name} needs enabled`;
    if (lacks(reason, 'enabled') || (before === null && lacks(reason, 'options'))) return 'the reason lacks something';
    if (lacks(duration, 'type')) return 'duration needs a type';
    const { products = {} } = feature as { products?: Params | string };
    if (Object.values(products === '' ? {} : products).some((one) => lacks(one, 'prices')))
      return 'a product needs prices';
  }
  return null;
}
