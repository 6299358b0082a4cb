/** How text from outside stands in sentences and addresses. */

/** A quoted text is cut here, with a mark. */
const LONGEST_QUOTE = 300;

/** A text of the file or of Stripe as a sentence shows it: quoted, and cut with a mark where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${wellFormed(text.slice(0, LONGEST_QUOTE))}…` : text);
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
