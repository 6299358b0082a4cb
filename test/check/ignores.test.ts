/** What is said of the rules of `ignore` themselves: only what is true whatever the account is like tomorrow. */
import { expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';

/** What the report says of the file. */
async function remarks(file: string, objects: object): Promise<string[]> {
  const { findings, error } = await check({
    sources: [{ file: 'stripe-config.yaml', text: `version: 1\n${file}\n` }],
    environment: null,
    live: new SnapshotLive(
      JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1', sections: objects }),
      'live.json',
    ),
    failOn: 'error',
    commit: null,
  });
  expect(error).toBeNull();
  return findings.flatMap((finding) => (finding.problem === 'invalid' ? finding.message : []));
}

const rule = (pattern: string, fields = ', fields: [description]') =>
  `ignore: [{ products: ${pattern}${fields}, reason: kept elsewhere }]`;
const two = { products: [product({ id: 'prod_1', name: 'Pro' }), product({ id: 'prod_2', name: 'Pro' })] };
const NONE = 'This ignore matches no object that the file declares ("kept elsewhere"). Remove it, or fix its pattern';

test.each([
  ['agrees today', 'products: { pro: { id: prod_1, description: null } }', 'pro'],
  ['does not state the field', 'products: { pro: { id: prod_1 } }', 'prod_1'],
  ['is ambiguous', 'products: { pro: { name: Pro } }', 'pro'],
  ['is ambiguous, by the id of one that it may mean', 'products: { pro: { name: Pro } }', 'prod_2'],
  ['is ambiguous, by its fields', 'products: { pro: { name: Pro } }', '{ name: Pro }'],
  ['is missing', 'products: { pro: { name: Gone } }', 'pro'],
  ['is missing, by what finds it', 'products: { pro: { name: Gone } }', 'Gone'],
  ['is missing, by its id', 'products: { pro: { id: prod_gone } }', 'prod_gone'],
  ['is missing, by its fields', 'products: { pro: { name: Gone } }', '{ metadata.plan: pro }'],
])('a rule with fields stays where its entry %s', async (_, products, pattern) => {
  expect(await remarks(`${products}\n${rule(pattern)}`, two)).toEqual([]);
});

test('a rule with fields stays where what its entry is found by was not read', async () => {
  const file = `products: { pro: { id: prod_1 } }
prices: { monthly: { match: [product, nickname], product: pro, nickname: Monthly } }
ignore: [{ prices: price_1, fields: [metadata], reason: kept elsewhere }]`;
  expect(await remarks(file, { prices: [price({ id: 'price_1' })] })).toEqual([]);
});

test('a rule with fields that names no entry is a warning', async () => {
  for (const pattern of ['por', '{ name: Plus }', 'prod_2'])
    expect(await remarks(`products: { pro: { id: prod_1 } }\n${rule(pattern)}`, two)).toEqual([NONE]);
  expect(await remarks(`products: { pro: { name: Gone } }\n${rule('por')}`, two)).toEqual([NONE]);
});

test('a rule for an object that an ambiguous entry may mean stays', async () => {
  expect(await remarks(`products: { pro: { name: Pro } }\n${rule('prod_2', '')}`, two)).toEqual([]);
  expect(await remarks(`products: { pro: { id: prod_1 } }\n${rule('prod_2', '')}`, two)).toEqual([]);
  expect(await remarks(`products: { pro: { id: prod_1 } }\n${rule('prod_1', '')}`, two)).toEqual([
    'This ignore also matches products.pro of the file: that entry is checked all the same. Narrow it',
  ]);
});
