import { usageError } from '../../errors.js';
import type { ParamSpace } from '../../strategies/params.js';
import { proposals } from './proposals.js';
import type { Constraint, Sampler } from './sampler.js';
import { sobolSequence } from './sobol-sequence.js';
import { unitCube } from './unit-cube.js';
import { untried } from './untried.js';

/** Points looked at for each wanted configuration before random draws take over: constraints and steps leave few of them new. */
const PATIENCE = 50;

function* first<T>(n: number, items: Iterable<T>): Generator<T> {
  let count = 0;
  for (const item of items) {
    if (count++ === n) return;
    yield item;
  }
}

/**
 * `trials` different configurations that fill the space evenly, each parameter on its own scale: no two close together, no large hole. The choice when
 * nothing is learned on the way and few trials must cover several parameters. Fewer when a finite space has fewer. Throws a usage error when none was
 * found that satisfies the constraint, or beyond 24 searched parameters.
 * Source: I. M. Sobol, On the distribution of points in a cube (1967), with the scrambling of A. B. Owen (1995).
 */
export const sobolSearch = (
  space: ParamSpace,
  options: { readonly trials: number; readonly seed: number | string; readonly constraint?: Constraint },
): Sampler => {
  const { trials, seed, constraint = () => true } = options;
  if (!Number.isInteger(trials) || trials < 1) throw usageError('bad-search', `${trials} is not a number of trials.`);
  const cube = unitCube(space);
  const points = first(PATIENCE * trials, sobolSequence(cube.dimensions, seed));
  return proposals(untried({ cube, constraint, seed: `${seed}/sobol/fill` }).take(trials, points));
};
