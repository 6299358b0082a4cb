/** Runs a process and tells what it took. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export interface Usage {
  /** From its start to its end, in milliseconds. */
  readonly wallMs: number;
  /** User and system time, in milliseconds; NaN where only the wall was looked at. */
  readonly cpuMs: number;
  /** The most memory that it held, in MiB. */
  readonly peakMib: number;
}

interface Command {
  /** What follows `node`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** An empty directory for what it prints and finds as its home. */
  readonly place: string;
  /** Nothing is loaded into it that tells CPU and memory. */
  readonly isWallOnly?: boolean;
  /** What it ends with; 0 where it is not said. */
  readonly exitCode?: number;
}

const hook = fileURLToPath(new URL('usage.cjs', import.meta.url));

/** Rejects where the process ends in another way. */
export async function measure({ args, env, place, isWallOnly = false, exitCode = 0 }: Command): Promise<Usage> {
  const usage = path.join(place, 'usage.json');
  const printed = path.join(place, 'printed.txt');
  const output = openSync(printed, 'w');
  const hooked = isWallOnly ? [] : ['--require', hook];
  const started = performance.now();
  const child = spawn(process.execPath, [...hooked, ...args], {
    cwd: place,
    env: { PATH: process.env.PATH ?? '', HOME: place, TMPDIR: place, BENCH_USAGE: usage, ...env },
    stdio: ['ignore', output, output],
  });
  const [code, signal] = await once(child, 'exit');
  const wallMs = performance.now() - started;
  closeSync(output);
  if (code !== exitCode) {
    const said = readFileSync(printed, 'utf8').slice(-2000);
    throw new Error(`node ${args.join(' ')} ended with ${code ?? signal}:\n${said}`);
  }
  if (isWallOnly) return { wallMs, cpuMs: Number.NaN, peakMib: Number.NaN };
  const { cpuMs, peakKib } = JSON.parse(readFileSync(usage, 'utf8'));
  rmSync(usage);
  return { wallMs, cpuMs, peakMib: peakKib / 1024 };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}
