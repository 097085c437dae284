import { power } from '../../numeric/pow.js';
import type { Random } from '../../random.js';
import { normalCdf, normalDensity, normalQuantile } from '../../statistics/normal.js';
import type { Param } from '../../strategies/params.js';
import { gridSize } from './axis.js';

/** Narrowest kernel once there are many: this share of a side. */
const NARROWEST = 0.01;
/** Observations, counted from the last, that weigh in full. */
const RECENT = 25;

/** Equal parts of a side that a parameter tells apart; Infinity for one that is continuous, or as good as. */
const partsOf = (axis: Param): number => {
  switch (axis.kind) {
    case 'bool':
      return 2;
    case 'choice':
      return axis.values.length;
    case 'int':
    case 'float':
      return axis.step === null || axis.log ? Infinity : gridSize(axis);
  }
};

const partAt = (x: number, parts: number): number => Math.min(parts - 1, Math.max(0, Math.floor(x * parts)));

/** Weight of each of `count` observations, the earliest first. */
const weightsOf = (count: number): Float64Array => {
  const old = Math.max(0, count - RECENT);
  return Float64Array.from({ length: count }, (_, i) => (i < old ? 1 / count + (old > 1 ? (i / (old - 1)) * (1 - 1 / count) : 0) : 1));
};

/** One side of the cube as the kernels see it. */
interface Side {
  /** Height of the kernel of observation `k` at `x`, by its number; the last is the prior. */
  height(kernel: number, x: number): number;
  draw(kernel: number, source: Random): number;
}

/** A kernel puts a share on what was observed and the rest evenly on all. */
const categories = (parts: number, observed: readonly number[]): Side => {
  const even = 1 / (observed.length + 1);
  const own = observed.map(x => partAt(x, parts));
  const total = 1 + parts * even;
  return {
    height: (kernel, x) => (kernel === own.length ? 1 / parts : (even + (own[kernel] === partAt(x, parts) ? 1 : 0)) / total),
    draw: (kernel, source) => {
      const part = kernel < own.length && source.next() * total < 1 ? own[kernel]! : source.int(parts);
      return (part + 0.5) / parts;
    },
  };
};

/** Normal kernels cut off at both ends of the side; where the parameter has steps, their probability over the step. */
const numbers = (parts: number, observed: readonly number[], width: number): Side => {
  const centre = Float64Array.from([...observed, 0.5]);
  const sigma = centre.map((_, k) => (k === observed.length ? 1 : width));
  const below = centre.map((c, k) => normalCdf(-c / sigma[k]!));
  const inside = centre.map((c, k) => normalCdf((1 - c) / sigma[k]!) - below[k]!);
  return {
    height: (kernel, x) => {
      const c = centre[kernel]!;
      const s = sigma[kernel]!;
      if (parts === Infinity) return normalDensity((x - c) / s) / (s * inside[kernel]!);
      const part = partAt(x, parts);
      return (normalCdf(((part + 1) / parts - c) / s) - normalCdf((part / parts - c) / s)) / inside[kernel]!;
    },
    draw: (kernel, source) => {
      const u = below[kernel]! + source.next() * inside[kernel]!;
      return Math.min(1, Math.max(0, centre[kernel]! + sigma[kernel]! * normalQuantile(u)));
    },
  };
};

/** A density in the unit cube made of one kernel for each observed point and a wide one for what is not known yet. */
export interface Parzen {
  /** A point drawn from it. */
  draw(source: Random): Float64Array;
  /** Its height at a point, above 0 everywhere. On sides with steps or choices, the probability of the part that the point lies in. */
  density(point: Float64Array): number;
}

/**
 * The mixture that TPE compares. Each of the k observations, the earliest first, is a product of kernels, one for each of the d sides. Numbers have normal
 * kernels as wide as 0.2 k^(−1/(d + 4)), but at least 1/min(100, k + 2); choices have one that puts 1 on what was observed and 1/(k + 1) on everything. The prior
 * is as wide as the cube. The last 25 observations and the prior weigh 1, earlier ones less, down to 1/k.
 * Sources: J. Bergstra et al., Algorithms for Hyper-Parameter Optimization (2011); S. Falkner, A. Klein and F. Hutter, BOHB (2018); the rules for widths,
 * weights and prior are those of the multivariate estimator in Optuna 4 (T. Akiba et al., 2019).
 */
export const parzen = (axes: readonly Param[], points: readonly Float64Array[]): Parzen => {
  const count = points.length;
  const width = Math.min(1, Math.max(0.2 * power(Math.max(1, count), -1 / (axes.length + 4)), 1 / Math.min(1 / NARROWEST, count + 2)));
  const sides = axes.map((axis, d) => {
    const observed = points.map(point => point[d]!);
    const parts = partsOf(axis);
    return axis.kind === 'bool' || axis.kind === 'choice' ? categories(parts, observed) : numbers(parts, observed, width);
  });
  const weights = Float64Array.from([...weightsOf(count), 1]);
  const total = weights.reduce((sum, w) => sum + w, 0);
  return {
    draw: source => {
      let left = source.next() * total;
      let kernel = 0;
      while (kernel < count && left >= weights[kernel]!) left -= weights[kernel++]!;
      return Float64Array.from(sides, side => side.draw(kernel, source));
    },
    density: point => {
      let sum = 0;
      for (let kernel = 0; kernel <= count; kernel++) {
        let height = weights[kernel]!;
        for (let d = 0; d < sides.length; d++) height *= sides[d]!.height(kernel, point[d]!);
        sum += height;
      }
      return sum / total;
    },
  };
};
