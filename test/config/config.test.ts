/** The configuration file: every problem at its place, and the place of everything that a finding can be about. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Config, loadConfig } from '../../src/config/load.ts';
import { type Content, decode, readContent } from '../../src/config/source.ts';
import type { Declared, Expected, Invalid, Mode } from '../../src/model.ts';

const load = (text: string): Config => loadConfig([{ file: 'f.yaml', text }]);

/** A finding as `line:column-end message`, warnings marked. */
function shown({ at, severity, message }: Invalid): string {
  const end = at.endLine === at.line ? at.endColumn : `${at.endLine}:${at.endColumn}`;
  return `${severity === 'warning' ? '(warning) ' : ''}${at.line}:${at.column}-${end} ${message}`;
}

const problems: readonly (readonly [name: string, text: string, findings: readonly string[]])[] = [
  [
    'an empty file',
    '',
    ['1:1-1 The file declares nothing. Begin with version: 1 and a section such as webhooks, products or prices'],
  ],
  [
    'a file of comments',
    `# nothing

# here
`,
    ['1:1-1 The file declares nothing. Begin with version: 1 and a section such as webhooks, products or prices'],
  ],
  [
    'only null',
    `~
`,
    ['1:1-1 The file declares nothing. Begin with version: 1 and a section such as webhooks, products or prices'],
  ],
  [
    'only a document marker',
    `---
`,
    ['1:1-1 The file declares nothing. Begin with version: 1 and a section such as webhooks, products or prices'],
  ],
  [
    'a list',
    `- a
- b
`,
    ['1:1-4 The file is no map of sections. Begin with version: 1 and a section such as webhooks'],
  ],
  [
    'one word',
    `webhooks
`,
    ['1:1-9 The file is no map of sections. Begin with version: 1 and a section such as webhooks'],
  ],
  [
    'a number',
    `42
`,
    ['1:1-3 The file is no map of sections. Begin with version: 1 and a section such as webhooks'],
  ],
  [
    'an empty map',
    `{}
`,
    [
      '1:1-3 The file lacks version. Begin with version: 1',
      '1:1-1 The file declares nothing to compare. Add a section: webhooks, products, prices',
    ],
  ],
  [
    'only a version',
    `version: 1
`,
    ['1:1-1 The file declares nothing to compare. Add a section: webhooks, products, prices'],
  ],
  [
    'only a policy',
    `version: 1
policy: { missing: error }
`,
    ['1:1-1 The file declares nothing to compare. Add a section: webhooks, products, prices'],
  ],
  [
    'no version',
    `products: {}
`,
    ['1:1-13 The file lacks version. Begin with version: 1'],
  ],
  [
    'version 2',
    `version: 2
products: {}
`,
    ['1:10-11 version is 2. Expected 1.'],
  ],
  [
    'a version in quotes',
    `version: "1"
products: {}
`,
    ['1:10-13 version is "1". Expected 1.'],
  ],
  [
    'a version without a value',
    `version:
products: {}
`,
    ['1:9-9 version is null. Expected 1.'],
  ],
  [
    'a duplicate key',
    `version: 1
products:
  a: { id: x, name: A }
  a: { id: y }
`,
    ['4:3-4 "a" is stated already on line 3. Keep one of them'],
  ],
  [
    'a duplicate key at the top',
    `version: 1
products: {}
products: {}
`,
    ['3:1-9 "products" is stated already on line 2. Keep one of them'],
  ],
  [
    'a duplicate field in flow style',
    `version: 1
products: { a: { id: x, id: y } }
`,
    ['2:25-27 "id" is stated already on line 2. Keep one of them'],
  ],
  [
    'a duplicate section in an environment',
    `version: 1
products: {}
environments:
  test:
    products: {}
    products: {}
`,
    ['6:5-13 "products" is stated already on line 5. Keep one of them'],
  ],
  [
    'two documents',
    `version: 1
products: {}
---
version: 1
`,
    ['3:1-1 A second YAML document begins here: the file holds one. Remove the --- line, or use a file each'],
  ],
  [
    'a tab as indentation',
    `version: 1
products:
	a: { id: x }
`,
    ['3:1-2 This is indented with a tab: YAML takes spaces'],
  ],
  [
    'an open quote',
    `version: 1
products:
  a: { id: "x }
`,
    ['3:12-13 The " that begins here is not closed'],
  ],
  [
    'a bare star',
    `version: 1
webhooks:
  a:
    url: https://a.example
    enabled_events: [*]
`,
    ["5:22-23 This is read by YAML as a reference to an anchor. To mean the character itself, quote it: '*'"],
  ],
  [
    'an open bracket',
    `version: 1
products: { a: { id: [x }
`,
    ['2:22-23 The [ that begins here is not closed'],
  ],
  [
    'an alias without anchor',
    `version: 1
products: *all
`,
    ['2:11-15 "*all" has no anchor "&all" before it'],
  ],
  [
    'an alias that contains itself',
    `version: 1
products: &all
  a: *all
`,
    ['3:6-10 "*all" contains itself'],
  ],
  [
    'a merge of a list of words',
    `version: 1
products:
  a:
    <<: [x, y]
    id: p
`,
    [
      '4:10-11 << merges a map, or a list of maps, and this is neither',
      '4:13-14 << merges a map, or a list of maps, and this is neither',
    ],
  ],
  [
    'a merge of a word',
    `version: 1
products:
  a:
    <<: x
    id: p
`,
    ['4:9-10 << merges a map, or a list of maps, and this is neither'],
  ],
  [
    'a list as a key',
    `version: 1
products:
  [a, b]: { id: x }
`,
    ['3:3-9 This is no name: a name is plain or quoted text'],
  ],
  [
    'an empty key',
    `version: 1
products:
  "": { id: x }
`,
    ['3:3-5 products[""] is an empty name. Give it one'],
  ],
  [
    'an unknown section',
    `version: 1
products: {}
webhook: {}
`,
    ['3:1-8 webhook is not known here. Did you mean webhooks?'],
  ],
  [
    'an unknown section, far from all',
    `version: 1
products: {}
something: {}
`,
    [
      '3:1-10 something is not known here. Known here: version, account, mode, webhooks, products, prices, policy, ignore, environments',
    ],
  ],
  [
    'a section in another case',
    `version: 1
Products: {}
`,
    [
      '2:1-9 Products is not known here. Did you mean products?',
      '1:1-1 The file declares nothing to compare. Add a section: webhooks, products, prices',
    ],
  ],
  [
    'a section that is a list',
    `version: 1
products:
  - id: x
`,
    ['3:3-10 products is a list. Expected a map'],
  ],
  [
    'a section without value',
    `version: 1
products:
`,
    ['2:10-10 products is null. Expected a map, {} for an empty one'],
  ],
  [
    'an entry that is a word',
    `version: 1
products:
  a: x
`,
    ['3:6-7 products.a is "x". Expected a map, such as { id: … }'],
  ],
  [
    'an entry that is null',
    `version: 1
products:
  a:
`,
    ['3:5-5 products.a is null. Expected a map, such as { id: … }'],
  ],
  [
    'an unknown field',
    `version: 1
products:
  a:
    id: x
    naem: A
`,
    ['5:5-9 products.a.naem is not known here. Did you mean name?'],
  ],
  [
    'a field of another kind',
    `version: 1
products:
  a:
    id: x
    unit_amount: 5
`,
    ['5:5-16 products.a.unit_amount is not known here.'],
  ],
  [
    'an unknown field far from all',
    `version: 1
webhooks:
  a: { id: x, zzzzzzzzzz: 5 }
`,
    [
      '3:15-25 webhooks.a.zzzzzzzzzz is not known here. Known here: match, id, url, connect, status, enabled_events, api_version, description, metadata',
    ],
  ],
  [
    'text where a number stands',
    `version: 1
products:
  a: { id: 123 }
`,
    ["3:12-15 products.a.id is 123. Expected text: put it in quotes, '123'"],
  ],
  [
    'text where a date stands is text',
    `version: 1
products:
  a: { id: 2027-01-31 }
`,
    [],
  ],
  [
    'text where true stands',
    `version: 1
products:
  a: { id: x, name: true }
`,
    ["3:21-25 products.a.name is true. Expected text: put it in quotes, 'true'"],
  ],
  [
    'text where a list stands',
    `version: 1
products:
  a: { id: x, name: [A] }
`,
    ['3:21-24 products.a.name is a list. Expected text'],
  ],
  [
    'text where a map stands',
    `version: 1
products:
  a: { id: x, name: { A: 1 } }
`,
    ['3:21-29 products.a.name is a map. Expected text'],
  ],
  [
    'empty text',
    `version: 1
products:
  a: { id: x, description: "" }
`,
    ['3:28-30 products.a.description is empty. Write null to state that it is not set'],
  ],
  [
    'an empty id',
    `version: 1
products:
  a: { id: "" }
`,
    ['3:12-14 products.a.id is empty. Expected text'],
  ],
  [
    'yes for true',
    `version: 1
products:
  a: { id: x, active: yes }
`,
    ['3:23-26 products.a.active is "yes". Expected true or false. Did you mean true?'],
  ],
  [
    'off for false',
    `version: 1
products:
  a: { id: x, shippable: off }
`,
    ['3:26-29 products.a.shippable is "off". Expected true or false or null. Did you mean false?'],
  ],
  [
    'a number for true',
    `version: 1
products:
  a: { id: x, active: 1 }
`,
    ['3:23-24 products.a.active is 1. Expected true or false'],
  ],
  [
    'true in quotes',
    `version: 1
products:
  a: { id: x, active: "true" }
`,
    ['3:23-29 products.a.active is "true". Expected true or false, without quotes'],
  ],
  [
    'a wrong word',
    `version: 1
webhooks:
  a: { id: x, status: enable }
`,
    ['3:23-29 webhooks.a.status is "enable". Expected one of enabled, disabled. Did you mean enabled?'],
  ],
  [
    'a wrong word far from all',
    `version: 1
prices:
  a: { id: x, billing_scheme: 7 }
`,
    ["3:31-32 prices.a.billing_scheme is 7. Expected one of per_unit, tiered: put it in quotes, '7'"],
  ],
  [
    'a list of one word',
    `version: 1
webhooks:
  a: { id: x, enabled_events: a.b }
`,
    ['3:31-34 webhooks.a.enabled_events is "a.b". Expected a list, such as [a.b]'],
  ],
  [
    'an empty list of events',
    `version: 1
webhooks:
  a: { id: x, enabled_events: [] }
`,
    ['3:31-33 webhooks.a.enabled_events is empty. Expected at least one item'],
  ],
  [
    'a number in a list of events',
    `version: 1
webhooks:
  a:
    id: x
    enabled_events:
      - charge.failed
      - 5
`,
    ["7:9-10 webhooks.a.enabled_events[1] is 5. Expected text: put it in quotes, '5'"],
  ],
  [
    'an event twice',
    `version: 1
webhooks:
  a:
    id: x
    enabled_events:
      - charge.failed
      - charge.failed
`,
    ['(warning) 7:9-22 webhooks.a.enabled_events[1] repeats "charge.failed", listed already on line 6'],
  ],
  [
    'an unknown event',
    `version: 1
webhooks:
  a: { id: x, enabled_events: [charge.faild] }
`,
    [
      '(warning) 3:32-44 webhooks.a.enabled_events[0] is "charge.faild", which is no event type that this version knows. Did you mean charge.failed?',
    ],
  ],
  [
    'an unknown API version',
    `version: 1
webhooks:
  a: { id: x, api_version: 2026-10-28.endiv }
`,
    [
      '(warning) 3:28-44 webhooks.a.api_version is "2026-10-28.endiv", which is no API version that this version knows. Did you mean 2026-10-28.endive?',
    ],
  ],
  [
    'no URL',
    `version: 1
webhooks:
  a: { url: api.example.com/x }
`,
    ['3:13-30 webhooks.a.url is "api.example.com/x". Expected a URL such as https://api.example.com/path.'],
  ],
  [
    'a URL of another scheme',
    `version: 1
webhooks:
  a: { url: "ftp://api.example.com/x" }
`,
    ['3:13-38 webhooks.a.url is "ftp://api.example.com/x". Expected a URL such as https://api.example.com/path.'],
  ],
  [
    'a URL with a space',
    `version: 1
webhooks:
  a: { url: "https://api.example.com/a b" }
`,
    ['3:13-42 webhooks.a.url holds white space, which no URL does. Write %20, or remove it'],
  ],
  [
    'a URL with a bad port',
    `version: 1
webhooks:
  a: { url: "https://api.example.com:99999999/" }
`,
    [
      '3:13-48 webhooks.a.url is "https://api.example.com:99999999/", which is not a URL. Expected something like https://api.example.com/path',
    ],
  ],
  [
    'a URL without host',
    `version: 1
webhooks:
  a: { url: "https:///x" }
`,
    ['3:13-25 webhooks.a.url is "https:///x". Expected a URL such as https://api.example.com/path.'],
  ],
  [
    'no URL of an image',
    `version: 1
products:
  a:
    id: x
    images:
      - https://a.example/1.png
      - 2.png
`,
    ['7:9-14 products.a.images[1] is "2.png". Expected a URL such as https://api.example.com/path.'],
  ],
  [
    'an amount with a float',
    `version: 1
prices:
  a: { id: x, unit_amount: 20.5, type: one_time, currency: usd }
`,
    [
      '3:28-32 prices.a.unit_amount is 20.5. Amounts are in cents: 2050 is 20.50 USD. Fractions of a cent go in the _decimal field',
    ],
  ],
  ...(
    [
      ['20.00', 'usd', '20.00. Amounts are in cents: 2000 is 20.00 USD. Fractions of a cent go in the _decimal field'],
      [
        '"20.0"',
        'eur',
        '"20.0". Amounts are in cents: 2000 is 20.00 EUR. Fractions of a cent go in the _decimal field',
      ],
      [
        '0.00',
        'gbp',
        '0.00. Amounts are in hundredths of GBP: 0 is 0.00 GBP. Fractions of a cent go in the _decimal field',
      ],
      ['20.00', 'jpy', '20.00. JPY has no smaller unit: write 20'],
      [
        '1.5',
        'kwd',
        '1.5. Amounts are in thousandths of KWD: 1500 is 1.500 KWD. Fractions of a cent go in the _decimal field',
      ],
      [
        '1.005',
        'usd',
        '1.005. Expected a whole number of minor units in plain digits: 14.50 dollars are 1450. Fractions of a cent go in the _decimal field',
      ],
    ] as const
  ).map(([written, currency, said]): [string, string, string[]] => [
    `an amount of ${written} in ${currency}`,
    `version: 1
prices:
  a: { id: x, type: one_time, currency: ${currency}, unit_amount: ${written} }
`,
    [`3:59-${59 + written.length} prices.a.unit_amount is ${said}`],
  ]),
  [
    'an amount in dollars within tiers, limits and other currencies',
    `version: 1
prices:
  a:
    lookup_key: a
    currency: usd
    recurring: { interval: month }
    tiers_mode: volume
    tiers: [{ up_to: inf, flat_amount: 5.00 }]
    currency_options: { jpy: { custom_unit_amount: { minimum: 5.00 } } }
`,
    [
      '8:40-44 prices.a.tiers[0].flat_amount is 5.00. Amounts are in cents: 500 is 5.00 USD. Fractions of a cent go in the _decimal field',
      '9:63-67 prices.a.currency_options.jpy.custom_unit_amount.minimum is 5.00. JPY has no smaller unit: write 5',
    ],
  ],
  [
    'an amount in dollars, of no currency that is stated',
    `version: 1
prices:
  a: { id: x, type: one_time, unit_amount: 20.00 }
`,
    [
      '3:44-49 prices.a.unit_amount is 20.00. Expected a whole number of minor units in plain digits: 14.50 dollars are 1450. Fractions of a cent go in the _decimal field',
      '(warning) 3:31-42 prices.a.unit_amount is stated without currency, so that amount passes in any. Add currency: usd, or another',
    ],
  ],
  [
    'a negative amount',
    `version: 1
prices:
  a: { id: x, unit_amount: -5, type: one_time, currency: usd }
`,
    ['3:28-30 prices.a.unit_amount is -5. Expected at least 0'],
  ],
  [
    'an amount with an exponent',
    `version: 1
prices:
  a: { id: x, unit_amount: 2e3, type: one_time, currency: usd }
`,
    [
      '3:28-31 prices.a.unit_amount is 2e3. Expected a whole number of minor units in plain digits: 14.50 dollars are 1450. Fractions of a cent go in the _decimal field',
    ],
  ],
  [
    'an amount in hexadecimal',
    `version: 1
prices:
  a: { id: x, unit_amount: 0x7D0, type: one_time, currency: usd }
`,
    [
      '3:28-33 prices.a.unit_amount is 0x7D0. Expected a whole number of minor units in plain digits: 14.50 dollars are 1450. Fractions of a cent go in the _decimal field',
    ],
  ],
  [
    'an amount with an underscore',
    `version: 1
prices:
  a: { id: x, unit_amount: 2_000, type: one_time, currency: usd }
`,
    [
      '3:28-33 prices.a.unit_amount is "2_000". Expected a whole number of minor units in plain digits: 14.50 dollars are 1450. Fractions of a cent go in the _decimal field',
    ],
  ],
  [
    'an amount with a currency',
    `version: 1
prices:
  a: { id: x, unit_amount: $20, type: one_time, currency: usd }
`,
    [
      '3:28-31 prices.a.unit_amount is "$20". Expected a whole number of minor units in plain digits: 14.50 dollars are 1450. Fractions of a cent go in the _decimal field',
    ],
  ],
  [
    'an amount with a comma',
    `version: 1
prices:
  a: { id: x, unit_amount: "20,00", type: one_time, currency: usd }
`,
    [
      '3:28-35 prices.a.unit_amount is "20,00". Expected a whole number of minor units in plain digits: 14.50 dollars are 1450. Fractions of a cent go in the _decimal field',
    ],
  ],
  [
    'an amount with a plus',
    `version: 1
prices:
  a: { id: x, unit_amount: +20, type: one_time, currency: usd }
`,
    [
      '3:28-31 prices.a.unit_amount is +20. Expected a whole number of minor units in plain digits: 14.50 dollars are 1450. Fractions of a cent go in the _decimal field',
    ],
  ],
  [
    'infinity',
    `version: 1
prices:
  a: { id: x, unit_amount: .inf, type: one_time, currency: usd }
`,
    [
      '3:28-32 prices.a.unit_amount is ".inf". Expected a whole number of minor units in plain digits: 14.50 dollars are 1450. Fractions of a cent go in the _decimal field',
    ],
  ],
  [
    'thirteen decimals',
    `version: 1
prices:
  a: { id: x, unit_amount_decimal: 0.1234567890123, type: one_time, currency: usd }
`,
    ['3:36-51 prices.a.unit_amount_decimal is 0.1234567890123. Expected plain digits with at most 12 decimals'],
  ],
  [
    'thirteen decimals in quotes',
    `version: 1
prices:
  a: { id: x, unit_amount_decimal: "0.1234567890123", type: one_time, currency: usd }
`,
    ['3:36-53 prices.a.unit_amount_decimal is "0.1234567890123". Expected plain digits with at most 12 decimals.'],
  ],
  [
    'two amounts that contradict each other',
    `version: 1
prices:
  a:
    id: x
    type: one_time
    currency: usd
    unit_amount: 2000
    unit_amount_decimal: "2000.5"
`,
    [
      '8:5-24 prices.a.unit_amount_decimal contradicts unit_amount on line 7, which says 2000: they are one statement. Keep one of them',
    ],
  ],
  [
    'two amounts in two ways',
    `version: 1
prices:
  a:
    id: x
    type: one_time
    currency: usd
    custom_unit_amount: { enabled: true }
    unit_amount: 2000
`,
    ['7:5-23 prices.a.custom_unit_amount contradicts unit_amount on line 8: a price has one amount. Keep one of them'],
  ],
  [
    'three amounts',
    `version: 1
prices:
  a:
    id: x
    type: one_time
    currency: usd
    unit_amount: 2000
    custom_unit_amount: { enabled: true }
    tiers: [{ up_to: inf }]
`,
    [
      '8:5-23 prices.a.custom_unit_amount contradicts unit_amount on line 7: a price has one amount. Keep one of them',
      '9:5-10 prices.a.tiers contradicts unit_amount on line 7: a price has one amount. Keep one of them',
    ],
  ],
  [
    'two amounts in a currency',
    `version: 1
prices:
  a:
    id: x
    currency_options:
      eur:
        unit_amount: 5
        tiers: [{ up_to: inf }]
`,
    [
      '8:9-14 prices.a.currency_options.eur.tiers contradicts unit_amount on line 7: a price has one amount. Keep one of them',
    ],
  ],
  [
    'an amount without recurring or type',
    `version: 1
prices:
  a:
    id: x
    currency: usd
    unit_amount: 2000
`,
    [
      '(warning) 6:5-16 prices.a.unit_amount is stated without recurring or type, so a price of that amount passes however often it is billed. Add recurring: { interval: month }, or type: one_time',
    ],
  ],
  [
    'an amount without currency',
    `version: 1
prices:
  a:
    id: x
    type: one_time
    unit_amount: 2000
`,
    [
      '(warning) 6:5-16 prices.a.unit_amount is stated without currency, so that amount passes in any. Add currency: usd, or another',
    ],
  ],
  [
    'tiers without mode',
    `version: 1
prices:
  a:
    id: x
    type: recurring
    currency: usd
    tiers: [{ up_to: inf }]
`,
    [
      '(warning) 7:5-10 prices.a.tiers are stated without tiers_mode, though graduated and volume bill differently. Add tiers_mode',
    ],
  ],
  [
    'recurring against type',
    `version: 1
prices:
  a:
    id: x
    recurring: { interval: month }
    type: one_time
    currency: usd
`,
    ['6:5-9 prices.a.type is one_time, but recurring on line 5 is stated. Keep one of them'],
  ],
  [
    'recurring null against type',
    `version: 1
prices:
  a:
    id: x
    recurring: null
    type: recurring
`,
    ['6:5-9 prices.a.type is recurring, but recurring on line 5 is null. Keep one of them'],
  ],
  [
    'recurring without an interval',
    `version: 1
prices:
  a:
    id: x
    recurring: { interval_count: 3 }
`,
    ['5:16-37 prices.a.recurring lacks interval'],
  ],
  [
    'an interval with a typo',
    `version: 1
prices:
  a:
    id: x
    recurring: { interval: monthly }
`,
    ['5:28-35 prices.a.recurring.interval is "monthly". Expected one of day, week, month, year. Did you mean month?'],
  ],
  [
    'a count of 0',
    `version: 1
prices:
  a:
    id: x
    recurring: { interval: month, interval_count: 0 }
`,
    ['5:51-52 prices.a.recurring.interval_count is 0. Expected at least 1'],
  ],
  [
    'a count in quotes',
    `version: 1
prices:
  a:
    id: x
    recurring: { interval: month, interval_count: "3" }
`,
    ['5:51-54 prices.a.recurring.interval_count is "3". Expected a whole number or null'],
  ],
  [
    'a count with an exponent',
    `version: 1
prices:
  a:
    id: x
    recurring: { interval: month, interval_count: 1e1 }
`,
    ['5:51-54 prices.a.recurring.interval_count is 1e1. Expected a whole number in plain digits'],
  ],
  [
    'tiers that do not ascend',
    `version: 1
prices:
  a:
    id: x
    type: recurring
    currency: usd
    tiers_mode: volume
    tiers:
      - { up_to: 10 }
      - { up_to: 10 }
      - { up_to: 5 }
      - { up_to: inf }
`,
    [
      '10:11-16 prices.a.tiers[1].up_to is 10, not above the end of the tier before it (10). Tiers ascend',
      '11:11-16 prices.a.tiers[2].up_to is 5, not above the end of the tier before it (10). Tiers ascend',
    ],
  ],
  [
    'tiers without an end',
    `version: 1
prices:
  a:
    id: x
    type: recurring
    currency: usd
    tiers_mode: volume
    tiers:
      - { up_to: 10 }
      - unit_amount: 5
        up_to: 20
`,
    ['11:9-14 prices.a.tiers[1].up_to is 20, but the last tier has no end. Expected up_to: inf'],
  ],
  [
    'a tier after the last',
    `version: 1
prices:
  a:
    id: x
    type: recurring
    currency: usd
    tiers_mode: volume
    tiers:
      - up_to: inf
      - up_to: null
`,
    ['9:9-14 prices.a.tiers[0].up_to is inf, so the tiers after it are never reached. Only the last tier has no end'],
  ],
  [
    'a tier up to 0',
    `version: 1
prices:
  a:
    id: x
    type: recurring
    currency: usd
    tiers_mode: volume
    tiers: [{ up_to: 0 }, { up_to: inf }]
`,
    ['8:22-23 prices.a.tiers[0].up_to is 0. Expected at least 1'],
  ],
  [
    'a tier up to 10.5',
    `version: 1
prices:
  a:
    id: x
    type: recurring
    currency: usd
    tiers_mode: volume
    tiers: [{ up_to: 10.5 }, { up_to: inf }]
`,
    ['8:22-26 prices.a.tiers[0].up_to is 10.5. Expected a whole number, or inf for the last tier.'],
  ],
  [
    'a tier up to infinity',
    `version: 1
prices:
  a:
    id: x
    type: recurring
    currency: usd
    tiers_mode: volume
    tiers: [{ up_to: infinity }]
`,
    ['8:22-30 prices.a.tiers[0].up_to is "infinity". Expected a whole number, or inf for the last tier.'],
  ],
  [
    'an unknown name in a tier',
    `version: 1
prices:
  a:
    id: x
    type: recurring
    currency: usd
    tiers_mode: volume
    tiers: [{ up_to: inf, unit_amont: 5 }]
`,
    ['8:27-37 prices.a.tiers[0].unit_amont is not known here. Did you mean unit_amount?'],
  ],
  [
    'no tiers',
    `version: 1
prices:
  a: { id: x, type: recurring, currency: usd, tiers: [] }
`,
    [],
  ],
  [
    'a currency in capitals',
    `version: 1
prices:
  a: { id: x, currency: USD }
`,
    [
      '3:25-28 prices.a.currency is "USD". Expected a three-letter currency code in lower case, such as usd. Did you mean usd?',
    ],
  ],
  [
    'a currency that is none',
    `version: 1
prices:
  a: { id: x, currency: dollars }
`,
    ['3:25-32 prices.a.currency is "dollars". Expected a three-letter currency code in lower case, such as usd.'],
  ],
  [
    'a currency of null',
    `version: 1
prices:
  a: { id: x, currency: null }
`,
    ['3:25-29 prices.a.currency is null. Expected a three-letter currency code in lower case, such as usd.'],
  ],
  [
    'an option in capitals',
    `version: 1
prices:
  a:
    id: x
    currency_options:
      EUR: { unit_amount: 5 }
`,
    [
      '6:7-10 prices.a.currency_options.EUR is no name for this. Expected a three-letter currency code in lower case, such as usd. Did you mean eur?',
    ],
  ],
  [
    'an option that is none',
    `version: 1
prices:
  a:
    id: x
    currency_options:
      euro: { unit_amount: 5 }
`,
    [
      '6:7-11 prices.a.currency_options.euro is no name for this. Expected a three-letter currency code in lower case, such as usd.',
    ],
  ],
  [
    'an unknown reference',
    `version: 1
products:
  pro: { id: x }
prices:
  a:
    id: x
    product: por
`,
    [
      '7:14-17 prices.a.product is "por", but no entry of products has that name. Did you mean pro? To refer to an object by its id, write { id: … }',
    ],
  ],
  [
    'a reference to a section that the file lacks',
    `version: 1
prices:
  a: { id: x, product: pro }
`,
    [
      '3:24-27 prices.a.product is "pro", but the file declares no products. To refer to an object by its id, write { id: … }',
    ],
  ],
  [
    'a reference without an id',
    `version: 1
prices:
  a: { id: x, product: {} }
`,
    ['3:24-26 prices.a.product lacks id'],
  ],
  [
    'a reference with more than an id',
    `version: 1
prices:
  a: { id: x, product: { id: y, name: z } }
`,
    ['3:33-37 prices.a.product.name is not known here. Known here: id'],
  ],
  [
    'a metadata list',
    `version: 1
products:
  a: { id: x, metadata: [a] }
`,
    ['3:25-28 products.a.metadata is a list. Expected a map or null'],
  ],
  [
    'a metadata map',
    `version: 1
products:
  a:
    id: x
    metadata:
      b: { c: d }
`,
    ['6:10-18 products.a.metadata.b is a map. Expected text, a number, true or false or null'],
  ],
  [
    'an empty metadata value',
    `version: 1
products:
  a:
    id: x
    metadata:
      b: ""
`,
    ['6:10-12 products.a.metadata.b is empty. Write null to state that it is not set'],
  ],
  [
    'an empty metadata name',
    `version: 1
products:
  a:
    id: x
    metadata:
      "": y
`,
    ['6:7-9 products.a.metadata[""] is an empty name. Give it one'],
  ],
  [
    'a metadata value of 501 characters',
    `version: 1
products:
  a:
    id: x
    metadata:
      b: ${'x'.repeat(501)}
`,
    ['(warning) 6:10-511 products.a.metadata.b is a metadata value of 501 characters; Stripe takes at most 500'],
  ],
  [
    'a metadata name of 41 characters',
    `version: 1
products:
  a:
    id: x
    metadata:
      ${'x'.repeat(41)}: y
`,
    [
      `(warning) 6:7-48 products.a.metadata.${'x'.repeat(41)} is a metadata key of 41 characters; Stripe takes at most 40`,
    ],
  ],
  [
    'a metadata name with brackets',
    `version: 1
products:
  a:
    id: x
    metadata:
      "a[b]": y
`,
    ['(warning) 6:7-13 products.a.metadata["a[b]"] is a metadata key with a square bracket, which Stripe refuses'],
  ],
  [
    '51 metadata names',
    `version: 1
products:
  a:
    id: x
    metadata: { ${Array.from({ length: 51 }, (_, index) => `k${index}: v`).join(', ')} }
`,
    ['(warning) 5:15-415 products.a.metadata has 51 keys; Stripe takes at most 50'],
  ],
  [
    'white space at the ends',
    `version: 1
products:
  " a ":
    id: " x"
    metadata:
      b: "y "
`,
    [
      '(warning) 3:3-8 products[" a "] is a name with white space at its ends',
      '(warning) 4:9-13 products[" a "].id has white space at its ends',
      '(warning) 6:10-14 products[" a "].metadata.b is a metadata value with white space at its ends',
    ],
  ],
  [
    'nine images',
    `version: 1
products:
  a:
    id: x
    images: [${Array.from({ length: 9 }, (_, index) => `https://a.example/${index}`).join(', ')}]
`,
    ['(warning) 5:13-202 products.a.images has 9 items; Stripe takes at most 8'],
  ],
  [
    'a long descriptor',
    `version: 1
products:
  a: { id: x, statement_descriptor: XXXXXXXXXXXXXXXXXXXXXXX }
`,
    ['(warning) 3:37-60 products.a.statement_descriptor has 23 characters; Stripe takes at most 22'],
  ],
  [
    'a tax code against its mirror',
    `version: 1
products:
  a:
    id: x
    tax_code: txcd_1
    tax_details: { tax_code: txcd_2 }
`,
    [
      '6:5-16 products.a.tax_details contradicts tax_code, which says txcd_1 and is mirrored by tax_details.tax_code. State the same in both',
    ],
  ],
  [
    'dimensions in part',
    `version: 1
products:
  a: { id: x, package_dimensions: { height: 1, width: 2 } }
`,
    ['3:35-58 products.a.package_dimensions lacks length', '3:35-58 products.a.package_dimensions lacks weight'],
  ],
  [
    'a wrong account',
    `version: 1
account: 1Abc
products: {}
`,
    ['2:10-14 account is "1Abc". Expected an account id, such as acct_1Abc.'],
  ],
  [
    'a wrong mode',
    `version: 1
mode: Live
products: {}
`,
    ['2:7-11 mode is "Live". Expected one of live, test. Did you mean live?'],
  ],
  [
    'an unknown problem in the policy',
    `version: 1
policy: { mising: error }
products: {}
`,
    ['2:11-17 policy.mising is not known here. Did you mean missing?'],
  ],
  [
    'an unknown word in the policy',
    `version: 1
policy: { missing: fatal }
products: {}
`,
    ['2:20-25 policy.missing is "fatal". Expected one of error, warning, notice, ignore.'],
  ],
  [
    'an unknown section in the policy',
    `version: 1
policy: { missing: { product: error } }
products: {}
`,
    ['2:22-29 policy.missing.product is not known here. Did you mean products?'],
  ],
  [
    'an unknown word for a section in the policy',
    `version: 1
policy: { missing: { products: warn } }
products: {}
`,
    [
      '2:32-36 policy.missing.products is "warn". Expected one of error, warning, notice, ignore. Did you mean warning?',
    ],
  ],
  [
    'a list in the policy',
    `version: 1
policy: { missing: [error] }
products: {}
`,
    ['2:20-27 policy.missing is a list. Expected text or a map'],
  ],
  [
    'pending in the policy for a section',
    `version: 1
policy: { pending: { products: ignore } }
products: {}
`,
    ['2:20-40 policy.pending is a map. Expected one of error, warning, notice, ignore.'],
  ],
  [
    'invalid in the policy',
    `version: 1
policy: { invalid: ignore }
products: {}
`,
    [
      '2:11-18 policy.invalid is not known here. Known here: missing, changed, ambiguous, unmanaged, unhealthy, pending',
    ],
  ],
  [
    'an ignore without reason',
    `version: 1
products: {}
ignore:
  - products: x
`,
    ['4:5-16 ignore[0] lacks reason'],
  ],
  [
    'an ignore with an empty reason',
    `version: 1
products: {}
ignore:
  - products: x
    reason: ""
`,
    ['5:13-15 ignore[0].reason is empty. Expected text'],
  ],
  [
    'an ignore without section',
    `version: 1
products: {}
ignore:
  - reason: because
`,
    ['4:5-20 ignore[0] names no section. Expected one of webhooks, products, prices'],
  ],
  [
    'an ignore with two sections',
    `version: 1
products: {}
ignore:
  - products: x
    prices: y
    reason: because
`,
    ['5:5-11 ignore[0].prices names a second section. Expected one of webhooks, products, prices'],
  ],
  [
    'an ignore with a bad date',
    `version: 1
products: {}
ignore:
  - products: x
    reason: because
    until: 31.1.2027
`,
    ['6:12-21 ignore[0].until is "31.1.2027". Expected a date, such as 2027-01-31.'],
  ],
  [
    'an ignore with a date that does not exist',
    `version: 1
products: {}
ignore:
  - products: x
    reason: because
    until: 2027-02-30
`,
    ['6:12-22 ignore[0].until is "2027-02-30", which is no day of the calendar'],
  ],
  [
    'an ignore with an unknown field',
    `version: 1
products: {}
ignore:
  - products: { metadat.origin: x }
    reason: because
`,
    ['4:17-31 ignore[0].products["metadat.origin"] names no field of products. Did you mean metadata?'],
  ],
  [
    'an ignore without fields',
    `version: 1
products: {}
ignore:
  - products: {}
    reason: because
`,
    [
      '4:5-13 ignore[0].products names no field, so it would accept everything. Name a field and its value, or write an id with * for any characters',
    ],
  ],
  [
    'an ignore with an empty pattern',
    `version: 1
products: {}
ignore:
  - products: ""
    reason: because
`,
    ['4:15-17 ignore[0].products is empty. Expected text'],
  ],
  [
    'an unknown name in an ignore',
    `version: 1
products: {}
ignore:
  - products: x
    reason: because
    untill: 2027-01-31
`,
    ['6:5-11 ignore[0].untill is not known here. Did you mean until?'],
  ],
  [
    'an ignore that is a map',
    `version: 1
products: {}
ignore: { products: x }
`,
    ['3:9-24 ignore is a map. Expected a list'],
  ],
  [
    'an unknown name in an environment',
    `version: 1
products: {}
environments:
  test:
    policy: {}
`,
    ['5:5-11 environments.test.policy is not known here. Known here: account, mode, webhooks, products, prices'],
  ],
  [
    'a wrong field in an environment',
    `version: 1
products:
  a: { id: x }
environments:
  test:
    products:
      a: { naem: A }
`,
    ['7:12-16 environments.test.products.a.naem is not known here. Did you mean name?'],
  ],
  [
    'an environment that is a list',
    `version: 1
products: {}
environments: [test]
`,
    ['3:15-21 environments is a list. Expected a map'],
  ],
  [
    'a reference that an environment dropped',
    `version: 1
products:
  pro: { id: p }
prices:
  a: { id: x, product: pro }
environments:
  test:
    products: { pro: null }
`,
    [
      '5:24-27 prices.a.product is "pro", but the file declares no products. To refer to an object by its id, write { id: … } (in environment test)',
    ],
  ],
  [
    'an entry of an environment without identity',
    `version: 1
products: {}
environments:
  test:
    products:
      a: { description: A }
`,
    [
      '6:7-8 products.a states nothing that finds its product. Add id or name, or name other fields in match (in environment test)',
    ],
  ],
  [
    'http in the live environment',
    `version: 1
webhooks:
  a: { id: x, url: "https://a.example" }
environments:
  live:
    webhooks:
      a: { url: "http://a.example" }
`,
    [
      '(warning) 7:17-35 webhooks.a.url is plain http; in live mode Stripe only delivers to https (in environment live)',
    ],
  ],
  [
    'an entry without identity',
    `version: 1
products:
  a: { description: A }
`,
    ['3:3-4 products.a states nothing that finds its product. Add id or name, or name other fields in match'],
  ],
  [
    'two entries of one identity',
    `version: 1
products:
  a: { name: A }
  b: { name: A }
`,
    ['4:8-12 products.b.name finds the same object as a on line 3: both state this. Keep one entry'],
  ],
  [
    'everything at once',
    `version: 2
webhook: {}
products:
  a: { naem: A, active: yes }
  b: { id: 5 }
`,
    [
      '2:1-8 webhook is not known here. Did you mean webhooks?',
      '1:10-11 version is 2. Expected 1.',
      '4:8-12 products.a.naem is not known here. Did you mean name?',
      '4:25-28 products.a.active is "yes". Expected true or false. Did you mean true?',
      "5:12-13 products.b.id is 5. Expected text: put it in quotes, '5'",
    ],
  ],
];

describe('a problem of the file is told at its place', () => {
  test.each(problems)('%s', (_name, text, findings) => {
    expect(load(text).findings.map(shown)).toEqual(findings);
  });

  test.each(problems)('%s, in a file with CRLF', (_name, text, findings) => {
    expect(load(text.replaceAll('\n', '\r\n')).findings.map(shown)).toEqual(findings);
  });

  test('a file with an error declares nothing, one with warnings does', () => {
    for (const [, text, findings] of problems) {
      const invalid = findings.some((line) => !line.startsWith('(warning)'));
      expect(load(text).in(null, 'live').declared === null).toBe(invalid);
    }
  });

  test('once, however many environments have it', () => {
    const text = `version: 1
products:
  a: { id: x, naem: A }
environments:
  live: {}
  test: {}
  other: {}
`;
    expect(load(text).findings.map(shown)).toEqual(['3:15-19 products.a.naem is not known here. Did you mean name?']);
  });

  test('of an environment that is not the one in use, too', () => {
    const text = `version: 1
products:
  a: { id: x }
environments:
  other:
    products:
      a: { active: 5 }
`;
    expect(load(text).findings.map(shown)).toEqual([
      '7:20-21 environments.other.products.a.active is 5. Expected true or false',
    ]);
  });

  test('plain http only in live mode, whether the file, its environment or the key says so', () => {
    const http = (more: string) => `version: 1\n${more}webhooks:\n  a: { url: "http://a.example" }\n`;
    const remarks = (text: string, environment: string | null, mode: Mode | null) =>
      load(text).in(environment, mode).remarks.map(shown);
    const warning = 'webhooks.a.url is plain http; in live mode Stripe only delivers to https';
    expect(remarks(http(''), null, null)).toEqual([]);
    expect(remarks(http(''), null, 'live')).toEqual([`(warning) 3:13-31 ${warning}`]);
    expect(remarks(http(''), null, 'test')).toEqual([]);
    expect(remarks(http('mode: live\n'), null, null)).toEqual([`(warning) 4:13-31 ${warning}`]);
    expect(remarks(http('mode: test\n'), null, null)).toEqual([]);
  });
});

describe('a section, entry and field that a problem is about', () => {
  test.each([
    ['version: 2\nproducts: {}\n', [null, null, null]],
    ['version: 1\nproducts: []\n', ['products', null, null]],
    ['version: 1\nproducts: { a: x }\n', ['products', 'a', null]],
    ['version: 1\nproducts: { a: { id: 5 } }\n', ['products', 'a', 'id']],
    ['version: 1\nproducts: { a: { id: x, metadata: { b: [] } } }\n', ['products', 'a', 'metadata']],
    ['version: 1\nproducts: {}\nenvironments: { live: { products: { a: { id: 5 } } } }\n', ['products', 'a', 'id']],
    ['version: 1\nproducts: {}\nwebhook: {}\n', [null, null, null]],
  ])('%j', (text, named) => {
    const [finding] = load(text).findings;
    expect([finding?.section, finding?.name, finding?.field]).toEqual(named);
  });
});

describe('a file that can not be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-config-check-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const told = (content: Content) => loadConfig([{ file: 'f.yaml', ...content }]).findings.map(shown);

  test('does not exist', async () => {
    expect(told(await readContent(join(folder, 'none.yaml')))).toEqual([
      '1:1-1 f.yaml does not exist. Name the file in the input config (Action) or as the argument (command line)',
    ]);
  });

  test('is a directory', async () => {
    mkdirSync(join(folder, 'directory'));
    expect(told(await readContent(join(folder, 'directory')))).toEqual([
      '1:1-1 f.yaml is a directory: name a file in it',
    ]);
  });

  test.each([
    ['a byte that begins no character', Buffer.from([0x76, 0xff, 0x0a])],
    ['a character that is cut off', Buffer.from([0x61, 0xc3])],
    ['UTF-16', Buffer.from('\ufeffversion: 1\nproducts: {}\n', 'utf16le')],
    ['Latin-1', Buffer.from('version: 1\nproducts: { é: { id: x } }\n', 'latin1')],
  ])('is not UTF-8: %s', async (_name, bytes) => {
    writeFileSync(join(folder, 'bytes.yaml'), bytes);
    expect(told(await readContent(join(folder, 'bytes.yaml')))).toEqual([
      '1:1-1 f.yaml is not UTF-8. Save it in that encoding',
    ]);
  });

  test('is over 4 MiB, by one byte', () => {
    const head = 'version: 1\nproducts: {}\n#';
    const most = Buffer.from(head.padEnd(4 * 1024 * 1024, 'x'));
    expect(told(decode(most))).toEqual([]);
    expect(told(decode(Buffer.concat([most, Buffer.from('x')])))).toEqual([
      '1:1-1 f.yaml is 4194305 bytes: at most 4 MiB (4194304 bytes) are read',
    ]);
  });

  test('holds a bomb of aliases', () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'x-0: &l0 [a, a, a, a, a, a, a, a, a, a]'
        : `x-${level}: &l${level} [${Array.from({ length: 10 }, () => `*l${level - 1}`).join(', ')}]`,
    );
    const findings = load(`version: 1\n${levels.join('\n')}\nproducts: {}\n`).findings.map(shown);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(/^\d+:\d+-\d+ The file holds more than 500000 values once its aliases are followed$/);
  });

  test.each([65, 1000, 100_000])('is nested %d levels deep', (levels) => {
    const findings = load(`version: 1\nproducts: ${'['.repeat(levels)}${']'.repeat(levels)}\n`).findings.map(shown);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(/ The file is nested deeper than 64 levels$/);
  });

  test('with a byte order mark is read as without', () => {
    const text = 'version: 2\nproducts: {}\n';
    expect(told(decode(Buffer.from(`\ufeff${text}`)))).toEqual(told(decode(Buffer.from(text))));
  });
});

/** The entry of a file, as it is in an environment. */
function entryOf(text: string, environment: string | null = null, [section, name] = ['products', 'a']): Expected {
  const config = load(text);
  expect(config.findings.filter(({ severity }) => severity === 'error').map(shown)).toEqual([]);
  const declared = config.in(environment, 'live').declared as Declared;
  const entry = declared.sections.get(section as string)?.entries.find((found) => found.name === name);
  if (entry === undefined) throw new Error(`there is no ${section}.${name}`);
  return entry;
}

function at(entry: Expected, ...path: string[]): string {
  const [field, ...below] = path;
  const place = field === undefined ? entry.at() : entry.decided(field, below);
  const { line, column, endLine, endColumn, file } = place;
  expect(file).toBe('f.yaml');
  expect(endLine).toBe(line);
  return `${line}:${column}-${endColumn}`;
}

describe('the place of a field is its key', () => {
  const places: readonly (readonly [name: string, text: string, place: string])[] = [
    ['in block style', 'version: 1\nproducts:\n  a:\n    id: x\n    name: A\n', '5:5-9'],
    ['in flow style', 'version: 1\nproducts: { a: { id: x, name: A } }\n', '2:25-29'],
    ['in flow style over lines', 'version: 1\nproducts: {\n  a: { id: x,\n       name: A } }\n', '4:8-12'],
    ['in double quotes', 'version: 1\nproducts:\n  a:\n    id: x\n    "name": A\n', '5:5-11'],
    ['in single quotes', "version: 1\nproducts:\n  a:\n    id: x\n    'name': A\n", '5:5-11'],
    ['as an explicit key', 'version: 1\nproducts:\n  a:\n    id: x\n    ? name\n    : A\n', '5:7-11'],
    ['after CRLF', 'version: 1\r\nproducts:\r\n  a:\r\n    id: x\r\n    name: A\r\n', '5:5-9'],
    [
      'after comments',
      '# one\n\n# two\nversion: 1\nproducts: # three\n  a:\n    # four\n    id: x # five\n    name: A\n',
      '9:5-9',
    ],
    ['after a document marker', '--- # begins\nversion: 1\nproducts:\n  a:\n    id: x\n    name: A\n', '6:5-9'],
    ['after wide characters', 'version: 1\nproducts: { a: { description: "ä😀", id: x, name: A } }\n', '2:45-49'],
    [
      'after text over lines',
      'version: 1\nproducts:\n  a:\n    id: x\n    description: |\n      one\n\n      two\n    name: A\n',
      '9:5-9',
    ],
    ['without a line feed at the end', 'version: 1\nproducts:\n  a:\n    id: x\n    name: A', '5:5-9'],
    ['in a map that is anchored', 'version: 1\nproducts:\n  a: &a\n    id: x\n    name: A\n', '5:5-9'],
    ['in a map that an alias stands for', 'version: 1\nx-a: &a\n  id: x\n  name: A\nproducts:\n  a: *a\n', '4:3-7'],
    ['in a map that is merged', 'version: 1\nx-a: &a\n  name: A\nproducts:\n  a:\n    <<: *a\n    id: x\n', '3:3-7'],
    [
      'in the first of several that are merged',
      'version: 1\nx-a: &a { name: A }\nx-b: &b { name: B, type: good }\nproducts:\n  a:\n    <<: [*a, *b]\n    id: x\n',
      '2:11-15',
    ],
    [
      'its own, where a merged map has it too',
      'version: 1\nx-a: &a { name: B }\nproducts:\n  a:\n    name: A\n    <<: *a\n    id: x\n',
      '5:5-9',
    ],
    [
      'in a map merged into a merged map',
      'version: 1\nx-a: &a { name: A }\nx-b: &b\n  <<: *a\n  type: good\nproducts:\n  a: { <<: *b, id: x }\n',
      '2:11-15',
    ],
    ['where its value is an alias', 'version: 1\nx-a: &a A\nproducts:\n  a:\n    id: x\n    name: *a\n', '6:5-9'],
  ];

  test.each(places)('%s', (_name, text, place) => {
    const entry = entryOf(text);
    expect(entry.fields.name).toBe('A');
    expect(at(entry, 'name')).toBe(place);
  });

  test('of an entry is its name, of a section its', () => {
    const text = 'version: 1\n\nproducts:\n\n  "a":\n    id: x\n';
    expect(at(entryOf(text))).toBe('5:3-6');
    const section = (load(text).in(null, 'live').declared as Declared).sections.get('products');
    expect([section?.at.line, section?.at.column, section?.at.endColumn]).toEqual([3, 1, 9]);
  });

  test('that the file does not state is the entry’s', () => {
    expect(at(entryOf('version: 1\nproducts:\n  a:\n    id: x\n'), 'active')).toBe('3:3-4');
  });

  test('is of the spelling that states the amount', () => {
    const prices = ['prices', 'a'] as [string, string];
    const of = (fields: string) =>
      entryOf(`version: 1\nprices:\n  a:\n    id: x\n    type: one_time\n${fields}`, null, prices);
    const decimal = of('    unit_amount_decimal: 5\n');
    expect([at(decimal, 'unit_amount'), decimal.spelling('unit_amount')]).toEqual(['6:5-24', 'unit_amount_decimal']);
    const both = of('    unit_amount_decimal: 5\n    unit_amount: 5\n');
    expect([at(both, 'unit_amount'), both.spelling('unit_amount')]).toEqual(['7:5-16', 'unit_amount']);
    const exact = of('    unit_amount: null\n    unit_amount_decimal: 5.5\n');
    expect([at(exact, 'unit_amount'), exact.spelling('unit_amount')]).toEqual(['7:5-24', 'unit_amount_decimal']);
  });
});

describe('an environment', () => {
  const text = `version: 1
account: acct_1Base
products:
  a:
    id: prod_a
    name: A
    images: [https://a.example/1, https://a.example/2]
    metadata:
      plan: pro
      kept: base
  dropped:
    id: prod_dropped
environments:
  live:
    account: acct_1Live
    mode: live
    products:
      a:
        name: Live
        images: [https://a.example/3]
        metadata:
          plan: live
      dropped: null
      added:
        id: prod_added
    webhooks:
      hook:
        url: https://a.example
  empty: {}
`;

  test('merges maps by name; lists and scalars replace', () => {
    const { fields } = entryOf(text, 'live');
    expect(JSON.parse(JSON.stringify(fields))).toEqual({
      id: 'prod_a',
      name: 'Live',
      images: ['https://a.example/3'],
      metadata: { plan: 'live', kept: 'base' },
    });
  });

  test('decides the places of what it states, and of nothing else', () => {
    const entry = entryOf(text, 'live');
    expect(at(entry, 'name')).toBe('19:9-13');
    expect(at(entry, 'images')).toBe('20:9-15');
    expect(at(entry, 'metadata', 'plan')).toBe('21:9-17');
    expect(at(entry, 'metadata', 'kept')).toBe('8:5-13');
    expect(at(entry, 'id')).toBe('5:5-7');
    expect(at(entry)).toBe('4:3-4');
    expect(at(entryOf(text, 'live', ['products', 'added']))).toBe('24:7-12');
  });

  test('drops an entry that it sets to null, and adds entries and sections', () => {
    const { sections } = load(text).in('live', 'live').declared as Declared;
    expect([...sections].map(([section, { entries }]) => [section, entries.map(({ name }) => name)])).toEqual([
      ['webhooks', ['hook']],
      ['products', ['a', 'added']],
    ]);
  });

  test('states guards of its own', () => {
    const guards = (environment: string | null) => {
      const { account, mode } = load(text).in(environment, null).declared as Declared;
      return [account?.value, account?.at.line, mode?.value, mode?.at.line];
    };
    expect(guards('live')).toEqual(['acct_1Live', 15, 'live', 16]);
    expect(guards(null)).toEqual(['acct_1Base', 2, undefined, undefined]);
  });

  test.each([null, 'empty', 'none'])('of the name %j is just the base', (environment) => {
    const { sections } = load(text).in(environment, 'test').declared as Declared;
    expect([...sections.keys()]).toEqual(['products']);
    expect(entryOf(text, environment).fields.name).toBe('A');
  });

  test.each(['__proto__', 'constructor', 'toString'])('may be called %s', (name) => {
    const file = `version: 1\nproducts: { a: { id: x, name: A } }\nenvironments: { ${name}: { products: { a: { name: B } } } }\n`;
    expect(entryOf(file, name).fields.name).toBe('B');
    expect(load(file).environments).toEqual([name]);
    expect(entryOf('version: 1\nproducts: { a: { id: x, name: A } }\n', name).fields.name).toBe('A');
  });

  test('may add what an entry lacks: the base alone is checked for a mode that has none of its own', () => {
    const only = (modes: string) => `version: 1
products:
  a: { description: A }
environments:
${modes}`;
    const own = (mode: string) => `  ${mode}: { products: { a: { id: prod_${mode} } } }\n`;
    expect(load(only(own('live') + own('test'))).findings.map(shown)).toEqual([]);
    expect(load(only(own('live'))).findings.map(shown)).toEqual([
      '3:3-4 products.a states nothing that finds its product. Add id or name, or name other fields in match',
    ]);
  });

  test('may complete a value that the base has in part', () => {
    const file = (modes: string) => `version: 1
prices:
  a: { id: x, recurring: { interval_count: 3 } }
environments:
${modes}`;
    const own = (mode: string) => `  ${mode}: { prices: { a: { recurring: { interval: month } } } }\n`;
    expect(load(file(own('live') + own('test'))).findings.map(shown)).toEqual([]);
    expect(load(file(own('live'))).findings.map(shown)).toEqual(['3:26-47 prices.a.recurring lacks interval']);
  });

  test('by an alias of the base’s own entry changes nothing', () => {
    const file = `version: 1
products:
  a: &a { id: x, name: A }
environments:
  live:
    products: { a: *a }
`;
    expect(entryOf(file, 'live').fields.name).toBe('A');
  });
});

describe('names are just names', () => {
  test.each([
    '__proto__',
    'constructor',
    'hasOwnProperty',
    '123',
    '1.10',
    'a.b',
    'a/b~1',
    'null',
    'true',
    '- x',
    '😀',
    'x'.repeat(300),
  ])('%s', (name) => {
    const key = JSON.stringify(name);
    const entry = entryOf(`version: 1\nproducts:\n  ${key}: { id: x, metadata: { ${key}: y } }\n`, null, [
      'products',
      name,
    ]);
    expect(JSON.stringify(entry.fields.metadata)).toBe(`{${key}:"y"}`);
    expect(at(entry, 'metadata', name)).toBe(`3:${key.length + 14}-${key.length + 22}`);
  });

  test.each([
    ['123', '123'],
    ['1.10', '1.10'],
    ['null', 'null'],
    ['~', '~'],
    ['true', 'true'],
    ['0x10', '0x10'],
    ['2027-01-31', '2027-01-31'],
  ])('plain %s is the text as written', (written, name) => {
    expect(entryOf(`version: 1\nproducts:\n  ${written}: { id: x }\n`, null, ['products', name]).fields.id).toBe('x');
  });

  test('a reference may be to any of them', () => {
    const text = 'version: 1\nproducts: { __proto__: { id: p } }\nprices: { a: { id: x, product: __proto__ } }\n';
    expect(JSON.stringify(entryOf(text, null, ['prices', 'a']).fields.product)).toBe('{"entry":"__proto__"}');
    expect(
      load('version: 1\nproducts: { a: { id: p } }\nprices: { a: { id: x, product: __proto__ } }\n').findings,
    ).toHaveLength(1);
  });
});

describe('values are read from the text', () => {
  const fields = (text: string) =>
    JSON.parse(
      JSON.stringify(
        entryOf(`version: 1\n${text}`, null, text.startsWith('prices') ? ['prices', 'a'] : ['products', 'a']).fields,
      ),
    );

  test.each([
    ['20', '20'],
    ["'020'", '20'],
    ['020', '20'],
    ['0', '0'],
    ['9007199254740993', '9007199254740993'],
    ['"123456789012345678901234567890"', '123456789012345678901234567890'],
  ])('an amount of %s', (written, value) => {
    expect(
      fields(`prices: { a: { id: x, type: one_time, currency: usd, unit_amount: ${written} } }\n`).unit_amount,
    ).toBe(value);
  });

  test.each([
    ['0.1', '0.1'],
    ['0.10', '0.1'],
    ['0.000000000001', '0.000000000001'],
    ['"0.000000000001"', '0.000000000001'],
    ['0.30000000000000004', null],
    ['1234567890123.123456789012', '1234567890123.123456789012'],
  ])('a decimal of %s', (written, value) => {
    const text = `prices: { a: { id: x, type: one_time, currency: usd, unit_amount_decimal: ${written} } }\n`;
    if (value === null) expect(load(`version: 1\n${text}`).findings).toHaveLength(1);
    else expect(fields(text).unit_amount).toBe(value);
  });

  test.each([
    ['1.10', '1.10'],
    ['"1.10"', '1.10'],
    ['true', 'true'],
    ['TRUE', 'TRUE'],
    ['007', '007'],
    ['1e3', '1e3'],
    ['0x1F', '0x1F'],
    ['12345678901234567890123', '12345678901234567890123'],
    ['2027-01-31', '2027-01-31'],
    ['yes', 'yes'],
    ['"null"', 'null'],
    ['"line\\nfeed"', 'line\nfeed'],
    ['null', null],
    ['~', null],
    ['', null],
  ])('metadata of %s', (written, value) => {
    expect(fields(`products:\n  a:\n    id: x\n    metadata:\n      b: ${written}\n`).metadata).toEqual({ b: value });
  });

  test('text over lines', () => {
    expect(
      fields(
        'products:\n  a:\n    id: x\n    name: >-\n      one\n      two\n    description: |-\n      one\n      two\n',
      ),
    ).toEqual({
      id: 'x',
      name: 'one two',
      description: 'one\ntwo',
    });
  });

  test('events are a set, sorted and each once', () => {
    const text =
      'version: 1\nwebhooks: { a: { id: x, enabled_events: [charge.succeeded, charge.failed, charge.succeeded] } }\n';
    expect(entryOf(text, null, ['webhooks', 'a']).fields.enabled_events).toEqual(['charge.failed', 'charge.succeeded']);
  });
});

describe('policy, ignore and the sections that are declared', () => {
  test('are read as they are stated', () => {
    const declared = load(`version: 1
products: {}
policy:
  missing: notice
  unmanaged: { products: ignore, prices: error }
ignore:
  - products: prod_*
    reason: tests
    until: 2027-01-31
  - prices: { metadata.origin: sales, nickname: null, active: true, metadata.a.b: 1.10 }
    reason: sales
`).in(null, 'live').declared as Declared;
    expect(declared.policy).toEqual({ missing: 'notice', unmanaged: { products: 'ignore', prices: 'error' } });
    expect(declared.ignore.map(({ at: place, ...rule }) => ({ ...rule, at: `${place.line}:${place.column}` }))).toEqual(
      [
        { section: 'products', pattern: 'prod_*', reason: 'tests', until: '2027-01-31', at: '7:5' },
        {
          section: 'prices',
          pattern: [
            { path: ['metadata', 'origin'], value: 'sales' },
            { path: ['nickname'], value: null },
            { path: ['active'], value: 'true' },
            { path: ['metadata', 'a.b'], value: '1.10' },
          ],
          reason: 'sales',
          until: null,
          at: '10:5',
        },
      ],
    );
  });

  test('are those of every environment', () => {
    const config = load('version: 1\nprices: {}\nenvironments: { live: { webhooks: {} }, test: {} }\n');
    expect(config.sections).toEqual(['webhooks', 'prices']);
    expect([...(config.in('test', 'test').declared as Declared).sections.keys()]).toEqual(['prices']);
  });
});
