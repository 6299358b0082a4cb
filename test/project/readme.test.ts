/** The README and the pages of docs/ are true: every command is run, every snippet validated, every link followed, every message one of the program's. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { owner, version } from '../../.ci/stamp.ts';
import { exportedSections } from '../../src/resources/index.ts';
import { kinds } from '../kinds/index.ts';
import { cleanUp, repository, runCli } from '../runner.ts';
import { liveKey, type StripeState, startStripe, testKey } from '../servers/stripe.ts';
import { catalogue } from '../shop/catalogue.ts';
import { shop, shopFile } from '../shop/state.ts';
import {
  all,
  anchorsOf,
  blocks,
  blocksIn,
  codesOf,
  commandsIn,
  configurations,
  forUsers,
  hooks,
  kindOf,
  linksOf,
  messages,
  printable,
} from './pages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const START = 'Five-minute start';
const secret = 'STRIPE_CHECK_KEY';

/** Commands to copy that are not this program's. */
const FOREIGN = ['npm run demo', 'npm ci && npm test', `gh secret set ${secret}`, 'git diff stripe-config.yaml'];
/** How a shell is given the key, without showing it or keeping it in its history. */
const GIVE_KEY = 'read -rs STRIPE_API_KEY; export STRIPE_API_KEY';
const GIVE_OTHER_KEY = GIVE_KEY.replaceAll('STRIPE_API_KEY', 'STRIPE_API_KEY_OTHER');

afterAll(cleanUp);

/** The arguments of a command of a page; null where it is not this program's. */
function callOf(line: string): string[] | null {
  const [, words] = /^npx stripe-config-check (.+)$/.exec(line) ?? [];
  return words === undefined
    ? null
    : [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => (quoted ?? bare) as string);
}

/** Runs a command to its good end, and gives what it printed. What needs no key gets none. */
async function ran(line: string, cwd: string, url: string, key = liveKey): Promise<string> {
  const args = callOf(line);
  if (args === null) throw new Error(`${line} is no command of this program.`);
  const isKeyless = args[0] === 'lint' || args.includes('--live') || (args[0] === 'permissions' && args.length === 1);
  const other = args.includes('--parity') ? { STRIPE_API_KEY_OTHER: testKey } : {};
  const env = { ...(isKeyless ? {} : { STRIPE_API_KEY: key }), ...other, STRIPE_API_BASE: url };
  const { stdout, stderr, exitCode } = await runCli(args, { cwd, env });
  expect(exitCode, `${line}\n${stdout}${stderr}`).toBe(0);
  return `${stdout}${stderr}`;
}

/** Expects a block to be what was printed, in parts where `…` stands for lines, but for how long it took. */
function expectShown(text: string, printed: string): void {
  const timeless = (all: string) => all.replace(/ · \d+(?: ms|\.\d s)$/gm, '');
  let at = 0;
  for (const part of timeless(text).split(/^…\n/m)) {
    const found = timeless(printed).indexOf(part, at);
    expect(found, `${part}is not in\n${printed}`).toBeGreaterThanOrEqual(at);
    at = found + part.length;
  }
}

/** Expects the lines of a block in a text, in their order. */
function expectLines(text: string, whole: string): void {
  const lines = whole.split('\n');
  let at = -1;
  for (const line of text.trimEnd().split('\n')) {
    const found = lines.indexOf(line, at + 1);
    expect(found, line).toBeGreaterThan(at);
    at = found;
  }
}

describe('the commands to copy', () => {
  test('begin with the demo and the tests, which package.json has', () => {
    expect(commandsIn(blocks).slice(0, 2)).toEqual(['npm run demo', 'npm ci && npm test']);
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']));
  });

  test('are run here, but for those of others, which are known', () => {
    const others = commandsIn(blocks).filter((line) => callOf(line) === null);
    expect(others.sort()).toEqual([...FOREIGN, GIVE_KEY, GIVE_KEY, GIVE_OTHER_KEY].sort());
    expect(callOf('npx stripe-config-chek lint')).toBeNull();
  });

  test.each(['bash', 'zsh'])('give %s the key without showing it or keeping it', (shell) => {
    const run = spawnSync(shell, ['-c', `${GIVE_KEY}; printenv STRIPE_API_KEY`], {
      input: 'rk_a\\b\n',
      encoding: 'utf8',
    });
    // Not every machine has zsh.
    if (run.error === undefined || shell === 'bash') expect(run).toMatchObject({ stdout: 'rk_a\\b\n', stderr: '' });
    const isInHistory = forUsers.map(read).some((page) => /STRIPE_API_KEY=\S+ \w/.test(page));
    expect(isInHistory).toBe(false);
  });

  test('of the start lead from nothing to a checked account, and print what is shown', async () => {
    const [live, inTest] = [catalogue(true), catalogue(false)];
    const state: StripeState = {
      webhook_endpoints: [...live.webhook_endpoints, ...inTest.webhook_endpoints],
      products: [...live.products, ...inTest.products],
      prices: [...live.prices, ...inTest.prices],
    };
    const permissions = exportedSections.map((section) => kinds.get(section)?.row.permission ?? '');
    const keys = { [liveKey]: { mode: 'live', permissions }, [testKey]: { mode: 'test', permissions } } as const;
    const server = await startStripe({ state, keys });
    const cwd = repository({});
    let printed = '';
    let given: string[] = [];
    let shown = 0;
    try {
      for (const block of blocksIn(START)) {
        if (block.language === 'sh') {
          printed = '';
          for (const line of commandsIn([block])) {
            // The first key that is asked for is of live mode, the second of test mode.
            if (line === GIVE_KEY) given = [...given, given.length === 0 ? liveKey : testKey];
            if (callOf(line)) printed += await ran(line, cwd, server.url, given.at(-1));
          }
        } else if (block.language === 'text') {
          expectShown(block.text, printed);
          shown += 1;
        } else if (['file', 'part'].includes(kindOf(block))) {
          expectLines(block.text, readFileSync(join(cwd, 'stripe-config.yaml'), 'utf8'));
          shown += 1;
        }
      }
      for (const key of [liveKey, testKey])
        expect(await ran('npx stripe-config-check check --fail-on warning -q', cwd, server.url, key)).toBe('');
    } finally {
      await server.close();
    }
    expect(shown).toBe(4);
  });

  test('of the recipes do what they say, one after the other', async () => {
    const [live, inTest] = [shop(), shop(false)];
    const state = {
      webhook_endpoints: [...live.webhook_endpoints, ...inTest.webhook_endpoints],
      products: [...live.products, ...inTest.products],
      prices: [...live.prices, ...inTest.prices],
    };
    const server = await startStripe({ state });
    const cwd = repository({
      'stripe-config.yaml': shopFile,
      'billing/webhooks.yaml': 'version: 1\nwebhooks: {}\n',
      'billing/prices/eu.yaml': 'version: 1\nprices: {}\n',
    });
    const lines = commandsIn(blocks.filter(({ section }) => section !== START));
    try {
      const own = lines.filter((line) => callOf(line) !== null);
      expect(own.length).toBeGreaterThan(5);
      for (const line of own) await ran(line, cwd, server.url);
      for (const file of lines.join('\n').matchAll(/--output (\S+\.json)/g))
        expect(existsSync(join(cwd, file[1] ?? ''))).toBe(true);
    } finally {
      await server.close();
    }
  });

  test('store the secret that the workflows use', () => {
    const used = [
      ...forUsers
        .map(read)
        .join('')
        .matchAll(/secrets\.(\w+)/g),
    ].map(([, name]) => name);
    expect([...new Set(used)]).toEqual([secret]);
  });
});

describe('what the pages show', () => {
  test('of the demo is what the demo prints', async () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: { demo: string } };
    const [, , ...args] = scripts.demo.split(' ');
    const shown = blocks.filter(({ language, section }) => language === 'text' && section !== START);
    const runs = await Promise.all([[], ['--fixes']].map((more) => runCli([...args, ...more], { cwd: root })));
    expect(shown).toHaveLength(runs.length);
    for (const [index, { text }] of shown.entries()) {
      expect(text.split('\n').length).toBeGreaterThan(8);
      expectShown(text, runs[index]?.stdout ?? '');
    }
  });

  test('is in languages that are run or validated', () => {
    expect(blocks.filter(({ language }) => !['sh', 'text', 'yaml'].includes(language))).toEqual([]);
    expect(blocks.filter((block) => block.language === 'yaml' && kindOf(block) === 'unknown')).toEqual([]);
    expect(kindOf({ section: '', language: 'yaml', text: 'webhooks: {}\n' })).toBe('unknown');
  });

  test('of configurations is valid', async () => {
    const files = configurations(shopFile);
    expect(files.length).toBeGreaterThan(3);
    for (const text of files) {
      const { stdout, exitCode } = await runCli(['lint'], { cwd: repository({ 'stripe-config.yaml': text }) });
      expect(stdout, text).toMatch(/^✓ stripe-config\.yaml is valid: /m);
      expect(exitCode).toBe(0);
    }
  });

  test('of pre-commit is the hook of this repository, with files that it would be run for', () => {
    const [{ id }] = parse(read('.pre-commit-hooks.yaml')) as [{ id: string }];
    expect(hooks).toHaveLength(1);
    const { repos } = parse(hooks[0] ?? '') as { repos: { hooks: Record<string, unknown>[] }[] };
    const [{ args, files, ...hook } = {}] = repos[0]?.hooks ?? [];
    expect({ ...repos[0], hooks: [hook] }).toEqual({
      repo: `https://github.com/${owner}/stripe-config-check`,
      rev: `v${version}`,
      hooks: [{ id }],
    });
    for (const file of args as string[]) expect(file).toMatch(new RegExp(String(files)));
  });
});

describe('what the pages name', () => {
  test.each(all)('in links of %s is there: files, and headings of this page and of others', (page) => {
    for (const { file, anchor } of linksOf(page)) {
      expect(existsSync(join(root, file)), file).toBe(true);
      if (anchor !== '') expect(anchorsOf(read(file)), `${file}#${anchor}`).toContain(anchor);
    }
  });

  test('in links would be told where it is not there', () => {
    expect(linksOf('README.md').length).toBeGreaterThan(20);
    expect(linksOf('docs/recipes.md')).toContainEqual({ file: 'README.md', anchor: 'recipes' });
    expect(anchorsOf('## What this reads, and never_reads')).toEqual(['what-this-reads-and-never_reads']);
  });

  test('elsewhere by a page is there: in messages, action.yml, examples and forms', () => {
    const folders = ['src', 'examples', '.github'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    );
    const texts = [...folders.filter((file) => /\.(?:ts|ya?ml)$/.test(file)), 'action.yml', '.pre-commit-hooks.yaml'];
    const named = texts.flatMap((file) => [
      ...read(file).matchAll(/(?<=blob\/main\/|(?<![\w./-]))((?:docs\/)?[\w-]+\.md)(?:#([\w-]+))?/g),
    ]);
    for (const [, file = '', anchor] of named) {
      expect(existsSync(join(root, file)), file).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(read(file)), `${file}#${anchor}`).toContain(anchor);
    }
  });

  test('as commands and options is what the program has', async () => {
    const help = async (name: string) => (await runCli(['help', ...(name === '' ? [] : [name])])).stdout;
    const names = [...(await help('')).matchAll(/^ {2}([a-z]+)(?: \S+)? {2,}\S/gm)].map(([, name]) => name as string);
    const told = [...read('docs/reference.md').matchAll(/^\| `([a-z]+)(?: \[FILE…\])?` \| .*\*\*0\*\*/gm)].map(
      ([, name]) => name,
    );
    expect(told).toEqual(names.filter((name) => name !== 'help'));
    const options = new Map<string, string[]>();
    for (const name of told as string[])
      options.set(name, (await help(name)).match(/(?<![\w-])--?[a-z][a-z-]*/g) ?? []);
    const all = [...options.values()].flat();
    const used = forUsers
      .flatMap(codesOf)
      .filter((code) => !code.startsWith('npm '))
      .filter((code) => /(?<![\w-])--?[a-z]/.test(code));
    expect(used.length).toBeGreaterThan(10);
    for (const code of used) {
      const known = options.get(code.split(' ')[0] ?? '') ?? all;
      for (const [option] of code.matchAll(/(?<![\w-])--?[a-z][a-z-]*/g)) expect(known, code).toContain(option);
    }
  });

  test('as tests is there', () => {
    const named = all.flatMap(codesOf).filter((code) => code.startsWith('npm test -- '));
    expect(named.length).toBeGreaterThan(4);
    for (const code of named) {
      const [, file = '', , name = ''] = /^npm test -- (\S+)( -t '(.+)')?$/.exec(code) ?? [];
      expect(read(file), code).toContain(name);
    }
  });

  test('as a message is one that the program can print', () => {
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => printable(read(`src/${file}`)));
    const isPrinted = (message: string) => {
      const words = message.replace(/^…|…$/g, '');
      return sources.some((source) => source.includes(words));
    };
    expect(messages.length).toBeGreaterThan(15);
    expect(messages.filter((message) => !isPrinted(message))).toEqual([]);
    expect(isPrinted('The key may not write …: it lacks the permission …')).toBe(false);
  });

  test('as a message is looked for in what is printed, not in comments', () => {
    const hole = '$' + '{fill({ in: 1 })}';
    expect(printable(`// Not this\n/* nor\n this */ const a = \`It\\'s ${hole}${hole} so.\`;`)).toBe(
      "\n const a = `It's … so.`;",
    );
  });
});
