import { type Fields, isRecord, record, type Value } from '../model.ts';
import { map } from '../vocabulary/collections.ts';
import type { Type } from '../vocabulary/type.ts';

/** Stripe's limits on metadata (docs.stripe.com/api/metadata). */
const KEYS = 50;
const KEY_LENGTH = 40;
const VALUE_LENGTH = 500;

/** A value of metadata: always a string at Stripe, read from the text of the file, so that `1.10` stays `1.10`. */
const metadataValue: Type = {
  schema: { type: ['string', 'number', 'boolean', 'null'], minLength: 1 },
  expected(node, context): Value {
    if (node.kind !== 'scalar' || node.value === null) return null;
    if ([...node.text].length > VALUE_LENGTH) {
      context.complain(
        node.at,
        `is a metadata value of ${[...node.text].length} characters; Stripe accepts at most ${VALUE_LENGTH}`,
        'doubt',
      );
    }
    if (node.text !== node.text.trim())
      context.complain(node.at, 'is a metadata value with white space at its ends', 'doubt');
    return node.text;
  },
  actual: (raw) => (raw === null || raw === undefined || raw === '' ? null : String(raw)),
};

const values = map(metadataValue);

/** Metadata: names and strings. Only the names that the file mentions are compared. */
export const metadata: Type = {
  ...values,
  expected(node, context) {
    if (node.kind === 'map') {
      if (node.entries.size > KEYS) {
        context.complain(node.at, `has ${node.entries.size} keys; Stripe accepts at most ${KEYS}`, 'doubt');
      }
      for (const { name, at } of node.entries.values()) {
        if ([...name].length > KEY_LENGTH) {
          context.complain(
            at,
            `is a metadata key of ${[...name].length} characters; Stripe accepts at most ${KEY_LENGTH}`,
            'doubt',
          );
        }
        if (name !== name.trim()) context.complain(at, 'is a metadata key with white space at its ends', 'doubt');
        if (/[[\]]/.test(name))
          context.complain(at, 'is a metadata key with a square bracket, which Stripe refuses', 'doubt');
      }
    }
    return values.expected(node, context);
  },
};

/** What a request says of the metadata of a kind of which no request unsets all at once: each name is unset. */
export function metadataByName(value: Value, request: 'create' | 'update', { metadata: live }: Fields) {
  const names = isRecord(live) ? Object.keys(live).map((name) => [name, null] as const) : [];
  const said = metadata.parameter?.(request === 'update' && value === null ? record(names) : value);
  return said === undefined || said === '' ? (request === 'create' ? {} : null) : { metadata: said };
}

/** What schemas and the reference say of metadata. */
export const metadataDescription =
  'Your own keys and values: at most 50 keys of at most 40 characters, values of at most 500 characters. Only the keys that you list are compared. `null` means that a key is not set, `{}` that there is no metadata at all. Numbers and `true` are compared as they are written.';
