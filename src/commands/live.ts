import { readFile } from 'node:fs/promises';
import { CheckError } from '../errors.ts';
import { limits } from '../inputs.ts';
import type { Interruption } from '../interrupt.ts';
import type { Live } from '../model.ts';
import { bare } from '../resources/text.ts';
import { SnapshotLive, StripeLive } from '../stripe/live.ts';
import { options, type Values } from './options.ts';

/** The options that say where and how the live side is read. */
export const liveOptions = {
  live: options.live,
  'stripe-account': options['stripe-account'],
  'requests-per-second': options['requests-per-second'],
  'timeout-seconds': options['timeout-seconds'],
  'stripe-api-base': options['stripe-api-base'],
} as const;

/** The live side that the options name: a snapshot, or Stripe with the key in STRIPE_API_KEY. */
export async function liveSide(
  values: Values<typeof liveOptions>,
  interruption: Interruption,
  progress: (section: string, objects: number) => void,
): Promise<Live> {
  if (values.live !== null) return snapshot(values.live);
  const clientOptions = {
    base: values['stripe-api-base'] ?? process.env.STRIPE_API_BASE ?? limits.apiBase,
    connected: values['stripe-account'],
    requestsPerSecond: values['requests-per-second'],
    timeoutSeconds: values['timeout-seconds'],
    interrupted: interruption.signal,
  };
  return new StripeLive(process.env.STRIPE_API_KEY ?? '', clientOptions, progress);
}

async function snapshot(file: string): Promise<Live> {
  try {
    return new SnapshotLive(await readFile(file, 'utf8'), file);
  } catch (cause) {
    throw new CheckError(
      `The snapshot ${bare(file)} can't be read (${(cause as NodeJS.ErrnoException).code}).`,
      'Give --live the path of a snapshot.',
      { cause },
    );
  }
}
