/**
 * What the code of a repository, the file and Stripe have that does not fit together: the committed bundles, on checkouts with
 * code, against a server that behaves as Stripe does. The outages that people report come first.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { price } from '../kinds/prices.ts';
import { product } from '../kinds/products.ts';
import { webhookEndpoint } from '../kinds/webhooks.ts';
import { type ActionRun, cleanUp, repository, runAction, runCli } from '../runner.ts';
import { liveKey, type StripeOptions, type StripeRequest, startStripe } from '../servers/stripe.ts';
import { asReport, type ReportJson } from '../shop/shop.ts';

afterAll(cleanUp);

/** Ids as Stripe makes them, put together here so that each is different. */
const digits = (number: number) => [...String(number).padStart(3, '0')];
const priceId = (number: number) => `price_1Q${digits(number).join('dE')}fGhJkLmNpRtUvWxYz`.slice(0, 30);
const productId = (number: number) => `prod_R${digits(number).join('sT')}uVwXyZaB`.slice(0, 19);
const url = 'https://api.example.com/stripe/webhooks';
const endpoint = (events: readonly string[]) =>
  webhookEndpoint({ id: 'we_1', url, enabled_events: [...events] as never });

interface Run extends ActionRun {
  readonly report: ReportJson;
  readonly requests: readonly StripeRequest[];
}

/** The Action on a checkout of these files. */
async function checked(
  files: Readonly<Record<string, string>>,
  stripe: StripeOptions,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const server = await startStripe(stripe);
  try {
    const run = await runAction({
      files,
      inputs: { 'stripe-api-key': liveKey, 'stripe-api-base': server.url, 'requests-per-second': '1000', ...inputs },
    });
    return { ...run, report: asReport(run.report), requests: [...server.requests] };
  } finally {
    await server.close();
  }
}

/** The annotations of a run, each with the text that it marks. */
function told({ annotations }: ActionRun, files: Readonly<Record<string, string>>): string[] {
  const onLines = annotations.filter(({ file }) => file !== undefined);
  return onLines.map(({ level, message, file = '', line = 0, col = 0, endColumn }) => {
    const text = (files[file] ?? '').split('\n')[line - 1] ?? '';
    return `${level} ${file}:${line} ${text.slice(col - 1, endColumn)}: ${message}`;
  });
}

describe.concurrent('an outage that people report', () => {
  test('dispute handlers are complete, and nobody subscribed the endpoint', async () => {
    const files = {
      'stripe-config.yaml': `version: 1
webhooks:
  billing:
    url: ${url}
    enabled_events: [checkout.session.completed]
    handler: app/webhooks/**
`,
      'app/webhooks/stripe.py': `import stripe

def receive(event):
    if event["type"] == "checkout.session.completed":
        fulfil(event)
    elif event["type"] == "charge.dispute.created":
        contest(event)
`,
    };
    const run = await checked(files, { state: { webhook_endpoints: [endpoint(['checkout.session.completed'])] } });
    expect(told(run, files)).toEqual([
      'warning app/webhooks/stripe.py:6 charge.dispute.created: The code handles charge.dispute.created, but Stripe does not send it to webhooks.billing, so this code never runs. Add it to enabled_events of that endpoint, in the file and in Stripe, or remove the code.',
    ]);
    expect(run.outputs).toMatchObject({ status: 'in-sync', unsubscribed: '1', unhandled: '0', dangling: '0' });
    expect(run.exitCode).toBe(0);
    expect(run.summary).toContain('### Code');
  });

  test('every checkout fails, since the price in the code was archived', async () => {
    const files = {
      'stripe-config.yaml': 'version: 1\nprices: {}\ncode: { paths: src/** }\n',
      'src/buy.ts': `import Stripe from 'stripe';

export const buy = (stripe: Stripe) =>
  stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price: '${priceId(1)}', quantity: 1 }],
  });
`,
    };
    const run = await checked(files, { state: { prices: [price({ id: priceId(1), active: false })] } });
    expect(told(run, files)).toEqual([
      `error src/buy.ts:6 ${priceId(1)}: The code uses "${priceId(1)}", a price that is archived. Requests that use it fail. Use an active one, or make this one active again.`,
    ]);
    expect(run.outputs).toMatchObject({ status: 'in-sync', dangling: '1', errors: '1' });
    expect(run.exitCode).toBe(1);
  });

  test('an add-on in production names a price of test mode', async () => {
    const files = {
      'stripe-config.yaml': 'version: 1\nprices: {}\ncode: { paths: [lib/**] }\n',
      'lib/addons.rb': `# What people can add.\nADDONS = { seats: '${priceId(2)}' }.freeze\n`,
    };
    const run = await checked(files, { state: { prices: [price({ id: priceId(2), livemode: false })] } });
    expect(told(run, files)).toEqual([
      `notice lib/addons.rb:2 ${priceId(2)}: The code uses "${priceId(2)}", a price of the other mode: with the keys of this mode it fails. Use one of this mode. If it is for tests, say so in a comment on its line.`,
    ]);
  });

  test('an endpoint sends what no handler knows, which answers 400 until Stripe disables it', async () => {
    const files = {
      'stripe-config.yaml': `version: 1
webhooks:
  billing:
    url: ${url}
    enabled_events:
      - invoice.paid
      - invoice.finalized
    handler: [hooks/main.go]
`,
      'hooks/main.go': `package hooks

import "github.com/stripe/stripe-go/v82"

func handle(event stripe.Event) int {
	switch event.Type {
	case stripe.EventTypeInvoicePaid:
		return 200
	}
	return 400
}
`,
    };
    const run = await checked(files, {
      state: { webhook_endpoints: [endpoint(['invoice.paid', 'invoice.finalized'])] },
    });
    const [first, ...others] = told(run, files);
    expect(first).toMatch(
      /^notice stripe-config\.yaml:\d+ .*: Stripe sends invoice\.finalized to webhooks\.billing, but its handler has no code for it\./,
    );
    expect(others).toEqual([]);
    expect(run.outputs).toMatchObject({ status: 'in-sync', unhandled: '1', notices: '1' });
  });
});

describe.concurrent('ids and keys in the code', () => {
  const config = 'version: 1\nproducts: {}\nprices: {}\ncode: { paths: src/** }\n';

  test('cost no request where they were listed, and products are looked up in batches', async () => {
    const prices = Array.from({ length: 100 }, (_, n) => price({ id: priceId(n), product: 'prod_all' }));
    const declared = prices.map(({ id }, n) => `  p${n}: { id: ${id} }\n`).join('');
    const more = Array.from({ length: 50 }, (_, n) => productId(n));
    const ids = [...prices.map(({ id }) => id), ...more];
    const files = {
      'stripe-config.yaml': `version: 1\nproducts: { all: { id: prod_all } }\nprices:\n${declared}code: { paths: src/** }\n`,
      'src/catalog.js': `module.exports = [\n${ids.map((id) => `  '${id}',\n`).join('')}];\n`,
    };
    const run = await checked(files, {
      state: { prices, products: [product({ id: 'prod_all' }), ...more.map((id) => product({ id, active: false }))] },
    });
    expect(run.outputs).toMatchObject({ status: 'in-sync', dangling: '50', notices: '50' });
    // Two lists, and one look-up of the fifty products that are not in them.
    const asked = run.requests.map(({ path, query }) => `${path} ${query.getAll('ids[]').length}`);
    expect(asked.sort()).toEqual(['/v1/prices 0', '/v1/products 0', '/v1/products 50']);
  });

  test('are looked up up to 200 times, and what is left is said', async () => {
    const ids = Array.from({ length: 250 }, (_, n) => priceId(n));
    const files = {
      'stripe-config.yaml': config,
      'src/catalog.js': `module.exports = [\n${ids.map((id) => `  '${id}',\n`).join('')}];\n`,
    };
    const run = await checked(files, { state: { prices: ids.map((id) => price({ id, active: false })) } });
    expect(run.outputs).toMatchObject({ dangling: '200' });
    expect(run.requests.filter(({ path }) => path.startsWith('/v1/prices/'))).toHaveLength(200);
    expect(run.report.notes).toContain(
      '50 more ids and lookup keys in the code were not looked up: at most 200 are in a run.',
    );
  });

  test('are told whether they were deleted or never there, and keys too', async () => {
    const files = {
      'stripe-config.yaml': config,
      'src/billing.ts': `import Stripe from 'stripe';
const gone = '${productId(7)}';
const nowhere = '${priceId(9)}';
const list = (stripe: Stripe) => stripe.prices.list({ lookup_keys: ['pro_monthly', 'basic_monthly'] });
`,
    };
    const deleted = { status: 200, body: { id: productId(7), object: 'product', deleted: true } };
    const run = await checked(files, {
      state: { prices: [price({ lookup_key: 'pro_monthly' }), price({ lookup_key: 'basic_monthly', active: false })] },
      onRequest: ({ path }) => (path === `/v1/products/${productId(7)}` ? deleted : undefined),
    });
    expect(run.report.findings.filter(({ problem }) => problem === 'dangling').map(({ message }) => message)).toEqual([
      `The code uses "${productId(7)}", a product that was deleted. Use an active one.`,
      `The code uses "${priceId(9)}", but Stripe has no such price in this account and mode. Fix it, or remove it.`,
      'The code uses lookup_key "basic_monthly", a price that is archived. Use an active one, or make this one active again. If it is there on purpose, say old or legacy in a comment on its line.',
    ]);
  });

  test('are passed over where they are marked, beside one of this mode, in tests, or where their section is not checked', async () => {
    const files = {
      'stripe-config.yaml': 'version: 1\nprices: {}\ncode: { paths: ["**"] }\n',
      'src/marked.ts': `// test mode\nexport const a = '${priceId(1)}';\n\n\nexport const legacyPrice = '${priceId(2)}';\n`,
      'src/both.ts': `export const ids = [\n  '${priceId(3)}',\n  '${priceId(4)}',\n];\n`,
      'src/buy.test.ts': `const id = '${priceId(5)}';\n`,
      'src/product.ts': `export const id = '${productId(6)}';\n`,
      '.env': `PRICE=${priceId(7)}\n`,
    };
    const run = await checked(
      files,
      {
        state: { prices: [price({ id: priceId(3) }), price({ id: priceId(4), livemode: false })] },
      },
      { 'fail-on': 'notice' },
    );
    expect(run.report.findings.filter(({ problem }) => problem === 'dangling')).toEqual([]);
    expect(run.outputs).toMatchObject({ dangling: '0' });
  });
});

describe.concurrent('what is not known', () => {
  const config = 'version: 1\nprices: {}\ncode: { paths: src/** }\n';

  test('is told where Stripe does not answer for ids, and the check is incomplete', async () => {
    const files = { 'stripe-config.yaml': config, 'src/a.py': `import stripe\nprice = "${priceId(1)}"\n` };
    const run = await checked(files, {
      onRequest: ({ path }) => (path.startsWith('/v1/prices/') ? { status: 403, body: { error: {} } } : undefined),
    });
    expect(run.outputs).toMatchObject({ status: 'incomplete', dangling: '0' });
    expect(run.report.notes.join('\n')).toContain('Not all ids and lookup keys in the code were looked up.');
    expect(run.exitCode).toBe(1);
  });

  test('is not asked for where it would not be told, so that what is sold is', async () => {
    const marked = Array.from({ length: 250 }, (_, n) => `P${n} = "${priceId(n)}"  # test\n`).join('');
    const files = {
      'stripe-config.yaml': config,
      'src/a.py': marked,
      'src/b.py': `import stripe\nstripe.Subscription.create(items=[{"price": "${priceId(300)}"}])\n`,
    };
    const run = await checked(files, { state: { prices: [price({ id: priceId(300), active: false })] } });
    expect(run.outputs).toMatchObject({ dangling: '1', errors: '1' });
    expect(run.requests.filter(({ path }) => path.startsWith('/v1/prices/'))).toHaveLength(1);
  });

  test('is no reason to take a rule away: lint does not look at ids', async () => {
    const ignore = 'ignore: [{ code: src/**, fields: [price_*], reason: switched off }]\n';
    const files = { 'stripe-config.yaml': config + ignore, 'src/a.py': `import stripe\nprice = "${priceId(1)}"\n` };
    const lint = await runCli(['lint', '--format', 'json'], { cwd: repository(files) });
    expect(JSON.parse(lint.stdout).findings).toEqual([]);
    const run = await checked(files, { state: { prices: [price({ id: priceId(1), active: false })] } });
    expect(run.report.ignored.map(({ reason }) => reason)).toEqual(['switched off']);
  });

  test('the id behind a key of an object that is not declared is not shown in a public repository', async () => {
    const files = {
      'stripe-config.yaml': config,
      'src/a.ts': "import Stripe from 'stripe';\nstripe.prices.list({ lookup_keys: ['starter'] });\n",
    };
    const state = { prices: [price({ id: priceId(8), lookup_key: 'starter', active: false })] };
    const [open, hidden] = await Promise.all([
      checked(files, { state }, { 'show-values': 'full' }),
      checked(files, { state }, { 'show-values': 'redacted' }),
    ]);
    expect(JSON.stringify(open.report)).toContain(priceId(8));
    expect(hidden.stdout + hidden.summary + JSON.stringify(hidden.report)).not.toContain(priceId(8));
    expect(hidden.report.findings).toMatchObject([{ problem: 'dangling', word: 'starter', why: null, url: null }]);
  });
});

describe.concurrent('what the file says of the code', () => {
  const files = {
    'src/hook.js': `const stripe = require('stripe');\nif (event.type === 'invoice.paid') pay();\nif (event.type === 'charge.refunded') refund();\n`,
  };
  const config = (rest: string) => `version: 1
webhooks:
  w:
    url: ${url}
    enabled_events: [customer.created]
${rest}`;
  const state = { webhook_endpoints: [endpoint(['customer.created'])] };

  test('code.paths: what no endpoint sends is told, and what is ignored is counted', async () => {
    const all = { ...files, 'stripe-config.yaml': config('code: { paths: src }\n') };
    expect((await checked(all, { state })).outputs).toMatchObject({ unsubscribed: '2' });
    const accepted = {
      ...files,
      'stripe-config.yaml': config(
        'code: { paths: src }\nignore:\n  - { code: src/*.js, fields: [invoice.*], reason: another team }\n  - { code: lib/**, reason: gone }\n',
      ),
    };
    const run = await checked(accepted, { state });
    expect(run.outputs).toMatchObject({ unsubscribed: '1' });
    expect(run.report.ignored.map(({ reason }) => reason)).toEqual(['another team']);
    expect(run.report.findings.map(({ message }) => message)).toContain(
      'This ignore matches nothing that is reported of the code ("gone"). Remove it, or fix its pattern.',
    );
  });

  test('code that two endpoints send to is asked for by neither alone', async () => {
    const both = {
      'hook.js': `require('stripe');\nswitch (event.type) {\n  case 'invoice.paid': break;\n  case 'account.updated': break;\n  case 'payout.paid': break;\n}\n`,
      'stripe-config.yaml': `version: 1
webhooks:
  account: { url: ${url}, connect: false, enabled_events: [invoice.paid], handler: hook.js }
  connect: { url: ${url}, connect: true, enabled_events: [account.updated], handler: hook.js }
`,
    };
    const { stdout } = await runCli(['lint', '--format', 'json'], { cwd: repository(both) });
    const found: { problem: string; word: string }[] = JSON.parse(stdout).findings;
    expect(found.map(({ problem, word }) => `${problem} ${word}`)).toEqual(['unsubscribed payout.paid']);
  });

  test('an ignore of some files leaves the same words in others', async () => {
    const code = "require('stripe');\nif (event.type === 'charge.dispute.created') x();\n";
    const some = {
      'legacy/a.js': code,
      'live/b.js': code,
      'stripe-config.yaml': config('code: { paths: "**" }\nignore: [{ code: legacy/**, reason: off }]\n'),
    };
    const { stdout } = await runCli(['lint', '--format', 'json'], { cwd: repository(some) });
    const found: { at: { file: string } }[] = JSON.parse(stdout).findings;
    expect(found.map(({ at }) => at.file)).toEqual(['live/b.js']);
  });

  test('lint looks at every environment, reads the code once, and names those that alone have a finding', async () => {
    const cwd = repository({
      'src/hook.js': `require('stripe');
switch (event.type) {
  case 'invoice.paid': break;
  case 'charge.refunded': break;
  case 'charge.expired': break;
}
`,
      'extra/hook.js': `require('stripe');\nif (event.type === 'payout.failed') warn();\n`,
      'stripe-config.yaml': `version: 1
webhooks:
  w:
    url: ${url}
    enabled_events: [invoice.paid, charge.refunded]
    handler: src/**
environments:
  staging:
    webhooks:
      w:
        url: https://staging.example.com/stripe
        enabled_events: [invoice.paid, plan.created]
  preview:
    webhooks:
      w: { enabled_events: [invoice.paid] }
      x: { url: https://x.example.com, enabled_events: [payout.paid], handler: extra/** }
`,
    });
    const lint = async (...rest: string[]) => {
      const { stdout } = await runCli(['lint', '--format', 'json', ...rest], { cwd });
      const { findings, notes } = JSON.parse(stdout);
      const said = findings.map(({ message }: { message: string }) =>
        message.replace(/(?:, so this code never|(?<=no code for it)).*/, ''),
      );
      return [...notes, ...said];
    };
    expect(await lint()).toEqual([
      '2 files of code were read.',
      'The code handles payout.failed, but Stripe does not send it to webhooks.x in environment preview',
      'The code handles charge.refunded, but Stripe does not send it to webhooks.w in environments staging and preview',
      'The code handles charge.expired, but Stripe does not send it to webhooks.w',
      'Stripe sends plan.created to webhooks.w in environment staging, but its handler has no code for it',
      'Stripe sends payout.paid to webhooks.x in environment preview, but its handler has no code for it',
    ]);
    expect(await lint('--environment', 'staging')).toEqual([
      '2 files of code were read.',
      'The code handles charge.refunded, but Stripe does not send it to webhooks.w',
      'The code handles charge.expired, but Stripe does not send it to webhooks.w',
      'Stripe sends plan.created to webhooks.w, but its handler has no code for it',
    ]);
  });

  test('lint says of how many environments it looks at the code', async () => {
    const environments = Array.from(
      { length: 25 },
      (_, n) => `  e${n}: { webhooks: { w: { connect: false } } }\n`,
    ).join('');
    const cwd = repository({
      ...files,
      'stripe-config.yaml': `${config('    handler: src/**\n')}environments:\n${environments}`,
    });
    const { stdout } = await runCli(['lint', '--format', 'json'], { cwd });
    const { findings, notes } = JSON.parse(stdout);
    expect(findings.map(({ word }: { word: string }) => word)).toEqual([
      'invoice.paid',
      'charge.refunded',
      'customer.created',
    ]);
    expect(notes).toEqual([
      '1 file of code was read.',
      'The code was compared in 20 of 26 environments. To compare it in another one, name that with --environment.',
    ]);
  });

  test('an error of the code makes no file invalid', async () => {
    const all = {
      ...files,
      'stripe-config.yaml': config('code: { paths: src }\npolicy: { unsubscribed: error }\n'),
    };
    const cwd = repository(all);
    const [plain, page] = await Promise.all([
      runCli(['lint'], { cwd }),
      runCli(['lint', '--format', 'markdown'], { cwd }),
    ]);
    expect(plain.stdout).toContain('✗ stripe-config.yaml is valid, but 2 errors in the code');
    expect(page.stdout).toContain('## ❌ `stripe-config.yaml` is valid, but 2 errors in the code');
    expect(plain.exitCode).toBe(2);
  });

  test('neither the configuration nor a snapshot is code', async () => {
    const snapshot = JSON.stringify({
      schema: 1,
      mode: 'live',
      account: null,
      sections: { prices: [price({ id: priceId(2), active: false, product: 'prod_x' })] },
    });
    const cwd = repository({
      'infra/a.yaml': `version: 1\nprices: {}\ncode: { paths: "**" }\nx-old: ['${priceId(2)}']\n`,
      'live.json': snapshot,
    });
    const run = await runCli(['check', 'infra/*.yaml', '--live', 'live.json', '--format', 'json'], { cwd });
    expect(JSON.parse(run.stdout)).toMatchObject({ findings: [], notes: ['0 files of code were read.'] });
  });

  test('policy: its words set the severity', async () => {
    const all = {
      ...files,
      'stripe-config.yaml': config('code: { paths: src }\npolicy: { unsubscribed: { webhooks: error } }\n'),
    };
    const run = await checked(all, { state });
    expect(run.outputs).toMatchObject({ status: 'in-sync', unsubscribed: '2', errors: '2' });
    expect(run.exitCode).toBe(1);
  });

  test('a glob that finds nothing is a warning on its line, and one that leads out of the repository an error', async () => {
    const run = await checked(
      { ...files, 'stripe-config.yaml': config('code:\n  paths:\n    - src\n    - lib/**\n') },
      { state },
    );
    expect(run.annotations.map(({ message }) => message)).toContain(
      'code.paths is "lib/**", which finds no file. Name files by their path from the top of the repository.',
    );
    const out = await checked({ ...files, 'stripe-config.yaml': config('code: { paths: ../other/** }\n') }, { state });
    expect(out.outputs.status).toBe('invalid');
    expect(out.annotations[0]?.message).toContain('Expected a glob within the repository');
    expect(out.requests).toEqual([]);
  });

  test('a glob that finds only what is passed over says how to name it', async () => {
    const code = "require('stripe');\nif (event.type === 'invoice.paid') x();\n";
    const lint = async (glob: string) => {
      const cwd = repository({
        'src/vendor/hook.js': code,
        'stripe-config.yaml': config(`code: { paths: "${glob}" }\n`),
      });
      const { stdout } = await runCli(['lint', '--format', 'json'], { cwd });
      return JSON.parse(stdout).findings.map(({ message }: { message: string }) => message);
    };
    expect(await lint('src/**')).toEqual([
      'code.paths is "src/**", which finds only files that are passed over, such as tests or vendored code. To have them read, write the name of their folder in the glob: "src/vendor/**" reads vendor.',
    ]);
    expect(await lint('src/vendor/**')).toEqual([expect.stringContaining('The code handles invoice.paid')]);
  });

  test('lint tells what needs no key', async () => {
    const cwd = repository({ ...files, 'stripe-config.yaml': config('    handler: src/**\n') });
    const { stdout, exitCode } = await runCli(['lint'], { cwd });
    expect(stdout).toContain(
      'src/hook.js:2:21 warning: The code handles invoice.paid, but Stripe does not send it to webhooks.w',
    );
    expect(stdout).toContain('1 file of code was read.');
    expect(exitCode).toBe(0);
    const inFolder = await runCli(['lint', '../stripe-config.yaml'], { cwd: `${cwd}/src` });
    expect(inFolder.stdout).toContain('hook.js:2:21 warning');
  });

  test('SARIF has a rule for each problem, and a result on the line of the code', async () => {
    const cwd = repository({ ...files, 'stripe-config.yaml': config('code: { paths: src }\n') });
    const { stdout } = await runCli(['lint', '--format', 'sarif'], { cwd });
    const [run] = JSON.parse(stdout).runs;
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['unsubscribed', 'unhandled', 'dangling'].map((rule) => `stripe-config/${rule}`)),
    );
    const places = run.results.map((one: { ruleId: string; locations: { physicalLocation: object }[] }) => [
      one.ruleId,
      one.locations[0]?.physicalLocation,
    ]);
    expect(places).toContainEqual([
      'stripe-config/unsubscribed',
      expect.objectContaining({ artifactLocation: expect.objectContaining({ uri: 'src/hook.js' }) }),
    ]);
  });

  test('a handler that names no event type is a note: it may be the wrong code', async () => {
    const cwd = repository({ 'lib/x.js': 'export {};\n', 'stripe-config.yaml': config('    handler: lib/**\n') });
    const { stdout } = await runCli(['lint', '--format', 'json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [],
      notes: ['1 file of code was read.', 'The handler of webhooks.w names no event type, so nothing is said of it.'],
    });
  });

  test('a file of a handler that is too large is told, and then no event type as unhandled', async () => {
    const lint = async (size: number) => {
      const cwd = repository({
        'lib/a.js': "if (event.type === 'customer.updated') x();\n",
        'lib/large.js': `module.exports = '${'x'.repeat(size)}';\n`,
        'stripe-config.yaml': config('    handler: lib/**\n'),
      });
      const { findings, notes } = JSON.parse((await runCli(['lint', '--format', 'json'], { cwd })).stdout);
      return [findings.map(({ problem }: { problem: string }) => problem), notes];
    };
    expect(await lint(10)).toEqual([['unsubscribed', 'unhandled'], ['2 files of code were read.']]);
    expect(await lint(1 << 20)).toEqual([
      ['unsubscribed'],
      [
        '1 file of code was read; skipped 1 over 1 MiB (files and folders).',
        'lib/large.js belongs to a handler, but is over 1 MiB or unreadable, so no event type is reported as unhandled. Split it, or take it out of the handler with a glob that begins with !.',
      ],
    ]);
  });

  test('a handler that compares with a misspelt event type is a note that names the right one', async () => {
    const cwd = repository({
      'lib/hook.js': "require('stripe');\nswitch (event.type) {\n  case 'invoice.payment_suceeded': pay();\n}\n",
      'lib/list.js': "if (action === 'invoice.send') send();\n",
      'stripe-config.yaml': config('    handler: lib/**\n'),
    });
    const { stdout } = await runCli(['lint', '--format', 'json'], { cwd });
    expect(JSON.parse(stdout).notes).toEqual([
      '2 files of code were read.',
      'lib/hook.js:3 compares with "invoice.payment_suceeded", which is no event type that is known here. Did you mean invoice.payment_succeeded?',
      'The handler of webhooks.w names no event type, so nothing is said of it.',
    ]);
  });

  test('without code and handler no file of code is opened', async () => {
    const cwd = repository({ ...files, 'stripe-config.yaml': config('') });
    const { stdout } = await runCli(['lint', '--format', 'json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ findings: [], notes: [] });
  });
});
