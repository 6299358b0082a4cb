/** The plan of the house: which room of src/ may know which, and through which door each package comes in. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { registry } from '../../src/resources/index.ts';

/** Every room knows the ground. */
const GROUND = ['model.ts', 'text.ts', 'errors.ts', 'version.ts'];

/** What each other room may know, from the ground up. Nothing knows a room above it, and nobody knows the two programs. */
const ROOMS: { readonly [room: string]: readonly string[] } = {
  'files.ts': [],
  'interrupt.ts': [],
  vocabulary: [],
  resources: ['vocabulary'],
  matching: ['resources', 'vocabulary'],
  config: ['matching', 'resources', 'vocabulary'],
  stripe: ['matching', 'resources', 'vocabulary'],
  code: ['resources'],
  check: ['code', 'config', 'matching', 'resources', 'vocabulary'],
  fix: ['check', 'matching', 'resources', 'vocabulary'],
  write: ['check', 'config', 'fix', 'matching', 'resources', 'vocabulary'],
  report: ['check', 'fix', 'resources', 'vocabulary'],
  github: ['check', 'report'],
  inputs: ['config'],
  action: ['check', 'config', 'files.ts', 'github', 'inputs', 'report', 'stripe'],
  commands: [
    'check',
    'config',
    'files.ts',
    'github',
    'inputs',
    'interrupt.ts',
    'report',
    'resources',
    'stripe',
    'write',
  ],
  'main.ts': ['action', 'check', 'github', 'interrupt.ts', 'report', 'stripe'],
  'cli.ts': ['commands'],
  'programs.ts': ['main.ts', 'cli.ts'],
};

/** Rooms that say the same for the same arguments: no process, clock, chance, network, file or terminal. */
const PURE = ['model.ts', 'text.ts', 'errors.ts', 'vocabulary', 'resources', 'matching', 'fix', 'write', 'report'];

/** The door of every package: a file, or a room. */
const DOORS: { readonly [name: string]: readonly string[] } = {
  '@actions/core': ['action', 'main.ts'],
  '@actions/github': ['github'],
  ajv: ['config/validate.ts'],
  chokidar: ['commands/watch.ts'],
  commander: ['commands/program.ts'],
  'deep-diff': ['check/difference.ts'],
  'fast-string-width': ['report/screen.ts'],
  'fast-wrap-ansi': ['commands/output.ts'],
  'fastest-levenshtein': ['config/nearest.ts'],
  'https-proxy-agent': ['stripe/transport.ts'],
  picomatch: ['config/glob.ts'],
  'proxy-from-env': ['stripe/transport.ts'],
  stripe: ['stripe/client.ts'],
  tinyglobby: ['config/glob.ts'],
  yaml: ['config'],
  // Whoever hashes decides what leaves the program.
  'node:crypto': ['check/finding.ts'],
  'node:events': ['stripe', 'commands'],
  'node:fs': ['files.ts', 'config', 'action', 'github', 'commands'],
  'node:fs/promises': ['code', 'config', 'action', 'commands'],
  'node:http': ['stripe/transport.ts'],
  'node:https': ['stripe/transport.ts'],
  'node:module': ['cli.ts'],
  'node:os': ['cli.ts'],
  'node:path': ['files.ts', 'config', 'action', 'github', 'commands', 'cli.ts'],
  'node:stream': ['config/source.ts'],
  'node:timers/promises': ['github'],
  'node:util': ['stripe', 'commands'],
};

/** Types of these may be used elsewhere too: nothing of them runs. */
const TYPES: { readonly [name: string]: readonly string[] } = { stripe: ['resources'], 'node:fs': ['code'] };

/** Sentences outside resources/ that show a beginner what a section looks like. */
const NAMES_A_SECTION = [
  'Begin with version: 1 and a section such as webhooks',
  'Begin with version: 1 and a section such as webhooks, products or prices',
];

const root = fileURLToPath(new URL('../..', import.meta.url));

interface SourceFile {
  /** Below src/, with `/`. */
  readonly file: string;
  readonly room: string;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly { readonly from: string; readonly typeOnly: boolean; readonly target: string | null }[];
}

const sources: readonly SourceFile[] = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .sort()
  .map((file) => {
    const code = readFileSync(join(root, 'src', file), 'utf8').replace(/^\s*(?:\/\/.*|\/\*[\s\S]*?\*\/)$/gm, '');
    return { file, room: roomOf(file), code, imports: importsIn(code, file) };
  });

function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

/** Imports as the formatter writes them. What it can't be is told below: a name that is computed. */
function importsIn(code: string, file: string): SourceFile['imports'] {
  const fixed = code.matchAll(/^(?:import|export) (type )?(?:[^;']*? from )?'([^']+)';/gm);
  const late = code.matchAll(/\b(?:import|require|createRequire|getBuiltinModule)\(()'?([^')]*)/g);
  return [...fixed, ...late].map(([, type, from = '']) => ({
    from,
    typeOnly: type === 'type ',
    target: from.startsWith('.') ? posix.join(posix.dirname(file), from) : null,
  }));
}

const lines = (wrong: (source: SourceFile) => readonly string[]) =>
  sources.flatMap((source) => wrong(source).map((line) => `${source.file}: ${line.trim()}`));

describe('a room', () => {
  test('is in the plan, and loose files are few', () => {
    expect([...new Set(sources.map(({ room }) => room))].sort()).toEqual([...GROUND, ...Object.keys(ROOMS)].sort());
    expect(sources.filter(({ file }) => !file.includes('/')).length).toBeLessThanOrEqual(9);
  });

  test('knows the ground, and only the rooms that the plan names', () => {
    expect(
      lines(({ room, imports }) => {
        const known = [room, ...GROUND, ...(ROOMS[room] ?? [])];
        return imports.flatMap(({ from, target }) =>
          target === null || known.includes(roomOf(target)) ? [] : [`imports ${from}`],
        );
      }),
    ).toEqual([]);
  });

  test('knows none above it, and has no circle within', () => {
    const floors = [...GROUND, ...Object.keys(ROOMS)];
    const upward = Object.entries(ROOMS).flatMap(([room, known]) =>
      known.filter((other) => floors.indexOf(other) >= floors.indexOf(room)).map((other) => `${room} knows ${other}`),
    );
    expect(upward).toEqual([]);
    const left = new Map(sources.map(({ file, imports }) => [file, imports.map(({ target }) => target)]));
    // Takes away what imports nothing that is left, until nothing is: what stays is a circle.
    for (let size = -1; size !== left.size; ) {
      size = left.size;
      for (const [file, targets] of left) if (!targets.some((target) => left.has(target ?? ''))) left.delete(file);
    }
    expect([...left.keys()]).toEqual([]);
  });

  test.each(PURE)('%s says the same for the same arguments', (room) => {
    const impure =
      /\b(?:process|console|fetch|setTimeout|setInterval|setImmediate|performance|Math\.random|Date\.now|globalThis)\b|\bnew Date\(\s*\)|'node:(?:fs|http|https|net|child_process|os)/;
    const found = lines(({ room: own, code }) => {
      // A word in a sentence is no use of a name.
      const plain = code.replace(/"(?:\\.|[^"\\\n])*"|'(?!node:)(?:\\.|[^'\\\n])*'/g, "''");
      return own === room ? plain.split('\n').filter((line) => impure.test(line)) : [];
    });
    expect(found).toEqual([]);
  });

  test('is named after something', () => {
    const vague = /(?:^|\/)(?:utils?|helpers?|types|constants?|common|misc|shared|lib)(?:\.|\/|$)/;
    expect(sources.map(({ file }) => file).filter((file) => vague.test(file))).toEqual([]);
  });
});

/** The package of what is imported, which may be a part of it. Node's own modules are each their own. */
function packageOf(from: string): string {
  return /^(?!node:)(?:@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from;
}

describe('a package', () => {
  test('comes in through its door, and the plan has no door that is not used', () => {
    const used = new Set<string>();
    const beside = lines(({ file, room, imports }) =>
      imports.flatMap(({ from, typeOnly, target }) => {
        const name = packageOf(from);
        const doors = [...(DOORS[name] ?? []), ...(typeOnly ? (TYPES[name] ?? []) : [])];
        const door = doors.find((one) => one === file || one === room);
        if (door !== undefined) used.add(`${name} ${door}`);
        return target !== null || door !== undefined ? [] : [`imports ${from}`];
      }),
    );
    expect(beside).toEqual([]);
    const doors = [...Object.entries(DOORS), ...Object.entries(TYPES)];
    expect(
      doors.flatMap(([name, rooms]) => rooms.map((room) => `${name} ${room}`).filter((one) => !used.has(one))),
    ).toEqual([]);
  });

  test('has an exact version, is used, and is not left for users to install', () => {
    const { dependencies, devDependencies, scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(dependencies).toBeUndefined();
    const named = Object.keys(DOORS).filter((name) => !name.startsWith('node:'));
    expect(named.filter((name) => !/^\d+\.\d+\.\d+$/.test(devDependencies[name] ?? ''))).toEqual([]);
    const files = ['src', 'test', '.ci'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(root, folder, file)),
    );
    const texts = [...files, join(root, '.biome.json')].map((file) => readFileSync(file, 'utf8'));
    const isUsed = (name: string) => {
      const word = new RegExp(`['"\`/]${name.replace(/^@types\//, '')}(?:['"\`/]|$)`, 'm');
      return texts.some((text) => word.test(text)) || word.test(JSON.stringify(scripts));
    };
    expect(Object.keys(devDependencies).filter((name) => !isUsed(name))).toEqual([]);
  });
});

describe('a kind of Stripe object', () => {
  const kinds = [...registry.keys()].map((section) => `resources/${section}.ts`);

  test('is one file of resources/, which knows no other kind, and one of test/kinds/', () => {
    const known = new Set([...kinds, 'resources/index.ts']);
    expect(kinds.filter((file) => !sources.some((source) => source.file === file))).toEqual([]);
    expect(
      lines(({ file, imports }) =>
        kinds.includes(file)
          ? imports.flatMap(({ target }) => (known.has(target ?? '') ? [`knows ${target}`] : []))
          : [],
      ),
    ).toEqual([]);
    expect([...registry.keys()].filter((section) => !existsSync(join(root, `test/kinds/${section}.ts`)))).toEqual([]);
  });

  test('is called by its section, its name or a field of its own nowhere else', () => {
    const all = [...registry.values()];
    const names = [
      ...all.map(({ kind }) => kind),
      ...all.flatMap(({ fields }) => Object.keys(fields).filter((name) => name.includes('_'))),
    ].join('|');
    const section = new RegExp(`\\b(?:${[...registry.keys()].join('|')})\\b`);
    const name = new RegExp(`(['"\`])(?:${names})\\1|\\.(?:${names})\\b`);
    expect(
      lines(({ room, code }) => {
        if (room === 'resources') return [];
        const rest = NAMES_A_SECTION.reduceRight((text, sentence) => text.replace(sentence, ''), code);
        return rest.split('\n').filter((line) => section.test(line) || name.test(line));
      }),
    ).toEqual([]);
  });
});

test('the scripts of .ci/ are seen by the type check', () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const seen = execFileSync(process.execPath, [tsc, '-p', root, '--listFilesOnly'], { encoding: 'utf8' });
  const scripts = readdirSync(join(root, '.ci')).filter((file) => !['run', 'try-package'].includes(file));
  expect(scripts.filter((file) => !seen.includes(`/.ci/${file}`))).toEqual([]);
});
