/** Words that kinds offer and the SDK's types list: those of the SDK in use, no more and no less. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TAX_ID_TYPES } from '../../src/resources/account_tax_ids.ts';
import { TYPES } from '../../src/resources/tax_registrations.ts';

/** The declarations of one of the SDK's files, without comments. */
function declarations(file: string): string {
  const url = new URL(`../../node_modules/stripe/esm/resources/${file}.d.ts`, import.meta.url);
  return readFileSync(url, 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, '');
}

/** The words of a union. */
function wordsOf(union = ''): string[] {
  return [...union.matchAll(/'(\w+)'/g)].map(([, word]) => word as string).sort();
}

describe('the words of the SDK', () => {
  test('for types of tax ids, but for the one that no new one has', () => {
    const [, union] = /namespace TaxId \{[\s\S]*?type Type = ([^;]*);/.exec(declarations('TaxIds')) ?? [];
    expect(wordsOf(union).filter((word) => word !== 'unknown')).toEqual([...TAX_ID_TYPES].sort());
  });

  test('for countries and types of tax registrations', () => {
    const [answers = ''] = declarations('Tax/Registrations').split('interface RegistrationCreateParams');
    const listed = /interface CountryOptions \{([^}]*)\}/.exec(answers)?.[1] ?? '';
    const countries = [...listed.matchAll(/(\w\w)\?: CountryOptions\.(\w\w);/g)];
    expect(countries.length).toBeGreaterThan(100);
    const types = countries.map(([, code = '', name = '']) => {
      const type = new RegExp(`interface ${name} \\{[^}]*\\btype: ([^;]*);`).exec(answers)?.[1];
      const union = new RegExp(`namespace ${name} \\{(?:(?!\\n        \\}).)*?type Type = ([^;]*);`, 's').exec(
        answers,
      )?.[1];
      return [code, type?.startsWith("'") ? wordsOf(type) : wordsOf(union)] as const;
    });
    expect(Object.fromEntries([...TYPES].map(([code, words]) => [code, [...words].sort()]))).toEqual(
      Object.fromEntries(types),
    );
  });
});
