// Makes dist/ from src/: tsc to build/, one bundle for the Action and the command line, without node_modules, then each file of
// it minified. The same sources give the same bytes on every machine and path.
// Classes keep their names, so that a stack trace names its error. .ci/trace.ts tells which line each frame is of.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { minifySync } from 'rolldown/utils';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = path.resolve(root, process.argv[2] ?? 'dist');
const build = path.join(root, 'build');
const made = path.join(build, 'dist');
/** The files as they were before they were made short, and where each place of the short ones was: for .ci/trace.ts. */
const readable = path.join(build, 'readable');
const { resolve } = createRequire(import.meta.url);
const node = (script: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });

/** A module of a bundle, as the statistics of ncc have it. */
interface Module {
  readonly name: string;
  readonly modules?: readonly Module[];
}

/** The packages that modules of a bundle come from, as folders of node_modules. (ncc's own list leaves out some.) */
function packagesOf(modules: readonly Module[]): string[] {
  const names = modules.flatMap(({ name, modules: inner = [] }) => [
    ...packagesOf(inner),
    ...[...name.matchAll(/node_modules\/((?:@[^/]+\/)?[^/ ]+)/g)].map(([, found = '']) => found),
  ]);
  return [...new Set(names)].sort();
}

/**
 * Lets the bundler leave out the modules of a package that we don't use. The packages of GitHub don't say that it may: then
 * each start of the Action would load their HTTP library, to read the event and print a line.
 */
function withoutSideEffects(name: string): void {
  const copy = path.join(build, 'node_modules', name);
  cpSync(path.join(root, 'node_modules', name), copy, { recursive: true });
  const described = path.join(copy, 'package.json');
  const description = JSON.parse(readFileSync(described, 'utf8'));
  writeFileSync(described, JSON.stringify({ ...description, sideEffects: false }));
}

/** Leaves out what a package exports: GitHub's library would bring a method for each of its thousand paths, and we ask by path. */
function withoutExport(name: string, value: string): void {
  const stub = path.join(build, 'node_modules', name);
  mkdirSync(stub, { recursive: true });
  writeFileSync(path.join(stub, 'package.json'), JSON.stringify({ name, type: 'module', main: 'index.js' }));
  writeFileSync(path.join(stub, 'index.js'), `export const ${value} = () => ({});\n`);
}

/** Loads a module of Node where a package uses it: commander starts other programs, and ours has none. */
function loadedWhereUsed(name: string, file: string, variable: string, module: string): void {
  const copy = path.join(build, 'node_modules', name);
  cpSync(path.join(root, 'node_modules', name), copy, { recursive: true });
  const text = readFileSync(path.join(copy, file), 'utf8');
  const [before, after, ...more] = text.split(`const ${variable} = require('${module}');\n`);
  if (after === undefined || more.length > 0) throw new Error(`${name} no longer loads ${module} where it did`);
  writeFileSync(path.join(copy, file), before + after.replaceAll(`${variable}.`, `require('${module}').`));
}

/** Each package with its licence. */
function licences(packages: readonly string[]): string {
  return packages
    .map((name) => {
      const folder = path.join(root, 'node_modules', name);
      const { license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
      const text = file === undefined ? '' : readFileSync(path.join(folder, file), 'utf8').trim();
      return `${name}\n${license}\n${text}\n`.replaceAll('\r\n', '\n');
    })
    .join('\n');
}

/** A file of a bundle, short. Licences stand in licenses.txt. */
function minified(name: string, text: string) {
  const keepNames = { class: true, function: false };
  const { code, map, errors } = minifySync(name, text, {
    module: true,
    compress: { target: 'es2023', keepNames },
    mangle: { toplevel: true, keepNames },
    codegen: { legalComments: 'none' },
    sourcemap: true,
  });
  if (errors.length > 0)
    throw new Error(`${name} can't be minified: ${errors.map(({ message }) => message).join(', ')}`);
  return { code, map };
}

rmSync(build, { recursive: true, force: true });
node(path.join(root, 'node_modules/typescript/bin/tsc'), '-p', 'src');
for (const name of ['@actions/core', '@actions/github']) withoutSideEffects(name);
loadedWhereUsed('commander', 'lib/command.js', 'childProcess', 'node:child_process');
withoutExport('@octokit/plugin-rest-endpoint-methods', 'restEndpointMethods');
const ncc = path.join(path.dirname(resolve('@vercel/ncc/package.json')), 'dist/ncc/cli.js');
const stats = path.join(build, 'stats.json');
node(
  ncc,
  'build',
  path.join(build, 'programs.js'),
  '--out',
  made,
  '--no-cache',
  '--quiet',
  '--target',
  'es2023',
  '--stats-out',
  stats,
);
writeFileSync(path.join(made, 'licenses.txt'), licences(packagesOf(JSON.parse(readFileSync(stats, 'utf8')).modules)));
renameSync(path.join(made, 'index.js'), path.join(made, 'programs.js'));

for (const file of readdirSync(made, { recursive: true, withFileTypes: true })) {
  if (!file.isFile() || !file.name.endsWith('.js')) continue;
  const full = path.join(file.parentPath, file.name);
  const text = readFileSync(full, 'utf8');
  const { code, map } = minified(file.name, text);
  if (code.includes(root)) throw new Error(`${full} names the path of this machine`);
  writeFileSync(full, code);
  const kept = path.join(readable, path.relative(made, full));
  mkdirSync(path.dirname(kept), { recursive: true });
  writeFileSync(kept, text);
  writeFileSync(`${kept}.map`, JSON.stringify(map));
}

// The two files that start them: the one that action.yml names, and the command of the package.
for (const folder of [made, readable]) {
  mkdirSync(path.join(folder, 'cli'));
  const command = path.join(folder, 'cli/index.js');
  writeFileSync(path.join(folder, 'index.js'), "import { action } from './programs.js';\nawait action();\n");
  writeFileSync(command, "#!/usr/bin/env node\nimport { commandLine } from '../programs.js';\nawait commandLine();\n");
  chmodSync(command, 0o755);
}

rmSync(out, { recursive: true, force: true });
cpSync(made, out, { recursive: true });
