import type { Fields, Value } from '../model.ts';
import type { Resource } from '../resources/resource.ts';
import { declarable } from '../resources/resource.ts';
import { mapped } from '../vocabulary/type.ts';
import { separable } from './without.ts';

/** What an entry does not state since a file in git is no place for it: the paths of URLs that look as if they held a secret. */
export function secretsIn(resource: Resource<never>, live: Fields): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  for (const [name, { type }] of Object.entries(declarable(resource))) {
    // A URL that finds its object is where something is sent to; the others are pages and pictures for everybody.
    const isAddress = resource.identities.some(({ by }) => by === name);
    mapped(type, live[name] ?? null, (leaf, value, path) => {
      if (leaf.loose !== undefined && looksSecret(value, isAddress)) {
        const part = separable(resource.section, [name, ...path]);
        found.set(JSON.stringify(part), part);
      }
      return value;
    });
  }
  return [...found.values()];
}

/** Names of parameters that hold secrets, whatever their values look like. */
const NAMED =
  /token|secret|pass|pwd|auth|key|sig|hash|hmac|code|credential|jwt|session|nonce|pin$|^(?:t|k|s|sk|pw|sid|otp)$/i;

/** Values that are words, numbers, versions, days or truth values: nobody's secret. */
const PLAIN = /^(?:[a-z]{1,16}(?:[-_][a-z]{1,16}){0,3}|v?\d{1,13}(?:\.\d{1,4}){0,2}|\d{4}-\d\d-\d\d)?$/i;

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i;

/** Whether a path holds what nobody made up: a UUID, or many letters with digits here and there. */
function isRandom(path: string): boolean {
  const stretches = path.match(/[a-z\d]{16,}/gi) ?? [];
  return UUID.test(path) || stretches.some((stretch) => (stretch.match(/\d+/g) ?? []).length > 2);
}

/**
 * Whether a URL looks as if it held a token or a password: it has a user, or a parameter that is named like a secret or has
 * a value that is no plain word; an address also where its path has something random. A file that is committed keeps a
 * secret for ever, so doubt counts as one.
 */
function looksSecret(value: Value, isAddress: boolean): boolean {
  const [, user, path = '', query = '', fragment = ''] =
    /^[a-z]+:\/\/(?:([^/?#]*)@)?[^/?#]*([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is.exec(String(value)) ?? [];
  if (user !== undefined || (isAddress && isRandom(path))) return true;
  return [...query.split(/[&;]/), ...fragment.split('&')].some((pair) => {
    const [name = '', ...rest] = pair.split('=');
    // A parameter without a name is its own value.
    const text = rest.length === 0 ? name : rest.join('=');
    return (rest.length > 0 && NAMED.test(name)) || !PLAIN.test(text);
  });
}
