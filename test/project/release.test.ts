/** A release: what is refused, what is done, and that it can be done again. npm, git and gh are played by a script. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { isHighest, notesOf, refusals, versionOf } from '../../.ci/changelog.ts';
import { node24 } from '../runner.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'stripe-config-check-release-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.2.0] - 2027-01-31

### Added

- Something.

## [1.1.0] - 2026-12-01

- Less.
`;

/** What stands on npm and GitHub. */
interface Outside {
  readonly published: readonly string[];
  readonly releases: readonly string[];
  /** The commit of each. */
  readonly tags: Readonly<Record<string, string>>;
}

/** npm, git and gh in one: they know `outside.json`, change it, and write down what they were asked. */
const PLAYER = String.raw`#!${node24}
const fs = require('node:fs');
const path = require('node:path');
const [, self, ...args] = process.argv;
const program = path.basename(self);
const file = path.join(path.dirname(self), 'outside.json');
const outside = JSON.parse(fs.readFileSync(file, 'utf8'));
fs.appendFileSync(path.join(path.dirname(self), 'asked.txt'), [program, ...args].join(' ') + '\n');
const value = (name) => args[args.indexOf(name) + 1];
const field = (name) => args.find((arg) => arg.startsWith(name + '='))?.slice(name.length + 1);
if (program === 'git') console.log('c0ffee');
if (program === 'npm' && args[0] === 'view') {
  if (outside.published.length === 0) { console.log('{"error":{"code":"E404"}}'); process.exit(1); }
  if (outside.published.includes('unreachable')) { console.error('no network'); process.exit(1); }
  console.log(JSON.stringify(outside.published));
}
if (program === 'npm' && args[0] === 'publish') {
  outside.published.push(JSON.parse(fs.readFileSync('package.json', 'utf8')).version);
  outside.label = value('--tag');
}
if (program === 'gh' && args[1] === 'list') console.log(outside.releases.join('\n'));
if (program === 'gh' && args[1] === 'create') {
  outside.releases.push(args[2]);
  outside.notes = fs.readFileSync(0, 'utf8');
}
if (program === 'gh' && args[0] === 'api') {
  const at = args.find((arg) => arg.startsWith('repos/'));
  const [, start] = at.split("matching-refs/tags/");
  if (start !== undefined) for (const tag of Object.keys(outside.tags)) if (tag.startsWith(start)) console.log('refs/tags/' + tag);
  if (args.includes('PATCH')) outside.tags[at.split('/').at(-1)] = field('sha');
  if (args.includes('POST')) outside.tags[field('ref').replace('refs/tags/', '')] = field('sha');
}
fs.writeFileSync(file, JSON.stringify(outside));
`;

let projects = 0;

/** A project with the scripts of a release, and a world outside. */
function project(outside: Outside, version = '1.2.0') {
  projects += 1;
  const folder = join(place, String(projects));
  // Not below package.json, which makes modules of what has no ending.
  const programs = join(place, `programs-${projects}`);
  for (const name of [join(folder, '.ci'), programs]) mkdirSync(name, { recursive: true });
  for (const file of ['release.ts', 'changelog.ts']) copyFileSync(join(root, '.ci', file), join(folder, '.ci', file));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'shop', version, type: 'module' }));
  writeFileSync(join(folder, 'CHANGELOG.md'), CHANGELOG);
  writeFileSync(join(programs, 'outside.json'), JSON.stringify(outside));
  for (const name of ['npm', 'git', 'gh']) {
    writeFileSync(join(programs, name), PLAYER);
    chmodSync(join(programs, name), 0o755);
  }
  const PATH = [programs, dirname(node24)].join(delimiter);
  return {
    run(...args: readonly string[]) {
      const script = join(folder, '.ci/release.ts');
      const { stdout, stderr, status } = spawnSync(node24, [script, ...args], { encoding: 'utf8', env: { PATH } });
      return { stdout, stderr, status };
    },
    outside: () =>
      JSON.parse(readFileSync(join(programs, 'outside.json'), 'utf8')) as Outside & { label?: string; notes?: string },
    asked: () => readFileSync(join(programs, 'asked.txt'), 'utf8'),
  };
}

const nothing: Outside = { published: [], releases: [], tags: { 'v1.2.0': 'c0ffee' } };

describe('a tag', () => {
  test('of the version that CHANGELOG.md describes is released', () => {
    expect(refusals('v1.2.0', '1.2.0', CHANGELOG)).toEqual([]);
    expect(notesOf(CHANGELOG, '1.2.0')).toBe('### Added\n\n- Something.');
    expect(notesOf(CHANGELOG.replaceAll('\n', '\r\n'), '1.1.0')).toBe('- Less.');
  });

  test.each(['1.2.0', 'v1.2', 'v1.2.0-rc.1', 'v01.2.0', 'v1.2.0\n', ''])('that is no version is refused: %j', (tag) => {
    expect(versionOf(tag)).toBeNull();
    expect(refusals(tag, '1.2.0', CHANGELOG)).toEqual([expect.stringContaining('is no version')]);
  });

  test.each([
    ['of another version', 'v1.1.0', '1.2.0', CHANGELOG, 'package.json has version 1.2.0'],
    ['without a section', 'v1.3.0', '1.3.0', CHANGELOG, 'CHANGELOG.md has no section [1.3.0]'],
    ['whose section is empty', 'v1.2.0', '1.2.0', '## [1.2.0] - 2027-01-31\n\n## [1.1.0]\n', 'is empty'],
    ['whose section has no date', 'v1.2.0', '1.2.0', '## [1.2.0]\n\n- New.\n', 'has no date'],
  ])('%s is refused', (_, tag, version, changelog, reason) => {
    expect(refusals(tag, version, changelog)).toEqual([expect.stringContaining(reason)]);
  });

  test('is compared as numbers with what else is there', () => {
    expect(isHighest('1.10.0', ['1.9.9', '1.10.0', '2.0.0-rc.1'])).toBe(true);
    expect(isHighest('1.9.0', ['1.10.0'])).toBe(false);
  });
});

// Windows does not run a script by its first line. Releases are made on Linux.
describe.skipIf(process.platform === 'win32')('a release', () => {
  test('publishes, tells what is new, and moves the tag of the major version', () => {
    const { run, outside, asked } = project(nothing);
    for (const step of ['check', 'publish', 'announce'])
      expect(run(step, 'v1.2.0')).toMatchObject({ stderr: '', status: 0 });
    expect(outside()).toEqual({
      published: ['1.2.0'],
      label: 'latest',
      releases: ['v1.2.0'],
      notes: '### Added\n\n- Something.',
      tags: { 'v1.2.0': 'c0ffee', v1: 'c0ffee' },
    });
    expect(asked()).toContain('npm publish --provenance --access public --tag latest\n');
    expect(asked()).toContain('gh release create v1.2.0 --verify-tag --title v1.2.0 --latest=true --notes-file -\n');
  });

  test('can be run again: what is done is skipped', () => {
    const { run, outside } = project({ ...nothing, published: ['1.1.0'], tags: { ...nothing.tags, v1: '0ld' } });
    const all = () => ['publish', 'announce'].map((step) => run(step, 'v1.2.0'));
    all();
    const done = outside();
    expect(done.tags).toEqual({ 'v1.2.0': 'c0ffee', v1: 'c0ffee' });
    expect(all().map(({ stdout, status }) => [stdout.split('\n')[1], status])).toEqual([
      ['shop 1.2.0 is on npm already', 0],
      ['The release v1.2.0 is there already', 0],
    ]);
    expect(outside()).toEqual(done);
  });

  test('of an older version takes the place of no newer one', () => {
    const tags = { 'v1.2.0': 'c0ffee', 'v1.10.0': 'cafe', 'v2.0.0': 'f00d', v1: 'cafe', v2: 'f00d' };
    const { run, outside, asked } = project({ published: ['1.10.0', '2.0.0'], releases: [], tags });
    for (const step of ['publish', 'announce']) expect(run(step, 'v1.2.0').status).toBe(0);
    expect(outside()).toMatchObject({ label: 'latest-1', tags });
    expect(asked()).toContain('--latest=false');
  });

  test('that is refused does nothing, in whichever step', () => {
    const { run, outside } = project(nothing, '1.3.0');
    for (const step of ['check', 'publish', 'announce']) {
      expect(run(step, 'v1.2.0')).toMatchObject({
        stdout: '',
        stderr: expect.stringContaining('version 1.3.0'),
        status: 1,
      });
    }
    expect(outside()).toEqual(nothing);
  });

  test('does not take a registry that can’t be reached for one without the package', () => {
    const { run, outside } = project({ ...nothing, published: ['unreachable'] });
    expect(run('publish', 'v1.2.0')).toMatchObject({ stderr: expect.stringContaining('no network'), status: 1 });
    expect(outside().published).toEqual(['unreachable']);
  });

  test('is rehearsed without a registry: the package packs, and there are notes', () => {
    const said = execFileSync(node24, [join(root, '.ci/release.ts'), 'rehearse'], { encoding: 'utf8', cwd: root });
    expect(said).toMatch(/^v\d+\.\d+\.\d+ would be published with \d+ lines of notes\n$/);
  });
});
