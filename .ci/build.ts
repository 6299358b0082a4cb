// Makes dist/ from src/: tsc to build/, then one bundle for the Action and one for the command line, both without
// node_modules. The same sources give the same bytes on every machine and path.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = path.resolve(root, process.argv[2] ?? 'dist');
const build = path.join(root, 'build');
const made = path.join(build, 'dist');
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

rmSync(build, { recursive: true, force: true });
node(path.join(root, 'node_modules/typescript/bin/tsc'), '-p', 'src');
const ncc = path.join(path.dirname(resolve('@vercel/ncc/package.json')), 'dist/ncc/cli.js');
for (const [entry, folder] of [
  ['main.js', made],
  ['cli.js', path.join(made, 'cli')],
] as const) {
  node(
    ncc,
    'build',
    path.join(build, entry),
    '--out',
    folder,
    '--minify',
    '--no-cache',
    '--quiet',
    '--target',
    'es2023',
    '--stats-out',
    path.join(build, 'stats.json'),
  );
  const { modules } = JSON.parse(readFileSync(path.join(build, 'stats.json'), 'utf8'));
  writeFileSync(path.join(folder, 'licenses.txt'), licences(packagesOf(modules)));
}

for (const file of readdirSync(made, { recursive: true, withFileTypes: true })) {
  if (!file.isFile() || !file.name.endsWith('.js')) continue;
  const full = path.join(file.parentPath, file.name);
  if (readFileSync(full, 'utf8').includes(root)) throw new Error(`${full} names the path of this machine`);
}

rmSync(out, { recursive: true, force: true });
cpSync(made, out, { recursive: true });
