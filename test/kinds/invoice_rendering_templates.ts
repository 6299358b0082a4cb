/** Templates of how invoices look. */
import type Stripe from 'stripe';
import type { Kind, Live } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { count, metadataTree, noText, otherMetadata, otherText, storedMetadata, textOrNull, values } from './values.ts';

/** A template as the API sends it. */
export type RawTemplate = Wire<Stripe.InvoiceRenderingTemplate>;

/** An active template, in live mode. */
export function template(overrides: Overrides<RawTemplate> = {}): RawTemplate {
  const number = next();
  return {
    id: `inrtem_${serial(number)}`,
    object: 'invoice_rendering_template',
    created: EPOCH + number,
    livemode: true,
    metadata: {},
    nickname: `Template ${number}`,
    status: 'active',
    version: 1,
    ...stated(overrides),
  };
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json).
  sample: {
    created: 1028554472,
    id: 'obj_123',
    livemode: true,
    metadata: null,
    nickname: null,
    object: 'invoice_rendering_template',
    status: 'active',
    version: 351608024,
  },
  kept: {
    label: 'obj_123',
    fields: { id: 'obj_123', nickname: null, version: '351608024', status: 'active', metadata: null },
  },
  any(check) {
    const { text, someText, metadata } = values(check);
    return check
      .record({
        serial: check.nat(),
        metadata,
        nickname: check.oneof(check.constantFrom('Wholesale', 'Export'), text, someText),
        status: check.constantFrom('active', 'active', 'archived'),
        version: check.integer({ min: 1, max: 40 }),
      })
      .map(({ serial, ...rest }) => template({ id: `inrtem_${serial}`, ...rest }) as unknown as Live);
  },
  stated: (live) => [
    ['id', live.id],
    ['nickname', textOrNull(live.nickname)],
    ['version', count(live.version)],
    ['status', live.status as string],
    ['metadata', metadataTree(live)],
  ],
  natural: { field: 'nickname', other: 'other one' },
  state: {
    isActive: ({ status }) => status === 'active',
    field: { name: 'status', active: 'active', retired: 'archived' },
  },
  edits: {
    nickname: otherText('nickname'),
    version: ({ version }) => ({ version: Number(version) + 1 }),
    metadata: otherMetadata,
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    nickname: ['[]', 'Expected'],
    version: ['latest', 'Expected'],
    status: ['inactive', 'archived'],
    metadata: ['[]', 'Expected'],
  },
  row: {
    path: 'invoice_rendering_templates',
    noun: 'invoice rendering template',
    permission: 'made_up_invoice_template_read',
    label: 'Invoice templates',
    undocumented: true,
    filters: { status: (value) => (live) => live.status === value },
  },
  writes: {
    // The Dashboard alone creates and changes them.
    update: '',
    create: '',
    blank() {
      throw new Error('no request creates a template');
    },
    verbs: { archive: { status: 'archived' }, unarchive: { status: 'active' } },
  },
  possible: (live) => ({ ...live, nickname: noText(live.nickname), metadata: storedMetadata(live.metadata) }),
};
