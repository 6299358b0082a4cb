/**
 * What Stripe tells besides the fields goes nowhere, and outlives the answer in no form: persons, addresses, banks and taxes
 * in `/v1/account`; passwords of Wi-Fi networks, user names and passcodes in the configurations of card readers.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as account from '../kinds/account_settings.ts';
import * as readers from '../kinds/terminal_configurations.ts';
import { cleanUp, node24, repository, runAction, runCli } from '../runner.ts';
import { liveKey, type StripeServer, startStripe } from '../servers/stripe.ts';

/** Of each section what a snapshot has: all that is kept. */
const KEPT = {
  account_settings: [
    {
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
    },
  ],
  terminal_configurations: [
    {
      id: 'tmc_ElVUAjF8xXG3hj',
      bbpos_wisepos_e: { splashscreen: 'file_1Pgc6yB7WZ01zgkWSsAMx1We' },
      cellular: { enabled: true },
      is_account_default: false,
      name: 'Berlin',
      offline: { enabled: null },
      reboot_window: { end_hour: 5, start_hour: 3 },
      stripe_s700: { splashscreen: 'file_1Expanded' },
      stripe_s710: {},
      tipping: {
        eur: { fixed_amounts: null, percentages: [5, 10, 15] },
        usd: { fixed_amounts: [100, 200, 300], percentages: [15, 18, 20], smart_tip_threshold: 1000 },
      },
      verifone_p400: { splashscreen: null },
    },
  ],
};

const SECTIONS = Object.keys(KEPT);

/** A file that states something else of what can be read, so that all of it is compared and printed. */
const file = `version: 1
account: acct_1Pgc6yB7WZ01zgkW
account_settings:
  business_profile: { name: Other, support_email: other@example.com, support_phone: "+1", mcc: "5735" }
  business_type: company
  settings:
    branding: { logo: file_2Logo }
    payments: { statement_descriptor: OTHER }
terminal_configurations:
  shop:
    id: tmc_ElVUAjF8xXG3hj
    name: Other readers
    tipping: { usd: { percentages: [1] } }
    offline: { enabled: true }
    cellular: null
    reboot_window: { start_hour: 1, end_hour: 2 }
    stripe_s700: { splashscreen: file_2Other }
    stripe_s710: { splashscreen: file_2Other }
    verifone_p400: { splashscreen: file_2Other }
  gone: { name: Gone }
`;

const hidden = [...account.hidden, ...readers.hidden];
const found = (text: string) => hidden.filter((secret) => text.includes(secret));

/** Names of Stripe's, which its own SDK and this program have in memory anyway. */
const GENERAL: readonly string[] = [
  ...['person_', 'service_user_number', 'delay_days', 'Hidden'],
  ...['wifi', 'reader_security'],
];

let server: StripeServer;
beforeAll(async () => {
  server = await startStripe({
    state: {
      account: [{ ...account.kind.sample, object: 'account' }],
      'terminal/configurations': [
        { ...readers.kind.sample, object: 'terminal.configuration', livemode: true } as { id: string; object: string },
      ],
    },
  });
});
afterAll(async () => {
  await server.close();
  cleanUp();
});

const env = () => ({ STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url });

describe('what stands in an answer besides the fields', () => {
  test('is in no format of a report, and in no log', async () => {
    for (const format of ['terminal', 'json', 'markdown', 'sarif', 'github']) {
      const cwd = repository({ 'stripe-config.yaml': file });
      const { stdout, stderr, exitCode } = await runCli(['check', '--format', format], { cwd, env: env() });
      expect([format, exitCode, stderr]).toEqual([format, 2, '']);
      for (const shown of ['Other', 'Berlin', 'file_2Other']) expect(stdout).toContain(shown);
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
    await runCli(['snapshot', '--sections', SECTIONS.join(), '--output', 'live.json'], { cwd, env: env() });
    const snapshot = JSON.parse(readFileSync(join(cwd, 'live.json'), 'utf8'));
    expect(snapshot).toEqual({
      schema: 1,
      takenAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      mode: 'live',
      account: 'acct_1Pgc6yB7WZ01zgkW',
      sections: KEPT,
    });
    const exported = await runCli(['export', '--sections', SECTIONS.join(), '--full'], { cwd, env: env() });
    expect([exported.exitCode, exported.stderr.includes('are left out')]).toEqual([0, false]);
    const text = readFileSync(join(cwd, 'stripe-config.yaml'), 'utf8');
    for (const shown of ['EXAMPLE.COM', 'name: Berlin', 'file_1Expanded']) expect(text).toContain(shown);
    expect(found(text)).toEqual([]);
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
       const live = new StripeLive(key, { ...options, keyFrom: 'variable', interrupted: new AbortController().signal });
       globalThis.reading = await live.open(${JSON.stringify(SECTIONS)}).readAll(${JSON.stringify(SECTIONS)}, true);
       // The frames that read the answer are gone when the next turn of the event loop begins.
       await new Promise((done) => setTimeout(done, 100));
       globalThis.gc();
       writeHeapSnapshot('memory.heapsnapshot');`,
    );
    await promisify(execFile)(node24, ['--expose-gc', script, server.url, liveKey], { cwd: folder });
    const memory = readFileSync(join(folder, 'memory.heapsnapshot'), 'latin1');
    rmSync(folder, { recursive: true });
    // What is kept is there, so that what is not would be seen.
    for (const kept of ['EXAMPLE.COM', 'file_1Expanded']) expect(memory).toContain(kept);
    const words = hidden.filter((secret) => /[A-Za-z@.]{5}/.test(secret) && !GENERAL.includes(secret));
    expect(words.filter((secret) => memory.includes(secret))).toEqual([]);
  });
});
