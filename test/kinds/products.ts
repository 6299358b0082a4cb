/** Products. */
import type { Arbitrary } from 'fast-check';
import type Stripe from 'stripe';
import { Digits, Names } from '../tree.ts';
import { below, type Check, type Kind, type Live, type LiveState, type RawObject, tellsBy } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Unsent, type Wire } from './raw.ts';
import {
  descriptor,
  emptyOr,
  metadataTree,
  noText,
  otherMetadata,
  otherText,
  storedMetadata,
  textOrNull,
  values,
  wholeTree,
} from './values.ts';

/** A product as the API sends it, nothing expanded. */
export type RawProduct = Wire<Omit<Stripe.Product, 'default_price' | 'tax_code'>> & {
  default_price?: string | null;
  tax_code?: string | null;
  /** Never sent with it: the list below it. */
  features?: RawAttachment[];
} & Unsent;

/** What has a feature and a product together. */
export type RawAttachment = Wire<Stripe.ProductFeature>;

export function attachment(id: string, number: number): RawAttachment {
  return {
    id: `prodft_${number}`,
    object: 'product_feature',
    entitlement_feature: {
      id,
      object: 'entitlements.feature',
      active: true,
      livemode: true,
      lookup_key: `key of ${id}`,
      metadata: {},
      name: `Feature ${id}`,
    },
    livemode: true,
  };
}

/** A product in force, in live mode. `tax_code` and `tax_details` say the same, whichever is stated. */
export function product(overrides: Overrides<RawProduct> = {}): RawProduct {
  const number = next();
  const created = overrides.created ?? EPOCH + number;
  const taxCode = overrides.tax_code ?? overrides.tax_details?.tax_code ?? null;
  return {
    id: `prod_${serial(number)}`,
    object: 'product',
    active: true,
    created,
    default_price: null,
    description: null,
    images: [],
    livemode: true,
    marketing_features: [],
    metadata: {},
    name: `Product ${number}`,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: taxCode,
    tax_details: taxCode === null ? null : { performance_location: null, tax_code: taxCode },
    type: 'service',
    unit_label: null,
    updated: created,
    url: null,
    ...stated(overrides),
  };
}

function inches(check: Check): Arbitrary<number> {
  return check.oneof(
    check.integer({ min: 1, max: 100_000 }).map((hundredths) => hundredths / 100),
    check.integer({ min: 1, max: 100_000 }).map((parts) => parts / 10_000),
  );
}

/** Stripe takes at most two decimals. */
function rounded<Sides extends object>(sides: Sides): Sides {
  const whole = Object.entries(sides).map(([side, inch]) => [side, Math.max(1, Math.round(inch * 100)) / 100]);
  return Object.fromEntries(whole);
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), with what is read below it.
  sample: {
    features: [attachment('feat_2', 1), attachment('feat_1', 2)],
    active: true,
    created: 1234567890,
    default_price: 'price_1PgafmB7WZ01zgkW02Hf9z6c',
    description: 'Comfortable gray cotton t-shirt',
    id: 'prod_QXg1hqf4jFNsqG',
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    name: 'T-shirt',
    object: 'product',
    package_dimensions: {
      height: 1221029593,
      length: 1106363674,
      weight: 791592328,
      width: 113126854,
    },
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    unit_label: null,
    updated: 1234567890,
    url: null,
    type: 'good',
  },
  kept: {
    label: 'T-shirt',
    fields: {
      id: 'prod_QXg1hqf4jFNsqG',
      name: 'T-shirt',
      active: true,
      description: 'Comfortable gray cotton t-shirt',
      default_price: 'price_1PgafmB7WZ01zgkW02Hf9z6c',
      images: null,
      features: ['feat_1', 'feat_2'],
      marketing_features: null,
      metadata: null,
      package_dimensions: { height: '1221029593', length: '1106363674', weight: '791592328', width: '113126854' },
      shippable: null,
      statement_descriptor: null,
      tax_code: null,
      tax_details: null,
      type: 'good',
      unit_label: null,
      url: null,
      attachments: [
        { id: 'prodft_1', entitlement_feature: 'feat_2' },
        { id: 'prodft_2', entitlement_feature: 'feat_1' },
      ],
    },
  },
  any(check) {
    const { text, someText, address, metadata } = values(check);
    return check
      .record({
        id: check.oneof(
          check.nat().map((serial) => `prod_${serial}`),
          check.stringMatching(/^[A-Za-z0-9_-]{1,12}$/),
          text,
        ),
        name: text,
        active: check.constantFrom(true, true, false),
        description: check.oneof(someText, check.constant(undefined)),
        images: check.array(address, { maxLength: 3 }),
        features: check
          .subarray(['feat_1', 'feat_2', 'feat_3'])
          .map((ids) => ids.map((id, index) => attachment(id, index + 1))),
        marketing_features: check.array(
          text.map((name) => ({ name })),
          { maxLength: 3 },
        ),
        metadata,
        package_dimensions: check.oneof(
          check.constantFrom(null, undefined),
          check.record({ height: inches(check), length: inches(check), weight: inches(check), width: inches(check) }),
        ),
        shippable: check.constantFrom(null, true, false, undefined),
        statement_descriptor: check.oneof(someText, check.constant(undefined)),
        tax: check.option(
          check.record({ tax_code: text, performance_location: check.constantFrom('taxloc_1', 'taxloc_2', null) }),
        ),
        type: check.constantFrom('good' as const, 'service' as const),
        unit_label: someText,
        url: check.option(address),
      })
      .map(({ tax, ...rest }) => {
        const taxes = { tax_code: tax?.tax_code ?? null, tax_details: tax };
        return product({ ...rest, ...taxes } as Parameters<typeof product>[0]) as unknown as Live;
      });
  },
  stated(live, dice, refer) {
    const dimensions = live.package_dimensions as Record<string, number> | null | undefined;
    const details = live.tax_details as Record<string, string | null> | null | undefined;
    return [
      ['id', live.id],
      ['name', live.name as string],
      ['active', live.active as boolean],
      ['description', textOrNull(live.description)],
      ['default_price', refer('prices', 'price_', live.default_price)],
      ['images', emptyOr(live.images as string[], dice)],
      [
        'features',
        emptyOr(
          dice.shuffled(attachedTo(live)).map((id) => refer('features', 'feat_', id)),
          dice,
        ),
      ],
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
                ['performance_location', refer('tax_locations', 'taxloc_', details.performance_location), null],
              ],
              dice,
            ),
      ],
      ['type', live.type as string],
      ['unit_label', textOrNull(live.unit_label)],
      ['url', textOrNull(live.url)],
    ];
  },
  natural: { field: 'name', other: 'other one' },
  state: { isActive: ({ active }) => active === true, field: { name: 'active', active: true, retired: false } },
  edits: {
    name: otherText('name'),
    description: otherText('description'),
    default_price: ({ default_price: id }) => ({ default_price: id === null ? 'price_other' : null }),
    images: ({ images }) => ({ images: [...(images as string[]), 'https://images.example.org/other.png'] }),
    features(live) {
      const [first, ...rest] = live.features as RawAttachment[];
      // One more, one fewer, or another.
      const more = rest.length === 1 ? [] : [attachment('feat_other', 9)];
      return { features: first === undefined ? more : [...rest, ...(rest.length === 0 ? [] : more)] };
    },
    marketing_features: ({ marketing_features: features }) => ({
      marketing_features: (features as unknown[]).length === 0 ? [{ name: 'Another' }] : [],
    }),
    metadata: otherMetadata,
    package_dimensions: ({ package_dimensions: sides }) => ({
      package_dimensions: { height: 1, length: 2, width: 3, ...(sides as object), weight: 1000.5 },
    }),
    shippable: ({ shippable }) => ({ shippable: shippable === true ? null : true }),
    statement_descriptor: otherText('statement_descriptor'),
    tax_code: ({ tax_code: found }) => ({ tax_code: found === null ? 'txcd_10000000' : null }),
    tax_details: ({ tax_details: details }) => ({
      tax_details: { tax_code: null, ...(details as object), performance_location: 'taxloc_other' },
    }),
    type: ({ type }) => ({ type: type === 'good' ? 'service' : 'good' }),
    unit_label: otherText('unit_label'),
    url: ({ url }) => ({ url: url === null ? 'https://shop.example.org' : null }),
  },
  tells: (live, found) =>
    live.default_price != null || tellsBy('name description statement_descriptor tax_code unit_label url', live, found),
  charge: null,
  refused: {
    id: ['""', 'id'],
    name: ['null', 'name'],
    active: ['yes please', 'Expected true or false'],
    description: ['[]', 'Expected'],
    default_price: ['nowhere', 'nowhere'],
    images: ['{}', 'Expected'],
    features: ['[nowhere]', 'nowhere'],
    marketing_features: ['[{ title: x }]', 'title'],
    metadata: ['[]', 'Expected'],
    package_dimensions: ['{ height: tall }', 'height'],
    shippable: ['perhaps', 'Expected'],
    statement_descriptor: ['[]', 'Expected'],
    tax_code: ['[]', 'Expected'],
    tax_details: ['[]', 'Expected'],
    type: ['gadget', 'service'],
    unit_label: ['[]', 'Expected'],
    url: ['not a url', 'url'],
  },
  row: {
    path: 'products',
    noun: 'product',
    permission: 'product_read',
    label: 'Products',
    created: true,
    filters: {
      shippable: (value) => (live) => String(live.shippable ?? false) === value,
      type: (value) => (live) => live.type === value,
      url: (value) => (live) => live.url === value,
    },
    several: { ids: { most: 100, alone: true, of: ({ id }) => id } },
    active: { unsaid: 'all' },
    expandable: ([first, ...rest], { expandable }) =>
      first === 'default_price' && (rest.length === 0 || expandable('prices', rest)),
    below: { features: ({ features }) => (features ?? []) as RawObject[] },
    render({ features: _, ...live }, paths, { expanded }) {
      const under = below(paths, 'default_price');
      return under === null ? live : { ...live, default_price: expanded('prices', live.default_price, under) };
    },
  },
  writes: {
    update:
      'active default_price description images marketing_features metadata name package_dimensions shippable statement_descriptor tax_code tax_details unit_label url',
    lasting: 'active default_price name shippable statement_descriptor',
    create: 'id type',
    later: 'default_price',
    below: {
      features: {
        command: 'product_features',
        create: 'entitlement_feature',
        make({ entitlement_feature: id }, others) {
          const number = Math.max(0, ...others.map((one) => Number(one.id.replace('prodft_', '')))) + 1;
          if (others.some((one) => (one as unknown as RawAttachment).entitlement_feature.id === id))
            throw new Error(`${id} is attached already`);
          return attachment(String(id), number) as unknown as Live;
        },
      },
    },
    blank: ({ id }) => product({ id: String(id ?? 'prod_new'), metadata: {}, features: [] }) as unknown as Live,
    lists: 'images marketing_features',
    numbers: 'height length weight width',
    flags: 'active shippable',
    // `tax_code` and `tax_details` mirror each other.
    shows(live, params) {
      const { tax_code: code, tax_details: details } = live as unknown as RawProduct;
      const [said, place] = 'tax_details' in params ? [details?.tax_code, details?.performance_location] : [code, null];
      const [tax_code, performance_location] = [said ?? null, place ?? details?.performance_location ?? null];
      const isTaxed = tax_code !== null || performance_location !== null;
      return { ...live, tax_code, tax_details: isTaxed ? { tax_code, performance_location } : null };
    },
    refuses({ before, after }, state) {
      const { id, default_price: price } = after as unknown as RawProduct;
      if (price == null || price === before?.default_price) return null;
      const isOwn = activePricesOf(id, state).some((one) => one === price);
      return isOwn ? null : 'a default price is an active price of the product';
    },
  },
  possible(live) {
    const { tax_code: code, tax_details: details, ...rest } = live as unknown as RawProduct;
    const place = details?.performance_location ?? null;
    const isTaxed = noText(code) !== null || place !== null;
    return {
      ...rest,
      description: noText(rest.description),
      statement_descriptor: noText(rest.statement_descriptor) && descriptor(String(rest.statement_descriptor)),
      package_dimensions: rest.package_dimensions && rounded(rest.package_dimensions),
      unit_label: noText(rest.unit_label),
      metadata: storedMetadata(rest.metadata),
      tax_code: noText(code),
      tax_details: isTaxed ? { tax_code: noText(code), performance_location: place } : null,
    } as unknown as Live;
  },
  together: [['tax_code', 'tax_details']],
};

/** The ids of the features of a product. */
function attachedTo({ features }: Live): string[] {
  return (features as RawAttachment[]).map(({ entitlement_feature: { id } }) => id);
}

/** The ids of the active prices of a product. */
export function activePricesOf(product: string, { prices = [] }: LiveState): string[] {
  return prices.flatMap((price) => (price.product === product && price.active === true ? [price.id] : []));
}
