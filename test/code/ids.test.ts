/** Ids and lookup keys that code names, and what their surroundings say. */
import { describe, expect, test } from 'vitest';
import { type IdForm, idMentions } from '../../src/code/ids.ts';
import { keyMentions } from '../../src/code/keys.ts';
import { Source } from '../../src/code/source.ts';
import { sourceOf } from './source.ts';

const FORMS: readonly IdForm[] = [
  { section: 'prices', prefix: 'price_1', lengths: [23] },
  { section: 'products', prefix: 'prod_', lengths: [14] },
];
const PRICE = 'price_1Qw7ErTyUiOpAs4DfGhJkLzX';
const PRODUCT = 'prod_Kx3mNbVcZl9pQr';

function found(file: string, text: string) {
  return idMentions(sourceOf(file, text), FORMS);
}

describe('an id', () => {
  test.each([
    ['a.ts', `buy('${PRICE}', "${PRODUCT}")`, [PRICE, PRODUCT]],
    ['a.yaml', `pro: ${PRICE}\nall:\n  - ${PRODUCT} # ours`, [PRICE, PRODUCT]],
    ['a.json', `{"pro": "${PRICE}"}`, [PRICE]],
    ['a.toml', `pro = "${PRICE}"`, [PRICE]],
    ['a.py', `"""${PRICE}"""\n# ${PRICE}`, []],
    ['a.js', `f('${PRICE}x', '${PRICE} ', 'x${PRICE}', \`\${a}${PRICE}\`)`, []],
    [
      'a.js',
      "f('price_1XXXXXXXXXXXXXXXXXXXXXXX', 'price_1abcdefghijklmnopqrstuvw', 'price_123', 'prod_12345678901234')",
      [],
    ],
  ])('counts as a whole word of its form: %s %s', (file, text, expected) => {
    expect(found(file, text).map(({ id }) => id)).toEqual(expected);
  });

  test('has its section and place', () => {
    expect(found('src/a.js', `\nf('${PRODUCT}')`)).toEqual([
      {
        section: 'products',
        id: PRODUCT,
        at: { file: 'src/a.js', line: 2, column: 4, endLine: 2, endColumn: 23 },
        isMarked: false,
        isSold: false,
      },
    ]);
  });

  test.each([
    ['a.js', `const testPrice = '${PRICE}';`],
    ['a.js', `const PRICE_STAGING =\n  '${PRICE}';`],
    ['a.js', `const p = '${PRICE}'; // the old one`],
    ['a.js', `// legacy, for old customers\nconst p = '${PRICE}';`],
    ['a.js', `const prices = {\n  sandbox: {\n    a: 1,\n    pro: '${PRICE}',\n  },\n};`],
    ['a.py', `if DEV:\n    x = 1\n    PRICE = "${PRICE}"`],
    ['a.yaml', `dev:\n  pro: ${PRICE}`],
    ['config/staging.json', `{"pro": "${PRICE}"}`],
  ])('is marked by its line, key, comment or path: %s %s', (file, text) => {
    expect(found(file, text).map(({ isMarked }) => isMarked)).toEqual([true]);
  });

  test.each([
    ['a.js', `const latest = '${PRICE}';`],
    ['a.js', `const golden = { device: '${PRICE}' };`],
    ['a.js', `const t = {\n  test: { pro: 'x' },\n  live: { pro: '${PRICE}' },\n};`],
    ['a.js', `// test\n\nconst p = '${PRICE}';`],
  ])('is not marked by what only looks so: %s %s', (file, text) => {
    expect(found(file, text).map(({ isMarked }) => isMarked)).toEqual([false]);
  });

  test.each([
    ['a.ts', `stripe.checkout.sessions.create({ line_items: [{ price: '${PRICE}', quantity: 1 }] })`],
    ['a.py', `stripe.checkout.Session.create(\n  line_items=[{"price": "${PRICE}"}],\n)`],
    ['a.rb', `Stripe::Subscription.create({ items: [{ price: '${PRICE}' }] })`],
    ['a.php', `<?php $stripe->subscriptions->create(['items' => [['price' => '${PRICE}']]]);`],
    ['a.php', `<?php \\Stripe\\Checkout\\Session::create(['line_items' => [['price' => '${PRICE}']]]);`],
    ['a.go', `p := &stripe.PaymentLinkParams{LineItems: []*x{{Price: stripe.String("${PRICE}")}}}`],
    ['a.cs', `var o = new SessionCreateOptions { LineItems = new List<X> { new X { Price = "${PRICE}" } } };`],
  ])('is sold by the call that holds it: %s %s', (file, text) => {
    expect(found(file, text).map(({ isSold }) => isSold)).toEqual([true]);
  });

  test('is not sold by a call that has ended', () => {
    const text = `stripe.subscriptions.create({ items }); show('${PRICE}'); prices.retrieve('${PRODUCT}')`;
    expect(found('a.js', text).map(({ isSold }) => isSold)).toEqual([false, false]);
  });
});

/** As the registry of kinds would hand it over. */
const KEYS = { field: ['lookup', 'key'].join('_'), aside: ['feature', 'entitlement'] };

describe('a lookup key', () => {
  test.each([
    ['a.ts', "stripe.prices.list({ lookup_keys: ['pro', \"team\"], expand: ['data.product'] })", ['pro', 'team']],
    ['a.py', 'stripe.Price.list(lookup_keys=["pro"], limit=1)', ['pro']],
    ['a.rb', 'Stripe::Price.list({ lookup_keys: %w[pro team] })', ['pro', 'team']],
    ['a.php', "<?php $stripe->prices->all(['lookup_keys' => ['pro'], 'limit' => 1]);", ['pro']],
    ['a.go', 'p := &stripe.PriceListParams{LookupKeys: stripe.StringSlice([]string{"pro", "team"})}', ['pro', 'team']],
    ['a.cs', 'var o = new PriceListOptions { LookupKeys = new List<string> { "pro" } };', ['pro']],
    ['A.java', 'PriceListParams.builder().addLookupKey("pro").build();', ['pro']],
    ['a.js', "const lookupKey = 'pro'; const name = 'team';", ['pro']],
    ['a.js', "const LOOKUP_KEYS = { monthly: 'pro' };", []],
    ['a.json', '{"lookup_key": {"type": "string", "enum": ["a"]}}', []],
    ['a.yaml', 'lookup_key:\n  "type": "string"', []],
    ['a.js', "find({ lookup_key: plan ? 'pro' : 'team' })", []],
    ['a.js', "if (price.lookup_key === 'pro') sell();", []],
    ['a.js', "update({ transfer_lookup_key: 'true' })", []],
    ['a.js', "stripe.prices.create({ lookup_key: 'pro' })", []],
    ['a.js', "schema = { lookup_key: z.string('wrong') }", []],
    ['a.js', "features.map(x => x);\nfind({ lookup_key: 'pro' })", []],
    ['a.js', `find({ lookup_keys: ['a b', \`c\${d}\`] })`, []],
  ])('is a word in a value or list of its name: %s %s', (file, text, expected) => {
    expect(keyMentions(sourceOf(file, text), KEYS).map(({ key }) => key)).toEqual(expected);
  });
});

test('words of one line share what is read around it', () => {
  let lines = 0;
  class Counting extends Source {
    override line(...rest: Parameters<Source['line']>): string {
      lines += 1;
      return super.line(...rest);
    }
  }
  const text = `x({ ${KEYS.field}s: [${"'a',".repeat(200)}] })`;
  const { language } = sourceOf('a.ts', '');
  expect(keyMentions(new Counting('a.ts', text, language), KEYS)).toHaveLength(200);
  // Nine lines for whether it is set aside, and one that tells how lines are indented.
  expect(lines).toBeLessThanOrEqual(10);
});
