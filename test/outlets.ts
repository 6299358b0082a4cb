/** What a report says in every outlet, for what may be in none of them. */
import type { Report } from '../src/model.ts';
import { githubCommands } from '../src/report/annotations.ts';
import { brief } from '../src/report/brief.ts';
import { againComment, commentBody, issueBody, issueTitle, newsComment } from '../src/report/comment.ts';
import { reportJson } from '../src/report/json.ts';
import { markdown } from '../src/report/markdown.ts';
import { sarif } from '../src/report/sarif.ts';
import { plainScreen } from '../src/report/screen.ts';
import { terminal } from '../src/report/terminal.ts';

const DAY = '2026-11-01';

/** All that is printed of a report or written to GitHub, without what each run has anew: its times. */
export function everyOutlet(report: Report): string {
  const timeless = { ...report, startedAt: '2026-11-01T00:00:00.000Z', durationMs: 0 };
  const sections = new Map([...report.sections].map(([name, one]) => [name, { ...one, durationMs: 0 }]));
  const same = { ...timeless, sections };
  return [
    ...reportJson(same),
    ...sarif(same),
    markdown(same),
    terminal(same),
    terminal(same, plainScreen, { fixes: true }),
    brief(same),
    githubCommands(same),
    commentBody(same, 'key', null),
    issueTitle(same),
    issueBody(same, 'key', { since: DAY, day: DAY, run: null }),
    newsComment(same, { day: DAY, fingerprint: null, items: [] }),
    againComment(same),
  ].join('\n');
}
