// The tables of the README that are made from action.yml, the commands and the registry. Each stands between its two markers.
import { check } from '../src/commands/check.ts';
import { exportFile } from '../src/commands/export.ts';
import { lint } from '../src/commands/lint.ts';
import { permissions } from '../src/commands/permissions.ts';
import { snapshot } from '../src/commands/snapshot.ts';
import { permissionsOf, registry } from '../src/resources/index.ts';
import { requestsOf } from '../src/resources/resource.ts';
import { actionOf } from './action.ts';

/** In the order of the help. */
const commands = [check, lint, exportFile, snapshot, permissions];

/** The README with its tables as they are now. */
export function readmeWithTables(readme: string, actionYml: string): string {
  const { inputs, outputs } = actionOf(actionYml);
  const tables = {
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
      ['Output', 'What it says'],
      Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, description]),
    ),
    reads: table(
      ['Section', 'Requests', 'What is kept'],
      [...registry.values()].map((resource) => [
        `\`${resource.section}\``,
        codes(requestsOf(resource)),
        codes(Object.keys(resource.fields)),
      ]),
    ),
    permissions: table(
      ['Section', 'Permission in the Dashboard', 'Its name in links and refusals', 'What is requested'],
      permissionsOf([...registry.keys()]).map(({ sections, label, slug, requests }) => [
        codes(sections),
        `${label}: Read`,
        codes([slug]),
        codes(requests),
      ]),
    ),
  };
  return Object.entries(tables).reduce((text, [name, made]) => {
    const [start, end] = [`<!-- ${name}: made by npm run generate -->`, `<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from === -1 || to === -1) throw new Error(`README.md lacks the markers of its table ${name}`);
    return `${text.slice(0, from + start.length)}\n${made}\n${text.slice(to)}`;
  }, readme);
}

function codes(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => ':--')), ...rows.map(line)].join('\n');
}
