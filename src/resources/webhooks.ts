import type Stripe from 'stripe';
import type { Symptom } from '../model.ts';
import { always, flag, literal, openWord, text, url, word } from '../vocabulary/scalars.ts';
import { endpointTraces, eventCount, eventSet, hostIn, instead, several, shareNone } from './endpoint.ts';
import { apiVersions, eventTypes } from './events.ts';
import { metadata, metadataDescription } from './metadata.ts';
import type { Resource } from './resource.ts';

/** So many endpoints Stripe allows in an account; so few more are close to that. */
const MOST = 16;
const CLOSE = 2;

/** Webhook endpoints (docs.stripe.com/api/webhook_endpoints). */
export const webhooks: Resource<Stripe.WebhookEndpoint> = {
  section: 'webhooks',
  kind: 'webhook endpoint',
  formerly: ['webhook', 'webhook_endpoint', 'webhook_endpoints', 'endpoint', 'endpoints', 'hooks'],
  instead: {
    ...instead,
    name: 'Write description instead',
  },
  description:
    'A webhook endpoint: a URL that Stripe sends events to, and which events. Found by `id`, else by `url` (with `connect`, if stated).',
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
        'The absolute URL that Stripe sends the events to; https in live mode. Finds the endpoint if the entry has no `id`.',
      read: (live) => live.url,
      risk: 'From then on, events go only to the new URL.',
    },
    connect: {
      formerly: ['application', 'connected', 'connected_accounts'],
      type: always(flag),
      description:
        "`true`: receives events of connected accounts; `false`: of this account. Can't be changed after creation.",
      from: ['application'],
      read: (live) => live.application !== null && live.application !== undefined && live.application !== '',
      fixed: true,
      implied: ({ connect }) => connect === false,
    },
    status: {
      type: always(word(['enabled', 'disabled'])),
      description:
        'Whether Stripe sends events to the endpoint. Stripe disables it after days of failures. If left out, `enabled` is expected.',
      default: 'enabled',
      read: (live) => live.status,
      // None is created disabled; `state` says how one is.
      parameters: () => ({}),
    },
    enabled_events: {
      formerly: ['events', 'event', 'event_types', 'types', 'subscribed_events'],
      type: eventSet(eventTypes),
      description:
        "The event types that are sent, in any order. `['*']` means all types except those that must be named. An unknown type is a warning, or an error if it is only a letter or two from a known type.",
      read: (live) => live.enabled_events,
    },
    api_version: {
      formerly: ['version', 'stripe_version'],
      type: openWord(apiVersions, 'API version', { nullable: true }),
      description:
        "The API version of the events. `null` means the account's default version. Can't be changed after creation.",
      read: (live) => live.api_version,
      fixed: true,
    },
    description: {
      type: text(),
      description: 'What the endpoint is for. The Dashboard shows it.',
      read: (live) => live.description,
    },
    metadata: { type: metadata, description: metadataDescription, own: true, read: (live) => live.metadata },
  },
  id: 'stripe',
  prefix: 'we_',
  sends: { field: 'enabled_events', all: '*' },
  inCode: { prefix: 'we_1', lengths: [23] },
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
  most: MOST,
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.url,
  naming({ url: address, description, connect }) {
    const isName = typeof description === 'string' && description.length <= 30 && description.split(' ').length <= 3;
    const words = isName ? description : null;
    const { host, name } = hostIn(String(address));
    return { names: [words, name, host], marks: [connect === true ? 'connect' : 'account', host] };
  },
  likeness({ url: address, connect }) {
    const path = /^https?:\/\/[^/?#]*([^?#]*)/i.exec(String(address))?.[1];
    return path === undefined ? null : JSON.stringify([path, connect ?? false]);
  },
  traces: ({ enabled_events: events }, { url: address }) => endpointTraces(address, events),
  dashboard: 'webhooks',
  command: {
    words: ['webhook_endpoints'],
    creation(fields) {
      if (fields.status === 'disabled') return null;
      return ['url', 'enabled_events'].find((name) => fields[name] == null) ?? {};
    },
    replacement: () => ({}),
  },
  replacing: 'make the receiver accept its signing secret too, and then disable or delete the old one',
  replacingRisk:
    'The receiver has to accept a new signing secret, and gets events twice while the old webhook endpoint is enabled too.',
  handover: 'make the receiver accept the new signing secret too (printed by 1)',
  extent({ enabled_events: events, connect }) {
    if (!Array.isArray(events)) return null;
    return `${eventCount(events)} of ${connect === true ? 'connected accounts' : 'this account'}`;
  },
  several,
  creating:
    'Creating an endpoint prints its signing secret: give it to the receiver, which rejects the events until it has the secret.',
  healthOfAll: true,
  healthRules: {
    'webhook-url-shared': {
      severity: 'warning',
      finds: 'an enabled endpoint that has its URL in common with another of its kind',
    },
    'webhook-follows-account-version': {
      severity: 'notice',
      finds: "an endpoint that follows the account's default API version",
    },
    'webhook-version-unlike-others': {
      severity: 'notice',
      finds: "an endpoint that follows the account's default API version, while others have a version of their own",
    },
    'webhooks-close-to-limit': {
      severity: 'notice',
      finds: `an account with ${MOST - CLOSE} to ${MOST} endpoints, of the ${MOST} that Stripe allows`,
    },
  },
  health({ id, fields, inForce }, stated, others) {
    if (!inForce) return [];
    const enabled = (others.all('webhooks') ?? []).filter((other) => other.id !== id);
    const twins = enabled.filter((other) => other.fields.url === fields.url && other.fields.connect === fields.connect);
    const symptoms: Symptom[] = [];
    if (twins.length > 0) {
      const others = twins.length === 1 ? 'another endpoint sends' : `${twins.length} other endpoints send`;
      const message = `${others} to the same URL, so each event that they share arrives more than once.`;
      symptoms.push({ rule: 'webhook-url-shared', field: 'url', message, remedy: shareNone });
    }
    if (fields.api_version === null && !('api_version' in stated)) {
      const areAlike = enabled.every((other) => other.fields.api_version === null);
      const rule = areAlike ? 'webhook-follows-account-version' : 'webhook-version-unlike-others';
      const message = areAlike
        ? "it follows the account's default API version: upgrading that version changes the payload of events."
        : "it follows the account's default API version, while other endpoints have a version of their own: upgrading the default changes the payload of its events alone.";
      const remedy =
        "To accept that, state `api_version: null` in the file. Else create a new endpoint with a version of its own: it can't be changed after creation.";
      symptoms.push({ rule, field: 'api_version', message, remedy });
    }
    return symptoms;
  },
  healthOfSection({ length }) {
    // In an account with more, Stripe has raised the limit.
    if (length < MOST - CLOSE || length > MOST) return [];
    const then =
      length === MOST ? 'Stripe refuses to create another' : `with ${MOST}, Stripe refuses to create another`;
    const message = `the account has ${length} endpoints, and Stripe allows ${MOST}: ${then}.`;
    const remedy =
      'Delete the endpoints that nothing needs any more, disabled ones too, or ask the support of Stripe for more.';
    return [{ rule: 'webhooks-close-to-limit', field: null, message, remedy }];
  },
};
