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
