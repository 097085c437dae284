import { power } from '../../numeric/pow.js';
import type { Random } from '../../random.js';
import type { UnitCube } from './unit-cube.js';

/** Distribution indices of Deb et al. (2002): the larger, the nearer children are to their parents. */
const CROSSOVER_INDEX = 15;
const MUTATION_INDEX = 20;
const CROSSOVER_SHARE = 0.9;

/** A child's coordinates on both sides of its parents' at a spread β drawn so that it stays within the cube; x ≤ y. */
const crossed = (x: number, y: number, draw: Random): readonly [number, number] => {
  const u = draw.next();
  const spreadOf = (room: number): number => {
    const alpha = 2 - power(1 + (2 * room) / (y - x), -(CROSSOVER_INDEX + 1));
    const inverse = 1 / (CROSSOVER_INDEX + 1);
    return u <= 1 / alpha ? power(u * alpha, inverse) : power(1 / (2 - u * alpha), inverse);
  };
  const [below, above] = [spreadOf(x), spreadOf(1 - y)];
  const clamp = (v: number): number => Math.min(1, Math.max(0, v));
  return [clamp(0.5 * (x + y - below * (y - x))), clamp(0.5 * (x + y + above * (y - x)))];
};

/** Two children of two points: each coordinate crossed or left with equal chance, then swapped or not; choices and switches only swap. */
export type Crossover = (a: Float64Array, b: Float64Array, draw: Random) => readonly [Float64Array, Float64Array];

/**
 * Simulated binary crossover within the unit cube. Source: Deb & Agrawal, Simulated Binary Crossover for Continuous Search Space, Complex Systems 9
 * (1995), with the bounds of Deb's own NSGA-II.
 */
export const simulatedBinaryCrossover = ({ axes }: UnitCube): Crossover => {
  const ordered = axes.map(({ kind }) => kind === 'int' || kind === 'float');
  return (a, b, draw) => {
    const [first, second] = [Float64Array.from(a), Float64Array.from(b)];
    if (draw.next() > CROSSOVER_SHARE) return [first, second];
    for (let d = 0; d < axes.length; d++) {
      if (draw.next() > 0.5) continue;
      const [low, high] = [Math.min(a[d]!, b[d]!), Math.max(a[d]!, b[d]!)];
      const [x, y] = ordered[d] && high - low > 1e-14 ? crossed(low, high, draw) : [low, high];
      const swap = draw.next() < 0.5;
      first[d] = swap ? y : x;
      second[d] = swap ? x : y;
    }
    return [first, second];
  };
};

/** Moves a point in place. */
export type Mutation = (point: Float64Array, draw: Random) => void;

/** Polynomial mutation within the unit cube, of one coordinate on average; choices and switches are drawn anew. Source: Deb et al. (2002), with the bounds of Deb's own NSGA-II. */
export const polynomialMutation = ({ axes, dimensions }: UnitCube): Mutation => {
  const ordered = axes.map(({ kind }) => kind === 'int' || kind === 'float');
  const inverse = 1 / (MUTATION_INDEX + 1);
  return (point, draw) => {
    for (let d = 0; d < dimensions; d++) {
      if (draw.next() * dimensions >= 1) continue;
      const u = draw.next();
      const x = point[d]!;
      if (!ordered[d]) point[d] = u;
      else {
        const shift =
          u < 0.5
            ? power(2 * u + (1 - 2 * u) * power(1 - x, MUTATION_INDEX + 1), inverse) - 1
            : 1 - power(2 * (1 - u) + (2 * u - 1) * power(x, MUTATION_INDEX + 1), inverse);
        point[d] = Math.min(1, Math.max(0, x + shift));
      }
    }
  };
};
