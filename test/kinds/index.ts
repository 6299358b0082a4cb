/** What the tests know of every kind in the registry, by section. A kind without its file here is found out at once. */
import { registry } from '../../src/resources/index.ts';
import type { Kind } from './kind.ts';

export const kinds: ReadonlyMap<string, Kind> = new Map(
  await Promise.all(
    [...registry.keys()].map(async (section) => {
      const { kind } = (await import(/* @vite-ignore */ `./${section}.ts`)) as { kind: Kind };
      return [section, kind] as const;
    }),
  ),
);

/** Every section, in the order of reports. */
export const SECTIONS: readonly string[] = [...kinds.keys()];

/** Those of several objects, each of which may be undeclared or ignored. */
export const LISTS: readonly string[] = SECTIONS.filter((section) => kinds.get(section)?.row.single !== true);

export function kindOf(section: string): Kind {
  const kind = kinds.get(section);
  if (kind === undefined) throw new Error(`No kind has the section ${section}.`);
  return kind;
}
