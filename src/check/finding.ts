import { createHash } from 'node:crypto';
import type { Finding } from '../model.ts';
import { resourceOf } from '../resources/index.ts';
import { mainName } from '../resources/resource.ts';

/** What makes a finding this finding, for the order of a report and for every hash that leaves the program. */

/** What a finding is about, without words and places: problem, section, object, field and changes. */
export function identify(finding: Finding): unknown {
  const { problem, section } = finding;
  switch (finding.problem) {
    case 'invalid':
      return [problem, section, finding.name, finding.field, finding.message];
    case 'missing':
      return [problem, section, finding.name, finding.others];
    case 'changed':
      return [problem, section, finding.name, mainName(resourceOf(finding.section), finding.field), finding.changes];
    case 'ambiguous':
      return [
        problem,
        section,
        finding.name,
        finding.candidates.map(({ id }) => id).sort(),
        [...finding.rivals].sort(),
      ];
    case 'unmanaged':
      return [problem, section, finding.id, ...(finding.count === undefined ? [] : [finding.count])];
    case 'unhealthy':
      return [problem, section, finding.name, finding.field, finding.message];
  }
}

/**
 * SHA-256 over what was found in Stripe, in an order of its own. Given the findings as they are shown, it tells nothing that
 * a report hides: a value that can be guessed is found again by hashing each guess.
 */
export function fingerprint(shown: readonly Finding[]): string {
  const found = shown.flatMap((finding) => {
    if (finding.problem === 'invalid') return [];
    // Change by change: whether a part of a field is pending makes no other state of Stripe.
    const parts =
      finding.problem === 'changed' ? finding.changes.map((change) => ({ ...finding, changes: [change] })) : [finding];
    return parts.map((part) => JSON.stringify(identify(part)));
  });
  return sha256(found.sort().join('\n'));
}

/** A hash of a value. It leaves the program, so the value is one that is shown. */
export function hash(shown: unknown): string {
  return sha256(JSON.stringify(shown));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** By file, line and column; what stands at one place by object, field and changes. */
export function inPlaceOrder<F extends Finding>(findings: readonly F[]): F[] {
  const keyed = findings.map((finding) => {
    const { at, severity, pending = false } = finding;
    const what = JSON.stringify([identify(finding), severity, pending]);
    return { finding, key: [at.file, at.line, at.column, what] as const };
  });
  return keyed.sort((one, other) => order(one.key, other.key)).map(({ finding }) => finding);
}

function order(one: readonly (string | number)[], other: readonly (string | number)[]): number {
  const index = one.findIndex((value, position) => value !== other[position]);
  if (index === -1) return 0;
  return (one[index] as string) < (other[index] as string) ? -1 : 1;
}
