import { usageError } from '../../errors.js';
import type { Params } from '../../engine/run-result.js';
import type { ParamSpace } from '../../strategies/params.js';
import { gridValues } from './axis.js';
import { proposals } from './proposals.js';
import type { Constraint, Sampler } from './sampler.js';

/** More than this many combinations is a mistake, not a search. */
const LIMIT = 1_000_000;

/** Every combination of the values, the last parameter varying fastest. */
const product = (axes: readonly (readonly [string, readonly (number | string | boolean)[]])[]): Params[] =>
  axes.reduce<Params[]>((rows, [name, values]) => rows.flatMap(row => values.map(value => ({ ...row, [name]: value }))), [{}]);

/**
 * All combinations of at most `points` values per parameter (5 unless said otherwise) that satisfy the constraint, in order.
 * Throws a usage error when there are none or more than a million.
 */
export const gridSearch = (space: ParamSpace, options: { readonly points?: number; readonly constraint?: Constraint } = {}): Sampler => {
  const { points = 5, constraint = () => true } = options;
  if (!Number.isInteger(points) || points < 1) throw usageError('bad-search', `${points} is not a number of points per parameter.`);
  const axes = Object.entries(space).map(([name, param]) => [name, gridValues(param, points)] as const);
  const size = axes.reduce((n, [, values]) => n * values.length, 1);
  if (size > LIMIT)
    throw usageError('grid-too-large', `The grid has ${size} combinations.`, 'Use fewer points per parameter or a random search.');
  const all = product(axes).filter(constraint);
  if (all.length === 0)
    throw usageError(
      'no-configuration',
      "No combination on the grid satisfies the strategy's constraint.",
      'Use more points per parameter.',
    );
  return proposals(all);
};
