/**
 * Against Stripe's own mock server, which refuses parameters that Stripe's specification does not know. It answers with
 * fixtures, whatever is asked: the findings mean nothing here, that every request is accepted and every answer read does.
 * To start it, with the specification made strict at every depth, and to name it in STRIPE_MOCK_URL:
 *
 *     go install github.com/stripe/stripe-mock@v0.203.0
 *     openapi="$(go mod download -json github.com/stripe/stripe-mock@v0.203.0 | jq --raw-output .Dir)/embedded/openapi"
 *     npx node test/stripe/strict.ts < "$openapi/spec3.json" > /tmp/strict.json
 *     stripe-mock -http-addr 127.0.0.1:12111 -spec /tmp/strict.json -fixtures "$openapi/fixtures3.json"
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Live as Side } from '../../src/model.ts';
import { fixTexts } from '../../src/report/fixes.ts';
import { shown } from '../../src/report/privacy.ts';
import { resourceOf } from '../../src/resources/index.ts';
import { SnapshotLive, StripeLive } from '../../src/stripe/live.ts';
import { kindOf } from '../kinds/index.ts';
import type { Params } from '../kinds/kind.ts';
import { cleanUp, repository, runCli } from '../runner.ts';
import { runs } from '../runs.ts';
import { cases, declaration, type Entry, type Live, SECTIONS } from '../shop/accounts.ts';
import { edit } from '../shop/edits.ts';
import { request, words } from '../shop/paste.ts';
import { possible } from '../shop/possible.ts';
import type { State, Write } from '../shop/writes.ts';
import { Dice } from '../tree.ts';
import { write } from '../yaml-style.ts';

const mock = process.env.STRIPE_MOCK_URL;
if (mock === undefined && process.env.npm_lifecycle_event === 'test:stripe-mock') {
  throw new Error('Name the address of a running stripe-mock in STRIPE_MOCK_URL, such as http://127.0.0.1:12111');
}
const key = 'rk_test_0123456789';
const SEED = Number(process.env.PROPERTY_SEED ?? 20_261_122);

/** Accounts of each kind. */
const ACCOUNTS = runs(6).numRuns;
/** Words that the tests make up, of which Stripe has none. */
const MADE_UP = /made_up|other_word|moon_pay|__proto__/;
/** Sections of which the mock has no path, and why. */
const UNKNOWN: { readonly [section: string]: string } = {
  event_destinations: "its specification has nothing of Stripe's API v2",
  tax_locations: 'its specification (2026-08-26) is older than they are (2026-09-30)',
  trial_offers: 'its specification (2026-08-26) is older than they are (2026-09-30)',
};
/** What is newer than its specification, by the SDK's types. */
const NEWER = [
  /api_version=2026-10-28\.endive/,
  /"tax_details[[=]/,
  /\[subscription_pause\]/,
  /"stripe_t600[[=]/,
  /"(?:paypay|sequra)\[/,
  /\[invoice_settings\]\[(?!issuer)/,
];
/** What the SDK's types have, and Stripe's public specification leaves out, since it is for older integrations. */
const UNPUBLISHED = [/"type=(?:good|service)"/, /"recurring\[trial_period_days\]/];

const KNOWN = SECTIONS.filter((section) => UNKNOWN[section] === undefined);

async function reportOf(file: string, live: Side) {
  const sources = [{ file: 'stripe-config.yaml', text: file }];
  return shown(await check({ sources, environment: null, live, failOn: 'error', commit: null }), 'full');
}

/** The mock, as the program reads it. Some of its fixtures say that they are of live mode, of which it takes no key. */
let server: Server;
beforeAll(async () => {
  server = createServer(async ({ url, headers }, response) => {
    const answer = await fetch(`${mock}${url}`, { headers: { Authorization: headers.authorization ?? '' } });
    const text = (await answer.text()).replace(/"livemode":\s*true/g, '"livemode":false');
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  cleanUp();
});

function stripe(): Side {
  return new StripeLive(key, {
    base: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    connected: null,
    requestsPerSecond: 1000,
    timeoutSeconds: 60,
    interrupted: new AbortController().signal,
    keyFrom: 'variable',
  });
}

/** A file that states every field of the entries, each found in its way. */
function fileOf(entries: readonly Entry[], seed: number): string {
  return write(declaration(entries, new Dice(seed)), seed, 'test').text;
}

/** Accounts of one kind, as Stripe could hold them. The mock knows no address of an object whose id has spaces. */
function accounts(section: string): { entries: Entry[]; state: State; seed: number }[] {
  const samples = fc.sample(cases(1, [section]), { numRuns: ACCOUNTS, seed: SEED });
  return samples.map(({ entries: all, seed }) => {
    const made = all.filter(({ live }) => /^[\w.-]+$/.test(live.id));
    const state = possible({ [section]: made.map(({ live }) => live) });
    const entries = made.map((entry) => ({
      ...entry,
      live: state[section]?.find(({ id }) => id === entry.live.id) ?? entry.live,
    }));
    return { entries, state, seed };
  });
}

/** The commands that a report prints for what differs. */
async function commandsFor(file: string, state: State): Promise<readonly (readonly string[])[]> {
  const live = JSON.stringify({ schema: 1, mode: 'test', account: 'acct_1Abc', sections: state });
  const report = await reportOf(file, new SnapshotLive(live, 'live.json'));
  return report.findings.map((finding) => fixTexts(finding, report).restore?.commands ?? []);
}

/** The objects, one of them active that was not, or the other way round. */
function otherState({ section, live }: Entry, objects: readonly Live[]): Live[][] {
  const { state } = kindOf(section);
  if (!state?.field) return [];
  const { name, active, retired } = state.field;
  const other = { ...live, [name]: state.isActive(live) ? retired : active };
  return [objects.map((one) => (one === live ? other : one))];
}

/** Each object changed in one field, gone, in the other state, and not declared; the one of a single section as in other accounts. */
async function printed(section: string): Promise<Write[]> {
  const found = new Map<string, Write>();
  const made = accounts(section);
  for (const { entries, state, seed } of made) {
    const file = fileOf(entries, seed);
    const objects = state[section] ?? [];
    const states = entries.flatMap((entry) => {
      const edits = Object.keys(kindOf(section).edits).map((_, number) => edit(entry, number)?.live ?? entry.live);
      const changed = edits.map((live) => objects.map((one) => (one.id === live.id ? live : one)));
      if (kindOf(section).row.single) return [...changed, ...made.map((other) => other.state[section] ?? [])];
      return [...changed, objects.filter((one) => one !== entry.live), ...otherState(entry, objects)];
    });
    const others = [...states.map((one) => [file, one] as const), [`version: 1\n${section}: {}\n`, objects] as const];
    for (const [text, now] of others) {
      for (const commands of await commandsFor(text, { ...state, [section]: now }))
        for (const command of commands) {
          const filled = command.replace(/<id printed by \d+>/g, 'made_1').replace(' --live', '');
          found.set(filled, request(words(filled)));
        }
    }
  }
  return [...found.values()];
}

function form(params: Params, around = ''): [string, string][] {
  return Object.entries(params).flatMap(([name, value]) => {
    const at = around === '' ? name : `${around}[${name}]`;
    return typeof value === 'string' ? [[at, value] as [string, string]] : form(value, at);
  });
}

/** What the mock says against a request; null where it takes it. */
async function refusal({ method, path, params }: Write): Promise<string | null> {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams(form(params)).toString();
  const answer = await fetch(`${mock}/v1/${path}`, { method, headers, ...(method === 'POST' && { body }) });
  const said = await answer.text();
  return answer.ok
    ? null
    : `${method} ${path} ${body}: ${(JSON.parse(said) as { error: { message: string } }).error.message}`;
}

describe.skipIf(mock === undefined)("Stripe's own mock", () => {
  test('refuses a parameter that Stripe does not know, at any depth, so that its consent means something', async () => {
    const answer = await fetch(`${mock}/v1/prices?colour=red`, { headers: { Authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(400);
    const params = { name: 'Pro', package_dimensions: { height: '1', length: '1', weight: '1', width: '1' } };
    const create = (more: Params) => refusal({ method: 'POST', path: 'products', params: { ...params, ...more } });
    expect(await create({})).toBeNull();
    expect(await create({ colour: 'red' })).toContain('not allowed');
    const deeper = { ...params.package_dimensions, colour: 'red' };
    expect(await create({ package_dimensions: deeper }), 'make the specification strict').toContain('not allowed');
  });

  test.each(Object.entries(UNKNOWN))('has no path of %s: %s', async (section) => {
    const answer = await fetch(`${mock}${resourceOf(section).source.path}`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    expect(await answer.text()).toContain('Unrecognized request URL');
  });

  test.each(KNOWN)('accepts every list and look-up of %s, and every answer is read', async (section) => {
    const made = accounts(section).filter(({ entries }) => entries.length > 0);
    expect(made.length).toBeGreaterThan(1);
    for (const { entries, seed } of made) {
      const report = await reportOf(fileOf(entries, seed), stripe());
      expect(report.error).toBeNull();
      const { status, reason } = { reason: null, ...report.sections.get(section) };
      expect({ status, reason }).toEqual({ status: 'read', reason: null });
    }
  });

  test.each(KNOWN.filter((section) => kindOf(section).writes !== null))(
    'accepts every request that is printed for %s',
    async (section) => {
      const refused: string[] = [];
      const taken: Write[] = [];
      for (const one of await printed(section)) {
        const said = JSON.stringify(form(one.params).map(([name, value]) => `${name}=${value}`));
        if (MADE_UP.test(said)) continue;
        const answer = await refusal(one);
        const isExcepted = [...NEWER, ...UNPUBLISHED].some((one) => one.test(said));
        if (isExcepted) expect(answer, `needs no exception by now: ${said}`).not.toBeNull();
        else if (answer === null) taken.push(one);
        else refused.push(answer);
      }
      expect(refused).toEqual([]);
      expect(taken).not.toEqual([]);
      const { writes, row } = kindOf(section);
      const sent = taken.map(({ method, path }) =>
        method === 'DELETE' ? method : path.slice(row.path.length).split('/')[2],
      );
      expect(sent).toEqual(
        expect.arrayContaining([...Object.keys(writes?.verbs ?? {}), ...(writes?.deletes ? ['DELETE'] : [])]),
      );
    },
  );

  test('tells the account, which the guard of the file compares', async () => {
    const cwd = repository({ 'stripe-config.yaml': 'version: 1\naccount: acct_1Another\nfeatures: {}\n' });
    const env = { STRIPE_API_KEY: key, STRIPE_API_BASE: String(mock) };
    const { stdout, exitCode } = await runCli(['check', '--format', 'json'], { cwd, env });
    const report = JSON.parse(stdout) as { status: string; error: { message: string } };
    expect(exitCode).toBe(1);
    expect(report.error.message).toMatch(
      /^The file states account: acct_1Another \(line 2\), but the key belongs to acct_\w+\./,
    );
  });
});
