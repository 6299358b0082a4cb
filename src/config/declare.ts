import { identityKey } from '../matching/identity.ts';
import {
  type CodeRule,
  type Declared,
  type DeclaredSection,
  type Entry,
  type Expected,
  type Fields,
  type Identity,
  type IgnoreRule,
  isRecord,
  type MapNode,
  type Mode,
  type Node,
  type Place,
  type Policy,
  type PolicyWord,
  policyProblems,
  ROTATE_DAYS,
  type ScalarNode,
  SINGLE,
  type Stated,
  type Value,
  WARN_DAYS,
} from '../model.ts';
import { registry, resourceOf } from '../resources/index.ts';
import {
  type Declarations,
  declarable,
  fieldOf,
  finderPaths,
  findersOf,
  finderWords,
  finds,
  folded,
  ID,
  identifying,
  pathIn,
  type Resource,
  readEntry,
  referencesOf,
  textOf,
  typeAt,
  valueAt,
} from '../resources/resource.ts';
import { bare, fileWord, placeWords, quote, withArticle } from '../text.ts';
import { templateWords } from '../vocabulary/scalars.ts';
import type { Context, Type } from '../vocabulary/type.ts';
import { didYouMean, typo } from './nearest.ts';
import { nodeAt } from './nodes.ts';
import { fileStart } from './source.ts';

/** Says what is wrong; the message begins with a verb whose subject is the place's path. */
export type Complain = Context['complain'];

/** The files that are one configuration. */
export interface Files {
  /** Their paths as reports show them, in order. */
  readonly paths: readonly string[];
  /** Whether one of them could not be read, so that there may be more than is known. */
  readonly isPart: boolean;
}

/** What reading a configuration needs besides its nodes. */
export interface Reading {
  /** Which paths the schema has refused: they are skipped. */
  isBad(path: readonly string[]): boolean;
  readonly complain: Complain;
  /** The currency of an amount at a place; null where the file does not tell. */
  currency(at: Place): string | null;
  readonly elsewhere: Context['elsewhere'];
  readonly inEnvironments: Context['inEnvironments'];
  readonly now: number;
}

/** Reads the effective configuration (its environment laid over it). */
export function declare(
  root: MapNode,
  { paths: files, isPart }: Files,
  { isBad, complain, currency, elsewhere, inEnvironments, now }: Reading,
): Omit<Declared, 'namedMode' | 'modeOf'> {
  const nodes = new Map<string, Entry>();
  for (const section of registry.keys()) {
    const entry = root.entries.get(section);
    if (entry?.node.kind === 'map') nodes.set(section, entry);
  }
  if (!isPart && ![...registry.keys()].some((section) => root.entries.has(section))) {
    const words = `The ${fileWord(files)} declares nothing to compare. Add a section: ${[...registry.keys()].join(', ')}`;
    complain(fileStart(root.at.file), words);
  }
  const names = new Map([...nodes].map(([section, { node }]) => [section, entryNames(node)]));
  const context: Context = {
    names: (section) => (isPart ? null : (names.get(section) ?? [])),
    files,
    currency,
    elsewhere,
    inEnvironments,
    now,
    nearest: didYouMean,
    typo,
    complain,
  };
  const sections = new Map<string, DeclaredSection>();
  for (const [section, { at, node }] of nodes) {
    const resource = registry.get(section) as Resource<never>;
    const all = resource.shape === 'single' ? [{ name: SINGLE, at, node }] : [...(node as MapNode).entries.values()];
    const entries = all.flatMap((entry) => expected(resource, entry, context, isBad));
    noticeTwins(resource, entries, complain);
    noticeCrowd(resource, at, entries, complain);
    sections.set(section, { at, entries });
  }
  noticeCircles(sections, complain);
  noticeBeside(sections, complain);
  const policy = root.entries.get('policy')?.node;
  noticeRotation(root.entries.get('key_rotated'), daysAt(policy, ['rotate_key_after_days'], 1), context);
  return {
    files,
    account: stated<string>(root.entries.get('account')),
    mode: stated<Mode>(root.entries.get('mode')),
    sections,
    policy: readPolicy(policy),
    hasPolicy: policy !== undefined,
    warnDays: daysAt(policy, ['health', 'warn_days'], 0) ?? WARN_DAYS,
    ...readIgnore(root.entries.get('ignore')?.node, complain),
    code: globsIn(nodeAt(root, ['code', 'paths'])),
  };
}

/** One glob or several, each with its place; null where none is stated. */
function globsIn(node: Node | undefined): readonly Stated<string>[] | null {
  if (node === undefined) return null;
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => (item.kind === 'scalar' ? [{ value: item.text, at: item.at }] : []));
}

function expected(
  resource: Resource<never>,
  entry: Entry,
  context: Context,
  isBad: (path: readonly string[]) => boolean,
): Expected[] {
  const { section, shape } = resource;
  const { name, at } = entry;
  const path = shape === 'single' ? [section] : [section, name];
  if (entry.node.kind !== 'map' || (name === '' && shape !== 'single') || isBad(path)) return [];
  if (name !== name.trim()) context.complain(at, 'is a name with white space at its ends', 'warning');
  const good = new Map([...entry.node.entries].filter(([field]) => !isBad([...path, field])));
  const complete = good.size === entry.node.entries.size;
  const { fields, stated } = readEntry(resource, { ...entry.node, entries: good }, context, complete);
  if (shape === 'single' && complete && stated.size === 0)
    context.complain(at, 'states nothing, so nothing of it is compared. Add a field', 'warning');
  const identity = identityOf(resource, entry, good.get('match')?.node, fields, complete ? context.complain : () => {});
  noticeForeignIds(resource, fields, (path) => placeIn(entry, stated.get(path[0] ?? ''), path.slice(1)), context);
  if (identity === null) return [];
  return [
    {
      section,
      name,
      fields,
      identity,
      at: (path = []) => placeIn(entry, stated.get(path[0] ?? ''), path.slice(1)),
      decided(field, path) {
        const found = stated.get(field);
        return found === undefined ? entry.at : decidingLayer(found, placeIn(entry, found, path));
      },
      spelling: (field) => stated.get(field)?.name ?? field,
      stated: [...entry.node.entries.keys()].sort(),
      handler: resource.sends === undefined ? null : globsIn(good.get('handler')?.node),
    },
  ];
}

/** What follows the prefix of an id that Stripe chose, where it is one for certain. */
const CHOSEN = /^[A-Za-z\d]{14,}$/;

/**
 * Says where an id is one of another kind, or none of its own. Where people may have chosen it, as those of products and
 * coupons, that is no more than a doubt.
 */
function noticeForeignIds(
  resource: Resource<never>,
  fields: Fields,
  place: (path: readonly string[]) => Place,
  { complain }: Context,
): void {
  const notice = (id: string | null, target: Resource<never>, at: Place) => {
    const like = [...registry.values()].find(({ prefix }) => prefix !== undefined && id?.startsWith(prefix));
    const { id: chooser, prefix, hasLegacyIds, kind } = target;
    const isSame = like?.same?.section === target.section || target.same?.section === like?.section;
    if (id === null || like === target || (like !== undefined && isSame)) return;
    const own = prefix === undefined ? '' : `, whose id begins with ${prefix}`;
    if (like === undefined) {
      const isNone = chooser === 'stripe' && !hasLegacyIds && prefix !== undefined && !/[${}]/.test(id);
      if (isNone)
        complain(at, `is ${quote(id)}. Expected the id of ${withArticle(kind)}, which begins with ${prefix}`, 'doubt');
      return;
    }
    const isCertain = !hasLegacyIds || CHOSEN.test(id.slice(like.prefix?.length));
    if (chooser === 'stripe' && isCertain)
      complain(at, `is ${quote(id)}, the id of ${withArticle(like.kind)}. Expected ${withArticle(kind)}${own}`);
    else
      complain(
        at,
        `is ${quote(id)}, which looks like the id of ${withArticle(like.kind)}. Expected ${withArticle(kind)}${own}`,
        'doubt',
      );
  };
  notice(textOf(fields[ID]), resource, place([ID]));
  for (const { path, section, id } of referencesOf(resource, fields)) {
    const at = place([...path, ID]);
    // A bare word with another prefix is the name of an entry, or invalid.
    if (at !== place(path)) notice(id, resourceOf(section), at);
  }
}

/** The place of the name at a path below an entry, as deep as the file goes. */
function placeIn(entry: Entry, field: Entry | undefined, path: readonly string[]): Place {
  let found = field ?? entry;
  for (const step of field ? path : []) {
    const next = found.node.kind === 'map' ? found.node.entries.get(step) : undefined;
    if (next === undefined) break;
    found = next;
  }
  return found.at;
}

/** Where two layers state a field, the one is meant in whose file, and behind whose name, the deepest name stands. */
function decidingLayer(field: Entry, deepest: Place): Place {
  // A field of which two files state a part has no name of its own in the second.
  if (field.overlaid === undefined && deepest.file !== field.at.file) return deepest;
  if (field.overlaid === undefined || deepest === field.at) return field.overlaid ?? field.at;
  if (field.at.file !== field.overlaid.file) return deepest.file === field.at.file ? field.at : field.overlaid;
  const before = (one: Place, other: Place) => one.line - other.line || one.column - other.column;
  const [first, second] = [field.at, field.overlaid].sort(before) as [Place, Place];
  return before(second, deepest) <= 0 ? second : first;
}

function identityOf(
  resource: Resource<never>,
  entry: Entry,
  match: Node | undefined,
  fields: Fields,
  complain: Complain,
): Identity | null {
  if (resource.shape === 'single') return { paths: [], values: [] };
  if (match !== undefined) return matched(resource, match, fields, complain);
  for (const finder of findersOf(resource)) {
    if (!finds(finder, fields)) continue;
    const paths = finderPaths(resource, finder, fields);
    return { paths, values: paths.map((path) => identifying(resource, path, valueAt(fields, path) as Value)) };
  }
  const ways = findersOf(resource).map(finderWords).join(' or ');
  complain(entry.at, `states nothing that finds its ${resource.kind}. Add ${ways}, or name other fields in match`);
  return null;
}

function matched(resource: Resource<never>, match: Node, fields: Fields, complain: Complain): Identity | null {
  const nodes = match.kind === 'list' ? match.items : [match];
  const paths: string[][] = [];
  const values: Value[] = [];
  for (const node of nodes) {
    if (node.kind !== 'scalar') continue;
    const path = pathIn(resource, node.text);
    const [field = ''] = path;
    if (!Object.hasOwn(resource.fields, field)) {
      complain(
        node.at,
        `is ${quote(node.text)}, which names no field.${didYouMean(field, Object.keys(resource.fields))}`,
      );
      continue;
    }
    const value = identifying(resource, path, valueAt(fields, path) ?? null);
    if (value === null || typeof value === 'object') {
      if (value === null) complain(node.at, `is ${quote(node.text)}, which the entry does not state`);
      else if ('id' in value || 'entry' in value) {
        paths.push(path);
        values.push(value);
      } else complain(node.at, `is ${quote(node.text)}, which is not a single value`);
      continue;
    }
    paths.push(path);
    values.push(value);
  }
  return paths.length === nodes.length ? { paths, values } : null;
}

/** Two entries that find one object, or state what only one object can have. */
function noticeTwins(resource: Resource<never>, entries: readonly Expected[], complain: Complain): void {
  const first = new Map<string, Expected>();
  const twins = new Set<Expected>();
  for (const entry of entries) {
    const key = identityKey(entry.section, entry.identity);
    const twin = first.get(key);
    if (twin === undefined) first.set(key, entry);
    else {
      twins.add(entry);
      const [path = []] = entry.identity.paths;
      complain(
        entry.at(path),
        `finds the same object as ${bare(twin.name)} ${placeWords(twin.at(), entry.at(path))}: both have this value. Keep one entry`,
      );
    }
  }
  for (const [name, { unique }] of Object.entries(resource.fields)) {
    if (!unique) continue;
    const holders = new Map<Value, Expected>();
    for (const entry of entries) {
      const value = entry.fields[name];
      if (typeof value !== 'string' || twins.has(entry) || (unique === 'active' && !isActive(resource, entry)))
        continue;
      const key = folded(resource, [name], value);
      const holder = holders.get(key);
      if (holder === undefined) {
        holders.set(key, entry);
        continue;
      }
      const place = entry.at([name]);
      const who = `only one ${unique === 'active' ? 'active ' : ''}${resource.kind} at a time can have it`;
      const words = `is ${bare(value)}, as in ${bare(holder.name)} ${placeWords(holder.at([name]), place)}`;
      complain(place, `${words}, and ${who}. Give one of them another, or remove one entry`);
    }
  }
}

/** Whether an entry expects an active object. */
function isActive({ state }: Resource<never>, { fields }: Expected): boolean {
  const silent = state?.field === undefined ? {} : { [state.field.name]: state.field.expected };
  return state?.inForce({ ...silent, ...fields }) ?? true;
}

/** More entries than an account can have objects. */
function noticeCrowd({ most }: Resource<never>, at: Place, { length }: readonly Expected[], complain: Complain) {
  if (most === undefined || length <= most) return;
  complain(at, `has ${length} entries; Stripe accepts at most ${most} in an account`, 'doubt');
}

/** What is wrong between entries of different sections. */
function noticeBeside(sections: ReadonlyMap<string, DeclaredSection>, complain: Complain): void {
  const known = new Map<string, Expected>();
  for (const { entries } of sections.values()) {
    for (const entry of entries) {
      const { section, name, fields } = entry;
      known.set(JSON.stringify([section, 'entry', name]), entry);
      if (typeof fields[ID] === 'string') known.set(JSON.stringify([section, 'id', fields[ID]]), entry);
    }
  }
  const find: Declarations['find'] = (section, reference) => {
    const [[way, key] = []] = Object.entries(isRecord(reference) ? reference : {});
    return known.get(JSON.stringify([section, way, key]));
  };
  const all: Declarations['all'] = (section) => sections.get(section)?.entries ?? [];
  for (const [section, { entries }] of sections) {
    const resource = resourceOf(section);
    if (resource.checkBeside) for (const entry of entries) resource.checkBeside(entry, { find, all }, complain);
  }
}

/** Entries that are found one by another; who finds them goes as deep. A price finds its product, a product its price: people need two. */
const LONGEST_WAY = 20;

/** Entries that are found by each other's objects are found by nothing. */
function noticeCircles(sections: ReadonlyMap<string, DeclaredSection>, complain: Complain): void {
  const entries = [...sections.values()].flatMap((section) => section.entries);
  const byName = new Map(entries.map((entry) => [JSON.stringify([entry.section, entry.name]), entry]));
  const targets = (entry: Expected) =>
    entry.identity.values.flatMap((value, index) => {
      const section = typeAt(resourceOf(entry.section), entry.identity.paths[index] ?? [])?.reference;
      const name = typeof value === 'object' && value !== null && 'entry' in value ? value.entry : undefined;
      return byName.get(JSON.stringify([section, name])) ?? [];
    });
  for (const entry of entries) {
    const seen = new Set<Expected>();
    let next = targets(entry);
    for (let length = 0; length < LONGEST_WAY && next.length > 0 && !next.includes(entry); length += 1) {
      for (const one of next) seen.add(one);
      next = next.flatMap(targets).filter((one) => one === entry || !seen.has(one));
    }
    if (next.length === 0) continue;
    const reason = next.includes(entry)
      ? 'and another entry are each found by the other, so neither is found'
      : `is found by more than ${LONGEST_WAY} entries, each by the next`;
    complain(entry.at(), `${reason}. Name another field in match`);
  }
}

function entryNames(node: Node | undefined): string[] {
  return node?.kind === 'map' ? [...node.entries.keys()] : [];
}

function stated<T extends string>(entry: Entry | undefined): Stated<T> | null {
  return entry?.node.kind === 'scalar' && typeof entry.node.value === 'string'
    ? { value: entry.node.value as T, at: entry.at }
    : null;
}

function readPolicy(node: Node | undefined): Policy {
  const policy: { [problem: string]: PolicyWord | { [section: string]: PolicyWord } } = {};
  if (node?.kind !== 'map') return policy;
  for (const { name, node: value } of node.entries.values()) {
    if (name !== 'pending' && name !== 'health' && !Object.hasOwn(policyProblems, name)) continue;
    if (value.kind === 'scalar') policy[name] = value.text as PolicyWord;
    if (value.kind !== 'map') continue;
    policy[name] = Object.fromEntries(
      [...value.entries.values()].flatMap(({ name: section, node: word }) =>
        word.kind === 'scalar' && typeof word.value === 'string' ? [[section, word.text as PolicyWord]] : [],
      ),
    );
  }
  return policy;
}

/** A number of days at a path of a policy; null where it states none, or too few. */
function daysAt(policy: Node | undefined, path: readonly string[], least: number): number | null {
  const node = nodeAt(policy, path);
  return node?.kind === 'scalar' && typeof node.value === 'number' && node.value >= least ? node.value : null;
}

/** What the file accepts of objects, and of the code. */
function readIgnore(node: Node | undefined, complain: Complain): Pick<Declared, 'ignore' | 'ignoreCode'> {
  const items = (node?.kind === 'list' ? node.items : []).flatMap((item) => (item.kind === 'map' ? [item] : []));
  const isOfCode = ({ entries }: MapNode) => entries.has('code') && ![...entries.keys()].some(isSection);
  return {
    ignore: items.filter((item) => !isOfCode(item)).flatMap((item) => readRule(item, complain)),
    ignoreCode: items.filter(isOfCode).flatMap((item) => readCodeRule(item, complain)),
  };
}

function isSection(name: string): boolean {
  return registry.has(name);
}

function readCodeRule({ entries }: MapNode, complain: Complain): CodeRule[] {
  const { at, node: glob } = entries.get('code') as Entry;
  const [reason, words] = [entries.get('reason')?.node, entries.get('fields')?.node];
  if (glob.kind !== 'scalar' || reason?.kind !== 'scalar') return [];
  const texts = words?.kind === 'list' ? words.items.flatMap((one) => (one.kind === 'scalar' ? one.text : [])) : null;
  return [{ at, glob: glob.text, words: texts, reason: reason.text, until: lastDay(entries.get('until'), complain) }];
}

/** The last day of a rule; a day that does not exist is told. */
function lastDay(until: Entry | undefined, complain: Complain): string | null {
  const date = until?.node.kind === 'scalar' ? until.node.text : null;
  if (until !== undefined && date !== null && isNoDay(date))
    complain(until.node.at, `is ${quote(date)}, which is not a day of the calendar`);
  return date;
}

function readRule(item: MapNode, complain: Complain): IgnoreRule[] {
  const kinds = [...item.entries.values()].filter(({ name }) => isSection(name) || name === 'code');
  const [kind, other] = kinds;
  if (kind === undefined || other !== undefined) {
    complain(
      kind === undefined ? item.at : (other as Entry).at,
      `names ${kind === undefined ? 'no section' : 'a second section'}. Expected one of ${[...registry.keys(), 'code'].join(', ')}`,
    );
    return [];
  }
  const reason = item.entries.get('reason')?.node;
  const date = lastDay(item.entries.get('until'), complain);
  const resource = resourceOf(kind.name);
  const fields = ignoredFields(resource, item.entries.get('fields')?.node, complain);
  if (fields === null && resource.shape === 'single')
    complain(kind.at, 'is a single object, which is always declared. Name the fields that may differ under fields');
  if (kind.node.kind === 'scalar' && templateWords(kind.node.text, () => '') !== null)
    complain(
      kind.node.at,
      `is ${quote(kind.node.text)}, but variables in the file are not expanded. Write * for any characters`,
    );
  const pattern = ignorePattern(resource, kind, complain);
  if (pattern === null || reason?.kind !== 'scalar') return [];
  return [{ at: kind.at, section: kind.name, pattern, fields, reason: reason.text, until: date }];
}

/** Paths of fields, under their main names. */
function ignoredFields(
  resource: Resource<never>,
  node: Node | undefined,
  complain: Complain,
): readonly string[] | null {
  if (node?.kind !== 'list') return null;
  return node.items.flatMap((item) => {
    if (item.kind !== 'scalar') return [];
    const [first = '', ...rest] = item.text.split('.');
    const known = fieldOf(resource, first);
    noticeUnknown(resource, item, complain);
    return [[known?.name ?? first, ...rest].join('.')];
  });
}

/** What can't be the path of anything that differs, up to the first `*`. */
function noticeUnknown(resource: Resource<never>, { text, at }: ScalarNode, complain: Complain): void {
  const [first = '', ...rest] = text.split('.');
  if (first.includes('*')) return;
  const found = fieldOf(resource, first);
  if (found === undefined || found.field.observed) {
    const names = Object.keys(declarable(resource));
    complain(at, `is ${quote(text)}, which names no field of ${resource.section}.${didYouMean(first, names)}`);
    return;
  }
  let type: Type | undefined = found.field.type;
  for (const step of rest) {
    // Below a set are its words, and in a map of texts names may hold dots.
    if (step.includes('*') || type?.set !== undefined || (type?.open && !type.inner?.(step)?.inner)) return;
    const inner: Type | undefined = type?.inner?.(step);
    if (inner === undefined) {
      const names = Object.keys(type?.schema.properties ?? {});
      const hint = names.length === 0 ? ' The field has no names in it' : didYouMean(step, names);
      complain(at, `is ${quote(text)}, and there is no ${quote(step)}.${hint}`);
      return;
    }
    type = inner;
  }
}

function ignorePattern(
  resource: Resource<never>,
  { node, at }: Entry,
  complain: Complain,
): IgnoreRule['pattern'] | null {
  const { section } = resource;
  if (node.kind === 'scalar') return node.text;
  if (node.kind !== 'map') return null;
  if (node.entries.size === 0) {
    complain(
      at,
      'names no field, so it would accept everything. Name a field and its value, or write an id with * for any characters',
    );
    return null;
  }
  const fields = Object.keys(resource.fields);
  return [...node.entries.values()].flatMap(({ name, at: place, node: value }) => {
    const [field = '', ...rest] = name.split('.');
    const found = fieldOf(resource, field);
    if (found === undefined) complain(place, `names no field of ${section}.${didYouMean(field, fields)}`);
    const path = [found?.name ?? field, ...(found === undefined ? rest : namesIn(found.field.type, rest))];
    return value.kind === 'scalar' ? [{ path, value: comparedText(typeAt(resource, path), value) }] : [];
  });
}

/** The names of a path below a type: in a map of texts all the rest is one name, which may hold dots. */
function namesIn(type: Type | undefined, [step, ...rest]: readonly string[]): readonly string[] {
  if (step === undefined) return [];
  const inner = type?.inner?.(step);
  if (type?.open && inner?.inner === undefined) return [[step, ...rest].join('.')];
  return [step, ...namesIn(inner, rest)];
}

/** A value as it is compared, whatever way it is spelled; a pattern as it is. */
function comparedText(type: Type | undefined, { value, text }: ScalarNode): string | null {
  if (value === null) return null;
  if (text.includes('*') || type === undefined || type.inner !== undefined) return text;
  const compared = type.actual(typeof value === 'boolean' ? value : text);
  return compared === null || typeof compared === 'object' ? null : String(compared);
}

const DAY = 86_400_000;

/** A day of the key that is none, that is still to come, or that is too long ago: in words that are the same every day. */
function noticeRotation(entry: Entry | undefined, stated: number | null, { complain, now }: Context): void {
  if (entry?.node.kind !== 'scalar') return;
  const { text } = entry.node;
  const rotated = isNoDay(text) ? Number.NaN : Date.parse(`${text}T00:00:00Z`);
  if (isNoDay(text)) complain(entry.node.at, `is ${quote(text)}, which is not a day of the calendar`);
  // Somewhere on earth it is tomorrow.
  if (rotated > now + DAY)
    complain(
      entry.at,
      `is ${text}, which is still to come. State the day on which the key was created or rolled`,
      'warning',
    );
  const days = stated ?? ROTATE_DAYS;
  const due = rotated + days * DAY;
  if (!(due <= now)) return;
  const last = new Date(due).toISOString().slice(0, 10);
  const limit = `policy.rotate_key_after_days is ${days}${stated === null ? ' by default' : ''}`;
  const remedy = 'Roll it in the Dashboard (API keys), replace it wherever it is kept, and state the new day here';
  complain(entry.at, `is ${text}, so the key was due to be replaced on ${last} (${limit}). ${remedy}`, 'own');
}

/** Whether a text of a date's form names a day that does not exist. */
function isNoDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.toISOString().slice(0, 10) !== text;
}
