import type Stripe from 'stripe';
import type { Fields, Symptom } from '../model.ts';
import { reference } from '../vocabulary/reference.ts';
import { always, integer, literal, openWord, text, word } from '../vocabulary/scalars.ts';
import { whole } from '../vocabulary/shape.ts';
import { type Others, outOfUse, type Resource, textOf, valueAt } from './resource.ts';

const METER = ['usage_threshold', 'meter'];

/** Billing alerts (docs.stripe.com/api/billing/alert). */
export const billingAlerts: Resource<Stripe.Billing.Alert> = {
  section: 'billing_alerts',
  kind: 'billing alert',
  formerly: ['billing_alert', 'alert', 'alerts', 'usage_alert', 'usage_alerts'],
  instead: {
    active: 'Write status: active, or status: inactive',
    enabled: 'Write status: active, or status: inactive',
    meter: 'Write usage_threshold: { meter: … }',
    gte: 'Write usage_threshold: { gte: 1000 }',
    threshold: 'Write usage_threshold: { gte: 1000 }',
    filters: 'Remove it: alerts of one customer are no configuration, and are passed over',
    customer: 'Remove it: alerts of one customer are no configuration, and are passed over',
  },
  description:
    'A billing alert: it tells you when the usage of any customer reaches a threshold. Found by `id`, else by `title`. Alerts of one customer are passed over, and so are archived ones, which nothing brings back.',
  example: `many_requests:
  title: 100,000 requests
  usage_threshold: { meter: requests, gte: 100000 }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The alert's id, `alrt_…`. Finds the alert.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    title: {
      formerly: ['name', 'label', 'description', 'nickname'],
      type: always(text(256)),
      description:
        "Its title, at most 256 characters. Finds the alert if the entry has no `id`. Can't be changed after creation.",
      read: (live) => live.title,
      fixed: true,
    },
    alert_type: {
      formerly: ['type'],
      type: always(word(['usage_threshold'])),
      description:
        "What it is about: `usage_threshold`, which a new alert has if the entry states none. Can't be changed after creation.",
      read: (live) => live.alert_type,
      fixed: true,
      implied: ({ alert_type: type }) => type === 'usage_threshold',
    },
    usage_threshold: {
      formerly: ['limit', 'threshold'],
      type: whole({
        meter: {
          formerly: ['meter_id'],
          type: always(reference('meters', 'mtr_')),
          required: true,
          description: 'The meter that counts the usage: the name of an entry in `meters`, or an id.',
        },
        gte: {
          formerly: ['value', 'threshold', 'limit', 'amount'],
          type: always(integer(1)),
          required: true,
          description: 'The usage at which it triggers, at least 1.',
        },
        recurrence: {
          type: openWord(['one_time'], 'recurrence', { typos: true }),
          default: 'one_time',
          description: 'How often it triggers: once for each customer.',
        },
      }),
      description:
        "Which usage triggers it: `{ meter: requests, gte: 1000 }`. Compared as a whole. Can't be changed after creation.",
      read: (live) => live.usage_threshold,
      fixed: true,
      needs: 'active',
    },
    status: {
      type: always(word(['active', 'inactive'])),
      description: 'Whether it triggers. If left out, `active` is expected.',
      default: 'active',
      // Where Stripe does not say it, nothing is known of it.
      read: (live) => live.status ?? undefined,
      // None is created inactive; `state` says how one is.
      parameters: () => ({}),
    },
  },
  id: 'stripe',
  prefix: 'alrt_',
  identities: [{ by: 'title', portable: true }],
  state: {
    inForce: ({ status = 'active' }) => status === 'active',
    field: { name: 'status', expected: 'active' },
    retire: { kind: 'verb', verb: 'deactivate' },
    restore: { kind: 'verb', verb: 'activate' },
    words: {
      retire: 'deactivate',
      retired: 'inactive',
      active: 'active',
      meaning: 'Whatever customers use, it does not trigger.',
    },
  },
  permission: null,
  // The list has active and inactive ones; Stripe says that what is archived is in no answer any more.
  source: { path: '/v1/billing/alerts', list: 'v1', inForce: {} },
  unusual: true,
  skip({ status, usage_threshold: threshold }) {
    if (status === 'archived') return 'is archived, which nothing undoes';
    return threshold?.filters?.length ? 'is for one customer' : null;
  },
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.title,
  naming: ({ title }) => ({ names: [textOf(title)], marks: [] }),
  likeness: ({ title }) => textOf(title),
  // Nothing that finds it can be changed.
  dashboard: 'billing/alerts',
  hasNoPage: true,
  command: {
    words: ['billing', 'alerts'],
    creation(fields) {
      if (fields.status === 'inactive') return null;
      const lacking = ['title', 'usage_threshold'].find((name) => fields[name] == null);
      return lacking ?? (fields.alert_type === undefined ? { alert_type: 'usage_threshold' } : {});
    },
    replacement: () => ({}),
  },
  replacing: 'and deactivate the old one',
  replacingRisk:
    'The new one sees only usage that is reported after its creation, and triggers again for customers for whom the old billing alert did.',
  healthOf: [METER],
  healthRules: {
    'alert-of-inactive-meter': {
      severity: 'warning',
      finds: 'a billing alert whose meter is inactive: it never triggers',
    },
  },
  health: ({ fields, inForce }, _stated, others) => (inForce ? silenced(fields, others) : []),
};

/** A meter that counts nothing any more. */
function silenced(fields: Fields, others: Others): Symptom[] {
  const found = outOfUse(others, 'meters', valueAt(fields, METER));
  if (found === undefined) return [];
  const message = 'its meter is inactive and counts nothing, so it never triggers.';
  const remedy =
    'Reactivate the meter (`stripe billing meters reactivate`). Else deactivate the alert, and state `status: inactive` in the file.';
  const cause = { section: 'meters', id: found.id, field: 'status' };
  return [{ rule: 'alert-of-inactive-meter', field: 'usage_threshold', message, remedy, cause }];
}
