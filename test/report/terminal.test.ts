/** The report at a terminal: the verdict, what differs, the most severe first, and nothing of what is fine. */
import { wrapAnsi } from 'fast-wrap-ansi';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Report } from '../../src/model.ts';
import { excerpt, linesOf } from '../../src/report/excerpt.ts';
import { lintText } from '../../src/report/lint.ts';
import { markdown } from '../../src/report/markdown.ts';
import { shown } from '../../src/report/privacy.ts';
import { plainScreen, type Screen, widthOf } from '../../src/report/screen.ts';
import { lastLine, type Options, terminal } from '../../src/report/terminal.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';

const FILE = 'stripe-config.yaml';

async function report(text: string, sections: object, base?: string): Promise<Report> {
  const live = JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1Shop', sections });
  const found = await check({
    sources: [{ file: FILE, text }],
    environment: null,
    live: new SnapshotLive(live, 'live.json'),
    failOn: 'error',
    commit: null,
    ...(base !== undefined && { base: async () => ({ name: 'base.yaml', sources: [{ file: FILE, text: base }] }) }),
  });
  return shown(found, 'full');
}

async function lines(text: string, sections: object, options: Partial<Options> = {}, base?: string): Promise<string[]> {
  const screen = { ...plainScreen, columns: 120 };
  return terminal(await report(text, sections, base), screen, options)
    .trimEnd()
    .split('\n');
}

const file = `version: 1
webhooks:
  billing:
    url: https://api.example.com/billing
    enabled_events: [invoice.paid, invoice.payment_failed]
    api_version: 2026-10-28.endive
products:
  pro: { id: prod_pro, name: Pro }
prices:
  pro_monthly:
    lookup_key: pro_monthly
    product: pro
    currency: usd
    unit_amount: 2000
    recurring: { interval: month }
`;

function live() {
  return {
    webhooks: [
      webhookEndpoint({
        id: 'we_1',
        url: 'https://api.example.com/billing',
        enabled_events: ['invoice.paid', 'invoice.payment_failed'],
        api_version: '2026-10-28.endive',
      }),
    ],
    products: [product({ id: 'prod_pro', name: 'Pro' })],
    prices: [price({ id: 'price_1', lookup_key: 'pro_monthly', product: 'prod_pro', unit_amount: 2000 })],
  };
}

const priced = (unit_amount: number) =>
  price({ id: 'price_1', lookup_key: 'pro_monthly', product: 'prod_pro', unit_amount });

describe('what is said', () => {
  test('in sync is one line', async () => {
    expect(await lines(file, live(), { fixesElsewhere: '--fixes' })).toEqual([
      '✓ Stripe matches stripe-config.yaml: 3 entries, live mode of acct_1Shop',
    ]);
  });

  test('of several differences begins with money, and is in columns', async () => {
    const state = {
      ...live(),
      prices: [priced(2400)],
      products: [
        product({ id: 'prod_pro', name: 'Pro\u00a0plan' }),
        product({ id: 'prod_2', name: 'Black Friday bundle' }),
      ],
    };
    state.webhooks[0] = { ...state.webhooks[0], status: 'disabled' } as never;
    expect(await lines(file, state, { fixesElsewhere: '--fixes' })).toEqual([
      '✗ 4 differences in live mode of acct_1Shop: 3 errors, 1 warning',
      '',
      'prices',
      '  error   stripe-config.yaml:14:5  pro_monthly  unit_amount  file 20.00 USD · Stripe 24.00 USD',
      'webhooks',
      '  error   stripe-config.yaml:3:3   billing      status       file enabled · Stripe disabled: Stripe sends it no events',
      'products',
      '  error   stripe-config.yaml:8:24  pro          name         file "Pro" · Stripe "Pro\\u00a0plan" (U+00A0 no-break space)',
      'not in the file',
      '  warning products  Black Friday bundle (prod_2)',
      '',
      '0 of 3 entries match · how to fix: --fixes',
    ]);
  });

  test('goes by severity, then money, then place: a heading for each section, of the worst first', async () => {
    const declared = `version: 1
policy: { changed: { products: warning, webhooks: notice }, unmanaged: notice }
webhooks:
  hook: { id: we_1, description: A }
products:
  one: { id: prod_1, description: A, name: A }
  two: { id: prod_2, name: A }
  gone: { id: prod_3 }
prices:
  named: { id: price_1, nickname: A }
  paid: { id: price_2, currency: usd, unit_amount: 1, recurring: null }
`;
    const found = await lines(declared, {
      webhooks: [webhookEndpoint({ id: 'we_1', description: 'B' })],
      products: ['prod_1', 'prod_2', 'prod_9'].map((id) => product({ id, name: 'B', description: 'B' })),
      prices: [
        price({ id: 'price_1', product: 'prod_1', nickname: 'B' }),
        price({ id: 'price_2', product: 'prod_1', unit_amount: 2, recurring: null }),
      ],
    });
    const order = found.flatMap((line) => {
      const [, severity, entry] = /^ {2}(error|warning|notice) +(?:\S+\.yaml:\S+ +)?(\S+)/.exec(line) ?? [];
      return severity === undefined ? (/^[a-z]/.test(line) ? [line] : []) : [`${severity} ${entry}`];
    });
    expect(order).toEqual([
      'prices',
      'error paid',
      'error named',
      'products',
      'error gone',
      'products',
      'warning one',
      'warning one',
      'warning two',
      'webhooks',
      'notice hook',
      'not in the file',
      'notice products',
    ]);
  });

  test('of an endpoint that gets every event, or is to get every event, is what each side sends', async () => {
    const sentTo = async (declared: string, sent: readonly string[]) => {
      const hook = { id: 'we_1', enabled_events: sent as never };
      const found = await lines(`version: 1\nwebhooks:\n  it: { id: we_1, enabled_events: ${declared} }\n`, {
        webhooks: [webhookEndpoint(hook)],
      });
      return /\bfile .*/.exec(found.slice(3).join('\n'))?.[0];
    };
    expect(await sentTo('[invoice.paid, charge.failed]', ['*'])).toBe(
      'file only charge.failed, invoice.paid · Stripe sends every event (*)',
    );
    expect(await sentTo("['*']", ['invoice.paid'])).toBe('file every event (*) · Stripe sends only invoice.paid');
  });

  test('of how often a price is billed is in words, beside what these do not tell', async () => {
    const recurring = { interval: 'year', usage_type: 'metered', meter: 'mtr_2' } as const;
    const declared = '{ id: price_1, recurring: { interval: month, usage_type: metered, meter: mtr_1 } }';
    const found = await lines(`version: 1\nprices:\n  it: ${declared}\n`, {
      prices: [price({ id: 'price_1', recurring })],
    });
    expect(found.slice(3, 6)).toEqual([
      '  error stripe-config.yaml:3:22  it  recurring',
      '        file billed every month by usage · Stripe billed every year by usage',
      '        recurring.meter  file mtr_1 · Stripe mtr_2',
    ]);
  });

  test('of a currency that one side alone has is said as such, with its amount in money', async () => {
    const stated = 'currency: usd, unit_amount: 2000, recurring: { interval: month }';
    const declared = (options: string) =>
      `version: 1\nprices:\n  it: { id: p, ${stated}, currency_options: ${options} }\n`;
    const prices = [price({ id: 'p', unit_amount: 2000, currency_options: { eur: { unit_amount: 1900 } } })];
    const said = async (file: string, all: readonly object[]) =>
      /currency_options[\s\S]*/.exec((await lines(file, { prices: all })).slice(1, -2).join('\n'))?.[0];
    expect(await said(declared('{}'), prices)).toMatch(
      /^currency_options\.eur\s+not in the file · Stripe \{ unit_amount: 19\.00 EUR \}$/,
    );
    expect(
      await said(declared('{ eur: { unit_amount: 1900 } }'), [
        price({ id: 'p', unit_amount: 2000, currency_options: {} }),
      ]),
    ).toMatch(/^currency_options\.eur\s+file \{ unit_amount: 19\.00 EUR \} · Stripe not set$/);
  });

  test('of a product whose prices are found on the very id that is missing does not call that id wrong', async () => {
    const found = await report(file, { ...live(), products: [] });
    expect(terminal(found)).toMatch(/pro +missing +no product has id "prod_pro"\n/);
  });

  test('a name is shown once, though several parts of a field differ', async () => {
    const [, , heading, ...rows] = await lines(
      'version: 1\nproducts:\n  pro: { id: p, metadata: { plan: pro, tier: gold } }\n',
      { products: [product({ id: 'p', metadata: { plan: 'basic' } })] },
    );
    expect([heading, ...rows.slice(0, 2)]).toEqual([
      'products',
      '  error stripe-config.yaml:3:17  pro  metadata.plan  file pro · Stripe basic',
      '                                      metadata.tier  file gold · Stripe not set',
    ]);
  });

  test('health stands apart, each sentence whole, and counts as no difference', async () => {
    const state = { ...live(), products: [product({ id: 'prod_pro', name: 'Pro', active: false })] };
    const text = (await lines(`${file.replace('name: Pro', 'name: Pro, active: false')}`, state)).join('\n');
    expect(text).toMatch(/^! Stripe matches .* \(1 health warning\)\n/);
    expect(text).toMatch(
      /\n\nhealth\n {2}warning stripe-config\.yaml:\d+:\d+ {2}pro_monthly {2}\w+\s+It is active, but its product is archived/,
    );
  });

  test('a single one is not left out: the line that would say so takes as much room', async () => {
    const missing = (count: number) => {
      const entries = Array.from({ length: count }, (_, n) => `  p${n}: { id: p${n} }\n`).join('');
      return lines(`version: 1\nproducts:\n${entries}`, { products: [] }, { most: 3, elsewhere: '--all' });
    };
    expect((await missing(4)).filter((line) => line.includes(' missing '))).toHaveLength(4);
    expect(await missing(4)).not.toContainEqual(expect.stringContaining('more'));
    expect((await missing(5)).filter((line) => line.includes(' missing '))).toHaveLength(3);
    expect(await missing(5)).toContain('  and 2 more products: --all');
  });

  test('the verdict stands at the end again after more than a screenful', async () => {
    const entries = Array.from({ length: 30 }, (_, n) => `  p${n}: { id: p${n}, name: A }\n`).join('');
    const products = Array.from({ length: 30 }, (_, n) => product({ id: `p${n}`, name: n < 15 ? 'A' : 'B' }));
    const short = await lines(`version: 1\nproducts:\n${entries}`, { products });
    expect(short.at(-1)).toBe('15 of 30 entries match');
    const all = await lines(`version: 1\nproducts:\n${entries}`, {
      products: products.map((one) => ({ ...one, name: 'B' })),
    });
    expect(all[0]).toBe('✗ 30 differences in live mode of acct_1Shop, all errors');
    expect(all.at(-1)).toBe('✗ 30 differences, all errors · 0 of 30 entries match');
  });

  test('how to fix each stands below it where that is asked for, both ways, in numbered steps', async () => {
    const text = (await lines(file, { ...live(), prices: [priced(2400)] }, { fixes: true })).join('\n');
    expect(text).toContain('\n      If Stripe is right, in the file: unit_amount: 2400\n');
    expect(text).toMatch(
      /\n {6}If the file is right, in Stripe:\n {10}Subscriptions stay on price_1 .*\n {10}From step 1 on, .*\n {10}Before step 2, .*\n {10}1\. .*\n {13}stripe prices create .*\n {10}2\. .*\n {13}stripe /,
    );
    expect(text).not.toContain('--fixes');
  });

  test('what to do in Stripe about a further field of an object says under which it stands', async () => {
    const text = 'version: 1\naccount_settings: { business_type: company, default_currency: usd }\n';
    const settings = [{ id: 'acct_1Shop', business_type: 'individual', default_currency: 'eur', settings: {} }];
    const said = (await lines(text, { account_settings: settings }, { fixes: true })).join('\n');
    expect(said.match(/ {6}If the file is right, in Stripe: .*/g)).toEqual([
      '      If the file is right, in Stripe: change it in the Dashboard, since no request changes account settings.',
      '      If the file is right, in Stripe: as above, under business_type.',
    ]);
  });

  test('a pull request is a plan first, then what differed before', async () => {
    const head = `${file.replace('2000', '2200')}  gift:\n    lookup_key: gift\n    product: pro\n    currency: usd\n    unit_amount: 1900\n    recurring: null\n`;
    const state = { ...live(), products: [product({ id: 'prod_pro', name: 'Other' })] };
    const text = (await lines(head, state, {}, file)).join('\n');
    const order = [
      /^✗ Stripe plan: 1 to create, 1 to replace · 1 older difference/,
      /\n\npending \(in this pull request, not yet in Stripe\)\n/,
      /\n {2}± replace price pro_monthly {2}stripe-config\.yaml:14:5\n {8}20\.00 USD every month → 22\.00 USD every month \(\+10 %\)\n {8}! /,
      /\n {2}\+ create price gift {2}stripe-config\.yaml:16:3\n {8}19\.00 USD once, lookup_key gift, product pro\n/,
      /\n\ndrift \(from before this pull request\)\nproducts\n {2}error stripe-config\.yaml:8:24 {2}pro {2}name {2}file Pro · Stripe Other\n/,
    ];
    const places = order.map((pattern) => text.search(pattern));
    expect(places, text).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });

  test('what could not be read is told first, with what to do, and nothing says that it was compared', async () => {
    const text = (await lines(file, { ...live(), prices: { refused: 'Nobody may.' } })).join('\n');
    expect(text).toMatch(
      /^✗ .*prices.*2 of 3 sections were checked: no differences there\n\nprices {2}not checked\n {2}.*Nobody may/,
    );
    expect(text).not.toContain('compared');
  });

  test('what failed on the way is named first, and why stands once', async () => {
    const found = await report(file, { ...live(), prices: { refused: 'Nobody may.' } });
    const reason = 'Stripe answered with status 503 on every try (request req_1).';
    const failing = (inSync: number | null) => {
      const prices = { ...found.sections.get('prices'), status: 'failed', reason, remedy: 'Try again.', inSync };
      return terminal({ ...found, sections: new Map([...found.sections, ['prices', prices as never]]) });
    };
    expect(failing(null).split('\n').slice(0, 5)).toEqual([
      '✗ Prices could not be read. 2 of 3 sections were checked: no differences there',
      '',
      'prices  not checked',
      `  ${reason}`,
      '  Try again.',
    ]);
    expect(failing(0)).toMatch(/^✗ Prices could not be read in full. In the rest: no differences there\n/);
  });

  test('what several sections lack is told once, with each of their reasons', async () => {
    const found = await report(file, live());
    const sections = new Map(found.sections);
    for (const section of ['products', 'prices']) {
      const unread = { status: 'refused', reason: `No ${section}.`, remedy: 'Edit the key.', inSync: null };
      sections.set(section, { ...sections.get(section), ...unread } as never);
    }
    expect(
      terminal({ ...found, sections })
        .split('\n')
        .slice(2, 7),
    ).toEqual(['products, prices  not checked', '  No products.', '  No prices.', '  Edit the key.', '']);
  });

  test('what was not checked is counted, as in the summary', async () => {
    const found = await report(file, { ...live(), prices: { refused: 'Nobody may.' } });
    const words = '2 of 3 entries match, 1 was not checked';
    expect(terminal(found).trimEnd().split('\n').at(-1)).toBe(words);
    expect(markdown(found)).toContain(`\n${words} · `);
    // An entry that is found by another one which is ambiguous is not compared either.
    const twins = [product({ id: 'prod_1', name: 'Pro' }), product({ id: 'prod_2', name: 'Pro' })];
    const by = 'version: 1\nproducts:\n  pro: { name: Pro }\nprices:\n  p: { match: product, product: pro }\n';
    expect(
      terminal(await report(by, { products: twins, prices: [] }))
        .trimEnd()
        .split('\n')
        .at(-1),
    ).toBe('0 of 2 entries match, 1 was not checked');
  });

  test('an invalid file is told as lint tells it, under the verdict', async () => {
    const text = file.replace('unit_amount: 2000', 'unit_amount: 20.00');
    const found = await report(text, live());
    const said = terminal(found, plainScreen, { lines: linesOf([{ file: FILE, text }]) });
    expect(said).toMatch(
      /^✗ stripe-config\.yaml is invalid: 1 error\. Nothing was compared\n\nstripe-config\.yaml:14:18 error: .*\n {2}14 \| {5}unit_amount: 20\.00\n {5}\| {18}\^{5}\n$/,
    );
    expect(lintText(found)).not.toContain('compared');
  });

  test('a log ends with the verdict in one line', async () => {
    expect(lastLine(await report(file, live()))).toBe(
      '✓ Stripe matches stripe-config.yaml: 3 entries, live mode of acct_1Shop',
    );
    expect(lastLine(await report(file, { ...live(), prices: [priced(2400)] }))).toBe(
      '✗ 1 difference (error) · 2 of 3 entries match',
    );
  });

  test('a cross stands where something is wrong or makes the check fail, and no cross over warnings alone', async () => {
    const found = await report('version: 1\nproducts: {}\n', { products: [product({ id: 'p' })] });
    expect(terminal(found)).toMatch(
      /^! 1 object in live mode of acct_1Shop is not in stripe-config.yaml \(warning\) · the check passes\n/,
    );
    expect(terminal({ ...found, exitCode: 2 })).toMatch(/^✗ 1 object /);
    expect(terminal(await report(file, { ...live(), prices: [priced(2400)] }))).toMatch(/^✗ 1 difference /);
  });

  test('the place is left out of the last line alone, whatever an account is called', async () => {
    const found = { ...(await report(file, { ...live(), prices: [priced(2400)] })), account: null };
    // A file of that name says " in live mode" as well.
    const files = ['is in live mode'];
    expect(lastLine({ ...found, files })).toBe('✗ 1 difference (error) · 2 of 3 entries match');
    const undeclared = await report('version: 1\nproducts: {}\n', { products: [product({ id: 'p' })] });
    expect(lastLine({ ...undeclared, account: null, files })).toBe(
      '! 1 object is not in "is in live mode" (warning) · the check passes',
    );
    expect(terminal({ ...undeclared, account: null, files })).toMatch(/^! 1 object in live mode is not in "is in live/);
  });
});

describe('a line is as wide as the terminal, but for what is there to copy', () => {
  const state = {
    ...live(),
    prices: [priced(2400)],
    products: [product({ id: 'prod_pro', name: '名前の長い製品 '.repeat(10).trim() })],
  };

  test.each([60, 80, 100, 200])('of %i columns', async (columns) => {
    const wrap = (text: string, column: number) =>
      wrapAnsi(text, columns - column).replaceAll('\n', `\n${' '.repeat(column)}`);
    const screen: Screen = { ...plainScreen, columns, wrap };
    const text = terminal(await report(file, state), screen);
    expect(text.split('\n').filter((line) => widthOf(line) > columns)).toEqual([]);
    expect(text).toMatch(/file +20\.00 USD/);
    const fixes = terminal(
      await report(file.replace('    lookup_key: pro_monthly\n', '    id: price_1\n'), state),
      screen,
      {
        fixes: true,
      },
    );
    const copied = /^ +(?:stripe |https:|If Stripe is right|name: )/;
    expect(fixes.split('\n').filter((line) => widthOf(line) > columns && !copied.test(line))).toEqual([]);
    expect(fixes).toMatch(/^ {10}2\. in the file, state the id /m);
  });
});

describe('what stands below its head', () => {
  /** Prices with long names and short ones, of which each differs in a field, at a terminal of so many columns. */
  async function heads(columns: number): Promise<{ places: number[]; fields: number[]; text: string }> {
    const named = ['a', 'billing_pro_monthly', 'billing_starter_monthly_metered'];
    const entry = (name: string, index: number) => `  ${name}: { id: price_${index}, nickname: ${'n'.repeat(40)} }\n`;
    const prices = named.map((_, index) => price({ id: `price_${index}`, nickname: 'm'.repeat(40) }));
    const found = await report(`version: 1\nprices:\n${named.map(entry).join('')}`, { prices });
    const text = terminal(found, { ...plainScreen, columns });
    const rows = text.split('\n').filter((line) => line.includes('error stripe-config'));
    return {
      places: named.map((name, index) => (rows[index] ?? '').indexOf(`  ${name}`)),
      fields: rows.map((row) => row.indexOf('nickname')),
      text,
    };
  }

  test('has its fields in one column where all heads fit, and else none of them', async () => {
    const wide = await heads(90);
    expect(new Set(wide.places).size, wide.text).toBe(1);
    expect(new Set(wide.fields).size, wide.text).toBe(1);
    const narrow = await heads(72);
    expect(new Set(narrow.places).size, narrow.text).toBe(1);
    expect(new Set(narrow.fields).size, narrow.text).toBe(3);
  });

  test('of a further part begins with its field', async () => {
    const metadata = { plan: 'p'.repeat(20), tier: 't'.repeat(20) };
    const found = await report(
      `version: 1\nproducts:\n  it: { id: p, metadata: { plan: ${'x'.repeat(30)}, tier: gold } }\n`,
      { products: [product({ id: 'p', metadata })] },
    );
    expect(
      terminal(found, { ...plainScreen, columns: 80 })
        .split('\n')
        .slice(3, 6),
    ).toEqual([
      '  error stripe-config.yaml:3:16  it  metadata.plan',
      `        file ${'x'.repeat(30)} · Stripe ${'p'.repeat(20)}`,
      `        metadata.tier  file gold · Stripe ${'t'.repeat(20)}`,
    ]);
  });
});

describe('the line of a file', () => {
  const at = (line: string, column: number, endColumn: number, columns = Number.POSITIVE_INFINITY) =>
    excerpt({ file: FILE, line: 1, column, endLine: 1, endColumn }, new Map([[FILE, [line]]]), {
      ...plainScreen,
      columns,
    });

  test('has a caret below each column that is marked', () => {
    expect(at('  name: Pro', 9, 12)).toEqual(['  1 |   name: Pro', '    |         ^^^']);
  });

  test('counts wide characters as two columns, and shows what is not seen', () => {
    expect(at('名前: Pro', 5, 8)).toEqual(['  1 | 名前: Pro', '    |       ^^^']);
    expect(at('\tid: x\u202e', 2, 4)).toEqual(['  1 | \\tid: x\\u202e', '    |   ^^']);
  });

  test('marks the end of a line that it stands behind', () => {
    expect(at('pro:', 5, 5)).toEqual(['  1 | pro:', '    |     ^']);
  });

  test('is cut around the mark where it is long', () => {
    const [text = '', mark = ''] = at(`${'a'.repeat(300)} mark ${'b'.repeat(300)}`, 302, 306, 60);
    expect(text).toMatch(/^ {2}1 \| …a+ mark b+…$/);
    expect(widthOf(text)).toBeLessThanOrEqual(60);
    expect(text.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('mark');
    const [long = ''] = at(`x: ${'c'.repeat(300)}`, 4, 304, 60);
    expect(widthOf(long)).toBeLessThanOrEqual(60);
  });

  test('tells no token and no key', () => {
    const url = 'https://user:hunter2@example.com/x?token=hunter2';
    const line = `url: "${url}" # rk_live_hunter2 whsec_hunter2`;
    for (const column of [1, 7, 20, 40, 60]) expect(at(line, column, column + 5).join('\n')).not.toContain('hunter2');
    const [, mark = ''] = at(`url: ${url}`, 6, 6 + url.length);
    expect(mark.trim().replace('| ', '').trim()).toBe('^'.repeat('https://…@example.com/x?token=…'.length));
  });

  test('is not there where it is not known', () => {
    expect(excerpt({ file: 'other', line: 1, column: 1, endLine: 1, endColumn: 2 }, new Map(), plainScreen)).toEqual(
      [],
    );
  });
});
