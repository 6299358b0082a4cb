/** How values stand in a file. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fieldLines, type Said } from '../../src/vocabulary/yaml.ts';
import { runs } from '../runs.ts';

fc.configureGlobal({ interruptAfterTimeLimit: 100_000, seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) });

const words = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen';

describe('a text', () => {
  test('stands on a line where it is short, else in lines, which read back as they are', () => {
    expect(fieldLines('a', 'short', '')).toEqual(['a: short']);
    expect(fieldLines('a', 'Analytics\u00a0Scale', '')).toEqual(['a: "Analytics\\u00a0Scale"']);
    expect(fieldLines('a', 'two\nlines', '')).toEqual(['a: "two\\nlines"']);
    expect(fieldLines('a', `${words} ${words}`, '  ')).toEqual(['  a: >-', `    ${words}`, `    ${words}`]);
    expect(fieldLines('a', `First\n\n- ${words}\n`, '')).toEqual(['a: |', '  First', '', `  - ${words}`]);
  });

  test.each([
    ['could be a command in the log of a workflow', `first\n::error::${words}`],
    ['could be the older form of one', `first ##[error]\n${words}`],
    ['could be obeyed by an editor', `first\nvim: set ro ${words}`],
    ['can not be seen', `first\u200b\n${words}`],
    ['would be taken away by an editor, at the end of a line', `first \n${words}`],
    ['tells no indentation, at its beginning', `  first\n${words}`],
    ['would be lost, at its end', `${words}\n\n`],
    ['has spaces that a line could not keep', `${words}  ${words}`],
    ['has nothing to break it at', 'x'.repeat(120)],
  ])('stays on its line where something in it %s', (_, text) => {
    const [only, ...others] = fieldLines('a', text, '');
    expect(others).toEqual([]);
    expect(parse(String(only))).toEqual({ a: text });
  });

  test('reads back as it is, whatever it holds, with the line ends of Windows too', () => {
    const piece = fc.constantFrom(
      ' ',
      '\n',
      '#',
      ': ',
      '- ',
      'word',
      words,
      '---',
      '%',
      '::',
      '"',
      '\u00a0',
      '\t',
      '*a',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('\n', '\r\n'),
        (pieces, newline) => {
          const text = pieces.join('');
          const lines = ['a:', '  b:', ...fieldLines('c', text, '    '), '  d: 1', ''];
          expect(parse(lines.join(newline))).toEqual({ a: { b: { c: text }, d: 1 } });
        },
      ),
      runs(2000),
    );
  });
});

describe('what is said of amounts', () => {
  const said = (value: Said) => fieldLines('a', { one: 1n, two_decimal: '2.5' }, '', '  ', value);

  test('stands behind the line that holds them, named where there are several', () => {
    expect(said({ one: '0.01 USD' })).toEqual(['a: { one: 1, two_decimal: "2.5" }  # 0.01 USD']);
    expect(said({ one: '0.01 USD', two_decimal: '0.025 USD' })).toEqual([
      'a: { one: 1, two_decimal: "2.5" }  # one 0.01 USD, two 0.025 USD',
    ]);
  });

  test('gives each part that has amounts a line of its own', () => {
    const option = { eur: { one: 1n }, jpy: { one: 2n, tax: 'none' } };
    expect(fieldLines('a', option, '', '  ', { eur: { one: '0.01 EUR' }, jpy: { one: '2 JPY' } })).toEqual([
      'a:',
      '  eur: { one: 1 }  # 0.01 EUR',
      '  jpy: { one: 2, tax: none }  # 2 JPY',
    ]);
    expect(fieldLines('a', [{ one: 1n }, { one: 2n }], '', '  ', { 0: { one: 'x' }, 1: { one: 'y' } })).toEqual([
      'a:',
      '  - { one: 1 }  # x',
      '  - { one: 2 }  # y',
    ]);
  });
});
