import type { GapCause } from './certificate.js';
import { causeIndex, noAmounts, type CauseAmounts } from './cause-amounts.js';

/** What a difference in filled quantity is judged by. Quantities in lots, signed; money in amounts. */
export interface QuantityGap {
  /** Position that the session has more than the backtest before this, by cause. */
  readonly held: CauseAmounts;
  /** Filled lots of the session less those of the backtest. */
  readonly more: number;
  /** Profit that the session had more than the backtest when this was decided, by cause. */
  readonly earned: CauseAmounts;
  /** Lots that a target buys for one unit of equity; null for what is no target. */
  readonly lotsPerAmount: number | null;
  /** What the decisions differ by, or null. */
  readonly cause: GapCause | null;
  /** Whether the decisions are not the same although both were made. */
  readonly isResized: boolean;
  /** Whether either filled less, or more, than its orders asked for. */
  readonly isPartial: boolean;
}

const sum = (amounts: CauseAmounts): number => amounts.reduce((total, amount) => total + amount, 0);

/** Adds `lots` in proportion to what each cause had moved by then; where nothing had, nothing explains it. */
const inProportion = (to: CauseAmounts, lots: number, earned: CauseAmounts): void => {
  const whole = earned.reduce((total, amount) => total + Math.abs(amount), 0);
  if (!(whole > 0)) {
    to[causeIndex('unexplained')]! += lots;
    return;
  }
  for (let c = 0; c < to.length; c++) to[c]! += (lots * Math.abs(earned[c]!)) / whole;
};

/** What an order may be off by because both sizes are cut to whole lots. */
const ONE_LOT = 1 + 1e-6;

/** A target buys exposure × equity: the position that each cause's share of the equity buys is known exactly. What is left is a refusal, other data, rounding to whole lots, or what the market gave. */
const ofTarget = ({ held, more, earned, lotsPerAmount, cause, isPartial }: QuantityGap): CauseAmounts => {
  const after = earned.map(amount => amount * (lotsPerAmount ?? 0));
  const rest = sum(held) + more - sum(after);
  if (cause !== null) after[causeIndex(cause)]! += rest;
  else if (Math.abs(rest) < ONE_LOT) inProportion(after, rest, earned);
  else after[causeIndex(isPartial ? 'fillPrice' : 'unexplained')]! += rest;
  return after;
};

/** An order first undoes a difference that is there, alike for all causes; what goes beyond is new. */
const ofOrder = ({ held, more, earned, cause, isResized }: QuantityGap): CauseAmounts => {
  const before = sum(held);
  const undone = before * more < 0 ? Math.min(1, Math.abs(more) / Math.abs(before)) : 0;
  const after = held.map(lots => lots * (1 - undone));
  const rest = before + more - sum(after);
  if (Math.abs(rest) < 1e-6) return after;
  if (cause !== null) after[causeIndex(cause)]! += rest;
  else if (isResized) inProportion(after, rest, earned);
  else after[causeIndex('fillPrice')]! += rest;
  return after;
};

/**
 * To which causes the session's other quantity belongs: lots by cause, which add up to `more`. A size follows from equity, and equity from every gap before: so a smaller order after a dear one belongs to the price of
 * that one and is not unexplained.
 */
export const quantityByCause = (gap: QuantityGap): CauseAmounts => {
  if (gap.more === 0 && gap.held.every(lots => lots === 0)) return noAmounts();
  const isTarget = gap.lotsPerAmount !== null;
  if (gap.more === 0 && !isTarget) return noAmounts();
  const after = isTarget ? ofTarget(gap) : ofOrder(gap);
  // Both hold the same again: nothing is left of any cause.
  if (sum(gap.held) + gap.more === 0) after.fill(0);
  return after.map((lots, c) => lots - gap.held[c]!);
};
