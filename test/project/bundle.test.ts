/** The bundle of both programs: small, with the licences of what is in them, and with stack traces that can be read. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minifySync } from 'rolldown/utils';
import { describe, expect, test } from 'vitest';
import { node24 } from '../runner.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bytes of the bundle, which every clone and every run of the Action loads. */
const MOST_BYTES = 1_950_000;

/** Bytes that Node compiles at each start of the Action, before anything is done. */
const MOST_AT_START = 760_000;

/** Bytes of the command line that Node compiles before it may keep the rest compiled. */
const MOST_UNKEPT = 6_000;

const files = readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => ({ name: entry.name, text: readFileSync(join(entry.parentPath, entry.name)) }));

const bytes = (name: string) => readFileSync(join(root, 'dist', name));

describe('the bundle', () => {
  test('is small', () => {
    expect(files.length).toBeGreaterThan(4);
    expect(files.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(MOST_BYTES);
  });

  test('loads little at each start: what asks GitHub, and what speaks for it, comes when it is needed', () => {
    const programs = bytes('programs.js').toString();
    const chunks = (text = '') => [...text.matchAll(/\.e\((\d+)\)/g)].map(([, number]) => `${number}.index.js`);
    const total = (names: readonly string[]) => names.reduce((sum, name) => sum + bytes(name).length, 0);
    const [action = '', commandLine = ''] = programs.match(/async function \w+\(\)\{await .*?\}/g) ?? [];
    expect(chunks(action).length).toBeGreaterThan(1);
    expect(total(['programs.js', ...chunks(action)])).toBeLessThanOrEqual(MOST_AT_START);
    expect(chunks(commandLine).length).toBeGreaterThan(0);
    expect(total(['programs.js', ...chunks(commandLine)])).toBeLessThanOrEqual(MOST_UNKEPT);
  });

  test('is minified, every file', () => {
    const isLong = (text: string) => /^\s+\/[/*]|^(?: {2}|\t)+(?:const|return|if) /m.test(text);
    const scripts = files.filter(({ name }) => name.endsWith('.js'));
    expect(scripts.filter(({ text }) => isLong(String(text))).map(({ name }) => name)).toEqual([]);
    expect(isLong(readFileSync(join(root, 'src/commands/run.ts'), 'utf8'))).toBe(true);
  });

  test('keeps the names of classes, by which a stack trace tells its error', () => {
    expect(files.filter(({ text }) => /class CheckError\b/.test(String(text)))).toHaveLength(1);
  });
});

test('.ci/trace.ts tells which line of which module a frame of a stack trace is of', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-config-check-trace-'));
  const text = [
    ';// CONCATENATED MODULE: ./build/check/first.js',
    'export const first = (value) => value.one;',
    ';// CONCATENATED MODULE: ./build/check/second.js',
    'export function second(value) {',
    '  return first(value.two);',
    '}',
    'export const modules = {',
    '/***/ 4711:',
    '  (value) => value.three,',
    '};',
  ].join('\n');
  const { code, map } = minifySync('187.index.js', text, { module: true, sourcemap: true });
  writeFileSync(join(folder, '187.index.js'), text);
  writeFileSync(join(folder, '187.index.js.map'), JSON.stringify(map));
  const [two, three] = ['.two', '.three'].map((name) => code.indexOf(name) + 2);
  const trace = `TypeError: no two\n    at e (file:///action/dist/187.index.js:1:${two})\n    at f (file:///action/dist/187.index.js:1:${three})\n    at node:internal/main:1:2\n`;
  try {
    const said = execFileSync(node24, [join(root, '.ci/trace.ts'), folder], { input: trace, encoding: 'utf8' });
    const [error, ...frames] = trace.split('\n');
    const [second, third] = [
      '      ./build/check/second.js: return first(value.two);',
      '      187.index.js:9: (value) => value.three,',
    ];
    expect(said.split('\n')).toEqual([error, frames[0], second, frames[1], third, ...frames.slice(2)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
