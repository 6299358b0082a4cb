/** Exact decimals: canonical strings, never floats. Stripe's amounts have at most 12 decimals. */

const PLAIN = /^(\d+)(?:\.(\d{1,12}))?$/;

/** The canonical form of plain digits (`020.50` is `20.5`), or null for anything else: a sign, an exponent, hex, `_`. */
export function canonicalDecimal(text: string): string | null {
  const [, whole, fraction] = PLAIN.exec(text) ?? [];
  if (whole === undefined) return null;
  const digits = whole.replace(/^0+(?=\d)/, '');
  const decimals = (fraction ?? '').replace(/0+$/, '');
  return decimals === '' ? digits : `${digits}.${decimals}`;
}

/** A decimal as Stripe sends it (a string, a number, the SDK's `Decimal`), in canonical form where it is plain digits. */
export function decimalFromStripe(raw: unknown): string | null {
  if (raw === null || raw === undefined) return null;
  const text = typeof raw === 'number' && String(raw).includes('e') ? raw.toFixed(12) : String(raw);
  return canonicalDecimal(text) ?? text;
}

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
 * is 20.00 USD. `currency` is null where it is not known.
 */
export function amountWords(written: string, currency: string | null): string {
  const fractions = 'Fractions of a cent go in the _decimal field';
  const minor = currency === null ? null : minorUnits(written, currency);
  if (currency === null || minor === null) {
    return `Expected a whole number of minor units in plain digits: 14.50 dollars are 1450. ${fractions}`;
  }
  if (decimalsOf(currency) === 0) return `${currency.toUpperCase()} has no smaller unit: write ${minor}`;
  return `Amounts are in ${minorUnitName(currency)}: ${minor} is ${money(minor, currency)}. ${fractions}`;
}

/** An amount written in the main unit (`20.00` dollars) in the minor one (`2000`); null where that is no whole number. */
function minorUnits(written: string, currency: string): string | null {
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
