import { rsi } from '../../features/momentum/rsi.js';
import { target } from '../intent.js';
import { bool, int } from '../params.js';
import { defineStrategy } from '../strategy.js';

/** Buys weakness and sells strength: in at an extreme of the RSI, out again when it is back in the middle. */
export default defineStrategy({
  name: 'rsi-reversion',
  description: 'Long when the RSI is oversold, short when it is overbought, flat again at its middle.',
  params: {
    length: int(5, 40, { default: 14 }),
    band: int(10, 40, { default: 20, step: 5 }),
    shorts: bool({ default: true }),
  },
  indicators: p => ({ rsi: rsi(p.length) }),
  decide: (bar, { rsi: value }, { params, position, universe }) => {
    const share = 1 / universe.length;
    const held = position(bar.symbol).quantity;
    if (value < 50 - params.band) return target(bar.symbol, share, { reason: 'oversold' });
    if (value > 50 + params.band && params.shorts) return target(bar.symbol, -share, { reason: 'overbought' });
    const isBack = held > 0 ? value >= 50 : value <= 50;
    return held !== 0 && isBack ? target(bar.symbol, 0, { reason: 'back in the middle' }) : undefined;
  },
});
