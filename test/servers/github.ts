/**
 * A server on 127.0.0.1 that behaves as GitHub's REST API does, as far as comments, issues, labels and assignees go: pages
 * with Link headers, refusals in GitHub's words, and every request kept.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { shopFile } from '../shop/state.ts';

/** The commit of a run. */
export const commit = '8f5c1e0c3d2b4a697887766554433221100ffeed';

/** What `${{ github.token }}` stands for in a run. */
export const githubToken = 'ghs_made_up_for_tests';

export interface User {
  readonly login: string;
  readonly type: 'Bot' | 'User' | 'Organization';
}

export interface GitHubComment {
  readonly id: number;
  /** The issue or pull request. */
  readonly number: number;
  readonly user: User | null;
  body: string;
}

export interface GitHubIssue {
  readonly number: number;
  readonly user: User | null;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  state_reason: string | null;
  labels: string[];
  assignees: string[];
  locked?: boolean;
  readonly isPullRequest?: boolean;
}

/** One request as it arrived. */
export interface GitHubRequest {
  /** `POST /repos/acme/shop/issues`; without the query. */
  readonly line: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: whatever the program sent.
  readonly body: any;
}

/**
 * What happens instead of the answer; `reset` breaks the connection, after the work was done where `late` is set. With
 * `hang` there is never one, with `afterMs` it comes so late.
 */
export type GitHubFault =
  | { readonly hang: true }
  | { readonly afterMs: number }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: object | string }
  | { readonly reset: true; readonly late?: true };

export interface GitHubOptions {
  /** What the token may do; everything where it is not said. */
  readonly permissions?: {
    readonly issues?: 'write' | 'read' | 'none';
    readonly 'pull-requests'?: 'write' | 'read' | 'none';
    readonly contents?: 'read' | 'none';
  };
  /** What the repository holds. */
  readonly history?: {
    /** The parents of commits. */
    readonly parents?: Readonly<Record<string, readonly string[]>>;
    /** The files of commits, by path. */
    readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>;
    /** Comparisons, by `BASE...HEAD`. */
    readonly comparisons?: Readonly<Record<string, GitHubComparison>>;
  };
  /** Whom a token belongs to; the tests' own is the workflow's. */
  readonly tokens?: Readonly<Record<string, User | undefined>>;
  /** Authors whose comments and issues nobody else may edit; GitHub lets who may write edit those of others. */
  readonly foreign?: readonly string[];
  /** Who can be assigned. */
  readonly assignable?: readonly string[];
  /** Called as each request arrives, before it is answered; it may change the state as another run would. */
  onRequest?(request: GitHubRequest, server: GitHubServer): GitHubFault | undefined;
}

export interface GitHubComparison {
  /** Where the two part. */
  readonly mergeBase: string;
  /** What was renamed since, new path to old. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** What else changed, by path. */
  readonly changed?: Readonly<Record<string, 'added' | 'modified' | 'removed'>>;
  /** How many files changed before these in the list. */
  readonly others?: number;
}

export interface GitHubServer {
  /** For `GITHUB_API_URL`. */
  readonly url: string;
  readonly requests: GitHubRequest[];
  readonly issues: GitHubIssue[];
  readonly comments: GitHubComment[];
  /** By name. */
  readonly labels: Set<string>;
  /** Puts an issue, or with `isPullRequest` a pull request, there. */
  addIssue(issue: Partial<GitHubIssue>): GitHubIssue;
  addComment(comment: Partial<GitHubComment> & { number: number; body: string }): GitHubComment;
  close(): Promise<void>;
}

export const workflowBot: User = { login: 'github-actions[bot]', type: 'Bot' };
export const person: User = { login: 'octocat', type: 'User' };

/** A repository in which the pull request has left the file as it was. */
const sameBefore: NonNullable<GitHubOptions['history']> = {
  parents: { [commit]: ['ba5e'.repeat(10)] },
  files: { ['ba5e'.repeat(10)]: { 'stripe-config.yaml': shopFile } },
};

const REPOSITORY = '/repos/acme/shop';
const LONGEST_BODY = 65_536;
const REASONS = ['completed', 'reopened', 'not_planned', 'duplicate', null];

/** Starts a server on a free port, with the pull request 7 in it. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubServer> {
  let next = { number: 7, id: 1001 };
  const server = createServer((incoming, response) => {
    let text = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => {
      text += chunk;
    });
    incoming.on('end', () => {
      const request = readRequest(incoming, text);
      github.requests.push(request);
      const fault = options.onRequest?.(request, github);
      const isAnswered = fault === undefined || 'late' in fault || 'afterMs' in fault;
      const reply = isAnswered ? answer(request) : undefined;
      if (fault !== undefined && 'hang' in fault) return;
      if (fault !== undefined && 'reset' in fault) incoming.socket.destroy();
      else if (fault !== undefined && 'afterMs' in fault) setTimeout(send, fault.afterMs, response, reply as Reply);
      else send(response, fault ?? (reply as Reply));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');

  const github: GitHubServer = {
    url: `http://127.0.0.1:${address.port}`,
    requests: [],
    issues: [],
    comments: [],
    labels: new Set(['bug']),
    addIssue(issue) {
      const number = next.number;
      next = { ...next, number: number + 1 };
      const made: GitHubIssue = {
        number,
        user: person,
        title: 'An issue',
        body: null,
        state: 'open',
        state_reason: null,
        labels: [],
        assignees: [],
        ...issue,
      };
      github.issues.push(made);
      return made;
    },
    addComment(comment) {
      const id = next.id;
      next = { ...next, id: id + 1 };
      const made = { id, user: person, ...comment };
      github.comments.push(made);
      return made;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  github.addIssue({ title: 'A change', isPullRequest: true });
  return github;

  function answer(request: GitHubRequest): Reply {
    const [, token = ''] = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const user = { [githubToken]: workflowBot, ...options.tokens }[token];
    if (user === undefined) return refusal(401, 'Bad credentials');
    for (const [method, pattern, handle] of routesOf(github, options)) {
      const [path, part = ''] = pattern.exec(request.path) ?? [];
      if (method === request.method && path !== undefined) return handle(request, decodeURIComponent(part), user);
    }
    return refusal(404, 'Not Found');
  }
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
}
type Handle = (request: GitHubRequest, part: string, user: User) => Reply;

function readRequest(incoming: IncomingMessage, text: string): GitHubRequest {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const method = incoming.method ?? 'GET';
  return {
    line: `${method} ${url.pathname}`,
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

function send(response: ServerResponse, { status, headers = {}, body }: Reply): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(status === 204 ? undefined : text);
}

function refusal(status: number, message: string, errors?: readonly object[]): Reply {
  const body = { message, ...(errors && { errors }), documentation_url: 'https://docs.github.com/rest' };
  return { status, body: { ...body, status: String(status) } };
}

const NOT_ALLOWED = refusal(403, 'Resource not accessible by integration');

/** What the API does, by method and path; the first group of the path is handed over. */
function routesOf(github: GitHubServer, options: GitHubOptions): readonly (readonly [string, RegExp, Handle])[] {
  const may = (need: 'read' | 'write', ...scopes: ('issues' | 'pull-requests')[]) =>
    scopes.some((scope) => {
      const has = options.permissions === undefined ? 'write' : (options.permissions[scope] ?? 'none');
      return has === 'write' || has === need;
    });
  const scopesOf = (issue: GitHubIssue) =>
    issue.isPullRequest === true ? (['issues', 'pull-requests'] as const) : (['issues'] as const);
  const withIssue =
    (need: 'read' | 'write', handle: (issue: GitHubIssue, request: GitHubRequest, user: User) => Reply): Handle =>
    (request, number, user) => {
      const issue = github.issues.find((one) => one.number === Number(number));
      if (issue === undefined) return refusal(404, 'Not Found');
      return may(need, ...scopesOf(issue)) ? handle(issue, request, user) : NOT_ALLOWED;
    };
  const mayEdit = (author: User | null, user: User) =>
    author?.login === user.login || !options.foreign?.includes(author?.login ?? '');
  const withComment =
    (handle: (comment: GitHubComment, request: GitHubRequest) => Reply): Handle =>
    (request, id, user) => {
      const comment = github.comments.find((one) => one.id === Number(id));
      if (comment === undefined) return refusal(404, 'Not Found');
      const isAllowed = may('write', 'issues', 'pull-requests') && mayEdit(comment.user, user);
      return isAllowed ? handle(comment, request) : NOT_ALLOWED;
    };
  const issues: Handle = (request) => {
    if (!may('read', 'issues')) return NOT_ALLOWED;
    const { query } = request;
    const state = query.get('state') ?? 'open';
    const labels = (query.get('labels') ?? '').split(',').filter((label) => label !== '');
    const found = github.issues.filter(
      (issue) => (state === 'all' || issue.state === state) && labels.every((label) => issue.labels.includes(label)),
    );
    const sorted = [...found].sort((one, other) => one.number - other.number);
    return page(github, request, (query.get('direction') === 'asc' ? sorted : sorted.reverse()).map(issueJson));
  };
  const createIssue: Handle = ({ body }, _part, user) => {
    if (!may('write', 'issues')) return NOT_ALLOWED;
    const { title, labels = [], assignees = [] } = body;
    if (typeof title !== 'string' || title.length > 256) return invalid('Issue', 'title');
    if (tooLong(body.body)) return invalid('Issue', 'body');
    const stranger = assignees.find((login: string) => !options.assignable?.includes(login));
    if (stranger !== undefined) return invalid('Issue', 'assignees');
    for (const label of labels) github.labels.add(label);
    const made = github.addIssue({
      user,
      title,
      body: body.body ?? null,
      labels: [...labels],
      assignees: [...assignees],
    });
    return { status: 201, body: issueJson(made) };
  };
  const changeIssue = withIssue('write', (issue, { body }, user) => {
    if (!mayEdit(issue.user, user)) return NOT_ALLOWED;
    if (tooLong(body.body)) return invalid('Issue', 'body');
    if (body.state_reason !== undefined && !REASONS.includes(body.state_reason))
      return invalid('Issue', 'state_reason');
    if (body.body !== undefined) issue.body = body.body;
    if (body.title !== undefined) issue.title = body.title;
    if (body.state !== undefined && body.state !== issue.state) {
      issue.state = body.state;
      issue.state_reason = body.state_reason ?? (body.state === 'closed' ? 'completed' : 'reopened');
    }
    return { status: 200, body: issueJson(issue) };
  });
  const assign = withIssue('write', (issue, { body }) => {
    const { assignees } = body as { assignees: string[] };
    // A name that nobody has is refused; a person without access is passed over.
    if (assignees.some((login) => login.startsWith('nobody'))) return invalid('Issue', 'assignees');
    issue.assignees.push(...assignees.filter((login) => options.assignable?.includes(login)));
    return { status: 201, body: issueJson(issue) };
  });
  const comments = withIssue('read', (issue, request) => {
    const found = github.comments.filter(({ number }) => number === issue.number);
    return page(github, request, found.map(commentJson));
  });
  const createComment = withIssue('write', (issue, { body }, user) => {
    if (issue.locked === true) return refusal(403, 'Unable to create comment because issue is locked.');
    if (typeof body.body !== 'string' || body.body.trim() === '' || tooLong(body.body))
      return invalid('IssueComment', 'body');
    return { status: 201, body: commentJson(github.addComment({ number: issue.number, user, body: body.body })) };
  });
  const changeComment = withComment((comment, { body }) => {
    if (tooLong(body.body)) return invalid('IssueComment', 'body');
    comment.body = body.body;
    return { status: 200, body: commentJson(comment) };
  });
  const deleteComment = withComment((comment) => {
    github.comments.splice(github.comments.indexOf(comment), 1);
    return { status: 204 };
  });
  const label: Handle = (_request, name) => {
    if (!may('read', 'issues')) return NOT_ALLOWED;
    return github.labels.has(name) ? { status: 200, body: { name } } : refusal(404, 'Not Found');
  };
  const createLabel: Handle = ({ body }) => {
    if (!may('write', 'issues')) return NOT_ALLOWED;
    if (github.labels.has(body.name)) return invalid('Label', 'name', 'already_exists');
    if (body.name.length > 50 || !/^[0-9a-f]{6}$/.test(body.color) || body.description.length > 100) {
      return invalid('Label', 'name');
    }
    github.labels.add(body.name);
    return { status: 201, body: { name: body.name } };
  };
  const user: Handle = (_request, _part, who) => (who.type === 'Bot' ? NOT_ALLOWED : { status: 200, body: who });
  const history = options.history ?? sameBefore;
  const mayRead = options.permissions?.contents !== 'none';
  const commitAt: Handle = (_request, sha) => {
    const parents = history.parents?.[sha];
    if (parents === undefined || !mayRead) return refusal(mayRead ? 422 : 404, `No commit found for SHA: ${sha}`);
    return { status: 200, body: { sha, parents: parents.map((parent) => ({ sha: parent })) } };
  };
  const contents: Handle = ({ query, headers }, path) => {
    const text = history.files?.[query.get('ref') ?? '']?.[path];
    if (text === undefined || !mayRead) return refusal(404, 'Not Found');
    if (headers.accept !== 'application/vnd.github.raw+json')
      return { status: 200, body: { type: 'file', content: '' } };
    return { status: 200, headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' }, body: text };
  };
  const compare: Handle = (_request, range) => {
    const found = history.comparisons?.[range];
    if (found === undefined || !mayRead) return refusal(404, 'Not Found');
    const others = Array.from({ length: found.others ?? 0 }, (_, index) => ({
      filename: `src/${index}.ts`,
      status: 'modified',
    }));
    const files = [
      ...Object.entries(found.changed ?? {}).map(([filename, status]) => ({ filename, status })),
      ...Object.entries(found.renamed ?? {}).map(([filename, previous_filename]) => ({
        filename,
        previous_filename,
        status: 'renamed',
      })),
    ];
    return {
      status: 200,
      body: { merge_base_commit: { sha: found.mergeBase }, files: [...others, ...files].slice(0, 300) },
    };
  };
  const at = (path: string) => new RegExp(`^${path.replace('REPO', REPOSITORY)}$`);
  return [
    ['GET', at('/user'), user],
    ['GET', at('REPO/commits/([^/]+)'), commitAt],
    ['GET', at('REPO/contents/(.+)'), contents],
    ['GET', at('REPO/compare/([^/]+)'), compare],
    ['GET', at('REPO/issues'), issues],
    ['POST', at('REPO/issues'), createIssue],
    ['PATCH', at('REPO/issues/(\\d+)'), changeIssue],
    ['POST', at('REPO/issues/(\\d+)/assignees'), assign],
    ['GET', at('REPO/issues/(\\d+)/comments'), comments],
    ['POST', at('REPO/issues/(\\d+)/comments'), createComment],
    ['PATCH', at('REPO/issues/comments/(\\d+)'), changeComment],
    ['DELETE', at('REPO/issues/comments/(\\d+)'), deleteComment],
    ['GET', at('REPO/labels/([^/]+)'), label],
    ['POST', at('REPO/labels'), createLabel],
  ];
}

function tooLong(body: unknown): boolean {
  return typeof body === 'string' && body.length > LONGEST_BODY;
}

function invalid(resource: string, field: string, code = 'invalid'): Reply {
  return refusal(422, 'Validation Failed', [{ resource, field, code }]);
}

/** One page of a list: 30 items where nothing is asked, 100 at most, and a Link header that leads on. */
function page({ url }: GitHubServer, { path, query }: GitHubRequest, all: readonly object[]): Reply {
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const number = Number(query.get('page') ?? 1);
  const last = Math.max(Math.ceil(all.length / size), 1);
  const link = (to: number, rel: string) => {
    return `<${url}${path}?${new URLSearchParams({ ...Object.fromEntries(query), page: String(to) })}>; rel="${rel}"`;
  };
  const links = number < last ? [link(number + 1, 'next'), link(last, 'last')] : [];
  return {
    status: 200,
    headers: links.length === 0 ? {} : { link: links.join(', ') },
    body: all.slice((number - 1) * size, number * size),
  };
}

function issueJson({ isPullRequest, labels, assignees, locked, ...issue }: GitHubIssue): object {
  return {
    ...issue,
    labels: labels.map((name) => ({ name })),
    assignees: assignees.map((login) => ({ login, type: 'User' })),
    html_url: `https://github.com/acme/shop/issues/${issue.number}`,
    ...(isPullRequest === true && { pull_request: {} }),
  };
}

function commentJson({ number, ...comment }: GitHubComment): object {
  return { ...comment, html_url: `https://github.com/acme/shop/pull/${number}#issuecomment-${comment.id}` };
}
