/** A small shop: its file, and what Stripe holds when the two agree. Imports no package, so that it serves without an install. */
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import type { StripeState } from '../servers/stripe.ts';

export const shopFile = `version: 1
webhooks:
  billing:
    url: https://shop.example.com/stripe
    enabled_events: [checkout.session.completed, invoice.paid]
products:
  pro:
    id: prod_pro
    name: Pro
    default_price: pro_monthly
prices:
  pro_monthly:
    lookup_key: pro_monthly
    product: pro
    currency: usd
    unit_amount: 2000
    recurring: { interval: month }
`;

/** What Stripe holds when nothing differs from `shopFile`. */
export function shop(livemode = true) {
  return {
    webhook_endpoints: [
      webhookEndpoint({
        id: 'we_billing',
        url: 'https://shop.example.com/stripe',
        enabled_events: ['invoice.paid', 'checkout.session.completed'],
        livemode,
      }),
    ],
    products: [product({ id: 'prod_pro', name: 'Pro', default_price: 'price_monthly', livemode })],
    prices: [
      price({ id: 'price_monthly', lookup_key: 'pro_monthly', product: 'prod_pro', unit_amount: 2000, livemode }),
    ],
  } satisfies StripeState;
}

/** The shop with one difference in each section: an event, a name, an amount. */
export function driftedShop(): StripeState {
  const { webhook_endpoints, products, prices } = shop();
  return {
    webhook_endpoints: webhook_endpoints.map((one) => ({
      ...one,
      enabled_events: ['invoice.paid', 'charge.refunded'],
    })),
    products: products.map((one) => ({ ...one, name: 'Pro plan' })),
    prices: prices.map((one) => ({ ...one, unit_amount: 2500, unit_amount_decimal: '2500' })),
  };
}

/** Both modes of an account: in live mode the shop has drifted, in test mode it is as declared. */
export function bothModes(): StripeState {
  const [live, test] = [driftedShop(), shop(false)];
  return {
    webhook_endpoints: [...live.webhook_endpoints, ...test.webhook_endpoints],
    products: [...live.products, ...test.products],
    prices: [...live.prices, ...test.prices],
  };
}
