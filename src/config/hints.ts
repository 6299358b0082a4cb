import type { Entry, MapNode, Node, Place } from '../model.ts';
import { registry } from '../resources/index.ts';
import { declarable, entrySchema, type Resource } from '../resources/resource.ts';
import { bare, capital, cut, withArticle } from '../text.ts';
import { inMinorUnits, money } from '../vocabulary/money.ts';
import type { JsonSchema } from '../vocabulary/type.ts';
import { didYouMean, typo } from './nearest.ts';

/** The section that a name at the top means: one by which older APIs and other tools call it, or a slip of its own; null where it means none. */
export function sectionMeant(name: string): string | null {
  const word = plain(name);
  const kinds = [...registry.values()];
  const called = kinds.find(
    ({ formerly = [] }) => formerly.includes(word) || formerly.includes(word.replace(/^stripe_/, '')),
  );
  return called?.section ?? typo(name, [...registry.keys()]);
}

/** A name that an object does not know, where it stands. */
export interface Unknown {
  readonly entry: Entry;
  /** The map that holds it, and the name under which that stands. */
  readonly map: MapNode;
  readonly holder: Entry | null;
  readonly path: readonly string[];
  readonly schema: JsonSchema;
  /** The currency of an amount that stands under a name in that map. */
  currency(name: string): string | null;
}

/** What to write instead of a name that is not known, as sentences; empty where nothing tells. */
export function hint({ entry, map, holder, path, schema, currency }: Unknown): string {
  const { name } = entry;
  const kind = kindAt(path);
  const isEntry = kind !== null && path.length === kind.depth;
  const own = isEntry ? entrySchema(kind.resource) : schema;
  const word = plain(name);
  const known = Object.keys(own.properties ?? {});
  const instead = own.formerly?.[word] ?? (known.includes(word) ? `Write ${word} instead` : undefined);
  const other = isEntry && entry.node.kind === 'map' ? otherKind(entry.node, name, kind.resource) : null;
  if (other !== null)
    return ` ${capital(withArticle(other.kind))} is an entry in ${other.section}: move it there, and state ${kind?.resource.kind}: ${holder?.name ?? ''} in it`;
  if (instead !== undefined) return ` ${withAmount(instead, own, entry.node, currency)}`;
  const isBeside =
    kind !== null && !isEntry && holder !== null && Object.hasOwn(entrySchema(kind.resource).properties ?? {}, word);
  // A name that both places have is more likely meant for the group in which it was looked for.
  const within = isEntry || isBeside ? pathsTo(own, word) : [];
  if (isBeside && holder !== null && within.length === 0)
    return ` It belongs beside ${holder.name}, not in it. ${moved(entry.at, holder.at, holder.at.column)}`;
  const [first, second] = within;
  if (first !== undefined) {
    const above = map.entries.get(first[0] ?? '');
    if (
      above !== undefined &&
      second === undefined &&
      first.length === 2 &&
      isNothing(above.node) &&
      above.at.line < entry.at.line
    )
      return ` It belongs in ${above.name}, not beside it. ${moved(entry.at, above.at, above.at.column + 2)}`;
    const ways = within.slice(0, 2).map((way) => spelled(way, entry.node));
    return ` Write ${ways.join(', or ')}`;
  }
  const near = didYouMean(name, known);
  if (near !== '' || !isEntry) return near;
  const others = [...registry.values()].filter((other) => Object.hasOwn(declarable(other), word));
  if (others.length === 0 || others.length > 2) return '';
  return ` It is a field of ${others.map(({ section }) => section).join(' and ')}: state it there`;
}

/** The kind that an entry nested in one of another kind is of; null where it is none. */
function otherKind(node: MapNode, name: string, around: Resource<never>): Resource<never> | null {
  const other = registry.get(sectionMeant(name) ?? '');
  if (other === undefined || other === around) return null;
  return [...node.entries.keys()].some((field) => Object.hasOwn(declarable(other), field)) ? other : null;
}

/** What to write instead of a name, with the amount that it holds in minor units: `Write unit_amount: 900 instead`. */
function withAmount(instead: string, own: JsonSchema, node: Node, currency: Unknown['currency']): string {
  const [, name = ''] = /^Write (\w+) instead$/.exec(instead) ?? [];
  const code = own.properties?.[name]?.minorUnits && node.kind === 'scalar' ? currency(name) : null;
  const amount = code === null || node.kind !== 'scalar' ? null : inMinorUnits(node.text, code);
  return amount === null || code === null
    ? instead
    : `Write ${name}: ${amount} instead, which is ${money(amount, code)}`;
}

/** What the schema says at a path of the file, whatever else the file has; nothing where it says nothing. */
export function schemaAt(path: readonly string[]): JsonSchema {
  const kind = kindAt(path);
  if (kind === null) return {};
  return path.slice(kind.depth).reduce<JsonSchema>((schema, step) => {
    const { properties, additionalProperties, items } = [schema, ...(schema.allOf ?? [])].find(within) ?? {};
    const inner = properties?.[step] ?? additionalProperties ?? items;
    return typeof inner === 'object' ? inner : {};
  }, entrySchema(kind.resource));
}

function within({ properties, additionalProperties, items }: JsonSchema): boolean {
  return properties !== undefined || typeof additionalProperties === 'object' || items !== undefined;
}

/** The kind whose entry a path leads to or into, and how many steps lead to the entry. */
function kindAt(path: readonly string[]): { readonly resource: Resource<never>; readonly depth: number } | null {
  const start = path[0] === 'environments' ? 2 : 0;
  const resource = registry.get(path[start] ?? '');
  if (resource === undefined) return null;
  const depth = start + (resource.shape === 'single' ? 1 : 2);
  return path.length < depth ? null : { resource, depth };
}

/** A word as Stripe spells it: `unitAmount` and `unit-amount` as `unit_amount`. */
function plain(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[-. ]/g, '_')
    .toLowerCase();
}

/** How to indent what stands in the wrong column. */
function moved(at: Place, beside: Place, column: number): string {
  const shift = column - at.column;
  if (at.line === beside.line || shift === 0) return 'Move it there';
  const count = Math.abs(shift);
  return `Indent it by ${count} ${count === 1 ? 'space' : 'spaces'} ${shift > 0 ? 'more' : 'less'}`;
}

/** The shortest paths that lead to a name within what an entry can state; `0` stands for the items of a list. */
function pathsTo(schema: JsonSchema, name: string): (readonly string[])[] {
  let level: { at: JsonSchema; path: readonly string[] }[] = [{ at: schema, path: [] }];
  for (let depth = 0; depth < 5; depth += 1) {
    const next = level.flatMap(({ at, path }) => [
      ...Object.entries(at.properties ?? {}).map(([step, inner]) => ({ at: inner, path: [...path, step] })),
      ...(at.items === undefined ? [] : [{ at: at.items, path: [...path, '0'] }]),
    ]);
    const found = next.filter(({ path }) => path.length > 1 && path.at(-1) === name);
    if (found.length > 0) return found.map(({ path }) => path);
    level = next;
  }
  return [];
}

/** A path with the value that stands at its end, as the file would have it: `recurring: { interval: month }`. */
function spelled([first = '', ...rest]: readonly string[], node: Node): string {
  const value = node.kind === 'scalar' && node.value !== null ? cut(bare(node.text), 60) : '…';
  const inner = rest.reduceRight((text, step) => (step === '0' ? `[${text}]` : `{ ${step}: ${text} }`), value);
  return `${first}: ${inner}`;
}

function isNothing(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}
