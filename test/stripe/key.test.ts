/** The key in hand: a check says what it is, and what it may do besides; of one that may read one section, the others are refused. */
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Report } from '../../src/model.ts';
import { reportJson } from '../../src/report/json.ts';
import { markdown } from '../../src/report/markdown.ts';
import { shown } from '../../src/report/privacy.ts';
import { lastLine, terminal } from '../../src/report/terminal.ts';
import { registry, resourceOf } from '../../src/resources/index.ts';
import { SnapshotLive, StripeLive } from '../../src/stripe/live.ts';
import { exported } from '../../src/write/export.ts';
import { kindOf, SECTIONS } from '../kinds/index.ts';
import { type Key, liveKey, refusalForms, type StripeOptions, startStripe } from '../servers/stripe.ts';
import { snapshot } from '../shop/accounts.ts';
import { asReport, madeUpKey } from '../shop/shop.ts';

interface Call extends StripeOptions {
  readonly secret?: string;
  readonly connectedTo?: string;
}

/** Checks a file with a key that may do what is said, and gives besides what was asked. */
async function checked(text: string, key: Partial<Key>, call: Call = {}): Promise<{ report: Report; asked: string[] }> {
  const { secret = liveKey, connectedTo = null, ...options } = call;
  const server = await startStripe({ keys: { [secret]: { mode: 'live', ...key } }, ...options });
  const live = new StripeLive(secret, {
    base: new URL(server.url),
    connected: connectedTo,
    requestsPerSecond: 1000,
    timeoutSeconds: 200,
    interrupted: new AbortController().signal,
    keyFrom: 'variable',
  });
  const sources = [{ file: 'stripe-config.yaml', text }];
  const result = await check({ sources, environment: null, live, failOn: 'error', commit: null }).finally(() =>
    server.close(),
  );
  return { report: shown(result, 'full'), asked: server.requests.map(({ path }) => path) };
}

/** A file that declares the sample of a section, as an export does, and that there is nothing in all others. */
async function fileWith(section: string): Promise<string> {
  const side = new SnapshotLive(snapshot([{ section, live: kindOf(section).sample }]), 'live.json');
  const [field] = Object.keys(resourceOf(section).fields);
  const { text } = await exported(await side.open().readAll([section], true), true).catch((error: Error) => {
    // Of the sample of some settings a file can state nothing.
    expect(error.message).toContain('There is nothing to write');
    return { text: `version: 1\n${section}: { ${field}: {} }\n` };
  });
  const others = SECTIONS.filter((one) => one !== section).map((one) =>
    kindOf(one).row.single ? `${one}:\n${resourceOf(one).example.replace(/^/gm, '  ')}` : `${one}: {}`,
  );
  // Else a section that declares nothing, and whose undeclared objects are ignored, is not even asked for.
  const policy = 'policy: { unmanaged: notice }';
  return [text.replace(/^account: .*\n/m, ''), ...others, policy].join('\n');
}

const held = (section: string) => kindOf(section).row.permission;

test.each(SECTIONS)('of a key that may read nothing but %s, all others are refused, by name', async (section) => {
  const { sample, row } = kindOf(section);
  const permission = held(section);
  const text = await fileWith(section);
  const state = { [row.path]: [{ ...sample, object: row.noun, livemode: true }] };
  for (const refusals of refusalForms) {
    const { report } = await checked(text, { permissions: [permission] }, { state, refusals });
    expect(report.error).toBeNull();
    expect([report.status, report.exitCode]).toEqual(['incomplete', 3]);
    expect([...report.sections.keys()]).toEqual([...registry.keys()]);
    expect(report.sections.get(section)).toMatchObject({ status: 'read', declared: 1, inSync: 1 });
    expect(report.findings.filter((one) => one.severity === 'error' && one.section === section)).toEqual([]);
    for (const [other, { status, reason, remedy }] of report.sections) {
      const isHeld = held(other) === permission || (permission === 'plan_read' && held(other) === 'product_read');
      expect([other, status]).toEqual([other, isHeld ? 'read' : 'refused']);
      if (isHeld) continue;
      expect(reason).toContain(other);
      // What Stripe documents is in the link that creates a key; else the refusal alone names it.
      expect(kindOf(other).row.undocumented ? reason : remedy).toContain(held(other));
    }
  }
});

describe('a check says of the key', () => {
  const file = 'version: 1\nwebhooks: {}\n';
  const guarded = `${file}account: acct_1Shop\n`;
  const ofAccount = { slug: 'rak_accounts_kyc_basic_read', label: 'Basic Business Contact Information' };
  const keyIn = (report: Report) => (asReport(JSON.parse([...reportJson(report)].join(''))) as { key?: object }).key;
  const plain = { kind: 'restricted', mode: 'live', account: null, connected: null, beyond: [] };

  test('what it is, in every form', async () => {
    const { report } = await checked(file, {});
    expect(keyIn(report)).toEqual(plain);
    expect(report.notes).toEqual([]);
    expect(terminal(report)).toBe('✓ Stripe matches stripe-config.yaml: 0 entries, live mode\n');
    expect(lastLine(report)).toBe('✓ Stripe matches stripe-config.yaml: 0 entries, live mode · restricted key');
    expect(markdown(report)).toContain('`stripe-config.yaml` · restricted key · ');
    // What differs between two runs that find the same is not in a comment; the key is no difference.
    expect(markdown(report, { timeless: true })).not.toContain('restricted');
  });

  test('that it may read what the file does not need, as far as the check asked for it anyway', async () => {
    const { report, asked } = await checked(guarded, {});
    expect(asked.sort()).toEqual(['/v1/account', '/v1/webhook_endpoints']);
    expect(keyIn(report)).toEqual({
      ...plain,
      account: 'acct_1Shop',
      beyond: [{ ...ofAccount, access: 'read', sections: ['account_settings'], requests: ['GET /v1/account'] }],
    });
    expect(report.notes).toEqual([
      `The key has a permission that the file does not need: ${ofAccount.label}: Read (${ofAccount.slug}). stripe-config-check permissions --check tests what else it may read.`,
    ]);
  });

  test('nothing of the kind where that was refused, or an environment of the file needs it', async () => {
    const lacking = await checked(guarded, { permissions: ['webhook_read'] });
    expect(keyIn(lacking.report)).toEqual({ ...plain, account: 'acct_1Shop' });
    const needed = await checked(`${guarded}environments: { test: { account_settings: { country: US } } }\n`, {});
    expect(keyIn(needed.report)).toEqual({ ...plain, account: 'acct_1Shop' });
    expect([...lacking.report.notes, ...needed.report.notes]).toEqual([]);
  });

  test('that a secret key may do everything, and which connected account was read', async () => {
    const connected = { acct_1Other: {} };
    const call = { secret: madeUpKey('sk'), connected, connectedTo: 'acct_1Other' };
    const { report } = await checked(file, {}, call);
    const account = 'acct_1Other';
    expect(keyIn(report)).toEqual({ ...plain, kind: 'secret', account, connected: account, beyond: null });
    expect(report.notes).toEqual([expect.stringMatching(/^The key is a secret key: it can do everything/)]);
    expect(lastLine(report)).toContain(' · secret key');
  });

  test('what it is, where nothing could be compared', async () => {
    const { report } = await checked(`${file}account: acct_1Other\n`, {});
    expect(report.status).toBe('error');
    expect(keyIn(report)).toMatchObject({ kind: 'restricted' });
  });

  test('nothing where there is none', async () => {
    const live = new SnapshotLive(snapshot([]), 'live.json');
    const sources = [{ file: 'stripe-config.yaml', text: 'version: 1\nwebhooks: {}\n' }];
    const result = await check({ sources, environment: null, live, failOn: 'error', commit: null });
    expect(keyIn(shown(result, 'full'))).toBeUndefined();
  });
});
