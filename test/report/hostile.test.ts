/**
 * Hostile strings from Stripe, the file, the event and the network, in every outlet: nothing is executed, rendered, pinged or
 * lost. What the printers make is judged in this process, over the whole corpus and over what chance makes of it; a few runs
 * of the committed bundles show that nothing else is printed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { check, stopped } from '../../src/check/check.ts';
import { documentsIn } from '../../src/config/documents.ts';
import { loadConfig } from '../../src/config/load.ts';
import { readContent } from '../../src/config/source.ts';
import type { Report } from '../../src/model.ts';
import { annotations, githubCommands } from '../../src/report/annotations.ts';
import { brief } from '../../src/report/brief.ts';
import { logLine } from '../../src/report/escape.ts';
import { reportJson } from '../../src/report/json.ts';
import { markdown } from '../../src/report/markdown.ts';
import { shown } from '../../src/report/privacy.ts';
import { plainScreen } from '../../src/report/screen.ts';
import { terminal } from '../../src/report/terminal.ts';
import { resourceOf } from '../../src/resources/index.ts';
import type { Resource } from '../../src/resources/resource.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { refusal } from '../../src/stripe/refusal.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import {
  type ActionRun,
  cleanUp,
  commandsIn,
  commit,
  githubToken,
  node24,
  repository,
  runAction,
  runCli,
} from '../runner.ts';
import { runs } from '../runs.ts';
import { type Fault, liveKey, type StripeState, startStripe } from '../servers/stripe.ts';
import { asReport, driftedShop, shopFile } from '../shop/shop.ts';
import { snapshotOf } from '../shop/snapshot.ts';

afterAll(cleanUp);
vi.setConfig({ maxConcurrency: 2 });

const FILE = 'stripe-config.yaml';
const MEBI = 1024 * 1024;

// --- The corpus

const ESC = '\u001b';
const BEL = '\u0007';

/** `planted` is what a command would carry, were it obeyed. */
const CORPUS: readonly string[] = [
  // Workflow commands of both syntaxes.
  '::error::planted',
  '::error file=planted,line=1::planted',
  '  ::set-output name=status::planted',
  '\t::SET-OUTPUT name=drift::planted',
  '\u00a0::warning::planted',
  '\u3000::notice::planted',
  '\u0085::error::planted',
  'Gold ::error::planted',
  '::add-mask::a',
  '::group::planted',
  '::endgroup::',
  '::debug::planted',
  '::stop-commands::planted',
  '::save-state name=planted::planted',
  '::set-env name=PATH::planted',
  '::add-path::/planted',
  '::add-matcher::planted.json',
  '::echo::on',
  'Gold ##[set-output name=status]planted',
  '##[error]planted',
  '##[ERROR file=planted;line=1]planted',
  '  ##[Set-Output name=drift;]planted',
  '###[warning]planted',
  '##[add-mask]a',
  '##[group]planted',
  '##[stop-commands]planted',
  '##[command]planted ##[debug]planted',
  '%0A::error::planted',
  '%0D%0A##[error]planted %3A%2C%5D%3B',
  // Newlines of every kind, each before a command.
  'a\n::error::planted',
  'a\r::error::planted',
  'a\r\n::error::planted',
  'a\u0085::error::planted',
  'a\u2028::error::planted',
  'a\u2029::error::planted',
  'a\u000b::error::planted',
  'a\u000c::error::planted',
  'a\n\n## planted\n\n- planted',
  // Markdown and HTML.
  '![x](https://evil.example/x.png)',
  '[x](https://evil.example)',
  '[x][y] [y]: https://evil.example',
  'a\n[y]: https://evil.example\n[y]',
  '<https://evil.example> <planted@evil.example>',
  'https://evil.example/a http://evil.example',
  'www.evil.example ftp://evil.example',
  'planted@evil.example mailto:planted@evil.example',
  '# planted',
  'planted\n===',
  'planted\n---',
  '```js\nplanted\n```',
  '~~~ planted',
  '    planted code',
  '| a | b |\n| - | - |\n| c | d |',
  'a \\| b | c \\\\| d',
  'a\\',
  '<!-- planted -->',
  '<!-- planted',
  '--> <![CDATA[ planted ]]>',
  '</details></td></table><h1>planted</h1>',
  '<details open><summary>planted</summary>',
  '<script>planted()</script><iframe src=x>',
  '<img src=x onerror=planted()>',
  '<sup>planted</sup><del>x</del><input type=checkbox>',
  '</code><b>planted</b>',
  '<a href="javascript:planted()">x</a>',
  '&lt;b&gt; &#64;octocat &amp;amp; &commat;octocat',
  ':tada: :+1:',
  'x[^1] [^1]: planted',
  '- [ ] planted\n- [x] planted',
  '1. planted',
  '> planted',
  '> [!WARNING]\n> planted',
  '$$\\href{https://evil.example}{planted}$$ $`x`$',
  '**planted** __planted__ ~~planted~~ *planted* _planted_',
  // Mentions and references.
  '@octocat',
  'a (@octocat) @acme/team',
  '#123 and #1',
  'GH-1 gh-22',
  'acme/shop#1 acme/shop@c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00',
  'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00',
  // Backticks of any number.
  '`planted`',
  '``planted` ``` ````',
  '`',
  ' ` `` <b> @octocat ` ',
  '" @octocat " #1 "',
  // What is not seen.
  'a\u202eplanted\u202c\u2066b\u2069',
  'a\u200bb\u200cc\u200dd\ufeffe\u00adf',
  '\u{e0041}\u{e0042} tags \u115f\u3164',
  `${ESC}[31mred${ESC}[0m${ESC}[2J${ESC}[1;1H`,
  `${ESC}]8;;https://evil.example${BEL}link${ESC}]8;;${BEL}`,
  `${ESC}]0;planted${ESC}\\ \u009b31m ${BEL}`,
  'a\u0000b\u0008c\u007f',
  'a\ud800b',
  '\udc00\ud83d',
  // Names of JavaScript.
  '__proto__',
  'constructor',
  'toString.hasOwnProperty',
  `$${'{{'} secrets.STRIPE }} $(planted)`,
];

/** The corpus with a mark at the end of each string, by which it is found again. */
/** In a key `${…}` and `{{ … }}` are refused. */
const withoutTemplates = (text: string) => text.replace(/[${]/g, '').trim();

const marked = CORPUS.map((text, index) => `${text} z${index}z`);

/** A string of the same length and the same meaning to the file's rules, without anything hostile. */
function harmless(text: string): string {
  const start = /^\s*/.exec(text)?.[0].length ?? 0;
  return [...text].map((one, index) => (index < start || /[[\]A-Za-z0-9 ]/.test(one) ? one : 'x')).join('');
}

/** A string as YAML, all but ASCII escaped. */
function yaml(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

// --- Scenes: every place that strings come from

interface Scene {
  readonly file: string;
  readonly live: Partial<StripeState>;
  /** What each list answers instead. */
  readonly refusals?: readonly string[];
  readonly status: string;
}

const lines = <T>(list: readonly T[], line: (item: T, index: number) => string) => list.map(line).join('');

const SCENES = {
  /** What is live differs from what is declared, in every field that is text. */
  'live values': (strings) => ({
    status: 'drift',
    file: `version: 1
policy: { changed: { products: error, webhooks: warning, prices: notice } }
webhooks:
${lines(strings, (_, n) => `  w${n}: { id: we_${n}, url: 'https://h${n}.example.com/', description: d, enabled_events: [invoice.paid], api_version: 2026-10-28.endive, metadata: { k: v } }\n`)}
products:
${lines(strings, (_, n) => `  p${n}: { id: prod_${n}, name: N, description: d, unit_label: u, statement_descriptor: s, tax_code: t, url: 'https://h.example.com/', images: ['https://h.example.com/i'], marketing_features: [{ name: f }], metadata: {} }\n`)}
prices:
${lines(strings, (_, n) => `  r${n}: { id: price_${n}, nickname: n, lookup_key: k${n}, product: prod_1, currency: usd, type: recurring, tax_behavior: exclusive, recurring: { interval: month }, metadata: { k: v } }\n`)}`,
    live: {
      webhook_endpoints: strings.map((text, n) =>
        webhookEndpoint({
          id: `we_${n}`,
          url: text,
          description: text,
          enabled_events: ['invoice.paid', text] as never,
          api_version: text as never,
          metadata: { k: text },
        }),
      ),
      products: strings.map((text, n) =>
        product({
          id: `prod_${n}`,
          name: text,
          description: text,
          unit_label: text,
          statement_descriptor: text,
          tax_code: text,
          url: text,
          images: [text],
          marketing_features: [{ name: text }],
          metadata: { [text]: text },
        }),
      ),
      prices: strings.map((text, n) =>
        price({
          id: `price_${n}`,
          nickname: text,
          lookup_key: text,
          product: text,
          currency: text,
          type: text as never,
          tax_behavior: text as never,
          recurring: { interval: text as never, meter: text },
          metadata: { k: text },
        }),
      ),
    },
  }),
  /** The file's side: names of entries and of metadata, values, ids and keys of what is missing. */
  'declared values': (strings) => ({
    status: 'drift',
    file: `version: 1
policy: { changed: { products: error, webhooks: warning, prices: notice }, missing: { products: notice, prices: warning } }
webhooks:
${lines(strings, (text, n) => `  ${yaml(text)}: { id: we_${n}, description: ${yaml(text)}, metadata: { ${yaml(text)}: ${yaml(text)} } }\n`)}
products:
${lines(strings, (text, n) => `  ${yaml(text)}: { id: prod_${n}, name: ${yaml(text)}, metadata: { ${yaml(text)}: ${yaml(text)} }, marketing_features: [{ name: ${yaml(text)} }] }\n  missing${n}: { name: ${yaml(`${text} `.trim())} }\n`)}
prices:
${lines(strings, (text, n) => `  ${yaml(text)}: { id: price_${n}, nickname: ${yaml(text)} }\n  missing${n}: { lookup_key: ${yaml(withoutTemplates(text))} }\n  match${n}: { metadata: { k: ${yaml(text)} }, match: metadata.k }\n  refers${n}: { id: ref_${n}, product: ${yaml(text)} }\n`)}`,
    live: {
      webhook_endpoints: strings.map((_, n) => webhookEndpoint({ id: `we_${n}` })),
      products: strings.map((_, n) => product({ id: `prod_${n}`, name: 'Live' })),
      prices: strings.flatMap((_, n) => [
        price({ id: `price_${n}` }),
        price({ id: `ref_${n}`, product: `prod_${(n + 1) % strings.length}` }),
      ]),
    },
  }),
  /** What is not declared: ids and labels of every kind, and the reasons of ignores. */
  'undeclared objects': (strings) => ({
    status: 'drift',
    file: `version: 1
webhooks: {}
products: {}
prices: {}
ignore:
${lines(strings, (text, n) => `  - { prices: { metadata.k: m${n} }, reason: ${yaml(text)} }\n  - { webhooks: 'none${n}', reason: ${yaml(text)} }\n  - { products: 'none${n}', reason: ${yaml(text)}, until: '2020-01-31' }\n`)}`,
    live: {
      webhook_endpoints: strings.map((text, n) => webhookEndpoint({ id: `we_${n}`, url: text })),
      products: strings.map((text) => product({ id: text, name: text })),
      prices: strings.map((text, n) =>
        price({
          id: text,
          nickname: n % 3 === 0 ? text : null,
          lookup_key: n % 3 === 1 ? text : null,
          metadata: { k: `m${n}` },
        }),
      ),
    },
  }),
  /** Several objects of one name, and several entries for one object. */
  'ambiguous objects': (strings) => ({
    status: 'drift',
    file: `version: 1
webhooks:
${lines(strings, (text, n) => `  ${yaml(text)}: { id: we_${n} }\n  ${yaml(`2 ${text}`)}: { url: 'https://h${n}.example.com/' }\n`)}
products:
${lines(strings, (text) => `  ${yaml(text)}: { name: ${yaml(text.trim())} }\n`)}`,
    live: {
      webhook_endpoints: strings.map((_, n) => webhookEndpoint({ id: `we_${n}`, url: `https://h${n}.example.com/` })),
      products: strings.flatMap((text) => [
        product({ id: text, name: text.trim() }),
        product({ id: `2 ${text}`, name: text.trim() }),
      ]),
    },
  }),
  /** What is wrong with the file: unknown names, wrong words, references to nothing. */
  'an invalid file': (strings) => ({
    status: 'invalid',
    live: {},
    file: `version: 1
account: ${yaml(strings[0] ?? '')}
${lines(strings, (text) => `${yaml(text)}: 1\n`)}
products:
${lines(strings, (text, n) => `  ${yaml(text)}: { ${yaml(text)}: 1, name: ${yaml(text)}, shippable: ${yaml(text)}, default_price: ${yaml(text)} }\n  p${n}: { name: P${n}, url: ${yaml(text)}, match: ${yaml(text)} }\n  ${yaml(text)}: { id: twice }\n`)}
prices:
${lines(strings, (text, n) => `  r${n}: { id: price_${n}, currency: ${yaml(text)}, unit_amount: ${yaml(text)}, recurring: { interval: ${yaml(text)} }, currency_options: { ${yaml(text)}: {} } }\n`)}
policy: { changed: ${yaml(strings[1] ?? '')} }
ignore:
${lines(strings, (text) => `  - { prices: { ${yaml(text)}: x }, reason: r, until: ${yaml(text)} }\n`)}
environments:
${lines(strings.slice(0, 8), (text) => `  ${yaml(text)}: { ${yaml(text)}: 1 }\n`)}`,
  }),
  /** Entries that are as declared, which are listed by name. */
  'entries in sync': (strings) => ({
    status: 'in-sync',
    file: `version: 1\nproducts:\n${lines(strings, (text, n) => `  ${yaml(text)}: { id: prod_${n} }\n`)}`,
    live: { products: strings.map((_, n) => product({ id: `prod_${n}`, name: `P${n}` })) },
  }),
} satisfies { readonly [name: string]: (strings: readonly string[]) => Scene };

/** A pull request whose every name is hostile. */
function hostileEvent(strings: readonly string[]) {
  const text = strings.join(' ').replaceAll('\u0000', '').slice(0, 4000);
  const branch = { ref: text, label: text, sha: commit, repo: { full_name: 'acme/shop', name: text, html_url: text } };
  const pull = { number: 7, title: text, body: text, user: { login: text }, head: branch, base: branch };
  return { name: 'pull_request', payload: { number: 7, pull_request: pull, sender: { login: text } } };
}

/** Characters that a header may hold. */
const headerText = (strings: readonly string[]) =>
  strings
    .join(' ')
    .replace(/[^\t\u0020-\u007e\u0080-\u00ff]/g, '')
    .slice(0, 4000);

/** The report on a scene; `name` is the account and the environment. */
async function reportOf(scene: Scene, path = FILE, name: string | null = null): Promise<Report> {
  const sources = [{ file: path, text: scene.file }];
  const request = { sources, environment: name, failOn: 'error', commit } as const;
  const snapshot = snapshotOf(scene.live, name);
  return shown(await check({ ...request, live: new SnapshotLive(snapshot, path) }), 'full');
}

// --- Judges

/** Nothing but what the program means: a mask, two groups, annotations at its file, and what fails the step. */
function expectOnlyOwnCommands(run: ActionRun, config = 'stripe-config.yaml'): void {
  expect(run.masks).toEqual([liveKey, githubToken]);
  expect(run.groups).toEqual(['Reading Stripe', 'Findings']);
  const rest = run.commands.filter(({ name }) => !['add-mask', 'group'].includes(name));
  expect(rest.filter(({ name }) => name === 'endgroup')).toHaveLength(2);
  const others = rest.filter(({ name }) => !['endgroup', 'error', 'warning', 'notice'].includes(name));
  expect(others).toEqual([]);
  for (const { name, line, data, properties } of rest.filter((one) => one.name !== 'endgroup')) {
    expect(line.startsWith(`::${name} `) || line.startsWith(`::${name}::`)).toBe(true);
    expect(data).not.toMatch(/^\s*planted( z\d+z)?$/);
    expect(Object.keys(properties).filter((one) => !/^(file|line|endLine|col|endColumn)$/.test(one))).toEqual([]);
    if (properties.file !== undefined) expect(properties.file).toBe(config);
  }
  expect(run.annotations.filter(({ file }) => file === undefined).length).toBe(run.exitCode === 0 ? 0 : 1);
  expect(run.kept).toHaveLength(run.annotations.length);
  expect([run.env, run.state]).toEqual([{}, {}]);
  for (const [name, value] of Object.entries(run.outputs)) expect(`${name}=${value}`).not.toContain('planted');
}

/** Controls but for the line feed, formats, separators and surrogates, and what is left of a surrogate that was not escaped. */
const UNSEEN = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;

interface Rendered {
  /** How often each element opens. `code` is left out: whether a text needs it is its own affair. */
  readonly elements: { readonly [name: string]: number };
  readonly hrefs: readonly string[];
  readonly attributes: readonly string[];
  /** All text, entities decoded. */
  readonly text: string;
  /** Text outside code and links, where GitHub looks for mentions, references and emoji. */
  readonly bare: string;
}

const OWN_ELEMENTS =
  'h2 h3 h4 p table thead tbody tr th td code strong em details summary ul ol li a blockquote pre br'.split(' ');

/** What a page would show, by a renderer that knows nothing of ours. */
function rendered(written: string): Rendered {
  const html = micromark(written, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  const elements: { [name: string]: number } = {};
  const [hrefs, attributes, text, bare]: [string[], string[], string[], string[]] = [[], [], [], []];
  let quiet = 0;
  for (const [piece] of html.matchAll(/<[^>]*>|[^<]+/g)) {
    if (!piece.startsWith('<')) {
      text.push(decoded(piece));
      bare.push(quiet > 0 ? '\u0001' : decoded(piece));
      continue;
    }
    const [, closing, name = '!', rest = ''] = /^<(\/?)([a-zA-Z][\w-]*)?([^>]*)>$/.exec(piece) ?? [];
    if (name === 'code' || name === 'a') quiet += closing === '/' ? -1 : 1;
    else if (name !== 'wbr') bare.push('\n');
    if (closing === '/') continue;
    // How many of these there are depends on the words of a text.
    if (name !== 'code' && name !== 'wbr') elements[name] = (elements[name] ?? 0) + 1;
    const href = /^ href="([^"]*)"$/.exec(rest);
    if (href?.[1] !== undefined) hrefs.push(decoded(href[1]));
    else if (!/^( align="(left|right)"| class="language-(mermaid|yaml|shell)"| open(="")?| ?\/?)$/.test(rest))
      attributes.push(`${name}${rest}`);
  }
  return { elements, hrefs, attributes, text: text.join(''), bare: bare.join('') };
}

function decoded(html: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
  return html.replace(/&(lt|gt|amp|quot);/g, (_entity, name) => named[name] ?? '');
}

/** GitHub's filters run on the rendered text, after entities are decoded (github/markup#1168): these are what they look for. */
const REFERENCES: { readonly [what: string]: RegExp } = {
  mention: /(?<![\w`])@[a-z\d][\w-]*(?:\/[\w.-]+)?/gi,
  issue: /(?<![\w&])#\d+\b|\bGH-\d+\b|\b[\w.-]+\/[\w.-]+#\d+/gi,
  commit: /(?<![\w-])[0-9a-f]{40}\b|\b[\w.-]+\/[\w.-]+@[0-9a-f]{7,40}\b/g,
  'e-mail': /[\w.+-]+@[\w-]+\.[\w.-]+/g,
  emoji: /:(?:\+1|tada):/g,
  math: /\$\$[^$]+\$\$|\$`[^$]+`\$/g,
};

function referencesIn(bare: string): string[] {
  return Object.entries(REFERENCES).flatMap(([what, form]) =>
    [...new Set(bare.match(form) ?? [])].map((found) => `${what}: ${found}`),
  );
}

const OWN_TAGS = new Set([
  '<br>',
  '<wbr>',
  '<details>',
  '<details',
  '</details>',
  '<summary>',
  '</summary>',
  '<code>',
  '</code>',
]);

/** No element, link or attribute that came from data. */
function expectOnlyOwnMarkup(written: string): Rendered {
  const page = rendered(written);
  expect(Object.keys(page.elements).filter((name) => !OWN_ELEMENTS.includes(name))).toEqual([]);
  expect(page.attributes).toEqual([]);
  // What stands in a fence is no markup, as the rendered page shows.
  const outside = written.replace(/^( *)(`{3,})\w+\n[\s\S]*?\n\1\2$/gm, '');
  expect((outside.match(/<[^>\s]*>?/g) ?? []).filter((tag) => !OWN_TAGS.has(tag))).toEqual([]);
  const own = /^https:\/\/(dashboard\.stripe\.com\/|github\.com\/acme\/shop\/blob\/[0-9a-f]{40}\/)[^\s<>"]*$/;
  expect(page.hrefs.filter((href) => !own.test(href))).toEqual([]);
  return page;
}

/** Each string stands in a text: its words in their order, then its mark. */
function missingFrom(text: string, strings: readonly string[]): string[] {
  return strings.filter((one) => {
    const [mark = ''] = /z\d+z$/.exec(one) ?? [];
    const words = one.slice(0, -mark.length).match(/[A-Za-z0-9]{2,}/g) ?? [];
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
      const before = text.slice(Math.max(0, at - 1000), at);
      let from = before.length;
      const isThere = [...words].reverse().every((word) => {
        from = before.lastIndexOf(word, from - 1);
        return from !== -1;
      });
      if (isThere) return false;
    }
    return true;
  });
}

const lineUrl = ({ line }: { line: number }) => `https://github.com/acme/shop/blob/${commit}/x#L${line}`;

/** What a printer made: annotations at the file, of which each has a line, and nothing else. */
function expectOnlyAnnotations(printed: string, path: string): void {
  const commands = commandsIn(printed);
  expect(commands).toHaveLength(printed.split('\n').length - 1);
  for (const { name, data, properties } of commands) {
    expect(['error', 'warning', 'notice']).toContain(name);
    expect(data).not.toMatch(/^\s*planted( z\d+z)?$/);
    expect(data).not.toBe('');
    expect(data.length).toBeLessThanOrEqual(4096);
    expect(UNSEEN.exec(data)?.[0]).toBeUndefined();
    expect(properties.file ?? path).toBe(path);
    expect(Object.keys(properties).filter((one) => !/^(file|line|endLine|col|endColumn)$/.test(one))).toEqual([]);
  }
}

/** A report through every printer: no command, no control, no markup, no reference, and no data outside code. */
function expectHarmless(report: Report, path = FILE): { log: string; json: string; page: Rendered } {
  const log = terminal(report);
  expect(UNSEEN.exec(log)?.[0]).toBeUndefined();
  expect(commandsIn(log).map(({ line }) => line)).toEqual([]);
  expect(commandsIn(log.split('\n').map(logLine))).toEqual([]);
  const painted = terminal(report, { ...plainScreen, paint: (_style, text) => `${ESC}[31m${text}${ESC}[0m` });
  expect(painted.replaceAll(`${ESC}[31m`, '').replaceAll(`${ESC}[0m`, '')).toBe(log);

  const few = brief(report);
  expect(UNSEEN.exec(few)?.[0]).toBeUndefined();
  expect(commandsIn(few).map(({ line }) => line)).toEqual([]);

  const json = [...reportJson(report)].join('');
  expect(commandsIn(json).map(({ line }) => line)).toEqual([]);
  expect(asReport(JSON.parse(json)).findings).toHaveLength(report.findings.length);

  expectOnlyAnnotations(githubCommands(report), path);
  expect(annotations(report).length).toBeLessThanOrEqual(29);

  const page = expectOnlyOwnMarkup(markdown(report, { lineUrl }));
  expect(UNSEEN.exec(page.text)?.[0]).toBeUndefined();
  expect(referencesIn(page.bare)).toEqual([]);
  expect(page.bare).not.toMatch(/z\d+z/);
  return { log, json, page };
}

// --- The corpus through the printers

describe.each(Object.entries(SCENES))('hostile strings as %s', (name, build) => {
  let judged: ReturnType<typeof expectHarmless> | null = null;
  /** Made and judged once, for both tests: a page of all of them takes seconds to render. */
  const outlets = async () => {
    judged ??= expectHarmless(await reportOf(build(marked)));
    return judged;
  };

  test('are in every outlet, and are nothing but text there', async () => {
    const report = await reportOf(build(marked));
    expect(report.status).toBe(build(marked).status);
    const { log, json, page } = await outlets();
    expect(missingFrom(page.text, marked)).toEqual([]);
    // What is in sync is named in Markdown alone.
    if (report.status === 'in-sync') return;
    expect(missingFrom(log, marked)).toEqual([]);
    expect(missingFrom(JSON.stringify(JSON.parse(json)), marked)).toEqual([]);
  });

  // An invalid file has a row for each mistake, and each character that a name may not have is one.
  test.skipIf(name === 'an invalid file')('make no other page than harmless ones', async () => {
    // What can't be typed is not given to paste or to run.
    const { pre: _, ol: __, li: ___, ...hostile } = (await outlets()).page.elements;
    const other = await reportOf(build(marked.map(harmless)));
    const { pre: ____, ol: _____, li: ______, ...plain } = rendered(markdown(other, { lineUrl })).elements;
    expect(hostile).toEqual(plain);
  });
});

test('short strings that GitHub would link stand in code', async () => {
  const report = await Promise.all(
    Object.values(SCENES).map((build) =>
      reportOf(build(['GH-1', '@octocat', 'www.evil.example', 'acme/shop', 'c0ffee0'])),
    ),
  );
  for (const one of report) {
    const { bare } = expectHarmless(one).page;
    expect(bare).not.toMatch(/GH-1|octocat|evil|acme|c0ffee0/);
  }
});

test('whatever chance makes of them, they are nothing but text', async () => {
  const fragment = fc.constantFrom(
    ...CORPUS,
    ...CORPUS.flatMap((text) => text.split(/(?<=\W)|(?=\W)/)).filter((part) => part !== ''),
  );
  const hostile = fc.array(fragment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
  const strings = fc.uniqueArray(hostile, { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(strings, fc.constantFrom(...Object.values(SCENES)), async (given, build) => {
    // The runner leaves out the signs before a value.
    const path = `${given[0]}.yaml`.replace(/^=+/, '');
    expectHarmless(await reportOf(build(given), path, given[0]), path);
  });
  // Of one seed: what fails, fails again.
  await fc.assert(property, { ...runs(20), seed: 1 });
});

test.each([{ statusCode: 400 }, { statusCode: 403, code: 'more_permissions_required' }, { statusCode: 200 }])(
  'hostile words of Stripe in a refusal are shown in code: %o',
  (answer) => {
    const asked = { sections: ['products'], mode: 'live', connected: null, keyFrom: 'input' } as const;
    const request = { files: [FILE], environment: null, commit, failOn: 'error' } as const;
    for (const text of marked) {
      const headers = { 'stripe-rate-limited-reason': text };
      const error = { ...answer, message: text, requestId: text, headers };
      const { reason, remedy } = refusal(error, resourceOf('products') as Resource<never>, asked);
      const page = expectOnlyOwnMarkup(markdown(shown(stopped(request, { message: reason, remedy }), 'full')));
      expect(missingFrom(page.text, [text])).toEqual([]);
      expect(referencesIn(page.bare)).toEqual([]);
      expect(page.bare).not.toMatch(/z\d+z/);
    }
  },
);

test('the judges of these tests do see what is not escaped', () => {
  expect(commandsIn('Gold ##[set-output name=status]planted')).toHaveLength(1);
  expect(UNSEEN.test('a\u202e')).toBe(true);
  expect(UNSEEN.test('é 漢 😀 …\n')).toBe(false);
  expect(Object.keys(rendered('~~a~~ <img src=x> ![](x)').elements).sort()).toEqual(['del', 'img', 'p']);
  expect(() => expectOnlyOwnMarkup('[x](https://evil.example)')).toThrow();
  expect(() => expectOnlyOwnMarkup('<script>x</script>')).toThrow();
  expect(referencesIn(rendered('hi &#64;octocat, &#35;1, GH-1 and a&#64;b.example').bare)).toEqual([
    'mention: @octocat',
    'issue: #1',
    'issue: GH-1',
    'e-mail: a@b.example',
  ]);
  expect(referencesIn(rendered('`@octocat` [#1](x) <code>a&#64;b.example</code>').bare)).toEqual([]);
  expect(missingFrom('one two z1z', ['one two z1z', 'two one z1z'])).toEqual(['two one z1z']);
});

// --- The bundles as processes

/** What a step of the Action prints, but for its commands, and what it shows. */
const logOf = ({ stdout, stderr }: ActionRun) =>
  `${stdout}${stderr}`
    .split('\n')
    .filter((line) => !line.startsWith('::'))
    .join('\n');

async function act(strings: readonly string[], scene: Scene, config = FILE): Promise<ActionRun> {
  const headers = { 'stripe-notice': headerText(strings), 'request-id': headerText(strings) };
  const server = await startStripe({
    state: scene.live,
    onRequest({ path }): Fault {
      if (scene.refusals === undefined) return { kind: 'transform', change: (body) => body, headers };
      const message = scene.refusals[['/v1/webhook_endpoints', '/v1/products', '/v1/prices'].indexOf(path)] ?? 'No.';
      return { status: 400, headers, body: { error: { type: 'invalid_request_error', message } } };
    },
  });
  try {
    return await runAction({
      files: { [config]: scene.file },
      inputs: { config, 'stripe-api-key': liveKey, 'stripe-api-base': server.url, 'requests-per-second': '1000' },
      event: hostileEvent(strings),
      debug: true,
    });
  } finally {
    await server.close();
  }
}

describe.concurrent('the Action prints nothing else', () => {
  async function expectQuiet(run: ActionRun, status: string, config = FILE): Promise<Rendered> {
    expect(run.outputs.status).toBe(status);
    expectOnlyOwnCommands(run, config);
    expect(UNSEEN.exec(logOf(run))?.[0]).toBeUndefined();
    const page = expectOnlyOwnMarkup(run.summary);
    expect(referencesIn(page.bare)).toEqual([]);
    return page;
  }

  test('where all that Stripe holds, says in its headers and the event names is hostile', async () => {
    const run = await act(marked, SCENES['live values'](marked));
    const page = await expectQuiet(run, 'drift');
    expect(missingFrom(page.text, marked)).toEqual([]);
  });

  /** So few texts at a time that the log shows all findings. */
  const FEW = 18;
  const parts = Array.from({ length: Math.ceil(marked.length / FEW) }, (_, n) => marked.slice(n * FEW, (n + 1) * FEW));

  // The two scenes take turns: what the printer of the log makes of all parts in all scenes is judged above.
  test.each(parts.map((part, n) => [n, n % 2 === 0 ? 'live values' : 'an invalid file', part] as const))(
    'in the log, where it shows all of that: part %i, as %s',
    async (_, scene, part) => {
      const { status } = SCENES[scene](part);
      const run = await act(part, SCENES[scene](part));
      await expectQuiet(run, status);
      expect(missingFrom(logOf(run), part)).toEqual([]);
    },
  );

  test('where the file is hostile', async () => {
    const run = await act(marked, SCENES['an invalid file'](marked));
    await expectQuiet(run, 'invalid');
  });

  test('where Stripe refuses with hostile words, which are cut between characters', async () => {
    const refusals = [marked.slice(0, 8).join(' '), `${ESC}[2J${'😀'.repeat(500)}`, `a${'😀'.repeat(MEBI / 4)}`];
    const run = await act(marked, { status: 'error', file: shopFile, live: {}, refusals });
    const page = await expectQuiet(run, 'error');
    for (const text of [logOf(run), page.text]) expect(text).toContain('😀…');
  });

  test('where every folder on the way to the file is hostile, and the link leads to the file', async () => {
    const parts = marked.flatMap((text) =>
      text
        .replaceAll('\u0000', '')
        .replace(/\p{Surrogate}/gu, 'x')
        .split('/'),
    );
    const folders = parts.filter((part) => !['', '.', '..'].includes(part.trim()));
    const half = Math.ceil(folders.length / 2);
    for (const names of [folders.slice(0, half), folders.slice(half)]) {
      const config = `x/${names.join('/')}/${names[0]}.yaml`;
      const run = await act([], { file: shopFile, live: driftedShop(), status: 'drift' }, config);
      const page = await expectQuiet(run, 'drift', config);
      const [link] = page.hrefs.filter((href) => href.includes('/blob/'));
      const steps = new URL(link as string).pathname.split('/').slice(5);
      expect(steps.map(decodeURIComponent).join('/')).toBe(config);
      expect(asReport(run.report).files).toEqual([config]);
    }
  });

  test('where ids and keys are lone surrogates: what has none is missing, what is not declared is told', async () => {
    const file = `version: 1
products:
  a: { id: "prod_\\ud800" }
prices:
  a: { id: "price_\\ud800" }
  b: { lookup_key: "\\ud800" }
`;
    const run = await act([], { file, live: { products: [product({ id: 'prod_a\ud800' })] }, status: 'drift' });
    await expectQuiet(run, 'drift');
    expect(run.outputs).toMatchObject({ missing: '3', unmanaged: '1' });
  });
});

describe.concurrent('the command line prints nothing else', () => {
  const { live, file } = SCENES['declared values'](marked);
  const files = { [FILE]: file, 'live.json': snapshotOf(live, marked.join(' ')) };

  test.each(['terminal', 'json', 'markdown', 'github'])('in %s', async (format) => {
    const cwd = repository(files);
    const { stdout, stderr } = await runCli(['check', '--live', 'live.json', '--all', '--format', format], { cwd });
    expect(stderr).toBe('');
    if (format === 'github') return expectOnlyAnnotations(stdout, FILE);
    expect(commandsIn(stdout).map(({ line }) => line)).toEqual([]);
    if (format !== 'json') expect(UNSEEN.exec(stdout)?.[0]).toBeUndefined();
  });

  test.skipIf(!existsSync('/usr/bin/script'))(
    'on a terminal but for colours (skipped where there is no script(1))',
    () => {
      const bundle = join(import.meta.dirname, '../../dist/cli/index.js');
      const command = `'${node24}' '${bundle}' check --live live.json --all`;
      const env = { PATH: process.env.PATH, TERM: 'xterm-256color' };
      const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
        cwd: repository(files),
        env,
        encoding: 'utf8',
      });
      expect(stdout).toContain(`${ESC}[31m`);
      const plain = stdout.replaceAll('\r\n', '\n').replace(new RegExp(`${ESC}\\[[\\d;]*m`, 'g'), '');
      expect(UNSEEN.exec(plain)?.[0]).toBeUndefined();
    },
  );
});

// --- A mebibyte of text

const KINDS_OF_LONG: { readonly [name: string]: string } = {
  letters: 'a'.repeat(MEBI),
  'characters that grow when escaped': '<\u202e|&@`'.repeat(MEBI / 8),
  'lines of commands': '\n::error::planted'.repeat(MEBI / 17),
};

describe.each(Object.keys(KINDS_OF_LONG))('a mebibyte of %s', (kind) => {
  const long = KINDS_OF_LONG[kind] as string;
  /** For a file, of which 4 MiB are read. */
  const part = long.slice(0, MEBI / 8);
  const places: { readonly [name: string]: Scene } = {
    'what is live': {
      status: 'drift',
      file: `version: 1
webhooks:
  w: { id: we_0, enabled_events: [invoice.paid] }
products:
  name: { id: prod_0, name: N }
  metadata: { id: prod_1, metadata: {} }
  ambiguous: { name: N }
prices: {}
ignore: [{ prices: price_0, reason: r }]
`,
      live: {
        webhook_endpoints: [webhookEndpoint({ id: 'we_0', enabled_events: [long] as never })],
        products: [
          product({ id: 'prod_0', name: long }),
          product({ id: 'prod_1', metadata: { [long]: long } }),
          product({ id: `p${long}`, name: 'N' }),
          product({ id: `q${long}`, name: 'N' }),
        ],
        prices: [price({ id: 'price_0', nickname: long }), price({ id: 'price_1', nickname: long })],
      },
    },
    'what the file says': {
      status: 'drift',
      file: `version: 1
products:
  name: { id: prod_0, name: ${yaml(part)} }
  ? ${yaml(part)}
  : { id: prod_1, name: N }
prices:
  missing: { lookup_key: ${yaml(part.slice(0, 200))} }
ignore: [{ products: prod_2, reason: ${yaml(part)} }, { products: none, reason: ${yaml(part)} }]
`,
      live: { products: [product({ id: 'prod_0' }), product({ id: 'prod_1' }), product({ id: 'prod_2' })] },
    },
    'the name of an entry in sync': {
      status: 'in-sync',
      file: `version: 1\nproducts:\n  ? ${yaml(part)}\n  : { id: prod_0 }\n`,
      live: { products: [product({ id: 'prod_0' })] },
    },
    'what is wrong with the file': {
      status: 'invalid',
      file: `version: 1
products:
  ? ${yaml(part)}
  : { id: prod_0, shippable: ${yaml(part)}, default_price: ${yaml(part)} }
  p:
    id: prod_0
    ? ${yaml(part)}
    : 1
`,
      live: {},
    },
  };

  test.each(Object.keys(places))('as %s leaves every outlet within its bounds', async (place) => {
    const scene = places[place] as Scene;
    const report = await reportOf(scene);
    expect(report.status).toBe(scene.status);
    expectBounded(report);
    expect(markdown(report)).toContain('…');
  });
});

/** What people read is short enough for where they read it. */
function expectBounded(report: Report): void {
  const page = markdown(report, { lineUrl });
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(900 * 1024);
  const notes = annotations(report);
  for (const { message } of notes) expect(message.length).toBeLessThanOrEqual(4096);
  expect(notes.length).toBeLessThanOrEqual(29);
  const long = terminal(report)
    .split('\n')
    .filter((line) => line.length > 16 * 1024);
  expect(long.map((line) => `${line.length} characters: ${line.slice(0, 60)}`)).toEqual([]);
}

// --- A file from a fork

/** Lines until a text has so many bytes. */
function until(bytes: number, line: (index: number) => string): string {
  const made: string[] = [];
  for (let size = 0, index = 0; size < bytes; index += 1) {
    const next = line(index);
    made.push(next);
    size += next.length;
  }
  return made.join('');
}

/** The most that is read, but for what stands around it. */
const MOST = 4 * MEBI - 1000;
/** Enough to show a cost that grows with the square, where each byte costs the parser much. */
const MUCH = MEBI / 16;

/** A file that declares nothing but what a line repeats. */
const header = 'version: 1\n';

const FILES: { readonly [name: string]: () => string } = {
  'a bomb of aliases': () =>
    `a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(', ')}]\n`).join('')}`,
  'a bomb of merges': () =>
    `x-0: &a0 { k: v }\n${Array.from({ length: 30 }, (_, n) => `x-${n + 1}: &a${n + 1} { <<: [${Array(10).fill(`*a${n}`).join(', ')}] }\n`).join('')}`,
  'many aliases': () => `x-a: &a v\nx-b:\n${until(MUCH, () => '- *a\n')}`,
  'many aliases to nothing': () => `x-b:\n${until(MUCH, () => '- *a\n')}`,
  '4 MiB of flow': () => '{a: '.repeat(MOST / 4),
  'quotes on each line': () => until(4 * MUCH, () => '"\n'),
  'braces that are not closed, on each line': () => until(MUCH, () => '- {a\n'),
  'many unknown sections': () => `${header}${until(2 * MUCH, (n) => `s${n}: 1\n`)}`,
  'many unknown fields of an entry': () =>
    `${header}products:\n  p:\n    id: prod_1\n${until(2 * MUCH, (n) => `    f${n}: 1\n`)}`,
  'many unknown event types': () =>
    `${header}webhooks:\n  w:\n    url: https://h.example.com/\n    enabled_events:\n${until(MUCH, (n) => `    - invoice.paied${n}\n`)}`,
  'many references to nothing': () =>
    `${header}products:\n${until(MUCH, (n) => `  product_${n}: { id: prod_${n} }\n`)}prices:\n${until(MUCH, (n) => `  r${n}: { id: price_${n}, product: prodcut_${n} }\n`)}`,
  'a long chain of references': () =>
    `${header}products:\n${until(MUCH, (n) => `  p${n}: { match: default_price, default_price: r${n} }\n`)}prices:\n${until(MUCH, (n) => `  r${n}: { match: product, product: p${n + 1} }\n`)}`,
  'many environments': () =>
    `${header}products:\n${until(MUCH / 4, (n) => `  p${n}: { id: prod_${n} }\n`)}environments:\n${until(MUCH / 4, (n) => `  e${n}: {}\n`)}`,
  'an ignore of 4 MiB of stars': () =>
    `${header}products: {}\nignore: [{ products: "${'*a'.repeat(MOST / 2 - 1000)}b", reason: r }]\n`,
  'a long path in a match': () => `${header}products:\n  p: { id: prod_1, match: "metadata${'.a'.repeat(MEBI)}" }\n`,
  'a long name': () => `${header}products:\n  ? ${'a'.repeat(MEBI)}\n  : { id: prod_1, nmae: x }\n`,
  'a URL of at signs and question marks': () =>
    `${header}webhooks:\n  w: { url: "https://h.example.com/${'@?&#=://'.repeat(MEBI / 8)}", api_version: "${'a://'.repeat(MEBI / 4)}" }\n`,
};

describe('a file from a fork', () => {
  // What grows with the square of such a length takes hours, and does not end within the time of a test.
  test.each(Object.keys(FILES))('with %s is told about in bounded time and space', async (name) => {
    const text = (FILES[name] as () => string)();
    expect(text.length).toBeLessThanOrEqual(4 * MEBI);
    const request = { sources: [{ file: FILE, text }], environment: null, failOn: 'error', commit: null } as const;
    const report = shown(await check({ ...request, live: null }), 'full');
    expectBounded(report);
    expect(['invalid', 'skipped']).toContain(report.status);
  });

  /** Signs of YAML, again and again: at 4 MiB each cost the parser seconds or minutes, and some of them all memory. */
  const SIGNS: readonly (readonly [line: string, says: RegExp])[] = [
    ...["'\n", ']', '[]'].map((line) => [line, /not valid YAML|no valid YAML/] as const),
    ...['[', '{a: ', '- '].map((line) => [line, /nested deeper than 64 levels/] as const),
    ...['"', '"a" ', '%\n', '?\n', ':\n', 'a\n', '"a": "b"\n', '&a ', '! ', '#\n', '\n', '|\n', '\t\n'].map(
      (line) =>
        [
          line,
          /more words and signs|declares nothing|no valid YAML|has no sections|not valid YAML|more than 10000 errors/,
        ] as const,
    ),
  ];

  test.each(SIGNS)('of very many %j is told in a few words', async (line, says) => {
    const text = line.repeat(Math.floor(MEBI / 3 / Buffer.byteLength(line)));
    const { findings } = await loadConfig([{ file: FILE, text }]);
    expect(findings.some(({ severity }) => severity === 'error')).toBe(true);
    expect(findings.length).toBeLessThanOrEqual(2 * 10_001);
    expect(findings.map(({ message }) => message).join('\n')).toMatch(says);
  });

  test.each([
    ['[', '['],
    ['{a: ', '{a: '],
    ['{', '{,'],
    ['[', '[[],'],
  ])('is not parsed further than it can be nested or counted: %s then %s', (start, line) => {
    const text = start + line.repeat(Math.floor((3 * MEBI) / line.length));
    const { cut, documents } = documentsIn(text, 64);
    expect(documents).toEqual([]);
    expect(cut?.offset).toBeLessThan(MEBI);
  });

  test('with more problems than anybody reads is told the first of each kind', async () => {
    const wrong = until(MEBI / 2, (n) => `  p${n}: { id: prod_${n}, nmae: a, default_price: "p " }\n`);
    const config = await loadConfig([{ file: FILE, text: `${header}products:\n${wrong}` }]);
    const { findings } = config;
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors).toHaveLength(10_001);
    expect(errors.at(-1)?.message).toMatch(/^There are more than 10000 errors; the others are not shown\./);
    expect(config.in(null, null).declared).toBeNull();
  });

  test('has its errors told, however many warnings come before them', async () => {
    const events = until(MEBI / 4, (n) => `      - invoice.x${n}\n`);
    const text = `${header}webhooks:\n  w:\n    url: https://h.example.com/\n    enabled_events:\n${events}    api_verison: x\n`;
    const { findings } = await loadConfig([{ file: FILE, text }]);
    expect(findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([
      expect.stringContaining('Did you mean api_version?'),
    ]);
  });

  test('is not printed where a variable of the environment asks the parser for that', async () => {
    const cwd = repository({ 'stripe-config.yaml': 'version: 1\nproducts: {}\n' });
    const run = await runCli(['lint', '-q'], { cwd, env: { LOG_TOKENS: '1', LOG_STREAM: '1' } });
    expect(run).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });

  test('is not read whole where it has more than 4 MiB', async () => {
    const path = join(repository({ [FILE]: '#'.repeat(4 * MEBI + 1) }), FILE);
    expect(await readContent(path)).toEqual({ problem: expect.stringContaining('at most 4 MiB') });
  });

  test('is not opened where its path has a NUL, which no variable of the environment holds', async () => {
    expect(await readContent('a\u0000b')).toMatchObject({ problem: expect.stringContaining("can't be read") });
  });
});

test('many patterns of ignores on many live objects end in time', async () => {
  const rules = lines(Array(1000).fill('*a*a*a*b'), (pattern, n) => `  - { products: "${pattern}${n}", reason: r }\n`);
  const products = Array.from({ length: 250 }, (_, n) => product({ id: `prod_${n}`, name: 'a'.repeat(200) }));
  const file = `version: 1\nproducts: {}\nignore:\n${rules}`;
  expect((await reportOf({ status: 'drift', file, live: { products } })).findings).toHaveLength(1251);
});

// --- Paths

describe.concurrent('a symbolic link', () => {
  const outside = () => repository({ 'secret.yaml': 'outside: planted\n', 'folder/secret.yaml': 'outside: planted\n' });

  /** Runs in a workspace that has these links. */
  async function linked(
    links: Readonly<Record<string, string>>,
    inputs: Readonly<Record<string, string>>,
  ): Promise<ActionRun> {
    const workspace = repository({ 'infra/prod.yaml': shopFile });
    for (const [name, target] of Object.entries(links)) {
      mkdirSync(dirname(join(workspace, name)), { recursive: true });
      symlinkSync(target, join(workspace, name));
    }
    return runAction({ workspace, inputs: { 'on-missing-key': 'skip', ...inputs } });
  }

  test('out of the workspace is refused for config: to a file, a folder, a device, a link, by climbing', async () => {
    const there = outside();
    for (const [links, config] of [
      [{ 'stripe-config.yaml': join(there, 'secret.yaml') }, 'stripe-config.yaml'],
      [{ out: there }, 'out/folder/../secret.yaml'],
      [{ one: 'two', two: there }, 'one/secret.yaml'],
      [{ 'a/b/link': '../../../../..' }, 'a/b/link/etc/hostname'],
      [{ 'stripe-config.yaml': '/dev/zero' }, 'stripe-config.yaml'],
    ] as const) {
      const run = await linked(links, { config });
      expect(run.outputs.status).toBe('error');
      expect(run.annotations.at(-1)?.message).toMatch(/^config is .* lies outside the workspace/);
      expect(run.stdout + run.stderr + run.summary + JSON.stringify(run.report)).not.toContain('planted');
    }
  });

  test('that stays in the workspace is followed, and a ring of them is an invalid file', async () => {
    const [read, ring] = await Promise.all([
      linked({ [FILE]: 'infra/prod.yaml' }, {}),
      linked({ [FILE]: 'other.yaml', 'other.yaml': FILE }, {}),
    ]);
    expect(read.outputs.status).toBe('skipped');
    expect(ring.outputs.status).toBe('invalid');
  });

  test('out of the workspace is refused for report-file, and nothing is written there', async () => {
    const there = outside();
    const before = readdirSync(there, { recursive: true }).length;
    for (const [link, target, file] of [
      ['out', there, 'out/report.json'],
      ['report.json', join(there, 'secret.yaml'), 'report.json'],
      ['report.json', join(there, 'new.json'), 'report.json'],
      ['out', join(there, 'new'), 'out/report.json'],
    ] as const) {
      const run = await linked({ [link]: target, [FILE]: 'infra/prod.yaml' }, { 'report-file': file });
      expect(run.exitCode).toBe(1);
      expect(run.annotations.at(-1)?.message).toContain('report-file');
    }
    expect(readdirSync(there, { recursive: true })).toHaveLength(before);
    expect(statSync(join(there, 'secret.yaml')).size).toBe('outside: planted\n'.length);
  });
});
