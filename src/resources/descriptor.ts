import { text } from '../vocabulary/scalars.ts';
import type { Type } from '../vocabulary/type.ts';

/** A text on customers' statements: it needs a letter, and some characters are refused (docs.stripe.com/get-started/account/statement-descriptors). */
export function descriptor(limit: number): Type {
  const type = text(limit);
  return {
    ...type,
    expected(node, context) {
      const value = type.expected(node, context);
      if (typeof value !== 'string') return value;
      const [refused] = /[<>\\"']/.exec(value) ?? [];
      const warn = (message: string) => context.complain(node.at, message, 'doubt');
      if (refused !== undefined) warn(`has the character ${refused}, and Stripe refuses < > \\ " ' here. Remove it`);
      if (!/\p{L}/u.test(value)) warn('has no letter, and Stripe refuses it without one. Add a letter');
      return value;
    },
  };
}
