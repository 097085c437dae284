import { usageError } from '../../errors.js';

/** Positions of the p-values from the smallest to the largest, of equals the first first. Throws a usage error for what is no probability. */
export const pValueOrder = (pValues: readonly number[]): number[] => {
  const odd = pValues.find(p => !(p >= 0 && p <= 1));
  if (odd !== undefined) throw usageError('bad-p-value', `${odd} is not a p-value.`, 'Use probabilities from 0 to 1.');
  return pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]! || a - b);
};
