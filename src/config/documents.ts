import { Composer, type Document, Lexer, Parser } from 'yaml';

/** Words and signs, spaces, comments and line ends: a file of the most values that are read has about so many. */
const MOST_PIECES = 2_000_000;
/** Mistakes after which no more is read: a file with so many is something else than YAML. */
const ENOUGH_MISTAKES = 10_000;

/** The first two documents of a YAML text, as far as it was read. */
export interface Documents {
  readonly documents: readonly Document.Parsed[];
  /** Why the rest was not read, and from which offset on; null where all was, or where a third document begins. */
  readonly cut: { readonly reason: 'pieces' | 'mistakes' | 'levels'; readonly offset: number } | null;
}

/**
 * Parses a YAML text, and stops where it can't be a configuration any more: what a text costs grows with its pieces, and a
 * stranger's file of 4 MiB can have millions. `mostLevels` is how deep it may be nested.
 */
export function documentsIn(text: string, mostLevels: number): Documents {
  return frugally(() => read(text, mostLevels));
}

function read(text: string, mostLevels: number): Documents {
  const parser = new Parser();
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false });
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
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') mistakes += 1;
      documents.push(...composer.next(token));
    }
    if (mistakes > ENOUGH_MISTAKES) return stop('mistakes');
    // A level is one open collection, or two where a pair stands in a list.
    if (parser.stack.length > 2 * mostLevels + 2) return stop('levels');
    // The first document is whole once the second is: of a third nothing is said.
    if (documents.length > 1) return { documents, cut: null };
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(documents.length === 0, text.length));
  return { documents: documents.slice(0, 2), cut: null };
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
