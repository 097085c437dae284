import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { flowOver } from './flow.js';
import { failureOf, packError } from './job-failure.js';
import type { PackedError } from './job-failure.js';
import type { JobEngine, JobOptions } from './job-engine.js';
import type { BatchMessage, BatchReply } from './worker-thread.js';

/** Worker threads cannot run TypeScript: from the source tree, as under a test runner, they run the built file. */
const ENTRY = new URL(import.meta.url.endsWith('.ts') ? '../../dist/cluster/worker-entry.cjs' : './worker-entry.cjs', import.meta.url);

/** Work per message to a worker: long enough that the message costs nothing beside it, short enough for smooth progress. */
const TARGET_MS = 40;

export interface PiscinaOptions {
  /** All cores unless said otherwise. */
  readonly workers?: number;
  /** How many different things that jobs share a thread keeps: one, so that finished work frees its memory, unless calls over several come in turn. */
  readonly shares?: number;
}

/** Jobs on a pool of threads of this process, which start with the first job. */
export const piscinaEngine = ({ shares = 1, ...options }: PiscinaOptions = {}): JobEngine => {
  const workers = Math.max(1, Math.floor(options.workers ?? availableParallelism()));
  let pool: Piscina<BatchMessage, BatchReply> | undefined;
  let closed = false;
  let lastId = 0;
  /** What jobs share by its number; those used last. */
  const known = new Map<unknown, number>();
  const idOf = (shared: unknown): number => {
    const id = known.get(shared) ?? ++lastId;
    known.delete(shared);
    known.set(shared, id);
    for (const old of known.keys()) if (known.size > shares) known.delete(old);
    return id;
  };

  const run = async <P, R, S>(handler: string, payloads: readonly P[], jobOptions: JobOptions<R, S> = {}): Promise<R[]> => {
    if (closed) throw new Error('the job engine is closed');
    const { signal, shared, onStart, onResult, name = index => `job ${index + 1} of ${payloads.length}` } = jobOptions;
    signal?.throwIfAborted();
    pool ??= new Piscina<BatchMessage, BatchReply>({ filename: fileURLToPath(ENTRY), minThreads: workers, maxThreads: workers });
    const threads = pool;
    const id = idOf(shared);
    const results = Array.from<R>({ length: payloads.length });
    // One controller for the whole call: a failure of our own making (a callback that throws) must end running jobs too.
    const stop = new AbortController();
    const either = (): AbortSignal => (signal ? AbortSignal.any([signal, stop.signal]) : AbortSignal.any([stop.signal]));
    const running = either();
    let next = 0;
    let size = 1;
    const failures: { readonly index: number; readonly error: PackedError }[] = [];

    const send = async (batch: readonly P[], ending: AbortSignal): Promise<BatchReply> => {
      const message: BatchMessage = { handler, payloads: batch, sharedId: id, shares };
      const reply = await threads.run(message, { signal: ending });
      return reply.lacksShared ? threads.run({ ...message, shared: { value: shared } }, { signal: ending }) : reply;
    };

    const lane = async (): Promise<void> => {
      // The pool listens to the signal of each job that runs: one for all would have as many listeners as there are threads, which Node takes for a leak beyond ten.
      const ending = either();
      while (next < payloads.length && failures.length === 0) {
        const first = next;
        const batch = payloads.slice(first, first + size);
        next += batch.length;
        await onStart?.(batch.map((_, i) => first + i));
        running.throwIfAborted();
        const reply = await send(batch, ending).catch((error: unknown): BatchReply => {
          running.throwIfAborted();
          // The worker itself died, or the payload cannot be cloned.
          return { lacksShared: false, results: [], failure: packError(error), elapsedMs: 0 };
        });
        if (reply.lacksShared) throw new Error('a worker refused what its jobs share');
        for (const [i, result] of reply.results.entries()) {
          results[first + i] = result as R;
          onResult?.(first + i, result as R);
        }
        const failed = first + reply.results.length;
        // Jobs are handed out in order and each batch stops at its first failure: the lowest index among them is the first job that fails, whatever the timing.
        if (reply.failure) failures.push({ index: failed, error: reply.failure });
        const perJob = reply.elapsedMs / Math.max(1, reply.results.length);
        size = Math.max(1, Math.min(Math.round(TARGET_MS / Math.max(perJob, 0.01)), Math.ceil((payloads.length - next) / (2 * workers))));
      }
    };

    const lanes = Array.from({ length: Math.min(workers, payloads.length) }, lane);
    try {
      await Promise.all(lanes);
    } catch (error) {
      stop.abort(error);
      await Promise.allSettled(lanes);
      throw signal?.aborted ? signal.reason : error;
    }
    const [failure] = failures.sort((a, b) => a.index - b.index);
    if (failure) throw failureOf(name(failure.index), failure.index, failure.error);
    return results;
  };

  return {
    workers,
    run,
    flow: flowOver(run),
    close: async () => {
      closed = true;
      await pool?.destroy();
    },
  };
};
