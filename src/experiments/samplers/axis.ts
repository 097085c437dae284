import { power } from '../../numeric/pow.js';
import type { Random } from '../../random.js';
import type { FloatParam, IntParam, Param } from '../../strategies/params.js';

/** 12 significant digits: 0.1 + 2 × 0.1 is written 0.3, as the user would. */
const tidy = (x: number): number => Number(x.toPrecision(12));

/** Number of grid points of a numeric axis; Infinity for a continuous one. The slack admits a last point that rounding put just past the end. */
export const gridSize = ({ min, max, step }: IntParam | FloatParam): number =>
  step === null ? Infinity : Math.floor((max - min) / step + 1e-9) + 1;

const gridPoint = ({ min, max, step }: IntParam | FloatParam, index: number): number => tidy(Math.min(min + index * (step ?? 0), max));

/** The point a share `u` of the way along the axis, by its own scale, on its grid. */
const pointAt = (param: IntParam | FloatParam, u: number): number => {
  const { min, max, step, log } = param;
  const x = log ? min * power(max / min, u) : min + u * (max - min);
  if (step === null) return Math.min(max, Math.max(min, tidy(x)));
  return gridPoint(param, Math.min(gridSize(param) - 1, Math.max(0, Math.round((x - min) / step))));
};

const spread = (param: IntParam | FloatParam, points: number): readonly number[] => {
  const size = gridSize(param);
  if (size <= points) return Array.from({ length: size }, (_, i) => gridPoint(param, i));
  if (points === 1 || param.min === param.max) return [param.default];
  return [...new Set(Array.from({ length: points }, (_, i) => pointAt(param, i / (points - 1))))];
};

/**
 * The values of one parameter in a grid, ascending: all of its steps when there are at most `points`, otherwise `points` of them
 * from the lowest to the highest, evenly spaced on its scale (fewer where two fall on one step). Choices and switches are always taken whole.
 */
export const gridValues = (param: Param, points: number): readonly (number | string | boolean)[] => {
  switch (param.kind) {
    case 'bool':
      return [false, true];
    case 'choice':
      return param.values;
    case 'int':
    case 'float':
      return spread(param, points);
  }
};

/** All values of one parameter; undefined for a continuous one. */
export const allValues = (param: Param): readonly (number | string | boolean)[] | undefined =>
  param.kind === 'float' && param.step === null ? undefined : gridValues(param, Infinity);

/** The value a share `u` in [0, 1] of the way along a parameter's own scale. Steps, choices and switches own equal parts of it. */
export const valueAt = (param: Param, u: number): number | string | boolean => {
  const part = (n: number): number => Math.min(n - 1, Math.max(0, Math.floor(u * n)));
  switch (param.kind) {
    case 'bool':
      return part(2) === 1;
    case 'choice':
      return param.values[part(param.values.length)]!;
    case 'int':
    case 'float':
      return param.step !== null && !param.log ? gridPoint(param, part(gridSize(param))) : pointAt(param, Math.min(1, Math.max(0, u)));
  }
};

/** Where a value lies on a parameter's own scale, in [0, 1]: the middle of what belongs to it, so that `valueAt` gives it back. */
export const positionOf = (param: Param, value: number | string | boolean): number => {
  switch (param.kind) {
    case 'bool':
      return value === true ? 0.75 : 0.25;
    case 'choice':
      return (param.values.findIndex(one => one === value) + 0.5) / param.values.length;
    case 'int':
    case 'float': {
      const { min, max, step, log } = param;
      if (max === min) return 0.5;
      if (step !== null && !log) return (Math.round((Number(value) - min) / step) + 0.5) / gridSize(param);
      return log ? Math.log(Number(value) / min) / Math.log(max / min) : (Number(value) - min) / (max - min);
    }
  }
};

/** A value drawn uniformly on the parameter's scale. */
export const drawValue = (param: Param, random: Random): number | string | boolean => {
  switch (param.kind) {
    case 'bool':
      return random.int(2) === 1;
    case 'choice':
      return param.values[random.int(param.values.length)]!;
    case 'int':
    case 'float':
      // Every grid point is equally likely on a linear scale; rounding would halve the ends.
      return param.step !== null && !param.log ? gridPoint(param, random.int(gridSize(param))) : pointAt(param, random.next());
  }
};
