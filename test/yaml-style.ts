/**
 * Writes one meaning as YAML in many styles, and finds the place of a key in what was written: block and flow, every kind
 * of quotes, key order, anchors, aliases and merge keys, comments, CRLF, a byte order mark, an environment of its own.
 */
import {
  Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Pair,
  parse,
  parseDocument,
  Scalar,
  type ScalarTag,
  YAMLMap,
  YAMLSeq,
  type Node as YamlNode,
} from 'yaml';
import { Dice, Digits, Loose, Names, type Tree, Words } from './tree.ts';

/** A file: its bytes as they are on disk, and the text without byte order mark. */
export interface Written {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Text that stands in the file as it is. */
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const rawTag: ScalarTag = {
  identify: (value) => value instanceof Raw,
  default: true,
  tag: 'tag:raw',
  resolve: (text) => text,
  stringify: ({ value }) => (value as Raw).text,
};

/** A file of these sections, in a style that the seed chooses. `environment` may get a part of it. */
export function write(sections: Names, seed: number, environment: string | null = null): Written {
  try {
    return new Writer(new Dice(seed), false).write(sections, environment);
  } catch (fault) {
    // The writer may also set an alias before its anchor: that is no file either.
    const isOrder = fault instanceof Error && fault.message.startsWith('Unresolved alias');
    if (!(fault instanceof Unfaithful) && !isOrder) throw fault;
    return new Writer(new Dice(seed), true).write(sections, environment);
  }
}

/** The package wrote what it reads differently: folded long lines and odd white space (yaml 2.9.1). */
class Unfaithful extends Error {}

class Writer {
  private readonly dice: Dice;
  private readonly document: Document;
  private readonly anchored = new Map<string, { readonly node: YamlNode; readonly name: string }>();
  private readonly plain: boolean;
  private readonly careful: boolean;
  private anchors = 0;

  constructor(dice: Dice, careful: boolean) {
    this.dice = dice;
    this.careful = careful;
    this.plain = dice.often(20);
    this.document = new Document(undefined, { customTags: (tags) => [rawTag, ...tags], aliasDuplicateObjects: false });
  }

  write(sections: Names, environment: string | null): Written {
    const split = environment !== null && this.dice.often(30) ? this.split(sections) : { base: sections, over: null };
    const merges: (readonly [string, Names])[] = [];
    const base = this.withMerges(split.base, merges);
    const rest = this.dice.shuffled<readonly [string, Tree]>([
      ['version', new Digits('1', 'integer')],
      ...base.pairs,
      ...(split.over === null || environment === null
        ? []
        : [['environments', new Names([[environment, split.over]])] as const]),
    ]);
    const root = new YAMLMap();
    for (const [name, tree] of [...merges, ...rest]) root.add(this.pair(name, tree, false));
    for (const [name] of merges) this.merged(root, name);
    this.document.contents = root as unknown as Document['contents'];
    const text = this.finish();
    verify(text, root);
    // Folded within a pair of surrogates, which no encoding can hold.
    if (Buffer.from(text).toString() !== text) throw new Unfaithful(`not UTF-8\n${text}`);
    return { text, bytes: Buffer.from(this.dice.often(10) ? `\ufeff${text}` : text) };
  }

  private finish(): string {
    const { dice } = this;
    if (dice.often(5)) this.document.commentBefore = ' A comment before everything';
    let text = this.document.toString({
      indent: dice.pick([2, 2, 4]),
      lineWidth: this.careful ? 0 : dice.pick([0, 40, 80]),
      indentSeq: dice.often(50),
      flowCollectionPadding: dice.often(50),
      singleQuote: dice.often(50),
    });
    if (dice.often(10)) text = `---\n${text}`;
    if (dice.often(5) && text.endsWith('\n')) text = `${text}...\n`;
    return dice.often(20) ? text.replaceAll('\n', '\r\n') : text;
  }

  /** Some fields of some entries move to an environment that is laid over the file. */
  private split(sections: Names): { base: Names; over: Names | null } {
    const { dice } = this;
    const over: (readonly [string, Tree])[] = [];
    const base = sections.pairs.map(([section, entries]): readonly [string, Tree] => {
      if (!(entries instanceof Names)) return [section, entries];
      const moved: (readonly [string, Tree])[] = [];
      const kept = entries.pairs.map(([name, entry]): readonly [string, Tree] => {
        if (!(entry instanceof Names) || dice.often(50)) return [name, entry];
        const goes = entry.pairs.filter(([field]) => !entry.base.has(field) && dice.often(40));
        if (goes.length === 0) return [name, entry];
        moved.push([name, new Names(goes)]);
        return [
          name,
          new Names(
            entry.pairs.filter((pair) => !goes.includes(pair)),
            [...entry.base],
          ),
        ];
      });
      if (moved.length > 0) over.push([section, new Names(moved)]);
      return [section, new Names(kept)];
    });
    return { base: new Names(base), over: over.length === 0 ? null : new Names(over) };
  }

  /** Some entries take some fields from a map elsewhere, by a merge key. */
  private withMerges(sections: Names, merges: (readonly [string, Names])[]): Names {
    const { dice } = this;
    if (this.plain || dice.often(60)) return sections;
    return new Names(
      sections.pairs.map(([section, entries]) => [
        section,
        !(entries instanceof Names)
          ? entries
          : new Names(
              entries.pairs.map(([name, entry]) => {
                if (!(entry instanceof Names) || entry.pairs.length < 3 || dice.often(60)) return [name, entry];
                const goes = entry.pairs.filter(() => dice.often(40));
                if (goes.length === 0) return [name, entry];
                const anchor = `x-common-${merges.length}`;
                merges.push([anchor, new Names(goes)]);
                return [
                  name,
                  new Merging(
                    entry.pairs.filter((pair) => !goes.includes(pair)),
                    anchor,
                  ),
                ];
              }),
            ),
      ]),
    );
  }

  private merged(root: YAMLMap, name: string): void {
    const node = root.get(name, true) as YamlNode;
    if (!('anchor' in node) || node.anchor === undefined) throw new Error(`nothing merges ${name}`);
  }

  private pair(name: string, tree: Tree, flow: boolean): Pair<YamlNode, YamlNode> {
    const key = this.key(name);
    if (!flow && !this.plain && this.dice.often(5)) key.commentBefore = ' What follows: {a: b}, "c", # and *d';
    if (!flow && !this.plain && this.dice.often(5)) key.spaceBefore = true;
    const value = this.node(tree, flow);
    if (name.startsWith('x-common-')) {
      (value as YAMLMap).anchor = name;
      this.anchored.set(name, { node: value, name });
    }
    return new Pair<YamlNode, YamlNode>(key, value);
  }

  private key(name: string): Scalar {
    const key = new Scalar(name);
    key.type =
      name === '<<' || this.careful
        ? 'QUOTE_DOUBLE'
        : this.dice.pick(['PLAIN', 'PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE']);
    return key;
  }

  private node(tree: Tree, flow: boolean): YamlNode {
    const alias = this.alias(tree);
    if (alias !== null) return alias;
    const node = this.fresh(tree, flow);
    const key = keyOf(tree);
    if (key !== null && !this.plain && !this.anchored.has(key) && this.dice.often(8)) {
      this.anchors += 1;
      const name = `a${this.anchors}`;
      (node as Scalar).anchor = name;
      this.anchored.set(key, { node, name });
    }
    return node;
  }

  private alias(tree: Tree): YamlNode | null {
    const key = keyOf(tree);
    const known = key === null ? undefined : this.anchored.get(key);
    if (known === undefined || !this.dice.often(70)) return null;
    return this.document.createAlias(known.node as Scalar, known.name);
  }

  private fresh(tree: Tree, flow: boolean): YamlNode {
    const { dice } = this;
    if (tree instanceof Names) return this.map(tree, flow);
    if (tree instanceof Words) return this.list(dice.shuffled(tree.words), flow);
    if (Array.isArray(tree)) return this.list(tree, flow);
    if (tree instanceof Digits) return this.raw(digits(tree, dice));
    if (tree instanceof Loose) {
      const needsNone =
        (/^\d{1,15}(\.\d{1,12})?$/.test(tree.text) && Number.isFinite(Number(tree.text))) ||
        tree.text === 'true' ||
        tree.text === 'false';
      return needsNone && dice.often(70) ? this.raw(tree.text) : this.text(tree.text);
    }
    if (tree === null) return this.raw(dice.pick(['null', '~', 'Null', 'NULL']));
    if (typeof tree === 'boolean')
      return this.raw(dice.pick(tree ? ['true', 'True', 'TRUE'] : ['false', 'False', 'FALSE']));
    return this.text(tree as string);
  }

  private map(tree: Names, inFlow: boolean): YAMLMap {
    const map = new YAMLMap();
    const flow = inFlow || tree.pairs.length === 0 || this.dice.often(this.plain ? 0 : 15);
    map.flow = flow;
    const pairs = this.dice.shuffled(tree.pairs);
    const merge = tree instanceof Merging ? this.dice.roll(pairs.length + 1) : -1;
    for (let index = 0; index <= pairs.length; index += 1) {
      if (index === merge) map.add(this.mergePair((tree as Merging).from));
      const pair = pairs[index];
      if (pair !== undefined) map.add(this.pair(pair[0], pair[1], flow));
    }
    return map;
  }

  private mergePair(from: string): Pair {
    const { node } = this.anchored.get(from) as { node: YamlNode };
    const alias = this.document.createAlias(node as YAMLMap, from);
    if (this.dice.often(70)) return new Pair(new Scalar('<<'), alias);
    const list = new YAMLSeq();
    list.flow = true;
    list.add(alias);
    return new Pair(new Scalar('<<'), list);
  }

  private list(items: readonly Tree[], inFlow: boolean): YAMLSeq {
    const list = new YAMLSeq();
    const flow = inFlow || items.length === 0 || this.dice.often(40);
    list.flow = flow;
    for (const item of items) list.add(this.node(item, flow));
    return list;
  }

  private raw(text: string): Scalar {
    return new Scalar(new Raw(text));
  }

  private text(text: string): Scalar {
    const scalar = new Scalar(text);
    const styles = ['PLAIN', 'PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;
    const style = this.dice.pick(styles);
    scalar.type = this.careful ? 'QUOTE_DOUBLE' : style;
    return scalar;
  }
}

/** A map of which some names come by a merge key. */
class Merging extends Names {
  readonly from: string;
  constructor(pairs: readonly (readonly [string, Tree])[], from: string) {
    super(pairs);
    this.from = from;
  }
}

/** A key that is equal for equal trees that may share an anchor: of each form, since a decimal may be text and a count not. */
function keyOf(tree: Tree): string | null {
  if (tree === null || typeof tree === 'boolean' || tree instanceof Merging) return null;
  return JSON.stringify(tree, (_name, value) =>
    value instanceof Names
      ? { names: value.pairs }
      : value instanceof Digits
        ? { digits: value.canonical, form: value.form }
        : value,
  );
}

function digits({ canonical, form }: Digits, dice: Dice): string {
  const [whole = '', fraction = ''] = canonical.split('.');
  const padded = form === 'amount' ? '' : fraction.padEnd(Math.min(12, fraction.length + dice.roll(4)), '0');
  const zeros = form === 'integer' || dice.often(80) ? '' : '0'.repeat(dice.roll(3));
  const spelled = `${zeros}${whole}${padded === '' || (form === 'integer' && dice.often(70)) ? (fraction === '' ? '' : `.${fraction}`) : `.${padded}`}`;
  if (form === 'integer') return spelled;
  // A number that JSON Schema reads as a float must still be a number there; long ones are quoted as people would.
  const quoted = whole.length > 15 || dice.often(40);
  return quoted ? dice.pick([`"${spelled}"`, `'${spelled}'`]) : spelled;
}

/** The package that writes is checked by reading back: a fault of the test must not look like one of the program. */
function verify(text: string, root: YAMLMap): void {
  const meaning = (node: unknown): unknown => {
    if (isAlias(node)) throw new Unfaithful('resolved elsewhere');
    if (isScalar(node)) return node.value instanceof Raw ? parse(node.value.text) : node.value;
    return node;
  };
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0)
    throw new Unfaithful(`the test wrote what is no YAML: ${document.errors[0]?.message}\n${text}`);
  compare(document, document.contents, root, meaning, text);
}

function compare(
  document: Document.Parsed,
  read: unknown,
  written: unknown,
  meaning: (node: unknown) => unknown,
  text: string,
): void {
  if (isAlias(written)) {
    if (!isAlias(read) || read.source !== written.source) throw new Unfaithful(`an alias was lost\n${text}`);
    return;
  }
  if (isMap(written) && isMap(read) && written.items.length === read.items.length) {
    written.items.forEach((pair, index) => {
      const other = read.items[index];
      if (isScalar(other?.key) && other.key.source !== (pair.key as Scalar).value)
        throw new Unfaithful(`a name was lost\n${text}`);
      compare(document, other?.value, pair.value, meaning, text);
    });
    return;
  }
  if (isSeq(written) && isSeq(read) && written.items.length === read.items.length) {
    for (const [index, item] of written.items.entries()) compare(document, read.items[index], item, meaning, text);
    return;
  }
  if (!Object.is(meaning(read), meaning(written))) {
    throw new Unfaithful(`the test wrote ${String(meaning(read))} for ${String(meaning(written))}\n${text}`);
  }
}

/** Line, column and end of a key, counted from 1; of the environment's, where that states it. Null where it is nowhere. */
export function keyPlace(
  text: string,
  path: readonly string[],
  environment: string | null = null,
): { line: number; column: number; endLine: number; endColumn: number } | null {
  const document = parseDocument(text);
  const key =
    (environment === null ? null : keyAt(document, ['environments', environment, ...path])) ?? keyAt(document, path);
  if (key === null) return null;
  const [start, end] = key.range as unknown as [number, number];
  const before = text.slice(0, start);
  const line = before.split('\n').length;
  const column = start - before.lastIndexOf('\n');
  const shown = text.slice(start, end).split(/\r?\n/)[0] ?? '';
  return { line, column, endLine: line, endColumn: column + shown.length };
}

function keyAt(document: Document.Parsed, path: readonly string[]): Scalar | null {
  let node: unknown = document.contents;
  let key: Scalar | null = null;
  for (const step of path) {
    const pair = pairIn(document, node, step);
    if (pair === null) return null;
    key = pair.key as Scalar;
    node = pair.value;
  }
  return key;
}

function pairIn(document: Document.Parsed, node: unknown, name: string): Pair | null {
  const map = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(map)) {
    for (const item of map.items) {
      const found = pairIn(document, item, name);
      if (found !== null) return found;
    }
    return null;
  }
  if (!isMap(map)) return null;
  const isMerge = (pair: Pair) => isScalar(pair.key) && pair.key.source === '<<' && pair.key.type === 'PLAIN';
  const own = map.items.find((pair) => isScalar(pair.key) && pair.key.source === name && !isMerge(pair));
  if (own !== undefined) return own;
  for (const merge of map.items.filter(isMerge)) {
    const found = pairIn(document, merge.value, name);
    if (found !== null) return found;
  }
  return null;
}
