/** Event destinations, of Stripe's API v2. */
import type Stripe from 'stripe';
import { eventTypes, thinEventTypes } from '../../src/resources/events.ts';
import { Names, type Tree, Words } from '../tree.ts';
import type { Kind, Live, Params } from './kind.ts';
import { EPOCH, next, type Overrides, serial, stated, type Wire } from './raw.ts';
import { metadataTree, otherMetadata, otherText, storedMetadata, textOrNull, values } from './values.ts';

/** An event destination as the API sends it where its URL is included. */
export type RawEventDestination = Wire<Stripe.V2.Core.EventDestination>;

type Aws = NonNullable<RawEventDestination['amazon_eventbridge']>;
type Azure = NonNullable<RawEventDestination['azure_event_grid']>;

/** An enabled destination with thin events for a URL, in live mode. Each is made one second after the one before. */
export function eventDestination(overrides: Overrides<RawEventDestination> = {}): RawEventDestination {
  const number = next();
  const at = new Date((EPOCH + number) * 1000).toISOString();
  return {
    id: `ed_${serial(number)}`,
    object: 'v2.core.event_destination',
    created: at,
    description: '',
    enabled_events: ['v1.invoice.paid'],
    event_payload: 'thin',
    events_from: ['@self'],
    livemode: true,
    metadata: {},
    name: `Destination ${number}`,
    status: 'enabled',
    type: 'webhook_endpoint',
    updated: at,
    webhook_endpoint: { url: `https://shop.example.com/events/${number}` },
    ...stated(overrides),
  };
}

const arn = (region: string, name: string) => `arn:aws:events:${region}::event-source/aws.partner/stripe.com/${name}`;

/** A destination in Amazon EventBridge. */
export function eventBridge(aws: Partial<Aws> = {}, more: Overrides<RawEventDestination> = {}): RawEventDestination {
  return eventDestination({
    type: 'amazon_eventbridge',
    amazon_eventbridge: {
      aws_account_id: '123456789012',
      aws_event_source_arn: arn('us-east-1', 'ed_made'),
      aws_event_source_status: 'active',
      ...aws,
    },
    webhook_endpoint: undefined,
    ...more,
  });
}

/** A destination in Azure Event Grid. */
export function eventGrid(azure: Partial<Azure> = {}, more: Overrides<RawEventDestination> = {}): RawEventDestination {
  return eventDestination({
    type: 'azure_event_grid',
    azure_event_grid: {
      azure_partner_topic_name: 'stripe-made',
      azure_partner_topic_status: 'activated',
      azure_region: 'westus2',
      azure_resource_group_name: 'billing',
      azure_subscription_id: '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
      ...azure,
    },
    webhook_endpoint: undefined,
    ...more,
  });
}

const SNAPSHOT_EVENTS = [...eventTypes.slice(0, 3), 'invoice.paid', 'charge.made_up', '__proto__'];
const THIN_EVENTS = [...thinEventTypes.slice(0, 3), 'v1.invoice.paid', 'v2.made.up'];
const VERSIONS = ['2026-10-28.endive', '2019-03-14', '2031-01-01.made_up'];
const SOURCES = ['@self', '@accounts', '@organization_members', '@made_up'];

/** Some of these names, one at least: of a map only the names that a file states are compared. */
function some(pairs: readonly (readonly [string, Tree])[], choice: number): Names {
  const left = pairs.filter((_, index) => (choice >> index) % 2 === 0);
  return new Names(left.length === 0 ? pairs : left);
}

export const kind: Kind = {
  // Stripe's own example (docs.stripe.com/api/v2/core/event-destinations/object).
  sample: {
    id: 'ed_test_61RM8ltWcTW4mbsxf16RJyfa2xSQLHJJh1sxm7H0KVT6',
    object: 'v2.core.event_destination',
    created: '2024-10-22T16:20:09.931Z',
    description: 'This is my event destination, I like it a lot',
    enabled_events: ['v1.billing.meter.error_report_triggered'],
    event_payload: 'thin',
    events_from: ['@self'],
    livemode: false,
    metadata: {},
    name: 'My Event Destination',
    snapshot_api_version: null,
    status: 'enabled',
    status_details: null,
    type: 'webhook_endpoint',
    updated: '2024-10-22T16:20:09.937Z',
    webhook_endpoint: { signing_secret: null, url: 'https://example.com/my/webhook/endpoint' },
  },
  kept: {
    label: 'My Event Destination',
    fields: {
      id: 'ed_test_61RM8ltWcTW4mbsxf16RJyfa2xSQLHJJh1sxm7H0KVT6',
      name: 'My Event Destination',
      description: 'This is my event destination, I like it a lot',
      type: 'webhook_endpoint',
      event_payload: 'thin',
      enabled_events: ['v1.billing.meter.error_report_triggered'],
      events_from: ['@self'],
      snapshot_api_version: null,
      webhook_endpoint: { url: 'https://example.com/my/webhook/endpoint' },
      amazon_eventbridge: null,
      azure_event_grid: null,
      status: 'enabled',
      metadata: null,
      event_source: null,
      partner_topic: null,
      status_details: null,
    },
  },
  any(check) {
    const { text, someText, address, metadata } = values(check);
    // Stripe takes the star alone.
    const events = (of: readonly string[]) =>
      check.shuffledSubarray([...of], { minLength: 1 }).map((all) => (all.includes('*') ? ['*'] : all));
    const payload = check.oneof(
      check.record({
        event_payload: check.constant('thin' as const),
        enabled_events: events(THIN_EVENTS),
        snapshot_api_version: check.constant(undefined),
      }),
      check.record({
        event_payload: check.constant('snapshot' as const),
        enabled_events: events(SNAPSHOT_EVENTS),
        snapshot_api_version: check.constantFrom(...VERSIONS),
      }),
    );
    const webhook = address.map((url) => ({ type: 'webhook_endpoint', webhook_endpoint: { url } }));
    const aws = check
      .record({
        account: check.stringMatching(/^\d{12}$/),
        region: check.constantFrom('us-east-1', 'eu-west-3'),
        source: check.stringMatching(/^ed_[a-z]{4}$/),
        status: check.constantFrom('active' as const, 'pending' as const, 'deleted' as const),
      })
      .map(({ account, region, source, status }) => ({
        type: 'amazon_eventbridge',
        webhook_endpoint: undefined,
        amazon_eventbridge: {
          aws_account_id: account,
          aws_event_source_arn: arn(region, source),
          aws_event_source_status: status,
        },
      }));
    const azure = check
      .record({
        azure_partner_topic_name: check.stringMatching(/^stripe-[a-z]{4}$/),
        azure_partner_topic_status: check.constantFrom('activated', 'never_activated', 'deleted'),
        azure_region: check.constantFrom('westus2', 'northeurope'),
        azure_resource_group_name: check.constantFrom('billing', 'My Group'),
        azure_subscription_id: check.uuid(),
      })
      .map((topic) => ({ type: 'azure_event_grid', webhook_endpoint: undefined, azure_event_grid: topic }));
    return check
      .record({
        serial: check.nat(),
        name: check.oneof(check.constant('Usage'), text),
        description: someText.map((one) => one ?? ''),
        payload,
        receiver: check.oneof({ weight: 2, arbitrary: webhook }, aws, azure),
        events_from: check.shuffledSubarray(SOURCES, { minLength: 1 }),
        status: check.constantFrom('enabled' as const, 'enabled' as const, 'disabled' as const),
        metadata,
      })
      .map(
        ({ serial, payload: form, receiver, ...rest }) =>
          eventDestination({ id: `ed_${serial}`, ...rest, ...form, ...receiver }) as unknown as Live,
      );
  },
  stated(live) {
    const {
      webhook_endpoint: webhook,
      amazon_eventbridge: aws,
      azure_event_grid: azure,
    } = live as unknown as RawEventDestination;
    const choice = String(live.name).length;
    const region = /^arn:aws:events:([^:]+):/.exec(aws?.aws_event_source_arn ?? '')?.[1] ?? '';
    return [
      ['id', live.id],
      ['name', live.name as string],
      ['description', textOrNull(live.description)],
      ['type', live.type as string],
      ['event_payload', live.event_payload as string],
      ['enabled_events', new Words(live.enabled_events as string[])],
      ['events_from', new Words(live.events_from as string[])],
      ['snapshot_api_version', (live.snapshot_api_version ?? null) as string | null],
      ...(webhook ? [['webhook_endpoint', new Names([['url', webhook.url as string]])] as const] : []),
      ...(aws
        ? [
            [
              'amazon_eventbridge',
              some(
                [
                  ['aws_account_id', aws.aws_account_id],
                  ['aws_region', region],
                  ['aws_event_source_arn', aws.aws_event_source_arn],
                ],
                choice,
              ),
            ] as const,
          ]
        : []),
      ...(azure
        ? [
            [
              'azure_event_grid',
              some(
                [
                  ['azure_subscription_id', azure.azure_subscription_id],
                  ['azure_resource_group_name', azure.azure_resource_group_name],
                  ['azure_region', azure.azure_region],
                  ['azure_partner_topic_name', azure.azure_partner_topic_name],
                ],
                choice,
              ),
            ] as const,
          ]
        : []),
      ['status', live.status as string],
      ['metadata', metadataTree(live)],
    ];
  },
  natural: { field: 'name', other: 'other one' },
  state: {
    isActive: ({ status }) => status === 'enabled',
    field: { name: 'status', active: 'enabled', retired: 'disabled' },
  },
  edits: {
    name: otherText('name'),
    description: otherText('description'),
    type: ({ type }) => ({ type: type === 'webhook_endpoint' ? 'made_up' : 'webhook_endpoint' }),
    event_payload: ({ event_payload: payload }) => ({ event_payload: payload === 'thin' ? 'snapshot' : 'thin' }),
    enabled_events: ({ enabled_events: events }) => ({
      enabled_events: [...(events as string[]).slice(1), 'source.chargeable'],
    }),
    events_from: ({ events_from: from }) => ({
      events_from: [...(from as string[]).slice(1), '@organization_members/@accounts'],
    }),
    snapshot_api_version: ({ snapshot_api_version: version }) => ({
      snapshot_api_version: version === '2019-12-03' ? null : '2019-12-03',
    }),
    webhook_endpoint: ({ webhook_endpoint: webhook }) =>
      webhook ? { webhook_endpoint: { url: 'https://elsewhere.example.org/hook' } } : null,
    amazon_eventbridge: ({ amazon_eventbridge: aws }) =>
      aws
        ? {
            amazon_eventbridge: {
              ...(aws as Aws),
              aws_account_id: '210987654321',
              aws_event_source_arn: arn('sa-east-1', 'ed_other'),
            },
          }
        : null,
    azure_event_grid: ({ azure_event_grid: azure }) =>
      azure
        ? {
            azure_event_grid: {
              ...(azure as Azure),
              azure_partner_topic_name: 'other topic',
              azure_region: 'other region',
              azure_resource_group_name: 'other group',
              azure_subscription_id: 'other subscription',
            },
          }
        : null,
    metadata: otherMetadata,
  },
  tells: () => true,
  charge: null,
  refused: {
    id: ['[ed_1]', 'Expected'],
    name: ['null', 'name'],
    description: ['[]', 'Expected'],
    type: ['webhook_endpont', 'Did you mean webhook_endpoint?'],
    event_payload: ['thick', 'thin'],
    enabled_events: ['[]', 'enabled_events'],
    events_from: ["'@self'", 'Expected'],
    snapshot_api_version: ['[]', 'Expected'],
    webhook_endpoint: ['{ url: not a url }', 'url'],
    amazon_eventbridge: ['{ aws_account_id: 123456789012 }', 'in quotes'],
    azure_event_grid: ['westus2', 'Expected'],
    status: ['off', 'enabled'],
    metadata: ['[]', 'Expected'],
  },
  row: {
    path: 'core/event_destinations',
    v2: { included: ['webhook_endpoint.url'] },
    noun: 'event destination',
    permission: 'webhook_read',
    label: 'Webhook Endpoints',
  },
  writes: {
    update: 'description enabled_events metadata name webhook_endpoint',
    lasting: 'description enabled_events name webhook_endpoint',
    create: 'amazon_eventbridge azure_event_grid event_payload events_from snapshot_api_version type',
    blank: () => eventDestination({ id: 'ed_new', webhook_endpoint: undefined }) as unknown as Live,
    means: {
      amazon_eventbridge(value) {
        const { aws_account_id: account, aws_region: region } = value as { [name: string]: string };
        return {
          amazon_eventbridge: {
            aws_account_id: account,
            aws_event_source_arn: arn(String(region), 'ed_new'),
            aws_event_source_status: 'pending',
          },
        };
      },
      azure_event_grid: (value) => ({
        azure_event_grid: {
          ...(value as object),
          azure_partner_topic_name: 'stripe-new',
          azure_partner_topic_status: 'never_activated',
        },
      }),
    },
    lists: 'enabled_events events_from',
    verbs: {
      enable: { status: 'enabled', status_details: undefined },
      disable: { status: 'disabled', status_details: { disabled: { reason: 'user' } } },
    },
    refuses: ({ before, params }) => refusal(before, params),
  },
  possible: (live) => ({ ...live, metadata: storedMetadata(live.metadata) }),
};

/** What a request has to say (the SDK's types), and events of one form alone. */
function refusal(before: Live | null, params: Params): string | null {
  if (params.metadata === '') return 'metadata can not be unset at once';
  const payload = before?.event_payload ?? params.event_payload;
  const isOther = (event: unknown) => event !== '*' && /^v\d\./.test(String(event)) !== (payload === 'thin');
  const strange = Object.values((params.enabled_events ?? {}) as Params).filter(isOther);
  if (strange.length > 0) return `${strange} are not ${payload}`;
  if (before !== null) return null;
  const receivers: Readonly<Record<string, readonly string[]>> = {
    webhook_endpoint: ['url'],
    amazon_eventbridge: ['aws_account_id', 'aws_region'],
    azure_event_grid: ['azure_region', 'azure_resource_group_name', 'azure_subscription_id'],
  };
  const lacking = ['enabled_events', 'event_payload', 'name', 'type'].find((name) => params[name] === undefined);
  if (lacking !== undefined) return `it needs ${lacking}`;
  const type = String(params.type);
  const said = Object.keys((params[type] ?? {}) as object).sort();
  if (said.join() !== [...(receivers[type] ?? [])].sort().join()) return `${type} says ${said}`;
  const others = Object.keys(receivers).filter((name) => name !== type && params[name] !== undefined);
  if (others.length > 0) return `${others} are of other types`;
  if (params.event_payload === 'thin' && 'snapshot_api_version' in params) return 'thin events have no version';
  return null;
}
