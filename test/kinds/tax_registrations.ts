/** Tax registrations. */
import type Stripe from 'stripe';
import { Names, type Tree } from '../tree.ts';
import type { Kind, Live } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { momentTree, textOrNull, wholeTree } from './values.ts';

/** A tax registration as the API sends it. */
export type RawTaxRegistration = Wire<Stripe.Tax.Registration>;

/** An active registration for sales tax in California, in live mode. */
export function taxRegistration(overrides: Overrides<RawTaxRegistration> = {}): RawTaxRegistration {
  const number = next();
  return {
    id: `taxreg_${serial(number)}`,
    object: 'tax.registration',
    active_from: EPOCH,
    country: 'US',
    country_options: { us: { state: 'CA', type: 'state_sales_tax' } },
    created: EPOCH + number,
    expires_at: null,
    livemode: true,
    status: 'active',
    ...stated(overrides),
  };
}

/** Moments of the past and the future, for many years. */
const [LONG_AGO, BEFORE, LATER, LAST] = [1_600_000_000, 1_650_000_000, 3_900_000_000, 4_000_000_000] as const;

type Member = {
  readonly type: string;
  readonly state?: string;
  readonly standard?: { place_of_supply_scheme: string };
  readonly province_standard?: { province: string };
  readonly state_sales_tax?: { elections?: { type: string; jurisdiction?: string }[] };
  readonly local_lease_tax?: { jurisdiction: string };
  readonly made_up_tax?: { jurisdiction: string };
};

function memberOf({ country_options: options }: Live): readonly [string, Member] {
  return Object.entries(options as object)[0] as [string, Member];
}

const inOne = (name: string, value: string | undefined): Tree =>
  value === undefined ? null : new Names([[name, value]]);

const PLACES: readonly (readonly [country: string, member: Member])[] = [
  ['US', { type: 'state_sales_tax', state: 'CA' }],
  ['US', { type: 'state_sales_tax', state: 'TX', state_sales_tax: { elections: [{ type: 'single_local_use_tax' }] } }],
  [
    'US',
    {
      type: 'state_sales_tax',
      state: 'PA',
      state_sales_tax: {
        elections: [
          { type: 'local_use_tax', jurisdiction: '003' },
          { type: 'local_use_tax', jurisdiction: '101' },
        ],
      },
    },
  ],
  ['US', { type: 'local_lease_tax', state: 'IL', local_lease_tax: { jurisdiction: '14000' } }],
  // A tax that is newer than this version: what it holds besides is not kept.
  ['US', { type: 'made_up_tax', state: 'IL', made_up_tax: { jurisdiction: '14000' } }],
  ['DE', { type: 'standard', standard: { place_of_supply_scheme: 'standard' } }],
  ['DE', { type: 'standard', standard: { place_of_supply_scheme: 'small_seller' } }],
  ['DE', { type: 'oss_union' }],
  ['AL', { type: 'standard' }],
  ['CA', { type: 'province_standard', province_standard: { province: 'BC' } }],
  ['IN', { type: 'simplified' }],
  ['XX', { type: 'made_up' }],
];

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json).
  sample: {
    active_from: 1234567890,
    country: 'US',
    country_options: { us: { state: 'CA', type: 'state_sales_tax' } },
    created: 1234567890,
    expires_at: 1234567890,
    id: 'taxreg_QXhWPxHxRGhVsh',
    livemode: false,
    object: 'tax.registration',
    status: 'active',
  },
  kept: {
    label: 'US state_sales_tax CA',
    fields: {
      id: 'taxreg_QXhWPxHxRGhVsh',
      country: 'US',
      country_options: {
        us: {
          type: 'state_sales_tax',
          state: 'CA',
          ...Object.fromEntries(
            [
              ...['standard', 'province_standard', 'state_sales_tax', 'admissions_tax', 'attendance_tax'],
              ...['entertainment_tax', 'gross_receipts_tax', 'hospitality_tax', 'local_amusement_tax'],
              ...['local_lease_tax', 'luxury_tax', 'mass_transit_parking_tax', 'parking_tax', 'resort_tax'],
              ...['tourism_tax', 'utility_users_tax'],
            ].map((name) => [name, null]),
          ),
        },
      },
      active_from: '2009-02-13T23:31:30Z',
      expires_at: '2009-02-13T23:31:30Z',
      status: 'active',
    },
  },
  any(check) {
    const times = check.constantFrom(
      { status: 'active', active_from: EPOCH, expires_at: null },
      { status: 'active', active_from: EPOCH, expires_at: null },
      { status: 'active', active_from: EPOCH, expires_at: LAST },
      { status: 'scheduled', active_from: LATER, expires_at: null },
      { status: 'expired', active_from: LONG_AGO, expires_at: BEFORE },
    );
    return check.record({ serial: check.nat(), place: check.constantFrom(...PLACES), times }).map(
      ({ serial: number, place: [country, member], times: moments }) =>
        taxRegistration({
          id: `taxreg_${number}`,
          country,
          country_options: { [country.toLowerCase()]: member },
          ...moments,
        }) as unknown as Live,
    );
  },
  stated(live, dice) {
    const [code, member] = memberOf(live);
    const { elections } = member.state_sales_tax ?? {};
    const options = wholeTree(
      [
        ['type', member.type, undefined],
        ['state', textOrNull(member.state), null],
        [
          'standard',
          inOne('place_of_supply_scheme', member.standard?.place_of_supply_scheme),
          member.standard?.place_of_supply_scheme === 'standard' && dice.often(50) ? undefined : null,
        ],
        ['province_standard', inOne('province', member.province_standard?.province), null],
        ['local_lease_tax', inOne('jurisdiction', member.local_lease_tax?.jurisdiction), null],
        [
          'state_sales_tax',
          elections === undefined
            ? null
            : new Names([
                [
                  'elections',
                  dice.shuffled(
                    elections.map(
                      ({ type, jurisdiction }) =>
                        new Names([
                          ['type', type],
                          ...(jurisdiction === undefined ? [] : [['jurisdiction', jurisdiction] as const]),
                        ]),
                    ),
                  ),
                ],
              ]),
          null,
        ],
      ],
      dice,
    );
    return [
      ['id', live.id],
      ['country', live.country as string],
      ['country_options', new Names([[code, options]])],
      ['active_from', momentTree(live.active_from, dice)],
      ['expires_at', momentTree(live.expires_at, dice)],
    ];
  },
  natural: { field: 'country', other: 'FR' },
  state: { isActive: ({ status }) => status !== 'expired', field: null, until: 'expires_at' },
  edits: {
    country: ({ country }) => ({ country: country === 'FR' ? 'AT' : 'FR' }),
    country_options: (live) => {
      const [code, member] = memberOf(live);
      const other = code === 'us' ? { ...member, state: 'NY' } : { type: member.type === 'ioss' ? 'standard' : 'ioss' };
      return { country_options: { [code]: other } };
    },
    active_from: ({ status, active_from: from }) => ({
      active_from: status === 'scheduled' ? LATER + 1000 : Number(from) - 1000,
    }),
    expires_at: ({ status, expires_at: until }) =>
      status === 'expired' ? null : { expires_at: until === null ? LAST + 1000 : null },
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    country: ['de', 'two-letter country code'],
    country_options: ['{ DE: { type: standard } }', 'in lower case'],
    active_from: ['now', 'Expected a day'],
    expires_at: ['soon', 'Expected a day'],
  },
  row: {
    path: 'tax/registrations',
    noun: 'tax registration',
    permission: 'tax_settings_read',
    undocumented: true,
    label: 'Tax Settings',
    filters: { status: (value) => (live) => value === 'all' || live.status === value },
  },
  writes: {
    update: 'active_from expires_at',
    lasting: 'active_from',
    create: 'country country_options',
    blank: () => taxRegistration({ id: 'taxreg_new' }) as unknown as Live,
    lists: 'elections',
    means: {
      active_from: (value) => ({ active_from: secondsOf(value) }),
      expires_at: (value) => ({ expires_at: value === '' ? null : secondsOf(value) }),
    },
    shows(live) {
      const { active_from: from, expires_at: until } = live as unknown as RawTaxRegistration;
      const isOver = until !== null && until <= secondsOf('now');
      return { ...live, status: isOver ? 'expired' : from > secondsOf('now') ? 'scheduled' : 'active' };
    },
    refuses({ before, params }) {
      const { active_from: from, expires_at: until } = params;
      if (before !== null) return null;
      if (typeof from !== 'string') return 'it has no active_from';
      const hasPassed = [from, until].some(
        (time) => typeof time === 'string' && time !== 'now' && Number(time) < secondsOf('now'),
      );
      return hasPassed ? 'that moment has passed' : null;
    },
  },
};

function secondsOf(value: string | object): number {
  return value === 'now' ? Math.floor(Date.now() / 1000) : Number(value);
}
