#!/usr/bin/env -S node --max-semi-space-size=64
// Room for young objects, in MB: a long run keeps what it made, and with Node's own 16 it is copied so often that ten times the bars cost twelve times the time.
import { hasSecret } from './commands/secret-words.js';

// Before anything else is loaded, which takes a tenth of a second: until then every user of the machine can read it.
if (hasSecret(process.argv)) process.title = 'quantai';

const interruption = new AbortController();
for (const ending of ['SIGINT', 'SIGTERM'] as const)
  process.on(ending, () => {
    // The second one does not wait for the work to end politely.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  });
// A reader like `head` that stops early is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const { main } = await import('./commands/main.js');
process.exitCode = await main(process.argv.slice(2), { signal: interruption.signal });
