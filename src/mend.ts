import type { Finding } from './model.ts';
import { resourceOf } from './resources/index.ts';
import { fieldOf } from './resources/resource.ts';

/** How to mend a finding, both ways where there are two: accept what is live, or restore what is declared. */
export function mend(finding: Finding): string {
  switch (finding.problem) {
    case 'invalid':
      return 'Mend the file at this line.';
    case 'missing': {
      const { kind, state } = resourceOf(finding.section);
      if (finding.others > 0 && finding.inForce)
        return `Reactivate the ${state.retired} ${kind} in Stripe, create a new one, or remove the entry.`;
      return `Create the ${kind} in Stripe, or remove the entry.`;
    }
    case 'changed': {
      const resource = resourceOf(finding.section);
      const { kind, state, replacing } = resource;
      if (fieldOf(resource, finding.field)?.field.fixed) {
        return `To accept what is live, change \`${finding.field}\` in the file. To restore what is declared, create a new ${kind}, ${replacing}; \`${finding.field}\` can't be changed after creation.`;
      }
      if (finding.field === state.field)
        return `Set \`${finding.field}\` in Stripe, or state it in the file as it is live.`;
      return `Change \`${finding.field}\` in the file to accept what is live, or in Stripe to restore what is declared.`;
    }
    case 'ambiguous':
      if (finding.rivals.length > 0) return 'Keep one of these entries, or state in each the `id` that it means.';
      return 'State the `id` of the one that is meant, or name fields that only it has in `match`.';
    case 'unmanaged': {
      const { kind, state } = resourceOf(finding.section);
      return `Declare the ${kind} under \`${finding.section}\`, accept it under \`ignore\` with a reason, or have it ${state.retired} in Stripe.`;
    }
    case 'unhealthy':
      return 'Look at it in the Dashboard, and mend what the message names.';
  }
}
