import { CheckError } from '../errors.ts';
import { listenForSignals } from '../interrupt.ts';
import { visible } from '../report/escape.ts';
import { check } from './check.ts';
import { exportFile } from './export.ts';
import { lint } from './lint.ts';
import { screenOf } from './output.ts';
import { permissions } from './permissions.ts';
import { runProgram } from './program.ts';
import { snapshot } from './snapshot.ts';

/** Every command, in the order of the help. */
const commands = [check, lint, exportFile, snapshot, permissions];

/** Runs the command that the arguments of the process name, and gives the exit code. */
export async function runCommandLine(): Promise<number> {
  const interruption = listenForSignals();
  // A reader that has seen enough, such as head, is no failure; a full disk is.
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE') return;
    const message = `Standard output can't be written (${cause.code}).`;
    process.exit(
      failure(new CheckError(message, 'The output is incomplete: fix the cause, and run it again.', { cause })),
    );
  });
  process.stderr.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.exit(1);
  });
  const code = await runProgram(process.argv.slice(2), commands, interruption).catch(failure);
  return interruption.code ?? code;
}

function failure(error: unknown): number {
  const { paint, wrap } = screenOf(process.stderr);
  const lines =
    error instanceof CheckError
      ? [paint('error', visible(error.message)), visible(error.remedy)].map((line) => wrap(line, 0))
      : ['stripe-config-check failed because of a bug in this program. Please report this:', ...faultWords(error)];
  process.stderr.write(`${lines.join('\n')}\n`);
  return 1;
}

function faultWords(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return stack.split('\n').map(visible);
}
