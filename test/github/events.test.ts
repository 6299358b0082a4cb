/** The events of GitHub, with payloads as GitHub documents them. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { product } from '../kinds/products.ts';
import { type ActionRun, type ActionStep, cleanUp, repository, runAction } from '../runner.ts';
import { liveKey, type StripeServer, startStripe } from '../servers/stripe.ts';
import { asReport, driftedShop, type ReportJson, shopFile } from '../shop/shop.ts';

afterAll(cleanUp);

interface Step extends ActionStep {
  readonly file?: string;
}

interface Checked extends ActionRun {
  readonly report: ReportJson;
  readonly requests: StripeServer['requests'];
}

/** A step that uses the Action, on a Stripe with differences and a product that is not declared. */
async function checked({ file = shopFile, files = {}, inputs = {}, ...step }: Step): Promise<Checked> {
  const state = driftedShop();
  state.products.push(product({ id: 'prod_Deal', name: 'Hush' }));
  const server = await startStripe({ state });
  try {
    const run = await runAction({
      files: { 'stripe-config.yaml': file, ...files },
      inputs: { 'stripe-api-key': liveKey, 'stripe-api-base': server.url, 'requests-per-second': '1000', ...inputs },
      ...step,
    });
    return { ...run, report: asReport(run.report), requests: [...server.requests] };
  } finally {
    await server.close();
  }
}

function failure({ annotations }: ActionRun): string {
  return annotations
    .flatMap(({ level, file, message }) => (level === 'error' && file === undefined ? [message] : []))
    .join('\n');
}

const withoutKey = { 'stripe-api-key': '' };

// --- Payloads

const HEAD = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
const BASE = 'ba5eba11ba5eba11ba5eba11ba5eba11ba5eba11';
const MERGE = '4e59e4e59e4e59e4e59e4e59e4e59e4e59e4e59e';

const user = (login: string) => ({ login, id: login.length, type: login.endsWith('[bot]') ? 'Bot' : 'User' });
const repo = (full_name: string, more: object = {}) => {
  const [owner = '', name = ''] = full_name.split('/');
  return {
    id: 35_129_377,
    name,
    full_name,
    private: true,
    visibility: 'private',
    fork: false,
    default_branch: 'main',
    html_url: `https://github.com/${full_name}`,
    owner: { ...user(owner), type: 'Organization' },
    ...more,
  };
};
const own = repo('acme/shop');

interface PullOptions {
  readonly action?: string;
  readonly from?: string | null;
  readonly author?: string;
  readonly sender?: string;
}

/** As `pull_request` is documented: the parts that its activity types share, and what `labeled` and `synchronize` add. */
function pullRequest({
  action = 'synchronize',
  from = 'acme/shop',
  author = 'octocat',
  sender = author,
}: PullOptions = {}) {
  const added: { readonly [action: string]: object } = {
    synchronize: { before: BASE, after: HEAD },
    labeled: { label: { id: 208_045_946, name: 'stripe', color: 'f29513', default: false } },
    edited: { changes: { title: { from: 'Before' } } },
    closed: {},
  };
  const head = {
    label: `${from?.split('/')[0] ?? 'unknown'}:topic`,
    ref: 'topic',
    sha: HEAD,
    user: user(author),
    repo: from === null ? null : repo(from, { fork: from !== 'acme/shop' }),
  };
  const pull_request = {
    id: 279_147_437,
    number: 7,
    state: action === 'closed' ? 'closed' : 'open',
    title: 'Change a price',
    user: user(author),
    body: null,
    labels: [],
    draft: false,
    merged: action === 'closed',
    merge_commit_sha: MERGE,
    head,
    base: { label: 'acme:main', ref: 'main', sha: BASE, user: user('acme'), repo: own },
    author_association: 'CONTRIBUTOR',
    commits: 1,
    changed_files: 1,
  };
  return { action, number: 7, pull_request, repository: own, sender: user(sender), ...added[action] };
}

const mergeGroup = {
  action: 'checks_requested',
  merge_group: {
    head_sha: MERGE,
    head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${BASE}`,
    base_sha: BASE,
    base_ref: 'refs/heads/main',
    head_commit: { id: MERGE, tree_id: BASE, message: 'Merge pull request #7', timestamp: '2026-11-22T00:00:00Z' },
  },
  repository: own,
  sender: user('octocat'),
};
const push = {
  ref: 'refs/heads/main',
  before: BASE,
  after: MERGE,
  created: false,
  deleted: false,
  forced: false,
  base_ref: null,
  compare: `https://github.com/acme/shop/compare/${BASE}...${MERGE}`,
  commits: [],
  head_commit: { id: MERGE, message: 'Change a price' },
  pusher: { name: 'octocat', email: 'octocat@github.com' },
  repository: own,
  sender: user('octocat'),
};
/** With the repository since September 2022, on older Enterprise Servers without. */
const schedule = { schedule: '17 4 * * *', workflow: '.github/workflows/stripe.yml', repository: own };
const scheduleBefore = { schedule: '17 4 * * *', repository: undefined };
const dispatch = {
  inputs: null,
  ref: 'refs/heads/main',
  workflow: '.github/workflows/stripe.yml',
  repository: own,
  sender: user('octocat'),
};

/** Every activity type of pull_request. */
const types =
  `assigned auto_merge_disabled auto_merge_enabled closed converted_to_draft demilestoned dequeued edited enqueued
  labeled locked milestoned opened ready_for_review reopened review_request_removed review_requested synchronize
  unassigned unlabeled unlocked`.split(/\s+/);

interface Case {
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The commit that links lead to; `GITHUB_SHA` is always a merge. */
  readonly links?: string;
}

const EVENTS: { readonly [what: string]: Case } = {
  ...Object.fromEntries(
    types.map((action) => [
      `pull_request (${action})`,
      { name: 'pull_request', payload: pullRequest({ action }), links: HEAD },
    ]),
  ),
  merge_group: { name: 'merge_group', payload: mergeGroup },
  push: { name: 'push', payload: push },
  schedule: { name: 'schedule', payload: schedule },
  'schedule without a repository': { name: 'schedule', payload: scheduleBefore },
  workflow_dispatch: { name: 'workflow_dispatch', payload: dispatch },
};

// --- What becomes of them

describe.concurrent.each(Object.entries(EVENTS))('on %s', (_, { name, payload, links = MERGE }) => {
  const step = { event: { name, payload }, env: { GITHUB_SHA: MERGE } };

  test('what differs is linked at the commit that people see', async () => {
    const run = await checked(step);
    expect(run.outputs).toMatchObject({ status: 'drift', errors: '3' });
    expect(run.report.commit).toBe(links);
    const hrefs = [...run.summary.matchAll(/\/blob\/([0-9a-f]+)\//g)].map(([, commit]) => commit);
    expect(new Set(hrefs)).toEqual(new Set([links]));
    expect(run.summary).toContain(`(https://github.com/acme/shop/blob/${links}/stripe-config.yaml#L9)`);
    expect(run.summary).toContain(`\`${links.slice(0, 7)}\``);
  });
});

describe.concurrent.each(
  Object.entries(EVENTS).filter(([what]) => !what.includes('(') || what.includes('synchronize')),
)('on %s, without a key', (_, { name, payload }) => {
  test('the step fails, and says what to look at', async () => {
    const run = await checked({ event: { name, payload }, inputs: withoutKey });
    expect(run.exitCode).toBe(1);
    expect(run.outputs.status).toBe('error');
    expect(run.requests).toEqual([]);
    expect(failure(run)).toMatch(/No Stripe API key.*secret.*stripe-api-key/);
  });
});

const pull = (options: PullOptions) => ({ name: 'pull_request', payload: pullRequest(options) });
const DEPENDABOT = 'dependabot[bot]';

/** Runs that get no secrets: a missing key is no fault of theirs. */
const WITHOUT_SECRETS: { readonly [what: string]: NonNullable<ActionStep['event']> } = {
  'a fork’s pull request': pull({ from: 'stranger/shop', author: 'stranger' }),
  'a fork’s pull request, labeled by a member': pull({
    action: 'labeled',
    from: 'stranger/shop',
    author: 'stranger',
    sender: 'octocat',
  }),
  'Dependabot’s pull request, labeled by a member': pull({ action: 'labeled', author: DEPENDABOT, sender: 'octocat' }),
  'a member’s pull request that Dependabot rebased': pull({ sender: DEPENDABOT }),
  'Dependabot’s push': {
    name: 'push',
    payload: { ...push, ref: 'refs/heads/dependabot/npm/x', sender: user(DEPENDABOT) },
  },
  'Dependabot’s merge in a queue': { name: 'merge_group', payload: { ...mergeGroup, sender: user(DEPENDABOT) } },
};

describe.concurrent.each(Object.entries(WITHOUT_SECRETS))('%s, without a key', (what, event) => {
  test('has its file checked, with one notice, and passes', async () => {
    const run = await checked({ event, inputs: withoutKey });
    expect(run.outputs).toMatchObject({ status: 'skipped', drift: '', checked: '', errors: '' });
    expect(run.exitCode).toBe(0);
    expect(run.requests).toEqual([]);
    const word = what.includes('Dependabot') ? 'Dependabot' : 'fork';
    expect(run.annotations).toEqual([{ level: 'notice', message: expect.stringContaining(word) }]);
  });
});

describe.concurrent('a fork’s pull request without a key', () => {
  const event = pull({ from: 'stranger/shop', author: 'stranger' });

  test('has what is wrong with its file annotated on its lines, and fails', async () => {
    const file = shopFile.replace('url:', 'ulr:').replace('usd', 'USD');
    const run = await checked({ event, inputs: withoutKey, file });
    expect(run.outputs.status).toBe('invalid');
    expect(run.exitCode).toBe(1);
    expect(run.kept.flatMap(({ line = [] }) => line)).toEqual(expect.arrayContaining([4, 15]));
  });

  test('is known for one where GITHUB_REPOSITORY is not set, as is this repository’s', async () => {
    const step = { env: { GITHUB_REPOSITORY: undefined }, inputs: withoutKey };
    expect((await checked({ ...step, event })).outputs.status).toBe('skipped');
    expect((await checked({ ...step, event: pull({}) })).outputs.status).toBe('error');
  });
});

describe.concurrent('what is not known to be a fork', () => {
  const { pull_request, ...rest } = pullRequest();
  const payloads: { readonly [what: string]: object } = {
    'no pull request': { ...rest, pull_request: null },
    'a pull request of nothing': { ...rest, pull_request: {} },
    'a pull request without a head': { ...rest, pull_request: { ...pull_request, head: null } },
    'a head without a repository': { ...rest, pull_request: { ...pull_request, head: { ref: 'topic', sha: HEAD } } },
    'a repository without a name': {
      ...rest,
      pull_request: { ...pull_request, head: { ...pull_request.head, repo: {} } },
    },
  };

  test.each(Object.entries(payloads))(
    '%s does not pass without a key, and is compared with one',
    async (_, payload) => {
      for (const name of ['pull_request', 'push']) {
        const event = { name, payload: payload as Case['payload'] };
        const keyless = await checked({ event, inputs: withoutKey });
        expect([keyless.outputs.status, keyless.exitCode]).toEqual(['error', 1]);
        expect(failure(keyless)).toContain('No Stripe API key was given');
        expect((await checked({ event })).outputs.status).toBe('drift');
      }
    },
  );

  test('a repository that is written in another case is the same', async () => {
    const run = await checked({ event: pull({ from: 'Acme/Shop' }), inputs: withoutKey });
    expect(run.outputs.status).toBe('error');
  });

  test('a repository that is gone neither passes without a key nor is trusted with one', async () => {
    const event = pull({ from: null });
    const keyless = await checked({ event, inputs: withoutKey });
    expect([keyless.outputs.status, keyless.exitCode]).toEqual(['error', 1]);
    expect(failure(keyless)).toMatch(/No Stripe API key was given.*repository .* is gone.*on-missing-key: skip/);
    const skipped = await checked({ event, inputs: { ...withoutKey, 'on-missing-key': 'skip' } });
    expect(skipped.outputs.status).toBe('skipped');
    const run = await checked({ event });
    expect(run.outputs).toMatchObject({ status: 'error', drift: '', checked: '' });
    expect(run.requests).toEqual([]);
    expect(failure(run)).toMatch(/repository .* is gone.*allow-pull-request-target: true/);
    const allowed = await checked({ event, inputs: { 'allow-pull-request-target': 'true' } });
    expect(allowed.outputs.status).toBe('drift');
  });
});

describe.concurrent('on pull_request_target', () => {
  test.each([
    ['a fork, without a key', 'stranger/shop', ''],
    ['this repository', 'acme/shop', liveKey],
  ])('a pull request of %s is refused, and nothing is read', async (_, from, key) => {
    const event = { name: 'pull_request_target', payload: pullRequest({ from }) };
    const run = await checked({ event, inputs: { 'stripe-api-key': key }, file: 'a: [' });
    expect(run.exitCode).toBe(1);
    expect(run.outputs.status).toBe('error');
    expect(run.requests).toEqual([]);
    expect(failure(run)).toMatch(/pull_request_target.*on: pull_request.*allow-pull-request-target: true/);
    expect(run.annotations.filter(({ file }) => file !== undefined)).toEqual([]);
  });
});

// --- Events that run with secrets for whoever acts

/** As `issue_comment` is documented, for a comment on a pull request. */
const issueComment = {
  action: 'created',
  issue: { number: 7, title: 'Change a price', user: user('stranger'), pull_request: {}, state: 'open' },
  comment: { id: 492_700_400, user: user('stranger'), author_association: 'NONE', body: '/check' },
  repository: own,
  sender: user('stranger'),
};

/** As `workflow_run` is documented: what it follows, and whose repository that ran for. */
const workflowRun = (event: string, from: string | null, head_sha = HEAD) => ({
  name: 'workflow_run',
  payload: {
    action: 'completed',
    workflow_run: {
      id: 289_782_451,
      event,
      head_branch: 'topic',
      head_sha,
      head_repository: from === null ? null : repo(from, { fork: from !== 'acme/shop' }),
      repository: own,
      conclusion: 'success',
      pull_requests: [],
      actor: user('stranger'),
    },
    workflow: { name: 'CI', path: '.github/workflows/ci.yml' },
    repository: own,
    sender: user('stranger'),
  },
});
const comment = { name: 'issue_comment', payload: issueComment };

/** The commit of the default branch: `GITHUB_SHA` of all these events. */
const MAIN = MERGE;
const detached = (commit: string) => ({ '.git/HEAD': `${commit}\n` });
const branch = (commit: string) => ({ '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${commit}\n` });
const without = { '.git/HEAD': 'ref: refs/heads/.invalid\n' };
const elsewhere = (config: string) => ({ config });

interface Stranger {
  readonly event: NonNullable<ActionStep['event']>;
  readonly files?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: NonNullable<ActionStep['env']>;
}

const REFUSED: { readonly [what: string]: readonly [Stranger, says: RegExp] } = {
  'workflow_run of a fork’s pull request': [
    { event: workflowRun('pull_request', 'stranger/shop'), files: detached(MAIN) },
    /workflow_run.*fork, "stranger\/shop".*untrusted file.*head_repository\.full_name == github\.repository/,
  ],
  'workflow_run of a fork’s push': [
    { event: workflowRun('push', 'stranger/shop'), files: detached(HEAD) },
    /workflow_run.*fork, "stranger\/shop"/,
  ],
  'workflow_run of a fork that is gone': [
    { event: workflowRun('pull_request', null), files: detached(HEAD) },
    /workflow_run.*does not say of which repository/,
  ],
  'workflow_run of nothing': [
    { event: { name: 'workflow_run', payload: { workflow_run: null } }, files: detached(MAIN) },
    /workflow_run.*does not say of which repository/,
  ],
  'workflow_run of a run that a fork’s run started, with the head of the fork checked out': [
    { event: workflowRun('workflow_run', 'acme/shop', MAIN), files: detached(HEAD) },
    new RegExp(`anybody can start.*${HEAD.slice(0, 7)}.*not of "${MAIN.slice(0, 7)}`),
  ],
  'issue_comment with the head checked out': [
    { event: comment, files: detached(HEAD) },
    new RegExp(
      `issue_comment anybody can start.*stripe-config\\.yaml" is of commit "${HEAD.slice(0, 7)}", not of "${MAIN.slice(0, 7)}".*` +
        'on: pull_request.*allow-pull-request-target: true',
    ),
  ],
  'issue_comment with a branch of the head checked out': [{ event: comment, files: branch(HEAD) }, /commit "c0ffee0/],
  'issue_comment with a packed branch of the head checked out': [
    {
      event: comment,
      files: { '.git/HEAD': 'ref: refs/heads/a/topic\n', '.git/packed-refs': `# pack\n${HEAD} refs/heads/a/topic\n` },
    },
    /commit "c0ffee0/,
  ],
  'issue_comment with the head checked out beside the default branch': [
    {
      event: comment,
      files: { ...detached(MAIN), 'pr/.git/HEAD': `${HEAD}\n`, 'pr/stripe-config.yaml': shopFile },
      inputs: elsewhere('pr/stripe-config.yaml'),
    },
    /pr\/stripe-config\.yaml" is of commit "c0ffee0/,
  ],
  'issue_comment with the head in a worktree': [
    {
      event: comment,
      files: {
        ...branch(MAIN),
        '.git/refs/heads/topic': `${HEAD}\n`,
        '.git/worktrees/pr/HEAD': 'ref: refs/heads/topic\n',
        '.git/worktrees/pr/commondir': '../..\n',
        'pr/.git': 'gitdir: ../.git/worktrees/pr\n',
        'pr/stripe-config.yaml': shopFile,
      },
      inputs: elsewhere('pr/stripe-config.yaml'),
    },
    /commit "c0ffee0/,
  ],
  'issue_comment where no .git tells the commit': [
    { event: comment, files: without },
    /issue_comment anybody can start.*the commit of "stripe-config\.yaml" is unknown.*actions\/checkout/,
  ],
  'issue_comment where the run tells no commit': [
    { event: comment, files: detached(HEAD), env: { GITHUB_SHA: '' } },
    /issue_comment anybody can start/,
  ],
  'an event that nobody knows': [
    { event: { name: 'future_event', payload: {} }, files: detached(HEAD) },
    /future_event anybody can start/,
  ],
  ...Object.fromEntries(
    ['issues', 'discussion', 'discussion_comment', 'watch', 'fork', 'gollum', 'check_run', 'check_suite', 'status'].map(
      (name) => [`${name} with another commit`, [{ event: { name, payload: {} }, files: detached(HEAD) }, /anybody/]],
    ),
  ),
};

describe.concurrent.each(Object.entries(REFUSED))('%s', (_, [step, says]) => {
  const all = { env: { GITHUB_SHA: MAIN }, ...step };

  test('is refused before Stripe is asked, with report, outputs and summary', async () => {
    const run = await checked(all);
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ status: 'error', drift: '', checked: '' });
    expect(run.report.status).toBe('error');
    expect(run.requests).toEqual([]);
    expect(failure(run)).toMatch(says);
    expect(failure(run)).toContain('allow-pull-request-target: true');
    expect(run.summary).toContain('Nothing was compared');
    expect(run.annotations.filter(({ file }) => file !== undefined)).toEqual([]);
  });

  test('is compared where that is allowed, and its file is checked where there is no key to misuse', async () => {
    const allowed = await checked({ ...all, inputs: { ...step.inputs, 'allow-pull-request-target': 'true' } });
    expect(allowed.outputs.status).toBe('drift');
    const inputs = { ...step.inputs, ...withoutKey, 'on-missing-key': 'skip' };
    expect((await checked({ ...all, inputs })).outputs.status).toBe('skipped');
  });
});

const mine = (name: string, payload: object = {}) => ({ name, payload: { ...payload, repository: own } });

const SAFE: { readonly [what: string]: Stranger } = {
  'issue_comment with the default branch checked out': { event: comment, files: branch(MAIN) },
  'issue_comment with the default branch checked out detached': { event: comment, files: detached(MAIN) },
  'an event that nobody knows, with the commit of the run': { event: mine('future_event'), files: detached(MAIN) },
  'issue_comment with the default branch in a folder': {
    event: comment,
    files: { ...without, 'shop/.git/HEAD': `${MAIN}\n`, 'shop/a/stripe-config.yaml': shopFile },
    inputs: elsewhere('shop/a/stripe-config.yaml'),
  },
  'workflow_run of an own push, with the commit of the push': {
    event: workflowRun('push', 'acme/shop'),
    files: detached(HEAD),
  },
  'workflow_run of an own push, with the default branch': {
    event: workflowRun('push', 'acme/shop'),
    files: detached(MAIN),
  },
  'workflow_run of an own pull request, without .git': {
    event: workflowRun('pull_request', 'acme/shop'),
    files: without,
  },
  'workflow_run of a schedule, with another repository’s file': {
    event: workflowRun('schedule', 'acme/shop'),
    files: { ...detached(MAIN), 'config/.git/HEAD': `${BASE}\n`, 'config/stripe-config.yaml': shopFile },
    inputs: elsewhere('config/stripe-config.yaml'),
  },
  'workflow_run of a comment’s run, with the commit of that': {
    event: workflowRun('issue_comment', 'acme/shop', BASE),
    files: detached(BASE),
  },
  'a pull request with its head checked out': { event: pull({}), files: detached(HEAD) },
  'a pull request with its merge checked out': { event: pull({}), files: detached(MERGE) },
  'a pull request without .git': { event: pull({}), files: without },
  'a pull request with another repository’s file': {
    event: pull({}),
    files: { ...detached(MERGE), 'config/.git/HEAD': `${BASE}\n`, 'config/stripe-config.yaml': shopFile },
    inputs: elsewhere('config/stripe-config.yaml'),
  },
  'a pull request from a fork whose repository hands it the key': {
    event: pull({ from: 'stranger/shop', author: 'stranger' }),
    files: detached(MERGE),
  },
  'a review of a pull request, with its head checked out': {
    event: { name: 'pull_request_review', payload: pullRequest() },
    files: detached(HEAD),
  },
  ...Object.fromEntries(
    [
      'push',
      'schedule',
      'workflow_dispatch',
      'repository_dispatch',
      'merge_group',
      'release',
      'deployment',
      'create',
    ].map((name) => [`${name} with a commit that a step made`, { event: mine(name), files: branch(BASE) }]),
  ),
  'a push with a checkout without git': { event: mine('push'), files: without },
};

test.concurrent.each(Object.entries(SAFE))('%s is compared', async (_, step) => {
  const run = await checked({ env: { GITHUB_SHA: MAIN }, ...step });
  expect(failure(run)).not.toContain('allow-pull-request-target');
  expect(run.outputs.status).toBe('drift');
});

test('a link into the checkout of a pull request is that pull request’s file', async () => {
  const workspace = repository({ ...detached(MAIN), 'pr/.git/HEAD': `${HEAD}\n`, 'pr/stripe-config.yaml': shopFile });
  symlinkSync('pr/stripe-config.yaml', join(workspace, 'linked.yaml'));
  const inputs = elsewhere('linked.yaml');
  const run = await checked({ workspace, inputs, event: comment, env: { GITHUB_SHA: MAIN } });
  expect(run.outputs.status).toBe('error');
  expect(run.requests).toEqual([]);
  expect(failure(run)).toContain('linked.yaml" is of commit "c0ffee0');
});

describe.concurrent('on an Enterprise Server', () => {
  test('links lead to it', async () => {
    const server = 'https://ghe.acme.example:8443';
    const run = await checked({
      event: pull({}),
      env: { GITHUB_SERVER_URL: server, GITHUB_API_URL: `${server}/api/v3` },
    });
    expect(run.summary).toContain(`(${server}/acme/shop/blob/${HEAD}/stripe-config.yaml#L9)`);
    expect(run.summary).not.toContain('github.com');
  });

  test('an event without a repository takes it from the environment', async () => {
    const env = { GITHUB_SERVER_URL: 'https://ghe.acme.example', GITHUB_REPOSITORY: 'acme/other' };
    const run = await checked({ event: { name: 'schedule', payload: scheduleBefore }, env });
    expect(run.summary).toContain('(https://ghe.acme.example/acme/other/blob/');
  });
});

test('without GITHUB_REPOSITORY there are no links to lines, and all else is the same', async () => {
  const run = await checked({
    event: { name: 'schedule', payload: scheduleBefore },
    env: { GITHUB_REPOSITORY: undefined },
  });
  expect(run.outputs.status).toBe('drift');
  expect(run.summary).not.toMatch(/\/blob\/|undefined/);
});

/** What an event file may hold, and the status of the run: an event that can't be read may forbid the check. */
const ODD_FILES: { readonly [what: string]: readonly [content: string | null, status: string] } = {
  'is missing': [null, 'drift'],
  'is empty': ['', 'error'],
  'is HTML with commands': ['<html>\n::error::planted\n##[set-output name=status]in-sync', 'error'],
  'is null': ['null', 'error'],
  'is a list': ['[]', 'drift'],
  'holds nulls': ['{"pull_request": null, "repository": null, "sender": null}', 'drift'],
  'holds other types': ['{"pull_request": 1, "repository": "x", "sender": []}', 'drift'],
  'holds a pull request of nulls': ['{"pull_request": {"head": null, "user": null, "base": null}}', 'drift'],
};

describe.concurrent.each(Object.entries(ODD_FILES))('an event whose file %s', (_, [content, status]) => {
  test(`ends in ${status} with outputs and a report, and counts as public`, async () => {
    const folder = repository(content === null ? {} : { 'event.json': content });
    const run = await checked({ env: { GITHUB_EVENT_PATH: join(folder, 'event.json') } });
    expect(run.outputs.status).toBe(status);
    expect(run.report.status).toBe(status);
    expect(run.exitCode).toBe(1);
    if (status === 'error') {
      expect(failure(run)).toContain('GITHUB_EVENT_PATH');
      expect(run.requests).toEqual([]);
    }
    const everything = [run.stdout, run.stderr, run.summary, JSON.stringify(run.report)].join('\n');
    expect(everything).not.toContain('Hush');
    expect(run.commands.filter(({ data }) => data.startsWith('planted'))).toEqual([]);
  });
});
