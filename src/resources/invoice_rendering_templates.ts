import type Stripe from 'stripe';
import { always, integer, literal, ofMode, text, word } from '../vocabulary/scalars.ts';
import { metadata, metadataDescription } from './metadata.ts';
import { type Field, type Resource, textOf } from './resource.ts';

/** What the Dashboard alone changes. */
function byHand(what: string): Pick<Field<never>, 'given' | 'parameters'> {
  return { given: what, parameters: (_, request) => (request === 'create' ? {} : null) };
}

/** Templates of how invoices look (docs.stripe.com/api/invoice-rendering-template). */
export const invoiceRenderingTemplates: Resource<Stripe.InvoiceRenderingTemplate> = {
  section: 'invoice_rendering_templates',
  kind: 'invoice rendering template',
  formerly: ['invoice_rendering_template', 'invoice_templates', 'invoice_template', 'rendering_templates'],
  instead: {
    active: 'Write status: active, or status: archived',
    archived: 'Write status: active, or status: archived',
    footer: 'Remove it: Stripe does not say what a template holds. State its version, which changes with it',
    memo: 'Remove it: Stripe does not say what a template holds. State its version, which changes with it',
  },
  description:
    'A template of how invoices look, made in the Dashboard. Stripe does not say what it holds: state its `version` to be told when somebody changes it. Found by `id`, else by `nickname`.',
  example: `wholesale:
  nickname: Wholesale
  version: 3`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The template's id, `inrtem_…`. Finds the template.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    nickname: {
      formerly: ['name', 'label', 'title', 'description', 'display_name'],
      type: text(),
      description:
        'Its name in the Dashboard, which customers do not see. Finds the template if the entry has no `id`. Only the Dashboard changes it.',
      read: (live) => live.nickname,
      ...byHand('rename it in the Dashboard, since no request does'),
    },
    version: {
      type: ofMode(always(integer(1))),
      description:
        'Its version. Each change of how its invoices look adds one, and none takes one away. An export leaves it out, since that of the other mode is another.',
      read: (live) => live.version,
      ...byHand('undo the change in the Dashboard. That makes a new version again: state that one'),
    },
    status: {
      type: always(word(['active', 'archived'])),
      description: 'Whether new customers, subscriptions and invoices can use it. If left out, `active` is expected.',
      default: 'active',
      read: (live) => live.status,
      parameters: () => ({}),
    },
    metadata: {
      type: metadata,
      description: metadataDescription,
      own: true,
      read: (live) => live.metadata,
      ...byHand('change it in the Dashboard, since no request does'),
    },
  },
  id: 'stripe',
  prefix: 'inrtem_',
  identities: [{ by: 'nickname', portable: true }],
  state: {
    inForce: ({ status }) => status === 'active',
    field: { name: 'status', expected: 'active' },
    retire: { kind: 'verb', verb: 'archive' },
    restore: { kind: 'verb', verb: 'unarchive' },
    words: {
      retire: 'archive',
      retired: 'archived',
      active: 'active',
      meaning: 'Nothing new can use it; what uses it already keeps it.',
    },
  },
  permission: null,
  source: {
    path: '/v1/invoice_rendering_templates',
    list: 'v1',
    inForce: { status: 'active' },
    retired: { status: 'archived' },
  },
  unusual: true,
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.nickname || live.id,
  naming: ({ nickname }, { key }) => ({ keys: [key], names: [textOf(nickname), 'template'], marks: [] }),
  likeness: ({ nickname }) => textOf(nickname),
  dashboard: 'settings/billing/invoice-templates',
  hasNoPage: true,
  command: { words: ['invoice_rendering_templates'], creation: () => null },
  replacing: 'set it wherever the old one is set, and archive the old one',
  replacingRisk: 'What uses the old invoice rendering template keeps it until you change it.',
  creating: 'Only the Dashboard creates templates, in the billing settings: no request does.',
};
