import { usageError } from '../../errors.js';
import { random } from '../../random.js';
import type { Random } from '../../random.js';
import type { ParamSpace } from '../../strategies/params.js';
import { proposals } from './proposals.js';
import type { Constraint, Sampler } from './sampler.js';
import { unitCube } from './unit-cube.js';
import { untried } from './untried.js';

/** Designs looked at before random draws take over. */
const DESIGNS = 50;

const permutation = (n: number, source: Random): Uint32Array => {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = source.int(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
};

/** `n` points of the cube, one in each of `n` equal slices of every side, at a random place in its slice. */
export const latinHypercube = (dimensions: number, n: number, source: Random): readonly Float64Array[] => {
  const slices = Array.from({ length: dimensions }, () => permutation(n, source));
  return Array.from({ length: n }, (_, i) => Float64Array.from({ length: dimensions }, (_, d) => (slices[d]![i]! + source.next()) / n));
};

/** Designs one after the other: what the constraint or the steps drop from the first is made up from the next. */
function* designs(dimensions: number, n: number, source: Random): Generator<Float64Array> {
  for (let i = 0; i < DESIGNS; i++) yield* latinHypercube(dimensions, n, source);
}

/**
 * `trials` different configurations of which every parameter taken alone is spread evenly: each of `trials` equal slices of its scale holds one, unless
 * the constraint or its steps forbid it. Fewer when a finite space has fewer. Throws a usage error when none was found that satisfies the constraint.
 * Source: M. D. McKay, R. J. Beckman and W. J. Conover, A Comparison of Three Methods for Selecting Values of Input Variables, Technometrics 21 (1979).
 */
export const latinHypercubeSearch = (
  space: ParamSpace,
  options: { readonly trials: number; readonly seed: number | string; readonly constraint?: Constraint },
): Sampler => {
  const { trials, seed, constraint = () => true } = options;
  if (!Number.isInteger(trials) || trials < 1) throw usageError('bad-search', `${trials} is not a number of trials.`);
  const cube = unitCube(space);
  const points = designs(cube.dimensions, trials, random(`${seed}/latin-hypercube`));
  return proposals(untried({ cube, constraint, seed: `${seed}/latin-hypercube/fill` }).take(trials, points));
};
