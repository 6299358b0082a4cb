/** Two modes of an account, compared with each other as the file pairs their objects. Generated accounts, through the check itself. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import { decode } from '../../src/config/source.ts';
import type { Report, Result } from '../../src/model.ts';
import { fixTexts } from '../../src/report/fixes.ts';
import { reportJson } from '../../src/report/json.ts';
import { markdown } from '../../src/report/markdown.ts';
import { type Showing, shown } from '../../src/report/privacy.ts';
import { terminal } from '../../src/report/terminal.ts';
import { resourceOf } from '../../src/resources/index.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { kindOf, SECTIONS } from '../kinds/index.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { runs } from '../runs.ts';
import { type Case, cases, declaration, type Entry, isActive, type Live } from '../shop/accounts.ts';
import { edit, replaced } from '../shop/edits.ts';
import { type Accept, pasted } from '../shop/paste.ts';
import { asReport, type ReportJson } from '../shop/shop.ts';
import { Dice, Names, type Tree } from '../tree.ts';
import { write } from '../yaml-style.ts';

const FILE = 'stripe-config.yaml';

fc.configureGlobal({ interruptAfterTimeLimit: 100_000, seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) });

/** Compares live mode with test mode, by a file. */
async function compared(text: string, live: string, other: string): Promise<Report> {
  return shown(await result(text, live, other), 'full');
}

function result(text: string, live: string, other: string): Promise<Result> {
  return check({
    sources: [{ file: FILE, ...decode(new TextEncoder().encode(text)) }],
    environment: null,
    live: new SnapshotLive(live, 'live.json'),
    other: { live: new SnapshotLive(other, 'test.json'), environment: null },
    failOn: 'error',
    commit: null,
  });
}

function json(report: Report): ReportJson {
  return asReport(JSON.parse([...reportJson(report)].join('')));
}

/** What the realms differ in: remarks on the file are left out. */
function findings(report: Report): ReportJson['findings'] {
  const all = json(report);
  expect([
    all.error,
    ...all.findings.filter(({ problem, severity }) => problem === 'invalid' && severity === 'error'),
  ]).toEqual([null]);
  return all.findings.filter(({ problem }) => problem !== 'invalid');
}

type Objects = readonly { readonly section: string; readonly live: Live }[];

function snapshot(mode: 'live' | 'test', objects: Objects): string {
  const sections = SECTIONS.map((name) => [
    name,
    objects.filter(({ section }) => section === name).map(({ live }) => live),
  ]);
  return JSON.stringify({ schema: 1, mode, account: 'acct_1Abc', sections: Object.fromEntries(sections) });
}

/** The ids that the objects of an account have in its other mode: new ones where Stripe chose them, and no text of a person's is like that. */
function idsOf(entries: readonly Entry[]): Map<string, string> {
  const taken = new Set(entries.map(({ live }) => live.id));
  const ids = new Map<string, string>();
  for (const { section, live } of entries) {
    if (kindOf(section).row.single || ids.has(live.id)) continue;
    const isChosen = /^[a-z]+_[A-Za-z\d_]*\d/.test(live.id);
    let id = isChosen ? `${live.id}T` : live.id;
    while (isChosen && taken.has(id)) id += 'T';
    taken.add(id);
    ids.set(live.id, id);
  }
  return ids;
}

/** The same with other ids, wherever they stand. */
function withIds<T>(value: T, ids: ReadonlyMap<string, string>): T {
  if (typeof value === 'string') return (ids.get(value) ?? value) as T;
  if (Array.isArray(value)) return value.map((one) => withIds(one, ids)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withIds(one, ids)])) as T;
}

interface Twins {
  readonly entries: readonly Entry[];
  readonly text: string;
  readonly live: Objects;
  readonly test: Objects;
  id(entry: Entry): string;
}

/** A case, a copy of it in test mode, and the file that pairs the two: in its environment the entries state other ids. */
function twins({ entries, seed }: Case): Twins {
  const ids = idsOf(entries);
  const sections = [...new Set(entries.map(({ section }) => section))].filter((name) => !kindOf(name).row.single);
  const over = sections.map((section): readonly [string, Tree] => {
    const own = entries.filter((entry) => entry.section === section);
    return [section, new Names(own.map(({ name, live }) => [name, new Names([['id', ids.get(live.id) ?? '']])]))];
  });
  const tree = declaration(entries, new Dice(seed));
  const environments: readonly [string, Tree] = ['environments', new Names([['test', new Names(over)]])];
  const { text } = write(new Names([...tree.pairs, ...(over.length === 0 ? [] : [environments])]), seed);
  return {
    entries,
    text,
    live: entries,
    test: entries.map((entry) => ({ ...entry, live: withIds(entry.live, ids) })),
    id: ({ live }) => ids.get(live.id) ?? live.id,
  };
}

/** What finds an object in both modes is no difference between them. */
const anyTwins = cases().map(twins);
const choice = fc.nat();

describe('an account and a copy of it with other ids', () => {
  test('are alike, whichever is named first', async () => {
    await fc.assert(
      fc.asyncProperty(anyTwins, fc.boolean(), async ({ text, live, test: other, entries }, isTurned) => {
        const sides = [snapshot('live', live), snapshot('test', other)] as const;
        const report = await compared(text, sides[isTurned ? 1 : 0], sides[isTurned ? 0 : 1]);
        expect(findings(report)).toEqual([]);
        expect([report.status, report.notes]).toEqual(['in-sync', []]);
        expect(report.counts.checked).toBe(entries.length);
        for (const { live: here, other: there, inSync, declared } of report.sections.values()) {
          expect(here).toBe(there);
          expect(inSync).toBe(declared);
        }
      }),
      runs(40),
    );
  });

  test('differ in one change of either as one finding, with both ids, at the field', async () => {
    const seen = { live: 0, test: 0 };
    await fc.assert(
      fc.asyncProperty(anyTwins, choice, choice, fc.boolean(), async (made, which, how, isLive) => {
        const entry = made.entries[which % made.entries.length] as Entry;
        const changed = edit(entry, how);
        // What is of one mode is another in the other.
        fc.pre(changed !== null && !resourceOf(entry.section).fields[changed.field]?.type.ofMode);
        const ids = new Map(made.entries.map((one) => [one.live.id, made.id(one)]));
        const live = isLive ? replaced(made.entries, entry, changed.live) : made.live;
        const other = isLive
          ? made.test
          : made.test.map((one, index) =>
              made.entries[index] === entry ? { ...one, live: withIds(changed.live, ids) } : one,
            );
        const report = await compared(made.text, snapshot('live', live), snapshot('test', other));
        const { section, name } = entry;
        const isSingle = kindOf(section).row.single === true;
        expect(findings(report)).toMatchObject([
          {
            problem: 'changed',
            section,
            name: isSingle ? null : name,
            id: entry.live.id,
            other: { id: made.id(entry) },
            agrees: isLive ? 'test' : 'live',
          },
        ]);
        const field = String(findings(report)[0]?.field).replace(/_decimal$/, '');
        expect(field).toBe(changed.field);
        expect([report.status, report.exitCode]).toEqual(['drift', 2]);
        seen[isLive ? 'live' : 'test'] += 1;
      }),
      runs(60),
    );
    expect(Math.min(seen.live, seen.test)).toBeGreaterThan(15);
  });

  test('differ on purpose where the file says so, as the report tells it', async () => {
    let told = 0;
    await fc.assert(
      fc.asyncProperty(anyTwins, choice, choice, async (made, which, how) => {
        const entry = made.entries[which % made.entries.length] as Entry;
        const changed = edit(entry, how);
        // An object that contradicts itself can't be stated.
        fc.pre(
          changed !== null &&
            isDeepStrictEqual(kindOf(entry.section).possible?.(changed.live) ?? changed.live, changed.live),
        );
        const live = snapshot('live', replaced(made.entries, entry, changed.live));
        const report = await compared(made.text, live, snapshot('test', made.test));
        // The YAML package would write this name as a merge key.
        fc.pre(entry.name !== '<<');
        const [finding] = report.findings.filter(({ problem }) => problem === 'changed');
        const [way] = finding === undefined ? [] : fixTexts(finding, report).accept;
        fc.pre(finding !== undefined && way?.into === 'environments');
        const after = pasted(made.text, { section: entry.section, name: entry.name }, way as Accept);
        fc.pre(after !== null);
        expect(findings(await compared(after, live, snapshot('test', made.test)))).toEqual([]);
        told += 1;
      }),
      runs(15),
    );
    expect(told).toBeGreaterThan(5);
  });

  test('differ in an object of one alone as one finding, declared or not', async () => {
    await fc.assert(
      fc.asyncProperty(cases(2).map(twins), choice, fc.boolean(), async (made, which, isLive) => {
        const listed = made.entries.filter(
          (one) => !kindOf(one.section).row.single && isActive(one) && !isNeeded(one, made.entries),
        );
        fc.pre(listed.length > 0);
        const entry = listed[which % listed.length] as Entry;
        const index = made.entries.indexOf(entry);
        const without = (objects: Objects) => objects.filter((_, position) => position !== index);
        const live = snapshot('live', isLive ? made.live : without(made.live));
        const other = snapshot('test', isLive ? without(made.test) : made.test);
        const report = await compared(made.text, live, other);
        const sides = { id: isLive ? entry.live.id : null, other: isLive ? null : { id: made.id(entry) } };
        expect(findings(report)).toMatchObject([
          { problem: 'missing', section: entry.section, name: entry.name, ...sides },
        ]);
      }),
      runs(20),
    );
  });

  test('are told once each where the file declares none of them', async () => {
    await fc.assert(
      fc.asyncProperty(cases(), async ({ entries }) => {
        const listed = entries.filter(({ section }) => !kindOf(section).row.single);
        const sections = [...new Set(listed.map(({ section }) => section))];
        fc.pre(sections.length > 0);
        const text = `version: 1\npolicy: { unmanaged: warning }\n${sections.map((one) => `${one}: {}\n`).join('')}`;
        const report = await compared(text, snapshot('live', entries), snapshot('test', entries));
        const told = findings(report).map(({ problem, id, other }) => [problem, id, other?.id]);
        const active = listed.filter(isActive).map(({ live: { id } }) => ['unmanaged', id, id]);
        expect(told.sort()).toEqual(active.sort());
      }),
      runs(15),
    );
  });
});

describe('what means nothing in the other mode', () => {
  test('is not compared with it, though the file states it, and what is beside it is', async () => {
    const text =
      'version: 1\naccount_settings:\n  settings: { branding: { icon: null, logo: file_1, primary_color: "#663399" } }\n';
    const side = (mode: 'live' | 'test', branding: object) =>
      snapshot(mode, [
        { section: 'account_settings', live: { id: 'acct_1Abc', settings: { branding } } as unknown as Live },
      ]);
    const live = side('live', { icon: null, logo: 'file_1', primary_color: '#663399' });
    const other = side('test', { icon: 'file_2', logo: 'file_3', primary_color: '#4BB543' });
    expect(findings(await compared(text, live, other))).toMatchObject([
      { problem: 'changed', field: 'settings', changes: [{ path: ['branding', 'primary_color'] }] },
    ]);
  });
});

describe('what is read of two modes', () => {
  test.each([
    [
      'of one mode and account',
      ['live', 'acct_1Abc', 'live', 'acct_1Abc'],
      'products: {}',
      'live.json and test.json are both of live mode of acct_1Abc: nothing can differ.',
    ],
    [
      'of one mode, and nobody knows of which accounts',
      ['test', null, 'test', 'acct_1Abc'],
      'products: {}',
      'live.json and test.json are both of test mode, and it is not known of which accounts, so that they may be the same. Nothing was compared.',
    ],
    [
      'of another mode than its environment',
      ['live', null, 'test', null],
      'mode: live\nproducts: {}',
      'test.json: The file states mode: live (line 2), but test.json is of test mode. Nothing was compared.',
    ],
    [
      'of another account than the file',
      ['live', 'acct_1Abc', 'test', 'acct_1Other'],
      'account: acct_1Abc\nproducts: {}',
      'test.json: The file states account: acct_1Abc (line 2), but test.json is of acct_1Other. Nothing was compared.',
    ],
    [
      'of environments without a common section',
      ['live', null, 'test', null],
      'environments: { live: { products: {} }, test: { prices: {} } }',
      'The environments live and test have no section in common. Nothing was compared.',
    ],
  ] as const)('is nothing where they are %s', async (_, [mode, account, otherMode, otherAccount], file, message) => {
    const side = (of: string, owner: string | null) =>
      JSON.stringify({ schema: 1, mode: of, account: owner, sections: { products: [], prices: [] } });
    const report = await compared(`version: 1\n${file}\n`, side(mode, account), side(otherMode, otherAccount));
    expect([report.status, report.exitCode, report.findings]).toEqual(['error', 1, []]);
    expect(report.error?.message).toBe(message);
    expect(report.error?.remedy).not.toBe('');
  });
});

describe('what no entry declares', () => {
  const of = (section: string, live: object) => ({ section, live: live as Live });
  const sold = (mode: string, name: string, more: object = {}) => [
    of('products', product({ id: `prod_${mode}${name}`, name })),
    of('prices', price({ id: `price_${mode}${name}`, product: `prod_${mode}${name}`, unit_amount: 2000, ...more })),
  ];
  const told = (report: Report) =>
    findings(report).map(({ problem, section, id, other }) => [problem, section, id, other?.id]);

  test('is paired through what it belongs to: prices alike in all else are of their own product', async () => {
    const live = [...sold('L', 'Pro'), ...sold('L', 'Team')];
    const other = [...sold('T', 'Team'), ...sold('T', 'Pro'), ...sold('T', 'Max')];
    const report = await compared(
      'version: 1\nproducts: {}\nprices: {}\n',
      snapshot('live', live),
      snapshot('test', other),
    );
    expect(told(report)).toEqual([
      ['unmanaged', 'products', 'prod_LPro', 'prod_TPro'],
      ['unmanaged', 'products', 'prod_LTeam', 'prod_TTeam'],
      ['unmanaged', 'products', null, 'prod_TMax'],
      ['unmanaged', 'prices', 'price_LPro', 'price_TPro'],
      ['unmanaged', 'prices', 'price_LTeam', 'price_TTeam'],
      ['unmanaged', 'prices', null, 'price_TMax'],
    ]);
  });

  test('is paired where one object of two that are alike agrees in more, and not where nothing tells', async () => {
    const text = 'version: 1\nproducts: { pro: { name: Pro } }\nprices: {}\n';
    const second = (mode: string, amount: number) =>
      of('prices', price({ id: `price_${mode}Second`, product: `prod_${mode}Pro`, unit_amount: amount }));
    const apart = await compared(
      text,
      snapshot('live', [...sold('L', 'Pro'), second('L', 900)]),
      snapshot('test', [second('T', 900), ...sold('T', 'Pro')]),
    );
    expect(told(apart)).toEqual([
      ['unmanaged', 'prices', 'price_LPro', 'price_TPro'],
      ['unmanaged', 'prices', 'price_LSecond', 'price_TSecond'],
    ]);
    const same = await compared(
      text,
      snapshot('live', [...sold('L', 'Pro'), second('L', 2000)]),
      snapshot('test', [second('T', 2000), ...sold('T', 'Pro')]),
    );
    expect(told(same)).toHaveLength(4);
  });

  test('for one mode alone is told with the entry that declares it for the other', async () => {
    const text = 'version: 1\nproducts: {}\nenvironments: { test: { products: { trial: { name: Trial } } } }\n';
    const report = await compared(text, snapshot('live', sold('L', 'Trial')), snapshot('test', sold('T', 'Trial')));
    expect(findings(report).map(({ message }) => message)).toEqual([
      'Product "Trial" is in live (prod_LTrial), where the file does not declare it; in test it does, as products.trial (prod_TTrial).',
    ]);
    const gone = await compared(text, snapshot('live', []), snapshot('test', sold('T', 'Trial')));
    expect(findings(gone)).toEqual([]);
  });

  test('is told of no section whose rest the policy ignores, and nothing is paired with it', async () => {
    const entries = 'products: { pro: { name: Pro } }\nprices: { pro: { id: price_LPro } }';
    const [live, other] = [snapshot('live', sold('L', 'Pro')), snapshot('test', sold('T', 'Pro'))];
    const report = await compared(`version: 1\n${entries}\n`, live, other);
    expect(findings(report)).toEqual([]);
    expect(report.notes).toEqual([
      '1 entry does not find its object in test, and one that is like it was compared: prices.pro. To write what differs in test into the file, run stripe-config-check export --merge --environment test with the key of test.',
    ]);
    const ignoring = await compared(`version: 1\n${entries}\npolicy: { unmanaged: ignore }\n`, live, other);
    expect(findings(ignoring).map(({ message }) => message)).toEqual([
      'prices.pro is in live (price_LPro), but not in test: no price with this id.',
    ]);
  });

  test('and what differs is shown as far as show-values allows', async () => {
    const text =
      'version: 1\nproducts: { pro: { name: Pro } }\nprices: { pro: { lookup_key: pro, product: pro, nickname: Pro } }\n';
    const priced = (mode: string, owner: string, nickname: string) =>
      of('prices', price({ id: `price_${mode}`, lookup_key: 'pro', product: owner, nickname }));
    const live = [...sold('L', 'Pro').slice(0, 1), ...sold('L', 'Secret').slice(0, 1), priced('L', 'prod_LPro', 'Pro')];
    const other = [
      ...sold('T', 'Pro').slice(0, 1),
      ...sold('T', 'Hidden').slice(0, 1),
      priced('T', 'prod_THidden', 'Nick'),
    ];
    const found = await result(text, snapshot('live', live), snapshot('test', other));
    const printed = (showing: Showing) => {
      const report = shown(found, showing);
      json(report);
      return [...reportJson(report), markdown(report), terminal(report, undefined, { fixes: true })].join('\n');
    };
    const strangers = /Secret|Hidden/;
    expect(printed('full')).toMatch(strangers);
    expect(printed('declared')).not.toMatch(strangers);
    expect(printed('declared')).toMatch(/live Pro, test Nick \(price_L, price_T\)/);
    expect(printed('declared')).toContain(
      '2 products are in live or test, but not in the file. show-values hides which.',
    );
    expect(printed('redacted')).not.toMatch(/Secret|Hidden|Nick/);
    expect(printed('redacted')).toContain(
      'prices.pro nickname: live and test differ, and show-values hides how (price_L, price_T).',
    );
  });
});

/** Whether what another entry is found by refers to an entry. */
function isNeeded({ live }: Entry, entries: readonly Entry[]): boolean {
  return entries.some((other) => other.live !== live && JSON.stringify(other.live).includes(JSON.stringify(live.id)));
}
