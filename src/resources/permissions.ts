import type { Mode } from '../model.ts';
import { registry } from './index.ts';
import { type Permission, requestsOf } from './resource.ts';

/** A permission with the sections that it lets a key read, and the requests that it allows for them. */
export interface SectionsPermission extends Permission {
  readonly sections: readonly string[];
  readonly requests: readonly string[];
}

/** Whether a key has a permission, as one request told. Reasons and remedies are sentences. */
export type Grant =
  | { readonly status: 'granted' }
  /** `named`: the permissions that Stripe names, where this one is not among them. `edit`: the page that opens the key for editing, where Stripe names it. */
  | {
      readonly status: 'lacking';
      readonly named: readonly string[];
      readonly reason: string;
      readonly edit: string | null;
    }
  | { readonly status: 'unknown'; readonly reason: string; readonly remedy: string };

/** A permission about which a key was asked. */
export interface AskedPermission extends SectionsPermission {
  readonly grant: Grant;
}

/** A key, and what of this program's sections it may read. */
export interface KeyGrants {
  readonly kind: 'restricted' | 'secret';
  readonly mode: Mode;
  /** As far as Stripe has named it: it does so where it refuses. */
  readonly account: string | null;
  /** The connected account that was asked for, or null. */
  readonly connected: string | null;
  readonly needed: readonly AskedPermission[];
  /** The permissions that the sections do not need; null where they were not asked about, since a secret key has all. */
  readonly beyond: readonly AskedPermission[] | null;
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
