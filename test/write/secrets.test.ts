/** Which URLs `export` does not write, since a file in git is no place for a secret. */
import { describe, expect, test } from 'vitest';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { exported } from '../../src/write/export.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';

async function exportOf(sections: object): Promise<string> {
  const side = new SnapshotLive(JSON.stringify({ schema: 1, mode: 'live', account: null, sections }), 'live.json');
  return (await exported(await side.open().readAll(Object.keys(sections), false), false)).text;
}

describe('the URL of an endpoint', () => {
  test.each([
    'https://a.example.com/stripe/webhooks',
    'https://a.example.com/stripe-webhook-handler-v2/stripewebhooks2026production',
    'https://a.example.com/x?env=live',
    'https://a.example.com/x?source=stripe-live&version=2&v=1699999999&since=2027-01-31',
    'https://a.example.com/x?',
    'https://a.example.com/x#stripe',
    'https://münchen.example/stripe/überweisungen',
  ])('is written: %s', async (url) => {
    const text = await exportOf({ webhooks: [webhookEndpoint({ id: 'we_1', url })] });
    expect(text).toContain(url);
    expect(text).not.toContain('we_1');
  });

  test.each([
    'https://a.example.com/?s3cret',
    'https://a.example.com/x?token=abc',
    'https://a.example.com/x?env=live&api_key=',
    'https://a.example.com/x?PASSWORD=x',
    'https://a.example.com/x?ref=9f86d081884c7d65',
    'https://a.example.com/x?x-vercel-protection-bypass=abcdef',
    'https://a.example.com/x#access_token=abc',
    'https://user@a.example.com/x',
    'https://:hunter2@a.example.com/x',
    'https://a.example.com/hooks/0b9d2c1e-77aa-4c1b-9d6e-52f3a1c0ffee',
    'https://a.example.com/hooks/9f86d081884c7d659a2feaa0',
  ])('is not, and the entry states the id in its place: %s', async (url) => {
    const text = await exportOf({ webhooks: [webhookEndpoint({ id: 'we_1', url })] });
    expect(text).not.toContain(url.slice('https://a.example.com/'.length + 1));
    expect(text).toMatch(
      /\n {4}# There seems to be a secret \(a password or token\) in its url, so this file states id in its place\.\n {4}id: we_1\n/,
    );
  });
});

test('the pictures of a product, which are for everybody, are written whatever their paths look like', async () => {
  const images = [
    'https://files.example.com/links/MDB8YWNjdF8xTTB8ZmxfbGl2ZV8',
    'https://cdn.example.com/a.png?v=1699999999',
  ];
  const products = [
    product({ id: 'prod_1', images }),
    product({ id: 'prod_2', images: [`${images[0]}?signature=abc`] }),
  ];
  const text = await exportOf({ products });
  for (const image of images) expect(text).toContain(image);
  expect(text).not.toContain('signature');
  expect(text).toContain(
    '# There seems to be a secret (a password or token) in its images, so this file leaves it out',
  );
});
