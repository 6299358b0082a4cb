import { readFileSync } from 'node:fs';

/** Who can read what a workflow prints. Without GitHub's own package, so that the command line starts without it. */

/** Whether the payload of an event says that its repository is not public. */
export function isPrivate(payload: { readonly repository?: object }): boolean {
  return (payload.repository as { private?: unknown } | undefined)?.private === true;
}

/** Whether this process runs in a workflow of GitHub. */
export function isInWorkflow(): boolean {
  return process.env.GITHUB_ACTIONS === 'true';
}

/** Whether this process runs in a workflow of a repository that is known not to be public. */
export function isInPrivateWorkflow(): boolean {
  if (!isInWorkflow()) return false;
  try {
    return isPrivate(JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH ?? '', 'utf8')) ?? {});
  } catch {
    return false;
  }
}

/** Whether this process runs in a workflow whose log anybody can read, as far as is known. */
export function hasOpenLog(): boolean {
  return isInWorkflow() && !isInPrivateWorkflow();
}
