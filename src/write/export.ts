import { compare } from '../check/compare.ts';
import { liveObjects } from '../check/live.ts';
import { loadConfig } from '../config/load.ts';
import { decode } from '../config/source.ts';
import { CheckError, reasonsOf } from '../errors.ts';
import { declaration, type Extent } from '../fix/declaration.ts';
import { isAtHomeToo } from '../matching/identity.ts';
import { entryNames } from '../matching/names.ts';
import { type Actual, type Declared, entrySteps, type Fields, type Reading, record } from '../model.ts';
import { registry, resourceOf } from '../resources/index.ts';
import {
  currencyIn,
  finderPath,
  finderPaths,
  finds,
  folded,
  ID,
  type Identifying,
  mainName,
  type Resource,
  typeAt,
  valueAt,
} from '../resources/resource.ts';
import { inSentence, pathText, uncapital } from '../text.ts';
import { SCHEMAS } from '../version.ts';
import type { Spelled } from '../vocabulary/type.ts';
import type { Said, WrittenEntry } from '../vocabulary/yaml.ts';
import { type WrittenFile, type WrittenSection, writeFile } from './file.ts';
import { secretsIn } from './secrets.ts';
import { type Refused, refusedByCheck, refusedByRemark, Without, withoutPaths } from './without.ts';

/** A file for what is live. */
export interface Exported {
  readonly text: string;
  /** How many entries each section has. */
  readonly counts: ReadonlyMap<string, number>;
  /** What could not be exported, as sentences. */
  readonly remarks: readonly string[];
}

const SCHEMA = `${SCHEMAS}stripe-config.schema.json`;

/**
 * The file that declares what was read, such that a check of it finds nothing. It proves that itself, and leaves out, with a
 * remark, what the file can't state. Sections that could not be read are left out with a comment. Throws a `CheckError` where
 * a check would not read so long a file, or there is nothing to write.
 */
export async function exported(reading: Reading, full: boolean): Promise<Exported> {
  const without = new Without();
  for (;;) {
    const file = fileOf(reading, full ? 'full' : 'usual', without);
    if (file.sections.length === 0)
      throw new CheckError(
        `There is nothing to write: a file can state nothing of ${inSentence([...reading.sections].flatMap(([name, { status }]) => (status === 'read' ? [name] : [])))} as Stripe has it.`,
        'Name other sections with --sections.',
      );
    const text = writeFile(file);
    const refused = await refusedBy(text, reading);
    if (refused.length === 0)
      return { text, counts: countsOf(file), remarks: [...secretsLeft(file), ...without.reasons] };
    if (!refused.some((one) => without.leave(one)))
      throw new Error(`an export can't be made: ${refused.map(({ reason }) => reason).join(' ')}`);
  }
}

function tooLong(reason: string): CheckError {
  return new CheckError(
    `The file would be too long for a check to read. ${reason} Nothing was written.`,
    'Name fewer sections with --sections. If one section alone is too long, write the part that matters by hand.',
  );
}

/** What of the text a check does not read as it is live. */
async function refusedBy(text: string, reading: Reading): Promise<Refused[]> {
  const source = decode(new TextEncoder().encode(text));
  if ('problem' in source) throw tooLong(`It ${source.problem}.`);
  const config = await loadConfig([{ file: 'stripe-config.yaml', text }]);
  const invalid = config.findings.filter(({ severity }) => severity === 'error');
  const [first] = invalid;
  if (first !== undefined) {
    const refused = invalid.flatMap((remark) => refusedByRemark(remark) ?? []);
    if (refused.length === 0) throw tooLong(`${first.message}.`);
    return refused;
  }
  const { findings } = compare(config.in(reading.mode, reading.mode).declared as Declared, reading);
  return findings.flatMap((finding) => (finding.problem === 'changed' ? refusedByCheck(finding) : []));
}

function fileOf(reading: Reading, extent: Extent, without: Without): WrittenFile {
  const others = liveObjects(reading);
  const read = [...registry.values()].flatMap((resource) => {
    const found = reading.sections.get(resource.section);
    if (found?.status !== 'read') return [];
    // A list that was read while it grew may hold an object twice: the later answer counts.
    const objects = [...new Map(found.objects.map((actual) => [actual.id, actual])).values()];
    // What two sections show has one entry.
    return [{ resource, objects: objects.filter((actual) => !isAtHomeToo(resource.section, actual, others)) }];
  });
  const making = { names: namesOf(read), extent, without };
  return {
    schema: SCHEMA,
    top: [
      `The Stripe configuration of this account, written by stripe-config-check export in ${reading.mode} mode.`,
      'A check compares only what is stated here with Stripe. You can rename the entries.',
    ],
    values: {
      version: 1n,
      ...(reading.account !== null && /^acct_[A-Za-z0-9]+$/.test(reading.account) && { account: reading.account }),
      mode: reading.mode,
    },
    said: {
      account: 'with a key of another account, a check fails and compares nothing',
      mode: 'the same with a key of the other mode',
    },
    sections: read.map(({ resource, objects }) => sectionOf(resource, objects, making)).filter(saysAny),
    bottom: [...unread(reading), ...without.reasons],
  };
}

/** Whether a section says anything: an empty list says that there are none, and a single object without a field nothing. */
function saysAny({ name, groups }: WrittenSection): boolean {
  const isSingle = resourceOf(name).shape === 'single';
  return !isSingle || groups.some(({ entries }) => entries.some(({ fields }) => Object.keys(fields).length > 0));
}

function unread({ sections }: Reading): string[] {
  const refused = [...sections].flatMap(([section, found]) => (found.status === 'read' ? [] : [{ section, ...found }]));
  if (refused.length === 0) return [];
  return [`${inSentence(refused.map(({ section }) => section))} are left out. ${reasonsOf(refused).join(' ')}`];
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
    const made = entryNames(resource, objects, { taken: [], nameOf: nameIn(names), own: true, all: objects });
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
  const inOrder = [...groups].sort(([one], [other]) => byName(one, other));
  for (const [, { entries }] of inOrder) entries.sort((one, other) => byName(one.name, other.name));
  // Of several that people call the same, the name in the file tells which is meant.
  const counted = new Map<string | null, number>();
  for (const [, { title }] of inOrder) counted.set(title, (counted.get(title) ?? 0) + 1);
  const isTwice = (title: string | null) => title !== null && (counted.get(title) ?? 0) > 1;
  return {
    name: resource.section,
    groups: inOrder.map(([key, { title, entries }]) => ({
      title: isTwice(title) ? `${title} (${key})` : title,
      entries,
    })),
  };
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
  const secrets = secretsIn(resource, live);
  const left = [...without.of(section, name), ...secrets];
  if (left.some(({ length }) => length === 0)) return null;
  const leftFields = new Set(left.flatMap(([field = '', ...rest]) => (rest.length === 0 ? [field] : [])));
  const identity = identityOf(resource, live, counts, leftFields);
  const stated = declaration(resource, live, { extent, identity, nameOf: nameIn(names), without: leftFields });
  const fields = withoutPaths(stated, left);
  const said = Object.entries(fields).flatMap(([field, value]) => {
    const words = amountsIn(resource, live, field, value);
    return words === undefined ? [] : [[field, words] as const];
  });
  const notes = secrets.map((path) => secretNote(resource, path, ID in fields));
  return { name, fields, said: Object.fromEntries(said), notes };
}

/** Why an entry does not state a URL. */
function secretNote({ identities }: Resource<never>, path: readonly string[], hasId: boolean): string {
  const finds = identities.some(({ by }) => by === path[0]);
  const instead = finds && hasId ? 'states id in its place' : 'leaves it out, and it is not checked';
  return `There seems to be a secret (a password or token) in its ${pathText(path)}, so this file ${instead}.`;
}

/** The same for whoever reads no file. */
function secretsLeft({ sections }: WrittenFile): string[] {
  return sections.flatMap(({ name: section, groups }) =>
    groups.flatMap(({ entries }) =>
      entries.flatMap(({ name, notes }) =>
        notes.map((note) => `${pathText(entrySteps({ section, name }))}: ${uncapital(note)}`),
      ),
    ),
  );
}

/** How many objects have the same values in an identity's fields. */
export type Counts = ReadonlyMap<string, number>;

export function identityCounts(resource: Resource<never>, objects: readonly Actual[]): Counts {
  const counts = new Map<string, number>();
  for (const { fields } of objects) {
    for (const finder of portable(resource)) {
      for (const also of subsets(finder.also ?? [])) {
        const key = identityKey(resource, [finderPath(finder), ...also.map((name) => [name])], fields);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
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
  // A check looks for an object by the first of these that its entry states, whatever else would find it.
  const first = portable(resource).find((one) => finds(one, live) && !left.has(one.by));
  const ways = first && [
    [finderPath(first)],
    finderPaths(resource, first, live).filter(([name = '']) => !left.has(name)),
  ];
  const found = ways?.find((paths) => counts.get(identityKey(resource, paths, live)) === 1);
  return found?.map(([name = '']) => name) ?? (resource.id === null ? [] : [ID]);
}

function portable({ identities }: Resource<never>): readonly Identifying[] {
  return identities.filter((one) => one.portable);
}

/** Some of these, in their order, in every way in which some can be chosen. */
function subsets([first, ...rest]: readonly string[]): (readonly string[])[] {
  if (first === undefined) return [[]];
  const without = subsets(rest);
  return [...without, ...without.map((some) => [first, ...some])];
}

function identityKey(resource: Resource<never>, paths: readonly (readonly string[])[], fields: Fields): string {
  return JSON.stringify([paths, paths.map((path) => folded(resource, path, valueAt(fields, path) ?? null))]);
}

/** The amounts in what an entry states, as people read them: of the value under a field's spelling, with `live` as the object. */
export function amountsIn(
  resource: Resource<never>,
  live: Fields,
  spelled: string,
  value: Spelled,
  path: readonly string[] = [mainName(resource, spelled)],
): Said | undefined {
  if (typeof value === 'object' && value !== null) {
    const inner = Object.entries(value).flatMap(([step, part]) => {
      const said = amountsIn(resource, live, spelled, part as Spelled, [...path, step]);
      return said === undefined ? [] : [[step, said] as const];
    });
    return inner.length === 0 ? undefined : record(inner);
  }
  const type = typeAt(resource, path);
  const isNumber = typeof value === 'bigint' || (typeof value === 'string' && /^\d/.test(value));
  if (!isNumber || type?.inner !== undefined) return undefined;
  return type?.words?.(String(value), currencyIn(resource, live, path)) ?? undefined;
}

function countsOf({ sections }: WrittenFile): Map<string, number> {
  return new Map(
    sections.map(({ name, groups }) => [name, groups.reduce((sum, { entries }) => sum + entries.length, 0)]),
  );
}

/** By letters, and by numbers where names have them: `shorts_899` comes before `shorts_1099`. */
export function byName(one: string, other: string): number {
  const [first, second] = [one, other].map((name) => name.replace(/\d+/g, (digits) => digits.padStart(12, '0')));
  if (first === second) return one < other ? -1 : 1;
  return (first as string) < (second as string) ? -1 : 1;
}
