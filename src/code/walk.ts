import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { advance, type Glob, type GlobFault, globsOf, isAllBelow, isReached, type Position, start } from './globs.ts';
import { languageOf } from './languages.ts';
import { isLock } from './libraries.ts';
import { asksFor, isLimit, type Reason, reasonOfFile, reasonOfFolder } from './passed.ts';

/** Finds files below a folder. Nothing outside of it is looked at: no link is followed, and no glob leads upward. */

/** A list of globs that files are looked for with. Those with `!` in front take out what others name. */
export interface Search {
  readonly globs: readonly string[];
  /** Searches of one rank share a limit of files. They come in the order of their ranks, from zero. */
  readonly rank: number;
  /** It is asked for by nobody: it finds code only, and what it does not find is no loss. */
  readonly isQuiet?: true;
}

/** A file below the root, with `/`, and which of the searches found it. */
export interface FoundFile {
  readonly file: string;
  /** Files that the same searches found share the list. */
  readonly searches: readonly number[];
  /** The rank of the first of them. */
  readonly rank: number;
}

/** What was not read, and why. A folder counts once, whatever it holds. */
export interface PassedOver {
  readonly reason: Reason;
  readonly count: number;
  /** The first of them, below the root. */
  readonly first: string;
}

/**
 * Why a glob finds nothing: it leads out of the workspace, its braces are too many, it leads through a link, it names only
 * what is passed over, or nothing. A list of nothing but exclusions finds nothing either; its first glob is told.
 */
export interface GlobProblem {
  /** The number of its search. */
  readonly search: number;
  readonly glob: string;
  readonly problem: GlobFault | 'link' | 'passed' | 'nothing';
  /** Why what it names is passed over. `language`: it is in none that is read; `globs`: the glob is one of too many. */
  readonly reason?: Reason;
}

/** What a walk found: first in folders where something is asked for, each in the order of the paths. */
export interface Walk {
  readonly files: readonly FoundFile[];
  /** Lock files of package managers, wherever the walk came by. */
  readonly locks: readonly string[];
  readonly passed: Passed;
  readonly problems: readonly GlobProblem[];
  /** How many times a name was compared with a glob, for each search that states it. */
  readonly compared: number;
}

/** So many files and folders are looked at: more is no repository. */
const MOST_ENTRIES = 1_000_000;

/** So many times a name is compared with a glob: 20,000 files with the most globs. */
const MOST_COMPARED = 20_000_000;

/** So many globs are followed in all, after braces. */
const MOST_GLOBS = 1000;

/** Counts what was passed over. */
export class Passed {
  private readonly reasons = new Map<Reason, { count: number; first: string }>();

  add(reason: Reason, file: string): void {
    const known = this.reasons.get(reason);
    if (known === undefined) this.reasons.set(reason, { count: 1, first: file });
    else known.count += 1;
  }

  /** Whether a limit was met. */
  hasLimit(): boolean {
    return [...this.reasons.keys()].some(isLimit);
  }

  /** By reason, the first one met first. */
  list(): PassedOver[] {
    return [...this.reasons].map(([reason, counted]) => ({ reason, ...counted }));
  }
}

/** A glob as a search states it, and the best that came of it. */
interface Wish {
  readonly search: number;
  readonly text: string;
  outcome: Outcome;
}

type Outcome = 'nothing' | 'file' | Reason;

/** A glob without braces. It is followed once, however many searches state it. */
interface Trail {
  readonly glob: Glob;
  readonly isNegated: boolean;
  readonly wishes: Wish[];
}

/** Where a walk stands in a trail that may still match. */
interface Standing {
  readonly trail: Trail;
  readonly position: Position;
}

interface Folder {
  readonly path: string;
  /** A search that somebody asks for may find files below it. */
  readonly isAsked: boolean;
  readonly standings: readonly Standing[];
}

/** Walks through a folder, each file once. At most `most` files are kept for each rank. */
export async function walk(
  root: string,
  searches: readonly Search[],
  most: number,
  signal?: AbortSignal,
): Promise<Walk> {
  const walker = new Walker(searches, most);
  // What is asked for comes first, so that the limits take from the rest.
  const asked: Folder[] = [walker.root()];
  const rest: Folder[] = [];
  for (let folder = asked.pop(); folder !== undefined; folder = asked.pop() ?? rest.pop()) {
    signal?.throwIfAborted();
    const entries = await entriesOf(root, folder.path);
    if (entries === null) walker.passed.add('unreadable', folder.path);
    else for (const next of walker.enter(folder, entries).reverse()) (next.isAsked ? asked : rest).push(next);
  }
  return walker.result();
}

async function entriesOf(root: string, folder: string): Promise<Dirent[] | null> {
  try {
    const entries = await readdir(folder === '' ? root : `${root}/${folder}`, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch {
    return null;
  }
}

class Walker {
  readonly passed = new Passed();
  private readonly searches: readonly Search[];
  private readonly most: number;
  private readonly trails = new Map<string, Trail>();
  private readonly wishes: Wish[] = [];
  private readonly problems: GlobProblem[] = [];
  private readonly files: FoundFile[] = [];
  private readonly locks: string[] = [];
  private readonly lists = new Map<string, readonly number[]>();
  private readonly kept = new Map<number, number>();
  private globsLeft = MOST_GLOBS;
  private entries = 0;
  private compared = 0;

  constructor(searches: readonly Search[], most: number) {
    this.searches = searches;
    this.most = most;
    for (const [search, { globs }] of searches.entries()) this.followAll(search, [...new Set(globs)]);
  }

  /** Exclusions come first: where globs are too many, a file that is taken out must not be found. */
  private followAll(search: number, texts: readonly string[]): void {
    const [first] = texts;
    const wanted = texts.filter((text) => !text.startsWith('!'));
    if (first === undefined) return;
    if (wanted.length === 0) this.problems.push({ search, glob: first, problem: 'nothing' });
    else for (const text of [...texts.filter((text) => text.startsWith('!')), ...wanted]) this.follow(search, text);
  }

  private follow(search: number, text: string): void {
    const isNegated = text.startsWith('!');
    const globs = this.globsLeft > 0 ? globsOf(isNegated ? text.slice(1) : text, isNegated) : [];
    if (typeof globs === 'string') this.problems.push({ search, glob: text, problem: globs });
    else if (this.hasRoom(search, globs.length)) this.add({ search, text, outcome: 'nothing' }, globs, isNegated);
    else this.problems.push({ search, glob: text, problem: 'passed', reason: 'globs' });
  }

  /** Whether so many globs are still followed. Where some are not, none that come later are. */
  private hasRoom(search: number, count: number): boolean {
    if (this.searches[search]?.isQuiet) return true;
    const has = count > 0 && count <= this.globsLeft;
    this.globsLeft = has ? this.globsLeft - count : 0;
    return has;
  }

  private add(wish: Wish, globs: readonly Glob[], isNegated: boolean): void {
    if (!isNegated) this.wishes.push(wish);
    for (const glob of globs) {
      const key = `${isNegated} ${glob.steps.map((step) => (step === '**' ? step : step.text)).join('/')}`;
      const trail = this.trails.get(key) ?? { glob, isNegated, wishes: [] };
      this.trails.set(key, trail);
      if (trail.wishes.at(-1) !== wish) trail.wishes.push(wish);
    }
  }

  root(): Folder {
    const standings = [...this.trails.values()].map((trail) => ({ trail, position: start(trail.glob) }));
    return { path: '', isAsked: true, standings };
  }

  /** Takes the files of a folder. Returns the folders that are to be entered. */
  enter(folder: Folder, entries: readonly Dirent[]): Folder[] {
    const next: Folder[] = [];
    const globs = folder.standings.reduce((sum, { trail }) => sum + trail.wishes.length, 0);
    for (const entry of entries) {
      const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
      this.entries += 1;
      if (this.entries > MOST_ENTRIES || this.compared + globs > MOST_COMPARED) {
        this.passed.add('entries', path);
        continue;
      }
      this.compared += globs;
      if (entry.isDirectory()) next.push(...this.folder(folder, entry.name, path));
      else this.file(folder, entry, path);
    }
    return next;
  }

  private folder({ path: parent, standings }: Folder, name: string, path: string): Folder[] {
    const left = this.without(advanced(standings, name), reasonOfFolder(name, parent), name, path);
    const open = searchesIn(left, ({ trail, position }) => isAllBelow(trail.glob, position));
    const isAsked = open.some((search) => !this.searches[search]?.isQuiet);
    return open.length > 0 ? [{ path, isAsked, standings: left }] : [];
  }

  private file({ standings }: Folder, entry: Dirent, path: string): void {
    const { name } = entry;
    if (entry.isFile() && isLock(name)) this.locks.push(path);
    const reached = advanced(standings, name);
    if (entry.isSymbolicLink()) this.link(reached.filter(isWanted), path);
    else this.plain(reached.filter(isNamed), entry, path);
  }

  private link(wanted: readonly Standing[], path: string): void {
    if (wanted.length > 0) this.passed.add('link', path);
    for (const { trail } of wanted) for (const wish of trail.wishes) improve(wish, 'link');
  }

  private plain(named: readonly Standing[], entry: Dirent, path: string): void {
    const { name } = entry;
    const left = this.without(named, reasonOfFile(name), name, path);
    const language = languageOf(name);
    const finders = searchesIn(left, isNamed).filter((search) => language?.isCode || !this.searches[search]?.isQuiet);
    if (finders.length === 0) return;
    const reason = !entry.isFile() ? 'unreadable' : language === null ? 'language' : null;
    const found = new Set(finders);
    for (const { trail } of left.filter(isWanted))
      for (const wish of trail.wishes) if (found.has(wish.search)) improve(wish, reason ?? 'file');
    if (reason === null) this.keep(path, finders);
    else this.passed.add(reason, path);
  }

  private keep(file: string, finders: readonly number[]): void {
    const rank = this.searches[finders[0] as number]?.rank ?? 0;
    const count = (this.kept.get(rank) ?? 0) + 1;
    this.kept.set(rank, count);
    if (count > this.most) this.passed.add('files', file);
    else this.files.push({ file, searches: this.shared(finders), rank });
  }

  /** The same list for the same searches. */
  private shared(searches: readonly number[]): readonly number[] {
    const key = searches.join();
    const list = this.lists.get(key) ?? searches;
    this.lists.set(key, list);
    return list;
  }

  /** Without the globs that do not ask for what is passed over. */
  private without(
    standings: readonly Standing[],
    reason: Reason | null,
    name: string,
    path: string,
  ): readonly Standing[] {
    if (reason === null) return standings;
    const dropped = standings.filter(({ trail }) => !trail.isNegated && !asksFor(trail.glob, reason, name));
    for (const { trail } of dropped) for (const wish of trail.wishes) improve(wish, reason);
    const gone = new Set(dropped);
    const left = standings.filter((standing) => !gone.has(standing));
    if (dropped.length > 0 && !left.some(isWanted)) this.passed.add(reason, path);
    return left;
  }

  result(): Walk {
    const { files, locks, passed, compared } = this;
    return { files, locks, passed, compared, problems: [...this.problems, ...this.fruitless()] };
  }

  /** The globs that found no file: of those that braces stand for, all. */
  private fruitless(): GlobProblem[] {
    return this.wishes.flatMap(({ search, text, outcome }): GlobProblem[] => {
      if (outcome === 'file' || this.searches[search]?.isQuiet) return [];
      if (outcome === 'nothing' || outcome === 'link') return [{ search, glob: text, problem: outcome }];
      return [{ search, glob: text, problem: 'passed', reason: outcome }];
    });
  }
}

function advanced(standings: readonly Standing[], name: string): Standing[] {
  const next: Standing[] = [];
  for (const standing of standings) {
    const position = advance(standing.trail.glob, standing.position, name);
    if (position === standing.position) next.push(standing);
    else if (position.length > 0) next.push({ trail: standing.trail, position });
  }
  return next;
}

function isWanted({ trail }: Standing): boolean {
  return !trail.isNegated;
}

function isNamed({ trail, position }: Standing): boolean {
  return isReached(trail.glob, position);
}

/** The searches that want something, in their order, without those that an exclusion keeps from it. */
function searchesIn(standings: readonly Standing[], excludes: (standing: Standing) => boolean): number[] {
  const wanted = new Set<number>();
  for (const { trail } of standings.filter(isWanted)) for (const { search } of trail.wishes) wanted.add(search);
  const exclusions = standings.filter((standing) => !isWanted(standing) && excludes(standing));
  for (const { trail } of exclusions) for (const { search } of trail.wishes) wanted.delete(search);
  return [...wanted].sort((one, other) => one - other);
}

function improve(wish: Wish, outcome: Outcome): void {
  if (rankOf(outcome) > rankOf(wish.outcome)) wish.outcome = outcome;
}

/** Of what a glob found, the most telling counts. */
function rankOf(outcome: Outcome): number {
  return RANKS[outcome] ?? 1;
}

const RANKS: { readonly [O in Outcome]?: number } = { nothing: 0, language: 2, link: 3, file: 4 };
