// Made by `npm run generate` from action.yml; do not edit.

/** The inputs of the Action with their defaults; empty where there is none. */
export const INPUTS = {
  'stripe-api-key': '',
  config: 'stripe-config.yaml',
  environment: '',
  'stripe-account': '',
  'on-missing-key': 'auto',
  'fail-on': 'error',
  annotations: 'true',
  summary: 'always',
  'show-values': 'auto',
  comment: 'never',
  issue: 'false',
  'issue-labels': 'stripe-config-drift',
  'issue-assignees': '',
  'report-key': '',
  'report-file': '',
  'sarif-file': '',
  'requests-per-second': '20',
  'timeout-seconds': '300',
  'stripe-api-base': 'https://api.stripe.com',
  'allow-pull-request-target': 'false',
  'github-token': '',
} as const;

/** The outputs of the Action. */
export const OUTPUTS = [
  'status',
  'drift',
  'errors',
  'warnings',
  'notices',
  'missing',
  'changed',
  'ambiguous',
  'unmanaged',
  'unhealthy',
  'checked',
  'pending',
  'resolved',
  'mode',
  'report-path',
  'sarif-path',
  'fingerprint',
  'comment-url',
  'issue-number',
] as const;
