/** What may change in a live object, one field at a time. */
import { type Entry, identityField, type Live, type Section } from './accounts.ts';

/** A live object with a change, and what it is that changed. */
export interface Edit {
  readonly field: string;
  readonly live: Live;
}

/** Every change to one field that can be told from no change, by section. */
const EDITS: Readonly<Record<Section, Readonly<Record<string, (live: Live) => Partial<Live> | null>>>> = {
  webhooks: {
    url: () => ({ url: 'https://elsewhere.example.org/hook' }),
    connect: ({ application }) => ({ application: application === null || application === '' ? 'ca_other' : null }),
    enabled_events: ({ enabled_events: events }) => ({
      enabled_events: [...(events as string[]).slice(1), 'source.chargeable'],
    }),
    api_version: ({ api_version: version }) => ({ api_version: version === null ? '2019-12-03' : null }),
    description: otherText('description'),
    metadata: otherMetadata,
  },
  products: {
    name: otherText('name'),
    description: otherText('description'),
    default_price: ({ default_price: id }) => ({ default_price: id === null ? 'price_other' : null }),
    images: ({ images }) => ({ images: [...(images as string[]), 'https://images.example.org/other.png'] }),
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
  prices: {
    lookup_key: otherText('lookup_key'),
    nickname: otherText('nickname'),
    product: () => ({ product: 'prod_of_somebody_else' }),
    currency: ({ currency_options: options }) => (options === undefined ? { currency: 'sek' } : null),
    unit_amount: ({ unit_amount_decimal: amount }) =>
      amount === null
        ? { unit_amount: 77, unit_amount_decimal: '77' }
        : { unit_amount: null, unit_amount_decimal: `${String(amount).split('.')[0]}.000000000007` },
    custom_unit_amount: ({ custom_unit_amount: custom }) => ({
      custom_unit_amount: custom === null ? { maximum: null, minimum: null, preset: null } : null,
    }),
    billing_scheme: ({ billing_scheme: scheme }) =>
      scheme === 'tiered' ? { billing_scheme: 'per_unit' } : { billing_scheme: 'tiered', tiers: null },
    tiers_mode: ({ tiers_mode: mode }) => ({ tiers_mode: mode === 'volume' ? 'graduated' : 'volume' }),
    tiers: ({ tiers }) => {
      if (tiers === undefined || tiers === null) return null;
      const list = tiers as { up_to: number | null; unit_amount_decimal: string | null }[];
      const last = list.at(-1) as { unit_amount_decimal: string | null };
      const other = last.unit_amount_decimal === '5.5' ? '6.5' : '5.5';
      return { tiers: [...list.slice(0, -1), { ...last, unit_amount: null, unit_amount_decimal: other }] };
    },
    recurring: ({ recurring: cycle }) => {
      if (cycle === null)
        return {
          recurring: {
            interval: 'month',
            interval_count: 1,
            meter: null,
            trial_period_days: null,
            usage_type: 'licensed',
          },
        };
      const { interval_count: count } = cycle as { interval_count: number };
      return { recurring: { ...(cycle as object), interval_count: count + 1 } };
    },
    transform_quantity: ({ transform_quantity: transform }) => ({
      transform_quantity: transform === null ? { divide_by: 5, round: 'up' } : null,
    }),
    tax_behavior: ({ tax_behavior: behavior }) => ({
      tax_behavior: behavior === 'exclusive' ? 'unspecified' : 'exclusive',
    }),
    currency_options: ({ currency_options: options, currency }) => {
      const [code, option] =
        Object.entries((options ?? {}) as Record<string, object>).find(([name]) => name !== currency) ?? [];
      if (code === undefined) return null;
      const behavior = (option as { tax_behavior: string }).tax_behavior === 'exclusive' ? 'inclusive' : 'exclusive';
      return { currency_options: { ...(options as object), [code]: { ...option, tax_behavior: behavior } } };
    },
    metadata: otherMetadata,
    type: ({ type }) => ({ type: type === 'recurring' ? 'one_time' : 'recurring' }),
  },
};

function otherText(field: string) {
  return (live: Live) => ({ [field]: live[field] === 'other' ? 'another' : 'other' });
}

/** One value of the metadata that the file states is another, or gone; where it states that there is none, there is one. */
function otherMetadata(live: Live) {
  const pairs = Object.entries(live.metadata as Record<string, string>);
  const [name, value] = pairs[0] ?? ['added', ''];
  const rest = pairs.slice(1);
  const changed =
    value === '' ? [[name, 'other'] as const] : value.length % 2 === 0 ? [[name, `${value}!`] as const] : [];
  return { metadata: Object.fromEntries([...changed, ...rest]) };
}

/** An edit of a field that the entry is not found by; a generated number chooses which. */
export function edit(entry: Entry, choice: number): Edit | null {
  const { section, live } = entry;
  const possible = Object.entries(EDITS[section]).flatMap(([field, change]): Edit[] => {
    if (field === identityField(entry) || (field === 'connect' && entry.finder === 'natural')) return [];
    const changed = change(live);
    return changed === null ? [] : [{ field, live: { ...live, ...changed } as Live }];
  });
  return possible[choice % possible.length] ?? null;
}

/** The entries with one object in the place of another. */
export function replaced(
  entries: readonly Entry[],
  entry: Entry,
  live: Live | null,
): { section: Section; live: Live }[] {
  return entries.flatMap((other) => (other === entry ? (live === null ? [] : [{ ...other, live }]) : [other]));
}
