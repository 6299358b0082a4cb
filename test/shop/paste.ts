/** What a person does who follows a report: pastes YAML into the file, and runs commands. */
import { isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { kindOf, kinds } from '../kinds/index.ts';
import type { Params, Row } from '../kinds/kind.ts';
import { type State, take, type Write } from './writes.ts';

/** A way to have the file accept what is live, as the JSON report has it. */
export interface Accept {
  readonly yaml: string | null;
  readonly into: 'entry' | 'section' | 'ignore' | 'environments' | null;
  readonly within?: readonly string[];
  readonly replaces: readonly string[];
}

/** The file after a text was pasted where the report says; null where that would lose an anchor, or stands in an environment. */
export function pasted(
  text: string,
  { section, name }: { readonly section: string | null; readonly name: string | null },
  { yaml, into, within = [], replaces }: Accept,
): string | null {
  // Every scalar stays as it is spelled.
  const document = parseDocument(text, { uniqueKeys: false, schema: 'failsafe' });
  if (into === null || section === null || /[&*][ax]/.test(text)) return null;
  const addAll = (path: readonly string[], seed: object) => {
    const isThere = isMap(document.getIn(path, true)) || isSeq(document.getIn(path, true));
    if (!isThere) document.setIn(path, document.createNode(seed));
    const target = document.getIn(path, true);
    const parsed = yaml === null ? null : parseDocument(yaml, { schema: 'failsafe' }).contents;
    const items = (parsed as YAMLMap | YAMLSeq | null)?.items ?? [];
    for (const item of items) (target as YAMLSeq).add(item as never);
    return document.toString({ lineWidth: 0 });
  };
  if (into === 'section') return addAll([section], {});
  if (into === 'ignore') return addAll(['ignore'], []);
  if (into === 'environments') {
    const place = ['environments', ...within];
    for (const one of replaces) if (document.hasIn([...place, one])) document.deleteIn([...place, one]);
    return addAll(place, {});
  }
  const path = [section, ...(kindOf(section).row.single ? [] : [name ?? '']), ...within];
  const entry = document.getIn(path, true);
  // What an environment or a merge key states stands elsewhere.
  if (!isMap(entry) || !replaces.every((one) => entry.delete(one))) return null;
  return addAll(path, {});
}

/** A step as the JSON report has it. */
export interface Step {
  readonly says: string;
  /** Null for a step in words. */
  readonly command: string | null;
}

/** Runs the steps on a state, the ids of earlier ones filled in; `after` is told of each. Gives the ids that were printed. */
export function run(
  steps: readonly Step[],
  state: State,
  after: (step: Step, printed: readonly string[]) => void = () => {},
): string[] {
  const printed: string[] = [];
  for (const step of steps) {
    if (step.command === null) {
      printed.push('');
      after(step, printed);
      continue;
    }
    const filled = words(step.command).map((word) =>
      word.replace(/<id printed by (\d+)>/g, (_, number) => {
        const id = printed[Number(number) - 1];
        if (!id) throw new Error(`no step before printed an id: ${step.command}`);
        return id;
      }),
    );
    printed.push(take(request(filled), state));
    after(step, printed);
  }
  return printed;
}

/** The words of a command as a POSIX shell takes them. Throws where it would expand or run anything. */
export function words(command: string): string[] {
  const found: string[] = [];
  let rest = command;
  while (rest !== '') {
    const [all = '', word = ''] = /^((?:'[^']*'|\\'|[\w./:,@%+=-])+)(?: |$)/.exec(rest) ?? [];
    if (all === '') throw new Error(`a shell would not take this as it is: ${rest}`);
    found.push(word.replace(/'([^']*)'|\\(')/g, (_, quoted = '', escaped = '') => quoted + escaped));
    rest = rest.slice(all.length);
  }
  return found;
}

/** The request that a command of Stripe's command line sends. */
export function request([program, ...rest]: readonly string[]): Write {
  const [method = '', address = ''] = rest;
  // The plain requests that it sends for whatever it has no words for.
  if (program === 'stripe' && /^\/v1\/./.test(address) && /^(?:post|delete)$/.test(method))
    return { method: method.toUpperCase(), path: address.replace('/v1/', ''), params: parameters(rest.slice(2)) };
  const item = program === 'stripe' ? itemRequest(rest) : null;
  if (item !== null) return item;
  const wordsOf = ({ path, v2 }: Row) => [...(v2 === undefined ? [] : ['v2']), ...path.split('/')];
  const kind = [...kinds.values()].find(({ row }) => wordsOf(row).every((word, index) => rest[index] === word));
  if (program !== 'stripe' || kind === undefined) throw new Error(`no command of stripe: ${rest.join(' ')}`);
  const { path, v2 } = kind.row;
  const [verb = '', ...options] = rest.slice(wordsOf(kind.row).length);
  const id = options[0]?.startsWith('-') ? undefined : options.shift();
  const params = parameters(options, v2 !== undefined);
  if (verb === 'create' || (verb === 'update' && kind.row.single)) return { method: 'POST', path, params };
  if (id === undefined) throw new Error(`no id: ${rest.join(' ')}`);
  if (verb === 'delete') return { method: 'DELETE', path: `${path}/${id}`, params };
  return { method: 'POST', path: `${path}/${id}${verb === 'update' ? '' : `/${verb}`}`, params };
}

/** The request of a command for an item of a list below an object; null where it is another command. */
function itemRequest([command, verb, owner, ...options]: readonly string[]): Write | null {
  const [found] = [...kinds.values()].flatMap(({ row, writes }) =>
    Object.entries(writes?.below ?? {}).flatMap(([name, list]) =>
      list.command === command ? [`${row.path}/${owner}/${name}`] : [],
    ),
  );
  if (found === undefined) return null;
  if (verb === 'create') return { method: 'POST', path: found, params: parameters(options) };
  const [id, ...rest] = options;
  return { method: String(verb).toUpperCase(), path: `${found}/${id}`, params: parameters(rest) };
}

function parameters(words: readonly string[], areJson = false): Params {
  const options = [...words];
  const params: { [name: string]: string | Params } = Object.create(null);
  while (options.length > 0) {
    const option = options.shift();
    if (option === '--live') continue;
    if (option !== '-d') throw new Error(`an option that is not known: ${option}`);
    if (areJson) {
      Object.assign(params, fromJson(JSON.parse(options.shift() ?? '')));
      continue;
    }
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(options.shift() ?? '') ?? [];
    set(
      params,
      name.split(/[[\]]+/).filter((step) => step !== ''),
      value,
    );
  }
  return params;
}

/** The body of a request of Stripe's API v2 as parameters: null unsets. */
export function fromJson(body: { readonly [name: string]: unknown }): Params {
  const text = (value: unknown): string | Params =>
    typeof value === 'object' && value !== null ? fromJson(value as { [name: string]: unknown }) : String(value ?? '');
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, text(value)]));
}

function set(params: { [name: string]: string | Params }, path: readonly string[], value: string): void {
  const [name = '', ...deeper] = path;
  if (deeper.length === 0) {
    params[name] = value;
    return;
  }
  const inner = (params[name] ?? Object.create(null)) as { [name: string]: string | Params };
  set(inner, deeper, value);
  params[name] = inner;
}
