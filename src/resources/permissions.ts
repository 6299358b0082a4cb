import { registry } from './index.ts';
import { type Permission, requestsOf } from './resource.ts';

/** A permission with the sections that it lets a key read, and the requests that it allows for them. */
export interface SectionsPermission extends Permission {
  readonly sections: readonly string[];
  readonly requests: readonly string[];
}

/** The permissions that reading these sections needs, each once, in the order of the registry. */
export function permissionsOf(sections: readonly string[]): SectionsPermission[] {
  const resources = [...registry.values()].filter(({ section }) => sections.includes(section));
  const permissions = new Map(resources.map(({ permission }) => [permission.slug, permission]));
  return [...permissions.values()].map((permission) => {
    const own = resources.filter((resource) => resource.permission.slug === permission.slug);
    return { ...permission, sections: own.map(({ section }) => section), requests: own.flatMap(requestsOf) };
  });
}

/** The permissions of all other sections, but for those that a key has anyway with the ones that these sections need. */
export function permissionsBeyond(sections: readonly string[]): SectionsPermission[] {
  const held = new Set(permissionsOf(sections).flatMap(({ slug, implies = [] }) => [slug, ...implies]));
  return permissionsOf([...registry.keys()]).filter(({ slug }) => !held.has(slug));
}
