/** `export --merge`: a file that agrees with what is live, and is otherwise as it was. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import { decode } from '../../src/config/source.ts';
import { CheckError } from '../../src/errors.ts';
import type { Report } from '../../src/model.ts';
import { shown } from '../../src/report/privacy.ts';
import { registry } from '../../src/resources/index.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { exported } from '../../src/write/export.ts';
import { merged } from '../../src/write/merge.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { type Case, cases, declaration, type Entry, snapshot } from '../shop/accounts.ts';
import { edit } from '../shop/edits.ts';
import { Dice } from '../tree.ts';
import { write } from '../yaml-style.ts';

const FILE = 'stripe-config.yaml';
const TODAY = '2026-11-22';

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
    return merged(text, { file: FILE, reading, environment, today: TODAY });
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

/** What a check finds but remarks about the file, health, and what a person has to decide: an object that is gone, or one of several. */
function left({ findings, error }: Report) {
  return [
    ...(error === null ? [] : [error]),
    ...findings.filter(
      ({ problem, severity }) =>
        ![
          'missing',
          'ambiguous',
          'unhealthy',
          problem === 'invalid' && severity === 'warning' ? 'invalid' : '',
        ].includes(problem),
    ),
  ];
}

/** Whether Stripe could have such an object: a price has one amount, and its type follows from how it is billed. */
function isPossible({ section, live }: Entry): boolean {
  if (section === 'products') {
    const details = live.tax_details as { tax_code: string | null } | null;
    return details === null || details.tax_code === live.tax_code;
  }
  if (section !== 'prices') return true;
  const { unit_amount_decimal: amount, custom_unit_amount: custom, tiers, recurring, type } = live;
  const amounts = [amount, custom, tiers].filter((one) => one !== null && one !== undefined);
  return amounts.length <= 1 && (type === 'recurring') === (recurring !== null);
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
    return merged(text, { file: FILE, reading, environment: null, today: TODAY }).text;
  }

  test('keeps the comments of a list in which one amount changes', async () => {
    expect(await mergedPrices(tiered, live(usage(['0', '3', '2.25'])))).toBe(
      tiered.replace('unit_amount: 4', 'unit_amount: 3').replace('"2.5"', '"2.25"'),
    );
  });

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
    return merged(text, { file: FILE, reading, environment, today: TODAY });
  };

  test('is the same entry with another identity, its comments where they were', async () => {
    const { text: after, added, updated, remarks } = await merge(null);
    expect(after).toBe(text.replace('name: Pro ', 'name: Pro plan ').replace('pro_monthly ', 'pro_monthly_2 '));
    expect([added, remarks]).toEqual([[], []]);
    expect([...updated].sort()).toEqual(['prices.monthly.lookup_key', 'products.pro.name']);
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
      { numRuns: 120 },
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
            left: left(report),
            text: left(report).length > 0 ? [text, done.text, ...done.remarks] : [],
          }).toEqual({
            left: [],
            text: [],
          });
          expect((await merge(done.text, live)).text).toBe(done.text);
        },
      ),
      { numRuns: 150 },
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
        expect({ left: left(report), text: left(report).length > 0 ? [text, done.text, ...done.remarks] : [] }).toEqual(
          {
            left: [],
            text: [],
          },
        );
        expect(done.remarks).toEqual([]);
      }),
      { numRuns: 120 },
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
        const text = fromExport
          ? exported(await side.open().readAll([...registry.keys()], false), false).text
          : (await merge(textOf(one), live)).text;
        const done = await merge(text, test, 'test');
        const report = await checked(done.text, test);
        expect({ left: left(report), text: left(report).length > 0 ? [text, done.text, ...done.remarks] : [] }).toEqual(
          {
            left: [],
            text: [],
          },
        );
        expect(left(await checked(done.text, live))).toEqual([]);
        expect((await merge(done.text, test, 'test')).text).toBe(done.text);
      }),
      { numRuns: 120 },
    );
  });
});
