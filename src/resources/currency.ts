import type { MapNode, Node } from '../model.ts';

/** A currency as Stripe spells it. */
const CODE = /^[a-z]{3}$/;

/**
 * The currency of the amount at a path: of `currency_options` the code that it stands under, else what the nearest map
 * around it states as `currency`. Null where the file does not tell.
 */
export function currencyAt(root: MapNode, path: readonly string[]): string | null {
  const around: Node[] = [root];
  for (const step of path) {
    const last = around.at(-1);
    const next =
      last?.kind === 'map'
        ? last.entries.get(step)?.node
        : last?.kind === 'list'
          ? last.items[Number(step)]
          : undefined;
    if (next === undefined) break;
    around.push(next);
  }
  for (let depth = around.length - 1; depth >= 0; depth -= 1) {
    const step = path[depth - 1] ?? '';
    if (path[depth - 2] === 'currency_options' && CODE.test(step)) return step;
    const node = around[depth];
    const stated = node?.kind === 'map' ? node.entries.get('currency')?.node : undefined;
    if (stated?.kind === 'scalar' && CODE.test(stated.text)) return stated.text;
  }
  return null;
}
