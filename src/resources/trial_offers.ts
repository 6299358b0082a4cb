import type Stripe from 'stripe';
import { type Fields, isRecord, type Symptom, type Value } from '../model.ts';
import { reference } from '../vocabulary/reference.ts';
import { always, flag, integer, literal, openWord, text } from '../vocabulary/scalars.ts';
import { whole } from '../vocabulary/shape.ts';
import { archivable, type Others, outOfUse, type Resource, textOf, valueAt } from './resource.ts';

const price = (which: string) => ({
  formerly: ['price_id'],
  type: always(reference('prices', 'price_')),
  description: `The price ${which}: the name of an entry in \`prices\`, or an id.`,
});

const duration = whole({
  relative: {
    formerly: ['intervals'],
    type: whole({
      iterations: {
        formerly: ['count', 'interval_count', 'intervals'],
        type: always(integer(1)),
        required: true,
        description: 'How many billing periods of the price.',
      },
    }),
    required: true,
    description: 'A number of billing periods: `{ iterations: 2 }`.',
  },
  type: {
    type: openWord(['relative'], 'type of duration', { typos: true }),
    default: 'relative',
    description: 'How the duration is stated.',
  },
});

const endBehavior = whole({
  transition: {
    type: whole({ price: { ...price('after the trial'), required: true } }),
    required: true,
    description: 'The change to another price: `{ price: pro_monthly }`.',
  },
  type: {
    type: openWord(['transition'], 'end of a trial', { typos: true }),
    default: 'transition',
    description: 'What happens.',
  },
});

/** The price after the trial. */
const AFTER = ['end_behavior', 'transition', 'price'];

/** Trial offers (docs.stripe.com/api/product-catalog/trial-offer). */
export const trialOffers: Resource<Stripe.ProductCatalog.TrialOffer> = {
  section: 'trial_offers',
  kind: 'trial offer',
  formerly: ['trial_offer', 'trial', 'trials', 'product_catalog_trial_offers'],
  instead: {
    status: 'Write active: true, or active: false',
    enabled: 'Write active: true, or active: false',
    archived: 'Write active: false',
    iterations: 'Write duration: { relative: { iterations: 2 } }',
    transition: 'Write end_behavior: { transition: { price: … } }',
    trial_period_days: 'Write duration: { relative: { iterations: 2 } }, in billing periods of the price',
  },
  description:
    "A trial offer: the price of a subscription's item at first, for how long, and its price afterwards. Found by `id`, else by `nickname`, else by `price`, together with the price in `end_behavior`, if the entry states it.",
  example: `pro_first_months:
  nickname: Two months of Pro for less
  price: { id: price_1ProForLess }
  duration: { relative: { iterations: 2 } }
  end_behavior: { transition: { price: pro_monthly } }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The trial offer's id, `to_…`. Finds the trial offer.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    nickname: {
      formerly: ['name', 'label', 'title', 'description', 'display_name'],
      type: text(255),
      description:
        "A name for yourself that customers do not see, at most 255 characters. Finds the trial offer if the entry has no `id`. Can't be changed after creation.",
      read: (live) => live.nickname ?? null,
      fixed: true,
    },
    price: {
      ...price('during the trial'),
      description:
        "The price during the trial: the name of an entry in `prices`, or an id. Finds the trial offer if the entry has neither `id` nor `nickname`, together with the price in `end_behavior`. Can't be changed after creation.",
      read: (live) => live.price,
      fixed: true,
      needs: 'active',
    },
    duration: {
      formerly: ['length', 'period'],
      type: always(duration),
      description: "How long the trial is: `{ relative: { iterations: 2 } }`. Can't be changed after creation.",
      read: (live) => live.duration,
      fixed: true,
    },
    end_behavior: {
      formerly: ['end', 'then', 'after'],
      type: always(endBehavior),
      description:
        "What happens at the end of the trial: `{ transition: { price: pro_monthly } }`. Can't be changed after creation.",
      read: (live) => live.end_behavior,
      fixed: true,
      needs: 'active',
      // Stripe names its type, and takes none.
      parameters(value) {
        const { type: _, ...rest } = isRecord(value) ? value : {};
        const said = endBehavior.parameter?.(rest as Value);
        return isRecord(said) ? { end_behavior: said } : null;
      },
    },
    active: {
      type: always(flag),
      description: 'Whether new subscriptions can begin with it. If left out, `true` is expected.',
      default: true,
      read: (live) => live.active,
    },
  },
  id: 'stripe',
  prefix: 'to_',
  identities: [
    { by: 'nickname', portable: true },
    { by: 'price', also: [AFTER.join('.')], portable: true },
  ],
  state: archivable('No new subscription can begin with it; trials that have begun go on.'),
  permission: null,
  source: {
    path: '/v1/product_catalog/trial_offers',
    list: 'v1',
    inForce: { active: 'true' },
    retired: { active: 'false' },
  },
  unusual: true,
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.nickname || live.id,
  naming({ nickname, duration: time }, { refer }) {
    const during = refer('price');
    return {
      names: [textOf(nickname), during === null ? 'trial offer' : `${during} trial`],
      marks: [textOf(valueAt({ time: time ?? null }, ['time', 'relative', 'iterations']))],
    };
  },
  likeness(fields) {
    if (typeof fields.nickname === 'string') return JSON.stringify([fields.nickname]);
    const [during, after] = [fields.price, valueAt(fields, AFTER)].map((one) =>
      isRecord(one) && typeof one.entry === 'string' ? one.entry : null,
    );
    return during == null || after == null ? null : JSON.stringify([during, after, fields.duration ?? null]);
  },
  // Nothing that finds it can be changed.
  dashboard: 'products',
  hasNoPage: true,
  command: {
    words: null,
    creation: (fields) => ['price', 'duration', 'end_behavior'].find((name) => fields[name] == null) ?? {},
    replacement: () => ({}),
  },
  replacing: 'begin new subscriptions with it, and archive the old one',
  replacingRisk: 'Subscriptions that began with the old trial offer keep it until their trials end.',
  outside: { places: 'code', fails: 'new subscriptions that name it fail' },
  healthOf: [['price'], AFTER],
  healthRules: {
    'trial-offer-with-archived-price': {
      severity: 'warning',
      finds: 'a trial offer with an archived price, during the trial or after it',
    },
  },
  health: ({ fields, inForce }, _stated, others) => (inForce ? archivedPrices(fields, others) : []),
};

/** The prices with which no subscription can begin, or go on. */
function archivedPrices(fields: Fields, others: Others): Symptom[] {
  const places = [
    ['price', fields.price, 'during the trial'],
    ['end_behavior', valueAt(fields, AFTER), 'after the trial'],
  ] as const;
  return places.flatMap(([field, id, when]): Symptom[] => {
    const found = outOfUse(others, 'prices', id);
    if (found === undefined) return [];
    return [
      {
        rule: 'trial-offer-with-archived-price',
        field,
        message: `its price ${when} is archived, and no new subscription can use an archived price.`,
        remedy: 'Activate the price again, or create another trial offer with an active price, and archive this one.',
        cause: { section: 'prices', id: found.id, field: 'active' },
      },
    ];
  });
}
