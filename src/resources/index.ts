import { prices } from './prices.ts';
import { products } from './products.ts';
import type { Resource } from './resource.ts';
import { webhooks } from './webhooks.ts';

/**
 * The registry: every kind of Stripe object that a file can declare, in the order of reports. The cast is here, once: each
 * resource reads only objects that came from its own path.
 */
export const registry: ReadonlyMap<string, Resource<never>> = new Map(
  ([webhooks, products, prices] as unknown as Resource<never>[]).map((resource) => [resource.section, resource]),
);

/** The resource of a section that is known to exist. */
export function resourceOf(section: string): Resource<never> {
  const resource = registry.get(section);
  if (resource === undefined) throw new TypeError(`no resource has the section ${section}`);
  return resource;
}
