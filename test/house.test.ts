/** The walls of the house (DESIGN, "The house"): what each room may import, and where a thing may be known. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { eventsModule } from '../.ci/events.ts';
import { registry, resourceOf } from '../src/resources/index.ts';
import { type Resource, toActual } from '../src/resources/resource.ts';
import { VERSION } from '../src/version.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Room {
  /** Other rooms, by the name that this table gives them. */
  readonly rooms: readonly string[];
  readonly packages?: readonly string[];
  /** Packages of which only types are used, so that nothing of them runs. */
  readonly typesOf?: readonly string[];
  /** Says the same for the same arguments: no process, clock, chance, network, file or terminal. */
  readonly pure?: true;
}

/** Every room of src/, a file or a folder. */
const ROOMS: { readonly [room: string]: Room } = {
  'model.ts': { rooms: [], pure: true },
  'errors.ts': { rooms: [], pure: true },
  'version.ts': { rooms: [], pure: true },
  resources: { rooms: ['model.ts'], typesOf: ['stripe'], pure: true },
  config: {
    rooms: ['model.ts', 'resources'],
    packages: [
      'ajv',
      'fastest-levenshtein',
      'node:fs',
      'node:fs/promises',
      'node:path',
      'node:stream',
      'node:timers/promises',
      'picomatch',
      'tinyglobby',
      'yaml',
    ],
  },
  stripe: {
    rooms: ['errors.ts', 'model.ts', 'resources', 'version.ts'],
    packages: ['https-proxy-agent', 'node:events', 'node:http', 'node:https', 'node:util', 'proxy-from-env', 'stripe'],
  },
  'compare.ts': { rooms: ['model.ts', 'resources'], packages: ['deep-diff'], pure: true },
  'origin.ts': { rooms: ['compare.ts', 'model.ts', 'resources'], pure: true },
  'finding.ts': { rooms: ['model.ts', 'resources'], packages: ['node:crypto'], pure: true },
  'policy.ts': { rooms: ['compare.ts', 'finding.ts', 'model.ts', 'origin.ts', 'resources'], pure: true },
  'export.ts': { rooms: ['compare.ts', 'config', 'errors.ts', 'model.ts', 'resources'], pure: true },
  'merge.ts': {
    rooms: ['compare.ts', 'config', 'errors.ts', 'export.ts', 'mend.ts', 'model.ts', 'policy.ts', 'resources'],
    pure: true,
  },
  'mend.ts': { rooms: ['config', 'model.ts', 'plan.ts', 'resources'], pure: true },
  'privacy.ts': { rooms: ['finding.ts', 'model.ts', 'resources'], pure: true },
  'check.ts': {
    rooms: ['compare.ts', 'config', 'errors.ts', 'finding.ts', 'model.ts', 'policy.ts', 'resources', 'version.ts'],
  },
  'plan.ts': { rooms: ['model.ts', 'resources'], pure: true },
  report: { rooms: ['finding.ts', 'mend.ts', 'model.ts', 'plan.ts', 'resources'], pure: true },
  github: {
    rooms: ['errors.ts', 'model.ts', 'policy.ts', 'report', 'resources'],
    packages: ['@actions/github', 'node:fs', 'node:path', 'node:timers/promises'],
  },
  'paths.ts': { rooms: [], packages: ['node:fs', 'node:path'] },
  'outputs.ts': { rooms: ['errors.ts', 'paths.ts'], packages: ['node:fs', 'node:path'] },
  'workspace.ts': { rooms: ['errors.ts', 'paths.ts'], packages: ['node:fs', 'node:path'] },
  'interrupt.ts': { rooms: [] },
  'inputs.ts': { rooms: ['config', 'errors.ts', 'resources'] },
  'checkout.ts': {
    rooms: ['check.ts', 'config', 'errors.ts', 'github', 'paths.ts', 'workspace.ts'],
    packages: ['node:path'],
  },
  'main.ts': {
    rooms: [
      'check.ts',
      'checkout.ts',
      'errors.ts',
      'github',
      'inputs.ts',
      'interrupt.ts',
      'model.ts',
      'outputs.ts',
      'policy.ts',
      'privacy.ts',
      'report',
      'stripe',
      'workspace.ts',
    ],
    packages: ['@actions/core', 'node:fs/promises', 'node:path'],
  },
  commands: {
    rooms: [
      'check.ts',
      'config',
      'errors.ts',
      'export.ts',
      'github',
      'inputs.ts',
      'interrupt.ts',
      'merge.ts',
      'model.ts',
      'outputs.ts',
      'policy.ts',
      'privacy.ts',
      'report',
      'resources',
      'stripe',
      'version.ts',
    ],
    packages: [
      'chokidar',
      'commander',
      'fast-wrap-ansi',
      'node:events',
      'node:fs',
      'node:fs/promises',
      'node:path',
      'node:util',
    ],
  },
  'cli.ts': { rooms: ['commands', 'errors.ts', 'interrupt.ts', 'report'] },
};

/** Where a section may be called by its name outside src/resources: sentences that show a beginner what one looks like. */
const NAMED_IN_SENTENCES: readonly { readonly file: string; readonly sentence: string }[] = [
  {
    file: 'config/load.ts',
    sentence: 'The file is no map of sections. Begin with version: 1 and a section such as webhooks',
  },
  {
    file: 'config/yaml.ts',
    sentence: 'The file declares nothing. Begin with version: 1 and a section such as webhooks, products or prices',
  },
];

/** A file of src/ without its comments. */
interface SourceFile {
  /** Below src/, with `/`. */
  readonly file: string;
  readonly room: string;
  readonly text: string;
  readonly code: string;
  readonly imports: readonly Import[];
}
interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
  /** The file of src/ that it leads to; null for a package. */
  readonly target: string | null;
}

const sources: readonly SourceFile[] = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
  .sort()
  .map((file) => {
    const text = readFileSync(join(root, 'src', file), 'utf8');
    const code = withoutComments(text);
    return { file, room: roomOf(file), text, code, imports: importsIn(code, file) };
  });

function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

/** Blanks comments, keeps strings: an import or a name in a comment is none. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=[=(,:!&|?]\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])*\/)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_all, kept?: string) => kept ?? '',
  );
}

function importsIn(code: string, file: string): Import[] {
  const found: Import[] = [];
  const add = (from: string, typeOnly: boolean) => {
    const target = from.startsWith('.') ? posix.join(posix.dirname(file), from) : null;
    found.push({ from, typeOnly, target });
  };
  for (const [, kind, clause = '', from = ''] of code.matchAll(
    /^\s*(import|export)\b(?!\s*\()([^'";]*?)\bfrom\s*['"]([^'"]+)['"]/gm,
  ))
    add(from, kind === 'import' ? isTypeOnly(clause) : /^\s*type\b/.test(clause));
  for (const [, from = ''] of code.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm)) add(from, false);
  for (const [, argument = ''] of code.matchAll(/\b(?:import|require|createRequire)\s*\(([^)]*)\)/g))
    add(/^\s*['"]([^'"]+)['"]\s*$/.exec(argument)?.[1] ?? `(${argument})`, false);
  return found;
}

/** `type X`, or braces in which every name is a type. */
function isTypeOnly(clause: string): boolean {
  if (/^\s*type\s+[\w{*]/.test(clause)) return true;
  const [, names = ''] = /^\s*\{([^}]*)\}\s*$/.exec(clause) ?? [];
  const each = names.split(',').filter((name) => name.trim() !== '');
  return each.length > 0 && each.every((name) => /^\s*type\s/.test(name));
}

describe('the walls', () => {
  test('every room of src/ is in the table, and the table has no room that is gone', () => {
    expect([...new Set(sources.map(({ room }) => room))].sort()).toEqual(Object.keys(ROOMS).sort());
  });

  test('the reader of imports sees every kind of import', () => {
    const code = withoutComments(`
import a from 'a';
import type B from 'b';
import { c, type D } from './c.ts';
import { type E,
  type F } from '../f/f.ts';
import * as g from "g";
import 'h';
export { i } from './i.ts';
export type { J } from 'j';
export * from 'k';
// import 'no1';
/* import x from 'no2'; */
const text = "// not a comment"; const l = await import('l');
const m = import(name); const pattern = ['//']; const n = require('n');
`);
    expect(
      importsIn(code, 'x/y.ts').map(({ from, typeOnly, target }) => `${from}${typeOnly ? ' type' : ''} ${target}`),
    ).toEqual([
      'a null',
      'b type null',
      './c.ts x/c.ts',
      '../f/f.ts type f/f.ts',
      'g null',
      './i.ts x/i.ts',
      'j type null',
      'k null',
      'h null',
      'l null',
      '(name) null',
      'n null',
    ]);
  });

  test.each(Object.entries(ROOMS))('%s imports what its room may touch and nothing else', (room, allowed) => {
    const { rooms, packages = [], typesOf = [] } = allowed;
    const trespasses = sources
      .filter((source) => source.room === room)
      .flatMap(({ file, imports }) =>
        imports
          .filter(({ from, target, typeOnly }) =>
            target === null
              ? !packages.includes(from) && !(typeOnly && typesOf.includes(from))
              : roomOf(target) !== room && !rooms.includes(roomOf(target)),
          )
          .map(({ from }) => `${file} imports ${from}`),
      );
    expect(trespasses).toEqual([]);
  });

  test.each(Object.entries(ROOMS))(
    '%s may touch nothing that it does not touch',
    (room, { rooms, packages, typesOf }) => {
      const imports = sources.filter((source) => source.room === room).flatMap((source) => source.imports);
      const touched = new Set(imports.map(({ from, target }) => (target === null ? from : roomOf(target))));
      expect([...rooms, ...(packages ?? []), ...(typesOf ?? [])].filter((name) => !touched.has(name))).toEqual([]);
    },
  );

  test.each([
    ['@actions/core', ['main.ts']],
    ['@actions/github', ['github']],
    ['ajv', ['config']],
    ['chokidar', ['commands']],
    ['commander', ['commands']],
    ['deep-diff', ['compare.ts']],
    ['fast-wrap-ansi', ['commands']],
    // Whoever hashes decides what leaves the program.
    ['node:crypto', ['finding.ts']],
    ['stripe', ['stripe']],
    ['tinyglobby', ['config']],
    ['yaml', ['config']],
  ])('%s has one door', (name, doors) => {
    const importers = sources.filter(({ imports }) => imports.some(({ from, typeOnly }) => from === name && !typeOnly));
    expect([...new Set(importers.map(({ room }) => room))]).toEqual(doors);
  });

  test('every package of the bundles has an exact version, and none is left for users to install', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(dependencies).toBeUndefined();
    const packages = new Set(
      sources.flatMap(({ imports }) => imports.flatMap(({ from, target }) => (target === null ? [from] : []))),
    );
    const inexact = [...packages].filter(
      (name) => !name.startsWith('node:') && !/^\d+\.\d+\.\d+$/.test(devDependencies[name] ?? ''),
    );
    expect(inexact).toEqual([]);
  });

  test('every package that is installed here is used', () => {
    const { devDependencies, scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const files = ['src', 'test', '.ci'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.m?[jt]s$/.test(file))
        .map((file) => join(folder, file)),
    );
    const texts = [...files, '.biome.json'].map((file) => readFileSync(join(root, file), 'utf8'));
    const unused = Object.keys(devDependencies).filter((name) => {
      const plain = name.replace(/^@types\//, '');
      const named = new RegExp(`['"\`/]${plain}(?:['"\`/]|$)`, 'm');
      return !texts.some((text) => named.test(text)) && !named.test(JSON.stringify(scripts));
    });
    expect(unused).toEqual([]);
  });

  test('an import leads to a file that exists, and no chain of imports leads back to its start', () => {
    const graph = new Map(
      sources.map(({ file, imports }) => [file, imports.flatMap(({ target }) => (target === null ? [] : [target]))]),
    );
    const missing = [...graph].flatMap(([file, targets]) =>
      targets.filter((target) => !graph.has(target)).map((target) => `${file} imports ${target}`),
    );
    expect(missing).toEqual([]);
    expect(cycles(graph)).toEqual([]);
  });

  test('the search for cycles finds one', () => {
    const graph = new Map([
      ['a', ['b', 'c']],
      ['b', ['c']],
      ['c', ['d']],
      ['d', ['b']],
    ]);
    expect(cycles(graph)).toEqual(['b > c > d > b']);
  });

  test('a kind of Stripe object knows the vocabulary of resources and the model, and no other kind', () => {
    const kinds = [...registry.keys()].map((section) => `resources/${section}.ts`);
    expect(sources.filter(({ file }) => kinds.includes(file)).map(({ file }) => file)).toEqual([...kinds].sort());
    const trespasses = sources
      .filter(({ file }) => kinds.includes(file))
      .flatMap(({ file, imports }) =>
        imports
          .filter(({ target }) => target !== null && (kinds.includes(target) || target === 'resources/index.ts'))
          .map(({ from }) => `${file} imports ${from}`),
      );
    expect(trespasses).toEqual([]);
  });

  test('the command line and the Action do not import each other, and nothing imports them', () => {
    const programs = ['main.ts', 'cli.ts'];
    expect(
      sources.flatMap(({ file, imports }) =>
        imports.filter(({ target }) => target !== null && programs.includes(target)).map(() => file),
      ),
    ).toEqual([]);
  });
});

function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) {
      found.push([...trail.slice(trail.indexOf(file)), file].join(' > '));
      return;
    }
    if (done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

describe('the rooms', () => {
  const IMPURE =
    /\b(?:process|console|fetch|setTimeout|setInterval|setImmediate|performance|Math\.random|Date\.now|globalThis)\b|\bnew Date\(\s*\)|\bnode:(?:fs|http|https|net|child_process|os|process)\b/;
  const pure = Object.entries(ROOMS).flatMap(([room, { pure }]) => (pure ? [room] : []));

  test.each(pure)('%s gives the same for the same arguments', (room) => {
    const lines = sources
      .filter((source) => source.room === room)
      .flatMap(({ file, code }) =>
        withoutStrings(code)
          .split('\n')
          .filter((line) => IMPURE.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      );
    expect(lines).toEqual([]);
  });

  test('only resources/ calls a section by its name', () => {
    const word = new RegExp(`\\b(?:${[...registry.keys()].join('|')})\\b`);
    const found = sources
      .filter(({ room }) => room !== 'resources')
      .flatMap(({ file, code }) => {
        const allowed = NAMED_IN_SENTENCES.filter((exception) => exception.file === file);
        const rest = allowed.reduce((text, { sentence }) => text.replace(sentence, ''), code);
        return rest
          .split('\n')
          .filter((line) => word.test(line))
          .map((line) => `${file}: ${line.trim()}`);
      });
    expect(found).toEqual([]);
  });

  test('each sentence that may name a section is still there', () => {
    const text = new Map(sources.map((source) => [source.file, source.code]));
    expect(NAMED_IN_SENTENCES.filter(({ file, sentence }) => !text.get(file)?.includes(sentence))).toEqual([]);
  });

  test('only resources/ names a kind, or a field that only some kinds have', () => {
    const kinds = [...registry.values()];
    const words = [
      ...kinds.map(({ kind }) => kind),
      ...kinds.flatMap(({ fields }) => Object.keys(fields).filter((name) => name.includes('_'))),
    ];
    const literal = new RegExp(`(['"\`])(?:${words.join('|')})\\1|\\.(?:${words.join('|')})\\b`);
    const found = sources
      .filter(({ room }) => room !== 'resources')
      .flatMap(({ file, code }) =>
        code
          .split('\n')
          .filter((line) => literal.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      );
    expect(found).toEqual([]);
  });

  test('no file is named after nothing in particular', () => {
    const vague = /(?:^|\/)(?:utils?|helpers?|types|constants?|common|misc|shared|lib)(?:\.|\/|$)/;
    expect(sources.map(({ file }) => file).filter((file) => vague.test(file))).toEqual([]);
  });
});

/** Blanks the text of strings and templates: a word in a sentence is no use of a name. */
function withoutStrings(code: string): string {
  return code.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, "''");
}

describe('what is made or said twice', () => {
  test('version.ts says the version of package.json', () => {
    expect(VERSION).toBe(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
  });

  test('the scripts of .ci/ are seen by the type check', () => {
    const scripts = readdirSync(join(root, '.ci')).filter((file) => file !== 'run');
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const seen = execFileSync(process.execPath, [tsc, '-p', root, '--listFilesOnly'], { encoding: 'utf8' }).split('\n');
    expect(scripts.filter((file) => !seen.some((path) => path.endsWith(`/.ci/${file}`)))).toEqual([]);
  });

  test('events.ts is what .ci/events.ts makes of the SDK in use', () => {
    expect(readFileSync(join(root, 'src/resources/events.ts'), 'utf8')).toBe(eventsModule());
  });
});

describe("Stripe's own fixtures", () => {
  const file = join(root, '../shared/stripe/fixtures3.json');
  const fixture = (name: string) => JSON.parse(readFileSync(file, 'utf8')).resources[name];
  const read = (section: string, name: string) => {
    const { fields, ...rest } = toActual(
      resourceOf(section) as unknown as Resource<{ id: string }>,
      fixture(name) as { id: string },
    );
    return { ...rest, fields: { ...fields } };
  };

  test.skipIf(!existsSync(file))('a webhook endpoint is read with every field', () => {
    expect(read('webhooks', 'webhook_endpoint')).toEqual({
      id: 'we_1Pgc6yB7WZ01zgkWzAudq4eU',
      label: 'https://example.com/my/webhook/endpoint',
      inForce: true,
      created: 1234567890,
      fields: {
        id: 'we_1Pgc6yB7WZ01zgkWzAudq4eU',
        url: 'https://example.com/my/webhook/endpoint',
        connect: false,
        status: 'enabled',
        enabled_events: ['charge.failed', 'charge.succeeded'],
        api_version: null,
        description: 'This is my webhook, I like it a lot',
        metadata: null,
      },
    });
  });

  test.skipIf(!existsSync(file))('a product is read with every field', () => {
    expect(read('products', 'product')).toEqual({
      id: 'prod_QXg1hqf4jFNsqG',
      label: 'T-shirt',
      inForce: true,
      created: 1234567890,
      fields: {
        id: 'prod_QXg1hqf4jFNsqG',
        name: 'T-shirt',
        active: true,
        description: 'Comfortable gray cotton t-shirt',
        default_price: 'price_1PgafmB7WZ01zgkW02Hf9z6c',
        images: null,
        marketing_features: null,
        metadata: null,
        package_dimensions: { height: '1221029593', length: '1106363674', weight: '791592328', width: '113126854' },
        shippable: null,
        statement_descriptor: null,
        tax_code: null,
        tax_details: null,
        type: 'good',
        unit_label: null,
        url: null,
      },
    });
  });

  test.skipIf(!existsSync(file))('a price is read with every field but those that have to be expanded', () => {
    expect(read('prices', 'price')).toEqual({
      id: 'price_1PgafmB7WZ01zgkW6dKueIc5',
      label: 'price_1PgafmB7WZ01zgkW6dKueIc5',
      inForce: true,
      created: 1234567890,
      fields: {
        id: 'price_1PgafmB7WZ01zgkW6dKueIc5',
        lookup_key: null,
        active: true,
        nickname: null,
        product: 'prod_QXg1hqf4jFNsqG',
        currency: 'usd',
        unit_amount: '2000',
        custom_unit_amount: { maximum: null, minimum: null, preset: null },
        billing_scheme: 'per_unit',
        tiers_mode: null,
        tiers: null,
        recurring: {
          interval: 'month',
          interval_count: '1',
          usage_type: 'licensed',
          meter: null,
          trial_period_days: null,
        },
        transform_quantity: { divide_by: '1592560163', round: 'down' },
        tax_behavior: null,
        metadata: null,
        type: 'recurring',
      },
    });
  });
});
