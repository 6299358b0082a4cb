// Reads a stack trace that a minified bundle printed, and adds to each frame the module and the line that it is of. Check out
// the version that printed it and run `npm run build` first: the same version makes the same bundle.
//   npx node .ci/trace.ts < trace.txt
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the build keeps its readable files; an argument names another folder. */
const readable = process.argv[2] ?? fileURLToPath(new URL('../build/readable', import.meta.url));

/** A frame's file below dist/, its line and its column, both from 1. */
const FRAME = /\bdist[\\/]((?:\d+\.index|programs)\.js):(\d+):(\d+)/;

/** Where a module begins in a readable file. Not all have their name there: of the others the line is told. */
const HEAD = /CONCATENATED MODULE: (\S+)|^\/\*\*\*\/ \d+:/;

/** The module and the line that a place of a bundle was made from. */
function origin(file: string, line: number, column: number): string | null {
  const full = path.join(readable, file);
  const lines = readFileSync(full, 'utf8').split('\n');
  const map = new SourceMap(JSON.parse(readFileSync(`${full}.map`, 'utf8')));
  const entry = map.findEntry(line - 1, column - 1);
  if (!('originalLine' in entry)) return null;
  const heads = lines.slice(0, entry.originalLine + 1).map((text) => HEAD.exec(text));
  const [, module] = heads.findLast((head) => head !== null) ?? [];
  return `${module ?? `${file}:${entry.originalLine + 1}`}: ${lines[entry.originalLine]?.trim()}`;
}

for (const frame of readFileSync(0, 'utf8').trimEnd().split('\n')) {
  const [, file, line, column] = FRAME.exec(frame) ?? [];
  const found = file === undefined ? null : origin(file, Number(line), Number(column));
  process.stdout.write(`${frame}\n${found === null ? '' : `      ${found}\n`}`);
}
