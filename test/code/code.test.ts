/** What a repository's code names, read from a folder as a stranger may fill it. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { array, assert, asyncProperty, constantFrom, record, string, uniqueArray } from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CodeReading, type CodeRequest, readCode } from '../../src/code/code.ts';
import { runs } from '../runs.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'code-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(files: { readonly [file: string]: string | Buffer }): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

const PRICE = 'price_1Qw7ErTyUiOpAs4DfGhJkLzX';

function read(request: Partial<CodeRequest>): Promise<CodeReading> {
  const forms = [{ section: 'some', prefix: 'price_1', lengths: [23] }];
  return readCode({ root, handlers: [], paths: null, forms, keys: null, ...request });
}

const hook = (...globs: string[]) => ({ handlers: [{ name: 'hook', globs }] });

/** Places and types of a handler. */
function named({ handlers }: CodeReading): string[] {
  return handlers.flatMap(({ mentions }) => mentions.map(({ type, at }) => `${at.file}:${at.line} ${type}`));
}

function passedOver({ passedOver: passed }: CodeReading): string[] {
  return passed.map(({ reason, count, first }) => `${reason} ${count} ${first}`).sort();
}

describe('a handler', () => {
  test('names what each of its files does', async () => {
    put({
      'hooks/a.ts': "on('invoice.paid')",
      'hooks/deep/b.py': '\non("charge.refunded")',
      'hooks/c.md': "'invoice.sent'",
      'hooks/d.json': '["invoice.voided"]',
      'hooks/e.test.ts': "on('customer.created')",
      'other/f.ts': "log('plan.created')",
    });
    const reading = await read(hook('hooks/**'));
    expect(named(reading)).toEqual(['hooks/a.ts:1 invoice.paid', 'hooks/deep/b.py:2 charge.refunded']);
    expect(reading.handlers[0]).toMatchObject({ files: 3, dispatches: false, libraries: [] });
    expect([...reading.words].sort()).toEqual(['charge.refunded', 'invoice.paid', 'plan.created']);
    expect(reading).toMatchObject({ files: 4, isComplete: true, paths: null, problems: [] });
    expect(passedOver(reading)).toEqual(['language 1 hooks/c.md', 'test 1 hooks/e.test.ts']);
  });

  test('reads a test and a vendored folder that it names itself', async () => {
    put({ 'src/a.test.ts': "on('invoice.paid')", 'vendor/ours/b.ts': "on('charge.refunded')", 'vendor/c.ts': '' });
    expect(named(await read(hook('src/*.test.ts', 'vendor/ours/**')))).toEqual([
      'src/a.test.ts:1 invoice.paid',
      'vendor/ours/b.ts:1 charge.refunded',
    ]);
  });

  test.each([
    'vendor',
    'Vendor',
    'vendors',
    'third_party',
    'build',
    'gen',
    'test',
    'fixtures',
    'seeds',
    'docs',
    'examples',
    'migrations',
  ])('reads src/%s if a step of its glob has that very name, and so do the paths', async (name) => {
    put({ [`src/${name}/stripe.py`]: 'if kind == "invoice.paid": pay()', 'src/other/stripe.py': '' });
    const types = async (glob: string) => {
      const [ofHandler, ofPaths] = await Promise.all([read(hook(glob)), read({ paths: [glob] })]);
      return [...named(ofHandler), ...(ofPaths.paths?.events ?? []).map(({ type }) => type)];
    };
    for (const glob of [`src/${name}/**`, `src/${name}`, `**/${name}/*.py`, `src/{other,${name}}/**`])
      expect(await types(glob)).toEqual([`src/${name}/stripe.py:1 invoice.paid`, 'invoice.paid']);
    for (const glob of ['src/**', `src/${name.slice(0, -1)}*/**`]) expect(await types(glob)).toEqual([]);
  });

  test('dispatches by names only in files that have to do with events', async () => {
    put({ 'hooks/stripe.py': 'if kind == "invoice.paid": pay()', 'hooks/settings.py': 'getattr(settings, name)' });
    expect((await read(hook('hooks/**'))).handlers[0]?.dispatches).toBe(false);
    put({ 'hooks/base.py': "getattr(self, 'on_' + event['type'].replace('.', '_'))(event)" });
    expect((await read(hook('hooks/**'))).handlers[0]?.dispatches).toBe(true);
  });

  test('has files that create endpoints: what these name, other code handles', async () => {
    put({
      'hooks/setup.js': "stripe.webhookEndpoints.create({ url, enabled_events: ['invoice.sent'] })",
      'hooks/both.js':
        "create({ enabled_events: ['invoice.paid'] });\nconst event = constructEvent(body, signature, secret);",
    });
    const reading = await read(hook('hooks/**'));
    expect(named(reading)).toEqual(['hooks/both.js:1 invoice.paid']);
    expect(reading.words).toContain('invoice.sent');
  });

  test('is around a lock file with a library that handles events itself', async () => {
    put({
      'api/src/hook.php': '<?php on("invoice.paid");',
      'api/composer.lock': '{"packages": [{"name": "laravel/cashier"}]}',
      'web/package-lock.json': '{"packages": {"node_modules/@better-auth/stripe": {}}}',
      'Gemfile.lock': 'GEM\n  specs:\n    pay (7.1.0)\n',
      'yarn.lock': '"pay@1":\n',
    });
    expect((await read(hook('api/src/**'))).handlers[0]?.libraries).toEqual(['laravel/cashier', 'pay']);
  });
});

describe('the paths', () => {
  test('name event types in Stripe’s files, and neither in senders nor in catalogues', async () => {
    const { eventTypes } = await import('../../src/resources/events.ts');
    put({
      'src/stripe.ts': "on('invoice.paid')",
      'src/other.ts': "on('charge.refunded')",
      'src/stripe/setup.ts': "create({ enabled_events: ['invoice.sent'] })",
      'src/stripe/all.ts': eventTypes.map((type) => `'${type}'`).join(','),
      'src/stripe/types.yaml': 'type: plan.created',
      'src/stripe/made.ts': "// @generated\non('invoice.voided')",
    });
    const reading = await read({ paths: ['src'] });
    expect(reading.paths?.events.map(({ type }) => type)).toEqual(['invoice.paid']);
    expect(passedOver(reading)).toEqual(['generated 1 src/stripe/made.ts']);
  });

  test('leave to a handler what is its own, and take out what a glob with ! names', async () => {
    put({ 'stripe/a.ts': "on('invoice.paid')", 'stripe/b.ts': "on('invoice.sent')", 'stripe/c/d.ts': `f('${PRICE}')` });
    const reading = await read({ ...hook('stripe/a.ts'), paths: ['stripe/**', '!stripe/c/**'] });
    expect(reading.paths).toMatchObject({ files: 2, ids: [], events: [{ type: 'invoice.sent' }] });
  });

  test('name types by constants, lists and classes that are called after Stripe', async () => {
    put({
      'constants.py': `STRIPE_EVENT_PAID = "invoice.paid"
STRIPE_EVENT_FAILED = (
    "invoice.payment_failed"
)
OWN_EVENT = "invoice.sent"
if provider == "stripe":
    send("invoice.voided")
`,
      'types.ts': "export enum StripeEvents {\n  Refunded = 'charge.refunded',\n}\nconst own = 'customer.created';\n",
    });
    const { paths } = await read({ paths: ['**'] });
    expect(paths?.events.map(({ type }) => type)).toEqual([
      'invoice.paid',
      'invoice.payment_failed',
      'charge.refunded',
    ]);
  });

  test('name ids and keys, and not those of a file that is besides', async () => {
    const field = ['lookup', 'key'].join('_');
    put({
      'a.yaml': `pro: ${PRICE}`,
      'config.yaml': `pro: ${PRICE}`,
      'b.ts': `import Stripe from 'stripe';\nlist({ ${field}: 'pro' })`,
    });
    const { paths } = await read({ paths: ['**'], besides: ['config.yaml'], keys: { field, aside: [] } });
    expect(paths?.ids).toMatchObject([{ id: PRICE, section: 'some', at: { file: 'a.yaml', line: 1, column: 6 } }]);
    expect(paths?.keys).toMatchObject([{ key: 'pro', at: { file: 'b.ts', line: 2 } }]);
  });
});

test('nothing is opened that nobody asks for', async () => {
  put({ 'a.ts': '' });
  expect(await read({})).toMatchObject({ files: 0, passedOver: [] });
});

test('a glob that finds nothing says why', async () => {
  put({ 'src/a.test.ts': '', 'real/a.ts': '' });
  symlinkSync(join(root, 'real'), join(root, 'linked'));
  const globs = ['src/**', 'gone/**', '../x/**', '/etc/**', 'linked/**', '{a,b}'.repeat(9), '!gone', 'real'];
  expect((await read(hook(...globs))).problems).toEqual(
    expect.arrayContaining([
      { handler: 'hook', glob: '../x/**', problem: 'outside' },
      { handler: 'hook', glob: '/etc/**', problem: 'outside' },
      { handler: 'hook', glob: '{a,b}'.repeat(9), problem: 'braces' },
      { handler: 'hook', glob: 'src/**', problem: 'passed', reason: 'test' },
      { handler: 'hook', glob: 'gone/**', problem: 'nothing' },
      { handler: 'hook', glob: 'linked/**', problem: 'link' },
    ]),
  );
  expect((await read(hook(...globs))).problems).toHaveLength(6);
  expect((await read({ paths: ['gone'] })).problems).toEqual([{ handler: null, glob: 'gone', problem: 'nothing' }]);
});

test('a glob that finds only files in no language says so', async () => {
  put({ 'hook.pl': "'invoice.paid'", 'hook.test.pl': '', 'a/b.ts': '', 'a/c.pl': '' });
  const { problems } = await read({ ...hook('*.pl', 'a/**'), paths: ['hook.*', 'a/c.pl'] });
  expect(problems).toEqual([
    { handler: 'hook', glob: '*.pl', problem: 'passed', reason: 'language' },
    { handler: null, glob: 'hook.*', problem: 'passed', reason: 'language' },
    { handler: null, glob: 'a/c.pl', problem: 'passed', reason: 'language' },
  ]);
});

test('globs that only take out say that they find nothing', async () => {
  put({ 'a.ts': '' });
  const { problems } = await read({ ...hook('!**', '!a'), paths: ['!b'] });
  expect(problems).toEqual([
    { handler: 'hook', glob: '!**', problem: 'nothing' },
    { handler: null, glob: '!b', problem: 'nothing' },
  ]);
});

describe('each word is kept once a file', () => {
  test('with its first place and how many there are, and handlers with the same files share it', async () => {
    put({ 'a.ts': "on('invoice.paid')\n".repeat(5000) });
    const same = Array.from({ length: 40 }, (_, n) => ({ name: `same${n}`, globs: ['**'] }));
    const { handlers } = await read({ handlers: [...same, { name: 'other', globs: ['*.ts'] }], paths: null });
    expect(handlers).toHaveLength(41);
    expect(handlers[0]?.mentions).toMatchObject([{ type: 'invoice.paid', at: { line: 1 }, count: 5000 }]);
    for (const { mentions } of handlers) expect(mentions[0]).toBe(handlers[0]?.mentions[0]);
  });

  test('of event types that no handler has', async () => {
    put({ 'stripe.ts': "on('invoice.paid')\non('invoice.paid')\non('invoice.sent')" });
    const { paths } = await read({ paths: ['**'] });
    expect(paths?.events.map(({ type, at, count }) => [type, at.line, count])).toEqual([
      ['invoice.paid', 1, 2],
      ['invoice.sent', 3, 1],
    ]);
  });

  test.each([
    ['unmarked', `const test = '${PRICE}';\n\nconst pro = '${PRICE}';\nconst basic = '${PRICE}';`, 3, 2, [1, 3, 4]],
    ['sold', `const pro = '${PRICE}';\nstripe.subscriptions.create({ price: '${PRICE}' })`, 2, 2, [1, 2]],
    [
      'unmarked before sold',
      `const pro = '${PRICE}';\n\nstripe.subscriptions.create({ test: '${PRICE}' })`,
      1,
      1,
      [1, 3],
    ],
    ['the first of those that are marked', `const test = '${PRICE}';\nconst old = '${PRICE}';`, 1, 2, [1, 2]],
  ])('of ids the one that counts: %s', async (_, text, line, count, lines) => {
    put({ 'a.ts': text });
    const { paths } = await read({ paths: ['**'] });
    expect(paths?.ids).toMatchObject([{ id: PRICE, at: { line }, count, lines }]);
  });

  test('of lookup keys the one that is not marked', async () => {
    const field = ['lookup', 'key'].join('_');
    put({ 'stripe.ts': `test({ ${field}: 'pro' });\n\nlist({ ${field}: 'pro' });` });
    const { paths } = await read({ paths: ['**'], keys: { field, aside: [] } });
    expect(paths?.keys).toMatchObject([{ key: 'pro', at: { line: 3 }, count: 1, lines: [1, 3] }]);
  });

  test('and no more than a run holds, however many handlers have it', async () => {
    const { eventTypes } = await import('../../src/resources/events.ts');
    put({ 'a.ts': eventTypes.map((type) => `'${type}'`).join(',') });
    const handlers = Array.from({ length: 3000 }, (_, n) => ({ name: `h${n}`, globs: ['**'] }));
    const reading = await read({ handlers });
    const count = reading.handlers.reduce((sum, { mentions }) => sum + mentions.length, 0);
    expect(count).toBeGreaterThan(400_000);
    expect(count).toBeLessThanOrEqual(500_000);
    expect(reading.isComplete).toBe(false);
    expect(passedOver(reading)).toEqual(['mentions 1 a.ts']);
  });
});

describe('what nobody asks for', () => {
  test('is read as far as the limit leaves, and only code', async () => {
    put({ 'z/hook.ts': '', 'y.ts': '', 'a.ts': "'invoice.paid'", 'b.json': '{}', 'c.yaml': '', 'd.ts': '' });
    const reading = await read({ ...hook('z/**'), paths: ['y.ts'], limits: { files: 4 } });
    expect(reading).toMatchObject({ files: 4, isComplete: true });
    const less = await read({ ...hook('z/**'), paths: ['y.ts'], limits: { files: 2 } });
    expect(less).toMatchObject({ files: 2, isComplete: false, paths: { files: 1 }, handlers: [{ files: 1 }] });
    expect(passedOver(less)).toEqual(['files 2 a.ts']);
  });
});

describe('too many globs', () => {
  test('are told, and followed up to a thousand', async () => {
    put({ 'a.ts': "'invoice.paid'", 'b99x1.ts': '' });
    const digits = '{0,1,2,3,4,5,6,7,8,9}';
    const paths = Array.from({ length: 2000 }, (_, n) => `b${digits}${digits}x${n}.ts`);
    const reading = await read({ paths });
    expect(reading).toMatchObject({ files: 1, isComplete: false });
    const beyond = reading.problems.filter(({ reason }) => reason === 'globs');
    expect(beyond[0]).toEqual({ handler: null, glob: paths[10], problem: 'passed', reason: 'globs' });
    expect(reading.problems.length).toBe(1000);
  });

  test('take out first', async () => {
    put({ 'secret.ts': '', 'a1.ts': '' });
    const paths = [...Array.from({ length: 1100 }, (_, n) => `a${n}.ts`), '**', '!secret.ts'];
    expect((await read({ paths: ['**', ...paths] })).paths?.files).toBe(1);
  });
});

describe('a hostile tree', () => {
  test('leads nowhere by links', async () => {
    put({ 'src/a.ts': "on('invoice.paid')" });
    symlinkSync('/etc', join(root, 'src/etc'));
    symlinkSync('..', join(root, 'src/up'));
    symlinkSync('a.ts', join(root, 'src/link.ts'));
    symlinkSync('gone', join(root, 'src/gone.ts'));
    const reading = await read(hook('src/**'));
    expect(named(reading)).toEqual(['src/a.ts:1 invoice.paid']);
    expect(passedOver(reading)).toEqual(['link 4 src/etc']);
  });

  test('has binary, large and unreadable files', async () => {
    put({
      'a.ts': Buffer.from("on('invoice.paid')\0"),
      'b.ts': `on('invoice.paid')${' '.repeat(1 << 20)}`,
      'c.ts': "on('invoice.paid')",
      'd.ts': Buffer.from([0xff, 0xfe, 0x27]),
    });
    chmodSync(join(root, 'c.ts'), 0o000);
    const reading = await read(hook('*.ts'));
    const isRoot = process.getuid?.() === 0;
    expect(named(reading)).toEqual(isRoot ? ['c.ts:1 invoice.paid'] : []);
    expect(passedOver(reading)).toEqual(['binary 1 a.ts', 'large 1 b.ts', ...(isRoot ? [] : ['unreadable 1 c.ts'])]);
  });

  test('may have a file of a handler that is too large: what it names is not known', async () => {
    const large = `on('invoice.paid')${' '.repeat(1 << 20)}`;
    put({ 'hooks/a.ts': "on('invoice.sent')", 'hooks/b.ts': large, 'other/c.ts': large });
    const reading = await read(hook('hooks/**'));
    expect(reading).toMatchObject({ isComplete: false, unreadOfHandlers: ['hooks/b.ts'] });
    expect(await read({ ...hook('hooks/a.ts'), paths: ['other'] })).toMatchObject({
      isComplete: true,
      unreadOfHandlers: [],
    });
  });

  test('is read up to its limits, and says so', async () => {
    put(
      Object.fromEntries(
        Array.from({ length: 30 }, (_, index) => [`src/${String(index).padStart(2, '0')}.ts`, "on('invoice.paid')"]),
      ),
    );
    put({ 'a.ts': '' });
    const few = await read({ ...hook('src/**'), limits: { files: 10 } });
    expect(few).toMatchObject({ files: 10, isComplete: false });
    expect(few.handlers[0]?.files).toBe(10);
    expect(passedOver(few)).toEqual(['files 21 src/10.ts']);
    const small = await read({ ...hook('src/**'), limits: { bytes: 100 } });
    expect(small.handlers[0]?.files).toBe(5);
    expect(small.isComplete).toBe(false);
    // A smaller file that comes later is not read either.
    expect(passedOver(small)).toEqual(['bytes 26 src/05.ts']);
  });

  test('may be deep, wide, and have a line without end', async () => {
    const deep = Array.from({ length: 300 }, () => 'd').join('/');
    put({ [`${deep}/a.ts`]: "on('invoice.paid')", 'long.js': `${'x("'.repeat(150_000)}\non('invoice.sent')` });
    put(Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`wide/${index}.ts`, ''])));
    const reading = await read(hook('**/a.ts', 'long.js', '**/**/**/wide/**/*.ts'));
    expect(named(reading)).toEqual([`${deep}/a.ts:1 invoice.paid`, 'long.js:2 invoice.sent']);
    expect(reading.handlers[0]?.files).toBe(2002);
  });

  test('may hold anything: what is planted is found at its line, and nothing else', async () => {
    const planted = "on('invoice.paid');\n";
    /** What a file holds, the line of what is planted in it, and why it is passed over. */
    const contents: readonly { readonly text: string; readonly line?: number; readonly reason?: string }[] = [
      { text: planted, line: 1 },
      { text: `${'\n'.repeat(500)}${planted}`, line: 501 },
      { text: `${'x'.repeat(200_000)};\n${planted}`, line: 2 },
      { text: `${'y;'.repeat(100_000)}${planted}`, line: 1 },
      { text: `/* 'invoice.paid' */ // 'invoice.paid'\n` },
      { text: '`${'.repeat(5000) },
      { text: `${"'".repeat(5001)}\n` },
      { text: `"${'\\\\'.repeat(10_000)}` },
      { text: `text("… 'invoice.paid' …");\n` },
      { text: `\0${planted}`, reason: 'binary' },
      { text: planted.padEnd((1 << 20) + 1, ' '), reason: 'large' },
    ];
    const entry = record({
      folders: array(constantFrom('a', 'b', 'c'), { maxLength: 12 }),
      content: constantFrom(...contents),
      isLink: constantFrom(false, false, false, true),
    });
    await assert(
      asyncProperty(array(entry, { minLength: 1, maxLength: 12 }), async (entries) => {
        const files = entries.map((one, index) => ({ ...one, path: ['at', ...one.folders, `f${index}.ts`].join('/') }));
        put({ 'outside.ts': planted });
        for (const { path, content, isLink } of files) {
          if (!isLink) put({ [path]: content.text });
          else {
            mkdirSync(dirname(join(root, path)), { recursive: true });
            symlinkSync(join(root, 'outside.ts'), join(root, path));
          }
        }
        const reading = await read(hook('at/**'));
        rmSync(join(root, 'at'), { recursive: true });
        const plain = files.filter(({ isLink }) => !isLink);
        const expected = plain.flatMap(({ path, content: { line } }) => (line ? [`${path}:${line} invoice.paid`] : []));
        expect(named(reading).sort()).toEqual(expected.sort());
        const passed = new Map(reading.passedOver.map(({ reason, count }) => [reason as string, count]));
        const count = (reason: string) => plain.filter(({ content }) => content.reason === reason).length;
        for (const reason of ['binary', 'large']) expect(passed.get(reason) ?? 0).toBe(count(reason));
        expect(passed.get('link') ?? 0).toBe(files.length - plain.length);
      }),
      runs(40),
    );
  });

  test('may have names of every kind', async () => {
    const name = string({ unit: 'binary', minLength: 1, maxLength: 12 })
      .map((text) => `n${text.replace(/[/\0]/g, '')}`)
      .filter((text) => Buffer.byteLength(text) < 100);
    const odd = constantFrom(
      '--x',
      '$(x)',
      '`x`',
      'a\nb',
      '::error::',
      'a b',
      '\u202e',
      '[id]',
      '{a,b}',
      '*',
      '!x',
      '\\',
      "it's",
    );
    const file = record({ folders: array(odd, { maxLength: 3 }), name });
    await assert(
      asyncProperty(
        uniqueArray(file, { minLength: 1, maxLength: 6, selector: ({ name }) => name.normalize().toLowerCase() }),
        async (files) => {
          const paths = files.map(({ folders, name }) => [`at`, ...folders, `${name}.ts`].join('/'));
          put(Object.fromEntries(paths.map((path) => [path, "on('invoice.paid')"])));
          const reading = await read(hook('at/**'));
          rmSync(join(root, 'at'), { recursive: true });
          const expected = paths.filter((path) => !reading.passedOver.some(({ first }) => first === path));
          expect(named(reading).sort()).toEqual(expected.map((path) => `${path}:1 invoice.paid`).sort());
        },
      ),
      runs(50),
    );
  });
});

test('the same tree reads the same', async () => {
  put({ 'b.ts': "on('invoice.paid')", 'a/z.ts': "on('invoice.sent')", 'a.ts': "on('charge.refunded')" });
  expect(await read(hook('**'))).toEqual(await read(hook('**')));
});

test('a signal ends it', async () => {
  put({ 'a.ts': '' });
  await expect(read({ ...hook('**'), signal: AbortSignal.abort() })).rejects.toThrow();
});
