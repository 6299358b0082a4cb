/** Which URLs look as if they held a token or a password. A file that is committed keeps a secret for ever. */

/** Names of parameters that hold secrets, whatever their values look like. */
const NAMED =
  /token|secret|pass|pwd|auth|key|sig|hash|hmac|code|credential|jwt|session|nonce|pin$|^(?:t|k|s|sk|pw|sid|otp)$/i;

/** Values that are words, numbers, versions, days or truth values: nobody's secret. */
const PLAIN = /^(?:[a-z]{1,16}(?:[-_][a-z]{1,16}){0,3}|v?\d{1,13}(?:\.\d{1,4}){0,2}|\d{4}-\d\d-\d\d)?$/i;

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i;

/** A shorter value keeps nobody out. */
const SHORTEST_TOKEN = 8;

/**
 * Whether a URL may hold one: it has a user, or a parameter that is named like a secret or has a value that is no plain word;
 * an address also where its path has something random. Doubt counts.
 */
export function mayHoldSecret(url: string, isAddress: boolean): boolean {
  const { user, path, parameters } = partsOf(url);
  if (user !== undefined || (isAddress && isRandom(path))) return true;
  return parameters.some(({ name, value }) => (name !== null && NAMED.test(name)) || !PLAIN.test(value));
}

/** Whether a URL surely holds one: a password, or a parameter that is named like a secret and has a value like one. */
export function holdsSecret(url: string): boolean {
  const { user, parameters } = partsOf(url);
  if (user !== undefined && /:./.test(user)) return true;
  return parameters.some(
    ({ name, value }) => name !== null && NAMED.test(name) && value.length >= SHORTEST_TOKEN && !PLAIN.test(value),
  );
}

function partsOf(url: string) {
  const [, user, path = '', query = '', fragment = ''] =
    /^[a-z]+:\/\/(?:([^/?#]*)@)?[^/?#]*([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is.exec(url) ?? [];
  const parameters = [...query.split(/[&;]/), ...fragment.split('&')].map((pair) => {
    const [name = '', ...rest] = pair.split('=');
    // A parameter without a name is its own value.
    return rest.length === 0 ? { name: null, value: name } : { name, value: rest.join('=') };
  });
  return { user, path, parameters };
}

/** Whether a path holds what nobody made up: a UUID, or many letters with digits here and there. */
function isRandom(path: string): boolean {
  const stretches = path.match(/[a-z\d]{16,}/gi) ?? [];
  return UUID.test(path) || stretches.some((stretch) => (stretch.match(/\d+/g) ?? []).length > 2);
}
