import type Stripe from 'stripe';
import { isRecord, type MapNode, type Value } from '../model.ts';
import { bare, placeWords } from '../text.ts';
import { list } from '../vocabulary/collections.ts';
import { amount, byCurrency, minorUnit } from '../vocabulary/money.ts';
import { always, flag, integer, literal, objectId, ofMode, text } from '../vocabulary/scalars.ts';
import { someOf, whole } from '../vocabulary/shape.ts';
import { type Context, type Parameter, parameterOf, type Type } from '../vocabulary/type.ts';
import { type Field, type Resource, textOf } from './resource.ts';

/** On or off. Where Stripe says null, nothing is set. */
const enabled = (description: string): Type =>
  someOf(whole({ enabled: { type: always(flag), required: true, description } }));

/** What is not set is left to the account's default; in that one itself it is off, since nobody turned it on. */
function switchOf(live: Stripe.Terminal.Configuration, name: 'offline' | 'cellular'): object | null {
  const { [name]: group, is_account_default: isDefault } = live;
  return group != null && isDefault === true ? { enabled: group.enabled === true } : (group ?? null);
}

const hour = (description: string) => ({ type: always(integer(0, 23)), required: true as const, description });

const hours = whole({
  start_hour: hour('The hour in which it begins, from 0 to 23.'),
  end_hour: hour('The hour in which it ends, from 0 to 23.'),
});

/** When readers may restart: not in no time. */
const rebootWindow: Type = {
  ...hours,
  expected(node, context) {
    const value = hours.expected(node, context);
    const { start_hour: start, end_hour: end } = isRecord(value) ? value : {};
    if (node.kind === 'map' && isRecord(value) && start === end) {
      const at = node.entries.get('end_hour')?.at ?? node.at;
      context.complain(at, `is ${bare(String(end))}, as start_hour is; Stripe expects another hour`, 'doubt');
    }
    return value;
  },
};

// --- Tips

const TIPS = ['percentages', 'fixed_amounts', 'smart_tip_threshold'] as const;

const tips = someOf(
  whole({
    percentages: {
      formerly: ['percents', 'percentage'],
      type: list(always(integer()), 3),
      description: 'Tips in percent, in the order in which the reader shows them, at most 3.',
    },
    fixed_amounts: {
      formerly: ['amounts', 'fixed_amount'],
      type: list(always(amount), 3),
      description: `Tips as amounts, ${minorUnit}, in the order in which the reader shows them, at most 3.`,
    },
    smart_tip_threshold: {
      formerly: ['threshold', 'smart_tip'],
      type: amount,
      description: `Below this amount, ${minorUnit}, the reader shows \`fixed_amounts\`, from it on \`percentages\`.`,
    },
  }),
);

const plainTipping = byCurrency(tips);

/** The tips of each currency: all that is stated of one is one statement. */
const tipping: Type = {
  ...plainTipping,
  expected(node, context) {
    const value = plainTipping.expected(node, context);
    if (node.kind === 'map' && isRecord(value)) checkTips(node, value as Tips, context);
    return value;
  },
};

type Tips = { readonly [currency: string]: { readonly [name: string]: Value } | null };

/** Of a currency the names that have a value. */
function namesOf(value: Tips[string] | undefined): string[] {
  return TIPS.filter((name) => (value?.[name] ?? null) !== null);
}

/** What Stripe expects of the tips of all currencies (docs.stripe.com/terminal/features/collecting-tips/on-reader). */
function checkTips({ entries }: MapNode, value: Tips, { complain }: Context): void {
  const stated = [...entries.values()].filter(({ name }) => value[name] != null);
  for (const { name, at, node } of stated) {
    const has = namesOf(value[name]);
    if (!has.includes('smart_tip_threshold') || has.length === TIPS.length) continue;
    const threshold = node.kind === 'map' ? node.entries.get('smart_tip_threshold') : undefined;
    const rule = 'decides between percentages and fixed_amounts, and goes only with both';
    complain(threshold?.at ?? at, `${rule}. Add what is missing, or remove it`, 'doubt');
  }
  // The order of the file does not matter to Stripe, nor here.
  const [first, ...others] = stated.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, at } of others) {
    if (first === undefined || namesOf(value[name]).join() === namesOf(value[first.name]).join()) continue;
    const where = `${first.name} (${placeWords(first.at, at)})`;
    complain(at, `has other names than ${where}, and Stripe expects the same for all currencies`, 'doubt');
  }
}

/** Whether an update that names some of the tips keeps the others is not known: each names all of them, and takes none away. */
function tippingParameters(
  value: Value,
  request: 'create' | 'update',
  live: Value | undefined,
): { tipping: Parameter } | null {
  const said = (tips: Value): { tipping: Parameter } | null => {
    const parameter = parameterOf(tipping, tips);
    return parameter === undefined ? null : { tipping: parameter };
  };
  if (request === 'create' || !isRecord(value)) return said(value);
  if (live === undefined) return null;
  const before = (live ?? {}) as Tips;
  const after: Tips = { ...before, ...(value as Tips) };
  const left = Object.entries(after).filter(([, one]) => one !== null);
  if (left.length === 0) return said(null);
  const loses = Object.entries(before).some(([code, had]) =>
    namesOf(had).some((name) => !namesOf(after[code]).includes(name)),
  );
  return loses ? null : said(Object.fromEntries(left) as Value);
}

// --- Screens

/** Readers with a screen, by their names in the API. */
const READERS = {
  bbpos_wisepad3: 'BBPOS WisePad 3',
  bbpos_wisepos_e: 'BBPOS WisePOS E',
  stripe_s700: 'Stripe S700',
  stripe_s710: 'Stripe S710',
  stripe_t600: 'Stripe T600',
  verifone_m425: 'Verifone M425',
  verifone_p400: 'Verifone P400',
  verifone_p630: 'Verifone P630',
  verifone_ux700: 'Verifone UX700',
  verifone_v660p: 'Verifone V660p',
} as const;

/** The screen of one kind of reader while nobody pays. */
function screen(reader: keyof typeof READERS): Field<Stripe.Terminal.Configuration> {
  return {
    type: ofMode(
      whole({
        splashscreen: {
          formerly: ['splash_screen', 'image', 'file'],
          type: always(objectId),
          required: true,
          description: 'The image, as the id of a file, `file_…`.',
        },
      }),
    ),
    description: `What ${READERS[reader]} readers show while nobody pays. Files have other ids in the other mode, so an export leaves it out.`,
    read: (live) => (live[reader]?.splashscreen == null ? null : live[reader]),
  };
}

const SECRET = 'Remove it: it holds passwords, so it is never read';

/**
 * Configurations of card readers (docs.stripe.com/api/terminal/configuration). The answer holds passwords of Wi-Fi networks,
 * user names and the passcode of the readers' menu: these are dropped as they arrive, since nothing but the fields is ever kept.
 */
export const terminalConfigurations: Resource<Stripe.Terminal.Configuration> = {
  section: 'terminal_configurations',
  kind: 'terminal configuration',
  formerly: ['terminal_configuration', 'terminal', 'reader_configurations', 'reader_settings'],
  instead: {
    default: 'Write is_account_default: true',
    is_default: 'Write is_account_default: true',
    wifi: SECRET,
    reader_security: SECRET,
    splashscreen: 'Write it below the kind of reader: stripe_s700: { splashscreen: file_… }',
    percentages: 'Write tipping: { usd: { percentages: [ … ] } }',
    fixed_amounts: 'Write tipping: { usd: { fixed_amounts: [ … ] } }',
  },
  description:
    "Settings of card readers: of all (the account's default), or of those at the locations that name it. Found by `id`, else by `is_account_default: true`, else by `name`. What is `null` is not set here, so that the account's default decides. Wi-Fi networks and the passcode of readers are never read.",
  example: `default:
  is_account_default: true
  offline: { enabled: false }
  reboot_window: { start_hour: 3, end_hour: 5 }
  tipping:
    usd: { percentages: [15, 18, 20], fixed_amounts: [100, 200, 300], smart_tip_threshold: 1000 }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The configuration's id, `tmc_…`. Finds the configuration.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    is_account_default: {
      type: { ...always(flag), actual: (raw) => raw === true },
      description:
        "Whether it is the account's default, which all readers have. `true` finds the configuration if the entry has no `id`. No request sets it.",
      read: (live) => live.is_account_default,
      given: true,
      implied: ({ is_account_default: is }) => is === false,
      parameters: (_, request) => (request === 'create' ? {} : null),
    },
    name: {
      formerly: ['title', 'label', 'display_name'],
      type: text(100),
      description:
        'A name, at most 100 characters. Finds the configuration if the entry has neither `id` nor `is_account_default: true`.',
      read: (live) => live.name,
      lasting: true,
    },
    tipping: {
      formerly: ['tips', 'tip'],
      type: tipping,
      description:
        'The tips that readers suggest, by three-letter code of the currency in lower case. Only the currencies that you list are compared, each as a whole; `{}` means that there are none.',
      read: (live) => live.tipping ?? null,
      risk: 'Within minutes, customers are asked for other tips.',
      parameters: (value, request, live) => tippingParameters(value, request, live.tipping),
    },
    offline: {
      formerly: ['offline_mode'],
      type: enabled('Whether readers take payments while they are offline.'),
      description: 'Payments without a connection: `{ enabled: true }`.',
      read: (live) => switchOf(live, 'offline'),
      risk(to) {
        if (!isRecord(to))
          return "From then on, the account's default decides whether readers take payments while they are offline.";
        return to.enabled === true
          ? 'A payment that was taken offline may be declined once the reader is online again, and the goods are gone.'
          : 'Readers without a connection take no payments any more.';
      },
    },
    cellular: {
      formerly: ['mobile_data'],
      type: enabled('Whether readers that can connect over cellular do.'),
      description: 'Cellular connections: `{ enabled: true }`.',
      read: (live) => switchOf(live, 'cellular'),
    },
    reboot_window: {
      formerly: ['reboot', 'restart_window'],
      type: rebootWindow,
      description: 'When readers may restart: `{ start_hour: 3, end_hour: 5 }`, in hours of the day.',
      read: (live) => live.reboot_window ?? null,
    },
    ...(Object.fromEntries(Object.keys(READERS).map((reader) => [reader, screen(reader as keyof typeof READERS)])) as {
      [reader in keyof typeof READERS]: Field<Stripe.Terminal.Configuration>;
    }),
  },
  id: 'stripe',
  prefix: 'tmc_',
  identities: [
    { by: 'is_account_default', value: true, portable: true },
    { by: 'name', portable: true },
  ],
  state: {
    inForce: () => true,
    retire: { kind: 'delete' },
    kept: {
      is: ({ is_account_default: is }) => is === true,
      why: 'Stripe makes the default itself, and nothing says that it can be deleted',
    },
    restore: null,
    words: {
      retire: 'delete',
      retired: 'deleted',
      active: 'there',
      meaning:
        "Readers at the locations that name it have the settings of the account's default. Deleting it can't be undone: its Wi-Fi networks and passcode are lost too.",
    },
  },
  unusual: true,
  permission: { slug: 'rak_terminal_configuration_read', label: 'Terminal configurations' },
  source: { path: '/v1/terminal/configurations', list: 'v1', inForce: {} },
  lookUp: { id: { query: 'path', batch: 1 }, is_account_default: { query: 'is_account_default', batch: 1 } },
  label: (live) => live.name || (live.is_account_default ? 'default' : live.id),
  naming({ is_account_default: is, name }) {
    return { keys: [is === true ? 'default' : null], names: [textOf(name)], marks: [] };
  },
  likeness: ({ is_account_default: is, name }) => (is === true || name != null ? JSON.stringify(is || name) : null),
  dashboard: 'terminal/locations',
  hasNoPage: true,
  command: {
    words: ['terminal', 'configurations'],
    creation: ({ is_account_default: is }) => (is === true ? null : {}),
  },
  creating: 'Wi-Fi networks and the passcode of readers have to be set in it by hand, where it needs any.',
  replacing: 'name it in the locations of the old one, and delete the old one',
  replacingRisk: 'Readers have the settings of the old terminal configuration until their locations name another.',
};
