import { roc } from '../../features/momentum/roc.js';
import { realisedVolatility } from '../../features/volatility/realised-volatility.js';
import type { Symbol } from '../../market/instrument.js';
import { target } from '../intent.js';
import { float, int } from '../params.js';
import { defineStrategy } from '../strategy.js';

/**
 * Time-series momentum with a volatility target (Moskowitz, Ooi & Pedersen 2012): the sign of the past return says the side, the ratio of wanted to realised
 * volatility says the size. Rebalanced every few bars, because trading each bar's noise in the size would only pay fees.
 */
export default defineStrategy({
  name: 'time-series-momentum',
  description: 'Long after a rise and short after a fall, sized to a volatility target.',
  params: {
    lookback: int(24, 1440, { default: 336, step: 24 }),
    volatilityWindow: int(24, 720, { default: 168, step: 24 }),
    volatilityTarget: float(0.05, 0.8, { default: 0.25, step: 0.05 }),
    rebalance: int(1, 168, { default: 24 }),
  },
  indicators: p => ({ momentum: roc(p.lookback), volatility: realisedVolatility(p.volatilityWindow) }),
  memory: () => ({ bars: new Map<Symbol, number>() }),
  decide: (bar, { momentum, volatility }, { params, memory, universe, plot }) => {
    const seen = memory.bars.get(bar.symbol) ?? 0;
    memory.bars.set(bar.symbol, seen + 1);
    if (seen % params.rebalance !== 0 || !(volatility > 0)) return undefined;
    plot('annualised volatility', volatility);
    const size = Math.min(1.5, params.volatilityTarget / volatility) / universe.length;
    return target(bar.symbol, Math.sign(momentum) * size, { reason: momentum > 0 ? 'rose' : 'fell' });
  },
});
