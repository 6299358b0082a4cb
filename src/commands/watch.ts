import { once } from 'node:events';
import path from 'node:path';
import { watch } from 'chokidar';
import { folderOf, matcher } from '../config/glob.ts';
import { CheckError } from '../errors.ts';
import { bare } from '../text.ts';

/** An editor may write a file in several steps: it is read when its size has rested this long. */
const SETTLED_MS = 50;

/**
 * Does some work now, and again whenever a file that paths and globs name changes, is replaced, comes or goes; until the
 * signal, or until nobody reads standard output any more. Gives what the work gave last.
 */
export async function watchFiles(
  patterns: readonly string[],
  signal: AbortSignal,
  work: () => Promise<number>,
): Promise<number> {
  const isWanted = await matcher(patterns, '.');
  const places = patterns.map(folderOf);
  const isHidden = (name: string) => places.every((place) => !mayLead(path.relative(place.folder, name), place.isDeep));
  // A folder tells of a file that is replaced by another, which a watch on the file itself loses.
  const watcher = watch(
    places.map(({ folder }) => folder),
    {
      ignoreInitial: true,
      ignored: (name, stats) => !isWanted(name) && (stats?.isFile() === true || isHidden(name)),
      awaitWriteFinish: { stabilityThreshold: SETTLED_MS, pollInterval: SETTLED_MS / 5 },
    },
  );
  try {
    await once(watcher, 'ready');
    const ended = AbortSignal.any([signal, unread(process.stdout)]);
    let code = 0;
    let isDue = true;
    watcher.on('all', (_event, name) => {
      isDue ||= isWanted(name);
    });
    while (!ended.aborted) {
      if (isDue) {
        isDue = false;
        code = await work();
      } else await once(watcher, 'all', { signal: ended }).catch(unlessAborted);
    }
    return code;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof CheckError || code === undefined) throw cause;
    throw new CheckError(
      `${patterns.map(bare).join(', ')} can't be watched (${code}).`,
      'Leave --watch out, or let the system watch more files.',
      { cause },
    );
  } finally {
    await watcher.close();
  }
}

/** Whether a path below a place is the place itself, or a folder in which a glob goes on. */
function mayLead(relative: string, isDeep: boolean): boolean {
  return relative === '' || (isDeep && relative.split(path.sep).every((step) => !/^(?:\..*|node_modules)$/.test(step)));
}

function unlessAborted(error: Error): void {
  if (error.name !== 'AbortError') throw error;
}

/** Aborted when the reader of a stream is gone. */
function unread(stream: NodeJS.WriteStream): AbortSignal {
  const controller = new AbortController();
  stream.once('error', () => controller.abort());
  return controller.signal;
}
