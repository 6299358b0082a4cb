import type Stripe from 'stripe';
import {
  type Entry,
  type Expected,
  type Fields,
  isRecord,
  type MapNode,
  type Node,
  type Symptom,
  type Value,
} from '../model.ts';
import { bare, placeWords, quote } from '../text.ts';
import { list, objects, set } from '../vocabulary/collections.ts';
import { amount, currency, minorUnit } from '../vocabulary/money.ts';
import { reference } from '../vocabulary/reference.ts';
import {
  always,
  cleared,
  flag,
  float,
  integer,
  literal,
  objectId,
  openWord,
  text,
  textFromStripe,
  url,
} from '../vocabulary/scalars.ts';
import { part, someOf, whole } from '../vocabulary/shape.ts';
import { type Context, type Member, parameterOf, type Type } from '../vocabulary/type.ts';
import { descriptor } from './descriptor.ts';
import { metadata, metadataByName, metadataDescription } from './metadata.ts';
import { country } from './places.ts';
import { type Required, withRequired } from './required.ts';
import {
  archivable,
  type Declarations,
  type EntryContext,
  type Field,
  type Others,
  outOfUse,
  type Resource,
  valueAt,
} from './resource.ts';

const oneOf = (words: readonly string[], what: string) => openWord(words, what, { typos: true });
const oneOrNone = (words: readonly string[], what: string) => openWord(words, what, { typos: true, nullable: true });

const enabled = (description: string): Member => ({ type: always(flag), description });

/** What Stripe always has, and an update does not unset. */
const words = (of: readonly string[], what: string, description: string): Member => ({
  type: oneOf(of, what),
  description,
});

const plainAccount = part(
  {
    type: words(['self', 'account'], 'type of account', '`self`, or `account`: the connected account in `account`.'),
    account: { type: objectId, description: 'The id of the connected account, `acct_…`.' },
  },
  { sparse: true },
);

/** An account that is liable for taxes, or issues invoices. A request that names one has to say its type. */
const accountOf = (description: string): Member => ({
  type: {
    ...plainAccount,
    parameter(value) {
      const isNamed = isRecord(value) && typeof value.account === 'string';
      return parameterOf(plainAccount, isNamed ? { type: 'account', ...value } : value);
    },
  },
  description,
});

// --- What is sold

const quantityPart = part({
  enabled: { ...enabled('Whether customers can change the quantity.'), required: true },
  minimum: { formerly: ['min'], type: integer(), description: 'The lowest quantity.' },
  maximum: { formerly: ['max'], type: integer(), description: 'The highest quantity, at most 999,999.' },
});
const isOff = (value: unknown) => isRecord(value) && value.enabled === false;

/** The quantities that customers can choose. None is the same as one that is off. */
const adjustable: Type = {
  ...quantityPart,
  expected(node, context) {
    const value = quantityPart.expected(node, context);
    const { minimum: least, maximum: most } = isRecord(value) ? value : {};
    if (typeof least === 'string' && typeof most === 'string' && Number(least) > Number(most))
      context.complain(placeOf(node, 'minimum'), `is ${bare(least)}, above maximum (${bare(most)})`);
    if (Number(most) > 999_999)
      context.complain(placeOf(node, 'maximum'), `is ${bare(String(most))}; Stripe accepts at most 999999`, 'doubt');
    return isOff(value) ? null : value;
  },
  actual: (raw) => (isOff(raw) ? null : quantityPart.actual(raw)),
};

const item = (more: string) =>
  whole({
    price: {
      formerly: ['price_id'],
      type: { ...always(reference('prices', 'price_')), ...(more === '' && { fixed: true }) },
      required: true,
      description: `The price: the name of an entry in \`prices\`, or an id.${more === '' ? " Can't be changed: a link with another price is a new one." : ''}`,
    },
    quantity: {
      type: { ...integer(), actual: (raw) => integer().actual(raw) ?? '1' },
      default: '1',
      description: `How many are sold${more}.`,
    },
    adjustable_quantity: {
      formerly: ['adjustable'],
      type: adjustable,
      description: 'The quantities that customers can choose: `{ enabled: true, minimum: 1, maximum: 10 }`.',
    },
  });

const plainItem = item('');

/** A line item. Its id is kept, by which requests change it. */
const lineItem: Type = {
  ...plainItem,
  actual: (raw) => {
    const value = plainItem.actual(raw);
    return isRecord(value) && isRecord(raw) ? ({ ...value, id: textFromStripe(raw.id) } as Value) : value;
  },
  inner: (name) => (name === 'id' ? objectId : plainItem.inner?.(name)),
};
const lineItems = objects(lineItem, ['price'], 20);

// --- Questions to customers

const answer = (what: string): Member => ({
  type: someOf(
    whole({
      default_value: { type: text(255), description: 'What the field holds at first, at most 255 characters.' },
      minimum_length: { type: integer(), description: 'The least length.' },
      maximum_length: { type: integer(), description: 'The greatest length.' },
    }),
  ),
  description: `Of a field of type \`${what}\`: what can be entered.`,
});

/** A text of letters and digits: Stripe takes no others in keys and values of questions. */
const alphanumeric = (limit: number): Type => {
  const type = always(text(limit));
  return {
    ...type,
    expected(node, context) {
      const value = type.expected(node, context);
      const [other] = /[^\p{L}\p{N}]/u.exec(String(value)) ?? [];
      if (other !== undefined)
        context.complain(node.at, `has the character ${quote(other)}; Stripe accepts only letters and digits`, 'doubt');
      return value;
    },
  };
};

const customField = whole({
  key: {
    formerly: ['id', 'name'],
    type: alphanumeric(200),
    required: true,
    description: 'Your own key: letters and digits, at most 200.',
  },
  label: {
    type: always(
      whole({
        custom: { type: text(50), required: true, description: 'What customers read, at most 50 characters.' },
        type: { type: oneOf(['custom'], 'type of label'), default: 'custom', description: 'The type of label.' },
      }),
    ),
    required: true,
    description: 'The label: `{ custom: Your team }`.',
  },
  type: {
    ...words(['text', 'numeric', 'dropdown'], 'type of field', '`text`, `numeric` or `dropdown`.'),
    required: true,
  },
  optional: { type: always(flag), default: false, description: 'Whether customers may leave it empty.' },
  text: answer('text'),
  numeric: answer('numeric'),
  dropdown: {
    type: whole({
      options: {
        type: list(
          whole({
            label: {
              type: always(text(100)),
              required: true,
              description: 'What customers read, at most 100 characters.',
            },
            value: {
              type: alphanumeric(100),
              required: true,
              description: 'Your own value: letters and digits, at most 100.',
            },
          }),
          200,
        ),
        required: true,
        description: 'What customers can choose, at most 200, in order.',
      },
      default_value: { type: text(100), description: 'The value that is chosen at first.' },
    }),
    description: 'Of a field of type `dropdown`: what can be chosen.',
  },
});

const message = (where: string): Member => ({
  type: cleared(
    part({ message: { type: always(text(1200)), required: true, description: 'The text, at most 1,200 characters.' } }),
  ),
  description: `A text ${where}: \`{ message: … }\`.`,
});

// --- Invoices and payments

const invoiceFields: Member = {
  type: cleared(
    list(
      whole({
        name: { type: always(text(40)), required: true, description: 'The name, at most 40 characters.' },
        value: { type: always(text(140)), required: true, description: 'The value, at most 140 characters.' },
      }),
      4,
    ),
  ),
  description: 'Fields on the invoice, at most 4, in order.',
};
const taxIds: Member = {
  formerly: ['tax_ids'],
  type: cleared(set(always(reference('account_tax_ids', 'txi_')))),
  description:
    'Tax ids of the account that the invoice shows, in any order: names of entries in `account_tax_ids`, or ids (`txi_…`).',
};
const ofInvoices = { account_tax_ids: taxIds, custom_fields: invoiceFields };
const footer: Member = { type: text(5000), description: 'A text at the end of the invoice.' };

const stored = (of: string): Member => ({
  type: cleared(metadata),
  description: `Keys and values that ${of} get. Only the keys that you list are compared.`,
});

const BRANDS = ['american_express', 'discover_global_network', 'mastercard', 'visa'];

/** The SDK's words (`PaymentLink.PaymentMethodType`), which become more over time. */
const METHODS = [
  ...['affirm', 'afterpay_clearpay', 'alipay', 'alma', 'au_becs_debit', 'bacs_debit', 'bancontact', 'billie', 'bizum'],
  ...['blik', 'boleto', 'card', 'cashapp', 'eps', 'fpx', 'giropay', 'grabpay', 'ideal', 'klarna', 'konbini', 'link'],
  ...['mb_way', 'mobilepay', 'multibanco', 'oxxo', 'p24', 'pay_by_bank', 'paynow', 'paypal', 'paypay', 'payto', 'pix'],
  ...['promptpay', 'satispay', 'scalapay', 'sepa_debit', 'sequra', 'sofort', 'sunbit', 'swish', 'twint', 'upi'],
  ...['us_bank_account', 'wechat_pay', 'zip'],
];

/** What a request says of a group, with what an update has to say of it whatever it changes. */
function group(name: string, type: Type, required: Required = []): Pick<Field<never>, 'type' | 'parameters'> {
  return {
    type,
    parameters(value, request, live) {
      const said = request === 'create' ? value : withRequired(value, live[name] ?? null, required);
      const all = parameterOf(type, said);
      if (request === 'create' && (all === '' || (all === undefined && isEmpty(said)))) return {};
      return all === undefined ? null : { [name]: all };
    },
  };
}

/** A field whose usual value need not be stated: to create a link of some kinds, Stripe refuses even that. */
function usual(name: string, value: Value): Pick<Field<never>, 'implied' | 'parameters'> {
  return {
    implied: (fields) => fields[name] === value,
    parameters: (said, request) => (request === 'create' && said === value ? {} : { [name]: String(said ?? '') }),
  };
}

/** Countries to which no link ships (the SDK's `ShippingAddressCollection.allowed_countries`). */
const UNSHIPPED = 'AS CX CC CU HM IR KP MH FM NF MP PW SD SY UM VI'.split(' ');

const shippable: Type = {
  ...country,
  expected(node, context) {
    const value = country.expected(node, context);
    if (UNSHIPPED.includes(String(value)))
      context.complain(node.at, `is ${String(value)}, which Stripe refuses as a shipping country. Remove it`, 'doubt');
    return value;
  },
};

const isEmpty = (value: Value) => isRecord(value) && Object.keys(value).length === 0;

/** The template of its invoices. */
const TEMPLATE = ['invoice_creation', 'invoice_data', 'rendering_options', 'template'];

/** Payment links (docs.stripe.com/api/payment-link). */
export const paymentLinks: Resource<Stripe.PaymentLink> = {
  section: 'payment_links',
  kind: 'payment link',
  formerly: ['payment_link', 'links', 'buy_buttons', 'checkout_links'],
  instead: {
    status: 'Write active: true, or active: false',
    enabled: 'Write active: true, or active: false',
    archived: 'Write active: false',
    price: 'Write line_items: [{ price: … }]',
    prices: 'Write line_items: [{ price: … }]',
    quantity: 'Write line_items: [{ price: …, quantity: 1 }]',
    success_url: 'Write after_completion: { type: redirect, redirect: { url: … } }',
    redirect_url: 'Write after_completion: { type: redirect, redirect: { url: … } }',
    trial_period_days: 'Write subscription_data: { trial_period_days: 14 }',
    price_data: 'Write line_items, with the name of an entry in prices',
    mode: 'Remove it: the prices say whether it is a payment or a subscription',
  },
  description:
    'A payment link: a page where customers buy. Found by `id`, else by `url`, or by `match`. Of groups such as `subscription_data` only the names that you list are compared. Links of Connect applications are passed over.',
  example: `pro:
  match: metadata.plan
  metadata: { plan: pro }
  line_items:
    - { price: pro_monthly }
  allow_promotion_codes: true
  automatic_tax: { enabled: true }
  after_completion: { type: redirect, redirect: { url: https://example.com/welcome } }
  subscription_data: { trial_period_days: 14 }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The payment link's id, `plink_…`. Finds the link.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    url: {
      formerly: ['link', 'href'],
      type: always(literal(text())),
      description: 'Its address, which Stripe chooses. Finds the link if the entry has no `id`.',
      read: (live) => live.url,
      given: true,
      implied: () => true,
      parameters: (_, request) => (request === 'create' ? {} : null),
    },
    active: {
      type: always(flag),
      description: 'Whether customers can buy there. If left out, `true` is expected.',
      default: true,
      read: (live) => live.active,
      // None is created inactive.
      parameters: (value, request) => (request === 'create' ? {} : { active: String(value) }),
    },
    line_items: {
      formerly: ['items', 'lines', 'products'],
      type: always({ ...lineItems, schema: { ...lineItems.schema, minItems: 1 } }),
      description:
        'What is sold: at most 20 prices, each once, in any order. A quantity can be changed; another price takes a new link, with another address.',
      read: (live) => live.line_items,
      rest: 'line_items',
      risk: 'From then on, customers buy other quantities.',
      lasting: true,
      expand: () => ['line_items'],
      parameters: lineItemParameters,
    },
    optional_items: {
      formerly: ['upsells', 'add_ons'],
      type: objects(item(', if customers choose it'), ['price'], 10),
      description: 'What customers can buy besides: at most 10 prices, each once, in any order.',
      read: (live) => live.optional_items ?? null,
    },
    currency: {
      type: always(currency),
      description: "Three-letter ISO code in lower case, such as `usd`. Can't be changed after creation.",
      read: (live) => live.currency,
      fixed: true,
    },
    after_completion: {
      formerly: ['after_payment', 'confirmation'],
      ...group(
        'after_completion',
        always(
          part(
            {
              type: words(['hosted_confirmation', 'redirect'], 'type', '`hosted_confirmation` or `redirect`.'),
              hosted_confirmation: {
                type: part({
                  custom_message: {
                    type: text(500),
                    description: 'A text for customers who have paid, at most 500 characters.',
                  },
                }),
                description: "Stripe's own page.",
              },
              redirect: {
                type: part({ url: { type: always(url()), required: true, description: 'The page.' } }),
                description: 'A page of yours.',
              },
            },
            { sparse: true },
          ),
        ),
        [[[], 'type']],
      ),
      description: 'What customers see after they have paid.',
      read: (live) => live.after_completion,
      implied: ({ after_completion: after }) => isPlain(after, 'hosted_confirmation'),
    },
    allow_promotion_codes: {
      formerly: ['promotion_codes'],
      type: always(flag),
      description: 'Whether customers can enter promotion codes.',
      read: (live) => live.allow_promotion_codes,
      ...usual('allow_promotion_codes', false),
    },
    automatic_tax: {
      formerly: ['tax', 'taxes'],
      ...group(
        'automatic_tax',
        always(
          part({
            enabled: enabled('Whether Stripe computes taxes.'),
            liability: accountOf('The account that owes the tax.'),
          }),
        ),
        [[[], 'enabled']],
      ),
      description: 'Taxes.',
      read: (live) => live.automatic_tax,
      implied: ({ automatic_tax: value }) => isPlain(value, 'self', 'never'),
      risk: 'What customers pay changes by the tax.',
    },
    billing_address_collection: {
      type: oneOf(['auto', 'required'], 'kind of collection'),
      description: 'When customers give a billing address: `auto` (if it is needed) or `required`.',
      read: (live) => live.billing_address_collection,
      ...usual('billing_address_collection', 'auto'),
      lasting: true,
    },
    consent_collection: {
      ...group(
        'consent_collection',
        part({
          payment_method_reuse_agreement: {
            type: part({
              position: { ...words(['auto', 'hidden'], 'position', '`auto` or `hidden`.'), required: true },
            }),
            description: 'Whether the text on the reuse of a payment method is shown.',
          },
          promotions: {
            type: oneOrNone(['auto', 'none'], 'kind of consent'),
            description: 'Consent to promotions: `auto` or `none`.',
          },
          terms_of_service: {
            type: oneOrNone(['required', 'none'], 'kind of consent'),
            description: 'Consent to the terms of service: `required` or `none`.',
          },
        }),
      ),
      description: 'What customers have to agree to.',
      read: (live) => live.consent_collection,
      lasting: true,
    },
    custom_fields: {
      formerly: ['fields', 'questions'],
      type: list(customField, 3),
      description: 'Questions to customers, at most 3, in order.',
      read: (live) => live.custom_fields,
      own: true,
    },
    custom_text: {
      formerly: ['texts'],
      ...group(
        'custom_text',
        always(
          part({
            submit: message('beside the button that pays'),
            after_submit: message('below the button that pays'),
            shipping_address: message('beside the shipping address'),
            terms_of_service_acceptance: message('in place of that on the terms of service'),
          }),
        ),
      ),
      description: 'Texts on the page.',
      read: ({ custom_text: texts }) => (Object.values(texts ?? {}).every((one) => one === null) ? null : texts),
      own: true,
    },
    customer_creation: {
      type: oneOf(['always', 'if_required'], 'kind of creation'),
      description: 'When a customer is created: `always` or `if_required`.',
      read: (live) => live.customer_creation,
      ...usual('customer_creation', 'if_required'),
      lasting: true,
    },
    inactive_message: {
      type: text(500),
      description: 'What customers read once the link is inactive, at most 500 characters.',
      read: (live) => live.inactive_message,
      own: true,
    },
    invoice_creation: {
      formerly: ['invoice', 'invoices'],
      ...group(
        'invoice_creation',
        part({
          enabled: enabled('Whether a payment gets an invoice.'),
          invoice_data: {
            type: part({
              ...ofInvoices,
              description: { type: text(1500), description: 'A text on the invoice, at most 1,500 characters.' },
              footer,
              issuer: accountOf('The account that issues the invoice.'),
              metadata: stored('the invoices'),
              rendering_options: {
                type: cleared(
                  part({
                    amount_tax_display: {
                      type: cleared(oneOrNone(['exclude_tax', 'include_inclusive_tax'], 'kind of display')),
                      description: 'Whether amounts include the tax: `exclude_tax` or `include_inclusive_tax`.',
                    },
                    template: {
                      type: reference('invoice_rendering_templates', 'inrtem_'),
                      description: 'The template: the name of an entry in `invoice_rendering_templates`, or an id.',
                    },
                  }),
                ),
                description: 'How the invoice looks.',
              },
            }),
            description: 'What the invoice says.',
          },
        }),
        [[[], 'enabled']],
      ),
      description: 'Invoices of one-time payments.',
      read: (live) => live.invoice_creation,
      lasting: true,
      own: true,
    },
    managed_payments: {
      type: part({ enabled: enabled('Whether Stripe sells in its own name.') }),
      description: "Managed Payments. Can't be changed after creation.",
      read: (live) => live.managed_payments,
      fixed: true,
    },
    metadata: {
      type: metadata,
      description: metadataDescription,
      own: true,
      read: (live) => live.metadata,
      parameters: metadataByName,
    },
    name_collection: {
      ...group(
        'name_collection',
        part(
          {
            business: nameOf('business'),
            individual: nameOf('person'),
          },
          { sparse: true },
        ),
        [
          [['business'], 'enabled'],
          [['individual'], 'enabled'],
        ],
      ),
      description: 'The names that customers give.',
      read: (live) => (isRecord(live.name_collection) ? live.name_collection : null),
    },
    payment_intent_data: {
      formerly: ['payment_data'],
      ...group(
        'payment_intent_data',
        part({
          capture_method: {
            type: { ...oneOrNone(['automatic', 'automatic_async', 'manual'], 'capture method'), fixed: true },
            description: "When the payment is captured. Can't be changed after creation.",
          },
          description: { type: cleared(text(1000)), description: 'A text on the payment, at most 1,000 characters.' },
          metadata: stored('the payments'),
          setup_future_usage: {
            type: cleared(oneOrNone(['on_session', 'off_session'], 'usage')),
            description: 'Whether the payment method is kept: `on_session` or `off_session`.',
          },
          statement_descriptor: {
            type: cleared(descriptor(22)),
            description: "The text on customers' statements, at most 22 characters.",
          },
          statement_descriptor_suffix: {
            type: cleared(descriptor(22)),
            description: 'The end of the text on statements of card payments, at most 22 characters.',
          },
          transfer_group: { type: cleared(text()), description: 'Your own key for payments that belong together.' },
        }),
      ),
      description: 'What one-time payments get.',
      read: (live) => live.payment_intent_data,
      lasting: true,
      own: true,
    },
    payment_method_collection: {
      type: oneOf(['always', 'if_required'], 'kind of collection'),
      description: 'When customers give a payment method: `always`, or `if_required` (not for a free trial).',
      read: (live) => live.payment_method_collection,
      ...usual('payment_method_collection', 'always'),
      lasting: true,
    },
    payment_method_options: {
      ...group(
        'payment_method_options',
        part({
          card: {
            type: cleared(
              part({
                restrictions: {
                  type: cleared(
                    part({
                      brands_blocked: {
                        type: cleared(set(oneOf(BRANDS, 'brand'))),
                        description: `Brands that are refused, in any order: ${BRANDS.map((brand) => `\`${brand}\``).join(', ')}.`,
                      },
                    }),
                  ),
                  description: 'What is refused.',
                },
              }),
            ),
            description: 'Cards.',
          },
        }),
      ),
      description: 'Options of single payment methods.',
      read: (live) => live.payment_method_options,
    },
    payment_method_types: {
      formerly: ['payment_methods'],
      type: set(openWord(METHODS, 'payment method type', { typos: true })),
      description:
        'The payment methods, in any order. `null` means those that the settings of the account turn on, which Stripe recommends.',
      read: (live) => live.payment_method_types,
    },
    phone_number_collection: {
      type: always(part({ enabled: enabled('Whether customers give a phone number.') })),
      description: 'Phone numbers.',
      read: (live) => live.phone_number_collection,
      implied: ({ phone_number_collection: value }) => isPlain(value, 'self', 'never'),
    },
    restrictions: {
      formerly: ['limit', 'limits'],
      type: whole({
        completed_sessions: {
          type: always(
            whole({
              limit: { type: always(integer(1)), required: true, description: 'How many times it can be used.' },
            }),
          ),
          required: true,
          description: 'How many times customers can pay: `{ limit: 100 }`.',
        },
      }),
      description: 'Limits on its use.',
      read: (live) => live.restrictions,
    },
    shipping_address_collection: {
      formerly: ['shipping_address'],
      type: whole({
        allowed_countries: {
          formerly: ['countries'],
          type: set(shippable, { nonEmpty: true }),
          required: true,
          description: 'Countries to which you ship, as two-letter codes, in any order.',
        },
      }),
      description: 'Where customers can have it shipped to. `null` means that no address is collected.',
      read: (live) => live.shipping_address_collection,
    },
    shipping_options: {
      formerly: ['shipping_rates', 'shipping'],
      type: list(
        whole({
          shipping_rate: {
            type: always(reference('shipping_rates', 'shr_')),
            required: true,
            description: 'The shipping rate: the name of an entry in `shipping_rates`, or an id.',
          },
        }),
      ),
      description: 'The shipping rates that customers can choose, in order.',
      read: (live) => live.shipping_options,
    },
    submit_type: {
      formerly: ['button'],
      type: oneOf(['auto', 'book', 'donate', 'pay', 'subscribe'], 'submit type'),
      description: 'What the button says: `auto`, `book`, `donate`, `pay` or `subscribe`.',
      read: (live) => live.submit_type,
      ...usual('submit_type', 'auto'),
      lasting: true,
    },
    subscription_data: {
      formerly: ['subscription'],
      ...group(
        'subscription_data',
        part({
          description: {
            type: { ...text(500), fixed: true },
            description: "A text on the subscription, at most 500 characters. Can't be changed after creation.",
          },
          invoice_settings: {
            type: part({
              ...ofInvoices,
              description: { type: text(1500), description: 'A text on the invoices, at most 1,500 characters.' },
              footer,
              issuer: accountOf('The account that issues the invoices.'),
            }),
            description: 'What the invoices say.',
          },
          metadata: stored('the subscriptions'),
          trial_period_days: {
            formerly: ['trial_days', 'trial'],
            type: cleared(integer(1)),
            description: 'Days before the first payment.',
          },
          trial_settings: {
            type: cleared(
              part({
                end_behavior: {
                  type: always(
                    part({
                      missing_payment_method: {
                        ...words(
                          ['cancel', 'create_invoice', 'pause'],
                          'end of a trial',
                          '`cancel`, `create_invoice` or `pause`.',
                        ),
                        required: true,
                      },
                    }),
                  ),
                  required: true,
                  description: 'What happens at the end of a trial without a payment method.',
                },
              }),
            ),
            description: 'How trials end.',
          },
        }),
      ),
      description: 'What subscriptions get.',
      read: (live) => live.subscription_data,
      lasting: true,
      own: true,
      risk: 'New subscriptions begin differently; existing ones stay as they are.',
    },
    tax_id_collection: {
      ...group(
        'tax_id_collection',
        always(
          part({
            enabled: enabled('Whether customers can give a tax id.'),
            required: words(
              ['never', 'if_supported'],
              'kind of duty',
              'Whether they have to: `never` or `if_supported`.',
            ),
          }),
        ),
        [[[], 'enabled']],
      ),
      description: 'Tax ids of customers.',
      read: (live) => live.tax_id_collection,
      implied: ({ tax_id_collection: value }) => isPlain(value, 'self', 'never'),
    },
    on_behalf_of: {
      type: objectId,
      description: 'Connect: the account in whose name the payment is made, `acct_…`.',
      read: (live) => live.on_behalf_of,
    },
    transfer_data: {
      ...group(
        'transfer_data',
        part({
          amount: {
            type: cleared(amount),
            description: `What is transferred, ${minorUnit}; \`null\` means all of it.`,
          },
          destination: { type: always(objectId), description: 'The connected account, `acct_…`.' },
        }),
        [[[], 'destination']],
      ),
      description: 'Connect: where the money goes.',
      read: (live) => live.transfer_data,
      risk: 'Money goes to another account, or in another amount.',
    },
    application_fee_amount: {
      type: amount,
      description: `Connect: the fee of the platform on a payment, ${minorUnit}.`,
      read: (live) => live.application_fee_amount,
    },
    application_fee_percent: {
      type: float,
      description: 'Connect: the fee of the platform on a subscription, in percent.',
      read: (live) => live.application_fee_percent,
    },
  },
  id: 'stripe',
  prefix: 'plink_',
  inCode: { prefix: 'plink_1', lengths: [23] },
  identities: [{ by: 'url' }],
  state: {
    ...archivable('Customers who open it can no longer buy.'),
    words: {
      retire: 'deactivate',
      retired: 'inactive',
      active: 'active',
      meaning: 'Customers who open it can no longer buy.',
    },
  },
  permission: { slug: 'rak_payment_links_read', label: 'Payment Links', implies: ['rak_product_read'] },
  source: {
    path: '/v1/payment_links',
    list: 'v1',
    inForce: { active: 'true' },
    retired: { active: 'false' },
  },
  skip: ({ application }) => (application == null ? null : 'belongs to a Connect application'),
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.id,
  naming: ({ currency: code }, { key }) => ({ keys: [key], names: ['payment link'], marks: [String(code)] }),
  likeness: ({ line_items: items }) => soldIn(items),
  dashboard: 'payment-links',
  command: {
    words: ['payment_links'],
    creation: (fields) => (fields.url != null || fields.active === false ? null : (lackingIn(fields) ?? {})),
    replacement: () => ({}),
  },
  replacing: 'publish its address in place of the old one, and deactivate the old one',
  replacingRisk:
    'The new payment link has another address: customers who have that of the old payment link can no longer buy once it is inactive.',
  creating: 'Stripe chooses its address, which the command prints.',
  handover: 'publish the address that step 1 printed wherever the old one is published',
  check: checkLink,
  checkBeside,
  healthOf: [
    ['line_items', '*', 'price'],
    ['optional_items', '*', 'price'],
    ['shipping_options', '*', 'shipping_rate'],
    TEMPLATE,
  ],
  healthRules: {
    'payment-link-sells-archived-price': { severity: 'warning', finds: 'a payment link that sells an archived price' },
    'payment-link-offers-archived-price': {
      severity: 'warning',
      finds: 'a payment link with an archived price among its optional items',
    },
    'payment-link-offers-archived-shipping-rate': {
      severity: 'warning',
      finds: 'a payment link that offers an archived shipping rate',
    },
    'payment-link-with-archived-template': {
      severity: 'warning',
      finds: 'a payment link whose invoices have an archived rendering template',
    },
  },
  health: ({ fields, inForce }, _stated, others) =>
    inForce ? [...offered(fields, others), ...rendered(fields, others)] : [],
};

/** Whether nothing is on or set in a group, but for words that Stripe sets anyway. */
function isPlain(value: Value | undefined, ...usual: readonly string[]): boolean {
  if (isRecord(value)) return Object.values(value).every((one) => isPlain(one as Value, ...usual));
  return value == null || value === false || usual.includes(String(value));
}

function nameOf(who: string): Member {
  return {
    type: part({
      enabled: enabled(`Whether customers give the name of a ${who}.`),
      optional: { type: always(flag), description: 'Whether they may leave it out.' },
    }),
    description: `The name of a ${who}.`,
  };
}

/** Where a name stands in a map, else the map. */
function placeOf(node: Node, name: string): Node['at'] {
  return (node.kind === 'map' ? node.entries.get(name)?.at : undefined) ?? node.at;
}

/** Of line items a request that creates a link says all, and one that changes them, by their ids, all but the prices. */
function lineItemParameters(value: Value, request: 'create' | 'update', { line_items: live }: Fields) {
  const all = lineItems.parameter?.(value);
  if (!Array.isArray(value) || !Array.isArray(all)) return null;
  if (request === 'create') return { line_items: all };
  const known = new Map((Array.isArray(live) ? live : []).map((one) => [lineItems.key?.(one), one]));
  const changes = value.map((one) => {
    const had = known.get(lineItems.key?.(one));
    const { price: _, ...rest } = isRecord(one) ? one : {};
    const said = plainItem.parameter?.({ adjustable_quantity: null, ...rest } as Value);
    const off = rest.adjustable_quantity === null && { adjustable_quantity: { enabled: 'false' } };
    return isRecord(had) && isRecord(said) && typeof had.id === 'string' ? { id: had.id, ...said, ...off } : null;
  });
  const isKnown = changes.every((one) => one !== null);
  return isKnown ? ({ line_items: changes } as { line_items: never }) : null;
}

/** The entries of the prices that are sold, with their quantities; null where one has none. */
function soldIn(items: Value | undefined): string | null {
  if (!Array.isArray(items)) return null;
  const sold = items.map((one) => {
    const { price, quantity = null } = isRecord(one) ? one : {};
    return isRecord(price) && typeof price.entry === 'string' ? JSON.stringify([price.entry, quantity]) : null;
  });
  return sold.includes(null) ? null : JSON.stringify(sold.sort());
}

/** What a request that creates a link needs, and an entry does not state. */
function lackingIn(fields: Fields): string | null {
  if (fields.line_items == null) return 'line_items';
  const needed = {
    after_completion: 'type',
    automatic_tax: 'enabled',
    invoice_creation: 'enabled',
    tax_id_collection: 'enabled',
    transfer_data: 'destination',
  };
  const found = Object.entries(needed).find(([name, part]) => {
    const value = fields[name];
    return isRecord(value) && !isEmpty(value as Value) && value[part] == null;
  });
  return found === undefined ? null : found.join('.');
}

function checkLink(stated: ReadonlyMap<string, Entry>, fields: Fields, { complain }: EntryContext): void {
  const [items, more] = ['line_items', 'optional_items'].map((name) => fields[name]);
  const entry = stated.get('optional_items');
  const count = [items, more].reduce<number>((sum, some) => sum + (Array.isArray(some) ? some.length : 0), 0);
  if (entry && count > 20)
    complain(entry.at, `and line_items have ${count} items; Stripe accepts at most 20 together`, 'doubt');
  const after = stated.get('after_completion')?.node;
  const { type, redirect } = isRecord(fields.after_completion) ? fields.after_completion : {};
  if (after?.kind === 'map') checkCompletion(after, { type, redirect }, complain);
  const questions = stated.get('custom_fields')?.node;
  if (questions?.kind === 'list' && Array.isArray(fields.custom_fields))
    questions.items.forEach((node, index) => {
      const value = (fields.custom_fields as readonly Value[])[index];
      if (node.kind === 'map' && isRecord(value)) checkQuestion(node, value, complain);
    });
}

function checkCompletion(
  node: MapNode,
  { type, redirect }: { readonly type?: unknown; readonly redirect?: unknown },
  complain: Context['complain'],
): void {
  if (type === 'redirect' && redirect == null)
    complain(placeOf(node, 'type'), 'is redirect, without redirect. Add redirect: { url: … }', 'doubt');
  if (type === 'hosted_confirmation' && redirect != null) {
    const at = placeOf(node, 'redirect');
    const place = placeWords(placeOf(node, 'type'), at);
    complain(
      at,
      `goes only with type: redirect, and type ${place} is hosted_confirmation. Remove one of them`,
      'doubt',
    );
  }
}

/** A question of one type that says what only another has. */
function checkQuestion(
  node: MapNode,
  value: { readonly [name: string]: unknown },
  complain: Context['complain'],
): void {
  for (const name of ['text', 'numeric', 'dropdown'])
    if (value[name] != null && value.type !== name)
      complain(placeOf(node, name), `goes only with type: ${name}. Remove it, or change the type`, 'doubt');
  if (value.type === 'dropdown' && value.dropdown == null)
    complain(placeOf(node, 'type'), 'is dropdown, without dropdown. Add dropdown: { options: [ … ] }', 'doubt');
}

/** Fields of payments, and those of subscriptions: a link with a recurring price among its line items makes subscriptions. */
const OF_PAYMENTS = ['customer_creation', 'invoice_creation', 'payment_intent_data', 'application_fee_amount'];
const OF_SUBSCRIPTIONS = ['subscription_data', 'payment_method_collection', 'application_fee_percent'];

/** What does not go with the prices that are sold, as far as the file says what these are. */
function checkBeside({ fields, at }: Expected, { find }: Declarations, complain: Context['complain']): void {
  const items = Array.isArray(fields.line_items) ? (fields.line_items as readonly Value[]) : [];
  const sold = items.map((one) => (isRecord(one) ? find('prices', one.price as Value) : undefined));
  const isSaid = (field: string) => !isPlain(fields[field], 'self', 'if_required', 'always');
  const recurring = sold.find((price) => price !== undefined && isRecurring(price) === true);
  if (recurring !== undefined) {
    const why = `goes only with one-time prices, and line_items has ${bare(recurring.name)}, which is recurring`;
    for (const field of OF_PAYMENTS)
      if (isSaid(field) || (field === 'customer_creation' && fields[field] === 'always'))
        complain(at([field]), `${why}. Remove one of them`, 'doubt');
  }
  if (sold.length > 0 && sold.every((price) => price !== undefined && isRecurring(price) === false))
    for (const field of OF_SUBSCRIPTIONS)
      if (isSaid(field) || (field === 'payment_method_collection' && fields[field] === 'if_required'))
        complain(at([field]), 'goes only with a recurring price, and line_items has none. Remove it', 'doubt');
  checkCurrencies(fields, at, sold, complain);
}

/** Whether the entry of a price states an amount: then it states the whole charge. */
function statesAmount({ unit_amount: amount, tiers, custom_unit_amount: custom }: Fields): boolean {
  return [amount, tiers, custom].some((value) => value != null);
}

/** Whether a price recurs; undefined where its entry does not say. */
function isRecurring({ fields }: Expected): boolean | undefined {
  const { recurring = statesAmount(fields) ? null : undefined, type } = fields;
  if (recurring !== undefined) return recurring !== null;
  return type === undefined ? undefined : type === 'recurring';
}

/** All that is sold has an amount in the currency of the link, or else in one that they share. */
function checkCurrencies(
  { currency: own }: Fields,
  at: Expected['at'],
  sold: readonly (Expected | undefined)[],
  complain: Context['complain'],
): void {
  const known = sold.flatMap((price) => {
    const codes = price === undefined ? undefined : currenciesOf(price);
    return price === undefined || codes === undefined ? [] : [{ name: bare(price.name), codes }];
  });
  const warn = (message: string) => complain(at(['line_items']), message, 'doubt');
  if (typeof own === 'string') {
    const other = known.find(({ codes }) => !codes.includes(own));
    if (other) warn(`has ${other.name}, which has no amount in ${own}, the currency of the link. Sell another price`);
    return;
  }
  for (const [index, one] of known.entries()) {
    const other = known.slice(index + 1).find(({ codes }) => !codes.some((code) => one.codes.includes(code)));
    if (other === undefined) continue;
    const [first, second] = [one, other].map(({ name, codes }) => `${name} (${codes.join(', ')})`);
    warn(`has ${first} and ${second}, which share no currency. Sell them with a link each`);
    return;
  }
}

/** The currencies in which a price has an amount; undefined where its entry does not say all. */
function currenciesOf({ fields }: Expected): string[] | undefined {
  const { currency: own, currency_options: others } = fields;
  if (typeof own !== 'string' || !statesAmount(fields)) return undefined;
  return [own, ...Object.entries(others ?? {}).flatMap(([code, said]) => (said === null ? [] : [code]))];
}

/** What customers can no longer buy there. */
function offered(fields: Fields, { find }: Others): Symptom[] {
  const wanted = [
    [
      'payment-link-sells-archived-price',
      'line_items',
      'price',
      'prices',
      "it sells an archived price: customers who open it can't buy.",
    ],
    [
      'payment-link-offers-archived-price',
      'optional_items',
      'price',
      'prices',
      "it offers an archived price as an optional item, which customers can't choose.",
    ],
    [
      'payment-link-offers-archived-shipping-rate',
      'shipping_options',
      'shipping_rate',
      'shipping_rates',
      'it offers an archived shipping rate.',
    ],
  ] as const;
  return wanted.flatMap(([rule, field, name, section, message]) => {
    const items = fields[field];
    return (Array.isArray(items) ? items : []).flatMap((one): Symptom[] => {
      const found = isRecord(one) && typeof one[name] === 'string' ? find(section, one[name]) : undefined;
      if (found === undefined || found.inForce) return [];
      const remedy =
        field === 'line_items'
          ? 'Activate the price again, or create a new payment link with another price, publish its address, and deactivate this one.'
          : `Activate it again, or take it out of \`${field}\`.`;
      const cause = { section, id: found.id, field: 'active' };
      return [{ rule, field, message, remedy, cause }];
    });
  });
}

/** The template of its invoices, if nothing new can use that. */
function rendered(fields: Fields, others: Others): Symptom[] {
  const isMade = valueAt(fields, ['invoice_creation', 'enabled']) === true;
  const found = outOfUse(others, 'invoice_rendering_templates', isMade ? valueAt(fields, TEMPLATE) : null);
  if (found === undefined) return [];
  return [
    {
      rule: 'payment-link-with-archived-template',
      field: 'invoice_creation',
      message: 'its invoices have an archived rendering template, which no new invoice can use.',
      remedy: `Unarchive the template, or state another one in \`${TEMPLATE.join('.')}\`.`,
      cause: { section: 'invoice_rendering_templates', id: found.id, field: 'status' },
    },
  ];
}
