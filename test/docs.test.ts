import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { validate } from '@actions/languageservice';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cleanUp, node24, repository, runCli } from './runner.ts';

/** What is written for people is run or validated here: README, examples, workflows, action.yml, what is generated. */

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const action = parse(read('action.yml')) as {
  inputs: Record<string, { description: string; default?: string; required?: boolean }>;
  outputs: Record<string, { description: string }>;
  runs: { using: string; main: string };
};
const readme = read('README.md');
const main = read('src/main.ts');

/** Fenced blocks of the README by language, with the heading above each. */
const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
  language,
  text,
}));
const workflowsInReadme = blocks.filter(({ language, text }) => language === 'yaml' && text.includes('\njobs:'));
const configsInReadme = blocks.filter(({ language, text }) => language === 'yaml' && /^version: 1$/m.test(text));

/** The inputs of the actions that our workflows use; of the foreign ones those that we know to exist. */
const inputsOf: Record<string, Record<string, { description: string }>> = {
  'stripe-config-check': action.inputs,
  checkout: { 'fetch-depth': { description: '' } },
  'setup-node': { 'node-version': { description: '' } },
};

let documents = 0;

/** What GitHub's own language service finds wrong. Its results are cached by URI: each document has its own. */
async function diagnostics(name: string, text: string) {
  documents += 1;
  const uri = `file:///${documents}/${name}`;
  const found = await validate(
    {
      uri,
      languageId: 'yaml',
      version: 1,
      getText: () => text,
      positionAt: positions(text),
      offsetAt: () => 0,
      lineCount: text.split('\n').length,
    } as never,
    {
      actionsMetadataProvider: {
        async fetchActionMetadata({ name: actionName }) {
          return { name: actionName, description: '', inputs: inputsOf[actionName] ?? {} };
        },
      },
    },
  );
  return found.map(({ message, range }) => `${range.start.line + 1}: ${message}`);
}

function positions(text: string) {
  return (offset: number) => {
    const lines = text.slice(0, offset).split('\n');
    return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  };
}

const asWorkflow = (text: string) => text.replaceAll('OWNER/stripe-config-check@v1', 'acme/stripe-config-check@v1');

afterAll(cleanUp);

describe('action.yml', () => {
  it('is valid, runs on Node 24, and names a bundle that exists', async () => {
    expect(await diagnostics('action.yml', read('action.yml'))).toEqual([]);
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
    expect(existsSync(path.join(root, action.runs.main))).toBe(true);
  });

  it('would be refused with an unknown property, so that its validity means something', async () => {
    expect(await diagnostics('action.yml', read('action.yml').replace('using: node24', 'using: node3'))).not.toEqual(
      [],
    );
  });

  it('has the inputs that the program reads, all optional', () => {
    const inCode = [...main.matchAll(/(?:orElse|orNull|getInput|word|number|answer|within)\('([\w-]+)'/g)].map(
      ([, name]) => name,
    );
    expect([...new Set(inCode)].sort()).toEqual(Object.keys(action.inputs).sort());
    expect(Object.entries(action.inputs).filter(([, { required }]) => required)).toEqual([]);
  });

  it('has the outputs that the program sets', () => {
    const [, table = ''] = /const outputs = \{([\s\S]*?)\n {2}\};/.exec(main) ?? [];
    const inCode = [...table.matchAll(/^ {4}'?([\w-]+)'?[:,]/gm)].map(([, name]) => name);
    expect(inCode.sort()).toEqual(Object.keys(action.outputs).sort());
  });

  it('says of every input and output what it does', () => {
    for (const [name, { description }] of [...Object.entries(action.inputs), ...Object.entries(action.outputs)]) {
      expect(description.length, name).toBeGreaterThan(30);
    }
  });
});

describe('workflows', () => {
  const files = ['examples/workflows', '.github/workflows'].flatMap((folder) =>
    readdirSync(path.join(root, folder)).map((file) => `${folder}/${file}`),
  );

  it.each(files)('%s is valid, with inputs that action.yml has', async (file) => {
    expect(await diagnostics('.github/workflows/example.yml', asWorkflow(read(file)))).toEqual([]);
  });

  it.each(files)('%s has the least permissions and a timeout', (file) => {
    const workflow = parse(read(file)) as { permissions: object; jobs: Record<string, { 'timeout-minutes'?: number }> };
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  it('in the README are valid', async () => {
    expect(workflowsInReadme.length).toBeGreaterThan(0);
    for (const { text } of workflowsInReadme) {
      expect(await diagnostics('.github/workflows/readme.yml', asWorkflow(text))).toEqual([]);
    }
  });

  it('with an input that action.yml lacks are refused, so that their validity means something', async () => {
    const [workflow] = workflowsInReadme;
    const wrong = asWorkflow(workflow?.text ?? '').replace('stripe-api-key:', 'stripe-key:');
    expect(await diagnostics('.github/workflows/wrong.yml', wrong)).toEqual([expect.stringContaining('stripe-key')]);
  });
});

describe('the README', () => {
  it('shows configuration files that are valid', async () => {
    expect(configsInReadme.length).toBeGreaterThan(1);
    for (const { text } of configsInReadme) {
      const { stdout, exitCode } = await runCli(['lint'], { cwd: repository({ 'stripe-config.yaml': text }) });
      expect(stdout, text).toContain('✓ The file is valid');
      expect(exitCode).toBe(0);
    }
  });

  it('has its two commands first, and package.json has them', () => {
    const [first, second] = blocks.filter(({ language }) => language === 'sh');
    expect([first?.text.trim(), second?.text.trim()]).toEqual(['npm run demo', 'npm ci && npm test']);
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']));
  });

  it('prints what the demo prints', async () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: { demo: string } };
    const [, , ...args] = scripts.demo.split(' ');
    const { stdout } = await runCli(args, { cwd: root });
    const shown = blocks.find(({ language }) => language === 'text')?.text ?? '';
    const lines = shown.split('\n').filter((line) => line !== '' && line !== '…' && !/ · \d+ ms$/.test(line));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) expect(stdout.split('\n')).toContain(line);
  });

  it('links to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link as string);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) expect(existsSync(path.join(root, link)), link).toBe(true);
  });

  it('links to the form of a key with exactly the permissions of the registry', async () => {
    const { keyLink } = await import('../src/stripe/key.ts');
    const sections = ['webhooks', 'products', 'prices'];
    for (const mode of ['live', 'test'] as const) {
      expect(readme).toContain(`(${keyLink(sections, mode).replaceAll('[', '%5B').replaceAll(']', '%5D')})`);
    }
  });

  it('names no registry of this workplace, no local path and no invented customer', () => {
    for (const file of [
      'README.md',
      'CHANGELOG.md',
      'schema/README.md',
      'action.yml',
      'package.json',
      'package-lock.json',
    ]) {
      expect(read(file), file).not.toMatch(/\/work\/|\/root\/|localhost|verdaccio|artifactory/i);
    }
  });
});

describe('what is generated', () => {
  it('is what src/ makes: schemas, reference, tables, event types', async () => {
    const script = path.join(root, '.ci/generate.mjs');
    const { stderr } = await promisify(execFile)(node24, [script, '--check'], { cwd: root });
    expect(stderr).toBe('');
  });

  it.each(['dist', 'dist/cli'])('names every package in %s with a licence that permits it', (folder) => {
    const listed = read(`${folder}/licenses.txt`);
    const licences = new Map(
      [...listed.matchAll(/^((?:@[\w-]+\/)?[\w-]+)\n([A-Z][\w.-]+)$/gm)].map(([, name, id]) => [name, id]),
    );
    const { dependencies } = JSON.parse(read('package.json'));
    const bundled = Object.keys(dependencies).filter((name) => folder === 'dist' || !name.startsWith('@actions/'));
    expect([...licences.keys()]).toEqual(expect.arrayContaining(bundled));
    expect(['Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT']).toEqual(
      expect.arrayContaining([...new Set(licences.values())]),
    );
  });

  it('is what src/ makes: dist', async () => {
    const out = path.join(repository({}), 'dist');
    await promisify(execFile)(node24, [path.join(root, '.ci/build.mjs'), out], { cwd: root });
    const list = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    expect(list(out)).toEqual(list(path.join(root, 'dist')));
    for (const file of list(out).filter((name) => path.extname(name) !== '')) {
      const same = readFileSync(path.join(out, file)).equals(readFileSync(path.join(root, 'dist', file)));
      expect(same, file).toBe(true);
    }
  });

  it('is a schema that accepts the example, and the schema of JSON Schema accepts it', () => {
    const schema = JSON.parse(read('schema/stripe-config.schema.json')) as object;
    const ajv = new Ajv({ strict: false, allErrors: true });
    expect(ajv.validateSchema(schema)).toBe(true);
    const accepts = ajv.compile(schema);
    expect(accepts(parse(read('examples/stripe-config.yaml'))), JSON.stringify(accepts.errors)).toBe(true);
    expect(accepts({ version: 1, pricess: {} })).toBe(false);
    const report = JSON.parse(read('schema/report.schema.json')) as object;
    expect(ajv.validateSchema(report)).toBe(true);
  });

  it('shows examples in the reference that are valid', async () => {
    const examples = [
      ...read('schema/README.md').matchAll(/^```yaml\n((?:webhooks|products|prices):\n[\s\S]*?)^```$/gm),
    ];
    expect(examples.length).toBe(3);
    const file = `version: 1\n${examples.map(([, text]) => text).join('')}`;
    const { stdout } = await runCli(['lint'], { cwd: repository({ 'stripe-config.yaml': file }) });
    expect(stdout).toContain('✓ The file is valid. Stripe was not asked');
  });
});

describe('the Node that runs these tests', () => {
  it('is the one that Actions use', () => {
    expect(process.versions.node).toMatch(/^24\./);
  });
});
