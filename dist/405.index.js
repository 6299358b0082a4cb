import { modules as shared } from './cli/405.index.js';
export { id, ids } from './cli/405.index.js';
export const modules = { 9786: shared[7405] };
