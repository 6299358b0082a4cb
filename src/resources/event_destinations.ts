import type Stripe from 'stripe';
import { type Entry, type Fields, isRecord, type Node, record, type Symptom, type Value } from '../model.ts';
import { bare, quote } from '../text.ts';
import { set } from '../vocabulary/collections.ts';
import { always, given, literal, openWord, text, url, word } from '../vocabulary/scalars.ts';
import { part } from '../vocabulary/shape.ts';
import type { Context, Type } from '../vocabulary/type.ts';
import { addressPath, endpointTraces, eventCount, eventSet, hostIn, instead, several, shareNone } from './endpoint.ts';
import { apiVersions, eventTypes, thinEventTypes } from './events.ts';
import { metadata, metadataByName, metadataDescription } from './metadata.ts';
import { type Others, type Resource, textOf, valueAt } from './resource.ts';

type Destination = Stripe.V2.Core.EventDestination;

/** Where events go, by type, which is the name of a field too: what a request that creates one needs of that field. */
const RECEIVERS: { readonly [type: string]: readonly string[] } = {
  webhook_endpoint: ['url'],
  amazon_eventbridge: ['aws_account_id', 'aws_region'],
  azure_event_grid: ['azure_subscription_id', 'azure_resource_group_name', 'azure_region'],
};

const account: Type = {
  ...literal(text()),
  schema: {
    type: 'string',
    pattern: '^\\d{12}$',
    patternErrorMessage: "Expected the 12 digits of an AWS account in quotes, such as '123456789012'.",
  },
};

const name = () => always(literal(text()));

/** Event destinations (docs.stripe.com/api/v2/core/event-destinations). */
export const eventDestinations: Resource<Destination> = {
  section: 'event_destinations',
  kind: 'event destination',
  formerly: [
    ...['event_destination', 'destination', 'destinations', 'v2_event_destinations'],
    ...['v2_core_event_destination', 'v2_core_event_destinations'],
  ],
  instead: {
    ...instead,
    url: 'Write webhook_endpoint: { url: … }',
    connect: "Write events_from: ['@accounts'], or events_from: ['@self']",
    aws_account_id: 'Write amazon_eventbridge: { aws_account_id: … }',
    aws_region: 'Write amazon_eventbridge: { aws_region: … }',
    aws_event_source_arn: 'Write amazon_eventbridge: { aws_event_source_arn: … }',
    azure_subscription_id: 'Write azure_event_grid: { azure_subscription_id: … }',
    azure_partner_topic_name: 'Write azure_event_grid: { azure_partner_topic_name: … }',
  },
  description:
    "An event destination of Stripe's API v2: a URL, Amazon EventBridge or Azure Event Grid, which events go there, and in which form. Found by `id`, else by `name`, else by the URL (with `event_payload`, if stated), the event source or the partner topic. Stripe lists webhook endpoints here too: what `webhooks` declares is declared, so declare each in one of the two sections.",
  example: `usage:
  name: Usage
  type: webhook_endpoint
  event_payload: thin
  enabled_events: [v1.billing.meter.error_report_triggered]
  webhook_endpoint: { url: https://api.example.com/stripe/events }
warehouse:
  name: Warehouse
  type: amazon_eventbridge
  event_payload: snapshot
  snapshot_api_version: 2026-10-28.endive
  enabled_events: [invoice.paid]
  events_from: ['@self']
  amazon_eventbridge: { aws_account_id: '123456789012', aws_region: us-east-1 }`,
  fields: {
    id: {
      type: always(literal(text())),
      description: "The destination's id, `ed_…`, or `we_…` of a webhook endpoint. Finds the destination.",
      read: (live) => live.id,
      fixed: true,
      parameters: () => ({}),
    },
    name: {
      formerly: ['label', 'title'],
      type: name(),
      description: 'A name for yourself. Finds the destination if the entry has no `id`.',
      read: (live) => live.name,
    },
    description: {
      type: text(),
      description: 'What the destination is for. Can be changed, but not removed once it is set.',
      read: (live) => live.description,
      lasting: true,
    },
    type: {
      formerly: ['transport', 'kind'],
      type: openWord(Object.keys(RECEIVERS), 'destination type', { typos: true }),
      description:
        "Where the events go: `webhook_endpoint` (a URL), `amazon_eventbridge` or `azure_event_grid`. Can't be changed after creation.",
      read: (live) => live.type,
      fixed: true,
      excludes: (type) => othersThan(type),
    },
    event_payload: {
      formerly: ['payload', 'payload_type'],
      type: always(word(['snapshot', 'thin'])),
      description:
        "The form of the events: `snapshot` with the object as it was, or `thin` with its id. Can't be changed after creation.",
      read: (live) => live.event_payload,
      fixed: true,
      excludes: (payload) => (payload === 'thin' ? ['snapshot_api_version'] : []),
    },
    enabled_events: {
      formerly: ['events', 'event', 'event_types', 'types', 'subscribed_events'],
      type: eventSet([...eventTypes, ...thinEventTypes]),
      description:
        'The event types that are sent, in any order. The names of thin events begin with `v1.` or `v2.`: `v1.invoice.paid`. An unknown type is a warning, or an error if it is only a letter or two from a known type.',
      read: (live) => live.enabled_events,
      parameters(value, _, { event_payload: payload }) {
        const events = Array.isArray(value) ? value.map(String) : [];
        return events.some((event) => isOtherForm(event, payload)) ? null : { enabled_events: events };
      },
    },
    events_from: {
      formerly: ['from', 'accounts'],
      type: set(
        openWord(
          ['@self', '@accounts', '@organization_members', '@organization_members/@accounts'],
          'source of events',
          {
            typos: true,
          },
        ),
        { verbs: { loses: 'would no longer send events from' } },
      ),
      description:
        "Whose events are sent, in any order and in quotes: `'@self'` (this account), `'@accounts'` (others that you manage, such as connected accounts), `'@organization_members'` (accounts of the organization), `'@organization_members/@accounts'` (the accounts that those manage). Can't be changed after creation.",
      read: (live) => live.events_from ?? null,
      fixed: true,
    },
    snapshot_api_version: {
      formerly: ['api_version', 'version', 'stripe_version'],
      type: openWord(apiVersions, 'API version', { nullable: true }),
      description:
        "The API version of the events with `event_payload: snapshot`; thin events have none. Can't be changed after creation.",
      read: (live) => live.snapshot_api_version ?? null,
      fixed: true,
    },
    webhook_endpoint: {
      formerly: ['webhook', 'endpoint'],
      type: always(
        part({
          url: {
            formerly: ['endpoint', 'endpoint_url', 'uri', 'address', 'target'],
            type: always(url({ securely: true })),
            required: true,
            description:
              'The absolute URL that Stripe sends the events to; https in live mode. Finds the destination if the entry has neither `id` nor `name`.',
          },
        }),
      ),
      description: 'The receiver with `type: webhook_endpoint`.',
      read: ({ webhook_endpoint: endpoint }) => (endpoint?.url ? { url: endpoint.url } : endpoint ? {} : null),
      risk: 'From then on, events go only to the new URL.',
      expand: () => ['webhook_endpoint.url'],
      alwaysExpanded: true,
    },
    amazon_eventbridge: {
      formerly: ['eventbridge', 'aws', 'amazon'],
      type: always(
        part({
          aws_account_id: { type: account, description: 'The 12 digits of the AWS account, in quotes.' },
          aws_region: { type: name(), description: 'The AWS region, such as `us-east-1`.' },
          aws_event_source_arn: {
            formerly: ['arn', 'event_source_arn'],
            type: given(name()),
            description:
              'The ARN of the partner event source that Stripe creates: no request sets it. Finds the destination if the entry has neither `id` nor `name`.',
          },
        }),
      ),
      description:
        "The receiver with `type: amazon_eventbridge`. Only the names that you list are compared. Can't be changed after creation.",
      read: ({ amazon_eventbridge: aws }) => (aws ? { ...aws, aws_region: regionIn(aws.aws_event_source_arn) } : null),
      own: true,
      fixed: true,
      parameters: (value, request) => receiver('amazon_eventbridge', value, request),
    },
    azure_event_grid: {
      formerly: ['event_grid', 'eventgrid', 'azure'],
      type: always(
        part({
          azure_subscription_id: { type: name(), description: 'The id of the Azure subscription.' },
          azure_resource_group_name: { type: name(), description: 'The Azure resource group.' },
          azure_region: { type: name(), description: 'The Azure region, such as `westus2`.' },
          azure_partner_topic_name: {
            formerly: ['partner_topic', 'topic'],
            type: given(name()),
            description:
              'The name of the partner topic that Stripe creates: no request sets it. Finds the destination if the entry has neither `id` nor `name`.',
          },
        }),
      ),
      description:
        "The receiver with `type: azure_event_grid`. Only the names that you list are compared. Can't be changed after creation.",
      read: (live) => live.azure_event_grid ?? null,
      own: true,
      fixed: true,
      parameters: (value, request) => receiver('azure_event_grid', value, request),
    },
    status: {
      type: always(word(['enabled', 'disabled'])),
      description: 'Whether Stripe sends events to the destination. If left out, `enabled` is expected.',
      default: 'enabled',
      read: (live) => live.status,
      // None is created disabled; `state` says how one is.
      parameters: () => ({}),
    },
    metadata: {
      type: metadata,
      description: metadataDescription,
      own: true,
      read: (live) => live.metadata ?? null,
      parameters: metadataByName,
    },
    event_source: {
      type: part({ aws_event_source_status: { type: text(), description: 'Its state in AWS.' } }),
      description: 'The event source in AWS.',
      from: ['amazon_eventbridge'],
      read: (live) => live.amazon_eventbridge ?? null,
      observed: true,
    },
    partner_topic: {
      type: part({ azure_partner_topic_status: { type: text(), description: 'Its state in Azure.' } }),
      description: 'The partner topic in Azure.',
      from: ['azure_event_grid'],
      read: (live) => live.azure_event_grid ?? null,
      observed: true,
    },
    status_details: {
      type: part({
        disabled: {
          type: part({ reason: { type: text(), description: 'Who or what disabled it.' } }),
          description: 'Of a disabled destination.',
        },
      }),
      description: 'Why it is disabled.',
      read: (live) => live.status_details ?? null,
      observed: true,
    },
  },
  id: 'stripe',
  prefix: 'ed_',
  sends: { field: 'enabled_events', all: '*' },
  identities: [
    { by: 'name', portable: true },
    { by: 'webhook_endpoint', within: 'url', also: ['event_payload'] },
    { by: 'amazon_eventbridge', within: 'aws_event_source_arn' },
    { by: 'azure_event_grid', within: 'azure_partner_topic_name' },
  ],
  state: {
    inForce: ({ status }) => status === 'enabled',
    field: { name: 'status', expected: 'enabled' },
    // Nothing in Stripe brings back what is gone in the cloud.
    spent: (fields) => goneIn(reasonIn(fields)) !== undefined,
    retire: { kind: 'verb', verb: 'disable' },
    restore: { kind: 'verb', verb: 'enable' },
    words: { retire: 'disable', retired: 'disabled', active: 'enabled', meaning: 'Stripe sends it no events.' },
  },
  permission: { slug: 'rak_webhook_read', label: 'Webhook Endpoints' },
  source: { path: '/v2/core/event_destinations', list: 'v2', inForce: {} },
  unusual: true,
  same: { section: 'webhooks', has: ({ fields }) => fields.type === 'webhook_endpoint' },
  most: 16,
  lookUp: { id: { query: 'path', batch: 1 } },
  label: (live) => live.name,
  naming(fields) {
    const address = urlIn(fields);
    const { host, name: service } = address === null ? { host: null, name: null } : hostIn(address);
    return {
      names: [textOf(fields.name), service],
      marks: [textOf(fields.event_payload), textOf(fields.type), host],
    };
  },
  likeness(fields) {
    const { name: title, type, event_payload: payload } = fields;
    const address = urlIn(fields);
    const path = address === null ? null : addressPath(address);
    if (path !== null) return JSON.stringify(['path', path, payload ?? null]);
    return typeof title === 'string' ? JSON.stringify(['name', title, type ?? null]) : null;
  },
  traces: ({ enabled_events: events }, all) => endpointTraces(urlIn(all), events),
  dashboard: 'workbench/webhooks',
  command: {
    words: ['v2', 'core', 'event_destinations'],
    inJson: true,
    creation(fields) {
      if (fields.status === 'disabled') return null;
      const lacking = ['name', 'type', 'event_payload', 'enabled_events'].find((one) => fields[one] == null);
      if (lacking !== undefined) return lacking;
      const type = String(fields.type);
      const needs = RECEIVERS[type];
      const isThinWithVersion = fields.event_payload === 'thin' && fields.snapshot_api_version != null;
      if (needs === undefined || isThinWithVersion || othersThan(type).some((one) => fields[one] != null)) return null;
      const need = needs.find((one) => valueAt(fields, [type, one]) == null);
      return need === undefined ? {} : `${type}.${need}`;
    },
    replacement: () => ({}),
  },
  replacing: 'set up its receiver, and then disable or delete the old one',
  replacingRisk:
    'The receiver has to be set up for the new one (signing secret, event bus or partner topic), and gets events twice while the old event destination is enabled too.',
  handover: 'set up the receiver of the new one: its signing secret (in the Dashboard), event bus or partner topic',
  extent({ enabled_events: events, event_payload: payload, events_from: from }) {
    if (!Array.isArray(events)) return null;
    const of = Array.isArray(from) ? ` from ${from.join(', ')}` : '';
    return `${eventCount(events, payload === 'thin' ? 'thin ' : '')}${of}`;
  },
  several,
  creating:
    'Afterwards set up what receives the events: a URL needs the new signing secret (the Dashboard shows it), Amazon EventBridge an event bus for the event source, Azure Event Grid an activated partner topic.',
  check: checkDestination,
  healthOfAll: true,
  healthRules: {
    'destination-cloud-side-pending': {
      severity: 'warning',
      finds:
        'an enabled event destination whose event source in AWS is pending, or whose partner topic in Azure was never activated',
    },
    'destination-cloud-side-gone': {
      severity: 'error',
      finds: 'an event destination whose event source in AWS, or partner topic in Azure, was deleted',
    },
    'destination-disabled-by-stripe': {
      severity: 'warning',
      finds: 'an event destination that Stripe disabled for another reason',
    },
    'destination-url-shared': {
      severity: 'warning',
      finds: 'an enabled event destination that sends events to a URL to which another sends them too',
    },
  },
  health(actual, stated, others) {
    if (actual.inForce) return [...cloudSide(actual.fields), ...sharedUrl(actual.id, actual.fields, others)];
    return stated.status === 'disabled' ? [] : disabledBy(reasonIn(actual.fields));
  },
};

function urlIn(fields: Fields): string | null {
  return textOf(valueAt(fields, ['webhook_endpoint', 'url']));
}

/** The region in an ARN, which Stripe does not repeat elsewhere: `arn:aws:events:us-east-1::event-source/…`. */
function regionIn(arn: unknown): string | undefined {
  return /^arn:[^:]*:events:([^:]+):/.exec(String(arn))?.[1];
}

/** What a request that creates a destination says of its receiver; null where the entry says what only Stripe does. */
function receiver(type: string, value: Value, request: 'create' | 'update') {
  const needs = RECEIVERS[type] ?? [];
  if (request === 'update' || !isRecord(value)) return null;
  const isOwn = Object.entries(value).every(([one, said]) => needs.includes(one) || said === null);
  const said = needs.flatMap((one) => (typeof value[one] === 'string' ? [[one, value[one]] as const] : []));
  return isOwn ? { [type]: record(said) } : null;
}

/** The receivers of other types. */
function othersThan(type: Value | undefined): string[] {
  const types = Object.keys(RECEIVERS);
  return types.includes(String(type)) ? types.filter((other) => other !== type) : [];
}

/** Whether an event is of the other form than the payload: the names of thin events begin with the version of an API. */
function isOtherForm(event: string, payload: Value | undefined): boolean {
  if (event === '*' || (payload !== 'thin' && payload !== 'snapshot')) return false;
  return /^v\d+\./.test(event) !== (payload === 'thin');
}

/** What Stripe refuses of a file's destination. */
function checkDestination(stated: ReadonlyMap<string, Entry>, fields: Fields, { complain }: Context): void {
  const { event_payload: payload, type } = fields;
  const [events, version] = [stated.get('enabled_events'), stated.get('snapshot_api_version')];
  for (const item of events?.node.kind === 'list' ? events.node.items : []) checkEvent(item, payload, complain);
  if (version && payload === 'thin' && fields.snapshot_api_version !== null)
    complain(version.at, 'goes only with event_payload: snapshot: thin events have no version. Remove it', 'doubt');
  for (const field of othersThan(type)) {
    const words = `goes only with type: ${field}, but type is ${bare(String(type))}. Remove one of them`;
    const entry = stated.get(field);
    if (entry) complain(entry.at, words, 'doubt');
  }
}

/** An event whose name is of the other form than the payload. */
function checkEvent(node: Node, payload: Value | undefined, complain: Context['complain']): void {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || !isOtherForm(node.value, payload)) return;
  const { value, at } = node;
  const [form, meant, otherwise] =
    payload === 'thin'
      ? ['a snapshot event', `v1.${value}`, 'The names of thin events begin with v1. or v2.']
      : ['a thin event', value.replace(/^v\d+\./, ''), 'Give thin events a destination of their own'];
  const remedy = [...eventTypes, ...thinEventTypes].includes(meant) ? `Write ${meant}` : otherwise;
  complain(at, `is ${quote(value)}, ${form}, but event_payload is ${payload}. ${remedy}`, 'doubt');
}

function reasonIn(fields: Fields): string | null {
  return textOf(valueAt(fields, ['status_details', 'disabled', 'reason']));
}

/** What is gone in the cloud, where Stripe gives that as the reason. */
function goneIn(reason: string | null): string | undefined {
  return { no_aws_event_source_exists: 'event source in AWS', no_azure_partner_topic_exists: 'partner topic in Azure' }[
    reason ?? ''
  ];
}

function disabledBy(reason: string | null): Symptom[] {
  const gone = goneIn(reason);
  if (gone !== undefined) return [goneSymptom(null, `Stripe disabled it, because its ${gone} no longer exists.`)];
  if (reason === null || reason === 'user') return [];
  const message = `Stripe itself disabled it, and gives the reason ${bare(reason)}.`;
  const remedy = 'Find out what that means before you enable it again: Stripe may disable it again.';
  return [{ rule: 'destination-disabled-by-stripe', field: null, message, remedy }];
}

function goneSymptom(field: string | null, message: string): Symptom {
  const remedy = 'Create a new event destination, set up its receiver in the cloud, and disable or delete this one.';
  return { rule: 'destination-cloud-side-gone', field, message, remedy };
}

/** Events that Stripe sends, and that nobody takes in the cloud. */
function cloudSide(fields: Fields): Symptom[] {
  const source = valueAt(fields, ['event_source', 'aws_event_source_status']);
  const topic = valueAt(fields, ['partner_topic', 'azure_partner_topic_status']);
  const pending = (field: string, message: string, remedy: string): Symptom[] => [
    { rule: 'destination-cloud-side-pending', field, message, remedy },
  ];
  if (source === 'deleted')
    return [goneSymptom('amazon_eventbridge', 'its event source in AWS was deleted, so no event arrives.')];
  if (topic === 'deleted')
    return [goneSymptom('azure_event_grid', 'its partner topic in Azure was deleted, so no event arrives.')];
  if (source === 'pending')
    return pending(
      'amazon_eventbridge',
      'its event source in AWS is pending, so no event arrives.',
      'Associate the event source with an event bus in Amazon EventBridge. AWS deletes one that stays pending for more than two weeks.',
    );
  if (topic === 'never_activated')
    return pending(
      'azure_event_grid',
      'its partner topic in Azure was never activated, so no event arrives.',
      'Activate the partner topic in Azure Event Grid. Azure deletes one that is not activated in time.',
    );
  return [];
}

/** Other enabled destinations that send the same events, in the same form and from the same accounts, to the same URL. */
function sharedUrl(id: string, fields: Fields, { all }: Others): Symptom[] {
  const address = urlIn(fields);
  const form = (of: Fields) => JSON.stringify([of.event_payload ?? null, of.events_from ?? null]);
  const twins = (all('event_destinations') ?? []).filter(
    (other) =>
      other.id !== id &&
      urlIn(other.fields) === address &&
      form(other.fields) === form(fields) &&
      shares(other.fields.enabled_events, fields.enabled_events),
  );
  if (address === null || twins.length === 0) return [];
  const who = twins.length === 1 ? 'another destination sends' : `${twins.length} other destinations send`;
  const message = `${who} events of the same types to the same URL, so each of them arrives more than once.`;
  return [{ rule: 'destination-url-shared', field: 'webhook_endpoint', message, remedy: shareNone }];
}

function shares(one: Value | undefined, other: Value | undefined): boolean {
  const [first, second] = [one, other].map((side) => (Array.isArray(side) ? side : [])) as [Value[], Value[]];
  if (first.includes('*') || second.includes('*')) return first.length > 0 && second.length > 0;
  return first.some((event) => second.includes(event));
}
