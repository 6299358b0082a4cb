/** Tax rates. */
import type Stripe from 'stripe';
import { Digits } from '../tree.ts';
import { type Kind, type Live, tellsBy } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { metadataTree, noText, otherMetadata, otherText, storedMetadata, textOrNull, values } from './values.ts';

/** A tax rate as the API sends it. */
export type RawTaxRate = Wire<Stripe.TaxRate>;

/** An active tax rate that was made by hand, in live mode: 19 per cent, added to prices. */
export function taxRate(overrides: Overrides<RawTaxRate> = {}): RawTaxRate {
  const number = next();
  return {
    id: `txr_${serial(number)}`,
    object: 'tax_rate',
    active: true,
    country: null,
    created: EPOCH + number,
    description: null,
    display_name: `Tax ${number}`,
    effective_percentage: null,
    flat_amount: null,
    inclusive: false,
    jurisdiction: null,
    jurisdiction_level: null,
    livemode: true,
    metadata: {},
    percentage: 19,
    rate_type: null,
    state: null,
    tax_type: null,
    ...stated(overrides),
  };
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), without the amount that a percentage does not have.
  sample: {
    active: true,
    country: 'DE',
    created: 1234567890,
    description: 'VAT Germany',
    display_name: 'VAT',
    effective_percentage: null,
    flat_amount: null,
    id: 'txr_1Pgc7BB7WZ01zgkW4Iwwvf6z',
    inclusive: false,
    jurisdiction: 'DE',
    jurisdiction_level: null,
    livemode: false,
    metadata: {},
    object: 'tax_rate',
    percentage: 19,
    rate_type: null,
    state: null,
    tax_type: 'vat',
  },
  kept: {
    label: 'VAT',
    fields: {
      id: 'txr_1Pgc7BB7WZ01zgkW4Iwwvf6z',
      display_name: 'VAT',
      active: true,
      percentage: '19',
      inclusive: false,
      country: 'DE',
      state: null,
      jurisdiction: 'DE',
      tax_type: 'vat',
      description: 'VAT Germany',
      metadata: null,
    },
  },
  any(check) {
    const { text, someText, metadata } = values(check);
    return check
      .record({
        serial: check.nat(),
        active: check.constantFrom(true, true, false),
        description: someText,
        metadata,
        tax_type: check.constantFrom(null, 'vat', 'sales_tax', 'made_up_tax'),
        // Some differ in nothing that finds them.
        found: check.oneof(
          check.constant({ display_name: 'VAT' }),
          check.record({
            country: check.constantFrom(null, 'DE', 'US', 'NO'),
            display_name: check.oneof(check.constantFrom('VAT', 'Sales Tax'), text),
            inclusive: check.boolean(),
            jurisdiction: someText,
            percentage: check.constantFrom(0, 7.7, 8.875, 19, 100 / 3, 100),
            state: check.constantFrom(null, 'NY', 'CA'),
          }),
        ),
      })
      .map(({ serial, found, ...rest }) => taxRate({ id: `txr_${serial}`, ...found, ...rest }) as unknown as Live);
  },
  stated: (live) => [
    ['id', live.id],
    ['display_name', live.display_name as string],
    ['active', live.active as boolean],
    ['percentage', new Digits(String(live.percentage), 'decimal')],
    ['inclusive', live.inclusive as boolean],
    ['country', live.country as string | null],
    ['state', live.state as string | null],
    ['jurisdiction', textOrNull(live.jurisdiction)],
    ['tax_type', live.tax_type as string | null],
    ['description', textOrNull(live.description)],
    ['metadata', metadataTree(live)],
  ],
  natural: { field: 'display_name', other: 'other one' },
  state: { isActive: ({ active }) => active === true, field: { name: 'active', active: true, retired: false } },
  edits: {
    display_name: otherText('display_name'),
    percentage: ({ percentage }) => ({ percentage: percentage === 12.5 ? 13 : 12.5 }),
    inclusive: ({ inclusive }) => ({ inclusive: !inclusive }),
    country: ({ country }) => ({ country: country === 'FR' ? 'AT' : 'FR' }),
    state: ({ state }) => ({ state: state === 'TX' ? null : 'TX' }),
    jurisdiction: otherText('jurisdiction'),
    tax_type: ({ tax_type: type }) => ({ tax_type: type === 'gst' ? 'vat' : 'gst' }),
    description: otherText('description'),
    metadata: otherMetadata,
  },
  tells: (live, found) => tellsBy('display_name jurisdiction country state', live, found),
  charge: null,
  refused: {
    id: ['""', 'id'],
    display_name: ['null', 'display_name'],
    active: ['maybe', 'Expected true or false'],
    percentage: ['120', 'at most 100'],
    inclusive: ['null', 'inclusive'],
    country: ['de', 'two-letter country code'],
    state: ['[]', 'Expected'],
    jurisdiction: ['[]', 'Expected'],
    tax_type: ['sales_tx', 'Did you mean sales_tax?'],
    description: ['[]', 'Expected'],
    metadata: ['[]', 'Expected'],
  },
  skipped: [{ rate_type: 'percentage' }, { jurisdiction_level: 'state' }],
  row: {
    path: 'tax_rates',
    noun: 'tax rate',
    permission: 'tax_rate_read',
    label: 'Tax Rates',
    created: true,
    active: { unsaid: 'all' },
    filters: { inclusive: (value) => (live) => String(live.inclusive) === value },
  },
  writes: {
    update: 'active country description display_name jurisdiction metadata state tax_type',
    lasting: 'active country description display_name jurisdiction state tax_type',
    create: 'inclusive percentage',
    blank: () => taxRate({ id: 'txr_new' }) as unknown as Live,
    numbers: 'percentage',
    flags: 'active inclusive',
  },
  possible: (live) => ({
    ...live,
    description: noText(live.description),
    jurisdiction: noText(live.jurisdiction),
    metadata: storedMetadata(live.metadata),
  }),
};
