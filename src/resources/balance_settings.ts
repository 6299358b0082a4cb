import type Stripe from 'stripe';
import { type Entry, type Fields, isRecord, type Node, type Value } from '../model.ts';
import { bare } from '../text.ts';
import { set } from '../vocabulary/collections.ts';
import { amount, byCurrency, minorUnit } from '../vocabulary/money.ts';
import { always, cleared, flag, integer, openWord, scalar, text } from '../vocabulary/scalars.ts';
import { part, whole } from '../vocabulary/shape.ts';
import { memberOf, type Type } from '../vocabulary/type.ts';
import { type Required, withRequired } from './required.ts';
import { type EntryContext, type Resource, valueAt } from './resource.ts';

/** Days on which money is paid out, by the interval that has them. */
const DAYS = { weekly: 'weekly_payout_days', monthly: 'monthly_payout_days' } as const;
const SCHEDULE = ['payouts', 'schedule'] as const;
/** What a request says of a schedule whatever it changes in it: days mean nothing without it. */
const REQUIRED: Required = [[SCHEDULE, 'interval']];

const halfHour: Type = {
  ...integer(0, 59),
  expected(node, context) {
    const value = integer(0, 59).expected(node, context);
    if (value !== '0' && value !== '30')
      context.complain(node.at, `is ${bare(scalar(node).text)}; Stripe accepts 0 or 30`, 'doubt');
    return value;
  },
};

const schedule = part(
  {
    interval: {
      formerly: ['payout_interval', 'frequency'],
      type: openWord(['daily', 'weekly', 'monthly', 'manual'], 'payout interval', { typos: true, nullable: true }),
      description:
        'How often money is paid out: `daily`, `weekly`, `monthly`, or `manual` (only by your own requests).',
    },
    weekly_payout_days: {
      formerly: ['weekly_anchor', 'days', 'payout_days'],
      type: set(openWord(['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], 'payout day', { typos: true })),
      description: 'With `interval: weekly`: the days, such as `[monday, thursday]`, in any order.',
    },
    monthly_payout_days: {
      formerly: ['monthly_anchor'],
      type: set(always(integer(1, 31))),
      description:
        'With `interval: monthly`: the days, such as `[1, 15]`, in any order. In shorter months, 29 to 31 mean the last day.',
    },
  },
  { sparse: true },
);

const payouts = part(
  {
    schedule: { formerly: ['payout_schedule'], type: schedule, description: 'When money is paid out.' },
    minimum_balance_by_currency: {
      formerly: ['minimum_balance', 'minimum_balances'],
      type: cleared(byCurrency(cleared(amount))),
      description: `What stays in the balance after automatic payouts, by currency, ${minorUnit}. Only the currencies that you list are compared; \`null\` means that nothing stays.`,
    },
    statement_descriptor: {
      formerly: ['descriptor'],
      type: text(22),
      description: 'The text on the statement of your bank account, at most 22 characters.',
    },
  },
  { sparse: true },
);

const settlementTiming = part(
  {
    delay_days_override: {
      formerly: ['delay_days'],
      type: cleared(integer(0, 31)),
      description:
        'After how many days money from sales is available, at most 31. `null` means the least that the account can have.',
    },
    start_of_day: {
      type: cleared(
        whole({
          hour: { type: always(integer(0, 23)), required: true, description: 'The hour, from 0 to 23.' },
          minutes: {
            formerly: ['minute'],
            type: always(halfHour),
            default: '0',
            description: 'The minutes: 0 or 30.',
          },
          timezone: {
            formerly: ['time_zone', 'tz'],
            type: always(text()),
            required: true,
            description: 'The time zone, such as `Europe/Berlin`.',
          },
        }),
      ),
      description:
        "When a day begins for payouts, such as `{ hour: 6, timezone: Europe/Berlin }`. Compared as a whole; `null` means Stripe's own time.",
    },
  },
  { sparse: true },
);

const payments: Type = part(
  {
    debit_negative_balances: {
      type: flag,
      description: 'Whether Stripe takes what a negative balance lacks from the bank account.',
    },
    payouts: { formerly: ['payout'], type: payouts, description: 'Payouts to the bank account.' },
    settlement_timing: { type: settlementTiming, description: 'When money from sales is available.' },
  },
  { sparse: true },
);

/** The settings of the account's balance (docs.stripe.com/api/balance-settings). */
export const balanceSettings: Resource<Stripe.BalanceSettings> = {
  section: 'balance_settings',
  kind: 'balance settings',
  formerly: ['balance_setting', 'balance', 'payouts', 'payout_settings', 'payout_schedule'],
  instead: {
    payouts: 'Write payments: { payouts: … }',
    schedule: 'Write payments: { payouts: { schedule: … } }',
    statement_descriptor: 'Write payments: { payouts: { statement_descriptor: … } }',
    settlement_timing: 'Write payments: { settlement_timing: … }',
    delay_days: 'Write payments: { settlement_timing: { delay_days_override: … } }',
    debit_negative_balances: 'Write payments: { debit_negative_balances: … }',
  },
  shape: 'single',
  description:
    'When and how money is paid out. The section has no entries: its fields are directly in it. Only the fields that you state are compared.',
  example: `payments:
  payouts:
    schedule: { interval: weekly, weekly_payout_days: [monday] }
    minimum_balance_by_currency: { usd: 50000 }     # 500.00 USD
  settlement_timing: { delay_days_override: 7 }`,
  fields: {
    payments: {
      formerly: ['payment'],
      type: payments,
      description: 'Money from payments. Only the names that you list are compared.',
      read: (live) => live.payments,
      lasting: true,
      risk(to) {
        const interval = valueAt({ payments: to ?? null }, ['payments', ...SCHEDULE, 'interval']);
        return interval === 'manual'
          ? 'Stripe pays out nothing by itself any more: money stays in the balance until a request pays it out.'
          : 'Money from sales reaches the bank account at other times, or in other amounts.';
      },
      parameters(value, request, live) {
        const said = request === 'update' ? withRequired(value, live.payments ?? null, REQUIRED) : value;
        const all = lacksDays(said) ? undefined : payments.parameter?.(said);
        return all === undefined ? null : { payments: all };
      },
    },
  },
  id: null,
  identities: [],
  state: null,
  permission: null,
  source: { path: '/v1/balance_settings', list: 'single', inForce: {} },
  unusual: true,
  lookUp: {},
  label: () => 'balance settings',
  naming: () => ({ names: [], marks: [] }),
  likeness: () => null,
  dashboard: 'settings/payouts',
  command: { words: ['balance_settings'], creation: () => null },
  replacing: 'to which nothing of this one moves',
  replacingRisk: 'Money is paid out in another way.',
  check: checkSchedule,
};

/** Whether a request would ask for an interval without the days that Stripe requires with it. */
function lacksDays(said: Value): boolean {
  const planned = valueAt({ said }, ['said', ...SCHEDULE]);
  const interval = memberOf(planned, 'interval');
  return Object.entries(DAYS).some(
    ([one, days]) => interval === one && isRecord(planned) && memberOf(planned, days) === null,
  );
}

/** Days that belong to another interval. */
function checkSchedule(stated: ReadonlyMap<string, Entry>, fields: Fields, { complain }: EntryContext): void {
  const entry = stated.get('payments');
  const node = SCHEDULE.reduce<Node | undefined>(
    (around, name) => (around?.kind === 'map' ? around.entries.get(name)?.node : undefined),
    entry?.node,
  );
  if (node?.kind !== 'map') return;
  const planned = valueAt(fields, ['payments', ...SCHEDULE]);
  const interval = memberOf(planned, 'interval');
  for (const [one, days] of Object.entries(DAYS)) {
    const own = node.entries.get(days);
    if (own === undefined || memberOf(planned, days) === null || interval === one) continue;
    const what =
      interval === null
        ? 'is stated without interval'
        : `goes only with interval: ${one}, not ${bare(String(interval))}`;
    complain(own.at, interval === null ? `${what}. Add interval: ${one}` : `${what}. Remove it`);
  }
}
