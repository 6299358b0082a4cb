import type { AskedPermission, Grant, KeyGrants, Mode, SectionsPermission } from '../model.ts';
import { capital, inSentence } from '../text.ts';
import { logLine, visible } from './escape.ts';
import { permissionJson, withoutCommands } from './json.ts';
import type { Screen } from './screen.ts';
import { plural } from './words.ts';

type Paint = Screen['paint'];

/** What the command `permissions` says: what reading some sections needs, and, where a key was asked, what of that it has. */
export interface PermissionsReport {
  readonly version: string;
  /** What the sections were taken from: files, a list of sections, or nothing, where they are those that an export reads. */
  readonly from: 'files' | 'sections' | 'nothing';
  readonly files: readonly string[];
  readonly sections: readonly string[];
  readonly needed: readonly SectionsPermission[];
  /** The page of the Dashboard that creates such a key. */
  readonly links: { readonly [M in Mode]: string };
  /** Null where no key was asked. */
  readonly key: KeyGrants | null;
  /** Remarks, as sentences. */
  readonly notes: readonly string[];
}

/** `listed`: no key was asked; `lacking`, `unknown`: the key lacks a permission, or could not be asked about one. */
export type PermissionsStatus = 'listed' | 'granted' | 'lacking' | 'unknown';

export function permissionsStatus({ key }: PermissionsReport): PermissionsStatus {
  if (key === null) return 'listed';
  const statuses = key.needed.map(({ grant }) => grant.status);
  return (
    statuses.find((status) => status === 'lacking') ?? statuses.find((status) => status === 'unknown') ?? 'granted'
  );
}

/** The report for people at a terminal. A link stands on a line of its own. */
export function permissionsText(report: PermissionsReport, screen: Screen): string {
  const lines = report.key === null ? listed(report, screen) : asked(report, report.key, screen);
  return `${lines.join('\n')}\n`;
}

/** The report as JSON. */
export function permissionsJson(report: PermissionsReport): string {
  const { version, files, sections, needed, links, key, notes } = report;
  const json = {
    schema: 1,
    tool: { name: 'stripe-config-check', version },
    status: permissionsStatus(report),
    files,
    sections,
    permissions: (key?.needed ?? needed).map(permissionJson),
    links,
    key: key && {
      kind: key.kind,
      mode: key.mode,
      account: key.account,
      connected: key.connected,
      beyond: key.beyond?.map(permissionJson) ?? null,
    },
    notes,
  };
  return `${[...withoutCommands([JSON.stringify(json, null, 2)])].join('')}\n`;
}

function listed(report: PermissionsReport, screen: Screen): string[] {
  const { paint } = screen;
  const { needed, links } = report;
  const { text } = subject(report);
  return [
    paint('strong', visible(`A key for ${text} needs ${plural(needed.length, 'permission')}`)),
    ...noteLines(report, screen),
    '',
    ...needed.flatMap((permission) => [`  ${named(permission, needed, paint)}`, `    ${uses(permission, paint)}`]),
    '',
    'These links open the form for such a key, filled in.',
    '',
    paint('strong', 'live mode'),
    links.live,
    '',
    paint('strong', 'test mode'),
    links.test,
    '',
    ...notInLinks(needed),
    paint('faint', '--check tests whether the key in STRIPE_API_KEY has them.'),
  ];
}

function asked(report: PermissionsReport, key: KeyGrants, screen: Screen): string[] {
  const { paint } = screen;
  return [
    headline(report, key, paint),
    paint('faint', logLine(keyWords(key))),
    ...noteLines(report, screen),
    '',
    ...key.needed.flatMap((permission) => grantLines(permission, key.needed, paint)),
    ...whyUnknown(key.needed, screen),
    ...whatToAdd(report, key),
    ...beyondLines(report, key, paint),
  ];
}

function noteLines({ notes }: PermissionsReport, { paint, wrap }: Screen): string[] {
  return notes.map((note) => `${paint('notice', 'note')}  ${wrap(visible(note), 6)}`);
}

const MARKS: { readonly [S in Grant['status']]: readonly ['good' | 'error' | 'warning', string] } = {
  granted: ['good', '✓'],
  lacking: ['error', '✗'],
  unknown: ['warning', '?'],
};

function headline(report: PermissionsReport, { needed }: KeyGrants, paint: Paint): string {
  const { text, verb } = subject(report);
  const count = (status: Grant['status']) => needed.filter(({ grant }) => grant.status === status).length;
  const [lacking, unknown] = [count('lacking'), count('unknown')];
  const all = needed.length === 1 ? 'the 1 permission' : `all ${needed.length} permissions`;
  const some = needed.length === 1 ? 'the 1 permission' : `of the ${needed.length} permissions`;
  const that = `that ${text} ${verb}`;
  const part = (number: number) => (needed.length === 1 ? some : `${number} ${some}`);
  if (lacking > 0) {
    const besides = unknown === 0 ? '' : `; ${unknown} could not be tested`;
    return paint('error', visible(`✗ The key lacks ${part(lacking)} ${that}${besides}`));
  }
  if (unknown > 0) return paint('warning', visible(`! ${capital(`${part(unknown)} ${that}`)} could not be tested`));
  return paint('good', visible(`✓ The key has ${all} ${that}`));
}

function keyWords({ kind, mode, account, connected }: KeyGrants): string {
  const whose =
    connected === null ? (account === null ? [] : [`account ${account}`]) : [`connected account ${connected}`];
  return [`${kind} key`, `${mode} mode`, ...whose].join(' · ');
}

function grantLines(permission: AskedPermission, all: readonly AskedPermission[], paint: Paint): string[] {
  const { grant } = permission;
  const [style, mark] = MARKS[grant.status];
  const other =
    grant.status === 'lacking' && grant.named.length > 0
      ? [`      ${paint('warning', visible(`Stripe names ${grant.named.join(' or ')}.`))}`]
      : [];
  return [`  ${paint(style, mark)} ${named(permission, all, paint)}`, `      ${uses(permission, paint)}`, ...other];
}

/** Why it is not known of some whether the key has them: each reason once. */
function whyUnknown(permissions: readonly AskedPermission[], { paint, wrap }: Screen): string[] {
  const unknown = permissions.flatMap(({ grant }) => (grant.status === 'unknown' ? [grant] : []));
  if (unknown.length === 0) return [];
  return [
    '',
    ...new Set(unknown.map(({ reason }) => wrap(paint('warning', logLine(reason)), 0))),
    ...new Set(unknown.map(({ remedy }) => wrap(logLine(remedy), 0))),
  ];
}

function whatToAdd({ links }: PermissionsReport, { needed, mode }: KeyGrants): string[] {
  const lacking = needed.flatMap(({ grant }) => (grant.status === 'lacking' ? [grant] : []));
  if (lacking.length === 0) return [];
  const it = lacking.length === 1 ? 'it' : 'them';
  const pages = new Set(lacking.flatMap(({ edit }) => edit ?? []));
  const all = unnamed(needed).length === 0 ? 'has all of them' : 'has all of them that have a name here';
  return pages.size === 0
    ? ['', `Add ${it} in the Dashboard (API keys), or create a key that ${all} with this link:`, links[mode]]
    : ['', `This page edits the key, to add ${it}:`, ...pages, `This link creates a key that ${all}:`, links[mode]];
}

/** The sections whose permission has no name here: no link has it. */
function unnamed(permissions: readonly SectionsPermission[]): string[] {
  return permissions.flatMap(({ slug, sections }) => (slug === null ? sections : []));
}

function notInLinks(permissions: readonly SectionsPermission[]): string[] {
  const sections = unnamed(permissions);
  if (sections.length === 0) return [];
  return [
    `No link can have the permission for ${inSentence(sections)}: Stripe does not document it.`,
    'If a key lacks it, --check says how Stripe calls it.',
    '',
  ];
}

/** What the key can do besides, as far as reading tells. */
function beyondLines(report: PermissionsReport, { beyond, needed, mode }: KeyGrants, paint: Paint): string[] {
  const { text, verb } = subject(report);
  const link = isLacking(needed)
    ? []
    : [visible(`This link creates a key with only what ${text} ${verb}:`), report.links[mode], ...notInLinks(needed)];
  if (beyond === null) return ['', ...link];
  const more = beyond.filter(({ grant }) => grant.status === 'granted');
  const unknown = beyond.filter(({ grant }) => grant.status === 'unknown').flatMap(({ sections }) => sections);
  return [
    ...(more.length === 0
      ? []
      : [
          '',
          paint('warning', 'It can read more than is needed:'),
          ...more.map((permission) => `  ${named(permission, more, paint)}`),
          ...link,
        ]),
    '',
    ...(unknown.length === 0 ? [] : [`Could not test whether it can also read ${inSentence(unknown)}.`]),
    ...(beyond.length > 0 && more.length + unknown.length === 0 ? ['It can read no other section.'] : []),
    paint('faint', WHAT_READING_HIDES),
  ];
}

const WHAT_READING_HIDES = "This test can't show whether the key can also write: see the Dashboard.";

function isLacking(permissions: readonly AskedPermission[]): boolean {
  return permissions.some(({ grant }) => grant.status === 'lacking');
}

/** A permission by both its names; in a list of them the second stands under each other. */
function named(permission: SectionsPermission, list: readonly SectionsPermission[], paint: Paint): string {
  const { label, slug, sections } = permission;
  if (label === null || slug === null)
    return `${paint('strong', `for ${sections.join(', ')}`)} ${paint('faint', '(not documented by Stripe)')}`;
  const width = Math.max(...list.map((permission) => permission.label?.length ?? 0));
  const space = ' '.repeat(width - label.length + 2);
  return `${paint('strong', `${label}: Read`)}${space}${paint('faint', slug)}`;
}

/** Such as `prices: GET /v1/prices, GET /v1/prices/ID`. */
function uses({ sections, requests }: SectionsPermission, paint: Paint): string {
  return `${sections.join(', ')}: ${paint('faint', requests.join(', '))}`;
}

/** What needs the permissions, in the middle of a sentence, and the verb that follows. */
function subject({ from, files, sections }: PermissionsReport): { text: string; verb: 'need' | 'needs' } {
  const names = from === 'files' ? files : sections;
  const isOne = names.length === 1;
  const verb = isOne ? 'needs' : 'need';
  if (from === 'nothing') return { text: 'export', verb: 'needs' };
  const text = names.length > 3 ? `${names[0]} and ${names.length - 1} more` : inSentence(names);
  return { text: from === 'files' ? text : `the section${isOne ? '' : 's'} ${text}`, verb };
}
