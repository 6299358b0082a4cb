import type { Value } from '../model.ts';
import { set } from '../vocabulary/collections.ts';
import { openWord } from '../vocabulary/scalars.ts';
import type { Type } from '../vocabulary/type.ts';

/** What the kinds that send events have in common. */

/** Words that none of them has as a field. */
export const instead: { readonly [word: string]: string } = {
  enabled: 'Write status: enabled, or status: disabled',
  active: 'Write status: enabled, or status: disabled',
  disabled: 'Write status: enabled, or status: disabled',
  secret: 'Remove it: a signing secret never belongs in the file',
  signing_secret: 'Remove it: a signing secret never belongs in the file',
};

export const several = 'While several are enabled, each event that they share arrives more than once.';

/** How to have no event arrive twice. */
export const shareNone =
  'If both are needed, let them have different events. Else keep one, and disable the other once you know which secret the receiver uses.';

/** The events that are sent, of these types and newer ones. */
export function eventSet(types: readonly string[]): Type {
  return set(openWord(types, 'event type', { typos: true, all: '*' }), {
    nonEmpty: true,
    all: '*',
    verbs: { loses: 'would no longer send', everything: ['every event (*)', 'sends'] },
  });
}

/** The path of a URL without a slash at its end; null where it is none. */
export function addressPath(address: string): string | null {
  return /^https?:\/\/[^/?#]*([^?#]*)/i.exec(address)?.[1]?.replace(/\/$/, '') ?? null;
}

/** Traces (see `Resource`) of an endpoint: its path, which stays where it moves to another host, and the events that it takes. */
export function endpointTraces(address: Value | undefined, events: Value | undefined): string[] {
  const path = typeof address === 'string' ? addressPath(address) : null;
  return [
    ...(path ? [JSON.stringify(['path', path])] : []),
    ...(Array.isArray(events) ? [JSON.stringify(['events', events])] : []),
  ];
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
