import { existsSync } from 'node:fs';
import path from 'node:path';
import { CheckError } from '../errors.ts';
import { realPath, repositoryPath } from '../files.ts';

/** Where the job's files lie, and its throw-away ones; absolute. */
export const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
export const temporary = process.env.RUNNER_TEMP ?? workspace;

/**
 * The paths and globs within the workspace that an input names, one a line: commas may be part of them. What exists under the
 * whole text is one path. Throws a `CheckError` where one lies outside.
 */
export function pathsInside(name: string, value: string): string[] {
  const isOne = existsSync(path.resolve(workspace, value));
  const paths = isOne ? [value] : value.split('\n').map((line) => line.trim());
  const named = [...new Set(paths)].filter((line) => line !== '');
  for (const one of named) inside(name, one, [workspace]);
  return named;
}

/** A path that an input names, made absolute. Throws a `CheckError` unless it lies in one of the folders: links are followed, and one that leads out is outside. */
export function inside(name: string, value: string, folders: readonly string[]): string {
  const absolute = path.resolve(workspace, value);
  const real = realPath(absolute);
  const isIn = (folder: string) => {
    const relative = path.relative(realPath(folder), real);
    return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  };
  if (folders.some(isIn)) return absolute;
  const where = folders.length > 1 ? 'the workspace and $RUNNER_TEMP' : 'the workspace';
  throw new CheckError(
    `${name} is ${JSON.stringify(value)}, which lies outside ${where}.`,
    `Give ${name} a path within ${where.replace(' and ', ' or ')}.`,
  );
}

/** The path of a file as annotations and links need it; `file` is relative to the workspace. */
export function shownPath(file: string): string {
  return repositoryPath(file, workspace, workspace);
}
