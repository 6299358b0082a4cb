/** Which files are Stripe's, and which of them only send or list events. */
import { expect, test } from 'vitest';
import { isSender, isStripes } from '../../src/code/stripe.ts';
import { sourceOf } from './source.ts';

test.each([
  ['src/stripe/hook.js', ''],
  ['src/StripeWebhook.cs', ''],
  ['src/on_stripe_event.py', ''],
  ['a.ts', "import Stripe from 'stripe';"],
  ['a.ts', "const { Stripe } = require('stripe');"],
  ['a.ts', "import { loadStripe } from '@stripe/stripe-js';"],
  ['a.ts', "import Stripe from 'https://esm.sh/stripe@14';"],
  ['a.ts', "const signature = request.headers['stripe-signature'];"],
  ['a.ts', 'const event = payments.webhooks.constructEvent(body, signature, secret);'],
  ['a.ts', 'verify(process.env.STRIPE_WEBHOOK_SECRET)'],
  ['a.py', 'import stripe'],
  ['a.rb', 'Stripe::Event.construct_from(x)'],
  ['a.php', '<?php use Stripe\\Webhook;'],
  ['a.go', 'import (\n\t"github.com/stripe/stripe-go/v81/webhook"\n)'],
  ['a.cs', 'using Stripe;'],
  ['A.java', 'import com.stripe.model.Event;'],
  ['A.kt', 'import com.stripe.model.Event'],
  ['a.rs', 'use stripe::Webhook;'],
  ['a.rs', 'use async_stripe_webhook::Webhook;'],
  ['a.ex', 'Stripe.Webhook.construct_event(body, signature, secret)'],
])('%s is Stripe’s: %s', (file, text) => {
  expect(isStripes(sourceOf(file, text))).toBe(true);
});

test.each([
  ['src/striped/table.js', "import x from 'striped-table';"],
  ['a.js', "// stripe\nuse('the stripe of a zebra'); pinstripe();"],
  ['a.js', "import x from 'stripe-of-ours';"],
  ['a.py', 'import stripes'],
])('%s is not: %s', (file, text) => {
  expect(isStripes(sourceOf(file, text))).toBe(false);
});

test.each([
  ['a.js', "stripe.webhookEndpoints.create({ url, events: ['invoice.paid'] })"],
  ['a.js', "const x = { enabled_events: ['invoice.paid'] }"],
  ['a.py', 'stripe.WebhookEndpoint.create(url=u)'],
  ['a.rb', 'Stripe::WebhookEndpoint.create(url: u)'],
  ['a.php', "<?php $stripe->webhookEndpoints->create(['enabled_events' => []]);"],
  ['a.php', "<?php $x = ['enabled_events' => []];"],
  ['A.java', 'WebhookEndpointCreateParams.builder()'],
  ['a.cs', 'new WebhookEndpointCreateOptions()'],
  ['a.js', "stripe.events.list({ type: 'invoice.paid' })"],
  ['a.py', 'stripe.Event.list(type="invoice.paid")'],
])('%s sends or lists: %s', (file, text) => {
  expect(isSender(sourceOf(file, text))).toBe(true);
});

test('a secret that is called after its endpoint makes no sender', () => {
  expect(isSender(sourceOf('a.js', 'const webhookEndpointSecret = env.WEBHOOK_ENDPOINT_SECRET; on(events);'))).toBe(
    false,
  );
});
