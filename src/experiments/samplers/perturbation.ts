import type { Random } from '../../random.js';
import { allValues } from './axis.js';
import type { UnitCube } from './unit-cube.js';

/** Writes into `out` a point near `from`: some of its sides, at least one, moved by about `radius`. */
export type Perturbation = (from: ArrayLike<number>, radius: number, draw: Random, out: Float64Array) => void;

/** Small moves in a cube: numbers by normal steps, at least about one of their own steps wide where they have some; choices and switches by drawing anew. */
export const perturbation = ({ axes, dimensions }: UnitCube): Perturbation => {
  const ordered = axes.map(({ kind }) => kind === 'int' || kind === 'float');
  const steps = Float64Array.from(axes, axis => 1 / (allValues(axis)?.length ?? Infinity));
  const moved = Math.min(1, 3 / dimensions);
  return (from, radius, draw, out) => {
    const certain = draw.int(dimensions);
    for (let d = 0; d < dimensions; d++) {
      const x = from[d]!;
      if (d !== certain && draw.next() >= moved) out[d] = x;
      else if (ordered[d]) out[d] = Math.min(1, Math.max(0, x + Math.max(radius, steps[d]!) * draw.normal()));
      else out[d] = draw.next();
    }
  };
};
