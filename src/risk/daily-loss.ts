import { formatDate, DAY } from '../time.js';
import { LIMIT_SLACK, type RiskLimits } from './limits.js';
import type { RiskReport } from './state-board.js';

/** Watches the loss of the UTC day: marked equity, so open profit and all costs are in it. */
export interface DailyLossWatch {
  /** Equity at a moment, epoch ms; what is to follow from it, once a day, or null. */
  mark(equity: number, now: number): RiskReport | null;
  /** Money came (+) or went (−) for another reason than trading: no profit and no loss. */
  moved(amount: number): void;
  /** A person takes trading up again: the day's loss counts from the latest mark. */
  resume(): void;
  /** Day (since the epoch), equity that it began with, latest equity, and 1 when its loss was reported. NaN before the first mark. To be written back after a restart. */
  readonly memory: Float64Array;
}

/** Place of each figure in the memory. */
const DAY_AT = 0;
const OPENING = 1;
const LATEST = 2;
const SAID = 3;

/**
 * A day begins with the equity at midnight UTC, or where nothing was marked then with the last mark before it. A loss of more than the limit makes the account REDUCING up to the next midnight, or HALTED
 * where `dailyLossHalts`. The limits are asked for at each mark.
 */
export const dailyLoss = (limits: () => Pick<RiskLimits, 'maxDailyLoss' | 'dailyLossHalts'>): DailyLossWatch => {
  const memory = Float64Array.of(NaN, NaN, NaN, 0);
  const judge = (equity: number, day: number): RiskReport | null => {
    const { maxDailyLoss: limit = null, dailyLossHalts = false } = limits();
    const opening = memory[OPENING]!;
    if (limit === null || memory[SAID] === 1 || !(opening > 0) || !(opening - equity > limit * opening * LIMIT_SLACK)) return null;
    memory[SAID] = 1;
    const text = `equity ${equity.toFixed(2)} is ${((1 - equity / opening) * 100).toFixed(2)} % below the ${opening.toFixed(2)} with which ${formatDate(day * DAY)} began; the limit is ${(limit * 100).toFixed(2)} %`;
    return dailyLossHalts
      ? { source: 'daily-loss', state: 'HALTED', code: 'daily-loss', text }
      : { source: 'daily-loss', state: 'REDUCING', code: 'daily-loss', text, until: (day + 1) * DAY };
  };
  return {
    memory,
    mark: (equity, now) => {
      if (Number.isNaN(equity)) return null;
      const day = Math.floor(now / DAY);
      const before = memory[DAY_AT]!;
      if (Number.isNaN(before)) {
        memory[DAY_AT] = day;
        memory[OPENING] = equity;
      }
      let report: RiskReport | null = null;
      if (day > before) {
        const isMidnight = now === day * DAY;
        // The mark of midnight ends a day and begins the next.
        if (isMidnight && day === before + 1) report = judge(equity, before);
        memory[DAY_AT] = day;
        memory[OPENING] = isMidnight ? equity : memory[LATEST]!;
        memory[SAID] = 0;
        if (report?.state !== 'HALTED') report = null;
      }
      memory[LATEST] = equity;
      return report ?? judge(equity, memory[DAY_AT]!);
    },
    moved: amount => {
      const before = memory[LATEST]!;
      const after = before + amount;
      if (Number.isNaN(after)) return;
      memory[OPENING] = before > 0 && after > 0 ? memory[OPENING]! * (after / before) : after;
      memory[LATEST] = after;
    },
    resume: () => {
      memory[OPENING] = memory[LATEST]!;
      memory[SAID] = 0;
    },
  };
};
