import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';

/** Words and signs, spaces, comments and line ends: a file of the most values that are read has about so many. */
const MOST_PIECES = 2_000_000;
/** Entries of a section that are composed together: few enough to need little space, and many enough to cost no more than all at once. */
const PIECE = 50;
/** Mistakes after which no more is read: a file with so many is something else than YAML. */
const ENOUGH_MISTAKES = 10_000;

/** The first two documents of a YAML text, as far as it was read. */
export interface Documents {
  readonly documents: readonly Document.Parsed[];
  /** Why the rest was not read, and from which offset on; null where all was, or where a third document begins. */
  readonly cut: { readonly reason: 'pieces' | 'mistakes' | 'levels'; readonly offset: number } | null;
}

/**
 * Told of entries of a section as soon as they were read: a document of a map that holds them alone, and where the map began
 * that they are of. That map goes on without them: from then on it begins at `rest`.
 */
export type Take = (piece: Document.Parsed, start: number, rest: number) => void;

/**
 * Parses a YAML text, and stops where it can't be a configuration any more: what a text costs grows with its pieces, and a
 * stranger's file of 4 MiB can have millions. `mostLevels` is how deep it may be nested.
 */
export function documentsIn(text: string, mostLevels: number, take: Take | null = null): Documents {
  return frugally(() => read(text, mostLevels, take));
}

const options = { prettyErrors: false, uniqueKeys: false } as const;

function read(text: string, mostLevels: number, take: Take | null): Documents {
  const parser = new Parser();
  const composer = new Composer(options);
  /** What an entry says does not depend on others until there is an anchor, a tag or a directive. */
  let isPlain = true;
  const documents: Document.Parsed[] = [];
  const stop = (reason: 'pieces' | 'mistakes' | 'levels'): Documents => {
    const offset = parser.stack.at(-1)?.offset ?? 0;
    if (reason === 'mistakes') documents.push(...composer.end(true, text.length));
    return { documents: documents.slice(0, 2), cut: { reason, offset } };
  };
  let pieces = 0;
  let mistakes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    pieces += 1;
    if (pieces > MOST_PIECES) return stop('pieces');
    isPlain &&= !'&*!%'.includes(lexeme[0] ?? ' ');
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') mistakes += 1;
      documents.push(...composer.next(token));
    }
    if (mistakes > ENOUGH_MISTAKES) return stop('mistakes');
    if (take !== null && isPlain && documents.length === 0) takeEntries(parser, take);
    // A level is one open collection, or two where a pair stands in a list.
    if (parser.stack.length > 2 * mostLevels + 2) return stop('levels');
    // The first document is whole once the second is: of a third nothing is said.
    if (documents.length > 1) return { documents, cut: null };
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(documents.length === 0, text.length));
  return { documents: documents.slice(0, 2), cut: null };
}

/** Takes the entries out of the section that is being read that are whole, once they are many. The parser looks back at two. */
function takeEntries({ stack: [document, file, section] }: Parser, take: Take): void {
  if (document?.type !== 'document' || file?.type !== 'block-map' || section?.type !== 'block-map') return;
  if (section.items.length < PIECE + 2) return;
  const { offset } = section;
  const value: CST.BlockMap = { ...section, items: section.items.splice(0, PIECE) };
  const [{ start, key = null } = { start: [] }] = section.items;
  section.offset = (start[0] ?? key)?.offset ?? offset;
  const piece: CST.Document = { type: 'document', offset, start: [], value };
  for (const composed of new Composer(options).compose([piece]))
    take(composed as Document.Parsed, offset, section.offset);
}

/**
 * The parser looks into the environment at every piece, which costs a third of its time, and prints what it reads where a
 * variable asks for that; and each of its mistakes keeps a stack that nobody reads.
 */
function frugally<T>(work: () => T): T {
  const { env } = process;
  const { stackTraceLimit } = Error;
  process.env = {};
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    process.env = env;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
