/** The comment on a pull request: one, found again, brought up to date, never another's; and the texts of comment and issue. */
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Report } from '../../src/model.ts';
import {
  bears,
  commentBody,
  isOwnTitle,
  issueBody,
  issueTitle,
  memoryOf,
  newsComment,
  reportKey,
} from '../../src/report/comment.ts';
import { visible } from '../../src/report/escape.ts';
import { type Showing, shown } from '../../src/report/privacy.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { type GitHubRun, type GitHubStep, night, pullRequest, remarks, type Story, tellStory } from '../github-run.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { cleanUp, commit, githubToken } from '../runner.ts';
import { type GitHubOptions, type GitHubServer, person, type User, workflowBot } from '../servers/github.ts';
import { keyPage, liveKey, refusalForms } from '../servers/stripe.ts';
import { driftedShop, shop } from '../shop/shop.ts';

const written = { since: '2026-11-01', day: '2026-11-01', run: null };

afterAll(cleanUp);

const withGitHub = (options: GitHubOptions, story: Story) =>
  tellStory({ event: pullRequest(), inputs: { comment: 'on-drift' } }, options, story);

const LIST = 'GET issues/7/comments';
const CREATION = [LIST, 'POST issues/7/comments', LIST];
const drift = { state: driftedShop() };
/** Nothing can be read: an error. Nothing of prices: incomplete. */
const outage = {
  stripe: { onRequest: () => ({ kind: 'reset' }) as const },
  inputs: { 'timeout-seconds': '1' },
} as const;
const noPrices = {
  stripe: {
    keys: { rk_live_51ShopLiveKeyForTests1234: { mode: 'live', permissions: ['webhook_read', 'product_read'] } },
  },
} as const;

describe.concurrent('the comment', () => {
  test('is made with drift, stays while nothing changes, and turns green when all is fixed', () =>
    withGitHub({}, async (github, run) => {
      const runs = [await run(), await run(drift), await run(drift), await run(), await run()];
      expect(runs.map(({ lines }) => lines)).toEqual([
        [LIST],
        CREATION,
        [LIST],
        [LIST, 'PATCH issues/comments/1001'],
        [LIST],
      ]);
      expect(runs.map(({ outputs }) => outputs['comment-url'])).toEqual([
        '',
        ...Array(4).fill('https://github.com/acme/shop/pull/7#issuecomment-1001'),
      ]);
      expect(runs[1]?.asked.find(({ method }) => method === 'POST')?.body.body).toContain(
        '❌ This pull request needs no change in live mode of `acct_1Shop` &#183; 3 older differences, all errors',
      );
      expect(github.comments.map(({ body }) => body)).toEqual([expect.stringContaining('## ✅ Stripe matches')]);
      expect(runs.flatMap(remarks)).toEqual([]);
    }));

  test('is made without drift where it is always wanted, and nowhere where it is not, or on other events', () =>
    withGitHub({}, async (_github, run) => {
      expect((await run({ inputs: { comment: 'never' }, ...drift })).lines).toEqual([]);
      expect((await run({ event: night, ...drift })).lines).toEqual([]);
      expect((await run({ inputs: { comment: 'always' } })).lines).toEqual(CREATION);
    }));

  test('keeps the last findings under what a run says that could not see everything', () =>
    withGitHub({}, async (github, run) => {
      await run(drift);
      const [comment] = github.comments;
      const first = comment?.body ?? '';
      const [marker = '', , ...findings] = first.split('\n\n');
      const bodies: string[] = [];
      for (const step of [outage, noPrices, { file: 'version: 1\nproduct: {}\n' }, noPrices]) {
        await run(step);
        bodies.push(comment?.body ?? '');
      }
      const titles = ['❌ ', '❌ The key may not read', '❌ `stripe-config.yaml` is invalid'];
      for (const [index, body] of bodies.entries()) {
        expect(body.startsWith(`${marker}\n\n## ${titles[index % 3 === 0 && index > 0 ? 1 : index]}`)).toBe(true);
        expect(body).toContain('**Not everything could be checked this time. The last complete check found:**');
        expect(body.endsWith(findings.join('\n\n'))).toBe(true);
      }
      expect(bodies[3]).toBe(bodies[1]);
      // The same failure is the same bytes, whatever Stripe calls its requests.
      expect((await run(noPrices)).lines).toEqual([LIST]);
      await run(drift);
      expect(comment?.body).toBe(first);
    }));

  test.each(refusalForms)('has the links that add a permission, the same bytes each time: %s', (refusals) =>
    withGitHub({}, async (github, run) => {
      const step = { stripe: { ...noPrices.stripe, refusals, state: driftedShop() } };
      expect((await run(step)).lines).toEqual(CREATION);
      const [comment] = github.comments;
      expect(comment?.body).toContain('](https://dashboard.stripe.com/apikeys/create?name=');
      expect(comment?.body.includes(`](${keyPage()})`)).toBe(refusals !== 'older');
      expect((await run(step)).lines).toEqual([LIST]);
    }),
  );

  test('of a run that could not see everything is only made where that run saw a difference', () =>
    withGitHub({}, async (github, run) => {
      expect((await run(outage)).lines).toEqual([LIST]);
      expect((await run({ ...drift, ...noPrices })).lines).toEqual(CREATION);
      expect(github.comments[0]?.body).not.toContain('The last whole check');
    }));

  test('holds no time, no commit, no run and no secret', () =>
    withGitHub({}, async (github, run) => {
      const { masks } = await run(drift);
      const [body = ''] = github.comments.map((comment) => comment.body);
      expect(body).not.toMatch(/\d ms|\d\.\d s\b|2026|17000000001/);
      for (const word of [commit, commit.slice(0, 7), githubToken]) expect(body).not.toContain(word);
      expect(masks).toContain(githubToken);
    }));

  test('names what the file does not declare only where the repository is private', () =>
    withGitHub({}, async (github, run) => {
      const file = 'version: 1\nproducts: { pro: { id: prod_pro, name: Pro } }\n';
      const state = {
        products: [product({ id: 'prod_pro', name: 'Pro' }), product({ id: 'prod_secret', name: 'Launch' })],
      };
      const event = pullRequest();
      const open = { ...event, payload: { ...event.payload, repository: { full_name: 'acme/shop', private: false } } };
      await run({ file, state, event: open });
      expect(github.comments[0]?.body).toContain('1 (hidden by show-values)');
      expect(github.comments[0]?.body).not.toMatch(/prod_secret|Launch/);
      await run({ file, state, event });
      expect(github.comments[0]?.body).toMatch(/`Launch`.*prod_secret/);
    }));
});

describe.concurrent('whose comment it is', () => {
  test('is told by its first line and by its author, over all pages; the oldest counts', () =>
    withGitHub({}, async (github, run) => {
      await run(drift);
      const [ours] = github.comments.splice(0);
      const body = ours?.body ?? '';
      github.addComment({ number: 7, body, user: person });
      github.addComment({ number: 7, body: `> ${body}`, user: workflowBot });
      github.addComment({ number: 7, body: body.replace(/^<!-- stripe-config-check \w+/, '$&0'), user: workflowBot });
      github.addComment({ number: 7, body, user: null });
      for (let more = 0; more < 250; more += 1) github.addComment({ number: 7, body: 'I agree.' });
      const app = github.addComment({ number: 7, body, user: { login: 'acme-ci[bot]', type: 'Bot' } });
      github.addComment({ number: 7, body, user: workflowBot });
      const before = github.comments.map((comment) => ({ ...comment }));
      const { lines } = await run();
      expect(lines).toEqual([LIST, LIST, LIST, `PATCH issues/comments/${app.id}`]);
      const changed = github.comments.filter((comment, index) => comment.body !== before[index]?.body);
      expect(changed.map(({ id }) => id)).toEqual([app.id]);
    }));

  test('keeps apart the legs of a matrix', () =>
    withGitHub({}, async (github, run) => {
      for (const inputs of [{}, { environment: 'staging' }, { 'report-key': 'eu' }, { 'report-key': 'us' }, {}]) {
        await run({ ...drift, inputs });
      }
      expect(github.comments).toHaveLength(4);
    }));

  test('keeps apart two accounts with one file; a run that does not know its account keeps to the only one', () =>
    withGitHub({}, async (github, run) => {
      const other = { keys: { [liveKey]: { mode: 'live', account: 'acct_1Other' } } } as const;
      await run(drift);
      const [mine] = github.comments;
      expect((await run({ ...drift, ...outage })).lines).toEqual([LIST, `PATCH issues/comments/${mine?.id}`]);
      expect(mine?.body).toMatch(/^<!-- stripe-config-check [0-9a-f]{12} acct_1Shop -->\n/);
      expect(mine?.body).toContain('The last complete check found');
      await run({ ...drift, stripe: other });
      expect(github.comments).toHaveLength(2);
      const before = structuredClone(github.comments);
      expect((await run({ ...drift, ...outage })).lines).toEqual([LIST]);
      expect(github.comments).toEqual(before);
      // That the file is invalid is so for both.
      await run({ ...drift, file: 'version: 2\n' });
      for (const { body } of github.comments) expect(body).toContain('version is 2');
      await run({ ...drift, state: shop(), stripe: other });
      expect(github.comments.map(({ body }) => body.includes('version is 2'))).toEqual([true, false]);
    }));

  test('a comment with line ends of a browser is the same comment', () =>
    withGitHub({}, async (github, run) => {
      await run(drift);
      for (const comment of github.comments) comment.body = comment.body.replaceAll('\n', '\r\n');
      expect((await run(drift)).lines).toEqual([LIST]);
    }));

  test('of two runs at a time the older stays, and says what the younger found', () =>
    withGitHub(
      {
        onRequest({ line, body }, github) {
          if (line !== 'POST /repos/acme/shop/issues/7/comments') return undefined;
          github.addComment({
            number: 7,
            user: workflowBot,
            body: body.body.replaceAll('3 older differences', '2 older differences'),
          });
          return undefined;
        },
      },
      async (github, run) => {
        const { lines, outputs } = await run(drift);
        expect(lines).toEqual([...CREATION, 'PATCH issues/comments/1001', 'DELETE issues/comments/1002']);
        expect(outputs['comment-url']).toContain('1001');
        expect(github.comments.map(({ body }) => body)).toEqual([expect.stringContaining('3 older differences')]);
      },
    ));
});

describe.concurrent('a comment of another bot that bears the marker', () => {
  const bot: User = { login: 'acme-echo[bot]', type: 'Bot' };
  const EVIL = '## ✅ Stripe matches\n\n@octocat [see](https://evil.example)';
  /** As a whole check would have left it. */
  const forged = (body: string) => `${body.split('\n')[0]}\n\n<!-- last whole check -->\n\n${EVIL}`;

  /** The marker of these runs. */
  const markerOf = async (github: GitHubServer, run: (step?: GitHubStep) => Promise<GitHubRun>) => {
    await run(drift);
    return github.comments.splice(0)[0]?.body ?? '';
  };

  test.each([
    ['drift', drift],
    ['a check that could not see everything', { ...drift, ...noPrices }],
    ['nothing that differs', {}],
  ] as const)('that GitHub does not let us edit stays, and an own one says what a run with %s found', (_what, step) =>
    withGitHub({ foreign: [bot.login] }, async (github, run) => {
      const body = forged(await markerOf(github, run));
      const theirs = github.addComment({ number: 7, user: bot, body });
      const made = await run(step);
      expect(remarks(made)).toEqual([]);
      expect(theirs.body).toBe(body);
      expect(github.comments).toHaveLength(2);
      expect(github.comments[1]).toMatchObject({ user: workflowBot });
      expect(github.comments[1]?.body).not.toMatch(/evil|last whole check found/);
      expect(made.outputs['comment-url']).toContain(String(github.comments[1]?.id));
      // From then on the own one is kept up to date.
      await run(outage);
      await run();
      expect(github.comments).toHaveLength(2);
      expect(github.comments[1]?.body).toContain('✅ Stripe matches');
      expect(github.comments[1]?.body).not.toContain('evil');
    }),
  );

  test('is not taken for what the last whole check found because it says what this one would', () =>
    withGitHub({ foreign: [bot.login] }, async (github, run) => {
      await run(drift);
      await run(noPrices);
      const [ours] = github.comments.splice(0);
      const [head = ''] = (ours?.body ?? '').split('<!-- last whole check -->');
      const body = `${head}<!-- last whole check -->\n\n${EVIL}`;
      github.addComment({ number: 7, user: bot, body });
      await run({ ...drift, ...noPrices });
      expect(github.comments.map(({ user }) => user)).toEqual([bot, workflowBot]);
      expect(github.comments[1]?.body).not.toContain('evil');
    }));

  test('that comes while an own one is made does not take that away', () =>
    withGitHub(
      {
        foreign: [bot.login],
        onRequest({ line, body }, github) {
          if (line !== 'POST /repos/acme/shop/issues/7/comments' || github.comments.length > 0) return undefined;
          github.addComment({ number: 7, user: bot, body: forged(body.body) });
          return undefined;
        },
      },
      async (github, run) => {
        const { outputs } = await run(drift);
        expect(outputs['comment-url']).toContain('1002');
        expect(github.comments.map(({ user }) => user)).toEqual([bot, workflowBot]);
      },
    ));
});

test('a live value is no mark of what the last whole check found', () =>
  withGitHub({}, async (github, run) => {
    const name = 'x <!-- last whole check --> ![p](https://evil.example/p.png) @octocat <b>bold</b>';
    const state = { products: [product({ id: 'prod_pro', name })] };
    for (let runs = 0; runs < 3; runs += 1) await run({ state, ...noPrices, inputs: { 'show-values': 'full' } });
    const [{ body = '' } = {}] = github.comments;
    expect(body).not.toContain('last whole check found');
    expect(github.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
    // Outside of what stands in code it is nothing.
    expect(body.replace(/^(`{3,})\w+\n[\s\S]*?\n\1$/gm, '')).not.toMatch(/!\[p\]|<b>/);
  }));

describe.concurrent('what GitHub refuses', () => {
  test.each<[string, GitHubOptions, RegExp]>([
    [
      'a job without the permission',
      { permissions: { 'pull-requests': 'read' } },
      /^warning: The comment could not be updated: GitHub answered 403 \("Resource not accessible by integration"\) to POST "\/repos\/acme\/shop\/issues\/7\/comments"\. The job needs the permission "pull-requests: write"\.$/,
    ],
    [
      'a locked conversation',
      {
        onRequest(_request, github) {
          Object.assign(github.issues[0] ?? {}, { locked: true });
          return undefined;
        },
      },
      /\("Unable to create comment because issue is locked\."\) to POST .*\. The conversation is locked: unlock it to have the comment there\.$/,
    ],
    ['a job that may not read them', { permissions: {} }, /403 .* to GET .*"pull-requests: write"/],
    [
      'words of a hostile server',
      { onRequest: () => ({ status: 422, body: { message: '\n::error::x\n##[error]y `<b>' } }) },
      /422/,
    ],
  ])('%s is a warning that names what to do, and changes nothing else', (_what, options, words) =>
    withGitHub(options, async (_github, run) => {
      const ended = await run(drift);
      expect(remarks(ended)).toEqual([expect.stringMatching(words)]);
      expect(ended.report.notes.filter((note) => note.startsWith('The comment'))).toHaveLength(1);
      expect([ended.exitCode, ended.report.status, ended.outputs['comment-url']]).toEqual([1, 'drift', '']);
      expect(ended.annotations.filter(({ level, file }) => level === 'error' && file === undefined)).toHaveLength(1);
    }),
  );

  test.each([
    [
      'a fork',
      pullRequest('stranger/shop'),
      'There is no comment: the token of a pull request from a fork can only read. The summary has everything.',
    ],
    [
      'Dependabot',
      pullRequest('acme/shop', 'dependabot[bot]'),
      "There is no comment: the token of a run of Dependabot's can only read. The summary has everything.",
    ],
  ])('the read-only token of %s is a notice', (_who, event, message) =>
    withGitHub({ permissions: { 'pull-requests': 'read' } }, async (_github, run) => {
      const ended = await run({ ...drift, event });
      expect(remarks(ended)).toEqual([`notice: ${message}`]);
    }),
  );

  test('an empty token is said', () =>
    withGitHub({}, async (_github, run) => {
      const ended = await run({ ...drift, inputs: { 'github-token': '' } });
      expect(ended.lines).toEqual([]);
      expect(remarks(ended)).toEqual([
        'warning: The comment could not be updated: github-token is empty. Leave it out, or give it a token.',
      ]);
    }));
});

// --- The texts

const key = reportKey(['a key']);

/** A report with so many products that the file does not declare. */
async function reportOf(count: number, name = (index: number) => `Plan ${index}`): Promise<Report> {
  const products = Array.from({ length: count }, (_, index) => product({ id: `prod_${index}`, name: name(index) }));
  return reportFrom('version: 1\nproducts: {}\n', { products });
}

async function reportFrom(text: string, sections: object, showing: Showing = 'full'): Promise<Report> {
  const live = new SnapshotLive(JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1', sections }), 'live.json');
  const file = 'stripe-config.yaml';
  return shown(await check({ sources: [{ file, text }], environment: null, live, failOn: 'error', commit }), showing);
}

/** Every element that Markdown makes of a text, opened and closed: the ones still open at the end. */
function leftOpen(text: string): string[] {
  const html = micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  const open: string[] = [];
  for (const [, slash, name = ''] of html.replace(/<!--.*?-->/gs, '').matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (['br', 'wbr', 'hr', 'img', 'input'].includes(name)) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) open.push(`/${name}`);
  }
  return open;
}

const hostile = (index: number) => `--> <details>\`\`\`|@octocat </details> <!-- ${index} ##[error]`;

describe('the texts', () => {
  const sizes = [0, 1, 10, 1000, 50_000];
  const reports = new Map<string, Report>();
  beforeAll(async () => {
    for (const size of sizes) {
      reports.set(`${size} plain`, await reportOf(size));
      reports.set(`${size} hostile`, await reportOf(size, hostile));
    }
  });

  describe.each(sizes.flatMap((size) => [`${size} plain`, `${size} hostile`]))('for %s differences', (name) => {
    test('keep within the limit, are balanced, and end their hidden comments where they mean to', () => {
      const report = reports.get(name) as Report;
      const body = commentBody(report, key, null);
      const unread = commentBody({ ...report, status: 'incomplete' }, key, body);
      const issue = issueBody(report, key, written);
      for (const text of [body, unread, issue, newsComment(report, null), newsComment(report, memoryOf(issue))]) {
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
        expect(leftOpen(text)).toEqual([]);
        expect(text.match(/<!--/g)?.length).toBe(text.match(/-->/g)?.length);
      }
      expect(bears(body, key)).toBe(true);
      expect(memoryOf(issue)).toMatchObject({ day: '2026-11-01', fingerprint: report.fingerprint });
    });
  });

  test('that leave something open would be seen', () => {
    expect(leftOpen('<details><summary>x</summary>\n\ntext')).toEqual(['details']);
    expect(leftOpen('a <b>x</i>')).not.toEqual([]);
  });

  test('an issue remembers findings in words, then by hash, then not at all', () => {
    const items = (size: number) => memoryOf(issueBody(reports.get(`${size} plain`) as Report, key, written))?.items;
    expect(items(10)?.[3]).toEqual([expect.stringMatching(/^[0-9a-f]{10}$/), 'unmanaged products.prod_3']);
    expect(items(50_000)).toBeNull();
  });

  test('tell what is new and what is gone, also where only hashes are left, or nothing', async () => {
    const at = async (size: number) => memoryOf(issueBody(await reportOf(size), key, written));
    const news = async (before: number, now: number) => newsComment(await reportOf(now), await at(before));
    expect(await news(2, 3)).toMatch(/### New or changed: 1\n\n- .*prod_2/);
    expect(await news(3, 2)).toMatch(/### Gone: 1\n\n- `products.prod_2` was not in the file$/);
    expect(await news(400, 399)).toMatch(/### Gone: 1$/);
    expect(await news(3, 60)).toMatch(/### New or changed: 57\n\n(- .*\n){50}- and 7 more$/);
    expect(await news(5000, 1)).toMatch(/See the text of the issue\.$/);
  });

  test.each(['-->', '--!>', '<!-- stripe-config-check-memory {} -->', 'a\u2028b', '"\\', '>'])(
    'a name such as %j ends no hidden comment, and is remembered',
    async (name) => {
      const text = `version: 1\nproducts:\n  ${JSON.stringify(name)}: { id: prod_1 }\n`;
      const report = await reportFrom(text, { products: [] });
      const body = issueBody(report, key, written);
      expect(memoryOf(body)?.items).toEqual([[expect.any(String), `missing products.${visible(name)}`]]);
      expect(leftOpen(body)).toEqual([]);
      expect(body.match(/-->|--!>/g)).toHaveLength(2);
    },
  );

  test('say nothing new where only what is not shown is another', async () => {
    const file = 'version: 1\nprices: { pro: { id: price_1, unit_amount: 2000 } }\n';
    const report = (amount: number) =>
      reportFrom(file, { prices: [price({ id: 'price_1', unit_amount: amount })] }, 'redacted');
    const [before, now] = [await report(2500), await report(3000)];
    expect(now.fingerprint).toBe(before.fingerprint);
    expect(issueBody(now, key, written)).toBe(issueBody(before, key, written));
  });

  test('a memory that somebody has changed is none', () => {
    const body = issueBody(reports.get('1 plain') as Report, key, written);
    expect(memoryOf(body.replace('"day"', '"night"'))).toBeNull();
    expect(memoryOf(body.replace('"items":[', '"items":[1,'))).toBeNull();
    expect(memoryOf(body.replace('memory {', 'memory {{'))).toBeNull();
    expect(memoryOf('A text of a person')).toBeNull();
  });

  test('a title is one line of at most 300 characters', async () => {
    const report = await reportOf(1);
    const title = issueTitle({ ...report, files: [`a\n${'b'.repeat(300)}`], account: 'x'.repeat(300) });
    expect(title.length).toBeLessThan(300);
    expect(title).toMatch(/…: 1 difference \(live, x+…\)$/);
    expect(isOwnTitle(title)).toBe(true);
    expect(isOwnTitle('Stripe differs from what we sell')).toBe(false);
    expect(title).toMatch(/^Stripe differs from a\\nbbb/);
  });

  test('a comment that a person has made too long to keep gives way to what is known now', () => {
    const report = { ...(reports.get('1 plain') as Report), status: 'incomplete' as const };
    const long = `${commentBody(reports.get('1 plain') as Report, key, null)}${'x'.repeat(59_000)}`;
    expect(Buffer.byteLength(commentBody(report, key, long))).toBeLessThan(10_000);
  });

  test('names in sync, notes and an error of whatever length fit, too', async () => {
    const entries = Array.from({ length: 200 }, (_, index) => `  "${'<'.repeat(95)}${index}": { id: p${index} }`);
    const products = Array.from({ length: 200 }, (_, index) => product({ id: `p${index}` }));
    const report = await reportFrom(`version: 1\nproducts:\n${entries.join('\n')}\n`, { products });
    expect(report.status).toBe('in-sync');
    const long = '<'.repeat(30_000);
    for (const one of [report, { ...report, notes: [long] }, { ...report, error: { message: long, remedy: long } }]) {
      const body = commentBody(one, key, null);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000);
      expect(leftOpen(body)).toEqual([]);
      expect(body).toMatch(/^## (✅ Stripe matches|❌ )/m);
    }
  });
});
