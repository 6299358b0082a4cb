/** The account's own settings: one object, most of which must never be kept. */
import { type Dice, Names, type Tree } from '../tree.ts';
import type { Kind, Refer } from './kind.ts';
import { inOneLayer, textOrNull, values } from './values.ts';

const TEXTS = {
  business_profile: ['name', 'support_email', 'support_phone', 'mcc'],
  urls: ['url', 'support_url', 'specified_commercial_transactions_act_url'],
  settings: {
    bacs_debit_payments: ['display_name'],
    branding: ['icon', 'logo', 'primary_color', 'secondary_color'],
    dashboard: ['display_name', 'timezone'],
    payments: ['statement_descriptor', 'statement_descriptor_kana', 'statement_descriptor_kanji'],
    sepa_debit_payments: ['creditor_id'],
  },
} as const;

type Group = Readonly<Record<string, unknown>>;

/** Names with what is live under them; what an account lacks may be stated as null, or not at all. */
function groupTree(
  live: unknown,
  names: readonly string[],
  tree: (value: unknown) => Tree = textOrNull,
): [string, Tree][] {
  const group = (live ?? {}) as Group;
  return names.map((name) => [name, tree(group[name])]);
}

function settingsTree(live: unknown, dice: Dice, refer: Refer): Names {
  const settings = (live ?? {}) as Group;
  const cards = (settings.card_payments ?? {}) as Group;
  const invoices = (settings.invoices ?? {}) as Group;
  const taxIds = (invoices.default_account_tax_ids ?? []) as string[];
  const flag = (value: unknown): Tree => (value ?? null) as boolean | null;
  const prefix = ['', '_kana', '_kanji'].map((script) => `statement_descriptor_prefix${script}`);
  return inOneLayer([
    ...Object.entries(TEXTS.settings).map(([name, members]): [string, Tree] => [
      name,
      new Names(groupTree(settings[name], members)),
    ]),
    [
      'card_payments',
      new Names([
        ['decline_on', new Names(groupTree(cards.decline_on, ['avs_failure', 'cvc_failure'], flag))],
        ...groupTree(cards, prefix),
      ]),
    ],
    [
      'invoices',
      new Names([
        ['default_account_tax_ids', dice.shuffled(taxIds.map((id) => refer('account_tax_ids', 'txi_', id)))],
        ['hosted_payment_method_save', textOrNull(invoices.hosted_payment_method_save)],
      ]),
    ],
  ]);
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), with what it leaves out of persons, banks and taxes.
  sample: {
    id: 'acct_1Pgc6yB7WZ01zgkW',
    object: 'account',
    business_profile: {
      annual_revenue: { amount: 1_000_000, currency: 'usd', fiscal_year_end: '2025-12-31' },
      estimated_worker_count: 7,
      mcc: '5734',
      minority_owned_business_designation: ['none_of_these_apply'],
      name: 'Example',
      product_description: 'Secret plans of Wilhelmina',
      support_address: { city: 'Springfield', line1: '7 Hidden Lane', postal_code: '12345' },
      support_email: 'support@example.com',
      support_phone: null,
      support_url: null,
      url: 'https://example.com',
    },
    business_type: 'individual',
    capabilities: { card_payments: 'active', transfers: 'pending' },
    charges_enabled: true,
    company: { name: 'Hidden Holdings', tax_id: '00-0000000', address: { line1: '7 Hidden Lane' } },
    controller: { type: 'account' },
    country: 'US',
    created: 1234567890,
    default_currency: 'usd',
    details_submitted: true,
    email: 'owner@example.com',
    external_accounts: {
      object: 'list',
      data: [{ id: 'ba_1Hidden', object: 'bank_account', bank_name: 'STRIPE TEST BANK', last4: '6789' }],
    },
    future_requirements: { currently_due: ['individual.id_number'] },
    individual: { id: 'person_1Hidden', first_name: 'Wilhelmina', dob: { year: 1977 }, ssn_last_4_provided: true },
    metadata: { note: 'call Wilhelmina' },
    payouts_enabled: true,
    requirements: { currently_due: ['person_1Hidden.verification.document'], disabled_reason: null },
    settings: {
      bacs_debit_payments: { display_name: null, service_user_number: '000001' },
      branding: { icon: null, logo: 'file_1Logo', primary_color: '#663399', secondary_color: null },
      card_issuing: { tos_acceptance: { date: 1234567890, ip: '203.0.113.7', user_agent: 'Hidden' } },
      card_payments: {
        decline_on: { avs_failure: true, cvc_failure: false },
        statement_descriptor_prefix: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      dashboard: { display_name: 'Example', timezone: 'Etc/UTC' },
      invoices: { default_account_tax_ids: ['txi_2', 'txi_1'], hosted_payment_method_save: 'offer' },
      payments: {
        statement_descriptor: 'EXAMPLE.COM',
        statement_descriptor_kana: null,
        statement_descriptor_kanji: null,
      },
      payouts: { debit_negative_balances: true, schedule: { delay_days: 7, interval: 'daily' } },
      paypay_payments: { site: { name: 'Hidden site' } },
      sepa_debit_payments: {},
      treasury: { tos_acceptance: { date: 1234567890, ip: '203.0.113.7' } },
    },
    tos_acceptance: { date: 1234567890, ip: '203.0.113.7', user_agent: 'Hidden' },
    type: 'standard',
  },
  kept: {
    label: 'Example',
    fields: {
      business_profile: {
        name: 'Example',
        url: 'https://example.com',
        support_email: 'support@example.com',
        support_phone: null,
        support_url: null,
        mcc: '5734',
        specified_commercial_transactions_act_url: null,
      },
      business_type: 'individual',
      country: 'US',
      default_currency: 'usd',
      settings: {
        bacs_debit_payments: { display_name: null },
        branding: { icon: null, logo: 'file_1Logo', primary_color: '#663399', secondary_color: null },
        card_payments: {
          decline_on: { avs_failure: true, cvc_failure: false },
          statement_descriptor_prefix: null,
          statement_descriptor_prefix_kana: null,
          statement_descriptor_prefix_kanji: null,
        },
        dashboard: { display_name: 'Example', timezone: 'Etc/UTC' },
        invoices: { default_account_tax_ids: ['txi_1', 'txi_2'], hosted_payment_method_save: 'offer' },
        payments: {
          statement_descriptor: 'EXAMPLE.COM',
          statement_descriptor_kana: null,
          statement_descriptor_kanji: null,
        },
        sepa_debit_payments: { creditor_id: null },
      },
      capabilities: { card_payments: 'active', transfers: 'pending' },
    },
  },
  any(check) {
    const { text, address } = values(check);
    // A name that is not there, one that is null, and one that is set: Stripe has all three.
    const some = (of: typeof text) => check.oneof(of, of, check.constantFrom(null, undefined)) as typeof text;
    const group = (names: readonly string[], of: typeof text) =>
      check.record(Object.fromEntries(names.map((name) => [name, some(of)])));
    const maybe = <T>(of: ReturnType<typeof check.constant<T>>) => check.oneof(of, of, check.constant(undefined));
    const flags = check.record({ avs_failure: check.boolean(), cvc_failure: check.boolean() });
    return check
      .record({
        profile: group(TEXTS.business_profile, text),
        urls: group(TEXTS.urls, address),
        business_type: check.constantFrom('company', 'individual', null),
        country: check.constantFrom('US', 'DE', 'JP'),
        default_currency: check.constantFrom('usd', 'eur', 'jpy'),
        texts: check.record(
          Object.fromEntries(
            Object.entries(TEXTS.settings).map(([name, members]) => [name, maybe(group(members, text))]),
          ),
        ),
        card_payments: maybe(check.record({ decline_on: maybe(flags), statement_descriptor_prefix: some(text) })),
        invoices: maybe(
          check.record({
            default_account_tax_ids: check.option(
              check.uniqueArray(
                check.nat().map((serial) => `txi_${serial}`),
                { maxLength: 3 },
              ),
            ),
            hosted_payment_method_save: check.constantFrom('always', 'never', 'offer', null),
          }),
        ),
      })
      .map(({ profile, urls, texts, card_payments, invoices, ...rest }) => ({
        ...rest,
        id: 'acct_1Abc',
        object: 'account',
        business_profile: { ...profile, ...urls },
        settings: { ...texts, card_payments, invoices },
        capabilities: { card_payments: 'active' },
      }));
  },
  stated: (live, dice, refer) => [
    ['business_profile', inOneLayer(groupTree(live.business_profile, [...TEXTS.business_profile, ...TEXTS.urls]))],
    ['business_type', live.business_type as string | null],
    ['country', live.country as string],
    ['default_currency', live.default_currency as string],
    ['settings', settingsTree(live.settings, dice, refer)],
  ],
  natural: null,
  state: null,
  edits: {
    business_profile: ({ business_profile: profile }) => ({
      business_profile: { ...(profile as object), name: (profile as Group).name === 'other' ? 'another' : 'other' },
    }),
    business_type: ({ business_type: type }) => ({ business_type: type === 'company' ? 'individual' : 'company' }),
    country: ({ country }) => ({ country: country === 'US' ? 'DE' : 'US' }),
    default_currency: () => ({ default_currency: 'sek' }),
    settings: ({ settings }) => {
      const { branding } = settings as { branding?: Group };
      return {
        settings: {
          ...(settings as object),
          branding: { ...branding, primary_color: branding?.primary_color === '#663399' ? '#4BB543' : '#663399' },
        },
      };
    },
  },
  charge: null,
  refused: {
    business_profile: ['{ names: Example }', 'names'],
    business_type: ['club', 'company'],
    country: ['[]', 'Expected'],
    default_currency: ['dollars', 'currency'],
    settings: ['{ branding: { logo: [] } }', 'Expected'],
  },
  omitted: {
    'business_profile.annual_revenue': 'about the business, and no configuration',
    'business_profile.estimated_worker_count': 'about the business, and no configuration',
    'business_profile.minority_owned_business_designation': 'about the owners',
    'business_profile.monthly_estimated_revenue': 'about the business, and no configuration',
    'business_profile.product_description': 'about the business, and no configuration',
    'business_profile.support_address': "may be a person's address",
    capabilities:
      'a request asks for one, a response says what became of it; the rule of health `capability-not-active` reads that',
    company: 'about the business and its owners, which Stripe verifies',
    controller: 'only the platform of a connected account sets it',
    email: "a person's address",
    groups: 'only the platform of a connected account sets it',
    individual: 'about persons',
    metadata: 'notes of the platform of a connected account, which may be about persons',
    'settings.card_issuing': 'who accepted terms, and from which IP address',
    'settings.payouts': 'declared in `balance_settings`, which has them in a newer form',
    'settings.paypay_payments': 'what PayPay verifies, with a user name for the website',
    'settings.treasury': 'who accepted terms, and from which IP address',
    tos_acceptance: 'who accepted terms, and from which IP address',
    type: 'only the platform of a connected account sets it',
  },
  row: {
    path: 'account',
    single: true,
    noun: 'account',
    permission: 'accounts_kyc_basic_read',
    label: 'Basic Business Contact Information',
  },
  writes: null,
};

/** What stands in the sample and must not turn up anywhere: persons, banks, addresses and taxes. */
export const hidden = [
  'Wilhelmina',
  'Hidden',
  'owner@example.com',
  'STRIPE TEST BANK',
  'ba_1',
  'person_',
  '6789',
  '00-0000000',
  '203.0.113.7',
  '12345',
  'Springfield',
  'none_of_these_apply',
  '1000000',
  'service_user_number',
  'delay_days',
] as const;
