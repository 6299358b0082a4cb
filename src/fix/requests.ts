import type { Value, Whole } from '../model.ts';
import type { Field, Resource } from '../resources/resource.ts';
import { type Parameter, parameterOf, spelling } from '../vocabulary/type.ts';

/** A request to Stripe, as its command line takes it. */
export interface Request {
  /** Such as `prices update`, or `billing meters deactivate`. */
  readonly words: readonly string[];
  readonly id: string | null;
  readonly parameters: Parameters;
}
export type Parameters = { readonly [name: string]: Parameter };

/** Gives a field of an object a value; null where no request does. */
export function update(resource: Resource<never>, id: string, name: string, value: Value): Request | null {
  const parameters = parametersOf(name, resource.fields[name] as Field<never>, value, 'update');
  return parameters && requestOf(resource, 'update', id, parameters);
}

/** Takes an object out of use, or back into it; null where no request does. */
export function turn(resource: Resource<never>, id: string, to: 'retire' | 'restore'): Request | null {
  const request = resource.state?.[to] ?? null;
  if (request === null) return null;
  if (request.kind === 'update') return requestOf(resource, 'update', id, request.parameters);
  return requestOf(resource, request.kind === 'verb' ? request.verb : 'delete', id, {});
}

/** Creates what an entry states; null where that is not enough, or a part can't be said. `special` is said besides. */
export function creation(resource: Resource<never>, { expected, hidden }: Whole, special: Parameters): Request | null {
  const stated = expected ?? {};
  const more = resource.command?.creation(stated) ?? null;
  if (more === null || hidden.length > 0) return null;
  const said = Object.entries(stated).map(([name, value]) =>
    value === null ? {} : parametersOf(name, resource.fields[name] as Field<never>, value, 'create'),
  );
  if (said.includes(null)) return null;
  return requestOf(resource, 'create', null, Object.assign({}, more, ...said, special));
}

function requestOf(
  { command }: Resource<never>,
  verb: string,
  id: string | null,
  parameters: Parameters,
): Request | null {
  return command && { words: [...command.words, verb], id, parameters };
}

/** What a request says to give a field a value; null where none does. */
function parametersOf(
  name: string,
  field: Field<never>,
  value: Value,
  request: 'create' | 'update',
): Parameters | null {
  if (field.parameters !== undefined) return field.parameters(value, request);
  const parameter = parameterOf(field.type, value);
  return parameter === undefined ? null : { [spelling(name, field, value, null)[0]]: parameter };
}
