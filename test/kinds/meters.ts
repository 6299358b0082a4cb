/** Meters. */
import type Stripe from 'stripe';
import type { Kind, Live } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { otherText, values, wholeTree } from './values.ts';

/** A meter as the API sends it. */
export type RawMeter = Wire<Stripe.Billing.Meter>;

/** An active meter, in live mode. */
export function meter(overrides: Overrides<RawMeter> = {}): RawMeter {
  const number = next();
  return {
    id: `mtr_${serial(number)}`,
    object: 'billing.meter',
    created: EPOCH + number,
    customer_mapping: { event_payload_key: 'stripe_customer_id', type: 'by_id' },
    default_aggregation: { formula: 'sum' },
    display_name: `Requests ${number}`,
    event_name: `requests_${number}`,
    event_time_window: null,
    livemode: true,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: EPOCH + number,
    value_settings: { event_payload_key: 'value' },
    ...stated(overrides),
  };
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json).
  sample: {
    created: 1234567890,
    customer_mapping: { event_payload_key: 'stripe_customer_id', type: 'by_id' },
    default_aggregation: { formula: 'count' },
    display_name: 'API Requests',
    event_name: 'API_Requests',
    event_time_window: null,
    id: 'mtr_123',
    livemode: false,
    object: 'billing.meter',
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: 1234567890,
    value_settings: { event_payload_key: 'value' },
  },
  kept: {
    label: 'API Requests',
    fields: {
      id: 'mtr_123',
      event_name: 'API_Requests',
      display_name: 'API Requests',
      status: 'active',
      default_aggregation: { formula: 'count' },
      customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
      value_settings: { event_payload_key: 'value' },
      event_time_window: null,
    },
  },
  any(check) {
    const { text } = values(check);
    return check
      .record({
        serial: check.nat(),
        event_name: check.oneof(check.constant('api_requests'), text, text),
        display_name: text,
        formula: check.constantFrom('sum' as const, 'count' as const, 'last' as const),
        customer: check.oneof(check.constant('stripe_customer_id'), text),
        value: check.oneof(check.constant('value'), text),
        event_time_window: check.constantFrom(null, 'day' as const, 'hour' as const),
        status: check.constantFrom('active' as const, 'active' as const, 'inactive' as const),
      })
      .map(
        ({ serial, formula, customer, value, ...rest }) =>
          meter({
            id: `mtr_${serial}`,
            default_aggregation: { formula },
            customer_mapping: { event_payload_key: customer, type: 'by_id' },
            value_settings: { event_payload_key: value },
            ...rest,
          }) as unknown as Live,
      );
  },
  stated(live, dice) {
    const {
      customer_mapping: mapping,
      value_settings: settings,
      default_aggregation: aggregation,
    } = live as never as RawMeter;
    return [
      ['id', live.id],
      ['event_name', live.event_name as string],
      ['display_name', live.display_name as string],
      ['status', live.status as string],
      ['default_aggregation', wholeTree([['formula', aggregation.formula, undefined]], dice)],
      [
        'customer_mapping',
        wholeTree(
          [
            ['type', mapping.type, 'by_id'],
            ['event_payload_key', mapping.event_payload_key, undefined],
          ],
          dice,
        ),
      ],
      ['value_settings', wholeTree([['event_payload_key', settings.event_payload_key, undefined]], dice)],
      ['event_time_window', live.event_time_window as string | null],
    ];
  },
  natural: { field: 'event_name', other: 'other one' },
  state: {
    isActive: ({ status }) => status === 'active',
    field: { name: 'status', active: 'active', retired: 'inactive' },
  },
  edits: {
    event_name: otherText('event_name'),
    display_name: otherText('display_name'),
    default_aggregation: ({ default_aggregation: aggregation }) => ({
      default_aggregation: { formula: (aggregation as { formula: string }).formula === 'sum' ? 'count' : 'sum' },
    }),
    customer_mapping: () => ({ customer_mapping: { type: 'by_id', event_payload_key: 'other customer' } }),
    value_settings: () => ({ value_settings: { event_payload_key: 'other value' } }),
    event_time_window: ({ event_time_window: time }) => ({ event_time_window: time === 'day' ? null : 'day' }),
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    event_name: ['null', 'event_name'],
    display_name: ['[]', 'Expected'],
    status: ['off', 'inactive'],
    default_aggregation: ['{ formula: mean }', 'sum'],
    customer_mapping: ['{ type: by_name }', 'by_id'],
    value_settings: ['{ key: value }', 'event_payload_key'],
    event_time_window: ['week', 'day'],
  },
  row: {
    path: 'billing/meters',
    noun: 'meter',
    permission: 'billing_meter_read',
    label: 'Billing meters',
    filters: { status: (value) => (live) => live.status === value },
  },
  writes: {
    update: 'display_name',
    lasting: 'display_name',
    create: 'customer_mapping default_aggregation event_name event_time_window value_settings',
    blank: () => meter({ id: 'mtr_new' }) as unknown as Live,
    verbs: { deactivate: { status: 'inactive' }, reactivate: { status: 'active' } },
    refuses({ before, after }, state) {
      if (after?.status !== 'active' || before?.status === 'active') return null;
      const namesake = (state.meters ?? []).find(
        ({ id, status, event_name: name }) => status === 'active' && name === after.event_name && id !== after.id,
      );
      return namesake === undefined ? null : `${namesake.id} is active and has this event_name`;
    },
  },
};
