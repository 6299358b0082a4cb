/** What a file says of the age of its key: nothing till it is due, and then the same every day. */
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { Mode } from '../../src/model.ts';

const onDay = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** Each remark as `error 2: what is wrong`, of a lint of the file, or of a check with a key of a mode. */
async function remarks(file: string, day = '2026-12-01', mode: Mode | null = null): Promise<string[]> {
  const text = `version: 1\nwebhooks: {}\n${file}\n`;
  const config = await loadConfig([{ file: 'stripe-config.yaml', text }], onDay(day));
  const all = mode === null ? config.findings : config.in(mode, mode).remarks;
  return all.map(({ severity, at, message }) => `${severity} ${at.line}: ${message}`);
}

const due = (day: string, days: string) =>
  `so the key was due to be replaced on ${day} (policy.rotate_key_after_days is ${days}). Roll it in the Dashboard (API keys), replace it wherever it is kept, and state the new day here`;

describe('the day of a key', () => {
  const file = 'key_rotated: 2026-08-01';
  const told = [`warning 3: key_rotated is 2026-08-01, ${due('2026-10-30', '90 by default')}`];

  test('says nothing while it is younger than the policy says, and then the same every day', async () => {
    expect(await remarks(file, '2026-08-01')).toEqual([]);
    expect(await remarks(file, '2026-10-29')).toEqual([]);
    for (const day of ['2026-10-30', '2026-10-31', '2029-01-01']) expect(await remarks(file, day)).toEqual(told);
  });

  test('is as old as the policy lets it get', async () => {
    const policy = 'policy: { rotate_key_after_days: 30 }';
    expect(await remarks(`${file}\n${policy}`, '2026-08-30')).toEqual([]);
    expect(await remarks(`${file}\n${policy}`, '2026-08-31')).toEqual([
      `warning 3: key_rotated is 2026-08-01, ${due('2026-08-31', '30')}`,
    ]);
    expect(await remarks(`${file}\npolicy: { rotate_key_after_days: 1000000000 }`, '2999-01-01')).toEqual([]);
  });

  test('may be tomorrow, as it is somewhere on earth, and no later', async () => {
    expect(await remarks(file, '2026-07-31')).toEqual([]);
    expect(await remarks(file, '2026-07-30')).toEqual([
      'warning 3: key_rotated is 2026-08-01, which is still to come. State the day on which the key was created or rolled',
    ]);
  });

  test('is of the environment that states it, of which a check tells, and a lint of all', async () => {
    const two = `${file}\nenvironments: { test: { key_rotated: 2026-07-01 }, live: { webhooks: {} } }`;
    const live = `warning 3: key_rotated is 2026-08-01, ${due('2026-10-30', '90 by default')} (in environment live)`;
    const ofTest = `warning 4: key_rotated is 2026-07-01, ${due('2026-09-29', '90 by default')} (in environment test)`;
    expect((await remarks(two)).sort()).toEqual([live, ofTest]);
    expect(await remarks(two, '2026-12-01', 'live')).toEqual([live]);
    expect(await remarks(two, '2026-12-01', 'test')).toEqual([ofTest]);
    expect(await remarks(two, '2026-10-01', 'live')).toEqual([]);
  });

  test('is asked for where the policy says how old a key may get', async () => {
    const policy = 'policy: { rotate_key_after_days: 30 }';
    expect(await remarks(policy)).toEqual([
      'warning 3: policy.rotate_key_after_days has no effect without key_rotated. Add the day on which the key was created or last rolled',
    ]);
    expect(await remarks(`${policy}\nenvironments: { live: { key_rotated: 2026-11-30 } }`)).toEqual([]);
  });

  test('may be said by two files, if it is the same', async () => {
    const both = async (day: string) => {
      const one = { file: 'a.yaml', text: 'version: 1\nkey_rotated: 2026-11-01\nwebhooks: {}\n' };
      const other = { file: 'b.yaml', text: `version: 1\nkey_rotated: ${day}\nprices: {}\n` };
      return (await loadConfig([one, other], onDay('2026-12-01'))).findings.map(({ message }) => message);
    };
    expect(await both('2026-11-01')).toEqual([]);
    expect(await both('2026-11-02')).toEqual([
      'key_rotated is "2026-11-02", but "2026-11-01" at a.yaml:2. Keep one of them',
    ]);
  });
});
