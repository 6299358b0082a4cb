// Makes the pictures of the README from its pages (pages.ts), drawn by Chromium: CHROMIUM names it, else the usual names are
// tried. It needs a font with emoji, such as Debian's fonts-noto-color-emoji. For whoever changes the look. An argument names
// another folder to draw into.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pages, WIDTH } from './pages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.resolve(process.argv[2] ?? path.join(root, '.github/pictures'));
/** Bytes of a picture: the README is to load quickly. */
const LARGEST = 150_000;
const NAMES = [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'];

/** The first Chromium of this machine. */
function findChromium(): string | undefined {
  return NAMES.find((name) => {
    try {
      return name !== undefined && name !== '' && execFileSync(name, ['--version'], { stdio: 'pipe' }).length > 0;
    } catch {
      return false;
    }
  });
}

async function draw(chromium: string, made: string): Promise<void> {
  const run = (...args: readonly string[]) =>
    execFileSync(
      chromium,
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--hide-scrollbars',
        `--user-data-dir=${path.join(made, 'profile')}`,
        ...args,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
  /** How high a page is, as its own script says. */
  const heightOf = (html: string): number => {
    const measuring = path.join(made, 'measure.html');
    writeFileSync(measuring, `${html}<script>document.title = "height=" + document.body.offsetHeight</script>`);
    const dom = run('--dump-dom', `--window-size=${WIDTH},600`, pathToFileURL(measuring).href);
    const height = /height=(\d+)/.exec(dom)?.[1];
    if (height === undefined) throw new Error('Chromium did not say how high a page is');
    return Number(height);
  };
  for (const { name, html } of await pages()) {
    const file = path.join(made, `${name}.html`);
    const picture = path.join(folder, `${name}.png`);
    writeFileSync(file, html);
    run(`--window-size=${WIDTH},${heightOf(html)}`, `--screenshot=${picture}`, pathToFileURL(file).href);
    const bytes = statSync(picture).size;
    if (bytes > LARGEST) throw new Error(`${name}.png has ${bytes} bytes, more than ${LARGEST}`);
    process.stdout.write(`wrote ${path.relative(process.cwd(), picture)} (${bytes} bytes)\n`);
  }
}

const chromium = findChromium();
if (chromium === undefined) {
  process.stdout.write('No picture was drawn: there is no Chromium here. Install it, or name it in CHROMIUM.\n');
} else {
  const made = mkdtempSync(path.join(tmpdir(), 'pictures-'));
  try {
    await draw(chromium, made);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}
