import { languageOf } from '../../src/code/languages.ts';
import { Source } from '../../src/code/source.ts';

/** A made-up file. */
export function sourceOf(file: string, text: string): Source {
  const language = languageOf(file);
  if (language === null) throw new Error(`${file} is in no language.`);
  return new Source(file, text, language);
}
