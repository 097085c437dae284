import { column, type Feature } from '../feature.js';
import { barCount, featureKey, fraction } from '../parameters.js';
import { usageError } from '../../errors.js';
import { logStep } from '../windows/log-step.js';
import { rollingSum } from '../windows/rolling-sum.js';
import { annualisationKey, annualised, periodsPerYearOf, type AnnualisationOptions } from './annualisation.js';

/** `alpha` weighs the newest squared return, `beta` the last variance, the rest the long-run variance; `target` is the bars that the latter is the mean of. */
export interface GarchOptions extends AnnualisationOptions {
  readonly alpha?: number;
  readonly beta?: number;
  readonly target?: number;
}

/**
 * Volatility of the NEXT bar by a GARCH(1,1) filter around zero, annualised, as a fraction: h ← (1 − α − β)·V + α·r² + β·h, where V is the mean squared log return of the
 * last `target` bars (variance targeting, R. Engle & J. Mezrich 1996). Fixed α and β, 0.06 and 0.92 unless said. T. Bollerslev (1986).
 */
export const garch = (options: GarchOptions = {}): Feature<number> => {
  const alpha = fraction('garch', 'alpha', options.alpha ?? 0.06);
  const beta = fraction('garch', 'beta', options.beta ?? 0.92);
  if (alpha + beta >= 1)
    throw usageError('bad-feature-parameter', `garch: alpha + beta is ${alpha + beta}.`, 'Choose them so that they add to less than 1.');
  const n = barCount('garch', 'target', options.target ?? 100);
  const perYear = periodsPerYearOf('garch', options);
  return column(featureKey('garch', alpha, beta, n, annualisationKey(perYear)), n + 1, () => {
    const step = logStep();
    const squares = rollingSum(n);
    const state = new Float64Array([NaN]);
    return (bar, out, offset) => {
      const r = step(bar.close);
      const target = squares(r * r) / n;
      out[offset] = NaN;
      if (!Number.isFinite(target)) return;
      const last = state[0]!;
      const h = Number.isFinite(last) ? (1 - alpha - beta) * target + alpha * r * r + beta * last : target;
      state[0] = h;
      out[offset] = annualised(h, bar, perYear);
    };
  });
};
