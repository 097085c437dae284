import { defineStrategy, float, int, order } from 'quantai-trad';

/**
 * One idea: decisions that do not look at fills, so that only the matching differs between two runs. At each close it bids one tick below and offers one tick above, for one bar.
 * Run it at every depth that the data has and compare: what the cheap depth pays more was never there.
 *
 *     quantai backtest examples/touch-quotes.ts --dataset sample
 */
export default defineStrategy({
  name: 'touch-quotes',
  description: 'Bids a tick below each close and offers a tick above it, for one bar: a measure of how far a matching depth flatters.',
  params: { notional: float(10, 10_000, { default: 150, log: true }), ticks: int(0, 100, { default: 1 }) },
  decide: ({ symbol, openTime, ts, close }, _, { params, instrument }) => {
    const away = params.ticks * instrument(symbol).tickSize;
    const ticket = { symbol, quantity: params.notional / close, goodTill: ts + (ts - openTime), postOnly: true };
    return [
      order({ ...ticket, side: 'buy', limit: close - away, reason: 'bid' }),
      order({ ...ticket, side: 'sell', limit: close + away, reason: 'offer' }),
    ];
  },
});
