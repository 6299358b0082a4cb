/** Configurations of payment methods. */
import type Stripe from 'stripe';
import type { Kind, Live, Params } from './kind.ts';
import { next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { oneDefault, otherText, values } from './values.ts';

/** A configuration as the API sends it: it lacks the payment methods that the account can't offer. */
export type RawConfiguration = Wire<Stripe.PaymentMethodConfiguration>;
type Method = NonNullable<RawConfiguration['card']>;

/** An active configuration, not the default, in live mode. */
export function configuration(overrides: Overrides<RawConfiguration> = {}): RawConfiguration {
  const number = next();
  return {
    id: `pmc_${serial(number)}`,
    object: 'payment_method_configuration',
    active: true,
    application: null,
    is_default: false,
    livemode: true,
    name: `Configuration ${number}`,
    parent: null,
    ...stated(overrides),
  };
}

/** A payment method with a preference. */
export function method(preference: string, available = preference === 'on'): Method {
  const value = preference === 'on' ? 'on' : 'off';
  return { available, display_preference: { overridable: null, preference, value } };
}

const METHODS = [
  ...['acss_debit', 'affirm', 'afterpay_clearpay', 'alipay', 'alma', 'amazon_pay', 'apple_pay', 'au_becs_debit'],
  ...['bacs_debit', 'bancontact', 'billie', 'bizum', 'blik', 'boleto', 'card', 'cartes_bancaires', 'cashapp', 'crypto'],
  ...['customer_balance', 'eps', 'fpx', 'giropay', 'google_pay', 'grabpay', 'ideal', 'jcb', 'kakao_pay', 'klarna'],
  ...['konbini', 'kr_card', 'link', 'mb_way', 'mobilepay', 'multibanco', 'naver_pay', 'nz_bank_account', 'oxxo', 'p24'],
  ...['pay_by_bank', 'payco', 'paynow', 'paypal', 'paypay', 'payto', 'pix', 'promptpay', 'revolut_pay', 'samsung_pay'],
  ...['satispay', 'scalapay', 'sepa_debit', 'sequra', 'sofort', 'sunbit', 'swish', 'twint', 'upi', 'us_bank_account'],
  ...['wechat_pay', 'zip'],
];

/** A method that the SDK's types do not have. */
const NEW = 'moon_pay';
const ALL = [...METHODS, NEW];

/** Methods that one file states: each file states a few, and all files together every one. */
const FEW = 7;

function someOf({ id }: Live): string[] {
  const start = Number(id.replace(/\D/g, ''));
  return Array.from({ length: FEW }, (_, index) => ALL[(start + index * 9) % ALL.length] as string);
}

function preferenceOf(live: Live, name: string): string | null {
  return (live[name] as Method | undefined)?.display_preference.preference ?? null;
}

/** What comes after each preference; null where Stripe no longer has the method. */
const OTHER: { readonly [preference: string]: string | null } = { on: 'off', off: 'on', none: null };

function otherPreference(name: string) {
  return (live: Live): Partial<Live> | null => {
    if (!someOf(live).includes(name)) return null;
    const had = preferenceOf(live, name);
    const wanted = had === null ? 'on' : (OTHER[had] ?? null);
    return { [name]: wanted === null ? undefined : method(wanted) };
  };
}

const byMethod = <T>(make: (name: string) => T) => Object.fromEntries(ALL.map((name) => [name, make(name)]));

/** What is off in Stripe's published fixture. */
const OFF = [
  ...['acss_debit', 'affirm', 'afterpay_clearpay', 'alipay', 'amazon_pay', 'bacs_debit', 'bancontact', 'blik'],
  ...['cartes_bancaires', 'cashapp', 'customer_balance', 'eps', 'giropay', 'google_pay', 'ideal', 'klarna', 'link'],
  ...['multibanco', 'p24', 'sepa_debit', 'sofort', 'us_bank_account', 'wechat_pay', 'zip'],
];

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json).
  sample: {
    ...Object.fromEntries(OFF.map((name) => [name, method('off')])),
    apple_pay: method('on'),
    card: method('on'),
    active: true,
    application: null,
    id: 'pmc_1Pgc79B7WZ01zgkWe1iPon1Q',
    is_default: true,
    livemode: false,
    name: 'Default',
    object: 'payment_method_configuration',
    parent: null,
  },
  kept: {
    label: 'Default',
    fields: {
      id: 'pmc_1Pgc79B7WZ01zgkWe1iPon1Q',
      is_default: true,
      name: 'Default',
      active: true,
      ...Object.fromEntries(METHODS.map((name) => [name, null])),
      ...Object.fromEntries(OFF.map((name) => [name, 'off'])),
      apple_pay: 'on',
      card: 'on',
      unavailable: OFF,
    },
  },
  any(check) {
    const { text } = values(check);
    const methods = check.array(
      check.oneof(
        check.record({ preference: check.constantFrom('on', 'off', 'none'), available: check.boolean() }),
        check.constant(null),
      ),
      { minLength: FEW, maxLength: FEW },
    );
    return check
      .record({
        serial: check.nat(),
        active: check.constantFrom(true, true, false),
        methods,
        found: check.oneof(
          { weight: 1, arbitrary: check.constant({ is_default: true, name: 'Default' }) },
          {
            weight: 4,
            arbitrary: check.record({
              is_default: check.constant(false),
              name: check.oneof(check.constantFrom('Subscriptions', 'One-time'), text),
            }),
          },
        ),
      })
      .map(({ serial, found, active, methods: had }) => {
        const live = configuration({
          id: `pmc_${serial}`,
          ...found,
          // The default always is.
          active: active || found.is_default,
        }) as unknown as Live;
        const offered = someOf(live).flatMap((name, index) => {
          const one = had[index];
          return one == null ? [] : [[name, method(one.preference, one.available)] as const];
        });
        return { ...live, ...Object.fromEntries(offered) };
      });
  },
  stated: (live) => [
    ['id', live.id],
    ['is_default', live.is_default as boolean],
    ['name', live.name as string],
    ['active', live.active as boolean],
    ...someOf(live).map((name) => [name, preferenceOf(live, name)] as const),
  ],
  others: [NEW],
  natural: { field: 'name', other: 'other one' },
  state: { isActive: ({ active }) => active === true, field: { name: 'active', active: true, retired: false } },
  edits: {
    is_default: ({ is_default: is }) => ({ is_default: !is }),
    name: otherText('name'),
    ...byMethod(otherPreference),
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    is_default: ['maybe', 'Expected true or false'],
    name: ['null', 'name'],
    active: ['maybe', 'Expected true or false'],
    ...byMethod(() => ['true', 'Did you mean on?'] as const),
  },
  omitted: { parent: 'only configurations of connected accounts have one, which are passed over' },
  skipped: [{ application: 'ca_1Platform' }, { parent: 'pmc_1Parent' }],
  row: {
    path: 'payment_method_configurations',
    noun: 'payment method configuration',
    permission: 'payment_method_configurations_read',
    label: 'Payment Method Configurations',
    active: { unsaid: 'all' },
    filters: { application: (value) => (live) => (live.application ?? '') === value },
  },
  writes: {
    update: ['active', 'name', ...ALL].join(' '),
    lasting: ['active', 'name', ...ALL].join(' '),
    create: '',
    later: 'active',
    blank: () => configuration({ id: 'pmc_new' }) as unknown as Live,
    merges: ALL.join(' '),
    flags: 'active',
    refuses: ({ before, after, params }) => refusal(before, after, params),
  },
  beside: oneDefault,
};

function refusal(before: Live | null, after: Live | null, params: Params): string | null {
  if (after === null) return 'nothing deletes a configuration';
  if (after.is_default === true && after.active === false) return 'the default can not be deactivated';
  const absent = before === null ? undefined : Object.keys(params).find((name) => ALL.includes(name) && !before[name]);
  return absent === undefined ? null : `the account can not offer ${absent}`;
}
