/** Billing alerts. */
import type Stripe from 'stripe';
import type { Kind, Live } from './kind.ts';
import { meter } from './meters.ts';
import { next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { count, otherText, values, wholeTree } from './values.ts';

type Alert = Stripe.Billing.Alert;
type Threshold = NonNullable<Alert['usage_threshold']>;

/** An alert as the API sends it: without the time when it was made, and with the id of its meter. */
export type RawAlert = Wire<Omit<Alert, 'usage_threshold'>> & { usage_threshold: RawThreshold | null };
type RawThreshold = Wire<Omit<Threshold, 'filters' | 'meter'>> & {
  filters: { customer: string | null; type: 'customer' }[] | null;
  meter: string;
};

/** An active alert for all customers, in live mode. */
export function billingAlert(overrides: Overrides<RawAlert> = {}): RawAlert {
  const number = next();
  return {
    id: `alrt_${serial(number)}`,
    object: 'billing.alert',
    alert_type: 'usage_threshold',
    livemode: true,
    status: 'active',
    title: `Alert ${number}`,
    usage_threshold: { filters: [], gte: 100, meter: 'mtr_1', recurrence: 'one_time' },
    ...stated(overrides),
  };
}

const thresholdOf = (live: Live) => live.usage_threshold as RawThreshold;

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), of which the meter is expanded.
  sample: {
    alert_type: 'usage_threshold',
    id: 'obj_123',
    livemode: true,
    object: 'billing.alert',
    status: null,
    title: 'title',
    usage_threshold: {
      filters: null,
      gte: 102680,
      meter: { id: 'obj_456', object: 'billing.meter', display_name: 'display_name', event_name: 'event_name' },
      recurrence: 'one_time',
    },
  },
  kept: {
    label: 'title',
    fields: {
      id: 'obj_123',
      title: 'title',
      alert_type: 'usage_threshold',
      usage_threshold: { meter: 'obj_456', gte: '102680', recurrence: 'one_time' },
    },
  },
  any(check) {
    const { text } = values(check);
    return check
      .record({
        serial: check.nat(),
        gte: check.oneof(check.constant(100), check.integer({ min: 1, max: 1_000_000 })),
        meter: check.constantFrom('mtr_1', 'mtr_2'),
        status: check.constantFrom('active' as const, 'active' as const, 'inactive' as const),
        title: check.oneof(check.constantFrom('Many requests', '100,000 requests'), text),
      })
      .map(
        ({ serial, gte, meter, ...rest }) =>
          billingAlert({
            id: `alrt_${serial}`,
            usage_threshold: { filters: null, gte, meter, recurrence: 'one_time' },
            ...rest,
          }) as unknown as Live,
      );
  },
  stated(live, dice, refer) {
    const { gte, meter, recurrence } = thresholdOf(live);
    return [
      ['id', live.id],
      ['title', live.title as string],
      ['alert_type', live.alert_type as string],
      [
        'usage_threshold',
        wholeTree(
          [
            ['meter', refer('meters', 'mtr_', meter), undefined],
            ['gte', count(gte), undefined],
            ['recurrence', recurrence, 'one_time'],
          ],
          dice,
        ),
      ],
      ['status', live.status as string],
    ];
  },
  natural: { field: 'title', other: 'other one' },
  state: {
    // Where Stripe does not say it, nothing speaks against it.
    isActive: ({ status }) => status === 'active' || status === null,
    field: { name: 'status', active: 'active', retired: 'inactive' },
  },
  edits: {
    title: otherText('title'),
    alert_type: () => ({ alert_type: 'made_up' }),
    usage_threshold: (live) => ({ usage_threshold: { ...thresholdOf(live), gte: 1_000_001 } }),
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    title: ['null', 'title'],
    alert_type: ['spend', 'usage_threshold'],
    usage_threshold: ['{ meter: { id: mtr_1 }, gte: 0 }', 'at least 1'],
    status: ['archived', 'inactive'],
  },
  omitted: { 'usage_threshold.filters': 'only alerts for one customer have any, which are passed over' },
  skipped: [
    { status: 'archived' },
    {
      usage_threshold: {
        filters: [{ customer: 'cus_1', type: 'customer' }],
        gte: 1,
        meter: 'mtr_1',
        recurrence: 'one_time',
      },
    },
  ],
  row: {
    path: 'billing/alerts',
    noun: 'alert',
    permission: 'made_up_billing_alert_read',
    label: 'Billing alerts',
    undocumented: true,
    filters: { meter: (value) => (live) => (live.usage_threshold as RawThreshold | null)?.meter === value },
  },
  writes: {
    update: '',
    create: 'alert_type title usage_threshold',
    blank: () => billingAlert({ id: 'alrt_new', usage_threshold: null }) as unknown as Live,
    verbs: { activate: { status: 'active' }, deactivate: { status: 'inactive' } },
    numbers: 'gte',
    refuses({ before, after, params }, { meters = [] }) {
      if (before !== null || after === null) return null;
      if (params.alert_type === undefined) return 'it needs an alert_type';
      const { meter } = thresholdOf(after);
      return meters.find(({ id }) => id === meter)?.status === 'active' ? null : 'the meter is not active';
    },
  },
  beside: (alerts, state) =>
    alerts.map((live) => {
      const { meters = [] } = state;
      const wanted = thresholdOf(live).meter;
      const known = meters.find(({ id }) => id === wanted) ?? meters[0];
      const used = known ?? (meter({ id: wanted, event_name: `of_${wanted}` }) as unknown as Live);
      if (known === undefined) state.meters = [...meters, used];
      return { ...live, usage_threshold: { ...thresholdOf(live), meter: used.id } };
    }),
};
