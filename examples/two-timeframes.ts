import { bars, defineStrategy, int, rsi, sma, target } from 'quantai-trad';

/**
 * One idea: a slow timeframe says the direction, the fast one the moment. Days are built from the run's own bars, and each appears only when it is complete.
 * `decide` is called for the bars of both; the indicators are computed on each separately. At midnight the last hour comes before the day
 * that it ends, so that hour still sees the trend of the day before.
 *
 *     quantai backtest examples/two-timeframes.ts --dataset sample
 */
export default defineStrategy({
  name: 'two-timeframes',
  description: 'Buys dips of the hour while the day is above its average.',
  params: {
    average: int(5, 60, { default: 20 }),
    length: int(5, 30, { default: 14 }),
    dip: int(20, 50, { default: 40, step: 5 }),
  },
  // One day of warm-up: the first day is seen before trading begins, so that memory knows the trend then.
  needs: ({ universe, timeframe }) => [bars(universe, timeframe), bars(universe, '1d', { warmup: 1 })],
  indicators: p => ({ average: sma(p.average), strength: rsi(p.length) }),
  memory: () => ({ rising: new Map<string, boolean>() }),
  decide: (bar, { average, strength }, { params, memory, universe }) => {
    if (bar.timeframe === '1d') {
      memory.rising.set(bar.symbol, bar.close > average);
      return undefined;
    }
    if (memory.rising.get(bar.symbol) !== true) return target(bar.symbol, 0, { reason: 'the day is not rising' });
    return strength < params.dip ? target(bar.symbol, 1 / universe.length, { reason: 'dip in a rising market' }) : undefined;
  },
});
