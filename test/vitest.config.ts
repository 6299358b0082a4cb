import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // One more than most machines have cores for: some tests wait.
    maxWorkers: 3,
    // To start a process for each file, and load in it what the one before had loaded, took half a second of each.
    isolate: false,
    setupFiles: ['test/fresh.ts'],
    // No test asserts how long something takes: these only end what hangs, on a machine that is ten times slower, too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // @actions/languageservice is written for bundlers: its imports lack file endings.
    server: { deps: { inline: [/@actions\//] } },
  },
});
