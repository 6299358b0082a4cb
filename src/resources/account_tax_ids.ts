import type Stripe from 'stripe';
import { quote } from '../text.ts';
import { always, literal, openWord, scalar, text } from '../vocabulary/scalars.ts';
import { part } from '../vocabulary/shape.ts';
import type { Type } from '../vocabulary/type.ts';
import { type Resource, textOf } from './resource.ts';

/** The SDK's words (`TaxId.Type`), which become more every month; legacy ids of type `unknown` are of none. */
export const TAX_ID_TYPES = (
  'ad_nrt ae_trn al_tin am_tin ao_tin ar_cuit au_abn au_acn au_arn au_wpn aw_tin az_tin ba_tin bb_tin bd_bin bf_ifu bg_uic bh_vat ' +
  'bj_ifu bo_tin br_cnpj br_cpf bs_tin bw_vat by_tin ca_bn ca_gst_hst ca_pst_bc ca_pst_mb ca_pst_sk ca_qst cd_nif ch_uid ch_vat ' +
  'ci_vat cl_tin cm_niu cn_tin co_nit cr_tin cv_nif cz_dic de_stn do_rcn ec_ruc eg_tin es_cif et_tin eu_oss_vat eu_vat fo_vat ' +
  'fr_siren fr_siret fr_spi gb_vat ge_vat gh_tin gi_tin gn_nif hk_br hr_oib hu_tin ic_nif id_npwp il_vat in_gst is_kt is_vat it_cf ' +
  'jp_cn jp_rn jp_trn ke_pin kg_tin kh_tin kr_brn kz_bin la_tin li_uid li_vat lk_vat ma_vat md_cf md_vat me_pib mk_vat mr_nif mu_vat ' +
  'mx_rfc my_frp my_itn my_sst mz_nuit ng_tin no_vat no_voec np_pan nz_bn nz_gst om_vat pe_ruc ph_tin pl_nip pt_nif py_ruc ro_tin ' +
  'rs_pib ru_inn ru_kpp sa_vat sg_gst sg_uen si_tin sm_coe sn_ninea sr_fin sv_nit th_vat tj_tin tr_tin tt_bir tt_vat tw_vat tz_vat ' +
  'ua_vat ug_tin us_ein uy_ruc uz_tin uz_vat ve_rif vn_tin za_vat zm_tin zw_tin'
).split(' ');

/** What people call types that Stripe calls otherwise. */
const OTHER_TYPES = new Map([
  ['vat', 'eu_vat'],
  ['uk_vat', 'gb_vat'],
  ['de_vat', 'eu_vat'],
  ['fr_vat', 'eu_vat'],
  ['eu_oss', 'eu_oss_vat'],
  ['us_tin', 'us_ein'],
  ['ein', 'us_ein'],
]);

const anyType = openWord(TAX_ID_TYPES, 'type of tax id', { typos: true });

const typeOfTaxId: Type = {
  ...anyType,
  expected(node, context) {
    const { value, text: written, at } = scalar(node);
    const meant = OTHER_TYPES.get(written.toLowerCase());
    if (meant === undefined) return anyType.expected(node, context);
    context.complain(at, `is ${quote(written)}, which is not a type of tax id. Did you mean ${meant}?`);
    return value;
  },
};

/** A number as authorities write it: with signs and spaces between its parts, or without. */
const folded = (value: string) => value.toUpperCase().replace(/[\s./-]+/g, '');
const numberOfTaxId: Type = {
  ...literal(always(text())),
  folded,
  aligned: (expected, actual) =>
    typeof expected === 'string' && typeof actual === 'string' && folded(expected) === folded(actual)
      ? [actual, actual]
      : [expected, actual],
};

/** Tax ids of the account itself (docs.stripe.com/api/tax_ids): those of customers are never read. */
export const accountTaxIds: Resource<Stripe.TaxId> = {
  section: 'account_tax_ids',
  kind: 'account tax id',
  formerly: ['tax_ids', 'tax_id', 'account_tax_id', 'vat_ids'],
  instead: {
    country: 'Remove it: Stripe derives it from the type',
    owner: 'Remove it: only tax ids of the account itself are read',
    customer: 'Remove it: tax ids of customers are no configuration, and are never read',
    verification: 'Remove it: reports say when Stripe could not verify a tax id',
  },
  description:
    'A tax id of the account itself, which its invoices show. Found by `id`, else by `type`, together with `value` if the entry states that. Tax ids of customers are never read.',
  example: `germany:
  type: eu_vat
  value: DE123456789`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The tax id's id in Stripe, `txi_…`. Finds the tax id.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    type: {
      formerly: ['kind'],
      type: typeOfTaxId,
      description:
        "The type, such as `eu_vat` or `us_ein`. An unknown word is a warning, or an error if it is only a letter or two from a known one. Finds the tax id if the entry has no `id`. Can't be changed after creation.",
      read: (live) => live.type,
      fixed: true,
    },
    value: {
      formerly: ['number', 'tax_id', 'vat_id'],
      type: numberOfTaxId,
      description:
        "The number, in quotes if it is only digits; of a sole trader, that is personal: an entry can leave it out if the account has one tax id of the type. Spaces, dots, dashes, slashes and small letters make no difference. Can't be changed after creation.",
      read: (live) => live.value,
      fixed: true,
      own: true,
    },
    verification: {
      type: part({ status: { type: text(), description: 'Whether Stripe could verify it.' } }, { sparse: true }),
      description: 'Whether Stripe could verify it.',
      read: (live) => live.verification ?? null,
      observed: true,
    },
  },
  id: 'stripe',
  prefix: 'txi_',
  identities: [{ by: 'type', also: ['value'], portable: true }],
  state: {
    inForce: () => true,
    retire: { kind: 'delete' },
    restore: null,
    words: {
      retire: 'delete',
      retired: 'deleted',
      active: 'there',
      meaning: 'New invoices no longer show it.',
    },
  },
  permission: null,
  source: { path: '/v1/tax_ids', list: 'v1', inForce: { 'owner[type]': 'self' } },
  unusual: true,
  skip({ customer, customer_account: account, owner }) {
    if (customer != null || account != null || owner?.type === 'customer') return 'belongs to a customer';
    return owner?.type === 'application' ? 'belongs to a Connect application' : null;
  },
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.type,
  naming: ({ type }) => ({ names: [textOf(type)], marks: [] }),
  likeness: ({ type, value }) => JSON.stringify([type ?? null, typeof value === 'string' ? folded(value) : null]),
  dashboard: 'settings/tax',
  hasNoPage: true,
  command: {
    // What Stripe's command line calls so creates those of a customer.
    words: null,
    creation(fields) {
      // The type of legacy ids, which no request takes.
      if (fields.type === 'unknown') return null;
      return ['type', 'value'].find((name) => fields[name] == null) ?? {};
    },
    byHand: ({ type }) =>
      type === 'unknown' ? 'No request creates one of type unknown: state the type of its number.' : null,
    replacement: () => ({}),
  },
  replacing: 'name it wherever the old one is named, and delete the old one',
  replacingRisk: 'Invoices that are final keep the old account tax id.',
  healthRules: {
    'account-tax-id-unverified': {
      severity: 'notice',
      finds: 'a tax id of the account that Stripe could not verify: it may be wrong',
    },
  },
  health({ fields: { verification } }) {
    const { status } = (verification ?? {}) as { readonly status?: string };
    if (status !== 'unverified') return [];
    const message = 'Stripe could not verify it: the number may be wrong, or not be in the public register.';
    const remedy = 'Compare it with the letter of the authority. If it is right, there is nothing to do.';
    return [{ rule: 'account-tax-id-unverified', field: 'value', message, remedy }];
  },
};
