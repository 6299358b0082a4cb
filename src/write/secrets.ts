import type { Fields, Value } from '../model.ts';
import type { Resource } from '../resources/resource.ts';
import { declarable } from '../resources/resource.ts';
import { mapped } from '../vocabulary/type.ts';
import { separable } from './without.ts';

/** What an entry does not state since a file in git is no place for it: the paths of URLs that look as if they held a secret. */
export function secretsIn(resource: Resource<never>, live: Fields): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  for (const [name, { type }] of Object.entries(declarable(resource))) {
    mapped(type, live[name] ?? null, (leaf, value, path) => {
      if (leaf.loose !== undefined && looksSecret(value)) {
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

/**
 * Whether a URL looks as if it held a token or a password: it has a user, or a parameter that is named like a secret or has
 * a value that is no plain word. A file that is committed keeps a secret for ever, so doubt counts as one.
 */
export function looksSecret(value: Value): boolean {
  const [, user, query = ''] = /^[a-z]+:\/\/(?:([^/?#]*)@)?[^?]*(?:\?(.*))?$/is.exec(String(value)) ?? [];
  if (user !== undefined) return true;
  const [parameters = '', ...fragment] = query.split('#');
  return [...parameters.split(/[&;]/), ...fragment].some((pair) => {
    const [name = '', ...rest] = pair.split('=');
    // A parameter without a name is its own value.
    const text = rest.length === 0 ? name : rest.join('=');
    return (rest.length > 0 && NAMED.test(name)) || !PLAIN.test(text);
  });
}
