/** Telling code, comments and strings apart, in any text, in linear time. */
import { array, check, constantFrom, oneof, property, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { languageOf } from '../../src/code/languages.ts';
import { type Tokens, tokensOf } from '../../src/code/tokens.ts';
import { runs } from '../runs.ts';

const ENDINGS = [
  'js',
  'vue',
  'py',
  'rb',
  'ex',
  'php',
  'go',
  'java',
  'kt',
  'scala',
  'cs',
  'rs',
  'swift',
  'dart',
  'json',
  'yaml',
  'toml',
];

function lexed(text: string, ending: string): Tokens {
  const language = languageOf(`file.${ending}`);
  if (language === null) throw new Error(`No language ends with ${ending}.`);
  return tokensOf(text, language);
}

/** The whole words between quotes. */
function words(text: string, ending: string): string[] {
  return lexed(text, ending).quoted.flatMap(({ isWhole, start, end }) => (isWhole ? [text.slice(start, end)] : []));
}

describe('a whole word', () => {
  test.each([
    ['js', `a('b', "c", \`d\`) // 'no'\n/* "no" */ e = 'f'`, ['b', 'c', 'd', 'f']],
    ['js', `on(\`\${don't}\`)\nuse("a")\n\`x\${\`y\${z}\`}\` + 'b'`, ['a', 'b']],
    ['js', `x = a / b; y = 'c' / d; r = /'"/; s = 'e'`, ['c', 'e']],
    ['js', `return /['"/]/.test(x) ? 'a' : 'b'`, ['a', 'b']],
    ['js', `<p>don't</p>\nuse('a')`, ['a']],
    ['js', `split(/ '/); use('a')`, ['a']],
    ['js', `'un\nuse('a')`, ['a']],
    ['js', `'it\\'s'; use('a')`, [`it\\'s`, 'a']],
    ['vue', `<p>don't 'no'</p><script>\nuse('a')\n</script><p>'no'</p>`, ['a']],
    ['py', `"""doc 'no'"""\nf(r'a', f'b{c["d"]}', 'e') # 'no'\n'statement'\nx = [\n 'g',\n]`, ['a', 'd', 'e', 'g']],
    ['py', `f"{price:#x}" + 'a'\n'b'.join(c)`, ['a', 'b']],
    ['py', `f'{{no}}' + 'a'`, ['{{no}}', 'a']],
    ['rb', `a :'b', "c#{d['e']}", %w[f g], %i(h) # 'no'\n=begin\n'no'\n=end\nx = 'i'`, ['b', 'e', 'f', 'g', 'h', 'i']],
    ['rb', `x = <<~ONE + 'a'\n  'no'\nONE\ny = 'b'\nz % w['c']\n__END__\n'no'`, ['a', 'b', 'c']],
    ['rb', `split /'/\nx = ?'\ny = a / b\nz = 'c'`, ['c']],
    ['ex', `"""\ndoc "no"\n"""\nf("a", ~w(b c), :"d", "e#{f["g"]}") # "no"`, ['a', 'b', 'c', 'd', 'g']],
    [
      'php',
      `<p>don't</p><?php f('a', "b", "c{$d['e']}", "x$y"); // 'no' ?>'no'<?= 'g' # 'no'\n?>`,
      ['a', 'b', 'e', 'g'],
    ],
    ['php', `<?php $x = <<<ONE\n'no'\n  ONE . 'a'; #[Attribute('b')]\n$y = 'c';`, ['a', 'b', 'c']],
    ['go', 'f("a", `b`, \'"\', \'\\\'\', "c") // "no"', ['a', 'b', 'c']],
    ['java', `f("a", '"', """\n "no" """, "b"); /* "no" /* */ g("c")`, ['a', 'b', 'c']],
    ['kt', `/* /* */ "no" */ f("a", "$b", "\${c["d"]}", """no""")`, ['a', 'd']],
    ['scala', `f("a", s"\${b("c")}", "\${", 'd, "e")`, ['a', 'c', '${', 'e']],
    ['cs', `f("a", @"b""", $"{c["d"]}", """no "no" no""", $@"{e}", '"', "f")`, ['a', 'b""', 'd', 'f']],
    ['rs', `f::<'a>("b", r#"c"d"#, '"', br"e", 'f') /* /* */ "no" */`, ['b', 'c"d', 'e']],
    ['swift', `f("a", "\\(b["c"])", #"d"#, """\nno\n""")`, ['a', 'c', 'd']],
    ['dart', `f('a', "b", '\${c['d']}', r'$e', '$f', '''no''')`, ['a', 'b', 'd', '$e']],
    ['json', `{"a": "b", // "no"\n"c": "d\\""}`, ['a', 'b', 'c', 'd\\"']],
    [
      'yaml',
      `a: price_1 # no\nb:\n  - "c"\n  - 'd'\n  - e f\nit's: [g1, h1]`,
      ['a', 'price_1', 'b', 'c', 'd', "it's", 'g1', 'h1'],
    ],
    ['toml', `a = "b" # "no"\nc = 'd'\ne = """\nno"""`, ['b', 'd']],
  ])('is told from the rest in %s: %s', (ending, text, expected) => {
    expect(words(text, ending)).toEqual(expected);
  });

  test('is none where a pattern can not be told from a division', () => {
    expect(words(`} /x'/.y('a')\nuse('b')`, 'js')).toEqual(['b']);
    expect(words(`if (a) /x/.y('a')\nuse('b')`, 'js')).toEqual(['b']);
  });

  test('ends with its line in a language in which strings do', () => {
    expect(words(`"a\n"b"`, 'go')).toEqual(['b']);
  });
});

/** Pieces of which every form of string and comment can come about, closed or not. */
const piece = oneof(
  constantFrom(
    ...[
      '"',
      "'",
      '`',
      '"""',
      "'''",
      '${',
      '}',
      '{',
      '(',
      ')',
      '\\',
      '\\(',
      '/',
      '//',
      '/*',
      '*/',
      '#',
      '#{',
      '{$',
      '\n',
      '\r\n',
      ' ',
    ],
    ...[
      '%w[',
      '%(',
      ']',
      '<<~A\n',
      '<<<A\n',
      'A\n',
      'r#"',
      '"#',
      '@"',
      '$"',
      'f"',
      '~w(',
      '?>',
      '<?php ',
      '<script>',
      '</script>',
    ],
    ...['=begin\n', '=end\n', ': ', '- ', 'a.b', 'price_1', '=', '=>', 'return ', '\u0000', '\u2028', '\ud800'],
  ),
  string({ maxLength: 3 }),
);
const text = array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

test('any text in any language has tokens in order and inside it, and code of the same length and lines', () => {
  const holds = property(tuple(text, constantFrom(...ENDINGS)), ([some, ending]) => {
    const { quoted, comments, code } = lexed(some, ending);
    expect(code.length).toBe(some.length);
    expect(code.replace(/[^\r\n]/g, '')).toBe(some.replace(/[^\r\n]/g, ''));
    for (const spans of [quoted, comments]) {
      let end = 0;
      for (const span of spans) {
        expect(span.start).toBeGreaterThanOrEqual(end);
        expect(span.end).toBeGreaterThanOrEqual(span.start);
        end = span.end;
      }
      expect(end).toBeLessThanOrEqual(some.length);
    }
  });
  const result = check(holds, runs(2000));
  expect(result.failed ? result.counterexample : null).toBeNull();
});

const HOSTILE = [
  ...[
    '"',
    "'",
    '`',
    '\\',
    '/',
    '{',
    '}',
    '(',
    '[',
    '#',
    '<',
    '%',
    '~',
    ' ',
    'x',
    '\n',
    '\n\n ',
    '/ ',
    '= /[',
    '=/x',
    '/*',
    '*/',
    '//',
  ],
  ...[
    '${',
    '`${',
    '"${',
    '"#{',
    'f"{',
    '"\\(',
    '$"{',
    '@"',
    '"""',
    "'''",
    'r#"',
    'r##"',
    '"#',
    '#"',
    '%w[',
    '%w[a]',
    '%w[a b] ',
    '<<A',
    '<<~A\n',
    '<<<A\n',
  ],
  ...[
    '?>',
    '<?',
    '<?php ',
    '?><?',
    '// ?>',
    '<script',
    '<script>',
    '</script>',
    ': ',
    '- a',
    '[',
    'a:',
    "'a",
    '=begin\n',
    '/x/',
    'a / b ',
    '"a" / ',
    '} /',
    ') /x',
  ],
];

test.each(ENDINGS)('a text of one repeated piece takes work in proportion to its length: %s', (ending) => {
  const heavy = HOSTILE.filter((some) => {
    const sizes = [500, 4000].map((count) => lexed(some.repeat(count), ending).work / (count * some.length));
    return sizes.some((work) => work > 40);
  });
  expect(heavy).toEqual([]);
});
