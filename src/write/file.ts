import { SINGLE } from '../model.ts';
import {
  comment,
  entryLines,
  fieldLines,
  innerLines,
  type Said,
  type SpelledFields,
  type WrittenEntry,
} from '../vocabulary/yaml.ts';

/** A section as a file has it. */
export interface WrittenSection {
  readonly name: string;
  /** Entries that stand together, under a comment. */
  readonly groups: readonly { readonly title: string | null; readonly entries: readonly WrittenEntry[] }[];
}

/** A whole file: the schema by which editors complete it, comments, single values, sections, and what is said at the end. */
export interface WrittenFile {
  readonly schema: string;
  readonly top: readonly string[];
  readonly values: SpelledFields;
  /** What is said behind these. */
  readonly said: { readonly [name: string]: Said };
  readonly sections: readonly WrittenSection[];
  readonly bottom: readonly string[];
}

/** The text of a configuration file. */
export function writeFile({ schema, top, values, said, sections, bottom }: WrittenFile): string {
  const parts = [
    [
      `# yaml-language-server: $schema=${schema}`,
      ...top.map((text) => comment(text, '')),
      ...Object.entries(values).flatMap(([name, value]) => fieldLines(name, value, '', '  ', said[name])),
    ],
    ...sections.map(sectionLines),
    ...(bottom.length === 0 ? [] : [bottom.map((text) => comment(text, ''))]),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function sectionLines({ name, groups }: WrittenSection): string[] {
  if (groups.length === 0) return [`${name}: {}`];
  const blocks = groups.flatMap(({ title, entries }) =>
    entries.map((entry, index) => [
      ...(title === null || index > 0 ? [] : [comment(title, '  ')]),
      ...(entry.name === SINGLE ? innerLines(entry, '  ') : entryLines(entry)),
    ]),
  );
  return [`${name}:`, ...blocks.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))];
}
