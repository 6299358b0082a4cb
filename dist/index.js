import { action } from './programs.js';
await action();
