import type Stripe from 'stripe';
import { isRecord } from '../model.ts';
import { always, literal, text, word } from '../vocabulary/scalars.ts';
import { part } from '../vocabulary/shape.ts';
import { addressParts, subdivision } from './places.ts';
import { type Resource, textOf } from './resource.ts';

const { state, country, ...parts } = addressParts();

const ADDRESS = {
  ...parts,
  state: { ...state, type: subdivision, description: 'The state or province, by its code alone, such as `CA`.' },
  country: { ...country, type: always(country.type), required: true as const },
};

/** Tax locations (docs.stripe.com/api/tax/location). Requests create and read them: none changes or deletes one. */
export const taxLocations: Resource<Stripe.Tax.Location> = {
  section: 'tax_locations',
  kind: 'tax location',
  formerly: ['tax_location', 'performance_location', 'performance_locations', 'venue', 'venues'],
  instead: {
    ...Object.fromEntries(
      Object.entries(ADDRESS).flatMap(([name, { formerly = [] }]) =>
        [name, ...formerly].map((other) => [other, `Write address: { ${name}: … }`]),
      ),
    ),
    active: 'Remove it: a tax location is always active',
    status: 'Remove it: a tax location is always active',
  },
  description:
    'A tax location: a place where something takes place, such as a concert hall, whose address Stripe Tax uses in place of that of the customer. Found by `id`, else by `description`. No request changes or deletes one, so one that is not in the file is only a notice, unless `policy.unmanaged` says otherwise.',
  example: `city_hall:
  description: City Hall
  address: { line1: Torstraße 1, postal_code: 10119, city: Berlin, country: DE }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The tax location's id, `taxloc_…`. Finds the tax location.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    description: {
      formerly: ['name', 'label', 'title', 'display_name', 'nickname'],
      type: text(),
      description:
        "What it is, such as the name of a concert hall. Finds the tax location if the entry has no `id`. Can't be changed after creation.",
      read: (live) => live.description,
      fixed: true,
    },
    type: {
      formerly: ['kind'],
      type: always(word(['performance'])),
      description:
        "What takes place there: `performance`, which a new tax location has if the entry states none. Can't be changed after creation.",
      read: (live) => live.type,
      fixed: true,
      implied: ({ type }) => type === 'performance',
    },
    address: {
      formerly: ['place', 'location'],
      type: always(part(ADDRESS)),
      description: "Where it is. Only the names that you list are compared. Can't be changed after creation.",
      read: (live) => live.address,
      fixed: true,
      own: true,
    },
  },
  id: 'stripe',
  prefix: 'taxloc_',
  identities: [{ by: 'description', portable: true }],
  state: null,
  unmanaged: 'notice',
  unusual: true,
  permission: null,
  source: { path: '/v1/tax/locations', list: 'v1', inForce: { type: 'performance' } },
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.description ?? live.id,
  // Where it is, is not for names of entries.
  naming: ({ description }) => ({ names: [textOf(description), 'tax location'], marks: [] }),
  likeness: ({ description, address }) => textOf(description) ?? (isRecord(address) ? JSON.stringify(address) : null),
  dashboard: 'tax',
  hasNoPage: true,
  command: {
    // Stripe's command line does not know the kind.
    words: null,
    creation({ type, address }) {
      if (address == null) return 'address';
      return type === undefined ? { type: 'performance' } : {};
    },
    // The old one stays: an entry would find both by the same description.
    replacement: (fields, old) => (fields.description === old.description ? null : {}),
  },
  replacing: 'name it in products and in code, and state its `id` in the file, since the old one stays',
  replacingRisk: 'Taxes follow the old tax location until products and code name the new one.',
};
