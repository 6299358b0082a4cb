import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** The commit that a folder has checked out, or null where no `.git` tells it (a checkout without git has none). */
export function checkedOut(root: string): string | null {
  try {
    const git = gitFolder(path.join(root, '.git'));
    const head = readFileSync(path.join(git, 'HEAD'), 'utf8').trim();
    const branch = /^ref: (refs\/.+)$/.exec(head)?.[1];
    const commit = branch === undefined ? head : commitOf(commonFolder(git), branch);
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

/** Where the branches lie: those of a worktree are the repository's. */
function commonFolder(git: string): string {
  const file = path.join(git, 'commondir');
  return existsSync(file) ? path.resolve(git, readFileSync(file, 'utf8').trim()) : git;
}

function commitOf(git: string, branch: string): string | null {
  try {
    return readFileSync(path.join(git, ...branch.split('/')), 'utf8').trim();
  } catch {
    const packed = readFileSync(path.join(git, 'packed-refs'), 'utf8').split('\n');
    return packed.find((line) => line.endsWith(` ${branch}`))?.split(' ')[0] ?? null;
  }
}
