/** Configurations of card readers, whose answers hold passwords that must never be kept. */
import type Stripe from 'stripe';
import { type Dice, Digits, Names, type Tree } from '../tree.ts';
import type { Kind, Live } from './kind.ts';
import { next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { choiceOf, count, emptyOr, otherText, textOrNull, values, wholeTree } from './values.ts';

/** A configuration as the API sends it: without the time when it was made, and without what is not set. */
export type RawTerminalConfiguration = Wire<Stripe.Terminal.Configuration>;
type RawTipping = NonNullable<RawTerminalConfiguration['tipping']>;
type RawTips = NonNullable<RawTipping['usd']>;

const READERS = [
  ...['bbpos_wisepad3', 'bbpos_wisepos_e', 'stripe_s700', 'stripe_s710', 'stripe_t600'],
  ...['verifone_m425', 'verifone_p400', 'verifone_p630', 'verifone_ux700', 'verifone_v660p'],
];

/** A configuration, not the account's default, in live mode: nothing is set. */
export function terminalConfiguration(overrides: Overrides<RawTerminalConfiguration> = {}): RawTerminalConfiguration {
  const number = next();
  return {
    id: `tmc_${serial(number)}`,
    object: 'terminal.configuration',
    is_account_default: false,
    livemode: true,
    name: `Readers ${number}`,
    ...stated(overrides),
  };
}

function amounts(list: readonly number[] | null | undefined, dice: Dice): Tree {
  return list == null
    ? null
    : emptyOr(
        list.map((one) => new Digits(String(one), 'amount')),
        dice,
      );
}

function tipsTree({ percentages, fixed_amounts: fixed, smart_tip_threshold: threshold }: RawTips, dice: Dice): Tree {
  return wholeTree(
    [
      ['percentages', percentages == null ? null : emptyOr(percentages.map(count), dice), null],
      ['fixed_amounts', amounts(fixed, dice), null],
      ['smart_tip_threshold', threshold === undefined ? null : new Digits(String(threshold), 'amount'), null],
    ],
    dice,
  );
}

/** The tips of some currencies; of none where there are none. */
function tippingTree(live: Live, dice: Dice): Tree {
  const all = Object.entries((live.tipping ?? {}) as RawTipping);
  if (all.length === 0) return dice.often(50) ? null : new Names([]);
  const choice = choiceOf(live);
  const some = all.filter((_, index) => index === 0 || choice.often(70));
  return new Names(some.map(([code, tips]) => [code, tipsTree(tips, dice)]));
}

function tree(value: unknown, member: (value: never) => Tree): Tree {
  return value === undefined
    ? null
    : new Names(Object.entries(value as object).map(([name, one]) => [name, member(one as never)]));
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), with all that it leaves out.
  sample: {
    bbpos_wisepos_e: { splashscreen: 'file_1Pgc6yB7WZ01zgkWSsAMx1We' },
    cellular: { enabled: true },
    id: 'tmc_ElVUAjF8xXG3hj',
    is_account_default: false,
    livemode: false,
    name: 'Berlin',
    object: 'terminal.configuration',
    offline: { enabled: null },
    reader_security: { admin_menu_passcode: '07139-hidden' },
    reboot_window: { end_hour: 5, start_hour: 3 },
    stripe_s700: {
      splashscreen: { id: 'file_1Expanded', object: 'file', url: 'https://files.stripe.com/hidden-link' },
    },
    stripe_s710: {},
    tipping: {
      eur: { fixed_amounts: null, percentages: [5, 10, 15] },
      usd: { fixed_amounts: [100, 200, 300], percentages: [15, 18, 20], smart_tip_threshold: 1000 },
    },
    verifone_p400: { splashscreen: null },
    wifi: {
      enterprise_eap_peap: {
        ca_certificate_file: 'file_1HiddenAuthority',
        password: 'hidden-peap-password',
        ssid: 'HiddenOffice',
        username: 'hidden.user@example.com',
      },
      enterprise_eap_tls: {
        client_certificate_file: 'file_1HiddenCertificate',
        private_key_file: 'file_1HiddenPrivateKey',
        private_key_file_password: 'hidden-key-password',
        ssid: 'HiddenWarehouse',
      },
      personal_psk: { password: 'hidden-psk-password', ssid: 'HiddenShop' },
      type: 'personal_psk',
    },
  },
  kept: {
    label: 'Berlin',
    fields: {
      id: 'tmc_ElVUAjF8xXG3hj',
      is_account_default: false,
      name: 'Berlin',
      tipping: {
        eur: { percentages: ['5', '10', '15'], fixed_amounts: null, smart_tip_threshold: null },
        usd: {
          percentages: ['15', '18', '20'],
          fixed_amounts: ['100', '200', '300'],
          smart_tip_threshold: '1000',
        },
      },
      offline: null,
      cellular: { enabled: true },
      reboot_window: { start_hour: '3', end_hour: '5' },
      ...Object.fromEntries(READERS.map((reader) => [reader, null])),
      bbpos_wisepos_e: { splashscreen: 'file_1Pgc6yB7WZ01zgkWSsAMx1We' },
      stripe_s700: { splashscreen: 'file_1Expanded' },
    },
  },
  any(check) {
    const { text } = values(check);
    const maybe = <T>(of: ReturnType<typeof check.constant<T>>) => check.option(of, { nil: undefined });
    const some = (most: number) => check.option(check.array(check.nat({ max: most }), { maxLength: 3 }));
    const tips = check.record(
      { fixed_amounts: some(5000), percentages: some(40), smart_tip_threshold: check.nat({ max: 5000 }) },
      { requiredKeys: ['fixed_amounts', 'percentages'] },
    );
    const screens = check.record(
      Object.fromEntries(
        READERS.map((reader) => [
          reader,
          check.constantFrom(undefined, {}, { splashscreen: 'file_1' }, { splashscreen: 'file_2' }),
        ]),
      ),
    );
    return check
      .record({
        serial: check.nat(),
        // The default is found by that, so that it has no name here.
        found: check.oneof(
          { weight: 1, arbitrary: check.constant({ is_account_default: true, name: null }) },
          {
            weight: 4,
            arbitrary: check.record({
              is_account_default: check.constant(false),
              name: check.oneof(check.constant('Shop'), text, check.constant(null)),
            }),
          },
        ),
        tipping: maybe(
          check.dictionary(check.constantFrom('usd', 'eur', 'jpy'), tips, { maxKeys: 3, noNullPrototype: true }),
        ),
        offline: maybe(check.record({ enabled: check.constantFrom(true, false, null) })),
        cellular: maybe(check.record({ enabled: check.boolean() })),
        reboot_window: maybe(
          check
            .record({ start: check.nat({ max: 23 }), long: check.integer({ min: 1, max: 23 }) })
            .map(({ start, long }) => ({ start_hour: start, end_hour: (start + long) % 24 })),
        ),
        screens,
      })
      .map(({ serial, found, screens, ...rest }) => {
        const live = terminalConfiguration({ id: `tmc_${serial}`, ...found, ...rest, ...screens });
        return JSON.parse(JSON.stringify(live)) as Live;
      });
  },
  stated: (live, dice) => [
    ['id', live.id],
    ['is_account_default', live.is_account_default as boolean],
    ['name', textOrNull(live.name)],
    ['tipping', tippingTree(live, dice)],
    ...['offline', 'cellular'].map((name): [string, Tree] => {
      const { enabled } = (live[name] ?? {}) as { enabled?: boolean | null };
      // What is not set in the account's default is off.
      const isSet = live[name] !== undefined && (enabled !== null || live.is_account_default === true);
      return [name, isSet ? tree({ enabled: enabled === true }, (one: boolean) => one) : null];
    }),
    ['reboot_window', tree(live.reboot_window, count)],
    ...READERS.map((reader): [string, Tree] => {
      const screen = live[reader] as { splashscreen?: string } | undefined;
      return [reader, screen?.splashscreen === undefined ? null : tree(screen, (one: string) => one)];
    }),
  ],
  natural: { field: 'name', other: 'other one' },
  state: null,
  edits: {
    is_account_default: ({ is_account_default: is }) => ({ is_account_default: !is }),
    name: otherText('name'),
    tipping({ tipping }) {
      const [[code, tips] = ['usd', {}]] = Object.entries((tipping ?? {}) as RawTipping) as [string, RawTips][];
      const percentages = [...(tips.percentages ?? []), 41].slice(-3);
      return { tipping: { ...(tipping as object), [code]: { ...tips, percentages } } };
    },
    ...Object.fromEntries(
      ['offline', 'cellular'].map((name) => [
        name,
        (live: Live) => ({ [name]: { enabled: (live[name] as { enabled: boolean } | undefined)?.enabled !== true } }),
      ]),
    ),
    reboot_window: ({ reboot_window: window }) => ({
      reboot_window: window === undefined ? { start_hour: 0, end_hour: 6 } : undefined,
    }),
    ...Object.fromEntries(
      READERS.map((reader) => [
        reader,
        (live: Live) => ({
          [reader]: {
            splashscreen: (live[reader] as { splashscreen?: string } | undefined)?.splashscreen ? undefined : 'file_3',
          },
        }),
      ]),
    ),
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    is_account_default: ['maybe', 'Expected true or false'],
    name: ['[]', 'Expected'],
    tipping: ['{ usd: { fixed_amounts: [1.50] } }', 'Amounts are in cents'],
    offline: ['true', 'Expected'],
    cellular: ['{ enabled: null }', 'Expected'],
    reboot_window: ['{ start_hour: 24, end_hour: 3 }', 'at most 23'],
    ...Object.fromEntries(READERS.map((reader) => [reader, ['file_1', 'Expected'] as const])),
  },
  omitted: {
    reader_security: 'the passcode of readers, a secret',
    wifi: 'passwords, user names and keys of Wi-Fi networks',
  },
  row: {
    path: 'terminal/configurations',
    noun: 'terminal.configuration',
    permission: 'terminal_configuration_read',
    label: 'Terminal configurations',
    filters: { is_account_default: (value) => (live) => String(live.is_account_default) === value },
  },
  writes: {
    update: `cellular name offline reboot_window tipping ${READERS.join(' ')}`,
    lasting: 'name',
    create: '',
    blank: () => terminalConfiguration({ id: 'tmc_new', name: null }) as unknown as Live,
    lists: 'fixed_amounts percentages',
    numbers: 'end_hour smart_tip_threshold start_hour',
    flags: 'enabled',
    deletes: true,
    refuses: ({ before, after }) =>
      after === null && before?.is_account_default === true ? 'the default can not be deleted' : null,
  },
  beside(objects) {
    let hasDefault = false;
    return objects.map((live) => {
      const isDefault = live.is_account_default === true && !hasDefault;
      hasDefault ||= isDefault;
      return { ...live, is_account_default: isDefault };
    });
  },
};

/** What stands in the sample and must not turn up anywhere: passwords, passcodes, networks and links. */
export const hidden = [
  ...['07139', 'hidden-peap-password', 'hidden-key-password', 'hidden-psk-password'],
  ...['hidden.user', 'HiddenOffice', 'HiddenWarehouse', 'HiddenShop'],
  ...['file_1HiddenAuthority', 'file_1HiddenCertificate', 'file_1HiddenPrivateKey', 'hidden-link'],
  ...['wifi', 'personal_psk', 'ssid', 'admin_menu_passcode', 'reader_security'],
];
