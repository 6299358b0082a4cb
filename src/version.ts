// Made by `npm run generate` from package.json; do not edit.

/** This program's version. */
export const VERSION = '1.0.0';

/** Where the schemas of this major version are published. */
export const SCHEMAS = 'https://cdn.jsdelivr.net/npm/stripe-config-check@1/schema/';
