import type { Denial } from './risk-check.js';

/** Watches equity against its own peak. */
export interface DrawdownWatch {
  /** Equity at a mark; says, once, when it has fallen the limit (a fraction) below its peak. */
  (equity: number): Denial | null;
  /** Money came (+) or went (−) for another reason than trading: the peak moves in proportion, so that a withdrawal is no loss. */
  moved(amount: number): void;
  /** A person takes trading up again: the peak begins anew at the latest mark. */
  resume(): void;
  /** Peak and latest mark: −Infinity and NaN before the first. To be written back after a restart. */
  readonly memory: Float64Array;
}

/** Watches equity against its own peak and says, once, when it has fallen `limit` (a fraction) below it. A function is asked at each mark; null says nothing. */
export const drawdownHalt = (limit: number | (() => number | null)): DrawdownWatch => {
  const limitNow = typeof limit === 'number' ? (): number => limit : limit;
  /** Peak, latest mark. */
  const seen = Float64Array.of(-Infinity, NaN);
  let halted = false;
  const watch = (equity: number): Denial | null => {
    if (equity > seen[0]!) seen[0] = equity;
    if (!Number.isNaN(equity)) seen[1] = equity;
    const bound = limitNow();
    const peak = seen[0]!;
    if (halted || bound === null || !(equity <= peak * (1 - bound))) return null;
    halted = true;
    return {
      code: 'max-drawdown',
      text: `equity ${equity.toFixed(2)} is ${((1 - equity / peak) * 100).toFixed(2)} % below its peak of ${peak.toFixed(2)}; the limit is ${(bound * 100).toFixed(2)} %`,
    };
  };
  return Object.assign(watch, {
    memory: seen,
    moved: (amount: number): void => {
      const before = seen[1]!;
      const after = before + amount;
      if (Number.isNaN(after)) return;
      seen[0] = before > 0 && after > 0 ? seen[0]! * (after / before) : after;
      seen[1] = after;
    },
    resume: (): void => {
      halted = false;
      seen[0] = seen[1]! > -Infinity ? seen[1]! : -Infinity;
    },
  });
};
