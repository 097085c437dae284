import type { PanelFeature } from '../panel-feature.js';
import { barCount, featureKey } from '../parameters.js';
import { universeMoves } from './universe-moves.js';

/**
 * Rank of the symbol's log return over `length` bars among all symbols that have one at this instant: 0 the weakest, 1 the strongest, equal ones share the middle of their
 * places; 0.5 for a symbol that is alone.
 */
export const momentumRank = (length = 24): PanelFeature => {
  const n = barCount('momentum-rank', 'length', length);
  return {
    key: featureKey('momentum-rank', n),
    warmup: n + 1,
    outputs: ['value'],
    needs: ['universe'],
    createUniverse: symbols => {
      const step = universeMoves(symbols, n);
      return (bars, out, offset, stride) => {
        const moves = step(bars);
        for (let s = 0; s < symbols; s++) {
          const own = moves[s]!;
          let below = 0;
          let equal = 0;
          let others = -1;
          for (let t = 0; t < symbols; t++) {
            const move = moves[t]!;
            if (move < own) below++;
            else if (move === own) equal++;
            if (move === move) others++;
          }
          out[offset + s * stride] = own !== own ? NaN : others === 0 ? 0.5 : (below + (equal - 1) / 2) / others;
        }
      };
    },
  };
};
