/**
 * The folders of `cases/`: a file, a live side, and what the command line makes of them. `UPDATE_CASES=1` writes what it
 * makes of them now; read the difference before it is committed.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { cleanUp, repository, runCli } from './runner.ts';

const folder = fileURLToPath(new URL('cases', import.meta.url));
const cases = readdirSync(folder).sort();
const update = process.env.UPDATE_CASES === '1';
const FILE = 'stripe-config.yaml';
const expectedFiles = ['expected.json', 'expected.md', 'expected.exit'] as const;

interface Report {
  readonly status: string;
  readonly findings: readonly { readonly problem: string; readonly message: string; readonly at: object }[];
}

vi.setConfig({ maxConcurrency: 4 });
afterAll(cleanUp);

describe.concurrent('the case', () => {
  for (const name of cases) {
    test(name, async () => {
      const found = await result(join(folder, name));
      if (update) for (const file of expectedFiles) writeFileSync(join(folder, name, file), found[file]);
      for (const file of [FILE, ...expectedFiles]) expect(readdirSync(join(folder, name))).toContain(file);
      const expected = (file: (typeof expectedFiles)[number]) => readFileSync(join(folder, name, file), 'utf8');
      expect(JSON.parse(found['expected.json'])).toEqual(JSON.parse(expected('expected.json')));
      expect(found['expected.md']).toBe(expected('expected.md'));
      expect(found['expected.exit']).toBe(expected('expected.exit'));
    });
  }
});

describe('the cases', () => {
  test('are at least 40, each a folder of its own name', () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
    expect(cases.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });

  test.each(['invalid', 'missing', 'changed', 'ambiguous', 'unmanaged'])('show what is %s', (problem) => {
    expect(reports().some(({ findings }) => findings.some((finding) => finding.problem === problem))).toBe(true);
  });

  test.each(['in-sync', 'drift', 'invalid', 'incomplete', 'skipped', 'error'])('end in %s', (status) => {
    expect(reports().some((report) => report.status === status)).toBe(true);
  });
});

describe('a file that no folder can hold', () => {
  const start = { file: FILE, line: 1, column: 1, endLine: 1, endColumn: 1 };

  test('one that does not exist stops the check, and the message says what to do', async () => {
    const { exitCode, report } = await lint({});
    expect(report).toMatchObject({
      findings: [],
      error: {
        message: 'stripe-config.yaml does not exist.',
        remedy: 'Name the file as the argument, or run this in its folder.',
      },
    });
    expect({ exitCode, status: report.status }).toEqual({ exitCode: 1, status: 'error' });
  });

  test('one over 4 MiB is invalid, and one of just 4 MiB is read', async () => {
    const text = 'version: 1\nproducts: {}\n';
    const limit = 4 * 1024 * 1024;
    const over = await lint({ [FILE]: `${text}#${'x'.repeat(limit - text.length)}` });
    expect(over.report.findings).toMatchObject([{ problem: 'invalid', at: start }]);
    expect(over.report.findings[0]?.message).toContain('4194305 bytes');
    expect(over.exitCode).toBe(1);
    const full = await lint({ [FILE]: `${text}#${'x'.repeat(limit - text.length - 1)}` });
    expect(full).toMatchObject({ exitCode: 0, report: { findings: [], status: 'skipped' } });
  });
});

/** What the command line makes of a case, in the words of its expected files. */
async function result(directory: string): Promise<Record<(typeof expectedFiles)[number], string>> {
  const command = existsSync(join(directory, 'live.json')) ? ['check', FILE, '--live', 'live.json'] : ['lint', FILE];
  const more = existsSync(join(directory, 'args.json')) ? strings(join(directory, 'args.json')) : [];
  const run = (format: string) => runCli([...command, ...more, '--format', format], { cwd: directory });
  const json = await run('json');
  const markdown = await run('markdown');
  expect([json.stderr, markdown.stderr]).toEqual(['', '']);
  expect(markdown.exitCode).toBe(json.exitCode);
  const { startedAt, durationMs, tool, ...report } = JSON.parse(json.stdout);
  expect({ startedAt, durationMs, tool }).toEqual({
    startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    durationMs: expect.any(Number),
    tool: { name: 'stripe-config-check', version: expect.any(String) },
  });
  return {
    'expected.json': `${packed(report)}\n`,
    'expected.md': markdown.stdout.replace(/ · (?:\d+ ms|\d+\.\d s)$/m, ''),
    'expected.exit': `${json.exitCode}\n`,
  };
}

async function lint(files: Record<string, string>): Promise<{ exitCode: number | null; report: Report }> {
  const { exitCode, stdout } = await runCli(['lint', FILE, '--format', 'json'], { cwd: repository(files) });
  return { exitCode, report: JSON.parse(stdout) };
}

function reports(): Report[] {
  const files = cases.map((name) => join(folder, name, 'expected.json')).filter(existsSync);
  return files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
}

function strings(file: string): string[] {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** JSON in which whatever fits stands on one line. */
function packed(value: unknown, indent = '', before = 0): string {
  const line = JSON.stringify(value, null, 1).replace(/\n */g, ' ');
  if (typeof value !== 'object' || value === null || indent.length + before + line.length <= 120) return line;
  const deeper = `${indent}  `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const items = Array.isArray(value)
    ? value.map((item) => packed(item, deeper))
    : Object.entries(value).map(([name, item]) => {
        const key = `${JSON.stringify(name)}: `;
        return key + packed(item, deeper, key.length);
      });
  return `${open}\n${items.map((item) => deeper + item).join(',\n')}\n${indent}${close}`;
}
