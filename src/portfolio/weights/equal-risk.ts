import { correlationUnits, weightsOfAmounts } from './correlation-units.js';

const SWEEPS = 20_000;
const CLOSE = 1e-13;

/**
 * Weights at which every strategy contributes the same to the portfolio's variance: wᵢ(Σw)ᵢ is equal for all. Positive, sum 1, one answer.
 * `covariance` is row-major with positive variances. Found by improving one weight at a time, which always converges.
 * Sources: Maillard, Roncalli & Teïletche, The Properties of Equally Weighted Risk Contribution Portfolios, Journal of Portfolio Management 36
 * (2010); Griveau-Billion, Richard & Roncalli, A Fast Algorithm for Computing High-Dimensional Risk Parity Portfolios (2013).
 */
export const equalRiskWeights = (covariance: Float64Array, size: number): Float64Array => {
  const { volatility, correlation } = correlationUnits(covariance, size);
  const amounts = new Float64Array(size).fill(1 / Math.sqrt(size));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0;
    for (let i = 0; i < size; i++) {
      let others = 0;
      for (let j = 0; j < size; j++) if (j !== i) others += correlation[i * size + j]! * amounts[j]!;
      const own = correlation[i * size + i]!;
      const root = Math.sqrt(others * others + 4 * own);
      // The positive root of own·y² + others·y = 1, written so that nothing cancels.
      const amount = others > 0 ? 2 / (others + root) : (root - others) / (2 * own);
      moved = Math.max(moved, Math.abs(amount / amounts[i]! - 1));
      amounts[i] = amount;
    }
    if (moved < CLOSE) break;
  }
  return weightsOfAmounts(amounts, volatility);
};
