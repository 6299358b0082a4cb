/** Libraries that handle Stripe's events themselves, so that no word of an event need stand in the code around them. */

/** How lock files name a package. `NAME` stands for the name; each form begins where a line may. */
const LOCKS: { readonly [file: string]: { readonly registry: string; readonly forms: readonly string[] } } = {
  'package-lock.json': { registry: 'npm', forms: ['"node_modules/NAME"', '/node_modules/NAME"'] },
  'npm-shrinkwrap.json': { registry: 'npm', forms: ['"node_modules/NAME"', '/node_modules/NAME"'] },
  'yarn.lock': { registry: 'npm', forms: ['\n"NAME@', '\nNAME@'] },
  'pnpm-lock.yaml': {
    registry: 'npm',
    forms: ["\n  '/NAME@", "\n  '/NAME/", "\n  'NAME@", '\n  /NAME@', '\n  /NAME/', '\n  NAME@'],
  },
  'bun.lock': { registry: 'npm', forms: ['"NAME": ['] },
  'Gemfile.lock': { registry: 'gem', forms: ['\n    NAME ('] },
  'composer.lock': { registry: 'composer', forms: ['"name": "NAME"'] },
  'poetry.lock': { registry: 'pypi', forms: ['\nname = "NAME"'] },
  'uv.lock': { registry: 'pypi', forms: ['\nname = "NAME"'] },
  'pdm.lock': { registry: 'pypi', forms: ['\nname = "NAME"'] },
  'Pipfile.lock': { registry: 'pypi', forms: ['"NAME": {'] },
  'requirements.txt': {
    registry: 'pypi',
    forms: ['\nNAME=', '\nNAME~', '\nNAME>', '\nNAME<', '\nNAME\n', '\nNAME[', '\nNAME '],
  },
};

/** Each has a route or a view of its own that acts on events before, or without, the code of its user. */
const LIBRARIES: { readonly [registry: string]: readonly string[] } = {
  npm: [
    // https://www.better-auth.com/docs/plugins/stripe
    '@better-auth/stripe',
    // https://github.com/supabase/stripe-sync-engine
    '@supabase/stripe-sync-engine',
    // https://payloadcms.com/docs/plugins/stripe
    '@payloadcms/plugin-stripe',
    // https://docs.medusajs.com/resources/commerce-modules/payment/payment-provider/stripe
    '@medusajs/payment-stripe',
  ],
  gem: [
    // https://github.com/pay-rails/pay
    'pay',
    // https://github.com/solidusio/solidus_stripe
    'solidus_stripe',
    // https://www.rubydoc.info/gems/stripe_model_callbacks
    'stripe_model_callbacks',
  ],
  // https://laravel.com/docs/billing#handling-stripe-webhooks
  composer: ['laravel/cashier'],
  pypi: [
    // https://dj-stripe.dev
    'dj-stripe',
    // https://github.com/pinax/pinax-stripe
    'pinax-stripe',
  ],
};

/** Whether a file of this name is a lock file that `librariesIn` reads. */
export function isLock(name: string): boolean {
  return Object.hasOwn(LOCKS, name);
}

/** The libraries that a lock file names and that handle events themselves. `name`: the file's, without folders. */
export function librariesIn(name: string, text: string): string[] {
  const lock = isLock(name) ? LOCKS[name] : undefined;
  if (lock === undefined) return [];
  const lines = `\n${text.replaceAll('\r', '')}\n`;
  const holds = (library: string) => lock.forms.some((form) => lines.includes(form.replace('NAME', library)));
  return (LIBRARIES[lock.registry] ?? []).filter(holds);
}
