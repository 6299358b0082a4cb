import type { MapNode, Node } from '../model.ts';
import { registry } from '../resources/index.ts';
import { typeAt } from '../resources/resource.ts';
import { currencyAt } from '../vocabulary/money.ts';

/** The currency of the amount at a path of a file; null where the file does not tell. */
export function currencyOf(root: MapNode, path: readonly string[]): string | null {
  const start = path[0] === 'environments' ? 2 : 0;
  const resource = registry.get(path[start] ?? '');
  if (resource === undefined) return null;
  const fields = start + (resource.shape === 'single' ? 1 : 2);
  const head = path.slice(0, fields);
  return currencyAt(
    path.slice(fields),
    (at) => typeAt(resource, at),
    (at) => textAt(root, [...head, ...at]),
  );
}

function textAt(root: Node, path: readonly string[]): string | null {
  const found = path.reduce<Node | undefined>((node, step) => {
    if (node?.kind === 'map') return node.entries.get(step)?.node;
    return node?.kind === 'list' ? node.items[Number(step)] : undefined;
  }, root);
  return found?.kind === 'scalar' ? found.text : null;
}
