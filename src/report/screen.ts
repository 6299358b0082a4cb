import stringWidth from 'fast-string-width';

/** A terminal, as far as a report knows of it. */

/** What a piece of text means; `expected` is the file's side, `actual` is Stripe's. */
export type Style = 'error' | 'warning' | 'notice' | 'good' | 'strong' | 'faint' | 'expected' | 'actual';

/** Colours and width, given by whoever knows the terminal. */
export interface Screen {
  paint(style: Style, text: string): string;
  /** Breaks what starts in a column into lines that all start there. */
  wrap(text: string, column: number): string;
  /** How many columns a line may have; infinite where nothing is wrapped. */
  readonly columns: number;
}

/** No colours, and lines as long as they are. */
export const plainScreen: Screen = {
  paint: (_style, text) => text,
  wrap: (text) => text,
  columns: Number.POSITIVE_INFINITY,
};

/** Where no terminal tells, what belongs together stands on one line up to this many columns. */
const USUAL_COLUMNS = 120;

/** How many columns a line should have at most. */
export function roomOf({ columns }: Screen): number {
  return Number.isFinite(columns) ? columns : USUAL_COLUMNS;
}

/** The columns that a text takes: wide characters take two, colours and what combines none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}
