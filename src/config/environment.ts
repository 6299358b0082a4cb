import type { Entry, MapNode, Node, Place } from '../model.ts';
import { registry } from '../resources/index.ts';
import { bare } from '../text.ts';
import { writeValue } from '../vocabulary/yaml.ts';
import { nodeAt } from './nodes.ts';

/** The names of the environments that a file has. */
export function environmentNames(root: MapNode): string[] {
  const environments = root.entries.get('environments')?.node;
  return environments?.kind === 'map' ? [...environments.entries.keys()] : [];
}

/** Whether an environment states a mode itself. */
export function statesMode(root: MapNode, environment: string): boolean {
  return mapAt(root, ['environments', environment]).has('mode');
}

/**
 * The configuration as it is in an environment: its overlay merged, `environments` gone. A name that it lacks is just the base.
 * `isPart` leaves out what may be laid over something in a file that could not be read.
 */
export function inEnvironment(root: MapNode, environment: string | null, isPart = false): MapNode {
  const environments = root.entries.get('environments')?.node;
  const overlay =
    environments?.kind === 'map' && environment !== null ? environments.entries.get(environment)?.node : undefined;
  const base: MapNode = { ...root, entries: new Map([...root.entries].filter(([name]) => name !== 'environments')) };
  if (overlay?.kind !== 'map') return base;
  const entries = new Map(base.entries);
  for (const [name, over] of overlay.entries) {
    const under = entries.get(name);
    const kind = registry.get(name);
    if (under !== undefined && kind?.shape === 'single') entries.set(name, laid(under, over));
    else if (under !== undefined && kind !== undefined) entries.set(name, section(under, over, isPart));
    else if (!isPart) entries.set(name, over);
  }
  return { ...base, entries };
}

function section(base: Entry, over: Entry, isPart: boolean): Entry {
  if (base.node.kind !== 'map' || over.node.kind !== 'map') return over;
  const entries = new Map(base.node.entries);
  for (const [name, entry] of over.node.entries) {
    const under = entries.get(name);
    if (entry.node.kind === 'scalar' && entry.node.value === null) entries.delete(name);
    else if (under !== undefined) entries.set(name, laid(under, entry));
    else if (!isPart) entries.set(name, entry);
  }
  return { ...base, node: { ...base.node, entries } };
}

/** Maps merge, everything else replaces; the place is the one that decided the value. */
function laid(base: Entry, over: Entry): Entry {
  if (base.node.kind !== 'map' || over.node.kind !== 'map') return over;
  const entries = new Map<string, Entry>(base.node.entries);
  for (const [name, entry] of over.node.entries) {
    const under = entries.get(name);
    entries.set(name, under === undefined ? entry : laid(under, entry));
  }
  const node: Node = { ...base.node, entries };
  return { ...base, node, overlaid: over.at };
}

/** How the value at a path is stated for an environment, as YAML: `environments: { test: { webhooks: … } }`. */
export function inEnvironments(path: readonly string[]): string {
  const own = path[0] === 'environments' ? path.slice(2) : path;
  const last = own.findIndex((step) => /^\d+$/.test(step));
  const steps = ['test', ...(last === -1 ? own : own.slice(0, last))];
  return `environments: ${steps.reduceRight((text, step) => `{ ${writeValue(step)}: ${text} }`, '…')}`;
}

/** Where an entry stands that an environment does not have, as a clause with what to do; null where nowhere. */
export function elsewhere(root: MapNode, environment: string | null, section: string, name: string): string | null {
  const dropped = environment === null ? undefined : mapAt(root, ['environments', environment, section]).get(name);
  if (dropped !== undefined && mapAt(root, [section]).has(name)) {
    const where = `which environment ${bare(environment ?? '')} removes on line ${dropped.at.line}`;
    return `${where}. Remove this entry there too, or keep that one`;
  }
  const others = environmentNames(root).filter((one) => mapAt(root, ['environments', one, section]).has(name));
  const [other] = others;
  if (other === undefined) return null;
  const here = environment === null ? 'outside environments' : `in environment ${bare(environment)}`;
  return `which exists only in environment ${bare(other)}, not ${here}. Declare it there too`;
}

/** Entries that an environment sets to null although the base has none of that name; `known` are the names that it has. */
export function idleDrops(root: MapNode): { path: readonly string[]; at: Place; known: readonly string[] }[] {
  return environmentNames(root).flatMap((environment) =>
    [...registry.values()].flatMap(({ section, shape }) => {
      if (shape === 'single') return [];
      const entries = mapAt(root, ['environments', environment, section]);
      const base = mapAt(root, [section]);
      return [...entries.values()].flatMap(({ name, at, node }) => {
        const isDrop = node.kind === 'scalar' && node.value === null;
        if (!isDrop || base.has(name)) return [];
        return [{ path: ['environments', environment, section, name], at, known: [...base.keys()] }];
      });
    }),
  );
}

/** Where the policy says when a key is to be replaced, though nothing says since when one is in use; undefined where that is not so. */
export function idleRotation(root: MapNode): Entry | undefined {
  const isStated = [[], ...environmentNames(root).map((name) => ['environments', name])].some((path) =>
    mapAt(root, path).has('key_rotated'),
  );
  return isStated ? undefined : mapAt(root, ['policy']).get('rotate_key_after_days');
}

function mapAt(root: MapNode, path: readonly string[]): ReadonlyMap<string, Entry> {
  const node = nodeAt(root, path);
  return node?.kind === 'map' ? node.entries : new Map();
}
