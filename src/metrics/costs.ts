import { sum } from '../numeric/sum.js';
import { undefinedBecause } from './metric.js';
import type { Metric, Track } from './metric.js';
import { outcomesOf } from './outcome-columns.js';

/** Where the money went, in quote currency: gross − fees − slippage + funding = net. */
export interface CostSplit {
  /** PnL of the signal at the path's prices, before every cost. */
  readonly gross: number;
  /** Paid; negative when rebates exceed fees. */
  readonly fees: number;
  /** Paid inside fill prices. */
  readonly slippage: number;
  /** Received (+) or paid (−). */
  readonly funding: number;
  /** Change of equity from the initial capital to the last bar. */
  readonly net: number;
}

/** Splits the change of equity into signal and costs. Gross is what the others leave, so that the split adds up whatever was booked. */
export const costSplit = (track: Track): CostSplit => {
  const { initialCapital, curve } = track;
  const outcomes = outcomesOf(track);
  const net = curve.length === 0 ? 0 : curve.equity[curve.length - 1]! - initialCapital;
  const fees = sum(outcomes.fees);
  const slippage = sum(outcomes.slippage);
  const received = sum(outcomes.received);
  return { gross: net + fees + slippage - received, fees, slippage, funding: received, net };
};

/** Fees, slippage and funding paid as a fraction of the gross PnL: above 1 the costs ate the signal. */
export const costShare: Metric = track => {
  const { gross, net } = costSplit(track);
  return gross > 0 ? (gross - net) / gross : undefinedBecause('the signal made nothing before costs');
};
