import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // @actions/languageservice is written for bundlers: its imports lack file endings.
    server: { deps: { inline: [/@actions\//] } },
  },
});
