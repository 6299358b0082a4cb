/** The settings of Stripe Tax: one object, without an id. */
import type { Kind } from './kind.ts';
import { inOneLayer, textOrNull, values } from './values.ts';

interface Defaults {
  readonly tax_behavior: string | null;
  readonly tax_code: string | null;
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json). Stripe's own has no id: the section stands for it.
  sample: {
    id: 'tax_settings',
    object: 'tax.settings',
    defaults: { tax_behavior: null, tax_code: 'txcd_10000000', provider: 'stripe' },
    head_office: {
      address: { city: null, country: 'US', line1: '7 Hidden Lane', line2: null, postal_code: null, state: 'CA' },
    },
    livemode: false,
    status: 'active',
    status_details: { active: {} },
  },
  kept: {
    label: 'tax settings',
    fields: {
      defaults: { tax_behavior: null, tax_code: 'txcd_10000000' },
      status: 'active',
      status_details: { pending: { missing_fields: null } },
    },
  },
  any(check) {
    const { text } = values(check);
    return check
      .record({
        tax_behavior: check.constantFrom(null, 'exclusive', 'inclusive', 'inferred_by_currency', 'made_up'),
        tax_code: check.option(check.oneof(check.constant('txcd_10103001'), text)),
        missing: check.constantFrom(null, [], ['head_office'], ['head_office', 'defaults.tax_code']),
      })
      .map(({ tax_behavior, tax_code, missing }) => ({
        id: 'tax_settings',
        object: 'tax.settings',
        defaults: { provider: 'stripe', tax_behavior, tax_code },
        head_office: null,
        livemode: true,
        status: missing === null ? 'active' : 'pending',
        status_details: missing === null ? { active: {} } : { pending: { missing_fields: missing } },
      }));
  },
  stated({ defaults }) {
    const { tax_behavior: behavior, tax_code: code } = defaults as Defaults;
    return [
      [
        'defaults',
        inOneLayer([
          ['tax_behavior', textOrNull(behavior)],
          ['tax_code', textOrNull(code)],
        ]),
      ],
    ];
  },
  natural: null,
  state: null,
  edits: {
    defaults: ({ defaults }) => {
      const { tax_behavior: behavior } = defaults as Defaults;
      return {
        defaults: { ...(defaults as object), tax_behavior: behavior === 'inclusive' ? 'exclusive' : 'inclusive' },
      };
    },
  },
  charge: null,
  refused: { defaults: ['{ tax_behavior: inclusiv }', 'Did you mean inclusive?'] },
  omitted: { head_office: "may be a person's address" },
  row: {
    path: 'tax/settings',
    single: true,
    noun: 'tax settings',
    permission: 'tax_settings_read',
    label: 'Tax settings',
    render: ({ id: _, ...live }) => live,
  },
  writes: {
    update: 'defaults',
    lasting: 'defaults',
    create: '',
    blank: () => kind.sample,
    merges: 'defaults',
  },
};
