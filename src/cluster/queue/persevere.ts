import { setTimeout as wait } from 'node:timers/promises';
import { isAway, isCollision } from './unreachable.js';

/** How long something is tried while a database is away. */
export interface Perseverance {
  readonly signal?: AbortSignal | undefined;
  /** After so long the error is let through, ms. */
  readonly patienceMs?: number;
  /** Heard once each time the database begins to be away. */
  readonly onAway?: (error: unknown) => void;
  /** Heard once after each `onAway`, when the waiting is over: it was done, or given up. */
  readonly onBack?: () => void;
}

const LONGEST_PAUSE_MS = 2000;

/** Do something that may be repeated, again and again while the database is away. Any other error is let through at once. */
export const persevere = async <R>(
  act: () => Promise<R>,
  { signal, patienceMs = Infinity, onAway, onBack }: Perseverance = {},
): Promise<R> => {
  const begun = performance.now();
  let isTold = false;
  try {
    for (let tries = 0; ; tries++) {
      try {
        return await act();
      } catch (error) {
        if (!isAway(error) || performance.now() - begun > patienceMs) throw error;
        if (!isTold && !isCollision(error)) {
          isTold = true;
          onAway?.(error);
        }
        await wait(Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(tries, 10)), undefined, signal ? { signal } : {});
        signal?.throwIfAborted();
      }
    }
  } finally {
    if (isTold) onBack?.();
  }
};
