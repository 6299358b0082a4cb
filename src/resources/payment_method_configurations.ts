import type Stripe from 'stripe';
import { type Fields, isRecord, type Symptom } from '../model.ts';
import { set } from '../vocabulary/collections.ts';
import { always, flag, literal, text, textFromStripe, word } from '../vocabulary/scalars.ts';
import { part } from '../vocabulary/shape.ts';
import { memberOf, type Type } from '../vocabulary/type.ts';
import { checkDefault, isDefault, keptDefault } from './default.ts';
import { archivable, type Field, type Resource, textOf } from './resource.ts';

type Configuration = Stripe.PaymentMethodConfiguration;

/** The names under which an answer has a payment method. */
type Method = {
  [Name in keyof Configuration]-?: NonNullable<Configuration[Name]> extends { display_preference: unknown }
    ? Name
    : never;
}[keyof Configuration];

/** What people call each payment method, and by which other names. A method that the SDK's types gain is a mistake here. */
const METHODS: Readonly<Record<Method, readonly [label: string, ...formerly: string[]]>> = {
  acss_debit: ['pre-authorized debits in Canada', 'acss'],
  affirm: ['Affirm'],
  afterpay_clearpay: ['Afterpay or Clearpay', 'afterpay', 'clearpay'],
  alipay: ['Alipay'],
  alma: ['Alma'],
  amazon_pay: ['Amazon Pay', 'amazon', 'amazonpay'],
  apple_pay: ['Apple Pay', 'apple', 'applepay'],
  au_becs_debit: ['BECS direct debits in Australia', 'becs_debit', 'becs'],
  bacs_debit: ['Bacs direct debits in the UK', 'bacs'],
  bancontact: ['Bancontact'],
  billie: ['Billie'],
  bizum: ['Bizum'],
  blik: ['BLIK'],
  boleto: ['Boleto'],
  card: ['cards', 'cards', 'credit_card'],
  cartes_bancaires: ['Cartes Bancaires', 'cartes_bancaire'],
  cashapp: ['Cash App Pay', 'cash_app', 'cash_app_pay'],
  crypto: ['stablecoins', 'stablecoin'],
  customer_balance: ['bank transfers, by the cash balance of a customer', 'bank_transfer', 'bank_transfers'],
  eps: ['EPS'],
  fpx: ['FPX'],
  giropay: ['giropay'],
  google_pay: ['Google Pay', 'google', 'googlepay'],
  grabpay: ['GrabPay', 'grab_pay'],
  ideal: ['iDEAL'],
  jcb: ['JCB'],
  kakao_pay: ['Kakao Pay', 'kakaopay'],
  klarna: ['Klarna'],
  konbini: ['Konbini'],
  kr_card: ['cards issued in South Korea', 'korean_card'],
  link: ['Link'],
  mb_way: ['MB WAY', 'mbway'],
  mobilepay: ['MobilePay', 'mobile_pay'],
  multibanco: ['Multibanco'],
  naver_pay: ['Naver Pay', 'naverpay'],
  nz_bank_account: ['BECS direct debits in New Zealand'],
  oxxo: ['OXXO'],
  p24: ['Przelewy24', 'przelewy24'],
  pay_by_bank: ['Pay by Bank'],
  payco: ['PAYCO'],
  paynow: ['PayNow', 'pay_now'],
  paypal: ['PayPal', 'pay_pal'],
  paypay: ['PayPay', 'pay_pay'],
  payto: ['PayTo', 'pay_to'],
  pix: ['Pix'],
  promptpay: ['PromptPay', 'prompt_pay'],
  revolut_pay: ['Revolut Pay', 'revolut', 'revolutpay'],
  samsung_pay: ['Samsung Pay', 'samsungpay'],
  satispay: ['Satispay'],
  scalapay: ['Scalapay'],
  sepa_debit: ['SEPA direct debits', 'sepa'],
  sequra: ['seQura'],
  sofort: ['Sofort'],
  sunbit: ['Sunbit'],
  swish: ['Swish'],
  twint: ['TWINT'],
  upi: ['UPI'],
  us_bank_account: ['ACH direct debits in the US', 'ach', 'ach_debit', 'us_bank'],
  wechat_pay: ['WeChat Pay', 'wechat', 'wechatpay'],
  zip: ['Zip'],
};

const plainPreference = word(['on', 'off', 'none']);

/** Of a method what an answer holds; the account's own preference is compared, and not what it comes to. */
const answered = part({
  available: { type: flag, description: 'Whether customers can be offered it.' },
  display_preference: {
    type: part({ preference: { type: plainPreference, description: 'What the account prefers.' } }),
    description: 'The preference.',
  },
});

const preference: Type = {
  ...plainPreference,
  schema: {
    ...plainPreference.schema,
    enumDescriptions: [
      'Customers are offered it.',
      'Customers are not offered it.',
      'Stripe decides.',
      "The account can't offer it.",
    ],
    errorMessage: 'Expected on, off or none.',
  },
  actual: (raw) => textFromStripe(memberOf(memberOf(raw, 'display_preference'), 'preference')),
  inner: (step) => answered.inner?.(step),
  none: 'not offered to this account',
};

/** Whether customers are offered a payment method. */
function method(name: string, label = name, formerly: readonly string[] = []): Field<Configuration> {
  return {
    ...(formerly.length > 0 && { formerly }),
    type: preference,
    description: `Whether customers are offered ${label}.`,
    // An answer lacks what the account can't offer, which is not the same as what is off.
    read: (live) => memberOf(live, name),
    risk: (to) =>
      to === 'off'
        ? `Customers are no longer offered ${label}, at once.`
        : `Customers may be offered ${label} at once.`,
    lasting: true,
    parameters(value, request, fields) {
      // No request has Stripe offer a method to an account that can't.
      const isThere = request === 'create' || fields[name] != null;
      return typeof value === 'string' && isThere ? { [name]: { display_preference: { preference: value } } } : null;
    },
  };
}

/** The payment methods in an answer: whatever has a display preference. */
function methodsOf(live: Configuration): [name: string, method: { readonly available?: unknown }][] {
  return Object.entries(live).filter(([, value]) => isRecord(value) && isRecord(value.display_preference));
}

/** Configurations of payment methods (docs.stripe.com/api/payment_method_configurations). */
export const paymentMethodConfigurations: Resource<Configuration> = {
  section: 'payment_method_configurations',
  kind: 'payment method configuration',
  formerly: [
    ...['payment_method_configuration', 'payment_method_configs', 'payment_method_config'],
    ...['payment_methods', 'payment_method_settings', 'payment_method_types'],
  ],
  instead: {
    default: 'Write is_default: true',
    status: 'Write active: true, or active: false',
    enabled: 'Write active: true, or active: false',
    archived: 'Write active: false',
    ...Object.fromEntries(
      ['display_preference', 'preference', 'payment_methods', 'payment_method_types', 'methods'].map((name) => [
        name,
        'Write each payment method with on, off or none, such as card: on',
      ]),
    ),
    ...Object.fromEntries(
      ['apple_pay_later', 'fr_meal_voucher_conecs'].map((name) => [
        name,
        "Remove it: Stripe takes it and never gives it back, so that it can't be compared",
      ]),
    ),
    ...Object.fromEntries(
      ['parent', 'application'].map((name) => [
        name,
        'Remove it: configurations of connected accounts are passed over',
      ]),
    ),
  },
  description:
    "A configuration of payment methods: which of them customers are offered where a payment names none. Found by `id`, else by `is_default: true`, else by `name`. State each payment method under its name in Stripe with `on`, `off`, or `none`, which leaves it to Stripe; `null` means that the account can't offer it. Those that you leave out are not compared. A method that Stripe has added since this version is compared, too. Configurations of Connect applications, and those with a parent, are passed over.",
  example: `default:
  is_default: true
  card: on
  link: on
  klarna: off`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The configuration's id, `pmc_…`. Finds the configuration.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    is_default: isDefault(
      "Whether it is the account's default, which applies where nothing names another. `true` finds the configuration if the entry has no `id`. No request sets it.",
    ),
    name: {
      formerly: ['title', 'label'],
      type: always(text(100)),
      description:
        'A name, at most 100 characters. Finds the configuration if the entry has neither `id` nor `is_default: true`.',
      read: (live) => live.name,
    },
    active: {
      type: always(flag),
      description:
        'Whether payments can use it. The default configuration is always active. If left out, `true` is expected.',
      default: true,
      read: (live) => live.active,
      // None is created inactive.
      parameters: (value, request) => (request === 'create' ? {} : { active: String(value) }),
    },
    ...Object.fromEntries(
      Object.entries(METHODS).map(([name, [label, ...formerly]]) => [name, method(name, label, formerly)]),
    ),
    unavailable: {
      type: set(text()),
      description: 'The payment methods that customers are not offered, whatever is preferred.',
      from: [],
      read: (live) => methodsOf(live).flatMap(([name, { available }]) => (available === false ? [name] : [])),
      observed: true,
    },
  },
  open: {
    what: 'payment method',
    name: /^[a-z][a-z\d]*(?:_[a-z\d]+)*$/,
    field: (name) => method(name),
    of: (live) => methodsOf(live).map(([name]) => name),
  },
  id: 'stripe',
  prefix: 'pmc_',
  inCode: { prefix: 'pmc_1', lengths: [23] },
  identities: [
    { by: 'is_default', value: true, portable: true },
    { by: 'name', portable: true },
  ],
  state: {
    ...archivable('Payments can no longer use it.'),
    kept: keptDefault,
    words: {
      retire: 'deactivate',
      retired: 'inactive',
      active: 'active',
      meaning: 'Payments can no longer use it.',
    },
  },
  unusual: true,
  permission: { slug: 'rak_payment_method_configurations_read', label: 'Payment Method Configurations' },
  source: {
    path: '/v1/payment_method_configurations',
    list: 'v1',
    inForce: { active: 'true' },
    retired: { active: 'false' },
  },
  skip({ application, parent }) {
    if (application != null) return 'belongs to a Connect application';
    return parent == null ? null : 'has a parent, which a platform decides on';
  },
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.name || (live.is_default ? 'default' : live.id),
  naming: ({ is_default: is, name }) => ({
    keys: [is === true ? 'default' : null],
    names: [textOf(name)],
    marks: [],
  }),
  likeness: ({ is_default: is, name }) => (is === true || name != null ? JSON.stringify(is || name) : null),
  dashboard: 'settings/payment_methods',
  hasNoPage: true,
  command: {
    words: ['payment_method_configurations'],
    creation: (fields) => (fields.is_default === true || fields.active === false ? null : {}),
  },
  replacing: 'name it in new payments, and deactivate the old one',
  replacingRisk: 'Payments that name the old payment method configuration fail once it is inactive.',
  outside: { places: 'code', fails: 'new payments that name it fail' },
  check: checkDefault,
  healthRules: {
    'payment-method-unavailable': {
      severity: 'warning',
      finds: 'a payment method that an entry states, that is on, and that customers are not offered',
    },
  },
  health: ({ fields, inForce }, stated) => (inForce ? unavailable(fields, stated) : []),
};

/** What an entry states to be on, and customers are not offered all the same. Of what it does not state nothing is expected. */
function unavailable(fields: Fields, stated: Fields): Symptom[] {
  const names = (Array.isArray(fields.unavailable) ? fields.unavailable : []).map(String);
  return names
    .filter((name) => fields[name] === 'on' && stated[name] !== undefined)
    .map((name) => ({
      rule: 'payment-method-unavailable',
      field: name,
      message: `its ${name} is on, but customers are not offered it: Stripe has not enabled it for the account.`,
      remedy: 'Complete what the Dashboard asks for beside it, or turn it off in Stripe and in the file.',
    }));
}
