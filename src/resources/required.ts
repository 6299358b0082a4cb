import { isRecord, type Value } from '../model.ts';

/** Names that an update has to say of a group, whatever it changes in it, each with the path of the group. */
export type Required = readonly (readonly [path: readonly string[], name: string])[];

/** What an update says of a value, with what it has to say of its groups besides: that is as it is live. */
export function withRequired(value: Value, live: Value, required: Required): Value {
  return required.reduce((said, [path, name]) => completed(said, live, path, name), value);
}

function completed(said: Value, live: Value, [step, ...rest]: readonly string[], name: string): Value {
  if (!isRecord(said)) return said;
  const inner = (of: Value, part: string) => (isRecord(of) ? ((of[part] as Value | undefined) ?? null) : null);
  if (step !== undefined) {
    if (said[step] === undefined) return said as Value;
    return { ...said, [step]: completed(said[step] as Value, inner(live, step), rest, name) } as Value;
  }
  const has = inner(live, name);
  return (said[name] === undefined && has !== null ? { [name]: has, ...said } : said) as Value;
}
