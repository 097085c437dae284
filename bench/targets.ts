import type { Target } from './harness/benchmark.js';

/**
 * Ratios that are watched twice. `npm run bench` prints whether the target is met; `tests/bench/ratio-guard.test.ts` fails above the guard, after a second try. A
 * guard is about two and a half times what a busy machine measures in processor time, so that none is above it, while a promise or a kept object per bar is. When a
 * ratio falls, lower both.
 */
interface WatchedRatio {
  readonly target: Target | null;
  readonly guard: number;
}

/** The engine with every fact kept, against the bare loop on the same bars: 60 to 83 on a busy machine. */
export const ENGINE_RATIO = {
  target: { on: 'ratio', atMost: 25, text: '≤ 25 × the loop (aim 12)' },
  guard: 200,
} as const satisfies WatchedRatio;

/** One configuration of a sweep, metrics and daily returns included, against the bare loop on the same bars: 16 to 25 on a busy machine. Its target is a rate (`sweep.ts`). */
export const SWEEP_RATIO = { target: null, guard: 60 } as const satisfies WatchedRatio;

/** A book rebuilt from its changes against a map a side, which does less and takes longer: 0.5 to 0.7. */
export const BOOK_RATIO = { target: null, guard: 3 } as const satisfies WatchedRatio;
