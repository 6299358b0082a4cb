/** The table of the reference that counts fields: what it is made from, and that nothing is left out without a reason. */
import { describe, expect, test } from 'vitest';
import { insideOf } from '../../.ci/declarations.ts';
import { coverage, sdkName } from '../../.ci/fields.ts';
import { resourceOf } from '../../src/resources/index.ts';
import { kindOf, SECTIONS } from '../kinds/index.ts';

/** The faults of the reasons of one kind, were they others. */
function faultsWith(section: string, change: (reasons: { [path: string]: string }) => void): readonly string[] {
  return coverage((of) => {
    const reasons = { ...kindOf(of).omitted };
    if (of === section) change(reasons);
    return reasons;
  }).faults;
}

describe('the reasons why fields are left out', () => {
  test('are given for all that a request sets and an answer has', () => {
    expect(coverage().faults).toEqual([]);
    const faults = faultsWith('terminal_configurations', (reasons) => delete reasons.reader_security);
    expect(faults).toEqual([
      "test/kinds/terminal_configurations.ts, omitted: give a reason why a file can't state reader_security.admin_menu_passcode: a request sets it, and an answer has it",
    ]);
  });

  test.each([
    ['what is not there', 'wifi.colour', 'wifi.colour, which no request sets, or no answer has'],
    ['what only an answer has', 'is_account_default', 'is_account_default, which no request sets, or no answer has'],
    [
      'what is declared',
      'tipping.*.percentages',
      'tipping.*.percentages, since a file can state tipping.*.percentages',
    ],
    ['more than is left out', 'tipping', 'tipping, since a file can state tipping.*.fixed_amounts'],
    ['the beginning of a name', 'wi', 'wi, which no request sets, or no answer has'],
  ])('are given for no more: %s', (_, path, words) => {
    const faults = faultsWith('terminal_configurations', (reasons) => {
      reasons[path] = 'for no reason';
    });
    expect(faults).toEqual([`test/kinds/terminal_configurations.ts, omitted: remove the reason for ${words}`]);
  });
});

describe("the SDK's types", () => {
  test.each([
    ['an object within an object', 'portal_configurations', 'features.subscription_cancel.cancellation_reason.options'],
    ['an item of a list', 'portal_configurations', 'features.subscription_update.products[].prices'],
    ['a list within a map', 'prices', 'currency_options.*.tiers[].up_to'],
    ['a list of another object', 'payment_links', 'line_items[].adjustable_quantity.maximum'],
    ['an object of another module', 'terminal_locations', 'address.postal_code'],
    ['what a type of another module inherits', 'terminal_locations', 'address_kana.line1'],
    ['names that are a map here', 'terminal_configurations', 'tipping.*.smart_tip_threshold'],
    ['an object of API v2', 'event_destinations', 'webhook_endpoint.url'],
    ["another object's id", 'products', 'default_price'],
  ])('are read to the last value: %s', (_, section, path) => {
    expect(coverage().kinds.find((one) => one.section === section)?.declared).toContain(path);
  });

  test.each(SECTIONS.filter((section) => kindOf(section).writes !== null))(
    'take the parameters that the tests send for %s',
    (section) => {
      const { update, create, later = '' } = kindOf(section).writes ?? { update: '', create: '' };
      const resource = resourceOf(section);
      // Of open fields some are made up.
      const isListed = (word: string) => resource.open === undefined || Object.hasOwn(resource.fields, word);
      const words = (list: string) => list.split(' ').filter((word) => word !== '' && isListed(word));
      const taken = (request: string) => {
        const inside = insideOf(`${sdkName(resource)}${request}`);
        return inside?.kind === 'object' ? [...inside.members.keys()] : [];
      };
      expect(taken('UpdateParams')).toEqual(expect.arrayContaining(words(update)));
      if (resource.shape === 'single') return;
      const created = [...words(update), ...words(create)].filter((word) => !words(later).includes(word));
      expect(taken('CreateParams')).toEqual(expect.arrayContaining(created));
    },
  );
});
