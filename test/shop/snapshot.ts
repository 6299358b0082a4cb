/** The snapshot of a Stripe's state: what `--live` reads. */
import { kinds } from '../kinds/index.ts';
import { ownAccount, type StripeState } from '../servers/stripe.ts';

/** A snapshot in which the key could read every list. `account` is the tests' own where no other is named. */
export function snapshotOf(state: Partial<StripeState>, account: string | null = ownAccount): string {
  const sections = Object.fromEntries(
    [...kinds].flatMap(([section, { row }]) => {
      const objects = state[row.path] ?? (row.single ? undefined : []);
      return objects === undefined ? [] : [[section, objects]];
    }),
  );
  return JSON.stringify({ schema: 1, mode: 'live', account, sections });
}
