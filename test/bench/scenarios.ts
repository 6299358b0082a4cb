/** What is measured: the name of each scenario, the account, the file, the server and how the program is called. */
import { type Account, accountOf, densities } from './account.ts';
import { type Declaration, declaredOf } from './declaration.ts';
import { limits } from './limiter.ts';
import type { Serving } from './server.ts';

/** A check against the server. */
export interface Check extends Serving {
  readonly kind: 'check';
  readonly name: string;
  readonly declaration: Declaration;
  /** `requests-per-second` of the program. */
  readonly ceiling: number;
  /** The scripts that are measured beside it: one that only reads, and one that compares too. */
  readonly peers: readonly ('script' | 'comparing')[];
  /** The same with a tenth of the objects, where that is measured too. */
  readonly smaller: string | null;
  /** Measured once, however many runs are asked for: it takes minutes. */
  readonly isLong: boolean;
}

/** A process that asks no server, or hardly: what counts is how long it takes to start. */
export interface Start {
  readonly kind: 'start';
  readonly name: string;
  readonly command: 'empty' | 'version' | 'lint' | 'check';
}

/** A file that is checked alone. */
export interface Lint {
  readonly kind: 'lint';
  readonly name: string;
  readonly account: Account;
  readonly declaration: Declaration;
  readonly smaller: string | null;
}

export type Scenario = Check | Start | Lint;

/** Latency of an answer where reading is measured: that of Stripe from a hosted runner. */
const LATENCY_MS = 100;
const DEFAULT_CEILING = 20;
/** No ceiling: only where there is neither latency nor a limit. */
const UNBOUNDED = 1000;
/** From this many prices on a run at the default ceiling takes about a minute. */
const LONG = 100_000;

const starts: readonly Start[] = (['empty', 'version', 'lint', 'check'] as const).map((command) => ({
  kind: 'start',
  name: `start-${command}`,
  command,
}));

/** Whole lists, at Stripe's latency and within its limits. */
function reading(name: string, account: Account, rest: Partial<Check> = {}): Check {
  return {
    kind: 'check',
    name: `reading-${name}`,
    account,
    declaration: { prices: Math.min(100, account.prices) },
    latencyMs: LATENCY_MS,
    isLimited: true,
    ceiling: DEFAULT_CEILING,
    peers: [],
    smaller: null,
    isLong: account.prices >= LONG,
    ...rest,
  };
}

const sizes = [10, 100, 1_000, 10_000, 100_000];

const wholeLists = sizes.flatMap((size, index) =>
  densities.map((density) =>
    reading(`${size}-${density}`, accountOf(size, density), {
      // The script reads one page after the other: for it the densities are alike.
      peers: density === 'even' ? ['script'] : [],
      smaller: index === 0 ? null : `reading-${sizes[index - 1]}-${density}`,
    }),
  ),
);

const wide: Account = { ...accountOf(10_000), products: 10_000, coupons: 10_000 };
const most = accountOf(100_000);

const readings: readonly Check[] = [
  ...wholeLists,
  reading('1000-test-mode', { ...accountOf(1_000), mode: 'test' }),
  reading('sections-at-80', wide, { declaration: { prices: 100, coupons: 10 }, ceiling: 80 }),
  reading('keys', most, { declaration: { prices: 10, ignoresOthers: true } }),
  reading('ids', most, { declaration: { prices: 10, by: 'id', ignoresOthers: true } }),
  reading('product-ids', most, { declaration: { prices: 0, products: 200, ignoresOthers: true } }),
];

/** Work without waiting: no latency, no limit, no ceiling. */
function working(name: string, size: number, declaration: Declaration, smaller: string | null = null): Check {
  return {
    ...reading('', accountOf(size)),
    name: `working-${name}`,
    declaration,
    latencyMs: 0,
    isLimited: false,
    ceiling: UNBOUNDED,
    peers: ['script', 'comparing'],
    smaller,
    isLong: false,
  };
}

const declaredOfLive = [
  [10, 10],
  [100, 100],
  [1_000, 1_000],
  [10_000, 10_000],
  [10, 100],
  [10, 1_000],
  [10, 10_000],
  [10, 100_000],
  [100, 1_000],
  [100, 10_000],
  [100, 20_000],
  [100, 100_000],
] as const;

const workings: readonly Check[] = [
  ...declaredOfLive.map(([declared, live]) => {
    const smaller = declared === live ? [live / 10, live / 10] : [declared, live / 10];
    const isThere = declaredOfLive.some(([one, other]) => one === smaller[0] && other === smaller[1]);
    const name = (pair: readonly (number | undefined)[]) => `${pair[0]}-of-${pair[1]}`;
    return working(name([declared, live]), live, { prices: declared }, isThere ? `working-${name(smaller)}` : null);
  }),
  ...[20_000, 100_000].map((live) =>
    working(`100-of-${live}-others-ignored`, live, { prices: 100, ignoresOthers: true, needsList: true }),
  ),
];

const lints: readonly Lint[] = [false, true].flatMap((isWrong) =>
  [1_000, 10_000].map((size): Lint => {
    const name = (of: number) => `working-lint-${isWrong ? 'wrong-' : ''}${of}`;
    return {
      kind: 'lint',
      name: name(size),
      account: accountOf(size),
      declaration: { prices: size, isWrong },
      smaller: size === 1_000 ? null : name(size / 10),
    };
  }),
);

export const scenarios: readonly Scenario[] = [...starts, ...readings, ...workings, ...lints];

/** Whether a quick run has it: up to a thousand prices. */
export function isQuick(scenario: Scenario): boolean {
  return scenario.kind === 'start' || scenario.account.prices <= 1_000;
}

/** The account that the start of a check is measured with, and what of it is declared. */
export const smallest = working('', 10, { prices: 10 });

// --- What would do

/** The most objects of a page, and the most values of a look-up. */
const PAGE = 100;
const LOOKUP_KEYS = 10;

/** The fewest requests that tell what the file needs to know, by section. */
export function fewest({
  account,
  declaration,
}: Pick<Check, 'account' | 'declaration'>): Readonly<Record<string, number>> {
  const { ignoresOthers = false, needsList = false, by = 'lookup_key' } = declaration;
  const declared = declaredOf(declaration);
  const pages = (live: number) => Math.max(1, Math.ceil(live / PAGE));
  const lookUps = {
    products: Math.ceil(declared.products / PAGE),
    prices: by === 'id' ? declared.prices : Math.ceil(declared.prices / LOOKUP_KEYS),
    coupons: declared.coupons,
  };
  const of = (section: keyof typeof lookUps) => {
    if (declared[section] === 0) return 0;
    const whole = pages(account[section]);
    return ignoresOthers && !(needsList && section === 'prices') ? Math.min(whole, lookUps[section]) : whole;
  };
  return { webhook_endpoints: 1, products: of('products'), prices: of('prices'), coupons: of('coupons') };
}

export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

/**
 * The shortest time for the fewest requests, in milliseconds. The first is sent at once, the others evenly at the ceiling or
 * Stripe's limit, whichever is lower, of an endpoint and of all together; then the last answer takes its latency.
 */
export function bound(check: Check): number {
  const { ceiling, latencyMs, account, isLimited } = check;
  const counts = fewest(check);
  const perSecond = (limit: number) => (isLimited ? Math.min(ceiling, limit) : ceiling);
  const sending = [
    (sum(counts) - 1) / perSecond(limits[account.mode]),
    ...Object.values(counts).map((count) => (count - 1) / perSecond(limits.endpoint)),
  ];
  return 1000 * Math.max(0, ...sending) + latencyMs;
}
