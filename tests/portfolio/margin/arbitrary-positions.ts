import fc from 'fast-check';
import { tierSchedule, type MarginTier } from '../../../src/market/margin-tiers.js';

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

/** Schedules of one to six brackets from 0 upwards, in the settlement asset. */
export const schedules: fc.Arbitrary<readonly MarginTier[]> = fc
  .array(fc.record({ width: between(50, 5000), more: between(0.001, 0.08) }), { minLength: 1, maxLength: 6 })
  .map(steps => {
    let floor = 0;
    let rate = 0;
    return tierSchedule(
      steps.map(({ width, more }, i) => {
        if (i > 0) floor += width;
        rate += more;
        return { floor, rate, maxLeverage: 0.5 / rate };
      }),
    );
  });

/** A position that its margin carries at entry: `cover` times its maintenance margin there. */
export interface DrawnPosition {
  readonly inverse: boolean;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly tiers: readonly MarginTier[];
  readonly cover: number;
}

export const positions: fc.Arbitrary<DrawnPosition> = fc
  .record({
    inverse: fc.boolean(),
    long: fc.boolean(),
    entryPrice: between(0.5, 50_000),
    notional: between(1, 20_000),
    tiers: schedules,
    cover: between(1.05, 8),
  })
  .map(({ inverse, long, entryPrice, notional, tiers, cover }) => ({
    inverse,
    quantity: (long ? 1 : -1) * (inverse ? notional * entryPrice : notional / entryPrice),
    entryPrice,
    tiers,
    cover,
  }));

/** Maintenance margin straight from the table's rules, bracket by bracket: each part of the notional pays the rate of the bracket that it lies in. */
export const slowMaintenance = (tiers: readonly MarginTier[], notional: number): number =>
  tiers.reduce((sum, { floor, cap, rate }) => sum + Math.max(0, Math.min(notional, cap) - floor) * rate, 0);

/** Profit by the contract's definition. */
export const slowProfit = (inverse: boolean, quantity: number, entry: number, price: number): number =>
  inverse ? quantity * (1 / entry - 1 / price) : quantity * (price - entry);

/** Notional by the contract's definition. */
export const slowNotional = (inverse: boolean, quantity: number, price: number): number =>
  Math.abs(inverse ? quantity / price : quantity * price);
