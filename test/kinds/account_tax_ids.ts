/** Tax ids of the account. */
import type Stripe from 'stripe';
import type { Kind, Live } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { choiceOf, values } from './values.ts';

/** A tax id as the API sends it, nothing expanded. */
export type RawTaxId = Wire<Omit<Stripe.TaxId, 'customer' | 'owner'>> & {
  customer: string | null;
  owner: { type: string; customer?: string; customer_account: string | null } | null;
};

/** A number for VAT in the EU that the account has, in live mode. */
export function accountTaxId(overrides: Overrides<RawTaxId> = {}): RawTaxId {
  const number = next();
  return {
    id: `txi_${serial(number)}`,
    object: 'tax_id',
    country: 'DE',
    created: EPOCH + number,
    customer: null,
    customer_account: null,
    livemode: true,
    owner: { type: 'self', customer_account: null },
    type: 'eu_vat',
    value: `DE${100_000_000 + number}`,
    verification: { status: 'verified', verified_address: '7 Hidden Lane', verified_name: 'Wilhelmina Hidden' },
    ...stated(overrides),
  };
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), of the account in place of a customer.
  sample: {
    country: 'DE',
    created: 1234567890,
    customer: null,
    customer_account: null,
    id: 'txi_1Pgc6sB7WZ01zgkWXkvC78jZ',
    livemode: false,
    object: 'tax_id',
    owner: { type: 'self', customer_account: null },
    type: 'eu_vat',
    value: 'DE123456789',
    verification: { status: 'pending', verified_address: '7 Hidden Lane', verified_name: 'Wilhelmina Hidden' },
  },
  kept: {
    label: 'eu_vat',
    fields: {
      id: 'txi_1Pgc6sB7WZ01zgkWXkvC78jZ',
      type: 'eu_vat',
      value: 'DE123456789',
      verification: { status: 'pending' },
    },
  },
  any(check) {
    const { text } = values(check);
    return check
      .record({
        serial: check.nat(),
        type: check.constantFrom('eu_vat', 'eu_vat', 'eu_vat', 'gb_vat', 'us_ein', 'br_cnpj', 'unknown', 'made_up'),
        value: check.oneof(
          // The same twice at times, which only their ids tell apart.
          check.constantFrom('DE123456789', 'DE123456789', 'GB 123 4567 89', '01.234.456/5432-10', '12-3456789'),
          // `$NAME` is refused: something else would have to fill it in.
          text.filter((value) => !/\$|\{\{/.test(value)),
        ),
        status: check.constantFrom('verified', 'unverified', 'pending', 'unavailable', null),
      })
      .map(
        ({ serial: number, status, ...rest }) =>
          accountTaxId({
            id: `txi_${number}`,
            verification: status === null ? null : { status, verified_address: null, verified_name: null },
            ...rest,
          }) as unknown as Live,
      );
  },
  stated: (live) => {
    const value = live.value as string;
    return [
      ['id', live.id],
      ['type', live.type as string],
      [
        'value',
        /^[\w .-]+$/.test(value) && choiceOf(live).often(50)
          ? value.toLowerCase().replace(/[ .-]/g, '') || value
          : value,
      ],
    ];
  },
  natural: { field: 'type', other: 'fr_siren' },
  state: { isActive: () => true, field: null },
  edits: {
    type: ({ type }) => ({ type: type === 'no_vat' ? 'is_vat' : 'no_vat' }),
    value: ({ value }) => ({ value: `${String(value)}9` }),
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    type: ['uk_vat', 'Did you mean gb_vat?'],
    value: ['123456789', 'quotes'],
  },
  omitted: { owner: 'always the account itself: tax ids of others are never kept' },
  skipped: [
    { customer: 'cus_1' },
    { customer_account: 'acct_1Customer' },
    { owner: { type: 'customer', customer: 'cus_1', customer_account: null } },
    { owner: { type: 'application', customer_account: null } },
  ],
  row: {
    path: 'tax_ids',
    noun: 'tax id',
    permission: 'tax_id_read',
    undocumented: true,
    label: 'Tax IDs',
    filters: {
      'owner[type]': (value) => (live) => (live.owner as { type: string } | null)?.type === value,
    },
  },
  writes: {
    update: '',
    create: 'type value',
    blank: () => accountTaxId({ id: 'txi_new' }) as unknown as Live,
    deletes: true,
    refuses: ({ after }) => (after?.type === 'unknown' ? 'unknown is the type of legacy ids alone' : null),
  },
};
