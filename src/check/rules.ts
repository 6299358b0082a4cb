import { type NameOf, shownIn } from '../matching/identity.ts';
import type { Actual, Change, Changed, Expected, Fields, IgnoreRule } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import {
  finderPath,
  ID,
  mainName,
  type Others,
  type Resource,
  textOf,
  typeAt,
  valueAt,
} from '../resources/resource.ts';
import { quote } from '../text.ts';

/** What a rule of `ignore` means. */

/** Whether the last day of a rule is over; `today` is `YYYY-MM-DD` in UTC. */
export function isOver({ until }: { readonly until: string | null }, today: string): boolean {
  return until !== null && until < today;
}

/** What is said of a rule that is over. */
export function overWords({ until, reason }: { readonly until: string | null; readonly reason: string }): string {
  return `This ignore ended on ${until} (${quote(reason)}). Remove it, or set a later date`;
}

/** Whether a rule accepts a live object without its being declared: as its section shows it, or another that shows it too. */
export function accepts(
  rule: IgnoreRule,
  of: string,
  live: Actual,
  others: Pick<Others, 'find'>,
  nameOf?: NameOf,
): boolean {
  if (rule.fields !== null) return false;
  return shownIn(of, live, others).some(([section, one]) => names(rule, section, one, null, nameOf));
}

/** Whether a rule accepts a difference of an entry and its object. */
export function acceptsChange(
  rule: IgnoreRule,
  { section, field }: Changed,
  { path }: Change,
  entry: Expected,
  live: Actual,
  nameOf: NameOf,
): boolean {
  if (rule.fields === null || !names(rule, section, live, entry, nameOf)) return false;
  const text = [mainName(resourceOf(section), field), ...path].join('.');
  return rule.fields.some((pattern) => matchesPattern(text, pattern) || matchesPattern(text, `${pattern}.*`));
}

/** Whether a rule names an object: by id, identity, or the name of the entry that declares it; or by its fields. */
export function names(rule: IgnoreRule, of: string, live: Actual, entry: Expected | null, nameOf?: NameOf): boolean {
  const { section, pattern } = rule;
  if (section !== of) return false;
  const resource = resourceOf(section);
  if (typeof pattern === 'string')
    return (
      matchesPattern(live.id, pattern) ||
      namesByFields(pattern, resource, live.fields) ||
      (entry !== null && namesEntry(rule, entry))
    );
  return pattern.every(({ path, value }) => {
    const actual = valueAt(live.fields, path) ?? null;
    if (value === null || actual === null) return value === actual;
    if (typeof actual === 'object') return false;
    const target = typeAt(resource, path)?.reference;
    const name = target === undefined ? null : (nameOf?.(target, String(actual)) ?? null);
    return matchesPattern(String(actual), value) || (name !== null && matchesPattern(name, value));
  });
}

/** Whether a rule names an entry, whatever its object: by its name, or what it states of itself. */
export function namesEntry({ section, pattern }: IgnoreRule, { section: of, name, fields }: Expected): boolean {
  if (section !== of || typeof pattern !== 'string') return false;
  const id = textOf(fields[ID]);
  if (matchesPattern(name, pattern) || (id !== null && matchesPattern(id, pattern))) return true;
  return namesByFields(pattern, resourceOf(section), fields);
}

/** Whether a pattern is like one of the fields that find an object. */
function namesByFields(pattern: string, resource: Resource<never>, fields: Fields): boolean {
  return resource.identities.some((finder) => {
    const path = finderPath(finder);
    const value = textOf(valueAt(fields, path));
    const fold = (text: string) => typeAt(resource, path)?.folded?.(text) ?? text;
    return value !== null && matchesPattern(fold(value), fold(pattern));
  });
}

/** Whether a text is like a pattern in which `*` stands for any characters. Takes time of at most their product. */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let retry = 0;
  let position = 0;
  while (at < text.length) {
    if (position < pattern.length && pattern[position] === '*') {
      star = position;
      retry = at;
      position += 1;
    } else if (position < pattern.length && pattern[position] === text[at]) {
      position += 1;
      at += 1;
    } else if (star !== -1) {
      position = star + 1;
      retry += 1;
      at = retry;
    } else return false;
  }
  while (pattern[position] === '*') position += 1;
  return position === pattern.length;
}
