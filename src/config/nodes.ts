import type { Node } from '../model.ts';
import { cut, quote } from '../text.ts';

/** A number or a truth value is cut here; text is quoted. */
export const LONGEST_NUMBER = 200;

/** What stands at a path of names below a node; undefined where nothing does. */
export function nodeAt(node: Node | undefined, path: readonly string[]): Node | undefined {
  return path.reduce((at, step) => (at?.kind === 'map' ? at.entries.get(step)?.node : undefined), node);
}

/** A node as words: what the file says there. */
export function valueWords(node: Node): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'null';
  if (node.value === '') return 'empty';
  return typeof node.value === 'string' ? quote(node.value) : cut(node.text, LONGEST_NUMBER);
}
