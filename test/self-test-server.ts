/**
 * The Stripe of `.github/workflows/self-test.yml`: in test mode it agrees with the shop's file, in live mode it has drifted.
 * `node test/self-test-server.ts` starts it in the background, on a free port of 127.0.0.1, writes the file to
 * `stripe-config.yaml` in the working directory, and sets the outputs `url`, `pid`, `key` and `key-drifted` of the step.
 * It imports no package, as the Action in this checkout has to do without an install too.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { bothModes, shopFile } from './shop-state.ts';
import { liveKey, startStripe, testKey } from './stripe-server.ts';

if (process.argv[2] === 'serve') await serve();
else await start();

/** The server itself: it tells its parent where it listens, and runs until it is killed. */
async function serve(): Promise<void> {
  const { url } = await startStripe({ state: bothModes() });
  process.send?.(url);
}

async function start(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), ['serve'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const url = await Promise.race([
    once(server, 'message').then(([message]) => String(message)),
    once(server, 'exit').then(([code]) => Promise.reject(new Error(`The server ended with ${code}.`))),
  ]);
  server.disconnect();
  server.unref();
  writeFileSync('stripe-config.yaml', shopFile);
  const outputs = { url, pid: server.pid, key: testKey, 'key-drifted': liveKey };
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  appendFileSync(process.env.GITHUB_OUTPUT ?? '/dev/stdout', lines.join(''));
}
