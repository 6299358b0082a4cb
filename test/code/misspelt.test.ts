/** Which words of a handler are an event type with one slip. */
import { expect, test } from 'vitest';
import { misspeltIn } from '../../src/code/misspelt.ts';
import { sourceOf } from './source.ts';

function misspelt(file: string, text: string): string[] {
  return misspeltIn(sourceOf(file, text)).map(({ word, meant, at }) => `${at.line} ${word} ${meant}`);
}

test.each([
  ['a.ts', "case 'invoice.payment_suceeded':", '1 invoice.payment_suceeded invoice.payment_succeeded'],
  ['a.ts', "if (event.type === 'invocie.paid') pay();", '1 invocie.paid invoice.paid'],
  [
    'a.ts',
    "if ('customer.subscription.update' == type) pay();",
    '1 customer.subscription.update customer.subscription.updated',
  ],
  ['a.py', 'if kind == "checkout.session.complete": pay()', '1 checkout.session.complete checkout.session.completed'],
  ['a.rb', "case type\nwhen 'charge.refundd' then refund\nend", '2 charge.refundd charge.refunded'],
  ['a.go', 'switch event.Type {\ncase "charge.refundes":\n}', '2 charge.refundes charge.refunded'],
  ['A.kt', 'when (type) {\n  "invoice.paied" -> pay()\n}', '2 invoice.paied invoice.paid'],
])('%s: %s', (file, text, expected) => {
  expect(misspelt(file, text)).toEqual([expected]);
});

test.each([
  ['a known type', "case 'invoice.paid':"],
  ['a word two letters away', "case 'invoice.pais_':"],
  ['a word that two types are near', "case 'billing.meter.eactivated':"],
  [
    'a field, a message and a key of its own',
    "expand(['charge.refund']); t('invoice.pad'); x = { 'invoice.send': 1 };",
  ],
  ['a comment', "// case 'invoice.payment_suceeded':"],
  ['a part of a longer word', "case 'invoice.pad' + suffix:"],
  ['a prefix', "case 'invoice.':"],
  ['another language', "case 'invoice paid':"],
])('not %s', (_, text) => {
  expect(misspelt('a.ts', text)).toEqual([]);
});
