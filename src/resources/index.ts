import { grouped, type Policy, type PolicyWord, type SectionsPermission, wordOf } from '../model.ts';
import { accountSettings } from './account_settings.ts';
import { accountTaxIds } from './account_tax_ids.ts';
import { balanceSettings } from './balance_settings.ts';
import { billingAlerts } from './billing_alerts.ts';
import { coupons } from './coupons.ts';
import { eventDestinations } from './event_destinations.ts';
import { features } from './features.ts';
import { feedbackOptions } from './feedback_options.ts';
import { invoiceRenderingTemplates } from './invoice_rendering_templates.ts';
import { meters } from './meters.ts';
import { paymentLinks } from './payment_links.ts';
import { paymentMethodConfigurations } from './payment_method_configurations.ts';
import { paymentMethodDomains } from './payment_method_domains.ts';
import { personalizationDesigns } from './personalization_designs.ts';
import { portalConfigurations } from './portal_configurations.ts';
import { prices } from './prices.ts';
import { products } from './products.ts';
import { promotionCodes } from './promotion_codes.ts';
import { opened, type Resource, requestsOf } from './resource.ts';
import { shippingRates } from './shipping_rates.ts';
import { taxLocations } from './tax_locations.ts';
import { taxRates } from './tax_rates.ts';
import { taxRegistrations } from './tax_registrations.ts';
import { taxSettings } from './tax_settings.ts';
import { terminalConfigurations } from './terminal_configurations.ts';
import { terminalLocations } from './terminal_locations.ts';
import { trialOffers } from './trial_offers.ts';
import { webhooks } from './webhooks.ts';

// biome-ignore format: a line for each kind.
const kinds: readonly unknown[] = [
  webhooks,
  eventDestinations,
  products,
  prices,
  coupons,
  promotionCodes,
  taxRates,
  shippingRates,
  portalConfigurations,
  paymentLinks,
  paymentMethodConfigurations,
  paymentMethodDomains,
  meters,
  features,
  trialOffers,
  feedbackOptions,
  invoiceRenderingTemplates,
  billingAlerts,
  terminalConfigurations,
  terminalLocations,
  accountSettings,
  taxRegistrations,
  taxSettings,
  taxLocations,
  balanceSettings,
  accountTaxIds,
  personalizationDesigns,
];

/**
 * The registry: every kind of Stripe object that a file can declare, in the order of reports. The cast is here, once: each
 * resource reads only objects that came from its own path.
 */
export const registry: ReadonlyMap<string, Resource<never>> = new Map(
  (kinds as readonly Resource<never>[]).map((resource) => [resource.section, opened(resource)]),
);

/** The resource of a section that is known to exist. */
export function resourceOf(section: string): Resource<never> {
  const resource = registry.get(section);
  if (resource === undefined) throw new TypeError(`no resource has the section ${section}`);
  return resource;
}

/** The sections that an export has where nobody names any: neither those that few need, nor those of which so many may be live that the rest is ignored. */
export const exportedSections: readonly string[] = [...registry.values()].flatMap(({ section, unmanaged, unusual }) =>
  unmanaged === 'ignore' || unusual ? [] : [section],
);

/** What a policy says of a problem in a section; where it does not, what the kind says. Undefined where neither does. */
export function policyWord(policy: Policy, problem: string, section: string | null): PolicyWord | undefined {
  const own = problem === 'unmanaged' && section !== null ? resourceOf(section).unmanaged : undefined;
  return wordOf(policy, problem, section) ?? own;
}

/**
 * The permissions that reading these sections needs, each once, in the order of the registry. One that has no name yet is a
 * permission of its own for each section.
 */
export function permissionsOf(sections: readonly string[]): SectionsPermission[] {
  const resources = [...registry.values()].filter(({ section }) => sections.includes(section));
  const bySlug = grouped(resources, ({ permission, section }) => permission?.slug ?? `of ${section}`);
  return [...bySlug.values()].map((own) => ({
    ...(own[0].permission ?? { slug: null, label: null }),
    sections: own.map(({ section }) => section),
    requests: own.flatMap(requestsOf),
  }));
}

/** The permissions of all other sections, but for those that a key has anyway with the ones that these sections need. */
export function permissionsBeyond(sections: readonly string[]): SectionsPermission[] {
  const held = new Set(permissionsOf(sections).flatMap(({ slug, implies = [] }) => [slug, ...implies]));
  const others = [...registry.keys()].filter((section) => !sections.includes(section));
  return permissionsOf(others).filter(({ slug }) => slug === null || !held.has(slug));
}

/** Those of these sections whose permission has no name yet. */
export function unnamedPermissions(sections: readonly string[]): string[] {
  return permissionsOf(sections).flatMap(({ slug, sections: own }) => (slug === null ? own : []));
}
