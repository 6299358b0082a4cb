/**
 * What reports tell people to do, done: every command on a model of Stripe (test/shop/writes.ts), every text to paste in the
 * file, each alone and all of them one after the other. Then the finding is gone, nothing new has come, and nothing differs
 * that was not mentioned. `SIMULATION_FIGURES=1` prints how much was done.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Value } from '../../src/model.ts';
import { reportJson } from '../../src/report/json.ts';
import { shown } from '../../src/report/privacy.ts';
import { resourceOf } from '../../src/resources/index.ts';
import { canRetire, declarable, folded, mainName, toActual } from '../../src/resources/resource.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { pathText } from '../../src/text.ts';
import { mapped, type Type } from '../../src/vocabulary/type.ts';
import { kindOf } from '../kinds/index.ts';
import { activePricesOf, product } from '../kinds/products.ts';
import { runs } from '../runs.ts';
import { type Case, cases, declaration, type Entry, isActive, type Live, SECTIONS } from '../shop/accounts.ts';
import { edit } from '../shop/edits.ts';
import { type Accept, pasted, run, type Step } from '../shop/paste.ts';
import { possible } from '../shop/possible.ts';
import type { State } from '../shop/writes.ts';
import { Dice } from '../tree.ts';
import { write } from '../yaml-style.ts';

const SEED = Number(process.env.PROPERTY_SEED ?? 20_261_122);
fc.configureGlobal({ interruptAfterTimeLimit: 100_000, seed: SEED });

/** A finding as the JSON report has it. */
interface Found {
  readonly problem: string;
  readonly section: string;
  readonly name: string | null;
  readonly id?: string;
  readonly field?: string;
  readonly renamed?: true;
  readonly changes?: readonly { readonly path: readonly string[] }[];
  readonly fix: {
    readonly accept: readonly (Accept & { readonly words: string })[];
    readonly restore: {
      readonly words: string;
      readonly caveats: readonly string[];
      readonly steps: readonly Step[];
      readonly commands: readonly string[];
    } | null;
  };
}

async function findingsOf(file: string, state: State): Promise<Found[]> {
  const live = JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1Abc', sections: state });
  const report = await check({
    sources: [{ file: 'stripe-config.yaml', text: file }],
    environment: null,
    live: new SnapshotLive(live, 'live.json'),
    failOn: 'error',
    commit: null,
  });
  const { findings, error } = JSON.parse([...reportJson(shown(report, 'full'))].join(''));
  expect(error).toBeNull();
  const invalid = findings.filter(
    ({ problem, severity }: { problem: string; severity: string }) => problem === 'invalid' && severity === 'error',
  );
  expect({ file, invalid }).toEqual({ file, invalid: [] });
  return findings.filter(({ problem }: Found) => problem !== 'invalid' && problem !== 'unhealthy');
}

// --- An account, what is declared of it, and what changes

interface World {
  readonly entries: readonly Entry[];
  readonly seed: number;
  readonly state: State;
}

function world(made: Case, numbers: readonly number[]): World {
  const dice = new Dice(made.seed);
  const before = possible(linked(stateOf(made.entries), dice));
  const all = made.entries.map((entry) => ({ ...entry, live: objectOf(before, entry) }));
  const entries = all.filter((_, index) => index === 0 || dice.often(75));
  // Whether a product, meter or coupon is active is not known where the file has none.
  const isRead = (name: string) => entries.some(({ section }) => section === name);
  const active = (name: string, field: object) =>
    (before[name] ?? []).map((live) => (isRead(name) ? live : { ...live, ...field }));
  const start: State = {
    ...before,
    products: active('products', { active: true }),
    meters: active('meters', { status: 'active' }),
    coupons: active('coupons', { valid: true }),
  };
  const state = numbers.reduce((now, number) => possible(changed(now, entries, number)), start);
  return { entries, seed: made.seed, state };
}

function stateOf(entries: readonly Entry[]): State {
  return Object.fromEntries(
    SECTIONS.map((name) => [name, entries.filter(({ section }) => section === name).map(({ live }) => live)]),
  );
}

function objectOf(state: State, { section, live }: Entry): Live {
  return state[section]?.find(({ id }) => id === live.id) as Live;
}

/** Prices of products that are there, some of them default prices. */
function linked(state: State, dice: Dice): State {
  const products = state.products ?? [];
  const prices = (state.prices ?? []).map((price) =>
    products.length > 0 && dice.often(85) ? { ...price, product: dice.pick(products).id } : price,
  );
  const withDefault = products.map((product) => {
    const own = prices.filter((price) => price.product === product.id && price.active === true);
    return { ...product, default_price: own.length > 0 && dice.often(85) ? dice.pick(own).id : null };
  });
  return { ...state, prices, products: withDefault };
}

/** The state with one change: of a field, of whether an object is active, or an object less. */
function changed(state: State, entries: readonly Entry[], number: number): State {
  const entry = entries[number % entries.length] as Entry;
  const { section } = entry;
  const live = objectOf(state, entry);
  if (live === undefined) return state;
  const dice = new Dice(number);
  const put = (other: Live) => ({
    ...state,
    [section]: (state[section] ?? []).map((one) => (one === live ? other : one)),
  });
  const { state: turns, row } = kindOf(section);
  if (dice.often(15) && turns?.field != null && !isDefault(state, live)) {
    const { name, active, retired } = turns.field;
    return put({ ...live, [name]: turns.isActive(live) ? retired : active });
  }
  if (dice.often(15) && !row.single && !isReferredTo(state, live))
    return { ...state, [section]: (state[section] ?? []).filter((one) => one !== live) };
  const other = edit({ ...entry, live }, number)?.live ?? live;
  return isDefault(state, live) && other.product !== live.product ? state : put(other);
}

function isDefault({ products = [] }: State, { id }: Live): boolean {
  return products.some(({ default_price: price }) => price === id);
}

function isReferredTo(state: State, { id }: Live): boolean {
  return Object.values(state).some((objects) =>
    objects.some(({ id: own, ...rest }) => own !== id && JSON.stringify(rest).includes(JSON.stringify(id))),
  );
}

/** What of an amount is stated together. */
const MONEY = new Set(
  'currency unit_amount custom_unit_amount tiers tiers_mode recurring type amount_off percent_off duration duration_in_months'.split(
    ' ',
  ),
);

function fileOf({ entries, seed }: Pick<World, 'entries' | 'seed'>): string {
  const often = (...what: readonly string[]) =>
    new Dice(seed ^ [...what.join()].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7)).often(65);
  const chosen = ({ section, name }: Entry, field: string) => often(section, name, MONEY.has(field) ? 'money' : field);
  return write(declaration(entries, new Dice(seed), chosen), seed, 'live').text;
}

type Ids = ReadonlyMap<string, string>;

/** The entries after ids were stated anew, as the words say. */
function renamed(entries: readonly Entry[], ids: Ids): Entry[] {
  return entries.map((entry) => ({ ...entry, live: withIds(entry.live, ids) }));
}

/** An object with other ids in the place of some. */
function withIds(live: Live, ids: Ids): Live {
  const rename = (value: unknown): unknown => {
    if (typeof value === 'string') return ids.get(value) ?? value;
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, name === 'metadata' ? one : rename(one)]),
    );
  };
  return ids.size === 0 ? live : (rename(live) as Live);
}

// --- What may differ

function key({ problem, section, name, id, field }: Found): string {
  return [problem, section, name ?? id, field === undefined ? '' : mainName(resourceOf(section), field)].join(' ');
}

/** Names what is broken in a state that was not in the one before; `changed` are fields that the file has otherwise. */
function broken(before: State, now: State, changed: ReadonlySet<string | undefined>): string[] {
  const actives = (state: State) =>
    new Set((state.prices ?? []).flatMap((one) => (one.active === true ? [one.id] : [])));
  const [had, has] = [actives(before), actives(now)];
  const defaults = (before.products ?? []).flatMap((product) => {
    const after = now.products?.find(({ id }) => id === product.id);
    const isBroken = had.has(String(product.default_price)) && !has.has(String(after?.default_price));
    return isBroken ? [`${product.id} has no active default price`] : [];
  });
  const lost = (changed.has('lookup_key') ? [] : (before.prices ?? [])).flatMap((one) => {
    const { active, lookup_key: held } = (now.prices?.find(({ id }) => id === one.id) ?? {}) as Partial<Live>;
    const isHeld = (now.prices ?? []).some((other) => other.active === true && other.lookup_key === one.lookup_key);
    return one.active === true && one.lookup_key !== null && !isHeld && !(active === true && held !== null)
      ? [`no active price has the key ${one.lookup_key}`]
      : [];
  });
  const silent = (changed.has('url') ? [] : (before.webhooks ?? [])).flatMap(({ id, status, url }) => {
    const sends = now.webhooks?.some((other) => other.status === 'enabled' && (other.id === id || other.url === url));
    return status === 'enabled' && !sends ? [`no endpoint sends to ${url}`] : [];
  });
  return [...defaults, ...lost, ...silent];
}

type Fields = { readonly [field: string]: unknown };

function fieldsOf(section: string, live: Live): Fields {
  const resource = resourceOf(section);
  const { fields } = toActual(resource as never, live as never, Date.now());
  // Stripe gives the object's own currency among the others; that there is no other may be said in two ways.
  const { [String(live.currency)]: _, ...others } = (fields.currency_options ?? {}) as Fields;
  const further = Object.keys(others).length === 0 ? null : others;
  return Object.fromEntries(
    Object.keys(declarable(resource)).map((name) => [
      name,
      name === 'currency_options' ? further : (fields[name] ?? null),
    ]),
  );
}

/** A value as JSON, its names in one order. */
function inOrder(value: unknown): string {
  const isMap = (one: unknown): one is Fields => typeof one === 'object' && one !== null && !Array.isArray(one);
  return (
    JSON.stringify(value, (_, one) => (isMap(one) ? Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)) : one)) ??
    ''
  );
}

/**
 * What differs between two objects, but for what findings are about; of a map of theirs the names that they don't name. What
 * Stripe sets is another in a new object.
 */
function unmentioned(section: string, one: Live, other: Live, findings: readonly Found[], isNew = false): string[] {
  const resource = resourceOf(section);
  const [was, is] = [fieldsOf(section, one), fieldsOf(section, other)];
  const { together = [] } = kindOf(section);
  const about = findings.map(({ field = '' }) => mainName(resource, field));
  const mentioned = new Set([
    ...about,
    ...together.filter((group) => group.some((name) => about.includes(name))).flat(),
  ]);
  return Object.keys(was).flatMap((name) => {
    const type = resource.fields[name]?.type as Type;
    const left = (value: Value) => (isNew ? mapped(type, value, (leaf, own) => (leaf.given ? null : own)) : value);
    const plain = (value: unknown) => inOrder(folded(resource, [name], left((value ?? null) as Value)));
    if (plain(was[name]) === plain(is[name])) return [];
    if (!mentioned.has(name)) return [`${name}: ${JSON.stringify(was[name])} is ${JSON.stringify(is[name])}`];
    if (!resource.fields[name]?.type.open || name === 'currency_options') return [];
    const named = new Set(findings.flatMap(({ changes = [] }) => changes.map(({ path }) => path[0])));
    const [had, has] = [was[name] ?? {}, is[name] ?? {}] as [Fields, Fields];
    return Object.keys({ ...had, ...has }).flatMap((inner) =>
      named.has(inner) || inOrder(had[inner]) === inOrder(has[inner]) ? [] : [`${name}.${inner}`],
    );
  });
}

// --- The figures

const figures = new Map<
  string,
  { accounts: number; findings: number; pasted: number; carriedOut: number; steps: number }
>();
function count(
  section: string,
  what: Partial<Record<'accounts' | 'findings' | 'pasted' | 'carriedOut' | 'steps', number>>,
) {
  const row = figures.get(section) ?? { accounts: 0, findings: 0, pasted: 0, carriedOut: 0, steps: 0 };
  for (const [name, more] of Object.entries(what)) row[name as keyof typeof row] += more;
  figures.set(section, row);
}
afterAll(() => {
  if (process.env.SIMULATION_FIGURES === '1') console.table(Object.fromEntries(figures));
});

/** What a finding says to create first. */
function firstOf({ fix }: Found, all: readonly Found[]): Found[] {
  return (fix.restore?.caveats ?? []).flatMap((caveat) => {
    const [, path] = /^First create (.+), which it refers to\.$/.exec(caveat) ?? [];
    return path === undefined
      ? []
      : all.filter((one) => one.problem === 'missing' && pathText([one.section, one.name ?? '']) === path);
  });
}

/** Whether a finding can be carried out here: it tells steps, and so does what comes first. What a person does by hand has none. */
function isTold(found: Found, all: readonly Found[]): boolean {
  return (found.fix.restore?.steps ?? []).length > 0 && firstOf(found, all).every((one) => isTold(one, all));
}

/** Carries out what a finding tells to do in Stripe, after what it says comes first. Gives the ids that the file states no more. */
function carryOut(found: Found, all: readonly Found[], state: State): Map<string, string> {
  const { section, name, id, fix } = found;
  const { steps = [], caveats = [], words = '' } = fix.restore ?? {};
  for (const first of firstOf(found, all)) {
    const has = (one: Live) => first.fix.restore?.steps?.[0]?.command?.includes(` id=${one.id} `);
    if (!state[first.section]?.some(has)) carryOut(first, all, state);
  }
  const start = structuredClone(state);
  let last = start;
  const own = all.filter((one) => one.section === section && one.name === name);
  heeded(found, state);
  const put = new Map<string, string>();
  const printed = run(steps, state, ({ says, command }, ids) => {
    const [made] = ids;
    if (command === null && says.startsWith('put the new ') && id !== undefined && made !== undefined) {
      put.set(id, made);
      const others = Object.entries(state).filter(([where]) => where !== section);
      for (const [where, objects] of others) state[where] = objects.map((one) => withIds(one, put));
    }
    const problems = broken(last, state, new Set(own.map(({ field }) => field))).filter(
      () => !/^(archive|disable|deactivate|delete) it$/.test(says),
    );
    if (problems.length > 0) throw new Error(`after "${says}": ${problems.join('; ')}`);
    if (says.startsWith('make ')) count('(default prices)', { steps: 1 });
    if (ids.length === steps.length - 1) heeded(found, state, ids[0]);
    last = structuredClone(state);
  });
  const ids = new Map<string, string>();
  const problems: string[] = [];
  for (const [where, objects] of Object.entries(start)) {
    for (const was of objects) {
      const is = state[where]?.find((one) => one.id === was.id);
      const isIt = where === section && (was.id === id || kindOf(section).row.single === true);
      const isReplaced = isIt && steps[0]?.says.startsWith('create the new');
      if (is === undefined && !(isIt && steps.some(({ command }) => command?.includes(' delete '))))
        problems.push(`${was.id} is gone`);
      if (isReplaced) {
        // The old one is deleted, or has changed in nothing but that it is retired, and has lost its key.
        const left = is === undefined ? [] : unmentioned(section, was, is, []);
        problems.push(
          ...left.filter(
            (one) => !one.startsWith(`${stateFieldOf(section)}:`) && !/^lookup_key: ".*" is null$/s.test(one),
          ),
        );
        const made = state[where]?.find((one) => one.id === printed[0]) as Live;
        const lacks = caveats
          .filter((caveat) => / has (no|none)\b/.test(caveat))
          .flatMap((caveat) => [...caveat.matchAll(/`([\w]+)/g)].map((match) => match[1] ?? ''));
        const others = unmentioned(section, was, made, own, true).filter((one) => {
          const [name = ''] = one.split(':');
          const { fields, state: turns } = resourceOf(section);
          return !/^(id|status|active)$/.test(name) && !fields[name]?.given && name !== turns?.span?.from;
        });
        problems.push(...others.filter((one) => !lacks.some((lack) => one.startsWith(`${lack}`))));
        ids.set(was.id, made.id);
      } else if (is === undefined) continue;
      else if (isIt) {
        problems.push(
          ...unmentioned(where, was, is, [found, ...(found.problem === 'unmanaged' ? stateOnly(section) : [])]),
        );
      } else {
        const isHeeded = where === 'products' && caveats.some((one) => one.startsWith('If '));
        const said =
          isHeeded || steps.some(({ command, says }) => says.startsWith('make ') && command?.includes(` ${was.id} `));
        problems.push(
          ...unmentioned(where, withIds(was, put), is, []).filter((one) => !(said && one.startsWith('default_price:'))),
        );
      }
    }
  }
  if (problems.length > 0) throw new Error(`differs, and nothing said so: ${problems.join('; ')}`);
  const texts = [...caveats, words, ...steps.map(({ says }) => says)].join(' ');
  const [, field = '', old] =
    /in the file, state the (\w+) that step 1 printed, in place of (\S+) \(/.exec(texts) ?? [];
  const made = state[section]?.find((one) => one.id === printed[0]);
  if (found.problem === 'missing' && old !== undefined && made !== undefined)
    ids.set(old.startsWith('"') ? JSON.parse(old) : old, String(made[field]));
  const isMentioned =
    /(?:state|write) the new id there|Then state the `id` of the new one|in the file, state the \w+ that/.test(texts);
  return isMentioned ? ids : new Map();
}

/** Does what is said of a product that was not read: it gets another default price first, where it has one. */
function heeded({ id, fix }: Found, state: State, made?: string): void {
  const caveat = fix.restore?.caveats.find((one) => one.startsWith('If '));
  if (caveat === undefined || caveat.includes('make the new one') !== (made !== undefined)) return;
  state.products = (state.products ?? []).map((product) => {
    if (product.default_price !== id) return product;
    return { ...product, default_price: made ?? activePricesOf(product.id, state).find((one) => one !== id) ?? null };
  });
}

/** The field that says whether an object is active, or until when it is. */
function stateFieldOf(section: string): string | undefined {
  const { field, span } = resourceOf(section).state ?? {};
  return field?.name ?? span?.until;
}

function stateOnly(section: string): Found[] {
  const field = stateFieldOf(section);
  return field === undefined ? [] : [{ problem: 'changed', section, name: null, field } as Found];
}

function entryOf(found: Found, entries: readonly Entry[]): Entry | undefined {
  return entries.find(({ section, name }) => section === found.section && name === found.name);
}

/** Keys of what may be found once an object is there: what can be set then, and what refers to it. */
function mayFollow(found: Found, { entries }: Pick<World, 'entries'>): (later: Found) => boolean {
  const gone = entryOf(found, entries);
  const isMade = (found.fix.restore?.steps ?? []).some(({ command }) => / create /.test(command ?? ''));
  return ({ section, name, field }) => {
    if (gone === undefined) return false;
    const { fields, state } = resourceOf(section);
    const isLate = fields[field ?? '']?.later === true || field === state?.span?.from;
    const isLater = isMade && section === found.section && name === found.name && isLate;
    if (found.problem !== 'missing') return isLater;
    const other = entries.find((entry) => entry.section === section && entry.name === name);
    const isReferring = JSON.stringify(other?.live[field ?? ''] ?? null).includes(JSON.stringify(gone.live.id));
    return isLater || isReferring;
  };
}

/** Whether another entry states, of an active object, what only one active object can have: both can't be active. */
function isTaken(found: Found, entries: readonly Entry[]): boolean {
  const { fields, state } = resourceOf(found.section);
  const own = entryOf(found, entries);
  if (own === undefined || found.field !== state?.field?.name) return false;
  const others = entries.filter((one) => one !== own && one.section === own.section && isActive(one));
  return Object.keys(fields).some((name) => {
    const plain = ({ live }: Entry) => folded(resourceOf(found.section), [name], (live[name] ?? null) as Value);
    return fields[name]?.unique === 'active' && others.some((one) => plain(one) !== null && plain(one) === plain(own));
  });
}

/** Whether a finding is not among these. What was missing among several that are alike is told from them once it has only one. */
function newTo(found: readonly Found[]): (later: Found) => boolean {
  const before = new Set(found.map(key));
  const missing = new Set(found.filter(({ problem }) => problem === 'missing').map(key));
  return (later) =>
    !before.has(key(later)) && !(later.renamed && missing.has(key({ ...later, problem: 'missing', field: '' })));
}

/** Whether a finding is of an object that was replaced, and that no request takes out of use. */
function stays({ problem, section, id = '' }: Found, ids: Ids): boolean {
  return problem === 'unmanaged' && ids.has(id) && !canRetire(resourceOf(section), {});
}

/** What goes wrong, with what was done. */
function explained<T>(work: () => T, file: string, finding: Found): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${file}\n${JSON.stringify(finding, null, 1)}`);
  }
}

/** Accounts of all kinds, and as many in which things refer to each other: several prices of one product, or of two. */
const worlds = (most: number) => {
  const numbers = fc.array(fc.nat(), { minLength: 1, maxLength: most });
  const made = fc.oneof(cases(), shops()).filter(({ entries }) => entries.length > 0);
  return fc.tuple(made, numbers).map(([one, changes]) => world(one, changes));
};

function shops(): fc.Arbitrary<Case> {
  const some = (section: string, least: number, most: number) =>
    fc
      .uniqueArray(kindOf(section).any(fc), { selector: ({ id }) => id, minLength: least, maxLength: most })
      .map((objects) => objects.map((live): Entry => ({ section, name: `${section}_${live.id}`, live, finder: 'id' })));
  return fc
    .tuple(some('products', 1, 2), some('prices', 2, 4), fc.subarray(['products', 'prices']), fc.integer())
    .map(([products, prices, natural, seed]) => {
      const entries = [...prices, ...products].map((entry): Entry => {
        const key = entry.section === 'prices' ? entry.live.lookup_key : entry.live.name;
        const isNatural = natural.includes(entry.section) && typeof key === 'string' && key.trim() !== '';
        const others = [...prices, ...products].filter(({ live }) => live.lookup_key === key || live.name === key);
        return isNatural && others.length === 1 ? { ...entry, finder: 'natural' } : entry;
      });
      return { entries, seed };
    });
}

describe('whatever is told to be done in Stripe', () => {
  test('is taken step by step, fixes the finding, and changes nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(worlds(3), async (made) => {
        const { state, entries, seed } = made;
        const file = fileOf(made);
        const found = await findingsOf(file, state);
        for (const section of SECTIONS) if ((state[section] ?? []).length > 0) count(section, { accounts: 1 });
        for (const finding of found) {
          count(finding.section, { findings: 1 });
          const { steps = [] } = finding.fix.restore ?? {};
          if (!isTold(finding, found)) continue;
          count(finding.section, { carriedOut: 1, steps: steps.length });
          const copy = structuredClone(state);
          const ids = explained(() => carryOut(finding, found, copy), file, finding);
          const after = await findingsOf(fileOf({ entries: renamed(entries, ids), seed }), copy);
          const follow = [finding, ...firstOf(finding, found)].map((one) => mayFollow(one, made));
          const isNew = newTo(found);
          const fresh = after
            .filter((one) => isNew(one) && !follow.some((follows) => follows(one)) && !stays(one, ids))
            .map(key);
          const left = after.map(key).includes(key(finding));
          expect({ file, finding, fresh, left }).toEqual({ file, finding, fresh: [], left: false });
        }
      }),
      { ...runs(60), endOnFailure: process.env.NO_SHRINK === '1' },
    );
  });
});

describe('all that is told to be done', () => {
  test('is taken in the order of the report, and leaves nothing of what it was told for', async () => {
    await fc.assert(
      fc.asyncProperty(worlds(5), async (made) => {
        const { state, entries, seed } = made;
        const file = fileOf(made);
        const found = await findingsOf(file, state);
        const copy = structuredClone(state);
        const ids = new Map<string, string>();
        const told = found.filter((finding) => isTold(finding, found));
        for (const finding of told)
          for (const [old, id] of explained(() => carryOut(finding, found, copy), file, finding)) ids.set(old, id);
        const after = await findingsOf(fileOf({ entries: renamed(entries, ids), seed }), copy);
        const isNew = newTo(found);
        const fresh = after.filter(
          (one) => isNew(one) && !told.some((each) => mayFollow(each, made)(one)) && !stays(one, ids),
        );
        const left = after.filter((one) => told.map(key).includes(key(one)));
        expect({ file, told, fresh, left }).toEqual({ file, told, fresh: [], left: [] });
      }),
      { ...runs(60), endOnFailure: process.env.NO_SHRINK === '1' },
    );
  });
});

describe('whatever is told to be pasted', () => {
  test('is taken where it says, accepts what is live, and changes nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(worlds(3), async (made) => {
        const file = fileOf(made);
        const found = await findingsOf(file, made.state);
        const isNew = newTo(found);
        for (const finding of found) {
          for (const way of finding.fix.accept) {
            const text = pasted(file, finding, way);
            if (way.into === null || text === null || isTaken(finding, made.entries)) continue;
            count(finding.section, { pasted: 1 });
            const after = await findingsOf(text, made.state);
            // The other candidates are then not declared, as the words say.
            const isChoice = finding.problem === 'ambiguous';
            const fresh = after.filter((one) => isNew(one) && !(isChoice && one.problem === 'unmanaged'));
            const left = after.map(key).includes(key(finding));
            expect({ file, text, finding, way, fresh, left }).toEqual({
              file,
              text,
              finding,
              way,
              fresh: [],
              left: false,
            });
          }
        }
      }),
      { ...runs(60), endOnFailure: process.env.NO_SHRINK === '1' },
    );
  });
});

/** The products that prices of a case belong to, and that it does not show. */
function added({ prices = [], products = [] }: State): string[] {
  const wanted = new Set(prices.map(({ product: id }) => String(id)));
  return [...wanted].filter((id) => !products.some((product) => product.id === id));
}

function withProducts(state: State): State {
  const more = added(state).map((id) => product({ id, name: `Added ${id}` }) as unknown as Live);
  return { ...state, products: [...(state.products ?? []), ...more] };
}

/** Whether a case shows an account as Stripe could hold it, as far as it shows it. */
function isWhole(state: State): boolean {
  const isTwice = ({ tax_code: code = null, tax_details: details = null }: Live) =>
    code !== ((details as { tax_code?: unknown } | null)?.tax_code ?? null);
  const hasOwn = ({ id, default_price: price }: Live) =>
    price == null || (state.prices ?? []).some((one) => one.id === price && one.product === id);
  return (
    Object.values(state).every(Array.isArray) &&
    (state.products ?? []).every((one) => !isTwice(one) && (state.prices === undefined || hasOwn(one)))
  );
}

describe('the cases', () => {
  const folder = new URL('../cases/', import.meta.url);
  const told = readdirSync(folder).flatMap((name) => {
    const at = (file: string) => new URL(`${name}/${file}`, folder);
    if (!existsSync(at('live.json')) || existsSync(at('args.json'))) return [];
    const { sections, mode } = JSON.parse(readFileSync(at('live.json'), 'utf8')) as { sections: State; mode: string };
    const expected = JSON.parse(readFileSync(at('expected.json'), 'utf8')) as { findings: Found[] };
    const findings = expected.findings.filter(({ problem }) => problem !== 'invalid' && problem !== 'unhealthy');
    const done = findings.filter((finding) => isTold(finding, findings));
    return done.length === 0 || mode !== 'live' || !isWhole(sections)
      ? []
      : [{ name, file: readFileSync(at('stripe-config.yaml'), 'utf8'), sections, findings, done }];
  });

  test.each(told)('$name: what the program printed is taken, and fixes what it was printed for', async (one) => {
    const { file, sections, findings, done } = one;
    for (const finding of done) {
      const copy = withProducts(structuredClone(sections));
      const ids = carryOut(finding, findings, copy);
      const text = [...ids].reduce((now, [old, id]) => now.replaceAll(old, id), file);
      const after = await findingsOf(text, copy);
      const isNew = newTo(findings);
      expect(after.map(key)).not.toContain(key(finding));
      // What refers to an object that was missing is compared once that is there.
      const follows = after.filter((later) => finding.problem === 'missing' && later.field !== undefined);
      const fresh = after.filter((later) => isNew(later) && !follows.includes(later) && !stays(later, ids));
      expect(fresh.filter(({ id = '' }) => !added(sections).includes(id)).map(key)).toEqual([]);
    }
  });

  test('are many', () => {
    expect(told.length).toBeGreaterThan(40);
  });
});
