// Writes what is made from src/, the SDK and package.json: the schemas, the reference, the tables of pages, the list of event
// types, the version and the owner wherever they are named. With --check it writes nothing and fails where a file is not what it would write.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publishedSchema } from '../src/config/published.ts';
import { configSchema } from '../src/config/schema.ts';
import { reportSchema } from '../src/report/schema.ts';
import { actionModule } from './action.ts';
import { eventsModule } from './events.ts';
import { coverage } from './fields.ts';
import { reference } from './reference.ts';
import { owner, PAGES, stamped, version, versionModule } from './stamp.ts';
import { tablesOf, withTables } from './tables.ts';

const root = new URL('..', import.meta.url);
const read = (file: string) => {
  try {
    return readFileSync(new URL(file, root), 'utf8');
  } catch {
    return '';
  }
};

const { kinds, faults } = coverage();
for (const fault of faults) process.stderr.write(`${fault}\n`);

const tables = tablesOf(read('action.yml'), kinds);
const files = {
  'src/version.ts': versionModule(),
  'src/inputs/action.ts': actionModule(read('action.yml')),
  'src/resources/events.ts': eventsModule(),
  'schema/stripe-config.schema.json': `${JSON.stringify(publishedSchema(), null, 2)}\n`,
  'schema/report.schema.json': `${JSON.stringify(reportSchema(), null, 2)}\n`,
  'schema/README.md': reference(configSchema()),
  ...Object.fromEntries(
    PAGES.map((file) => [file, withTables(stamped(read(file), { version, owner }), tables)] as const),
  ),
};

const stale = Object.entries(files).filter(([file, text]) => read(file) !== text);
if (process.argv.includes('--check')) {
  for (const [file] of stale) process.stderr.write(`${file} is not what src/ makes: run npm run generate\n`);
} else {
  for (const [file, text] of stale) {
    writeFileSync(fileURLToPath(new URL(file, root)), text);
    process.stdout.write(`wrote ${file}\n`);
  }
}
if (faults.length > 0 || (process.argv.includes('--check') && stale.length > 0)) process.exitCode = 1;
