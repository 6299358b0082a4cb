import type Stripe from 'stripe';
import { isRecord, type Symptom, type Value } from '../model.ts';
import { bare, capital, placeWords } from '../text.ts';
import { list, set } from '../vocabulary/collections.ts';
import { reference } from '../vocabulary/reference.ts';
import { always, decimal, flag, literal, objectId, text, url, word } from '../vocabulary/scalars.ts';
import { whole } from '../vocabulary/shape.ts';
import { memberOf, type Type } from '../vocabulary/type.ts';
import { descriptor } from './descriptor.ts';
import { metadata, metadataDescription } from './metadata.ts';
import { archivable, metadataTraces, pairTraces, type Resource, textOf } from './resource.ts';

/** Inches or ounces. */
const measure: Type = {
  ...decimal,
  expected(node, context) {
    const value = decimal.expected(node, context);
    if (typeof value === 'string' && /\.\d{3,}$/.test(value))
      context.complain(node.at, `is ${value}; Stripe accepts at most 2 decimals`, 'doubt');
    return value;
  },
};

const inches = (side: string) => ({
  type: always(measure),
  required: true as const,
  description: `${side}, in inches, with at most 2 decimals.`,
});

/** Fields of which two tell a product from others. */
const TELLING = ['name', 'description', 'statement_descriptor', 'tax_code', 'unit_label', 'url'];

/** Products (docs.stripe.com/api/products). */
export const products: Resource<Stripe.Product> = {
  section: 'products',
  kind: 'product',
  formerly: ['product'],
  instead: {
    status: 'Write active: true, or active: false',
    enabled: 'Write active: true, or active: false',
    archived: 'Write active: false',
    default_price_data: 'Write default_price instead, with the name of an entry in prices',
    attributes: 'Write metadata instead',
  },
  description: 'A product that you sell. Found by `id`, else by `name`.',
  example: `pro:
  id: prod_pro
  name: Pro
  default_price: pro_monthly
  tax_code: txcd_10103001
  metadata: { plan: pro }`,
  fields: {
    id: {
      formerly: ['product_id'],
      type: always(literal(text())),
      description: "The product's id: `prod_…`, or any text that you chose at creation. Finds the product.",
      read: (live) => live.id,
      fixed: true,
      unique: true,
    },
    name: {
      formerly: ['title', 'label'],
      type: always(text()),
      description: 'The name that customers see. Finds the product if the entry has no `id`.',
      read: (live) => live.name,
    },
    active: {
      type: always(flag),
      description: 'Whether it can be sold. If left out, `true` is expected.',
      default: true,
      read: (live) => live.active,
    },
    description: {
      formerly: ['caption'],
      type: text(40_000),
      description: 'The description that customers see, at most 40,000 characters.',
      read: (live) => live.description ?? null,
    },
    default_price: {
      formerly: ['price', 'price_id', 'default_price_id', 'prices'],
      type: reference('prices', 'price_'),
      description: 'The default price: the name of an entry in `prices`, or an id (`price_…`, or `{ id: … }`).',
      read: (live) => live.default_price ?? null,
      lasting: true,
      // No price belongs to a product that is not there yet.
      later: true,
      needs: 'locks',
      mutual: 'product',
      parameters(value, request) {
        if (request === 'create') return {};
        return typeof value === 'string' ? { default_price: value } : null;
      },
    },
    images: {
      formerly: ['image', 'image_url'],
      type: list(url(), 8),
      description: 'URLs of images, at most 8, in order.',
      read: (live) => live.images ?? null,
    },
    features: {
      formerly: ['entitlements', 'entitlement_features'],
      type: set(reference('features', 'feat_')),
      description:
        'Features of entitlements that customers get with the product, in any order: names of entries in `features`, or ids. (What pricing tables show is `marketing_features`.) A check makes a request for each product that states it; an export leaves it out, unless it updates an entry that states it.',
      from: [],
      each: 'features',
      read: (live) => attachedTo(live)?.map((one) => memberOf(one, 'entitlement_feature')),
      // None can be attached to a product that is not there yet.
      later: true,
      risk: 'Customers with this product get the features that are added, and lose those that are taken out.',
      items: {
        words: ['product_features'],
        parameters: (feature) => ({ entitlement_feature: feature }),
        idOf(feature, { attachments }) {
          const all = Array.isArray(attachments) ? attachments : [];
          return textOf(
            memberOf(
              all.find((one) => memberOf(one, 'entitlement_feature') === feature),
              'id',
            ),
          );
        },
      },
      parameters: () => ({}),
    },
    marketing_features: {
      formerly: ['feature_list'],
      type: list(
        whole({ name: { type: always(text(80)), required: true, description: 'The feature, at most 80 characters.' } }),
        15,
      ),
      description: 'Features shown in pricing tables, at most 15, in order.',
      read: (live) => live.marketing_features ?? null,
    },
    metadata: { type: metadata, description: metadataDescription, own: true, read: (live) => live.metadata ?? null },
    package_dimensions: {
      type: whole({
        height: inches('Height'),
        length: inches('Length'),
        weight: { type: always(measure), required: true, description: 'Weight, in ounces, with at most 2 decimals.' },
        width: inches('Width'),
      }),
      description: 'Dimensions for shipping. Compared as a whole.',
      read: (live) => live.package_dimensions ?? null,
    },
    shippable: {
      type: flag,
      description: 'Whether it is shipped (physical goods).',
      read: (live) => live.shippable ?? null,
      lasting: true,
    },
    statement_descriptor: {
      type: descriptor(22),
      description: "The text on customers' statements, at most 22 characters. Only used for subscriptions.",
      read: (live) => live.statement_descriptor ?? null,
      lasting: true,
    },
    tax_code: {
      formerly: ['tax_category'],
      type: objectId,
      description: 'A tax code, `txcd_…`.',
      read: (live) => live.tax_code ?? null,
      mirrors: ['tax_details'],
    },
    tax_details: {
      type: whole({
        tax_code: {
          type: objectId,
          description:
            'A tax code, `txcd_…`. Stripe keeps it equal to `tax_code` of the product: state only one of the two.',
        },
        performance_location: {
          type: reference('tax_locations', 'taxloc_'),
          description:
            'The tax location where a performance takes place: the name of an entry in `tax_locations`, or an id.',
        },
      }),
      description: 'Tax details. Compared as a whole.',
      read: (live) => live.tax_details ?? null,
      mirrors: ['tax_code'],
      implied({ tax_code: code, tax_details: details }) {
        return isRecord(details) && details.tax_code === code && details.performance_location === null;
      },
    },
    type: {
      type: always(word(['good', 'service'])),
      description:
        "`service` (the default) for subscriptions, `good` for Stripe's former orders. Can't be changed after creation.",
      read: (live) => live.type ?? null,
      fixed: true,
      implied: ({ type }) => type === 'service',
    },
    unit_label: {
      type: text(12),
      description: 'The unit on receipts and invoices, such as `seat`, at most 12 characters.',
      read: (live) => live.unit_label ?? null,
    },
    url: { type: url(), description: 'A public page about the product.', read: (live) => live.url ?? null },
    attachments: {
      type: list(
        whole({
          id: { type: text(), description: 'The id by which it is taken out.' },
          entitlement_feature: { type: objectId, description: 'The feature.' },
        }),
      ),
      description: 'The features of entitlements, each with an id of its own.',
      from: ['features'],
      each: 'features',
      read: attachedTo,
      observed: true,
    },
  },
  id: 'owner',
  prefix: 'prod_',
  inCode: { prefix: 'prod_', lengths: [14] },
  identities: [{ by: 'name' }],
  state: archivable('It can no longer be sold.'),
  permission: { slug: 'rak_product_read', label: 'Products' },
  source: {
    path: '/v1/products',
    list: 'v1',
    inForce: { active: 'true' },
    retired: { active: 'false' },
    created: true,
  },
  lookUp: { id: { query: 'ids', batch: 100 } },
  label: (live) => live.name,
  naming({ name }, { key }) {
    return { keys: [key], names: [textOf(name)], marks: [] };
  },
  likeness: ({ name }) => textOf(name),
  // A price is the default of its own product alone.
  traces: ({ default_price: price, ...fields }) => [
    ...metadataTraces(fields),
    ...pairTraces(fields, TELLING),
    ...(typeof price === 'string' ? [JSON.stringify(['default_price', price])] : []),
  ],
  dashboard: 'products',
  command: { words: ['products'], creation: ({ name }) => (name == null ? 'name' : {}) },
  replacing: 'create its prices again for the new product, and archive the old one',
  replacingRisk: 'Subscriptions stay on the prices of the old product until you move them.',
  healthOf: [['default_price']],
  healthRules: {
    'default-price-of-another-product': {
      severity: 'warning',
      finds: 'an active product whose default price belongs to another product',
    },
    'default-price-archived': { severity: 'warning', finds: 'an active product whose default price is archived' },
  },
  health({ id, fields, inForce }, _stated, others) {
    const price = typeof fields.default_price === 'string' ? others.find('prices', fields.default_price) : undefined;
    if (!inForce || price === undefined) return [];
    const another =
      'make an active price of this product its default price (`default_price` in `stripe products update`), and state that one if the file states `default_price`.';
    const symptom = (rule: string, message: string, field: string, remedy: string): Symptom[] => [
      {
        rule,
        field: 'default_price',
        message,
        remedy,
        cause: { section: 'prices', id: price.id, field },
      },
    ];
    if (price.fields.product !== undefined && price.fields.product !== id)
      return symptom(
        'default-price-of-another-product',
        'its default price belongs to another product.',
        'product',
        capital(another),
      );
    if (price.inForce) return [];
    const remedy = `To sell it again, activate the price (\`active=true\` in \`stripe prices update\`). Else ${another}`;
    return symptom('default-price-archived', 'its default price is archived.', 'active', remedy);
  },
  check(stated, fields, context) {
    const details = fields.tax_details as { tax_code: string | null } | null | undefined;
    const [entry, code] = [stated.get('tax_details'), stated.get('tax_code')];
    if (!entry || !code || !details || details.tax_code === fields.tax_code) return;
    const says = (value: Value | undefined) => (typeof value === 'string' ? bare(value) : 'nothing');
    context.complain(
      entry.at,
      `says ${says(details.tax_code)} as tax_code, but tax_code ${placeWords(code.at, entry.at)} says ${says(fields.tax_code)}: Stripe keeps both equal. State only one of them`,
    );
  },
  checkBeside({ name, fields, at }, others, complain) {
    const price = others.find('prices', fields.default_price);
    const place = at(['default_price']);
    if (price === undefined) return;
    const { product } = price.fields;
    const isOther = isRecord(product)
      ? 'entry' in product
        ? product.entry !== name && others.find('products', product) !== undefined
        : typeof fields.id === 'string' && product.id !== fields.id
      : false;
    if (!isOther || !isRecord(product)) return;
    const owner = `belongs to product ${bare(String(product.entry ?? product.id))} ${placeWords(price.at(['product']), place)}`;
    complain(place, `is ${bare(price.name)}, which ${owner}. Name a price of this product`);
  },
};

/** What has a feature and a product together; undefined where it was not read. */
function attachedTo(live: Stripe.Product): readonly unknown[] | undefined {
  const { features } = live as { readonly features?: unknown };
  return Array.isArray(features) ? features : undefined;
}
