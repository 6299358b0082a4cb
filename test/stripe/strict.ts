/**
 * Reads the specification of Stripe's mock server, and prints it so that no object in a request has names besides those that
 * it lists. Stripe's own says this only of the outermost ones, so that the mock takes any name deeper down.
 */
import { readFileSync } from 'node:fs';

interface Schema {
  readonly [name: string]: unknown;
}

function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict);
  if (typeof value !== 'object' || value === null) return value;
  const schema: Schema = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, strict(one)]));
  const isOpen = schema.type === 'object' && 'properties' in schema && !('additionalProperties' in schema);
  return isOpen ? { ...schema, additionalProperties: false } : schema;
}

const spec = JSON.parse(readFileSync(0, 'utf8')) as { paths: { [path: string]: { [method: string]: Schema } } };
for (const path of Object.values(spec.paths))
  for (const [method, operation] of Object.entries(path))
    path[method] = { ...operation, requestBody: strict(operation.requestBody) };
process.stdout.write(JSON.stringify(spec));
