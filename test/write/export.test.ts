/** `export`: the file for what is live, such that a check of it finds nothing. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { check } from '../../src/check/check.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Finding, Report } from '../../src/model.ts';
import { shown } from '../../src/report/privacy.ts';
import { exportedSections, registry, resourceOf } from '../../src/resources/index.ts';
import { declarable, type Field, ID, type Resource } from '../../src/resources/resource.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { accepts } from '../../src/vocabulary/type.ts';
import { exported } from '../../src/write/export.ts';
import { merged } from '../../src/write/merge.ts';
import { coupon } from '../kinds/coupons.ts';
import { kindOf, kinds, LISTS, SECTIONS } from '../kinds/index.ts';
import { price, tier } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import { type CliCall, cleanUp, type ProcessRun, repository, runCli } from '../runner.ts';
import { runs } from '../runs.ts';
import {
  type Fault,
  type Key,
  keyPage,
  liveKey,
  type RefusalForm,
  refusalForms,
  type StripeOptions,
  type StripeRequest,
  startStripe,
  testKey,
} from '../servers/stripe.ts';
import { type Case, cases, type Entry, isActive, type Live, snapshot } from '../shop/accounts.ts';
import { catalogue } from '../shop/catalogue.ts';
import { replaced } from '../shop/edits.ts';
import { driftedShop, madeUpKey, shop, shopFile, tracesOf } from '../shop/shop.ts';
import { bothModes } from '../shop/state.ts';

afterAll(cleanUp);

fc.configureGlobal({ interruptAfterTimeLimit: 100_000, seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) });

interface Tried {
  readonly text: string;
  readonly remarks: readonly string[];
  readonly report: Report;
}

/** Exports a snapshot and checks the file against it. */
async function roundTrip(live: string, { full = false, retired = false } = {}): Promise<Tried> {
  const side = new SnapshotLive(live, 'live.json');
  const { text, remarks } = await exported(await side.open().readAll([...registry.keys()], retired), full);
  const request = { environment: null, failOn: 'notice', commit: null } as const;
  const found = await check({ ...request, sources: [{ file: 'stripe-config.yaml', text }], live: side });
  return { text, remarks, report: shown(found, 'full') };
}

/** What a check says that it must not say of an export. */
function faults({ findings, error }: Report): readonly (Finding | object)[] {
  // What is true of Stripe itself, a check says of every file.
  const mine = findings.filter(({ problem }) => problem !== 'unhealthy');
  return [...mine, ...(error === null ? [] : [error])];
}

/** An account whose prices belong to its products at times, and its products' default prices to its prices. */
const linked = (cases: fc.Arbitrary<Case>): fc.Arbitrary<Case> =>
  fc.tuple(cases, fc.array(fc.nat(), { minLength: 9, maxLength: 9 })).map(([made, picks]) => {
    const ids = (section: string) => made.entries.filter((one) => one.section === section).map(({ live }) => live.id);
    const entries = made.entries.map((entry, index) => {
      const pick = picks[index] ?? 0;
      const to = (list: string[], other: unknown) =>
        pick % 3 === 0 || list.length === 0 ? other : list[pick % list.length];
      const live: Live =
        entry.section === 'prices'
          ? { ...entry.live, product: to(ids('products'), entry.live.product), created: pick }
          : entry.section === 'products'
            ? { ...entry.live, default_price: to(ids('prices'), null), created: pick }
            : { ...entry.live, created: pick };
      return { ...entry, live };
    });
    // Stripe lets no product have another's price as its default.
    const owners = new Map(entries.map(({ live }) => [live.id, live.product]));
    const possible = entries.map((entry) => {
      const { default_price: price, id } = entry.live;
      const isForeign = typeof price === 'string' && owners.has(price) && owners.get(price) !== id;
      return isForeign ? { ...entry, live: { ...entry.live, default_price: null } } : entry;
    });
    return { ...made, entries: possible };
  });

const accounts = linked(cases());

describe('an export of whatever account', () => {
  for (const full of [false, true]) {
    for (const retired of [false, true]) {
      const what = `${full ? 'in full' : 'as people want it'}, ${retired ? 'with' : 'without'} what is archived`;
      test(`${what}, is in sync with it`, async () => {
        await fc.assert(
          fc.asyncProperty(accounts, async (made) => {
            const { report, remarks, text } = await roundTrip(snapshot(made.entries), { full, retired });
            const left = remarks.filter((remark) => !remark.includes('seems to be a secret'));
            expect({ faults: faults(report), left, text: faults(report).length > 0 ? text : '' }).toEqual({
              faults: [],
              left: [],
              text: '',
            });
            for (const { live } of made.entries) {
              const isSecret = typeof live.url === 'string' && /:\/\/[^/?#]*@|[?&]token=/.test(live.url);
              if (isSecret) expect(text).not.toContain(live.url);
            }
            const inAnotherOrder = snapshot(made.entries, (list) => [...list].reverse());
            expect((await roundTrip(inAnotherOrder, { full, retired })).text).toBe(text);
            // Of a single object there may be nothing to state.
            const isWritten = ({ section }: Entry) => !kindOf(section).row.single || text.includes(`\n${section}:`);
            const written = made.entries.filter((entry) => (retired || isActive(entry)) && isWritten(entry));
            expect(report.counts.checked).toBe(written.length);
          }),
          runs(30),
        );
      });
    }
  }
});

describe('an export of settings', () => {
  const single = async (section: string, live: object, full = false) => {
    const all = { schema: 1, mode: 'live', account: null, sections: { [section]: [live] } };
    return (await roundTrip(JSON.stringify(all), { full })).text;
  };
  const exportOf = (settings: object, full?: boolean) =>
    single('account_settings', { id: 'acct_1Abc', object: 'account', settings }, full);

  test('states no group of which none is set, however deep', async () => {
    const text = await exportOf({ dashboard: { display_name: 'Example' } });
    expect(text).toContain('\n  settings: { dashboard: { display_name: Example } }\n');
    const payouts = { statement_descriptor: 'EXAMPLE', minimum_balance_by_currency: null, schedule: null };
    expect(await single('balance_settings', { payments: { payouts } })).toContain(
      '\n  payments: { payouts: { statement_descriptor: EXAMPLE } }\n',
    );
  });

  test('says of a list of amounts what they are, and their currency once', async () => {
    const live = {
      id: 'tmc_1',
      name: 'Berlin',
      tipping: { usd: { fixed_amounts: [100, 200, 300] }, jpy: { fixed_amounts: [500] } },
    };
    const text = await single('terminal_configurations', live);
    expect(text).toContain('fixed_amounts: [100, 200, 300]');
    expect(text).toContain('# 1.00, 2.00, 3.00 USD');
    expect(text).toContain('# 500 JPY');
    expect(text).not.toContain('# 0 ');
  });

  test('leaves out ids of files, which are others in the other mode, and in full states them', async () => {
    const branding = { icon: 'file_1Icon', logo: 'file_1Logo', primary_color: '#663399' };
    expect(await exportOf({ branding })).toContain('\n  settings: { branding: { primary_color: "#663399" } }\n');
    expect(await exportOf({ branding }, true)).toContain('icon: file_1Icon, logo: file_1Logo, primary_color');
    await expect(exportOf({ branding: { logo: 'file_1Logo' } })).rejects.toThrow('There is nothing to write');
  });
});

describe('an export of what Stripe is likely to refuse, and has', () => {
  const tiers = [tier({ unit_amount: 5 })];
  const past = 1_700_000_000;
  test.each<[string, { readonly [section: string]: readonly object[] }]>([
    ['a statement descriptor', { products: [product({ id: 'prod_1', statement_descriptor: "<'1'>" })] }],
    [
      'dimensions',
      {
        products: [
          product({ id: 'prod_1', package_dimensions: { height: 0.125, length: 1, weight: 1.0001, width: 1 } }),
        ],
      },
    ],
    [
      'tiers in another currency',
      { prices: [price({ id: 'price_1', product: 'prod_1', unit_amount: 5, currency_options: { eur: { tiers } } })] },
    ],
    [
      'an amount in another currency of tiers',
      { prices: [price({ id: 'price_1', product: 'prod_1', tiers, currency_options: { eur: { unit_amount: 5 } } })] },
    ],
    ['a last day that has passed', { coupons: [coupon({ id: 'OLD', redeem_by: past, valid: false })] }],
    [
      'more endpoints than an account has',
      {
        webhooks: Array.from({ length: 17 }, (_, number) =>
          webhookEndpoint({ id: `we_${number}`, url: `https://api.example.com/${number}` }),
        ),
      },
    ],
    [
      'a descriptor of the account',
      {
        account_settings: [
          { id: 'acct_1', object: 'account', settings: { payments: { statement_descriptor: '12*3' } } },
        ],
      },
    ],
  ])('never warns in a check: %s', async (_, objects) => {
    const live = JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1', sections: objects });
    const { report, remarks } = await roundTrip(live, { retired: true });
    expect({ faults: faults(report), remarks }).toEqual({ faults: [], remarks: [] });
    expect(report.declared).toBeGreaterThan(0);
  });
});

describe('what an export leaves out', () => {
  test.each<[string, { readonly [section: string]: readonly object[] }, string]>([
    [
      'a word that no file states',
      { billing_alerts: [{ id: 'alrt_1', title: 'Many', alert_type: 'usage_threshold', status: 'made_up' }] },
      'Left out: billing_alerts.many.status would not read back as it is. So billing_alerts.many is left out as a whole.',
    ],
    [
      'a number that is no hour, and what is one statement with it',
      {
        balance_settings: [
          {
            payments: {
              debit_negative_balances: true,
              settlement_timing: { start_of_day: { hour: 99, minutes: 0, timezone: 'Europe/Paris' } },
            },
          },
        ],
      },
      'Left out: balance_settings.payments.settlement_timing.start_of_day.hour is 99. Expected at most 23. So balance_settings.payments.settlement_timing.start_of_day is left out as a whole.',
    ],
  ])('is told once, with what is wrong: %s', async (_, sections, told) => {
    const live = JSON.stringify({ schema: 1, mode: 'live', account: null, sections });
    const reading = await new SnapshotLive(live, 'live.json').open().readAll(Object.keys(sections), true);
    const { remarks } = await exported(reading, false);
    expect(remarks).toEqual([told]);
  });
});

describe('the names of an export', () => {
  const look = fc.record({
    unit_amount: fc.constantFrom(899, 999, 1099),
    currency: fc.constantFrom('usd', 'eur'),
    colour: fc.option(fc.constantFrom('red', 'blue', '!')),
    created: fc.nat(9),
  });
  /** The prices of one product, which nothing but their amounts, currencies and metadata tells apart. */
  const alike = fc
    .array(look, { minLength: 1, maxLength: 5 })
    .map((looks) =>
      looks.map(({ colour, ...rest }, number) =>
        price({ ...rest, id: `price_${number}`, product: 'prod_1', metadata: colour === null ? {} : { colour } }),
      ),
    );
  const account = (prices: readonly object[]) =>
    JSON.stringify({
      schema: 1,
      mode: 'live',
      account: null,
      sections: { products: [product({ id: 'prod_1', name: 'Shorts' })], prices },
    });
  const namesIn = (text: string) => Object.keys(parse(text).prices);

  test('follow one scheme in a group of look-alikes: all have the mark that tells them apart, or a number', async () => {
    await fc.assert(
      fc.asyncProperty(alike, async (prices) => {
        const names = namesIn((await roundTrip(account(prices))).text);
        const marks = names.map((name) => name.replace(/^shorts_monthly_?/, ''));
        const isOne = (form: RegExp) => marks.every((mark) => form.test(mark));
        const forms = [/^(usd|eur)$/, /^\d{3,4}$/, /^(usd|eur)_\d{3,4}$/, /^(red|blue)$/, /^[1-5]$/];
        if (prices.length === 1) expect(marks).toEqual(['']);
        else expect({ marks, isOne: forms.some(isOne) }).toEqual({ marks, isOne: true });
      }),
    );
  });

  test('stay in a merge, and what is added follows them', async () => {
    const [small, medium, large] = [899, 999, 1099].map((unit_amount, number) =>
      price({ id: `price_${number}`, product: 'prod_1', unit_amount, created: number }),
    ) as [object, object, object];
    const { text } = await roundTrip(account([small, medium]));
    const merge = async (before: string, prices: readonly object[]) => {
      const reading = await new SnapshotLive(account(prices), 'live.json').open().readAll(['products', 'prices'], true);
      return (await merged(before, { file: 'stripe-config.yaml', reading, environment: null })).text;
    };
    expect(namesIn(text)).toEqual(['shorts_monthly_899', 'shorts_monthly_999']);
    const added = await merge(text, [small, medium, large]);
    expect(added).toContain(text.slice(0, text.indexOf('\n# webhooks')).trimEnd());
    expect(namesIn(added)).toEqual(['shorts_monthly_899', 'shorts_monthly_999', 'shorts_monthly_1099']);
    const renamed = text.replaceAll('shorts_monthly_899', 'small');
    expect(namesIn(await merge(renamed, [small, medium, large]))).toEqual([
      'small',
      'shorts_monthly_999',
      'shorts_monthly_1099',
    ]);
  });
});

/** Whether each object has something besides its id that finds it alone. */
function isAlwaysKnown({ identities, fields }: Resource<never>): boolean {
  return identities.some(({ by, portable }) => {
    const field = fields[by];
    return portable && field?.unique === true && !accepts(field.type, null);
  });
}

describe('the generated accounts', () => {
  test('make an export state every field of every kind, with a value that is not the default', async () => {
    const stated = new Set<string>();
    const together = [['products', 'prices'], ...SECTIONS.map((section) => [section])];
    for (const made of together.flatMap((some) => fc.sample(linked(cases(1, some)), { numRuns: 50, seed: 7 }))) {
      const side = new SnapshotLive(snapshot(made.entries), 'live.json');
      const { text } = await exported(await side.open().readAll([...registry.keys()], true), false);
      const declared = (await loadConfig([{ text, file: 'stripe-config.yaml' }])).in('live', 'live').declared;
      for (const [section, { entries }] of declared?.sections ?? [])
        for (const { fields } of entries)
          for (const [field, value] of Object.entries(fields)) if (value !== null) stated.add(`${section}.${field}`);
    }
    // What follows from other fields is never said, nor what can be nothing else, nor what one mode alone knows.
    const follows = ['prices.billing_scheme', 'prices.type', 'payment_links.url'];
    const wanted = [...registry]
      .flatMap(([section, resource]) => [
        ...Object.entries<Field<never>>(declarable(resource)).flatMap(([field, { type, implied }]) => {
          const isSet = implied !== undefined && type.schema.enum?.length === 1;
          return isSet || type.ofMode || (field === ID && isAlwaysKnown(resource)) ? [] : [`${section}.${field}`];
        }),
        ...(kinds.get(section)?.others ?? []).map((field) => `${section}.${field}`),
      ])
      .filter((field) => !follows.includes(field));
    expect([...stated].sort()).toEqual(wanted.sort());
  });
});

describe('an export of an account whose charges change', () => {
  test('agrees with what is live, and with no other charge', async () => {
    const seen = new Set<string>();
    for (const made of fc.sample(accounts, { numRuns: 100, seed: 11 })) {
      const { text } = await roundTrip(snapshot(made.entries), { retired: true });
      for (const entry of made.entries) {
        const charge = kinds.get(entry.section)?.charge;
        for (const [field, change] of Object.entries(charge?.edits ?? {})) {
          const changed = change(entry.live);
          if (changed === null || seen.has(`${entry.section}.${field} ${JSON.stringify(entry.live[field])}`)) continue;
          const live = { ...entry.live, ...changed } as Live;
          const found = await check({
            environment: null,
            failOn: 'notice',
            commit: null,
            sources: [{ file: 'stripe-config.yaml', text }],
            live: new SnapshotLive(snapshot(replaced(made.entries, entry, live)), 'live.json'),
          });
          const differences = found.findings.filter(({ problem }) => problem !== 'unhealthy' && problem !== 'invalid');
          expect(differences).toMatchObject([{ problem: 'changed', id: live.id, field }]);
          seen.add(`${entry.section}.${field} ${JSON.stringify(entry.live[field])}`);
        }
      }
    }
    expect(seen.size).toBeGreaterThan(40);
  });
});

describe('an export of names that editors would obey', () => {
  test('holds none of them as a directive, and reads back as they are', async () => {
    const names = [
      'a vim: set fdm=expr :',
      'vi:nowrap',
      'Vim<900: set ro',
      'ex: set ro',
      'yaml-language-server: $schema=x',
    ];
    const objects = names.map((name, number) => ({
      section: 'products' as const,
      live: product({ id: `prod_${number}`, name, description: `${name} too` }) as unknown as Live,
    }));
    const priced = names.map((nickname, number) => ({
      section: 'prices' as const,
      live: price({ product: `prod_${number}`, nickname }) as unknown as Live,
    }));
    const { text, report } = await roundTrip(snapshot([...objects, ...priced]));
    expect(faults(report)).toEqual([]);
    expect(report.counts.checked).toBe(2 * names.length);
    const [, ...lines] = text.split('\n');
    for (const line of lines) expect(line).not.toMatch(/\b(?:vim?|ex)(?:[<=>]?\d+)?:|language-server *:/i);
    expect(text).toContain('# a vim set fdm=expr :');
  });
});

describe('an export of more than a check reads', () => {
  test('is refused in a sentence, before anything is written', async () => {
    const prices = Array.from({ length: 26_000 }, (_, number) =>
      price({ id: `price_${number}`, lookup_key: `key_${number}` }),
    );
    const live = JSON.stringify({ schema: 1, mode: 'live', account: null, sections: { prices } });
    const reading = await new SnapshotLive(live, 'live.json').open().readAll(['prices'], false);
    await expect(exported(reading, false)).rejects.toThrow(
      /^The file would be too long for a check to read\. It is \d+ bytes: at most 4 MiB .* Nothing was written\.$/,
    );
  });
});

// --- The program

const tokenRemark =
  'webhooks.billing_service: there seems to be a secret (a password or token) in its url, so this file states id in its place.\n';

/** The links that a refusal of this form leads to: the page of the key itself, and the one that creates a key. */
const linksOf = (form: RefusalForm) => [
  ...(form === 'older' ? [] : [keyPage()]),
  'https://dashboard.stripe.com/apikeys/create?name=stripe-config-check&permissions%5B%5D=rak_webhook_read',
];

/** Compares with a file of `exports/`; `UPDATE_CASES=1` writes it. Read the difference before it is committed. */
function expectFile(name: string, text: string): void {
  const file = new URL(`exports/${name}`, import.meta.url);
  if (process.env.UPDATE_CASES === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

/** A text of several lines. */
const notes = 'Asked for by support.\n\n- see the handbook\n- ask before you change it';

/** What became of a run, with the requests that it made and the files that it left. */
interface Ran extends ProcessRun {
  readonly requests: readonly StripeRequest[];
  readonly cwd: string;
}

interface Call extends CliCall {
  readonly stripe?: StripeOptions;
  readonly key?: Partial<Key>;
  readonly files?: Readonly<Record<string, string>>;
  fault?(request: StripeRequest): Fault | undefined;
}

/** Runs the command line in a directory of its own, against a Stripe of its own. */
async function cli(
  args: readonly string[],
  { stripe = {}, key, files = {}, env = {}, fault, ...call }: Call = {},
): Promise<Ran> {
  const keys = { [liveKey]: { mode: 'live' as const, ...key }, [testKey]: { mode: 'test' as const, ...key } };
  const server = await startStripe({ state: catalogue(), keys, ...stripe, ...(fault && { onRequest: fault }) });
  const cwd = call.cwd ?? repository(files);
  try {
    const run = await runCli(args, {
      ...call,
      cwd,
      env: { STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url, ...env },
    });
    return { ...run, requests: [...server.requests], cwd };
  } finally {
    await server.close();
  }
}

/** The sections of which a shop has objects: whatever other kinds there are is another test's. */
const ofShop = ['--sections', 'webhooks,products,prices'];

const everySlug = [...kinds.values()].map(({ row }) => row.permission);

const written = ({ cwd }: Ran, file = 'stripe-config.yaml') => readFileSync(join(cwd, file), 'utf8');
const paths = ({ requests }: Ran) =>
  requests
    .map(
      ({ method, path, query }) =>
        `${method} ${path}${query.get('active') === null ? '' : ` active=${query.get('active')}`}`,
    )
    .sort();

describe.concurrent('export', () => {
  test('writes a file of 60 products and 200 prices that is in sync with the account', async () => {
    const server = await startStripe({
      state: catalogue(),
      keys: { [liveKey]: { mode: 'live', permissions: everySlug } },
    });
    const env = { STRIPE_API_KEY: liveKey, STRIPE_API_BASE: server.url };
    const cwd = repository({});
    try {
      expect(await runCli(['export', ...ofShop], { env, cwd })).toMatchObject({
        exitCode: 0,
        stdout: '',
        stderr: `Wrote 264 entries to stripe-config.yaml: 4 webhook endpoints, 60 products, 200 prices.\n${tokenRemark}`,
      });
      const first = readFileSync(join(cwd, 'stripe-config.yaml'), 'utf8');
      const check = await runCli(['check', '--fail-on', 'warning'], { env, cwd });
      expect(check).toMatchObject({ exitCode: 0, stderr: '' });
      expect(check.stdout).toMatch(/^✓ Stripe matches stripe-config\.yaml: 264 entries, live mode of acct_1Shop /);
      for (const list of Object.values(server.state)) list.reverse();
      expect(await runCli(['export', ...ofShop, '--force'], { env, cwd })).toMatchObject({ exitCode: 0 });
      expect(readFileSync(join(cwd, 'stripe-config.yaml'), 'utf8')).toBe(first);
      expect(await runCli(['export', '--merge'], { env, cwd })).toMatchObject({
        exitCode: 0,
        stderr: 'stripe-config.yaml is up to date.\n',
      });
      expect(readFileSync(join(cwd, 'stripe-config.yaml'), 'utf8')).toBe(first);
    } finally {
      await server.close();
    }
  });

  test('asks for lists of what is in force, once more for amounts by tier in other currencies, and for the account', async () => {
    const run = await cli(['export', ...ofShop]);
    expect(run.exitCode).toBe(0);
    const counts = new Map<string, number>();
    for (const path of paths(run))
      counts.set(path.replace(/price_\w+/, 'ID'), (counts.get(path.replace(/price_\w+/, 'ID')) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({
      'GET /v1/account': 1,
      'GET /v1/webhook_endpoints': 1,
      'GET /v1/products active=true': 1,
      'GET /v1/prices active=true': 2,
      // Those that have tiers in a currency of their own.
      'GET /v1/prices/ID': 6,
    });
    expect(written(run)).toContain(
      '      eur:\n        tiers:\n          - { up_to: inf, unit_amount: 1 }  # 0.01 EUR\n',
    );
  });

  test('names things as people would, refers by name, and says what is charged', async () => {
    const state = {
      webhook_endpoints: [
        webhookEndpoint({ url: 'https://api.example.com/stripe/webhooks', enabled_events: ['invoice.paid'] }),
      ],
      products: [
        product({ id: 'prod_1Abc', name: 'Pro plan', default_price: 'price_1Abc', metadata: { plan: 'pro' } }),
        product({ id: 'prod_1Def', name: 'Set-up' }),
      ],
      prices: [
        price({ id: 'price_1Abc', product: 'prod_1Abc', unit_amount: 2900, lookup_key: 'pro-monthly' }),
        price({ id: 'price_1Def', product: 'prod_1Abc', unit_amount: 29_000, recurring: { interval: 'year' } }),
        price({
          id: 'price_1Eur',
          product: 'prod_1Abc',
          currency: 'eur',
          unit_amount: 27_000,
          recurring: { interval: 'year' },
        }),
        price({
          id: 'price_1Ghi',
          product: 'prod_1Def',
          unit_amount_decimal: '4900.5',
          recurring: null,
          transform_quantity: { divide_by: 5, round: 'up' },
          tax_behavior: 'exclusive',
          nickname: 'For teams',
        }),
        price({
          id: 'price_1Jkl',
          product: 'prod_1Gone',
          custom_unit_amount: { maximum: null, minimum: 500, preset: null },
          recurring: null,
        }),
      ],
    };
    const run = await cli(['export', ...ofShop, '--output', '-'], { stripe: { state } });
    expectFile('small.yaml', run.stdout);
    expect(run.stderr).toBe('Wrote 8 entries to standard output: 1 webhook endpoint, 2 products, 5 prices.\n');
  });

  test('reads like a file that people would commit: money in words, long texts in lines, no secret', async () => {
    const state = {
      webhook_endpoints: [
        webhookEndpoint({ id: 'we_1Hook', url: 'https://shop.example.com/hook?token=s3cret', enabled_events: ['*'] }),
        webhookEndpoint({ id: 'we_1Blue', url: 'https://shop.example.com/blue?env=live', description: notes }),
      ],
      products: [
        product({
          id: 'prod_1Abc',
          name: 'Team',
          description:
            'Everything in Solo, and single sign-on, audit logs, support within four hours, and invoices by bank transfer.',
          metadata: { plan: 'team', notes, '': 'a name that no file can state' },
          url: 'https://user:hunter2@shop.example.com/team',
        }),
        product({ id: 'prod_1Def', name: 'Shorts' }),
      ],
      prices: [
        price({
          id: 'price_1Usage',
          product: 'prod_1Abc',
          recurring: { interval: 'month', usage_type: 'metered', meter: 'mtr_1Requests' },
          tiers: [
            { up_to: 1000, unit_amount: 0 },
            { up_to: null, flat_amount: 500, unit_amount_decimal: '0.25' },
          ],
          currency_options: { jpy: { tiers: [{ up_to: null, unit_amount: 3 }] } },
        }),
        price({
          id: 'price_1Yearly',
          product: 'prod_1Abc',
          unit_amount: 29_000,
          recurring: { interval: 'year' },
          currency_options: { eur: { unit_amount: 27_000 }, kwd: { unit_amount: 9500, tax_behavior: 'inclusive' } },
        }),
        price({
          id: 'price_1Tip',
          product: 'prod_1Abc',
          recurring: null,
          custom_unit_amount: { minimum: 500, maximum: 50_000, preset: null },
        }),
        ...['S', 'M', 'L'].map((size, index) =>
          price({
            id: `price_1${size}`,
            product: 'prod_1Def',
            unit_amount: 899 + 100 * index,
            recurring: null,
            metadata: { size },
          }),
        ),
      ],
      coupons: [
        coupon({
          id: 'TEN',
          percent_off: null,
          amount_off: 1000,
          currency: 'usd',
          currency_options: { eur: { amount_off: 900 } },
        }),
      ],
    };
    const sections = ['--sections', 'webhooks,products,prices,coupons'];
    const run = await cli(['export', ...sections], { stripe: { state } });
    expectFile('rich.yaml', written(run));
    expect(run.stderr.split('\n').slice(1)).toEqual([
      'webhooks.shop_hook: there seems to be a secret (a password or token) in its url, so this file states id in its place.',
      'products.team: there seems to be a secret (a password or token) in its url, so this file leaves it out, and it is not checked.',
      'Left out: products.team.metadata[""] is an empty name.',
      '',
    ]);
    const check = await cli(['check', '--fail-on', 'notice'], { stripe: { state }, cwd: run.cwd });
    expect(check).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('counts only what there is, since there are many kinds', async () => {
    const state = { webhook_endpoints: [], products: [product({ id: 'prod_1Pro' })], prices: [] };
    const some = await cli(['export', '--output', '-'], { stripe: { state } });
    expect(some.stderr).toMatch(/^Wrote 1 product to standard output\.\n/);
    // What few accounts configure, or have very many of, is written where it is asked for.
    const left = SECTIONS.filter((section) => !exportedSections.includes(section));
    expect(left).toEqual(expect.arrayContaining(['account_settings', 'promotion_codes']));
    expect(some.stderr).toContain(`\nNot written: ${left.join(', ')}. To write them too, name the sections`);
    expect(Object.keys(parse(some.stdout))).toEqual(expect.arrayContaining([...exportedSections]));
    const all = await cli(['export', '--sections', 'all', '--output', '-'], { stripe: { state } });
    expect(Object.keys(parse(all.stdout))).toEqual(expect.arrayContaining([...LISTS]));
    expect(all.stderr).not.toContain('Not written');
    expect(Object.keys(parse(some.stdout)).filter((name) => left.includes(name))).toEqual([]);
    const lists = ['--sections', LISTS.join(',')];
    const none = await cli(['export', ...lists, '--output', '-'], { stripe: { state: { ...state, products: [] } } });
    expect(none.stderr).toMatch(
      /^Wrote empty sections to standard output: nothing of (?:\w+, )+\w+ is live and active\.\n$/,
    );
  });
});

describe.concurrent('export where not all can be read', () => {
  test('writes no file of a single object that states nothing', async () => {
    const { sample } = kindOf('tax_settings');
    const unset = {
      ...sample,
      object: 'tax.settings',
      livemode: true,
      defaults: { tax_behavior: null, tax_code: null, provider: 'stripe' },
    };
    const state = { 'tax/settings': [unset] };
    const run = await cli(['export', '--sections', 'tax_settings'], { stripe: { state } });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toBe(
      'There is nothing to write: a file can state nothing of tax_settings as Stripe has it.\nName other sections with --sections.\n',
    );
    expect(existsSync(join(run.cwd, 'stripe-config.yaml'))).toBe(false);
    const both = await cli(['export', '--sections', 'tax_settings,webhooks', '--output', '-'], { stripe: { state } });
    expect(both).toMatchObject({ exitCode: 0 });
    expect(both.stdout).not.toContain('tax_settings:');
  });

  const without = (slug: string): Call => ({
    key: { permissions: everySlug.filter((one) => one !== slug) },
  });

  test.each(refusalForms)('leaves out a section that the key may not read, and says so twice: %s', async (refusals) => {
    const run = await cli(['export'], { ...without('webhook_read'), stripe: { refusals } });
    expect(run.exitCode).toBe(0);
    for (const link of linksOf(refusals)) expect(run.stderr).toContain(link);
    expect(run.stderr).toMatch(
      /^Wrote 260 entries to stripe-config\.yaml: 60 products, 200 prices\.\n(?:.*\n)*webhooks are left out\. /,
    );
    expect(run.stderr).toContain('rak_webhook_read');
    expect(written(run)).not.toMatch(/^webhooks:/m);
    expect(written(run)).toMatch(/^# webhooks are left out\. The key may not read webhooks: .*rak_webhook_read/m);
    const check = await cli(['check'], { ...without('webhook_read'), cwd: run.cwd });
    expect(check).toMatchObject({ exitCode: 0 });
  });

  test('exits with 3 where the section was asked for', async () => {
    const run = await cli(['export', '--sections', 'webhooks,products'], without('webhook_read'));
    expect(run.exitCode).toBe(3);
    expect(written(run)).toMatch(/^products:/m);
    expect(written(run)).not.toMatch(/^prices:/m);
  });

  test('exits with 3 where Stripe failed, since a file without a section looks whole', async () => {
    const fault = ({ path }: StripeRequest): Fault | undefined =>
      path === '/v1/products' ? { status: 400, body: { error: { type: 'api_error', message: 'no' } } } : undefined;
    const run = await cli(['export'], { fault });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('products are left out. ');
    expect(written(run)).toMatch(/^prices:/m);
  });

  test.each(refusalForms)('writes nothing where nothing could be read: %s', async (refusals) => {
    const run = await cli(['export'], { key: { permissions: [] }, stripe: { refusals } });
    for (const link of linksOf(refusals)) expect(run.stderr).toContain(link);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    // One sentence names the sections and permissions, one or two the links.
    const labels = exportedSections.map((section) => resourceOf(section).permission?.label ?? '');
    const all = `${[...new Set(labels)].slice(0, -1).join(', ')} and ${labels.at(-1)}`;
    const [one, two, three, ...more] = exportedSections;
    const sections = `${one}, ${two}, ${three} and ${more.length} more sections`;
    expect(run.stderr).toContain(
      `The key may not read ${sections}: it lacks the read permissions ${all}. Nothing was written.\n`,
    );
    expect(run.stderr.match(/https:\/\/dashboard\.stripe\.com\/apikeys\/create/g)).toHaveLength(1);
    expect(run.stderr.match(/\bkey\b/g)?.length).toBeLessThan(10);
    expect(existsSync(join(run.cwd, 'stripe-config.yaml'))).toBe(false);
  });

  test('writes nothing when it is interrupted', async () => {
    let child: ChildProcess | undefined;
    const fault = ({ path }: StripeRequest): Fault | undefined => {
      if (path !== '/v1/prices') return undefined;
      child?.kill('SIGINT');
      return { kind: 'hang' };
    };
    const run = await cli(['export'], { fault, onStart: (started) => (child = started) });
    expect(run).toMatchObject({ exitCode: 130, stderr: 'Interrupted: nothing was written.\n' });
    expect(existsSync(join(run.cwd, 'stripe-config.yaml'))).toBe(false);
  });

  test('never shows the key, whatever happens', async () => {
    const secret = madeUpKey();
    for (const key of [{ permissions: [] }, { state: 'expired' }, {}] as const) {
      const keys = { [secret]: { mode: 'live' as const, ...key } };
      const run = await cli(['export', '--output', '-'], { stripe: { keys }, env: { STRIPE_API_KEY: secret } });
      for (const trace of tracesOf(secret)) expect(run.stdout + run.stderr).not.toContain(trace);
    }
  });
});

describe.concurrent('export into a file that is there', () => {
  const mine = `# Ours. Do not touch!
version: 1   # the first

prices:
  # What most people pay
  monthly:               # our name for it
    lookup_key: 'pro_monthly'
    unit_amount: 1900    # 19.00 USD
    currency: "usd"
    recurring: {interval: month}
webhooks:
    billing:
        url: https://shop.example.com/stripe
        enabled_events:
        - invoice.paid   # the money
        - charge.refunded
`;

  test('refuses, unless it is to be replaced', async () => {
    const files = { 'stripe-config.yaml': mine };
    const run = await cli(['export'], { files });
    expect(run).toMatchObject({ exitCode: 1, stdout: '', requests: [] });
    expect(run.stderr).toBe(
      'stripe-config.yaml exists, and was left as it is.\nGive --merge to bring it up to date, --force to replace it, or --output another name.\n',
    );
    expect(written(run)).toBe(mine);
    const forced = await cli(['export', '--force'], { files });
    expect(forced.exitCode).toBe(0);
    expect(written(forced)).toMatch(/^# yaml-language-server/);
  });

  test('merges what differs, and keeps comments, order, names, quotes and columns', async () => {
    const run = await cli(['export', '--merge'], { files: { 'stripe-config.yaml': mine }, stripe: { state: shop() } });
    expect(run).toMatchObject({ exitCode: 0, stdout: '' });
    expect(run.stderr).toBe(
      'Brought stripe-config.yaml up to date.\n  changed prices.monthly.unit_amount\n  changed webhooks.billing.enabled_events\n',
    );
    expect(written(run)).toBe(
      mine
        .replace('1900    # 19.00 USD', '2000    # 20.00 USD')
        .replace('        - charge.refunded\n', '        - checkout.session.completed\n'),
    );
    expect(await cli(['check'], { cwd: run.cwd, stripe: { state: shop() } })).toMatchObject({ exitCode: 0 });
  });

  test('keeps a byte order mark and the line ends of Windows', async () => {
    const text = `\ufeff${mine.replaceAll('\n', '\r\n')}`;
    const run = await cli(['export', '--merge'], { files: { 'stripe-config.yaml': text }, stripe: { state: shop() } });
    expect(run.exitCode).toBe(0);
    expect(written(run)).toBe(
      text
        .replace('1900    # 19.00 USD', '2000    # 20.00 USD')
        .replace('        - charge.refunded\r\n', '        - checkout.session.completed\r\n'),
    );
  });

  test.skipIf(!existsSync('/dev/zero'))('reads no file without an end', async () => {
    for (const args of [
      ['export', '--merge', '--output', '/dev/zero'],
      ['lint', '/dev/zero'],
    ]) {
      const run = await cli(args);
      expect(run.exitCode).toBe(1);
      expect(run.stdout + run.stderr).toContain('/dev/zero" is a device, and only plain files are read');
    }
  });

  test('takes over the whole of a discount, though the file states a part of it', async () => {
    const file = `version: 1
coupons:
  percent: { id: C1, percent_off: 20 }
  amount: { id: C2, amount_off: 500, currency: usd }
  once: { id: C3, duration: once }
`;
    const coupons = [
      coupon({ id: 'C1', percent_off: null, amount_off: 700, currency: 'eur' }),
      coupon({ id: 'C2', percent_off: 90 }),
      coupon({ id: 'C3', percent_off: 5, duration: 'repeating', duration_in_months: 36 }),
    ];
    const files = { 'stripe-config.yaml': file };
    const run = await cli(['export', '--merge', '--sections', 'coupons'], { files, stripe: { state: { coupons } } });
    expect(parse(written(run)).coupons).toEqual({
      percent: { id: 'C1', percent_off: null, amount_off: 700, currency: 'eur' },
      amount: { id: 'C2', amount_off: null, currency: null, percent_off: 90 },
      once: { id: 'C3', duration: 'repeating', duration_in_months: 36 },
    });
  });

  test('adds a section that is one object as a new file has it', async () => {
    const sections = ['--sections', 'account_settings'];
    const fresh = await cli(['export', ...sections]);
    const run = await cli(['export', '--merge', ...sections], {
      files: { 'stripe-config.yaml': 'version: 1\nproducts: {}\n' },
    });
    expect(run.stderr).toBe('Brought stripe-config.yaml up to date.\n  added account_settings\n');
    const settings = (text: string) => parse(text).account_settings;
    expect(settings(written(run))).toEqual(settings(written(fresh)));
    expect(settings(written(run)).business_profile.name).toBe('Shop');
  });

  test('adds sections by name, and objects that the file lacks, in its indentation', async () => {
    const run = await cli(['export', '--merge', '--sections', 'products,webhooks'], {
      files: { 'stripe-config.yaml': mine.replace('charge.refunded', 'checkout.session.completed') },
      stripe: {
        state: {
          ...shop(),
          webhook_endpoints: [
            ...shop().webhook_endpoints,
            webhookEndpoint({ id: 'we_2', url: 'https://tax.example.com/hook', enabled_events: ['invoice.paid'] }),
          ],
        },
      },
    });
    expect(run.stderr).toBe(
      'Brought stripe-config.yaml up to date.\n  added webhooks.tax_hook\n  added products.pro\n',
    );
    expect(written(run)).toBe(`${mine.replace('charge.refunded', 'checkout.session.completed')}    tax_hook:
      url: https://tax.example.com/hook
      enabled_events: [invoice.paid]
      api_version: 2026-10-28.endive

products:
  pro:
    id: prod_pro
    name: Pro
    default_price: { id: price_monthly }
`);
  });

  test('lays over the file what differs in test mode', async () => {
    const state = bothModes();
    const live = await cli(['export'], { stripe: { state } });
    const before = written(live);
    const run = await cli(['export', '--merge', '--environment', 'test'], {
      cwd: live.cwd,
      stripe: { state },
      env: { STRIPE_API_KEY: testKey },
    });
    expect(run.exitCode).toBe(0);
    expect(written(run)).toBe(`${before}
environments:
  test:
    mode: test
    webhooks:
      shop_stripe:
        enabled_events: [checkout.session.completed, invoice.paid]
    products:
      pro_plan:
        name: Pro
    prices:
      pro_monthly:
        unit_amount: 2000  # 20.00 USD
`);
    for (const key of [liveKey, testKey])
      expect(await cli(['check'], { cwd: live.cwd, stripe: { state }, env: { STRIPE_API_KEY: key } })).toMatchObject({
        exitCode: 0,
      });
  });

  test('refuses a file that is invalid, of another mode or of another account, and leaves it', async () => {
    for (const [text, words, ...args] of [
      [
        'version: 1\nwebhooks: {}\nenvironments:\n  x: { account: acct_1Other, prices: {} }\n',
        'states account: acct_1Other, and what is live is of acct_1Shop',
        '--environment',
        'x',
      ],
      [
        'version: 1\nprices: {}\n',
        'The environment test is for test mode, and the key is of live mode',
        '--environment',
        'test',
      ],
      ['version: 1\nwebhook: {}\n', 'is invalid: webhook is not known here'],
      ['version: 1\nmode: test\nprices: {}\n', 'states mode: test, and what is live is of live'],
      [
        'version: 1\naccount: acct_1Other\nprices: {}\n',
        'states account: acct_1Other, and what is live is of acct_1Shop',
      ],
    ]) {
      const run = await cli(['export', '--merge', ...args], { files: { 'stripe-config.yaml': text as string } });
      expect(run).toMatchObject({ exitCode: 1, stdout: '' });
      expect(run.stderr).toContain(words);
      expect(written(run)).toBe(text);
    }
  });

  test('is not called up to date where a section of it could not be read, and exits with 3', async () => {
    const key = { permissions: ['webhook_read', 'product_read'] };
    for (const [state, words] of [
      [driftedShop(), 'Brought stripe-config.yaml up to date, but for prices.\n'],
      [shop(), 'stripe-config.yaml is up to date, but for prices.\n'],
    ] as const) {
      const run = await cli(['export', '--merge'], {
        files: { 'stripe-config.yaml': shopFile },
        stripe: { state },
        key,
      });
      expect(run.exitCode).toBe(3);
      expect(run.stderr.startsWith(words)).toBe(true);
      expect(run.stderr).toContain('prices are left as they were. The key may not read prices: ');
      expect(written(run)).toContain('unit_amount: 2000\n');
    }
  });

  test('says where a key of test mode changes a file that does not tell of which mode it is', async () => {
    const run = await cli(['export', '--merge'], {
      files: { 'stripe-config.yaml': mine },
      stripe: { state: shop(false) },
      env: { STRIPE_API_KEY: testKey },
    });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain(
      'The file now has the values of test mode. With --environment test, they go into an environment',
    );
  });

  test('tells what it can not do: an entry whose object is gone stays', async () => {
    const run = await cli(['export', '--merge'], {
      files: { 'stripe-config.yaml': shopFile },
      stripe: { state: { ...shop(), prices: [] } },
    });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain(
      'prices.pro_monthly is not in Stripe. It was left in the file: remove it, or create it in Stripe.\n',
    );
    expect(written(run)).toBe(shopFile);
  });
});

describe.concurrent('several files that are one configuration', () => {
  const files = {
    'stripe/products.yaml': 'version: 1\nproducts: { pro: { name: Pro } }\n',
    'stripe/prices.yaml': 'version: 1\nprices: { m: { lookup_key: m, product: pro } }\n',
  };

  test.each([
    [
      ['--output', 'stripe/*.yaml'],
      /^export writes one file, and "stripe\/\*\.yaml" may name several\.\nName one file .* check --fixes prints\.\n$/,
    ],
    [
      ['--output', 'stripe/prices.yaml'],
      /^stripe\/prices\.yaml is invalid: .*\nNothing was written\. .* one of several files .* check --fixes prints\.\n$/,
    ],
    [['stripe/prices.yaml'], /^export takes no file, and 1 was given\.\nName one with --output\.\n$/],
  ])('are not merged: %j', async (args, said) => {
    const run = await cli(['export', '--merge', ...args], { files });
    expect(run).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringMatching(said) });
  });

  test('are not written either', async () => {
    const run = await cli(['export', '--output', '*.yaml'], { files });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('"*.yaml" may name several') });
  });
});

describe.concurrent('a snapshot', () => {
  test('holds of every object what can be declared, its id and its time, and nothing else', async () => {
    const run = await cli(['snapshot', '--output', 'live.json']);
    expect(run).toMatchObject({ exitCode: 0, stdout: '' });
    expect(run.stderr).toMatch(/^Wrote \d+ webhook endpoints?, \d+ products?, \d+ prices?, .* to live\.json\.\n$/);
    const silent = await cli(['snapshot', '--quiet', '--output', 'live.json']);
    expect(silent).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    const { sections, ...rest } = JSON.parse(written(run, 'live.json'));
    const takenAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(rest).toEqual({ schema: 1, takenAt, mode: 'live', account: 'acct_1Shop' });
    expect(Object.keys(sections)).toEqual([...registry.keys()]);
    expect([sections.webhooks.length, sections.products.length, sections.prices.length]).toEqual([5, 62, 220]);
    for (const [section, objects] of Object.entries(sections) as [string, Live[]][]) {
      const { fields } = registry.get(section) as NonNullable<ReturnType<typeof registry.get>>;
      const known = Object.entries(fields).flatMap(
        ([name, { also = {}, from }]) => from ?? [name, ...Object.keys(also)],
      );
      for (const object of objects)
        expect(['created', 'id', ...known]).toEqual(expect.arrayContaining(Object.keys(object)));
    }
    const [first] = sections.prices.filter((one: Live) => one.id === 'price_L0000U');
    expect(first.currency_options.eur.tiers).toHaveLength(1);
    expect(first).not.toHaveProperty('livemode');
  });

  test('gives the same report again as the account that it was taken of', async () => {
    const files = { 'stripe-config.yaml': shopFile };
    for (const state of [
      shop(),
      driftedShop(),
      { ...shop(), prices: shop().prices.map((one) => ({ ...one, active: false })) },
    ]) {
      for (const args of [[], ['stripe-config.yaml']]) {
        const taken = await cli(['snapshot', ...args, '--output', 'live.json'], { files, stripe: { state } });
        const [asked, again] = await Promise.all([
          cli(['check', '--format', 'json'], { cwd: taken.cwd, stripe: { state } }),
          cli(['check', '--format', 'json', '--live', 'live.json'], { cwd: taken.cwd }),
        ]);
        const [one, other] = [asked, again].map(({ stdout }) => JSON.parse(stdout));
        // Whose account it is is known to the snapshot alone, and stands in its links.
        const plain = (findings: unknown) => JSON.parse(JSON.stringify(findings).replaceAll('/acct_1Shop/', '/'));
        expect(plain(other.findings)).toEqual(plain(one.findings));
        expect(other.fingerprint).toBe(one.fingerprint);
        expect(again.requests).toEqual([]);
      }
    }
  });

  test.each(refusalForms)('says why a section is not in it, and so does the check of it: %s', async (refusals) => {
    const taken = await cli(['snapshot', '--output', 'live.json'], {
      key: { permissions: ['webhook_read'] },
      files: { 'stripe-config.yaml': shopFile },
      stripe: { refusals },
    });
    for (const link of linksOf(refusals)) expect(taken.stderr).toContain(link);
    expect(taken.exitCode).toBe(3);
    expect(taken.stderr).toMatch(
      /^Wrote 5 webhook endpoints to live\.json\.\nThe key may not read products, prices, coupons and \d+ more sections: it lacks the read permissions Products, Prices, Coupons, /,
    );
    const check = await cli(['check', '--live', 'live.json'], { cwd: taken.cwd });
    expect(check.exitCode).toBe(3);
    expect(check.stdout).toContain('In the snapshot, products could not be read: ');
  });
});
