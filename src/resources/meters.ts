import type Stripe from 'stripe';
import { always, literal, text, word } from '../vocabulary/scalars.ts';
import { whole } from '../vocabulary/shape.ts';
import { type Resource, textOf } from './resource.ts';

const key = (description: string, value: string) => ({
  type: always(text(100)),
  default: value,
  required: true as const,
  description,
});

/** Meters, which count usage (docs.stripe.com/api/billing/meter). */
export const meters: Resource<Stripe.Billing.Meter> = {
  section: 'meters',
  kind: 'meter',
  formerly: ['meter', 'billing_meter', 'billing_meters'],
  instead: {
    active: 'Write status: active, or status: inactive',
    enabled: 'Write status: active, or status: inactive',
  },
  description: 'A meter: which usage events are counted, and how. Found by `id`, else by `event_name`.',
  example: `requests:
  event_name: api_requests
  display_name: API requests
  default_aggregation: { formula: sum }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The meter's id, `mtr_…`. Finds the meter.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    event_name: {
      formerly: ['event', 'key'],
      type: always(literal(text(100))),
      description:
        "The name of the usage events, at most 100 characters. Only one active meter at a time can have it. Finds the meter if the entry has no `id`. Can't be changed after creation.",
      read: (live) => live.event_name,
      fixed: true,
      unique: 'active',
    },
    display_name: {
      formerly: ['name', 'label', 'title'],
      type: always(text(250)),
      description: 'The name in the Dashboard, at most 250 characters.',
      read: (live) => live.display_name,
    },
    status: {
      type: always(word(['active', 'inactive'])),
      description:
        'Whether it records events. An inactive meter records none, and no price can be added to it. If left out, `active` is expected.',
      default: 'active',
      read: (live) => live.status,
      // None is created inactive; `state` says how one is.
      parameters: () => ({}),
    },
    default_aggregation: {
      formerly: ['aggregation', 'aggregate_usage'],
      type: always(
        whole({
          formula: {
            type: always(word(['sum', 'count', 'last'])),
            required: true,
            description: '`sum` of the values, `count` of the events, or the `last` value.',
          },
        }),
      ),
      description: "How the events of a period are added up. Can't be changed after creation.",
      read: (live) => live.default_aggregation,
      fixed: true,
    },
    customer_mapping: {
      type: always(
        whole({
          type: {
            type: always(word(['by_id'])),
            default: 'by_id',
            description: 'How an event identifies its customer: by id.',
          },
          event_payload_key: key('The key in the event payload that has the customer.', 'stripe_customer_id'),
        }),
      ),
      description: "How an event is assigned to a customer. Compared as a whole. Can't be changed after creation.",
      read: (live) => live.customer_mapping,
      fixed: true,
    },
    value_settings: {
      type: always(
        whole({
          event_payload_key: key('The key in the event payload that has the value.', 'value'),
        }),
      ),
      description: "Where an event has its value. Compared as a whole. Can't be changed after creation.",
      read: (live) => live.value_settings,
      fixed: true,
    },
    event_time_window: {
      formerly: ['time_window', 'window'],
      type: word(['day', 'hour']),
      description:
        "The time window that events are pre-aggregated for; `null` means none. Can't be changed after creation.",
      read: (live) => live.event_time_window,
      fixed: true,
    },
  },
  id: 'stripe',
  prefix: 'mtr_',
  identities: [{ by: 'event_name', portable: true }],
  state: {
    inForce: ({ status }) => status === 'active',
    field: { name: 'status', expected: 'active' },
    retire: { kind: 'verb', verb: 'deactivate' },
    restore: { kind: 'verb', verb: 'reactivate' },
    words: {
      retire: 'deactivate',
      retired: 'inactive',
      active: 'active',
      meaning: 'It records no usage, so prices that use it bill nothing.',
    },
  },
  permission: { slug: 'rak_billing_meter_read', label: 'Billing meters' },
  source: {
    path: '/v1/billing/meters',
    list: 'v1',
    inForce: { status: 'active' },
    retired: { status: 'inactive' },
  },
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.display_name,
  naming({ event_name: event, display_name: name }) {
    return {
      keys: [textOf(event)],
      names: [textOf(name)],
      marks: [],
    };
  },
  likeness: ({ event_name: event }) => textOf(event),
  dashboard: 'billing/meters',
  command: {
    words: ['billing', 'meters'],
    creation(fields) {
      if (fields.status === 'inactive') return null;
      return ['event_name', 'display_name', 'default_aggregation'].find((name) => fields[name] == null) ?? {};
    },
  },
  replacing: 'create new prices that use it, and deactivate the old one (first, if both have the same `event_name`)',
  replacingRisk:
    'Subscriptions stay on prices that use the old meter, which bills nothing once it is inactive. Code has to send the events of the new one under its `event_name`.',
};
