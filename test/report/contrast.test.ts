/** Two different texts are shown so that a reader sees that they differ, and where. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contrast, type Shown, spelledAlone } from '../../src/report/contrast.ts';
import { visible } from '../../src/report/escape.ts';
import { runs } from '../runs.ts';

/** A side as every outlet prints it. */
function printed({ text, note }: Shown): string {
  return visible(note === null ? text : `${text} (${note})`);
}

function both(file: string, stripe: string): [string, string] {
  const shown = contrast(file, stripe);
  return [printed(shown.file), printed(shown.stripe)];
}

const LONG = 'Includes unlimited projects, priority support and a yearly review with an engineer of ours. '.repeat(4);

test.each<[string, string, string, string, string]>([
  ['what is plainly different stays as it is', 'Basic', 'Pro plan', 'Basic', '"Pro plan"'],
  ['a key is no text to look into', 'sub_3_yearly', 'sub_3_annual', 'sub_3_yearly', 'sub_3_annual'],
  [
    'a long text is cut around what differs',
    `${LONG}Cancel monthly.`,
    `${LONG}Cancel yearly.`,
    '"…of ours. Cancel [monthly]."',
    '"…of ours. Cancel [yearly]."',
  ],
  [
    'what differs early is cut off behind',
    `Monthly. ${LONG}`,
    `Yearly. ${LONG}`,
    '"[Monthly]. Includes unlimited pro…"',
    '"[Yearly]. Includes unlimited pro…"',
  ],
  [
    'a small part of a sentence is marked',
    'Unlimited projects, priority support',
    'Unlimited project, priority support',
    '"Unlimited [projects], priority support"',
    '"Unlimited [project], priority support"',
  ],
  [
    'in brackets that the texts do not have',
    'Unlimited projects, priority [support]',
    'Unlimited project, priority [support]',
    '"Unlimited {projects}, priority [support]"',
    '"Unlimited {project}, priority [support]"',
  ],
  ['a no-break space', 'Pro plan', 'Pro\u00a0plan', '"Pro plan" (space)', '"Pro\\u00a0plan" (U+00A0 no-break space)'],
  ['a zero-width space', 'Proplan', 'Pro\u200bplan', '"Proplan"', '"Pro\\u200bplan" (U+200B zero-width space)'],
  ['a soft hyphen', 'softly', 'soft\u00adly', '"softly"', '"soft\\u00adly" (U+00AD soft hyphen)'],
  ['a mark of direction', 'Pro', 'Pro\u200f', '"Pro"', '"Pro\\u200f" (U+200F right-to-left mark)'],
  ['a tab', 'Pro plan', 'Pro\tplan', '"Pro plan" (space)', '"Pro\\tplan" (U+0009 tab)'],
  ['a line feed at the end', 'Pro', 'Pro\n', '"Pro"', '"Pro\\n" (U+000A line feed)'],
  ['a space at the end', 'Pro', 'Pro ', '"Pro"', '"Pro␣" (a space at the end)'],
  ['spaces at the start', '  Pro', 'Pro', '"␣␣Pro" (2 spaces at the start)', '"Pro"'],
  ['one more space within', 'Pro plan', 'Pro  plan', '"Pro␣plan"', '"Pro␣␣plan" (one more space)'],
  [
    'an accent in two forms',
    'Café',
    'Cafe\u0301',
    '"Caf\\u00e9" (U+00E9 e with acute accent)',
    '"Cafe\\u0301" (U+0301 combining acute accent)',
  ],
  ['an accent that is seen', 'Café', 'Cafe', '"Café"', 'Cafe'],
  ['a letter of another script', 'Pro', 'Prо', '"Pro" (small o)', '"Pr\\u043e" (U+043E Cyrillic, looks like o)'],
  ['a full-width letter', 'Pro', 'Ｐro', '"Pro" (capital P)', '"\\uff30ro" (U+FF30 full-width P)'],
  ['a digit for a letter', 'pro_l', 'pro_1', '"pro_[l]" (small l)', '"pro_[1]" (digit 1)'],
  ['a dash', 'a-b', 'a–b', '"a-b" (hyphen-minus)', '"a\\u2013b" (U+2013 en dash)'],
  ['an apostrophe', "it's", 'it’s', '"it\'s" (apostrophe)', '"it\\u2019s" (U+2019 right single quotation mark)'],
  ['letter case', 'Pro Plan', 'Pro plan', '"Pro [Plan]"', '"Pro [plan]" (only the letter case differs)'],
  [
    'letter case in a URL',
    'https://api.example.com/Webhooks',
    'https://api.example.com/webhooks',
    '"https://api.example.com/[Webhooks]"',
    '"https://api.example.com/[webhooks]" (only the letter case differs)',
  ],
  ['an emoji in two forms', '❤', '❤\ufe0f', '"❤"', '"❤\\ufe0f" (U+FE0F emoji variation selector)'],
  [
    'what is hidden in a long text',
    `${LONG}Pro plan. ${LONG}`,
    `${LONG}Pro\u00a0plan. ${LONG}`,
    '"…engineer of ours. Pro[ ]plan. Includes unlimited…" (space)',
    '"…engineer of ours. Pro[\\u00a0]plan. Includes unlimited…" (U+00A0 no-break space)',
  ],
])('%s', (_, file, stripe, shownFile, shownStripe) => {
  expect(both(file, stripe)).toEqual([shownFile, shownStripe]);
});

test('tokens are shown in neither', () => {
  const url = (token: string, path: string) => `https://user:pass@api.example.com/hooks/${path}?token=${token}`;
  for (const text of both(url('one', 'Stripe'), url('two', 'stripe'))) expect(text).not.toMatch(/pass|one|two/);
});

test.each<[string, string]>([
  ['plаn', '"pl\\u0430n" (U+0430 Cyrillic, looks like a)'],
  ['pro\u00a0plan', '"pro\\u00a0plan" (U+00A0 no-break space)'],
  ['pro_plan', 'pro_plan'],
  ['Про', '"Про"'],
])('alone %j is shown as %s', (text, expected) => {
  expect(printed(spelledAlone(text))).toBe(expected);
});

test('a text of hundreds of thousands of characters is looked at once, or this never ends', () => {
  const text = Array.from({ length: 300_000 }, (_, index) => String.fromCodePoint(0x400 + (index % 2000))).join('');
  expect(both(`a${text}`, `а${text}b`)[0]).toMatch(/^"\[a/);
  printed(spelledAlone(`a${text}`));
});

describe('for any two different texts', () => {
  /** Look-alikes of every kind, by themselves: what a reader takes for what. */
  const SAME: readonly (readonly [string, RegExp])[] = [
    ['a', /[аɑＡａ]/gu],
    ['o', /[оοО0Ｏ]/gu],
    ['l', /[1iI|ı]/gu],
    ['e', /[еЕ]/gu],
    ['p', /[рР]/gu],
    ['-', /[‐‑–—−]/gu],
    ["'", /[’‘ʼ]/gu],
  ];
  const perceived = (text: string) =>
    SAME.reduce((plain, [to, from]) => plain.replace(from, to), text.normalize('NFKC'))
      .toLowerCase()
      .replace(/\u00ad|\p{Cf}|\ufe0f|\u3164/gu, '')
      .replace(/[\s\u2800]+/gu, ' ')
      .trim();
  const piece = fc.constantFrom(
    ...'aoleP-0Il| '.split(''),
    ...'аоеРО–’'.split(''),
    ...[
      '\u00a0',
      '\u200b',
      '\u00ad',
      '\u2009',
      '\ufe0f',
      '\t',
      '\n',
      'é',
      'e\u0301',
      'ａ',
      'ı',
      '\u200f',
      '日',
      '😀',
      '[',
      '"',
      '\\',
    ],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 6 }).map((all) => all.join('')),
    fc.array(piece, { minLength: 60, maxLength: 400 }).map((all) => all.join('')),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
  /** Texts of which one comes from the other by a small change, which random ones never are. */
  const pair = fc.oneof(
    fc.tuple(text, text),
    fc.tuple(text, piece, fc.nat(), fc.boolean()).map(([whole, put, at, replaces]): [string, string] => {
      const characters = [...whole];
      characters.splice(at % (characters.length + 1), replaces ? 1 : 0, put);
      return [whole, characters.join('')];
    }),
  );

  test('the sides look different, within what every outlet shows', () => {
    fc.assert(
      fc.property(pair, ([file, stripe]) => {
        fc.pre(file !== stripe && !/[:?]/.test(file + stripe));
        const sides = both(file, stripe);
        for (const side of sides) expect(side.length).toBeLessThan(500);
        expect(perceived(sides[0]), JSON.stringify(sides)).not.toBe(perceived(sides[1]));
      }),
      { ...runs(5000), examples: [[['i', 'l']]] },
    );
  });
});
