/** What the URL of a receiver of events tells. */

/** The path of a URL without a slash at its end; null where it is none. */
export function pathIn(address: string): string | null {
  return /^https?:\/\/[^/?#]*([^?#]*)/i.exec(address)?.[1]?.replace(/\/$/, '') ?? null;
}

/** The host of a URL, and what it may be called: by the service and the path. */
export function hostIn(address: string): { readonly host: string | null; readonly name: string } {
  const [, host = null, path = ''] = /^https?:\/\/(?:[^/?#]*@)?([^/?#]*)([^?#]*)/i.exec(address) ?? [];
  // Of a domain name its first part, which is a service's or the company's; of an address all.
  const service = /^(?:www\.)?([a-z][a-z\d-]*)\.[a-z]/i.exec(host ?? '')?.[1] ?? host;
  return { host, name: `${service} ${path}` };
}

/** So many events, or all of them. */
export function eventCount(events: readonly unknown[], kind = ''): string {
  if (events.includes('*')) return `all ${kind}events`;
  return events.length === 1 ? `1 ${kind}event` : `${events.length} ${kind}events`;
}
