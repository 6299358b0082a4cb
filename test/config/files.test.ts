/** Several files as one configuration: what they share, what they may not say twice, and how they are named. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { check } from '../../src/check/check.ts';
import { loadConfig } from '../../src/config/load.ts';
import { decode, readSources, type Source } from '../../src/config/source.ts';
import type { Finding, Report } from '../../src/model.ts';
import { shown } from '../../src/report/privacy.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { pullRequest, tellStory } from '../github-run.ts';
import { product } from '../kinds/products.ts';
import {
  annotationsIn,
  cleanUp,
  commandsIn,
  commit,
  type ProcessRun,
  repository,
  runAction,
  runCli,
} from '../runner.ts';
import { runs } from '../runs.ts';
import { liveKey } from '../servers/stripe.ts';
import { cases, declaration, type Entry, pathOf, SECTIONS, snapshot } from '../shop/accounts.ts';
import { edit, replaced } from '../shop/edits.ts';
import { asReport, brief, type ReportJson, shop } from '../shop/shop.ts';
import { Dice, Names, type Tree } from '../tree.ts';
import { keyPlace, type Written, write } from '../yaml-style.ts';

afterAll(cleanUp);
vi.setConfig({ testTimeout: 60_000 });

type Files = Readonly<Record<string, string>>;

const sourcesOf = (files: Files): Source[] => Object.entries(files).map(([file, text]) => ({ file, text }));

/** What is wrong with files, each as `file:line:column message`, warnings marked. */
async function problems(files: Files): Promise<string[]> {
  return (await loadConfig(sourcesOf(files))).findings.map(
    ({ at, severity, message }) =>
      `${severity === 'warning' ? '(warning) ' : ''}${at.file}:${at.line}:${at.column} ${message}`,
  );
}

const products = `version: 1
products:
  pro: { id: prod_pro, name: Pro }
`;
const prices = `version: 1
prices:
  pro_monthly: { lookup_key: pro_monthly, product: pro }
`;

describe('files that are one configuration', () => {
  const right: readonly (readonly [string, Files])[] = [
    ['refer to each other', { 'prices.yaml': prices, 'products.yaml': products }],
    [
      'share a section',
      {
        'a.yaml': products,
        'b.yaml': products.replaceAll('pro', 'max').replace('maxducts', 'products').replace('Pro', 'Max'),
      },
    ],
    ['share a section that is empty in one', { 'a.yaml': 'version: 1\nproducts: {}\n', 'b.yaml': products }],
    [
      'say the same of account, mode and policy',
      {
        'a.yaml': `${products}account: acct_1\nmode: live\npolicy: { missing: error, unmanaged: { products: ignore } }\n`,
        'b.yaml': `${prices}account: acct_1\nmode: "live"\npolicy: { missing: error, unmanaged: { prices: notice } }\n`,
      },
    ],
    [
      'have one for what concerns all',
      { 'a.yaml': products, 'all.yaml': 'version: 1\naccount: acct_1\npolicy: { missing: notice }\n' },
    ],
    [
      'have an overlay in another file than its base',
      {
        'a.yaml': products,
        'test.yaml': 'version: 1\nenvironments:\n  test:\n    products:\n      pro: { name: Pro (test) }\n',
      },
    ],
    [
      'each state a part of a section that is one object',
      {
        'a.yaml':
          'version: 1\naccount_settings:\n  country: US\n  settings: { payments: { statement_descriptor: A } }\n',
        'b.yaml':
          'version: 1\naccount_settings:\n  country: US\n  settings: { branding: { logo: file_1 }, payments: { statement_descriptor: A } }\n',
      },
    ],
    [
      'share an environment',
      {
        'a.yaml': `${products}environments: { test: { mode: test, products: { pro: { name: Test } } } }\n`,
        'b.yaml': `${prices}environments: { test: { mode: test, prices: { pro_monthly: null } } }\n`,
      },
    ],
    [
      'drop in one what another has',
      {
        'a.yaml': products,
        'b.yaml': 'version: 1\nenvironments: { test: { products: { pro: null } } }\n',
      },
    ],
    [
      'each have anchors of their own',
      {
        'a.yaml': 'version: 1\nx-common: &c { active: true }\nproducts: { pro: { <<: *c, id: prod_pro } }\n',
        'b.yaml': 'version: 1\nx-common: &c { active: false }\nproducts: { max: { <<: *c, id: prod_max } }\n',
      },
    ],
  ];
  test.each(right)('may %s', async (_, files) => {
    expect(await problems(files)).toEqual([]);
  });

  const wrong: readonly (readonly [string, Files, readonly string[]])[] = [
    [
      'the same name',
      { 'a.yaml': products, 'b.yaml': `version: 1\nproducts:\n\n  pro: { id: prod_other }\n` },
      ['b.yaml:4:3 products.pro is already stated at a.yaml:3. Keep one of them'],
    ],
    [
      'the same name in an environment',
      {
        'a.yaml': `${products}environments: { test: { products: { pro: { name: A } } } }\n`,
        'b.yaml': 'version: 1\nenvironments: { test: { products: { pro: { name: B } } } }\n',
      },
      ['b.yaml:2:37 environments.test.products.pro is already stated at a.yaml:4. Keep one of them'],
    ],
    [
      'another value of a section that is one object',
      {
        'a.yaml':
          'version: 1\naccount_settings:\n  country: US\n  settings: { invoices: { default_account_tax_ids: [txi_1] } }\n',
        'b.yaml':
          'version: 1\naccount_settings:\n  country: DE\n  settings: { invoices: { default_account_tax_ids: [txi_2] } }\n',
      },
      [
        'b.yaml:3:3 account_settings.country is "DE", but "US" at a.yaml:3. Keep one of them',
        'b.yaml:4:27 account_settings.settings.invoices.default_account_tax_ids is already stated at a.yaml:4. Keep one of them',
      ],
    ],
    [
      'the same object',
      { 'a.yaml': products, 'b.yaml': products.replace('pro:', 'other:') },
      ['b.yaml:3:12 products.other.id finds the same object as pro at a.yaml:3: both have this value. Keep one entry'],
    ],
    [
      'another mode and account',
      { 'a.yaml': `${products}mode: live\naccount: acct_1\n`, 'b.yaml': `${prices}account: acct_2\nmode: test\n` },
      [
        'b.yaml:4:1 account is "acct_2", but "acct_1" at a.yaml:5. Keep one of them',
        'b.yaml:5:1 mode is "test", but "live" at a.yaml:4. Keep one of them',
      ],
    ],
    [
      'another policy',
      {
        'a.yaml': `${products}policy: { missing: error, unmanaged: { products: error } }\n`,
        'b.yaml': `${prices}policy:\n  missing: notice\n  unmanaged: ignore\n`,
        'c.yaml': 'version: 1\npolicy:\n  unmanaged:\n    products: notice\n',
      },
      [
        'b.yaml:5:3 policy.missing is "notice", but "error" at a.yaml:4. Keep one of them',
        'b.yaml:6:3 policy.unmanaged is "ignore", but a map at a.yaml:4. Keep one of them',
        'c.yaml:4:5 policy.unmanaged.products is "notice", but "error" at a.yaml:4. Keep one of them',
      ],
    ],
    [
      'an amount twice, in two layers',
      {
        'a.yaml': 'version: 1\nprices:\n  it: { id: price_1, currency: usd, unit_amount: 100, type: one_time }\n',
        'b.yaml': 'version: 1\nenvironments: { test: { prices: { it: { unit_amount_decimal: "200" } } } }\n',
      },
      [
        'b.yaml:2:41 prices.it.unit_amount_decimal contradicts unit_amount at a.yaml:3, which says 100: they are the same field. Keep one of them (in environment test)',
      ],
    ],
    [
      'a reference to nothing',
      { 'a.yaml': prices, 'b.yaml': products.replace('pro:', 'pros:') },
      [
        'a.yaml:3:52 prices.pro_monthly.product is "pro", but no entry of products has that name. Did you mean pros? To refer to an object by its id, write { id: … }',
      ],
    ],
    [
      'a reference to a section that none of them has',
      { 'a.yaml': prices, 'b.yaml': 'version: 1\npolicy: {}\n' },
      [
        'a.yaml:3:52 prices.pro_monthly.product is "pro", but the configuration declares no products. To refer to an object by its id, write { id: … }',
      ],
    ],
    [
      'no version in one',
      { 'a.yaml': products, 'b.yaml': 'prices: {}\n' },
      ['b.yaml:1:1 The file lacks version. Begin with version: 1'],
    ],
    [
      'nothing in any',
      { 'b.yaml': 'version: 1\n', 'a.yaml': 'version: 1\nmode: live\n' },
      [`a.yaml:1:1 The configuration declares nothing to compare. Add a section: ${SECTIONS.join(', ')}`],
    ],
    [
      'a second ignore without its reason, which is counted in its own file',
      {
        'a.yaml': `${products}ignore:\n  - { products: a, reason: b }\n`,
        'b.yaml': 'version: 1\nignore:\n  - { products: c, reason: d }\n  - { products: e }\n  - { reason: f }\n',
      },
      [
        'b.yaml:4:5 ignore[1] lacks reason',
        `b.yaml:5:5 ignore[2] names no section. Expected one of ${SECTIONS.join(', ')}, code`,
      ],
    ],
    [
      'a section that is none in one',
      { 'a.yaml': 'version: 1\nproducts: [pro]\n', 'b.yaml': products, 'c.yaml': prices },
      ['a.yaml:2:11 products is a list. Expected entries by name, or {} for none'],
    ],
  ];
  test.each(wrong)('are told of %s at its own place', async (_, files, expected) => {
    expect(await problems(files)).toEqual(expected);
    const reversed = Object.fromEntries(Object.entries(files).reverse());
    expect(await problems(reversed)).toEqual(expected);
  });

  test('are all checked where one of them is broken, but for what may stand in that one', async () => {
    const files = {
      'broken.yaml': 'version: 1\nproducts:\n  pro: { id: prod_pro\n',
      'prices.yaml': `${prices}  it: { lookup_key: it, currency: usdollar }\n`,
      'test.yaml':
        'version: 1\nenvironments: { test: { products: { pro: { name: P }, max: null }, webhooks: { a: {} } } }\n',
      'words.yaml': 'just words\n',
    };
    expect(await problems(files)).toEqual([
      'broken.yaml:3:8 The { that begins here is not closed',
      'words.yaml:1:1 The file has no sections. Begin with version: 1 and a section such as webhooks',
      expect.stringMatching(/^prices\.yaml:4:35 prices\.it\.currency is "usdollar"\./),
    ]);
  });

  test('are told of a file that can not be read, beside what is wrong with the others', async () => {
    const folder = repository({ 'a.yaml': products.replace('name: Pro', 'nam: Pro') });
    writeFileSync(join(folder, 'b.yaml'), Buffer.from([0x76, 0xff, 0x0a]));
    const config = await loadConfig(await readSources(['none.yaml', 'b.yaml', 'a.yaml'], { folder }));
    expect(config.files).toEqual(['a.yaml', 'b.yaml', 'none.yaml']);
    expect(config.findings.map(({ at, message }) => `${at.file} ${message.split('. ')[0]}`)).toEqual([
      'b.yaml b.yaml is not UTF-8',
      'none.yaml none.yaml does not exist',
      'a.yaml products.pro.nam is not known here',
    ]);
  });

  test('say where a value was decided, in the layer of whichever file', async () => {
    const files = {
      'z-base.yaml':
        'version: 1\nproducts:\n  pro:\n    id: prod_pro\n    name: Pro\n    metadata: { plan: a, team: b }\n',
      'a-live.yaml':
        '\n\n\n\n\n\n\nversion: 1\nenvironments:\n  live:\n    products:\n      pro: { metadata: { plan: x } }\n',
    };
    const live = product({ id: 'prod_pro', name: 'Old', metadata: { plan: 'y', team: 'c' } });
    const report = await compared(
      sourcesOf(files),
      JSON.stringify({ schema: 1, mode: 'live', account: null, sections: { products: [live] } }),
    );
    const places = report.findings.map(
      (finding) => `${'field' in finding && finding.field} ${finding.at.file}:${finding.at.line}`,
    );
    expect(places).toEqual(['metadata a-live.yaml:12', 'name z-base.yaml:5']);
    expect(report.findings[0]).toMatchObject({ changes: [{ path: ['plan'] }, { path: ['team'] }] });
  });
});

describe('files that each state a part of the account settings', () => {
  test('are told apart where they differ from Stripe', async () => {
    const files = {
      'brand.yaml': 'version: 1\naccount_settings:\n  settings:\n    branding: { logo: file_1 }\n',
      'money.yaml': 'version: 1\n\n\naccount_settings:\n  settings:\n    payments: { statement_descriptor: SHOP }\n',
    };
    const live = { id: 'acct_1', settings: { branding: { logo: 'file_1' }, payments: { statement_descriptor: 'X' } } };
    const side = { schema: 1, mode: 'live', account: null, sections: { account_settings: [live] } };
    const { findings } = await compared(sourcesOf(files), JSON.stringify(side));
    const differing = findings.filter(({ problem }) => problem === 'changed');
    expect(differing.map(({ at }) => `${at.file}:${at.line}`)).toEqual(['money.yaml:6']);
  });
});

// --- How they are named

/** The paths that reports show for arguments in a folder, in order; those without a text with what is wrong. */
async function named(folder: string, ...patterns: string[]): Promise<string[]> {
  const sources = await readSources(patterns, { folder });
  return sources.map((source) => ('problem' in source ? `${source.file} ${source.problem}` : source.file));
}

const tree = (...files: string[]) => repository(Object.fromEntries(files.map((file) => [file, `# ${file}\n`])));

describe('a pattern', () => {
  test.each([
    ['*.yaml', ['a.yaml', 'b.yaml']],
    ['./*.yaml', ['./a.yaml', './b.yaml']],
    ['**/*.yaml', ['a.yaml', 'b.yaml', 'sub/c.yaml', 'sub/deep/d.yaml']],
    ['sub/*', ['sub/c.yaml']],
    ['{a,sub/c}.yaml', ['a.yaml', 'sub/c.yaml']],
    ['sub/?.yaml', ['sub/c.yaml']],
    ['[ab].yaml', ['a.yaml', 'b.yaml']],
    ['!(b).yaml', ['a.yaml']],
    ['.github/*.yaml', ['.github/e.yaml']],
    ['sub/../*.yaml', ['sub/../a.yaml', 'sub/../b.yaml']],
  ])('%s names files in order, none of hidden folders or of packages', async (pattern, files) => {
    const folder = tree('b.yaml', 'a.yaml', 'sub/deep/d.yaml', 'sub/c.yaml', '.github/e.yaml', 'node_modules/x/f.yaml');
    expect(await named(folder, pattern)).toEqual(files);
  });

  test('is relative to a folder of any name, or absolute', async () => {
    const folder = tree('{a} [b]/*c/one.yaml');
    expect(await named(join(folder, '{a} [b]/*c'), '*.yaml', '../*/one.yaml')).toEqual(['one.yaml']);
    expect(await named('/', join(tree('x/y.yaml'), 'x/*.yaml'))).toEqual([expect.stringMatching(/^\/.*\/x\/y\.yaml$/)]);
  });

  test('that is the very name of a file means that file', async () => {
    const folder = tree('price[s].yaml', 'prices.yaml', '*.yaml');
    expect(await named(folder, 'price[s].yaml')).toEqual(['price[s].yaml']);
    expect(await named(folder, '*.yaml')).toEqual(['*.yaml']);
    expect(await named(folder, 'price[r-t].yaml')).toEqual(['prices.yaml']);
  });

  test('and a path may name the same file: it is read once', async () => {
    const folder = tree('a.yaml', 'b.yaml');
    expect(await named(folder, 'b.yaml', './b.yaml', '*.yaml', join(folder, 'a.yaml'))).toEqual(['b.yaml', 'a.yaml']);
  });

  test.each(['*.yml', 'none/*.yaml', 'a.yaml/*', 'node_modules/**/*.yaml'])(
    '%s that names nothing says so',
    async (pattern) => {
      const folder = tree('a.yaml', 'sub/node_modules/x/b.yaml');
      expect(await named(folder, pattern)).toEqual([
        expect.stringMatching(/ matches no file: folders that begin with a dot/),
      ]);
      const config = await loadConfig(await readSources(['a.yaml', pattern], { folder }));
      expect(config.findings.map(({ at }) => at.file)).toContain(pattern);
    },
  );

  test('that names very many files is likely a slip, and none of them is read', async () => {
    const folder = tree(...Array.from({ length: 1001 }, (_, index) => `${index}.yaml`));
    expect(await named(folder, '*.yaml')).toEqual([
      '*.yaml matches 1001 files, but at most 1000 are read: narrow the pattern',
    ]);
    expect(await named(folder, '?*[1-9].yaml')).toHaveLength(891);
  });

  test('takes links for the files that they lead to, and follows none to folders', async () => {
    const folder = tree('real/a.yaml', 'real/b.txt');
    symlinkSync('a.yaml', join(folder, 'real/link.yaml'));
    symlinkSync('nowhere', join(folder, 'real/lost.yaml'));
    symlinkSync('itself.yaml', join(folder, 'real/itself.yaml'));
    symlinkSync('.', join(folder, 'real/circle'));
    symlinkSync('real', join(folder, 'other'));
    expect(await named(folder, '**/*.yaml')).toEqual([
      'real/a.yaml',
      "real/itself.yaml can't be read (ELOOP)",
      'real/link.yaml',
      'real/lost.yaml does not exist',
    ]);
    expect(await named(folder, 'other/a*.yaml')).toEqual(['other/a.yaml']);
  });
});

// --- On the command line

/** Runs a command in a folder with these files, and with a snapshot of the shop. */
function inFolder(files: Files, args: readonly string[], stdin?: string): Promise<ProcessRun> {
  const { webhook_endpoints: webhooks, products, prices } = shop();
  const live = JSON.stringify({ schema: 1, mode: 'live', account: null, sections: { webhooks, products, prices } });
  return runCli(args, { cwd: repository({ ...files, 'live.json': live }), ...(stdin !== undefined && { stdin }) });
}

const report = ({ stdout }: ProcessRun): ReportJson => asReport(JSON.parse(stdout));

/** The shop's products and prices, one of each with a name and an amount that it does not have. */
const shopFiles: Files = {
  'stripe/prices.yaml': `version: 1
prices:
  pro_monthly:
    lookup_key: pro_monthly
    product: pro
    currency: usd
    unit_amount: 2500
    recurring: { interval: month }
`,
  'stripe/products.yaml': 'version: 1\nproducts:\n  pro:\n    id: prod_pro\n    name: Pro Plan\n',
};

describe.concurrent('the command line', () => {
  test('checks what paths and globs name as one configuration, and names each place', async () => {
    const args = ['check', '--live', 'live.json', '--format'];
    const [json, text, markdown] = await Promise.all([
      inFolder(shopFiles, [...args, 'json', 'stripe/products.yaml', 'stripe/prices.yaml']),
      inFolder(shopFiles, [...args, 'terminal', 'stripe/*.yaml']),
      inFolder(shopFiles, [...args, 'markdown', 'stripe/prices.yaml', 'stripe/*.yaml']),
    ]);
    expect([json.exitCode, text.exitCode, markdown.exitCode]).toEqual([2, 2, 2]);
    expect(report(json).files).toEqual(['stripe/prices.yaml', 'stripe/products.yaml']);
    expect(report(json).findings.map((finding) => `${finding.at.file} ${brief(finding)}`)).toEqual([
      'stripe/prices.yaml changed prices.pro_monthly.unit_amount 7',
      'stripe/products.yaml changed products.pro.name 5',
    ]);
    expect(text.stdout).toMatch(
      /^✗ 2 differences in live mode, all errors\n(?:.*\n)*.*error stripe\/prices\.yaml:7:5 +pro_monthly +unit_amount/,
    );
    expect(markdown.stdout).toContain('`stripe/prices.yaml`, `stripe/products.yaml` · ');
    expect(markdown.stdout).toContain('**`products.pro`** `stripe/products.yaml:5`');
  });

  test('tells what is wrong with any of them in each', async () => {
    const files = { ...shopFiles, 'stripe/more.yaml': 'version: 1\nproducts: { pro: { id: prod_max } }\n' };
    const run = await inFolder(files, ['lint', 'stripe/*.yaml']);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(
      /^stripe\/products\.yaml:3:3 error: products\.pro is already stated at stripe\/more\.yaml:2\. Keep one of them\.\n {2}3 \| /,
    );
    expect(run.stdout).toMatch(/\n✗ the \d files are invalid: 1 error, 0 warnings\n$/);
    const page = await inFolder(files, ['lint', 'stripe/*.yaml', '--format', 'markdown']);
    expect(page.stdout).toContain('### The configuration\n\n|   | Place | Problem |');
    expect(page.stdout).toContain('`stripe/products.yaml:3`');
    const github = await inFolder(files, ['lint', 'stripe/*.yaml', '--format', 'github']);
    expect(annotationsIn(commandsIn(github.stdout))).toMatchObject([
      { level: 'error', file: 'stripe/products.yaml', line: 3 },
    ]);
  });

  test('says that a pattern names nothing, beside what is wrong with the others', async () => {
    const run = await inFolder({ 'a.yaml': 'version: 2\nproducts: {}\n' }, [
      'lint',
      'a.yaml',
      'stripe/*.yaml',
      '--format',
      'json',
    ]);
    expect(run.exitCode).toBe(1);
    expect(report(run)).toMatchObject({ status: 'invalid', files: ['a.yaml', 'stripe/*.yaml'] });
    expect(report(run).findings.map(({ message }) => message.split('. ')[0])).toEqual([
      'version is 2',
      expect.stringMatching(/"stripe\/\*\.yaml" matches no file/),
    ]);
  });

  test('names the file of a guard among several', async () => {
    const files = { ...shopFiles, 'stripe/guards.yaml': 'version: 1\nmode: test\n' };
    const run = await inFolder(files, ['check', 'stripe/*.yaml', '--live', 'live.json', '--format', 'json']);
    expect(report(run)).toMatchObject({ status: 'error', files: ['stripe/guards.yaml', ...Object.keys(shopFiles)] });
    expect(report(run).error?.message).toMatch(/^stripe\/guards\.yaml states mode: test \(line 2\), but /);
    const account = { ...shopFiles, 'stripe/guards.yaml': 'version: 1\naccount: acct_1\n' };
    const other = await inFolder(account, ['check', 'stripe/*.yaml', '--live', 'live.json', '--format', 'json']);
    expect(report(other).error?.message).toMatch(/^stripe\/guards\.yaml states account: acct_1 \(line 2\), but /);
  });

  test('checks again when one of them changes, comes or goes, with --watch', async () => {
    const cwd = repository({ 'stripe/a.yaml': products, 'stripe/node_modules/b.yaml': products });
    mkdirSync(join(cwd, 'stripe/deep'));
    const later = join(cwd, 'stripe/deep/er/c.yaml');
    const steps: readonly (readonly [verdict: string, next: () => void])[] = [
      ['✓ stripe/a.yaml is valid', () => cpSync(join(cwd, 'stripe/a.yaml'), later)],
      ['products.pro is already stated at stripe/a.yaml:3', () => writeFileSync(later, prices)],
      ['✓ the 2 files are valid', () => writeFileSync(join(cwd, 'stripe/a.yaml'), 'version: 1\n')],
      ['the configuration declares no products', () => rmSync(later)],
    ];
    let step = 0;
    const run = await runCli(['lint', '--watch', 'stripe/**/*.yaml'], {
      cwd,
      onStart(child) {
        let printed = '';
        child.stdout?.on('data', (chunk: string) => {
          printed += chunk;
          const [verdict, next] = steps[step] ?? ['✗ stripe/a.yaml is invalid', () => child.kill('SIGINT')];
          if (!printed.includes(verdict) || !printed.endsWith('\n\n')) return;
          printed = '';
          step += 1;
          next();
        });
      },
    });
    expect([run.exitCode, step]).toEqual([130, 5]);
    expect(run.stderr).toBe('Checking stripe/**/*.yaml whenever it changes, until Ctrl+C.\n\n');
  });

  test('can not watch standard input', async () => {
    const run = await inFolder({}, ['lint', '--watch', '-'], products);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(/^--watch takes no standard input: that never changes\./);
  });

  test('lists so many of their names that the line stays one to read', async () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`${index + 10}.yaml`, 'version: 1\n']));
    const files = { ...many, '10.yaml': products };
    const [terminal, markdown] = await Promise.all([
      inFolder(files, ['lint', '*.yaml']),
      inFolder(files, ['lint', '*.yaml', '--format', 'markdown']),
    ]);
    expect(terminal.stdout).toBe('✓ the 12 files are valid: 1 entry\n');
    expect(markdown.stdout).toContain('`19.yaml`, and 2 more · ');
  });

  test('says that none of them has an environment', async () => {
    const args = ['check', 'stripe/*.yaml', '--live', 'live.json', '--environment', 'staging', '--format', 'json'];
    expect(report(await inFolder(shopFiles, args)).notes).toContain(
      'The configuration has no environment "staging" (it has none): the values outside environments were compared.',
    );
  });

  test('takes a glob for the files before a change too', async () => {
    const files = {
      ...shopFiles,
      'before/all.yaml': 'version: 1\nproducts: { pro: { id: prod_pro, name: Pro Plan } }\n',
      'before/policy.yaml': 'version: 1\npolicy: {}\n',
    };
    const run = await inFolder(files, [
      'check',
      'stripe/*.yaml',
      '--base',
      'before/*.yaml',
      '--live',
      'live.json',
      '--format',
      'json',
    ]);
    expect(report(run).base).toBe('before/*.yaml');
    expect(report(run).findings.map(({ origin, name }) => `${origin} ${name}`)).toEqual([
      'pending pro_monthly',
      'drift pro',
    ]);
    const none = await inFolder(files, [
      'check',
      'stripe/*.yaml',
      '--base',
      'none/*.yaml',
      '--live',
      'live.json',
      '--format',
      'json',
    ]);
    expect(report(none).error?.message).toMatch(/^--base names "none\/\*\.yaml", which matches no file: /);
  });
});

describe.concurrent('standard input', () => {
  const file = 'version: 1\nproducts:\n  pro: { id: prod_pro, name: Pro Plan }\n';

  test('is a file among others', async () => {
    const { 'stripe/prices.yaml': prices = '' } = shopFiles;
    const run = await inFolder(
      { 'prices.yaml': prices },
      ['check', '-', 'prices.yaml', '--live', 'live.json', '--format', 'json'],
      file,
    );
    expect(run.exitCode).toBe(2);
    expect(report(run).files).toEqual(['<stdin>', 'prices.yaml']);
    expect(report(run).findings.map((finding) => `${finding.at.file} ${brief(finding)}`)).toEqual([
      'prices.yaml changed prices.pro_monthly.unit_amount 7',
      '<stdin> changed products.pro.name 3',
    ]);
  });

  test('has a place that people understand, and none that GitHub or code scanning would look for', async () => {
    const of = (format: string) => inFolder({}, ['check', '-', '--live', 'live.json', '--format', format], file);
    const [terminal, github, sarif] = await Promise.all([of('terminal'), of('github'), of('sarif')]);
    expect(terminal.stdout).toMatch(/error +<stdin>:3:24 +pro +name/);
    const [annotation] = annotationsIn(commandsIn(github.stdout));
    expect(annotation).toMatchObject({ level: 'error', message: expect.stringMatching(/^<stdin>:3:24 products\.pro/) });
    expect(annotation?.file).toBeUndefined();
    expect(JSON.parse(sarif.stdout).runs[0].results).toMatchObject([{ locations: [] }]);
  });

  test.each([
    ['', 'The file declares nothing.'],
    ['version: 1', 'The file declares nothing to compare.'],
    ['#'.repeat(5 * 1024 * 1024), '"<stdin>" is longer than 4 MiB (4194304 bytes), and longer files are not read.'],
  ])('that is no configuration is told of', async (text, message) => {
    const run = await inFolder({}, ['lint', '-', '--format', 'json'], text);
    expect(run.exitCode).toBe(1);
    expect(report(run).findings[0]?.message.slice(0, message.length)).toBe(message);
  });
});

// --- In the Action

describe.concurrent('the Action', () => {
  const files = { ...shopFiles, '.git/HEAD': `${commit}\n` };

  test('checks what each line of config names as one configuration', async () => {
    await tellStory({ files }, {}, async (_, run) => {
      const [found, globbed] = await Promise.all([
        run({ inputs: { config: 'stripe/products.yaml\n\nstripe/prices.yaml' } }),
        run({ inputs: { config: 'stripe/*.yaml\nstripe/prices.yaml' } }),
      ]);
      expect(found.report.files).toEqual(['stripe/prices.yaml', 'stripe/products.yaml']);
      expect(globbed.report.findings).toEqual(found.report.findings);
      expect(found.annotations.slice(0, 2)).toMatchObject([
        { file: 'stripe/prices.yaml', line: 7 },
        { file: 'stripe/products.yaml', line: 5 },
      ]);
      expect(found.summary).toContain(
        '(https://github.com/acme/shop/blob/8f5c1e0c3d2b4a697887766554433221100ffeed/stripe/prices.yaml#L7)** `stripe/prices.yaml:7`',
      );
    });
  });

  test('takes a path with a comma for one', async () => {
    const run = await runAction({
      files: { 'a,b.yaml': products, '.git/HEAD': 'ref: refs/heads/main\n' },
      inputs: { config: 'a,b.yaml', 'on-missing-key': 'skip' },
    });
    expect(run.outputs).toMatchObject({ status: 'skipped' });
    expect(asReport(run.report).files).toEqual(['a,b.yaml']);
  });

  test('knows its comment again whatever files a glob has come to name, in whatever order the lines are', async () => {
    const inputs = { comment: 'on-drift', config: 'stripe/*.yaml\nmore/**/*.yaml' };
    await tellStory(
      { files: { ...files, 'more/a.yaml': 'version: 1\n' }, event: pullRequest(), inputs },
      {},
      async (github, run) => {
        await run();
        await run({
          files: { ...files, 'more/b/c.yaml': 'version: 1\n' },
          inputs: { config: 'more/**/*.yaml\nstripe/*.yaml' },
        });
        expect(github.comments).toHaveLength(1);
        expect(github.comments[0]?.body).toContain('`more/b/c.yaml`');
        await run({ inputs: { config: 'stripe/products.yaml' } });
        expect(github.comments).toHaveLength(2);
      },
    );
  });

  const refused: readonly (readonly [string, (folder: string) => string, RegExp])[] = [
    [
      'a glob that begins outside',
      () => '../*.yaml',
      /^config is "\.\.\/\*\.yaml", which lies outside the workspace\.$/,
    ],
    [
      'a path outside after one within',
      () => 'stripe/*.yaml\n/etc/hostname',
      /^config is "\/etc\/hostname", which lies/,
    ],
    [
      'a link that leads out, found by a glob',
      (folder) => {
        symlinkSync('/etc/hostname', join(folder, 'stripe/link.yaml'));
        return 'stripe/*.yaml';
      },
      /^config is "stripe\/link\.yaml", which lies outside the workspace\.$/,
    ],
    [
      'a glob that begins with a link that leads out',
      (folder) => {
        symlinkSync('/etc', join(folder, 'out'));
        return 'out/*name';
      },
      /^config is "out\/\*name", which lies outside the workspace\.$/,
    ],
    [
      'files of two checkouts',
      (folder) => {
        mkdirSync(join(folder, 'other/.git'), { recursive: true });
        writeFileSync(join(folder, 'other/a.yaml'), products);
        return '{stripe,other}/*.yaml';
      },
      /^config names files of 2 checkouts: other, the workspace itself\.$/,
    ],
  ];
  test.each(refused)('refuses %s', async (_, prepare, message) => {
    const workspace = repository(shopFiles);
    const config = prepare(workspace);
    const run = await runAction({ workspace, inputs: { config, 'stripe-api-key': liveKey } });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ status: 'error' });
    expect(asReport(run.report).error?.message).toMatch(message);
  });
});

// --- What is no plain file

const bash = existsSync('/bin/bash');
const bundle = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url));

/** A pipe, and a socket, each with a name in a folder. */
async function oddFiles(folder: string): Promise<() => void> {
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, 'socket.yaml'), resolve));
  symlinkSync('pipe.yaml', join(folder, 'link.yaml'));
  return () => server.close();
}

describe.skipIf(!bash).concurrent('what is no plain file', () => {
  test.each([
    ['pipe.yaml', 'pipe.yaml is a pipe, and only plain files are read.'],
    ['link.yaml', 'link.yaml is a pipe, and only plain files are read.'],
    ['socket.yaml', 'socket.yaml is a socket, and only plain files are read.'],
    ['*pe.yaml', /matches no file|is a pipe, and only plain files are read/],
    ['l*.yaml', /matches no file|is a pipe, and only plain files are read/],
  ])('is not opened by the Action: %s', async (config, says) => {
    const workspace = repository(shopFiles);
    const close = await oddFiles(workspace);
    const run = await runAction({ workspace, inputs: { config, 'stripe-api-key': liveKey }, timeoutMs: 20_000 });
    close();
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ status: 'invalid' });
    const [finding] = asReport(run.report).findings;
    expect(finding?.message).toEqual(typeof says === 'string' ? says : expect.stringMatching(says));
  });

  test('is told by the command line, wherever it is named', async () => {
    const cwd = repository({ 'stripe-config.yaml': products, 'live.json': snapshot([]) });
    const close = await oddFiles(cwd);
    const odd: [string, RegExp][] = [
      ['pipe.yaml', /is a pipe to which nothing was written for 5 seconds/],
      ['socket.yaml', /is a socket, and only plain files are read/],
      ['/dev/zero', /is a device, and only plain files are read/],
      ['.', /is a directory/],
    ];
    const calls: ((file: string) => string[])[] = [
      (file) => ['lint', file],
      (file) => ['check', '--live', file],
      (file) => ['check', '--live', 'live.json', '--base', file],
      (file) => ['permissions', file],
    ];
    await Promise.all(
      odd.flatMap(([file, says]) =>
        calls.map(async (call) => {
          const run = await runCli(call(file), { cwd, timeoutMs: 20_000 });
          expect(run.exitCode).toBe(1);
          expect(run.stdout + run.stderr).toMatch(says);
        }),
      ),
    );
    const merge = await runCli(['export', '--merge', '--live', 'live.json', '--output', 'pipe.yaml'], { cwd });
    expect(merge).toMatchObject({ exitCode: 1, stdout: '' });
    expect(merge.stderr).toContain('pipe.yaml is a pipe, and only plain files are read.\n');
    close();
  });

  /** Runs a line of the shell in which `$CLI` is the command line. */
  const shell = (line: string, cwd: string) =>
    new Promise<{ code: number | null; said: string }>((resolve) => {
      const env = { PATH: process.env.PATH, CLI: `${process.execPath} ${bundle}` };
      const options = { cwd, env, timeout: 40_000 };
      const child = execFile('/bin/bash', ['-c', line], options, (_, stdout, stderr) =>
        resolve({ code: child.exitCode, said: stdout + stderr }),
      );
    });

  test.each([
    ['what a command prints', '$CLI lint <(cat stripe-config.yaml)', 0, / is valid: 1 entry/],
    [
      'what a slow command prints',
      '$CLI lint <(sleep 1; head -c 9 stripe-config.yaml; sleep 1; tail -c +10 stripe-config.yaml)',
      0,
      / is valid: 1 entry/,
    ],
    [
      'a pipe that is opened later',
      'mkfifo p; (sleep 1; cat stripe-config.yaml > p) & $CLI lint p',
      0,
      / is valid: 1 entry/,
    ],
    [
      'several',
      '$CLI lint <(cat stripe-config.yaml) <(echo version: 1; echo "prices: {}")',
      0,
      /the 2 files are valid: 1 entry/,
    ],
    [
      'the base, and what is live',
      '$CLI check --base <(cat stripe-config.yaml) --live <(cat live.json)',
      2,
      / · 1 older difference \(error\)\n/,
    ],
    ['standard input by its path', 'cat stripe-config.yaml | $CLI lint /dev/stdin', 0, / is valid: 1 entry/],
    ['a file as standard input, by its path', '$CLI lint /dev/stdin < stripe-config.yaml', 0, / is valid: 1 entry/],
    ['what has no end', '$CLI lint <(yes)', 1, /longer than 4 MiB \(4194304 bytes\), and longer files are not read/],
    ['nothing', '$CLI lint <(true)', 1, /is a pipe to which nothing was written for 5 seconds/],
  ])('is read by the command line where a shell gives it: %s', async (_, line, code, says) => {
    const cwd = repository({ 'stripe-config.yaml': products, 'live.json': snapshot([]) });
    const ran = await shell(line, cwd);
    expect(ran.said).toMatch(says);
    expect(ran.code).toBe(code);
  });

  test.each([
    ['standard input', '$CLI lint - < <(sleep 20 2>/dev/null) & sleep 1; kill -INT $!; wait $!'],
    ['a pipe', '$CLI lint <(sleep 20 2>/dev/null) & sleep 1; kill -INT $!; wait $!'],
  ])('ends when it is interrupted while it waits: %s', async (_, line) => {
    const started = performance.now();
    // In a script the shell has its background commands ignore the signal.
    const ran = await shell(`set -m; ${line}`, repository({}));
    expect(ran.code).toBe(130);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

// --- Any account, in any number of files

const FILES = ['a/products.yaml', 'b.yaml', 'c c.yaml', 'stripe-config.yaml'];

async function compared(sources: readonly Source[], live: string): Promise<Report> {
  const request = { sources, environment: null, failOn: 'error', commit: null } as const;
  return shown(await check({ ...request, live: new SnapshotLive(live, 'live.json') }), 'full');
}

/** Entries by section. */
type Sections = Map<string, [string, Tree][]>;
interface Part {
  readonly sections: Sections;
  /** What the environment `live` lays over them, or over those of another file. */
  readonly over: Sections;
  readonly policy: readonly [string, Tree][];
}

/** What is declared, dealt out to files: entries, parts of entries as an environment, and the policy to one or two. */
function dealt(whole: Names, dice: Dice): Part[] {
  const policy = whole.pairs.filter(([name]) => name === 'policy').map(([name, tree]): [string, Tree] => [name, tree]);
  const stating = [dice.roll(FILES.length), dice.roll(FILES.length)];
  const parts = FILES.map(
    (_, index): Part => ({ sections: new Map(), over: new Map(), policy: stating.includes(index) ? policy : [] }),
  );
  for (const [section, tree] of whole.pairs) {
    if (section === 'policy') continue;
    if (dice.often(30)) dice.pick(parts).sections.set(section, []);
    for (const [name, entry] of (tree as Names).pairs) {
      // A field of a section that is one object.
      if (!(entry instanceof Names)) {
        add(dice.pick(parts).sections, section, [name, entry]);
        continue;
      }
      const { pairs, base } = entry;
      const moved = pairs.filter(([field]) => !base.has(field) && dice.often(30));
      const kept = pairs.filter((pair) => !moved.includes(pair));
      add(dice.pick(parts).sections, section, [name, new Names(kept, [...base])]);
      if (moved.length > 0) add(dice.pick(parts).over, section, [name, new Names(moved)]);
    }
  }
  return parts;
}

function add(sections: Sections, section: string, ...entries: [string, Tree][]): void {
  sections.set(section, [...(sections.get(section) ?? []), ...entries]);
}

/** All parts as one. */
function together(parts: readonly Part[]): Part {
  const whole: Part = {
    sections: new Map(),
    over: new Map(),
    policy: parts.flatMap(({ policy }) => policy).slice(0, 1),
  };
  for (const { sections, over } of parts) {
    for (const [section, entries] of sections) add(whole.sections, section, ...entries);
    for (const [section, entries] of over) add(whole.over, section, ...entries);
  }
  return whole;
}

function written({ sections, over, policy }: Part, seed: number): Written {
  const maps = (all: Sections) => [...all].map(([section, entries]): [string, Tree] => [section, new Names(entries)]);
  const live = new Names([['live', new Names(maps(over))]]);
  return write(
    new Names([...policy, ...maps(sections), ...(over.size === 0 ? [] : [['environments', live] as const])]),
    seed,
  );
}

/** A report without what splitting the file may change: places, the order that they give, and the clock. */
function withoutPlaces({
  findings,
  ignored,
  sections,
  catalogue,
  files: _,
  startedAt: __,
  durationMs: ___,
  ...rest
}: Report): unknown {
  const placeless = ({ at: _, ...finding }: Finding) => finding;
  const sorted = (list: readonly unknown[]) =>
    list
      .map((item) => JSON.stringify(item, inOrder).replace(/\[\d+\] is/g, '[…] is'))
      .map((text) => text.replace(/[ (](?:on line \d+|at \S*\.yaml:\d+|at \\"[^"]*":\d+)/g, ' at …'))
      .sort();
  return {
    ...rest,
    findings: sorted(findings.map(placeless)),
    ignored: sorted(ignored.map(({ finding }) => placeless(finding))),
    sections: [...sections].map(([name, { inSyncNames, durationMs: _, ...section }]) => [
      name,
      sorted(inSyncNames),
      section,
    ]),
    catalogue: sorted(catalogue),
  };
}

/** The names of a map in order: which stands first in a file means nothing, and neither does the place of a word in a set. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
}

describe('any configuration', () => {
  fc.configureGlobal({ interruptAfterTimeLimit: 100_000, seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) });
  const scenes = fc.tuple(cases(), fc.nat(), fc.nat(), fc.integer());

  /** The live side of a case after one change, one object gone and one more there than is declared. */
  function drifted(entries: readonly Entry[], which: number, how: number) {
    const changed = entries[which % entries.length] as Entry;
    const after = edit(changed, how);
    const live = after === null ? entries : replaced(entries, changed, after.live);
    const kept = entries.length > 2 ? live.filter((_, index) => index !== (which + 1) % entries.length) : live;
    return {
      changed,
      field: after?.field,
      live: snapshot([...kept, { section: 'products', live: product({ id: 'prod_more' }) as never }]),
    };
  }

  test('gives the same report whether it is one file or several, in whatever order these are named', async () => {
    let findings = 0;
    await fc.assert(
      fc.asyncProperty(scenes, async ([{ entries, seed }, which, how, deal]) => {
        const dice = new Dice(deal);
        const parts = dealt(declaration(entries, new Dice(seed)), dice);
        const { live } = drifted(entries, which, how);
        const file = 'stripe-config.yaml';
        const one = await compared([{ file, ...decode(written(together(parts), seed).bytes) }], live);
        const sources = parts.map((part, index) => ({
          file: FILES[index] as string,
          ...decode(written(part, deal + index).bytes),
        }));
        const several = await compared(sources, live);
        expect(withoutPlaces(several)).toEqual(withoutPlaces(one));
        expect(one.compared).toBe(true);
        const again = await compared(dice.shuffled(sources), live);
        const clock = { startedAt: '', durationMs: 0, sections: null };
        expect({ ...again, ...clock }).toEqual({ ...several, ...clock });
        findings += several.findings.length;
      }),
      runs(40),
    );
    expect(findings).toBeGreaterThan(60);
  });

  test('shows a change at the key of the file that states it', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async ([{ entries, seed }, which, how, deal]) => {
        const { changed, field, live } = drifted(entries, which, how);
        fc.pre(field !== undefined);
        const parts = dealt(declaration(entries, new Dice(seed)), new Dice(deal));
        const files = new Map(parts.map((part, index) => [FILES[index] as string, written(part, deal + index)]));
        const report = await compared(
          [...files].map(([file, { bytes }]) => ({ file, ...decode(bytes) })),
          live,
        );
        const { section, name } = changed;
        const found = report.findings.find(
          (finding) => finding.problem === 'changed' && finding.section === section && finding.name === name,
        );
        if (found?.problem !== 'changed') throw new Error('The change was not found.');
        const { file, ...place } = found.at;
        const text = files.get(file)?.text ?? '';
        const path = [...pathOf(changed), found.field];
        expect([keyPlace(text, ['environments', 'live', ...path]), keyPlace(text, path)]).toContainEqual(place);
      }),
      runs(40),
    );
  });
});

describe('a configuration that does not exist', () => {
  const found = async (files: Files, config: string) => {
    const [source] = await readSources([config], { folder: repository(files) });
    return source !== undefined && 'problem' in source ? source.problem : source;
  };

  test.each<[string, Files, string, string]>([
    ['another ending', { 'stripe-config.yml': '' }, 'stripe-config.yaml', 'stripe-config.yml'],
    ['another case', { 'Stripe-Config.yaml': '' }, 'stripe-config.yaml', 'Stripe-Config.yaml'],
    ['other signs between its words', { 'stripe_config.yaml': '' }, 'stripe-config.yaml', 'stripe_config.yaml'],
    ['a folder', { 'infra/stripe-config.yaml': '' }, 'stripe-config.yaml', 'infra/stripe-config.yaml'],
    ['a hidden folder', { '.github/stripe-config.yml': '' }, 'stripe-config.yaml', '.github/stripe-config.yml'],
    ['a folder above', { 'stripe.yaml': '' }, 'config/stripe.yaml', 'stripe.yaml'],
    ['the nearest of several', { 'a/b/c.yaml': '', 'z/c.yaml': '' }, 'c.yaml', 'z/c.yaml'],
  ])('names the one with %s', async (_, files, config, near) => {
    const [, named] = /^does not exist, but "?(.+?)"? does$/.exec(String(await found(files, config))) ?? [];
    expect(named).toBe(near);
  });

  test.each<[string, Files, string]>([
    ['installed', { 'node_modules/x/stripe-config.yaml': '' }, 'stripe-config.yaml'],
    ["git's", { '.git/stripe-config.yaml': '' }, 'stripe-config.yaml'],
    ['too deep', { 'a/b/c/d/e/stripe-config.yaml': '' }, 'stripe-config.yaml'],
    ['no configuration', { 'stripe-config.md': '' }, 'stripe-config.yaml'],
  ])('names none that is %s', async (_, files, config) => {
    expect(await found(files, config)).toBe('does not exist');
  });

  test('is told on the command line from the root of the checkout, and by the Action within the workspace', async () => {
    const checkout = repository({ 'infra/stripe-config.yml': 'version: 1\n', 'docs/guide/x.md': '' });
    const lint = await runCli(['lint'], { cwd: join(checkout, 'docs/guide') });
    expect(lint.stdout + lint.stderr).toContain('does not exist, but "../../infra/stripe-config.yml" does\n');
    const inside = await readSources(['stripe-config.yaml'], { folder: join(checkout, 'docs') });
    expect(inside).toMatchObject([{ problem: 'does not exist' }]);
  });

  test('may be called like the beginning of a key', async () => {
    const cwd = repository({ 'my_test_config.yaml': 'version: 1\nproducts: {}\n' });
    expect((await runCli(['lint', 'my_test_config.yaml'], { cwd })).exitCode).toBe(0);
    for (const key of ['sk_live_abcdef', 'rk_test_abc', 'xx_live_1']) {
      const { stdout, stderr } = await runCli(['lint', key], { cwd });
      expect(stdout + stderr).toContain('looks like a key');
      expect(stdout + stderr).not.toContain(key);
    }
  });
});
