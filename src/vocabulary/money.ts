import { type Entry, type Fields, isRecord, type Place, record, type Value } from '../model.ts';
import { bare, placeWords, quote } from '../text.ts';
import { map } from './collections.ts';
import { canonicalDecimal, decimalFromStripe } from './decimal.ts';
import { decimal, scalar, spelledDigits, text } from './scalars.ts';
import { aligned, type Context, type Member, memberOf, spelledAs, type Type, within } from './type.ts';

/** Money: amounts in minor units, exact, and the currencies that they are of. */

/**
 * Currencies whose minor unit is not a hundredth, as Stripe's API counts them (docs.stripe.com/currencies). ISK and UGX
 * have no decimals in the world, but Stripe takes and gives them with two.
 */
const DECIMALS = new Map<string, number>([
  ...['bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd', 'vuv', 'xaf', 'xof', 'xpf'].map(
    (currency) => [currency, 0] as const,
  ),
  ...['bhd', 'jod', 'kwd', 'omr', 'tnd'].map((currency) => [currency, 3] as const),
]);

/**
 * What is to be written instead of an amount that is not whole minor units in plain digits: for `20.00` in `usd` that 2000
 * is 20.00 USD. `currency` is null where it is not known, and `fractionsIn` where no field takes fractions.
 */
export function amountWords(written: string, currency: string | null, fractionsIn: string | null): string {
  const fractions = fractionsIn === null ? '' : `. Fractions of a cent go in ${fractionsIn}`;
  const minor = currency === null ? null : inMinorUnits(written, currency);
  if (currency === null || minor === null) {
    return `Expected a whole number of minor units in plain digits: 14.50 dollars are 1450${fractions}`;
  }
  if (decimalsOf(currency) === 0) return `${currency.toUpperCase()} has no smaller unit: write ${minor}`;
  return `Amounts are in ${minorUnitName(currency)}: ${minor} is ${money(minor, currency)}${fractions}`;
}

/** An amount written in the main unit (`20.00` dollars) in the minor one (`2000`); null where that is no whole number. */
export function inMinorUnits(written: string, currency: string): string | null {
  const [, whole = '', fraction = ''] = /^(\d+)\.(\d+)$/.exec(written) ?? [];
  const decimals = fraction.replace(/0+$/, '');
  if (whole === '' || decimals.length > decimalsOf(currency)) return null;
  return canonicalDecimal(whole + decimals.padEnd(decimalsOf(currency), '0'));
}

function minorUnitName(currency: string): string {
  if (['usd', 'eur', 'aud', 'cad', 'nzd', 'sgd', 'hkd'].includes(currency)) return 'cents';
  return `${decimalsOf(currency) === 3 ? 'thousandths' : 'hundredths'} of ${currency.toUpperCase()}`;
}

function decimalsOf(currency: string): number {
  return DECIMALS.get(currency) ?? 2;
}

/** An amount in minor units as people read it: `2000` in `usd` is `20.00 USD`. Exact, however many digits. */
export function money(amount: string, currency: string): string | null {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === undefined || !/^[a-z]{3}$/.test(currency)) return null;
  const shift = decimalsOf(currency);
  const digits = whole.padStart(shift + 1, '0');
  const cut = digits.length - shift;
  const decimals = digits.slice(cut) + fraction;
  return `${digits.slice(0, cut)}${decimals === '' ? '' : `.${decimals}`} ${currency.toUpperCase()}`;
}

const form = {
  pattern: '^[a-z]{3}$',
  patternErrorMessage: 'Expected a three-letter currency code in lower case, such as usd.',
};

const code = text();

/** A currency, by its three-letter code. */
export const currency: Type = {
  ...code,
  schema: { type: ['string', 'null'], ...form, examples: ['usd'] },
  expected(node, context) {
    const value = code.expected(node, context);
    if (typeof value === 'string') noticeUnknown(value, node.at, context);
    return value;
  },
};

/** A map by currency. */
export function byCurrency(of: Type): Type {
  const options = map(of, { ...form, title: 'currency' });
  return {
    ...options,
    expected(node, context) {
      if (node.kind === 'map') for (const { name, at } of node.entries.values()) noticeUnknown(name, at, context);
      return options.expected(node, context);
    },
    byCurrency: true,
  };
}

/** The currencies that most accounts have: a slip is likely to mean one of these. */
const COMMON = 'usd eur gbp jpy cad aud chf cny inr brl mxn sek nok dkk pln czk nzd sgd hkd zar'.split(' ');

/** Says where a code is none of the world's currencies, past ones included. Stripe may take others one day. */
function noticeUnknown(value: string, at: Place, { complain }: Context): void {
  if (Intl.supportedValuesOf('currency').includes(value.toUpperCase())) return;
  const [meant, ...others] = COMMON.filter((one) => isSlip(value, one));
  const hint = meant === undefined || others.length > 0 ? '' : ` Did you mean ${meant}?`;
  complain(at, `is ${quote(value)}, which is no currency that this program knows.${hint}`, 'doubt');
}

/** Whether one code has the letters of another in another order, or one other letter. */
function isSlip(one: string, other: string): boolean {
  const sorted = (text: string) => [...text].sort().join('');
  return sorted(one) === sorted(other) || [...other].filter((letter, index) => one[index] !== letter).length === 1;
}

/**
 * Amounts in further currencies. Stripe lists the object's own currency among them; "none" means none besides that. Beside
 * an amount they are all that there are. A currency, once offered, can only be taken back with all the others.
 */
export function currencyOptions(option: Type): Type {
  const options = byCurrency(option);
  return {
    ...options,
    parameter: (value) =>
      Object.values(isRecord(value) ? value : {}).includes(null) ? undefined : options.parameter?.(value),
    aligned(expected, actual, around) {
      if (!isRecord(actual)) return aligned(options, expected, actual, around);
      const others = Object.entries(actual as Fields).filter(([code]) => code !== around.live.currency);
      if (!isRecord(expected)) return [null, record(others)];
      const [stated, live] = aligned(options, expected, actual, around);
      if (!around.isCharge || !isRecord(live)) return [stated, live];
      const added = others.filter(([code]) => !(code in expected));
      return [stated, record([...Object.entries(live as Fields), ...added])];
    },
  };
}

/**
 * Amounts in further currencies as a part of one value, all of which is compared: a currency that only one side has is null
 * on the other. No request takes one back. Stripe lists the value's own currency among them, too: `withoutOwn` takes it out.
 */
export function allCurrencies(option: Type): Type {
  const { partial: _, ...options } = byCurrency({ ...option, final: true });
  const codesOf = (...sides: readonly Value[]) => [
    ...new Set(sides.flatMap((side) => Object.keys(isRecord(side) ? side : {}))),
  ];
  return {
    ...options,
    // A null, by which an environment takes a currency back, states nothing.
    expected(node, context) {
      const value = options.expected(node, context);
      const pairs = Object.entries(isRecord(value) ? (value as Fields) : {}).filter(([, one]) => one !== null);
      return pairs.length === 0 ? null : record(pairs);
    },
    aligned(expected, actual, around) {
      const both = codesOf(expected, actual).map((code) => {
        const sides = aligned(option, memberOf(expected, code), memberOf(actual, code), within(around, code));
        return [code, sides] as const;
      });
      const side = (which: 0 | 1) => record(both.map(([code, sides]) => [code, sides[which]]));
      return both.length === 0 ? [null, null] : [side(0), side(1)];
    },
    spelled(value, other) {
      const sides = codesOf(value, other).map((code) => [code, memberOf(value, code), memberOf(other, code)] as const);
      return record(
        sides.flatMap(([code, live, stated]) =>
          live === null && stated === null ? [] : [[code, spelledAs(option, live, stated)]],
        ),
      );
    },
  };
}

/** What Stripe sent by currency, without the currency that all of it is in. */
export function withoutOwn(raw: unknown, own: unknown): unknown {
  return isRecord(raw) ? record(Object.entries(raw).filter(([code]) => code !== own)) : raw;
}

/** An entry with amounts in further currencies. */
interface Owner {
  readonly stated: ReadonlyMap<string, Entry>;
  readonly fields: Fields;
  /** What the object is, such as `price`. */
  readonly what: string;
  /** The fields that hold an amount, in the entry and in a further currency. */
  readonly amounts: readonly string[];
}

/**
 * Says where amounts in further currencies hold the object's own currency, which Stripe refuses there. What repeats the
 * object's own statement is a warning, anything else contradicts it.
 */
export function noticeOwnCurrency(
  options: Entry | undefined,
  values: Value | undefined,
  { stated, fields, what, amounts }: Owner,
  context: Context,
): void {
  const own = typeof fields.currency === 'string' ? fields.currency : null;
  const option = own !== null && options?.node.kind === 'map' ? options.node.entries.get(own) : undefined;
  if (option === undefined || own === null || !isRecord(values)) return;
  const value = values[own];
  const rule = `${own} is the currency of the ${what} itself, and Stripe refuses it here`;
  if (!isRecord(value)) {
    context.complain(option.at, `is null, but ${rule}. Remove it`);
    return;
  }
  const contradiction = Object.entries(value).find(
    ([name, one]) =>
      (stated.has(name) || amounts.includes(name)) && JSON.stringify(one) !== JSON.stringify(fields[name] ?? null),
  );
  if (contradiction === undefined) {
    context.complain(
      option.at,
      `is the currency of the ${what} itself, and Stripe refuses it here. Remove it`,
      'warning',
    );
    return;
  }
  const [name, said] = contradiction;
  const top = stated.get(name);
  const here = typeof said === 'string' ? `${name} ${bare(said)}` : name;
  if (top === undefined) {
    context.complain(option.at, `says ${here}, but ${rule}. State ${name} beside currency instead`);
    return;
  }
  const there = typeof fields[name] === 'string' ? bare(fields[name]) : 'otherwise';
  const where = `${top.name} ${placeWords(top.at, option.at)}`;
  context.complain(option.at, `says ${here}, but ${where} says ${there}: ${rule}. Remove it`);
}

/** An amount of money in the currency's minor unit, whole: digits alone, since who writes a decimal point means dollars. */
export const amount: Type = wholeAmount(null);

/** `fractionsIn`: the field beside it for its fractions. */
function wholeAmount(fractionsIn: string | null): Type {
  const words = (written: string, code: string | null) => amountWords(written, code, fractionsIn);
  return {
    schema: {
      type: ['integer', 'string', 'null'],
      pattern: '^\\d+$',
      patternErrorMessage: `${words('', null)}.`,
      minorUnits: true,
      ...(fractionsIn !== null && { fractionsIn }),
      minimum: 0,
    },
    expected(node, context) {
      const { value, text: written, at } = scalar(node);
      if (value === null) return null;
      const canonical = /^\d+$/.test(written) ? canonicalDecimal(written) : null;
      if (canonical === null) context.complain(at, `is ${bare(written)}. ${words(written, context.currency(at))}`);
      return canonical ?? written;
    },
    actual: decimalFromStripe,
    spelled: spelledDigits,
    words: inWords,
  };
}

/** An amount of money in the currency's minor unit, with up to 12 decimals. */
export const amountDecimal: Type = { ...decimal, words: inWords };

function inWords(value: Value, code: string | null): string | null {
  return typeof value === 'string' && code !== null ? money(value, code) : null;
}

/** What an amount is counted in, for descriptions. */
export const minorUnit = 'in minor units of the currency (cents for usd, yen for jpy)';

/** An amount and its spelling with decimals, which are one statement. */
export function amountEither(name: string, what: string, fallback?: string): Member {
  return {
    type: wholeAmount(`${name}_decimal`),
    description: `${what}, as a whole number ${minorUnit}. State this or \`${name}_decimal\`.`,
    ...(fallback !== undefined && { default: fallback }),
    also: {
      [`${name}_decimal`]: {
        type: amountDecimal,
        description: `${what}, ${minorUnit}, with at most 12 decimals. State this or \`${name}\`.`,
      },
    },
  };
}

/**
 * The currency of an amount at a path: the name under which it stands in a map by currency, else what the nearest object
 * around it has as its currency (`minimum_amount_currency` of a `minimum_amount`, `currency` of all else); null where neither tells. `typeAt` gives the type at a path, `valueAt` the text.
 */
export function currencyAt(
  path: readonly string[],
  typeAt: (path: readonly string[]) => Type | undefined,
  textAt: (path: readonly string[]) => unknown,
): string | null {
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const around = path.slice(0, depth);
    if (typeAt(around)?.byCurrency) return path[depth] ?? null;
    const stated = textAt([...around, `${path[depth]}_currency`]) ?? textAt([...around, 'currency']);
    if (typeof stated === 'string' && /^[a-z]{3}$/.test(stated)) return stated;
  }
  return null;
}
