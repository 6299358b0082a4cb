/** The pictures of the README: the pages that they are drawn from, and Chromium drawing them, where there is one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { pages } from '../../.ci/pages.ts';
import { registry } from '../../src/resources/index.ts';
import { node24 } from '../runner.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const script = join(root, '.ci/pictures.ts');

const made = await pages();
const bodyOf = (name: string) =>
  (made.find((page) => page.name === name)?.html ?? '').replace(/^[\s\S]*<body/, '<body');

describe('the pages', () => {
  test('are those of the pictures that the README shows', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const shown = [...readme.matchAll(/\.github\/pictures\/([\w-]+)\.png/g)].map(([, name]) => name);
    expect(made.map(({ name }) => name).sort()).toEqual([...new Set(shown)].sort());
  });

  test('show the summary of the example, with its tables and folds', () => {
    const body = bodyOf('summary-light');
    expect(body).toContain('<h2>❌ 8 differences in live mode of <code>acct_1Shop</code>: 7 errors, 1 warning</h2>');
    const example = parse(readFileSync(join(root, 'examples/stripe-config.yaml'), 'utf8')) as object;
    const sections = Object.keys(example).filter((name) => registry.has(name));
    expect(sections.length).toBeGreaterThan(2);
    for (const section of sections) expect(body).toContain(`<td align="left"><strong>${section}</strong></td>`);
    for (const title of ['Errors', 'Warnings']) expect(body).toContain(`<h3>${title}</h3>`);
    expect(body).toContain('<td align="left"><code>29.00 USD</code></td>');
    expect(body).toContain('<details><summary>How to fix</summary>');
    expect(body).not.toMatch(/\d ms\b|<details open>/);
  });

  test('show the comment on a pull request, with what it changes, what is older and what it fixes', () => {
    const body = bodyOf('comment-light');
    expect(body).toContain('<h2>Stripe plan: 1 to replace · 1 older difference (error)</h2>');
    expect(body).toContain('<details><summary>1 older difference, from before this pull request: 1 error</summary>');
    expect(body).toContain('<h3>✅ This pull request fixes 1 difference</h3>');
  });

  test('say the same on a light page and on a dark one, each with the style sheet of GitHub', () => {
    for (const what of ['summary', 'comment']) expect(bodyOf(`${what}-dark`)).toBe(bodyOf(`${what}-light`));
    const looks = made.map(({ html }) => /html \{ background: (#\w+) \}/.exec(html)?.[1]);
    expect(looks).toEqual(['#ffffff', '#0d1117', '#ffffff', '#0d1117']);
    for (const { html } of made) expect(html).toContain('.markdown-body');
  });
});

describe('npm run pictures', () => {
  const draw = (folder: string, env: Readonly<Record<string, string>>) =>
    execFileSync(node24, [script, folder], { encoding: 'utf8', env });

  function inFolder(work: (folder: string) => void): void {
    const folder = mkdtempSync(join(tmpdir(), 'stripe-config-check-pictures-'));
    try {
      work(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  test('draws nothing where there is no Chromium, and says so', () =>
    inFolder((folder) => {
      expect(draw(folder, { PATH: folder })).toBe(
        'No picture was drawn: there is no Chromium here. Install it, or name it in CHROMIUM.\n',
      );
      expect(readdirSync(folder)).toEqual([]);
    }));

  test.skipIf(!hasChromium())('draws every page where there is one', () =>
    inFolder((folder) => {
      draw(folder, process.env as Record<string, string>);
      expect(readdirSync(folder).sort()).toEqual(made.map(({ name }) => `${name}.png`).sort());
      for (const file of readdirSync(folder)) {
        const picture = readFileSync(join(folder, file));
        expect(picture.subarray(1, 4).toString()).toBe('PNG');
        // Its width and height (PNG, the chunk IHDR).
        expect(picture.readUInt32BE(16)).toBe(900);
        expect(picture.readUInt32BE(20)).toBeGreaterThan(500);
      }
    }),
  );
});

function hasChromium(): boolean {
  return [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'].some((name) => {
    try {
      return name !== undefined && execFileSync(name, ['--version'], { stdio: 'pipe' }).length > 0;
    } catch {
      return false;
    }
  });
}
