import { isStateChange } from '../fix/plan.ts';
import {
  type Ambiguous,
  type Change,
  type Changed,
  type Finding,
  grouped,
  type Missing,
  type Pair,
  type Unmanaged,
  type Which,
} from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { bare, capital } from '../text.ts';
import { cut, visible } from './escape.ts';
import { roomOf, type Screen, type Style, widthOf } from './screen.ts';
import {
  agreeingWords,
  ambiguousIn,
  bothIds,
  codeWords,
  elsewhereWords,
  everythingSides,
  follows,
  healthWords,
  identityValue,
  identityWords,
  isSaidId,
  isSetWord,
  listed,
  onlyWords,
  othersWords,
  plural,
  rivalNames,
  setSideText,
  sideNames,
  sides,
  sideText,
  tellsWords,
  titleOf,
  undeclaredWords,
  wholeWords,
} from './words.ts';

/**
 * Findings as rows of a terminal: how severe, where, which entry, which field, and what differs. What fits stands on one
 * line, in columns; else what differs stands below.
 */
export interface Row {
  readonly finding: Finding;
  /** Columns: what is empty in all rows of a group takes none. */
  readonly place: string;
  readonly name: string;
  readonly field: string;
  readonly said: readonly Said[];
}

/** A side of a difference with its label, or a sentence without one. */
export interface Said {
  readonly label: string;
  readonly style: Style | null;
  readonly text: string;
}

/** A value is cut here. */
const LONGEST_VALUE = 500;
/** Candidates that answer to one entry. */
const MOST_CANDIDATES = 5;

/** The rows of a finding; of a field in which several parts differ one for each. At most `most` words of a set are named. */
export function rowsOf(finding: Finding, most: number): Row[] {
  const row = (field: string, said: readonly Said[]): Row => ({
    finding,
    place: placeOf(finding),
    name: shown(titleOf(finding)),
    field: visible(field),
    said,
  });
  switch (finding.problem) {
    case 'missing':
      return [row('missing', [sentence(missingWords(finding))])];
    case 'ambiguous':
      return [row('ambiguous', [sentence(ambiguousWords(finding))])];
    case 'unhealthy':
      return [row(finding.field ?? '', [sentence(capital(healthWords(finding)))])];
    case 'unsubscribed':
    case 'unhandled':
    case 'dangling':
      return [{ ...row('', [sentence(codeWords(finding))]), name: '' }];
    case 'invalid':
      return [{ ...row('', [sentence(finding.message)]), name: '' }];
    case 'unmanaged':
      return [{ ...row('', [sentence(liveWords(finding))]), place: '', name: finding.section }];
    case 'changed': {
      const [first, ...others] = changedRows(finding, most).map(({ field, said }) => row(field, said));
      // A name is shown once.
      return first === undefined ? [] : [first, ...others.map((other) => ({ ...other, place: '', name: '' }))];
    }
  }
}

function placeOf({ at }: Finding): string {
  return `${visible(at.file)}:${at.line}:${at.column}`;
}

function sentence(text: string): Said {
  return { label: '', style: null, text: visible(text) };
}

function shown(text: string): string {
  return visible(cut(text, LONGEST_VALUE));
}

/** What Stripe has not; a value that is the entry's name is not repeated. */
function missingWords(finding: Missing): string {
  const { section, name, identity, inForce, others, pair } = finding;
  const { kind, state } = resourceOf(section);
  const [path] = identity.paths;
  const isName = identity.paths.length === 1 && identityValue(identity.values[0] ?? null) === name;
  const what = isName || isSaidId(finding) ? `this ${path?.join('.')}` : identityWords(finding);
  const expected = inForce ? '' : `${state?.words.retired} `;
  const rest = others === 0 ? '' : ` (${othersWords(finding)} ${others === 1 ? 'has' : 'have'} it)`;
  const owner = elsewhereWords(finding);
  const where = pair === undefined ? '' : `${onlyWords(pair)}: `;
  return `${where}no ${expected}${kind} has ${what}${rest}${owner === '' ? '' : `; ${owner}`}`;
}

function ambiguousWords(finding: Ambiguous): string {
  const { section, candidates, unnamed = 0, rivals, rivalsIn } = finding;
  const { own, common } = tellsWords(finding);
  const { kind } = resourceOf(section);
  const count = candidates.length + unnamed;
  const ids = listed(
    candidates.slice(0, MOST_CANDIDATES).map((one) => `${cut(one.id, LONGEST_VALUE)}${own(one)}`),
    count,
  );
  const { place, elsewhere } = ambiguousIn(finding);
  const where = finding.pair === undefined ? '' : `in ${place} `;
  const also = elsewhere === '' ? '' : `;${elsewhere.replace(/^ In/, ' in').replace(/\.$/, '')}`;
  if (rivals.length > 0)
    return `${where}finds the same ${rivalsIn === undefined ? kind : 'object'} as ${listed(
      rivalNames(finding, MOST_CANDIDATES).map((name) => cut(name, LONGEST_VALUE)),
      rivals.length,
    )}: ${ids}${also}`;
  return `${where}${plural(count, kind)} ${count === 1 ? 'has' : 'have'} ${identityWords(finding)}: ${ids}${common}${also}`;
}

/** A live object that the file does not declare. */
function liveWords(finding: Unmanaged): string {
  const { id, label, count, pair } = finding;
  if (pair !== undefined && id !== null) return pairWords(finding, pair);
  if (id === null) return `${count ?? 1} (hidden by show-values)`;
  const said = undeclaredWords(finding);
  if (said !== null) return `${id} (${cut(said, LONGEST_VALUE)})`;
  return label === null || label === id ? id : `${cut(label, LONGEST_VALUE)} (${id})`;
}

/** An object that the file does not declare, with its id in each of two realms: `Gift card (live prod_1, test prod_2)`. */
function pairWords(finding: Unmanaged, { realms, objects, declared }: Pair): string {
  const { id, label } = finding;
  const what = undeclaredWords(finding) ?? (label === id ? null : label);
  const where = realms.map(({ name }, which) => {
    const object = objects[which as Which];
    const entry = declared?.which === which ? `, declared as ${declared.entry}` : '';
    return object === null ? `not in ${bare(name)}` : `${bare(name)} ${object.id}${entry}`;
  });
  if (objects[0] === null) where.reverse();
  return what === null ? where.join(', ') : `${cut(what, LONGEST_VALUE)} (${where.join(', ')})`;
}

interface Part {
  readonly field: string;
  readonly said: readonly Said[];
}

function changedRows(finding: Changed, most: number): Part[] {
  const [first, ...others] = differingRows(finding, most);
  const { pair } = finding;
  if (pair === undefined || first === undefined) return first === undefined ? [] : [first, ...others];
  const agreeing = agreeingWords(pair);
  const besides = [...(agreeing === null ? [] : [sentence(agreeing)]), sentence(bothIds(pair))];
  return [{ ...first, said: [...first.said, ...besides] }, ...others];
}

function differingRows(finding: Changed, most: number): Part[] {
  const { field, changes } = finding;
  const [first] = changes;
  const { short, place } = sideNames(finding);
  const [fileSaid, stripeSaid] = [sideSaid(short[0], 'expected'), sideSaid(short[1], 'actual')];
  if (first?.path.length === 0 && first.hidden === undefined && isStateChange(finding)) {
    const words = stateWords(finding, first);
    if (words !== null) return [{ field, said: [fileSaid(words[0]), stripeSaid(words[1])] }];
  }
  if (finding.pair !== undefined && first?.hidden === 'value')
    return [{ field, said: [sentence(`${place[0]} and ${place[1]} differ (hidden by show-values)`)] }];
  const meant = wholeWords(finding);
  const parts = bySet(finding, meant?.rest ?? changes).map((group) => {
    const { path, expected, actual } = sides(finding, group[0]);
    if (isSetWord(finding, group[0])) return { field: path, said: setWords(finding, group, most) };
    const [{ expected: stated, actual: live }] = group;
    const file = finding.unstated
      ? sentence(sideText(expected))
      : stated === undefined
        ? sentence(`not in ${place[0]}`)
        : fileSaid(sideText(expected));
    const stripe = live === undefined ? sentence(`not in ${place[1]}`) : stripeSaid(sideText(actual));
    return { field: path, said: [file, stripe] };
  });
  return meant === null ? parts : [{ field, said: [fileSaid(meant.file), stripeSaid(meant.stripe)] }, ...parts];
}

function sideSaid(label: string, style: Style): (text: string) => Said {
  return (text) => ({ label: visible(label), style, text: shown(text) });
}

/** Whether an object is in use, in the words of its kind, and what follows where it is not; null where no words tell the sides apart. */
function stateWords({ section, field }: Changed, { expected, actual }: Change): [string, string] | null {
  const { state } = resourceOf(section);
  if (state === null || expected === undefined || actual === undefined) return null;
  const { active, retired, meaning } = state.words;
  const isIn = (value: typeof expected) => state.inForce({ [field]: value });
  if (isIn(expected) && isIn(actual)) return null;
  // A state that has no word, such as that of a draft, is said as Stripe says it.
  if (!isIn(actual) && actual !== false && actual !== retired) return null;
  const word = (value: typeof expected) => (isIn(value) ? active : retired);
  return [word(expected), isIn(actual) ? active : `${retired}: ${follows(meaning)}`];
}

/** Changes, the words of one set together. */
function bySet(finding: Changed, changes: readonly Change[]): [Change, ...Change[]][] {
  const groups = grouped(changes, (change) => {
    const { path, expected } = change;
    return JSON.stringify(isSetWord(finding, change) ? path.slice(0, -1) : [path, expected === undefined]);
  });
  return [...groups.values()];
}

function setWords(finding: Changed, changes: readonly Change[], most: number): Said[] {
  const everything = everythingSides(finding, changes);
  const { short, place } = sideNames(finding);
  if (everything !== null)
    return [
      sideSaid(short[0], 'expected')(setSideText(everything.file, most)),
      sideSaid(short[1], 'actual')(setSideText(everything.stripe, most)),
    ];
  const words = (side: 'expected' | 'actual') => {
    const only = changes.filter((change) => change[side] !== undefined);
    const named = only.slice(0, most).map((change) => shown(sideText(sides(finding, change)[side])));
    return only.length === 0 ? '' : listed(named, only.length);
  };
  const [missing, extra] = [words('expected'), words('actual')];
  const [lacks, has] =
    finding.pair === undefined
      ? ['missing in Stripe:', 'extra in Stripe:']
      : place.map((name) => `only in ${visible(name)}:`);
  return [
    ...(missing === '' ? [] : [{ label: lacks ?? '', style: 'expected', text: missing } as const]),
    ...(extra === '' ? [] : [{ label: has ?? '', style: 'actual', text: extra } as const]),
  ];
}

/** Columns between two cells, and before a row. */
const GAP = 2;
const INDENT = 2;
const CELLS = ['place', 'name', 'field'] as const;
const STYLES = { place: 'faint', name: 'strong', field: null } as const;

/** Rows as the lines that each takes. Those that fit stand in the same columns; `severity` is the width of the first. */
export function printed(rows: readonly Row[], severity: number, screen: Screen): string[][] {
  const start = INDENT + severity + 1;
  const room = roomOf(screen) - start;
  const columns = columnsOf(rows, room);
  const below = rows.filter((row) => !columns.fits(row) && !isMore(row));
  const heads = headsOf(below, room);
  let isInColumns = true;
  return rows.map((row) => {
    // Further rows of a finding stand as its first does.
    isInColumns = columns.fits(row) && (isInColumns || !isMore(row));
    const { paint } = screen;
    const level = row.finding.severity;
    const first = `${' '.repeat(INDENT)}${isMore(row) ? ' '.repeat(severity) : paint(level, level.padEnd(severity))} `;
    if (!isInColumns) return belowLines(row, { first, start, ...heads }, screen);
    const cells = CELLS.flatMap((cell) => {
      const width = columns.widths[cell];
      return width === 0
        ? []
        : [painted(row[cell], STYLES[cell], screen) + ' '.repeat(width - widthOf(row[cell]) + GAP)];
    });
    return [`${first}${cells.join('')}${saidPainted(row.said, screen)}`.trimEnd()];
  });
}

/** Whether a row is a further one of its finding. */
function isMore({ place, name }: Row): boolean {
  return place === '' && name === '';
}

/** The columns of the heads of rows whose differences stand below: all of them in the same, or none. */
function headsOf(rows: readonly Row[], room: number): { place: number; name: number } {
  const [place, name] = [widest(rows, 'place'), widest(rows, 'name')];
  const both = place === 0 ? name : place + GAP + name;
  if (both + GAP + widest(rows, 'field') <= room) return { place, name };
  return { place: both <= room ? place : 0, name: 0 };
}

interface Columns {
  readonly widths: { readonly [C in Cell]: number };
  /** Whether a row stands in these columns. */
  fits(row: Row): boolean;
}

/** The columns in which as many rows as can stand on one line each: the longest are left out until the others fit. */
function columnsOf(rows: readonly Row[], room: number): Columns {
  const sized = rows
    .map((row) => {
      const [place, name, field] = [widthOf(row.place), widthOf(row.name), widthOf(row.field)];
      const said = widthOf(plain(row.said));
      return { row, place, name, field, said, all: place + name + field + said };
    })
    .sort((one, other) => one.all - other.all);
  // Where there is room, places and names stand in the same columns whether what differs stands behind them or below.
  const [place, name] = [widest(rows, 'place'), widest(rows, 'name')];
  const isRoomy = place + name + 2 * GAP + LEAST_ROOM <= room;
  let widths = { place: isRoomy ? place : 0, name: isRoomy ? name : 0, field: 0 };
  let longest = 0;
  const kept = new Set<Row>();
  for (const { row, said, ...cells } of sized) {
    const wider = {
      place: Math.max(widths.place, cells.place),
      name: Math.max(widths.name, cells.name),
      field: Math.max(widths.field, cells.field),
    };
    const longer = Math.max(longest, said);
    const head = CELLS.reduce((sum, cell) => sum + (wider[cell] === 0 ? 0 : wider[cell] + GAP), 0);
    if (head + longer > room) break;
    [widths, longest] = [wider, longer];
    kept.add(row);
  }
  // A few among many that stand on two lines would only be harder to read.
  const areFew = kept.size * 3 < rows.length;
  return { widths, fits: (row) => !areFew && kept.has(row) };
}

/** Columns that what differs needs at least. */
const LEAST_ROOM = 40;

type Cell = (typeof CELLS)[number];

function widest(rows: readonly Row[], cell: Cell): number {
  return Math.max(0, ...rows.map((row) => widthOf(row[cell])));
}

/** A row that is too long for one line: what differs stands below, each side on a line where they do not fit on one. */
function belowLines(
  row: Row,
  { first, start, place, name }: { first: string; start: number; place: number; name: number },
  screen: Screen,
): string[] {
  const { paint, wrap } = screen;
  if (isMore(row) && start + widthOf(row.field) + GAP + widthOf(plain(row.said)) <= roomOf(screen))
    return [`${first}${painted(row.field, STYLES.field, screen)}${' '.repeat(GAP)}${saidPainted(row.said, screen)}`];
  const widths = isMore(row) ? { place: 0, name: 0, field: 0 } : { place, name, field: 0 };
  const names = CELLS.flatMap((cell) => {
    const spaces = ' '.repeat(Math.max(0, widths[cell] - widthOf(row[cell])));
    return row[cell] === '' && widths[cell] === 0 ? [] : [painted(row[cell], STYLES[cell], screen) + spaces];
  });
  const below = ' '.repeat(start);
  const label = Math.max(...row.said.map((one) => one.label.length));
  const isShort = start + widthOf(plain(row.said)) <= roomOf(screen);
  const isNarrow = row.said.some(({ text }) => start + label + 1 + longestWord(text) > roomOf(screen));
  const sides = row.said.map((one) => {
    if (one.label === '') return wrap(painted(one.text, one.style, screen), start);
    const column = isNarrow ? start + GAP : start + label + 1;
    const between = isNarrow ? `\n${' '.repeat(column)}` : ' '.repeat(label - one.label.length + 1);
    return `${paint('faint', one.label)}${between}${wrap(painted(one.text, one.style, screen), column)}`;
  });
  const said = isShort ? [saidPainted(row.said, screen)] : sides;
  return [
    `${first}${wrap(names.join(' '.repeat(GAP)).trimEnd(), start)}`.trimEnd(),
    ...said.map((line) => `${below}${line}`),
  ];
}

function longestWord(text: string): number {
  return Math.max(0, ...text.split(' ').map(widthOf));
}

function painted(text: string, style: Style | null, { paint }: Screen): string {
  return style === null || text === '' ? text : paint(style, text);
}

function saidPainted(said: readonly Said[], screen: Screen): string {
  return joined(
    said.map(({ label, style, text }) => [painted(label, 'faint', screen), painted(text, style, screen)]),
    screen.paint('faint', ' · '),
  );
}

function plain(said: readonly Said[]): string {
  return joined(
    said.map(({ label, text }) => [label, text]),
    ' · ',
  );
}

function joined(pieces: readonly (readonly string[])[], between: string): string {
  return pieces.map((piece) => piece.filter((text) => text !== '').join(' ')).join(between);
}
