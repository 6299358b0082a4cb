import { readContent } from '../config/source.ts';
import { CheckError } from '../errors.ts';
import { apiBase, limits } from '../inputs/values.ts';
import type { Interruption } from '../interrupt.ts';
import type { Live } from '../model.ts';
import type { ClientOptions } from '../stripe/client.ts';
import { SnapshotLive, StripeLive } from '../stripe/live.ts';
import { bare } from '../text.ts';
import { options, type Values } from './options.ts';

/** The options that say how Stripe is read. */
export const stripeOptions = {
  'stripe-account': options['stripe-account'],
  'requests-per-second': options['requests-per-second'],
  'timeout-seconds': options['timeout-seconds'],
  'stripe-api-base': options['stripe-api-base'],
} as const;

/** The options that say where and how the live side is read. */
export const liveOptions = { live: options.live, ...stripeOptions } as const;

/** The options that say what else is read, to compare the two with each other. */
export const parityOptions = {
  parity: options.parity,
  other: options.other,
  'environment-other': options['environment-other'],
} as const;

/** How a shell is given the key. */
export const keyExample = [
  'Paste the key, which is not shown and not kept in the history of the shell',
  'read -rs STRIPE_API_KEY; export STRIPE_API_KEY',
] as const;

/** The live side that the options name: a snapshot, or Stripe with the key in STRIPE_API_KEY. */
export async function liveSide(
  values: Values<typeof liveOptions>,
  interruption: Interruption,
  progress: (section: string, objects: number) => void,
): Promise<Live> {
  if (values.live !== null) return snapshot(values.live, interruption.signal);
  return new StripeLive(keyText(), clientOptions(values, interruption), progress);
}

/** What is compared with the live side: another snapshot, or Stripe with the key in STRIPE_API_KEY_OTHER. */
export async function otherSide(
  live: Live,
  values: Values<typeof stripeOptions & typeof parityOptions>,
  interruption: Interruption,
  progress: (section: string, objects: number) => void,
): Promise<Live> {
  if (values.other !== null) return snapshot(values.other, interruption.signal, '--other');
  const options = { ...clientOptions(values, interruption), keyFrom: 'other variable' } as const;
  return StripeLive.beside(live, process.env.STRIPE_API_KEY_OTHER ?? '', options, progress);
}

/** What the environment holds as the key; empty where it has none. */
export function keyText(): string {
  return process.env.STRIPE_API_KEY ?? '';
}

/** How Stripe is asked, as the options say. */
export function clientOptions(
  values: Values<typeof stripeOptions>,
  interruption: Interruption,
): Omit<ClientOptions, 'key'> {
  return {
    base: baseOf(values),
    connected: values['stripe-account'],
    requestsPerSecond: values['requests-per-second'],
    timeoutSeconds: values['timeout-seconds'],
    interrupted: interruption.signal,
    keyFrom: 'variable',
  };
}

function baseOf({ 'stripe-api-base': option }: Values<typeof stripeOptions>): URL {
  const variable = process.env.STRIPE_API_BASE?.trim() ?? '';
  return option === null && variable !== ''
    ? apiBase('STRIPE_API_BASE', variable)
    : apiBase('--stripe-api-base', option ?? limits.apiBase);
}

/** The largest snapshot that is read, in MiB: several million objects. */
const LARGEST_SNAPSHOT = 256;

async function snapshot(file: string, interrupted: AbortSignal, option = '--live'): Promise<Live> {
  const content = await readContent(file, { pipes: true, interrupted, limit: LARGEST_SNAPSHOT });
  if ('text' in content) return new SnapshotLive(content.text, file);
  throw new CheckError(`The snapshot ${bare(file)} ${content.problem}.`, `Give ${option} the path of a snapshot.`);
}
