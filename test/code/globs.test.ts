/** Globs, which no pattern makes slow. */
import { describe, expect, test } from 'vitest';
import { advance, type Glob, globMatcher, globsOf, isReached, start } from '../../src/code/globs.ts';

function isMatch(pattern: string, file: string, matchesDots = false): boolean {
  const globs = globsOf(pattern, matchesDots);
  if (typeof globs === 'string') throw new Error(globs);
  return globs.some((glob) => reaches(glob, file));
}

function reaches(glob: Glob, file: string): boolean {
  return isReached(
    glob,
    file.split('/').reduce((position, name) => advance(glob, position, name), start(glob)),
  );
}

describe('a glob', () => {
  test.each([
    ['src/**', 'src/a/b.ts'],
    ['src', 'src/a/b.ts'],
    ['./src/', 'src/a.ts'],
    ['src/a.ts', 'src/a.ts'],
    ['**', 'a'],
    ['**/*.ts', 'a.ts'],
    ['**/*.ts', 'a/b/c.ts'],
    ['src/**/x/*.ts', 'src/x/a.ts'],
    ['src/**/x/*.ts', 'src/x/x/x/a.ts'],
    ['*.{ts,tsx}', 'a.tsx'],
    ['{a,b{c,d}}/*', 'bd/x'],
    ['{hook}.{ts,js}', 'hook.js'],
    ['{{name}}/*.{py,rb}', '{{name}}/hook.py'],
    ['{a,b', '{a,b'],
    ['a{}', 'a{}'],
    ['{{a,b}', '{b'],
    ['x\\{a,b}', 'x{a,b}'],
    ['a?c', 'abc'],
    ['[a-c]x', 'bx'],
    ['[!a-c]x', 'dx'],
    ['app/[id]/(group)/*.ts', 'app/[id]/(group)/route.ts'],
    ['a\\*', 'a*'],
    ['.github/**', '.github/a.yml'],
    ['*a*b*c', 'xaxbxcxc'],
  ])('%s matches %s', (pattern, file) => {
    expect(isMatch(pattern, file)).toBe(true);
  });

  test.each([
    ['src/*', 'src/a/b.ts'],
    ['src/*', 'srcs/a'],
    ['*.ts', 'a/b.ts'],
    ['a?c', 'ac'],
    ['[!a-c]x', 'bx'],
    ['**/*.ts', '.hidden/a.ts'],
    ['*', '.env'],
    ['a{b,c}', 'ad'],
    ['{}', 'a'],
    ['a*', 'b'],
    ['', 'a/b'.slice(0, 0)],
  ])('%s does not match %s', (pattern, file) => {
    expect(file === '' || isMatch(pattern, file)).toBe(file === '');
  });

  test('that takes out matches names with a dot', () => {
    expect(isMatch('**/*.ts', '.hidden/.a.ts', true)).toBe(true);
  });

  test.each(['../x', 'a/../../b', '/etc', 'C:/x', '\\\\x'])('%s leads outside', (pattern) => {
    expect(globsOf(pattern, false)).toBe('outside');
  });

  test('of too many braces is none', () => {
    expect(globsOf('{a,b}'.repeat(40), false)).toBe('braces');
  });

  test('has one step for what says the same', () => {
    const steps = (text: string) => (globsOf(text, false) as readonly Glob[]).map((glob) => glob.steps.length);
    expect(steps(`${'**/'.repeat(300)}a*`)).toEqual([2]);
    expect(steps('src/a.ts')).toEqual([3]);
  });

  test('stands at no more steps than it has, however many stars there are', () => {
    const [glob] = globsOf(
      `${'**/'.repeat(300)}${'*a/**/*/a*/**/'.repeat(20)}${'*a'.repeat(120)}b`,
      false,
    ) as readonly Glob[];
    let position = start(glob as Glob);
    for (let depth = 0; depth < 50; depth += 1) {
      position = advance(glob as Glob, position, 'a'.repeat(250));
      expect(position.length).toBeLessThanOrEqual((glob as Glob).steps.length + 1);
      expect(position).toEqual([...new Set(position)].sort((one, other) => one - other));
    }
    expect(isReached(glob as Glob, position)).toBe(false);
  });
});

describe('a matcher', () => {
  test('tells the files that a glob names', () => {
    const isNamed = globMatcher('**/{a,b*,{c,d}e}/**');
    const files = ['a/x', 'y/bbb/x/z', 'de/x', 'c/x', 'x/y', 'a/x'];
    expect(files.map(isNamed)).toEqual([true, true, true, false, false, true]);
    expect(globMatcher('../a')('a')).toBe(false);
    expect(globMatcher('**/[object Object]')('x/j')).toBe(true);
  });

  test('takes its glob apart once, and a file apart once', () => {
    let taken = 0;
    const counted = (text: string) => ({
      split: (by: string) => {
        taken += 1;
        return text.split(by);
      },
    });
    const isNamed = globMatcher('**/{a,b}/**');
    const file = counted('x/a/y') as unknown as string;
    expect([isNamed(file), isNamed(file), isNamed(file)]).toEqual([true, true, true]);
    expect(taken).toBe(1);
  });
});
