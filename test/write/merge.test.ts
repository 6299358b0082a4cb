/** `export --merge`: a file that agrees with what is live, and is otherwise as it was. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import { decode } from '../../src/config/source.ts';
import { CheckError } from '../../src/errors.ts';
import type { Finding, Report } from '../../src/model.ts';
import { shown } from '../../src/report/privacy.ts';
import { registry } from '../../src/resources/index.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { pathText } from '../../src/text.ts';
import { exported } from '../../src/write/export.ts';
import { merged } from '../../src/write/merge.ts';
import { kindOf } from '../kinds/index.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { promotionCode } from '../kinds/promotion_codes.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import { runs } from '../runs.ts';
import { type Case, cases, declaration, type Entry, snapshot } from '../shop/accounts.ts';
import { edit } from '../shop/edits.ts';
import { Dice } from '../tree.ts';
import { write } from '../yaml-style.ts';

const FILE = 'stripe-config.yaml';

fc.configureGlobal({ interruptAfterTimeLimit: 100_000, seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) });

function textOf({ entries, seed }: Case, declared: readonly Entry[] = entries): string {
  const source = decode(write(declaration(declared, new Dice(seed)), seed, 'live').bytes);
  if ('problem' in source) throw new Error(source.problem);
  return source.text;
}

async function merge(text: string, live: string, environment: string | null = null) {
  const side = new SnapshotLive(live, 'live.json');
  const reading = await side.open().readAll([...registry.keys()], true);
  try {
    return await merged(text, { file: FILE, reading, environment });
  } catch (error) {
    // What an alias repeats is gone, where it was anchored to what had to go: that is for a person to decide.
    fc.pre(!(error instanceof CheckError && error.message.includes('has no anchor')));
    throw error;
  }
}

async function checked(text: string, live: string, environment: string | null = null): Promise<Report> {
  const request = { environment, failOn: 'notice', commit: null } as const;
  const found = await check({ ...request, sources: [{ text, file: FILE }], live: new SnapshotLive(live, 'live.json') });
  return shown(found, 'full');
}

/** What a check finds but remarks about the file, health, and what a person has to decide: an object that is gone, one of several, or a secret. */
function left({ findings, error }: Report, remarks: readonly string[] = []) {
  const isTold = (finding: Finding) => {
    if (finding.problem !== 'changed') return false;
    const path = pathText([finding.section, finding.name, finding.field].filter((step) => step !== ''));
    return remarks.some((remark) =>
      [`${path} was left`, `${path} differs in a way that the file can't state`].some((words) =>
        remark.startsWith(words),
      ),
    );
  };
  return [
    ...(error === null ? [] : [error]),
    ...findings.filter(
      (finding) =>
        !isTold(finding) &&
        ![
          'missing',
          'ambiguous',
          'unhealthy',
          finding.problem === 'invalid' && finding.severity === 'warning' ? 'invalid' : '',
        ].includes(finding.problem),
    ),
  ];
}

/** Whether Stripe could have such an object: a price has one amount, and its type follows from how it is billed. */
function isPossible({ section, live }: Entry): boolean {
  if (section === 'products') {
    const details = live.tax_details as { tax_code: string | null } | null;
    return details === null || details.tax_code === live.tax_code;
  }
  if (section === 'webhooks') return !(live.enabled_events as string[]).slice(1).concat('').includes('*');
  if (section !== 'prices') return true;
  const { unit_amount_decimal: amount, custom_unit_amount: custom, tiers, recurring, type } = live;
  const amounts = [amount, custom, tiers].filter((one) => one !== null && one !== undefined);
  const isTiered = tiers !== null && tiers !== undefined;
  const isWhole =
    (live.billing_scheme === 'tiered') === isTiered &&
    (live.tiers_mode !== null) === isTiered &&
    (!isTiered || (recurring !== null && live.transform_quantity === null));
  return amounts.length <= 1 && isWhole && (type === 'recurring') === (recurring !== null);
}

describe('a file that people wrote', () => {
  const tiered = `version: 1
prices:
  usage: # metered
    lookup_key: usage
    currency: usd
    recurring: { interval: month }
    tiers_mode: graduated
    tiers:
      # what is free
      - up_to: 100 # units
        unit_amount: 0 # free
      - { up_to: 1000, unit_amount: 4 } # cheap
      # the rest
      - up_to: inf
        unit_amount_decimal: "2.5" # half a cent less

    # tax_behavior is for another day
  # old prices are archived
# the end
`;
  const usage = (amounts: readonly [string, string, string]) =>
    price({
      id: 'price_usage',
      lookup_key: 'usage',
      tiers: [100, 1000, null].map((up_to, index) => ({ up_to, unit_amount_decimal: amounts[index] as string })),
    });
  const live = (...prices: readonly object[]) =>
    JSON.stringify({ schema: 1, mode: 'live', account: null, sections: { webhooks: [], products: [], prices } });

  async function mergedPrices(text: string, side: string): Promise<string> {
    const reading = await new SnapshotLive(side, 'live.json').open().readAll(['prices'], true);
    return (await merged(text, { file: FILE, reading, environment: null })).text;
  }

  test('keeps the comments of a list in which one amount changes', async () => {
    expect(await mergedPrices(tiered, live(usage(['0', '3', '2.25'])))).toBe(
      tiered.replace('unit_amount: 4', 'unit_amount: 3').replace('"2.5"', '"2.25"'),
    );
  });

  test('changes what is said of an amount with the amount, wherever it stands', async () => {
    const said = tiered
      .replace('# cheap', ' # 0.04 USD')
      .replace('# half a cent less', ' # 0.03 USD?')
      .replace(
        '\n\n    # tax',
        '\n    currency_options:\n      eur: { unit_amount: 5 } # 0.05 EUR\n      gbp:\n        unit_amount: 6 # 0.06 GBP\n\n    # tax',
      );
    const options = { eur: { unit_amount: 4 }, gbp: { unit_amount: 7 } };
    const side = live({ ...usage(['0', '3', '2.25']), currency_options: options });
    expect(await mergedPrices(said, side)).toBe(
      said
        .replace('unit_amount: 4 }  # 0.04', 'unit_amount: 3 }  # 0.03')
        .replace('"2.5"', '"2.25"')
        .replace('unit_amount: 5 } # 0.05', 'unit_amount: 4 } # 0.04')
        .replace('unit_amount: 6 # 0.06', 'unit_amount: 7 # 0.07'),
    );
  });

  test('gets a long text in lines, but for one behind which something stands', async () => {
    const words = 'One more word, and another, and a third, until the line is longer than a line of a file should be.';
    const file = `version: 1
products:
  long: { id: prod_1, name: A, description: B }
  short:
    id: prod_2
    name: 'C'
    description: 'D'
  noted:
    id: prod_3
    description: D # ours
  lined:
    id: prod_4
    description: |
      before
`;
    const products = [1, 2, 3, 4].map((number) =>
      product({ id: `prod_${number}`, name: number === 2 ? 'C' : 'A', description: `${words}${number}` }),
    );
    const side = JSON.stringify({ schema: 1, mode: 'live', account: null, sections: { products } });
    const reading = await new SnapshotLive(side, 'live.json').open().readAll(['products'], true);
    const { text } = await merged(file, { file: FILE, reading, environment: null });
    const [first, last] = [words.slice(0, -' be.'.length), 'be.'];
    const lines = (number: number) => `>-\n      ${first}\n      ${last}${number}`;
    expect(text).toBe(`version: 1
products:
  long: { id: prod_1, name: A, description: "${words}1" }
  short:
    id: prod_2
    name: 'C'
    description: ${lines(2)}
  noted:
    id: prod_3
    description: "${words}3" # ours
  lined:
    id: prod_4
    description: ${lines(4)}
`);
  });

  test('gets no URL that seems to be a secret', async () => {
    const file = `version: 1
webhooks:
  hook: { id: we_1, url: https://a.example.com/hook }
  other: { url: https://b.example.com/hook?env=live, enabled_events: ['*'] }
`;
    const endpoints = [
      webhookEndpoint({ id: 'we_1', url: 'https://a.example.com/hook?token=x1' }),
      webhookEndpoint({ id: 'we_2', url: 'https://b.example.com/hook?env=live', enabled_events: ['*'] }),
      webhookEndpoint({ id: 'we_3', url: 'https://u:x2@c.example.com/hook' }),
    ];
    const test = [
      webhookEndpoint({ id: 'we_t3', url: 'https://u:x4@c.example.com/hook', livemode: false }),
      webhookEndpoint({ id: 'we_t1', url: 'https://a.example.com/hook', enabled_events: ['*'], livemode: false }),
      webhookEndpoint({
        id: 'we_t2',
        url: 'https://b.test.example.com/hook?key=x3',
        enabled_events: ['*'],
        livemode: false,
      }),
    ];
    const side = (webhooks: readonly object[], mode: string) =>
      new SnapshotLive(JSON.stringify({ schema: 1, mode, account: null, sections: { webhooks } }), 'live.json');
    const before = side(endpoints, 'live');
    const reading = await before.open().readAll(['webhooks'], true);
    const base = await merged(file, { file: FILE, reading, environment: null });
    expect(base.text).toContain('in its place.\n    id: we_3\n');
    expect(base.remarks.join('\n')).toContain('webhooks.hook.url was left as it was: there seems to be a secret');
    const other = await side(test, 'test').open().readAll(['webhooks'], true);
    const both = await merged(base.text, { file: FILE, reading: other, environment: 'test' });
    expect(both.text).toContain('id: we_t2');
    // Found by its id, it is known again by the rest of what its entry states.
    expect(both.text).toContain('      c_hook:\n        id: we_t3\n');
    expect(both.text + both.remarks.join()).not.toMatch(/x[1234]/);
  });

  test('pairs look-alikes of the other mode by what they state, by amount and by metadata', async () => {
    const pair = (mode: 'live' | 'test', amounts: readonly number[], sizes: readonly string[]) => {
      const prices = amounts.map((unit_amount, index) =>
        price({
          id: `price_${mode}${index}`,
          product: `prod_${mode}`,
          recurring: null,
          unit_amount,
          metadata: { size: sizes[index] as string },
          livemode: mode === 'live',
        }),
      );
      const sections = { products: [product({ id: `prod_${mode}`, name: 'Shorts' })], prices };
      return new SnapshotLive(JSON.stringify({ schema: 1, mode, account: 'acct_1Field', sections }), 'live.json');
    };
    const live = pair('live', [899, 999, 1099, 1099], ['S', 'M', 'L', 'XL']);
    const { text } = await exported(await live.open().readAll(['products', 'prices'], false), false);
    // S and M agree in all, L in its metadata, and XL is what is left.
    const other = pair('test', [899, 999, 1199, 1099], ['S', 'M', 'L', '42']);
    const reading = await other.open().readAll(['products', 'prices'], true);
    const done = await merged(text, { file: FILE, reading, environment: 'test' });
    expect(done.text.slice(text.length)).toBe(`
environments:
  test:
    mode: test
    products:
      shorts:
        id: prod_test
    prices:
      shorts_one_time_m:
        id: price_test1
      shorts_one_time_s:
        id: price_test0
      shorts_one_time_l:
        id: price_test2
        unit_amount: 1199  # 11.99 USD
      shorts_one_time_xl:
        id: price_test3
        metadata: { size: "42" }
`);
  });

  test.each([
    [
      'in lines',
      '\n    metadata: &none {}\n    business_profile: *none\n',
      '{ x: "1" }\n    business_profile: &none {}\n',
    ],
    ['in brackets', ' { metadata: &none {}, business_profile: *none }\n', '{ x: "1" }, business_profile: &none {} }\n'],
  ])('keeps what an alias repeats, %s, where a value that was empty is empty no more', async (_, fields, after) => {
    const configuration = { ...kindOf('portal_configurations').sample, is_default: true, metadata: { x: '1' } };
    const sections = { portal_configurations: [configuration] };
    const side = new SnapshotLive(JSON.stringify({ schema: 1, mode: 'live', account: null, sections }), 'live.json');
    const reading = await side.open().readAll(['portal_configurations'], true);
    const found = 'is_default: true';
    const text = `version: 1\nportal_configurations:\n  a:${fields.replace(/(?=metadata)/, fields.includes('{ m') ? `${found}, ` : `${found}\n    `)}`;
    const done = await merged(text, { file: FILE, reading, environment: null });
    expect(done.text).toBe(text.slice(0, text.indexOf('&none')) + after);
  });

  test('gets in an environment no more than what differs of a value that is whole', async () => {
    const side = (mode: string, interval: 'month' | 'year') => {
      const prices = [price({ id: 'price_1', lookup_key: 'pro', recurring: { interval } })];
      return new SnapshotLive(JSON.stringify({ schema: 1, mode, account: null, sections: { prices } }), 'live.json');
    };
    const { text } = await exported(await side('live', 'month').open().readAll(['prices'], false), false);
    const reading = await side('test', 'year').open().readAll(['prices'], true);
    const done = await merged(text, { file: FILE, reading, environment: 'test' });
    expect(done.text.slice(text.length)).toContain('        recurring: { interval: year }\n');
  });

  test.each(['{ title: Many }', '{ title: Many, status: active }'])(
    'keeps a word that it can not state as it is, says so, and gets all else: %s',
    async (alert) => {
      const text = `version: 1\nfeatures:\n  seats: { lookup_key: seats, name: Seats }\nbilling_alerts:\n  many: ${alert}\n`;
      const side = JSON.stringify({
        schema: 1,
        mode: 'live',
        account: null,
        sections: {
          billing_alerts: [{ id: 'alrt_1', title: 'Many', alert_type: 'usage_threshold', status: 'made_up' }],
          features: [{ id: 'feat_1', lookup_key: 'seats', name: 'More seats', active: true, metadata: {} }],
        },
      });
      const { text: after, remarks } = await merge(text, side);
      expect(after).toBe(text.replace('name: Seats', 'name: More seats'));
      expect(remarks).toEqual([
        "billing_alerts.many.status differs in a way that the file can't state: it was left as it is.",
      ]);
    },
  );

  test('keeps a comment with the entry that it stands in, when another is added below', async () => {
    const other = price({ id: 'price_2', lookup_key: 'yearly', product: 'prod_1', recurring: { interval: 'year' } });
    for (const newline of ['\n', '\r\n']) {
      const text = tiered.replaceAll('\n', newline);
      const [before, after] = text.split(`  # old`);
      const added = await mergedPrices(text, live(usage(['0', '4', '2.5']), other));
      expect(added.startsWith(`${before}  yearly:${newline}    lookup_key: yearly${newline}`)).toBe(true);
      expect(added.endsWith(`    recurring: { interval: year }${newline}  # old${after}`)).toBe(true);
    }
  });
});

const anyCase = cases();
const choice = fc.nat();

describe('what was renamed in Stripe', () => {
  const text = `version: 1
products:
  pro:  # the one that sells
    name: Pro  # as on the website
    metadata: { plan: pro }
prices:
  monthly:
    lookup_key: pro_monthly  # used by the checkout
    product: pro
    currency: usd
    unit_amount: 2000
    recurring: { interval: month }
`;
  const live = JSON.stringify({
    schema: 1,
    mode: 'live',
    account: null,
    sections: {
      products: [product({ id: 'prod_1', name: 'Pro plan', metadata: { plan: 'pro' } })],
      prices: [price({ id: 'price_1', lookup_key: 'pro_monthly_2', product: 'prod_1', unit_amount: 2000 })],
    },
  });
  const merge = async (environment: string | null) => {
    const reading = await new SnapshotLive(live, 'live.json').open().readAll(['products', 'prices'], true);
    return await merged(text, { file: FILE, reading, environment });
  };

  test('is the same entry where its prices tell it, and nothing is added', async () => {
    const plain = text.replace('    metadata: { plan: pro }\n', '').replace('pro_monthly ', 'pro_monthly_2 ');
    const reading = await new SnapshotLive(live, 'live.json').open().readAll(['products', 'prices'], true);
    const { text: after, added } = await merged(plain, { file: FILE, reading, environment: null });
    expect(after).toBe(plain.replace('name: Pro ', 'name: Pro plan '));
    expect(added).toEqual([]);
  });

  test('is the same entry with another identity, its comments where they were', async () => {
    const { text: after, added, updated, remarks } = await merge(null);
    expect(after).toBe(text.replace('name: Pro ', 'name: Pro plan ').replace('pro_monthly ', 'pro_monthly_2 '));
    expect([added, remarks]).toEqual([[], []]);
    expect([...updated].sort()).toEqual(['prices.monthly.lookup_key', 'products.pro.name']);
  });

  test('is found by its id where nothing is left of what found it', async () => {
    const { sections, ...rest } = JSON.parse(live);
    const gone = { ...sections.prices[0], lookup_key: null };
    const read = JSON.stringify({ ...rest, sections: { ...sections, prices: [gone] } });
    for (const environment of [null, 'live']) {
      const reading = await new SnapshotLive(read, 'live.json').open().readAll(['products', 'prices'], true);
      const { text: after, updated } = await merged(text, { file: FILE, reading, environment });
      expect(after).toContain('id: price_1');
      expect(after).toContain('lookup_key: null');
      expect(left(await checked(after, read, environment))).toEqual([]);
      expect(updated).toContain(`${environment === null ? '' : 'environments.live.'}prices.monthly.lookup_key`);
    }
  });

  test('is found by its id in place of what match names', async () => {
    const file = `version: 1
products:
  pro:
    match: metadata.plan
    name: Pro
    unit_label: seat
    metadata: { plan: pro }
`;
    const products = [product({ id: 'prod_1', name: 'Pro', unit_label: 'seat', metadata: {} })];
    const read = JSON.stringify({ schema: 1, mode: 'live', account: null, sections: { products } });
    for (const environment of [null, 'live']) {
      const reading = await new SnapshotLive(read, 'live.json').open().readAll(['products'], true);
      const { text: after } = await merged(file, { file: FILE, reading, environment });
      expect(left(await checked(after, read, environment))).toEqual([]);
    }
  });

  test('is another identity in the environment, where that gets what differs', async () => {
    const { text: after, remarks } = await merge('live');
    expect(after.startsWith(text)).toBe(true);
    expect(after.slice(text.length)).toContain('name: Pro plan');
    expect(after.slice(text.length)).toContain('lookup_key: pro_monthly_2');
    expect(after).not.toContain('pro_monthly_2:');
    expect(remarks).toEqual(['The environment live is new in the file.']);
    expect(left(await checked(after, live, 'live'))).toEqual([]);
  });
});

describe('a file of whatever style', () => {
  test('that is up to date stays the same, to the byte', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (made) => {
        const text = textOf(made);
        const done = await merge(text, snapshot(made.entries));
        const sections = [...registry.keys()].filter(
          (section) => !made.entries.some((entry) => entry.section === section),
        );
        // Sections that it lacks are added.
        if (sections.length === 0) expect(done.text).toBe(text);
        expect(done.updated).toEqual([]);
        expect(done.added).toEqual([]);
      }),
      runs(40),
    );
  });

  test('agrees with what is live once that has changed, and a second merge changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyCase,
        fc.array(fc.tuple(choice, choice), { minLength: 1, maxLength: 3 }),
        async (made, picks) => {
          let { entries } = made;
          for (const [which, how] of picks) {
            const entry = entries[which % entries.length] as Entry;
            const changed = edit(entry, how);
            if (changed !== null)
              entries = entries.map((one) => (one === entry ? { ...one, live: changed.live } : one));
          }
          fc.pre(entries.every(isPossible));
          const [text, live] = [textOf(made), snapshot(entries)];
          const done = await merge(text, live);
          const report = await checked(done.text, live);
          expect({
            left: left(report, done.remarks),
            text: left(report, done.remarks).length > 0 ? [text, done.text, ...done.remarks] : [],
          }).toEqual({
            left: [],
            text: [],
          });
          expect((await merge(done.text, live)).text).toBe(done.text);
        },
      ),
      runs(50),
    );
  });

  test('gets entries for what it does not declare', async () => {
    await fc.assert(
      fc.asyncProperty(cases(1), fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }), async (made, kept) => {
        const some = made.entries.filter((_entry, index) => kept[index]);
        fc.pre(some.length > 0);
        const [text, live] = [textOf(made, some), snapshot(made.entries)];
        const done = await merge(text, live);
        const report = await checked(done.text, live);
        expect({
          left: left(report, done.remarks),
          text: left(report, done.remarks).length > 0 ? [text, done.text, ...done.remarks] : [],
        }).toEqual({
          left: [],
          text: [],
        });
        expect(done.remarks.filter((remark) => !remark.includes('seems to be a secret'))).toEqual([]);
      }),
      runs(40),
    );
  });

  test('gets an environment with what differs in the other mode, and stays right for its own', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, anyCase, fc.boolean(), async (one, other, fromExport) => {
        const live = snapshot(one.entries);
        const test = snapshot(other.entries)
          .replace('"mode":"live"', '"mode":"test"')
          .replace('acct_1Abc', 'acct_1Test');
        const side = new SnapshotLive(live, 'live.json');
        const before = fromExport
          ? await exported(await side.open().readAll([...registry.keys()], false), false)
          : await merge(textOf(one), live);
        const { text } = before;
        const done = await merge(text, test, 'test');
        const report = await checked(done.text, test);
        expect({
          left: left(report, done.remarks),
          text: left(report, done.remarks).length > 0 ? [text, done.text, ...done.remarks] : [],
        }).toEqual({
          left: [],
          text: [],
        });
        expect(left(await checked(done.text, live), before.remarks)).toEqual([]);
        expect((await merge(done.text, test, 'test')).text).toBe(done.text);
      }),
      runs(40),
    );
  });
});

describe('what the file does not declare, and a kind ignores by default', () => {
  const live = JSON.stringify({
    schema: 1,
    mode: 'live',
    account: 'acct_1',
    sections: {
      coupons: [],
      promotion_codes: [promotionCode({ id: 'promo_1', code: 'ONE' }), promotionCode({ id: 'promo_2', code: 'TWO' })],
    },
  });
  const done = async (text: string, asked?: readonly string[]) => {
    const side = new SnapshotLive(live, 'live.json');
    const reading = await side.open().readAll(['coupons', 'promotion_codes'], true);
    const { added, remarks } = await merged(`version: 1\ncoupons: {}\n${text}`, {
      file: FILE,
      reading,
      environment: null,
      ...(asked && { asked }),
    });
    return { added: added.length, remarks };
  };

  test('is added where its section was named, and else the remark says how', async () => {
    expect(await done('promotion_codes: {}\n', ['promotion_codes'])).toEqual({ added: 2, remarks: [] });
    expect(await done('', ['promotion_codes'])).toEqual({ added: 2, remarks: [] });
    expect(await done('promotion_codes: {}\n')).toEqual({
      added: 0,
      remarks: [
        'promotion_codes: 2 objects were not added, since promotion_codes that are not declared are ignored by default: to add them, name promotion_codes in --sections.',
      ],
    });
  });

  test('is added where the policy of the file is about other sections', async () => {
    const policy = 'policy: { unmanaged: { coupons: ignore } }\n';
    expect(await done(`promotion_codes: {}\n${policy}`, ['promotion_codes'])).toEqual({ added: 2, remarks: [] });
  });

  test.each(['ignore', '{ promotion_codes: ignore }'])(
    'is not added where the policy of the file says %s',
    async (word) => {
      expect(await done(`promotion_codes: {}\npolicy: { unmanaged: ${word} }\n`, ['promotion_codes'])).toEqual({
        added: 0,
        remarks: [
          'promotion_codes: 2 objects were not added, since policy.unmanaged of the file ignores what is not declared.',
        ],
      });
    },
  );

  test('is not added where an ignore rule of the file accepts it', async () => {
    const ignore = 'ignore: [{ promotion_codes: promo_1, reason: made by hand }]\n';
    expect(await done(`promotion_codes: {}\n${ignore}`, ['promotion_codes'])).toEqual({
      added: 1,
      remarks: [
        'promotion_codes: 1 object was not added, since an ignore rule of the file accepts what is not declared ("made by hand").',
      ],
    });
  });
});
