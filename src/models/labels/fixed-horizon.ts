import { bandKey, bandWidth, checkBand, outcomeBeyond, type Band } from './band.js';
import { barSuccession } from './bar-succession.js';
import type { Label } from './label.js';
import { horizonOf } from './parameters.js';

/** What is forecast, and how far a move must go to count. */
export interface FixedHorizonOptions {
  /** Bars from the decision to the outcome. */
  readonly horizon: number;
  /** Moves that count as flat; volatility is that of one bar × √horizon. */
  readonly band: Band;
}

/**
 * Where the price is `horizon` bars later: up or down when the return from close to close is beyond the band, else flat. An entry needs a close above 0 and, when the
 * band is of volatility, a known one. Source: López de Prado, Advances in Financial Machine Learning (2018), §3.2. Throws a usage error for bad options.
 */
export const fixedHorizon = ({ horizon, band }: FixedHorizonOptions): Label => {
  const n = horizonOf('fixed-horizon', horizon);
  checkBand('fixed-horizon', band);
  const root = Math.sqrt(n);
  return {
    key: `fixed-horizon(${n},${bandKey(band)})`,
    horizon: n,
    create: emit => {
      const goesOn = barSuccession();
      // Entries by row modulo the horizon: the slot of a new one is that of the one that matures. NaN is no entry.
      const close = new Float64Array(n).fill(NaN);
      const width = new Float64Array(n);
      const openedAt = new Float64Array(n);
      let row = 0;
      let open = 0;
      return {
        push(bar, sigma) {
          if (!goesOn(bar)) {
            close.fill(NaN);
            open = 0;
          }
          const slot = row % n;
          if (close[slot]! > 0) {
            const outcome = bar.close / close[slot]! - 1;
            const label = outcomeBeyond(outcome, width[slot]!);
            const matured = { row: row - n, openedAt: openedAt[slot]!, maturedAt: bar.ts, bars: n, label, outcome };
            open--;
            emit(matured);
          }
          const wide = bandWidth(band, sigma * root);
          const enters = bar.close > 0 && bar.close < Infinity && wide >= 0;
          close[slot] = enters ? bar.close : NaN;
          width[slot] = wide;
          openedAt[slot] = bar.ts;
          if (enters) open++;
          row++;
        },
        get open() {
          return open;
        },
      };
    },
  };
};
