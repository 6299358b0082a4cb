/** Tax locations. */
import type Stripe from 'stripe';
import { Names, type Tree } from '../tree.ts';
import type { Kind, Live } from './kind.ts';
import { next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { choiceOf, digitsTree, noText, otherText, textOrNull, values } from './values.ts';

/** A tax location as the API sends it: without the time when it was made. */
export type RawTaxLocation = Wire<Stripe.Tax.Location>;
type RawAddress = RawTaxLocation['address'];

const NOWHERE: RawAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

/** A concert hall, in live mode. */
export function taxLocation(overrides: Overrides<RawTaxLocation> = {}): RawTaxLocation {
  const number = next();
  return {
    id: `taxloc_${serial(number)}`,
    object: 'tax.location',
    address: { ...NOWHERE, city: 'Berlin', country: 'DE', line1: `Torstraße ${number}`, postal_code: '10119' },
    description: `Hall ${number}`,
    livemode: true,
    type: 'performance',
    ...stated(overrides),
  };
}

/** A part of an address, but always what an entry has to state. */
function addressTree(live: Live): Tree {
  const { country, postal_code: code, ...rest } = live.address as RawAddress;
  const choice = choiceOf(live);
  return new Names([
    ['country', country],
    ['postal_code', digitsTree(code)],
    ...Object.entries(rest).flatMap(([name, value]): [string, Tree][] =>
      choice.often(60) ? [[name, textOrNull(value)]] : [],
    ),
  ]);
}

export const kind: Kind = {
  // Stripe's example (docs.stripe.com/api/tax/location): its published fixtures have none.
  sample: {
    id: 'taxloc_1Rb0Af09x9VUP01myZ3aqF1z',
    object: 'tax.location',
    address: {
      city: 'Boulder',
      country: 'US',
      line1: 'Folsom and, Pearl St',
      line2: null,
      postal_code: '80302',
      state: 'CO',
    },
    description: 'Greenleaf Park',
    livemode: false,
    type: 'performance',
  },
  kept: {
    label: 'Greenleaf Park',
    fields: {
      id: 'taxloc_1Rb0Af09x9VUP01myZ3aqF1z',
      description: 'Greenleaf Park',
      type: 'performance',
      address: {
        line1: 'Folsom and, Pearl St',
        line2: null,
        postal_code: '80302',
        city: 'Boulder',
        state: 'CO',
        country: 'US',
      },
    },
  },
  any(check) {
    const { text, someText } = values(check);
    const code = check.oneof(check.constantFrom('01067', '80302', 'SW1A 1AA', null), someText);
    return check
      .record({
        serial: check.nat(),
        description: check.oneof(check.constantFrom('Hall', null), text),
        address: check.record({
          city: someText,
          country: check.constantFrom('DE', 'US'),
          line1: someText,
          line2: someText,
          postal_code: code,
          state: check.constantFrom('CO', 'BE', null, ''),
        }),
      })
      .map(({ serial: number, ...rest }) => taxLocation({ id: `taxloc_${number}`, ...rest }) as unknown as Live);
  },
  stated: (live) => [
    ['id', live.id],
    ['description', textOrNull(live.description)],
    ['type', live.type as string],
    ['address', addressTree(live)],
  ],
  natural: { field: 'description', other: 'other one' },
  state: null,
  edits: {
    description: otherText('description'),
    type: () => ({ type: 'made_up' }),
    address({ address }) {
      const { postal_code: code } = address as RawAddress;
      return { address: { ...(address as RawAddress), postal_code: code === '1' ? '2' : '1' } };
    },
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    description: ['[]', 'Expected'],
    type: ['venue', 'performance'],
    address: ['{ city: Berlin }', 'country'],
  },
  row: {
    path: 'tax/locations',
    noun: 'tax location',
    permission: 'made_up_tax_location_read',
    label: 'Tax locations',
    undocumented: true,
    filters: { type: (value) => (live) => live.type === value },
    needed: ['type'],
  },
  writes: {
    update: '',
    create: 'address description type',
    blank: () => taxLocation({ id: 'taxloc_new', address: NOWHERE, description: null }) as unknown as Live,
    means: { address: (said) => ({ address: { ...NOWHERE, ...(said as object) } }) },
    refuses({ after, params }) {
      if (params.type === undefined) return 'it needs a type';
      const { country } = (after?.address ?? NOWHERE) as RawAddress;
      return country === null ? 'its address needs a country' : null;
    },
  },
  possible: (live) => ({
    ...live,
    description: noText(live.description),
    address: Object.fromEntries(Object.entries(live.address as RawAddress).map(([name, one]) => [name, noText(one)])),
  }),
};
