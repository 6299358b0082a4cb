// What CHANGELOG.md and a tag say of a release.

/** The version of a tag such as v1.2.3; null where it is no such tag. */
export function versionOf(tag: string): string | null {
  return /^v((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*))$/.exec(tag)?.[1] ?? null;
}

/** The notes of a version, or of `Unreleased`; null where CHANGELOG.md has no such section. */
export function notesOf(changelog: string, version: string): string | null {
  const sections = changelog.replaceAll('\r\n', '\n').split(/^## /m).slice(1);
  const found = sections.find((section) => section.startsWith(`[${version}]`));
  if (found === undefined) return null;
  return found.slice(found.indexOf('\n') + 1).trim();
}

/** Why a tag can't be released. Each reason says what to do. */
export function refusals(tag: string, version: string, changelog: string): string[] {
  const tagged = versionOf(tag);
  if (tagged === null)
    return [`The tag ${tag} is no version: expected a tag such as v1.2.3. Delete it, and tag again.`];
  const reasons: string[] = [];
  if (tagged !== version)
    reasons.push(
      `The tag is ${tag}, but package.json has version ${version}. Delete the tag, and tag the commit that sets the version to ${tagged}.`,
    );
  const notes = notesOf(changelog, tagged);
  if (notes === null)
    reasons.push(
      `CHANGELOG.md has no section [${tagged}]. Turn [Unreleased] into [${tagged}] with its date, and tag that commit.`,
    );
  else if (notes === '')
    reasons.push(`The section [${tagged}] of CHANGELOG.md is empty. Say what is new, and tag that commit.`);
  else if (!new RegExp(`^## \\[${tagged.replaceAll('.', '\\.')}\\] - \\d{4}-\\d\\d-\\d\\d$`, 'm').test(changelog))
    reasons.push(`The section [${tagged}] of CHANGELOG.md has no date: expected "## [${tagged}] - 2027-01-31".`);
  return reasons;
}

/** Whether no version of a list is higher. What is no plain version, such as 2.0.0-rc.1, does not count. */
export function isHighest(version: string, others: readonly string[]): boolean {
  return others.every((other) => versionOf(`v${other}`) === null || compare(version, other) >= 0);
}

function compare(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split('.').map(Number));
  const differing = [0, 1, 2].find((part) => left?.[part] !== right?.[part]);
  return differing === undefined ? 0 : (left?.[differing] ?? 0) - (right?.[differing] ?? 0);
}
