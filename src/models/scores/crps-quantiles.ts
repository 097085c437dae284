import type { Vector } from '../../numeric/vector.js';
import { usageError } from '../../errors.js';
import { pinballLoss } from './pinball.js';

/**
 * Continuous ranked probability score of a law known by some quantiles: twice the integral of the pinball loss over all levels, each level standing for the levels nearest
 * to it. Exact for levels (i − ½) ÷ m of m equally likely members. In the unit of the value. Throws a usage error for levels that do not ascend inside (0, 1).
 * Source: F. Laio & S. Tamea, Hydrology and Earth System Sciences 11 (2007); Gneiting & Ranjan, Journal of Business & Economic Statistics 29 (2011).
 */
export const crpsQuantiles = (levels: Vector, quantiles: Vector, value: number): number => {
  const m = levels.length;
  let total = 0;
  for (let i = 0; i < m; i++) {
    const level = levels[i]!;
    const below = i > 0 ? levels[i - 1]! : -level;
    const above = i < m - 1 ? levels[i + 1]! : 2 - level;
    if (!(level > 0 && level < 1 && (i === 0 || below < level)))
      throw usageError('bad-levels', `Level ${i} is ${level}.`, 'Give levels that ascend between 0 and 1.');
    total += (above - below) * pinballLoss(quantiles[i]!, value, level);
  }
  return m > 0 ? total : NaN;
};
