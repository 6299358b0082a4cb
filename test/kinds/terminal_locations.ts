/** Locations of Terminal. */
import type Stripe from 'stripe';
import { Names, type Tree } from '../tree.ts';
import { type Kind, type Live, tellsBy } from './kind.ts';
import { next, type Overrides, serial, stated, type Wire } from './raw.ts';
import {
  choiceOf,
  digitsTree,
  metadataTree,
  noText,
  otherMetadata,
  otherText,
  storedMetadata,
  textOrNull,
  usable,
  values,
} from './values.ts';

/** A location as the API sends it: without the time when it was made, and without what is not set. */
export type RawTerminalLocation = Wire<Stripe.Terminal.Location>;
type RawAddress = RawTerminalLocation['address'] & { town?: string | null };

/** No part of an address, and of one in Japan. */
const NOWHERE: RawAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
const NOWHERE_IN = {
  address: NOWHERE,
  address_kana: { ...NOWHERE, town: null },
  address_kanji: { ...NOWHERE, town: null },
};
const ADDRESSES = ['address', 'address_kana', 'address_kanji'] as const;

/** A shop, in live mode. */
export function terminalLocation(overrides: Overrides<RawTerminalLocation> = {}): RawTerminalLocation {
  const number = next();
  return {
    id: `tml_${serial(number)}`,
    object: 'terminal.location',
    address: { ...NOWHERE, city: 'Berlin', country: 'DE', line1: `Torstraße ${number}`, postal_code: '10119' },
    display_name: `Shop ${number}`,
    livemode: true,
    metadata: {},
    ...stated(overrides),
  };
}

/** A part of an address, but always what tells it and what can't be changed. */
function addressTree(raw: unknown, live: Live): Tree {
  if (raw === undefined) return null;
  const { country, line1, postal_code: code, ...rest } = raw as RawAddress;
  const choice = choiceOf(live);
  return new Names([
    ['country', country],
    ['line1', textOrNull(line1)],
    ['postal_code', digitsTree(code)],
    ...Object.entries(rest).flatMap(([name, value]): [string, Tree][] =>
      choice.often(60) ? [[name, textOrNull(value)]] : [],
    ),
  ]);
}

/** Another house; at times in another country, which only another location has. */
function otherAddress(name: (typeof ADDRESSES)[number]) {
  return (live: Live) => {
    const before = live[name] as RawAddress | undefined;
    if (before === undefined) return { [name]: { ...NOWHERE_IN[name], country: 'JP', line1: 'other' } };
    const moves = /[37]$/.test(live.id);
    const country = before.country === 'AT' ? 'CH' : 'AT';
    return { [name]: moves ? { ...before, country } : { ...before, line1: before.line1 === 'other' ? '2' : 'other' } };
  };
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), with what it leaves out of a place in Japan.
  sample: {
    address: {
      city: 'San Francisco',
      country: 'US',
      line1: '1234 Fake Street',
      line2: null,
      postal_code: '94102',
      state: 'CA',
    },
    address_kanji: {
      city: '渋谷区',
      country: 'JP',
      line1: '27-15',
      line2: '',
      postal_code: '1500001',
      state: '東京都',
      town: '神宮前',
    },
    configuration_overrides: 'tmc_ElVUAjF8xXG3hj',
    display_name: 'My First Store',
    display_name_kana: 'マイストア',
    id: 'tml_j3hPESSh1Tie4LPWyRy8VLVY',
    livemode: false,
    metadata: {},
    object: 'terminal.location',
    phone: '+14155550100',
  },
  kept: {
    label: 'My First Store',
    fields: {
      id: 'tml_j3hPESSh1Tie4LPWyRy8VLVY',
      display_name: 'My First Store',
      display_name_kana: 'マイストア',
      display_name_kanji: null,
      address: {
        line1: '1234 Fake Street',
        line2: null,
        postal_code: '94102',
        city: 'San Francisco',
        state: 'CA',
        country: 'US',
      },
      address_kana: null,
      address_kanji: {
        line1: '27-15',
        line2: null,
        postal_code: '1500001',
        city: '渋谷区',
        state: '東京都',
        country: 'JP',
        town: '神宮前',
      },
      phone: '+14155550100',
      configuration_overrides: 'tmc_ElVUAjF8xXG3hj',
      metadata: null,
    },
  },
  any(check) {
    const { text, someText, metadata } = values(check);
    const code = check.oneof(check.constantFrom('01067', '10119', '150-0001', 'SW1A 1AA', null), someText);
    const parts = { city: someText, line1: someText, line2: someText, postal_code: code, state: someText };
    const rarely = <T>(of: ReturnType<typeof check.constant<T>>) => check.option(of, { nil: undefined });
    const japanese = rarely(check.record({ ...parts, country: check.constantFrom('JP', null), town: someText }));
    return check
      .record({
        serial: check.nat(),
        address: check.record({ ...parts, country: check.constantFrom('DE', 'US', 'JP') }),
        address_kana: japanese,
        address_kanji: japanese,
        configuration_overrides: check.constantFrom(undefined, 'tmc_1', 'tmc_2'),
        display_name: check.oneof(check.constant('Shop'), text, text),
        display_name_kana: rarely(text),
        display_name_kanji: rarely(text),
        metadata,
        phone: check.constantFrom(undefined, '+4930123456', '030123456'),
      })
      .map(({ serial, ...rest }) => {
        const live = terminalLocation({ id: `tml_${serial}`, ...rest } as Overrides<RawTerminalLocation>);
        return JSON.parse(JSON.stringify(live)) as Live;
      });
  },
  stated: (live, _dice, refer) => [
    ['id', live.id],
    ['display_name', textOrNull(live.display_name)],
    ['display_name_kana', textOrNull(live.display_name_kana)],
    ['display_name_kanji', textOrNull(live.display_name_kanji)],
    ...ADDRESSES.map((name): [string, Tree] => [name, addressTree(live[name], live)]),
    ['phone', digitsTree(live.phone)],
    ['configuration_overrides', refer('terminal_configurations', 'tmc_', live.configuration_overrides)],
    ['metadata', metadataTree(live)],
  ],
  natural: { field: 'display_name', other: 'other one' },
  state: null,
  edits: {
    display_name: otherText('display_name'),
    display_name_kana: otherText('display_name_kana'),
    display_name_kanji: otherText('display_name_kanji'),
    ...Object.fromEntries(ADDRESSES.map((name) => [name, otherAddress(name)])),
    phone: ({ phone }) => ({ phone: phone === undefined ? '+4940123456' : undefined }),
    configuration_overrides: ({ configuration_overrides: id }) => ({
      configuration_overrides: id === undefined ? 'tmc_1' : undefined,
    }),
    metadata: otherMetadata,
  },
  tells(live, found) {
    const { line1, postal_code: code } = live.address as RawAddress;
    return (usable(line1) && usable(code)) || tellsBy('', live, found);
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    display_name: ['[]', 'Expected'],
    display_name_kana: ['[]', 'Expected'],
    display_name_kanji: ['[]', 'Expected'],
    address: ['{ country: Germany }', 'two-letter country code'],
    address_kana: ['{ street: x }', 'Write line1 instead'],
    address_kanji: ['null street', 'Expected'],
    phone: ['[]', 'Expected'],
    configuration_overrides: ['[]', 'Expected'],
    metadata: ['[]', 'Expected'],
  },
  row: {
    path: 'terminal/locations',
    noun: 'terminal.location',
    permission: 'terminal_location_read',
    label: 'Terminal locations',
  },
  writes: {
    update:
      'address address_kana address_kanji configuration_overrides display_name display_name_kana display_name_kanji metadata phone',
    lasting: 'address address_kana address_kanji',
    create: '',
    blank: () => terminalLocation({ id: 'tml_new', address: NOWHERE, display_name: '' }) as unknown as Live,
    // What a request leaves out of an address may be gone.
    means: Object.fromEntries(
      ADDRESSES.map((name) => [name, (said) => ({ [name]: { ...NOWHERE_IN[name], ...(said as object) } })]),
    ),
    deletes: true,
    refuses({ before, after }) {
      if (after === null) return null;
      const { line1 } = after.address as RawAddress;
      if (before === null && line1 === null && after.address_kana == null && after.address_kanji == null)
        return 'it needs an address';
      const countryOf = (live: Live, name: string) => (live[name] as RawAddress | undefined)?.country ?? null;
      const moves = (name: string) =>
        before !== null && countryOf(before, name) !== null && countryOf(before, name) !== countryOf(after, name);
      return ADDRESSES.some(moves) ? 'a location stays in its country' : null;
    },
  },
  possible(live) {
    const plain = (raw: unknown) =>
      raw === undefined
        ? undefined
        : Object.fromEntries(Object.entries(raw as object).map(([name, value]) => [name, noText(value)]));
    return {
      ...live,
      ...Object.fromEntries(ADDRESSES.map((name) => [name, plain(live[name])])),
      metadata: storedMetadata(live.metadata),
    };
  },
};
