import type { CatalogueEntry, Finding, Report, Severity } from '../model.ts';
import { keyIn } from '../model.ts';
import { cut, visible } from './escape.ts';
import { plural, titleOf } from './words.ts';

/** More than this is no picture any more. */
const MOST_ENTRIES = 40;
const LONGEST_NAME = 40;
/** Of the fields that differ, so many are named. */
const MOST_FIELDS = 2;

type Mark = Severity | 'pending';

const ICONS: { readonly [M in Mark]: string } = { error: '❌', warning: '⚠️', notice: 'ℹ️', pending: '⏳' };

/** Fill, border and text together, since GitHub draws on a light page and on a dark one. */
const STYLES: { readonly [M in Mark]: string } = {
  error: 'fill:#ffebe9,stroke:#cf222e,color:#82071e',
  warning: 'fill:#fff8c5,stroke:#9a6700,color:#4d2d00',
  notice: 'fill:#ddf4ff,stroke:#0969da,color:#0a3069',
  pending: 'fill:#ddf4ff,stroke:#0969da,color:#0a3069,stroke-dasharray:5 3',
};
const MARKS = Object.keys(STYLES) as Mark[];

/** An entry as the picture has it. */
interface Box {
  readonly id: string;
  readonly section: string;
  readonly label: string;
  readonly mark: Mark | null;
}

/**
 * The entries of the file that name each other, as a Mermaid picture that marks what is wrong, in a fold of Markdown that
 * is open where something is; empty where nothing names anything, or where there are too many entries to see.
 */
export function diagram(report: Report): string {
  const { catalogue } = report;
  const sections = new Set(
    catalogue.flatMap(({ section, references }) =>
      references.length === 0 ? [] : [section, ...references.map((one) => one.section)],
    ),
  );
  const entries = catalogue.filter(({ section }) => sections.has(section));
  if (entries.length > MOST_ENTRIES) return '';
  const lines = edges(entries);
  if (lines.length === 0) return '';
  const boxes = entries.map((entry, index) => box(entry, index, report));
  const wrong = boxes.filter(({ mark }) => mark !== null).length;
  const text = [
    'flowchart LR',
    ...[...new Set(entries.map(({ section }) => section))].flatMap((section, index) => [
      `  subgraph s${index + 1}["${escaped(section)}"]`,
      ...boxes.filter((one) => one.section === section).map(({ id, label }) => `    ${id}["${label}"]`),
      '  end',
      `  style s${index + 1} fill:none,stroke:#8c959f`,
    ]),
    ...lines,
    ...MARKS.flatMap((mark) => {
      const ids = boxes.filter((one) => one.mark === mark).map(({ id }) => id);
      return ids.length === 0 ? [] : [`  classDef ${mark} ${STYLES[mark]}`, `  class ${ids.join(',')} ${mark}`];
    }),
  ];
  const { length: all } = catalogue;
  const shown = entries.length === all ? '' : `${entries.length} of `;
  const title = `Catalogue: ${shown}${plural(all, 'entry')}${wrong === 0 ? '' : `, ${wrong} with findings`}`;
  const open = wrong === 0 ? '' : ' open';
  return `<details${open}><summary>${title}</summary>\n\n\`\`\`mermaid\n${text.join('\n')}\n\`\`\`\n\n</details>`;
}

function box({ section, name }: CatalogueEntry, index: number, { findings, sections }: Report): Box {
  const own = findings.filter(
    (finding) => finding.name === name && finding.section === section && finding.problem !== 'invalid',
  );
  const mark = MARKS.find((one) => own.some((finding) => markOf(finding) === one)) ?? null;
  const words = [...new Set(own.map(what))];
  const more = words.length > MOST_FIELDS ? `, ${words.length - MOST_FIELDS} more` : '';
  const about = words.length === 0 ? '' : `: ${words.slice(0, MOST_FIELDS).join(', ')}${more}`;
  // What could not be compared, or is accepted as it is, is neither right nor wrong.
  const unmarked = sections.get(section)?.inSyncNames.includes(name) ? '✅' : '•';
  const icon = mark === null ? unmarked : ICONS[mark];
  return {
    id: `n${index + 1}`,
    section,
    label: `${icon} ${escaped(cut(visible(titleOf({ section, name })), LONGEST_NAME) + about)}`,
    mark,
  };
}

function markOf({ pending, severity }: Finding): Mark {
  return pending ? 'pending' : severity;
}

function what(finding: Finding): string {
  return finding.problem === 'changed' ? finding.field : finding.problem;
}

/**
 * A line for each pair of entries of which one names the other. What stands first in reports stands left; the line bears the
 * fields by which the left one names the right one, and none where only the right one names the left.
 */
function edges(entries: readonly CatalogueEntry[]): string[] {
  const known = new Map(entries.map((entry, index) => [keyIn(entry.section, entry.name), index]));
  const fields = new Map<string, string[]>();
  for (const [from, { references }] of entries.entries()) {
    for (const { field, section, name } of references) {
      const to = known.get(keyIn(section, name));
      if (to === undefined) continue;
      const pair = `n${Math.min(from, to) + 1} n${Math.max(from, to) + 1}`;
      fields.set(pair, [...(fields.get(pair) ?? []), ...(from <= to ? [field] : [])]);
    }
  }
  return [...fields].map(([pair, labels]) => {
    const [left, right] = pair.split(' ');
    return `  ${left} ---${labels.length === 0 ? '' : `|"${escaped(labels.join(', '))}"|`} ${right}`;
  });
}

/**
 * Text in a quoted label: Mermaid's entity codes for all but letters, digits and spaces, so that nothing in it is syntax of
 * Mermaid's, Markdown, HTML, an icon or an address. (https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters)
 */
function escaped(text: string): string {
  // Mermaid's own placeholder for a code begins with this ligature.
  const plain = text.replaceAll('ﬂ', 'fl');
  return plain.replace(/[^\p{L}\p{N} ]/gu, (character) => `#${character.codePointAt(0)};`);
}
