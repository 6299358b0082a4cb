// The version and the account that hosts the repository stand in package.json alone. What else names them is written from
// there: src/version.ts, and each place of a page, an example or a form that is listed here.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
  readonly repository: { readonly url: string };
};

/** `OWNER` until somebody hosts it. */
export const owner = ownerIn(manifest.repository.url);
export const version = manifest.version;

function ownerIn(url: string): string {
  const [, found] = /^git\+https:\/\/github\.com\/([\w.-]+)\/stripe-config-check\.git$/.exec(url) ?? [];
  if (found === undefined) throw new Error(`repository.url of package.json is no address on GitHub: ${url}`);
  return found;
}

/** Written by hand, but for what `stamped` writes in them. */
export const PAGES: readonly string[] = globSync(
  [
    '*.md',
    '!CHANGELOG.md',
    'docs/*.md',
    'action.yml',
    'package.json',
    'examples/**/*.{yaml,yml}',
    '.github/CODEOWNERS',
    '.github/ISSUE_TEMPLATE/*',
  ],
  { cwd: root, dot: true },
).sort();

/** A text with the version and the owner in every place that names them. */
export function stamped(text: string, as: { readonly version: string; readonly owner: string }): string {
  const [major = ''] = as.version.split('.');
  return text
    .replace(/[\w.-]+(?=\/stripe-config-check@v\d)/g, as.owner)
    .replace(/(?<=github\.com\/)[\w.-]+(?=\/stripe-config-check\b)/g, as.owner)
    .replace(/(?<=@)[\w.-]+(?=\/maintainers\b)/g, as.owner)
    .replace(/(?<=\/stripe-config-check@v)\d+|(?<=`@v)\d+(?=`)/g, major)
    .replace(/(?<=npm\/stripe-config-check@)\d+/g, major)
    .replace(/(?<!\.)\b\d+(?=\.x\b)/g, major)
    .replace(/(?<=^ +rev: v)\d+\.\d+\.\d+$/gm, as.version);
}

/** The text of src/version.ts. */
export function versionModule(): string {
  const [major = ''] = version.split('.');
  return `// Made by \`npm run generate\` from package.json; do not edit.

/** This program's version. */
export const VERSION = '${version}';

/** Where the schemas of this major version are published. */
export const SCHEMAS = 'https://cdn.jsdelivr.net/npm/stripe-config-check@${major}/schema/';
`;
}
