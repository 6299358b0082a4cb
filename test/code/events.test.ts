/** Which event types a file names, one made-up file a language. */
import { describe, expect, test } from 'vitest';
import { dispatches, eventMentions, wordsIn } from '../../src/code/events.ts';
import { sourceOf } from './source.ts';

/** Types with the line on which each stands. */
function named(file: string, text: string): string[] {
  return eventMentions(sourceOf(file, text)).map(({ type, at }) => `${at.line} ${type}`);
}

const FILES: readonly (readonly [file: string, text: string, expected: readonly string[]])[] = [
  [
    'hook.ts',
    `// 'invoice.paid' is no concern of ours
switch (event.type) {
  case 'checkout.session.completed':
  case \`customer.created\`: return note("it was invoice.paid");
}
on('stripe.invoice.voided', run);
const both = 'invoice.paid' + suffix;
const all = 'ping.pong';`,
    ['3 checkout.session.completed', '4 customer.created', '6 invoice.voided'],
  ],
  [
    'hook.py',
    `"""Handles invoice.paid."""
def run(event):
    'invoice.paid'
    if event["type"] in ("invoice.paid", 'charge.refunded'):  # and "invoice.sent"
        print(f"invoice.voided {event}")`,
    ['4 invoice.paid', '4 charge.refunded'],
  ],
  [
    'hook.rb',
    `LIST = %w[invoice.paid invoice.sent]
when :'charge.refunded', "customer.created" # 'plan.created'
text = <<~END
  'invoice.voided'
END`,
    ['1 invoice.paid', '1 invoice.sent', '2 charge.refunded', '2 customer.created'],
  ],
  [
    'hook.rb',
    `event = Stripe::Webhook.construct_event(body, signature, secret)
public_send("handle_#{event.type.tr('.', '_')}", event)
def handle_invoice_paid(event)
end
def helper
end`,
    ['3 invoice.paid'],
  ],
  ['plain.rb', 'def handle_invoice_paid(event)\nend', []],
  [
    'Hook.kt',
    `@EventListener(condition = "#event.type == 'invoice.paid'")
fun paid(event: StripeEvent) = logger.warn("Ignoring 'invoice.sent' without an invoice")`,
    ['1 invoice.paid'],
  ],
  [
    'payouts.py',
    `import stripe
if event.type == "payout.paid":
    enqueue_job("payout.created", payout_id=payout.id)
    log.info("payout.updated", id=payout.id)`,
    ['2 payout.paid'],
  ],
  [
    'pay.ts',
    `analytics.track('checkout.session.completed');
i18n.t('invoice.paid'); t("charge.refunded"); this.$t('payout.paid'); translate('plan.created');
posthog.capture(user.id, 'invoice.voided');
analytics.track({ userId, event: 'invoice.sent', properties: {} });
gtag('event', 'customer.created');
bus.emit(event.type === 'price.created' ? 'one' : 'other');
on('customer.updated', () => track(user));
track(names['customer.deleted'], { 'product.created': create });
format('price.deleted')`,
    ['6 price.created', '7 customer.updated', '8 customer.deleted', '8 product.created', '9 price.deleted'],
  ],
  [
    'stats.py',
    'import stripe\nposthog.capture(user.id, "invoice.paid", {})\nanalytics.track(user_id=user.id, event="invoice.voided")\ngettext("invoice.sent")',
    [],
  ],
  [
    'mail.rb',
    "Analytics.track(user_id: id, event: 'payout.paid')\nI18n.t('invoice.paid')\nI18n.translate 'invoice.sent'\nt 'invoice.voided'",
    [],
  ],
  ['mail.php', "<?php trans('invoice.sent'); Lang::get('invoice.voided');", ['1 invoice.voided']],
  ['jobs.rb', "WebhookJob.perform_later 'invoice.created', invoice\nwhen 'invoice.paid'", ['2 invoice.paid']],
  ['events.ex', 'def publish("invoice.paid", event), do: run(event)', ['1 invoice.paid']],
  [
    'hook.go',
    `import "github.com/stripe/stripe-go/v81"
switch event.Type {
case stripe.EventTypeInvoicePaid, "charge.refunded":
case stripe.EventTypeCustomerTaxIDCreated: // stripe.EventTypeInvoiceSent
}`,
    ['3 invoice.paid', '3 charge.refunded', '4 customer.tax_id.created'],
  ],
  ['other.go', 'import "example.com/events"\ncase events.EventTypeInvoicePaid:', []],
  [
    'Hook.cs',
    `using Stripe;
var e = EventUtility.ConstructEvent(json, header, secret);
if (e.Type == Events.InvoicePaid || e.Type == EventTypes.ChargeRefunded) {}
if (e.Type == "customer.created" || e.Type == My.Events.InvoiceSent) {}`,
    ['3 invoice.paid', '3 charge.refunded', '4 customer.created'],
  ],
  [
    'Implicit.cs',
    'var e = EventUtility.ConstructEvent(a, b, c);\nif (e.Type == EventTypes.InvoicePaid) {}',
    ['2 invoice.paid'],
  ],
  ['Whole.cs', 'if (e.Type == Stripe.Events.InvoicePaid) {}', ['1 invoice.paid']],
  ['Other.cs', 'using Stripe;\nRaise(Events.InvoicePaid);', []],
  ['Other2.cs', 'using Ours;\nRaise(EventTypes.InvoicePaid);', []],
  [
    'Hook.php',
    `<?php
use Stripe\\Event;
match ($event->type) {
  Event::INVOICE_PAID, \\Stripe\\Event::CHARGE_REFUNDED => 1,
  'customer.created' => 2, // 'plan.created'
};
$x = 'invoice.' . 'paid';`,
    ['4 invoice.paid', '4 charge.refunded', '5 customer.created'],
  ],
  [
    'Alias.php',
    '<?php\nuse Stripe\\Event as StripeEvent;\nf(StripeEvent::INVOICE_PAID, Event::INVOICE_SENT);',
    ['3 invoice.paid'],
  ],
  ['Group.php', '<?php\nuse Stripe\\{Event, Webhook};\nf(Event::INVOICE_PAID);', ['3 invoice.paid']],
  ['Own.php', '<?php\nuse App\\Event;\nf(Event::INVOICE_PAID);', []],
  [
    'Cashier.php',
    `<?php
use Laravel\\Cashier\\Http\\Controllers\\WebhookController as CashierController;
class WebhookController extends CashierController {
  public function handleInvoicePaymentSucceeded($payload) {}
  public function handleOurs($payload) {}
}`,
    ['4 invoice.payment_succeeded'],
  ],
  ['NoCashier.php', '<?php\nclass A extends B { function handleInvoicePaid() {} }', []],
  [
    'hook.rs',
    `use stripe::{Event, EventObject, EventType};
match event.type_ {
    EventType::CheckoutSessionCompleted => one(),
    EventType::InvoicePaid => two("charge.refunded"),
}`,
    ['3 checkout.session.completed', '4 invoice.paid', '4 charge.refunded'],
  ],
  ['other.rs', 'use ours::EventType;\nEventType::InvoicePaid', []],
  [
    'Hook.java',
    `switch (event.getType()) {
  case "invoice.paid": break; // "invoice.sent"
  case "charge.refunded" -> {}
}`,
    ['2 invoice.paid', '3 charge.refunded'],
  ],
  ['Hook.kt', 'when (type) {\n  "invoice.paid" -> a()\n  "charge.$x" -> b()\n}', ['2 invoice.paid']],
  ['Hook.scala', 'type match {\n  case "invoice.paid" => a\n}', ['2 invoice.paid']],
  ['hook.ex', 'def handle("invoice.paid", e), do: e\n@doc """\n"invoice.sent"\n"""', ['1 invoice.paid']],
  ['Hook.swift', 'case "invoice.paid": a()', ['1 invoice.paid']],
  ['hook.dart', "if (type == 'invoice.paid') a();", ['1 invoice.paid']],
];

test.each(FILES)('%s: %s', (file, text, expected) => {
  expect(named(file, text)).toEqual(expected);
});

test('a mention has the place of its words', () => {
  const [mention] = eventMentions(sourceOf('src/a.js', "\n  on('invoice.paid')"));
  expect(mention).toEqual({
    type: 'invoice.paid',
    at: { file: 'src/a.js', line: 2, column: 7, endLine: 2, endColumn: 19 },
  });
});

describe('a file', () => {
  test.each([
    ['a.js', "if (type.startsWith('invoice.')) a();"],
    ['a.js', "if (type.startsWith('customer.subscription')) a();"],
    ['a.js', 'if (/^invoice\\./.test(type)) a();'],
    ['a.js', "bus.on('invoice.*', a);"],
    ['a.js', "handlers[type.replace('.', '_')]();"],
    ['a.js', `this[\`handle\${event.type}\`]();`],
    ['stripe.js', `this[\`handle\${name}\`]();`],
    ['a.py', 'import stripe\ngetattr(self, name)(event)'],
    ['a.py', "getattr(self, 'handle_' + event['type'].replace('.', '_'))(event)"],
    ['a.py', 'getattr(self, f"on_{payload.get(\'type\')}")(payload)'],
    ['A.java', 'getClass().getMethod(nameOf(event.getType())).invoke(this)'],
    ['a.py', 'if kind.startswith("invoice."): pass'],
    ['a.py', 're.match(r"^invoice\\.", kind)'],
    ['a.py', '@webhooks.handler("customer")\ndef a(event): pass'],
    ['a.rb', 'case type\nwhen /invoice/ then a\nend'],
    ['a.rb', "StripeEvent.subscribe 'invoice.' do |e| end"],
    ['a.rb', 'StripeEvent.configure { |events| events.all a }'],
    ['a.rb', 'send("on_#{type}")'],
    ['a.php', "<?php if (str_starts_with($type, 'invoice.')) a();"],
    ['a.php', "<?php $parts = explode('.', $type);"],
    ['a.php', '<?php $method = name($event->type); if (method_exists($this, $method)) a();'],
    ['a.go', 'strings.HasPrefix(kind, "invoice.")'],
    ['a.rs', 'kind.starts_with("customer.")'],
    ['a.ex', 'def handle("invoice." <> rest), do: rest'],
  ])('in %s dispatches: %s', (file, text) => {
    expect(dispatches(sourceOf(file, text))).toBe(true);
    expect(named(file, text)).toEqual([]);
  });

  test('that names a type dispatches by the names that it makes', () => {
    expect(dispatches(sourceOf('a.js', `this[\`handle\${name}\`]();`))).toBe(false);
    expect(dispatches(sourceOf('a.js', `if (kind === 'invoice.paid') pay(); else this[\`handle\${name}\`]();`))).toBe(
      true,
    );
  });

  test.each([
    ['a.js', "switch (type) { case 'invoice.paid': res.send(x); bus.on('data', f); }"],
    ['a.py', 'if kind == "invoice.paid": x.split(",")'],
    ['a.rb', "case type when 'invoice.paid' then a end"],
    ['a.py', 'getattr(settings, name)  # type: ignore'],
    ['a.py', 'if kind == "invoice.paid": getattr(invoice, "id", None)'],
    ['a.js', "import type { Path } from 'path';\nconst [name] = file.split('.');"],
    ['a.js', `this[\`on\${name}\`]();`],
    ['a.rb', 'record.send(name)'],
    ['a.php', '<?php $kind = gettype($x); if (method_exists($this, $method)) a();'],
  ])('in %s does not dispatch: %s', (file, text) => {
    expect(dispatches(sourceOf(file, text))).toBe(false);
  });

  test('holds words in larger strings, names and keys, and not in comments', () => {
    const text = `// invoice.sent
log("on invoice.paid we", \`charge.refunded \${x}\`);
function onInvoiceVoided() {}
const customer_created = 1;
if (invoice.paid) note(customer?.deleted, customer.deleted);`;
    expect([...wordsIn(sourceOf('a.js', text), true)].sort()).toEqual([
      'charge.refunded',
      'customer.created',
      'invoice.paid',
      'invoice.voided',
    ]);
    expect([...wordsIn(sourceOf('a.js', text), false)].sort()).toEqual(['charge.refunded', 'invoice.paid']);
  });
});
