// Makes dist/ from src/: tsc to build/, then one bundle for the Action and one for the command line, both without
// node_modules. The same sources give the same bytes on every machine and path.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = path.resolve(root, process.argv[2] ?? 'dist');
const build = path.join(root, 'build');
const made = path.join(build, 'dist');
const { resolve } = createRequire(import.meta.url);
const node = (script, ...args) =>
  execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });

rmSync(build, { recursive: true, force: true });
node(path.join(root, 'node_modules/typescript/bin/tsc'), '-p', 'src');
const ncc = path.join(path.dirname(resolve('@vercel/ncc/package.json')), 'dist/ncc/cli.js');
for (const [entry, folder] of [
  ['main.js', made],
  ['cli.js', path.join(made, 'cli')],
]) {
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
    '--license',
    'licenses.txt',
  );
}

for (const file of readdirSync(made, { recursive: true, withFileTypes: true })) {
  if (!file.isFile() || !file.name.endsWith('.js')) continue;
  const full = path.join(file.parentPath, file.name);
  if (readFileSync(full, 'utf8').includes(root)) throw new Error(`${full} names the path of this machine`);
}

rmSync(out, { recursive: true, force: true });
cpSync(made, out, { recursive: true });
