import type { Entry, MapNode, Place } from '../model.ts';
import { registry } from '../resources/index.ts';
import { placeWords } from '../text.ts';
import { valueWords } from './nodes.ts';

/** What stands beside the sections, and may be said twice. */
const GUARDS = ['account', 'mode', 'key_rotated'];

/** Says what is wrong between two files, of the second; the message begins with a verb whose subject is the path. */
export type Conflict = (at: Place, path: readonly string[], message: string) => void;

/**
 * Several files as one, in which everything keeps its place: sections have the entries of all files, `ignore` has the items
 * of all, environments, the policy, `code` and a section that is one object merge by name. An entry stands in one file; `account`,
 * `mode`, `key_rotated`, a word of the policy and a field of that object may be said twice, if it is the same.
 */
export function merged(files: readonly [MapNode, ...MapNode[]], conflict: Conflict): MapNode {
  const [first, ...others] = files;
  return others.reduce((root, file) => withMap(root, file, [], conflict), first);
}

function withMap(first: MapNode, second: MapNode, path: readonly string[], conflict: Conflict): MapNode {
  const entries = new Map(first.entries);
  for (const [name, entry] of second.entries) {
    const before = entries.get(name);
    entries.set(name, before === undefined ? entry : joined(before, entry, [...path, name], conflict));
  }
  return { ...first, entries };
}

/** What two files say under one name. */
function joined(first: Entry, second: Entry, path: readonly string[], conflict: Conflict): Entry {
  const [one, other] = [first.node, second.node];
  const [part = '', ...inner] = path[0] === 'environments' ? path.slice(2) : path;
  const areLists = one.kind === 'list' && other.kind === 'list';
  if (registry.has(part) && inner.length > 0 && (registry.get(part)?.shape !== 'single' || areLists)) {
    conflict(second.at, path, `is already stated ${placeWords(first.at, second.at)}. Keep one of them`);
    return first;
  }
  if (GUARDS.includes(part) || inner.length > 0) return said(first, second, path, conflict);
  const isList = part === 'ignore';
  const isMap = part === '' || part === 'policy' || part === 'code' || registry.has(part);
  if (isMap && one.kind === 'map' && other.kind === 'map')
    return { ...first, node: withMap(one, other, path, conflict) };
  if (isList && one.kind === 'list' && other.kind === 'list')
    return { ...first, node: { ...one, items: [...one.items, ...other.items] } };
  // What is not as it has to be is told of its own file; the other counts.
  const isWrong = (isMap && one.kind !== 'map') || (isList && one.kind !== 'list');
  return isWrong ? second : first;
}

/** What may be said twice: a guard, the day of the key, a word of the policy, which may be one for each section, or a field of an object that is a section. */
function said(first: Entry, second: Entry, path: readonly string[], conflict: Conflict): Entry {
  const [one, other] = [first.node, second.node];
  if (one.kind === 'map' && other.kind === 'map') return { ...first, node: withMap(one, other, path, conflict) };
  if (one.kind === 'scalar' && other.kind === 'scalar' && one.value === other.value) return first;
  const words = `is ${valueWords(other)}, but ${valueWords(one)} ${placeWords(first.at, second.at)}`;
  conflict(second.at, path, `${words}. Keep one of them`);
  return first;
}
