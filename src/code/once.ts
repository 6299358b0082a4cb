import { grouped, type Place } from '../model.ts';
import { type EventMention, eventMentions } from './events.ts';
import { type IdForm, type IdMention, idMentions } from './ids.ts';
import { type KeyForm, type KeyMention, keyMentions } from './keys.ts';
import type { Source } from './source.ts';

/**
 * What a file names, each word once: a file may name one word 65,000 times, and many files may. Nothing here holds on to the
 * text of the file.
 */

/** A word that a file names, at the first place that counts. */
export type Once<Mention> = Mention & {
  /** How many places of the file name it, those that count. */
  readonly count: number;
};

/** The same, with all lines of the file that name it, in order: those that do not count, too. */
export type OnceInLines<Mention> = Once<Mention> & { readonly lines: readonly number[] };

/** The event types that a file names, in places that count. */
export function eventsIn(
  source: Source,
  counts: (mention: EventMention) => boolean = () => true,
): Once<EventMention>[] {
  return [...grouped(eventMentions(source).filter(counts), ({ type }) => type).values()].map((all) => ({
    ...all[0],
    type: detached(all[0].type),
    count: all.length,
  }));
}

/** The ids that a file names. A place that is not marked counts before one that is, and one that sells before others. */
export function idsIn(source: Source, forms: readonly IdForm[]): OnceInLines<IdMention>[] {
  return [...grouped(idMentions(source, forms), ({ id }) => id).values()].map((all) => {
    const { told, ...rest } = toldOf(all, ({ isSold }) => isSold);
    return { ...told, id: detached(told.id), ...rest };
  });
}

/** The lookup keys that a file names. A place that is not marked counts before one that is. */
export function keysIn(source: Source, form: KeyForm): OnceInLines<KeyMention>[] {
  return [...grouped(keyMentions(source, form), ({ key }) => key).values()].map((all) => {
    const { told, ...rest } = toldOf(all, () => false);
    return { ...told, key: detached(told.key), ...rest };
  });
}

function toldOf<M extends { readonly at: Place; readonly isMarked: boolean }>(
  all: readonly [M, ...M[]],
  isFirst: (mention: M) => boolean,
): { readonly told: M; readonly count: number; readonly lines: readonly number[] } {
  const unmarked = all.filter(({ isMarked }) => !isMarked);
  const counted = unmarked.length > 0 ? unmarked : all;
  return {
    told: counted.find(isFirst) ?? counted[0] ?? all[0],
    count: counted.length,
    lines: [...new Set(all.map(({ at }) => at.line))],
  };
}

/** The same word on its own. A part of a string keeps the whole of it in memory. */
export function detached(word: string): string {
  return Buffer.from(word).toString();
}
