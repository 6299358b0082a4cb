// Made by `npm run generate` from package.json; do not edit.

/** This program's version. */
export const VERSION = '1.0.0';
