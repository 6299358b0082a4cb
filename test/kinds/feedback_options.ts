/** Feedback options. */
import type Stripe from 'stripe';
import type { Kind, Live } from './kind.ts';
import { next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { otherText, values } from './values.ts';

/** A feedback option as the API sends it: without the time when it was made. */
export type RawFeedbackOption = Wire<Stripe.Billing.FeedbackOption>;

/** An active feedback option, in live mode. */
export function feedbackOption(overrides: Overrides<RawFeedbackOption> = {}): RawFeedbackOption {
  const number = next();
  return {
    id: `fo_${serial(number)}`,
    object: 'billing.feedback_option',
    description: `Reason ${number}`,
    livemode: true,
    status: 'active',
    status_transitions: { deactivated_at: null },
    ...stated(overrides),
  };
}

export const kind: Kind = {
  // The published fixtures have none: the object of Stripe's reference, whole as in the SDK's types.
  sample: {
    description: 'Too expensive',
    id: 'fo_1MowQVLkdIwHu7ixeRlqHVzs',
    livemode: false,
    object: 'billing.feedback_option',
    status: 'active',
    status_transitions: { deactivated_at: null },
  },
  kept: {
    label: 'Too expensive',
    fields: { id: 'fo_1MowQVLkdIwHu7ixeRlqHVzs', description: 'Too expensive', status: 'active' },
  },
  any(check) {
    const { text } = values(check);
    return check
      .record({
        serial: check.nat({ max: 9 }),
        description: check.oneof(check.constantFrom('Too expensive', 'Moving'), text),
        status: check.constantFrom('active' as const, 'active' as const, 'inactive' as const),
      })
      .map(({ serial, ...rest }) => feedbackOption({ id: `fo_${serial}`, ...rest }) as unknown as Live);
  },
  stated: (live) => [
    ['id', live.id],
    ['description', live.description as string],
    ['status', live.status as string],
  ],
  natural: { field: 'description', other: 'other one' },
  state: {
    isActive: ({ status }) => status === 'active',
    field: { name: 'status', active: 'active', retired: 'inactive' },
  },
  edits: { description: otherText('description') },
  charge: null,
  refused: {
    id: ['""', 'id'],
    description: ['null', 'description'],
    status: ['off', 'inactive'],
  },
  row: {
    path: 'billing/feedback_options',
    noun: 'feedback option',
    permission: 'made_up_feedback_option_read',
    label: 'Feedback options',
    undocumented: true,
    filters: { status: (value) => (live) => live.status === value },
  },
  writes: {
    update: 'description',
    lasting: 'description',
    create: '',
    blank: () => feedbackOption({ id: 'fo_new' }) as unknown as Live,
    verbs: { deactivate: { status: 'inactive' } },
  },
};
