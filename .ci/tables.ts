// What pages show of action.yml, the commands and the registry. Each table or list stands between its two markers.
import { check } from '../src/commands/check.ts';
import { exportFile } from '../src/commands/export.ts';
import { lint } from '../src/commands/lint.ts';
import { permissions } from '../src/commands/permissions.ts';
import { snapshot } from '../src/commands/snapshot.ts';
import { exportedSections, permissionsOf, registry } from '../src/resources/index.ts';
import { findersOf, finderWords, type Resource, requestsOf } from '../src/resources/resource.ts';
import { keyLink } from '../src/stripe/key.ts';
import type { JsonSchema } from '../src/vocabulary/type.ts';
import { actionOf } from './action.ts';
import type { Coverage } from './fields.ts';

/** In the order of the help. */
const commands = [check, lint, exportFile, snapshot, permissions];

/** What can stand between markers, by the name that the markers give. */
export function tablesOf(actionYml: string, kinds: readonly Coverage[]): { readonly [name: string]: string } {
  const { inputs, outputs } = actionOf(actionYml);
  return {
    commands: table(
      ['Command', 'What it does', 'Exit codes'],
      commands.map(({ name, files, summary, exitCodes }) => [
        `\`${name}${files === null ? '' : ' [FILE…]'}\``,
        summary,
        Object.entries(exitCodes)
          .filter(([code]) => /^\d$/.test(code))
          .map(([code, meaning]) => `**${code}** ${meaning}`)
          .join('<br>'),
      ]),
    ),
    inputs: table(
      ['Input', 'Default', 'What it does'],
      Object.entries(inputs).map(([name, { default: fallback, description }]) => [
        `\`${name}\``,
        fallback === undefined ? '' : `\`${fallback}\``,
        description,
      ]),
    ),
    outputs: table(
      ['Output', 'What it is'],
      Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, description]),
    ),
    reads: table(
      ['Section', 'Requests', 'Fields that are kept'],
      [...registry.values()].map((resource) => [
        `\`${resource.section}\``,
        codes(requestsOf(resource)),
        `${codes(Object.entries(resource.fields).flatMap(([name, { type }]) => leaves(name, type.schema)))}${resource.open ? `, and each other ${resource.open.what}` : ''}`,
      ]),
    ),
    coverage: table(
      ['Section', 'Set and read', 'Declared', 'Left out, and why'],
      kinds.map(({ section, declared, omitted }) => [
        `\`${section}\``,
        String(declared.length + omitted.reduce((sum, { count }) => sum + count, 0)),
        String(declared.length),
        omissions(omitted),
      ]),
    ),
    kinds: table(
      ['Section', 'What it declares', 'Found by', 'Expected by default'],
      [...registry.values()].map((resource) => [
        `[\`${resource.section}\`](../schema/README.md#${resource.section})`,
        resource.kind,
        findersWords(resource),
        resource.state?.field ? `\`${resource.state.field.name}: ${resource.state.field.expected}\`` : '',
      ]),
    ),
    health: table(
      ['Check', 'What it finds', 'Severity'],
      [...registry.values()].flatMap(({ healthRules = {} }) =>
        Object.entries(healthRules).map(([id, { finds, severity }]) => [`\`${id}\``, finds, severity]),
      ),
    ),
    'key links': (['live', 'test'] as const)
      .map((mode) => `- [A key for ${mode} mode](${keyLink(exportedSections, mode)})`)
      .join('\n'),
    permissions: table(
      ['Section', 'Permission in the Dashboard', 'Its name in links and error messages', 'Requests'],
      permissionsOf([...registry.keys()]).map(({ sections, label, slug, requests }) => [
        codes(sections),
        label === null ? 'not documented: Stripe names it to a key that lacks it' : `${label}: Read`,
        codes(slug === null ? [] : [slug]),
        codes(requests),
      ]),
    ),
  };
}

/** What a kind leaves out, by the reasons. */
function omissions(omitted: Coverage['omitted']): string {
  const fields = ({ path, count }: Coverage['omitted'][number]) =>
    `\`${path}\`${count > 1 ? ` (${count} fields)` : ''}`;
  return [...new Set(omitted.map(({ reason }) => reason))]
    .map(
      (reason) =>
        `${omitted
          .filter((one) => one.reason === reason)
          .map(fields)
          .join(', ')}: ${reason}`,
    )
    .join('<br>');
}

/** The names of a value down to the last, as people write them; what is in a list or under names of one's own is left out. */
function leaves(name: string, { properties }: JsonSchema): string[] {
  if (properties === undefined) return [name];
  return Object.entries(properties).flatMap(([inner, schema]) => leaves(`${name}.${inner}`, schema));
}

/** A page with its tables as they are now. Throws where a marker names no table, or has no end. */
export function withTables(page: string, tables: { readonly [name: string]: string }): string {
  const made = page.replace(
    /(<!-- ([a-z ]+): made by npm run generate -->\n)[\s\S]*?(<!-- end of \2 -->)/g,
    (_, start: string, name: string, end: string) => {
      if (tables[name] === undefined) throw new Error(`No table is called ${name}`);
      return `${start}${tables[name]}\n${end}`;
    },
  );
  const [starts, ends] = [/<!-- [a-z ]+: made by /g, /<!-- end of /g].map((mark) => made.match(mark)?.length ?? 0);
  if (starts !== ends) throw new Error('A page has a marker without its other one');
  return made;
}

/** The fields that find an object of a kind. */
function findersWords(resource: Resource<never>): string {
  const finders = findersOf(resource).map((finder) =>
    [finderWords(finder), ...(finder.also ?? [])].map((name) => `\`${name}\``).join(' with '),
  );
  return resource.shape === 'single' ? 'the section is one object' : finders.join(', else ');
}

function codes(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => ':--')), ...rows.map(line)].join('\n');
}
