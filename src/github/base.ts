import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { addressPart } from '../resources/text.ts';
import { type GitHub, GitHubProblem } from './client.ts';
import type { GitHubEvent } from './event.ts';

/** A file as it was before a pull request; `text` is null where the pull request adds it. */
export interface BaseFile {
  readonly commit: string;
  readonly text: string | null;
  /** Its path then. */
  readonly file: string;
}

/** GitHub tells at most so many files of a comparison. */
const MOST_FILES = 300;

/**
 * Reads a file of the repository as it was before the pull request (or the merge group) of an event; null on other events.
 * `root` is the folder of the checkout, `file` the path in it, with `/`. Where it can't be had, as without a token (`github` is null), a sentence says why.
 */
export async function readBase(
  github: GitHub | null,
  event: GitHubEvent,
  root: string,
  file: string,
): Promise<BaseFile | string | null> {
  if (event.pullRequest === null && event.mergeGroupBase === null) return null;
  if (github === null) return 'What the file said before this change was not read: there is no github-token.';
  if (event.repository === null) return null;
  const reader = new BaseReader(github, event.repository);
  try {
    const head = checkedOut(root) ?? event.sha;
    const commit = await reader.commit(event, head);
    const text = await reader.fileAt(commit, file);
    if (text !== null) return { commit, text, file };
    const former = await reader.formerPath(commit, head, file);
    return { commit, text: former === null ? null : await reader.fileAt(commit, former), file: former ?? file };
  } catch (error) {
    if (!(error instanceof GitHubProblem)) throw error;
    // A comment holds this: commits, which GitHub's own words name, would make it another at each push.
    const reason = error.status === null ? error.message : `GitHub answered ${error.status}`;
    const refused = error.status === 403 || error.status === 404;
    const remedy = refused ? ' The job needs the permission "contents: read".' : '';
    return `What the file said before this change could not be read: ${reason}.${remedy}`;
  }
}

class BaseReader {
  private readonly github: GitHub;
  private readonly root: string;

  constructor(github: GitHub, repository: string) {
    this.github = github;
    this.root = `/repos/${repository}`;
  }

  /**
   * The commit that the change is merged onto. A checkout has by default GitHub's merge of the pull request into its base,
   * whose first parent is just that; the event's own base goes stale.
   */
  async commit(event: GitHubEvent, head: string): Promise<string> {
    if (event.mergeGroupBase !== null) return known(event.mergeGroupBase);
    if (head === event.sha && event.isMergeOfPullRequest) {
      const { parents } = (await this.get(`commits/${addressPart(head)}`)) as { parents?: { sha: string }[] };
      return known(parents?.[0]?.sha);
    }
    const comparison = await this.compare(event.pullRequest?.base ?? '', head);
    return known(comparison.merge_base_commit?.sha);
  }

  /** A file's text at a commit; null where it has no such file. */
  async fileAt(commit: string, file: string): Promise<string | null> {
    const path = file.split('/').map(addressPart).join('/');
    try {
      const { data } = await this.github.get(`${this.root}/contents/${path}?ref=${commit}`, {
        accept: 'application/vnd.github.raw+json',
      });
      return typeof data === 'string' ? data : JSON.stringify(data);
    } catch (error) {
      if (error instanceof GitHubProblem && error.status === 404) return null;
      throw error;
    }
  }

  /** The path of a file before it was renamed, or null where it was not. */
  async formerPath(base: string, head: string, file: string): Promise<string | null> {
    const { files = [] } = await this.compare(base, head);
    const renamed = files.find(({ filename }) => filename === file);
    if (renamed === undefined && files.length >= MOST_FILES) {
      throw new GitHubProblem(
        `more than ${MOST_FILES} files change, so GitHub does not tell whether it was renamed`,
        null,
        null,
      );
    }
    return renamed?.previous_filename ?? null;
  }

  private async compare(base: string, head: string): Promise<Comparison> {
    return (await this.get(`compare/${addressPart(base)}...${addressPart(head)}?per_page=1`)) as Comparison;
  }

  private async get(path: string): Promise<unknown> {
    const { data } = await this.github.get(`${this.root}/${path}`);
    return data ?? {};
  }
}

/** What GitHub tells of two commits; `files` are of the first page alone. */
interface Comparison {
  readonly merge_base_commit?: { readonly sha: string };
  readonly files?: readonly { readonly filename: string; readonly previous_filename?: string }[];
}

function known(commit: string | undefined): string {
  if (commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw new GitHubProblem('GitHub did not name the commit that it is merged onto', null, null);
}

/** The commit that is checked out, or null where no `.git` tells it (a checkout without git has none). */
function checkedOut(root: string): string | null {
  try {
    const git = gitFolder(path.join(root, '.git'));
    const head = readFileSync(path.join(git, 'HEAD'), 'utf8').trim();
    const branch = /^ref: (refs\/.+)$/.exec(head)?.[1];
    const commit = branch === undefined ? head : commitOf(git, branch);
    return commit !== null && /^[0-9a-f]{40,64}$/.test(commit) ? commit : null;
  } catch {
    return null;
  }
}

/** `.git` itself, or where it says that it lies, as in a worktree. */
function gitFolder(git: string): string {
  if (statSync(git).isDirectory()) return git;
  return path.resolve(
    path.dirname(git),
    readFileSync(git, 'utf8')
      .replace(/^gitdir: /, '')
      .trim(),
  );
}

function commitOf(git: string, branch: string): string | null {
  try {
    return readFileSync(path.join(git, ...branch.split('/')), 'utf8').trim();
  } catch {
    const packed = readFileSync(path.join(git, 'packed-refs'), 'utf8').split('\n');
    return packed.find((line) => line.endsWith(` ${branch}`))?.split(' ')[0] ?? null;
  }
}
