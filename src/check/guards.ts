import { CheckError } from '../errors.ts';
import type { Both, Declared, Live, Mode, Reading } from '../model.ts';
import { bare, statement } from '../text.ts';

/** What a file says of the account and mode that it is for. Guards fail closed: what can't be verified is not compared. */

/** Throws a `CheckError` where what is live is of another mode than the file, or the name of its environment, says. */
export function verifyMode(
  { files, mode: stated, namedMode, modeOf }: Declared,
  mode: Mode,
  environment: string,
  live: Live,
): void {
  if (namedMode !== null && namedMode !== mode) {
    throw new CheckError(
      `The environment ${namedMode} is for ${namedMode} mode, but ${live.name} is of ${mode} mode. Nothing was compared.`,
      `Use a key of ${namedMode} mode, or the environment ${mode}. An environment for both modes needs another name.`,
    );
  }
  if (stated === null || stated.value === mode) return;
  throw new CheckError(
    `${statement('mode', stated, files)}, but ${live.name} is of ${mode} mode. Nothing was compared.`,
    modeOf === null
      ? `Use a key of ${stated.value} mode. To check ${mode} mode with this file too, run stripe-config-check export --merge --environment ${bare(environment)} with the key of ${mode} mode: it adds what differs there to the file.`
      : `Use a key of ${stated.value} mode, which the environment ${bare(modeOf)} is for, or another environment.`,
  );
}

/** A snapshot tells its account by itself; Stripe was asked before anything was read. */
export function verifyAccount({ files, account: stated }: Declared, { account }: Reading, live: Live): void {
  if (stated === null || stated.value === account) return;
  const place = statement('account', stated, files);
  if (account === null) {
    throw new CheckError(
      `${place}, but ${live.name} does not say which account it is from, so that can't be verified. Nothing was compared.`,
      'Take the snapshot again with its account, or remove account from the file.',
    );
  }
  throw new CheckError(
    `${place}, but ${live.name} is of ${bare(account)}. Nothing was compared.`,
    'Read the stated account, or fix account in the file.',
  );
}

/** Throws a `CheckError` where two realms of one mode are, or may be, of one account. */
export function verifyApart([one, other]: Both<string | null>, mode: Mode, lives: Both<Live>): void {
  if (one !== null && other !== null && one !== other) return;
  const names = `${lives[0].from} and ${lives[1].from}`;
  const remedy =
    'Compare live mode with test mode, or an account with its sandbox: give one of the two a key of another mode or account.';
  if (one !== null && other !== null)
    throw new CheckError(`${names} are both of ${mode} mode of ${bare(one)}: nothing can differ.`, remedy);
  throw new CheckError(
    `${names} are both of ${mode} mode, and it is not known of which accounts, so that they may be the same. Nothing was compared.`,
    remedy,
  );
}

/** Throws a `CheckError` where the environments of two realms have no section in common. */
export function verifyShared([one, other]: Both<Declared>, environments: Both<string>): void {
  if ([...one.sections.keys()].some((section) => other.sections.has(section))) return;
  throw new CheckError(
    `The environments ${environments.map(bare).join(' and ')} have no section in common. Nothing was compared.`,
    'Declare outside environments what is to be in both.',
  );
}
