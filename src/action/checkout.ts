import path from 'node:path';
import type { Base } from '../check/base.ts';
import type { CodeSide } from '../check/code.ts';
import { filesOf, matcher } from '../config/glob.ts';
import { decode, readSources, type Source } from '../config/source.ts';
import { CheckError } from '../errors.ts';
import { realPath, repositoryRoot } from '../files.ts';
import { readBase } from '../github/base.ts';
import type { GitHub } from '../github/client.ts';
import type { GitHubEvent } from '../github/event.ts';
import { checkedOut } from '../github/head.ts';
import type { CheckedFile } from '../github/strangers.ts';
import { inside, shownPath, workspace } from './workspace.ts';

/** The files of the configuration in a job's checkout. */
export interface Checkout {
  readonly sources: readonly Source[];
  /** Its files as they are named, with the commits that their checkouts are of: a link's file is of the checkout that it leads into. */
  readonly checkedFiles: readonly CheckedFile[];
  /** The code of the checkout that they are in. */
  readonly code: CodeSide;
  /** The configuration before the pull request of an event; null on other events, and a sentence where it can't be had. */
  before(github: GitHub | null, event: GitHubEvent): Promise<Base | string | null>;
}

/** The files that paths and globs name, as they would be read, made absolute. */
export async function filesNamed(patterns: readonly string[]): Promise<string[]> {
  const found = await Promise.all(patterns.map((pattern) => filesOf(pattern, workspace)));
  return found.flatMap((one) => ('files' in one ? one.files : [])).map((file) => path.resolve(workspace, file));
}

/**
 * Reads what paths and globs name, relative to the workspace. Throws a `CheckError` where a file lies outside of it, or
 * where they are of several checkouts: paths are told, and files of before are read, of one.
 */
export async function readCheckout(patterns: readonly string[]): Promise<Checkout> {
  const roots = new Set<string>();
  const checkedFiles: CheckedFile[] = [];
  const shown = (file: string): string => {
    const absolute = inside('config', file, [workspace]);
    const top = realPath(workspace);
    roots.add(repositoryRoot(absolute, workspace) ?? workspace);
    checkedFiles.push({ file, commit: checkedOut(repositoryRoot(realPath(absolute), top) ?? top) });
    return shownPath(file);
  };
  const sources = await readSources(patterns, { folder: workspace, shown });
  const [root = workspace, ...others] = roots;
  if (others.length === 0)
    return {
      sources,
      checkedFiles,
      code: codeIn(root, sources),
      before: (github, event) => before(github, event, patterns, sources, root),
    };
  const folders = [...roots].map((folder) => path.relative(workspace, folder) || 'the workspace itself').sort();
  throw new CheckError(
    `config names files of ${folders.length} checkouts: ${folders.join(', ')}.`,
    'Check the files of each in a step of their own.',
  );
}

function codeIn(root: string, sources: readonly Source[]): CodeSide {
  return {
    root,
    besides: async () => sources.map(({ file }) => file),
    shown: (file) => shownPath(path.join(root, file)),
  };
}

async function before(
  github: GitHub | null,
  event: GitHubEvent,
  patterns: readonly string[],
  sources: readonly Source[],
  root: string,
): Promise<Base | string | null> {
  const now = new Map(sources.map((source) => [source.file, source]));
  const isOne = patterns.length === 1 && patterns.every((pattern) => now.has(shownPath(pattern)));
  const matches = isOne ? null : await matcher(patterns, workspace);
  const wasOne = matches && ((file: string) => matches(path.join(root, file)));
  const found = await readBase(github, event, root, { files: [...now.keys()], wasOne });
  if (found === null || typeof found === 'string') return found;
  const then = found.files.map(({ file, text }) =>
    text === null ? (now.get(file) as Source) : { file, ...decode(Buffer.from(text)) },
  );
  return { name: found.commit, sources: then };
}
