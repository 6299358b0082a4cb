import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { addressPart } from '../resources/text.ts';
import type { GitHub } from './client.ts';
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
 * `root` is the folder of the checkout, `file` the path in it, with `/`. Where it can't be had, a sentence says why.
 */
export async function readBase(
  github: GitHub,
  event: GitHubEvent,
  root: string,
  file: string,
): Promise<BaseFile | string | null> {
  if (event.pullRequest === null && event.mergeGroupBase === null) return null;
  try {
    const head = checkedOut(root) ?? event.sha;
    const commit = await baseCommit(github, event, head);
    const text = await fileAt(github, commit, file);
    if (text !== null) return { commit, text, file };
    const former = await formerPath(github, commit, head, file);
    return { commit, text: former === null ? null : await fileAt(github, commit, former), file: former ?? file };
  } catch (error) {
    const reason = error instanceof Refused ? error.message : 'GitHub could not be reached';
    return `What the file said before this change could not be read: ${reason}.`;
  }
}

/** Why GitHub did not tell, as a clause. */
class Refused extends Error {}

/**
 * The commit that the pull request is merged onto. A checkout has by default GitHub's merge of the pull request into its
 * base, whose first parent is just that; the event's own base goes stale.
 */
async function baseCommit(github: GitHub, event: GitHubEvent, head: string): Promise<string> {
  if (event.mergeGroupBase !== null) return event.mergeGroupBase;
  if (head === event.sha && event.isMergeOfPullRequest) {
    const { parents } = (await asked(github, `commits/${addressPart(head)}`)) as { parents?: { sha: string }[] };
    return known(parents?.[0]?.sha);
  }
  const branch = event.pullRequest?.base ?? '';
  const range = `${addressPart(branch)}...${addressPart(head)}`;
  const { merge_base_commit: base } = (await asked(github, `compare/${range}?per_page=1`)) as {
    merge_base_commit?: { sha: string };
  };
  return known(base?.sha);
}

function known(commit: string | undefined): string {
  if (commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw new Refused('GitHub did not name the commit that it is merged onto');
}

async function fileAt(github: GitHub, commit: string, file: string): Promise<string | null> {
  const address = `contents/${file.split('/').map(addressPart).join('/')}?ref=${commit}`;
  const { status, data } = await github.get(address, 'application/vnd.github.raw+json');
  if (status === 404) return null;
  if (status === 200) return typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer).toString('utf8');
  throw refused(status);
}

/** The path of a file before it was renamed, or null where it was not. */
async function formerPath(github: GitHub, base: string, head: string, file: string): Promise<string | null> {
  const { files = [] } = (await asked(github, `compare/${base}...${addressPart(head)}?per_page=1`)) as {
    files?: { filename: string; previous_filename?: string }[];
  };
  const renamed = files.find(({ filename }) => filename === file);
  if (renamed === undefined && files.length >= MOST_FILES)
    throw new Refused(`more than ${MOST_FILES} files change, so GitHub does not tell whether it was renamed`);
  return renamed?.previous_filename ?? null;
}

async function asked(github: GitHub, address: string): Promise<unknown> {
  const { status, data } = await github.get(address);
  if (status === 200) return data ?? {};
  throw refused(status);
}

function refused(status: number): Refused {
  const hint = [401, 403, 404].includes(status) ? ', and the job needs the permission contents: read' : '';
  return new Refused(`GitHub answered with status ${status}${hint}`);
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
