import { CheckError } from '../errors.ts';
import type { Reading, SectionReading } from '../model.ts';
import { isRecord, record } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { createdAt, idOf, type Resource, reduced, toActual } from '../resources/resource.ts';
import { bare, quote } from '../text.ts';
import type { Raw } from './client.ts';
import type { Seen } from './read.ts';

/** A snapshot as it was written. */
export interface Snapshot {
  readonly mode: Reading['mode'];
  readonly account: string | null;
  /** When it was taken, in milliseconds since 1970; the present, where it does not say. */
  readonly moment: number;
  readonly sections: { readonly [section: string]: unknown };
}

/** The live side as a snapshot has it. Throws a `CheckError` where an object in it is none. */
export function readSnapshot(snapshot: Snapshot, file: string, wanted: readonly string[]): Reading {
  const { mode, account, moment } = snapshot;
  const readings = wanted.map((section): [string, SectionReading] => [section, sectionOf(snapshot, section, file)]);
  return { mode, account, connected: null, sections: new Map(readings), moment, granted: [], notes: [] };
}

/** Takes a snapshot: told of each object as it is read, it keeps of it what can be declared. */
export class SnapshotTaker {
  private readonly objects = new Map<string, Map<string, Kept>>();

  readonly seen: Seen = (section, raw, isPart) => {
    const resource = resourceOf(section);
    const id = idOf(resource, raw);
    const kept = reduced(resource, raw as unknown as { readonly [name: string]: unknown }) as unknown as Kept;
    const known = this.objects.get(section) ?? new Map<string, Kept>();
    this.objects.set(section, known);
    known.set(id, isPart ? { ...known.get(id), ...kept } : kept);
  };

  /** The snapshot of what a reading holds, as JSON. Objects stand in the order in which they were created. */
  text({ mode, account, moment, sections }: Reading): string {
    const written = [...sections].map(([section, reading]): [string, unknown] => [
      section,
      reading.status === 'read'
        ? reading.objects.flatMap(({ id }) => this.objects.get(section)?.get(id) ?? []).sort(byAge)
        : { refused: reading.reason },
    ]);
    const takenAt = new Date(moment).toISOString();
    return `${JSON.stringify({ schema: 1, takenAt, mode, account, sections: record(written) }, null, 2)}\n`;
  }
}

interface Kept {
  readonly id: string;
  readonly created?: unknown;
}

function byAge(one: Kept, other: Kept): number {
  return (createdAt(one) ?? 0) - (createdAt(other) ?? 0) || (one.id < other.id ? -1 : 1);
}

/** Reads a snapshot's text. Throws a `CheckError` for anything that is not a snapshot. */
export function parseSnapshot(text: string, file: string): Snapshot {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notSnapshot(file, 'it is not JSON');
  }
  if (!isRecord(value)) throw notSnapshot(file, 'it is not a JSON object');
  const { schema, takenAt, mode, account = null, sections } = value;
  if (schema !== 1) throw notSnapshot(file, `its schema is ${said(schema)}, and this version reads 1`);
  if (mode !== 'live' && mode !== 'test') throw notSnapshot(file, `its mode is ${said(mode)}, not live or test`);
  if (account !== null && typeof account !== 'string') throw notSnapshot(file, 'its account is neither an id nor null');
  if (!isRecord(sections)) throw notSnapshot(file, 'it has no sections');
  const moment = takenAt === undefined ? Date.now() : Date.parse(String(takenAt));
  if (Number.isNaN(moment)) throw notSnapshot(file, `its takenAt is ${said(takenAt)}, which is no time`);
  return { mode, account, moment, sections };
}

function sectionOf({ moment, sections }: Snapshot, section: string, file: string): SectionReading {
  const value = sections[section];
  const none = { requests: 0, durationMs: 0 };
  if (isRecord(value) && typeof value.refused === 'string') {
    return {
      status: 'refused',
      reason: `In the snapshot, ${section} could not be read: ${quote(value.refused.replace(/\.$/, ''))}.`,
      remedy: 'Take the snapshot again: run stripe-config-check snapshot with a key that may read all of its sections.',
      ...none,
    };
  }
  if (!Array.isArray(value) || (value.length !== 1 && resourceOf(section).shape === 'single')) {
    return {
      status: 'failed',
      reason: `The snapshot ${bare(file)} holds no ${section}.`,
      lacks: { section, permission: null },
      remedy: 'Take a new snapshot, with all sections that you need.',
      ...none,
    };
  }
  const resource = resourceOf(section) as unknown as Resource<Raw>;
  const objects = value.flatMap((raw, index) => {
    if (!isRecord(raw) || (typeof raw.id !== 'string' && resource.shape !== 'single'))
      throw notSnapshot(file, `sections.${section}[${index}] is not an object with an id`);
    const live = raw as unknown as Raw;
    return (resource.skip?.(live) ?? null) === null ? [toActual(resource, live, moment)] : [];
  });
  return { status: 'read', objects, ...none };
}

function said(value: unknown): string {
  if (value === undefined) return 'absent';
  return typeof value === 'string' ? quote(value) : bare(JSON.stringify(value));
}

function notSnapshot(file: string, reason: string): CheckError {
  return new CheckError(
    `${bare(file)} is not a snapshot of a Stripe account: ${reason}.`,
    'Name a file of the form { "schema": 1, "mode": "live", "account": null, "sections": { … } }.',
  );
}
