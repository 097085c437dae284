import type { PanelFeature } from '../panel-feature.js';
import { barCount, featureKey } from '../parameters.js';
import { universeMoves } from './universe-moves.js';

/** Share of the symbols that rose over `length` bars, those unchanged counted half, 0…1: whether the market moves as one. */
export const breadth = (length = 24): PanelFeature => {
  const n = barCount('breadth', 'length', length);
  return {
    key: featureKey('breadth', n),
    warmup: n + 1,
    outputs: ['value'],
    needs: ['universe'],
    createUniverse: symbols => {
      const step = universeMoves(symbols, n);
      return (bars, out, offset, stride) => {
        const moves = step(bars);
        let count = 0;
        let rising = 0;
        for (let s = 0; s < symbols; s++) {
          const move = moves[s]!;
          if (move !== move) continue;
          count++;
          rising += move > 0 ? 1 : move === 0 ? 0.5 : 0;
        }
        for (let s = 0; s < symbols; s++) out[offset + s * stride] = moves[s] === moves[s] ? rising / count : NaN;
      };
    },
  };
};
