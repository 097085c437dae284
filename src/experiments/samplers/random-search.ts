import { usageError } from '../../errors.js';
import type { ParamSpace } from '../../strategies/params.js';
import { proposals } from './proposals.js';
import type { Constraint, Sampler } from './sampler.js';
import { unitCube } from './unit-cube.js';
import { untried } from './untried.js';

/**
 * `trials` different configurations, each parameter drawn uniformly on its own (linear or logarithmic) scale, among those that satisfy the
 * constraint. Fewer when a finite space has fewer. Throws a usage error when none was found.
 * Source: Bergstra & Bengio, Random Search for Hyper-Parameter Optimization, JMLR 13 (2012).
 */
export const randomSearch = (
  space: ParamSpace,
  options: { readonly trials: number; readonly seed: number | string; readonly constraint?: Constraint },
): Sampler => {
  const { trials, seed, constraint = () => true } = options;
  if (!Number.isInteger(trials) || trials < 1) throw usageError('bad-search', `${trials} is not a number of trials.`);
  return proposals(untried({ cube: unitCube(space), constraint, seed: `${seed}/random-search` }).take(trials));
};
