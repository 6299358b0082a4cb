import {
  type AskedPermission,
  type Finding,
  type KeyInHand,
  nameOfEntry,
  type Pair,
  type Report,
  type SectionsPermission,
} from '../model.ts';
import { fixTexts } from './fixes.ts';
import { message } from './words.ts';

/** The JSON report (`schema/report.schema.json`) in pieces, so that a long one need not stand in memory twice. */
export function* reportJson(report: Report): Generator<string> {
  yield* withoutCommands(pieces(report));
}

/** So many characters are written at once, or a few more. */
const PIECE = 65_536;

/** JSON in long pieces, in which nothing is a workflow command: the runner takes the older syntax anywhere in a line that is printed. */
export function* withoutCommands(json: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of json) {
    text += piece;
    if (text.length < PIECE) continue;
    yield withoutCommand(text);
    text = '';
  }
  yield withoutCommand(text);
}

function withoutCommand(json: string): string {
  return json.replaceAll('##[', '##\\u005b');
}

function* pieces(report: Report): Generator<string> {
  const { version, sections, findings, resolved, ignored, error } = report;
  const head = {
    schema: 1,
    tool: { name: 'stripe-config-check', version },
    startedAt: report.startedAt,
    durationMs: report.durationMs,
    commit: report.commit,
    base: report.base,
    status: report.status,
    files: report.files,
    mode: report.mode,
    account: report.account,
    environment: report.environment,
    ...(report.key !== null && { key: keyJson(report.key, report) }),
    ...otherRealm(report),
    sections: Object.fromEntries(
      [...sections].map(([name, { status, reason, remedy, declared, live, other, inSync, requests }]) => [
        name,
        {
          status,
          ...(reason !== undefined && { reason, remedy }),
          declared,
          live,
          ...(other !== undefined && { other }),
          inSync,
          requests,
        },
      ]),
    ),
  };
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "findings": [`;
  const isFixed = mostUndeclared();
  yield* items(findings, (found) => ({ ...finding(found), fix: isFixed(found) ? fixTexts(found, report) : null }));
  yield '],\n  "resolved": [';
  yield* items(resolved, resolvedFinding);
  yield '],\n  "ignored": [';
  yield* items(ignored, ({ finding: accepted, reason }) => ({ ...finding(accepted), reason }));
  const tail = { notes: report.notes, error, counts: report.counts, fingerprint: report.fingerprint };
  yield `],\n${JSON.stringify(tail, null, 2).slice(2)}\n`;
}

function keyJson(
  { kind, beyond }: KeyInHand,
  { mode, account, connected }: Pick<Report, 'mode' | 'account' | 'connected'>,
): object {
  return { kind, mode, account, connected, beyond: beyond?.map(permissionJson) ?? null };
}

/** A permission as JSON has it, here and in the report of a check. */
export function permissionJson(permission: SectionsPermission | AskedPermission): object {
  const { slug, label, sections, requests } = permission;
  const grant = 'grant' in permission ? permission.grant : {};
  return { slug, label, access: 'read', sections, requests, ...grant };
}

/** The second of two realms that were compared with each other. */
function otherRealm({ realms }: Report): object {
  if (realms === null) return {};
  const { mode, account, environment, key } = realms[1];
  return { other: { mode, account, environment, ...(key !== null && { key: keyJson(key, realms[1]) }) } };
}

/** Of so many undeclared objects of a section the report says how to fix each: who has more exports them into the file, or ignores them. */
export const MOST_FIXES = 100;

function mostUndeclared(): (found: Finding) => boolean {
  const counts = new Map<string, number>();
  return ({ problem, section }) => {
    if (problem !== 'unmanaged') return true;
    const count = (counts.get(section) ?? 0) + 1;
    counts.set(section, count);
    return count <= MOST_FIXES;
  };
}

/** The items of a JSON list, a line each. */
export function* items<T>(list: readonly T[], shape: (item: T) => object): Generator<string> {
  for (const [index, item] of list.entries()) yield `${index === 0 ? '' : ','}\n    ${JSON.stringify(shape(item))}`;
  if (list.length > 0) yield '\n  ';
}

/** What the pull request resolves: it is no finding any more, so it has neither severity nor origin. */
function resolvedFinding(found: Finding): object {
  const { severity: _, origin: __, ...rest } = finding(found) as { severity: unknown; origin: unknown };
  return rest;
}

/** A finding as the report holds it. */
function finding(found: Finding): object {
  if (found.pair !== undefined) return pairFinding(found, found.pair);
  const { problem, severity, section, at } = found;
  const common = { problem, severity, section };
  const origin = found.pending ? 'pending' : 'drift';
  const rest = { at, message: message(found) };
  switch (found.problem) {
    case 'invalid':
      return { ...common, name: nameOfEntry(found), field: found.field, ...rest };
    case 'missing':
      return { ...common, name: nameOfEntry(found), origin, ...rest };
    case 'changed': {
      const { id, field, changes, url } = found;
      const renamed = found.renamed && { renamed: true };
      return {
        ...common,
        name: nameOfEntry(found),
        id,
        field,
        changes,
        ...renamed,
        origin,
        ...(found.drifted && { drifted: true }),
        at,
        url,
        message: rest.message,
      };
    }
    case 'ambiguous':
      return {
        ...common,
        name: nameOfEntry(found),
        candidates: found.candidates.map(({ id, url }) => ({ id, url })),
        ...(found.unnamed !== undefined && { count: found.candidates.length + found.unnamed }),
        rivals: found.rivals,
        ...(found.rivalsIn !== undefined && { rivalsIn: found.rivalsIn }),
        origin,
        ...rest,
      };
    case 'unmanaged':
      if (found.id === null) return { ...common, name: null, count: found.count, origin, ...rest };
      return {
        ...common,
        name: null,
        id: found.id,
        label: found.label,
        origin,
        at,
        url: found.url,
        message: rest.message,
      };
    case 'unhealthy': {
      const { rule, id, field, url } = found;
      return { ...common, name: nameOfEntry(found), rule, id, field, at, url, message: rest.message };
    }
    case 'unsubscribed':
      return { ...common, name: nameOfEntry(found), field: found.field, word: found.word, more: found.more, ...rest };
    case 'unhandled':
      return { ...common, name: nameOfEntry(found), field: found.field, word: found.word, ...rest };
    case 'dangling': {
      const { field, word, why, isSold: sold, more, url } = found;
      return { ...common, name: null, field, word, why, sold, more, at, url, message: rest.message };
    }
  }
}

/** A finding between two realms: the object of each, and what each has. */
function pairFinding(found: Finding, { objects, realms, agreeing, ambiguous, declared }: Pair): object {
  const { problem, severity, section, at } = found;
  const [one, other] = objects;
  const isCounted = found.problem === 'unmanaged' && found.id === null;
  return {
    problem,
    severity,
    section,
    name: nameOfEntry(found),
    ...(isCounted ? { count: found.count } : { id: one?.id ?? null, other }),
    ...(found.problem === 'unmanaged' && found.label !== null && { label: found.label }),
    ...(declared !== undefined && { declared: { in: realms[declared.which].name, name: declared.entry } }),
    ...(found.problem === 'changed' && {
      field: found.field,
      changes: found.changes.map(({ path, expected, actual, hidden }) => ({
        path,
        ...(expected !== undefined && { actual: expected }),
        ...(actual !== undefined && { other: actual }),
        ...(hidden !== undefined && { hidden }),
      })),
      agrees: agreeing === undefined ? null : realms[agreeing].name,
    }),
    ...(found.problem === 'ambiguous' && {
      candidates: found.candidates.map(({ id, url }) => ({ id, url })),
      rivals: found.rivals,
      in: realms[ambiguous ?? 0].name,
    }),
    at,
    ...(!isCounted && { url: one?.url ?? null }),
    message: message(found),
  };
}
