import { type Changed, entrySteps, type Invalid } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { mainName, typeAt } from '../resources/resource.ts';
import { pathText } from '../text.ts';
import type { Spelled } from '../vocabulary/type.ts';
import type { SpelledFields } from '../vocabulary/yaml.ts';

/** Something that an entry does not state though it is live: a path that begins with a field; of an empty path the entry itself. */
export interface Refused {
  readonly section: string;
  readonly name: string;
  readonly path: readonly string[];
  /** Why, as a sentence, and of which path: that can be longer than the path of what can be left out. */
  readonly reason: string;
  readonly about: readonly string[];
}

/** What is left out of a file, since the file can't state it. */
export class Without {
  private readonly all = new Map<string, Refused>();

  /** Leaves something out. Where that was done already and did not help, what is around it goes too. False where all of it has gone. */
  leave(refused: Refused): boolean {
    const { section, name, path } = refused;
    for (let depth = path.length; depth >= 0; depth -= 1) {
      const part = path.slice(0, depth);
      const key = JSON.stringify([section, name, ...part]);
      if (this.all.has(key)) continue;
      this.all.set(key, { ...refused, path: part });
      return true;
    }
    return false;
  }

  /** What an entry does not state. */
  of(section: string, name: string): readonly (readonly string[])[] {
    return [...this.all.values()].flatMap((one) => (one.section === section && one.name === name ? [one.path] : []));
  }

  /** All of it as sentences. */
  get reasons(): string[] {
    const all = [...this.all.values()];
    const isWithin = (one: Refused, other: Refused) =>
      one.section === other.section &&
      one.name === other.name &&
      one.path.length > other.path.length &&
      other.path.every((step, depth) => step === one.path[depth]);
    return all
      .filter((one) => !all.some((other) => isWithin(one, other)))
      .map(({ section, name, path, reason, about }) => {
        const whole = pathText([...entrySteps({ section, name }), ...path]);
        return `Left out: ${reason}${path.length < about.length ? ` So ${whole} is left out as a whole.` : ''}`;
      });
  }
}

/** What to leave out because of a remark on the file. */
export function refusedByRemark({ section, name, path = [], message }: Invalid): Refused | null {
  if (section === null || name === null) return null;
  // What the remark advises is for a person who writes the file; what it expected says what is wrong.
  const reason = `${message.replace(/\. (?!Expected )[A-Z][^"]*$/, '').replace(/\.$/, '')}.`;
  return { section, name, path: separable(section, path), reason, about: path };
}

/** What to leave out because it would not read back as it is live. */
export function refusedByCheck({ section, name, field, changes }: Changed): Refused[] {
  const paths = changes.map((change) => separable(section, [mainName(resourceOf(section), field), ...change.path]));
  return paths.map((path) => {
    const reason = `${pathText([...entrySteps({ section, name }), ...path])} would not read back as it is.`;
    return { section, name, path, reason, about: path };
  });
}

/** The part of a path up to the last name that can go alone: what is around it compares only the names that are stated. */
export function separable(section: string, path: readonly string[]): readonly string[] {
  let depth = 1;
  while (depth < path.length && typeAt(resourceOf(section), path.slice(0, depth))?.partial) depth += 1;
  return path.slice(0, depth);
}

/** Fields without what is at some paths; a map of which nothing stays goes too. */
export function withoutPaths(fields: SpelledFields, paths: readonly (readonly string[])[]): SpelledFields {
  return paths.reduce<SpelledFields>((left, path) => withoutPath(left, path), fields);
}

function withoutPath(fields: SpelledFields, [step = '', ...rest]: readonly string[]): SpelledFields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]): [string, Spelled][] => {
      if (name !== step) return [[name, value]];
      if (rest.length === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return [];
      const left = withoutPath(value as SpelledFields, rest);
      return Object.keys(left).length === 0 ? [] : [[name, left]];
    }),
  );
}
