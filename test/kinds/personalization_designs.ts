/** Personalization designs of Issuing. */
import type Stripe from 'stripe';
import { Names, type Tree } from '../tree.ts';
import { type Kind, type Live, tellsBy } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Wire } from './raw.ts';
import {
  choiceOf,
  metadataTree,
  noText,
  otherMetadata,
  otherText,
  storedMetadata,
  textOrNull,
  values,
} from './values.ts';

type Design = Stripe.Issuing.PersonalizationDesign;

/** A design as the API sends it, nothing expanded. */
export type RawDesign = Wire<Omit<Design, 'card_logo' | 'physical_bundle'>> & {
  card_logo: string | null;
  physical_bundle: string;
};
type RawLetter = NonNullable<RawDesign['carrier_text']>;

const BLANK: RawLetter = { footer_body: null, footer_title: null, header_body: null, header_title: null };

/** A design that Stripe has approved, in live mode. */
export function personalizationDesign(overrides: Overrides<RawDesign> = {}): RawDesign {
  const number = next();
  return {
    id: `ipcd_${serial(number)}`,
    object: 'issuing.personalization_design',
    card_logo: null,
    carrier_text: null,
    created: EPOCH + number,
    livemode: true,
    lookup_key: null,
    metadata: {},
    name: `Design ${number}`,
    physical_bundle: 'ics_1',
    preferences: { is_default: false, is_platform_default: null },
    rejection_reasons: { card_logo: [], carrier_text: [] },
    status: 'active',
    ...stated(overrides),
  };
}

/** A part of what a letter says. */
function letterTree(live: Live): Tree {
  if (live.carrier_text === null) return null;
  const choice = choiceOf(live);
  const [first, ...rest] = Object.entries(live.carrier_text as RawLetter).map(([name, value]): [string, Tree] => [
    name,
    textOrNull(value),
  ]);
  return new Names([...(first === undefined ? [] : [first]), ...rest.filter(() => choice.often(60))]);
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), with a logo, reasons and an expanded bundle.
  sample: {
    card_logo: { id: 'file_1Logo', object: 'file', url: 'https://files.stripe.com/hidden-link' },
    carrier_text: { footer_body: null, footer_title: null, header_body: 'Welcome to us', header_title: 'Welcome' },
    created: 1234567890,
    id: 'ipcd_QXhWDHrd50Fhhi',
    livemode: false,
    lookup_key: 'my_card_design_lookup_key',
    metadata: {},
    name: 'My Card Design V1',
    object: 'issuing.personalization_design',
    physical_bundle: { id: 'ics_Fiiwz3T83opOUd', object: 'issuing.physical_bundle', name: 'Standard' },
    preferences: { is_default: false, is_platform_default: null },
    rejection_reasons: { card_logo: ['network_name'], carrier_text: [] },
    status: 'rejected',
  },
  kept: {
    label: 'My Card Design V1',
    fields: {
      id: 'ipcd_QXhWDHrd50Fhhi',
      lookup_key: 'my_card_design_lookup_key',
      name: 'My Card Design V1',
      physical_bundle: 'ics_Fiiwz3T83opOUd',
      card_logo: 'file_1Logo',
      carrier_text: { header_title: 'Welcome', header_body: 'Welcome to us', footer_title: null, footer_body: null },
      preferences: { is_default: false },
      metadata: null,
      status: 'rejected',
      rejection_reasons: { card_logo: ['network_name'], carrier_text: null },
    },
  },
  any(check) {
    const { text, someText, metadata } = values(check);
    const key = text.filter((value) => !/\$|\{\{/.test(value));
    return check
      .record({
        serial: check.nat(),
        card_logo: check.constantFrom(null, 'file_1', 'file_2'),
        carrier_text: check.option(
          check.record({
            footer_body: someText,
            footer_title: someText,
            header_body: someText,
            header_title: someText,
          }),
        ),
        lookup_key: check.oneof(check.constantFrom('standard', 'premium', null), key),
        metadata,
        name: check.oneof(check.constantFrom('Standard', null), text),
        physical_bundle: check.constantFrom('ics_1', 'ics_2'),
        isDefault: check.constantFrom(true, false, false),
        status: check.constantFrom('active', 'active', 'review', 'inactive', 'rejected'),
      })
      .map(
        ({ serial: number, isDefault, ...rest }) =>
          personalizationDesign({
            id: `ipcd_${number}`,
            preferences: { is_default: isDefault, is_platform_default: null },
            ...rest,
          }) as unknown as Live,
      );
  },
  stated: (live) => [
    ['id', live.id],
    ['lookup_key', textOrNull(live.lookup_key)],
    ['name', textOrNull(live.name)],
    ['physical_bundle', live.physical_bundle as string],
    ['card_logo', textOrNull(live.card_logo)],
    ['carrier_text', letterTree(live)],
    ['preferences', new Names([['is_default', (live.preferences as RawDesign['preferences']).is_default]])],
    ['metadata', metadataTree(live)],
  ],
  natural: { field: 'lookup_key', other: 'other_one' },
  state: { isActive: ({ status }) => status !== 'inactive' && status !== 'rejected', field: null },
  edits: {
    // One at a time has it.
    lookup_key: ({ id }) => ({ lookup_key: `other_${id}` }),
    name: otherText('name'),
    physical_bundle: ({ physical_bundle: id }) => ({ physical_bundle: id === 'ics_1' ? 'ics_2' : 'ics_1' }),
    card_logo: ({ card_logo: id }) => ({ card_logo: id === 'file_1' ? 'file_2' : 'file_1' }),
    carrier_text({ carrier_text: letter }) {
      const { footer_body: body, ...rest } = (letter ?? BLANK) as RawLetter;
      return { carrier_text: { footer_body: body === 'other' ? 'another' : 'other', ...rest } };
    },
    preferences({ preferences }) {
      const { is_default: is } = preferences as RawDesign['preferences'];
      return { preferences: { is_default: !is, is_platform_default: null } };
    },
    metadata: otherMetadata,
  },
  tells: (live, found) => tellsBy('lookup_key name', live, found),
  charge: null,
  refused: {
    id: ['""', 'id'],
    lookup_key: ['[]', 'Expected'],
    name: ['[]', 'Expected'],
    physical_bundle: ['null', 'physical_bundle'],
    card_logo: ['[]', 'Expected'],
    carrier_text: ['{ body: x }', 'Write header_body instead'],
    preferences: ['{ is_default: maybe }', 'Expected true or false'],
    metadata: ['[]', 'Expected'],
  },
  row: {
    path: 'issuing/personalization_designs',
    noun: 'personalization design',
    permission: 'made_up_personalization_design_read',
    label: 'Issuing',
    undocumented: true,
    filters: {
      status: (value) => (live) => live.status === value,
    },
    several: { lookup_keys: { most: 10, alone: false, of: (live) => live.lookup_key } },
  },
  writes: {
    update: 'card_logo carrier_text lookup_key metadata name physical_bundle preferences',
    lasting: 'physical_bundle preferences',
    create: '',
    blank: () => personalizationDesign({ id: 'ipcd_new', name: null }) as unknown as Live,
    // What a request leaves out of a letter may be gone.
    means: {
      carrier_text: (said) => ({ carrier_text: said === '' ? null : { ...BLANK, ...(said as object) } }),
      preferences: (said) => ({ preferences: { is_platform_default: null, ...(said as object) } }),
    },
    flags: 'is_default',
    refuses({ before, after, params }, { personalization_designs: designs = [] }) {
      if (after === null) return null;
      if (before === null && params.physical_bundle === undefined) return 'it needs a physical_bundle';
      const isTaken = ({ id, lookup_key: key }: Live) => id !== after.id && key !== null && key === after.lookup_key;
      return designs.some(isTaken) ? 'another design has its lookup_key' : null;
    },
  },
  possible: (live) => ({
    ...live,
    carrier_text:
      live.carrier_text === null
        ? null
        : Object.fromEntries(Object.entries(live.carrier_text as RawLetter).map(([name, one]) => [name, noText(one)])),
    lookup_key: noText(live.lookup_key),
    name: noText(live.name),
    metadata: storedMetadata(live.metadata),
  }),
};
