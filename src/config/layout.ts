import type { Entry, MapNode, Node, Place, ScalarNode } from '../model.ts';
import { registry } from '../resources/index.ts';
import { declarable, type Resource } from '../resources/resource.ts';
import { bare, placeWords, withArticle } from '../text.ts';
import { sectionMeant } from './hints.ts';

/** Names at the top of a file, and in an environment, that are no sections. */
const TOP_OF_ENVIRONMENT = ['account', 'mode', 'key_rotated'];
const TOP = ['version', ...TOP_OF_ENVIRONMENT, 'policy', 'ignore', 'code', 'environments'];

/** Says what stands in the wrong place; the message begins with a verb whose subject is the path. */
export type Misplaced = (at: Place, path: readonly string[], message: string) => void;

/**
 * The file as it was likely meant: what is indented too little or too much, or nested in what it should stand beside, is moved
 * to its place, and told once. Else each of its names would be a mistake of its own where it stands.
 */
export function straightened(root: MapNode, misplaced: Misplaced): MapNode {
  return new Layout(misplaced).root(root);
}

type Entries = ReadonlyMap<string, Entry>;

class Layout {
  private readonly misplaced: Misplaced;

  constructor(misplaced: Misplaced) {
    this.misplaced = misplaced;
  }

  root(root: MapNode): MapNode {
    const top = this.holder(root, [], TOP);
    const environments = top.entries.get('environments');
    if (environments === undefined) return top;
    const node = this.environments(environments);
    return { ...top, entries: new Map(top.entries).set('environments', { ...environments, node }) };
  }

  private environments({ node }: Entry): Node {
    if (node.kind !== 'map') return node;
    const entries = new Map<string, Entry>();
    let last: Entry | null = null;
    for (const entry of node.entries.values()) {
      const isSection = registry.has(entry.name) && !isEnvironment(entry.node) && entry.node.kind === 'map';
      if (isSection && last !== null && (last.node.kind === 'map' || isEmpty(last.node))) {
        this.outdented(entry, ['environments', entry.name], last, firstIn(last.node));
        last = inside(last, [entry]);
        entries.set(last.name, last);
        continue;
      }
      entries.set(entry.name, entry);
      last = entry;
    }
    for (const entry of entries.values()) {
      if (entry.node.kind !== 'map') continue;
      const inner = this.holder(entry.node, ['environments', entry.name], TOP_OF_ENVIRONMENT);
      entries.set(entry.name, { ...entry, node: inner });
    }
    return { ...node, entries };
  }

  /** What holds sections: the file, or an environment of it. */
  private holder(map: MapNode, path: readonly string[], others: readonly string[]): MapNode {
    const isKnown = (name: string) => others.includes(name) || registry.has(name) || name.startsWith('x-');
    const entries = new Map<string, Entry>();
    let last: Entry | null = null;
    for (const entry of map.entries.values()) {
      const meant = isKnown(entry.name) || entry.node.kind !== 'map' ? null : sectionMeant(entry.name);
      if (meant !== null) {
        this.misplaced(entry.at, [...path, entry.name], `is not known here. Did you mean ${meant}?`);
        const known = entries.get(meant) ?? map.entries.get(meant);
        entries.set(meant, inside(known ?? { ...entry, name: meant }, entriesOf(entry)));
        continue;
      }
      const target = isKnown(entry.name) ? null : this.targetOf(entry, last, map.entries, path);
      if (target === null) {
        const before = entries.get(entry.name);
        const whole = before === undefined ? entry : inside(entry, entriesOf(before));
        entries.set(entry.name, whole);
        if (isKnown(entry.name)) last = whole;
        continue;
      }
      const known = entries.get(target.name) ?? target;
      const grown = inside(known, [entry]);
      entries.set(target.name, grown);
      if (last?.name === target.name) last = grown;
    }
    for (const name of [...entries.keys()]) this.section(entries.get(name) as Entry, entries, path, others);
    return { ...map, entries };
  }

  /** The section, or `environments`, that an unknown name at the top was meant to stand in; null where none is. */
  private targetOf(entry: Entry, last: Entry | null, all: Entries, path: readonly string[]): Entry | null {
    const own = [...path, entry.name];
    if (entry.node.kind !== 'map') return null;
    if (path.length === 0 && isEnvironment(entry.node)) {
      const target = all.get('environments');
      if (target === undefined || (target.node.kind !== 'map' && !isEmpty(target.node))) return null;
      this.outdented(entry, own, target, firstIn(target.node));
      return target;
    }
    const fits = ({ section }: { section: string }) => {
      const kind = registry.get(section);
      return kind !== undefined && kind.shape !== 'single' && looksLike(kind, entry.node);
    };
    const holds = (one: Entry | undefined): one is Entry =>
      one !== undefined && (one.node.kind === 'map' || isEmpty(one.node)) && fits({ section: one.name });
    if (holds(last ?? undefined)) {
      this.outdented(entry, own, last as Entry, firstIn((last as Entry).node));
      return last;
    }
    const [kind, ...more] = [...registry.values()].filter(fits);
    const target = kind && more.length === 0 ? all.get(kind.section) : undefined;
    if (!holds(target)) return null;
    const words = `looks like ${withArticle(kind?.kind ?? '')}, but stands beside ${target.name} instead of in it`;
    this.misplaced(entry.at, own, `${words}. Move it there`);
    return target;
  }

  /** The entries of a section, which may hold what belongs into an entry, or to the top. */
  private section(section: Entry, top: Map<string, Entry>, path: readonly string[], others: readonly string[]): void {
    const kind = registry.get(section.name);
    if (kind === undefined || kind.shape === 'single' || section.node.kind !== 'map') return;
    const own = [...path, section.name];
    const fields = namesOf(kind);
    const entries = new Map<string, Entry>();
    let last: Entry | null = null;
    const lost: Entry[] = [];
    const astray = new Map<Entry, Entry[]>();
    for (const entry of section.node.entries.values()) {
      const isTop = registry.has(entry.name) || others.includes(entry.name);
      if (isTop && !fields.has(entry.name) && this.belongsBeside(entry, kind)) {
        if (!top.has(entry.name)) top.set(entry.name, entry);
        else if (registry.has(entry.name)) top.set(entry.name, inside(top.get(entry.name) as Entry, entriesOf(entry)));
        this.indented(entry, [...own, entry.name], section);
        continue;
      }
      if (!fields.has(entry.name) || looksLike(kind, entry.node) || isDrop(entry, path)) {
        const inner = this.entry(entry, kind, own, top, entries);
        entries.set(entry.name, inner);
        last = inner;
        continue;
      }
      if (last === null) lost.push(entry);
      else astray.set(last, [...(astray.get(last) ?? []), entry]);
    }
    for (const [target, [first, ...more]] of astray) {
      if (first === undefined) continue;
      const what = more.length === 1 ? `it and ${more[0]?.name}` : `it and the ${more.length} fields below it`;
      this.outdented(first, [...own, first.name], target, firstIn(target.node), more.length === 0 ? 'it' : what);
      entries.set(target.name, inside(target, [first, ...more]));
    }
    const [first] = lost;
    if (first !== undefined) {
      const words = `is a field of ${withArticle(kind.kind)}, but stands in ${section.name} without a name above it`;
      this.misplaced(
        first.at,
        [...own, first.name],
        `${words}. Put a name of your choosing there, such as my_${kind.kind.replaceAll(' ', '_')}:, and indent the fields below it`,
      );
    }
    top.set(section.name, { ...section, node: { ...section.node, entries } });
  }

  /** Whether what is called like something at the top, and stands in a section, was meant for the top. */
  private belongsBeside({ name, node }: Entry, kind: Resource<never>): boolean {
    if (node.kind !== 'map') return !registry.has(name) && !isEmpty(node);
    const other = registry.get(name);
    if (looksLike(kind, node)) return false;
    if (other === undefined) return true;
    const inner = [...node.entries.values()];
    return other.shape === 'single'
      ? looksLike(other, node)
      : inner.length > 0 && inner.every((one) => looksLike(other, one.node));
  }

  /** The fields of an entry, which may hold other entries, or a whole section. */
  private entry(
    entry: Entry,
    kind: Resource<never>,
    path: readonly string[],
    top: Map<string, Entry>,
    siblings: Map<string, Entry>,
  ): Entry {
    if (entry.node.kind !== 'map') return entry;
    const fields = namesOf(kind);
    const kept = new Map<string, Entry>();
    for (const inner of entry.node.entries.values()) {
      const own = [...path, entry.name, inner.name];
      const other = registry.get(inner.name);
      if (fields.has(inner.name) || inner.node.kind === 'scalar' || inner.name === '<<') kept.set(inner.name, inner);
      else if (other !== undefined && other !== kind && holdsEntries(inner.node)) {
        this.misplaced(inner.at, own, nestedWords(entry.name, kind, other));
        const known = top.get(other.section) ?? { name: other.section, at: inner.at, node: emptyMap(inner.at) };
        top.set(other.section, inside(known, entriesOf(inner)));
      } else if (inner.node.kind === 'map' && looksLike(kind, inner.node)) {
        const shift = inner.at.column - entry.at.column;
        const remedy =
          inner.at.line > entry.at.line && shift > 0 ? `Indent it by ${spaces(shift)} less` : 'Move it out';
        this.misplaced(inner.at, own, `stands in ${bare(entry.name)} instead of beside it. ${remedy}`);
        if (!siblings.has(inner.name)) siblings.set(inner.name, inner);
      } else kept.set(inner.name, inner);
    }
    return { ...entry, node: { ...entry.node, entries: kept } };
  }

  /** Tells of what stands beside something instead of in it; `model` is what stands right in it, if anything does. */
  private outdented(entry: Entry, path: readonly string[], into: Entry, model: Place | null, what = 'it'): void {
    const wanted = model !== null && model.line > into.at.line ? model.column : into.at.column + 2;
    const shift = wanted - entry.at.column;
    const isBlock = entry.at.line > into.at.line && (model === null || model.line > into.at.line);
    const remedy = isBlock && shift > 0 ? `Indent ${what} by ${spaces(shift)} more` : `Move ${what} there`;
    const where = `${bare(into.name)} ${placeWords(into.at, entry.at)}`;
    this.misplaced(entry.at, path, `stands beside ${where} instead of in it. ${remedy}`);
  }

  /** Tells of what stands in a section instead of beside it. */
  private indented(entry: Entry, path: readonly string[], section: Entry): void {
    const shift = entry.at.column - section.at.column;
    const remedy = entry.at.line > section.at.line && shift > 0 ? `Indent it by ${spaces(shift)} less` : 'Move it out';
    this.misplaced(entry.at, path, `stands in ${section.name} instead of beside it. ${remedy}`);
  }
}

function nestedWords(name: string, kind: Resource<never>, other: Resource<never>): string {
  const [field] = Object.entries(declarable(other)).find(([, { type }]) => type.reference === kind.section) ?? [];
  const link = field === undefined ? '' : `, and state ${field}: ${bare(name)} in each of its entries`;
  return `stands in ${withArticle(kind.kind)}, but is a section of its own. Move it to the top, beside ${kind.section}${link}`;
}

const known = new Map<Resource<never>, ReadonlySet<string>>();

/** The names that an entry can state, in every spelling. */
function namesOf(kind: Resource<never>): ReadonlySet<string> {
  const names =
    known.get(kind) ??
    new Set([
      'match',
      ...(kind.sends ? ['handler'] : []),
      ...Object.entries(declarable(kind)).flatMap(([name, { also = {} }]) => [name, ...Object.keys(also)]),
    ]);
  known.set(kind, names);
  return names;
}

/** Whether a value looks like an entry of a kind: most of its names are fields. */
function looksLike(kind: Resource<never>, node: Node): boolean {
  if (node.kind !== 'map' || node.entries.size === 0) return false;
  const fields = namesOf(kind);
  const own = [...node.entries.keys()].filter((name) => fields.has(name)).length;
  return own > 0 && own * 2 >= node.entries.size;
}

/** Whether a value looks like an environment: all of its names are what one can hold, and one of them is a section or mode. */
function isEnvironment(node: Node): boolean {
  if (node.kind !== 'map') return false;
  const names = [...node.entries.keys()];
  return names.length > 0 && names.every((name) => registry.has(name) || TOP_OF_ENVIRONMENT.includes(name));
}

/** In an environment null drops an entry. */
function isDrop({ node }: Entry, path: readonly string[]): boolean {
  return path.length > 0 && node.kind === 'scalar' && node.value === null;
}

/** Whether a value is a section, or a list of what should be one. */
function holdsEntries(node: Node): boolean {
  if (node.kind === 'scalar') return false;
  const inner = node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.node);
  return inner.length > 0 && inner.every(({ kind }) => kind === 'map');
}

function isEmpty(node: Node): node is ScalarNode {
  return node.kind === 'scalar' && node.value === null;
}

function entriesOf({ node }: Entry): readonly Entry[] {
  return node.kind === 'map' ? [...node.entries.values()] : [];
}

function emptyMap(at: Place): MapNode {
  return { kind: 'map', entries: new Map(), at };
}

/** An entry with more entries in it; those that it has stay. */
function inside(entry: Entry, more: readonly Entry[]): Entry {
  // What is something else has a mistake of its own.
  if (entry.node.kind !== 'map' && !isEmpty(entry.node)) return entry;
  const node = entry.node.kind === 'map' ? entry.node : emptyMap(entry.node.at);
  const entries = new Map(node.entries);
  for (const one of more) if (!entries.has(one.name)) entries.set(one.name, one);
  return { ...entry, node: { ...node, entries } };
}

function firstIn(node: Node): Place | null {
  if (node.kind !== 'map') return null;
  const [first] = node.entries.values();
  return first?.at ?? null;
}

function spaces(count: number): string {
  return count === 1 ? '1 space' : `${count} spaces`;
}
