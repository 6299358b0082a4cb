// Which fields each kind declares, of those that can be set and read: that a request takes and an answer has, by the SDK's
// types. What a kind leaves out has a reason, in its file in test/kinds/.
import { readFileSync } from 'node:fs';
import { registry } from '../src/resources/index.ts';
import { declarable, mainName, type Resource, typeAt } from '../src/resources/resource.ts';
import type { Type } from '../src/vocabulary/type.ts';
import { kindOf } from '../test/kinds/index.ts';
import { type Inside, insideOf } from './declarations.ts';

/** What a kind leaves out, by its path, each with the reason. */
type Reasons = { readonly [path: string]: string };

/** The fields of one kind that can be set and read, down to single values: `metadata`, `custom_fields[].key`, `tipping.*.percentages`. */
export interface Coverage {
  readonly section: string;
  readonly declared: readonly string[];
  /** What is left out, by what a reason is given for: a field, or all that is below it. */
  readonly omitted: readonly { readonly path: string; readonly count: number; readonly reason: string }[];
}

/** The fields of each kind, and what is wrong with the reasons, as sentences. */
export function coverage(reasonsOf: (section: string) => Reasons = ofKind): {
  readonly kinds: readonly Coverage[];
  readonly faults: readonly string[];
} {
  const faults: string[] = [];
  const kinds = [...registry.values()].map((resource): Coverage => {
    const { section } = resource;
    const paths = settable(resource);
    const declared = paths.filter((path) => declares(resource, path));
    const left = paths.filter((path) => !declared.includes(path));
    const reasons = Object.entries(reasonsOf(section));
    const say = (words: string) => faults.push(`test/kinds/${section}.ts, omitted: ${words}`);
    const silent = left.filter((path) => !reasons.some(([about]) => covers(about, path)));
    if (silent.length > 0)
      say(`give a reason why a file can't state ${silent.join(', ')}: a request sets it, and an answer has it`);
    const omitted = reasons.map(([path, reason]) => {
      const kept = declared.find((one) => covers(path, one));
      const count = left.filter((one) => covers(path, one)).length;
      if (kept !== undefined) say(`remove the reason for ${path}, since a file can state ${kept}`);
      else if (count === 0) say(`remove the reason for ${path}, which no request sets, or no answer has`);
      return { path, reason, count };
    });
    return { section, declared, omitted };
  });
  return { kinds, faults };
}

function ofKind(section: string): Reasons {
  return kindOf(section).omitted ?? {};
}

/** Whether a path is this one or below it. */
function covers(about: string, path: string): boolean {
  return path === about || (path.startsWith(about) && /^[.[]/.test(path.slice(about.length)));
}

/** What a request that creates or updates an object takes, and the object has. */
function settable(resource: Resource<never>): string[] {
  const name = sdkName(resource);
  const answer = insideOf(name);
  if (answer === null) throw new Error(`the SDK has no type ${name}`);
  const paths = ['CreateParams', 'UpdateParams'].flatMap((request) => {
    const taken = insideOf(`${name}${request}`);
    return taken === null ? [] : common(resource, taken, answer, '');
  });
  return [...new Set(paths)].sort();
}

/** The SDK's name of what a kind reads, as its file says it. */
export function sdkName({ section }: Resource<never>): string {
  const text = readFileSync(new URL(`../src/resources/${section}.ts`, import.meta.url), 'utf8');
  const [, read = ''] = /: Resource<([\w.]+)>/.exec(text) ?? [];
  // Some give the type a name of their own first.
  const [, meant = read] = new RegExp(`^type ${read} = ([\\w.]+);$`, 'm').exec(text) ?? [];
  const [, name] = /^Stripe\.(.+)$/.exec(meant) ?? [];
  if (name === undefined) throw new Error(`src/resources/${section}.ts does not say which type of the SDK it reads`);
  return name;
}

/** The single values that both have, by their paths. The names of a map whose names are the user's count as one. */
function common(resource: Resource<never>, taken: Inside, given: Inside, path: string): string[] {
  if (taken.kind === 'object' && given.kind === 'object') {
    const isOpen = path !== '' && typesAlong(resource, path).at(-1)?.open === true;
    return [...taken.members].flatMap(([name, one]) => {
      const other = given.members.get(name);
      const at = path === '' ? name : `${path}.${isOpen ? '*' : name}`;
      return other === undefined ? [] : common(resource, one(), other(), at);
    });
  }
  if (!('of' in taken && 'of' in given)) return [path];
  const item = taken.of();
  if (item.kind === 'value') return [path];
  return common(resource, item, given.of(), taken.kind === 'list' ? `${path}[]` : `${path}.*`);
}

/** Whether a file can state it, by itself or as a part of one value. */
function declares(resource: Resource<never>, path: string): boolean {
  const types = typesAlong(resource, path);
  const end = types.findIndex((type) => type?.inner === undefined);
  return end === -1 || types[end] !== undefined;
}

/** The types of a field and of what is below it, down a path. */
function typesAlong(resource: Resource<never>, path: string): (Type | undefined)[] {
  const [spelling = '', ...rest] = path.replaceAll('[]', '.0').replaceAll('*', '0').split('.');
  const field = mainName(resource, spelling);
  if (!Object.hasOwn(declarable(resource), field)) return [undefined];
  return [[], ...rest.map((_, depth) => rest.slice(0, depth + 1))].map((below) => typeAt(resource, [field, ...below]));
}
