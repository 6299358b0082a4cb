/** However much is found: what a person sees keeps within GitHub's limits and stays whole, and the report has all. */
import { wrapAnsi } from 'fast-wrap-ansi';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { afterAll, describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Finding, Report, Severity } from '../../src/model.ts';
import { annotations, githubCommands } from '../../src/report/annotations.ts';
import { brief } from '../../src/report/brief.ts';
import { markdown } from '../../src/report/markdown.ts';
import { shown } from '../../src/report/privacy.ts';
import { plainScreen } from '../../src/report/screen.ts';
import { type Bounds, terminal } from '../../src/report/terminal.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import { annotationsIn, cleanUp, commandsIn, keptOf, repository, runAction, runCli } from '../runner.ts';
import { liveKey, startStripe } from '../servers/stripe.ts';
import { asReport } from '../shop/shop.ts';

afterAll(cleanUp);

const BUDGET = 900 * 1024;
const LEVELS = ['error', 'warning', 'notice'] as const;

/** Names that take many bytes, or mean something in Markdown, Mermaid or HTML. */
const HOSTILE = [
  '日本語の名前',
  '🎉🎉',
  '</details>',
  '```\n```mermaid',
  '| a | b |',
  '<!-- ',
  '`',
  '[x](https://evil.example)',
  '"];',
  '**',
];
const named = (index: number) => `${HOSTILE[index % HOSTILE.length]} ${index}`;

async function report(file: object, sections: object): Promise<Report> {
  const found = await check({
    sources: [{ file: 'stripe-config.yaml', text: JSON.stringify({ version: 1, ...file }) }],
    environment: null,
    live: new SnapshotLive(JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1', sections }), 'live.json'),
    failOn: 'error',
    commit: null,
  });
  return shown(found, 'full');
}

/** Products of which each differs, and prices that name them, of which each is missing. */
async function drifted(count: number): Promise<Report> {
  const half = Math.floor(count / 2);
  const indexes = Array.from({ length: count - half }, (_, index) => index);
  const products = indexes.map((index) => [named(index), { id: `prod_${index}`, name: named(index) }]);
  const prices = indexes.slice(0, half).map((index) => [named(index), { id: `price_${index}`, product: named(index) }]);
  return report(
    { products: Object.fromEntries(products), prices: Object.fromEntries(prices) },
    { products: indexes.map((index) => product({ id: `prod_${index}`, name: `Live ${named(index)}` })), prices: [] },
  );
}

/** The tags of what a page shows, in which each that is open is closed in turn. Fails where one is not. */
function tagsOf(text: string): string[] {
  const html = micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  const open: string[] = [];
  const tags: string[] = [];
  for (const [tag, end, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>|<!--/gi)) {
    if (tag === '<!--') throw new Error('a comment opens');
    tags.push(`${end}${name}`);
    if (['br', 'wbr', 'hr', 'img', 'input'].includes(name)) continue;
    if (end === '') open.push(name);
    else if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)}> is not closed`);
  // A row that is no row any more, or a fence that is none, would be seen as text.
  const plain = html.replace(/<(pre|code)\b[\s\S]*?<\/\1>/g, '');
  if (/^(?:<p>)?(?:\||```)/m.test(plain)) throw new Error('a row or a fence is seen as text');
  return tags;
}

describe('the reader of tags', () => {
  test.each([
    ['<details><summary>x</summary>\n\nx', /details> is not closed/],
    ['x\n\n</details>', /closes nothing/],
    ['<!-- x', /comment/],
    ['x\n\n| a | b |', /seen as text/],
  ])('fails on %j', (text, expected) => {
    expect(() => tagsOf(text)).toThrow(expected);
  });

  test('takes what is whole', () => {
    expect(tagsOf('<details><summary>x</summary>\n\n| a |\n| - |\n| b |\n\n</details>').at(-1)).toBe('/details');
  });
});

describe('the summary', () => {
  test.each([0, 1, 10, 1000, 5000])(
    'of %i findings keeps within its budget, and every tag is closed',
    async (count) => {
      const found = await drifted(count);
      expect(found.findings).toHaveLength(count);
      const text = markdown(found);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(BUDGET);
      const tags = tagsOf(text);
      expect(tags.map((tag) => tag.replace('/', '')).filter((tag) => !SHOWN.includes(tag))).toEqual([]);
      // Not less than the steps promise: most of what there is while it fits.
      expect(tags.filter((tag) => tag === 'tr').length).toBeGreaterThanOrEqual(Math.min(count, 300));
    },
  );

  /** What this program writes. */
  const SHOWN = 'h2 h3 p code pre strong em a ul li blockquote details summary table thead tbody tr th td br wbr'.split(
    ' ',
  );

  test('says how many rows are left out, and that the report has them', async () => {
    const text = markdown(await drifted(5000));
    const shown = (text.match(/^\| (?:\*\*)?(?:[`<]| {2}\| [`<])/gm) ?? []).length;
    const left = [...text.matchAll(/^(\d+) more rows: the JSON report has everything\.$/gm)].map(([, count]) =>
      Number(count),
    );
    expect(shown + left.reduce((sum, count) => sum + count, 0)).toBe(5000);
  });

  test('has room for both sides in a comment: what differs stands below the entry, and long words break', async () => {
    const name = 'analytics_enterprise_monthly_metered_in_the_north';
    const url = 'https://api.example.com/stripe/webhooks/of/the/analytics';
    const file = { products: { [name]: { id: 'p', name: url }, short: { id: 'q', name: 'A' } } };
    const found = await report(file, { products: [product({ id: 'p', name: 'B' }), product({ id: 'q', name: 'B' })] });
    const rows = markdown(found)
      .split('\n')
      .filter((line) => line.includes('<br>'));
    const words = rows.flatMap((row) => row.replace(/\]\([^)]*\)|&#\d+;/g, '').split(/ |<w?br>|[|`]/));
    expect(words.filter((word) => word.length > 30)).toEqual([]);
    const html = micromark(markdown(found), {
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
      allowDangerousHtml: true,
    });
    const text = html.replace(/<[^>]*>/g, '');
    expect(text).toContain(`products.${name}`);
    expect(text).toContain(url);
    // What is short stays as it is.
    expect(rows[1]).toMatch(/^\| \*\*`products\.short`\*\* L1<br>`name` \| `A` \| \[`B`\]/);
  });

  test('keeps within its budget where a single row is long', async () => {
    const long = (index: number) => `${index}${'\ud83c\udf89<'.repeat(100)}`;
    const key = '\ud83c\udf89'.repeat(10);
    const entries = Array.from({ length: 300 }, (_, index) => [
      long(index),
      { id: `p${index}`, metadata: { [key]: long(index) } },
    ]);
    const found = await report(
      { products: Object.fromEntries(entries) },
      { products: entries.map((_, index) => product({ id: `p${index}` })) },
    );
    expect(found.counts.changed).toBe(300);
    const text = markdown(found);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(BUDGET);
    tagsOf(text);
  });

  test.each([
    [
      'notes',
      { notes: Array.from({ length: 50_000 }, (_, index) => `${named(index)} was not compared. ${'<'.repeat(3000)}`) },
    ],
    [
      'names in sync',
      { inSyncNames: Array.from({ length: 50_000 }, (_, index) => `${index}${'\u0416<'.repeat(200)}`) },
    ],
  ])(
    'keeps within its budget with 50,000 %s',
    async (_what, { notes = [], inSyncNames = [] }: { notes?: string[]; inSyncNames?: string[] }) => {
      const found = await drifted(10);
      const sections = new Map([...found.sections].map(([name, section]) => [name, { ...section, inSyncNames }]));
      const text = markdown({ ...found, notes, sections });
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(BUDGET);
      tagsOf(text);
    },
  );
});

describe('the annotations', () => {
  /** So many findings of each level, one an object, but for `fields` of each. */
  async function findings(counts: { readonly [S in Severity]?: number }, fields = 1): Promise<Report> {
    const found = await report(
      { products: { a: { id: 'p', name: 'A' } } },
      { products: [product({ id: 'p', name: 'B' })] },
    );
    const [changed] = found.findings as [Finding & { problem: 'changed' }];
    const all = LEVELS.flatMap((severity) =>
      Array.from({ length: counts[severity] ?? 0 }, (_, index): Finding => {
        const object = Math.floor(index / fields);
        return {
          ...changed,
          severity,
          name: `${severity}${object}`,
          at: { ...changed.at, line: index + 1, endLine: index + 1 },
        };
      }),
    );
    // A check gives them by place.
    return { ...found, findings: all.sort((one, other) => one.at.line - other.at.line) };
  }

  test.each([0, 1, 9, 10, 11, 1000, 20_000])(
    'of %i findings of each level are never more than the runner keeps',
    async (count) => {
      const found = await findings({ error: count, warning: count, notice: count });
      // Of each level one is the step's own.
      const printed = annotationsIn(commandsIn(`${githubCommands(found)}::error::the step failed\n`));
      expect(keptOf(printed)).toEqual(printed);
      const shown = annotations(found);
      expect(shown.filter(({ level }) => level === 'error')).toHaveLength(Math.min(count, 9));
      expect(shown.filter(({ level }) => level === 'warning')).toHaveLength(Math.min(count, 9));
      expect(shown.filter(({ level }) => level === 'notice')).toHaveLength(Math.min(count, 9));
      expect(shown.length).toBeLessThan(50);
    },
  );

  test('stand by severity, then by place', async () => {
    const shown = annotations(await findings({ notice: 3, error: 20, warning: 2 }));
    expect(shown.map(({ level, at }) => `${level} ${at.line}`)).toEqual([
      ...Array.from({ length: 9 }, (_, index) => `error ${index + 1}`),
      'warning 1',
      'warning 2',
      'notice 1',
      'notice 2',
      'notice 3',
    ]);
  });

  test.each([
    [9, null],
    [10, '1 more object has'],
    [11, '2 more objects have'],
    [1000, '991 more objects have'],
    [50_000, '49991 more objects have'],
  ])('of %i errors: the last says that there are more: %s', async (count, expected) => {
    const shown = annotations(await findings({ error: count }));
    const last = shown.at(-1)?.message ?? '';
    if (expected === null) expect(last).not.toContain('more');
    else expect(last).toContain(`\n${expected} errors: see the job summary.`);
    expect(shown.slice(0, -1).filter(({ message }) => message.includes('more'))).toEqual([]);
  });

  test('are one an object where that makes them fit, with every sentence', async () => {
    const shown = annotations(await findings({ warning: 27 }, 3));
    expect(shown.map(({ at }) => at.line)).toEqual([1, 4, 7, 10, 13, 16, 19, 22, 25]);
    for (const { message } of shown) expect(message.split('\n')).toHaveLength(3);
  });

  test('of one object have at most ten sentences, and then say how many more there are', async () => {
    const lines = async (count: number) =>
      annotations(await findings({ warning: count }, count)).map(({ message }) => message.split('\n'));
    expect((await lines(10)).map(({ length }) => length)).toEqual([10]);
    const [more = []] = await lines(11);
    expect(more).toHaveLength(10);
    expect(more.at(-1)).toBe('And 2 more.');
  });
});

describe('20,000 findings', () => {
  test('through the Action: the summary is shown, annotations fit, and the report has all', async () => {
    // Each that is missing is looked up in a request of its own: of these a few hundred are enough.
    const [changed, missing, unmanaged] = [10_000, 400, 9_600];
    const lines = (count: number, line: (index: number) => string) =>
      Array.from({ length: count }, (_, index) => line(index)).join('');
    const file = [
      'version: 1\npolicy: { missing: notice }\nproducts:\n',
      lines(changed, (index) => `  ${JSON.stringify(named(index))}: { id: p${index}, name: A${index} }\n`),
      'prices:\n',
      lines(missing, (index) => `  x${index}: { id: x${index} }\n`),
    ].join('');
    const state = {
      products: Array.from({ length: changed + unmanaged }, (_, index) =>
        product({ id: `p${index}`, name: named(index) }),
      ),
      prices: [price({ id: 'other' })],
    };
    const server = await startStripe({ state });
    try {
      const run = await runAction({
        files: { 'stripe-config.yaml': file },
        inputs: {
          'stripe-api-key': liveKey,
          'stripe-api-base': server.url,
          'requests-per-second': '1000',
          'timeout-seconds': '3600',
          'show-values': 'full',
          'sarif-file': 'stripe.sarif',
        },
        timeoutMs: 1_400_000,
      });
      const { findings, counts } = asReport(run.report);
      expect(counts).toMatchObject({ errors: changed, notices: missing, missing, changed, unmanaged: unmanaged + 1 });
      // Of what is not declared, and the line that proposes to say so.
      expect(findings.length).toBeGreaterThanOrEqual(changed + missing + unmanaged);
      expect(run.summaryTooLarge).toBe(false);
      expect(Buffer.byteLength(run.summary)).toBeLessThanOrEqual(BUDGET);
      tagsOf(run.summary);
      expect(run.kept).toEqual(run.annotations);
      const of = (level: string) => run.annotations.filter((one) => one.level === level).length;
      expect([of('error'), of('warning'), of('notice')]).toEqual([10, expect.any(Number), 9]);
    } finally {
      await server.close();
    }
  }, 1_500_000);
});

// --- The terminal and the log

/** Prices that the file does not declare, as a snapshot. */
const undeclared = (count: number, live: object = {}) => ({
  prices: Array.from({ length: count }, (_, index) => price({ id: `price_${index}`, lookup_key: `key_${index}` })),
  ...live,
});
const linesOf = (text: string) => text.trimEnd().split('\n');

describe('the text for a terminal', () => {
  const whole: Bounds = { most: Number.POSITIVE_INFINITY, elsewhere: '' };
  const few: Bounds = { most: 50, elsewhere: '--all' };

  test('shows a few of many objects that are not in the file, how many more there are, and the line that accepts them', async () => {
    const found = await report(
      { prices: {}, products: {} },
      undeclared(20_000, { products: [product({ id: 'prod_1' })] }),
    );
    const text = terminal(found, plainScreen, few);
    expect(linesOf(text)).toEqual([
      '! 20001 objects in live mode of acct_1 are not in stripe-config.yaml, all warnings · the check passes',
      '',
      'not in the file',
      ...[0, 1, 10, 100, 1000].map((index) => `  warning prices    key_${index} (price_${index})`),
      '  and 19995 more prices: --all',
      expect.stringMatching(/^ {2}warning products {2}Product \d+ \(prod_1\)$/),
      '  1 product and 20000 prices are in Stripe, but not in the file. To declare them, run stripe-config-check export --merge, which changes only the file. To stop reporting undeclared objects of these kinds, add to the file:',
      'policy: { unmanaged: { products: ignore, prices: ignore } }',
    ]);
    const all = terminal(found, plainScreen, whole);
    expect(all.match(/^ {2}warning /gm)).toHaveLength(20_001);
    expect(all).not.toContain('--all');
  });

  test('shows all of them where they are 10', async () => {
    const found = await report({ prices: {} }, undeclared(10));
    expect(terminal(found, plainScreen, few)).toBe(terminal(found, plainScreen, whole));
  });

  test('of objects that are not in the file is one screen, however many sections they are of', async () => {
    const live = {
      webhooks: Array.from({ length: 12 }, (_, n) => webhookEndpoint({ id: `we_${n}`, url: `https://h${n}.example/` })),
      products: Array.from({ length: 38 }, (_, n) => product({ id: `prod_${n}` })),
    };
    for (const file of [{ prices: {} }, { prices: {}, products: {} }, { prices: {}, products: {}, webhooks: {} }]) {
      const text = terminal(await report(file, undeclared(350, live)), { ...plainScreen, columns: 80 }, few);
      expect(linesOf(text).length).toBeLessThan(24);
      expect(text).toMatch(/policy: \{ unmanaged: \{ .*prices: ignore/);
    }
  });

  test.each<[string, object, RegExp]>([
    [
      'there is none',
      {},
      /To stop reporting undeclared objects of these kinds, add to the file:\npolicy: \{ unmanaged: \{ products: ignore, prices: ignore \} \}\n/,
    ],
    [
      'it says something else',
      { policy: { missing: 'warning' } },
      /add to policy:\n {2}unmanaged: \{ products: ignore, prices: ignore \}\n/,
    ],
    [
      'it says it of another section',
      { policy: { unmanaged: { coupons: 'ignore' } } },
      /replace unmanaged under policy:\n {2}unmanaged: \{ coupons: ignore, products: ignore, prices: ignore \}\n/,
    ],
  ])('has the line of policy to copy whole, where %s', async (_name, policy, line) => {
    const wrap = (text: string, column: number) =>
      wrapAnsi(text, 50 - column).replaceAll('\n', `\n${' '.repeat(column)}`);
    const found = await report({ ...policy, products: {}, prices: {} }, undeclared(20, { products: [product({})] }));
    expect(
      terminal(found, { ...plainScreen, columns: 50, wrap }, few).replace(/\n {2}(?=[a-z])(?!unmanaged:)/g, ' '),
    ).toMatch(line);
    expect(markdown(found)).toMatch(/&#58; `(?:policy: \{ )?unmanaged: \{ .* \}` \|/);
  });

  test('shows 50 findings of a section', async () => {
    const names = Array.from({ length: 60 }, (_, index) => index);
    const entries = names.map((index) => [`p${index}`, { id: `prod_${index}`, name: 'Other' }]);
    const products = names.map((index) => product({ id: `prod_${index}`, name: 'Name', default_price: null }));
    const found = await report({ products: Object.fromEntries(entries) }, { products });
    const text = terminal(found, plainScreen, few);
    expect(text.match(/^ {2}error/gm)).toHaveLength(50);
    expect(text).toContain('\n  and 10 more products: --all\n');
  });

  test('shows 50 problems of the file, 50 steps of a plan, 50 changes of a finding, 50 that are resolved and 50 notes', async () => {
    const invalid = await report(
      { products: Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`p${n}`, 1])) },
      {},
    );
    expect(terminal(invalid, plainScreen, few)).toContain('\nand 10 more: --all\n');
    const finding = (index: number) => ({ ...(drift.findings[index] as Finding), pending: true }) as Finding;
    const drift = await drifted(120);
    const planned = { ...drift, base: 'old.yaml', findings: drift.findings.map((_, index) => finding(index)) };
    expect(terminal(planned, plainScreen, few)).toContain('\n  and 70 more objects: --all\n');
    const resolved = { ...drift, resolved: drift.findings, notes: Array.from({ length: 60 }, (_, n) => `Note ${n}.`) };
    const text = terminal(resolved, plainScreen, few);
    expect(text).toContain('\n  and 70 more: --all\n');
    expect(text.match(/^note /gm)).toHaveLength(50);
    expect(text).toContain('\nand 10 more notes: --all\n');
    const events = Array.from({ length: 300 }, (_, n) => `a.b${n}`);
    const hook = { url: 'https://h.example.com/', enabled_events: ['invoice.paid'] };
    const many = await report(
      { webhooks: { hook } },
      { webhooks: [webhookEndpoint({ ...hook, enabled_events: events as never })] },
    );
    expect(terminal(many, plainScreen, few)).toMatch(/extra in Stripe: +(?:a\.b\d+, ){50}and 250 more\n/);
  });

  test('in brief shows 50 findings of a section as well', async () => {
    const found = await report(
      { prices: {}, products: {} },
      undeclared(120, { products: [product({ id: 'prod_1' })] }),
    );
    const text = linesOf(brief(found, plainScreen, few));
    expect(text).toHaveLength(1 + 52 + 1);
    expect(text.at(-1)).toBe('and 70 more prices: --all');
    expect(linesOf(brief(found, plainScreen, whole))).toHaveLength(1 + 122);
  });

  test('makes no text for what is not shown', async () => {
    const found = await report({ prices: {} }, undeclared(20_000));
    let read = 0;
    const watched = found.findings.map((finding) =>
      Object.defineProperty({ ...finding }, 'whole', {
        get() {
          read += 1;
          return (finding as { whole: unknown }).whole;
        },
      }),
    );
    terminal({ ...found, findings: watched as Finding[] }, plainScreen, { ...few, fixes: true });
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(50 * 20);
  });
});

describe.concurrent('what is printed of 20,000 undeclared objects', () => {
  const file = 'version: 1\nprices: {}\n';
  const live = JSON.stringify({ schema: 1, mode: 'live', account: null, sections: undeclared(20_000) });

  test('by the command line is bounded without --all', async () => {
    const cwd = repository({ 'stripe-config.yaml': file, 'live.json': live });
    const check = (...args: string[]) => runCli(['check', '--live', 'live.json', ...args], { cwd });
    const [few, quiet, all, data] = await Promise.all([
      check(),
      check('-q', '--fail-on', 'warning'),
      check('--all'),
      check('--format', 'json'),
    ]);
    expect(linesOf(few.stdout).length).toBeLessThan(24);
    expect(few.stdout).toContain('\n  and 19990 more prices: --all\n');
    expect(linesOf(quiet.stdout)).toHaveLength(53);
    expect(all.stdout.match(/^ {2}warning /gm)).toHaveLength(20_000);
    // And the line that proposes to say so.
    expect(JSON.parse(data.stdout).findings).toHaveLength(20_001);
  });

  test('by the Action is bounded, and the log names the report that has all', async () => {
    const server = await startStripe({ state: undeclared(20_000) as never });
    const run = await runAction({
      files: { 'stripe-config.yaml': file },
      inputs: {
        'stripe-api-key': liveKey,
        'stripe-api-base': server.url,
        'requests-per-second': '1000',
        'show-values': 'full',
      },
      timeoutMs: 60_000,
    });
    await server.close();
    const { findings } = asReport(run.report);
    expect(findings).toHaveLength(20_001);
    // Those after the first hundred are exported into the file, or ignored: nobody pastes them one by one.
    const prices = findings.filter(({ problem }) => problem === 'unmanaged');
    expect(prices.findIndex(({ fix }) => fix === null)).toBe(100);
    expect(JSON.stringify(run.report).length).toBeLessThan(10_000_000);
    expect(linesOf(run.stdout).length).toBeLessThan(100);
    expect(run.stdout).toContain(`\n  and 19990 more prices: ${run.outputs['report-path']}\n`);
  });
});
