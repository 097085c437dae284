import type { Params } from '../../engine/run-result.js';
import type { Param, ParamSpace } from '../../strategies/params.js';
import { positionOf, valueAt } from './axis.js';

/** A parameter space as the unit cube, one side per parameter in the order of the space: where samplers that compute with distances and densities work. */
export interface UnitCube {
  readonly dimensions: number;
  readonly names: readonly string[];
  readonly axes: readonly Param[];
  /** The configuration at a point; coordinates beyond the cube are taken as its border. */
  paramsAt(point: ArrayLike<number>): Params;
  /** The point of a configuration. */
  pointOf(params: Params): Float64Array;
  /** Equal for configurations that are equal in the parameters of the space. */
  keyOf(params: Params): string;
}

export const unitCube = (space: ParamSpace): UnitCube => {
  const names = Object.keys(space);
  const axes = Object.values(space);
  return {
    dimensions: names.length,
    names,
    axes,
    paramsAt: point => Object.fromEntries(names.map((name, i) => [name, valueAt(axes[i]!, point[i]!)])),
    pointOf: params => Float64Array.from(names, (name, i) => positionOf(axes[i]!, params[name]!)),
    keyOf: params => JSON.stringify(names.map(name => params[name])),
  };
};
