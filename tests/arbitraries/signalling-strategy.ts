import { bool, float, int } from '../../src/strategies/params.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { order, signal } from '../../src/strategies/intent.js';

/** Expects anything of anything, at random: sides, horizons, certainties, now and then a number that is none. Seeded by the run. With `meddles` it also trades by hand what plans hold. */
export const signallingStrategy = defineStrategy({
  name: 'signalling',
  params: { horizon: int(1, 30, { default: 8 }), sd: float(0.005, 0.05, { default: 0.02 }), meddles: bool({ default: false }) },
  decide: ({ symbol, close }, _, { params, random, position }) => {
    const dice = random();
    if (dice < 0.4) return undefined;
    if (params.meddles && dice < 0.5) {
      const { quantity } = position(symbol);
      const size = quantity === 0 ? 10 / close + 1 : Math.abs(quantity) * (0.2 + random());
      return order({ symbol, side: random() < 0.5 ? 'buy' : 'sell', quantity: size, reduceOnly: random() < 0.5, reason: 'by hand' });
    }
    const direction = dice < 0.5 ? 'flat' : random() < 0.5 ? 'long' : 'short';
    const sd = params.sd * (0.5 + random());
    return signal({
      symbol,
      direction,
      confidence: random() < 0.02 ? NaN : 0.4 + 0.5 * random(),
      riskScore: random() < 0.3 ? random() : 0,
      horizon: 1 + Math.floor(random() * params.horizon),
      mean: (direction === 'short' ? -1 : 1) * sd * (0.2 + random()),
      sd,
      reason: direction,
    });
  },
});
