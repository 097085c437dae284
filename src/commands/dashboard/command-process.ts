import { main } from '../main.js';

/** A command in a process of its own, begun by another: it ends with that one. */
const interruption = new AbortController();
const interrupt = (): void => {
  // The second time does not wait for the work to end politely.
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort();
};
for (const ending of ['SIGINT', 'SIGTERM'] as const) process.on(ending, interrupt);
/** What is being written is finished before the end; what never comes back to hear of it is ended all the same. */
const END_MS = 10_000;
process.on('disconnect', () => {
  interrupt();
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), END_MS).unref();
});
// Listening to it must not keep the process alive.
process.channel?.unref();
// Nobody reads any more, and the end is on its way.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await main(process.argv.slice(2), { signal: interruption.signal, passphrase: null });
