/**
 * The commands that reports print, through a shell and Stripe's own command line, which shows the request that each would
 * send (`--dry-run`). A small account in memory takes these requests as Stripe does: then nothing differs any more.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Finding, Report } from '../../src/model.ts';
import { type FixTexts, fixTexts } from '../../src/report/fixes.ts';
import { shown } from '../../src/report/privacy.ts';
import { resourceOf } from '../../src/resources/index.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { kinds } from '../kinds/index.ts';
import type { Params } from '../kinds/kind.ts';
import { product } from '../kinds/products.ts';
import { runs } from '../runs.ts';
import { cases, declaration, type Entry, type Live, SECTIONS, text } from '../shop/accounts.ts';
import { edit } from '../shop/edits.ts';
import { fromJson } from '../shop/paste.ts';
import { possible } from '../shop/possible.ts';
import { type State, take } from '../shop/writes.ts';
import { Dice } from '../tree.ts';
import { write } from '../yaml-style.ts';

/** Accounts in which the same field differs. */
const FEW = runs(1).numRuns;
/** Accounts in which an object of the same section is missing. */
const SEVERAL = runs(2).numRuns;
/** Accounts with a product that nobody declared. */
const STRAYS = 5;
const SEED = Number(process.env.PROPERTY_SEED ?? 20_261_122);
const BASE = 'http://127.0.0.1:9';

/** A request as `--dry-run` shows it. */
interface Request {
  readonly method: string;
  readonly url: string;
  readonly params: Params;
  readonly headers: Readonly<Record<string, string>>;
}

let home: string;
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'stripe-cli-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What the commands would send, in order. They run in two shells, without a network: the port is closed. */
async function requests(commands: readonly string[]): Promise<Request[]> {
  const halves = [commands.slice(0, commands.length / 2), commands.slice(commands.length / 2)];
  return (await Promise.all(halves.map(shell))).flat();
}

async function shell(commands: readonly string[]): Promise<Request[]> {
  const lines = commands.map((command) => `${command} --dry-run --api-base ${BASE}\n`);
  const script = path.join(mkdtempSync(path.join(home, 'run-')), 'commands.sh');
  writeFileSync(script, `set -e\n${lines.join('')}`);
  const env = {
    HOME: home,
    PATH: `${binaries()}:/usr/bin:/bin`,
    STRIPE_API_KEY: 'sk_test_made_up',
    STRIPE_CLI_TELEMETRY_OPTOUT: '1',
    HTTPS_PROXY: BASE,
  };
  const { stdout, stderr } = await promisify(execFile)('sh', [script], { cwd: home, env, maxBuffer: 1 << 26 });
  expect(stderr).toBe('');
  // One JSON object after another; only the outermost ends at the start of a line.
  return stdout
    .split(/(?<=^\})\s*$/m)
    .filter((one) => one.trim() !== '')
    .map((one) => JSON.parse(one).dry_run);
}

/** The folder of the real program, of the package for this platform: its wrapper would start Node for each command. */
function binaries(): string {
  const wrapper = createRequire(import.meta.url).resolve('@stripe/cli/package.json');
  const own = createRequire(wrapper).resolve(`@stripe/cli-${process.platform}-${process.arch}/package.json`);
  return path.join(path.dirname(own), 'bin');
}

async function compared(file: string, state: State, connected: string | null = null): Promise<Report> {
  const live = JSON.stringify({ schema: 1, mode: 'live', account: 'acct_1', sections: state });
  const report = await check({
    sources: [{ file: 'stripe-config.yaml', text: file }],
    environment: null,
    live: new SnapshotLive(live, 'live.json'),
    failOn: 'error',
    commit: null,
  });
  return { ...shown(report, 'full'), connected };
}

function differences(report: Report): Finding[] {
  expect(report.error).toBeNull();
  return report.findings.filter(({ problem }) => problem !== 'invalid' && problem !== 'unhealthy');
}

describe('a command', () => {
  test('is one request, and its values arrive whatever they are', async () => {
    const hostile = [
      ...fc.sample(text, { numRuns: 12, seed: SEED }),
      ...[
        "'",
        "''",
        "'\\''",
        '"',
        '`id`',
        '$(id)',
        '$HOME',
        '!!',
        '\\',
        "\\'",
        '*',
        '~',
        '-x',
        '--live',
        '; exit 1',
        '& exit 1',
      ],
      ...[
        '| cat',
        '> x',
        '#',
        'a=b',
        '=',
        'a&b=c',
        '%41',
        '+',
        ' ',
        '@/etc/passwd',
        '\u00a0',
        'é',
        '😀',
        '{a,b}',
        '[0]',
      ],
    ];
    const names = [...new Set(hostile)];
    const state: State = {
      products: names.map((_, index) => product({ id: `prod_${index}`, name: 'x y z' }) as unknown as Live),
    };
    const entries = names.map(
      (name, index) =>
        `  p${index}: { id: prod_${index}, name: ${JSON.stringify(name)}, metadata: { ${JSON.stringify(`k${name.slice(0, 30)}`)}: ${JSON.stringify(name)} } }`,
    );
    const report = await compared(`version: 1\nproducts:\n${entries.join('\n')}\n`, state);
    const commands = differences(report).flatMap((finding) => fixTexts(finding, report).restore?.commands ?? []);
    const printable = names.filter((name) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|##\[/u.test(name));
    expect(commands.length).toBeGreaterThanOrEqual(printable.length);
    const sent = await requests(commands);
    expect(sent).toHaveLength(commands.length);
    const seen = new Set<string>();
    for (const { method, url, params, headers } of sent) {
      const [, index = ''] = /^\/v1\/products\/prod_(\d+)$/.exec(url.replace(BASE, '')) ?? [];
      const name = names[Number(index)] ?? '';
      const meant = 'name' in params ? { name } : { metadata: { [`k${name.slice(0, 30)}`]: name } };
      expect({ method, params }).toEqual({ method: 'POST', params: meant });
      expect(headers).not.toHaveProperty('Stripe-Account');
      if ('name' in params) seen.add(name);
    }
    for (const name of printable) expect(seen).toContain(name);
  });

  test('is for the connected account that was read', async () => {
    const state = { products: [product({ id: 'p', name: 'A' }) as unknown as Live] };
    const report = await compared('version: 1\nproducts: { it: { id: p, name: B } }\n', state, 'acct_9');
    const [finding] = differences(report) as [Finding];
    const [request] = await requests(fixTexts(finding, report).restore?.commands ?? []);
    expect(request?.headers).toMatchObject({ 'Stripe-Account': 'acct_9' });
  });
});

describe('the commands that the cases print', () => {
  test('are taken, each as one request', async () => {
    const folder = new URL('../cases/', import.meta.url);
    const commands = readdirSync(folder).flatMap((name) => {
      const file = new URL(`${name}/expected.json`, folder);
      const { findings } = JSON.parse(readFileSync(file, 'utf8')) as { findings: { fix: FixTexts }[] };
      return findings.flatMap(({ fix: { restore } }) => restore?.commands ?? []);
    });
    // Values arrive whatever they are: one of each form is enough.
    const forms = new Map(
      commands.map((command) => [
        command.replace(/=.*?(?= -|$)/g, '=').replace(/(update|activate|delete) \S+/, '$1'),
        command,
      ]),
    );
    const sent = await requests([...forms.values()]);
    const methods = [...forms.values()].map((command) => (command.includes(' delete ') ? 'DELETE' : 'POST'));
    expect(sent.map(({ method }) => method)).toEqual(methods);
    expect(sent.length).toBeGreaterThan(20);
  });
});

describe('what the commands send', () => {
  test('restores what is declared, for every field and in every style', async () => {
    const samples = fc.sample(fc.tuple(cases(), fc.nat(), fc.nat()), { numRuns: 200, seed: SEED });
    const tried = [];
    // Each command is a process of its own: of each field a few are enough.
    const tries = new Map<string, number>();
    for (const [made, which, how] of samples) {
      const { entries, state: before } = asPossible(made.entries);
      const entry = entries[which % entries.length] as Entry;
      const changed = edit(entry, how);
      const field = `${entry.section}.${changed?.field}`;
      if (changed === null || (tries.get(field) ?? 0) === FEW) continue;
      tries.set(field, (tries.get(field) ?? 0) + 1);
      const { text: file } = write(declaration(entries, new Dice(made.seed)), made.seed, 'live');
      const objects = (before[entry.section] ?? []).map((live) => (live === entry.live ? changed.live : live));
      const state = possible({ ...before, [entry.section]: objects });
      const report = await compared(file, state);
      const own = differences(report).filter(({ name, section }) => name === entry.name && section === entry.section);
      // Of several fields that a new object fixes one has the steps.
      const [first] = own.flatMap((finding) => {
        const commands = fixTexts(finding, report).restore?.commands ?? [];
        return commands.length === 0 ? [] : [{ finding, commands }];
      });
      if (first !== undefined) tried.push({ field, file, state, entry, ...first });
    }
    expect(new Set(tried.map(({ field }) => field)).size).toBeGreaterThan(20);
    const sent = await requests(tried.flatMap(({ commands }) => commands));
    for (const { file, state, entry, finding, commands } of tried) {
      takeAll(sent.splice(0, commands.length), state);
      // An entry that finds its object by the id gets the new one's, as the words say.
      const [first = ''] = commands;
      const isNew = /^stripe (?:post|.* create) /.test(first) && !first.split(' ')[2]?.endsWith(`/${entry.live.id}`);
      if (finding.problem === 'changed' && isNew && entry.finder === 'id')
        replaceId(state[entry.section] ?? [], finding.id);
      const left = differences(await compared(file, state)).filter((found) => found.section === entry.section);
      const same = left.filter(
        (found) => found.name === entry.name && 'field' in found && 'field' in finding && found.field === finding.field,
      );
      expect({ commands, same }).toEqual({ commands, same: [] });
    }
    expect(sent).toEqual([]);
  });

  test('creates what is missing, and retires what is not declared', async () => {
    const samples = fc.sample(fc.tuple(cases(), fc.nat()), { numRuns: 120, seed: SEED });
    const tried = [];
    // Each command is a process of its own: of each section a few are enough.
    const tries = new Map<string, number>();
    for (const [made, which] of samples) {
      const { entries, state: before } = asPossible(made.entries);
      const gone = entries[which % entries.length] as Entry;
      if (kinds.get(gone.section)?.row.single || (tries.get(gone.section) ?? 0) === SEVERAL) continue;
      const { text: file } = write(declaration(entries, new Dice(made.seed)), made.seed, 'live');
      const rest = entries.filter((entry) => entry !== gone);
      const stray = { ...product({ id: 'prod_stray', name: 'Stray' }) } as unknown as Live;
      const objects = (before[gone.section] ?? []).filter((live) => live !== gone.live);
      const state = possible({ ...before, [gone.section]: objects });
      if (tried.length < STRAYS && rest.some(({ section }) => section === 'products')) state.products?.push(stray);
      const report = await compared(file, state);
      const findings = differences(report).filter(
        ({ problem, name }) => problem === 'unmanaged' || (problem === 'missing' && name === gone.name),
      );
      const restores = findings.flatMap((finding) => fixTexts(finding, report).restore ?? []);
      const commands = restores.flatMap((restore) => restore.commands);
      const isNamed = restores.some(({ steps }) => steps.some(({ command }) => command === null));
      const isMade = findings.some(({ problem }) => problem === 'missing') && commands.length > 0;
      if (isMade) tries.set(gone.section, (tries.get(gone.section) ?? 0) + 1);
      if (commands.length > 0) tried.push({ file, state, gone, commands, isNamed });
    }
    const sent = await requests(tried.flatMap(({ commands }) => commands));
    const paths = new Set([...kinds.values()].map(({ row }) => row.path));
    let created = 0;
    for (const { file, state, gone, commands, isNamed } of tried) {
      const mine = sent.splice(0, commands.length);
      const before = new Set((state[gone.section] ?? []).map(({ id }) => id));
      takeAll(mine, state);
      // What Stripe chose is stated then, in place of the id that is gone.
      const made = state[gone.section]?.find(({ id }) => !before.has(id));
      const stated = isNamed && made !== undefined ? file.replaceAll(String(gone.live.id), made.id) : file;
      const report = await compared(stated, state);
      const left = differences(report);
      // A product that prices need is not to be archived.
      const strays = left.filter(({ problem }) => problem === 'unmanaged');
      expect(strays.flatMap((finding) => fixTexts(finding, report).restore?.commands ?? [])).toEqual([]);
      if (!mine.some(({ url }) => paths.has(pathOf(url)))) continue;
      created += 1;
      const { fields, state: turns } = resourceOf(gone.section);
      // A new product has no price yet, and a start that has passed is set afterwards.
      const isLater = (field: string) => fields[field]?.later === true || field === turns?.span?.from;
      const wrong = left.filter(
        (found) =>
          found.section === gone.section &&
          found.name === gone.name &&
          !('field' in found && isLater(String(found.field))),
      );
      expect({ commands, wrong }).toEqual({ commands, wrong: [] });
    }
    expect(created).toBeGreaterThan(4);
  });
});

function replaceId(objects: Live[], id: string): void {
  const made = objects.pop() as Live;
  objects.splice(
    objects.findIndex((live) => live.id === id),
    1,
    { ...made, id },
  );
}

function stateOf(entries: readonly Entry[], live: (entry: Entry) => Live): State {
  return Object.fromEntries(
    SECTIONS.map((name) => [name, entries.filter(({ section }) => section === name).map((entry) => live(entry))]),
  );
}

/** The entries with objects as Stripe could hold them. */
function asPossible(made: readonly Entry[]): { entries: Entry[]; state: State } {
  const state = possible(stateOf(made, ({ live }) => live));
  const entries = made.map((entry) => ({
    ...entry,
    live: state[entry.section]?.find(({ id }) => id === entry.live.id) ?? entry.live,
  }));
  return { entries, state };
}

/** Takes the requests of some steps, the ids that earlier ones printed filled in. */
function takeAll(sent: readonly Request[], state: State): void {
  const printed: string[] = [];
  for (const request of sent) {
    const text = JSON.stringify(request.params).replace(/<id printed by (\d+)>/g, (_, step) => printed[step - 1] ?? '');
    printed.push(take(written({ ...request, params: JSON.parse(text) }), state));
  }
}

/** The path below the version of Stripe's API. */
function pathOf(url: string): string {
  return url.replace(BASE, '').replace(/^\/v[12]\//, '');
}

function written({ method, url, params }: Request) {
  return { method, path: pathOf(url), params: fromJson(params) };
}
