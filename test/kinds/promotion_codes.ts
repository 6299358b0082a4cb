/** Promotion codes. */
import type Stripe from 'stripe';
import { type Dice, Digits, Names, type Tree } from '../tree.ts';
import { coupon } from './coupons.ts';
import { below, type Kind, type Live, type LiveState, type Params } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { count, metadataTree, momentTree, otherMetadata, storedMetadata, TODAY, values } from './values.ts';

/** A promotion code as the API sends it, its coupon not expanded. Its other currencies are sent when asked for. */
export type RawPromotionCode = Wire<Omit<Stripe.PromotionCode, 'customer' | 'promotion'>> & {
  customer: string | null;
  promotion: { coupon: string | null; type: 'coupon' };
};

type RawRestrictions = RawPromotionCode['restrictions'];

/** An active promotion code of a coupon, for everyone, in live mode. */
export function promotionCode(overrides: Overrides<RawPromotionCode> = {}): RawPromotionCode {
  const number = next();
  return {
    id: `promo_${serial(number)}`,
    object: 'promotion_code',
    active: true,
    code: `CODE${number}`,
    created: EPOCH + number,
    customer: null,
    customer_account: null,
    expires_at: null,
    livemode: true,
    max_redemptions: null,
    metadata: {},
    promotion: { coupon: 'SAVE', type: 'coupon' },
    restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
    times_redeemed: 0,
    ...stated(overrides),
  };
}

/** Whether Stripe has deactivated it for good. */
function isSpent({ expires_at: until, max_redemptions: most, times_redeemed: times }: RawPromotionCode): boolean {
  return (until !== null && until * 1000 <= Date.now()) || (most !== null && times >= most);
}

/** A code in small letters, or as it is: Stripe takes them for the same. A report shows the one that the file has. */
function inSomeCase(code: string): string {
  return code.length % 2 === 0 ? code.toLowerCase() : code;
}

function restrictionsTree(
  {
    first_time_transaction: first,
    minimum_amount: least,
    minimum_amount_currency: own,
    currency_options: options,
  }: RawRestrictions,
  dice: Dice,
): Tree {
  const others = Object.entries(options ?? {}).filter(([code]) => code !== own);
  const pairs: (readonly [string, Tree])[] = [
    ...(first || dice.often(40) ? [['first_time_transaction', first] as const] : []),
    ...(least !== null || dice.often(40)
      ? [['minimum_amount', least === null ? null : new Digits(String(least), 'amount')] as const]
      : []),
    ...(own !== null || dice.often(40) ? [['minimum_amount_currency', own] as const] : []),
    ...(others.length > 0 || dice.often(40)
      ? [
          [
            'currency_options',
            new Names(
              others.map(([code, option]) => [
                code,
                new Names([['minimum_amount', new Digits(String(option.minimum_amount), 'amount')]]),
              ]),
            ),
          ] as const,
        ]
      : []),
  ];
  return pairs.length === 0 && dice.often(50) ? null : new Names(pairs);
}

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json), with what only an expanded answer has.
  sample: {
    active: false,
    code: 'FALL20',
    created: 1234567890,
    customer: null,
    customer_account: null,
    expires_at: 1234567890,
    id: 'promo_1Pgc79B7WZ01zgkWNy4mn5NX',
    livemode: false,
    max_redemptions: null,
    metadata: {},
    object: 'promotion_code',
    promotion: { coupon: null, type: 'coupon' },
    restrictions: {
      currency_options: {},
      first_time_transaction: false,
      minimum_amount: null,
      minimum_amount_currency: null,
    },
    times_redeemed: 0,
  },
  kept: {
    label: 'FALL20',
    fields: {
      id: 'promo_1Pgc79B7WZ01zgkWNy4mn5NX',
      code: 'FALL20',
      promotion: { coupon: null, type: 'coupon' },
      active: false,
      max_redemptions: null,
      expires_at: '2009-02-13T23:31:30Z',
      restrictions: {
        first_time_transaction: false,
        minimum_amount: null,
        minimum_amount_currency: null,
        currency_options: null,
      },
      metadata: null,
      spent: 'expired',
      nearly_used_up: false,
    },
  },
  any(check) {
    const { text, metadata } = values(check);
    const amount = check.integer({ min: 1, max: 1_000_000 });
    return check
      .record({
        serial: check.nat(),
        active: check.constantFrom(true, true, false),
        code: check.oneof(
          check.constantFrom('LAUNCH25', 'Launch25', '007'),
          check.stringMatching(/^[A-Za-z0-9-]{1,12}$/),
        ),
        coupon: check.oneof(check.constantFrom('SAVE', 'SAVE', null), text),
        expires_at: check.option(
          check.oneof(
            check.integer({ min: -1500, max: 1500 }).map((days) => (TODAY + days) * 86_400),
            check.integer({ min: 172_800, max: 120_000_000 }).map((seconds) => TODAY * 86_400 + seconds),
          ),
        ),
        max_redemptions: check.option(check.integer({ min: 1, max: 1000 })),
        times_redeemed: check.constantFrom(0, 1, 1000),
        metadata,
        first_time_transaction: check.boolean(),
        least: check.option(
          check.record({
            minimum_amount: amount,
            minimum_amount_currency: check.constantFrom('usd', 'jpy', 'kwd'),
            currency_options: check.dictionary(
              check.constantFrom('eur', 'gbp', 'chf'),
              amount.map((minimum_amount) => ({ minimum_amount })),
              { maxKeys: 3, noNullPrototype: true },
            ),
          }),
        ),
      })
      .map(({ serial, coupon, first_time_transaction, least, active, ...rest }) => {
        const none = { minimum_amount: null, minimum_amount_currency: null, currency_options: {} };
        const made = promotionCode({
          id: `promo_${serial}`,
          ...rest,
          promotion: { coupon, type: 'coupon' },
          restrictions: { first_time_transaction, ...(least ?? none) },
        });
        return { ...made, active: active && !isSpent(made) } as unknown as Live;
      });
  },
  stated: (live, dice, refer) => [
    ['id', live.id],
    ['code', inSomeCase(live.code as string)],
    [
      'promotion',
      new Names([
        ['coupon', refer('coupons', null, (live.promotion as RawPromotionCode['promotion']).coupon)],
        ...(dice.often(30) ? [['type', 'coupon'] as const] : []),
      ]),
    ],
    ['active', live.active as boolean],
    ['max_redemptions', live.max_redemptions === null ? null : count(live.max_redemptions)],
    ['expires_at', momentTree(live.expires_at, dice)],
    ['restrictions', restrictionsTree(live.restrictions as RawRestrictions, dice)],
    ['metadata', metadataTree(live)],
  ],
  natural: { field: 'code', other: 'OTHER-ONE' },
  state: { isActive: ({ active }) => active === true, field: { name: 'active', active: true, retired: false } },
  edits: {
    // One at a time has it.
    code: ({ id }) => ({ code: `OTHER-${id.replace(/\D/g, '')}` }),
    promotion: () => ({ promotion: { coupon: 'coupon_of_somebody_else', type: 'coupon' } }),
    max_redemptions: ({ max_redemptions: most }) => ({ max_redemptions: most === null ? 5000 : null }),
    expires_at: ({ expires_at: until }) => ({ expires_at: until === null ? 1_900_000_001 : (until as number) + 1 }),
    restrictions(live) {
      const restrictions = live.restrictions as RawRestrictions;
      const { first_time_transaction: first, minimum_amount: least, currency_options: options } = restrictions;
      if (least === null) return { restrictions: { ...restrictions, first_time_transaction: !first } };
      return { restrictions: { ...restrictions, currency_options: { ...options, nok: { minimum_amount: 1 } } } };
    },
    metadata: otherMetadata,
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    code: ['null', 'code'],
    promotion: ['{ coupon: nowhere }', 'declares no coupons'],
    active: ['maybe', 'Expected true or false'],
    max_redemptions: ['many', 'Expected'],
    expires_at: ['tomorrow', 'a time with its zone'],
    restrictions: ['{ minimum_amount: 5000 }', 'minimum_amount_currency'],
    metadata: ['[]', 'Expected'],
  },
  omitted: {
    customer: 'only codes for one customer have it, which are passed over',
    customer_account: 'only codes for one customer have it, which are passed over',
  },
  skipped: [{ customer: 'cus_1' }, { customer_account: 'acct_1Customer' }],
  row: {
    path: 'promotion_codes',
    noun: 'promotion code',
    permission: 'promotion_code_read',
    label: 'Promotion Codes',
    created: true,
    active: { unsaid: 'all' },
    filters: {
      code: (value) => (live) => String(live.code).toLowerCase() === value.toLowerCase(),
      coupon: (value) => (live) => (live.promotion as RawPromotionCode['promotion']).coupon === value,
    },
    expandable: (path) => path.join('.') === 'restrictions.currency_options',
    render(live, paths) {
      const { restrictions, ...body } = live as unknown as RawPromotionCode;
      const { currency_options: options, ...rest } = restrictions;
      const isShown = options !== undefined && below(paths, 'restrictions') !== null;
      return { ...body, restrictions: isShown ? restrictions : rest };
    },
  },
  writes: {
    update: 'active metadata restrictions',
    lasting: 'active',
    create: 'code expires_at max_redemptions promotion',
    blank: () => promotionCode({ id: 'promo_new' }) as unknown as Live,
    merges: 'restrictions',
    numbers: 'expires_at max_redemptions minimum_amount',
    flags: 'active first_time_transaction',
    refuses: ({ before, after, params }, state) =>
      after === null ? null : refusal(before as never, after as never, params, state),
  },
  possible(live) {
    const raw = live as unknown as RawPromotionCode;
    return { ...raw, metadata: storedMetadata(raw.metadata), active: raw.active && !isSpent(raw) } as unknown as Live;
  },
  beside: promoted,
};

/** Promotion codes of coupons that are there: none is active whose coupon is not valid, and no two of one code are. */
function promoted(codes: readonly Live[], state: { [section: string]: Live[] }): Live[] {
  const taken = new Set<string>();
  return codes.map((live) => {
    const { coupon: wanted } = live.promotion as { coupon: string | null };
    const coupons = state.coupons ?? [];
    const known = coupons.find(({ id }) => id === wanted) ?? coupons[0];
    const used = known ?? (coupon({ id: 'ADDED' }) as unknown as Live);
    if (known === undefined) state.coupons = [used];
    const code = String(live.code).toLowerCase();
    const active = live.active === true && used.valid === true && !taken.has(code);
    if (active) taken.add(code);
    const [until, last] = [live.expires_at as number | null, used.redeem_by as number | null];
    const expires_at = until !== null && last !== null && until > last ? last : until;
    return { ...live, promotion: { type: 'coupon', coupon: used.id }, active, expires_at };
  });
}

function refusal(
  before: RawPromotionCode | null,
  after: RawPromotionCode,
  { restrictions: said }: Params,
  { coupons = [], promotion_codes: codes = [] }: LiveState,
): string | null {
  const { restrictions, promotion } = after;
  const coupon = coupons.find(({ id }) => id === promotion.coupon);
  const { minimum_amount: least, minimum_amount_currency: own } = restrictions;
  if (own !== null && Object.keys((said as Params | undefined)?.currency_options ?? {}).includes(own))
    return 'currency_options may not name the own currency';
  if (before !== null && Object.keys((said as Params | undefined) ?? {}).some((name) => name !== 'currency_options'))
    return 'of restrictions only currency_options can be changed';
  if ((least === null) !== (own === null)) return 'an amount needs a currency';
  if (before === null && (coupon === undefined || !coupon.valid)) return 'the coupon is not there, or not valid';
  if (
    before === null &&
    after.expires_at !== null &&
    coupon?.redeem_by != null &&
    after.expires_at > Number(coupon.redeem_by)
  )
    return 'it expires after its coupon';
  if (!after.active || before?.active) return null;
  if (isSpent(after)) return 'it has expired, or is used up';
  if (!coupon?.valid) return 'the coupon is not valid';
  const isTaken = codes.some(
    ({ id, active, code }) =>
      id !== after.id && active === true && String(code).toLowerCase() === after.code.toLowerCase(),
  );
  return isTaken ? 'an active promotion code has this code' : null;
}
