import { z } from 'zod';
import { parseDuration } from '../time.js';

const duration = z.string().refine(text => {
  try {
    return parseDuration(text) > 0;
  } catch {
    return false;
  }
}, 'is not a duration like 24h');
const share = z.number().gt(0).max(1);

/** When a strategy goes further, and when it comes back; `promotion` of `quantai.config.ts`. Why these defaults: docs/decisions/0030-gates-of-promotion.md. */
export const PromotionConfig = z.strictObject({
  /** Persons behind each stage on money, the one who asks included. Left out: 1 while no users are set up, 2 after that. An override needs one more than nobody: at least 2. */
  persons: z.number().int().min(1).max(5).optional(),
  /** So long an approval may be given, and the approved step be taken, after it was asked for. */
  approvalExpires: duration.default('24h'),
  paper: z
    .strictObject({
      /** Days and closed trades out of sample. */
      days: z.number().min(0).default(365),
      trades: z.number().int().min(0).default(100),
      deflatedSharpe: z.number().min(0).max(1).default(0.95),
      overfitting: z.number().min(0).max(1).default(0.5),
      pValue: z.number().min(0).max(1).default(0.05),
      costMultiple: z.number().min(1).default(1.5),
      /** Largest drawdown out of sample, a fraction. */
      drawdown: share.default(0.25),
    })
    .prefault({}),
  live: z
    .strictObject({
      /** Market days and closed trades of paper sessions that traded exactly these pins. */
      days: z.number().min(0).default(28),
      trades: z.number().int().min(0).default(30),
      /** Largest gap between paper and backtest, basis points of what was traded; and the largest part of the gap that nothing explains. */
      parityBps: z.number().min(0).default(5),
      unexplained: z.number().min(0).max(1).default(0.2),
      /** Kill switch and dead man were rehearsed at the venue within so many days (wall time). */
      rehearsedDays: z.number().gt(0).default(30),
    })
    .prefault({}),
  ramp: z
    .strictObject({
      /** Shares of the approved size, ascending; the last is 1. */
      steps: z
        .array(share)
        .min(1)
        .refine(steps => steps.at(-1) === 1 && steps.every((step, i) => i === 0 || step > steps[i - 1]!), 'ascends to 1')
        .default([0.01, 0.1, 0.5, 1]),
      /** Market days and closed trades on a step before the next. */
      days: z.number().min(0).default(14),
      trades: z.number().int().min(0).default(20),
    })
    .prefault({}),
  watch: z
    .strictObject({
      /** Chance of at least one false alarm of all monitors together over `horizon` days of trading as expected. */
      falseAlarm: z.number().gt(0).lt(0.5).default(0.05),
      horizon: z.number().int().min(10).default(90),
      /** What an alarm or a parity breach does at once: nothing new is opened, or positions are closed too. Either way a live promotion falls one step. */
      onAlarm: z.enum(['reduce', 'flatten']).default('reduce'),
      /** Compare each day of a live session with the backtest when it has ended. */
      nightly: z.boolean().default(true),
    })
    .prefault({}),
});
export type PromotionConfig = z.infer<typeof PromotionConfig>;
