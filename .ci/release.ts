// The steps of a release, for .github/workflows/release.yml. Each can be run again: what is done is skipped.
//   node .ci/release.ts check v1.2.3      refuses a tag that is not the version, or that CHANGELOG.md does not describe
//   node .ci/release.ts publish v1.2.3    publishes to npm, with provenance
//   node .ci/release.ts announce v1.2.3   makes the release on GitHub, and moves the tag of the major version
//   node .ci/release.ts rehearse          what can be tried without a registry: the notes are there, the package packs
// Nothing has to be installed: it uses npm, git and GitHub's `gh`. A step that fails says why, and exits with 1.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isHighest, notesOf, refusals, versionOf } from './changelog.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(new URL(file, new URL('..', import.meta.url)), 'utf8');
const { name, version } = JSON.parse(read('package.json')) as { readonly name: string; readonly version: string };
const changelog = read('CHANGELOG.md');

/** What a program printed. Throws with what it said where it fails. */
function run(program: 'npm' | 'git' | 'gh', args: readonly string[], input = ''): string {
  return execFileSync(program, args, { cwd: root, encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'pipe'] });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const steps: { readonly [step: string]: (tag: string) => void } = {
  check(tag) {
    const reasons = refusals(tag, version, changelog);
    if (reasons.length > 0) throw new Error(reasons.join('\n'));
    say(`${tag} can be released`);
  },

  publish(tag) {
    steps.check?.(tag);
    const published = publishedVersions();
    if (published.includes(version)) {
      say(`${name} ${version} is on npm already`);
      return;
    }
    // A fix of an older major version must not become what `npx` gets.
    const label = isHighest(version, published) ? 'latest' : `latest-${version.split('.')[0]}`;
    say(run('npm', ['publish', '--provenance', '--access', 'public', '--tag', label]).trim());
    say(`Published ${name} ${version} as ${label}`);
  },

  announce(tag) {
    steps.check?.(tag);
    if (releases().includes(tag)) say(`The release ${tag} is there already`);
    else {
      const newest = isHighest(
        version,
        tagsLike('v').flatMap((other) => versionOf(other) ?? []),
      );
      const notes = notesOf(changelog, version) ?? '';
      run(
        'gh',
        ['release', 'create', tag, '--verify-tag', '--title', tag, `--latest=${newest}`, '--notes-file', '-'],
        notes,
      );
      say(`Made the release ${tag}`);
    }
    moveMajor(tag);
  },

  rehearse() {
    const notes = notesOf(changelog, version) ?? notesOf(changelog, 'Unreleased') ?? '';
    if (notes === '')
      throw new Error(`CHANGELOG.md has neither a section [${version}] nor anything under [Unreleased].`);
    run('npm', ['publish', '--dry-run', '--offline', '--access', 'public', '--tag', 'rehearsal']);
    say(`v${version} would be published with ${notes.split('\n').length} lines of notes`);
  },
};

/** Every version on npm; none where the package is not there yet. */
function publishedVersions(): string[] {
  try {
    return [JSON.parse(run('npm', ['view', name, 'versions', '--json']))].flat();
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: unknown; readonly stderr?: unknown };
    if (`${stdout}${stderr}`.includes('E404')) return [];
    throw error;
  }
}

function releases(): string[] {
  return run('gh', ['release', 'list', '--limit', '1000', '--json', 'tagName', '--jq', '.[].tagName']).split('\n');
}

/** Tags of the repository on GitHub that begin with these letters. */
function tagsLike(start: string): string[] {
  const found = run('gh', [
    'api',
    '--paginate',
    `repos/{owner}/{repo}/git/matching-refs/tags/${start}`,
    '--jq',
    '.[].ref',
  ]);
  return found.split('\n').flatMap((ref) => (ref === '' ? [] : [ref.replace('refs/tags/', '')]));
}

/**
 * Lets the tag of the major version, which workflows use, name the commit of a tag, at which the checkout is, unless a higher
 * version of it is there.
 */
function moveMajor(tag: string): void {
  const [major = ''] = tag.split('.');
  const tags = tagsLike(major);
  const others = tags.flatMap((other) => (other.startsWith(`${major}.`) ? (versionOf(other) ?? []) : []));
  if (!isHighest(version, others)) {
    say(`${major} stays: it has a higher version than ${tag}`);
    return;
  }
  const commit = run('git', ['rev-parse', 'HEAD']).trim();
  const place = 'repos/{owner}/{repo}/git/refs';
  if (tags.includes(major))
    run('gh', ['api', '-X', 'PATCH', `${place}/tags/${major}`, '-f', `sha=${commit}`, '-F', 'force=true']);
  else run('gh', ['api', '-X', 'POST', place, '-f', `ref=refs/tags/${major}`, '-f', `sha=${commit}`]);
  say(`${major} is ${commit}`);
}

const [step = '', tag = ''] = process.argv.slice(2);
try {
  const known = Object.keys(steps).join(', ');
  if (steps[step] === undefined) throw new Error(`There is no step ${JSON.stringify(step)}: expected one of ${known}.`);
  steps[step](tag);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
