/**
 * The peer: what somebody writes with the official SDK to look at an account. It reads the lists one after the other, to their
 * end and with everything that a check needs, and holds what it read. With the name of a file it goes on as such scripts do:
 * it parses the file, and compares what each entry states with the object of its id, lookup key or URL.
 */
import { readFileSync } from 'node:fs';
import Stripe from 'stripe';

const base = new URL(process.env.STRIPE_API_BASE ?? '');
const stripe = new Stripe(process.env.STRIPE_API_KEY ?? '', {
  host: base.hostname,
  port: base.port,
  protocol: 'http',
  telemetry: false,
});

const products: Stripe.Product[] = [];
for await (const product of stripe.products.list({ active: true, limit: 100 })) products.push(product);

const prices: Stripe.Price[] = [];
const expand = ['data.tiers', 'data.currency_options'];
for await (const price of stripe.prices.list({ active: true, limit: 100, expand })) prices.push(price);

const webhooks: Stripe.WebhookEndpoint[] = [];
for await (const webhook of stripe.webhookEndpoints.list({ limit: 100 })) webhooks.push(webhook);

console.log(`${products.length} products, ${prices.length} prices, ${webhooks.length} webhook endpoints`);
const [, , file] = process.argv;
if (file !== undefined) await compare(file);

/** Plainly: `===` on JSON, so that what is written in another way differs. */
async function compare(name: string): Promise<void> {
  type Fields = Readonly<Record<string, unknown>>;
  const { parse } = await import('yaml');
  const declared = parse(readFileSync(name, 'utf8'));
  for (const [section, live] of Object.entries({ products, prices, webhooks })) {
    const found = new Map<unknown, Fields>();
    for (const object of live as unknown as Fields[])
      for (const key of [object.id, object.lookup_key, object.url]) if (key) found.set(key, object);
    for (const [entry, stated] of Object.entries<Fields>(declared[section] ?? {})) {
      const object = found.get(stated.id ?? stated.lookup_key ?? stated.url);
      for (const [field, value] of Object.entries(stated))
        if (JSON.stringify(value) !== JSON.stringify(object?.[field]))
          console.log(`${section} ${entry}: ${field} differs`);
    }
  }
}
