/** Exact decimals: canonical strings, never floats. Stripe's amounts have at most 12 decimals. */

const PLAIN = /^(\d+)(?:\.(\d+))?$/;

/** The decimals of Stripe's amounts. */
export const AMOUNT_DECIMALS = 12;
/** More than any float of Stripe's has. */
export const FLOAT_DECIMALS = 20;

/** The canonical form of plain digits (`020.50` is `20.5`), or null for anything else: a sign, an exponent, hex, `_`. */
export function canonicalDecimal(text: string, most: number = AMOUNT_DECIMALS): string | null {
  const [, whole, fraction = ''] = PLAIN.exec(text) ?? [];
  if (whole === undefined || fraction.length > most) return null;
  const digits = whole.replace(/^0+(?=\d)/, '');
  const decimals = fraction.replace(/0+$/, '');
  return decimals === '' ? digits : `${digits}.${decimals}`;
}

/** A decimal as Stripe sends it (a string, a number, the SDK's `Decimal`), in canonical form where it is plain digits. */
export function decimalFromStripe(raw: unknown): string | null {
  if (raw === null || raw === undefined) return null;
  const text = typeof raw === 'number' && String(raw).includes('e') ? raw.toFixed(12) : String(raw);
  return canonicalDecimal(text, FLOAT_DECIMALS) ?? text;
}
