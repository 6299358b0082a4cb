import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { advance, type Glob, type GlobFault, globsOf, isAllBelow, isReached, type Position, start } from './globs.ts';
import { languageOf } from './languages.ts';
import { isLock } from './libraries.ts';
import { asksFor, type Reason, reasonOfFile, reasonOfFolder } from './passed.ts';

/** Finds files below a folder. Nothing outside of it is looked at: no link is followed, and no glob leads upward. */

/** A list of globs that files are looked for with. Those with `!` in front take out what others name. */
export interface Search {
  readonly globs: readonly string[];
  /** It is asked for by nobody: files in no language are no loss. */
  readonly isQuiet?: true;
}

/** A file below the root, with `/`, and which of the searches found it. */
export interface FoundFile {
  readonly file: string;
  readonly searches: readonly number[];
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
 * what is passed over, or nothing.
 */
export interface GlobProblem {
  /** The number of its search. */
  readonly search: number;
  readonly glob: string;
  readonly problem: GlobFault | 'link' | 'passed' | 'nothing';
}

/** What a walk found, each list in the order of the paths. */
export interface Walk {
  readonly files: readonly FoundFile[];
  /** Lock files of package managers, wherever the walk came by. */
  readonly locks: readonly string[];
  readonly passed: Passed;
  readonly problems: readonly GlobProblem[];
}

/** So many files and folders are looked at: more is no repository. */
const MOST_ENTRIES = 1_000_000;

/** Counts what was passed over. */
export class Passed {
  private readonly reasons = new Map<Reason, { count: number; first: string }>();

  add(reason: Reason, file: string): void {
    const known = this.reasons.get(reason);
    if (known === undefined) this.reasons.set(reason, { count: 1, first: file });
    else known.count += 1;
  }

  has(reason: Reason): boolean {
    return this.reasons.has(reason);
  }

  /** By reason, the first one met first. */
  list(): PassedOver[] {
    return [...this.reasons].map(([reason, counted]) => ({ reason, ...counted }));
  }
}

/** A glob of a search, and what became of it. */
interface Follower {
  readonly search: number;
  readonly glob: Glob;
  readonly text: string;
  readonly isNegated: boolean;
  found: 'nothing' | 'passed' | 'link' | 'file';
}

interface Folder {
  readonly path: string;
  /** For each follower, where it stands. */
  readonly positions: readonly Position[];
}

const NOWHERE: Position = [];

/** Walks through a folder, each file once. At most `most` files are kept for each search. */
export async function walk(
  root: string,
  searches: readonly Search[],
  most: number,
  signal?: AbortSignal,
): Promise<Walk> {
  const walker = new Walker(searches, most);
  const folders: Folder[] = [walker.root()];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal?.throwIfAborted();
    const entries = await entriesOf(root, folder.path);
    if (entries === null) walker.passed.add('unreadable', folder.path);
    else folders.push(...walker.enter(folder, entries).reverse());
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
  private readonly followers: Follower[] = [];
  private readonly problems: GlobProblem[] = [];
  private readonly files: FoundFile[] = [];
  private readonly locks: string[] = [];
  private readonly kept: number[];
  private entries = 0;

  constructor(searches: readonly Search[], most: number) {
    this.searches = searches;
    this.most = most;
    this.kept = searches.map(() => 0);
    for (const [search, { globs }] of searches.entries()) for (const text of globs) this.follow(search, text);
  }

  private follow(search: number, text: string): void {
    const isNegated = text.startsWith('!');
    const globs = globsOf(isNegated ? text.slice(1) : text, isNegated);
    if (typeof globs === 'string') this.problems.push({ search, glob: text, problem: globs });
    else for (const glob of globs) this.followers.push({ search, glob, text, isNegated, found: 'nothing' });
  }

  root(): Folder {
    return { path: '', positions: this.followers.map(({ glob }) => start(glob)) };
  }

  /** Takes the files of a folder. Returns the folders that are to be entered. */
  enter(folder: Folder, entries: readonly Dirent[]): Folder[] {
    const next: Folder[] = [];
    for (const entry of entries) {
      const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
      this.entries += 1;
      if (this.entries > MOST_ENTRIES) this.passed.add('limit', path);
      else if (entry.isDirectory()) next.push(...this.folder(folder, entry.name, path));
      else this.file(folder, entry, path);
    }
    return next;
  }

  private folder({ path: parent, positions }: Folder, name: string, path: string): Folder[] {
    const reached = this.advanced(positions, name);
    const left = this.without(reached, reasonOfFolder(name, parent), name, path);
    const isWanted = this.searches.some((_, search) => this.isOpen(left, search));
    return isWanted ? [{ path, positions: left }] : [];
  }

  private file({ positions }: Folder, entry: Dirent, path: string): void {
    const { name } = entry;
    if (entry.isFile() && isLock(name)) this.locks.push(path);
    const reached = this.advanced(positions, name);
    if (entry.isSymbolicLink()) this.link(reached, path);
    else this.plain(reached, entry, path);
  }

  private plain(reached: readonly Position[], entry: Dirent, path: string): void {
    const { name } = entry;
    const named = reached.map((position, index) => (this.isReached(position, index) ? position : NOWHERE));
    const left = this.without(named, reasonOfFile(name), name, path);
    const searches = this.searches.flatMap((_, search) => (this.finds(left, search) ? [search] : []));
    if (searches.length === 0) return;
    for (const [index, follower] of this.followers.entries()) if (this.isWanted(left, index)) follower.found = 'file';
    if (!entry.isFile()) this.passed.add('unreadable', path);
    else if (languageOf(name) !== null) this.keep({ file: path, searches });
    else if (searches.some((search) => !this.searches[search]?.isQuiet)) this.passed.add('language', path);
  }

  private keep(found: FoundFile): void {
    const first = found.searches[0] as number;
    const count = (this.kept[first] ?? 0) + 1;
    this.kept[first] = count;
    if (count > this.most) this.passed.add('limit', found.file);
    else this.files.push(found);
  }

  private link(reached: readonly Position[], path: string): void {
    const wanted = this.followers.filter((_, index) => this.isWanted(reached, index));
    if (wanted.length > 0) this.passed.add('link', path);
    for (const follower of wanted) if (follower.found !== 'file') follower.found = 'link';
  }

  private advanced(positions: readonly Position[], name: string): Position[] {
    return this.followers.map(({ glob }, index) => advance(glob, positions[index] as Position, name));
  }

  private isReached(position: Position, index: number): boolean {
    return isReached((this.followers[index] as Follower).glob, position);
  }

  private isWanted(positions: readonly Position[], index: number): boolean {
    return !this.followers[index]?.isNegated && positions[index]?.length !== 0;
  }

  /** Without the globs that do not ask for what is passed over. */
  private without(
    positions: readonly Position[],
    reason: Reason | null,
    name: string,
    path: string,
  ): readonly Position[] {
    if (reason === null) return positions;
    const left = this.followers.map((follower, index) => {
      const position = positions[index] as Position;
      if (position.length === 0 || follower.isNegated || asksFor(follower.glob, reason, name)) return position;
      if (follower.found === 'nothing') follower.found = 'passed';
      return NOWHERE;
    });
    const had = positions.some((_, index) => this.isWanted(positions, index));
    const has = left.some((_, index) => this.isWanted(left, index));
    if (had && !has) this.passed.add(reason, path);
    return left;
  }

  /** Whether a search may find files below a folder. */
  private isOpen(positions: readonly Position[], search: number): boolean {
    let isOpen = false;
    for (const [index, { search: own, glob, isNegated }] of this.followers.entries()) {
      if (own !== search) continue;
      const position = positions[index] as Position;
      if (isNegated && isAllBelow(glob, position)) return false;
      if (!isNegated && position.length > 0) isOpen = true;
    }
    return isOpen;
  }

  private finds(positions: readonly Position[], search: number): boolean {
    const own = this.followers.flatMap((follower, index) =>
      follower.search === search && positions[index]?.length !== 0 ? [follower] : [],
    );
    return own.length > 0 && own.every(({ isNegated }) => !isNegated);
  }

  result(): Walk {
    const { files, locks, passed } = this;
    return { files, locks, passed, problems: [...this.problems, ...this.fruitless()] };
  }

  /** The globs that found no file: of those that braces stand for, all. */
  private fruitless(): GlobProblem[] {
    const texts = new Map<string, Follower[]>();
    for (const follower of this.followers.filter(({ isNegated }) => !isNegated)) {
      const key = JSON.stringify([follower.search, follower.text]);
      texts.set(key, [...(texts.get(key) ?? []), follower]);
    }
    return [...texts.values()].flatMap((followers) => {
      const outcomes = followers.map(({ found }) => found);
      const problem = (['file', 'link', 'passed', 'nothing'] as const).find((one) => outcomes.includes(one));
      const { search, text } = followers[0] as Follower;
      const isTold = problem !== undefined && problem !== 'file' && !this.searches[search]?.isQuiet;
      return isTold ? [{ search, glob: text, problem }] : [];
    });
  }
}
