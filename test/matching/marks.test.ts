/** How much of what an entry states tells its object from others, besides what finds it. */
import { expect, test } from 'vitest';
import { ENOUGH, LITTLE, marksOf } from '../../src/matching/marks.ts';
import type { Fields } from '../../src/model.ts';
import { resourceOf } from '../../src/resources/index.ts';

function weight(section: string, fields: Fields): number {
  return marksOf(resourceOf(section), fields).reduce((sum, mark) => sum + mark.weight, 0);
}

const features = (invoices: boolean, update: boolean, pause: boolean) => ({
  features: {
    invoice_history: { enabled: invoices },
    customer_update: { enabled: update },
    subscription_pause: { enabled: pause },
  },
});

test.each([
  ['a name of metadata', 'products', { metadata: { plan: 'pro' } }],
  ['what only one has', 'prices', { lookup_key: 'pro_monthly' }],
  ['two fields', 'products', { description: 'For teams', unit_label: 'seat' }],
  ['a field and a switch', 'products', { description: 'For teams', shippable: true }],
  ['two fields that never change, though one is a switch', 'tax_rates', { percentage: '19', inclusive: false }],
  ['an amount and its currency', 'coupons', { amount_off: '500', currency: 'usd' }],
  ['three switches that are on', 'portal_configurations', features(true, true, true)],
  ['an item of a list, with all that it has', 'payment_links', { line_items: [{ price: 'price_1', quantity: '2' }] }],
])('%s is enough', (_, section, fields: Fields) => {
  expect(weight(section, fields)).toBeGreaterThanOrEqual(ENOUGH);
});

test.each([
  ['one field', 'products', { description: 'For teams' }],
  ['two switches that are on', 'portal_configurations', features(true, true, false)],
])('%s may be by chance', (_, section, fields: Fields) => {
  expect(weight(section, fields)).toBe(LITTLE);
});

test.each([
  ['switches that are off', 'portal_configurations', features(false, false, false)],
  ['that it is active', 'products', { active: true }],
  ['nothing', 'products', { description: null, metadata: null }],
])('%s tells nothing', (_, section, fields: Fields) => {
  expect(weight(section, fields)).toBe(0);
});
