import type { Params } from '../../../src/engine/run-result.js';
import { float } from '../../../src/strategies/params.js';
import type { ParamSpace } from '../../../src/strategies/params.js';

/** A function to be minimised, with what is published of it. */
export interface TestFunction {
  readonly space: ParamSpace;
  readonly minimum: number;
  /** Every place where the minimum is reached. */
  readonly minimisers: readonly (readonly number[])[];
  value(params: Params): number;
}

const box = (bounds: readonly (readonly [number, number])[]): ParamSpace =>
  Object.fromEntries(bounds.map(([min, max], i) => [`x${i + 1}`, float(min, max, { default: min })]));
const coordinates = (space: ParamSpace, params: Params): number[] => Object.keys(space).map(name => Number(params[name]));
const testFunction = (
  bounds: readonly (readonly [number, number])[],
  minimum: number,
  minimisers: readonly (readonly number[])[],
  f: (x: readonly number[]) => number,
): TestFunction => {
  const space = box(bounds);
  return { space, minimum, minimisers, value: params => f(coordinates(space, params)) };
};

/** Three valleys alike. Source: L. C. W. Dixon and G. P. Szegö, The Global Optimization Problem: an Introduction (1978). */
export const branin = testFunction(
  [
    [-5, 10],
    [0, 15],
  ],
  0.397887,
  [
    [-Math.PI, 12.275],
    [Math.PI, 2.275],
    [9.42478, 2.475],
  ],
  ([x = 0, y = 0]) => {
    const bowl = y - (5.1 / (4 * Math.PI * Math.PI)) * x * x + (5 / Math.PI) * x - 6;
    return bowl * bowl + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  },
);

const ALPHA = [1, 1.2, 3, 3.2];
const WIDTHS = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const CENTRES = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];

/** Four dents in six dimensions. Source: Dixon & Szegö (1978), after J. K. Hartman (1973). */
export const hartmann6 = testFunction(
  Array.from({ length: 6 }, () => [0, 1] as const),
  -3.32237,
  [[0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573]],
  x =>
    -ALPHA.reduce((sum, alpha, i) => {
      const distance = x.reduce((d, v, j) => d + WIDTHS[i]![j]! * (v - CENTRES[i]![j]! / 10_000) * (v - CENTRES[i]![j]! / 10_000), 0);
      return sum + alpha * Math.exp(-distance);
    }, 0),
);

/**
 * A bowl full of dents, in four dimensions. Source: L. A. Rastrigin (1974); H. Mühlenbein et al. (1991). Its box is cut on one side: in the published
 * one the minimum lies in the middle, where several samplers begin.
 */
export const rastrigin = testFunction(
  Array.from({ length: 4 }, () => [-2.3, 5.12] as const),
  0,
  [[0, 0, 0, 0]],
  x => x.reduce((sum, v) => sum + v * v - 10 * Math.cos(2 * Math.PI * v) + 10, 0),
);
