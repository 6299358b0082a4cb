import { append, type Expected, type Invalid, keyIn } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { mainName } from '../resources/resource.ts';
import type { Comparison } from './compare.ts';

/**
 * The remarks that stand once the file is compared. A doubt about a value, such as an event type that this version does not
 * know, falls where Stripe has that very value: nobody could do anything about it.
 */
export function withoutSettled(remarks: readonly Invalid[], comparison: Comparison): Invalid[] {
  const open = openPaths(comparison);
  const { entries, matches } = comparison;
  const isFound = (entry: Expected | undefined) => entry !== undefined && matches.get(entry)?.kind === 'found';
  return remarks.filter(({ doubt, section, name, path = [] }) => {
    if (!doubt) return true;
    // A doubt about a section is one about how many entries it has.
    if (name === null) return ![...matches.keys()].every((entry) => entry.section !== section || isFound(entry));
    const key = keyIn(section, name);
    return !isFound(entries.get(key)) || open.get(key)?.some((one) => meet(one, path)) === true;
  });
}

/** By entry, where it differs from Stripe, or was not compared. */
function openPaths({ findings, unread, skipped }: Comparison): ReadonlyMap<string, readonly (readonly string[])[]> {
  const paths = new Map<string, [readonly string[], ...(readonly string[])[]]>();
  const add = (section: string, name: string, [field = '', ...rest]: readonly string[]) => {
    append(paths, keyIn(section, name), [mainName(resourceOf(section), field), ...rest]);
  };
  for (const { entry, path } of [...unread, ...skipped]) add(entry.section, entry.name, path);
  for (const finding of findings) {
    if (finding.problem !== 'changed') continue;
    for (const { path } of finding.changes) add(finding.section, finding.name, [finding.field, ...path]);
  }
  return paths;
}

/** Whether one of two paths leads to the other. */
export function meet(one: readonly string[], other: readonly string[]): boolean {
  return one.slice(0, other.length).every((step, index) => step === other[index]);
}
