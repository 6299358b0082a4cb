// The pages that the pictures of the README are drawn from: the summary of the example and the comment of a pull request as
// GitHub shows them, each on a light page and on a dark one.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import type { Base } from '../src/check/base.ts';
import { check } from '../src/check/check.ts';
import { decode, type Source } from '../src/config/source.ts';
import type { Report } from '../src/model.ts';
import { commentBody, reportKey } from '../src/report/comment.ts';
import { markdown } from '../src/report/markdown.ts';
import { shown } from '../src/report/privacy.ts';
import { SnapshotLive } from '../src/stripe/live.ts';

/** Pixels. */
export const WIDTH = 900;

/** The style sheets and the backgrounds of GitHub's pages. */
const LOOKS = [
  { look: 'light', style: 'github-markdown-light.css', background: '#ffffff' },
  { look: 'dark', style: 'github-markdown-dark.css', background: '#0d1117' },
] as const;

const FILE = 'stripe-config.yaml';
const root = new URL('..', import.meta.url);
const { resolve } = createRequire(import.meta.url);

/** A page of HTML, and the name of its picture without the ending. */
export interface Page {
  readonly name: string;
  readonly html: string;
}

/** Every page, in the order of the pictures. */
export async function pages(): Promise<Page[]> {
  const texts = { summary: await summary(), comment: await comment() };
  return Object.entries(texts).flatMap(([what, text]) =>
    LOOKS.map(({ look, style, background }) => ({ name: `${what}-${look}`, html: page(text, style, background) })),
  );
}

/** The summary of the example, without what is different at each run. */
async function summary(): Promise<string> {
  return markdown(await reportOf('examples/'), { timeless: true });
}

/** The comment on a pull request that leaves one difference pending, where another had drifted, and that resolves a third. */
async function comment(): Promise<string> {
  const folder = 'test/cases/a-change-leaves-one-pending-one-drift-and-resolves-one/';
  const base = { name: 'base.yaml', sources: [source(folder, 'base.yaml')] };
  return commentBody(await reportOf(folder, base), reportKey(['picture']), null);
}

/** What a check of a folder's file finds against its snapshot. */
async function reportOf(folder: string, base: Base | null = null): Promise<Report> {
  const found = await check({
    sources: [source(folder, FILE)],
    environment: null,
    live: new SnapshotLive(read(`${folder}live.json`).toString('utf8'), 'live.json'),
    base: async () => base,
    failOn: 'error',
    commit: null,
  });
  return shown(found, 'full');
}

function source(folder: string, file: string): Source {
  return { file, ...decode(read(`${folder}${file}`)) };
}

function read(file: string): Buffer {
  return readFileSync(new URL(file, root));
}

/** The page that shows a text. Mermaid's picture is GitHub's to draw, so its fold is closed here. */
function page(text: string, style: string, background: string): string {
  const closed = text.replace(/<details open>(?=<summary>[^<]*<\/summary>\n\n```mermaid)/, '<details>');
  const body = micromark(closed, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  const css = readFileSync(resolve(`github-markdown-css/${style}`), 'utf8');
  return `<!doctype html><meta charset="utf-8"><style>${css}
html { background: ${background} }
body { box-sizing: border-box; margin: 0; padding: 24px 32px; width: ${WIDTH}px }</style><body class="markdown-body">${body}`;
}
