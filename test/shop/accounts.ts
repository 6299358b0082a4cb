/** Generated Stripe accounts, and the files that declare them in full. */
import * as fc from 'fast-check';
import { eventTypes } from '../../src/resources/events.ts';
import { price, product, type RawTier, tier, webhookEndpoint } from '../kinds/objects.ts';
import { type Dice, Digits, Loose, Names, type Tree, Words } from '../yaml-style.ts';

/** A live object as JSON has it. */
export type Live = { id: string; [field: string]: unknown };

export const SECTIONS = ['webhooks', 'products', 'prices'] as const;
export type Section = (typeof SECTIONS)[number];
export type Account = Readonly<Record<Section, readonly Live[]>>;

/** How an entry finds its object. */
export type Finder = 'id' | 'natural' | 'match';

/** A live object and the name under which the file declares it. */
export interface Entry {
  readonly section: Section;
  readonly name: string;
  readonly live: Live;
  readonly finder: Finder;
}

/** An account with every object declared. */
export interface Case {
  readonly entries: readonly Entry[];
  readonly seed: number;
}

/** The field of an entry's first identity where no id is stated. */
export const NATURAL: Readonly<Record<Section, string>> = { webhooks: 'url', products: 'name', prices: 'lookup_key' };

/** The field that says whether an object is in force, and its two values. */
export const STATE: Readonly<Record<Section, { field: string; on: unknown; off: unknown }>> = {
  webhooks: { field: 'status', on: 'enabled', off: 'disabled' },
  products: { field: 'active', on: true, off: false },
  prices: { field: 'active', on: true, off: false },
};

// --- Text

const HOSTILE = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '<<',
  '*',
  '&a',
  'null',
  '~',
  'true',
  'no',
  '1.10',
  '007',
  '1e3',
  '0x10',
  '.inf',
  'inf',
  '2027-01-31',
  'a.b',
  'a/b~c',
  'match',
  'id',
  'environments',
  '- x',
  'a: b',
  'a #b',
  '%TAG',
  '`"\'|>',
  '{a}',
  '[b]',
  '!tag',
  '---',
  '\\',
  '::error::x',
  '##[error]x',
  '<b>@octocat</b>',
  '\u202eabc',
  '😀',
  'e\u0301',
  '中文',
  'first\nsecond',
  'first\n\n  second\n',
  '\ttab',
  ' spaces ',
  'a\r\nb',
  '\u0085\u2028\ufeff',
  '\u0000',
];

/** Text that is hostile to YAML, to JavaScript and to whoever prints it; never empty. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 2, arbitrary: fc.stringMatching(/^[A-Za-z][A-Za-z0-9 _-]{0,20}$/) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.lorem({ maxCount: 30 }) },
);

/** Text, or one of the ways in which Stripe says that there is none. */
const someText = fc.option(fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: fc.constant('') }));

const address: fc.Arbitrary<string> = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom(
    'https://api.example.com/stripe',
    'https://API.example.com:443/stripe/',
    'http://user:secret@example.com:8080/a%20b?token=x&y#z',
    'https://münchen.example/ünïcode',
    'HTTPS://example.com',
  ),
);

const metadata = fc.dictionary(
  // Node 24.21 at times parses the JSON name "\u0000", alone, as a backslash: no name of ours, and none of Stripe's.
  text.filter((name) => name !== '\u0000'),
  fc.oneof(
    text,
    fc.constantFrom('1.10', '20', '0', 'true', 'false', '', '007', '12345678901234567890', '0.000000000001'),
  ),
  { maxKeys: 4, noNullPrototype: false },
);

// --- Numbers

const whole: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('0', '1', '2000', '999999999999'),
  fc.nat({ max: 100_000 }).map(String),
);

/** A decimal with one to twelve decimals, the last of them no zero. */
const broken = fc
  .tuple(whole, fc.stringMatching(/^[0-9]{0,11}[1-9]$/))
  .map(([integer, fraction]) => `${integer}.${fraction}`);

/** Both forms of an amount as Stripe sends them. */
interface Amounts {
  readonly unit_amount: number | null;
  readonly unit_amount_decimal: string | null;
}
const amounts: fc.Arbitrary<Amounts> = fc.oneof(
  whole.map((amount) => ({ unit_amount: Number(amount), unit_amount_decimal: amount })),
  broken.map((amount) => ({ unit_amount: null, unit_amount_decimal: amount })),
);
const noAmounts: Amounts = { unit_amount: null, unit_amount_decimal: null };

const customAmount = fc.record({
  maximum: fc.option(fc.nat({ max: 1_000_000 })),
  minimum: fc.option(fc.nat({ max: 1_000_000 })),
  preset: fc.option(fc.nat({ max: 1_000_000 })),
});

const tiers: fc.Arbitrary<RawTier[]> = fc
  .array(
    fc.record({
      units: fc.integer({ min: 1, max: 1_000_000 }),
      flat: fc.option(amounts),
      unit: fc.option(amounts),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => {
    let end = 0;
    return list.map(({ units, flat, unit }, index) => {
      end += units;
      return tier({
        up_to: index === list.length - 1 ? null : end,
        ...(unit ?? noAmounts),
        flat_amount: (flat ?? noAmounts).unit_amount,
        flat_amount_decimal: (flat ?? noAmounts).unit_amount_decimal,
      });
    });
  });

const taxBehavior = fc.constantFrom('exclusive' as const, 'inclusive' as const, 'unspecified' as const);

// --- Objects

const EVENTS = [...eventTypes.slice(0, 3), 'invoice.paid', 'checkout.session.completed', 'charge.made_up', '__proto__'];

export const webhooks: fc.Arbitrary<Live> = fc
  .record({
    serial: fc.nat(),
    url: address,
    application: fc.constantFrom(null, '', 'ca_123'),
    status: fc.constantFrom('enabled' as const, 'enabled' as const, 'disabled' as const),
    enabled_events: fc.shuffledSubarray(EVENTS, { minLength: 1 }),
    api_version: fc.constantFrom(null, '2026-10-28.endive', '2019-03-14', '2031-01-01.made_up'),
    description: someText,
    metadata,
  })
  .map(({ serial, ...rest }) => webhookEndpoint({ id: `we_${serial}`, ...rest }) as unknown as Live);

export const products: fc.Arbitrary<Live> = fc
  .record({
    id: fc.oneof(
      fc.nat().map((serial) => `prod_${serial}`),
      fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/),
      text,
    ),
    name: text,
    active: fc.constantFrom(true, true, false),
    description: fc.oneof(someText, fc.constant(undefined)),
    images: fc.array(address, { maxLength: 3 }),
    marketing_features: fc.array(
      text.map((name) => ({ name })),
      { maxLength: 3 },
    ),
    metadata,
    package_dimensions: fc.oneof(
      fc.constantFrom(null, undefined),
      fc.record({ height: inches(), length: inches(), weight: inches(), width: inches() }),
    ),
    shippable: fc.constantFrom(null, true, false, undefined),
    statement_descriptor: fc.oneof(someText, fc.constant(undefined)),
    tax: fc.option(fc.record({ tax_code: text, performance_location: fc.option(text) })),
    type: fc.constantFrom('good' as const, 'service' as const),
    unit_label: someText,
    url: fc.option(address),
  })
  .map(({ tax, ...rest }) => {
    const taxes = { tax_code: tax?.tax_code ?? null, tax_details: tax };
    return product({ ...rest, ...taxes } as Parameters<typeof product>[0]) as unknown as Live;
  });

function inches(): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: 100_000 }).map((hundredths) => hundredths / 100);
}

const recurring = fc.record({
  interval: fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const),
  interval_count: fc.constantFrom(1, 1, 2, 3, 12),
  meter: fc.option(text),
  trial_period_days: fc.option(fc.integer({ min: 1, max: 730 })),
  usage_type: fc.constantFrom('licensed' as const, 'metered' as const),
});

/** What a price costs, in one of the four ways. */
type Cost =
  | { readonly way: 'amount'; readonly amounts: Amounts }
  | {
      readonly way: 'custom';
      readonly custom: { maximum: number | null; minimum: number | null; preset: number | null };
    }
  | { readonly way: 'tiers'; readonly tiers: RawTier[] };
const cost: fc.Arbitrary<Cost> = fc.oneof(
  { weight: 3, arbitrary: amounts.map((found) => ({ way: 'amount' as const, amounts: found })) },
  { weight: 1, arbitrary: customAmount.map((custom) => ({ way: 'custom' as const, custom })) },
  { weight: 2, arbitrary: tiers.map((found) => ({ way: 'tiers' as const, tiers: found })) },
);

function costs(found: Cost) {
  return {
    ...(found.way === 'amount' ? found.amounts : noAmounts),
    custom_unit_amount: found.way === 'custom' ? found.custom : null,
    ...(found.way === 'tiers' && { tiers: found.tiers }),
  };
}

export const prices: fc.Arbitrary<Live> = fc
  .record({
    serial: fc.nat(),
    active: fc.constantFrom(true, true, false),
    lookup_key: someText,
    nickname: someText,
    product: fc.oneof(
      fc.nat({ max: 3 }).map((serial) => `prod_${serial}`),
      text,
    ),
    currency: fc.constantFrom('usd', 'jpy', 'kwd', 'isk'),
    cost,
    tiers_mode: fc.constantFrom('graduated' as const, 'volume' as const),
    recurring: fc.option(recurring),
    transform_quantity: fc.option(
      fc.record({
        divide_by: fc.integer({ min: 1, max: 1000 }),
        round: fc.constantFrom('up' as const, 'down' as const),
      }),
    ),
    tax_behavior: taxBehavior,
    options: fc.option(
      fc.dictionary(fc.constantFrom('eur', 'gbp', 'chf'), fc.record({ cost, tax_behavior: taxBehavior }), {
        maxKeys: 3,
      }),
    ),
    metadata,
  })
  .map(({ serial, cost: found, tiers_mode, options, ...rest }) => {
    const tiered = found.way === 'tiers';
    return price({
      id: `price_${serial}`,
      ...rest,
      ...costs(found),
      billing_scheme: tiered ? 'tiered' : 'per_unit',
      tiers_mode: tiered ? tiers_mode : null,
      ...(options !== null && {
        currency_options: Object.fromEntries(
          Object.entries(options).map(([code, { cost: other, tax_behavior }]) => [
            code,
            { ...costs(other), tax_behavior },
          ]),
        ),
      }),
    }) as unknown as Live;
  });

const OBJECTS: Readonly<Record<Section, fc.Arbitrary<Live>>> = { webhooks, products, prices };

/** An account in which every object has an entry, found in one of the ways that lead to it alone. At least one object. */
export function cases(least = 1): fc.Arbitrary<Case> {
  const section = (name: Section) => fc.uniqueArray(OBJECTS[name], { selector: ({ id }) => id, maxLength: 3 });
  const plan = fc.record({ name: text, finder: fc.constantFrom<Finder>('id', 'id', 'natural', 'match') });
  return fc
    .record({
      webhooks: section('webhooks'),
      products: section('products'),
      prices: section('prices'),
      plans: fc.array(plan, { minLength: 9, maxLength: 9 }),
      seed: fc.integer(),
    })
    .filter((made) => SECTIONS.some((name) => made[name].length >= least))
    .map(({ plans, seed, ...account }) => {
      let next = 0;
      const entries = SECTIONS.flatMap((name) => {
        const taken = new Set<string>();
        return account[name].map((live): Entry => {
          const { name: wanted, finder } = plans[next] as { name: string; finder: Finder };
          next += 1;
          let free = wanted;
          while (taken.has(free)) free += "'";
          taken.add(free);
          return { section: name, name: free, live, finder: possible(finder, name, live, account[name]) };
        });
      });
      return { entries, seed };
    });
}

/** The way that is wanted, where it leads to this object alone; else its id. */
function possible(finder: Finder, section: Section, live: Live, all: readonly Live[]): Finder {
  const natural = live[NATURAL[section]];
  if (
    finder === 'natural' &&
    usable(natural) &&
    all.every((other) => other === live || other[NATURAL[section]] !== natural)
  )
    return 'natural';
  const marks = (other: Live) => (other.metadata as Record<string, string>)[mark(live) ?? ''];
  if (finder === 'match' && mark(live) !== null && all.every((other) => other === live || marks(other) !== marks(live)))
    return 'match';
  return 'id';
}

function usable(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** A name in the metadata by which an object can be found. */
export function mark(live: Live): string | null {
  const [found] = Object.entries(live.metadata as Record<string, string>).find(([, value]) => value !== '') ?? [];
  return found ?? null;
}

/** The field by which an entry finds its object. */
export function identityField({ section, finder }: Entry): string {
  if (finder === 'match') return 'metadata';
  return finder === 'id' ? 'id' : NATURAL[section];
}

/** The live side as a snapshot's text. */
export function snapshot(
  entries: readonly { section: Section; live: Live }[],
  order: (list: Live[]) => Live[] = (list) => list,
): string {
  const sections = Object.fromEntries(
    SECTIONS.map((name) => [name, order(entries.filter(({ section }) => section === name).map(({ live }) => live))]),
  );
  return JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1Abc', sections });
}

// --- Declarations

/**
 * A file that states every field of every object; `chosen` leaves out fields that it does not name. Health is a question of
 * its own, and an account made by chance is seldom well: the file accepts it.
 */
export function declaration(
  entries: readonly Entry[],
  dice: Dice,
  chosen: (entry: Entry, field: string) => boolean = () => true,
): Names {
  const sections = SECTIONS.filter((name) => entries.some(({ section }) => section === name));
  return new Names([
    ['policy', new Names([['unhealthy', 'ignore']])],
    ...sections.map((name): readonly [string, Tree] => [
      name,
      new Names(
        entries
          .filter(({ section }) => section === name)
          .map((entry) => [entry.name, declared(entry, entries, dice, chosen)] as const),
      ),
    ]),
  ]);
}

function declared(
  entry: Entry,
  entries: readonly Entry[],
  dice: Dice,
  chosen: (entry: Entry, field: string) => boolean,
): Names {
  const { section, live, finder } = entry;
  const reference = (target: Section, prefix: string, id: unknown): Tree => {
    if (!usable(id)) return null;
    const named = entries.find((other) => other.section === target && other.live.id === id);
    if (named !== undefined && dice.often(60)) return named.name;
    const taken = entries.some((other) => other.section === target && other.name === id);
    return id.startsWith(prefix) && !taken && dice.often(50) ? id : new Names([['id', id]]);
  };
  const pairs =
    section === 'webhooks'
      ? webhookPairs(live)
      : section === 'products'
        ? productPairs(live, dice, reference)
        : pricePairs(live, dice, reference);
  const state = STATE[section];
  const found = identityField(entry);
  const inForce = live[state.field] === state.on;
  const stated = pairs.filter(([field]) => {
    if (field === found) return true;
    if (field === 'id') return finder === 'match' && dice.often(50);
    if (field === state.field && !inForce) return true;
    return chosen(entry, field);
  });
  const match: (readonly [string, Tree])[] =
    finder !== 'match' ? [] : [['match', dice.often(50) ? `metadata.${mark(live)}` : [`metadata.${mark(live)}`]]];
  const whatBaseNeeds = ['match', found, 'tax_code', 'tax_details', state.field];
  return new Names([...match, ...stated], whatBaseNeeds);
}

type Reference = (target: Section, prefix: string, id: unknown) => Tree;
type Pairs = (readonly [string, Tree])[];

function webhookPairs(live: Live): Pairs {
  return [
    ['id', live.id],
    ['url', live.url as string],
    ['connect', live.application !== null && live.application !== ''],
    ['status', live.status as string],
    ['enabled_events', new Words(live.enabled_events as string[])],
    ['api_version', live.api_version as string | null],
    ['description', textOrNull(live.description)],
    ['metadata', metadataTree(live)],
  ];
}

function productPairs(live: Live, dice: Dice, reference: Reference): Pairs {
  const dimensions = live.package_dimensions as Record<string, number> | null | undefined;
  const details = live.tax_details as Record<string, string | null> | null | undefined;
  return [
    ['id', live.id],
    ['name', live.name as string],
    ['active', live.active as boolean],
    ['description', textOrNull(live.description)],
    ['default_price', reference('prices', 'price_', live.default_price)],
    ['images', emptyOr(live.images as string[], dice)],
    [
      'marketing_features',
      emptyOr(
        (live.marketing_features as { name: string }[]).map(({ name }) => new Names([['name', name]])),
        dice,
      ),
    ],
    ['metadata', metadataTree(live)],
    [
      'package_dimensions',
      dimensions == null
        ? null
        : new Names(Object.entries(dimensions).map(([side, inch]) => [side, new Digits(String(inch), 'decimal')])),
    ],
    ['shippable', (live.shippable ?? null) as boolean | null],
    ['statement_descriptor', textOrNull(live.statement_descriptor)],
    ['tax_code', textOrNull(live.tax_code)],
    [
      'tax_details',
      details == null
        ? null
        : wholeTree(
            [
              ['tax_code', textOrNull(details.tax_code), null],
              ['performance_location', textOrNull(details.performance_location), null],
            ],
            dice,
          ),
    ],
    ['type', live.type as string],
    ['unit_label', textOrNull(live.unit_label)],
    ['url', textOrNull(live.url)],
  ];
}

function pricePairs(live: Live, dice: Dice, reference: Reference): Pairs {
  const cycle = live.recurring as Record<string, string | number | null> | null;
  const transform = live.transform_quantity as { divide_by: number; round: string } | null;
  const options = live.currency_options as Record<string, Record<string, unknown>> | undefined;
  return [
    ['id', live.id],
    ['lookup_key', textOrNull(live.lookup_key)],
    ['active', live.active as boolean],
    ['nickname', textOrNull(live.nickname)],
    ['product', reference('products', 'prod_', live.product)],
    ['currency', live.currency as string],
    ...amountPairs('unit_amount', live as unknown as Amounts, dice),
    ['custom_unit_amount', customTree(live.custom_unit_amount, dice)],
    ['billing_scheme', live.billing_scheme as string],
    ['tiers_mode', live.tiers_mode as string | null],
    ['tiers', tiersTree(live.tiers, dice)],
    [
      'recurring',
      cycle === null
        ? null
        : wholeTree(
            [
              ['interval', cycle.interval as string, undefined],
              ['interval_count', new Digits(String(cycle.interval_count), 'integer'), '1'],
              ['usage_type', cycle.usage_type as string, 'licensed'],
              ['meter', textOrNull(cycle.meter), null],
              [
                'trial_period_days',
                cycle.trial_period_days === null ? null : new Digits(String(cycle.trial_period_days), 'integer'),
                null,
              ],
            ],
            dice,
          ),
    ],
    [
      'transform_quantity',
      transform === null
        ? null
        : new Names([
            ['divide_by', new Digits(String(transform.divide_by), 'integer')],
            ['round', transform.round],
          ]),
    ],
    ['tax_behavior', taxTree(live.tax_behavior, dice)],
    ...(options === undefined
      ? []
      : [['currency_options', optionsTree(options, live.currency as string, dice)] as const]),
    ['metadata', metadataTree(live)],
    ['type', live.type as string],
  ];
}

function textOrNull(value: unknown): string | null {
  return usable(value) ? value : null;
}

function emptyOr(list: readonly Tree[], dice: Dice): Tree {
  return list.length === 0 && dice.often(50) ? null : list;
}

function metadataTree(live: Live): Tree {
  const pairs = Object.entries(live.metadata as Record<string, string>);
  return new Names(pairs.map(([name, value]) => [name, value === '' ? null : new Loose(value)]));
}

function taxTree(value: unknown, dice: Dice): Tree {
  return value === 'unspecified' && dice.often(50) ? null : (value as string);
}

/** A whole value: what equals its default may be left out; `undefined` says that it may not. */
function wholeTree(members: readonly (readonly [string, Tree, string | null | undefined])[], dice: Dice): Names {
  const plain = (tree: Tree) => (tree instanceof Digits ? tree.canonical : tree);
  const kept = members.filter(([, tree, fallback]) => plain(tree) !== fallback || dice.often(40));
  const [first] = members;
  const pairs = kept.length === 0 && first !== undefined ? [first] : kept;
  return new Names(pairs.map(([name, tree]) => [name, tree]));
}

/** An amount under one of its two spellings, or both. */
function amountPairs(
  name: string,
  { unit_amount, unit_amount_decimal }: Amounts,
  dice: Dice,
  fallback?: string,
): Pairs {
  const decimal = `${name}_decimal`;
  if (unit_amount_decimal === null) {
    if (fallback !== undefined && dice.often(50)) return [];
    const none = fallback !== undefined && dice.often(30) ? new Digits('0', 'amount') : null;
    return [[dice.pick([name, decimal]), none]];
  }
  const exact = new Digits(unit_amount_decimal, 'decimal');
  if (unit_amount === null)
    return dice.pick<Pairs>([
      [[decimal, exact]],
      [
        [name, null],
        [decimal, exact],
      ],
    ]);
  if (unit_amount === 0 && fallback === '0' && dice.often(30)) return [];
  const amount = new Digits(String(unit_amount), 'amount');
  return dice.pick<Pairs>([
    [[name, amount]],
    [[decimal, exact]],
    [
      [name, amount],
      [decimal, exact],
    ],
  ]);
}

function customTree(value: unknown, dice: Dice): Tree {
  if (value === null || value === undefined) return dice.often(80) ? null : new Names([['enabled', false]]);
  const pairs = Object.entries(value as Record<string, number | null>).filter(
    ([, limit]) => limit !== null || dice.often(40),
  );
  const tree = pairs.map(
    ([name, limit]) => [name, limit === null ? null : new Digits(String(limit), 'amount')] as const,
  );
  return new Names(tree.length === 0 || dice.often(30) ? [['enabled', true], ...tree] : tree);
}

function tiersTree(value: unknown, dice: Dice): Tree {
  if (value === null || value === undefined) return null;
  return (value as RawTier[]).map((raw) => {
    const end: Pairs =
      raw.up_to !== null
        ? [['up_to', new Digits(String(raw.up_to), 'integer')]]
        : dice.pick<Pairs>([[['up_to', 'inf']], [['up_to', 'inf']], [['up_to', null]]]);
    return new Names([
      ...end,
      ...amountPairs('unit_amount', raw as Amounts, dice, '0'),
      ...amountPairs(
        'flat_amount',
        { unit_amount: raw.flat_amount ?? null, unit_amount_decimal: raw.flat_amount_decimal as string | null },
        dice,
        '0',
      ),
    ]);
  });
}

function optionsTree(options: Record<string, Record<string, unknown>>, base: string, dice: Dice): Tree {
  const others = Object.entries(options).filter(([code]) => code !== base || dice.often(50));
  if (others.length === 0) return dice.often(50) ? null : new Names([]);
  return new Names(
    others.map(([code, option]) => [
      code,
      new Names([
        ...amountPairs('unit_amount', option as unknown as Amounts, dice),
        ['custom_unit_amount', customTree(option.custom_unit_amount, dice)],
        ['tax_behavior', taxTree(option.tax_behavior, dice)],
        ...('tiers' in option ? [['tiers', tiersTree(option.tiers, dice)] as const] : []),
      ]),
    ]),
  );
}
