import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { validate } from '@actions/languageservice';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { owner, PAGES, stamped, version } from '../../.ci/stamp.ts';
import { registry } from '../../src/resources/index.ts';
import { cleanUp, node24, repository, runCli } from '../runner.ts';
import { all, blocksOf, codesOf, commandsIn, printable, readme, workflows } from './pages.ts';
import { isOurs, type Job, ours, type Workflow } from './workflow.ts';

/** What is written for people is run or validated here: examples, workflows, action.yml, what is generated (for the pages see their own test). */

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const action = parse(read('action.yml')) as {
  inputs: Record<string, { description: string; default?: string; required?: boolean }>;
  outputs: Record<string, { description: string }>;
  runs: { using: string; main: string };
};

/** The inputs of the actions that our workflows use; of the foreign ones those that we know to exist. */
const inputsOf: Record<string, Record<string, { description: string }>> = {
  'stripe-config-check': action.inputs,
  checkout: { 'fetch-depth': { description: '' }, 'persist-credentials': { description: '' } },
  'codeql-action': { sarif_file: { description: '' }, category: { description: '' } },
  'setup-node': { 'node-version': { description: '' }, 'registry-url': { description: '' } },
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
      fileProvider: {
        async getFileContent(reference: { path: string }) {
          return { name: reference.path, content: read('examples/workflows/reusable.yml') };
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

/** The language service does not look into `uses: ./`. */
const asWorkflow = (text: string) =>
  text.replaceAll(ours, 'acme/stripe-config-check@v1').replaceAll('uses: ./', 'uses: acme/stripe-config-check@v1');

/** What a job has to be allowed: nothing without files of the repository, and to write only what it asks to be written. */
function leastPermissions({ uses, steps = [] }: Job): Record<string, string> {
  const asks = (input: string, unless: string) =>
    steps.some((step) => isOurs(step) && String(step.with?.[input] ?? unless) !== unless);
  const releases = (step: string) => steps.some(({ run = '' }) => run.startsWith(`node .ci/release.ts ${step} `));
  if (releases('announce')) return { contents: 'write' };
  return {
    ...(uses !== undefined || steps.some((step) => step.uses !== undefined) ? { contents: 'read' } : {}),
    ...(asks('comment', 'never') ? { 'pull-requests': 'write' } : {}),
    ...(asks('issue', 'false') ? { issues: 'write' } : {}),
    ...(releases('publish') ? { 'id-token': 'write' } : {}),
    ...(steps.some((step) => step.uses?.includes('/upload-sarif@'))
      ? { 'security-events': 'write', actions: 'read' }
      : {}),
  };
}

/** What is wrong with a workflow that is valid, by rules that GitHub does not check. */
function faults(text: string): string[] {
  const { on, permissions, concurrency, jobs } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  const found: string[] = [];
  for (const [name, job] of Object.entries(jobs)) {
    const [granted, needed] = [job.permissions ?? permissions, leastPermissions(job)];
    if (JSON.stringify(granted) !== JSON.stringify(needed)) found.push(`permissions of ${name}`);
    if (job.uses === undefined && !((job['timeout-minutes'] ?? 0) > 0)) found.push(`timeout of ${name}`);
  }
  if (permissions === undefined || Object.values(permissions).includes('write')) found.push('permissions');
  if (concurrency?.group === undefined) found.push('concurrency');
  for (const { cron } of on.schedule ?? []) {
    const [minute = ''] = cron.split(' ');
    if (!/^\d+$/.test(minute) || Number(minute) % 15 === 0) found.push(`minute of ${cron}`);
  }
  for (const [, uses = ''] of text.matchAll(/^[ -]*uses: (.+)$/gm)) {
    const [, placeholder] = /^([A-Z]+)\/[\w./-]+@v1$/.exec(uses) ?? [];
    const isExplained = placeholder !== undefined && new RegExp(`^# .*\\b${placeholder}\\b.* is `, 'm').test(text);
    if (uses !== './' && !isExplained && !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses)) found.push(`pin of ${uses}`);
  }
  for (const { uses, with: given } of steps) {
    // Nothing here pushes: the token would only lie in .git for whatever runs next.
    if (uses?.startsWith('actions/checkout@') && given?.['persist-credentials'] !== false)
      found.push(`token of ${uses}`);
  }
  for (const [, image = ''] of text.matchAll(/^\s*(?:image|container): (.+)$/gm))
    if (!/@sha256:[0-9a-f]{64}$/.test(image)) found.push(`pin of ${image}`);
  for (const [, module = ''] of text.matchAll(/\bgo install (\S+)/g))
    if (!/@v\d+\.\d+\.\d+$/.test(module)) found.push(`pin of ${module}`);
  // Whatever stands in ${{ }} becomes part of the script before the shell reads it: it comes through env.
  for (const { run = '' } of steps) if (run.includes('${{')) found.push(`expression in ${run}`);
  for (const step of steps.filter(isOurs)) {
    for (const [, output = ''] of text.matchAll(new RegExp(`\\bsteps\\.${step.id}\\.outputs\\.([\\w-]+)`, 'g')))
      if (!Object.hasOwn(action.outputs, output)) found.push(`output ${output}`);
  }
  return found;
}

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

  it('has only inputs that the program reads, all optional', () => {
    // That each one read is there, and each output set, the types of src/inputs/action.ts say.
    const code = ['src/main.ts', 'src/action/inputs.ts'].map(read).join('');
    const names = [...code.matchAll(/\b(?:given|checked|word|number|answer|output)(?:<[^(]*>)?\(\s*'([\w-]+)'/g)];
    expect([...new Set(names.map(([, name]) => name))].sort()).toEqual(Object.keys(action.inputs).sort());
    expect(Object.entries(action.inputs).filter(([, { required }]) => required)).toEqual([]);
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

  it.each(files)(
    '%s has the least permissions, limits, an odd minute, and nothing that could change under it',
    (file) => {
      expect(faults(read(file))).toEqual([]);
    },
  );

  it('with a fault are told so, so that having none means something', () => {
    const good = read('examples/workflows/nightly.yml');
    const worse = (from: string | RegExp, to: string) => {
      expect(good).toMatch(from);
      return faults(good.replace(from, to));
    };
    expect(worse('      issues: write', '      pull-requests: write')).toEqual(['permissions of check']);
    expect(worse(/permissions:\n {2}contents: read/, 'permissions:\n  contents: write')).toEqual(['permissions']);
    expect(worse('issue: true', 'issue: false')).toEqual(['permissions of check']);
    expect(worse('timeout-minutes: 10', 'name: Check')).toEqual(['timeout of check']);
    expect(worse('concurrency:\n', 'env:\n')).toEqual(['concurrency']);
    expect(worse("'17 4 * * *'", "'30 4 * * *'")).toEqual(['minute of 30 4 * * *']);
    expect(worse("'17 4 * * *'", "'*/5 4 * * *'")).toEqual(['minute of */5 4 * * *']);
    expect(worse(/checkout@.*/, 'checkout@v5')).toEqual(['pin of actions/checkout@v5']);
    expect(worse('persist-credentials: false', 'persist-credentials: true')).toHaveLength(1);
    expect(worse(/ +with:\n +persist-credentials: false\n/, '')).toHaveLength(1);
    const image = (name: string) => worse('    steps:', `    services:\n      a:\n        image: ${name}\n    steps:`);
    expect(image('a/b:v1.2.3')).toEqual(['pin of a/b:v1.2.3']);
    expect(image(`a/b@sha256:${'0'.repeat(64)}`)).toEqual([]);
    expect(worse('echo', 'go install example.com/a@latest && echo')).toEqual(['pin of example.com/a@latest']);
    expect(worse(/OWNER is[^\n]*/, '')).toEqual([`pin of ${ours}`]);
    expect(worse('"Stripe is', `"\${{ github.event.head_commit.message }}`)).toHaveLength(1);
    expect(worse('outputs.changed', 'outputs.changes')).toEqual(['output changes']);
  });

  it('test this Action with the inputs that the examples for pull requests and nights give it', () => {
    const given = (file: string) =>
      Object.values((parse(read(file)) as Workflow).jobs)
        .flatMap(({ steps = [] }) => steps.filter(isOurs))
        .flatMap((step) => Object.keys(step.with ?? {}));
    // What is written to GitHub itself would be written to this repository, by every push.
    const written = ['comment', 'issue', 'issue-labels'];
    const inExamples = ['pull-request', 'nightly'].flatMap((name) => given(`examples/workflows/${name}.yml`));
    expect(given('.github/workflows/self-test.yml')).toEqual(
      expect.arrayContaining(inExamples.filter((input) => !written.includes(input))),
    );
  });

  it('try the package on each system, on the oldest Node that package.json promises and on that of Actions', () => {
    const { jobs } = parse(read('.github/workflows/ci.yml')) as { jobs: Record<string, Job> };
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const [, newest = ''] = /^node(\d+)$/.exec(action.runs.using) ?? [];
    expect(jobs['command-line']?.strategy?.matrix).toEqual({
      os: ['ubuntu-latest', 'macos-latest', 'windows-latest'],
      node: [engines.node.replace('>=', ''), newest],
    });
  });

  it('are all in the list of the README', () => {
    for (const file of files.filter((name) => name.startsWith('examples/'))) {
      expect(readme).toContain(`](${file})`);
    }
  });

  it('in the pages are valid', async () => {
    expect(workflows.length).toBeGreaterThan(1);
    for (const text of workflows) {
      expect(await diagnostics('.github/workflows/readme.yml', asWorkflow(text))).toEqual([]);
      expect(faults(text).filter((fault) => fault.startsWith('token of'))).toEqual([]);
    }
  });

  it('with an input that action.yml lacks are refused, so that their validity means something', async () => {
    const [workflow = ''] = workflows;
    const wrong = asWorkflow(workflow).replace('stripe-api-key:', 'stripe-key:');
    expect(await diagnostics('.github/workflows/wrong.yml', wrong)).toEqual([expect.stringContaining('stripe-key')]);
    const ourOwn = asWorkflow(read('.github/workflows/self-test.yml')).replaceAll('fail-on:', 'fails-on:');
    expect(await diagnostics('.github/workflows/own.yml', ourOwn)).toEqual([expect.stringContaining('fails-on')]);
  });

  it('that call the reusable one with what it lacks are refused', async () => {
    const caller = read('examples/workflows/reusable-caller.yml');
    const wrong = caller.replace('fail-on:', 'fails-on:').replace('stripe-api-key:', 'stripe-key:');
    expect(wrong).toContain('fails-on');
    expect((await diagnostics('.github/workflows/caller.yml', wrong)).join(' ')).toMatch(
      /fails-on.*stripe-key|stripe-key.*fails-on/,
    );
  });
});

describe('where the project lives', () => {
  const home = `https://github.com/${owner}/stripe-config-check`;

  it('is said in package.json, as npm needs it to prove where a package was built', () => {
    const { repository: source, homepage, bugs } = JSON.parse(read('package.json'));
    expect({ source, homepage, bugs }).toEqual({
      source: { type: 'git', url: `git+${home}.git` },
      homepage: `${home}#readme`,
      bugs: { url: `${home}/issues` },
    });
  });

  it('is written from package.json into every page, example and form that names it, as the version is', () => {
    const moved = { version: '7.8.9', owner: 'acme' };
    const texts = PAGES.map((file) => stamped(read(file), moved));
    for (const [index, file] of PAGES.entries())
      expect(stamped(texts[index] ?? '', { version, owner }), file).toBe(read(file));
    const all = texts.join('');
    expect(all).toContain('uses: acme/stripe-config-check@v7\n');
    expect(all).toContain('rev: v7.8.9\n');
    expect(all).toContain('npm/stripe-config-check@7/schema/');
    expect(all).toContain('https://github.com/acme/stripe-config-check');
    expect(all).toContain('* @acme/maintainers\n');
    expect(all).toContain('| 7.x | yes, in the newest release of 7.x |');
    // No place is left that names either in another way.
    const left = all
      .replace(/"version": "[\d.]+"/, '')
      .match(/\S*\bOWNER\/\S*|(?<!\.yml)@v1\b|\bv?1\.0\.0\b|stripe-config-check@1\b/g);
    expect(left).toEqual(null);
  });

  it('has one version with its lock file, which npm writes', () => {
    const lock = JSON.parse(read('package-lock.json')) as { version: string; packages: { '': { version: string } } };
    expect([lock.version, lock.packages[''].version]).toEqual([version, version]);
  });

  it('is explained as long as it is a placeholder, and no longer', () => {
    const explained = PAGES.filter((file) => /\bOWNER\b.* is the (?:account|organization) that hosts/.test(read(file)));
    if (owner === 'OWNER') expect(explained).toContain('README.md');
    else expect(explained).toEqual([]);
  });

  it('and the version are named in src/ by what is generated alone', () => {
    const texts = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && file !== 'version.ts')
      .map((file) => read(`src/${file}`));
    expect(texts.join('').match(/stripe-config-check@\d|github\.com\/[\w.-]+\/stripe-config-check|\bOWNER\b/g)).toEqual(
      null,
    );
  });

  it('has owners of its code, in a form that GitHub reads', () => {
    const rules = read('.github/CODEOWNERS')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(rules.length).toBeGreaterThan(0);
    for (const rule of rules) expect(rule).toMatch(/^\S+(?: @[\w.-]+\/[a-z-]+)+$/);
    expect(rules[0]).toMatch(/^\* /);
  });

  it('gets its dependencies brought up to date each week, in groups', () => {
    const { version, updates } = parse(read('.github/dependabot.yml')) as {
      version: number;
      updates: { 'package-ecosystem': string; directory: string; schedule: object; groups: Record<string, object> }[];
    };
    expect(version).toBe(2);
    expect(updates.map((update) => update['package-ecosystem']).sort()).toEqual(['github-actions', 'npm']);
    for (const { directory, schedule, groups } of updates) {
      expect([directory, schedule]).toEqual(['/', expect.objectContaining({ interval: 'weekly' })]);
      expect(Object.keys(groups).length).toBeGreaterThan(0);
    }
  });

  it('says which versions get fixes of weaknesses', () => {
    const [major = ''] = version.split('.');
    expect(read('SECURITY.md')).toMatch(new RegExp(`^## Supported versions\n(?:.*\n)*\\| ${major}[.]x \\| yes`, 'm'));
  });
});

describe('the forms of an issue', () => {
  const folder = '.github/ISSUE_TEMPLATE';
  const forms = readdirSync(path.join(root, folder)).filter((file) => file !== 'config.yml');

  it.each(forms)('%s has what GitHub needs to show it', (file) => {
    const { name, description, body } = parse(read(`${folder}/${file}`)) as {
      name: string;
      description: string;
      body: { type: string; id?: string; attributes: { label?: string; value?: string } }[];
    };
    expect([typeof name, typeof description]).toEqual(['string', 'string']);
    const ids = body.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { type, attributes } of body) {
      expect(['markdown', 'input', 'textarea']).toContain(type);
      expect(type === 'markdown' ? attributes.value : attributes.label).toEqual(expect.any(String));
    }
  });

  it('ask for version, command and report, and for no key', () => {
    const bug = read(`${folder}/bug.yml`);
    for (const id of ['version', 'command', 'report']) expect(bug).toMatch(new RegExp(`^    id: ${id}$`, 'm'));
    expect(bug).toContain('Never paste a key, or a part of one.');
  });
});

describe('what people read', () => {
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `src/${file}`);
  const shown = [...all, 'action.yml', 'schema/stripe-config.schema.json', 'schema/report.schema.json', ...sources];

  it.each(['in force', 'mend', 'laid over', 'whoever acts'])('does not say %j', (words) => {
    const said = new RegExp(`\\b${words}(?:s|ed|ing)?\\b`, 'i');
    expect(shown.filter((file) => said.test(file.endsWith('.ts') ? printable(read(file)) : read(file)))).toEqual([]);
    expect(said.test(printable(`say('What is ${words}.'); // not here`))).toBe(true);
  });
});

describe('what is published', () => {
  it('names no registry of this workplace, no local path and no invented customer', () => {
    for (const file of [...all, 'action.yml', 'package.json', 'package-lock.json']) {
      expect(read(file), file).not.toMatch(/\/work\/|\/root\/|localhost|verdaccio|artifactory/i);
    }
  });
});

describe('what is generated', () => {
  it('is what src/ makes: schemas, reference, tables, event types', async () => {
    const script = path.join(root, '.ci/generate.ts');
    const { stderr } = await promisify(execFile)(node24, [script, '--check'], { cwd: root });
    expect(stderr).toBe('');
  });

  it('names every package in the bundle with a licence that permits it', () => {
    const listed = read('dist/licenses.txt');
    const licences = new Map(
      [...listed.matchAll(/^((?:@[\w-]+\/)?[\w-]+)\n([A-Z][\w.-]+)$/gm)].map(([, name, id]) => [name, id]),
    );
    const imported = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...read(`src/${file}`).matchAll(/\b(?:from |import\()'(?!node:)((?:@[\w-]+\/)?[\w-]+)/g)])
      .map(([, name]) => name as string);
    expect(imported).toContain('yaml');
    expect([...licences.keys()]).toEqual(expect.arrayContaining([...new Set(imported)]));
    expect(['Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT']).toEqual(
      expect.arrayContaining([...new Set(licences.values())]),
    );
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
    const sections = [...registry.keys()];
    const example = new RegExp(`^\`\`\`yaml\\n((?:${sections.join('|')}):\\n[\\s\\S]*?)^\`\`\`$`, 'gm');
    const examples = [...read('schema/README.md').matchAll(example)];
    expect(examples.length).toBe(sections.length);
    const file = `version: 1\n${examples.map(([, text]) => text).join('')}`;
    const { stdout } = await runCli(['lint'], { cwd: repository({ 'stripe-config.yaml': file }) });
    expect(stdout).toContain('✓ ');
  });
});

describe('the Node that runs these tests', () => {
  it('is the one that Actions use', () => {
    expect(process.versions.node).toMatch(/^24\./);
  });
});

describe('the pictures of the README', () => {
  const sources = [...readme.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, file]) => file as string);

  it('are there for a light page and a dark one, small, and not in the package', () => {
    expect(sources.sort()).toEqual(
      ['comment-dark', 'comment-light', 'summary-dark', 'summary-light'].map((name) => `.github/pictures/${name}.png`),
    );
    for (const file of sources) {
      const picture = readFileSync(path.join(root, file));
      expect(picture.subarray(1, 4).toString()).toBe('PNG');
      expect(picture.length, file).toBeLessThan(150_000);
    }
    const { files } = JSON.parse(read('package.json')) as { files: string[] };
    expect(files).toEqual(['dist', 'docs', 'schema', 'CHANGELOG.md']);
  });
});

describe('CONTRIBUTING.md', () => {
  const page = 'CONTRIBUTING.md';
  const shown = [...codesOf(page), ...commandsIn(blocksOf(page))];

  it('names commands that package.json has, and every one of them', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = shown.flatMap((code) =>
      [...code.matchAll(/npm (?:run ([\w:-]+)|(test))/g)].map(([, run, test]) => run ?? test),
    );
    const known = Object.keys(scripts).filter((name) => !['demo', 'test:stripe-mock'].includes(name));
    expect([...new Set(named)].sort()).toEqual(known.sort());
  });

  it('has every room of src/ on its map, and names no path that is not there', () => {
    const rooms = readdirSync(path.join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of rooms) expect(codesOf(page), name).toContain(`src/${name}/`);
    const paths = codesOf(page).filter(
      (code) => /^(?:src|test|\.ci|docs|dist|schema)\//.test(code) && !code.includes('tax_rates'),
    );
    expect(paths.length).toBeGreaterThan(15);
    expect(paths.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it('names properties of the contract and types of the vocabulary that are there', () => {
    const codes = [...read(page).matchAll(/^ {3}\| (`.+?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    const sources = [
      'src/resources/resource.ts',
      'test/kinds/kind.ts',
      ...readdirSync(path.join(root, 'src/vocabulary')).map((file) => `src/vocabulary/${file}`),
    ];
    const text = sources.map(read).join('');
    expect(codes.length).toBeGreaterThan(25);
    expect(
      codes.filter((name) => !new RegExp(`^(?:  (?:readonly )?|export (?:const|function) )${name}\\b`, 'm').test(text)),
    ).toEqual([]);
  });

  it('leads to the commit that adds meters by a command, since a hash would have to be kept right', () => {
    expect(read(page)).toContain('the commit that adds meters');
    expect(commandsIn(blocksOf(page))).toContain('git log --diff-filter=A --format=%h -- src/resources/meters.ts');
  });
});
