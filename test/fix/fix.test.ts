/** How a finding is fixed both ways: what is pasted makes it go away, and what is run says what the file states. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMap, isScalar, type Pair, parseDocument, visit, type YAMLMap, type Node as YamlNode } from 'yaml';
import { check } from '../../src/check/check.ts';
import { plan } from '../../src/fix/plan.ts';
import type { Finding, Place, Report } from '../../src/model.ts';
import { annotations } from '../../src/report/annotations.ts';
import { type AcceptText, type FixTexts, fixTexts } from '../../src/report/fixes.ts';
import { reportJson } from '../../src/report/json.ts';
import { markdown } from '../../src/report/markdown.ts';
import { type Showing, shown } from '../../src/report/privacy.ts';
import { terminal } from '../../src/report/terminal.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { INVISIBLE } from '../../src/text.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import { cases, declaration, type Entry, SECTIONS, snapshot } from '../shop/accounts.ts';
import { edit, replaced } from '../shop/edits.ts';
import { Dice } from '../tree.ts';
import { write } from '../yaml-style.ts';

fc.configureGlobal({ interruptAfterTimeLimit: 100_000, seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) });

async function compared(text: string, live: string, showing: Showing = 'full'): Promise<Report> {
  const report = await check({
    sources: [{ file: 'stripe-config.yaml', text }],
    environment: null,
    live: new SnapshotLive(live, 'live.json'),
    failOn: 'error',
    commit: null,
  });
  return shown(report, showing);
}

function differences({ findings, error }: Report): Finding[] {
  const refused = findings.filter(({ problem, severity }) => problem === 'invalid' && severity === 'error');
  expect([error, ...refused.map((finding) => 'message' in finding && finding.message)]).toEqual([null]);
  return findings.filter(({ problem }) => problem !== 'invalid');
}

const sections = (objects: object, more: object = {}) =>
  JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1', sections: objects, ...more });

/** How the one difference of a file is fixed. */
async function only(file: string, objects: object, showing: Showing = 'full', more: object = {}): Promise<FixTexts> {
  const report = await compared(`version: 1\n${file}\n`, sections(objects, more), showing);
  const found = differences(report).filter(({ problem }) => problem !== 'unhealthy');
  expect(found).toHaveLength(1);
  return fixTexts(found[0] as Finding, report);
}

describe('what is pasted for a field', () => {
  const priced = (fields: string, live: Parameters<typeof price>[0]) =>
    only(`prices: { it: { id: price_1, ${fields} } }`, { prices: [price({ id: 'price_1', ...live })] });

  test.each<[string, Parameters<typeof price>[0], string]>([
    ['currency: usd, unit_amount: 1', { unit_amount: 2000, unit_amount_decimal: '2000' }, 'unit_amount: 2000'],
    [
      'currency: usd, unit_amount: 1',
      { unit_amount: null, unit_amount_decimal: '20.5' },
      'unit_amount_decimal: "20.5"',
    ],
    ['currency: usd, unit_amount_decimal: "0.5"', { unit_amount: 3, unit_amount_decimal: '3' }, 'unit_amount: 3'],
    ['nickname: A', { nickname: null }, 'nickname: null'],
    ['nickname: A', { nickname: 'no' }, 'nickname: "no"'],
    ['nickname: A', { nickname: '##[error]\u202e\n' }, 'nickname: "##\\x5berror]\\u202e\\n"'],
    ['metadata: { a: b, c: d }', { metadata: { a: '1.10', e: 'f' } }, 'metadata: { a: "1.10", c: null }'],
    ['metadata: {}', { metadata: { plan: 'pro' } }, 'metadata: { plan: pro }'],
    ['recurring: { interval: year }', { recurring: { interval: 'month' } }, 'recurring: { interval: month }'],
    [
      'recurring: { interval: month, interval_count: 3 }',
      { recurring: { interval: 'month' } },
      'recurring: { interval: month, interval_count: 1 }',
    ],
    ['recurring: { interval: year }', { recurring: null }, 'recurring: null'],
    [
      'custom_unit_amount: null',
      { custom_unit_amount: { maximum: null, minimum: null, preset: null } },
      'custom_unit_amount: { enabled: true }',
    ],
    ['product: prod_2', { product: 'prod_1' }, 'product: { id: prod_1 }'],
  ])('%s, where %j is live', async (fields, live, yaml) => {
    expect((await priced(fields, live)).accept.map((one) => one.yaml)).toEqual([yaml]);
  });

  test('names the entry that has the object which is referred to', async () => {
    const file = `products: { a: { id: prod_1 }, b: { id: prod_2 } }\nprices: { it: { id: price_1, product: a } }`;
    const live = { products: [product({ id: 'prod_1' }), product({ id: 'prod_2' })] };
    const { accept } = await only(file, { ...live, prices: [price({ id: 'price_1', product: 'prod_2' })] });
    expect(accept[0]?.yaml).toBe('product: b');
  });

  test('is a field more where the entry was silent', async () => {
    const { accept } = await only('products: { it: { id: p } }', { products: [product({ id: 'p', active: false })] });
    expect(accept).toEqual([
      { words: 'Add this to the entry to accept what is live.', yaml: 'active: false', into: 'entry', replaces: [] },
    ]);
  });

  test('is the id where the live URL holds a token', async () => {
    const live = webhookEndpoint({ id: 'we_1', url: 'https://A.example.com/?token=secret' });
    const file = 'webhooks: { it: { url: "https://a.example.com/?token=secret" } }';
    const found = await only(file, { webhooks: [live] });
    expect(found.accept[0]?.yaml).toBe('id: we_1');
    expect(found.restore?.commands).toEqual([]);
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  test('is nothing where Stripe always has a value and tells none', async () => {
    const live = { ...product({ id: 'p' }), type: undefined };
    const { accept } = await only('products: { it: { id: p, type: good } }', { products: [live] });
    expect(accept).toEqual([{ words: 'Remove `type` from the entry.', yaml: null, into: 'entry', replaces: ['type'] }]);
  });
});

describe('what is pasted leaves a valid file that agrees with Stripe', () => {
  /** What is left once the first way to accept each finding is taken. */
  async function left(file: string, objects: object): Promise<string[]> {
    const text = `version: 1\n${file}\n`;
    const report = await compared(text, sections(objects));
    const [finding] = differences(report) as [Finding];
    const [way] = fixTexts(finding, report).accept;
    const after = await compared(pasted(text, finding, way as AcceptText) ?? '', sections(objects));
    return differences(after).map(({ problem, name }) => `${problem} ${name}`);
  }

  test('where both spellings of an amount are stated', async () => {
    const file =
      'prices: { it: { lookup_key: k, unit_amount: 2000, unit_amount_decimal: "2000", currency: usd, type: one_time } }';
    const live = {
      prices: [price({ lookup_key: 'k', unit_amount: 1500, unit_amount_decimal: '1500', recurring: null })],
    };
    const { accept } = await only(file, live);
    expect(accept).toEqual([
      {
        words: 'Replace `unit_amount` and `unit_amount_decimal` with this to accept what is live.',
        yaml: 'unit_amount: 1500',
        into: 'entry',
        replaces: ['unit_amount', 'unit_amount_decimal'],
      },
    ]);
    expect(await left(file, live)).toEqual([]);
  });

  test('where the URL that finds the endpoint may not be shown', async () => {
    const file = 'webhooks: { it: { match: url, url: "https://b.EXAMPLE.com/x?y=1" } }';
    const live = {
      webhooks: [webhookEndpoint({ id: 'we_1', url: 'https://b.example.com/x?y=1', api_version: '2026-10-28.endive' })],
    };
    const report = await compared(`version: 1\n${file}\n`, sections(live), 'full');
    const [finding] = differences(report) as [Finding];
    expect(fixTexts(finding, report).accept).toMatchObject([{ yaml: 'id: we_1', replaces: ['match', 'url'] }]);
    for (const said of [terminal(report), markdown(report), annotations(report)[0]?.message])
      expect(said).toMatch(/id: we_1.*in place of match.*url|match.*go/s);
    expect(await left(file, live)).toEqual([]);
  });

  test('where another entry means one of the candidates', async () => {
    const file = 'products: { other: { match: name, name: Pro }, pro: { id: prod_1 } }';
    const live = { products: ['prod_1', 'prod_2', 'prod_3'].map((id) => product({ id, name: 'Pro' })) };
    const { accept, restore } = await only(file, live);
    expect(accept.map(({ yaml, replaces }) => [yaml, replaces])).toEqual([
      ['id: prod_2', ['match']],
      ['id: prod_3', ['match']],
    ]);
    // To archive the others would archive what `pro` declares.
    expect(restore).toBeNull();
    expect(await left(file, live)).toEqual(['unmanaged null']);
  });

  test('where every candidate is meant by another entry', async () => {
    const file = 'products: { other: { name: Pro }, a: { id: prod_1 }, b: { id: prod_2 } }';
    const { accept } = await only(file, { products: ['prod_1', 'prod_2'].map((id) => product({ id, name: 'Pro' })) });
    expect(accept).toEqual([
      {
        words: 'Other entries mean all of these objects: remove this one, or let it find another.',
        yaml: null,
        into: null,
        replaces: [],
      },
    ]);
  });
});

describe('no command asks for what Stripe refuses, or for what would never end', () => {
  const monthly = (fields: string) =>
    `prices: { it: { match: nickname, nickname: Monthly, product: { id: prod_1 }, currency: usd, unit_amount: 1500, type: one_time${fields} } }`;
  const yearly = price({ id: 'price_1', lookup_key: 'k1', nickname: 'Yearly', product: 'prod_1', recurring: null });

  async function missing(file: string, objects: object): Promise<FixTexts> {
    const report = await compared(`version: 1\npolicy: { unmanaged: ignore }\n${file}\n`, sections(objects));
    const found = differences(report);
    expect(found.map(({ problem }) => problem)).toEqual(['missing']);
    return fixTexts(found[0] as Finding, report);
  }

  test('a lookup key that another price has', async () => {
    expect((await missing(monthly(', lookup_key: k1'), { prices: [yearly] })).restore).toMatchObject({
      commands: [],
      words:
        'To restore what is declared, look at price_1 in Stripe: it has this `lookup_key` already, and one price at a time can. Change it so that the entry finds it, or state another `lookup_key`.',
    });
    const free = await missing(monthly(', lookup_key: k2'), { prices: [yearly] });
    expect(free.restore?.commands).toHaveLength(1);
  });

  test('a lookup key that an archived price has', async () => {
    const archived = { ...yearly, active: false };
    expect((await missing(monthly(', lookup_key: k1'), { prices: [archived] })).restore?.commands).toEqual([]);
  });

  test('a lookup key that another entry has', async () => {
    const file = `${monthly(', lookup_key: k1').slice(0, -2)}, other: { id: price_1 } }`;
    expect((await missing(file, { prices: [yearly] })).restore?.words).toBe(
      'To restore what is declared, let one entry alone state this `lookup_key`: other has the price that holds it.',
    );
  });

  test.each([
    ['is moved to a price that is there', 'prices: { it: { id: price_2, lookup_key: k1 } }'],
    [
      'is moved to a price that takes the place of another',
      'prices: { it: { id: price_2, lookup_key: k1, product: prod_1, currency: usd, unit_amount: 1, type: one_time } }',
    ],
  ])('a lookup key that %s', async (_name, file) => {
    const live = {
      prices: [yearly, price({ id: 'price_2', lookup_key: null, product: 'prod_1', unit_amount: 2, recurring: null })],
    };
    const report = await compared(`version: 1\npolicy: { unmanaged: ignore }\n${file}\n`, sections(live));
    for (const finding of differences(report)) {
      const { restore } = fixTexts(finding, report);
      expect(restore?.commands).toEqual([]);
      expect(restore?.words).toContain('ook at price_1 in Stripe first: it has this `lookup_key`');
    }
  });

  test('an id that another product has', async () => {
    const file = 'products: { it: { match: name, id: prod_1, name: New name } }';
    const { restore } = await missing(file, { products: [product({ id: 'prod_1', name: 'Old name' })] });
    expect(restore?.commands).toEqual([]);
    expect(restore?.words).toContain('look at prod_1 in Stripe: it has this `id` already');
  });

  test('a product that its entry does not find', async () => {
    const file =
      'products: { it: { match: [name, default_price], name: Pro, default_price: price_1 } }\nprices: { m: { id: price_1 } }';
    const live = {
      products: [product({ id: 'prod_1', name: 'Other' })],
      prices: [price({ id: 'price_1', product: 'prod_1' })],
    };
    const { restore } = await missing(file, live);
    expect(restore).toMatchObject({
      commands: [],
      words:
        'To restore what is declared, create the product in Stripe and set its `default_price`, by which the entry finds it.',
    });
  });
});

describe('plan, terminal and Markdown say the same', () => {
  test('of what is final once it is set: a replacement', async () => {
    const report = await compared(
      'version: 1\nprices: { it: { id: price_1, tax_behavior: exclusive, nickname: New } }\n',
      sections({ prices: [price({ id: 'price_1', tax_behavior: 'inclusive', nickname: 'Old' })] }),
    );
    const [step, ...others] = plan(differences(report));
    expect(others).toEqual([]);
    expect(step).toMatchObject({
      action: 'replace',
      risks: [{ kind: 'replaced', section: 'prices', field: 'tax_behavior' }],
    });
  });

  test('of a replacement without commands: no other change of that price', async () => {
    const report = await compared(
      'version: 1\nprices: { it: { id: price_1, currency: eur, nickname: New } }\n',
      sections({ prices: [price({ id: 'price_1', nickname: 'Old' })] }),
    );
    for (const text of [markdown(report), terminal(report)]) expect(text).not.toContain('stripe prices update');
    expect(markdown(report)).toContain('create a new price');
  });
});

describe('what is not declared', () => {
  test('is declared by a whole entry, or ignored by a line', async () => {
    const live = {
      products: [product({ id: 'prod_1', name: 'Pro' })],
      prices: [
        price({
          id: 'price_1',
          lookup_key: 'pro_monthly',
          product: 'prod_1',
          unit_amount: 2000,
          recurring: { interval: 'month' },
        }),
      ],
    };
    const { accept, restore } = await only('products: { pro: { id: prod_1 } }\nprices: {}', live);
    expect(accept.map(({ yaml }) => yaml)).toEqual([
      `  pro_monthly:
    id: price_1
    lookup_key: pro_monthly
    product: pro
    currency: usd
    unit_amount: 2000
    recurring: { interval: month }`,
      '  - prices: price_1\n    reason: Say why',
    ]);
    expect(restore?.commands).toEqual(['stripe prices update price_1 --live -d active=false']);
  });

  test('gets a name that the section does not have', async () => {
    const live = ['prod_2', 'prod_3'].map((id) => product({ id, name: 'Pro Plan' }));
    const report = await compared(
      'version: 1\nproducts: { pro_plan: { id: prod_1 } }',
      sections({ products: [product({ id: 'prod_1' }), ...live] }),
    );
    const names = differences(report).map((finding) => fixTexts(finding, report).accept[0]?.yaml?.split('\n')[0]);
    expect(names).toEqual(['  pro_plan_2:', '  pro_plan_3:']);
  });

  test('keeps a URL with a token to itself', async () => {
    const live = webhookEndpoint({ id: 'we_1', url: 'https://u:pass@a.example.com/hook?token=secret' });
    const { accept } = await only('webhooks: {}', { webhooks: [live] });
    expect(JSON.stringify(accept)).not.toMatch(/secret|pass/);
    expect(accept[0]?.words).toContain('Without url');
    expect(accept[0]?.yaml).toMatch(/^ {2}a_hook:\n {4}id: we_1\n/);
  });
});

describe('the command', () => {
  const it = async (file: string, live: object, more: object = {}) =>
    (await only(file, live, 'full', more)).restore?.commands;

  test.each<[string, object, string[]]>([
    [
      'products: { it: { id: p, name: "It\'s $HOME `x`" } }',
      { products: [product({ id: 'p', name: 'A' })] },
      ["stripe products update p --live -d 'name=It'\\''s $HOME `x`'"],
    ],
    [
      'products: { it: { id: p, description: null } }',
      { products: [product({ id: 'p', description: 'A' })] },
      ['stripe products update p --live -d description='],
    ],
    [
      'products: { it: { id: p, metadata: { a: b, c: null, same: same } } }',
      { products: [product({ id: 'p', metadata: { c: 'd', same: 'same' } })] },
      ["stripe products update p --live -d 'metadata[a]=b' -d 'metadata[c]='"],
    ],
    [
      'webhooks: { it: { id: we_1 } }',
      { webhooks: [webhookEndpoint({ id: 'we_1', status: 'disabled' })] },
      ['stripe webhook_endpoints update we_1 --live -d disabled=false'],
    ],
    [
      'prices: { it: { id: p, tax_behavior: exclusive } }',
      { prices: [price({ id: 'p', tax_behavior: 'unspecified' })] },
      ['stripe prices update p --live -d tax_behavior=exclusive'],
    ],
    ...(
      [
        // What Stripe can't unset, or not change, without enough to create another.
        ['prices: { it: { id: p, nickname: null } }', { prices: [price({ id: 'p', nickname: 'A' })] }],
        ['prices: { it: { id: p, currency: eur } }', { prices: [price({ id: 'p' })] }],
        [
          'prices: { it: { id: p, tax_behavior: exclusive } }',
          { prices: [price({ id: 'p', tax_behavior: 'inclusive' })] },
        ],
        // What can't be typed or would be taken apart otherwise.
        ['products: { it: { id: p, name: "a\\nb" } }', { products: [product({ id: 'p' })] }],
        ['products: { it: { id: p, name: "\\u202ea" } }', { products: [product({ id: 'p' })] }],
        ['products: { it: { id: p, name: "##[error]a" } }', { products: [product({ id: 'p' })] }],
        ['products: { it: { id: p, metadata: { "a=b": c } } }', { products: [product({ id: 'p' })] }],
        ['products: { it: { id: ../p, name: a } }', { products: [product({ id: '../p' })] }],
        ['products: { it: { id: -p, name: a } }', { products: [product({ id: '-p' })] }],
        // An id that Stripe chooses, and an object that exists already.
        ['prices: { it: { id: price_1 } }', { prices: [] }],
        [
          'prices: { it: { lookup_key: a, product: prod_1, currency: usd, unit_amount: 1, recurring: null } }',
          { prices: ['x', 'y'].map((id) => price({ id, lookup_key: 'a', active: false })) },
        ],
      ] as const
    ).map(([file, live]): [string, object, string[]] => [file, live, []]),
  ])('for %s', async (file, live, commands) => {
    expect(await it(file, live)).toEqual(commands);
  });

  test('makes a new price where the amount differs, moves the key, and archives the old one', async () => {
    const file = `prices:
  it: { lookup_key: pro, product: prod_1, currency: usd, unit_amount: 2500, recurring: { interval: month } }`;
    const live = price({
      id: 'price_1',
      lookup_key: 'pro',
      product: 'prod_1',
      unit_amount: 2000,
      recurring: { interval: 'month' },
    });
    expect(await it(file, { prices: [live] })).toEqual([
      "stripe prices create --live -d lookup_key=pro -d product=prod_1 -d currency=usd -d unit_amount=2500 -d 'recurring[interval]=month' -d 'recurring[interval_count]=1' -d 'recurring[usage_type]=licensed' -d transfer_lookup_key=true",
      'stripe prices update price_1 --live -d active=false',
    ]);
  });

  test('is for test mode without --live', async () => {
    const live = { products: [product({ id: 'p', name: 'A' })] };
    expect(await it('products: { it: { id: p, name: B } }', live, { mode: 'test' })).toEqual([
      'stripe products update p -d name=B',
    ]);
  });

  test('names the connected account that was read', async () => {
    const report = await compared(
      'version: 1\nproducts: { it: { id: p, name: B } }',
      sections({ products: [product({ id: 'p', name: 'A' })] }),
    );
    const [found] = differences(report) as [Finding];
    expect(fixTexts(found, { mode: 'live', connected: 'acct_9' }).restore?.commands).toEqual([
      'stripe products update p --live --stripe-account acct_9 -d name=B',
    ]);
  });

  test('creates what is missing, where the file says enough of it', async () => {
    const file = 'webhooks: { it: { url: "https://a.example.com/x;`y`", enabled_events: ["*"], connect: true } }';
    expect(await it(file, { webhooks: [] })).toEqual([
      "stripe webhook_endpoints create --live -d 'url=https://a.example.com/x;`y`' -d connect=true -d 'enabled_events[0]=*'",
    ]);
    expect(await it('webhooks: { it: { url: https://a.example.com } }', { webhooks: [] })).toEqual([]);
  });

  test('waits for an object that does not exist yet', async () => {
    const file = `products: { pro: { id: prod_1, name: Pro } }
prices: { it: { lookup_key: k, product: pro, currency: usd, unit_amount: 1, recurring: null } }`;
    const report = await compared(`version: 1\n${file}`, sections({ products: [], prices: [] }));
    expect(differences(report).map((finding) => fixTexts(finding, report).restore?.commands)).toEqual([
      ['stripe products create --live -d id=prod_1 -d name=Pro'],
      [],
    ]);
  });
});

describe('where values may not be shown', () => {
  const live = {
    products: [
      product({ id: 'p', name: 'Hush-name', description: 'Hush-text', metadata: { 'Hush-key': 'Hush-value' } }),
      product({ id: 'Hush-id', name: 'Hush-plan' }),
    ],
  };
  const file = 'version: 1\nproducts: { it: { id: p, name: A, description: null, metadata: {} } }';

  test.each(['redacted', 'declared'] as const)('%s: nothing to paste or to run tells more', async (showing) => {
    const report = await compared(file, sections(live), showing);
    const said = JSON.stringify(differences(report).map((finding) => fixTexts(finding, report)));
    const secret = showing === 'redacted' ? /Hush/ : /Hush-(id|plan)/;
    expect(said).not.toMatch(secret);
    expect(said).toContain('stripe products update p --live -d name=A');
    for (const text of [[...reportJson(report)].join(''), markdown(report), terminal(report)])
      expect(text).not.toMatch(secret);
  });

  test('all is shown: each of them is told', async () => {
    const report = await compared(file, sections(live));
    const said = JSON.stringify(differences(report).map((finding) => fixTexts(finding, report)));
    for (const part of ['name', 'text', 'key', 'value', 'id', 'plan']) expect(said).toContain(`Hush-${part}`);
  });
});

describe('in a terminal and in an annotation', () => {
  const file = 'version: 1\nprices: { it: { id: p, nickname: Pro } }';
  const live = (nickname: string) => sections({ prices: [price({ id: 'p', nickname })] });

  test('what to paste and what to run follow the finding', async () => {
    const report = await compared(file, live('Plan'));
    expect(terminal(report)).toContain(
      '    accept  nickname: Plan\n    restore stripe prices update p --live -d nickname=Pro\n',
    );
    expect(annotations(report).map(({ message }) => message.split('\n')[1])).toEqual([
      'To accept what is live, state nickname: Plan; to restore what is declared, run stripe prices update p --live -d nickname=Pro',
    ]);
  });

  test('what is long is left out whole', async () => {
    const report = await compared(file, live('x'.repeat(2000)));
    expect(terminal(report)).not.toContain('    accept ');
    expect(terminal(report)).toContain('restore stripe prices update p --live -d nickname=Pro\n');
  });

  test('what is replaced is changed in nothing else', async () => {
    const declared = 'lookup_key: k, product: prod_1, currency: usd, unit_amount: 1, recurring: null, nickname: Pro';
    const report = await compared(
      `version: 1\nprices: { it: { ${declared} } }`,
      sections({ prices: [price({ id: 'p', lookup_key: 'k', product: 'prod_1', nickname: 'Plan', recurring: null })] }),
    );
    const commands = terminal(report).match(/(?<=^ {4}restore )stripe \w+ \w+/gm);
    expect(commands).toEqual(['stripe prices create', 'stripe prices update']);
    expect(terminal(report)).toContain('    accept  nickname: Plan\n');
  });

  test('of two commands there are both or none', async () => {
    const declared = `product: prod_1, currency: usd, unit_amount: 1, recurring: null, metadata: { a: ${'x'.repeat(2000)} }`;
    const report = await compared(
      `version: 1\nprices: { it: { lookup_key: k, ${declared} } }`,
      sections({ prices: [price({ id: 'p', lookup_key: 'k', product: 'prod_1', metadata: { a: 'x'.repeat(2000) } })] }),
    );
    const { restore } = fixTexts(differences(report)[0] as Finding, report);
    expect(restore?.commands).toHaveLength(2);
    expect(terminal(report)).not.toContain('    restore ');
  });
});

describe('in Markdown', () => {
  test('each text stands in a fence that it does not close', async () => {
    const report = await compared(
      'version: 1\nproducts: { it: { id: p, name: "````" } }',
      sections({ products: [product({ id: 'p', name: '```` </details> @octocat' })] }),
    );
    const text = markdown(report);
    expect(text).toContain('`````yaml\nname: "```` </details> @octocat"\n`````');
    expect(text).toContain("`````shell\nstripe products update p --live -d 'name=````'\n`````");
  });
});

describe('whatever changes', () => {
  test('what is pasted for a field makes the finding go away', async () => {
    const tally = { pasted: 0, without: 0 };
    await fc.assert(
      fc.asyncProperty(cases(), fc.nat(), fc.nat(), async (made, which, how) => {
        const entry = made.entries[which % made.entries.length] as Entry;
        const changed = edit(entry, how);
        fc.pre(changed !== null);
        const { text } = write(declaration(made.entries, new Dice(made.seed)), made.seed, 'live');
        const live = snapshot(replaced(made.entries, entry, changed.live));
        const report = await compared(text, live);
        const [finding] = differences(report);
        if (finding?.problem !== 'changed') throw new Error('one field differs');
        const [way] = fixTexts(finding, report).accept as [AcceptText];
        if (way.yaml !== null) expect(way.yaml).not.toMatch(INVISIBLE);
        const file = accepted(text, finding, way);
        const after = file === null ? null : await compared(file, live);
        // A live object as no account has it, with two amounts or a one-time cycle, takes a file of the same kind: that is said in its own words.
        const isTwo = after?.findings.some((found) => 'message' in found && found.message.includes('Keep one of them'));
        tally[after === null || isTwo ? 'without' : 'pasted'] += 1;
        if (after === null || isTwo) return;
        const left = differences(after).map((found) => [found.section, found.name, 'field' in found && found.field]);
        expect(left).not.toContainEqual([finding.section, finding.name, finding.field]);
      }),
      { numRuns: 500 },
    );
    expect(tally.pasted).toBeGreaterThan(2 * tally.without);
  });

  test('the entries that are pasted for all that is live declare it', async () => {
    await fc.assert(
      fc.asyncProperty(cases(), async ({ entries }) => {
        const empty = `version: 1\npolicy: { unhealthy: ignore }\n`;
        const live = snapshot(entries);
        const heads = SECTIONS.map((section) => `${section}: {}\n`).join('');
        const report = await compared(empty + heads, live);
        const pasted = SECTIONS.map((section) => {
          const blocks = differences(report)
            .filter((finding) => finding.section === section)
            .map((finding) => fixTexts(finding, report).accept[0]?.yaml ?? '');
          return blocks.length === 0 ? `${section}: {}\n` : `${section}:\n${blocks.join('\n')}\n`;
        });
        expect(differences(await compared(empty + pasted.join(''), live))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('the lines that are pasted to ignore all that is live accept it', async () => {
    await fc.assert(
      fc.asyncProperty(cases(), async ({ entries }) => {
        const file = `version: 1\n${SECTIONS.map((section) => `${section}: {}\n`).join('')}`;
        const live = snapshot(entries);
        const report = await compared(file, live);
        const lines = differences(report).map((finding) => fixTexts(finding, report).accept[1]?.yaml ?? '');
        fc.pre(lines.length > 0);
        expect(differences(await compared(`${file}ignore:\n${lines.join('\n')}\n`, live))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

/** The file after a way to accept what is live was taken; null where a person would think first. */
function accepted(text: string, finding: Finding & { problem: 'changed' }, way: AcceptText): string | null {
  if (way.yaml !== null && way.replaces.every((name) => name === finding.field)) return paste(text, finding, way.yaml);
  return pasted(text, finding, way);
}

/** The file after a way to accept what is live was taken; null where that would lose an anchor. */
function pasted(text: string, { section, name }: Finding, { yaml, into, replaces }: AcceptText): string | null {
  const document = parseDocument(text, { uniqueKeys: false });
  const entry = document.getIn([section, name], true);
  if (into !== 'entry' || !isMap(entry) || /[&*][ax]/.test(text)) return null;
  // What an environment or a merge key states stands elsewhere.
  if (!replaces.every((one) => entry.delete(one))) return null;
  const fields = yaml === null ? [] : (parseDocument(yaml).contents as YAMLMap).items;
  for (const pair of fields) entry.add(pair as Pair);
  return document.toString({ lineWidth: 0 });
}

/** The file with a text in place of the field that a finding is at, or in the entry; null where a person would think first. */
function paste(text: string, { at, field }: Finding & { problem: 'changed' }, yaml: string): string | null {
  const document = parseDocument(text, { uniqueKeys: false });
  const start = offset(text, at);
  let result: string | null = null;
  visit(document, {
    Map(_key, map) {
      const pair = map.items.find(({ key }) => isScalar(key) && key.range?.[0] === start) as Pair<YamlNode, YamlNode>;
      if (pair === undefined) return undefined;
      const isField = isScalar(pair.key) && String(pair.key.source ?? pair.key.value) === field;
      if (!isField) return visit.BREAK;
      const end = pair.value?.range?.[1] ?? pair.key.range?.[1] ?? start;
      const old = text.slice(start, end);
      const explicit = /\?\s*$/.test(text.slice(0, start));
      // An anchor would be lost; `? key` is another form.
      if (!/&[ax]/.test(old) && !explicit && isMap(map))
        result = `${text.slice(0, start)}${yaml}${old.endsWith('\n') ? '\n' : ''}${text.slice(end)}`;
      return visit.BREAK;
    },
  });
  return result;
}

function offset(text: string, { line, column }: Place): number {
  const lines = text.split('\n').slice(0, line - 1);
  return lines.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}
