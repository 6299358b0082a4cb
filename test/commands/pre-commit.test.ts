/** The hook for pre-commit, run as pre-commit runs a script of a repository: by its path there, in the user's repository. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cleanUp, node24, repository } from '../runner.ts';
import { shopFile } from '../shop/shop.ts';

afterAll(cleanUp);

const root = path.resolve(import.meta.dirname, '../..');
const hooks = parse(readFileSync(path.join(root, '.pre-commit-hooks.yaml'), 'utf8')) as Record<string, unknown>[];
const [hook = {}] = hooks;

/** Runs the hook's entry with arguments of the user's configuration. */
async function commit(files: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const [script = '', ...own] = String(hook.entry).split(' ');
  const env = { PATH: [path.dirname(node24), process.env.PATH].join(path.delimiter) };
  return await promisify(execFile)(path.join(root, script), [...own, ...args], { cwd: repository(files), env }).then(
    ({ stdout }) => ({ stdout, exitCode: 0 }),
    ({ stdout, stderr, code }) => ({ stdout: `${stdout}${stderr}`, exitCode: code as number }),
  );
}

describe('the hook for pre-commit', () => {
  it('says what pre-commit needs to know, in words that pre-commit has had for years', () => {
    expect(hooks).toHaveLength(1);
    expect(Object.keys(hook).sort()).toEqual(
      ['id', 'name', 'description', 'entry', 'language', 'pass_filenames', 'files', 'exclude'].sort(),
    );
    expect(hook).toMatchObject({ id: 'stripe-config-check', language: 'script', pass_filenames: false });
  });

  it.each([
    ['stripe-config.yaml', true],
    ['stripe-config.yml', true],
    ['apps/shop/stripe-config.yaml', true],
    ['stripe-config.prices.yaml', true],
    ['stripe-config-prices.yml', true],
    ['stripe-config/prices.yaml', true],
    ['stripe-config.json', false],
    ['my-stripe-config.yaml', false],
    ['stripe-configuration.yaml', false],
    ['stripe-config.yaml.bak', false],
    ['.github/workflows/stripe-config.yml', false],
  ])('is run for %s: %s', (file, isRun) => {
    const matches = (pattern: unknown) => new RegExp(String(pattern)).test(file);
    expect(matches(hook.files) && !matches(hook.exclude)).toBe(isRun);
  });

  it('lets a good file pass', async () => {
    const { stdout, exitCode } = await commit({ 'stripe-config.yaml': shopFile });
    expect(stdout).toContain('✓ stripe-config.yaml is valid: ');
    expect(exitCode).toBe(0);
  });

  it('stops a broken one at its line', async () => {
    const { stdout, exitCode } = await commit({ 'stripe-config.yaml': shopFile.replace('currency:', 'curency:') });
    expect(stdout).toContain('stripe-config.yaml:15:5');
    expect(stdout).toContain('Did you mean currency?');
    expect(exitCode).toBe(1);
  });

  it('checks the file that args name', async () => {
    const files = { 'billing/stripe-config.yaml': shopFile };
    expect((await commit(files, ['billing/stripe-config.yaml'])).exitCode).toBe(0);
    const { stdout, exitCode } = await commit(files);
    expect(stdout).toContain('stripe-config.yaml');
    expect(exitCode).toBe(1);
  });
});
