import type Stripe from 'stripe';
import type { Fields, Symptom } from '../model.ts';
import { quote } from '../text.ts';
import { always, flag, literal, text, textFromStripe } from '../vocabulary/scalars.ts';
import { part } from '../vocabulary/shape.ts';
import { memberOf, type Type } from '../vocabulary/type.ts';
import { type Field, type Resource, textOf } from './resource.ts';

type Domain = Stripe.PaymentMethodDomain;

/** The names under which an answer has a wallet. */
type Wallet = { [Name in keyof Domain]: Domain[Name] extends { status: unknown } ? Name : never }[keyof Domain];

/** What people call each wallet. One that the SDK's types gain is a mistake here. */
const WALLETS: Readonly<Record<Wallet, string>> = {
  amazon_pay: 'Amazon Pay',
  apple_pay: 'Apple Pay',
  google_pay: 'Google Pay',
  klarna: 'Klarna',
  link: 'Link',
  paypal: 'PayPal',
};

const plain = literal(text());

/** The domain itself: people copy it from the address of a page. */
function bareDomain(address: string): string {
  return address
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '');
}

const domain: Type = always({
  ...plain,
  schema: {
    ...plain.schema,
    pattern: '^(?:[Hh][Tt][Tt][Pp][Ss]?://)?[^\\s/:?#@*]+/?$',
    patternErrorMessage:
      'Expected a domain, such as shop.example.com, without port and path. Each subdomain is one of its own.',
  },
  expected(node, context) {
    const value = plain.expected(node, context);
    return typeof value === 'string' ? bareDomain(value) : value;
  },
  actual(raw) {
    const value = textFromStripe(raw);
    return value === null ? null : bareDomain(value);
  },
  folded: bareDomain,
});

/** Whether a wallet works on the domain, and if not, why. */
function wallet(name: string): Field<Domain> {
  return {
    type: part({
      status: { type: text(), description: '`active` or `inactive`.' },
      status_details: {
        type: part({ error_message: { type: text(), description: 'Why it is inactive.' } }),
        description: 'The reason.',
      },
    }),
    description: 'Whether the wallet works on the domain.',
    read: (live) => memberOf(live, name),
    observed: true,
  };
}

/** Payment method domains (docs.stripe.com/api/payment_method_domains). */
export const paymentMethodDomains: Resource<Domain> = {
  section: 'payment_method_domains',
  kind: 'payment method domain',
  formerly: ['payment_method_domain', 'domains', 'domain', 'apple_pay_domains', 'apple_pay_domain', 'wallet_domains'],
  instead: {
    active: 'Write enabled: true, or enabled: false',
    status: 'Write enabled: true, or enabled: false',
    disabled: 'Write enabled: true, or enabled: false',
    archived: 'Write enabled: false',
    ...Object.fromEntries(Object.keys(WALLETS).map((name) => [name, 'Remove it: Stripe decides whether it is active'])),
  },
  description:
    'A domain on which wallets such as Apple Pay and Link are offered. Live mode and test mode each have their own. Found by `id`, else by `domain_name`. Stripe never deletes one: it is disabled.',
  example: `shop:
  domain_name: shop.example.com`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The domain's id, `pmd_…`. Finds the domain.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    domain_name: {
      formerly: ['domain', 'host', 'hostname', 'name', 'url'],
      type: domain,
      description:
        "The domain. Capitals and the scheme make no difference. Finds the domain if the entry has no `id`. Can't be changed after creation.",
      read: (live) => live.domain_name,
      fixed: true,
    },
    enabled: {
      type: always(flag),
      description: 'Whether wallets are offered on it. If left out, `true` is expected.',
      default: true,
      read: (live) => live.enabled,
    },
    ...Object.fromEntries(Object.keys(WALLETS).map((name) => [name, wallet(name)])),
  },
  id: 'stripe',
  prefix: 'pmd_',
  identities: [{ by: 'domain_name', portable: true }],
  state: {
    inForce: ({ enabled }) => enabled === true,
    field: { name: 'enabled', expected: true },
    retire: { kind: 'update', parameters: { enabled: 'false' } },
    restore: { kind: 'update', parameters: { enabled: 'true' } },
    words: {
      retire: 'disable',
      retired: 'disabled',
      active: 'enabled',
      meaning: 'Wallets are no longer offered on it.',
    },
  },
  unusual: true,
  permission: { slug: 'rak_payment_method_domain_read', label: 'Payment Method Domains' },
  source: {
    path: '/v1/payment_method_domains',
    list: 'v1',
    inForce: { enabled: 'true' },
    retired: { enabled: 'false' },
  },
  lookUp: { id: { query: 'path', batch: 1 }, domain_name: { query: 'domain_name', batch: 1 } },
  label: (live) => live.domain_name,
  naming: ({ domain_name: name }) => ({ keys: [], names: [textOf(name)], marks: [] }),
  likeness: ({ domain_name: name }) => textOf(name),
  dashboard: 'settings/payment_method_domains',
  hasNoPage: true,
  command: {
    words: ['payment_method_domains'],
    creation: ({ domain_name: name }) => (name == null ? 'domain_name' : {}),
    replacement: () => ({}),
  },
  replacing: 'see that wallets are active on it, and disable the old one',
  replacingRisk: 'Wallets are no longer offered on the old payment method domain once it is disabled.',
  handover: 'see in the Dashboard that wallets are active on the new one',
  healthRules: {
    'domain-wallet-inactive': {
      severity: 'warning',
      finds: 'a payment method domain on which a wallet is inactive: customers there are not offered it',
    },
  },
  health: ({ fields, inForce }) => (inForce ? inactive(fields) : []),
};

/** The wallets that are inactive, with what Stripe says of it. */
function inactive(fields: Fields): Symptom[] {
  const found = Object.entries(WALLETS).filter(([name]) => memberOf(fields[name], 'status') === 'inactive');
  const [first, ...others] = found.map(([, label]) => label);
  if (first === undefined) return [];
  const last = others.pop();
  const names = last === undefined ? `${first} is` : `${[first, ...others].join(', ')} and ${last} are`;
  const reasons = found.flatMap(([name]) => reasonOf(fields[name]) ?? []);
  const why = reasons.length === 0 ? '' : ` Stripe says: ${[...new Set(reasons)].join(' ')}`;
  return [
    {
      rule: 'domain-wallet-inactive',
      field: null,
      message: `${names} inactive on it: customers there are not offered ${last === undefined ? 'it' : 'them'}.${why}`,
      remedy:
        "Do what Stripe says, then have it look again: run `stripe payment_method_domains validate` with the domain's id. If you do not want the wallet, set `policy.health.domain-wallet-inactive` to `ignore`.",
    },
  ];
}

/** Why a wallet is inactive, in Stripe's words. */
function reasonOf(wallet: unknown): string | null {
  const said = memberOf(memberOf(wallet, 'status_details'), 'error_message');
  return typeof said === 'string' ? quote(said.replace(/\s+/g, ' ').trim()) : null;
}
