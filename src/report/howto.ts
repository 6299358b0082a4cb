import { replacedBesides } from '../fix/plan.ts';
import type { Finding, Report } from '../model.ts';
import { visible } from './escape.ts';
import { type AcceptText, fixTexts, isOnPurpose, LONGEST_TEXT, placeIn, type RestoreText } from './fixes.ts';
import { roomOf, type Screen, widthOf } from './screen.ts';
import { WRONG_PLACE_REMEDY } from './words.ts';

/** How to fix findings at a terminal, both ways: what to paste, and the commands in order. */

/** Columns before a way, and before what stands below it. */
const WAY = 6;
const BELOW = 10;
/** Columns of a step's number. */
const STEP = 3;
/** The lines below each finding. What several findings of an object need is said once, below the first. */
export function fixLines(findings: readonly Finding[], report: Report, screen: Screen): Map<Finding, string[]> {
  const said = new Map<string, Finding>();
  // In a plan the findings of an object stand together, and the first says all.
  const besides = replacedBesides(findings.filter(({ problem }) => problem === 'changed'));
  return new Map(
    findings.map((finding) => {
      const { accept, restore } = fixTexts(finding, report);
      const isSaid = besides.has(finding) && finding.pending;
      const fresh = (way: Way): boolean => {
        const key = keyOf(finding, way);
        if (said.has(key)) return false;
        said.set(key, finding);
        return true;
      };
      const accepting = isOnPurpose(finding) ? [] : acceptWays(finding, accept).filter(fresh);
      const restoring = restore === null || isSaid ? null : restoreWay(finding, restore, screen);
      const first = restoring === null ? undefined : said.get(keyOf(finding, restoring));
      const restored =
        restoring === null ? [] : fresh(restoring) ? [restoring] : first === undefined ? [] : asAbove(finding, first);
      return [finding, [...accepting, ...restored].flatMap((way) => wayLines(way, screen))];
    }),
  );
}

/** What is alike of one object is said once; that nothing fits, once of all. */
function keyOf({ section, name }: Finding, way: Way): string {
  return JSON.stringify([...(way.words === WRONG_PLACE_REMEDY ? [] : [section, name]), way]);
}

/** Where it stands what to do in Stripe about another field of an object. */
function asAbove({ problem, pending }: Finding, first: Finding): Way[] {
  if (problem !== 'changed' || pending || first.problem !== 'changed') return [];
  return [inWords(`If the file is right, in Stripe: as above, under ${first.field}.`)];
}

/** One way to fix a finding: whose side it takes, what to know first, and what to copy; or what to do in words, and where. */
interface Way {
  readonly label: string;
  readonly caveats: readonly string[];
  readonly copy: readonly string[];
  readonly words: string | null;
  readonly url: string | null;
}

function inWords(words: string, url: string | null = null): Way {
  return { label: '', caveats: [], copy: [], words, url };
}

function acceptWays({ problem, section }: Finding, accept: readonly AcceptText[]): Way[] {
  const isUndeclared = problem === 'unmanaged';
  return accept.map((way) => {
    const { words, yaml, into, replaces } = way;
    if (yaml === null) return inWords(words);
    const others = replaces.filter((name) => !yaml.startsWith(`${name}:`));
    const instead = others.length === 0 ? '' : `, in place of ${replaces.join(', ')}`;
    const label =
      into === 'environments'
        ? words.replace(/: state this under `(.*)`\.$/, ', under $1').replaceAll('`', '')
        : into === 'ignore'
          ? 'To leave it out of the file, under ignore'
          : isUndeclared
            ? `To declare it, under ${section}`
            : problem === 'ambiguous'
              ? 'If you mean this one, in the file'
              : `If Stripe is right, in the file${placeIn(way)}`;
    if (isLong(yaml.split('\n')))
      return inWords(`${label}${instead}: the text is too long to show here. The JSON report has it.`);
    const copy = yaml.replace(/^ {2}/gm, isUndeclared ? '  ' : '').split('\n');
    return { label: `${label}${instead}:`, caveats: [], copy, words: null, url: null };
  });
}

function restoreWay(finding: Finding, { words, caveats, steps, commands, url }: RestoreText, screen: Screen): Way {
  const elsewhere = isLong(commands) ? ' The command is too long to show here. The JSON report has it.' : '';
  if (steps.length === 0 || elsewhere !== '') return { ...inWords(`${words}${elsewhere}`, url), caveats };
  const label = finding.pending
    ? 'To apply the change, in Stripe:'
    : finding.problem === 'unmanaged'
      ? 'Or in Stripe:'
      : 'If the file is right, in Stripe:';
  const numbered = steps.flatMap(({ says, command }, index) => [
    `${index + 1}. ${screen.wrap(visible(says.replaceAll('`', '')), BELOW + STEP)}`,
    ...(command === null ? [] : [`   ${command}`]),
  ]);
  return { label, caveats, copy: steps.length === 1 ? [...commands] : numbered, words: null, url: null };
}

function isLong(lines: readonly string[]): boolean {
  return lines.some(({ length }) => length > LONGEST_TEXT);
}

/** A text to copy is never wrapped, since a break would be copied too: what does not fit beside its label stands below. */
function wayLines({ label, caveats, copy, words, url }: Way, screen: Screen): string[] {
  const { paint, wrap } = screen;
  const start = ' '.repeat(WAY);
  const below = ' '.repeat(BELOW);
  const plain = (text: string) => visible(text.replaceAll('`', ''));
  const warned = caveats.map((caveat) => `${below}${wrap(paint('warning', plain(caveat)), BELOW)}`);
  if (words !== null)
    return [`${start}${wrap(plain(words), WAY)}`, ...warned, ...(url === null ? [] : [`${below}${url}`])];
  const [only] = copy;
  const isShort = copy.length === 1 && caveats.length === 0;
  if (isShort && only !== undefined && WAY + widthOf(label) + 1 + widthOf(only) <= roomOf(screen))
    return [`${start}${paint('faint', label)} ${only}`];
  return [`${start}${paint('faint', label)}`, ...warned, ...copy.map((line) => `${below}${line}`)];
}
