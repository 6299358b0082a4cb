import { setTimeout as sleep } from 'node:timers/promises';
import type { GitHub as Octokits } from '@actions/github/lib/utils';
import { bare, quote } from '../text.ts';
import { type Headers, type Refusal, refusalOf } from './refusal.ts';

/** How long a run waits for GitHub in all: refusals for the pace name a time, and GitHub advises a minute where they do not. */
const LONGEST_WAIT_MS = 60_000;
/** Where GitHub is at fault: so many tries, waits that double from this one. */
const TRIES = 4;
const FIRST_WAIT_MS = 500;
/** One try, body included: GitHub itself ends what takes it longer than 10 s. And everything together, where it answers. */
const TRY_MS = 15_000;
const ALL_MS = 120_000;
/** What GitHub's faults may cost a run in all: tries without an answer or with a fault of its own, and waits for the next. */
const FAULTS_MS = 25_000;
const PER_PAGE = 100;
const MOST_PAGES = 1000;

type Octokit = InstanceType<typeof Octokits>;

/** What GitHub answered. `data` is JSON as a value, anything else as text. */
export interface Answer {
  readonly status: number;
  readonly data: unknown;
  readonly headers: Headers;
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** From the API's root. What comes from outside is percent-encoded in it: `{` and `:` would be read as a template. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** Who wrote a comment or an issue; null where the account is gone. */
export type Author = { readonly login: string; readonly type: string } | null;

/** Why GitHub did not do what was asked. The message is a part of a sentence. */
export class GitHubProblem extends Error {
  override readonly name = 'GitHubProblem';
  /** Null where there was no answer. */
  readonly status: number | null;
  /** After how long it may be asked again; null where that is of no use. */
  readonly retryAfterMs: number | null;
  /** Why it was refused; null where it was not, as with faults and a pace that was too fast. */
  readonly refusal: Refusal | null;

  constructor(message: string, status: number | null, retryAfterMs: number | null, refusal: Refusal | null = null) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.refusal = refusal;
  }

  /** Whether GitHub's own fault, or none at all, kept it from answering. */
  get isFault(): boolean {
    return this.status === null || this.status >= 500;
  }
}

/** Whether GitHub may have refused an edit because another wrote what was to be edited. A missing permission reads the same. */
export function isOfAnother(error: unknown): boolean {
  return error instanceof GitHubProblem && (error.refusal === 'permission' || error.refusal === 'unknown');
}

/** What is left of the time that GitHub's faults may cost a run, whoever asks. Who only answers slowly uses up none. */
export class Patience {
  private left = FAULTS_MS;

  get leftMs(): number {
    return Math.max(0, this.left);
  }

  spend(ms: number): void {
    this.left -= ms;
  }
}

/** The door to GitHub's REST API: tries again what may pass, within a minute, and tells everything else as a `GitHubProblem`. */
export class GitHub {
  private readonly token: string;
  private readonly ended: AbortSignal;
  private readonly patience: Patience;
  private octokit: Octokit | undefined;
  private waitedMs = 0;
  private person: Promise<string> | undefined;

  /** `interrupted` ends every request. The library is only loaded for the first of them: that takes 0.1 s. */
  constructor(token: string, interrupted: AbortSignal, patience: Patience) {
    this.token = token;
    this.patience = patience;
    this.ended = AbortSignal.any([interrupted, AbortSignal.timeout(ALL_MS)]);
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask({ method: 'GET', path, headers });
  }

  /** All items of a list, over all its pages. */
  async list(path: string, query: Readonly<Record<string, string>> = {}): Promise<unknown[]> {
    const items: unknown[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const parameters = new URLSearchParams({ ...query, per_page: String(PER_PAGE), page: String(page) });
      const { data, headers } = await this.get(`${path}?${parameters}`);
      if (Array.isArray(data)) items.push(...data);
      if (!/rel="next"/.test(String(headers.link ?? ''))) break;
    }
    return items;
  }

  /** Keeps what a bot wrote, as a workflow's token does, or the person whose token this is; anybody can write our marker. */
  async ownOf<T extends { readonly user: Author }>(items: readonly T[]): Promise<T[]> {
    // A workflow's token may not ask who it is.
    const isPersons = /^(?:ghp|gho|ghu|github_pat)_/.test(this.token);
    const strangers = items.some(({ user }) => user?.type !== 'Bot');
    if (isPersons && strangers) this.person ??= this.get('/user').then(({ data }) => (data as { login: string }).login);
    const person = await this.person;
    return items.filter(({ user }) => user !== null && (user.type === 'Bot' || user.login === person));
  }

  /** Throws a `GitHubProblem`. */
  async ask(request: Request): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      if (this.patience.leftMs === 0)
        throw new GitHubProblem('GitHub gave no answer before, and is not asked again in this run', null, null);
      const started = performance.now();
      try {
        return await this.attempt(request);
      } catch (error) {
        const problem = problemOf(error, request, tries);
        const wait = problem.retryAfterMs;
        if (problem.isFault) this.patience.spend(performance.now() - started + (wait ?? 0));
        const isOver = this.ended.aborted || (problem.isFault && this.patience.leftMs === 0);
        if (wait === null || this.waitedMs + wait > LONGEST_WAIT_MS || isOver) throw problem;
        this.waitedMs += wait;
        await sleep(wait, undefined, { signal: this.ended }).catch(() => {
          throw problem;
        });
      }
    }
  }

  private async attempt({ method, path, headers = {}, body }: Request): Promise<Answer> {
    if (this.octokit === undefined) {
      const { GitHub: Octokit, getOctokitOptions } = await import('@actions/github/lib/utils');
      this.octokit = new Octokit(getOctokitOptions(this.token, { log: silent }));
    }
    const answer = await this.octokit.request({
      method,
      url: path,
      headers: { 'x-github-api-version': '2022-11-28', ...headers },
      request: { signal: AbortSignal.any([this.ended, AbortSignal.timeout(Math.min(TRY_MS, this.patience.leftMs))]) },
      ...(body !== undefined && { data: body }),
    });
    const data = answer.data instanceof ArrayBuffer ? Buffer.from(answer.data).toString('utf8') : answer.data;
    return { status: answer.status, data, headers: answer.headers };
  }
}

/** The library prints what an answer says, as it is, into a log that obeys commands. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** What the library throws: with a response where there was one. */
interface RequestError {
  readonly message?: string;
  readonly response?: { readonly status: number; readonly headers: Headers; readonly data?: unknown };
}

function problemOf(error: unknown, { method, path }: Request, tries: number): GitHubProblem {
  const { message, response } = error as RequestError;
  const [asked = ''] = path.split('?');
  const again = tries < TRIES ? FIRST_WAIT_MS * 2 ** (tries - 1) : null;
  if (response === undefined) {
    return new GitHubProblem(`GitHub gave no answer (${quote(message ?? '')})`, null, again);
  }
  const { status, headers, data } = response;
  const said = saidIn(data);
  const words = said === '' ? '' : ` (${quote(said)})`;
  const what = `GitHub answered ${status}${words} to ${method} ${bare(asked)}`;
  const limit = limitMs(status, headers, said);
  const refusal = limit === null ? refusalOf({ status, headers, said }) : null;
  return new GitHubProblem(what, status, limit ?? (status >= 500 ? again : null), refusal);
}

/** The time to wait where the pace was too fast: a 429, or a 403 that says so in headers or words; else null. */
function limitMs(status: number, headers: Headers, said: string): number | null {
  const after = headers['retry-after'];
  const spent = String(headers['x-ratelimit-remaining']) === '0';
  if (status !== 429 && !(status === 403 && (after !== undefined || spent || /rate limit/i.test(said)))) return null;
  const reset = spent ? Number(headers['x-ratelimit-reset']) * 1000 - Date.now() : Number.NaN;
  const wait = after === undefined ? reset : Number(after) * 1000;
  return Number.isFinite(wait) ? Math.max(wait, FIRST_WAIT_MS) : LONGEST_WAIT_MS;
}

/** GitHub's own words, with what it says of each field. */
function saidIn(data: unknown): string {
  if (typeof data !== 'object' || data === null || !('message' in data)) return '';
  const errors = 'errors' in data && Array.isArray(data.errors) ? data.errors : [];
  const details = errors.flatMap((one) => {
    const { field, code, message } = (typeof one === 'object' && one !== null ? one : { message: one }) as {
      [name: string]: unknown;
    };
    return [String(message ?? [field, code].filter((part) => part !== undefined).join(' '))];
  });
  return [String(data.message), ...details].join(': ');
}
