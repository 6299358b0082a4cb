/** Exact decimals, and amounts as people read them. */
import { describe, expect, test } from 'vitest';
import { canonicalDecimal, decimalFromStripe } from '../../src/vocabulary/decimal.ts';
import { money } from '../../src/vocabulary/money.ts';

describe('the canonical form of plain digits', () => {
  test.each([
    ['0', '0'],
    ['00', '0'],
    ['0.0', '0'],
    ['000.000', '0'],
    ['20', '20'],
    ['020', '20'],
    ['20.00', '20'],
    ['020.50', '20.5'],
    ['0.5', '0.5'],
    ['00.50', '0.5'],
    ['100', '100'],
    ['1000.010', '1000.01'],
    ['0.000000000001', '0.000000000001'],
    ['1.000000000000', '1'],
    ['9007199254740993', '9007199254740993'],
    ['123456789012345678901234567890.123456789012', '123456789012345678901234567890.123456789012'],
  ])('of %s is %s', (written, canonical) => {
    expect(canonicalDecimal(written)).toBe(canonical);
  });

  test.each([
    '',
    ' ',
    '.',
    '.5',
    '5.',
    '-1',
    '+1',
    '1e3',
    '1E3',
    '0x10',
    '0o17',
    '1_000',
    '1,000',
    '1.2.3',
    ' 1',
    '1 ',
    '1\n',
    '\n1',
    '١',
    '１',
    'NaN',
    'Infinity',
    '.inf',
    '0.0000000000001',
    '1.0000000000000',
  ])('does not exist for %j', (written) => {
    expect(canonicalDecimal(written)).toBeNull();
  });
});

describe('a decimal from Stripe', () => {
  test.each([
    [null, null],
    [undefined, null],
    [0, '0'],
    [2000, '2000'],
    [12.5, '12.5'],
    ['0', '0'],
    ['20.00', '20'],
    ['0.000000000001', '0.000000000001'],
    [1e-7, '0.0000001'],
    [1e-12, '0.000000000001'],
    [{ toString: () => '15.50' }, '15.5'],
  ])('%j is %j', (raw, value) => {
    expect(decimalFromStripe(raw)).toBe(value);
  });

  test.each(['-5', 'abc', '', '0.1234567890123'])('that is no plain digits, %j, stays as it came', (raw) => {
    expect(decimalFromStripe(raw)).toBe(raw);
  });
});

describe('an amount as people read it', () => {
  test.each([
    ['2000', 'usd', '20.00 USD'],
    ['0', 'usd', '0.00 USD'],
    ['5', 'usd', '0.05 USD'],
    ['50', 'usd', '0.50 USD'],
    ['99999999', 'eur', '999999.99 EUR'],
    ['0.5', 'usd', '0.005 USD'],
    ['1250.123456789012', 'usd', '12.50123456789012 USD'],
    // Without decimals.
    ['0', 'jpy', '0 JPY'],
    ['500', 'jpy', '500 JPY'],
    ['0.5', 'jpy', '0.5 JPY'],
    ['1000', 'krw', '1000 KRW'],
    ['1000', 'vnd', '1000 VND'],
    ['1000', 'clp', '1000 CLP'],
    // With three.
    ['0', 'kwd', '0.000 KWD'],
    ['5', 'kwd', '0.005 KWD'],
    ['1500', 'kwd', '1.500 KWD'],
    ['1500', 'bhd', '1.500 BHD'],
    ['1500', 'jod', '1.500 JOD'],
    ['1500', 'omr', '1.500 OMR'],
    ['1500', 'tnd', '1.500 TND'],
    // Stripe counts these in hundredths, although nobody pays with them.
    ['50000', 'isk', '500.00 ISK'],
    ['50000', 'ugx', '500.00 UGX'],
    ['50000', 'huf', '500.00 HUF'],
    ['50000', 'twd', '500.00 TWD'],
    ['9007199254740993', 'usd', '90071992547409.93 USD'],
  ])('%s in %s is %s', (amount, currency, people) => {
    expect(money(amount, currency)).toBe(people);
  });

  test.each(['', '-5', 'x', '1.', '1e3'])('does not exist for %j', (amount) => {
    expect(money(amount, 'usd')).toBeNull();
  });
});
