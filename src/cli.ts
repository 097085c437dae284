#!/usr/bin/env node
import { main } from './commands/main.js';

const interruption = new AbortController();
process.on('SIGINT', () => {
  // The second one does not wait for the work to end politely.
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort();
});
// A reader like `head` that stops early is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await main(process.argv.slice(2), { signal: interruption.signal });
