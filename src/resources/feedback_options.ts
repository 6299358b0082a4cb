import type Stripe from 'stripe';
import { always, literal, text, word } from '../vocabulary/scalars.ts';
import { type Resource, textOf } from './resource.ts';

/** Feedback options (docs.stripe.com/api/billing/feedback-option). */
export const feedbackOptions: Resource<Stripe.Billing.FeedbackOption> = {
  section: 'feedback_options',
  kind: 'feedback option',
  formerly: [
    ...['feedback_option', 'billing_feedback_options', 'cancellation_reason', 'cancellation_reasons'],
    ...['cancellation_feedback', 'feedback'],
  ],
  instead: {
    active: 'Write status: active, or status: inactive',
    enabled: 'Write status: active, or status: inactive',
    archived: 'Write status: inactive',
  },
  description:
    'A feedback option: a reason of your own that customers can choose when they cancel in the customer portal. Found by `id`, else by `description`.',
  example: `moving:
  description: I am moving to a country where you do not deliver`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The feedback option's id, `fo_…`. Finds the feedback option.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    description: {
      formerly: ['name', 'label', 'title', 'text', 'reason'],
      type: always(text(100)),
      description:
        'The text that customers see when they cancel, at most 100 characters. Finds the feedback option if the entry has no `id`.',
      read: (live) => live.description,
      risk: 'Customers see the new text the next time that they cancel.',
    },
    status: {
      type: always(word(['active', 'inactive'])),
      description:
        'Whether portal configurations can offer it. An inactive one never becomes active again. If left out, `active` is expected.',
      default: 'active',
      read: (live) => live.status,
      // None is created inactive; `state` says how one is.
      parameters: () => ({}),
    },
  },
  id: 'stripe',
  prefix: 'fo_',
  identities: [{ by: 'description', portable: true }],
  state: {
    inForce: ({ status }) => status === 'active',
    field: { name: 'status', expected: 'active' },
    retire: { kind: 'verb', verb: 'deactivate' },
    restore: null,
    words: {
      retire: 'deactivate',
      retired: 'inactive',
      active: 'active',
      meaning: 'No portal configuration can offer it, and nothing activates it again.',
    },
  },
  permission: null,
  source: {
    path: '/v1/billing/feedback_options',
    list: 'v1',
    inForce: { status: 'active' },
    retired: { status: 'inactive' },
  },
  unusual: true,
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.description,
  naming: ({ description }) => ({ names: [textOf(description)], marks: [] }),
  likeness: ({ description }) => textOf(description),
  // It has nothing but its description.
  dashboard: 'settings/billing/portal',
  hasNoPage: true,
  command: {
    // Older versions of it do not know the kind.
    words: null,
    creation(fields) {
      if (fields.status === 'inactive') return null;
      return fields.description == null ? 'description' : {};
    },
    replacement: () => ({}),
  },
  replacing: 'offer it in the portal configurations that offered the old one, and deactivate the old one',
  replacingRisk: 'What customers answered stays with the old feedback option.',
};
