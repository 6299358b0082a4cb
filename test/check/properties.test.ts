/** What holds for every account, every file and every text. Generated data, through the program's own front doors. */
import * as fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import { difference } from '../../src/check/difference.ts';
import { matchesPattern } from '../../src/check/rules.ts';
import { loadConfig } from '../../src/config/load.ts';
import { decode } from '../../src/config/source.ts';
import { ENOUGH, marksOf } from '../../src/matching/marks.ts';
import type { Finding, Report, Result, Value } from '../../src/model.ts';
import { code, cut, logLine, prose, visible } from '../../src/report/escape.ts';
import { fixTexts } from '../../src/report/fixes.ts';
import { shown } from '../../src/report/privacy.ts';
import { resourceOf } from '../../src/resources/index.ts';
import { declarable, declarableIn, ID, toActual } from '../../src/resources/resource.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { canonicalDecimal } from '../../src/vocabulary/decimal.ts';
import { money } from '../../src/vocabulary/money.ts';
import { kindOf, LISTS, SECTIONS } from '../kinds/index.ts';
import { commandsIn } from '../runner.ts';
import { runs } from '../runs.ts';
import {
  type Case,
  cases,
  declaration,
  type Entry,
  identityField,
  inPart,
  isActive,
  type Live,
  mark,
  pathOf,
  snapshot,
  statesAmount,
  text,
} from '../shop/accounts.ts';
import { edit, replaced } from '../shop/edits.ts';
import { Dice, Names, type Tree } from '../tree.ts';
import { keyPlace, type Written, write } from '../yaml-style.ts';

const FILE = 'stripe-config.yaml';

// A run takes a few seconds; a failure may be made smaller for as long as this.
// A fixed seed by default, so that a red run is red again; PROPERTY_SEED tries others.
fc.configureGlobal({ interruptAfterTimeLimit: 100_000, seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) });

/** Checks a file against a snapshot, as the programs do. */
async function compared(file: Written, live: string): Promise<Report> {
  const found = await check({
    sources: [{ file: FILE, ...decode(file.bytes) }],
    environment: null,
    live: new SnapshotLive(live, 'live.json'),
    failOn: 'error',
    commit: null,
  });
  return shown(found, 'full');
}

/** What a report says of Stripe, once it has compared; remarks about the file are left out. */
function found(report: Report): readonly Finding[] {
  const refused = report.findings.filter(({ problem, severity }) => problem === 'invalid' && severity === 'error');
  expect([...refused, ...(report.error === null ? [] : [report.error])]).toEqual([]);
  return report.findings.filter(({ problem }) => problem !== 'invalid');
}

/** The file of a case in the style that its seed chooses. */
function fileOf({ entries, seed }: Case, chosen?: (entry: Entry, field: string) => boolean): Written {
  return write(declaration(entries, new Dice(seed), chosen), seed, 'live');
}

/** The key that a finding about a field is at: of the spelling that states a value, where there are two; else the entry's. */
function placeOf(file: Written, entry: Entry, field: string) {
  const { live } = entry;
  const spellings = [field, `${field}_decimal`];
  if (live[field] === null && live[`${field}_decimal`] !== null) spellings.reverse();
  for (const spelling of spellings) {
    const place = keyPlace(file.text, [...pathOf(entry), spelling], 'live');
    if (place !== null) return { place: { file: FILE, ...place }, spelling };
  }
  return { place: { file: FILE, ...keyPlace(file.text, pathOf(entry)) }, spelling: field };
}

const anyCase = cases();
const choice = fc.nat();

describe('an account that is declared in full', () => {
  test('is in sync, in every style of YAML', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (made) => {
        const report = await compared(fileOf(made), snapshot(made.entries));
        expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(found(report)).toEqual([]);
        expect(report.status).toBe('in-sync');
        expect(report.counts.checked).toBe(made.entries.length);
        for (const summary of report.sections.values()) expect(summary.managed).toBe(summary.live);
      }),
      runs(60),
    );
  });

  test('is in sync where it is declared in part', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, choice, async (made, dropped) => {
        const partial = (_entry: Entry, field: string) =>
          (field.replace(/_decimal$/, '').length * 7 + dropped) % 3 !== 0;
        const report = await compared(fileOf(made, inPart(partial)), snapshot(made.entries));
        expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(report.status).toBe('in-sync');
      }),
      runs(40),
    );
  });

  test('shows one change to one field as one finding on its line, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, choice, choice, async (made, which, how) => {
        const entry = made.entries[which % made.entries.length] as Entry;
        const changed = edit(entry, how);
        fc.pre(changed !== null);
        const file = fileOf(made);
        const report = await compared(file, snapshot(replaced(made.entries, entry, changed.live)));
        const { place, spelling } = placeOf(file, entry, changed.field);
        expect(found(report).map(brief)).toEqual([
          {
            problem: 'changed',
            section: entry.section,
            name: entry.name,
            id: entry.live.id,
            field: spelling,
            at: place,
          },
        ]);
        expect(report.status).toBe('drift');
        expect(report.exitCode).toBe(2);
      }),
      runs(90),
    );
  });

  test('shows a change to a field that the file does not state as nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, choice, choice, async (made, which, how) => {
        const entry = made.entries[which % made.entries.length] as Entry;
        const changed = edit(entry, how);
        fc.pre(changed !== null);
        const silent = (other: Entry, field: string) =>
          other !== entry || (field !== changed.field && field !== `${changed.field}_decimal`);
        // Beside an amount silence says something.
        const isCharge = kindOf(entry.section).charge?.isDefault[changed.field] !== undefined;
        fc.pre(!isCharge || !statesAmount(entry, silent));
        const report = await compared(fileOf(made, silent), snapshot(replaced(made.entries, entry, changed.live)));
        expect(found(report)).toEqual([]);
        expect(report.status).toBe('in-sync');
      }),
      runs(40),
    );
  });

  test('shows nothing of names in maps that the file does not mention', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, choice, async (made, which) => {
        const entry = made.entries[which % made.entries.length] as Entry;
        const { metadata } = entry.live;
        fc.pre(Object.keys((metadata ?? {}) as object).length > 0);
        const live = { ...entry.live, metadata: { ...(metadata as object), 'not in the file': 'x' } };
        const report = await compared(fileOf(made), snapshot(replaced(made.entries, entry, live)));
        expect(found(report)).toEqual([]);
      }),
      runs(30),
    );
  });

  const charged = SECTIONS.flatMap((section) =>
    Object.entries(kindOf(section).charge?.edits ?? {}).flatMap(([field, change]) =>
      (['stated', 'left out'] as const).map((how) => ({ section, field, how, change })),
    ),
  );

  test.each(charged)(
    'shows what is added to a charge of $section as one finding of that field: $field, $how',
    async ({ section: of, field, how, change }) => {
      await fc.assert(
        fc.asyncProperty(cases(1, [of]), choice, choice, async (made, which, dropped) => {
          const { amounts = [], isDefault = {} } = kindOf(of).charge ?? {};
          const isSaid = (other: string) =>
            other === field ? how === 'stated' : !isDefault[other] || (other.length * 7 + dropped) % 2 === 0;
          // The type of a price says in other words how often it is billed.
          const chosen = (_entry: Entry, other: string) => other !== 'type' && isSaid(other);
          const priced = made.entries.filter((entry) => statesAmount(entry, chosen));
          fc.pre(priced.length > 0);
          const entry = priced[which % priced.length] as Entry;
          const { section, name, live } = entry;
          const changed = change(live);
          fc.pre(changed !== null);
          const file = fileOf(made, inPart(chosen));
          const isStated = keyPlace(file.text, [...pathOf(entry), field], 'live') !== null;
          fc.pre(isStated === (how === 'stated'));
          const report = await compared(file, snapshot(replaced(made.entries, entry, { ...live, ...changed } as Live)));
          const amount = amounts.find((one) => (live[one] ?? live[`${one}_decimal`]) != null);
          const { place } = placeOf(file, entry, isStated ? field : (amount as string));
          expect(found(report).map(brief)).toEqual([
            { problem: 'changed', section, name, id: live.id, field, at: place },
          ]);
        }),
        runs(12),
      );
    },
  );

  test('shows an object that changed its state as that, at the field that states it or at the entry', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, choice, fc.boolean(), async (made, which, stated) => {
        const entry = made.entries[which % made.entries.length] as Entry;
        const state = kindOf(entry.section).state?.field ?? null;
        fc.pre(state !== null);
        const field = state.name;
        const live = { ...entry.live, [field]: isActive(entry) ? state.retired : state.active };
        const file = fileOf(made, (_entry, name) => stated || name !== field);
        const report = await compared(file, snapshot(replaced(made.entries, entry, live)));
        const { place } = placeOf(file, entry, field);
        expect(found(report).map(brief)).toEqual([
          { problem: 'changed', section: entry.section, name: entry.name, id: entry.live.id, field, at: place },
        ]);
        expect(found(report)[0]).toMatchObject({
          changes: [{ path: [], expected: entry.live[field], actual: live[field] }],
        });
      }),
      runs(40),
    );
  });

  /** Renames an object, and expects what a check makes of that; `told` passes over those of which nothing tells it. */
  async function rename(made: Case, which: number, { told }: { readonly told: boolean }): Promise<void> {
    const entry = made.entries[which % made.entries.length] as Entry;
    const { section, live, finder, name } = entry;
    const { natural, tells } = kindOf(section);
    const key = mark(live) ?? '';
    const changes: Record<string, Partial<Live>> = {
      id: { id: `${live.id}_other` },
      natural: natural === null ? {} : { [natural.field]: natural.other },
      match: { metadata: { ...(live.metadata as object), [key]: 'another mark altogether' } },
    };
    const other = { ...live, ...changes[finder] } as Live;
    const file = fileOf(made);
    const field = identityField(entry);
    const statesId = keyPlace(file.text, [...pathOf(entry), 'id'], 'live') !== null;
    const isTold = isActive(entry) && finder !== 'id' && (statesId || tells?.(live, field) === true || isMarked(entry));
    fc.pre(isTold || !told);
    const report = await compared(file, snapshot(replaced(made.entries, entry, other)));
    const entryAt = keyPlace(file.text, [section, name]);
    const missing = { problem: 'missing', section, name, at: { file: FILE, ...entryAt } };
    const unmanaged = {
      problem: 'unmanaged',
      section,
      name: null,
      id: other.id,
      at: { file: FILE, ...keyPlace(file.text, [section]) },
    };
    const { place: at } = placeOf(file, entry, field);
    const renamed = { problem: 'changed', section, name, id: other.id, field, at };
    const expected = isTold ? [renamed] : isActive(entry) ? [missing, unmanaged] : [missing];
    expect(found(report).map(brief).sort(byProblem)).toEqual(expected);
    if (isTold) expect(found(report)[0]).toMatchObject({ renamed: true, changes: [{}] });
  }

  test.each(LISTS)(
    'shows an object of %s that was renamed as one change of what finds it, and where nothing tells it as missing and unmanaged',
    async (of) => {
      const any = fc.asyncProperty(cases(1, [of]), choice, (made, which) => rename(made, which, { told: false }));
      await fc.assert(any, runs(30));
      const resource = resourceOf(of);
      const { natural } = kindOf(of);
      // Of some kinds there is nothing to state besides what finds an object and its state.
      const besides = [ID, natural?.field, resource.state?.field?.name];
      const isRenamed =
        Object.keys(declarable(resource)).some((name) => !besides.includes(name)) && resource.id !== null;
      const told = fc.asyncProperty(cases(1, [of]), choice, (made, which) => rename(made, which, { told: true }));
      if (isRenamed && !resource.fields[natural?.field ?? 'metadata']?.fixed) await fc.assert(told, runs(2));
    },
  );

  test('shows an object that is gone as missing, and nothing that referred to it', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, choice, async (made, which) => {
        const entry = made.entries[which % made.entries.length] as Entry;
        const { section, name } = entry;
        fc.pre(!kindOf(section).row.single);
        const file = fileOf(made);
        const report = await compared(file, snapshot(replaced(made.entries, entry, null)));
        expect(found(report).map(brief)).toEqual([
          { problem: 'missing', section, name, at: { file: FILE, ...keyPlace(file.text, [section, name]) } },
        ]);
      }),
      runs(30),
    );
  });

  test('shows an object that nobody declared as unmanaged if it is in force, at its section', async () => {
    await fc.assert(
      fc.asyncProperty(cases(2), choice, async (made, which) => {
        const candidates = made.entries.filter((entry) =>
          made.entries.some((other) => other !== entry && other.section === entry.section),
        );
        const entry = candidates[which % candidates.length] as Entry;
        const rest = made.entries.filter((other) => other !== entry);
        const file = fileOf({ ...made, entries: rest });
        const report = await compared(file, snapshot(made.entries));
        const { section, live } = entry;
        const at = { file: FILE, ...keyPlace(file.text, [section]) };
        expect(found(report).map(brief)).toEqual(
          isActive(entry) ? [{ problem: 'unmanaged', section, name: null, id: live.id, at }] : [],
        );
      }),
      runs(30),
    );
  });
});

/** Whether what a file states of an object in full tells it, without the field that finds it. */
function isMarked(entry: Entry): boolean {
  const { section, live, finder } = entry;
  const resource = resourceOf(section);
  const { fixed, given } = resource.fields[identityField(entry)] ?? {};
  if (fixed || given === true) return false;
  const stated = toActual(resource as never, live as never, Date.now()).fields;
  const found = [identityField(entry), ...(finder === 'match' ? [mark(live) ?? ''] : [])];
  const marks = marksOf(resource, stated).filter(
    ({ path }) =>
      path[0] !== 'id' &&
      Object.hasOwn(declarableIn(resource, Object.keys(stated)), path[0] ?? '') &&
      !found.every((step, depth) => path[depth] === step),
  );
  const isGrouped = resource.groupedBy === undefined || typeof stated[resource.groupedBy] === 'string';
  const isSought = marks.some(({ isListed, weight }) => !isListed && weight > 0);
  return isGrouped && isSought && marks.reduce((sum, { weight }) => sum + weight, 0) >= ENOUGH;
}

/** What a finding is about and where, without its words. */
function brief(finding: Finding): object {
  const { problem, section, at } = finding;
  const name = 'name' in finding ? finding.name : null;
  return {
    problem,
    section,
    name,
    ...('id' in finding && { id: finding.id }),
    ...(finding.problem === 'changed' && { field: finding.field }),
    at,
  };
}

function byProblem(one: object, other: object): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

describe('what moves together', () => {
  const pairs: readonly {
    readonly name: string;
    readonly section: string;
    applies(live: Live): boolean;
    change(live: Live): Partial<Live>;
    readonly fields: readonly string[];
  }[] = [
    {
      name: 'an amount and its decimal are one finding',
      section: 'prices',
      applies: ({ unit_amount: amount }) => amount !== null,
      change: ({ unit_amount: amount }) => ({
        unit_amount: (amount as number) + 1,
        unit_amount_decimal: String((amount as number) + 1),
      }),
      fields: ['unit_amount'],
    },
    {
      name: 'a recurring price that became one-time differs in type and in recurring',
      section: 'prices',
      applies: ({ recurring }) => recurring !== null,
      change: () => ({ recurring: null, type: 'one_time' }),
      fields: ['recurring', 'type'],
    },
    {
      name: 'a tax code differs in tax_code and in its mirror, tax_details',
      section: 'products',
      applies: ({ tax_code: found }) => found !== null,
      change: ({ tax_details: details }) => ({
        tax_code: 'txcd_99999999',
        tax_details: { ...(details as object), tax_code: 'txcd_99999999' },
      }),
      fields: ['tax_code', 'tax_details'],
    },
    {
      name: 'a tiered price that became one amount differs in all four',
      section: 'prices',
      applies: ({ billing_scheme: scheme }) => scheme === 'tiered',
      change: () => ({
        billing_scheme: 'per_unit',
        tiers: undefined,
        tiers_mode: null,
        unit_amount: 4999,
        unit_amount_decimal: '4999',
      }),
      fields: ['billing_scheme', 'tiers', 'tiers_mode', 'unit_amount'],
    },
  ];

  test.each(pairs)('$name', async ({ section, applies, change, fields }) => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (made) => {
        const entry = made.entries.find((other) => other.section === section && applies(other.live));
        fc.pre(entry !== undefined);
        const file = fileOf(made);
        const live = { ...entry.live, ...change(entry.live) } as Live;
        const report = await compared(file, snapshot(replaced(made.entries, entry, live)));
        const places = fields.map((field) => {
          const { place, spelling } = placeOf(file, entry, field);
          return { problem: 'changed', section, name: entry.name, id: live.id, field: spelling, at: place };
        });
        expect(found(report).map(brief).sort(byProblem)).toEqual(places.sort(byProblem));
      }),
      runs(30),
    );
  });

  test('a currency that changed with its own option is one finding where the file states that there are no options', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (made) => {
        const entry = made.entries.find(({ section }) => section === 'prices');
        fc.pre(entry !== undefined);
        const { currency_options: _none, ...rest } = entry.live;
        const option = (code: string) => ({
          currency_options: { [code]: { unit_amount: 1, unit_amount_decimal: '1' } },
        });
        const before = { ...rest, ...option(String(rest.currency)) } as Live;
        const after = { ...rest, currency: 'sek', ...option('sek') } as Live;
        const entries = made.entries.map((other) => (other === entry ? { ...entry, live: before } : other));
        const tree = declaration(entries, new Dice(made.seed));
        const file = write(
          mapEntry(tree, 'prices', entry.name, (pairs) =>
            pairs.map(([field, value]) => (field === 'currency_options' ? [field, new Names([])] : [field, value])),
          ),
          made.seed,
        );
        expect(found(await compared(file, snapshot(entries)))).toEqual([]);
        const live = entries.map((other) =>
          other.section === 'prices' && other.name === entry.name ? { ...other, live: after } : other,
        );
        const report = await compared(file, snapshot(live));
        expect(found(report)).toHaveLength(1);
        expect(found(report)[0]).toMatchObject({ problem: 'changed', field: 'currency' });
      }),
      runs(30),
    );
  });
});

function mapEntry(
  tree: Names,
  section: string,
  name: string,
  change: (pairs: readonly (readonly [string, Tree])[]) => readonly (readonly [string, Tree])[],
): Names {
  return new Names(
    tree.pairs.map(([sectionName, entries]) => [
      sectionName,
      sectionName !== section
        ? entries
        : new Names(
            (entries as Names).pairs.map(([entryName, entry]) => [
              entryName,
              entryName === name ? new Names(change((entry as Names).pairs), [...(entry as Names).base]) : entry,
            ]),
          ),
    ]),
  );
}

describe('two files of one meaning', () => {
  test('give the same findings and the same fingerprint, whatever their style, spelling and order', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, fc.integer(), choice, choice, async (made, otherSeed, which, how) => {
        const entry = made.entries[which % made.entries.length] as Entry;
        const changed = edit(entry, how);
        fc.pre(changed !== null);
        const live = replaced(made.entries, entry, changed.live);
        const dice = new Dice(otherSeed);
        const one = await compared(fileOf(made), snapshot(live));
        const other = await compared(
          fileOf({ ...made, seed: otherSeed }),
          snapshot(live, (list) => dice.shuffled(list)),
        );
        expect(found(other).map(meaning)).toEqual(found(one).map(meaning));
        expect(other.fingerprint).toBe(one.fingerprint);
        expect(other.status).toBe(one.status);
      }),
      runs(40),
    );
  });
});

test('an amount under either of its names gives one fingerprint', async () => {
  const live = { id: 'price_1', active: true, currency: 'usd', unit_amount: 2500, unit_amount_decimal: '2500' };
  const of = async (amount: string) => {
    const text = `version: 1\nprices: { it: { id: price_1, recurring: null, ${amount} } }\n`;
    const side = JSON.stringify({ schema: 1, mode: 'live', account: null, sections: { prices: [live] } });
    return (await compared({ text, bytes: Buffer.from(text) }, side)).fingerprint;
  };
  expect(await of('unit_amount_decimal: "2000.0"')).toBe(await of('unit_amount: 2000'));
});

/** A finding without its place and without how the file spells its field. */
function meaning(finding: Finding): object {
  const { at: _at, ...rest } = { ...finding, whole: null };
  return finding.problem === 'changed' ? { ...rest, field: finding.field.replace(/_decimal$/, '') } : rest;
}

describe('matching', () => {
  /** Few names, ids and keys, so that entries compete for objects. */
  const few = fc.constantFrom('a', 'b', 'c');
  const live = fc.record({
    webhooks: fc.uniqueArray(
      fc.record({
        id: few.map((id) => `we_${id}`),
        url: fc.constantFrom(
          'https://a.example/x',
          'https://A.example:443/x/',
          'https://a.example/x/',
          'https://b.example',
        ),
        application: fc.constantFrom(null, 'ca_1'),
        status: fc.constantFrom('enabled', 'disabled'),
      }),
      { selector: ({ id }) => id, maxLength: 3 },
    ),
    products: fc.uniqueArray(
      fc.record({
        id: few.map((id) => `prod_${id}`),
        name: few,
        active: fc.boolean(),
        default_price: fc.option(few.map((id) => `price_${id}`)),
      }),
      { selector: ({ id }) => id, maxLength: 3 },
    ),
    prices: fc.uniqueArray(
      fc.record({
        id: few.map((id) => `price_${id}`),
        lookup_key: fc.option(few),
        active: fc.boolean(),
        nickname: few,
        product: few.map((id) => `prod_${id}`),
      }),
      { selector: ({ id }) => id, maxLength: 3 },
    ),
  });
  const state = (on: Tree, off: Tree) => fc.constantFrom<Tree | undefined>(undefined, undefined, on, off);
  const entries = fc.record({
    webhooks: fc.array(
      fc.record({
        id: fc.option(
          few.map((id) => `we_${id}`),
          { nil: undefined },
        ),
        url: fc.constantFrom(
          'https://a.example/x',
          'https://A.example:443/x/',
          'https://a.example/x/',
          'https://c.example',
        ),
        connect: fc.constantFrom<Tree | undefined>(undefined, undefined, true, false),
        status: state('enabled', 'disabled'),
      }),
      { maxLength: 3 },
    ),
    products: fc.array(
      fc.record({
        id: fc.option(
          few.map((id) => `prod_${id}`),
          { nil: undefined },
        ),
        name: few,
        active: state(true, false),
        default_price: fc.constantFrom<Tree | undefined>(undefined, 'prices0', 'prices1', 'price_a'),
        match: fc.constantFrom<Tree | undefined>(undefined, undefined, undefined, 'name', 'default_price'),
      }),
      { maxLength: 3 },
    ),
    prices: fc.array(
      fc.record({
        id: fc.option(
          few.map((id) => `price_${id}`),
          { nil: undefined },
        ),
        lookup_key: few,
        nickname: few,
        active: state(true, false),
        product: fc.constantFrom<Tree>('products0', 'products1', 'prod_a'),
        match: fc.constantFrom<Tree | undefined>(undefined, undefined, 'nickname', ['product', 'nickname'] as Tree),
      }),
      { maxLength: 3 },
    ),
  });

  test('is the same in every order of entries, sections and live objects', async () => {
    await fc.assert(
      fc.asyncProperty(live, entries, fc.integer(), async (account, stated, seed) => {
        const dice = new Dice(seed);
        const named = Object.entries<readonly object[]>(stated).map(([section, list]): [string, [string, Names][]] => [
          section,
          list.map((fields, index) => [
            `${section}${index}`,
            new Names(
              Object.entries(fields).flatMap(([field, tree]) =>
                tree === undefined ? [] : [[field, tree as Tree] as const],
              ),
            ),
          ]),
        ]);
        const text = (order: <T>(list: readonly T[]) => readonly T[]) =>
          [
            'version: 1\n',
            ...order(named).map(
              ([section, list]) =>
                `${section}: {${order(list)
                  .map(
                    ([name, { pairs }]) =>
                      `${name}: {${order(pairs)
                        .map(([field, tree]) => `${field}: ${JSON.stringify(tree)}`)
                        .join(', ')}}`,
                  )
                  .join(', ')}}\n`,
            ),
          ].join('');
        const side = (order: <T>(list: readonly T[]) => readonly T[]) =>
          JSON.stringify({
            schema: 1,
            mode: 'live',
            account: null,
            sections: Object.fromEntries(
              order(
                Object.entries<readonly object[]>(account).map(([section, list]) => [section, order(list)] as const),
              ),
            ),
          });
        const asIs = text((list) => list);
        const file = (content: string): Written => ({ text: content, bytes: Buffer.from(content) });
        const one = await compared(
          file(asIs),
          side((list) => list),
        );
        fc.pre(one.status !== 'invalid');
        const other = await compared(
          file(text((list) => dice.shuffled(list))),
          side((list) => dice.shuffled(list)),
        );
        expect(found(other).map(unordered).sort(byProblem)).toEqual(found(one).map(unordered).sort(byProblem));
        expect(fixes(other)).toEqual(fixes(one));
        expect(other.fingerprint).toBe(one.fingerprint);
        expect(other.status).toBe(one.status);
        expect(other.counts).toEqual(one.counts);
      }),
      runs(120),
    );
  });

  type Stated = { readonly [section: string]: readonly { readonly [field: string]: Tree | undefined }[] };

  /** A file of these entries, each under a name, which others refer to. */
  const fileOf = (stated: Stated, nameOf: (name: string) => string, head = '') => {
    const spelled = (field: string, tree: Tree | undefined): string => {
      const isReference = typeof tree === 'string' && /^(?:prices|products)\d$/.test(tree);
      const isBackwards = field === 'match' && Array.isArray(tree) && nameOf('') !== '';
      return JSON.stringify(isReference ? nameOf(tree) : isBackwards ? [...tree].reverse() : tree);
    };
    const entry = (fields: Stated[string][number]) =>
      Object.entries(fields).flatMap(([field, tree]) =>
        tree === undefined ? [] : [`${field}: ${spelled(field, tree)}`],
      );
    const sections = Object.entries(stated).map(([section, list]) => {
      const all = list.map((fields, index) => `${nameOf(section + index)}: {${entry(fields).join(', ')}}`);
      return `${section}: {${all.join(', ')}}\n`;
    });
    return `version: 1\n${head}${sections.join('')}`;
  };
  const same = (name: string) => name;
  const renamed = (name: string) => `${name}_renamed`;
  const changed = async (before: string, after: string, account: object): Promise<Result> =>
    check({
      sources: [{ file: 'f.yaml', text: after }],
      base: async () => ({ name: 'base', sources: [{ file: 'f.yaml', text: before }] }),
      environment: null,
      live: new SnapshotLive(
        JSON.stringify({ schema: 1, mode: 'live', account: null, sections: account }),
        'live.json',
      ),
      failOn: 'error',
      commit: null,
    });
  /** Each difference without the name of its entry, which is what may change. */
  const origins = ({ findings }: Result): string[] =>
    findings
      .filter(({ problem }) => problem !== 'invalid')
      .map((finding) => {
        const what =
          'changes' in finding ? [finding.field, finding.changes] : 'candidates' in finding ? finding.candidates : [];
        return JSON.stringify([
          finding.problem,
          finding.section,
          'id' in finding ? finding.id : null,
          what,
          finding.pending ?? false,
        ]);
      })
      .sort();

  test('of renamed entries finds no difference that is pending or resolved', async () => {
    let drifted = 0;
    await fc.assert(
      fc.asyncProperty(live, entries, async (account, stated) => {
        const policy = 'policy: { pending: ignore }\n';
        const [before, after] = [fileOf(stated, same, policy), fileOf(stated, renamed, policy)];
        const alone = await changed(before, before, account);
        fc.pre(alone.status !== 'invalid');
        const report = await changed(before, after, account);
        expect({ status: report.status, exitCode: report.exitCode }).toEqual({
          status: alone.status,
          exitCode: alone.exitCode,
        });
        expect(report.findings.filter(({ pending }) => pending)).toEqual([]);
        expect([report.resolved, report.ignored]).toEqual([[], []]);
        expect(origins(report)).toEqual(origins(alone));
        if (report.status === 'drift') drifted += 1;
      }),
      runs(90),
    );
    expect(drifted).toBeGreaterThan(50);
  });

  test('tells the same origins of a change whatever its entries are called', async () => {
    const seen = { pending: 0, drift: 0, resolved: 0 };
    await fc.assert(
      fc.asyncProperty(live, entries, entries, fc.boolean(), async (account, before, after, ofPrices) => {
        const head = ofPrices ? { ...before, prices: after.prices } : { ...before, products: after.products };
        const base = fileOf(before, same);
        const one = await changed(base, fileOf(head, same), account);
        fc.pre(one.status !== 'invalid' && one.base !== null);
        const other = await changed(base, fileOf(head, renamed), account);
        expect(origins(other)).toEqual(origins(one));
        expect(other.resolved.length).toBe(one.resolved.length);
        seen.pending += one.counts.pending;
        seen.resolved += one.counts.resolved;
        seen.drift += one.findings.length - one.counts.pending;
      }),
      runs(90),
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  });
});

/** How each finding is fixed, in words and commands. */
function fixes(report: Report): object[] {
  return found(report)
    .map((finding) => ({ ...unordered(finding), fix: fixTexts(finding, report) }))
    .sort(byProblem)
    .map(({ fix }) => fix);
}

function unordered(finding: Finding): object {
  const { at: _at, ...rest } = finding;
  return finding.problem === 'ambiguous' ? { ...rest, rivals: [...finding.rivals].sort() } : rest;
}

describe('difference', () => {
  const names = fc.constantFrom('', 'a', 'b', '0', '1', '__proto__', 'toString', 'constructor', 'length');
  const { value } = fc.letrec<{ value: Value; leaf: Value; list: Value; map: Value }>((tie) => ({
    value: fc.oneof({ maxDepth: 3, depthSize: 'small' }, tie('leaf'), tie('list'), tie('map')),
    leaf: fc.constantFrom<Value>(null, true, false, '', '0', '1', 'x', 0, 1),
    list: fc.array(tie('value'), { maxLength: 4 }),
    map: fc
      .dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: false })
      .map((map) => Object.assign(Object.create(null), map) as Value),
  }));

  test('applied to the one value, gives the other', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(plain(applied(one, difference(one, other)))).toEqual(plain(other));
      }),
      runs(3000),
    );
  });

  test('is empty for equal values alone, and the same backwards', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        const forth = difference(one, other);
        expect(forth.length === 0).toBe(JSON.stringify(plain(one)) === JSON.stringify(plain(other)));
        const back = difference(other, one).map(({ path, expected, actual }) => [path, actual, expected]);
        const order = (changes: unknown[]) => changes.map((change) => JSON.stringify(change)).sort();
        expect(order(back)).toEqual(order(forth.map(({ path, expected, actual }) => [path, expected, actual])));
      }),
      runs(2000),
    );
  });
});

/** The value after the changes, computed in the plainest way. */
function applied(value: Value, changes: ReturnType<typeof difference>): Value {
  let result = copy(value);
  // From the end of a list to its start, so that no index moves before its turn.
  for (const { path, actual } of [...changes].reverse()) {
    const next = actual === undefined ? undefined : copy(actual);
    if (path.length === 0) {
      result = next as Value;
      continue;
    }
    const last = path.at(-1) as string;
    const parent = path.slice(0, -1).reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], result);
    if (next !== undefined) (parent as Record<string, unknown>)[last] = next;
    else if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete (parent as Record<string, unknown>)[last];
  }
  return result;
}

function copy(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map(copy);
  const result = Object.create(null);
  for (const [name, inner] of Object.entries(value)) result[name] = copy(inner);
  return result as Value;
}

/** Pairs in the order of names, so that `__proto__` and a list's holes are seen by any comparison. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return ['list', ...Array.from(value, plain)];
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, inner]) => ({ name, inner: plain(inner) }));
}

describe('decimals', () => {
  const digits = fc.stringMatching(/^\d{1,30}$/);
  const fraction = fc.stringMatching(/^\d{1,12}$/);
  const decimal = fc.oneof(
    digits,
    fc.tuple(digits, fraction).map(([whole, part]) => `${whole}.${part}`),
  );
  /** In units of the twelfth decimal. */
  const exact = (written: string): bigint => {
    const [whole = '', part = ''] = written.split('.');
    return BigInt(whole) * 10n ** 12n + BigInt(part.padEnd(12, '0'));
  };

  test('are equal in canonical form where they are equal as numbers, and nowhere else', () => {
    fc.assert(
      fc.property(decimal, decimal, (one, other) => {
        const canonical = canonicalDecimal(one) as string;
        expect(exact(canonical)).toBe(exact(one));
        expect(canonical === canonicalDecimal(other)).toBe(exact(one) === exact(other));
      }),
      runs(1000),
    );
  });

  test('are canonical under any zeros around them, and once canonical stay so', () => {
    fc.assert(
      fc.property(decimal, fc.nat({ max: 5 }), fc.nat({ max: 5 }), (written, before, after) => {
        const [whole = '', part = ''] = written.split('.');
        const padded = part.padEnd(Math.min(12, part.length + after), '0');
        const dressed = `${'0'.repeat(before)}${whole}${padded === '' ? '' : `.${padded}`}`;
        const canonical = canonicalDecimal(written) as string;
        expect(canonicalDecimal(dressed)).toBe(canonical);
        expect(canonicalDecimal(canonical)).toBe(canonical);
        expect(canonical).toMatch(/^(0|[1-9]\d*)(\.\d{0,11}[1-9])?$/);
      }),
      runs(1000),
    );
  });

  test('are plain digits: no other text has a canonical form', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.float().map(String), fc.stringMatching(/^[-+]?[\d._eExX ]{1,8}$/)), (written) => {
        expect(canonicalDecimal(written) !== null).toBe(
          /^[0-9]+([.][0-9]{1,12})?$/.test(written) && !written.endsWith('\n'),
        );
      }),
      runs(2000),
    );
  });

  test('read as money are the same amount, exactly, and can be read back', () => {
    const currencies = fc.constantFrom(
      ...['usd', 'eur', 'isk', 'ugx'].map((code) => [code, 2] as const),
      ...['jpy', 'krw', 'clp', 'vnd'].map((code) => [code, 0] as const),
      ...['kwd', 'bhd', 'tnd'].map((code) => [code, 3] as const),
    );
    fc.assert(
      fc.property(decimal, currencies, (written, [currency, decimals]) => {
        const amount = canonicalDecimal(written) as string;
        const shown = money(amount, currency) as string;
        const [number = '', code = ''] = shown.split(' ');
        expect(code).toBe(currency.toUpperCase());
        expect(number).toMatch(new RegExp(`^(0|[1-9]\\d*)${decimals === 0 ? '(\\.\\d+)?' : `\\.\\d{${decimals},}`}$`));
        const [whole = '', part = ''] = number.split('.');
        const minor = BigInt(whole + part) * 10n ** BigInt(12 + decimals - part.length);
        expect(minor).toBe(exact(amount));
      }),
      runs(1000),
    );
  });
});

describe('matchesPattern', () => {
  /** The plainest reading of a pattern: all ways of what a `*` may stand for. */
  function naive(written: string, pattern: string): boolean {
    if (pattern === '') return written === '';
    if (pattern[0] !== '*')
      return written !== '' && written[0] === pattern[0] && naive(written.slice(1), pattern.slice(1));
    for (let length = 0; length <= written.length; length += 1) {
      if (naive(written.slice(length), pattern.slice(1))) return true;
    }
    return false;
  }

  test('agrees with the plainest reading of a pattern', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '😀'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '*', '😀'), maxLength: 7 });
    fc.assert(
      fc.property(letters, pattern, (written, wanted) => {
        expect(matchesPattern(written, wanted)).toBe(naive(written, wanted));
      }),
      runs(5000),
    );
  });

  test('finds a text by any pattern that leaves parts of it out', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (parts) => {
        expect(
          matchesPattern(parts.join('/'), parts.map((part, index) => (index % 2 === 0 ? part : '*')).join('/')),
        ).toBe(true);
      }),
      runs(500),
    );
  });

  test('takes no more time than the product of the two lengths', () => {
    expect(matchesPattern('a'.repeat(5000), `${'*a'.repeat(500)}*b`)).toBe(false);
  });
});

describe('text from outside', () => {
  const markup = fc.constantFrom(
    '<script>alert(1)</script>',
    '![x](https://evil.example/x.png)',
    '[x](javascript:x)',
    'https://evil.example www.evil.example',
    'user@evil.example',
    '| a | b |',
    '`code`',
    '``` \n x',
    '**bold** _it_ ~~x~~',
    '&lt;b&gt; &#64; &amp;amp;',
    '# Title',
    '1. one',
    '- item',
    '---',
    '===',
    '+ x',
    '> quote',
    '[^1]: note',
    '- [ ] task',
    '<!-- x',
    '</code>',
    '"quoted `x` \\" | <b>" and @octocat #1',
    '\\|',
    'a\\',
    '::set-output name=x::y',
    '##[error]x',
    '###[error]x',
    ' ::error::x',
    '    indented',
  );
  const character = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('\ud800', '\udc00'),
  );
  const anyText = fc
    .array(fc.oneof(markup, text, character, fc.constantFrom('"', '`', '|', '\\', '<', '&', ' ', '\n', ':', '#')), {
      maxLength: 5,
    })
    // The renderer of this test shows an entity for one of these as U+FFFD; GitHub's does not.
    .map((parts) => parts.join('').replace(/\p{Noncharacter_Code_Point}/gu, ''));

  /** The tags and the text of what a page would show, by a renderer that knows nothing of ours. */
  function rendered(markdown: string): { tags: string[]; text: string } {
    const html = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
    const tags: string[] = [];
    const shown = html.replace(
      /<(\/?[a-z][a-z0-9]*)\b([^>]*)>|<!--[\s\S]*?-->|<[!?][^>]*>/gi,
      (_tag, name = '!', rest = '') => {
        tags.push(`${String(name).toLowerCase()}${String(rest).trim() === '' ? '' : ' …'}`);
        return '';
      },
    );
    const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
    return { tags, text: shown.replace(/&(lt|gt|amp|quot);/g, (_entity, name) => named[name] ?? '') };
  }

  const outlets = [
    { name: 'code', shown: code, tags: ['code', '/code'], expected: visible },
    { name: 'prose', shown: prose, tags: ['code', '/code'], expected: sentence },
  ] as const;

  /** A sentence as it reads: field names lose their backticks, but not within what is quoted. */
  function sentence(written: string): string {
    return visible(written.replace(/("(?:[^"\\]|\\.)*")|`([\w.]+)`/g, (_all, quoted, name) => quoted ?? name));
  }

  test.each(outlets)(
    '$name within a paragraph shows exactly the text and makes no other markup',
    ({ shown, tags, expected }) => {
      fc.assert(
        fc.property(anyText, (written) => {
          const result = rendered(`Before: ${shown(written)} :after.`);
          expect(result.tags.filter((tag) => !['p', '/p', ...tags].includes(tag))).toEqual([]);
          expect(result.text).toBe(`Before: ${expected(written)} :after.`);
        }),
        runs(2000),
      );
    },
  );

  test.each(outlets)(
    '$name at the start of a line is no list, title, rule or quotation',
    ({ shown, tags, expected }) => {
      fc.assert(
        fc.property(anyText, (written) => {
          const result = rendered(`Before\n\n${shown(written)}\n\nafter.`);
          expect(result.tags.filter((tag) => !['p', '/p', ...tags].includes(tag))).toEqual([]);
          expect(result.text.replace(/\s+/g, ' ')).toBe(`Before ${expected(written)} after.`.replace(/\s+/g, ' '));
        }),
        runs(2000),
      );
    },
  );

  test.each(outlets)('$name in a cell of a table stays in its cell', ({ shown, tags, expected }) => {
    const table = ['table', 'thead', 'tbody', 'tr', 'th', 'td'].flatMap((tag) => [tag, `/${tag}`]);
    fc.assert(
      fc.property(anyText, (written) => {
        const result = rendered(`| a | b |\n| --- | --- |\n| x${shown(written)}y | z |\n`);
        expect(result.tags.filter((tag) => !tags.includes(tag as 'code'))).toEqual([
          'table',
          'thead',
          'tr',
          'th',
          '/th',
          'th',
          '/th',
          '/tr',
          '/thead',
          'tbody',
          'tr',
          'td',
          '/td',
          'td',
          '/td',
          '/tr',
          '/tbody',
          '/table',
        ]);
        expect(result.tags.every((tag) => table.includes(tag) || tags.includes(tag as 'code'))).toBe(true);
        expect(result.text.replaceAll('\n', '')).toBe(`abx${expected(written)}yz`);
      }),
      runs(2000),
    );
  });

  test.each([
    ['"a""b"', '"a""b"'],
    ['`a`b.c', 'ab.c'],
    ['"a"`b`', '"a"b'],
    ['\\"a"', '\\"a"'],
    ['`"a"`', '`"a"`'],
  ])('prose keeps two pieces of code apart that touch: %s', (written, expected) => {
    expect(rendered(`x ${prose(written)} y`).text).toBe(`x ${expected} y`);
    expect(rendered(`x ${prose(written)} y`).tags.filter((tag) => !['p', '/p', 'code', '/code'].includes(tag))).toEqual(
      [],
    );
  });

  test('the renderer of this test does make markup of text that is not escaped', () => {
    expect(rendered('a **b** <i>c</i> https://x.example').tags).toEqual([
      'p',
      'strong',
      '/strong',
      'i',
      '/i',
      'a …',
      '/a',
      '/p',
    ]);
    expect(rendered('a &lt;b&gt; `&amp;`').text).toBe('a <b> &amp;');
  });

  test('is no command in a line of a log', () => {
    const line = fc
      .tuple(
        fc.constantFrom('', ' ', '\t', '\u0085', '\u00a0', '\u3000', '\ufeff', '\n', '\r', '\u2028'),
        fc.constantFrom('::', '##[', '#', '%23#[', ': :', ''),
        fc.constantFrom('error', 'set-output name=x', 'stop-commands', 'ERROR file=a,line=1', 'add-mask', ''),
        fc.constantFrom('::', ']', ''),
        anyText,
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(line, anyText, (written, before) => {
        expect(commandsIn(logLine(written))).toEqual([]);
        expect(commandsIn(logLine(before + written))).toEqual([]);
        expect(commandsIn(`${logLine(written)}\n${logLine(before)}\n`)).toEqual([]);
        expect(logLine(written)).not.toMatch(/[\r\n]/);
      }),
      runs(3000),
    );
  });

  test('is on one line, with every control, format and lone surrogate as an escape', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyText, character), { maxLength: 4 }), (parts) => {
        const shown = visible(parts.join(''));
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(visible(shown)).toBe(shown);
        expect(shown).not.toMatch(/\p{Cs}/u);
      }),
      runs(3000),
    );
  });

  test('is cut to a length without cutting a character in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.integer({ min: 1, max: 30 }), (written, length) => {
        const shown = cut(written, length);
        expect(shown.length).toBeLessThanOrEqual(length);
        expect(shown).not.toMatch(/\p{Cs}/u);
        expect(shown === written || (shown.endsWith('…') && written.startsWith(shown.slice(0, -1)))).toBe(true);
        expect(shown === written).toBe(written.length <= length);
      }),
      runs(1000),
    );
  });

  test('as a file is read or refused, and never throws', async () => {
    const yaml = fc
      .array(
        fc.constantFrom(
          'version: 1\n',
          'webhooks:\n',
          '  a:\n',
          '    url: ',
          'https://x',
          '&a ',
          '*a',
          '<<: ',
          '- ',
          '? ',
          '{',
          '}',
          '[',
          ']',
          '"',
          "'",
          '|\n',
          '\n',
          '  ',
          '#',
          ': ',
          '\t',
          '!!',
          '%',
          '---\n',
          '\r\n',
          'null',
          '1',
        ),
        { maxLength: 25 },
      )
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.oneof(yaml, anyText), async (written) => {
        const config = await loadConfig([{ file: FILE, text: written }]);
        const { findings } = config;
        const errors = findings.filter(({ severity }) => severity === 'error');
        expect(config.in(null, 'live').declared === null).toBe(errors.length > 0);
        const lines = written.split('\n');
        for (const { at, message } of findings) {
          expect(message).not.toBe('');
          expect(at.line).toBeGreaterThanOrEqual(1);
          expect(at.line).toBeLessThanOrEqual(lines.length);
          expect(at.column).toBeGreaterThanOrEqual(1);
          expect(at.endColumn).toBeGreaterThanOrEqual(at.column);
          // The end of the file is a place too.
          expect(at.endColumn).toBeLessThanOrEqual((lines[at.line - 1] ?? '').length + 2);
        }
      }),
      runs(2000),
    );
  });
});
