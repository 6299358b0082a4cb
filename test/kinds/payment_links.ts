/** Payment links. */
import type Stripe from 'stripe';
import { type Dice, Digits, Names, type Tree, Words } from '../tree.ts';
import { below, type Kind, type Live, type Params, type RawObject, type Refer } from './kind.ts';
import { next, type Overrides, serial, stated, type Wire } from './raw.ts';
import {
  choiceOf,
  count,
  descriptor,
  metadataTree,
  noText,
  otherMetadata,
  otherText,
  storedMetadata,
  textOrNull,
  values,
} from './values.ts';

type Link = Stripe.PaymentLink;

/** A payment link as the API sends it. Its line items are sent when asked for, the first ten of them. */
export type RawPaymentLink = Wire<
  Omit<Link, 'application' | 'line_items' | 'on_behalf_of' | 'shipping_options' | 'optional_items'>
> & {
  application: string | null;
  line_items?: { object: 'list'; data: RawLineItem[]; has_more: boolean; url: string };
  on_behalf_of: string | null;
  optional_items?: RawItem[] | null;
  shipping_options: { shipping_amount: number; shipping_rate: string }[];
};

interface RawItem {
  adjustable_quantity: { enabled: boolean; maximum: number | null; minimum: number | null } | null;
  price: string;
  quantity: number | null;
}
/** As the API sends it but for the price, of which tests need the id alone. */
type RawLineItem = Omit<RawItem, 'price'> & { id: string; object: 'item'; price: { id: string } };

/** What line items of an answer are, of these prices. */
export function lineItems(
  items: readonly Partial<RawItem>[],
  link = 'plink_1',
): NonNullable<RawPaymentLink['line_items']> {
  return {
    object: 'list',
    data: items.map(({ price = 'price_1', quantity = 1, adjustable_quantity = null }, index) => ({
      id: `li_${index}${link}`,
      object: 'item',
      adjustable_quantity,
      price: { id: price },
      quantity,
    })),
    has_more: false,
    url: `/v1/payment_links/${link}/line_items`,
  };
}

/** An active link that sells one price, in live mode. */
export function paymentLink(overrides: Overrides<RawPaymentLink> = {}): RawPaymentLink {
  const id = overrides.id ?? `plink_${serial(next())}`;
  return {
    id,
    object: 'payment_link',
    active: true,
    after_completion: { hosted_confirmation: { custom_message: null }, type: 'hosted_confirmation' },
    allow_promotion_codes: false,
    application: null,
    application_fee_amount: null,
    application_fee_percent: null,
    automatic_tax: { enabled: false, liability: null },
    billing_address_collection: 'auto',
    consent_collection: null,
    currency: 'usd',
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer_creation: 'if_required',
    inactive_message: null,
    invoice_creation: null,
    line_items: lineItems([{}], id),
    livemode: true,
    managed_payments: null,
    metadata: {},
    on_behalf_of: null,
    payment_intent_data: null,
    payment_method_collection: 'always',
    payment_method_options: null,
    payment_method_types: null,
    phone_number_collection: { enabled: false },
    restrictions: null,
    shipping_address_collection: null,
    shipping_options: [],
    submit_type: 'auto',
    subscription_data: null,
    tax_id_collection: { enabled: false, required: 'never' },
    transfer_data: null,
    url: `https://buy.stripe.com/${id.slice(-8)}`,
    ...stated(overrides),
  };
}

// --- What a file states

/** Some of a map's names. */
function some(pairs: readonly (readonly [string, Tree | undefined])[], choice: Dice): Names {
  const said = pairs.flatMap(([name, tree]): [string, Tree][] => (tree === undefined ? [] : [[name, tree]]));
  const kept = said.filter(() => choice.often(80));
  return new Names(kept.length === 0 ? said : kept);
}

function number(value: number | null | undefined): Tree {
  return value == null ? null : count(value);
}

function words(list: readonly string[] | null | undefined): Tree {
  return list == null || list.length === 0 ? null : new Words(list);
}

function quantityTree(quantity: RawItem['adjustable_quantity'], choice: Dice): Tree {
  if (quantity === null || !quantity.enabled) return choice.often(50) ? null : new Names([['enabled', false]]);
  return new Names([
    ['enabled', true],
    ...(choice.often(70) ? [['minimum', number(quantity.minimum)] as const] : []),
    ...(choice.often(70) ? [['maximum', number(quantity.maximum)] as const] : []),
  ]);
}

function itemsTree(items: readonly RawItem[], dice: Dice, choice: Dice, refer: Refer): Tree {
  return dice.shuffled(
    items.map(({ price, quantity, adjustable_quantity: adjustable }) => {
      const isPlain = adjustable === null || !adjustable.enabled;
      return new Names([
        ['price', refer('prices', 'price_', price)],
        ...(quantity !== 1 || choice.often(50) ? [['quantity', count(quantity ?? 1)] as const] : []),
        ...(!isPlain || choice.often(50) ? [['adjustable_quantity', quantityTree(adjustable, choice)] as const] : []),
      ]);
    }),
  );
}

function accountTree(value: { type: string; account?: unknown } | null | undefined): Tree {
  if (value == null) return null;
  return new Names([
    ['type', value.type],
    ['account', (value.account ?? null) as string | null],
  ]);
}

function dataTree(value: object, choice: Dice): Tree {
  return metadataTree({ id: String(choice.roll(9)), metadata: value });
}

function questionTree(field: RawPaymentLink['custom_fields'][number]): Tree {
  const { dropdown, text, numeric } = field;
  const answer = (one: typeof text): Tree | undefined =>
    one &&
    new Names([
      ['default_value', one.default_value],
      ['minimum_length', number(one.minimum_length)],
      ['maximum_length', number(one.maximum_length)],
    ]);
  const parts: [string, Tree | undefined][] = [
    ['key', field.key],
    ['label', new Names([['custom', field.label.custom]])],
    ['type', field.type],
    ['optional', field.optional],
    ['text', answer(text)],
    ['numeric', answer(numeric)],
    [
      'dropdown',
      dropdown &&
        new Names([
          ['default_value', dropdown.default_value],
          [
            'options',
            dropdown.options.map(
              ({ label, value }) =>
                new Names([
                  ['label', label],
                  ['value', value],
                ]),
            ),
          ],
        ]),
    ],
  ];
  return new Names(parts.flatMap(([name, tree]): [string, Tree][] => (tree === undefined ? [] : [[name, tree]])));
}

function invoiceTree(
  data: {
    account_tax_ids: unknown;
    custom_fields: unknown;
    description: string | null;
    footer: string | null;
    issuer: unknown;
  },
  more: readonly (readonly [string, Tree])[],
  choice: Dice,
  refer: Refer,
): Tree {
  const taxIds = (data.account_tax_ids ?? []) as string[];
  const fields = (data.custom_fields ?? []) as { name: string; value: string }[];
  return some(
    [
      ['account_tax_ids', taxIds.length === 0 ? null : taxIds.map((id) => refer('account_tax_ids', 'txi_', id))],
      [
        'custom_fields',
        fields.map(
          ({ name, value }) =>
            new Names([
              ['name', name],
              ['value', value],
            ]),
        ),
      ],
      ['description', data.description],
      ['footer', data.footer],
      ['issuer', accountTree(data.issuer as { type: string } | null)],
      ...more,
    ],
    choice,
  );
}

function trees(link: RawPaymentLink, dice: Dice, choice: Dice, refer: Refer): readonly (readonly [string, Tree])[] {
  const { after_completion: after, automatic_tax: tax, consent_collection: consent, invoice_creation: invoice } = link;
  const { payment_intent_data: payment, payment_method_options: options, subscription_data: subscription } = link;
  const { name_collection: names, transfer_data: transfer, tax_id_collection: taxIds } = link;
  const nameTree = (one: { enabled: boolean; optional: boolean } | undefined): Tree =>
    one === undefined
      ? null
      : some(
          [
            ['enabled', one.enabled],
            ['optional', one.optional],
          ],
          choice,
        );
  const text = (one: { message: string } | null): Tree => one && new Names([['message', one.message]]);
  return [
    [
      'line_items',
      itemsTree(
        (link.line_items?.data ?? []).map(({ price, ...rest }) => ({ ...rest, price: price.id })),
        dice,
        choice,
        refer,
      ),
    ],
    ['optional_items', itemsTree(link.optional_items ?? [], dice, choice, refer)],
    ['currency', link.currency],
    [
      'after_completion',
      new Names([
        // Always: what else there is may be null in both types.
        ['type', after.type],
        ...some(
          [
            [
              'hosted_confirmation',
              after.hosted_confirmation
                ? new Names([['custom_message', textOrNull(after.hosted_confirmation.custom_message)]])
                : null,
            ],
            ['redirect', after.redirect ? new Names([['url', after.redirect.url]]) : null],
          ],
          choice,
        ).pairs,
      ]),
    ],
    ['allow_promotion_codes', link.allow_promotion_codes],
    [
      'automatic_tax',
      some(
        [
          ['enabled', tax.enabled],
          ['liability', accountTree(tax.liability as { type: string } | null)],
        ],
        choice,
      ),
    ],
    ['billing_address_collection', link.billing_address_collection],
    [
      'consent_collection',
      consent &&
        some(
          [
            [
              'payment_method_reuse_agreement',
              consent.payment_method_reuse_agreement &&
                new Names([['position', consent.payment_method_reuse_agreement.position]]),
            ],
            ['promotions', consent.promotions],
            ['terms_of_service', consent.terms_of_service],
          ],
          choice,
        ),
    ],
    ['custom_fields', link.custom_fields.map(questionTree)],
    [
      'custom_text',
      some(
        Object.entries(link.custom_text).map(([name, one]) => [name, text(one)] as const),
        choice,
      ),
    ],
    ['customer_creation', link.customer_creation],
    ['inactive_message', textOrNull(link.inactive_message)],
    [
      'invoice_creation',
      invoice &&
        some(
          [
            ['enabled', invoice.enabled],
            [
              'invoice_data',
              invoice.invoice_data &&
                invoiceTree(
                  invoice.invoice_data,
                  [
                    ['metadata', dataTree(invoice.invoice_data.metadata ?? {}, choice)],
                    [
                      'rendering_options',
                      invoice.invoice_data.rendering_options &&
                        new Names([
                          ['amount_tax_display', invoice.invoice_data.rendering_options.amount_tax_display],
                          [
                            'template',
                            refer(
                              'invoice_rendering_templates',
                              'inrtem_',
                              invoice.invoice_data.rendering_options.template,
                            ),
                          ],
                        ]),
                    ],
                  ],
                  choice,
                  refer,
                ),
            ],
          ],
          choice,
        ),
    ],
    ['managed_payments', link.managed_payments && new Names([['enabled', link.managed_payments.enabled]])],
    [
      'name_collection',
      names === undefined
        ? null
        : some(
            [
              ['business', nameTree(names.business)],
              ['individual', nameTree(names.individual)],
            ],
            choice,
          ),
    ],
    [
      'payment_intent_data',
      payment &&
        some(
          [
            ['capture_method', payment.capture_method],
            ['description', payment.description],
            ['metadata', dataTree(payment.metadata, choice)],
            ['setup_future_usage', payment.setup_future_usage],
            ['statement_descriptor', payment.statement_descriptor],
            ['statement_descriptor_suffix', payment.statement_descriptor_suffix],
            ['transfer_group', payment.transfer_group],
          ],
          choice,
        ),
    ],
    ['payment_method_collection', link.payment_method_collection],
    [
      'payment_method_options',
      options &&
        new Names([
          [
            'card',
            options.card &&
              new Names([
                [
                  'restrictions',
                  options.card.restrictions &&
                    new Names([['brands_blocked', words(options.card.restrictions.brands_blocked)]]),
                ],
              ]),
          ],
        ]),
    ],
    ['payment_method_types', words(link.payment_method_types)],
    ['phone_number_collection', new Names([['enabled', link.phone_number_collection.enabled]])],
    [
      'restrictions',
      link.restrictions &&
        new Names([['completed_sessions', new Names([['limit', count(link.restrictions.completed_sessions.limit)]])]]),
    ],
    [
      'shipping_address_collection',
      link.shipping_address_collection &&
        new Names([['allowed_countries', words(link.shipping_address_collection.allowed_countries)]]),
    ],
    [
      'shipping_options',
      link.shipping_options.map(
        ({ shipping_rate: rate }) => new Names([['shipping_rate', refer('shipping_rates', 'shr_', rate)]]),
      ),
    ],
    ['submit_type', link.submit_type],
    [
      'subscription_data',
      subscription &&
        some(
          [
            ['description', subscription.description],
            ['invoice_settings', invoiceTree(subscription.invoice_settings, [], choice, refer)],
            ['metadata', dataTree(subscription.metadata, choice)],
            ['trial_period_days', number(subscription.trial_period_days)],
            [
              'trial_settings',
              subscription.trial_settings &&
                new Names([
                  [
                    'end_behavior',
                    new Names([
                      ['missing_payment_method', subscription.trial_settings.end_behavior.missing_payment_method],
                    ]),
                  ],
                ]),
            ],
          ],
          choice,
        ),
    ],
    [
      'tax_id_collection',
      some(
        [
          ['enabled', taxIds.enabled],
          ['required', taxIds.required],
        ],
        choice,
      ),
    ],
    ['on_behalf_of', link.on_behalf_of],
    [
      'transfer_data',
      transfer &&
        some(
          [
            ['amount', transfer.amount === null ? null : new Digits(String(transfer.amount), 'amount')],
            ['destination', transfer.destination as string],
          ],
          choice,
        ),
    ],
    [
      'application_fee_amount',
      link.application_fee_amount === null ? null : new Digits(String(link.application_fee_amount), 'amount'),
    ],
    [
      'application_fee_percent',
      link.application_fee_percent === null ? null : new Digits(String(link.application_fee_percent), 'decimal'),
    ],
  ];
}

// --- Changes

/** Another of two values. */
function other<K extends keyof RawPaymentLink>(name: K, one: RawPaymentLink[K], two: RawPaymentLink[K]) {
  return (live: Live) => ({ [name]: JSON.stringify(live[name]) === JSON.stringify(one) ? two : one });
}

function linkOf(live: Live): RawPaymentLink {
  return live as unknown as RawPaymentLink;
}

const payment = (text: string): NonNullable<RawPaymentLink['payment_intent_data']> => ({
  capture_method: text === 'one' ? 'manual' : 'automatic_async',
  description: text,
  metadata: { other: text },
  setup_future_usage: text === 'one' ? 'off_session' : 'on_session',
  statement_descriptor: text,
  statement_descriptor_suffix: text,
  transfer_group: text,
});

const invoiceOf = (text: string) => ({
  account_tax_ids: [`txi_${text}`],
  custom_fields: [{ name: text, value: text }],
  description: text,
  footer: text,
  issuer: text === 'one' ? { type: 'self' } : { type: 'account', account: 'acct_other' },
});

const subscription = (text: string): NonNullable<RawPaymentLink['subscription_data']> => ({
  description: text,
  invoice_settings: invoiceOf(text),
  metadata: { other: text },
  trial_period_days: text === 'one' ? 91 : 92,
  trial_settings: { end_behavior: { missing_payment_method: text === 'one' ? 'pause' : 'create_invoice' } },
});

const invoice = (text: string): NonNullable<RawPaymentLink['invoice_creation']> => ({
  enabled: text === 'one',
  invoice_data: {
    ...invoiceOf(text),
    metadata: { other: text },
    rendering_options: { amount_tax_display: text === 'one' ? 'exclude_tax' : null, template: `inrtem_${text}` },
  },
});

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), repaired from the types, with what only an expanded answer has.
  sample: {
    active: true,
    after_completion: { hosted_confirmation: { custom_message: null }, type: 'hosted_confirmation' },
    allow_promotion_codes: false,
    application: null,
    application_fee_amount: null,
    application_fee_percent: null,
    automatic_tax: { enabled: false, liability: { type: 'self' } },
    billing_address_collection: 'auto',
    consent_collection: {
      payment_method_reuse_agreement: { position: 'hidden' },
      promotions: null,
      terms_of_service: null,
    },
    currency: 'usd',
    custom_fields: [],
    custom_text: {
      after_submit: { message: 'message' },
      shipping_address: { message: 'message' },
      submit: { message: 'message' },
      terms_of_service_acceptance: null,
    },
    customer_creation: 'if_required',
    id: 'plink_1Pgc78B7WZ01zgkWC75kX0jg',
    inactive_message: null,
    invoice_creation: {
      enabled: true,
      invoice_data: {
        account_tax_ids: null,
        custom_fields: null,
        description: null,
        footer: null,
        issuer: { type: 'self' },
        metadata: null,
        rendering_options: { amount_tax_display: null, template: null },
      },
    },
    line_items: {
      object: 'list',
      data: [
        {
          id: 'li_2',
          object: 'item',
          adjustable_quantity: { enabled: true, maximum: 10, minimum: 1 },
          price: { id: 'price_2', object: 'price', active: true, unit_amount: 7777 },
          quantity: 2,
        },
        { id: 'li_1', object: 'item', adjustable_quantity: null, price: { id: 'price_1' }, quantity: 1 },
      ],
      has_more: false,
      url: '/v1/payment_links/plink_1Pgc78B7WZ01zgkWC75kX0jg/line_items',
    },
    livemode: false,
    managed_payments: { enabled: true },
    metadata: {},
    object: 'payment_link',
    on_behalf_of: null,
    payment_intent_data: null,
    payment_method_collection: 'if_required',
    payment_method_options: { card: { restrictions: { brands_blocked: ['discover_global_network'] } } },
    payment_method_types: null,
    phone_number_collection: { enabled: false },
    restrictions: { completed_sessions: { count: 94851343, limit: 102976443 } },
    shipping_address_collection: { allowed_countries: ['SC'] },
    shipping_options: [{ shipping_amount: 500, shipping_rate: 'shr_1' }],
    submit_type: 'auto',
    subscription_data: null,
    tax_id_collection: { enabled: false, required: 'never' },
    transfer_data: { amount: null, destination: 'acct_1' },
    url: 'https://buy.stripe.com/test_eVa16Q1Vd7yU1Ne8ww',
  },
  kept: {
    label: 'plink_1Pgc78B7WZ01zgkWC75kX0jg',
    fields: {
      id: 'plink_1Pgc78B7WZ01zgkWC75kX0jg',
      url: 'https://buy.stripe.com/test_eVa16Q1Vd7yU1Ne8ww',
      active: true,
      line_items: [
        { price: 'price_1', quantity: '1', adjustable_quantity: null, id: 'li_1' },
        {
          price: 'price_2',
          quantity: '2',
          adjustable_quantity: { enabled: true, minimum: '1', maximum: '10' },
          id: 'li_2',
        },
      ],
      optional_items: null,
      currency: 'usd',
      after_completion: {
        type: 'hosted_confirmation',
        hosted_confirmation: { custom_message: null },
        redirect: null,
      },
      allow_promotion_codes: false,
      automatic_tax: { enabled: false, liability: { type: 'self', account: null } },
      billing_address_collection: 'auto',
      consent_collection: {
        payment_method_reuse_agreement: { position: 'hidden' },
        promotions: null,
        terms_of_service: null,
      },
      custom_fields: null,
      custom_text: {
        submit: { message: 'message' },
        after_submit: { message: 'message' },
        shipping_address: { message: 'message' },
        terms_of_service_acceptance: null,
      },
      customer_creation: 'if_required',
      inactive_message: null,
      invoice_creation: {
        enabled: true,
        invoice_data: {
          account_tax_ids: null,
          custom_fields: null,
          description: null,
          footer: null,
          issuer: { type: 'self', account: null },
          metadata: null,
          rendering_options: { amount_tax_display: null, template: null },
        },
      },
      managed_payments: { enabled: true },
      metadata: null,
      name_collection: { business: null, individual: null },
      payment_intent_data: null,
      payment_method_collection: 'if_required',
      payment_method_options: { card: { restrictions: { brands_blocked: ['discover_global_network'] } } },
      payment_method_types: null,
      phone_number_collection: { enabled: false },
      restrictions: { completed_sessions: { limit: '102976443' } },
      shipping_address_collection: { allowed_countries: ['SC'] },
      shipping_options: [{ shipping_rate: 'shr_1' }],
      submit_type: 'auto',
      subscription_data: null,
      tax_id_collection: { enabled: false, required: 'never' },
      on_behalf_of: null,
      transfer_data: { amount: null, destination: 'acct_1' },
      application_fee_amount: null,
      application_fee_percent: null,
    },
  },
  any(check) {
    const { text, someText, address, metadata } = values(check);
    const flag = check.boolean();
    const maybe = check.option(text);
    const account = check.constantFrom({ type: 'self' }, { type: 'account', account: 'acct_2' });
    const quantity = check.option(
      check
        .record({ enabled: flag, range: check.tuple(check.nat({ max: 50 }), check.nat({ max: 50 })), open: flag })
        .map(({ enabled, range: [one, two], open }) => ({
          enabled,
          minimum: open ? null : Math.min(one, two),
          maximum: open ? null : Math.max(one, two),
        })),
    );
    const item = (prefix: string) =>
      check.record({
        price: check.constantFrom(`${prefix}1`, `${prefix}2`, `${prefix}3`),
        quantity: check.integer({ min: 1, max: 5 }),
        adjustable_quantity: quantity,
      });
    const items = (prefix: string, minLength: number) =>
      check.uniqueArray(item(prefix), { selector: ({ price }) => price, minLength, maxLength: 3 });
    const message = check.option(text.map((one) => ({ message: one })));
    const length = check.option(check.nat({ max: 20 }));
    const answer = check.record({ default_value: maybe, minimum_length: length, maximum_length: length });
    const question = check
      .record({
        key: text,
        label: text,
        optional: flag,
        answer,
        kind: check.constantFrom('text', 'numeric', 'dropdown'),
      })
      .map(({ key, label, optional, answer, kind }) => ({
        key,
        label: { custom: label, type: 'custom' as const },
        optional,
        type: kind,
        ...(kind === 'dropdown'
          ? { dropdown: { default_value: answer.default_value, options: [{ label, value: key }] } }
          : { [kind]: answer }),
      }));
    const invoiceData = {
      account_tax_ids: check.option(check.subarray(['txi_1', 'txi_2'])),
      custom_fields: check.option(check.array(check.record({ name: text, value: text }), { maxLength: 2 })),
      description: maybe,
      footer: maybe,
      issuer: account,
    };
    return check
      .record({
        serial: check.nat(),
        active: check.constantFrom(true, true, false),
        after_completion: check.oneof(
          someText.map((one) => ({ type: 'hosted_confirmation', hosted_confirmation: { custom_message: one } })),
          address.map((one) => ({ type: 'redirect', redirect: { url: one } })),
        ),
        allow_promotion_codes: flag,
        application_fee_amount: check.option(check.nat({ max: 500 })),
        application_fee_percent: check.constantFrom(null, 2.5, 10),
        automatic_tax: check.record({ enabled: flag, liability: check.option(account) }),
        billing_address_collection: check.constantFrom('auto', 'required'),
        consent_collection: check.option(
          check.record({
            payment_method_reuse_agreement: check.constantFrom(null, { position: 'hidden' }),
            promotions: check.constantFrom(null, 'auto', 'none'),
            terms_of_service: check.constantFrom(null, 'required', 'none'),
          }),
        ),
        currency: check.constantFrom('usd', 'eur'),
        custom_fields: check.array(question, { maxLength: 2 }),
        custom_text: check.record({
          after_submit: message,
          shipping_address: message,
          submit: message,
          terms_of_service_acceptance: message,
        }),
        customer_creation: check.constantFrom('always', 'if_required'),
        inactive_message: someText,
        invoice_creation: check.option(
          check.record({
            enabled: flag,
            invoice_data: check.option(
              check.record({
                ...invoiceData,
                metadata: check.option(metadata),
                rendering_options: check.option(
                  check.record({
                    amount_tax_display: check.constantFrom(null, 'exclude_tax'),
                    template: check.constantFrom(null, 'inrtem_1'),
                  }),
                ),
              }),
            ),
          }),
        ),
        items: items('price_', 1),
        managed_payments: check.constantFrom(null, { enabled: true }, { enabled: false }),
        metadata,
        names: check.option(check.record({ business: check.record({ enabled: flag, optional: flag }) }), {
          nil: undefined,
        }),
        on_behalf_of: check.constantFrom(null, 'acct_3'),
        optional: check.option(items('price_o', 0), { nil: undefined }),
        payment_intent_data: check.option(
          check.record({
            capture_method: check.constantFrom(null, 'automatic', 'manual'),
            description: maybe,
            metadata,
            setup_future_usage: check.constantFrom(null, 'off_session'),
            statement_descriptor: check.option(text.map(descriptor)),
            statement_descriptor_suffix: check.option(text.map(descriptor)),
            transfer_group: maybe,
          }),
        ),
        payment_method_collection: check.constantFrom('always', 'if_required'),
        payment_method_options: check.constantFrom(
          null,
          { card: null },
          { card: { restrictions: null } },
          { card: { restrictions: { brands_blocked: ['visa', 'mastercard'] } } },
        ),
        payment_method_types: check.constantFrom(null, ['card'], ['link', 'card', 'made_up']),
        phone_number_collection: check.record({ enabled: flag }),
        restrictions: check.constantFrom(null, { completed_sessions: { count: 3, limit: 10 } }),
        shipping_address_collection: check.constantFrom(null, { allowed_countries: ['US', 'DE'] }),
        shipping_options: check
          .uniqueArray(check.constantFrom('shr_1', 'shr_2'), { maxLength: 2 })
          .map((rates) => rates.map((rate) => ({ shipping_amount: 500, shipping_rate: rate }))),
        submit_type: check.constantFrom('auto', 'book', 'donate', 'pay', 'subscribe'),
        subscription_data: check.option(
          check.record({
            description: maybe,
            invoice_settings: check.record(invoiceData),
            metadata,
            trial_period_days: check.constantFrom(null, 7, 14),
            trial_settings: check.constantFrom(null, { end_behavior: { missing_payment_method: 'cancel' } }),
          }),
        ),
        tax_id_collection: check.record({ enabled: flag, required: check.constantFrom('never', 'if_supported') }),
        transfer_data: check.constantFrom(
          null,
          { amount: null, destination: 'acct_1' },
          { amount: 5, destination: 'acct_2' },
        ),
      })
      .map(({ serial, items, names, optional, ...rest }) => {
        const id = `plink_${serial}`;
        return paymentLink({
          ...(rest as Overrides<RawPaymentLink>),
          id,
          line_items: lineItems(items, id),
          ...(names !== undefined && { name_collection: names }),
          ...(optional !== undefined && { optional_items: optional }),
          url: `https://buy.stripe.com/${serial}`,
        }) as unknown as Live;
      });
  },
  stated: (live, dice, refer) => [
    ['id', live.id],
    ['url', live.url as string],
    ['active', live.active as boolean],
    ...trees(linkOf(live), dice, choiceOf(live), refer),
    ['metadata', metadataTree(live)],
  ],
  natural: { field: 'url', other: 'https://buy.stripe.com/other' },
  state: { isActive: ({ active }) => active === true, field: { name: 'active', active: true, retired: false } },
  edits: {
    url: () => ({ url: 'https://buy.stripe.com/another' }),
    line_items(live) {
      const { data, ...rest } = linkOf(live).line_items as NonNullable<RawPaymentLink['line_items']>;
      return { line_items: { ...rest, data: data.map((one) => ({ ...one, quantity: (one.quantity ?? 1) + 1 })) } };
    },
    optional_items: (live) => ({
      optional_items: [
        ...(linkOf(live).optional_items ?? []),
        { price: 'price_9', quantity: 9, adjustable_quantity: null },
      ],
    }),
    currency: other('currency', 'gbp', 'chf'),
    after_completion: ({ after_completion: after }) => ({
      after_completion:
        (after as { type: string }).type === 'redirect'
          ? { type: 'hosted_confirmation', hosted_confirmation: { custom_message: 'other' } }
          : { type: 'redirect', redirect: { url: 'https://other.example.com/' } },
    }),
    allow_promotion_codes: ({ allow_promotion_codes: allows }) => ({ allow_promotion_codes: !allows }),
    automatic_tax: (live) => ({
      automatic_tax: {
        enabled: !linkOf(live).automatic_tax.enabled,
        liability: { type: 'account', account: 'acct_other' },
      },
    }),
    billing_address_collection: other('billing_address_collection', 'auto', 'required'),
    consent_collection: other(
      'consent_collection',
      { payment_method_reuse_agreement: { position: 'auto' }, promotions: 'auto', terms_of_service: 'required' },
      { payment_method_reuse_agreement: { position: 'hidden' }, promotions: 'none', terms_of_service: 'none' },
    ),
    custom_fields: ({ custom_fields: fields }) => ({
      custom_fields:
        (fields as object[]).length > 1
          ? []
          : [
              ...(fields as object[]),
              {
                key: 'other',
                label: { custom: 'Other', type: 'custom' },
                optional: true,
                type: 'text',
                text: { default_value: null, minimum_length: null, maximum_length: null },
              },
            ],
    }),
    custom_text: other(
      'custom_text',
      {
        after_submit: { message: 'one' },
        shipping_address: { message: 'one' },
        submit: { message: 'one' },
        terms_of_service_acceptance: { message: 'one' },
      },
      {
        after_submit: { message: 'two' },
        shipping_address: { message: 'two' },
        submit: { message: 'two' },
        terms_of_service_acceptance: { message: 'two' },
      },
    ),
    customer_creation: other('customer_creation', 'always', 'if_required'),
    inactive_message: otherText('inactive_message'),
    invoice_creation: ({ invoice_creation: before }) => ({
      invoice_creation: invoice((before as { enabled: boolean } | null)?.enabled ? 'two' : 'one'),
    }),
    managed_payments: ({ managed_payments: before }) => ({
      managed_payments: { enabled: !(before as { enabled: boolean } | null)?.enabled },
    }),
    metadata: otherMetadata,
    name_collection: (live) => {
      const before = linkOf(live).name_collection;
      const off = { enabled: !before?.business?.enabled, optional: !before?.business?.optional };
      return { name_collection: { business: off, individual: { enabled: true, optional: true } } };
    },
    on_behalf_of: other('on_behalf_of', 'acct_8', 'acct_9'),
    payment_intent_data: ({ payment_intent_data: before }) => ({
      payment_intent_data: payment((before as { description: string } | null)?.description === 'one' ? 'two' : 'one'),
    }),
    payment_method_collection: other('payment_method_collection', 'always', 'if_required'),
    payment_method_options: other(
      'payment_method_options',
      { card: { restrictions: { brands_blocked: ['american_express'] } } },
      { card: { restrictions: { brands_blocked: ['visa'] } } },
    ),
    payment_method_types: other('payment_method_types', ['paypal'], ['sepa_debit']),
    phone_number_collection: (live) => ({
      phone_number_collection: { enabled: !linkOf(live).phone_number_collection.enabled },
    }),
    restrictions: other('restrictions', { completed_sessions: { count: 0, limit: 99 } }, null),
    shipping_address_collection: other('shipping_address_collection', { allowed_countries: ['FR'] }, null),
    shipping_options: (live) => ({
      shipping_options: [...linkOf(live).shipping_options, { shipping_amount: 500, shipping_rate: 'shr_9' }],
    }),
    submit_type: other('submit_type', 'book', 'donate'),
    subscription_data: ({ subscription_data: before }) => ({
      subscription_data: subscription(
        (before as { description: string } | null)?.description === 'one' ? 'two' : 'one',
      ),
    }),
    tax_id_collection: (live) => {
      const { enabled, required } = linkOf(live).tax_id_collection;
      return { tax_id_collection: { enabled: !enabled, required: required === 'never' ? 'if_supported' : 'never' } };
    },
    transfer_data: other('transfer_data', { amount: 7, destination: 'acct_8' }, { amount: 9, destination: 'acct_9' }),
    application_fee_amount: other('application_fee_amount', 901, 902),
    application_fee_percent: other('application_fee_percent', 91, 92),
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    url: ['""', 'url'],
    active: ['maybe', 'Expected true or false'],
    line_items: ['[]', 'line_items'],
    optional_items: ['[{ quantity: 2 }]', 'price'],
    currency: ['dollars', 'currency'],
    after_completion: ['{ type: redirec }', 'Did you mean redirect?'],
    allow_promotion_codes: ['maybe', 'Expected true or false'],
    automatic_tax: ['{ enabled: maybe }', 'Expected true or false'],
    billing_address_collection: ['requird', 'Did you mean required?'],
    consent_collection: ['{ promotions: atuo }', 'Did you mean auto?'],
    custom_fields: ['[{ key: team }]', 'label'],
    custom_text: ['{ submit: { text: x } }', 'text'],
    customer_creation: ['alway', 'Did you mean always?'],
    inactive_message: ['[]', 'Expected'],
    invoice_creation: ['{ enabled: maybe }', 'Expected true or false'],
    managed_payments: ['{ enabled: maybe }', 'Expected true or false'],
    metadata: ['[]', 'Expected'],
    name_collection: ['{ busines: { enabled: true } }', 'business'],
    on_behalf_of: ['[]', 'Expected'],
    payment_intent_data: ['{ setup_future_usage: off_sesion }', 'Did you mean off_session?'],
    payment_method_collection: ['alway', 'Did you mean always?'],
    payment_method_options: ['{ card: { restrictions: { brands_blocked: [viza] } } }', 'Did you mean visa?'],
    payment_method_types: ['[bancontct]', 'Did you mean bancontact?'],
    phone_number_collection: ['{ enabled: maybe }', 'Expected true or false'],
    restrictions: ['{ completed_sessions: { limit: 0 } }', 'limit'],
    shipping_address_collection: ['{ allowed_countries: [de] }', 'two-letter country code'],
    shipping_options: ['[{ rate: shr_1 }]', 'shipping_rate'],
    submit_type: ['donat', 'Did you mean donate?'],
    subscription_data: ['{ trial_period_days: 0 }', 'trial_period_days'],
    tax_id_collection: ['{ enabled: maybe }', 'Expected true or false'],
    transfer_data: ['{ amount: 5.00 }', 'minor units'],
    application_fee_amount: ['-1', 'application_fee_amount'],
    application_fee_percent: ['much', 'plain digits'],
  },
  skipped: [{ application: 'ca_1Platform' }],
  row: {
    path: 'payment_links',
    noun: 'payment link',
    permission: 'payment_links_read',
    label: 'Payment Links',
    active: { unsaid: 'all' },
    below: { line_items: (live) => linkOf(live as Live).line_items?.data as unknown as readonly RawObject[] },
    expandable: (path) => path.join('.') === 'line_items',
    render(live, paths) {
      const { line_items: items, ...rest } = live as unknown as RawPaymentLink;
      if (items === undefined || below(paths, 'line_items') === null) return rest;
      return { ...rest, line_items: { ...items, data: items.data.slice(0, 10), has_more: items.data.length > 10 } };
    },
  },
  writes: {
    update:
      'active after_completion allow_promotion_codes application_fee_amount application_fee_percent automatic_tax billing_address_collection consent_collection custom_fields custom_text customer_creation inactive_message invoice_creation line_items metadata name_collection on_behalf_of optional_items payment_intent_data payment_method_collection payment_method_options payment_method_types phone_number_collection restrictions shipping_address_collection shipping_options submit_type subscription_data tax_id_collection transfer_data',
    lasting:
      'active after_completion allow_promotion_codes automatic_tax billing_address_collection consent_collection custom_text customer_creation invoice_creation line_items payment_intent_data payment_method_collection phone_number_collection submit_type subscription_data tax_id_collection',
    create: 'currency managed_payments',
    later: 'active',
    blank: () => paymentLink({ id: 'plink_new' }) as unknown as Live,
    merges:
      'after_completion automatic_tax consent_collection custom_text invoice_creation name_collection payment_intent_data payment_method_options subscription_data tax_id_collection transfer_data',
    lists:
      'account_tax_ids allowed_countries brands_blocked custom_fields line_items optional_items options payment_method_types shipping_options',
    numbers:
      'amount application_fee_amount application_fee_percent limit maximum maximum_length minimum minimum_length quantity trial_period_days',
    flags: 'active allow_promotion_codes enabled optional',
    shows(after, _params, before) {
      const live = { ...after, ...filled(GROUPS, after) } as Live;
      if (!Array.isArray(live.line_items)) return live;
      const said = live.line_items as (Partial<RawItem> & { id?: string })[];
      if (before === null) return { ...live, line_items: lineItems(said, live.id) };
      const { data, ...rest } = linkOf(before).line_items as NonNullable<RawPaymentLink['line_items']>;
      const changed = data.map((one) => ({ ...one, ...said.find(({ id }) => id === one.id), price: one.price }));
      return { ...live, line_items: { ...rest, data: changed } };
    },
    refuses({ after, params }) {
      if (after === null) return 'nothing deletes a payment link';
      if (params.metadata === '') return 'metadata is unset by its names';
      return namesUntyped(params) ? 'an account needs its type' : null;
    },
  },
  possible: (live) => possibly(live),
};

/** Whether parameters have an account without its type, at any depth. */
function namesUntyped(params: Params | string): boolean {
  if (typeof params === 'string') return false;
  const { account, type } = params;
  return (typeof account === 'string' && type === undefined) || Object.values(params).some(namesUntyped);
}

const INVOICE = { account_tax_ids: null, custom_fields: null, description: null, footer: null };

/** What an answer has in groups where a request says some of it. */
const GROUPS = {
  invoice_creation: { invoice_data: { ...INVOICE, issuer: null, metadata: null, rendering_options: null } },
  payment_intent_data: {
    ...{ capture_method: null, description: null, metadata: {}, setup_future_usage: null },
    ...{ statement_descriptor: null, statement_descriptor_suffix: null, transfer_group: null },
  },
  subscription_data: {
    ...{ description: null, invoice_settings: { ...INVOICE, issuer: { type: 'self' } }, metadata: {} },
    ...{ trial_period_days: null, trial_settings: null },
  },
};

/** The groups that are there, with what they lack. */
function filled(groups: object, live: object): object {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([name, lacking]) => {
      const value = (live as Record<string, unknown>)[name];
      const isGroup = (one: unknown) => typeof one === 'object' && one !== null;
      if (!isGroup(lacking) || !isGroup(value)) return [];
      return [[name, { ...lacking, ...(value as object), ...filled(lacking, value as object) }]];
    }),
  );
}

function possibly(live: Live): Live {
  return { ...live, inactive_message: noText(live.inactive_message), metadata: storedMetadata(live.metadata) };
}
