/** A small shop for the tests of the bundles, and how they read what a run said of it. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

export { driftedShop, shop, shopFile } from './state.ts';

/** A stretch of a line as an annotation has it: the last column is included. */
export interface Stretch {
  readonly line: number;
  readonly col: number;
  readonly endColumn: number;
}

/** Where a file has a key, by the names that lead to it. */
export function stretch(file: string, ...names: readonly string[]): Stretch {
  const lines = file.split('\n');
  let at = -1;
  for (const [depth, name] of names.entries()) {
    at = lines.findIndex((line, index) => index > at && line.startsWith(`${'  '.repeat(depth)}${name}:`));
    if (at === -1) throw new Error(`The file has no ${names.join('.')}.`);
  }
  const col = 2 * (names.length - 1) + 1;
  return { line: at + 1, col, endColumn: col + (names.at(-1) ?? '').length - 1 };
}

/** The JSON report, as far as the tests look at it. */
export interface ReportJson {
  readonly status: string;
  readonly commit: string | null;
  readonly files: readonly string[];
  readonly mode: string | null;
  readonly account: string | null;
  readonly environment: string | null;
  /** Between two sides the second. */
  readonly other?: { readonly mode: string; readonly account: string | null; readonly environment: string };
  readonly sections: Readonly<Record<string, ReportSection>>;
  readonly base: string | null;
  readonly findings: readonly ReportFinding[];
  readonly ignored: readonly { readonly reason: string }[];
  readonly resolved: readonly ReportFinding[];
  readonly notes: readonly string[];
  readonly error: { readonly message: string; readonly remedy: string } | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly fingerprint: string | null;
}
export interface ReportSection {
  readonly status: string;
  readonly reason?: string;
  readonly remedy?: string;
  readonly declared: number;
  readonly live: number | null;
  readonly inSync: number | null;
  readonly requests: number;
}
export interface ReportFinding {
  readonly problem: string;
  readonly severity: string;
  readonly section: string | null;
  readonly name: string | null;
  readonly id?: string | null;
  /** Between two sides the object of the second. */
  readonly other?: { readonly id: string; readonly url: string } | null;
  readonly field?: string | null;
  readonly origin?: string;
  readonly changes?: readonly { path: readonly string[]; expected?: unknown; actual?: unknown; other?: unknown }[];
  readonly at: { readonly file: string; readonly line: number; readonly column: number; readonly endColumn: number };
  readonly url?: string | null;
  readonly message: string;
  readonly fix?: { readonly restore: { readonly words: string; readonly commands: readonly string[] } | null } | null;
}

let schema: ValidateFunction<ReportJson> | undefined;

/** What a run wrote as its report. Throws where the published schema does not allow it. */
export function asReport(value: unknown): ReportJson {
  schema ??= new Ajv({ allErrors: true, strict: false }).compile<ReportJson>(
    JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8')),
  );
  if (schema(value)) return value;
  throw new Error(`The report does not fit its schema: ${JSON.stringify(schema.errors, null, 2)}`);
}

/** A finding in one line: `changed products.pro.name 9`. */
export function brief({ problem, section, name, id, field, at }: ReportFinding): string {
  const object = problem === 'unmanaged' ? [id] : [name, field];
  const path = [section, ...object].filter((step) => typeof step === 'string').join('.');
  return `${problem} ${path} ${at.line}`;
}

/** Every four characters in a row of the secret part of a key: none of them may turn up anywhere. */
export function piecesOf(key: string): string[] {
  const secret = key.split('_').at(-1) ?? '';
  return Array.from({ length: secret.length - 3 }, (_, start) => secret.slice(start, start + 4));
}

/** What would give a key away: its pieces of six characters, backwards too, and its usual encodings, at every alignment. */
export function tracesOf(key: string): string[] {
  const secret = key.split('_').at(-1) ?? '';
  const pieces = (text: string) => Array.from({ length: text.length - 5 }, (_, start) => text.slice(start, start + 6));
  const base64 = [0, 1, 2].map((offset) => {
    const bits = 8 * (offset + secret.length);
    const text = Buffer.from('-'.repeat(offset) + secret).toString('base64');
    return text.slice(Math.ceil((8 * offset) / 6), Math.floor(bits / 6));
  });
  const hex = Buffer.from(secret).toString('hex');
  const percent = hex.replace(/../g, '%$&');
  return [
    ...pieces(secret),
    ...pieces([...secret].reverse().join('')),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    ...[hex, percent].flatMap((text) => [text, text.toUpperCase()]),
  ];
}

/** A key whose every piece is unlike anything else that is printed. Put together here, so that no scanner takes it for one. */
export function madeUpKey(kind = 'rk', mode = 'live'): string {
  return [kind, mode, 'Zq7XwLk3Vb8TnHd2Jm5P'].join('_');
}
