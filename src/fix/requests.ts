import { type Fields, isRecord, record, type Value, type Whole } from '../model.ts';
import { amountOf, type Field, fieldOf, type Items, type Resource } from '../resources/resource.ts';
import { type Parameter, parameterOf, spelling, type Type } from '../vocabulary/type.ts';

/** A request to Stripe, as its command line takes it. */
export interface Request {
  /** The command for the kind, such as `billing meters`; null where there is none. */
  readonly words: readonly string[] | null;
  /** Where the kind's objects are, such as `/v1/billing/meters`. */
  readonly path: string;
  /** Such as `update`, or `deactivate`. */
  readonly verb: string;
  /** Null where it creates an object, or there is only one. */
  readonly id: string | null;
  /** The id of what is below the object, where the request is about that. */
  readonly inner?: string;
  readonly parameters: Parameters;
  /** The parameters are one JSON object. */
  readonly inJson?: true;
}
export type Parameters = { readonly [name: string]: Parameter | Printed };

/** The id that an earlier step printed: steps are counted from 1. */
export class Printed {
  readonly step: number;
  constructor(step: number) {
    this.step = step;
  }
}

/** Gives a field of an object a value; null where no request does. `fields` are the object's own. */
export function update(
  resource: Resource<never>,
  id: string,
  name: string,
  value: Value,
  fields: Fields,
): Request | null {
  const parameters = parametersOf(name, resource.fields[name] as Field<never>, value, 'update', fields);
  return parameters && requestOf(resource, 'update', resource.shape === 'single' ? null : id, parameters);
}

/** Has an object refer to what an earlier step created. */
export function refer(resource: Resource<never>, id: string, name: string, to: string | Printed): Request | null {
  return requestOf(resource, 'update', id, { [name]: to });
}

/** Adds an item to a set whose items are objects of their own. */
export function added({ source: { path } }: Resource<never>, items: Items, id: string, item: string): Request {
  return { words: items.words, path, verb: 'create', id, parameters: items.parameters(item) };
}

/** Takes an item out of such a set; null where it is not known which object it is. `fields` are those of the object that has the set. */
export function takenOut(
  { source: { path } }: Resource<never>,
  items: Items,
  id: string,
  item: string,
  fields: Fields,
): Request | null {
  const inner = items.idOf(item, fields);
  return inner === null ? null : { words: items.words, path, verb: 'delete', id, inner, parameters: {} };
}

/** Takes an object out of use, or back into it; null where no request does. */
export function turn(resource: Resource<never>, id: string, to: 'retire' | 'restore'): Request | null {
  const request = resource.state?.[to] ?? null;
  if (request === null) return null;
  if (request.kind === 'update') return requestOf(resource, 'update', id, request.parameters);
  return requestOf(resource, request.kind === 'verb' ? request.verb : 'delete', id, {});
}

/** Creates what an entry states; null where that is not enough, or a part can't be said. `special` is said besides. */
export function creation(
  resource: Resource<never>,
  { hidden, stated }: Whole,
  fields: Fields,
  special: Parameters,
): Request | null {
  const more = resource.command?.creation(fields) ?? null;
  const names = stated.map((one) => fieldOf(resource, one)?.name ?? one);
  if (more === null || typeof more === 'string' || !isOneWay(resource, fields)) return null;
  if (hidden.some((name) => names.includes(name) && fields[name] === undefined)) return null;
  const said = Object.entries(fields).map(([name, value]) => createdWith(resource, name, value, fields));
  return said.includes(null) ? null : requestOf(resource, 'create', null, Object.assign({}, more, ...said, special));
}

/** Why no request creates what an entry states: for a field, or `retired`: none creates such an object out of use, or what a person does. */
export type Uncreated =
  | { readonly why: 'unstated' | 'hidden' | 'unsaid'; readonly field: string }
  | { readonly why: 'retired' }
  | { readonly why: 'by hand'; readonly says: string };

/** Why no request creates what an entry states; null where one does, or it is for another reason. */
export function uncreated(resource: Resource<never>, { hidden, stated }: Whole, fields: Fields): Uncreated | null {
  const names = stated.map((one) => fieldOf(resource, one)?.name ?? one);
  const secret = hidden.find((name) => names.includes(name) && fields[name] === undefined);
  if (secret !== undefined) return { field: secret, why: 'hidden' };
  const { command, state } = resource;
  const lacking = command?.creation(fields) ?? null;
  if (typeof lacking === 'string') return { field: lacking, why: 'unstated' };
  if (command !== null && lacking === null) {
    const says = command.byHand?.(fields) ?? null;
    if (says !== null) return { why: 'by hand', says };
    if (state?.field !== undefined && state.field.name in fields && !state.inForce(fields)) return { why: 'retired' };
  }
  const unsaid = Object.entries(fields).find(([name, value]) => createdWith(resource, name, value, fields) === null);
  return unsaid === undefined ? null : { field: unsaid[0], why: 'unsaid' };
}

/** Whether an object costs in the same way in all currencies, such as in tiers: Stripe refuses to create any other. */
function isOneWay(resource: Resource<never>, fields: Fields): boolean {
  const own = amountOf(resource, fields);
  return Object.entries(fields).every(([name, value]) => {
    if (!resource.fields[name]?.type.byCurrency || !isRecord(value)) return true;
    const ways = Object.values(value).map((one) => (isRecord(one) ? amountOf(resource, one as Fields) : undefined));
    return ways.every((way) => way === undefined || way === own);
  });
}

/** What a request that creates an object with these fields says of one of them; null where it can't say it. */
export function createdWith(resource: Resource<never>, name: string, value: Value, fields: Fields): Parameters | null {
  const field = resource.fields[name] as Field<never>;
  const set = value === null ? null : withoutUnset(field.type, value);
  return set === null ? {} : parametersOf(name, field, set, 'create', fields);
}

/** A value without the names of maps and groups that are not to be set: a new object has none of them. */
function withoutUnset(type: Type, value: Value): Value {
  if (!(type.open || type.partial) || !isRecord(value)) return value;
  const pairs = Object.entries(value as Fields).flatMap(([name, one]): [string, Value][] => {
    const inner = type.inner?.(name);
    const set = inner === undefined ? one : withoutUnset(inner, one);
    return set === null ? [] : [[name, set]];
  });
  return pairs.length === 0 ? null : record(pairs);
}

function requestOf(
  { command, source }: Resource<never>,
  verb: string,
  id: string | null,
  parameters: Parameters,
): Request | null {
  if (command === null) return null;
  const inJson = command.inJson && { inJson: true as const };
  return { words: command.words, path: source.path, verb, id, parameters, ...inJson };
}

/** What a request says to give a field a value; null where none does. */
function parametersOf(
  name: string,
  field: Field<never>,
  value: Value,
  request: 'create' | 'update',
  fields: Fields,
): { readonly [name: string]: Parameter } | null {
  if (field.parameters !== undefined) return field.parameters(value, request, fields);
  // Stripe gives the object's own currency among the others, and refuses it there.
  const said = field.type.byCurrency && isRecord(value) ? without(value as Fields, fields.currency) : value;
  if (said === null && value !== null) return {};
  const parameter = parameterOf(field.type, said);
  return parameter === undefined ? null : { [spelling(name, field, said, null)[0]]: parameter };
}

function without(value: Fields, name: Value | undefined): Value {
  const pairs = Object.entries(value).filter(([one]) => one !== name);
  return pairs.length === 0 && Object.keys(value).length > 0 ? null : record(pairs);
}
