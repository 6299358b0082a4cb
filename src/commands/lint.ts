import { check as checkFile, stopped } from '../check/check.ts';
import type { Source } from '../config/source.ts';
import { CheckError } from '../errors.ts';
import type { Result } from '../model.ts';
import { visible } from '../report/escape.ts';
import { linesOf } from '../report/excerpt.ts';
import { shown } from '../report/privacy.ts';
import { type Call, command, interrupted } from './command.ts';
import { codeAround, configFiles, patternsOf, refuseReplacing, shownIn, shownPatterns, sourcesOf } from './files.ts';
import { options as table } from './options.ts';
import { print, printReport, reportOptions } from './output.ts';

const options = {
  environment: table.environment,
  ...reportOptions,
  watch: { kind: 'flag', description: 'check again whenever the file changes, until interrupted' },
} as const;

export const lint = command({
  name: 'lint',
  summary: 'check only the file, without a key or network',
  description:
    'Checks that a file is valid: fields, names, references, amounts, duplicates; and, where it names code, that the code and the endpoints agree on event types. Stripe is not read, so no key is needed.',
  files: configFiles,
  options,
  exitCodes: { 0: 'the file is valid', 1: 'the file is invalid', 2: 'a warning reached --fail-on', ...interrupted },
  examples: [
    ['Check stripe-config.yaml', 'stripe-config-check lint'],
    ['Check several files as one configuration', "stripe-config-check lint 'stripe/**/*.yaml'"],
    ['Fail on warnings too, and print nothing if there are none', 'stripe-config-check lint -q --fail-on warning'],
    ['Check it each time it is saved', 'stripe-config-check lint --watch'],
  ],
  async run(call) {
    const { output, 'report-file': reportFile, watch } = call.values;
    await refuseReplacing({ output, 'report-file': reportFile }, patternsOf(call.files));
    return watch ? watched(call) : printed(call);
  },
});

async function printed({ files, values, interruption }: Call<typeof options>): Promise<number> {
  const shownPath = shownIn(values.format);
  const request = { environment: values.environment, failOn: values['fail-on'], commit: null };
  const read: Source[] = [];
  const found = async (): Promise<Result> => {
    read.push(...(await sourcesOf(files, interruption.signal, shownPath)));
    return checkFile({
      ...request,
      sources: read,
      live: null,
      code: codeAround(files, [values.output, values['report-file']], shownPath),
      interrupted: interruption.signal,
    });
  };
  const result = await found().catch((error: unknown) => {
    if (error instanceof CheckError) return stopped({ ...request, files: shownPatterns(files, shownPath) }, error);
    throw error;
  });
  return printReport(shown(result, 'full'), values, { lines: linesOf(read), fixes: null });
}

/** Loads what watches only when it is asked for. */
async function watched(call: Call<typeof options>): Promise<number> {
  const { output, format, quiet } = call.values;
  if (call.files.includes('-'))
    throw new CheckError('--watch takes no standard input: that never changes.', 'Name a file, or leave --watch out.');
  const names = shownPatterns(call.files, shownIn('terminal'));
  const { watchFiles } = await import('./watch.ts');
  const forPeople = format === 'terminal' && output === null && !quiet;
  if (forPeople)
    process.stderr.write(
      `Checking ${visible(names.join(', '))} whenever ${names.length > 1 ? 'they change' : 'it changes'}, until Ctrl+C.\n\n`,
    );
  return watchFiles(patternsOf(call.files), call.interruption.signal, async () => {
    if (forPeople) await print(`${new Date().toLocaleTimeString('en-GB')}\n`, output);
    const code = await printed(call);
    if (forPeople) await print('\n', output);
    return code;
  });
}
