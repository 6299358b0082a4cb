#!/usr/bin/env node
import { check } from './commands/check.ts';
import { exportFile } from './commands/export.ts';
import { lint } from './commands/lint.ts';
import { screenOf } from './commands/output.ts';
import { permissions } from './commands/permissions.ts';
import { runProgram } from './commands/program.ts';
import { snapshot } from './commands/snapshot.ts';
import { CheckError } from './errors.ts';
import { listenForSignals } from './interrupt.ts';
import { visible } from './report/escape.ts';

/** Every command, in the order of the help. */
const commands = [check, lint, exportFile, snapshot, permissions];

const interruption = listenForSignals();

// A reader that has seen enough, such as head, is no failure; a full disk is.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code === 'EPIPE') return;
  const message = `Standard output can't be written (${cause.code}).`;
  process.exit(
    failure(new CheckError(message, 'What was printed is not whole: fix the cause, and run it again.', { cause })),
  );
});
process.stderr.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') process.exit(1);
});

process.exitCode = await runProgram(process.argv.slice(2), commands, interruption).catch(failure);
if (interruption.code !== null) process.exitCode = interruption.code;

function failure(error: unknown): number {
  const { paint, wrap } = screenOf(process.stderr);
  const lines =
    error instanceof CheckError
      ? [paint('error', visible(error.message)), visible(error.remedy)].map((line) => wrap(line, 0))
      : ['stripe-config-check failed by a fault of its own. Please report this:', ...faultWords(error)];
  process.stderr.write(`${lines.join('\n')}\n`);
  return 1;
}

function faultWords(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return stack.split('\n').map(visible);
}
