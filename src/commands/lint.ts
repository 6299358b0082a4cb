import { check as checkFile } from '../check.ts';
import { command, interrupted } from './command.ts';
import { configFiles, readConfig } from './files.ts';
import { options as table } from './options.ts';
import { printReport, reportOptions } from './output.ts';

export const lint = command({
  name: 'lint',
  summary: 'check the file alone, without network and key',
  description:
    'Checks that a file is valid: fields, names, references, amounts, duplicates. Stripe is not asked, so that no key is needed.',
  files: configFiles,
  options: { environment: table.environment, ...reportOptions },
  exitCodes: { 0: 'the file is valid', 1: 'the file is invalid', 2: 'a warning reached --fail-on', ...interrupted },
  examples: [
    ['Check stripe-config.yaml', 'stripe-config-check lint'],
    ['Check several files as one configuration', "stripe-config-check lint 'stripe/**/*.yaml'"],
    ['Let warnings fail it too', 'stripe-config-check lint --fail-on warning'],
    ['Annotate the lines in a workflow', 'stripe-config-check lint --format github'],
  ],
  async run({ files, values }) {
    const report = await checkFile({
      sources: await readConfig(files),
      environment: values.environment,
      failOn: values['fail-on'],
      commit: null,
      live: null,
    });
    return printReport(report, values);
  },
});
