/**
 * Globs, followed folder by folder while a tree is walked. Patterns are a stranger's, so none may take long: a name is compared
 * in the length of the pattern times its own, where a regular expression can take exponential time.
 */

/** Why a glob can't be used: it leads out of the workspace, or its braces stand for more than a hundred globs. */
export type GlobFault = 'outside' | 'braces';

/** One glob without braces: what each folder on the way is called, and the file. `**` stands for any number of folders. */
export interface Glob {
  readonly steps: readonly Step[];
  /** Whether `*` and `**` match names that begin with a dot. */
  readonly matchesDots: boolean;
}

export type Step = '**' | NameStep;

interface NameStep {
  readonly text: string;
  readonly parts: readonly Part[];
}

/** A part of a name: the character itself, any one, any number of them, or one of a set. */
type Part = string | typeof ONE | typeof MANY | { readonly set: string; readonly isNegated: boolean };

const ONE = { any: 'one' } as const;
const MANY = { any: 'many' } as const;

/** Where in a glob a walk stands: the steps that may come next. Empty: nothing below can match. */
export type Position = readonly number[];

const MOST_ALTERNATIVES = 100;

const SIGNS = /[*?[{]/;

/**
 * The globs that a text stands for. A text without signs names a file, or a folder with all that it holds. Braces,
 * `*`, `?`, `**` and sets such as `[a-z]` are signs. A name that exists as it is written is meant, whatever signs it has.
 */
export function globsOf(text: string, matchesDots: boolean): readonly Glob[] | GlobFault {
  const path = text.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
  if (/^(?:\/|\\|[A-Za-z]:)/.test(path) || path.split('/').includes('..')) return 'outside';
  const texts = alternatives(path);
  if (texts === null) return 'braces';
  return texts.map((one) => ({ steps: stepsOf(one), matchesDots }));
}

/** The texts that braces stand for; null where there are too many. */
function alternatives(text: string): string[] | null {
  const whole: string[] = [];
  const open = [text];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const braces = firstBraces(next);
    if (braces === null) whole.push(next);
    else for (const item of braces.items) open.push(`${next.slice(0, braces.start)}${item}${next.slice(braces.end)}`);
    if (whole.length + open.length > MOST_ALTERNATIVES) return null;
  }
  return whole;
}

interface Braces {
  readonly start: number;
  readonly end: number;
  readonly items: readonly string[];
}

/** The first braces that are closed and hold something: of those within each other, the outer ones. Reads the text once. */
function firstBraces(text: string): Braces | null {
  const open: { readonly start: number; readonly commas: number[] }[] = [];
  let first: { start: number; end: number; commas: readonly number[] } | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '\\') at += 1;
    else if (sign === '{') open.push({ start: at, commas: [] });
    else if (sign === ',') open.at(-1)?.commas.push(at);
    const closed = sign === '}' ? open.pop() : undefined;
    if (closed !== undefined && closed.start < Math.min(at - 1, first?.start ?? at)) first = { ...closed, end: at + 1 };
    if (first !== null && open.length === 0) break;
  }
  return first === null ? null : { start: first.start, end: first.end, items: itemsOf(text, first) };
}

/** What stands between the commas of braces. Without a comma, a name that has the braces themselves may be meant, too. */
function itemsOf(text: string, { start, end, commas }: Omit<Braces, 'items'> & { readonly commas: readonly number[] }) {
  const ends = [...commas, end - 1];
  const items = ends.map((to, index) => text.slice((ends[index - 1] ?? start) + 1, to));
  return items.length > 1 ? items : [...items, `\\{${items[0]}\\}`];
}

/** Several `**` behind each other are one. */
function stepsOf(text: string): Step[] {
  const names = text.split('/').filter((name) => name !== '' && name !== '.');
  // What lies below a name includes the name itself.
  const all = SIGNS.test(text) ? names : [...names, '**'];
  return all.filter((name, index) => name !== '**' || all[index - 1] !== '**').map(stepOf);
}

function stepOf(text: string): Step {
  if (text === '**') return '**';
  const parts: Part[] = [];
  for (let at = 0; at < text.length; ) {
    const { part, length } = partAt(text, at);
    const isRepeated = part === MANY && parts.at(-1) === MANY;
    if (!isRepeated) parts.push(part);
    at += length;
  }
  return { text, parts };
}

function partAt(text: string, at: number): { part: Part; length: number } {
  const sign = text[at] as string;
  if (sign === '*') return { part: MANY, length: 1 };
  if (sign === '?') return { part: ONE, length: 1 };
  if (sign === '\\' && at + 1 < text.length) return { part: text[at + 1] as string, length: 2 };
  const close = sign === '[' ? text.indexOf(']', at + 2) : -1;
  if (close === -1) return { part: sign, length: 1 };
  const isNegated = '!^'.includes(text[at + 1] as string);
  return { part: { set: text.slice(at + (isNegated ? 2 : 1), close), isNegated }, length: close + 1 - at };
}

/** Where a walk begins. */
export function start(glob: Glob): Position {
  return withSkipped(glob, [0]);
}

/** Where a walk stands after it entered a folder, or reached a file, of this name: the same position where nothing changed. */
export function advance(glob: Glob, position: Position, name: string): Position {
  const isHidden = name.startsWith('.') && !glob.matchesDots;
  const next: number[] = [];
  for (const index of position) {
    const step = glob.steps[index];
    if (step === '**' && !isHidden) next.push(index);
    else if (step !== undefined && step !== '**' && matches(step, name, isHidden)) next.push(index + 1);
  }
  const skipped = withSkipped(glob, next);
  return isSame(skipped, position) ? position : skipped;
}

function isSame(one: Position, other: Position): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** Whether a glob names what a walk reached. */
export function isReached(glob: Glob, position: Position): boolean {
  return position.includes(glob.steps.length);
}

/** Whether a glob names all that lies below what a walk reached. */
export function isAllBelow(glob: Glob, position: Position): boolean {
  return glob.steps.at(-1) === '**' && position.includes(glob.steps.length - 1);
}

/** With the step behind each `**`, which may stand for no folder. In order, each once. */
function withSkipped({ steps }: Glob, position: Position): Position {
  const all: number[] = [];
  let last = -1;
  for (const index of position) {
    const end = steps[index] === '**' ? index + 1 : index;
    for (let at = Math.max(index, last + 1); at <= end; at += 1) all.push(at);
    last = Math.max(last, end);
  }
  return all;
}

function matches({ text, parts }: NameStep, name: string, isHidden: boolean): boolean {
  if (text === name) return true;
  const last = parts[parts.length - 1];
  // Most names are told apart by their last character.
  if (typeof last === 'string' && last !== name[name.length - 1]) return false;
  if (isHidden && parts[0] !== '.') return false;
  // After a part that fails, only the last `*` can take one character more.
  let at = 0;
  let part = 0;
  let many = -1;
  let taken = 0;
  while (at < name.length) {
    const next = parts[part];
    if (next === MANY) {
      many = part;
      taken = at;
      part += 1;
    } else if (next !== undefined && fits(next, name[at] as string)) {
      at += 1;
      part += 1;
    } else if (many !== -1) {
      taken += 1;
      at = taken;
      part = many + 1;
    } else return false;
  }
  // Several `*` behind each other are one.
  return part === parts.length || (part === parts.length - 1 && parts[part] === MANY);
}

function fits(part: Part, sign: string): boolean {
  if (typeof part === 'string') return part === sign;
  return !('set' in part) || isInSet(part.set, sign) !== part.isNegated;
}

function isInSet(set: string, sign: string): boolean {
  for (let at = 0; at < set.length; at += 1) {
    const isRange = set[at + 1] === '-' && at + 2 < set.length;
    const last = isRange ? (set[at + 2] as string) : (set[at] as string);
    if (sign >= (set[at] as string) && sign <= last) return true;
    if (isRange) at += 2;
  }
  return false;
}

/** Tells whether a glob names a file, by its path with `/`. Takes the glob apart once, and looks at each file once. */
export function globMatcher(text: string): (file: string) => boolean {
  const globs = globsOf(text, true);
  if (typeof globs === 'string') return () => false;
  const byName = byPlainName(globs);
  const known = new Map<string, boolean>();
  return (file) => {
    const is = known.get(file) ?? namesFile(byName, file.split('/'));
    known.set(file, is);
    return is;
  };
}

/** Globs by a name that each must find: of many alternatives, few have to be looked at. Empty: by none. */
function byPlainName(globs: readonly Glob[]): ReadonlyMap<string, readonly Glob[]> {
  const byName = new Map<string, Glob[]>();
  for (const glob of globs) {
    const name = glob.steps.filter(isName).find(isPlain)?.text ?? '';
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [glob]);
    else same.push(glob);
  }
  return byName;
}

function isName(step: Step): step is NameStep {
  return step !== '**';
}

/** Whether only one name matches. */
function isPlain({ text, parts }: NameStep): boolean {
  return parts.every((part) => typeof part === 'string') && parts.join('') === text;
}

function namesFile(byName: ReadonlyMap<string, readonly Glob[]>, names: readonly string[]): boolean {
  const isNamed = (glob: Glob) => mayName(glob, names) && reaches(glob, names);
  return byName.get('')?.some(isNamed) || names.some((name) => byName.get(name)?.some(isNamed));
}

/** Whether one of the names is that of the first step: quickly tells most files apart. */
function mayName({ steps }: Glob, names: readonly string[]): boolean {
  const first = steps.find(isName);
  return first === undefined || names.some((name) => matches(first, name, false));
}

function reaches(glob: Glob, names: readonly string[]): boolean {
  const end = names.reduce((position, name) => advance(glob, position, name), start(glob));
  return isReached(glob, end);
}
