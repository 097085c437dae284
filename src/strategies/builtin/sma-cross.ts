import { sma } from '../../features/trend/sma.js';
import { target } from '../intent.js';
import { int } from '../params.js';
import { bars, defineStrategy } from '../strategy.js';

/** The textbook trend follower: long while the fast average is above the slow one, flat otherwise. */
export default defineStrategy({
  name: 'sma-cross',
  description: 'Long while a fast moving average of the close is above a slow one, flat otherwise.',
  params: { fast: int(5, 60, { default: 20 }), slow: int(20, 240, { default: 50 }) },
  constraint: p => p.fast < p.slow,
  needs: ({ universe, timeframe }) => bars(universe, timeframe),
  indicators: p => ({ fast: sma(p.fast), slow: sma(p.slow) }),
  decide: (bar, { fast, slow }, { universe }) => target(bar.symbol, fast > slow ? 1 / universe.length : 0, { reason: 'fast against slow' }),
});
