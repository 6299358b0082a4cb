/** An object that two sections show is one: declared in either, told of once, whatever is done with it. */
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { Finding, Result } from '../../src/model.ts';
import { SnapshotLive } from '../../src/stripe/live.ts';
import { exported } from '../../src/write/export.ts';
import { merged } from '../../src/write/merge.ts';
import { eventBridge, eventDestination, type RawEventDestination } from '../kinds/event_destinations.ts';
import { type RawWebhookEndpoint, webhookEndpoint } from '../kinds/webhooks.ts';

const FILE = 'stripe-config.yaml';
const BOTH = ['webhooks', 'event_destinations'];

const url = (name: string) => `https://${name}.example.com/stripe`;

const endpoint = (name: string) =>
  webhookEndpoint({
    id: `we_${name}`,
    url: url(name),
    enabled_events: [name === 'one' ? 'charge.failed' : 'charge.refunded'],
  });

/** The same endpoint as Stripe's API v2 shows it. */
function asDestination({ id, url: address, enabled_events: events }: RawWebhookEndpoint): RawEventDestination {
  return eventDestination({
    id,
    name: `Endpoint ${id}`,
    event_payload: 'snapshot',
    snapshot_api_version: '2026-10-28.endive',
    enabled_events: events,
    webhook_endpoint: { url: address },
  });
}

/** An account with these endpoints in both lists, and these destinations in one alone. */
function account(
  endpoints: readonly RawWebhookEndpoint[],
  destinations: readonly RawEventDestination[] = [],
  mode = 'live',
): string {
  const sections = { webhooks: endpoints, event_destinations: [...endpoints.map(asDestination), ...destinations] };
  return JSON.stringify({ schema: 1, mode, account: 'acct_1', sections });
}

async function checked(
  live: string,
  text: string,
  { base = null, test: other = null }: { readonly base?: string | null; readonly test?: string | null } = {},
): Promise<Result> {
  const source = (yaml: string) => ({ file: FILE, text: `version: 1\n${yaml}` });
  const found = await check({
    sources: [source(text)],
    environment: null,
    live: new SnapshotLive(live, 'live.json'),
    failOn: 'error',
    commit: null,
    ...(base !== null && { base: async () => ({ name: 'base', sources: [source(base)] }) }),
    ...(other !== null && { other: { live: new SnapshotLive(other, 'test.json'), environment: null } }),
  });
  expect(found.error).toBeNull();
  return found;
}

function brief(findings: readonly Finding[]): string[] {
  const words = (finding: Finding) => {
    const { problem, section } = finding;
    const id = 'id' in finding ? finding.id : null;
    const field = finding.problem === 'changed' ? finding.field : null;
    return [problem, section, finding.name, id, field].filter((part) => part !== null).join(' ');
  };
  return findings.map(words).sort();
}

const two = [endpoint('one'), endpoint('two')];

describe('an endpoint that nobody declares', () => {
  test('is told of once, among the webhooks', async () => {
    const { findings, sections } = await checked(account(two), 'webhooks: {}\nevent_destinations: {}\n');
    expect(brief(findings)).toEqual(['unmanaged webhooks we_one', 'unmanaged webhooks we_two']);
    expect([...sections.values()].map(({ live }) => live)).toEqual([2, 2]);
  });

  test('is told of among the event destinations where the file has no webhooks', async () => {
    const { findings } = await checked(account(two), 'event_destinations: {}\n');
    expect(brief(findings)).toEqual(['unmanaged event_destinations we_one', 'unmanaged event_destinations we_two']);
  });

  test.each(['we_*', `{ id: we_one }`, url('*')])('is accepted by a rule of either section: %s', async (pattern) => {
    for (const section of BOTH) {
      const rule = `ignore: [{ ${section}: '${pattern}', reason: tunnels }]`.replaceAll(/'(\{.*\})'/g, '$1');
      const { findings, ignored } = await checked(
        account([endpoint('one')]),
        `webhooks: {}\nevent_destinations: {}\n${rule}\n`,
      );
      expect({ rule, findings: brief(findings), ignored: ignored.length }).toEqual({ rule, findings: [], ignored: 1 });
    }
  });
});

describe('an endpoint that one section declares', () => {
  test.each([
    ['webhooks', `webhooks: { one: { url: '${url('one')}' } }\nevent_destinations: {}\n`],
    ['event destinations', `webhooks: {}\nevent_destinations: { one: { id: we_one } }\n`],
  ])('is declared for the other too: %s', async (_, file) => {
    const { findings } = await checked(account([endpoint('one')]), file);
    expect(brief(findings)).toEqual([]);
  });

  test.each([
    [
      'event destinations',
      `webhooks: {}\nevent_destinations: { gone: { name: Gone, enabled_events: [charge.failed] } }\n`,
    ],
    [
      'webhooks',
      `webhooks: { gone: { url: '${url('gone')}', enabled_events: [charge.failed] } }\nevent_destinations: {}\n`,
    ],
  ])(
    'looks renamed to an entry of either section that is lost, and is then told of nowhere else: %s',
    async (_, file) => {
      const { findings } = await checked(account([endpoint('one')]), file);
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({ problem: 'changed', name: 'gone', id: 'we_one', renamed: true });
    },
  );

  test('is no other entry that is lost', async () => {
    const file = `webhooks: { one: { url: '${url('one')}' } }
event_destinations: { gone: { name: Gone, enabled_events: [charge.failed] } }\n`;
    const { findings } = await checked(account([endpoint('one')]), file);
    expect(brief(findings)).toEqual(['missing event_destinations gone']);
  });

  test('and that is lost in both is renamed in its home alone', async () => {
    const file = `webhooks: { gone: { url: '${url('gone')}', enabled_events: [charge.failed] } }
event_destinations: { gone: { name: Gone, enabled_events: [charge.failed] } }\n`;
    const { findings } = await checked(account([endpoint('one')]), file);
    expect(brief(findings)).toEqual(['changed webhooks gone we_one url', 'missing event_destinations gone']);
  });

  test('may move to the other section, and nothing is to be done', async () => {
    const before = `webhooks: { one: { url: '${url('one')}' } }\nevent_destinations: {}\n`;
    const after = `webhooks: {}\nevent_destinations: { one: { id: we_one } }\n`;
    for (const [head, base] of [
      [after, before],
      [before, after],
    ] as const) {
      const { findings, resolved } = await checked(account([endpoint('one')]), head, { base });
      expect({ findings: brief(findings), resolved }).toEqual({ findings: [], resolved: [] });
    }
  });

  test('had drifted before it moved to the other section', async () => {
    const events = 'enabled_events: [charge.captured]';
    const before = `webhooks: { one: { url: '${url('one')}', ${events} } }\nevent_destinations: {}\n`;
    const after = `webhooks: {}\nevent_destinations: { one: { id: we_one, ${events} } }\n`;
    for (const [head, base] of [
      [after, before],
      [before, after],
    ] as const) {
      const { findings, resolved } = await checked(account([endpoint('one')]), head, { base });
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({ problem: 'changed', field: 'enabled_events' });
      expect({ pending: findings[0]?.pending, resolved }).toEqual({ pending: undefined, resolved: [] });
    }
  });

  test('was not declared before either, wherever it was told of', async () => {
    const live = account([endpoint('one')]);
    const { findings, resolved } = await checked(live, 'webhooks: {}\nevent_destinations: {}\n', {
      base: 'event_destinations: {}\n',
    });
    expect(brief(findings)).toEqual(['unmanaged webhooks we_one']);
    expect({ pending: findings[0]?.pending, resolved }).toEqual({ pending: undefined, resolved: [] });
  });
});

describe('an endpoint that both sections declare', () => {
  test('is compared once, and each entry names its rivals', async () => {
    const live = account([endpoint('one')]);
    const rivals = async (file: string) =>
      (await checked(live, file)).findings.map((one) => 'rivals' in one && [one.section, one.rivals, one.rivalsIn]);
    expect(await rivals('webhooks: { one: { id: we_one } }\nevent_destinations: { own: { id: we_one } }\n')).toEqual([
      ['event_destinations', ['one'], 'webhooks'],
    ]);
    const file = `webhooks:
  one: { url: '${url('one')}' }
  again: { id: we_one }
event_destinations:
  own: { id: we_one }
  other: { webhook_endpoint: { url: '${url('one')}' } }
`;
    expect(await rivals(file)).toEqual([
      ['webhooks', ['again'], undefined],
      ['webhooks', ['one'], undefined],
      ['event_destinations', ['one', 'again'], 'webhooks'],
      ['event_destinations', ['one', 'again'], 'webhooks'],
    ]);
  });
});

describe('an endpoint in two modes', () => {
  const path = '/stripe';
  const inTest = { ...endpoint('two'), url: `https://test.example.com${path}` };
  const files = ['', 'webhooks: {}\n'];

  test.each(files)(
    'that an event destination declares by what one of them has is compared, beside: %s',
    async (beside) => {
      const file = `${beside}event_destinations: { it: { name: Endpoint we_one } }\n`;
      const [live, other] = [account([endpoint('one')]), account([inTest], [], 'test')];
      for (const [one, two] of [
        [live, other],
        [other, live],
      ] as const) {
        const { findings } = await checked(one, file, { test: two });
        expect(findings).toHaveLength(1);
        expect(findings[0]).toMatchObject({
          problem: 'changed',
          section: 'event_destinations',
          field: 'name',
          pair: { alike: true },
        });
      }
    },
  );

  test('that nobody declares is told of once, with both', async () => {
    const { findings } = await checked(account([endpoint('one')]), 'webhooks: {}\nevent_destinations: {}\n', {
      test: account([inTest], [], 'test'),
    });
    expect(brief(findings)).toEqual(['unmanaged webhooks we_one']);
    expect(findings[0]?.pair?.objects.map((one) => one?.id)).toEqual(['we_one', 'we_two']);
  });
});

describe('a section that could not be read', () => {
  const refused = (section: string) =>
    JSON.stringify({
      ...JSON.parse(account([endpoint('one')])),
      sections: { ...JSON.parse(account(two)).sections, [section]: { refused: 'no' } },
    });

  test.each([
    ['webhooks', 'event_destinations', `{ url: '${url('one')}' }`, []],
    ['event_destinations', 'webhooks', '{ name: One }', []],
    // What its entry means by an id is known all the same.
    ['webhooks', 'event_destinations', '{ id: we_one }', ['unmanaged event_destinations we_two']],
    ['event_destinations', 'webhooks', '{ id: we_two }', ['unmanaged webhooks we_one']],
  ])('may declare what the other shows: %s', async (unread, read, entry, told) => {
    const { findings, status } = await checked(refused(unread), `${unread}: { it: ${entry} }\n${read}: {}\n`);
    expect({ told: brief(findings), status }).toEqual({ told, status: 'incomplete' });
  });

  test.each([
    ['webhooks', `{ url: '${url('one')}' `, 'event_destinations', `{ id: we_one `],
    ['event_destinations', `{ id: we_one `, 'webhooks', `{ url: '${url('one')}' `],
  ])('resolves nothing of an endpoint that moves there: from %s', async (read, was, unread, is) => {
    const events = ', enabled_events: [charge.captured] }';
    const { resolved } = await checked(refused(unread), `${unread}: { it: ${is}${events} }\n${read}: {}\n`, {
      base: `${read}: { it: ${was}${events} }\n${unread}: {}\n`,
    });
    expect(resolved).toEqual([]);
  });
});

describe('an export', () => {
  const live = account(two, [
    eventDestination({ id: 'ed_thin', name: 'Thin' }),
    eventBridge({}, { id: 'ed_bridge', name: 'Bridge' }),
  ]);
  const exportOf = async (sections: readonly string[]) =>
    (await exported(await new SnapshotLive(live, 'live.json').open().readAll(sections, true), false)).text;
  const restOf = (text: string) => text.slice(text.indexOf('\n', text.indexOf('version: 1')) + 1);

  test('has one entry for an endpoint, and is in sync', async () => {
    const text = await exportOf(BOTH);
    expect(text.match(/we_|https:\/\/(?:one|two)\.example/g)).toHaveLength(2);
    expect(text).toContain('name: Bridge');
    const { findings, counts } = await checked(live, restOf(text));
    expect({ findings: brief(findings), checked: counts.checked }).toEqual({ findings: [], checked: 4 });
  });

  test('has all endpoints among the event destinations, where these are all that it has', async () => {
    const text = await exportOf(['event_destinations']);
    const { findings, counts } = await checked(live, restOf(text));
    expect({ findings: brief(findings), checked: counts.checked }).toEqual({ findings: [], checked: 4 });
  });

  test('into a file adds an endpoint once, where neither section declares it', async () => {
    const reading = await new SnapshotLive(live, 'live.json').open().readAll(BOTH, true);
    const before = `version: 1\nevent_destinations:\n  one: { id: we_one }\nwebhooks: {}\n`;
    const { text, added } = await merged(before, { file: FILE, reading, environment: null });
    expect(added).toEqual(['webhooks.two_stripe', 'event_destinations.bridge', 'event_destinations.thin']);
    const { findings } = await checked(live, restOf(text));
    expect(brief(findings)).toEqual([]);
  });
});
