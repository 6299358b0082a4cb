import { byObject } from '../check/finding.ts';
import {
  type Accept,
  type Caveat,
  type Deed,
  fixOf,
  type Obstacle,
  type Referrers,
  type Restore,
  type Unchanged,
} from '../fix/fix.ts';
import { replacedBesides } from '../fix/plan.ts';
import { Printed, type Request } from '../fix/requests.ts';
import {
  type Changed,
  entrySteps,
  type Finding,
  grouped,
  type Mention,
  type Report,
  record,
  SINGLE,
} from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { fieldOf, isFixedAt } from '../resources/resource.ts';
import { bare, capital, firstInSentence, INVISIBLE, inSentence, pathText, withArticle } from '../text.ts';
import type { Parameter } from '../vocabulary/type.ts';
import { writeBlock, writeField } from '../vocabulary/yaml.ts';
import { code, cut, link, prose } from './escape.ts';
import { changedPath, follows, pathTitle, plural, WRONG_PLACE_REMEDY } from './words.ts';

/** Which account a command is for, and what else the report found, on which steps may depend. */
export type Where = Pick<Report, 'mode' | 'connected'> &
  Partial<Pick<Report, 'findings' | 'sections' | 'startedAt' | 'looksWrong'>>;

/** How to fix a finding, both ways where there are two, as a person reads and copies it. Nothing of it is run. */
export interface FixTexts {
  readonly accept: readonly AcceptText[];
  readonly restore: RestoreText | null;
}
export interface AcceptText {
  readonly words: string;
  /** What to paste; null where there is nothing to paste, or it may not be shown. */
  readonly yaml: string | null;
  /** Where to: into the entry, under its section, under `ignore` or under `environments`; null where the words alone say what to do. */
  readonly into: 'entry' | 'section' | 'ignore' | 'environments' | null;
  /** Where in the entry: names of maps, from its fields inwards; absent for the entry itself. Where in `environments`: from their names inwards. */
  readonly within?: readonly string[];
  /** The names of the entry, as the file spells them, that go: what is pasted takes their place. */
  readonly replaces: readonly string[];
}
export interface RestoreText {
  readonly words: string;
  /** What to know before the first step, as sentences. */
  readonly caveats: readonly string[];
  /** In order, each safe if nothing follows. Empty where there are none, or a value can't be typed. */
  readonly steps: readonly StepText[];
  /** The commands of the steps that have one. */
  readonly commands: readonly string[];
  /** The page in the Dashboard; null where it may not be shown. */
  readonly url: string | null;
}
export interface StepText {
  /** What the step does, in a few words. */
  readonly says: string;
  /**
   * For a POSIX shell with Stripe's command line; null for a step that no command does. `<id printed by 1>` stands for the
   * id that step 1 prints.
   */
  readonly command: string | null;
}

/** How to fix a finding, in words, YAML and commands. */
export function fixTexts(finding: Finding, where: Where): FixTexts {
  const { accept, restore } = fixOf(finding, where);
  return { accept: accept.map(acceptText), restore: restore && restoreText(restore, where) };
}

/** What comes first of a long list, such as the prices of a product. */
const MOST_LISTED = 3;

/** The two sides, either of which may be right. */
const IN_FILE = 'If Stripe is right, in the file';
const IN_STRIPE = 'If the file is right, in Stripe';
const TO_APPLY = 'To apply the change, in Stripe';
/** The headings under which a page has the steps. */
export const HOW_TO_FIX = 'How to fix';
export const HOW_TO_APPLY = 'How to apply';

function acceptText(accept: Accept): AcceptText {
  const inWords = (words: string): AcceptText => ({ words, yaml: null, into: null, replaces: [] });
  switch (accept.way) {
    case 'state': {
      const { within, replaces, fields } = accept;
      const what = replaces.length === 0 ? 'add this to the entry' : `replace ${listed(replaces)} with this`;
      const where = within === undefined ? '' : `in \`${pathText(within)}\`, `;
      const yaml = fields.map((field) => writeField(...field)).join('\n');
      return { words: `${IN_FILE}: ${where}${what}.`, yaml, into: 'entry', ...(within && { within }), replaces };
    }
    case 'identify': {
      const { hides, replaces, id } = accept;
      const words = `${IN_FILE}: replace ${listed(replaces)} with this. The \`${hides}\` in Stripe may contain a token, so it is not shown.`;
      return { words, yaml: writeField('id', id), into: 'entry', replaces };
    }
    case 'choose': {
      const { replaces, id, finders } = accept;
      if (finders.length > 0) {
        const words = `If you mean ${bare(id)}, add this to the entry. The others then count as not declared.`;
        const yaml = finders.map((field) => writeField(...field)).join('\n');
        return { words, yaml, into: 'entry', replaces };
      }
      const instead = replaces.length === 0 ? '' : ', in place of `match`';
      const words = `State the \`id\` of the one that you mean${instead}. The others then count as not declared.`;
      return { words, yaml: writeField('id', id), into: 'entry', replaces };
    }
    case 'remove-field': {
      const { replaces } = accept;
      return { words: `${IN_FILE}: remove ${listed(replaces)} from the entry.`, yaml: null, into: 'entry', replaces };
    }
    case 'remove-entry':
      return inWords(`${IN_FILE}: remove the entry.${namedWords(accept.namedBy)}`);
    case 'change-field': {
      const unshown = accept.isShown ? '' : ', which is not shown here';
      return inWords(`${IN_FILE}: change \`${accept.field}\` to what Stripe has${unshown}.`);
    }
    case 'keep-one':
      if (accept.other !== undefined)
        return inWords(`Remove this entry, or the one in ${accept.other}: what one of them declares is declared.`);
      return inWords('Keep one of these entries, or state in each the `id` that it means.');
    case 'find-another':
      return inWords(
        'Other entries already find all of these objects: remove this entry, or make it find another object.',
      );
    case 'declare': {
      const { section, entry, fields, withheld, tokens, unread } = accept;
      const [secret, own] = [tokens, withheld.filter((name) => !tokens.includes(name))].map((names) => {
        const are = names.length === 1 ? 'is' : 'are';
        return names.length === 0 ? null : `${inSentence(names)} ${are} not shown here`;
      });
      const notes = [
        ...(secret == null ? [] : [`${secret}, since a token may be in there.`]),
        ...(own == null ? [] : [`${own}: an export writes what Stripe has.`]),
        ...(unread.length === 0 ? [] : [`If it has ${unread.join(' or ')}, state that too: it was not read.`]),
      ];
      const words = `Declare it: paste this under \`${section}\`.`;
      const yaml = [writeBlock(entry, fields), ...notes.map((note) => `    # ${note}`)].join('\n');
      return { words, yaml, into: 'section', replaces: [] };
    }
    case 'ignore': {
      const words =
        'Or accept it without declaring it: paste this under `ignore`, and say why. `until` can set the last day.';
      const yaml = writeBlock(null, { [accept.section]: accept.id, reason: 'Say why' });
      return { words, yaml, into: 'ignore', replaces: [] };
    }
    case 'differ': {
      const { because, there, within, fields } = accept;
      const value = fields[0]?.[1];
      const when = {
        'on purpose': 'If they differ on purpose',
        'only there': `If it belongs to ${bare(there)} alone`,
        'meant there': `If you mean ${typeof value === 'string' ? bare(value) : 'this one'} in ${bare(there)}`,
      }[because];
      const words = `${when}, say so in the file: state this under \`${pathText(['environments', ...within])}\`.`;
      const yaml = fields.map((field) => writeField(...field)).join('\n');
      return { words, yaml, into: 'environments', within, replaces: fields.map(([name]) => name) };
    }
    case 'differ-unshown':
      return inWords('If they differ on purpose, state the value of each under `environments` in the file.');
    case 'declare-both': {
      const { section, ids } = accept;
      const ignored = ids.length === 0 ? '' : ` (${ids.map((id) => writeField(section, id)).join(' or ')})`;
      return inWords(
        `Declare it: run stripe-config-check export --merge with the key of each side, or accept it under \`ignore\`${ignored} with a reason.`,
      );
    }
    case 'export': {
      const { section, unread } = accept;
      const words = `To declare it, run stripe-config-check export --merge --sections ${section}: ${listed(unread)} ${unread.length === 1 ? 'was' : 'were'} not read here, and an entry without that guards no amount.`;
      return inWords(words);
    }
    case 'declare-each': {
      const { kind, section } = resourceOf(accept.section);
      return inWords(`Declare each ${kind} under \`${section}\`, or accept it under \`ignore\` with a reason.`);
    }
  }
}

/** Names in backticks, as a sentence lists them. */
function listed(names: readonly string[]): string {
  return inSentence(names.map((name) => `\`${name}\``));
}

function restoreText(restore: Restore, where: Where): RestoreText {
  if (restore.way.kind === 'replace-with') {
    const of = restoreText({ ...restore.way.restore, isPending: restore.isPending }, where);
    // Where it has no steps to point to, it is said again.
    if (of.steps.length === 0) return of;
  }
  const all = restore.steps.map(({ does, request }): StepText | null => {
    const says = deedWords(does, restore);
    if (request === null) return { says, command: null };
    const command = commandLine(request, where);
    return command === null ? null : { says, command };
  });
  const sayable = all.filter((step) => step !== null);
  // Of several there are all or none.
  const steps = sayable.length === all.length ? sayable : [];
  const caveats = restore.caveats.flatMap((caveat) => caveatWords(caveat, restore.section, steps.length) ?? []);
  return {
    words: `${restoreWords(restore, steps.length > 0)}${steps.length > 0 ? '' : reasonWords(restore, where)}`,
    caveats: [...new Set(caveats)],
    steps,
    commands: steps.flatMap(({ command }) => command ?? []),
    url: restore.url,
  };
}

/** Why there is no command where there could be one, as a sentence; empty where something else is said of it. */
function reasonWords({ section, uncreated, steps, obstacles }: Restore, where: Where): string {
  if (obstacles.length > 0) return '';
  const because = (field: string, why: string) => ` No command, because \`${field}\` ${why}.`;
  if (uncreated?.why === 'by hand') return ` ${uncreated.says}`;
  if (uncreated?.why === 'retired') {
    const { retire, retired } = resourceOf(section).state?.words ?? {};
    return ` No request creates one that is ${retired}: create it active, then ${retire} it.`;
  }
  if (uncreated !== null) {
    const why = { unstated: 'is not stated', hidden: 'may not be shown here', unsaid: "can't be said in one" };
    return because(uncreated.field, why[uncreated.why]);
  }
  const unseen = steps.flatMap(({ request }) =>
    Object.entries(request?.parameters ?? {}).filter(
      ([name, value]) =>
        commandLine({ ...request, words: [], path: '', verb: '', id: null, parameters: { [name]: value } }, where) ===
        null,
    ),
  );
  const [parameter] = unseen;
  if (parameter === undefined) return '';
  const [name, value] = parameter;
  const isBroken = flat(name, value).some((text) => text?.includes('\n'));
  return because(name, isBroken ? 'holds a line break' : 'holds what a command line would not take as it is');
}

function restoreWords(restore: Restore, hasSteps: boolean): string {
  const { way, section, isPending, obstacles, unchanged } = restore;
  const lead = isPending ? TO_APPLY : IN_STRIPE;
  if (unchanged !== null) return `${lead}: ${unchangedWords(unchanged, section)}`;
  const alike = [...grouped(obstacles, likenessOf).values()];
  const first = alike.slice(0, MOST_LISTED).map((group) => ` ${obstacleWords(group, section, way)}`);
  const rest = alike.slice(MOST_LISTED).flat().length;
  const more = rest === 0 ? '' : ` There ${rest === 1 ? 'is' : 'are'} ${rest} more: run the check again after this.`;
  return `${wayWords(way, section, lead, hasSteps)}${first.join('')}${more}`;
}

/** What is equal for obstacles of which one sentence tells. */
function likenessOf(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'absent':
      return JSON.stringify([obstacle.kind, obstacle.section, obstacle.why]);
    case 'replaced':
      return JSON.stringify([obstacle.kind, obstacle.section, obstacle.field]);
    case 'needed':
      return JSON.stringify([obstacle.kind, obstacle.by.section, obstacle.by.field, obstacle.why]);
    default:
      return JSON.stringify(obstacle);
  }
}

/** Objects of a section, by entry and id; how many there are where none of them may be named. */
function objectWords(section: string, objects: readonly { id: string | null; entry: string | null }[]): string {
  const { kind } = resourceOf(section);
  const names = objects.flatMap(({ id, entry }) => {
    if (entry === null) return id === null ? [] : [bare(id)];
    if (entry === SINGLE) return [section];
    const name = bare(`${section}.${entry}`);
    return [id === null ? name : `${name} (${bare(id)})`];
  });
  const [only] = objects;
  if (objects.length === 1 && only?.entry === null)
    return only.id === null ? `another ${kind}` : `the ${kind} ${names}`;
  return names.length === 0 ? plural(objects.length, kind) : firstInSentence(names, MOST_LISTED, objects.length);
}

/** Why no command changes a field, and what to do instead. */
function unchangedWords({ field, why }: Unchanged, section: string): string {
  const resource = resourceOf(section);
  const { kind, state } = resource;
  if (why === 'kind') return `change it in the Dashboard, since no request changes ${kind}.`;
  if (why === 'given') return `${fieldOf(resource, field)?.field.given}.`;
  const reasons = {
    kept: state?.kept?.why,
    empty: "Stripe can't unset it once it is set",
    part: 'no request unsets a part of it',
    own: `no request sets the ${kind}'s own currency there`,
    final: 'it is not certain that Stripe lets it lose a currency whose tax behavior is set',
    added: 'no request removes what only Stripe has in it',
    unsaid: 'no request sets it to what the file says',
  };
  return `no command changes \`${field}\`, because ${reasons[why]}. Try the Dashboard, or state what Stripe has.`;
}

function wayWords(way: Restore['way'], section: string, lead: string, hasSteps: boolean): string {
  const { kind, state, replacing } = resourceOf(section);
  const { retire = '', retired = '' } = state?.words ?? {};
  const fixed = (field: string) => `\`${field}\` can't be changed after creation`;
  switch (way.kind) {
    case 'update':
      return `${lead}: change it.`;
    case 'release': {
      const { field, id } = way.taken;
      const who = id === null ? `another ${kind}` : bare(id);
      const first = `look at ${who} first: it has this \`${field}\`, and only one ${kind} at a time can have it. Remove it there, or state another \`${field}\`.`;
      if (way.fixed === null) return `${lead}: ${first}`;
      return `${lead}: create a new ${kind}, ${replacing}: ${fixed(way.fixed)}. Before that, ${first}`;
    }
    case 'replace': {
      const why = way.gone ? `no ${kind} that is ${retired} becomes ${state?.words.active} again` : fixed(way.fixed);
      if (hasSteps) return `${lead}: replace ${bare(way.id)} with a new ${kind}, since ${why}.`;
      const then = way.named ? ' Then state the `id` of the new one.' : '';
      return `${lead}: create a copy of ${bare(way.id)} with the file's values, ${replacing}: ${why}.${then}`;
    }
    case 'replace-with':
      return `${lead}: the steps under ${causeWords(way.cause)} do this too.`;
    case 'created': {
      const { id, old } = way;
      if (id === null)
        return `${lead}: there is already ${withArticle(kind)} with all of these values. Find it in the Dashboard, and state its \`id\` in the file.`;
      const rest = old === null || state === null ? '' : ` ${capital(bare(old))} is then not declared.`;
      return `${lead}: it already exists: ${bare(id)}. State its id in the file: \`id: ${id}\`.${rest}`;
    }
    case 'doubt':
      return WRONG_PLACE_REMEDY;
    case 'create':
      return `${lead}: create the ${kind}.`;
    case 'create-and-name':
      return `${lead}: create the ${kind}, and state its \`${way.field}\`.`;
    case 'create-and-set':
      return `${lead}: create the ${kind} and set its ${listed(way.fields)}, which the entry finds it by.`;
    case 'adopt': {
      const { field, id, entry } = way.taken;
      if (entry !== null)
        return `${lead}: only one entry can state this \`${field}\`, and the entry ${bare(entry)} finds the ${kind} that has it.`;
      const who = id === null ? `another ${kind}` : bare(id);
      const then = way.isNamed ? 'State its `id`' : 'Change it so that the entry finds it';
      return `${lead}: look at ${who}: it already has this \`${field}\`, and only one ${kind} at a time can have it. ${then}, or state another \`${field}\`.`;
    }
    case 'reactivate':
      return `${lead}: reactivate the ${retired} ${kind}, or create a new one.`;
    case 'have-one-retired':
      return `${lead}: ${retire} one of them.`;
    case 'retire':
      return lead === TO_APPLY ? `${lead}: ${retire} it.` : `Or ${retire} it in Stripe.`;
    case 'stay':
      return state?.kept === undefined
        ? `It stays in Stripe: no request ${retire === '' ? 'removes' : `${retire}s`} ${withArticle(kind)}.`
        : `It stays in Stripe: ${state.kept.why}.`;
    case 'retire-others':
      return way.apart.length === 0
        ? `Once you know which one is meant, ${retire} the others in Stripe.`
        : `Once you know which one is meant, ${retire} in Stripe only those of the others that have the same ${listed(way.apart)}.`;
    case 'check': {
      const keys = inSentence(way.realms.map((name) => `the key of ${bare(name)}`));
      const each = way.realms.length === 1 ? 'it says' : 'each says';
      return `Else run stripe-config-check check --fixes with ${keys}: ${each} what differs from the file there, and what to do.`;
    }
    case 'look':
      return way.remedy;
  }
}

/** A finding by its entry and the first place that differs, as reports print them. */
function causeWords(cause: Changed): string {
  const [change] = cause.changes;
  return `${bare(cause.name)} ${change === undefined ? cause.field : changedPath(cause, change)}`;
}

/** What comes before any step, as sentences. */
function obstacleWords(alike: readonly [Obstacle, ...Obstacle[]], section: string, way: Restore['way']): string {
  const { kind, state } = resourceOf(section);
  const again = 'then run the check again';
  const [obstacle] = alike;
  const isOne = alike.length === 1;
  switch (obstacle.kind) {
    case 'absent': {
      const { section: target, why } = obstacle;
      const names = (alike as readonly (typeof obstacle)[]).map(
        ({ entry, path }) => `${pathText([target, entry])} (\`${pathText(path)}\`)`,
      );
      const [is, was, that] = isOne ? ['is', 'was', 'that'] : ['are', 'were', 'those'];
      const create = `Create ${that} first, ${again}: it then shows the command for this ${kind}.`;
      const said = {
        added: `this pull request adds too. ${create}`,
        creatable: `${is} missing. ${create}`,
        missing: `${was} not found either: fix ${that} first, ${again}.`,
        ambiguous: `${is} ambiguous: fix ${that} first, ${again}.`,
        unread: `could not be looked up, since ${target} were not read: run the check again once they can be.`,
      };
      return `It refers to ${firstInSentence(names, MOST_LISTED)}, which ${said[why]}`;
    }
    case 'unfit': {
      const { field, section: target, id, why, is, isBound } = obstacle.unfit;
      const { kind: other, state: its } = resourceOf(target);
      const who = id === null ? `${withArticle(other)} that the file does not declare` : bare(id);
      const refers = `But it refers to ${who} (\`${field}\`), which`;
      if (why === 'of another')
        return `${refers} belongs to another ${kind}, and Stripe refuses that: state one of its own.`;
      if (why === 'absent') return `${refers} was not found: create that first, or state another.`;
      const anew = `create a new ${kind} of another ${other}, since the \`${field}\` of this one can't be changed`;
      const another = isBound && way.kind === 'update' ? anew : 'state another';
      const what = its?.restore === null ? another : `reactivate that first, or ${another}`;
      return `${refers} is ${is ?? its?.words.retired}: ${what}.`;
    }
    case 'replaced': {
      const { field, section: target, id } = obstacle;
      const { kind: other } = resourceOf(target);
      if (isOne)
        return `But it refers to ${bare(id)} (\`${field}\`), which is to be replaced by a new ${other}: do that first, ${again}.`;
      const ids = new Set((alike as readonly (typeof obstacle)[]).map((one) => bare(one.id)));
      return `But it refers to ${firstInSentence([...ids], MOST_LISTED)} (\`${field}\`), which are to be replaced: do that first, ${again}.`;
    }
    case 'needed': {
      const { by, why } = obstacle;
      const { kind: other, state: its } = resourceOf(by.section);
      const all = (alike as readonly (typeof obstacle)[]).map((one) => one.by);
      const who = objectWords(by.section, all);
      if (!isOne && why !== 'locks') {
        const isNamed = all.some(({ id, entry }) => id !== null || entry !== null);
        const named = isNamed ? `: ${who}` : '';
        if (why === 'active')
          return `First ${its?.words.retire} its ${plural(all.length, `${its?.words.active} ${other}`)}${named}.`;
        return `But the file expects its ${plural(all.length, other)} to be ${its?.words.active}${named}. Declare those ${its?.words.retired} too, or keep this ${kind}.`;
      }
      if (why === 'locks')
        return `First give ${who} another ${spaced(by.field)}: Stripe refuses to ${state?.words.retire} a ${spaced(by.field)}.`;
      if (why === 'active')
        return `First ${its?.words.retire} ${who}, which needs it: its ${spaced(by.field)} can't be changed.`;
      return `But the file expects ${who}, which needs it, to be ${its?.words.active}: declare that ${its?.words.retired} too, or keep this ${kind}.`;
    }
    case 'named':
      return `But the file names it in ${mentioned(obstacle.mentions)}: declare it, or remove it there first.`;
    case 'moment': {
      const { field, isPast, years } = obstacle;
      const why = isPast ? 'has passed' : `is more than ${years} years ahead`;
      return `But its \`${field}\` ${why}, which Stripe refuses: state another.`;
    }
  }
}

/** Where the file states an id. */
function mentioned(mentions: readonly Mention[]): string {
  return inSentence(placesOf(mentions));
}

function placesOf(mentions: readonly Mention[]): string[] {
  const places = mentions.map(
    ({ section, name, field }) => `\`${pathText([...entrySteps({ section, name }), field])}\``,
  );
  return [...new Set(places)];
}

/** What else has to change where an entry goes that others name. */
function namedWords(mentions: readonly Mention[]): string {
  if (mentions.length === 0) return '';
  const places = placesOf(mentions);
  return ` First change ${firstInSentence(places, MOST_LISTED)}, which ${places.length === 1 ? 'names' : 'name'} it.`;
}

/** A field's name as people say it. */
function spaced(field: string): string {
  return field.replaceAll('_', ' ');
}

/** What to know before the first step, as a sentence; null where there is nothing. */
function caveatWords(caveat: Caveat, section: string, steps: number): string | null {
  const { kind, state, replacingRisk, creating, outside, moving } = resourceOf(section);
  switch (caveat.kind) {
    case 'replacing':
      return replacingRisk.replace(`the old ${kind}`, bare(caveat.id));
    case 'creating':
      return creating ?? null;
    case 'retiring':
      if (state === null) return null;
      return caveat.several
        ? `For each one that you ${state.words.retire}: ${follows(state.words.meaning)}.`
        : `Afterwards ${follows(state.words.meaning)}.`;
    case 'several':
      return resourceOf(section).several ?? null;
    case 'moving':
      return steps === 0 || moving === undefined ? null : `From step 1 on, ${moving}.`;
    case 'outside': {
      if (outside === undefined) return null;
      const { places, fails } = outside;
      const [name, once] = [bare(caveat.id), `${fails} once it is ${state?.words.retired}`];
      if (!caveat.replaced) return `Before that, look for ${name} in ${places}: ${once}.`;
      const before = steps > 0 ? `Before step ${steps}` : `Before you ${state?.words.retire} it`;
      return `${before}, replace ${name} in ${places}: ${once}.`;
    }
    case 'merge-first':
      return `Wait for the merge, and until nothing uses ${bare(caveat.id)} any more.`;
    case 'changing':
      return caveat.says;
    case 'lost': {
      const { id, paths, why } = caveat;
      const [what, old] = [listed(paths.map(pathText)), bare(id)];
      const [it, that, does] = paths.length === 1 ? ['it', 'that', 'does'] : ['them', 'those', 'do'];
      if (why === 'unread')
        return `The file does not state ${what}, so ${it} ${paths.length === 1 ? 'was' : 'were'} not read from ${old}: the new ${kind} has none.`;
      const lacks = `The new ${kind} has no ${what}: ${that} of ${old}`;
      if (why === 'hidden') return `${lacks} may not be shown here. Copy ${it} in the Dashboard.`;
      return `${lacks} ${does} not go with the file, or can't be set at creation.`;
    }
    case 'later':
      return `\`${caveat.field}\` can be set once the ${kind} exists: then run the check again.`;
    case 'replaced-too':
      return `The steps under ${causeWords(caveat.cause)} do this too: run this alone to change it at once.`;
    case 'after':
      return `First create ${pathText([caveat.section, caveat.entry])}, which it refers to.`;
    case 'referred': {
      const { id, by, replaced } = caveat;
      if (!replaced) return referredWords(by, bare(id));
      const before = `Before you ${state?.words.retire ?? 'remove'} ${bare(id)}`;
      return steps > 0 ? null : `${before}, ${referAnewWords(by, bare(id), kind)}.`;
    }
    case 'alike': {
      const { ids, paths } = caveat;
      const named = ids.filter((id) => id !== null).map(bare);
      const who = named.length === 0 ? plural(ids.length, kind) : firstInSentence(named, MOST_LISTED, ids.length);
      const [has, one] = ids.length === 1 ? ['has', 'it'] : ['have', 'one of them'];
      return `First look at ${who}, which ${has} all that the entry states but ${listed(paths.map(pathText))}. If ${one} was renamed, change that one instead.`;
    }
    case 'bound': {
      const [{ section: of, path }] = caveat.by;
      const isOne = caveat.by.length === 1;
      const [refer, objects, each] = isOne
        ? ['entry refers', 'its object in Stripe refers', 'that object']
        : ['entries refer', 'their objects in Stripe refer', 'each of these objects'];
      const field = `its \`${path[0]}\` can't be changed`;
      return `${caveat.by.length} ${refer} to it, and ${objects} to another ${kind}, or to none: ${objectWords(of, caveat.by)}. With a new ${kind}, ${each} has to be replaced too: ${field}.`;
    }
    case 'perhaps-needed': {
      const { id, field, replaced } = caveat;
      const other = resourceOf(caveat.section).kind;
      const is = `If ${bare(id)} is the ${spaced(field)} of ${withArticle(other)}`;
      const refusal = `Stripe refuses to ${state?.words.retire} a ${spaced(field)}`;
      if (!replaced) return `${is}, give that ${other} another one first: ${refusal}.`;
      const before = steps > 0 ? `before step ${steps}` : 'first';
      return `${is}, make the new one its ${spaced(field)} ${before}: ${refusal}.`;
    }
    case 'mentioned': {
      return `The file states ${bare(caveat.id)} in ${mentioned(caveat.mentions)}: write the new id there.`;
    }
  }
}

/** What refers to an object that is to go, as a sentence. */
function referredWords(by: Referrers, id: string): string {
  const [{ section, path }] = by;
  const [who, where] = [objectWords(section, by), `\`${pathText(path)}\``];
  if (!isFixedAt(resourceOf(section), path)) return `Before that, take ${id} out of ${where} of ${who}.`;
  return `${capital(who)} ${by.length === 1 ? 'refers' : 'refer'} to it in ${where}, which can't be changed.`;
}

/** What to do with what refers to an object that another takes the place of, as a clause. */
function referAnewWords(by: Referrers, id: string, kind: string): string {
  const [{ section, path, isListed }] = by;
  const { kind: other, replacing } = resourceOf(section);
  const [who, where] = [objectWords(section, by), `\`${pathText(path)}\``];
  if (!isFixedAt(resourceOf(section), path)) {
    const isOneByOne = resourceOf(section).fields[path[0] ?? '']?.items !== undefined;
    const whole = isListed && !isOneByOne ? ': a request has to give the whole list' : '';
    return `put the new ${kind} in the place of ${id} in ${where} of ${who}${whole}`;
  }
  const each = by.length === 1 ? '' : ' for each';
  return `replace ${who}, whose ${where} can't be changed:${each} create a new ${other} of the new ${kind}, ${replacing}`;
}

function deedWords(deed: Deed, { section, isPending, way }: Restore): string {
  const { kind, state, handover = '' } = resourceOf(section);
  const isReplacing = way.kind === 'replace';
  switch (deed.kind) {
    case 'create':
      return deed.anew ? `create the new ${kind}` : `create the ${kind}`;
    case 'change':
      return `change its ${deed.field}`;
    case 'add':
      return `add ${itemWords(deed)} to its ${spaced(deed.field)}`;
    case 'take-out':
      return `take ${itemWords(deed)} out of its ${spaced(deed.field)}`;
    case 'refer': {
      const what = deed.to === null ? 'it' : bare(deed.to);
      return `make ${what} the ${spaced(deed.field)} of ${bare(deed.id)}`;
    }
    case 'refer-anew':
      return referAnewWords(deed.by, bare(deed.id), kind);
    case 'hand-over':
      return handover;
    case 'name':
      if (!isReplacing)
        return `in the file, state the ${deed.field} that step 1 printed, in place of ${bare(deed.old)} (or under environments, if that is the one of the other mode)`;
      return `in the file, state the ${deed.field} that step 1 printed, in place of ${bare(deed.old)} (else the next run asks for another ${kind})`;
    case 'retire': {
      // While the old signing secret is accepted too, nothing else waits for a merge.
      const isLater = isPending && handover === '';
      const when = isLater ? ` after the merge, when nothing uses ${bare(deed.id)} any more` : '';
      return `${state?.words.retire} ${deed.anew ? 'the old one' : 'it'}${when}`;
    }
    case 'restore':
      return 'reactivate it';
  }
}

/** An item of a set, by its entry and id. */
function itemWords({ entry, id }: Extract<Deed, { kind: 'add' | 'take-out' }>): string {
  return entry === null ? bare(id) : `${bare(entry)} (${bare(id)})`;
}

/** A command of Stripe's command line; null where a part of it can't be typed as it is. */
function commandLine({ words, path, verb, id, inner, parameters, inJson }: Request, where: Where): string | null {
  const pairs = Object.entries(parameters);
  const data = inJson ? (pairs.length === 0 ? [] : [json(parameters)]) : pairs.flatMap((pair) => flat(...pair));
  const ids = [id, inner].filter((one) => one != null);
  const below = [id, /^(?:create|update|delete)$/.test(verb) ? null : verb].filter((one) => one !== null);
  const parts = [
    'stripe',
    ...(words === null ? [verb === 'delete' ? verb : 'post', [path, ...below].join('/')] : [...words, verb, ...ids]),
    ...(where.mode === 'live' ? ['--live'] : []),
    ...(where.connected === null ? [] : ['--stripe-account', where.connected]),
    ...data.flatMap((one) => ['-d', one ?? '']),
  ];
  const isPath = ids.every((one) => /^\w[\w.-]*$/.test(one));
  const isEmpty = data.length === 0 && /^(?:create|update)$/.test(verb);
  if (!isPath || isEmpty || data.includes(null)) return null;
  // What is not seen can't be copied, and a log breaks the runner's older syntax of commands.
  const line = parts.map(shellWord).join(' ');
  return INVISIBLE.test(line) || line.includes('##[') ? null : line;
}

/** `name=value` for each value within a parameter; null for one whose name the command line would take apart otherwise. */
function flat(name: string, value: Parameter | Printed): (string | null)[] {
  if (value instanceof Printed) return [`${name}=${printed(value)}`];
  if (typeof value === 'string') return [`${name}=${value}`];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '' || /[[\]=]/.test(key) ? [null] : flat(`${name}[${key}]`, inner as Parameter),
  );
}

/** Parameters as JSON, in which null unsets. What is not seen is escaped. */
function json(parameters: Request['parameters']): string {
  const plain = (value: Parameter | Printed): unknown => {
    if (value instanceof Printed) return printed(value);
    if (typeof value === 'string') return value === '' ? null : value;
    if (Array.isArray(value)) return value.map((item) => plain(item as Parameter));
    return record(Object.entries(value).map(([name, one]) => [name, plain(one as Parameter)]));
  };
  const escaped = (unseen: string) =>
    unseen.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const all = Object.entries(parameters).map(([name, one]) => [name, plain(one)] as const);
  return JSON.stringify(record(all)).replace(new RegExp(INVISIBLE, 'gu'), escaped);
}

/** The id that an earlier step printed. */
function printed({ step }: Printed): string {
  return `<id printed by ${step}>`;
}

/** A word as a POSIX shell takes it, whatever is in it. */
function shellWord(text: string): string {
  return /^[\w./:,@%+-][\w./:,@%+=-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Objects of a section that the summary explains; the JSON report has all. */
const MOST_OBJECTS = 20;
/** Text to copy is never cut: what is longer than this stands in the JSON report alone. */
export const LONGEST_TEXT = 4000;
const LONGEST_SENTENCE = 1000;

/** How to fix the findings of a section, object by object, in Markdown. At most `most` objects. */
export function fixBlocks(findings: readonly Finding[], where: Where, most: number): string {
  const objects = byObject(findings);
  const shown = objects.slice(0, Math.min(most, MOST_OBJECTS));
  const rest = objects.length - shown.length;
  return [
    ...shown.map((group) => objectBlock(group, where)),
    ...(rest === 0 ? [] : [`${plural(rest, 'more object')}: the JSON report has all.`]),
  ].join('\n\n');
}

function objectBlock(findings: readonly [Finding, ...Finding[]], where: Where): string {
  const [first] = findings;
  const besides = replacedBesides(findings);
  const texts = findings.map((finding) => ({ finding, text: fixTexts(finding, where) }));
  const ways = texts.map(({ finding, text }) => {
    const way = isOnPurpose(finding) ? { ...text, accept: [] } : text;
    // The new object that takes the place of this one has what this finding asks for.
    return besides.has(finding) ? { ...way, restore: null } : way;
  });
  const blocks =
    first.pair !== undefined
      ? pairBlocks(ways)
      : first.problem === 'changed'
        ? changedBlocks(ways)
        : ways.flatMap(blocksOf);
  const atOnce = texts.flatMap(({ finding, text }) => (besides.has(finding) ? atOnceBlocks(finding, text) : []));
  return [`**${code(cut(objectTitle(first), 300))}**`, ...new Set([...blocks, ...atOnce])].join('\n\n');
}

/** The command for what need not wait until the object is replaced: only that has one of its own. */
function atOnceBlocks(finding: Finding, { restore }: FixTexts): string[] {
  if (finding.problem !== 'changed' || restore === null || restore.commands.length === 0) return [];
  return [`To change ${code(finding.field)} alone, at once:`, fenced('shell', restore.commands.join('\n'))];
}

/** Whether the file says so on purpose, since a pull request states it: it is to be applied, but where it could mean several objects. */
export function isOnPurpose({ pending, problem }: Finding): boolean {
  return pending === true && problem !== 'ambiguous';
}

/** An entry as the tables call it; an object that is not in the file by its id. */
function objectTitle(finding: Finding): string {
  return finding.problem === 'unmanaged' ? (finding.id ?? finding.section) : pathTitle(finding);
}

/** Fields of one entry together. */
function changedBlocks(ways: readonly FixTexts[]): string[] {
  const accept = ways.flatMap((way) => way.accept);
  const places = grouped(
    accept.filter(({ yaml }) => yaml !== null),
    ({ within = [] }) => pathText(within),
  );
  return [
    ...[...places].flatMap(([within, pasted]) => pasteBlocks(within, pasted)),
    ...accept.filter(({ yaml }) => yaml === null).map(({ words }) => prose(words)),
    ...restoreBlocks(ways.flatMap((way) => way.restore ?? [])),
  ];
}

/** What is pasted at one place in an entry. */
function pasteBlocks(within: string, accept: readonly AcceptText[]): string[] {
  // Two fields that say one thing both state the other.
  const lines = [...new Set(accept.flatMap(({ yaml }) => yaml?.split(/\n(?=\S)/) ?? []))];
  const pasted = lines.map(nameOf);
  const stated = new Set(accept.flatMap(({ replaces }) => replaces));
  const gone = [...stated].filter((name) => !pasted.includes(name));
  const removing =
    gone.length === 0 ? '' : ` (${gone.map(code).join(' and ')} ${gone.length === 1 ? 'is removed' : 'are removed'})`;
  const isIn = within !== '';
  const replaced = pasted.filter((name) => stated.has(name)).length;
  const what =
    replaced === 0 && gone.length === 0
      ? `add this ${isIn ? `in ${code(within)}` : 'to the entry'}`
      : `replace${replaced < pasted.length ? ' or add' : ''} these fields ${isIn ? `in ${code(within)}` : 'of the entry'}`;
  return [`${IN_FILE}, ${what}${removing}:`, fenced('yaml', lines.join('\n'))];
}

/** What to do about all that differs of one object between two realms: what stands at one place is pasted together. */
function pairBlocks(ways: readonly FixTexts[]): string[] {
  const accept = grouped(
    ways.flatMap((way) => way.accept),
    ({ words }) => words,
  );
  return [
    ...[...accept].flatMap(([words, all]) => {
      const yaml = all.flatMap((one) => one.yaml ?? []);
      return [prose(words), ...(yaml.length === 0 ? [] : [fenced('yaml', yaml.join('\n'))])];
    }),
    ...restoreBlocks(ways.flatMap((way) => way.restore ?? [])),
  ];
}

function blocksOf({ accept, restore }: FixTexts): string[] {
  return [
    ...accept.flatMap(({ words, yaml }) => [prose(words), ...(yaml === null ? [] : [fenced('yaml', yaml)])]),
    ...restoreBlocks(restore === null ? [] : [restore]),
  ];
}

function restoreBlocks(list: readonly RestoreText[]): string[] {
  const [first] = list;
  if (first === undefined) return [];
  const words = [...new Set(list.map((one) => one.words))].map(prose).join(' ');
  const caveats = [...new Set(list.flatMap((one) => one.caveats))].map((caveat) => `- ⚠️ ${prose(caveat)}`);
  const steps = new Map(list.flatMap((one) => one.steps.map((step) => [step.command ?? step.says, step] as const)));
  return [
    `${words}${first.url === null ? '' : ` ${link('Dashboard', first.url)}`}`,
    ...(caveats.length === 0 ? [] : [caveats.join('\n')]),
    ...stepBlocks([...steps.values()]),
  ];
}

/** Commands to copy: one alone, or numbered, each with what it does. */
function stepBlocks(steps: readonly StepText[]): string[] {
  if (steps.length < 2) return steps.flatMap(({ command }) => (command === null ? [] : fenced('shell', command)));
  const items = steps.map(({ says, command }, index) => {
    if (command === null) return `${index + 1}. ${prose(capital(says))}.`;
    const block = fenced('shell', command).replace(/^/gm, '   ');
    return `${index + 1}. ${prose(capital(says))}:\n${block}`;
  });
  return [items.join('\n')];
}

/** Text to copy, as a block of code whose fence is longer than any in it. */
function fenced(language: string, text: string): string {
  if (text.length > LONGEST_TEXT) return '*The text is long: it is in the JSON report.*';
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** The name in a line of YAML that this program wrote. */
function nameOf(yaml: string): string {
  return yaml.slice(0, Math.max(0, yaml.indexOf(':')));
}

/** Where in an entry a text is pasted, as it follows "in the file"; nothing for the entry itself. */
export function placeIn(accept: AcceptText | undefined): string {
  return accept?.within === undefined ? '' : `, in ${pathText(accept.within)}`;
}

/** How to fix a finding in sentences, for an annotation; nothing where that needs more than a line. `page` has the steps. */
export function fixSentence(finding: Finding, where: Where, page: string): string {
  const isNew = finding.problem === 'missing' && finding.pending === true && !where.looksWrong;
  if ((finding.problem !== 'changed' && !isNew) || finding.pair !== undefined) return '';
  const fix = fixOf(finding, where);
  const restore = fix.restore && restoreText(fix.restore, where);
  const kind = fix.restore?.way.kind;
  // What a pull request states is to be applied: its file says so on purpose.
  const [way] = finding.pending ? [] : fix.accept.map(acceptText);
  const yaml = way?.yaml ?? null;
  const others = yaml === null ? [] : (way?.replaces ?? []).filter((name) => name !== nameOf(yaml));
  const instead = others.length === 0 ? '' : ` in place of ${way?.replaces.join(' and ')}`;
  const lead = finding.pending ? TO_APPLY : IN_STRIPE;
  const inStripe = () => {
    if (kind === 'replace-with' || kind === 'created') return restore?.words;
    const caveats = (restore?.caveats ?? []).map((caveat) => `(${caveat})`);
    if (restore?.steps.length === 1) return [`${lead}: ${restore.commands.join('')}`, ...caveats].join(' ');
    // Never one side alone: it would pass for the advice.
    return `${lead}: see ${finding.pending ? HOW_TO_APPLY : HOW_TO_FIX} in ${page}`;
  };
  const parts = [
    ...(yaml === null ? [] : [`${IN_FILE}${placeIn(way)}: ${yaml.replaceAll('\n', ', ')}${instead}`]),
    ...(restore === null ? [] : [inStripe()]),
  ];
  const text = parts.join(' · ');
  return text.length > LONGEST_SENTENCE ? '' : text;
}
