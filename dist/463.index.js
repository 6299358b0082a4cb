export * from './cli/463.index.js';
