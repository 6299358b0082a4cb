/**
 * The files of `lint/`: a configuration, and beside it what `lint` says of it. A new test is a new pair of files and no
 * code: `UPDATE_CASES=1` writes what is said now; read the difference before it is committed.
 *
 * An `.out` is the text for terminals. Below it stands the text that each finding marks, with its line and columns.
 * `SECTIONS` stands for the list of all sections, `LISTS` for those of several objects, so that a new kind changes no file here.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { check } from '../src/check/check.ts';
import { loadConfig } from '../src/config/load.ts';
import { decode } from '../src/config/source.ts';
import type { Place, Result } from '../src/model.ts';
import { linesOf } from '../src/report/excerpt.ts';
import { lintText } from '../src/report/lint.ts';
import { shown } from '../src/report/privacy.ts';
import { plainScreen } from '../src/report/screen.ts';
import { LISTS, SECTIONS } from './kinds/index.ts';
import { cleanUp, repository, runCli } from './runner.ts';

const folder = fileURLToPath(new URL('lint', import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace(/\.yaml$/, ''))
  .sort();
const update = process.env.UPDATE_CASES === '1';

/** The marked text is cut here. */
const LONGEST_MARK = 60;

afterAll(cleanUp);

describe('lint says of', () => {
  test.each(names)('%s', async (name) => {
    const text = readFileSync(join(folder, `${name}.yaml`), 'utf8');
    const said = await saidOf(`${name}.yaml`, text);
    const out = join(folder, `${name}.out`);
    if (update) writeFileSync(out, said);
    expect(said).toBe(existsSync(out) ? readFileSync(out, 'utf8') : '');
  });

  test.each(names)('%s with the line ends of Windows', async (name) => {
    const text = readFileSync(join(folder, `${name}.yaml`), 'utf8').replaceAll('\n', '\r\n');
    expect(await saidOf(`${name}.yaml`, text)).toBe(readFileSync(join(folder, `${name}.out`), 'utf8'));
  });
});

describe('the files of lint/', () => {
  test('are pairs', () => {
    expect(readdirSync(folder).sort()).toEqual(names.flatMap((name) => [`${name}.out`, `${name}.yaml`]).sort());
  });

  test('declare nothing where they have an error, and something where they have none', async () => {
    for (const name of names) {
      const text = readFileSync(join(folder, `${name}.yaml`), 'utf8');
      const { status } = await resultOf(`${name}.yaml`, text);
      const { declared } = (await loadConfig([{ file: `${name}.yaml`, text }])).in(null, 'live');
      expect([name, declared === null]).toEqual([name, status === 'invalid']);
    }
  });

  test('are read by the program with the same words', async () => {
    const everything = readFileSync(join(folder, 'everything-at-once.yaml'), 'utf8');
    const run = await runCli(['lint'], { cwd: repository({ 'stripe-config.yaml': everything }) });
    expect({ ...run, stdout: withoutKinds(run.stdout) }).toEqual({
      exitCode: 1,
      signal: null,
      stdout: (await saidOf('stripe-config.yaml', everything)).replace(/\nmarked\n[\s\S]*/, ''),
      stderr: '',
    });
  });
});

async function resultOf(file: string, text: string): Promise<Result> {
  const source = { file, ...decode(Buffer.from(text)) };
  return check({ sources: [source], environment: null, live: null, failOn: 'error', commit: null });
}

async function saidOf(file: string, text: string): Promise<string> {
  const result = await resultOf(file, text);
  const lines = text.split(/\r?\n/);
  const marks = result.findings.map(({ at }) => `  ${markOf(at, lines)}\n`);
  const printed = withoutKinds(lintText(shown(result, 'full'), plainScreen, { lines: linesOf([{ file, text }]) }));
  return `${printed}${marks.length === 0 ? '' : `\nmarked\n${marks.join('')}`}`;
}

/** A place with its end, and the text that stands there. */
function markOf({ line, column, endLine, endColumn }: Place, lines: readonly string[]): string {
  const within = lines.slice(line - 1, endLine);
  within.push((within.pop() ?? '').slice(0, endColumn - 1));
  const [first = '', ...rest] = within;
  const marked = [first.slice(column - 1), ...rest].join('\\n').replaceAll('\t', '\\t');
  const end = endLine === line ? endColumn : `${endLine}:${endColumn}`;
  return `${line}:${column}-${end} ${marked.length > LONGEST_MARK ? `${marked.slice(0, LONGEST_MARK)}…` : marked}`.trimEnd();
}

function withoutKinds(printed: string): string {
  return printed.replaceAll(SECTIONS.join(', '), 'SECTIONS').replaceAll(LISTS.join(', '), 'LISTS');
}
