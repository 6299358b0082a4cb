import { bare } from '../text.ts';
import { text } from '../vocabulary/scalars.ts';
import type { Type } from '../vocabulary/type.ts';

/** A country, by its two-letter code (ISO 3166-1 alpha-2). */
export const country: Type = {
  ...text(),
  schema: {
    type: ['string', 'null'],
    pattern: '^[A-Z]{2}$',
    patternErrorMessage: 'Expected a two-letter country code in capitals, such as DE.',
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
