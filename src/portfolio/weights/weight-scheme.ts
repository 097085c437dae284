import { standardDeviation } from '../../statistics/moments.js';
import { equalRiskWeights } from './equal-risk.js';
import { hierarchicalRiskWeights } from './hierarchical-risk.js';
import { minimumVarianceWeights } from './minimum-variance.js';
import { sampleCovariance } from './sample-covariance.js';
import { shrunkCovariance } from './shrunk-covariance.js';

/** How capital is divided among strategies. */
export type WeightScheme = 'equal-weight' | 'equal-risk' | 'hierarchical-risk' | 'minimum-variance';

/** A return is a quotient of two equities, rounded to about 1e-16: a deviation below this is rounding, not risk. */
const ROUNDING = 1e-14;

const DIVIDE: Readonly<Record<WeightScheme, (columns: readonly Float64Array[]) => Float64Array>> = {
  'equal-weight': columns => new Float64Array(columns.length).fill(1 / columns.length),
  'equal-risk': columns => equalRiskWeights(sampleCovariance(columns), columns.length),
  'hierarchical-risk': columns => hierarchicalRiskWeights(sampleCovariance(columns), columns.length),
  'minimum-variance': columns => minimumVarianceWeights(shrunkCovariance(columns).matrix, columns.length),
};

/**
 * Weights of strategies from their past returns, one column each over the same periods: long-only, sum 1. A strategy whose returns did not vary has
 * no risk to be weighed by: outside `equal-weight` it gets nothing, unless none varied, when all get the same.
 */
export const weightsBy = (scheme: WeightScheme, columns: readonly Float64Array[]): Float64Array => {
  const active = columns.map((_, i) => i).filter(i => scheme === 'equal-weight' || standardDeviation(columns[i]!) > ROUNDING);
  const members = active.length > 0 ? active : columns.map((_, i) => i);
  const divided = DIVIDE[active.length > 0 ? scheme : 'equal-weight'](members.map(i => columns[i]!));
  const weights = new Float64Array(columns.length);
  members.forEach((i, at) => (weights[i] = divided[at]!));
  return weights;
};
