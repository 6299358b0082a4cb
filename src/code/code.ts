import { grouped } from '../model.ts';
import { dispatches, type EventMention, wordsIn } from './events.ts';
import type { IdForm, IdMention } from './ids.ts';
import type { KeyForm, KeyMention } from './keys.ts';
import { languageOf } from './languages.ts';
import { librariesIn } from './libraries.ts';
import { type Misspelt, MOST_MISSPELT, misspeltIn } from './misspelt.ts';
import { detached, eventsIn, idsIn, keysIn, type Once, type OnceInLines } from './once.ts';
import { isGenerated, type Reason } from './passed.ts';
import { type Content, contents } from './read.ts';
import { Source } from './source.ts';
import { isCreator, isSender, isStripes, isStripesPath, MOST_TYPES, mayBeStripes } from './stripe.ts';
import { isNamedAfterStripe } from './surroundings.ts';
import { type FoundFile, type GlobProblem, type PassedOver, type Search, type Walk, walk } from './walk.ts';

/**
 * Reads what the code of a repository names: event types, ids and lookup keys. Files are a stranger's, so all of it takes time
 * in proportion to the text, one text is held at a time, and silence is better than a false word.
 */

/** What is looked for, and where. */
export interface CodeRequest {
  /** The folder that all globs start from, and that nothing outside of is read. */
  readonly root: string;
  /** The code that receives events, each under a name of the caller's. */
  readonly handlers: readonly { readonly name: string; readonly globs: readonly string[] }[];
  /** Where ids, keys and event types are looked for; null: nowhere. A glob with `!` in front takes files out. */
  readonly paths: readonly string[] | null;
  /** Ids of which forms are looked for in `paths`. */
  readonly forms: readonly IdForm[];
  /** Under what name lookup keys are looked for in `paths`; null: they are not. */
  readonly keys: KeyForm | null;
  /** Files below the root that are never read, such as the configuration itself. */
  readonly besides?: readonly string[];
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
}

/** How much is read at most. */
export interface Limits {
  /** Files in all. */
  readonly files: number;
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of all files. */
  readonly bytes: number;
}

const LIMITS: Limits = { files: 20_000, fileBytes: 1 << 20, bytes: 200 << 20 };

/** So many mentions of one sort are kept. */
const MOST_MENTIONS = 100_000;

/** So many mentions are kept for all handlers, each counted for every handler that has it. */
const MOST_OF_HANDLERS = 500_000;

/** So many problems of globs are told. */
const MOST_PROBLEMS = 1000;

/** So many files are read at the same time. */
const TOGETHER = 16;

/** Lock files are longer than code, and few. */
const LOCK_BYTES = 16 << 20;
const MOST_LOCKS = 50;

/** What the code that receives events names. */
export interface HandlerReading {
  readonly name: string;
  /** How many files were read. */
  readonly files: number;
  /** The types that each file names, by file and first place. Handlers with the same globs share the list. */
  readonly mentions: readonly Once<EventMention>[];
  /** Words that a file about events compares something with, and that are nearly a type. */
  readonly misspelt: readonly Misspelt[];
  /** A file tells events apart by a prefix, a pattern or the name of a method: which types it handles is not known. */
  readonly dispatches: boolean;
  /** Libraries of the lock files around it that handle events themselves. */
  readonly libraries: readonly string[];
}

/** What the files of `paths` name. */
export interface PathsReading {
  /** How many files were read. */
  readonly files: number;
  /** In files that are Stripe's, or by a name that is, and that neither create endpoints, nor filter lists, nor are catalogues of types. */
  readonly events: readonly Once<EventMention>[];
  readonly ids: readonly OnceInLines<IdMention>[];
  /** In files that are Stripe's. */
  readonly keys: readonly OnceInLines<KeyMention>[];
}

/** What code names, and what was not read of it. */
export interface CodeReading {
  readonly handlers: readonly HandlerReading[];
  /** Null where no paths were asked for. */
  readonly paths: PathsReading | null;
  /** Types whose words stand in any code of the workspace that is no test: where there are handlers, all of it is read. */
  readonly words: ReadonlySet<string>;
  /** How many files were read. */
  readonly files: number;
  readonly passedOver: readonly PassedOver[];
  /** Code of handlers that is too large, or that the system refused. */
  readonly unreadOfHandlers: readonly string[];
  /** No limit was met, and handlers were read in full, so that what was not found is not there. */
  readonly isComplete: boolean;
  /** Globs that find nothing. `handler` is the name of one; null: of `paths`. */
  readonly problems: readonly (Omit<GlobProblem, 'search'> & { readonly handler: string | null })[];
}

/** Reads a repository's code. Rejects only when the signal aborts: what can't be read is told. */
export async function readCode(request: CodeRequest): Promise<CodeReading> {
  const { root, signal } = request;
  const limits = { ...LIMITS, ...request.limits };
  const groups = groupsOf(request.handlers);
  const found = await walk(root, searchesOf(request, groups), limits.files, signal);
  const besides = new Set(request.besides);
  const files = inOrder(found.files.filter(({ file }) => !besides.has(file)));
  const libraries = await librariesAround(root, found);
  const reader = new Reader(request, groups, limits, libraries);
  await readFiles(request, files, limits, found, reader);
  const problems = found.problems.flatMap(({ search, ...problem }) =>
    (groups[search]?.names ?? [null]).map((handler) => ({ ...problem, handler })),
  );
  const read = reader.result();
  const isCut = found.passed.hasLimit() || found.problems.some(({ reason }) => reason === 'globs');
  return {
    ...read,
    passedOver: found.passed.list(),
    isComplete: !isCut && read.unreadOfHandlers.length === 0,
    problems: problems.slice(0, MOST_PROBLEMS),
  };
}

/** Reads files up to the limits, and tells which were not. */
async function readFiles(
  { root, signal }: CodeRequest,
  files: readonly FoundFile[],
  limits: Limits,
  { passed }: Walk,
  reader: Reader,
): Promise<void> {
  const read = files.slice(0, limits.files);
  for (const { file } of files.slice(limits.files)) passed.add('files', file);
  let taken = 0;
  for await (const [file, content] of contents(root, read, limits.fileBytes, TOGETHER)) {
    signal?.throwIfAborted();
    const reason = reader.take(file, content);
    // A later file may be smaller, but to find it all of them would be read.
    if (reason === 'bytes') break;
    if (reason !== null) passed.add(reason, file.file);
    taken += 1;
  }
  for (const { file } of read.slice(taken)) passed.add('bytes', file);
}

/** Handlers with the same globs, which have the same files. */
interface Group {
  readonly globs: readonly string[];
  readonly names: readonly string[];
}

function groupsOf(handlers: CodeRequest['handlers']): Group[] {
  const same = grouped(handlers, ({ globs }) => JSON.stringify(globs));
  return [...same.values()].map((all) => ({ globs: all[0].globs, names: all.map(({ name }) => name) }));
}

/** Handlers first, then the paths, and then all that is left: a word there may tell that an event is handled. */
function searchesOf({ paths }: CodeRequest, groups: readonly Group[]): Search[] {
  return [
    ...groups.map(({ globs }) => ({ globs, rank: OF_HANDLER })),
    { globs: paths ?? [], rank: OF_HANDLER + 1 },
    { globs: groups.length > 0 ? ['**'] : [], rank: OF_HANDLER + 2, isQuiet: true as const },
  ];
}

const OF_HANDLER = 0;

/** What is asked for comes first, so that a limit takes from the rest. */
function inOrder(files: readonly FoundFile[]): FoundFile[] {
  return [...files].sort((one, other) => one.rank - other.rank || (one.file < other.file ? -1 : 1));
}

/** The libraries that lock files in the folders of handlers' files and above name, by folder. */
async function librariesAround(root: string, { files, locks, passed }: Walk): Promise<Map<string, readonly string[]>> {
  const folders = new Set<string>();
  for (const { file, rank } of files)
    if (rank === OF_HANDLER) for (const folder of foldersAbove(file)) folders.add(folder);
  const near = locks.filter((file) => folders.has(folderOf(file))).map((file) => ({ file }));
  for (const { file } of near.slice(MOST_LOCKS)) passed.add('locks', file);
  const libraries = new Map<string, readonly string[]>();
  for await (const [{ file }, content] of contents(root, near.slice(0, MOST_LOCKS), LOCK_BYTES, 1)) {
    const folder = folderOf(file);
    if ('text' in content)
      libraries.set(folder, [...(libraries.get(folder) ?? []), ...librariesIn(nameOf(file), content.text)]);
    else passed.add(content.reason, file);
  }
  return libraries;
}

/** The folders that a file lies in, the nearest first. The last is the root, whose name is empty. */
function foldersAbove(file: string): string[] {
  const folders = [folderOf(file)];
  for (let folder = folders[0] as string; folder !== ''; folders.push(folder)) folder = folderOf(folder);
  return folders;
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** What of the handlers of a group is known so far. */
interface Handler {
  readonly names: readonly string[];
  readonly mentions: Once<EventMention>[];
  readonly misspelt: Misspelt[];
  readonly libraries: Set<string>;
  files: number;
  dispatches: boolean;
}

/** Takes one file after the other and keeps what it names, but not its text. */
class Reader {
  private readonly request: CodeRequest;
  private readonly limits: Limits;
  private readonly libraries: ReadonlyMap<string, readonly string[]>;
  private readonly handlers: readonly Handler[];
  private readonly words = new Set<string>();
  private readonly events: Once<EventMention>[] = [];
  private readonly ids: OnceInLines<IdMention>[] = [];
  private readonly keys: OnceInLines<KeyMention>[] = [];
  private readonly unreadOfHandlers: string[] = [];
  private files = 0;
  private filesOfPaths = 0;
  private bytes = 0;
  private ofHandlers = 0;
  private isFull = false;

  constructor(
    request: CodeRequest,
    groups: readonly Group[],
    limits: Limits,
    libraries: ReadonlyMap<string, readonly string[]>,
  ) {
    this.request = request;
    this.limits = limits;
    this.libraries = libraries;
    this.handlers = groups.map(({ names }) => ({
      names,
      mentions: [],
      misspelt: [],
      libraries: new Set(),
      files: 0,
      dispatches: false,
    }));
  }

  /** Takes what a file names. Returns why it was passed over, or null. */
  take({ file, searches }: FoundFile, content: Content): Reason | null {
    const language = languageOf(file);
    if (language === null) return 'language';
    const handlers = searches.flatMap((search) => this.handlers[search] ?? []);
    if ('reason' in content) {
      const mayName = language.isCode && content.reason !== 'binary';
      if (mayName && handlers.length > 0) this.unreadOfHandlers.push(file);
      return content.reason;
    }
    if (this.bytes + content.bytes > this.limits.bytes) return 'bytes';
    if (handlers.length === 0 && isGenerated(content.text)) return 'generated';
    this.bytes += content.bytes;
    this.files += 1;
    const source = new Source(file, content.text, language);
    this.enter(handlers, file);
    this.takeEvents(source, handlers, searches.includes(this.handlers.length));
    if (searches.includes(this.handlers.length)) this.takeRest(source);
    return this.isFull ? 'mentions' : null;
  }

  private enter(handlers: readonly Handler[], file: string): void {
    const libraries = handlers.length === 0 ? [] : foldersAbove(file).flatMap((one) => this.libraries.get(one) ?? []);
    for (const handler of handlers) {
      handler.files += 1;
      for (const library of libraries) handler.libraries.add(library);
    }
  }

  private takeEvents(source: Source, handlers: readonly Handler[], isOfPaths: boolean): void {
    if (!source.language.isCode) return;
    const isOfStripe = mayBeStripes(source.text) || isStripesPath(source.file);
    const words =
      handlers.length + this.handlers.length > 0 ? wordsIn(source, handlers.length > 0 || isOfStripe) : null;
    const isNeeded = handlers.length > 0 || (isOfPaths && isOfStripe);
    const mentions = isNeeded ? eventsIn(source) : [];
    const isCatalogue = mentions.length > MOST_TYPES;
    if (!isCatalogue || handlers.length > 0) for (const word of words ?? []) this.addWord(word);
    const isOfHandler = mentions.length > 0 && handlers.length > 0 && !isCreator(source);
    if (handlers.length > 0) {
      this.addToHandlers(handlers, isOfHandler ? mentions : [], dispatches(source));
      this.addMisspelt(handlers, mentions.length > 0 || isStripes(source) ? misspeltIn(source) : []);
    } else if (isOfPaths && !isCatalogue && mentions.length > 0 && !isSender(source))
      this.add(this.events, isStripes(source) ? mentions : namedAfterStripe(source));
  }

  private addWord(word: string): void {
    if (!this.words.has(word)) this.words.add(detached(word));
  }

  private addToHandlers(
    handlers: readonly Handler[],
    mentions: readonly Once<EventMention>[],
    isDispatching: boolean,
  ): void {
    for (const handler of handlers) {
      handler.dispatches ||= isDispatching;
      const room = Math.floor((MOST_OF_HANDLERS - this.ofHandlers) / handler.names.length);
      const count = this.add(handler.mentions, mentions.slice(0, room));
      this.ofHandlers += count * handler.names.length;
      if (count < mentions.length) this.isFull = true;
    }
  }

  private addMisspelt(handlers: readonly Handler[], words: readonly Misspelt[]): void {
    for (const { misspelt } of handlers) misspelt.push(...words.slice(0, MOST_MISSPELT - misspelt.length));
  }

  private takeRest(source: Source): void {
    const { forms, keys } = this.request;
    this.filesOfPaths += 1;
    this.add(this.ids, idsIn(source, forms));
    if (keys !== null && isStripes(source)) this.add(this.keys, keysIn(source, keys));
  }

  /** Adds what there is room for, and returns how much that is. */
  private add<T>(list: T[], some: readonly T[]): number {
    const added = some.slice(0, MOST_MENTIONS - list.length);
    for (const one of added) list.push(one);
    if (added.length < some.length) this.isFull = true;
    return added.length;
  }

  result(): Pick<CodeReading, 'handlers' | 'paths' | 'words' | 'files' | 'unreadOfHandlers'> {
    const { events, ids, keys, words, files, filesOfPaths, unreadOfHandlers } = this;
    const byName = new Map(this.handlers.flatMap((handler) => handler.names.map((name) => [name, handler])));
    return {
      handlers: this.request.handlers.map(({ name }) => readingOf(name, byName.get(name) as Handler)),
      paths: this.request.paths === null ? null : { files: filesOfPaths, events, ids, keys },
      words,
      files,
      unreadOfHandlers,
    };
  }
}

/** The types that a file which is not Stripe's names under a name that is. */
function namedAfterStripe(source: Source): Once<EventMention>[] {
  return eventsIn(source, ({ at }) => isNamedAfterStripe(source, at.line, at.column));
}

function readingOf(name: string, { files, mentions, misspelt, dispatches, libraries }: Handler): HandlerReading {
  return { name, files, mentions, misspelt, dispatches, libraries: [...libraries].sort() };
}
