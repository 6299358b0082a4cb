import type Stripe from 'stripe';
import { always, flag, literal, text } from '../vocabulary/scalars.ts';
import { metadata, metadataDescription } from './metadata.ts';
import { archivable, type Resource, textOf } from './resource.ts';

/** Features of entitlements (docs.stripe.com/api/entitlements/feature). */
export const features: Resource<Stripe.Entitlements.Feature> = {
  section: 'features',
  kind: 'feature',
  formerly: ['feature', 'entitlement', 'entitlements', 'entitlement_features'],
  instead: {
    status: 'Write active: true, or active: false',
    enabled: 'Write active: true, or active: false',
    archived: 'Write active: false',
  },
  description:
    'A feature of entitlements: what customers may use once they have bought a product that has it. Found by `id`, else by `lookup_key`.',
  example: `exports:
  lookup_key: exports
  name: Exports`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The feature's id, `feat_…`. Finds the feature.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    lookup_key: {
      formerly: ['key', 'lookup', 'slug'],
      type: always(literal(text(80))),
      description:
        "Your own key, by which your code knows the feature, at most 80 characters. Only one feature can have it, active or not. Finds the feature if the entry has no `id`. Can't be changed after creation.",
      read: (live) => live.lookup_key,
      fixed: true,
      unique: true,
    },
    name: {
      formerly: ['display_name', 'label', 'title', 'description'],
      type: always(text(80)),
      description: 'A name for yourself that customers do not see, at most 80 characters.',
      read: (live) => live.name,
    },
    active: {
      type: always(flag),
      description: 'Whether it can be added to products. If left out, `true` is expected.',
      default: true,
      read: (live) => live.active,
      // None is created archived; `state` says how one is.
      parameters: () => ({}),
    },
    metadata: { type: metadata, description: metadataDescription, own: true, read: (live) => live.metadata },
  },
  id: 'stripe',
  prefix: 'feat_',
  identities: [{ by: 'lookup_key', portable: true }],
  state: archivable('It can no longer be added to products.'),
  permission: { slug: 'rak_entitlement_read', label: 'Entitlements' },
  source: {
    path: '/v1/entitlements/features',
    list: 'v1',
    inForce: { archived: 'false' },
    retired: { archived: 'true' },
  },
  lookUp: { id: { query: 'path', batch: 1 }, lookup_key: { query: 'lookup_key', batch: 1 } },
  label: (live) => live.name,
  naming: ({ lookup_key: key, name }) => ({ keys: [textOf(key)], names: [textOf(name)], marks: [] }),
  likeness: ({ lookup_key: key }) => textOf(key),
  dashboard: 'features',
  hasNoPage: true,
  command: {
    words: ['entitlements', 'features'],
    creation(fields) {
      if (fields.active === false) return null;
      return ['lookup_key', 'name'].find((name) => fields[name] == null) ?? {};
    },
    replacement: () => ({}),
  },
  replacing: 'add it to the products that have the old one, and archive the old one',
  replacingRisk:
    'Code has to know the new `lookup_key`, and customers have only the old feature until their products have the new one.',
  handover: 'add the new one to the products that have the old one',
};
