import { toMoney } from '../../market/units.js';
import type { FilledGroup } from './filled-groups.js';

/** Fills of decisions beside those of the backtest. Money in the settlement asset. */
export interface FillComparison {
  /** Decisions of which something filled in both. */
  readonly pairs: number;
  /** Pairs with the same quantity at the same price and fee. */
  readonly equal: number;
  /** Mean of what the session paid more for a unit than the backtest, basis points of the price; negative when it paid less. Null without pairs. */
  readonly costBps: number | null;
  /** Fees of the session less those of the backtest. */
  readonly fees: number;
  /** Decisions that filled in one only. */
  readonly alone: number;
}

/** Compares what filled in a session with what filled in the backtest of the same decisions. */
export const compareFills = (backtest: ReadonlyMap<string, FilledGroup>, session: ReadonlyMap<string, FilledGroup>): FillComparison => {
  const keys = [...new Set([...backtest.keys(), ...session.keys()])].sort();
  let [pairs, equal, bps, fees, alone] = [0, 0, 0, 0, 0];
  for (const key of keys) {
    const [a, b] = [backtest.get(key), session.get(key)];
    if (!a || !b) {
      alone++;
      continue;
    }
    pairs++;
    if (a.lots === b.lots && a.value === b.value && a.fee === b.fee) equal++;
    const [theirs, ours] = [a.value / a.lots, b.value / b.lots];
    bps += ((ours - theirs) / Math.abs(theirs)) * Math.sign(b.lots) * 1e4;
    fees += toMoney(b.fee - a.fee);
  }
  return { pairs, equal, costBps: pairs === 0 ? null : bps / pairs, fees, alone };
};
