/** The Action run with both servers beside it: one that behaves as Stripe does, and one as GitHub. */

import { type ActionRun, type ActionStep, commit, runAction } from './runner.ts';
import { type GitHubOptions, type GitHubRequest, type GitHubServer, person, startGitHub } from './servers/github.ts';
import { liveKey, type StripeOptions, type StripeState, startStripe } from './servers/stripe.ts';
import { asReport, type ReportJson, shop, shopFile } from './shop/shop.ts';

export interface GitHubStep extends ActionStep {
  /** What Stripe holds; the shop as its file declares it where it is not said. */
  readonly state?: Partial<StripeState>;
  readonly stripe?: StripeOptions;
  readonly file?: string;
  /** The day of the run, `YYYY-MM-DD`; the machine's clock says it. */
  readonly day?: string;
}

export interface GitHubRun extends ActionRun {
  readonly report: ReportJson;
  /** What this run asked GitHub, in order. */
  readonly asked: readonly GitHubRequest[];
  /** What it asked about the file before: `GET contents/stripe-config.yaml`. */
  readonly reads: readonly string[];
  /** The rest, as `POST /repos/acme/shop/issues` without the repository: `POST issues`. */
  readonly lines: readonly string[];
}

export async function runWith(github: GitHubServer, step: GitHubStep = {}): Promise<GitHubRun> {
  const { state = shop(), stripe = {}, file = shopFile, inputs = {}, files = {}, env = {}, day, ...rest } = step;
  const server = await startStripe({ state, ...stripe });
  const start = github.requests.length;
  try {
    const run = await runAction({
      files: { 'stripe-config.yaml': file, ...files },
      inputs: { 'stripe-api-key': liveKey, 'stripe-api-base': server.url, 'requests-per-second': '1000', ...inputs },
      env: { GITHUB_API_URL: github.url, ...(day !== undefined && { NODE_OPTIONS: clockOf(day) }), ...env },
      ...rest,
    });
    const asked = github.requests.slice(start);
    const all = asked.map(({ line }) => line.replace('/repos/acme/shop/', ''));
    const isRead = (line: string) => /^GET (commits|contents|compare)\//.test(line);
    const lines = { reads: all.filter(isRead), lines: all.filter((line) => !isRead(line)) };
    return { ...run, report: asReport(run.report), asked, ...lines };
  } finally {
    await server.close();
  }
}

/** What a test tells of a server, with runs of the Action beside it. */
export type Story = (github: GitHubServer, run: (step?: GitHubStep) => Promise<GitHubRun>) => Promise<void>;

/** Tells a story of a server of its own. Each of its runs has what `common` says, where it does not say otherwise. */
export async function tellStory(common: GitHubStep, options: GitHubOptions, story: Story): Promise<void> {
  const github = await startGitHub(options);
  try {
    await story(github, (step = {}) =>
      runWith(github, { ...common, ...step, inputs: { ...common.inputs, ...step.inputs } }),
    );
  } finally {
    await github.close();
  }
}

/** Options of Node under which the machine's clock shows the morning of a day. */
function clockOf(day: string): string {
  const script = `const Real = Date; const ahead = Real.parse('${day}T04:17:00Z') - Real.now();
    globalThis.Date = class Date extends Real {
      constructor(...parts) { parts.length === 0 ? super(Real.now() + ahead) : super(...parts); }
      static now() { return Real.now() + ahead; }
    };`;
  return `--import=data:text/javascript;base64,${Buffer.from(script).toString('base64')}`;
}

/** A pull request, whose branch lies in this repository where it is not said. */
export function pullRequest(repo = 'acme/shop', author = person.login): NonNullable<ActionStep['event']> {
  return {
    name: 'pull_request',
    payload: {
      action: 'synchronize',
      number: 7,
      pull_request: {
        number: 7,
        user: { login: author },
        head: { ref: 'topic', sha: commit, repo: { full_name: repo } },
        base: { ref: 'main', sha: commit, repo: { full_name: 'acme/shop' } },
      },
      sender: { login: author },
    },
  };
}

export const night: NonNullable<ActionStep['event']> = { name: 'schedule', payload: { schedule: '17 4 * * *' } };

/** Warnings and notices that are about no line of the file. */
export function remarks({ annotations }: ActionRun): string[] {
  return annotations.flatMap(({ level, file, message }) =>
    file === undefined && level !== 'error' ? [`${level}: ${message}`] : [],
  );
}
