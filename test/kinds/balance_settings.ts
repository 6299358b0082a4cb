/** The settings of the account's balance: one object, without an id. */
import { Digits, Names, type Tree, Words } from '../tree.ts';
import type { Kind, Live } from './kind.ts';
import { count, inOneLayer, textOrNull, values } from './values.ts';

interface Payments {
  readonly debit_negative_balances: boolean | null;
  readonly payouts: {
    readonly automatic_transfer_rules_by_currency: null;
    readonly minimum_balance_by_currency: { readonly [currency: string]: number } | null;
    readonly schedule: {
      readonly interval: string | null;
      readonly monthly_payout_days?: number[];
      readonly weekly_payout_days?: string[];
    } | null;
    readonly statement_descriptor: string | null;
    readonly status: string;
  } | null;
  readonly settlement_timing: {
    readonly delay_days: number;
    readonly delay_days_override?: number;
    readonly start_of_day: { readonly hour: number; readonly minutes: number; readonly timezone: string } | null;
  };
}

function paymentsOf({ payments }: Live): Payments {
  return payments as Payments;
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json). Stripe's own has no id: the section stands for it.
  sample: {
    id: 'balance_settings',
    object: 'balance_settings',
    payments: {
      debit_negative_balances: null,
      payouts: {
        minimum_balance_by_currency: null,
        schedule: { interval: null },
        statement_descriptor: null,
        status: 'disabled',
        automatic_transfer_rules_by_currency: {
          usd: [{ payout_method: 'fa_Hidden', transfer_up_to_amount: null, type: 'transfer_all' }],
        },
      },
      settlement_timing: {
        delay_days: 1647351405,
        start_of_day: { hour: 3208676, minutes: 1064901855, timezone: 'timezone' },
      },
    },
  },
  kept: {
    label: 'balance settings',
    fields: {
      payments: {
        debit_negative_balances: null,
        payouts: {
          schedule: { interval: null, weekly_payout_days: null, monthly_payout_days: null },
          minimum_balance_by_currency: null,
          statement_descriptor: null,
        },
        settlement_timing: {
          delay_days_override: null,
          start_of_day: { hour: '3208676', minutes: '1064901855', timezone: 'timezone' },
        },
      },
    },
  },
  any(check) {
    const { text } = values(check);
    const days = check.subarray(['monday', 'tuesday', 'friday'], { minLength: 1 });
    const dates = check.subarray([1, 15, 31], { minLength: 1 });
    const schedule = check.oneof(
      check.constantFrom(null, { interval: null }, { interval: 'daily' }, { interval: 'manual' }),
      days.map((weekly_payout_days) => ({ interval: 'weekly', weekly_payout_days })),
      dates.map((monthly_payout_days) => ({ interval: 'monthly', monthly_payout_days })),
    );
    const balances = check.option(
      check.dictionary(check.constantFrom('usd', 'eur', 'jpy'), check.nat({ max: 9_999_999 }), {
        noNullPrototype: false,
      }),
    );
    return check
      .record({
        debit_negative_balances: check.constantFrom(null, true, false),
        schedule,
        minimum_balance_by_currency: balances,
        statement_descriptor: check.option(text),
        override: check.constantFrom(undefined, 2, 31),
        start_of_day: check.constantFrom(
          null,
          { hour: 6, minutes: 30, timezone: 'Europe/Berlin' },
          {
            hour: 0,
            minutes: 0,
            timezone: 'Etc/UTC',
          },
        ),
        hasPayouts: check.constantFrom(true, true, true, false),
      })
      .map(
        ({ debit_negative_balances, override, start_of_day, hasPayouts, ...rest }) =>
          ({
            id: 'balance_settings',
            object: 'balance_settings',
            payments: {
              debit_negative_balances,
              payouts: hasPayouts ? { ...rest, automatic_transfer_rules_by_currency: null, status: 'enabled' } : null,
              settlement_timing: {
                delay_days: 2,
                ...(override !== undefined && { delay_days_override: override }),
                start_of_day,
              },
            } satisfies Payments,
          }) as unknown as Live,
      );
  },
  stated(live, dice) {
    const { debit_negative_balances: debit, payouts, settlement_timing: timing } = paymentsOf(live);
    const { interval = null, weekly_payout_days: weekly, monthly_payout_days: monthly } = payouts?.schedule ?? {};
    const schedule: [string, Tree][] = [
      ['interval', interval],
      ...(weekly === undefined ? [] : [['weekly_payout_days', new Words(weekly)] as [string, Tree]]),
      ...(monthly === undefined ? [] : [['monthly_payout_days', dice.shuffled(monthly.map(count))] as [string, Tree]]),
    ];
    const least = Object.entries(payouts?.minimum_balance_by_currency ?? {});
    const start = timing.start_of_day;
    const groups: [string, Tree][] = [
      ['debit_negative_balances', debit],
      [
        'payouts',
        new Names([
          ['schedule', new Names(schedule)],
          [
            'minimum_balance_by_currency',
            least.length === 0
              ? null
              : new Names(least.map(([code, amount]) => [code, new Digits(String(amount), 'amount')])),
          ],
          ['statement_descriptor', textOrNull(payouts?.statement_descriptor)],
        ]),
      ],
      [
        'settlement_timing',
        new Names([
          ['delay_days_override', timing.delay_days_override === undefined ? null : count(timing.delay_days_override)],
          [
            'start_of_day',
            start === null
              ? null
              : new Names([
                  ['hour', count(start.hour)],
                  ...(start.minutes !== 0 || dice.often(50) ? [['minutes', count(start.minutes)] as const] : []),
                  ['timezone', start.timezone],
                ]),
          ],
        ]),
      ],
    ];
    return [['payments', inOneLayer(groups)]];
  },
  natural: null,
  state: null,
  edits: {
    payments: (live) => {
      const { debit_negative_balances: debit, settlement_timing: timing, ...rest } = paymentsOf(live);
      // What was never set can be set; nothing unsets it.
      if (debit === null)
        return {
          payments: {
            ...rest,
            debit_negative_balances: null,
            settlement_timing: { ...timing, delay_days_override: timing.delay_days_override === 5 ? 6 : 5 },
          },
        };
      return { payments: { ...rest, settlement_timing: timing, debit_negative_balances: !debit } };
    },
  },
  charge: null,
  refused: { payments: ['{ payouts: { schedule: { interval: weakly } } }', 'Did you mean weekly?'] },
  omitted: {
    'payments.payouts.automatic_transfer_rules_by_currency':
      'which financial account receives the money: like bank accounts, that is never read',
  },
  row: {
    path: 'balance_settings',
    single: true,
    noun: 'balance settings',
    permission: 'balance_settings_read',
    undocumented: true,
    label: 'Balance settings',
    render: ({ id: _, ...live }) => live,
  },
  writes: {
    update: 'payments',
    lasting: 'payments',
    create: '',
    blank: () => kind.sample,
    merges: 'payments',
    lists: 'weekly_payout_days monthly_payout_days',
    numbers: 'delay_days_override hour minutes usd eur jpy',
    flags: 'debit_negative_balances',
    shows: (live) => ({ ...live, payments: settled(paymentsOf(live)) }),
    refuses({ after }) {
      const {
        interval,
        weekly_payout_days: weekly,
        monthly_payout_days: monthly,
      } = paymentsOf(after as Live).payouts?.schedule ?? {};
      const days = { weekly, monthly }[String(interval)];
      return (interval === 'weekly' || interval === 'monthly') && !days?.length ? `${interval} needs its days` : null;
    },
  },
};

/** Payments as an answer has them: only the days of the interval, and no override where it was unset. */
function settled({ payouts, settlement_timing: timing, ...rest }: Payments): object {
  const { weekly_payout_days: weekly, monthly_payout_days: monthly, interval = null } = payouts?.schedule ?? {};
  const { delay_days_override: override, ...others } = timing;
  return {
    ...rest,
    payouts: payouts && {
      ...payouts,
      schedule: {
        interval,
        ...(interval === 'weekly' && { weekly_payout_days: weekly }),
        ...(interval === 'monthly' && { monthly_payout_days: monthly?.map(Number) }),
      },
    },
    settlement_timing: { ...others, ...(override != null && { delay_days_override: override }) },
  };
}
