/** Accounts that Stripe could hold: no object contradicts itself, and what objects refer to is there. */

import { kinds } from '../kinds/index.ts';
import type { Live } from '../kinds/kind.ts';
import { meter } from '../kinds/meters.ts';
import { activePricesOf, product } from '../kinds/products.ts';
import type { State } from './writes.ts';

/** The nearest account that Stripe could hold. Objects keep their order and ids; what they refer to is added behind them. */
export function possible(state: State): State {
  const one: State = Object.fromEntries(
    [...kinds].map(([section, kind]) => [section, (state[section] ?? []).map((live) => kind.possible?.(live) ?? live)]),
  );
  one.prices = alone(one.prices ?? [], 'lookup_key', () => true).map((price) => ({
    ...price,
    product: idOr(price.product, one.products),
    recurring: metered(price.recurring, one.meters),
  }));
  one.coupons = (one.coupons ?? []).map((coupon) => ({ ...coupon, applies_to: applied(coupon.applies_to, one) }));
  for (const [section, { beside }] of kinds) if (beside) one[section] = beside(one[section] ?? [], one);
  one.meters = (one.meters ?? []).map((live, index, all) => {
    const isSecond = all.slice(0, index).some((other) => other.event_name === live.event_name && isActive(other));
    return isSecond && isActive(live) ? { ...live, status: 'inactive' } : live;
  });
  const wanted = [
    ...one.prices.map(({ product: id }) => id),
    ...one.coupons.flatMap(({ applies_to: to }) => (to as { products?: string[] } | null)?.products ?? []),
  ];
  const added = [...new Set(wanted as string[])].filter((id) => !one.products?.some((live) => live.id === id));
  one.products = [
    ...(one.products ?? []).map((live) => ({ ...live, default_price: defaultOf(live, one) })),
    ...added.map((id) => product({ id, name: `Added ${id}` }) as unknown as Live),
  ];
  return one;
}

function isActive({ status }: Live): boolean {
  return status === 'active';
}

/** Objects of which one at a time has a value of a field. */
function alone(objects: readonly Live[], field: string, counts: (live: Live) => boolean): Live[] {
  const seen = new Set<unknown>();
  return objects.map((live) => {
    if (live[field] == null || !counts(live)) return live;
    if (seen.has(live[field])) return { ...live, [field]: null };
    seen.add(live[field]);
    return live;
  });
}

/** An id with the kind's prefix, or that of an object that is there. */
function idOr(id: unknown, objects: readonly Live[] = []): unknown {
  if (objects.some((live) => live.id === id) || /^prod_\w+$/.test(String(id))) return id;
  return objects[0]?.id ?? 'prod_9';
}

function metered(recurring: unknown, meters: Live[] = []): unknown {
  const cycle = recurring as { meter: string | null } | null;
  if (cycle === null || cycle.meter === null) return cycle;
  const known = meters.find(({ id }) => id === cycle.meter) ?? meters[0];
  if (known !== undefined) return { ...cycle, meter: known.id };
  const added = meter({ id: 'mtr_added', event_name: 'added' }) as unknown as Live;
  meters.push(added);
  return { ...cycle, meter: added.id };
}

function applied(to: unknown, { products = [] }: State): unknown {
  const ids = (to as { products: string[] } | null)?.products ?? [];
  return to === null ? null : { products: [...new Set(ids.map((id) => idOr(id, products)))] };
}

/** The default price that a product has, if it can have that, else another of its prices, or none. */
function defaultOf(live: Live, state: State): string | null {
  const own = activePricesOf(live.id, state);
  const wanted = live.default_price as string | null | undefined;
  if (wanted == null) return null;
  return own.find((id) => id === wanted) ?? own.at(-1) ?? null;
}
