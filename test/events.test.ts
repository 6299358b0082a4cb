/** The events of GitHub, with payloads as GitHub documents them. */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type ActionRun, type ActionStep, cleanUp, repository, runAction } from './runner.ts';
import { asReport, driftedShop, type ReportJson, shopFile } from './shop.ts';
import { product } from './stripe-objects.ts';
import { liveKey, type StripeServer, startStripe } from './stripe-server.ts';

afterAll(cleanUp);

interface Step extends Omit<ActionStep, 'files'> {
  readonly file?: string;
}

interface Checked extends ActionRun {
  readonly report: ReportJson;
  readonly requests: StripeServer['requests'];
}

/** A step that uses the Action, on a Stripe with differences and a product that is not declared. */
async function checked({ file = shopFile, inputs = {}, ...step }: Step): Promise<Checked> {
  const state = driftedShop();
  state.products.push(product({ id: 'prod_Deal', name: 'Hush' }));
  const server = await startStripe({ state });
  try {
    const run = await runAction({
      files: { 'stripe-config.yaml': file },
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
  'a pull request from a fork that is gone': pull({ from: null }),
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
