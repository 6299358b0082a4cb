/**
 * Why GitHub refuses, as far as its answer tells. The words are GitHub's own, seen in its API's answers; a server of
 * another version may use others, and then nothing is claimed to be known.
 */
export type Refusal =
  | 'token'
  | 'single-sign-on'
  | 'address'
  | 'archived'
  | 'moving'
  | 'locked'
  | 'issues-off'
  | 'personal-permission'
  | 'permission'
  | 'unknown';

/** In this order: an archived repository also says that the issue is locked. */
const RULES: readonly (readonly [Refusal, (answer: Refused) => boolean])[] = [
  ['token', ({ status }) => status === 401],
  ['issues-off', ({ status, said }) => status === 410 && /disabled/i.test(said)],
  ['single-sign-on', ({ headers, said }) => /^required/.test(String(headers['x-github-sso'])) || /\bSAML\b/.test(said)],
  ['address', ({ said }) => /IP allow list/i.test(said)],
  ['archived', ({ said }) => /archived/i.test(said)],
  ['moving', ({ said }) => /locked for migration/i.test(said)],
  ['locked', ({ said }) => /is locked/i.test(said)],
  ['personal-permission', ({ said }) => /not accessible by personal access token/i.test(said)],
  // GitHub hides what a token may not see: it answers as if it were not there.
  ['permission', ({ status, said }) => status === 404 || said === '' || /not accessible by|must have/i.test(said)],
  ['unknown', () => true],
];

/** The headers of an answer, by their names in lower case. */
export type Headers = Readonly<Record<string, string | number | undefined>>;

interface Refused {
  readonly status: number;
  readonly headers: Headers;
  /** GitHub's own words; empty where there are none. */
  readonly said: string;
}

/** What an answer that is no success and no fault of GitHub's refuses; null where it is neither. */
export function refusalOf(answer: Refused): Refusal | null {
  if (![401, 403, 404, 410].includes(answer.status)) return null;
  return RULES.find(([, holds]) => holds(answer))?.[0] ?? null;
}

/** What to do about a refusal, as a sentence. `permission` is what the request needs, such as `issues: write`. */
export function remedyOf(refusal: Refusal, permission: string): string {
  return REMEDIES[refusal](permission);
}

const REMEDIES: { readonly [refusal in Refusal]: (permission: string) => string } = {
  token: () => 'Look at github-token: it is not a valid token.',
  'single-sign-on': () => 'The organization requires single sign-on: authorize the token in github-token for it.',
  address: () =>
    "The organization allows requests only from listed IP addresses: add this machine's, or run the job on a machine whose address is listed.",
  archived: () =>
    'The repository is archived, so nothing can be written there: unarchive it, or leave out the inputs comment and issue.',
  moving: () => 'The repository is locked while it is moved: run this again afterwards.',
  locked: () => 'The conversation is locked: unlock it to have the comment there.',
  'issues-off': () =>
    'Issues are turned off in this repository: turn them on in its settings, or leave out the input issue.',
  'personal-permission': (permission) => `The token in github-token needs the permission "${permission}".`,
  permission: (permission) => `The job needs the permission "${permission}".`,
  unknown: (permission) => `If that does not say why: the job may lack the permission "${permission}".`,
};
