import { loadHandler } from './handlers.js';
import { packError } from './job-failure.js';
import type { PackedError } from './job-failure.js';

/** What came of a few jobs run one after another: results up to the first failure. */
export interface BatchOutcome {
  readonly results: readonly unknown[];
  /** The failure of the job after those. */
  readonly failure: PackedError | null;
}

/** Run jobs in order; stop at the first that fails. Never rejects. */
export const runBatch = async (
  handler: string,
  payloads: readonly unknown[],
  shared: unknown,
  signal: AbortSignal | undefined,
): Promise<BatchOutcome> => {
  const results: unknown[] = [];
  try {
    const handle = await loadHandler(handler);
    for (const payload of payloads) results.push(await handle(payload, shared, signal));
    return { results, failure: null };
  } catch (error) {
    return { results, failure: packError(error) };
  }
};
