import type { Fields } from '../model.ts';
import type { Resource } from '../resources/resource.ts';
import { declarable, finderPath } from '../resources/resource.ts';
import { pathText } from '../text.ts';
import { mayHoldSecret } from '../vocabulary/secrets.ts';
import { mapped } from '../vocabulary/type.ts';
import { separable } from './without.ts';

/** What an entry does not state since a file in git is no place for it: the paths of URLs that look as if they held a secret. */
export function secretsIn(resource: Resource<never>, live: Fields): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  for (const [name, { type }] of Object.entries(declarable(resource))) {
    // A URL that finds its object is where something is sent to; the others are pages and pictures for everybody.
    mapped(type, live[name] ?? null, (leaf, value, path) => {
      const isAddress = resource.identities.some((one) => pathText(finderPath(one)) === pathText([name, ...path]));
      if (leaf.loose !== undefined && mayHoldSecret(String(value), isAddress)) {
        const part = separable(resource.section, [name, ...path]);
        found.set(JSON.stringify(part), part);
      }
      return value;
    });
  }
  return [...found.values()];
}
