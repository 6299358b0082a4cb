import type { Interruption } from '../interrupt.ts';
import type { Options, Values } from './options.ts';

/** One command of the command line: what its help says, and what it does. */
export interface Command<O extends Options = Options> {
  readonly name: string;
  /** A line in the list of commands. */
  readonly summary: string;
  /** A few sentences at the top of its help. */
  readonly description: string;
  /** The files that it takes, at most so many; null where it takes none. */
  readonly files: { readonly most: number; readonly description: string } | null;
  readonly options: O;
  /** What each exit code means here. */
  readonly exitCodes: { readonly [code: string]: string };
  /** Command lines to copy, each with what it is good for. */
  readonly examples: readonly (readonly [words: string, line: string])[];
  /** Gives the exit code. What the user can fix is thrown as a `CheckError`. */
  run(call: Call<O>): Promise<number>;
}

/** How a command is called. */
export interface Call<O extends Options> {
  readonly files: readonly string[];
  readonly values: Values<O>;
  readonly interruption: Interruption;
}

/** A command with the types of its own options. */
export function command<const O extends Options>(definition: Command<O>): Command {
  return definition;
}

/** What every command that can be interrupted says of it. */
export const interrupted = { '130, 143': 'interrupted' } as const;
