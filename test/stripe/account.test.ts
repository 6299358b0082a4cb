/** What Stripe tells of persons, addresses, banks and taxes in `/v1/account` goes nowhere: it outlives the answer in no form. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hidden, kind } from '../kinds/account_settings.ts';
import { cleanUp, node24, repository, runAction, runCli } from '../runner.ts';
import { liveKey, type StripeServer, startStripe } from '../servers/stripe.ts';

let server: StripeServer;
beforeAll(async () => {
  server = await startStripe({ state: { account: [{ ...kind.sample, object: 'account' }] } });
});
afterAll(async () => {
  await server.close();
  cleanUp();
});

/** A file that states something of every setting that can be read, so that all of it is compared and printed. */
const file = `version: 1
account: acct_1Pgc6yB7WZ01zgkW
account_settings:
  business_profile: { name: Other, support_email: other@example.com, support_phone: "+1", mcc: "5735" }
  business_type: company
  settings:
    branding: { logo: file_2Logo }
    payments: { statement_descriptor: OTHER }
`;

const env = () => ({ STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url });
const found = (text: string) => hidden.filter((secret) => text.includes(secret));

describe('what stands in /v1/account besides the fields', () => {
  test('is in no format of a report, and in no log', async () => {
    for (const format of ['terminal', 'json', 'markdown', 'sarif', 'github']) {
      const cwd = repository({ 'stripe-config.yaml': file });
      const { stdout, stderr, exitCode } = await runCli(['check', '--format', format], { cwd, env: env() });
      expect([format, exitCode, stderr]).toEqual([format, 2, '']);
      expect(stdout).toContain('Other');
      expect([format, found(stdout)]).toEqual([format, []]);
    }
  });

  test('is in nothing that the Action prints, writes or sets, with debug logs too', async () => {
    const run = await runAction({
      inputs: { 'stripe-api-key': liveKey, 'stripe-api-base': server.url, 'report-file': 'report.json' },
      debug: true,
      files: { 'stripe-config.yaml': file },
    });
    expect(run.outputs.status).toBe('drift');
    expect(found(JSON.stringify(run))).toEqual([]);
    expect(found(readFileSync(join(run.workspace, 'report.json'), 'utf8'))).toEqual([]);
  });

  test('is in no snapshot and no export: these hold the fields, byte by byte', async () => {
    const cwd = repository({});
    await runCli(['snapshot', '--sections', 'account_settings', '--output', 'live.json'], { cwd, env: env() });
    const snapshot = JSON.parse(readFileSync(join(cwd, 'live.json'), 'utf8'));
    expect(snapshot).toEqual({
      schema: 1,
      takenAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      mode: 'live',
      account: 'acct_1Pgc6yB7WZ01zgkW',
      sections: { account_settings: [KEPT] },
    });
    const exported = await runCli(['export', '--sections', 'account_settings', '--full'], { cwd, env: env() });
    expect([exported.exitCode, exported.stderr.includes('account_settings are left out')]).toEqual([0, false]);
    expect(readFileSync(join(cwd, 'stripe-config.yaml'), 'utf8')).toContain('EXAMPLE.COM');
    expect(found(readFileSync(join(cwd, 'stripe-config.yaml'), 'utf8'))).toEqual([]);
  });

  test('is not in the memory of the program once the answer is read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stripe-config-check-'));
    const script = join(folder, 'read.ts');
    const live = fileURLToPath(new URL('../../src/stripe/live.ts', import.meta.url));
    writeFileSync(
      script,
      `import { writeHeapSnapshot } from 'node:v8';
       import { StripeLive } from ${JSON.stringify(live)};
       const [base, key] = process.argv.slice(2);
       const options = { base: new URL(base), connected: null, requestsPerSecond: 20, timeoutSeconds: 60 };
       const live = new StripeLive(key, { ...options, interrupted: new AbortController().signal });
       globalThis.reading = await live.open(['account_settings']).readAll(['account_settings'], true);
       // The frames that read the answer are gone when the next turn of the event loop begins.
       await new Promise((done) => setTimeout(done, 100));
       globalThis.gc();
       writeHeapSnapshot('memory.heapsnapshot');`,
    );
    await promisify(execFile)(node24, ['--expose-gc', script, server.url, liveKey], { cwd: folder });
    const memory = readFileSync(join(folder, 'memory.heapsnapshot'), 'latin1');
    rmSync(folder, { recursive: true });
    // What is kept is there, so that what is not would be seen.
    expect(memory).toContain('EXAMPLE.COM');
    const words = hidden.filter((secret) => /[A-Za-z@.]{5}/.test(secret) && !GENERAL.includes(secret));
    expect(words.filter((secret) => memory.includes(secret))).toEqual([]);
  });
});

/** Names of Stripe's, which its own SDK has in memory anyway. */
const GENERAL: readonly string[] = ['person_', 'service_user_number', 'delay_days', 'Hidden'];

/** The snapshot's object: all that is kept. */
const KEPT = {
  id: 'acct_1Pgc6yB7WZ01zgkW',
  created: 1234567890,
  business_profile: {
    mcc: '5734',
    name: 'Example',
    support_email: 'support@example.com',
    support_phone: null,
    support_url: null,
    url: 'https://example.com',
  },
  business_type: 'individual',
  country: 'US',
  default_currency: 'usd',
  settings: {
    bacs_debit_payments: { display_name: null },
    branding: { icon: null, logo: 'file_1Logo', primary_color: '#663399', secondary_color: null },
    card_payments: {
      decline_on: { avs_failure: true, cvc_failure: false },
      statement_descriptor_prefix: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    dashboard: { display_name: 'Example', timezone: 'Etc/UTC' },
    invoices: { default_account_tax_ids: ['txi_2', 'txi_1'], hosted_payment_method_save: 'offer' },
    payments: {
      statement_descriptor: 'EXAMPLE.COM',
      statement_descriptor_kana: null,
      statement_descriptor_kanji: null,
    },
    sepa_debit_payments: {},
  },
  capabilities: { card_payments: 'active', transfers: 'pending' },
};
