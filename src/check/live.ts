import type { Actual, Reading } from '../model.ts';
import type { Others as All } from '../resources/resource.ts';

/** What is known of live objects without their entries. */
export type Others = Omit<All, 'alike'>;

const known = new WeakMap<Reading, Others>();

/** Looks up what is live: objects by their ids, and all of a section. */
export function liveObjects(reading: Reading): Others {
  const found = known.get(reading) ?? others(reading);
  known.set(reading, found);
  return found;
}

function others({ sections }: Reading): Others {
  const byId = new Map<string, ReadonlyMap<string, Actual>>();
  const objectsIn = (section: string) => {
    const read = sections.get(section);
    const objects =
      byId.get(section) ?? new Map(read?.status === 'read' ? read.objects.map((one) => [one.id, one]) : []);
    byId.set(section, objects);
    return objects;
  };
  return {
    find: (section, id) => objectsIn(section).get(id),
    all(section) {
      const read = sections.get(section);
      return read?.status === 'read' && !read.lookedUp ? read.objects.filter(({ inForce }) => inForce) : undefined;
    },
  };
}
