import type { Declared, Live, Mode, Reading, SectionReading } from '../model.ts';
import { bare } from '../resources/text.ts';
import { Client, type ClientOptions } from './client.ts';
import { type Key, parseKey, secretKeyWarning } from './key.ts';
import { type Progress, read, readAll, type Seen } from './read.ts';
import { readSnapshot, snapshotMode } from './snapshot.ts';

/** The live side, read from Stripe with a key. */
export class StripeLive implements Live {
  readonly name = 'the key';
  readonly notes: string[] = [];
  private key: Key | null = null;
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
    this.options = options;
    this.progress = progress;
    this.seen = seen;
  }

  mode(sections: readonly string[]): Mode {
    this.key = parseKey(this.keyText, sections);
    if (this.key.kind === 'secret') this.notes.push(secretKeyWarning);
    return this.key.mode;
  }

  async read(declared: Declared): Promise<Reading> {
    return this.withClient([...declared.sections.keys()], (client) => read(client, declared, this.progress, this.seen));
  }

  async readAll(sections: readonly string[], retired: boolean): Promise<Reading> {
    return this.withClient(sections, (client) => readAll(client, sections, retired, this.progress, this.seen));
  }

  private async withClient<T>(sections: readonly string[], work: (client: Client) => Promise<T>): Promise<T> {
    const key = this.key ?? parseKey(this.keyText, sections);
    const client = await Client.open({ ...this.options, key });
    try {
      return await work(client);
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
    return readSnapshot(this.text, this.file, [...declared.sections.keys()]);
  }

  async readAll(sections: readonly string[], retired: boolean): Promise<Reading> {
    const reading = readSnapshot(this.text, this.file, sections);
    const kept = [...reading.sections].map(([section, read]): [string, SectionReading] => [
      section,
      read.status === 'read' && !retired ? { ...read, objects: read.objects.filter(({ inForce }) => inForce) } : read,
    ]);
    return { ...reading, sections: new Map(kept) };
  }
}
