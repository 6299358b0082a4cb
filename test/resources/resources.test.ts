/** Every kind of the registry keeps to its contract: what its answer holds, what a file can say of it, and what is said then. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Finding } from '../../src/model.ts';
import { message } from '../../src/report/words.ts';
import { registry, resourceOf } from '../../src/resources/index.ts';
import { declarable, ID, mainName, reduced, toActual } from '../../src/resources/resource.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { accepts } from '../../src/vocabulary/type.ts';
import { exported } from '../../src/write/export.ts';
import { kindOf } from '../kinds/index.ts';
import { addressOf, type Live } from '../kinds/kind.ts';
import { declaration, type Entry, isActive, snapshot } from '../shop/accounts.ts';
import { Dice } from '../tree.ts';
import { write } from '../yaml-style.ts';

/** Objects that are tried until each field has been seen. */
const SAMPLES = 300;
const SEED = Number(process.env.PROPERTY_SEED ?? 20_261_122);

const indented = (yaml: string) => yaml.replace(/^(?=.)/gm, '  ');

const sampled = new Map<string, readonly Live[]>();

function samples(section: string): readonly Live[] {
  const known = sampled.get(section) ?? fc.sample(kindOf(section).any(fc), { numRuns: SAMPLES, seed: SEED });
  sampled.set(section, known);
  return known;
}

function entryOf(section: string, live: Live): Entry {
  return { section, name: kindOf(section).row.single ? '' : 'it', live, finder: 'id' };
}

async function found(entry: Entry, live: Live): Promise<readonly Finding[]> {
  const { text } = write(declaration([entry], new Dice(SEED)), SEED);
  const report = await check({
    sources: [{ file: 'stripe-config.yaml', text }],
    environment: null,
    live: new SnapshotLive(snapshot([{ section: entry.section, live }]), 'live.json'),
    failOn: 'error',
    commit: null,
  });
  return report.findings.filter(({ severity, problem }) => problem !== 'invalid' || severity === 'error');
}

/** What an export states of an object, in full. */
async function exportedFields(section: string, live: Live): Promise<string[]> {
  const side = new SnapshotLive(snapshot([{ section, live }]), 'live.json');
  // A file of nothing but a single object that states nothing is not written.
  const sections = [...new Set([section, 'webhooks'])];
  const { text } = await exported(await side.open().readAll(sections, true), true);
  const declared = (await loadConfig([{ file: 'stripe-config.yaml', text }])).in(null, 'live').declared;
  return Object.keys(declared?.sections.get(section)?.entries[0]?.fields ?? {});
}

describe.each([...registry.keys()])('%s', (section) => {
  const resource = resourceOf(section);
  const kind = kindOf(section);
  const fields = [...Object.keys(declarable(resource)), ...(kind.others ?? [])];
  /** Fields that can differ: the id is what an object is, and the state has tests of its own. */
  const changeable = fields.filter((name) => name !== ID && name !== kind.state?.field?.name);

  test("of Stripe's answer keeps the fields and nothing else, in a snapshot too", () => {
    const of = (live: object) => JSON.parse(JSON.stringify(toActual(resource, live as never, Date.now())));
    const { label, fields: kept } = kind.kept;
    const { id, created: at = null } = kind.sample;
    const created = typeof at === 'string' ? Math.floor(Date.parse(at) / 1000) : at;
    const expected = { id, label, fields: kept, inForce: isActive({ section, live: kind.sample }), created };
    expect(of(kind.sample)).toEqual(expected);
    expect(of(reduced(resource, kind.sample))).toEqual(expected);
  });

  test('its example is a valid file, with those of the kinds that it refers to', async () => {
    const all = [...registry.values()].map((one) => `${one.section}:\n${indented(one.example)}`);
    const { findings } = await loadConfig([{ file: 'stripe-config.yaml', text: `version: 1\n${all.join('\n')}\n` }]);
    expect(findings.filter((finding) => finding.section === section)).toEqual([]);
  });

  test('every field can be stated, and an export states every one', async () => {
    const stated = new Set<string>();
    const written = new Set<string>();
    for (const [index, live] of samples(section).entries()) {
      for (const [field] of kind.stated(live, new Dice(index), (_section, _prefix, id) => id as string))
        stated.add(mainName(resource, field));
      if (index < 30) for (const field of await exportedFields(section, live)) written.add(field);
    }
    expect([...stated].sort()).toEqual([...fields].sort());
    expect([...written].sort()).toEqual([...fields].sort());
  });

  test.each(changeable)('a change of %s is one finding, in words', async (field) => {
    const change = kind.edits[field];
    expect(change).toBeTypeOf('function');
    const changed = samples(section).flatMap((live) => {
      const edit = change?.(live) ?? null;
      return edit === null ? [] : [{ live, edited: { ...live, ...edit } as Live }];
    });
    const [first] = changed;
    if (first === undefined) throw new Error(`no sample of ${section} can change its ${field}`);
    const findings = (await found(entryOf(section, first.live), first.edited)).filter(
      ({ problem }) => problem === 'changed',
    );
    expect(findings.map((finding) => 'field' in finding && mainName(resource, finding.field ?? ''))).toEqual([field]);
    const words = message(findings[0] as Finding);
    expect(words).not.toMatch(/undefined|\[object|NaN/);
    expect(words.endsWith('.')).toBe(true);
  });

  test.each(fields)('a wrong %s is refused at its place', async (field) => {
    const [statement, said] = kind.refused[field] ?? ['', 'nothing'];
    const text = kind.row.single
      ? `version: 1\n${section}:\n  ${field}: ${statement}\n`
      : `version: 1\n${section}:\n  it:\n    ${field}: ${statement}\n`;
    const { findings } = await loadConfig([{ file: 'stripe-config.yaml', text }]);
    const told = findings.filter(({ field: about, severity }) => about === field && severity === 'error');
    expect(told.map(({ message: words }) => words).join('\n')).toContain(said);
    expect(told.map(({ at }) => at.line)).toEqual(told.map(() => (kind.row.single ? 3 : 4)));
  });

  test('says of each field what requests can do: change it, unset it, or only create it', () => {
    const { writes, state } = kind;
    if (writes === null) return expect(resource.command).toBeNull();
    const words = (names = '') => names.split(' ');
    const told = Object.entries(declarable(resource)).filter(
      ([name, { given, items }]) => name !== ID && name !== state?.field?.name && !given && items === undefined,
    );
    const fixed = told.filter(([, field]) => field.fixed).map(([name]) => name);
    const changing = told.filter(([, field]) => !field.fixed);
    expect(fixed.filter((name) => words(writes.update).includes(name))).toEqual([]);
    expect(changing.map(([name]) => name).filter((name) => !words(writes.update).includes(name))).toEqual([]);
    const nullable = changing.filter(([, { type }]) => accepts(type, null));
    expect(nullable.filter(([, field]) => field.lasting).map(([name]) => name)).toEqual(
      nullable.map(([name]) => name).filter((name) => words(writes.lasting).includes(name)),
    );
  });

  test('says of each set whose items are objects of their own how they are called', () => {
    const { below = {} } = kind.writes ?? {};
    const told = Object.values(declarable(resource)).flatMap(({ each, items }) =>
      items === undefined ? [] : [[each, items.words.join(' '), Object.keys(items.parameters('id')).join(' ')]],
    );
    expect(told).toEqual(Object.entries(below).map(([name, { command, create }]) => [name, command, create]));
  });

  test('names the permission and the requests that reading it takes', () => {
    const { permission, source } = resource;
    expect(permission?.slug).toBe(kind.row.undocumented ? undefined : `rak_${kind.row.permission}`);
    expect(source.path).toBe(addressOf(kind.row));
  });
});
