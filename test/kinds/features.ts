/** Features of entitlements. */
import type Stripe from 'stripe';
import type { Kind, Live } from './kind.ts';
import { next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { metadataTree, otherMetadata, otherText, storedMetadata, values } from './values.ts';

/** A feature as the API sends it: without the time when it was made. */
export type RawFeature = Wire<Stripe.Entitlements.Feature>;

/** An active feature, in live mode. */
export function feature(overrides: Overrides<RawFeature> = {}): RawFeature {
  const number = next();
  return {
    id: `feat_${serial(number)}`,
    object: 'entitlements.feature',
    active: true,
    livemode: true,
    lookup_key: `feature_${number}`,
    metadata: {},
    name: `Feature ${number}`,
    ...stated(overrides),
  };
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json).
  sample: {
    active: true,
    id: 'feat_test_61QGU1MWyFMSP9YBZ41ClCIKljWvsTgu',
    livemode: false,
    lookup_key: 'something',
    metadata: {},
    name: 'My super awesome feature',
    object: 'entitlements.feature',
  },
  kept: {
    label: 'My super awesome feature',
    fields: {
      id: 'feat_test_61QGU1MWyFMSP9YBZ41ClCIKljWvsTgu',
      lookup_key: 'something',
      name: 'My super awesome feature',
      active: true,
      metadata: null,
    },
  },
  any(check) {
    const { text, metadata } = values(check);
    return check
      .record({
        serial: check.nat(),
        active: check.constantFrom(true, true, false),
        lookup_key: check.oneof(check.constant('exports'), text),
        metadata,
        name: text,
      })
      .map(({ serial, ...rest }) => feature({ id: `feat_${serial}`, ...rest }) as unknown as Live);
  },
  stated: (live) => [
    ['id', live.id],
    ['lookup_key', live.lookup_key as string],
    ['name', live.name as string],
    ['active', live.active as boolean],
    ['metadata', metadataTree(live)],
  ],
  natural: { field: 'lookup_key', other: 'other one' },
  state: { isActive: ({ active }) => active === true, field: { name: 'active', active: true, retired: false } },
  edits: {
    // One at a time has it.
    lookup_key: ({ id }) => ({ lookup_key: `other ${id}` }),
    name: otherText('name'),
    metadata: otherMetadata,
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    lookup_key: ['null', 'lookup_key'],
    name: ['[]', 'Expected'],
    active: ['maybe', 'Expected true or false'],
    metadata: ['[]', 'Expected'],
  },
  row: {
    path: 'entitlements/features',
    noun: 'feature',
    permission: 'entitlement_read',
    label: 'Entitlements',
    filters: {
      archived: (value) => (live) => String(live.active !== true) === value,
      lookup_key: (value) => (live) => live.lookup_key === value,
    },
  },
  writes: {
    update: 'active metadata name',
    lasting: 'active name',
    create: 'lookup_key',
    later: 'active',
    blank: () => feature({ id: 'feat_new' }) as unknown as Live,
    flags: 'active',
    refuses({ before, after }, { features = [] }) {
      const isTaken = features.some(({ id, lookup_key: key }) => id !== after?.id && key === after?.lookup_key);
      return before === null && isTaken ? 'another feature has this lookup_key' : null;
    },
  },
  possible: (live) => ({ ...live, metadata: storedMetadata(live.metadata) }),
};
