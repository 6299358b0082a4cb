import { bare } from '../text.ts';
import { scalar, text } from '../vocabulary/scalars.ts';
import type { Member, Type } from '../vocabulary/type.ts';

/** A country, by its two-letter code (ISO 3166-1 alpha-2). */
export const country: Type = {
  ...text(),
  schema: {
    type: ['string', 'null'],
    pattern: '^[A-Z]{2}$',
    patternErrorMessage: 'Expected a two-letter country code in capitals, such as DE.',
  },
  expected(node, context) {
    const value = text().expected(node, context);
    if (value === 'UK') context.complain(node.at, 'is UK, which is no country code. Write GB', 'doubt');
    return value;
  },
};

/** A part of a country. Stripe takes its code without the country's in front. */
export const subdivision: Type = {
  ...text(),
  expected(node, context) {
    const value = text().expected(node, context);
    const [, code] = /^[A-Z]{2}-(.+)$/.exec(String(value ?? '')) ?? [];
    if (code !== undefined)
      context.complain(node.at, `is ${bare(String(value))}, with the country in front. Write ${bare(code)}`, 'doubt');
    return value;
  },
};

/** A text that people may write in digits alone, such as a postal code: taken as it is written, so that `01067` stays that. */
export const written: Type = {
  ...text(),
  schema: { type: ['string', 'number', 'null'], minLength: 1 },
  expected(node, context) {
    const { text: digits, value } = scalar(node);
    return typeof value === 'number' ? digits : text().expected(node, context);
  },
};

const line = (description: string, ...formerly: readonly string[]): Member => ({
  type: text(),
  description,
  formerly,
});

/** The parts of an address. `final`: its country can't be changed after creation. */
export function addressParts({ final }: { readonly final?: true } = {}) {
  const fixed = final === undefined ? '' : " Can't be changed after creation.";
  return {
    line1: line('The street and the number.', 'line_1', 'street', 'address1', 'address_line1'),
    line2: line('What else the address needs, such as a floor.', 'line_2', 'address2', 'address_line2'),
    postal_code: { formerly: ['zip', 'zip_code', 'postcode'], type: written, description: 'The postal code.' },
    city: line('The city, town or village.', 'town_or_city', 'locality'),
    state: line('The state, county, province or region, such as `CA`.', 'province', 'region', 'county'),
    country: {
      formerly: ['country_code'],
      type: { ...country, ...(final && { final }) },
      description: `The country, as a two-letter code in capitals such as \`DE\`.${fixed}`,
    },
  } satisfies { readonly [part: string]: Member };
}
