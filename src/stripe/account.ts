import { CheckError } from '../errors.ts';
import { Client, type ClientOptions } from './client.ts';
import { parseKey } from './key.ts';

/** What a run waits for at most, in seconds, to know whose key it has. */
const LONGEST_WAIT = 15;

/** The account of a key, asked by one request; null where Stripe does not tell it, or there is no such key. */
export async function accountOfKey(keyText: string, options: Omit<ClientOptions, 'key'>): Promise<string | null> {
  const timeoutSeconds = Math.min(options.timeoutSeconds, LONGEST_WAIT);
  try {
    const client = await Client.open({ ...options, timeoutSeconds, key: parseKey(keyText, null, options.keyFrom) });
    return await client
      .learnAccount()
      .catch(() => null)
      .finally(() => client.close());
  } catch (error) {
    if (error instanceof CheckError) return null;
    throw error;
  }
}
