/** The issue's life: made with drift, told what changed, closed when fixed, and left alone by a run that did not look. */
import type { ChildProcess } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { night, pullRequest, remarks, type Story, tellStory } from '../github-run.ts';
import { cleanUp } from '../runner.ts';
import { type GitHubFault, type GitHubOptions, person, type User, workflowBot } from '../servers/github.ts';
import { liveKey, type StripeState } from '../servers/stripe.ts';
import { driftedShop, shop, shopFile } from '../shop/shop.ts';

afterAll(cleanUp);

/** A server for one test, and the nights that it sees. */
const withGitHub = (options: GitHubOptions, story: Story) =>
  tellStory({ event: night, inputs: { issue: 'true' } }, options, story);

/** The shop with another name of its product: one difference. */
function renamed(name: string): StripeState {
  const { webhook_endpoints, products, prices } = shop();
  return { webhook_endpoints, prices, products: products.map((one) => ({ ...one, name })) };
}

/** The shop with another amount of its price: one difference, another one. */
function repriced(): StripeState {
  const { webhook_endpoints, products } = shop();
  return { webhook_endpoints, products, prices: driftedShop().prices ?? [] };
}

/** Stripe without its prices, or without anything. */
const outage = { onRequest: () => ({ kind: 'reset' }) as const };
const noPrices = {
  keys: { rk_live_51ShopLiveKeyForTests1234: { mode: 'live', permissions: ['webhook_read', 'product_read'] } },
} as const;

const CREATION = ['GET issues', 'GET labels/stripe-config-drift', 'POST labels', 'POST issues', 'GET issues'];

describe.concurrent('seven nights', () => {
  test('send exactly what is news: in sync, drift, the same, another, an outage, fixed, drift again', () =>
    withGitHub({}, async (github, run) => {
      const nights = [
        await run({ day: '2026-11-01' }),
        await run({ day: '2026-11-02', state: renamed('Pro plan') }),
        await run({ day: '2026-11-03', state: renamed('Pro plan') }),
        await run({ day: '2026-11-04', state: repriced() }),
        await run({ day: '2026-11-05', stripe: outage, inputs: { 'timeout-seconds': '1' } }),
        await run({ day: '2026-11-06' }),
        await run({ day: '2026-11-07', state: renamed('Pro plan') }),
      ];
      expect(nights.map(({ report, lines }) => [report.status, ...lines])).toEqual([
        ['in-sync', 'GET issues'],
        ['drift', ...CREATION],
        ['drift', 'GET issues', 'PATCH issues/8'],
        ['drift', 'GET issues', 'PATCH issues/8', 'POST issues/8/comments'],
        ['error', 'GET issues'],
        ['in-sync', 'GET issues', 'PATCH issues/8', 'POST issues/8/comments'],
        ['drift', 'GET issues', 'PATCH issues/8', 'POST issues/8/comments'],
      ]);
      const written = nights.map(({ asked }) => asked.filter(({ method }) => method !== 'GET').map(({ body }) => body));
      const [, made, again, other, , fixed, back] = written;
      expect(made?.[1]).toEqual({
        title: 'Stripe differs from stripe-config.yaml: 1 difference (live, acct_1Shop)',
        body: expect.stringContaining('Seen on 2026-11-02 (UTC)'),
        labels: ['stripe-config-drift'],
      });
      // The third night changes the day and nothing else.
      const changedDay = String(made?.[1]?.body)
        .replace('Seen on 2026-11-02', 'First seen on 2026-11-02, last on 2026-11-03')
        .replace('"day":"2026\\u002d11\\u002d02', '"day":"2026\\u002d11\\u002d03');
      expect(again).toEqual([{ body: changedDay }]);
      expect(other?.[1].body).toBe(
        [
          'Now: 1 difference in live mode of `acct_1Shop` (error).',
          '### New or changed: 1',
          '- `prices.pro_monthly` `unit_amount`&#58; file 20.00 USD, Stripe 25.00 USD (`price_monthly`).',
          '### Gone: 1',
          '- `products.pro.name`',
        ].join('\n\n'),
      );
      expect(fixed).toEqual([
        { state: 'closed', state_reason: 'completed' },
        { body: '✅ Stripe matches `stripe-config.yaml`&#58; 3 entries, live mode of `acct_1Shop`.' },
      ]);
      expect(back?.[1].body).toBe(
        'It is back: 1 difference in live mode of `acct_1Shop` (error).\n\n- `products.pro` name&#58; file Pro, Stripe `"Pro plan"` (`prod_pro`).',
      );
      expect(back?.[0]).toEqual({ state: 'open', body: expect.stringContaining('Seen on 2026-11-07 (UTC)') });
      expect(nights.map(({ outputs }) => outputs['issue-number'])).toEqual(['', '8', '8', '8', '8', '8', '8']);
      expect(nights.flatMap(remarks)).toEqual([]);
      expect(github.issues.find(({ number }) => number === 8)).toMatchObject({ state: 'open', user: workflowBot });
    }));

  test('a second run on one day sends nothing', () =>
    withGitHub({}, async (_github, run) => {
      const state = renamed('Pro plan');
      await run({ state });
      expect((await run({ state })).lines).toEqual(['GET issues']);
    }));
});

describe.concurrent('an issue that a person closed', () => {
  test.each([
    ['not_planned', renamed('Pro plan'), ['GET issues'], ''],
    ['duplicate', renamed('Pro plan'), ['GET issues'], ''],
    ['not_planned', repriced(), ['GET issues', 'GET labels/stripe-config-drift', 'POST issues', 'GET issues'], '9'],
    ['completed', renamed('Pro plan'), ['GET issues', 'PATCH issues/8', 'POST issues/8/comments'], '8'],
  ])('as %s, then drift', (reason, state, lines, number) =>
    withGitHub({}, async (github, run) => {
      await run({ state: renamed('Pro plan') });
      Object.assign(github.issues.at(-1) ?? {}, { state: 'closed', state_reason: reason });
      const next = await run({ state });
      expect(next.lines).toEqual(lines);
      expect(next.outputs['issue-number']).toBe(number);
      expect(next.exitCode).toBe(1);
    }),
  );

  test('stays silent about a part of what was set aside, when the rest could not be read', () =>
    withGitHub({}, async (github, run) => {
      await run({ state: driftedShop() });
      Object.assign(github.issues.at(-1) ?? {}, { state: 'closed', state_reason: 'not_planned' });
      const next = await run({ state: driftedShop(), stripe: noPrices });
      expect(next.report.status).toBe('incomplete');
      expect(next.lines).toEqual(['GET issues']);
    }));
});

describe.concurrent('a run that could not see everything', () => {
  test('opens an issue for what it did see, and neither changes nor closes one', () =>
    withGitHub({}, async (_github, run) => {
      const first = await run({ state: renamed('Pro plan'), stripe: noPrices });
      expect([first.report.status, ...first.lines]).toEqual(['incomplete', ...CREATION]);
      const second = await run({ stripe: noPrices });
      expect([second.report.status, ...second.lines]).toEqual(['incomplete', 'GET issues']);
      const invalid = await run({ file: 'version: 1\nproduct: {}\n' });
      expect([invalid.report.status, ...invalid.lines]).toEqual(['invalid', 'GET issues']);
      const skipped = await run({ inputs: { 'stripe-api-key': '', 'on-missing-key': 'skip', 'report-key': 'a' } });
      expect([skipped.report.status, ...skipped.lines]).toEqual(['skipped', 'GET issues']);
    }));
});

describe.concurrent('whose issue it is', () => {
  test('is told by its first line and by its author, on whatever page it stands', () =>
    withGitHub({}, async (github, run) => {
      await run({ state: renamed('Pro plan') });
      const ours = github.issues.pop();
      const body = ours?.body ?? '';
      const labels = ['stripe-config-drift'];
      // Somebody else's copy, a quotation of it by a bot, a pull request, another key, and many more with the label.
      github.addIssue({ body, labels, user: person });
      github.addIssue({ body: `> ${body}`, labels, user: workflowBot });
      github.addIssue({ body, labels, user: workflowBot, isPullRequest: true });
      github.addIssue({ body: body.replace(/^<!-- stripe-config-check \w+/, '$&0'), labels, user: workflowBot });
      github.addIssue({ body, labels, user: null });
      for (let more = 0; more < 220; more += 1) github.addIssue({ labels });
      const number = github.addIssue({ ...ours, number: 500 }).number;
      const next = await run({ state: repriced() });
      expect(next.lines).toEqual([
        'GET issues',
        'GET issues',
        'GET issues',
        `PATCH issues/${number}`,
        `POST issues/${number}/comments`,
      ]);
      expect(next.asked.map(({ query }) => query.get('page')).slice(0, 3)).toEqual(['1', '2', '3']);
    }));

  test('is told apart by file, environment, account, workflow and report-key', () =>
    withGitHub({}, async (github, run) => {
      const state = renamed('Pro plan');
      const files = { 'other.yaml': 'version: 1\nproducts: { pro: { id: prod_pro, name: Pro } }\n' };
      await run({ state });
      await run({ state, files, inputs: { config: 'other.yaml' } });
      await run({ state, inputs: { environment: 'staging' } });
      await run({ state, env: { GITHUB_WORKFLOW: 'Another' } });
      await run({ state, inputs: { 'report-key': 'leg 1' } });
      await run({ state, inputs: { 'report-key': 'leg 2' } });
      const again = await run({ state, inputs: { 'report-key': 'leg 1' }, env: { GITHUB_WORKFLOW: 'Renamed' } });
      expect(again.outputs['issue-number']).toBe('12');
      expect(github.issues.filter(({ user }) => user === workflowBot).map(({ title }) => title)).toEqual([
        'Stripe differs from stripe-config.yaml: 1 difference (live, acct_1Shop)',
        'Stripe differs from other.yaml: 1 difference (live, acct_1Shop)',
        'Stripe differs from stripe-config.yaml: 1 difference (live, staging, acct_1Shop)',
        ...Array(3).fill('Stripe differs from stripe-config.yaml: 1 difference (live, acct_1Shop)'),
      ]);
    }));

  test('is a person with a token of that person', async () => {
    const token = ['ghp', 'made', 'up'].join('_');
    await withGitHub({ tokens: { [token]: person } }, async (github, run) => {
      const step = { state: renamed('Pro plan'), inputs: { 'github-token': token } };
      await run(step);
      const next = await run(step);
      expect(next.lines).toEqual(['GET issues', 'GET /user']);
      expect(github.issues.filter(({ user }) => user === person)).toHaveLength(2);
      expect(next.masks).toContain(token);
    });
  });
});

describe.concurrent('two accounts with one file', () => {
  const other = { keys: { [liveKey]: { mode: 'live', account: 'acct_1Other' } } } as const;
  /** A key that may not read the account, of which Stripe does not say whose it is. */
  const unnamed = {
    onRequest: ({ path }: { path: string }) =>
      path === '/v1/account'
        ? ({ status: 403, body: { error: { type: 'invalid_request_error', message: 'No.' } } } as const)
        : undefined,
  };

  test('have an issue each, and neither closes, changes or opens the one of the other', () =>
    withGitHub({}, async (github, run) => {
      const drift = renamed('Pro plan');
      const first = await run({ state: drift });
      const mine = first.outputs['issue-number'];
      expect(github.issues.at(-1)?.body).toMatch(/^<!-- stripe-config-check [0-9a-f]{12} acct_1Shop -->\n/);
      expect((await run({ stripe: other })).lines).toEqual(['GET issues']);
      expect(github.issues.at(-1)).toMatchObject({ number: Number(mine), state: 'open' });
      const second = await run({ state: drift, stripe: other });
      expect(second.lines).toContain('POST issues');
      const theirs = second.outputs['issue-number'];
      expect(theirs).not.toBe(mine);
      expect((await run({ state: repriced() })).lines).toContain(`PATCH issues/${mine}`);
      const fixed = await run();
      expect(fixed.lines).toEqual(['GET issues', `PATCH issues/${mine}`, `POST issues/${mine}/comments`]);
      expect(github.issues.find(({ number }) => number === Number(theirs))?.state).toBe('open');
      expect((await run({ stripe: other })).lines).toContain(`PATCH issues/${theirs}`);
      // Closed ones are opened again by their own account alone.
      expect((await run({ state: drift, stripe: other })).lines).toContain(`PATCH issues/${theirs}`);
    }));

  test('are asked for once, and only where an issue is kept', () =>
    withGitHub({}, async (_, run) => {
      const paths: string[] = [];
      const stripe = {
        onRequest({ path }: { path: string }) {
          paths.push(path);
          return undefined;
        },
      };
      await run({ stripe });
      expect(paths.filter((path) => path === '/v1/account')).toHaveLength(1);
      const elsewhere = { inputs: { issue: 'false' }, file: 'version: 1\nproducts: {}\n' };
      for (const step of [elsewhere, { event: pullRequest() }, { file: 'version: 2\n' }]) {
        paths.length = 0;
        await run({ stripe, ...step });
        expect(paths).not.toContain('/v1/account');
      }
      paths.length = 0;
      await run({ stripe, file: `account: acct_1Shop\n${shopFile}` });
      expect(paths.filter((path) => path === '/v1/account')).toHaveLength(1);
    }));

  test('of a key that does not tell its account: the issue of a known one is left alone, with a note', () =>
    withGitHub({}, async (github, run) => {
      const drift = renamed('Pro plan');
      await run({ state: drift });
      const before = structuredClone(github.issues);
      for (const state of [drift, shop()]) {
        const next = await run({ state, stripe: unnamed });
        expect(next.lines).toEqual(['GET issues']);
        expect(next.report.notes.join()).toContain('Stripe did not say which account the key belongs to');
      }
      expect(github.issues).toEqual(before);
    }));

  test('of keys that never tell their accounts share an issue, which no known account touches', () =>
    withGitHub({}, async (github, run) => {
      const made = await run({ state: renamed('Pro plan'), stripe: unnamed });
      expect(made.lines).toEqual(CREATION);
      expect(github.issues.at(-1)?.body).toMatch(/^<!-- stripe-config-check [0-9a-f]{12} -->\n/);
      expect((await run()).lines).toEqual(['GET issues']);
      const number = made.outputs['issue-number'];
      expect((await run({ stripe: unnamed })).lines).toContain(`PATCH issues/${number}`);
    }));
});

describe.concurrent('an issue whose conversation is locked', () => {
  test('is edited, closed and opened again, with a note that the comment is missing', () =>
    withGitHub({}, async (github, run) => {
      await run({ state: renamed('Pro plan') });
      const issue = github.issues.at(-1);
      Object.assign(issue ?? {}, { locked: true });
      const nights = [await run({ state: repriced() }), await run(), await run({ state: renamed('Pro plan') })];
      expect(nights.map(({ lines }) => lines)).toEqual(
        Array(3).fill(['GET issues', 'PATCH issues/8', 'POST issues/8/comments']),
      );
      expect(nights.map(({ outputs }) => outputs['issue-number'])).toEqual(['8', '8', '8']);
      expect(nights.flatMap(remarks)).toEqual([]);
      for (const { report } of nights) {
        expect(report.notes).toEqual([
          'Issue #8 was updated, but without a comment on what changed: its conversation is locked. Unlock it to get comments.',
        ]);
      }
      expect(issue).toMatchObject({ state: 'open', body: expect.stringContaining('Pro plan') });
      expect(github.comments).toEqual([]);
    }));

  test('another refusal of the comment is a warning, after the issue was edited', () =>
    withGitHub(
      {
        onRequest: ({ line }) =>
          line.endsWith('/comments') ? { status: 403, body: { message: 'Blocked' } } : undefined,
      },
      async (github, run) => {
        await run({ state: renamed('Pro plan') });
        const next = await run({ state: repriced() });
        expect(remarks(next)).toEqual([
          expect.stringMatching(
            /^warning: The comment on issue #8 could not be made: GitHub answered 403 \("Blocked"\)/,
          ),
        ]);
        expect(next.outputs['issue-number']).toBe('8');
        expect(github.issues.at(-1)?.body).toContain('unit_amount');
      },
    ));
});

describe.concurrent('an issue of another bot that bears the marker', () => {
  const bot: User = { login: 'acme-triage[bot]', type: 'Bot' };
  const labels = ['stripe-config-drift'];

  test.each(['open', 'closed'] as const)(
    'that GitHub does not let us edit, being %s, gets an own one beside it',
    (state) =>
      withGitHub({ foreign: [bot.login] }, async (github, run) => {
        await run({ state: renamed('Pro plan') });
        const ours = github.issues.pop();
        const state_reason = state === 'closed' ? 'completed' : null;
        const theirs = github.addIssue({ ...ours, number: 5, user: bot, labels, state, state_reason });
        const before = { ...theirs };
        const made = await run({ state: repriced() });
        expect(made.outputs['issue-number']).toBe(String(github.issues.at(-1)?.number));
        expect(github.issues.at(-1)).toMatchObject({ user: workflowBot, state: 'open' });
        expect(remarks(made)).toEqual([]);
        // What it says is found again, and closed; the other bot's stays as it is.
        await run({ state: renamed('Pro plan') });
        const fixed = await run();
        expect(github.issues.at(-1)).toMatchObject({ user: workflowBot, state: 'closed' });
        expect(fixed.exitCode).toBe(0);
        expect(theirs).toEqual(before);
        expect(github.comments.filter(({ number }) => number === theirs.number)).toEqual([]);
      }),
  );
});

describe.concurrent('two runs at a time', () => {
  test('leave the older issue: the younger is closed as a duplicate, and never found again', () =>
    withGitHub(
      {
        onRequest({ line, body }, github) {
          if (line !== 'POST /repos/acme/shop/issues' || github.issues.length > 1) return undefined;
          github.addIssue({ user: workflowBot, labels: ['stripe-config-drift'], body: body.body });
          return undefined;
        },
      },
      async (github, run) => {
        const state = renamed('Pro plan');
        const first = await run({ state });
        expect(first.lines).toEqual([...CREATION, 'PATCH issues/9']);
        expect(first.outputs['issue-number']).toBe('8');
        expect(github.issues.at(-1)).toMatchObject({
          state: 'closed',
          state_reason: 'duplicate',
          body: 'Another run reported the same at the same time: see #8.',
        });
        expect((await run({ state })).outputs['issue-number']).toBe('8');
        expect((await run()).lines).toEqual(['GET issues', 'PATCH issues/8', 'POST issues/8/comments']);
      },
    ));
});

describe.concurrent('labels and assignees', () => {
  test('are set when the issue is made; who can’t be assigned only warns', () =>
    withGitHub({ assignable: ['octocat'] }, async (github, run) => {
      const inputs = { 'issue-labels': 'bug, stripe: live', 'issue-assignees': 'nobody-here, octocat\nstranger' };
      const made = await run({
        state: renamed('Pro plan'),
        inputs: { ...inputs, 'fail-on': 'never' },
      });
      expect(made.exitCode).toBe(0);
      expect(made.lines).toEqual([
        'GET issues',
        'GET labels/bug',
        'GET labels/stripe%3A%20live',
        'POST labels',
        'POST issues',
        'GET issues',
        ...Array(3).fill('POST issues/8/assignees'),
      ]);
      expect(github.issues.at(-1)).toMatchObject({ labels: ['bug', 'stripe: live'], assignees: ['octocat'] });
      expect(remarks(made)).toEqual([
        'warning: "nobody-here" could not be assigned to issue #8: GitHub answered 422 ("Validation Failed: assignees invalid") to POST "/repos/acme/shop/issues/8/assignees". "stranger" could not be assigned to issue #8: GitHub passed over the name.',
      ]);
    }));

  const noLabels: GitHubOptions = {
    onRequest: ({ line }) =>
      line === 'POST /repos/acme/shop/labels' ? { status: 422, body: { message: 'Validation Failed' } } : undefined,
  };

  test('a label that can’t be made only warns, and the issue is found without it', () =>
    withGitHub(noLabels, async (github, run) => {
      const inputs = { 'issue-labels': 'a label' };
      const first = await run({ state: renamed('Pro plan'), inputs });
      expect(remarks(first)).toEqual([
        expect.stringMatching(/^warning: The label "a label" could not be made: GitHub/),
      ]);
      const second = await run({ state: renamed('Pro plan'), inputs });
      expect([first, second].map(({ outputs }) => outputs['issue-number'])).toEqual(['8', '8']);
      expect(github.issues).toHaveLength(2);
    }));

  test('a label that another run has made meanwhile is taken', () =>
    withGitHub(
      {
        onRequest({ line }, github) {
          if (line === 'POST /repos/acme/shop/labels') github.labels.add('stripe-config-drift');
          return undefined;
        },
      },
      async (_github, run) => {
        const made = await run({ state: renamed('Pro plan') });
        expect(remarks(made)).toEqual([]);
        expect(made.outputs['issue-number']).toBe('8');
      },
    ));
});

describe.concurrent('where an issue is kept', () => {
  test.each([
    ['push', 'main', { ref: 'refs/heads/main' }, null],
    ['workflow_dispatch', 'main', { ref: 'refs/heads/main' }, null],
    ['push', 'a topic', { ref: 'refs/heads/topic' }, 'push on another branch'],
    ['pull_request', 'a merge', pullRequest().payload, 'pull_request'],
    ['merge_group', 'a queue', { merge_group: { head_ref: 'refs/heads/gh-readonly-queue/main/pr-7' } }, 'merge_group'],
  ])('%s on %s', (name, _branch, payload, elsewhere) =>
    withGitHub({}, async (_github, run) => {
      const { lines, report } = await run({ state: renamed('Pro plan'), event: { name, payload } });
      expect(lines).toEqual(elsewhere === null ? CREATION : []);
      expect(report.notes).toEqual(
        elsewhere === null
          ? []
          : [
              `The issue was left as it is: only runs of schedule, push and workflow_dispatch on the default branch update it, and this run is of ${elsewhere}.`,
            ],
      );
    }),
  );

  test('nowhere unless it is asked for', () =>
    withGitHub({}, async (_github, run) => {
      expect((await run({ state: renamed('Pro plan'), inputs: { issue: 'false' } })).lines).toEqual([]);
    }));
});

describe.concurrent('what GitHub refuses', () => {
  const refused: [string, GitHubOptions, RegExp][] = [
    [
      'without the permission it is named',
      { permissions: { issues: 'read' } },
      /^warning: The issue could not be updated: GitHub answered 403 \("Resource not accessible by integration"\) to POST "\/repos\/acme\/shop\/issues"\. The job needs the permission "issues: write"\.$/,
    ],
    [
      'a token that is none',
      { tokens: { ghs_made_up_for_tests: undefined } },
      /401 \("Bad credentials"\).* Look at github-token/,
    ],
    [
      'issues that are switched off',
      always({ status: 410, body: { message: 'Issues has been disabled in this repository.' } }),
      /410 \("Issues has been disabled in this repository\."\).*\. Issues are turned off in this repository: turn them on in its settings, or leave out the input issue\.$/,
    ],
    [
      'an archived repository',
      always({ status: 403, body: { message: 'Repository was archived so is read-only.' } }),
      /\. The repository is archived, so nothing can be written there: unarchive it, or leave out the inputs comment and issue\.$/,
    ],
    [
      'a token that lacks single sign-on, by the header',
      always({
        status: 403,
        headers: { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso?authorization_request=AAAsecret' },
        body: { message: 'Forbidden' },
      }),
      /^(?!.*AAAsecret).*\. The organization requires single sign-on: authorize the token in github-token for it\.$/,
    ],
    [
      'a token that lacks single sign-on, by the words',
      always({
        status: 403,
        body: {
          message:
            'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
        },
      }),
      /\. The organization requires single sign-on: authorize/,
    ],
    [
      'a machine that is not on the list of addresses',
      always({
        status: 403,
        body: {
          message:
            'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.',
        },
      }),
      /\. The organization allows requests only from listed IP addresses: add this machine's, or run the job on a machine whose address is listed\.$/,
    ],
    [
      'a token of a person that lacks the permission',
      always({ status: 403, body: { message: 'Resource not accessible by personal access token' } }),
      /\. The token in github-token needs the permission "issues: write"\.$/,
    ],
    [
      'words that nobody knows',
      always({ status: 403, body: { message: 'You shall not pass' } }),
      /\. If that does not say why: the job may lack the permission "issues: write"\.$/,
    ],
    [
      'a repository that is being moved',
      always({ status: 403, body: { message: 'Repository has been locked for migration' } }),
      /\. The repository is locked while it is moved: run this again afterwards\.$/,
    ],
    ['a pace to wait an hour for', always({ status: 429, headers: { 'retry-after': '3600' } }), /answered 429 to GET/],
    ['an outage', always({ status: 502, body: '<html>##[error]Bad gateway</html>' }), /answered 502 to GET/],
    ['no answer', always({ reset: true }), /GitHub gave no answer/],
  ];

  test.each(refused)('%s is a warning and a note, and changes nothing else', (_what, options, words) =>
    withGitHub(options, async (_github, run) => {
      const ended = await run({ state: renamed('Pro plan') });
      expect(remarks(ended)).toEqual([expect.stringMatching(words)]);
      expect(ended.report.notes).toHaveLength(1);
      expect(ended.summary).toContain('### Notes');
      expect([ended.exitCode, ended.report.status, ended.outputs['issue-number']]).toEqual([1, 'drift', '']);
    }),
  );

  test.each<[string, GitHubFault]>([
    ['429 with a time', { status: 429, headers: { 'retry-after': '1' } }],
    [
      '403 with a time',
      { status: 403, headers: { 'retry-after': '1' }, body: { message: 'You have exceeded a secondary rate limit' } },
    ],
    [
      '403 until the limit is reset',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' } },
    ],
    ['500', { status: 500 }],
    ['a broken connection', { reset: true }],
    ['a broken connection after the work was done', { reset: true, late: true }],
  ])('%s passes: it is asked again, and one issue stays', (_what, fault) => {
    let faults = 0;
    const options: GitHubOptions = {
      onRequest: ({ line }) => (line === 'POST /repos/acme/shop/issues' && ++faults === 1 ? fault : undefined),
    };
    return withGitHub(options, async (github, run) => {
      const ended = await run({ state: renamed('Pro plan') });
      expect(ended.lines.filter((line) => line === 'POST issues')).toHaveLength(2);
      expect(remarks(ended)).toEqual([]);
      expect(ended.outputs['issue-number']).toBe('8');
      expect(github.issues.filter(({ state, user }) => state === 'open' && user === workflowBot)).toHaveLength(1);
    });
  });
});

describe.concurrent('a GitHub that is slow', () => {
  const both = { event: pullRequest(), inputs: { comment: 'always', issue: 'true' } };
  const seconds = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return (performance.now() - start) / 1000;
  };

  test('and never answers is given up within 30 seconds in all, and the rest is told', () =>
    withGitHub(always({ hang: true }), async (_github, run) => {
      const took = await seconds(async () => {
        const ended = await run({ ...both, state: renamed('Pro plan'), timeoutMs: 60_000 });
        expect(ended.outputs).toMatchObject({ status: 'drift', 'comment-url': '' });
        expect(remarks(ended)).toEqual([expect.stringMatching(/comment could not .* GitHub gave no answer/)]);
        expect(ended.report.notes.join()).toMatch(/before this change could not be read: GitHub gave no answer/);
      });
      expect(took).toBeLessThan(30);
    }));

  test('and never answers holds up the comparison no longer than timeout-seconds', () =>
    withGitHub(always({ hang: true }), async (_github, run) => {
      const inputs = { issue: 'false', 'timeout-seconds': '2' };
      const took = await seconds(async () => {
        const ended = await run({ event: pullRequest(), inputs, state: renamed('Pro plan') });
        expect(ended.outputs.status).toBe('drift');
      });
      expect(took).toBeLessThan(10);
    }));

  test('and answers each time after some seconds is waited for', () =>
    withGitHub(always({ afterMs: 4000 }), async (github, run) => {
      const ended = await run({ ...both, state: renamed('Pro plan'), timeoutMs: 60_000 });
      expect(remarks(ended)).toEqual([]);
      expect(ended.outputs['comment-url']).not.toBe('');
      expect(ended.asked.length).toBeGreaterThan(4);
      expect(github.comments).toHaveLength(1);
    }));
});

test('a run that is interrupted while it waits for GitHub still tells everything', () => {
  let child: ChildProcess | undefined;
  const options: GitHubOptions = {
    onRequest() {
      // After the answer, so that the run waits.
      setTimeout(() => child?.kill('SIGTERM'), 200);
      return { status: 429, headers: { 'retry-after': '50' } };
    },
  };
  return withGitHub(options, async (_github, run) => {
    const ended = await run({
      state: renamed('Pro plan'),
      onStart(started) {
        child = started;
      },
    });
    expect(ended.lines).toEqual(['GET issues']);
    expect([ended.exitCode, ended.report.status]).toEqual([143, 'drift']);
    expect(remarks(ended)).toEqual([expect.stringMatching(/GitHub (?:answered 429|gave no answer)/)]);
  });
});

function always(fault: GitHubFault): GitHubOptions {
  return { onRequest: () => fault };
}
