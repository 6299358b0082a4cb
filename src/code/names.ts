import type { Source } from './source.ts';
import { namesOfPackage } from './stripe.ts';

/** Names of Stripe's own libraries that stand for event types, where a file imports the library. */

/** Names that stand for types. */
export interface Constants {
  /** Finds such a name, with what stands before it. Linear: it begins with a word, or with one of bounded length. */
  readonly found: RegExp;
  /** Of the name, the part that says the type. */
  readonly name: RegExp;
  /** What may stand before the name and `::`. Absent: anything that `found` finds. */
  readonly owners?: ReadonlySet<string>;
}

const WHOLE = /^(\w+)$/;

/** What a file may name types by, of the libraries that it imports. */
export function constantsOf(source: Source): readonly Constants[] {
  return LANGUAGES[source.language.name]?.(source) ?? [];
}

const LANGUAGES: { readonly [language: string]: (source: Source) => readonly Constants[] } = {
  go: (source) =>
    namesOfPackage(source).some((name) => name.startsWith('github.com/stripe/stripe-go'))
      ? [{ found: /\.EventType[A-Z]\w*/g, name: /^EventType(\w+)$/ }]
      : [],
  csharp: ({ code }) => {
    // The import may stand in another file, but who reads events names this class, or the library.
    const hasClass = code.includes('EventUtility');
    if (!hasClass && !/^[ \t]*(?:global )?using Stripe\b|\bStripe\.Event(?:Type)?s\./m.test(code)) return [];
    const events = hasClass ? /(?<![\w.])(?:Stripe\.)?Events\.[A-Z]\w*/g : /\bStripe\.Events\.[A-Z]\w*/g;
    return [
      { found: /\bEventTypes\.[A-Z]\w*/g, name: WHOLE },
      { found: events, name: WHOLE },
    ];
  },
  php: (source) => [...phpConstants(source), ...cashierMethods(source)],
  rust: ({ code }) =>
    /^[ \t]*(?:pub )?use (?:async_)?stripe(?:_\w+)?::/m.test(code) ||
    /\bstripe(?:_webhook)?::Event(?:Type|Object)\b/.test(code)
      ? [{ found: /\bEvent(?:Type|Object)::[A-Z]\w*/g, name: WHOLE }]
      : [],
  ruby: (source) => rubyMethods(source),
};

/** Stripe's `Event`, by its whole name or by one that the file gives it. */
function phpConstants({ code }: Source): Constants[] {
  const names = [...code.matchAll(/^[ \t]*use \\?Stripe\\Event(?: as (\w{1,80}))?;/gm)].map(
    ([, alias]) => alias ?? 'Event',
  );
  const isInGroup = /^[ \t]*use \\?Stripe\\\{[^}]{0,1000}\bEvent\b(?! as)/m.test(code);
  const owners = new Set([...names, ...(isInGroup ? ['Event'] : [])]);
  return [
    { found: /(?<![\w\\])\\?Stripe\\Event::[A-Z]\w*/g, name: WHOLE },
    { found: /(?<![\w\\])\w{1,80}::[A-Z]\w*/g, name: WHOLE, owners },
  ];
}

const CONTROLLER = 'Laravel\\Cashier\\Http\\Controllers\\WebhookController';

/** Methods of a subclass of Cashier's controller, which calls them by the type. */
function cashierMethods({ code }: Source): Constants[] {
  if (!code.includes(CONTROLLER)) return [];
  const [, alias] = /Controllers\\WebhookController as (\w{1,80});/.exec(code) ?? [];
  const [, parent = ''] = /\bextends ([\w\\]{1,200})/.exec(code) ?? [];
  const isSubclass = parent.replace(/^\\/, '') === CONTROLLER || parent === (alias ?? 'WebhookController');
  return isSubclass ? [{ found: /\bfunction handle[A-Z]\w*/g, name: /^handle(\w+)$/ }] : [];
}

/** Methods that a file calls by a name made of the type. */
function rubyMethods({ code }: Source): Constants[] {
  const isStripes = /\bStripe::(?:Webhook|Event)\b/.test(code);
  const sends = /\b(?:public_send|__send__|send)[ (]{1,3}["':]?[^\n]{0,120}(?:type|event)/.test(code);
  return isStripes && sends ? [{ found: /\bdef [a-z]\w*/g, name: /^(?:handle_|on_|process_)?(\w+)$/ }] : [];
}
