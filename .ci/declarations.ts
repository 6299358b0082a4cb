// Reads the SDK's type declarations: which names an object has, as far down as there are any. TypeScript 7 can't be asked from
// a script, and the declarations are made by a generator and regular: namespaces, interfaces, types and imports.
import { existsSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../node_modules/stripe/esm/', import.meta.url);

/** A type as it is written, and where: its names are looked up from there. */
type Written =
  | { readonly kind: 'name'; readonly name: string; readonly of: readonly Written[]; readonly from: Scope }
  | { readonly kind: 'object'; readonly members: Members }
  | { readonly kind: 'union'; readonly of: readonly Written[] }
  | { readonly kind: 'list'; readonly of: Written }
  | { readonly kind: 'value' };

/** The members of an object by their names; under `*` what any name has. */
type Members = ReadonlyMap<string, Written>;

interface Scope {
  readonly module: Module;
  readonly path: readonly string[];
}

interface Declared {
  readonly members: Members | null;
  /** What it extends, or the type that it stands for. */
  readonly of: readonly Written[];
}

interface Module {
  readonly address: URL;
  /** By dotted path: `Configuration.Tipping.Usd`. */
  readonly declared: Map<string, Declared>;
  readonly imports: Map<string, { readonly name: string; readonly address: URL }>;
}

/** What a type has inside: an object's members, a map's or a list's items; nothing where it is a value, or another object's id. */
export type Inside =
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, () => Inside> }
  | { readonly kind: 'list' | 'map'; readonly of: () => Inside }
  | { readonly kind: 'value' };

const VALUE: Inside = { kind: 'value' };

/** What a type of the SDK has inside, by the name that the SDK exports it under: `Terminal.Configuration`; null where there is none. */
export function insideOf(name: string): Inside | null {
  const path = name.split('.');
  const module = moduleOf(path);
  if (module === null) return null;
  const last = path.at(-1) ?? '';
  // Objects stand at the top of their module, parameters of requests in the namespaces that the SDK exports.
  const found = [last, name].find((one) => module.declared.has(one));
  return found === undefined ? null : inside({ kind: 'name', name: found, of: [], from: { module, path: [] } }, 0);
}

/** The module that declares an object, or the parameters of its requests. */
function moduleOf(path: readonly string[]): Module | null {
  const object = path.at(-1) ?? '';
  const around = path.slice(0, -1).map((name) => `${name}/`);
  const folder = new URL(`resources/${around.join('')}`, FOLDER);
  const plain = object.replace(/(?:Create|Update)Params$/, '');
  for (const file of [`${plain}s`, plain, plain.replace(/y$/, 'ies')]) {
    const address = new URL(`${file}.d.ts`, folder);
    if (existsSync(address)) return read(address);
  }
  return null;
}

// --- What is inside

/** Deeper than any answer: a type may be within itself. */
const DEEPEST = 12;

function inside(type: Written, depth: number): Inside {
  if (depth > DEEPEST) return VALUE;
  switch (type.kind) {
    case 'value':
      return VALUE;
    case 'list':
      return { kind: 'list', of: () => inside(type.of, depth + 1) };
    case 'object':
      return objectOf(type.members, depth);
    case 'union': {
      // Another object is its id, unless the answer holds it expanded.
      if (type.of.some((one) => one.kind === 'name' && one.name === 'string')) return VALUE;
      const parts = type.of.map((one) => inside(one, depth));
      return parts.find(({ kind }) => kind !== 'value') ?? VALUE;
    }
    case 'name':
      return named(type, depth);
  }
}

function objectOf(members: Members, depth: number): Inside {
  const any = members.get('*');
  if (any !== undefined) return { kind: 'map', of: () => inside(any, depth + 1) };
  return {
    kind: 'object',
    members: new Map([...members].map(([name, one]) => [name, () => inside(one, depth + 1)])),
  };
}

function named({ name, of: [first], from }: Written & { kind: 'name' }, depth: number): Inside {
  if (first !== undefined && /^(?:Array|ApiList)$/.test(name))
    return { kind: 'list', of: () => inside(first, depth + 1) };
  if (first !== undefined && name === 'Emptyable') return inside(first, depth);
  const found = lookUp(name, from);
  if (found === null) return VALUE;
  const { members, of } = found;
  if (members === null) return of[0] === undefined ? VALUE : inside(of[0], depth);
  const inherited = of
    .map((one) => inside(one, depth))
    .flatMap((one) => (one.kind === 'object' ? [...one.members] : []));
  const own = objectOf(members, depth);
  return own.kind === 'object' ? { kind: 'object', members: new Map([...inherited, ...own.members]) } : own;
}

/** What a name means where it is written: the nearest around it, else what the module imports. */
function lookUp(name: string, { module, path }: Scope): Declared | null {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const found = module.declared.get([...path.slice(0, depth), name].join('.'));
    if (found !== undefined) return found;
  }
  const [first = '', ...rest] = name.split('.');
  const imported = module.imports.get(first);
  if (imported === undefined) return null;
  const other = read(imported.address);
  return lookUp([imported.name, ...rest].join('.'), { module: other, path: [] });
}

// --- Reading

const modules = new Map<string, Module>();

function read(address: URL): Module {
  const known = modules.get(address.href);
  if (known !== undefined) return known;
  const module: Module = { address, declared: new Map(), imports: new Map() };
  modules.set(address.href, module);
  new Reader(readFileSync(address, 'utf8'), module).declarations([]);
  return module;
}

const TOKEN = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|=>|[\w$]+|[^\s]/g;

class Reader {
  private readonly tokens: readonly string[];
  private readonly module: Module;
  private next = 0;

  constructor(text: string, module: Module) {
    this.tokens = (text.match(TOKEN) ?? []).filter((token) => !token.startsWith('/*') && !token.startsWith('//'));
    this.module = module;
  }

  /** Declarations up to the brace that closes them. */
  declarations(path: readonly string[]): void {
    while (this.next < this.tokens.length && !this.skips('}')) {
      const word = this.take();
      if (word === 'import') this.imports();
      else if (word === 'namespace') this.namespace(path);
      else if (word === 'interface') this.interface(path);
      else if (word === 'type') this.alias(path);
      else if (!/^(?:export|declare|abstract|default)$/.test(word)) this.passOver(word);
    }
  }

  private imports(): void {
    const names: (readonly [string, string])[] = [];
    let word = this.take();
    while (word !== ';' && word !== 'from') {
      if (/^[A-Za-z_$]/.test(word)) {
        const own = this.skips('as') ? this.take() : word;
        names.push([own, word]);
      }
      word = this.take();
    }
    if (word !== 'from') return;
    const file = this.take().slice(1, -1).replace(/\.js$/, '.d.ts');
    for (const [own, name] of names)
      if (file.startsWith('.')) this.module.imports.set(own, { name, address: new URL(file, this.module.address) });
  }

  private namespace(path: readonly string[]): void {
    const name = this.dotted();
    this.expect('{');
    this.declarations([...path, ...name.split('.')]);
  }

  private interface(path: readonly string[]): void {
    const name = this.take();
    this.passGenerics();
    const of: Written[] = [];
    if (this.skips('extends'))
      do of.push(this.primary(path));
      while (this.skips(','));
    this.expect('{');
    this.module.declared.set([...path, name].join('.'), { members: this.members([...path, name]), of });
  }

  private alias(path: readonly string[]): void {
    const name = this.take();
    this.passGenerics();
    this.expect('=');
    const type = this.type(path);
    this.skips(';');
    this.module.declared.set([...path, name].join('.'), { members: null, of: [type] });
  }

  /** Members up to the brace that closes them. Methods are none. */
  private members(path: readonly string[]): Members {
    const members = new Map<string, Written>();
    while (!this.skips('}')) {
      this.skips('readonly');
      if (this.skips('[')) {
        while (this.take() !== ']');
        this.skips('?');
        this.expect(':');
        members.set('*', this.type(path));
      } else {
        const name = this.take().replace(/^['"]|['"]$/g, '');
        this.skips('?');
        if (this.skips(':')) members.set(name, this.type(path));
        else this.passOver(this.take());
      }
      if (!this.skips(';')) this.skips(',');
    }
    return members;
  }

  private type(path: readonly string[]): Written {
    this.skips('|');
    const of = [this.primary(path)];
    while (this.skips('|') || this.skips('&')) of.push(this.primary(path));
    const [only] = of;
    return of.length === 1 && only !== undefined ? only : { kind: 'union', of };
  }

  private primary(path: readonly string[]): Written {
    let type = this.plain(path);
    while (this.tokens[this.next] === '[' && this.tokens[this.next + 1] === ']') {
      this.next += 2;
      type = { kind: 'list', of: type };
    }
    return type;
  }

  private plain(path: readonly string[]): Written {
    if (this.skips('{')) return { kind: 'object', members: this.members(path) };
    if (this.skips('(')) {
      // In parentheses stands a type, or what a function takes.
      const start = this.next;
      this.passTo(')');
      if (this.skips('=>')) {
        this.type(path);
        return { kind: 'value' };
      }
      const end = this.next;
      this.next = start;
      const type = this.type(path);
      this.next = end;
      return type;
    }
    if (this.skips('[')) {
      this.passTo(']');
      return { kind: 'value' };
    }
    if (/^(?:typeof|keyof|readonly|unique)$/.test(this.tokens[this.next] ?? '')) this.next += 1;
    if (!/^[A-Za-z_$]/.test(this.tokens[this.next] ?? '')) {
      this.next += 1;
      return { kind: 'value' };
    }
    const name = this.dotted();
    const of: Written[] = [];
    if (this.skips('<')) {
      do of.push(this.type(path));
      while (this.skips(','));
      this.expect('>');
    }
    return { kind: 'name', name, of, from: { module: this.module, path } };
  }

  private dotted(): string {
    let name = this.take();
    while (this.skips('.')) name += `.${this.take()}`;
    return name;
  }

  private passGenerics(): void {
    if (this.skips('<')) this.passTo('>');
  }

  /** What begins with a word and is no declaration that is read: to its end, or the brace that closes it. */
  private passOver(word: string): void {
    let token = word;
    while (token !== ';' && token !== '{') {
      if (token === '(') this.passTo(')');
      token = this.take();
    }
    if (token === '{') this.passTo('}');
  }

  private passTo(close: string): void {
    const open = { ')': '(', ']': '[', '}': '{', '>': '<' }[close];
    let depth = 1;
    while (depth > 0) {
      const token = this.take();
      if (token === open) depth += 1;
      if (token === close) depth -= 1;
    }
  }

  private skips(token: string): boolean {
    if (this.tokens[this.next] !== token) return false;
    this.next += 1;
    return true;
  }

  private expect(token: string): void {
    const found = this.take();
    if (found !== token) throw new Error(`${this.module.address.pathname} has ${found} where ${token} was expected`);
  }

  private take(): string {
    const token = this.tokens[this.next];
    if (token === undefined) throw new Error(`${this.module.address.pathname} ends too early`);
    this.next += 1;
    return token;
  }
}
