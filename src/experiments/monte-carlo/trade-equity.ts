import { usageError } from '../../errors.js';
import type { RoundTrip } from '../../portfolio/fill.js';

/**
 * How large trades are when the account is not what it was: `fixed` repeats each trade's money, `compounding` its share of the equity that it
 * began with, as closed trades made it.
 */
export type TradeSizing = 'fixed' | 'compounding';

/** Closed trades as steps of equity: money when fixed, fractions when compounding; in the order of the trips given. */
export interface TradeSteps {
  readonly initialCapital: number;
  readonly sizing: TradeSizing;
  readonly steps: Float64Array;
}

/**
 * The steps of closed trades. Throws a usage error for no trades, a capital that is not positive, or compounding over trades that lose
 * everything: there is no share of nothing.
 */
export const tradeSteps = (roundTrips: readonly RoundTrip[], initialCapital: number, sizing: TradeSizing): TradeSteps => {
  if (roundTrips.length === 0)
    throw usageError('no-trades', 'There are no closed trades to draw from.', 'Run over a longer time or a livelier strategy.');
  if (!(initialCapital > 0 && initialCapital < Infinity))
    throw usageError('bad-capital', `An initial capital of ${initialCapital} is not possible.`, 'Start with a positive amount.');
  const steps = Float64Array.from(roundTrips, trip => trip.netPnl);
  if (sizing === 'compounding') {
    let equity = initialCapital;
    for (let i = 0; i < steps.length; i++) {
      const next = equity + steps[i]!;
      if (!(next > 0))
        throw usageError('ruined', 'These trades lose the whole capital, of which no share can be repeated.', "Use sizing 'fixed'.");
      steps[i] = next / equity - 1;
      equity = next;
    }
  }
  return { initialCapital, sizing, steps };
};

/**
 * Walks `count` trades by their places in `order`; writes into `out` the final equity and the deepest fall from a peak of closed trades, a
 * negative fraction: below −1 when trades of fixed size go on after everything is lost.
 */
export const walkTrades = ({ initialCapital, sizing, steps }: TradeSteps, order: Int32Array, count: number, out: Float64Array): void => {
  let equity = initialCapital;
  let peak = equity;
  let deepest = 0;
  for (let i = 0; i < count; i++) {
    const step = steps[order[i]!]!;
    equity += sizing === 'fixed' ? step : equity * step;
    if (equity > peak) peak = equity;
    else if (equity / peak - 1 < deepest) deepest = equity / peak - 1;
  }
  out[0] = equity;
  out[1] = deepest;
};
