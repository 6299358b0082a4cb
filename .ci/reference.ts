// The reference of all sections and fields, in Markdown, from the schema and the registry.
import { ROTATE_DAYS } from '../src/model.ts';
import { registry } from '../src/resources/index.ts';
import type { Resource } from '../src/resources/resource.ts';
import type { JsonSchema } from '../src/vocabulary/type.ts';

/** The text of schema/README.md. */
export function reference(schema: JsonSchema): string {
  const kinds = [...registry.values()];
  const { properties = {}, definitions = {}, $id = '' } = schema;
  const { policy = {}, ignore = {}, code: ofCode = {}, environments = {} } = properties;
  const blocks = [
    '# Reference of stripe-config.yaml',
    'Made by `npm run generate` from the same sources as the schemas; do not edit.',
    'With this first line in the file, your editor completes, explains and checks it:',
    `\`\`\`yaml\n# yaml-language-server: $schema=${$id}\n\`\`\``,
    'This works in VS Code (with the YAML extension) and in other editors with the YAML language server. If you do not want the line, map file names to the schema in `.vscode/settings.json`:',
    `\`\`\`json\n${JSON.stringify({ 'yaml.schemas': { [$id]: ['stripe-config.yaml', 'stripe-config/*.yaml'] } }, null, 2)}\n\`\`\``,
    '`report.schema.json` describes the JSON report.',
    "**Only what the file states is compared.** A field that an entry leaves out is not checked. `null` means that a field is not set. If a field is *compared as a whole*, the names that you leave out of it must have Stripe's defaults. Amounts are in minor units (cents), and are compared exactly as they are written.",
    '## The file',
    table(
      ['Name', 'What it takes', 'What it means'],
      Object.entries(properties).map(([name, property]) => [
        code(name),
        takes(property),
        about(property).replace(/ A file without this section.*/, ''),
      ]),
    ),
    'Names that begin with `x-` are not read. Use them for YAML anchors (`&name`) that the rest of the file uses.',
    ...kinds.flatMap((kind) => section(kind, (kind.shape === 'single' ? properties : definitions)[kind.section] ?? {})),
    '## policy',
    about(policy),
    table(
      ['Problem', 'Default', 'What it means'],
      Object.entries(policy.properties ?? {}).map(([name, property]) => [
        code(name),
        DEFAULTS[name] ?? '`error`',
        about(property).replace(/^Severity of .*?: /, ''),
      ]),
    ),
    'A severity is `error`, `warning`, `notice` or `ignore`.',
    '```yaml\npolicy:\n  missing: error\n  unmanaged: { webhooks: error, products: warning, prices: ignore }\n```',
    '## ignore',
    about(ignore),
    table(
      ['Name', 'What it means'],
      Object.entries(ignore.items?.properties ?? {}).map(([name, property]) => [code(name), about(property)]),
    ),
    '```yaml\nignore:\n  - webhooks: https://*.tunnel.example.com/*\n    reason: tunnels of developers\n    until: 2027-01-31\n  - prices: { metadata.origin: sales }\n    reason: prices of single deals\n```',
    '## code',
    about(ofCode),
    table(
      ['Name', 'What it means'],
      Object.entries(ofCode.properties ?? {}).map(([name, property]) => [code(name), about(property)]),
    ),
    "```yaml\ncode:\n  paths: ['services/**', '!**/*.test.*']\n```",
    '## environments',
    about(environments),
    '```yaml\nenvironments:\n  test:\n    mode: test\n    webhooks:\n      billing: { url: https://staging.example.com/stripe/webhooks }\n      audit: null          # not in test mode\n```',
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** What kinds say of objects that the file does not declare, where that is no warning. */
const UNMANAGED = [...registry.values()].flatMap(({ section, unmanaged }) =>
  unmanaged === undefined ? [] : [`, ${code(unmanaged)} for ${code(section)}`],
);

/** The severity of a problem where the policy says none, and it is no error. */
const DEFAULTS: { readonly [problem: string]: string } = {
  unmanaged: ['`warning`', ...UNMANAGED].join(''),
  unhealthy: 'depends on the finding',
  unsubscribed: '`warning`',
  unhandled: '`notice`',
  dangling: 'depends on the finding',
  health: 'that of each rule',
  rotate_key_after_days: `\`${ROTATE_DAYS}\``,
};

function silentState({ state }: Resource<never>): string {
  if (state?.field === undefined) return '';
  return ` If an entry does not state \`${state.field.name}\`, \`${state.field.expected}\` is expected.`;
}

function permissionWords({ permission }: Resource<never>): string {
  return permission === null
    ? ' To read it, the key needs a permission that Stripe does not document: it names it if the key lacks it.'
    : ` To read it, the key needs the permission **${permission.label}: Read** (\`${permission.slug}\`).`;
}

function section(kind: Resource<never>, definition: JsonSchema): string[] {
  return [
    `## ${kind.section}`,
    `${kind.description}${silentState(kind)}${permissionWords(kind)}`,
    `\`\`\`yaml\n${kind.section}:\n${indent(kind.example)}\n\`\`\``,
    table(
      ['Field', 'What it takes', 'What it means'],
      Object.entries(definition.properties ?? {}).flatMap(([name, property]) => [
        [code(name), takes(property), about(property)],
        ...inner(name, property),
      ]),
    ),
  ];
}

/** The names within a field, as rows of their own. */
function inner(name: string, property: JsonSchema): string[][] {
  const { additionalProperties: others } = property;
  const places: (readonly [string, JsonSchema | undefined])[] = [
    [`${name}.`, property],
    [`${name}.`, property.allOf?.[0]],
    [`${name}[].`, property.items],
    [`${name}.*.`, typeof others === 'object' ? others : undefined],
  ];
  const [prefix, object] = places.find(([, schema]) => schema?.properties !== undefined) ?? [];
  if (object === undefined) return [];
  return Object.entries(object.properties ?? {}).flatMap(([part, value]) => [
    [code(`${prefix}${part}`), takes(value), `${about(value)}${object.required?.includes(part) ? ' Required.' : ''}`],
    ...inner(`${prefix}${part}`, value),
  ]);
}

function takes(property: JsonSchema): string {
  if (property.const !== undefined) return code(String(property.const));
  const words = property.enum?.filter((word) => word !== null);
  if (words) return words.map((word) => code(String(word))).join(', ');
  const types = [property.type ?? []].flat();
  const names: { readonly [type: string]: string } = {
    string: 'text',
    integer: 'whole number',
    number: 'number',
    boolean: '`true`, `false`',
    object: 'map',
    array: 'list',
    null: '`null`',
  };
  return types.map((type) => names[type] ?? type).join(', ');
}

function about({ description = '' }: JsonSchema): string {
  return description;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => ':--')), ...rows.map(line)].join('\n');
}
