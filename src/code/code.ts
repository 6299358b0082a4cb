import { dispatches, type EventMention, eventMentions, wordsIn } from './events.ts';
import { type IdForm, type IdMention, idMentions } from './ids.ts';
import { type KeyForm, type KeyMention, keyMentions } from './keys.ts';
import { languageOf } from './languages.ts';
import { librariesIn } from './libraries.ts';
import { isGenerated } from './passed.ts';
import { type Content, contents } from './read.ts';
import { Source } from './source.ts';
import { isCreator, isSender, isStripes, isStripesPath, MOST_TYPES, mayBeStripes } from './stripe.ts';
import { isNamedAfterStripe } from './surroundings.ts';
import { type FoundFile, type GlobProblem, type PassedOver, type Walk, walk } from './walk.ts';

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
  /** Every place that names a type, by file and place. */
  readonly mentions: readonly EventMention[];
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
  readonly events: readonly EventMention[];
  readonly ids: readonly IdMention[];
  /** In files that are Stripe's. */
  readonly keys: readonly KeyMention[];
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
  /** No limit was met, so that what was not found is not there. */
  readonly isComplete: boolean;
  /** Globs that find nothing. `handler` is the name of one; null: of `paths`. */
  readonly problems: readonly (Omit<GlobProblem, 'search'> & { readonly handler: string | null })[];
}

/** Reads a repository's code. Rejects only when the signal aborts: what can't be read is told. */
export async function readCode(request: CodeRequest): Promise<CodeReading> {
  const limits = { ...LIMITS, ...request.limits };
  const searches = searchesOf(request);
  const found = await walk(request.root, searches, limits.files, request.signal);
  const reader = new Reader(request, limits);
  const besides = new Set(request.besides);
  const files = inOrder(found.files.filter(({ file }) => !besides.has(file)));
  for (const { file } of files.slice(limits.files)) found.passed.add('limit', file);
  for await (const [file, content] of contents(
    request.root,
    files.slice(0, limits.files),
    limits.fileBytes,
    TOGETHER,
  )) {
    request.signal?.throwIfAborted();
    const reason = reader.take(file, content);
    if (reason !== null) found.passed.add(reason, file.file);
  }
  if (request.handlers.length > 0) await readLocks(request.root, found, reader);
  return {
    ...reader.result(),
    passedOver: found.passed.list(),
    isComplete: !found.passed.has('limit'),
    problems: found.problems.map(({ search, ...problem }) => ({
      ...problem,
      handler: request.handlers[search]?.name ?? null,
    })),
  };
}

/** Handlers first, then the paths, and then all that is left: a word there may tell that an event is handled. */
function searchesOf({ handlers, paths }: CodeRequest) {
  return [
    ...handlers.map(({ globs }) => ({ globs })),
    { globs: paths ?? [] },
    { globs: handlers.length > 0 ? ['**'] : [], isQuiet: true as const },
  ];
}

/** What is asked for comes first, so that a limit takes from the rest. */
function inOrder(files: readonly FoundFile[]): FoundFile[] {
  return [...files].sort(
    (one, other) => (one.searches[0] as number) - (other.searches[0] as number) || (one.file < other.file ? -1 : 1),
  );
}

/** Reads the lock files in the folders of each handler's files and above. */
async function readLocks(root: string, { locks, passed }: Walk, reader: Reader): Promise<void> {
  const near = locks.filter((file) => reader.isAbove(folderOf(file))).map((file) => ({ file }));
  for (const { file } of near.slice(MOST_LOCKS)) passed.add('limit', file);
  for await (const [{ file }, content] of contents(root, near.slice(0, MOST_LOCKS), LOCK_BYTES, 1)) {
    if ('text' in content) reader.takeLock(folderOf(file), librariesIn(nameOf(file), content.text));
    else passed.add(content.reason, file);
  }
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** What of a handler is known so far. */
interface Handler {
  readonly name: string;
  readonly mentions: EventMention[];
  readonly libraries: Set<string>;
  /** The folders of its files, and all above them. */
  readonly folders: Set<string>;
  files: number;
  dispatches: boolean;
}

/** Takes one file after the other and keeps what it names, but not its text. */
class Reader {
  private readonly request: CodeRequest;
  private readonly limits: Limits;
  private readonly handlers: readonly Handler[];
  private readonly words = new Set<string>();
  private readonly events: EventMention[] = [];
  private readonly ids: IdMention[] = [];
  private readonly keys: KeyMention[] = [];
  private files = 0;
  private filesOfPaths = 0;
  private bytes = 0;
  private isFull = false;

  constructor(request: CodeRequest, limits: Limits) {
    this.request = request;
    this.limits = limits;
    this.handlers = request.handlers.map(({ name }) => ({
      name,
      mentions: [],
      libraries: new Set(),
      folders: new Set(),
      files: 0,
      dispatches: false,
    }));
  }

  /** Takes what a file names. Returns why it was passed over, or null. */
  take({ file, searches }: FoundFile, content: Content): PassedOver['reason'] | null {
    if ('reason' in content) return content.reason;
    const language = languageOf(file);
    if (language === null) return 'language';
    if (this.bytes + content.bytes > this.limits.bytes) return 'limit';
    const handlers = searches.flatMap((search) => this.handlers[search] ?? []);
    if (handlers.length === 0 && isGenerated(content.text)) return 'generated';
    this.bytes += content.bytes;
    this.files += 1;
    const source = new Source(file, content.text, language);
    this.takeEvents(source, handlers, searches.includes(this.handlers.length));
    if (searches.includes(this.handlers.length)) this.takeRest(source);
    return this.isFull ? 'limit' : null;
  }

  private takeEvents(source: Source, handlers: readonly Handler[], isOfPaths: boolean): void {
    for (const handler of handlers) enter(handler, source.file);
    if (!source.language.isCode) return;
    const isOfStripe = mayBeStripes(source.text) || isStripesPath(source.file);
    const words =
      handlers.length + this.handlers.length > 0 ? wordsIn(source, handlers.length > 0 || isOfStripe) : null;
    const isNeeded = handlers.length > 0 || (isOfPaths && isOfStripe);
    const mentions = isNeeded ? eventMentions(source) : [];
    const isCatalogue = new Set(mentions.map(({ type }) => type)).size > MOST_TYPES;
    if (!isCatalogue || handlers.length > 0) for (const word of words ?? []) this.words.add(word);
    const isOfHandler = mentions.length > 0 && handlers.length > 0 && !isCreator(source);
    for (const handler of handlers) {
      if (isOfHandler) this.add(handler.mentions, mentions);
      handler.dispatches ||= dispatches(source);
    }
    if (isOfPaths && handlers.length === 0 && !isCatalogue && mentions.length > 0 && !isSender(source))
      this.add(this.events, ofStripe(source, mentions));
  }

  private takeRest(source: Source): void {
    const { forms, keys } = this.request;
    this.filesOfPaths += 1;
    this.add(this.ids, idMentions(source, forms));
    if (keys !== null && isStripes(source)) this.add(this.keys, keyMentions(source, keys));
  }

  private add<T>(list: T[], some: readonly T[]): void {
    for (const one of some) {
      if (list.length < MOST_MENTIONS) list.push(one);
      else this.isFull = true;
    }
  }

  /** Whether a folder is above a file of a handler. */
  isAbove(folder: string): boolean {
    return this.handlers.some(({ folders }) => folders.has(folder));
  }

  takeLock(folder: string, libraries: readonly string[]): void {
    for (const handler of this.handlers)
      if (handler.folders.has(folder)) for (const library of libraries) handler.libraries.add(library);
  }

  result(): Pick<CodeReading, 'handlers' | 'paths' | 'words' | 'files'> {
    const { events, ids, keys, words, files, filesOfPaths } = this;
    return {
      handlers: this.handlers.map(({ name, files, mentions, dispatches, libraries }) => ({
        name,
        files,
        mentions,
        dispatches,
        libraries: [...libraries].sort(),
      })),
      paths: this.request.paths === null ? null : { files: filesOfPaths, events, ids, keys },
      words,
      files,
    };
  }
}

/** The mentions of a file that are Stripe's: all of a file that is, and else those whose own name says so. */
function ofStripe(source: Source, mentions: readonly EventMention[]): readonly EventMention[] {
  if (isStripes(source)) return mentions;
  return mentions.filter(({ at }) => isNamedAfterStripe(source, at.line, at.column));
}

function enter(handler: Handler, file: string): void {
  handler.files += 1;
  for (let folder = folderOf(file); !handler.folders.has(folder); folder = folderOf(folder)) {
    handler.folders.add(folder);
    if (folder === '') break;
  }
}
