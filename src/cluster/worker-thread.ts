import { runBatch } from './batch.js';
import type { BatchOutcome } from './batch.js';

/** A few jobs for a worker. `shared` is left out while the worker is taken to have it already. */
export interface BatchMessage {
  readonly handler: string;
  readonly payloads: readonly unknown[];
  readonly sharedId: number;
  /** How many shared values the worker keeps. */
  readonly shares: number;
  readonly shared?: { readonly value: unknown };
}

/** `lacksShared` asks for the same message again, with `shared`. */
export type BatchReply = { readonly lacksShared: true } | (BatchOutcome & { readonly lacksShared: false; readonly elapsedMs: number });

/** What this worker's jobs share, by id; those used last. */
const kept = new Map<number, unknown>();

/** Entry of a worker thread: called once per batch. */
export default async ({ handler, payloads, sharedId, shares, shared }: BatchMessage): Promise<BatchReply> => {
  if (!kept.has(sharedId) && shared === undefined) return { lacksShared: true };
  // A copy sent to a thread that has one already is not taken: what was made from the first stays.
  const value = kept.has(sharedId) ? kept.get(sharedId) : shared?.value;
  kept.delete(sharedId);
  kept.set(sharedId, value);
  for (const old of kept.keys()) if (kept.size > shares) kept.delete(old);
  const start = performance.now();
  const outcome = await runBatch(handler, payloads, value, undefined);
  return { lacksShared: false, ...outcome, elapsedMs: performance.now() - start };
};
