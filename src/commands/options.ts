import { accountId, apiBase, limits } from '../inputs/values.ts';
import { SHOW_VALUES } from '../report/privacy.ts';
import { MOST_FINDINGS } from '../report/terminal.ts';
import { registry } from '../resources/index.ts';

/**
 * What an option takes. `fallback` is its value where it is left out; `placeholder` stands for the value in the help; `check`
 * throws a `CheckError` for a value that can't be used.
 */
export type Option = { readonly description: string } & (
  | { readonly kind: 'flag'; readonly short?: string }
  | {
      readonly kind: 'text' | 'file';
      readonly placeholder: string;
      readonly check?: (name: string, value: string) => unknown;
    }
  | {
      readonly kind: 'word';
      readonly placeholder: string;
      readonly words: readonly string[];
      readonly fallback: string;
      /** Its value where it is left out in a workflow of GitHub. */
      readonly inWorkflow?: string;
    }
  | { readonly kind: 'words'; readonly placeholder: string; readonly words: readonly string[] }
  | {
      readonly kind: 'number';
      readonly placeholder: string;
      readonly least: number;
      readonly most: number;
      readonly fallback: string;
    }
);

/** Options by their names, without the two hyphens. */
export type Options = { readonly [name: string]: Option };

/** What a command gets: null where an option was left out that has no default. */
export type Values<O extends Options> = { readonly [Name in keyof O]: Value<O[Name]> };
type Value<O extends Option> = O extends { kind: 'flag' }
  ? boolean
  : O extends { kind: 'word'; words: readonly (infer Word)[] }
    ? Word
    : O extends { kind: 'words' }
      ? readonly string[] | null
      : O extends { kind: 'number' }
        ? number
        : string | null;

/** Every option that more than one command may have; what is said of the Action's inputs of the same names holds here too. */
export const options = {
  environment: {
    kind: 'text',
    placeholder: 'NAME',
    description: 'the environment in the file to use; default: the mode of the key (live or test)',
  },
  'fail-on': {
    kind: 'word',
    placeholder: 'LEVEL',
    words: limits.failOn,
    fallback: 'error',
    description: 'exit with 2 if there is a finding of this level or above',
  },
  format: {
    kind: 'word',
    placeholder: 'FORMAT',
    words: ['terminal', 'json', 'markdown', 'github', 'sarif'],
    fallback: 'terminal',
    description: 'format of the report (github: workflow commands)',
  },
  output: { kind: 'file', placeholder: 'FILE', description: 'write to this file instead of standard output' },
  'report-file': {
    kind: 'file',
    placeholder: 'FILE',
    description: 'also write the JSON report, with all findings, to this file',
  },
  quiet: {
    kind: 'flag',
    short: 'q',
    description:
      'print nothing if the exit code is 0, otherwise only a headline and a line for each finding; show no progress',
  },
  all: {
    kind: 'flag',
    description: `print every finding, not only the first ${MOST_FINDINGS} of each section and a few of the objects that are not in the file`,
  },
  fixes: {
    kind: 'flag',
    description: 'print how to fix each finding: what to write into the file, or what to run',
  },
  'show-values': {
    kind: 'word',
    placeholder: 'MODE',
    words: SHOW_VALUES,
    fallback: 'full',
    inWorkflow: 'auto',
    description:
      "which values are shown. auto: in a public repository (or if that is not known), objects that are not in the file are counted, not named; redacted: they are always counted, and Stripe's side of all other differences is hidden too",
  },
  live: {
    kind: 'file',
    placeholder: 'FILE',
    description: 'compare with this snapshot (JSON) instead of Stripe: needs no key and no network',
  },
  parity: {
    kind: 'flag',
    description:
      'compare two sides with each other, such as live and test mode, instead of the file with one: those of the keys in STRIPE_API_KEY and STRIPE_API_KEY_OTHER. The file says which objects belong together',
  },
  other: {
    kind: 'file',
    placeholder: 'FILE',
    description: 'with --parity: the other side is this snapshot (JSON), not that of STRIPE_API_KEY_OTHER',
  },
  'environment-other': {
    kind: 'text',
    placeholder: 'NAME',
    description: 'with --parity: the environment in the file for the other side; default: its mode (live or test)',
  },
  'stripe-account': {
    kind: 'text',
    placeholder: 'ID',
    check: accountId,
    description: 'the connected account to read (acct_…)',
  },
  'requests-per-second': {
    kind: 'number',
    placeholder: 'N',
    ...limits.requestsPerSecond,
    description: 'highest number of requests to Stripe per second',
  },
  'timeout-seconds': {
    kind: 'number',
    placeholder: 'N',
    ...limits.timeoutSeconds,
    description: 'stop reading Stripe after this many seconds',
  },
  'stripe-api-base': {
    kind: 'text',
    placeholder: 'URL',
    check: apiBase,
    description: `base URL of the API; default: STRIPE_API_BASE, else ${limits.apiBase}`,
  },
  sections: {
    kind: 'words',
    placeholder: 'SECTIONS',
    words: [...registry.keys()],
    description: 'only these sections, separated by commas',
  },
} as const satisfies Options;
