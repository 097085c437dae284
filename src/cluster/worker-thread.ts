import { runBatch } from './batch.js';
import type { BatchOutcome } from './batch.js';

/** A few jobs for a worker. `shared` is left out while the worker is taken to have it already. */
export interface BatchMessage {
  readonly handler: string;
  readonly payloads: readonly unknown[];
  readonly sharedId: number;
  readonly shared?: { readonly value: unknown };
}

/** `lacksShared` asks for the same message again, with `shared`. */
export type BatchReply = { readonly lacksShared: true } | (BatchOutcome & { readonly lacksShared: false; readonly elapsedMs: number });

/** What this worker's jobs share at present; only the last is kept, so that finished work frees its memory. */
let current: { readonly id: number; readonly value: unknown } | undefined;

/** Entry of a worker thread: called once per batch. */
export default async ({ handler, payloads, sharedId, shared }: BatchMessage): Promise<BatchReply> => {
  if (current?.id !== sharedId) {
    if (shared === undefined) return { lacksShared: true };
    current = { id: sharedId, value: shared.value };
  }
  const start = performance.now();
  const outcome = await runBatch(handler, payloads, current.value, undefined);
  return { lacksShared: false, ...outcome, elapsedMs: performance.now() - start };
};
