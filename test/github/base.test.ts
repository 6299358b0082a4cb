/**
 * The file before a pull request: the committed bundle, run as the runner runs it, beside a server that behaves as GitHub
 * does. Which commit is meant, and what is told where it can't be had.
 */
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type GitHubRun, pullRequest, runWith } from '../github-run.ts';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import { type ActionStep, cleanUp, commit } from '../runner.ts';
import { type GitHubComparison, type GitHubFault, type GitHubOptions, startGitHub } from '../servers/github.ts';
import { shop, shopFile } from '../shop/shop.ts';

afterAll(cleanUp);
vi.setConfig({ maxConcurrency: 2 });

const BASE = 'ba5e'.repeat(10);
const HEAD = '4ead'.repeat(10);
const FILE = 'stripe-config.yaml';
/** `shopFile` as it was before: its price had another amount, and its product another name. */
const former = shopFile.replace('unit_amount: 2000', 'unit_amount: 1500').replace('name: Pro', 'name: Pro Plan');

interface Step extends Omit<ActionStep, 'files'> {
  readonly github?: GitHubOptions;
  readonly files?: Readonly<Record<string, string>>;
  readonly state?: ReturnType<typeof shop>;
  readonly file?: string;
}

/** Runs a step whose checkout is GitHub's merge of the pull request, where nothing else is said. */
async function run({
  github: options = {},
  files = { '.git/HEAD': `${commit}\n` },
  ...step
}: Step): Promise<GitHubRun> {
  const history = { parents: { [commit]: [BASE, HEAD] }, files: { [BASE]: { [FILE]: former } } };
  const github = await startGitHub({ history, ...options });
  try {
    return await runWith(github, { event: pullRequest(), files, ...step });
  } finally {
    await github.close();
  }
}

/** The shop with the old amount: what the file now states is pending, and its name is as live. */
function behind(): ReturnType<typeof shop> {
  const { prices, ...rest } = shop();
  return {
    ...rest,
    prices: prices.map((live) => ({ ...live, unit_amount: 1500, unit_amount_decimal: '1500' })),
  } as never;
}

const origins = ({ report }: GitHubRun) =>
  report.findings.map(
    ({ problem, section, name, field, origin }) => `${origin}: ${problem} ${section}.${name}.${field}`,
  );

describe('a pull request', () => {
  test('tells what it leaves pending, what had drifted and what it resolves in every outlet', async () => {
    const file = `version: 1
webhooks:
  billing: { url: https://api.example.com/stripe/webhooks, enabled_events: [checkout.session.completed, invoice.paid] }
products:
  pro: { id: prod_pro, name: Pro }
prices:
  pro_monthly:
    lookup_key: pro_monthly
    currency: usd
    unit_amount: 2500
    recurring: { interval: month }
`;
    const before = file.replace('2500', '2000').replace('name: Pro', 'name: Pro Plan');
    const state = {
      webhook_endpoints: [
        webhookEndpoint({
          url: 'https://api.example.com/stripe/webhooks',
          enabled_events: ['checkout.session.completed'],
        }),
      ],
      products: [product({ id: 'prod_pro', name: 'Pro' })],
      prices: [price({ lookup_key: 'pro_monthly', unit_amount: 2000, product: 'prod_pro' })],
    };
    const history = { parents: { [commit]: [BASE, HEAD] }, files: { [BASE]: { [FILE]: before } } };
    const found = await run({
      github: { history },
      state: state as never,
      file,
      inputs: { comment: 'on-drift', 'show-values': 'full' },
    });

    expect(origins(found)).toEqual([
      'pending: changed prices.pro_monthly.unit_amount',
      'drift: changed webhooks.billing.enabled_events',
    ]);
    expect(found.report).toMatchObject({ base: BASE, counts: { pending: 1, resolved: 1 } });
    expect(found.report.resolved).toMatchObject([{ problem: 'changed', name: 'pro', field: 'name', at: { line: 5 } }]);
    expect(found.outputs).toMatchObject({ status: 'drift', changed: '2', pending: '1', resolved: '1' });
    const told = found.kept.map(({ level, line, message }) => `${level} ${line}: ${message}`);
    expect(told).toEqual([
      expect.stringMatching(/^error 10: prices\.pro_monthly .*Pending: in this pull request, not yet in Stripe\.\n/),
      expect.stringMatching(
        /^error 3: webhooks\.billing .*missing in Stripe: invoice\.paid.* Drift: from before this pull request\.\n/,
      ),
      expect.stringMatching(/^notice 5: Fixed by this pull request: products\.pro .*"Pro Plan"/),
      expect.stringContaining('error undefined: Stripe plan: 1 to replace · 1 older difference (error)'),
    ]);
    const comment = found.asked.find(({ method }) => method === 'POST')?.body.body as string;
    for (const page of [found.summary, comment]) {
      const [planned = '', before = '', fixed = ''] = page.split(/<summary>1 older difference|^### ✅/m);
      expect(planned).toContain('## Stripe plan&#58; 1 to replace &#183; 1 older difference (error)');
      expect(planned).toContain('| 20&#46;00 USD every month | **25&#46;00 USD every month** (+25 %) |');
      expect(planned).toContain('`±` replace price **`pro_monthly`**');
      expect(planned).toContain('Subscriptions stay on the old price');
      expect(before).toContain('`invoice.paid`');
      expect(fixed).toMatch(/^ This pull request fixes 1 difference/);
      expect(fixed).toContain('`"Pro Plan"`');
    }
    expect(found.stdout).toContain('pending (in this pull request, not yet in Stripe)');
    expect(found.stdout).toContain('fixed by this pull request');
  });
});

describe.concurrent('the file before is that of', () => {
  test('the first parent of the merge that is checked out by default', async () => {
    const found = await run({ state: behind() });
    expect(origins(found)).toEqual(['pending: changed prices.pro_monthly.unit_amount']);
    expect(found.reads).toEqual([`GET commits/${commit}`, `GET contents/${FILE}`]);
  });

  test('the same, where no .git tells what is checked out', async () => {
    const found = await run({ state: behind(), files: {} });
    expect(found.report.base).toBe(BASE);
  });

  test.each([
    ['detached', { '.git/HEAD': `${HEAD}\n` }],
    ['of a branch', { '.git/HEAD': 'ref: refs/heads/topic\n', '.git/refs/heads/topic': `${HEAD}\n` }],
    [
      'of a packed branch',
      {
        '.git/HEAD': 'ref: refs/heads/a/topic\n',
        '.git/packed-refs': `# pack-refs\n${BASE} refs/heads/main\n${HEAD} refs/heads/a/topic\n`,
      },
    ],
  ])('the commit where base branch and checkout part, where another commit is checked out: %s', async (_, files) => {
    const history = {
      files: { [BASE]: { [FILE]: former } },
      comparisons: { [`main...${HEAD}`]: { mergeBase: BASE } },
    };
    const found = await run({ state: behind(), files, github: { history } });
    expect(found.report.base).toBe(BASE);
    expect(found.reads).toEqual([`GET compare/main...${HEAD}`, `GET contents/${FILE}`]);
  });

  test('the same in a worktree, whose .git says where it lies', async () => {
    const files = { 'tree/.git': 'gitdir: ../elsewhere\n', 'elsewhere/HEAD': `${HEAD}\n`, [`tree/${FILE}`]: shopFile };
    const history = { files: { [BASE]: { [FILE]: former } }, comparisons: { [`main...${HEAD}`]: { mergeBase: BASE } } };
    const found = await run({ state: behind(), files, inputs: { config: `tree/${FILE}` }, github: { history } });
    expect(found.report.base).toBe(BASE);
  });

  test('the base of a merge group', async () => {
    const event = {
      name: 'merge_group',
      payload: { action: 'checks_requested', merge_group: { base_sha: BASE, head_sha: HEAD } },
    };
    const found = await run({ state: behind(), event });
    expect(origins(found)).toEqual(['pending: changed prices.pro_monthly.unit_amount']);
    expect(found.reads).toEqual([`GET contents/${FILE}`]);
  });

  test('the repository that is checked out into a folder of the workspace, whatever its names', async () => {
    const path = 'pay & go/#1/stripe%.yaml';
    const history = { parents: { [commit]: [BASE, HEAD] }, files: { [BASE]: { [path]: former } } };
    const found = await run({
      state: behind(),
      files: { 'shop/.git/HEAD': `${commit}\n`, [`shop/${path}`]: shopFile },
      inputs: { config: `shop/${path}` },
      github: { history },
    });
    expect(found.report.base).toBe(BASE);
    expect(found.asked.at(-1)?.line).toBe('GET /repos/acme/shop/contents/pay%20%26%20go/%231/stripe%25.yaml');
  });
});

describe.concurrent('a file that the pull request', () => {
  test('renames is read under its former name', async () => {
    const history = {
      parents: { [commit]: [BASE, HEAD] },
      files: { [BASE]: { 'old.yaml': former } },
      comparisons: { [`${BASE}...${commit}`]: { mergeBase: BASE, renamed: { [FILE]: 'old.yaml' }, others: 3 } },
    };
    const found = await run({ state: behind(), github: { history } });
    expect(origins(found)).toEqual(['pending: changed prices.pro_monthly.unit_amount']);
  });

  test('adds leaves all that differs pending', async () => {
    const history = {
      parents: { [commit]: [BASE, HEAD] },
      comparisons: { [`${BASE}...${commit}`]: { mergeBase: BASE, others: 3 } },
    };
    const found = await run({ state: behind(), github: { history } });
    expect(origins(found)).toEqual(['pending: changed prices.pro_monthly.unit_amount']);
    expect(found.report.base).toBe(BASE);
  });

  test('mends leaves drift where it was invalid before, and that is said', async () => {
    const history = { parents: { [commit]: [BASE, HEAD] }, files: { [BASE]: { [FILE]: 'version: 2\n' } } };
    const found = await run({ state: behind(), github: { history } });
    expect(origins(found)).toEqual(['drift: changed prices.pro_monthly.unit_amount']);
    expect(found.report.base).toBeNull();
    expect(found.report.notes.join()).toContain('The file was invalid before this change.');
  });
});

// --- Several files

/** The shop as its own file declares it, in three; the product does without its price. */
const parts = {
  'stripe/webhooks.yaml': shopFile.slice(0, shopFile.indexOf('products:')),
  'stripe/products.yaml': 'version: 1\nproducts:\n  pro:\n    id: prod_pro\n    name: Pro\n',
  'stripe/prices.yaml': `version: 1\n${shopFile.slice(shopFile.indexOf('prices:'))}`,
};
const [WEBHOOKS, PRODUCTS, PRICES] = ['stripe/webhooks.yaml', 'stripe/products.yaml', 'stripe/prices.yaml'] as const;

/** Runs a step on a pull request whose checkout has these files, and whose base had those. */
function runFiles(
  now: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
  comparison: Partial<GitHubComparison>,
  step: Step = {},
): Promise<GitHubRun> {
  const comparisons = { [`${BASE}...${commit}`]: { mergeBase: BASE, ...comparison } };
  const history = { parents: { [commit]: [BASE, HEAD] }, files: { [BASE]: before }, comparisons };
  const files = { '.git/HEAD': `${commit}\n`, ...now };
  const inputs = { config: 'stripe/*.yaml', ...step.inputs };
  return run({ state: behind(), ...step, files, inputs, github: { history } });
}

const COMPARED = [`GET commits/${commit}`, `GET compare/${BASE}...${commit}`];

describe.concurrent('a pull request on several files', () => {
  test('reads of those before only what it changes', async () => {
    const before = { ...parts, [PRICES]: parts[PRICES].replace('2000', '1500') };
    const found = await runFiles(parts, before, { changed: { [PRICES]: 'modified', 'README.md': 'modified' } });
    expect(origins(found)).toEqual(['pending: changed prices.pro_monthly.unit_amount']);
    expect(found.report).toMatchObject({ base: BASE, files: [PRICES, PRODUCTS, WEBHOOKS] });
    expect(found.reads).toEqual([...COMPARED, `GET contents/${PRICES}`]);
    expect(found.annotations[0]).toMatchObject({ file: PRICES, level: 'error' });
    expect(found.summary).toContain(`\`${PRICES}:`);
  });

  test('that it leaves as they are has nothing to read: what differs is drift', async () => {
    const found = await runFiles(parts, {}, {});
    expect(origins(found)).toEqual(['drift: changed prices.pro_monthly.unit_amount']);
    expect(found.reads).toEqual(COMPARED);
  });

  test('names them in lines as well as by a glob', async () => {
    const before = { ...parts, [PRICES]: parts[PRICES].replace('2000', '1500') };
    const config = `${PRICES}\n\n  ${PRODUCTS}  \n${WEBHOOKS}\n`;
    const found = await runFiles(parts, before, { changed: { [PRICES]: 'modified' } }, { inputs: { config } });
    expect(origins(found)).toEqual(['pending: changed prices.pro_monthly.unit_amount']);
    expect(found.reads).toEqual([...COMPARED, `GET contents/${PRICES}`]);
  });

  test('finds under its former name what it renames, and drift where an entry moves to another file', async () => {
    const renamed = await runFiles(
      parts,
      { ...parts, [PRICES]: '', 'plans.yaml': parts[PRICES].replace('2000', '1500') },
      { renamed: { [PRICES]: 'plans.yaml' } },
    );
    expect(origins(renamed)).toEqual(['pending: changed prices.pro_monthly.unit_amount']);
    expect(renamed.reads).toEqual([...COMPARED, 'GET contents/plans.yaml']);
    const moved = await runFiles(
      parts,
      { [WEBHOOKS]: parts[WEBHOOKS], [PRODUCTS]: `${parts[PRODUCTS]}${parts[PRICES].replace('version: 1\n', '')}` },
      { changed: { [PRODUCTS]: 'modified', [PRICES]: 'added' } },
    );
    expect(origins(moved)).toEqual(['drift: changed prices.pro_monthly.unit_amount']);
    expect(moved.reads).toEqual([...COMPARED, `GET contents/${PRODUCTS}`]);
  });

  test('counts what it adds as pending, since nobody declared it before', async () => {
    const { [PRICES]: _, ...before } = parts;
    const found = await runFiles(parts, before, { changed: { [PRICES]: 'added' } });
    expect(origins(found)).toEqual(['pending: changed prices.pro_monthly.unit_amount']);
    expect(found.reads).toEqual(COMPARED);
  });

  test('is told of the section of a file that it deletes, where a glob named that', async () => {
    const { [PRICES]: _, ...now } = parts;
    const removed = { [PRICES]: 'removed', 'other/prices.yaml': 'removed' } as const;
    const found = await runFiles(now, parts, { changed: removed });
    expect(found.report.findings).toMatchObject([
      { problem: 'invalid', severity: 'warning', section: 'prices', at: { file: PRODUCTS, line: 1 } },
    ]);
    expect(found.report.findings[0]?.message).toMatch(/^This change removes the section prices: its 1 entry/);
    expect(found.reads).toEqual([...COMPARED, `GET contents/${PRICES}`]);
  });

  test('of which another commit than the merge is checked out is compared once', async () => {
    const before = { ...parts, [PRICES]: parts[PRICES].replace('2000', '1500') };
    const comparison: GitHubComparison = { mergeBase: BASE, changed: { [PRICES]: 'modified' } };
    const history = { files: { [BASE]: before }, comparisons: { [`main...${HEAD}`]: comparison } };
    const files = { '.git/HEAD': `${HEAD}\n`, ...parts };
    const found = await run({ state: behind(), files, inputs: { config: 'stripe/*.yaml' }, github: { history } });
    expect(origins(found)).toEqual(['pending: changed prices.pro_monthly.unit_amount']);
    expect(found.reads).toEqual([`GET compare/main...${HEAD}`, `GET contents/${PRICES}`]);
  });

  test('in a checkout below the workspace, which the glob leaves open, is known by its own paths', async () => {
    const { [PRICES]: _, ...now } = parts;
    const files = Object.fromEntries(Object.entries(now).map(([file, text]) => [`shop/${file}`, text]));
    const step = { inputs: { config: 's*/stripe/*.yaml' }, files: { ...files, 'shop/.git/HEAD': `${commit}\n` } };
    const comparisons = { [`${BASE}...${commit}`]: { mergeBase: BASE, changed: { [PRICES]: 'removed' as const } } };
    const history = { parents: { [commit]: [BASE, HEAD] }, files: { [BASE]: parts }, comparisons };
    const found = await run({ ...step, github: { history } });
    expect(found.report.files).toEqual([PRODUCTS, WEBHOOKS]);
    expect(found.report.findings).toMatchObject([{ section: 'prices', at: { file: PRODUCTS } }]);
  });

  test('that changes more files than GitHub tells reads every one', async () => {
    const before = { ...parts, [PRICES]: parts[PRICES].replace('2000', '1500') };
    const found = await runFiles(parts, before, { others: 300 });
    expect(origins(found)).toEqual(['pending: changed prices.pro_monthly.unit_amount']);
    expect(found.reads).toEqual([...COMPARED, ...[PRICES, PRODUCTS, WEBHOOKS].map((file) => `GET contents/${file}`)]);
    const { [PRICES]: _, ...fewer } = parts;
    const unknown = await runFiles(parts, fewer, { others: 300 });
    expect(origins(unknown)).toEqual(['drift: changed prices.pro_monthly.unit_amount']);
    expect(unknown.report.notes.join()).toContain(
      'What the configuration said before this change could not be read: more than 300 files change',
    );
  });

  test('mends them leaves drift where they were invalid before, and that is said', async () => {
    const before = { ...parts, [PRICES]: parts[PRODUCTS] };
    const found = await runFiles(parts, before, { changed: { [PRICES]: 'modified' } });
    expect(origins(found)).toEqual(['drift: changed prices.pro_monthly.unit_amount']);
    expect(found.report.notes.join()).toContain('The configuration was invalid before this change.');
  });
});

test('what nobody looked up for the file before proves nothing of it', async () => {
  const file = (key: string) => `version: 1\npolicy: { unmanaged: ignore }\nprices:\n  it: { lookup_key: ${key} }\n`;
  const history = { parents: { [commit]: [BASE, HEAD] }, files: { [BASE]: { [FILE]: file('old_key') } } };
  // It is archived, not missing: only what the new file may mean is asked for.
  const state = { ...shop(), prices: [price({ lookup_key: 'old_key', active: false })] } as never;
  const found = await run({ github: { history }, state, file: file('new_key') });
  expect(origins(found)).toEqual(['pending: missing prices.it.undefined']);
  expect(found.report.resolved).toEqual([]);
});

describe.concurrent('where the file before can not be had, all is drift and it is said', () => {
  const broken: readonly (readonly [string, Step, RegExp])[] = [
    [
      'without the permission',
      { github: { permissions: { contents: 'none' } } },
      /answered 404\. The job needs the permission "contents: read"/,
    ],
    [
      'behind a list of addresses',
      {
        github: {
          onRequest: (): GitHubFault => ({
            status: 403,
            body: {
              message: 'the `acme` organization has an IP allow list enabled, and your IP address is not permitted',
            },
          }),
        },
      },
      /answered 403\. The organization allows requests only from listed IP addresses/,
    ],
    [
      'with a token that GitHub refuses',
      { inputs: { 'github-token': 'ghs_other' } },
      /answered 401\. Look at github-token/,
    ],
    ['without a token', { inputs: { 'github-token': '' } }, /there is no github-token/],
    [
      'where GitHub refuses for good',
      { github: { onRequest: (): GitHubFault => ({ status: 403, body: { message: 'Resource not accessible' } }) } },
      /answered 403/,
    ],
    ['where no answer comes', { github: { onRequest: (): GitHubFault => ({ reset: true }) } }, /GitHub gave no answer/],
    [
      'where GitHub names no commit',
      { github: { onRequest: (): GitHubFault => ({ status: 200, body: { parents: [] } }) } },
      /did not name the commit/,
    ],
    [
      'where too much changes to tell whether it was renamed',
      {
        github: {
          history: {
            parents: { [commit]: [BASE, HEAD] },
            comparisons: { [`${BASE}...${commit}`]: { mergeBase: BASE, others: 300 } },
          },
        },
      },
      /more than 300 files change/,
    ],
  ];
  test.each(broken)('%s', async (_, step, says) => {
    const found = await run({ state: behind(), ...step });
    expect(origins(found)).toEqual(['drift: changed prices.pro_monthly.unit_amount']);
    expect(found.outputs).toMatchObject({ status: 'drift', pending: '0', resolved: '0' });
    expect(found.report.base).toBeNull();
    expect(found.report.notes.join(' ')).toMatch(says);
    expect(found.report.notes.join(' ')).toContain('So every difference counts as drift');
    expect(found.annotations.filter(({ message }) => /Pending|Resolved/.test(message))).toEqual([]);
  });

  test('and nobody is asked on other events', async () => {
    const found = await run({ state: behind(), event: { name: 'push', payload: {} } });
    expect(found.reads).toEqual([]);
    expect(found.report).toMatchObject({ base: null, resolved: [] });
    expect(found.summary).not.toContain('Drift');
  });

  test('nor where the file is invalid, or there is no key', async () => {
    const invalid = await run({ file: 'version: 1\n' });
    const fork = await run({ inputs: { 'stripe-api-key': '' }, event: pullRequest('stranger/shop') });
    expect([...invalid.reads, ...fork.reads]).toEqual([]);
  });
});
