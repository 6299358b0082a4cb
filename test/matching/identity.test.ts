/** How an entry finds its object (DESIGN, rules of meaning 5 and 6), clause by clause. */
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Finding, Report } from '../../src/model.ts';
import { shown } from '../../src/report/privacy.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { coupon } from '../kinds/coupons.ts';
import { meter } from '../kinds/meters.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';

interface Sides {
  readonly webhooks?: unknown;
  readonly products?: unknown;
  readonly prices?: unknown;
  readonly coupons?: unknown;
  readonly meters?: unknown;
}

async function compared(file: string, sections: Sides): Promise<Report> {
  const found = await check({
    sources: [{ file: 'f.yaml', text: `version: 1\n${file}\n` }],
    environment: null,
    live: new SnapshotLive(JSON.stringify({ schema: 1, mode: 'live', account: null, sections }), 'live.json'),
    failOn: 'error',
    commit: null,
  });
  return shown(found, 'full');
}

/** Findings in a few words: problem, entry, and the object or what is said of others. */
function brief(finding: Finding): string {
  switch (finding.problem) {
    case 'invalid':
      return `${finding.severity} ${finding.at.line}:${finding.at.column} ${finding.message}`;
    case 'missing':
      return `missing ${finding.name}${finding.others === 0 ? '' : ` others ${finding.others}`}`;
    case 'changed':
      return `changed ${finding.name} ${finding.id} ${finding.field}`;
    case 'ambiguous': {
      const rivals = finding.rivals.length === 0 ? '' : ` rivals ${[...finding.rivals].sort().join(' ')}`;
      return `ambiguous ${finding.name} ${finding.candidates
        .map(({ id }) => id)
        .sort()
        .join(' ')}${rivals}`;
    }
    case 'unmanaged':
      return `unmanaged ${finding.id}`;
    case 'unhealthy':
      return `unhealthy ${finding.name}`;
    case 'unsubscribed':
    case 'unhandled':
    case 'dangling':
      return `${finding.problem} ${finding.word}`;
  }
}

async function found(file: string, sections: Sides): Promise<string[]> {
  const report = await compared(file, sections);
  expect(report.error).toBeNull();
  // Whether an object is well is a question of its own.
  return report.findings
    .filter(({ problem }) => problem !== 'unhealthy')
    .map(brief)
    .sort();
}

/** Remarks of the file that these tests are not about. */
const quiet = (lines: string[]) => lines.filter((line) => !line.startsWith('warning'));

const hook = (id: string, url: string, more: object = {}) => webhookEndpoint({ id, url, ...more });
const named = (id: string, name: string, more: object = {}) => product({ id, name, ...more });
const keyed = (id: string, lookup_key: string | null, more: object = {}) => price({ id, lookup_key, ...more });

describe('an entry is found', () => {
  test('by its id first, whatever else it states', async () => {
    const live = { webhooks: [hook('we_1', 'https://a.example'), hook('we_2', 'https://b.example')] };
    expect(await found('webhooks: { a: { id: we_2, url: https://a.example } }', live)).toEqual([
      'changed a we_2 url',
      'unmanaged we_1',
    ]);
    const products = { products: [named('prod_1', 'Pro'), named('prod_2', 'Pro')] };
    expect(await found('products: { a: { id: prod_1, name: Pro } }', products)).toEqual(['unmanaged prod_2']);
    const prices = { prices: [keyed('price_1', 'pro'), keyed('price_2', null)] };
    expect(await found('prices: { a: { id: price_2, lookup_key: pro } }', prices)).toEqual([
      'changed a price_2 lookup_key',
      'unmanaged price_1',
    ]);
  });

  test('a webhook by its URL', async () => {
    expect(
      await found('webhooks: { a: { url: https://a.example } }', { webhooks: [hook('we_1', 'https://a.example')] }),
    ).toEqual([]);
  });

  test('a webhook by its URL and connect, where connect is stated', async () => {
    const both = {
      webhooks: [hook('we_1', 'https://a.example'), hook('we_2', 'https://a.example', { application: 'ca_1' })],
    };
    expect(
      await found(
        'webhooks: { a: { url: https://a.example, connect: false }, b: { url: https://a.example, connect: true } }',
        both,
      ),
    ).toEqual([]);
    expect(await found('webhooks: { a: { url: https://a.example } }', both)).toEqual(['ambiguous a we_1 we_2']);
    expect(await found('webhooks: { a: { url: https://a.example, connect: true } }', both)).toEqual(['unmanaged we_1']);
  });

  test('a product by its name, a price by its lookup key', async () => {
    expect(await found('products: { a: { name: Pro } }', { products: [named('prod_1', 'Pro')] })).toEqual([]);
    expect(await found('prices: { a: { lookup_key: pro } }', { prices: [keyed('price_1', 'pro')] })).toEqual([]);
  });

  test('by the exact text: case and spaces matter', async () => {
    expect(await found('products: { a: { name: pro } }', { products: [named('prod_1', 'Pro')] })).toEqual([
      'missing a',
      'unmanaged prod_1',
    ]);
    expect(await found('prices: { a: { lookup_key: "1" } }', { prices: [keyed('price_1', '01')] })).toEqual([
      'missing a',
      'unmanaged price_1',
    ]);
  });

  test('by the fields that match names, instead of the identity that it states', async () => {
    const products = {
      products: [
        named('prod_1', 'A', { metadata: { plan: 'pro' } }),
        named('prod_2', 'B', { metadata: { plan: 'basic' } }),
      ],
    };
    expect(
      await found('products: { a: { match: metadata.plan, id: prod_2, name: A, metadata: { plan: pro } } }', products),
    ).toEqual(['changed a prod_1 id', 'unmanaged prod_2']);
  });

  test('by several fields together', async () => {
    const prices = {
      prices: [
        price({ id: 'price_1', product: 'prod_1', nickname: 'Monthly' }),
        price({ id: 'price_2', product: 'prod_1', nickname: 'Yearly' }),
        price({ id: 'price_3', product: 'prod_2', nickname: 'Monthly' }),
      ],
    };
    const file = 'prices: { a: { match: [product, nickname], product: prod_1, nickname: Monthly } }';
    expect(await found(file, prices)).toEqual(['unmanaged price_2', 'unmanaged price_3']);
  });

  test('by a name of its metadata with a dot in it', async () => {
    const products = { products: [named('prod_1', 'A', { metadata: { 'a.b': 'x' } })] };
    expect(await found('products: { a: { match: metadata.a.b, metadata: { a.b: x } } }', products)).toEqual([]);
  });

  test('by a member of a whole value, defaults included', async () => {
    const prices = { prices: [price({ id: 'price_1' }), price({ id: 'price_2', recurring: { interval_count: 3 } })] };
    expect(
      await found('prices: { a: { match: recurring.interval_count, recurring: { interval: month } } }', prices),
    ).toEqual(['unmanaged price_2']);
  });

  test('by an amount, as a number and in every spelling', async () => {
    const prices = { prices: [price({ id: 'price_1', unit_amount: 2000 })] };
    expect(
      await found(
        'prices: { a: { match: unit_amount, unit_amount_decimal: "2000.00", currency: usd, type: recurring } }',
        prices,
      ),
    ).toEqual([]);
  });

  test('by a reference, through the object of the entry that it names', async () => {
    const file = `products: { pro: { name: Pro } }
prices: { a: { match: product, product: pro } }`;
    const live = { products: [named('prod_1', 'Pro')], prices: [price({ id: 'price_1', product: 'prod_1' })] };
    expect(await found(file, live)).toEqual([]);
    expect(await found(file, { ...live, prices: [price({ id: 'price_1', product: 'prod_2' })] })).toEqual([
      'missing a',
      'unmanaged price_1',
    ]);
  });

  test('not by an entry of another section that could not be read', async () => {
    const file = `products: { pro: { name: Pro } }
prices: { a: { match: product, product: pro } }`;
    const report = await compared(file, { products: { refused: 'No.' }, prices: [] });
    expect(report.status).toBe('incomplete');
    expect(report.findings.map(brief)).toEqual([]);
    expect(report.counts.checked).toBe(0);
  });
});

describe('an entry without an identity is invalid', () => {
  test.each([
    [
      'webhooks',
      'webhooks: { a: { enabled_events: [a.b] } }',
      'webhooks.a states nothing that finds its webhook endpoint. Add id or url, or name other fields in match',
    ],
    [
      'products',
      'products: { a: { active: true } }',
      'products.a states nothing that finds its product. Add id or name, or name other fields in match',
    ],
    [
      'prices',
      'prices: { a: { lookup_key: null } }',
      'prices.a states nothing that finds its price. Add id or lookup_key, or name other fields in match',
    ],
  ])('in %s', async (_section, file, message) => {
    const [finding = ''] = (await found(file, {})).filter((line) => line.startsWith('error'));
    expect(finding).toMatch(/^error 2:\d+ /);
    expect(finding.replace(/^error 2:\d+ /, '')).toBe(message);
  });

  test.each([
    ['match: metadata.plan, name: A', 'products.a.match is "metadata.plan", which the entry does not state'],
    [
      'match: [name, metadata.plan], name: A, metadata: { other: x }',
      'products.a.match[1] is "metadata.plan", which the entry does not state',
    ],
    ['match: nmae, name: A', 'products.a.match is "nmae", which names no field. Did you mean name?'],
    ['match: images, images: [https://a.example]', 'products.a.match is "images", which is not a single value'],
    ['match: metadata, metadata: { a: x }', 'products.a.match is "metadata", which is not a single value'],
    ['match: unit_label, unit_label: null', 'products.a.match is "unit_label", which the entry does not state'],
  ])('where match says what it does not state: %s', async (fields, message) => {
    expect(
      (await found(`products: { a: { ${fields} } }`, {})).map((line) => line.replace(/^error [\d:]+ /, '')),
    ).toEqual([message]);
  });
});

describe('two entries with one identity are invalid', () => {
  test.each([
    ['webhooks', 'a: { url: https://a.example }', 'b: { url: https://a.example }', 'url'],
    ['webhooks', 'a: { id: we_1 }', 'b: { id: we_1, url: https://b.example }', 'id'],
    ['products', 'a: { name: Pro }', 'b: { name: Pro }', 'name'],
    ['prices', 'a: { lookup_key: pro }', 'b: { lookup_key: pro, active: false }', 'lookup_key'],
    [
      'products',
      'a: { match: metadata.p, metadata: { p: 1 } }',
      'b: { match: metadata.p, metadata: { p: "1" } }',
      'metadata.p',
    ],
    [
      'prices',
      'a: { match: [product, nickname], product: prod_1, nickname: x }',
      'b: { match: [product, nickname], product: { id: prod_1 }, nickname: x }',
      'product',
    ],
  ])('in %s: %s and %s', async (section, one, other, path) => {
    const file = `${section}:\n  ${one}\n  ${other}`;
    expect((await found(file, {})).map((line) => line.replace(/^error 4:\d+ /, ''))).toEqual([
      `${section}.b.${path} finds the same object as a on line 3: both have this value. Keep one entry`,
    ]);
  });

  test.each([
    [
      'a URL with connect true and false',
      'webhooks: { a: { url: https://a.example, connect: true }, b: { url: https://a.example, connect: false } }',
    ],
    ['the same text in two sections', 'products: { a: { id: x } }\nprices: { a: { id: x } }'],
    ['the same text as id and as name', 'products: { a: { id: x }, b: { name: x } }'],
  ])('but not %s', async (_name, file) => {
    expect(
      (await found(file, { webhooks: [], products: [], prices: [] })).filter((line) => line.startsWith('error')),
    ).toEqual([]);
  });
});

describe('candidates are the objects in the state that the entry expects', () => {
  const active = (id: string) => named(id, 'Pro');
  const archived = (id: string) => named(id, 'Pro', { active: false });

  test.each([
    ['one in force', [active('p1')], '', []],
    ['one in force and archived ones besides', [archived('p1'), active('p2'), archived('p3')], '', []],
    ['two in force', [active('p1'), active('p2')], '', ['ambiguous a p1 p2']],
    [
      'two in force, and an archived one that is no candidate',
      [active('p1'), archived('p2'), active('p3')],
      '',
      ['ambiguous a p1 p3'],
    ],
    ['one archived', [archived('p1')], '', ['changed a p1 active']],
    ['two archived', [archived('p1'), archived('p2')], '', ['missing a others 2']],
    ['none', [], '', ['missing a']],
    ['archived as expected', [archived('p1')], ', active: false', []],
    [
      'archived as expected, and one in force that nobody declared',
      [archived('p1'), active('p2')],
      ', active: false',
      ['unmanaged p2'],
    ],
    ['two archived where one is expected', [archived('p1'), archived('p2')], ', active: false', ['ambiguous a p1 p2']],
    ['in force where it is expected archived', [active('p1')], ', active: false', ['changed a p1 active']],
    [
      'two in force where it is expected archived',
      [active('p1'), active('p2')],
      ', active: false',
      ['missing a others 2', 'unmanaged p1', 'unmanaged p2'],
    ],
    ['active: true says what is expected anyway', [archived('p1')], ', active: true', ['changed a p1 active']],
  ])('%s', async (_name, products, fields, expected) => {
    expect(await found(`products: { a: { name: Pro${fields} } }`, { products })).toEqual(expected);
  });

  test('a webhook is expected to be enabled', async () => {
    const off = { status: 'disabled' };
    const file = 'webhooks: { a: { url: https://a.example } }';
    expect(await found(file, { webhooks: [hook('we_1', 'https://a.example', off)] })).toEqual([
      'changed a we_1 status',
    ]);
    expect(
      await found(file, { webhooks: [hook('we_1', 'https://a.example', off), hook('we_2', 'https://a.example')] }),
    ).toEqual([]);
    expect(
      await found('webhooks: { a: { url: https://a.example, status: disabled } }', {
        webhooks: [hook('we_1', 'https://a.example', off)],
      }),
    ).toEqual([]);
  });

  test('one that changed its state differs in other fields as well', async () => {
    const prices = [keyed('price_1', 'pro', { active: false, nickname: 'Old' })];
    expect(await found('prices: { a: { lookup_key: pro, nickname: New } }', { prices })).toEqual([
      'changed a price_1 active',
      'changed a price_1 nickname',
    ]);
  });

  test('an archived object is never unmanaged', async () => {
    expect(await found('products: {}', { products: [archived('p1'), active('p2')] })).toEqual(['unmanaged p2']);
  });
});

describe('entries that find one object are ambiguous', () => {
  test('all of them, and the object is not unmanaged besides', async () => {
    expect(await found('products: { a: { id: p1 }, b: { name: Pro } }', { products: [named('p1', 'Pro')] })).toEqual([
      'ambiguous a p1 rivals b',
      'ambiguous b p1 rivals a',
    ]);
    const prices = { prices: [keyed('price_1', 'k', { nickname: 'n' })] };
    expect(
      await found('prices: { a: { id: price_1 }, b: { lookup_key: k }, c: { match: nickname, nickname: n } }', prices),
    ).toEqual(['ambiguous a price_1 rivals b c', 'ambiguous b price_1 rivals a c', 'ambiguous c price_1 rivals a b']);
  });
});

describe('a URL that differs as people overlook', () => {
  test.each([
    ['in case of the host', 'https://API.example.com/x', 'https://api.example.com/x'],
    ['in case of the scheme', 'HTTPS://api.example.com/x', 'https://api.example.com/x'],
    ['in the default port', 'https://api.example.com:443/x', 'https://api.example.com/x'],
    ['in the default port of http', 'http://api.example.com/x', 'http://api.example.com:80/x'],
    ['in a trailing slash', 'https://api.example.com/x/', 'https://api.example.com/x'],
    ['in the slash of the root', 'https://api.example.com', 'https://api.example.com/'],
    ['in a trailing slash before a query', 'https://api.example.com/x/?a=1', 'https://api.example.com/x?a=1'],
    ['in all of them', 'https://API.example.com:443/x/', 'https://api.example.com/x'],
  ])('%s is one changed url', async (_name, declared, live) => {
    expect(quiet(await found(`webhooks: { a: { url: "${declared}" } }`, { webhooks: [hook('we_1', live)] }))).toEqual([
      'changed a we_1 url',
    ]);
  });

  test.each([
    ['in case of the path', 'https://api.example.com/X', 'https://api.example.com/x'],
    ['in the host alone has', 'https://api.example.com/', 'https://api.example.org/'],
    ['in a path of dots', 'https://api.example.com/a/../x', 'https://api.example.com/x'],
  ])('%s is missing and unmanaged', async (_name, declared, live) => {
    expect(quiet(await found(`webhooks: { a: { url: "${declared}" } }`, { webhooks: [hook('we_1', live)] }))).toEqual([
      'missing a',
      'unmanaged we_1',
    ]);
  });

  test('is left to the entry that has it exactly', async () => {
    const file = 'webhooks: { a: { url: https://a.example/x }, b: { url: https://a.example/x/ } }';
    expect(await found(file, { webhooks: [hook('we_1', 'https://a.example/x')] })).toEqual(['missing b']);
  });

  test('is missing where it could be one of several, or one of several entries could mean it', async () => {
    const two = { webhooks: [hook('we_1', 'https://a.example/x'), hook('we_2', 'https://A.example/x')] };
    expect(await found('webhooks: { a: { url: https://a.example/x/ } }', two)).toEqual([
      'missing a',
      'unmanaged we_1',
      'unmanaged we_2',
    ]);
    const file = 'webhooks: { a: { url: https://a.example/x/ }, b: { url: https://A.example/x } }';
    expect(await found(file, { webhooks: [hook('we_1', 'https://a.example/x')] })).toEqual([
      'missing a',
      'missing b',
      'unmanaged we_1',
    ]);
  });

  test('is missing where connect, which is stated, differs too', async () => {
    const live = { webhooks: [hook('we_1', 'https://a.example/x', { application: 'ca_1' })] };
    expect(await found('webhooks: { a: { url: https://a.example/x/, connect: false } }', live)).toEqual([
      'missing a',
      'unmanaged we_1',
    ]);
    expect(await found('webhooks: { a: { url: https://a.example/x/, connect: true } }', live)).toEqual([
      'changed a we_1 url',
    ]);
  });

  test('is missing where the webhook is disabled', async () => {
    const live = { webhooks: [hook('we_1', 'https://a.example/x', { status: 'disabled' })] };
    expect(await found('webhooks: { a: { url: https://a.example/x/ } }', live)).toEqual(['missing a']);
  });
});

describe('an object that was renamed', () => {
  const hooks = (...live: [string, string, object?][]) => ({ webhooks: live.map((one) => hook(...one)) });

  test.each([
    ['in the scheme', 'http://api.example.com/x', 'https://api.example.com/x'],
    ['in the port', 'https://api.example.com:8443/x', 'https://api.example.com/x'],
    ['in the query', 'https://api.example.com/x?a=1', 'https://api.example.com/x?a=2'],
    ['in the query of the root', 'https://api.example.com/?a=1', 'https://api.example.com/?a=2'],
    ['in the host', 'https://api.example.com/x', 'https://api.example.org/x'],
    ['in the user', 'https://user:secret@api.example.com/x', 'https://api.example.com/x'],
    ['in the fragment', 'https://api.example.com/x#a', 'https://api.example.com/x#b'],
  ])('%s is one changed url', async (_name, declared, live) => {
    expect(quiet(await found(`webhooks: { a: { url: "${declared}" } }`, hooks(['we_1', live])))).toEqual([
      'changed a we_1 url',
    ]);
  });

  test.each<[string, string, object, string]>([
    [
      'a webhook with all its events at another path',
      'webhooks: { a: { url: https://a.example/x, enabled_events: [a.b, c.d] } }',
      hooks(['we_1', 'https://b.example/y', { enabled_events: ['c.d', 'a.b'] }]),
      'changed a we_1 url',
    ],
    [
      'a product with a name of its metadata',
      'products: { a: { name: Pro, metadata: { plan: pro } } }',
      { products: [named('prod_1', 'Plus', { metadata: { plan: 'pro', other: 'x' } })] },
      'changed a prod_1 name',
    ],
    [
      'a product with two of its fields',
      'products: { a: { name: Pro, description: All, unit_label: seat } }',
      { products: [named('prod_1', 'Plus', { description: 'All', unit_label: 'seat' })] },
      'changed a prod_1 name',
    ],
    [
      'a product that is found by its metadata, with its id',
      'products: { a: { match: metadata.plan, id: prod_1, metadata: { plan: pro } } }',
      { products: [named('prod_1', 'Plus', { metadata: { plan: 'plus' } })] },
      'changed a prod_1 metadata',
    ],
    [
      'a price of its product with its amount',
      'prices: { a: { lookup_key: k, product: prod_1, currency: usd, unit_amount: 2000, recurring: { interval: month } } }',
      { prices: [keyed('price_1', 'k2', { product: 'prod_1' })] },
      'changed a price_1 lookup_key',
    ],
    [
      'a price that lost its lookup key',
      'prices: { a: { lookup_key: k, product: prod_1, currency: usd, unit_amount: 2000, recurring: { interval: month } } }',
      { prices: [price({ id: 'price_1', product: 'prod_1' })] },
      'changed a price_1 lookup_key',
    ],
    [
      'a price by its nickname, of a product that was renamed itself',
      `products: { p: { name: Pro, metadata: { plan: pro } } }
prices: { a: { match: [product, nickname], product: p, nickname: M, currency: usd, unit_amount: 2000, recurring: { interval: month } } }`,
      {
        products: [named('prod_1', 'Plus', { metadata: { plan: 'pro' } })],
        prices: [keyed('price_1', 'k', { product: 'prod_1', nickname: 'N' })],
      },
      'changed a price_1 nickname|changed p prod_1 name',
    ],
    [
      'a meter by the name that people gave it',
      'meters: { a: { match: display_name, display_name: Calls, event_name: calls } }',
      { meters: [meter({ id: 'mtr_1', display_name: 'Requests', event_name: 'calls' })] },
      'changed a mtr_1 display_name',
    ],
    [
      'a coupon with its discount and the months that it lasts',
      'coupons: { a: { name: A, percent_off: 25, duration: repeating, duration_in_months: 3 } }',
      { coupons: [coupon({ id: 'C', name: 'B', percent_off: 25, duration: 'repeating', duration_in_months: 3 })] },
      'changed a C name',
    ],
    [
      'a product whose price is found, and never belongs to another',
      `products: { a: { name: Pro } }
prices: { m: { lookup_key: m, product: a }, y: { id: price_2, product: a } }`,
      {
        products: [named('prod_1', 'Plus'), named('prod_2', 'Team')],
        prices: [keyed('price_1', 'm', { product: 'prod_1' }), keyed('price_2', null, { product: 'prod_1' })],
      },
      'changed a prod_1 name|unmanaged prod_2',
    ],
    [
      'a product whose price is found, whatever else was changed',
      `products: { a: { name: Pro, unit_label: seat, metadata: { plan: pro } } }
prices: { m: { lookup_key: m, product: a } }`,
      {
        products: [
          named('prod_1', 'Plus', { unit_label: 'user' }),
          named('prod_2', 'X', { metadata: { plan: 'pro' } }),
        ],
        prices: [keyed('price_1', 'm', { product: 'prod_1' })],
      },
      'changed a prod_1 metadata|changed a prod_1 name|changed a prod_1 unit_label|unmanaged prod_2',
    ],
    [
      'a product by its default price',
      `products: { a: { name: Pro, default_price: m } }
prices: { m: { lookup_key: m } }`,
      {
        products: [named('prod_1', 'Plus', { default_price: 'price_1' }), named('prod_2', 'Team')],
        prices: [keyed('price_1', 'm', { product: 'prod_1' })],
      },
      'changed a prod_1 name|unmanaged prod_2',
    ],
    [
      'a product, and by it a price that lost its lookup key',
      `products: { a: { name: Pro } }
prices:
  m: { lookup_key: m, product: a }
  y: { lookup_key: y, product: a, currency: usd, unit_amount: 2000, recurring: { interval: month } }`,
      {
        products: [named('prod_1', 'Plus')],
        prices: [
          keyed('price_1', 'm', { product: 'prod_1', unit_amount: 900 }),
          keyed('price_2', null, { product: 'prod_1' }),
        ],
      },
      'changed a prod_1 name|changed y price_2 lookup_key',
    ],
    [
      'a meter whose price is found',
      `meters: { a: { match: display_name, display_name: Calls } }
prices: { m: { lookup_key: m, recurring: { interval: month, usage_type: metered, meter: a } } }`,
      {
        meters: [meter({ id: 'mtr_1', display_name: 'Requests' }), meter({ id: 'mtr_2', display_name: 'Bytes' })],
        prices: [keyed('price_1', 'm', { recurring: { usage_type: 'metered', meter: 'mtr_1' } })],
      },
      'changed a mtr_1 display_name|unmanaged mtr_2',
    ],
  ])('is found all the same: %s', async (_name, file, live, expected) => {
    expect(
      quiet(await found(file, live))
        .sort()
        .join('|'),
    ).toBe(expected);
  });

  test.each<[string, string, object]>([
    [
      'without anything else in common',
      'products: { a: { name: Pro, description: All } }',
      { products: [named('prod_1', 'Plus', { description: 'All' })] },
    ],
    [
      'where something else differs',
      'products: { a: { name: Pro, metadata: { plan: pro }, description: All } }',
      { products: [named('prod_1', 'Plus', { metadata: { plan: 'pro' }, description: 'Some' })] },
    ],
    [
      'where it is archived',
      'products: { a: { name: Pro, metadata: { plan: pro } } }',
      { products: [named('prod_1', 'Plus', { metadata: { plan: 'pro' }, active: false })] },
    ],
    [
      'where there are two of the kind',
      'products: { a: { name: Pro, metadata: { plan: pro } } }',
      { products: ['prod_1', 'prod_2'].map((id) => named(id, 'Plus', { metadata: { plan: 'pro' } })) },
    ],
    [
      'where two entries may mean it',
      'products: { a: { name: Pro, metadata: { plan: pro } }, b: { name: Team, metadata: { plan: pro } } }',
      { products: [named('prod_1', 'Plus', { metadata: { plan: 'pro' } })] },
    ],
    [
      'where an ignore accepts it undeclared',
      'products: { a: { name: Pro, metadata: { plan: pro } } }\nignore: [{ products: { name: Plus }, reason: x }]',
      { products: [named('prod_1', 'Plus', { metadata: { plan: 'pro' } })] },
    ],
    [
      'where it charges in a currency more',
      'prices: { a: { lookup_key: k, product: prod_1, currency: usd, unit_amount: 2000, recurring: { interval: month } } }',
      { prices: [keyed('price_1', 'k2', { product: 'prod_1', currency_options: { eur: { unit_amount: 5 } } })] },
    ],
    [
      'by an id, which nothing changes',
      'prices: { a: { id: price_0, product: prod_1, currency: usd, unit_amount: 2000, recurring: { interval: month } } }',
      { prices: [keyed('price_1', 'k2', { product: 'prod_1' })] },
    ],
    [
      'by what is fixed at creation',
      'meters: { a: { event_name: calls, display_name: Calls } }',
      { meters: [meter({ id: 'mtr_1', display_name: 'Calls', event_name: 'requests' })] },
    ],
    [
      'where its prices belong to several products',
      `products: { a: { name: Pro } }
prices: { m: { lookup_key: m, product: a }, y: { lookup_key: y, product: a } }`,
      {
        products: [named('prod_1', 'Plus'), named('prod_2', 'Team')],
        prices: [keyed('price_1', 'm', { product: 'prod_1' }), keyed('price_2', 'y', { product: 'prod_2' })],
      },
    ],
    [
      'where the product of its price is the one of another entry',
      `products: { a: { name: Pro }, b: { name: Team } }
prices: { m: { lookup_key: m, product: a } }`,
      { products: [named('prod_1', 'Team')], prices: [keyed('price_1', 'm', { product: 'prod_1' })] },
    ],
    [
      'where prices of two entries belong to one product',
      `products: { a: { name: Pro }, b: { name: Team } }
prices: { m: { lookup_key: m, product: a }, y: { lookup_key: y, product: b } }`,
      {
        products: [named('prod_1', 'Plus')],
        prices: [keyed('price_1', 'm', { product: 'prod_1' }), keyed('price_2', 'y', { product: 'prod_1' })],
      },
    ],
    [
      'where what never changes is another',
      `products: { a: { name: Pro, type: good } }
prices: { m: { lookup_key: m, product: a } }`,
      {
        products: [named('prod_1', 'Plus', { type: 'service' })],
        prices: [keyed('price_1', 'm', { product: 'prod_1' })],
      },
    ],
    [
      'by a default price, which may be another price now',
      `products: { p: { name: Pro, default_price: a } }
prices: { a: { lookup_key: a } }`,
      {
        products: [named('prod_1', 'Pro', { default_price: 'price_1' })],
        prices: [keyed('price_1', 'other', { product: 'prod_1' })],
      },
    ],
    [
      'by an id, even where its price belongs to another',
      `products: { a: { id: prod_0, name: Pro } }
prices: { m: { lookup_key: m, product: a } }`,
      { products: [named('prod_1', 'Pro')], prices: [keyed('price_1', 'm', { product: 'prod_1' })] },
    ],
    [
      'where an ignore accepts the product of its price',
      `products: { a: { name: Pro } }
prices: { m: { lookup_key: m, product: a } }
ignore: [{ products: prod_1, reason: x }]`,
      { products: [named('prod_1', 'Plus')], prices: [keyed('price_1', 'm', { product: 'prod_1' })] },
    ],
  ])('is not guessed %s', async (_name, file, live) => {
    const told = await found(file, live);
    expect(told.some((one) => one.startsWith('missing a'))).toBe(true);
    expect(told.filter((one) => one.startsWith('changed'))).toEqual([]);
  });

  test('is not guessed where another entry finds the object once that one is known', async () => {
    const file = `products: { p: { name: Pro, metadata: { plan: pro } } }
prices:
  a: { lookup_key: gone, product: prod_1, currency: usd, unit_amount: 2000, recurring: { interval: month } }
  b: { match: [product, nickname], product: p, nickname: M }`;
    const live = {
      products: [named('prod_1', 'Plus', { metadata: { plan: 'pro' } })],
      prices: [keyed('price_1', 'k', { product: 'prod_1', nickname: 'M' })],
    };
    expect(quiet(await found(file, live)).sort()).toEqual(['changed p prod_1 name', 'missing a']);
  });
});

describe('a reference', () => {
  const live = {
    products: [named('prod_1', 'Pro', { default_price: 'price_1' })],
    prices: [keyed('price_1', 'pro', { product: 'prod_1' })],
  };

  test('names an entry, in both directions at once', async () => {
    const file = `products: { pro: { name: Pro, default_price: monthly } }
prices: { monthly: { lookup_key: pro, product: pro } }`;
    expect(await found(file, live)).toEqual([]);
  });

  test.each(['{ id: prod_1 }', 'prod_1', '"prod_1"'])('is an id: %s', async (written) => {
    expect(await found(`prices: { monthly: { lookup_key: pro, product: ${written} } }`, live)).toEqual([]);
  });

  test('is an id without any prefix only in a map: ids of products are free text', async () => {
    const free = { prices: [keyed('price_1', 'pro', { product: 'gold plan' })] };
    expect(await found('prices: { monthly: { lookup_key: pro, product: { id: gold plan } } }', free)).toEqual([]);
    expect((await found('prices: { monthly: { lookup_key: pro, product: gold plan } }', free))[0]).toContain(
      'prices.monthly.product is "gold plan", but the file declares no products. To refer to an object by its id, write { id: … }',
    );
  });

  test('prefers the entry of that name to an id', async () => {
    const file = `products: { prod_1: { id: other } }
prices: { monthly: { lookup_key: pro, product: prod_1 } }`;
    expect(await found(file, { ...live, products: [named('other', 'X')] })).toEqual([
      'changed monthly price_1 product',
    ]);
  });

  test('to another object is one finding', async () => {
    const file = `products: { pro: { name: Pro }, basic: { name: Basic } }
prices: { monthly: { lookup_key: pro, product: basic } }`;
    expect(await found(file, { ...live, products: [...live.products, named('prod_2', 'Basic')] })).toEqual([
      'changed monthly price_1 product',
    ]);
  });

  test('that names nothing is invalid, with the nearest name', async () => {
    const file = `products: { pro_plan: { name: Pro } }
prices:
  monthly: { lookup_key: pro, product: pro_pln }`;
    expect(await found(file, live)).toEqual([
      'error 4:40 prices.monthly.product is "pro_pln", but no entry of products has that name. Did you mean pro_plan? To refer to an object by its id, write { id: … }',
    ]);
  });

  test('to an entry that is archived as expected is followed', async () => {
    const file = `products: { pro: { name: Pro, active: false } }
prices: { monthly: { lookup_key: pro, product: pro } }`;
    expect(await found(file, { ...live, products: [named('prod_1', 'Pro', { active: false })] })).toEqual([]);
  });

  test('to an entry that is missing is not reported a second time', async () => {
    const file = `products: { pro: { name: Gone } }
prices: { monthly: { lookup_key: pro, product: pro } }`;
    expect(await found(file, { ...live, products: [] })).toEqual(['missing pro']);
  });

  test('to an entry that is ambiguous is not reported a second time', async () => {
    const file = `products: { pro: { name: Pro } }
prices: { monthly: { lookup_key: pro, product: pro } }`;
    const report = await compared(file, { ...live, products: [named('prod_2', 'Pro'), named('prod_3', 'Pro')] });
    expect(report.findings.map(brief)).toEqual(['ambiguous pro prod_2 prod_3']);
    expect(report.status).toBe('drift');
  });

  test('to an ambiguous entry, by which a price is found, leaves that price unchecked, and all that could be read was read', async () => {
    const file = `products: { pro: { name: Pro } }
prices: { monthly: { match: product, product: pro } }`;
    const report = await compared(file, { ...live, products: [named('prod_2', 'Pro'), named('prod_3', 'Pro')] });
    expect(
      report.findings.map(brief).filter((line) => line.startsWith('ambiguous') || line.startsWith('missing')),
    ).toEqual(['ambiguous pro prod_2 prod_3']);
    expect(report.status).toBe('drift');
  });

  test('in a circle, where each is found by the other, is said in words', async () => {
    const file = `products: { pro: { match: default_price, default_price: monthly } }
prices: { monthly: { match: product, product: pro } }`;
    const report = await compared(file, live);
    expect([...report.findings.filter(({ problem }) => problem === 'invalid').map(brief), ...report.notes]).not.toEqual(
      [],
    );
  });

  test('to an object that Stripe sent expanded is its id', async () => {
    const expanded = { ...live, prices: [{ ...keyed('price_1', 'pro'), product: named('prod_1', 'Pro') }] };
    expect(await found('prices: { monthly: { lookup_key: pro, product: prod_1 } }', expanded)).toEqual([]);
  });
});
