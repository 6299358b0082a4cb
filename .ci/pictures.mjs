// Makes the pictures of the README: the summary of the example and the comment of a pull request as GitHub shows them, on a
// light page and on a dark one, drawn by Chromium (CHROMIUM names it, else the usual names are tried). For whoever changes
// the look, after npm run build; no test needs it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, '.github/pictures');
const { resolve } = createRequire(import.meta.url);
const LARGEST = 150_000;
const WIDTH = 900;
/** The style sheets and the backgrounds of GitHub's pages. */
const pages = [
  { look: 'light', style: 'github-markdown-light.css', background: '#ffffff' },
  { look: 'dark', style: 'github-markdown-dark.css', background: '#0d1117' },
];

const chromium = [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'].find((name) => {
  try {
    return name && execFileSync(name, ['--version'], { stdio: 'pipe' });
  } catch {
    return false;
  }
});
if (chromium === undefined) throw new Error('There is no Chromium: name it in CHROMIUM.');

/** The summary of the example, without what is different at each run. */
function summary() {
  const args = ['check', 'stripe-config.yaml', '--live', 'live.json', '--fail-on', 'never', '--format', 'markdown'];
  const cli = path.join(root, 'dist/cli/index.js');
  const printed = execFileSync(process.execPath, [cli, ...args], {
    cwd: path.join(root, 'examples'),
    encoding: 'utf8',
  });
  return printed.replace(/ · (?:\d+ ms|\d+\.\d s)$/m, '');
}

/** The comment on a pull request that leaves one difference pending, where another had drifted, and that resolves a third. */
async function comment() {
  const built = (file) => import(pathToFileURL(path.join(root, 'build', file)).href);
  const [{ check }, { SnapshotLive }, { commentBody, reportKey }] = await Promise.all(
    ['check.js', 'stripe/live.js', 'report/comment.js'].map(built),
  );
  const text = (file) =>
    readFileSync(path.join(root, 'test/cases/a-change-leaves-one-pending-one-drift-and-resolves-one', file), 'utf8');
  const file = 'stripe-config.yaml';
  const report = await check({
    source: { text: text(file) },
    file,
    environment: null,
    live: new SnapshotLive(text('live.json'), 'live.json'),
    base: async () => ({ name: 'base.yaml', source: { text: text('base.yaml') }, file }),
    failOn: 'error',
    commit: null,
  });
  return commentBody(report, reportKey(['picture']), null);
}

/** The page that shows a text. Mermaid's picture is GitHub's to draw, so its fold is closed here. */
function page(markdown, style, background) {
  const closed = markdown.replace(/<details open>(?=<summary>[^<]*<\/summary>\n\n```mermaid)/, '<details>');
  const body = micromark(closed, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  const css = readFileSync(resolve(`github-markdown-css/${style}`), 'utf8');
  return `<!doctype html><meta charset="utf-8"><style>${css}
html { background: ${background} }
body { box-sizing: border-box; margin: 0; padding: 24px 32px; width: ${WIDTH}px }</style><body class="markdown-body">${body}`;
}

const made = mkdtempSync(path.join(tmpdir(), 'pictures-'));
function run(...args) {
  const common = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    `--user-data-dir=${made}/profile`,
  ];
  return execFileSync(chromium, [...common, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
/** How high a page is, as its own script says. */
function heightOf(file) {
  const measuring = path.join(made, 'measure.html');
  const script = '<script>document.title = "height=" + document.body.offsetHeight</script>';
  writeFileSync(measuring, readFileSync(file, 'utf8') + script);
  const [, height] = /height=(\d+)/.exec(
    run('--dump-dom', `--window-size=${WIDTH},600`, pathToFileURL(measuring).href),
  );
  return Number(height);
}

try {
  const texts = { summary: summary(), comment: await comment() };
  const pictures = Object.entries(texts).flatMap(([what, text]) => pages.map((each) => ({ ...each, what, text })));
  for (const { what, text, look, style, background } of pictures) {
    const name = `${what}-${look}`;
    const file = path.join(made, `${name}.html`);
    const picture = path.join(folder, `${name}.png`);
    writeFileSync(file, page(text, style, background));
    const size = `--window-size=${WIDTH},${heightOf(file)}`;
    run(size, `--screenshot=${picture}`, pathToFileURL(file).href);
    const bytes = statSync(picture).size;
    if (bytes > LARGEST) throw new Error(`${name}.png has ${bytes} bytes, more than ${LARGEST}`);
    process.stdout.write(`wrote .github/pictures/${name}.png (${bytes} bytes)\n`);
  }
} finally {
  rmSync(made, { recursive: true, force: true });
}
