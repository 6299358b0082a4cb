/** The README as its tests take it apart: blocks, code in sentences, links, messages that it explains. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The README without its fenced blocks. */
const prose = readme.replace(/^```\w+\n[\s\S]*?^```$/gm, '');

/** A fenced block, in the section of its `##` heading. */
export interface Block {
  readonly section: string;
  readonly language: string;
  readonly text: string;
}

export const blocks: readonly Block[] = readme.split(/^## /m).flatMap((part) => {
  const [section = ''] = part.split('\n');
  return [...part.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    section,
    language,
    text,
  }));
});

export function blocksIn(section: string): Block[] {
  return blocks.filter((block) => block.section === section);
}

/** Every command of the blocks to copy. */
export function commandsIn(those: readonly Block[]): string[] {
  return those.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trim().split('\n'));
}

/** What a block of YAML is: a part of a file goes at its end, a step into a job. */
export function kindOf({ text }: Block): 'workflow' | 'step' | 'file' | 'part' | 'hook' | 'unknown' {
  if (/^jobs:$/m.test(text)) return 'workflow';
  if (/^version: 1$/m.test(text)) return 'file';
  if (text.startsWith('repos:\n')) return 'hook';
  if (text.startsWith('- uses: ')) return 'step';
  return /^(policy|environments):\n/.test(text) ? 'part' : 'unknown';
}

const yaml = blocks.filter(({ language }) => language === 'yaml');

export const hooks: readonly string[] = yaml.filter((block) => kindOf(block) === 'hook').map(({ text }) => text);

/** Every workflow; a step as the one step of a job. */
export const workflows: readonly string[] = yaml.flatMap((block) => {
  const kind = kindOf(block);
  if (kind === 'workflow') return [block.text];
  const step = block.text.replace(/^(?=.)/gm, '      ');
  return kind === 'step' ? [`on: push\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n${step}`] : [];
});

/** Every configuration file; a part as the end of the file above it in its section, else of `fallback`. */
export function configurations(fallback: string): string[] {
  return yaml.flatMap((block, index) => {
    if (kindOf(block) === 'file') return [block.text];
    if (kindOf(block) !== 'part') return [];
    const above = yaml.slice(0, index).findLast((one) => kindOf(one) === 'file' && one.section === block.section);
    return [`${above?.text ?? fallback}${block.text}`];
  });
}

/** Code in sentences and tables. */
export const codes: readonly string[] = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code as string);

/** Where links and pictures lead, without what leads to another site. */
export const links: readonly { readonly file: string; readonly anchor: string }[] = [
  ...prose.matchAll(/(?:\]\(|(?:src|srcset)=")(?!https?:)([^)#"]*)(?:#([^)"]+))?/g),
].map(([, file = '', anchor = '']) => ({ file, anchor }));

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The messages that the table of troubles explains, `…` for what is different each time. */
export const messages: readonly string[] = [...prose.matchAll(/^## Troubleshooting\n[\s\S]*?(?=^## )/gm)].flatMap(
  ([table]) => [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, words]) => words as string),
);

/** What a source can print, with `…` for what it fills in. */
export function printable(source: string): string {
  return withoutHoles(source.replace(/^\s*\/\/.*$|\/\*[\s\S]*?\*\//gm, ''))
    .replaceAll("\\'", "'")
    .replace(/…+/g, '…');
}

function withoutHoles(source: string): string {
  let text = '';
  let depth = 0;
  for (let at = 0; at < source.length; at += 1) {
    const opens = depth === 0 ? source.startsWith('${', at) : source[at] === '{';
    if (opens && depth === 0) {
      text += '…';
      at += 1;
    }
    if (opens) depth += 1;
    else if (depth > 0 && source[at] === '}') depth -= 1;
    else if (depth === 0) text += source[at];
  }
  return text;
}
