import { usageError } from '../../errors.js';
import type { Json } from '../forecaster.js';
import { SortedWindow } from './sorted-window.js';

/** How intervals are kept honest. */
export interface ConformalOptions {
  /** Share of outcomes that the interval is to hold, such as 0.9. */
  readonly coverage: number;
  /** Outcomes that are looked back on; 1,000 when left out. */
  readonly window?: number;
  /** Outcomes without which there is no interval; 100 when left out. */
  readonly minimum?: number;
  /** Step by which the level follows misses: 0 is split conformal, 0.005 (when left out) adapts to changing times. */
  readonly adaptation?: number;
}

/** Intervals around a mean, as wide as past errors were in units of the forecast's own standard deviation. */
export interface ConformalInterval {
  /** Writes low and high of the return into `out`; NaN until enough outcomes are known. */
  interval(mean: number, sd: number, out: Float64Array): void;
  /** What came of a forecast, with the interval that had been given for it (NaN for none). */
  learn(realised: number, low: number, high: number, mean: number, sd: number): void;
  /** Outcomes in the window. */
  readonly samples: number;
  /** Everything that `conformal` needs to go on from here. */
  state(): Json;
}

/**
 * Conformal intervals from normalised residuals |outcome − mean| ÷ sd: the ⌈(n + 1) · level⌉-th smallest of the last n makes the half-width. Where outcomes are exchangeable the coverage
 * holds for any law and any misjudged sd (Vovk, Gammerman & Shafer 2005; Lei et al., JASA 113, 2018). Returns are not: the level therefore follows the misses by
 * α ← α + γ(1 − coverage − miss) (Gibbs & Candès, NeurIPS 2021). Over T outcomes with an interval the share of misses is off by (α at the end − α at the start) ÷ γT, for any sequence.
 * It goes to zero as long as errors beyond all of the window, which no interval here holds, are rarer than misses may be. Throws a usage error for bad options.
 */
export const conformal = (options: ConformalOptions, state?: Json): ConformalInterval => {
  const { coverage, window = 1000, minimum = 100, adaptation = 0.005 } = options;
  if (!(coverage > 0 && coverage < 1)) throw usageError('bad-interval', `A coverage of ${coverage} is none.`, 'Use a share such as 0.9.');
  if (!(Number.isInteger(window) && window >= minimum && minimum >= 10))
    throw usageError(
      'bad-interval',
      `A window of ${window} with a minimum of ${minimum} is too small.`,
      'Use 10 outcomes or more, and a window no smaller.',
    );
  if (!(adaptation >= 0 && adaptation < 1))
    throw usageError('bad-interval', `An adaptation of ${adaptation} is no step.`, 'Use 0.005, or 0 for none.');
  const residuals = new SortedWindow(window);
  const alpha = new Float64Array([1 - coverage]);
  const stored = state as { readonly alpha: number; readonly residuals: readonly number[] } | undefined;
  if (stored) {
    alpha[0] = stored.alpha;
    for (const r of stored.residuals) residuals.push(r);
  }
  return {
    interval: (mean, sd, out) => {
      const n = residuals.length;
      if (n < minimum || !(sd > 0)) {
        out[0] = NaN;
        out[1] = NaN;
        return;
      }
      const level = Math.min(1, Math.max(0, 1 - alpha[0]!));
      // Beyond the largest residual nothing is known: an endless interval would be of no use to a trader, so the largest it is.
      const width = residuals.smallest(Math.min(n, Math.ceil((n + 1) * level))) * sd;
      out[0] = mean - width;
      out[1] = mean + width;
    },
    learn: (realised, low, high, mean, sd) => {
      if (low <= high) alpha[0]! += adaptation * (1 - coverage - (realised < low || realised > high ? 1 : 0));
      const residual = Math.abs(realised - mean) / sd;
      if (Number.isFinite(residual)) residuals.push(residual);
    },
    get samples() {
      return residuals.length;
    },
    state: () => ({ alpha: alpha[0]!, residuals: residuals.values() }),
  };
};
