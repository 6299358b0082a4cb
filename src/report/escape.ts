import { INVISIBLE, NAME } from '../text.ts';

export { cut } from '../text.ts';

/** How text from outside enters each outlet: it is shown, visibly escaped, and never becomes a command, markup or a control. */

/** Servers refuse longer addresses: what they would name stands there without a link. */
const LONGEST_ADDRESS = 8000;

const INVISIBLES = new RegExp(INVISIBLE, 'gu');

/** Text on one line, each invisible character as an escape: a line feed is `\n`, an override `\u202e`. The older syntax of
 *  workflow commands, which the runner takes anywhere in a line, is broken by a backslash. */
export function visible(text: string): string {
  return text
    .replace(INVISIBLES, (character) => {
      if (character === '\n') return '\\n';
      if (character === '\r') return '\\r';
      if (character === '\t') return '\\t';
      const code = character.codePointAt(0) ?? 0;
      return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
    })
    .replaceAll('##[', '##\\[');
}

/** A line of a log that the runner reads: neither of its two syntaxes of commands is left in it. */
export function logLine(text: string): string {
  return visible(text)
    .replaceAll('##[', '##\\[')
    .replace(/^(\s*)::/, '$1\\::');
}

/** Data of a workflow command (actions/toolkit, command.ts). */
export function commandData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A property of a workflow command (actions/toolkit, command.ts). */
export function commandProperty(text: string): string {
  return commandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Text as a code span of Markdown, also in a table's cell. GitHub makes no mention, reference or link in code. */
export function code(text: string): string {
  const shown = visible(text);
  if (shown === '') return '<code></code>';
  if (/^[^`|\\<>&]+$/.test(shown) && shown.trim() === shown) return `\`${shown}\``;
  return htmlCode(shown);
}

function htmlCode(shown: string): string {
  return `<code>${entities(shown)}</code>`;
}

/** A word of code with more characters than these may be broken, so that the columns of a table all fit on GitHub's page. */
const LONGEST_UNBROKEN = 30;

/** Text as a code span in which long words, such as names and addresses, break after their dots, slashes, hyphens and underscores. */
export function breakableCode(text: string): string {
  const words = visible(text).split(/(?<= )/);
  if (words.every(({ length }) => length <= LONGEST_UNBROKEN)) return code(text);
  const broken = words.map((word) =>
    word.length <= LONGEST_UNBROKEN
      ? entities(word)
      : word
          .split(/(?<=[./_-])(?![./_-])/)
          .map(entities)
          .join('<wbr>'),
  );
  return `<code>${broken.join('')}</code>`;
}

/** A sentence in Markdown: what it quotes, and names such as `prices.pro.unit_amount`, become code, the rest plain text. */
export function prose(text: string): string {
  let afterCode = false;
  const pieces = text.split(CODE_IN_PROSE).map((piece, index) => {
    if (index % 2 === 0) {
      afterCode = afterCode && piece === '';
      return entities(visible(piece));
    }
    const plain = piece.startsWith('`') ? piece.slice(1, -1) : piece;
    // Two spans in backticks that touch would be one.
    const span = afterCode ? htmlCode(visible(plain)) : code(plain);
    afterCode = true;
    return span;
  });
  // What makes a list, a rule, a title or a block of code at the start of a line.
  return pieces
    .join('')
    .replace(/^(?: +|\d{1,9}(?=[.)])|(?=[-+=]))([-+=.)]?)/, (start) =>
      [...start].map((character) => (/\d/.test(character) ? character : `&#${character.charCodeAt(0)};`)).join(''),
    );
}

/** A link whose text is Markdown already. The address is this program's, in which what came from outside is percent-encoded. */
export function link(text: string, url: string): string {
  if (url.length > LONGEST_ADDRESS) return text;
  return `[${text}](${url.replace(/[^\w\-.~:/?#[\]@!$&*+,;=%]/g, (found) => `%${found.charCodeAt(0).toString(16)}`)})`;
}

/** What a sentence quotes, or sets in backticks, and names with dots, underscores or indexes; a number is no name. */
const CODE_IN_PROSE = new RegExp(
  `("(?:[^"\\\\]|\\\\.)*"|\`[\\w.]+\`|(?<![A-Za-z\\d])(?!\\d+\\.\\d+(?![\\w.[/-]))${NAME.source})`,
);

/** Every character that could mean something in Markdown or HTML as an entity, which neither takes for markup. */
function entities(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,;?'()\-—–…/%=+]|\b(?:https?|www)\b/gu, (found) =>
    [...found].map((character) => `&#${character.codePointAt(0)};`).join(''),
  );
}
