/** Webhook endpoints. */
import type Stripe from 'stripe';
import { eventTypes } from '../../src/resources/events.ts';
import { Words } from '../tree.ts';
import type { Kind, Live } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Unsent, type Wire } from './raw.ts';
import { metadataTree, noText, otherMetadata, otherText, storedMetadata, textOrNull, values } from './values.ts';

/** A webhook endpoint as the API sends it; its `secret` is only in the answer to its creation. */
export type RawWebhookEndpoint = Wire<Omit<Stripe.WebhookEndpoint, 'secret'>> & Unsent;

/** A webhook endpoint in force, in live mode. Each object is made one second after the one before. */
export function webhookEndpoint(overrides: Overrides<RawWebhookEndpoint> = {}): RawWebhookEndpoint {
  const number = next();
  return {
    id: `we_${serial(number)}`,
    object: 'webhook_endpoint',
    api_version: '2026-10-28.endive',
    application: null,
    created: EPOCH + number,
    description: null,
    enabled_events: ['checkout.session.completed'],
    livemode: true,
    metadata: {},
    status: 'enabled',
    url: `https://shop.example.com/stripe/${number}`,
    ...stated(overrides),
  };
}

const EVENTS = [...eventTypes.slice(0, 3), 'invoice.paid', 'checkout.session.completed', 'charge.made_up', '__proto__'];

export const kind: Kind = {
  // Stripe's published fixture (stripe/openapi, fixtures3.json).
  sample: {
    api_version: null,
    application: null,
    created: 1234567890,
    description: 'This is my webhook, I like it a lot',
    enabled_events: ['charge.failed', 'charge.succeeded'],
    id: 'we_1Pgc6yB7WZ01zgkWzAudq4eU',
    livemode: false,
    metadata: {},
    object: 'webhook_endpoint',
    status: 'enabled',
    url: 'https://example.com/my/webhook/endpoint',
  },
  kept: {
    label: 'https://example.com/my/webhook/endpoint',
    fields: {
      id: 'we_1Pgc6yB7WZ01zgkWzAudq4eU',
      url: 'https://example.com/my/webhook/endpoint',
      connect: false,
      status: 'enabled',
      enabled_events: ['charge.failed', 'charge.succeeded'],
      api_version: null,
      description: 'This is my webhook, I like it a lot',
      metadata: null,
    },
  },
  any(check) {
    const { address, someText, metadata } = values(check);
    return check
      .record({
        serial: check.nat(),
        url: address,
        application: check.constantFrom(null, '', 'ca_123'),
        status: check.constantFrom('enabled' as const, 'enabled' as const, 'disabled' as const),
        // Stripe takes the star alone.
        enabled_events: check
          .shuffledSubarray(EVENTS, { minLength: 1 })
          .map((events) => (events.includes('*') ? ['*'] : events)),
        api_version: check.constantFrom(null, '2026-10-28.endive', '2019-03-14', '2031-01-01.made_up'),
        description: someText,
        metadata,
      })
      .map(({ serial, ...rest }) => webhookEndpoint({ id: `we_${serial}`, ...rest }) as unknown as Live);
  },
  stated: (live) => [
    ['id', live.id],
    ['url', live.url as string],
    ['connect', live.application !== null && live.application !== ''],
    ['status', live.status as string],
    ['enabled_events', new Words(live.enabled_events as string[])],
    ['api_version', live.api_version as string | null],
    ['description', textOrNull(live.description)],
    ['metadata', metadataTree(live)],
  ],
  natural: { field: 'url', other: 'https://elsewhere.example.org/hook' },
  state: {
    isActive: ({ status }) => status === 'enabled',
    field: { name: 'status', active: 'enabled', retired: 'disabled' },
  },
  edits: {
    url: () => ({ url: 'https://elsewhere.example.org/hook' }),
    connect: ({ application }) => ({ application: application === null || application === '' ? 'ca_other' : null }),
    enabled_events: ({ enabled_events: events }) => ({
      enabled_events: [...(events as string[]).slice(1), 'source.chargeable'],
    }),
    api_version: ({ api_version: version }) => ({ api_version: version === null ? '2019-12-03' : null }),
    description: otherText('description'),
    metadata: otherMetadata,
  },
  tells: () => true,
  charge: null,
  refused: {
    id: ['[we_1]', 'Expected'],
    url: ['not a url', 'url'],
    connect: ['maybe', 'Expected true or false'],
    status: ['off', 'enabled'],
    enabled_events: ['[]', 'enabled_events'],
    api_version: ['[]', 'Expected'],
    description: ['[]', 'Expected'],
    metadata: ['[]', 'Expected'],
  },
  row: {
    path: 'webhook_endpoints',
    noun: 'webhook endpoint',
    permission: 'webhook_read',
    label: 'Webhook Endpoints',
  },
  writes: {
    update: 'description disabled enabled_events metadata url',
    lasting: 'disabled enabled_events url',
    create: 'api_version connect',
    later: 'disabled',
    blank: () => webhookEndpoint({ api_version: null, description: null, metadata: {} }) as unknown as Live,
    means: {
      disabled: (value) => ({ status: value === 'true' ? 'disabled' : 'enabled' }),
      connect: (value) => ({ application: value === 'true' ? 'ca_1' : null }),
    },
    lists: 'enabled_events',
  },
  possible: (live) => ({
    ...live,
    application: noText(live.application),
    description: noText(live.description),
    metadata: storedMetadata(live.metadata),
  }),
};
