/** Lines of a YAML text whose indentation steps out of their column, and where they were likely meant to stand. */

/** A mistake that the parser finds. */
export interface Mistake {
  readonly code: string;
  readonly message: string;
  /** The line that it is found on, from 0. */
  readonly line: number;
}

/** A line that may be indented wrongly. */
export interface Slip {
  /** From 0. */
  readonly line: number;
  readonly isTab: boolean;
  /** How many columns it is indented by, and how many were likely meant. */
  readonly columns: number;
  readonly meant: number;
  /** All lines, with this one where it was likely meant to stand. */
  readonly lines: readonly string[];
}

/** Columns that are tried. */
const MOST_COLUMNS = 3;

/** What may be behind a mistake, the likeliest first; nothing where indentation is not it. */
export function slipsBehind({ code, message, line }: Mistake, lines: readonly string[]): Slip[] {
  const before = previous(lines, line);
  if (code === 'TAB_AS_INDENT') {
    const above = before === null ? 0 : indentOf(lines[before] ?? '');
    const columns = [...(before !== null && opens(lines[before] ?? '') ? [above + 2] : []), ...around(lines, line)];
    return columns.slice(0, MOST_COLUMNS).map((meant) => slip(lines, line, line + 1, meant));
  }
  if (code === 'BAD_INDENT' || message.startsWith('A block sequence may not be used'))
    return isDeeper(lines, line, before) ? tooDeep(lines, line, before) : tooShallow(lines, line);
  // A value goes on in the lines below it that are indented further: it is the first of these that is wrong.
  const next = following(lines, line);
  return next !== null && isDeeper(lines, next, line) ? tooDeep(lines, next, line) : [];
}

/** A line, with those that stand below it, that is to stand beside the one before it; or it alone. */
function tooDeep(lines: readonly string[], line: number, before: number | null): Slip[] {
  const meant = before === null ? 0 : columnsOf(lines[before] ?? '').at(-1);
  return [blockEnd(lines, line), line + 1].map((end) => slip(lines, line, end, meant ?? 0));
}

/** A line alone, or with what stands below it, that is to stand in the nearest column above. */
function tooShallow(lines: readonly string[], line: number): Slip[] {
  const own = indentOf(lines[line] ?? '');
  const next = following(lines, line);
  // What stands in it has to stay deeper.
  const inside = next !== null && opens(lines[line] ?? '') ? indentOf(lines[next] ?? '') : Number.POSITIVE_INFINITY;
  const columns = around(lines, line)
    .filter((column) => column < inside || inside <= own)
    .sort((one, other) => Math.abs(one - own) - Math.abs(other - own) || other - one);
  return columns
    .slice(0, MOST_COLUMNS)
    .flatMap((meant) => [slip(lines, line, line + 1, meant), slip(lines, line, blockEnd(lines, line), meant)]);
}

/** A block of lines moved so that its first stands in a column. */
function slip(lines: readonly string[], line: number, end: number, meant: number): Slip {
  const first = lines[line] ?? '';
  const isTab = /^ *\t/.test(first);
  const columns = indentOf(first);
  const moved = lines.map((text, index) => {
    if (index < line || index >= end || text.trim() === '') return text;
    const indent = index === line ? meant : Math.max(0, indentOf(text) + meant - columns);
    return `${' '.repeat(indent)}${text.trimStart()}`;
  });
  return { line, isTab, columns, meant, lines: moved };
}

/** The columns in which something stands that a line may belong beside, the deepest first. */
function around(lines: readonly string[], line: number): number[] {
  const columns: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let at = previous(lines, line); at !== null && least > 0; at = previous(lines, at)) {
    const own = columnsOf(lines[at] ?? '').filter((column) => column < least);
    columns.push(...own.sort((one, other) => other - one));
    least = Math.min(least, ...own);
  }
  return columns;
}

/** The columns of what begins on a line: of a list's item that of the dash, and of what is behind it. */
function columnsOf(text: string): number[] {
  const [, dash = '', space = ''] = /^[ \t]*(-)( +)(?=[^\s#])/.exec(text) ?? [];
  const own = indentOf(text);
  return dash === '' ? [own] : [own, own + 1 + space.length];
}

function isDeeper(lines: readonly string[], line: number, than: number | null): boolean {
  return than !== null && !opens(lines[than] ?? '') && indentOf(lines[line] ?? '') > indentOf(lines[than] ?? '');
}

/** Whether the lines below are what a line holds. */
function opens(text: string): boolean {
  return /[:>|-][-+\d]*\s*(?:#.*)?$/.test(text);
}

/** The first line behind a block: the lines that are indented as far as its first, or further. */
function blockEnd(lines: readonly string[], line: number): number {
  const own = indentOf(lines[line] ?? '');
  let end = line + 1;
  while (end < lines.length && (isEmpty(lines[end] ?? '') || indentOf(lines[end] ?? '') >= own)) end += 1;
  return end;
}

function previous(lines: readonly string[], line: number): number | null {
  for (let at = line - 1; at >= 0; at -= 1) if (!isEmpty(lines[at] ?? '')) return at;
  return null;
}

function following(lines: readonly string[], line: number): number | null {
  for (let at = line + 1; at < lines.length; at += 1) if (!isEmpty(lines[at] ?? '')) return at;
  return null;
}

function isEmpty(text: string): boolean {
  return /^\s*(?:#|$)/.test(text);
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** What is said of it, as a sentence. */
export function slipWords({ isTab, columns, meant }: Slip): string {
  if (isTab) return 'This is indented with a tab: YAML allows only spaces';
  const spaces = `${columns} ${columns === 1 ? 'space' : 'spaces'}`;
  return `This is indented by ${spaces}, and what it belongs beside by ${meant}. Indent both the same`;
}
