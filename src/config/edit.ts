import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLSeq,
  type Node as YamlNode,
} from 'yaml';
import { isRecord } from '../model.ts';
import type { Spelled } from '../vocabulary/type.ts';
import {
  entryLines,
  fieldLines,
  remarkOn,
  type Said,
  type SpelledFields,
  type WrittenEntry,
  writeField,
  writeValue,
} from '../vocabulary/yaml.ts';

/** What becomes of a name in a map of the file. */
export type Change =
  /** It gets a value; a map keeps of its own what the value repeats, and so does a set, whose order says nothing. `said`:
   *  what an export says behind the value that is there, and behind the new one. */
  | {
      readonly kind: 'value';
      readonly value: Spelled;
      readonly set?: boolean;
      readonly said?: Saying;
    }
  /** It becomes an entry. */
  | { readonly kind: 'entry'; readonly entry: WrittenEntry }
  /** It goes; where a merge key brings it in, it becomes null. */
  | { readonly kind: 'remove' }
  | { readonly kind: 'within'; readonly changes: Changes };
export type Changes = ReadonlyMap<string, Change>;

/** What is said behind a value before a change, and after it. */
type Saying = readonly [before: Said | undefined, after: Said | undefined];

/** The text of a file with changes in it. Whatever they do not touch stays as it is, to the byte. */
export function edited(text: string, changes: Changes): string {
  const document = parseDocument(text, { logLevel: 'silent' });
  const root = document.contents;
  if (!isMap(root)) return text;
  const editor = new Editor(text, root as Map_);
  editor.map(root as Map_, changes, '');
  return editor.result();
}

/** The aliases of a file by the name of their anchor, in order. */
function aliasesIn(root: YamlNode): Map<string, Node[]> {
  const aliases = new Map<string, Node[]>();
  visit(root, {
    Alias(_key, alias) {
      aliases.set(alias.source, [...(aliases.get(alias.source) ?? []), alias as Node]);
    },
  });
  return aliases;
}

type Node = YamlNode & { range?: [number, number, number] | null };
type Map_ = YAMLMap<Node, Node | null>;
type Item = Pair<Node, Node | null>;

/** A stretch of the text and what takes its place. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

class Editor {
  private readonly splices: Splice[] = [];
  private readonly text: string;
  private readonly newline: string;
  /** One level of indentation, as the file has it. */
  private readonly step: string;
  /** Whether what is being changed stands within brackets, where there are no blocks. */
  private inBrackets = false;
  private readonly aliases: ReadonlyMap<string, readonly Node[]>;
  /** What anchors that go have stood for, and who repeats it. */
  private readonly legacies: { readonly heirs: readonly Node[]; readonly text: string }[] = [];

  private readonly root: Map_;

  constructor(text: string, root: Map_) {
    this.text = text;
    this.root = root;
    this.aliases = aliasesIn(root as YamlNode);
    this.newline = /\r\n/.test(text) ? '\r\n' : '\n';
    this.step = /^( +)[^\s#-]/m.exec(text)?.[1] ?? '  ';
  }

  result(): string {
    this.settleLegacies();
    const inOrder = this.splices.map((splice, index) => ({ ...splice, index }));
    inOrder.sort((one, other) => one.from - other.from || one.to - other.to || one.index - other.index);
    let [made, at] = ['', 0];
    for (const { from, to, text } of inOrder) {
      made += this.text.slice(at, from) + text;
      at = Math.max(at, to);
    }
    return made + this.text.slice(at);
  }

  /** Changes names of a map; `indent` is that of the line which holds its own name. */
  map(map: Map_, changes: Changes, indent: string): void {
    const items = new Map(map.items.map((item) => [nameOf(item), item] as const));
    const absent = [...changes].filter(([name]) => !items.has(name));
    const added = absent.flatMap(([name, change]): [string, Change][] => {
      if (change.kind !== 'remove') return [[name, change]];
      return items.has('<<') ? [[name, { kind: 'value', value: null }]] : [];
    });
    const removed = map.items.filter((item) => changes.get(nameOf(item))?.kind === 'remove');
    const before = this.inBrackets;
    this.inBrackets ||= map.flow === true;
    for (const [name, change] of changes) {
      const item = items.get(name);
      if (item !== undefined && change.kind !== 'remove') this.change(item, change, this.indentOf(item));
    }
    this.inBrackets = before;
    if (map.flow)
      this.flow(
        map,
        removed,
        added.map(([name, change]) => inFlow(name, change)),
      );
    else this.block(map, removed, added, indent);
  }

  private change(item: Item, change: Change, indent: string): void {
    if (change.kind === 'value') this.value(item, change, indent);
    else if (change.kind === 'entry') this.value(item, { value: change.entry.fields }, indent);
    else if (change.kind === 'within') this.within(item, change.changes, indent);
  }

  private within(item: Item, changes: Changes, indent: string): void {
    const { value, key } = item;
    if (isMap(value) && (value.items.length > 0 || this.inBrackets)) this.map(value as Map_, changes, indent);
    else {
      const inner = [...changes].flatMap(([name, change]) => this.lines(name, change, indent + this.step));
      const end = value === null ? this.colon(item) : endOf(value);
      if (value !== null) this.handOver(value);
      this.put(this.colon(item), end, '');
      this.insertAfter(value === null ? endOf(key) : end, inner);
    }
  }

  private value(item: Item, change: Omit<Change & { kind: 'value' }, 'kind'>, indent: string): void {
    const { value } = item;
    const { value: wanted, set = false, said } = change;
    if (says(value, wanted)) return;
    if (value !== null && said !== undefined) this.remark(value, said);
    if (isFilled(value) && isRecord(wanted) && Object.keys(wanted).length > 0) {
      this.map(value, changesTo(value, wanted as SpelledFields, said), indent);
      return;
    }
    if (isSeq(value) && Array.isArray(wanted)) {
      const list = value as YAMLSeq<Node>;
      if (this.words(list, wanted, set) || this.maps(list, wanted, said)) return;
    }
    this.replace(item, wanted, indent, said?.[1]);
  }

  /** Says something else behind a value on one line, where just what an export says was said. */
  private remark(value: Node, saying: Saying): void {
    if (isCollection(value) && !value.flow) return;
    const [before, after] = saying.map((one) => remarkOn(one) ?? '') as [string, string];
    const end = endOf(value);
    const said = this.text.slice(end, lineEnd(this.text, end));
    const at = before === '' ? -1 : said.indexOf(before);
    const sign = said.slice(0, Math.max(at, 0));
    if (!/^\s*#\s*$/.test(sign) || said.slice(at + before.length).trim() !== '') return;
    this.put(after === '' ? end : end + at, end + at + before.length, after);
  }

  /** Takes items out of a list of words and adds others, where that gives the list that is wanted. */
  private words(list: YAMLSeq<Node>, wanted: readonly Spelled[], set: boolean): boolean {
    const words = list.items.map((item) => (isScalar(item) ? String(item.value) : null));
    if (words.length === 0 || words.includes(null) || !wanted.every((item) => typeof item === 'string')) return false;
    const kept = words.filter((word) => wanted.includes(word as string));
    const added = wanted.filter((word) => !words.includes(word as string));
    if (kept.length === 0 || new Set(words).size < words.length) return false;
    if (!set && [...kept, ...added].some((word, index) => word !== wanted[index])) return false;
    const removed = list.items.filter((_item, index) => !wanted.includes(words[index] as string));
    if (list.flow) this.flow(list, removed, added.map(writeValue));
    else {
      for (const item of removed) {
        this.handOver(item);
        this.removeLines(lineStart(this.text, startOf(item)), endOf(item));
      }
      const [first] = list.items;
      const start = this.outerStart(first as Node);
      const dashes = this.text.slice(lineStart(this.text, start), start);
      this.insertAfter(
        endOf(list.items.at(-1) as Node),
        added.map((word) => `${dashes}${writeValue(word)}`),
      );
    }
    return true;
  }

  /** Changes the maps of a list, such as tiers, each in its place, where there are as many as are wanted. */
  private maps(list: YAMLSeq<Node>, wanted: readonly Spelled[], said: Saying | undefined): boolean {
    if (list.items.length !== wanted.length) return false;
    const pairs = list.items.flatMap((map, index) => {
      const fields = wanted[index];
      if (!isFilled(map) || !isRecord(fields)) return [];
      // The name behind a dash can't go alone.
      const stays = map.flow || nameOf(map.items[0] as Item) in fields;
      return stays ? [[map, fields as SpelledFields, within(said, String(index))] as const] : [];
    });
    if (pairs.length < wanted.length) return false;
    const before = this.inBrackets;
    this.inBrackets ||= list.flow === true;
    for (const [map, fields, saying] of pairs) {
      if (says(map, fields)) continue;
      if (saying !== undefined) this.remark(map, saying);
      this.map(map, changesTo(map, fields, saying), this.indentOf(map.items[0] as Item));
    }
    this.inBrackets = before;
    return true;
  }

  /** Another value behind a name, in the style of what it replaces. */
  private replace(item: Item, wanted: Spelled, indent: string, said: Said | undefined): void {
    const { value } = item;
    const colon = this.colon(item);
    if (value === null || startOf(value) === endOf(value)) {
      this.put(colon, colon, ` ${writeValue(wanted)}`);
      return;
    }
    const isBlock = isCollection(value) && !value.flow;
    const isFlow = this.inBrackets || (isCollection(value) && value.flow === true);
    const isSingle = isFlow || (typeof wanted === 'string' && !isBlock && !this.endsLine(value));
    const [first = '', ...lines] = isSingle ? [] : fieldLines(nameOf(item), wanted, indent, this.step, said);
    // A text in lines begins with its style, behind the name.
    const style = typeof wanted === 'string' && lines.length > 0 ? first.slice(first.lastIndexOf(' ')) : '';
    if (isBlock) {
      // What is said behind the name stays there, as do an anchor and a tag.
      const properties = /^(?:[ \t]+[&!]\S+)*/.exec(this.text.slice(colon))?.[0] ?? '';
      const behind = colon + properties.length;
      if (lines.length === 0 || style !== '') this.put(behind, behind, style === '' ? ` ${writeValue(wanted)}` : style);
      const from = lineStart(this.text, startOf(value));
      this.removeLines(from, endOf(value));
      if (lines.length > 0) this.put(from, from, lines.map((line) => line + this.newline).join(''));
      return;
    }
    const text = lines.length > 0 ? style + this.newline + lines.join(this.newline) : this.inQuotesOf(value, wanted);
    const isLiteral = isScalar(value) && value.type?.startsWith('BLOCK');
    const end = isLiteral ? trimmedEnd(this.text, endOf(value)) : endOf(value);
    const start = this.handOver(value) ? this.outerStart(value) : startOf(value);
    this.put(lines.length > 0 ? colon : start, end, text);
  }

  /** Whether nothing stands behind a value on its line: what does would be taken for the end of lines in its place. */
  private endsLine(value: Node): boolean {
    const end = trimmedEnd(this.text, endOf(value));
    return this.text.slice(end, lineEnd(this.text, end)).trim() === '';
  }

  /** Takes the anchor from a value on one line that goes: the first that repeats it, and stays, says it from now on. */
  private handOver(node: Node): boolean {
    const anchor = isAlias(node) ? undefined : node.anchor;
    const said = anchor === undefined ? null : this.onOneLine(node);
    if (anchor === undefined || said === null) return false;
    const heirs = (this.aliases.get(anchor) ?? []).filter((alias) => startOf(alias) > startOf(node));
    this.legacies.push({ heirs, text: `&${anchor} ${said}` });
    return true;
  }

  /** What a value says, where that can stand anywhere else; null where it can't. */
  private onOneLine(node: Node): string | null {
    if (isScalar(node)) {
      const isPlain = node.type === 'PLAIN' && typeof node.value !== 'string';
      return isPlain ? (node.source ?? 'null') : writeValue(String(node.value));
    }
    const text = this.text.slice(startOf(node), endOf(node));
    return isCollection(node) && node.flow && !text.includes('\n') ? text : null;
  }

  /** Gives each anchor that went to the first of its heirs that stays. */
  private settleLegacies(): void {
    const goes = (node: Node) => this.splices.some(({ from, to }) => from <= startOf(node) && startOf(node) < to);
    for (const { heirs, text } of this.legacies) {
      const heir = heirs.find((node) => !goes(node));
      if (heir !== undefined) this.put(startOf(heir), endOf(heir), text);
    }
  }

  /** Where a node begins with its anchor and tag. */
  private outerStart(node: Node): number {
    const start = startOf(node);
    if (!('anchor' in node && node.anchor) && !('tag' in node && node.tag)) return start;
    const properties = /(?:[&!][^\s,[\]{}]*\s+)+$/.exec(this.text.slice(Math.max(0, start - 200), start));
    return start - (properties?.[0].length ?? 0);
  }

  /** A text in the kind of quotes that the value before it had, where it can stand in them. */
  private inQuotesOf(value: Node, wanted: Spelled): string {
    const type = isScalar(value) ? value.type : undefined;
    if (typeof wanted !== 'string') return writeValue(wanted);
    if (type === 'QUOTE_SINGLE' && /^[ -~]*$/.test(wanted)) return `'${wanted.replaceAll("'", "''")}'`;
    const written = writeValue(wanted);
    return type === 'QUOTE_DOUBLE' && !written.startsWith('"') ? `"${written}"` : written;
  }

  private block(
    map: Map_,
    removed: readonly Item[],
    added: readonly (readonly [string, Change])[],
    indent: string,
  ): void {
    const last = map.items.at(-1);
    if (last === undefined) return;
    if (removed.length === map.items.length && added.length === 0) {
      const before = this.text.lastIndexOf(':', startOf(map)) + 1;
      this.put(before, before, ' {}');
    }
    for (const { key, value } of removed) {
      if (value !== null) this.handOver(value);
      this.removeLines(lineStart(this.text, startOf(key)), endOf(value ?? key));
    }
    const inner = map.items.length > 0 ? this.indentOf(last) : indent + this.step;
    const apart = this.standApart(map);
    const lines = added.flatMap(([name, change]) => [
      ...(apart && (change.kind === 'entry' || inner === '') ? [''] : []),
      ...this.lines(name, change, inner),
    ]);
    this.insertAfter(this.endWithComments(endOf(last.value ?? last.key), inner), lines);
  }

  /** Where something ends with the comments below it that are indented further than its name, and so speak of it. */
  private endWithComments(end: number, indent: string): number {
    const line = lineEnd(this.text, trimmedEnd(this.text, end));
    const deeper = new RegExp(`^(?:\\s*\\n {${indent.length + 1},}#[^\\n]*)+`).exec(this.text.slice(line));
    return deeper === null ? end : line + deeper[0].length;
  }

  /** Whether names of a map have empty lines between them; of one name alone, whether those of the maps beside it have. */
  private standApart(map: Map_): boolean {
    if (map.items.length > 1) return this.hasGap(map);
    return this.root.items.some(({ value }) => isMap(value) && !value.flow && this.hasGap(value as Map_));
  }

  private hasGap({ items }: Map_): boolean {
    return items.slice(1).some((item, index) => {
      const before = items[index] as Item;
      const end = trimmedEnd(this.text, endOf(before.value ?? before.key));
      return /\n[ \t]*\r?\n/.test(this.text.slice(end, startOf(item.key)));
    });
  }

  private lines(name: string, change: Change, indent: string): string[] {
    if (change.kind === 'entry') return entryLines(change.entry, indent, this.step);
    if (change.kind === 'value') return fieldLines(name, change.value, indent, this.step, change.said?.[1]);
    if (change.kind === 'remove') return [];
    const inner = [...change.changes].flatMap(([key, part]) => this.lines(key, part, indent + this.step));
    return [`${indent}${writeValue(name)}:`, ...inner];
  }

  /** Takes items out of a map or list in brackets, and adds others at its end. */
  private flow(node: Map_ | YAMLSeq<Node>, removed: readonly (Item | Node)[], added: readonly string[]): void {
    const items = node.items.map((item) => ({
      from: this.outerStart('key' in item ? item.key : item),
      to: endOf('key' in item ? ((item as Item).value ?? (item as Item).key) : item),
      stays: !removed.includes(item as never),
    }));
    const [first, last] = [items[0], items.at(-1)];
    const staying = items.filter(({ stays }) => stays);
    if (first === undefined || last === undefined || staying.length === 0) {
      if (removed.length === 0 && added.length === 0) return;
      const [open, close] = isMap(node) ? ['{', '}'] : ['[', ']'];
      const inside = isMap(node) ? ` ${added.join(', ')} ` : added.join(', ');
      const start = first === undefined && this.handOver(node) ? this.outerStart(node) : startOf(node);
      this.put(start, endOf(node), added.length === 0 ? `${open}${close}` : `${open}${inside}${close}`);
      return;
    }
    for (const item of removed) {
      const value = 'key' in item ? item.value : item;
      if (value !== null) this.handOver(value);
    }
    for (const [index, { from, to, stays }] of items.entries()) {
      if (stays) continue;
      const [next, before] = [items[index + 1], items[index - 1]];
      // The last one goes with the comma before it, and so do all that go before it in a row.
      if (next !== undefined) this.put(from, next.from, '');
      else if (before !== undefined) this.put(staying.at(-1)?.to ?? from, to, '');
    }
    if (added.length > 0) {
      const end = (staying.at(-1) as { to: number }).to;
      this.put(end, end, `, ${added.join(', ')}`);
    }
  }

  /** Where the colon behind a name ends. */
  private colon({ key }: Item): number {
    return this.text.indexOf(':', endOf(key)) + 1;
  }

  private put(from: number, to: number, text: string): void {
    this.splices.push({ from, to, text });
  }

  /** Takes out whole lines, from the beginning of one to the end of another. */
  private removeLines(from: number, end: number): void {
    const stop = lineEnd(this.text, trimmedEnd(this.text, end));
    this.put(from, Math.min(stop + 1, this.text.length), '');
  }

  /** Puts lines behind the line in which something ends. */
  private insertAfter(end: number, lines: readonly string[]): void {
    if (lines.length === 0) return;
    const stop = lineEnd(this.text, trimmedEnd(this.text, end));
    const atEnd = stop >= this.text.length;
    const text = lines.map((line) => line + this.newline).join('');
    if (atEnd) this.put(stop, stop, this.newline + text.slice(0, -this.newline.length));
    else this.put(stop + 1, stop + 1, text);
  }

  /** The indentation of a name, which may stand behind a dash. */
  private indentOf({ key }: Item): string {
    const start = lineStart(this.text, startOf(key));
    return ' '.repeat(/^ *(?:- +)*/.exec(this.text.slice(start))?.[0].length ?? 0);
  }
}

/** Whether a node is a map with something in it. */
function isFilled(node: Node | null): node is Map_ {
  return isMap(node) && node.items.length > 0;
}

/** What makes a map say what is wanted, and nothing else. */
function changesTo(map: Map_, wanted: SpelledFields, said?: Saying): Map<string, Change> {
  const changes = new Map<string, Change>(
    Object.entries(wanted).map(([name, part]) => {
      const saying = within(said, name);
      return [name, { kind: 'value', value: part, ...(saying && { said: saying }) }];
    }),
  );
  for (const name of map.items.map(nameOf)) if (!changes.has(name)) changes.set(name, { kind: 'remove' });
  return changes;
}

/** What is said of a part of a value. */
function within(saying: Saying | undefined, step: string): Saying | undefined {
  const at = (said: Said | undefined) => (typeof said === 'object' ? said[step] : undefined);
  return saying && [at(saying[0]), at(saying[1])];
}

/** Whether a value of the file says what is wanted, in whatever style. */
function says(value: Node | null, wanted: Spelled): boolean {
  if (isScalar(value)) {
    if (wanted === null || typeof wanted === 'boolean') return value.value === wanted;
    if (typeof wanted === 'bigint') return (value.source ?? '') === String(wanted);
    return typeof wanted === 'string' && value.value === wanted;
  }
  if (isSeq(value) && Array.isArray(wanted)) {
    return (
      value.items.length === wanted.length && wanted.every((item, index) => says(value.items[index] as Node, item))
    );
  }
  if (!isMap(value) || !isRecord(wanted) || isAlias(value)) return false;
  const names = Object.keys(wanted);
  return (
    value.items.length === names.length &&
    (value as Map_).items.every((item) => {
      const name = nameOf(item);
      return name in wanted && says(item.value, (wanted as SpelledFields)[name] as Spelled);
    })
  );
}

function inFlow(name: string, change: Change): string {
  if (change.kind === 'entry') return writeField(name, change.entry.fields);
  if (change.kind === 'value') return writeField(name, change.value);
  return writeField(name, change.kind === 'within' ? fieldsOf(change.changes) : null);
}

function fieldsOf(changes: Changes): SpelledFields {
  const pairs = [...changes].flatMap(([name, change]): [string, Spelled][] => {
    if (change.kind === 'remove') return [];
    if (change.kind === 'within') return [[name, fieldsOf(change.changes)]];
    return [[name, change.kind === 'entry' ? change.entry.fields : change.value]];
  });
  return Object.fromEntries(pairs);
}

function nameOf({ key }: Item): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : '';
}

function startOf({ range }: Node): number {
  return range?.[0] ?? 0;
}

/** Where a node ends; of a block, where the last thing in it does. */
function endOf(node: Node): number {
  if (isCollection(node) && !node.flow) {
    const last = node.items.at(-1) as Item | Node | undefined;
    if (last !== undefined) return endOf('key' in last ? (last.value ?? last.key) : last);
  }
  return node.range?.[1] ?? 0;
}

/** An offset without the line ends before it. */
function trimmedEnd(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && /[\r\n]/.test(text[end - 1] as string)) end -= 1;
  return end;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}
