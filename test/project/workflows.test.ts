/** The workflows of this repository and the ones for users to copy, run step by step against a server that behaves as Stripe does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { type ActionRun, cleanUp } from '../runner.ts';
import { liveKey, type StripeState, startStripe, testKey } from '../servers/stripe.ts';
import { bothModes, driftedShop, shop, shopFile } from '../shop/state.ts';
import { type Played, play, type Setting, type Workflow } from './workflow.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const workflow = (file: string) => parse(readFileSync(join(root, file), 'utf8')) as Workflow;
/** Status, mode and number of changed fields, where they are known. */
const told = ({ outputs: { status, mode, changed } }: ActionRun) => [status, mode, changed].join(' ').trim();

afterAll(cleanUp);

interface Example extends Setting {
  readonly job?: string;
  readonly state?: StripeState;
}

/** Runs a job of an example, with its secrets and the shop's file where nothing else is said. */
async function example(name: string, { job = 'check', state = shop(), ...setting }: Example = {}): Promise<Played> {
  const found = workflow(`examples/workflows/${name}.yml`).jobs[job];
  if (found === undefined) throw new Error(`${name} has no job ${job}`);
  const server = await startStripe({ state });
  try {
    return await play(found, {
      contexts: { secrets: { STRIPE_CHECK_KEY: liveKey } },
      files: { 'stripe-config.yaml': shopFile },
      ...setting,
      inputs: { 'stripe-api-base': server.url, 'requests-per-second': '1000', ...setting.inputs },
    });
  } finally {
    await server.close();
  }
}

const fromFork = {
  name: 'pull_request',
  payload: {
    pull_request: {
      number: 7,
      head: { ref: 'change', sha: 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00', repo: { full_name: 'stranger/shop' } },
      base: { ref: 'main' },
      user: { login: 'stranger' },
    },
  },
};

describe('the self-test of this repository', () => {
  const job = () => workflow('.github/workflows/self-test.yml').jobs['action'] ?? {};

  test('passes, and leaves no server behind', async () => {
    const { result, steps, runs, printed } = await play(job(), {});
    expect(runs.map(told)).toEqual(['in-sync test 0', 'drift live 3', 'skipped']);
    expect(printed.split('\n')).toContain('failure, drift, drift true, 3 errors, 3 changed, 3 checked in live');
    expect(result).toBe('success');
    const url = steps['stripe']?.outputs['url'] ?? '';
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await vi.waitFor(() => expect(fetch(url)).rejects.toThrow());
  });

  test('fails where the Action says something else', async () => {
    const { steps = [] } = job();
    const wrong = steps.map((step) => ({
      ...step,
      ...(step.run && { run: step.run.replace('3 errors', '2 errors') }),
    }));
    expect(wrong).not.toEqual(steps);
    const { result, runs } = await play({ steps: wrong }, {});
    expect(result).toBe('failure');
    expect(runs).toHaveLength(2);
  });
});

describe('the example', () => {
  test('pull-request passes when Stripe is as declared, and fails when it is not', async () => {
    const good = await example('pull-request');
    expect([good.result, ...good.runs.map(told)]).toEqual(['success', 'in-sync live 0']);
    const bad = await example('pull-request', { state: driftedShop() });
    expect([bad.result, ...bad.runs.map(told)]).toEqual(['failure', 'drift live 3']);
  });

  test('nightly tells what it found after a failure too', async () => {
    const { result, printed } = await example('nightly', { state: driftedShop() });
    expect(result).toBe('failure');
    expect(printed).toBe('Stripe is drift, 3 fields changed\n');
  });

  test('both-modes gives each job the key of its own mode', async () => {
    const contexts = { secrets: { STRIPE_CHECK_KEY: liveKey, STRIPE_CHECK_KEY_TEST: testKey } };
    const jobs = await Promise.all(
      ['live', 'test'].map((job) => example('both-modes', { job, state: bothModes(), contexts })),
    );
    expect(jobs.flatMap(({ runs }) => runs.map(told))).toEqual(['drift live 3', 'in-sync test 0']);
  });

  test('parity compares the two modes, and fails where one key is missing', async () => {
    const contexts = { secrets: { STRIPE_CHECK_KEY: liveKey, STRIPE_CHECK_KEY_TEST: testKey } };
    const both = await example('parity', { state: bothModes(), contexts });
    expect([both.result, ...both.runs.map(told)]).toEqual(['failure', 'drift live 3']);
    const alone = await example('parity', { state: bothModes() });
    expect([alone.result, ...alone.runs.map(told)]).toEqual(['failure', 'error']);
  });

  test('accounts checks each account with its own file and key, and one without its secret fails', async () => {
    const legs = workflow('examples/workflows/accounts.yml').jobs['check']?.strategy?.matrix.include ?? [];
    const files = { 'stripe/eu.yaml': shopFile, 'stripe/us.yaml': shopFile.replace('name: Pro', 'name: Pro plan') };
    const secrets = { STRIPE_CHECK_KEY_EU: liveKey, STRIPE_CHECK_KEY_US: liveKey };
    const played = await Promise.all(
      legs.map((matrix) => example('accounts', { files, contexts: { secrets, matrix } })),
    );
    expect(played.map(({ result, runs }) => [result, ...runs.map(told)])).toEqual([
      ['success', 'in-sync live 0'],
      ['failure', 'drift live 1'],
      ['failure', 'error'],
    ]);
  });

  test.each(['success', 'failure', 'cancelled', 'skipped'])(
    'accounts stands for all, when they end in %s',
    async (result) => {
      const all = await example('accounts', { job: 'all-accounts', contexts: { needs: { check: { result } } } });
      expect(all.result).toBe(result === 'success' ? 'success' : 'failure');
    },
  );

  test('reusable hands on what its caller gives', async () => {
    const { 'fail-on': failOn = '' } = workflow('examples/workflows/reusable-caller.yml').jobs['stripe']?.with ?? {};
    const inputs = { config: 'billing/stripe-config.yaml', environment: '', 'fail-on': failOn };
    const { runs } = await example('reusable', {
      files: { 'billing/stripe-config.yaml': shopFile },
      contexts: { inputs, secrets: { 'stripe-api-key': liveKey } },
    });
    expect(runs.map(told)).toEqual(['in-sync live 0']);
  });

  test('forks only checks the file where there is no key for a stranger, and compares it elsewhere', async () => {
    const stranger = await example('forks', { contexts: { secrets: {} }, event: fromFork, state: driftedShop() });
    expect([stranger.result, stranger.runs[0]?.outputs.status]).toEqual(['success', 'skipped']);
    expect(stranger.runs[0]?.annotations.map(({ level }) => level)).toEqual(['notice']);
    const queued = await example('forks', { event: { name: 'merge_group', payload: {} }, state: driftedShop() });
    expect([queued.result, queued.runs[0]?.outputs.status]).toEqual(['failure', 'drift']);
    const keyless = await example('forks', { contexts: { secrets: {} } });
    expect([keyless.result, keyless.runs[0]?.outputs.status]).toEqual(['failure', 'error']);
  });
});
