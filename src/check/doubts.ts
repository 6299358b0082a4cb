import type { Invalid } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { mainName } from '../resources/resource.ts';
import type { Comparison, Unread } from './compare.ts';

/**
 * The remarks that stand once the file is compared. A doubt about a value, such as an event type that this version does not
 * know, falls where Stripe has that very value: nobody could do anything about it.
 */
export function withoutSettled(remarks: readonly Invalid[], comparison: Comparison): Invalid[] {
  return remarks.filter((remark) => !isSettled(remark, comparison));
}

function isSettled({ doubt, section, name, path = [] }: Invalid, comparison: Comparison): boolean {
  const entry = comparison.entries.get(JSON.stringify([section, name]));
  if (!doubt || section === null || entry === undefined || comparison.matches.get(entry)?.kind !== 'found')
    return false;
  const isOpen = ({ entry: other, path: open }: Unread) => other === entry && meet(open, path);
  if (comparison.unread.some(isOpen) || comparison.skipped.some(isOpen)) return false;
  return !comparison.findings.some((finding) => {
    if (finding.problem !== 'changed' || finding.section !== section || finding.name !== name) return false;
    const field = mainName(resourceOf(section), finding.field);
    return finding.changes.some((change) => meet([field, ...change.path], path));
  });
}

/** Whether one of two paths leads to the other. */
function meet(one: readonly string[], other: readonly string[]): boolean {
  return one.slice(0, other.length).every((step, index) => step === other[index]);
}
