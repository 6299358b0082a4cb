/** Looking objects up by what finds them, as the code's side does: every kind, by its id and by each field that Stripe can be asked by. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registry } from '../../src/resources/index.ts';
import { StripeLive } from '../../src/stripe/live.ts';
import { kindOf } from '../kinds/index.ts';
import type { RawObject } from '../kinds/kind.ts';
import { liveKey, startStripe } from '../servers/stripe.ts';

const options = (url: string) => ({
  base: new URL(url),
  connected: null,
  requestsPerSecond: 1000,
  timeoutSeconds: 60,
  interrupted: new AbortController().signal,
  keyFrom: 'variable' as const,
});

const listed = [...registry.values()].filter(({ shape }) => shape !== 'single');

describe.each(listed.map(({ section }) => section))('an object of %s', (section) => {
  const { row, any } = kindOf(section);
  const { lookUp, identities, prefix = 'x_' } = registry.get(section) as (typeof listed)[number];
  const isFlag = (field: string) => identities.some(({ by, value }) => by === field && value !== undefined);
  const objects = fc.sample(any(fc), { numRuns: 30, seed: 15 });

  test.each(Object.keys(lookUp).filter((field) => !isFlag(field)))(
    'is found by its %s, and one that is not there is not',
    async (field) => {
      // Of those that have one value, one is enough.
      const byValue = new Map(
        objects.flatMap((live) => (typeof live[field] === 'string' ? [[live[field], live]] : [])),
      );
      const some = [...byValue].slice(0, 3);
      const server = await startStripe({ state: { [row.path]: some.map(([, live]) => live as RawObject) } as never });
      try {
        const side = new StripeLive(liveKey, options(server.url)).open([section]);
        const values = [...some.map(([value]) => String(value)), field === 'id' ? `${prefix}none` : 'none'];
        const { found, gaps } = await side.find([{ section, field, values }]);
        expect(gaps).toEqual([]);
        expect(some.length).toBeGreaterThan(0);
        expect(found.map(({ value, id }) => [value, id])).toEqual([
          ...some.map(([value, { id }]) => [String(value), id]),
          [values.at(-1), null],
        ]);
        expect(found.at(-1)?.state).toBe('absent');
      } finally {
        await server.close();
      }
    },
  );
});
