import type Stripe from 'stripe';
import { type Expected, type Fields, isRecord, type Value } from '../model.ts';
import { bare, placeWords } from '../text.ts';
import { reference } from '../vocabulary/reference.ts';
import { always, literal, text } from '../vocabulary/scalars.ts';
import { part } from '../vocabulary/shape.ts';
import { type Context, parameterOf, type Shape, type Type } from '../vocabulary/type.ts';
import { metadata, metadataDescription } from './metadata.ts';
import { addressParts, written } from './places.ts';
import { withRequired } from './required.ts';
import { type Declarations, type Field, metadataTraces, type Resource, textOf } from './resource.ts';

const ADDRESS = addressParts({ final: true });

const JAPANESE: Shape = { ...ADDRESS, town: { type: text(), description: 'The town, or cho-me.' } };

/** What a request says of an address. Whether an update that names a part of one keeps the rest is not known: each names all of it. */
function address(name: string, type: Type): Pick<Field<never>, 'type' | 'parameters' | 'lasting' | 'own'> {
  const all = Object.keys(JAPANESE).map((part): [string[], string] => [[], part]);
  return {
    type,
    parameters(value, request, live) {
      if (request === 'update' && live[name] === undefined) return null;
      const said = parameterOf(type, request === 'create' ? value : withRequired(value, live[name] ?? null, all));
      return said === undefined ? null : { [name]: said };
    },
    lasting: true,
    own: true,
  };
}

/** Locations of Terminal (docs.stripe.com/api/terminal/locations). */
export const terminalLocations: Resource<Stripe.Terminal.Location> = {
  section: 'terminal_locations',
  kind: 'terminal location',
  formerly: ['terminal_location', 'location', 'locations', 'stores', 'shops'],
  instead: {
    ...Object.fromEntries(
      Object.entries(JAPANESE).flatMap(([name, { formerly = [] }]) =>
        [name, ...formerly].map((word) => [word, `Write address: { ${name}: … }`]),
      ),
    ),
    readers: 'Remove it: readers are devices, and no configuration',
  },
  description:
    'A location of Terminal: a place, such as a shop, whose card readers have the same settings. Found by `id`, else by `display_name`. Of an address, only the names that you list are compared.',
  example: `berlin:
  display_name: Berlin Mitte
  address: { line1: Torstraße 1, postal_code: 10119, city: Berlin, country: DE }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The location's id, `tml_…`. Finds the location.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    display_name: {
      formerly: ['name', 'label', 'title'],
      type: text(1000),
      description: 'A name, at most 1,000 characters. Finds the location if the entry has no `id`.',
      read: (live) => live.display_name,
    },
    display_name_kana: {
      type: text(1000),
      description: 'The name in kana, for locations in Japan.',
      read: (live) => live.display_name_kana ?? null,
    },
    display_name_kanji: {
      type: text(1000),
      description: 'The name in kanji, for locations in Japan.',
      read: (live) => live.display_name_kanji ?? null,
    },
    address: {
      ...address('address', always(part(ADDRESS))),
      description: 'Where it is. Only the names that you list are compared.',
      read: (live) => live.address,
    },
    address_kana: {
      ...address('address_kana', part(JAPANESE)),
      description: 'The address in kana, for locations in Japan. Only the names that you list are compared.',
      read: (live) => live.address_kana ?? null,
    },
    address_kanji: {
      ...address('address_kanji', part(JAPANESE)),
      description: 'The address in kanji, for locations in Japan. Only the names that you list are compared.',
      read: (live) => live.address_kanji ?? null,
    },
    phone: {
      formerly: ['phone_number', 'telephone'],
      type: written,
      description: 'The phone number.',
      read: (live) => live.phone ?? null,
      own: true,
    },
    configuration_overrides: {
      formerly: ['configuration', 'terminal_configuration', 'overrides'],
      type: reference('terminal_configurations', 'tmc_'),
      description:
        "The configuration that its readers have beside the account's default: the name of an entry in `terminal_configurations`, or an id. `null` means that there is none.",
      read: (live) => live.configuration_overrides ?? null,
      risk: 'Its readers change their settings within minutes, such as the tips that they suggest.',
    },
    metadata: { type: metadata, description: metadataDescription, own: true, read: (live) => live.metadata },
  },
  id: 'stripe',
  prefix: 'tml_',
  identities: [{ by: 'display_name', portable: true }],
  state: {
    inForce: () => true,
    retire: { kind: 'delete' },
    restore: null,
    words: {
      retire: 'delete',
      retired: 'deleted',
      active: 'there',
      meaning:
        "Readers that are registered at it can't be used until they are registered at another. Deleting it can't be undone.",
    },
  },
  unusual: true,
  permission: { slug: 'rak_terminal_location_read', label: 'Terminal locations' },
  source: { path: '/v1/terminal/locations', list: 'v1', inForce: {} },
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.display_name,
  naming({ display_name: name, display_name_kanji: kanji }, { key }) {
    return { keys: [key], names: [textOf(name), textOf(kanji)], marks: [] };
  },
  likeness: ({ display_name: name }) => textOf(name),
  traces: (fields) => [...metadataTraces(fields), ...addressTraces(fields)],
  dashboard: 'terminal/locations',
  command: {
    words: ['terminal', 'locations'],
    creation: (fields) => lackingIn(fields) ?? {},
    replacement: () => ({}),
  },
  replacing: 'register the readers of the old one there, and delete the old one',
  replacingRisk: 'Readers stay registered at the old terminal location, and code names it, until you change both.',
  handover: 'register the readers of the old one at the new one',
  outside: { places: 'code', fails: 'requests that name it fail' },
  checkBeside: checkConfiguration,
};

/** Stripe applies the account's default to no location (docs.stripe.com/terminal/fleet/configurations-overview). */
function checkConfiguration({ fields, at }: Expected, { find }: Declarations, complain: Context['complain']): void {
  const found = find('terminal_configurations', fields.configuration_overrides);
  if (found?.fields.is_account_default !== true) return;
  const here = at(['configuration_overrides']);
  const rule = `is ${bare(found.name)}, the account's default (${placeWords(found.at(['is_account_default']), here)})`;
  complain(here, `${rule}, which all readers have: no location can name it. Write null`, 'doubt');
}

/** Where it is, to the house. */
function addressTraces({ address: where }: Fields): string[] {
  const { line1, postal_code: code } = isRecord(where) ? (where as Fields) : {};
  const isPlace = typeof line1 === 'string' && typeof code === 'string';
  return isPlace ? [JSON.stringify(['address', line1, code])] : [];
}

/** What a request that creates a location needs, and these fields do not state. Of a place in Japan the other scripts do. */
function lackingIn(fields: Fields): string | null {
  const hasOne = (name: string) => ['', '_kana', '_kanji'].some((script) => fields[`${name}${script}`] != null);
  const missing = ['display_name', 'address'].find((name) => !hasOne(name));
  if (missing !== undefined || fields.address == null) return missing ?? null;
  const parts = fields.address as { readonly [name: string]: Value };
  const lacking = ['line1', 'country'].find((name) => parts[name] == null);
  return lacking === undefined ? null : `address.${lacking}`;
}
