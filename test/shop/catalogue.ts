/** A shop of the size that people have: 60 products, 200 prices of every form, 6 webhook endpoints, and what is archived. */
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import type { StripeState } from '../servers/stripe.ts';

const PLANS = ['Starter', 'Team', 'Pro', 'Scale', 'Enterprise'];
const LINES = [
  'Analytics',
  'Billing',
  'Checkout',
  'Delivery',
  'Events',
  'Forms',
  'Gateway',
  'Hosting',
  'Inbox',
  'Journal',
  'Kiosk',
  'Ledger',
];

/** The shop in one mode. Ids differ between the modes, but those of products that their owner chose. */
export function catalogue(livemode = true): StripeState {
  const mode = livemode ? 'L' : 'T';
  const made = LINES.flatMap((line, row) =>
    PLANS.map((plan, column) => ({ line, plan, number: row * PLANS.length + column })),
  );
  const products = made.map(({ line, plan, number }) =>
    product({
      id: number % 3 === 0 ? `${line}-${plan}`.toLowerCase() : `prod_${mode}${String(number).padStart(8, '0')}`,
      name: `${line} ${plan}`,
      description: number % 4 === 0 ? `${line} for a ${plan.toLowerCase()}: all you need` : null,
      metadata: number % 2 === 0 ? { plan: `${line}_${plan}`.toLowerCase() } : {},
      tax_code: number % 5 === 0 ? 'txcd_10103001' : null,
      livemode,
    }),
  );
  const prices = products.flatMap(({ id }, number) => pricesOf(id, number, mode, livemode));
  const archived = [
    product({ id: `prod_${mode}Archived`, name: 'Fax gateway', active: false, livemode }),
    product({ id: `prod_${mode}Archived2`, name: 'Pro', active: false, livemode }),
  ];
  return {
    webhook_endpoints: webhooks(mode, livemode),
    products: [...products, ...archived],
    prices: [
      ...prices,
      ...products
        .slice(0, 20)
        .map(({ id }, number) =>
          price({ id: `price_${mode}Old${number}`, product: id, unit_amount: 500, active: false, livemode }),
        ),
    ],
  };
}

function webhooks(mode: string, livemode: boolean): StripeState['webhook_endpoints'] {
  const host = livemode ? 'example.com' : 'staging.example.com';
  return [
    webhookEndpoint({
      id: `we_${mode}1`,
      url: `https://api.${host}/stripe/webhooks`,
      enabled_events: [
        'invoice.paid',
        'customer.subscription.deleted',
        'checkout.session.completed',
        'charge.refunded',
        'invoice.payment_failed',
      ],
      livemode,
    }),
    webhookEndpoint({
      id: `we_${mode}2`,
      url: `https://api.${host}/stripe/webhooks`,
      application: 'ca_1Platform',
      enabled_events: ['account.updated'],
      livemode,
    }),
    webhookEndpoint({
      id: `we_${mode}3`,
      url: `https://billing.${host}/hook?token=s3cret`,
      description: 'Billing service',
      enabled_events: ['*'],
      livemode,
    }),
    webhookEndpoint({ id: `we_${mode}4`, url: `https://tax.${host}/`, api_version: null, livemode }),
    webhookEndpoint({ id: `we_${mode}5`, url: `https://old.${host}/hook`, status: 'disabled', livemode }),
  ];
}

/** Three or four prices of a product: 200 in all. */
function pricesOf(product: string, number: number, mode: string, livemode: boolean): StripeState['prices'] {
  const common = { product, livemode } as const;
  const id = (name: string) => `price_${mode}${String(number).padStart(4, '0')}${name}`;
  const key = (name: string) => (number % 2 === 0 ? `${product.replace(/^prod_./, 'p').toLowerCase()}_${name}` : null);
  const amount = 900 + 100 * number;
  const monthly = price({
    ...common,
    id: id('M'),
    lookup_key: key('monthly'),
    unit_amount: amount,
    tax_behavior: 'exclusive',
    currency_options:
      number % 4 === 0 ? { eur: { unit_amount: amount - 50 }, jpy: { unit_amount: amount } } : undefined,
  });
  const yearly = price({
    ...common,
    id: id('Y'),
    lookup_key: key('yearly'),
    unit_amount: 10 * amount,
    recurring: { interval: 'year' },
    nickname: number % 3 === 0 ? 'Yearly' : null,
  });
  const usage = price({
    ...common,
    id: id('U'),
    recurring: { interval: 'month', usage_type: 'metered', meter: 'mtr_1Requests' },
    tiers: [
      { up_to: 1000, flat_amount: 0, unit_amount: 0 },
      { up_to: 10_000, unit_amount_decimal: '0.25' },
      { up_to: null, unit_amount_decimal: '0.125' },
    ],
    currency_options: number % 10 === 0 ? { eur: { tiers: [{ up_to: null, unit_amount: 1 }] } } : undefined,
  });
  const setup = price({
    ...common,
    id: id('S'),
    recurring: null,
    unit_amount: 4900,
    transform_quantity: { divide_by: 5, round: 'up' },
  });
  return number % 3 === 0 ? [monthly, yearly, usage, setup] : [monthly, yearly, usage];
}
