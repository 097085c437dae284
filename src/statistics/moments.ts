import { sum } from '../numeric/sum.js';
import type { Vector } from '../numeric/vector.js';

const isConstant = (values: Vector): boolean => {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
};

/** Arithmetic mean; NaN for no values. Equal values give exactly that value, so that their deviations are exactly zero. */
export const mean = (values: Vector): number => {
  if (values.length === 0) return NaN;
  return isConstant(values) ? values[0]! : sum(values) / values.length;
};

/** Mean of the `order`-th power of the deviations from the mean (population, divisor n); `order` is 2, 3 or 4. */
const centralMoment = (values: Vector, order: 2 | 3 | 4): number => {
  const centre = mean(values);
  const powers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const d = values[i]! - centre;
    powers[i] = order === 2 ? d * d : order === 3 ? d * d * d : d * d * d * d;
  }
  return sum(powers) / values.length;
};

/** Variance with divisor n − `ddof`: 1 for the sample variance (the default), 0 for the population's. NaN for n ≤ `ddof`. Two passes. */
export const variance = (values: Vector, ddof = 1): number =>
  values.length <= ddof ? NaN : (centralMoment(values, 2) * values.length) / (values.length - ddof);

/** Square root of the variance, in the values' own unit; `ddof` as there. */
export const standardDeviation = (values: Vector, ddof = 1): number => Math.sqrt(variance(values, ddof));

/** Population skewness g1 = m3 ÷ m2^1.5: negative when the left tail is the longer. NaN for values that do not vary. */
export const skewness = (values: Vector): number => {
  const m2 = centralMoment(values, 2);
  return centralMoment(values, 3) / (m2 * Math.sqrt(m2));
};

/** Population excess kurtosis g2 = m4 ÷ m2² − 3: 0 for a normal law, positive for fat tails. NaN for values that do not vary. */
export const excessKurtosis = (values: Vector): number => {
  const m2 = centralMoment(values, 2);
  return centralMoment(values, 4) / (m2 * m2) - 3;
};
