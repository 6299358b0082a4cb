/** Trial offers. */
import type Stripe from 'stripe';
import { Names, type Tree } from '../tree.ts';
import type { Kind, Live, LiveState, Refer } from './kind.ts';
import { next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { count, noText, otherText, textOrNull, values, wholeTree } from './values.ts';

type Offer = Stripe.ProductCatalog.TrialOffer;

/** A trial offer as the API sends it: without the time when it was made, and with ids of prices that were not expanded. */
export type RawTrialOffer = Wire<Omit<Offer, 'price' | 'end_behavior'>> & {
  price: string;
  end_behavior: Wire<Omit<Offer['end_behavior'], 'transition'>> & { transition?: { price: string } };
};

/** An active trial offer, in live mode. */
export function trialOffer(overrides: Overrides<RawTrialOffer> = {}): RawTrialOffer {
  const number = next();
  return {
    id: `to_${serial(number)}`,
    object: 'product_catalog.trial_offer',
    active: true,
    duration: { relative: { iterations: 1 }, type: 'relative' },
    end_behavior: { transition: { price: 'price_2' }, type: 'transition' },
    livemode: true,
    nickname: null,
    price: 'price_1',
    ...stated(overrides),
  };
}

function endTree({ transition, type }: RawTrialOffer['end_behavior'], refer: Refer, isTyped: boolean): Tree {
  const after = new Names([['price', refer('prices', 'price_', transition?.price)]]);
  return new Names([['transition', after], ...(isTyped ? [['type', type] as const] : [])]);
}

export const kind: Kind = {
  // The published fixtures have none: the object of Stripe's reference, whole as in the SDK's types.
  sample: {
    active: true,
    duration: { relative: { iterations: 2 }, type: 'relative' },
    end_behavior: { transition: { price: 'price_1Hh5Xx2eZvKYlo2C8JaUOv3P' }, type: 'transition' },
    id: 'to_1Hh5Xx2eZvKYlo2C8JaUOv4R',
    livemode: false,
    nickname: null,
    object: 'product_catalog.trial_offer',
    price: 'price_1Hh5Xx2eZvKYlo2C8JaUOv2Q',
  },
  kept: {
    label: 'to_1Hh5Xx2eZvKYlo2C8JaUOv4R',
    fields: {
      id: 'to_1Hh5Xx2eZvKYlo2C8JaUOv4R',
      nickname: null,
      price: 'price_1Hh5Xx2eZvKYlo2C8JaUOv2Q',
      duration: { relative: { iterations: '2' }, type: 'relative' },
      end_behavior: { transition: { price: 'price_1Hh5Xx2eZvKYlo2C8JaUOv3P' }, type: 'transition' },
      active: true,
    },
  },
  any(check) {
    const { text, someText } = values(check);
    const price = check.constantFrom('price_1', 'price_2', 'price_3');
    return check
      .record({
        serial: check.nat(),
        active: check.constantFrom(true, true, false),
        iterations: check.integer({ min: 1, max: 12 }),
        nickname: check.oneof(check.constantFrom('Spring', 'Two months for less'), text, someText),
        price,
        after: price,
      })
      .map(
        ({ serial, iterations, after, ...rest }) =>
          trialOffer({
            id: `to_${serial}`,
            duration: { relative: { iterations }, type: 'relative' },
            end_behavior: { transition: { price: after }, type: 'transition' },
            ...rest,
          }) as unknown as Live,
      );
  },
  stated(live, dice, refer) {
    const { duration, end_behavior: end } = live as never as RawTrialOffer;
    return [
      ['id', live.id],
      ['nickname', textOrNull(live.nickname)],
      ['price', refer('prices', 'price_', live.price)],
      [
        'duration',
        wholeTree(
          [
            ['relative', new Names([['iterations', count(duration.relative?.iterations)]]), undefined],
            ['type', duration.type, 'relative'],
          ],
          dice,
        ),
      ],
      ['end_behavior', endTree(end, refer, dice.often(40))],
      ['active', live.active as boolean],
    ];
  },
  natural: { field: 'nickname', other: 'other one' },
  state: { isActive: ({ active }) => active === true, field: { name: 'active', active: true, retired: false } },
  edits: {
    nickname: otherText('nickname'),
    price: ({ price }) => ({ price: price === 'price_9' ? 'price_8' : 'price_9' }),
    duration: () => ({ duration: { relative: { iterations: 13 }, type: 'relative' } }),
    end_behavior: () => ({ end_behavior: { transition: { price: 'price_9' }, type: 'transition' } }),
  },
  charge: null,
  refused: {
    id: ['""', 'id'],
    nickname: ['[]', 'Expected'],
    price: ['nowhere', 'declares no prices'],
    duration: ['{ relative: { iterations: 0 } }', 'at least 1'],
    end_behavior: ['{ transition: { price: nowhere } }', 'declares no prices'],
    active: ['maybe', 'Expected true or false'],
  },
  row: {
    path: 'product_catalog/trial_offers',
    noun: 'trial offer',
    permission: 'made_up_trial_offer_read',
    label: 'Trial offers',
    undocumented: true,
    active: { unsaid: 'all' },
  },
  writes: {
    update: 'active',
    lasting: 'active',
    create: 'duration end_behavior nickname price',
    blank: () => trialOffer({ id: 'to_new' }) as unknown as Live,
    // Stripe names the type, and takes none.
    means: { end_behavior: (value) => ({ end_behavior: { ...(value as object), type: 'transition' } }) },
    numbers: 'iterations',
    flags: 'active',
    refuses: ({ before, after, params }, state) => refusal(before, after as never, params, state),
  },
  possible: (live) => ({ ...live, nickname: noText(live.nickname) }),
};

function refusal(
  before: Live | null,
  after: RawTrialOffer,
  { end_behavior: end }: { readonly [name: string]: unknown },
  { prices = [] }: LiveState,
): string | null {
  if (typeof end === 'object' && end !== null && 'type' in end) return 'end_behavior takes no type';
  const isArchived = (id: string | undefined) => prices.some((price) => price.id === id && price.active === false);
  if (before === null && (isArchived(after.price) || isArchived(after.end_behavior.transition?.price)))
    return 'a price is archived';
  return null;
}
