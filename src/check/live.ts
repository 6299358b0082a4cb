import type { Actual, Reading } from '../model.ts';
import type { Others } from '../resources/resource.ts';

/** Looks up what is live: objects by their ids, and all of a section. */
export function liveObjects({ sections }: Reading): Others {
  const byId = new Map<string, Map<string, Actual>>();
  for (const [section, read] of sections) {
    if (read.status === 'read') byId.set(section, new Map(read.objects.map((actual) => [actual.id, actual])));
  }
  return {
    find: (section, id) => byId.get(section)?.get(id),
    all(section) {
      const read = sections.get(section);
      return read?.status === 'read' && !read.lookedUp ? read.objects.filter(({ inForce }) => inForce) : undefined;
    },
  };
}
