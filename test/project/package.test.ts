/** The npm package as its users get it: packed, installed offline into an empty folder, and run from there. */
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { findNode20, node24 } from '../runner.ts';
import { liveKey, startStripe } from '../servers/stripe.ts';
import { driftedShop, shopFile } from '../shop/shop.ts';

const root = path.resolve(import.meta.dirname, '../..');
const place = realpathSync(mkdtempSync(path.join(tmpdir(), 'stripe-config-check-package-')));
const shop = path.join(place, 'shop');
const modules = path.join(shop, 'node_modules');
const installed = path.join(modules, 'stripe-config-check');

/** What the tarball holds, below `package/`. */
let packed: string[] = [];

/** A program of npm on a Node, with an empty home (so no cache and no settings) and no network. */
async function run(
  [program, ...args]: readonly ['npm' | 'npx', ...string[]],
  { cwd, node = node24, env }: { cwd: string; node?: string; env?: Readonly<Record<string, string>> },
) {
  const PATH = [path.dirname(node), process.env.PATH].join(path.delimiter);
  const options = { cwd, env: { PATH, HOME: path.join(place, 'home'), ...env } };
  return await promisify(execFile)(program, ['--offline', ...args], options).then(
    ({ stdout, stderr }) => ({ stdout, stderr, exitCode: 0 }),
    ({ stdout, stderr, code }) => ({ stdout, stderr, exitCode: code as number }),
  );
}

beforeAll(async () => {
  mkdirSync(path.join(place, 'home'));
  mkdirSync(shop);
  await succeed(run(['npm', 'pack', '--pack-destination', place], { cwd: root }));
  const tarball = readdirSync(place).find((file) => file.endsWith('.tgz')) as string;
  await succeed(run(['npm', 'install', path.join(place, tarball)], { cwd: shop }));
  packed = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(installed, path.join(entry.parentPath, entry.name)))
    .sort();
  for (const file of ['stripe-config.yaml', 'live.json'])
    copyFileSync(path.join(root, 'examples', file), path.join(shop, file));
});
async function succeed(running: ReturnType<typeof run>): Promise<void> {
  const { stderr, exitCode } = await running;
  if (exitCode !== 0) throw new Error(stderr);
}

afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('the package', () => {
  it('holds the bundle with its licences, the schemas and what is to be read about it, and nothing else', () => {
    const chunk = /^dist\/\d+\.index\.js$/;
    expect(packed.filter((file) => !chunk.test(file))).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/cli/index.js',
      'dist/index.js',
      'dist/licenses.txt',
      'dist/package.json',
      'dist/programs.js',
      ...readdirSync(path.join(root, 'docs')).map((file) => `docs/${file}`),
      'package.json',
      'schema/README.md',
      'schema/report.schema.json',
      'schema/stripe-config.schema.json',
    ]);
    expect(packed.filter((file) => chunk.test(file)).map((file) => path.basename(file))).toEqual(
      readdirSync(path.join(root, 'dist'))
        .filter((file) => chunk.test(`dist/${file}`))
        .sort(),
    );
  });

  it('installs itself and nothing else, and runs nothing to do so', () => {
    expect(readdirSync(modules).sort()).toEqual(['.bin', '.package-lock.json', 'stripe-config-check']);
    expect(readdirSync(path.join(modules, '.bin'))).toEqual(['stripe-config-check']);
    const { packages } = JSON.parse(readFileSync(path.join(modules, '.package-lock.json'), 'utf8'));
    expect(Object.keys(packages)).toEqual(['node_modules/stripe-config-check']);
    expect(packages['node_modules/stripe-config-check']).not.toHaveProperty('hasInstallScript');
  });

  it('names no path of the machine that made it', () => {
    const local = [root, `${tmpdir()}/`, '/root/', '/home/', '/Users/', '/work/', 'C:\\Users'];
    const named = (text: string) => local.filter((name) => text.includes(name));
    for (const file of packed) expect(named(readFileSync(path.join(installed, file), 'utf8')), file).toEqual([]);
    expect(named(`at ${root}/src/cli.ts`)).toContain(root);
  });

  it('has a command that is a program of its own', () => {
    const { bin, engines } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
    expect(bin).toEqual({ 'stripe-config-check': 'dist/cli/index.js' });
    expect(engines).toEqual({ node: '>=20.19' });
    const command = path.join(installed, 'dist/cli/index.js');
    expect(statSync(command).mode & 0o111).toBe(0o111);
    expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('has the schema at the path by which files and the schema itself name it', () => {
    const { $id } = JSON.parse(readFileSync(path.join(installed, 'schema/stripe-config.schema.json'), 'utf8'));
    const [major] = VERSION.split('.');
    expect($id).toBe(`https://cdn.jsdelivr.net/npm/stripe-config-check@${major}/schema/stripe-config.schema.json`);
    const [first] = readFileSync(path.join(root, 'examples/stripe-config.yaml'), 'utf8').split('\n');
    expect(first).toBe(`# yaml-language-server: $schema=${$id}`);
  });
});

describe.each([
  ['the Action’s Node', node24],
  ['Node 20', findNode20()],
])('npx stripe-config-check, offline, on %s', (_, node) => {
  const npx = (args: readonly string[], env = {}) =>
    run(['npx', '--no-install', 'stripe-config-check', ...args], { cwd: shop, node: node as string, env });

  it.skipIf(node === undefined)('says its version', async () => {
    expect(await npx(['--version'])).toMatchObject({ stdout: `${VERSION}\n`, exitCode: 0 });
  });

  it.skipIf(node === undefined)('checks a file alone', async () => {
    const { stdout, exitCode } = await npx(['lint']);
    expect(stdout).toMatch(/✓ .* is valid/);
    expect(exitCode).toBe(0);
  });

  it.skipIf(node === undefined)('compares a file with a snapshot, and exits 2 where they differ', async () => {
    const { stdout, exitCode } = await npx(['check', '--live', 'live.json']);
    expect(stdout).toContain('✗ 8 differences in live mode of acct_');
    expect(stdout).toContain('stripe-config.yaml:46:5');
    expect(exitCode).toBe(2);
  });

  it.skipIf(node === undefined)('compares a file with Stripe', async () => {
    const stripe = await startStripe({ state: driftedShop() });
    writeFileSync(path.join(shop, 'shop.yaml'), shopFile);
    const { stdout, exitCode } = await npx(['check', 'shop.yaml', '--stripe-api-base', stripe.url], {
      STRIPE_API_KEY: liveKey,
    });
    await stripe.close();
    expect(stdout).toContain('✗ 3 differences in ');
    expect(exitCode).toBe(2);
  });
});
