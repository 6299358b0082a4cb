import { addressPart, fileWord } from '../text.ts';
import { type GitHub, GitHubProblem } from './client.ts';
import type { GitHubEvent } from './event.ts';
import { checkedOut } from './head.ts';
import { remedyOf } from './refusal.ts';

/** The files of a configuration as they were before a pull request. */
export interface BaseFiles {
  readonly commit: string;
  /** With their paths then; `text` is null where the pull request leaves the file as it is. None where it adds them all. */
  readonly files: readonly BaseFile[];
}
interface BaseFile {
  readonly file: string;
  readonly text: string | null;
}

/** The files of a configuration as they are now, by paths below the checkout, with `/`. */
export interface FilesNow {
  readonly files: readonly string[];
  /** Whether a file that is gone was one of them, where globs say which are; null where one file is named. */
  readonly wasOne: ((file: string) => boolean) | null;
}

/** GitHub tells at most so many files of a comparison. */
const MOST_FILES = 300;

/**
 * Reads the files as they were before the pull request (or the merge group) of an event; null on other events. `root` is the
 * folder of the checkout. Where they can't be had, as without a token (`github` is null), a sentence says why.
 *
 * One file takes two requests, and a third where it was not there before: it may have had another name. Of several, only
 * those are read that the comparison of the two commits names.
 */
export async function readBase(
  github: GitHub | null,
  event: GitHubEvent,
  root: string,
  now: FilesNow,
): Promise<BaseFiles | string | null> {
  const what = `What the ${fileWord(now.files)} said before this change`;
  if (event.pullRequest === null && event.mergeGroupBase === null) return null;
  if (github === null) return `${what} was not read: there is no github-token.`;
  if (event.repository === null) return null;
  const reader = new BaseReader(github, event.repository);
  try {
    const head = checkedOut(root) ?? event.sha;
    const commit = await reader.commit(event, head);
    const files = await (now.wasOne === null
      ? reader.one(commit, head, now.files[0] as string)
      : reader.several(commit, head, now.files, now.wasOne));
    return { commit, files };
  } catch (error) {
    if (!(error instanceof GitHubProblem)) throw error;
    // A comment holds this: commits, which GitHub's own words name, would make it another at each push.
    const reason = error.status === null ? error.message : `GitHub answered ${error.status}`;
    const remedy = error.refusal === null ? '' : ` ${remedyOf(error.refusal, 'contents: read')}`;
    return `${what} could not be read: ${reason}.${remedy}`;
  }
}

class BaseReader {
  private readonly github: GitHub;
  private readonly root: string;
  /** What differs, where the search for the commit has told it. */
  private known: readonly FileChange[] | null = null;

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
    // It tells what differs from where the two part, and that is the commit that is meant.
    this.known = comparison.files ?? [];
    return known(comparison.merge_base_commit?.sha);
  }

  /** One file, under the name that it had. */
  async one(commit: string, head: string, file: string): Promise<BaseFile[]> {
    const text = await this.fileAt(commit, file);
    if (text !== null) return [{ file, text }];
    const changes = await this.changes(commit, head);
    const change = changes.find(({ filename }) => filename === file);
    if (change === undefined && changes.length >= MOST_FILES) throw untold();
    return await this.filesAt(commit, change?.previous_filename === undefined ? [] : [change.previous_filename]);
  }

  /** Each of the files, under the name that it had, and those that are gone. */
  async several(
    commit: string,
    head: string,
    files: readonly string[],
    wasOne: (file: string) => boolean,
  ): Promise<BaseFile[]> {
    const changes = await this.changes(commit, head);
    const byName = new Map(changes.map((change) => [change.filename, change]));
    const untouched = files.filter((file) => !byName.has(file));
    const touched = files.flatMap((file) => byName.get(file) ?? []);
    const gone = changes.filter(({ status, filename }) => status === 'removed' && wasOne(filename));
    const former = [...touched.filter(({ status }) => status !== 'added' && status !== 'copied'), ...gone];
    const names = new Set(former.map(({ filename, previous_filename: before = filename }) => before));
    if (changes.length < MOST_FILES)
      return [...untouched.map((file) => ({ file, text: null })), ...(await this.filesAt(commit, names))];
    const found = await this.filesAt(commit, new Set([...untouched, ...names]));
    if (untouched.some((file) => !found.some((one) => one.file === file))) throw untold();
    return found;
  }

  /** The files that are there at a commit. */
  private async filesAt(commit: string, files: Iterable<string>): Promise<BaseFile[]> {
    const found: BaseFile[] = [];
    for (const file of files) {
      const text = await this.fileAt(commit, file);
      if (text !== null) found.push({ file, text });
    }
    return found;
  }

  /** A file's text at a commit; null where it has no such file. */
  private async fileAt(commit: string, file: string): Promise<string | null> {
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

  /** What differs between the commit and the head, as far as GitHub tells. */
  private async changes(commit: string, head: string): Promise<readonly FileChange[]> {
    return this.known ?? (await this.compare(commit, head)).files ?? [];
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
  readonly files?: readonly FileChange[];
}
interface FileChange {
  readonly filename: string;
  readonly previous_filename?: string;
  /** `added`, `removed`, `modified`, `renamed`, … */
  readonly status?: string;
}

function untold(): GitHubProblem {
  const message = `more than ${MOST_FILES} files change, so GitHub does not tell whether it was renamed`;
  return new GitHubProblem(message, null, null);
}

function known(commit: string | undefined): string {
  if (commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw new GitHubProblem('GitHub did not name the commit that it is merged onto', null, null);
}
