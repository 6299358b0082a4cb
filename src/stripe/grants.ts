import { CheckError } from '../errors.ts';
import type { Grant, KeyGrants, SectionsPermission } from '../model.ts';
import { permissionsBeyond, permissionsOf, resourceOf } from '../resources/index.ts';
import type { Resource } from '../resources/resource.ts';
import { Client, type ClientOptions } from './client.ts';
import { OutOfTime } from './deadline.ts';
import { parseKey } from './key.ts';
import { type Asked, causeOf, keyPage, keyRefusal, lacking, refusal, stripeAnswer } from './refusal.ts';

/**
 * Asks which permissions a key has: those that reading the sections needs, and the others that this program knows, each by one
 * request for one object of each section that needs it. Throws a `CheckError` where there is no key that can be used, or Stripe refuses the key itself.
 */
export async function keyGrants(
  keyText: string,
  options: Omit<ClientOptions, 'key'>,
  sections: readonly string[],
): Promise<KeyGrants> {
  const key = parseKey(keyText, sections, options.keyFrom);
  const client = await Client.open({ ...options, key });
  const asked = { sections, mode: client.mode, connected: client.connected, keyFrom: client.keyFrom };
  const ask = (permissions: readonly SectionsPermission[]) =>
    Promise.all(
      permissions.map(async (permission) => ({ ...permission, grant: await grantOf(client, permission, asked) })),
    );
  try {
    const [needed, beyond] = await Promise.all([
      ask(permissionsOf(sections)),
      key.kind === 'secret' ? null : ask(permissionsBeyond(sections)),
    ]);
    const { mode, account, connected } = client;
    return { kind: key.kind, mode, account, connected, needed, beyond };
  } finally {
    client.close();
  }
}

/** A key has a permission only where it may read all that this program needs it for. */
async function grantOf(client: Client, { sections }: SectionsPermission, asked: Asked): Promise<Grant> {
  const grants = await Promise.all(sections.map((section) => grantFor(client, resourceOf(section), asked)));
  const of = (status: Grant['status']) => grants.find((grant) => grant.status === status);
  return of('lacking') ?? of('unknown') ?? { status: 'granted' };
}

async function grantFor(client: Client, resource: Resource<never>, asked: Asked): Promise<Grant> {
  try {
    if (resource.source.list === 'single') await client.single(resource);
    else await client.list(resource, resource.source.inForce, [], 1);
    return { status: 'granted' };
  } catch (error) {
    return refused(error, resource, asked);
  }
}

function refused(error: unknown, resource: Resource<never>, asked: Asked): Grant {
  const cause = causeOf(error);
  if (cause instanceof OutOfTime) {
    return { status: 'unknown', reason: `There was no answer: ${cause.message}.`, remedy: cause.remedy };
  }
  const answer = stripeAnswer(error);
  const ofKey = answer === null ? null : keyRefusal(answer, asked);
  if (ofKey !== null) throw new CheckError(ofKey.reason, ofKey.remedy);
  const { reason, remedy } = refusal(error, resource, asked);
  const named = answer === null ? null : lacking(answer, resource);
  if (answer === null || named === null) return { status: 'unknown', reason, remedy };
  return { status: 'lacking', named, reason, edit: keyPage(answer) };
}
