import { compare } from '../check/compare.ts';
import { loadConfig } from '../config/load.ts';
import { decode } from '../config/source.ts';
import { CheckError } from '../errors.ts';
import { declaration, type Extent } from '../fix/declaration.ts';
import { entryNames, namesInUse } from '../matching/names.ts';
import type { Actual, Declared, Fields, Reading } from '../model.ts';
import { registry, resourceOf } from '../resources/index.ts';
import { currencyIn, fieldOf, ID, mainName, type Resource } from '../resources/resource.ts';
import { pathText } from '../text.ts';
import { SCHEMAS } from '../version.ts';
import type { WrittenEntry } from '../vocabulary/yaml.ts';
import { type WrittenFile, type WrittenSection, writeFile } from './file.ts';

/** A file for what is live. */
export interface Exported {
  readonly text: string;
  /** How many entries each section has. */
  readonly counts: ReadonlyMap<string, number>;
  /** What could not be exported, as sentences. */
  readonly remarks: readonly string[];
}

/** What becomes of a file: names and fields by which it is left out, each with the reason. */
export type Without = ReadonlyMap<string, string>;

const SCHEMA = `${SCHEMAS}stripe-config.schema.json`;

/**
 * The file that declares what was read, such that a check of it finds nothing. It proves that itself, and leaves out, with a
 * remark, what the file can't state. Sections that could not be read are left out with a comment. Throws a `CheckError` where
 * a check would not read so long a file.
 */
export function exported(reading: Reading, full: boolean): Exported {
  const without = new Map<string, string>();
  for (;;) {
    const file = fileOf(reading, full ? 'full' : 'usual', without);
    const text = writeFile(file);
    const refused = refusedBy(text, reading);
    if (refused.length === 0) return { text, counts: countsOf(file), remarks: leftOut(without) };
    const before = new Set(without.keys());
    for (const [key, reason] of refused) {
      if (key === WHOLE) throw tooLong(reason);
      if (before.has(key)) throw new Error(`an export can't be made: ${reason}`);
      without.set(key, reason);
    }
  }
}

function tooLong(reason: string): CheckError {
  return new CheckError(
    `So much is live that a check would not read the file of it. ${reason}. Nothing was written.`,
    'Name fewer sections with --sections. Of a section that is too long by itself, write the part that matters by hand.',
  );
}

/** What a check of the text finds, by section, entry and field. */
function refusedBy(text: string, reading: Reading): [string, string][] {
  const source = decode(new TextEncoder().encode(text));
  if ('problem' in source) return [[WHOLE, `It ${source.problem}`]];
  const config = loadConfig([{ file: 'stripe-config.yaml', text }]);
  const invalid = config.findings.filter(({ severity }) => severity === 'error');
  if (invalid.length > 0)
    return invalid.map(({ section, name, field, message }) => [keyOf(section, name, field), message]);
  const { findings } = compare(config.in(reading.mode, reading.mode).declared as Declared, reading);
  return findings.flatMap((finding): [string, string][] => {
    if (finding.problem !== 'changed') return [];
    const { section, name, field } = finding;
    return [[keyOf(section, name, field), `${pathText([section, name, field])} would not read back as it is.`]];
  });
}

/** What concerns the file as a whole. */
const WHOLE = keyOf(null, null, null);

export function keyOf(section: string | null, name: string | null, field: string | null): string {
  return JSON.stringify([section, name, section && field ? mainName(resourceOf(section), field) : field]);
}

function fileOf(reading: Reading, extent: Extent, without: Without): WrittenFile {
  const read = [...registry.values()].flatMap((resource) => {
    const found = reading.sections.get(resource.section);
    return found?.status === 'read' ? [{ resource, objects: found.objects }] : [];
  });
  const making = { names: namesOf(read), extent, without };
  return {
    schema: SCHEMA,
    top: ['What is live in Stripe, as stripe-config-check export found it. Only what is stated here is checked.'],
    values: {
      version: 1n,
      ...(reading.account !== null && /^acct_[A-Za-z0-9]+$/.test(reading.account) && { account: reading.account }),
      mode: reading.mode,
    },
    sections: read.map(({ resource, objects }) => sectionOf(resource, objects, making)),
    bottom: [...unread(reading), ...leftOut(without)],
  };
}

/** What is left out, as sentences. */
export function leftOut(without: Without): string[] {
  return [...without.values()].map((reason) => `Left out: ${reason}`);
}

function unread({ sections }: Reading): string[] {
  return [...sections].flatMap(([section, found]) =>
    found.status === 'read' ? [] : [`${section} are left out. ${found.reason}`],
  );
}

/** What the entries of a file have in common. */
export interface Making {
  readonly names: EntryNames;
  readonly extent: Extent;
  readonly without: Without;
}

/** The name of an object's entry, and what people call the object, by section and id. */
export type EntryNames = ReadonlyMap<string, ReadonlyMap<string, { readonly name: string; readonly label: string }>>;

function namesOf(read: readonly { resource: Resource<never>; objects: readonly Actual[] }[]): EntryNames {
  const names = new Map<string, Map<string, { name: string; label: string }>>();
  for (const { resource, objects } of read) {
    const made = entryNames(resource, objects, namesInUse([]), nameIn(names), true);
    names.set(resource.section, new Map([...made].map(([{ id, label }, name]) => [id, { name, label }])));
  }
  return names;
}

/** Gives the name of the entry that has an object. */
export function nameIn(names: EntryNames): (section: string, id: string) => string | null {
  return (section, id) => names.get(section)?.get(id)?.name ?? null;
}

function sectionOf(resource: Resource<never>, objects: readonly Actual[], making: Making): WrittenSection {
  const counts = identityCounts(resource, objects);
  const groups = new Map<string, { title: string | null; entries: WrittenEntry[] }>();
  for (const actual of objects) {
    const entry = entryOf(resource, actual, counts, making);
    if (entry === null) continue;
    const [key, title] = groupOf(resource, actual, entry.name, making);
    const group = groups.get(key) ?? { title, entries: [] };
    group.entries.push(entry);
    groups.set(key, group);
  }
  const inOrder = [...groups].sort(([one], [other]) => byText(one, other)).map(([, group]) => group);
  for (const { entries } of inOrder) entries.sort((one, other) => byText(one.name, other.name));
  return { name: resource.section, groups: inOrder };
}

/** What an entry stands under: the entry that it refers to, else its own name, so that it stands apart. */
function groupOf(
  { groupedBy, fields }: Resource<never>,
  live: Actual,
  name: string,
  { names }: Making,
): [string, string | null] {
  if (groupedBy === undefined) return [name, null];
  const id = String(live.fields[groupedBy]);
  const found = names.get(fields[groupedBy]?.type.reference ?? '')?.get(id);
  return [found?.name ?? id, found?.label ?? id];
}

export function entryOf(
  resource: Resource<never>,
  { id, fields: live }: Actual,
  counts: Counts,
  { names, extent, without }: Making,
): WrittenEntry | null {
  const { section } = resource;
  const name = names.get(section)?.get(id)?.name ?? id;
  if (without.has(keyOf(section, name, null))) return null;
  const left = new Set(Object.keys(resource.fields).filter((field) => without.has(keyOf(section, name, field))));
  const identity = identityOf(resource, live, counts, left);
  const fields = declaration(resource, live, {
    extent,
    identity,
    nameOf: nameIn(names),
    without: left,
  });
  return { name, fields, comments: amounts(resource, live, fields) };
}

/** How many objects have the same values in an identity's fields. */
export type Counts = ReadonlyMap<string, number>;

export function identityCounts(resource: Resource<never>, objects: readonly Actual[]): Counts {
  const counts = new Map<string, number>();
  for (const { fields } of objects) {
    for (const names of portable(resource)) {
      const key = identityKey(names, fields);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

/** The fields by which an entry finds its object: what its owner chose where that finds it alone, else its id. */
export function identityOf(
  resource: Resource<never>,
  live: Fields,
  counts: Counts,
  left: ReadonlySet<string>,
): readonly string[] {
  const found = portable(resource).find(
    (names) =>
      names.every((name) => live[name] != null && !left.has(name)) && counts.get(identityKey(names, live)) === 1,
  );
  return found ?? (resource.id === null ? [] : [ID]);
}

/** The portable identities, from the shortest to the longest. */
function portable({ identities }: Resource<never>): (readonly string[])[] {
  return identities.flatMap(({ by, also = [], portable: is }) =>
    is ? [[by], ...(also.length === 0 ? [] : [[by, ...also]])] : [],
  );
}

function identityKey(names: readonly string[], fields: Fields): string {
  return JSON.stringify([names, names.map((name) => fields[name] ?? null)]);
}

/** Amounts as people read them, by the name under which the entry states them. */
function amounts(resource: Resource<never>, live: Fields, stated: WrittenEntry['fields']): WrittenEntry['comments'] {
  return Object.fromEntries(
    Object.entries(stated).flatMap(([spelling, value]) => {
      const { name = spelling, field } = fieldOf(resource, spelling) ?? {};
      const isNumber = typeof value === 'bigint' || (typeof value === 'string' && /^\d/.test(value));
      const words = isNumber ? (field?.type.words?.(String(value), currencyIn(resource, live, [name])) ?? null) : null;
      return words === null || field?.type.inner !== undefined ? [] : [[spelling, words]];
    }),
  );
}

function countsOf({ sections }: WrittenFile): Map<string, number> {
  return new Map(
    sections.map(({ name, groups }) => [name, groups.reduce((sum, { entries }) => sum + entries.length, 0)]),
  );
}

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
