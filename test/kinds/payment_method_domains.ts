/** Domains on which wallets are offered. */
import type Stripe from 'stripe';
import type { Kind, Live } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Wire } from './raw.ts';

/** A domain as the API sends it. */
export type RawDomain = Wire<Stripe.PaymentMethodDomain>;

/** An enabled domain on which every wallet is active, in live mode. */
export function domain(overrides: Overrides<RawDomain> = {}): RawDomain {
  const number = next();
  return {
    id: `pmd_${serial(number)}`,
    object: 'payment_method_domain',
    amazon_pay: { status: 'active' },
    apple_pay: { status: 'active' },
    created: EPOCH + number,
    domain_name: `shop${number}.example.com`,
    enabled: true,
    google_pay: { status: 'active' },
    klarna: { status: 'active' },
    link: { status: 'active' },
    livemode: true,
    paypal: { status: 'active' },
    ...stated(overrides),
  };
}

const active = { status: 'active' };

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json).
  sample: {
    amazon_pay: active,
    apple_pay: active,
    created: 1234567890,
    domain_name: 'example.com',
    enabled: true,
    google_pay: active,
    id: 'pmd_1Pgc79B7WZ01zgkWHKCqwAQo',
    klarna: active,
    link: active,
    livemode: false,
    object: 'payment_method_domain',
    paypal: active,
  },
  kept: {
    label: 'example.com',
    fields: {
      id: 'pmd_1Pgc79B7WZ01zgkWHKCqwAQo',
      domain_name: 'example.com',
      enabled: true,
      amazon_pay: active,
      apple_pay: active,
      google_pay: active,
      klarna: active,
      link: active,
      paypal: active,
    },
  },
  any(check) {
    const status = check.oneof(
      check.constant(active),
      check.constant({ status: 'inactive', status_details: { error_message: 'The domain could not be verified.' } }),
    );
    return check
      .record({
        serial: check.nat(),
        domain_name: check.oneof(
          check.domain(),
          check.constantFrom('shop.example.com', 'Shop.Example.com', 'www.example.com', 'münchen.example', 'localhost'),
        ),
        enabled: check.constantFrom(true, true, false),
        apple_pay: status,
        link: status,
      })
      .map(({ serial, ...rest }) => domain({ id: `pmd_${serial}`, ...rest }) as unknown as Live);
  },
  stated(live, dice) {
    const name = String(live.domain_name);
    return [
      ['id', live.id],
      ['domain_name', dice.pick([name, name, name.toUpperCase(), `https://${name}`, `HTTP://${name}/`])],
      ['enabled', live.enabled as boolean],
    ];
  },
  natural: { field: 'domain_name', other: 'other.example.com' },
  state: { isActive: ({ enabled }) => enabled === true, field: { name: 'enabled', active: true, retired: false } },
  edits: {
    domain_name: ({ domain_name: name }) => ({
      domain_name: name === 'pay.example.com' ? 'buy.example.com' : 'pay.example.com',
    }),
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    domain_name: ['https://shop.example.com/cart', 'Expected a domain'],
    enabled: ['maybe', 'Expected true or false'],
  },
  row: {
    path: 'payment_method_domains',
    noun: 'payment method domain',
    permission: 'payment_method_domain_read',
    label: 'Payment Method Domains',
    filters: {
      domain_name: (value) => (live) => String(live.domain_name).toLowerCase() === value,
      enabled: (value) => (live) => String(live.enabled) === value,
    },
  },
  writes: {
    update: 'enabled',
    lasting: 'enabled',
    create: 'domain_name',
    blank: () => domain({ id: 'pmd_new' }) as unknown as Live,
    flags: 'enabled',
  },
};
