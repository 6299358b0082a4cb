export * from './cli/382.index.js';
