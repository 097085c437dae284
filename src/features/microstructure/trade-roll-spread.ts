import { barCount, featureKey } from '../parameters.js';
import { bounce } from './bounce.js';
import { microstructure, type MicrostructureFeature } from './microstructure-feature.js';

/** Spread that the bounce of trade prices implies, in basis points of the last price, over the last pairs of price changes from trade to trade; needs no quotes. R. Roll (1984). */
export const tradeRollSpread = (trades = 200): MicrostructureFeature => {
  const n = barCount('trade-roll-spread', 'trades', trades, 2);
  return microstructure(featureKey('trade-roll-spread', n), () => {
    const spread = bounce(n);
    /** Last price, and the value. */
    const state = Float64Array.of(NaN, NaN);
    return {
      onTrade: ({ price }) => {
        const change = price - state[0]!;
        state[0] = price;
        if (change === change) state[1] = (1e4 * spread(change)) / price;
      },
      value: () => state[1]!,
    };
  });
};
