import { afterAll, describe, expect, it } from 'vitest';
import { cleanUp, repository, runCli } from '../runner.ts';

/**
 * Against Stripe's own mock server, which refuses parameters that Stripe's specification does not know. It answers with
 * fixtures, whatever is asked: the findings mean nothing here, that every request is accepted and every answer read does.
 * Start it (`go install github.com/stripe/stripe-mock@v0.203.0`, then `stripe-mock`), and name it in STRIPE_MOCK_URL.
 */
const mock = process.env.STRIPE_MOCK_URL;
const key = 'rk_test_0123456789';
if (mock === undefined && process.env.npm_lifecycle_event === 'test:stripe-mock') {
  throw new Error('Name the address of a running stripe-mock in STRIPE_MOCK_URL, such as http://127.0.0.1:12111');
}

/** A file whose entries need every kind of list, look-up and expansion of Stripe's API v1; the mock refuses every path of v2. */
const file = `version: 1
account: acct_1Another
webhooks:
  by_url: { url: https://example.com/elsewhere, enabled_events: [charge.failed] }
  by_id: { id: we_1Example }
products:
  by_id: { id: prod_example }
  by_name: { name: Something else }
  by_match: { match: metadata.plan, metadata: { plan: pro } }
prices:
  by_id: { id: price_1Example, currency: usd, unit_amount: 5, type: one_time }
  by_lookup_key:
    lookup_key: pro
    product: by_id
    currency: usd
    tiers_mode: graduated
    tiers: [{ up_to: inf, unit_amount: 5 }]
    recurring: { interval: month }
    currency_options: { eur: { tiers: [{ up_to: inf, unit_amount: 4 }] } }
  by_match: { match: [product, nickname], product: by_id, nickname: monthly }
`;

afterAll(cleanUp);

describe.skipIf(mock === undefined)("Stripe's own mock", () => {
  it('refuses a parameter that Stripe does not know, so that its consent means something', async () => {
    const answer = await fetch(`${mock}/v1/prices?colour=red`, { headers: { Authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(400);
  });

  it('accepts every request that the program makes, and every answer is read', async () => {
    const cwd = repository({ 'stripe-config.yaml': file.replace(/^account: .*\n/m, '') });
    const env = { STRIPE_API_KEY: key, STRIPE_API_BASE: String(mock) };
    const { stdout, stderr } = await runCli(['check', '--format', 'json'], { cwd, env });
    expect(stderr).toBe('');
    const report = JSON.parse(stdout) as { status: string; error: unknown; sections: Record<string, unknown> };
    expect(report.error).toBeNull();
    expect(report.status).toBe('drift');
    expect(report.sections).toEqual({
      // One list, one endpoint by its id.
      webhooks: expect.objectContaining({ status: 'read', requests: 2 }),
      // In force; by ids, then the one that did not come back; retired, for the name and the metadata; in force once more.
      products: expect.objectContaining({ status: 'read', requests: 5 }),
      // In force; one by its id; the lookup key in both states; retired, for the product and nickname; in force once more;
      // one again, for what the list leaves out of it.
      prices: expect.objectContaining({ status: 'read', requests: 7 }),
    });
  });

  it('tells the account, which the guard of the file compares', async () => {
    const cwd = repository({ 'stripe-config.yaml': file });
    const env = { STRIPE_API_KEY: key, STRIPE_API_BASE: String(mock) };
    const { stdout, exitCode } = await runCli(['check', '--format', 'json'], { cwd, env });
    const report = JSON.parse(stdout) as { status: string; error: { message: string } };
    expect(exitCode).toBe(1);
    expect(report.error.message).toMatch(
      /^The file states account: acct_1Another \(line 2\), but the key belongs to acct_\w+\./,
    );
  });
});
