// Writes src/version.ts: the version stands in package.json.
import { readFileSync } from 'node:fs';

/** The text of src/version.ts. */
export function versionModule(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return `// Made by \`npm run generate\` from package.json; do not edit.

/** This program's version. */
export const VERSION = '${version}';
`;
}
