import type Stripe from 'stripe';
import { type Expected, type Fields, isRecord, type Symptom, type Value } from '../model.ts';
import { bare, placeWords } from '../text.ts';
import { list } from '../vocabulary/collections.ts';
import { always, cleared, flag, literal, objectId, ofMode, text } from '../vocabulary/scalars.ts';
import { part } from '../vocabulary/shape.ts';
import { type Context, parameterOf } from '../vocabulary/type.ts';
import { metadata, metadataByName, metadataDescription } from './metadata.ts';
import { type Required, withRequired } from './required.ts';
import { type Declarations, type Resource, textOf, valueAt } from './resource.ts';

const letter = (where: string, limit: number) => ({
  type: cleared(text(limit)),
  description: `${where}, at most ${limit} characters.`,
});

const LETTER = {
  header_title: { formerly: ['title'], ...letter('The title at the top', 30) },
  header_body: { formerly: ['body', 'text'], ...letter('The text at the top', 200) },
  footer_title: letter('The title at the bottom', 30),
  footer_body: letter('The text at the bottom', 200),
};
const carrierText = part(LETTER);

/** Whether an update that names a part of the letter keeps the rest is not known: each names all of it. */
const WHOLE_LETTER: Required = Object.keys(LETTER).map((name) => [[], name] as const);

const DEFAULT = ['preferences', 'is_default'];

/** Personalization designs of Issuing (docs.stripe.com/api/issuing/personalization_designs). */
export const personalizationDesigns: Resource<Stripe.Issuing.PersonalizationDesign> = {
  section: 'personalization_designs',
  kind: 'personalization design',
  formerly: ['personalization_design', 'issuing_personalization_designs', 'card_design', 'card_designs', 'designs'],
  instead: {
    is_default: 'Write preferences: { is_default: true }',
    default: 'Write preferences: { is_default: true }',
    ...Object.fromEntries(Object.keys(LETTER).map((name) => [name, `Write carrier_text: { ${name}: … }`])),
    transfer_lookup_key: 'Remove it: it is part of a request, not of the design',
    status: 'Remove it: Stripe reviews each design, and reports say what came of that',
    active: 'Remove it: Stripe reviews each design, and reports say what came of that',
    rejection_reasons: 'Remove it: reports say why Stripe rejected a design',
  },
  description:
    'A personalization design of Issuing: what physical cards and the letters around them look like. Found by `id`, else by `lookup_key`, else by `name`. Stripe reviews designs: one that is active or in review counts as usable. No request deactivates one.',
  example: `standard:
  lookup_key: standard
  name: Standard card
  physical_bundle: ics_1Standard
  carrier_text: { header_title: Welcome }
  preferences: { is_default: true }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The design's id, `ipcd_…`. Finds the design.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    lookup_key: {
      formerly: ['key', 'lookup', 'lookup_keys'],
      type: literal(text(200)),
      description:
        'Your own key, at most 200 characters. Only one design at a time can have it. Finds the design if the entry has no `id`.',
      read: (live) => live.lookup_key,
      unique: true,
      risk: (_, from) =>
        from === null
          ? null
          : 'Code that looks up the design by its present `lookup_key` would no longer find it: change that code first.',
    },
    name: {
      formerly: ['label', 'title', 'nickname', 'display_name'],
      type: text(200),
      description: 'A name, at most 200 characters. Finds the design if the entry has neither `id` nor `lookup_key`.',
      read: (live) => live.name,
    },
    physical_bundle: {
      formerly: ['bundle', 'physical_bundle_id'],
      type: ofMode(always(objectId)),
      description:
        'The card, letter and envelope that it is for, as the id of a physical bundle, `ics_…`. Bundles have other ids in the other mode, so an export leaves it out.',
      read: (live) => live.physical_bundle,
      risk: 'Cards that are created from then on come from another bundle, and Stripe may review the design again.',
    },
    card_logo: {
      formerly: ['logo', 'image', 'file'],
      type: ofMode(objectId),
      description:
        'The logo on the card, as the id of a file, `file_…`. Files have other ids in the other mode, so an export leaves it out.',
      read: (live) => live.card_logo,
      risk: 'Stripe may review the design again: cards that are created meanwhile are made once it is approved.',
    },
    carrier_text: {
      formerly: ['letter', 'carrier'],
      type: carrierText,
      description: 'What the letter around the card says. Only the names that you list are compared.',
      read: (live) => live.carrier_text,
      risk: 'Stripe may review the design again: cards that are created meanwhile are made once it is approved.',
      parameters(value, request, { carrier_text: live = null }) {
        const said = parameterOf(carrierText, request === 'create' ? value : withRequired(value, live, WHOLE_LETTER));
        return said === undefined ? null : { carrier_text: said };
      },
    },
    preferences: {
      type: always(
        part({
          is_default: {
            formerly: ['default'],
            type: always(flag),
            description: 'Whether cards that name no design get this one. One design at a time is the default.',
          },
        }),
      ),
      description: 'When it is used.',
      read: (live) => live.preferences,
      risk: (to) =>
        valueAt({ preferences: to ?? null }, DEFAULT) === true
          ? 'Cards that name no design get this one from then on.'
          : 'Cards that name no design no longer get this one.',
    },
    metadata: {
      type: metadata,
      description: metadataDescription,
      own: true,
      read: (live) => live.metadata,
      parameters: metadataByName,
    },
    status: {
      type: text(),
      description: 'Whether Stripe has approved it.',
      read: (live) => live.status,
      observed: true,
    },
    rejection_reasons: {
      type: part({
        card_logo: { type: list(text()), description: 'Why the logo was rejected.' },
        carrier_text: { type: list(text()), description: 'Why the text was rejected.' },
      }),
      description: 'Why it was rejected.',
      read: (live) => live.rejection_reasons,
      observed: true,
    },
  },
  id: 'stripe',
  prefix: 'ipcd_',
  identities: [
    { by: 'lookup_key', portable: true },
    { by: 'name', portable: true },
  ],
  state: {
    inForce: ({ status }) => !isUnusable(status),
    spent: ({ status }) => isUnusable(status),
    retire: null,
    restore: null,
    words: {
      retire: 'deactivate',
      retired: 'inactive or rejected',
      active: 'usable',
      meaning: 'No card can be created with it.',
    },
  },
  permission: null,
  source: { path: '/v1/issuing/personalization_designs', list: 'v1', inForce: {} },
  unready: 'Without Stripe Issuing there are no designs: set it up in the Dashboard, or remove the section',
  unusual: true,
  lookUp: { id: { query: 'path', batch: 1 }, lookup_key: { query: 'lookup_keys', batch: 10 } },
  label: (live) => live.name || live.lookup_key || live.id,
  naming: ({ lookup_key: key, name }, around) => ({
    keys: [textOf(key), around.key],
    names: [textOf(name)],
    marks: [],
  }),
  likeness: ({ lookup_key: key, name }) => textOf(key) ?? (name == null ? null : JSON.stringify(name)),
  dashboard: 'issuing',
  hasNoPage: true,
  command: {
    words: ['issuing', 'personalization_designs'],
    creation: (fields) => (fields.physical_bundle == null ? 'physical_bundle' : {}),
  },
  replacing: 'and name it wherever the old one is named',
  replacingRisk: 'Cards keep the old personalization design.',
  creating: 'Stripe may review the new design: cards that are created meanwhile are made once it is approved.',
  checkBeside: checkDefault,
  healthRules: {
    'personalization-design-unusable': {
      severity: 'warning',
      finds: 'a personalization design that Stripe rejected, or that was deactivated: no card can be created with it',
    },
    'personalization-design-in-review': {
      severity: 'notice',
      finds: 'a personalization design that Stripe still reviews: cards with it are made once it is approved',
    },
  },
  health: ({ fields }) => reviewed(fields),
};

function isUnusable(status: Value | undefined): boolean {
  return status === 'inactive' || status === 'rejected';
}

/** Of two entries that state that they are the default, the one that is not is told: what Stripe has is no doubt. */
function checkDefault(entry: Expected, { all }: Declarations, complain: Context['complain']): void {
  const isDefault = ({ fields }: Expected) => valueAt(fields, DEFAULT) === true;
  if (!isDefault(entry)) return;
  const other = all('personalization_designs').find((one) => one !== entry && isDefault(one));
  if (other === undefined) return;
  const here = entry.at(DEFAULT);
  const rule = `is true, as it is of ${bare(other.name)} (${placeWords(other.at(DEFAULT), here)}), but one design at a time is the default`;
  complain(here, `${rule}. Keep one of them`, 'doubt');
}

/** What came of the review of a design. */
function reviewed({ status, rejection_reasons: why }: Fields): Symptom[] {
  if (status === 'review') {
    const message = 'Stripe still reviews it: cards that are created with it are made once it is approved.';
    const remedy = 'Wait for the review before you rely on it.';
    return [{ rule: 'personalization-design-in-review', field: null, message, remedy }];
  }
  if (!isUnusable(status)) return [];
  const reasons = Object.entries(isRecord(why) ? why : {}).flatMap(([field, words]) =>
    Array.isArray(words) ? [`\`${field}\`: ${words.join(', ')}`] : [],
  );
  const told = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
  const message =
    status === 'rejected'
      ? `Stripe rejected it${told}, so no card can be created with it.`
      : 'it was deactivated, so no card can be created with it.';
  const remedy =
    status === 'rejected'
      ? 'Change what was rejected, in the file and in Stripe, and Stripe reviews it again.'
      : 'Create another design, and name it wherever this one is named: no request activates it again.';
  return [{ rule: 'personalization-design-unusable', field: null, message, remedy }];
}
