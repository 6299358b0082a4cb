export * from './cli/6.index.js';
