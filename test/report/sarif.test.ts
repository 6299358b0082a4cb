/** The SARIF file: valid against the schema of the standard, and such that an alert of code scanning stays the same alert. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Invalid, Report } from '../../src/model.ts';
import { shown } from '../../src/report/privacy.ts';
import { sarif } from '../../src/report/sarif.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { product } from '../kinds/products.ts';
import { type ActionRun, cleanUp, repository, runAction, runCli } from '../runner.ts';
import { liveKey, type StripeOptions, startStripe } from '../servers/stripe.ts';
import { driftedShop, shop, shopFile } from '../shop/shop.ts';

afterAll(cleanUp);

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
      readonly region: object;
    };
  }[];
  readonly partialFingerprints: { readonly [name: string]: string };
  readonly properties: { readonly [name: string]: string };
}
interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly invocations: readonly [
    {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
    },
  ];
  readonly results: readonly Result[];
}

/** The schema of SARIF 2.1.0 (OASIS), as npm's @microsoft/jest-sarif 1.0.0-beta.0 (MIT) ships it. */
const published = JSON.parse(readFileSync(fileURLToPath(new URL('sarif-2.1.0.schema.json', import.meta.url)), 'utf8'));
// It is of draft 4, of which it uses nothing that has changed since but the name of its id.
const { $schema: _, id: __, ...schema } = published;
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  // A pattern of the schema is none with the flag u.
  unicodeRegExp: false,
  formats: {
    uri: (text: string) => URL.canParse(text),
    'uri-reference': (text: string) =>
      URL.canParse(text, 'https://example.com/') && /^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/.test(text),
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  },
});
const isSarif = ajv.compile(schema);

/** The run of a SARIF file that holds to the schema. */
function runOf(text: string): Run {
  const log = JSON.parse(text);
  isSarif(log);
  expect(isSarif.errors ?? []).toEqual([]);
  return log.runs[0];
}

async function cli(file: string, sections: object, name = 'stripe-config.yaml'): Promise<Run> {
  const live = JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1', sections });
  const cwd = repository({ [name]: file, 'live.json': live });
  const { stdout, stderr } = await runCli(['check', name, '--live', 'live.json', '--format', 'sarif'], { cwd });
  expect(stderr).toBe('');
  return runOf(stdout);
}

const named = (names: object, live: string) =>
  cli(`version: 1\nproducts: ${JSON.stringify(names)}\n`, { products: [product({ id: 'p', name: live })] });

describe('the schema', () => {
  test('refuses a file that is no SARIF', () => {
    const run = { tool: { driver: { name: 'x' } }, results: [{ message: { text: 'x' }, level: 'notice' }] };
    expect(isSarif({ version: '2.1.0', runs: [run] })).toBe(false);
    expect(isSarif({ version: '2.1.0', runs: [{ ...run, results: [] }] })).toBe(true);
  });

  test('refuses an address with a space in it', () => {
    const locations = [{ physicalLocation: { artifactLocation: { uri: 'a b.yaml' } } }];
    const results = [{ message: { text: 'x' }, locations }];
    expect(isSarif({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results }] })).toBe(false);
  });
});

describe('a result', () => {
  test('has the rule of its problem, its level, and its place with the end excluded', async () => {
    const { webhook_endpoints: webhooks, ...rest } = driftedShop();
    const run = await cli(shopFile, { webhooks, ...rest });
    expect(run.results.map(({ ruleId, level }) => `${ruleId} ${level}`)).toEqual(
      Array(3).fill('stripe-config/changed error'),
    );
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(run.results[0]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'stripe-config.yaml', uriBaseId: '%SRCROOT%' },
          region: { startLine: 16, startColumn: 5, endLine: 16, endColumn: 16 },
        },
      },
    ]);
    expect(run.results[0]?.properties).toMatchObject({
      origin: 'drift',
      section: 'prices',
      name: 'pro_monthly',
      field: 'unit_amount',
    });
  });

  test('counts columns in UTF-16 code units', async () => {
    const run = await cli('version: 1\nproducts: { "🎉": { id: p, name: A } }\n', {
      products: [product({ id: 'p', name: 'B' })],
    });
    expect(run).toMatchObject({ columnKind: 'utf16CodeUnits' });
    expect(run.results[0]?.locations[0]?.physicalLocation.region).toMatchObject({ startColumn: 28, endColumn: 32 });
  });

  test('names a file with signs in its path by an address', async () => {
    const run = await cli('version: 1\nproducts: { a: { id: p } }\n', { products: [] }, 'stripé #1 100%.yaml');
    expect(run.results[0]?.locations[0]?.physicalLocation.artifactLocation).toEqual({
      uri: 'strip%C3%A9%20%231%20100%25.yaml',
      uriBaseId: '%SRCROOT%',
    });
  });

  test('says in plain text what came from outside, without links and controls', async () => {
    const [found] = (await named({ a: { id: 'p', name: 'A' } }, '[me](https://evil.example) \u202e##[error]x')).results;
    expect(found?.message.text).toContain('[me] (https://evil.example) \\u202e##\\[error]x');
  });

  test.each([
    ['missing', { a: { id: 'q' } }, 'stripe-config/missing error'],
    ['unmanaged', {}, 'stripe-config/unmanaged warning'],
    ['invalid', { a: { id: 'q', nmae: 'A' } }, 'stripe-config/invalid error'],
    ['ambiguous', { a: { id: 'p' }, b: { name: 'A' } }, 'stripe-config/ambiguous error'],
  ])('that is %s has that rule', async (_problem, names, expected) => {
    const { results } = await named(names, 'A');
    expect(results.map(({ ruleId, level }) => `${ruleId} ${level}`)).toContain(expected);
  });

  test('tells what a change leaves pending from what had drifted', async () => {
    const live = {
      schema: 1,
      mode: 'live',
      account: null,
      sections: { products: [product({ id: 'p', name: 'A', url: null })] },
    };
    const cwd = repository({
      'base.yaml': 'version: 1\nproducts: { a: { id: p, url: "https://example.com" } }\n',
      'stripe-config.yaml': 'version: 1\nproducts: { a: { id: p, url: "https://example.com", name: B } }\n',
      'live.json': JSON.stringify(live),
    });
    const { stdout } = await runCli(['check', '--live', 'live.json', '--base', 'base.yaml', '--format', 'sarif'], {
      cwd,
    });
    const origins = runOf(stdout).results.map(({ properties }) => [properties.field, properties.origin]);
    expect(Object.fromEntries(origins)).toEqual({ url: 'drift', name: 'pending' });
  });
});

describe('a fingerprint', () => {
  const fingerprints = ({ results }: Run) =>
    results.map(({ partialFingerprints }) => partialFingerprints['stripeConfigCheck/v1']);

  test('stays while lines and values change', async () => {
    const before = fingerprints(await named({ a: { id: 'p', name: 'A' } }, 'B'));
    const other = fingerprints(await named({ b: { id: 'q' }, a: { id: 'p', description: null, name: 'AA' } }, 'C'));
    expect(before).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(other).toContain(before[0]);
  });

  test('is another for another problem, entry and field', async () => {
    const found = await Promise.all([
      named({ a: { id: 'p', name: 'A' } }, 'B'),
      named({ b: { id: 'p', name: 'A' } }, 'B'),
      named({ a: { id: 'p', name: 'B', unit_label: 'x' } }, 'B'),
      named({ a: { id: 'q' } }, 'B'),
    ]);
    expect(new Set(found.map((run) => fingerprints(run)[0])).size).toBe(4);
  });
});

describe('of what could not be compared whole', () => {
  test.each([
    ['an invalid file', 'version: 2', {}],
    ['a section that the snapshot lacks', 'version: 1\nproducts: {}\nprices: {}\n', { products: [] }],
  ])('%s: the run says that it did not succeed', async (_name, file, sections) => {
    expect((await cli(file, sections)).invocations[0].executionSuccessful).toBe(false);
  });

  test('the reason is a notification', async () => {
    const { invocations } = await cli('version: 1\nproducts: {}\nprices: {}\n', {
      products: [],
      prices: { refused: 'The key may not.' },
    });
    expect(invocations[0].toolExecutionNotifications.map(({ message }) => message.text).join()).toContain(
      'The key may not',
    );
  });

  test('a run that is whole says so', async () => {
    const { invocations, results } = await cli('version: 1\nproducts: {}\n', { products: [] });
    expect({ invocations, results }).toMatchObject({ invocations: [{ executionSuccessful: true }], results: [] });
  });
});

describe('more findings than GitHub takes', () => {
  async function many(errors: number, warnings: number): Promise<Report> {
    const live = new SnapshotLive(
      JSON.stringify({ schema: 1, mode: 'live', account: null, sections: { products: [] } }),
      'x',
    );
    const report = await check({
      sources: [{ file: 'stripe-config.yaml', text: 'version: 1\nproducts: {}\n' }],
      environment: null,
      live,
      failOn: 'error',
      commit: null,
    });
    const at = { file: 'stripe-config.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
    const finding =
      (severity: 'error' | 'warning') =>
      (_: unknown, index: number): Invalid => ({
        problem: 'invalid',
        severity,
        at,
        section: null,
        name: null,
        field: null,
        message: `${severity} ${index}`,
      });
    const findings = [
      ...Array.from({ length: warnings }, finding('warning')),
      ...Array.from({ length: errors }, finding('error')),
    ];
    return shown({ ...report, findings }, 'full');
  }

  test('are cut after the 25,000 most severe, and a notification says how many are not there', async () => {
    const { results, invocations } = JSON.parse([...sarif(await many(2, 25_000))].join('')).runs[0] as Run;
    expect(results).toHaveLength(25_000);
    expect(results.slice(0, 3).map(({ level }) => level)).toEqual(['error', 'error', 'warning']);
    expect(invocations[0].toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
      expect.stringMatching(/^2 more findings/),
    ]);
  });

  test('just as many are all there', async () => {
    const { results, invocations } = JSON.parse([...sarif(await many(0, 25_000))].join('')).runs[0] as Run;
    expect(results).toHaveLength(25_000);
    expect(invocations[0].toolExecutionNotifications).toEqual([]);
  });
});

describe('the Action', () => {
  async function action(inputs: Record<string, string>, stripe: StripeOptions = {}): Promise<ActionRun> {
    const server = await startStripe({ state: driftedShop(), ...stripe });
    try {
      return await runAction({
        files: { 'stripe-config.yaml': shopFile },
        inputs: { 'stripe-api-key': liveKey, 'stripe-api-base': server.url, ...inputs },
      });
    } finally {
      await server.close();
    }
  }

  test('writes no such file by default', async () => {
    expect((await action({})).outputs['sarif-path']).toBe('');
  });

  test('writes it where sarif-file says, and names its path', async () => {
    const { outputs, workspace } = await action({ 'sarif-file': 'out/stripe.sarif' });
    expect(outputs['sarif-path']).toBe(join(workspace, 'out/stripe.sarif'));
    expect(runOf(readFileSync(outputs['sarif-path'] ?? '', 'utf8')).results).toHaveLength(3);
  });

  test('names no path where a part could not be read: an upload would close its alerts', async () => {
    const keys = { [liveKey]: { mode: 'live' as const, permissions: ['webhook_read', 'product_read'] } };
    const { outputs, workspace } = await action({ 'sarif-file': 'stripe.sarif' }, { keys, state: shop() });
    expect(outputs).toMatchObject({ status: 'incomplete', 'sarif-path': '' });
    expect(runOf(readFileSync(join(workspace, 'stripe.sarif'), 'utf8')).results).toEqual([]);
  });

  test.each(['../x.sarif', '/etc/x.sarif'])('refuses %s, outside the workspace', async (file) => {
    const run = await action({ 'sarif-file': file });
    expect(run.outputs).toMatchObject({ status: 'error', 'sarif-path': '' });
    expect(run.annotations.map(({ message }) => message).join()).toContain('sarif-file');
  });
});
