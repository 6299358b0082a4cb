/**
 * The folders of `cases/`: a file, a live side, and what the command line makes of them. `UPDATE_CASES=1` writes what it
 * makes of them now; read the difference before it is committed. `SECTIONS` and `LISTS` stand for lists of sections, so that a
 * new kind changes no case. `silent.json` names rules of health that a case comes close to, and that find nothing in it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { registry } from '../src/resources/index.ts';
import { LISTS, SECTIONS } from './kinds/index.ts';
import { cleanUp, repository, runCli } from './runner.ts';

const folder = fileURLToPath(new URL('cases', import.meta.url));
const cases = readdirSync(folder).sort();
const update = process.env.UPDATE_CASES === '1';
const FILE = 'stripe-config.yaml';
const expectedFiles = ['expected.json', 'expected.md', 'expected.exit'] as const;

interface Report {
  readonly status: string;
  readonly sections: { readonly [section: string]: { readonly inSync: number | null } };
  readonly findings: readonly Finding[];
  readonly ignored: readonly Finding[];
}

interface Finding {
  readonly problem: string;
  readonly message: string;
  readonly at: object;
  readonly rule?: string;
}

vi.setConfig({ maxConcurrency: 4 });
afterAll(cleanUp);

describe('every rule of health', () => {
  const rules = new Map(
    [...registry.values()].flatMap(({ section, healthRules = {} }) =>
      Object.keys(healthRules).map((rule) => [rule, section] as const),
    ),
  );
  const told = ({ findings, ignored }: Report) => [...findings, ...ignored].flatMap(({ rule }) => rule ?? []);

  test('has an id of its own, and a case that shows it', () => {
    const all = [...registry.values()].flatMap(({ healthRules = {} }) => Object.keys(healthRules));
    expect([...rules.keys()]).toEqual(all);
    expect([...new Set(reports().flatMap(told))].sort()).toEqual([...all].sort());
  });

  test('has a case that shows it silent, though what it looks at was compared', () => {
    const silent = cases.flatMap((name) => {
      const [file, expected] = [join(folder, name, 'silent.json'), join(folder, name, 'expected.json')];
      if (!existsSync(file)) return [];
      const report: Report = JSON.parse(readFileSync(expected, 'utf8'));
      const listed = strings(file);
      expect([name, listed.filter((rule) => told(report).includes(rule))]).toEqual([name, []]);
      const compared = (rule: string) => (report.sections[rules.get(rule) ?? '']?.inSync ?? 0) > 0;
      expect([name, listed.filter((rule) => !compared(rule))]).toEqual([name, []]);
      return listed;
    });
    expect([...new Set(silent)].sort()).toEqual([...rules.keys()].sort());
  });
});

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
  test('have names that tell the story', () => {
    expect(cases.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });

  test.each(['invalid', 'missing', 'changed', 'ambiguous', 'unmanaged'])('show what is %s', (problem) => {
    expect(reports().some(({ findings }) => findings.some((finding) => finding.problem === problem))).toBe(true);
  });

  test.each(['in-sync', 'drift', 'invalid', 'incomplete', 'skipped', 'error'])('end in %s', (status) => {
    expect(reports().some((report) => report.status === status)).toBe(true);
  });
});

test('a file that does not exist stops the check, and the message says what to do', async () => {
  const { exitCode, stdout } = await runCli(['lint', FILE, '--format', 'json']);
  expect({ exitCode, report: JSON.parse(stdout) }).toMatchObject({
    exitCode: 1,
    report: {
      status: 'error',
      findings: [],
      error: {
        message: 'stripe-config.yaml does not exist.',
        remedy: 'Name the file as the argument, or run this in its folder.',
      },
    },
  });
});

/** What the command line makes of a case, in the words of its expected files: one start writes both reports. */
async function result(directory: string): Promise<Record<(typeof expectedFiles)[number], string>> {
  const command = existsSync(join(directory, 'live.json')) ? ['check', FILE, '--live', 'live.json'] : ['lint', FILE];
  const more = existsSync(join(directory, 'args.json')) ? strings(join(directory, 'args.json')) : [];
  const outputs = repository({});
  const [markdown, json] = [join(outputs, 'report.md'), join(outputs, 'report.json')];
  const files = ['--format', 'markdown', '--output', markdown, '--report-file', json];
  const { exitCode, stdout, stderr } = await runCli([...command, ...more, ...files], { cwd: directory });
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
  const { startedAt, durationMs, tool, ...report } = JSON.parse(readFileSync(json, 'utf8'));
  expect({ startedAt, durationMs, tool }).toEqual({
    startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    durationMs: expect.any(Number),
    tool: { name: 'stripe-config-check', version: expect.any(String) },
  });
  return {
    'expected.json': `${withoutKinds(packed(report))}\n`,
    'expected.md': withoutKinds(readFileSync(markdown, 'utf8').replace(/ · (?:\d+ ms|\d+\.\d s)$/m, '')),
    'expected.exit': `${exitCode}\n`,
  };
}

/** In Markdown a name may stand in code. */
function withoutKinds(printed: string): string {
  const list = (sections: readonly string[]) => new RegExp(sections.map((one) => `\`?${one}\`?`).join(', '), 'g');
  return printed.replace(list(SECTIONS), 'SECTIONS').replace(list(LISTS), 'LISTS');
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
