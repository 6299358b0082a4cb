export * from './cli/534.index.js';
