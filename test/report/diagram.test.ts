/** The picture of the catalogue: what it shows, and that nothing from outside is a part of its syntax. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Report } from '../../src/model.ts';
import { diagram } from '../../src/report/diagram.ts';
import { markdown } from '../../src/report/markdown.ts';
import { shown } from '../../src/report/privacy.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { runs } from '../runs.ts';

async function report(file: object, sections: object, base: object | null = null): Promise<Report> {
  const text = (sections: object) => JSON.stringify({ version: 1, ...sections });
  const found = await check({
    sources: [{ file: 'stripe-config.yaml', text: text(file) }],
    environment: null,
    live: new SnapshotLive(JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1', sections }), 'live.json'),
    failOn: 'error',
    commit: null,
    base: async () =>
      base === null ? null : { name: 'base.yaml', sources: [{ file: 'base.yaml', text: text(base) }] },
  });
  expect(found.error).toBeNull();
  return shown(found, 'full');
}

/** A product with prices of these names, each price as it is live but for its fields here. */
function catalogue(prices: { readonly [name: string]: object }) {
  const entries = Object.entries(prices).map(([name, fields]) => [
    name,
    { id: `price_${name}`, product: 'pro', currency: 'usd', ...fields },
  ]);
  return { products: { pro: { id: 'prod_pro' } }, prices: Object.fromEntries(entries) };
}
const live = (...names: string[]) => ({
  products: [product({ id: 'prod_pro' })],
  prices: names.map((name) => price({ id: `price_${name}`, product: 'prod_pro', unit_amount: 100, recurring: null })),
});

interface Picture {
  readonly open: boolean;
  readonly title: string;
  /** Sections by the ids of their boxes' labels. */
  readonly sections: { readonly [title: string]: readonly string[] };
  readonly edges: readonly string[];
  /** The labels of the boxes of a class. */
  readonly marked: { readonly [mark: string]: readonly string[] };
}

/** A quoted label: letters, digits and spaces, an icon before them, and entity codes. */
const LABEL = /^(?:[✅❌⏳•] |⚠️ |ℹ️ )?(?:[\p{L}\p{N} ]|#\d+;)*$/u;

/** Reads a picture by the few forms of line that it may have, and fails on any other. */
function read(text: string): Picture {
  const fold =
    /^<details( open)?><summary>([\w :,]+)<\/summary>\n\n```mermaid\nflowchart LR\n([^`]*)\n```\n\n<\/details>$/.exec(
      text,
    );
  if (fold === null) throw new Error(`No picture: ${text}`);
  const [, open, title = '', body = ''] = fold;
  const labels = new Map<string, string>();
  const sections: { [title: string]: string[] } = {};
  const edges: string[] = [];
  const marked: { [mark: string]: string[] } = {};
  let section: string[] | null = null;
  for (const line of body.split('\n')) {
    const subgraph = /^ {2}subgraph s\d+\["([^"]*)"\]$/.exec(line);
    const box = /^ {4}(n\d+)\["([^"]*)"\]$/.exec(line);
    const edge = /^ {2}(n\d+) ---(?:\|"([^"]*)"\|)? (n\d+)$/.exec(line);
    const members = /^ {2}class ((?:n\d+,)*n\d+) (\w+)$/.exec(line);
    for (const label of [subgraph?.[1], box?.[2], edge?.[2]]) expect(label ?? '').toMatch(LABEL);
    if (subgraph) {
      section = [];
      sections[decoded(subgraph[1])] = section;
    } else if (box) {
      labels.set(box[1] ?? '', decoded(box[2]));
      section?.push(decoded(box[2]));
    } else if (edge) edges.push([labels.get(edge[1] ?? ''), decoded(edge[2]), labels.get(edge[3] ?? '')].join(' | '));
    else if (members) marked[members[2] ?? ''] = (members[1] ?? '').split(',').map((id) => labels.get(id) ?? '');
    else expect(line).toMatch(/^ {2}(?:end|style s\d+ [\w:#,-]+|classDef \w+ [\w:#, -]+)$/);
  }
  return { open: open !== undefined, title, sections, edges, marked };
}

function decoded(label = ''): string {
  return label.replace(/#(\d+);/g, (_code, number) => String.fromCodePoint(Number(number)));
}

describe('the picture', () => {
  test('shows products with their prices, and marks what is wrong', async () => {
    const file = catalogue({ monthly: { unit_amount: 100 }, yearly: { unit_amount: 200 }, lost: {} });
    const found = await report(
      { ...file, products: { pro: { id: 'prod_pro', default_price: 'monthly' } } },
      { ...live('monthly', 'yearly'), products: [product({ id: 'prod_pro', default_price: 'price_monthly' })] },
    );
    expect(read(diagram(found))).toEqual({
      open: true,
      title: 'Catalogue: 4 entries, 2 with findings',
      sections: { products: ['✅ pro'], prices: ['✅ monthly', '❌ yearly: unit_amount', '❌ lost: missing'] },
      edges: [
        '✅ pro | default_price | ✅ monthly',
        '✅ pro |  | ❌ yearly: unit_amount',
        '✅ pro |  | ❌ lost: missing',
      ],
      marked: { error: ['❌ yearly: unit_amount', '❌ lost: missing'] },
    });
  });

  test('is folded where nothing is wrong', async () => {
    expect(read(diagram(await report(catalogue({ monthly: {} }), live('monthly'))))).toMatchObject({
      open: false,
      title: 'Catalogue: 2 entries',
      marked: {},
    });
  });

  test('tells what a change leaves pending from what is wrong', async () => {
    const base = catalogue({ monthly: {}, yearly: { unit_amount: 300 } });
    const head = catalogue({ monthly: { unit_amount: 200 }, yearly: { unit_amount: 300 } });
    expect(read(diagram(await report(head, live('monthly', 'yearly'), base))).marked).toEqual({
      error: ['❌ yearly: unit_amount'],
      pending: ['⏳ monthly: unit_amount'],
    });
  });

  test('marks a warning and a notice as such', async () => {
    const file = catalogue({ monthly: { unit_amount: 200 }, yearly: {} });
    const found = await report({ ...file, policy: { changed: 'warning', missing: 'notice' } }, live('monthly'));
    expect(read(diagram(found)).marked).toEqual({
      warning: ['⚠️ monthly: unit_amount'],
      notice: ['ℹ️ yearly: missing'],
    });
  });

  test('claims of no entry that it is in sync where the policy accepts that it is not', async () => {
    const found = await report({ ...catalogue({ monthly: {} }), policy: { missing: 'ignore' } }, live());
    expect(read(diagram(found)).sections).toEqual({ products: ['✅ pro'], prices: ['• monthly'] });
  });

  test('names two of the fields that differ and counts the others', async () => {
    const file = catalogue({ monthly: { unit_amount: 200, nickname: 'x', metadata: { a: 'b' } } });
    expect(read(diagram(await report(file, live('monthly')))).marked.error).toEqual([
      expect.stringMatching(/^❌ monthly: \w+, \w+, 1 more$/),
    ]);
  });

  test('stands in the summary', async () => {
    const found = await report(catalogue({ monthly: {} }), live());
    expect(markdown(found)).toContain(diagram(found));
  });

  test.each([
    ['nothing names anything', { products: { pro: { id: 'prod_pro' } }, prices: { x: { id: 'price_x' } } }],
    ['a reference is an id', { products: {}, prices: { x: { id: 'price_x', product: { id: 'prod_pro' } } } }],
  ])('is left out where %s', async (_why, file) => {
    expect(diagram(await report(file, live('x')))).toBe('');
  });

  test('is left out where the section could not be read', async () => {
    const prices = { refused: 'The key may not.' };
    const products = { pro: { id: 'prod_pro', default_price: 'x' } };
    expect(diagram(await report({ ...catalogue({ x: {} }), products }, { ...live(), prices }))).toBe('');
  });

  test.each([
    [40, true],
    [41, false],
  ])('with %i entries is drawn: %s', async (count, isDrawn) => {
    const names = Array.from({ length: count - 1 }, (_, index) => `p${index}`);
    const file = catalogue(Object.fromEntries(names.map((name) => [name, {}])));
    expect(diagram(await report(file, live(...names))) !== '').toBe(isDrawn);
  });

  test('shows no password or token of a name', async () => {
    const file = catalogue({ 'https://me:secret@example.com/?token=secret': {} });
    const text = diagram(await report(file, live()));
    expect(read(text).sections.prices).toEqual([expect.stringContaining('https://…@example.com/')]);
    expect(decoded(text)).not.toContain('secret');
  });
});

describe('a name', () => {
  const hostile = fc.constantFrom(
    '"',
    '"]',
    '`',
    '```',
    '\n```\n',
    '<img src=x onerror=alert(1)>',
    '</details>',
    '%%{init: {"theme": "dark"}}%%',
    'click n1 "javascript:alert(1)"',
    '#quot;',
    '#35;',
    '&lt;',
    'ﬂ°°60¶ß',
    'end',
    '-->',
    'fa:fa-car',
    '1. one',
    '**bold**',
    'style a:b#c;',
    'https://example.com',
    '\u202e',
    '\ud800',
    '日本語',
  );
  const name = fc
    .array(fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 5 })), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(''))
    .filter((text) => text !== '');

  test('is a label and nothing else, whatever it holds', async () => {
    const plain = await report(catalogue({ monthly: {} }), live());
    fc.assert(
      fc.property(name, (text) => {
        const renamed = plain.catalogue.map((entry) => (entry.section === 'prices' ? { ...entry, name: text } : entry));
        const findings = plain.findings.map((finding) => ({ ...finding, name: text }));
        const picture = read(diagram({ ...plain, catalogue: renamed, findings: findings as Report['findings'] }));
        expect(picture.sections.prices).toHaveLength(1);
        expect(picture.edges).toHaveLength(1);
        expect(picture.marked.error).toEqual([expect.stringMatching(/^❌ .*: missing$/u)]);
        expect(picture.sections.prices?.[0]).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      runs(1000),
    );
  });
});
