/** What a file says, before any style of YAML, and chance that can be repeated. Imports no package. */

/** What a file says, before any style. */
export type Tree = string | boolean | null | Digits | Loose | Words | readonly Tree[] | Names;

/** A map in which order means nothing. */
export class Names {
  readonly pairs: readonly (readonly [string, Tree])[];
  /** Names that stay where an entry is split between the base and an environment. */
  readonly base: ReadonlySet<string>;
  constructor(pairs: readonly (readonly [string, Tree])[], base: readonly string[] = []) {
    this.pairs = pairs;
    this.base = new Set(base);
  }
}

/** Digits: an `amount` is never written with a decimal point, a `decimal` may be (`20` as `20.00`); both may be quoted. */
export class Digits {
  readonly canonical: string;
  readonly form: 'integer' | 'amount' | 'decimal';
  constructor(canonical: string, form: 'integer' | 'amount' | 'decimal') {
    this.canonical = canonical;
    this.form = form;
  }
}

/** A text that is compared as it is spelled: `1.10` and `true` need no quotes. */
export class Loose {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A set of words: order means nothing. */
export class Words {
  readonly words: readonly string[];
  constructor(words: readonly string[]) {
    this.words = words;
  }
}

/** Chance from a seed, so that a failure can be run again (mulberry32). */
export class Dice {
  private state: number;
  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** A number from 0 to below `sides`. */
  roll(sides: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * sides);
  }

  /** True `percent` times of a hundred. */
  often(percent: number): boolean {
    return this.roll(100) < percent;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.roll(choices.length)] as T;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let index = result.length - 1; index > 0; index -= 1) {
      const other = this.roll(index + 1);
      [result[index], result[other]] = [result[other] as T, result[index] as T];
    }
    return result;
  }
}
