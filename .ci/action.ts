// Writes src/inputs/action.ts: what action.yml says of inputs and outputs that the program needs to know.
import { parse } from 'yaml';

/** What is read of action.yml. */
export interface Action {
  readonly inputs: { readonly [name: string]: { readonly default?: string; readonly description: string } };
  readonly outputs: { readonly [name: string]: { readonly description: string } };
}

export function actionOf(actionYml: string): Action {
  return parse(actionYml) as Action;
}

/** The text of src/inputs/action.ts. A default that the runner computes, such as `${{ github.token }}`, is none of the program's. */
export function actionModule(actionYml: string): string {
  const { inputs, outputs } = actionOf(actionYml);
  const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const name = (text: string) => (/^[a-z]+$/.test(text) ? text : quoted(text));
  const defaults = Object.entries(inputs).map(([input, { default: value = '' }]) => {
    return `  ${name(input)}: ${quoted(value.startsWith('${{') ? '' : value)},\n`;
  });
  return `// Made by \`npm run generate\` from action.yml; do not edit.

/** The inputs of the Action with their defaults; empty where there is none. */
export const INPUTS = {
${defaults.join('')}} as const;

/** The outputs of the Action. */
export const OUTPUTS = [
${Object.keys(outputs)
  .map((output) => `  ${quoted(output)},\n`)
  .join('')}] as const;
`;
}
