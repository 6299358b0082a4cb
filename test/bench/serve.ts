/** The server as a process of its own: what its parent says is to be served, and what it tells of what was asked. */
import process from 'node:process';
import { type Serving, startServer } from './server.ts';

const server = await startServer();
process.on('message', (message: Serving | 'take') => {
  if (message === 'take') process.send?.(server.take());
  else {
    server.serve(message);
    process.send?.(server.url);
  }
});
process.on('disconnect', () => process.exit());
process.send?.(server.url);
