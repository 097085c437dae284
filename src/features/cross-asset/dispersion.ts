import type { PanelFeature } from '../panel-feature.js';
import { barCount, featureKey } from '../parameters.js';
import { universeMoves } from './universe-moves.js';

/** Population standard deviation of the symbols' log returns over `length` bars at this instant: high when picking matters more than the market. 0 for a symbol that is alone. */
export const dispersion = (length = 24): PanelFeature => {
  const n = barCount('dispersion', 'length', length);
  return {
    key: featureKey('dispersion', n),
    warmup: n + 1,
    outputs: ['value'],
    needs: ['universe'],
    createUniverse: symbols => {
      const step = universeMoves(symbols, n);
      return (bars, out, offset, stride) => {
        const moves = step(bars);
        let count = 0;
        let mean = 0;
        let squares = 0;
        for (let s = 0; s < symbols; s++) {
          const move = moves[s]!;
          if (move !== move) continue;
          const delta = move - mean;
          mean += delta / ++count;
          squares += delta * (move - mean);
        }
        const value = Math.sqrt(squares / count);
        for (let s = 0; s < symbols; s++) out[offset + s * stride] = moves[s] === moves[s] ? value : NaN;
      };
    },
  };
};
