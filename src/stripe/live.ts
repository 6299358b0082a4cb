import { CheckError } from '../errors.ts';
import type { Declared, Live, OpenLive, Reading, SectionReading } from '../model.ts';
import { bare } from '../text.ts';
import { Client, type ClientOptions } from './client.ts';
import { findAll } from './find.ts';
import { parseKey, placeOfKey, sameKey, secretKeyWarning } from './key.ts';
import { askAccount, type Progress, read, readAll, type Seen } from './read.ts';
import { parseSnapshot, readSnapshot, type Snapshot } from './snapshot.ts';

/** The live side, read from Stripe with a key. */
export class StripeLive implements Live {
  readonly name = 'the key';
  readonly moment = null;
  readonly from: string;
  private readonly keyText: string;
  private readonly options: Omit<ClientOptions, 'key'>;
  private readonly progress: Progress;
  private readonly seen: Seen;

  constructor(
    keyText: string,
    options: Omit<ClientOptions, 'key'>,
    progress: Progress = () => {},
    seen: Seen = () => {},
  ) {
    this.keyText = keyText;
    this.from = placeOfKey[options.keyFrom].name;
    this.options = options;
    this.progress = progress;
    this.seen = seen;
  }

  /** What another key reads, to be compared with what is live. Throws a `CheckError` where that is read with the same key. */
  static beside(live: Live, keyText: string, options: Omit<ClientOptions, 'key'>, progress?: Progress): StripeLive {
    const other = new StripeLive(keyText, options, progress);
    if (live instanceof StripeLive && keyText.trim() !== '' && live.keyText.trim() === keyText.trim())
      throw sameKey(live.from, other.from);
    return other;
  }

  open(sections: readonly string[]): OpenLive {
    const key = parseKey(this.keyText, sections, this.options.keyFrom);
    const { progress, seen } = this;
    let began: number | null = null;
    const withClient = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
      // All that is asked has one deadline.
      began ??= performance.now();
      const spent = Math.floor((performance.now() - began) / 1000);
      const timeoutSeconds = Math.max(1, this.options.timeoutSeconds - spent);
      const client = await Client.open({ ...this.options, key, timeoutSeconds });
      try {
        return await work(client);
      } finally {
        client.close();
      }
    };
    return {
      mode: key.mode,
      key: key.kind,
      notes: key.kind === 'secret' ? [secretKeyWarning] : [],
      account: () => withClient((client) => askAccount(client, sections)),
      read: (declared, before) => withClient((client) => read(client, declared, before, progress, seen)),
      find: (wanted) => withClient((client) => findAll(client, wanted)),
      readAll: (wanted, retired, declared = null) =>
        withClient((client) => readAll(client, wanted, retired, declared, progress, seen)),
    };
  }
}

/** The live side, from the text of a snapshot. */
export class SnapshotLive implements Live {
  readonly name: string;
  readonly from: string;
  private readonly file: string;
  private readonly snapshot: Snapshot | CheckError;

  constructor(text: string, file: string) {
    this.name = bare(file);
    this.from = this.name;
    this.file = file;
    this.snapshot = parsed(text, file);
  }

  get moment(): number | null {
    return this.snapshot instanceof CheckError ? null : this.snapshot.moment;
  }

  open(): OpenLive {
    const { file, snapshot } = this;
    if (snapshot instanceof CheckError) throw snapshot;
    const readAll = async (sections: readonly string[], retired: boolean): Promise<Reading> => {
      const reading = readSnapshot(snapshot, file, sections);
      const kept = [...reading.sections].map(([section, one]): [string, SectionReading] => [
        section,
        one.status === 'read' && !retired ? { ...one, objects: one.objects.filter(({ inForce }) => inForce) } : one,
      ]);
      return { ...reading, sections: new Map(kept) };
    };
    return {
      mode: snapshot.mode,
      key: null,
      notes: [],
      account: async () => snapshot.account,
      read: async (declared: Declared) => readSnapshot(snapshot, file, [...declared.sections.keys()]),
      // All that it holds was read.
      find: async () => ({ found: [], gaps: [] }),
      readAll,
    };
  }
}

/** A snapshot, or why it is none. */
function parsed(text: string, file: string): Snapshot | CheckError {
  try {
    return parseSnapshot(text, file);
  } catch (error) {
    if (error instanceof CheckError) return error;
    throw error;
  }
}
