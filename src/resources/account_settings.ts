import type Stripe from 'stripe';
import { isRecord } from '../model.ts';
import { bare, firstInSentence } from '../text.ts';
import { map, set } from '../vocabulary/collections.ts';
import { currency } from '../vocabulary/money.ts';
import { reference } from '../vocabulary/reference.ts';
import { always, flag, ofMode, text, url, word } from '../vocabulary/scalars.ts';
import { part } from '../vocabulary/shape.ts';
import type { Member, Shape, Type } from '../vocabulary/type.ts';
import { descriptor } from './descriptor.ts';
import type { Resource } from './resource.ts';

/** A group of settings. Stripe leaves out what an account does not have, and what is not set. */
const group = (members: Shape): Type => part(members, { sparse: true });

/** A text that customers see on their statements, and the two other scripts of Japan in which it may be set. */
function descriptors(name: string, limit: number, description: string): Shape {
  const member = (type: Type, script: string): Member => ({ type, description: `${description}${script}.` });
  return {
    [name]: member(descriptor(limit), ''),
    [`${name}_kana`]: member(text(limit), ', in kana'),
    [`${name}_kanji`]: member(text(limit), ', in kanji'),
  };
}

/** An image of the account. */
function image(name: string): Member {
  const description = `The id of the ${name}, \`file_…\`. Files have other ids in the other mode, so an export leaves it out.`;
  return { type: ofMode(text()), description };
}

/**
 * The account's own settings (docs.stripe.com/api/accounts/object). Most of the answer is about persons, banks, addresses and
 * taxes: it is dropped as it arrives, since nothing but these fields is ever kept.
 */
export const accountSettings: Resource<Stripe.Account> = {
  section: 'account_settings',
  kind: 'account settings',
  formerly: ['settings', 'account_setting'],
  shape: 'single',
  description:
    'The settings of the account itself. The section has no entries: its fields are directly in it. Only the fields that you state are compared.',
  example: `business_profile: { name: Example, support_url: https://example.com/help }
settings:
  payments: { statement_descriptor: EXAMPLE.COM }
  card_payments: { decline_on: { cvc_failure: true } }`,
  fields: {
    business_profile: {
      type: group({
        name: { type: text(), description: 'The name that customers see.' },
        url: { type: url(), description: 'The public website.' },
        support_email: { type: text(), description: 'The public e-mail address for support.' },
        support_phone: { type: text(), description: 'The public phone number for support.' },
        support_url: { type: url(), description: 'The public page for support.' },
        mcc: { type: text(4), description: 'The merchant category code: four digits, in quotes.' },
        specified_commercial_transactions_act_url: {
          type: url(),
          description: "The page that Japan's Act on Specified Commercial Transactions requires.",
        },
      }),
      description: 'The business as customers see it. Only the fields that you state are compared.',
      read: (live) => live.business_profile ?? null,
    },
    business_type: {
      type: word(['company', 'government_entity', 'individual', 'non_profit']),
      description: 'The legal form of the business.',
      read: (live) => live.business_type ?? null,
    },
    country: {
      type: text(),
      description: 'The country of the account, as a two-letter code such as `US`. Stripe never changes it.',
      read: (live) => live.country ?? null,
      given: "open another account, since the country of one can't be changed",
    },
    default_currency: {
      type: currency,
      description: 'The default currency, as a three-letter code in lower case.',
      read: (live) => live.default_currency ?? null,
    },
    settings: {
      type: group({
        bacs_debit_payments: {
          type: group({ display_name: { type: text(), description: "The name on customers' mandates." } }),
          description: 'Bacs Direct Debit.',
        },
        branding: {
          type: group({
            icon: image('icon'),
            logo: image('logo'),
            primary_color: { type: text(), description: 'The primary color, in quotes, such as `"#663399"`.' },
            secondary_color: { type: text(), description: 'The secondary color, in quotes, such as `"#4BB543"`.' },
          }),
          description: 'The look of Checkout, invoices and receipts.',
        },
        card_payments: {
          type: group({
            decline_on: {
              type: group({
                avs_failure: { type: flag, description: 'Whether charges with a wrong postal code are declined.' },
                cvc_failure: { type: flag, description: 'Whether charges with a wrong CVC are declined.' },
              }),
              description: 'Charges to decline although the bank accepts them.',
            },
            ...descriptors(
              'statement_descriptor_prefix',
              10,
              'The prefix of the statement descriptor of card charges, at most 10 characters',
            ),
          }),
          description: 'Card payments.',
        },
        dashboard: {
          type: group({
            display_name: { type: text(), description: 'The name of the account in the Dashboard.' },
            timezone: { type: text(), description: 'The time zone of the Dashboard, such as `Etc/UTC`.' },
          }),
          description: 'The Dashboard.',
        },
        invoices: {
          type: group({
            default_account_tax_ids: {
              type: set(always(reference('account_tax_ids', 'txi_'))),
              description:
                'The tax ids that invoices show by default, in any order: names of entries in `account_tax_ids`, or ids (`txi_…`).',
            },
            hosted_payment_method_save: {
              type: word(['always', 'never', 'offer']),
              description: 'Whether the hosted invoice page saves the payment method.',
            },
          }),
          description: 'Invoices.',
        },
        payments: {
          type: group(
            descriptors('statement_descriptor', 22, "The text on customers' statements, at most 22 characters"),
          ),
          description: 'Payments of all kinds.',
        },
        sepa_debit_payments: {
          type: group({
            creditor_id: { type: text(), description: "The creditor identifier on customers' mandates." },
          }),
          description: 'SEPA Direct Debit.',
        },
      }),
      description: 'Settings by area. Only the fields that you state are compared.',
      read: (live) => live.settings ?? null,
    },
    capabilities: {
      type: map(text()),
      description: 'The status of each capability.',
      read: (live) => live.capabilities ?? null,
      observed: true,
    },
  },
  id: null,
  identities: [],
  state: null,
  permission: { slug: 'rak_accounts_kyc_basic_read', label: 'Basic Business Contact Information' },
  source: { path: '/v1/account', list: 'single', inForce: {} },
  unusual: true,
  lookUp: {},
  label: ({ business_profile: profile, settings, id }) => profile?.name ?? settings?.dashboard?.display_name ?? id,
  naming: () => ({ names: [], marks: [] }),
  likeness: () => null,
  dashboard: 'settings/account',
  command: null,
  replacing: 'to which nothing of this one moves',
  replacingRisk: 'Customers, prices and payments stay in the old account.',
  healthRules: {
    'capability-not-active': {
      severity: 'notice',
      finds: 'capabilities of the account that are not active: payments that need them fail',
    },
  },
  health({ fields: { capabilities } }) {
    const waiting = Object.entries(isRecord(capabilities) ? capabilities : {}).filter(
      ([, status]) => status !== 'active',
    );
    if (waiting.length === 0) return [];
    const [are, them] = waiting.length === 1 ? ['is', 'it'] : ['are', 'them'];
    // The names are Stripe's own words, and tell nothing of the account that the count does not.
    const names = firstInSentence(waiting.map(([name]) => bare(name)));
    const message = `${waiting.length} of its capabilities ${are} not active (${names}), so payments that need ${them} fail.`;
    const remedy =
      'Open the account settings in the Dashboard, which list the payment methods and what Stripe still needs for each. If no payment needs them, there is nothing to do.';
    return [{ rule: 'capability-not-active', field: null, message, remedy }];
  },
};
