/** `export`: the file for what is live, such that a check of it finds nothing. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../src/check.ts';
import { exported } from '../src/export.ts';
import type { Finding, Report } from '../src/model.ts';
import { registry } from '../src/resources/index.ts';
import { SnapshotLive } from '../src/stripe/live.ts';
import { type Case, cases, type Live, snapshot } from './accounts.ts';

fc.configureGlobal({ interruptAfterTimeLimit: 15_000, seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) });

/** Stripe's own limits, and what it may know that this version does not: they may speak. */
const OF_STRIPE =
  /Stripe takes at most|that this version knows|white space|which Stripe refuses|only delivers to https|lists? already/;

interface Tried {
  readonly text: string;
  readonly remarks: readonly string[];
  readonly report: Report;
}

/** Exports a snapshot and checks the file against it. */
async function roundTrip(live: string, { full = false, retired = false } = {}): Promise<Tried> {
  const side = new SnapshotLive(live, 'live.json');
  const { text, remarks } = exported(await side.readAll([...registry.keys()], retired), full);
  const request = { environment: null, failOn: 'notice', commit: null } as const;
  const report = await check({ ...request, sources: [{ file: 'stripe-config.yaml', text }], live: side });
  return { text, remarks, report };
}

/** What a check says that it must not say of an export. */
function faults({ findings, error }: Report): readonly (Finding | object)[] {
  const mine = findings.filter((finding) => {
    if (finding.problem === 'unhealthy') return false;
    return finding.problem !== 'invalid' || finding.severity === 'error' || !OF_STRIPE.test(finding.message);
  });
  return [...mine, ...(error === null ? [] : [error])];
}

/** An account whose prices belong to its products at times, and its products' default prices to its prices. */
const accounts: fc.Arbitrary<Case> = fc
  .tuple(cases(), fc.array(fc.nat(), { minLength: 9, maxLength: 9 }))
  .map(([made, picks]) => {
    const ids = (section: string) => made.entries.filter((one) => one.section === section).map(({ live }) => live.id);
    const entries = made.entries.map((entry, index) => {
      const pick = picks[index] ?? 0;
      const to = (list: string[], other: unknown) =>
        pick % 3 === 0 || list.length === 0 ? other : list[pick % list.length];
      const live: Live =
        entry.section === 'prices'
          ? { ...entry.live, product: to(ids('products'), entry.live.product), created: pick }
          : entry.section === 'products'
            ? { ...entry.live, default_price: to(ids('prices'), null), created: pick }
            : { ...entry.live, created: pick };
      return { ...entry, live };
    });
    return { ...made, entries };
  });

describe('an export of whatever account', () => {
  for (const full of [false, true]) {
    for (const retired of [false, true]) {
      const what = `${full ? 'in full' : 'as people want it'}, ${retired ? 'with' : 'without'} what is archived`;
      test(`${what}, is in sync with it`, async () => {
        await fc.assert(
          fc.asyncProperty(accounts, async (made) => {
            const { report, remarks, text } = await roundTrip(snapshot(made.entries), { full, retired });
            expect({ faults: faults(report), remarks, text: faults(report).length > 0 ? text : '' }).toEqual({
              faults: [],
              remarks: [],
              text: '',
            });
            expect(report.counts.checked).toBe(
              made.entries.filter(({ live }) => retired || (live.active ?? live.status === 'enabled') === true).length,
            );
          }),
          { numRuns: 300 },
        );
      });
    }
  }
});
