import type { Declared, Live, Mode, Reading } from '../model.ts';
import { bare } from '../resources/text.ts';
import { Client, type ClientOptions } from './client.ts';
import { type Key, parseKey } from './key.ts';
import { type Progress, read } from './read.ts';
import { readSnapshot, snapshotMode } from './snapshot.ts';

/** The live side, read from Stripe with a key. */
export class StripeLive implements Live {
  readonly name = 'the key';
  readonly notes: string[] = [];
  private key: Key | null = null;
  private readonly keyText: string;
  private readonly options: Omit<ClientOptions, 'key'>;
  private readonly progress: Progress;

  constructor(keyText: string, options: Omit<ClientOptions, 'key'>, progress: Progress = () => {}) {
    this.keyText = keyText;
    this.options = options;
    this.progress = progress;
  }

  mode(sections: readonly string[]): Mode {
    this.key = parseKey(this.keyText, sections);
    if (this.key.kind === 'secret') {
      this.notes.push(
        'The key is a secret key: it can do everything in the account. A restricted key that can only read is enough, and safer in a workflow.',
      );
    }
    return this.key.mode;
  }

  async read(declared: Declared): Promise<Reading> {
    const key = this.key ?? parseKey(this.keyText, [...declared.sections.keys()]);
    const client = await Client.open({ ...this.options, key });
    try {
      return await read(client, declared, this.progress);
    } finally {
      client.close();
    }
  }
}

/** The live side, from the text of a snapshot. */
export class SnapshotLive implements Live {
  readonly notes: readonly string[] = [];
  readonly name: string;
  private readonly text: string;
  private readonly file: string;

  constructor(text: string, file: string) {
    this.text = text;
    this.name = bare(file);
    this.file = file;
  }

  mode(): Mode {
    return snapshotMode(this.text, this.file);
  }

  async read(declared: Declared): Promise<Reading> {
    return readSnapshot(this.text, this.file, declared);
  }
}
