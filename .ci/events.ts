// Writes src/resources/events.ts: the event types and API versions that the SDK in use knows. They are types only in the
// SDK, and the program needs them at run time. `npm run generate` runs this; a test keeps the file in step.
import { readFileSync } from 'node:fs';

const read = (file: string) =>
  readFileSync(new URL(`../node_modules/stripe/esm/resources/${file}`, import.meta.url), 'utf8');

const declarations = read('WebhookEndpoints.d.ts');

function words(name: string): string[] {
  const [, union] =
    new RegExp(`namespace WebhookEndpointCreateParams \\{[^]*?type ${name} = ([^;]+);`).exec(declarations) ?? [];
  if (union === undefined) throw new Error(`the SDK's declarations have no WebhookEndpointCreateParams.${name}`);
  return [...union.matchAll(/'([^']+)'/g)].map(([, word = '']) => word);
}

/** The types of thin events, each of which the SDK declares as an interface of its own. */
function thinTypes(): string[] {
  const found = [...read('V2/Core/Events.d.ts').matchAll(/^ +type: '(v\d+\.[^']+)';$/gm)].map(([, word = '']) => word);
  if (found.length === 0) throw new Error("the SDK's declarations have no thin events");
  return [...new Set(found)];
}

/** The text of src/resources/events.ts. */
export function eventsModule(): string {
  const { version } = JSON.parse(readFileSync(new URL('../node_modules/stripe/package.json', import.meta.url), 'utf8'));
  const list = (all: readonly string[]) => all.map((word) => `  '${word}',\n`).join('');
  return `// Made by \`npm run generate\` from the type declarations of stripe ${version}; do not edit.

/** Event types that a webhook endpoint can name (WebhookEndpointCreateParams.EnabledEvent). */
export const eventTypes: readonly string[] = [
${list(words('EnabledEvent'))}];

/** Types of thin events, which event destinations can name (V2/Core/Events.d.ts). */
export const thinEventTypes: readonly string[] = [
${list(thinTypes())}];

/** API versions that a webhook endpoint can be pinned to (WebhookEndpointCreateParams.ApiVersion). */
export const apiVersions: readonly string[] = [
${list(words('ApiVersion'))}];
`;
}
