import type Stripe from 'stripe';
import { type Entry, type Fields, isRecord, type Node, type Value } from '../model.ts';
import { bare, placeWords, quote } from '../text.ts';
import { map, objects } from '../vocabulary/collections.ts';
import { always, literal, openWord, scalar, text } from '../vocabulary/scalars.ts';
import { someOf, whole } from '../vocabulary/shape.ts';
import { timestamp } from '../vocabulary/time.ts';
import { type Context, type Member, memberOf, type Type } from '../vocabulary/type.ts';
import { country, subdivision } from './places.ts';
import { type EntryContext, type Resource, textOf } from './resource.ts';

// --- What a registration is for. Countries and types become more every month: these are the SDK's of this version.

/** Taxes of a county or city in the US: each has a map of its own name, with the jurisdiction. */
const LOCAL_TAXES = [
  ...['admissions_tax', 'attendance_tax', 'entertainment_tax', 'gross_receipts_tax', 'hospitality_tax'],
  ...['local_amusement_tax', 'local_lease_tax', 'luxury_tax', 'mass_transit_parking_tax', 'parking_tax'],
  ...['resort_tax', 'tourism_tax', 'utility_users_tax'],
];
const US_TYPES = [
  ...['state_sales_tax', 'state_communications_tax', 'state_retail_delivery_fee', 'digital_excise_tax'],
  ...LOCAL_TAXES,
];
const EU_TYPES = ['standard', 'oss_union', 'oss_non_union', 'ioss'];

const EU = 'at be bg cy cz de dk ee es fi fr gr hr hu ie it lt lu lv mt nl pl pt ro se si sk'.split(' ');
/** Countries whose registrations are all standard; Stripe answers with the scheme of the first ones alone. */
const WITH_SCHEME = 'ae au ch gb jp no nz sg'.split(' ');
const WITHOUT_SCHEME = 'al ao aw ba bb bd bf bh bs cd et gn is me mk mr om rs sr uy za zw'.split(' ');
const SIMPLIFIED =
  'am az bj bw by ci cl cm co cr cv ec eg ge gh id in ke kg kh kr kz la lk ma md mu mx my ng np pe ph ru sa sn th tj tr tw tz ua ug uz vn zm'.split(
    ' ',
  );

/** The types of registrations, by country in lower case. */
export const TYPES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['us', US_TYPES],
  ['ca', ['standard', 'simplified', 'province_standard']],
  ...EU.map((code) => [code, EU_TYPES] as const),
  ...[...WITH_SCHEME, ...WITHOUT_SCHEME].map((code) => [code, ['standard']] as const),
  ...SIMPLIFIED.map((code) => [code, ['simplified']] as const),
]);

/** What people call countries and types that Stripe calls otherwise. */
const OTHER_CODES = new Map([
  ['uk', 'gb'],
  ['el', 'gr'],
]);
const OTHER_TYPES = new Map([
  ...['oss', 'eu_oss', 'union_oss', 'one_stop_shop'].map((word) => [word, 'oss_union'] as const),
  ...['vat', 'local', 'domestic', 'general'].map((word) => [word, 'standard'] as const),
  ['sales_tax', 'state_sales_tax'],
  ['pst', 'province_standard'],
]);

const anyType = openWord([...new Set([...TYPES.values()].flat())], 'type of registration', { typos: true });

const typeOfRegistration: Type = {
  ...anyType,
  expected(node, context) {
    const { value, text: written, at } = scalar(node);
    const meant = OTHER_TYPES.get(written.toLowerCase());
    if (meant === undefined) return anyType.expected(node, context);
    context.complain(at, `is ${quote(written)}, which is not a type of registration. Did you mean ${meant}?`);
    return value;
  },
};

const schemeWhole = whole({
  place_of_supply_scheme: {
    formerly: ['scheme', 'place_of_supply'],
    type: openWord(['standard', 'inbound_goods', 'small_seller'], 'scheme', { typos: true }),
    default: 'standard',
    description:
      '`standard`, `inbound_goods` for goods from abroad, or `small_seller` in the EU, for sales within one country.',
  },
});

/** The scheme of a standard registration. The usual one is the same as none: not all answers of Stripe have it. */
const scheme: Type = {
  ...schemeWhole,
  expected: (node, context) => unlessUsual(schemeWhole.expected(node, context)),
  actual: (raw) => unlessUsual(schemeWhole.actual(raw)),
};

function unlessUsual(value: Value): Value {
  return memberOf(value, 'place_of_supply_scheme') === 'standard' ? null : value;
}

const jurisdiction = (description: string): Member => ({
  type: always(text()),
  required: true,
  description,
});

const elections = someOf(
  whole({
    elections: {
      type: objects(
        whole({
          type: {
            type: openWord(
              ['local_use_tax', 'simplified_sellers_use_tax', 'single_local_use_tax'],
              'type of election',
              {
                typos: true,
              },
            ),
            required: true,
            description: '`local_use_tax`, `simplified_sellers_use_tax` or `single_local_use_tax`.',
          },
          jurisdiction: { type: text(), description: 'The FIPS code of the jurisdiction, in quotes.' },
        }),
        ['type', 'jurisdiction'],
      ),
      description: 'What you chose for your registration, in any order.',
    },
  }),
);

const registration = whole({
  type: {
    type: typeOfRegistration,
    required: true,
    description:
      'The type of registration, such as `standard`, `simplified`, `oss_union` or `state_sales_tax`. An unknown word is a warning, or an error if it is only a letter or two from a known one.',
  },
  state: { type: subdivision, description: 'In the US: the state, such as `CA`.' },
  standard: { type: scheme, description: 'Of type `standard`: `{ place_of_supply_scheme: small_seller }`.' },
  province_standard: {
    type: whole({
      province: {
        type: always(subdivision),
        required: true,
        description: 'The province, such as `BC`.',
      },
    }),
    description: 'Of type `province_standard`, in Canada: `{ province: BC }`.',
  },
  state_sales_tax: { type: elections, description: 'Of type `state_sales_tax`, in the US: elections.' },
  ...Object.fromEntries(
    LOCAL_TAXES.map((name): [string, Member] => [
      name,
      {
        type: whole({
          jurisdiction: jurisdiction("The code of the county or city in Stripe's list, or its FIPS code, in quotes."),
        }),
        description: `Of type \`${name}\`, in the US: \`{ jurisdiction: … }\`.`,
      },
    ]),
  ),
});

// One name that is not there is a difference: no file states a part of it.
const {
  open: _,
  partial: __,
  ...byCountry
} = map(registration, {
  pattern: '^[a-z]{2}$',
  patternErrorMessage: 'Expected a two-letter country code in lower case, such as de.',
});

/** The one country of a registration, with what it is for there. */
const countryOptions: Type = {
  ...byCountry,
  expected(node, context) {
    if (node.kind === 'map') noticeCountries([...node.entries.values()], context);
    return byCountry.expected(node, context);
  },
  // All that is live, whatever the file names.
  aligned: (expected, actual) => [expected, actual],
  identifier: placeIn,
};

/** What tells a registration from others of its country: its type, with the state, province or jurisdiction. */
function placeIn(options: Value): string {
  const [member = null] = Object.values(isRecord(options) ? options : {}) as Value[];
  const type = textOf(memberOf(member, 'type'));
  const own = type === null ? null : memberOf(member, type);
  const parts = [type, memberOf(member, 'state'), memberOf(own, 'province'), memberOf(own, 'jurisdiction')];
  return parts.filter((part) => part !== null).join(' ');
}

function noticeCountries(entries: readonly Entry[], context: Context): void {
  const [, second] = entries;
  if (second !== undefined)
    context.complain(second.at, 'is a second country: a registration has one. Add an entry for it');
  for (const { name, at, node } of entries) {
    const other = OTHER_CODES.get(name);
    if (other !== undefined) context.complain(at, `is not what Stripe calls the country. Write ${other}`);
    else if (!TYPES.has(name) && /^[a-z]{2}$/.test(name))
      context.complain(
        at,
        `is ${quote(name)}, a country in which Stripe has no registrations that this program knows`,
        'doubt',
      );
    if (node.kind === 'map') checkRegistration(name, at, node.entries, context);
  }
}

/** What goes together in a registration. */
function checkRegistration(
  code: string,
  at: Entry['at'],
  entries: ReadonlyMap<string, Entry>,
  { complain }: Context,
): void {
  const of = (node: Node | undefined) =>
    node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;
  const [type, state] = [entries.get('type'), entries.get('state')];
  const word = of(type?.node);
  const types = TYPES.get(code);
  const known = [...TYPES.values()].flat();
  if (type && word !== null && types && known.includes(word) && !types.includes(word)) {
    const expected = types.length > EU_TYPES.length ? `one such as ${types[0]}` : types.join(', ');
    complain(type.at, `is ${word}, which Stripe does not have in ${code}. Expected ${expected}`, 'doubt');
  }
  if (code === 'us' && (state === undefined || of(state.node) === null))
    complain(state?.at ?? at, 'has no state. Add it, such as state: CA');
  if (code !== 'us' && state && of(state.node) !== null) complain(state.at, 'goes only with us. Remove it', 'doubt');
  for (const { name, at: place, node } of entries.values()) {
    const isOfType = name !== 'type' && name !== 'state' && node.kind === 'map';
    if (isOfType && word !== null && name !== word)
      complain(place, `goes only with type: ${name}, and the type is ${bare(word)}. Remove it`, 'doubt');
  }
  const needs = word === 'province_standard' ? 'province' : LOCAL_TAXES.includes(word ?? '') ? 'jurisdiction' : null;
  if (type && word !== null && needs !== null && !entries.has(word))
    complain(type.at, `is ${word}, which needs its ${needs}. Add ${word}: { ${needs}: … }`);
  const standard = entries.get('standard');
  const stated = standard?.node.kind === 'map' ? of(standard.node.entries.get('place_of_supply_scheme')?.node) : null;
  if (standard && stated !== null && stated !== 'standard' && WITHOUT_SCHEME.includes(code))
    complain(standard.at, `is not in Stripe's answers for ${code}, so it can't be checked. Remove it`, 'doubt');
}

function checkEntry(stated: ReadonlyMap<string, Entry>, fields: Fields, { complain, now }: EntryContext): void {
  const [options, place] = [stated.get('country_options'), stated.get('country')];
  const code = textOf(fields.country)?.toLowerCase();
  const [name] = Object.keys(isRecord(fields.country_options) ? fields.country_options : {});
  if (options && place && code !== undefined && name !== undefined && name !== code && !OTHER_CODES.has(name))
    complain(
      options.at,
      `is of ${bare(name)}, but country ${placeWords(place.at, options.at)} is ${bare(String(fields.country))}. Write ${bare(code)}, or another country`,
      'doubt',
    );
  const [from, until] = [textOf(fields.active_from), textOf(fields.expires_at)];
  const end = stated.get('expires_at');
  if (!end || until === null) return;
  if (Date.parse(until) < now) {
    const remedy = 'Give a later day, or remove the entry';
    complain(end.at, `is ${bare(until)}, which has passed: the registration has ended. ${remedy}`, 'doubt');
  } else if (from !== null && Date.parse(from) >= Date.parse(until))
    complain(end.at, `is ${bare(until)}, not after active_from (${bare(from)})`, 'doubt');
}

/** Tax registrations (docs.stripe.com/api/tax/registrations). */
export const taxRegistrations: Resource<Stripe.Tax.Registration> = {
  section: 'tax_registrations',
  kind: 'tax registration',
  formerly: ['tax_registration', 'registrations', 'registration', 'nexus'],
  instead: {
    type: 'Write country_options: { de: { type: standard } }, with the country in lower case',
    state: 'Write country_options: { us: { type: state_sales_tax, state: CA } }',
    province: 'Write country_options: { ca: { type: province_standard, province_standard: { province: BC } } }',
    jurisdiction: 'Write it within country_options',
    status: 'Remove it: Stripe derives it from active_from and expires_at',
    active: 'Remove it: Stripe derives it from active_from and expires_at',
  },
  description:
    'A tax registration: where Stripe Tax collects which tax. Found by `id`, else by `country`, together with the type in `country_options`, its state, province and jurisdiction, if the entry states that. A registration is expected to be active or scheduled. Stripe never deletes one: it ends at `expires_at`.',
  example: `california:
  country: US
  country_options: { us: { type: state_sales_tax, state: CA } }
eu:
  country: IE
  country_options: { ie: { type: oss_union } }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The tax registration's id, `taxreg_…`. Finds the tax registration.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    country: {
      formerly: ['country_code'],
      type: always(country),
      description:
        "The country, as a two-letter code such as `DE`. Finds the tax registration if the entry has no `id`. Can't be changed after creation.",
      read: (live) => live.country,
      fixed: true,
    },
    country_options: {
      formerly: ['options'],
      type: always(countryOptions),
      description:
        "What the registration is for: the country in lower case, and below it the type and what belongs to it. Compared as a whole. Can't be changed after creation.",
      read: (live) => live.country_options,
      fixed: true,
    },
    active_from: {
      formerly: ['from', 'start', 'starts_at', 'active_at'],
      type: always(timestamp),
      description:
        'From when on Stripe collects the tax: a day (`2027-01-31` means its first second in UTC), or a time with a time zone (`2027-01-31T12:00:00Z`). A new registration starts at once if this is left out or has passed.',
      read: (live) => live.active_from,
      // When one started that is active says nothing of the future.
      implied: ({ status }) => status !== 'scheduled',
      lasting: true,
      risk: 'Stripe collects the tax from another moment on.',
    },
    expires_at: {
      formerly: ['until', 'end', 'ends_at', 'expires', 'active_until'],
      type: timestamp,
      description:
        'When the registration ends, in the same form. `null` means that it does not end, which is also expected of a registration that has ended if the entry leaves this out.',
      read: (live) => live.expires_at,
      // Stripe names no limit.
      yearsAhead: 100,
      risk: (to) =>
        to === null || to === undefined
          ? 'Stripe collects the tax again.'
          : 'After that, Stripe collects no tax there.',
    },
    status: {
      type: text(),
      description: 'Whether it is scheduled, active or expired.',
      read: (live) => live.status,
      observed: true,
    },
  },
  id: 'stripe',
  prefix: 'taxreg_',
  identities: [{ by: 'country', also: ['country_options'], portable: true }],
  state: {
    inForce: ({ status }) => status !== 'expired',
    span: { from: 'active_from', until: 'expires_at' },
    retire: { kind: 'update', parameters: { expires_at: 'now' } },
    restore: null,
    words: {
      retire: 'end',
      retired: 'expired',
      active: 'active or scheduled',
      meaning: 'Stripe collects no tax there any more.',
    },
  },
  permission: null,
  source: { path: '/v1/tax/registrations', list: 'v1', inForce: { status: 'all' } },
  unusual: true,
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => `${live.country} ${placeIn(countryOptions.actual(live.country_options))}`,
  naming: ({ country: code, country_options: options, active_from: from }) => ({
    names: [`${String(code)} ${placeIn(options ?? null)}`],
    marks: [textOf(from)],
  }),
  likeness: ({ country: code, country_options: options }) => JSON.stringify([code ?? null, placeIn(options ?? null)]),
  dashboard: 'tax/registrations',
  hasNoPage: true,
  command: {
    words: ['tax', 'registrations'],
    creation: (fields) => ['country', 'country_options'].find((name) => fields[name] == null) ?? { active_from: 'now' },
    replacement: () => ({}),
  },
  replacing: 'and end the old one',
  replacingRisk: 'What was collected under the old tax registration stays with it.',
  check: checkEntry,
  healthRules: {
    'tax-registration-expired': {
      severity: 'warning',
      finds: 'a tax registration that has expired as its entry says: Stripe collects no tax there',
    },
  },
  health({ inForce }, stated) {
    if (inForce || stated.expires_at == null) return [];
    const message = 'it has expired, so Stripe collects no tax there.';
    const remedy =
      'Remove the entry if that is meant. Else give it a later `expires_at`, or create a new registration.';
    return [{ rule: 'tax-registration-expired', field: 'expires_at', message, remedy }];
  },
};
