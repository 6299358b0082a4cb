import type Stripe from 'stripe';
import type { Symptom } from '../model.ts';
import { set } from '../vocabulary/collections.ts';
import { always, flag, literal, openWord, text, url, word } from '../vocabulary/scalars.ts';
import { apiVersions, eventTypes } from './events.ts';
import { metadata, metadataDescription } from './metadata.ts';
import type { Resource } from './resource.ts';

/** The path of a URL without a slash at its end. */
function pathIn(address: string): string {
  return (/^https?:\/\/[^/?#]*([^?#]*)/i.exec(address)?.[1] ?? '').replace(/\/$/, '');
}

/** Webhook endpoints (docs.stripe.com/api/webhook_endpoints). */
export const webhooks: Resource<Stripe.WebhookEndpoint> = {
  section: 'webhooks',
  kind: 'webhook endpoint',
  formerly: ['webhook', 'webhook_endpoint', 'webhook_endpoints', 'endpoint', 'endpoints', 'hooks'],
  instead: {
    enabled: 'Write status: enabled, or status: disabled',
    active: 'Write status: enabled, or status: disabled',
    disabled: 'Write status: enabled, or status: disabled',
    name: 'Write description instead',
    secret: 'Remove it: a signing secret never belongs in the file',
    signing_secret: 'Remove it: a signing secret never belongs in the file',
  },
  description:
    'A webhook endpoint: where Stripe sends events, and which. Found by `id`, else by `url` (with `connect`, if stated).',
  example: `billing:
  url: https://api.example.com/stripe/webhooks
  enabled_events: [checkout.session.completed, invoice.paid]
  api_version: 2026-10-28.endive
  metadata: { team: billing }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The endpoint's id, `we_…`. Finds the endpoint.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    url: {
      formerly: ['endpoint', 'endpoint_url', 'uri', 'address', 'target'],
      type: always(url({ securely: true })),
      description:
        'Where Stripe sends the events: an absolute URL, https in live mode. Finds the endpoint where no `id` is stated.',
      read: (live) => live.url,
      risk: 'From then on events go to the new address alone.',
    },
    connect: {
      formerly: ['application', 'connected', 'connected_accounts'],
      type: always(flag),
      description: '`true`: receives events of connected accounts; `false`: events of this account. Fixed at creation.',
      from: ['application'],
      read: (live) => live.application !== null && live.application !== undefined && live.application !== '',
      fixed: true,
      implied: ({ connect }) => connect === false,
    },
    status: {
      type: always(word(['enabled', 'disabled'])),
      description:
        'Whether Stripe sends events to it. Stripe disables an endpoint after days of failures. An entry that does not say expects `enabled`.',
      default: 'enabled',
      read: (live) => live.status,
      // None is created disabled; `state` says how one is.
      parameters: () => ({}),
    },
    enabled_events: {
      formerly: ['events', 'event', 'event_types', 'types', 'subscribed_events'],
      type: set(openWord(eventTypes, 'event type', { typos: true }), {
        nonEmpty: true,
        all: '*',
        verbs: {
          loses: 'would no longer send',
          everything: ['sends every event (*)', 'sends only'],
        },
      }),
      description:
        "The event types that are sent, in any order. `['*']` is all but those that need to be named. A type that this version does not know is a warning; one that is a letter or two from a type that it knows is an error.",
      read: (live) => live.enabled_events,
    },
    api_version: {
      formerly: ['version', 'stripe_version'],
      type: openWord(apiVersions, 'API version', { nullable: true }),
      description:
        "The API version that events are rendered in; `null`: follows the account's default. Fixed at creation.",
      read: (live) => live.api_version,
      fixed: true,
    },
    description: {
      type: text(),
      description: 'What the endpoint is for; shown in the Dashboard.',
      read: (live) => live.description,
    },
    metadata: { type: metadata, description: metadataDescription, own: true, read: (live) => live.metadata },
  },
  id: 'stripe',
  identities: [{ by: 'url', also: ['connect'], portable: true }],
  state: {
    inForce: ({ status }) => status === 'enabled',
    field: { name: 'status', expected: 'enabled' },
    retire: { kind: 'update', parameters: { disabled: 'true' } },
    restore: { kind: 'update', parameters: { disabled: 'false' } },
    words: { retire: 'disable', retired: 'disabled', active: 'enabled', meaning: 'Stripe sends it no events.' },
  },
  permission: { slug: 'rak_webhook_read', label: 'Webhook Endpoints' },
  source: { path: '/v1/webhook_endpoints', list: 'v1', inForce: {} },
  most: 16,
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.url,
  naming({ url: address, description, connect }) {
    const isName = typeof description === 'string' && description.length <= 30 && description.split(' ').length <= 3;
    const words = isName ? description : null;
    const [, host = null, path = ''] = /^https?:\/\/(?:[^/?#]*@)?([^/?#]*)([^?#]*)/i.exec(String(address)) ?? [];
    // Of a domain name its first part, which is a service's or the company's; of an address all.
    const service = /^(?:www\.)?([a-z][a-z\d-]*)\.[a-z]/i.exec(host ?? '')?.[1] ?? host;
    return { names: [words, `${service} ${path}`, host], marks: [connect === true ? 'connect' : 'account', host] };
  },
  likeness({ url: address, connect }) {
    const path = /^https?:\/\/[^/?#]*([^?#]*)/i.exec(String(address))?.[1];
    return path === undefined ? null : JSON.stringify([path, connect ?? false]);
  },
  traces({ enabled_events: events }, { url: address }) {
    const path = typeof address === 'string' ? pathIn(address) : '';
    return [
      ...(path === '' ? [] : [JSON.stringify(['path', path])]),
      ...(Array.isArray(events) ? [JSON.stringify(['events', events])] : []),
    ];
  },
  dashboard: 'webhooks',
  command: {
    words: ['webhook_endpoints'],
    creation: ({ url: address, enabled_events: events, status }) =>
      address == null || events == null || status === 'disabled' ? null : {},
    replacement: () => ({}),
  },
  replacing: 'which has a signing secret of its own, and disable or delete this one',
  replacingRisk:
    'Creating the endpoint prints its signing secret: let the receiver accept that beside the old one before the old endpoint is disabled.',
  creating:
    'Creating an endpoint prints its signing secret: give it to the receiver, which refuses its events until then.',
  healthOfAll: true,
  health({ id, fields, inForce }, stated, others) {
    if (!inForce) return [];
    const twins = (others.all('webhooks') ?? []).filter(
      (other) => other.id !== id && other.fields.url === fields.url && other.fields.connect === fields.connect,
    );
    const symptoms: Symptom[] = [];
    if (twins.length > 0) {
      const others = twins.length === 1 ? 'another endpoint sends' : `${twins.length} other endpoints send`;
      const message = `${others} to the same URL, so each event that they share arrives more than once.`;
      symptoms.push({ field: 'url', severity: 'warning', message });
    }
    if (fields.api_version === null && !('api_version' in stated)) {
      const message =
        "it follows the account's default API version: upgrading that version changes the payload of events.";
      symptoms.push({ field: 'api_version', severity: 'notice', message });
    }
    return symptoms;
  },
};
