import { type Actual, type Found, grouped, type Refusal, type Sought, type Wanted } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { ID, type Query, type Resource, textOf, toActual } from '../resources/resource.ts';
import type { Client, Raw } from './client.ts';
import { lookUpsOf } from './plan.ts';
import { refusal } from './refusal.ts';

type Parameters = readonly (readonly [string, string])[];

/**
 * Asks for objects by the values of a field that finds them: in batches where Stripe takes several, else one by one. Reads no
 * more of an object than whether it is active. Of what can't be asked nothing is found, and the reasons are told.
 */
export async function findAll(client: Client, wanted: readonly Wanted[]): Promise<Sought> {
  const all = await Promise.all(wanted.map((one) => find(client, one)));
  return { found: all.flatMap(({ found }) => found), gaps: all.flatMap(({ gaps }) => gaps) };
}

async function find(client: Client, { section, field, values }: Wanted): Promise<Sought> {
  const resource = resourceOf(section);
  const { ids, filters, batches } = lookUpsOf(resource, field, values);
  const objects = new Map<string, Actual>();
  const asked = new Set<string>();
  /** Takes what lists give for these values, which are known once all of the lists have been read. */
  const take = async (some: readonly string[], queries: readonly Query[], parameters: Parameters = []) => {
    for (const query of queries) {
      const page = await client.list(resource, query, parameters);
      for (const actual of page.data.map((raw) => actualOf(resource, raw))) {
        const key = field === ID ? actual.id : textOf(actual.fields[field]);
        // Of several with one value an active one counts.
        if (key !== null && !objects.get(key)?.inForce) objects.set(key, actual);
      }
    }
    for (const value of some) asked.add(value);
  };
  const name = resource.lookUp[field]?.query ?? '';
  const lists = await Promise.allSettled([
    ...batches.map(({ parameter, values: some, states }) =>
      take(
        some,
        states,
        some.map((value) => [parameter, value]),
      ),
    ),
    ...[...grouped(filters, (query) => query[name] ?? '')].map(([value, queries]) => take([value], queries)),
  ]);
  // A list tells nothing of one of the other mode.
  const singly = field === ID ? [...ids, ...[...asked].filter((id) => !objects.has(id))] : [];
  const answers = await Promise.allSettled(singly.map((id) => stateOf(client, resource, id)));
  const states = new Map<string, Found['state']>(field === ID ? [] : [...asked].map((value) => [value, 'absent']));
  for (const [value, { inForce }] of objects) states.set(value, inForce ? 'active' : 'retired');
  for (const [index, answer] of answers.entries())
    if (answer.status === 'fulfilled') states.set(singly[index] as string, answer.value);
  const found = values.flatMap((value): Found[] => {
    const state = states.get(value);
    if (state === undefined) return [];
    const isThere = state === 'active' || state === 'retired';
    return [{ section, field, value, state, id: isThere ? (objects.get(value)?.id ?? value) : null }];
  });
  const failures = [...lists, ...answers].flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  return { found, gaps: failures.slice(0, 1).map((error) => gapOf(client, resource, error)) };
}

function gapOf({ mode, connected, keyFrom }: Client, resource: Resource<never>, error: unknown): Refusal {
  return refusal(error, resource, { sections: [resource.section], mode, connected, keyFrom });
}

/** What became of the object with an id, asked by itself. */
async function stateOf(client: Client, resource: Resource<never>, id: string): Promise<Found['state']> {
  const { object, hint, isDeleted } = await client.retrieve(resource, id, []);
  if (object !== null) return actualOf(resource, object).inForce ? 'active' : 'retired';
  if (isDeleted) return 'deleted';
  return hint === null ? 'absent' : 'elsewhere';
}

function actualOf(resource: Resource<never>, raw: Raw): Actual {
  return toActual(resource as unknown as Resource<Raw>, raw, Date.now());
}
