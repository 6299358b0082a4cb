/**
 * The Stripe of `.github/workflows/self-test.yml`: in test mode it agrees with the shop's file, in live mode it has drifted.
 * Beside it a GitHub. `node test/servers/self-test.ts` starts both in the background, on free ports of 127.0.0.1, writes the
 * file to `stripe-config.yaml` in the working directory, and sets outputs of the step: `url`, `github-url`, `github-token`,
 * `pid`, `key` and `key-drifted`.
 * It imports no package, as the Action in this checkout has to do without an install too.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { bothModes, shopFile } from '../shop/state.ts';
import { githubToken, startGitHub } from './github.ts';
import { liveKey, startStripe, testKey } from './stripe.ts';

if (process.argv[2] === 'serve') await serve();
else await start();

/** The servers themselves: they tell their parent where they listen, and run until they are killed. */
async function serve(): Promise<void> {
  const [stripe, github] = await Promise.all([startStripe({ state: bothModes() }), startGitHub()]);
  process.send?.([stripe.url, github.url]);
}

async function start(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), ['serve'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [url, githubUrl] = await Promise.race([
    once(server, 'message').then(([message]) => message as readonly [string, string]),
    once(server, 'exit').then(([code]) => Promise.reject(new Error(`The server ended with ${code}.`))),
  ]);
  server.disconnect();
  server.unref();
  writeFileSync('stripe-config.yaml', shopFile);
  const github = { 'github-url': githubUrl, 'github-token': githubToken };
  const outputs = { url, ...github, pid: server.pid, key: testKey, 'key-drifted': liveKey };
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  appendFileSync(process.env.GITHUB_OUTPUT ?? '/dev/stdout', lines.join(''));
}
