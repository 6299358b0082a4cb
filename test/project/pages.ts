/** The pages that people read, as their tests take them apart: blocks, code in sentences, links, messages that are explained. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** For users: what these show is run or validated. */
export const forUsers: readonly string[] = ['README.md', ...pagesIn('docs')];

/** Every page, for those who carry on too. */
export const all: readonly string[] = [...pagesIn('.'), ...pagesIn('docs'), 'schema/README.md'];

function pagesIn(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => posix.join(folder, file));
}

/** A page without its fenced blocks. */
function proseOf(page: string): string {
  return readFileSync(join(root, page), 'utf8').replace(/^```\w*\n[\s\S]*?^```$/gm, '');
}

/** A fenced block, in the section of its `##` heading. */
export interface Block {
  readonly section: string;
  readonly language: string;
  readonly text: string;
}

export function blocksOf(page: string): Block[] {
  return readFileSync(join(root, page), 'utf8')
    .split(/^## /m)
    .flatMap((part) => {
      const [section = ''] = part.split('\n');
      return [...part.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
        section,
        language,
        text,
      }));
    });
}

export const blocks: readonly Block[] = forUsers.flatMap(blocksOf);

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
  return /^(?:(?:policy|environments):\n|key_rotated: )/.test(text) ? 'part' : 'unknown';
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

/** Code in sentences and tables of a page. */
export function codesOf(page: string): string[] {
  return [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code as string);
}

/** Where links and pictures of a page lead, from the root, without what leads to another site. */
export function linksOf(page: string): { readonly file: string; readonly anchor: string }[] {
  return [...proseOf(page).matchAll(/(?:\]\(|(?:src|srcset)=")(?!https?:)([^)#"]*)(?:#([^)"]+))?/g)].map(
    ([, file = '', anchor = '']) => ({
      file: file === '' ? page : posix.normalize(posix.join(posix.dirname(page), file)),
      anchor,
    }),
  );
}

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
export const messages: readonly string[] = [...proseOf('docs/troubleshooting.md').matchAll(/^\| `([^`]+)` \|/gm)].map(
  ([, words]) => words as string,
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
