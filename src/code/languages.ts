/** How languages write comments and strings: data for the one lexer in tokens.ts. */

/** A part of a string that is code again, such as `${…}`. */
export interface Hole {
  readonly open: string;
  readonly close: string;
  /** What counts up until `close` ends the part. */
  readonly nested: string;
  /** The opening twice is the character itself. */
  readonly isDoubled?: true;
}

/** One way to write a string. */
export interface StringForm {
  readonly open: string;
  readonly close: string;
  /** `doubled`: the closing twice is the character itself. */
  readonly escape: 'backslash' | 'doubled' | 'none';
  /** What has to stand directly before the opening, of at most three characters. Absent: anything. */
  readonly prefix?: RegExp;
  /** It may run over several lines. Others end with their line, whether they are closed or not. */
  readonly isMultiline?: true;
  /** It holds text, such as documentation, and never one word that counts. */
  readonly isText?: true;
  readonly hole?: Hole;
  /** A character that puts the value of a name into the string: with it the string is no whole word. */
  readonly variable?: string;
  /** Signs before the opening that the closing repeats, at least `atLeast` of them, behind `letter` where that is stated. */
  readonly fence?: { readonly sign: string; readonly atLeast: number; readonly letter?: string };
  /** Three or more of the opening: as many close it. */
  readonly isRun?: true;
}

/** A comment that may run over several lines. */
export interface Block {
  readonly open: string;
  readonly close: string;
  readonly nests: boolean;
}

/** What the lexer can do beyond comments and strings, by the language that needs it. */
export type Special = 'slash' | 'ruby' | 'elixir' | 'php' | 'character' | 'scalar';

/** A language, as far as the lexer has to know it. */
export interface Language {
  readonly name: string;
  /** Whether it is code. Other files hold data: ids, and no events that are handled. */
  readonly isCode: boolean;
  /** Signs that begin a comment up to the end of the line. */
  readonly lines: readonly string[];
  readonly blocks: readonly Block[];
  /** Of several that fit, the first one counts. */
  readonly strings: readonly StringForm[];
  readonly specials: readonly Special[];
  /** Only what stands between these is of the language. `head`: what ends the opening. */
  readonly island?: { readonly open: string; readonly head: string; readonly close: string };
  /** A string that is a whole statement is documentation. */
  readonly hasDocstrings?: true;
}

const BLOCK: Block = { open: '/*', close: '*/', nests: false };
const NESTED: Block = { ...BLOCK, nests: true };

const plain = (sign: string): StringForm => ({ open: sign, close: sign, escape: 'backslash' });
const manyLines = (sign: string): StringForm => ({ ...plain(sign), isMultiline: true });
const text = (sign: string): StringForm => ({ ...manyLines(sign), isText: true });
const raw = (sign: string): StringForm => ({ ...manyLines(sign), escape: 'none' });

const DOLLAR: Hole = { open: '${', close: '}', nested: '{' };
const HASH: Hole = { open: '#{', close: '}', nested: '{' };
const BRACES: Hole = { open: '{', close: '}', nested: '{', isDoubled: true };
const PARENTHESES: Hole = { open: '\\(', close: ')', nested: '(' };

const slashes = { isCode: true, lines: ['//'], blocks: [BLOCK], specials: [] as readonly Special[] };
const javascript: Language = {
  ...slashes,
  name: 'javascript',
  strings: [plain('"'), plain("'"), { ...manyLines('`'), hole: DOLLAR }],
  specials: ['slash'],
};
const tag = { open: '<script', head: '>', close: '</script' };
const java: Language = {
  ...slashes,
  name: 'java',
  strings: [text('"""'), plain('"')],
  specials: ['character'],
};
const python: Language = {
  name: 'python',
  isCode: true,
  lines: ['#'],
  blocks: [],
  strings: ['"""', "'''", '"', "'"].flatMap((sign) => {
    const form = sign.length > 1 ? text(sign) : plain(sign);
    return [{ ...form, prefix: /(?:^|[^\w])(?:[ft]r?|r[ft])$/i, hole: BRACES }, form];
  }),
  specials: [],
  hasDocstrings: true,
};
const data = { isCode: false, blocks: [], specials: [] as readonly Special[] };

const languages: readonly Language[] = [
  javascript,
  { ...javascript, name: 'component', island: tag },
  python,
  {
    name: 'ruby',
    isCode: true,
    lines: ['#'],
    blocks: [],
    strings: [{ ...manyLines('"'), hole: HASH }, manyLines("'"), { ...text('`'), hole: HASH }],
    specials: ['ruby', 'slash'],
  },
  {
    name: 'elixir',
    isCode: true,
    lines: ['#'],
    blocks: [],
    strings: [
      { ...text('"""'), hole: HASH },
      { ...text("'''"), hole: HASH },
      { ...manyLines('"'), hole: HASH },
      { ...manyLines("'"), hole: HASH },
    ],
    specials: ['elixir'],
  },
  {
    ...slashes,
    name: 'php',
    lines: ['//', '#'],
    strings: [
      { ...manyLines('"'), hole: { open: '{$', close: '}', nested: '{' }, variable: '$' },
      manyLines("'"),
      text('`'),
    ],
    specials: ['php'],
    island: { open: '<?', head: '', close: '?>' },
  },
  { ...slashes, name: 'go', strings: [plain('"'), raw('`')], specials: ['character'] },
  java,
  {
    ...java,
    name: 'kotlin',
    blocks: [NESTED],
    strings: [
      { ...text('"""'), escape: 'none', hole: DOLLAR },
      { ...plain('"'), hole: DOLLAR, variable: '$' },
    ],
  },
  {
    ...java,
    name: 'scala',
    blocks: [NESTED],
    strings: [
      { ...text('"""'), escape: 'none', prefix: /\w$/, hole: DOLLAR },
      { ...text('"""'), escape: 'none' },
      { ...plain('"'), prefix: /\w$/, hole: DOLLAR, variable: '$' },
      plain('"'),
    ],
  },
  {
    ...slashes,
    name: 'csharp',
    strings: [
      { ...text('"""'), escape: 'none', isRun: true },
      { ...manyLines('"'), escape: 'doubled', prefix: /(?:\$@|@\$)$/, hole: BRACES },
      { ...manyLines('"'), escape: 'doubled', prefix: /@$/ },
      { ...plain('"'), prefix: /\$$/, hole: BRACES },
      plain('"'),
    ],
    specials: ['character'],
  },
  {
    ...slashes,
    name: 'rust',
    blocks: [NESTED],
    strings: [{ ...raw('"'), fence: { sign: '#', atLeast: 0, letter: 'r' } }, manyLines('"')],
    specials: ['character'],
  },
  {
    ...slashes,
    name: 'swift',
    blocks: [NESTED],
    strings: [
      { ...text('"""'), escape: 'none', fence: { sign: '#', atLeast: 1 } },
      { ...text('"""'), hole: PARENTHESES },
      { ...raw('"'), fence: { sign: '#', atLeast: 1 } },
      { ...plain('"'), hole: PARENTHESES },
    ],
  },
  {
    ...slashes,
    name: 'dart',
    blocks: [NESTED],
    strings: ['"""', "'''", '"', "'"].flatMap((sign) => {
      const form = sign.length > 1 ? text(sign) : plain(sign);
      return [
        { ...form, escape: 'none', prefix: /(?:^|[^\w])r$/ },
        { ...form, hole: DOLLAR, variable: '$' },
      ];
    }),
  },
  { ...data, name: 'json', lines: ['//'], blocks: [BLOCK], strings: [plain('"')] },
  {
    ...data,
    name: 'yaml',
    lines: [],
    strings: [plain('"'), { ...plain("'"), escape: 'doubled' }],
    specials: ['scalar'],
  },
  {
    ...data,
    name: 'toml',
    lines: ['#'],
    strings: [text('"""'), { ...text("'''"), escape: 'none' }, plain('"'), { ...plain("'"), escape: 'none' }],
  },
];

const ENDINGS: { readonly [language: string]: string } = {
  javascript: 'js mjs cjs jsx ts mts cts tsx',
  component: 'vue svelte',
  python: 'py',
  ruby: 'rb rake ru',
  elixir: 'ex exs',
  php: 'php',
  go: 'go',
  java: 'java',
  kotlin: 'kt kts',
  scala: 'scala',
  csharp: 'cs',
  rust: 'rs',
  swift: 'swift',
  dart: 'dart',
  json: 'json jsonc json5',
  yaml: 'yaml yml',
  toml: 'toml',
};

const byName = new Map(languages.map((language) => [language.name, language]));
const byEnding = new Map(
  Object.entries(ENDINGS).flatMap(([name, endings]) =>
    endings.split(' ').map((ending) => [ending, byName.get(name) as Language] as const),
  ),
);

/** The language of a file, by the ending of its name in any case; null where it is none that is known. */
export function languageOf(file: string): Language | null {
  const dot = file.lastIndexOf('.');
  return dot === -1 ? null : (byEnding.get(file.slice(dot + 1).toLowerCase()) ?? null);
}
