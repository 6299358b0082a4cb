export * from './cli/50.index.js';
