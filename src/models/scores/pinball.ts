/**
 * Pinball loss of a quantile forecast at `level`, in the unit of the value: (level − [value < quantile]) × (value − quantile). Least on average when the value falls
 * below the quantile with probability `level`. NaN where a part is missing.
 * Source: R. Koenker & G. Bassett, Regression Quantiles, Econometrica 46 (1978).
 */
export const pinballLoss = (quantile: number, value: number, level: number): number =>
  value < quantile ? (1 - level) * (quantile - value) : level * (value - quantile);
