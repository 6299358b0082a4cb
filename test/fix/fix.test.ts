/** How a finding is fixed both ways: what is pasted makes it go away, and what is run says what the file states. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMap, isScalar, type Pair, parseDocument, visit, type Node as YamlNode } from 'yaml';
import { check } from '../../src/check/check.ts';
import { plan } from '../../src/fix/plan.ts';
import type { Finding, Place, Report } from '../../src/model.ts';
import { annotations } from '../../src/report/annotations.ts';
import { commentBody } from '../../src/report/comment.ts';
import { type AcceptText, type FixTexts, fixTexts } from '../../src/report/fixes.ts';
import { reportJson } from '../../src/report/json.ts';
import { markdown } from '../../src/report/markdown.ts';
import { type Showing, shown } from '../../src/report/privacy.ts';
import { plainScreen } from '../../src/report/screen.ts';
import { terminal } from '../../src/report/terminal.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { INVISIBLE } from '../../src/text.ts';
import { coupon } from '../kinds/coupons.ts';
import { meter } from '../kinds/meters.ts';
import { portalConfiguration, withUpdate } from '../kinds/portal_configurations.ts';
import { price, tier } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { promotionCode } from '../kinds/promotion_codes.ts';
import { shippingRate } from '../kinds/shipping_rates.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import { runs } from '../runs.ts';
import { cases, declaration, type Entry, SECTIONS, snapshot } from '../shop/accounts.ts';
import { edit, replaced } from '../shop/edits.ts';
import { pasted } from '../shop/paste.ts';
import { possible } from '../shop/possible.ts';
import { Dice } from '../tree.ts';
import { write } from '../yaml-style.ts';

fc.configureGlobal({ interruptAfterTimeLimit: 100_000, seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) });

async function compared(text: string, live: string, showing: Showing = 'full'): Promise<Report> {
  const report = await check({
    sources: [{ file: 'stripe-config.yaml', text }],
    environment: null,
    live: new SnapshotLive(live, 'live.json'),
    failOn: 'error',
    commit: null,
  });
  return shown(report, showing);
}

/** A text without its marks and line breaks, as its words are read. */
function plain(text: string): string {
  return text.replaceAll('&#58;', ':').replaceAll('`', '').replace(/\s+/g, ' ');
}

/** What a pull request leaves to do, where `before` is the file on its base. */
async function planned(text: string, before: string, live: string): Promise<Report> {
  const report = await check({
    sources: [{ file: 'stripe-config.yaml', text }],
    base: async () => ({ name: 'base.yaml', sources: [{ file: 'stripe-config.yaml', text: before }] }),
    environment: null,
    live: new SnapshotLive(live, 'live.json'),
    failOn: 'error',
    commit: null,
  });
  return shown(report, 'full');
}

function differences({ findings, error }: Report): Finding[] {
  const refused = findings.filter(({ problem, severity }) => problem === 'invalid' && severity === 'error');
  expect([error, ...refused.map((finding) => 'message' in finding && finding.message)]).toEqual([null]);
  return findings.filter(({ problem }) => problem !== 'invalid');
}

const sections = (objects: object, more: object = {}) =>
  JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1', sections: objects, ...more });

/** How the one difference of a file is fixed. */
async function only(file: string, objects: object, showing: Showing = 'full', more: object = {}): Promise<FixTexts> {
  const report = await compared(`version: 1\n${file}\n`, sections(objects, more), showing);
  const found = differences(report).filter(({ problem }) => problem !== 'unhealthy');
  expect(found).toHaveLength(1);
  return fixTexts(found[0] as Finding, report);
}

describe('what is pasted for a field', () => {
  const monthly = 'currency: usd, recurring: { interval: month }';
  const priced = (fields: string, live: Parameters<typeof price>[0]) =>
    only(`prices: { it: { id: price_1, ${fields} } }`, { prices: [price({ id: 'price_1', ...live })] });

  test.each<[string, Parameters<typeof price>[0], string]>([
    [`unit_amount: 1, ${monthly}`, { unit_amount: 2000, unit_amount_decimal: '2000' }, 'unit_amount: 2000'],
    [`unit_amount: 1, ${monthly}`, { unit_amount: null, unit_amount_decimal: '20.5' }, 'unit_amount_decimal: "20.5"'],
    [`unit_amount_decimal: "0.5", ${monthly}`, { unit_amount: 3, unit_amount_decimal: '3' }, 'unit_amount: 3'],
    ['nickname: A', { nickname: null }, 'nickname: null'],
    ['nickname: A', { nickname: 'no' }, 'nickname: "no"'],
    ['nickname: A', { nickname: '##[error]\u202e\n' }, 'nickname: "##\\x5berror]\\u202e\\n"'],
    ['metadata: { a: b, c: d }', { metadata: { a: '1.10', e: 'f' } }, 'metadata: { a: "1.10", c: null }'],
    ['metadata: {}', { metadata: { plan: 'pro' } }, 'metadata: { plan: pro }'],
    ['recurring: { interval: year }', { recurring: { interval: 'month' } }, 'recurring: { interval: month }'],
    [
      'recurring: { interval: month, interval_count: 3 }',
      { recurring: { interval: 'month' } },
      'recurring: { interval: month, interval_count: 1 }',
    ],
    ['recurring: { interval: year }', { recurring: null }, 'recurring: null'],
    [
      'custom_unit_amount: null',
      { custom_unit_amount: { maximum: null, minimum: null, preset: null } },
      'custom_unit_amount: { enabled: true }\ncurrency: usd\nrecurring: { interval: month }',
    ],
    [
      `unit_amount: 1, ${monthly}`,
      { custom_unit_amount: { maximum: 5, minimum: null, preset: null } },
      'unit_amount: null\ncustom_unit_amount: { maximum: 5 }',
    ],
    [
      `unit_amount: 1, ${monthly}`,
      { tiers: [tier({ unit_amount: 5 })] },
      'unit_amount: null\ntiers_mode: graduated\ntiers: [{ up_to: inf, unit_amount: 5 }]',
    ],
    [
      `unit_amount: 2000, ${monthly}`,
      { transform_quantity: { divide_by: 5, round: 'up' } },
      'transform_quantity: { divide_by: 5, round: up }',
    ],
    [`unit_amount: 2000, ${monthly}`, { tax_behavior: 'exclusive' }, 'tax_behavior: exclusive'],
    [`unit_amount: 2000, currency: usd`, {}, 'recurring: { interval: month }'],
    [
      `unit_amount: 2000, ${monthly}, currency_options: { eur: { unit_amount: 5 } }`,
      { currency_options: { eur: { unit_amount: 5 }, gbp: { unit_amount: 4 } } },
      'currency_options: { eur: { unit_amount: 5 }, gbp: { unit_amount: 4 } }',
    ],
    ['product: prod_2', { product: 'prod_1' }, 'product: { id: prod_1 }'],
  ])('%s, where %j is live', async (fields, live, yaml) => {
    expect((await priced(fields, live)).accept.map((one) => one.yaml)).toEqual([yaml]);
  });

  test('names the entry that has the object which is referred to', async () => {
    const file = `products: { a: { id: prod_1 }, b: { id: prod_2 } }\nprices: { it: { id: price_1, product: a } }`;
    const live = { products: [product({ id: 'prod_1' }), product({ id: 'prod_2' })] };
    const { accept } = await only(file, { ...live, prices: [price({ id: 'price_1', product: 'prod_2' })] });
    expect(accept[0]?.yaml).toBe('product: b');
  });

  test('is a field more where the entry was silent', async () => {
    const { accept } = await only('products: { it: { id: p } }', { products: [product({ id: 'p', active: false })] });
    expect(accept).toEqual([
      {
        words: 'If Stripe is right, in the file: add this to the entry.',
        yaml: 'active: false',
        into: 'entry',
        replaces: [],
      },
    ]);
  });

  test('is the id where the live URL holds a token', async () => {
    const live = webhookEndpoint({ id: 'we_1', url: 'https://A.example.com/?token=secret' });
    const file = 'webhooks: { it: { url: "https://a.example.com/?token=secret" } }';
    const found = await only(file, { webhooks: [live] });
    expect(found.accept[0]?.yaml).toBe('id: we_1');
    expect(found.restore?.commands).toEqual([]);
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  test('is nothing where Stripe always has a value and tells none', async () => {
    const live = { ...product({ id: 'p' }), type: undefined };
    const { accept } = await only('products: { it: { id: p, type: good } }', { products: [live] });
    expect(accept).toEqual([
      {
        words: 'If Stripe is right, in the file: remove `type` from the entry.',
        yaml: null,
        into: 'entry',
        replaces: ['type'],
      },
    ]);
  });
});

describe('what is pasted leaves a valid file that agrees with Stripe', () => {
  /** What is left once the first way to accept each finding is taken. */
  async function left(file: string, objects: object): Promise<string[]> {
    const text = `version: 1\n${file}\n`;
    const report = await compared(text, sections(objects));
    const [finding] = differences(report) as [Finding];
    const [way] = fixTexts(finding, report).accept;
    const after = await compared(pasted(text, finding, way as AcceptText) ?? '', sections(objects));
    return differences(after).map(({ problem, name }) => `${problem} ${name}`);
  }

  test.each<[string, string, object, string, string[]]>([
    [
      'a lookup key that was taken away',
      'prices: { it: { lookup_key: k, product: prod_1, currency: usd, unit_amount: 2000, recurring: { interval: month } } }',
      { prices: [price({ id: 'price_1', lookup_key: null, product: 'prod_1' })] },
      'id: price_1\nlookup_key: null',
      ['lookup_key'],
    ],
    [
      'metadata that was taken away',
      'products: { it: { match: metadata.plan, name: Pro, metadata: { plan: pro, a: b }, unit_label: seat } }',
      { products: [product({ id: 'p', name: 'Pro', unit_label: 'seat', metadata: { a: 'b' } })] },
      'id: p\nmetadata: { plan: null, a: b }',
      ['match', 'metadata'],
    ],
    [
      'metadata that was taken away, beside the id',
      'products: { it: { match: metadata.plan, id: p, metadata: { plan: pro } } }',
      { products: [product({ id: 'p', name: 'Pro', metadata: {} })] },
      'metadata: { plan: null }',
      ['match', 'metadata'],
    ],
    [
      'one of the fields that match names',
      'prices: { it: { match: [product, nickname], nickname: M, product: prod_1, currency: usd, unit_amount: 2000, recurring: { interval: month } } }',
      { prices: [price({ id: 'price_1', nickname: null, product: 'prod_1' })] },
      'id: price_1\nnickname: null',
      ['match', 'nickname'],
    ],
  ])('where nothing is left of what found it: %s', async (_name, file, live, yaml, replaces) => {
    expect((await only(file, live)).accept).toMatchObject([{ yaml, replaces }]);
    expect(await left(file, live)).toEqual([]);
  });

  test('where what found it is what another has', async () => {
    const file = 'products: { it: { name: Pro, metadata: { plan: pro } } }';
    const live = {
      products: [
        product({ id: 'p', name: 'Plus', metadata: { plan: 'pro' } }),
        product({ id: 'q', name: 'Plus', metadata: {} }),
      ],
    };
    expect(await left(file, live)).toEqual(['unmanaged null']);
  });

  test('where both spellings of an amount are stated', async () => {
    const file =
      'prices: { it: { lookup_key: k, unit_amount: 2000, unit_amount_decimal: "2000", currency: usd, type: one_time } }';
    const live = {
      prices: [price({ lookup_key: 'k', unit_amount: 1500, unit_amount_decimal: '1500', recurring: null })],
    };
    const { accept } = await only(file, live);
    expect(accept).toEqual([
      {
        words: 'If Stripe is right, in the file: replace `unit_amount` and `unit_amount_decimal` with this.',
        yaml: 'unit_amount: 1500',
        into: 'entry',
        replaces: ['unit_amount', 'unit_amount_decimal'],
      },
    ]);
    expect(await left(file, live)).toEqual([]);
  });

  test('where the URL that finds the endpoint may not be shown', async () => {
    const file = 'webhooks: { it: { match: url, url: "https://b.EXAMPLE.com/x?y=1" } }';
    const live = {
      webhooks: [webhookEndpoint({ id: 'we_1', url: 'https://b.example.com/x?y=1', api_version: '2026-10-28.endive' })],
    };
    const report = await compared(`version: 1\n${file}\n`, sections(live), 'full');
    const [finding] = differences(report) as [Finding];
    expect(fixTexts(finding, report).accept).toMatchObject([{ yaml: 'id: we_1', replaces: ['match', 'url'] }]);
    for (const said of [withFixes(report), markdown(report), annotations(report)[0]?.message])
      expect(said).toMatch(
        /id: we_1.*in place of match.*url|in place of match, url: id: we_1|match.*(?:is|are) removed/s,
      );
    expect(await left(file, live)).toEqual([]);
  });

  test('where two fields say one thing', async () => {
    const file = 'products: { it: { id: p, tax_code: txcd_1, tax_details: { tax_code: txcd_1 } } }';
    const live = { products: [product({ id: 'p', tax_code: 'txcd_2' })] };
    expect(await left(file, live)).toEqual([]);
    const amount =
      'prices: { it: { lookup_key: k, currency: usd, unit_amount: 5, custom_unit_amount: null, recurring: null } }';
    const custom = price({
      lookup_key: 'k',
      recurring: null,
      custom_unit_amount: { maximum: null, minimum: null, preset: null },
    });
    expect(await left(amount, { prices: [custom] })).toEqual([]);
  });

  // Of each a finding is taken over alone, and what it can't stand beside goes with it.
  test.each<[string, string, string, object]>([
    ['prices', 'unit_amount', 'currency: usd, unit_amount: 1, recurring: null', { tiers: [tier({ unit_amount: 5 })] }],
    ['prices', 'unit_amount', 'currency: usd, unit_amount: 1', { tiers: [tier({ unit_amount: 5 })] }],
    ['prices', 'unit_amount', 'currency: usd, unit_amount: 1, type: one_time', { tiers: [tier({ unit_amount: 5 })] }],
    [
      'prices',
      'unit_amount',
      'currency: usd, unit_amount: 1, recurring: { interval: month }, billing_scheme: per_unit, transform_quantity: { divide_by: 2, round: up }',
      { tiers: [tier({ unit_amount: 5 })] },
    ],
    [
      'prices',
      'tiers',
      'currency: usd, tiers_mode: volume, tiers: [{ up_to: inf, unit_amount: 1 }], recurring: { interval: month }, billing_scheme: tiered',
      { unit_amount: 5, recurring: null },
    ],
    ['prices', 'billing_scheme', 'tiers: null, billing_scheme: per_unit', { tiers: [tier({ unit_amount: 5 })] }],
    ['prices', 'tiers_mode', 'tiers: null, tiers_mode: null', { tiers: [tier({ unit_amount: 5 })] }],
    [
      'prices',
      'tiers',
      'tiers: null, tiers_mode: null, billing_scheme: per_unit',
      { tiers: [tier({ unit_amount: 5 })] },
    ],
    ['prices', 'recurring', 'recurring: { interval: month }, type: recurring', { recurring: null }],
    ['prices', 'type', 'recurring: { interval: month }, type: recurring', { recurring: null }],
    ['prices', 'recurring', 'tiers_mode: volume, recurring: { interval: year }', { recurring: null }],
    ['coupons', 'duration', 'duration: repeating, duration_in_months: 3', { duration: 'once' }],
    ['coupons', 'duration_in_months', 'duration: repeating, duration_in_months: 3', { duration: 'once' }],
    ['coupons', 'percent_off', 'percent_off: 5', { percent_off: null, amount_off: 5, currency: 'usd' }],
    ['coupons', 'amount_off', 'amount_off: 5, currency: usd', { percent_off: 5, amount_off: null, currency: null }],
    ['products', 'tax_code', 'tax_code: txcd_1, tax_details: { tax_code: txcd_1 }', { tax_code: 'txcd_2' }],
    ['products', 'tax_details', 'tax_code: txcd_1, tax_details: { tax_code: txcd_1 }', { tax_code: 'txcd_2' }],
  ])('where %s %s is taken over: %s, and %j is live', async (section, field, stated, live) => {
    const made = { prices: price, coupons: coupon, products: product }[section] as (live: object) => object;
    const objects = sections({ [section]: [made({ id: 'it_1', ...live })] });
    const text = `version: 1\n${section}: { it: { id: it_1, ${stated} } }\n`;
    const report = await compared(text, objects);
    const finding = differences(report).find((one) => 'field' in one && one.field === field) as Finding;
    const after = pasted(text, finding, fixTexts(finding, report).accept[0] as AcceptText) ?? '';
    const before = new Set(differences(report).map((one) => 'field' in one && one.field));
    const left = differences(await compared(after, objects)).map((one) => 'field' in one && one.field);
    expect({ after, left: left.filter((one) => one === field || !before.has(one)) }).toEqual({ after, left: [] });
  });

  test('where an entry that is named has no object', async () => {
    const file = `meters: { calls: { event_name: calls, display_name: Calls, default_aggregation: { formula: sum } } }
prices: { it: { lookup_key: k, recurring: { interval: year, usage_type: metered, meter: calls } } }`;
    const live = {
      meters: [],
      prices: [price({ lookup_key: 'k', recurring: { usage_type: 'metered', meter: 'mtr_1' } })],
    };
    const report = await compared(`version: 1\n${file}\n`, sections(live));
    const finding = differences(report).find(({ problem }) => problem === 'changed') as Finding;
    expect(fixTexts(finding, report).accept[0]?.yaml).toBe(
      'recurring: { interval: month, usage_type: metered, meter: calls }',
    );
  });

  test('where one of many settings of the account differs', async () => {
    const file = `account_settings:
  settings:
    dashboard: { timezone: Europe/Berlin, display_name: Shop }
    payments: { statement_descriptor: EX, statement_descriptor_kana: null }
    invoices: { default_account_tax_ids: [] }`;
    const live = {
      id: 'acct_1',
      object: 'account',
      settings: {
        dashboard: { timezone: 'Etc/UTC', display_name: 'Shop' },
        payments: { statement_descriptor: 'EX' },
        branding: { logo: 'file_1' },
      },
    };
    const found = await only(file, { account_settings: [live] });
    // Of the block nothing else is replaced.
    expect(found.accept).toEqual([
      {
        words: 'If Stripe is right, in the file: in `settings.dashboard`, replace `timezone` with this.',
        yaml: 'timezone: "Etc/UTC"',
        into: 'entry',
        within: ['settings', 'dashboard'],
        replaces: ['timezone'],
      },
    ]);
    expect(await left(file, { account_settings: [live] })).toEqual([]);
    const report = await compared(`version: 1\n${file}\n`, sections({ account_settings: [live] }));
    expect(withFixes(report)).toContain('https://dashboard.stripe.com/acct_1/settings/account');
    expect(withFixes(report)).toContain('If Stripe is right, in the file, in settings.dashboard: timezone: "Etc/UTC"');
    expect(markdown(report)).toContain(
      'If Stripe is right, in the file, replace these fields in `settings.dashboard`:\n\n```yaml\ntimezone: "Etc/UTC"\n```',
    );
    expect(annotations(report)[0]?.message).toContain(
      'If Stripe is right, in the file, in settings.dashboard: timezone: "Etc/UTC"',
    );
  });

  test('where several settings of the account differ', async () => {
    const file = `account_settings:
  business_profile: { name: Shop, url: "https://example.com" }
  settings:
    dashboard: { timezone: Europe/Berlin, display_name: Shop }
    payments: { statement_descriptor: EX }
    invoices: { default_account_tax_ids: [txi_1] }
    card_payments: { decline_on: { cvc_failure: true } }`;
    const live = {
      id: 'acct_1',
      object: 'account',
      business_profile: { name: 'Other', url: 'https://other.example.com' },
      settings: {
        dashboard: { timezone: 'Etc/UTC', display_name: 'Shop' },
        payments: { statement_descriptor: 'EX' },
        invoices: { default_account_tax_ids: ['txi_1', 'txi_2'] },
        card_payments: { decline_on: { cvc_failure: true } },
      },
    };
    const report = await compared(`version: 1\n${file}\n`, sections({ account_settings: [live] }));
    expect(differences(report).map((finding) => fixTexts(finding, report).accept[0])).toMatchObject([
      // All that is stated of a field is the field.
      {
        replaces: ['business_profile'],
        yaml: 'business_profile: { name: Other, url: https://other.example.com }',
      },
      {
        within: ['settings'],
        replaces: ['dashboard', 'invoices'],
        yaml: 'dashboard: { display_name: Shop, timezone: "Etc/UTC" }\ninvoices: { default_account_tax_ids: [{ id: txi_1 }, { id: txi_2 }] }',
      },
    ]);
    const none = { ...live, settings: {} };
    const [, settings] = differences(await compared(`version: 1\n${file}\n`, sections({ account_settings: [none] })));
    expect(fixTexts(settings as Finding, report).accept[0]).toEqual(
      expect.objectContaining({ replaces: ['settings'] }),
    );
  });

  test('where another entry means one of the candidates', async () => {
    const file = 'products: { other: { match: name, name: Pro }, pro: { id: prod_1 } }';
    const live = { products: ['prod_1', 'prod_2', 'prod_3'].map((id) => product({ id, name: 'Pro' })) };
    const { accept, restore } = await only(file, live);
    expect(accept.map(({ yaml, replaces }) => [yaml, replaces])).toEqual([
      ['id: prod_2', ['match']],
      ['id: prod_3', ['match']],
    ]);
    // To archive the others would archive what `pro` declares.
    expect(restore).toBeNull();
    expect(await left(file, live)).toEqual(['unmanaged null']);
  });

  test('where every candidate is meant by another entry', async () => {
    const file = 'products: { other: { name: Pro }, a: { id: prod_1 }, b: { id: prod_2 } }';
    const { accept } = await only(file, { products: ['prod_1', 'prod_2'].map((id) => product({ id, name: 'Pro' })) });
    expect(accept).toEqual([
      {
        words: 'Other entries already find all of these objects: remove this entry, or make it find another object.',
        yaml: null,
        into: null,
        replaces: [],
      },
    ]);
  });
});

describe('no command asks for what Stripe refuses, or for what would never end', () => {
  const monthly = (fields: string) =>
    `prices: { it: { match: nickname, nickname: Monthly, product: { id: prod_1 }, currency: usd, unit_amount: 1500, type: one_time${fields} } }`;
  const yearly = price({ id: 'price_1', lookup_key: 'k1', nickname: 'Yearly', product: 'prod_1', recurring: null });

  async function missing(file: string, objects: object): Promise<FixTexts> {
    const report = await compared(`version: 1\npolicy: { unmanaged: ignore }\n${file}\n`, sections(objects));
    const found = differences(report);
    expect(found.map(({ problem }) => problem)).toEqual(['missing']);
    return fixTexts(found[0] as Finding, report);
  }

  test('a lookup key that another price has', async () => {
    expect((await missing(monthly(', lookup_key: k1'), { prices: [yearly] })).restore).toMatchObject({
      commands: [],
      words:
        'If the file is right, in Stripe: look at price_1: it already has this `lookup_key`, and only one price at a time can have it. Change it so that the entry finds it, or state another `lookup_key`.',
    });
    const free = await missing(monthly(', lookup_key: k2'), { prices: [yearly] });
    expect(free.restore?.commands).toHaveLength(1);
  });

  test('a lookup key that an archived price has', async () => {
    const archived = { ...yearly, active: false };
    expect((await missing(monthly(', lookup_key: k1'), { prices: [archived] })).restore?.commands).toEqual([]);
  });

  test('a lookup key that another entry has', async () => {
    const file = `${monthly(', lookup_key: k1').slice(0, -2)}, other: { id: price_1 } }`;
    expect((await missing(file, { prices: [yearly] })).restore?.words).toBe(
      'If the file is right, in Stripe: only one entry can state this `lookup_key`, and the entry other finds the price that has it.',
    );
  });

  test.each([
    ['is moved to a price that is there', 'prices: { it: { id: price_2, lookup_key: k1 } }'],
    [
      'is moved to a price that takes the place of another',
      'prices: { it: { id: price_2, lookup_key: k1, product: prod_1, currency: usd, unit_amount: 1, type: one_time } }',
    ],
  ])('a lookup key that %s', async (_name, file) => {
    const live = {
      prices: [yearly, price({ id: 'price_2', lookup_key: null, product: 'prod_1', unit_amount: 2, recurring: null })],
    };
    const report = await compared(`version: 1\npolicy: { unmanaged: ignore }\n${file}\n`, sections(live));
    for (const finding of differences(report)) {
      const { restore } = fixTexts(finding, report);
      expect(restore?.commands).toEqual([]);
      expect(restore?.words).toContain('ook at price_1 first: it has this `lookup_key`');
    }
  });

  test('an id that a product has finds that product, whose name is another now', async () => {
    const file = 'products: { it: { match: name, id: prod_1, name: New name } }';
    const { restore } = await only(file, { products: [product({ id: 'prod_1', name: 'Old name' })] });
    expect(restore?.commands).toEqual(["stripe products update prod_1 --live -d 'name=New name'"]);
  });

  test('a product that its entry does not find', async () => {
    const file =
      'products: { it: { match: [name, default_price], name: Pro, default_price: price_1 } }\nprices: { m: { id: price_1 } }';
    const live = {
      products: [product({ id: 'prod_1', name: 'Other' })],
      prices: [price({ id: 'price_1', product: 'prod_1' })],
    };
    const { restore } = await missing(file, live);
    expect(restore).toMatchObject({
      commands: [],
      words:
        'If the file is right, in Stripe: create the product and set its `default_price`, which the entry finds it by.',
    });
  });
});

describe('what tells the candidates of an ambiguous entry apart', () => {
  const endpoint = (id: string, application: string | null) => ({
    ...webhookEndpoint({ id, url: 'https://api.example.com/stripe' }),
    application,
  });
  const entry = 'webhooks: { main: { url: https://api.example.com/stripe } }';

  test('is stated, and nothing is disabled, where one endpoint sends events of this account and one of connected accounts', async () => {
    const live = { webhooks: [endpoint('we_own', null), endpoint('we_connect', 'ca_1')] };
    const { accept, restore } = await only(entry, live);
    const said = 'add this to the entry. The others then count as not declared.';
    expect(accept).toEqual([
      { words: `If you mean we_connect, ${said}`, yaml: 'connect: true', into: 'entry', replaces: [] },
      { words: `If you mean we_own, ${said}`, yaml: 'connect: false', into: 'entry', replaces: [] },
    ]);
    expect(restore).toBeNull();
  });

  test('holds for what is retired: only what has the same value', async () => {
    const live = {
      webhooks: [endpoint('we_connect', 'ca_1'), endpoint('we_own', null), endpoint('we_own2', null)],
    };
    const { accept, restore } = await only(entry, live);
    expect(accept.map(({ yaml }) => yaml)).toEqual(['connect: true', 'id: we_own', 'id: we_own2']);
    expect(restore?.words).toBe(
      'Once you know which one is meant, disable in Stripe only those of the others that have the same `connect`.',
    );
    const alike = await only(entry, { webhooks: live.webhooks.slice(1) });
    expect(alike.restore?.words).toBe('Once you know which one is meant, disable the others in Stripe.');
  });

  test('is not stated beside match, which alone finds an object', async () => {
    const live = { webhooks: [endpoint('we_own', null), endpoint('we_connect', 'ca_1')] };
    const { accept, restore } = await only(
      'webhooks: { main: { match: url, url: https://api.example.com/stripe } }',
      live,
    );
    expect(accept.map(({ yaml }) => yaml)).toEqual(['id: we_connect', 'id: we_own']);
    expect(restore).toBeNull();
  });

  test('is the percentage of tax rates of one name', async () => {
    const rate = (id: string, percentage: number) => ({
      id,
      display_name: 'VAT',
      percentage,
      inclusive: false,
      active: true,
    });
    const { accept, restore } = await only('tax_rates: { vat: { display_name: VAT } }', {
      tax_rates: [rate('txr_1', 7), rate('txr_2', 19)],
    });
    expect(accept.map(({ yaml }) => yaml)).toEqual(['percentage: 7', 'percentage: 19']);
    expect(restore).toBeNull();
  });
});

describe('what a change of a field puts at risk is said', () => {
  test.each([
    [true, 'Turning the login page on gives it a new address: publish that one wherever you published another.'],
    [false, 'Turning the login page off deactivates its address, wherever you published it.'],
  ])('of the login page that is turned %s', async (enabled, says) => {
    const live = portalConfiguration({ id: 'bpc_1', is_default: true, login_page: { enabled: !enabled, url: null } });
    const { restore } = await only(
      `portal_configurations: { main: { is_default: true, login_page: { enabled: ${enabled} } } }`,
      { portal_configurations: [live] },
    );
    expect(restore?.caveats).toEqual([says]);
    expect(restore?.commands).toHaveLength(1);
  });

  test('of a lookup key: code finds the price by the one that it has, if it has one', async () => {
    const caveats = async (key: string | null) => {
      const { restore } = await only('prices: { it: { id: price_1, lookup_key: new_key } }', {
        prices: [price({ id: 'price_1', lookup_key: key })],
      });
      expect(restore?.commands).toEqual([expect.stringContaining('lookup_key=new_key')]);
      return restore?.caveats;
    };
    const says =
      'Code that looks up the price by its present `lookup_key` would no longer find it: change that code first.';
    expect(await caveats('old_key')).toEqual([says]);
    expect(await caveats(null)).toEqual([]);
  });
});

describe('what is put in the place of another has all that nobody wanted to change', () => {
  const seats = price({
    id: 'price_1',
    lookup_key: 'pack',
    product: 'prod_1',
    unit_amount: 4500,
    nickname: 'Pack of 10',
    metadata: { plan: 'pack' },
    tax_behavior: 'exclusive',
    transform_quantity: { divide_by: 10, round: 'up' },
    currency_options: { eur: { unit_amount: 4100, tax_behavior: 'exclusive' } },
  });
  const entry = 'lookup_key: pack, product: prod_1, currency: usd, unit_amount: 4000, recurring: { interval: month }';
  const products = (more: object = {}) => [product({ id: 'prod_1', name: 'Seats', ...more })];

  /** What to do for the finding of a field. */
  async function restored(file: string, objects: object, field: string, showing: Showing = 'full') {
    const report = await compared(`version: 1\npolicy: { unmanaged: ignore }\n${file}\n`, sections(objects), showing);
    const found = differences(report).find((one) => one.problem === 'changed' && one.field === field) as Finding;
    const { restore } = fixTexts(found, report);
    return restore as NonNullable<typeof restore>;
  }

  test('a price: what is charged as the file says, and nickname and metadata of the old one', async () => {
    const { steps, caveats } = await restored(
      `products: { seats: { id: prod_1 } }\nprices: { pack: { ${entry}, tax_behavior: exclusive } }`,
      { products: products(), prices: [seats] },
      'unit_amount',
    );
    expect(steps).toEqual([
      {
        says: 'create the new price',
        command:
          "stripe prices create --live -d lookup_key=pack -d 'nickname=Pack of 10' -d product=prod_1 -d currency=usd -d unit_amount=4000 -d 'recurring[interval]=month' -d 'recurring[interval_count]=1' -d 'recurring[usage_type]=licensed' -d tax_behavior=exclusive -d 'metadata[plan]=pack' -d transfer_lookup_key=true",
      },
      { says: 'archive the old one', command: 'stripe prices update price_1 --live -d active=false' },
    ]);
    expect(caveats).toEqual([
      'Subscriptions stay on price_1 until you move them.',
      'From step 1 on, code that uses the lookup key sells the new price.',
      'Before step 2, replace price_1 in code, payment links and pricing tables: checkouts that name it fail once it is archived.',
    ]);
  });

  test('where the file states the id, the new one is stated before anything else', async () => {
    const { steps } = await restored(
      'products: { seats: { id: prod_1 } }\nprices: { pack: { id: price_1, currency: usd, unit_amount: 4000, recurring: { interval: month } } }',
      { products: products({ default_price: 'price_1' }), prices: [seats] },
      'unit_amount',
    );
    expect(steps.map(({ says }) => says)).toEqual([
      'create the new price',
      'in the file, state the id that step 1 printed, in place of price_1 (else the next run asks for another price)',
      'make it the default price of prod_1',
      'archive the old one',
    ]);
    expect(steps[1]?.command).toBeNull();
  });

  test('what the file leaves out beside an amount is as a new object has it', async () => {
    const { steps, words } = await restored(
      'prices: { it: { id: price_1, product: { id: prod_1 }, currency: usd, unit_amount: 2000 } }',
      { prices: [price({ id: 'price_1', product: 'prod_1', recurring: { interval: 'month' } })] },
      'recurring',
    );
    expect(words).not.toContain('No command');
    expect(steps.flatMap(({ command }) => command ?? [])).toEqual([
      'stripe prices create --live -d product=prod_1 -d currency=usd -d unit_amount=2000',
      'stripe prices update price_1 --live -d active=false',
    ]);
  });

  test('what a first step created already is named, and not created again', async () => {
    const { unit_amount: _, unit_amount_decimal: __, lookup_key: ___, ...rest } = seats;
    const file = `products: { seats: { id: prod_1 } }\nprices: { pack: { id: price_1, ${entry} } }`;
    const created = price({
      ...rest,
      id: 'price_2',
      lookup_key: 'pack',
      unit_amount: 4000,
      transform_quantity: null,
      tax_behavior: 'unspecified',
      currency_options: undefined,
    });
    const other = price({ ...created, id: 'price_3', lookup_key: null });
    const live = { products: products(), prices: [{ ...seats, lookup_key: null }, created, other] };
    for (const field of ['unit_amount', 'lookup_key']) {
      const { words, steps } = await restored(file, live, field);
      expect(steps).toEqual([]);
      expect(words).toBe(
        'If the file is right, in Stripe: it already exists: price_2. State its id in the file: `id: price_2`. Price_1 is then not declared.',
      );
    }
    const hidden = await restored(file, live, 'unit_amount', 'declared');
    expect(hidden.steps).toEqual([]);
    expect(JSON.stringify(hidden)).not.toContain('price_2');
    const missing = await compared(
      `version: 1\npolicy: { unmanaged: ignore }\n${file.replace('price_1', 'price_9')}\n`,
      sections(live),
    );
    const [one] = differences(missing);
    expect(fixTexts(one as Finding, missing).restore?.words).toContain('it already exists: price_2');
  });

  test('of maps the names that the file does not state, and not those that it takes away', async () => {
    const { commands } = await restored(
      `products: { seats: { id: prod_1 } }\nprices: { pack: { ${entry}, metadata: { plan: null, tier: a }, currency_options: { gbp: { unit_amount: 3900 } } } }`,
      { products: products(), prices: [{ ...seats, metadata: { plan: 'pack', origin: 'sales' } }] },
      'unit_amount',
    );
    expect(commands[0]).toContain("-d 'metadata[tier]=a' -d 'metadata[origin]=sales'");
    expect(commands[0]).not.toContain('metadata[plan]');
    // What it costs in further currencies, the file says whole.
    expect(commands[0]?.match(/currency_options\S+/g)).toEqual(["currency_options[gbp][unit_amount]=3900'"]);
  });

  test('a default price has its successor before it is archived', async () => {
    const live = { products: products({ default_price: 'price_1' }), prices: [seats] };
    const file = `products: { seats: { id: prod_1 } }\nprices: { pack: { ${entry} } }`;
    const { steps } = await restored(file, live, 'unit_amount');
    expect(steps.map(({ says }) => says)).toEqual([
      'create the new price',
      'make it the default price of prod_1',
      'archive the old one',
    ]);
    expect(steps[1]?.command).toBe("stripe products update prod_1 --live -d 'default_price=<id printed by 1>'");
  });

  test('so has that of a product that the file does not declare, where it may be named', async () => {
    const live = { products: products({ default_price: 'price_1' }), prices: [seats] };
    const file = `products: {}\nprices: { pack: { ${entry.replace(', product: prod_1', '')} } }`;
    const shownAll = await restored(file, live, 'unit_amount');
    expect(shownAll.steps[1]?.says).toBe('make it the default price of prod_1');
    const hidden = await restored(file, live, 'unit_amount', 'declared');
    expect(hidden.steps).toEqual([]);
    expect(hidden.words).toContain('First give another product another default price');
    expect(JSON.stringify(hidden)).not.toContain('prod_1');
  });

  test('a default price that moves to another product leaves none behind', async () => {
    const live = {
      products: [...products({ default_price: 'price_1' }), product({ id: 'prod_2' })],
      prices: [seats],
    };
    const file =
      'products: { a: { id: prod_1 }, b: { id: prod_2 } }\nprices: { pack: { lookup_key: pack, product: b } }';
    const { steps, words } = await restored(file, live, 'product');
    expect(steps).toEqual([]);
    expect(words).toContain('First give products.a (prod_1) another default price');
  });

  test('where products were not read, that is said before the first step', async () => {
    const { caveats } = await restored(`prices: { pack: { ${entry} } }`, { prices: [seats] }, 'unit_amount');
    expect(caveats).toContain(
      'If price_1 is the default price of a product, make the new one its default price before step 2: Stripe refuses to archive a default price.',
    );
  });

  test('what Stripe did not tell is said before the first step, and where the file states the old id', async () => {
    const { currency_options: _, ...unread } = seats;
    const { caveats } = await restored(
      'products: { seats: { id: prod_1, default_price: price_1 } }\nprices: { pack: { id: price_1, product: prod_1, recurring: { interval: year } } }',
      { products: products({ default_price: 'price_1' }), prices: [unread] },
      'recurring',
    );
    expect(caveats).toEqual([
      'Subscriptions stay on price_1 until you move them.',
      'From step 1 on, code that uses the lookup key sells the new price.',
      'Before step 4, replace price_1 in code, payment links and pricing tables: checkouts that name it fail once it is archived.',
      'The file does not state `currency_options`, so it was not read from price_1: the new price has none.',
      'The file states price_1 in `products.seats.default_price`: write the new id there.',
    ]);
  });

  test('what does not go with the tiers that the file states is said too', async () => {
    const { caveats, commands } = await restored(
      'products: { seats: { id: prod_1 } }\nprices: { pack: { lookup_key: pack, currency: usd, recurring: { interval: month }, tiers_mode: volume, tiers: [{ up_to: inf, unit_amount: 1 }] } }',
      { products: products(), prices: [seats] },
      'tiers',
    );
    expect(caveats).toEqual([
      'Subscriptions stay on price_1 until you move them.',
      'From step 1 on, code that uses the lookup key sells the new price.',
      'Before step 2, replace price_1 in code, payment links and pricing tables: checkouts that name it fail once it is archived.',
      "The new price has no `unit_amount`: that of price_1 does not go with the file, or can't be set at creation.",
    ]);
    expect(commands[0]).toContain('tiers_mode=volume');
    expect(commands[0]).not.toMatch(/transform_quantity|unit_amount=4500|eur/);
  });

  test('an endpoint: whose events it gets, description and metadata; its signing secret is a new one', async () => {
    const live = webhookEndpoint({
      id: 'we_1',
      url: 'https://api.example.com/stripe',
      application: 'ca_1',
      api_version: '2024-06-20',
      description: 'Connect events',
      metadata: { team: 'platform' },
    });
    const { steps, commands, caveats } = await restored(
      'webhooks: { it: { url: https://api.example.com/stripe, api_version: 2026-10-28.endive } }',
      { webhooks: [live] },
      'api_version',
    );
    expect(steps[0]?.command).toBe(
      "stripe webhook_endpoints create --live -d url=https://api.example.com/stripe -d connect=true -d 'enabled_events[0]=checkout.session.completed' -d api_version=2026-10-28.endive -d 'description=Connect events' -d 'metadata[team]=platform'",
    );
    // The receiver knows the new secret before the old endpoint goes: what no command does stands where it belongs.
    expect(steps.slice(1)).toEqual([
      { says: 'make the receiver accept the new signing secret too (printed by 1)', command: null },
      { says: 'disable the old one', command: 'stripe webhook_endpoints update we_1 --live -d disabled=true' },
    ]);
    expect(commands).toEqual([steps[0]?.command, steps[2]?.command]);
    expect(caveats).toEqual([
      'The receiver has to accept a new signing secret, and gets events twice while we_1 is enabled too.',
    ]);
  });

  test('a step that no command does is printed in its place, by every printer', async () => {
    const live = webhookEndpoint({ id: 'we_1', url: 'https://api.example.com/stripe', api_version: '2024-06-20' });
    const file =
      'webhooks: { it: { url: https://api.example.com/stripe, api_version: 2026-10-28.endive, description: New } }';
    const report = await compared(`version: 1\n${file}\n`, sections({ webhooks: [live] }));
    const inTerminal = withFixes(report).split('\n');
    const at = inTerminal.findIndex((line) => line.endsWith('1. create the new webhook endpoint'));
    expect(inTerminal.slice(at, at + 5).map((line) => line.trim().slice(0, 40))).toEqual([
      '1. create the new webhook endpoint',
      'stripe webhook_endpoints create --live -',
      '2. make the receiver accept the new sign',
      '3. disable the old one',
      'stripe webhook_endpoints update we_1 --l',
    ]);
    const inSummary = markdown(report);
    expect(inSummary).toMatch(
      /^1\. Create the new webhook endpoint:\n {3}```shell\n.*\n {3}```\n2\. Make the receiver accept the new signing secret too \(printed by 1\)\.\n3\. Disable the old one:\n/m,
    );
    expect(inSummary.match(/^2\. /gm)).toHaveLength(1);
    // What can be changed at once need not wait until the receiver is ready.
    const alone = 'stripe webhook_endpoints update we_1 --live -d description=New';
    expect(withFixes(report)).toContain(
      `The steps under it api_version do this too: run this alone to change it at once.\n          ${alone}\n`,
    );
    expect(inSummary).toContain(`To change \`description\` alone, at once:\n\n\`\`\`shell\n${alone}\n\`\`\``);
    // An annotation is one line: what takes steps is not in it.
    const commands = annotations(report).map(({ message }) => message.match(/stripe .*?(?= \()/)?.[0]);
    expect(commands).toEqual([undefined, alone]);
  });

  test('nothing is told to be run where what is live may not be shown', async () => {
    const live = { products: products(), prices: [seats] };
    const file = `products: { seats: { id: prod_1 } }\nprices: { pack: { ${entry} } }`;
    const { steps, words } = await restored(file, live, 'unit_amount', 'redacted');
    expect(steps).toEqual([]);
    expect(words).toContain("create a copy of price_1 with the file's values");
  });

  test('where no finding has steps, what else differs says what is to be done instead', async () => {
    const live = {
      coupons: [coupon({ id: 'spring' }), coupon({ id: 'launch' })],
      promotion_codes: [
        promotionCode({
          id: 'promo_1',
          code: 'LAUNCH',
          max_redemptions: 5,
          promotion: { type: 'coupon', coupon: 'spring' },
        }),
      ],
    };
    const file = `coupons: { spring: { id: spring }, launch: { id: launch } }
promotion_codes: { launch: { code: LAUNCH, promotion: { coupon: launch }, max_redemptions: 10 } }`;
    const words = await Promise.all(['promotion', 'max_redemptions'].map((field) => restored(file, live, field)));
    expect(words[0]?.words).toContain("create a copy of promo_1 with the file's values, under the same code once");
    expect(words[1]).toEqual(words[0]);
  });

  test('where the field that has the steps is a part of another, it is named as it is printed', async () => {
    const live = {
      shipping_rates: [
        shippingRate({ id: 'shr_1', display_name: 'Air', fixed_amount: { amount: 500, currency: 'usd' } }),
      ],
    };
    const file =
      'shipping_rates: { air: { display_name: Air, fixed_amount: { amount: 600, currency: usd }, metadata: { team: x } } }';
    expect((await restored(file, live, 'metadata')).words).toBe(
      'If the file is right, in Stripe: the steps under air fixed_amount.amount do this too.',
    );
  });

  test('one finding has the steps, and what else differs refers to it', async () => {
    const file = `products: { seats: { id: prod_1 } }\nprices: { pack: { ${entry}, nickname: Pack } }`;
    const live = { products: products(), prices: [seats] };
    expect((await restored(file, live, 'nickname')).words).toBe(
      'If the file is right, in Stripe: the steps under pack unit_amount do this too.',
    );
    expect((await restored(file, live, 'unit_amount')).commands[0]).toContain('-d nickname=Pack ');
  });

  test('a default price that is replaced itself is not made one before', async () => {
    const file = `products: { seats: { id: prod_1, default_price: pack } }\nprices: { pack: { ${entry} } }`;
    const live = {
      products: products({ default_price: 'price_2' }),
      prices: [seats, price({ id: 'price_2', product: 'prod_1' })],
    };
    const { steps, words } = await restored(file, live, 'default_price');
    expect(steps).toEqual([]);
    expect(words).toContain('is to be replaced by a new price: do that first');
    expect((await restored(file, live, 'unit_amount')).steps[1]?.says).toBe('make it the default price of prod_1');
  });
});

describe('what refers to an object that is replaced', () => {
  const code = (id: string, name: string, more: object = {}) =>
    promotionCode({ id, code: name, promotion: { coupon: 'SPRING', type: 'coupon' }, ...more });
  const restoreOf = async (section: string, file: string, objects: object, showing: Showing = 'full') => {
    const report = await compared(`version: 1\n${file}\n`, sections(objects), showing);
    const found = differences(report).find((one) => one.problem !== 'unmanaged' && one.section === section) as Finding;
    const { restore } = fixTexts(found, report);
    return restore as NonNullable<typeof restore>;
  };

  const coupons = [coupon({ id: 'SPRING', percent_off: 25, amount_off: null, currency: null })];
  const spring = 'coupons: { spring: { id: SPRING, percent_off: 30, duration: once } }';

  test('a promotion code of a coupon is to be created anew before the coupon is deleted', async () => {
    const live = { coupons, promotion_codes: [code('promo_1', 'SPRING30')] };
    const { caveats } = await restoreOf(
      'coupons',
      `${spring}\npromotion_codes: { launch: { code: SPRING30, promotion: { coupon: spring } } }`,
      live,
    );
    expect(caveats).toEqual([
      "Customers who redeemed SPRING keep its discount. Its promotion codes stop working once it is deleted, and a promotion code's coupon can't be changed.",
      "Before you delete SPRING, replace promotion_codes.launch (promo_1), whose `promotion.coupon` can't be changed: create a new promotion code of the new coupon, under the same code once the old one is inactive, or under another code at once, and deactivate the old one.",
    ]);
  });

  test('codes that the file does not declare are named only where they may be, and inactive ones not at all', async () => {
    const live = {
      coupons,
      promotion_codes: [code('promo_1', 'A'), code('promo_2', 'B'), code('promo_3', 'C', { active: false })],
    };
    const file = `policy: { unmanaged: { promotion_codes: warning } }\n${spring}\npromotion_codes: { a: { code: A } }`;
    const told = async (showing: Showing) => (await restoreOf('coupons', file, live, showing)).caveats[1];
    expect(await told('full')).toContain('replace promotion_codes.a (promo_1) and promo_2, whose');
    expect(await told('declared')).toContain('replace promotion_codes.a (promo_1) and 1 more, whose');
    expect(await told('redacted')).toContain('replace 2 promotion codes, whose');
  });

  test('a portal that offers a price gets the new one before the old one is archived', async () => {
    const live = {
      products: [product({ id: 'prod_1' })],
      prices: [price({ id: 'price_1', lookup_key: 'pro', product: 'prod_1', unit_amount: 1000 })],
      portal_configurations: [
        withUpdate(
          {
            enabled: true,
            products: [
              {
                product: 'prod_1',
                prices: ['price_1'],
                adjustable_quantity: { enabled: false, minimum: 1, maximum: null },
              },
            ],
          },
          { id: 'bpc_1' },
        ),
      ],
    };
    const file = `products: { pro: { id: prod_1 } }
prices: { pro: { lookup_key: pro, product: pro, currency: usd, unit_amount: 2000, recurring: { interval: month } } }
portal_configurations: { main: { id: bpc_1, features: { subscription_update: { products: [{ product: pro, prices: [pro] }] } } } }`;
    const { steps, caveats } = await restoreOf('prices', file, live);
    expect(steps.map(({ says }) => says)).toEqual([
      'create the new price',
      'put the new price in the place of price_1 in `features.subscription_update.products` of portal_configurations.main (bpc_1): a request has to give the whole list',
      'archive the old one',
    ]);
    expect(caveats.join(' ')).toContain('Before step 3, replace price_1 in code');
    // Where there are no steps, it is said before them all the same.
    const redacted = await restoreOf('prices', file, live, 'redacted');
    expect(redacted.caveats).toContain(
      'Before you archive price_1, put the new price in the place of price_1 in `features.subscription_update.products` of another portal configuration: a request has to give the whole list.',
    );
  });

  test('a missing meter that entries refer to for good says that their prices would be replaced', async () => {
    const metered = (id: string, to: string | null) =>
      price({ id, product: 'prod_1', recurring: { interval: 'month', usage_type: 'metered', meter: to } });
    const live = {
      meters: [meter({ id: 'mtr_1', event_name: 'other' })],
      prices: [metered('price_a', 'mtr_1'), metered('price_b', 'mtr_1'), metered('price_c', null)],
    };
    const stated = (name: string) =>
      `${name}: { id: price_${name}, recurring: { interval: month, usage_type: metered, meter: calls } }`;
    const file = (names: readonly string[]) =>
      `meters: { calls: { event_name: calls, display_name: Calls, default_aggregation: { formula: sum } } }\nprices: { ${names.map(stated)}, z: { lookup_key: z, recurring: { interval: month, usage_type: metered, meter: calls } } }`;
    const { caveats, commands } = await restoreOf('meters', file(['a', 'b', 'c']), live);
    expect(commands).toHaveLength(1);
    expect(caveats).toContain(
      "3 entries refer to it, and their objects in Stripe refer to another meter, or to none: prices.a, prices.b and prices.c. With a new meter, each of these objects has to be replaced too: its `recurring` can't be changed.",
    );
    expect((await restoreOf('meters', file(['a']), live)).caveats).toContain(
      "1 entry refers to it, and its object in Stripe refers to another meter, or to none: prices.a. With a new meter, that object has to be replaced too: its `recurring` can't be changed.",
    );
  });

  test('a missing product under an id that prices have already binds none of them', async () => {
    const live = { products: [], prices: [price({ id: 'price_1', product: 'prod_1' })] };
    const file = (id: string) =>
      `products: { pro: { id: ${id}, name: Pro } }\nprices: { pro: { id: price_1, product: pro } }`;
    expect((await restoreOf('products', file('prod_1'), live)).caveats).toEqual([]);
    expect((await restoreOf('products', file('prod_2'), live)).caveats[0]).toContain('1 entry refers to it');
  });
});

describe('nothing that Stripe refuses, or that others need, is told to be run', () => {
  async function restores(file: string, objects: object, showing: Showing = 'full') {
    const report = await compared(`version: 1\n${file}\n`, sections(objects), showing);
    return differences(report).map((finding) => {
      const { words = '', commands = [], caveats = [] } = fixTexts(finding, report).restore ?? {};
      return { id: 'id' in finding ? finding.id : finding.name, words, commands, caveats };
    });
  }
  const of = async (id: string, ...rest: Parameters<typeof restores>) =>
    (await restores(...rest)).find((one) => one.id === id) as Awaited<ReturnType<typeof restores>>[number];

  test('the default price of a product is not archived', async () => {
    const live = {
      products: [product({ id: 'prod_1', default_price: 'price_old' })],
      prices: [price({ id: 'price_old', product: 'prod_1' })],
    };
    for (const file of ['products: { a: { id: prod_1 } }\nprices: {}', 'products: {}\nprices: {}']) {
      const { words, commands } = await of('price_old', file, live);
      expect(commands).toEqual([]);
      expect(words).toMatch(
        /First give .*prod_1\)? another default price: Stripe refuses to archive a default price\.$/,
      );
    }
    const file = 'products: { a: { id: prod_1 } }\nprices: { it: { id: price_old, active: false } }';
    expect((await of('price_old', file, live)).commands).toEqual([]);
  });

  test('a risk stands with each command that takes an object out of use', async () => {
    const live = {
      webhooks: [webhookEndpoint({ id: 'we_1' })],
      products: [product({ id: 'prod_1' })],
      prices: [price({ id: 'price_1', product: 'prod_2' })],
      coupons: [coupon({ id: 'OLD' })],
      meters: [meter({ id: 'mtr_1' })],
    };
    const file = 'webhooks: {}\nproducts: {}\nprices: {}\ncoupons: {}\nmeters: {}';
    const found = await restores(file, live);
    expect(found.map(({ commands }) => commands.length)).toEqual([1, 1, 1, 1, 1]);
    expect(found.map(({ caveats }) => caveats[0])).toEqual([
      'Afterwards Stripe sends it no events.',
      'Afterwards it can no longer be sold.',
      'Afterwards new purchases can no longer use it.',
      "Afterwards nobody can redeem it any more, and its promotion codes stop working. Discounts that customers have stay. Deleting it can't be undone.",
      'Afterwards it records no usage, so prices that use it bill nothing.',
    ]);
  });

  test('a product or meter that a price needs stays', async () => {
    const usage = price({
      id: 'price_1',
      product: 'prod_1',
      recurring: { interval: 'month', usage_type: 'metered', meter: 'mtr_1' },
    });
    const live = { products: [product({ id: 'prod_1' })], prices: [usage], meters: [meter({ id: 'mtr_1' })] };
    const file = 'products: {}\nmeters: {}\nprices: { it: { id: price_1, active: false } }';
    for (const id of ['prod_1', 'mtr_1']) {
      const { words, commands } = await of(id, file, live);
      expect(commands).toEqual([]);
      expect(words).toContain('First archive prices.it (price_1), which needs it');
    }
  });

  test.each([
    ['a price that is live', 'id: price_1, product: a', 'prices.it (price_1)'],
    ['a price that is to be created', 'lookup_key: other, product: a', 'prices.it'],
    ['a price that is to be replaced', 'id: price_2, product: a', 'prices.it (price_2)'],
    ['a price that is to be reactivated', 'id: price_3, product: a', 'prices.it (price_3)'],
  ])('nothing is archived that the file says %s needs', async (_, stated, who) => {
    const live = {
      products: [product({ id: 'prod_1' }), product({ id: 'prod_2' })],
      prices: [
        price({ id: 'price_1', product: 'prod_1' }),
        price({ id: 'price_2', product: 'prod_2' }),
        price({ id: 'price_3', product: 'prod_1', active: false }),
      ].filter(({ id }) => stated.includes(id)),
    };
    const file = `products: { a: { id: prod_1, active: false }, b: { id: prod_2 } }\nprices: { it: { ${stated} } }`;
    const { words, commands } = await of('prod_1', file, live);
    expect(commands).toEqual([]);
    expect(words).toBe(
      `If the file is right, in Stripe: change it. But the file expects ${who}, which needs it, to be active: declare that archived too, or keep this product.`,
    );
  });

  test.each<[string, string, object, string]>([
    [
      'what can not be unset',
      'prices: { it: { id: it_1, nickname: null } }',
      { prices: [price({ id: 'it_1', nickname: 'A' })] },
      "no command changes `nickname`, because Stripe can't unset it once it is set. Try the Dashboard, or state what Stripe has.",
    ],
    [
      'a kind that no request changes',
      'account_settings: { business_profile: { name: Shop } }',
      { account_settings: [{ id: 'acct_1', object: 'account', business_profile: { name: 'Other' } }] },
      'change it in the Dashboard, since no request changes account settings.',
    ],
  ])('%s has a reason why there is no command', async (_name, file, live, reason) => {
    const { restore } = await only(file, live);
    expect(restore).toMatchObject({ words: `If the file is right, in Stripe: ${reason}`, commands: [] });
  });

  test('nothing is created that refers to what is not there', async () => {
    const stated = (product: string) =>
      `products: { a: { id: prod_1 } }\nprices: { it: { lookup_key: k, product: { id: ${product} }, currency: usd, unit_amount: 1 } }`;
    const live = { products: [product({ id: 'prod_1' })], prices: [] };
    expect((await of('it', stated('prod_1'), live)).commands).toHaveLength(1);
    expect(await of('it', stated('prod_typo'), live)).toMatchObject({
      words:
        'If the file is right, in Stripe: create the price. But it refers to prod_typo (`product`), which was not found: create that first, or state another.',
      commands: [],
    });
    // Whether it is there is not known where products were not read.
    const [, prices = ''] = stated('prod_typo').split('\n');
    expect((await of('it', prices, { prices: [] })).commands).toHaveLength(1);
  });

  test('no price is created that costs in one way here and in another there', async () => {
    const file = 'prices: { it: { id: price_1, recurring: null, currency_options: { eur: { unit_amount: 5 } } } }';
    const costs = (more: object) => of('price_1', file, { prices: [price({ id: 'price_1', ...more })] });
    const eur = { eur: { unit_amount: 5 } };
    expect((await costs({ currency_options: eur })).commands).toHaveLength(2);
    expect((await costs({ tiers: [tier({ unit_amount: 5 })], currency_options: eur })).commands).toEqual([]);
  });

  test('a meter stays that a price needs once it is created', async () => {
    const file =
      'meters: { m: { id: mtr_1, status: inactive } }\nprices: { it: { lookup_key: k, product: { id: prod_1 }, currency: usd, unit_amount: 1, recurring: { interval: month, usage_type: metered, meter: m } } }';
    const { words, commands } = await of('mtr_1', file, { meters: [meter({ id: 'mtr_1' })], prices: [] });
    expect(commands).toEqual([]);
    expect(words).toContain('the file expects prices.it, which needs it, to be active');
  });

  test('what no price needs is archived, whatever the file says of others', async () => {
    const live = {
      products: [product({ id: 'prod_1' })],
      prices: [price({ id: 'price_1', product: 'prod_1', active: false })],
    };
    for (const stated of [
      'id: price_1, product: a, active: false',
      'id: price_1, active: false',
      'lookup_key: k, active: false, product: a',
    ]) {
      const file = `products: { a: { id: prod_1, active: false } }\nprices: { it: { ${stated} } }`;
      expect((await of('prod_1', file, live)).commands).toHaveLength(1);
    }
  });

  test('of many prices that need a product the first are named', async () => {
    const live = {
      products: [product({ id: 'prod_1' })],
      prices: Array.from({ length: 9 }, (_, index) => price({ id: `price_${index}`, product: 'prod_1' })),
    };
    const { words } = await of('prod_1', 'products: {}\nprices: {}', live);
    expect(words).toBe(
      'Or archive it in Stripe. First archive its 9 active prices: price_0, price_1, price_2 and 6 more.',
    );
  });

  test('of several objects that a file expects the sentence is one as well', async () => {
    const names = ['a', 'b'];
    const live = {
      products: [product({ id: 'prod_1' })],
      prices: names.map((name) => price({ id: `price_${name}`, product: 'prod_1' })),
    };
    const file = `products: { p: { id: prod_1, active: false } }\nprices: { ${names.map((name) => `${name}: { id: price_${name} }`)} }`;
    expect((await of('prod_1', file, live)).words).toBe(
      'If the file is right, in Stripe: change it. But the file expects its 2 prices to be active: prices.a (price_a) and prices.b (price_b). Declare those archived too, or keep this product.',
    );
    const hidden = await of('prod_1', file, live, 'redacted');
    expect(hidden.words).toContain('its 2 prices to be active. Declare');
  });

  test('of several entries without objects the sentence is one as well', async () => {
    const priced = ['a', 'b', 'c', 'd'].map(
      (name) => `${name}: { lookup_key: ${name}, product: { id: prod_1 }, currency: usd, unit_amount: 1 }`,
    );
    const file = `prices: { ${priced} }\nportal_configurations: { main: { id: bpc_1, features: { subscription_update: { products: [{ product: { id: prod_1 }, prices: [a, b, c, d] }] } } } }`;
    const offers = withUpdate({ enabled: true, products: [] }, { id: 'bpc_1' });
    const { words } = await of('bpc_1', file, { prices: [], portal_configurations: [offers] });
    expect(words.match(/are missing/g)).toHaveLength(1);
    expect(words).toMatch(/It refers to prices\.a \(.*and 1 more, which are missing\. Create those first, then run/);
  });

  test('of several products of which it is the default price the sentence is one as well', async () => {
    const live = {
      products: ['prod_1', 'prod_2'].map((id) => product({ id, default_price: 'price_1' })),
      prices: [price({ id: 'price_1', product: 'prod_1' })],
    };
    expect((await of('price_1', 'products: {}\nprices: {}', live)).words).toContain(
      'First give prod_1 and prod_2 another default price: Stripe refuses to archive a default price.',
    );
  });

  test('of a price that a portal offers the portal is named before it is archived', async () => {
    const offers = withUpdate(
      {
        enabled: true,
        products: [
          {
            product: 'prod_1',
            prices: ['price_1', 'price_2'],
            adjustable_quantity: { enabled: false, minimum: 1, maximum: null },
          },
        ],
      },
      { id: 'bpc_1' },
    );
    const live = { prices: [price({ id: 'price_1', product: 'prod_1' })], portal_configurations: [offers] };
    const { caveats, commands } = await of(
      'price_1',
      'prices: {}\nportal_configurations: { main: { id: bpc_1 } }',
      live,
    );
    expect(commands).toHaveLength(1);
    expect(caveats).toContain(
      'Before that, take price_1 out of `features.subscription_update.products` of portal_configurations.main (bpc_1).',
    );
  });

  test('what the file names elsewhere is not taken out of use', async () => {
    const live = { products: [product({ id: 'prod_1' })], prices: [] };
    const inactive = 'products: {}\nprices: { it: { lookup_key: k, active: false, product: { id: prod_1 } } }';
    const { words, commands } = await of('prod_1', inactive, live);
    expect(commands).toEqual([]);
    expect(words).toBe(
      'Or archive it in Stripe. But the file names it in `prices.it.product`: declare it, or remove it there first.',
    );
    const needing = inactive.replace(' active: false,', '');
    expect(await of('prod_1', needing, live)).toMatchObject({
      words:
        'Or archive it in Stripe. But the file expects prices.it, which needs it, to be active: declare that archived too, or keep this product.',
      commands: [],
    });
  });

  test('a product whose only price is its default price, and not declared, can be archived', async () => {
    const live = {
      products: [product({ id: 'prod_1', default_price: 'price_1' })],
      prices: [price({ id: 'price_1', product: 'prod_1' })],
    };
    expect((await of('prod_1', 'products: {}\nprices: {}', live)).commands).toHaveLength(1);
  });

  test('a meter is not reactivated beside an active one of the same event', async () => {
    const live = {
      meters: [
        meter({ id: 'mtr_1', event_name: 'calls', status: 'inactive' }),
        meter({ id: 'mtr_2', event_name: 'calls' }),
      ],
    };
    const { words, commands } = await of('mtr_1', 'meters: { it: { id: mtr_1 } }', live);
    expect(commands).toEqual([]);
    expect(words).toContain('look at mtr_2 first: it has this `event_name`');
  });

  test('a coupon is not created with a last moment that has passed, or is far away', async () => {
    const made = (until: string) => `coupons: { it: { id: A, percent_off: 5, duration: once, redeem_by: ${until} } }`;
    const [past, far, near] = await Promise.all(
      ['2020-01-31', '2099-01-31', new Date(Date.now() + 1e10).toISOString().slice(0, 10)].map((until) =>
        of('it', made(until), { coupons: [] }),
      ),
    );
    expect([past?.commands, far?.commands, near?.commands.length]).toEqual([[], [], 1]);
    expect(past?.words).toContain('`redeem_by` has passed, which Stripe refuses');
    expect(far?.words).toContain('`redeem_by` is more than 5 years ahead, which Stripe refuses');
  });

  test('no price is created for an archived product', async () => {
    const live = { products: [product({ id: 'prod_1', active: false })], prices: [] };
    const file =
      'products: { a: { id: prod_1, active: false } }\nprices: { it: { lookup_key: k, product: a, currency: usd, unit_amount: 1, recurring: null } }';
    const { words, commands } = await of('it', file, live);
    expect(commands).toEqual([]);
    expect(words).toContain('it refers to prod_1 (`product`), which is archived');
  });

  test('no product gets a default price that is archived or of another product', async () => {
    const live = {
      products: [product({ id: 'prod_1' })],
      prices: [price({ id: 'price_1', product: 'prod_2' }), price({ id: 'price_2', product: 'prod_1', active: false })],
    };
    for (const [wanted, why] of [
      ['price_1', 'belongs to another product'],
      ['price_2', 'is archived'],
    ]) {
      const file = `products: { a: { id: prod_1, default_price: it } }\nprices: { it: { id: ${wanted} } }`;
      const { words, commands } = await of('prod_1', file, live);
      expect(commands).toEqual([]);
      expect(words).toContain(why);
    }
  });

  test('currencies are taken back by a command where no tax behaviour of theirs is final', async () => {
    const file = 'prices: { it: { id: price_1, currency: usd, unit_amount: 500 } }';
    const commands = async (eur: object) => {
      const options = { unit_amount: 500, recurring: null, currency_options: { eur } };
      return (await of('price_1', file, { prices: [price({ id: 'price_1', ...options } as never)] })).commands;
    };
    expect(await commands({ unit_amount: 400 })).toEqual(['stripe prices update price_1 --live -d currency_options=']);
    expect(await commands({ unit_amount: 400, tax_behavior: 'exclusive' })).toEqual([]);
  });

  test("the price's own currency is never one of the others", async () => {
    const live = price({
      id: 'price_1',
      lookup_key: 'k',
      product: 'prod_1',
      unit_amount: 500,
      recurring: null,
      currency_options: { eur: { unit_amount: 400 } },
    });
    const file =
      'prices: { it: { lookup_key: k, currency: usd, unit_amount: 500, recurring: null, currency_options: { usd: { unit_amount: 500 }, eur: { unit_amount: 401 } } } }';
    expect((await of('price_1', file, { prices: [live] })).commands).toEqual([
      "stripe prices update price_1 --live -d 'currency_options[eur][unit_amount]=401'",
    ]);
    const made = `prices: { it: { lookup_key: k, product: prod_1, currency: usd, unit_amount: 500, recurring: null, currency_options: { usd: { unit_amount: 500 }, eur: { unit_amount: 400 } } } }`;
    const [command = ''] = (await of('it', made, { prices: [] })).commands;
    expect(command).toContain('currency_options[eur][unit_amount]=400');
    expect(command).not.toContain('currency_options[usd]');
  });
});

describe('plan, terminal and Markdown say the same', () => {
  test('of what is final once it is set: a replacement', async () => {
    const report = await compared(
      'version: 1\nprices: { it: { id: price_1, tax_behavior: exclusive, nickname: New } }\n',
      sections({ prices: [price({ id: 'price_1', tax_behavior: 'inclusive', nickname: 'Old' })] }),
    );
    const [step, ...others] = plan(differences(report));
    expect(others).toEqual([]);
    expect(step).toMatchObject({
      action: 'replace',
      risks: [{ kind: 'replaced', section: 'prices', field: 'tax_behavior' }],
    });
  });

  test('of a replacement without commands: no other change of that product', async () => {
    const report = await compared(
      'version: 1\nproducts: { it: { id: prod_1, type: good, description: New } }\n',
      sections({ products: [product({ id: 'prod_1', description: 'Old' })] }),
    );
    for (const text of [markdown(report), withFixes(report)]) expect(text).not.toContain('stripe products update');
    expect(markdown(report)).toContain("create a copy of `prod_1` with the file's values");
  });
});

describe('what is not declared', () => {
  test('is declared by a whole entry, or ignored by a line', async () => {
    const live = {
      products: [product({ id: 'prod_1', name: 'Pro' })],
      prices: [
        price({
          id: 'price_1',
          lookup_key: 'pro_monthly',
          product: 'prod_1',
          unit_amount: 2000,
          recurring: { interval: 'month' },
        }),
      ],
    };
    const { accept, restore } = await only('products: { pro: { id: prod_1 } }\nprices: {}', live);
    expect(accept.map(({ yaml }) => yaml)).toEqual([
      `  pro_monthly:
    id: price_1
    lookup_key: pro_monthly
    product: pro
    currency: usd
    unit_amount: 2000
    recurring: { interval: month }
    # If it has currency_options, state that too: it was not read.`,
      '  - prices: price_1\n    reason: Say why',
    ]);
    expect(restore?.commands).toEqual(['stripe prices update price_1 --live -d active=false']);
  });

  test('is not declared without what it charges, where that was not read', async () => {
    const { tiers: _, ...tiered } = price({ id: 'price_1', billing_scheme: 'tiered', tiers_mode: 'graduated' });
    const live = { prices: [{ ...tiered, unit_amount: null, unit_amount_decimal: null }] };
    const { accept } = await only('prices: {}', live);
    expect(accept.map(({ words, yaml }) => [words.split(':')[0], yaml])).toEqual([
      ['To declare it, run stripe-config-check export --merge --sections prices', null],
      [expect.stringContaining('Or accept it without declaring it'), '  - prices: price_1\n    reason: Say why'],
    ]);
  });

  test('gets a name that the section does not have', async () => {
    const live = ['prod_2', 'prod_3'].map((id) => product({ id, name: 'Pro Plan' }));
    const report = await compared(
      'version: 1\nproducts: { pro_plan: { id: prod_1 } }',
      sections({ products: [product({ id: 'prod_1' }), ...live] }),
    );
    const names = differences(report).map((finding) => fixTexts(finding, report).accept[0]?.yaml?.split('\n')[0]);
    expect(names).toEqual(['  pro_plan_2:', '  pro_plan_3:']);
  });

  test('keeps a URL with a token to itself', async () => {
    const live = webhookEndpoint({ id: 'we_1', url: 'https://u:pass@a.example.com/hook?token=secret' });
    const { accept } = await only('webhooks: {}', { webhooks: [live] });
    expect(JSON.stringify(accept)).not.toMatch(/secret|pass/);
    expect(accept[0]?.yaml).toContain('    # url is not shown here, since a token may be in there.');
    expect(accept[0]?.yaml).toMatch(/^ {2}a_hook:\n {4}id: we_1\n/);
  });
});

describe('the command', () => {
  const it = async (file: string, live: object, more: object = {}) =>
    (await only(file, live, 'full', more)).restore?.commands;

  test.each<[string, object, string[]]>([
    [
      'products: { it: { id: p, name: "It\'s $HOME `x`" } }',
      { products: [product({ id: 'p', name: 'A' })] },
      ["stripe products update p --live -d 'name=It'\\''s $HOME `x`'"],
    ],
    [
      'products: { it: { id: p, description: null } }',
      { products: [product({ id: 'p', description: 'A' })] },
      ['stripe products update p --live -d description='],
    ],
    [
      'products: { it: { id: p, metadata: { a: b, c: null, same: same } } }',
      { products: [product({ id: 'p', metadata: { c: 'd', same: 'same' } })] },
      ["stripe products update p --live -d 'metadata[a]=b' -d 'metadata[c]='"],
    ],
    [
      'webhooks: { it: { id: we_1 } }',
      { webhooks: [webhookEndpoint({ id: 'we_1', status: 'disabled' })] },
      ['stripe webhook_endpoints update we_1 --live -d disabled=false'],
    ],
    [
      'prices: { it: { id: p, tax_behavior: exclusive } }',
      { prices: [price({ id: 'p', tax_behavior: 'unspecified' })] },
      ['stripe prices update p --live -d tax_behavior=exclusive'],
    ],
    ...(
      [
        // What Stripe can't unset, or not change, without enough to create another.
        ['prices: { it: { id: p, nickname: null } }', { prices: [price({ id: 'p', nickname: 'A' })] }],
        ['products: { it: { id: p, type: good } }', { products: [product({ id: 'p' })] }],
        // What can't be typed or would be taken apart otherwise.
        ['products: { it: { id: p, name: "a\\nb" } }', { products: [product({ id: 'p' })] }],
        ['products: { it: { id: p, name: "\\u202ea" } }', { products: [product({ id: 'p' })] }],
        ['products: { it: { id: p, name: "##[error]a" } }', { products: [product({ id: 'p' })] }],
        ['products: { it: { id: p, metadata: { "a=b": c } } }', { products: [product({ id: 'p' })] }],
        ['products: { it: { id: ../p, name: a } }', { products: [product({ id: '../p' })] }],
        ['products: { it: { id: -p, name: a } }', { products: [product({ id: '-p' })] }],
        // An id that Stripe chooses, and an object that exists already.
        ['prices: { it: { id: price_1 } }', { prices: [] }],
        [
          'prices: { it: { lookup_key: a, product: prod_1, currency: usd, unit_amount: 1, recurring: null } }',
          { prices: ['x', 'y'].map((id) => price({ id, lookup_key: 'a', active: false })) },
        ],
      ] as const
    ).map(([file, live]): [string, object, string[]] => [file, live, []]),
  ])('for %s', async (file, live, commands) => {
    expect(await it(file, live)).toEqual(commands);
  });

  test('makes a new price where the amount differs, moves the key, and archives the old one', async () => {
    const file = `prices:
  it: { lookup_key: pro, product: prod_1, currency: usd, unit_amount: 2500, recurring: { interval: month } }`;
    const live = price({
      id: 'price_1',
      lookup_key: 'pro',
      product: 'prod_1',
      unit_amount: 2000,
      recurring: { interval: 'month' },
    });
    expect(await it(file, { prices: [live] })).toEqual([
      "stripe prices create --live -d lookup_key=pro -d product=prod_1 -d currency=usd -d unit_amount=2500 -d 'recurring[interval]=month' -d 'recurring[interval_count]=1' -d 'recurring[usage_type]=licensed' -d transfer_lookup_key=true",
      'stripe prices update price_1 --live -d active=false',
    ]);
  });

  test('is for test mode without --live', async () => {
    const live = { products: [product({ id: 'p', name: 'A' })] };
    expect(await it('products: { it: { id: p, name: B } }', live, { mode: 'test' })).toEqual([
      'stripe products update p -d name=B',
    ]);
  });

  test('names the connected account that was read', async () => {
    const report = await compared(
      'version: 1\nproducts: { it: { id: p, name: B } }',
      sections({ products: [product({ id: 'p', name: 'A' })] }),
    );
    const [found] = differences(report) as [Finding];
    expect(fixTexts(found, { mode: 'live', connected: 'acct_9' }).restore?.commands).toEqual([
      'stripe products update p --live --stripe-account acct_9 -d name=B',
    ]);
  });

  test('creates what is missing, where the file says enough of it', async () => {
    const file = 'webhooks: { it: { url: "https://a.example.com/x;`y`", enabled_events: ["*"], connect: true } }';
    expect(await it(file, { webhooks: [] })).toEqual([
      "stripe webhook_endpoints create --live -d 'url=https://a.example.com/x;`y`' -d connect=true -d 'enabled_events[0]=*'",
    ]);
    expect(await it('webhooks: { it: { url: https://a.example.com } }', { webhooks: [] })).toEqual([]);
  });

  test('is not there where the file does not say enough, or what can not be typed, and why is said', async () => {
    const words = async (file: string, live: object) => (await only(file, live)).restore?.words;
    expect(await words('webhooks: { it: { url: https://a.example.com } }', { webhooks: [] })).toContain(
      'create the webhook endpoint. No command, because `enabled_events` is not stated.',
    );
    expect(
      await words(
        'prices: { it: { lookup_key: k, product: prod_1, currency: usd, recurring: null, nickname: "a\\nb", unit_amount: 1 } }',
        {
          prices: [],
        },
      ),
    ).toContain('No command, because `nickname` holds a line break.');
  });

  test('is not needed where the id is wrong: what belongs to the product is found on another', async () => {
    const file =
      'version: 1\nproducts: { pro: { id: prod_9, name: Pro } }\nprices: { it: { id: price_1, product: pro } }\n';
    const live = sections({
      products: [product({ id: 'prod_1' })],
      prices: [price({ id: 'price_1', product: 'prod_1' })],
    });
    const of = async (showing: Showing) => {
      const report = await compared(file, live, showing);
      const found = report.findings.find(({ problem }) => problem === 'missing') as Finding;
      return { text: terminal(report), fix: fixTexts(found, report) };
    };
    const { text, fix } = await of('full');
    expect(text).toContain('its prices are found on prod_1: the id is probably wrong');
    expect(fix.accept[0]?.yaml).toBe('id: prod_1');
    for (const showing of ['declared', 'redacted'] as const) {
      const hidden = await of(showing);
      expect(hidden.text).toContain('its prices are found on another product');
      expect(JSON.stringify(hidden)).not.toContain('prod_1');
    }
  });

  test('waits for an object that does not exist yet, and whose id is not known', async () => {
    const file = `products: { pro: { name: Pro } }
prices: { it: { lookup_key: k, product: pro, currency: usd, unit_amount: 1, recurring: null } }`;
    const report = await compared(`version: 1\n${file}`, sections({ products: [], prices: [] }));
    expect(differences(report).map((finding) => fixTexts(finding, report).restore?.commands)).toEqual([
      ['stripe products create --live -d name=Pro'],
      [],
    ]);
  });
});

describe('where values may not be shown', () => {
  const live = {
    products: [
      product({ id: 'p', name: 'Hush-name', description: 'Hush-text', metadata: { 'Hush-key': 'Hush-value' } }),
      product({ id: 'Hush-id', name: 'Hush-plan' }),
    ],
  };
  const file = 'version: 1\nproducts: { it: { id: p, name: A, description: null, metadata: {} } }';

  test.each(['redacted', 'declared'] as const)('%s: nothing to paste or to run tells more', async (showing) => {
    const report = await compared(file, sections(live), showing);
    const said = JSON.stringify(differences(report).map((finding) => fixTexts(finding, report)));
    const secret = showing === 'redacted' ? /Hush/ : /Hush-(id|plan)/;
    expect(said).not.toMatch(secret);
    expect(said).toContain('stripe products update p --live -d name=A');
    for (const text of [[...reportJson(report)].join(''), markdown(report), withFixes(report)])
      expect(text).not.toMatch(secret);
  });

  test('all is shown: each of them is told', async () => {
    const report = await compared(file, sections(live));
    const said = JSON.stringify(differences(report).map((finding) => fixTexts(finding, report)));
    for (const part of ['name', 'text', 'key', 'value', 'id', 'plan']) expect(said).toContain(`Hush-${part}`);
  });
});

/** The report for a terminal, with how to fix each finding. */
function withFixes(report: Report): string {
  return terminal(report, plainScreen, { fixes: true });
}

describe('in a terminal and in an annotation', () => {
  const file = 'version: 1\nprices: { it: { id: p, nickname: Pro } }';
  const live = (nickname: string) => sections({ prices: [price({ id: 'p', nickname })] });

  test('what to paste and what to run follow the finding', async () => {
    const report = await compared(file, live('Plan'));
    expect(withFixes(report)).toContain(
      '      If Stripe is right, in the file: nickname: Plan\n      If the file is right, in Stripe: stripe prices update p --live -d nickname=Pro\n',
    );
    expect(terminal(report)).not.toContain('nickname: Plan');
    expect(annotations(report).map(({ message }) => message.split('\n').slice(1))).toEqual([
      [
        '',
        'If Stripe is right, in the file: nickname: Plan · If the file is right, in Stripe: stripe prices update p --live -d nickname=Pro',
      ],
    ]);
  });

  test('what is long is left out whole', async () => {
    const report = await compared(file, live('x'.repeat(5000)));
    expect(withFixes(report)).toContain(
      'If Stripe is right, in the file: the text is too long to show here. The JSON report has it.\n',
    );
    expect(withFixes(report)).toContain('in Stripe: stripe prices update p --live -d nickname=Pro\n');
  });

  test('what is replaced is changed in nothing else', async () => {
    const declared = 'lookup_key: k, product: prod_1, currency: usd, unit_amount: 1, recurring: null, nickname: Pro';
    const report = await compared(
      `version: 1\nprices: { it: { ${declared} } }`,
      sections({ prices: [price({ id: 'p', lookup_key: 'k', product: 'prod_1', nickname: 'Plan', recurring: null })] }),
    );
    const commands = withFixes(report).match(/(?<=^ {13})stripe \w+ \w+/gm);
    expect(commands).toEqual(['stripe prices create', 'stripe prices update']);
    expect(withFixes(report)).toContain('      If Stripe is right, in the file: nickname: Plan\n');
  });

  test('what else differs of it leads to the steps, and an annotation to the summary', async () => {
    const report = await compared(
      'version: 1\nprices: { it: { lookup_key: k, product: prod_1, currency: usd, unit_amount: 1, recurring: null, nickname: Pro } }',
      sections({ prices: [price({ id: 'p', lookup_key: 'k', product: 'prod_1', nickname: 'Plan', recurring: null })] }),
    );
    const words = 'If the file is right, in Stripe: the steps under it unit_amount do this too.';
    expect(withFixes(report)).toContain(words);
    const [amount = '', nickname = ''] = annotations(report).map(({ message }) => message);
    expect(amount).toContain('If the file is right, in Stripe: see How to fix in the job summary');
    expect(nickname).toContain(words);
  });

  test('what is to be known stands there where there are no steps as well', async () => {
    const report = await compared(
      'version: 1\ncoupons: { it: { id: A, percent_off: 20 } }',
      sections({ coupons: [coupon({ id: 'A', percent_off: 10 })] }),
    );
    expect(withFixes(report)).toContain('Customers who redeemed A keep its discount.');
    const [{ message = '' } = {}] = annotations(report);
    expect(message).toContain('If Stripe is right, in the file: percent_off: 10 · If the file is right, in Stripe: ');
  });

  test('what a pull request asks for is created now, and archived once it is merged', async () => {
    const entry = (amount: number) =>
      `version: 1\nprices: { it: { lookup_key: k, product: prod_1, currency: usd, unit_amount: ${amount} } }`;
    const live = price({ id: 'p', lookup_key: 'k', product: 'prod_1', unit_amount: 1, recurring: null });
    const report = await planned(entry(2), entry(1), sections({ prices: [live] }));
    for (const text of [withFixes(report), markdown(report), [...reportJson(report)].join('')]) {
      expect(text.replaceAll('`', '')).toMatch(/archive the old one after the merge, when nothing uses p any more/i);
      expect(text.replaceAll('`', '')).toContain('replace p in code, payment links and pricing tables');
    }
    expect(withFixes(report)).not.toContain('If Stripe is right');
  });

  test('what refers to an entry without an object says how that comes to have one', async () => {
    const prices = 'prices: { it: { lookup_key: k, product: pro, currency: usd, unit_amount: 1 } }';
    const pro = 'products: { pro: { name: Pro } }';
    const refers = 'create the price. It refers to products.pro (product), which';
    const added = `version: 1\n${pro}\n${prices}\n`;
    const base = 'version: 1\nproducts: {}\nprices: {}\n';
    const both = await planned(added, base, sections({ products: [], prices: [] }));
    const inOne = `To apply the change, in Stripe: ${refers} this pull request adds too. Create that first, then run the check again: it then shows the command for this price.`;
    for (const text of [withFixes(both), markdown(both), commentBody(both, 'k', null), [...reportJson(both)].join('')])
      expect(plain(text)).toContain(inOne);
    const outcome = async (objects: object) =>
      plain(withFixes(await compared(`version: 1\n${pro}\n${prices}\n`, sections({ prices: [], ...objects }))));
    expect(await outcome({ products: [] })).toContain(
      `${refers} is missing. Create that first, then run the check again: it then shows the command for this price.`,
    );
    const two = (active: boolean) => ['a', 'b'].map((id) => product({ id, name: 'Pro', active }));
    const again = 'fix that first, then run the check again.';
    expect(await outcome({ products: two(false) })).toContain(`${refers} was not found either: ${again}`);
    expect(await outcome({ products: two(true) })).toContain(`${refers} is ambiguous: ${again}`);
    expect(await outcome({ products: { refused: 'The key may not.' } })).toContain(
      `${refers} could not be looked up, since products were not read: run the check again once they can be.`,
    );
  });

  test('what refers to an object that is created under an id of the file has its command at once', async () => {
    const text = `version: 1
products: { pro: { id: prod_pro, name: Pro }, team: { name: Team, id: prod_team, active: false } }
prices: { it: { lookup_key: k, product: pro, currency: usd, unit_amount: 1 } }
coupons: { off: { id: OFF, percent_off: 5, duration: once, applies_to: { products: [pro] } } }
`;
    const base = 'version: 1\nproducts: {}\nprices: {}\ncoupons: {}\n';
    const report = await planned(text, base, sections({ products: [], prices: [], coupons: [] }));
    const texts = [
      withFixes(report),
      markdown(report),
      commentBody(report, 'k', null),
      [...reportJson(report)].join(''),
    ];
    for (const said of texts) {
      expect(plain(said)).toContain('First create products.pro, which it refers to.');
      expect(said).toContain('stripe prices create --live -d lookup_key=k -d product=prod_pro -d currency=usd');
      expect(said).toContain("-d 'applies_to[products][0]=prod_pro'");
      expect(said).toContain('stripe products create --live -d id=prod_pro');
    }
    expect(withFixes(report)).toContain('5 % off once, id OFF, applies_to { products: [pro] }');
  });

  test('what a pull request leaves ambiguous is offered the ids, and not only to archive the others', async () => {
    const live = ['a', 'b'].map((id) => product({ id, name: 'Pro' }));
    const report = await planned(
      'version: 1\nproducts: { pro: { name: Pro } }',
      'version: 1\nproducts: {}',
      sections({ products: live }),
    );
    for (const text of [withFixes(report), markdown(report), commentBody(report, 'k', null)]) {
      expect(text).toContain('id: a');
      expect(text).toContain('id: b');
      expect(plain(text)).toContain('For each one that you archive: it can no longer be sold.');
    }
  });

  test('nothing is created or removed where the account looks wrong', async () => {
    const names = [...'abcdefghijkl'];
    const report = await compared(
      `version: 1\nproducts:\n${names.map((one) => `  ${one}: { id: prod_${one}, name: ${one} }\n`).join('')}`,
      sections({ products: [] }),
    );
    expect(report.looksWrong).toBe(true);
    for (const text of [withFixes(report), markdown(report), [...reportJson(report)].join('')]) {
      expect(text).not.toContain('products create');
      expect(text).not.toContain('remove the entry');
      expect(text.split('Look at two things').length).toBeGreaterThan(1);
    }
    expect(withFixes(report).split('Look at two things')).toHaveLength(2);
    expect(annotations(report)[0]?.message).toContain('Look at two things');
  });

  test('of two commands there are both or none', async () => {
    const declared = `product: prod_1, currency: usd, unit_amount: 1, recurring: null, metadata: { a: ${'x'.repeat(5000)} }`;
    const report = await compared(
      `version: 1\nprices: { it: { lookup_key: k, ${declared} } }`,
      sections({ prices: [price({ id: 'p', lookup_key: 'k', product: 'prod_1', metadata: { a: 'x'.repeat(5000) } })] }),
    );
    const { restore } = fixTexts(differences(report)[0] as Finding, report);
    expect(restore?.commands).toHaveLength(2);
    expect(withFixes(report)).not.toContain('stripe prices ');
    expect(withFixes(report)).toContain('The command is too long to show here. The JSON report has it.');
  });
});

describe('in Markdown', () => {
  test('each text stands in a fence that it does not close', async () => {
    const report = await compared(
      'version: 1\nproducts: { it: { id: p, name: "````" } }',
      sections({ products: [product({ id: 'p', name: '```` </details> @octocat' })] }),
    );
    const text = markdown(report);
    expect(text).toContain('`````yaml\nname: "```` </details> @octocat"\n`````');
    expect(text).toContain("`````shell\nstripe products update p --live -d 'name=````'\n`````");
  });
});

describe('whatever changes', () => {
  test('what is pasted for a field makes the finding go away', async () => {
    const tally = { pasted: 0, without: 0 };
    await fc.assert(
      fc.asyncProperty(cases(), fc.nat(), fc.nat(), async (made, which, how) => {
        const entry = made.entries[which % made.entries.length] as Entry;
        const changed = edit(entry, how);
        fc.pre(changed !== null);
        const { text } = write(declaration(made.entries, new Dice(made.seed)), made.seed, 'live');
        const live = snapshot(replaced(made.entries, entry, changed.live));
        const report = await compared(text, live);
        const [finding] = differences(report);
        if (finding?.problem !== 'changed') throw new Error('one field differs');
        const [way] = fixTexts(finding, report).accept as [AcceptText];
        if (way.yaml !== null) expect(way.yaml.replaceAll('\n', '')).not.toMatch(INVISIBLE);
        const file = accepted(text, finding, way);
        const after = file === null ? null : await compared(file, live);
        // A live object as no account has it, with two amounts or a one-time cycle, takes a file of the same kind, which is refused.
        const isRefused = after?.findings.some(
          ({ problem, severity }) => problem === 'invalid' && severity === 'error',
        );
        const isOdd = isRefused && !isPossible({ ...entry, live: changed.live });
        tally[after === null || isOdd ? 'without' : 'pasted'] += 1;
        if (after === null || isOdd) return;
        const left = differences(after).map((found) => [found.section, found.name, 'field' in found && found.field]);
        expect(left).not.toContainEqual([finding.section, finding.name, finding.field]);
      }),
      runs(70),
    );
    expect(tally.pasted).toBeGreaterThan(2 * tally.without);
  });

  test('the entries that are pasted for all that is live declare it', async () => {
    await fc.assert(
      fc.asyncProperty(cases(), async ({ entries }) => {
        const empty = `version: 1\npolicy: { unhealthy: ignore }\n`;
        const live = snapshot(entries);
        const heads = SECTIONS.map((section) => `${section}: {}\n`).join('');
        const report = await compared(empty + heads, live);
        const pasted = SECTIONS.map((section) => {
          const blocks = differences(report)
            .filter((finding) => finding.section === section)
            .map((finding) => fixTexts(finding, report).accept[0]?.yaml ?? '');
          return blocks.length === 0 ? `${section}: {}\n` : `${section}:\n${blocks.join('\n')}\n`;
        });
        expect(differences(await compared(empty + pasted.join(''), live))).toEqual([]);
      }),
      runs(70),
    );
  });

  test('the lines that are pasted to ignore all that is live accept it', async () => {
    await fc.assert(
      fc.asyncProperty(cases(), async ({ entries }) => {
        const file = `version: 1\npolicy: { unhealthy: ignore }\n${SECTIONS.map((section) => `${section}: {}\n`).join('')}`;
        const live = snapshot(entries);
        const report = await compared(file, live);
        const lines = differences(report).map((finding) => fixTexts(finding, report).accept[1]?.yaml ?? '');
        fc.pre(lines.length > 0);
        expect(differences(await compared(`${file}ignore:\n${lines.join('\n')}\n`, live))).toEqual([]);
      }),
      runs(70),
    );
  });
});

/** Whether Stripe can hold an object. */
function isPossible({ section, live }: Entry): boolean {
  return isDeepStrictEqual(possible({ [section]: [live] })[section], [live]);
}

/** The file after a way to accept what is live was taken; null where a person would think first. */
function accepted(text: string, finding: Finding & { problem: 'changed' }, way: AcceptText): string | null {
  if (way.yaml !== null && way.within === undefined && way.replaces.every((name) => name === finding.field))
    return paste(text, finding, way.yaml);
  return pasted(text, finding, way);
}

/** The file with a text in place of the field that a finding is at, or in the entry; null where a person would think first. */
function paste(text: string, { at, field }: Finding & { problem: 'changed' }, yaml: string): string | null {
  const document = parseDocument(text, { uniqueKeys: false });
  const start = offset(text, at);
  let result: string | null = null;
  visit(document, {
    Map(_key, map) {
      const pair = map.items.find(({ key }) => isScalar(key) && key.range?.[0] === start) as Pair<YamlNode, YamlNode>;
      if (pair === undefined) return undefined;
      const isField = isScalar(pair.key) && String(pair.key.source ?? pair.key.value) === field;
      if (!isField) return visit.BREAK;
      const end = pair.value?.range?.[1] ?? pair.key.range?.[1] ?? start;
      const old = text.slice(start, end);
      const explicit = /\?\s*$/.test(text.slice(0, start));
      // An anchor would be lost; `? key` is another form.
      if (!/&[ax]/.test(old) && !explicit && isMap(map))
        result = `${text.slice(0, start)}${yaml}${old.endsWith('\n') ? '\n' : ''}${text.slice(end)}`;
      return visit.BREAK;
    },
  });
  return result;
}

function offset(text: string, { line, column }: Place): number {
  const lines = text.split('\n').slice(0, line - 1);
  return lines.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}
