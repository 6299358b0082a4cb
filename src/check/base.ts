import { loadConfig } from '../config/load.ts';
import { fileStart, type Source } from '../config/source.ts';
import { type Declared, type Invalid, type Mode, WARN_DAYS } from '../model.ts';
import { fileWord } from '../text.ts';

/** The configuration as it was before a change, such as a pull request. */
export interface Base {
  /** The commit that has it, or a path. */
  readonly name: string;
  /** Its files then; none where the change adds them all. */
  readonly sources: readonly Source[];
}

/** What the file declared before a change, and whose file that was; null where nobody asks, or the note says why it is not known. */
export interface Before {
  readonly declared: Declared | null;
  readonly name: string | null;
  readonly note: readonly string[] | null;
}

/** Reads it; `base` is null where nobody asks, and a sentence where it can't be had. */
export async function baseDeclared(base: Base | string | null, environment: string, mode: Mode): Promise<Before> {
  if (base === null) return { declared: null, name: null, note: null };
  const unknown = (reason: string): Before => {
    return {
      declared: null,
      name: null,
      note: [`${reason} So every difference counts as drift: older than this change.`],
    };
  };
  if (typeof base === 'string') return unknown(base);
  const config = await loadConfig(base.sources);
  const { files } = config;
  const declared = files.length === 0 ? nothing : config.in(environment, mode).declared;
  return declared === null
    ? unknown(`The ${fileWord(files)} was invalid before this change.`)
    : { declared, name: base.name, note: null };
}

/** A section that a change takes out is not read any more: that nothing is found in it is no good news. */
export function removedSections(base: Declared | null, { files, sections }: Declared): Invalid[] {
  return [...(base?.sections ?? [])].flatMap(([section, { at: before, entries }]): Invalid[] => {
    if (sections.has(section)) return [];
    const at = fileStart(files.includes(before.file) ? before.file : (files[0] as string));
    const count = entries.length === 1 ? 'its 1 entry' : `its ${entries.length} entries`;
    const message = `This change removes the section ${section}: ${count} and everything else there are no longer checked. To check that there are none, keep an empty section: ${section}: {}.`;
    return [{ problem: 'invalid', severity: 'warning', at, section, name: null, field: null, message }];
  });
}

const nothing: Declared = {
  files: [],
  account: null,
  mode: null,
  namedMode: null,
  modeOf: null,
  sections: new Map(),
  policy: {},
  hasPolicy: false,
  warnDays: WARN_DAYS,
  ignore: [],
  ignoreCode: [],
  code: null,
};
