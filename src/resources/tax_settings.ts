import type Stripe from 'stripe';
import { isRecord } from '../model.ts';
import { bare } from '../text.ts';
import { set } from '../vocabulary/collections.ts';
import { always, openWord, text } from '../vocabulary/scalars.ts';
import { part } from '../vocabulary/shape.ts';
import type { Resource } from './resource.ts';

/**
 * The settings of Stripe Tax (docs.stripe.com/api/tax/settings). The head office is not among them: it may be somebody's home,
 * and is dropped as it arrives.
 */
export const taxSettings: Resource<Stripe.Tax.Settings> = {
  section: 'tax_settings',
  kind: 'tax settings',
  formerly: ['tax_setting', 'stripe_tax'],
  instead: {
    head_office: 'Remove it: it is not read, since it may be the address of a person',
    status: 'Remove it: Stripe derives it, and reports say when it is pending',
    provider: 'Write defaults; who computes taxes is set in the Dashboard',
    tax_behavior: 'Write defaults: { tax_behavior: exclusive }',
    tax_code: 'Write defaults: { tax_code: txcd_10103001 }',
  },
  shape: 'single',
  description:
    'The settings of Stripe Tax. The section has no entries: its fields are directly in it. Only the fields that you state are compared. The head office is never read.',
  example: 'defaults: { tax_behavior: exclusive, tax_code: txcd_10103001 }',
  fields: {
    defaults: {
      formerly: ['default'],
      type: always(
        part({
          tax_behavior: {
            formerly: ['behavior'],
            type: openWord(['exclusive', 'inclusive', 'inferred_by_currency'], 'tax behavior', {
              typos: true,
              nullable: true,
            }),
            description:
              "Whether prices without a `tax_behavior` of their own include taxes: `inclusive`, `exclusive`, or `inferred_by_currency` (exclusive for usd and cad, else inclusive). It can't be unset once it is set.",
          },
          tax_code: {
            formerly: ['tax_category'],
            type: text(),
            description: "The tax code of products that have none, `txcd_…`. It can't be unset once it is set.",
          },
        }),
      ),
      description:
        'What counts for prices and products that do not say it themselves. Only the names that you list are compared.',
      read: (live) => live.defaults,
      risk: 'From then on, taxes are computed in another way for prices and products that do not say it themselves.',
      lasting: true,
    },
    status: {
      type: text(),
      description: 'Whether Stripe has what it needs to compute taxes.',
      read: (live) => live.status,
      observed: true,
    },
    status_details: {
      type: part(
        {
          pending: {
            type: part(
              { missing_fields: { type: set(always(text())), description: 'What is missing.' } },
              { sparse: true },
            ),
            description: 'While it is pending.',
          },
        },
        { sparse: true },
      ),
      description: 'What Stripe still needs to compute taxes.',
      read: (live) => live.status_details,
      observed: true,
    },
  },
  id: null,
  identities: [],
  state: null,
  permission: { slug: 'rak_tax_settings_read', label: 'Tax settings' },
  source: { path: '/v1/tax/settings', list: 'single', inForce: {} },
  unusual: true,
  unready:
    'If this account has never used Stripe Tax, open the tax settings in the Dashboard once, or remove tax_settings from the file.',
  lookUp: {},
  label: () => 'tax settings',
  naming: () => ({ names: [], marks: [] }),
  likeness: () => null,
  dashboard: 'settings/tax',
  command: { words: ['tax', 'settings'], creation: () => null },
  replacing: 'to which nothing of this one moves',
  replacingRisk: 'Taxes are computed in another way.',
  healthRules: {
    'tax-settings-pending': {
      severity: 'warning',
      finds: 'tax settings that lack something which Stripe needs to compute taxes',
    },
  },
  health({ fields: { status, status_details: details } }) {
    if (status !== 'pending') return [];
    const pending = isRecord(details) && isRecord(details.pending) ? details.pending.missing_fields : null;
    const missing = Array.isArray(pending) ? pending.map((name) => bare(String(name))) : [];
    const what = missing.length === 0 ? 'Stripe still needs something' : `Stripe still needs ${missing.join(', ')}`;
    const message = `${what} to compute taxes: until then it computes none, and checkouts and invoices with automatic tax fail.`;
    const remedy = 'Open the tax settings in the Dashboard, and fill in what is missing.';
    return [{ rule: 'tax-settings-pending', field: null, message, remedy }];
  },
};
