import { setImmediate as turn } from 'node:timers/promises';
import { runBatch } from './batch.js';
import { flowOver } from './flow.js';
import { failureOf } from './job-failure.js';
import type { JobEngine, JobOptions } from './job-engine.js';

/** Jobs one after another in this thread: for one core, for tests and for a debugger. A job that never yields can be cancelled only between jobs. */
export const inProcessEngine = (): JobEngine => {
  let closed = false;
  const run = async <P, R, S>(handler: string, payloads: readonly P[], options: JobOptions<R, S> = {}): Promise<R[]> => {
    if (closed) throw new Error('the job engine is closed');
    const { signal, shared, onStart, onResult, name = index => `job ${index + 1} of ${payloads.length}` } = options;
    const results: R[] = [];
    for (const [index, payload] of payloads.entries()) {
      signal?.throwIfAborted();
      await onStart?.([index]);
      const outcome = await runBatch(handler, [payload], shared, signal);
      signal?.throwIfAborted();
      if (outcome.failure) throw failureOf(name(index), index, outcome.failure);
      const result = outcome.results[0] as R;
      results.push(result);
      onResult?.(index, result);
      // Lets an interrupt through between jobs that never yield themselves.
      await turn();
    }
    return results;
  };
  return {
    workers: 1,
    run,
    flow: flowOver(run),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
};
