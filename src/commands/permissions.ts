import { access } from 'node:fs/promises';
import { CheckError } from '../errors.ts';
import type { Interruption } from '../interrupt.ts';
import {
  type PermissionsReport,
  type PermissionsStatus,
  permissionsJson,
  permissionsStatus,
  permissionsText,
} from '../report/permissions.ts';
import { exportedSections, permissionsOf, registry } from '../resources/index.ts';
import { keyGrants } from '../stripe/grants.ts';
import { keyLink, secretKeyWarning } from '../stripe/key.ts';
import { VERSION } from '../version.ts';
import { type Call, command, interrupted } from './command.ts';
import { configFiles, DEFAULT_FILE, patternsOf, refuseReplacing, validConfig } from './files.ts';
import { clientOptions, keyExample, keyText, stripeOptions } from './live.ts';
import { options as table } from './options.ts';
import { print, screenFor } from './output.ts';

const options = {
  check: {
    kind: 'flag',
    description: 'test which of them the key in STRIPE_API_KEY has, and whether it can read more',
  },
  sections: { ...table.sections, description: 'what these sections need, instead of a file, separated by commas' },
  format: { ...table.format, words: ['terminal', 'json'], description: 'format of the output' },
  output: table.output,
  ...stripeOptions,
} as const;

export const permissions = command({
  name: 'permissions',
  summary: 'list the least permissions that a key needs, with a link that creates one',
  description: `Lists the least permissions that a restricted key needs to read the sections of a file, with links that create such a key. Without a file, and if there is no ${DEFAULT_FILE}, it lists those that export needs. With --check, it tests each permission of the key in STRIPE_API_KEY with one request for one object of each section.`,
  files: configFiles,
  options,
  exitCodes: {
    0: 'the permissions were listed; with --check: the key has them',
    1: 'the file is invalid, or there is no usable key',
    3: 'the key lacks a permission, or one could not be tested',
    ...interrupted,
  },
  examples: [
    keyExample,
    ['List what a key for this file needs', 'stripe-config-check permissions'],
    ['Test whether a key has that', 'stripe-config-check permissions --check'],
    [
      'List what two sections need',
      `stripe-config-check permissions --sections ${[...registry.keys()].slice(0, 2).join(',')}`,
    ],
  ],
  async run(call) {
    const { format, output, sections } = call.values;
    await refuseReplacing({ output }, sections === null ? patternsOf(call.files) : []);
    const report = await reportOn(call);
    await print(format === 'json' ? permissionsJson(report) : permissionsText(report, screenFor(output)), output);
    return EXIT_CODES[permissionsStatus(report)];
  },
});

const EXIT_CODES: { readonly [S in PermissionsStatus]: number } = { listed: 0, granted: 0, lacking: 3, unknown: 3 };

type Told = Pick<PermissionsReport, 'from' | 'files' | 'sections' | 'notes'>;

async function reportOn({ files, values, interruption }: Call<typeof options>): Promise<PermissionsReport> {
  const told = values.sections === null ? await ofFiles(files, interruption) : ofSections(values.sections, files);
  const { sections } = told;
  const key = values.check ? await keyGrants(keyText(), clientOptions(values, interruption), sections) : null;
  return {
    ...told,
    version: VERSION,
    needed: permissionsOf(sections),
    links: { live: keyLink(sections, 'live'), test: keyLink(sections, 'test') },
    key,
    notes: [
      ...told.notes,
      ...(key?.kind === 'secret' ? [secretKeyWarning] : []),
      ...(values['stripe-account'] === null ? [] : [DIRECT]),
    ],
  };
}

const DIRECT =
  'What Stripe marks "(Direct)" in docs.stripe.com/keys/permissions-reference can\'t serve a connected account.';

function ofSections(named: readonly string[], files: readonly string[]): Told {
  if (files.length > 0) {
    throw new CheckError('permissions takes files or --sections, and was given both.', 'Leave one of them out.');
  }
  const sections = [...registry.keys()].filter((section) => named.includes(section));
  return { from: 'sections', files: [], sections, notes: [] };
}

async function ofFiles(named: readonly string[], { signal }: Interruption): Promise<Told> {
  if (named.length === 0 && (await isAbsent(DEFAULT_FILE))) {
    const note = `No ${DEFAULT_FILE} here: export needs these, unless --sections names others. A file may need fewer.`;
    return { from: 'nothing', files: [], sections: exportedSections, notes: [note] };
  }
  const { files, sections } = await validConfig(named, signal);
  return { from: 'files', files, sections, notes: [] };
}

async function isAbsent(file: string): Promise<boolean> {
  return access(file).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === 'ENOENT',
  );
}
