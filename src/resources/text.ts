/** How text from outside stands in sentences and addresses. */

/** A quoted text is cut here, with a mark. */
const LONGEST_QUOTE = 300;

/** A text of the file or of Stripe as a sentence shows it: quoted, without tokens, and cut with a mark where it is long. */
export function quote(text: string): string {
  const plain = withoutTokens(text);
  return JSON.stringify(plain.length > LONGEST_QUOTE ? `${wellFormed(plain.slice(0, LONGEST_QUOTE))}…` : plain);
}

/** A text whose URLs, whole or mistyped, have lost userinfo and the values of their queries: webhook URLs carry tokens there. */
export function withoutTokens(text: string): string {
  return text.replace(/\S+/g, (word) => {
    const has = (sign: string) => word.includes(sign);
    const isAddress = has(':/') || (has(':') && has('@')) || (has('?') && has('='));
    return isAddress ? withoutQueryValues(word) : word;
  });
}

function withoutQueryValues(address: string): string {
  const [beforeQuery = '', ...query] = address.split('?');
  const plain = beforeQuery.includes(':/')
    ? beforeQuery.replace(/(:\/+)[^/#\\]*@/g, '$1…@')
    : beforeQuery.replace(/^[^@:]*:.*@/, '…@');
  if (query.length === 0) return plain;
  const [values = '', ...fragment] = query.join('?').split('#');
  // What closes a sentence or a quotation around the address stays.
  const rest = values.replace(/["'<>)\],;.:!?]+$/, '');
  const names = rest.split('&').map((pair) => (pair.includes('=') ? `${pair.split('=')[0]}=…` : '…'));
  return [`${plain}?${names.join('&')}${values.slice(rest.length)}`, ...fragment].join('#');
}

/** An id or a name bare where it is plain, else quoted. */
export function bare(text: string): string {
  return /^[\w./-]{1,300}$/.test(text) ? text : quote(text);
}

/** A text as a part of an address. A lone surrogate, which no address can hold, becomes a replacement character. */
export function addressPart(text: string): string {
  return encodeURIComponent(wellFormed(text));
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** A commit as people name it, with seven characters; any other text as it is. */
export function shortCommit(text: string): string {
  return /^[0-9a-f]{40,64}$/.test(text) ? text.slice(0, 7) : bare(text);
}
