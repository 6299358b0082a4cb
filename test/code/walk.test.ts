/** How much a walk does for the globs of a stranger. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walk } from '../../src/code/walk.ts';

const FILES = 30;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'walk-'));
  for (let n = 0; n < FILES; n += 1) writeFileSync(join(root, `${n}.ts`), '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a search costs each file one comparison with each of its globs, however many searches there are', async () => {
  const searches = Array.from({ length: 40 }, (_, n) => ({ globs: ['**', `${n}.js`], rank: 0 }));
  const { compared, files } = await walk(root, searches, 1000);
  expect(files).toHaveLength(FILES);
  expect(compared).toBe(FILES * 40 * 2);
});

test('what says the same within a search is one glob', async () => {
  const globs = ['**', '**', '**/**', './**', '{**,**}', '*.{ts,ts}'];
  expect((await walk(root, [{ globs, rank: 0 }], 1000)).compared).toBeLessThanOrEqual(FILES * 5);
});

test('files that the same searches found share the list of them', async () => {
  const { files } = await walk(
    root,
    [
      { globs: ['**'], rank: 0 },
      { globs: ['*.ts'], rank: 0 },
    ],
    1000,
  );
  expect(files[0]?.searches).toEqual([0, 1]);
  for (const { searches } of files) expect(searches).toBe(files[0]?.searches);
});

test('a limit holds for all searches of a rank together', async () => {
  const searches = Array.from({ length: 40 }, (_, n) => ({ globs: [`${n}.ts`], rank: n < 20 ? 0 : 1 }));
  const { files, passed } = await walk(root, searches, 3);
  expect(files.map(({ rank }) => rank)).toEqual([0, 0, 0, 1, 1, 1]);
  expect(passed.list()).toMatchObject([{ reason: 'files', count: FILES - 6 }]);
});

test('folders in which something is asked for come first', async () => {
  for (const folder of ['a', 'z']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'a/other.ts'), '');
  writeFileSync(join(root, 'z/hook.ts'), '');
  const searches = [
    { globs: ['z/**'], rank: 0 },
    { globs: ['*/**'], rank: 1, isQuiet: true as const },
  ];
  const { files } = await walk(root, searches, 1000);
  expect(files.map(({ file }) => file).filter((file) => file.includes('/'))).toEqual(['z/hook.ts', 'a/other.ts']);
});
