import type Stripe from 'stripe';
import { bare } from '../text.ts';
import { always, flag, float, literal, openWord, scalar, text } from '../vocabulary/scalars.ts';
import type { Type } from '../vocabulary/type.ts';
import { metadata, metadataDescription } from './metadata.ts';
import { country, subdivision } from './places.ts';
import { archivable, metadataTraces, pairTraces, type Resource, textOf } from './resource.ts';

/** None of it, all of it, or a part. */
const percentage: Type = {
  ...float,
  schema: { ...float.schema, maximum: 100 },
  expected(node, context) {
    const value = float.expected(node, context);
    if (Number(value) > 100) context.complain(node.at, `is ${bare(scalar(node).text)}. Expected at most 100`);
    return value;
  },
};

/** The SDK's words (`TaxRate.TaxType`), which become more over time. */
const TAX_TYPES = [
  ...['admissions_tax', 'amusement_tax', 'attendance_tax', 'communications_tax', 'digital_excise_tax'],
  ...['entertainment_tax', 'get_fund', 'gross_receipts_tax', 'gst', 'hospitality_tax', 'hst', 'igst', 'jct'],
  ...['lease_tax', 'luxury_tax', 'mass_transit_parking_tax', 'nhil', 'parking_tax', 'pst', 'qst', 'resort_tax'],
  ...['retail_delivery_fee', 'rst', 'sales_tax', 'service_tax', 'tourism_tax', 'utility_users_tax', 'vat'],
];

/** What tells tax rates of one name apart. */
const BESIDES_NAME = ['country', 'state', 'jurisdiction', 'percentage', 'inclusive'];

/** Tax rates (docs.stripe.com/api/tax_rates). */
export const taxRates: Resource<Stripe.TaxRate> = {
  section: 'tax_rates',
  kind: 'tax rate',
  formerly: ['tax_rate', 'tax', 'taxes', 'vat'],
  instead: {
    status: 'Write active: true, or active: false',
    enabled: 'Write active: true, or active: false',
    archived: 'Write active: false',
    exclusive: 'Write inclusive: false, or inclusive: true',
    tax_behavior: 'Write inclusive: true, or inclusive: false',
    rate_type: 'Remove it: only tax rates that Stripe makes have it',
    effective_percentage: 'Remove it: Stripe computes it',
  },
  description:
    'A tax rate that you apply yourself, to invoices, subscriptions and Checkout Sessions. Found by `id`, else by `display_name`, together with `country`, `state`, `jurisdiction`, `percentage` and `inclusive`, as far as the entry states them. Tax rates that Stripe Tax makes are passed over.',
  example: `vat_de:
  display_name: MwSt.
  percentage: 19
  inclusive: true
  country: DE
  tax_type: vat`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The tax rate's id, `txr_…`. Finds the tax rate.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    display_name: {
      formerly: ['name', 'label', 'title'],
      type: always(text(50)),
      description:
        'The name that customers see on invoices and receipts, at most 50 characters. Finds the tax rate if the entry has no `id`.',
      read: (live) => live.display_name,
      risk: 'Customers see the new name on their next invoice.',
    },
    active: {
      type: always(flag),
      description:
        'Whether it can be used for new subscriptions, invoices and Checkout Sessions. If left out, `true` is expected.',
      default: true,
      read: (live) => live.active,
    },
    percentage: {
      formerly: ['rate', 'percent', 'value'],
      type: always(percentage),
      description:
        "The tax in percent, from 0 to 100, with decimals if needed: `8.875`. Can't be changed after creation.",
      read: (live) => live.percentage,
      fixed: true,
    },
    inclusive: {
      formerly: ['included', 'tax_inclusive'],
      type: always(flag),
      description:
        "`true`: prices include the tax; `false`: the tax is added to them. Can't be changed after creation.",
      read: (live) => live.inclusive,
      fixed: true,
    },
    country: {
      formerly: ['country_code'],
      type: country,
      description: 'Two-letter ISO code in capitals, such as `DE`.',
      read: (live) => live.country,
      lasting: true,
    },
    state: {
      formerly: ['region', 'province', 'subdivision'],
      type: subdivision,
      description: 'The ISO code of a state, province or region, without the country: `NY`, not `US-NY`.',
      read: (live) => live.state,
      lasting: true,
    },
    jurisdiction: {
      type: text(50),
      description:
        'Your own label for who levies the tax, for tax reports. Customers see it on invoices. At most 50 characters.',
      read: (live) => live.jurisdiction,
      lasting: true,
    },
    tax_type: {
      formerly: ['type'],
      type: openWord(TAX_TYPES, 'tax type', { nullable: true, typos: true }),
      description:
        'The kind of tax, such as `vat`, `gst` or `sales_tax`. An unknown word is a warning, or an error if it is only a letter or two from a known one.',
      read: (live) => live.tax_type,
      lasting: true,
    },
    description: {
      type: text(5000),
      description: 'A note for yourself that customers do not see, at most 5,000 characters.',
      read: (live) => live.description,
      lasting: true,
      own: true,
    },
    metadata: { type: metadata, description: metadataDescription, own: true, read: (live) => live.metadata },
  },
  id: 'stripe',
  prefix: 'txr_',
  inCode: { prefix: 'txr_1', lengths: [23] },
  identities: [{ by: 'display_name', also: BESIDES_NAME, portable: true }],
  state: archivable('New subscriptions, invoices and Checkout Sessions can no longer use it; existing ones keep it.'),
  permission: { slug: 'rak_tax_rate_read', label: 'Tax Rates' },
  source: {
    path: '/v1/tax_rates',
    list: 'v1',
    inForce: { active: 'true' },
    retired: { active: 'false' },
    created: true,
  },
  // Stripe Tax makes one for each place where it computed a tax (docs: `jurisdiction_level` is null for those made by hand).
  skip: ({ rate_type: type, jurisdiction_level: level }) =>
    type == null && level == null ? null : 'was made by Stripe Tax',
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.display_name,
  naming({ display_name: name, country, state, jurisdiction, percentage: percent, inclusive }, { key }) {
    const place = [textOf(country), textOf(state)].filter((one) => one !== null).join(' ') || textOf(jurisdiction);
    return {
      keys: [key],
      names: [[textOf(name), place].filter((one) => one !== null).join(' ')],
      marks: [textOf(percent), inclusive === true ? 'inclusive' : 'exclusive', textOf(jurisdiction)],
    };
  },
  likeness: (fields) => JSON.stringify(['display_name', ...BESIDES_NAME].map((name) => fields[name] ?? null)),
  traces: (fields, all) => [
    ...metadataTraces(fields),
    ...pairTraces(all, ['display_name', 'jurisdiction', 'country', 'state']),
  ],
  dashboard: 'tax-rates',
  command: {
    words: ['tax_rates'],
    creation: (fields) => ['display_name', 'percentage', 'inclusive'].find((name) => fields[name] == null) ?? {},
    replacement: () => ({}),
  },
  replacing: 'use it wherever the old one is used, and archive the old one',
  replacingRisk: 'Subscriptions and invoices keep the old tax rate until you change them.',
  outside: { places: 'code', fails: 'new subscriptions, invoices and checkouts that name it fail' },
};
