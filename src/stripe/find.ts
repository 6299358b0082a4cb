import { type Found, grouped, type Refusal, type Sought, type Wanted } from '../model.ts';
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
  const resource = resourceOf(section) as unknown as Resource<Raw>;
  const { ids, filters, batches } = lookUpsOf(resource as unknown as Resource<never>, field, values);
  const objects = new Map<string, Raw>();
  const asked = new Set<string>();
  /** Takes what lists give for these values, which are known once all of the lists have been read. */
  const take = async (some: readonly string[], queries: readonly Query[], parameters: Parameters = []) => {
    for (const query of queries) {
      const page = await client.list(resource as unknown as Resource<never>, query, parameters);
      for (const raw of page.data) {
        const key = field === ID ? raw.id : textOf(toActual(resource, raw, Date.now()).fields[field]);
        const known = key === null ? undefined : objects.get(key);
        // Of several with one value an active one counts.
        if (key !== null && !(known && isActive(resource, known))) objects.set(key, raw);
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
  const answers = await Promise.allSettled(singly.map((id) => findOne(client, resource, id)));
  const alone = new Map(answers.flatMap((one) => (one.status === 'fulfilled' ? [[one.value.value, one.value]] : [])));
  const found = values.flatMap((value): Found[] => {
    const raw = objects.get(value);
    if (raw !== undefined)
      return [{ section, field, value, state: isActive(resource, raw) ? 'active' : 'retired', id: raw.id }];
    const one = alone.get(value) ?? (asked.has(value) && field !== ID ? absent(section, field, value) : null);
    return one === null ? [] : [one];
  });
  const failures = [...lists, ...answers].flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  return { found, gaps: failures.slice(0, 1).map((error) => gapOf(client, resource, error)) };
}

function gapOf({ mode, connected, keyFrom }: Client, resource: Resource<Raw>, error: unknown): Refusal {
  const asked = { sections: [resource.section], mode, connected, keyFrom };
  return refusal(error, resource as unknown as Resource<never>, asked);
}

async function findOne(client: Client, resource: Resource<Raw>, id: string): Promise<Found> {
  const { section } = resource;
  const { object, hint, isDeleted } = await client.retrieve(resource as unknown as Resource<never>, id, []);
  if (object !== null)
    return { section, field: ID, value: id, state: isActive(resource, object) ? 'active' : 'retired', id };
  return { ...absent(section, ID, id), state: isDeleted ? 'deleted' : hint === null ? 'absent' : 'elsewhere' };
}

function absent(section: string, field: string, value: string): Found {
  return { section, field, value, state: 'absent', id: null };
}

function isActive(resource: Resource<Raw>, raw: Raw): boolean {
  return toActual(resource, raw, Date.now()).inForce;
}
